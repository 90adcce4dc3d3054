//! A JSON reader that remembers where each string stands.
//!
//! Takes the text of a document, validates all of it (RFC 8259, no leniency: what we would misread, the tool might read), and gives every
//! string with its byte range and its path, so that one string can be looked at or replaced and every other byte stays as it was.
//! It must never recurse (nesting comes from outside), never allocate per string, and never give a partial document: an error is an error.

use super::Unreadable;
use super::escape;
use memchr::memchr2;
use std::borrow::Cow;

/// Containers inside containers that are followed; serde_json and most servers stop at the same depth.
pub(super) const MAX_DEPTH: u32 = 128;
/// Strings and containers that are remembered, which bounds the memory of one document to some 100 MB whatever it holds.
const MAX_ENTRIES: usize = 2_000_000;
/// A number of this many digits may be somebody's: it is looked at like a string.
const LONG_NUMBER: usize = 7;
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
    array: bool,
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
    /// A member's name that is not just a name: it holds spaces, signs or many digits.
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
        let mut scanner = Scanner {
            bytes: text.as_bytes(),
            pos: if text.starts_with('\u{feff}') { 3 } else { 0 },
            doc: Doc { text, nodes: Vec::with_capacity(16), leaves: Vec::with_capacity(32), spelled: Vec::new() },
        };
        scanner.document()?;
        Ok(scanner.doc)
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

/// Bytes that end the quick run through a string: quote, backslash, control characters.
const STOPS: [bool; 256] = {
    let mut table = [false; 256];
    let mut b = 0;
    while b < 0x20 {
        table[b] = true;
        b += 1;
    }
    table[b'"' as usize] = true;
    table[b'\\' as usize] = true;
    table
};

/// Bytes of ordinary member names: letters 1, digits 2, other 0.
const NAMES: [u8; 256] = {
    let mut table = [0; 256];
    let mut b = 0;
    while b < 256 {
        let byte = b as u8;
        if byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b'.' | b'$' | b':' | b'/') {
            table[b] = 1;
        } else if byte.is_ascii_digit() {
            table[b] = 2;
        }
        b += 1;
    }
    table
};

struct Scanner<'a> {
    bytes: &'a [u8],
    pos: usize,
    doc: Doc<'a>,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.pos).copied()
    }

    fn space(&mut self) -> Result<u8, Unreadable> {
        loop {
            match self.peek() {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.pos += 1,
                Some(other) => return Ok(other),
                None => return Err(Unreadable::Truncated),
            }
        }
    }

    fn document(&mut self) -> Result<(), Unreadable> {
        let mut here = ROOT;
        let mut depth = 0u32;
        let mut at = At::Root;
        loop {
            // A value begins.
            match self.space()? {
                open @ (b'{' | b'[') => {
                    depth += 1;
                    if depth > MAX_DEPTH {
                        return Err(Unreadable::TooDeep);
                    }
                    self.pos += 1;
                    let array = open == b'[';
                    let id = self.doc.nodes.len() as u32;
                    self.doc.nodes.push(Node { parent: here, at, array, children: 0, integers: 0 });
                    self.bounded()?;
                    here = id;
                    let next = self.space()?;
                    if next != if array { b']' } else { b'}' } {
                        at = self.member(here, array, next)?;
                        continue;
                    }
                }
                b'"' => {
                    self.pos += 1;
                    let (start, end, escaped) = self.string()?;
                    if end > start {
                        let kind = if escaped { Kind::Escaped } else { Kind::Plain };
                        self.leaf(Leaf { parent: here, at, start: start as u32, end: end as u32, kind })?;
                    }
                }
                b't' => {
                    let start = self.pos;
                    self.word(b"true")?;
                    if matches!(at, At::Key(..) | At::Spelled(_)) {
                        self.leaf(Leaf { parent: here, at, start: start as u32, end: self.pos as u32, kind: Kind::True })?;
                    }
                }
                b'f' => self.word(b"false")?,
                b'n' => self.word(b"null")?,
                b'-' | b'0'..=b'9' => self.number(here, at)?,
                _ => return Err(Unreadable::BrokenForm),
            }
            // A value has ended, or an empty container stands open.
            loop {
                let Some(node) = self.doc.nodes.get(here as usize) else {
                    return self.end();
                };
                let (array, parent) = (node.array, node.parent);
                match (self.space()?, array) {
                    (b',', _) => {
                        self.pos += 1;
                        let next = self.space()?;
                        at = self.member(here, array, next)?;
                        break;
                    }
                    (b']', true) | (b'}', false) => {
                        self.pos += 1;
                        depth -= 1;
                        here = parent;
                    }
                    _ => return Err(Unreadable::BrokenForm),
                }
            }
        }
    }

    /// Nothing but white space may follow.
    fn end(&mut self) -> Result<(), Unreadable> {
        match self.space() {
            Err(_) => Ok(()),
            Ok(_) => Err(Unreadable::BrokenForm),
        }
    }

    /// The place of the next value in an open container: counts an element, or reads a key and its colon.
    fn member(&mut self, here: u32, array: bool, next: u8) -> Result<At, Unreadable> {
        if array {
            let Some(node) = self.doc.nodes.get_mut(here as usize) else { return Err(Unreadable::BrokenForm) };
            let index = node.children;
            node.children += 1;
            return Ok(At::Index(index));
        }
        if next != b'"' {
            return Err(Unreadable::BrokenForm);
        }
        self.pos += 1;
        let (start, end, escaped) = self.string()?;
        let mut odd = escaped;
        let mut digits = 0;
        for &b in self.bytes.get(start..end).unwrap_or_default() {
            match NAMES.get(b as usize) {
                Some(1) => {}
                Some(2) => digits += 1,
                _ => odd = true,
            }
        }
        if odd || digits > 5 {
            let at = At::Root;
            self.leaf(Leaf { parent: here, at, start: start as u32, end: end as u32, kind: Kind::OddKey })?;
        }
        if self.space()? != b':' {
            return Err(Unreadable::BrokenForm);
        }
        self.pos += 1;
        if !escaped {
            return Ok(At::Key(start as u32, end as u32));
        }
        let undone = escape::undo(self.doc.text.get(start..end).unwrap_or("")).into_owned();
        self.doc.spelled.push(undone);
        Ok(At::Spelled(self.doc.spelled.len() as u32 - 1))
    }

    fn leaf(&mut self, leaf: Leaf) -> Result<(), Unreadable> {
        self.doc.leaves.push(leaf);
        self.bounded()
    }

    fn bounded(&self) -> Result<(), Unreadable> {
        if self.doc.leaves.len() + self.doc.nodes.len() > MAX_ENTRIES { Err(Unreadable::TooLarge) } else { Ok(()) }
    }

    /// From behind the opening quote to behind the closing one: start, end, whether there were escapes.
    fn string(&mut self) -> Result<(usize, usize, bool), Unreadable> {
        let start = self.pos;
        let mut escaped = false;
        loop {
            let rest = self.bytes.get(self.pos..).unwrap_or_default();
            // Most strings are short: look at some bytes here before calling the wide search.
            let near = rest.len().min(24);
            let mut n = rest.iter().take(near).position(|&b| STOPS[b as usize]).unwrap_or(near);
            if n == near && near < rest.len() {
                let far = rest.get(near..).unwrap_or_default();
                let run = memchr2(b'"', b'\\', far).unwrap_or(far.len());
                if far.get(..run).unwrap_or_default().iter().fold(false, |any, &b| any | (b < 0x20)) {
                    return Err(Unreadable::BrokenForm);
                }
                n += run;
            }
            match rest.get(n) {
                Some(b'"') => {
                    let end = self.pos + n;
                    self.pos = end + 1;
                    return Ok((start, end, escaped));
                }
                Some(b'\\') => {
                    escaped = true;
                    self.pos += n + 1;
                    self.escape()?;
                }
                Some(_) => return Err(Unreadable::BrokenForm),
                None => return Err(Unreadable::Truncated),
            }
        }
    }

    /// Behind a backslash.
    fn escape(&mut self) -> Result<(), Unreadable> {
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.pos += 1,
            Some(b'u') => match self.bytes.get(self.pos + 1..self.pos + 5) {
                Some(hex) if hex.iter().all(u8::is_ascii_hexdigit) => self.pos += 5,
                Some(_) => return Err(Unreadable::BrokenForm),
                None => return Err(Unreadable::Truncated),
            },
            Some(_) => return Err(Unreadable::BrokenForm),
            None => return Err(Unreadable::Truncated),
        }
        Ok(())
    }

    fn word(&mut self, word: &[u8]) -> Result<(), Unreadable> {
        let rest = self.bytes.get(self.pos..).unwrap_or_default();
        if rest.starts_with(word) {
            self.pos += word.len();
            Ok(())
        } else if word.starts_with(rest) {
            Err(Unreadable::Truncated)
        } else {
            Err(Unreadable::BrokenForm)
        }
    }

    fn digits(&mut self) -> Result<usize, Unreadable> {
        let start = self.pos;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.pos += 1;
        }
        match (self.pos - start, self.peek()) {
            (0, None) => Err(Unreadable::Truncated),
            (0, Some(_)) => Err(Unreadable::BrokenForm),
            (n, _) => Ok(n),
        }
    }

    fn number(&mut self, parent: u32, at: At) -> Result<(), Unreadable> {
        let start = self.pos;
        let mut whole = true;
        if self.peek() == Some(b'-') {
            self.pos += 1;
        }
        let first = self.peek();
        let count = self.digits()?;
        if count > 1 && first == Some(b'0') {
            return Err(Unreadable::BrokenForm);
        }
        if self.peek() == Some(b'.') {
            self.pos += 1;
            self.digits()?;
            whole = false;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.pos += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.pos += 1;
            }
            self.digits()?;
            whole = false;
        }
        if whole && let Some(node) = self.doc.nodes.get_mut(parent as usize) {
            node.integers += 1;
        }
        if count >= LONG_NUMBER {
            self.leaf(Leaf { parent, at, start: start as u32, end: self.pos as u32, kind: Kind::Number })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> Vec<String> {
        let doc = Doc::read(text).unwrap();
        let mut walker = Walker::new(&doc);
        doc.leaves
            .iter()
            .map(|leaf| {
                walker.go(leaf);
                let path: Vec<String> = walker
                    .path
                    .iter()
                    .map(|s| match s {
                        Seg::Key(k) => (*k).to_owned(),
                        Seg::Index(i) => i.to_string(),
                    })
                    .collect();
                format!("{}={}", path.join("."), doc.value(leaf))
            })
            .collect()
    }

    #[test]
    fn every_string_comes_with_its_path_and_its_text() {
        let text = r#" {"a":"x","b":[{"c":"y\n\u00e9"},"z",[]],"d":{},"e":"","f":12,"g":111222333,"h":true,"caf\u00e9":"w"} "#;
        assert_eq!(shown(text), ["a=x", "b.0.c=y\né", "b.1=z", "g=111222333", "h=true", "=café", "café=w"]);
    }

    #[test]
    fn duplicate_keys_are_all_read() {
        assert_eq!(shown(r#"{"a":"one","a":"two"}"#), ["a=one", "a=two"]);
    }

    #[test]
    fn names_that_hold_more_than_a_name_are_looked_at() {
        assert_eq!(shown(r#"{"Jan Jansen":1,"plain_name":1,"b111222333":null}"#), ["=Jan Jansen", "=b111222333"]);
    }

    #[test]
    fn nesting_of_a_hundred_thousand_is_an_answer_and_not_an_overflow() {
        for open in ["[", "{\"a\":"] {
            assert_eq!(Doc::read(&open.repeat(100_000)).unwrap_err(), Unreadable::TooDeep);
        }
        assert!(Doc::read(&format!("{}{}", "[".repeat(128), "]".repeat(128))).is_ok());
    }

    #[test]
    fn memory_stays_bounded_for_a_body_of_crumbs() {
        let crumbs = format!("[{}\"a\"]", "\"a\",".repeat(MAX_ENTRIES));
        assert_eq!(Doc::read(&crumbs).unwrap_err(), Unreadable::TooLarge);
    }

    #[test]
    fn what_is_not_json_is_refused_and_what_ends_early_is_called_so() {
        for broken in [
            "{]",
            "[1,]",
            "{\"a\":1,}",
            "{a:1}",
            "['a']",
            "[01]",
            "[1.]x",
            "[+1]",
            "[.5]",
            "[NaN]",
            "{} {}",
            "\"a\nb\"",
            r#""\x""#,
            r#""\u12g4""#,
            "[1]x",
            "nul ",
            "{\"a\" 1}",
            "[\"a\" \"b\"]",
            "}",
            "// c\n1",
            "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\tb\"",
        ] {
            assert_eq!(Doc::read(broken).unwrap_err(), Unreadable::BrokenForm, "{broken}");
        }
        for short in ["", " ", "{", "[1", "[1,", "\"abc", r#""\"#, r#""\u12"#, "tru", "-", "1.", "1e", "{\"a\"", "{\"a\":"] {
            assert_eq!(Doc::read(short).unwrap_err(), Unreadable::Truncated, "{short}");
        }
        for fine in ["0", "-0.5e+10", "\"\"", "true", "[]", "{}", "\u{feff}[]", "null", "[1e5, -2]"] {
            assert!(Doc::read(fine).is_ok(), "{fine}");
        }
    }

    proptest! {
        #[test]
        fn it_takes_exactly_what_serde_json_takes(text in r#"[\[\]{}",:\\untrfalse0-9.eE \-]{0,24}"#) {
            let theirs = serde_json::from_str::<&serde_json::value::RawValue>(&text).is_ok();
            // serde_json refuses lone surrogates, which programs do send; everything else must agree.
            if !text.contains("\\u") {
                prop_assert_eq!(Doc::read(&text).is_ok(), theirs);
            }
        }

        #[test]
        fn strings_come_back_as_they_were(words in proptest::collection::vec(".*", 0..8)) {
            let text = serde_json::to_string(&words).unwrap();
            let doc = Doc::read(&text).unwrap();
            let read: Vec<String> = doc.leaves.iter().map(|l| doc.value(l).into_owned()).collect();
            let kept: Vec<String> = words.into_iter().filter(|w| !w.is_empty()).collect();
            prop_assert_eq!(read, kept);
        }
    }
}
