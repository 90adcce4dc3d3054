//! Names put together from their words: `Piet van 't Hof`, `J.P. de Wit`, `Hof, P. van 't`, `DE VRIES, HENDRIK`.
//!
//! Takes a place in the text; gives the name that starts there, ends there, or lies around a known word, with what it is made of. Whether it
//! is a person's is for the detector to say.

use super::{Part, connector, initials_length, is_capitalised, part, word_length};
use crate::detect::lexicon::{self, GIVEN, Marks, ORDINARY, PLACE, SURNAME, THING};
use crate::detect::sight::Sight;

/// Connectors that are ordinary prepositions too: one of them begins a surname only before an article (`in 't Veld`, not `in Zeist`).
const PREPOSITIONS: &[&str] = &["op", "in", "aan", "bij", "uit", "over", "onder", "voor", "tot", "af"];
pub(super) const WORDS_MAX: usize = 6;
/// Bytes of the longest word that is read as one.
pub(super) const WORD_MAX: usize = super::WORD_MAX;

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
    if sight.ends_word(at) || begins_no_name(sight, at, small) {
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

/// The place holds no letter, or words in small letters that no name begins with: nearly every word of a sentence.
fn begins_no_name(sight: &Sight<'_>, at: usize, small: bool) -> bool {
    let mut place = at;
    for _ in 0..4 {
        let first = sight.byte(place);
        if !first.is_ascii_lowercase() {
            return first.is_ascii() && !first.is_ascii_alphanumeric() && first != b'\'';
        }
        let length = sight.bytes[place..].iter().take(WORD_MAX).take_while(|byte| byte.is_ascii_lowercase()).count();
        let next = sight.byte(place + length);
        let Some(word) = sight.text.get(place..place + length) else { return false };
        if !next.is_ascii() || next.is_ascii_alphanumeric() || matches!(next, b'\'' | b'-') {
            return false;
        }
        if !connector(word) {
            return !small || lexicon::look(word) & (GIVEN | SURNAME) == 0;
        }
        // `van de` leads to a name, or to the next word of the sentence.
        if next != b' ' {
            return true;
        }
        place += length + 1;
    }
    false
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
        // `Jansen-de Vries`: a surname, and a second one that begins with connectors.
        let married = without_connector(word);
        let (word, length) = if capital { (married, married.len()) } else { (word, length) };
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
        if self.sight.byte(self.name.end) == b'-' {
            return Some(self.name.end + 1);
        }
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
            let surname = self.name.words > 0
                || marks & ORDINARY == 0
                || marks & GIVEN != 0 && !waits && self.closes_soon(place + word.len())
                || marks & (SURNAME | THING) == SURNAME && matches!(self.first, "van" | "de");
            // `cliënt: stijn zeegelaar, geb.`: one unknown word after a given name, where the field ends.
            let last = self.name.words == 1
                && self.name.given + self.name.given_ordinary == 1
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
        // `Beste Sanne`: a given name behind a word that may be a surname begins another name.
        if self.family
            && !waits
            && kind == Part::Given
            && self.name.surname + self.name.given + self.name.given_ordinary + self.name.initials == 0
        {
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

    /// The field ends behind the next three words at most: `stijn zeegelaar,`.
    fn closes_soon(&self, end: usize) -> bool {
        let mut at = end;
        for _ in 0..4 {
            if at > end && self.closes(at) {
                return true;
            }
            if self.sight.byte(at) != b' ' {
                return false;
            }
            at += 1 + word_length(self.sight.text.get(at + 1..).unwrap_or(""));
        }
        false
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

/// `Jansen` of `Jansen-de` and `Jansen-van`, other words as they are.
pub(super) fn without_connector(word: &str) -> &str {
    match word.split_once('-') {
        Some((first, rest)) if rest.split('-').all(connector) && !is_capitalised(rest) => first,
        _ => word,
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

#[cfg(test)]
mod tests;
