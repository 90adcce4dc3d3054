//! What a value after a word for secrets is worth by its look: random, made up by a person, or no secret at all.
//!
//! Takes the value; gives a number, 0 for a variable, a call, a placeholder, a word or a hash.

use super::assignment::Said;
use super::{is_placeholder, is_variable};

const NO_VALUES: &[&str] = &[
    "null",
    "none",
    "true",
    "false",
    "undefined",
    "string",
    "required",
    "optional",
    "verplicht",
    "onbekend",
    "vergeten",
    "verlopen",
    "password",
    "wachtwoord",
    "wachtwoorden",
    "secret",
    "token",
    "geheim",
    "passwd",
    "wijzigen",
    "gewijzigd",
    "ingesteld",
    "instellen",
    "opgeven",
    "invoeren",
    "herhalen",
    "bevestigen",
    "minimaal",
    "maximaal",
    "eigen",
    "tijdelijk",
    "persoonlijk",
    "nummer",
    "onjuist",
    "geblokkeerd",
    "wordt",
    "volgt",
    "separaat",
    "zie boven",
    "apart",
    "telefonisch",
    "expired",
    "invalid",
    "incorrect",
    "disabled",
    "enabled",
    "changed",
    "protected",
    "unknown",
    "missing",
    "encrypted",
    "versleuteld",
    "afgeschermd",
    "verwijderd",
    "bearer",
    "basic",
    "number",
    "integer",
    "boolean",
    "object",
    "secretref",
    "password1234567890",
    "n.v.t",
    "nvt",
    "sessie",
    "private",
    "default",
];

pub(super) fn is_no_value(value: &str) -> bool {
    NO_VALUES.iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// What the value is worth; 0 when it is a variable, a call, a placeholder or a plain word.
pub(super) fn worth(value: &str, quoted: bool, said: Said) -> f32 {
    let bytes = value.as_bytes();
    if value.len() < 6 || is_no_value(value) || is_placeholder(value) || is_variable(value) {
        return 0.0;
    }
    let has = |test: fn(&u8) -> bool| bytes.iter().any(test);
    let (letter, digit) = (has(u8::is_ascii_alphabetic), has(u8::is_ascii_digit));
    let sign = has(|byte| byte.is_ascii_punctuation() && !matches!(byte, b'.' | b'_' | b'-'));
    let lower = |piece: &str| bytes.windows(piece.len()).any(|part| part.eq_ignore_ascii_case(piece.as_bytes()));
    let call = value.contains(['(', '[']) && !quoted
        || value.contains("://")
        || lower("env.")
        || lower("environ")
        || lower("data:image")
        || lower("ssh-rsa")
        || lower("sha256:");
    if call || value.contains(' ') && (!quoted || !(digit || sign)) || !letter && !digit || is_uuid(bytes) {
        return 0.0;
    }
    let mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    match (letter && digit, sign, mixed) {
        _ if said == Said::Beside && !(letter && digit && (sign || mixed) && !value.contains(['/', ',', '='])) => 0.0,
        _ if said == Said::Spoken && !(letter && digit) && !(quoted && sign) => 0.0,
        (true, true, _) => 0.9,
        (true, _, true) => 0.85,
        (true, ..) if !value.contains(['.', '/']) => 0.7,
        (false, true, _) if letter && value.len() >= 8 && (mixed || quoted) && !value.contains(['/', ',', '=']) => 0.65,
        (false, false, true) if quoted && value.len() >= 10 && !value.contains(['.', '_', '-', ' ']) => 0.55,
        (false, false, true) if value.len() >= 24 && entropy(bytes) >= 4.0 && !value.contains(['.', '_', '-']) => 0.6,
        _ => 0.0,
    }
}

fn is_uuid(bytes: &[u8]) -> bool {
    bytes.len() == 36
        && bytes
            .iter()
            .enumerate()
            .all(|(place, byte)| if matches!(place, 8 | 13 | 18 | 23) { *byte == b'-' } else { byte.is_ascii_hexdigit() })
}

/// A digest of a known length after a name that does not say key: a commit, a checksum.
pub(super) fn is_digest(value: &str, name: &str) -> bool {
    let hex = value.bytes().all(|byte| byte.is_ascii_hexdigit());
    let named = ["commit", "sha", "rev", "hash", "digest", "checksum", "etag", "integrity", "fingerprint", "thumbprint", "md5"]
        .iter()
        .any(|word| name.contains(word));
    hex && matches!(value.len(), 32 | 40 | 64) && named || value.starts_with("sha256-") || value.starts_with("sha512-")
}

/// Shannon's entropy in bits per byte.
pub(super) fn entropy(bytes: &[u8]) -> f32 {
    let mut counts = [0u32; 256];
    for &byte in bytes {
        counts[usize::from(byte)] += 1;
    }
    let length = bytes.len().max(1) as f32;
    counts.iter().filter(|&&count| count > 0).map(|&count| count as f32 / length).map(|part| -part * part.log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_values_have_more_entropy_than_words() {
        assert!(entropy(b"9fK2xQ7mZ1pL4vB8") > 3.5 && entropy(b"aaaaaaaaaaaa") == 0.0 && entropy(b"wachtwoord") < 3.3);
    }

    #[test]
    fn identifiers_and_digests_are_no_secrets() {
        assert!(is_uuid(b"550e8400-e29b-41d4-a716-446655440000"));
        assert!(
            is_digest("9fceb02d0ae598e95dc970b74767f19372d61af8", "commit_token")
                && !is_digest("9fceb02d0ae598e95dc970b74767f19372d61af8", "api_key")
        );
    }
}
