//! The form of one line of the audit log, and its hash.
//!
//! A line is `{...,"previous":"<64 hex>","hash":"<64 hex>"}` and a line feed. `hash` is the SHA-256 of the line's own bytes with the member
//! `,"hash":"<64 hex>"` cut out and without the line feed: the JSON object that ends in `previous`. `previous` is the `hash` of the line
//! before, or 64 zeros in the first line of all. Nothing here reads or writes a file.

use sha2::{Digest, Sha256};
use std::fmt;

const PREVIOUS: &[u8] = br#","previous":""#;
const HASH: &[u8] = br#"","hash":""#;
const END: &[u8] = br#""}"#;
/// Bytes from `,"previous"` to the closing brace.
const TAIL: usize = PREVIOUS.len() + 64 + HASH.len() + 64 + END.len();

/// A SHA-256 in lower-case hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash([u8; 64]);

impl Hash {
    /// What the first line has as `previous`.
    pub const GENESIS: Self = Self([b'0'; 64]);

    /// The hash of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self::from_digest(Sha256::new().chain_update(bytes))
    }

    fn from_digest(state: Sha256) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut hex = [b'0'; 64];
        for (pair, byte) in hex.chunks_exact_mut(2).zip(state.finalize()) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        Self(hex)
    }

    /// Reads 64 lower-case hexadecimal digits.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let hex: [u8; 64] = bytes.try_into().ok()?;
        hex.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')).then_some(Self(hex))
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("")
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A line that does not yet know its place: the JSON object without its closing brace. Hashed as far as it goes, so that under the log's
/// lock only `previous` has to be added.
pub struct Draft {
    state: Sha256,
    length: usize,
}

impl Draft {
    /// `object`: a whole JSON object without `previous` and `hash`; its closing brace is taken off.
    pub fn new(object: &mut Vec<u8>) -> Self {
        debug_assert_eq!(object.last(), Some(&b'}'));
        object.pop();
        Self { state: Sha256::new().chain_update(&*object), length: object.len() }
    }

    /// For bytes that [`Draft::new`] has already opened, and that were kept unsealed.
    pub fn resume(open: &[u8]) -> Self {
        Self { state: Sha256::new().chain_update(open), length: open.len() }
    }

    /// Adds `previous`, `hash` and the line feed to the same bytes, and gives the hash.
    pub fn seal(self, line: &mut Vec<u8>, previous: &Hash) -> Hash {
        line.truncate(self.length);
        line.extend_from_slice(PREVIOUS);
        line.extend_from_slice(&previous.0);
        let hash = Hash::from_digest(self.state.chain_update(&line[self.length..]).chain_update(END));
        line.extend_from_slice(HASH);
        line.extend_from_slice(&hash.0);
        line.extend_from_slice(END);
        line.push(b'\n');
        hash
    }
}

/// What a line says about its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealed {
    pub previous: Hash,
    pub hash: Hash,
    /// The hash fits the bytes.
    pub intact: bool,
}

/// Reads a line (without its line feed) and computes its hash anew; none where the bytes do not have the form of an audit line.
pub fn read(line: &[u8]) -> Option<Sealed> {
    let (previous, hash, body) = ends(line)?;
    let computed = Hash::from_digest(Sha256::new().chain_update(body).chain_update(END));
    Some(Sealed { previous, hash, intact: computed == hash })
}

/// The hash that a line (without its line feed) carries; not checked against its bytes.
pub fn carried_hash(line: &[u8]) -> Option<Hash> {
    ends(line).map(|(_, hash, _)| hash)
}

/// What the line after this one has as `previous`: the hash it carries, or, where it is no audit line any more, the hash of its bytes.
pub fn link(line: &[u8]) -> Hash {
    carried_hash(line).unwrap_or_else(|| Hash::of(line))
}

/// `previous`, `hash`, and the hashed bytes up to the quote that closes `previous`.
fn ends(line: &[u8]) -> Option<(Hash, Hash, &[u8])> {
    let tail = line.get(line.len().checked_sub(TAIL)?..)?.strip_prefix(PREVIOUS)?;
    let (previous, tail) = tail.split_at_checked(64)?;
    let (hash, end) = tail.strip_prefix(HASH)?.split_at_checked(64)?;
    let body = line.get(..line.len() - END.len() - 64 - HASH.len())?;
    (end == END).then_some(())?;
    Some((Hash::read(previous)?, Hash::read(hash)?, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(object: &str, previous: &Hash) -> (Vec<u8>, Hash) {
        let mut line = object.as_bytes().to_vec();
        let draft = Draft::new(&mut line);
        let hash = draft.seal(&mut line, previous);
        (line, hash)
    }

    #[test]
    fn the_hash_is_that_of_the_line_without_its_hash_member() {
        let (line, hash) = sealed(r#"{"id":"1"}"#, &Hash::GENESIS);
        let text = String::from_utf8(line).unwrap();
        let zeros = "0".repeat(64);
        assert_eq!(text, format!("{{\"id\":\"1\",\"previous\":\"{zeros}\",\"hash\":\"{hash}\"}}\n"));
        assert_eq!(hash, Hash::of(format!("{{\"id\":\"1\",\"previous\":\"{zeros}\"}}").as_bytes()));
    }

    #[test]
    fn a_sealed_line_reads_back_and_a_changed_byte_is_seen() {
        let (mut line, hash) = sealed(r#"{"id":"1","tool":"chatgpt"}"#, &Hash::GENESIS);
        line.pop();
        assert_eq!(read(&line), Some(Sealed { previous: Hash::GENESIS, hash, intact: true }));
        line[8] = b'2';
        assert!(!read(&line).unwrap().intact);
    }

    #[test]
    fn lines_that_are_no_audit_lines_are_refused_whatever_their_bytes() {
        for bytes in [&b""[..], b"{}", &[b'x'; TAIL], &[0xff; 400]] {
            assert_eq!(read(bytes), None);
            assert_eq!(link(bytes), Hash::of(bytes));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
            let _ = read(&bytes);
        }
    }
}
