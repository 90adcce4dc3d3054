//! Names put together from their words: `Piet van 't Hof`, `J.P. de Wit`, `Hof, P. van 't`, `DE VRIES, HENDRIK`.
//!
//! Takes a place in the text; gives the name that starts there, ends there, or lies around a known word, with what it is made of. Whether it
//! is a person's is for the detector to say.

use super::{NameWord, Part, connector, initials_length, is_capitalised, opens_sentence, part, token_before, word_length};
use crate::detect::lexicon::{self, GIVEN, Marks, ORDINARY, PLACE, SURNAME, THING};
use crate::detect::prefilter::is_word;
use crate::detect::sight::Sight;
use std::ops::Range;

/// Connectors that are ordinary prepositions too: one of them begins a surname only before an article (`in 't Veld`, not `in Zeist`).
const PREPOSITIONS: &[&str] = &["op", "in", "aan", "bij", "uit", "over", "onder", "voor", "tot", "af"];
const WORDS_MAX: usize = 6;
/// Bytes of the longest word that is read as one.
const WORD_MAX: usize = super::WORD_MAX;

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
    /// A connector with a capital stands before everything else: `De Vries`.
    pub leading: bool,
    /// The surname stands first: `Hof, P. van 't`.
    pub reversed: bool,
    /// Marks of the word that follows it in its line.
    pub after: Marks,
}

/// The name that starts at `at`; `small` also takes known names in small letters, and initials without full stops.
pub(crate) fn name_at(sight: &Sight<'_>, at: usize, small: bool) -> Option<Name> {
    if is_word(sight.before(at)) || begins_no_name(sight, at, small) {
        return None;
    }
    let mut reading = Reading {
        sight,
        small,
        name: Name { start: at, end: at, ..Name::default() },
        pending: 0,
        first: "",
        last: "",
        family: false,
        caps: None,
    };
    let mut place = at;
    for _ in 0..10 {
        match reading.step(place) {
            Some(next) => place = next,
            None => break,
        }
    }
    let mut name = reading.name;
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

/// The place holds no letter, or a word in small letters that no name begins with: nearly every word of a sentence.
fn begins_no_name(sight: &Sight<'_>, at: usize, small: bool) -> bool {
    let first = sight.byte(at);
    if !first.is_ascii_lowercase() {
        return first.is_ascii() && !first.is_ascii_alphanumeric() && first != b'\'';
    }
    let length = sight.bytes[at..].iter().take(WORD_MAX).take_while(|byte| byte.is_ascii_lowercase()).count();
    let next = sight.byte(at + length);
    if !next.is_ascii() || next.is_ascii_alphanumeric() || matches!(next, b'\'' | b'-') {
        return false;
    }
    sight.text.get(at..at + length).is_some_and(|word| !connector(word) && !(small && lexicon::look(word) & (GIVEN | SURNAME) != 0))
}

/// A name while it is read from left to right.
struct Reading<'a> {
    sight: &'a Sight<'a>,
    small: bool,
    name: Name,
    /// Connectors read that wait for their surname, the first and the last of them.
    pending: usize,
    first: &'a str,
    last: &'a str,
    /// A surname was read.
    family: bool,
    /// The name is written in capitals.
    caps: Option<bool>,
}

impl Reading<'_> {
    /// Reads the word at `place`; gives where the next one starts.
    fn step(&mut self, place: usize) -> Option<usize> {
        let rest = self.sight.text.get(place..)?;
        if !self.family
            && self.pending == 0
            && let Some(next) = self.initials(place, rest)
        {
            return Some(next);
        }
        let length = word_length(rest);
        let word = rest.get(..length).filter(|word| !word.is_empty())?;
        let capital = is_capitalised(word);
        if connector(word) && self.pending < 3 && (!capital || self.name.words > 0 || follows_as_name(self.sight, place + length)) {
            if self.pending == 0 {
                self.first = word;
            }
            self.pending += 1;
            self.last = word;
            return self.after_space(place + length);
        }
        let (mut kind, marks) = self.kind(place, word, capital);
        // `zoon van Maarten`: the connector is the sentence's.
        if self.name.words == 0 && self.pending > 0 && kind == Part::Given && marks & SURNAME == 0 && !is_capitalised(self.first) {
            kind = Part::Other;
        }
        if kind == Part::Other || self.name.words >= WORDS_MAX {
            // `Jansen aan Rembrandtlaan`: a place where something is, not a thing that is named after Jansen.
            self.name.after = if is_preposition(self.first) { 0 } else { marks };
            return None;
        }
        self.caps.get_or_insert(in_capitals(word));
        self.take(kind, marks);
        self.name.end = place + length;
        self.after_space(self.name.end)
    }

    /// Groups of initials before the surname: `J.P.`, `J. P.`, and where a sign says that a name follows, `J` and `JP`.
    fn initials(&mut self, place: usize, rest: &str) -> Option<usize> {
        let (mut length, mut count) = initials_length(rest);
        if count == 0 && self.small && self.name.words == 0 {
            let capitals = rest.bytes().take(4).take_while(u8::is_ascii_uppercase).count();
            let follows = rest.get(capitals + 1..).is_some_and(|next| {
                is_capitalised(next) && next.chars().nth(1).is_some_and(char::is_lowercase) || connector(&next[..word_length(next)])
            });
            if matches!(capitals, 1..=3)
                && rest.as_bytes().get(capitals) == Some(&b' ')
                && follows
                && lexicon::look(&rest[..capitals]) & ORDINARY == 0
            {
                (length, count) = (capitals, capitals);
            }
        }
        if count == 0 {
            return None;
        }
        self.name.words += usize::from(self.name.initials == 0);
        self.name.initials += count;
        // Columns of fixed width part them by more than one space.
        let spaces = self.sight.bytes[place + length..].iter().take(4).take_while(|&&byte| byte == b' ').count();
        Some(place + length + spaces)
    }

    fn kind(&self, place: usize, word: &str, capital: bool) -> (Part, Marks) {
        let (mut kind, marks) = part(word);
        let waits = self.pending > 0;
        if !capital {
            let surname =
                self.name.words > 0 || marks & ORDINARY == 0 || marks & (SURNAME | THING) == SURNAME && matches!(self.first, "van" | "de");
            // `cliënt: stijn zeegelaar, geb.`: one unknown word after a given name, where the field ends.
            let last = self.name.words == 1
                && self.name.given + self.name.given_ordinary == 1
                && !waits
                && kind == Part::Unknown
                && self.closes(place + word.len());
            if !(self.small && (marks & (GIVEN | SURNAME) != 0 && surname || last)) {
                return (Part::Other, marks);
            }
        }
        // `in 't Veld` is a surname, `in Zeist` and `te Zeist` are not.
        if waits && (is_preposition(self.last) || self.last.eq_ignore_ascii_case("te") && marks & PLACE != 0) {
            return (Part::Other, marks);
        }
        // After a connector any capitalised word is a surname, places too: `Jan van Utrecht`.
        if kind == Part::Other && waits && capital && self.name.words > 0 && marks & PLACE != 0 {
            kind = Part::Surname;
        }
        let listed = self.name.words == 0 && word.len() > 3 && self.sight.byte(place + word.len()) == b',';
        if kind == Part::Unknown && in_capitals(word) && self.caps != Some(true) && !listed {
            kind = Part::Other;
        }
        // After the surname only another surname follows: `García López`.
        if self.family && !waits && (kind == Part::Unknown || marks & (ORDINARY | PLACE) != 0 || marks & SURNAME == 0) {
            kind = Part::Other;
        }
        (kind, marks)
    }

    fn take(&mut self, kind: Part, marks: Marks) {
        let name = &mut self.name;
        name.leading |= name.words == 0 && self.pending > 0;
        let given = kind == Part::Given && self.pending == 0 && !self.family && !(name.initials > 0 && marks & SURNAME != 0);
        name.connectors += self.pending;
        name.words += 1;
        if given {
            *(if marks & ORDINARY != 0 { &mut name.given_ordinary } else { &mut name.given }) += 1;
            // `Maria Thomas`: the second may be the surname.
            self.family |= name.given + name.given_ordinary > 1 && marks & SURNAME != 0;
        } else if kind == Part::Unknown {
            name.unknown += 1;
            self.family |= name.words > 1;
        } else {
            *(if marks & (ORDINARY | PLACE) != 0 { &mut name.surname_ordinary } else { &mut name.surname }) += 1;
            self.family = true;
        }
        self.pending = 0;
        (self.first, self.last) = ("", "");
    }

    /// The field ends behind the word.
    fn closes(&self, end: usize) -> bool {
        self.sight.text[end..].trim_start_matches(' ').starts_with([',', '/', '(', '|', ';', '\n', '\r', '"', '<'])
            || end == self.sight.bytes.len()
    }

    /// The next word stands after one space.
    fn after_space(&self, at: usize) -> Option<usize> {
        (self.sight.byte(at) == b' ' && self.sight.byte(at + 1) != b' ').then_some(at + 1)
    }
}

fn is_preposition(word: &str) -> bool {
    PREPOSITIONS.iter().any(|preposition| word.eq_ignore_ascii_case(preposition))
}

fn in_capitals(word: &str) -> bool {
    word.len() > 1 && !word.chars().any(char::is_lowercase)
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
    surname_first_of(sight, name_at(sight, at, false)?)
}

/// The same, for the name that [`name_at`] gave.
pub(crate) fn surname_first_of(sight: &Sight<'_>, surname: Name) -> Option<Name> {
    let bare = surname.initials == 0 && surname.words <= 3;
    let rest = sight.text.get(surname.end..)?.strip_prefix(',')?;
    let from = surname.end + 1 + usize::from(rest.starts_with(' '));
    let rest = sight.text.get(from..)?;
    let (mut end, count) = initials_length(rest);
    let (mut given, mut ordinary) = (0, 0);
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
            let marks = part(&here[..length]).1;
            given += usize::from(marks & GIVEN != 0 && marks & ORDINARY == 0);
            ordinary += usize::from(marks & GIVEN != 0 && marks & ORDINARY != 0);
            end += length;
            if rest.as_bytes().get(end) != Some(&b' ') {
                break;
            }
            end += 1;
        }
        end = rest.get(..end)?.trim_end().len();
        // `Bos, Piet Jansen` is two people; a known given name alone, or with connectors behind it, is one.
        if given + ordinary == 0 || end == 0 {
            return None;
        }
    }
    let mut connectors = 0;
    while rest.as_bytes().get(end) == Some(&b' ') {
        let here = &rest[end + 1..];
        let length = word_length(here);
        // `AHMED, M. BEN`: a connector with a capital, but no further word.
        let ends = !here[length..].trim_start_matches(' ').starts_with(char::is_alphanumeric);
        if !connector(&here[..length]) || length == 0 || is_capitalised(here) && !ends && !in_capitals(&here[..length]) {
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
        given_ordinary: surname.given_ordinary + ordinary,
        reversed: true,
        connectors: surname.connectors + connectors,
        after: 0,
        ..surname
    })
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::keywords::Keywords;
    use crate::detect::names::{names_in, stands_alone};
    use crate::detect::prefilter::trace;

    fn with<T>(text: &str, ask: impl FnOnce(&Sight<'_>) -> T) -> T {
        let trace = trace(text, &Keywords::new([]), None);
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
            let found = with(text, |sight| name_around(sight, names_in(sight).next()?)).map(|found| &text[found.start..found.end]);
            assert_eq!(found, Some(name), "{text}");
        }
    }

    #[test]
    fn a_word_stands_alone_where_nothing_beside_it_is_of_a_name() {
        let alone = |text: &str| with(text, |sight| names_in(sight).map(|word| stands_alone(sight, word)).collect::<Vec<_>>());
        for text in ["het gezet. Bakker is er", "dan komt Hendriks.", "Bakker en de buurt", "bij Bakker in de straat", "(Bakker)"] {
            assert_eq!(alone(text), [true], "{text}");
        }
        for text in [
            "Piet van de Xyz",
            "J. Hendriks",
            "J.Hendriks",
            "Xyz Hendriks",
            "Xyz van den Hendriks",
            "zaak van Hendriks",
            "zaak van\nHendriks",
            "Fatima: ik bel",
            "Hendriks, P.",
            "Xyz, Fatima",
            "Piet-xyz",
            "Piet 't Xyz",
            "Fatima Élu",
        ] {
            assert_eq!(alone(text), [false], "{text}");
        }
    }
}
