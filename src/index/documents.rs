//! Document fingerprints: does this run of words stand in one of our documents, and where.
//!
//! Winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003) over runs of three words: of every four runs that follow each other the one with the
//! smallest keyed hash is kept. Takes texts; gives an index of hashes with the place of each, in words. No word of a text is stored.

use super::fold::{Folded, Words};
use super::format::{self, About, Opened};
use super::keyed::Keyed;
use super::{Error, Kind};
use std::ops::Range;
use std::path::Path;

/// Words in a run. With one word in five retyped, half of the runs of three are still there; of the runs of five a third.
pub const RUN: usize = 3;
/// Of so many runs in a row one is kept at least, so that six words in a row are never without a fingerprint.
pub const WINDOW: usize = 4;
/// What stands in more documents is no mark of any: a letterhead, a formula of law.
pub const COMMON: usize = 16;
/// Places between two documents, so that no passage reaches from one into the next.
const BETWEEN: u32 = 4096;

/// An index of fingerprints, open for lookups.
#[derive(Debug)]
pub struct Documents(Opened);

/// Hashes the words of one text, and gives the hash of each run.
#[derive(Debug)]
pub struct Runs<'i> {
    keyed: &'i Keyed,
    last: [u64; RUN],
    seen: usize,
}

impl Runs<'_> {
    /// Takes the next word, folded; gives the run that ends with it, from the third word on.
    pub fn next(&mut self, word: &[u8]) -> Option<u64> {
        self.last = [self.last[1], self.last[2], self.keyed.value(word)];
        self.seen += 1;
        (self.seen >= RUN).then(|| self.keyed.run(self.last))
    }
}

/// The places that winnowing keeps: the smallest hash of each window, the last of equal ones.
pub fn winnow(hashes: &[u64], mut keep: impl FnMut(usize)) {
    let mut kept = None;
    for (start, window) in hashes.windows(WINDOW.min(hashes.len()).max(1)).enumerate() {
        let smallest = window.iter().enumerate().min_by_key(|(at, hash)| (**hash, std::cmp::Reverse(*at)));
        if let Some((at, _)) = smallest
            && kept != Some(start + at)
        {
            kept = Some(start + at);
            keep(start + at);
        }
    }
}

impl Documents {
    /// Maps an index into memory and checks it.
    ///
    /// # Errors
    /// It is damaged, of another kind or version, or made with another key.
    pub fn open(path: &Path, key: &[u8; 32]) -> Result<Self, Error> {
        Opened::open(path, key, Kind::Documents).map(Self)
    }

    pub fn about(&self) -> &About {
        &self.0.about
    }

    /// Tells this index from every other one.
    pub fn sum(&self) -> &[u8] {
        self.0.sum()
    }

    /// For one text, from its first word on.
    pub fn runs(&self) -> Runs<'_> {
        Runs { keyed: &self.0.keyed, last: [0; RUN], seen: 0 }
    }

    /// Where a run stands in the indexed documents, counted in words over all of them; at most [`COMMON`] places.
    pub fn places(&self, run: u64) -> impl Iterator<Item = u32> + '_ {
        let found: Range<usize> = self.0.table().find(run);
        found.take(COMMON).map(|entry| self.0.place(entry))
    }
}

/// What became of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Built {
    pub about: About,
    /// Of the file, in bytes.
    pub size: u64,
    /// Fingerprints left out because they stand in so many documents.
    pub common: u64,
}

/// Collects fingerprints until they are written.
pub struct Builder {
    keyed: Keyed,
    about: About,
    entries: Vec<(u64, u32)>,
    /// Where the next document begins.
    next: u32,
    hashes: Vec<u64>,
}

impl Builder {
    pub fn new(key: &[u8; 32]) -> Self {
        let salt = rand::random();
        let keyed = Keyed::new(key, &salt, Kind::Documents);
        let about = About {
            kind: Kind::Documents,
            salt,
            check: keyed.check,
            bits: 0,
            places: true,
            entries: 0,
            rows: 0,
            parts: 0,
            lengths: 0,
            digits: 0,
        };
        Self { keyed, about, entries: Vec::new(), next: 0, hashes: Vec::new() }
    }

    /// Adds a document, or a text of one. Gives its number of words.
    ///
    /// # Errors
    /// There are more words than an index can number.
    pub fn add(&mut self, text: &str) -> Result<u64, Error> {
        self.hashes.clear();
        let (mut words, mut folded) = (Words::new(text), Folded::default());
        let mut runs = Runs { keyed: &self.keyed, last: [0; RUN], seen: 0 };
        while words.next(&mut folded).is_some() {
            self.hashes.extend(runs.next(folded.bytes()));
        }
        let full = Error::TooMuch("an index of documents holds at most 4 billion words: make two of them");
        let count = runs.seen as u64;
        let Some(after) = u32::try_from(count).ok().and_then(|count| self.next.checked_add(count)?.checked_add(BETWEEN)) else {
            return Err(full);
        };
        let start = self.next;
        winnow(&self.hashes, |at| self.entries.push((self.hashes[at], start + u32::try_from(at).unwrap_or(0))));
        self.next = after;
        self.about.rows += count;
        self.about.parts += 1;
        Ok(count)
    }

    /// Sorts, leaves out what is common, and writes.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(mut self, path: &Path) -> Result<Built, Error> {
        self.entries.sort_unstable();
        let all = self.entries.len();
        let mut kept: Vec<(u64, u32)> = Vec::with_capacity(all);
        for same in self.entries.chunk_by(|one, other| one.0 == other.0) {
            if same.len() <= COMMON {
                kept.extend_from_slice(same);
            }
        }
        let size = format::write(path, &mut self.about, &kept)?;
        Ok(Built { about: self.about, size, common: (all - kept.len()) as u64 })
    }
}
