//! A number behind the word that names it, taken apart by the borders of cells, line ends or any other signs.
//!
//! Takes the text and the hits of words for a BSN, a card, a telephone and a document; gives a piece for each gap that is to go. What comes
//! together must directly follow its word and pass its own check, or have its exact length: other cells of a row stay apart.

use super::Pieces;
use crate::detect::groups::{AMERICAN, BSN, CARD, DOCUMENT, Groups, PHONE};
use crate::detect::numbers::{elfproef, luhn};
use crate::detect::prefilter::{Trace, is_word};

/// Bytes between the word and the number.
const LEAD: usize = 48;
/// Bytes between the number and a word behind it.
const BACK: usize = 16;
/// Bytes between two parts, and parts of one number.
const GAP: usize = 16;
const PARTS: usize = 8;

pub(super) fn find(text: &str, trace: &Trace, out: &mut Pieces) {
    let mut done = 0;
    if trace.present & (BSN | CARD | DOCUMENT | PHONE) == 0 {
        return;
    }
    for group in [BSN, CARD, PHONE, DOCUMENT] {
        let mut next = 0;
        // `SSN` names an American number as well, which is read as it is written.
        for hit in trace.of(group).iter().filter_map(|&hit| trace.hits.get(hit as usize)).filter(|hit| hit.groups & AMERICAN == 0) {
            // A number starts shortly behind the word, or ends shortly before it.
            while trace.runs.get(next).is_some_and(|run| run.start < hit.end) {
                next += 1;
            }
            let behind = trace.runs.get(next).is_some_and(|run| run.start - hit.end < LEAD);
            let ahead = next.checked_sub(1).is_some_and(|last| hit.start.saturating_sub(trace.runs[last].end) <= BACK);
            if !behind && !ahead {
                continue;
            }
            let start = value(text.as_bytes(), hit.end, group).filter(|&start| behind && (start >= done || group == DOCUMENT));
            if let Some(parts) = start.and_then(|start| parts(text, start, group)).or_else(|| before(text, trace, hit.start, group)) {
                done = parts.last().map_or(done, |part| part.1);
                for pair in parts.windows(2) {
                    out.push(pair[0].1, pair[1].0, "");
                }
            }
        }
    }
}

/// Where the value behind a word begins: after signs, a cell or a line end, and the name of who says it.
fn value(bytes: &[u8], end: usize, group: Groups) -> Option<usize> {
    let near = &bytes[end..(end + LEAD).min(bytes.len())];
    let digit = |at: usize| near[at].is_ascii_digit() || group == DOCUMENT && near[at].is_ascii_uppercase();
    let at = near.iter().position(|byte| is_word(*byte))?;
    if digit(at) {
        return Some(end + at);
    }
    if group == PHONE {
        return None;
    }
    // `bsn is 1112`, `bsn van de klant: 1112`, and in a chat `wat is het bsn?` with the answer in the next line.
    let word = |at: &usize| {
        let begins = digit(*at) && !is_word(near[*at - 1]);
        begins && (group != DOCUMENT || near.get(at + 1).is_some_and(|next| !next.is_ascii_lowercase()))
    };
    (at..near.len()).find(word).map(|at| end + at)
}

/// The parts of a number that ends shortly before its word: `1112;22333 (bsn)`.
fn before(text: &str, trace: &Trace, word: usize, group: Groups) -> Option<Vec<(usize, usize)>> {
    if group & (BSN | CARD) == 0 {
        return None;
    }
    let runs = &trace.runs[..trace.runs.partition_point(|run| run.end <= word)];
    let last = runs.last()?;
    if word - last.end > BACK || text.as_bytes()[last.end..word].contains(&b'\n') {
        return None;
    }
    runs.iter()
        .rev()
        .skip(1)
        .take(PARTS - 1)
        .find_map(|run| parts(text, run.start, group).filter(|parts| parts.last().is_some_and(|part| part.1 == last.end)))
}

/// The parts of a number that begins at the place, when they come to one.
fn parts(text: &str, start: usize, group: Groups) -> Option<Vec<(usize, usize)>> {
    let bytes = text.as_bytes();
    let belongs = |byte: u8| byte.is_ascii_digit() || group == DOCUMENT && byte.is_ascii_uppercase();
    let (mut parts, mut plain, mut at, mut cut) = (Vec::new(), Vec::new(), start, false);
    while parts.len() < PARTS {
        let end = at + bytes[at..].iter().take(20).take_while(|&&byte| belongs(byte)).count();
        if end == at || bytes.get(end).is_some_and(|&byte| is_word(byte)) {
            return None;
        }
        parts.push((at, end));
        plain.extend_from_slice(&bytes[at..end]);
        let space = bytes[end..].iter().take(GAP).take_while(|&&byte| is_sign(byte)).count();
        if cut && is_whole(&plain, group) {
            return Some(parts);
        }
        if space == 0 || plain.len() > 16 {
            return None;
        }
        cut |= bytes[end..end + space] != *b" ";
        at = end + space;
    }
    None
}

fn is_sign(byte: u8) -> bool {
    byte.is_ascii_whitespace()
        || matches!(byte, b';' | b'|' | b',' | b'"' | b'\'' | b'=' | b'*' | b'#' | b'\\' | b'+' | b'^' | b'>' | b'-' | b'`')
}

fn is_whole(plain: &[u8], group: Groups) -> bool {
    let digits = || plain.iter().map(|byte| byte - b'0').collect::<Vec<u8>>();
    match group {
        BSN => plain.len() == 9 && elfproef(&digits()),
        CARD => plain.len() == 16 && luhn(&digits()),
        PHONE => plain.len() == 10 && plain[0] == b'0' && matches!(plain[1], b'1'..=b'7') || plain.len() == 11 && plain.starts_with(b"316"),
        _ => {
            plain.len() == 9
                && plain[0].is_ascii_uppercase()
                && plain[1].is_ascii_uppercase()
                && plain[8].is_ascii_digit()
                && plain[2..].iter().any(u8::is_ascii_digit)
        }
    }
}
