//! Dutch account numbers whose characters stand apart, whatever stands between them, and those in rot13.
//!
//! Takes the text and its digit runs; gives a piece for each gap that is to go, or for the turned letters. What comes together must pass
//! mod 97, so nothing else is ever put together. It reads a few bytes at a run and goes on only where `NL` stands before it.

use super::Pieces;
use crate::detect::prefilter::{Run, Trace, is_word};

/// Characters of a Dutch account number.
const LENGTH: usize = 18;
/// Bytes between two characters of it.
const GAP: usize = 28;

pub(super) fn find(text: &str, trace: &Trace, out: &mut Pieces) {
    let bytes = text.as_bytes();
    let mut done = 0;
    for run in trace.runs.iter().filter(|run| run.len() <= 2) {
        if run.start < done {
            continue;
        }
        let Some((start, turned)) = country(bytes, run) else { continue };
        let Some((places, end)) = characters(bytes, start, run.start) else { continue };
        let plain: Vec<u8> = places.iter().map(|&place| if turned { rot13(bytes[place]) } else { bytes[place] }).collect();
        if !is_account(&plain) {
            continue;
        }
        done = end;
        let mut gaps = places.windows(2).map(|pair| (pair[0] + 1, pair[1])).filter(|(from, to)| from < to).peekable();
        if turned {
            out.push(start, end, &String::from_utf8_lossy(&plain));
        } else if gaps.clone().any(|(from, to)| &bytes[from..to] != b" ") {
            gaps.by_ref().for_each(|(from, to)| out.push(from, to, ""));
        }
    }
}

fn rot13(byte: u8) -> u8 {
    match byte {
        b'A'..=b'Z' => (byte - b'A' + 13) % 26 + b'A',
        b'a'..=b'z' => (byte - b'a' + 13) % 26 + b'a',
        _ => byte,
    }
}

/// Where `NL` before the run begins, or `AY`, which is `NL` in rot13.
fn country(bytes: &[u8], run: &Run) -> Option<(usize, bool)> {
    let back = |at: usize| {
        let low = at.saturating_sub(GAP);
        bytes[low..at].iter().rposition(|&byte| is_word(byte) && byte < 0x80).map(|found| low + found)
    };
    let last = match bytes.get(run.start.checked_sub(1)?) {
        Some(byte) if byte.is_ascii_alphabetic() => run.start - 1,
        Some(byte) if byte.is_ascii_digit() => return None,
        _ => back(run.start)?,
    };
    let country = match bytes[last] {
        b'L' => b'N',
        b'l' => b'n',
        b'Y' => b'A',
        _ => return None,
    };
    let first = back(last)?;
    let alone = bytes[first] == country && !first.checked_sub(1).is_some_and(|before| bytes[before].is_ascii_alphanumeric());
    alone.then_some((first, country == b'A'))
}

/// The places of the characters from `start` on, and where the last one ends; `digit` is the place of the first digit.
fn characters(bytes: &[u8], start: usize, digit: usize) -> Option<(Vec<usize>, usize)> {
    let mut places = Vec::with_capacity(LENGTH);
    let (mut at, mut gap) = (start, 0);
    while places.len() < LENGTH {
        let byte = *bytes.get(at)?;
        if byte.is_ascii_alphanumeric() {
            let letter = matches!(places.len(), 0 | 1 | 4..8);
            if letter != byte.is_ascii_alphabetic() || places.len() == 2 && at != digit {
                return None;
            }
            places.push(at);
            gap = 0;
        } else {
            gap += 1;
            if gap > GAP {
                return None;
            }
        }
        at += 1;
    }
    (!bytes.get(at).is_some_and(u8::is_ascii_alphanumeric)).then_some((places, at))
}

/// `NL`, two digits, four letters, ten digits, and mod 97 of them all is 1.
fn is_account(plain: &[u8]) -> bool {
    let rest = plain[4..].iter().chain(&plain[..4]).fold(0u32, |rest, &byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte.to_ascii_uppercase() - b'A') + 10) % 97,
    });
    rest == 1
}
