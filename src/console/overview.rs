//! Everything that the console shows of one period, gathered from the source and with small groups hidden.
//!
//! The only road from a [`Source`] to a page or the API. Totals of messages over the whole period are counts of messages and stay; every
//! count of people, and every finer cell, passes `record::suppress`.

use super::period::{Period, Slot};
use super::source::{Bucket, Source, SourceError, Span};
use crate::record::suppress::{Cell, Raw, grid};
use jiff::Timestamp;
use std::collections::HashMap;

/// Actions in the order in which they are stacked and listed.
pub const ACTIONS: [&str; 5] = ["allow", "redact", "warn", "redirect", "block"];

/// How far back an unreviewed tool is looked for, whatever the period (the metric `sluis_unreviewed_tools` looks as far).
const UNREVIEWED_DAYS: i64 = 30;

/// One line of a table over time: a tool or an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Tool id or action.
    pub id: String,
    /// Register status, for a tool.
    pub status: String,
    /// Messages in the whole period.
    pub requests: u64,
    /// Distinct people in the whole period.
    pub people: Cell,
    /// One per slot.
    pub cells: Vec<Cell>,
}

/// What one detector found in the whole period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub detector: String,
    pub class: String,
    pub count: Cell,
    pub people: Cell,
}

/// An unreviewed tool; dates only, a time of day could point at a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreviewed {
    pub tool: String,
    pub category: String,
    pub requests: u64,
    pub people: Cell,
    pub first: Timestamp,
    pub last: Timestamp,
}

/// One period, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    pub period: Period,
    pub span: Span,
    pub k: u64,
    pub slots: Vec<Slot>,
    pub requests: u64,
    pub people: Cell,
    /// Fewer than `k` people in all: nothing is shown over time.
    pub small: bool,
    /// Most used first.
    pub tools: Vec<Line>,
    /// In the order of [`ACTIONS`]; all five.
    pub actions: Vec<Line>,
    /// Most found first, hidden ones last.
    pub findings: Vec<Found>,
    /// Most used first, over the last 30 days.
    pub unreviewed: Vec<Unreviewed>,
}

impl Overview {
    /// Reads one period that ends `now`.
    pub async fn read(source: &dyn Source, period: Period, now: Timestamp, k: u64) -> Result<Self, SourceError> {
        let (span, slots) = period.cut(now);
        let whole = Span { bucket: Bucket::Whole, ..span };
        let totals = source.totals(whole).await?;
        let mut tools = Table::new(&slots);
        for row in source.usage(whole).await? {
            tools.whole(row.tool, row.status, row.requests, row.users);
        }
        for row in source.usage(span).await? {
            tools.cell(&row.tool, &row.bucket, row.requests, row.users);
        }
        let mut actions = Table::new(&slots);
        for row in source.decisions(whole).await? {
            actions.whole(row.action, String::new(), row.requests, row.users);
        }
        for row in source.decisions(span).await? {
            actions.cell(&row.action, &row.bucket, row.requests, row.users);
        }
        let mut tools = tools.lines(totals.users, k);
        tools.sort_by(|a, b| b.requests.cmp(&a.requests).then_with(|| a.id.cmp(&b.id)));
        let mut actions = actions.lines(totals.users, k);
        for action in ACTIONS {
            if !actions.iter().any(|line| line.id == action) {
                let cells = vec![if totals.users < k { Cell::Hidden } else { Cell::Shown(0) }; slots.len()];
                actions.push(Line { id: action.into(), status: String::new(), requests: 0, people: Cell::Shown(0), cells });
            }
        }
        actions.sort_by_key(|line| ACTIONS.iter().position(|action| *action == line.id).unwrap_or(ACTIONS.len()));
        Ok(Self {
            period,
            span,
            k,
            requests: totals.requests,
            people: Cell::people(totals.users, k),
            small: totals.users < k,
            tools,
            actions,
            findings: findings(source, whole, totals.users, k).await?,
            unreviewed: unreviewed(source, now, k).await?,
            slots,
        })
    }

    /// Messages that met this action in the whole period.
    pub fn action(&self, action: &str) -> u64 {
        self.actions.iter().find(|line| line.id == action).map_or(0, |line| line.requests)
    }

    /// Messages to tools with this status in the whole period.
    pub fn status(&self, status: &str) -> u64 {
        self.tools.iter().filter(|line| line.status == status).map(|line| line.requests).sum()
    }
}

async fn findings(source: &dyn Source, whole: Span, group: u64, k: u64) -> Result<Vec<Found>, SourceError> {
    let mut by_detector: HashMap<(String, String), Raw> = HashMap::new();
    for row in source.findings(whole).await? {
        let raw = by_detector.entry((row.detector, row.class)).or_default();
        raw.number = raw.number.saturating_add(row.count);
        // People behind different actions may be the same; the largest number is certain, a sum is not.
        raw.people = raw.people.max(row.users);
    }
    let mut found: Vec<_> = by_detector
        .into_iter()
        .map(|((detector, class), raw)| Found {
            detector,
            class,
            count: if group < k { Cell::Hidden } else { Cell::of(raw.number, raw.people, k) },
            people: Cell::people(raw.people, k),
        })
        .collect();
    found.sort_by(|a, b| {
        b.count.shown().cmp(&a.count.shown()).then_with(|| a.detector.cmp(&b.detector)).then_with(|| a.class.cmp(&b.class))
    });
    Ok(found)
}

async fn unreviewed(source: &dyn Source, now: Timestamp, k: u64) -> Result<Vec<Unreviewed>, SourceError> {
    let since = now.saturating_sub(jiff::SignedDuration::from_hours(24 * UNREVIEWED_DAYS)).unwrap_or(now);
    let mut rows: Vec<_> = source
        .unreviewed(since)
        .await?
        .into_iter()
        .map(|row| Unreviewed {
            tool: row.tool,
            category: row.category,
            requests: row.requests,
            people: Cell::people(row.users, k),
            first: row.first,
            last: row.last,
        })
        .collect();
    rows.sort_by(|a, b| b.requests.cmp(&a.requests).then_with(|| a.tool.cmp(&b.tool)));
    Ok(rows)
}

/// Counts on their way into lines: whole-period totals and cells, by id.
struct Table<'a> {
    places: HashMap<&'a str, usize>,
    order: Vec<String>,
    rows: HashMap<String, Counted>,
}

struct Counted {
    status: String,
    whole: Raw,
    cells: Vec<Raw>,
}

impl<'a> Table<'a> {
    fn new(slots: &'a [Slot]) -> Self {
        let places = slots.iter().enumerate().map(|(place, slot)| (slot.key.as_str(), place)).collect();
        Self { places, order: Vec::new(), rows: HashMap::new() }
    }

    /// A total of the period. A tool whose status changed comes in more than one row: the busiest names it, messages add up, and of the
    /// people, who may be the same, the largest number is certain.
    fn whole(&mut self, id: String, status: String, requests: u64, users: u64) {
        let slots = self.places.len();
        let order = &mut self.order;
        let row = self.rows.entry(id).or_insert_with_key(|id| {
            order.push(id.clone());
            Counted { status: String::new(), whole: Raw::default(), cells: vec![Raw::default(); slots] }
        });
        if row.status.is_empty() || requests > row.whole.number {
            row.status = status;
        }
        row.whole = Raw { number: row.whole.number.saturating_add(requests), people: row.whole.people.max(users) };
    }

    /// One cell; what belongs to no line or no slot came in while we read, and is in the next answer.
    fn cell(&mut self, id: &str, bucket: &str, requests: u64, users: u64) {
        let Some(cell) = self.places.get(bucket).and_then(|place| self.rows.get_mut(id)?.cells.get_mut(*place)) else { return };
        *cell = Raw { number: cell.number.saturating_add(requests), people: cell.people.max(users) };
    }

    fn lines(mut self, group: u64, k: u64) -> Vec<Line> {
        let rows: Vec<(String, Counted)> = self.order.drain(..).filter_map(|id| self.rows.remove_entry(&id)).collect();
        let raw: Vec<Vec<Raw>> = rows.iter().map(|(_, row)| row.cells.clone()).collect();
        rows.into_iter()
            .zip(grid(&raw, group, k))
            .map(|((id, row), cells)| Line {
                id,
                status: row.status,
                requests: row.whole.number,
                people: Cell::people(row.whole.people, k),
                cells,
            })
            .collect()
    }
}
