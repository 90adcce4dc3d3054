//! The policy that is in force, and how a changed one takes its place.
//!
//! Readers get the current [`Policy`] without waiting. A thread watches the folder: after a change and a moment of quiet it reads everything
//! again. A policy that does not check is never put in force; the running one stays, and the caller is told. Editors that replace a file
//! by renaming, and a ConfigMap whose folder is swapped by a link, are seen like any other change.

use super::Policy;
use crate::catalogue::Catalogue;
use crate::diagnostic::Diagnostic;
use arc_swap::{ArcSwap, Guard};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long it must be quiet before files are read: an editor or `git` writes many at once.
const QUIET: Duration = Duration::from_millis(150);
/// After this long the files are read even if changes keep coming.
const PATIENCE: Duration = Duration::from_secs(2);
/// The files are looked at this often anyway: network file systems send no events, and a watched folder may be replaced.
const PATROL: Duration = Duration::from_secs(5);
/// Files above this are not read to see whether they changed.
const LARGE: u64 = 1 << 20;

/// What became of a changed policy: it is in force, or it has mistakes and the old one stays.
pub type Attempt = Result<Arc<Policy>, Vec<Diagnostic>>;

/// The policy in force.
#[derive(Debug)]
pub struct Live {
    current: Arc<ArcSwap<Policy>>,
    /// Ends the watching thread when dropped.
    _watch: Option<Watch>,
}

#[derive(Debug)]
struct Watch {
    ring: Sender<Bell>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, PartialEq, Eq)]
enum Bell {
    Changed,
    Stop,
}

impl Live {
    /// A policy that does not change: the embedded one.
    pub fn fixed(policy: Policy) -> Self {
        Self { current: Arc::new(ArcSwap::from_pointee(policy)), _watch: None }
    }

    /// Reads the policy in `dir` (a folder or a file) and keeps it current. `told` hears of every later attempt: the policy now in force,
    /// or the mistakes because of which the old one stays. It runs on the watching thread. Fails only where the first policy does not check.
    pub fn watch(dir: &Path, catalogue: Arc<Catalogue>, told: impl Fn(&Attempt) + Send + 'static) -> Result<Self, Vec<Diagnostic>> {
        // Taken before reading: a change in between is then seen as one.
        let seen = fingerprint(dir);
        let policy = Policy::load(dir, &catalogue)?;
        let current = Arc::new(ArcSwap::from_pointee(policy));
        let (ring, bell) = channel();
        let watcher = watcher(dir, ring.clone());
        let keeper = Keeper {
            dir: dir.to_path_buf(),
            catalogue,
            current: Arc::clone(&current),
            ring: ring.clone(),
            _watcher: watcher,
            seen,
            real: real(dir),
        };
        let thread = std::thread::Builder::new()
            .name("policy-watch".into())
            .spawn(move || keeper.run(&bell, &told))
            .map_err(|error| vec![Diagnostic::whole(dir, format!("cannot watch the policy: {error}"))])?;
        Ok(Self { current, _watch: Some(Watch { ring, thread: Some(thread) }) })
    }

    /// The policy in force, to be kept for as long as one exchange lasts.
    pub fn full(&self) -> Arc<Policy> {
        self.current.load_full()
    }

    /// The policy in force. Hold the guard no longer than one decision.
    pub fn current(&self) -> Guard<Arc<Policy>> {
        self.current.load()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.ring.send(Bell::Stop);
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != std::thread::current().id()
        {
            let _ = thread.join();
        }
    }
}

/// What the watching thread owns.
struct Keeper {
    dir: PathBuf,
    catalogue: Arc<Catalogue>,
    current: Arc<ArcSwap<Policy>>,
    ring: Sender<Bell>,
    _watcher: Option<RecommendedWatcher>,
    /// Fingerprint of the files that were read last, whether they were any good or not.
    seen: String,
    /// Where `dir` leads when links are followed.
    real: Option<PathBuf>,
}

impl Keeper {
    fn run(mut self, bell: &Receiver<Bell>, told: &dyn Fn(&Attempt)) {
        loop {
            match bell.recv_timeout(PATROL) {
                Ok(Bell::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(Bell::Changed) => {
                    if settle(bell) == Bell::Stop {
                        return;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            let real = real(&self.dir);
            if real != self.real {
                // The folder itself was replaced; the old watch looks at what is gone.
                self._watcher = watcher(&self.dir, self.ring.clone());
                self.real = real;
            }
            let now = fingerprint(&self.dir);
            if now == self.seen {
                continue;
            }
            self.seen = now;
            let result = Policy::load(&self.dir, &self.catalogue).map(Arc::new);
            if let Ok(policy) = &result {
                self.current.store(Arc::clone(policy));
            }
            told(&result);
        }
    }
}

/// Waits until it has been quiet for a moment.
fn settle(bell: &Receiver<Bell>) -> Bell {
    let end = Instant::now() + PATIENCE;
    loop {
        match bell.recv_timeout(QUIET) {
            Ok(Bell::Stop) | Err(RecvTimeoutError::Disconnected) => return Bell::Stop,
            Ok(Bell::Changed) if Instant::now() < end => {}
            Ok(Bell::Changed) | Err(RecvTimeoutError::Timeout) => return Bell::Changed,
        }
    }
}

fn real(dir: &Path) -> Option<PathBuf> {
    dir.canonicalize().ok()
}

/// Watches the folder and everything below it, or the folder of a single file. None where the system offers no watch: the patrol remains.
fn watcher(dir: &Path, ring: Sender<Bell>) -> Option<RecommendedWatcher> {
    let heard = move |event: notify::Result<notify::Event>| {
        // Our own reading is no change.
        if !matches!(event, Ok(notify::Event { kind: notify::EventKind::Access(_), .. })) {
            let _ = ring.send(Bell::Changed);
        }
    };
    let set = |watcher: &mut RecommendedWatcher| match dir.is_dir() {
        true => watcher.watch(dir, RecursiveMode::Recursive),
        false => watcher.watch(dir.parent().filter(|up| !up.as_os_str().is_empty()).unwrap_or(Path::new(".")), RecursiveMode::NonRecursive),
    };
    let mut watcher = notify::recommended_watcher(heard).ok()?;
    match set(&mut watcher) {
        Ok(()) => Some(watcher),
        Err(error) => {
            tracing::warn!(path = %dir.display(), %error, "the policy cannot be watched; it is looked at every few seconds instead");
            None
        }
    }
}

/// A hash over the names and contents of everything that the policy may be made of. What cannot be read has a fingerprint too.
fn fingerprint(dir: &Path) -> String {
    let mut hash = Sha256::new();
    add(&mut hash, dir, 0);
    hex::encode(hash.finalize())
}

/// What stands for the contents of a large dictionary, which is not read every few seconds: its size and when it was changed.
fn times(about: &std::fs::Metadata) -> std::io::Result<Vec<u8>> {
    let since = about.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Ok(format!("{} {}", about.len(), since.as_nanos()).into_bytes())
}

/// Folders are followed three deep: dictionaries, and the organisation's own catalogue.
fn add(hash: &mut Sha256, path: &Path, depth: usize) {
    let mut piece = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    piece(path.as_os_str().as_encoded_bytes());
    if path.is_dir() {
        if depth > 3 {
            return;
        }
        let Ok(entries) = std::fs::read_dir(path) else { return piece(b"unreadable") };
        let mut inside: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
        inside.retain(|path| !path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")));
        inside.sort();
        inside.iter().for_each(|path| add(hash, path, depth + 1));
        return;
    }
    match std::fs::metadata(path).and_then(|about| if about.len() > LARGE { times(&about) } else { std::fs::read(path) }) {
        Ok(bytes) => piece(&bytes),
        Err(error) => piece(error.to_string().as_bytes()),
    }
}

#[cfg(test)]
mod tests;
