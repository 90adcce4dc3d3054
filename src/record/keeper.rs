//! The log's own thread: brings lines to the disk, signs the head, empties the spool, notes gaps, and measures how far the store is behind.
//!
//! Works every [`Keeper::every`]. Holds the chain's lock only to look and to append spooled lines, never during a sync.

use super::audit::Position;
use super::audit::head::Head;
use super::chain::Shared;
use std::collections::VecDeque;
use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// Spooled lines per turn of the lock.
const TURN: usize = 64;
/// Marks that are kept to measure the lag; an hour at ten a second.
const MARKS: usize = 36_000;

/// Between two tries at a log that takes no lines.
const TRY: Duration = Duration::from_secs(1);

/// What the thread works with.
pub struct Keeper {
    pub shared: Arc<Shared>,
    pub key: [u8; 32],
    /// fdatasync, or leave it to the kernel.
    pub to_disk: bool,
    pub every: Duration,
}

impl Keeper {
    /// Runs until the other end of `woken` is gone, then does all of it once more.
    pub fn run(self, woken: &Receiver<()>) {
        let mut signed = None;
        let mut marks = VecDeque::new();
        let mut tried = None;
        loop {
            let last = matches!(woken.recv_timeout(self.every), Err(RecvTimeoutError::Disconnected));
            self.empty_spool();
            self.note_gap(&mut tried);
            signed = self.sync(signed);
            self.measure(&mut marks);
            if last {
                return;
            }
        }
    }

    fn empty_spool(&self) {
        loop {
            let mut chain = self.shared.chain.lock();
            if chain.spooled() == 0 || self.shared.unspool(&mut chain, TURN).is_err() {
                return;
            }
        }
    }

    /// After the log took no lines: says so in the log itself. This also tries whether the log takes lines again, so that a proxy which refuses
    /// everything meanwhile comes back without a request.
    fn note_gap(&self, tried: &mut Option<Instant>) {
        if !self.shared.write_failing.load(Ordering::Relaxed) || tried.is_some_and(|tried| tried.elapsed() < TRY) {
            return;
        }
        *tried = Some(Instant::now());
        if let Some(gap) = self.shared.note_gap() {
            self.shared.write_failing.store(false, Ordering::Relaxed);
            tracing::info!(since = gap.since, refused = gap.refused, "the audit log takes lines again");
        }
    }

    /// Brings the log to the disk and signs how far it came; gives the head that is signed now.
    fn sync(&self, signed: Option<Head>) -> Option<Head> {
        let (head, sinks, folder) = {
            let mut chain = self.shared.chain.lock();
            let head = chain.log.head();
            if signed.as_ref() == Some(&head) {
                return signed;
            }
            (head, chain.log.take_unsynced(), chain.log.folder().to_owned())
        };
        let mut result = Ok(());
        if self.to_disk {
            result = sinks.iter().try_for_each(|sink| sink.sync());
            if signed.as_ref().is_none_or(|signed| signed.file != head.file) {
                // A new file's name must be on the disk too.
                result = result.and_then(|()| File::open(&folder)?.sync_all());
            }
        }
        match result.and_then(|()| head.write(&folder, &self.key, self.to_disk)) {
            Ok(()) => {
                if self.shared.sync_failing.swap(false, Ordering::Relaxed) {
                    tracing::info!("the audit log is synced again");
                }
                Some(head)
            }
            Err(error) => {
                self.shared.chain.lock().log.give_back(sinks);
                self.shared.metrics.store_error("audit");
                if !self.shared.sync_failing.swap(true, Ordering::Relaxed) {
                    tracing::error!(%error, folder = %folder.display(), "the audit log cannot be brought to the disk");
                }
                signed
            }
        }
    }

    /// The lag is the time since the log first stood where the store has not yet come.
    fn measure(&self, marks: &mut VecDeque<(Position, Instant)>) {
        let (end, spooled) = {
            let chain = self.shared.chain.lock();
            (chain.log.position(), chain.spooled_since())
        };
        let applied = *self.shared.applied.lock();
        while marks.front().is_some_and(|(position, _)| *position <= applied) {
            marks.pop_front();
        }
        if end > applied && marks.back().is_none_or(|(position, _)| *position < end) && marks.len() < MARKS {
            marks.push_back((end, Instant::now()));
        }
        let oldest = marks.front().map(|(_, since)| *since).into_iter().chain(spooled).min();
        self.shared.metrics.audit_lag(oldest.map_or(Duration::ZERO, |since| since.elapsed()));
    }
}
