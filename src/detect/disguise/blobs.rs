//! Values written as codes of their bytes: base64, hexadecimal, decimal and binary.
//!
//! Takes the text and its trace; gives one piece per blob that decodes to readable text. A blob is read once and given up at its first
//! unreadable bytes, so keys, hashes and pictures cost next to nothing and stay as they are.

use super::{Pieces, spoken};
use crate::detect::prefilter::{Run, Trace, is_word};

/// Shorter blobs say too little to be told from words.
const LEAST: usize = 8;
/// Decoded bytes after which a blob is given up when they cannot be read.
const PROBE: usize = 24;
/// Decoded text up to this size must be ASCII, or hold letters, digits and common signs only.
const SHORT: usize = 64;

pub(super) fn find(text: &str, trace: &Trace, out: &mut Pieces) {
    let bytes = text.as_bytes();
    let mut done = 0;
    for &Run { start, end } in &trace.coded {
        if start < done {
            continue;
        }
        if let Some(digits) = text.get(start..end).and_then(spoken::in_one_word) {
            out.push(start, end, &digits);
            continue;
        }
        done = hexadecimal(bytes, start, end, out).or_else(|| base64(bytes, start, end, out)).unwrap_or(end);
    }
    of_runs(bytes, &trace.runs, out);
}

/// Tries the word at `start..end`, with the signs of base64 around it and the lines that go on with it; answers up to where it has looked.
fn base64(bytes: &[u8], start: usize, end: usize, out: &mut Pieces) -> Option<usize> {
    let low = start.saturating_sub(LEAST.max(256));
    let from = start - bytes[low..start].iter().rev().take_while(|&&byte| is_base64(byte)).count();
    let to = token_end(bytes, end);
    // Three parts between full stops that start with `{"` are a signed token: a credential as it stands.
    if bytes[from..].starts_with(b"eyJ") && bytes.get(to) == Some(&b'.') || from > 0 && bytes[from - 1] == b'.' {
        return Some(to);
    }
    let (mut last, mut previous, mut lines) = (to, to, 1);
    while let Some(next) = next_line(bytes, last) {
        (previous, last, lines) = (last, next, lines + 1);
    }
    for (from, to) in [(from, last), (from, previous), (from, to), (start, padded(bytes, end))] {
        if to - from >= LEAST
            && let Some(plain) = decode(bytes[from..to].iter().copied().filter(|byte| !matches!(byte, b'\n' | b'\r' | b' ' | b'\t' | b'>')))
        {
            unmark(bytes, from, out);
            out.push(from, to, &plain);
            return Some(to);
        }
        if lines == 1 && from == start {
            break;
        }
    }
    let to = end + bytes[end..].iter().take(6).take_while(|&&byte| byte == b'=').count();
    if let Some(plain) = base32(&bytes[start..end]) {
        unmark(bytes, start, out);
        out.push(start, to, &plain);
    }
    Some(last)
}

/// Names of writings, as they stand before a blob: `(base64) ...`, `hex: ...`.
const MARKS: &[&str] = &["base64", "base-64", "b64", "base64url", "hex", "hexadecimaal", "encoded", "gecodeerd"];

/// Takes away the name of the writing before the blob, so that the words that name the value stand beside it.
fn unmark(bytes: &[u8], start: usize, out: &mut Pieces) {
    let sign = |byte: &&u8| matches!(**byte, b' ' | b':' | b')' | b'(' | b'[' | b']');
    let end = start - bytes[..start].iter().rev().take(3).take_while(sign).count();
    let word = end - bytes[..end].iter().rev().take(16).take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-').count();
    if MARKS.iter().any(|mark| mark.as_bytes().eq_ignore_ascii_case(&bytes[word..end])) {
        let from = word - bytes[..word].iter().rev().take(1).take_while(|byte| matches!(byte, b'(' | b'[')).count();
        out.push(from, start, "");
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

fn token_end(bytes: &[u8], end: usize) -> usize {
    padded(bytes, end + bytes[end..].iter().take_while(|&&byte| is_base64(byte)).count())
}

fn padded(bytes: &[u8], end: usize) -> usize {
    end + bytes[end..].iter().take(2).take_while(|&&byte| byte == b'=').count()
}

/// The end of the next line, when this one ends here and the next begins with nothing but code.
fn next_line(bytes: &[u8], end: usize) -> Option<usize> {
    if bytes[end - 1] == b'=' {
        return None;
    }
    let mut at = end + usize::from(bytes.get(end) == Some(&b'\r'));
    if bytes.get(at) != Some(&b'\n') {
        return None;
    }
    at += 1;
    at += bytes[at..].iter().take(8).take_while(|byte| matches!(byte, b' ' | b'\t' | b'>')).count();
    let to = token_end(bytes, at);
    (to > at && !bytes.get(to).is_some_and(|&byte| is_word(byte))).then_some(to)
}

/// Base64 in either alphabet, with or without padding, to readable text.
fn decode(code: impl Iterator<Item = u8>) -> Option<String> {
    let mut plain = Vec::new();
    let (mut bits, mut count) = (0u32, 0u32);
    let mut letters = 0usize;
    for byte in code {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => continue,
            _ => return None,
        };
        letters += 1;
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            plain.push((bits >> count & 0xff) as u8);
            bits &= (1 << count) - 1;
            if plain.len() == PROBE && !may_be_read(&plain) {
                return None;
            }
        }
    }
    // Bits left over are zero in everything that an encoder wrote.
    (letters % 4 != 1 && bits == 0).then(|| readable(plain)).flatten()
}

/// Base32 in capitals, without its padding.
fn base32(code: &[u8]) -> Option<String> {
    let mut plain = Vec::new();
    let (mut bits, mut count) = (0u32, 0u32);
    for &byte in code {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'2'..=b'7' => byte - b'2' + 26,
            _ => return None,
        };
        bits = bits << 5 | u32::from(value);
        count += 5;
        if count >= 8 {
            count -= 8;
            plain.push((bits >> count & 0xff) as u8);
            bits &= (1 << count) - 1;
            if plain.len() == PROBE && !may_be_read(&plain) {
                return None;
            }
        }
    }
    (bits == 0 && plain.len() >= LEAST).then(|| readable(plain)).flatten()
}

/// The first bytes of a text: letters, digits and signs, in UTF-8 or UTF-16.
fn may_be_read(first: &[u8]) -> bool {
    let zeroes = |from: usize| first.iter().skip(from).step_by(2).filter(|&&byte| byte == 0).count() * 2 + 2 >= first.len();
    let control = first.iter().any(|&byte| byte < 0x20 && !matches!(byte, b'\n' | b'\r' | b'\t'));
    let utf8 = match std::str::from_utf8(first) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    zeroes(0) || zeroes(1) || utf8 && !control
}

/// The bytes as text, when a person could have written it.
fn readable(bytes: Vec<u8>) -> Option<String> {
    let text = match utf16(&bytes) {
        Some(text) => text,
        None => String::from_utf8(bytes).ok()?,
    };
    let (mut all, mut common) = (0usize, 0usize);
    for c in text.chars() {
        if c.is_control() && !matches!(c, '\n' | '\r' | '\t') {
            return None;
        }
        all += 1;
        common += usize::from(c.is_alphanumeric() && u32::from(c) < 0x250 || " .,-_@:/+()'\"&;=\n\r\t{}[]".contains(c));
    }
    let sure = if all <= SHORT { text.is_ascii() && common * 10 >= all * 7 || common == all } else { common * 10 >= all * 8 };
    (sure && all >= 5).then_some(text)
}

fn utf16(bytes: &[u8]) -> Option<String> {
    if bytes.len() < 8 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let zero = |from: usize| bytes.iter().skip(from).step_by(2).filter(|&&byte| byte == 0).count() * 5 >= bytes.len() * 2;
    let (little, big) = (zero(1), zero(0));
    if little == big {
        return None;
    }
    let units = bytes
        .chunks_exact(2)
        .map(|pair| if little { u16::from_le_bytes([pair[0], pair[1]]) } else { u16::from_be_bytes([pair[0], pair[1]]) });
    char::decode_utf16(units.filter(|&unit| unit != 0xfeff)).collect::<Result<String, _>>().ok()
}

/// One word of pairs of hexadecimal digits, such as `4e4c3931` or `0x313233`.
fn hexadecimal(bytes: &[u8], start: usize, end: usize, out: &mut Pieces) -> Option<usize> {
    let word = &bytes[start..end];
    let digits = word.strip_prefix(b"0x").or_else(|| word.strip_prefix(b"0X")).unwrap_or(word);
    // `x'3132'` is how databases write it.
    if digits.len() < if digits.len() < word.len() { LEAST } else { 2 * LEAST - 4 }
        || !digits.len().is_multiple_of(2)
        || !digits.iter().all(u8::is_ascii_hexdigit)
    {
        return None;
    }
    let mut plain = Vec::with_capacity(digits.len().min(1 << 16) / 2);
    for pair in digits.chunks_exact(2) {
        plain.push(value(pair[0]) << 4 | value(pair[1]));
        if plain.len() == PROBE && !may_be_read(&plain) {
            return None;
        }
    }
    let plain = readable(plain)?;
    unmark(bytes, start, out);
    out.push(start, end, &plain);
    Some(end)
}

fn value(digit: u8) -> u8 {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok()).unwrap_or(0)
}

/// How a row of codes is written.
#[derive(Clone, Copy, PartialEq)]
enum Radix {
    Hex,
    Decimal,
    Binary,
}

/// Bytes that four codes take at most: eight binary digits and a separator each.
const ROW: usize = 4 * 12;

/// Blobs that start from a digit run: rows of codes with separators, and hexadecimal without a letter.
fn of_runs(bytes: &[u8], runs: &[Run], out: &mut Pieces) {
    let mut done = 0;
    for (index, run) in runs.iter().enumerate() {
        if run.start < done {
            continue;
        }
        let length = run.end - run.start;
        if length >= 2 * LEAST - 4 {
            let alone = !run.start.checked_sub(1).is_some_and(|before| is_word(bytes[before]))
                && !bytes.get(run.end).is_some_and(|&byte| is_word(byte));
            // Digits in hexadecimal are a 3 and the digit; spaces, dots and dashes a 2.
            let digits = bytes[run.start..run.end].iter().step_by(2).filter(|&&byte| byte == b'3').count();
            if alone && digits * 4 >= length && digits >= 6 {
                done = hexadecimal(bytes, run.start, run.end, out).unwrap_or(run.end);
                continue;
            }
        }
        // Every code has a digit: a row of them is a row of runs.
        let in_a_row = runs.get(index + 3).is_some_and(|fourth| fourth.start - run.start <= ROW);
        if length > 8 || !in_a_row {
            continue;
        }
        for radix in [Radix::Decimal, Radix::Hex, Radix::Binary] {
            if let Some((_, to)) = code(bytes, hex_start(bytes, run.start, radix), radix)
                && bytes.get(to).is_some_and(|&byte| is_between(byte))
                && let Some(end) = row(bytes, run.start, radix, out)
            {
                done = end;
                break;
            }
        }
    }
}

/// After the `0x` of a hexadecimal code.
fn hex_start(bytes: &[u8], first: usize, radix: Radix) -> usize {
    let marked = radix == Radix::Hex && bytes.get(first..first + 2).is_some_and(|x| x == b"0x" || x == b"0X");
    first + if marked { 2 } else { 0 }
}

fn is_between(byte: u8) -> bool {
    matches!(byte, b' ' | b',' | b':' | b'-' | b';' | b'\n' | b'|')
}

/// Codes one after the other, with the same separator between them: `31 32 33`, `0x31, 0x32`, `49 50 51`, `00110001 00110010`.
fn row(bytes: &[u8], first: usize, radix: Radix, out: &mut Pieces) -> Option<usize> {
    let start =
        if radix == Radix::Hex && bytes.get(first..first + 2).is_some_and(|x| x == b"0x" || x == b"0X") { first + 2 } else { first };
    if start == first && first.checked_sub(1).is_some_and(|before| is_word(bytes[before]) || matches!(bytes[before], b'.' | b'x')) {
        return None;
    }
    let (mut plain, mut at, mut end) = (Vec::new(), start, first);
    let mut gap: Option<&[u8]> = None;
    while let Some((byte, to)) = code(bytes, at, radix) {
        plain.push(byte);
        end = to;
        let space = bytes[to..].iter().take(4).take_while(|&&byte| is_between(byte)).count();
        let mut next = to + space;
        if radix == Radix::Hex && bytes.get(next..next + 2).is_some_and(|x| x == b"0x" || x == b"0X" || x == b"\\x") {
            next += 2;
        }
        let between = &bytes[to..next];
        if space == 0 || gap.is_some_and(|gap| gap != between) {
            break;
        }
        gap = Some(between);
        at = next;
    }
    let enough = plain.len() >= if radix == Radix::Binary { 5 } else { 7 }
        && plain.iter().filter(|byte| byte.is_ascii_alphanumeric()).count() * 5 >= plain.len() * 3;
    if !enough {
        return None;
    }
    let plain = readable(plain)?;
    out.push(first, end, &plain);
    Some(end)
}

/// The printable byte that one code stands for.
fn code(bytes: &[u8], at: usize, radix: Radix) -> Option<(u8, usize)> {
    let length = bytes[at..].iter().take(9).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let digits = std::str::from_utf8(bytes.get(at..at + length)?).ok()?;
    let (base, fits) = match radix {
        Radix::Hex => (16, length == 2),
        Radix::Decimal => (10, matches!(length, 2 | 3)),
        Radix::Binary => (2, matches!(length, 7 | 8)),
    };
    if !fits || bytes.get(at + length).is_some_and(|&byte| is_word(byte)) {
        return None;
    }
    let byte = u8::from_str_radix(digits, base).ok().filter(|byte| (0x20..0x7f).contains(byte))?;
    Some((byte, at + length))
}
