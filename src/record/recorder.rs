//! The recorder: the room's door for the exchange.
//!
//! Takes an [`Event`], puts it on record before it returns, or says that it could not, in which case the caller lets nothing by. Synchronous and
//! quick (a few microseconds); the slow work is done by two threads of its own. One process per data folder.

use super::audit::line::Draft;
use super::audit::log::{Log, LogSettings};
use super::audit::sink::{FileSink, Opener};
use super::audit::{FOLDER, KEY, Position};
use super::chain::{Chain, Otherwise, Shared};
use super::event::{Entry, Event, Outcome, new_id, write_time};
use super::feeder::Feeder;
use super::keeper::Keeper;
use super::metrics::{AuditResult, Metrics};
use super::privacy::{KeyError, Pseudonyms, open_key};
use super::store::{Store, StoreError};
use crate::identity::Subject;
use parking_lot::Mutex;
use std::cell::RefCell;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Sender;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What happens to a message when its event cannot be written (`store.when-down`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WhenDown {
    /// Keep the event in memory, up to a limit, and write it when that works again.
    #[default]
    Spool,
    /// Let nothing by.
    Refuse,
}

/// When an event is safe (`audit.durability`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// From the end of the process at once, and within a tenth of a second also from the end of the machine.
    #[default]
    Disk,
    /// From the end of the process.
    Process,
}

/// How this room is set up.
#[derive(Debug, Clone)]
pub struct RecordSettings {
    pub data_dir: PathBuf,
    /// `sqlite:PATH`; empty: `sluis.db` in the data folder.
    pub store_url: String,
    pub when_down: WhenDown,
    pub durability: Durability,
    pub pseudonyms: bool,
    /// Stands in events that name no organisation.
    pub organisation: String,
    pub node: String,
    /// An audit file that would become larger is followed by the next.
    pub file_size: u64,
    /// Events that memory keeps when the log takes none.
    pub spool: usize,
    /// `sluis_active_users` counts no group smaller than this.
    pub smallest_group: u64,
    /// How often active users and unreviewed tools are counted.
    pub count_every: Duration,
}

impl RecordSettings {
    /// The defaults of the contract.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            store_url: String::new(),
            when_down: WhenDown::default(),
            durability: Durability::default(),
            pseudonyms: true,
            organisation: String::new(),
            node: "sluis".to_owned(),
            file_size: 256 << 20,
            spool: 10_000,
            smallest_group: 1,
            count_every: Duration::from_secs(60),
        }
    }
}

/// Why the recorder cannot start, or an event was not taken.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    #[error("{path}: another Sluis{holder} works in this data folder; stop it, or give this one its own data-dir", path = .path.display())]
    Locked { path: PathBuf, holder: String },
    #[error("{path}: {source}", path = .path.display())]
    Folder { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the event cannot be written to the audit log ({0}); nothing is let by until it can")]
    NotWritten(io::Error),
    #[error("the recorder is closed")]
    Closed,
    #[error("the event has no JSON form: {0}")]
    Form(serde_json::Error),
    #[error("{0} events could not be written to the audit log before the end and are lost")]
    Lost(usize),
}

/// Puts events on record. Share it through its `Arc`.
pub struct Recorder {
    shared: Arc<Shared>,
    store: Store,
    pseudonyms: Pseudonyms,
    when_down: WhenDown,
    organisation: String,
    node: String,
    threads: Mutex<Option<Threads>>,
    wake: Arc<tokio::sync::Notify>,
    /// Holds the data folder for this process.
    lock: File,
}

struct Threads {
    keeper: JoinHandle<()>,
    keeper_wake: Sender<()>,
    feeder: JoinHandle<()>,
}

thread_local! {
    /// One line's bytes, used again for the next.
    static LINE: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl Recorder {
    /// Opens the data folder, repairs and reads the end of the audit log, and starts the threads. Waits a moment for the store, and goes on
    /// without it where it is not to be had: it catches up later.
    pub async fn open(settings: RecordSettings, metrics: Arc<Metrics>) -> Result<Arc<Self>, RecordError> {
        Self::open_with(settings, metrics, FileSink::opener()).await
    }

    /// As [`Recorder::open`], with the log's files opened by `opener`.
    pub async fn open_with(settings: RecordSettings, metrics: Arc<Metrics>, opener: Opener) -> Result<Arc<Self>, RecordError> {
        let data_dir = settings.data_dir.clone();
        let at_folder = |source| RecordError::Folder { path: data_dir.clone(), source };
        fs::create_dir_all(&data_dir).map_err(at_folder)?;
        let lock = lock_folder(&data_dir)?;
        let key = open_key(&data_dir.join(KEY))?;
        let pseudonyms = Pseudonyms::open(&data_dir, settings.pseudonyms)?;
        let store = Store::new(&settings.store_url, &data_dir)?;
        let folder = data_dir.join(FOLDER);
        let (log, notices) =
            Log::open(LogSettings { folder: folder.clone(), file_size: settings.file_size, opener }, &key).map_err(at_folder)?;
        let shared = Arc::new(Shared::new(Chain::new(log, settings.spool), metrics));
        for notice in notices {
            put(&shared, Entry::Notice(notice), Otherwise::Spool)?;
        }

        let (keeper_wake, woken) = std::sync::mpsc::channel();
        let to_disk = settings.durability == Durability::Disk;
        let keeper = Keeper { shared: Arc::clone(&shared), key, to_disk, every: Duration::from_millis(100) };
        let keeper = std::thread::Builder::new().name("sluis-audit".into()).spawn(move || keeper.run(&woken)).map_err(at_folder)?;
        let wake = Arc::new(tokio::sync::Notify::new());
        let feeder = Feeder {
            shared: Arc::clone(&shared),
            url: settings.store_url,
            data_dir: data_dir.clone(),
            audit: folder,
            node: settings.node.clone(),
            count_every: settings.count_every,
            smallest_group: settings.smallest_group,
            wake: Arc::clone(&wake),
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().map_err(at_folder)?;
        let feeder =
            std::thread::Builder::new().name("sluis-store".into()).spawn(move || runtime.block_on(feeder.run())).map_err(at_folder)?;

        let recorder = Arc::new(Self {
            shared,
            store,
            pseudonyms,
            when_down: settings.when_down,
            organisation: settings.organisation,
            node: settings.node,
            threads: Mutex::new(Some(Threads { keeper, keeper_wake, feeder })),
            wake,
            lock,
        });
        recorder.settle(Duration::from_secs(2)).await;
        Ok(recorder)
    }

    /// Puts an event on record. When this gives an error the caller lets nothing by.
    pub fn record(&self, event: impl Into<Box<Event>>) -> Result<(), RecordError> {
        let mut event: Box<Event> = event.into();
        if self.shared.stopping() {
            return Err(RecordError::Closed);
        }
        if self.when_down == WhenDown::Refuse && self.shared.sync_failing.load(Ordering::Relaxed) {
            self.shared.metrics.audit(AuditResult::Refused, 1);
            return Err(RecordError::NotWritten(io::Error::other("the last sync failed")));
        }
        event.previous.clear();
        event.hash.clear();
        if event.id.is_empty() {
            event.id = new_id();
        }
        if event.time.is_empty() {
            event.time = write_time(jiff::Timestamp::now());
        }
        if event.organisation.is_empty() {
            event.organisation.clone_from(&self.organisation);
        }
        if event.node.is_empty() {
            event.node.clone_from(&self.node);
        }
        let otherwise = match self.when_down {
            WhenDown::Spool => Otherwise::Spool,
            WhenDown::Refuse => Otherwise::Refuse,
        };
        put(&self.shared, Entry::Event(event), otherwise).inspect_err(|_| self.shared.metrics.audit(AuditResult::Refused, 1))
    }

    /// Puts on record what the answer showed. The answer has gone by then, so this cannot be refused: what the log does not take is spooled, and
    /// what the spool does not take is counted as lost.
    pub fn outcome(&self, outcome: Outcome) {
        if let Err(error) = put(&self.shared, Entry::Outcome(outcome), Otherwise::Spool) {
            self.shared.metrics.audit(AuditResult::Lost, 1);
            tracing::error!(%error, "the outcome of an answer is lost");
        }
    }

    /// The subject's pseudonym.
    pub fn pseudonym(&self, subject: &Subject) -> String {
        self.pseudonyms.subject(subject)
    }

    /// The keyed hash of a tool's conversation id.
    pub fn conversation(&self, id: &str) -> String {
        self.pseudonyms.conversation(id)
    }

    /// The read side of the store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Events are written and synced. A store that is behind does not count: it catches up.
    pub fn healthy(&self) -> bool {
        let failing = [&self.shared.write_failing, &self.shared.sync_failing, &self.shared.stop];
        !failing.iter().any(|flag| flag.load(Ordering::Relaxed))
    }

    /// The store takes events.
    pub fn store_healthy(&self) -> bool {
        !self.shared.store_failing.load(Ordering::Relaxed)
    }

    /// Waits until the store has all that the log has now; false where that took longer.
    pub async fn settle(&self, within: Duration) -> bool {
        let start = Instant::now();
        let end = self.end();
        loop {
            if !self.shared.store_failing.load(Ordering::Relaxed) && *self.shared.applied.lock() >= end {
                return true;
            }
            if start.elapsed() >= within {
                return false;
            }
            self.wake.notify_one();
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    fn end(&self) -> Position {
        self.shared.chain.lock().log.position()
    }

    /// Writes and syncs what is left, brings the store up to date as far as that goes in a few seconds, and stops the threads. Blocks. An error
    /// says how many spooled events could not be written.
    pub fn close(&self) -> Result<(), RecordError> {
        let Some(Threads { keeper, keeper_wake, feeder }) = self.threads.lock().take() else { return Ok(()) };
        self.shared.stop.store(true, Ordering::Release);
        drop(keeper_wake);
        self.wake.notify_one();
        for thread in [keeper, feeder] {
            if thread.join().is_err() {
                tracing::error!("a thread of the recorder ended in a panic");
            }
        }
        let left = self.shared.chain.lock().close();
        if let Err(error) = self.lock.unlock() {
            tracing::warn!(%error, "the data folder stays locked until the process ends");
        }
        if left > 0 {
            self.shared.metrics.audit(AuditResult::Lost, left as u64);
            tracing::error!(events = left, "events could not be written to the audit log before the end and are lost");
            return Err(RecordError::Lost(left));
        }
        Ok(())
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        // An error was logged where it arose.
        let _ = self.close();
    }
}

/// Serialises and hashes outside the lock, appends under it.
fn put(shared: &Shared, entry: Entry, otherwise: Otherwise) -> Result<(), RecordError> {
    LINE.with_borrow_mut(|line| {
        line.clear();
        entry.write(line).map_err(RecordError::Form)?;
        let draft = Draft::new(line);
        shared.put(draft, line, entry, otherwise).map(|_| ()).map_err(RecordError::NotWritten)
    })
}

/// Takes the data folder for this process.
fn lock_folder(data_dir: &Path) -> Result<File, RecordError> {
    let path = data_dir.join("sluis.lock");
    let failed = |source| RecordError::Folder { path: path.clone(), source };
    let file = File::options().read(true).write(true).create(true).truncate(false).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let holder = fs::read_to_string(&path).unwrap_or_default();
            let holder = if holder.trim().is_empty() { String::new() } else { format!(" (process {})", holder.trim()) };
            return Err(RecordError::Locked { path: data_dir.to_owned(), holder });
        }
        Err(TryLockError::Error(source)) => return Err(failed(source)),
    }
    file.set_len(0).and_then(|()| writeln!(&file, "{}", std::process::id())).map_err(failed)?;
    Ok(file)
}

#[cfg(test)]
mod tests;
