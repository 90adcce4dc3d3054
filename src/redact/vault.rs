//! All conversations' placeholders on one node.
//!
//! Takes a key that names subject, tool and conversation; gives that conversation's [`Placeholders`]. In memory only: what is not used for
//! eight hours, or least recently when there is no more room, is forgotten. Keys are hashed, so that the vault itself names nobody.

use super::placeholders::Placeholders;
use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How long a conversation's mapping lives after its last use.
pub const TTL: Duration = Duration::from_secs(8 * 60 * 60);
/// How many conversations are kept.
pub const MOST_MAPPINGS: usize = 10_000;
/// Bytes of values that all mappings may hold together.
const MOST_BYTES: usize = 64 << 20;
type Fingerprint = [u8; 32];

struct Kept {
    placeholders: Arc<Placeholders>,
    used: Instant,
    turn: u64,
}

#[derive(Default)]
struct Shelf {
    mappings: HashMap<Fingerprint, Kept>,
    /// By last use: the first is the next to go.
    order: BTreeMap<u64, Fingerprint>,
    turn: u64,
}

impl Shelf {
    fn drop_oldest(&mut self) -> Option<Kept> {
        let (_, key) = self.order.pop_first()?;
        self.mappings.remove(&key)
    }

    fn oldest_use(&self) -> Option<Instant> {
        let (_, key) = self.order.first_key_value()?;
        self.mappings.get(key).map(|kept| kept.used)
    }
}

/// All mappings of a node: in memory only, the least recently used go first.
pub struct Vault {
    shelf: Mutex<Shelf>,
    total: Arc<AtomicUsize>,
    ttl: Duration,
    most: usize,
}

impl Default for Vault {
    fn default() -> Self {
        Self::with_limits(TTL, MOST_MAPPINGS)
    }
}

impl Vault {
    /// A vault with the usual bounds: 8 hours, 10,000 mappings, 64 MiB of values.
    pub fn new() -> Self {
        Self::default()
    }

    /// A vault with other bounds.
    pub fn with_limits(ttl: Duration, most: usize) -> Self {
        Self { shelf: Mutex::default(), total: Arc::default(), ttl, most: most.max(1) }
    }

    /// The mapping for `key`, which must name subject, tool and conversation: whoever has the key can read the values. The key is hashed.
    pub fn placeholders(&self, key: &str) -> Arc<Placeholders> {
        self.placeholders_at(key, Instant::now())
    }

    /// The mapping for a key, if there is one with something in it. The key is asked for only where the vault holds anything at all, so that
    /// those who never redact pay nothing.
    pub fn existing(&self, key: impl FnOnce() -> Option<String>) -> Option<Arc<Placeholders>> {
        if self.is_empty() {
            return None;
        }
        let key = key()?;
        let known = self.shelf.lock().mappings.contains_key(&Fingerprint::from(Sha256::digest(key.as_bytes())));
        known.then(|| self.placeholders(&key)).filter(|placeholders| !placeholders.is_empty())
    }

    fn placeholders_at(&self, key: &str, now: Instant) -> Arc<Placeholders> {
        let key: Fingerprint = Sha256::digest(key.as_bytes()).into();
        let mut gone = Vec::new(); // dropped, and overwritten, after the lock is free
        let mut shelf = self.shelf.lock();
        self.expire(&mut shelf, now, &mut gone);
        shelf.turn += 1;
        let turn = shelf.turn;
        let found = shelf.mappings.get_mut(&key).map(|kept| {
            kept.used = now;
            (std::mem::replace(&mut kept.turn, turn), Arc::clone(&kept.placeholders))
        });
        let placeholders = match found {
            Some((before, placeholders)) => {
                shelf.order.remove(&before);
                placeholders
            }
            None => {
                while shelf.mappings.len() >= self.most {
                    gone.extend(shelf.drop_oldest());
                }
                let placeholders = Arc::new(Placeholders::with_total(Arc::clone(&self.total)));
                shelf.mappings.insert(key, Kept { placeholders: Arc::clone(&placeholders), used: now, turn });
                placeholders
            }
        };
        shelf.order.insert(turn, key);
        let mut freed = 0;
        while self.total.load(Ordering::Relaxed).saturating_sub(freed) > MOST_BYTES && shelf.mappings.len() > 1 {
            let Some(kept) = shelf.drop_oldest() else { break };
            freed += kept.placeholders.bytes();
            gone.push(kept);
        }
        drop(shelf);
        placeholders
    }

    /// Forgets mappings that were not used for the time to live. Happens by itself on use; a quiet node calls it now and then.
    pub fn sweep(&self) {
        let mut gone = Vec::new();
        self.expire(&mut self.shelf.lock(), Instant::now(), &mut gone);
    }

    fn expire(&self, shelf: &mut Shelf, now: Instant, gone: &mut Vec<Kept>) {
        while shelf.oldest_use().is_some_and(|used| now.saturating_duration_since(used) >= self.ttl) {
            gone.extend(shelf.drop_oldest());
        }
    }

    /// How many mappings are kept.
    pub fn len(&self) -> usize {
        self.shelf.lock().mappings.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vault({} mappings)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::super::placeholders::tests::redact;
    use super::*;
    use std::collections::HashSet;

    static_assertions::assert_impl_all!(Vault: Send, Sync);

    #[test]
    fn asking_for_what_exists_makes_nothing() {
        let vault = Vault::new();
        assert!(vault.existing(|| unreachable!("an empty vault asks for no key")).is_none());
        vault.placeholders("a");
        assert!(vault.existing(|| Some("b".into())).is_none());
        assert!(vault.existing(|| Some("a".into())).is_none(), "there is nothing in it");
        assert_eq!(vault.len(), 1);
    }

    #[test]
    fn a_vault_keeps_conversations_apart_and_forgets_the_least_recently_used() {
        let vault = Vault::with_limits(TTL, 2);
        let a = vault.placeholders("a");
        redact(&a, "jan@a.nl", &[("email", "jan@a.nl")]);
        assert!(vault.placeholders("b").is_empty());
        assert!(Arc::ptr_eq(&a, &vault.placeholders("a")));
        vault.placeholders("c");
        assert_eq!(vault.len(), 2);
        assert!(Arc::ptr_eq(&a, &vault.placeholders("a")));
        vault.placeholders("d");
        vault.placeholders("e");
        assert!(!Arc::ptr_eq(&a, &vault.placeholders("a")));
    }

    #[test]
    fn a_mapping_ends_eight_hours_after_its_last_use() {
        let vault = Vault::new();
        let start = Instant::now();
        let a = vault.placeholders_at("a", start);
        assert!(Arc::ptr_eq(&a, &vault.placeholders_at("a", start + TTL / 2)));
        assert!(Arc::ptr_eq(&a, &vault.placeholders_at("a", start + TTL)));
        assert!(!Arc::ptr_eq(&a, &vault.placeholders_at("a", start + TTL * 2)));
        assert_eq!(vault.len(), 1);
    }

    #[test]
    fn the_bytes_of_all_values_together_are_bounded() {
        let vault = Vault::new();
        for n in 0..80 {
            let p = vault.placeholders(&format!("conversation {n}"));
            for m in 0..16 {
                let value = format!("{n:05}{m:05}{}", "x".repeat(60_000));
                redact(&p, &value, &[("zaak", &value)]);
            }
        }
        vault.placeholders("last");
        assert!(vault.total.load(Ordering::Relaxed) <= MOST_BYTES);
        assert!(vault.len() > 10 && vault.len() < 81);
        drop(vault);
    }

    #[test]
    fn many_threads_agree_on_the_placeholder_of_a_value() {
        let vault = Vault::new();
        let seen: HashSet<String> = std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..8).map(|_| scope.spawn(|| redact(&vault.placeholders("k"), "jan@a.nl", &[("email", "jan@a.nl")]))).collect();
            threads.into_iter().map(|t| t.join().unwrap()).collect()
        });
        assert_eq!(seen.len(), 1);
    }
}
