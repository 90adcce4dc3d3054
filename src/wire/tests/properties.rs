//! What holds for every body.

use super::*;
use proptest::prelude::*;

const PLACES: [(&str, &str); 12] = [
    ("api.openai.com", "/v1/chat/completions"),
    ("api.openai.com", "/v1/responses"),
    ("api.openai.com", "/v1/completions"),
    ("api.openai.com", "/v1/embeddings"),
    ("api.openai.com", "/v1/images/edits"),
    ("api.openai.com", "/v1/files"),
    ("api.anthropic.com", "/v1/messages"),
    ("generativelanguage.googleapis.com", "/v1beta/models/g:generateContent"),
    ("chatgpt.com", "/backend-api/f/conversation"),
    ("claude.ai", "/api/organizations/o/chat_conversations/c/completion"),
    ("gemini.google.com", "/_/BardChatUi/data/StreamGenerate?q=a+b"),
    ("ai.example", "/ask?prompt=%ff"),
];

const TYPES: [&str; 11] = [
    "application/json",
    "application/json; charset=utf-16",
    "application/x-ndjson",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
    "multipart/mixed; boundary=\"b",
    "text/plain; charset=latin1",
    "application/connect+json",
    "application/octet-stream",
    "image/png",
    "",
];

/// Pieces of what clients send, in any order.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let crumbs = prop_oneof![
        Just(b"{".to_vec()),
        Just(b"}".to_vec()),
        Just(b"[".to_vec()),
        Just(b"]".to_vec()),
        Just(b"\"messages\":".to_vec()),
        Just(b"\"content\":\"x\\u00e9\\\"\"".to_vec()),
        Just(b"\"role\":\"user\",".to_vec()),
        Just(b"\"source\":{\"type\":\"base64\",\"data\":\"iVBOR\"}".to_vec()),
        Just(b"\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n".to_vec()),
        Just(b"--b--".to_vec()),
        Just(b"f.req=%5B%22".to_vec()),
        Just(b"&prompt=%e9+".to_vec()),
        Just(b",".to_vec()),
        Just("é😀".as_bytes().to_vec()),
        Just(b"data:text/plain;base64,aGFsbG8".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..6),
    ];
    proptest::collection::vec(crumbs, 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn reading_never_panics_and_no_change_is_no_change(body in soup(), place in 0..PLACES.len(), kind in 0..TYPES.len(), put in any::<bool>()) {
        let (host, path) = PLACES[place];
        let mut ask = post(host, path, TYPES[kind], body.clone());
        if put {
            ask = ask.method(Method::PUT);
        }
        let message = ask.read();
        let same: Vec<Change> = message.parts.iter().enumerate().map(|(part, p)| Change { part, text: p.text.expose().to_owned() }).collect();
        prop_assert_eq!(write(&body, &message, &same).unwrap(), body.clone());
        prop_assert_eq!(write(&body, &message, &[]).unwrap(), body);
    }

    #[test]
    fn a_place_holds_the_text_that_was_read(body in soup(), place in 0..PLACES.len(), kind in 0..TYPES.len()) {
        let (host, path) = PLACES[place];
        let ask = post(host, path, TYPES[kind], body.clone());
        let message = ask.read();
        for (part, read) in message.parts.iter().enumerate().filter(|(_, p)| p.place.is_some()) {
            // Only this part changes, and by a text that cannot be there already.
            let changed = write(&body, &message, &[Change { part, text: "\u{1F9EA}".to_owned() }]).unwrap();
            prop_assert!(changed != body || read.text.is_empty());
        }
    }

    #[test]
    fn a_changed_text_is_read_back(old in ".{1,40}", new in ".{1,40}", nested in any::<bool>()) {
        let body = serde_json::json!({"messages": [{"role": "user", "content": [{"type": "text", "text": old}]}], "n": 1}).to_string();
        let (path, body) = if nested { ("/ask", serde_json::json!({"payload": body}).to_string()) } else { ("/v1/chat/completions", body) };
        let ask = json("ai.example", path, &body);
        let message = ask.read();
        let part = message.parts.iter().position(|p| p.label == "text" && p.place.is_some()).unwrap();
        prop_assert_eq!(message.parts[part].text.expose(), old.as_str());
        let changed = write(body.as_bytes(), &message, &[Change { part, text: new.clone() }]).unwrap();
        let again = json("ai.example", path, std::str::from_utf8(&changed).unwrap()).read();
        prop_assert_eq!(again.parts[part].text.expose(), new.as_str());
    }
}
