//! From candidates to findings that do not overlap.
//!
//! Candidates under the threshold are dropped. Of built-in candidates that overlap, the surer one stays, then the longer one. The organisation's own matches and
//! blocks of source code may hold or touch other findings: both stay, the longer cut around the shorter, so that nothing is lost.

use super::detectors::Candidate;
use super::own::OwnCandidate;
use super::prefilter::is_word;
use super::score::{Score, THRESHOLD};
use super::sight::Sight;
use std::collections::BTreeMap;

/// A candidate that is a finding.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub id: &'static str,
    /// Index of the own detector; none for a built-in one.
    pub owner: Option<usize>,
    pub start: usize,
    pub end: usize,
    pub confidence: f32,
    pub score: Score,
}

/// Built-in findings that hold others.
const BLOCKS: &[&str] = &["source-code"];

pub(super) fn merge(sight: &Sight<'_>, candidates: Vec<Candidate>, own: Vec<OwnCandidate>) -> Vec<Found> {
    let sure = |candidate: &Candidate| candidate.score.value() >= THRESHOLD && candidate.start < candidate.end;
    let found = |candidate: Candidate, owner| Found {
        id: candidate.id,
        owner,
        start: candidate.start,
        end: candidate.end,
        confidence: candidate.score.value(),
        score: candidate.score,
    };

    let (mut blocks, mut single): (Vec<Found>, Vec<Found>) =
        candidates.into_iter().filter(sure).map(|candidate| found(candidate, None)).partition(|found| BLOCKS.contains(&found.id));
    blocks.extend(own.into_iter().filter(|own| sure(&own.candidate)).map(|own| found(own.candidate, Some(own.owner))));

    single.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then((b.end - b.start).cmp(&(a.end - a.start))));
    let mut placed: BTreeMap<usize, Found> = BTreeMap::new();
    for found in single {
        if !overlaps(&placed, found.start, found.end) {
            placed.insert(found.start, found);
        }
    }
    if !blocks.is_empty() {
        let mut all: Vec<Found> = placed.into_values().chain(blocks).collect();
        all.sort_by(|a, b| {
            (a.end - a.start).cmp(&(b.end - b.start)).then(b.confidence.total_cmp(&a.confidence)).then(b.owner.cmp(&a.owner))
        });
        placed = BTreeMap::new();
        for found in all {
            cut(sight, &mut placed, found);
        }
    }
    placed.into_values().collect()
}

fn overlaps(placed: &BTreeMap<usize, Found>, start: usize, end: usize) -> bool {
    placed.range(..end).next_back().is_some_and(|(_, other)| other.end > start)
}

/// Places what is left of a finding between those placed already; a remainder without a letter or digit is nothing.
fn cut(sight: &Sight<'_>, placed: &mut BTreeMap<usize, Found>, found: Found) {
    let first =
        placed.range(..found.start).next_back().filter(|(_, other)| other.end > found.start).map_or(found.start, |(&start, _)| start);
    let inside: Vec<(usize, usize)> = placed.range(first..found.end).map(|(_, other)| (other.start, other.end)).collect();
    let mut from = found.start;
    for (start, end) in inside.into_iter().chain([(found.end, found.end)]) {
        if from < start
            && let Some(piece) = sight.text.get(from..start)
            && piece.bytes().any(is_word)
        {
            let start = from + (piece.len() - piece.trim_start().len());
            placed.insert(start, Found { start, end: start + piece.trim().len(), ..found });
        }
        from = from.max(end);
    }
}
