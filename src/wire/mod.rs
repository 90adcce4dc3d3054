//! Where the words stand in each family of tools.
//!
//! One file per shape. A shape reads a request body into a [`Message`] (parts with their place), writes a changed message back with only the
//! changed strings touched, speaks a refusal in the tool's own form, and reads the answer's usage.

pub mod answer;
pub mod coding;

mod anthropic;
mod blob;
mod body;
mod chatgpt_web;
mod claude_web;
mod escape;
mod form;
mod gemini;
mod generic;
mod head;
mod json;
mod multipart;
mod openai;
mod reading;
mod refuse;
mod shape;
mod turns;
mod write;

pub use head::{Head, client_family, is_navigation};
pub use openai::OpenAi;
pub use refuse::{Refusal, Refused};
pub use shape::Shape;
pub use write::{Change, write};

pub use crate::unreadable::Unreadable;

use crate::text::PromptText;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Which way the words go (`direction` in policy, events and metrics).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    Prompt,
    Upload,
    Response,
    ToolCall,
}

impl Direction {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Prompt => "prompt",
            Self::Upload => "upload",
            Self::Response => "response",
            Self::ToolCall => "tool-call",
        }
    }
}

/// One message to a tool: everything in it that must be looked at.
#[derive(Debug, Clone)]
pub struct Message {
    pub direction: Direction,
    /// The model asked for, where the shape names it.
    pub model: Option<String>,
    /// The tool's own id of the conversation, where the shape names it. Hashed before it is recorded.
    pub conversation: Option<String>,
    /// The caller asked for an event stream.
    pub stream: bool,
    /// Half-typed text (suggestions, prepare calls): refused with a silent empty result instead of a sentence.
    pub before_send: bool,
    pub parts: Vec<Part>,
    /// Why (a piece of) the message could not be read; such a message has the class `data.unreadable`.
    pub unreadable: Option<Unreadable>,
    /// The JSON-RPC call the message is, where it is one: its refusal must repeat the id.
    pub call: Option<Call>,
}

/// A JSON-RPC 2.0 call (Model Context Protocol, DeepL).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The id as it is spelled in JSON: a number, or a string with its quotes. `null` for a notification.
    pub id: String,
    /// `tools/call`: its refusal is a result that the model reads, so that the agent goes on.
    pub tool: bool,
}

impl Message {
    /// All that is known of the message but its words.
    pub fn without_words(&self) -> Self {
        Self {
            direction: self.direction,
            model: self.model.clone(),
            conversation: self.conversation.clone(),
            stream: self.stream,
            before_send: self.before_send,
            call: self.call.clone(),
            parts: Vec::new(),
            unreadable: self.unreadable,
        }
    }
}

/// One text in a message.
#[derive(Debug, Clone)]
pub struct Part {
    pub text: PromptText,
    pub role: Role,
    /// Field name, JSON key, file name or column near the text: context for detectors.
    pub label: String,
    /// Where it stands in the body; none: it can be looked at but not rewritten (a file's extracted text, a signed field).
    pub place: Option<Place>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The newest words of the user: findings here are counted.
    User,
    /// System prompts, earlier turns, tool results: looked at for the class, findings counted once.
    History,
    /// Strings outside the known fields: looked at, never rewritten.
    Other,
}

/// Where a text stands: from the body inwards, each step a byte range in the (decoded) text of the step before, and its encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place(pub Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Bytes in the parent; for a JSON string without its quotes.
    pub range: Range<usize>,
    pub encoding: Encoding,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// The bytes as they are.
    Plain,
    /// The inside of a JSON string.
    JsonString,
    /// `application/x-www-form-urlencoded`.
    Form,
}

#[cfg(test)]
mod tests;
