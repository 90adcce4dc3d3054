//! Google's Gemini API and Vertex AI: `models/{model}:{method}`.
//!
//! Source of the shapes: the public `python-genai` client. Names come in camelCase and snake_case. Wrappers around the request (batches, Code Assist's
//! `request`) differ, so a field is told by the end of its path.

use super::Role;
use super::json::Seg::{Index, Key};
use super::reading::{Field, Reading, Rules, Spot};

pub(super) const RULES: Rules = Rules { lists: &["contents", "turns"], field, tokens: &["contents", "parts", "text"], follow: false };

fn field(spot: &Spot<'_>) -> Field {
    match spot.path {
        [.., Key("thoughtSignature" | "thought_signature")] => Field::Opaque,
        [.., Key("inlineData" | "inline_data"), Key("data")] => Field::File,
        [.., Key("bytesBase64Encoded" | "bytes_base64_encoded" | "imageBytes" | "videoBytes")] => Field::File,
        [.., Key("executableCode" | "executable_code"), Key("code")] => Field::Words(Role::History),
        [.., Key("codeExecutionResult" | "code_execution_result"), Key("output")] => Field::Words(Role::History),
        _ if spot.under("functionResponse") || spot.under("function_response") => match spot.key() {
            "name" | "id" => Field::Other,
            _ => Field::Words(Role::History),
        },
        _ if (spot.under("functionCall") || spot.under("function_call")) && spot.under("args") => Field::Words(Role::History),
        [.., Key("text")] if spot.under("systemInstruction") || spot.under("system_instruction") => Field::Words(Role::History),
        [Key("systemInstruction" | "system_instruction")] => Field::Words(Role::History),
        [.., Key("text")] if spot.in_turn() => Field::Words(spot.turn()),
        [.., Key("text")] if spot.under("parts") || spot.under("content") || spot.under("contents") => Field::Words(Role::User),
        [.., Key("prompt" | "content" | "negativePrompt" | "context")] if spot.under("instances") => Field::Words(Role::User),
        [.., Key("content")] if spot.under("messages") => Field::Words(Role::User),
        [.., Key("contents")] | [.., Key("contents"), Index(_)] | [.., Key("contents"), Index(_), Key("parts"), Index(_)] => {
            Field::Words(spot.turn())
        }
        [Key("input")] | [Key("input"), _] => Field::Words(Role::User),
        [Key("input"), .., Key("text" | "content")] => Field::Words(Role::User),
        [Key("input"), .., Key("data")] => Field::File,
        _ => Field::Other,
    }
}

/// The model stands in the path, and so does the wish for a stream.
pub(super) fn complete(reading: &mut Reading<'_>) {
    let head = reading.head;
    if let Some((_, rest)) = head.path.split_once("/models/")
        && let Some(model) = rest.split([':', '/']).next().and_then(super::reading::model_in_path)
    {
        reading.message.model = Some(model);
    }
    if head.path.contains(":stream") {
        reading.message.stream = true;
    }
    if head.path.starts_with("/upload/") {
        reading.message.direction = super::Direction::Upload;
    }
}

/// Whether a path is one of this API's methods.
pub(super) fn is_path(path: &str) -> bool {
    let Some((_, method)) = path.rsplit_once(':') else { return false };
    matches!(
        method,
        "generateContent"
            | "streamGenerateContent"
            | "countTokens"
            | "embedContent"
            | "batchEmbedContents"
            | "predict"
            | "predictLongRunning"
            | "batchGenerateContent"
            | "asyncBatchEmbedContent"
            | "computeTokens"
            | "generateAnswer"
    )
}
