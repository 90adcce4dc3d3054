//! A question as a person asks it, scanned and decided in one go: what `sluis explain` prints and what the policy's own tests run.
//!
//! Takes words, gives the verdict with its trace. The words stay with the caller, except in [`Answer::redacted`].

use super::{Action, Policy, Request, Verdict};
use crate::catalogue::Tool;
use crate::detect::{self, Finding};
use crate::identity::Subject;
use crate::wire::{Direction, Unreadable};
use serde::Serialize;
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    pub subject: &'a Subject,
    pub tool: &'a Tool,
    pub direction: Direction,
    /// None: a visit to the tool's page, or something that could not be read.
    pub text: Option<&'a str>,
    /// File or field name.
    pub label: &'a str,
    pub model: Option<&'a str>,
    pub client: &'a str,
    /// Where it differs from the text's own size.
    pub bytes: Option<u64>,
    pub unreadable: Option<Unreadable>,
    pub now: jiff::Timestamp,
    pub trace: bool,
}

/// The decision as `sluis explain --format json` prints it.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    pub action: Action,
    /// What enforcement would do; differs from `action` while something is only observed.
    pub would: Action,
    pub class: Arc<str>,
    pub status: &'static str,
    pub rule: Option<Arc<str>>,
    pub tool: String,
    pub instead: Option<String>,
    pub findings: Vec<Shown>,
    /// The employee's sentence; none where nothing is said.
    pub message: Option<String>,
    /// The text as it would be sent; none where nothing is replaced.
    pub redacted: Option<String>,
    pub trace: Vec<String>,
}

/// A finding with its class.
#[derive(Debug, Clone, Serialize)]
pub struct Shown {
    pub detector: Arc<str>,
    pub class: Arc<str>,
    /// Byte offsets in the UTF-8 text.
    pub start: usize,
    pub end: usize,
    pub confidence: f32,
}

/// Scans and decides.
pub fn ask(policy: &Policy, question: &Question<'_>) -> (Verdict, Vec<Finding>) {
    let findings = question.text.map(|text| policy.plan().scan(text, question.label)).unwrap_or_default();
    let verdict = policy.decide(&Request {
        subject: question.subject,
        tool: question.tool,
        direction: question.direction,
        model: question.model,
        client: question.client,
        bytes: question.bytes.unwrap_or(question.text.map_or(0, str::len) as u64),
        unreadable: question.unreadable,
        words: question.text.is_some() || question.unreadable.is_some(),
        findings: &findings,
        now: question.now,
        trace: question.trace,
    });
    (verdict, findings)
}

/// Scans, decides, and shows everything about it. `language` is `nl` or `en`.
pub fn explain(policy: &Policy, question: &Question<'_>, language: &str) -> Answer {
    let (verdict, findings) = ask(policy, question);
    let message = if language == "en" { &verdict.reason.en } else { &verdict.reason.nl };
    let redacted = match question.text {
        Some(text) if verdict.action == Action::Redact => Some(redacted(text, &findings, &verdict.redact)),
        _ => None,
    };
    let lowest = policy.classes().first().cloned().unwrap_or_else(|| Arc::from(""));
    Answer {
        action: verdict.action,
        would: verdict.would,
        class: verdict.class,
        status: verdict.status,
        rule: verdict.rule,
        tool: question.tool.id.clone(),
        instead: verdict.instead,
        findings: findings
            .iter()
            .map(|finding| Shown {
                detector: Arc::clone(&finding.detector),
                class: policy.class_of(&finding.detector).unwrap_or_else(|| Arc::clone(&lowest)),
                start: finding.start,
                end: finding.end,
                confidence: finding.confidence,
            })
            .collect(),
        message: (!message.is_empty()).then(|| message.clone()),
        redacted,
        trace: verdict.trace,
    }
}

/// The text with each finding of these detectors as `[EMAIL-1]`; the same value gets the same placeholder.
pub fn redacted(text: &str, findings: &[Finding], detectors: &[Arc<str>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut seen: HashMap<(&str, &str), usize> = HashMap::new();
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut done = 0;
    for finding in findings.iter().filter(|finding| detectors.contains(&finding.detector)) {
        let (Some(before), Some(value)) = (text.get(done..finding.start), text.get(finding.start..finding.end)) else { continue };
        let name = detect::nice_name(&finding.detector);
        let number = *seen.entry((name, value)).or_insert_with(|| {
            let number = numbers.entry(name).or_insert(0);
            *number += 1;
            *number
        });
        out.push_str(before);
        let _ = write!(out, "[{name}-{number}]");
        done = finding.end;
    }
    out.push_str(text.get(done..).unwrap_or(""));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use std::net::{IpAddr, Ipv4Addr};

    fn answer(text: &str, language: &str) -> Answer {
        let catalogue = Catalogue::embedded().unwrap();
        let policy = Policy::embedded(&catalogue).unwrap();
        let question = Question {
            subject: &Subject::anonymous(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            tool: catalogue.by_id("openai-api").unwrap(),
            direction: Direction::Prompt,
            text: Some(text),
            label: "",
            model: None,
            client: "curl",
            bytes: None,
            unreadable: None,
            now: "2026-11-24T10:00:00Z".parse().unwrap(),
            trace: true,
        };
        explain(&policy, &question, language)
    }

    #[test]
    fn an_answer_holds_the_redacted_text_and_the_sentence_in_the_wanted_language() {
        let found = answer("Mail é@x.nl? Nee: jan@bewoner.nl, piet@bewoner.nl en jan@bewoner.nl", "en");
        assert_eq!(found.action, Action::Redact);
        let redacted = found.redacted.unwrap();
        assert!(redacted.ends_with("en [EMAIL-1]") || redacted.ends_with("en [EMAIL-2]"), "{redacted}");
        assert!(!redacted.contains("bewoner"), "{redacted}");
        assert!(found.message.unwrap().starts_with("We replaced"));
        assert!(answer("mail jan@bewoner.nl", "nl").message.unwrap().starts_with("We hebben 1 gegeven vervangen, zoals [EMAIL-1]."));
    }

    #[test]
    fn the_json_has_the_fields_of_the_contract() {
        let json = serde_json::to_value(answer("Schrijf een brief aan BSN 111222333", "nl")).unwrap();
        for field in ["action", "class", "rule", "tool", "findings", "message", "redacted", "trace"] {
            assert!(json.get(field).is_some(), "{field}");
        }
        assert_eq!((&json["action"], &json["class"], &json["findings"][0]["class"]), (&"block".into(), &"secret".into(), &"secret".into()));
    }
}
