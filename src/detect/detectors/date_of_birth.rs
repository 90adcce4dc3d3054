//! `date-of-birth`: a date in any usual form that a word calls a birth date, or that stands beside a person's name.
//!
//! Takes the digit runs as its starts; a word of birth before the date, behind it, above it or at the head of its column names it. Dates of
//! letters, decisions and laws, dates to come and ages over 120 are none.

use super::{Candidate, Detector};
use crate::detect::groups::{BIRTH, BSN, NAME_FOLLOWS, PERSON};
use crate::detect::keywords::Words;
use crate::detect::names::name_before;
use crate::detect::prefilter::is_word;
use crate::detect::score::Score;
use crate::detect::sight::Sight;
use std::sync::LazyLock;
use std::time::{SystemTime, UNIX_EPOCH};

pub(super) const DETECTOR: Detector = Detector {
    ids: &["date-of-birth"],
    words: &[Words(
        BIRTH,
        "geboren, geb, geb.dat, geb.datum, geb datum, geb dat, gebdat*, gb, gebd, geboortedat*, geboorte, geboortedag, geboorte datum, gebdatum, birth, birthdate, birth date, birthday, born, dob, d.o.b, date of birth, birth_date, date_of_birth, dateofbirth, \
         bday, geboortejaar, jarig, verjaardag, geb.dd, g.d",
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

/// The first letters of the months.
const MONTH_FIRST: &[u8] = b"afjmnosd";

/// Bytes between the word and its date: `geboren te Bergen op Zoom op`.
const REACH: usize = 56;

/// The latest year that a person can be born in.
pub(super) static THIS_YEAR: LazyLock<u32> = LazyLock::new(|| {
    let days = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() / 86_400);
    // A clock that was never set must not make every date one to come.
    u32::try_from(1970 + days * 400 / 146_097).unwrap_or(0).max(2026)
});

/// A date as it stands in the text.
#[derive(Debug, Clone, Copy)]
struct Date {
    start: usize,
    end: usize,
    /// Four digits; two are read as the latest year that has passed.
    year: u32,
    /// Eight digits without separators: a date only where a field says so.
    bare: bool,
}

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    let named = sight.has(BIRTH) || sight.label & BIRTH != 0;
    if !named && !sight.has(BSN | PERSON | NAME_FOLLOWS) {
        return;
    }
    let mut taken = 0;
    let mut last: Option<Date> = None;
    for run in sight.runs() {
        if run.start < taken || !may_be_date(sight, run.start, run.end) {
            continue;
        }
        let Some(date) = date(sight, run.start) else { continue };
        taken = date.end;
        let score = if named { by_word(sight, &date, last.as_ref()) } else { None };
        let score = score.or_else(|| if date.bare { None } else { by_name(sight, &date) });
        last = Some(date);
        if let Some(score) = score {
            out.push(Candidate { id: "date-of-birth", start: date.start, end: date.end, score });
        }
    }
    if sight.has(BIRTH) {
        years(sight, out);
    }
}

/// A word of birth names the date.
fn by_word(sight: &Sight<'_>, date: &Date, last: Option<&Date>) -> Option<Score> {
    if sight.column(date.start).is_some_and(|head| sight.groups_in(head) & BIRTH != 0) {
        return Some(Score::base(0.85, "a date under a head of birth dates"));
    }
    if html_head(sight, date.start).is_some_and(|head| sight.groups_in(head) & BIRTH != 0) {
        return Some(Score::base(0.85, "a date under a head of birth dates"));
    }
    if sight.label & BIRTH != 0 {
        return Some(Score::base(0.85, "a date in a field of birth dates"));
    }
    if let Some(hit) = sight.nearest_before(date.start, BIRTH, REACH)
        // The first date after the word.
        && last.is_none_or(|last| last.end <= hit.end)
        && let Some(between) = sight.text.get(hit.end..date.start)
        && leads(between)
    {
        return Some(Score::base(0.85, "a date after a word of birth"));
    }
    // `is op 12 augustus 1967 geboren`, `12 May 1980 (date of birth)`
    let after = sight.nearest_after(date.end, BIRTH, 3)?;
    let gap = sight.text.get(date.end..after.start)?;
    let first = &sight.text[after.start..after.end];
    let own = ["geboren", "born", "geboortedatum", "date of birth"].iter().any(|word| first.eq_ignore_ascii_case(word));
    // `12-3-2020 geboren 14-5-1980`: the word speaks of the date behind it.
    let behind = sight.text.get(after.end..)?.trim_start_matches([' ', ':', ')']).starts_with(|c: char| c.is_ascii_digit());
    (own && !behind && !date.bare && matches!(gap, " " | " (" | ", ")).then(|| Score::base(0.75, "a date before a word of birth"))
}

/// The cell at the head of the column, in a table of HTML with one row to a line.
fn html_head(sight: &Sight<'_>, at: usize) -> Option<std::ops::Range<usize>> {
    const ROWS_BACK: usize = 64;
    const LINE_MAX: usize = 2048;
    let mut line = sight.line(at);
    let cell = |line: std::ops::Range<usize>, tag: &[u8]| memchr::memmem::find_iter(&sight.bytes[line], tag).count();
    let index = cell(line.start..at, b"<td");
    if index == 0 {
        return None;
    }
    for _ in 0..ROWS_BACK {
        // A line that long is no row, and many of them would be read again and again.
        if line.len() > LINE_MAX {
            return None;
        }
        line = sight.line(line.start.checked_sub(1)?);
        if let Some(first) = memchr::memmem::find_iter(&sight.bytes[line.clone()], b"<th")
            .filter(|found| !sight.bytes[line.start + found..].starts_with(b"<thead"))
            .nth(index - 1)
        {
            let start = line.start + first;
            let end = memchr::memmem::find(&sight.bytes[start + 3..line.end], b"<th").map_or(line.end, |next| start + 3 + next);
            return Some(start..end);
        }
        if cell(line.clone(), b"<t") == 0 {
            return None;
        }
    }
    None
}

/// Nothing between the word and the date speaks of another date.
fn leads(between: &str) -> bool {
    const OTHER: &[&str] = &[
        "overleden",
        "overl",
        "verhuisd",
        "sinds",
        "besluit",
        "brief",
        "ingeschreven",
        "gehuwd",
        "aangemeld",
        "vergadering",
        "d.d.",
        "gestorven",
        "getrouwd",
        "ontvangen",
        "vertrokken",
        "verleend",
        "died",
        "married",
    ];
    let sentence = between.get(1..).is_some_and(|rest| rest.contains(". ")) && !between.contains(':');
    let lines = between.bytes().filter(|&byte| byte == b'\n').count();
    // A line below its label holds nothing else.
    let below = lines == 0 || lines <= 2 && between.bytes().filter(|&byte| is_word(byte)).count() <= 12;
    !sentence && below && !OTHER.iter().any(|other| between.contains(other)) && !between.contains('}')
}

/// The date stands in brackets or after a slash behind a person's name.
fn by_name(sight: &Sight<'_>, date: &Date) -> Option<Score> {
    let before = sight.text.get(..date.start)?;
    let gap = [" (", " / ", "/", "; ", " | ", " - "].iter().find(|gap| before.ends_with(**gap))?;
    let line = sight.line(date.start);
    let end = date.start - gap.len();
    let name = name_before(sight, end).filter(|name| name.words >= 2 && name.start >= line.start);
    // `WAL, HATICE VAN DER (..)`: the end of a name that begins with the surname.
    let reversed = || {
        let text = sight.text.get(line.start..end)?;
        let comma = text.rfind(", ")?;
        (text.len() - comma < 40 && text[comma + 2..].chars().next()?.is_uppercase()).then_some(())
    };
    let role = sight.groups_in(line.start..date.start) & (PERSON | NAME_FOLLOWS) != 0;
    let number = sight.has(BSN) && sight.near(date.start, date.end, BSN, 60);
    // `Client: B Zandstra / 06/10/1959`
    let labelled = || sight.nearest_before(end, NAME_FOLLOWS, 40).filter(|hit| hit.start >= line.start && sight.byte(hit.end) == b':');
    if name.is_none() && (!role || reversed().is_none() && labelled().is_none()) {
        return None;
    }
    let known = name.is_some_and(|name| name.given + name.surname + name.given_ordinary + name.surname_ordinary + name.initials > 0);
    Some(
        Score::base(if known || role { 0.3 } else { 0.1 }, "a date beside a name")
            .and(if role { 0.25 } else { 0.0 }, "a role before the name")
            .and(if number { 0.25 } else { 0.0 }, "a citizen service number near it")
            .and(if date.year + 12 < *THIS_YEAR { 0.1 } else { -0.1 }, "the age that it gives"),
    )
}

/// `geboren in 1987`, `geboortejaar: 1987`, and `geb. 12-3`, beside a person.
fn years(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    for hit in sight.hits(BIRTH) {
        let gap = sight.bytes[hit.end..].iter().take(6).take_while(|byte| matches!(byte, b' ' | b'.' | b':' | b'(' | b'i' | b'n')).count();
        let start = hit.end + gap;
        let length = sight.bytes[start.min(sight.bytes.len())..].iter().take(5).take_while(|byte| byte.is_ascii_digit()).count();
        let sentence = sight.sentence(hit.start);
        let person = sight.groups_in(sentence) & (PERSON | NAME_FOLLOWS | BSN) != 0;
        let field = sight.bytes[hit.end..start.min(sight.bytes.len())].contains(&b':');
        let year = sight.text.get(start..start + length).and_then(|text| text.parse::<u32>().ok()).unwrap_or(0);
        let whole = !is_word(sight.byte(start + length)) && !matches!(sight.byte(start + length), b'-' | b'/');
        if length == 4 && is_year(year) && whole && (person || field) && gap > 0 {
            out.push(Candidate { id: "date-of-birth", start, end: start + 4, score: Score::base(0.55, "a year of birth of a person") });
            continue;
        }
        // A day and month alone, directly behind the word.
        let Some((day, at, _)) = number(sight, start, 2) else { continue };
        if sight.byte(at) == b'-'
            && let Some((month, end, _)) = number(sight, at + 1, 2)
            && (1..=31).contains(&day)
            && (1..=12).contains(&month)
            && !is_word(sight.byte(end))
            && !matches!(sight.byte(end), b'-' | b'/')
            && gap > 0
        {
            out.push(Candidate { id: "date-of-birth", start, end, score: Score::base(0.55, "a day and month after a word of birth") });
        }
    }
}

/// Digits at a place: their value, their end, and how many there are.
fn number(sight: &Sight<'_>, at: usize, most: usize) -> Option<(u32, usize, usize)> {
    let digits = sight.bytes.get(at..)?;
    let length = digits.iter().take(most + 1).take_while(|byte| byte.is_ascii_digit()).count();
    let value = digits[..length].iter().fold(0u32, |value, byte| value * 10 + u32::from(byte - b'0'));
    (length > 0 && length <= most).then_some((value, at + length, length))
}

/// What follows the digits may follow the first number of a date: nearly every number of a text ends here.
#[inline]
fn may_be_date(sight: &Sight<'_>, start: usize, end: usize) -> bool {
    let separates = |byte: u8| matches!(byte, b'-' | b'/' | b'.');
    let (first, second) = (sight.byte(end), sight.byte(end + 1));
    match end - start {
        8 => true,
        1..8 if separates(first) => second.is_ascii_digit() || second == b'\'',
        1..8 if first == b' ' && separates(second) && sight.byte(end + 2) == b' ' => sight.byte(end + 3).is_ascii_digit(),
        // `12 mei`, `12 van de maand`, `12e`, `12, 1980` behind a month.
        1..=2 if first == b' ' => {
            MONTH_FIRST.contains(&second.to_ascii_lowercase()) || second.is_ascii_digit() || b" ,.-v".contains(&second)
        }
        1..=2 => first == b',' || first.is_ascii_alphabetic(),
        _ => false,
    }
}

/// The date that holds the digits at `start`: 24-11-1980, 24/11/'80, 1980-11-24, 24 november 1980, de 3e van mei 1990, March 3rd, 1990, 19801124.
fn date(sight: &Sight<'_>, start: usize) -> Option<Date> {
    if sight.ends_word(start) || matches!(sight.before(start), b'-' | b'.') && start >= 2 && sight.bytes[start - 2].is_ascii_digit() {
        return None;
    }
    let (first, at, length) = number(sight, start, 8)?;
    let made = |start: usize, end: usize, year: u32, bare: bool| Some(Date { start, end, year, bare });
    let day = |value: u32| (1..=31).contains(&value);
    let month = |value: u32| (1..=12).contains(&value);
    if length == 8 {
        if is_word(sight.byte(at)) {
            return None;
        }
        let (year, middle, last) = (first / 10_000, first / 100 % 100, first % 100);
        if is_year(year) && month(middle) && day(last) {
            return made(start, at, year, true);
        }
        let year = first % 10_000;
        return if is_year(year) && month(first / 10_000 % 100) && day(first / 1_000_000) { made(start, at, year, true) } else { None };
    }
    // `12-3-1980`, `12 - 3 - 1980`, `12/3/'80`
    if let Some((separator, next)) = separator(sight, at) {
        let (second, after, _) = number(sight, next, 2)?;
        let (again, next) = self::separator(sight, after)?;
        let next = next
            + usize::from(sight.byte(next) == b'\'')
            + 3 * usize::from(sight.text.get(next..).is_some_and(|rest| rest.starts_with('\u{2019}')));
        let (third, end, digits) = number(sight, next, 4)?;
        let whole = (!is_word(sight.byte(end)) || sight.byte(end) == b'T')
            && !(sight.byte(end) == separator && sight.byte(end + 1).is_ascii_digit() && separator != b'/');
        if separator != again || !whole {
            return None;
        }
        if length == 4 {
            return if is_year(first) && month(second) && day(third) { made(start, end, first, false) } else { None };
        }
        let year = full_year(third, digits)?;
        return if day(first) && month(second) || month(first) && day(second) { made(start, end, year, false) } else { None };
    }
    if length > 2 || !day(first) {
        return None;
    }
    written(sight, start, at)
}

/// One separator of a date, with a space on both sides or none.
fn separator(sight: &Sight<'_>, at: usize) -> Option<(u8, usize)> {
    let spaced = sight.byte(at) == b' ';
    let at = at + usize::from(spaced);
    let byte = sight.byte(at);
    (matches!(byte, b'-' | b'/' | b'.') && (!spaced || sight.byte(at + 1) == b' ')).then(|| (byte, at + 1 + usize::from(spaced)))
}

/// A date with its month in letters around the day at `start..at`.
fn written(sight: &Sight<'_>, start: usize, at: usize) -> Option<Date> {
    let rest = sight.text.get(at..)?;
    let ordinal = ["de", "ste", "e", "st", "nd", "rd", "th"]
        .iter()
        .find(|end| rest.starts_with(**end) && !rest[end.len()..].starts_with(|c: char| c.is_alphanumeric()));
    let mut next = at + ordinal.map_or(0, |end| end.len());
    let spaces = |from: usize| sight.bytes[from..].iter().take(3).take_while(|byte| matches!(byte, b' ' | b'.' | b',' | b'-')).count();
    next += spaces(next);
    for word in ["van ", "of ", "dag van "] {
        if sight.text.get(next..).is_some_and(|rest| rest.starts_with(word)) {
            next += word.len();
        }
    }
    if let Some(length) = month_length(sight, next) {
        next += length;
        next += spaces(next);
        for word in ["van het jaar ", "in ", "van "] {
            if sight.text.get(next..).is_some_and(|rest| rest.starts_with(word)) {
                next += word.len();
            }
        }
        let next = next
            + sight.text.get(next..).map_or(0, |rest| {
                if rest.starts_with('\'') {
                    1
                } else if rest.starts_with('\u{2019}') {
                    3
                } else {
                    0
                }
            });
        let (year, end, digits) = number(sight, next, 4)?;
        let year = full_year(year, digits)?;
        let article = if sight.text.get(..start).is_some_and(|before| before.ends_with(" de ")) { 3 } else { 0 };
        return (!is_word(sight.byte(end))).then_some(Date { start: start - article, end, year, bare: false });
    }
    // `March 3rd, 1990`: the month stands before the day.
    let letters = sight.bytes[..start.checked_sub(1)?].iter().rev().take(12).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let from = start - 1 - letters;
    let length = (sight.before(start) == b' ').then(|| month_length(sight, from)).flatten().filter(|&length| length == letters)?;
    let (year, end, digits) = number(sight, next, 4)?;
    let year = full_year(year, digits).filter(|_| digits == 4 && length > 2)?;
    (!is_word(sight.byte(end))).then_some(Date { start: from, end, year, bare: false })
}

/// Bytes of the month's name at a place.
fn month_length(sight: &Sight<'_>, at: usize) -> Option<usize> {
    if !MONTH_FIRST.contains(&sight.byte(at).to_ascii_lowercase()) {
        return None;
    }
    let length = sight.bytes.get(at..)?.iter().take(10).take_while(|byte| byte.is_ascii_alphabetic()).count();
    let word = sight.text.get(at..at + length)?;
    MONTHS.iter().any(|name| word.eq_ignore_ascii_case(name)).then_some(length)
}

/// The year in four digits; `'87` and `87` are the last such year that has passed.
fn full_year(year: u32, digits: usize) -> Option<u32> {
    let full = match digits {
        4 => year,
        2 if 2000 + year <= *THIS_YEAR => 2000 + year,
        2 => 1900 + year,
        _ => return None,
    };
    is_year(full).then_some(full)
}

/// A person who was born in this year may be alive.
fn is_year(year: u32) -> bool {
    (*THIS_YEAR - 120..=*THIS_YEAR).contains(&year)
}

#[cfg(test)]
mod tests;
