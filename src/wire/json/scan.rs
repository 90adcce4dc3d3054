//! The walk over the bytes: one loop, no recursion.
//!
//! Takes an empty document; gives it filled, or the reason why it is none. Every byte is looked at once.

use super::super::reading::LABEL;
use super::super::{Unreadable, escape};
use super::{At, Doc, Kind, Leaf, MAX_DEPTH, MAX_ENTRIES, Node, ROOT};
use memchr::memchr2;

/// A number of this many digits may be somebody's: it is looked at like a string.
const LONG_NUMBER: usize = 7;
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

/// Fills an empty document from its text.
pub(super) fn scan(doc: Doc<'_>) -> Result<Doc<'_>, Unreadable> {
    let text = doc.text;
    let mut scanner = Scanner { bytes: text.as_bytes(), pos: if text.starts_with('\u{feff}') { 3 } else { 0 }, doc };
    scanner.document()?;
    Ok(scanner.doc)
}

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
        if odd || digits > 5 || end - start > LABEL {
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
