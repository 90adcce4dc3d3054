//! What a name is worth: what it is made of, the sign beside it, and what says that it is not a private person's.

use super::super::Candidate;
use super::public::{author, official};
use crate::detect::groups::{BIRTH, BSN};
use crate::detect::lexicon::{self, GIVEN, SURNAME, THING};
use crate::detect::names::{Name, is_capitalised, opens_sentence, word_before};
use crate::detect::score::Score;
use crate::detect::sight::Sight;

/// What led to the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    None,
    /// `mevrouw`, `dhr.`
    Title,
    /// `cliënt`, `moeder`
    Role,
    /// `Aanvrager:`, or a line that says `Naam` above it
    Label,
    /// `achternaam:`, `"lastName":`
    Field,
    Column,
    Closing,
    /// A birth date, a citizen service number, a mail address or an address follows.
    Beside,
    /// A telephone number follows.
    Number,
}

/// Adds the name with its score.
pub(super) fn push(sight: &Sight<'_>, name: Name, sign: Sign, out: &mut Vec<Candidate>) {
    let (base, because) = composition(&name, opens_sentence(sight, name.start));
    let known = name.given + name.surname + name.given_ordinary + name.surname_ordinary > 0;
    let several = name.words >= 2;
    let lone = !several;
    let (worth, why) = match sign {
        Sign::None => beside(sight, &name, base),
        Sign::Title => (if known || several || name.connectors > 0 { 0.7 } else { 0.6 }, "a title before it"),
        Sign::Role if several => (0.5, "a role before it"),
        Sign::Role => (if name.given + name.surname > 0 { 0.35 } else { 0.0 }, "a role before it"),
        Sign::Label if lone => {
            (if name.given + name.surname > 0 || name.connectors > 0 { 0.45 } else { 0.2 }, "the name of its field before it")
        }
        Sign::Label | Sign::Field => (0.6, "the name of its field before it"),
        Sign::Column => (if lone && !known { 0.5 } else { 0.6 }, "the head of its column names people"),
        Sign::Closing => (if several { 0.55 } else { 0.35 }, "the closing of a letter before it"),
        Sign::Beside => (0.55, "a date of birth, number or address beside it"),
        Sign::Number => (0.45, "a telephone number beside it"),
    };
    if base + worth < 0.5 {
        return;
    }
    let (against, not) = against(sight, &name);
    if against <= -1.0 {
        return;
    }
    let score = Score::base(base, because).and(worth.min(0.95 - base), why).and(against, not);
    out.push(Candidate { id: "person-name", start: name.start, end: name.end, score });
}

/// What the words of the name are worth by themselves.
fn composition(name: &Name, opens: bool) -> (f32, &'static str) {
    let family = name.surname + name.surname_ordinary + name.unknown;
    if name.initials > 0 && (family > 0 || name.given > 0) {
        let worth = match () {
            () if name.surname > 0 => 0.75,
            () if name.connectors > 0 => 0.7,
            () if name.surname_ordinary > 0 => 0.65,
            () => 0.55,
        };
        return (worth, "initials and a surname");
    }
    if name.reversed && name.given + name.surname + name.unknown + name.connectors + name.initials == 0 {
        return (0.3, "two words that may be a surname and a given name");
    }
    if name.reversed && name.surname + name.surname_ordinary == 0 && name.connectors == 0 && name.initials == 0 {
        return (0.45, "an unknown surname and a given name");
    }
    if name.given > 0 {
        let worth = match () {
            () if name.surname > 0 || name.connectors > 0 => 0.75,
            () if name.surname_ordinary > 0 => 0.7,
            () if name.unknown > 0 || name.given > 1 => 0.6,
            () if name.given_ordinary > 0 => 0.5,
            () => return (0.2, "a given name alone"),
        };
        return (worth, "a given name and a surname");
    }
    if name.given_ordinary > 0 {
        let worth = match () {
            () if name.surname > 0 || name.connectors > 0 => 0.65,
            () if name.surname_ordinary > 0 => 0.55,
            () if name.unknown > 0 => {
                if opens {
                    0.4
                } else {
                    0.5
                }
            }
            () => return (0.05, "a given name that is also a word"),
        };
        return (worth, "a given name that is also a word, and a surname");
    }
    // The first word of a sentence is not a given name because it has a capital.
    let first = if opens { -0.1 } else { 0.0 };
    let double = name.words >= 2;
    if name.leading {
        // `De Vries`, `Van den Berg`; `De Slimste Mens` is none.
        let worth = if name.surname > 0 && name.unknown == 0 {
            0.3
        } else if name.surname_ordinary > 0 && name.unknown == 0 {
            0.15
        } else {
            0.0
        };
        return (worth, "a surname alone");
    }
    match () {
        () if double && name.unknown > 0 && name.connectors > 0 && name.surname > 0 => (0.6 + first, "an unknown given name and a surname"),
        () if double && name.unknown > 0 && name.connectors > 0 => (0.5 + first, "an unknown given name and a surname"),
        () if double && name.unknown > 0 && name.surname > 0 => (0.5 + first, "an unknown given name and a surname"),
        () if double && name.surname > 1 => (0.4, "two surnames"),
        () if double && name.surname + name.surname_ordinary > 0 => (0.25, "a surname and another word"),
        () if name.surname > 0 && name.connectors > 0 => (0.3, "a surname alone"),
        () if name.surname > 0 => (0.2, "a surname alone"),
        () if name.surname_ordinary > 0 && name.connectors > 0 => (0.15, "a surname alone"),
        () if name.surname_ordinary > 0 => (0.05, "a surname that is also a word"),
        () if double => (0.1, "words with capitals"),
        () => (0.0, "a word with a capital"),
    }
}

/// What stands beside a name that was found by its own words: a chat line, a case, a mail address, a citizen service number.
fn beside(sight: &Sight<'_>, name: &Name, base: f32) -> (f32, &'static str) {
    if base >= 0.5 {
        let near = sight.has(BIRTH | BSN) && sight.near(name.start, name.end, BIRTH | BSN, 40);
        return if near { (0.1, "a date of birth or number near it") } else { (0.0, "") };
    }
    if base < 0.2 {
        return (0.0, "");
    }
    // `Sanne: ik bel morgen`, at the start of a line; `[10:31] Sanne: ...` as well.
    let line = sight.line(name.start);
    let stamp = &sight.bytes[line.start..name.start];
    let opens = stamp.len() < 24 && stamp.iter().all(|byte| !byte.is_ascii_alphabetic());
    if opens
        && sight.byte(name.end) == b':'
        && sight.byte(name.end + 1) == b' '
        && name.given + name.given_ordinary > 0
        && !stamp.contains(&b'#')
    {
        return (0.35, "a line of a conversation");
    }
    // A signature without a closing.
    if name.words >= 2
        && opens
        && matches!(sight.byte(name.end), b'\n' | b'\r')
        && sight.bytes[line.start..name.start].iter().all(|byte| *byte == b' ')
    {
        return (0.15, "a line of its own");
    }
    if of_someone(sight, name.start) {
        return (0.35, "a case or a request of this person");
    }
    (0.0, "")
}

/// `zaak van Kowalczyk`, `dossier van Van Dijk`, `het bezwaar van Fatima`.
fn of_someone(sight: &Sight<'_>, start: usize) -> bool {
    let before = word_before(sight, start).filter(|word| word.end + 1 == start);
    if before.clone().is_some_and(|word| ["dossier", "zaak", "casus"].contains(&&sight.text[word])) {
        return true;
    }
    let Some(of) = before.filter(|word| &sight.text[word.clone()] == "van") else {
        return false;
    };
    let Some(what) = word_before(sight, of.start).filter(|word| word.end + 1 == of.start) else { return false };
    [
        "zaak",
        "dossier",
        "casus",
        "aanvraag",
        "melding",
        "klacht",
        "bezwaar",
        "bezwaarschrift",
        "uitkering",
        "situatie",
        "verzoek",
        "aangifte",
        "rekening",
        "bsn",
        "paspoort",
        "adres",
        "intake",
        "huisbezoek",
        "diagnose",
        "schulden",
        "moeder",
        "vader",
        "zoon",
        "dochter",
        "partner",
        "ouders",
        "begeleiding",
        "indicatie",
        "woning",
        "huis",
        "telefoonnummer",
        "mail",
        "bericht",
        "brief",
        "gegevens",
        "medicatie",
        "behandelaar",
        "mentor",
        "bewindvoerder",
        "file",
        "case",
    ]
    .contains(&sight.text[what].to_ascii_lowercase().as_str())
}

/// What says that the name is not that of a private person.
fn against(sight: &Sight<'_>, name: &Name) -> (f32, &'static str) {
    let text = &sight.text[name.start..name.end];
    let (before, after) = (sight.before(name.start), sight.byte(name.end));
    // A piece of a path, an address, a number or code.
    let glued = matches!(before, b'/' | b'\\' | b'@' | b'_' | b'.' | b'<' | b'#' | b'$' | b'&' | b'-' | b'%')
        || matches!(after, b'@' | b'_' | b'\\' | b'(' | b'=' | b'+')
        || matches!(after, b'/' | b'-')
            && sight.byte(name.end + 1).is_ascii_alphabetic()
            && !sight.text.get(name.end + 1..).is_some_and(is_capitalised)
        || after == b'.' && sight.byte(name.end + 1).is_ascii_alphabetic();
    if glued {
        return (-1.0, "a piece of a longer word");
    }
    if name.after & THING != 0 && name.after & (GIVEN | SURNAME) == 0
        || lexicon::is_public(text)
        || thing_before(sight, name)
        || firm_after(sight, name.end)
    {
        return (-1.0, "the name of a thing");
    }
    if official(sight, name) {
        return (-0.7, "a person in public office");
    }
    if author(sight, name) {
        return (-0.7, "an author, or a name in case law");
    }
    (0.0, "")
}

/// `zaal`, `basisschool`, `stichting`, `garage` directly before the name; a title between them makes it a person again.
fn thing_before(sight: &Sight<'_>, name: &Name) -> bool {
    let Some(word) = word_before(sight, name.start) else { return false };
    let gap = &sight.bytes[word.end..name.start];
    // `de Nelson Mandelapad`, `het Jan Steenhof`: people have no article.
    let article = gap == b" " && matches!(&sight.text[word.clone()], "de" | "het" | "the" | "De" | "Het");
    if article && !name.leading && name.given + name.given_ordinary > 0 {
        return true;
    }
    if !matches!(gap, b" " | b" '" | b" \"" | b"-") {
        return false;
    }
    let text = &sight.text[word.clone()];
    let marks = lexicon::look(text);
    // A hyphen joins the thing to the name: `commissie-De Grave`; the word itself may be a surname: `Bakker`.
    marks & THING != 0 && (marks & SURNAME == 0 || gap == b"-" || !is_capitalised(text))
        || text.len() > 6
            && [
                "school",
                "zaal",
                "straat",
                "laan",
                "brug",
                "huis",
                "plein",
                "hal",
                "bedrijf",
                "kantoor",
                "stichting",
                "centrum",
                "winkel",
                "bureau",
                "prijs",
            ]
            .iter()
            .any(|end| text.ends_with(end))
            && marks & SURNAME == 0
}

/// `B.V.`, `& Zn.`, `Advocaten`, `'s Bakkerij` behind the name.
fn firm_after(sight: &Sight<'_>, end: usize) -> bool {
    let Some(rest) = sight.text.get(end..) else { return false };
    let next = rest.strip_prefix(' ').unwrap_or("");
    if [
        "& ", "&amp; ", "B.V.", "BV", "N.V.", "NV", "V.O.F", "v.o.f", "vof", "VOF", "en Zn", "en Zonen", "en zonen", "Ltd", "GmbH", "Inc",
        "S.A.", "e.a.", "et al", "c.s.",
    ]
    .iter()
    .any(|sign| next.strip_prefix(sign).is_some_and(|rest| sign.ends_with(' ') || !rest.starts_with(|c: char| c.is_alphanumeric())))
    {
        return true;
    }
    let owned = rest.strip_prefix("'s ").or_else(|| rest.strip_prefix("\u{2019}s ")).unwrap_or("");
    is_capitalised(owned)
}
