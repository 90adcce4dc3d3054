//! ChatGPT in the browser and its apps: `chatgpt.com/backend-api`, `/backend-anon`, and the stores its uploads go to.
//!
//! Unofficial, so matched loosely: what stands elsewhere is read by the generic rules. Half-typed text goes out before Send (`prepare`, autocompletions) and
//! is words like any other, refused in silence.

use super::head::Head;
use super::json::Seg::{Index, Key};
use super::reading::{Field, Reading, Rules, Spot};
use super::{Direction, Role, generic};

pub(super) const RULES: Rules = Rules { lists: &["messages"], field, tokens: &["content", "parts", "text"], follow: true };

fn field(spot: &Spot<'_>) -> Field {
    match spot.path {
        [Key("messages"), Index(_), Key("content"), Key("parts"), Index(_)] => Field::Words(spot.turn()),
        [Key("messages"), Index(_), Key("content"), Key("parts"), Index(_), Key("text")] => Field::Words(spot.turn()),
        [Key("messages"), Index(_), Key("content"), Key("text")] => Field::Words(spot.turn()),
        [Key("partial_query"), Key("content"), Key("parts"), Index(_)] | [Key("partial_query")] | [Key("input_text")] => {
            Field::Words(Role::User)
        }
        [Key("conversation_id")] => Field::Conversation,
        // Proofs of the browser, made by the page's own script.
        _ if spot.head.path.contains("/sentinel/") => Field::Opaque,
        _ => generic::field(spot),
    }
}

pub(super) fn complete(reading: &mut Reading<'_>) {
    let head = reading.head;
    if is_before_send(head) {
        reading.message.before_send = true;
    }
    let path = head.path;
    if is_store(head) || path.contains("/files") && !path.contains("/conversation") {
        reading.message.direction = Direction::Upload;
    }
    if path.ends_with("/conversation") {
        reading.message.stream = true;
    }
}

/// Calls while the user is still typing.
pub(super) fn is_before_send(head: &Head<'_>) -> bool {
    head.path.ends_with("/prepare") || head.path.contains("generate_autocompletions")
}

/// Where pre-signed uploads go.
pub(super) fn is_store(head: &Head<'_>) -> bool {
    head.on("oaiusercontent.com")
}

pub(super) fn is_path(head: &Head<'_>) -> bool {
    is_store(head)
        || (head.on("chatgpt.com") || head.on("chat.openai.com")) && (head.path.starts_with("/backend-") || head.path.starts_with("/ces/"))
}
