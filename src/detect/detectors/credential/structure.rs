//! Secrets with a structure of their own: JSON Web Tokens, private keys (PEM, PGP, SSH, PuTTY), keys of Azure, webhooks, Terraform tokens.
//!
//! Takes the hits that announce them; gives the whole block or address. A key without a body, or a token whose header is no JSON, is none.

use super::super::Candidate;
use super::is_placeholder;
use super::token::is_published;
use crate::detect::prefilter::Hit;
use crate::detect::score::Score;
use crate::detect::sight::Sight;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// What announces a structure.
pub(super) const WORDS: &str = "begin, accountkey, sharedaccesskey, sharedaccesssignature, sig, hooks.slack.com, discord.com/api/webhooks, discordapp.com/api/webhooks, webhook.office.com, \
     hooks.zapier.com, atlasv1, putty-user-key-file-2, putty-user-key-file-3, service_account, \
     eyja*, eyjb*, eyjc*, eyjd*, eyje*, eyjf*, eyjg*, eyjh*, eyji*, eyjj*, eyjk*, eyjl*, eyjm*, eyjn*, eyjo*, eyjp*, eyjq*, eyjr*, eyjs*, eyjt*, eyju*, eyjv*, \
     eyjw*, eyjx*, eyjy*, eyjz*, eyj0*, eyj1*, eyj2*, eyj3*, eyj4*, eyj5*, eyj6*, eyj7*, eyj8*, eyj9*";

/// Addresses that whoever knows them may post to: what they hold, the shortest that is real, and their kind.
const WEBHOOKS: &[(&str, &str, usize, &str)] = &[
    ("hooks.slack.com", "/services/T", 60, "credential.slack-token"),
    ("hooks.slack.com", "/workflows/T", 60, "credential.slack-token"),
    ("hooks.slack.com", "/triggers/", 60, "credential.slack-token"),
    ("discord.com/api/webhooks", "/", 90, "credential.discord-webhook"),
    ("discordapp.com/api/webhooks", "/", 90, "credential.discord-webhook"),
    ("webhook.office.com", "/webhookb2/", 100, "credential.teams-webhook"),
    ("hooks.zapier.com", "/hooks/catch/", 38, "credential.zapier-webhook"),
];

pub(super) fn look(sight: &Sight<'_>, hit: Hit, out: &mut Vec<Candidate>) {
    let Some(rest) = sight.text.get(hit.start..) else { return };
    let found = match rest.as_bytes().first() {
        Some(b'e') if rest.starts_with("eyJ") => jwt(rest).map(|length| ("credential.jwt", hit.start, hit.start + length)),
        Some(b'B') if rest.starts_with("BEGIN ") => private_key(sight, hit.start),
        Some(b'P') => putty(sight, hit.start).map(|(start, end)| ("credential.private-key", start, end)),
        Some(b'a' | b'A' | b's' | b'S') if rest.starts_with("atlasv1.") => terraform(sight, hit.start),
        Some(b'A' | b'a' | b'S' | b's') => azure(sight, hit, rest),
        _ => webhook(sight, hit.start, rest),
    };
    if let Some((id, start, end)) = found
        && !is_published(&sight.text[start..end])
    {
        out.push(Candidate { id, start, end, score: Score::base(0.97, "the form that its issuer gives it") });
    }
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

const KEY_MAX: usize = 16 * 1024;

/// From the dashes before `BEGIN ... PRIVATE KEY` to the end mark, or as far as base64 goes where the key is cut off.
fn private_key(sight: &Sight<'_>, begin: usize) -> Option<(&'static str, usize, usize)> {
    let dashes = |length: usize| begin.checked_sub(length).filter(|&start| sight.bytes[start..begin].iter().all(|&byte| byte == b'-'));
    let start = dashes(5).or_else(|| begin.checked_sub(5).filter(|&start| &sight.bytes[start..begin] == b"---- "))?;
    let head = sight.text.get(begin..)?;
    let title = head.bytes().take(64).position(|byte| byte == b'-').filter(|&at| head[at..].starts_with("----"))?;
    let name = &head[..title];
    if !name.contains("PRIVATE KEY") && !name.contains("PRIVATE KEY BLOCK") {
        return None;
    }
    let body = begin + title + head[title..].bytes().take_while(|&byte| byte == b'-').count();
    let window = &sight.bytes[body..(body + KEY_MAX).min(sight.bytes.len())];
    let end = match memchr::memmem::find(window, b"-----END") {
        Some(found) => {
            let close = memchr::memmem::find(&window[found + 8..], b"-----").filter(|&length| length < 64).map_or(0, |length| length + 5);
            body + found + 8 + close
        }
        None => body + window.iter().take_while(|&&byte| belongs(byte)).count(),
    };
    let key = sight.bytes[body..end].iter().filter(|byte| byte.is_ascii_alphanumeric()).count();
    let account = sight.bytes[start.saturating_sub(600)..start].windows(15).any(|word| word == b"service_account");
    let id = if account { "credential.gcp-service-account" } else { "credential.private-key" };
    (key >= 32).then_some((id, start, end))
}

fn belongs(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'\n' | b'\r' | b' ' | b'\\' | b'"' | b',' | b'-' | b':')
}

/// `PuTTY-User-Key-File-3: ...` down to the code that closes it.
fn putty(sight: &Sight<'_>, start: usize) -> Option<(usize, usize)> {
    let window = &sight.bytes[start..(start + KEY_MAX).min(sight.bytes.len())];
    let private = memchr::memmem::find(window, b"Private-Lines:")?;
    let end = memchr::memmem::find(&window[private..], b"Private-MAC:").map_or(private + 14, |found| private + found);
    let line = memchr::memchr(b'\n', &window[end..]).unwrap_or(window.len() - end);
    Some((start, start + end + line))
}

/// `AccountKey=`, `SharedAccessKey=`, and `sig=` of a shared access signature.
fn azure(sight: &Sight<'_>, hit: Hit, rest: &str) -> Option<(&'static str, usize, usize)> {
    let (name, value) = rest
        .get(..64.min(rest.len()))
        .and_then(|head| head.find('='))
        .and_then(|equals| Some((rest.get(..equals)?, rest.get(equals + 1..)?)))?;
    let start = hit.start + name.len() + 1;
    let length =
        value.bytes().take(512).take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'%')).count();
    if is_placeholder(&value[..length]) {
        return None;
    }
    if name.eq_ignore_ascii_case("accountkey") {
        return (length == 88 && value.as_bytes()[86..88] == *b"==").then_some(("credential.azure-storage-key", start, start + length));
    }
    if name.eq_ignore_ascii_case("sharedaccesskey") {
        return ((43..=90).contains(&length) && value[..length].ends_with('=')).then_some((
            "credential.azure-shared-key",
            start,
            start + length,
        ));
    }
    let line = sight.line(hit.start);
    let signed = name == "sig"
        && length >= 43
        && ["sv=", "se=", "sr="].iter().filter(|key| sight.text.get(line.clone()).is_some_and(|line| line.contains(*key))).count() >= 2;
    signed.then_some(("credential.azure-sas-token", start, start + length))
}

/// Fourteen characters, `.atlasv1.`, and sixty or more.
fn terraform(sight: &Sight<'_>, at: usize) -> Option<(&'static str, usize, usize)> {
    let start = at.checked_sub(15)?;
    let head = &sight.bytes[start..at - 1];
    let tail =
        sight.bytes[at + 8..].iter().take(90).take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'=')).count();
    let fits = sight.before(at) == b'.' && head.iter().all(u8::is_ascii_alphanumeric) && (60..=80).contains(&tail);
    fits.then_some(("credential.terraform-token", start, at + 8 + tail))
}

fn webhook(sight: &Sight<'_>, at: usize, rest: &str) -> Option<(&'static str, usize, usize)> {
    let (host, path, least, id) =
        WEBHOOKS.iter().find(|(host, path, ..)| rest.strip_prefix(host).is_some_and(|rest| rest.starts_with(path)))?;
    let length = rest
        .bytes()
        .take(512)
        .take_while(|&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_' | b'@' | b'=' | b'?' | b'&' | b'%'))
        .count();
    let address = rest[..length].trim_end_matches('.');
    let low = at.saturating_sub(80);
    let before = sight.bytes[low..at]
        .iter()
        .rev()
        .take_while(|&&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'/'))
        .count();
    let secret = &address[host.len() + path.len()..];
    (address.len() >= *least && !is_placeholder(secret)).then(|| (*id, scheme(sight, at - before, at), at + address.len()))
}

/// Where an address starts: at its scheme when it has one.
fn scheme(sight: &Sight<'_>, from: usize, at: usize) -> usize {
    sight.text.get(from..at).and_then(|text| text.rfind("https://")).map_or(at, |found| from + found)
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses, random};

    const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    #[test]
    fn a_private_key_is_found_whole_or_cut_off() {
        let body = random(128, BASE64);
        for name in ["RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "PGP PRIVATE KEY BLOCK"] {
            let whole = format!("-----BEGIN {name}-----\n{body}\n-----END {name}-----");
            finds("credential.private-key", &format!("kijk: {whole} ok"), &whole);
        }
        let cut = format!("-----BEGIN PRIVATE KEY-----\n{body}");
        finds("credential.private-key", &cut, &cut);
        misses("credential.private-key", "A file that starts with -----BEGIN PRIVATE KEY----- holds a key.");
        misses("credential.private-key", &format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----"));
        misses("credential.private-key", &format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----"));
        let account = format!(
            "{{\"type\": \"service_account\", \"private_key\": \"-----BEGIN PRIVATE KEY-----\\n{body}\\n-----END PRIVATE KEY-----\\n\"}}"
        );
        finds("credential.gcp-service-account", &account, &account[account.find("-----B").unwrap()..account.rfind("\\n\"").unwrap()]);
        let putty = format!(
            "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPublic-Lines: 1\nAAAA\nPrivate-Lines: 1\n{body}\nPrivate-MAC: 00ff"
        );
        finds("credential.private-key", &putty, &putty);
    }

    #[test]
    fn a_web_token_is_known_by_its_decoded_header() {
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJzbHVpcyIsImV4cCI6MX0.c2lnbmF0dXJlLXNpZ25hdHVyZQ";
        finds("credential.jwt", &format!("Authorization: Bearer {token}"), token);
        misses("credential.jwt", "eyJub3QiOiJhIHRva2VuIn0.eyJpc3MiOiJzbHVpcyJ9.abc");
    }

    #[test]
    fn keys_of_azure_are_found_after_their_name() {
        let key = format!("{}==", random(86, BASE64));
        finds(
            "credential.azure-storage-key",
            &format!("DefaultEndpointsProtocol=https;AccountName=zaken;AccountKey={key};EndpointSuffix=x"),
            &key,
        );
        let shared = format!("{}=", random(43, BASE64));
        finds("credential.azure-shared-key", &format!("Endpoint=sb://x/;SharedAccessKeyName=a;SharedAccessKey={shared}"), &shared);
        let sig = format!("{}%3D", random(43, BASE64));
        finds("credential.azure-sas-token", &format!("https://x.blob.core.windows.net/a?sv=2022-11-02&se=2025-01-01&sr=b&sig={sig}"), &sig);
        misses("credential", "AccountKey=<key>");
    }

    #[test]
    fn webhooks_and_terraform_tokens_are_found() {
        let hook =
            format!("https://hooks.slack.com/services/T{}/B{}/{}", random(8, "ABCDEF0123"), random(8, "ABCDEF0123"), random(24, BASE64));
        finds("credential.slack-token", &format!("post naar {hook}."), &hook);
        let hook = format!("https://discord.com/api/webhooks/{}/{}", random(18, "0123456789"), random(68, BASE64));
        finds("credential.discord-webhook", &hook, &hook);
        let token = format!("{}.atlasv1.{}", random(14, BASE64), random(67, BASE64));
        finds("credential.terraform-token", &format!("token {token}"), &token);
    }
}
