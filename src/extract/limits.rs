//! How much of a file is unpacked and read.
//!
//! A file says what it holds; nobody believes it. Every bound here counts what really came out.

use crate::text::PromptText;
use crate::unreadable::Unreadable;

/// Bounds for one file with everything in it. What goes over one is [`Unreadable::TooLarge`] (or [`Unreadable::TooDeep`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of text in all pieces together.
    pub text: usize,
    /// Bytes of all members together, unpacked; no more than this is held in memory.
    pub unpacked: u64,
    /// Members of all archives together.
    pub entries: usize,
    /// How many times larger than its packed bytes a member may become, once it is over 1 MiB.
    pub ratio: u64,
    /// Archives inside the file, one in the other.
    pub depth: u8,
}

impl Default for Limits {
    fn default() -> Self {
        Self { text: 32 << 20, unpacked: 128 << 20, entries: 10_000, ratio: 250, depth: 2 }
    }
}

/// Members up to this size need no ratio.
const FREE: u64 = 1 << 20;

/// What is left of the limits while a file is read.
#[derive(Debug)]
pub(super) struct Budget {
    pub text: usize,
    pub unpacked: u64,
    pub entries: usize,
    ratio: u64,
}

impl Budget {
    pub fn new(limits: &Limits) -> Self {
        Self { text: limits.text, unpacked: limits.unpacked, entries: limits.entries, ratio: limits.ratio }
    }

    /// The most bytes that a member of so many packed bytes may give.
    pub fn member(&self, packed: u64) -> u64 {
        self.unpacked.min(FREE.max(packed.saturating_mul(self.ratio)))
    }
}

/// Text under construction, never longer than its bound.
#[derive(Debug, Default)]
pub(super) struct Text {
    text: String,
    most: usize,
}

impl Text {
    pub fn new(most: usize) -> Self {
        Self { text: String::new(), most }
    }

    pub fn push(&mut self, words: &str) -> Result<(), Unreadable> {
        if words.len() > self.most - self.text.len() {
            return Err(Unreadable::TooLarge);
        }
        self.text.push_str(words);
        Ok(())
    }

    /// A line of its own, where it holds anything.
    pub fn line(&mut self, words: &str) -> Result<(), Unreadable> {
        let words = words.trim_matches([' ', '\n', '\r']);
        if words.is_empty() {
            return Ok(());
        }
        self.push(words)?;
        self.push("\n")
    }

    pub fn ends_with(&self, marks: &[char]) -> bool {
        self.text.is_empty() || self.text.ends_with(marks)
    }

    pub fn len(&self) -> usize {
        self.text.len()
    }

    pub fn into_text(self) -> PromptText {
        PromptText::new(self.text)
    }

    /// Nothing but white space.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}
