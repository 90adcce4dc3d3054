//! How names of people are written: initials, given names, connectors (tussenvoegsels), surnames; `Piet van 't Hof`, `Hof, P. van 't`.
//!
//! Takes a place in the text; gives the name that starts there, or the name around a known word, with what it is made of. Whether it is a
//! person's is for the detector to say. It reads a few words on either side, never further.

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

/// A name as it stands in the text, and what it is made of.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Name {
    pub start: usize,
    pub end: usize,
    /// Words and groups of initials, connectors left out.
    pub words: usize,
    pub initials: usize,
    pub connectors: usize,
    /// Known given names that are nothing else, and those that are ordinary words too.
    pub given: usize,
    pub given_ordinary: usize,
    /// Known surnames that are nothing else, and those that are ordinary words or places too.
    pub surname: usize,
    pub surname_ordinary: usize,
    /// Capitalised words that the lexicon does not know.
    pub unknown: usize,
    /// Marks of the word that follows it in its line.
    pub after: Marks,
}

const CONNECTORS: &[&str] = &[
    "van", "de", "der", "den", "ten", "ter", "te", "het", "'t", "t", "el", "al", "bin", "ben", "von", "vom", "zu", "zur", "da", "do",
    "dos", "das", "la", "le", "les", "op", "in", "aan", "bij", "uit", "over", "onder", "voor", "ibn", "abu", "di", "du", "des", "della",
    "del", "s", "'s", "y", "af", "tot",
];
/// Connectors that are ordinary prepositions too: one of them begins a surname only before an article (`in 't Veld`, not `in Zeist`).
const PREPOSITIONS: &[&str] = &["op", "in", "aan", "bij", "uit", "over", "onder", "voor", "tot", "af"];
const INITIALS: &[&str] =
    &["Th", "Ch", "Chr", "Ph", "IJ", "Ij", "Fr", "Joh", "Jac", "Corn", "Ant", "Wilh", "Fred", "Hendr", "Geert", "Mr", "St", "Jr"];
const STREETS: &[&str] = &[
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
const WORDS_MAX: usize = 6;
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

/// A person is meant: a personal or possessive pronoun.
pub(crate) fn has_pronoun(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|word| {
        ["hij", "zij", "ze", "haar", "hem", "zijn", "mijn", "ik", "u", "uw", "jij", "jouw", "he", "she", "his", "her", "him", "my", "i"]
            .iter()
            .any(|pronoun| word.eq_ignore_ascii_case(pronoun))
    })
}

/// Bytes of the word at the beginning of `rest`: letters, with apostrophes and hyphens between them.
pub(crate) fn word_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut length = usize::from(bytes.first() == Some(&b'\'') && bytes.get(1).is_some_and(|&next| is_word(next)));
    while length < bytes.len().min(WORD_MAX) {
        if is_word(bytes[length]) {
            length += 1;
        } else if matches!(bytes[length], b'\'' | b'-') && length > 0 && bytes.get(length + 1).is_some_and(|&next| is_word(next)) {
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
        let small = word.rsplit('-').next().is_some_and(|last| !is_capitalised(last) && lexicon::look(last) & GIVEN == 0);
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
    if marks & GIVEN != 0 && !(marks & SURNAME != 0 && marks & ORDINARY != 0) {
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

/// The name that starts at `at`; `small` also takes known names in small letters.
pub(crate) fn name_at(sight: &Sight<'_>, at: usize, small: bool) -> Option<Name> {
    if is_word(sight.before(at)) {
        return None;
    }
    let mut name = Name { start: at, end: at, ..Name::default() };
    let (mut place, mut pending) = (at, 0usize);
    let (mut first_connector, mut last_connector) = ("", "");
    let mut family = false;
    let mut caps = None;
    for _ in 0..10 {
        let rest = sight.text.get(place..)?;
        let (dotted, count) = initials_length(rest);
        // Initials stand before the surname.
        if count > 0 && !family && pending == 0 {
            name.words += usize::from(name.initials == 0);
            name.initials += count;
            place += dotted;
            place += usize::from(sight.byte(place) == b' ');
            continue;
        }
        let length = word_length(rest);
        let Some(word) = rest.get(..length).filter(|word| !word.is_empty()) else { break };
        let capital = is_capitalised(word);
        let mut reads_on = true;
        if connector(word) && pending < 3 && (!capital || name.words > 0 || follows_as_name(sight, place + length)) {
            if pending == 0 {
                first_connector = word;
            }
            pending += 1;
            last_connector = word;
        } else {
            let (mut kind, marks) = part(word);
            let surname_like =
                name.words > 0 || marks & ORDINARY == 0 || marks & (SURNAME | THING) == SURNAME && matches!(first_connector, "van" | "de");
            if !capital && !(small && marks & (GIVEN | SURNAME) != 0 && surname_like) {
                kind = Part::Other;
            }
            if PREPOSITIONS.iter().any(|word| word.eq_ignore_ascii_case(last_connector)) && pending > 0
                || last_connector.eq_ignore_ascii_case("te") && marks & PLACE != 0
            {
                kind = Part::Other;
            }
            // After a connector any capitalised word is a surname, places too: `Jan van Utrecht`.
            if kind == Part::Other && pending > 0 && capital && name.words > 0 && marks & PLACE != 0 {
                kind = Part::Surname;
            }
            let in_caps = length > 1 && !word.chars().any(char::is_lowercase);
            if kind == Part::Unknown && in_caps && caps != Some(true) {
                kind = Part::Other;
            }
            // After the surname only another surname follows: `García López`.
            if family && pending == 0 && (kind == Part::Unknown || marks & (ORDINARY | PLACE) != 0 || marks & SURNAME == 0) {
                kind = Part::Other;
            }
            if kind == Part::Other || name.words >= WORDS_MAX {
                name.after = marks;
                break;
            }
            caps.get_or_insert(in_caps);
            name.connectors += pending;
            name.words += 1;
            match kind {
                Part::Given if pending == 0 && !family => {
                    if marks & ORDINARY != 0 {
                        name.given_ordinary += 1
                    } else {
                        name.given += 1
                    }
                    if name.given + name.given_ordinary > 1 && marks & SURNAME != 0 {
                        family = true;
                    }
                }
                Part::Given | Part::Surname => {
                    if marks & (ORDINARY | PLACE) != 0 {
                        name.surname_ordinary += 1
                    } else {
                        name.surname += 1
                    }
                    family = true;
                }
                _ => {
                    name.unknown += 1;
                    family |= name.words > 1;
                }
            }
            pending = 0;
            (first_connector, last_connector) = ("", "");
            name.end = place + length;
            reads_on = sight.byte(name.end) == b' ';
        }
        place += length;
        if !reads_on || sight.byte(place) != b' ' {
            break;
        }
        place += 1;
        if sight.byte(place) == b' ' {
            break;
        }
    }
    if name.end == at {
        return None;
    }
    if name.after == 0
        && let Some(rest) = sight.text.get(name.end..)
        && let Some(rest) = rest.strip_prefix([' ', '-']).or_else(|| rest.strip_prefix("' "))
    {
        let word = &rest[..word_length(rest)];
        if is_capitalised(word) || sight.byte(name.end) != b' ' {
            name.after = lexicon::look(word);
        }
    }
    Some(name)
}

/// A capitalised word follows over one space: `De Vries`, `Van 't Hof`.
fn follows_as_name(sight: &Sight<'_>, at: usize) -> bool {
    let mut place = at;
    for _ in 0..3 {
        if sight.byte(place) != b' ' {
            return false;
        }
        let rest = sight.text.get(place + 1..).unwrap_or("");
        let length = word_length(rest);
        let word = &rest[..length];
        if connector(word) {
            place += 1 + length;
            continue;
        }
        return is_capitalised(word) && part(word).0 != Part::Other;
    }
    false
}

/// `Hof, P. van 't`, `Vries, Lucas de`, `DE VRIES, HENDRIK`: the surname that starts at `at`, a comma, and initials or given names.
pub(crate) fn surname_first(sight: &Sight<'_>, at: usize) -> Option<Name> {
    let surname = name_at(sight, at, false)?;
    let bare = surname.initials == 0 && surname.words <= 3;
    let rest = sight.text.get(surname.end..)?.strip_prefix(',')?;
    let from = surname.end + 1 + usize::from(rest.starts_with(' '));
    let rest = sight.text.get(from..)?;
    let (mut end, count) = initials_length(rest);
    let mut given = 0;
    if count == 0 {
        for _ in 0..3 {
            let here = rest.get(end..)?;
            let length = word_length(here);
            if length == 0
                || connector(&here[..length])
                || !is_capitalised(here)
                || !matches!(part(&here[..length]).0, Part::Given | Part::Unknown)
            {
                break;
            }
            given += usize::from(lexicon::look(&here[..length]) & GIVEN != 0);
            end += length;
            if rest.as_bytes().get(end) != Some(&b' ') {
                break;
            }
            end += 1;
        }
        end = rest.get(..end)?.trim_end().len();
        // `Bos, Piet Jansen` is two people; a known given name alone, or with connectors behind it, is one.
        if given == 0 || end == 0 {
            return None;
        }
    }
    let mut connectors = 0;
    while rest.as_bytes().get(end) == Some(&b' ') {
        let here = &rest[end + 1..];
        let length = word_length(here);
        if !connector(&here[..length]) || length == 0 || is_capitalised(here) {
            break;
        }
        connectors += 1;
        end += 1 + length;
    }
    // `Bos, J. Jansen` is a list of two people, not a surname with its initial.
    let listed = rest.as_bytes().get(end) == Some(&b' ') && is_capitalised(rest.get(end + 1..)?);
    (bare && !listed).then_some(Name {
        end: from + end,
        words: surname.words + 1,
        initials: count,
        given: surname.given + given,
        connectors: surname.connectors + connectors,
        after: 0,
        ..surname
    })
}

/// The name that a known word is part of: read from its first word on. `first` is whether that word begins a sentence.
pub(crate) fn name_around(sight: &Sight<'_>, word: NameWord) -> Option<Name> {
    let start = start_of(sight, word);
    let name = name_at(sight, start, false).filter(|name| name.end >= word.end).or_else(|| name_at(sight, word.start, false))?;
    Some(surname_first(sight, name.start).unwrap_or(name))
}

/// Where the name starts that a known word is part of.
fn start_of(sight: &Sight<'_>, word: NameWord) -> usize {
    let mut start = word.start;
    let mut place = word.start;
    let mut has_given = word.marks & GIVEN != 0;
    for _ in 0..WORDS_MAX {
        let Some(before) = token_before(sight, place) else { break };
        let text = &sight.text[before.clone()];
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
        let text = &sight.text[before.clone()];
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
    if let Some(name) = surname_first(sight, start).filter(|name| name.end <= range.end) {
        return Some(name);
    }
    let name = name_at(sight, start, false).filter(|name| name.end <= range.end)?;
    let rest = sight.text.get(name.end..range.end)?.trim_start_matches(['"', '\'', '*', ' ', '\r', '\t', '.']);
    (rest.is_empty() || rest.starts_with([',', '(', '|', '/', '<', '-'])).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::prefilter::Trace;

    fn with<T>(text: &str, ask: impl FnOnce(&Sight<'_>) -> T) -> T {
        let trace = Trace::default();
        ask(&Sight::new(text, &trace, 0))
    }

    fn at(text: &str) -> Option<&str> {
        with(text, |sight| name_at(sight, 0, false)).map(|name| &text[name.start..name.end])
    }

    #[test]
    fn a_name_is_read_to_its_last_word() {
        for (text, name) in [
            ("J.P. van den Heuvel heeft gebeld", "J.P. van den Heuvel"),
            ("Anne-Marie 't Hart, Zeist", "Anne-Marie 't Hart"),
            ("De Haan belt", "De Haan"),
            ("Fatima El Idrissi belde", "Fatima El Idrissi"),
            ("Jan in 't Veld in Zeist", "Jan in 't Veld"),
            ("Piet Hendriks uit Zeist", "Piet Hendriks"),
            ("María García López was er", "María García López"),
            ("Th. M. de Wit", "Th. M. de Wit"),
            ("Hafsa Ben Ahmed (bsn", "Hafsa Ben Ahmed"),
            ("Murat over de Linden", "Murat over de Linden"),
        ] {
            assert_eq!(at(text), Some(name), "{text}");
        }
        assert_eq!(at("de auto"), None);
        assert_eq!(at("Willem Dreesweg"), Some("Willem"));
        assert_eq!(at("Gemeente Zeist"), None);
    }

    #[test]
    fn a_surname_may_come_first() {
        for (text, name) in [
            ("Meer, S. van der;1", "Meer, S. van der"),
            ("Vries, Lucas de\" <l@x.nl>", "Vries, Lucas de"),
            ("DE VRIES, HENDRIK", "DE VRIES, HENDRIK"),
            ("van der Meer, S.", "van der Meer, S."),
        ] {
            assert_eq!(with(text, |sight| surname_first(sight, 0)).map(|found| &text[found.start..found.end]), Some(name), "{text}");
        }
        for text in ["Bos, J. Jansen", "Zeist, 12 mei", "Bakker, Visser en Bos"] {
            assert!(with(text, |sight| surname_first(sight, 0)).is_none(), "{text}");
        }
    }

    #[test]
    fn known_words_lead_to_the_whole_name() {
        for (text, name) in [
            ("Volgens Piet Hendriks is dat zo", "Piet Hendriks"),
            ("brief van J. Jansen", "J. Jansen"),
            ("met Jan-Willem van 't Hof erbij", "Jan-Willem van 't Hof"),
        ] {
            let words = with(text, names_in);
            let found = with(text, |sight| name_around(sight, words[0])).map(|found| &text[found.start..found.end]);
            assert_eq!(found, Some(name), "{text}");
        }
    }
}
