//! The policy's own tests: each is asked, and what came out is held against what was expected.

use super::explain::{Question, ask, redacted};
use super::language::{Expect, Given, Moment, Test};
use super::{Policy, Verdict};
use crate::catalogue::Catalogue;
use crate::detect::{self, Finding};
use crate::identity::Subject;

/// How one test went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub name: String,
    /// Line in the policy where it stands.
    pub line: usize,
    /// Empty: it passed.
    pub differences: Vec<Difference>,
    /// The decision step by step, for a test that failed.
    pub trace: Vec<String>,
}

/// One thing that came out otherwise than expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub what: &'static str,
    pub expected: String,
    pub found: String,
}

impl Outcome {
    pub fn passed(&self) -> bool {
        self.differences.is_empty()
    }
}

impl Policy {
    /// How many tests the policy has.
    pub fn test_count(&self) -> usize {
        self.tests.len()
    }

    /// Runs them all; `now` is for tests that name no date.
    pub fn run_tests(&self, catalogue: &Catalogue, now: jiff::Timestamp) -> Vec<Outcome> {
        self.tests.iter().map(|test| self.run_test(test, catalogue, now)).collect()
    }

    fn run_test(&self, test: &Test, catalogue: &Catalogue, now: jiff::Timestamp) -> Outcome {
        let Given { text, tool, .. } = &test.given;
        let line = test.name.at.line;
        let id = tool.as_ref().map_or("", |tool| tool.value.as_str());
        let Some(known) = catalogue.by_id(id) else {
            let difference = Difference { what: "tool", expected: id.to_owned(), found: "not in the catalogue".into() };
            return Outcome { name: test.name.value.clone(), line, differences: vec![difference], trace: Vec::new() };
        };
        let given = &test.given;
        let subject = Subject {
            user: given.user.clone(),
            groups: given.groups.clone(),
            address: given.address,
            organisation: given.organisation.clone(),
        };
        let noon = |day: jiff::civil::Date| self.zone.to_timestamp(day.at(12, 0, 0, 0)).unwrap_or(now);
        let (verdict, findings) = ask(
            self,
            &Question {
                subject: &subject,
                tool: known,
                direction: given.direction,
                text: text.as_deref(),
                label: &given.label,
                model: given.model.as_deref(),
                client: &given.client,
                bytes: given.size,
                unreadable: given.unreadable,
                now: given.now.map_or(now, |moment| match moment {
                    Moment::Day(day) => noon(day),
                    Moment::Exact(moment) => moment,
                }),
                trace: true,
            },
        );
        let differences = differences(&test.expect, &verdict, &findings, text.as_deref().unwrap_or(""));
        Outcome { name: test.name.value.clone(), line, differences, trace: verdict.trace }
    }
}

fn differences(expect: &Expect, verdict: &Verdict, findings: &[Finding], text: &str) -> Vec<Difference> {
    let mut all = Vec::new();
    let mut compare = |what: &'static str, expected: Option<&str>, found: &str| {
        if let Some(expected) = expected
            && expected != found
        {
            all.push(Difference { what, expected: expected.to_owned(), found: found.to_owned() });
        }
    };
    compare("action", expect.action.map(|action| action.as_str()), verdict.action.as_str());
    compare("would", expect.would.map(|action| action.as_str()), verdict.would.as_str());
    compare("class", expect.class.as_ref().map(|class| class.value.as_str()), &verdict.class);
    compare("status", expect.status.map(|status| status.as_str()), verdict.status);
    compare("rule", expect.rule.as_ref().map(|rule| rule.value.as_str()), verdict.rule.as_deref().unwrap_or("none"));
    compare("instead", expect.instead.as_ref().map(|tool| tool.value.as_str()), verdict.instead.as_deref().unwrap_or("none"));
    if let Some(expected) = &expect.redacted {
        compare("redacted", Some(expected), &redacted(text, findings, &verdict.redact));
    }
    if let Some(expected) = &expect.findings {
        let mut found: Vec<&str> = findings.iter().map(|finding| &*finding.detector).collect();
        found.sort_unstable();
        found.dedup();
        let each = expected.iter().all(|name| found.iter().any(|detector| detect::covers(&name.value, detector)));
        if !each || (expected.is_empty() && !found.is_empty()) {
            let names: Vec<&str> = expected.iter().map(|name| name.value.as_str()).collect();
            all.push(Difference { what: "findings", expected: list(&names), found: list(&found) });
        }
    }
    all
}

fn list(names: &[&str]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_policy_passes_its_own_tests() {
        let catalogue = Catalogue::embedded().unwrap();
        let policy = Policy::embedded(&catalogue).unwrap_or_else(|mistakes| {
            panic!("{}", mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
        });
        assert!(policy.notes().is_empty(), "{:#?}", policy.notes());
        assert!(policy.test_count() >= 25);
        let failed: Vec<_> =
            policy.run_tests(&catalogue, "2026-11-24T10:00:00Z".parse().unwrap()).into_iter().filter(|outcome| !outcome.passed()).collect();
        assert!(failed.is_empty(), "{failed:#?}");
    }

    #[test]
    fn a_test_that_fails_says_what_came_out_instead() {
        let catalogue = Catalogue::embedded().unwrap();
        let text = "sluis: 1\ntests: [ { name: t, given: { tool: poe, prompt: x }, expect: { action: block, status: unreviewed, findings: [email] } } ]\n";
        let outcomes = Policy::from_text(text, &catalogue).unwrap().run_tests(&catalogue, jiff::Timestamp::UNIX_EPOCH);
        let told: Vec<(&str, &str, &str)> =
            outcomes[0].differences.iter().map(|d| (d.what, d.expected.as_str(), d.found.as_str())).collect();
        assert_eq!(told, [("action", "block", "warn"), ("findings", "email", "none")]);
    }
}
