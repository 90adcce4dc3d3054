//! Counts over one whole stretch of time, for reports.
//!
//! All counts of one call are taken in one transaction that only reads, so that they agree with each other while a proxy writes on. Every count
//! says how many distinct people stand behind it; no query gives subjects one by one. Hiding small groups is the reader's task
//! ([`crate::record::suppress`]).

use super::StoreError;
use super::read::Store;
use crate::record::suppress::Raw;
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Sqlite, Transaction};

/// One stretch of time, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Messages.
    pub total: Raw,
    /// Messages that were decided in observe mode: recorded, not acted on.
    pub observed: Raw,
    /// Messages that were decided in enforce mode.
    pub enforced: Raw,
    pub tools: Vec<ToolCount>,
    /// By `allow warn redact redirect block`.
    pub actions: Vec<(String, Raw)>,
    /// By register status at the moment of use.
    pub statuses: Vec<(String, Raw)>,
    /// By `generative embedded own`.
    pub kinds: Vec<(String, Raw)>,
    pub findings: Vec<FindingTotal>,
    /// The first event that the store holds, of whatever time.
    pub first: Option<Timestamp>,
}

/// Messages to one tool under one register status; a tool whose status changed has one of these for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolCount {
    pub tool: String,
    pub status: String,
    pub kind: String,
    pub messages: Raw,
    pub first: Timestamp,
    pub last: Timestamp,
}

/// What one detector found in one class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingTotal {
    pub detector: String,
    pub class: String,
    /// Findings; a message can hold several.
    pub found: Raw,
}

impl Store {
    /// Counts from `since` up to, not including, `until`.
    pub async fn counts(&self, since: Timestamp, until: Timestamp) -> Result<Counts, StoreError> {
        let mut reading = Reading { transaction: self.pool().begin().await?, since, until };
        let first: Vec<(Option<i64>,)> = sqlx::query_as("SELECT MIN(at) FROM events").fetch_all(&mut *reading.transaction).await?;
        let total: Vec<(i64, i64)> = reading.rows("SELECT COUNT(*), COUNT(DISTINCT subject) FROM events WHERE at >= ? AND at < ?").await?;
        let modes = reading
            .named("SELECT mode, COUNT(*), COUNT(DISTINCT subject) FROM events WHERE at >= ? AND at < ? GROUP BY mode ORDER BY mode")
            .await?;
        let tools: Vec<(String, String, String, i64, i64, i64, i64)> = reading
            .rows(
                "SELECT tool, status, MAX(kind), COUNT(*) AS messages, COUNT(DISTINCT subject), MIN(at), MAX(at) FROM events \
                 WHERE at >= ? AND at < ? GROUP BY tool, status ORDER BY messages DESC, tool, status",
            )
            .await?;
        let actions = reading
            .named("SELECT action, COUNT(*), COUNT(DISTINCT subject) FROM events WHERE at >= ? AND at < ? GROUP BY action ORDER BY action")
            .await?;
        let statuses = reading
            .named("SELECT status, COUNT(*), COUNT(DISTINCT subject) FROM events WHERE at >= ? AND at < ? GROUP BY status ORDER BY status")
            .await?;
        let kinds = reading
            .named("SELECT kind, COUNT(*), COUNT(DISTINCT subject) FROM events WHERE at >= ? AND at < ? GROUP BY kind ORDER BY kind")
            .await?;
        let findings: Vec<(String, String, i64, i64)> = reading
            .rows(
                "SELECT detector, class, CAST(SUM(found) AS BIGINT) AS total, COUNT(DISTINCT subject) FROM findings \
                 WHERE at >= ? AND at < ? GROUP BY detector, class ORDER BY total DESC, detector, class",
            )
            .await?;
        let mode = |name: &str| modes.iter().find(|(mode, _)| mode == name).map_or_else(Raw::default, |(_, raw)| *raw);
        let tool = |(tool, status, kind, messages, people, first, last)| ToolCount {
            tool,
            status,
            kind,
            messages: raw(messages, people),
            first: moment(first),
            last: moment(last),
        };
        Ok(Counts {
            total: total.first().map_or_else(Raw::default, |row| raw(row.0, row.1)),
            observed: mode("observe"),
            enforced: mode("enforce"),
            tools: tools.into_iter().map(tool).collect(),
            actions,
            statuses,
            kinds,
            findings: findings
                .into_iter()
                .map(|(detector, class, found, people)| FindingTotal { detector, class, found: raw(found, people) })
                .collect(),
            first: first.first().and_then(|row| row.0).map(moment),
        })
    }

    /// Messages to tools of one kind per domain of work, busiest first. Reads the rows themselves: slower than [`Store::counts`] on a large store.
    pub async fn domain_counts(&self, since: Timestamp, until: Timestamp, kind: &str) -> Result<Vec<(String, Raw)>, StoreError> {
        let sql = "SELECT domain, COUNT(*) AS messages, COUNT(DISTINCT subject) FROM events WHERE at >= ? AND at < ? AND kind = ? \
                   GROUP BY domain ORDER BY messages DESC, domain";
        let query = sqlx::query_as(sql).bind(since.as_microsecond()).bind(until.as_microsecond()).bind(kind.to_owned());
        let rows: Vec<(String, i64, i64)> = query.fetch_all(self.pool()).await?;
        Ok(rows.into_iter().map(|(domain, messages, people)| (domain, raw(messages, people))).collect())
    }
}

/// One transaction over one stretch of time.
struct Reading<'p> {
    transaction: Transaction<'p, Sqlite>,
    since: Timestamp,
    until: Timestamp,
}

impl Reading<'_> {
    async fn rows<R>(&mut self, sql: &'static str) -> Result<Vec<R>, StoreError>
    where
        R: for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
    {
        let query = sqlx::query_as(sql).bind(self.since.as_microsecond()).bind(self.until.as_microsecond());
        Ok(query.fetch_all(&mut *self.transaction).await?)
    }

    async fn named(&mut self, sql: &'static str) -> Result<Vec<(String, Raw)>, StoreError> {
        let rows: Vec<(String, i64, i64)> = self.rows(sql).await?;
        Ok(rows.into_iter().map(|(name, number, people)| (name, raw(number, people))).collect())
    }
}

/// Counts are never negative.
fn raw(number: i64, people: i64) -> Raw {
    Raw { number: u64::try_from(number).unwrap_or(0), people: u64::try_from(people).unwrap_or(0) }
}

fn moment(at: i64) -> Timestamp {
    Timestamp::from_microsecond(at).unwrap_or_default()
}
