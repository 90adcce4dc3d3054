//! OpenAI's API, and everything that copies it (Azure, Groq, Together, OpenRouter, DeepSeek, Mistral, xAI, vLLM, Ollama's `/v1`, ...).
//!
//! Told by the end of the path, not by the host. Source of the shapes: the public `openai-python` client. Strings outside the fields named here are
//! looked at and not rewritten.

use super::json::Seg::{Index, Key};
use super::reading::{Field, Reading, Rules, Spot};
use super::{Direction, Role, Unreadable};

/// Which call of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OpenAi {
    /// `chat/completions`
    Chat,
    /// `responses`, and the items of `conversations`
    Responses,
    /// `completions`, `fim/completions`, `engines/*/completions`
    Completions,
    /// `embeddings`, `moderations`
    Embeddings,
    /// `images/*`, `videos`
    Images,
    /// `audio/*`, `realtime/calls`
    Audio,
    /// `files`, `uploads`, `uploads/*/parts`
    Files,
    /// `threads/*`, `assistants`, `vector_stores/*` and the like
    Other,
}

impl OpenAi {
    /// The call that a path ends in.
    pub(super) fn of_path(path: &str) -> Option<Self> {
        let path = path.trim_end_matches('/');
        let ends = |end: &str| path.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
        if ends("chat/completions") {
            return Some(Self::Chat);
        }
        if ends("completions") {
            return Some(Self::Completions);
        }
        if ends("responses")
            || ends("responses/compact")
            || ends("responses/input_tokens")
            || ends("items") && path.contains("/conversations/")
        {
            return Some(Self::Responses);
        }
        if ends("embeddings") || ends("moderations") {
            return Some(Self::Embeddings);
        }
        if ends("images/generations") || ends("images/edits") || ends("images/variations") || ends("v1/videos") {
            return Some(Self::Images);
        }
        if ends("audio/transcriptions") || ends("audio/translations") || ends("audio/speech") || ends("realtime/calls") {
            return Some(Self::Audio);
        }
        if ends("v1/files")
            || ends("v1/uploads")
            || ends("parts") && path.contains("/uploads/")
            || ends("files") && path.contains("/containers/")
        {
            return Some(Self::Files);
        }
        let beta = [
            "/v1/threads",
            "/v1/assistants",
            "/v1/vector_stores",
            "/v1/conversations",
            "/v1/batches",
            "/v1/evals",
            "/v1/fine_tuning",
            "/v1/skills",
        ];
        beta.iter().any(|part| path.contains(part)).then_some(Self::Other)
    }

    pub(super) fn rules(self) -> Rules {
        match self {
            Self::Chat => Rules { lists: &["messages"], field: chat, tokens: &["content", "text"], follow: false },
            Self::Responses => Rules { lists: &["input", "items"], field: responses, tokens: &["input", "content", "text"], follow: false },
            Self::Completions | Self::Embeddings | Self::Images | Self::Audio => {
                Rules { lists: &[], field: plain, tokens: &["prompt", "input"], follow: false }
            }
            Self::Files | Self::Other => super::generic::RULES,
        }
    }

    /// What the call itself says about the message, beyond its strings.
    pub(super) fn complete(self, reading: &mut Reading<'_>) {
        let head = reading.head;
        // Azure names the deployment in the path.
        if reading.message.model.is_none()
            && let Some((_, rest)) = head.path.split_once("/deployments/")
        {
            reading.message.model = rest.split('/').next().and_then(super::reading::model_in_path);
        }
        match self {
            Self::Files => reading.message.direction = Direction::Upload,
            // Voice by WebRTC goes around a proxy: the call that opens it is all there is to judge.
            Self::Audio if head.path.trim_end_matches('/').ends_with("realtime/calls") => reading.unreadable(Unreadable::UnknownType),
            Self::Completions
                if head.path.contains("/engines/") || head.host.starts_with("proxy.") || head.host.starts_with("copilot-proxy.") =>
            {
                reading.message.before_send = true;
            }
            _ => {}
        }
    }
}

/// `messages[].content`, a string or parts; arguments of tool calls are JSON in a string.
fn chat(spot: &Spot<'_>) -> Field {
    match spot.path {
        [Key("messages"), Index(_), Key("content")] => Field::Words(spot.turn()),
        [Key("messages"), Index(_), Key("content"), Index(_), rest @ ..] => content(spot, rest),
        // A single part where a list is usual.
        [Key("messages"), Index(_), Key("content"), rest @ ..] => content(spot, rest),
        [Key("messages"), Index(_), Key("reasoning_content" | "reasoning" | "refusal")] => Field::Words(Role::History),
        [Key("messages"), Index(_), Key("reasoning_details"), _, Key("data" | "signature")] => Field::Opaque,
        [Key("messages"), Index(_), Key("tool_calls"), _, Key("function"), Key("arguments")]
        | [Key("messages"), Index(_), Key("function_call"), Key("arguments")] => Field::Tree(Role::History),
        [Key("messages"), Index(_), Key("images"), ..] => Field::File,
        [Key("tools"), _, Key("function"), Key("description")] | [Key("functions"), _, Key("description")] => Field::Words(Role::History),
        [Key("prediction"), Key("content")] | [Key("prediction"), Key("content"), _, Key("text")] => Field::Words(Role::History),
        _ => Field::Other,
    }
}

/// A content part, from behind its index.
fn content(spot: &Spot<'_>, part: &[super::json::Seg<'_>]) -> Field {
    match part {
        [] => Field::Words(spot.turn()),
        [Key("text" | "input_text" | "content")] => Field::Words(spot.turn()),
        [Key("refusal" | "thinking")] => Field::Words(Role::History),
        [Key("image_url" | "input_image" | "video_url" | "audio_url" | "document_url" | "file_url" | "file_data")] => Field::File,
        [Key("image_url" | "video_url" | "audio_url" | "document_url"), Key("url")] => Field::File,
        [Key("input_audio" | "audio"), Key("data")] | [Key("file"), Key("file_data" | "data")] => Field::File,
        [Key("source"), Key("data" | "url")] => Field::File,
        _ => Field::Other,
    }
}

/// `input`, a string or items; `instructions`; `prompt.variables`.
fn responses(spot: &Spot<'_>) -> Field {
    match spot.path {
        [Key("input")] => Field::Words(Role::User),
        [Key("instructions")] => Field::Words(Role::History),
        [Key("conversation")] | [Key("conversation"), Key("id")] => Field::Conversation,
        [Key("previous_response_id")] => Field::Conversation,
        [Key("prompt"), Key("variables"), _] | [Key("prompt"), Key("variables"), _, Key("text")] => Field::Words(Role::User),
        [Key("prompt"), Key("variables"), _, Key("image_url" | "file_data" | "file_url")] => Field::File,
        [Key("tools"), _, Key("description")] => Field::Words(Role::History),
        [.., Key("encrypted_content")] => Field::Opaque,
        [Key("input" | "items"), Index(_)] => Field::Words(Role::User),
        [Key("input" | "items"), Index(_), Key("content")] => Field::Words(spot.turn()),
        [Key("input" | "items"), Index(_), Key("content"), Index(_), rest @ ..] => content(spot, rest),
        [Key("input" | "items"), Index(_), Key("arguments")] => Field::Tree(Role::History),
        [Key("input" | "items"), Index(_), Key("output" | "input" | "code")] => Field::Words(Role::History),
        [Key("input" | "items"), Index(_), Key("output"), Index(_), Key("text")] => Field::Words(Role::History),
        [Key("input" | "items"), Index(_), Key("output"), Index(_), Key("image_url" | "file_data" | "file_url")] => Field::File,
        [Key("input" | "items"), Index(_), Key("output"), Key("image_url")] => Field::File,
        [Key("input" | "items"), Index(_), Key("summary"), Index(_), Key("text")] => Field::Words(Role::History),
        // Results of pictures made by the tool itself come back in its own words.
        [Key("input" | "items"), Index(_), Key("result")] if spot.beside("type", "image_generation_call") => Field::File,
        [Key("input" | "items"), Index(_), Key("action"), ..] => Field::Words(Role::History),
        _ => Field::Other,
    }
}

/// Calls with a few fields of words and no conversation.
fn plain(spot: &Spot<'_>) -> Field {
    match spot.path {
        [Key("prompt" | "input" | "suffix" | "negative_prompt")] => Field::Words(Role::User),
        [Key("prompt" | "input"), Index(_)] => Field::Words(Role::User),
        [Key("input"), Index(_), Key("text")] | [Key("extra"), ..] => Field::Words(Role::User),
        [Key("instructions")] => Field::Words(Role::History),
        [Key("input"), Index(_), Key("image_url")] | [Key("input"), Index(_), Key("image_url"), Key("url")] => Field::File,
        [Key("images" | "image" | "mask"), ..] => Field::File,
        _ => Field::Other,
    }
}
