//! `minors`: a child with an age, a school class, or the word for one, as a certain child.
//!
//! Starts from digit runs that are an age under eighteen (`(8 jaar)`, `8-jarige`, `8 years old`) and from words such as `leerling`; a term of
//! years, an age group or a crowd is none.

use super::around::*;
use super::{Candidate, Signs};
use crate::detect::detectors::date_of_birth::THIS_YEAR;
use crate::detect::groups::{BIRTH, MINOR};
use crate::detect::score::Score;
use crate::detect::sight::Sight;

/// Ages under eighteen: the number with its word.
pub(super) fn places(sight: &Sight<'_>) -> Vec<(usize, usize)> {
    let mut places = Vec::new();
    for run in sight.runs() {
        if run.len() > 2 {
            continue;
        }
        // Nearly every number is followed by something else, and told by two bytes.
        let (sign, letter) = (sight.byte(run.end), sight.byte(run.end + 1).to_ascii_lowercase());
        let may = match sign {
            b' ' => matches!(letter, b'j' | b'y' | b'm'),
            b'-' => matches!(letter, b'j' | b'y'),
            _ => matches!(sign, b'j' | b'J'),
        };
        if !may {
            continue;
        }
        let rest = &sight.bytes[run.end..];
        let Some(length) =
            AGES.iter().find(|age| rest.len() >= age.len() && rest[..age.len()].eq_ignore_ascii_case(age.as_bytes())).map(|age| age.len())
        else {
            continue;
        };
        let value = sight.bytes[run.start..run.end].iter().fold(0u32, |value, byte| value * 10 + u32::from(byte - b'0'));
        let more = rest[length..].iter().take(2).take_while(|byte| byte.is_ascii_alphabetic()).count();
        if value < 18 && more < 2 && sight.alone(run.start, run.end) && sight.before(run.start) != b',' && sight.before(run.start) != b'.' {
            places.push((run.start, run.end + length));
        }
    }
    places
}

/// Longest first, where one begins another.
const AGES: &[&str] = &[
    " jaar oud",
    " jarige",
    " jarig",
    "-jarige",
    "-jarig",
    "jarige",
    " jaar",
    " jr",
    " years old",
    " year old",
    "-year-old",
    " years",
    " yrs",
    " yo",
    " mnd",
    " maanden oud",
];

/// Words before an age that make it a term or an age group.
const NOT_AN_AGE: &[&str] = &[
    "tot",
    "vanaf",
    "binnen",
    "afgelopen",
    "laatste",
    "komende",
    "elke",
    "per",
    "na",
    "over",
    "sinds",
    "ruim",
    "minimaal",
    "maximaal",
    "minstens",
    "voor",
    "dan",
    "of",
    "om",
    "onder",
    "boven",
    "en",
    "t/m",
    "al",
    "duur",
    "looptijd",
    "circa",
    "ca",
    "to",
    "within",
    "last",
    "next",
    "every",
    "for",
    "after",
    "under",
    "over",
    "between",
    "least",
    "most",
    "up",
    "aged",
    "than",
    "from",
    "in",
    "hele",
    "bestaat",
    "duurt",
    "geldt",
    "loopt",
    "exists",
    "lasts",
];
const AFTER_A_TERM: &[&str] = &[
    " geleden",
    " lang",
    " garantie",
    " ago",
    " cel",
    " gevangenisstraf",
    " tbs",
    " na ",
    " eerder",
    " later",
    " ervaring",
    " of experience",
    " in dienst",
    " en ouder",
    " of ouder",
    " en jonger",
    " of jonger",
    " or older",
    " bestaa",
];

pub(super) fn look(sight: &Sight<'_>, signs: &Signs, ages: &[(usize, usize)], out: &mut Vec<Candidate>) {
    let words = sight.hits(MINOR).map(|hit| (hit.start, hit.end, false));
    born(sight, out);
    let mut places: Vec<(usize, usize, bool)> = ages.iter().map(|&(start, end)| (start, end, true)).chain(words).collect();
    places.sort_unstable();
    let mut around: Option<Around> = None;
    let mut best: Option<Candidate> = None;
    for (start, end, is_age) in places {
        if around.as_ref().is_none_or(|around| start >= around.range.end) {
            out.extend(best.take());
            around = Some(Around::new(sight, sentence(sight, start)));
        }
        let Some(around) = &around else { continue };
        let Some(score) = (if is_age { age(sight, signs, around, start, end) } else { word(sight, signs, around, start, end) }) else {
            continue;
        };
        if best.is_none_or(|best| score.value() > best.score.value()) {
            best = Some(Candidate { id: "minors", start, end, score });
        }
    }
    out.extend(best);
}

/// `zoon Thijs (geboren op 13-4-2015)`: a word for a child with a year of birth.
fn born(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    let mut done = 0;
    for hit in sight.hits(BIRTH) {
        let after = sight.bytes.get(hit.end..(hit.end + REACH).min(sight.bytes.len())).unwrap_or(b"");
        let after = &after[..after.iter().position(|&byte| byte == b'\n').unwrap_or(after.len())];
        let year = after
            .split(|byte| !byte.is_ascii_digit())
            .filter(|digits| digits.len() == 4)
            .find_map(|digits| std::str::from_utf8(digits).ok()?.parse::<u32>().ok());
        if hit.start < done || !year.is_some_and(|year| (*THIS_YEAR - 18..2100).contains(&year)) {
            continue;
        }
        let around = Around::new(sight, sentence(sight, hit.start));
        done = around.range.end;
        let child = around.of(CHILD).rfind(|child| {
            child.end <= hit.start
                && child.end + 2 * REACH >= hit.start
                && !FOR_ALL.contains(&sight.text.get(child.start..child.end).unwrap_or(""))
        });
        if let Some(child) = child {
            let score = Score::base(0.75, "a word for a child with a birth date");
            out.push(Candidate { id: "minors", start: child.start, end: child.end, score: against(score, &around, true) });
        }
    }
}

/// Bytes after a word for birth in which its date stands.
const REACH: usize = 30;
/// Words of [`CHILD`] that name no child.
const FOR_ALL: &[&str] = &["groep", "klas", "school", "basisschool", "year", "kinderen", "children"];

fn age(sight: &Sight<'_>, signs: &Signs, around: &Around, start: usize, end: usize) -> Option<Score> {
    let bracketed = sight.before(start) == b'(' && matches!(sight.byte(end), b')' | b',' | b';');
    let text = sight.text.get(around.range.start..start)?.trim_end();
    let last = text.rsplit([' ', '(']).next().unwrap_or("");
    let after = sight.text.get(end..)?;
    if !bracketed && NOT_AN_AGE.iter().any(|word| last.eq_ignore_ascii_case(word))
        || AFTER_A_TERM.iter().any(|word| after.starts_with(word))
        || last.ends_with(|c: char| c.is_ascii_digit() || c == '-')
    {
        return None;
    }
    let mut score = Score::base(0.201, "an age under eighteen");
    let name = Signs::within(&signs.names, around.range.start, around.range.end);
    let child = around.of(CHILD).find(|child| !FOR_ALL.contains(&sight.text.get(child.start..child.end).unwrap_or("")));
    // `Sanne (8 jaar)`: the word before the bracket is written as a name.
    let capital = bracketed
        && text.trim_end_matches('(').trim_end().rsplit(' ').next().is_some_and(|word| word.chars().next().is_some_and(char::is_uppercase));
    if bracketed {
        score = score.and(0.2, "in brackets");
    }
    if capital {
        score = score.and(0.2, "behind a name");
    }
    if name.is_some() || super::likely_name(sight, around, start, end).is_some() {
        score = score.and(0.2, "a person's name in the sentence");
    }
    if after.starts_with(" oud") || sight.bytes[start..end].ends_with(b" oud") || sight.bytes[start..end].ends_with(b" old") {
        score = score.and(0.15, "as somebody's age");
    }
    if child.is_some() {
        score = score.and(0.3, "a word for a child in the sentence");
    } else if around.has(THIRD | RELATIVE | ROLE) && (after.starts_with(" oud") || around.has(TIE)) {
        score = score.and(0.15, "a person in the sentence");
    }
    if around.has(THEIRS | MINE) {
        score = score.and(0.1, "it is somebody's child");
    }
    Some(against(score, around, name.is_some()))
}

fn word(sight: &Sight<'_>, signs: &Signs, around: &Around, start: usize, end: usize) -> Option<Score> {
    let mut score = Score::base(0.2, "a word for a child");
    let name = Signs::within(&signs.names, around.range.start, around.range.end);
    let follows = sight.text.get(end..)?.trim_start_matches([' ', ':']).chars().next().is_some_and(char::is_uppercase);
    if name.is_some() {
        score = score.and(0.35, "a person's name in the sentence");
    } else if follows {
        score = score.and(0.25, "a name follows it");
    }
    let text = sight.text.get(around.range.start..start)?.trim_end();
    let owner = text.rsplit(' ').next().unwrap_or("");
    if around.of(MINE | THEIRS).any(|mine| mine.end + 1 == start) {
        score = score.and(0.25, "it is somebody's");
    } else if ["een", "elke", "iedere", "per", "a", "an", "every"].iter().any(|word| owner.eq_ignore_ascii_case(word)) {
        score = score.and(-0.15, "nobody in particular");
    }
    if Signs::within(&signs.numbers, around.range.start, around.range.end).is_some() {
        score = score.and(0.3, "a number or birth date in the sentence");
    }
    if around.has(TIE) || around.of(CHILD).any(|child| child.start != start) {
        score = score.and(0.1, "something is said of the child");
    }
    Some(against(score, around, name.is_some()))
}

fn against(mut score: Score, around: &Around, named: bool) -> Score {
    if around.has(TOPIC) || around.percent {
        score = score.and(-0.35, "words of policy, figures or education");
    }
    if around.has(MANY) {
        score = score.and(if named { -0.15 } else { -0.3 }, "groups of people");
    }
    if around.has(ANYONE | MODAL) && !named {
        score = score.and(-0.2, "anybody is meant");
    }
    score
}
