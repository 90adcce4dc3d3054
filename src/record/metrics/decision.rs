//! Counting a decision without looking up labels each time.
//!
//! The counters of one combination of labels are fetched from their families once and kept under a hash of the labels. The labels come from
//! catalogue and policy; should they ever be more than [`MOST`] combinations, the rest is counted the slow way and not kept.

use super::families::Families;
use crate::record::event::Event;
use parking_lot::RwLock;
use prometheus::IntCounter;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

const MOST: usize = 20_000;

/// Labels of a request and of its rule.
type Labels<'a> = [&'a str; 8];

struct Counters {
    labels: [String; 8],
    requests: IntCounter,
    bytes: IntCounter,
    rule: Option<IntCounter>,
}

struct FindingCounter {
    labels: [String; 3],
    counter: IntCounter,
}

#[derive(Default)]
pub(super) struct Decisions {
    hasher: RandomState,
    requests: RwLock<HashMap<u64, Counters>>,
    findings: RwLock<HashMap<u64, FindingCounter>>,
}

impl Decisions {
    pub fn count(&self, families: &Families, event: &Event) {
        let rule = event.rule.as_deref().unwrap_or("");
        let labels: Labels<'_> =
            [&event.tool, &event.category, &event.action, &event.direction, &event.domain, &event.organisation, rule, &event.mode];
        let key = self.key(&labels);
        if let Some(counters) = self.requests.read().get(&key).filter(|counters| counters.labels == labels) {
            counters.count(event.bytes_in);
        } else if let Some(counters) = Counters::new(families, &labels) {
            counters.count(event.bytes_in);
            let mut known = self.requests.write();
            if known.len() < MOST {
                known.insert(key, counters);
            }
        }
        for finding in &event.findings {
            self.count_finding(families, [&finding.detector, &finding.class, &event.action], finding.count);
        }
    }

    fn count_finding(&self, families: &Families, labels: [&str; 3], count: u64) {
        let key = self.key(&labels);
        if let Some(known) = self.findings.read().get(&key).filter(|known| known.labels == labels) {
            known.counter.inc_by(count);
            return;
        }
        if let Ok(counter) = families.findings.get_metric_with_label_values(&labels) {
            counter.inc_by(count);
            let mut known = self.findings.write();
            if known.len() < MOST {
                known.insert(key, FindingCounter { labels: labels.map(str::to_owned), counter });
            }
        }
    }

    fn key(&self, labels: &[&str]) -> u64 {
        self.hasher.hash_one(labels)
    }
}

impl Counters {
    fn new(families: &Families, labels: &Labels<'_>) -> Option<Self> {
        let [tool, category, action, direction, domain, organisation, rule, mode] = *labels;
        let requests = families.requests.get_metric_with_label_values(&[tool, category, action, direction, domain, organisation]).ok()?;
        let bytes = families.bytes.get_metric_with_label_values(&[tool, direction]).ok()?;
        let rule = if rule.is_empty() { None } else { families.rule_hits.get_metric_with_label_values(&[rule, mode]).ok() };
        Some(Self { labels: labels.map(str::to_owned), requests, bytes, rule })
    }

    fn count(&self, bytes: u64) {
        self.requests.inc();
        self.bytes.inc_by(bytes);
        if let Some(rule) = &self.rule {
            rule.inc();
        }
    }
}
