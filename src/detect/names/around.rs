//! Names read from the middle and from the end: around a known word, before a place, filling a cell or a line.
//!
//! Takes a place or a range; steps back to the first word of the name there and reads it from left to right.

use super::read::{Name, WORD_MAX, WORDS_MAX, name_at, surname_first_of, without_connector};
use super::{NameWord, Part, connector, is_capitalised, opens_sentence, part, token_before};
use crate::detect::lexicon::{GIVEN, ORDINARY};
use crate::detect::prefilter::is_word;
use crate::detect::sight::Sight;
use std::ops::Range;

/// The name that a known word is part of: read from its first word on. `first` is whether that word begins a sentence.
pub(crate) fn name_around(sight: &Sight<'_>, word: NameWord) -> Option<Name> {
    let start = start_of(sight, word);
    let name = name_at(sight, start, false).filter(|name| name.end >= word.end).or_else(|| name_at(sight, word.start, false))?;
    if let Some(name) = surname_first_of(sight, name) {
        return Some(name);
    }
    // `Warmenhoven, Carla`, where only the given name is known.
    let given_only = name.words == name.given + name.given_ordinary && name.start >= 2 && sight.text[..name.start].ends_with(", ");
    let reversed = given_only
        .then(|| name_before(sight, name.start - 2))
        .flatten()
        .filter(|before| before.given + before.given_ordinary == 0)
        .and_then(|before| surname_first_of(sight, before))
        .filter(|whole| whole.end >= name.end);
    Some(reversed.unwrap_or(name))
}

/// Where the name starts that a known word is part of.
fn start_of(sight: &Sight<'_>, word: NameWord) -> usize {
    let mut start = word.start;
    let mut place = word.start;
    let mut has_given = word.marks & GIVEN != 0;
    for _ in 0..WORDS_MAX {
        let Some(before) = token_before(sight, place) else { break };
        let text = without_connector(&sight.text[before.clone()]);
        if text.ends_with('.') {
            start = before.start;
        } else if connector(text) {
            if is_capitalised(text) {
                start = before.start;
            }
        } else if is_capitalised(text) {
            let (kind, marks) = part(text);
            let opens = opens_sentence(sight, before.start);
            match kind {
                Part::Given if !(opens && marks & ORDINARY != 0 && has_given) => has_given = true,
                Part::Surname if marks & ORDINARY == 0 => {}
                Part::Unknown if !has_given && !opens => has_given = true,
                _ => break,
            }
            start = before.start;
        } else {
            break;
        }
        place = before.start;
    }
    start
}

/// The name of at least one capitalised word that ends at `at`.
pub(crate) fn name_before(sight: &Sight<'_>, at: usize) -> Option<Name> {
    let mut start = None;
    let mut place = at;
    for _ in 0..WORDS_MAX {
        let before = if place == at {
            let length =
                sight.bytes[..at].iter().rev().take(WORD_MAX).take_while(|&&byte| is_word(byte) || matches!(byte, b'\'' | b'-')).count();
            (length > 0 && sight.text.is_char_boundary(at - length)).then_some(at - length..at)
        } else {
            token_before(sight, place)
        };
        let Some(before) = before else { break };
        let text = without_connector(&sight.text[before.clone()]);
        if text.ends_with('.') || is_capitalised(text) && part(text).0 != Part::Other {
            start = Some(before.start);
        } else if !connector(text) {
            break;
        } else if is_capitalised(text) {
            start = Some(before.start);
        }
        place = before.start;
    }
    name_at(sight, start?, false).filter(|name| name.end == at)
}

/// The name that fills the range but for spaces, quotes and a role after a comma or in brackets.
pub(crate) fn name_only(sight: &Sight<'_>, range: Range<usize>) -> Option<Name> {
    let text = sight.text.get(range.clone())?;
    let start = range.start + (text.len() - text.trim_start_matches([' ', '\t', '"', '*', '-', '>']).len());
    if text.len() > 80 || start >= range.end {
        return None;
    }
    let name = name_at(sight, start, false)?;
    if let Some(name) = surname_first_of(sight, name).filter(|name| name.end <= range.end) {
        return Some(name);
    }
    if name.end > range.end {
        return None;
    }
    let rest = sight.text.get(name.end..range.end)?.trim_start_matches(['"', '\'', '*', ' ', '\r', '\t', '.']);
    (rest.is_empty() || rest.starts_with([',', '(', '|', '/', '<', '-'])).then_some(name)
}
