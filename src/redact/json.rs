//! One JSON document, restored while it passes in chunks.
//!
//! Takes the raw bytes and follows only as much JSON as is needed: what is inside a string, and under which key. Placeholders inside strings are
//! replaced by escaped values; everything else, valid or not, passes byte for byte. Holds back at most the start of a placeholder.
//! Says where the document ends, so that a line of JSON behind it can be read as a line.

use super::channels::{self, HEAD};
use super::matcher::{Level, Replacer};
use super::placeholders::Names;
use memchr::memchr2;

const LONGEST_KEY: usize = 24;

/// Depth to which objects and arrays are told apart; deeper, strings are still restored.
const DEEPEST: u32 = 128;

#[derive(Debug, Default)]
pub(super) struct JsonText {
    replacer: Replacer,
    /// Bit per open bracket: set for an object.
    open: u128,
    depth: u32,
    started: bool,
    in_string: bool,
    /// The byte before was a backslash that escapes.
    escape: bool,
    /// The next string is a name in an object.
    name_next: bool,
    /// The string being read is a name.
    is_name: bool,
    /// The name under which the value stands, as far as it fits.
    key: Vec<u8>,
    /// The first bytes of the string being read.
    head: [u8; HEAD],
    head_length: usize,
}

impl JsonText {
    /// Takes a chunk; gives how much of it belonged to the document. Less than all of it: the document has ended there.
    pub(super) fn push(&mut self, chunk: &[u8], names: &Names<'_>, out: &mut Vec<u8>) -> usize {
        let mut at = 0;
        while at < chunk.len() {
            if self.in_string {
                let length = self.string_end(&chunk[at..]);
                let closes = chunk.get(at + length) == Some(&b'"');
                self.inside(&chunk[at..at + length], names, out);
                at += length;
                if closes {
                    self.replacer.finish(out);
                    out.push(b'"');
                    at += 1;
                    self.in_string = false;
                }
                continue;
            }
            let length = self.outside(&chunk[at..]);
            out.extend_from_slice(&chunk[at..at + length]);
            at += length;
            if self.ended() {
                return at;
            }
        }
        at
    }

    /// The document's last bracket has come.
    pub(super) fn ended(&self) -> bool {
        self.started && self.depth == 0 && !self.in_string
    }

    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        self.replacer.finish(out);
    }

    /// How far the string goes in this chunk: the index of its closing quote, or all of it.
    fn string_end(&mut self, text: &[u8]) -> usize {
        let mut at = usize::from(std::mem::take(&mut self.escape)).min(text.len());
        while let Some(found) = text.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
            at += found;
            if text[at] == b'"' {
                return at;
            }
            if at + 1 == text.len() {
                self.escape = true;
                return text.len();
            }
            at += 2;
        }
        text.len()
    }

    fn inside(&mut self, text: &[u8], names: &Names<'_>, out: &mut Vec<u8>) {
        if self.is_name {
            let room = (LONGEST_KEY + 1).saturating_sub(self.key.len()).min(text.len());
            self.key.extend_from_slice(&text[..room]);
        }
        for &byte in text.iter().take(HEAD.saturating_sub(self.head_length)) {
            self.head[self.head_length] = byte;
            self.head_length += 1;
        }
        let level = match (self.is_name, self.key.as_slice()) {
            (true, _) => Level::Json,
            // A thinking block is bound by its signature: changed, the tool would not take it back.
            (false, b"thinking") => return out.extend_from_slice(text),
            (false, key) => channels::level(key, &self.head[..self.head_length]),
        };
        self.replacer.push(text, level, names, out);
    }

    /// Follows the structure up to the next string or the end of the document; gives how many bytes that took.
    fn outside(&mut self, text: &[u8]) -> usize {
        for (at, &byte) in text.iter().enumerate() {
            match byte {
                b'"' => {
                    self.in_string = true;
                    self.escape = false;
                    self.is_name = self.name_next;
                    self.head_length = 0;
                    if self.is_name {
                        self.key.clear();
                    }
                    return at + 1;
                }
                b'{' | b'[' => {
                    self.started = true;
                    self.depth = self.depth.saturating_add(1);
                    if self.depth <= DEEPEST {
                        self.open = self.open << 1 | u128::from(byte == b'{');
                    }
                    self.name_next = byte == b'{' && self.depth <= DEEPEST;
                }
                b'}' | b']' => {
                    if self.depth <= DEEPEST {
                        self.open >>= 1;
                    }
                    self.depth = self.depth.saturating_sub(1);
                    self.name_next = false;
                    self.key.clear();
                    if self.depth == 0 && self.started {
                        return at + 1;
                    }
                }
                b',' => {
                    self.name_next = self.open & 1 == 1 && self.depth <= DEEPEST;
                    if self.name_next {
                        self.key.clear();
                    }
                }
                b':' => self.name_next = false,
                _ => {}
            }
        }
        text.len()
    }
}
