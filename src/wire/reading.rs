//! The collector of a message: what every shape says about its strings, carried out.
//!
//! A shape is two functions ([`Rules`]): where its lists of turns are, and what a string at a given path is. This file walks the strings and puts words
//! into parts, undoes base64, follows JSON inside strings, and gathers all other strings into one part that is looked at but never rewritten.
//! No string is left out except those a shape names [`Field::Opaque`].

use super::blob::{self, Blob};
use super::head::Head;
use super::json::{Doc, Kind, Leaf, Node, Seg, Walker};
use super::turns::Turns;
use super::{Call, Direction, Encoding, Message, Part, Place, Role, Step, Unreadable};
use crate::extract;
use crate::text::PromptText;
use std::ops::Range;

/// JSON inside a string inside a string: this many levels are followed.
const STRING_LEVELS: u8 = 3;
/// Longest name of a field, file or member that is kept beside a text.
pub(super) const LABEL: usize = 64;
/// Names before the strings may add this much, and the length of the body once more, to what it holds: lists of numbers stay below.
const NAMES: usize = 1 << 20;
/// Whole numbers in one array from which it is bytes or token ids.
const MANY_INTEGERS: u32 = 1024;

/// Letters from which a string with a space in it can be what the user wrote.
const SENTENCE: usize = 12;

/// What a string is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// Words in a known place.
    Words(Role),
    /// Words in a known place, as JSON inside the string: every string in it is words.
    Tree(Role),
    /// A file: base64, data URL or link.
    File,
    /// The vendor's own sealed data (signatures, encrypted reasoning): it holds no words of ours.
    Opaque,
    /// The tool's id of the conversation.
    Conversation,
    /// Everything else.
    Other,
}

/// One shape's knowledge of its bodies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    /// Names of arrays whose elements are turns.
    pub lists: &'static [&'static str],
    pub field: fn(&Spot<'_>) -> Field,
    /// Names of arrays in which whole numbers are token ids: words in a spelling that is not read.
    pub tokens: &'static [&'static str],
    /// Strings in unknown places that are JSON are followed too.
    pub follow: bool,
}

/// A string and where it stands.
pub(super) struct Spot<'d> {
    pub head: &'d Head<'d>,
    pub path: &'d [Seg<'d>],
    /// How many strings it stands in.
    pub level: u8,
    nodes: &'d [u32],
    doc: &'d Doc<'d>,
    index: usize,
    turns: &'d Turns,
}

impl Spot<'_> {
    /// The role of the turn it stands in; the user's where it stands in none.
    pub fn turn(&self) -> Role {
        self.turns.role(self.nodes).unwrap_or(Role::User)
    }

    /// Whether it stands in a list of turns.
    pub fn in_turn(&self) -> bool {
        self.turns.role(self.nodes).is_some()
    }

    /// The nearest member name.
    pub fn key(&self) -> &str {
        self.path.iter().rev().find_map(|s| if let Seg::Key(key) = s { Some(*key) } else { None }).unwrap_or("")
    }

    /// Whether a member of that name is on the way to it.
    pub fn under(&self, name: &str) -> bool {
        self.path.iter().any(|s| matches!(s, Seg::Key(key) if *key == name))
    }

    /// Whether the string member `name` beside it has that value.
    pub fn beside(&self, name: &str, value: &str) -> bool {
        self.doc.sibling(self.index, name).is_some_and(|v| v == value)
    }
}

/// A message under construction.
pub(super) struct Reading<'h> {
    pub head: &'h Head<'h>,
    pub rules: Rules,
    pub message: Message,
    /// All strings outside the known fields, a line each with their name before them.
    rest: String,
    /// The most that `rest` may hold.
    most: usize,
    /// The longest sentence in `rest`, where one is looked for.
    longest: Option<Longest>,
    pub seeks_longest: bool,
    bound: bool,
}

/// A string outside the known fields that may be the words of a tool that nobody knows.
struct Longest {
    label: String,
    /// Its line in the rest, and the text in that line.
    line: Range<usize>,
    text: Range<usize>,
    place: Place,
}

impl<'h> Reading<'h> {
    /// `size`: length of the body.
    pub fn new(head: &'h Head<'h>, rules: Rules, size: usize) -> Self {
        let message = Message {
            direction: Direction::Prompt,
            model: None,
            conversation: None,
            stream: false,
            before_send: false,
            parts: Vec::with_capacity(8),
            unreadable: None,
            call: None,
        };
        Self {
            head,
            rules,
            message,
            rest: String::with_capacity(512),
            most: size.saturating_mul(2).saturating_add(NAMES),
            longest: None,
            seeks_longest: false,
            bound: head.body_bound(),
        }
    }

    /// Whether there are words among the parts from number `from` on.
    pub fn has_words(&self, from: usize) -> bool {
        self.message.parts.iter().skip(from).any(|part| part.role != Role::Other)
    }

    /// Forgets what was read of the body, so that it can be read by other rules. Why it could not be read stands.
    pub fn again(&mut self, from: usize, rules: Rules) {
        self.message.parts.truncate(from);
        self.rest.clear();
        self.longest = None;
        self.rules = rules;
    }

    /// Takes the longest sentence outside the known fields for words.
    pub fn take_longest(&mut self) {
        let Some(longest) = self.longest.take() else { return };
        let text = self.rest.get(longest.text).unwrap_or("").to_owned();
        self.rest.drain(longest.line);
        self.words(text, Role::User, &longest.label, Some(longest.place));
    }

    pub fn finish(mut self) -> Message {
        if !self.rest.is_empty() {
            self.message.parts.push(Part { text: PromptText::new(self.rest), role: Role::Other, label: String::new(), place: None });
        }
        self.message
    }

    /// The first reason stands.
    pub fn unreadable(&mut self, reason: Unreadable) {
        self.message.unreadable.get_or_insert(reason);
    }

    pub fn words(&mut self, text: String, role: Role, label: &str, place: Option<Place>) {
        let place = if self.bound { None } else { place };
        self.message.parts.push(Part { text: PromptText::new(text), role, label: short(label).to_owned(), place });
    }

    /// A string outside the known fields.
    pub fn other(&mut self, label: &str, text: &str) {
        if text.is_empty() || is_uuid(text) {
            return;
        }
        let label = short(label);
        let more = label.len() + text.len() + 3;
        if self.rest.len() + more > self.most {
            return self.unreadable(Unreadable::TooLarge);
        }
        self.rest.reserve(more);
        if !label.is_empty() {
            self.rest.push_str(label);
            self.rest.push_str(": ");
        }
        self.rest.push_str(text);
        self.rest.push('\n');
    }

    /// What a base64 string or data URL came to. False: it is an ordinary string.
    fn blob(&mut self, blob: Blob, label: &str) -> bool {
        match blob {
            Blob::None => false,
            Blob::Text(text) => {
                self.words(text, Role::User, label, None);
                true
            }
            Blob::File(bytes) => {
                self.file(label, "", &bytes);
                true
            }
            Blob::Unreadable(reason) => {
                self.unreadable(reason);
                true
            }
        }
    }

    /// The words inside a file. They have no place: a file is let through whole or not at all.
    pub fn file(&mut self, name: &str, content_type: &str, bytes: &[u8]) {
        let found = extract::read(short(name), content_type, bytes, &extract::Limits::default());
        for piece in found.pieces {
            self.message.parts.push(Part { text: piece.text, role: Role::User, label: piece.label, place: None });
        }
        if let Some(reason) = found.unreadable {
            self.unreadable(reason);
        }
    }

    /// The words between the tags of a page that is looked at as it stands, too.
    pub fn look_between_tags(&mut self, name: &str, text: &str) {
        let found = extract::read(short(name), "text/html", text.as_bytes(), &extract::Limits::default());
        for piece in found.pieces {
            self.message.parts.push(Part { text: piece.text, role: Role::Other, label: piece.label, place: None });
        }
        if let Some(reason) = found.unreadable {
            self.unreadable(reason);
        }
    }

    /// Nothing in this message can be rewritten from here on: places in what was decoded are not places in the body.
    pub fn freeze(&mut self) {
        self.bound = true;
    }

    /// Reads a JSON document that stands at `base`. Where it is not one, nothing is read.
    pub fn json(&mut self, text: &str, base: &[Step]) -> Result<(), Unreadable> {
        let doc = Doc::read(text)?;
        self.doc(&doc, base, None, 0);
        Ok(())
    }

    /// Looks at every string of a JSON text, without places.
    pub fn look_through(&mut self, text: &str) {
        if let Ok(doc) = Doc::read(text) {
            for leaf in doc.leaves.iter().filter(|l| l.kind == Kind::Escaped) {
                self.other(doc.nearest_key(leaf.at, leaf.parent), &doc.value(leaf));
            }
        }
    }

    /// Reads a whole document. `tree`: every string in it is words of that role. `level`: how many strings it stands in.
    fn doc(&mut self, doc: &Doc<'_>, base: &[Step], tree: Option<Role>, level: u8) {
        let turns = if tree.is_some() { Turns::default() } else { Turns::find(doc, self.rules.lists) };
        let tokens = self.rules.tokens;
        let numbers_are_words = |n: &Node| {
            n.integers >= MANY_INTEGERS
                || n.array && n.integers > 0 && !tokens.is_empty() && tokens.contains(&doc.nearest_key(n.at, n.parent))
        };
        if doc.nodes.iter().any(numbers_are_words) {
            self.unreadable(Unreadable::UnknownType);
        }
        if level == 0 {
            self.call(doc);
        }
        let head = self.head;
        let mut walker = Walker::new(doc);
        for (index, leaf) in doc.leaves.iter().enumerate() {
            if matches!(leaf.kind, Kind::Number | Kind::OddKey) {
                self.other(doc.nearest_key(leaf.at, leaf.parent), &doc.value(leaf));
                continue;
            }
            walker.go(leaf);
            let path = walker.path.as_slice();
            if leaf.kind == Kind::True {
                if level == 0 && path == [Seg::Key("stream")] {
                    self.message.stream = true;
                }
                continue;
            }
            let field = match tree {
                Some(role) => Field::Words(role),
                None => (self.rules.field)(&Spot { head, path, level, nodes: &walker.nodes, doc, index, turns: &turns }),
            };
            if level == 0
                && let [Seg::Key("model" | "modelId" | "model_id" | "model_slug")] = path
            {
                self.message.model.get_or_insert_with(|| model(&doc.value(leaf)));
            }
            self.string(doc, leaf, index, field, base, level);
        }
    }

    fn string(&mut self, doc: &Doc<'_>, leaf: &Leaf, index: usize, field: Field, base: &[Step], level: u8) {
        let label = doc.nearest_key(leaf.at, leaf.parent);
        let value = doc.value(leaf);
        match field {
            Field::Opaque if is_sealed(&value) => {}
            Field::Opaque => self.other_string(label, &value),
            Field::File => {
                let name = ["filename", "file_name", "fileName", "name", "title"].iter().find_map(|n| doc.sibling(index, n));
                if !self.blob(blob::of_file_string(&value), name.as_deref().unwrap_or(label)) {
                    self.other(label, &value);
                }
            }
            Field::Conversation => {
                self.message.conversation.get_or_insert_with(|| bounded(&value));
                self.other(label, &value);
            }
            Field::Other => {
                if self.rules.follow && level < STRING_LEVELS && looks_like_json(&value) {
                    let steps = inner(base, leaf);
                    if let Some(inside) = self.inside(&value) {
                        return self.doc(&inside, &steps, None, level + 1);
                    }
                }
                self.other_at(label, &value, || inner(base, leaf));
            }
            Field::Words(_) | Field::Tree(_) => {
                let (role, tree) = match field {
                    Field::Tree(role) => (role, true),
                    Field::Words(role) => (role, false),
                    _ => return,
                };
                let steps = inner(base, leaf);
                let follow = level < STRING_LEVELS && (tree || self.rules.follow) && looks_like_json(&value);
                if follow
                    && let Some(inside) = self.inside(&value)
                    && (tree || has_word_fields(&inside))
                {
                    return self.doc(&inside, &steps, Some(role), level + 1);
                }
                self.word_string(label, &value, role, Place(steps));
            }
        }
    }

    /// A string of words; base64 among them is undone.
    pub fn word_string(&mut self, label: &str, value: &str, role: Role, place: Place) {
        match blob::of_string(value) {
            Blob::None => {}
            // It is base64 and words at once: the tool may take either.
            Blob::Text(text) => self.words(text, role, label, None),
            Blob::File(bytes) => return self.file(label, "", &bytes),
            Blob::Unreadable(reason) => return self.unreadable(reason),
        }
        self.words(value.to_owned(), role, label, Some(place));
    }

    /// A string outside the known fields; base64 among them is undone.
    pub fn other_string(&mut self, label: &str, value: &str) {
        if !self.blob(blob::of_string(value), label) {
            self.other(label, value);
        }
    }

    /// As [`Reading::other_string`], with where it stands.
    pub fn other_at(&mut self, label: &str, value: &str, steps: impl FnOnce() -> Vec<Step>) {
        let start = self.rest.len();
        self.other_string(label, value);
        let end = self.rest.len();
        let is_longer = self.longest.as_ref().is_none_or(|longest| longest.text.len() < value.len());
        let is_sentence = self.seeks_longest && is_longer && value.len() >= SENTENCE && value.contains(' ');
        if is_sentence && end > start && value.chars().nth(SENTENCE - 1).is_some() {
            let text = end - 1 - value.len()..end - 1;
            self.longest = Some(Longest { label: short(label).to_owned(), line: start..end, text, place: Place(steps()) });
        }
    }

    /// A string as a document of its own. One that is too deep or too large is no longer known to be just a string.
    fn inside<'v>(&mut self, value: &'v str) -> Option<Doc<'v>> {
        match Doc::read(value) {
            Ok(doc) => Some(doc),
            Err(reason @ (Unreadable::TooDeep | Unreadable::TooLarge)) => {
                self.unreadable(reason);
                None
            }
            Err(_) => None,
        }
    }

    /// JSON-RPC: the id is kept for the refusal, and a tool call is a direction of its own.
    fn call(&mut self, doc: &Doc<'_>) {
        let outer = |parent: u32| parent == 0 || doc.node(parent).is_some_and(|n| n.parent == 0);
        let Some(version) = doc.leaves.iter().find(|l| l.kind == Kind::Plain && doc.key(l.at) == Some("jsonrpc") && outer(l.parent)) else {
            return;
        };
        if doc.raw(version) != "2.0" {
            return;
        }
        let method = doc.leaves.iter().find(|l| l.parent == version.parent && doc.key(l.at) == Some("method"));
        let Some(method) = method else { return };
        let tool = doc.value(method) == "tools/call";
        if tool {
            self.message.direction = Direction::ToolCall;
        }
        self.message.call = Some(Call { id: call_id(doc.text()), tool });
    }
}

/// The id of a JSON-RPC call in its own spelling; `null` for notifications and batches.
fn call_id(text: &str) -> String {
    #[derive(serde::Deserialize)]
    struct Id<'a> {
        #[serde(borrow)]
        id: Option<&'a serde_json::value::RawValue>,
    }
    let id = serde_json::from_str::<Id<'_>>(text).ok().and_then(|call| call.id).map_or("null", |raw| raw.get());
    let simple = id.starts_with('"') || id.starts_with('-') || id.as_bytes().first().is_some_and(u8::is_ascii_digit);
    if simple && id.len() <= 200 { id.to_owned() } else { "null".to_owned() }
}

fn inner(base: &[Step], leaf: &Leaf) -> Vec<Step> {
    let mut steps = Vec::with_capacity(base.len() + 1);
    steps.extend_from_slice(base);
    steps.push(Step { range: leaf.start as usize..leaf.end as usize, encoding: Encoding::JsonString });
    steps
}

/// A name cut to what is kept of it.
fn short(label: &str) -> &str {
    extract::cut(label, LABEL)
}

/// The name of a model as it stands in events: never more than such names are made of.
pub(super) fn model(name: &str) -> String {
    let is_name = (1..=64).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b':' | b'/' | b'@' | b'-'));
    if is_name { name.to_owned() } else { "other".to_owned() }
}

/// The name of a model in a path; none where nothing stands there.
pub(super) fn model_in_path(segment: &str) -> Option<String> {
    let name = percent_encoding::percent_decode_str(segment).decode_utf8_lossy();
    (!name.is_empty()).then(|| model(&name))
}

/// An id, kept short whatever was sent.
pub(super) fn bounded(value: &str) -> String {
    value.chars().take(200).collect()
}

/// Begins and ends like an object or array with something in it.
pub(super) fn looks_like_json(text: &str) -> bool {
    let text = text.trim_ascii();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim_ascii();
    text.len() > 2 && (text.starts_with('{') && text.ends_with('}') || text.starts_with('[') && text.ends_with(']'))
}

/// Whether a document names at least one field of words: then it is a form of the tool's, and not a document that the user pasted.
fn has_word_fields(doc: &Doc<'_>) -> bool {
    doc.leaves.iter().take(256).any(|l| super::generic::is_word_key(doc.nearest_key(l.at, l.parent)))
}

/// One long token of the letters of base64: what else stands where a seal is expected is looked at.
fn is_sealed(value: &str) -> bool {
    value.len() >= 24 && value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'_' | b'.' | b'-'))
}

/// 8-4-4-4-12 hexadecimal digits: an id that no words fit in.
fn is_uuid(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, b)| if matches!(at, 8 | 13 | 18 | 23) { *b == b'-' } else { b.is_ascii_hexdigit() })
        && bytes.iter().any(u8::is_ascii_alphabetic)
}
