//! Numbers with letters: the United Kingdom, Spain, Italy.

use super::super::Candidate;
use crate::detect::groups::{BRITISH, ITALIAN, ITEM, OTHER_NUMBER, SPANISH};
use crate::detect::layout::named;
use crate::detect::prefilter::is_word;
use crate::detect::score::Score;
use crate::detect::sight::Sight;

pub(super) fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    let british = sight.has(BRITISH) || sight.label & BRITISH != 0;
    let spanish = sight.has(SPANISH) || sight.label & SPANISH != 0;
    let mut taken = 0;
    for run in sight.runs() {
        if run.start < taken {
            continue;
        }
        let italian = (run.len() <= 2 && goes_on_italian(sight, run.end, run.len())).then(|| codice_fiscale(sight, run.start)).flatten();
        let (id, group, (start, end), base, because) = if let Some(place) = italian {
            ("it.codice-fiscale", ITALIAN, place, 0.85, "sixteen characters that pass the check")
        } else if let Some(place) = (british && matches!(run.len(), 2 | 6)).then(|| nino(sight, run.start)).flatten() {
            ("uk.nino", BRITISH, place, 0.31, "the form of a national insurance number")
        } else if let Some(place) = (spanish && run.len() <= 8).then(|| dni(sight, run.start)).flatten() {
            ("es.dni", SPANISH, place, 0.35, "seven or eight digits and their letter")
        } else {
            continue;
        };
        taken = end;
        let against = (OTHER_NUMBER | ITEM) & !group;
        out.push(Candidate { id, start, end, score: Score::base(base, because).with(named(sight, start, end, group, against)) });
    }
}

/// The characters of a fixed form with single separators between them: `9` a digit, `A` a letter. Gives them in capitals and where they end.
fn shaped<const N: usize>(sight: &Sight<'_>, start: usize, form: &[u8; N]) -> Option<([u8; N], usize)> {
    let mut read = [0u8; N];
    let (mut at, mut gap) = (start, 0);
    let mut count = 0;
    while count < N {
        let byte = sight.byte(at);
        let fits = match form[count] {
            b'9' => byte.is_ascii_digit(),
            b'A' => byte.is_ascii_alphabetic(),
            _ => byte.is_ascii_alphanumeric(),
        };
        if fits {
            read[count] = byte.to_ascii_uppercase();
            count += 1;
            gap = 0;
        } else if matches!(byte, b' ' | b'-' | b'.') && gap == 0 && count > 0 {
            gap = 1;
        } else {
            return None;
        }
        at += 1;
    }
    (!is_word(sight.byte(at)) && !sight.ends_word(start)).then_some((read, at))
}

/// Where a code starts whose first `letters` letters stand before its first digit, over at most one separator.
fn start_before(sight: &Sight<'_>, digit: usize, letters: usize) -> Option<usize> {
    let mut at = digit;
    let mut seen = 0;
    let mut gap = 0;
    while seen < letters {
        at = at.checked_sub(1)?;
        let byte = sight.bytes[at];
        if byte.is_ascii_alphabetic() {
            seen += 1;
            gap = 0;
        } else if matches!(byte, b' ' | b'-' | b'.') && gap == 0 {
            gap = 1;
        } else {
            return None;
        }
    }
    Some(at)
}

/// Two letters, six digits, A to D. First letter not D F I Q U V, second neither nor O; BG GB NK KN TN NT ZZ are not given out.
fn nino(sight: &Sight<'_>, digit: usize) -> Option<(usize, usize)> {
    let start = start_before(sight, digit, 2)?;
    let (code, end) = shaped(sight, start, b"AA999999A")?;
    let never = |letter: u8| matches!(letter, b'D' | b'F' | b'I' | b'Q' | b'U' | b'V');
    let fits = !never(code[0])
        && !never(code[1])
        && code[1] != b'O'
        && !matches!(&code[..2], b"BG" | b"GB" | b"NK" | b"KN" | b"TN" | b"NT" | b"ZZ")
        && matches!(code[8], b'A'..=b'D');
    fits.then_some((start, end))
}

/// Eight digits, or X, Y, Z and seven, and the letter of the remainder by 23.
fn dni(sight: &Sight<'_>, digit: usize) -> Option<(usize, usize)> {
    const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let before = sight.before(digit).to_ascii_uppercase();
    let joined = if matches!(before, b'-' | b' ') { digit.checked_sub(2) } else { digit.checked_sub(1) };
    let foreigner = joined.filter(|&at| matches!(sight.bytes[at].to_ascii_uppercase(), b'X' | b'Y' | b'Z') && !sight.ends_word(at));
    let value = |digits: &[u8], first: u32| digits.iter().fold(first, |sum, byte| sum * 10 + u32::from(byte - b'0'));
    let passes = |number: u32, letter: u8| LETTERS[(number % 23) as usize] == letter;
    if let Some(start) = foreigner {
        let (code, end) = shaped(sight, start, b"A9999999A")?;
        return passes(value(&code[1..8], u32::from(code[0] - b'X')), code[8]).then_some((start, end));
    }
    let (code, end) = shaped(sight, digit, b"99999999A")?;
    passes(value(&code[..8], 0), code[8]).then_some((digit, end))
}

/// What follows one or two digits of the year could be the rest of it and the letter of the month: nearly no number in prose goes on so.
fn goes_on_italian(sight: &Sight<'_>, end: usize, digits: usize) -> bool {
    let at = end + usize::from(matches!(sight.byte(end), b' ' | b'-' | b'.'));
    let letter = sight.byte(at).to_ascii_uppercase();
    if digits == 1 {
        return is_numeric(letter);
    }
    let day = at + 1 + usize::from(matches!(sight.byte(at + 1), b' ' | b'-' | b'.'));
    is_month(letter) && is_numeric(sight.byte(day).to_ascii_uppercase())
}

/// A digit, or the letter that stands for one.
fn is_numeric(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'L'..=b'N' | b'P'..=b'V')
}

fn is_month(byte: u8) -> bool {
    matches!(byte, b'A'..=b'E' | b'H' | b'L' | b'M' | b'P' | b'R'..=b'T')
}

/// Six letters, year, month letter, day, place and check letter; digits may be letters L to V where two people would have the same code.
fn codice_fiscale(sight: &Sight<'_>, digit: usize) -> Option<(usize, usize)> {
    let start = start_before(sight, digit, 6)?;
    let (code, end) = shaped(sight, start, b"AAAAAA**A**A***A")?;
    let fits = [6, 7, 9, 10, 12, 13, 14].iter().all(|&place| is_numeric(code[place])) && is_month(code[8]);
    const ODD: [u32; 26] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let sum: u32 = code[..15]
        .iter()
        .enumerate()
        .map(|(place, &byte)| {
            let value = usize::from(if byte.is_ascii_digit() { byte - b'0' } else { byte - b'A' });
            if place % 2 == 0 { ODD[value] } else { value as u32 }
        })
        .sum();
    (fits && u32::from(code[15] - b'A') == sum % 26).then_some((start, end))
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn named_numbers_are_found_in_their_notations() {
        for (id, text, value) in [
            ("uk.nino", "National Insurance number: AB 12 34 56 C", "AB 12 34 56 C"),
            ("uk.nino", "NINO AB123456C", "AB123456C"),
            ("es.dni", "DNI: 54362315K", "54362315K"),
            ("es.dni", "dni 54.362.315-K", "54.362.315-K"),
            ("es.dni", "NIE X-2482300-W", "X-2482300-W"),
            ("it.codice-fiscale", "Codice fiscale RCCMNL83S18D969H", "RCCMNL83S18D969H"),
            ("it.codice-fiscale", "zie RCC MNL 83S18 D969H", "RCC MNL 83S18 D969H"),
        ] {
            finds(id, text, value);
        }
    }

    #[test]
    fn failing_checks_and_article_codes_are_none() {
        for (id, text) in [
            ("uk.nino", "artikel AB123456C"),
            ("uk.nino", "NINO DB123456C, BG123456A, AB123456E"),
            ("es.dni", "DNI 54362315L"),
            ("es.dni", "54362315K"),
            ("it.codice-fiscale", "Codice fiscale RCCMNL83S18D969I"),
        ] {
            misses(id, text);
        }
    }
}
