//! Whole answers of every family, cut everywhere: what the client reads is what the model wrote, with the values in place.

mod families;

use super::{Placeholders, Restorer};
use crate::detect::Finding;
use crate::wire::answer::AnswerForm;
use families::{Family, events, families, jsons, sse, text_at};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;

const EMAIL: &str = "j.\"jansen\"\\x@gemeente.nl";
const KEY: &str = "-----BEGIN KEY-----\nabc\n-----END KEY-----";

/// EMAIL-1, BSN-1 and CREDENTIAL-1.
fn placeholders() -> Arc<Placeholders> {
    let placeholders = Placeholders::new();
    for (detector, value) in [("email", EMAIL), ("nl.bsn", "111222333"), ("credential.private-key", KEY)] {
        let finding = Finding { detector: detector.into(), start: 0, end: value.len(), confidence: 1.0 };
        placeholders.redact(value, &[&finding]);
    }
    Arc::new(placeholders)
}

/// What the model writes, and what the employee must read.
const WORDS: &str =
    "Mail [EMAIL-1] of **[bsn-1]**, \\[EMAIL-1\\] é😀 [x] [EM [EMAIL-9] a\\n [EMAIL_1][BSN\u{2011}1] [CREDENTIAL-1] \\ [[EMAIL-1]] ([EM";

fn expected() -> String {
    format!("Mail {EMAIL} of **111222333**, {EMAIL} é😀 [x] [EM [EMAIL-9] a\\n {EMAIL}111222333 {KEY} \\ [{EMAIL}] ([EM")
}

fn restore(form: AnswerForm, chunks: &[&[u8]]) -> Vec<u8> {
    let mut restorer = Restorer::new(placeholders(), form);
    let mut out = Vec::new();
    for chunk in chunks {
        restorer.push(chunk, &mut out);
    }
    restorer.finish(&mut out);
    out
}

/// The words cut in two at `at` (a character border), or in single characters.
fn split(words: &str, at: Option<usize>) -> Vec<&str> {
    match at {
        Some(at) => vec![&words[..at], &words[at..]],
        None => words.char_indices().map(|(i, c)| &words[i..i + c.len_utf8()]).collect(),
    }
}

fn words_of(family: &Family) -> (String, String) {
    if family.json {
        let (words, value) = (json!({"to":WORDS,"n":[1]}).to_string(), json!({"to":expected(),"n":[1]}).to_string());
        (words, value)
    } else {
        (WORDS.to_owned(), expected())
    }
}

fn check(family: &Family, deltas: &[&str], chunks: &dyn Fn(&[u8]) -> Vec<Vec<u8>>, value: &str) {
    let stream = (family.write)(deltas);
    let chunks = chunks(stream.as_bytes());
    let out = restore(family.form, &chunks.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let read = (family.read)(&out);
    let same = if family.json { serde_json::from_str::<Value>(&read).ok() == serde_json::from_str(value).ok() } else { read == value };
    assert!(same, "{}: deltas {deltas:?}\n read {read:?}\n want {value:?}", family.name);
}

#[test]
fn a_placeholder_cut_anywhere_by_deltas_is_restored_in_every_family() {
    for family in families() {
        let (words, value) = words_of(&family);
        for at in (0..words.len()).filter(|&at| words.is_char_boundary(at)) {
            check(&family, &split(&words, Some(at)), &|bytes| vec![bytes.to_vec()], &value);
        }
        check(&family, &split(&words, None), &|bytes| vec![bytes.to_vec()], &value);
    }
}

#[test]
fn a_stream_cut_anywhere_by_the_network_reads_the_same_in_every_family() {
    for family in families() {
        let (words, value) = words_of(&family);
        let deltas = split(&words, Some(9));
        let length = (family.write)(&deltas).len();
        for cut in 0..length {
            check(&family, &deltas, &|bytes| vec![bytes[..cut].to_vec(), bytes[cut..].to_vec()], &value);
        }
        check(&family, &split(&words, None), &|bytes| bytes.chunks(1).map(<[u8]>::to_vec).collect(), &value);
    }
}

#[test]
fn a_stream_without_placeholders_is_the_same_bytes() {
    let words = "Gewone [tekst], a[0] é \\[x\\] [ ] [EMA [EMAIL-7] \\\\.";
    for family in families() {
        let stream = (family.write)(&split(words, Some(20)));
        assert_eq!(String::from_utf8(restore(family.form, &[stream.as_bytes()])).unwrap(), stream, "{}", family.name);
    }
}

#[test]
fn an_event_without_the_start_of_a_placeholder_is_written_in_the_same_call() {
    for family in families().into_iter().filter(|f| f.form == AnswerForm::EventStream && !f.name.contains("batches")) {
        let stream = (family.write)(&split("Gewone tekst met [haken] en meer", None));
        let mut restorer = Restorer::new(placeholders(), family.form);
        let ends: Vec<usize> =
            stream.match_indices("\n\n").map(|(at, _)| at + 2).chain(stream.match_indices("\r\n\r\n").map(|(at, _)| at + 4)).collect();
        let mut from = 0;
        let mut held = 0;
        for end in ends {
            let mut out = Vec::new();
            restorer.push(&stream.as_bytes()[from..end], &mut out);
            held += usize::from(out != stream.as_bytes()[from..end]);
            from = end;
        }
        assert!(held <= 2, "{}: only '[' and what follows it may wait, {held} events did", family.name);
    }
}

#[test]
fn documents_are_restored_wherever_they_are_cut() {
    let document = json!({
        "choices": [{"message": {"content": WORDS, "tool_calls": [{"function": {"arguments": json!({"to": "[EMAIL-1]", "key": "\\[CREDENTIAL-1\\]"}).to_string()}}]}}],
        "content": [{"type": "thinking", "thinking": "[EMAIL-1]", "signature": "x"}, {"type": "text", "text": "[EMAIL-1]"}],
        "input": {"[EMAIL-1]": ["[BSN-1]", {"a": "[BSN-"}]}
    })
    .to_string();
    for pretty in [false, true] {
        let document = if pretty {
            serde_json::to_string_pretty(&serde_json::from_str::<Value>(&document).unwrap()).unwrap()
        } else {
            document.clone()
        };
        let bytes = document.as_bytes();
        let whole = restore(AnswerForm::Json, &[bytes]);
        let read: Value = serde_json::from_slice(&whole).unwrap();
        assert_eq!(text_at(&read, "/choices/0/message/content"), expected());
        let arguments: Value = serde_json::from_str(&text_at(&read, "/choices/0/message/tool_calls/0/function/arguments")).unwrap();
        assert_eq!(arguments, json!({"to": EMAIL, "key": KEY}));
        assert_eq!(text_at(&read, "/content/0/thinking"), "[EMAIL-1]");
        assert_eq!(text_at(&read, "/content/1/text"), EMAIL);
        assert_eq!(read["input"][EMAIL], json!(["111222333", {"a": "[BSN-"}]));
        for cut in 0..bytes.len() {
            assert_eq!(restore(AnswerForm::Json, &[&bytes[..cut], &bytes[cut..]]), whole, "cut at {cut}");
        }
        assert_eq!(restore(AnswerForm::Json, &bytes.chunks(1).collect::<Vec<_>>()), whole);
    }
}

#[test]
fn a_string_that_is_json_itself_stays_json() {
    for inner in [json!({"to": "[CREDENTIAL-1]"}), json!([["[CREDENTIAL-1]"]]), json!([{"to": "[CREDENTIAL-1]"}])] {
        for content in [inner.to_string(), serde_json::to_string_pretty(&inner).unwrap()] {
            let document = json!({"message": {"content": content}}).to_string();
            for size in [1, 1000] {
                let out = restore(AnswerForm::Json, &document.as_bytes().chunks(size).collect::<Vec<_>>());
                let read: Value = serde_json::from_slice(&out).unwrap();
                let read: Value = serde_json::from_str(&text_at(&read, "/message/content")).unwrap();
                assert_eq!(read.to_string(), inner.to_string().replace("[CREDENTIAL-1]", &KEY.replace('\n', "\\n")));
            }
        }
    }
}

#[test]
fn plain_text_is_restored_wherever_it_is_cut() {
    for cut in 0..WORDS.len() {
        let out = restore(AnswerForm::Text, &[&WORDS.as_bytes()[..cut], &WORDS.as_bytes()[cut..]]);
        assert_eq!(String::from_utf8(out).unwrap(), expected());
    }
}

#[test]
fn a_document_passes_as_it_comes() {
    let mut restorer = Restorer::new(placeholders(), AnswerForm::Json);
    let mut out = Vec::new();
    restorer.push(b"{\"a\":\"een lange tekst [EMA", &mut out);
    assert_eq!(out, b"{\"a\":\"een lange tekst ");
    restorer.push(b"IL-1] en", &mut out);
    assert!(out.ends_with(b" en"));
}

#[test]
fn events_that_are_not_json_have_plain_replacement_and_keep_their_form() {
    let stream = "data: hallo [CREDENTIAL-1]!\n\ndata: {\"kapot\": \"[EMAIL-1]\n\ndata: [DONE]\n\n";
    let out = restore(AnswerForm::EventStream, &[stream.as_bytes()]);
    let seen = events(&out);
    assert_eq!(seen[0].1, format!("hallo {KEY}!"));
    assert!(seen[1].1.starts_with("{\"kapot\": \"j.\\\"jansen"), "{}", seen[1].1);
    assert_eq!(seen[2].1, "[DONE]");
}

#[test]
fn words_sent_as_bare_data_lines_are_joined_once_they_have_shown_to_be_deltas() {
    let stream: String = ["Dit ", "is ", "van [EM", "AIL-", "1] en [BS"].iter().map(|d| format!("data: {d}\n\n")).collect();
    let out = restore(AnswerForm::EventStream, &[stream.as_bytes()]);
    let text: String = events(&out).into_iter().map(|(_, data)| data).collect();
    assert_eq!(text, format!("Dit is van {EMAIL} en [BS"));
}

#[test]
fn an_unknown_stream_of_whole_texts_is_never_joined() {
    let texts = ["Aan", "Aan [EM", "Aan [EMAIL-1] en", "Aan [EMAIL-1] en verder ["];
    let stream: String = texts.iter().map(|t| sse(None, &json!({"answer": t}))).collect();
    let out = restore(AnswerForm::EventStream, &[stream.as_bytes()]);
    let seen: Vec<String> = jsons(&out).iter().map(|v| text_at(v, "/answer")).collect();
    assert_eq!(seen, ["Aan".into(), "Aan [EM".into(), format!("Aan {EMAIL} en"), format!("Aan {EMAIL} en verder [")]);
}

#[test]
fn a_huge_event_passes_in_pieces_and_is_restored_all_the_same() {
    let stream = sse(None, &json!({"text": "x".repeat(3 << 20) + "[EMAIL-1]"})) + "data: {\"a\":\"[BSN-1]\"}\n\n";
    let mut restorer = Restorer::new(placeholders(), AnswerForm::EventStream);
    let mut out = Vec::new();
    for (at, chunk) in stream.as_bytes().chunks(1 << 16).enumerate() {
        restorer.push(chunk, &mut out);
        assert!(at < 20 || out.len() > 1 << 20, "the bytes are on their way");
    }
    restorer.finish(&mut out);
    let seen = jsons(&out);
    assert!(text_at(&seen[0], "/text").ends_with(EMAIL));
    assert_eq!(text_at(&seen[1], "/a"), "111222333");
}

#[test]
fn without_any_placeholder_nothing_is_looked_at() {
    let mut restorer = Restorer::new(Arc::new(Placeholders::new()), AnswerForm::EventStream);
    let mut out = Vec::new();
    restorer.push(b"data: half [EMA", &mut out);
    assert_eq!(out, b"data: half [EMA");
}

#[test]
fn a_guarded_answer_that_counts_its_own_bytes_is_left_alone() {
    let answer = b")]}'\n\n20\n[[\"wrb.fr\",\"[EMAIL-1]\"]]\n";
    assert_eq!(restore(AnswerForm::Json, &[&answer[..3], &answer[3..]]), answer);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_cuts_of_words_and_stream_read_the_same(
        which in 0..15_usize,
        words in prop::collection::vec(prop::sample::select(vec!["[EMAIL-1]", "\\[BSN-1\\]", "[", "[EM", "]", "\\", "é", "\n", "\"", "tekst ", "[credential-1]", "[EMAIL-10]", "{", "x"]), 1..20),
        cuts in prop::collection::vec(0..10_000_usize, 0..6),
        sizes in prop::collection::vec(1..40_usize, 1..20),
    ) {
        let family = &families()[which];
        // Not a bracket first: a string that starts as JSON is taken for JSON.
        let text = format!("x{}", words.concat());
        let whole = if family.json { json!({"a": text}).to_string() } else { text.clone() };
        let mut at: Vec<usize> = cuts.iter().map(|c| whole.floor_char_boundary(c % (whole.len() + 1))).chain([0, whole.len()]).collect();
        at.sort_unstable();
        let deltas: Vec<&str> = at.windows(2).map(|w| &whole[w[0]..w[1]]).collect();
        let plain = String::from_utf8(restore(AnswerForm::Text, &[text.as_bytes()])).unwrap();
        let value = if family.json { json!({"a": plain}).to_string() } else { plain };
        let chunks = |bytes: &[u8]| {
            let (mut chunks, mut from) = (Vec::new(), 0);
            for size in sizes.iter().cycle() {
                if from >= bytes.len() { break; }
                let to = (from + size).min(bytes.len());
                chunks.push(bytes[from..to].to_vec());
                from = to;
            }
            chunks
        };
        check(family, &deltas, &chunks, &value);
    }

    #[test]
    fn no_bytes_make_it_panic_and_none_are_lost_where_nothing_is_restored(bytes in prop::collection::vec(prop::sample::select(b"{}[]\":,\\ \r\ndat:evnt1a\xc3\xa9".to_vec()), 0..200), size in 1..20_usize) {
        for form in [AnswerForm::EventStream, AnswerForm::Json, AnswerForm::JsonLines, AnswerForm::Text] {
            let mut usage = crate::wire::answer::UsageReader::new(form);
            bytes.chunks(size).for_each(|c| usage.push(c));
            usage.finish();
            let out = restore(form, &bytes.chunks(size).collect::<Vec<_>>());
            if form != AnswerForm::EventStream && form != AnswerForm::JsonLines {
                prop_assert_eq!(&out, &bytes);
            }
            prop_assert!(out.len() >= bytes.len());
        }
    }
}
