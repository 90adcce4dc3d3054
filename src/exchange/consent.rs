//! Warnings that were read: a link in the warning remembers which message it was for; once clicked, that message passes for a while.
//!
//! Only keyed digests are kept, in memory: no text, no name. Bounded; what is oldest goes first.

use hmac::{Hmac, KeyInit, Mac};
use parking_lot::Mutex;
use sha2::Sha256;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Entries kept of each kind.
const KEPT: usize = 50_000;
/// How long a link works.
const LINK: Duration = Duration::from_secs(3600);

/// What a consent is for: sender, tool and message (or, where the warning is about the tool alone, sender and tool).
pub type Digest = [u8; 32];

/// Warnings shown, and those that were accepted.
pub struct Consents {
    key: [u8; 32],
    shown: Mutex<HashMap<String, Shown>>,
    accepted: Mutex<HashMap<Digest, Instant>>,
}

struct Shown {
    digest: Digest,
    who: String,
    valid: Duration,
    /// Where a navigation wanted to go.
    back: Option<String>,
    until: Instant,
}

/// What a click did.
#[derive(Debug, PartialEq, Eq)]
pub enum Clicked {
    Accepted {
        valid: Duration,
        back: Option<String>,
    },
    /// No such link, it has expired, or it was for someone else.
    Unknown,
}

impl Default for Consents {
    fn default() -> Self {
        Self { key: rand::random(), shown: Mutex::default(), accepted: Mutex::default() }
    }
}

impl Consents {
    /// The digest of what a consent is for; `texts` may be empty.
    pub fn digest<'a>(&self, who: &'a str, tool: &'a str, texts: impl Iterator<Item = &'a [u8]>) -> Digest {
        let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.key) else { return rand::random() }; // any length is a key
        for piece in [who.as_bytes(), tool.as_bytes()].into_iter().chain(texts) {
            mac.update(&(piece.len() as u64).to_be_bytes());
            mac.update(piece);
        }
        mac.finalize().into_bytes().into()
    }

    pub fn is_accepted(&self, digest: &Digest) -> bool {
        self.accepted.lock().get(digest).is_some_and(|until| *until > Instant::now())
    }

    /// A new link's token for a warning.
    pub fn show(&self, digest: Digest, who: &str, valid: Duration, back: Option<String>) -> String {
        let token = hex::encode(rand::random::<[u8; 16]>());
        let now = Instant::now();
        let mut shown = self.shown.lock();
        if shown.len() >= KEPT {
            thin(&mut shown, now, |s| s.until);
        }
        shown.insert(token.clone(), Shown { digest, who: who.to_owned(), valid, back, until: now + LINK });
        token
    }

    /// The link was clicked by `who`. It may be clicked again while it lives.
    pub fn click(&self, token: &str, who: &str) -> Clicked {
        let now = Instant::now();
        let shown = self.shown.lock();
        let Some(found) = shown.get(token).filter(|s| s.until > now && s.who == who) else { return Clicked::Unknown };
        let mut accepted = self.accepted.lock();
        if accepted.len() >= KEPT {
            thin(&mut accepted, now, |until| *until);
        }
        accepted.insert(found.digest, now + found.valid);
        Clicked::Accepted { valid: found.valid, back: found.back.clone() }
    }
}

/// Drops what has expired, and then the half that expires first.
fn thin<K, V>(map: &mut HashMap<K, V>, now: Instant, until: impl Fn(&V) -> Instant) {
    map.retain(|_, v| until(v) > now);
    if map.len() >= KEPT {
        let mut times: Vec<Instant> = map.values().map(&until).collect();
        times.sort_unstable();
        let middle = times[times.len() / 2];
        map.retain(|_, v| until(v) > middle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_message_of_the_same_sender_passes_after_the_click() {
        let consents = Consents::default();
        let digest = |text: &'static [u8]| consents.digest("p-1", "chatgpt", [text].into_iter());
        let token = consents.show(digest(b"a"), "p-1", Duration::from_secs(60), Some("https://x/".into()));
        assert!(!consents.is_accepted(&digest(b"a")));
        assert_eq!(consents.click(&token, "p-2"), Clicked::Unknown);
        assert!(!consents.is_accepted(&digest(b"a")));
        assert!(matches!(consents.click(&token, "p-1"), Clicked::Accepted { back: Some(_), .. }));
        assert!(consents.is_accepted(&digest(b"a")));
        assert!(!consents.is_accepted(&digest(b"b")));
        assert_eq!(consents.click("nonsense", "p-1"), Clicked::Unknown);
    }

    #[test]
    fn a_consent_expires() {
        let consents = Consents::default();
        let digest = consents.digest("p", "t", std::iter::empty());
        let token = consents.show(digest, "p", Duration::ZERO, None);
        assert!(matches!(consents.click(&token, "p"), Clicked::Accepted { .. }));
        assert!(!consents.is_accepted(&digest));
    }
}
