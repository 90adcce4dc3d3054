//! The console's source in the real store.

use super::source::{Answer, Bucket, DecisionRow, FindingRow, OwnRow, Source, SourceError, Span, Totals, UnreviewedRow, UsageRow};
use crate::record::Store;
use crate::record::store::{Bucket as Cut, Slice, StoreError};
use jiff::Timestamp;

impl From<StoreError> for SourceError {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

impl From<Span> for Slice {
    fn from(span: Span) -> Self {
        let bucket = match span.bucket {
            Bucket::Hour => Cut::Hour,
            Bucket::Day => Cut::Day,
            Bucket::Week => Cut::Week,
            Bucket::Whole => Cut::Whole,
        };
        Self { since: span.since, until: span.until, bucket, offset: span.offset }
    }
}

impl Source for Store {
    fn usage(&self, span: Span) -> Answer<'_, Vec<UsageRow>> {
        Box::pin(async move {
            let rows = self.usage_series(span.into()).await?;
            Ok(rows.into_iter().map(|(bucket, tool, status, requests, users)| UsageRow { bucket, tool, status, requests, users }).collect())
        })
    }

    fn decisions(&self, span: Span) -> Answer<'_, Vec<DecisionRow>> {
        Box::pin(async move {
            let rows = self.decision_series(span.into()).await?;
            Ok(rows.into_iter().map(|(bucket, action, requests, users)| DecisionRow { bucket, action, requests, users }).collect())
        })
    }

    fn findings(&self, span: Span) -> Answer<'_, Vec<FindingRow>> {
        Box::pin(async move {
            let rows = self.finding_totals(span.into()).await?;
            Ok(rows
                .into_iter()
                .map(|(detector, class, action, count, users)| FindingRow { detector, class, action, count, users })
                .collect())
        })
    }

    fn unreviewed(&self, since: Timestamp) -> Answer<'_, Vec<UnreviewedRow>> {
        Box::pin(async move {
            let moment = |text: &str| text.parse::<Timestamp>().map_err(|error| SourceError(error.to_string()));
            let rows = self.unreviewed_tools(since).await?;
            rows.into_iter()
                .map(|row| {
                    let (first, last) = (moment(&row.first)?, moment(&row.last)?);
                    Ok(UnreviewedRow { tool: row.tool, category: row.category, requests: row.requests, users: row.subjects, first, last })
                })
                .collect()
        })
    }

    fn totals(&self, span: Span) -> Answer<'_, Totals> {
        Box::pin(async move {
            let (requests, users) = Store::totals(self, span.into()).await?;
            Ok(Totals { requests, users })
        })
    }

    fn own<'a>(&'a self, subject: &'a str, limit: u32) -> Answer<'a, Vec<OwnRow>> {
        Box::pin(async move {
            let rows = Store::own(self, subject, limit).await?;
            Ok(rows.into_iter().map(|(time, tool, action, class)| OwnRow { time, tool, action, class }).collect())
        })
    }
}
