//! Names in tables and letterheads: every cell under the head of a column of names, and the line above a street and a postcode.

use super::super::Candidate;
use super::weigh::{Sign, push};
use crate::detect::groups::NAME_FIELD;
use crate::detect::names::name_only;
use crate::detect::prefilter::Hit;
use crate::detect::sight::Sight;
use std::ops::Range;

/// The columns under every head line that names people: the first such columns of a table, each row once per column.
pub(super) fn columns(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    const COLUMNS_MAX: usize = 6;
    let (mut below, mut head, mut taken) = (0, 0, 0);
    for hit in sight.hits(NAME_FIELD) {
        let line = sight.line(hit.start);
        if line.start != head {
            (head, taken) = (line.start, 0);
        }
        // A hit in a row of a table that was read already is a cell, not a head.
        if (hit.start >= below || taken > 0) && taken < COLUMNS_MAX {
            taken += 1;
            below = below.max(column(sight, hit, line, out));
        }
    }
}

/// Every cell under the head of a column of names; gives where the table ends.
fn column(sight: &Sight<'_>, hit: Hit, head: Range<usize>, out: &mut Vec<Candidate>) -> usize {
    const ROWS_MAX: usize = 100_000;
    let Some(delimiter) =
        [b'\t', b';', b'|', b','].into_iter().find(|&delimiter| memchr::memchr(delimiter, &sight.bytes[head.clone()]).is_some())
    else {
        return 0;
    };
    let index = memchr::memchr_iter(delimiter, &sight.bytes[head.start..hit.start]).count();
    let wanted = memchr::memchr_iter(delimiter, &sight.bytes[head.clone()]).count();
    let mut from = head.end + 1;
    for _ in 0..ROWS_MAX {
        if from >= sight.bytes.len() {
            break;
        }
        let line = sight.line(from);
        if memchr::memchr_iter(delimiter, &sight.bytes[line.clone()]).count() < wanted {
            break;
        }
        from = line.end + 1;
        let mut start = line.start;
        for _ in 0..index {
            start += memchr::memchr(delimiter, &sight.bytes[start..line.end]).map_or(0, |next| next + 1);
        }
        let end = memchr::memchr(delimiter, &sight.bytes[start..line.end]).map_or(line.end, |next| start + next);
        if let Some(name) = name_only(sight, start..end) {
            push(sight, name, Sign::Column, out);
        }
    }
    from
}

/// A name alone on the line above a street and a postcode.
pub(super) fn letterhead(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    for run in sight.runs().iter().filter(|run| run.len() == 4) {
        let letters = run.end + usize::from(sight.byte(run.end) == b' ');
        if !(sight.byte(letters).is_ascii_uppercase() && sight.byte(letters + 1).is_ascii_uppercase()) {
            continue;
        }
        let line = sight.line(run.start);
        if run.start - line.start >= 4 || line.start < 2 {
            continue;
        }
        let street = sight.line(line.start - 1);
        if street.start == 0 || !sight.bytes[street.clone()].iter().any(u8::is_ascii_digit) {
            continue;
        }
        if let Some(name) = name_only(sight, sight.line(street.start - 1)).filter(|name| name.words >= 2) {
            push(sight, name, Sign::Beside, out);
        }
    }
}
