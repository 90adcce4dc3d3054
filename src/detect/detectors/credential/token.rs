//! Tokens by their fixed start, and a few that are known by a sign inside them: Azure client secrets, Telegram bots, Mailchimp.
//!
//! Takes the hits of the prefilter and the digit runs; gives candidates with the whole token. A placeholder, or a value that a vendor's
//! documentation publishes, is none.

use super::super::Candidate;
use super::tokens::{Kind, Token, starting};
use super::{distinct, is_placeholder};
use crate::detect::prefilter::{Hit, Run, is_word};
use crate::detect::score::Score;
use crate::detect::sight::Sight;

/// Values that vendors' documentation publishes.
const PUBLISHED: &[&str] = &[
    "sk_test_4eC39HqLyjWDarjtT1zdp7dc",
    "sk_test_BQokikJOvBiI2HlWgH4olfQ2",
    "rk_test_3Vj2pWlVw0xkp",
    "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lI",
    "wJalrXUtnFEMI/K7MDENG",
    "AIzaSyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe",
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
    "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==",
    "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
    "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11",
];

pub(super) fn is_published(value: &str) -> bool {
    PUBLISHED.iter().any(|published| value.contains(published))
}

pub(super) fn look(sight: &Sight<'_>, hit: Hit, out: &mut Vec<Candidate>) {
    let Some(rest) = sight.text.get(hit.start..) else { return };
    let Some(token) = starting(rest) else { return };
    if let Some(length) = fixed(rest, token) {
        push(sight, token.id, hit.start, hit.start + length, out);
    }
}

fn push(sight: &Sight<'_>, id: &'static str, start: usize, end: usize, out: &mut Vec<Candidate>) {
    if sight.text.get(start..end).is_some_and(|value| !is_published(value)) {
        out.push(Candidate { id, start, end, score: Score::base(0.97, "the form that its issuer gives it") });
    }
}

fn fixed(rest: &str, token: &Token) -> Option<usize> {
    let value = &rest.as_bytes()[token.start.len()..];
    let mut length = value.iter().take(token.most + 1).take_while(|&&byte| belongs(token.kind, byte)).count();
    // A full stop that ends the sentence is no part of the token.
    while length > 0
        && matches!(value[length - 1], b'.' | b'-' | b'_')
        && matches!(token.kind, Kind::Dotted | Kind::Base64 | Kind::Url)
        && length > token.least
    {
        length -= 1;
    }
    let value = rest.get(token.start.len()..token.start.len() + length)?;
    let ends = !rest.as_bytes().get(token.start.len() + length).is_some_and(|&next| is_word(next) && next.is_ascii());
    let random = distinct(value.as_bytes()) >= 8.min(token.least as u32 / 2);
    ((token.least..=token.most).contains(&length) && ends && random && !is_placeholder(value)).then_some(token.start.len() + length)
}

fn belongs(kind: Kind, byte: u8) -> bool {
    match kind {
        Kind::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
        Kind::Hex => byte.is_ascii_hexdigit(),
        Kind::Alphanumeric => byte.is_ascii_alphanumeric(),
        Kind::Url => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
        Kind::Dotted => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'),
        Kind::Base64 => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'+' | b'/' | b'=' | b'%'),
        Kind::Dollar => byte.is_ascii_alphanumeric() || byte == b'$',
    }
}

/// Tokens with a sign beside a digit run: `...8Q~...`, `1234567890:AA...`, `...-us12`, `...JQQJ99...`.
pub(super) fn look_at_run(sight: &Sight<'_>, run: Run, out: &mut Vec<Candidate>) {
    let after = sight.byte(run.end);
    if after == b'Q' && sight.byte(run.end + 1) == b'~' {
        let (start, end) = around(sight, run.start, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'~' | b'.' | b'-'), 48);
        let (start, end) = trimmed(sight, start, end);
        if (37..=44).contains(&(end - start)) && run.end - start == 4 && !placeholder(sight, start, end) {
            push(sight, "credential.azure-client-secret", start, end, out);
        }
    } else if after == b':' && (8..=10).contains(&run.len()) && sight.bytes[run.end + 1..].starts_with(b"AA") {
        let length = sight.bytes[run.end + 1..].iter().take(40).take_while(|&&byte| belongs(Kind::Url, byte)).count();
        if (33..=36).contains(&length) && !placeholder(sight, run.end + 1, run.end + 1 + length) {
            push(sight, "credential.telegram-token", run.start, run.end + 1 + length, out);
        }
    } else if run.len() <= 2 && sight.bytes[..run.start].ends_with(b"-us") && !is_word(after) {
        let key = run.start - 3;
        let length = sight.bytes[..key].iter().rev().take(33).take_while(|byte| byte.is_ascii_hexdigit()).count();
        if length == 32 && !placeholder(sight, key - 32, key) {
            push(sight, "credential.mailchimp-key", key - 32, run.end, out);
        }
    } else if sight.bytes[run.start..run.end].starts_with(b"99") && sight.bytes[..run.start].ends_with(b"JQQJ") {
        let (start, end) = around(sight, run.start, |byte| byte.is_ascii_alphanumeric(), 96);
        if end - start == 84 {
            push(sight, "credential.azure-key", start, end, out);
        }
    }
}

fn placeholder(sight: &Sight<'_>, start: usize, end: usize) -> bool {
    sight.text.get(start..end).is_none_or(|value| is_placeholder(value) || distinct(value.as_bytes()) < 10)
}

fn around(sight: &Sight<'_>, at: usize, inside: fn(u8) -> bool, most: usize) -> (usize, usize) {
    let start = at - sight.bytes[..at].iter().rev().take(most).take_while(|&&byte| inside(byte)).count();
    let end = at + sight.bytes[at..].iter().take(most).take_while(|&&byte| inside(byte)).count();
    (start, end)
}

fn trimmed(sight: &Sight<'_>, start: usize, mut end: usize) -> (usize, usize) {
    while end > start && matches!(sight.bytes[end - 1], b'.' | b'-') {
        end -= 1;
    }
    (start, end)
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses, random};

    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    #[test]
    fn tokens_with_a_sign_inside_are_found() {
        let azure = format!("x7K8Q~{}", random(34, LETTERS));
        finds("credential.azure-client-secret", &format!("client: {azure}."), &azure);
        let bot = format!("1234567890:AA{}", random(33, LETTERS));
        finds("credential.telegram-token", &format!("bot {bot}"), &bot);
        let chimp = format!("{}-us12", random(32, "0123456789abcdef"));
        finds("credential.mailchimp-key", &format!("({chimp})"), &chimp);
    }

    #[test]
    fn long_keys_of_language_models_are_found_whole() {
        let r = |length| random(length, LETTERS);
        for (id, value) in [
            ("credential.openai-key", format!("sk-proj-{}T3BlbkFJ{}", r(74), r(74))),
            ("credential.openai-key", format!("sk-{}T3BlbkFJ{}", r(20), r(20))),
            ("credential.anthropic-key", format!("sk-ant-api03-{}AA", r(93))),
            ("credential.sendgrid-key", format!("SG.{}.{}", r(22), r(43))),
            ("credential.slack-token", format!("xoxb-{}-{}", random(12, "0123456789"), r(24))),
        ] {
            finds(id, &format!("mijn sleutel: {value}. Werkt niet"), &value);
        }
    }

    #[test]
    fn published_examples_placeholders_and_longer_words_are_none() {
        for text in [
            "AKIAIOSFODNN7EXAMPLE",
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "sk-your-key-goes-here-your-key-goes-here-your-key",
            "sk_test_4eC39HqLyjWDarjtT1zdp7dc",
            "test_detector_finds_all_values_of_the_table",
            "hf_dataset",
            "secret_santa",
            "key-value-store",
            "sk-learn is een bibliotheek",
            "npm_config_registry",
        ] {
            misses("credential", text);
        }
    }
}
