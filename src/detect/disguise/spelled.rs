//! Names and addresses spelled with a sign, an emoji or a mark between all their letters: `J*a*n`, `**J****a****n**`.
//!
//! Takes the text; gives a piece for each gap that is to go. Where the sign stands twice with a space or another character between, that one
//! stays. It starts from the signs themselves, each with a single letter on both sides, so words and lists of words stay as they are.

use super::Pieces;

/// Letters that, standing apart, are together a word.
const LEAST: usize = 5;
/// Characters of the longest value that is put together, and bytes of the widest gap.
const MOST: usize = 80;
const GAP: usize = 48;

pub(super) fn find(text: &str, out: &mut Pieces) {
    let bytes = text.as_bytes();
    let mut signs = memchr::memchr3_iter(b'*', b'_', b'~', bytes).filter(|&at| begins(bytes, at)).collect::<Vec<_>>();
    signs.extend(memchr::memchr3_iter(0xe2, 0xf0, b'`', bytes).filter(|&at| begins(bytes, at)));
    signs.sort_unstable();
    let mut done = 0;
    for at in signs {
        if at >= done
            && let Some(end) = word(text, at, out)
        {
            done = end;
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
fn word(text: &str, at: usize, out: &mut Pieces) -> Option<usize> {
    let mut from = if text.as_bytes()[at - 1] == b' ' { at - 1 } else { at };
    let (mut count, mut letters) = (1, usize::from(text.as_bytes()[from - 1].is_ascii_alphabetic()));
    let mut gaps: Vec<(usize, usize, String)> = Vec::new();
    let mut sign = String::new();
    while count < MOST {
        let high = text.floor_char_boundary((from + GAP).min(text.len()));
        let Some((place, letter)) = text[from..high].char_indices().find(|(_, c)| c.is_alphanumeric()) else { break };
        let to = from + place;
        let gap = shape(&text[from..to]);
        if gaps.is_empty() {
            sign = gap.clone();
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
    if count < LEAST || letters * 2 < count || !sign.chars().any(|c| matches!(c, EMOJI | '*' | '_' | '~' | '`')) {
        return None;
    }
    for (from, to, stays) in &gaps {
        out.push(*from, *to, stays);
    }
    Some(from)
}

/// Stands for any emoji or run of them.
const EMOJI: char = '\u{fffc}';

/// What a gap looks like, all emoji being one.
fn shape(gap: &str) -> String {
    let mut shape = String::with_capacity(gap.len());
    for c in gap.chars() {
        let c = if c.is_ascii() { c } else { EMOJI };
        if c != EMOJI || !shape.ends_with(EMOJI) {
            shape.push(c);
        }
    }
    shape
}
