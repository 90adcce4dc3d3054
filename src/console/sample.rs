//! A source in memory for tests: a municipality's messages one by one, counted honestly on every question.

use super::source::*;
use jiff::{SignedDuration, Timestamp, tz::Offset};
use std::collections::{BTreeMap, HashSet};

/// One message.
#[derive(Debug, Clone)]
pub struct Message {
    pub at: Timestamp,
    pub person: u32,
    pub tool: &'static str,
    pub status: &'static str,
    pub category: &'static str,
    pub action: &'static str,
    pub detector: Option<(&'static str, &'static str)>,
}

/// The messages, or a store that is down.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    pub messages: Vec<Message>,
    pub down: bool,
}

const TOOLS: [(&str, &str, &str, u32, u32); 11] = [
    // id, status, category, weight, people
    ("m365-copilot", "approved", "chat", 46, 140),
    ("chatgpt", "pilot", "chat", 22, 60),
    ("deepl", "approved", "translation", 12, 70),
    ("github-copilot", "approved", "code", 8, 9),
    ("claude", "unreviewed", "chat", 5, 22),
    ("gemini", "unreviewed", "chat", 4, 18),
    ("perplexity", "unreviewed", "search", 3, 12),
    ("midjourney", "unreviewed", "image", 1, 7),
    ("deepseek", "forbidden", "chat", 1, 8),
    ("notion-ai", "unreviewed", "writing", 1, 3),
    ("grok", "unreviewed", "chat", 1, 2),
];

const FOUND: [(&str, &str); 9] = [
    ("email", "internal"),
    ("email", "internal"),
    ("phone", "internal"),
    ("nl.postal-address", "confidential"),
    ("iban", "confidential"),
    ("nl.bsn", "secret"),
    ("nl.licence-plate", "confidential"),
    ("marking.confidential", "confidential"),
    ("credential.github-token", "secret"),
];

/// A small reproducible generator: tests must not depend on chance.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(sides.max(1))) as u32
    }
}

impl Sample {
    /// Ninety days of office hours in a municipality of some 140 employees who use AI, up to `now`.
    pub fn municipality(now: Timestamp) -> Self {
        let mut dice = Dice(1953);
        let mut messages = Vec::new();
        let total: u32 = TOOLS.iter().map(|tool| tool.3).sum();
        for back in (0..91i64).rev() {
            let day = now - SignedDuration::from_hours(24 * back);
            let weekend = matches!(Offset::UTC.to_datetime(day).weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday);
            for _ in 0..if weekend { 6 } else { 150 + dice.roll(60) + (90 - back) as u32 } {
                let mut ticket = dice.roll(total);
                let Some((tool, status, category, _, people)) = TOOLS.into_iter().find(|tool| {
                    let hit = ticket < tool.3;
                    ticket = ticket.wrapping_sub(tool.3);
                    hit
                }) else {
                    continue;
                };
                let detector = (dice.roll(10) == 0).then(|| FOUND[dice.roll(9) as usize]);
                let action = match (status, detector) {
                    ("forbidden", _) => "block",
                    (_, Some((_, "secret"))) => "block",
                    ("approved", _) => "allow",
                    (_, Some(_)) => "redact",
                    ("unreviewed", None) if dice.roll(3) == 0 => "warn",
                    ("unreviewed", None) if dice.roll(20) == 0 => "redirect",
                    _ => "allow",
                };
                let at = now - SignedDuration::from_hours(24 * back) - SignedDuration::from_mins(i64::from(dice.roll(540)));
                messages.push(Message { at, person: dice.roll(people), tool, status, category, action, detector });
            }
        }
        Self { messages, down: false }
    }

    /// One person who sent two messages: what a first try leaves behind.
    pub fn one_person(now: Timestamp) -> Self {
        let message = |minutes, action, detector| Message {
            at: now - SignedDuration::from_mins(minutes),
            person: 1,
            tool: "chatgpt",
            status: "pilot",
            category: "chat",
            action,
            detector,
        };
        Self { messages: vec![message(3, "allow", None), message(2, "block", Some(("nl.bsn", "secret")))], down: false }
    }

    fn within(&self, span: Span) -> Result<impl Iterator<Item = &Message>, SourceError> {
        if self.down {
            Err(SourceError("database is locked".into()))
        } else {
            Ok(self.messages.iter().filter(move |m| m.at >= span.since && m.at < span.until))
        }
    }

    fn count<K: Ord>(&self, span: Span, key: impl Fn(&Message) -> Option<K>) -> Result<BTreeMap<K, (u64, u64)>, SourceError> {
        let mut groups: BTreeMap<K, (u64, HashSet<u32>)> = BTreeMap::new();
        for message in self.within(span)? {
            if let Some(key) = key(message) {
                let (count, people) = groups.entry(key).or_default();
                *count += 1;
                people.insert(message.person);
            }
        }
        Ok(groups.into_iter().map(|(key, (count, people))| (key, (count, people.len() as u64))).collect())
    }
}

fn bucket_of(at: Timestamp, span: Span) -> String {
    let local = Offset::from_seconds(span.offset).unwrap().to_datetime(at);
    match span.bucket {
        Bucket::Hour => local.strftime("%Y-%m-%dT%H").to_string(),
        Bucket::Day => local.strftime("%Y-%m-%d").to_string(),
        Bucket::Week => {
            let monday = local.date() - jiff::Span::new().days(i64::from(local.weekday().to_monday_zero_offset()));
            monday.strftime("%Y-%m-%d").to_string()
        }
        Bucket::Whole => String::new(),
    }
}

impl Source for Sample {
    fn usage(&self, span: Span) -> Answer<'_, Vec<UsageRow>> {
        Box::pin(async move {
            let groups = self.count(span, |m| Some((bucket_of(m.at, span), m.tool, m.status)))?;
            let row = |((bucket, tool, status), (requests, users)): ((String, &str, &str), _)| UsageRow {
                bucket,
                tool: tool.into(),
                status: status.into(),
                requests,
                users,
            };
            Ok(groups.into_iter().map(row).collect())
        })
    }

    fn decisions(&self, span: Span) -> Answer<'_, Vec<DecisionRow>> {
        Box::pin(async move {
            let groups = self.count(span, |m| Some((bucket_of(m.at, span), m.action)))?;
            let row =
                |((bucket, action), (requests, users)): ((String, &str), _)| DecisionRow { bucket, action: action.into(), requests, users };
            Ok(groups.into_iter().map(row).collect())
        })
    }

    fn findings(&self, span: Span) -> Answer<'_, Vec<FindingRow>> {
        Box::pin(async move {
            let groups = self.count(span, |m| m.detector.map(|(detector, class)| (detector, class, m.action)))?;
            let row = |((detector, class, action), (count, users)): ((&str, &str, &str), _)| FindingRow {
                detector: detector.into(),
                class: class.into(),
                action: action.into(),
                count,
                users,
            };
            Ok(groups.into_iter().map(row).collect())
        })
    }

    fn unreviewed(&self, since: Timestamp) -> Answer<'_, Vec<UnreviewedRow>> {
        Box::pin(async move {
            let span = Span { since, until: Timestamp::MAX, bucket: Bucket::Whole, offset: 0 };
            let groups = self.count(span, |m| (m.status == "unreviewed").then_some((m.tool, m.category)))?;
            let row = |((tool, category), (requests, users)): ((&'static str, &str), _)| {
                let times = || self.messages.iter().filter(|m| m.tool == tool && m.at >= since).map(|m| m.at);
                UnreviewedRow {
                    tool: tool.into(),
                    category: category.into(),
                    requests,
                    users,
                    first: times().min().unwrap(),
                    last: times().max().unwrap(),
                }
            };
            Ok(groups.into_iter().map(row).collect())
        })
    }

    fn totals(&self, span: Span) -> Answer<'_, Totals> {
        Box::pin(async move {
            let groups = self.count(span, |_| Some(()))?;
            Ok(groups.get(&()).map(|(requests, users)| Totals { requests: *requests, users: *users }).unwrap_or_default())
        })
    }

    fn own<'a>(&'a self, subject: &'a str, limit: u32) -> Answer<'a, Vec<OwnRow>> {
        Box::pin(async move {
            let own = self.messages.iter().rev().filter(|m| format!("p-{}", m.person) == subject).take(limit as usize);
            let row = |m: &Message| OwnRow {
                time: m.at,
                tool: m.tool.into(),
                action: m.action.into(),
                class: m.detector.map_or("public", |(_, class)| class).into(),
            };
            Ok(own.map(row).collect())
        })
    }
}
