//! Keyed hashes: what stands in an index instead of a value.
//!
//! Takes the organisation's key and an index's salt; gives 64 bits per value. SipHash-2-4 is made for this: a pseudo-random function with a
//! secret key of 128 bits, made for short input and fast on it. Its keys come out of HMAC-SHA256 over the salt, so that two indexes with
//! one key have nothing in common. Must never be used with a key that stands beside the hashes.

use super::Kind;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use siphasher::sip::SipHasher24;

/// The hash functions of one index.
#[derive(Clone)]
pub(super) struct Keyed {
    value: SipHasher24,
    run: SipHasher24,
    /// Says whether a key belongs to an index.
    pub check: [u8; 16],
}

impl std::fmt::Debug for Keyed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keyed")
    }
}

impl Keyed {
    pub fn new(key: &[u8; 32], salt: &[u8; 16], kind: Kind) -> Self {
        let part = |purpose: &str| {
            let mut whole = [0; 16];
            // HMAC takes a key of any length.
            if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) {
                for piece in ["sluis index 1".as_bytes(), kind.as_str().as_bytes(), purpose.as_bytes(), salt] {
                    mac.update(&(piece.len() as u64).to_le_bytes());
                    mac.update(piece);
                }
                whole.copy_from_slice(&mac.finalize().into_bytes()[..16]);
            }
            whole
        };
        Self {
            value: SipHasher24::new_with_key(&part("value")),
            run: SipHasher24::new_with_key(&part("run of words")),
            check: part("check"),
        }
    }

    /// Of a folded value or word.
    pub fn value(&self, bytes: &[u8]) -> u64 {
        self.value.hash(bytes)
    }

    /// Of three words, by their hashes.
    pub fn run(&self, words: [u64; 3]) -> u64 {
        let mut bytes = [0; 24];
        for (to, word) in bytes.chunks_exact_mut(8).zip(words) {
            to.copy_from_slice(&word.to_le_bytes());
        }
        self.run.hash(&bytes)
    }
}
