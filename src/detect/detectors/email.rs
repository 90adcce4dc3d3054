//! `email`: an address around an `@`, or spelled out with `(at)` or `apenstaartje`.
//!
//! Addresses in domains that are reserved for examples (RFC 2606, RFC 6761), git remotes, package versions and picture names are none.

use super::{Candidate, Detector};
use crate::detect::groups::SPELLED_AT;
use crate::detect::keywords::Words;
use crate::detect::prefilter::is_word;
use crate::detect::score::Score;
use crate::detect::sight::Sight;

pub(super) const DETECTOR: Detector = Detector { ids: &["email"], words: &[Words(SPELLED_AT, "at, apenstaartje, apestaartje")], look };

/// Longest local part and domain, RFC 5321.
const LOCAL_MAX: usize = 64;
const DOMAIN_MAX: usize = 253;
const RESERVED: &[&str] =
    &["test", "invalid", "example", "localhost", "local", "lan", "internal", "png", "jpg", "jpeg", "gif", "svg", "webp"];

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    for &at in &sight.trace.ats {
        let start = local(sight, at);
        let end = domain(sight, at + 1);
        if start < at && end > at + 1 {
            found(sight, start, end, &sight.bytes[at + 1..end], 0.9, out);
        }
    }
    for hit in sight.hits(SPELLED_AT) {
        let word = hit.end - hit.start > 2;
        let bracketed = matches!((sight.before(hit.start), sight.byte(hit.end)), (b'(', b')') | (b'[', b']') | (b'{', b'}'));
        if !word && !bracketed {
            continue;
        }
        let (mut left, mut right) = if bracketed { (hit.start - 1, hit.end + 1) } else { (hit.start, hit.end) };
        if sight.before(left) == b' ' {
            left -= 1;
        }
        if sight.byte(right) == b' ' {
            right += 1;
        }
        let start = local(sight, left);
        let (end, spelled) = spelled_domain(sight, right);
        if start < left && end > right {
            found(sight, start, end, spelled.as_bytes(), 0.8, out);
        }
    }
}

fn found(sight: &Sight<'_>, start: usize, end: usize, domain: &[u8], confidence: f32, out: &mut Vec<Candidate>) {
    let mut labels = domain.rsplit(|&byte| byte == b'.');
    let (Some(top), Some(second)) = (labels.next(), labels.next()) else { return };
    let reserved = RESERVED.iter().any(|name| top.eq_ignore_ascii_case(name.as_bytes())) || second.eq_ignore_ascii_case(b"example");
    let shaped = top.len() >= 2 && top.len() <= 24 && (top.iter().all(u8::is_ascii_alphabetic) || top.starts_with(b"xn--"));
    // `git@host:path` is a remote, `scheme://user:password@host` is a credential.
    let remote = &sight.bytes[start..start + 4.min(end - start)] == b"git@" && sight.byte(end) == b':';
    if shaped && !reserved && !remote {
        out.push(Candidate { id: "email", start, end, score: Score::base(confidence, "the form of an e-mail address") });
    }
}

/// Where the local part that ends at `at` starts.
fn local(sight: &Sight<'_>, at: usize) -> usize {
    let low = at.saturating_sub(LOCAL_MAX);
    let allowed = |byte: u8| is_word(byte) || matches!(byte, b'.' | b'_' | b'%' | b'+' | b'-' | b'\'' | b'&');
    let mut start = at;
    while start > low && allowed(sight.bytes[start - 1]) {
        start -= 1;
    }
    while start < at && (!is_word(sight.bytes[start]) && sight.bytes[start] != b'_' || !sight.text.is_char_boundary(start)) {
        start += 1;
    }
    if sight.before(at) == b'.' { at } else { start }
}

/// Where the domain that starts at `from` ends; `from` when there is none.
fn domain(sight: &Sight<'_>, from: usize) -> usize {
    let mut end = from;
    while end < sight.bytes.len()
        && end - from < DOMAIN_MAX
        && (sight.bytes[end].is_ascii_alphanumeric() || matches!(sight.bytes[end], b'.' | b'-'))
    {
        end += 1;
    }
    while end > from && matches!(sight.bytes[end - 1], b'.' | b'-') {
        end -= 1;
    }
    let name = &sight.bytes[from..end];
    if name.first().is_some_and(u8::is_ascii_alphanumeric) && name.contains(&b'.') && !name.windows(2).any(|pair| pair == b"..") {
        end
    } else {
        from
    }
}

/// A domain in which a dot may be written as ` punt `, ` dot ` or `(dot)`: where it ends, and as it would be typed.
fn spelled_domain(sight: &Sight<'_>, from: usize) -> (usize, String) {
    let mut name = String::new();
    let mut end = from;
    loop {
        let label = sight.bytes[end..].iter().take(63).take_while(|&&byte| byte.is_ascii_alphanumeric() || byte == b'-').count();
        if label == 0 {
            break;
        }
        name.push_str(sight.text.get(end..end + label).unwrap_or(""));
        end += label;
        let rest = sight.text.get(end..).unwrap_or("");
        let Some(dot) =
            [".", " punt ", " dot ", " (punt) ", " (dot) ", "(punt)", "(dot)", "[.]", "[dot]"].iter().find(|dot| rest.starts_with(**dot))
        else {
            break;
        };
        if name.len() > DOMAIN_MAX || !sight.byte(end + dot.len()).is_ascii_alphanumeric() {
            break;
        }
        name.push('.');
        end += dot.len();
    }
    if name.contains('.') { (end, name) } else { (from, String::new()) }
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn addresses_are_found_plain_and_spelled_out() {
        finds("email", "Mail naar j.de-vries+wmo@gemeente-zeist.nl.", "j.de-vries+wmo@gemeente-zeist.nl");
        finds("email", "<andré.bos@zeist.nl>", "andré.bos@zeist.nl");
        finds("email", "jan(at)zeist.nl", "jan(at)zeist.nl");
        finds("email", "mijn adres is jan.bos apenstaartje zeist punt nl graag", "jan.bos apenstaartje zeist punt nl");
    }

    #[test]
    fn examples_remotes_versions_and_pictures_are_none() {
        for text in [
            "user@example.com",
            "a@b.test",
            "user@localhost",
            "git@github.com:org/repo.git",
            "icon@2x.png",
            "react@18.2.0",
            "@jan",
            "een at.nl adres",
        ] {
            misses("email", text);
        }
    }
}
