//! Counts over time for the dashboard: each over a slice of time, cut into buckets of the reader's clock.
//!
//! Every row says how many distinct people stand behind it. [`Store::own`] is the one query about one person, for that person.

use super::StoreError;
use super::read::{Bucket, Store};
use jiff::Timestamp;
use sqlx::AssertSqlSafe;
use sqlx::sqlite::SqliteRow;

const SECOND: i64 = 1_000_000;

/// A stretch of time and how it is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    pub since: Timestamp,
    pub until: Timestamp,
    pub bucket: Bucket,
    /// Seconds to add to UTC before a moment is put into its bucket, so that a day is the reader's day.
    pub offset: i32,
}

impl Slice {
    /// The bucket's number in SQL, over the reader's clock.
    fn sql(&self) -> String {
        self.bucket.of(&format!("(at + {})", i64::from(self.offset) * SECOND))
    }

    fn name(&self, number: i64) -> String {
        self.bucket.name(number)
    }
}

/// One decision, as its own subject may see it: moment, tool, action, class.
pub type OwnDecision = (Timestamp, String, String, String);

impl Store {
    /// Bucket, tool, register status, requests, distinct people.
    pub async fn usage_series(&self, slice: Slice) -> Result<Vec<(String, String, String, u64, u64)>, StoreError> {
        let sql = format!(
            "SELECT {} AS bucket, tool, status, COUNT(*), COUNT(DISTINCT subject) FROM events WHERE at >= ? AND at < ? GROUP BY bucket, tool, status ORDER BY bucket, tool, status",
            slice.sql()
        );
        let rows: Vec<(i64, String, String, i64, i64)> = self.sliced(sql, slice).await?;
        Ok(rows
            .into_iter()
            .map(|(bucket, tool, status, requests, people)| (slice.name(bucket), tool, status, count(requests), count(people)))
            .collect())
    }

    /// Bucket, action, requests, distinct people.
    pub async fn decision_series(&self, slice: Slice) -> Result<Vec<(String, String, u64, u64)>, StoreError> {
        let sql = format!(
            "SELECT {} AS bucket, action, COUNT(*), COUNT(DISTINCT subject) FROM events WHERE at >= ? AND at < ? GROUP BY bucket, action ORDER BY bucket, action",
            slice.sql()
        );
        let rows: Vec<(i64, String, i64, i64)> = self.sliced(sql, slice).await?;
        Ok(rows
            .into_iter()
            .map(|(bucket, action, requests, people)| (slice.name(bucket), action, count(requests), count(people)))
            .collect())
    }

    /// Detector, class, action, findings, distinct people.
    pub async fn finding_totals(&self, slice: Slice) -> Result<Vec<(String, String, String, u64, u64)>, StoreError> {
        let sql = "SELECT detector, class, action, CAST(SUM(found) AS BIGINT) AS total, COUNT(DISTINCT subject) FROM findings \
                   WHERE at >= ? AND at < ? GROUP BY detector, class, action ORDER BY total DESC, detector, class, action";
        let rows: Vec<(String, String, String, i64, i64)> = self.sliced(sql.to_owned(), slice).await?;
        Ok(rows
            .into_iter()
            .map(|(detector, class, action, found, people)| (detector, class, action, count(found), count(people)))
            .collect())
    }

    /// Requests and distinct people.
    pub async fn totals(&self, slice: Slice) -> Result<(u64, u64), StoreError> {
        let sql = "SELECT COUNT(*), COUNT(DISTINCT subject) FROM events WHERE at >= ? AND at < ?";
        let rows: Vec<(i64, i64)> = self.sliced(sql.to_owned(), slice).await?;
        Ok(rows.first().map_or((0, 0), |(requests, people)| (count(*requests), count(*people))))
    }

    /// The newest decisions on one pseudonym.
    pub async fn own(&self, subject: &str, limit: u32) -> Result<Vec<OwnDecision>, StoreError> {
        let sql = "SELECT at, tool, action, class FROM events WHERE subject = ? ORDER BY at DESC LIMIT ?";
        let rows: Vec<(i64, String, String, String)> =
            sqlx::query_as(sql).bind(subject).bind(i64::from(limit)).fetch_all(self.pool()).await?;
        Ok(rows
            .into_iter()
            .map(|(at, tool, action, class)| (Timestamp::from_microsecond(at).unwrap_or_default(), tool, action, class))
            .collect())
    }

    async fn sliced<R>(&self, sql: String, slice: Slice) -> Result<Vec<R>, StoreError>
    where
        R: for<'r> sqlx::FromRow<'r, SqliteRow> + Send + Unpin,
    {
        // Safe: built from constants and numbers; every value is bound.
        let query = sqlx::query_as(AssertSqlSafe(sql)).bind(slice.since.as_microsecond()).bind(slice.until.as_microsecond());
        Ok(query.fetch_all(self.pool()).await?)
    }
}

/// Counts are never negative.
fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_named_by_the_readers_clock_and_weeks_by_their_monday() {
        let slice = |bucket| Slice { since: Timestamp::MIN, until: Timestamp::MAX, bucket, offset: 3600 };
        let number = |width: i64, at: &str| (at.parse::<Timestamp>().unwrap().as_microsecond() + 3600 * SECOND) / (width * SECOND);
        assert_eq!(slice(Bucket::Hour).name(number(3600, "2026-11-24T13:05:00Z")), "2026-11-24T14");
        assert_eq!(slice(Bucket::Day).name(number(86_400, "2026-11-23T23:30:00Z")), "2026-11-24");
        let days = number(86_400, "2026-11-24T12:00:00Z");
        assert_eq!(slice(Bucket::Week).name((days + 3) / 7), "2026-11-23");
    }
}
