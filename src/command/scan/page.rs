//! Where on a page the words stand that a reader sees.
//!
//! A page is looked at twice: as it stands, and as it is shown, without its tags. Takes both texts and a place in the second; gives the place in the first, so that every
//! place that is told is one in the file. Never looks further than its budget: a page can be made to repeat itself.

use super::output::Part;
use crate::detect::{Finding, Why};
use std::collections::HashSet;
use std::ops::Range;

/// Characters before a value that must stand before it on the page too, so that the right one of two equal values is told.
const BEFORE: usize = 12;
/// Bytes of a tag, or between two characters of a value, that are passed over.
const TAG: usize = 2048;
/// Steps for all places of a page together, for each byte of it, and for a small page.
const STEPS: usize = 64;
const FEW: usize = 1 << 20;

/// Adds to a page's findings those in what it shows, where they stand on the page and are not known. Gives those that have no place on it.
pub(super) fn join(page: &mut Part<'_>, shown: &str, findings: Vec<Finding>, why: Vec<Vec<Why>>) -> (Vec<Finding>, Vec<Vec<Why>>) {
    let mut finder = Page::new(page.text, shown);
    let mut rows: Vec<(Finding, Vec<Why>)> = with_steps(std::mem::take(&mut page.findings), std::mem::take(&mut page.why));
    let known: HashSet<(&str, &str)> = rows.iter().map(|(f, _)| (&*f.detector, page.text.get(f.start..f.end).unwrap_or(""))).collect();
    let (mut placed, mut nowhere) = (Vec::new(), Vec::new());
    for (finding, steps) in with_steps(findings, why) {
        match finder.place(finding.start..finding.end) {
            Some(place) => placed.push((Finding { start: place.start, end: place.end, ..finding }, steps)),
            None if known.contains(&(&*finding.detector, shown.get(finding.start..finding.end).unwrap_or(""))) => {}
            None => nowhere.push((finding, steps)),
        }
    }
    let mut before = 0;
    placed.retain(|(finding, _)| {
        before += rows[before..].iter().take_while(|(other, _)| other.end <= finding.start).count();
        !rows[before..].iter().take_while(|(other, _)| other.start < finding.end).any(|(other, _)| other.detector == finding.detector)
    });
    rows.extend(placed);
    rows.sort_by_key(|(finding, _)| (finding.start, finding.end));
    (page.findings, page.why) = rows.into_iter().unzip();
    nowhere.into_iter().unzip()
}

/// Findings with their steps; with none where none were asked for.
fn with_steps(findings: Vec<Finding>, why: Vec<Vec<Why>>) -> Vec<(Finding, Vec<Why>)> {
    let mut why = why.into_iter();
    findings.into_iter().map(|finding| (finding, why.next().unwrap_or_default())).collect()
}

struct Page<'a> {
    page: &'a str,
    shown: &'a str,
    /// Where the last place ended on the page: places are asked for in order.
    after: usize,
    budget: usize,
}

impl<'a> Page<'a> {
    fn new(page: &'a str, shown: &'a str) -> Self {
        Self { page, shown, after: 0, budget: page.len().saturating_mul(STEPS).saturating_add(FEW) }
    }

    /// The place on the page of a place in what is shown; none where it cannot be told.
    fn place(&mut self, range: Range<usize>) -> Option<Range<usize>> {
        let value = self.shown.get(range.clone())?;
        let before = self.shown.get(..range.start)?.chars().rev().filter(|c| !c.is_whitespace()).take(BEFORE).collect::<Vec<_>>();
        let before: Vec<char> = before.into_iter().rev().collect();
        let value: Vec<char> = value.chars().filter(|c| !c.is_whitespace()).collect();
        let wanted: Vec<char> = before.iter().chain(&value).copied().collect();
        // What stood before the last value may be before this one as well: the value itself never is.
        let place = self.find(&wanted, before.len(), 0).or_else(|| self.find(&value, 0, self.after))?;
        self.after = place.end;
        Some(place)
    }

    /// The first place from `self.after` on where the characters from `skip` on stand, the others before them from `from` on.
    fn find(&mut self, wanted: &[char], skip: usize, from: usize) -> Option<Range<usize>> {
        let first = *wanted.first()?;
        let mut at = from.max(self.after.saturating_sub(TAG));
        at = self.page.ceil_char_boundary(at);
        loop {
            at += self.page.get(at..)?.find(first)?;
            let (place, steps) = stands(self.page, at, wanted, skip);
            self.budget = self.budget.checked_sub(steps + 1)?;
            if let Some(place) = place.filter(|place| place.start >= self.after) {
                return Some(place);
            }
            at += first.len_utf8();
        }
    }
}

/// Whether the characters stand at `at`, tags and spaces between them aside: the place of those from `skip` on. And how many steps it took.
fn stands(page: &str, mut at: usize, wanted: &[char], skip: usize) -> (Option<Range<usize>>, usize) {
    let (mut start, mut steps) = (at, 0);
    for (index, &want) in wanted.iter().enumerate() {
        let mut passed = 0;
        loop {
            steps += 1;
            let Some(rest) = page.get(at..) else { return (None, steps) };
            let Some((read, length)) = character(rest) else { return (None, steps) };
            if read == want {
                if index == skip {
                    start = at;
                }
                at += length;
                break;
            }
            let over = if read.is_whitespace() {
                length
            } else if rest.starts_with('<') {
                match memchr::memchr(b'>', &rest.as_bytes()[..rest.len().min(TAG)]) {
                    Some(end) => end + 1,
                    None => return (None, steps),
                }
            } else {
                return (None, steps);
            };
            passed += over;
            at += over;
            // Nothing stands before the first character.
            if index == 0 || passed > TAG {
                return (None, steps);
            }
        }
    }
    (Some(start..at), steps)
}

/// The next character as it is shown, and how many bytes it takes.
fn character(rest: &str) -> Option<(char, usize)> {
    let first = rest.chars().next()?;
    if first == '&'
        && let Some(end) = rest.as_bytes().iter().take(12).position(|&byte| byte == b';')
    {
        let name = rest.get(1..end)?;
        let code = match name.strip_prefix('#') {
            Some(number) => match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => number.parse().ok(),
            }
            .and_then(char::from_u32),
            None => quick_xml::escape::resolve_html5_entity(name).and_then(|text| text.chars().next()),
        };
        if let Some(c) = code {
            return Some((c, end + 1));
        }
    }
    Some((first, first.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places<'a>(page: &'a str, shown: &str, values: &[&str]) -> Vec<Option<&'a str>> {
        let mut finder = Page::new(page, shown);
        let mut from = 0;
        values
            .iter()
            .map(|value| {
                let start = from + shown[from..].find(value).unwrap();
                from = start + value.len();
                finder.place(start..from).map(|place| &page[place])
            })
            .collect()
    }

    #[test]
    fn a_value_in_a_cell_is_told_where_it_stands_on_the_page() {
        let page = "<table><tr><td>Jan&nbsp;de W&euml;t</td><td>1-2-1980</td></tr></table>";
        assert_eq!(places(page, "Jan de Wët\t1-2-1980\n", &["Jan de Wët", "1-2-1980"]), [Some("Jan&nbsp;de W&euml;t"), Some("1-2-1980")]);
    }

    #[test]
    fn what_both_texts_tell_is_told_once_and_the_rest_where_it_stands() {
        let finding = |detector: &str, text: &str, value: &str| {
            let start = text.find(value).unwrap();
            Finding { detector: detector.into(), start, end: start + value.len(), confidence: 0.9 }
        };
        let (text, shown) = ("<td>a@b.nl</td><td>111222333</td>", "a@b.nl\t111222333\tx");
        let mut page = Part { label: "", text, findings: vec![finding("email", text, "a@b.nl")], why: Vec::new(), ranks: Vec::new() };
        let found = vec![finding("email", shown, "a@b.nl"), finding("nl.bsn", shown, "111222333"), finding("iban", shown, "\t")];
        let (nowhere, _) = join(&mut page, shown, found, Vec::new());
        let told: Vec<(&str, &str)> = page.findings.iter().map(|f| (&*f.detector, &text[f.start..f.end])).collect();
        assert_eq!(told, [("email", "a@b.nl"), ("nl.bsn", "111222333")]);
        assert_eq!(nowhere.len(), 1);
    }

    #[test]
    fn tags_within_a_value_are_part_of_its_place() {
        assert_eq!(places("<p>bsn 111<b>222</b>333</p>", "bsn 111222333\n", &["111222333"]), [Some("111<b>222</b>333")]);
    }

    #[test]
    fn of_two_equal_values_the_one_with_the_same_words_before_it_is_told() {
        let page = "<p>order 111</p><p>bsn <i>111</i></p>";
        let mut finder = Page::new(page, "order 111\nbsn 111\n");
        let place = finder.place(14..17).unwrap();
        assert!(place.start > page.find("bsn").unwrap(), "{place:?}");
    }

    #[test]
    fn what_is_not_on_the_page_has_no_place() {
        assert_eq!(places("<p>iets anders</p>", "111222333", &["111222333"]), [None]);
    }

    #[test]
    fn a_page_that_repeats_itself_ends() {
        let page = "<p>a a a a a a a a</p>".repeat(20_000);
        let shown = "a".repeat(50_000);
        let started = std::time::Instant::now();
        let mut finder = Page::new(&page, &shown);
        for at in 0..40_000 {
            finder.place(at..at + 10);
        }
        // A pass over the page for each place takes minutes.
        assert!(started.elapsed() < std::time::Duration::from_secs(30), "{:?}", started.elapsed());
    }
}
