//! `date-of-birth`: a date in any usual form that a word calls a birth date.

use super::{Candidate, Detector};
use crate::detect::groups::BIRTH;
use crate::detect::keywords::Words;
use crate::detect::score::Score;
use crate::detect::sight::Sight;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["date-of-birth"],
    words: &[Words(
        BIRTH,
        "geboren, geb, geb.dat, geboortedatum*, geboorte, geboortedag, gebdatum, birth, birthdate, birthday, born, dob, date of birth, birth_date, dateofbirth, geboortejaar, jarig",
    )],
    look,
};

const MONTHS: &[&str] = &[
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
    "january",
    "february",
    "march",
    "may",
    "june",
    "july",
    "august",
    "october",
    "jan",
    "feb",
    "mrt",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "okt",
    "oct",
    "nov",
    "dec",
];

/// Bytes between the word and its date.
const REACH: usize = 40;

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    if !sight.has(BIRTH) && sight.label & BIRTH == 0 {
        return;
    }
    let mut taken = 0;
    for (index, run) in sight.runs().iter().enumerate() {
        if run.start < taken {
            continue;
        }
        let Some(end) = date(sight, run.start) else { continue };
        let named = match sight.column(run.start) {
            Some(head) if sight.groups_in(head.clone()) & BIRTH != 0 => true,
            _ => {
                let line_start = sight.line(run.start).start;
                sight.label & BIRTH != 0
                    || sight.nearest_before(run.start, BIRTH, REACH).is_some_and(|hit| {
                        // The first date after the word, on its line or alone on the next.
                        hit.start >= line_start.saturating_sub(REACH)
                            && !sight.runs()[..index]
                                .iter()
                                .rev()
                                .take_while(|other| other.start > hit.end)
                                .any(|other| date(sight, other.start).is_some())
                    })
            }
        };
        if named {
            taken = end;
            out.push(Candidate { id: "date-of-birth", start: run.start, end, score: Score::base(0.85, "a date after a word of birth") });
        }
    }
}

/// Where the date that starts at `start` ends: 24-11-1980, 24/11/80, 1980-11-24, 24 november 1980, 19801124.
fn date(sight: &Sight<'_>, start: usize) -> Option<usize> {
    let number = |at: usize, most: usize| {
        let length = sight.bytes[at..].iter().take(most + 1).take_while(|byte| byte.is_ascii_digit()).count();
        let value = sight.bytes[at..at + length].iter().fold(0u32, |value, byte| value * 10 + u32::from(byte - b'0'));
        (length > 0 && length <= most).then_some((value, at + length, length))
    };
    if sight.before(start).is_ascii_alphanumeric() {
        return None;
    }
    let (first, mut at, length) = number(start, 8)?;
    if length == 8 {
        let (year, month, day) = (first / 10_000, first / 100 % 100, first % 100);
        return (is_year(year, 4) && (1..=12).contains(&month) && (1..=31).contains(&day)).then_some(at);
    }
    let separator = sight.byte(at);
    if matches!(separator, b'-' | b'/' | b'.') {
        let (second, after, _) = number(at + 1, 2)?;
        if sight.byte(after) != separator {
            return None;
        }
        let (third, end, digits) = number(after + 1, 4)?;
        let whole = !sight.byte(end).is_ascii_alphanumeric() || sight.byte(end) == b'T';
        let fits = if length == 4 {
            is_year(first, 4) && (1..=12).contains(&second) && (1..=31).contains(&third)
        } else {
            (1..=31).contains(&first) && (1..=12).contains(&second) && is_year(third, digits)
                || (1..=12).contains(&first) && (13..=31).contains(&second) && is_year(third, digits)
        };
        return (whole && fits).then_some(end);
    }
    if length > 2 || !(1..=31).contains(&first) {
        return None;
    }
    at += sight.bytes[at..].iter().take(2).take_while(|byte| matches!(byte, b' ' | b'.' | b'e')).count();
    let word = sight.bytes[at..].iter().take(10).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let month = sight.text.get(at..at + word)?;
    if !MONTHS.iter().any(|name| month.eq_ignore_ascii_case(name)) {
        return None;
    }
    at += word;
    at += sight.bytes[at..].iter().take(2).take_while(|byte| matches!(byte, b' ' | b'.' | b',')).count();
    let (year, end, digits) = number(at, 4)?;
    is_year(year, digits).then_some(end)
}

fn is_year(year: u32, digits: usize) -> bool {
    match digits {
        4 => (1900..=2035).contains(&year),
        2 => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn a_birth_date_is_found_in_every_notation() {
        for value in ["06-04-2010", "4-2-2011", "11 mei 2015", "1991-12-08", "24/11/80", "5 februari 2004", "19801124"] {
            finds("date-of-birth", &format!("Dex Boonstra (geboren {value}) is aangemeld."), value);
        }
        finds("date-of-birth", "naam;geboortedatum;plaats\nBos;16-09-1943;Zeist", "16-09-1943");
    }

    #[test]
    fn other_dates_are_none() {
        for text in [
            "Datum: 17 februari 2024",
            "Geboren in Zeist. De vergadering van alle medewerkers van de afdeling is op 17-02-2024",
            "geboren 99-99-1980",
        ] {
            misses("date-of-birth", text);
        }
    }
}
