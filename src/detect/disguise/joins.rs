//! Values taken apart: signs, emoji or tags between single characters, and odd separators between groups of digits.
//!
//! Takes the text and its digit runs; gives a piece for each gap that is to go, so that the value's own characters keep
//! their places. It drops a gap only where the characters on its two sides look like one value: prose, tables and lists stay as they are.

use super::Pieces;
use crate::detect::prefilter::{Run, Trace, is_word};
use memchr::{memchr, memchr_iter, memmem};

/// Bytes of the widest gap between two single characters.
const GAP: usize = 48;
/// Digits that, standing apart, are together a number.
const LEAST: usize = 7;
/// Characters of the longest value that is put together.
const MOST: usize = 40;

pub(super) fn find(text: &str, trace: &Trace, out: &mut Pieces) {
    tags(text, out);
    singles(text, &trace.runs, out);
    groups(text, &trace.runs, out);
}

/// Tags that part no words.
const INLINE: &[&str] = &[
    "a", "b", "i", "u", "s", "em", "strong", "span", "font", "wbr", "sub", "sup", "small", "mark", "code", "tt", "kbd", "bdo", "bdi",
    "ins", "del", "q",
];

/// The end of the tag or comment that starts here.
pub(super) fn tag(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..(at + 200).min(bytes.len()))?;
    if rest.starts_with(b"<!--") {
        return memmem::find(rest, b"-->").map(|found| at + found + 3);
    }
    let name = rest.get(1..)?;
    let name = name.strip_prefix(b"/").unwrap_or(name);
    (rest[0] == b'<' && name.first()?.is_ascii_alphabetic()).then(|| memchr(b'>', rest)).flatten().map(|found| at + found + 1)
}

fn is_inline(tag: &[u8]) -> bool {
    if tag.starts_with(b"<!--") {
        return true;
    }
    let name = tag[1..].strip_prefix(b"/").unwrap_or(&tag[1..]);
    let length = name.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    INLINE.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(&name[..length]))
}

/// Inline tags beside a word, and marks of Markdown in the middle of one.
fn tags(text: &str, out: &mut Pieces) {
    let bytes = text.as_bytes();
    let joins = |byte: Option<&u8>| byte.is_some_and(|&byte| is_word(byte) || byte == b'@' || byte == b'.');
    let mut done = 0;
    for at in memchr_iter(b'<', bytes) {
        if at < done {
            continue;
        }
        let before = joins(at.checked_sub(1).and_then(|before| bytes.get(before)));
        let mut end = at;
        let mut inline = true;
        while let Some(to) = tag(bytes, end) {
            inline &= is_inline(&bytes[end..to]);
            end = to;
        }
        done = end.max(at + 1);
        let after = joins(bytes.get(end));
        if end > at && (before || after) {
            if inline {
                out.push(at, end, "");
            } else if before && after && bytes[at..].len() > 3 && bytes[at..at + 3].eq_ignore_ascii_case(b"<br") {
                out.push(at, end, "\n");
            }
        }
    }
    for at in memmem::find_iter(bytes, b"**") {
        let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
        if letter(at.checked_sub(1).and_then(|before| bytes.get(before))) && letter(bytes.get(at + 2)) {
            out.push(at, at + 2, "");
        }
    }
}

/// Where the next letter or digit stands, when only signs, emoji, tags and spaces are between.
fn next_single(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut end = at;
    let mut signs = 0;
    while end < at + GAP {
        if bytes.get(end) == Some(&b'<')
            && let Some(to) = tag(bytes, end)
        {
            end = to;
            continue;
        }
        let c = text.get(end..)?.chars().next()?;
        if c.is_alphanumeric() {
            return (end > at).then_some(end);
        }
        signs += 1;
        if signs > 8 {
            return None;
        }
        end += c.len_utf8();
    }
    None
}

/// One character that stands by itself: a digit, or a capital as in an account number.
fn is_single(bytes: &[u8], at: usize) -> bool {
    bytes[at].is_ascii_digit() || bytes[at].is_ascii_uppercase()
}

/// A letter or digit stands directly before or after the place; an emoji is none.
fn touches(text: &str, start: usize, end: usize) -> bool {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    letter(text[..start].chars().next_back()) || letter(text[end..].chars().next())
}

/// `1*2*3`, `<b>1</b><b>2</b>`, one digit per cell or line, `N L 9 1`.
fn singles(text: &str, runs: &[Run], out: &mut Pieces) {
    let bytes = text.as_bytes();
    let mut done = 0;
    for run in runs {
        if run.start < done || run.end - run.start != 1 || touches(text, run.start, run.end) {
            continue;
        }
        if let Some((gaps, end)) = numbered(bytes, run.start) {
            gaps.into_iter().for_each(|(start, end)| out.push(start, end, ""));
            done = end;
            continue;
        }
        let mut gaps: Vec<(usize, usize)> = Vec::new();
        let (mut at, mut digits, mut kept) = (run.start, 1, 0);
        while let Some(next) = next_single(text, at + 1) {
            let single = is_single(bytes, next) && !touches(text, next, next + 1);
            if !single || gaps.len() >= MOST {
                break;
            }
            gaps.push((at + 1, next));
            at = next;
            if bytes[at].is_ascii_digit() {
                digits += 1;
                kept = gaps.len();
            }
        }
        // Letters that follow the last digit are words of their own.
        gaps.truncate(kept);
        at = gaps.last().map_or(run.start, |gap| gap.1);
        let Some(&(first, _)) = gaps.first() else { continue };
        done = gaps.last().map_or(run.end, |gap| gap.1);
        if digits < LEAST {
            continue;
        }
        words_before(text, run.start, out);
        // The letters of an account number stand before its first digit, with the same gap.
        let gap = &bytes[first..gaps[0].1];
        let mut start = run.start;
        while let Some(letter) = start.checked_sub(gap.len() + 1)
            && &bytes[letter + 1..start] == gap
            && bytes[letter].is_ascii_uppercase()
            && !touches(text, letter, letter + 1)
            && gaps.len() < 2 * MOST
        {
            gaps.push((letter + 1, start));
            start = letter;
        }
        // An emoji at either end belongs to the row.
        let emoji = |c: char| u32::from(c) >= 0x2190 && !c.is_alphanumeric();
        let ends = text[at + 1..].trim_start_matches(emoji);
        gaps.push((at + 1, text.len() - ends.len()));
        gaps.push((text[..start].trim_end_matches(emoji).len(), start));
        gaps.retain(|(start, end)| start < end);
        // `+` before the first digit, which stands apart as well.
        let low = text.ceil_char_boundary(run.start.saturating_sub(GAP));
        if let Some(plus) = text[low..run.start].rfind('+').map(|found| low + found)
            && start == run.start
            && next_single(text, plus + 1) == Some(run.start)
        {
            gaps.push((plus + 1, run.start));
        }
        for (start, end) in gaps {
            out.push(start, end, "");
        }
    }
}

/// `1. 9`, `2. 7`, ... below each other: the gaps with the numbers of the lines, and where the last character ends.
fn numbered(bytes: &[u8], start: usize) -> Option<(Vec<(usize, usize)>, usize)> {
    if bytes[start] != b'1' {
        return None;
    }
    let signs = |at: usize, of: &[u8]| bytes[at..].iter().take(8).take_while(|byte| of.contains(byte)).count();
    let mut gaps = Vec::new();
    let (mut at, mut last) = (start, start);
    while gaps.len() < MOST && bytes[at..].starts_with((gaps.len() + 1).to_string().as_bytes()) {
        let label = at + (gaps.len() + 1).to_string().len();
        let place = label + signs(label, b" .):|;\t-");
        if place == label || !bytes.get(place).is_some_and(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()) {
            break;
        }
        if bytes.get(place + 1).is_some_and(|&byte| is_word(byte)) {
            break;
        }
        gaps.push((last, place));
        last = place + 1;
        let between = signs(last, b" |;,>\t\r\n");
        if memchr(b'\n', &bytes[last..last + between]).is_none() {
            break;
        }
        at = last + between;
    }
    (gaps.len() >= LEAST).then_some((gaps, last))
}

/// Words before such a number that are taken apart in the same way, such as the head of its columns: `b | s | n`.
fn words_before(text: &str, end: usize, out: &mut Pieces) {
    let bytes = text.as_bytes();
    let single = |at: usize| bytes[at].is_ascii_alphabetic() && !touches(text, at, at + 1);
    let mut at = text.ceil_char_boundary(end.saturating_sub(160));
    while at < end {
        if !single(at) {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        }
        let mut gaps: Vec<(usize, usize)> = Vec::new();
        while let Some(next) = next_single(text, at + 1)
            && next < end
            && single(next)
            && gaps.first().is_none_or(|&(from, to)| bytes[from..to] == bytes[at + 1..next])
        {
            gaps.push((at + 1, next));
            at = next;
        }
        if gaps.len() >= 2 {
            for (start, end) in gaps {
                out.push(start, end, "");
            }
        }
        at += 1;
    }
}

/// Signs that part the groups of one number, of any kind but those that part cells.
fn is_separator(c: char) -> bool {
    !c.is_alphanumeric() && !c.is_control() && !matches!(c, ';' | ':' | '|' | '<' | '>' | '=' | '€' | '$' | '%' | '@' | '!' | '?')
}

/// Groups of digits with odd or different separators, when together they have the length of a number.
fn groups(text: &str, runs: &[Run], out: &mut Pieces) {
    let bytes = text.as_bytes();
    let mut index = 0;
    while index < runs.len() {
        let first = index;
        let mut digits = runs[first].end - runs[first].start;
        let (mut odd, mut last) = (false, None);
        while let Some(next) = runs.get(index + 1) {
            let (from, to) = (runs[index].end, next.start);
            if to - from > 16 || from == to {
                break;
            }
            let Some(gap) = text.get(from..to) else { break };
            if gap.chars().count() > 4 || gap == "," || gap.ends_with('+') || !gap.chars().all(is_separator) {
                break;
            }
            odd |= gap.len() > 1 || !matches!(bytes[from], b' ' | b'.' | b'-' | b'/' | b'_') || last.is_some_and(|last| last != gap);
            last = Some(gap);
            digits += next.end - next.start;
            index += 1;
        }
        let of = &runs[first..=index];
        index += 1;
        // `10:22:01 2026`: the seconds of a time begin no number.
        let time = of[0].start >= 2 && bytes[of[0].start - 1] == b':' && bytes[of[0].start - 2].is_ascii_digit();
        let alone = !time && !touches(text, of[0].start, of[of.len() - 1].end);
        let phone = bytes[of[0].start] == b'0' && digits == 10 || bytes[of[0].start..].starts_with(b"31") && digits == 11;
        if odd && alone && of.len() <= 9 && (digits == 9 || digits == 16 || phone) && !is_date_or_amount(bytes, of) {
            for (index, pair) in of.windows(2).enumerate() {
                // The first gap of a phone number, after its area code, is a part of its shape.
                out.push(pair[0].end, pair[1].start, if phone && index == 0 { "-" } else { "" });
            }
        }
    }
}

/// `24-01-1969, 3` and `1.234.567,89`.
fn is_date_or_amount(bytes: &[u8], runs: &[Run]) -> bool {
    let length = |run: &Run| run.end - run.start;
    let year = |run: &Run| length(run) == 4 && matches!(&bytes[run.start..run.start + 2], b"19" | b"20");
    let date = runs.windows(3).any(|three| {
        let same = bytes[three[0].end] == bytes[three[1].end] && three[1].start - three[0].end == 1 && three[2].start - three[1].end == 1;
        same && length(&three[1]) <= 2 && (year(&three[0]) && length(&three[2]) <= 2 || year(&three[2]) && length(&three[0]) <= 2)
    });
    let amount = runs.len() >= 2
        && length(&runs[runs.len() - 1]) == 2
        && bytes[runs[runs.len() - 2].end] == b','
        && runs[runs.len() - 1].start == runs[runs.len() - 2].end + 1;
    date || amount
}
