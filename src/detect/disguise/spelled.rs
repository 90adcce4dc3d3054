//! Names and addresses spelled with a sign, an emoji or a mark between all their letters: `J*a*n`, `**J****a****n**`.
//!
//! Takes the text; gives a piece for each gap that is to go. Where the sign stands twice with a space or another character between, that one
//! stays. It starts from the signs themselves, each with a single letter on both sides, so words and lists of words stay as they are.

use super::Pieces;
use super::joins::tag;

/// Letters that, standing apart, are together a word.
const LEAST: usize = 5;
/// Characters of the longest value that is put together, and bytes of the widest gap.
const MOST: usize = 80;
const GAP: usize = 48;

pub(super) fn find(text: &str, out: &mut Pieces) {
    let bytes = text.as_bytes();
    let mut signs = memchr::memchr3_iter(b'*', b'_', b'~', bytes).filter(|&at| begins(bytes, at)).collect::<Vec<_>>();
    signs.extend(memchr::memchr2_iter(0xe2, 0xf0, bytes).filter(|&at| begins(bytes, at)));
    signs.extend(memchr::memchr2_iter(b'<', b'`', bytes).filter(|&at| begins(bytes, at)));
    signs.sort_unstable();
    let mut done = 0;
    for at in signs {
        if at >= done {
            done = word(text, at, out);
        }
    }
}

/// A single letter stands before the place, with or without a space between.
fn begins(bytes: &[u8], at: usize) -> bool {
    let at = if at > 1 && bytes[at - 1] == b' ' { at - 1 } else { at };
    let letter =
        |back: usize| at.checked_sub(back).is_some_and(|place| bytes[place].is_ascii_alphanumeric() || bytes[place] >= 0xc3 && back > 1);
    at > 0 && letter(1) && !letter(2)
}

/// The word whose first gap is at the place; answers where it ends.
fn word(text: &str, at: usize, out: &mut Pieces) -> usize {
    let mut from = if text.as_bytes()[at - 1] == b' ' { at - 1 } else { at };
    let (mut count, mut letters) = (1, usize::from(text.as_bytes()[from - 1].is_ascii_alphabetic()));
    let mut gaps: Vec<(usize, usize, String)> = Vec::new();
    let mut sign = String::new();
    while count < MOST {
        let Some((to, letter, gap)) = gap(text, from) else { break };
        if gaps.is_empty() {
            sign = half(&gap).unwrap_or(&gap).to_owned();
        }
        let stays = if gap == sign {
            ""
        } else {
            match gap.strip_prefix(sign.as_str()).and_then(|rest| rest.strip_suffix(sign.as_str())) {
                Some(middle) if middle.len() == 1 => middle,
                _ => break,
            }
        };
        let end = to + letter.len_utf8();
        if text[end..].starts_with(char::is_alphanumeric) {
            break;
        }
        gaps.push((from, to, stays.to_owned()));
        count += 1;
        letters += usize::from(letter.is_alphabetic());
        from = end;
    }
    if count < LEAST || letters * 2 < count || !sign.chars().any(|c| matches!(c, EMOJI | TAG | '*' | '_' | '~' | '`')) {
        return from;
    }
    // The marks before the first letter and behind the last belong to the spelling.
    let marks = |bytes: &mut dyn Iterator<Item = &u8>| bytes.take_while(|byte| matches!(byte, b'*' | b'_' | b'~' | b'`')).count();
    let (bytes, first, end) = (text.as_bytes(), gaps[0].0 - 1, from);
    let (before, after) = (marks(&mut bytes[..first].iter().rev().take(4)), marks(&mut bytes[end..].iter().take(4)));
    out.push(first - before, first, "");
    for (from, to, stays) in &gaps {
        out.push(*from, *to, stays);
    }
    out.push(end, end + after, "");
    end + after
}

/// The sign of a first gap that holds a character of the value as well: `*.*`.
fn half(gap: &str) -> Option<&str> {
    let (middle, _) = gap.char_indices().nth(gap.chars().count() / 2)?;
    let (sign, rest) = gap.split_at(middle);
    (!sign.is_empty() && matches!(rest.chars().next(), Some('.' | '-' | '_' | '@' | ' ')) && &rest[1..] == sign).then_some(sign)
}

/// Stand for any emoji and any tag, or a run of them.
const EMOJI: char = '\u{fffc}';
const TAG: char = '\u{1}';

/// The gap from the place to the next letter: where it ends, the letter, and what the gap looks like, all emoji being one and all tags.
fn gap(text: &str, from: usize) -> Option<(usize, char, String)> {
    let high = (from + GAP).min(text.len());
    let mut shape = String::new();
    let mut at = from;
    while at < high {
        let c = text[at..].chars().next()?;
        let (mark, end) = match tag(text.as_bytes(), at).filter(|_| c == '<') {
            Some(end) => (TAG, end),
            None if c.is_alphanumeric() => return Some((at, c, shape)),
            None => (if c.is_ascii() { c } else { EMOJI }, at + c.len_utf8()),
        };
        if !matches!(mark, EMOJI | TAG) || !shape.ends_with(mark) {
            shape.push(mark);
        }
        at = end;
    }
    None
}
