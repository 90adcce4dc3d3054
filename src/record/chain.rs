//! The one place where lines get their order: under a short lock, a line is sealed, appended, and handed to the store's queue.
//!
//! Holds the spool: lines that the log could not take, unsealed, in their order. Never blocks on anything but the write(2) itself.

use super::audit::line::{Draft, Hash};
use super::audit::{Log, Position};
use super::event::{Entry, Notice, write_time};
use super::metrics::{AuditResult, Metrics};
use jiff::Timestamp;
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Lines that wait in memory for the store. What does not fit is read from the log later.
const QUEUE: usize = 8192;

/// A line that is in the log and not yet in the store.
pub struct Pending {
    pub entry: Entry,
    /// Behind the line before.
    pub from: Position,
    /// Behind this line.
    pub to: Position,
    pub hash: Hash,
}

/// A line that the log could not take: the open draft, and what it says.
struct Spooled {
    open: Vec<u8>,
    entry: Entry,
    since: Instant,
}

/// What a caller wants when the log takes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Otherwise {
    Spool,
    Refuse,
}

/// A time in which the log took no lines.
pub struct Gap {
    pub since: String,
    /// Events that were refused in it.
    pub refused: u64,
}

/// Under the lock.
pub struct Chain {
    pub log: Log,
    spool: VecDeque<Spooled>,
    spool_limit: usize,
    pending: Vec<Pending>,
    /// Something was not queued; the store must read the log.
    overflowed: bool,
    /// Begins with the first line that the log did not take, ends when the keeper has noted it.
    gap: Option<Gap>,
    /// Nothing is taken any more.
    closed: bool,
}

/// The chain and the signals around it, shared by the recorder and its threads.
pub struct Shared {
    pub chain: Mutex<Chain>,
    pub metrics: Arc<Metrics>,
    /// How far the store has come.
    pub applied: Mutex<Position>,
    /// The log did not take a line; false again when the keeper has noted the gap in the log.
    pub write_failing: AtomicBool,
    /// The log's last sync failed.
    pub sync_failing: AtomicBool,
    /// The store's last answer was an error, or it is not open yet.
    pub store_failing: AtomicBool,
    pub stop: AtomicBool,
}

impl Chain {
    pub fn new(log: Log, spool_limit: usize) -> Self {
        Self { log, spool: VecDeque::new(), spool_limit, pending: Vec::new(), overflowed: false, gap: None, closed: false }
    }

    /// Since when the oldest spooled line waits.
    pub fn spooled_since(&self) -> Option<Instant> {
        self.spool.front().map(|spooled| spooled.since)
    }

    pub fn spooled(&self) -> usize {
        self.spool.len()
    }

    /// From now on nothing is taken; gives the number of lines that never came into the log.
    pub fn close(&mut self) -> usize {
        self.closed = true;
        self.spool.len()
    }

    /// Lines for the store; true: lines are missing among them, read the log.
    pub fn take_pending(&mut self) -> (Vec<Pending>, bool) {
        (std::mem::take(&mut self.pending), std::mem::take(&mut self.overflowed))
    }

    fn refused(&mut self, entry: &Entry) {
        if let (Some(gap), Entry::Event(_)) = (&mut self.gap, entry) {
            gap.refused += 1;
        }
    }

    fn append(&mut self, draft: Draft, bytes: &mut Vec<u8>, mut entry: Entry) -> Result<(), (io::Error, Entry)> {
        let (from, previous) = (self.log.position(), self.log.last());
        match self.log.append(draft, bytes) {
            Ok(hash) if self.pending.len() < QUEUE && !self.overflowed => {
                if let Entry::Event(event) = &mut entry {
                    event.previous = previous.as_str().to_owned();
                    event.hash = hash.as_str().to_owned();
                }
                self.pending.push(Pending { entry, from, to: self.log.position(), hash });
                Ok(())
            }
            Ok(_) => {
                self.overflowed = true;
                Ok(())
            }
            Err(error) => Err((error, entry)),
        }
    }
}

impl Shared {
    pub fn new(chain: Chain, metrics: Arc<Metrics>) -> Self {
        Self {
            chain: Mutex::new(chain),
            metrics,
            applied: Mutex::new(Position::default()),
            write_failing: AtomicBool::new(false),
            sync_failing: AtomicBool::new(false),
            store_failing: AtomicBool::new(true),
            stop: AtomicBool::new(false),
        }
    }

    /// Puts one line on record. `bytes` hold the open draft; they are overwritten.
    pub fn put(&self, draft: Draft, bytes: &mut Vec<u8>, entry: Entry, otherwise: Otherwise) -> io::Result<AuditResult> {
        let open = bytes.len();
        let mut chain = self.chain.lock();
        if chain.closed {
            return Err(io::Error::new(io::ErrorKind::BrokenPipe, "the recorder is closed"));
        }
        let spool = otherwise == Otherwise::Spool;
        if spool && !chain.spool.is_empty() {
            // Others wait already. When the spool is full, one of them may fit now.
            if chain.spool.len() >= chain.spool_limit {
                self.unspool(&mut chain, 1).inspect_err(|_| chain.refused(&entry))?;
            }
            return Ok(self.spool(&mut chain, bytes, entry));
        }
        match chain.append(draft, bytes, entry) {
            Ok(()) => {
                drop(chain);
                self.metrics.audit(AuditResult::Written, 1);
                Ok(AuditResult::Written)
            }
            Err((error, entry)) => {
                self.write_failed(&mut chain, &error);
                bytes.truncate(open);
                if spool && chain.spool_limit > 0 {
                    return Ok(self.spool(&mut chain, bytes, entry));
                }
                chain.refused(&entry);
                Err(error)
            }
        }
    }

    fn spool(&self, chain: &mut Chain, open: &[u8], entry: Entry) -> AuditResult {
        chain.spool.push_back(Spooled { open: open.to_vec(), entry, since: Instant::now() });
        self.metrics.audit(AuditResult::Spooled, 1);
        AuditResult::Spooled
    }

    /// Appends up to so many spooled lines, oldest first.
    pub fn unspool(&self, chain: &mut Chain, most: usize) -> io::Result<usize> {
        for done in 0..most {
            let Some(Spooled { open, entry, since }) = chain.spool.pop_front() else { return Ok(done) };
            let mut bytes = Vec::with_capacity(open.len() + 256);
            bytes.extend_from_slice(&open);
            if let Err((error, entry)) = chain.append(Draft::resume(&open), &mut bytes, entry) {
                chain.spool.push_front(Spooled { open, entry, since });
                self.write_failed(chain, &error);
                return Err(error);
            }
            self.metrics.audit(AuditResult::Written, 1);
        }
        Ok(most)
    }

    /// Writes a notice of the gap into the log, once the spool is empty; gives the gap when that worked, and the log is whole again.
    pub fn note_gap(&self) -> Option<Gap> {
        let mut chain = self.chain.lock();
        if !chain.spool.is_empty() {
            return None;
        }
        let gap = chain.gap.take()?;
        let detail = format!(
            "from {} on the log took no lines; those that waited in memory stand before this one; {} events were refused and their messages not let by",
            gap.since, gap.refused
        );
        let entry = Entry::Notice(Notice { time: write_time(Timestamp::now()), what: "interrupted".to_owned(), detail });
        let mut bytes = Vec::new();
        let written = entry.write(&mut bytes).map_err(io::Error::from).and_then(|()| {
            let draft = Draft::new(&mut bytes);
            chain.append(draft, &mut bytes, entry).map_err(|(error, _)| error)
        });
        match written {
            Ok(()) => {
                self.metrics.audit(AuditResult::Written, 1);
                Some(gap)
            }
            Err(_) => {
                self.metrics.store_error("audit");
                chain.gap = Some(gap);
                None
            }
        }
    }

    fn write_failed(&self, chain: &mut Chain, error: &io::Error) {
        chain.gap.get_or_insert_with(|| Gap { since: write_time(Timestamp::now()), refused: 0 });
        self.metrics.store_error("audit");
        if !self.write_failing.swap(true, Ordering::Relaxed) {
            tracing::error!(%error, "the audit log cannot be written; free space on its disk");
        }
    }

    pub fn stopping(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }
}
