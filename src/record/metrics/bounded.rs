//! A label whose values come from traffic, kept to a fixed number.

use parking_lot::RwLock;
use std::collections::HashSet;
use std::sync::Arc;

/// Longer names are nobody's model.
const LONGEST: usize = 64;

/// The first so many different values pass; after that a new one is `other`.
pub(super) struct Bounded {
    most: usize,
    known: RwLock<HashSet<Arc<str>>>,
    other: Arc<str>,
}

impl Bounded {
    pub fn new(most: usize) -> Self {
        Self { most, known: RwLock::default(), other: Arc::from("other") }
    }

    /// The value itself, or `other` where it is too many, too long, or holds characters that no name of a model has.
    pub fn admit(&self, value: &str) -> Arc<str> {
        if let Some(known) = self.known.read().get(value) {
            return Arc::clone(known);
        }
        let fits =
            !value.is_empty() && value.len() <= LONGEST && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:/@+".contains(&b));
        if !fits {
            return Arc::clone(&self.other);
        }
        let mut known = self.known.write();
        if known.len() >= self.most && !known.contains(value) {
            return Arc::clone(&self.other);
        }
        let value: Arc<str> = Arc::from(value);
        known.insert(Arc::clone(&value));
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traffic_cannot_make_more_label_values_than_allowed() {
        let models = Bounded::new(2);
        assert_eq!(&*models.admit("gpt-5"), "gpt-5");
        assert_eq!(&*models.admit("a model with words in it"), "other");
        assert_eq!(&*models.admit(&"x".repeat(65)), "other");
        assert_eq!(&*models.admit("claude-4"), "claude-4");
        assert_eq!(&*models.admit("third"), "other");
        assert_eq!(&*models.admit("gpt-5"), "gpt-5");
    }
}
