//! Exact data match: values of the organisation's own records in a text.
//!
//! Takes the text with its trace and a [`Dataset`]; gives the places of values that are in it. Of an index that holds only numbers, nothing but
//! the digit runs of the trace is looked at; else each word, and the words after it as long as they may be one value. One keyed hash per candidate
//! of a length that the index has. Of an index with several columns a value counts only near another one of its row.

use crate::detect::prefilter::Run;
use crate::detect::sight::Sight;
use crate::index::Dataset;
use crate::index::dataset::Entries;
use crate::index::fold::{Folded, LONGEST, Words};
use std::collections::HashMap;
use std::ops::Range;

/// Bytes between two values of one row.
const NEAR: usize = 300;
/// Words of one value, and runs of one number.
const WORDS: usize = 16;
/// Bytes between two words or two runs of one value.
const GAP: usize = 3;
/// A value that stands in no more cells is always compared with all that is near.
const RARE: usize = 4;
/// Cells looked at for pairs of values that are not rare, per text and per byte of it: the time stays linear in any text.
const CELLS: (usize, usize) = (1 << 20, 32);

struct Hit {
    place: Range<usize>,
    entries: Entries,
    counts: bool,
}

/// Gives the place of each value, in the order of the text.
pub(super) fn look(sight: &Sight<'_>, dataset: &Dataset, mut found: impl FnMut(usize, usize)) {
    let mut hits = Vec::new();
    let mut keep = |place: Range<usize>, entries: Entries| hits.push(Hit { place, entries, counts: false });
    if dataset.digits() != 0 {
        numbers(sight, dataset, &mut keep);
    }
    if dataset.lengths() != 0 {
        words(sight.text, dataset, &mut keep);
    }
    if dataset.is_joined() {
        hits.sort_by_key(|hit| (hit.place.start, hit.place.end));
        pair(&mut hits, dataset, sight.text.len());
    } else {
        hits.iter_mut().for_each(|hit| hit.counts = true);
    }
    hits.iter().filter(|hit| hit.counts).for_each(|hit| found(hit.place.start, hit.place.end));
}

/// Numbers, whole or in groups with one and the same separator.
fn numbers(sight: &Sight<'_>, dataset: &Dataset, keep: &mut impl FnMut(Range<usize>, Entries)) {
    let runs = sight.runs();
    for (index, first) in runs.iter().enumerate() {
        if is_behind(sight, first.start) {
            continue;
        }
        let mut digits = [0; LONGEST];
        let (mut len, mut separator, mut previous): (usize, Option<&str>, Option<Run>) = (0, None, None);
        for run in runs[index..].iter().take(WORDS) {
            if let Some(previous) = previous {
                let Some(gap) = sight.text.get(previous.end..run.start) else { break };
                if gap.len() > GAP || *separator.get_or_insert(gap) != gap || !gap.bytes().all(is_separator) {
                    break;
                }
            }
            let Some(to) = digits.get_mut(len..len + run.len()) else { break };
            to.copy_from_slice(&sight.bytes[run.start..run.end]);
            len += run.len();
            previous = Some(*run);
            if dataset.digits() >> len & 1 == 1 && sight.alone(first.start, run.end) && !is_before(sight, run.end, separator) {
                let entries = dataset.find(&digits[..len]);
                if !entries.is_empty() {
                    keep(first.start..run.end, entries);
                }
            }
            if dataset.digits() >> len >> 1 == 0 {
                break;
            }
        }
    }
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'.' | b'-' | b'/' | b'_' | b'\n' | b'\r')
}

/// A number ends directly before this place and goes on here: `1.` before `234`.
fn is_behind(sight: &Sight<'_>, start: usize) -> bool {
    matches!(sight.before(start), b'.' | b'-' | b'/' | b',') && start >= 2 && sight.bytes[start - 2].is_ascii_digit()
}

/// A number goes on behind this place, with the same separator or as a fraction.
fn is_before(sight: &Sight<'_>, end: usize, separator: Option<&str>) -> bool {
    let sign = sight.byte(end);
    let joins = matches!(sign, b'.' | b'-' | b'/') || separator.is_some_and(|gap| gap != "\n" && gap.as_bytes() == [sign]);
    joins && sight.byte(end + 1).is_ascii_digit()
}

/// A word of the text, and where its folded bytes begin.
#[derive(Clone, Copy)]
struct Word {
    start: usize,
    folded: usize,
    digits: bool,
}

/// Values with a letter in them: each word together with those before it.
fn words(text: &str, dataset: &Dataset, keep: &mut impl FnMut(Range<usize>, Entries)) {
    let lengths = dataset.lengths();
    let longest = LONGEST.min(127 - lengths.leading_zeros() as usize);
    let (mut words, mut folded) = (Words::new(text), Folded::default());
    // The folded bytes of the last words, in a row.
    let mut bytes: Vec<u8> = Vec::with_capacity(4 * 1024);
    let mut chain: Vec<Word> = Vec::with_capacity(WORDS);
    let mut end = 0;
    while let Some(place) = words.next(&mut folded) {
        let follows = text.get(end..place.start).is_some_and(is_gap);
        end = place.end;
        if folded.is_over() || folded.bytes().len() > longest || !follows || bytes.len() > 3 * 1024 {
            // A chain that is cut at the end of the buffer keeps the words it still needs.
            let needed = if follows && !folded.is_over() { chain.first().map_or(bytes.len(), |word| word.folded) } else { bytes.len() };
            bytes.drain(..needed);
            if follows && !folded.is_over() {
                chain.iter_mut().for_each(|word| word.folded -= needed);
            } else {
                chain.clear();
            }
        }
        if folded.is_over() || folded.bytes().is_empty() {
            continue;
        }
        if chain.len() == WORDS {
            chain.remove(0);
        }
        chain.push(Word { start: place.start, folded: bytes.len(), digits: folded.is_digits() });
        bytes.extend_from_slice(folded.bytes());
        let mut letters = false;
        for word in chain.iter().rev() {
            letters |= !word.digits;
            let value = bytes.get(word.folded..).unwrap_or(&[]);
            if value.len() > longest {
                break;
            }
            // Numbers have rules of their own, above.
            if letters && lengths >> value.len() & 1 == 1 {
                let entries = dataset.find(value);
                if !entries.is_empty() {
                    keep(word.start..place.end, entries);
                }
            }
        }
    }
}

/// What may stand between two words of one value: a space, a sign, a line end.
fn is_gap(text: &str) -> bool {
    text.len() <= GAP && text.bytes().filter(|&byte| byte == b'\n').count() < 2
}

/// Marks the hits that have another one of their row near.
fn pair(hits: &mut [Hit], dataset: &Dataset, len: usize) {
    let mut known: HashMap<(usize, usize), bool> = HashMap::new();
    let mut cells = CELLS.0.saturating_add(CELLS.1.saturating_mul(len));
    let mut first = 0;
    for at in 0..hits.len() {
        // Hits are in the order of their starts; a value is at most some hundred bytes long.
        while hits[first].place.start + NEAR + 4 * LONGEST < hits[at].place.start {
            first += 1;
        }
        for other in first..at {
            let (one, two) = (&hits[other], &hits[at]);
            let near = one.place.end <= two.place.start && two.place.start - one.place.end <= NEAR;
            if !near || one.counts && two.counts {
                continue;
            }
            let (a, b) = (one.entries.id(), two.entries.id());
            let cost = one.entries.len().min(two.entries.len());
            let joined = match known.get(&(a.min(b), a.max(b))) {
                Some(&joined) => joined,
                None if cost > RARE && cost > cells => false,
                None => {
                    cells = cells.saturating_sub(cost);
                    let joined = dataset.share_a_row(&one.entries, &two.entries);
                    known.insert((a.min(b), a.max(b)), joined);
                    joined
                }
            };
            if joined {
                (hits[other].counts, hits[at].counts) = (true, true);
            }
        }
    }
}
