//! One number told in pieces: over lines or messages of a conversation, with words between.
//!
//! Takes the text and its trace; gives a piece at the first part that stands for the whole number, and pairs it with the other parts, so
//! that a finding covers the parts and leaves the words between them. [`seam`] is the same for messages that are texts of their own.

use super::{Pair, Pieces};
use crate::detect::groups::{ACCOUNT, BSN, CARD, Groups, PHONE};
use crate::detect::numbers::{elfproef, luhn};
use crate::detect::prefilter::{Run, Trace, is_word};
use memchr::{memchr, memrchr};
use std::ops::Range;

/// Bytes from one part to the next.
const REACH: usize = 240;
/// Parts of one number.
const PARTS: usize = 4;
/// Bytes of the messages before one, and of its own beginning, that are read together.
const SEAM: usize = 300;

pub(super) fn find(text: &str, trace: &Trace, out: &mut Pieces) {
    const NUMBERS: Groups = BSN | PHONE | ACCOUNT | CARD;
    if trace.present & NUMBERS == 0 {
        return;
    }
    let bytes = text.as_bytes();
    let mut done = 0;
    let mut names = trace.hits.iter().filter(|hit| hit.groups & NUMBERS != 0).peekable();
    for (index, run) in trace.runs.iter().enumerate() {
        // A word that names such a number stands before it, or not far behind its last part.
        while names.next_if(|name| name.start + 2 * REACH < run.start).is_some() {}
        if names.peek().is_none_or(|name| name.start > run.end + 2 * REACH) || run.start < done || run.end - run.start > 14 {
            continue;
        }
        let Some(first) = value(bytes, run.start, run.end).filter(|first| !is_ordinal(bytes, first)) else { continue };
        let Some(parts) = together(text, &trace.runs[index + 1..], &first, trace.present & CARD != 0) else { continue };
        let low = text.floor_char_boundary(first.start.saturating_sub(2 * REACH));
        let from = trace.hits.partition_point(|hit| hit.start < low);
        let end = parts.last().map_or(first.end, |part| part.end);
        let named = trace.hits[from..].iter().take_while(|hit| hit.start < end + REACH).any(|hit| hit.groups & NUMBERS != 0);
        if !named {
            continue;
        }
        let mut plain = text[first.clone()].to_owned();
        for part in &parts {
            plain.push_str(&text[part.clone()]);
        }
        plain.retain(|c| c.is_ascii_alphanumeric() || c == '+');
        if !may_be_whole(&plain) || !told_in_parts(text, &first, &parts) {
            continue;
        }
        out.pairs.extend(parts.into_iter().map(|second| Pair { first: first.clone(), second }));
        out.push(first.start, first.end, &plain);
        done = end;
    }
}

/// The number passes the check that numbers of its length have: that of a BSN, or of a card. Telephone and account numbers are left to their
/// detectors.
fn may_be_whole(plain: &str) -> bool {
    let digits: Vec<u8> = plain.bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0').collect();
    match (plain.len(), digits.len()) {
        (9, 9) => elfproef(&digits),
        (10, 10) => digits[0] == 0 && digits[1] != 0,
        (16, 16) => luhn(&digits),
        _ => true,
    }
}

/// The value that this digit run is in: digits and capitals over single separators, of a length that is no whole number yet.
fn value(bytes: &[u8], start: usize, end: usize) -> Option<Range<usize>> {
    let (mut start, mut end) = (start, end);
    let part = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
    let gap = |byte: u8| matches!(byte, b' ' | b'.' | b'-');
    while end - start < 24
        && let Some(before) = start.checked_sub(1)
    {
        if part(bytes[before]) {
            start = before;
        } else if gap(bytes[before]) && before > 0 && part(bytes[before - 1]) && bytes[start].is_ascii_alphanumeric() {
            start = before - 1;
        } else {
            break;
        }
    }
    while end - start < 24
        && let Some(&byte) = bytes.get(end)
    {
        if part(byte) {
            end += 1;
        } else if gap(byte) && bytes.get(end + 1).is_some_and(|&next| part(next)) {
            end += 2;
        } else {
            break;
        }
    }
    if start > 0 && bytes[start - 1] == b'+' {
        start -= 1;
    }
    let alone = !(start > 0 && is_word(bytes[start - 1]))
        && !bytes.get(end).is_some_and(|&byte| is_word(byte) || byte == b':' && bytes.get(end + 1).is_some_and(u8::is_ascii_digit));
    (alone && end - start < 24).then_some(start..end)
}

fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| byte.is_ascii_alphanumeric()).count()
}

/// The parts that follow the first, when all together have the length of a number.
fn together(text: &str, runs: &[Run], first: &Range<usize>, cards: bool) -> Option<Vec<Range<usize>>> {
    let bytes = text.as_bytes();
    let head = &bytes[first.clone()];
    let account = head.len() >= 3 && head.iter().take(2).all(u8::is_ascii_uppercase) && head[2].is_ascii_digit();
    let wanted: &[usize] = match (account, head) {
        (true, _) => &[18],
        (_, [b'+', b'3', b'1', ..]) => &[11],
        (_, [b'0', ..]) => &[10, 9],
        _ => &[9, 16],
    };
    if !account && head.iter().any(u8::is_ascii_uppercase) {
        return None;
    }
    let mut total = count(head);
    // A whole number by itself is no part of one; the first twelve digits of a card are.
    let card = cards && total < 16 && matches!(head[0], b'3'..=b'6');
    if !account && total >= 9 && total != 12 && !card {
        return None;
    }
    let wanted = if total >= 9 && card { &[16][..] } else { wanted };
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut last = first.end;
    for run in runs {
        if run.start < last {
            continue;
        }
        if run.start - last > REACH || parts.len() == PARTS || total > 16 {
            break;
        }
        let Some(part) = value(bytes, run.start, run.end) else { continue };
        // The letters of the bank may be in the second part of an account number.
        let letters = bytes[part.clone()].iter().any(u8::is_ascii_uppercase) && !(account && total < 8);
        if part.start < last || is_time(bytes, &part) || letters || is_ordinal(bytes, &part) {
            continue;
        }
        total += count(&bytes[part.clone()]);
        last = part.end;
        parts.push(part);
        if wanted.contains(&total) {
            return Some(parts);
        }
    }
    None
}

/// `deel 2`, `bericht 1`: a digit that counts the parts.
fn is_ordinal(bytes: &[u8], part: &Range<usize>) -> bool {
    const COUNTED: &[&str] = &["deel", "part", "bericht", "message", "stuk", "regel", "helft", "nr"];
    if part.len() != 1 || part.start == 0 || !matches!(bytes[part.start - 1], b' ' | b'#') {
        return false;
    }
    let before = bytes[..part.start - 1].trim_ascii_end();
    COUNTED.iter().any(|word| before.len() >= word.len() && before[before.len() - word.len()..].eq_ignore_ascii_case(word.as_bytes()))
}

/// `10:23` or `2024-01-02` at the head of a message.
fn is_time(bytes: &[u8], part: &Range<usize>) -> bool {
    let colon = part.start > 0 && bytes[part.start - 1] == b':' && part.start > 1 && bytes[part.start - 2].is_ascii_digit();
    let date = part.len() >= 8 && bytes[part.clone()].iter().filter(|&&byte| byte == b'-').count() == 2;
    colon || date
}

/// Beginnings of the words by which people tell a number in parts.
const CUES: &[&str] = &[
    "begin", "eerst", "laatst", "eindig", "vervolg", "rest", "deel", "helft", "daarna", "gevolgd", "dan", "achter", "overige", "erna",
    "verder", "tweede", "first", "last", "start", "ends", "ending", "then", "part", "half", "followed", "remain", "second", "next",
    "continu",
];

/// A word says that the number comes in parts, or the parts are lines of one speaker, or lines of their own.
fn told_in_parts(text: &str, first: &Range<usize>, parts: &[Range<usize>]) -> bool {
    let bytes = text.as_bytes();
    let Some(last) = parts.last() else { return false };
    let line = line_start(bytes, first.start);
    // In one line only words can part a number.
    let mut between = Vec::with_capacity(parts.len() + 1);
    between.push(line..first.start);
    let mut from = first.end;
    for part in parts {
        between.push(from..part.start);
        from = part.end;
    }
    let says = |range: &Range<usize>| {
        text[text.ceil_char_boundary(range.start)..text.floor_char_boundary(range.end)].split(|c: char| !c.is_alphanumeric()).any(|word| {
            CUES.iter().any(|cue| {
                word.get(..cue.len()).is_some_and(|head| head.eq_ignore_ascii_case(cue)) && (cue.len() > 3 || word.len() == cue.len())
            })
        })
    };
    let rest = text.floor_char_boundary((last.end + 24).min(bytes.len()));
    between.push(last.end..memchr(b'\n', &bytes[last.end..rest]).map_or(rest, |found| last.end + found));
    let (after, between) = (between[between.len() - 1].clone(), &between[..between.len() - 1]);
    if between[1..].iter().all(|range| range.len() > 2) && (between.iter().any(says) || says(&after)) {
        return true;
    }
    let over_lines = between[1..].iter().all(|range| bytes[range.clone()].contains(&b'\n'));
    let speaker = speaker(text, line);
    let same = speaker.is_some() && parts.iter().all(|part| self::speaker(text, line_start(bytes, part.start)) == speaker);
    let short = bytes[first.start..last.end].split(|&byte| byte == b'\n').all(|line| line.len() < 160);
    over_lines && same && short
}

fn line_start(bytes: &[u8], at: usize) -> usize {
    let low = at.saturating_sub(REACH);
    memrchr(b'\n', &bytes[low..at]).map_or(low, |found| low + found + 1)
}

/// Who speaks in a line such as `Gebruiker: ...` or `[10:23] Jan: ...`.
fn speaker(text: &str, line: usize) -> Option<&str> {
    let start = text.ceil_char_boundary(line);
    let rest = &text[start..text.floor_char_boundary((start + 60).min(text.len()))];
    let rest = rest.trim_start_matches(|c: char| !c.is_alphabetic() && c != '\n');
    let colon = rest.find(':')?;
    // `Bericht 1` and `Bericht 2` are of one kind.
    let name = rest[..colon].trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
    (name.len() <= 32 && !name.contains('\n')).then_some(name)
}

/// The end of the messages so far with the beginning of the next: one text, and where its bytes stand.
pub(in crate::detect) struct Seam {
    pub text: String,
    /// For each stretch of the text: the message, the place in it, and the stretch.
    pub stretches: Vec<(usize, usize, Range<usize>)>,
}

/// Reads what was said last before message `index` together with its first bytes; none where nothing comes before. Messages in fields of
/// another name (the label) are no part of the conversation.
pub(in crate::detect) fn seam(messages: &[(&str, &str)], index: usize) -> Option<Seam> {
    let mut before = Vec::new();
    let mut left = SEAM;
    let &(head, label) = messages.get(index)?;
    for (message, &(text, of)) in messages[..index].iter().enumerate().rev().take(8) {
        if left == 0 || text.is_empty() || of != label {
            continue;
        }
        let mut from = text.ceil_char_boundary(text.len().saturating_sub(left));
        // Not in the middle of a word or number.
        if from > 0 {
            from = text[from..].find(char::is_whitespace).map_or(text.len(), |found| from + found);
        }
        left = left.saturating_sub((text.len() - from).max(1));
        before.push((message, from..text.len()));
        if from > 0 {
            break;
        }
    }
    let mut to = head.floor_char_boundary(SEAM);
    if to < head.len() {
        to = head[..to].rfind(char::is_whitespace).unwrap_or(0);
    }
    if before.is_empty() || to == 0 {
        return None;
    }
    let mut seam = Seam { text: String::with_capacity(2 * SEAM + 8), stretches: Vec::new() };
    for (message, range) in before.into_iter().rev().chain([(index, 0..to)]) {
        let at = seam.text.len();
        seam.text.push_str(&messages[message].0[range.clone()]);
        seam.stretches.push((message, range.start, at..seam.text.len()));
        seam.text.push('\n');
    }
    Some(seam)
}
