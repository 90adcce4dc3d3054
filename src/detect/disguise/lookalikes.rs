//! Letters in place of the digits they look like: `O6-l2345678`, `NL91 ABNA O417 1643 0O`.
//!
//! Takes the text and its digit runs; gives one piece per such letter. They count only inside a number of seven characters or more that is
//! digits for the most part, or at the places of a Dutch account number where a digit must stand.

use super::Pieces;
use crate::detect::numbers::{elfproef, luhn};
use crate::detect::prefilter::{Run, Trace, is_word};

const LEAST: usize = 7;
const MOST: usize = 24;

pub(super) fn find(text: &str, trace: &Trace, out: &mut Pieces) {
    let bytes = text.as_bytes();
    let mut done = 0;
    for run in &trace.runs {
        if run.start < done {
            continue;
        }
        let beside = [run.start.checked_sub(1), Some(run.end)].into_iter().flatten().filter_map(|at| bytes.get(at));
        // `06 I2`, where the letter starts the next word.
        let next = bytes.get(run.end + 1).filter(|_| bytes.get(run.end).is_some_and(|&byte| is_gap(byte)));
        if !beside.chain(next).any(|&byte| digit(byte).is_some()) {
            continue;
        }
        done = account(bytes, run, out).or_else(|| number(bytes, run, out)).or_else(|| postcode(bytes, run, out)).unwrap_or(run.end);
    }
}

/// The digit that a letter looks like.
fn digit(letter: u8) -> Option<&'static str> {
    Some(match letter {
        b'O' | b'o' | b'Q' | b'D' => "0",
        b'l' | b'I' | b'i' => "1",
        b'Z' | b'z' => "2",
        b'S' | b's' => "5",
        b'G' => "6",
        b'B' => "8",
        _ => return None,
    })
}

fn is_gap(byte: u8) -> bool {
    matches!(byte, b' ' | b'.' | b'-' | b'/' | b'_')
}

/// A word of digits and letters that look like them; a word of letters alone may stand between others.
fn is_number_word(word: &[u8], between: bool) -> bool {
    let all = !word.is_empty() && word.iter().all(|&byte| byte.is_ascii_digit() || digit(byte).is_some());
    let letters = word.iter().all(|byte| !byte.is_ascii_digit());
    all && (!letters || between && word.len() <= 3 && word.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'l'))
}

fn word_end(bytes: &[u8], start: usize) -> usize {
    start + bytes[start..].iter().take(MOST).take_while(|&&byte| is_word(byte)).count()
}

fn number(bytes: &[u8], run: &Run, out: &mut Pieces) -> Option<usize> {
    let mut start = run.start - bytes[..run.start].iter().rev().take(MOST).take_while(|&&byte| is_word(byte)).count();
    // `O6` before `-12345678` begins with letters only when one stands alone: `O 6`.
    while start >= 3 && is_gap(bytes[start - 1]) && is_word(bytes[start - 2]) && run.start - start < MOST {
        let from = start - 1 - bytes[..start - 1].iter().rev().take(MOST).take_while(|&&byte| is_word(byte)).count();
        if !is_number_word(&bytes[from..start - 1], false) {
            break;
        }
        start = from;
    }
    let (mut at, mut end) = (start, start);
    loop {
        let to = word_end(bytes, at);
        let more = bytes.get(to).is_some_and(|&byte| is_gap(byte))
            && bytes.get(to + 1).is_some_and(|&byte| byte.is_ascii_digit() || digit(byte).is_some());
        if to - start > MOST || !is_number_word(&bytes[at..to], more && at > start) {
            break;
        }
        end = to;
        if !more {
            break;
        }
        at = to + 1;
    }
    let value = &bytes[start..end];
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = value.iter().filter(|&&byte| digit(byte).is_some()).count();
    let first = *value.first()?;
    // One capital before a number is a code: `B12345678`, `Z20240012`.
    let code = letters == 1 && first.is_ascii_uppercase() && !matches!(first, b'O' | b'I')
        || value.len() > 2 && value[..2].iter().all(|byte| matches!(byte, b'G' | b'B' | b'S' | b'Z' | b'D' | b'Q'));
    let enough = digits * 10 >= (digits + letters) * 6 && !code;
    if letters == 0 || digits + letters < LEAST || digits * 10 < (digits + letters) * 3 || !enough && !has_shape(value) {
        return None;
    }
    for (place, &byte) in value.iter().enumerate() {
        if let Some(plain) = digit(byte) {
            out.push(start + place, start + place + 1, plain);
        }
    }
    Some(end)
}

/// Read as digits, the value is a number whose shape or check says so, though most of it is letters.
fn has_shape(value: &[u8]) -> bool {
    let plain: String = value.iter().map(|&byte| digit(byte).map_or(char::from(byte), |digit| char::from(digit.as_bytes()[0]))).collect();
    let digits: Vec<u8> = plain.bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0').collect();
    let date = match plain.as_bytes() {
        [_, _, b'-' | b'.' | b'/', month @ b'0'..=b'1', _, b'-' | b'.' | b'/', b'1' | b'2', b'9' | b'0', _, _] => *month <= b'1',
        _ => false,
    };
    match *digits.as_slice() {
        [0, 6, ..] | [0, 1..=5, ..] => digits.len() == 10,
        [3, 1, 6, ..] if digits.len() == 11 => true,
        _ if digits.len() == 9 => elfproef(&digits) && value.iter().all(u8::is_ascii_alphanumeric),
        _ if digits.len() == 16 => luhn(&digits),
        _ => date,
    }
}

/// The four digits of a postcode with its letters: `5B15 AB Zeist`.
fn postcode(bytes: &[u8], run: &Run, out: &mut Pieces) -> Option<usize> {
    let start = run.start - bytes[..run.start].iter().rev().take(5).take_while(|&&byte| is_word(byte)).count();
    let end = word_end(bytes, start);
    let word = &bytes[start..end];
    let digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();
    let after = bytes.get(end..end + 5)?;
    let letters = after[0] == b' '
        && after[1].is_ascii_uppercase()
        && after[2].is_ascii_uppercase()
        && after[3] == b' '
        && after[4].is_ascii_uppercase();
    if word.len() != 4 || digits < 2 || digits == 4 || !letters || !is_number_word(word, false) {
        return None;
    }
    for (place, &byte) in word.iter().enumerate() {
        if let Some(plain) = digit(byte) {
            out.push(start + place, start + place + 1, plain);
        }
    }
    Some(end)
}

/// A Dutch account number: `NL`, two digits, four letters, ten digits, with separators between.
fn account(bytes: &[u8], run: &Run, out: &mut Pieces) -> Option<usize> {
    let low = run.start.saturating_sub(16);
    let start = (low..run.start)
        .rev()
        .find(|&at| bytes[at..].len() >= 18 && bytes[at..at + 2].eq_ignore_ascii_case(b"NL") && !(at > 0 && is_word(bytes[at - 1])))?;
    let mut changes = Vec::new();
    let (mut at, mut place) = (start + 2, 2);
    while place < 18 {
        let byte = *bytes.get(at)?;
        let must_be_letter = (4..8).contains(&place);
        if is_gap(byte) {
            at += 1;
            continue;
        }
        match (must_be_letter, byte) {
            (true, b'0') => changes.push((at, "O")),
            (true, b'1') => changes.push((at, "I")),
            (true, b'5') => changes.push((at, "S")),
            (true, b'8') => changes.push((at, "B")),
            (true, _) if byte.is_ascii_alphabetic() => {}
            (false, _) if byte.is_ascii_digit() => {}
            (false, _) => changes.push((at, digit(byte)?)),
            _ => return None,
        }
        at += 1;
        place += 1;
    }
    if bytes.get(at).is_some_and(|&byte| is_word(byte)) {
        return None;
    }
    for (at, plain) in changes {
        out.push(at, at + 1, plain);
    }
    Some(at)
}
