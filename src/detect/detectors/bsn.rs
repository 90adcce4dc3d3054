//! `nl.bsn`: the Dutch citizen service number, 8 or 9 digits that pass the elfproef.
//!
//! One in eleven random numbers passes, so a bare number is never enough: a word that names it, a person beside it, the notation
//! `1234.56.782`, or a whole column that passes must add to it, and a word such as order or parcel takes away.

use super::{Candidate, Detector};
use crate::detect::groups::{BSN, OTHER_NUMBER, PERSON};
use crate::detect::keywords::Words;
use crate::detect::layout::{named, telephone};
use crate::detect::numbers::{Number, elfproef, is_amount, is_date, joined};
use crate::detect::prefilter::{Run, is_word};
use crate::detect::score::{Score, Step, context, starts_its_line};
use crate::detect::sight::Sight;
use std::collections::HashMap;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["nl.bsn"],
    words: &[
        Words(
            BSN,
            "bsn, bsns, bsn's, b.s.n, bsnr, bsnnr, bsnnummer*, burgerservicenummer*, burger servicenummer, burger service nummer, burger-servicenummer*, burgerservice*, burgernummer*, sofi, sofinr*, sofinummer*, \
             sofi-nummer, sofi nummer, sociaal-fiscaal nummer, sociaalfiscaal nummer, persoonsnummer*, persoonlijk nummer, citizen service number*, citizen service no, citizen number, dutch ssn, social security number, ssn, \
             fiscaalnummer, fiscaal nummer",
        ),
        Words(
            OTHER_NUMBER,
            "melding, meldingen, bonnummer*, coupon, lidnummer*, lidmaatschapsnummer*, relatienummer*, relatienr, debiteur*, crediteur*, aansluiting*, polis, registratienummer*, inschrijfnummer*, inschrijvingsnummer*, \
             personeelsnummer*, personeelsnr, studentnummer*, leerlingnummer*, patiëntnummer*, patientnummer*, cliëntnummer*, clientnummer*, aanvraagnummer*, aanvraagnr, incident*, inkooporder*, offerte*, opdrachtnummer*, \
             verplichting*, objectnummer*, woz-objectnummer*, aanslagnummer*, aanslagbiljet*, vorderingsnummer*, vordering, boekingsnummer*, boeking, reservering*, booking*, membership*, policy number, claim number, \
             staff number, employee number, employee id, order id, orderid, customer number, account number, reservation*, vergunningnummer*, vergunning, subsidienummer*, beschikkingsnummer*, kvk-nummer, \
             documentnummer*, meter, ean-code, eancode, telnr, faxnummer*, fax, bonnr, kassabon, toestelnummer*, containernummer*, pasnummer*, pas, bibliotheekpas, abonnement*",
        ),
    ],
    look,
};

/// A number that may belong to a column, with its place among the candidates if it passes.
struct Nine {
    run: Run,
    candidate: Option<usize>,
}

/// The number before, when a word named it: a list goes on from it.
struct Chain {
    end: usize,
    word: Option<(usize, usize)>,
}

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    let mut taken = 0;
    let mut nines: Vec<Nine> = Vec::new();
    let mut chain: Option<Chain> = None;
    for chain_of in sight.chains() {
        let (index, run) = (chain_of.index, &sight.runs()[chain_of.index]);
        if chain_of.joined < 8 || run.len() > 9 || run.start < taken {
            continue;
        }
        if let Some(score) = glued(sight, *run) {
            taken = run.end;
            out.push(Candidate { id: "nl.bsn", start: run.start, end: run.end, score });
            continue;
        }
        if sight.ends_word(run.start) {
            continue;
        }
        let nine = if chain_of.joined > 8 { joined(sight, index, 9) } else { None };
        let Some(number) = nine.or_else(|| joined(sight, index, 8)) else { continue };
        if number.runs > 1 && is_date(number.digits()) {
            continue;
        }
        let passes = elfproef(number.digits());
        if run.len() == 9 {
            nines.push(Nine { run: *run, candidate: passes.then_some(out.len()) });
        }
        if !passes {
            continue;
        }
        taken = number.end;
        let (score, word) = score(sight, &number, chain.as_ref());
        chain = word.map(|word| Chain { end: number.end, word });
        out.push(Candidate { id: "nl.bsn", start: number.start, end: number.end, score });
    }
    if nines.len() >= COLUMN {
        columns(sight, &nines, out);
    }
}

/// `BSN123456782`: the name written against the number.
fn glued(sight: &Sight<'_>, run: Run) -> Option<Score> {
    let start = run.start.checked_sub(3)?;
    let fits = matches!(run.len(), 8 | 9)
        && sight.bytes[start..run.start].eq_ignore_ascii_case(b"bsn")
        && !sight.ends_word(start)
        && !is_word(sight.byte(run.end));
    let digits: Vec<u8> = if fits { sight.bytes[run.start..run.end].iter().map(|byte| byte - b'0').collect() } else { return None };
    elfproef(&digits).then(|| Score::base(0.35, "8 or 9 digits that pass the elfproef").and(0.5, "its name is written against it"))
}

/// The score, and the word that named the number if one did (none inside when it was the label).
fn score(sight: &Sight<'_>, number: &Number, chain: Option<&Chain>) -> (Score, Option<Option<(usize, usize)>>) {
    let (start, end) = (number.start, number.end);
    let base = match (number.digits().len(), &number.shape[..number.runs], number.separator) {
        (9, _, b'\n') => 0.1,
        (9, [9], _) => 0.35,
        (9, [4, 2, 3], b'.') if !matches!(sight.before(start), b'.' | b'-' | b'/') => 0.55,
        (9, [3, 3, 3], b'.') => 0.2,
        (9, [3, 2, 4], _) => 0.15,
        (9, [3, 3, 3], _) | (9, [4, 2, 3], _) => 0.3,
        (9, ..) => 0.25,
        (_, [8], _) if is_date(number.digits()) => 0.05,
        (_, [8], _) => 0.2,
        _ => 0.15,
    };
    let base = Score::base(base, "8 or 9 digits that pass the elfproef");
    if is_amount(sight, start) {
        return (base.and(-0.3, "it is an amount of money"), None);
    }
    if let Some(word) = telephone(sight, start) {
        return (base.with(Step { because: "a word before it names a telephone number", worth: -0.4, word: Some(word) }), None);
    }
    let said = named(sight, start, end, BSN, OTHER_NUMBER);
    let nine = number.digits().len() == 9;
    if said.worth >= if nine { 0.2 } else { 0.3 } {
        return (base.and(0.15, "the check and the word confirm each other").with(said), Some(said.word));
    }
    let beside = said.word.is_some_and(|(_, to)| to <= start && start - to <= 24);
    if let Some(chain) = chain.filter(|chain| !(said.worth < 0.0 && beside) && continues(sight, chain.end, start)) {
        let step = Step { because: "it stands in a list of citizen service numbers", worth: 0.35, word: chain.word };
        return (base.with(step), Some(chain.word));
    }
    if said.worth < 0.0 {
        return (base.with(said), None);
    }
    if said.worth > 0.0 && starts_its_line(sight, start) {
        return (base.with(said).and(0.05, "it starts its line, as in a list"), Some(said.word));
    }
    // A bare `key=123456782` or `#123456782` is some other key's number, whoever is named beside it.
    let keyed = matches!(sight.before(start), b'=' | b'#' | b'/' | b'-' | b'_');
    if !keyed && nine && !names_another(sight, start) {
        let person = context(sight, start, end, PERSON, OTHER_NUMBER);
        let close = person.worth >= 0.3
            || person.worth >= 0.2 && sight.groups_in(sight.sentence(start)) & PERSON != 0 && sight.cell(start).is_none();
        if close {
            return (base.with(Step { worth: 0.2 + person.worth * 0.1, because: "a person is spoken of beside it", ..person }), None);
        }
    }
    (base, None)
}

/// What stands between two numbers lets a list go on: signs, `en`, a number in the list, or names of people, over at most one line end.
fn continues(sight: &Sight<'_>, from: usize, to: usize) -> bool {
    const GAP: usize = 60;
    let Some(gap) = sight.text.get(from..to).filter(|gap| gap.len() <= GAP) else { return false };
    let lines = gap.matches('\n').count();
    lines <= 1 && sight.groups_in(from..to) & OTHER_NUMBER == 0 && gap.split(|c: char| !c.is_ascii_digit()).all(|digits| digits.len() <= 4)
}

/// A plain word in small letters stands directly before the number and so names it: `melding 123456782`.
fn names_another(sight: &Sight<'_>, start: usize) -> bool {
    const NEUTRAL: &[&str] = &[
        "nummer", "nr", "no", "id", "met", "van", "voor", "over", "aan", "bij", "naar", "door", "op", "en", "of", "is", "heeft", "and",
        "for", "of", "with", "the", "to", "has", "number", "als", "onder", "dus", "namelijk", "te", "weten",
    ];
    let before = &sight.bytes[start.saturating_sub(32)..start];
    let gap = before.iter().rev().take_while(|&&byte| matches!(byte, b' ' | b':' | b'.')).count();
    let end = start - gap;
    let length = before[..before.len() - gap].iter().rev().take_while(|&&byte| is_word(byte)).count();
    let Some(word) = sight.text.get(end - length..end) else { return false };
    let person = sight.groups_in(end - length..end) & PERSON != 0;
    gap > 0 && word.len() >= 3 && word.chars().all(char::is_lowercase) && !person && !NEUTRAL.contains(&word)
}

/// Rows that make a column; all of them pass by chance once in 11 * 11 * 11.
const COLUMN: usize = 3;

#[derive(Default)]
struct Column {
    /// Where the next row must start.
    next: usize,
    passed: Vec<usize>,
    failed: bool,
}

/// Raises the numbers of a column, or of lines of their own, when at least three different ones stand under each other and all pass.
fn columns(sight: &Sight<'_>, nines: &[Nine], out: &mut [Candidate]) {
    let mut open: HashMap<(u8, usize), Column> = HashMap::new();
    for nine in nines {
        let line = sight.line(nine.run.start);
        let Some(key) = column_of(sight, nine.run, &line) else { continue };
        let column = open.entry(key).or_default();
        if column.next != line.start {
            raise(column, out);
            *column = Column::default();
        }
        column.next = line.end + 1;
        match nine.candidate {
            Some(candidate) => column.passed.push(candidate),
            None => column.failed = true,
        }
    }
    for column in open.values() {
        raise(column, out);
    }
}

/// The delimiter and the index of the cell that the number fills; 0 for a number alone on its line.
fn column_of(sight: &Sight<'_>, run: Run, line: &std::ops::Range<usize>) -> Option<(u8, usize)> {
    let before = &sight.bytes[line.start..run.start];
    let after = &sight.bytes[run.end..line.end.max(run.end)];
    let delimiter = [b'\t', b';', b'|', b','].into_iter().find(|byte| before.contains(byte) || after.contains(byte)).unwrap_or(b'\n');
    let filler = |byte: &u8| matches!(byte, b' ' | b'"' | b'\r' | b'*' | b'-');
    let left = before.iter().rev().take_while(|&&byte| byte != delimiter).all(filler);
    let right = after.iter().take_while(|&&byte| byte != delimiter).all(filler);
    (left && right && line.len() < 1024).then(|| (delimiter, before.iter().filter(|&&byte| byte == delimiter).count()))
}

fn raise(column: &Column, out: &mut [Candidate]) {
    let against = |&at: &usize| out[at].score.steps().iter().any(|step| step.worth < 0.0);
    if column.failed || column.passed.len() < COLUMN || column.passed.iter().any(against) {
        return;
    }
    for &at in &column.passed {
        let candidate = &mut out[at];
        if candidate.score.value() < 0.6 {
            candidate.score = candidate.score.and(0.25, "every number of its column passes the elfproef");
        }
    }
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
    fn quotation_marks_and_emoji_beside_a_number_are_no_letters() {
        for text in ["bsn “111222333”", "bsn 111222333😊", "bsn 😊111222333", "bsn «111222333»"] {
            finds("nl.bsn", text, "111222333");
        }
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
    fn every_layout_ties_a_number_to_its_name() {
        for text in [
            "BSN\n123456782",
            "BSN:\t123456782",
            "burgerservicenr. 123456782",
            "Sofinr: 123456782",
            "bsn-nummer 123456782",
            "BSN123456782",
            "<bsn>123456782</bsn>",
            "<td>BSN</td><td>123456782</td>",
            "bsn: '123456782'",
            "{\"burgerServiceNummer\": 123456782}",
            "| Naam | BSN |\n|------|-----|\n| Jan  | 123456782 |",
            "B.S.N. 123456782",
            "PERS_NR_BSN^NM^MOB_TEL^EML\n123456782^L. Menig^0611418390^x",
            "Sophie Jacobs/17/01/1997/123456782/0031 6 19596007 - bsn gecheckt",
            "123456782 is mijn bsn",
            "De bestelling is binnen. Verder: 123456782 is het bsn van Eva",
        ] {
            finds("nl.bsn", text, "123456782");
        }
    }

    #[test]
    fn several_numbers_after_one_word_are_all_found() {
        let numbers = ["123456782", "111222333", "100000009", "231145673", "999999990", "218930544"]
            .iter()
            .filter(|number| elfproef(&number.bytes().map(|byte| byte - b'0').collect::<Vec<u8>>()));
        let numbers: Vec<&str> = numbers.copied().collect();
        assert!(numbers.len() >= 3);
        let long: Vec<&str> = numbers.iter().cycle().take(40).copied().collect();
        for text in [
            format!("BSN's: {} en {}", long[..long.len() - 1].join(", "), long[long.len() - 1]),
            format!("De burgerservicenummers van de cliënten zijn:\n- {}", long.join("\n- ")),
            format!("BSN's:\n1. Jan de Vries: {}", long.join("\n2. Eva Bos: ")),
        ] {
            assert_eq!(
                crate::detect::Plan::new(&[]).unwrap().scan(&text, "").iter().filter(|found| &*found.detector == "nl.bsn").count(),
                40,
                "{text}"
            );
        }
    }

    #[test]
    fn a_column_in_which_all_pass_needs_no_head() {
        finds("nl.bsn", "Vries;123456782;Zeist\nBos;111222333;Soest\nKok;100000009;Baarn", "111222333");
        finds("nl.bsn", "123456782\n111222333\n100000009", "100000009");
        misses("nl.bsn", "Vries;123456782;Zeist\nBos;111222334;Soest\nKok;100000009;Baarn\nBos;231145674;Soest");
        misses("nl.bsn", "order;plaats\n123456782;Zeist\n111222333;Soest\n100000009;Baarn");
        misses("nl.bsn", "123456782\n111222333");
    }

    #[test]
    fn dates_telephones_and_numbers_with_a_name_of_their_own_are_none() {
        for text in [
            "bsn onbekend op 20241126",
            "bsn 2021-03-10 12:08",
            "Mevrouw Jansen, tel 306912345",
            "Mevrouw Jansen deed melding 111222333",
            "Meneer Bos heeft subsidie 111222333 gekregen",
            "Klant Jansen, polis 111222333",
            "doi 10.1016/j.tcs.1234.56.782",
        ] {
            misses("nl.bsn", text);
        }
    }

    #[test]
    fn the_dotted_notation_needs_no_word() {
        finds("nl.bsn", "Graag 1234.56.782 nakijken", "1234.56.782");
    }
}
