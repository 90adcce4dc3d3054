//! What the client said last, by the form of its request. Takes a path and a body, gives a text; empty where there are no words.
//!
//! Written apart from `wire`, on purpose: the tests compare what the proxy understood with what an independent reader got.

use super::forms::Family;
use serde_json::Value;

/// The last thing the user said, and what else an answer needs.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) text: String,
    pub(super) model: Option<String>,
    pub(super) stream: bool,
    /// OpenAI chat: a last chunk with the usage.
    pub(super) usage: bool,
}

impl Said {
    pub(super) fn of(family: Family, body: &[u8]) -> Self {
        let Ok(json) = serde_json::from_slice::<Value>(body) else {
            return Self { text: other(body), ..Self::default() };
        };
        let text = match family {
            Family::OpenAiChat | Family::Anthropic => last_of(&json["messages"], |m| m["role"] == "user", |m| texts(&m["content"])),
            Family::OpenAiResponses => match &json["input"] {
                Value::String(text) => Some(text.clone()),
                items => last_of(items, |m| m["role"] == "user", |m| texts(&m["content"])),
            },
            Family::Gemini { .. } => last_of(&json["contents"], |c| c["role"] != "model", |c| texts(&c["parts"])),
            Family::ChatGptWeb => last_of(&json["messages"], |_| true, |m| texts(&m["content"]["parts"])),
            Family::ClaudeWeb => json["prompt"].as_str().map(str::to_owned),
            Family::File | Family::Other => None,
        };
        Self {
            text: text.unwrap_or_else(|| anywhere(&json)),
            model: json["model"].as_str().map(str::to_owned),
            stream: json["stream"] == true,
            usage: json["stream_options"]["include_usage"] == true,
        }
    }
}

fn last_of(list: &Value, wanted: impl Fn(&Value) -> bool, text: impl Fn(&Value) -> Option<String>) -> Option<String> {
    list.as_array()?.iter().rev().find(|item| wanted(item)).and_then(text)
}

/// A string, or the strings and `text` fields of a list, joined.
fn texts(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => {
            let found: Vec<&str> = parts.iter().filter_map(|p| p.as_str().or_else(|| p["text"].as_str())).collect();
            (!found.is_empty()).then(|| found.join(" "))
        }
        _ => None,
    }
}

/// Tools without a form of their own: a field with a usual name, at the top.
fn anywhere(json: &Value) -> String {
    let names = ["prompt", "message", "query_str", "query", "q", "inputs", "input", "text", "content"];
    let direct = names.iter().find_map(|name| texts(&json[*name]));
    direct.or_else(|| last_of(&json["messages"], |_| true, |m| texts(&m["content"]))).unwrap_or_default()
}

/// A body that is not JSON: short text as it is, anything else by its size.
fn other(body: &[u8]) -> String {
    match std::str::from_utf8(body) {
        Ok(text) if text.len() <= 2000 => text.trim().to_owned(),
        _ if body.is_empty() => String::new(),
        _ => format!("een bestand van {} bytes", body.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_words_of_the_user_are_found_in_every_form() {
        let cases = [
            (
                Family::OpenAiChat,
                r#"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":[{"type":"text","text":"c"}]}]}"#,
                "c",
            ),
            (Family::OpenAiResponses, r#"{"input":"hallo"}"#, "hallo"),
            (Family::OpenAiResponses, r#"{"input":[{"role":"user","content":[{"type":"input_text","text":"x"}]}]}"#, "x"),
            (Family::Anthropic, r#"{"messages":[{"role":"user","content":"d"}]}"#, "d"),
            (Family::Gemini { stream: false, sse: false }, r#"{"contents":[{"parts":[{"text":"e"}]}]}"#, "e"),
            (Family::ChatGptWeb, r#"{"messages":[{"content":{"parts":["f"]}}]}"#, "f"),
            (Family::ClaudeWeb, r#"{"prompt":"g"}"#, "g"),
            (Family::Other, r#"{"query_str":"h"}"#, "h"),
        ];
        for (family, body, expected) in cases {
            assert_eq!(Said::of(family, body.as_bytes()).text, expected, "{family:?}");
        }
    }

    #[test]
    fn what_is_not_json_is_repeated_or_measured() {
        assert_eq!(Said::of(Family::Other, b"gewone tekst").text, "gewone tekst");
        assert_eq!(Said::of(Family::Other, &[0xff; 10]).text, "een bestand van 10 bytes");
    }
}
