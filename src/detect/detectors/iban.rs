//! `iban`: an account number of any country in the registry (ISO 13616), right length and mod 97.

use super::{Candidate, Detector};
use crate::detect::groups::ACCOUNT;
use crate::detect::keywords::Words;
use crate::detect::prefilter::is_word;
use crate::detect::score::{NEAR, Score, Step};
use crate::detect::sight::Sight;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["iban"],
    words: &[Words(ACCOUNT, "iban, rekening, rekeningnummer*, rekeningnr, bankrekening*, tegenrekening*, t.n.v, account, bank account")],
    look,
};

/// Country and length, SWIFT's IBAN registry.
const LENGTHS: &[(&[u8; 2], usize)] = &[
    (b"AD", 24),
    (b"AE", 23),
    (b"AL", 28),
    (b"AT", 20),
    (b"AZ", 28),
    (b"BA", 20),
    (b"BE", 16),
    (b"BG", 22),
    (b"BH", 22),
    (b"BR", 29),
    (b"BY", 28),
    (b"CH", 21),
    (b"CR", 22),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DK", 18),
    (b"DO", 28),
    (b"EE", 20),
    (b"EG", 29),
    (b"ES", 24),
    (b"FI", 18),
    (b"FO", 18),
    (b"FR", 27),
    (b"GB", 22),
    (b"GE", 22),
    (b"GI", 23),
    (b"GL", 18),
    (b"GR", 27),
    (b"GT", 28),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IL", 23),
    (b"IQ", 23),
    (b"IS", 26),
    (b"IT", 27),
    (b"JO", 30),
    (b"KW", 30),
    (b"KZ", 20),
    (b"LB", 28),
    (b"LC", 32),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"LY", 25),
    (b"MC", 27),
    (b"MD", 24),
    (b"ME", 22),
    (b"MK", 19),
    (b"MR", 27),
    (b"MT", 31),
    (b"MU", 30),
    (b"NL", 18),
    (b"NO", 15),
    (b"PK", 24),
    (b"PL", 28),
    (b"PS", 29),
    (b"PT", 25),
    (b"QA", 29),
    (b"RO", 24),
    (b"RS", 22),
    (b"SA", 24),
    (b"SC", 31),
    (b"SD", 18),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"SM", 27),
    (b"ST", 25),
    (b"SV", 28),
    (b"TL", 23),
    (b"TN", 24),
    (b"TR", 26),
    (b"UA", 29),
    (b"VA", 22),
    (b"VG", 24),
    (b"XK", 20),
];

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    let mut taken = 0;
    for run in sight.runs() {
        if run.start < taken.max(2) {
            continue;
        }
        let at = if sight.bytes[run.start - 1] == b' ' { run.start - 1 } else { run.start };
        if let Some((start, end)) = account(sight, at, run.start) {
            let named = sight.near(start, end, ACCOUNT, NEAR).then_some(0.09).map_or(Step::NOTHING, |worth| Step {
                because: "a word near it names it",
                worth,
                word: None,
            });
            taken = end;
            out.push(Candidate { id: "iban", start, end, score: Score::base(0.9, "the length of its country, and mod 97").with(named) });
        }
    }
}

/// The lengths by the two letters of their country, 0 for none: a look-up per number instead of a search.
static BY_LETTERS: [u8; 26 * 26] = {
    let mut table = [0; 26 * 26];
    let mut index = 0;
    while index < LENGTHS.len() {
        let (code, length) = LENGTHS[index];
        table[(code[0] - b'A') as usize * 26 + (code[1] - b'A') as usize] = length as u8;
        index += 1;
    }
    table
};

fn length_of(country: [u8; 2]) -> Option<usize> {
    let place = |letter: u8| usize::from(letter.wrapping_sub(b'A'));
    BY_LETTERS.get(place(country[0]) * 26 + place(country[1])).map(|&length| usize::from(length)).filter(|&length| length > 0)
}

/// The account number whose country ends at `country_end` and whose check digits start at `digits`.
fn account(sight: &Sight<'_>, country_end: usize, digits: usize) -> Option<(usize, usize)> {
    let start = country_end.checked_sub(2)?;
    let country = &sight.bytes[start..country_end];
    if sight.ends_word(start) || !country.iter().all(u8::is_ascii_alphabetic) {
        return None;
    }
    let country = [country[0].to_ascii_uppercase(), country[1].to_ascii_uppercase()];
    let length = length_of(country)?;
    let mut rest = 0u32;
    let mut taken = 2;
    let mut at = digits;
    while taken < length {
        let byte = sight.byte(at);
        if byte.is_ascii_alphanumeric() {
            if taken < 4 && !byte.is_ascii_digit() || !fits(country, taken, byte) {
                return None;
            }
            if taken >= 4 {
                rest = append(rest, byte);
            }
            taken += 1;
        } else {
            let gap = separators(sight, at)?;
            at += gap - 1;
        }
        at += 1;
    }
    if is_word(sight.byte(at)) {
        return None;
    }
    let check: Vec<u8> = sight.bytes[digits..].iter().copied().filter(u8::is_ascii_digit).take(2).collect();
    rest = country.iter().chain(&check).fold(rest, |rest, &byte| append(rest, byte));
    (rest == 1).then_some((start, at))
}

/// The character may stand at this place: some countries have digits only, some a bank's four letters first.
fn fits(country: [u8; 2], place: usize, byte: u8) -> bool {
    const DIGITS: &[&[u8; 2]] = &[
        b"AT", b"BE", b"CZ", b"DE", b"DK", b"EE", b"ES", b"FI", b"FO", b"GL", b"HR", b"HU", b"IL", b"IS", b"LT", b"NO", b"PL", b"PT",
        b"RS", b"SE", b"SI", b"SK",
    ];
    const BANK: &[&[u8; 2]] = &[b"NL", b"GB", b"IE", b"BG", b"GI", b"RO", b"LV"];
    if place < 4 {
        return true;
    }
    if DIGITS.contains(&&country) {
        return byte.is_ascii_digit();
    }
    if !BANK.contains(&&country) {
        return true;
    }
    if place < 8 { byte.is_ascii_alphabetic() } else { !matches!(&country, b"NL" | b"GB" | b"IE") || byte.is_ascii_digit() }
}

/// How many separators stand here before the account goes on: one, one with spaces around it, or a line end.
fn separators(sight: &Sight<'_>, at: usize) -> Option<usize> {
    let gap = sight.bytes[at..].iter().take(4).take_while(|byte| matches!(byte, b' ' | b'.' | b'-' | b'/' | b'_' | b'\n' | b'\r')).count();
    (1..=3).contains(&gap).then_some(gap)
}

/// The remainder after one more character: digits as they are, letters as 10 to 35.
fn append(rest: u32, byte: u8) -> u32 {
    if byte.is_ascii_digit() {
        (rest * 10 + u32::from(byte - b'0')) % 97
    } else {
        (rest * 100 + u32::from(byte.to_ascii_uppercase() - b'A') + 10) % 97
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn valid_accounts_are_found_in_every_notation() {
        for value in [
            "NL91ABNA0417164300",
            "NL91 ABNA 0417 1643 00",
            "nl91abna0417164300",
            "BE68539007547034",
            "BE68 5390 0754 7034",
            "DE89370400440532013000",
            "NL 91 ABNA 0417 1643 00",
            "NL91.ABNA.0417.1643.00",
            "NL9_1AB_NA0_417_164_300",
            "NL91 ABNA 0\n417 1643 00",
            "NL91-ABNA-0417-1643-00",
            "nl91 abna 0417 1643 00",
            "NL91\nABNA 0417 1643 00",
            "GB29 NWBK 6016 1331 9268 19",
            "FR14 2004 1010 0505 0001 3M02 606",
            "IT60X0542811101000000123456",
            "NO93 8601 1117 947",
            "TR330006100519786457841326",
        ] {
            finds("iban", &format!("Betaal op {value} graag."), value);
        }
    }

    #[test]
    fn a_failing_check_or_a_piece_of_something_longer_is_none() {
        for text in [
            "NL91ABNA0417164301",
            "XNL91ABNA0417164300",
            "NL91ABNA04171643001",
            "NL91 ABNA",
            "NL91 ABNA **** **43 00",
            "NL91ABNAxxxxxx4300",
            "ZZ91ABNA0417164300",
        ] {
            misses("iban", text);
        }
    }
}
