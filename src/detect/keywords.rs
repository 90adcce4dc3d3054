//! The words that detectors start from and weigh, in one table.
//!
//! Takes each detector's list of words; gives a hash table that the prefilter asks once per word of the text. A word that several detectors
//! name is one entry with all their groups.

use super::groups::Groups;
use super::prefilter::{Hit, Trace, is_word};

/// Words with the groups they stand for, separated by `, `. A trailing `*` also takes every longer word; such a word has at least four
/// letters before its first space or sign. Letters count in either case.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words(pub Groups, pub &'static str);

struct Entry {
    key: u32,
    /// Bytes of the first word in it.
    first: usize,
    text: String,
    prefix: bool,
    groups: Groups,
}

const BITS: u32 = 13;
/// Bytes that a longer word may add to a known one; more is no word, and reading on would make hostile text slow.
const WORD_MAX: usize = 48;

pub(crate) struct Keywords {
    /// For each hash, one more than the index of its first entry; 0 for none.
    slots: Box<[u16]>,
    /// In the order of their hash.
    entries: Vec<Entry>,
}

impl Keywords {
    pub fn new(lists: impl IntoIterator<Item = Words>) -> Self {
        let mut entries: Vec<Entry> = Vec::new();
        for Words(groups, list) in lists {
            for word in list.split(", ").map(str::trim).filter(|word| !word.is_empty()) {
                let prefix = word.ends_with('*');
                let text = word.trim_end_matches('*').to_lowercase();
                match entries.iter_mut().find(|entry| entry.text == text && entry.prefix == prefix) {
                    Some(entry) => entry.groups |= groups,
                    None => {
                        let first = text.bytes().position(|byte| !is_word(byte)).unwrap_or(text.len());
                        debug_assert!(!prefix || first >= 4 || first < text.len(), "{word}: a prefix needs four letters");
                        entries.push(Entry { key: key(text.as_bytes(), 0, first), first, text, prefix, groups });
                    }
                }
            }
        }
        entries.sort_by_key(|entry| (slot(entry.key), entry.key));
        let mut slots = vec![0u16; 1 << BITS].into_boxed_slice();
        for (index, entry) in entries.iter().enumerate().rev() {
            slots[slot(entry.key)] = u16::try_from(index + 1).unwrap_or(0);
        }
        Self { slots, entries }
    }

    /// Adds the known word that starts at `start`, if any, to the trace; `end` is where the text's own word ends.
    #[inline]
    pub fn look(&self, text: &str, start: usize, end: usize, trace: &mut Trace) {
        self.look_for(key(text.as_bytes(), start, end), text, start, end, trace);
    }

    /// As [`Keywords::look`], with the word's [`key`] known.
    #[inline]
    pub fn look_for(&self, key: u32, text: &str, start: usize, end: usize, trace: &mut Trace) {
        let first = self.slots[slot(key)];
        if first != 0 {
            self.compare(text.as_bytes(), start, end, key, usize::from(first) - 1, trace);
        }
    }

    fn compare(&self, text: &[u8], start: usize, word_end: usize, key: u32, first: usize, trace: &mut Trace) {
        let (mut groups, mut end) = (0, start);
        let length = word_end - start;
        for entry in self.entries[first..].iter().take_while(|entry| slot(entry.key) == slot(key)) {
            // Most words that share their beginning with a known one are longer or shorter, and need no comparison.
            let fits = entry.key == key
                && (entry.prefix && entry.first <= length
                    || entry.first == length
                    || entry.first < length && text[start + entry.first].is_ascii_uppercase());
            if !fits {
                continue;
            }
            let Some(found) = text.get(start..start + entry.text.len()) else { continue };
            if !found.eq_ignore_ascii_case(entry.text.as_bytes()) {
                continue;
            }
            let mut to = start + entry.text.len();
            if entry.prefix {
                to += text[to..].iter().take(WORD_MAX).take_while(|&&byte| is_word(byte)).count();
                to += text[to..].iter().take(3).take_while(|&&byte| byte & 0xc0 == 0x80).count();
            } else if text.get(to).is_some_and(|&next| is_word(next) && !(next.is_ascii_uppercase() && text[to - 1].is_ascii_lowercase())) {
                continue;
            }
            groups |= entry.groups;
            end = end.max(to);
        }
        if groups == 0 {
            return;
        }
        trace.present |= groups;
        match trace.hits.last_mut() {
            Some(last) if last.start == start => {
                last.groups |= groups;
                last.end = last.end.max(end);
            }
            _ => trace.hits.push(Hit { start, end, groups }),
        }
    }
}

/// The beginnings of an organisation's own words: a text without any of them needs no second look.
#[derive(Debug)]
pub(crate) struct Beginnings {
    bits: Box<[u64]>,
    /// A word has neither letter nor digit: every text may hold it.
    any: bool,
}

impl Beginnings {
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut beginnings = Self { bits: vec![0; (1 << BITS) / 64].into_boxed_slice(), any: false };
        for word in words {
            let bytes = word.as_bytes();
            match bytes.iter().position(|&byte| is_word(byte)) {
                Some(start) => {
                    let end = start + bytes[start..].iter().take_while(|&&byte| is_word(byte)).count();
                    let slot = slot(key(bytes, start, end));
                    beginnings.bits[slot / 64] |= 1 << (slot % 64);
                }
                None => beginnings.any = true,
            }
        }
        beginnings
    }

    /// Every text is to be looked at.
    pub fn any(&self) -> bool {
        self.any
    }

    /// A word with this [`key`] may be the first of a known one.
    #[inline]
    pub fn hold(&self, key: u32) -> bool {
        let slot = slot(key);
        self.bits[slot / 64] >> (slot % 64) & 1 == 1
    }
}

/// The first four bytes of the word in lower case, or all of a shorter one.
#[inline]
pub(crate) fn key(text: &[u8], start: usize, end: usize) -> u32 {
    if end - start >= 4
        && let Some(&[a, b, c, d]) = text.get(start..start + 4)
    {
        return u32::from_le_bytes([a, b, c, d]) | 0x2020_2020;
    }
    text[start..end].iter().rev().fold(0, |key, &byte| key << 8 | u32::from(byte | 0x20))
}

#[inline]
fn slot(key: u32) -> usize {
    (key.wrapping_mul(0x9e37_79b1) >> (32 - BITS)) as usize
}
