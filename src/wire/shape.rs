//! Which shape a request has, and what each shape can do.
//!
//! The table of contents of this folder: told by host and path, read by the shape's rules, refused in its own form.

use super::head::Head;
use super::openai::OpenAi;
use super::reading::{Reading, Rules};
use super::{Message, Unreadable, anthropic, body, chatgpt_web, claude_web, form, gemini, generic};
use http::Method;

/// Where the words stand, and how this tool is told no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// OpenAI's API and its copies.
    OpenAi(OpenAi),
    /// Anthropic's API.
    Anthropic,
    /// Gemini's API, and Vertex AI.
    Gemini,
    ChatGptWeb,
    ClaudeWeb,
    /// Every other tool.
    Generic,
}

impl Shape {
    /// The shape of a request, by the end of its path and by its host.
    pub fn of(head: &Head<'_>) -> Self {
        if chatgpt_web::is_path(head) {
            return Self::ChatGptWeb;
        }
        if claude_web::is_path(head) {
            return Self::ClaudeWeb;
        }
        let path = head.path.trim_end_matches('/');
        let anthropic = ["/v1/messages", "/v1/messages/count_tokens", "/v1/messages/batches"].iter().any(|end| path.ends_with(end));
        let on_vertex = path.contains("/publishers/anthropic/") && (path.ends_with(":rawPredict") || path.ends_with(":streamRawPredict"));
        if anthropic || on_vertex || head.on("anthropic.com") {
            return Self::Anthropic;
        }
        let google = head.on("generativelanguage.googleapis.com")
            || head.on("aiplatform.googleapis.com")
            || head.host.ends_with("-aiplatform.googleapis.com");
        if gemini::is_path(path) || google && OpenAi::of_path(path).is_none() {
            return Self::Gemini;
        }
        // Web applications have paths that end the same way and bodies that do not.
        OpenAi::of_path(path).map_or(Self::Generic, Self::OpenAi)
    }

    /// Whether a request can carry words at all. What cannot is passed on unread: plain reads, pre-flights, scripts and pictures
    /// of the page, as long as nothing in their address is words.
    pub fn carries_words(self, head: &Head<'_>) -> bool {
        let has_body = head.headers.contains_key("transfer-encoding") || head.header("content-length").is_some_and(|n| n.trim() != "0");
        match *head.method {
            Method::POST | Method::PUT | Method::PATCH => true,
            Method::GET | Method::HEAD | Method::DELETE | Method::OPTIONS | Method::TRACE | Method::CONNECT => {
                has_body || head.query.is_some_and(form::has_words) || form::path_has_words(head.path)
            }
            _ => true,
        }
    }

    pub(super) fn rules(self) -> Rules {
        match self {
            Self::OpenAi(call) => call.rules(),
            Self::Anthropic => anthropic::RULES,
            Self::Gemini => gemini::RULES,
            Self::ChatGptWeb => chatgpt_web::RULES,
            Self::ClaudeWeb => claude_web::RULES,
            Self::Generic => generic::RULES,
        }
    }

    /// Calls that are made to send a prompt.
    fn is_prompt(self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        match self {
            Self::OpenAi(OpenAi::Chat | OpenAi::Responses | OpenAi::Completions) => true,
            Self::OpenAi(_) | Self::Generic => false,
            Self::Anthropic => anthropic::is_prompt(path),
            Self::Gemini => path.ends_with(":generateContent") || path.ends_with(":streamGenerateContent"),
            Self::ChatGptWeb => path.ends_with("/conversation"),
            Self::ClaudeWeb => path.ends_with("/completion"),
        }
    }

    /// A body in which no words were found where they are known to stand: a prompt in a spelling that we do not know must not pass as none.
    fn without_words(self, reading: &mut Reading<'_>, body: &[u8], from: usize) {
        if self == Self::Generic {
            return reading.take_longest();
        }
        if !self.is_prompt(reading.head.path) {
            return;
        }
        // Other tools have paths that end the same way.
        if matches!(self, Self::OpenAi(_)) {
            reading.again(from, generic::RULES);
            body::read(reading, body);
        }
        if !reading.has_words(from) {
            reading.unreadable(Unreadable::BrokenForm);
        }
    }

    /// Reads a decoded body. Never fails: what could not be read is said in [`Message::unreadable`], and the rest is read all the same.
    pub fn read(self, head: &Head<'_>, body: &[u8]) -> Message {
        let mut reading = Reading::new(head, self.rules(), body.len());
        form::path(&mut reading, head.path);
        if let Some(query) = head.query {
            form::query(&mut reading, query);
            reading.message.stream = form::parameter(head.query, "alt").is_some_and(|alt| alt == "sse");
        }
        let from = reading.message.parts.len();
        reading.seeks_longest = self == Self::Generic;
        body::read(&mut reading, body);
        if !body.is_empty() && !reading.has_words(from) {
            self.without_words(&mut reading, body, from);
        }
        match self {
            Self::OpenAi(call) => call.complete(&mut reading),
            Self::Anthropic => anthropic::complete(&mut reading),
            Self::Gemini => gemini::complete(&mut reading),
            Self::ChatGptWeb => chatgpt_web::complete(&mut reading),
            Self::ClaudeWeb => claude_web::complete(&mut reading),
            Self::Generic => generic::complete(&mut reading),
        }
        reading.finish()
    }
}
