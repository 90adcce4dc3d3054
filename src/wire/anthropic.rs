//! Anthropic's API: messages, token counts, batches, the legacy completion; also Claude Code and Claude on Vertex.
//!
//! Source of the shapes: the public `anthropic-sdk-python` client. A `thinking` block's `signature` binds its text, so that text is looked at and never
//! rewritten; the signature itself is the vendor's own seal.

use super::Role;
use super::json::Seg::{self, Index, Key};
use super::reading::{Field, Reading, Rules, Spot};

pub(super) const RULES: Rules = Rules { lists: &["messages"], field, tokens: &["content", "prompt", "text"], follow: false };

fn field(spot: &Spot<'_>) -> Field {
    match spot.path {
        // Batches hold whole requests.
        [Key("requests"), Index(_), Key("params"), rest @ ..] => request(spot, rest),
        path => request(spot, path),
    }
}

fn request(spot: &Spot<'_>, path: &[Seg<'_>]) -> Field {
    match path {
        [Key("system")] | [Key("system"), Index(_), Key("text")] => Field::Words(Role::History),
        [Key("messages"), Index(_), Key("content")] => Field::Words(spot.turn()),
        [Key("messages"), Index(_), Key("content"), Index(_), rest @ ..] => block(spot, rest, spot.turn()),
        [Key("prompt")] => Field::Words(Role::User),
        [Key("tools"), _, Key("description")] => Field::Words(Role::History),
        [Key("content")] | [Key("content"), Index(_), Key("text")] => Field::Words(Role::User),
        [Key("events"), Index(_), Key("content")] | [Key("events"), Index(_), Key("content"), Index(_), Key("text")] => {
            Field::Words(Role::User)
        }
        _ => Field::Other,
    }
}

/// A content block, from behind its index.
fn block(spot: &Spot<'_>, path: &[Seg<'_>], role: Role) -> Field {
    match path {
        [Key("text")] => Field::Words(role),
        [Key("source"), Key("data")] if spot.beside("type", "text") => Field::Words(role),
        [Key("source"), Key("data" | "url")] => Field::File,
        [Key("source"), Key("content")] => Field::Words(role),
        [Key("source"), Key("content"), Index(_), rest @ ..] => block(spot, rest, role),
        // Tool results and search results hold blocks themselves.
        [Key("content")] => Field::Words(Role::History),
        [Key("content"), Index(_), rest @ ..] => block(spot, rest, Role::History),
        [Key("input"), ..] => Field::Words(Role::History),
        [Key("title" | "context")] => Field::Words(Role::History),
        // Bound to its text.
        [Key("thinking")] => Field::Other,
        [Key("signature" | "encrypted_content" | "encrypted_index")] => Field::Opaque,
        [Key("data")] if spot.beside("type", "redacted_thinking") => Field::Opaque,
        _ => Field::Other,
    }
}

/// Calls that carry a prompt.
pub(super) fn is_prompt(path: &str) -> bool {
    ["/v1/messages", "/v1/messages/count_tokens", "/v1/messages/batches", "/v1/complete", ":rawPredict", ":streamRawPredict"]
        .iter()
        .any(|end| path.ends_with(end))
}

/// What the call says beyond its strings: Claude Code names its session in the user's id.
pub(super) fn complete(reading: &mut Reading<'_>) {
    let head = reading.head;
    if reading.message.model.is_none()
        && let Some((_, rest)) = head.path.split_once("/models/")
    {
        reading.message.model = rest.split(':').next().and_then(super::reading::model_in_path);
    }
    if head.path.contains("streamRawPredict") {
        reading.message.stream = true;
    }
    if head.path.ends_with("/files") || head.path.contains("/skills") {
        reading.message.direction = super::Direction::Upload;
    }
}
