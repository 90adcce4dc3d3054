//! Names of people that are public: those who hold an office, and authors.
//!
//! Takes a name in the text; says whether the words around it make it one of these.

use crate::detect::groups::OFFICIAL;
use crate::detect::lexicon::{self, OFFICE};
use crate::detect::names::{Name, is_capitalised, word_length};
use crate::detect::sight::Sight;

const PARTIES: &[&str] = &[
    "VVD",
    "CDA",
    "PvdA",
    "GroenLinks",
    "GL",
    "D66",
    "SP",
    "PVV",
    "SGP",
    "CU",
    "ChristenUnie",
    "PvdD",
    "Partij",
    "DENK",
    "Volt",
    "FvD",
    "BBB",
    "JA21",
    "50PLUS",
    "NSC",
    "Lokaal",
    "Gemeentebelangen",
    "fractie",
    "raadslid",
    "wethouder",
    "burgemeester",
];

/// Nothing but titles, connectors and capitalised words: `: mr. `, ` Financiën mevrouw `, `s Jansen en `.
fn only_titles(between: &str) -> bool {
    const SMALL: &[&str] = &[
        "en", "de", "heer", "mevrouw", "van", "der", "den", "and", "dhr", "mw", "t", "voor", "wnd", "mr", "drs", "dr", "ir", "prof", "ing",
    ];
    let stops = between
        .match_indices('.')
        .any(|(at, _)| !["mr", "drs", "dr", "ir", "prof", "ing", "dhr", "mw"].iter().any(|title| between[..at].ends_with(title)));
    !stops
        && !between.contains(['\n', ';', '('])
        && between
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .all(|word| is_capitalised(word) || SMALL.contains(&word))
}

/// An office before the name (`wethouder mevrouw De Wit`), behind it (`, wethouder`), on the next line, or a party in brackets.
pub(super) fn official(sight: &Sight<'_>, name: &Name) -> bool {
    if let Some(hit) = sight.nearest_before(name.start, OFFICIAL, 48)
        && let Some(between) = sight.text.get(hit.end..name.start)
        && between.starts_with([' ', ',', ':'])
        && only_titles(between)
    {
        return true;
    }
    let Some(rest) = sight.text.get(name.end..) else { return false };
    let aside = rest.strip_prefix(" (").or_else(|| rest.strip_prefix(", ")).or_else(|| rest.strip_prefix(" - "));
    if let Some(aside) = aside {
        let aside = ["de ", "namens de ", "namens ", "fractie ", "the "]
            .iter()
            .fold(aside, |aside, word| aside.strip_prefix(word).unwrap_or(aside));
        let word = &aside[..word_length(aside)];
        if lexicon::look(word) & OFFICE != 0 || rest.starts_with(" (") && PARTIES.contains(&word) {
            return true;
        }
    }
    // The line below a signature: `burgemeester`, `Wethouder Ruimte`.
    let below = rest.trim_start_matches([',', ' ', '\r']);
    below
        .strip_prefix('\n')
        .map(|line| line.trim_start_matches(' '))
        .is_some_and(|line| lexicon::look(&line[..word_length(line)]) & OFFICE != 0)
}

/// `(De Vries, 2019)`, `J. de Vries e.a.`, a title list with ISBN numbers, a note under a judgment.
pub(super) fn author(sight: &Sight<'_>, name: &Name) -> bool {
    let Some(rest) = sight.text.get(name.end..) else { return false };
    let year = rest.strip_prefix(", ").or_else(|| rest.strip_prefix(" (")).is_some_and(|rest| {
        let bytes = rest.as_bytes();
        bytes.len() > 4
            && bytes[..4].iter().all(u8::is_ascii_digit)
            && matches!(bytes[0], b'1' | b'2')
            && matches!(bytes[4], b')' | b',' | b'a'..=b'd' | b';' | b':')
    });
    if year {
        return true;
    }
    let around = sight.around(name.start, 160);
    let line = &sight.bytes[around];
    [
        "ISBN",
        "ECLI:",
        "(red.)",
        " noot van",
        "m.nt.",
        "ISSN",
        "Uitgeverij",
        "doi.org",
        "schrijvers",
        "dichters",
        "kunstenaars",
        "hangt werk van",
        "gedichten van",
        "roman van",
        "boek van",
        "film van",
        "schilderij van",
    ]
    .iter()
    .any(|sign| memchr::memmem::find(line, sign.as_bytes()).is_some())
}
