//! The organisation's own detectors: patterns and words.
//!
//! All patterns are one automaton, and so are all words: a text with none of them costs one pass of each. Records and documents are looked up in
//! their indexes. A detector's context words, where it has any, must stand near its match, else it is no finding.

mod passages;
mod records;
#[cfg(test)]
mod tests;

use super::detectors::Candidate;
use super::keywords::Beginnings;
use super::score::Score;
use super::sight::Sight;
use crate::index::{Dataset, Documents};
use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};
use regex::{Regex, RegexSet};
use std::sync::Arc;

/// A detector of the organisation's policy (`data.detectors`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnDetector {
    /// Its name in the policy, such as `zaaknummer`.
    pub id: String,
    pub kind: OwnKind,
    /// Words of which one must stand near a match (300 bytes), in its line, at the head of its column, or in the part's label. Empty: none needed.
    pub context: Vec<String>,
}

/// How an own detector finds.
#[derive(Debug, Clone)]
pub enum OwnKind {
    /// A regular expression in the `regex` crate's syntax (linear time, no look-around).
    Pattern(String),
    /// Words and phrases, whole, in either case.
    Words(Vec<String>),
    /// Values of records, by their index.
    Dataset(Arc<Dataset>),
    /// Passages of documents, by their index.
    Documents {
        index: Arc<Documents>,
        /// Percentage of a passage's fingerprints that stand in one document.
        at_least: u8,
    },
}

impl PartialEq for OwnKind {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Pattern(one), Self::Pattern(other)) => one == other,
            (Self::Words(one), Self::Words(other)) => one == other,
            (Self::Dataset(one), Self::Dataset(other)) => one.sum() == other.sum(),
            (Self::Documents { index: one, at_least }, Self::Documents { index: other, at_least: share }) => {
                one.sum() == other.sum() && at_least == share
            }
            _ => false,
        }
    }
}

impl Eq for OwnKind {}

/// An own detector that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("detector '{id}': {message}")]
pub struct PlanError {
    /// The detector's name in the policy.
    pub id: String,
    /// What is wrong, for the person who wrote it.
    pub message: String,
}

const CONTEXT_WITHIN: usize = 300;

#[derive(Debug)]
pub(super) struct Own {
    set: RegexSet,
    /// Which detector each pattern of `set` belongs to, and the pattern itself.
    patterns: Vec<(usize, Regex)>,
    words: Option<AhoCorasick>,
    /// How the words begin; a text without any of these is not searched for them.
    beginnings: Option<Beginnings>,
    /// Which detector each word belongs to.
    word_owner: Vec<usize>,
    /// Which detector each index belongs to.
    datasets: Vec<(usize, Arc<Dataset>)>,
    documents: Vec<(usize, Arc<Documents>, u8)>,
    contexts: Vec<Option<AhoCorasick>>,
}

/// A match of an own detector, by its index.
pub(super) struct OwnCandidate {
    pub owner: usize,
    pub candidate: Candidate,
}

impl Own {
    pub fn new(detectors: &[OwnDetector]) -> Result<Self, PlanError> {
        let mut own = Self {
            set: RegexSet::empty(),
            patterns: Vec::new(),
            words: None,
            beginnings: None,
            word_owner: Vec::new(),
            datasets: Vec::new(),
            documents: Vec::new(),
            contexts: Vec::new(),
        };
        let mut words = Vec::new();
        for (index, detector) in detectors.iter().enumerate() {
            let wrong = |message: String| PlanError { id: detector.id.clone(), message };
            match &detector.kind {
                OwnKind::Pattern(pattern) => {
                    let regex = Regex::new(pattern).map_err(|error| wrong(format!("the pattern is not a regular expression: {error}")))?;
                    if regex.is_match("") {
                        return Err(wrong("the pattern also matches nothing at all, so it would match everywhere".to_owned()));
                    }
                    own.patterns.push((index, regex));
                }
                OwnKind::Words(list) => {
                    let given = list.iter().map(|word| word.trim()).filter(|word| !word.is_empty());
                    let before = words.len();
                    for form in given.flat_map(forms) {
                        words.push(form);
                        own.word_owner.push(index);
                    }
                    if words.len() == before {
                        return Err(wrong("the list has no words".to_owned()));
                    }
                }
                OwnKind::Dataset(dataset) => own.datasets.push((index, Arc::clone(dataset))),
                OwnKind::Documents { index: documents, at_least } => own.documents.push((index, Arc::clone(documents), *at_least)),
            }
            own.contexts.push(
                automaton(detector.context.iter().flat_map(|word| forms(word.trim())).filter(|word| !word.is_empty()).collect())
                    .map_err(wrong)?,
            );
        }
        own.set = RegexSet::new(own.patterns.iter().map(|(_, regex)| regex.as_str())).map_err(|error| PlanError {
            id: detectors.first().map(|detector| detector.id.clone()).unwrap_or_default(),
            message: format!("the patterns together are too large: {error}"),
        })?;
        own.beginnings = (!words.is_empty()).then(|| Beginnings::new(words.iter().map(String::as_str)));
        own.words = automaton(words)
            .map_err(|message| PlanError { id: detectors.first().map(|detector| detector.id.clone()).unwrap_or_default(), message })?;
        Ok(own)
    }

    pub fn beginnings(&self) -> Option<&Beginnings> {
        self.beginnings.as_ref()
    }

    /// `begun`: the text holds the beginning of one of the words.
    pub fn look(&self, sight: &Sight<'_>, label: &str, begun: bool, out: &mut Vec<OwnCandidate>) {
        let score = |worth| Score::base(worth, "the organisation's own detector");
        if !self.patterns.is_empty() && self.set.is_match(sight.text) {
            for index in self.set.matches(sight.text) {
                let (owner, regex) = &self.patterns[index];
                for found in regex.find_iter(sight.text).filter(|found| !found.is_empty()) {
                    self.push(sight, label, *owner, found.start(), found.end(), score(0.8), out);
                }
            }
        }
        if let Some(words) = self.words.as_ref().filter(|_| begun) {
            for found in words.find_iter(sight.text) {
                if whole(sight.text, found.start(), found.end()) {
                    self.push(sight, label, self.word_owner[found.pattern().as_usize()], found.start(), found.end(), score(0.9), out);
                }
            }
        }
        for (owner, dataset) in &self.datasets {
            let because = if dataset.is_joined() {
                "two values of one of the organisation's records"
            } else {
                "a value of the organisation's records"
            };
            // As sure as anything can be, so that it stands before a built-in finding of the same bytes.
            let score = Score::base(1.0, because);
            records::look(sight, dataset, |start, end| self.push(sight, label, *owner, start, end, score, out));
        }
        for (owner, documents, at_least) in &self.documents {
            let score = Score::base(0.9, "a passage of the organisation's documents");
            passages::look(sight.text, documents, *at_least, |start, end| self.push(sight, label, *owner, start, end, score, out));
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one place that makes a candidate")]
    fn push(&self, sight: &Sight<'_>, label: &str, owner: usize, start: usize, end: usize, score: Score, out: &mut Vec<OwnCandidate>) {
        if let Some(context) = self.contexts.get(owner).and_then(Option::as_ref) {
            let line = sight.around(start, 2 * CONTEXT_WITHIN);
            let from = floor(sight.text, line.start.min(start.saturating_sub(CONTEXT_WITHIN)));
            let to = floor(sight.text, line.end.max(end + CONTEXT_WITHIN));
            let speaks = |text: &str| context.find_iter(text).any(|found| whole(text, found.start(), found.end()));
            let column = sight.column(start).is_some_and(|head| sight.text.get(head).is_some_and(speaks));
            if !column && !speaks(label) && !speaks(&sight.text[from..to]) {
                return;
            }
        }
        out.push(OwnCandidate { owner, candidate: Candidate { id: "", start, end, score } });
    }
}

/// The ways in which a word is written that differ outside ASCII; ASCII letters are compared in either case anyway.
fn forms(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    if !word.is_ascii() {
        let mut first = word.chars();
        let title: String =
            first.next().into_iter().flat_map(char::to_uppercase).chain(first.as_str().chars().flat_map(char::to_lowercase)).collect();
        forms.extend([word.to_lowercase(), word.to_uppercase(), title]);
        forms.sort();
        forms.dedup();
    }
    forms
}

fn automaton(words: Vec<String>) -> Result<Option<AhoCorasick>, String> {
    if words.is_empty() {
        return Ok(None);
    }
    // A deterministic automaton is three times as fast and takes a kilobyte per byte of words.
    let small = words.iter().map(String::len).sum::<usize>() <= 8 * 1024;
    AhoCorasickBuilder::new()
        .kind(small.then_some(AhoCorasickKind::DFA))
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(words)
        .map(Some)
        .map_err(|error| format!("the list of words cannot be used: {error}"))
}

/// No letter or digit touches the word where it itself begins or ends with one.
fn whole(text: &str, start: usize, end: usize) -> bool {
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let (before, after) = (text[..start].chars().next_back(), text[end..].chars().next());
    let (first, last) = (text[start..].chars().next(), text[..end].chars().next_back());
    let touched = word(before) && word(first) || word(after) && word(last);
    !touched
}

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
