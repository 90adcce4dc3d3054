//! Puts findings beside labels and counts: recall, precision, the class of the text, and what was found in disguise.
//!
//! A label is found when findings of its family cover at least half of its bytes; kinds without exact borders (situations, markings, credentials,
//! code) when a finding touches its line; a label in disguise when a finding touches it, and it counts among the disguises only. A finding is right when at least half
//! of it lies in labels of its family (or it touches one, for the kinds just named). Optional, tolerated and nested findings count for nothing.

use crate::kinds::{self, gravity, is_loose};
use crate::texts::Text;
use std::collections::BTreeMap;
use std::ops::Range;

/// What a detector said about one text.
pub struct Answer {
    pub class: String,
    pub findings: Vec<Found>,
}

pub struct Found {
    pub family: String,
    pub start: usize,
    pub end: usize,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub labels: usize,
    pub found: usize,
    pub right: usize,
    pub wrong: usize,
}

impl Tally {
    pub fn recall(self) -> Option<f64> {
        ratio(self.found, self.labels)
    }

    pub fn precision(self) -> Option<f64> {
        ratio(self.right, self.right + self.wrong)
    }

    pub fn f1(self) -> Option<f64> {
        let (recall, precision) = (self.recall()?, self.precision()?);
        Some(if recall + precision > 0.0 { 2.0 * recall * precision / (recall + precision) } else { 0.0 })
    }

    fn add(&mut self, other: Self) {
        self.labels += other.labels;
        self.found += other.found;
        self.right += other.right;
        self.wrong += other.wrong;
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a corpus are far below 2^52")]
pub fn ratio(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

pub const CLASSES: [&str; 4] = ["public", "internal", "confidential", "secret"];

#[derive(Debug, Default)]
pub struct Scores {
    pub texts: usize,
    pub detectors: BTreeMap<String, Tally>,
    pub forms: BTreeMap<String, Tally>,
    /// Per kind of disguise: labels, and those found.
    pub evasions: BTreeMap<String, (usize, usize)>,
    pub exact: usize,
    /// The class given is lower than the text's.
    pub leaks: usize,
    /// It is higher.
    pub nuisances: usize,
    /// Texts without sensitive data, and those of them with a false alarm.
    pub clean: usize,
    pub alarmed: usize,
}

impl Scores {
    pub fn overall(&self) -> Tally {
        self.sum(|_| true)
    }

    pub fn group(&self, families: &[&str]) -> Tally {
        self.sum(|family| families.contains(&family))
    }

    pub fn evaded(&self) -> (usize, usize) {
        self.evasions.values().fold((0, 0), |(labels, found), kind| (labels + kind.0, found + kind.1))
    }

    fn sum(&self, which: impl Fn(&str) -> bool) -> Tally {
        let mut sum = Tally::default();
        self.detectors.iter().filter(|(family, _)| which(family)).for_each(|(_, tally)| sum.add(*tally));
        sum
    }
}

/// A label that was not found, or a finding that is none.
pub struct Wrong {
    pub text: usize,
    pub family: String,
    pub range: Range<usize>,
    pub missed: bool,
}

struct Gold<'a> {
    family: &'a str,
    range: Range<usize>,
    /// The whole lines that it stands in.
    lines: Range<usize>,
    evaded: bool,
}

impl Gold<'_> {
    /// Kinds without exact borders, and values in disguise, are found where a finding touches this.
    fn reach(&self) -> &Range<usize> {
        if self.evaded { &self.range } else { &self.lines }
    }

    fn is_found_by(&self, findings: &[Found]) -> bool {
        let mut same = findings.iter().filter(|found| found.family == self.family);
        if self.evaded || is_loose(self.family) {
            return same.any(|found| overlap(self.reach(), &(found.start..found.end)) > 0);
        }
        let mut covered = vec![false; self.range.len()];
        for found in same {
            let (from, to) = (found.start.max(self.range.start), found.end.min(self.range.end));
            if from < to {
                covered[from - self.range.start..to - self.range.start].fill(true);
            }
        }
        2 * covered.iter().filter(|&&is| is).count() >= self.range.len()
    }
}

pub fn score(texts: &[Text], answers: &[Answer]) -> (Scores, Vec<Wrong>) {
    let mut scores = Scores { texts: texts.len(), ..Scores::default() };
    let mut wrong = Vec::new();
    for (index, (text, answer)) in texts.iter().zip(answers).enumerate() {
        one(index, text, answer, &mut scores, &mut wrong);
    }
    (scores, wrong)
}

fn one(index: usize, text: &Text, answer: &Answer, scores: &mut Scores, wrong: &mut Vec<Wrong>) {
    let gold: Vec<Gold<'_>> = text
        .spans
        .iter()
        .map(|label| Gold {
            family: kinds::family(&label.detector),
            range: label.start..label.end,
            lines: lines(&text.text, label.start, label.end),
            evaded: label.evaded,
        })
        .collect();
    let mut form = Tally::default();
    for label in &gold {
        let found = label.is_found_by(&answer.findings);
        if label.evaded {
            let kind = scores.evasions.entry(text.evasion.clone().unwrap_or_default()).or_default();
            kind.0 += 1;
            kind.1 += usize::from(found);
        } else {
            let tally = scores.detectors.entry(label.family.to_owned()).or_default();
            for tally in [tally, &mut form] {
                tally.labels += 1;
                tally.found += usize::from(found);
            }
        }
        if !found {
            wrong.push(Wrong { text: index, family: label.family.to_owned(), range: label.range.clone(), missed: true });
        }
    }
    let mut alarms = 0;
    for found in &answer.findings {
        if gravity(&found.family) == 0 {
            continue;
        }
        match judge(found, text, &gold) {
            Judgement::Right => {
                scores.detectors.entry(found.family.clone()).or_default().right += 1;
                form.right += 1;
            }
            Judgement::Nothing => {}
            Judgement::Wrong => {
                scores.detectors.entry(found.family.clone()).or_default().wrong += 1;
                form.wrong += 1;
                alarms += 1;
                wrong.push(Wrong { text: index, family: found.family.clone(), range: found.start..found.end, missed: false });
            }
        }
    }
    scores.forms.entry(text.kind.clone()).or_default().add(form);
    if gold.iter().all(|label| matches!(label.family, "source-code" | "recruitment-terms")) {
        scores.clean += 1;
        scores.alarmed += usize::from(alarms > 0);
    }
    let rank = |class: &str| CLASSES.iter().position(|name| *name == class).unwrap_or(CLASSES.len() - 1);
    let (lowest, given) = (rank(&text.class), rank(&answer.class));
    let highest = text.class_alt.as_deref().map_or(lowest, rank);
    if given < lowest {
        scores.leaks += 1;
    } else if given > highest {
        scores.nuisances += 1;
    } else {
        scores.exact += 1;
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Judgement {
    Right,
    Wrong,
    Nothing,
}

fn judge(found: &Found, text: &Text, gold: &[Gold<'_>]) -> Judgement {
    let (family, range) = (found.family.as_str(), found.start..found.end);
    let same = || gold.iter().filter(|label| label.family == family);
    let inside: usize = same().map(|label| overlap(&label.range, &range)).sum();
    let touches =
        |label: &Gold<'_>| label.evaded && overlap(&label.range, &range) > 0 || is_loose(family) && overlap(&label.lines, &range) > 0;
    if 2 * inside >= range.len().max(1) || same().any(touches) {
        return Judgement::Right;
    }
    let is_optional =
        text.optional.iter().any(|label| kinds::family(&label.detector) == family && overlap(&(label.start..label.end), &range) > 0);
    let is_tolerated = text.tolerate.iter().any(|name| kinds::family(name) == family);
    let repeats = is_loose(family) && same().next().is_some();
    let is_code = family == "source-code" && matches!(text.kind.as_str(), "code" | "log" | "table");
    // A name inside an e-mail address, a number inside a dossier that is graver than it.
    let is_nested = gold.iter().any(|label| {
        label.family != family && 2 * overlap(&label.range, &range) >= range.len() && gravity(label.family) >= gravity(family)
    });
    // An organisation's fiscal number has the form of a BSN: the label may call it either.
    let is_twin =
        family == "nl.rsin" && gold.iter().any(|label| matches!(label.family, "nl.bsn" | "nl.rsin") && overlap(&label.range, &range) > 0);
    if is_optional || is_tolerated || repeats || is_code || is_nested || is_twin { Judgement::Nothing } else { Judgement::Wrong }
}

/// Bytes that two ranges share.
fn overlap(a: &Range<usize>, b: &Range<usize>) -> usize {
    a.end.min(b.end).saturating_sub(a.start.max(b.start))
}

/// The whole lines that bytes `start..end` stand in.
fn lines(text: &str, start: usize, end: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let from = memchr::memrchr(b'\n', &bytes[..start]).map_or(0, |at| at + 1);
    let to = memchr::memchr(b'\n', &bytes[end..]).map_or(bytes.len(), |at| end + at);
    from..to
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text with labels `(detector, the words)`, and findings in the same way.
    fn scored(text: &str, labels: &[(&str, &str)], findings: &[(&str, &str)], change: impl Fn(&mut serde_json::Value)) -> Scores {
        let place = |words: &str| text.find(words).map(|start| (start, start + words.len())).unwrap();
        let spans: Vec<_> = labels
            .iter()
            .map(|(detector, words)| serde_json::json!({ "detector": detector, "start": place(words).0, "end": place(words).1 }))
            .collect();
        let mut row = serde_json::json!({ "id": "t", "text": text, "kind": "mail", "spans": spans, "class": "internal" });
        change(&mut row);
        let found =
            findings.iter().map(|(id, words)| Found { family: kinds::family(id).to_owned(), start: place(words).0, end: place(words).1 });
        let answer = Answer { class: "internal".into(), findings: found.collect() };
        score(&[serde_json::from_value(row).unwrap()], &[answer]).0
    }

    fn as_it_is(_: &mut serde_json::Value) {}

    #[test]
    fn half_of_a_label_is_enough_and_less_is_not() {
        let name = [("person-name", "Jan de Wit")];
        let half = scored("Met Jan de Wit", &name, &[("person-name", "de Wit")], as_it_is).detectors["person-name"];
        assert_eq!(half, Tally { labels: 1, found: 1, right: 1, wrong: 0 });
        let less = scored("Met Jan de Wit", &name, &[("person-name", "Wit")], as_it_is).detectors["person-name"];
        assert_eq!(less, Tally { labels: 1, found: 0, right: 1, wrong: 0 });
    }

    #[test]
    fn a_finding_in_nothing_is_a_false_alarm_of_a_clean_text() {
        let scores = scored("Zaal 12", &[], &[("phone", "12")], as_it_is);
        assert_eq!((scores.detectors["phone"].wrong, scores.clean, scores.alarmed), (1, 1, 1));
    }

    #[test]
    fn a_situation_is_found_by_its_line_and_not_by_another() {
        let text = "Mevrouw is depressief.\nZij heeft schulden.";
        let same = scored(text, &[("health", "depressief")], &[("health", "Mevrouw")], as_it_is).detectors["health"];
        assert_eq!(same, Tally { labels: 1, found: 1, right: 1, wrong: 0 });
        let other = scored(text, &[("health", "depressief")], &[("health", "schulden")], as_it_is).detectors["health"];
        assert_eq!(other, Tally { labels: 1, found: 0, right: 0, wrong: 0 });
    }

    #[test]
    fn optional_tolerated_and_nested_findings_count_for_nothing() {
        let text = "jan@x.nl van Jan";
        let nested = scored(text, &[("email", "jan@x.nl")], &[("email", "jan@x.nl"), ("person-name", "jan")], as_it_is);
        assert!(!nested.detectors.contains_key("person-name"));
        let optional = scored(text, &[], &[("person-name", "Jan")], |row| {
            row["optional"] = serde_json::json!([{ "detector": "person-name", "start": 13, "end": 16 }]);
        });
        let tolerated = scored(text, &[], &[("person-name", "Jan")], |row| row["tolerate"] = serde_json::json!(["person-name"]));
        assert!(optional.detectors.is_empty() && tolerated.detectors.is_empty());
    }

    #[test]
    fn a_label_in_disguise_counts_among_the_disguises_only() {
        let scores = scored("bsn een twee drie", &[("nl.bsn", "een twee drie")], &[("nl.bsn", "drie")], |row| {
            row["spans"][0]["evaded"] = true.into();
            row["evasion"] = "words".into();
        });
        assert_eq!(scores.evasions["words"], (1, 1));
        assert_eq!(scores.detectors["nl.bsn"], Tally { labels: 0, found: 0, right: 1, wrong: 0 });
    }

    #[test]
    fn a_lower_class_is_a_leak_and_a_higher_a_nuisance_up_to_the_other_right_one() {
        let class = |class: &str, other: Option<&str>| {
            let scores = scored("x", &[], &[], |row| {
                row["class"] = class.into();
                row["class_alt"] = other.into();
            });
            (scores.exact, scores.leaks, scores.nuisances)
        };
        assert_eq!(class("internal", None), (1, 0, 0));
        assert_eq!(class("secret", None), (0, 1, 0));
        assert_eq!(class("public", None), (0, 0, 1));
        assert_eq!(class("public", Some("internal")), (1, 0, 0));
    }
}
