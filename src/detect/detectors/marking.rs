//! `marking.confidential` and `marking.state-secret`: a mark that somebody put on the document, not the word in a sentence.
//!
//! A mark stands as a heading, on its own line, in a running head or subject, after a label such as `Rubricering:`, or as a stamp between
//! separators. State secret levels are those of the VIRBI 2013, NATO and the EU; TLP by FIRST. A disclaimer, a list of the levels and a
//! sentence about them are no mark.

use super::{Candidate, Detector};
use crate::detect::groups::MARKING;
use crate::detect::keywords::Words;
use crate::detect::score::Score;
use crate::detect::sight::Sight;
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind};
use std::sync::LazyLock;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["marking.confidential", "marking.state-secret"],
    words: &[Words(
        MARKING,
        "vertrouwelijk, bedrijfsvertrouwelijk, confidentieel, confidential, intern gebruik, internal use only, internal use, geheim, stg, staatsgeheim, departementaal, dep, dep.v, depv, nato, cosmic top secret, atomal, eu secret, eu top secret, eu restricted, eu confidential, \
         secret ue, restreint ue, confidentiel ue, tlp, openbaar, commercial in confidence, official-sensitive, niet voor verspreiding, not for distribution, not for publication, not for release, \
         v e r t r o u w e l i j k, c o n f i d e n t i e e l, c o n f i d e n t i a l, g e h e i m",
    )],
    look,
};

const CONFIDENTIAL: &[&str] = &[
    "alleen voor intern gebruik",
    "voor intern gebruik",
    "uitsluitend voor intern gebruik",
    "intern gebruik",
    "enkel voor intern gebruik",
    "strictly private and confidential",
    "private & confidential",
    "personal and confidential",
    "personal & confidential",
    "strictly private & confidential",
    "persoonlijk vertrouwelijk",
    "persoonlijk - vertrouwelijk",
    "persoonlijk, vertrouwelijk",
    "medisch vertrouwelijk",
    "medisch geheim",
    "uiterst vertrouwelijk",
    "vertrouwelijk / niet openbaar",
    "vertrouwelijk/niet openbaar",
    "niet openbaar",
    "niet-openbaar",
    "niet voor verspreiding",
    "not for distribution",
    "not for publication",
    "not for release",
    "commercial in confidence",
    "official-sensitive",
    "v e r t r o u w e l i j k",
    "c o n f i d e n t i e e l",
    "c o n f i d e n t i a l",
    "g e h e i m",
    "tlp amber+strict",
    "tlp amber",
    "for internal use only",
    "internal use only",
    "persoonlijk en vertrouwelijk",
    "persoonlijk & vertrouwelijk",
    "persoonlijk/vertrouwelijk",
    "strikt persoonlijk en vertrouwelijk",
    "strikt vertrouwelijk",
    "zeer vertrouwelijk",
    "bestuurlijk vertrouwelijk",
    "commercieel vertrouwelijk",
    "bedrijfsvertrouwelijk",
    "ambtelijk vertrouwelijk",
    "intern vertrouwelijk",
    "intern - vertrouwelijk",
    "vertrouwelijk",
    "confidentieel",
    "strictly confidential",
    "company confidential",
    "private and confidential",
    "highly confidential",
    "confidential",
    "tlp:amber+strict",
    "tlp: amber+strict",
    "tlp:amber",
    "tlp: amber",
    "geheim",
];
const STATE_SECRET: &[&str] = &[
    "stg. zeer geheim",
    "stg. geheim",
    "stg. confidentieel",
    "stg zeer geheim",
    "stg geheim",
    "stg confidentieel",
    "stg.geheim",
    "stg.confidentieel",
    "stg.zeer geheim",
    "stg. zg",
    "stg. g",
    "stg. c",
    "stg zg",
    "stg. zeergeheim",
    "staatsgeheim zeer geheim",
    "staatsgeheim geheim",
    "staatsgeheim confidentieel",
    "staatsgeheim",
    "departementaal vertrouwelijk",
    "dep. vertrouwelijk",
    "dep. v.",
    "dep.v.",
    "dep v.",
    "dep.v",
    "dep. v",
    "depv",
    "dep.vertrouwelijk",
    "dep vertrouwelijk",
    "cosmic top secret",
    "cosmic top secret atomal",
    "nato secret atomal",
    "nato secret",
    "nato confidential",
    "nato restricted",
    "nato unclassified",
    "eu top secret",
    "eu secret",
    "eu confidential",
    "eu restricted",
    "secret ue/eu secret",
    "confidentiel ue/eu confidential",
    "restreint ue/eu restricted",
    "très secret ue/eu top secret",
    "secret ue",
    "confidentiel ue",
    "restreint ue",
    "tlp:red",
    "tlp: red",
    "tlp red",
    "tlp-red",
];
/// What a mark may stand after, with a colon, an equals sign or in the cell beside it.
const LABELS: &[&str] = &[
    "rubricering",
    "rubricatie",
    "classificatie",
    "classification",
    "vertrouwelijkheid",
    "vertrouwelijkheidsniveau",
    "confidentiality",
    "sensitivity",
    "gevoeligheid",
    "markering",
    "merking",
    "marking",
    "status",
    "label",
    "niveau",
    "openbaarheid",
    "security",
    "tlp",
    "dissemination",
    "verspreiding",
];
/// The head of a mail, and what mail programs put before a subject.
const SUBJECTS: &[&str] = &[
    "onderwerp:",
    "subject:",
    "betreft:",
    "betr:",
    "betr.:",
    "re:",
    "fw:",
    "fwd:",
    "antw:",
    "aw:",
    "doorgestuurd:",
    "titel:",
    "title:",
    "sv:",
];
/// A level beside the mark, in its line or the next, makes it a list of levels.
const LEVELS: &[&str] = &[
    "openbaar",
    "publiek",
    "intern",
    "geheim",
    "zeer geheim",
    "hoog",
    "midden",
    "laag",
    "niveau",
    "public",
    "internal",
    "secret",
    "restricted",
    "vertrouwelijk",
    "confidential",
    "strikt vertrouwelijk",
    "bedrijfsvertrouwelijk",
    "tlp:clear",
    "tlp:green",
    "tlp:amber",
    "tlp:red",
    "tlp:white",
    "stg. geheim",
    "stg. confidentieel",
    "dep. vertrouwelijk",
    "departementaal vertrouwelijk",
    "niet openbaar",
    "algemeen",
];
/// Words of the notes at the foot of mails, and of texts about marks.
const DISCLAIMER: &[&str] = &[
    "dit bericht",
    "dit e-mail",
    "deze e-mail",
    "deze email",
    "deze mail",
    "this message",
    "this e-mail",
    "this email",
    "this communication",
    "intended",
    "bestemd voor",
    "geadresseerde",
    "addressee",
    "disclaimer",
    "betekent",
    "means",
    "informatie die",
    "information that",
    "gaan we",
    "omgaan",
    "behandeld",
    "behandelen",
    "bijlage(n)",
    "attachments",
    "wat is",
    "gegevens worden",
    "information which",
    "alleen toegankelijk",
    "bedoeld voor",
];
/// What may follow a mark in its heading.
const AFTER_MAX: usize = 60;
/// Bytes looked at on either side; a mark stands in a short line.
const LINE_MAX: usize = 200;
const DECORATION: &[char] = &[
    ' ', '\t', '\r', '#', '*', '_', '=', '-', '>', '<', '[', ']', '(', ')', '|', '~', '"', '\'', '“', '”', '«', '»', '!', '•', '–', '—',
    '/', '\\', '`', '{', '}', ',', '+', '☒', '☑', '■', '●', '·', '…', '§', ';',
];

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    let mut done = 0;
    for hit in sight.hits(MARKING) {
        if hit.start < done {
            continue;
        }
        let line = sight.around(hit.start, LINE_MAX);
        let Some(text) = sight.text.get(line.clone()) else { continue };
        if let Some((id, from, to, confidence)) = mark(text, hit.start - line.start) {
            if is_disclaimer(text) || is_among_levels(sight, line.start, line.end) {
                continue;
            }
            done = line.start + to;
            out.push(Candidate {
                id,
                start: line.start + from,
                end: line.start + to,
                score: Score::base(confidence, "it stands as a heading, label or stamp"),
            });
        }
    }
}

/// The line above or below is nothing but another level, or begins with one: a list of levels.
fn is_among_levels(sight: &Sight<'_>, start: usize, end: usize) -> bool {
    let level = |at: usize| {
        let line = sight.around(at, 80);
        let text = sight
            .text
            .get(line)
            .unwrap_or("")
            .trim_matches(DECORATION)
            .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ' ');
        let known = |level: &&&str| text.get(..level.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(level));
        LEVELS.iter().filter(known).map(|level| &text[level.len()..]).any(|rest| {
            let rest = rest.trim_start_matches(['*', '_', '"', '`', ')', ']']);
            rest.is_empty()
                || rest.starts_with([':', '|', ';', '(', '\t', ',', '='])
                || rest.starts_with(" -")
                || rest.starts_with(" –")
                || rest.starts_with(" |")
                || rest.starts_with(" (")
        })
    };
    let own = sight.text.get(start..end).unwrap_or("").trim_matches(DECORATION);
    let other = |at: usize| {
        let line = sight.around(at, 80);
        !sight.text.get(line).unwrap_or("").trim_matches(DECORATION).eq_ignore_ascii_case(own)
    };
    start > 0 && level(start - 1) && other(start - 1) || end < sight.bytes.len() && level(end + 1) && other(end + 1)
}

/// The mark around the hit at `at` in a line.
fn mark(line: &str, at: usize) -> Option<(&'static str, usize, usize, f32)> {
    let Phrases { state, confidential } = phrases(line, at)?;
    if let Some((from, to)) = state {
        // The level of a state secret is written in capitals; in a sentence about secrecy it is not, or it stands amid other words.
        let phrase = &line[from..to];
        let capitals = phrase
            .split([' ', ':'])
            .next_back()
            .is_some_and(|level| level.chars().any(char::is_uppercase) && !level.chars().any(char::is_lowercase));
        if let Some(confidence) = standing(line, from, to, capitals)
            && !phrase.eq_ignore_ascii_case("nato unclassified")
        {
            return Some(("marking.state-secret", from, to, confidence));
        }
        return None;
    }
    let (from, to) = confidential?;
    let phrase = &line[from..to];
    let capitals = phrase.chars().any(char::is_uppercase) && !phrase.chars().any(char::is_lowercase);
    if phrase.eq_ignore_ascii_case("geheim") && !capitals {
        return None;
    }
    standing(line, from, to, capitals).map(|confidence| ("marking.confidential", from, to, confidence))
}

/// The phrases in one automaton, state secrets first, and the words of disclaimers in another.
static PHRASES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| automaton(STATE_SECRET.iter().chain(CONFIDENTIAL)));
static DISCLAIMERS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| automaton(DISCLAIMER.iter()));

fn automaton<'a>(words: impl Iterator<Item = &'a &'static str>) -> Option<AhoCorasick> {
    AhoCorasickBuilder::new().kind(Some(AhoCorasickKind::ContiguousNFA)).ascii_case_insensitive(true).build(words).ok()
}

/// Makes the automata, so that no scan waits for them.
pub(super) fn prepare() {
    LazyLock::force(&PHRASES);
    LazyLock::force(&DISCLAIMERS);
}

/// The line is a disclaimer or speaks about marks.
fn is_disclaimer(line: &str) -> bool {
    DISCLAIMERS.as_ref().is_none_or(|words| words.is_match(line))
}

/// The longest phrase of each kind that stands around the hit, between word borders.
struct Phrases {
    state: Option<(usize, usize)>,
    confidential: Option<(usize, usize)>,
}

/// One pass over the part of the line that a phrase around the hit can reach.
fn phrases(line: &str, at: usize) -> Option<Phrases> {
    /// No phrase is longer.
    const PHRASE_MAX: usize = 40;
    let mut phrases = Phrases { state: None, confidential: None };
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let low = line.floor_char_boundary(at.saturating_sub(PHRASE_MAX));
    let high = line.ceil_char_boundary(line.len().min(at + PHRASE_MAX));
    for found in PHRASES.as_ref()?.find_overlapping_iter(&line[low..high]) {
        let (from, to) = (low + found.start(), low + found.end());
        let index = found.pattern().as_usize();
        if from > at || at >= to || letter(line[..from].chars().next_back()) || letter(line[to..].chars().next()) {
            continue;
        }
        let longest = if index < STATE_SECRET.len() { &mut phrases.state } else { &mut phrases.confidential };
        if longest.is_none_or(|(start, end)| end - start <= to - from) {
            *longest = Some((from, to));
        }
    }
    Some(phrases)
}

/// How sure it is that the phrase is a mark, from how it stands in its line; none when it is a word in a sentence.
fn standing(line: &str, from: usize, to: usize, capitals: bool) -> Option<f32> {
    let (before_tags, after_tags) = (without_tags(&line[..from]), without_tags(&line[to..]));
    let before = before_tags.trim_matches(DECORATION);
    let after = after_tags.trim_end_matches(DECORATION);
    let next = after.trim_start_matches(' ');
    let separated = after.trim_matches(DECORATION).is_empty()
        || next.starts_with(['-', '–', '—', ':', '|', '(', ',', '/', '*', '!', ']', ')', ';', '\t', '"'])
        || after == ".";
    let value = next.trim_start_matches([':', '=', ' ', '|', '"']).to_ascii_lowercase();
    // `Vertrouwelijk: nee`, `Vertrouwelijk - wat betekent dat?`
    let denied =
        next.starts_with([':', '=', '|']) && ["nee", "no", "n.v.t", "false", "onwaar", "niet "].iter().any(|no| value.starts_with(no));
    let not = ["niet", "not", "non", "geen", "no", "of", "en", "or", "and", "een"]
        .iter()
        .any(|word| before.rsplit(' ').next().is_some_and(|last| last.eq_ignore_ascii_case(word)));
    if denied || not || after.ends_with('?') || line.contains("☐ ") && !line[..from].trim_end().ends_with(['☒', '☑']) {
        return None;
    }
    let field = before.trim_end_matches([':', '=', ' ', '"', '|']);
    let named = |label: &str| LABELS.iter().any(|known| label.ends_with(known));
    let labelled = before_tags.trim_end_matches(['"', '\'', ' ', '*', '_', '[', '(', '\t', '<', '>']).ends_with([':', '=', '|'])
        && field.len() <= 60
        && named(&field.to_lowercase());
    if labelled && separated {
        return Some(0.95);
    }
    let mut subject = before.to_ascii_lowercase();
    for _ in 0..4 {
        let bare = subject.trim_matches(DECORATION);
        let Some(rest) = SUBJECTS.iter().find_map(|known| bare.strip_prefix(known)) else { break };
        subject = rest.to_owned();
    }
    let rest = after.chars().count();
    // A heading in capitals that goes on in capitals is a title of its own.
    let goes_on = !separated
        && after.starts_with(' ')
        && after.chars().filter(|c| c.is_alphabetic()).count() > 3
        && !after.chars().any(char::is_lowercase);
    let sentence = after.ends_with('.') && rest > 1 && after.split(' ').filter(|word| word.len() > 2).count() > 4;
    if subject.trim_matches(DECORATION).is_empty() && (separated || capitals && !goes_on) && !sentence {
        let own = before.is_empty() && rest <= AFTER_MAX || !before.is_empty() && rest <= 120 && (capitals || line[..from].ends_with('['));
        return own.then_some(if capitals { 0.95 } else { 0.85 });
    }
    // A stamp in a running head or foot: capitals between separators, or words in brackets at the end of a title.
    let lead = before_tags.trim_end();
    let stamped = lead.ends_with(['|', '-', '–', '—', ':', '[', '(', '*', '/', '•', '·', '_', '\t']) || lead.is_empty();
    let short = line.chars().count() <= 160;
    if capitals && stamped && separated && short && !lead.trim_end_matches(DECORATION).ends_with(['.', '?']) {
        return Some(0.75);
    }
    let close = line[to..].trim_start();
    let bracketed = lead.ends_with(['(', '[']) && close.starts_with([')', ']']) && close.trim_matches(DECORATION).is_empty();
    (bracketed && line.chars().count() <= 100 && before.split(' ').count() <= 10).then_some(0.7)
}

/// The text without what stands between `<` and `>`.
fn without_tags(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        bare.push_str(&rest[..open]);
        match rest[open..].find('>') {
            Some(close) => rest = &rest[open + close + 1..],
            None => {
                rest = &rest[open + 1..];
            }
        }
    }
    bare.push_str(rest);
    bare
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn marks_are_found_as_headings_labels_and_stamps() {
        for (text, value) in [
            ("VERTROUWELIJK\n\nRaadsvoorstel", "VERTROUWELIJK"),
            ("Datum\nStrikt vertrouwelijk\nHuisverbod", "Strikt vertrouwelijk"),
            ("Vertrouwelijk - niet verspreiden", "Vertrouwelijk"),
            ("**Persoonlijk en vertrouwelijk**", "Persoonlijk en vertrouwelijk"),
            ("Rubricering: vertrouwelijk", "vertrouwelijk"),
            ("Gemeente Zeist | VERTROUWELIJK | 3", "VERTROUWELIJK"),
            ("TLP:AMBER", "TLP:AMBER"),
        ] {
            finds("marking.confidential", text, value);
        }
        for value in ["Stg. GEHEIM", "STG. CONFIDENTIEEL", "Departementaal VERTROUWELIJK", "TLP:RED", "NATO SECRET", "Stg. ZEER GEHEIM"] {
            finds("marking.state-secret", &format!("{value}\n\nSituatieschets"), value);
        }
    }

    #[test]
    fn marks_of_every_layout_are_found() {
        for text in [
            "V E R T R O U W E L I J K\n\nNota",
            "- VERTROUWELIJK -",
            "VERTROUWELIJK / NIET OPENBAAR",
            "Niet openbaar\n\nVerslag",
            "Onderwerp: VERTROUWELIJK - overleg dinsdag",
            "Subject: [CONFIDENTIAL] budget",
            "Onderwerp: RE: [VERTROUWELIJK] functioneren",
            "Persoonlijk/vertrouwelijk\nDe heer J. Bos",
            "PERSOONLIJK & VERTROUWELIJK",
            "Gemeente Zeist - VERTROUWELIJK - pagina 3 van 9",
            "Pagina 2/8 | VERTROUWELIJK",
            "# VERTROUWELIJK",
            "<b>VERTROUWELIJK</b>",
            "<p style=\"color:red\">Strikt vertrouwelijk</p>",
            "**Vertrouwelijk**",
            "> VERTROUWELIJK",
            "Classificatie: vertrouwelijk",
            "| Rubricering | Vertrouwelijk |",
            "{\"classification\": \"confidential\"}",
            "Alleen voor intern gebruik",
            "PRIVATE & CONFIDENTIAL",
            "TLP:AMBER+STRICT",
            "Status: Vertrouwelijk (concept)",
            "Verslag MT-overleg 4 maart (vertrouwelijk)",
            "*** STRIKT VERTROUWELIJK ***",
        ] {
            assert!(found(text).contains(&"marking.confidential".to_owned()), "{text}: {:?}", found(text));
        }
        for text in [
            "Dep. V.\n\nMemo",
            "STG. ZEER GEHEIM",
            "Rubricering: Dep. VERTROUWELIJK",
            "RESTREINT UE/EU RESTRICTED",
            "NATO CONFIDENTIAL",
            "Rubricering: Stg. CONFIDENTIEEL",
            "TLP: RED",
            "COSMIC TOP SECRET",
            "Departementaal Vertrouwelijk",
        ] {
            assert!(found(text).contains(&"marking.state-secret".to_owned()), "{text}: {:?}", found(text));
        }
    }

    fn found(text: &str) -> Vec<String> {
        crate::detect::Plan::new(&[]).unwrap().scan(text, "").iter().map(|finding| finding.detector.to_string()).collect()
    }

    #[test]
    fn lists_of_levels_disclaimers_and_forms_that_deny_are_none() {
        for text in [
            "- Openbaar\n- Intern\n- Vertrouwelijk\n- Geheim",
            "| Niveau | Uitleg |\n|---|---|\n| Openbaar | voor iedereen |\n| Vertrouwelijk | voor enkelen |",
            "Vertrouwelijk: nee",
            "Confidential: This e-mail and its attachments are intended for the addressee only.",
            "Dit bericht is vertrouwelijk en uitsluitend bestemd voor de geadresseerde.",
            "Vertrouwelijk - wat betekent dat?",
            "De vertrouwenspersoon is vertrouwelijk bereikbaar.",
            "VERTROUWELIJK OMGAAN MET GEGEVENS",
            "Niet vertrouwelijk",
            "TLP:GREEN",
            "TLP:CLEAR",
            "Status: openbaar",
            "De vergadering is niet openbaar.",
            "Het openbaar vervoer rijdt niet.",
            "TLP:RED betekent dat u niets mag delen.",
            "NATO UNCLASSIFIED",
            "L.A. Confidential draait vanavond.",
            "Geheim van de smid",
            "Kies: openbaar, vertrouwelijk of geheim",
        ] {
            misses("marking", text);
        }
    }

    #[test]
    fn the_word_in_a_sentence_is_none() {
        for text in [
            "Wij gaan vertrouwelijk om met uw gegevens.",
            "This e-mail is confidential and intended for the addressee only.",
            "De rubricering Stg. GEHEIM geldt sinds 2013 voor zulke stukken.",
            "Vertrouwelijk omgaan met gegevens is een plicht van iedere medewerker.",
            "De dep. directeur belt.",
            "NATO members met.",
        ] {
            misses("marking", text);
        }
    }
}
