//! What happens to a message: a YAML policy is checked, compiled, and asked by a pure function, [`decide`].

use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What happens to a message, weakest first (the order is the strength).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    Allow,
    Warn,
    Redact,
    Redirect,
    Block,
}

impl Action {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Redact => "redact",
            Self::Redirect => "redirect",
            Self::Block => "block",
        }
    }
}

/// A sentence for the employee, in each language of the policy.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Reason {
    /// Wording key, such as `blocked.secret` (governance wording), or the rule's name.
    pub key: String,
    pub nl: String,
    pub en: String,
}

/// The outcome of one decision.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// What is done. In observe mode this is `Allow`, and `would` says what enforcement would have done.
    pub action: Action,
    /// What enforcement would do; equals `action` when enforcing.
    pub would: Action,
    /// `enforce` or `observe`: the mode under which this verdict stands (policy's or the rule's).
    pub mode: Mode,
    /// The message's class: the highest of its findings, or of `unreadable`.
    pub class: Arc<str>,
    /// The rule that decided; none when the register, the ceiling or nothing did.
    pub rule: Option<Arc<str>>,
    /// The register's status of the tool: `approved pilot unreviewed forbidden`.
    pub status: &'static str,
    pub reason: Reason,
    /// For `redirect`, and as a hint in `block` and `warn`: the tool to use instead.
    pub instead: Option<String>,
    /// Detectors whose findings are replaced when `action` is `Redact`.
    pub redact: Vec<Arc<str>>,
    /// For `warn`: ask for a justification.
    pub justify: bool,
    /// For `warn`: how long a click lets the same message pass, in seconds.
    pub valid_seconds: u64,
    /// Step by step, what `sluis explain` prints.
    pub trace: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    Enforce,
    Observe,
}
