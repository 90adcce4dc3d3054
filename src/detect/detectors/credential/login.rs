//! Logins in files and commands: `curl -u`, `Authorization: Basic`, `.netrc`, `.pgpass`, Kubernetes Secrets, Docker's `auth`, `net use`,
//! `ConvertTo-SecureString`, `IDENTIFIED BY`, `sshpass`.
//!
//! Takes the hits that announce them; gives the value that lets one in. A variable, a placeholder or an empty value is none.

use super::super::Candidate;
use super::{entropy, is_placeholder, is_variable};
use crate::detect::prefilter::{Hit, Run};
use crate::detect::score::Score;
use crate::detect::sight::Sight;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

pub(super) const WORDS: &str = "curl, wget, authorization, proxy-authorization, kind: secret, kind\": \"secret, kind\":\"secret, auth, _auth, net use, convertto-securestring, identified by, sshpass, \
     docker login, mysql, mysqldump, mariadb, bearer, machine, htpasswd";

pub(super) fn look(sight: &Sight<'_>, hit: Hit, out: &mut Vec<Candidate>) {
    let line = sight.line(hit.start);
    let (Some(name), Some(rest)) = (sight.text.get(hit.start..hit.end), sight.text.get(hit.end..line.end)) else { return };
    let starts =
        |beginning: &str| name.len() >= beginning.len() && name.as_bytes()[..beginning.len()].eq_ignore_ascii_case(beginning.as_bytes());
    let push = |out: &mut Vec<Candidate>, id, (from, to): (usize, usize), because| {
        out.push(Candidate { id, start: hit.end + from, end: hit.end + to, score: Score::base(0.92, because) });
    };
    if starts("curl") || starts("wget") {
        if let Some(place) = flag(rest, &["-u", "--user", "--proxy-user", "-U"]).filter(|&(from, to)| is_pair(&rest[from..to])) {
            push(out, "credential.basic-auth", place, "a user and a password for a command");
        } else if let Some(place) = flag(rest, &["--password", "--http-password"]).filter(|&(from, to)| is_value(&rest[from..to])) {
            push(out, "credential.password-assignment", place, "a password for a command");
        }
    } else if starts("authorization") || starts("proxy") {
        header(rest, |id, place| push(out, id, place, "a header that logs in"));
    } else if starts("bearer") {
        if let Some(place) = bearer(rest, 0) {
            push(out, "credential.bearer-token", place, "a bearer's token");
        }
    } else if starts("sshpass") || starts("docker") || starts("htpasswd") {
        if let Some(place) = flag(rest, &["-p", "--password"]).filter(|&(from, to)| is_value(&rest[from..to])) {
            push(out, "credential.password-assignment", place, "a password for a command");
        }
    } else if starts("mysql") || starts("mariadb") {
        // Only `-pVALUE`: a word after `-p ` is the database.
        if let Some(place) = flag(rest, &["-p"]).filter(|&(from, to)| rest[..from].ends_with("-p") && is_value(&rest[from..to])) {
            push(out, "credential.password-assignment", place, "a password for a command");
        }
    } else if starts("convertto") || starts("identified") {
        if let Some(place) = quoted(rest, if starts("identified") { 3 } else { 24 }).filter(|&(from, to)| is_value(&rest[from..to])) {
            push(out, "credential.password-assignment", place, "a password in a command");
        }
    } else if starts("net use") {
        if let Some(place) = net_use(rest) {
            push(out, "credential.password-assignment", place, "a password for a network drive");
        }
    } else if starts("auth") || starts("_auth") {
        if let Some(place) = basic(rest, 0).filter(|_| rest.starts_with(['"', '=', ':', ' '])) {
            push(out, "credential.docker-auth", place, "a user and a password in base64");
        }
    } else if starts("kind") {
        secret(sight, line.start, out);
    } else if starts("machine") {
        netrc(sight, hit.end, out);
    }
}

/// The value after one of the flags, with its quotes off.
fn flag(rest: &str, flags: &[&str]) -> Option<(usize, usize)> {
    let mut at = 0;
    for word in rest.split_inclusive(char::is_whitespace).take(64) {
        let bare = word.trim_end();
        let place = at;
        at += word.len();
        let Some(name) = flags.iter().find(|flag| bare.starts_with(*flag)) else { continue };
        let value = match &bare[name.len()..] {
            "" => at + (rest[at..].len() - rest[at..].trim_start().len()),
            tail if tail.starts_with('=') => place + name.len() + 1,
            _ if name.len() == 2 => place + name.len(),
            _ => continue,
        };
        return Some(unquoted(rest, value));
    }
    None
}

/// From a place to the end of the word or, when it starts with a quote, to the next one.
fn unquoted(rest: &str, at: usize) -> (usize, usize) {
    let text = &rest[at..];
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let end = text[1..].find(quote).unwrap_or(text.len() - 1);
            (at + 1, at + 1 + end)
        }
        _ => (at, at + text.find(char::is_whitespace).unwrap_or(text.len())),
    }
}

fn quoted(rest: &str, within: usize) -> Option<(usize, usize)> {
    let at = rest.find(['"', '\'']).filter(|&at| at < within)?;
    Some(unquoted(rest, at))
}

fn is_value(value: &str) -> bool {
    value.len() >= 4 && value.len() <= 200 && !is_placeholder(value) && !is_variable(value) && !value.starts_with('-')
}

/// `user:password`, of which the password is a value.
fn is_pair(value: &str) -> bool {
    value.split_once(':').is_some_and(|(user, password)| {
        !user.is_empty() && !user.contains('/') && is_value(password) && !["password", "wachtwoord", "pass", "token"].contains(&password)
    })
}

/// `Basic <base64>` or `Bearer <token>` after the header's name.
fn header(rest: &str, mut push: impl FnMut(&'static str, (usize, usize))) {
    let lower =
        rest.get(..rest.len().min(40)).or_else(|| rest.get(..rest.char_indices().take(30).last()?.0)).unwrap_or("").to_ascii_lowercase();
    if let Some(at) = lower.find("basic ") {
        if let Some(place) = basic(rest, at + 6) {
            push("credential.basic-auth", place);
        }
    } else if let Some(at) = lower.find("token ")
        && let Some(place) = bearer(rest, at + 6)
    {
        push("credential.bearer-token", place);
    }
}

/// Base64 that decodes to `user:password`.
fn basic(rest: &str, from: usize) -> Option<(usize, usize)> {
    let skip = rest[from..].bytes().take(8).take_while(|byte| matches!(byte, b' ' | b'"' | b'\'' | b':' | b'=')).count();
    let at = from + skip;
    let length = rest[at..].bytes().take(400).take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')).count();
    let value = &rest[at..at + length];
    let decoded = STANDARD.decode(value).or_else(|_| STANDARD_NO_PAD.decode(value.trim_end_matches('='))).ok()?;
    let decoded = std::str::from_utf8(&decoded).ok()?;
    (length >= 8 && is_pair(decoded) && decoded.chars().all(|c| !c.is_control())).then_some((at, at + length))
}

/// An opaque token: long and random.
fn bearer(rest: &str, from: usize) -> Option<(usize, usize)> {
    let skip = rest[from..].bytes().take(4).take_while(|byte| matches!(byte, b' ' | b'"' | b'\'' | b':')).count();
    let at = from + skip;
    let length = rest[at..]
        .bytes()
        .take(2000)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_' | b'.' | b'~'))
        .count();
    let value = rest[at..at + length].trim_end_matches('.');
    let random =
        value.len() >= 20 && value.bytes().any(|byte| byte.is_ascii_digit()) && entropy(value.as_bytes()) >= 3.3 && (skip > 0 || from > 0);
    (random && !is_placeholder(value)).then_some((at, at + value.len()))
}

/// `net use Z: \\server\share password /user:domain\name`.
fn net_use(rest: &str) -> Option<(usize, usize)> {
    let share = rest.find("\\\\")?;
    let after = share + rest[share..].find(char::is_whitespace)?;
    let at = after + (rest[after..].len() - rest[after..].trim_start().len());
    let (from, to) = unquoted(rest, at);
    (rest.to_ascii_lowercase().contains("/user:") && is_value(&rest[from..to]) && !rest[from..].starts_with('/')).then_some((from, to))
}

/// The values under `data:` of a Kubernetes Secret, which are base64, and under `stringData:`, which are not.
fn secret(sight: &Sight<'_>, kind: usize, out: &mut Vec<Candidate>) {
    const REACH: usize = 4096;
    let (mut low, mut high) = (kind.saturating_sub(REACH), (kind + REACH).min(sight.bytes.len()));
    while !sight.text.is_char_boundary(low) {
        low += 1;
    }
    while !sight.text.is_char_boundary(high) {
        high -= 1;
    }
    let document = low + sight.text[low..kind].rfind("\n---").map_or(0, |found| found + 4);
    let mut under: Option<(usize, bool)> = None;
    let mut at = document;
    for line in sight.text[document..high].split_inclusive('\n') {
        let start = at;
        at += line.len();
        let body = line.trim();
        if body == "---" && start > kind {
            return;
        }
        let indent = line.len() - line.trim_start().len();
        let bare = body.trim_matches(['"', '{', ',', ' ']);
        if let Some(section) =
            ["data", "stringData"].iter().find(|name| bare.strip_prefix(**name).is_some_and(|rest| matches!(rest, ":" | "\":" | "\": ")))
        {
            under = Some((indent, *section == "data"));
            continue;
        }
        let Some((outer, encoded)) = under else { continue };
        if body.is_empty() || body.starts_with('#') {
            continue;
        }
        if indent <= outer {
            under = None;
            continue;
        }
        let Some((_, value)) = body.split_once(':') else { continue };
        let value = value.trim().trim_end_matches(',').trim_matches(['"', '\'']);
        let fits = if encoded { decodes(value) } else { is_value(value) && value.len() >= 6 };
        if fits && let Some(found) = line.rfind(value) {
            let score = Score::base(0.9, "a value of a Kubernetes Secret");
            out.push(Candidate { id: "credential.kubernetes-secret", start: start + found, end: start + found + value.len(), score });
        }
    }
}

fn decodes(value: &str) -> bool {
    value.len() >= 8 && STANDARD.decode(value).is_ok_and(|decoded| std::str::from_utf8(&decoded).map_or(true, |text| !is_placeholder(text)))
}

/// `machine host login user password value`, over one line or several.
fn netrc(sight: &Sight<'_>, from: usize, out: &mut Vec<Candidate>) {
    const REACH: usize = 240;
    let mut high = (from + REACH).min(sight.bytes.len());
    while !sight.text.is_char_boundary(high) {
        high -= 1;
    }
    let text = &sight.text[from..high];
    let mut words = text.split_whitespace();
    if words.next().is_none() || !text.starts_with(' ') {
        return;
    }
    while let (Some(key), Some(value)) = (words.next(), words.next()) {
        match key {
            "login" | "account" | "port" => {}
            "password" if is_value(value) => {
                let Some(start) = text.find("password").and_then(|at| Some(at + 8 + text[at + 8..].find(value)?)) else { return };
                let score = Score::base(0.9, "a password in a list of logins");
                let (start, end) = (from + start, from + start + value.len());
                out.push(Candidate { id: "credential.password-assignment", start, end, score });
                return;
            }
            _ => return,
        }
    }
}

/// `host:port:database:user:password`, a whole line; starts from the port.
pub(super) fn pgpass(sight: &Sight<'_>, run: Run, out: &mut Vec<Candidate>) {
    if !matches!(run.len(), 4 | 5) || sight.before(run.start) != b':' || sight.byte(run.end) != b':' {
        return;
    }
    let line = sight.line(run.start);
    let Some(text) = sight.text.get(line.clone()).filter(|text| text.len() < 300) else { return };
    let mut fields = text.trim_end().splitn(5, ':');
    let (Some(host), Some(port), Some(base), Some(user), Some(password)) =
        (fields.next(), fields.next(), fields.next(), fields.next(), fields.next())
    else {
        return;
    };
    let named = |field: &str| {
        field == "*"
            || field.starts_with(|c: char| c.is_ascii_alphabetic())
                && field.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
    };
    let address = named(host) || host.split('.').count() == 4;
    if address && port.len() == run.len() && named(base) && named(user) && is_value(password) && !password.contains([':', ' ', '/']) {
        let end = line.start + text.trim_end().len();
        out.push(Candidate {
            id: "credential.password-assignment",
            start: end - password.len(),
            end,
            score: Score::base(0.85, "a line of a password file"),
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn logins_of_commands_and_files_are_found() {
        for (id, text, value) in [
            ("credential.basic-auth", "curl -s -u jan:Zomer2024! https://x.nl/api", "jan:Zomer2024!"),
            ("credential.basic-auth", "curl --user 'jan:geheim woord' https://x.nl", "jan:geheim woord"),
            ("credential.basic-auth", "Authorization: Basic amFuOlpvbWVyMjAyNCE=", "amFuOlpvbWVyMjAyNCE="),
            ("credential.bearer-token", "Authorization: Bearer 8f3kd92jWk29xQfj39dLfj20bc", "8f3kd92jWk29xQfj39dLfj20bc"),
            ("credential.password-assignment", "mysql -u root -pZomer2024! zaken", "Zomer2024!"),
            ("credential.bearer-token", "Authorization: token 9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c", "9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c"),
            ("credential.password-assignment", "machine git.zeist.nl login jan password bloemkool", "bloemkool"),
            ("credential.password-assignment", "machine x.nl\n  login jan\n  password bloemkool\n", "bloemkool"),
            ("credential.password-assignment", "db1.intern:5432:zaken:app:bloemkool7", "bloemkool7"),
            ("credential.password-assignment", "sshpass -p 'Zomer2024!' ssh jan@x.nl", "Zomer2024!"),
            ("credential.password-assignment", "net use Z: \\\\srv01\\data Zomer2024! /user:ZEIST\\jan", "Zomer2024!"),
            ("credential.password-assignment", "$p = ConvertTo-SecureString \"Zomer2024!\" -AsPlainText -Force", "Zomer2024!"),
            ("credential.password-assignment", "CREATE USER app IDENTIFIED BY 'bloemkool'", "bloemkool"),
            ("credential.docker-auth", "{\"auths\": {\"x.nl\": {\"auth\": \"amFuOlpvbWVyMjAyNCE=\"}}}", "amFuOlpvbWVyMjAyNCE="),
        ] {
            finds(id, text, value);
        }
    }

    #[test]
    fn the_values_of_a_kubernetes_secret_are_found() {
        let text =
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: zaken\ndata:\n  user: amFuYXBw\n  password: Wm9tZXIyMDI0IQ==\ntype: Opaque\n";
        finds("credential.kubernetes-secret", text, "Wm9tZXIyMDI0IQ==");
        let before = "apiVersion: v1\ndata:\n  password: Wm9tZXIyMDI0IQ==\nkind: Secret\n";
        finds("credential.kubernetes-secret", before, "Wm9tZXIyMDI0IQ==");
        misses("credential", "kind: ConfigMap\ndata:\n  kleur: Wm9tZXIyMDI0IQ==\n");
    }

    #[test]
    fn variables_placeholders_and_prose_are_none() {
        for text in [
            "curl -u $USER:$PASS https://x.nl",
            "curl -u user:password https://x.nl",
            "Authorization: Bearer <token>",
            "Authorization: Basic dXNlcjpwYXNzd29yZA==",
            "bearer of good news, this is a long sentence",
            "Cases like 12:3000:b:c:d",
            "auth: none",
            "mysql -u root -p zaken",
            "is identified by the hash of |signer|'s public key instead. 'x'",
            "net use is a command",
            "machine learning with a login page and a password policy",
        ] {
            misses("credential", text);
        }
    }
}
