//! Numbers, dates and times as people write them: `1.234,5`, `24-11-2026`, `14.05 uur` in Dutch; `1,234.5`, `24 Nov 2026`, `14:05` in English.
//!
//! Machines get ISO 8601 UTC and a decimal point instead; that is the API's own business.

use super::Lang;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};
use std::sync::LazyLock;

/// The time zone that people read times in.
pub const LOCAL_ZONE: &str = "Europe/Amsterdam";

/// Without a time zone database (a bare container) the rule of Directive 2000/84/EC stands in: last Sundays of March and October.
static ZONE: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::get(LOCAL_ZONE).or_else(|_| TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3")).unwrap_or(TimeZone::UTC));

/// The time zone that people read times in.
pub fn local_zone() -> TimeZone {
    ZONE.clone()
}

/// A moment as people write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Local {
    /// `24-11-2026` or `24 Nov 2026`.
    pub date: String,
    /// `14.05 uur` or `14:05`.
    pub time: String,
    /// ISO 8601 UTC to the second, for the `datetime` attribute.
    pub iso: String,
}

/// A moment in the reader's language, in Europe/Amsterdam.
pub fn local(at: Timestamp, lang: Lang) -> Local {
    let zoned = at.to_zoned_datetime(local_zone());
    Local { date: date(&zoned, lang), time: time(&zoned, lang), iso: at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string() }
}

fn date(at: &ZonedDateTime, lang: Lang) -> String {
    match lang {
        Lang::Nl => at.strftime("%d-%m-%Y").to_string(),
        Lang::En => at.strftime("%-d %b %Y").to_string(),
    }
}

fn time(at: &ZonedDateTime, lang: Lang) -> String {
    match lang {
        Lang::Nl => at.strftime("%H.%M uur").to_string(),
        Lang::En => at.strftime("%H:%M").to_string(),
    }
}

/// A whole number with grouped thousands.
pub fn whole(number: u64, lang: Lang) -> String {
    let digits = number.to_string();
    let separator = lang.pick(".", ",");
    let mut written = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            written.push_str(separator);
        }
        written.push(digit);
    }
    written
}

/// A number with one decimal, rounded half up; negative numbers are written as zero.
pub fn decimal(number: f64, lang: Lang) -> String {
    let tenths = if number.is_finite() && number > 0.0 { (number * 10.0).round() as u64 } else { 0 };
    format!("{}{}{}", whole(tenths / 10, lang), lang.pick(",", "."), tenths % 10)
}

/// What share `part` is of `total`, with one decimal: `12,5%`. Nothing of nothing is a dash.
pub fn percent(part: u64, total: u64, lang: Lang) -> String {
    if total == 0 { "–".to_owned() } else { format!("{}%", decimal(part as f64 * 100.0 / total as f64, lang)) }
}
