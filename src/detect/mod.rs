//! What is in the words: normalise, prefilter, detectors, score, and out come [`Finding`]s.

use serde::Serialize;
use std::sync::Arc;

/// One thing found in a text. Offsets are bytes in the UTF-8 text that was given; the value itself is not kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// Contract id: `nl.bsn`, `iban`, `credential.github-token`, or the organisation's own.
    pub detector: Arc<str>,
    pub start: usize,
    pub end: usize,
    /// 0 to 1; findings under the plan's threshold are not given at all.
    pub confidence: f32,
}
