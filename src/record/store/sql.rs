//! The text of statements that insert or update many rows at once.
//!
//! One statement for many rows, because each statement is a trip to the database's own thread. The numbers of rows are fixed, so that every
//! statement is prepared once.

use std::sync::{Arc, LazyLock};

/// Rows per statement, largest first; a batch is cut along these.
pub const SIZES: [usize; 3] = [50, 10, 1];

pub const EVENT_COLUMNS: &[&str] = &[
    "id",
    "time",
    "at",
    "organisation",
    "node",
    "subject",
    "subject_groups",
    "domain",
    "tool",
    "category",
    "kind",
    "host",
    "direction",
    "model",
    "conversation",
    "action",
    "rule",
    "mode",
    "status",
    "class",
    "findings",
    "justification",
    "purpose",
    "bytes_in",
    "bytes_out",
    "tokens_in",
    "tokens_out",
    "added_us",
    "policy",
    "client",
    "reason_nl",
    "reason_en",
    "previous",
    "hash",
];
const FINDING_COLUMNS: &[&str] = &["event", "detector", "class", "at", "tool", "action", "subject", "found", "confidence"];

/// An event that comes again (the log is read anew) puts the row back to what the event said; its outcome follows in the log.
const EVENT_AGAIN: &str =
    "ON CONFLICT (id) DO UPDATE SET bytes_out = excluded.bytes_out, tokens_in = excluded.tokens_in, tokens_out = excluded.tokens_out";
const FINDING_AGAIN: &str = "ON CONFLICT (event, detector, class) DO NOTHING";

pub type Statements = [Arc<str>; SIZES.len()];

pub static EVENTS: LazyLock<Statements> = LazyLock::new(|| SIZES.map(|rows| insert("events", EVENT_COLUMNS, EVENT_AGAIN, rows)));
pub static FINDINGS: LazyLock<Statements> = LazyLock::new(|| SIZES.map(|rows| insert("findings", FINDING_COLUMNS, FINDING_AGAIN, rows)));
pub static OUTCOMES: LazyLock<Statements> = LazyLock::new(|| SIZES.map(outcomes));

fn insert(table: &str, columns: &[&str], again: &str, rows: usize) -> Arc<str> {
    let row = format!("({})", vec!["?"; columns.len()].join(","));
    format!("INSERT INTO {table} ({}) VALUES {} {again}", columns.join(", "), vec![row; rows].join(",")).into()
}

/// A list of values has the columns `column1`, `column2`, ... in SQLite and PostgreSQL alike.
fn outcomes(rows: usize) -> Arc<str> {
    let row = "(?,CAST(? AS BIGINT),CAST(? AS BIGINT),CAST(? AS BIGINT))";
    format!(
        "UPDATE events SET bytes_out = v.column2, tokens_in = COALESCE(v.column3, tokens_in), tokens_out = COALESCE(v.column4, tokens_out) \
         FROM (VALUES {}) AS v WHERE events.id = v.column1",
        vec![row; rows].join(",")
    )
    .into()
}

/// Cuts a list into pieces of the fixed sizes; gives the index of the size with each piece.
pub fn pieces<T>(mut rows: &[T]) -> impl Iterator<Item = (usize, &[T])> {
    std::iter::from_fn(move || {
        let (index, size) = SIZES.iter().copied().enumerate().find(|(_, size)| *size <= rows.len())?;
        let (piece, rest) = rows.split_at(size);
        rows = rest;
        Some((index, piece))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_cut_into_prepared_sizes_without_losing_a_row() {
        let rows: Vec<usize> = (0..173).collect();
        let cut: Vec<usize> = pieces(&rows)
            .flat_map(|(index, piece)| {
                assert_eq!(piece.len(), SIZES[index]);
                piece.to_vec()
            })
            .collect();
        assert_eq!(cut, rows);
        assert_eq!(pieces::<u8>(&[]).count(), 0);
    }
}
