//! Numbers written in groups: digit runs joined over single separators, and the borders of a whole number.
//!
//! Detectors of numbers share these, so that "no digit directly before or after" means the same for each.

use super::prefilter::is_word;
use super::sight::Sight;

/// Digits of one number, with the separators between its runs left out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Number {
    pub start: usize,
    pub end: usize,
    digits: [u8; 20],
    len: usize,
    /// Runs that it is made of.
    pub runs: usize,
    /// The separator between the runs; 0 for one run.
    pub separator: u8,
    /// Lengths of the runs, for shapes such as 4-2-3.
    pub shape: [u8; 10],
}

impl Number {
    /// Values 0 to 9.
    pub fn digits(&self) -> &[u8] {
        &self.digits[..self.len]
    }
}

/// How many digits stand from a run on, over the separators between the runs: the most that [`joined`] and [`mixed`] could put together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chain {
    /// The run's place among all.
    pub index: usize,
    /// Over the same single separator; 255 stands for more.
    pub joined: u8,
    /// Over one or two of any separators.
    pub mixed: u8,
}

/// The fewest digits that a chain is kept with; nearly all runs of prose (years, articles, amounts) have fewer.
const CHAIN_MIN: u8 = 6;

/// The chains of a text in the order of its runs, found from the last run to the first so that each costs the same.
pub(crate) fn chains(sight: &Sight<'_>) -> Vec<Chain> {
    let is_gap = |byte: &u8| matches!(byte, b' ' | b'.' | b'-' | b'/' | b'_' | b'\n');
    let mut chains = Vec::new();
    // Of the run after: where it starts, its length, its separator, and its chain.
    let (mut next, mut after, mut separator, mut all, mut any) = (usize::MAX, 0u8, 0u8, 0u8, 0u8);
    for (index, run) in sight.runs().iter().enumerate().rev() {
        let own = u8::try_from(run.len()).unwrap_or(u8::MAX);
        let gap = if next - run.end <= 2 { &sight.bytes[run.end..next] } else { &[] };
        let (joined, mixed, by) = match gap {
            [one] if is_gap(one) => (if *one == separator { all } else { after }, any, *one),
            [one, two] if is_gap(one) && is_gap(two) => (0, any, 0),
            _ => (0, 0, 0),
        };
        (next, after, separator) = (run.start, own, by);
        (all, any) = (own.saturating_add(joined), own.saturating_add(mixed));
        if any >= CHAIN_MIN {
            chains.push(Chain { index, joined: all, mixed: any });
        }
    }
    chains.reverse();
    chains
}

/// Joins the runs from `index` on over the same single separator (space, `.`, `-`, `/`, `_`, line end) until exactly `want` digits are together.
pub(crate) fn joined(sight: &Sight<'_>, index: usize, want: usize) -> Option<Number> {
    let runs = sight.runs().get(index..)?;
    let first = *runs.first()?;
    let (mut len, mut count, mut separator) = (first.len(), 1, 0);
    // The lengths first: nearly every run ends here, without a digit copied.
    while len < want {
        let (previous, next) = (runs[count - 1], runs.get(count)?);
        let gap = sight.bytes[previous.end];
        let fits = next.start == previous.end + 1
            && matches!(gap, b' ' | b'.' | b'-' | b'/' | b'_' | b'\n')
            && (separator == 0 || separator == gap);
        if !fits {
            return None;
        }
        separator = gap;
        len += next.len();
        count += 1;
    }
    let mut number = Number { start: first.start, end: runs[count - 1].end, digits: [0; 20], len, runs: count, separator, shape: [0; 10] };
    if len != want || len > number.digits.len() || count > number.shape.len() || !whole(sight, &number) {
        return None;
    }
    fill(sight, runs, &mut number);
    Some(number)
}

/// As [`joined`], with any of the separators between the runs (`85.07.30-033.28`), and up to two of them (`, ` is none).
pub(crate) fn mixed(sight: &Sight<'_>, index: usize, want: usize) -> Option<Number> {
    let runs = sight.runs().get(index..)?;
    let first = *runs.first()?;
    let (mut len, mut count, mut separator) = (first.len(), 1, 0);
    while len < want {
        let (previous, next) = (runs[count - 1], *runs.get(count)?);
        let gap = sight.bytes.get(previous.end..next.start)?;
        if gap.len() > 2 || !gap.iter().all(|byte| matches!(byte, b' ' | b'.' | b'-' | b'/' | b'_')) {
            return None;
        }
        separator = gap[0];
        len += next.len();
        count += 1;
    }
    let mut number = Number { start: first.start, end: runs[count - 1].end, digits: [0; 20], len, runs: count, separator, shape: [0; 10] };
    if len != want || len > number.digits.len() || count > number.shape.len() || !whole(sight, &number) {
        return None;
    }
    fill(sight, runs, &mut number);
    Some(number)
}

fn fill(sight: &Sight<'_>, runs: &[super::prefilter::Run], number: &mut Number) {
    let runs = &runs[..number.runs];
    let digits = runs.iter().flat_map(|run| &sight.bytes[run.start..run.end]);
    for (to, byte) in number.digits.iter_mut().zip(digits) {
        *to = byte - b'0';
    }
    for (to, run) in number.shape.iter_mut().zip(runs) {
        *to = u8::try_from(run.len()).unwrap_or(u8::MAX);
    }
}

/// Eight digits that read as a date, `yyyymmdd` or `ddmmyyyy`.
pub(crate) fn is_date(digits: &[u8]) -> bool {
    let value = |range: std::ops::Range<usize>| digits[range].iter().fold(0u32, |sum, &digit| sum * 10 + u32::from(digit));
    digits.len() == 8
        && ((1900..2100).contains(&value(0..4)) && (1..=12).contains(&value(4..6)) && (1..=31).contains(&value(6..8))
            || (1900..2100).contains(&value(4..8)) && (1..=12).contains(&value(2..4)) && (1..=31).contains(&value(0..2)))
}

/// The number is not a piece of a longer one, of a decimal fraction, or of a word.
fn whole(sight: &Sight<'_>, number: &Number) -> bool {
    if !sight.alone(number.start, number.end) {
        return false;
    }
    // Records are also written with slashes between their fields; a long number among them is whole.
    let record = number.runs == 1 && number.len >= 8;
    let joins = |byte: u8| matches!(byte, b'.' | b'-') || byte == b'/' && !record || byte == number.separator && byte != 0;
    let before = sight.before(number.start);
    if joins(before) && number.start >= 2 && sight.bytes[number.start - 2].is_ascii_digit() || before == b'+' {
        return false;
    }
    let after = sight.byte(number.end);
    if joins(after) && sight.byte(number.end + 1).is_ascii_digit() {
        return false;
    }
    !(after == b','
        && sight.byte(number.end + 1).is_ascii_digit()
        && sight.byte(number.end + 2).is_ascii_digit()
        && !is_word(sight.byte(number.end + 3))
        && sight.byte(number.end + 3) != b',')
}

/// The first run of three digits or more that starts in the range.
pub(crate) fn digits_between(sight: &Sight<'_>, from: usize, to: usize) -> Option<super::prefilter::Run> {
    let runs = sight.runs();
    let first = runs.partition_point(|run| run.start < from);
    runs[first..].iter().take_while(|run| run.start < to).find(|run| run.len() >= 3).copied()
}

/// An amount of money: a currency sign or word stands directly before.
pub(crate) fn is_amount(sight: &Sight<'_>, start: usize) -> bool {
    let before = sight.text.get(..start).unwrap_or("").trim_end();
    ["€", "$", "£", "EUR", "euro", "USD"].iter().any(|sign| before.ends_with(sign))
}

/// Luhn's check (ISO/IEC 7812-1 annex B).
pub(crate) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| {
            let value = u32::from(digit);
            if place % 2 == 0 {
                value
            } else if value > 4 {
                value * 2 - 9
            } else {
                value * 2
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The elfproef: weights 9 to 2 and -1 over nine digits, divisible by 11, and not all the same. Eight digits have a leading zero.
pub(crate) fn elfproef(digits: &[u8]) -> bool {
    let mut padded = [0u8; 9];
    let Some(from) = 9usize.checked_sub(digits.len()) else { return false };
    padded[from..].copy_from_slice(digits);
    let sum: i32 = padded.iter().zip([9, 8, 7, 6, 5, 4, 3, 2, -1]).map(|(&digit, weight)| i32::from(digit) * weight).sum();
    sum % 11 == 0 && padded.iter().any(|&digit| digit != padded[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luhn_takes_valid_and_refuses_changed_numbers() {
        assert!(luhn(&[4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]));
        assert!(!luhn(&[4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2]));
    }
}
