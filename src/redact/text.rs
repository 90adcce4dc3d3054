//! Findings applied to a text: which byte ranges go, and the text without them.
//!
//! Takes findings in any order, overlapping or beyond the text, as a detector or a caller may give them; gives ranges that are sorted, apart,
//! and on character borders. Overlapping findings become one range that covers them all: nothing that was found may stay behind.

use crate::detect::Finding;
use std::ops::Range;

/// A range to be replaced, and the finding that names its kind.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Span<'a> {
    pub range: Range<usize>,
    pub detector: &'a str,
}

/// The ranges that cover all findings.
pub(super) fn spans<'a>(text: &str, findings: &[&'a Finding]) -> Vec<Span<'a>> {
    let mut spans: Vec<Span<'a>> = findings
        .iter()
        .filter(|finding| finding.start < finding.end && finding.start < text.len())
        .map(|finding| Span {
            range: text.floor_char_boundary(finding.start)..text.ceil_char_boundary(finding.end.min(text.len())),
            detector: &finding.detector,
        })
        .collect();
    spans.sort_by(|a, b| a.range.start.cmp(&b.range.start).then(b.range.end.cmp(&a.range.end)));
    spans.dedup_by(|next, kept| {
        let overlaps = next.range.start < kept.range.end;
        if overlaps {
            kept.range.end = kept.range.end.max(next.range.end);
        }
        overlaps
    });
    spans
}

/// The text with each span replaced by what `name` gives for it.
pub(super) fn apply(text: &str, spans: &[Span<'_>], mut name: impl FnMut(&Span<'_>, &str, &mut String)) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut at = 0;
    for span in spans {
        out.push_str(text.get(at..span.range.start).unwrap_or(""));
        name(span, text.get(span.range.clone()).unwrap_or(""), &mut out);
        at = span.range.end;
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(detector: &str, start: usize, end: usize) -> Finding {
        Finding { detector: detector.into(), start, end, confidence: 1.0 }
    }

    fn ranges(text: &str, findings: &[Finding]) -> Vec<(usize, usize)> {
        spans(text, &findings.iter().collect::<Vec<_>>()).iter().map(|s| (s.range.start, s.range.end)).collect()
    }

    #[test]
    fn overlapping_findings_are_covered_by_one_range() {
        let given = [finding("b", 5, 9), finding("a", 0, 6), finding("c", 9, 10), finding("d", 1, 2)];
        assert_eq!(ranges("0123456789", &given), vec![(0, 9), (9, 10)]);
    }

    #[test]
    fn ranges_beyond_the_text_or_inside_a_character_are_widened_to_its_borders() {
        let given = [finding("a", 1, 2), finding("b", 3, 99), finding("c", 50, 60), finding("d", 4, 4)];
        assert_eq!(ranges("één", &given), vec![(0, 2), (2, 5)]);
    }
}
