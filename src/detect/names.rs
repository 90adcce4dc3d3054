//! The words that names of people are made of: given names, surnames, connectors (tussenvoegsels), initials.
//!
//! Takes places in the text; says what the word there may be in a name. [`read`] puts the words together to a name. It reads a few words on
//! either side, never further.

mod around;
mod read;

pub(crate) use around::{name_around, name_before, name_only};
pub(crate) use read::{Name, name_at, surname_first};

use super::lexicon::{self, GIVEN, Marks, OFFICE, ORDINARY, PLACE, SURNAME, THING};
use super::prefilter::is_word;
use super::sight::Sight;
use std::ops::Range;

/// A word that the lexicon knows as a given name or a surname, written with a capital.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NameWord {
    pub start: usize,
    pub end: usize,
    pub marks: Marks,
}

const CONNECTORS: &[&str] = &[
    "van", "de", "der", "den", "ten", "ter", "te", "het", "'t", "t", "el", "al", "bin", "ben", "von", "vom", "zu", "zur", "da", "do",
    "dos", "das", "la", "le", "les", "op", "in", "aan", "bij", "uit", "over", "onder", "voor", "ibn", "abu", "di", "du", "des", "della",
    "del", "s", "'s", "y", "af", "tot", "ait", "aït", "oulad", "ouled", "haj", "san", "santa", "mc", "st", "sint",
];
const INITIALS: &[&str] =
    &["Th", "Ch", "Chr", "Ph", "IJ", "Ij", "Fr", "Joh", "Jac", "Corn", "Ant", "Wilh", "Fred", "Hendr", "Geert", "Mr", "St", "Jr"];
const STREETS: &[&str] = &[
    "pad",
    "lokaal",
    "kamer",
    "boulevard",
    "viaduct",
    "sluis",
    "buurt",
    "dorp",
    "centrum",
    "gebied",
    "polder",
    "haven",
    "oord",
    "bedrijf",
    "kantoor",
    "winkel",
    "bureau",
    "dienst",
    "markt",
    "werf",
    "baan",
    "straat",
    "weg",
    "laan",
    "plein",
    "kade",
    "gracht",
    "dijk",
    "singel",
    "steeg",
    "dreef",
    "park",
    "plantsoen",
    "brug",
    "tunnel",
    "school",
    "college",
    "zaal",
    "huis",
    "hal",
    "prijs",
    "premie",
    "lezing",
    "kazerne",
    "arena",
    "stichting",
    "fonds",
    "toren",
    "molen",
    "bank",
    "bouw",
    "groep",
    "wijk",
    "route",
];
/// Bytes of the longest word that is read as one.
const WORD_MAX: usize = 40;

/// The word starts with a capital letter.
pub(crate) fn is_capitalised(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// `van`, `de`, `der` and so on, in small letters.
pub(crate) fn is_connector(word: &str) -> bool {
    CONNECTORS.contains(&word)
}

fn connector(word: &str) -> bool {
    word.len() <= 5 && CONNECTORS.iter().any(|connector| word.eq_ignore_ascii_case(connector))
}

/// The capitalised words that the lexicon knows as given names or surnames, in the order of the text.
pub(crate) fn names_in(sight: &Sight<'_>) -> Vec<NameWord> {
    let mut found = Vec::new();
    let bytes = sight.bytes;
    let mut at = 0;
    while at < bytes.len() {
        if !is_word(bytes[at]) {
            at += if bytes[at] == 0xe2 {
                3
            } else if bytes[at] == 0xc2 {
                2
            } else {
                1
            };
            continue;
        }
        let start = at;
        while at < bytes.len() && is_word(bytes[at]) {
            at += 1;
        }
        // A capital of ASCII, or a first byte of a Latin letter with an accent.
        if !(bytes[start].is_ascii_uppercase() || matches!(bytes[start], 0xc3..=0xc8)) || at - start < 2 || at - start > WORD_MAX {
            continue;
        }
        let Some(word) = sight.text.get(start..at) else { continue };
        let marks = lexicon::look(word);
        if marks & (GIVEN | SURNAME) != 0 && is_capitalised(word) {
            found.push(NameWord { start, end: at, marks });
        }
    }
    found
}

/// The word (letters, digits, apostrophes) that ends before `at`, over spaces and signs; none across more than three of them.
pub(crate) fn word_before(sight: &Sight<'_>, at: usize) -> Option<Range<usize>> {
    let gap = sight.bytes[..at].iter().rev().take(4).take_while(|&&byte| !is_word(byte)).count();
    if gap > 3 {
        return None;
    }
    let end = at - gap;
    let length = sight.bytes[..end].iter().rev().take(64).take_while(|&&byte| is_word(byte) || byte == b'\'').count();
    let start = end - length;
    (length > 0 && sight.text.is_char_boundary(start) && sight.text.is_char_boundary(end)).then_some(start..end)
}

/// Bytes of the word at the beginning of `rest`: letters, with apostrophes and hyphens between them.
pub(crate) fn word_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut length = usize::from(bytes.first() == Some(&b'\'') && bytes.get(1).is_some_and(|&next| is_word(next)));
    while length < bytes.len().min(WORD_MAX) {
        let joins = matches!(bytes[length], b'\'' | b'-') && length > 0 && bytes.get(length + 1).is_some_and(|&next| is_word(next));
        if is_word(bytes[length]) || joins {
            length += 1;
        } else if bytes[length..].starts_with("\u{2019}".as_bytes()) && bytes.get(length + 3).is_some_and(|&next| is_word(next)) {
            length += 3;
        } else {
            break;
        }
    }
    while !rest.is_char_boundary(length) {
        length -= 1;
    }
    length
}

/// Where the group of initials at the beginning of `rest` ends: `J.P.`, `Th.`; 0 for none.
fn initials_length(rest: &str) -> (usize, usize) {
    let (mut end, mut count) = (0, 0);
    while count < 6 {
        let here = &rest[end..];
        let letters = here.bytes().take(6).take_while(u8::is_ascii_alphabetic).count();
        let letters = if letters == 0 { here.chars().next().filter(|c| c.is_uppercase()).map_or(0, char::len_utf8) } else { letters };
        let Some(piece) = here.get(..letters) else { break };
        let single = piece.chars().count() == 1 && piece.chars().all(char::is_uppercase);
        if letters == 0 || here.as_bytes().get(letters) != Some(&b'.') || !(single || INITIALS.contains(&piece)) {
            break;
        }
        end += letters + 1;
        count += 1;
    }
    (end, count)
}

/// What a word of a name may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Given,
    Surname,
    Unknown,
    /// No part of a name.
    Other,
}

/// What a capitalised word may be in a name; for a word with hyphens, its first and last part speak.
fn part(word: &str) -> (Part, Marks) {
    let mut marks = lexicon::look(word);
    if marks == 0 && word.contains('-') {
        // `Bosman-rozen` is a thing; `Jan-Willem`, `Oliynyk-Vlasblom` and `Al-Hamdan` are names.
        let small =
            is_capitalised(word) && word.rsplit('-').next().is_some_and(|last| !is_capitalised(last) && lexicon::look(last) & GIVEN == 0);
        if small {
            return (Part::Other, THING);
        }
        for piece in word.split('-') {
            marks |= lexicon::look(piece) & (GIVEN | SURNAME);
        }
    }
    let length = word.chars().count();
    if marks & (THING | OFFICE) != 0 && marks & (GIVEN | SURNAME) == 0 {
        return (Part::Other, marks);
    }
    if marks & GIVEN != 0 {
        return (Part::Given, marks);
    }
    if marks & SURNAME != 0 {
        return (Part::Surname, marks);
    }
    if marks & (ORDINARY | PLACE) != 0 || length < 2 || !word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '\u{2019}')) {
        return (Part::Other, marks);
    }
    let bytes = word.as_bytes();
    let ends = |ending: &str| bytes.len() > ending.len() + 2 && bytes[bytes.len() - ending.len()..].eq_ignore_ascii_case(ending.as_bytes());
    if length > 7 && ["heid", "tie", "teit", "isme", "lijk"].iter().any(|noun| ends(noun))
        || ends("ing")
            && ["ver", "be", "ont", "af", "aan", "uit", "in", "op", "voor"]
                .iter()
                .any(|prefix| bytes[..prefix.len().min(bytes.len())].eq_ignore_ascii_case(prefix.as_bytes()))
    {
        return (Part::Other, ORDINARY);
    }
    if STREETS.iter().any(|street| ends(street)) {
        return (Part::Other, THING);
    }
    // A word in capitals (`BSN`) is an abbreviation; a camel's hump (`eSuite`, `DigiD`) is a product.
    let humps = word.chars().zip(word.chars().skip(1)).any(|(a, b)| a.is_lowercase() && b.is_uppercase());
    let mac =
        word.starts_with("Mc") || word.starts_with("Mac") || word.starts_with("De") || word.starts_with("Van") || word.starts_with("IJ");
    let abbreviation = length < 4 && word.chars().all(char::is_uppercase);
    if abbreviation || humps && !mac { (Part::Other, marks) } else { (Part::Unknown, marks) }
}

/// The word, with its hyphens, or the group of initials directly before `at`, over one space at most.
fn token_before(sight: &Sight<'_>, at: usize) -> Option<Range<usize>> {
    let end = if sight.before(at) == b' ' { at - 1 } else { at };
    if sight.before(end) == b'.' {
        let length = sight.bytes[..end].iter().rev().take(16).take_while(|&&byte| is_word(byte) || byte == b'.').count();
        let text = sight.text.get(end - length..end)?;
        return (initials_length(text).0 == text.len()).then_some(end - length..end);
    }
    if end == at {
        return None;
    }
    let joins = |byte: u8| is_word(byte) || matches!(byte, b'\'' | b'-');
    let mut length = sight.bytes[..end].iter().rev().take(WORD_MAX).take_while(|&&byte| joins(byte)).count();
    while length > 0 && (!sight.text.is_char_boundary(end - length) || sight.bytes[end - length] == b'-') {
        length -= 1;
    }
    (length > 0).then_some(end - length..end)
}

/// The place is the first of its line or sentence.
pub(crate) fn opens_sentence(sight: &Sight<'_>, at: usize) -> bool {
    let before = sight.bytes[..at].iter().rev().take(4).find(|byte| !matches!(byte, b' ' | b'"' | b'(' | b'*' | b'\''));
    before.is_none_or(|&byte| matches!(byte, b'\n' | b'.' | b'!' | b'?' | b':' | b'-' | b'>' | b'|' | b';' | 0x80..))
}
