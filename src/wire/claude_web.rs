//! Claude in the browser and its desktop app: `claude.ai/api/organizations/...`.
//!
//! Unofficial, so matched loosely: what stands elsewhere is read by the generic rules. Pasted text and converted files travel as `attachments`.

use super::head::Head;
use super::json::Seg::{Index, Key};
use super::reading::{Field, Reading, Rules, Spot};
use super::{Direction, Role, generic};

pub(super) const RULES: Rules = Rules { lists: &["messages"], field, tokens: &["prompt"], follow: true };

fn field(spot: &Spot<'_>) -> Field {
    match spot.path {
        [Key("prompt")] | [Key("attachments"), Index(_), Key("extracted_content")] => Field::Words(Role::User),
        [Key("personalized_styles"), Index(_), Key("prompt")] | [Key("tools"), Index(_), Key("description")] => Field::Words(Role::History),
        _ => generic::field(spot),
    }
}

pub(super) fn complete(reading: &mut Reading<'_>) {
    let path = reading.head.path;
    if reading.message.conversation.is_none()
        && let Some((_, rest)) = path.split_once("/chat_conversations/")
    {
        reading.message.conversation = rest.split('/').next().map(super::reading::bounded);
    }
    if path.ends_with("/convert_document") || path.ends_with("/upload") || path.contains("upload-file") || path.ends_with("/docs") {
        reading.message.direction = Direction::Upload;
    }
    if path.ends_with("completion") {
        reading.message.stream = true;
    }
}

pub(super) fn is_path(head: &Head<'_>) -> bool {
    (head.on("claude.ai") || head.on("claude.com")) && head.path.starts_with("/api/")
}
