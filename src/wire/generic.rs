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
    matches!(
        key,
        "prompt"
            | "prompts"
            | "query"
            | "q"
            | "text"
            | "texts"
            | "input"
            | "inputs"
            | "message"
            | "messages"
            | "content"
            | "contents"
            | "question"
            | "questions"
            | "parts"
            | "instruction"
            | "instructions"
            | "system"
            | "system_prompt"
            | "systemPrompt"
            | "systemMessage"
            | "system_message"
            | "preamble"
            | "suffix"
            | "prefix"
            | "context"
            | "body"
            | "value"
            | "inputText"
            | "input_text"
            | "inputs_text"
            | "user_input"
            | "userInput"
            | "userMessage"
            | "user_message"
            | "chatInput"
            | "query_str"
            | "dsl_query"
            | "raw_content"
            | "sentence"
            | "sentences"
            | "search"
            | "searchQuery"
            | "search_query"
            | "partial_query"
            | "negative_prompt"
            | "negativePrompt"
            | "lyrics"
            | "script"
            | "extracted_content"
            | "sensitive_string_value"
            | "source_text"
            | "sourceText"
            | "messageInput"
            | "documents"
            | "sources"
            | "code"
            | "caption"
            | "comment"
            | "data"
            | "document"
            | "paragraph"
            | "selection"
            | "html"
            | "markdown"
    )
}

/// Query parameters that stand for words.
pub(super) fn is_query_key(key: &str) -> bool {
    matches!(key, "q" | "query" | "prompt" | "text" | "question" | "message" | "input" | "content" | "search" | "term" | "search_query")
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

/// Signing in at a tool sends the user's own secrets to where they belong.
fn is_sign_in(path: &str) -> bool {
    ["/oauth", "/login", "/auth/", "/token", "/signin", "/sign-in", "/sso"].iter().any(|part| path.contains(part))
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
