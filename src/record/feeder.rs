//! The store's own thread: brings lines of the audit log into the store, in batches.
//!
//! Takes lines from memory where they follow on what the store has, and from the log's files where they do not: at the start, after trouble, and
//! when there were more than memory holds. A store that fails is tried again; nothing is lost, because the log has it all.

use super::audit::line::{self, Hash};
use super::audit::{Position, Reader, log::link_before};
use super::chain::{Pending, Shared};
use super::event::Entry;
use super::store::{Applied, Store, StoreError, Writer};
use jiff::{SignedDuration, Timestamp};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Lines per transaction.
const BATCH: usize = 500;
/// Between two looks at the queue.
const PAUSE: Duration = Duration::from_millis(100);
/// Between two tries at a store that failed: doubled from the one to the other.
const RETRY: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));
/// How long the last batches may take when the proxy stops; what is left then is read from the log at the next start.
const FAREWELL: Duration = Duration::from_secs(5);

pub struct Feeder {
    pub shared: Arc<Shared>,
    pub url: String,
    pub data_dir: PathBuf,
    pub audit: PathBuf,
    pub node: String,
    /// How often active users and unreviewed tools are counted.
    pub count_every: Duration,
    /// A metric counts no group smaller than this.
    pub smallest_group: u64,
    pub wake: Arc<tokio::sync::Notify>,
}

/// Why a batch did not go in.
#[derive(Debug, thiserror::Error)]
enum FeedError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the audit log cannot be read: {0}")]
    Log(#[from] std::io::Error),
}

/// An open store and where it is.
struct Open {
    writer: Writer,
    at: Position,
}

impl Feeder {
    /// Runs until the recorder stops.
    pub async fn run(self) {
        let mut open = None;
        let mut retry = RETRY.0;
        let mut counted: Option<Instant> = None;
        let mut count_pause = self.count_every;
        let mut store = Store::new(&self.url, &self.data_dir).ok();
        let mut farewell: Option<Instant> = None;
        loop {
            let stopping = self.shared.stopping();
            if stopping && farewell.is_none() {
                farewell = Some(Instant::now());
            }
            let result = self.turn(&mut open).await;
            let pause = match &result {
                Ok(()) => {
                    retry = RETRY.0;
                    if self.shared.store_failing.swap(false, Ordering::Relaxed) {
                        tracing::debug!("the store is open and up to date");
                    }
                    PAUSE
                }
                Err(error) => {
                    self.shared.metrics.store_error("sqlite");
                    if !self.shared.store_failing.swap(true, Ordering::Relaxed) {
                        tracing::warn!(%error, "the store takes no events; they stay in the audit log and follow later");
                    }
                    open = None;
                    retry = (retry * 2).min(RETRY.1);
                    retry
                }
            };
            if stopping && (result.is_ok() || farewell.is_some_and(|since| since.elapsed() > FAREWELL)) {
                break;
            }
            if result.is_ok() && !stopping && counted.is_none_or(|at| at.elapsed() >= count_pause) {
                let start = Instant::now();
                self.count(&mut store).await;
                // Counting a large store must stay a small part of the work.
                count_pause = self.count_every.max(start.elapsed() * 50);
                counted = Some(Instant::now());
            }
            let _ = tokio::time::timeout(pause, self.wake.notified()).await;
        }
        if let Some(store) = store {
            store.close().await;
        }
        if let Some(Open { writer, .. }) = open
            && let Err(error) = writer.close().await
        {
            tracing::warn!(%error, "the store was not closed cleanly; it repairs itself at the next start");
        }
    }

    /// Brings everything in that the log has at this moment.
    async fn turn(&self, open: &mut Option<Open>) -> Result<(), FeedError> {
        let (pending, end, overflowed) = {
            let mut chain = self.shared.chain.lock();
            let (pending, overflowed) = chain.take_pending();
            (pending, chain.log.position(), overflowed)
        };
        let open = match open {
            Some(open) => open,
            None => open.insert(self.open().await?),
        };
        if !overflowed && pending.first().is_some_and(|first| first.from == open.at) {
            return self.feed_from_memory(open, pending).await;
        }
        drop(pending);
        self.feed_from_log(open, end).await
    }

    async fn open(&self) -> Result<Open, FeedError> {
        let mut writer = Writer::open(&self.url, &self.data_dir, &self.node).await?;
        let start = Position { file: super::audit::files(&self.audit)?.first().copied().unwrap_or(1), offset: 0 };
        let at = match writer.applied().await? {
            None => start,
            Some(applied) if link_before(&self.audit, applied.position)?.is_some_and(|link| link.as_str() == applied.link) => {
                applied.position
            }
            Some(applied) => {
                tracing::warn!(?applied, "the store does not belong to this audit log, or the log was changed; reading the log anew");
                start
            }
        };
        *self.shared.applied.lock() = at;
        Ok(Open { writer, at })
    }

    async fn feed_from_memory(&self, open: &mut Open, pending: Vec<Pending>) -> Result<(), FeedError> {
        let mut pending = pending.into_iter().peekable();
        while pending.peek().is_some() {
            let mut entries = Vec::with_capacity(BATCH);
            let mut last = None;
            for one in pending.by_ref().take(BATCH) {
                last = Some((one.to, one.hash));
                entries.push(one.entry);
            }
            if let Some((to, hash)) = last {
                self.apply(open, entries, to, hash).await?;
            }
        }
        Ok(())
    }

    async fn feed_from_log(&self, open: &mut Open, end: Position) -> Result<(), FeedError> {
        let mut reader = Reader::new(&self.audit, open.at);
        loop {
            let mut entries = Vec::with_capacity(BATCH);
            let mut last = None;
            while entries.len() < BATCH {
                let Some(bytes) = reader.next(end)? else { break };
                last = Some(line::link(bytes));
                match Entry::parse(bytes) {
                    Ok(entry) => entries.push(entry),
                    Err(error) => {
                        // Not the words of the error: it may quote the line.
                        let (column, at) = (error.column(), reader.position());
                        tracing::error!(
                            file = at.file,
                            end = at.offset,
                            column,
                            "a line of the audit log cannot be read; the store goes on without it"
                        );
                        self.shared.metrics.store_error("audit");
                    }
                }
            }
            let Some(hash) = last else {
                // Nothing stands there; the end of one file is the start of the next.
                open.at = reader.position();
                *self.shared.applied.lock() = open.at;
                return Ok(());
            };
            self.apply(open, entries, reader.position(), hash).await?;
            if self.shared.stopping() && reader.position() < end {
                return Ok(());
            }
        }
    }

    async fn apply(&self, open: &mut Open, entries: Vec<Entry>, to: Position, hash: Hash) -> Result<(), FeedError> {
        open.writer.apply(entries, &Applied { position: to, link: hash.to_string() }).await?;
        open.at = to;
        *self.shared.applied.lock() = to;
        Ok(())
    }

    /// Counts people and tools for the metrics.
    async fn count(&self, store: &mut Option<Store>) {
        let Some(store) = store else { return };
        let now = Timestamp::now();
        match store.active_users(now).await {
            Ok(mut all) => {
                all.retain(|one| one.users >= self.smallest_group.max(1));
                self.shared.metrics.active_users(&all);
            }
            Err(error) => tracing::warn!(%error, "active users cannot be counted"),
        }
        match store.unreviewed_tools(now - SignedDuration::from_hours(24 * 30)).await {
            Ok(tools) => self.shared.metrics.unreviewed_tools(tools.len() as u64),
            Err(error) => tracing::warn!(%error, "unreviewed tools cannot be counted"),
        }
    }
}
