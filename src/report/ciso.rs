//! The security officer's report: requests per tool, decisions, findings, unreviewed tools and active people.
//!
//! Takes true counts, gives shown ones. The total of messages stands in the report, and the monitor report gives totals per status and kind, so a
//! tool that is hidden always has another beside it in each of those.

use super::{Count, Head};
use crate::catalogue::Catalogue;
use crate::policy::Action;
use crate::record::store::{Counts, FindingTotal, ToolCount};
use crate::record::suppress::{Cell, Raw, list};
use jiff::Timestamp;

/// Actions in the order in which they are listed, all of them always: that one is missing would be a count as well.
const ACTIONS: [Action; 5] = [Action::Allow, Action::Redact, Action::Warn, Action::Redirect, Action::Block];

/// Requests, decisions, findings and people in one period.
#[derive(Debug, Clone, PartialEq)]
pub struct Ciso {
    pub head: Head,
    /// Messages to AI tools; its people are the active people.
    pub total: Count,
    /// Messages that were decided in observe mode: recorded, and let through.
    pub observed: Count,
    /// Busiest first. A tool whose status changed stands here once for each.
    pub tools: Vec<Tool>,
    /// The five actions.
    pub decisions: Vec<(&'static str, Count)>,
    /// Most found first, hidden ones last.
    pub findings: Vec<Found>,
}

/// Use of one tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool {
    pub id: String,
    pub name: String,
    /// None for a tool that the catalogue no longer has.
    pub category: Option<String>,
    pub kind: String,
    /// Register status when it was used.
    pub status: String,
    pub count: Count,
    /// Of these only the day may be shown: a time of day could point at a person.
    pub first: Timestamp,
    pub last: Timestamp,
}

/// What one detector found in one class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub detector: String,
    pub class: String,
    /// Findings, not messages.
    pub count: Count,
}

impl Ciso {
    pub(super) fn new(head: Head, counts: Counts, catalogue: &Catalogue) -> Self {
        let (k, group) = (head.k, counts.total.people);
        let decisions = decisions(&counts, k);
        Self {
            total: Count::of(counts.total, k),
            observed: observed(&counts, k),
            tools: tools(counts.tools, group, k, catalogue),
            decisions,
            findings: findings(counts.findings, group, k),
            head,
        }
    }

    /// The tools that nobody has reviewed, and that were used all the same.
    pub fn unreviewed(&self) -> impl Iterator<Item = &Tool> {
        self.tools.iter().filter(|tool| tool.status == "unreviewed")
    }
}

/// Decisions of each action.
pub(super) fn decisions(counts: &Counts, k: u64) -> Vec<(&'static str, Count)> {
    let raw =
        ACTIONS.map(|action| counts.actions.iter().find(|(name, _)| name == action.as_str()).map_or_else(Raw::default, |(_, raw)| *raw));
    let cells = list(&raw, &[], counts.total.people, k);
    let count = |number, raw: Raw| Count::with(number, raw.people, counts.total.people, k);
    ACTIONS.iter().zip(raw).zip(cells).map(|((action, raw), number)| (action.as_str(), count(number, raw))).collect()
}

/// The number of messages in observe mode; hidden where the rest, which the total gives, is that of few people.
fn observed(counts: &Counts, k: u64) -> Count {
    let number = list(&[counts.observed, counts.enforced], &[], counts.total.people, k).first().copied().unwrap_or(Cell::Hidden);
    Count::with(number, counts.observed.people, counts.total.people, k)
}

fn tools(rows: Vec<ToolCount>, group: u64, k: u64, catalogue: &Catalogue) -> Vec<Tool> {
    let raw: Vec<Raw> = rows.iter().map(|row| row.messages).collect();
    let statuses = parts(rows.iter().map(|row| row.status.as_str()));
    let kinds = parts(rows.iter().map(|row| row.kind.as_str()));
    let cells = list(&raw, &[statuses, kinds], group, k);
    let mut tools: Vec<Tool> = rows
        .into_iter()
        .zip(cells)
        .map(|(row, number)| {
            let known = catalogue.by_id(&row.tool);
            Tool {
                name: known.map_or_else(|| row.tool.clone(), |tool| tool.name.clone()),
                category: known.map(|tool| tool.category.clone()),
                id: row.tool,
                kind: row.kind,
                status: row.status,
                count: Count::with(number, row.messages.people, group, k),
                first: row.first,
                last: row.last,
            }
        })
        .collect();
    // By what is shown, so that the place says nothing about what is not.
    tools.sort_by(|a, b| b.count.number.shown().cmp(&a.count.number.shown()).then_with(|| (&a.id, &a.status).cmp(&(&b.id, &b.status))));
    tools
}

fn findings(rows: Vec<FindingTotal>, group: u64, k: u64) -> Vec<Found> {
    // No total of findings is shown, so one that is hidden cannot be given back; in a small group all are.
    let number = |raw: Raw| if group < k { Cell::Hidden } else { Cell::of(raw.number, raw.people, k) };
    let mut found: Vec<Found> = rows
        .into_iter()
        .map(|row| Found { count: Count::with(number(row.found), row.found.people, group, k), detector: row.detector, class: row.class })
        .collect();
    found.sort_by(|a, b| {
        b.count.number.shown().cmp(&a.count.number.shown()).then_with(|| (&a.detector, &a.class).cmp(&(&b.detector, &b.class)))
    });
    found
}

/// The part that each row belongs to, as a number.
fn parts<'a>(names: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let mut known: Vec<&str> = Vec::new();
    names
        .map(|name| {
            known.iter().position(|other| *other == name).unwrap_or_else(|| {
                known.push(name);
                known.len() - 1
            })
        })
        .collect()
}
