//! Tokens that are known by their fixed start.

use super::super::Candidate;
use super::{distinct, is_placeholder};
use crate::detect::prefilter::Hit;
use crate::detect::score::Score;
use crate::detect::sight::Sight;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// How the characters after the start may look.
#[derive(Clone, Copy)]
enum Kind {
    /// A-Z and 2-7.
    Base32,
    /// Letters and digits.
    Alphanumeric,
    /// Letters, digits, `_` and `-`.
    Url,
}

struct Token {
    id: &'static str,
    start: &'static str,
    kind: Kind,
    least: usize,
    most: usize,
}

const fn token(id: &'static str, start: &'static str, kind: Kind, least: usize, most: usize) -> Token {
    Token { id, start, kind, least, most }
}

use Kind::{Alphanumeric, Base32, Url};

/// Longer starts stand before the shorter ones that they begin with.
const TOKENS: &[Token] = &[
    token("credential.aws-access-key", "AKIA", Base32, 16, 16),
    token("credential.aws-access-key", "ASIA", Base32, 16, 16),
    token("credential.aws-access-key", "ABIA", Base32, 16, 16),
    token("credential.aws-access-key", "ACCA", Base32, 16, 16),
    token("credential.github-token", "ghp_", Alphanumeric, 36, 255),
    token("credential.github-token", "gho_", Alphanumeric, 36, 255),
    token("credential.github-token", "ghu_", Alphanumeric, 36, 255),
    token("credential.github-token", "ghs_", Alphanumeric, 36, 255),
    token("credential.github-token", "ghr_", Alphanumeric, 36, 255),
    token("credential.github-token", "github_pat_", Url, 70, 255),
    token("credential.gitlab-token", "glpat-", Url, 20, 64),
    token("credential.gitlab-token", "glptt-", Alphanumeric, 40, 40),
    token("credential.anthropic-key", "sk-ant-", Url, 60, 255),
    token("credential.openai-key", "sk-proj-", Url, 40, 255),
    token("credential.openai-key", "sk-svcacct-", Url, 40, 255),
    token("credential.openai-key", "sk-admin-", Url, 40, 255),
    token("credential.openai-key", "sk-", Alphanumeric, 40, 64),
    token("credential.stripe-key", "sk_live_", Alphanumeric, 10, 247),
    token("credential.stripe-key", "sk_test_", Alphanumeric, 10, 247),
    token("credential.stripe-key", "sk_prod_", Alphanumeric, 10, 247),
    token("credential.stripe-key", "rk_live_", Alphanumeric, 10, 247),
    token("credential.stripe-key", "rk_test_", Alphanumeric, 10, 247),
    token("credential.stripe-key", "rk_prod_", Alphanumeric, 10, 247),
    token("credential.slack-token", "xoxb-", Url, 20, 255),
    token("credential.slack-token", "xoxp-", Url, 20, 255),
    token("credential.slack-token", "xoxa-", Url, 20, 255),
    token("credential.slack-token", "xoxr-", Url, 20, 255),
    token("credential.slack-token", "xoxs-", Url, 20, 255),
    token("credential.slack-token", "xapp-", Url, 20, 255),
    token("credential.gcp-api-key", "AIza", Url, 35, 35),
];

/// Values that vendors' documentation publishes.
const PUBLISHED: &[&str] = &["sk_test_4eC39HqLyjWDarjtT1zdp7dc", "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lI"];

pub(super) fn look(sight: &Sight<'_>, hit: Hit, out: &mut Vec<Candidate>) {
    let Some(rest) = sight.text.get(hit.start..) else { return };
    let found = if rest.starts_with("eyJ") {
        jwt(rest).map(|length| ("credential.jwt", hit.start, hit.start + length))
    } else if rest.starts_with("BEGIN ") {
        private_key(sight, hit.start).map(|(start, end)| ("credential.private-key", start, end))
    } else if let Some(key) = rest.strip_prefix("AccountKey=") {
        let length = base64_length(key.as_bytes());
        (length == 88 && key.as_bytes()[86..88] == *b"==").then_some(("credential.azure-storage-key", hit.start + 11, hit.start + 99))
    } else if rest.starts_with("hooks.slack.com/services/T") {
        let length = rest.bytes().take(256).take_while(|&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.')).count();
        (length >= 60 && !is_placeholder(&rest[..length])).then_some(("credential.slack-token", hit.start, hit.start + length))
    } else {
        TOKENS
            .iter()
            .find(|token| rest.starts_with(token.start))
            .and_then(|token| fixed(rest, token))
            .map(|(id, length)| (id, hit.start, hit.start + length))
    };
    if let Some((id, start, end)) = found
        && !PUBLISHED.iter().any(|published| sight.text[start..end].contains(published))
    {
        out.push(Candidate { id, start, end, score: Score::base(0.97, "the form that its issuer gives it") });
    }
}

fn fixed(rest: &str, token: &Token) -> Option<(&'static str, usize)> {
    let value = &rest.as_bytes()[token.start.len()..];
    let length = value
        .iter()
        .take(token.most + 1)
        .take_while(|byte| match token.kind {
            Base32 => matches!(byte, b'A'..=b'Z' | b'2'..=b'7' | b'0'..=b'9'),
            Alphanumeric => byte.is_ascii_alphanumeric(),
            Url => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
        })
        .count();
    let value = &value[..length.min(token.most)];
    let whole = length <= token.most && (token.least..=token.most).contains(&length);
    let random =
        distinct(value) >= 8.min(token.least as u32 / 2) && !is_placeholder(rest.get(token.start.len()..token.start.len() + value.len())?);
    (whole && random).then_some((token.id, token.start.len() + length))
}

/// The length of a JSON Web Token (RFC 7519): two or three base64url parts, of which the first decodes to JSON with an `alg`.
fn jwt(rest: &str) -> Option<usize> {
    const TOKEN_MAX: usize = 8192;
    let dot = rest.bytes().take(1024).position(|byte| byte == b'.')?;
    let decoded = URL_SAFE_NO_PAD.decode(rest.get(..dot)?).ok()?;
    if !decoded.starts_with(b"{") || memchr::memmem::find(&decoded, b"\"alg\"").is_none() {
        return None;
    }
    let length =
        rest.bytes().take(TOKEN_MAX).take_while(|&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')).count();
    let whole = rest[..length].trim_end_matches('.');
    let payload = whole.split('.').nth(1)?;
    (payload.len() >= 10).then_some(whole.len())
}

/// From the dashes before `BEGIN ... PRIVATE KEY` to the end mark, or as far as base64 goes where the key is cut off.
fn private_key(sight: &Sight<'_>, begin: usize) -> Option<(usize, usize)> {
    let start = begin.checked_sub(5).filter(|&start| &sight.bytes[start..begin] == b"-----")?;
    let head = sight.text.get(begin..)?;
    let title = head.find("-----").filter(|&length| length < 64)?;
    if !head[..title].contains("PRIVATE KEY") {
        return None;
    }
    let body = begin + title + 5;
    const KEY_MAX: usize = 16 * 1024;
    let window = &sight.bytes[body..(body + KEY_MAX).min(sight.bytes.len())];
    let end = match memchr::memmem::find(window, b"-----END") {
        Some(found) => {
            let close = memchr::memmem::find(&window[found + 8..], b"-----").filter(|&length| length < 64).map_or(0, |length| length + 5);
            body + found + 8 + close
        }
        None => {
            body + window
                .iter()
                .take_while(|&&byte| {
                    byte.is_ascii_alphanumeric()
                        || matches!(byte, b'+' | b'/' | b'=' | b'\n' | b'\r' | b' ' | b'\\' | b'"' | b',' | b'-' | b':')
                })
                .count()
        }
    };
    let key = sight.bytes[body..end].iter().filter(|byte| byte.is_ascii_alphanumeric()).count();
    (key >= 32).then_some((start, end))
}

fn base64_length(bytes: &[u8]) -> usize {
    bytes.iter().take(512).take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')).count()
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses, random};

    #[test]
    fn tokens_are_found_by_their_start_and_length() {
        let r = |length| random(length, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
        let upper = random(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
        for (id, value) in [
            ("credential.aws-access-key", format!("AKIA{upper}")),
            ("credential.github-token", format!("ghp_{}", r(36))),
            ("credential.github-token", format!("github_pat_{}", r(82))),
            ("credential.gitlab-token", format!("glpat-{}", r(20))),
            ("credential.openai-key", format!("sk-proj-{}T3BlbkFJ{}", r(74), r(74))),
            ("credential.openai-key", format!("sk-{}T3BlbkFJ{}", r(20), r(20))),
            ("credential.anthropic-key", format!("sk-ant-api03-{}AA", r(93))),
            ("credential.slack-token", format!("xoxb-{}-{}", random(12, "0123456789"), r(24))),
            ("credential.stripe-key", format!("sk_live_{}", r(24))),
            ("credential.gcp-api-key", format!("AIza{}", r(35))),
        ] {
            finds(id, &format!("mijn sleutel: {value} werkt niet"), &value);
        }
    }

    #[test]
    fn a_private_key_is_found_whole_or_cut_off() {
        let body = random(128, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
        let whole = format!("-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----");
        finds("credential.private-key", &format!("kijk: {whole} ok"), &whole);
        let cut = format!("-----BEGIN PRIVATE KEY-----\n{body}");
        finds("credential.private-key", &cut, &cut);
        misses("credential.private-key", "A file that starts with -----BEGIN PRIVATE KEY----- holds a key.");
        misses("credential.private-key", &format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----"));
    }

    #[test]
    fn a_web_token_is_known_by_its_decoded_header() {
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJzbHVpcyIsImV4cCI6MX0.c2lnbmF0dXJlLXNpZ25hdHVyZQ";
        finds("credential.jwt", &format!("Authorization: Bearer {token}"), token);
        misses("credential.jwt", "eyJub3QiOiJhIHRva2VuIn0.eyJpc3MiOiJzbHVpcyJ9.abc");
    }

    #[test]
    fn published_examples_and_placeholders_are_none() {
        for text in [
            "AKIAIOSFODNN7EXAMPLE",
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "sk-your-key-goes-here-your-key-goes-here-your-key",
            "sk_test_4eC39HqLyjWDarjtT1zdp7dc",
        ] {
            misses("credential", text);
        }
    }
}
