//! `nl.zaaknummer`: the number of a case, file or letter in a municipality's systems.
//!
//! Takes the code around a digit run. `Z-2024-004512`, `Z/24/123456`, `ZAAK-2024-0012345` and `2024-Z01234` are known by their form; other
//! codes with a year in them, and plain numbers, need a word such as zaak, kenmerk or dossier. Court and law citations are none.

use super::{Candidate, Detector};
use crate::detect::groups::{ACCOUNT, BSN, CASE, ITEM, OTHER_NUMBER, PHONE};
use crate::detect::keywords::Words;
use crate::detect::layout::named;
use crate::detect::score::Score;
use crate::detect::sight::Sight;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["nl.zaaknummer"],
    words: &[
        Words(
            CASE,
            "zaak, zaken, zaaknummer*, zaaknr, zaak-nr, zaaknrs, zaakid, zaak-id, zaak_id, zaak-identificatie*, zaakidentificatie*, zaakkenmerk*, zaakcode, zaakgericht*, zaakdossier*, kenmerk, kenmerken, \
             ons kenmerk, uw kenmerk, dossier, dossiernummer*, dossiernr, dossierkenmerk*, registratienummer, registratiekenmerk*, documentkenmerk*, documentkenmerken, briefnummer*, case number, case no, \
             case id, casenumber, caseid, file number, our reference, your reference, aanvraagnummer*, bezwaarnummer*, meldingsnummer*, meldingnummer*, betreft",
        ),
        Words(
            CITATION,
            "ecli, ecli:nl, stcrt, staatscourant, stb, staatsblad, kamerstuk, kamerstukken, gemeenteblad, trb, pb, verordening, richtlijn, besluitnummer, rolnummer*, awb, iso, nen, nen-en, isbn, issn, doi, cve, \
             rfc, versie*, version*, release*, build*, commit, ticket*, incident*, artikelnummer*, ordernummer*, order, factuur*, factuurnummer*, bestelnummer*, offerte*, offertenummer*, invoice*, model, \
             serie, serienummer*, typenummer*",
        ),
    ],
    look,
};

const CITATION: crate::detect::groups::Groups = ITEM;

/// Digits of a number without any sign or letter.
const PLAIN: std::ops::RangeInclusive<usize> = 5..=12;
/// Longest code that is read.
const LONGEST: usize = 32;

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    let named_here = sight.has(CASE) || sight.label & CASE != 0;
    let (mut taken, mut refused) = (0, 0);
    for run in sight.runs() {
        if run.start < taken.max(refused) || is_plain(sight, run.start, run.end) || !(named_here || marked(sight, run.start, run.end)) {
            continue;
        }
        let Some((start, end)) = code(sight, run.start, run.end, taken, &mut refused) else { continue };
        let Some(form) = sight.bytes.get(start..end).and_then(form) else { continue };
        taken = end;
        let score = Score::base(form.worth, form.because);
        if form.worth >= 0.6 {
            out.push(Candidate { id: "nl.zaaknummer", start, end, score });
            continue;
        }
        let against = (OTHER_NUMBER | CITATION | BSN | ACCOUNT | if form.plain { PHONE } else { 0 }) & !CASE;
        let said = named(sight, start, end, CASE, against);
        let near = said.word.is_none_or(|(_, to)| form.year || to + 24 >= start || to > start);
        let strong = !form.plain || said.word.is_none_or(|(from, to)| names_the_number(sight, from, to));
        if said.worth >= 0.2 && near && strong {
            out.push(Candidate { id: "nl.zaaknummer", start, end, score: score.with(said) });
        }
    }
}

/// A `Z` stands at the code's start or before the run: the default forms, which need no word.
fn marked(sight: &Sight<'_>, start: usize, end: usize) -> bool {
    let z = |byte: u8| matches!(byte, b'Z' | b'z');
    let letter = |back: usize| start.checked_sub(back).is_some_and(|at| z(sight.bytes[at]));
    letter(1)
        || letter(2)
        || start >= 3 && matches!(&sight.bytes[start - 3..start], b"AK-" | b"ZK-" | b"KN-" | b"AK/" | b"AK " | b"ak-")
        || sight.byte(end) == b'-' && z(sight.byte(end + 1))
}

/// 2 for the letters and digits of a code, 1 for the signs between them.
static IN_CODE: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = if (byte as u8).is_ascii_alphanumeric() { 2 } else { matches!(byte as u8, b'-' | b'/' | b'_' | b'.') as u8 };
        byte += 1;
    }
    table
};

/// A year, an article, an amount: a run with nothing of a code before or after it, too short or too long to be a case's.
fn is_plain(sight: &Sight<'_>, start: usize, end: usize) -> bool {
    let inside = |byte: u8| IN_CODE[usize::from(byte)] != 0;
    let before = sight.before(start);
    !PLAIN.contains(&(end - start))
        && !inside(before)
        && !inside(sight.byte(end))
        && !(before == b' ' && start >= 2 && sight.bytes[start - 2] == b'Z')
}

/// The whole code around a run: letters, digits and single `-`, `/`, `.`, `_` between them. Where no more than that is read, `refused` becomes
/// its end: when it is no case's, the other runs in it need not be read, for they stand in the same code.
fn code(sight: &Sight<'_>, start: usize, end: usize, taken: usize, refused: &mut usize) -> Option<(usize, usize)> {
    let inside = |at: usize| {
        let kind = IN_CODE[usize::from(sight.byte(at))];
        kind == 2 || kind == 1 && sight.before(at).is_ascii_alphanumeric() && sight.byte(at + 1).is_ascii_alphanumeric()
    };
    let (mut from, mut to) = (start, end);
    while from > taken && start - from <= LONGEST && inside(from - 1) {
        from -= 1;
    }
    while to - end <= LONGEST && inside(to) {
        to += 1;
    }
    if to - from <= LONGEST {
        *refused = to;
    }
    // `Z 2024 12345`: a letter and a space before the year.
    if from == start
        && sight.before(from) == b' '
        && from >= taken + 2
        && matches!(sight.bytes[from - 2], b'Z')
        && !sight.ends_word(from - 2)
    {
        (from, *refused) = (from - 2, 0);
        let number = sight.bytes[to.min(sight.bytes.len())..].iter().skip(1).take(9).take_while(|byte| byte.is_ascii_digit()).count();
        if to == end && sight.byte(to) == b' ' && (4..=8).contains(&number) {
            to += 1 + number;
        }
    }
    (to - from <= LONGEST
        && sight.alone(from, to)
        && !matches!(sight.before(from), b'#' | b'@' | b'=' | b':' if sight.before(from) == b'@'))
    .then_some((from, to))
}

struct Form {
    worth: f32,
    because: &'static str,
    /// It holds a year.
    year: bool,
    /// It is digits only.
    plain: bool,
}

/// What a code looks like; none where it cannot be a case's.
fn form(code: &[u8]) -> Option<Form> {
    let mut parts: [&[u8]; 5] = [b""; 5];
    let mut count = 0;
    for part in code.split(|byte| matches!(byte, b'-' | b'/' | b'_' | b'.' | b' ')) {
        *parts.get_mut(count)? = part;
        count += 1;
    }
    let digits =
        |part: &[u8], lengths: std::ops::RangeInclusive<usize>| lengths.contains(&part.len()) && part.iter().all(u8::is_ascii_digit);
    let year = |part: &[u8]| digits(part, 4..=4) && (b"1990".as_slice()..=b"2099".as_slice()).contains(&part);
    let short = |part: &[u8]| digits(part, 2..=2) && (b"10".as_slice()..b"40".as_slice()).contains(&part);
    let z = |part: &[u8]| ["z", "zaak", "zk", "zkn", "zaaknr"].iter().any(|known| part.eq_ignore_ascii_case(known.as_bytes()));
    let letters = |part: &[u8]| (1..=8).contains(&part.len()) && part.iter().all(u8::is_ascii_alphabetic);
    let default = Some(Form { worth: 0.75, because: "the form of a case number", year: true, plain: false });
    let with_year = Some(Form { worth: 0.25, because: "a code with a year in it", year: true, plain: false });
    let parts = &parts[..count];
    match *parts {
        [head, y, number] if z(head) && (year(y) || short(y)) && digits(number, 3..=9) => default,
        [head, y, number, part] if z(head) && (year(y) || short(y)) && digits(number, 3..=9) && digits(part, 1..=3) => default,
        [head, y, number, kind, part]
            if z(head) && (year(y) || short(y)) && digits(number, 3..=9) && letters(kind) && digits(part, 3..=9) =>
        {
            default
        }
        [head, y, number] if letters(head) && (year(y) || short(y)) && digits(number, 3..=9) => with_year,
        [head, y, number, part] if letters(head) && year(y) && digits(number, 3..=9) && part.len() <= 4 => with_year,
        [head, kind, y, number] if letters(head) && letters(kind) && (year(y) || short(y)) && digits(number, 3..=9) => with_year,
        [y, number] if year(y) && matches!(number.first(), Some(b'Z' | b'z')) && digits(&number[1..], 3..=9) => default,
        [y, kind, number] if year(y) && letters(kind) && digits(number, 3..=9) => {
            if z(kind) {
                default
            } else {
                with_year
            }
        }
        [head, number]
            if head.len() > 2
                && matches!(head.first(), Some(b'Z' | b'z'))
                && (year(&head[1..]) || short(&head[1..]))
                && digits(number, 4..=9) =>
        {
            default
        }
        [head, number] if z(head) && digits(number, 5..=10) => {
            Some(Form { worth: 0.4, because: "a Z and a number", year: false, plain: false })
        }
        [head, number] if letters(head) && digits(number, 5..=10) => {
            Some(Form { worth: 0.15, because: "letters and a number", year: false, plain: false })
        }
        [head, number] if year_tail(head) && digits(number, 3..=9) => with_year,
        [y, number] if year(y) && digits(number, 4..=9) && (number.len() > 4 || !code.contains(&b'/')) => with_year,
        [y, number] if year(y) && digits(number, 4..=4) => {
            Some(Form { worth: 0.05, because: "a year and a number", year: true, plain: false })
        }
        [y, number] if short(y) && digits(number, 4..=9) => {
            Some(Form { worth: 0.2, because: "a year and a number", year: true, plain: false })
        }
        [number] if number.len() > 5 && matches!(number.first(), Some(b'Z' | b'z')) && digits(&number[1..], 6..=12) => {
            Some(Form { worth: 0.35, because: "a Z and a number", year: false, plain: false })
        }
        [number] if digits(number, PLAIN) => Some(Form { worth: 0.15, because: "a number", year: false, plain: true }),
        _ => None,
    }
}

/// One to four letters and a year, as in `D2024`.
fn year_tail(part: &[u8]) -> bool {
    let letters = part.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    (1..=4).contains(&letters)
        && part.len() == letters + 4
        && (part[letters..].starts_with(b"20") || part[letters..].starts_with(b"19"))
        && part[letters..].iter().all(u8::is_ascii_digit)
}

/// The word names the number itself (`zaaknummer`), not just the case: only then is a plain number one.
fn names_the_number(sight: &Sight<'_>, from: usize, to: usize) -> bool {
    let word = sight.bytes.get(from..to).unwrap_or_default();
    let has = |piece: &[u8]| word.windows(piece.len()).any(|part| part.eq_ignore_ascii_case(piece));
    has(b"nummer")
        || has(b"nr")
        || has(b"zaakid")
        || has(b"zaak-id")
        || has(b"zaak_id")
        || has(b"identificatie")
        || has(b"case n")
        || has(b"caseid")
        || has(b"casenumber")
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn the_default_forms_need_no_word() {
        for value in [
            "Z-2024-004512",
            "Z/24/123456",
            "ZAAK-2024-0012345",
            "2024-Z01234",
            "Z2024-00123",
            "Z24-012345",
            "ZK-2023-00871",
            "Z/24/098765/D-12345",
            "Z 2024 004512",
        ] {
            finds("nl.zaaknummer", &format!("Over {value} is nog niets bekend."), value);
        }
    }

    #[test]
    fn other_forms_are_found_beside_their_word() {
        for (text, value) in [
            ("Ons kenmerk: 2024-123456", "2024-123456"),
            ("Kenmerk D-2024-00871", "D-2024-00871"),
            ("dossier WMO-2024-0123", "WMO-2024-0123"),
            ("Uw kenmerk\nUIT-2024-012345\nDatum", "UIT-2024-012345"),
            ("Zaaknummer 1234567", "1234567"),
            ("zaaknummer: D2024-00123", "D2024-00123"),
            ("zaaknummer;naam\n24.0012345;Bos", "24.0012345"),
            ("zaak Z00123456", "Z00123456"),
            ("Our reference: 2024/12345", "2024/12345"),
        ] {
            finds("nl.zaaknummer", text, value);
        }
    }

    #[test]
    fn citations_tickets_dates_and_plain_numbers_are_none() {
        for text in [
            "ECLI:NL:RVS:2024:1234",
            "Stcrt. 2024, 12345",
            "Kamerstukken II 2023/24, 36200",
            "De zaak ticket INC-2024-00123",
            "in deze zaak op 2024-11-26",
            "De zaak telt 12345 pagina's",
            "order Z-12",
            "2024-123456",
            "factuur 2024-123456",
            "een belangrijk kenmerk is de 100000 inwoners",
            "zie ISO-2024-12345",
            "Dossier 2021/9743",
        ] {
            misses("nl.zaaknummer", text);
        }
    }
}
