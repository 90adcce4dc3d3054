//! Values turned around: rot13 near its name, reversed near a word that says so, and addresses and accounts that end as they should begin.
//!
//! Takes the text, the hits of those words, and the places of `@`; gives the words with their letters turned back. Without a word that says
//! so only an e-mail address or a Dutch account number is turned, since each shows by its own end that it is reversed.

use super::Pieces;
use crate::detect::groups::{REVERSED, ROT13};
use crate::detect::prefilter::{Trace, is_word};
use memchr::{memchr, memrchr};

/// Bytes after (or before) the word that are turned.
const REACH: usize = 200;

/// `first`: nothing was turned yet; the word that says so still stands in what was.
pub(super) fn find(text: &str, trace: &Trace, first: bool, out: &mut Pieces) {
    addresses(text, &trace.ats, out);
    accounts(text, trace, out);
    if !first || trace.present & (ROT13 | REVERSED) == 0 {
        return;
    }
    let mut done = 0;
    for hit in trace.hits.iter().filter(|hit| hit.groups & (ROT13 | REVERSED) != 0) {
        if hit.start < done {
            continue;
        }
        let Some((start, end)) = spoken_of(text, hit.start, hit.end) else { continue };
        done = end.max(hit.end);
        if hit.groups & ROT13 != 0 {
            rot13(text, start, end, out);
        } else {
            reverse(text, start, end, out);
        }
    }
}

/// The stretch that the word is about: the rest of its line; when that is empty, what stands before it; else the next line.
fn spoken_of(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let coded = |stretch: &(usize, usize)| {
        // A number, or an address; the digits of `rot13` itself and of a list are none.
        let digits = bytes[stretch.0..stretch.1].iter().filter(|byte| byte.is_ascii_digit()).count();
        digits >= 4 || memchr(b'@', &bytes[stretch.0..stretch.1]).is_some() || text[stretch.0..stretch.1].split_whitespace().any(is_turned)
    };
    let around = stretches(text, start, end);
    if let Some(stretch) = around.iter().copied().find(coded) {
        return Some(stretch);
    }
    let high = text.floor_char_boundary((end + REACH).min(bytes.len()));
    let line_end = memchr(b'\n', &bytes[end..high]).map_or(high, |found| end + found);
    let words = |from: usize, to: usize| bytes[from..to].iter().filter(|&&byte| is_word(byte)).count() >= 4;
    if words(end, line_end) {
        // `(omgekeerd)`, `achterstevoren:`: the value starts after the sign; else after the word.
        let sign = bytes[end..line_end].iter().take(24).position(|byte| matches!(byte, b':' | b')' | b'=')).map_or(0, |found| found + 1);
        return Some((end + sign, line_end));
    }
    let low = text.ceil_char_boundary(start.saturating_sub(REACH));
    let line_start = memrchr(b'\n', &bytes[low..start]).map_or(low, |found| low + found + 1);
    // The value before the word: after the last colon, where there is one.
    let value_start = memrchr(b':', &bytes[line_start..start]).map_or(line_start, |found| line_start + found + 1);
    if words(value_start, start) {
        return Some((value_start, start));
    }
    around.get(2).copied()
}

/// What the word may be about: the rest of its line after a sign, its line before it, the next line that is not empty, the line before.
fn stretches(text: &str, start: usize, end: usize) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let high = text.floor_char_boundary((end + 2 * REACH).min(bytes.len()));
    let low = text.ceil_char_boundary(start.saturating_sub(2 * REACH));
    let line_end = memchr(b'\n', &bytes[end..high]).map_or(high, |found| end + found);
    let line_start = memrchr(b'\n', &bytes[low..start]).map_or(low, |found| low + found + 1);
    let sign = bytes[end..line_end].iter().take(32).position(|byte| matches!(byte, b':' | b')' | b'=')).map_or(0, |found| found + 1);
    let value = memrchr(b':', &bytes[line_start..start]).map_or(line_start, |found| line_start + found + 1);
    let next = line_end + bytes[line_end..high].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let next_end = memchr(b'\n', &bytes[next..high]).map_or(high, |found| next + found);
    let above_end = low + text[low..line_start].trim_end().len();
    let above = memrchr(b'\n', &bytes[low..above_end]).map_or(low, |found| low + found + 1);
    vec![(end + sign, line_end), (value, start), (next, next_end), (above, above_end)]
}

/// Each word of letters moved thirteen places, one piece per word.
fn rot13(text: &str, start: usize, end: usize, out: &mut Pieces) {
    let mut at = start;
    for word in text[start..end].split_inclusive(|c: char| c.is_whitespace()) {
        let value = word.trim_end();
        let turned: String = value
            .chars()
            .map(|c| match c {
                'a'..='z' => char::from((c as u8 - b'a' + 13) % 26 + b'a'),
                'A'..='Z' => char::from((c as u8 - b'A' + 13) % 26 + b'A'),
                _ => c,
            })
            .collect();
        if turned != value {
            out.push(at, at + value.len(), &turned);
        }
        at += word.len();
    }
}

/// The words with a digit or `@` in them turned as one; where there are none, the first sentence.
fn reverse(text: &str, start: usize, end: usize, out: &mut Pieces) {
    let stretch = &text[start..end];
    let stretch = stretch.find([';', '|', '\t']).map_or(stretch, |cell| &stretch[..cell]);
    let mut words = Vec::new();
    let mut at = start;
    for word in stretch.split_inclusive(|c: char| c.is_whitespace()) {
        let value = word.trim_end();
        if !value.is_empty() {
            words.push((at, at + value.len()));
        }
        at += word.len();
    }
    let coded = |&&(from, to): &&(usize, usize)| text[from..to].bytes().any(|byte| byte.is_ascii_digit() || byte == b'@');
    let capitals = |&&(from, to): &&(usize, usize)| coded(&&(from, to)) || text[from..to].bytes().all(|byte| byte.is_ascii_uppercase());
    let (from, to) = match words.iter().position(|word| coded(&word)) {
        Some(first) => {
            let count = words[first..].iter().take_while(capitals).count().max(1);
            let (from, to) = (words[first].0, words[first + count - 1].1);
            // A few digits are the number of a house in an address: that is turned as a whole.
            let short = text[from..to].bytes().filter(u8::is_ascii_alphanumeric).count() < 9 && !text[from..to].contains('@');
            if short { (start, start + stretch.len()) } else { (from, to) }
        }
        None if words.iter().any(|&(from, to)| is_turned(&text[from..to])) => {
            let turned = || words.iter().filter(|word| is_turned(&text[word.0..word.1]));
            (turned().next().map_or(start, |word| word.0), turned().next_back().map_or(end, |word| word.1))
        }
        None => {
            let length = stretch.find([',', ';', '|']).unwrap_or(stretch.len());
            (start, start + length)
        }
    };
    let value = text[from..to].trim_matches(|c: char| !c.is_alphanumeric() && c != '+');
    let lead = text[from..to].find(|c: char| c.is_alphanumeric() || c == '+').unwrap_or(0);
    if value.chars().count() >= 5 {
        let turned: String = value.chars().rev().collect();
        out.push(from + lead, from + lead + value.len(), &turned);
    }
}

/// A word that ends in its capital: `nesnaJ`.
fn is_turned(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let letters = word.chars().filter(|c| c.is_lowercase()).count();
    letters >= 2 && word.ends_with(char::is_uppercase) && letters + 1 == word.chars().count()
}

/// `ln.etneemeg@nesnaj.naj`: an address whose first part is a top-level domain turned around.
fn addresses(text: &str, ats: &[usize], out: &mut Pieces) {
    let bytes = text.as_bytes();
    for &at in ats {
        let part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'.' | b'-' | b'_' | b'+');
        let start = at - bytes[..at].iter().rev().take(64).take_while(part).count();
        let end = at + 1 + bytes[at + 1..].iter().take(64).take_while(part).count();
        let value = &bytes[start..end];
        let domain = [&b"ln."[..], b"moc.", b"ue.", b"gro.", b"ten.", b"eb.", b"ed."]
            .iter()
            .any(|turned| value.len() > 8 && value[..turned.len()].eq_ignore_ascii_case(turned));
        let as_written = memrchr(b'.', &bytes[at..end])
            .is_some_and(|dot| matches!(end - at - dot - 1, 2 | 3) && bytes[at + dot + 1..end].iter().all(u8::is_ascii_lowercase));
        // `wna@mvttb.ay` is `jan@ziggo.nl` in rot13.
        let last = memrchr(b'.', value).map(|dot| &value[dot + 1..]);
        if last.is_some_and(|last| last == b"ay" || last == b"pbz") && value.len() > 8 {
            rot13(text, start, end, out);
        } else if domain && !as_written && end > at + 1 {
            let turned: String = text[start..end].chars().rev().collect();
            out.push(start, end, &turned);
        }
    }
}

/// `0034617140ANBA19LN`: a Dutch account number turned around, with or without spaces.
fn accounts(text: &str, trace: &Trace, out: &mut Pieces) {
    let bytes = text.as_bytes();
    for run in &trace.runs {
        let country = bytes.get(run.end..run.end + 2).is_some_and(|two| two.eq_ignore_ascii_case(b"LN"));
        if !country || run.end - run.start != 2 || bytes.get(run.end + 2).is_some_and(|&byte| is_word(byte)) {
            continue;
        }
        let end = run.end + 2;
        let (mut start, mut count) = (end, 0);
        while count < 18
            && let Some(before) = start.checked_sub(1)
            && end - before <= 30
        {
            if bytes[before].is_ascii_alphanumeric() {
                count += 1;
            } else if !matches!(bytes[before], b' ' | b'.' | b'-') {
                break;
            }
            start = before;
        }
        if count == 18 && !(start > 0 && is_word(bytes[start - 1])) {
            let turned: String = text[start..end].chars().rev().collect();
            out.push(start, end, &turned);
        }
    }
}
