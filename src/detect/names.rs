//! How Dutch and English names of people are written: initials, connectors (tussenvoegsels), capitalised words.
//!
//! Answers whether a name starts or ends at a place; whether it is a person's is for the detectors to say.

use super::prefilter::is_word;
use super::sight::Sight;
use std::ops::Range;

/// A name as it stands in the text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Name {
    pub start: usize,
    pub end: usize,
    /// Words and groups of initials, connectors left out.
    pub words: usize,
    pub initials: usize,
}

const CONNECTORS: &[&str] = &[
    "van", "de", "der", "den", "ten", "ter", "te", "het", "'t", "t", "el", "al", "bin", "ben", "von", "da", "dos", "la", "le", "op", "in",
    "aan", "bij", "ibn", "di", "du", "des", "s",
];
/// Capitalised words that start a line or a field and are no names.
const NO_NAMES: &[&str] = &[
    "gemeente",
    "afdeling",
    "postbus",
    "datum",
    "betreft",
    "onderwerp",
    "team",
    "college",
    "stichting",
    "vereniging",
    "ministerie",
    "wethouder",
    "burgemeester",
    "raad",
    "commissie",
    "school",
    "straat",
    "januari",
    "februari",
    "maart",
    "april",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
    "maandag",
    "dinsdag",
    "woensdag",
    "donderdag",
    "vrijdag",
    "zaterdag",
    "zondag",
    "bsn",
    "iban",
    "tel",
    "telefoon",
    "mobiel",
    "adres",
    "geboren",
    "geachte",
    "beste",
    "bijlage",
    "artikel",
    "wet",
    "zaak",
    "dossier",
    "the",
    "nummer",
    "zaaknummer",
    "telefoonnummer",
    "e-mail",
    "email",
    "burgerservicenummer",
    "geb",
    "wmo",
    "awb",
    "avg",
    "woo",
    "hierbij",
    "dit",
    "deze",
    "wij",
    "onbekend",
    "zie",
    "ja",
    "nee",
    "een",
    "kind",
    "ontvangst",
    "bedrag",
    "heer",
    "mevrouw",
    "aan",
    "van",
    "rijksoverheid",
    "politie",
    "nederland",
    "service",
    "balie",
    "zorg",
    "jeugd",
    "werk",
    "inkomen",
    "burgerzaken",
    "postcode",
    "woonplaats",
    "consulent",
    "beleidsmedewerker",
    "adviseur",
    "uw",
    "mijn",
    "zijn",
    "haar",
    "onze",
    "ons",
    "hun",
    "nederlandse",
    "belgische",
    "duitse",
    "franse",
    "engelse",
    "bel",
    "your",
    "my",
    "our",
    "dutch",
];
const STREETS: &[&str] = &["straat", "weg", "laan", "plein", "kade", "gracht", "dijk", "singel", "steeg", "dreef", "park", "hof", "pad"];

/// The word starts with a capital letter and goes on in small ones (or has a capital after an apostrophe or hyphen).
pub(crate) fn is_capitalised(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// `van`, `de`, `der` and so on, in small letters.
pub(crate) fn is_connector(word: &str) -> bool {
    CONNECTORS.contains(&word)
}

/// The word (letters, digits, apostrophes, hyphens) that ends before `at`, over spaces and signs; none across more than three of them.
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

/// The name that starts at `at`: initials, connectors, and one to three capitalised words.
pub(crate) fn name_at(sight: &Sight<'_>, at: usize) -> Option<Name> {
    let mut name = Name { start: at, end: at, words: 0, initials: 0 };
    let mut place = at;
    let mut connectors = 0;
    let mut surname = false;
    if is_word(sight.before(at)) {
        return None;
    }
    for _ in 0..8 {
        let rest = sight.text.get(place..)?;
        let length = word_length(rest);
        if length == 0 {
            break;
        }
        let word = &rest[..length];
        if rest.as_bytes().get(length) == Some(&b'.') && length <= 2 && is_capitalised(word) && !surname {
            if name.initials == 0 {
                name.words += 1;
            }
            name.initials += 1;
            place += length + 1;
            place += usize::from(sight.byte(place) == b' ');
            continue;
        }
        if is_connector(&word.to_lowercase()) && connectors < 3 {
            connectors += 1;
        } else if is_name_word(word) && name.words - usize::from(name.initials > 0) < 4 {
            surname = true;
            name.words += 1;
            name.end = place + length;
        } else {
            break;
        }
        place += length;
        if sight.byte(place) != b' ' {
            break;
        }
        place += 1;
    }
    surname.then_some(name)
}

/// `Meer, S. van der`: the surname before the initial at `initial`, and what follows it.
pub(crate) fn surname_first(sight: &Sight<'_>, initial: usize) -> Option<Name> {
    if !sight.text.get(..initial)?.ends_with(", ") {
        return None;
    }
    let surname = hyphenated_before(sight, initial - 2)?;
    if surname.end != initial - 2 || !is_name_word(&sight.text[surname.clone()]) {
        return None;
    }
    let mut start = surname.start;
    // `van der Meer, S.`
    for _ in 0..3 {
        let Some(word) = word_before(sight, start).filter(|word| word.end + 1 == start && is_connector(&sight.text[word.clone()])) else {
            break;
        };
        start = word.start;
    }
    let mut end = initial;
    while sight.byte(end).is_ascii_uppercase() && sight.byte(end + 1) == b'.' {
        end += 2;
    }
    let mut place = end;
    while sight.byte(place) == b' ' {
        let length = word_length(sight.text.get(place + 1..)?);
        let word = sight.text.get(place + 1..place + 1 + length)?;
        if !is_connector(word) {
            break;
        }
        place += 1 + length;
        end = place;
    }
    // `Bos, J. Jansen` is a list of two people, not a surname with its initial.
    let listed = sight.byte(end) == b' ' && sight.text.get(end + 1..)?.chars().next().is_some_and(char::is_uppercase);
    (!listed).then_some(Name { start, end, words: 2, initials: 1 })
}

/// The name of at least one capitalised word that ends at `at`.
pub(crate) fn name_before(sight: &Sight<'_>, at: usize) -> Option<Name> {
    let mut start = None;
    let mut place = at;
    let mut words = 0;
    for _ in 0..6 {
        let Some(word) = hyphenated_before(sight, place) else { break };
        let gap = &sight.bytes[word.end..place];
        let joined = if place == at { gap.is_empty() } else { gap == b" " || gap == b". " || gap == b"." };
        let text = &sight.text[word.clone()];
        if !joined {
            break;
        }
        let initial = gap.first() == Some(&b'.') && text.len() == 1 && is_capitalised(text);
        if initial || is_name_word(text) {
            words += 1;
            start = Some(word.start);
        } else if !(is_connector(text) && start.is_some()) {
            break;
        }
        place = word.start;
    }
    start.map(|start| Name { start, end: at, words, initials: 0 })
}

/// The name that fills the range but for spaces, quotes and a role after a comma or in brackets.
pub(crate) fn name_only(sight: &Sight<'_>, range: Range<usize>) -> Option<Name> {
    let text = sight.text.get(range.clone())?;
    let start = range.start + (text.len() - text.trim_start_matches([' ', '\t', '"', '\'', '*', '-']).len());
    if text.len() > 80 {
        return None;
    }
    if let Some(comma) = text.find(", ")
        && let Some(name) = surname_first(sight, range.start + comma + 2)
        && name.start == start
    {
        return Some(name);
    }
    let name = name_at(sight, start)?;
    let rest = sight.text.get(name.end..range.end)?.trim_start_matches(['"', '\'', '*', ' ', '\r', '\t', '.']);
    (rest.is_empty() || rest.starts_with(',') || rest.starts_with('(')).then_some(name)
}

fn hyphenated_before(sight: &Sight<'_>, at: usize) -> Option<Range<usize>> {
    let mut word = word_before(sight, at)?;
    while sight.before(word.start) == b'-' && word.start >= 2 && is_word(sight.bytes[word.start - 2]) {
        let first = word_before(sight, word.start - 1)?;
        word = first.start..word.end;
    }
    Some(word)
}

fn word_length(rest: &str) -> usize {
    let mut length = 0;
    let bytes = rest.as_bytes();
    while length < bytes.len().min(48)
        && (is_word(bytes[length]) || matches!(bytes[length], b'\'' | b'-') && bytes.get(length + 1).is_some_and(|&next| is_word(next)))
    {
        length += 1;
    }
    while !rest.is_char_boundary(length) {
        length -= 1;
    }
    length
}

/// A capitalised word of two letters or more that is no street, month, or word of letters and forms.
fn is_name_word(word: &str) -> bool {
    let mut letters = word.chars();
    let capital = letters.next().is_some_and(char::is_uppercase);
    let small = letters.clone().any(char::is_lowercase);
    if !capital
        || !small
        || word.len() < 2
        || word.bytes().any(|byte| byte.is_ascii_digit())
        || !word.chars().all(|c| c.is_alphabetic() || c == '-' || c == '\'')
    {
        return false;
    }
    let lower = word.to_lowercase();
    let street = lower.len() > 6 && STREETS.iter().any(|street| lower.ends_with(street));
    !street && !NO_NAMES.contains(&lower.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::prefilter::Trace;

    fn at(text: &str) -> Option<&str> {
        let trace = Trace::default();
        let sight = Sight::new(text, &trace, 0);
        name_at(&sight, 0).map(|name| &text[name.start..name.end])
    }

    #[test]
    fn a_name_is_read_to_its_last_capitalised_word() {
        assert_eq!(at("J.P. van den Heuvel heeft gebeld"), Some("J.P. van den Heuvel"));
        assert_eq!(at("Anne-Marie 't Hart, Zeist"), Some("Anne-Marie 't Hart"));
        assert_eq!(at("De Haan belt"), Some("De Haan"));
        assert_eq!(at("de auto"), None);
        assert_eq!(at("Willem Dreesweg"), Some("Willem"));
    }
}
