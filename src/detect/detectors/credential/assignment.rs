//! A value after a name that means secret: `password = ...`, `wachtwoord is ...`, `"token": "..."`.

use super::super::Candidate;
use super::is_placeholder;
use crate::detect::prefilter::Hit;
use crate::detect::score::Score;
use crate::detect::sight::Sight;

/// Pieces of a longer name that make it the name of something else: `password_policy`, `token_url`.
const NOT_THE_VALUE: &[&str] = &[
    "url", "uri", "file", "path", "policy", "length", "hash", "reset", "field", "type", "expire", "expiry", "ttl", "hint", "min", "max",
    "count", "name", "version", "endpoint", "input", "label", "limit", "usage", "beleid", "manager",
];
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
    "secret",
    "token",
    "geheim",
];

const VALUE_MAX: usize = 256;

pub(super) fn look(sight: &Sight<'_>, hit: Hit, out: &mut Vec<Candidate>) {
    let line = sight.line(hit.start);
    let Some(after) = sight.text.get(hit.end..line.end) else { return };
    let tail = after.bytes().take_while(|&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count();
    let name_tail = after[..tail].to_ascii_lowercase();
    if NOT_THE_VALUE.iter().any(|piece| name_tail.contains(piece)) {
        return;
    }
    let Some((at, spoken)) = value_start(&after[tail..]) else { return };
    let start = hit.end + tail + at;
    let (start, quoted) = match sight.byte(start) {
        quote @ (b'"' | b'\'' | b'`') => (start + 1, Some(quote)),
        _ => (start, None),
    };
    let Some(rest) = sight.text.get(start..line.end) else { return };
    let length = value_length(rest, quoted);
    let value = &rest[..length];
    let worth = worth(value, quoted.is_some(), spoken);
    if worth == 0.0 {
        return;
    }
    if let Some((from, to)) = connection(sight, line.start, start + length, line.end) {
        out.push(Candidate {
            id: "credential.connection-string",
            start: from,
            end: to,
            score: Score::base(0.95, "a connection string with a password"),
        });
        return;
    }
    let name_start = sight.bytes[line.start..hit.start]
        .iter()
        .rposition(|&byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')))
        .map_or(line.start, |at| line.start + at + 1);
    let name = sight.text.get(name_start..hit.end + tail).unwrap_or("").to_ascii_lowercase();
    let aws =
        length == 40 && name.contains("secret") && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'+'));
    let id = if aws { "credential.aws-access-key" } else { "credential.password-assignment" };
    out.push(Candidate { id, start, end: start + length, score: Score::base(worth, "a value after a word for secrets") });
}

/// Where the value starts after the name, and whether the sentence says it (`is`) instead of a sign.
fn value_start(after: &str) -> Option<(usize, bool)> {
    let bytes = after.as_bytes();
    let mut at = bytes.iter().take_while(|byte| matches!(byte, b'"' | b'\'' | b'`' | b']' | b')' | b' ' | b'\t' | b'*')).count();
    let sign = bytes[at..].iter().take(2).take_while(|byte| matches!(byte, b'=' | b':' | b'>')).count();
    if sign > 0 {
        at += sign;
        at += bytes[at..].iter().take(8).take_while(|byte| matches!(byte, b' ' | b'\t' | b'>' | b'*')).count();
        return Some((at, false));
    }
    // `het wachtwoord van de server is Zomer2024!`
    let sentence = after.get(..after.char_indices().map(|(at, _)| at).take_while(|&at| at <= 48).last()?)?;
    let (place, word) = [" is: ", " is ", " luidt ", " wordt ", " = ", ": "]
        .iter()
        .filter_map(|word| sentence.find(word).map(|place| (place, word)))
        .min()?;
    (!sentence[..place].contains(['.', ';', '?', '!', ','])).then_some((place + word.len(), true))
}

fn value_length(rest: &str, quote: Option<u8>) -> usize {
    let ends = |byte: u8| match quote {
        Some(quote) => byte == quote,
        None => byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b'<' | b';'),
    };
    let mut length = rest.bytes().take(VALUE_MAX).position(ends).unwrap_or(rest.len().min(VALUE_MAX));
    while !rest.is_char_boundary(length) {
        length -= 1;
    }
    if quote.is_none() { rest[..length].trim_end_matches([',', '.', ')', '|', ':', '}', ']']).len() } else { length }
}

/// What the value is worth; 0 when it is a variable, a call, a placeholder or a plain word.
fn worth(value: &str, quoted: bool, spoken: bool) -> f32 {
    let lower = value.to_lowercase();
    if value.len() < 6 || NO_VALUES.contains(&lower.as_str()) || is_placeholder(value) || value.starts_with(['$', '%', '@', '{', '(']) {
        return 0.0;
    }
    let has = |test: fn(&u8) -> bool| value.bytes().any(|byte| test(&byte));
    let (letter, digit) = (has(u8::is_ascii_alphabetic), has(u8::is_ascii_digit));
    let sign = has(|byte| byte.is_ascii_punctuation() && !matches!(byte, b'.' | b'_' | b'-'));
    let call = value.contains(['(', '[']) && !quoted || value.contains("://") || lower.contains("env.") || lower.contains("environ");
    if call || value.contains(' ') && !quoted || !letter && !digit {
        return 0.0;
    }
    let mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    match (letter && digit, sign, mixed) {
        _ if spoken && !(letter && digit && value.len() >= 6) => 0.0,
        (true, true, _) => 0.9,
        (true, _, true) => 0.85,
        (true, ..) if !value.contains(['.', '/']) => 0.7,
        (false, true, _) if letter && value.len() >= 8 && (mixed || quoted) && !value.contains(['/', ',', '=']) => 0.65,
        (false, false, true) if quoted && value.len() >= 10 && !value.contains(['.', '_', '-', ' ']) => 0.55,
        _ => 0.0,
    }
}

/// `Server=...;Password=...`: the whole string, when the line holds both.
fn connection(sight: &Sight<'_>, from: usize, value_end: usize, to: usize) -> Option<(usize, usize)> {
    let before = sight.text.get(from..value_end)?;
    let lower = before.to_ascii_lowercase();
    let start = ["server=", "data source=", "host=", "addr=", "endpoint="].iter().filter_map(|key| lower.find(key)).min()?;
    if !before[start..].contains(';') {
        return None;
    }
    let end = sight.bytes[value_end..to]
        .iter()
        .position(|byte| matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'\n' | b' '))
        .map_or(to, |at| value_end + at);
    Some((from + start, end))
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    const ID: &str = "credential.password-assignment";

    #[test]
    fn a_value_after_a_secret_name_is_found() {
        for (text, value) in [
            ("SMTP_PASSWORD=Zomer7668%0gJG", "Zomer7668%0gJG"),
            ("wachtwoord: Welkom01!", "Welkom01!"),
            ("\"dbPassword\": \"S3cr4tWaarde\"", "S3cr4tWaarde"),
            ("Het wachtwoord is Welkom2024.", "Welkom2024"),
            ("het wachtwoord van de server is Zomer2024!", "Zomer2024!"),
            ("ww = kat99hond", "kat99hond"),
            ("api_key: 'k83hd72hsk29dk'", "k83hd72hsk29dk"),
        ] {
            finds(ID, text, value);
        }
    }

    #[test]
    fn variables_calls_placeholders_and_prose_are_none() {
        for text in [
            "password = os.environ[\"DB_PASSWORD\"]",
            "password: ${DB_PASSWORD}",
            "password=<uw wachtwoord>",
            "password: ********",
            "wachtwoord: changeme123",
            "token = getToken()",
            "Het wachtwoord is verlopen, vraag een nieuw aan.",
            "password_policy: min12chars",
            "secret: your-secret-1",
            "Een wachtwoord heeft minstens 12 tekens.",
            "type Token = String;",
        ] {
            misses("credential", text);
        }
    }

    #[test]
    fn a_connection_string_is_found_whole() {
        let value = "Server=db1;Database=zaken;User Id=app;Password=Zomer2024!";
        finds("credential.connection-string", &format!("\"{value}\""), value);
    }
}
