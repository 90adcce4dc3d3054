use crate::catalogue::Catalogue;
use crate::diagnostic::Diagnostic;
use crate::policy::Policy;

fn mistakes(text: &str) -> Vec<Diagnostic> {
    Policy::from_text(text, &Catalogue::embedded().unwrap()).err().unwrap_or_default()
}

/// `line:column message (suggestion)` of each mistake.
fn told(text: &str) -> Vec<String> {
    let tell = |d: Diagnostic| format!("{}:{} {} ({})", d.line, d.column, d.message, d.suggestion.unwrap_or_default());
    mistakes(text).into_iter().map(tell).collect()
}

/// The one mistake of a policy that begins with `sluis: 1`.
fn one(text: &str) -> String {
    let all = told(&format!("sluis: 1\n{text}"));
    assert_eq!(all.len(), 1, "{all:#?}");
    all[0].clone()
}

#[test]
fn an_unknown_tool_is_reported_with_place_text_and_suggestion() {
    let mistakes = mistakes("sluis: 1\ntools:\n  chatgtp: { status: approved }\n");
    assert_eq!(
        mistakes[0].to_string(),
        "policy.yaml:3:3: unknown tool 'chatgtp'\n  |   chatgtp: { status: approved }\n  |   ^\n  = did you mean 'chatgpt'?"
    );
}

#[test]
fn every_mistake_is_reported_and_none_hides_another() {
    let text = r#"sluis: 1
mode: enfroce
organisation: { kind: municipalty, languages: [nl, de], inhabitants: many }
tools:
  chatgpt: { status: aproved, up-to: publik, insted: m365-copilot }
  claude: { status: pilot, until: 2026-02-30, instead: claude }
  poe: { status: approved, ai-act: prohibited }
  grok: { up-to: public }
  "category:chats": { status: unreviewed, then: blok }
data:
  classes: [public, internal, secret]
  unreadable: secrett
  internal: [emial, iban]
  secret: [nl.bsn, iban]
  confidental: [phone]
  detectors:
    zaak: { pattern: '(\d', class: intern }
    lijst: { words: dictionaries/weg.txt }
excess: { internal: redacted, geheim: block }
literacy: { required-for: [chatgpd, "status:new"], valid: soon, course: "http://x" }
never-intercept: ["https://bank.example/"]
rules:
  - name: a
    when: { detect: nl.bns, categorie: api, days: funday, network: 10.0.0.0/99, hours: "9-5" }
    then: blok
  - name: b
    when: { tool: chatgtp, not: { class: publc } }
    then: { redirect: copilott }
tests:
  - name: t
    given: { tool: chatgpt, prompt: x, grops: [a] }
    expect: { action: blocked }
nonsense: 1
"#;
    let all = told(text);
    let lines: std::collections::BTreeSet<usize> = all.iter().map(|told| told.split(':').next().unwrap().parse().unwrap()).collect();
    let wrong = [2, 3, 5, 6, 7, 8, 9, 12, 13, 14, 15, 17, 18, 19, 20, 21, 24, 25, 27, 28, 31, 32, 33];
    assert_eq!(lines.into_iter().collect::<Vec<_>>(), wrong, "{all:#?}");
    assert_eq!(all.len(), 39, "{all:#?}");
    assert!(all.iter().all(|told| !told.ends_with("()")), "every mistake has a suggestion: {all:#?}");
    for expected in [
        "5:22 unknown status 'aproved' (did you mean 'approved'?)",
        "5:46 unknown key 'insted' (did you mean 'instead'?)",
        "13:14 unknown detector 'emial' (did you mean 'email'?)",
        "24:21 unknown detector 'nl.bns' (did you mean 'nl.bsn'?)",
        "27:42 unknown class 'publc' (did you mean 'public'?)",
    ] {
        assert!(all.iter().any(|told| told == expected), "{expected}\n{all:#?}");
    }
}

#[test]
fn what_a_later_version_brings_is_refused_clearly() {
    let limit = "rules:\n  - name: a\n    then: { limit: 500 requests per day by user }\n";
    assert_eq!(one(limit), "4:13 'limit:' is not available in this version (take this rule out for now)");
    assert!(
        one("data:\n  detectors:\n    brp: { dataset: brp.sluisx }\n").contains("'dataset:' detectors are not available in this version")
    );
    assert!(one("data:\n  secret: [dataset: brp]\n").contains("not available in this version"));
}

#[test]
fn a_prohibited_use_must_be_forbidden() {
    assert!(
        one("tools:\n  poe: { status: unreviewed, ai-act: prohibited }\n").contains("cannot be unreviewed (make it 'status: forbidden')")
    );
    assert!(told("sluis: 1\ntools: { poe: { status: forbidden, ai-act: prohibited } }\n").is_empty());
}

#[test]
fn nobody_is_pointed_to_a_forbidden_tool() {
    let text = "tools:\n  poe: { status: forbidden }\n  grok: { status: forbidden, instead: poe }\n";
    assert!(one(text).starts_with("4:39 'poe' is forbidden"));
}

#[test]
fn conditions_without_meaning_are_mistakes() {
    assert!(one("tools: { poe: { status: unreviewed, for: [a] } }\n").contains("have no meaning for a tool that is unreviewed"));
    assert!(one("tools: { poe: { status: approved, then: warn } }\n").contains("'then' has no meaning"));
    assert!(one("tools: { poe: { status: pilot, for: [] } }\n").contains("'for' is empty"));
    assert!(one("rules: [ { name: a, when: { group: [] }, then: block } ]\n").contains("can never match"));
}

#[test]
fn bad_patterns_say_why() {
    assert!(one("data: { detectors: { z: { pattern: '[a-' } } }\n").contains("unclosed character class"));
    assert!(one("data: { detectors: { z: { pattern: 'a*' } } }\n").contains("matches nothing at all"));
    assert!(one("data: { detectors: { iban: { pattern: 'a' } } }\n").contains("Sluis has itself"));
}

#[test]
fn a_missing_version_and_a_version_from_the_future_are_told_apart() {
    assert!(told("mode: enforce\n")[0].contains("add the line 'sluis: 1'"));
    assert!(told("sluis: 2\n")[0].contains("reads 'sluis: 1'"));
}

#[test]
fn notes_tell_what_is_read_but_not_done_yet() {
    let text = "sluis: 1\ntools: { chatgpt: { status: approved, tenant: x } }\ndata: { secret: [label: Geheim] }\nliteracy: { required-for: [chatgpt] }\n";
    let policy = Policy::from_text(text, &Catalogue::embedded().unwrap()).unwrap();
    assert_eq!(policy.notes().len(), 2, "{:#?}", policy.notes());
}

#[test]
fn a_folder_is_merged_and_a_key_in_two_files_names_both_places() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        std::fs::create_dir_all(dir.path().join("catalogue")).unwrap();
        std::fs::write(dir.path().join(name), text).unwrap();
    };
    let load = || Policy::load(dir.path(), &Catalogue::embedded().unwrap());
    write(
        "a.yaml",
        "sluis: 1\ntools:\n  poe: { status: forbidden }\ntests: [ { name: x, given: { tool: poe }, expect: { action: block } } ]\n",
    );
    write("b.yaml", "tools:\n  grok: { status: forbidden }\ndata: { detectors: { w: { words: words.txt } } }\n");
    write("words.txt", "# note\ngeheimpje\n");
    write("c.yaml", "tests: [ { name: y, given: { tool: grok }, expect: { action: block } } ]\n");
    write(".hidden.yaml", "nonsense: [\n");
    write("catalogue/tool.yaml", "nonsense: [\n");
    let policy = load().unwrap();
    assert_eq!((policy.tool_count(), policy.test_count()), (2, 2));
    let version = policy.version().to_owned();
    assert_eq!(load().unwrap().version(), version);
    write("words.txt", "anders\n");
    assert_ne!(load().unwrap().version(), version, "a dictionary is part of the policy");

    write("c.yaml", "tools:\n  poe: { status: approved }\nmode: observe\n");
    write("d.yaml", "mode: enforce\n");
    let told: Vec<String> = load().unwrap_err().iter().map(|d| d.message.replace(&dir.path().display().to_string(), "DIR")).collect();
    assert_eq!(told, ["'tools.poe' is defined twice: here and at DIR/a.yaml:3:3", "'mode' is defined twice: here and at DIR/c.yaml:3:1"]);
}

#[test]
fn a_broken_file_does_not_make_the_names_in_it_unknown() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.yaml"), "sluis: 1\ndata: { classes: [laag, hoog]\n").unwrap();
    std::fs::write(dir.path().join("b.yaml"), "tools:\n  poe: { status: approved, up-to: hoog }\n  grk: { status: forbidden }\n").unwrap();
    let mistakes = Policy::load(dir.path(), &Catalogue::embedded().unwrap()).unwrap_err();
    assert_eq!(mistakes.len(), 2, "{mistakes:#?}");
    assert!(mistakes[0].message.contains("not valid YAML") && mistakes[1].message.contains("unknown tool 'grk'"));
}

#[test]
fn dictionaries_stay_inside_the_folder() {
    let dir = tempfile::tempdir().unwrap();
    for path in ["../x.txt", "/etc/passwd"] {
        std::fs::write(dir.path().join("a.yaml"), format!("sluis: 1\ndata: {{ detectors: {{ w: {{ words: {path} }} }} }}\n")).unwrap();
        let mistakes = Policy::load(dir.path(), &Catalogue::embedded().unwrap()).unwrap_err();
        assert!(mistakes[0].message.contains("outside the policy's folder"), "{mistakes:#?}");
    }
}

#[test]
fn no_damage_to_a_policy_makes_the_check_panic() {
    let text = concat!(include_str!("../../../policies/policy.yaml"), "\n");
    let lines: Vec<&str> = text.lines().collect();
    let catalogue = Catalogue::embedded().unwrap();
    for skip in (0..lines.len()).step_by(6) {
        let without: Vec<&str> = lines.iter().enumerate().filter(|(n, _)| *n != skip).map(|(_, line)| *line).collect();
        let _ = Policy::from_text(&without.join("\n"), &catalogue);
        let _ = Policy::from_text(&lines[..skip].join("\n"), &catalogue);
        let _ = Policy::from_text(&text.replacen(lines[skip], &lines[skip].replace(':', " ["), 1), &catalogue);
    }
    for odd in [
        "",
        "\0",
        "- a",
        "a",
        "{}",
        "[]",
        "sluis: [1]",
        "? [a]\n: b",
        "tools: [a]",
        "rules: {a: b}",
        "data: x",
        "rules: [[[]]]",
        "sluis: 1\u{85}",
    ] {
        let _ = Policy::from_text(odd, &catalogue);
    }
}
