//! Helpers of the detectors' tests: does a text give this finding, and no other of its family.

use super::{Plan, covers};

fn found(id: &str, text: &str) -> Vec<String> {
    let plan = Plan::new(&[]).unwrap();
    plan.scan(text, "")
        .into_iter()
        .filter(|finding| covers(id, &finding.detector))
        .map(|finding| text[finding.start..finding.end].to_owned())
        .collect()
}

/// The text gives a finding of the detector with exactly this value.
#[track_caller]
pub(super) fn finds(id: &str, text: &str, value: &str) {
    let all = found(id, text);
    assert!(all.iter().any(|found| found == value), "{id}: wanted {value:?} in {text:?}, found {all:?}");
}

/// The text gives no finding of the detector or its family.
#[track_caller]
pub(super) fn misses(id: &str, text: &str) {
    let all = found(id, text);
    assert!(all.is_empty(), "{id}: {text:?} gave {all:?}");
}

/// A value of random-looking characters, the same at each run.
pub(super) fn random(length: usize, alphabet: &str) -> String {
    let alphabet: Vec<char> = alphabet.chars().collect();
    let mut state = 0x2545_f491_4f6c_dd1du64;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            alphabet[(state >> 11) as usize % alphabet.len()]
        })
        .collect()
}
