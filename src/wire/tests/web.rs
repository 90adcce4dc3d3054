//! Web applications: bodies as browsers send them.

use super::*;

#[test]
fn chatgpt_in_the_browser_is_read_and_rewritten() {
    let body = r#"{"action":"next","messages":[{"id":"9c1b2d7e-11aa-4f6f-8a49-000000000001","author":{"role":"user"},"create_time":1763980000.123,"content":{"content_type":"text","parts":["Mail naar jan@example.nl"]},"metadata":{"attachments":[{"id":"file_1","name":"Jansen.docx"}]}}],"conversation_id":"c-1","model":"gpt-5","timezone_offset_min":-60}"#;
    let ask = json("chatgpt.com", "/backend-api/f/conversation", body);
    let message = ask.read();
    assert_eq!(
        (message.model.as_deref(), message.conversation.as_deref(), message.stream, message.before_send),
        (Some("gpt-5"), Some("c-1"), true, false)
    );
    assert_eq!(ask.words(), ["user parts*: Mail naar jan@example.nl"]);
    assert_eq!(ask.rewritten("jan@example.nl", "[EMAIL-1]"), body.replace("jan@example.nl", "[EMAIL-1]"));
    assert!(ask.rest().contains("name: Jansen.docx"));
}

#[test]
fn words_before_send_are_words() {
    let ask = json(
        "chatgpt.com",
        "/backend-api/f/conversation/prepare",
        r#"{"action":"next","partial_query":{"author":{"role":"user"},"content":{"content_type":"text","parts":["bsn 1112"]}}}"#,
    );
    assert!(ask.read().before_send);
    assert_eq!(ask.words(), ["user parts*: bsn 1112"]);
    let ask = json("chatgpt.com", "/backend-api/conversation/experimental/generate_autocompletions", r#"{"input_text":"bsn 1112"}"#);
    assert!(ask.read().before_send);
    assert_eq!(ask.words(), ["user input_text*: bsn 1112"]);
}

#[test]
fn raw_uploads_are_files() {
    let ask = post("files.oaiusercontent.com", "/files/f1/raw?sig=x", "text/csv", "naam;bsn\nJan;111222333\n")
        .method(Method::PUT)
        .header("x-ms-blob-type", "BlockBlob");
    assert_eq!((ask.read().direction, ask.words()), (Direction::Upload, vec!["user *: naam;bsn\nJan;111222333\n".to_owned()]));
    let ask =
        post("files.oaiusercontent.com", "/files/f1/raw?sig=x", "application/pdf", b"%PDF-1.7\n%\xe2\xe3".to_vec()).method(Method::PUT);
    assert_eq!((ask.read().direction, ask.read().unreadable), (Direction::Upload, Some(Unreadable::UnknownType)));
}

#[test]
fn claude_in_the_browser_is_read() {
    let body = r#"{"prompt":"vat samen","parent_message_uuid":"x","attachments":[{"file_name":"nota.txt","extracted_content":"Jan, 111222333"}],"files":[],"personalized_styles":[{"name":"Normal","prompt":"Normal"}],"model":"claude-sonnet-4-5"}"#;
    let ask = json("claude.ai", "/api/organizations/o/chat_conversations/c-2/completion", body);
    assert_eq!(ask.words(), ["user prompt*: vat samen", "user extracted_content*: Jan, 111222333", "history prompt*: Normal"]);
    assert_eq!(
        (ask.read().conversation.as_deref(), ask.read().model.as_deref(), ask.read().stream),
        (Some("c-2"), Some("claude-sonnet-4-5"), true)
    );
}

#[test]
fn gemini_in_the_browser_is_a_form_of_json_in_json() {
    let inner = serde_json::json!([["Mail naar \"jan@example.nl\"", 0, null], ["nl"], ["c_1", "r_1", "rc_1"]]).to_string();
    let outer = serde_json::json!([null, inner]).to_string();
    let form: String = form_urlencoded::Serializer::new(String::new()).append_pair("f.req", &outer).append_pair("at", "AB:17").finish();
    let ask = post(
        "gemini.google.com",
        "/_/BardChatUi/data/assistant.lamda.BardFrontendService/StreamGenerate?bl=x&rt=c",
        "application/x-www-form-urlencoded;charset=UTF-8",
        form,
    );
    assert_eq!(ask.words(), ["user f.req*: Mail naar \"jan@example.nl\""].map(|s| s.replace("f.req", "")));
    assert_eq!(ask.read().conversation.as_deref(), Some("c_1"));
    let changed = ask.rewritten("jan@example.nl", "[EMAIL-1]");
    let pairs: Vec<(String, String)> = form_urlencoded::parse(changed.as_bytes()).into_owned().collect();
    assert_eq!(pairs[0], ("f.req".into(), outer.replace("jan@example.nl", "[EMAIL-1]")));
    assert_eq!(pairs[1], ("at".into(), "AB:17".into()));
}

#[test]
fn other_web_tools_are_read_by_the_names_of_their_fields() {
    for (host, path, body, words) in [
        (
            "www.perplexity.ai",
            "/rest/sse/perplexity_ask",
            r#"{"params":{"dsl_query":"een","language":"nl"},"query_str":"een"}"#,
            vec!["user dsl_query*: een", "user query_str*: een"],
        ),
        (
            "chat.mistral.ai",
            "/api/trpc/message.newChat",
            r#"{"0":{"json":{"content":[{"type":"text","text":"een"}]}}}"#,
            vec!["user text*: een"],
        ),
        (
            "chat.deepseek.com",
            "/api/v0/chat/completion",
            r#"{"chat_session_id":"s","prompt":"een","ref_file_ids":[]}"#,
            vec!["user prompt*: een"],
        ),
        ("grok.com", "/rest/app-chat/conversations/new", r#"{"message":"een","fileAttachments":[]}"#, vec!["user message*: een"]),
        (
            "www.notion.so",
            "/api/v3/runInferenceTranscript",
            r#"{"transcript":[{"type":"user","value":[["een"]]}]}"#,
            vec!["user value*: een"],
        ),
        ("www.doubao.com", "/samantha/chat/completion", r#"{"messages":[{"content":"{\"text\":\"een\"}"}]}"#, vec!["user text*: een"]),
        ("poe.com", "/api/gql_POST", r#"{"queryName":"sendMessageMutation","variables":{"query":"een"}}"#, vec!["user query*: een"]),
        ("t3.chat", "/api/chat", r#"{"messages":[{"role":"user","parts":[{"type":"text","text":"een"}]}]}"#, vec!["user text*: een"]),
        (
            "duckduckgo.com",
            "/duckchat/v1/chat",
            r#"{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"},{"role":"user","content":"een"}]}"#,
            vec!["history content*: x", "history content*: y", "user content*: een"],
        ),
    ] {
        assert_eq!(json(host, path, body).words(), words, "{host}");
    }
    assert_eq!(
        json("chat.deepseek.com", "/api/v0/chat/completion", r#"{"chat_session_id":"s","prompt":"een"}"#).read().conversation.as_deref(),
        Some("s")
    );
}

#[test]
fn deepl_signs_its_calls_by_counting_letters() {
    let ask = json(
        "www2.deepl.com",
        "/jsonrpc",
        r#"{"jsonrpc":"2.0","method": "LMT_handle_texts","params":{"texts":[{"text":"een"}],"timestamp":1763980000123},"id":94810002}"#,
    );
    assert_eq!(ask.words(), ["user text: een"]);
    assert_eq!(ask.read().call, Some(Call { id: "94810002".into(), tool: false }));
}

#[test]
fn words_in_the_address_are_words() {
    let ask = post("you.com", "/api/streamingSearch?q=wie+is+111222333&page=1", "", "").method(Method::GET);
    assert!(Shape::of(&ask.head()).carries_words(&ask.head()));
    assert_eq!(ask.parts(), ["user q: wie is 111222333"]);
    for path in ["/", "/c/123?model=gpt-5"] {
        let ask = post("chatgpt.com", path, "", "").method(Method::GET);
        assert!(!Shape::of(&ask.head()).carries_words(&ask.head()), "{path}");
    }
    for (path, words) in [
        ("/app.js?x=wie%0Awoont%09daar", "user x: wie\nwoont\tdaar"),
        ("/search?Q=111222333", "user Q: 111222333"),
        ("/s?wie+woont+daar", "user : wie woont daar "),
        ("/s/wie%20woont%20daar.png", "user path: wie woont daar.png"),
    ] {
        for method in [Method::GET, Method::OPTIONS, Method::DELETE, Method::POST] {
            let ask = post("you.com", path, "", "").method(method);
            assert!(Shape::of(&ask.head()).carries_words(&ask.head()), "{path}");
            assert_eq!(ask.parts(), [words], "{path}");
        }
    }
}

#[test]
fn signing_in_at_a_tool_is_not_a_leak() {
    let ask = json(
        "auth.openai.com",
        "/oauth/token",
        r#"{"grant_type":"refresh_token","refresh_token":"rt_0123456789abcdefghijk","client_id":"app_x"}"#,
    );
    assert_eq!(ask.parts(), ["other : grant_type: refresh_token\nclient_id: app_x\n"]);
    let words = r#"{"assertion":"een twee 111222333 drie","nonce":"111222333"}"#;
    assert_eq!(json("auth.openai.com", "/oauth/token", words).parts(), ["other : assertion: een twee 111222333 drie\nnonce: 111222333\n"]);
    let token = r#"{"nonce":"rt_0123456789abcdefghijk"}"#;
    for path in ["/oauthors/x", "/oauth/../ask", "/oauth/%2e%2e/ask", "/chat/tokenize", "/loginx"] {
        assert!(json("ai.example", path, token).rest().contains("rt_"), "{path}");
    }
    for path in ["/Login", "/api/auth/session", "/x%2foauth2;v=1/y"] {
        assert!(!json("ai.example", path, token).rest().contains("rt_"), "{path}");
    }
}
