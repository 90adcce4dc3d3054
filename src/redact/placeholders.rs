//! Which placeholder stands for which value: one [`Placeholders`] per conversation, kept in a [`Vault`].
//!
//! Takes texts with findings, gives texts with `[EMAIL-1]`, and gives the values back to the restorer of the same conversation only. Values
//! live in memory alone: the type that holds them has no `Display`, no `Serialize`, a `Debug` without words, and is overwritten when dropped.
//! Bounded in every direction; where a bound is reached a finding is still replaced, by a placeholder that cannot be restored.

use super::matcher;
use super::names::kind_name;
use super::text;
use crate::detect::Finding;
use crate::text::PromptText;
use parking_lot::{Mutex, RwLock, RwLockReadGuard};
use sha2::{Digest, Sha256};
use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How long a conversation's mapping lives after its last use.
pub const TTL: Duration = Duration::from_secs(8 * 60 * 60);
/// How many conversations are kept.
pub const MOST_MAPPINGS: usize = 10_000;
/// Bytes of values that all mappings may hold together.
const MOST_BYTES: usize = 64 << 20;
/// Values in one mapping.
const MOST_VALUES: usize = 4096;
/// Bytes of values in one mapping.
const MOST_MAPPING_BYTES: usize = 1 << 20;
/// A longer value is replaced, but not kept.
const LONGEST_VALUE: usize = 64 << 10;

/// A value that was taken out of a text. Not to be shown, serialised or cloned.
pub(super) struct Original(Box<[u8]>);

impl Original {
    /// The value itself, for the answer to the person who sent it.
    pub(super) fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Original {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Original({} bytes)", self.0.len())
    }
}

impl Drop for Original {
    fn drop(&mut self) {
        self.0.fill(0);
        std::hint::black_box(&self.0);
    }
}

/// An [`Original`] as a key, looked up by its bytes.
struct ByValue(Arc<Original>);

impl Borrow<[u8]> for ByValue {
    fn borrow(&self) -> &[u8] {
        &self.0.0
    }
}

impl Hash for ByValue {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.0[..].hash(state);
    }
}

impl PartialEq for ByValue {
    fn eq(&self, other: &Self) -> bool {
        self.0.0 == other.0.0
    }
}

impl Eq for ByValue {}

#[derive(Default)]
struct Mapping {
    by_value: HashMap<ByValue, Arc<str>>,
    /// `EMAIL-1` without brackets.
    by_name: BTreeMap<Arc<str>, Arc<Original>>,
    /// Names that stand in the user's own words and are therefore not given out.
    reserved: HashSet<Box<str>>,
    /// Last number given out per kind.
    last: HashMap<Box<str>, u32>,
    bytes: usize,
}

impl Mapping {
    fn reserve(&mut self, text: &str) {
        matcher::literals(text.as_bytes(), |name| {
            if self.reserved.len() < MOST_VALUES && !self.by_name.contains_key(name) && !self.reserved.contains(name) {
                self.reserved.insert(name.into());
            }
        });
    }

    /// The name for a value; none where the mapping is full.
    fn name(&mut self, kind: &str, value: &str) -> Option<Arc<str>> {
        if let Some(name) = self.by_value.get(value.as_bytes()) {
            return Some(Arc::clone(name));
        }
        if value.len() > LONGEST_VALUE || self.by_name.len() >= MOST_VALUES || self.bytes + value.len() > MOST_MAPPING_BYTES {
            return None;
        }
        let mut number = self.last.get(kind).copied().unwrap_or(0);
        let name = loop {
            number = number.checked_add(1)?;
            let name = format!("{kind}-{number}");
            if !self.reserved.contains(name.as_str()) && !self.by_name.contains_key(name.as_str()) {
                break Arc::<str>::from(name);
            }
        };
        self.last.insert(kind.into(), number);
        let original = Arc::new(Original(value.as_bytes().into()));
        self.by_name.insert(Arc::clone(&name), Arc::clone(&original));
        self.by_value.insert(ByValue(original), Arc::clone(&name));
        self.bytes += value.len();
        Some(name)
    }
}

/// The placeholders of one conversation: the same value has the same placeholder for as long as the mapping lives.
pub struct Placeholders {
    mapping: RwLock<Mapping>,
    any: AtomicBool,
    /// Bytes of values in the whole vault.
    total: Arc<AtomicUsize>,
}

impl Default for Placeholders {
    fn default() -> Self {
        Self::with_total(Arc::default())
    }
}

impl Placeholders {
    /// A mapping of its own, outside any vault.
    pub fn new() -> Self {
        Self::default()
    }

    fn with_total(total: Arc<AtomicUsize>) -> Self {
        Self { mapping: RwLock::default(), any: AtomicBool::new(false), total }
    }

    /// Keeps names that already stand in the user's words (`[EMAIL-1]` typed by hand) from being given out. [`Self::redact`] does this for the
    /// text it is given; a message of several parts is reserved part by part first.
    pub fn reserve(&self, text: &str) {
        if memchr::memchr(b'[', text.as_bytes()).is_some() {
            self.mapping.write().reserve(text);
        }
    }

    /// The text with every finding replaced: `[EMAIL-1]`, `[BSN-1]`. A value that cannot be kept becomes `[EMAIL]` and is not restored.
    pub fn redact(&self, text: &str, findings: &[&Finding]) -> PromptText {
        let spans = text::spans(text, findings);
        if spans.is_empty() {
            return PromptText::new(text.to_owned());
        }
        let mut mapping = self.mapping.write();
        let before = mapping.bytes;
        mapping.reserve(text);
        let redacted = text::apply(text, &spans, |span, value, out| {
            let kind = kind_name(span.detector);
            out.push('[');
            match mapping.name(&kind, value) {
                Some(name) => out.push_str(&name),
                None => out.push_str(&kind),
            }
            out.push(']');
        });
        self.any.store(!mapping.by_name.is_empty(), Ordering::Release);
        self.total.fetch_add(mapping.bytes - before, Ordering::Relaxed);
        PromptText::new(redacted)
    }

    /// Nothing was replaced in this conversation: answers need not be looked at.
    pub fn is_empty(&self) -> bool {
        !self.any.load(Ordering::Acquire)
    }

    /// How many values have a placeholder.
    pub fn len(&self) -> usize {
        self.mapping.read().by_name.len()
    }

    /// The names, for looking up; the mapping is locked for reading while it lives.
    pub(super) fn names(&self) -> Names<'_> {
        Names(self.mapping.read())
    }
}

impl fmt::Debug for Placeholders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Placeholders({})", self.len())
    }
}

impl Drop for Placeholders {
    fn drop(&mut self) {
        self.total.fetch_sub(self.mapping.get_mut().bytes, Ordering::Relaxed);
    }
}

/// A look at the names of a mapping.
pub(super) struct Names<'a>(RwLockReadGuard<'a, Mapping>);

impl Names<'_> {
    /// The value behind a name in canonical form (`EMAIL-1`).
    pub(super) fn get(&self, name: &str) -> Option<&Original> {
        self.0.by_name.get(name).map(|original| &**original)
    }

    /// Whether some name starts with `start`.
    pub(super) fn starts(&self, start: &str) -> bool {
        let from = (Bound::Included(start), Bound::Unbounded);
        self.0.by_name.range::<str, _>(from).next().is_some_and(|(name, _)| name.starts_with(start))
    }
}

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
            freed += kept.placeholders.mapping.read().bytes;
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
    use super::*;

    static_assertions::assert_not_impl_any!(Original: fmt::Display, serde::Serialize, Clone, AsRef<str>);
    static_assertions::assert_impl_all!(Vault: Send, Sync);

    fn redact(placeholders: &Placeholders, text: &str, words: &[(&str, &str)]) -> String {
        let findings: Vec<Finding> = words
            .iter()
            .flat_map(|(detector, word)| {
                text.match_indices(word).map(|(start, found)| Finding {
                    detector: (*detector).into(),
                    start,
                    end: start + found.len(),
                    confidence: 1.0,
                })
            })
            .collect();
        placeholders.redact(text, &findings.iter().collect::<Vec<_>>()).expose().to_owned()
    }

    #[test]
    fn the_same_value_has_the_same_placeholder_and_each_kind_counts_for_itself() {
        let p = Placeholders::new();
        assert!(p.is_empty());
        let text = "jan@a.nl, piet@a.nl, jan@a.nl, 111222333";
        let words = [("email", "jan@a.nl"), ("email", "piet@a.nl"), ("nl.bsn", "111222333")];
        assert_eq!(redact(&p, text, &words), "[EMAIL-1], [EMAIL-2], [EMAIL-1], [BSN-1]");
        assert_eq!(redact(&p, "aan piet@a.nl", &words), "aan [EMAIL-2]");
        assert!(!p.is_empty());
        assert_eq!(format!("{p:?}"), "Placeholders(3)");
    }

    #[test]
    fn a_number_that_the_users_own_words_use_is_skipped() {
        let p = Placeholders::new();
        let words = [("email", "jan@a.nl"), ("email", "piet@a.nl")];
        assert_eq!(redact(&p, "leg [email-1] en \\[EMAIL-2\\] uit: jan@a.nl", &words), "leg [email-1] en \\[EMAIL-2\\] uit: [EMAIL-3]");
        p.reserve("[EMAIL-4]");
        assert_eq!(redact(&p, "piet@a.nl", &words), "[EMAIL-5]");
    }

    #[test]
    fn a_full_mapping_still_replaces_what_was_found() {
        let p = Placeholders::new();
        let long = "x".repeat(LONGEST_VALUE + 1);
        assert_eq!(redact(&p, &format!("a {long} b"), &[("zaak", &long)]), "a [ZAAK] b");
        for n in 0..MOST_VALUES {
            redact(&p, &format!("#{n}#"), &[("zaak", &format!("#{n}#"))]);
        }
        assert_eq!(redact(&p, "nog een", &[("zaak", "een")]), "nog [ZAAK]");
        assert_eq!(p.len(), MOST_VALUES);
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
