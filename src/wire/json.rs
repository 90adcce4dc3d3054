//! A JSON reader that remembers where each string stands.
//!
//! Takes the text of a document, validates all of it (RFC 8259, no leniency: what we would misread, the tool might read), and gives every
//! string with its byte range and its path, so that one string can be looked at or replaced and every other byte stays as it was.
//! It must never recurse (nesting comes from outside), never allocate per string, and never give a partial document: an error is an error.

use super::Unreadable;
use super::escape;
use std::borrow::Cow;

mod scan;
#[cfg(test)]
mod tests;

/// Containers inside containers that are followed; serde_json and most servers stop at the same depth.
pub(super) const MAX_DEPTH: u32 = 128;
/// Strings and containers that are remembered, which bounds the memory of one document to some 100 MB whatever it holds.
const MAX_ENTRIES: usize = 2_000_000;
/// No parent: the document itself.
pub(super) const ROOT: u32 = u32::MAX;

/// A step of a path: which member or element of the parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    /// The document itself.
    Root,
    /// Element of an array, from 0.
    Index(u32),
    /// Member of an object: the byte range of its key.
    Key(u32, u32),
    /// Member whose key is spelled with escapes: place in the list of undone keys.
    Spelled(u32),
}

/// An object or array.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub parent: u32,
    pub at: At,
    pub array: bool,
    children: u32,
    /// Whole numbers directly in it: token ids and bytes show themselves by it.
    pub integers: u32,
}

/// What a leaf is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A string without escapes: the range is the text.
    Plain,
    /// A string with escapes.
    Escaped,
    /// A number of seven digits or more.
    Number,
    /// `true` as a member of an object.
    True,
    /// A member's name that is not just a name: it is long, or holds spaces, signs or many digits.
    OddKey,
}

/// One value that may hold words. Empty strings, short numbers, `false` and `null` hold none and are not kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leaf {
    pub parent: u32,
    pub at: At,
    pub start: u32,
    pub end: u32,
    pub kind: Kind,
}

/// A step of a path in words, for matching.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seg<'d> {
    Key(&'d str),
    Index(u32),
}

/// A whole document: its strings in their order, and the containers they stand in.
#[derive(Debug)]
pub(super) struct Doc<'a> {
    text: &'a str,
    pub nodes: Vec<Node>,
    pub leaves: Vec<Leaf>,
    spelled: Vec<String>,
}

impl<'a> Doc<'a> {
    /// Reads `text`. Errors: `BrokenForm` (not JSON), `Truncated` (ends too early), `TooDeep`, `TooLarge`.
    pub fn read(text: &'a str) -> Result<Self, Unreadable> {
        if text.len() >= u32::MAX as usize {
            return Err(Unreadable::TooLarge);
        }
        scan::scan(Doc { text, nodes: Vec::with_capacity(16), leaves: Vec::with_capacity(32), spelled: Vec::new() })
    }

    /// The document.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The bytes of a leaf as they stand in the document.
    pub fn raw(&self, leaf: &Leaf) -> &'a str {
        self.text.get(leaf.start as usize..leaf.end as usize).unwrap_or("")
    }

    /// The text of a leaf, escapes undone.
    pub fn value(&self, leaf: &Leaf) -> Cow<'a, str> {
        match leaf.kind {
            Kind::Escaped | Kind::OddKey => escape::undo(self.raw(leaf)),
            _ => Cow::Borrowed(self.raw(leaf)),
        }
    }

    /// The name of a member.
    pub fn key(&self, at: At) -> Option<&str> {
        match at {
            At::Key(start, end) => self.text.get(start as usize..end as usize),
            At::Spelled(n) => self.spelled.get(n as usize).map(String::as_str),
            At::Root | At::Index(_) => None,
        }
    }

    pub fn node(&self, id: u32) -> Option<&Node> {
        self.nodes.get(id as usize)
    }

    /// The nearest member name at or above a place; empty for a bare array.
    pub fn nearest_key(&self, at: At, parent: u32) -> &str {
        let (mut at, mut parent) = (at, parent);
        loop {
            if let Some(key) = self.key(at) {
                return key;
            }
            match self.node(parent) {
                Some(node) => (at, parent) = (node.at, node.parent),
                None => return "",
            }
        }
    }

    /// Value of the string member `name` beside leaf number `index`, within the neighbouring 64 leaves.
    pub fn sibling(&self, index: usize, name: &str) -> Option<Cow<'a, str>> {
        let parent = self.leaves.get(index)?.parent;
        let from = index.saturating_sub(64);
        self.leaves
            .iter()
            .skip(from)
            .take(index - from + 64)
            .find(|l| l.parent == parent && matches!(l.kind, Kind::Plain | Kind::Escaped) && self.key(l.at) == Some(name))
            .map(|l| self.value(l))
    }
}

/// Walks up from leaves to the root; leaves of one container share the work.
pub(super) struct Walker<'d> {
    doc: &'d Doc<'d>,
    parent: Option<u32>,
    /// The path, outermost first.
    pub path: Vec<Seg<'d>>,
    /// The container reached after each step but the last.
    pub nodes: Vec<u32>,
}

impl<'d> Walker<'d> {
    pub fn new(doc: &'d Doc<'d>) -> Self {
        Self { doc, parent: None, path: Vec::with_capacity(12), nodes: Vec::with_capacity(12) }
    }

    fn seg(&self, at: At) -> Option<Seg<'d>> {
        match at {
            At::Root => None,
            At::Index(i) => Some(Seg::Index(i)),
            At::Key(..) | At::Spelled(_) => self.doc.key(at).map(Seg::Key),
        }
    }

    pub fn go(&mut self, leaf: &Leaf) {
        if self.parent == Some(leaf.parent) {
            self.path.truncate(self.nodes.len());
        } else {
            self.parent = Some(leaf.parent);
            self.path.clear();
            self.nodes.clear();
            let mut id = leaf.parent;
            while let Some(node) = self.doc.node(id) {
                if let Some(seg) = self.seg(node.at) {
                    self.path.push(seg);
                    self.nodes.push(id);
                }
                id = node.parent;
            }
            self.path.reverse();
            self.nodes.reverse();
        }
        if let Some(seg) = self.seg(leaf.at) {
            self.path.push(seg);
        }
    }
}
