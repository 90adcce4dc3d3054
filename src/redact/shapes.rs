//! Where the words stand in one event of a stream: which strings go on in the next event, and which streams of words the event ends.
//!
//! Takes the JSON of one event; gives a [`Plan`]: the delta strings with their channel (one running text, such as choice 0 of a chat), and what
//! has ended. One function per family: OpenAI chat and responses, Anthropic (also Claude web), Gemini, delta encoding (ChatGPT and DeepSeek web),
//! and a guess for the rest. A string that is in no plan is taken to be complete in itself. Sources: the vendors' SDKs and wire-format notes.

use crate::wire::answer::tree::{Key, Kind, NodeId, Tree};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::matcher::Level;

/// Above so many nodes an event is not looked at for deltas: it is a document, not a delta.
const WIDEST: usize = 2048;

/// A string that goes on in the next event of its channel.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site {
    pub node: NodeId,
    pub channel: u64,
    /// What ends together: a choice, a content block.
    pub group: u64,
    pub level: Level,
    /// False: it only looks like a delta; believed when the channel shows that it is one.
    pub certain: bool,
    /// The array of patches that it stands in, and the node of its own path.
    pub batch: Option<(NodeId, NodeId)>,
}

/// What one event holds for the restorer.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub sites: Vec<Site>,
    /// Groups that end with this event.
    pub ended: Vec<u64>,
    /// Every channel ends with this event.
    pub all_ended: bool,
    /// Channels without a delta in this event cannot be continued after it.
    pub others_ended: bool,
    /// Strings that a copy of the event must not repeat (names that clients join).
    pub once: Vec<NodeId>,
}

impl Plan {
    fn clear(&mut self) {
        self.sites.clear();
        self.ended.clear();
        self.once.clear();
        self.all_ended = false;
        self.others_ended = false;
    }

    fn site(&mut self, node: NodeId, channel: u64, group: u64, level: Level) {
        self.sites.push(Site { node, channel, group, level, certain: true, batch: None });
    }
}

/// What delta encoding carries over from event to event: an omitted path or operation repeats the last one.
#[derive(Debug, Default)]
pub(super) struct LastPatch {
    path: Vec<u8>,
    operation: Vec<u8>,
}

const LONGEST_PATH: usize = 512;

fn key(parts: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

/// The texts of one event and what they are, into `plan`. `name`: the event's name, or the mark before the JSON of a line (`0:`).
pub(super) fn plan(tree: &Tree, text: &[u8], name: Option<&[u8]>, last: &mut LastPatch, plan: &mut Plan) {
    plan.clear();
    let Some(root) = tree.node(0) else { return };
    if root.kind == Kind::Text {
        // AI SDK data stream, version 4: `0:"text"`, `g:"reasoning"`, closed by `e:` and `d:`.
        if let Some(mark @ (b"0" | b"g")) = name {
            plan.site(0, key(("line", mark)), 0, Level::Json);
        }
        return;
    }
    if matches!(name, Some(b"d" | b"e" | b"done")) {
        plan.all_ended = true;
        return;
    }
    if root.kind != Kind::Object || tree.nodes().len() > WIDEST {
        return;
    }
    let kind = tree.child_text(text, 0, "type").unwrap_or(b"");
    if kind.starts_with(b"response.") || kind.starts_with(b"transcript.text.") {
        responses(tree, text, kind, plan);
    } else if kind.starts_with(b"content_block_") || kind.starts_with(b"message_") && tree.child(text, 0, "v").is_none() {
        anthropic(tree, text, kind, plan);
    } else if tree.child(text, 0, "choices").is_some() {
        chat(tree, text, plan);
    } else if candidates(tree, text) {
        gemini(tree, text, plan);
    } else if tree.child(text, 0, "v").is_some() {
        patches(tree, text, last, plan);
    } else {
        guess(tree, text, kind, plan);
    }
}

fn texts(tree: &Tree) -> impl Iterator<Item = NodeId> + '_ {
    tree.nodes().iter().enumerate().filter(|(_, node)| node.kind == Kind::Text).map(|(id, _)| id as NodeId)
}

/// The number of an element: its own `index`, or its place in the array.
fn number(tree: &Tree, text: &[u8], element: NodeId) -> u64 {
    tree.child_number(text, element, "index").unwrap_or_else(|| match tree.node(element).map(|node| node.key) {
        Some(Key::Index(index)) => u64::from(index),
        _ => 0,
    })
}

/// `choices[].delta`, and `choices[].text` of the older completions. Ends with the choice's `finish_reason`.
fn chat(tree: &Tree, text: &[u8], plan: &mut Plan) {
    // Path below `choices`, how far the choice is above the string, level.
    const DELTAS: &[(&[&str], usize, Level)] = &[
        (&["choices", "*", "delta", "content"], 2, Level::Json),
        (&["choices", "*", "delta", "reasoning_content"], 2, Level::Json),
        (&["choices", "*", "delta", "reasoning"], 2, Level::Json),
        (&["choices", "*", "delta", "refusal"], 2, Level::Json),
        (&["choices", "*", "delta", "content", "*", "text"], 4, Level::Json),
        (&["choices", "*", "delta", "audio", "transcript"], 3, Level::Json),
        (&["choices", "*", "delta", "function_call", "arguments"], 3, Level::JsonInJson),
        (&["choices", "*", "delta", "tool_calls", "*", "function", "arguments"], 5, Level::JsonInJson),
        (&["choices", "*", "text"], 1, Level::Json),
    ];
    for id in texts(tree) {
        if tree.path_ends(text, id, &["choices", "*", "finish_reason"]) {
            if tree.node(id).is_some_and(|node| !node.range().is_empty()) {
                plan.ended.push(key(("choice", number(tree, text, tree.ancestor(id, 1)))));
            }
        } else if tree.path_ends(text, id, &["function", "name"]) || tree.path_ends(text, id, &["function_call", "name"]) {
            plan.once.push(id);
        } else if let Some((at, (_, up, level))) = DELTAS.iter().enumerate().find(|(_, (path, ..))| tree.path_ends(text, id, path)) {
            let group = key(("choice", number(tree, text, tree.ancestor(id, *up))));
            let call = if *up == 5 { number(tree, text, tree.ancestor(id, 2)) } else { 0 };
            plan.site(id, key((group, at, call)), group, *level);
        }
    }
}

/// Events named `response.*.delta` with the words in `delta`; `.done` repeats the whole and ends it.
fn responses(tree: &Tree, text: &[u8], kind: &[u8], plan: &mut Plan) {
    let indexes = |stem: &[u8]| {
        let index = |name| tree.child_number(text, 0, name).unwrap_or(0);
        key((stem, index("output_index"), index("content_index"), index("summary_index")))
    };
    if let Some(stem) = kind.strip_suffix(b".delta") {
        if let Some(id) = tree.child(text, 0, "delta").filter(|&id| tree.node(id).is_some_and(|node| node.kind == Kind::Text)) {
            let level = if stem.ends_with(b"arguments") { Level::JsonInJson } else { Level::Json };
            let group = indexes(stem);
            plan.site(id, group, group, level);
        }
        return;
    }
    const PARTS: &[&[u8]] = &[b"response.content_part", b"response.output_item", b"response.reasoning_summary_part"];
    match kind.strip_suffix(b".done") {
        Some(stem) if stem != b"response" && !PARTS.contains(&stem) => plan.ended.push(indexes(stem)),
        Some(_) => plan.all_ended = true,
        None => {
            plan.all_ended = matches!(kind, b"response.completed" | b"response.incomplete" | b"response.failed" | b"response.cancelled")
        }
    }
}

/// `content_block_delta` by index; the block's stop ends it. A thinking block is bound by its signature and left alone.
fn anthropic(tree: &Tree, text: &[u8], kind: &[u8], plan: &mut Plan) {
    let group = key(("block", tree.child_number(text, 0, "index").unwrap_or(0)));
    match kind {
        b"content_block_delta" => {
            for id in texts(tree) {
                if tree.path_ends(text, id, &["delta", "text"]) {
                    plan.site(id, key((group, "text")), group, Level::Json);
                } else if tree.path_ends(text, id, &["delta", "partial_json"]) {
                    plan.site(id, key((group, "json")), group, Level::JsonInJson);
                }
            }
        }
        b"content_block_stop" => plan.ended.push(group),
        b"message_delta" | b"message_stop" => plan.all_ended = true,
        _ => {}
    }
}

fn candidates(tree: &Tree, text: &[u8]) -> bool {
    tree.child(text, 0, "candidates").is_some()
        || tree.child(text, 0, "response").is_some_and(|inner| tree.child(text, inner, "candidates").is_some())
}

/// `candidates[].content.parts[].text`, thoughts apart; ends with the candidate's `finishReason`. Code Assist wraps it in `response`.
fn gemini(tree: &Tree, text: &[u8], plan: &mut Plan) {
    for id in texts(tree) {
        if tree.path_ends(text, id, &["candidates", "*", "content", "parts", "*", "text"]) {
            let part = tree.ancestor(id, 1);
            let thought = tree.child(text, part, "thought").and_then(|id| tree.node(id)).is_some_and(|node| node.kind == Kind::True);
            let group = key(("candidate", number(tree, text, tree.ancestor(id, 4))));
            plan.site(id, key((group, thought)), group, Level::Json);
        } else if tree.path_ends(text, id, &["candidates", "*", "finishReason"]) {
            plan.ended.push(key(("candidate", number(tree, text, tree.ancestor(id, 1)))));
        }
    }
}

fn appends(operation: &[u8]) -> bool {
    operation.is_empty() || operation.eq_ignore_ascii_case(b"append")
}

/// Delta encoding: `{p, o, v}`, path and operation repeated when omitted, or an array of them in `v`.
fn patches(tree: &Tree, text: &[u8], last: &mut LastPatch, plan: &mut Plan) {
    let path = tree.child_text(text, 0, "p");
    let operation = tree.child_text(text, 0, "o");
    if let Some(path) = path.filter(|path| path.len() <= LONGEST_PATH) {
        last.path.clear();
        last.path.extend_from_slice(path);
    }
    if let Some(operation) = operation.filter(|operation| operation.len() <= LONGEST_PATH) {
        last.operation.clear();
        last.operation.extend_from_slice(operation);
    }
    plan.others_ended = true;
    let Some(value) = tree.child(text, 0, "v") else { return };
    match tree.node(value).map(|node| node.kind) {
        Some(Kind::Text) if appends(&last.operation) => {
            let channel = key(("patch", &last.path));
            plan.site(value, channel, channel, Level::Json);
        }
        Some(Kind::Array) => {
            let elements = tree.nodes().iter().enumerate().filter(|(_, node)| node.parent == value && node.kind == Kind::Object);
            for (element, _) in elements {
                let element = element as NodeId;
                let (Some(own), Some(at)) = (tree.child_text(text, element, "p"), tree.child(text, element, "p")) else { continue };
                if own.ends_with(b"/status") || own.ends_with(b"/end_turn") {
                    plan.all_ended = true;
                }
                let Some(words) = tree.child(text, element, "v") else { continue };
                let texts = tree.node(words).is_some_and(|node| node.kind == Kind::Text);
                if texts && tree.child_text(text, element, "o").is_some_and(appends) {
                    let mut path = last.path.clone();
                    path.extend_from_slice(own);
                    let channel = key(("patch", &path));
                    plan.sites.push(Site {
                        node: words,
                        channel,
                        group: channel,
                        level: Level::Json,
                        certain: true,
                        batch: Some((value, at)),
                    });
                }
            }
        }
        _ => {}
    }
}

/// Shapes that are known to be deltas though their family has no function of its own: Claude web's older form, Grok, Cohere, AI SDK v5, Z.ai.
const KNOWN: &[&[&str]] = &[
    &["completion"],
    &["delta"],
    &["delta", "text"],
    &["delta", "content"],
    &["delta", "message", "content", "text"],
    &["result", "response", "token"],
    &["data", "delta_content"],
    &["token"],
    &["textDelta"],
    &["youChatToken"],
];

/// Names under which other tools send words; believed after the channel has shown that its texts do not repeat what came before.
const LIKELY: &[&[u8]] = &[
    b"text",
    b"content",
    b"message",
    b"body",
    b"response",
    b"answer",
    b"value",
    b"chunk",
    b"output",
    b"v",
    b"partial",
    b"markdown",
    b"generated_text",
];

fn guess(tree: &Tree, text: &[u8], kind: &[u8], plan: &mut Plan) {
    let flag = |name| tree.child(text, 0, name).and_then(|id| tree.node(id)).map(|node| node.kind);
    let ollama = flag("done").is_some_and(|kind| matches!(kind, Kind::True | Kind::False));
    plan.all_ended =
        matches!(kind, b"text-end" | b"reasoning-end" | b"finish" | b"finish-step" | b"done" | b"end" | b"message-end" | b"content-end")
            || matches!(flag("done"), Some(Kind::True))
            || matches!(flag("final"), Some(Kind::True))
            || matches!(flag("is_final"), Some(Kind::True))
            || tree.child_text(text, 0, "stop_reason").is_some_and(|reason| !reason.is_empty());
    for id in texts(tree) {
        let Some(node) = tree.node(id) else { continue };
        let Some(name) = tree.name_of(text, node) else { continue };
        let known = KNOWN.iter().any(|path| tree.path_ends(text, id, path) && tree.ancestor(id, path.len()) == 0)
            || ollama && (tree.path_ends(text, id, &["message", "content"]) || node.parent == 0 && name == b"response");
        if known || LIKELY.contains(&name) {
            let mut path = DefaultHasher::new();
            (kind, tree.child_number(text, 0, "index"), tree.child_text(text, 0, "id")).hash(&mut path);
            let mut step = id;
            while let Some(node) = tree.node(step).filter(|_| step != 0) {
                match node.key {
                    Key::Index(index) => index.hash(&mut path),
                    _ => tree.name_of(text, node).hash(&mut path),
                }
                step = node.parent;
            }
            let level = if name == b"arguments" { Level::JsonInJson } else { Level::Json };
            let channel = path.finish();
            plan.sites.push(Site { node: id, channel, group: channel, level, certain: known, batch: None });
        }
    }
}
