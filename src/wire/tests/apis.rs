//! APIs: bodies as the official SDKs send them.

use super::*;

const CHAT: &str = r#"{"messages":[{"role":"system","content":"Antwoord kort."},{"role":"user","content":"Wie is Jan?"},{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"zoek","arguments":"{\"naam\":\"Jan \\\"J\\\" Jansen\",\"bsn\":111222333}"}}]},{"role":"tool","tool_call_id":"call_1","content":"Jan woont in Ede"},{"role":"assistant","content":"In Ede."},{"role":"user","content":[{"type":"text","text":"Zijn BSN is 111222333\n"},{"type":"image_url","image_url":{"url":"https://example.org/x.png"}}]}],"model":"gpt-5","temperature":0.70,"stream":true,"metadata":{"zaak":"Z-2026-1"}}"#;

#[test]
fn openai_chat_gives_its_turns_and_looks_at_everything_else() {
    let ask = json("api.openai.com", "/v1/chat/completions", CHAT);
    let message = ask.read();
    assert_eq!(
        (message.model.as_deref(), message.stream, message.unreadable, message.direction),
        (Some("gpt-5"), true, None, Direction::Prompt)
    );
    assert_eq!(
        ask.words(),
        [
            "history content*: Antwoord kort.",
            "history content*: Wie is Jan?",
            "history naam*: Jan \"J\" Jansen",
            "history content*: Jan woont in Ede",
            "history content*: In Ede.",
            "user text*: Zijn BSN is 111222333\n",
        ]
    );
    let rest = ask.rest();
    for looked_at in ["bsn: 111222333", "zaak: Z-2026-1", "url: https://example.org/x.png", "model: gpt-5", "name: zoek"] {
        assert!(rest.contains(looked_at), "{looked_at}");
    }
}

#[test]
fn a_rewrite_touches_only_the_changed_strings() {
    let ask = json("api.groq.com", "/openai/v1/chat/completions", CHAT);
    assert_eq!(ask.rewritten("Jansen", "[NAAM-1]"), CHAT.replace("Jansen", "[NAAM-1]"));
    assert_eq!(ask.rewritten("Jan", "x"), CHAT.replace("Jan", "x"));
    // What stands outside the known fields cannot be rewritten: then there is no body rather than a half one.
    assert_eq!(ask.rewrite("Z-2026-1", "x"), None);
    assert_eq!(write(CHAT.as_bytes(), &ask.read(), &[]).unwrap(), CHAT.as_bytes());
}

#[test]
fn openai_responses_are_read_in_both_forms() {
    let ask = json(
        "api.openai.com",
        "/v1/responses",
        r#"{"model":"gpt-5","instructions":"Kort.","input":"Mail jan@example.nl","previous_response_id":"resp_1"}"#,
    );
    assert_eq!(ask.words(), ["history instructions*: Kort.", "user input*: Mail jan@example.nl"]);
    assert_eq!(ask.read().conversation.as_deref(), Some("resp_1"));

    let sealed = "gAAAA".repeat(2000);
    let ask = json(
        "api.openai.com",
        "/v1/responses",
        &format!(
            r#"{{"input":[{{"role":"user","content":[{{"type":"input_text","text":"een"}}]}},{{"type":"reasoning","summary":[{{"type":"summary_text","text":"denk"}}],"encrypted_content":"{sealed}"}},{{"type":"function_call","arguments":"{{\"q\":\"twee\"}}","call_id":"c"}},{{"type":"function_call_output","call_id":"c","output":"drie"}}],"stream":true,"conversation":{{"id":"conv_1"}}}}"#
        ),
    );
    assert_eq!(ask.words(), ["history text*: een", "history text*: denk", "history q*: twee", "history output*: drie"]);
    assert_eq!((ask.read().unreadable, ask.read().stream, ask.read().conversation.as_deref()), (None, true, Some("conv_1")));
    assert!(!ask.rest().contains("gAAAA"));
}

#[test]
fn pictures_and_sound_are_unreadable_and_text_files_are_read() {
    let png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    for part in [
        format!(r#"{{"type":"image_url","image_url":{{"url":"data:image/png;base64,{png}"}}}}"#),
        format!(r#"{{"type":"input_audio","input_audio":{{"data":"{png}","format":"wav"}}}}"#),
        r#"{"type":"file","file":{"filename":"x.pdf","file_data":"data:application/pdf;base64,JVBERi0xLjcK"}}"#.to_owned(),
        r#"{"type":"text","text":"data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAAAQABAAD/2wBD"}"#.to_owned(),
    ] {
        let ask = json(
            "api.openai.com",
            "/v1/chat/completions",
            &format!(r#"{{"messages":[{{"role":"user","content":[{{"type":"text","text":"kijk"}},{part}]}}]}}"#),
        );
        assert_eq!(ask.read().unreadable, Some(Unreadable::UnknownType), "{part}");
        assert_eq!(ask.words(), ["user text*: kijk"]);
    }
    let ask = json(
        "api.openai.com",
        "/v1/chat/completions",
        r#"{"messages":[{"role":"user","content":[{"type":"file","file":{"filename":"lijst.csv","file_data":"data:text/csv;base64,bmFhbTtic24KSmFuOzExMTIyMjMzMwo="}}]}]}"#,
    );
    assert_eq!((ask.words(), ask.read().unreadable), (vec!["user lijst.csv: naam;bsn\nJan;111222333\n".to_owned()], None));
}

#[test]
fn token_numbers_are_unreadable_and_strings_to_embed_are_words() {
    let ask = json("api.openai.com", "/v1/embeddings", r#"{"input":["een","twee"],"model":"text-embedding-3-small"}"#);
    assert_eq!(ask.words(), ["user input*: een", "user input*: twee"]);
    for tokens in ["[1212,318]", "[[1212,318],[1]]"] {
        let ask = json("api.openai.com", "/v1/embeddings", &format!(r#"{{"input":{tokens},"model":"text-embedding-3-small"}}"#));
        assert_eq!(ask.read().unreadable, Some(Unreadable::UnknownType), "{tokens}");
    }
    let ask = json("api.openai.com", "/v1/completions", r#"{"prompt":[1,2,3]}"#);
    assert_eq!(ask.read().unreadable, Some(Unreadable::UnknownType));
}

#[test]
fn azure_names_the_model_in_the_path() {
    let ask = json(
        "gemeente.openai.azure.com",
        "/openai/deployments/gpt-4o-prod/chat/completions?api-version=2025-01-01",
        r#"{"messages":[{"role":"user","content":"x"}]}"#,
    );
    assert_eq!(ask.read().model.as_deref(), Some("gpt-4o-prod"));
    assert_eq!(ask.words(), ["user content*: x"]);
}

#[test]
fn uploads_to_openai_are_read_where_they_are_text() {
    let body = "--X\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nassistants\r\n--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"burgers.csv\"\r\nContent-Type: application/octet-stream\r\n\r\nnaam;bsn\r\nJan;111222333\r\n--X--\r\n";
    let ask = post("api.openai.com", "/v1/files", "multipart/form-data; boundary=X", body);
    assert_eq!(ask.read().direction, Direction::Upload);
    assert_eq!(ask.words(), ["user burgers.csv*: naam;bsn\r\nJan;111222333"]);
    assert_eq!(ask.rewritten("111222333", "[BSN-1]"), body.replace("111222333", "[BSN-1]"));
    assert_eq!(ask.rest(), "purpose: assistants\nfilename: burgers.csv\n");

    let audio = [b"--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp3\"\r\nContent-Type: audio/mpeg\r\n\r\nID3\x04\0\0\0\xff\xfb\r\n--X\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\nRaad\r\n--X--".as_slice()].concat();
    let ask = post("api.openai.com", "/v1/audio/transcriptions", "multipart/form-data; boundary=X", audio);
    assert_eq!((ask.read().unreadable, ask.words()), (Some(Unreadable::UnknownType), vec!["user prompt*: Raad".to_owned()]));
}

#[test]
fn anthropic_messages_are_read_and_sealed_thoughts_stay_sealed() {
    let body = r#"{"model":"claude-opus-4-5","max_tokens":1024,"system":[{"type":"text","text":"Kort.","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"een"},{"role":"assistant","content":[{"type":"thinking","thinking":"denk 111222333","signature":"c2lnbmF0dXJlc2lnbmF0dXJl"},{"type":"tool_use","id":"t","name":"zoek","input":{"wie":{"naam":"Jan"}}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"Ede"}]},{"type":"text","text":"twee"},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"drie"},"title":"Nota"}]}],"stream":true}"#;
    let ask = json("api.anthropic.com", "/v1/messages?beta=true", body);
    assert_eq!(
        ask.words(),
        [
            "history text*: Kort.",
            "history content*: een",
            "history naam*: Jan",
            "history text*: Ede",
            "user text*: twee",
            "user data*: drie",
            "history title*: Nota"
        ]
    );
    assert_eq!((ask.read().model.as_deref(), ask.read().stream, ask.read().unreadable), (Some("claude-opus-4-5"), true, None));
    assert!(ask.rest().contains("thinking: denk 111222333") && !ask.rest().contains("c2lnbmF0dXJlc2lnbmF0dXJl"));
    assert_eq!(ask.rewrite("denk", "x"), None);

    let ask = json(
        "api.anthropic.com",
        "/v1/messages",
        r#"{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}}]}]}"#,
    );
    assert_eq!(ask.read().unreadable, Some(Unreadable::UnknownType));

    let ask = json(
        "api.anthropic.com",
        "/v1/messages/batches",
        r#"{"requests":[{"custom_id":"a","params":{"messages":[{"role":"user","content":"een"}]}}]}"#,
    );
    assert_eq!(ask.words(), ["user content*: een"]);
}

#[test]
fn gemini_is_read_in_both_spellings() {
    let body = r#"{"systemInstruction":{"parts":[{"text":"Kort."}]},"contents":[{"role":"user","parts":[{"text":"een"}]},{"role":"model","parts":[{"text":"ja","thoughtSignature":"c2ln"},{"functionCall":{"name":"f","args":{"q":"twee"}}}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"uit":"drie"}}},{"text":"vier"}]}],"generationConfig":{"temperature":0.5}}"#;
    let ask = json("generativelanguage.googleapis.com", "/v1beta/models/gemini-3-pro:streamGenerateContent?alt=sse", body);
    let message = ask.read();
    assert_eq!((message.model.as_deref(), message.stream, message.unreadable), (Some("gemini-3-pro"), true, None));
    assert_eq!(
        ask.words(),
        ["history text*: Kort.", "history text*: een", "history text*: ja", "history q*: twee", "history uit*: drie", "user text*: vier"]
    );
    let ask = json(
        "eu-aiplatform.googleapis.com",
        "/v1/projects/p/locations/l/publishers/google/models/gemini-3-pro:generateContent",
        r#"{"system_instruction":{"parts":{"text":"Kort."}},"contents":[{"parts":[{"inline_data":{"mime_type":"image/png","data":"iVBORw0KGgo="}},{"text":"kijk"}]}]}"#,
    );
    assert_eq!(
        (ask.words(), ask.read().unreadable),
        (vec!["history text*: Kort.".into(), "user text*: kijk".into()], Some(Unreadable::UnknownType))
    );
    let ask = json(
        "generativelanguage.googleapis.com",
        "/v1beta/models/text-embedding:embedContent",
        r#"{"content":{"parts":[{"text":"een"}]}}"#,
    );
    assert_eq!(ask.words(), ["user text*: een"]);
    let ask =
        json("generativelanguage.googleapis.com", "/v1beta/openai/chat/completions", r#"{"messages":[{"role":"user","content":"een"}]}"#);
    assert_eq!(Shape::of(&ask.head()), Shape::OpenAi(OpenAi::Chat));
}

#[test]
fn tools_without_a_file_of_their_own_are_read_by_the_names_of_their_fields() {
    for (host, path, body, words) in [
        ("api.cohere.com", "/v2/chat", r#"{"model":"command","messages":[{"role":"user","content":"een"}]}"#, vec!["user content*: een"]),
        (
            "api.cohere.com",
            "/v1/chat",
            r#"{"message":"twee","preamble":"Kort.","chat_history":[{"role":"USER","message":"een"}]}"#,
            vec!["user message*: twee", "history preamble*: Kort.", "history message*: een"],
        ),
        (
            "ollama.com",
            "/api/generate",
            r#"{"model":"gemma","prompt":"een","system":"Kort."}"#,
            vec!["user prompt*: een", "history system*: Kort."],
        ),
        (
            "api-free.deepl.com",
            "/v2/translate",
            r#"{"text":["een","twee"],"target_lang":"EN"}"#,
            vec!["user text*: een", "user text*: twee"],
        ),
        ("api.replicate.com", "/v1/predictions", r#"{"input":{"prompt":"een","seed":1}}"#, vec!["user prompt*: een"]),
        (
            "bedrock-runtime.eu-west-1.amazonaws.com",
            "/model/claude/converse-stream",
            r#"{"messages":[{"role":"user","content":[{"text":"een"}]}],"system":[{"text":"Kort."}]}"#,
            vec!["user text*: een", "history text*: Kort."],
        ),
    ] {
        assert_eq!(json(host, path, body).words(), words, "{host}{path}");
    }
}

#[test]
fn calls_whose_body_is_signed_are_looked_at_and_not_rewritten() {
    let ask = json(
        "bedrock-runtime.eu-west-1.amazonaws.com",
        "/model/claude/converse",
        r#"{"messages":[{"role":"user","content":[{"text":"een"}]}]}"#,
    )
    .header("authorization", "AWS4-HMAC-SHA256 Credential=x");
    assert_eq!(ask.words(), ["user text: een"]);
    assert_eq!(ask.rewrite("een", "twee"), None);
}

#[test]
fn a_tool_call_is_a_direction_of_its_own() {
    let ask = json(
        "mcp.example",
        "/mcp",
        r#"{"method":"tools/call","params":{"name":"mail","arguments":{"aan":"jan@example.nl","bsn":111222333}},"jsonrpc":"2.0","id":3}"#,
    );
    let message = ask.read();
    assert_eq!(message.direction, Direction::ToolCall);
    assert_eq!(message.call, Some(Call { id: "3".into(), tool: true }));
    assert_eq!(ask.words(), ["user aan*: jan@example.nl"]);
    assert!(ask.rest().contains("bsn: 111222333"));
}
