//! What the console reads: rows that the store counts, and the trait that gives them.
//!
//! Counts are true here; hiding small groups is the console's task (`overview.rs`). Persons appear as counts only.

pub use crate::page::OwnRow;
use jiff::Timestamp;
use std::future::Future;
use std::pin::Pin;

/// An answer that may take a while; the trait stays usable as `dyn Source`.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, SourceError>> + Send + 'a>>;

/// The store could not be read. The text is for the operator's log, not for the page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the store cannot be read: {0}")]
pub struct SourceError(pub String);

/// Into what a stretch of time is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bucket {
    /// Named `2026-11-24T14`.
    Hour,
    /// Named `2026-11-24`.
    Day,
    /// Named after its Monday, `2026-11-23`.
    Week,
    /// Not cut: one bucket for the whole stretch, its name is not read. `users` are then the distinct people of the whole stretch.
    Whole,
}

/// A stretch of time, `since` included and `until` not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub since: Timestamp,
    pub until: Timestamp,
    pub bucket: Bucket,
    /// Seconds to add to UTC before a moment is put into its bucket, so that a day is the reader's day.
    pub offset: i32,
}

/// Messages to one tool in one bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageRow {
    pub bucket: String,
    /// Tool id.
    pub tool: String,
    /// `approved pilot unreviewed forbidden`.
    pub status: String,
    pub requests: u64,
    /// Distinct people.
    pub users: u64,
}

/// Decisions of one kind in one bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionRow {
    pub bucket: String,
    /// `allow warn redact redirect block`.
    pub action: String,
    pub requests: u64,
    pub users: u64,
}

/// What one detector found in the whole stretch, and what was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingRow {
    pub detector: String,
    pub class: String,
    pub action: String,
    /// Findings, not messages.
    pub count: u64,
    pub users: u64,
}

/// A tool that nobody has reviewed, and that was used all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreviewedRow {
    pub tool: String,
    pub category: String,
    pub requests: u64,
    pub users: u64,
    pub first: Timestamp,
    pub last: Timestamp,
}

/// The whole stretch in two numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    pub requests: u64,
    /// Distinct people.
    pub users: u64,
}

/// The store's read side.
pub trait Source: Send + Sync {
    /// Messages per bucket and tool.
    fn usage(&self, span: Span) -> Answer<'_, Vec<UsageRow>>;
    /// Decisions per bucket and action.
    fn decisions(&self, span: Span) -> Answer<'_, Vec<DecisionRow>>;
    /// Findings per detector, class and action, over the whole span.
    fn findings(&self, span: Span) -> Answer<'_, Vec<FindingRow>>;
    /// Tools whose status was `unreviewed` when they were last used since then.
    fn unreviewed(&self, since: Timestamp) -> Answer<'_, Vec<UnreviewedRow>>;
    /// Messages and distinct people over the whole span.
    fn totals(&self, span: Span) -> Answer<'_, Totals>;
    /// The newest decisions on one person, for that person's own page; `subject` is the recorded pseudonym.
    fn own<'a>(&'a self, subject: &'a str, limit: u32) -> Answer<'a, Vec<OwnRow>>;
}
