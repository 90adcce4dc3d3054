//! `nl.bsn`: the Dutch citizen service number, 8 or 9 digits that pass the elfproef.
//!
//! One in eleven random numbers passes, so a bare number is never enough: a word that names it, a person beside it, or the notation
//! `1234.56.782` must add to it, and a word such as order or parcel takes away.

use super::{Candidate, Detector};
use crate::detect::groups::{BSN, OTHER_NUMBER, PERSON};
use crate::detect::keywords::Words;
use crate::detect::layout::named;
use crate::detect::numbers::{Number, elfproef, is_amount, joined};
use crate::detect::score::{Score, Step, context, starts_its_line};
use crate::detect::sight::Sight;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["nl.bsn"],
    words: &[Words(
        BSN,
        "bsn, bsns, bsn's, bsnnr, bsnnummer*, burgerservicenummer*, burger servicenummer, burger service nummer, burgerservice*, sofi, sofinummer*, \
         sofi-nummer, persoonsnummer*, citizen service number*, citizen service no, social security number, ssn, fiscaalnummer, fiscaal nummer",
    )],
    look,
};

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    let mut taken = 0;
    for (index, run) in sight.runs().iter().enumerate() {
        if run.len() > 9 || run.start < taken {
            continue;
        }
        let Some(number) = joined(sight, index, 9).or_else(|| joined(sight, index, 8)) else { continue };
        if !elfproef(number.digits()) {
            continue;
        }
        taken = number.end;
        out.push(Candidate { id: "nl.bsn", start: number.start, end: number.end, score: score(sight, &number) });
    }
}

fn score(sight: &Sight<'_>, number: &Number) -> Score {
    let (start, end) = (number.start, number.end);
    let base = match (number.digits().len(), &number.shape[..number.runs], number.separator) {
        (9, _, b'\n') => 0.1,
        (9, [9], _) => 0.35,
        (9, [4, 2, 3], b'.') => 0.55,
        (9, [3, 3, 3], b'.') => 0.2,
        (9, [3, 3, 3], _) | (9, [4, 2, 3], _) => 0.3,
        (9, ..) => 0.25,
        (_, [8], _) => 0.2,
        _ => 0.15,
    };
    let base = Score::base(base, "8 or 9 digits that pass the elfproef");
    if is_amount(sight, start) {
        return base.and(-0.3, "it is an amount of money");
    }
    let named = named(sight, start, end, BSN, OTHER_NUMBER);
    if named.worth >= 0.2 {
        return base.and(0.15, "the check and the word confirm each other").with(named);
    }
    if named.worth < 0.0 {
        return base.with(named);
    }
    if named.worth > 0.0 && starts_its_line(sight, start) {
        return base.with(named).and(0.05, "it starts its line, as in a list");
    }
    // A bare `key=123456782` or `#123456782` is some other key's number, whoever is named beside it.
    let keyed = matches!(sight.before(start), b'=' | b'#' | b'/' | b'-' | b'_');
    if !keyed && number.digits().len() == 9 {
        let person = context(sight, start, end, PERSON, OTHER_NUMBER);
        if person.worth >= 0.2 {
            return base.with(Step { worth: 0.2 + person.worth * 0.1, because: "a person is spoken of beside it", ..person });
        }
    }
    base
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::testing::{finds, misses};

    #[test]
    fn the_elfproef_takes_the_published_examples() {
        assert!(elfproef(&[1, 2, 3, 4, 5, 6, 7, 8, 2]) && elfproef(&[1, 1, 1, 2, 2, 2, 3, 3, 3]) && elfproef(&[1, 0, 0, 0, 0, 0, 0, 8]));
        assert!(!elfproef(&[1, 2, 3, 4, 5, 6, 7, 8, 9]) && !elfproef(&[0; 9]));
    }

    #[test]
    fn a_named_number_is_found_in_every_notation() {
        for value in [
            "123456782",
            "1234.56.782",
            "123 456 782",
            "123-456-782",
            "123.456.782",
            "12 34 56 78 2",
            "123_456_782",
            "123·456·782",
            "1234\n56782",
        ] {
            finds("nl.bsn", &format!("Het BSN is {value}, graag verwerken."), value);
        }
        finds("nl.bsn", "burgerservicenummer: 10000008", "10000008");
        finds("nl.bsn", "\"bsn\": [\"111222333\"]", "111222333");
        finds("nl.bsn", "Nummer 111222333 (BSN) van de aanvrager", "111222333");
        finds("nl.bsn", "naam;bsn;plaats\nJansen;123456782;Zeist\nBos;111222333;Zeist", "111222333");
    }

    #[test]
    fn a_person_beside_the_number_is_enough() {
        finds("nl.bsn", "Schrijf een brief aan burger 111222333", "111222333");
        finds("nl.bsn", "Mevrouw Jansen, 111222333, vraagt bijstand", "111222333");
    }

    #[test]
    fn a_number_without_context_or_of_something_else_is_none() {
        for text in [
            "111222333",
            "Pakket 111222333 voor mevrouw Jansen",
            "ordernummer 123456782",
            "ISBN 978-90-111222333-4",
            "budget 123.456.782",
            "€ 111.222.333",
            "BSN 123456789 klopt niet",
            "bsn A123456782",
            "bsn 1234567820",
            "queue=111222333 burger=ja",
        ] {
            misses("nl.bsn", text);
        }
    }

    #[test]
    fn the_dotted_notation_needs_no_word() {
        finds("nl.bsn", "Graag 1234.56.782 nakijken", "1234.56.782");
    }
}
