//! Values broken by a line end, and addresses with spaces in them.
//!
//! Takes the text, its digit runs and the places of `@`; gives a piece for each gap that is to go, so that the value's own characters keep
//! their places. It joins two lines only where the digits on both sides have the length of one number: columns and rows of numbers stay.

use super::Pieces;
use crate::detect::prefilter::{Run, Trace, is_word};
use memchr::{memchr, memrchr};

pub(super) fn find(text: &str, trace: &Trace, out: &mut Pieces) {
    lines(text.as_bytes(), &trace.runs, out);
    addresses(text.as_bytes(), &trace.ats, out);
}

/// A number that goes on in the next line, whatever ends this one or begins the next.
fn lines(bytes: &[u8], runs: &[Run], out: &mut Pieces) {
    for (index, pair) in runs.windows(2).enumerate() {
        let (from, to) = (pair[0].end, pair[1].start);
        if to - from > 20 || to == from {
            continue;
        }
        let gap = &bytes[from..to];
        let Some(newline) = memchr(b'\n', gap) else { continue };
        let (ends, begins) = (&gap[..newline], &gap[newline + 1..]);
        let fits = ends.len() <= 5
            && ends
                .iter()
                .all(|byte| matches!(byte, b' ' | b'-' | b'\\' | b'"' | b'\'' | b'+' | b'&' | b'_' | b'.' | b',' | b';' | b'|' | b'\r'))
            && begins.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'>' | b'|' | b'*' | b'#' | b'"' | b'\'' | b'+' | b'-' | b';'));
        if !fits {
            continue;
        }
        let (before, start) = digits_back(bytes, runs, index);
        let (after, end) = digits_on(bytes, runs, index + 1);
        let together = before + after;
        let whole = |byte: Option<&u8>| !byte.is_some_and(|&byte| is_word(byte));
        let is_number = (8..=11).contains(&together) && before < 9 && after < 9 || together == 16;
        if is_number
            && whole(start.checked_sub(1).and_then(|before| bytes.get(before)))
            && whole(bytes.get(end))
            && !is_time(bytes, end)
            && !is_list(bytes, start, end)
            && !is_rows(bytes, from, to)
        {
            out.push(from, to, "");
        }
    }
}

/// `08:15` at the head of the next message.
fn is_time(bytes: &[u8], end: usize) -> bool {
    bytes.get(end) == Some(&b':') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit)
}

/// Digits of the number that ends with this run, and where it starts.
fn digits_back(bytes: &[u8], runs: &[Run], index: usize) -> (usize, usize) {
    let mut count = 0;
    let mut start = runs[index].end;
    for run in runs[..=index].iter().rev().take(8) {
        if run.end != start && !(run.end + 1 == start && matches!(bytes[run.end], b' ' | b'.' | b'-' | b'/' | b'_')) {
            break;
        }
        count += run.end - run.start;
        start = run.start;
    }
    (count, start)
}

fn digits_on(bytes: &[u8], runs: &[Run], index: usize) -> (usize, usize) {
    let mut count = 0;
    let mut end = runs[index].start;
    for run in runs[index..].iter().take(8) {
        if run.start != end && !(end + 1 == run.start && matches!(bytes[end], b' ' | b'.' | b'-' | b'/' | b'_')) {
            break;
        }
        count += run.end - run.start;
        end = run.end;
    }
    (count, end)
}

/// Two rows of a table: the last cell of one and the first of the next have nothing to do with each other.
fn is_rows(bytes: &[u8], from: usize, to: usize) -> bool {
    let low = from.saturating_sub(512);
    let before = &bytes[memrchr(b'\n', &bytes[low..from]).map_or(low, |found| low + found + 1)..from];
    let high = (to + 512).min(bytes.len());
    let after = &bytes[to..memchr(b'\n', &bytes[to..high]).map_or(high, |found| to + found)];
    // A hyphen or the sign of a quoted line says that the line goes on.
    if !bytes[from..to].iter().all(u8::is_ascii_whitespace) {
        return false;
    }
    let delimited = |of: &[u8], delimiter: u8| memchr(delimiter, of).is_some();
    [b';', b'\t', b'|'].iter().any(|&delimiter| delimited(before, delimiter) && delimited(after, delimiter))
}

/// A column of numbers: the lines above and below the two hold a number only, as these do.
fn is_list(bytes: &[u8], start: usize, end: usize) -> bool {
    let sign = |byte: &u8| !is_word(*byte);
    let starts = bytes[..start].iter().rev().take_while(|byte| **byte != b'\n').all(sign);
    let ends = bytes[end..].iter().take_while(|byte| **byte != b'\n').all(sign);
    let number = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let above = bytes[..start]
        .iter()
        .rev()
        .position(|&byte| byte == b'\n')
        .and_then(|back| bytes[..start - back - 1].iter().rev().find(|byte| !byte.is_ascii_whitespace()));
    let below = memchr(b'\n', &bytes[end..]).and_then(|found| bytes[end + found..].iter().find(|byte| !byte.is_ascii_whitespace()));
    starts && ends && (number(above) || number(below))
}

/// An e-mail address with a line end or spaces at its `@`, or before its last part.
fn addresses(bytes: &[u8], ats: &[usize], out: &mut Pieces) {
    for &at in ats {
        let blank = |byte: &&u8| matches!(**byte, b' ' | b'\n' | b'\r' | b'>' | b'\t' | b'\\');
        let before = at - bytes[..at].iter().rev().take(4).take_while(blank).count();
        let after = at + 1 + bytes[at + 1..].iter().take(4).take_while(blank).count();
        let mut end =
            after + bytes[after..].iter().take(64).take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')).count();
        if spaced(bytes, at, out) {
            continue;
        }
        if before == 0 || !bytes[before - 1].is_ascii_alphanumeric() || end == after {
            continue;
        }
        let mut gaps = vec![(before, at), (at + 1, after)];
        if let Some((from, to, last)) = cut_domain(bytes, after, end).filter(|_| before == at) {
            gaps.push((from, to));
            end = last;
        } else if matches!(bytes[end - 1], b'.' | b'-') {
            let next = end + bytes[end..].iter().take(3).take_while(blank).count();
            if memchr(b'\n', &bytes[end..next]).is_some() && bytes.get(next).is_some_and(u8::is_ascii_lowercase) {
                gaps.push((end, next));
                end = next + 1;
            }
        } else if let Some([b' ', b'.', b' ', ..]) = bytes.get(end..end + 3) {
            gaps.extend([(end, end + 1), (end + 2, end + 3)]);
            end += 4;
        }
        let dotted = memchr(b'.', &bytes[after..end.min(bytes.len())]).is_some();
        // A lone sign in prose ("3 stuks @ 2 euro") has no full stop in the word after it.
        if dotted {
            for (start, end) in gaps.into_iter().filter(|(start, end)| start < end) {
                out.push(start, end, "");
            }
        }
    }
}

/// The line end in a domain: `jan@ze`, and in the next line `ist.nl`. The place of the gap, and where the domain ends.
fn cut_domain(bytes: &[u8], start: usize, end: usize) -> Option<(usize, usize, usize)> {
    let whole = bytes[start..end].iter().rposition(|&byte| byte == b'.').is_some_and(|dot| end - start - dot > 2);
    let hyphen = bytes[end - 1] == b'-' && bytes[start..end].iter().filter(|&&byte| byte == b'-').count() == 1;
    let from = if hyphen { end - 1 } else { end };
    let to = end + bytes[end..].iter().take(8).take_while(|byte| matches!(**byte, b' ' | b'\t' | b'\r' | b'\n' | b'>' | b'\\')).count();
    if whole || memchr(b'\n', &bytes[end..to]).is_none() {
        return None;
    }
    let part = |byte: &&u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(**byte, b'.' | b'-');
    let last = to + bytes[to..].iter().take(64).take_while(part).count();
    let name = &bytes[to..last];
    let name = name.strip_suffix(b".").unwrap_or(name);
    let dot = memrchr(b'.', name)?;
    let domain = (2..=4).contains(&(name.len() - dot - 1)) && name[dot + 1..].iter().all(u8::is_ascii_lowercase);
    domain.then_some((from, to, to + name.len()))
}

/// An address whose every character stands apart: `j a n @ z e i s t . n l`. Answers whether it is one.
fn spaced(bytes: &[u8], at: usize, out: &mut Pieces) -> bool {
    let letter = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    let part = |at: usize| match bytes.get(at) {
        Some(b'.' | b'-' | b'_') => true,
        Some(byte) => byte.is_ascii_alphanumeric() && !letter(at.checked_sub(1)) && !letter(Some(at + 1)),
        None => false,
    };
    let width = bytes[..at].iter().rev().take(4).take_while(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'\n' | b'@')).count();
    let gap = &bytes[at - width..at];
    if width == 0 || bytes.get(at + 1..at + 1 + width) != Some(gap) {
        return false;
    }
    let mut gaps = vec![(at - width, at), (at + 1, at + 1 + width)];
    let (mut start, mut end) = (at, at);
    while gaps.len() < 128
        && let Some(next) = start.checked_sub(width + 1)
        && part(next)
        && bytes[next + 1..start] == *gap
    {
        gaps.push((next + 1, start));
        start = next;
    }
    while gaps.len() < 128 && part(end + width + 1) && bytes[end + 1..end + 1 + width] == *gap {
        gaps.push((end + 1, end + 1 + width));
        end += width + 1;
    }
    let count = gaps.len();
    let apart = count >= 8 && start < at && end > at;
    if apart {
        gaps.sort_unstable();
        gaps.dedup();
        for (start, end) in gaps {
            out.push(start, end, "");
        }
    }
    apart
}
