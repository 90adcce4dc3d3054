//! `marking.confidential` and `marking.state-secret`: a mark that somebody put on the document, not the word in a sentence.
//!
//! A mark stands as a heading, on its own line, after a label such as `Rubricering:`, or as a stamp between separators. State secret levels
//! are those of the VIRBI 2013, NATO and the EU; TLP by FIRST.

use super::{Candidate, Detector};
use crate::detect::groups::MARKING;
use crate::detect::keywords::Words;
use crate::detect::score::Score;
use crate::detect::sight::Sight;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["marking.confidential", "marking.state-secret"],
    words: &[Words(
        MARKING,
        "vertrouwelijk, confidentieel, confidential, intern gebruik, internal use only, internal use, geheim, stg, staatsgeheim, departementaal, dep, nato, cosmic top secret, eu secret, eu restricted, eu confidential, \
         secret ue, restreint ue, confidentiel ue, tlp",
    )],
    look,
};

const CONFIDENTIAL: &[&str] = &[
    "alleen voor intern gebruik",
    "voor intern gebruik",
    "uitsluitend voor intern gebruik",
    "intern gebruik",
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
    "staatsgeheim",
    "departementaal vertrouwelijk",
    "dep. vertrouwelijk",
    "dep. v.",
    "dep.v.",
    "dep v.",
    "cosmic top secret",
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
];
const LABELS: &[&str] = &[
    "rubricering",
    "classificatie",
    "classification",
    "vertrouwelijkheid",
    "sensitivity",
    "gevoeligheid",
    "markering",
    "marking",
    "status",
    "label",
    "niveau",
    "tlp",
];
/// What may follow a mark in its heading.
const AFTER_MAX: usize = 60;
/// Bytes looked at on either side; a mark stands in a short line.
const LINE_MAX: usize = 200;
const DECORATION: &[char] = &[
    ' ', '\t', '\r', '#', '*', '_', '=', '-', '>', '<', '[', ']', '(', ')', '|', '~', '"', '\'', '“', '”', '«', '»', '!', '•', '–', '—',
    '/',
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

/// The mark around the hit at `at` in a line.
fn mark(line: &str, at: usize) -> Option<(&'static str, usize, usize, f32)> {
    let lower = line.to_ascii_lowercase();
    let state = STATE_SECRET.iter().filter_map(|phrase| covering(&lower, phrase, at)).max_by_key(|(from, to)| to - from);
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
    let (from, to) = CONFIDENTIAL.iter().filter_map(|phrase| covering(&lower, phrase, at)).max_by_key(|(from, to)| to - from)?;
    let phrase = &line[from..to];
    let capitals = phrase.chars().any(char::is_uppercase) && !phrase.chars().any(char::is_lowercase);
    if phrase.eq_ignore_ascii_case("geheim") && !capitals {
        return None;
    }
    standing(line, from, to, capitals).map(|confidence| ("marking.confidential", from, to, confidence))
}

/// Where `phrase` stands in the line around the hit, between word borders.
fn covering(lower: &str, phrase: &str, at: usize) -> Option<(usize, usize)> {
    lower.match_indices(phrase).map(|(from, found)| (from, from + found.len())).find(|&(from, to)| {
        from <= at && at < to && !lower[..from].ends_with(char::is_alphanumeric) && !lower[to..].starts_with(char::is_alphanumeric)
    })
}

/// How sure it is that the phrase is a mark, from how it stands in its line; none when it is a word in a sentence.
fn standing(line: &str, from: usize, to: usize, capitals: bool) -> Option<f32> {
    let before = line[..from].trim_matches(DECORATION);
    let after = line[to..].trim_end_matches(DECORATION);
    let separated = after.is_empty()
        || after.trim_start_matches(' ').starts_with(['-', '–', '—', ':', '|', '(', ',', '/', '*', '!', ']', ')'])
        || after == ".";
    let labelled = before.strip_suffix(':').is_some_and(|label| {
        let label = label.trim().to_lowercase();
        LABELS.iter().any(|known| label.ends_with(known))
    });
    if labelled {
        return Some(0.95);
    }
    if before.is_empty() && after.chars().count() <= AFTER_MAX && (separated || capitals) {
        return Some(if capitals { 0.95 } else { 0.85 });
    }
    // A stamp in a running head: capitals between separators.
    let stamped = line[..from].trim_end().ends_with(['|', '-', '–', '—', ':', '[', '(', '*', '/', '•']);
    (capitals && stamped && separated && line.chars().count() <= 160).then_some(0.75)
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
