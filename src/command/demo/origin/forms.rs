//! The forms of the answers: one whole document or a list of stream events per family of tools, as their own clients expect them.
//!
//! Takes what was said, gives bytes. Text in a stream comes in pieces of a few characters, so that a placeholder is cut in several.

use super::piece;
use super::said::Said;
use bytes::Bytes;
use serde_json::{Value, json};

/// Characters per event of a stream.
const PIECE: usize = 4;
/// Events of one stream at most; longer texts come in larger pieces.
const EVENTS: usize = 400;

/// Which client the answer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    OpenAiChat,
    OpenAiResponses,
    Anthropic,
    Gemini { stream: bool, sse: bool },
    ChatGptWeb,
    ClaudeWeb,
    File,
    Other,
}

impl Family {
    pub(super) fn of(path: &str, query: &str) -> Self {
        let ends = |tail: &str| path.ends_with(tail);
        match path {
            _ if ends("/chat/completions") => Self::OpenAiChat,
            _ if ends("/responses") => Self::OpenAiResponses,
            _ if ends("/v1/messages") => Self::Anthropic,
            _ if ends(":generateContent") => Self::Gemini { stream: false, sse: false },
            _ if ends(":streamGenerateContent") => Self::Gemini { stream: true, sse: query.contains("alt=sse") },
            _ if path.starts_with("/backend-a") && ends("/conversation") => Self::ChatGptWeb,
            _ if path.starts_with("/api/organizations/") && ends("completion") => Self::ClaudeWeb,
            _ if ends("/v1/files") => Self::File,
            _ => Self::Other,
        }
    }
}

/// What goes back: everything at once, or event by event.
pub(super) enum Form {
    Whole(Value),
    Events(Vec<Bytes>),
    /// A JSON array that is written element by element (Gemini without `alt=sse`).
    Array(Vec<Bytes>),
}

/// What the stand-in has to say about what it read.
pub(super) fn sentence(said: &Said) -> String {
    format!("Ik heb gelezen: {}", said.text)
}

pub(super) fn of(family: Family, said: &Said, bytes: usize) -> Form {
    let text = sentence(said);
    let model = said.model.clone().unwrap_or_else(|| "stand-in".into());
    let (taken, given) = (words(&said.text), words(&text));
    match family {
        Family::OpenAiChat if said.stream => Form::Events(openai_chunks(said, &text, &model, taken, given)),
        Family::OpenAiChat => Form::Whole(json!({
            "id": "chatcmpl-standin", "object": "chat.completion", "created": now(), "model": model,
            "choices": [{ "index": 0, "message": { "role": "assistant", "content": text, "refusal": null }, "logprobs": null, "finish_reason": "stop" }],
            "usage": { "prompt_tokens": taken, "completion_tokens": given, "total_tokens": taken + given },
        })),
        Family::OpenAiResponses if said.stream => Form::Events(response_events(&text, &model, taken, given)),
        Family::OpenAiResponses => Form::Whole(response(&text, &model, "completed", taken, given)),
        Family::Anthropic if said.stream => Form::Events(anthropic_events(&text, &model, taken, given, false)),
        Family::Anthropic => Form::Whole(json!({
            "id": "msg_standin", "type": "message", "role": "assistant", "model": model, "content": [{ "type": "text", "text": text }],
            "stop_reason": "end_turn", "stop_sequence": null, "usage": { "input_tokens": taken, "output_tokens": given },
        })),
        Family::ClaudeWeb => Form::Events(anthropic_events(&text, &model, taken, given, true)),
        Family::Gemini { stream: false, .. } => Form::Whole(gemini(&text, true, taken, given)),
        Family::Gemini { sse, .. } => {
            let cut = pieces(&text);
            let last = cut.len().saturating_sub(1);
            let values = cut.iter().enumerate().map(|(at, part)| gemini(part, at == last, taken, given));
            if sse { Form::Events(values.map(|value| data(&value)).collect()) } else { Form::Array(array(values)) }
        }
        Family::ChatGptWeb => Form::Events(chatgpt_events(&text, &model)),
        Family::File => Form::Whole(json!({
            "id": "file-standin", "object": "file", "bytes": bytes, "created_at": now(), "filename": "upload", "purpose": "user_data", "status": "processed",
        })),
        Family::Other => Form::Whole(json!({ "answer": text, "text": text, "model": model })),
    }
}

fn openai_chunks(said: &Said, text: &str, model: &str, taken: usize, given: usize) -> Vec<Bytes> {
    let created = now();
    let chunk = |choices: Value, usage: Value| {
        let mut value =
            json!({ "id": "chatcmpl-standin", "object": "chat.completion.chunk", "created": created, "model": model, "choices": choices });
        if said.usage {
            value["usage"] = usage;
        }
        data(&value)
    };
    let delta = |delta: Value, finish: Value| {
        chunk(json!([{ "index": 0, "delta": delta, "logprobs": null, "finish_reason": finish }]), Value::Null)
    };
    let mut events = vec![delta(json!({ "role": "assistant", "content": "" }), Value::Null)];
    events.extend(pieces(text).iter().map(|part| delta(json!({ "content": part }), Value::Null)));
    events.push(delta(json!({}), "stop".into()));
    if said.usage {
        events.push(chunk(json!([]), json!({ "prompt_tokens": taken, "completion_tokens": given, "total_tokens": taken + given })));
    }
    events.push(piece("data: [DONE]\n\n"));
    events
}

fn response(text: &str, model: &str, status: &str, taken: usize, given: usize) -> Value {
    let done = status == "completed";
    let output = if done { json!([message_item(text, "completed")]) } else { json!([]) };
    let usage = json!({
        "input_tokens": taken, "input_tokens_details": { "cached_tokens": 0 }, "output_tokens": given,
        "output_tokens_details": { "reasoning_tokens": 0 }, "total_tokens": taken + given,
    });
    json!({
        "id": "resp_standin", "object": "response", "created_at": now(), "status": status, "error": null, "incomplete_details": null,
        "instructions": null, "max_output_tokens": null, "model": model, "output": output, "parallel_tool_calls": true,
        "previous_response_id": null, "store": false, "temperature": 1.0, "text": { "format": { "type": "text" } }, "tool_choice": "auto",
        "tools": [], "top_p": 1.0, "truncation": "disabled", "usage": if done { usage } else { Value::Null }, "metadata": {},
    })
}

fn message_item(text: &str, status: &str) -> Value {
    let content = if status == "completed" { json!([{ "type": "output_text", "text": text, "annotations": [] }]) } else { json!([]) };
    json!({ "id": "msg_standin", "type": "message", "role": "assistant", "status": status, "content": content })
}

fn response_events(text: &str, model: &str, taken: usize, given: usize) -> Vec<Bytes> {
    let mut events = Vec::new();
    let mut send = |kind: &str, mut value: Value| {
        value["type"] = kind.into();
        value["sequence_number"] = events.len().into();
        events.push(named(kind, &value));
    };
    let place = |mut value: Value| {
        value["item_id"] = "msg_standin".into();
        value["output_index"] = 0.into();
        value["content_index"] = 0.into();
        value
    };
    let part = |text: &str| json!({ "type": "output_text", "text": text, "annotations": [] });
    send("response.created", json!({ "response": response("", model, "in_progress", taken, given) }));
    send("response.in_progress", json!({ "response": response("", model, "in_progress", taken, given) }));
    send("response.output_item.added", json!({ "output_index": 0, "item": message_item("", "in_progress") }));
    send("response.content_part.added", place(json!({ "part": part("") })));
    for delta in pieces(text) {
        send("response.output_text.delta", place(json!({ "delta": delta, "logprobs": [] })));
    }
    send("response.output_text.done", place(json!({ "text": text, "logprobs": [] })));
    send("response.content_part.done", place(json!({ "part": part(text) })));
    send("response.output_item.done", json!({ "output_index": 0, "item": message_item(text, "completed") }));
    send("response.completed", json!({ "response": response(text, model, "completed", taken, given) }));
    events
}

fn anthropic_events(text: &str, model: &str, taken: usize, given: usize, web: bool) -> Vec<Bytes> {
    let event = |kind: &str, mut value: Value| {
        value["type"] = kind.into();
        named(kind, &value)
    };
    let message = json!({
        "id": "msg_standin", "type": "message", "role": "assistant", "model": model, "content": [], "stop_reason": null,
        "stop_sequence": null, "usage": { "input_tokens": taken, "output_tokens": 1 },
    });
    let mut events = vec![
        event("message_start", json!({ "message": message })),
        event("content_block_start", json!({ "index": 0, "content_block": { "type": "text", "text": "" } })),
        event("ping", json!({})),
    ];
    events.extend(
        pieces(text)
            .iter()
            .map(|part| event("content_block_delta", json!({ "index": 0, "delta": { "type": "text_delta", "text": part } }))),
    );
    events.push(event("content_block_stop", json!({ "index": 0 })));
    events.push(event(
        "message_delta",
        json!({ "delta": { "stop_reason": "end_turn", "stop_sequence": null }, "usage": { "output_tokens": given } }),
    ));
    if web {
        events.push(event("message_limit", json!({ "message_limit": { "type": "within_limit" } })));
    }
    events.push(event("message_stop", json!({})));
    events
}

fn gemini(text: &str, last: bool, taken: usize, given: usize) -> Value {
    let mut candidate = json!({ "content": { "parts": [{ "text": text }], "role": "model" }, "index": 0 });
    if last {
        candidate["finishReason"] = "STOP".into();
    }
    json!({
        "candidates": [candidate], "modelVersion": "stand-in", "responseId": "standin",
        "usageMetadata": { "promptTokenCount": taken, "candidatesTokenCount": given, "totalTokenCount": taken + given },
    })
}

fn chatgpt_events(text: &str, model: &str) -> Vec<Bytes> {
    let delta = |value: Value| named("delta", &value);
    let message = json!({
        "id": "3c9d9f4e-0000-4000-8000-000000000001", "author": { "role": "assistant", "name": null, "metadata": {} }, "status": "in_progress",
        "content": { "content_type": "text", "parts": [""] }, "end_turn": null, "recipient": "all", "metadata": { "model_slug": model },
    });
    let mut events = vec![
        named("delta_encoding", &"v1".into()),
        delta(json!({ "p": "", "o": "add", "v": { "message": message, "conversation_id": "standin", "error": null }, "c": 0 })),
    ];
    for (at, part) in pieces(text).into_iter().enumerate() {
        // The path and the operation are said once; after that they repeat by being left out.
        events.push(if at == 0 {
            delta(json!({ "p": "/message/content/parts/0", "o": "append", "v": part }))
        } else {
            delta(json!({ "v": part }))
        });
    }
    events.push(delta(json!({ "p": "", "o": "patch", "v": [
        { "p": "/message/status", "o": "replace", "v": "finished_successfully" },
        { "p": "/message/end_turn", "o": "replace", "v": true },
    ] })));
    events.push(data(&json!({ "type": "message_stream_complete", "conversation_id": "standin" })));
    events.push(piece("data: [DONE]\n\n"));
    events
}

fn data(value: &Value) -> Bytes {
    piece(format!("data: {value}\n\n"))
}

fn named(kind: &str, value: &Value) -> Bytes {
    piece(format!("event: {kind}\ndata: {value}\n\n"))
}

fn array(values: impl Iterator<Item = Value>) -> Vec<Bytes> {
    let mut out: Vec<Bytes> =
        values.enumerate().map(|(at, value)| piece(format!("{}{value}", if at == 0 { "[" } else { ",\r\n" }))).collect();
    out.push(piece("]"));
    out
}

/// The text in pieces of a few characters, never inside one.
fn pieces(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let size = PIECE.max(letters.len().div_ceil(EVENTS));
    letters.chunks(size).map(|part| part.iter().collect()).collect()
}

/// Words, as a stand-in for tokens.
fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_cuts_a_placeholder_in_pieces_and_loses_nothing() {
        let cut = pieces("Ik heb gelezen: mail [EMAIL-1] één keer");
        assert!(cut.iter().all(|part| !part.contains("[EMAIL-1]")));
        assert_eq!(cut.concat(), "Ik heb gelezen: mail [EMAIL-1] één keer");
        assert!(pieces(&"x".repeat(1_000_000)).len() <= EVENTS);
    }

    #[test]
    fn a_path_tells_the_family() {
        assert_eq!(Family::of("/openai/v1/chat/completions", ""), Family::OpenAiChat);
        assert_eq!(Family::of("/v1beta/models/m:streamGenerateContent", "alt=sse"), Family::Gemini { stream: true, sse: true });
        assert_eq!(Family::of("/backend-anon/f/conversation", ""), Family::ChatGptWeb);
        assert_eq!(Family::of("/api/organizations/o/chat_conversations/c/retry_completion", ""), Family::ClaudeWeb);
        assert_eq!(Family::of("/rest/sse/perplexity_ask", ""), Family::Other);
    }
}
