//! A dossier: a person's name, birth date and address, close together, say more than each alone.
//!
//! Takes the findings of a message in the order of its texts; answers whether three such stand together. `data.dossier` of the policy is the
//! class that they then have at least.

use crate::detect::Finding;

/// Bytes within which the three stand.
const WITHIN: usize = 500;

/// The detectors whose findings a dossier raises.
pub(super) const KINDS: [&str; 3] = ["person-name", "date-of-birth", "nl.postal-address"];

/// Whether a name, a birth date and an address stand together somewhere.
pub(super) fn holds<'a>(mut findings: impl Iterator<Item = &'a Finding>) -> bool {
    let mut last: [Option<usize>; 3] = [None; 3];
    let mut before = 0;
    findings.any(|finding| {
        if finding.start < before {
            // A place before the last one is in another text of the message.
            last = [None; 3];
        }
        before = finding.start;
        let Some(part) = KINDS.iter().position(|kind| **kind == *finding.detector) else { return false };
        last[part] = Some(finding.start);
        let earliest = last.iter().flatten().min().copied().unwrap_or(0);
        last.iter().all(Option::is_some) && finding.start - earliest <= WITHIN
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(all: &[(&str, usize)]) -> Vec<Finding> {
        all.iter().map(|&(id, start)| Finding { detector: id.into(), start, end: start + 5, confidence: 0.9 }).collect()
    }

    #[test]
    fn three_close_together_are_a_dossier() {
        assert!(holds(findings(&[("person-name", 0), ("date-of-birth", 30), ("nl.postal-address", 60)]).iter()));
        assert!(holds(findings(&[("nl.postal-address", 0), ("person-name", 10), ("health", 20), ("date-of-birth", 90)]).iter()));
    }

    #[test]
    fn two_of_them_or_three_far_apart_or_in_different_texts_are_none() {
        assert!(!holds(findings(&[("person-name", 0), ("nl.postal-address", 60)]).iter()));
        assert!(!holds(findings(&[("person-name", 0), ("date-of-birth", 30), ("nl.postal-address", 2000)]).iter()));
        assert!(!holds(findings(&[("person-name", 100), ("date-of-birth", 130), ("nl.postal-address", 20)]).iter()));
    }
}
