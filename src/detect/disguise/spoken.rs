//! Numbers written in words, Dutch and English: `nul zes twaalf vierendertig`, `één-twee-drie`, `double four`.
//!
//! Takes the text and the hits of words for digits; gives one piece per row of words. A row, or rows with a few letters between them (an
//! account number), must come to seven digits at least; counting to three is no number.

use super::Pieces;
use crate::detect::groups::DIGIT_WORD;
use crate::detect::prefilter::Trace;

/// Digits from which a row of words is a number.
const LEAST: usize = 7;
/// Bytes between two rows of one number: `NL nul twee ABNA nul vier`.
const BETWEEN: usize = 12;
/// Bytes between two words of one row that are hits: `een` and `one` are none.
const APART: usize = 60;
/// Digits of the longest number; a longer row is a table or a game.
const MOST: usize = 64;

/// A row of words.
struct Row {
    start: usize,
    end: usize,
    digits: String,
}

pub(super) fn find(text: &str, trace: &Trace, out: &mut Pieces) {
    if trace.present & DIGIT_WORD == 0 {
        return;
    }
    let mut rows: Vec<Row> = Vec::new();
    let mut done = 0;
    let words = trace.of(DIGIT_WORD);
    for (index, hit) in words.iter().map(|&hit| trace.hits[hit as usize]).enumerate() {
        // A number takes more than one such word: `twee weken` and `drie keer` end here.
        let near = |other: Option<&u32>| other.is_some_and(|&other| trace.hits[other as usize].start.abs_diff(hit.start) <= APART);
        if !near(index.checked_sub(1).and_then(|before| words.get(before))) && !near(words.get(index + 1)) {
            continue;
        }
        if hit.start < done {
            continue;
        }
        let start = back(text, hit.start, done);
        let row = read(text, start);
        done = row.end.max(hit.end);
        if rows.last().is_some_and(|last| !belongs(&text[last.end..row.start])) {
            close(&mut rows, out);
        }
        rows.push(row);
    }
    close(&mut rows, out);
}

/// Only letters and separators, and few of them, stand between two rows of one number.
fn belongs(between: &str) -> bool {
    between.len() <= BETWEEN && between.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b' ' | b',' | b'-' | b'.'))
}

fn close(rows: &mut Vec<Row>, out: &mut Pieces) {
    let digits: usize = rows.iter().map(|row| row.digits.len()).sum();
    if (LEAST..=MOST).contains(&digits) {
        for row in rows.iter() {
            // An area code apart, as phone numbers are written; the country's with its sign.
            match row.digits.as_bytes() {
                [b'0', b'1'..=b'5' | b'7' | b'8', ..] if rows.len() == 1 && digits == 10 => {
                    out.push(row.start, row.end, &format!("{}-{}", &row.digits[..3], &row.digits[3..]));
                }
                [b'3', b'1', ..] if rows.len() == 1 && digits == 11 => out.push(row.start, row.end, &format!("+{}", row.digits)),
                _ => out.push(row.start, row.end, &row.digits),
            }
        }
    }
    rows.clear();
}

/// The start of the words before the place that are too common to be hits: `een`, `één`, `one`, `o`, and digits as such.
fn back(text: &str, mut start: usize, least: usize) -> usize {
    let mut probe = start;
    while let Some((word, from)) = word_before(text, probe, least).filter(|&(_, from)| from >= least) {
        if word.eq_ignore_ascii_case("plus") || token(word).is_some() || factor(word).is_some() {
            start = from;
        } else if !is_filler(word) {
            break;
        }
        probe = from;
    }
    start
}

fn word_before(text: &str, at: usize, least: usize) -> Option<(&str, usize)> {
    let before = text.get(least.max(text.floor_char_boundary(at.saturating_sub(40)))..at)?;
    let word_end = before.trim_end_matches(is_gap);
    let gap = &before[word_end.len()..];
    if gap.is_empty() || gap.len() > 3 || gap.contains(is_border) {
        return None;
    }
    let from = word_end
        .rfind(|c: char| !c.is_alphanumeric())
        .map_or(0, |found| found + word_end[found..].chars().next().map_or(1, char::len_utf8));
    let word = &word_end[from..];
    (!word.is_empty() && (!is_digits(word) || is_close(gap))).then_some((word, at - before.len() + from))
}

fn is_gap(c: char) -> bool {
    matches!(c, ' ' | ',' | '-' | '.' | '/' | '_' | '\n' | '\r' | '|' | ';' | '…' | '*' | '"')
}

/// Parts the cells of a table: between all the words of a number, or between none.
fn is_border(c: char) -> bool {
    matches!(c, ';' | '|' | '"')
}

fn is_digits(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits as such belong to the words beside them over a space or hyphen only: a comma or line end parts them.
fn is_close(gap: &str) -> bool {
    matches!(gap, " " | "-")
}

/// Reads words from the place on, as long as they are digits.
fn read(text: &str, start: usize) -> Row {
    let mut row = Row { start, end: start, digits: String::new() };
    let plus = text[start..].get(..4).is_some_and(|word| word.eq_ignore_ascii_case("plus"));
    let (mut at, mut times) = (start, 1);
    let mut tens = None;
    let mut cells = None;
    // `ten name van` follows a Dutch number more often than an English one goes on with `ten`.
    let (mut close, mut english) = (true, false);
    while row.digits.len() <= MOST {
        let rest = &text[at..];
        let length = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        let word = &rest[..length];
        if at == start && plus && length == 4 {
            row.digits.push('+');
        } else if let Some(factor) = factor(word) {
            times = factor;
        } else if let Some(value) = token(word).filter(|_| (close || !is_digits(word)) && !(word == "ten" && !english)) {
            english = is_english(word);
            match (tens, value.len()) {
                // `twenty-three` is 23.
                (Some(_), 1) if value != "0" && times == 1 => {
                    row.digits.pop();
                    row.digits.push_str(&value);
                }
                _ => {
                    for _ in 0..times {
                        row.digits.push_str(&value);
                    }
                }
            }
            tens = (value.len() == 2 && value.ends_with('0') && value != "10" && word.ends_with("ty") && rest[length..].starts_with('-'))
                .then_some(());
            times = 1;
            row.end = at + length;
        } else if row.digits.is_empty() || !is_filler(word) {
            break;
        }
        let after = &rest[length..];
        let gap = after.len() - after.trim_start_matches(is_gap).len();
        let border = after[..gap].contains(is_border);
        if gap == 0 || gap > 4 || *cells.get_or_insert(border) != border {
            break;
        }
        close = is_close(&after[..gap]);
        at += length + gap;
    }
    row
}

/// Words for the signs between the digits.
const FILLERS: &[&str] = &["streepje", "punt", "spatie", "koppelteken", "liggend", "dash", "hyphen", "dot", "point", "space", "keer"];

fn is_filler(word: &str) -> bool {
    FILLERS.iter().any(|filler| word.eq_ignore_ascii_case(filler))
}

fn is_english(word: &str) -> bool {
    const WORDS: &[&str] = &["zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    WORDS.iter().any(|known| word.eq_ignore_ascii_case(known))
}

fn factor(word: &str) -> Option<usize> {
    ["dubbel", "dubbele", "double", "tweemaal"]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
        .then_some(2)
        .or_else(|| ["driedubbel", "triple", "treble", "driemaal"].iter().any(|known| word.eq_ignore_ascii_case(known)).then_some(3))
}

const UNITS: &[(&str, u8)] = &[
    ("nul", 0),
    ("zero", 0),
    ("oh", 0),
    ("o", 0),
    ("een", 1),
    ("één", 1),
    ("eén", 1),
    ("ein", 1),
    ("one", 1),
    ("twee", 2),
    ("two", 2),
    ("drie", 3),
    ("three", 3),
    ("vier", 4),
    ("four", 4),
    ("vijf", 5),
    ("five", 5),
    ("zes", 6),
    ("six", 6),
    ("zeven", 7),
    ("seven", 7),
    ("acht", 8),
    ("eight", 8),
    ("negen", 9),
    ("nine", 9),
    ("tien", 10),
    ("ten", 10),
    ("elf", 11),
    ("eleven", 11),
    ("twaalf", 12),
    ("twelve", 12),
    ("dertien", 13),
    ("thirteen", 13),
    ("veertien", 14),
    ("fourteen", 14),
    ("vijftien", 15),
    ("fifteen", 15),
    ("zestien", 16),
    ("sixteen", 16),
    ("zeventien", 17),
    ("seventeen", 17),
    ("achttien", 18),
    ("eighteen", 18),
    ("negentien", 19),
    ("nineteen", 19),
];

const TENS: &[(&str, u8)] = &[
    ("twintig", 20),
    ("twenty", 20),
    ("dertig", 30),
    ("thirty", 30),
    ("veertig", 40),
    ("forty", 40),
    ("vijftig", 50),
    ("fifty", 50),
    ("zestig", 60),
    ("sixty", 60),
    ("zeventig", 70),
    ("seventy", 70),
    ("tachtig", 80),
    ("eighty", 80),
    ("negentig", 90),
    ("ninety", 90),
];

/// The digits that a word stands for: a unit, a number under a hundred (`zesentwintig`, `tweeëntwintig`), or digits as such.
fn token(word: &str) -> Option<String> {
    if word.len() > 20 || word.is_empty() {
        return None;
    }
    if word.bytes().all(|byte| byte.is_ascii_digit()) {
        return (word.len() <= 2).then(|| word.to_owned());
    }
    let known = |list: &[(&str, u8)], word: &str| list.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|&(_, value)| value);
    let capital = word.strip_prefix("Éé").map(|rest| format!("éé{rest}"));
    let word = capital.as_deref().unwrap_or(word);
    if let Some(value) = known(UNITS, word).or_else(|| known(TENS, word)) {
        return Some(value.to_string());
    }
    let (ten, ten_value) = TENS.iter().find(|(name, _)| {
        word.len() > name.len()
            && word.is_char_boundary(word.len() - name.len())
            && word[word.len() - name.len()..].eq_ignore_ascii_case(name)
    })?;
    let unit = &word[..word.len() - ten.len()];
    let unit = unit.strip_suffix("en").or_else(|| unit.strip_suffix("ën"))?;
    known(UNITS, unit).filter(|unit| (1..10).contains(unit)).map(|unit| (ten_value + unit).to_string())
}

/// Words for digits without a space between them: `nultweeeenzes`. Gives the digits of the whole word.
pub(super) fn in_one_word(word: &str) -> Option<String> {
    let begins = |name: &str| word.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name));
    if word.len() > MOST * 6 || !UNITS.iter().any(|(name, _)| name.len() > 2 && begins(name)) {
        return None;
    }
    let lower = word.to_lowercase();
    let mut rest = lower.as_str();
    let mut digits = String::new();
    while !rest.is_empty() {
        let (name, value) = UNITS.iter().filter(|(name, value)| *value < 10 && name.len() > 2).find(|(name, _)| rest.starts_with(name))?;
        digits.push(char::from(b'0' + value));
        rest = &rest[name.len()..];
    }
    (LEAST..=MOST).contains(&digits.len()).then_some(digits)
}
