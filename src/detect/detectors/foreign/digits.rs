//! Numbers of digits only: Belgium, Germany, France (also with the letter of Corsica), Poland, the United States.

use super::super::Candidate;
use crate::detect::groups::{AMERICAN, BELGIAN, BSN, FRENCH, GERMAN, Groups, OTHER_NUMBER, POLISH};
use crate::detect::layout::named;
use crate::detect::numbers::{Number, mixed};
use crate::detect::prefilter::is_word;
use crate::detect::score::Score;
use crate::detect::sight::Sight;

pub(super) fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    let mut taken = 0;
    // The letter of Corsica stands behind six digits, so that every number here begins a chain.
    for chain in sight.chains() {
        let (index, run) = (chain.index, &sight.runs()[chain.index]);
        if run.start < taken || run.len() > 15 {
            continue;
        }
        if let Some((start, end)) = nir(sight, run.start) {
            taken = end;
            let bare = end - start == 15;
            let base = if bare { 0.4 } else { 0.6 };
            push(sight, out, "fr.nir", (start, end), FRENCH, Score::base(base, "15 characters that pass the key, 97"));
            continue;
        }
        if run.len() <= 11
            && chain.mixed >= 11
            && let Some(number) = mixed(sight, index, 11)
        {
            taken = eleven(sight, &number, out).unwrap_or(taken);
        } else if run.len() == 3
            && chain.mixed >= 9
            && let Some(number) = mixed(sight, index, 9)
        {
            american(sight, &number, out);
        }
    }
}

fn push(sight: &Sight<'_>, out: &mut Vec<Candidate>, id: &'static str, (start, end): (usize, usize), group: Groups, score: Score) {
    out.push(Candidate { id, start, end, score: score.with(named(sight, start, end, group, OTHER_NUMBER & !group)) });
}

/// Belgium, Poland and Germany have eleven digits; a number that passes several checks is the one that is named.
fn eleven(sight: &Sight<'_>, number: &Number, out: &mut Vec<Candidate>) -> Option<usize> {
    let digits = number.digits();
    let place = (number.start, number.end);
    let before = out.len();
    if belgian(digits) {
        let base = match &number.shape[..number.runs] {
            [2, 2, 2, 3, 2] if number.separator == b'.' => 0.85,
            [6, 3, 2] | [2, 2, 2, 3, 2] => 0.45,
            _ => 0.31,
        };
        push(sight, out, "be.national-number", place, BELGIAN, Score::base(base, "a birth date and the check, 97"));
    }
    if number.runs == 1 && polish(digits) {
        push(sight, out, "pl.pesel", place, POLISH, Score::base(0.31, "a birth date and the check digit"));
    }
    if german(digits) {
        push(sight, out, "de.steuer-id", place, GERMAN, Score::base(0.31, "ISO 7064, and one digit that repeats"));
    }
    (out.len() > before).then_some(number.end)
}

fn value(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |sum, &digit| sum * 10 + u64::from(digit))
}

/// Year, month (20 or 40 more for those without a permanent place), day, counter, and 97 minus the remainder; 2 in front from 2000 on.
fn belgian(digits: &[u8]) -> bool {
    let (nine, check) = (value(&digits[..9]), value(&digits[9..]));
    let (month, day) = (value(&digits[2..4]) % 20, value(&digits[4..6]));
    month <= 12 && day <= 31 && (97 - nine % 97 == check || 97 - (2_000_000_000 + nine) % 97 == check)
}

/// Weights 1, 3, 7, 9; the century is in the month.
fn polish(digits: &[u8]) -> bool {
    let sum: u32 = digits.iter().zip([1u32, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]).map(|(&digit, weight)| u32::from(digit) * weight).sum();
    let (month, day) = (value(&digits[2..4]) % 20, value(&digits[4..6]));
    sum.is_multiple_of(10) && (1..=12).contains(&month) && (1..=31).contains(&day)
}

/// ISO 7064, mod 11,10; no leading zero; of the first ten digits at least one appears twice or three times, and none more.
fn german(digits: &[u8]) -> bool {
    let mut counts = [0u8; 10];
    for &digit in &digits[..10] {
        counts[usize::from(digit)] += 1;
    }
    let repeated = counts.iter().filter(|&&count| count > 1).count();
    if digits[0] == 0 || counts.iter().any(|&count| count > 3) || repeated == 0 {
        return false;
    }
    let product = digits[..10].iter().fold(10u32, |product, &digit| {
        let sum = (u32::from(digit) + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10 == u32::from(digits[10])
}

/// The area is not 000, 666 or from 900 on, the group not 00, the serial not 0000; written 3-2-4.
fn american(sight: &Sight<'_>, number: &Number, out: &mut Vec<Candidate>) {
    let digits = number.digits();
    let area = value(&digits[..3]);
    let fits = number.shape[..number.runs] == [3, 2, 4]
        && area != 0
        && area != 666
        && area < 900
        && value(&digits[3..5]) != 0
        && value(&digits[5..]) != 0;
    if !fits || matches!(number.digits(), [1, 2, 3, 4, 5, 6, 7, 8, 9] | [0, 7, 8, 0, 5, 1, 1, 2, 0] | [2, 1, 9, 0, 9, 9, 9, 9, 9]) {
        return;
    }
    let said = named(sight, number.start, number.end, AMERICAN, (OTHER_NUMBER | BSN) & !AMERICAN);
    let base = if number.separator == b'-' { 0.35 } else { 0.2 };
    let score = Score::base(base, "nine digits written 3-2-4").with(said);
    let score = if said.worth >= 0.3 { score.and(0.2, "the form and the word confirm each other") } else { score };
    out.push(Candidate { id: "us.ssn", start: number.start, end: number.end, score });
}

/// Sex, year, month, department, commune, order and key: 13 characters and 97 minus their remainder. `2A` and `2B` are Corsica.
fn nir(sight: &Sight<'_>, start: usize) -> Option<(usize, usize)> {
    if !matches!(sight.byte(start), b'1' | b'2' | b'3' | b'4' | b'7' | b'8') || sight.ends_word(start) {
        return None;
    }
    let mut characters = [0u8; 15];
    let (mut count, mut at, mut gap) = (0, start, 0);
    while count < characters.len() {
        let byte = sight.byte(at);
        if byte.is_ascii_digit() || count == 6 && matches!(byte, b'A' | b'B' | b'a' | b'b') {
            characters[count] = byte.to_ascii_uppercase();
            count += 1;
            gap = 0;
        } else if matches!(byte, b' ' | b'.' | b'-' | b'/') && gap == 0 && matches!(count, 1 | 3 | 5 | 7 | 10 | 13) {
            gap += 1;
        } else {
            return None;
        }
        at += 1;
    }
    let joined = matches!(sight.byte(at), b'.' | b'-') && sight.byte(at + 1).is_ascii_digit();
    if is_word(sight.byte(at)) || joined {
        return None;
    }
    let corsica = match (characters[5], characters[6]) {
        (b'2', b'A') => Some(19),
        (b'2', b'B') => Some(18),
        (_, b'A' | b'B') => return None,
        _ => None,
    };
    let digit = |place: usize| u64::from(characters[place] - b'0');
    let number = (0..13).fold(0u64, |sum, place| match (place, corsica) {
        (5, Some(department)) => sum * 100 + department,
        (6, Some(_)) => sum,
        _ => sum * 10 + digit(place),
    });
    let month = digit(3) * 10 + digit(4);
    let month_fits = matches!(month, 1..=12 | 20 | 30..=42 | 50..=99);
    (month_fits && 97 - number % 97 == digit(13) * 10 + digit(14)).then_some((start, at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::testing::{finds, misses};

    #[test]
    fn the_published_examples_pass() {
        let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0').collect::<Vec<u8>>();
        assert!(belgian(&digits("85073003328")) && belgian(&digits("00010100105")) && !belgian(&digits("85073003329")));
        assert!(german(&digits("36574261809")) && !german(&digits("36574261808")));
        assert!(polish(&digits("44051401359")) && !polish(&digits("44051401358")));
    }

    #[test]
    fn named_numbers_are_found_in_their_notations() {
        for (id, text, value) in [
            ("be.national-number", "Rijksregisternummer 85.07.30-033.28", "85.07.30-033.28"),
            ("be.national-number", "zie 85.07.30-033.28 van betrokkene", "85.07.30-033.28"),
            ("be.national-number", "numéro national : 850730-033-28", "850730-033-28"),
            ("be.national-number", "INSZ 85073003328", "85073003328"),
            ("de.steuer-id", "Steuer-ID: 36574261809", "36574261809"),
            ("de.steuer-id", "steuerliche Identifikationsnummer 36 574 261 809", "36 574 261 809"),
            ("fr.nir", "Numéro de sécurité sociale : 2 95 10 99 126 111 93", "2 95 10 99 126 111 93"),
            ("fr.nir", "nir 295109912611193", "295109912611193"),
            ("pl.pesel", "PESEL: 44051401359", "44051401359"),
            ("us.ssn", "SSN 536-90-4399", "536-90-4399"),
            ("us.ssn", "social security number: 536 90 4399", "536 90 4399"),
        ] {
            finds(id, text, value);
        }
    }

    #[test]
    fn failing_checks_and_unnamed_numbers_are_none() {
        for (id, text) in [
            ("be.national-number", "rijksregisternummer 85.07.30-033.29"),
            ("be.national-number", "85073003328"),
            ("de.steuer-id", "36574261809"),
            ("de.steuer-id", "Steuer-ID 36574261808"),
            ("fr.nir", "nir 295109912611194"),
            ("fr.nir", "oid 1.2.840.113549.1.12.1.3"),
            ("fr.nir", "IMEI 490154203237518"),
            ("pl.pesel", "order 44051401359"),
            ("us.ssn", "536-90-4399"),
            ("us.ssn", "SSN 666-90-4399, 000-12-3456, 900-12-3456"),
        ] {
            misses(id, text);
        }
    }
}
