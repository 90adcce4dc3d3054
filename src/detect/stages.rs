//! The stages of a scan by themselves, for `benches/detect.rs` only.

use super::{KEYWORDS, normalise::Normalised, prefilter};

/// Runs the normalisation; gives the bytes of the normalised text.
pub fn normalise(text: &str) -> usize {
    Normalised::new(text).text.len()
}

/// Runs the first pass over a text as it stands; gives how many places it found.
pub fn prefilter(text: &str) -> usize {
    let trace = prefilter::trace(text, &KEYWORDS, None);
    trace.hits.len() + trace.runs.len()
}

/// Takes the disguises off a text; gives how many bytes are read again.
pub fn disguises(text: &str) -> usize {
    let trace = prefilter::trace(text, &KEYWORDS, None);
    super::disguise::undisguise(text, &trace, &|text| prefilter::trace(text, &KEYWORDS, None))
        .iter()
        .map(|hidden| hidden.text().len())
        .sum()
}
