//! Where everything stands in one small JSON text: a flat list of nodes with byte ranges, without building values.
//!
//! Takes the bytes of an event's data and gives [`Tree`], which is reused from event to event so that reading allocates nothing once warm.
//! Must never recurse (depth is bounded) and never fail on bad input other than by saying that it is not JSON.

use memchr::memchr2;
use std::ops::Range;

/// Nested deeper than this, a text is not read.
const DEEPEST: usize = 128;
/// A text with more nodes than this is not read.
const MOST_NODES: usize = 1 << 16;

/// Index of a node in its [`Tree`].
pub type NodeId = u32;

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Object,
    Array,
    Text,
    Number,
    True,
    False,
    Null,
}

/// Under what a node stands in its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Root,
    /// Byte range of the name, without quotes, still escaped.
    Name(u32, u32),
    Index(u32),
}

/// One value.
#[derive(Debug, Clone, Copy)]
pub struct Node {
    pub parent: NodeId,
    pub key: Key,
    pub kind: Kind,
    start: u32,
    end: u32,
}

impl Node {
    /// Bytes of the value; for a string without its quotes, for objects and arrays with their brackets.
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// The nodes of one JSON text in document order; the first is the root.
#[derive(Debug, Default)]
pub struct Tree {
    nodes: Vec<Node>,
    open: Vec<(NodeId, u32)>,
}

enum Expect {
    Value,
    /// After `[`.
    ValueOrClose,
    /// After `{`.
    NameOrClose,
    Name,
    CommaOrClose,
    End,
}

impl Tree {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Reads `text` in place of what was read before; false: it is not (or not only) one JSON value, or is too deep or too wide.
    pub fn read(&mut self, text: &[u8]) -> bool {
        self.nodes.clear();
        self.open.clear();
        if text.len() >= u32::MAX as usize {
            return false;
        }
        let done = self.walk(text).is_some();
        if !done {
            self.nodes.clear();
        }
        done
    }

    fn walk(&mut self, text: &[u8]) -> Option<()> {
        let mut at = 0;
        let mut expect = Expect::Value;
        let mut key = Key::Root;
        loop {
            while matches!(text.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
                at += 1;
            }
            let Some(&byte) = text.get(at) else {
                return matches!(expect, Expect::End).then_some(());
            };
            match (&expect, byte) {
                (Expect::NameOrClose, b'}') | (Expect::ValueOrClose, b']') => {
                    expect = self.close(byte, at)?;
                    at += 1;
                }
                (Expect::CommaOrClose, b'}' | b']') => {
                    expect = self.close(byte, at)?;
                    at += 1;
                }
                (Expect::CommaOrClose, b',') => {
                    let (id, count) = self.open.last_mut()?;
                    *count += 1;
                    let count = *count;
                    if self.nodes.get(*id as usize)?.kind == Kind::Object {
                        expect = Expect::Name;
                    } else {
                        key = Key::Index(count);
                        expect = Expect::Value;
                    }
                    at += 1;
                }
                (Expect::NameOrClose | Expect::Name, b'"') => {
                    let end = string_end(text, at + 1)?;
                    key = Key::Name(at as u32 + 1, end as u32);
                    at = end + 1;
                    while matches!(text.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
                        at += 1;
                    }
                    if text.get(at) != Some(&b':') {
                        return None;
                    }
                    at += 1;
                    expect = Expect::Value;
                }
                (Expect::Value | Expect::ValueOrClose, b'{' | b'[') => {
                    if self.open.len() >= DEEPEST {
                        return None;
                    }
                    let object = byte == b'{';
                    let id = self.add(key, if object { Kind::Object } else { Kind::Array }, at, at)?;
                    self.open.push((id, 0));
                    key = Key::Index(0);
                    expect = if object { Expect::NameOrClose } else { Expect::ValueOrClose };
                    at += 1;
                }
                (Expect::Value | Expect::ValueOrClose, _) => {
                    at = self.scalar(text, at, byte, key)?;
                    expect = if self.open.is_empty() { Expect::End } else { Expect::CommaOrClose };
                }
                _ => return None,
            }
        }
    }

    fn scalar(&mut self, text: &[u8], at: usize, byte: u8, key: Key) -> Option<usize> {
        if byte == b'"' {
            let end = string_end(text, at + 1)?;
            self.add(key, Kind::Text, at + 1, end)?;
            return Some(end + 1);
        }
        let length = text[at..].iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'+' | b'.')).count();
        let word = &text[at..at + length];
        let kind = match word {
            b"true" => Kind::True,
            b"false" => Kind::False,
            b"null" => Kind::Null,
            [b'-' | b'0'..=b'9', ..] => Kind::Number,
            _ => return None,
        };
        self.add(key, kind, at, at + length)?;
        Some(at + length)
    }

    fn add(&mut self, key: Key, kind: Kind, start: usize, end: usize) -> Option<NodeId> {
        if self.nodes.len() >= MOST_NODES {
            return None;
        }
        let id = self.nodes.len() as NodeId;
        let parent = self.open.last().map_or(id, |&(parent, _)| parent);
        self.nodes.push(Node { parent, key, kind, start: start as u32, end: end as u32 });
        Some(id)
    }

    fn close(&mut self, byte: u8, at: usize) -> Option<Expect> {
        let (id, _) = self.open.pop()?;
        let node = self.nodes.get_mut(id as usize)?;
        let fits = if node.kind == Kind::Object { b'}' } else { b']' };
        if byte != fits {
            return None;
        }
        node.end = at as u32 + 1;
        Some(if self.open.is_empty() { Expect::End } else { Expect::CommaOrClose })
    }

    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id as usize)
    }

    /// The direct child `name` of an object. Linear in the size of the text.
    pub fn child(&self, text: &[u8], parent: NodeId, name: &str) -> Option<NodeId> {
        let from = parent as usize + 1;
        let within = self.nodes.get(parent as usize)?.range().end;
        let rest = self.nodes.get(from..)?;
        let found = rest
            .iter()
            .take_while(|node| node.range().start < within)
            .position(|node| node.parent == parent && self.name_of(text, node) == Some(name.as_bytes()))?;
        Some((from + found) as NodeId)
    }

    /// The text of a direct child that is a string, still escaped.
    pub fn child_text<'t>(&self, text: &'t [u8], parent: NodeId, name: &str) -> Option<&'t [u8]> {
        let node = self.node(self.child(text, parent, name)?)?;
        if node.kind == Kind::Text { text.get(node.range()) } else { None }
    }

    /// The number in a direct child, where it is a whole one.
    pub fn child_number(&self, text: &[u8], parent: NodeId, name: &str) -> Option<u64> {
        let node = self.node(self.child(text, parent, name)?)?;
        if node.kind == Kind::Number { std::str::from_utf8(text.get(node.range())?).ok()?.parse().ok() } else { None }
    }

    /// The name under which a node stands in its object.
    pub fn name_of<'t>(&self, text: &'t [u8], node: &Node) -> Option<&'t [u8]> {
        match node.key {
            Key::Name(start, end) => text.get(start as usize..end as usize),
            _ => None,
        }
    }

    /// Whether the path from the root to `id` ends in `path`; `*` stands for an array index. The last element is the node's own key.
    pub fn path_ends(&self, text: &[u8], id: NodeId, path: &[&str]) -> bool {
        let mut id = id;
        for step in path.iter().rev() {
            let Some(node) = self.node(id) else { return false };
            let fits = match node.key {
                Key::Root => false,
                Key::Index(_) => *step == "*",
                Key::Name(..) => self.name_of(text, node) == Some(step.as_bytes()),
            };
            if !fits {
                return false;
            }
            id = node.parent;
        }
        true
    }

    /// The ancestor `levels` above a node (0: the node itself).
    pub fn ancestor(&self, id: NodeId, levels: usize) -> NodeId {
        (0..levels).fold(id, |id, _| self.node(id).map_or(id, |node| node.parent))
    }
}

/// Where the string that starts at `from` (after its quote) ends: the index of the closing quote.
fn string_end(text: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += memchr2(b'"', b'\\', text.get(at..)?)?;
        if text[at] == b'"' {
            return Some(at);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_found_with_their_place() {
        let text = br#" {"choices":[{"index":3,"delta":{"content":"a \"b\""}},{"x":[1,"y",{}]}],"n":null} "#;
        let mut tree = Tree::new();
        assert!(tree.read(text));
        let texts: Vec<_> = (0..tree.nodes().len() as u32).filter(|&id| tree.nodes()[id as usize].kind == Kind::Text).collect();
        assert_eq!(texts.len(), 2);
        assert_eq!(&text[tree.nodes()[texts[0] as usize].range()], br#"a \"b\""#);
        assert!(tree.path_ends(text, texts[0], &["choices", "*", "delta", "content"]));
        assert!(!tree.path_ends(text, texts[0], &["x", "choices", "*", "delta", "content"]));
        assert_eq!(tree.child_number(text, tree.ancestor(texts[0], 2), "index"), Some(3));
        assert!(tree.path_ends(text, texts[1], &["choices", "*", "x", "*"]));
        assert_eq!(tree.nodes()[texts[1] as usize].key, Key::Index(1));
        assert!(tree.child(text, 0, "n").is_some() && tree.child(text, 0, "index").is_none());
    }

    #[test]
    fn what_is_not_json_is_said_not_to_be() {
        let mut tree = Tree::new();
        for bad in ["", "{", "[1,]", "{\"a\"}", "{\"a\":}", "[1}", "\"a", "\"a\\", "nope", "{} {}", "{,}", "[DONE]", "1 2"] {
            assert!(!tree.read(bad.as_bytes()), "{bad}");
        }
        assert!(!tree.read("[".repeat(100_000).as_bytes()));
        assert!(tree.read(b"\"a\"") && tree.read(b"-1.5e3") && tree.read(b"[[],{}]"));
    }
}
