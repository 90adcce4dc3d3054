//! Writing to the store: a batch of lines in one transaction, together with the position behind them.
//!
//! Takes lines of the audit log in their order. An outcome whose event is in the same batch goes in with it. Idempotent: the same lines again
//! change nothing, so that catching up after a crash needs no care.

use super::sql::{self, Statements};
use super::{StoreError, options};
use crate::record::audit::Position;
use crate::record::event::{Entry, Event, Outcome, microseconds};
use sqlx::query::Query;
use sqlx::sqlite::{Sqlite, SqliteArguments, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection, Row};
use std::collections::HashMap;
use std::path::Path;

/// How far the store has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    pub position: Position,
    /// What the next line has as `previous`; tells whether this store belongs to this log.
    pub link: String,
}

/// The one connection that writes.
pub struct Writer {
    connection: SqliteConnection,
    node: String,
}

impl Writer {
    /// Opens or creates the store and brings its tables up to date.
    pub async fn open(url: &str, data_dir: &Path, node: &str) -> Result<Self, StoreError> {
        let options =
            options(url, data_dir)?.create_if_missing(true).journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Normal);
        keep_from_others(options.get_filename())?;
        let mut connection = SqliteConnection::connect_with(&options).await?;
        sqlx::migrate!("src/record/store/migrations").run(&mut connection).await?;
        Ok(Self { connection, node: node.to_owned() })
    }

    /// How far this node's log has been read in; none in a new store.
    pub async fn applied(&mut self) -> Result<Option<Applied>, StoreError> {
        let found = sqlx::query("SELECT file, bytes, hash FROM audit_position WHERE node = ?")
            .bind(&self.node)
            .fetch_optional(&mut self.connection);
        let Some(row) = found.await? else { return Ok(None) };
        let (file, bytes, link) = (row.try_get::<i64, _>(0)?, row.try_get::<i64, _>(1)?, row.try_get(2)?);
        let position = Position { file: u32::try_from(file).unwrap_or(0), offset: u64::try_from(bytes).unwrap_or(0) };
        Ok(Some(Applied { position, link }))
    }

    /// Puts a batch in. All of it or nothing.
    pub async fn apply(&mut self, entries: Vec<Entry>, to: &Applied) -> Result<(), StoreError> {
        let (events, outcomes) = merge(entries);
        let mut transaction = self.connection.begin().await?;
        let mut findings = Vec::new();
        for (event, at) in &events {
            findings.extend(event.findings.iter().map(|finding| (event, *at, finding)));
        }
        for (size, piece) in sql::pieces(&findings) {
            let query = piece.iter().fold(statement(&sql::FINDINGS, size), |query, (event, at, finding)| {
                let query = query.bind(&event.id).bind(&finding.detector).bind(&finding.class).bind(*at).bind(&event.tool);
                query.bind(&event.action).bind(&event.subject).bind(whole(finding.count)).bind(f64::from(finding.confidence))
            });
            query.execute(&mut *transaction).await?;
        }
        let mut events = events;
        while let Some((size, rows)) = sql::SIZES.iter().copied().enumerate().find(|(_, rows)| *rows <= events.len()) {
            let query = events.drain(..rows).fold(statement(&sql::EVENTS, size), bind_event);
            query.execute(&mut *transaction).await?;
        }
        for (size, piece) in sql::pieces(&outcomes) {
            let query = piece.iter().fold(statement(&sql::OUTCOMES, size), |query, outcome| {
                query
                    .bind(&outcome.id)
                    .bind(whole(outcome.bytes_out))
                    .bind(outcome.tokens_in.map(whole))
                    .bind(outcome.tokens_out.map(whole))
            });
            query.execute(&mut *transaction).await?;
        }
        let query = sqlx::query(
            "INSERT INTO audit_position (node, file, bytes, hash) VALUES (?, ?, ?, ?) \
             ON CONFLICT (node) DO UPDATE SET file = excluded.file, bytes = excluded.bytes, hash = excluded.hash",
        );
        let query = query.bind(&self.node).bind(i64::from(to.position.file)).bind(whole(to.position.offset)).bind(&to.link);
        query.execute(&mut *transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// Closes the connection, which folds the write-ahead log into the file.
    pub async fn close(self) -> Result<(), StoreError> {
        Ok(self.connection.close().await?)
    }
}

/// Creates the file, readable by its owner and group only; SQLite gives its side files the same mode.
fn keep_from_others(path: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o640);
    match options.open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(StoreError::File { path: path.to_owned(), source: error }),
        _ => Ok(()),
    }
}

/// SQL's integers are signed; no count here comes near the border.
fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn statement(all: &Statements, size: usize) -> Query<'static, Sqlite, SqliteArguments> {
    // Safe: built in `sql` from constants; every value is bound.
    sqlx::query(AssertSqlSafe(std::sync::Arc::clone(&all[size])))
}

fn bind_event<'q>(query: Query<'q, Sqlite, SqliteArguments>, (event, at): (Box<Event>, i64)) -> Query<'q, Sqlite, SqliteArguments> {
    let event = *event;
    let list = |value: serde_json::Result<String>| value.unwrap_or_else(|_| "[]".to_owned());
    let findings = if event.findings.is_empty() { "[]".to_owned() } else { list(serde_json::to_string(&event.findings)) };
    let query = query.bind(event.id).bind(event.time).bind(at).bind(event.organisation).bind(event.node).bind(event.subject);
    let query =
        query.bind(list(serde_json::to_string(&event.groups))).bind(event.domain).bind(event.tool).bind(event.category).bind(event.kind);
    let query = query.bind(event.host).bind(event.direction).bind(event.model).bind(event.conversation).bind(event.action).bind(event.rule);
    let query = query.bind(event.mode).bind(event.status).bind(event.class).bind(findings).bind(event.justification).bind(event.purpose);
    let query =
        query.bind(whole(event.bytes_in)).bind(whole(event.bytes_out)).bind(event.tokens_in.map(whole)).bind(event.tokens_out.map(whole));
    let query = query.bind(whole(event.added_us)).bind(event.policy).bind(event.client).bind(event.reason.nl).bind(event.reason.en);
    query.bind(event.previous).bind(event.hash)
}

/// Events with their microseconds, each with the outcome that is in the batch too, and the outcomes of events from before.
fn merge(entries: Vec<Entry>) -> (Vec<(Box<Event>, i64)>, Vec<Outcome>) {
    let mut events: Vec<(Box<Event>, i64)> = Vec::with_capacity(entries.len());
    let mut later = Vec::new();
    let has_outcomes = entries.iter().any(|entry| matches!(entry, Entry::Outcome(_)));
    let mut index: HashMap<String, usize> = HashMap::new();
    for entry in entries {
        match entry {
            Entry::Event(event) => {
                if has_outcomes {
                    index.insert(event.id.clone(), events.len());
                }
                let at = microseconds(&event);
                events.push((event, at));
            }
            Entry::Outcome(outcome) => match index.get(&outcome.id).and_then(|&at| events.get_mut(at)) {
                Some((event, _)) => outcome.merge_into(event),
                None => later.push(outcome),
            },
            Entry::Notice(_) => {}
        }
    }
    (events, later)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::event::tests::sample;

    fn event(id: &str) -> Entry {
        let mut event = sample("p-1", "chatgpt", "allow");
        event.id = id.into();
        Entry::Event(Box::new(event))
    }

    fn outcome(id: &str, bytes_out: u64) -> Entry {
        Entry::Outcome(Outcome { id: id.into(), bytes_out, tokens_in: None, tokens_out: Some(9) })
    }

    fn applied(offset: u64) -> Applied {
        Applied { position: Position { file: 1, offset }, link: "x".into() }
    }

    async fn rows(writer: &mut Writer) -> Vec<(String, i64, Option<i64>)> {
        let rows = sqlx::query("SELECT id, bytes_out, tokens_out FROM events ORDER BY id").fetch_all(&mut writer.connection).await.unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect()
    }

    #[tokio::test]
    async fn outcomes_reach_events_of_the_same_batch_and_of_an_older_one() {
        let dir = tempfile::tempdir().unwrap();
        let mut writer = Writer::open("", dir.path(), "n").await.unwrap();
        writer.apply(vec![event("a"), event("b"), outcome("a", 5)], &applied(1)).await.unwrap();
        writer.apply(vec![event("c"), outcome("b", 6), outcome("nobody", 1)], &applied(2)).await.unwrap();
        let expected = vec![("a".into(), 5, Some(9)), ("b".into(), 6, Some(9)), ("c".into(), 0, None)];
        assert_eq!(rows(&mut writer).await, expected);
        assert_eq!(writer.applied().await.unwrap(), Some(applied(2)));
    }

    #[tokio::test]
    async fn the_same_lines_again_change_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let mut writer = Writer::open("", dir.path(), "n").await.unwrap();
        let lines = || (0..173).map(|i| event(&format!("{i:03}"))).chain([outcome("003", 4)]).collect::<Vec<_>>();
        for _ in 0..2 {
            writer.apply(lines(), &applied(1)).await.unwrap();
        }
        let found = rows(&mut writer).await;
        assert_eq!(found.len(), 173);
        assert_eq!(found[3], ("003".into(), 4, Some(9)));
    }

    #[tokio::test]
    async fn others_cannot_read_a_new_store() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let mut writer = Writer::open("", dir.path(), "n").await.unwrap();
        writer.apply(vec![event("a")], &applied(1)).await.unwrap();
        for name in ["sluis.db", "sluis.db-wal"] {
            assert_eq!(std::fs::metadata(dir.path().join(name)).unwrap().permissions().mode() & 0o007, 0, "{name}");
        }
    }

    #[tokio::test]
    async fn a_store_of_another_kind_is_named_in_the_error() {
        let error = Writer::open("postgres://x/y", Path::new("."), "n").await.err().unwrap().to_string();
        assert!(error.contains("postgres") && error.contains("sqlite:"), "{error}");
    }
}
