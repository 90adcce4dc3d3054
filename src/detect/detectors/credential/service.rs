//! Keys that have no form of their own: only the name of the service and a word such as key or token beside them tell what they are.
//!
//! Takes hits of services; gives the value of the right length after it. A hash or identifier without a word for keys is none.

use super::super::Candidate;
use super::{distinct, entropy, is_placeholder};
use crate::detect::groups::SECRET_NAME;
use crate::detect::prefilter::Hit;
use crate::detect::score::Score;
use crate::detect::sight::Sight;

pub(super) const WORDS: &str = "cohere, mistral, cloudflare, fastly, vercel, linode, datadog, pagerduty, okta, auth0, linkedin, twilio, heroku, postmark, discord, airtable, asana, azure devops, azuredevops, ado, \
     crates.io, cargo, algolia, jenkins, deepl";

/// How a service's key looks.
struct Shape {
    service: &'static str,
    id: &'static str,
    lengths: &'static [usize],
    /// Only 0-9 and a-f; else letters, digits, `_` and `-`.
    hex: bool,
    /// Also the dot and hyphen of a UUID or a token in parts.
    parts: bool,
}

const fn shape(service: &'static str, id: &'static str, lengths: &'static [usize], hex: bool, parts: bool) -> Shape {
    Shape { service, id, lengths, hex, parts }
}

#[rustfmt::skip]
const SHAPES: &[Shape] = &[
    shape("cohere", "credential.cohere-key", &[40], false, false),
    shape("mistral", "credential.mistral-key", &[32], false, false),
    shape("cloudflare", "credential.cloudflare-token", &[37, 40, 53], false, false),
    shape("fastly", "credential.fastly-token", &[32], false, false),
    shape("vercel", "credential.vercel-token", &[24, 60], false, false),
    shape("linode", "credential.linode-token", &[64], true, false),
    shape("datadog", "credential.datadog-key", &[32, 40], true, false),
    shape("pagerduty", "credential.pagerduty-key", &[20, 32], false, false),
    shape("okta", "credential.okta-token", &[42], false, false),
    shape("auth0", "credential.auth0-secret", &[64], false, false),
    shape("linkedin", "credential.linkedin-token", &[14, 16], false, false),
    shape("twilio", "credential.twilio-key", &[32, 34], false, false),
    shape("heroku", "credential.heroku-key", &[36], true, true),
    shape("postmark", "credential.postmark-token", &[36], true, true),
    shape("discord", "credential.discord-token", &[59, 70, 71, 72], false, true),
    shape("airtable", "credential.airtable-token", &[82], false, true),
    shape("asana", "credential.asana-token", &[32, 34, 51, 52], false, true),
    shape("azure", "credential.azure-devops-token", &[52, 84], false, false),
    shape("ado", "credential.azure-devops-token", &[52, 84], false, false),
    shape("c", "credential.crates-token", &[35], false, false),
    shape("algolia", "credential.algolia-key", &[32], true, false),
    shape("jenkins", "credential.jenkins-token", &[34], true, false),
    shape("deepl", "credential.deepl-key", &[36, 39], false, true),
];

/// Bytes after the service's name in which its key stands.
const REACH: usize = 120;

pub(super) fn look(sight: &Sight<'_>, hit: Hit, out: &mut Vec<Candidate>) {
    if !sight.near(hit.start, hit.end, SECRET_NAME, REACH) {
        return;
    }
    let name = sight.bytes.get(hit.start..hit.end).unwrap_or_default();
    let shape = SHAPES
        .iter()
        .find(|shape| name.len() >= shape.service.len() && name[..shape.service.len()].eq_ignore_ascii_case(shape.service.as_bytes()));
    let Some(shape) = shape else { return };
    let mut to = (hit.end + REACH).min(sight.bytes.len());
    while !sight.text.is_char_boundary(to) {
        to -= 1;
    }
    let mut at = hit.end;
    while at < to {
        let inside =
            |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'_' | b'-') || shape.parts && matches!(**byte, b'.' | b'/');
        let length = sight.bytes[at..].iter().take(160).take_while(inside).count();
        if length == 0 {
            at += 1;
            continue;
        }
        if let Some(value) = sight.text.get(at..at + length).map(|value| value.trim_end_matches(['.', '-']))
            && shape.lengths.contains(&value.len())
            && fits(value, shape)
        {
            let score = Score::base(0.85, "the length of the service's keys, after its name and a word for keys");
            out.push(Candidate { id: shape.id, start: at, end: at + value.len(), score });
            return;
        }
        at += length;
    }
}

fn fits(value: &str, shape: &Shape) -> bool {
    let bytes = value.as_bytes();
    let plain = !shape.hex || bytes.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-');
    let start = match shape.service {
        "c" => value.starts_with("cio"),
        "airtable" => value.starts_with("pat"),
        "okta" => value.starts_with("00"),
        _ => true,
    };
    let mixed = bytes.iter().any(u8::is_ascii_digit) && bytes.iter().any(u8::is_ascii_alphabetic);
    plain && start && mixed && !is_placeholder(value) && distinct(bytes) >= 8 && entropy(bytes) >= 3.0
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses, random};

    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    #[test]
    fn a_key_is_told_by_its_service_and_length() {
        let hex = |length| random(length, "0123456789abcdef");
        let (hex32, hex64, any40, any32) = (hex(32), hex(64), random(40, LETTERS), random(32, LETTERS));
        for (id, text, value) in [
            ("credential.datadog-key", format!("Datadog API key {hex32}"), &hex32),
            ("credential.cloudflare-token", format!("CLOUDFLARE_API_TOKEN={any40}"), &any40),
            ("credential.mistral-key", format!("MISTRAL_API_KEY: '{any32}'"), &any32),
            ("credential.linode-token", format!("linode token: {hex64}"), &hex64),
        ] {
            finds(id, &text, value);
        }
        let airtable = format!("pat{}.{}", random(14, LETTERS), hex64);
        finds("credential.airtable-token", &format!("Airtable token {airtable}"), &airtable);
    }

    #[test]
    fn a_hash_beside_a_service_is_none() {
        let hex = random(32, "0123456789abcdef");
        misses("credential", &format!("Cloudflare ray {hex}"));
        misses("credential", &format!("vercel build {hex}"));
    }
}
