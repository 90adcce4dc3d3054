//! One pass over the text that finds everything a detector may start from.
//!
//! Takes the normalised text; gives its digit runs, the known words in it with what they stand for, and the places of `@`, `://` and
//! initials. Detectors look at these places only, never at the whole text. Its cost is one table look-up per byte and one hash per word;
//! it allocates only where it finds something.

use super::groups::Groups;
use super::keywords::{Beginnings, Keywords, key};

/// A longest run of ASCII digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    pub start: usize,
    pub end: usize,
}

impl Run {
    pub fn len(self) -> usize {
        self.end - self.start
    }
}

/// A known word, and the groups (see [`super::groups`]) that it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    pub start: usize,
    pub end: usize,
    pub groups: Groups,
}

/// What the pass found, each list in the order of the text.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    pub runs: Vec<Run>,
    pub hits: Vec<Hit>,
    /// Places of `@`.
    pub ats: Vec<usize>,
    /// Places of the colon in `://`.
    pub schemes: Vec<usize>,
    /// Places of a lone capital before a full stop.
    pub initials: Vec<usize>,
    /// Every group that has a hit.
    pub present: Groups,
    /// A word may begin one of the organisation's own.
    pub own: bool,
}

const BORDER: u8 = 0;
const LOWER: u8 = 1;
const UPPER: u8 = 2;
const DIGIT: u8 = 4;
const HIGH: u8 = 8;
const AT: u8 = 16;
const COLON: u8 = 32;
/// First byte of a two- or three-byte character that is punctuation (U+0080-00BF, U+2000-2FFF).
const SIGN: u8 = 64;
const WORD: u8 = LOWER | UPPER | DIGIT | HIGH;

static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [BORDER; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'a'..=b'z' => LOWER,
            b'A'..=b'Z' => UPPER,
            b'0'..=b'9' => DIGIT,
            b'@' => AT,
            b':' => COLON,
            0xc2 | 0xe2 => SIGN,
            0x80..=0xff => HIGH,
            _ => BORDER,
        };
        byte += 1;
    }
    table
}

/// A letter, a digit, or part of a letter outside ASCII.
pub(crate) fn is_word(byte: u8) -> bool {
    CLASS[usize::from(byte)] & WORD != 0
}

/// Runs the pass; `own` are the beginnings of the organisation's own words, if it has any.
pub(crate) fn trace(text: &str, keywords: &Keywords, own: Option<&Beginnings>) -> Trace {
    let bytes = text.as_bytes();
    let mut trace = Trace { own: own.is_some_and(Beginnings::any), ..Trace::default() };
    let mut at = 0;
    while at < bytes.len() {
        let class = CLASS[usize::from(bytes[at])];
        if class & WORD == 0 {
            match class {
                AT => trace.ats.push(at),
                COLON if bytes[at + 1..].starts_with(b"//") => trace.schemes.push(at),
                SIGN => at += if bytes[at] == 0xe2 { 2 } else { 1 },
                _ => {}
            }
            at += 1;
            continue;
        }
        let start = at;
        let mut seen = class;
        at += 1;
        while at < bytes.len() {
            let class = CLASS[usize::from(bytes[at])];
            if class & WORD == 0 {
                break;
            }
            seen |= class;
            at += 1;
        }
        let key = key(bytes, start, at);
        word(text, start, at, seen, key, keywords, &mut trace);
        if !trace.own && own.is_some_and(|own| own.hold(key)) {
            trace.own = true;
        }
    }
    trace
}

#[inline]
fn word(text: &str, start: usize, end: usize, seen: u8, key: u32, keywords: &Keywords, trace: &mut Trace) {
    let bytes = text.as_bytes();
    if seen & DIGIT != 0 {
        digits(bytes, start, end, trace);
    }
    if seen == DIGIT {
        return;
    }
    if end - start == 1 && seen == UPPER && bytes.get(end) == Some(&b'.') {
        trace.initials.push(start);
    }
    keywords.look_for(key, text, start, end, trace);
    if seen & (LOWER | UPPER) == LOWER | UPPER && end - start > 3 {
        pieces(text, start, end, keywords, trace);
    }
}

fn digits(bytes: &[u8], start: usize, end: usize, trace: &mut Trace) {
    let mut at = start;
    while at < end {
        if bytes[at].is_ascii_digit() {
            let first = at;
            while at < end && bytes[at].is_ascii_digit() {
                at += 1;
            }
            trace.runs.push(Run { start: first, end: at });
        } else {
            at += 1;
        }
    }
}

/// The pieces of a `camelCase` word: `dbPassword` holds `password`, `bsnNummer` holds `bsn`.
fn pieces(text: &str, start: usize, end: usize, keywords: &Keywords, trace: &mut Trace) {
    let bytes = text.as_bytes();
    let mut first = start;
    for at in start + 1..=end {
        if at == end || bytes[at].is_ascii_uppercase() && bytes[at - 1].is_ascii_lowercase() {
            if first > start {
                keywords.look(text, first, end, trace);
            }
            if at < end && at - first < 4 {
                keywords.look(text, first, at, trace);
            }
            first = at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::keywords::Words;

    const A: Groups = 1;
    const B: Groups = 2;

    fn run(text: &str) -> Trace {
        trace(text, &Keywords::new([Words(A, "bsn, burgerservice*, citizen service number"), Words(B, "wachtwoord*, bsn")]), None)
    }

    #[test]
    fn one_pass_finds_runs_words_and_signs() {
        let trace = run("A. Bos, BSN 123456782, a@b https://x");
        assert_eq!(trace.runs, [Run { start: 12, end: 21 }]);
        assert_eq!(trace.hits, [Hit { start: 8, end: 11, groups: A | B }]);
        assert_eq!((trace.ats.len(), trace.schemes.len(), trace.initials), (1, 1, vec![0]));
    }

    #[test]
    fn a_word_is_found_at_its_own_borders_only() {
        assert!(run("absn bsnx").hits.is_empty());
        for text in ["(bsn)", "“bsn”", "mijn_bsn", "bsnNummer", "clientBsn", "BSN", "burgerservicenummers", "Citizen Service Number."] {
            assert_eq!(run(text).hits.len(), 1, "{text}");
        }
    }

    #[test]
    fn a_prefix_hit_reaches_to_the_end_of_its_word() {
        assert_eq!(run("het Wachtwoordbeleid.").hits[0].end, 20);
    }
}
