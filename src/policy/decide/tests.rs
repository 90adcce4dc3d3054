use super::*;
use crate::catalogue::Catalogue;
use std::net::{IpAddr, Ipv4Addr};

const BASE: &str = r#"
sluis: 1
organisation: { name: Voorbeeld, domains: { zorg: [Wmo] } }
tools:
  m365-copilot: { status: approved, up-to: confidential }
  chatgpt: { status: approved, up-to: public }
  le-chat: { status: pilot, up-to: internal, for: [AI-pilot], until: 2026-12-31, instead: m365-copilot, owner: het innovatieteam }
  deepseek: { status: forbidden, reason: "geen overeenkomst", instead: m365-copilot }
  poe: { status: unreviewed, up-to: public, then: block }
  "category:image": { status: unreviewed, up-to: public, then: { warn: { justify: true, valid: 1h } } }
  "*": { status: unreviewed, up-to: public }
data:
  classes: [public, internal, confidential, secret]
  unreadable: confidential
  internal: [email]
  confidential: [iban, marking]
  secret: [nl.bsn, credential]
excess: { internal: redact, confidential: warn, secret: block }
"#;

struct Scene {
    policy: Policy,
    catalogue: Arc<Catalogue>,
}

impl Scene {
    fn with(more: &str) -> Self {
        let catalogue = Catalogue::embedded().unwrap();
        let policy = Policy::from_text(&format!("{BASE}{more}"), &catalogue).unwrap_or_else(|mistakes| {
            panic!("{}", mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
        });
        Self { policy, catalogue }
    }

    fn ask(&self, tool: &str, findings: &[&str], change: impl FnOnce(&mut Request<'_>)) -> Verdict {
        self.ask_as(&subject(&[]), tool, findings, change)
    }

    fn ask_as(&self, subject: &Subject, tool: &str, findings: &[&str], change: impl FnOnce(&mut Request<'_>)) -> Verdict {
        let findings: Vec<Finding> = findings
            .iter()
            .enumerate()
            .map(|(n, id)| Finding { detector: Arc::from(*id), start: n, end: n + 1, confidence: 0.9 })
            .collect();
        let mut request = Request {
            subject,
            tool: self.catalogue.by_id(tool).unwrap(),
            direction: Direction::Prompt,
            model: None,
            client: "firefox",
            bytes: 100,
            unreadable: None,
            words: true,
            findings: &findings,
            now: at("2026-11-24T10:00:00Z"),
            trace: true,
        };
        change(&mut request);
        self.policy.decide(&request)
    }
}

fn subject(groups: &[&str]) -> Subject {
    let groups = groups.iter().map(|group| (*group).to_owned()).collect();
    Subject { user: Some("anna".into()), groups, address: IpAddr::V4(Ipv4Addr::new(10, 1, 2, 3)), organisation: String::new() }
}

fn at(moment: &str) -> jiff::Timestamp {
    moment.parse().unwrap()
}

fn nothing(_: &mut Request<'_>) {}

fn names(detectors: &[Arc<str>]) -> Vec<&str> {
    detectors.iter().map(|detector| &**detector).collect()
}

#[test]
fn what_fits_the_ceiling_passes_and_says_nothing() {
    let scene = Scene::with("");
    let verdict = scene.ask("chatgpt", &[], nothing);
    assert_eq!((verdict.action, &*verdict.class, verdict.status), (Action::Allow, "public", "approved"));
    assert_eq!(verdict.reason, Reason::default());
    let verdict = scene.ask("m365-copilot", &["iban", "email"], nothing);
    assert_eq!((verdict.action, &*verdict.class), (Action::Allow, "confidential"));
}

#[test]
fn the_strongest_action_among_what_exceeds_is_the_verdict() {
    let scene = Scene::with("");
    assert_eq!(scene.ask("chatgpt", &["iban"], nothing).action, Action::Warn);
    let verdict = scene.ask("chatgpt", &["iban", "email"], nothing);
    assert_eq!((verdict.action, names(&verdict.redact)), (Action::Redact, vec!["email"]));
    let verdict = scene.ask("chatgpt", &["iban", "email", "nl.bsn"], nothing);
    assert_eq!((verdict.action, &*verdict.class), (Action::Block, "secret"));
    assert!(verdict.reason.nl.contains("een BSN") && !verdict.reason.nl.contains("e-mail"), "{}", verdict.reason.nl);
}

#[test]
fn a_listed_front_covers_every_detector_behind_it() {
    let scene = Scene::with("");
    assert_eq!(scene.ask("m365-copilot", &["credential.github-token"], nothing).action, Action::Block);
    assert_eq!(scene.policy.class_of("credential.never-seen-before").as_deref(), Some("secret"));
    assert_eq!(scene.policy.class_of("phone"), None);
    assert_eq!(scene.ask("chatgpt", &["phone"], nothing).action, Action::Allow);
}

#[test]
fn a_pilot_is_for_its_groups_until_its_last_day() {
    let scene = Scene::with("");
    let pilot = subject(&["ai-PILOT"]);
    assert_eq!(scene.ask_as(&pilot, "le-chat", &["email"], nothing).status, "pilot");
    let last = scene.ask_as(&pilot, "le-chat", &[], |r| r.now = at("2026-12-31T22:59:59Z"));
    assert_eq!((last.action, last.status), (Action::Allow, "pilot"), "the last day ends at midnight in Amsterdam");
    let over = scene.ask_as(&pilot, "le-chat", &[], |r| r.now = at("2026-12-31T23:00:00Z"));
    assert_eq!((over.action, over.status, over.instead.as_deref()), (Action::Warn, "unreviewed", Some("m365-copilot")));
    assert!(over.reason.nl.contains("stopte op 31-12-2026") && over.reason.nl.contains("het innovatieteam"), "{}", over.reason.nl);
    let stranger = scene.ask("le-chat", &["email"], nothing);
    assert_eq!((stranger.action, stranger.status), (Action::Redact, "unreviewed"));
}

#[test]
fn a_forbidden_tool_is_blocked_with_and_without_words() {
    let scene = Scene::with("");
    for words in [true, false] {
        let verdict = scene.ask("deepseek", &[], |r| r.words = words);
        assert_eq!((verdict.action, verdict.status, verdict.reason.key.as_str()), (Action::Block, "forbidden", "blocked.tool"));
        assert!(verdict.reason.en.contains("You can use Microsoft 365 Copilot. Reason: geen overeenkomst."), "{}", verdict.reason.en);
    }
}

#[test]
fn an_unreviewed_tool_gets_what_its_entry_says() {
    let scene = Scene::with("");
    assert_eq!(scene.ask("perplexity", &[], nothing).action, Action::Warn);
    assert_eq!(scene.ask("poe", &[], |r| r.words = false).action, Action::Block);
    let verdict = scene.ask("midjourney", &[], nothing);
    assert_eq!((verdict.action, verdict.justify, verdict.valid_seconds), (Action::Warn, true, 3_600));
}

#[test]
fn a_warning_about_the_words_keeps_the_stricter_terms() {
    let verdict = Scene::with("").ask("midjourney", &["iban"], nothing);
    assert_eq!((verdict.action, verdict.justify, verdict.valid_seconds), (Action::Warn, true, 3_600));
    assert_eq!(verdict.reason.key, "warn");
}

#[test]
fn what_cannot_be_read_is_never_merely_redacted() {
    let scene = Scene::with("");
    let ask = |tool| scene.ask(tool, &[], |r| r.unreadable = Some(Unreadable::Encrypted));
    assert_eq!((ask("chatgpt").action, &*ask("chatgpt").class), (Action::Warn, "confidential"));
    assert_eq!(ask("m365-copilot").action, Action::Allow);
    let catalogue = Catalogue::embedded().unwrap();
    let policy = Policy::from_text(&BASE.replace("confidential: warn", "confidential: redact"), &catalogue).unwrap();
    let scene = Scene { policy, catalogue };
    let verdict = scene.ask("chatgpt", &["email"], |r| r.unreadable = Some(Unreadable::TooLarge));
    assert_eq!((verdict.action, verdict.reason.key.as_str()), (Action::Block, "unreadable"));
}

#[test]
fn a_policy_that_is_silent_about_the_unreadable_gives_it_the_highest_class() {
    let catalogue = Catalogue::embedded().unwrap();
    let policy = Policy::from_text("sluis: 1\ntools: { chatgpt: { status: approved, up-to: confidential } }\n", &catalogue).unwrap();
    let verdict = Scene { policy, catalogue }.ask("chatgpt", &[], |r| r.unreadable = Some(Unreadable::BrokenForm));
    assert_eq!((verdict.action, &*verdict.class), (Action::Block, "secret"));
}

#[test]
fn a_file_without_a_label_has_the_class_that_the_policy_gives_it() {
    let catalogue = Catalogue::embedded().unwrap();
    let text = BASE.replace("unreadable: confidential", "unreadable: confidential\n  uploads-without-label: secret");
    let scene = Scene { policy: Policy::from_text(&text, &catalogue).unwrap(), catalogue };
    let verdict = scene.ask("m365-copilot", &[], |r| r.direction = Direction::Upload);
    assert_eq!((verdict.action, verdict.reason.key.as_str(), &*verdict.class), (Action::Block, "blocked.upload", "secret"));
    assert_eq!(scene.ask("m365-copilot", &["label.openbaar"], |r| r.direction = Direction::Upload).action, Action::Allow);
    assert_eq!(scene.ask("m365-copilot", &[], nothing).action, Action::Allow);
}

#[test]
fn the_first_rule_that_matches_decides() {
    let scene = Scene::with(
        r#"
rules:
  - { name: hr, why: { nl: "Niet bij HR.", en: "Not in HR." }, when: { group: HR }, then: block }
  - { name: bsn-here, when: { tool: m365-copilot, detect: nl.bsn, count: "< 3" }, then: allow }
  - { name: elsewhere, when: { any: [ { country: cn }, { vendor: deepseek } ] }, then: { redirect: m365-copilot } }
"#,
    );
    let verdict = scene.ask_as(&subject(&["hr"]), "m365-copilot", &["nl.bsn"], nothing);
    assert_eq!((verdict.action, verdict.rule.as_deref(), verdict.reason.en.as_str()), (Action::Block, Some("hr"), "Not in HR."));
    let verdict = scene.ask("m365-copilot", &["nl.bsn", "nl.bsn"], nothing);
    assert_eq!((verdict.action, verdict.rule.as_deref(), &*verdict.class), (Action::Allow, Some("bsn-here"), "secret"));
    assert_eq!(scene.ask("m365-copilot", &["nl.bsn"; 3], nothing).action, Action::Block);
    let verdict = scene.ask("deepseek", &[], nothing);
    assert_eq!((verdict.action, verdict.instead.as_deref()), (Action::Redirect, Some("m365-copilot")));
}

#[test]
fn a_rule_that_redacts_lets_nothing_else_by() {
    let scene = Scene::with("rules: [ { name: mail, when: { detect: email }, then: redact } ]\n");
    let verdict = scene.ask("chatgpt", &["email", "nl.bsn", "phone"], nothing);
    assert_eq!((verdict.action, names(&verdict.redact)), (Action::Redact, vec!["nl.bsn", "email"]));
    let verdict = scene.ask("chatgpt", &["email"], |r| r.unreadable = Some(Unreadable::TooDeep));
    assert_eq!((verdict.action, verdict.rule.as_deref()), (Action::Block, Some("mail")));
}

#[test]
fn an_observed_rule_is_noted_and_weakens_nothing() {
    let scene = Scene::with(
        "rules: [ { name: trial, when: { group: HR }, then: block, mode: observe }, { name: open, when: { group: ICT }, then: allow, mode: observe } ]\n",
    );
    let hr = subject(&["HR"]);
    let verdict = scene.ask_as(&hr, "chatgpt", &[], nothing);
    assert_eq!((verdict.action, verdict.would, verdict.mode), (Action::Allow, Action::Block, Mode::Observe));
    assert_eq!((verdict.rule.as_deref(), verdict.observed.as_deref()), (Some("trial"), Some("trial")));
    let verdict = scene.ask_as(&hr, "chatgpt", &["email"], nothing);
    assert_eq!(
        (verdict.action, verdict.would, verdict.mode, verdict.rule.as_deref()),
        (Action::Redact, Action::Block, Mode::Enforce, None)
    );
    let verdict = scene.ask_as(&subject(&["ICT"]), "chatgpt", &["nl.bsn"], nothing);
    assert_eq!((verdict.action, verdict.would), (Action::Block, Action::Allow), "an observed exception opens nothing");
}

#[test]
fn observe_mode_lets_pass_and_says_what_it_would_do() {
    let scene = Scene::with("mode: observe\n");
    let verdict = scene.ask("chatgpt", &["nl.bsn"], nothing);
    assert_eq!((verdict.action, verdict.would, verdict.mode), (Action::Allow, Action::Block, Mode::Observe));
    assert_eq!(verdict.reason.key, "blocked.secret");
}

#[test]
fn a_visit_without_words_meets_only_rules_that_do_not_ask_about_them() {
    let scene = Scene::with(
        "rules: [ { name: words, when: { not: { class: secret } }, then: block }, { name: visit, when: { category: search }, then: block } ]\n",
    );
    assert_eq!(scene.ask("chatgpt", &[], |r| r.words = false).action, Action::Allow);
    assert_eq!(scene.ask("perplexity", &[], |r| r.words = false).rule.as_deref(), Some("visit"));
    assert_eq!(scene.ask("chatgpt", &[], nothing).rule.as_deref(), Some("words"));
}

#[test]
fn every_field_of_when_is_asked() {
    type Change = fn(&mut Request<'_>);
    let morning: Change = |r| r.now = at("2026-11-24T06:30:00Z");
    let cases: [(&str, Change, Change); 14] = [
        ("tool: chatgpt", nothing, |r| r.words = false),
        ("vendor: openai", nothing, nothing),
        ("category: chat", nothing, nothing),
        ("kind: generative", nothing, nothing),
        ("status: approved", nothing, nothing),
        ("user: ANNA", nothing, nothing),
        ("domain: zorg", nothing, nothing),
        ("network: 10.1.0.0/16", nothing, nothing),
        ("organisation: voorbeeld", nothing, nothing),
        ("direction: upload", |r| r.direction = Direction::Upload, |r| r.direction = Direction::Response),
        ("size: 1 kB", |r| r.bytes = 1_000, |r| r.bytes = 999),
        ("model: \"gpt-5*\"", |r| r.model = Some("GPT-5-mini"), |r| r.model = Some("o4")),
        ("client: openai-*", |r| r.client = "openai-python", |r| r.client = "curl"),
        ("hours: [\"07:00-08:00\"], days: tue", morning, |r| r.now = at("2026-11-24T07:30:00Z")),
    ];
    for (when, yes, no) in cases {
        let scene = Scene::with(&format!("rules: [ {{ name: r, when: {{ {when} }}, then: block }} ]\n"));
        let wmo = subject(&["Wmo"]);
        assert_eq!(scene.ask_as(&wmo, "chatgpt", &[], yes).action, Action::Block, "{when}");
        let other = Subject { user: None, address: IpAddr::V4(Ipv4Addr::LOCALHOST), organisation: "elders".into(), ..subject(&[]) };
        let tool = if ABOUT_TOOL.iter().any(|key| when.starts_with(key)) { "notion-ai" } else { "chatgpt" };
        assert_ne!(scene.ask_as(&other, tool, &[], no).rule.as_deref(), Some("r"), "{when}");
    }
}

/// Fields about the tool, which only another tool can fail.
const ABOUT_TOOL: [&str; 6] = ["tool", "vendor", "country", "category", "kind", "status"];

#[test]
fn one_more_finding_never_weakens_a_verdict() {
    let scene = Scene::with("");
    let all = ["email", "iban", "nl.bsn", "phone", "credential.jwt"];
    for tool in ["chatgpt", "m365-copilot", "le-chat", "poe", "perplexity", "midjourney", "deepseek"] {
        for set in 0..1_usize << all.len() {
            let some: Vec<&str> = all.iter().enumerate().filter(|(bit, _)| set & (1 << bit) != 0).map(|(_, id)| *id).collect();
            let before = scene.ask(tool, &some, nothing).action;
            for more in all {
                let with = [some.as_slice(), &[more]].concat();
                assert!(scene.ask(tool, &with, nothing).action >= before, "{tool} {with:?}");
            }
        }
    }
}

#[test]
fn the_trace_is_built_only_when_asked_for_and_names_no_user() {
    let scene = Scene::with("rules: [ { name: r, when: { group: HR }, then: block } ]\n");
    let trace = scene.ask("chatgpt", &["nl.bsn"], nothing).trace;
    assert!(trace.iter().any(|step| step == "rule 'r': no match (group)"), "{trace:#?}");
    assert!(trace.last().is_some_and(|step| step == "verdict: block"));
    assert!(!trace.iter().any(|step| step.contains("anna")));
    assert!(scene.ask("chatgpt", &["nl.bsn"], |r| r.trace = false).trace.is_empty());
}

#[test]
fn hosts_that_are_never_intercepted_cover_what_is_below_them() {
    let scene = Scene::with("never-intercept: [vakbond.example, \"*.bond.example\", \"category:image\", category:banking]\n");
    for host in ["vakbond.example", "www.vakbond.example", "a.b.bond.example"] {
        assert!(scene.policy.never_intercept(host, None), "{host}");
    }
    assert!(!scene.policy.never_intercept("nietvakbond.example", None));
    assert!(scene.policy.never_intercept("midjourney.com", scene.catalogue.by_id("midjourney").map(|tool| &**tool)));
}

#[test]
fn a_label_has_the_class_that_its_name_is_listed_under() {
    let catalogue = Catalogue::embedded().unwrap();
    let text = "sluis: 1\ntools: { chatgpt: { status: approved, up-to: public } }\ndata: { confidential: [label: \"Intern - Vertrouwelijk\"], internal: [label], uploads-without-label: secret }\n";
    let scene = Scene { policy: Policy::from_text(text, &catalogue).unwrap(), catalogue };
    let head = |name: &str| {
        let guid = "b27cc2bf-a8fe-4269-9d04-68e75add667b";
        format!("msip_labels: MSIP_Label_{guid}_Enabled=true; MSIP_Label_{guid}_Name={name}; MSIP_Label_{guid}_ContentBits=0\n\nDag")
    };
    let class = |name: &str| {
        let found = scene.policy.plan().scan(&head(name), "");
        let ids: Vec<&str> = found.iter().map(|finding| &*finding.detector).collect();
        (ids.join(" "), scene.ask("chatgpt", &ids, |r| r.direction = Direction::Upload).class.to_string())
    };
    assert_eq!(class("intern - vertrouwelijk"), ("label.intern-vertrouwelijk".to_owned(), "confidential".to_owned()));
    assert_eq!(class("Intern"), ("label".to_owned(), "internal".to_owned()));
}
