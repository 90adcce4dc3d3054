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
    let bad = |pattern: &str| one(&format!("data: {{ detectors: {{ z: {{ pattern: {pattern} }} }} }}\n"));
    assert!(bad("'[a-'").starts_with("2:37 bad pattern '[a-': unclosed character class"), "{}", bad("'[a-'"));
    assert!(bad("'it''s (\\d'").starts_with("2:43 bad pattern 'it's (\\d': unclosed group"), "{}", bad("'it''s (\\d'"));
    assert!(bad("\"\\\\d(\"").starts_with("2:40 bad pattern '\\d(': unclosed group"), "{}", bad("\"\\\\d(\""));
    assert!(bad("ab(").starts_with("2:38 bad pattern"), "{}", bad("ab("));
    assert!(bad("'\\w{500}{500}'").starts_with("2:36 bad pattern"), "{}", bad("'\\w{500}{500}'"));
    assert!(bad("'a*'").starts_with("2:37 this pattern also matches nothing at all"));
    assert!(bad("'[\\s\\S]*x?'").contains("matches nothing at all"));
    assert!(bad("'(?=x)'").contains("look-around"));
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

#[test]
fn a_pattern_that_matches_everything_is_warned_of_and_one_that_does_not_is_not() {
    let warnings = |pattern: &str| {
        let text = format!("sluis: 1\ndata:\n  detectors:\n    z: {{ pattern: '{pattern}' }}\n");
        let policy = Policy::from_text(&text, &Catalogue::embedded().unwrap()).unwrap();
        policy.notes().iter().filter(|note| note.warning).map(ToString::to_string).collect::<Vec<_>>()
    };
    for wide in [".+", r"\w+", r"[\s\S]+x?", "[^0]", "(?i)[a-z ]{4,}", r"\S+\s?"] {
        let told = warnings(wide);
        assert!(told.len() == 1 && told[0].starts_with("policy.yaml:4:20: this pattern matches nearly everything"), "{wide}: {told:?}");
    }
    for narrow in [r"\bZ-\d{4}-\d{6}\b", r"\d+", "vergadering", r"(?m)^.{200,}$", r"[A-Z]{2}\d{6}"] {
        assert!(warnings(narrow).is_empty(), "{narrow}");
    }
}

#[test]
fn a_dictionary_may_have_a_mark_windows_line_ends_notes_and_empty_lines() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.yaml"), "sluis: 1\ndata: { detectors: { w: { words: w.txt } } }\n").unwrap();
    std::fs::write(dir.path().join("w.txt"), "\u{feff}Waterlelie\r\n\r\n# een notitie\r\n  Project Zuid  \r\n").unwrap();
    let policy = Policy::load(dir.path(), &Catalogue::embedded().unwrap()).unwrap();
    let found = |text: &str| policy.plan().scan(text, "").iter().filter(|finding| &*finding.detector == "w").count();
    assert_eq!((found("de waterlelie en project zuid"), found("een notitie")), (2, 0));
}

#[test]
fn an_index_that_cannot_be_used_is_a_mistake_at_its_place() {
    use crate::index::{dataset, documents, key_beside};
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &[u8]| std::fs::write(dir.path().join(name), text).unwrap();
    let hex = |byte: &str| byte.repeat(32).into_bytes();
    let mut builder = dataset::Builder::new(&[0x11; 32], 1).unwrap();
    builder.row(["123456782"].into_iter()).unwrap();
    let good = dir.path().join("good.sluisx");
    builder.write(&good).unwrap();
    std::fs::write(key_beside(&good), hex("11")).unwrap();
    documents::Builder::new(&[0x11; 32]).write(&dir.path().join("papers.sluisx")).unwrap();
    let bytes = std::fs::read(&good).unwrap();
    write("short.sluisx", &bytes[..bytes.len() - 5]);
    write("short.sluisx.key", &hex("11"));
    write("other.key", &hex("22"));
    write("list.csv", b"bsn\n");
    let told = |detector: &str| {
        write("a.yaml", format!("sluis: 1\ndata:\n  detectors:\n    brp: {{ {detector} }}\n").as_bytes());
        let mistakes = Policy::load(dir.path(), &Catalogue::embedded().unwrap()).err().unwrap_or_default();
        assert!(mistakes.len() < 2 && mistakes.iter().all(|mistake| mistake.suggestion.is_some()), "{mistakes:#?}");
        mistakes.first().map(|mistake| format!("{}:{} {}", mistake.line, mistake.column, mistake.message)).unwrap_or_default()
    };
    assert_eq!(told("dataset: good.sluisx"), "");
    assert_eq!(told("dataset: good.sluisx, key: good.sluisx.key, class: secret"), "");
    assert!(told("dataset: weg.sluisx").starts_with("4:21 'weg.sluisx' cannot be read: "));
    assert_eq!(told("dataset: list.csv"), "4:21 'list.csv' is not an index");
    assert!(told("dataset: short.sluisx").starts_with("4:21 'short.sluisx' is cut short or grown"));
    assert_eq!(told("dataset: good.sluisx, key: other.key"), "4:21 'good.sluisx' was made with another key");
    assert!(told("dataset: papers.sluisx").contains("'papers.sluisx' needs its key: "));
    assert_eq!(told("dataset: papers.sluisx, key: good.sluisx.key"), "4:21 'papers.sluisx' is an index of kind documents, not dataset");
    assert!(told("dataset: ../good.sluisx").contains("outside the policy's folder"));
    assert_eq!(told("documents: papers.sluisx, key: good.sluisx.key, at-least: 0%"), "4:70 '0%' is not a percentage");
    assert!(told("documents: papers.sluisx, key: good.sluisx.key, at-least: 130").contains("not a percentage"));
    assert_eq!(told("documents: papers.sluisx, key: good.sluisx.key, at-least: 45 %"), "");
    assert_eq!(told("dataset: good.sluisx, at-least: 30%"), "4:34 'at-least' has no meaning for a detector with dataset:");
    assert_eq!(told("words: x.txt, dataset: good.sluisx"), "4:26 detector 'brp' has both words: and dataset:");
}

#[test]
fn a_class_list_names_indexes_that_the_policy_has() {
    let dir = tempfile::tempdir().unwrap();
    let with = |list: &str, detectors: &str| {
        std::fs::write(dir.path().join("a.yaml"), format!("sluis: 1\ndata:\n  secret: [{list}]\n  detectors: {{ {detectors} }}\n"))
            .unwrap();
        let mistakes = Policy::load(dir.path(), &Catalogue::embedded().unwrap()).unwrap_err();
        let told = |d: &Diagnostic| format!("{}:{} {} ({})", d.line, d.column, d.message, d.suggestion.clone().unwrap_or_default());
        mistakes.iter().map(told).filter(|told| told.starts_with("3:")).collect::<Vec<_>>()
    };
    let brp = "brp: { dataset: weg.sluisx }";
    assert_eq!(with("dataset: bpr", brp), ["3:21 unknown dataset detector 'bpr' (did you mean 'brp'?)"]);
    assert!(with("documents: brp", brp)[0].contains("unknown documents detector 'brp' (add it to data.detectors"));
    assert!(with("dataset: brp", brp).is_empty(), "the index itself is the one mistake");
}
