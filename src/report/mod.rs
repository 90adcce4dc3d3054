//! What the organisation reads after a period: the security officer's report ([`Ciso`]) and the answers to the AI monitor of municipalities
//! ([`Monitor`]), as JSON, CSV or one HTML file.
//!
//! Takes the store's counts, the policy and the catalogue; gives text. Counts on fewer than `k` people are hidden here, by the console's own
//! rules ([`crate::record::suppress`]), before any format sees them. A report only reads, and must never show a person or a pseudonym.

mod ciso;
mod csv;
mod html;
mod json;
mod monitor;
mod period;
mod survey;
#[cfg(test)]
mod tests;

pub use ciso::{Ciso, Found, Tool};
pub use monitor::{Answer, Monitor, Question, Row, SizeClass};
pub use period::{Covered, Period, PeriodError};
pub use survey::{NOTE, Share};

use crate::catalogue::Catalogue;
use crate::page::Lang;
use crate::policy::{Mode, Policy};
use crate::record::Store;
use crate::record::store::StoreError;
use crate::record::suppress::{Cell, Raw};
use jiff::Timestamp;

/// Which report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Tools, decisions, findings and people.
    Ciso,
    /// The questions of the AI monitor of municipalities that the record and the policy answer.
    Monitor,
}

/// How it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One object; ISO 8601 UTC, a decimal point.
    Json,
    /// RFC 4180 with a header line; as JSON otherwise.
    Csv,
    /// One file without script, for people.
    Html,
}

/// What a report is made from.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    pub store: &'a Store,
    pub policy: &'a Policy,
    pub catalogue: &'a Catalogue,
}

/// What stands above every report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub organisation: String,
    /// Short hash of the policy that holds now; in the period another may have held.
    pub policy: String,
    pub mode: Mode,
    pub made: Timestamp,
    pub period: Period,
    pub covered: Covered,
    /// Smallest group that is counted.
    pub k: u64,
    /// The first event that the store holds: before it, nothing was recorded here.
    pub first: Option<Timestamp>,
}

/// Messages, and the distinct people behind them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub number: Cell,
    pub people: Cell,
}

impl Count {
    /// One that stands alone.
    fn of(raw: Raw, k: u64) -> Self {
        Self { number: Cell::of(raw.number, raw.people, k), people: Cell::people(raw.people, k) }
    }

    /// One whose number has been hidden, or not, among others. Of a small group even a zero is hidden.
    fn with(number: Cell, people: u64, group: u64, k: u64) -> Self {
        Self { number, people: if group > 0 && group < k { Cell::Hidden } else { Cell::people(people, k) } }
    }

    /// Something is not shown.
    pub fn suppressed(&self) -> bool {
        self.number == Cell::Hidden || self.people == Cell::Hidden
    }
}

/// A report that is ready to be written.
#[derive(Debug, Clone, PartialEq)]
pub enum Report {
    Ciso(Ciso),
    Monitor(Monitor),
}

impl Report {
    /// Reads what this report needs. `k` is the smallest group that is counted.
    pub async fn read(kind: Kind, from: Sources<'_>, period: Period, now: Timestamp, k: u64) -> Result<Self, ReportError> {
        let covered = period.cut(now)?;
        let counts = from.store.counts(covered.since, covered.until).await?;
        let organisation = from.policy.organisation().name.clone();
        let policy = from.policy.version().to_owned();
        let head = Head { organisation, policy, mode: from.policy.mode(), made: now, period, covered, k, first: counts.first };
        Ok(match kind {
            Kind::Ciso => Self::Ciso(Ciso::new(head, counts, from.catalogue)),
            Kind::Monitor => {
                let domains = from.store.domain_counts(covered.since, covered.until, "generative").await?;
                Self::Monitor(Monitor::new(head, &counts, &domains, from.policy, from.catalogue))
            }
        })
    }

    pub fn head(&self) -> &Head {
        match self {
            Self::Ciso(report) => &report.head,
            Self::Monitor(report) => &report.head,
        }
    }

    /// The whole text, ending in a line break. `lang` is that of the words for people; ids are the same in every language.
    pub fn write(&self, format: Format, lang: Lang) -> String {
        match format {
            Format::Json => json::write(self, lang),
            Format::Csv => csv::write(self, lang),
            Format::Html => html::write(self, lang),
        }
    }
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error(transparent)]
    Period(#[from] PeriodError),
    #[error(transparent)]
    Store(#[from] StoreError),
}
