//! `credential.<kind>`: keys, tokens and passwords.
//!
//! Starts from the fixed start of a token, from a name such as `password` before a value, and from `://`. Shapes are those that vendors
//! publish and secret scanners use. Values that are placeholders, or that documentation publishes as examples, are none.

mod assignment;
mod token;
mod url;

use super::{Candidate, Detector};
use crate::detect::groups::{CREDENTIAL, SECRET_NAME};
use crate::detect::keywords::Words;
use crate::detect::sight::Sight;

pub(super) const DETECTOR: Detector = Detector {
    ids: &[
        "credential.anthropic-key",
        "credential.aws-access-key",
        "credential.azure-storage-key",
        "credential.basic-auth-url",
        "credential.connection-string",
        "credential.gcp-api-key",
        "credential.github-token",
        "credential.gitlab-token",
        "credential.jwt",
        "credential.openai-key",
        "credential.password-assignment",
        "credential.private-key",
        "credential.slack-token",
        "credential.stripe-key",
    ],
    words: &[
        Words(
            CREDENTIAL,
            "akia*, asia*, abia*, acca*, ghp, gho, ghu, ghs, ghr, github_pat, glpat, glptt, sk, rk, xoxb, xoxp, xoxa, xoxr, xoxs, xapp, hooks.slack.com, begin, aiza*, \
             accountkey, eyja*, eyjb*, eyjc*, eyjd*, eyje*, eyjf*, eyjg*, eyjh*, eyji*, eyjj*, eyjk*, eyjl*, eyjm*, eyjn*, eyjo*, eyjp*, eyjq*, eyjr*, eyjs*, eyjt*, eyju*, eyjv*, \
             eyjw*, eyjx*, eyjy*, eyjz*, eyj0*, eyj1*, eyj2*, eyj3*, eyj4*, eyj5*, eyj6*, eyj7*, eyj8*, eyj9*",
        ),
        Words(
            SECRET_NAME,
            "password, passwords, passwd, passphrase, wachtwoord, wachtwoorden, ww, pwd, pw, pass, secret, token, accesstoken, api_key, api-key, apikey, api key, access_key, access-key, \
             accesskey, client_secret, clientsecret, auth_token, authtoken, secret_key, secretkey, private_key, inlogcode, toegangscode, pincode, credentials",
        ),
    ],
    look,
};

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    for hit in sight.hits(CREDENTIAL) {
        token::look(sight, hit, out);
    }
    for hit in sight.hits(SECRET_NAME) {
        assignment::look(sight, hit, out);
    }
    for &colon in &sight.trace.schemes {
        url::look(sight, colon, out);
    }
}

const PLACEHOLDERS: &[&str] = &[
    "example",
    "xxxx",
    "your",
    "changeme",
    "change-me",
    "change_me",
    "placeholder",
    "redacted",
    "dummy",
    "insert",
    "replace",
    "todo",
    "jouw",
    "voorbeeld",
    "verander",
    "foobar",
    "hunter2",
    "notasecret",
    "yyyy",
    "aaaa",
    "0000000",
    "<",
    ">",
    "${",
    "{{",
    "***",
    "...",
    "…",
    "•••",
    "%(",
    "$(",
];

/// The value stands where a secret would, and is none: a placeholder, a repetition, a row of keys.
fn is_placeholder(value: &str) -> bool {
    let lower = value.to_lowercase();
    PLACEHOLDERS.iter().any(|word| lower.contains(word)) || has_row(value.as_bytes())
}

/// Six characters in a row of the alphabet or of the digits, as in `abcdef` and `123456`, in a value that has little else.
fn has_row(value: &[u8]) -> bool {
    let rows = value.windows(6).filter(|six| six.windows(2).all(|pair| pair[1] == pair[0].wrapping_add(1))).count();
    rows * 2 >= value.len().saturating_sub(5).max(1)
}

/// Different characters in the value; random values have many.
fn distinct(value: &[u8]) -> u32 {
    let mut seen = [false; 256];
    value.iter().map(|&byte| u32::from(!std::mem::replace(&mut seen[usize::from(byte)], true))).sum()
}
