//! How sure a finding is: what the value itself is worth, plus what the words around it say.
//!
//! A detector gives a base (shape and check digits); the context adds or takes away once, by the strongest thing that speaks. Findings
//! under [`THRESHOLD`] are not given. `docs/detection.md` explains the same in plain words.

use super::sight::Sight;

/// The confidence from which a finding counts.
pub(crate) const THRESHOLD: f32 = 0.5;

/// Bytes around a value in which a word speaks for or against it most.
pub(crate) const NEAR: usize = 60;
/// Bytes in which it still says something.
const WIDE: usize = 300;

/// What the words around `start..end` are worth: up to +0.4 when the groups `for_it` name the value, down to -0.4 when `against` does.
///
/// In this order, the first that says anything decides: the head of the column, the nearest word before the value, the part's label, the
/// nearest word after it, the line, and 300 bytes on either side.
pub(crate) fn context(sight: &Sight<'_>, start: usize, end: usize, for_it: u64, against: u64) -> f32 {
    let both = for_it | against;
    if sight.label & both == 0 && !sight.has(both) {
        return 0.0;
    }
    let speaks = |groups: u64| {
        if groups & for_it != 0 {
            Some(0.4)
        } else if groups & against != 0 {
            Some(-0.4)
        } else {
            None
        }
    };
    let cell = sight.cell(start);
    if let Some(worth) = sight.column(start).and_then(|head| speaks(sight.groups_in(head))) {
        return worth;
    }
    let before = sight.nearest_before(start, both, NEAR).filter(|hit| cell.as_ref().is_none_or(|cell| cell.start <= hit.start));
    if let Some(worth) = before.and_then(|hit| speaks(hit.groups)) {
        return worth;
    }
    if let Some(worth) = speaks(sight.label) {
        return worth * 0.75;
    }
    let line = sight.line(start);
    if let Some(worth) = sight.nearest_after(end, both, NEAR / 2).filter(|hit| hit.start < line.end).and_then(|hit| speaks(hit.groups)) {
        return worth * 0.75;
    }
    let mut around = sight.groups_in(line) & both;
    if around == 0 {
        around = sight.groups_in(start.saturating_sub(WIDE)..end + WIDE) & for_it;
        return if around == 0 { 0.0 } else { 0.15 };
    }
    speaks(around).map_or(0.0, |worth| worth * 0.5)
}

/// Nothing but signs stands before the value in its line: a list of values, with their name somewhere above.
pub(crate) fn starts_its_line(sight: &Sight<'_>, start: usize) -> bool {
    let line = sight.line(start);
    sight.bytes[line.start..start].iter().all(|&byte| !super::prefilter::is_word(byte))
}
