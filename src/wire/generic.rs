//! Tools that no other file knows.
//!
//! Names that stand for words in most tools are words (looked at, counted, rewritten); every other string is looked at. JSON inside strings is followed three
//! levels deep, so that form fields of JSON (`f.req`, `variables`, `data`) and JSON in JSON read the same way.

use super::head::Head;
use super::json::Seg;
use super::reading::{Field, Reading, Rules, Spot, bounded, model_in_path};
use super::{Direction, Role, form};

pub(super) const RULES: Rules = Rules { lists: LISTS, field, tokens: &[], follow: true };

/// Arrays that hold a conversation, over the tools we have seen.
pub(super) const LISTS: &[&str] = &[
    "messages",
    "contents",
    "input",
    "transcript",
    "turns",
    "responses",
    "chat_history",
    "chatHistory",
    "history",
    "conversation",
    "thread",
];

/// Member names that stand for words.
pub(super) fn is_word_key(key: &str) -> bool {
    // Without regard to case; a fixed buffer, for this is asked for every string.
    let mut buffer = [0u8; 24];
    let Some(lower) = buffer.get_mut(..key.len()) else { return false };
    lower.copy_from_slice(key.as_bytes());
    lower.make_ascii_lowercase();
    matches!(
        &*lower,
        b"prompt"
            | b"prompts"
            | b"query"
            | b"q"
            | b"text"
            | b"texts"
            | b"input"
            | b"inputs"
            | b"message"
            | b"messages"
            | b"content"
            | b"contents"
            | b"question"
            | b"questions"
            | b"parts"
            | b"instruction"
            | b"instructions"
            | b"system"
            | b"system_prompt"
            | b"systemprompt"
            | b"systemmessage"
            | b"system_message"
            | b"preamble"
            | b"suffix"
            | b"prefix"
            | b"context"
            | b"body"
            | b"value"
            | b"inputtext"
            | b"input_text"
            | b"inputs_text"
            | b"user_input"
            | b"userinput"
            | b"usermessage"
            | b"user_message"
            | b"chatinput"
            | b"query_str"
            | b"dsl_query"
            | b"raw_content"
            | b"sentence"
            | b"sentences"
            | b"search"
            | b"searchquery"
            | b"search_query"
            | b"partial_query"
            | b"negative_prompt"
            | b"negativeprompt"
            | b"lyrics"
            | b"script"
            | b"extracted_content"
            | b"sensitive_string_value"
            | b"source_text"
            | b"sourcetext"
            | b"messageinput"
            | b"documents"
            | b"sources"
            | b"code"
            | b"caption"
            | b"comment"
            | b"data"
            | b"document"
            | b"paragraph"
            | b"selection"
            | b"html"
            | b"markdown"
    )
}

/// Query parameters that stand for words.
pub(super) fn is_query_key(key: &str) -> bool {
    ["q", "query", "prompt", "text", "question", "message", "input", "content", "search", "term", "search_query"]
        .iter()
        .any(|name| name.eq_ignore_ascii_case(key))
}

pub(super) fn field(spot: &Spot<'_>) -> Field {
    let key = spot.key();
    if spot.level == 1 && matches!(spot.path, [Seg::Index(2), Seg::Index(0)]) {
        return Field::Conversation;
    }
    match key {
        "conversation_id" | "conversationId" | "chat_id" | "chatId" | "thread_id" | "threadId" | "chat_session_id" | "session_id"
        | "sessionId"
            if spot.path.len() <= 3 =>
        {
            return Field::Conversation;
        }
        "encrypted_content" | "thoughtSignature" | "thought_signature" => return Field::Opaque,
        _ if is_sign_in(spot.head.path) && is_credential_key(key) => return Field::Opaque,
        _ => {}
    }
    // Calls of the Model Context Protocol: the arguments of a tool, whatever their names.
    if spot.under("params") && spot.under("arguments") {
        return Field::Words(Role::User);
    }
    if spot.path.is_empty() || is_word_key(key) || google_form(spot) {
        return match key {
            _ if spot.under("chat_history") || spot.under("chatHistory") || spot.under("history") => Field::Words(Role::History),
            "system" | "system_prompt" | "systemPrompt" | "systemMessage" | "system_message" | "preamble" | "context" | "instructions" => {
                Field::Words(Role::History)
            }
            _ if spot.under("system") => Field::Words(Role::History),
            _ => Field::Words(spot.turn()),
        };
    }
    Field::Other
}

/// Gemini's and NotebookLM's form field `f.req`, a list in a string in a list: the prompt stands at `[0][0]`, the question at `[1]`.
fn google_form(spot: &Spot<'_>) -> bool {
    spot.level == 1 && matches!(spot.path, [Seg::Index(0), Seg::Index(0)] | [Seg::Index(1)])
}

/// Segments of paths where users sign in.
const SIGN_IN: [&str; 8] = ["oauth", "oauth2", "login", "auth", "token", "signin", "sign-in", "sso"];

/// Signing in at a tool sends the user's own secrets to where they belong.
fn is_sign_in(path: &str) -> bool {
    // Whole segments, as the server sees them.
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let mut segments: Vec<&str> = Vec::new();
    for segment in decoded.split(['/', '\\']) {
        match segment.split(';').next().unwrap_or("") {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    segments.iter().any(|segment| SIGN_IN.iter().any(|name| segment.eq_ignore_ascii_case(name)))
}

fn is_credential_key(key: &str) -> bool {
    matches!(
        key,
        "password"
            | "client_secret"
            | "code_verifier"
            | "code_challenge"
            | "assertion"
            | "client_assertion"
            | "id_token"
            | "access_token"
            | "refresh_token"
            | "token"
            | "code"
            | "csrf"
            | "csrfToken"
            | "state"
            | "nonce"
            | "credential"
    )
}

/// What path and query say beyond the strings.
pub(super) fn complete(reading: &mut Reading<'_>) {
    let head = reading.head;
    let path = head.path;
    if is_before_send(head) {
        reading.message.before_send = true;
    }
    if reading.message.conversation.is_none() {
        reading.message.conversation = form::parameter(head.query, "chat_id").map(|id| bounded(&id));
    }
    if ["/upload", "/convert_document", "/attachments"].iter().any(|part| path.contains(part)) {
        reading.message.direction = Direction::Upload;
    }
    if ["converse-stream", "-response-stream", ":stream"].iter().any(|part| path.contains(part)) {
        reading.message.stream = true;
    }
    if let (None, Some((_, rest))) = (&reading.message.model, path.split_once("/model/").or_else(|| path.split_once("/models/"))) {
        reading.message.model = rest.split('/').next().and_then(model_in_path);
    }
}

/// Suggestions while the user is typing.
pub(super) fn is_before_send(head: &Head<'_>) -> bool {
    ["autocomplet", "autosuggest", "/suggest", "/typeahead"].iter().any(|part| head.path.contains(part))
}
