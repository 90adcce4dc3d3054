//! Large texts, a piece at a time.
//!
//! Takes a text; gives windows that together cover it, each with a margin on both sides for words and values near its borders, and with the head
//! of the table that it begins in. So memory stays bounded, and the pass works in the processor's cache. A finding belongs to the window
//! whose body it starts in.

use memchr::{memchr_iter, memrchr};
use std::borrow::Cow;
use std::ops::Range;

/// Texts up to this many bytes are one window.
const BODY: usize = 256 * 1024;
const BEFORE: usize = 4 * 1024;
/// Long enough for a private key that begins at the end of the body.
const AFTER: usize = 16 * 1024;
const HEAD_MAX: usize = 4096;

/// A piece of a text.
pub(super) struct Window<'a> {
    /// What detectors see: the head of a table, and the body with its margins.
    pub text: Cow<'a, str>,
    /// Bytes of `text` before the piece proper.
    head: usize,
    /// Where the piece stands in the whole text.
    start: usize,
    /// The part of the whole text whose findings this window tells.
    pub body: Range<usize>,
}

impl Window<'_> {
    /// A place in the window's text, in the whole text; none in the repeated head of a table.
    pub fn place(&self, at: usize) -> Option<usize> {
        at.checked_sub(self.head).map(|at| at + self.start)
    }
}

/// The windows of a text, in order.
pub(super) fn windows(text: &str) -> Windows<'_> {
    Windows { text, at: 0, head: None }
}

pub(super) struct Windows<'a> {
    text: &'a str,
    at: usize,
    /// The first line of the table that the last window ended in.
    head: Option<Range<usize>>,
}

impl<'a> Iterator for Windows<'a> {
    type Item = Window<'a>;

    fn next(&mut self) -> Option<Window<'a>> {
        let (text, from) = (self.text, self.at);
        if from == 0 && text.len() <= BODY {
            self.at = text.len();
            return (!text.is_empty()).then_some(Window { text: text.into(), head: 0, start: 0, body: 0..text.len() });
        }
        if from >= text.len() {
            return None;
        }
        let to = if text.len() - from <= BODY { text.len() } else { border(text, from + BODY / 2, from + BODY) };
        let start = if from == 0 { 0 } else { border(text, from.saturating_sub(BEFORE), from.saturating_sub(BEFORE / 2)) };
        let end = floor(text, (to + AFTER).min(text.len()));
        let piece = &text[start..end];
        let head = self.head.clone().filter(|head| head.end < start).map(|head| &text[head]);
        let window = match head {
            Some(head) => Window { text: format!("{head}\n{piece}").into(), head: head.len() + 1, start, body: from..to },
            None => Window { text: piece.into(), head: 0, start, body: from..to },
        };
        self.head = self.table(start, to);
        self.at = to;
        Some(window)
    }
}

impl Windows<'_> {
    /// The head of the table that the line before `to` stands in, looked for down to `start`; the one known already where the table began above.
    fn table(&self, start: usize, to: usize) -> Option<Range<usize>> {
        let bytes = self.text.as_bytes();
        let line_before = |end: usize| memrchr(b'\n', &bytes[start..end]).map_or(start, |found| start + found + 1);
        let mut end = to.checked_sub(1).filter(|&end| bytes[end] == b'\n')?;
        let mut line = line_before(end);
        let delimiter = *[b'\t', b';', b'|', b','].iter().find(|&&delimiter| memchr_iter(delimiter, &bytes[line..end]).count() >= 2)?;
        let columns = memchr_iter(delimiter, &bytes[line..end]).count();
        loop {
            if line == start {
                return self.head.clone().or(Some(line..end)).filter(|head| head.len() <= HEAD_MAX);
            }
            let (above_end, above) = (line - 1, line_before(line - 1));
            let found = memchr_iter(delimiter, &bytes[above..above_end]).count();
            if found < 2 || delimiter == b',' && found.abs_diff(columns) > 1 {
                return Some(line..end).filter(|head| head.len() <= HEAD_MAX);
            }
            (line, end) = (above, above_end);
        }
    }
}

/// Where to part the text between two places: after the last line end, else after the last space, else anywhere between characters.
fn border(text: &str, low: usize, high: usize) -> usize {
    let (low, high) = (floor(text, low), floor(text, high));
    let piece = &text.as_bytes()[low..high];
    memrchr(b'\n', piece).or_else(|| memrchr(b' ', piece)).map_or(high, |found| low + found + 1)
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies(text: &str) -> Vec<Range<usize>> {
        windows(text).map(|window| window.body).collect()
    }

    #[test]
    fn a_short_text_is_one_window_as_it_stands() {
        let all: Vec<_> = windows("kort").map(|window| (window.text.into_owned(), window.body)).collect();
        assert_eq!(all, [("kort".to_owned(), 0..4)]);
        assert!(bodies("").is_empty());
    }

    #[test]
    fn bodies_cover_a_long_text_once() {
        for text in ["a".repeat(3 * BODY + 17), "é".repeat(2 * BODY), "een woord ".repeat(BODY / 3), "regel\n".repeat(BODY / 2)] {
            let bodies = bodies(&text);
            assert_eq!((bodies[0].start, bodies[bodies.len() - 1].end), (0, text.len()));
            assert!(bodies.windows(2).all(|pair| pair[0].end == pair[1].start));
        }
    }

    #[test]
    fn places_in_a_window_are_places_in_the_text() {
        let text = format!("naam;bsn\n{}", "Jansen;111222333;Zeist\n".repeat(BODY / 8));
        let text = text.replacen("naam;bsn", "naam;bsn;plaats", 1);
        let windows: Vec<_> = windows(&text).collect();
        assert!(windows.len() > 2);
        for window in &windows[1..] {
            assert!(window.text.starts_with("naam;bsn;plaats\n"), "every window of a table begins with its head");
            assert_eq!(window.place(3), None);
            let at = window.text.len() / 2;
            assert_eq!(window.text[at..at + 9], text[window.place(at).unwrap()..][..9]);
        }
    }

    #[test]
    fn prose_after_a_table_has_no_head() {
        let text = format!("a;b;c\n1;2;3\n{}", "Een zin van acht woorden die niets zegt.\n".repeat(BODY / 20));
        assert!(windows(&text).skip(1).all(|window| window.text.starts_with("Een zin")));
    }
}
