//! The periods that can be chosen, and the hours, days and weeks they are cut into.
//!
//! Periods are fixed and end now: free ranges would let two of them be subtracted until one person is left.

use super::source::{Bucket, Span};
use crate::page::{Lang, local_zone};
use jiff::civil::{Date, DateTime, ISOWeekDate, Weekday};
use jiff::{Timestamp, ToSpan};

/// A choice of the period filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// The last 24 hours, by the hour.
    Day,
    /// Today and the six days before.
    Week,
    /// Today and the 29 days before.
    Month,
    /// This week and the twelve before, by the week.
    Quarter,
}

/// One step of the time axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The bucket's name in the store.
    pub key: String,
    at: DateTime,
    bucket: Bucket,
}

impl Period {
    pub const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Quarter];

    /// The value in `?period=`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Day => "1d",
            Self::Week => "7d",
            Self::Month => "30d",
            Self::Quarter => "90d",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|period| period.code() == code)
    }

    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Day => lang.pick("24 uur", "24 hours"),
            Self::Week => lang.pick("7 dagen", "7 days"),
            Self::Month => lang.pick("30 dagen", "30 days"),
            Self::Quarter => lang.pick("13 weken", "13 weeks"),
        }
    }

    /// Heading of the time column: "per dag".
    pub fn per(self, lang: Lang) -> &'static str {
        match self.bucket() {
            Bucket::Hour => lang.pick("per uur", "per hour"),
            Bucket::Week => lang.pick("per week", "per week"),
            Bucket::Day | Bucket::Whole => lang.pick("per dag", "per day"),
        }
    }

    pub fn bucket(self) -> Bucket {
        match self {
            Self::Day => Bucket::Hour,
            Self::Week | Self::Month => Bucket::Day,
            Self::Quarter => Bucket::Week,
        }
    }

    /// The stretch of time that ends `now`, and its steps, oldest first. The offset to UTC is the one that holds now; a day on the far side
    /// of a clock change is therefore cut one hour off.
    pub fn cut(self, now: Timestamp) -> (Span, Vec<Slot>) {
        let bucket = self.bucket();
        let offset = local_zone().to_offset(now);
        let local = offset.to_datetime(now);
        let today = local.date();
        let midnight = |date: Date| date.at(0, 0, 0, 0);
        let starts: Vec<DateTime> = match self {
            Self::Day => {
                let hour = today.at(local.hour(), 0, 0, 0);
                (0..24).rev().map(|back| hour.saturating_sub(i64::from(back).hours())).collect()
            }
            Self::Week => (0..7).rev().map(|back| midnight(today.saturating_sub(i64::from(back).days()))).collect(),
            Self::Month => (0..30).rev().map(|back| midnight(today.saturating_sub(i64::from(back).days()))).collect(),
            Self::Quarter => {
                let monday = today.saturating_sub(i64::from(today.weekday().to_monday_zero_offset()).days());
                (0..13).rev().map(|back| midnight(monday.saturating_sub(i64::from(back).weeks()))).collect()
            }
        };
        let since = starts.first().and_then(|start| offset.to_timestamp(*start).ok()).unwrap_or(now);
        let slots = starts.into_iter().map(|at| Slot { key: key(at, bucket), at, bucket }).collect();
        (Span { since, until: now, bucket, offset: offset.seconds() }, slots)
    }
}

fn key(at: DateTime, bucket: Bucket) -> String {
    let format = if bucket == Bucket::Hour { "%Y-%m-%dT%H" } else { "%Y-%m-%d" };
    at.strftime(format).to_string()
}

impl Slot {
    /// What stands under the axis: `14`, `24-11`, `48`.
    pub fn short(&self, lang: Lang) -> String {
        match self.bucket {
            Bucket::Hour => self.at.strftime("%H").to_string(),
            Bucket::Week => ISOWeekDate::from(self.at.date()).week().to_string(),
            Bucket::Day | Bucket::Whole => self.at.strftime(lang.pick("%-d-%-m", "%-d %b")).to_string(),
        }
    }

    /// What stands in a table: `14.00 uur`, `24-11-2026`, `week 48`.
    pub fn long(&self, lang: Lang) -> String {
        match self.bucket {
            Bucket::Hour => self.at.strftime(lang.pick("%d-%m %H.00 uur", "%-d %b %H:00")).to_string(),
            Bucket::Week => format!("week {}", ISOWeekDate::from(self.at.date()).week()),
            Bucket::Day | Bucket::Whole => self.at.strftime(lang.pick("%d-%m-%Y", "%-d %b %Y")).to_string(),
        }
    }

    /// Saturday or Sunday, which the chart leaves pale.
    pub fn weekend(&self) -> bool {
        self.bucket == Bucket::Day && matches!(self.at.weekday(), Weekday::Saturday | Weekday::Sunday)
    }
}
