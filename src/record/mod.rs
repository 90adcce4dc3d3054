//! What is kept: one [`Event`] per decision, in a hash-chained audit log and in the store, and counted in metrics.

use serde::{Deserialize, Serialize};

/// One decision. Never in it: the prompt, the answer, a file, a cookie, a token, a bare user name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// UUIDv7.
    pub id: String,
    /// RFC 3339, UTC, microseconds.
    pub time: String,
    pub organisation: String,
    pub node: String,
    /// Keyed pseudonym (the user name only where `privacy.pseudonyms: false`).
    pub subject: String,
    pub groups: Vec<String>,
    pub domain: String,
    pub tool: String,
    pub category: String,
    pub kind: String,
    pub host: String,
    pub direction: String,
    pub model: Option<String>,
    /// Keyed hash of the tool's conversation id.
    pub conversation: Option<String>,
    /// What was done: `allow warn redact redirect block`.
    pub action: String,
    pub rule: Option<String>,
    /// `enforce` or `observe`.
    pub mode: String,
    /// Register status of the tool.
    pub status: String,
    pub class: String,
    pub findings: Vec<FindingCount>,
    pub justification: Option<String>,
    pub purpose: Option<String>,
    pub bytes_in: u64,
    pub bytes_out: u64,
    pub tokens_in: Option<u64>,
    pub tokens_out: Option<u64>,
    /// Microseconds that Sluis added.
    pub added_us: u64,
    /// Version hash of the policy.
    pub policy: String,
    /// Client family (`firefox`, `openai-python`), never a full User-Agent.
    pub client: String,
    pub reason: ReasonText,
    /// Hash of the event before; set by the audit log.
    pub previous: String,
    pub hash: String,
}

/// How often one detector found something in a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FindingCount {
    pub detector: String,
    pub class: String,
    pub count: u64,
    /// The highest confidence among them, 0 to 1.
    pub confidence: f32,
}

/// The sentence that the employee read, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReasonText {
    pub nl: String,
    pub en: String,
}

/// What is known only when the answer has ended; joined to its event by `id`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub id: String,
    pub bytes_out: u64,
    pub tokens_in: Option<u64>,
    pub tokens_out: Option<u64>,
}
