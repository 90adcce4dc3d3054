//! The way back: what a tool answers, read while it passes.
//!
//! Takes the (decoded) bytes of an answer in whatever pieces the network cuts them, and gives events ([`events`]), the places of strings in one
//! event's JSON ([`tree`]) and what the answer cost ([`usage`]). Nothing here keeps an answer: memory is bounded, and no answer text is logged.

pub mod events;
pub mod tree;
pub mod usage;

pub use events::{Event, EventParser, LineParser, Piece};
pub use usage::{Usage, UsageReader};

/// How an answer is cut into pieces that mean something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AnswerForm {
    /// `text/event-stream`: server-sent events (WHATWG HTML, "Server-sent events").
    EventStream,
    /// One JSON document.
    Json,
    /// One JSON document per line (`application/x-ndjson` and its relatives).
    JsonLines,
    /// Everything else that is text.
    Text,
    /// Pictures, sound, archives: no words of ours can stand in it.
    Binary,
}

impl AnswerForm {
    /// The form that a `Content-Type` announces; parameters and case do not matter.
    pub fn of(content_type: &str) -> Self {
        let essence = content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
        match essence.as_str() {
            "text/event-stream" => Self::EventStream,
            "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl"
            | "application/x-jsonlines"
            | "application/jsonlines"
            | "application/json-lines"
            | "application/json-seq"
            | "application/stream+json"
            | "text/x-ndjson"
            | "text/jsonl" => Self::JsonLines,
            "application/json" | "text/json" | "application/json+protobuf" => Self::Json,
            other if other.ends_with("+json") => Self::Json,
            other if ["image/", "audio/", "video/", "font/"].iter().any(|kind| other.starts_with(kind)) => Self::Binary,
            "application/octet-stream" | "application/zip" | "application/gzip" | "application/pdf" | "application/wasm" => Self::Binary,
            _ => Self::Text,
        }
    }

    /// True unless the answer is a picture, an archive or the like.
    pub fn holds_text(self) -> bool {
        self != Self::Binary
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_follows_the_content_type_whatever_its_case_and_parameters() {
        assert_eq!(AnswerForm::of("text/event-stream; charset=utf-8"), AnswerForm::EventStream);
        assert_eq!(AnswerForm::of("Application/JSON"), AnswerForm::Json);
        assert_eq!(AnswerForm::of("application/problem+json"), AnswerForm::Json);
        assert_eq!(AnswerForm::of("application/x-ndjson"), AnswerForm::JsonLines);
        assert_eq!(AnswerForm::of("text/html"), AnswerForm::Text);
        assert_eq!(AnswerForm::of(""), AnswerForm::Text);
    }
}
