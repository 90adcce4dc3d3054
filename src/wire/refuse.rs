//! How each tool is told no, in its own form, so that its client shows our sentence.
//!
//! Takes the head of the request and the sentence; gives status, type and body. Never 408, 409, 429 or 5xx: clients try those again. The caller adds
//! `x-should-retry: false`, the CORS headers and the verdict's header. A stream is refused before it starts, with the same plain answer: every client
//! reads the status first.

use super::head::Head;
use super::{Call, Message, Shape};
use http::StatusCode;
use serde_json::{Value, json};

/// What is said.
#[derive(Debug, Clone, Copy)]
pub struct Refusal<'a> {
    /// One short plain sentence, in the user's language.
    pub sentence: &'a str,
    /// Machine-readable, such as `blocked_by_organisation`.
    pub code: &'a str,
    /// The caller asked for a stream.
    pub stream: bool,
}

/// How it is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub status: StatusCode,
    pub content_type: &'static str,
    pub body: String,
    /// Headers that the tool's client reads, beside those every refusal gets.
    pub headers: &'static [(&'static str, &'static str)],
}

const JSON: &str = "application/json";

impl Refused {
    fn json(status: StatusCode, body: &Value) -> Self {
        Self { status, content_type: JSON, body: body.to_string(), headers: &[] }
    }
}

/// The forms that stand in more than one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    OpenAi,
    Anthropic,
    Google,
    /// `{"detail":{"code","message"}}`
    Detail,
    Mistral,
    /// `{"message"}`
    Message,
    /// `{"message"}`, named in a header too
    Aws,
    /// `{"error":"..."}`
    ErrorText,
    /// DeepL's client reads 403 as a wrong key: 400 `{"message"}`
    DeepL,
    DeepSeekWeb,
    /// tRPC
    Trpc,
    GraphQl,
    Grok,
    Midjourney,
    Connect,
    JsonRpc,
    Plain,
}

/// Forms by host, for tools whose requests the generic rules read, and for copies of OpenAI's API with errors of their own.
const BY_HOST: &[(&str, Form)] = &[
    ("api.mistral.ai", Form::Mistral),
    ("chat.mistral.ai", Form::Trpc),
    ("cohere.com", Form::Message),
    ("cohere.ai", Form::Message),
    ("www.deepl.com", Form::Message),
    ("deepl.com", Form::DeepL),
    ("ollama.com", Form::ErrorText),
    ("api-inference.huggingface.co", Form::ErrorText),
    ("router.huggingface.co", Form::ErrorText),
    ("hf.space", Form::ErrorText),
    ("huggingface.co", Form::Message),
    ("elevenlabs.io", Form::Detail),
    ("chat.deepseek.com", Form::DeepSeekWeb),
    ("grok.com", Form::Grok),
    ("poe.com", Form::GraphQl),
    ("midjourney.com", Form::Midjourney),
    ("amazonaws.com", Form::Aws),
    ("api.aws", Form::Aws),
    ("kimi.com", Form::Connect),
];

impl Form {
    fn of(shape: Shape, head: &Head<'_>) -> Self {
        let content = head.content_type();
        if content.begins("application/connect+") || head.headers.contains_key("connect-protocol-version") {
            return Self::Connect;
        }
        if head.headers.contains_key("mcp-protocol-version") || head.headers.contains_key("mcp-session-id") {
            return Self::JsonRpc;
        }
        let by_host = BY_HOST.iter().find(|(host, _)| head.on(host)).map(|(_, form)| *form);
        match shape {
            Shape::Anthropic | Shape::ClaudeWeb => Self::Anthropic,
            Shape::Gemini => Self::Google,
            Shape::ChatGptWeb => Self::Detail,
            // Mistral's own client; every other copy is read by OpenAI's.
            Shape::OpenAi(_) if by_host == Some(Self::Mistral) => Self::Mistral,
            Shape::OpenAi(_) => Self::OpenAi,
            Shape::Generic if head.host.ends_with("googleapis.com") => by_host.unwrap_or(Self::Google),
            Shape::Generic => by_host.unwrap_or(Self::Plain),
        }
    }

    fn say(self, refusal: &Refusal<'_>, call: Option<&Call>) -> Refused {
        let (sentence, code) = (refusal.sentence, refusal.code);
        let forbidden = |body: Value| Refused::json(StatusCode::FORBIDDEN, &body);
        match self {
            Self::OpenAi => {
                forbidden(json!({"error": {"message": sentence, "type": "invalid_request_error", "param": null, "code": code}}))
            }
            Self::Anthropic => forbidden(json!({"type": "error", "error": {"type": "permission_error", "message": sentence}})),
            Self::Google => forbidden(json!({"error": {"code": 403, "message": sentence, "status": "PERMISSION_DENIED"}})),
            Self::Detail => forbidden(json!({"detail": {"status": code, "code": code, "message": sentence}})),
            Self::Mistral => forbidden(json!({"object": "error", "message": sentence, "type": "invalid_request_error", "code": code})),
            Self::Message => forbidden(json!({"message": sentence})),
            Self::Aws => Refused { headers: &[("x-amzn-errortype", "AccessDeniedException")], ..forbidden(json!({"message": sentence})) },
            Self::ErrorText => forbidden(json!({"error": sentence})),
            Self::DeepL => Refused::json(StatusCode::BAD_REQUEST, &json!({"message": sentence})),
            Self::DeepSeekWeb => Refused::json(StatusCode::OK, &json!({"code": 40300, "msg": sentence, "data": null})),
            Self::Trpc => forbidden(
                json!([{"error": {"json": {"message": sentence, "code": -32603, "data": {"code": "FORBIDDEN", "httpStatus": 403}}}}]),
            ),
            Self::GraphQl => forbidden(json!({"data": null, "errors": [{"message": sentence}]})),
            Self::Grok => forbidden(json!({"error": {"code": 7, "message": sentence}})),
            Self::Midjourney => {
                Refused::json(StatusCode::OK, &json!({"success": [], "failure": [{"type": "banned_prompt", "message": sentence}]}))
            }
            Self::Connect => forbidden(json!({"code": "permission_denied", "message": sentence})),
            Self::JsonRpc => rpc(call, sentence),
            Self::Plain => forbidden(json!({"error": {"message": sentence, "code": code}})),
        }
    }
}

/// 200, for a client of the Model Context Protocol hides what an HTTP error says. A refused tool call is a result that the model reads.
fn rpc(call: Option<&Call>, sentence: &str) -> Refused {
    // The id goes back as it was spelled; it was read from valid JSON, and is checked again here.
    let id: Value = call.and_then(|c| serde_json::from_str(&c.id).ok()).unwrap_or(Value::Null);
    let body = match call {
        Some(Call { tool: true, .. }) => {
            json!({"jsonrpc": "2.0", "id": id, "result": {"isError": true, "content": [{"type": "text", "text": sentence}]}})
        }
        _ => json!({"jsonrpc": "2.0", "id": id, "error": {"code": -32001, "message": sentence}}),
    };
    Refused::json(StatusCode::OK, &body)
}

impl Shape {
    /// The refusal in the tool's own form, by host and path. Where the message has been read, [`Shape::refuse_message`] knows more.
    pub fn refuse(self, head: &Head<'_>, refusal: &Refusal<'_>) -> Refused {
        Form::of(self, head).say(refusal, None)
    }

    /// The refusal of a message that has been read: silent for half-typed text, with the id of a JSON-RPC call, otherwise as [`Shape::refuse`].
    pub fn refuse_message(self, head: &Head<'_>, refusal: &Refusal<'_>, message: &Message) -> Refused {
        if message.before_send {
            return self.refuse_silently(head);
        }
        match &message.call {
            Some(call) => Form::JsonRpc.say(refusal, Some(call)),
            None => self.refuse(head, refusal),
        }
    }

    /// An empty answer for calls while the user is typing: nothing is suggested, and nobody is disturbed before Send.
    pub fn refuse_silently(self, head: &Head<'_>) -> Refused {
        match self {
            Self::OpenAi(_) => Refused {
                status: StatusCode::OK,
                content_type: "text/event-stream",
                body: "data: {\"choices\":[{\"text\":\"\",\"index\":0,\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n".to_owned(),
                headers: &[],
            },
            Self::ChatGptWeb if head.path.contains("autocompletions") => Refused::json(StatusCode::OK, &json!({"autocompletions": []})),
            Self::ChatGptWeb => Refused::json(StatusCode::OK, &json!({"status": "ok"})),
            _ => Refused::json(StatusCode::OK, &json!({})),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, Method};

    fn refused(host: &str, path: &str, headers: &[(&'static str, &'static str)], body: &str) -> (u16, Value) {
        let mut map = HeaderMap::new();
        map.insert("content-type", "application/json".parse().unwrap());
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        let head = Head { method: &Method::POST, host, path, query: None, headers: &map };
        let shape = Shape::of(&head);
        let message = shape.read(&head, body.as_bytes());
        let refusal = Refusal {
            sentence: "Dit bericht bevat een \"BSN\"\nen gaat niet door.",
            code: "blocked_by_organisation",
            stream: message.stream,
        };
        let refused = shape.refuse_message(&head, &refusal, &message);
        (refused.status.as_u16(), serde_json::from_str(&refused.body).unwrap())
    }

    #[test]
    fn every_vendor_hears_no_in_its_own_form() {
        let cases = [
            ("api.openai.com", "/v1/chat/completions", 403, "/error/message"),
            ("api.groq.com", "/openai/v1/chat/completions", 403, "/error/message"),
            ("api.mistral.ai", "/v1/chat/completions", 403, "/message"),
            ("api.anthropic.com", "/v1/messages", 403, "/error/message"),
            ("generativelanguage.googleapis.com", "/v1beta/models/gemini-3:generateContent", 403, "/error/message"),
            ("generativelanguage.googleapis.com", "/upload/v1beta/files", 403, "/error/message"),
            ("chatgpt.com", "/backend-api/f/conversation", 403, "/detail/message"),
            ("claude.ai", "/api/organizations/o/chat_conversations/c/completion", 403, "/error/message"),
            ("api-free.deepl.com", "/v2/translate", 400, "/message"),
            ("api.cohere.com", "/v2/chat", 403, "/message"),
            ("ollama.com", "/api/chat", 403, "/error"),
            ("bedrock-runtime.eu-west-1.amazonaws.com", "/model/x/converse", 403, "/message"),
            ("chat.deepseek.com", "/api/v0/chat/completion", 200, "/msg"),
            ("ai.example", "/ask", 403, "/error/message"),
        ];
        for (host, path, status, pointer) in cases {
            let (code, body) = refused(host, path, &[], "{}");
            assert_eq!(code, status, "{host}{path}");
            assert_eq!(
                body.pointer(pointer).and_then(Value::as_str),
                Some("Dit bericht bevat een \"BSN\"\nen gaat niet door."),
                "{host}{path}"
            );
        }
        let (_, openai) = refused("api.openai.com", "/v1/chat/completions", &[], "{}");
        assert_eq!(openai["error"]["code"], "blocked_by_organisation");
        assert_eq!(openai["error"]["type"], "invalid_request_error");
    }

    #[test]
    fn a_tool_call_is_refused_by_a_result_with_its_own_id() {
        let call = r#"{"method":"tools/call","params":{"name":"mail","arguments":{"to":"jan@example.nl"}},"jsonrpc":"2.0","id":7}"#;
        let (status, body) = refused("mcp.example", "/mcp", &[], call);
        assert_eq!((status, &body["id"], &body["result"]["isError"]), (200, &json!(7), &json!(true)));
        let (status, body) = refused("mcp.example", "/mcp", &[], r#"{"jsonrpc":"2.0","id":"a\"b","method":"prompts/get","params":{}}"#);
        assert_eq!((status, &body["id"], &body["error"]["code"]), (200, &json!("a\"b"), &json!(-32001)));
    }

    #[test]
    fn half_typed_text_is_refused_in_silence() {
        let (status, body) =
            refused("chatgpt.com", "/backend-api/f/conversation/prepare", &[], r#"{"partial_query":{"content":{"parts":["bsn"]}}}"#);
        assert_eq!((status, body), (200, json!({"status": "ok"})));
    }
}
