//! `mrz`: the machine-readable lines of a passport, identity card, visa or driving licence (ICAO 9303: TD1, TD2, TD3).
//!
//! Starts from the dates with their check digits in the second line, also with spaces that a scanner put in, and from a first line that
//! begins as one. The finding spans all lines that are there. Text that fails the check digits is none.

use super::{Candidate, Detector};
use crate::detect::groups::MRZ;
use crate::detect::keywords::Words;
use crate::detect::score::Score;
use crate::detect::sight::Sight;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["mrz"],
    words: &[Words(MRZ, "p<*, i<*, v<*, a<*, c<*, pnnld*, ppnld*, idnld*, irnld*, arnld*, idbel*, idd<*, idfra*, iddeu*, d1nld*")],
    look,
};

/// Characters of an MRZ read in one direction, with the places they stood at.
struct Read {
    bytes: Vec<u8>,
    places: Vec<usize>,
}

/// Spaces and line ends between two characters of the MRZ; more is its end.
const GAP: usize = 4;

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    let mut taken = 0;
    for run in sight.runs() {
        let next = sight.byte(run.end);
        // `740812` and its check digit, then the sex; a scanner may have put a space between.
        let dates = matches!(run.len(), 6 | 7) && matches!(next, b'M' | b'F' | b'X' | b'<' | b' ')
            || run.len() > 7 && matches!(next, b'M' | b'F' | b'X' | b'<');
        if run.start < taken || !dates {
            continue;
        }
        let at = if run.len() > 7 { run.end - 7 } else { run.start };
        if let Some((start, end, sure)) = around(sight, at) {
            taken = end;
            let worth = if sure { 0.97 } else { 0.75 };
            out.push(Candidate { id: "mrz", start, end, score: Score::base(worth, "check digits of the machine-readable lines") });
        }
    }
    for hit in sight.hits(MRZ) {
        if hit.start >= taken
            && !out.iter().rev().take(8).any(|other| other.id == "mrz" && other.start <= hit.start && hit.start < other.end)
            && let Some(end) = first_line(sight, hit.start)
        {
            taken = end;
            out.push(Candidate { id: "mrz", start: hit.start, end, score: Score::base(0.8, "a first machine-readable line") });
        }
    }
}

/// The lines around the dates that start at `at`, and whether the document number's check digit is right too.
fn around(sight: &Sight<'_>, at: usize) -> Option<(usize, usize, bool)> {
    let dates = forward(sight, at, 15);
    let fits = dates.bytes.len() == 15
        && matches!(dates.bytes[7], b'M' | b'F' | b'X' | b'<')
        && checked(&dates.bytes[..6], dates.bytes[6])
        && checked(&dates.bytes[8..14], dates.bytes[14])
        && month_and_day(&dates.bytes[..6]);
    if !fits {
        return None;
    }
    let before = backward(sight, at, 57);
    let lead = before.bytes.len();
    let place = |back: usize| before.places.get(lead - back).copied();
    // Cards with three lines: the dates start the second.
    let first = lead >= 30
        && starts_line(sight, at)
        && matches!(before.bytes[lead - 30], b'I' | b'A' | b'C')
        && checked(&before.bytes[lead - 25..lead - 16], before.bytes[lead - 16]);
    if first {
        return Some((place(30)?, end_of(sight, at, 60)?, true));
    }
    // Passports and two-line cards: number, check digit and nationality stand before the dates.
    let number = lead >= 13
        && before.bytes[lead - 13] != b'<'
        && checked(&before.bytes[lead - 13..lead - 4], before.bytes[lead - 4])
        && before.bytes[lead - 3..].iter().all(|byte| !byte.is_ascii_digit());
    if number {
        let first = |back: usize, kinds: &[u8]| {
            lead >= back && kinds.contains(&before.bytes[lead - back]) && before.bytes[lead - back..lead - 13].contains(&b'<')
        };
        let (back, after) = if first(57, b"PV") {
            (57, 31)
        } else if first(49, b"IACVP") {
            (49, 23)
        } else {
            (13, 31)
        };
        return Some((place(back)?, end_of(sight, at, after)?, true));
    }
    let rest = forward(sight, at, 60);
    let filled = rest.bytes.contains(&b'<');
    (filled && starts_line(sight, at)).then(|| Some((at, end_of(sight, at, 60)?, false)))?
}

fn starts_line(sight: &Sight<'_>, at: usize) -> bool {
    !sight.ends_word(at) && sight.before(at) != b'<'
}

fn end_of(sight: &Sight<'_>, at: usize, length: usize) -> Option<usize> {
    forward(sight, at, length).places.last().map(|place| place + 1)
}

/// A line that begins as one, is long enough, and holds the filler between names.
fn first_line(sight: &Sight<'_>, start: usize) -> Option<usize> {
    if sight.ends_word(start) {
        return None;
    }
    let read = forward(sight, start, 44);
    let country = read.bytes.get(2..5)?;
    let length = if sight.bytes[start..].starts_with(b"D1") { 30 } else { 28 };
    let line = read.places.iter().take_while(|&&place| place < sight.line(start).end).count();
    let filler = read.bytes[..line].windows(2).any(|pair| pair == b"<<")
        || length == 30 && read.bytes[..line].iter().filter(|byte| byte.is_ascii_digit()).count() >= 10;
    (line >= length && filler && country.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'<'))
        .then(|| read.places.get(line - 1).map(|place| place + 1))?
}

fn is_mrz(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'<'
}

fn is_gap(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// Up to `most` characters from a place on; a whole word in small letters ends them before its first capital.
fn forward(sight: &Sight<'_>, from: usize, most: usize) -> Read {
    let mut read = Read { bytes: Vec::with_capacity(most), places: Vec::with_capacity(most) };
    let mut gap = 0;
    for (at, &byte) in sight.bytes.iter().enumerate().skip(from).take(most * 3) {
        if read.bytes.len() == most {
            break;
        }
        if is_mrz(byte) {
            let small = gap > 0 && sight.byte(at + 1).is_ascii_lowercase();
            if small {
                break;
            }
            read.bytes.push(byte);
            read.places.push(at);
            gap = 0;
        } else if is_gap(byte) && gap < GAP {
            gap += 1;
        } else {
            break;
        }
    }
    read
}

/// Up to `most` characters before a place, in the order of the text.
fn backward(sight: &Sight<'_>, to: usize, most: usize) -> Read {
    let mut read = Read { bytes: Vec::with_capacity(most), places: Vec::with_capacity(most) };
    let mut gap = 0;
    for at in (to.saturating_sub(most * 3)..to).rev() {
        let byte = sight.bytes[at];
        if read.bytes.len() == most {
            break;
        }
        if is_mrz(byte) {
            read.bytes.push(byte);
            read.places.push(at);
            gap = 0;
        } else if is_gap(byte) && gap < GAP {
            gap += 1;
        } else {
            break;
        }
    }
    read.bytes.reverse();
    read.places.reverse();
    read
}

/// ICAO 9303's check digit: weights 7, 3, 1; letters from 10 on, the filler 0.
fn checked(field: &[u8], digit: u8) -> bool {
    let sum: u32 = field
        .iter()
        .zip([7u32, 3, 1].into_iter().cycle())
        .map(|(&byte, weight)| {
            weight
                * match byte {
                    b'0'..=b'9' => u32::from(byte - b'0'),
                    b'A'..=b'Z' => u32::from(byte - b'A') + 10,
                    _ => 0,
                }
        })
        .sum();
    u32::from(digit) == u32::from(b'0') + sum % 10 || digit == b'<' && sum == 0
}

fn month_and_day(date: &[u8]) -> bool {
    let value = |at: usize| match date[at..at + 2] {
        [b'<', b'<'] => 1,
        [a, b] if a.is_ascii_digit() && b.is_ascii_digit() => (a - b'0') * 10 + b - b'0',
        _ => 99,
    };
    (0..=12).contains(&value(2)) && (0..=31).contains(&value(4))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::testing::{finds, misses};

    const TD3: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
    const TD1: &str = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<";
    const TD2: &str = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6";

    #[test]
    fn check_digits_are_those_of_the_standard() {
        assert!(checked(b"L898902C3", b'6') && checked(b"740812", b'2') && checked(b"120415", b'9') && checked(b"SPECI2014", b'2'));
        assert!(!checked(b"L898902C3", b'7'));
    }

    #[test]
    fn all_lines_of_every_format_are_one_finding() {
        for lines in [TD1, TD2, TD3] {
            finds("mrz", lines, lines);
            finds("mrz", &format!("Scan van het document:\n\n{lines}\n\nGraag invoeren."), lines);
            let spaced = lines.replace("<<<<", "<< <<");
            finds("mrz", &format!("ocr: {spaced}"), &spaced);
            let one_line = lines.replace('\n', " ");
            finds("mrz", &format!("(mrz {one_line})"), &one_line);
        }
    }

    #[test]
    fn a_line_alone_is_found_too() {
        for line in ["L898902C36UTO7408122F1204159ZE184226B<<<<<10", "P<NLDDE<BRUIJN<<WILLEKE<LISELOTTE<<<<<<<<<<<"] {
            finds("mrz", line, line);
        }
    }

    #[test]
    fn wrong_checks_code_and_ascii_art_are_none() {
        for text in [
            "L898902C36UTO7408123F1204159ZE184226B<<<<<10",
            "for (i=0; i<n; i++) { a<b; }",
            "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<",
            "A<B<C<D",
            "7408122F1204158",
            "i<NLD",
        ] {
            misses("mrz", text);
        }
    }
}
