//! What is JSON, what is not, and where its strings stand.

use super::*;
use proptest::prelude::*;

fn shown(text: &str) -> Vec<String> {
    let doc = Doc::read(text).unwrap();
    let mut walker = Walker::new(&doc);
    doc.leaves
        .iter()
        .map(|leaf| {
            walker.go(leaf);
            let path: Vec<String> = walker
                .path
                .iter()
                .map(|s| match s {
                    Seg::Key(k) => (*k).to_owned(),
                    Seg::Index(i) => i.to_string(),
                })
                .collect();
            format!("{}={}", path.join("."), doc.value(leaf))
        })
        .collect()
}

#[test]
fn every_string_comes_with_its_path_and_its_text() {
    let text = r#" {"a":"x","b":[{"c":"y\n\u00e9"},"z",[]],"d":{},"e":"","f":12,"g":111222333,"h":true,"caf\u00e9":"w"} "#;
    assert_eq!(shown(text), ["a=x", "b.0.c=y\né", "b.1=z", "g=111222333", "h=true", "=café", "café=w"]);
}

#[test]
fn duplicate_keys_are_all_read() {
    assert_eq!(shown(r#"{"a":"one","a":"two"}"#), ["a=one", "a=two"]);
}

#[test]
fn names_that_hold_more_than_a_name_are_looked_at() {
    assert_eq!(shown(r#"{"Jan Jansen":1,"plain_name":1,"b111222333":null}"#), ["=Jan Jansen", "=b111222333"]);
}

#[test]
fn nesting_of_a_hundred_thousand_is_an_answer_and_not_an_overflow() {
    for open in ["[", "{\"a\":"] {
        assert_eq!(Doc::read(&open.repeat(100_000)).unwrap_err(), Unreadable::TooDeep);
    }
    assert!(Doc::read(&format!("{}{}", "[".repeat(128), "]".repeat(128))).is_ok());
}

#[test]
fn memory_stays_bounded_for_a_body_of_crumbs() {
    let crumbs = format!("[{}\"a\"]", "\"a\",".repeat(MAX_ENTRIES));
    assert_eq!(Doc::read(&crumbs).unwrap_err(), Unreadable::TooLarge);
}

#[test]
fn what_is_not_json_is_refused_and_what_ends_early_is_called_so() {
    for broken in [
        "{]",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "['a']",
        "[01]",
        "[1.]x",
        "[+1]",
        "[.5]",
        "[NaN]",
        "{} {}",
        "\"a\nb\"",
        r#""\x""#,
        r#""\u12g4""#,
        "[1]x",
        "nul ",
        "{\"a\" 1}",
        "[\"a\" \"b\"]",
        "}",
        "// c\n1",
        "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\tb\"",
    ] {
        assert_eq!(Doc::read(broken).unwrap_err(), Unreadable::BrokenForm, "{broken}");
    }
    for short in ["", " ", "{", "[1", "[1,", "\"abc", r#""\"#, r#""\u12"#, "tru", "-", "1.", "1e", "{\"a\"", "{\"a\":"] {
        assert_eq!(Doc::read(short).unwrap_err(), Unreadable::Truncated, "{short}");
    }
    for fine in ["0", "-0.5e+10", "\"\"", "true", "[]", "{}", "\u{feff}[]", "null", "[1e5, -2]"] {
        assert!(Doc::read(fine).is_ok(), "{fine}");
    }
}

proptest! {
    #[test]
    fn it_takes_exactly_what_serde_json_takes(text in r#"[\[\]{}",:\\untrfalse0-9.eE \-]{0,24}"#) {
        let theirs = serde_json::from_str::<&serde_json::value::RawValue>(&text).is_ok();
        // serde_json refuses lone surrogates, which programs do send; everything else must agree.
        if !text.contains("\\u") {
            prop_assert_eq!(Doc::read(&text).is_ok(), theirs);
        }
    }

    #[test]
    fn strings_come_back_as_they_were(words in proptest::collection::vec(".*", 0..8)) {
        let text = serde_json::to_string(&words).unwrap();
        let doc = Doc::read(&text).unwrap();
        let read: Vec<String> = doc.leaves.iter().map(|l| doc.value(l).into_owned()).collect();
        let kept: Vec<String> = words.into_iter().filter(|w| !w.is_empty()).collect();
        prop_assert_eq!(read, kept);
    }
}
