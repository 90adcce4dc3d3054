//! The words that detectors start from and weigh, in one table.
//!
//! Takes each detector's list of words; gives a table that the prefilter asks once per word of the text. A word that several detectors name is
//! one entry with all their groups. Nearly every word is unknown, and one small table says so by its first four bytes and its length; two bit
//! tables by its first eight bytes (all of a short word) and by the first four (for words that are known by a short beginning) say it of the rest.

use super::groups::Groups;
use super::prefilter::{Hit, Trace, is_word};

/// Words with the groups they stand for, separated by `, `. A trailing `*` also takes every longer word; such a word has at least four
/// letters before its first space or sign. Letters count in either case.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words(pub Groups, pub &'static str);

struct Entry {
    key: u64,
    text: String,
    prefix: bool,
    /// The key says all there is to compare.
    short: bool,
    /// Where the second word begins; beyond the end where there is none.
    next: usize,
    /// The last entry of its slot.
    last: bool,
    groups: Groups,
}

/// Bytes of a word that tell it apart before it is compared.
pub(crate) const KEY: usize = 8;
/// Bytes of a beginning of four to seven letters that do.
const SHORT: u64 = 0xffff_ffff;
/// Bytes that a longer word may add to a known one; more is no word, and reading on would make hostile text slow.
const WORD_MAX: usize = 48;

/// Entries by their key.
struct Table {
    /// One bit per hash, so that most unknown words end here.
    bits: Bits,
    /// For each hash without its last bits, one more than the index of its first entry; 0 for none.
    slots: Box<[u16]>,
    /// In the order of their hash.
    entries: Vec<Entry>,
}

/// One bit for each hash of a key.
#[derive(Debug)]
struct Bits(Box<[u64; (1 << BITS) / 64]>);

impl Default for Bits {
    fn default() -> Self {
        Self(Box::new([0; (1 << BITS) / 64]))
    }
}

impl Bits {
    fn set(&mut self, key: u64) {
        let hash = hash(key);
        self.0[hash / 64] |= 1 << (hash % 64);
    }

    #[inline]
    fn hold(&self, key: u64) -> bool {
        let hash = hash(key);
        self.0[hash / 64] >> (hash % 64) & 1 == 1
    }
}

const BITS: u32 = 16;
const SLOT_BITS: u32 = 13;

impl Table {
    fn new(mut entries: Vec<Entry>) -> Self {
        entries.sort_by_key(|entry| (hash(entry.key), entry.key));
        let (mut bits, mut slots) = (Bits::default(), vec![0; 1 << SLOT_BITS]);
        for (index, entry) in entries.iter().enumerate().rev() {
            bits.set(entry.key);
            slots[slot(entry.key)] = u16::try_from(index + 1).unwrap_or(0);
        }
        for index in 0..entries.len() {
            entries[index].last = entries.get(index + 1).is_none_or(|next| slot(next.key) != slot(entries[index].key));
        }
        Self { bits, slots: slots.into(), entries }
    }

    /// The entries with this key.
    #[inline]
    fn with(&self, key: u64) -> impl Iterator<Item = &Entry> {
        let first = usize::from(self.slots[slot(key)]).checked_sub(1);
        let mut rest = first.and_then(|first| self.entries.get(first..)).unwrap_or(&[]);
        std::iter::from_fn(move || {
            loop {
                let (entry, after) = rest.split_first()?;
                rest = if entry.last { &[] } else { after };
                if entry.key == key {
                    return Some(entry);
                }
            }
        })
    }
}

#[inline]
fn hash(key: u64) -> usize {
    (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - BITS)) as usize
}

#[inline]
fn slot(key: u64) -> usize {
    hash(key) >> (BITS - SLOT_BITS)
}

fn first_word(text: &str) -> usize {
    text.bytes().position(|byte| !is_word(byte)).unwrap_or(text.len())
}

pub(crate) struct Keywords {
    /// For each hash of a beginning, a bit for each class of lengths that a known word with such a beginning may have.
    lengths: Box<[u8; 1 << LENGTH_BITS]>,
    /// Whole words, and beginnings of eight letters and more.
    whole: Table,
    /// Beginnings of four to seven letters.
    short: Table,
}

/// Bytes of a word by which it is told apart first.
pub(crate) const BEGINNING: usize = 4;
const LENGTH_BITS: u32 = 14;

/// The class of a length: its bit in [`Keywords::lengths`].
#[inline]
fn class_of(length: usize) -> u32 {
    const CLASSES: [u8; 16] = [0, 0, 0, 1, 2, 3, 4, 5, 6, 6, 6, 7, 7, 7, 7, 7];
    u32::from(CLASSES[length.min(CLASSES.len() - 1)])
}

/// Where the lengths of words with this beginning stand.
#[inline]
fn lengths_of(beginning: u32, length: usize) -> usize {
    const MASKS: [u32; BEGINNING + 1] = [0, 0xff, 0xffff, 0xff_ffff, u32::MAX];
    let folded = (beginning | 0x2020_2020) & MASKS[length.min(BEGINNING)];
    (folded.wrapping_mul(0x9e37_79b1) >> (32 - LENGTH_BITS)) as usize
}

impl Keywords {
    pub fn new(lists: impl IntoIterator<Item = Words>) -> Self {
        let mut known: std::collections::BTreeMap<(String, bool), Groups> = std::collections::BTreeMap::new();
        for Words(groups, list) in lists {
            for word in list.split(", ").map(str::trim).filter(|word| !word.is_empty()) {
                *known.entry((word.trim_end_matches('*').to_lowercase(), word.ends_with('*'))).or_default() |= groups;
            }
        }
        let (mut whole, mut short) = (Vec::new(), Vec::new());
        let mut lengths = Box::new([0; 1 << LENGTH_BITS]);
        for ((text, prefix), groups) in known {
            let first = first_word(&text);
            debug_assert!(!prefix || first >= 4 || first < text.len(), "{text}*: a prefix needs four letters");
            let beginning = text.bytes().take(first.min(BEGINNING)).rev().fold(0, |all, byte| all << 8 | u32::from(byte));
            let longest = if prefix && first == text.len() { class_of(usize::MAX) } else { class_of(first) };
            for class in class_of(first)..=longest {
                lengths[lengths_of(beginning, first)] |= 1 << class;
            }
            let (table, mask) = if prefix && first == text.len() && first < KEY { (&mut short, SHORT) } else { (&mut whole, u64::MAX) };
            let short = text.is_ascii() && first == text.len() && (first <= KEY && mask == u64::MAX || first == BEGINNING);
            table.push(Entry { key: key(text.as_bytes(), 0, first) & mask, text, prefix, short, next: first + 1, last: false, groups });
        }
        Self { lengths, whole: Table::new(whole), short: Table::new(short) }
    }

    /// Whether a word with these first bytes and this length may be known: almost always no for one that is not.
    #[inline]
    pub fn may_hold(&self, beginning: u32, length: usize) -> bool {
        self.lengths[lengths_of(beginning, length)] >> class_of(length) & 1 == 1
    }

    /// Adds the known words that start with the text's own word `start..end`, if any, to the trace.
    pub fn look(&self, text: &str, start: usize, end: usize, trace: &mut Trace) {
        let key = key(text.as_bytes(), start, end);
        if !(self.whole.bits.hold(key) | self.short.bits.hold(key & SHORT)) {
            return;
        }
        let bytes = text.as_bytes();
        let (mut groups, mut to) = (0, start);
        for entry in self.whole.with(key).chain(self.short.with(key & SHORT)) {
            let length = entry.text.len();
            // Phrases mostly part from the text at their second word.
            let same = entry.short
                || bytes.get(start..start + length).is_some_and(|found| {
                    let next = entry.text.as_bytes().get(entry.next).copied();
                    next.is_none_or(|next| found[entry.next] | 0x20 == next | 0x20) && found.eq_ignore_ascii_case(entry.text.as_bytes())
                });
            if !same {
                continue;
            }
            let mut reach = start + length;
            if entry.prefix {
                reach += bytes[reach..].iter().take(WORD_MAX).take_while(|&&byte| is_word(byte)).count();
                reach += bytes[reach..].iter().take(3).take_while(|&&byte| byte & 0xc0 == 0x80).count();
            } else if reach < end || reach > end && bytes.get(reach).is_some_and(|&next| is_word(next)) {
                continue;
            }
            groups |= entry.groups;
            to = to.max(reach);
        }
        if groups == 0 {
            return;
        }
        trace.present |= groups;
        match trace.hits.last_mut() {
            Some(last) if last.start == start => {
                last.groups |= groups;
                last.end = last.end.max(to);
            }
            _ => trace.hits.push(Hit { start, end: to, groups }),
        }
    }
}

/// The beginnings of an organisation's own words: a text without any of them needs no second look.
#[derive(Debug)]
pub(crate) struct Beginnings {
    bits: Bits,
    /// A word has neither letter nor digit: every text may hold it.
    any: bool,
}

impl Beginnings {
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut beginnings = Self { bits: Bits::default(), any: false };
        for word in words {
            let bytes = word.as_bytes();
            match bytes.iter().position(|&byte| is_word(byte)) {
                Some(start) => {
                    let end = start + bytes[start..].iter().take_while(|&&byte| is_word(byte)).count();
                    beginnings.bits.set(key(bytes, start, end));
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
    pub fn hold(&self, key: u64) -> bool {
        self.bits.hold(key)
    }
}

/// The first eight bytes of the word, or all of a shorter one, with letters in lower case.
#[inline]
pub(crate) fn key(text: &[u8], start: usize, end: usize) -> u64 {
    let length = (end - start).min(KEY);
    match text.get(start..start + KEY).and_then(|bytes| bytes.first_chunk::<KEY>()) {
        Some(bytes) => fold(u64::from_le_bytes(*bytes), length),
        None => fold(text[start..start + length].iter().rev().fold(0, |key, &byte| key << 8 | u64::from(byte)), length),
    }
}

/// The first `length` (0 to 8) bytes, with letters in lower case.
#[inline]
fn fold(bytes: u64, length: usize) -> u64 {
    const MASKS: [u64; KEY + 1] = {
        let mut masks = [0; KEY + 1];
        let mut length = 1;
        while length <= KEY {
            masks[length] = u64::MAX >> (64 - 8 * length);
            length += 1;
        }
        masks
    };
    (bytes | 0x2020_2020_2020_2020) & MASKS[length]
}
