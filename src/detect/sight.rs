//! What a detector sees: the text, the trace of the prefilter, and the words around a place.
//!
//! Takes the normalised text with its trace and the groups of the part's label; answers what stands near a candidate, in its line, and at
//! the head of its column. It never searches the text at large: answers come from the trace and from the lines around the place.

use super::groups::Groups;
use super::numbers::{Chain, chains};
use super::prefilter::{Hit, Run, Trace, is_word};
use memchr::{memchr, memchr3, memrchr};
use std::cell::{Cell, OnceCell, RefCell};
use std::ops::Range;

pub(crate) struct Sight<'a> {
    pub text: &'a str,
    pub bytes: &'a [u8],
    pub trace: &'a Trace,
    /// Groups of the words in the part's label (field, key or file name).
    pub label: Groups,
    table: RefCell<Option<Table>>,
    /// The last line asked for, and the last one that is no row of a table: detectors ask for the same line many times.
    last_line: Cell<(usize, usize)>,
    no_row: Cell<(usize, usize)>,
    chains: OnceCell<Vec<Chain>>,
}

/// No line: its start is behind its end.
const NONE: (usize, usize) = (1, 0);

/// The last table looked at: rows `from..to` under a head line.
struct Table {
    head: Range<usize>,
    last_line: Range<usize>,
    delimiter: u8,
}

/// Rows looked back over for a head; longer tables are remembered row by row while they are read from top to bottom.
const ROWS_BACK: usize = 256;
/// A line longer than this is no table row, and only this much around a place counts as its line.
const LINE_MAX: usize = 4096;
const SENTENCE_MAX: usize = 400;

impl<'a> Sight<'a> {
    pub fn new(text: &'a str, trace: &'a Trace, label: Groups) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            trace,
            label,
            table: RefCell::new(None),
            last_line: Cell::new(NONE),
            no_row: Cell::new(NONE),
            chains: OnceCell::new(),
        }
    }

    pub fn runs(&self) -> &'a [Run] {
        &self.trace.runs
    }

    /// The runs from which six digits or more go on over separators, for the detectors of long numbers.
    pub fn chains(&self) -> &[Chain] {
        self.chains.get_or_init(|| chains(self))
    }

    pub fn has(&self, group: Groups) -> bool {
        self.trace.present & group != 0
    }

    /// Hits of a group, or of several, in the order of the text.
    pub fn hits(&self, group: Groups) -> impl Iterator<Item = Hit> + use<'a> {
        let trace = self.trace;
        let one = group.is_power_of_two();
        let own: &'a [u32] = if one { trace.of(group) } else { &[] };
        let all: &'a [Hit] = if !one && self.has(group) { &trace.hits } else { &[] };
        let of_one = own.iter().filter_map(|&index| trace.hits.get(index as usize)).copied();
        of_one.chain(all.iter().copied().filter(move |hit| hit.groups & group != 0))
    }

    pub fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(b'\n')
    }

    pub fn before(&self, at: usize) -> u8 {
        at.checked_sub(1).map_or(b'\n', |before| self.byte(before))
    }

    /// No letter or digit stands directly before or after.
    pub fn alone(&self, start: usize, end: usize) -> bool {
        !self.ends_word(start) && !is_word(self.byte(end))
    }

    /// A letter or digit stands directly before the place; a quotation mark or an emoji is none.
    pub fn ends_word(&self, at: usize) -> bool {
        let before = self.before(at);
        if before & 0xc0 != 0x80 {
            return is_word(before);
        }
        let first = self.bytes[..at].iter().rev().take(4).find(|&&byte| byte & 0xc0 != 0x80);
        first.is_none_or(|&first| is_word(first))
    }

    /// The line around a place, without its line end.
    pub fn line(&self, at: usize) -> Range<usize> {
        let at = at.min(self.bytes.len());
        let (start, end) = self.last_line.get();
        if start <= at && at <= end {
            return start..end;
        }
        let low = at.saturating_sub(LINE_MAX);
        let high = (at + LINE_MAX).min(self.bytes.len());
        let start = memrchr(b'\n', &self.bytes[low..at]).map_or(low, |found| low + found + 1);
        let end = memchr(b'\n', &self.bytes[at..high]).map_or(high, |found| at + found);
        // A line that was cut off looks different from each of its places.
        if end - start < LINE_MAX {
            self.last_line.set((start, end));
        }
        start..end
    }

    /// Groups of all hits that start in the range.
    pub fn groups_in(&self, range: Range<usize>) -> Groups {
        let hits = &self.trace.hits;
        let from = hits.partition_point(|hit| hit.start < range.start);
        hits[from..].iter().take_while(|hit| hit.start < range.end).fold(0, |groups, hit| groups | hit.groups)
    }

    /// The first hit of these groups that starts in the range.
    pub fn first_in(&self, range: Range<usize>, group: Groups) -> Option<Hit> {
        let hits = &self.trace.hits;
        let from = hits.partition_point(|hit| hit.start < range.start);
        hits[from..].iter().take_while(|hit| hit.start < range.end).find(|hit| hit.groups & group != 0).copied()
    }

    /// The last hit of these groups that ends at most `within` bytes before the place.
    pub fn nearest_before(&self, at: usize, group: Groups, within: usize) -> Option<Hit> {
        if !self.has(group) {
            return None;
        }
        let hits = &self.trace.hits;
        let to = hits.partition_point(|hit| hit.start < at);
        hits[..to].iter().rev().take_while(|hit| hit.end + within >= at).find(|hit| hit.groups & group != 0 && hit.end <= at).copied()
    }

    /// The first hit of these groups that starts at most `within` bytes after the place.
    pub fn nearest_after(&self, at: usize, group: Groups, within: usize) -> Option<Hit> {
        if !self.has(group) {
            return None;
        }
        let hits = &self.trace.hits;
        let from = hits.partition_point(|hit| hit.start < at);
        hits[from..].iter().take_while(|hit| hit.start <= at + within).find(|hit| hit.groups & group != 0).copied()
    }

    /// A hit of these groups within `within` bytes on either side.
    pub fn near(&self, start: usize, end: usize, group: Groups, within: usize) -> bool {
        self.nearest_before(start, group, within).is_some() || self.nearest_after(end, group, within).is_some()
    }

    /// The bytes of the cell at the head of the column, when the place stands in a table (`;`, tab, `|`, or `,` with equal rows).
    pub fn column(&self, at: usize) -> Option<Range<usize>> {
        let line = self.line(at);
        let (head, delimiter) = self.head(&line)?;
        if head == line {
            return None;
        }
        let index = count(&self.bytes[line.start..at], delimiter);
        let mut from = head.start;
        for _ in 0..index {
            from += memchr(delimiter, &self.bytes[from..head.end])? + 1;
        }
        let to = memchr(delimiter, &self.bytes[from..head.end]).map_or(head.end, |found| from + found);
        Some(from..to)
    }

    /// The cell around a place in a table row; none outside tables.
    pub fn cell(&self, at: usize) -> Option<Range<usize>> {
        let line = self.line(at);
        let (_, delimiter) = self.head(&line)?;
        let start = memrchr(delimiter, &self.bytes[line.start..at]).map_or(line.start, |found| line.start + found + 1);
        let end = memchr(delimiter, &self.bytes[at..line.end]).map_or(line.end, |found| at + found);
        Some(start..end)
    }

    fn head(&self, line: &Range<usize>) -> Option<(Range<usize>, u8)> {
        if let Some(table) = self.table.borrow().as_ref()
            && table.last_line == *line
        {
            return (table.head != *line).then(|| (table.head.clone(), table.delimiter));
        }
        let bytes = &self.bytes[line.clone()];
        if bytes.len() >= LINE_MAX || self.no_row.get() == (line.start, line.end) {
            return None;
        }
        // One look for the three that prose and logs hardly have.
        let rare = memchr3(b'\t', b';', b'|', bytes).is_some();
        let delimiters: &[u8] = if rare { b"\t;|," } else { b"," };
        let Some(&delimiter) = delimiters.iter().find(|&&delimiter| count(bytes, delimiter) >= 2) else {
            self.no_row.set((line.start, line.end));
            return None;
        };
        let mut head = line.clone();
        let columns = count(bytes, delimiter);
        for _ in 0..ROWS_BACK {
            let Some(end) = head.start.checked_sub(1) else { break };
            if let Some(table) = self.table.borrow().as_ref()
                && table.last_line.end == end
                && table.delimiter == delimiter
            {
                head = table.head.clone();
                break;
            }
            let above = self.line(end);
            let found = count(&self.bytes[above.clone()], delimiter);
            if found < 2 || delimiter == b',' && found.abs_diff(columns) > 1 {
                break;
            }
            head = above;
        }
        let answer = (head != *line).then(|| (head.clone(), delimiter));
        *self.table.borrow_mut() = Some(Table { head, last_line: line.clone(), delimiter });
        answer
    }

    /// The sentence around a place: to the nearest full stop, question or exclamation mark before a space, the line's border, or 400 bytes.
    pub fn sentence(&self, at: usize) -> Range<usize> {
        let line = self.around(at, SENTENCE_MAX);
        let stops = |pair: &[u8]| matches!(pair[0], b'.' | b'?' | b'!') && pair[1] == b' ';
        let start = self.bytes[line.start..at].windows(2).rposition(stops).map_or(line.start, |found| line.start + found + 2);
        let end = self.bytes[at..line.end].windows(2).position(stops).map_or(line.end, |found| at + found);
        start..end
    }

    /// The line around a place, as far as `most` bytes on either side, on character borders.
    pub fn around(&self, at: usize, most: usize) -> Range<usize> {
        let line = self.line(at);
        let mut start = line.start.max(at.saturating_sub(most));
        let mut end = line.end.min(at + most);
        while !self.text.is_char_boundary(start) {
            start += 1;
        }
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        start..end.max(start)
    }
}

fn count(bytes: &[u8], delimiter: u8) -> usize {
    memchr::memchr_iter(delimiter, bytes).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::groups;
    use crate::detect::keywords::{Keywords, Words};
    use crate::detect::prefilter::trace;

    fn with<T>(text: &str, ask: impl FnOnce(&Sight<'_>) -> T) -> T {
        let trace = trace(text, &Keywords::new([Words(groups::BSN, "bsn")]), None);
        ask(&Sight::new(text, &trace, 0))
    }

    #[test]
    fn the_head_of_a_column_is_found_in_every_row() {
        let text = "naam;bsn;plaats\na;1;x\nb;2;y\nc;3;z";
        for needle in ["1", "2", "3"] {
            let at = text.find(needle).unwrap();
            assert_eq!(with(text, |sight| sight.column(at)).map(|cell| &text[cell]), Some("bsn"));
        }
    }

    #[test]
    fn prose_with_commas_is_no_table() {
        let text = "Een zin, met een bijzin.\nEn een, twee, drie, vier.";
        assert_eq!(with(text, |sight| sight.column(text.len() - 2)), None);
    }

    #[test]
    fn nearest_words_are_measured_from_the_place() {
        let text = "bsn 123, en nog een heel eind verder 456";
        assert!(with(text, |sight| sight.nearest_before(4, groups::BSN, 5)).is_some());
        assert!(with(text, |sight| sight.nearest_before(37, groups::BSN, 5)).is_none());
    }
}
