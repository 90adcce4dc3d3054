//! Bodies that are not what they say, or not whole.

use super::*;

const HOST: &str = "ai.example";

#[test]
fn a_body_that_cannot_be_read_says_why_and_is_looked_at_all_the_same() {
    for (content_type, body, reason) in [
        ("application/json", b"{\"prompt\":\"111222333\"".as_slice(), Unreadable::Truncated),
        ("application/json", b"{'prompt':'111222333'}", Unreadable::BrokenForm),
        ("application/json", b"{\"prompt\":\"111222333 \xff\"}", Unreadable::BrokenEncoding),
        ("application/json; charset=ebcdic", b"{\"prompt\":\"111222333\"}", Unreadable::BrokenEncoding),
        ("text/plain", b"111222333 \xff", Unreadable::BrokenEncoding),
        ("multipart/form-data; boundary=X", b"111222333", Unreadable::BrokenForm),
        ("multipart/form-data", b"--X\r\n\r\n111222333\r\n--X--", Unreadable::BrokenForm),
        ("application/x-www-form-urlencoded", b"prompt=111222333%ff", Unreadable::BrokenEncoding),
    ] {
        let ask = post(HOST, "/ask", content_type, body);
        assert_eq!(ask.read().unreadable, Some(reason), "{content_type} {}", String::from_utf8_lossy(body));
        assert!(ask.parts().concat().contains("111222333"), "{content_type} {}", String::from_utf8_lossy(body));
    }
}

#[test]
fn binary_bodies_are_unreadable() {
    for (content_type, body) in [
        ("application/x-protobuf", b"\x0a\x05hallo".as_slice()),
        ("application/grpc-web+proto", b"\0\0\0\0\x05hallo"),
        ("application/connect+proto", b"\0\0\0\0\x05hallo"),
        ("image/png", b"\x89PNG\r\n\x1a\n"),
        ("", b"\x00\x01\x02"),
        ("application/octet-stream", b"\x89PNG"),
        ("application/sdp", b"v=0"),
    ] {
        let ask = post(HOST, "/ask", content_type, body);
        assert_eq!(ask.read().unreadable, Some(Unreadable::UnknownType), "{content_type}");
    }
}

#[test]
fn deep_nesting_is_unreadable_in_every_place() {
    let deep = "[".repeat(100_000);
    for (path, content_type, body) in [
        ("/v1/chat/completions", "application/json", deep.clone()),
        ("/ask", "text/plain", format!("{deep}]")),
        ("/ask", "application/json", serde_json::json!({"x": format!("{deep}]")}).to_string()),
        ("/ask", "application/json", serde_json::json!({"prompt": format!("{deep}]")}).to_string()),
        ("/ask", "application/x-www-form-urlencoded", format!("f.req={deep}]")),
    ] {
        let ask = post(HOST, path, content_type, body);
        assert_eq!(ask.read().unreadable, Some(Unreadable::TooDeep), "{path} {content_type}");
    }
}

#[test]
fn an_empty_body_has_no_words_and_is_no_riddle() {
    for content_type in ["", "application/json", "multipart/form-data; boundary=X", "application/grpc"] {
        let message = post(HOST, "/ask", content_type, "").read();
        assert_eq!((message.parts.len(), message.unreadable), (0, None), "{content_type}");
    }
}

#[test]
fn json_is_read_whatever_it_is_called() {
    for content_type in [
        "",
        "text/plain;charset=UTF-8",
        "application/x-www-form-urlencoded",
        "application/octet-stream",
        "application/vnd.x+json",
        "text/json",
    ] {
        let ask = post(HOST, "/ask", content_type, r#"{"prompt":"een \"twee\""}"#);
        assert_eq!(ask.parts(), ["user prompt*: een \"twee\""], "{content_type}");
    }
    let ask = post(HOST, "/ask", "application/x-ndjson", "{\"prompt\":\"een\"}\n{\"prompt\":\"twee\"}\n");
    assert_eq!(ask.parts(), ["user prompt*: een", "user prompt*: twee"]);
    assert_eq!(ask.rewritten("twee", "\"2\""), "{\"prompt\":\"een\"}\n{\"prompt\":\"\\\"2\\\"\"}\n");
}

#[test]
fn text_that_only_looks_like_json_stays_text() {
    for text in ["[concept]", "{hallo}", "gewoon een zin"] {
        assert_eq!(post(HOST, "/ask", "text/plain", text).parts(), [format!("user *: {text}")]);
    }
    let pasted = r#"{"naam":"Jan","bsn":111222333}"#;
    let ask = json(HOST, "/ask", &serde_json::json!({"prompt": pasted}).to_string());
    assert_eq!(ask.parts(), [format!("user prompt*: {pasted}")]);
}

#[test]
fn escaped_member_names_and_double_members_are_no_way_around() {
    let ask = json(
        "api.openai.com",
        "/v1/chat/completions",
        r#"{"messages":[{"role":"user","content":"onschuldig","cont\u0065nt":"111222333"}]}"#,
    );
    assert_eq!(ask.words(), ["user content*: onschuldig", "user content*: 111222333"]);
    let ask = json(
        "api.openai.com",
        "/v1/chat/completions",
        r#"{"messages":[],"messages":[{"role":"user","content":"111222333"}],"111222333":{"Jan Jansen":1}}"#,
    );
    assert_eq!(ask.words(), ["user content*: 111222333"]);
    assert!(ask.rest().contains("111222333\n") && ask.rest().contains("Jan Jansen"));
}

#[test]
fn words_in_base64_are_looked_at_and_pictures_in_it_are_unreadable() {
    use base64::Engine;
    let base64 = base64::engine::general_purpose::STANDARD;
    let hidden = base64.encode("Burgerservicenummer 111222333. ".repeat(40));
    let ask = json(HOST, "/ask", &serde_json::json!({"x": hidden}).to_string());
    assert!(ask.words()[0].contains("111222333"));
    let picture = base64.encode([b"\xff\xd8\xff\xe0".as_slice(), &[7; 900]].concat());
    for key in ["x", "content"] {
        assert_eq!(json(HOST, "/ask", &serde_json::json!({ key: picture }).to_string()).read().unreadable, Some(Unreadable::UnknownType));
    }
    let bytes: Vec<u32> = (0..2000).map(|n| n % 256).collect();
    assert_eq!(json(HOST, "/ask", &serde_json::json!({"file": bytes}).to_string()).read().unreadable, Some(Unreadable::UnknownType));
}

#[test]
fn other_character_sets_are_looked_at_and_not_rewritten() {
    let ask = post(HOST, "/ask", "text/plain; charset=iso-8859-1", b"caf\xe9 111222333".to_vec());
    assert_eq!((ask.parts(), ask.read().unreadable), (vec!["user : café 111222333".to_owned()], None));
    let utf16: Vec<u8> = [0xfeffu16].into_iter().chain(r#"{"prompt":"111222333"}"#.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let ask = post(HOST, "/ask", "application/json", utf16);
    assert_eq!((ask.parts(), ask.read().unreadable), (vec!["user prompt: 111222333".to_owned()], None));
}

#[test]
fn two_content_types_are_one_too_many() {
    let mut ask = json(HOST, "/ask", r#"{"prompt":"een"}"#);
    ask.headers.append("content-type", "text/plain".parse().unwrap());
    assert_eq!((ask.read().unreadable, ask.words()), (Some(Unreadable::BrokenForm), vec!["user prompt*: een".to_owned()]));
}

#[test]
fn connect_envelopes_of_json_are_looked_at() {
    let inner = br#"{"message":{"blocks":[{"text":{"content":"een"}}]}}"#;
    let mut body = vec![0, 0, 0, 0, inner.len() as u8];
    body.extend_from_slice(inner);
    let ask = post("www.kimi.com", "/apiv2/kimi.chat.v1.ChatService/Chat", "application/connect+json", body.clone());
    assert_eq!(ask.words(), ["user content: een"]);
    body[0] = 1;
    assert_eq!(post(HOST, "/x", "application/connect+json", body).read().unreadable, Some(Unreadable::UnknownCoding));
}

#[test]
fn fields_of_a_form_are_rewritten_in_place() {
    let body = "--b\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n{\"inputs\":\"mail jan@example.nl\",\"id\":\"x\"}\r\n--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\nen piet@example.nl\r\n--b--\r\n";
    let ask = post("huggingface.co", "/chat/conversation/1", "multipart/form-data; boundary=b", body);
    assert_eq!(ask.words(), ["user inputs*: mail jan@example.nl", "user prompt*: en piet@example.nl"]);
    assert_eq!(ask.rewritten("@example.nl", "!"), body.replace("@example.nl", "!"));
    let ask = post(HOST, "/x", "application/x-www-form-urlencoded", "a=b%20c&prompt=caf%C3%A9+jan%40example.nl&z=%7e");
    assert_eq!(ask.words(), ["user prompt*: café jan@example.nl"]);
    assert_eq!(ask.rewritten("jan@example.nl", "[E&1]"), "a=b%20c&prompt=caf%C3%A9+%5BE%261%5D&z=%7e");
}

#[test]
fn long_member_names_do_not_multiply() {
    let key = format!("{}é 111222333", "k".repeat(63));
    let ask = json(HOST, "/ask", &serde_json::json!({&key: ["a", "b"], "messages": [{"content": "een"}]}).to_string());
    assert!(ask.rest().contains("111222333") && ask.rest().contains(&format!("{}: a\n", "k".repeat(63))));
    assert!(ask.read().parts.iter().all(|part| part.label.len() <= 64));
    let (key, values) = ("k".repeat(60_000), vec!["a"; 40_000]);
    let message = json(HOST, "/ask", &serde_json::json!({ key: values }).to_string()).read();
    assert_eq!(message.unreadable, Some(Unreadable::TooLarge));
    assert!(message.parts.iter().map(|part| part.text.len()).sum::<usize>() < 2_000_000);
}

#[test]
fn only_names_of_models_stand_as_the_model() {
    for (name, model) in [("gpt-5", "gpt-5"), ("org/model:v1@2.0_x", "org/model:v1@2.0_x"), ("Jan Jansen", "other"), ("é", "other")] {
        let ask = json("api.openai.com", "/v1/chat/completions", &serde_json::json!({"model": name, "messages": []}).to_string());
        assert_eq!(ask.read().model.as_deref(), Some(model), "{name}");
    }
    let long = "a".repeat(65);
    for (host, path, model) in [
        ("x.openai.azure.com", "/openai/deployments/Jan%20Jansen/chat/completions", "other"),
        ("generativelanguage.googleapis.com", "/v1beta/models/Jan%20Jansen:generateContent", "other"),
        ("bedrock-runtime.eu-west-1.amazonaws.com", "/model/anthropic.claude-v1%3A0/converse", "anthropic.claude-v1:0"),
        ("bedrock-runtime.eu-west-1.amazonaws.com", &format!("/model/{long}/converse"), "other"),
    ] {
        assert_eq!(json(host, path, "{}").read().model.as_deref(), Some(model), "{path}");
    }
}

#[test]
fn another_character_set_than_that_of_the_bytes_is_said_and_looked_at_all_the_same() {
    for charset in ["utf-16", "UTF-16LE", "utf-16be", "utf-7", "utf-32"] {
        for content_type in ["application/json", "text/plain", "application/x-www-form-urlencoded", "application/octet-stream"] {
            for body in [r#"{"prompt":"BSN 111222333"}"#, "prompt=BSN 111222333"] {
                let ask = post(HOST, "/ask", &format!("{content_type}; charset={charset}"), body);
                assert_eq!(ask.read().unreadable, Some(Unreadable::BrokenEncoding), "{content_type} {charset}");
                assert!(ask.parts().concat().contains("BSN 111222333"), "{content_type} {charset}");
                assert!(ask.read().parts.iter().all(|part| part.place.is_none()));
            }
        }
        let body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\nContent-Type: application/octet-stream; charset={charset}\r\n\r\nBSN 111222333\r\n--b--\r\n"
        );
        for body in [body.replace("; filename=\"a\"", ""), body] {
            let ask = post(HOST, "/ask", "multipart/form-data; boundary=b", body);
            assert_eq!(ask.read().unreadable, Some(Unreadable::BrokenEncoding), "{charset}");
            assert!(ask.parts().concat().contains("BSN 111222333"), "{charset}");
        }
    }
}

#[test]
fn json_for_lenient_readers_does_not_hide_letters() {
    let marked = "\u{feff}{\"prompt\":\"\\u0031\\u0031\"}";
    for content_type in ["application/json", "text/plain", "application/octet-stream", ""] {
        let ask = post(HOST, "/ask", content_type, marked);
        assert_eq!((ask.parts(), ask.read().unreadable), (vec!["user prompt*: 11".to_owned()], None), "{content_type}");
        for body in
            [r"{prompt:'\u0031\u0031'}", "// x\n/* y */ {\"prompt\":\"\\u0031\",}", "\u{feff} [\"\\u{31}\",]", "{\"prompt\":\"\\u0031\"} x"]
        {
            let ask = post(HOST, "/ask", content_type, body);
            assert_eq!(ask.read().unreadable, Some(Unreadable::BrokenForm), "{content_type} {body}");
        }
    }
    for text in [r"[zie] C:\users\jan", r"een {\u0031}"] {
        assert_eq!(post(HOST, "/ask", "text/plain", text).read().unreadable, None, "{text}");
    }
}

#[test]
fn a_prompt_without_words_is_unreadable() {
    for (host, path) in [
        ("api.openai.com", "/v1/chat/completions"),
        ("api.openai.com", "/v1/responses"),
        ("api.openai.com", "/v1/completions"),
        ("api.anthropic.com", "/v1/messages"),
        ("generativelanguage.googleapis.com", "/v1beta/models/g:generateContent"),
        ("generativelanguage.googleapis.com", "/v1beta/models/g:streamGenerateContent"),
        ("chatgpt.com", "/backend-api/f/conversation"),
        ("claude.ai", "/api/organizations/o/chat_conversations/c/completion"),
    ] {
        for body in ["{}", r#"{"woorden":"111222333"}"#, r#"{"messages":[{"role":"user","content":[66.0,83.5]}]}"#] {
            assert_eq!(json(host, path, body).read().unreadable, Some(Unreadable::BrokenForm), "{path} {body}");
        }
        assert_eq!(json(host, path, "").read().unreadable, None, "{path}");
    }
    for (host, path, body) in [
        (
            "api.openai.com",
            "/v1/chat/completions",
            r#"{"messages":[{"role":"system","content":"Kort."},{"role":"user","content":[66,83]}]}"#,
        ),
        ("api.anthropic.com", "/v1/messages", r#"{"system":"Kort.","messages":[{"role":"user","content":[66,83]}]}"#),
        (
            "generativelanguage.googleapis.com",
            "/v1beta/models/g:generateContent",
            r#"{"contents":[{"parts":[{"text":"x"},{"text":[66,83]}]}]}"#,
        ),
        ("chatgpt.com", "/backend-api/conversation", r#"{"messages":[{"content":{"parts":["x",66,83]}}]}"#),
    ] {
        assert_eq!(json(host, path, body).read().unreadable, Some(Unreadable::UnknownType), "{path}");
    }
    // Not OpenAI's, but a path like it.
    let ask = json("grok.com", "/rest/app-chat/conversations/c/responses", r#"{"message":"een","parentResponseId":"x"}"#);
    assert_eq!((ask.words(), ask.read().unreadable), (vec!["user message*: een".to_owned()], None));
}

#[test]
fn the_longest_sentence_stands_for_the_words_of_an_unknown_tool() {
    let body = r#"{"taal":"nl","zin":"wie is jan@example.nl","soort":"kort en goed"}"#;
    let ask = json(HOST, "/ask", body);
    assert_eq!(ask.parts(), ["user zin*: wie is jan@example.nl", "other : taal: nl\nsoort: kort en goed\n"]);
    assert_eq!(ask.rewritten("jan@example.nl", "[E-1]"), body.replace("jan@example.nl", "[E-1]"));
    let ask = post(HOST, "/ask", "application/x-www-form-urlencoded", "a=b&zin=wie+is+jan%40example.nl");
    assert_eq!(ask.parts(), ["user zin*: wie is jan@example.nl", "other : a: b\n"]);
    let ask = json(HOST, "/ask", r#"{"zin":"wie is jan@example.nl","prompt":"een"}"#);
    assert_eq!(ask.words(), ["user prompt*: een"]);
    assert_eq!(json(HOST, "/ask", r#"{"zin":"een twee"}"#).words(), Vec::<String>::new());
}
