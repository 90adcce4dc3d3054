//! The periods that can be reported on: a year, a quarter, a month, or the last days up to now.
//!
//! Days, months and years are those of the reader's clock (Europe/Amsterdam); what comes out is in UTC. Free ranges are refused: two of them
//! could be subtracted until one person is left.

use crate::page::local_zone;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use std::fmt;
use std::str::FromStr;

/// The lengths, in days, of periods that end now.
const LAST_DAYS: [i64; 5] = [1, 7, 30, 90, 365];

/// A choice of `--period`. Written as it is read: `2026`, `2026-Q3`, `2026-11`, `30d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    Year(i16),
    /// 1 to 4.
    Quarter(i16, i8),
    /// 1 to 12.
    Month(i16, i8),
    /// Today and the days before it; one of 1, 7, 30, 90 and 365.
    Last(i64),
}

/// The time that a report covers, `since` included and `until` not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Covered {
    pub since: Timestamp,
    pub until: Timestamp,
    /// The period was over when the report was made.
    pub complete: bool,
}

/// Why a period cannot be reported on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    #[error(
        "'{0}' is no period; write a year (2026), a quarter (2026-Q3), a month (2026-11) or the last days (1d, 7d, 30d, 90d, 365d), for example --period 2026-Q3"
    )]
    Unknown(String),
    #[error("{0} has not begun yet; choose a period that has, for example --period 30d")]
    Future(Period),
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read(text).ok_or_else(|| PeriodError::Unknown(text.to_owned()))
    }
}

fn read(text: &str) -> Option<Period> {
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(days) = text.strip_suffix('d') {
        return LAST_DAYS.into_iter().find(|known| known.to_string() == days).map(Period::Last);
    }
    let (year, part) = match text.split_once('-') {
        Some((year, part)) => (year, Some(part)),
        None => (text, None),
    };
    // The year 0 and its neighbours are typing mistakes, and lie outside the store's clock.
    let year = digits(year, 4).then(|| year.parse::<i16>().ok()).flatten().filter(|year| (1970..=9998).contains(year))?;
    let Some(part) = part else { return Some(Period::Year(year)) };
    if let Some(quarter) = part.strip_prefix(['Q', 'q']) {
        let quarter = digits(quarter, 1).then(|| quarter.parse().ok()).flatten()?;
        return (1..=4).contains(&quarter).then_some(Period::Quarter(year, quarter));
    }
    let month = digits(part, 2).then(|| part.parse().ok()).flatten()?;
    (1..=12).contains(&month).then_some(Period::Month(year, month))
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year}"),
            Self::Quarter(year, quarter) => write!(f, "{year}-Q{quarter}"),
            Self::Month(year, month) => write!(f, "{year}-{month:02}"),
            Self::Last(days) => write!(f, "{days}d"),
        }
    }
}

impl Period {
    /// The time it covers, up to `now` at most.
    pub fn cut(self, now: Timestamp) -> Result<Covered, PeriodError> {
        self.bounds(now)
            .filter(|(since, _)| *since < now)
            .map(|(since, end)| Covered { since, until: end.min(now), complete: end <= now })
            .ok_or(PeriodError::Future(self))
    }

    /// Its first moment and the first after it.
    fn bounds(self, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let (first, length) = match self {
            Self::Year(year) => (Date::new(year, 1, 1), 12.months()),
            Self::Quarter(year, quarter) => (Date::new(year, quarter.saturating_mul(3).saturating_sub(2), 1), 3.months()),
            Self::Month(year, month) => (Date::new(year, month, 1), 1.month()),
            Self::Last(days) => {
                let today = now.to_zoned_datetime(local_zone()).date();
                return Some((midnight(today.checked_sub((days - 1).days()).ok()?)?, now));
            }
        };
        let first = first.ok()?;
        Some((midnight(first)?, midnight(first.checked_add(length).ok()?)?))
    }
}

fn midnight(day: Date) -> Option<Timestamp> {
    day.to_zoned_datetime(local_zone()).ok().map(|moment| moment.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(period: &str, now: &str) -> (String, String, bool) {
        let covered = period.parse::<Period>().unwrap().cut(now.parse().unwrap()).unwrap();
        (covered.since.to_string(), covered.until.to_string(), covered.complete)
    }

    #[test]
    fn years_quarters_months_and_last_days_begin_and_end_at_the_readers_midnight() {
        let now = "2026-11-24T13:05:00Z";
        assert_eq!(covered("2026-Q3", now), ("2026-06-30T22:00:00Z".into(), "2026-09-30T22:00:00Z".into(), true));
        assert_eq!(covered("2026-10", now), ("2026-09-30T22:00:00Z".into(), "2026-10-31T23:00:00Z".into(), true));
        assert_eq!(covered("2025", now), ("2024-12-31T23:00:00Z".into(), "2025-12-31T23:00:00Z".into(), true));
        assert_eq!(covered("1d", now), ("2026-11-23T23:00:00Z".into(), now.into(), true));
        assert_eq!(covered("30d", now), ("2026-10-25T23:00:00Z".into(), now.into(), true));
    }

    #[test]
    fn a_period_that_still_runs_ends_now_and_is_not_complete() {
        assert_eq!(covered("2026-11", "2026-11-24T13:05:00Z"), ("2026-10-31T23:00:00Z".into(), "2026-11-24T13:05:00Z".into(), false));
        assert!(!covered("2026-q4", "2026-11-24T13:05:00Z").2);
    }

    #[test]
    fn what_is_no_period_or_lies_in_the_future_is_refused_with_an_example() {
        for text in [
            "",
            "2026-Q5",
            "2026-Q0",
            "2026-13",
            "2026-00",
            "26",
            "2026-1",
            "2026-11-24",
            "14d",
            "d",
            "-5d",
            "+030d",
            "Q3",
            "2026-Qé",
            "0000",
        ] {
            let error = text.parse::<Period>().unwrap_err().to_string();
            assert!(error.contains(&format!("'{text}'")) && error.contains("2026-Q3"), "{text}: {error}");
        }
        let error = Period::Quarter(2027, 1).cut("2026-11-24T13:05:00Z".parse().unwrap()).unwrap_err();
        assert_eq!(error.to_string(), "2027-Q1 has not begun yet; choose a period that has, for example --period 30d");
    }

    #[test]
    fn a_period_is_written_as_it_is_read() {
        for text in ["2026", "2026-Q3", "2026-01", "365d"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
    }
}
