//! The read side: what the console counts.
//!
//! Every row that counts also says how many distinct people stand behind it (`subjects`), so that the console can hide cells of fewer than five.
//! No query gives subjects one by one. Times are UTC, RFC 3339; a bucket is named by its first moment, weeks begin on Monday.

use super::{StoreError, options};
use crate::record::event::write_time;
use crate::record::metrics::ActiveUsers;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::sqlite::{SqlitePool, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, FromRow};
use std::path::Path;
use std::time::Duration;

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

/// The width of a point on the time axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Bucket {
    Hour,
    Day,
    Week,
    /// Not cut: all in one, whose name says nothing.
    Whole,
}

impl Bucket {
    /// The number of the bucket in SQL; integer division, and days since Monday 29 December 1969.
    fn sql(self) -> String {
        self.of("at")
    }

    /// The number of the bucket of `moment`, an SQL expression in microseconds.
    pub(super) fn of(self, moment: &str) -> String {
        match self {
            Self::Hour => format!("{moment} / {HOUR}"),
            Self::Day => format!("{moment} / {DAY}"),
            Self::Week => format!("({moment} / {DAY} + 3) / 7"),
            Self::Whole => "0".to_owned(),
        }
    }

    /// A bucket's short name: `2026-11-24T14`, `2026-11-24`, or a week's Monday.
    pub(super) fn name(self, number: i64) -> String {
        let start = self.start(number);
        let length = if self == Self::Hour { 13 } else { 10 };
        start.get(..length).unwrap_or(&start).to_owned()
    }

    /// The first moment of a bucket.
    fn start(self, number: i64) -> String {
        let microseconds = match self {
            Self::Hour => number.saturating_mul(HOUR),
            Self::Day => number.saturating_mul(DAY),
            Self::Week => number.saturating_mul(7).saturating_sub(3).saturating_mul(DAY),
            Self::Whole => 0,
        };
        format!("{:.0}", Timestamp::from_microsecond(microseconds).unwrap_or_default())
    }
}

/// Use of one tool in one bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UsageRow {
    pub bucket: String,
    pub tool: String,
    /// Register status when it was used; a tool whose status changed has a row for each.
    pub status: String,
    pub kind: String,
    pub requests: u64,
    pub warned: u64,
    pub redacted: u64,
    pub redirected: u64,
    pub blocked: u64,
    pub subjects: u64,
}

/// Bytes and tokens of one tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VolumeRow {
    pub tool: String,
    pub bytes_in: u64,
    pub bytes_out: u64,
    pub tokens_in: u64,
    pub tokens_out: u64,
    pub subjects: u64,
}

/// Decisions by what was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DecisionRow {
    pub action: String,
    pub mode: String,
    pub requests: u64,
    pub subjects: u64,
}

/// Findings of one class by one detector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClassRow {
    pub class: String,
    pub detector: String,
    /// Messages with such a finding.
    pub messages: u64,
    pub found: u64,
    pub subjects: u64,
}

/// A tool that was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToolSeen {
    pub tool: String,
    pub category: String,
    pub kind: String,
    pub first: String,
    pub last: String,
    pub requests: u64,
    pub subjects: u64,
}

/// One decision, without who it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, FromRow)]
pub struct RecentRow {
    pub id: String,
    pub time: String,
    pub tool: String,
    pub direction: String,
    pub action: String,
    pub mode: String,
    pub rule: Option<String>,
    pub status: String,
    pub class: String,
    pub client: String,
    pub reason_nl: String,
    pub reason_en: String,
}

/// A few connections that only read. Opened when first asked, so that a console can start before the store.
#[derive(Clone)]
pub struct Store {
    pool: SqlitePool,
}

impl Store {
    /// Must be called within a tokio runtime.
    pub fn new(url: &str, data_dir: &Path) -> Result<Self, StoreError> {
        let options = options(url, data_dir)?.read_only(true);
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            .min_connections(0)
            .acquire_timeout(Duration::from_secs(5))
            .connect_lazy_with(options);
        Ok(Self { pool })
    }

    /// Use per tool and status over time, oldest bucket first.
    pub async fn usage_by_tool(&self, since: Timestamp, until: Timestamp, bucket: Bucket) -> Result<Vec<UsageRow>, StoreError> {
        let sql = format!(
            "SELECT {} AS bucket, tool, status, MAX(kind), COUNT(*), {}, COUNT(DISTINCT subject) \
             FROM events WHERE at >= ? AND at < ? GROUP BY bucket, tool, status ORDER BY bucket, tool, status",
            bucket.sql(),
            ["warn", "redact", "redirect", "block"].map(|action| format!("COUNT(CASE WHEN action = '{action}' THEN 1 END)")).join(", ")
        );
        type Row = (i64, String, String, String, i64, i64, i64, i64, i64, i64);
        let rows: Vec<Row> = self.rows(sql, since, until).await?;
        let row = |(at, tool, status, kind, requests, warned, redacted, redirected, blocked, subjects): Row| UsageRow {
            bucket: bucket.start(at),
            tool,
            status,
            kind,
            requests: count(requests),
            warned: count(warned),
            redacted: count(redacted),
            redirected: count(redirected),
            blocked: count(blocked),
            subjects: count(subjects),
        };
        Ok(rows.into_iter().map(row).collect())
    }

    /// Bytes and tokens per tool. Reads the rows themselves: slower than the other queries on a large store.
    pub async fn volumes(&self, since: Timestamp, until: Timestamp) -> Result<Vec<VolumeRow>, StoreError> {
        let sql = "SELECT tool, CAST(SUM(bytes_in) AS BIGINT), CAST(SUM(bytes_out) AS BIGINT), CAST(COALESCE(SUM(tokens_in), 0) AS BIGINT), \
                   CAST(COALESCE(SUM(tokens_out), 0) AS BIGINT), COUNT(DISTINCT subject) FROM events WHERE at >= ? AND at < ? GROUP BY tool ORDER BY tool";
        type Row = (String, i64, i64, i64, i64, i64);
        let rows: Vec<Row> = self.rows(sql.to_owned(), since, until).await?;
        let row = |(tool, bytes_in, bytes_out, tokens_in, tokens_out, subjects): Row| VolumeRow {
            tool,
            bytes_in: count(bytes_in),
            bytes_out: count(bytes_out),
            tokens_in: count(tokens_in),
            tokens_out: count(tokens_out),
            subjects: count(subjects),
        };
        Ok(rows.into_iter().map(row).collect())
    }

    /// Decisions by action and mode.
    pub async fn decisions(&self, since: Timestamp) -> Result<Vec<DecisionRow>, StoreError> {
        let sql = "SELECT action, mode, COUNT(*), COUNT(DISTINCT subject) FROM events WHERE at >= ? AND at < ? GROUP BY action, mode ORDER BY action, mode";
        let rows: Vec<(String, String, i64, i64)> = self.rows(sql.to_owned(), since, Timestamp::MAX).await?;
        let row = |(action, mode, requests, subjects)| DecisionRow { action, mode, requests: count(requests), subjects: count(subjects) };
        Ok(rows.into_iter().map(row).collect())
    }

    /// Findings by class and detector, most messages first.
    pub async fn findings_by_class(&self, since: Timestamp) -> Result<Vec<ClassRow>, StoreError> {
        let sql = "SELECT class, detector, COUNT(DISTINCT event) AS messages, CAST(SUM(found) AS BIGINT), COUNT(DISTINCT subject) FROM findings \
                   WHERE at >= ? AND at < ? GROUP BY class, detector ORDER BY messages DESC, class, detector";
        let rows: Vec<(String, String, i64, i64, i64)> = self.rows(sql.to_owned(), since, Timestamp::MAX).await?;
        let row = |(class, detector, messages, found, subjects)| ClassRow {
            class,
            detector,
            messages: count(messages),
            found: count(found),
            subjects: count(subjects),
        };
        Ok(rows.into_iter().map(row).collect())
    }

    /// Tools with the status `unreviewed`, most people first.
    pub async fn unreviewed_tools(&self, since: Timestamp) -> Result<Vec<ToolSeen>, StoreError> {
        let sql = "SELECT tool, MAX(category), MAX(kind), MIN(at), MAX(at), COUNT(*), COUNT(DISTINCT subject) AS subjects FROM events \
                   WHERE at >= ? AND at < ? AND status = 'unreviewed' GROUP BY tool ORDER BY subjects DESC, tool";
        type Row = (String, String, String, i64, i64, i64, i64);
        let rows: Vec<Row> = self.rows(sql.to_owned(), since, Timestamp::MAX).await?;
        let time = |at| write_time(Timestamp::from_microsecond(at).unwrap_or_default());
        let row = |(tool, category, kind, first, last, requests, subjects): Row| ToolSeen {
            tool,
            category,
            kind,
            first: time(first),
            last: time(last),
            requests: count(requests),
            subjects: count(subjects),
        };
        Ok(rows.into_iter().map(row).collect())
    }

    /// The newest decisions, without subjects.
    pub async fn recent(&self, limit: u32) -> Result<Vec<RecentRow>, StoreError> {
        let sql = "SELECT id, time, tool, direction, action, mode, rule, status, class, client, reason_nl, reason_en FROM events ORDER BY at DESC LIMIT ?";
        Ok(sqlx::query_as(sql).bind(i64::from(limit)).fetch_all(&self.pool).await?)
    }

    /// Distinct people since then, over all tools.
    pub async fn people(&self, since: Timestamp) -> Result<u64, StoreError> {
        let sql = "SELECT COUNT(DISTINCT subject) FROM events WHERE at >= ? AND at < ?";
        let rows: Vec<(i64,)> = self.rows(sql.to_owned(), since, Timestamp::MAX).await?;
        Ok(rows.first().map_or(0, |row| count(row.0)))
    }

    /// Distinct people per tool over one, seven and thirty days.
    pub async fn active_users(&self, now: Timestamp) -> Result<Vec<ActiveUsers>, StoreError> {
        let sql = "SELECT tool, COUNT(DISTINCT CASE WHEN at >= ? THEN subject END), COUNT(DISTINCT CASE WHEN at >= ? THEN subject END), \
                   COUNT(DISTINCT subject) FROM events WHERE at >= ? GROUP BY tool ORDER BY tool";
        let ago = |days: i64| (now - SignedDuration::from_hours(24 * days)).as_microsecond();
        let query = sqlx::query_as(sql).bind(ago(1)).bind(ago(7)).bind(ago(30));
        let rows: Vec<(String, i64, i64, i64)> = query.fetch_all(&self.pool).await?;
        let windows = |(tool, day, week, month): (String, i64, i64, i64)| {
            [("1d", day), ("7d", week), ("30d", month)].map(|(window, users)| ActiveUsers {
                tool: tool.clone(),
                window,
                users: count(users),
            })
        };
        Ok(rows.into_iter().flat_map(windows).collect())
    }

    pub(super) fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    /// Lets the connections go.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    async fn rows<R>(&self, sql: String, since: Timestamp, until: Timestamp) -> Result<Vec<R>, StoreError>
    where
        R: for<'r> FromRow<'r, sqlx::sqlite::SqliteRow> + Send + Unpin,
    {
        // Safe: built from constants; every value is bound.
        let query = sqlx::query_as(AssertSqlSafe(sql)).bind(since.as_microsecond()).bind(until.as_microsecond());
        Ok(query.fetch_all(&self.pool).await?)
    }
}

/// Counts are never negative.
fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

#[cfg(test)]
mod tests;
