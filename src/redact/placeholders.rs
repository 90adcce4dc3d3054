//! Which placeholder stands for which value: one [`Placeholders`] per conversation, kept in a [`super::Vault`].
//!
//! Takes texts with findings, gives texts with `[EMAIL-1]`, and gives the values back to the restorer of the same conversation only. Values
//! live in memory alone: the type that holds them has no `Display`, no `Serialize`, a `Debug` without words, and is overwritten when dropped.
//! Bounded in every direction; where a bound is reached a finding is still replaced, by a placeholder that cannot be restored.

use super::matcher;
use super::names::kind_name;
use super::text;
use crate::detect::Finding;
use crate::text::PromptText;
use parking_lot::{RwLock, RwLockReadGuard};
use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Bound;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

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

    /// A mapping whose bytes of values are counted in `total`.
    pub(super) fn with_total(total: Arc<AtomicUsize>) -> Self {
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

    /// Bytes of values held.
    pub(super) fn bytes(&self) -> usize {
        self.mapping.read().bytes
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

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    static_assertions::assert_not_impl_any!(Original: fmt::Display, serde::Serialize, Clone, AsRef<str>);
    static_assertions::assert_impl_all!(Placeholders: Send, Sync);

    pub(in crate::redact) fn redact(placeholders: &Placeholders, text: &str, words: &[(&str, &str)]) -> String {
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
}
