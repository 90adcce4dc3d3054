//! What the stand-in received, per host, for tests to look at. Takes requests, gives JSON; bounded in hosts, entries and bytes.

use parking_lot::Mutex;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Entries kept per host; the oldest go first.
const KEPT: usize = 64;
/// Hosts kept.
const HOSTS: usize = 512;
/// Bytes of a body that are shown.
const SHOWN: usize = 64 * 1024;

/// A body as it came in: its first bytes for the words, its length and hash for the whole.
#[derive(Debug, Default)]
pub(super) struct Received {
    pub(super) words: Vec<u8>,
    bytes: u64,
    hash: Sha256,
}

impl Received {
    pub(super) fn push(&mut self, data: &[u8], limit: usize) {
        self.bytes += data.len() as u64;
        self.hash.update(data);
        let room = limit.saturating_sub(self.words.len());
        self.words.extend_from_slice(&data[..data.len().min(room)]);
    }
}

/// One request.
#[derive(Debug)]
pub(super) struct Entry {
    method: String,
    path: String,
    version: String,
    headers: Vec<(String, String)>,
    body: String,
    bytes: u64,
    sha256: String,
    answered: AtomicBool,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Seen(Mutex<HashMap<String, VecDeque<Arc<Entry>>>>);

impl Seen {
    pub(super) fn add(&self, host: &str, head: &http::request::Parts, received: Received) -> Arc<Entry> {
        let shown = &received.words[..received.words.len().min(SHOWN)];
        let entry = Arc::new(Entry {
            method: head.method.to_string(),
            path: head.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
            version: format!("{:?}", head.version),
            headers: head
                .headers
                .iter()
                .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
                .collect(),
            body: String::from_utf8_lossy(shown).into_owned(),
            bytes: received.bytes,
            sha256: hex::encode(received.hash.finalize()),
            answered: AtomicBool::new(false),
        });
        let mut hosts = self.0.lock();
        if hosts.len() >= HOSTS && !hosts.contains_key(host) {
            hosts.clear();
        }
        let entries = hosts.entry(host.to_owned()).or_default();
        if entries.len() >= KEPT {
            entries.pop_front();
        }
        entries.push_back(entry.clone());
        entry
    }

    /// The whole answer to this request has been handed to the connection.
    pub(super) fn answered(entry: &Entry) {
        entry.answered.store(true, Ordering::Release);
    }

    pub(super) fn clear(&self, host: &str) {
        self.0.lock().remove(host);
    }

    /// Oldest first.
    pub(super) fn of(&self, host: &str) -> Vec<Value> {
        let entries: Vec<Arc<Entry>> = self.0.lock().get(host).map(|entries| entries.iter().cloned().collect()).unwrap_or_default();
        entries.iter().map(|entry| entry.show()).collect()
    }
}

impl Entry {
    fn show(&self) -> Value {
        json!({
            "method": self.method,
            "path": self.path,
            "version": self.version,
            "headers": self.headers,
            "body": self.body,
            "bytes": self.bytes,
            "sha256": self.sha256,
            "answered": self.answered.load(Ordering::Acquire),
        })
    }
}
