//! Document fingerprints: passages of the organisation's own documents in a text.
//!
//! Takes a text and the index of [`Documents`]; gives the places of passages that are, for so many percent of their fingerprints, the same as a
//! passage of one document, in the same order. What stands around a passage does not matter. Reads the text in blocks, so that memory does not grow
//! with it.

use crate::index::Documents;
use crate::index::documents::{RUN, winnow};
use crate::index::fold::{Folded, Words};
use std::ops::Range;

/// Runs of words that are judged together: a paragraph of sixty words.
const PASSAGE: usize = 60 - RUN + 1;
/// Fingerprints of one document that a passage has at least, whatever the percentage: about twenty words that are the same.
const LEAST: usize = 7;
/// How far words may be put in or left out within a passage.
const SHIFT: u32 = 4;
/// Runs read at a time, and those of them that are read again with the next.
const BLOCK: usize = 8192;
const AGAIN: usize = 2 * PASSAGE;

/// A run of the text that stands in a document: how far the document is ahead of the text, and which run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Match {
    /// Words, in steps of 2^SHIFT.
    band: u64,
    run: usize,
}

/// The runs of a block: their hashes, and where they stand in the text.
#[derive(Default)]
struct Block {
    hashes: Vec<u64>,
    places: Vec<Range<usize>>,
}

/// Gives the places of passages, in the order of the text, not overlapping.
pub(super) fn look(text: &str, documents: &Documents, at_least: u8, mut found: impl FnMut(usize, usize)) {
    let (mut words, mut folded, mut runs) = (Words::new(text), Folded::default(), documents.runs());
    let mut starts = [0; RUN];
    let mut block = Block::default();
    let mut passages: Vec<Range<usize>> = Vec::new();
    while let Some(place) = words.next(&mut folded) {
        starts.rotate_left(1);
        starts[RUN - 1] = place.start;
        if let Some(hash) = runs.next(folded.bytes()) {
            block.hashes.push(hash);
            block.places.push(starts[0]..place.end);
        }
        if block.hashes.len() == BLOCK {
            judge(&block, documents, at_least, &mut passages);
            block.hashes.drain(..BLOCK - AGAIN);
            block.places.drain(..BLOCK - AGAIN);
        }
    }
    judge(&block, documents, at_least, &mut passages);
    passages.sort_by_key(|passage| passage.start);
    let mut open: Option<Range<usize>> = None;
    for passage in passages {
        match &mut open {
            Some(last) if passage.start <= last.end => last.end = last.end.max(passage.end),
            _ => {
                if let Some(last) = open.replace(passage) {
                    found(last.start, last.end);
                }
            }
        }
    }
    if let Some(last) = open {
        found(last.start, last.end);
    }
}

fn judge(block: &Block, documents: &Documents, at_least: u8, passages: &mut Vec<Range<usize>>) {
    let mut matches: Vec<Match> = Vec::new();
    for (run, &hash) in block.hashes.iter().enumerate() {
        for place in documents.places(hash) {
            let ahead = u64::from(place) + BLOCK as u64 - run as u64;
            // Bands overlap by half, so that no passage lies across the border of two.
            let band = ahead >> SHIFT;
            matches.extend([Match { band, run }, Match { band: band + 1, run }]);
        }
    }
    if matches.len() < LEAST {
        return;
    }
    // How many fingerprints the text itself has before each run.
    let mut own = vec![0_usize; block.hashes.len() + 1];
    winnow(&block.hashes, |run| own[run + 1] = 1);
    for run in 1..own.len() {
        own[run] += own[run - 1];
    }
    matches.sort_unstable();
    matches.dedup();
    for band in matches.chunk_by(|one, other| one.band == other.band) {
        let mut first = 0;
        let mut open: Option<(usize, usize)> = None;
        for (at, last) in band.iter().enumerate() {
            let from = (last.run + 1).saturating_sub(PASSAGE);
            while band[first].run < from {
                first += 1;
            }
            let (same, all) = (at + 1 - first, own[last.run + 1] - own[from]);
            if same < LEAST || same * 100 < all * usize::from(at_least) {
                continue;
            }
            let start = band[first].run;
            open = match open {
                Some((begun, end)) if start <= end + 1 => Some((begun, last.run)),
                Some(done) => {
                    passages.extend(place(block, done));
                    Some((start, last.run))
                }
                None => Some((start, last.run)),
            };
        }
        passages.extend(open.and_then(|open| place(block, open)));
    }
}

fn place(block: &Block, (first, last): (usize, usize)) -> Option<Range<usize>> {
    Some(block.places.get(first)?.start..block.places.get(last)?.end)
}
