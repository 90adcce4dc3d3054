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

/// SHIM: replaced by the detect room.
#[derive(Debug, Clone)]
pub struct OwnDetector {
    pub id: String,
    pub kind: OwnKind,
    pub context: Vec<String>,
}

/// SHIM: replaced by the detect room.
#[derive(Debug, Clone)]
pub enum OwnKind {
    Pattern(String),
    Words(Vec<String>),
}

/// SHIM: replaced by the detect room.
#[derive(Debug, thiserror::Error)]
#[error("detector '{0}': {1}")]
pub struct PlanError(pub String, pub String);

/// SHIM: replaced by the detect room.
#[derive(Debug)]
pub struct Plan {
    patterns: Vec<(Arc<str>, regex::Regex)>,
}

impl Plan {
    pub fn new(own: &[OwnDetector]) -> Result<Self, PlanError> {
        let built_in = [
            ("nl.bsn", r"\b\d{9}\b"),
            ("email", r"[\w.+-]+@[\w-]+\.[\w.]+\w"),
            ("iban", r"\bNL\d{2}[A-Z]{4}\d{10}\b"),
            ("phone", r"\b06-?\d{8}\b"),
            ("payment-card", r"\b4\d{15}\b"),
            ("nl.postal-address", r"\b[A-Z][a-z]+(straat|weg) \d+,? \d{4} ?[A-Z]{2}\b"),
            ("nl.licence-plate", r"\b[A-Z]{1,3}-\d{2,3}-[A-Z]{1,2}\b"),
            ("credential.github-token", r"\bghp_\w{36}\b"),
            ("credential.private-key", "-----BEGIN [A-Z ]*PRIVATE KEY-----"),
            ("credential.password", r"(?i)\b(wachtwoord|password)\s*[:=]\s*\S+"),
            ("marking.confidential", r"(?i)\bintern - vertrouwelijk\b|\bVERTROUWELIJK\b"),
            ("marking.state-secret", r"\bStg\. (Geheim|Zeer Geheim|Confidentieel)\b"),
        ];
        let mut patterns = Vec::new();
        for (id, pattern) in built_in {
            patterns.push((Arc::from(id), regex::Regex::new(pattern).map_err(|e| PlanError(id.into(), e.to_string()))?));
        }
        for detector in own {
            let pattern = match &detector.kind {
                OwnKind::Pattern(pattern) => pattern.clone(),
                OwnKind::Words(words) => {
                    format!(r"(?i)\b(?:{})\b", words.iter().map(|w| regex::escape(w)).collect::<Vec<_>>().join("|"))
                }
            };
            patterns.push((
                Arc::from(detector.id.as_str()),
                regex::Regex::new(&pattern).map_err(|e| PlanError(detector.id.clone(), e.to_string()))?,
            ));
        }
        Ok(Self { patterns })
    }

    pub fn scan(&self, text: &str, _label: &str) -> Vec<Finding> {
        let mut found: Vec<Finding> = Vec::new();
        for (id, pattern) in &self.patterns {
            for hit in pattern.find_iter(text) {
                found.push(Finding { detector: Arc::clone(id), start: hit.start(), end: hit.end(), confidence: 0.9 });
            }
        }
        found.sort_by_key(|f| f.start);
        found
    }
}

/// SHIM: replaced by the detect room.
pub fn builtin_ids() -> &'static [&'static str] {
    &[
        "nl.bsn",
        "iban",
        "email",
        "phone",
        "payment-card",
        "nl.postal-address",
        "nl.licence-plate",
        "credential",
        "credential.github-token",
        "credential.private-key",
        "credential.password",
        "marking.confidential",
        "marking.state-secret",
    ]
}

/// SHIM: replaced by the detect room.
pub fn covers(listed: &str, detector: &str) -> bool {
    detector.strip_prefix(listed).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// SHIM: replaced by the detect room.
pub fn nice_name(detector: &str) -> &'static str {
    match detector {
        "nl.bsn" => "BSN",
        "email" => "EMAIL",
        "iban" => "IBAN",
        "phone" => "PHONE",
        _ => "FINDING",
    }
}
