//! Values in evaded forms: encoded, spelled in words, taken apart, turned around.
//!
//! Takes the normalised text and its trace; gives the stretches around disguises once more with the disguises taken off, each with its way
//! back. These are scanned like any text, and what is found where a disguise was belongs to the whole disguised stretch. It looks at most
//! [`DEPTH`] layers deep, and every layer is shorter than the one before, so the work stays linear. A text without a trigger costs a few
//! `memchr` passes. It must never give a place that is not on character borders.

mod accounts;
mod blobs;
mod breaks;
mod cells;
mod escapes;
mod fragments;
mod joins;
mod lookalikes;
mod spelled;
mod spoken;
#[cfg(test)]
mod tests;
mod turned;

use super::detectors::Candidate;
use super::groups::{DIGIT_WORD, REVERSED, ROT13};
use super::keywords::Words;
use super::merge::Found;
use super::normalise::{Normalised, Segment};
use super::own::OwnCandidate;
use super::prefilter::Trace;
use std::borrow::Cow;
use std::ops::Range;

pub(super) use fragments::seam;

/// Words that betray a disguise. `een` and `one` are too common to be among them; they are read where others stand.
pub(super) const WORDS: &[Words] = &[
    Words(
        DIGIT_WORD,
        "nul, twee, drie, vier, vijf, zes, zeven, negen, acht, zero, two, three, four, five, six, seven, eight, nine, twaalf, vijftien, \
         tweeën*, drieën*, vijfen*, zesen*, zevenen*, negenen*, twenty*, thirty*, forty*, fifty*, sixty*, seventy*, eighty*, ninety*",
    ),
    Words(ROT13, "rot13, rot-13, rot 13, caesar13"),
    Words(
        REVERSED,
        "omgekeerd*, omgedraaid*, achterstevoren, reversed, backwards, spiegelschrift, spiegelbeeld, draai om, andersom, achterste voren, \
         van achter naar voren, van achteren naar voren, van rechts naar links, right to left",
    ),
];

/// Layers that are taken off one after the other.
const DEPTH: usize = 3;
/// A text up to this size is read again whole; of a longer one, only what stands around the disguises.
const SMALL: usize = 16 << 10;
/// Bytes of a longer text that are read again on either side of a disguise, so that the words around it still count.
const AROUND: usize = 2 << 10;
/// From this many pieces on, adjoining ones are one piece: exact places inside such a flood are worth less than the memory.
const MANY: usize = 1 << 17;

/// A stretch of the text and what it stands for, as a place in [`Pieces::plain`].
#[derive(Debug, Clone, Copy)]
struct Piece {
    start: usize,
    end: usize,
    plain: (usize, usize),
}

/// What the families found, in one list.
#[derive(Debug, Default)]
struct Pieces {
    list: Vec<Piece>,
    plain: String,
    /// Two places that hold one value together: what is found at the first is also at the second. In the order of the text.
    pairs: Vec<Pair>,
}

/// The second place of a value that was found at the first.
#[derive(Debug, Clone)]
struct Pair {
    first: Range<usize>,
    second: Range<usize>,
}

impl Pieces {
    fn push(&mut self, start: usize, end: usize, plain: &str) {
        let from = self.plain.len();
        self.plain.push_str(&folded(plain));
        let to = self.plain.len();
        let many = self.list.len() > MANY;
        match self.list.last_mut() {
            Some(last) if many && last.end == start && last.plain.1 == from => {
                last.end = end;
                last.plain.1 = to;
            }
            _ => self.list.push(Piece { start, end, plain: (from, to) }),
        }
    }

    /// Sorted and apart: of pieces that overlap, the first one stays, and of those that start together the longest.
    fn settled(mut self) -> Self {
        self.list.sort_by_key(|piece| (piece.start, std::cmp::Reverse(piece.end)));
        let mut last = 0;
        self.list.retain(|piece| {
            let apart = piece.start >= last && piece.start < piece.end;
            if apart {
                last = piece.end;
            }
            apart
        });
        self
    }
}

/// Decoded text is written in any characters, as the text itself is.
fn folded(plain: &str) -> Cow<'_, str> {
    if plain.is_ascii() { Cow::Borrowed(plain) } else { Normalised::new(plain).text }
}

/// A stretch of the text with its disguises taken off.
pub(super) struct Undisguised {
    /// Each layer leads back to the one before, the first to the normalised text.
    layers: Vec<Normalised<'static>>,
    pub trace: Trace,
    pairs: Vec<Pair>,
}

/// The stretches of the text that hold disguises, read without them. `trace_of` is the prefilter.
pub(super) fn undisguise(text: &str, trace: &Trace, trace_of: &dyn Fn(&str) -> Trace) -> Vec<Undisguised> {
    let mut found = pieces(text, trace, true);
    fragments::find(text, trace, &mut found);
    if found.list.is_empty() {
        return Vec::new();
    }
    let found = found.settled();
    windows(text, &found.list)
        .into_iter()
        .map(|(range, pieces)| {
            let from = found.pairs.partition_point(|pair| pair.first.start < range.start);
            let pairs = found.pairs[from..].iter().take_while(|pair| pair.first.start < range.end).cloned().collect();
            peel(apply(text, range, &found.list[pieces], &found.plain), pairs, trace_of)
        })
        .collect()
}

/// Takes off the layers under the first.
fn peel(first: Normalised<'static>, pairs: Vec<Pair>, trace_of: &dyn Fn(&str) -> Trace) -> Undisguised {
    let mut trace = trace_of(&first.text);
    let mut layers = vec![first];
    while layers.len() < DEPTH
        && let Some(last) = layers.last()
    {
        let found = pieces(&last.text, &trace, false).settled();
        if found.list.is_empty() {
            break;
        }
        let next = apply(&last.text, 0..last.text.len(), &found.list, &found.plain);
        trace = trace_of(&next.text);
        layers.push(next);
    }
    Undisguised { layers, trace, pairs }
}

fn pieces(text: &str, trace: &Trace, first: bool) -> Pieces {
    let mut out = Pieces::default();
    escapes::find(text, &mut out);
    blobs::find(text, trace, &mut out);
    joins::find(text, trace, &mut out);
    breaks::find(text, trace, &mut out);
    accounts::find(text, trace, &mut out);
    cells::find(text, trace, &mut out);
    spelled::find(text, &mut out);
    lookalikes::find(text, trace, &mut out);
    spoken::find(text, trace, &mut out);
    turned::find(text, trace, first, &mut out);
    out
}

/// The stretches to be read again, apart from each other, each with the indices of its pieces.
fn windows(text: &str, pieces: &[Piece]) -> Vec<(Range<usize>, Range<usize>)> {
    if text.len() <= SMALL {
        return vec![(0..text.len(), 0..pieces.len())];
    }
    let bytes = text.as_bytes();
    let near = |pair: &Piece, next: &Piece| next.start - pair.end <= 2 * AROUND;
    let mut windows = Vec::new();
    let mut first = 0;
    for group in pieces.chunk_by(near) {
        let (start, end) = (group[0].start, group[group.len() - 1].end);
        let low = start.saturating_sub(AROUND);
        let start = memchr::memchr(b'\n', &bytes[low..start]).map_or(low, |found| low + found + 1);
        let high = (end + AROUND).min(text.len());
        let end = memchr::memrchr(b'\n', &bytes[end..high]).map_or(high, |found| end + found);
        windows.push((text.floor_char_boundary(start)..text.ceil_char_boundary(end), first..first + group.len()));
        first += group.len();
    }
    windows
}

/// The range of the text with the pieces in place of what they stand for.
fn apply(text: &str, range: Range<usize>, pieces: &[Piece], plain: &str) -> Normalised<'static> {
    let mut out = String::with_capacity(range.len());
    let mut segments = Vec::with_capacity(2 * pieces.len() + 1);
    let mut at = range.start;
    let end = Piece { start: range.end, end: range.end, plain: (0, 0) };
    for piece in pieces.iter().chain([&end]) {
        if at < piece.start {
            segments.push(Segment { at: out.len(), original: at, original_end: piece.start, same: true });
            out.push_str(&text[at..piece.start]);
        }
        let written = &plain[piece.plain.0..piece.plain.1];
        if !written.is_empty() {
            segments.push(Segment { at: out.len(), original: piece.start, original_end: piece.end, same: false });
            out.push_str(written);
        }
        at = piece.end;
    }
    Normalised { text: Cow::Owned(out), segments }
}

impl Undisguised {
    pub fn text(&self) -> &str {
        self.layers.last().map_or("", |layer| &layer.text)
    }

    /// The place in the normalised text, and whether a disguise was in it or directly beside it.
    fn place(&self, start: usize, end: usize) -> (usize, usize, bool) {
        self.layers.iter().rev().fold((start, end, false), |(start, end, touched), layer| {
            let (from, to) = layer.original(start, end);
            let changed = to - from != end - start || layer.changes(start.saturating_sub(1), end + 1);
            (from, to, touched || changed)
        })
    }

    /// Adds what was found where a disguise was, at its place in the normalised text. Of candidates of the text as it stands, those go that
    /// are a part of the same finding.
    pub fn add(&self, text: &str, found: Vec<Found>, candidates: &mut Vec<Candidate>, own: &mut Vec<OwnCandidate>) {
        let mut placed: Vec<Found> = found
            .into_iter()
            .filter_map(|found| {
                let (start, end, mut touched) = self.place(found.start, found.end);
                // A word that was disguised itself may be what names the value.
                let score = found.score.moved(|start, end| {
                    let (start, end, changed) = self.place(start, end);
                    touched |= changed;
                    (start, end)
                });
                (touched && start < end).then_some(Found { start, end, score, ..found })
            })
            .collect();
        share(text, &mut placed);
        candidates.retain(|candidate| {
            let after = placed.partition_point(|found| found.end <= candidate.start);
            !placed[after..]
                .iter()
                .take_while(|found| found.start < candidate.end)
                .any(|found| found.id == candidate.id && found.start <= candidate.start && candidate.end <= found.end)
        });
        for found in &placed {
            let mut give = |range: Range<usize>| {
                let candidate = Candidate { id: found.id, start: range.start, end: range.end, score: found.score };
                match found.owner {
                    Some(owner) => own.push(OwnCandidate { owner, candidate }),
                    None => candidates.push(candidate),
                }
            };
            give(found.start..found.end);
            let from = self.pairs.partition_point(|pair| pair.first.end <= found.start);
            for pair in self.pairs[from..].iter().take_while(|pair| pair.first.start < found.end) {
                give(pair.second.clone());
            }
        }
    }
}

/// Findings in one blob would all be the whole blob: each gets its share of it, so that every kind is told and all of the blob is covered.
fn share(text: &str, placed: &mut Vec<Found>) {
    placed.sort_by_key(|found| (found.start, found.end));
    let mut first = 0;
    while first < placed.len() {
        let (start, end) = (placed[first].start, placed[first].end);
        let count = placed[first..].iter().take_while(|found| (found.start, found.end) == (start, end)).count();
        if count > 1 {
            let border = |index: usize| text.floor_char_boundary(start + (end - start) * index / count);
            for (index, found) in placed[first..first + count].iter_mut().enumerate() {
                (found.start, found.end) = (border(index), border(index + 1));
            }
        }
        first += count;
    }
    for index in 1..placed.len() {
        let (before, after) = (placed[index - 1], placed[index]);
        if before.end > after.start && before.end < after.end && before.start < after.start {
            placed[index].start = before.end;
        }
    }
    placed.retain(|found| found.start < found.end);
}
