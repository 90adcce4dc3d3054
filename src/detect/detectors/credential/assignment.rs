//! A value after a name that means secret: `password = ...`, `wachtwoord is ...`, `"token": "..."`, and the cells under such a head.
//!
//! Takes hits of names; gives the value. Long random values after a name for keys are `credential.generic`. Variables, calls, placeholders,
//! hashes, public keys and words of the sentence are none.

use super::super::Candidate;
use super::connection::connection;
use super::token::is_published;
use super::value::{entropy, is_digest, is_identifier, worth};
use super::{is_placeholder, is_variable};
use crate::detect::groups::SECRET_NAME;
use crate::detect::layout::cells_below;
use crate::detect::prefilter::Hit;
use crate::detect::score::Score;
use crate::detect::sight::Sight;

/// Pieces of a longer name that make it the name of something else: `password_policy`, `token_url`.
const NOT_THE_VALUE: &[&str] = &[
    "url",
    "uri",
    "file",
    "path",
    "policy",
    "length",
    "hash",
    "reset",
    "field",
    "type",
    "expire",
    "expiry",
    "ttl",
    "hint",
    "min",
    "max",
    "count",
    "name",
    "version",
    "endpoint",
    "input",
    "label",
    "limit",
    "usage",
    "beleid",
    "size",
    "_len",
    "_level",
    "_oid",
    "manager",
    "public",
    "page",
    "next",
    "csrf",
    "count",
    "regex",
    "pattern",
    "encoder",
    "encoding",
    "validator",
    "placeholder",
    "cost",
    "price",
    "budget",
    "rotation",
    "store",
    "lijst",
];
/// Words for a login that a person types; any word after a colon may be one.
const PERSONAL: &[&str] = &["pass", "wachtw", "ww", "pwd", "pw", "psw", "pin", "wifi", "inlog", "toegang", "netwerksl"];

const VALUE_MAX: usize = 256;

/// How a value follows its name.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Said {
    /// After `=`, `:` or a key in a file.
    Sign,
    /// After `is`, `luidt`.
    Spoken,
    /// Directly, after a space.
    Beside,
}

/// Reads one name and its value; gives where the value ends, so that no name inside it is read again.
fn look(sight: &Sight<'_>, hit: Hit, out: &mut Vec<Candidate>) -> Option<usize> {
    let line = sight.line(hit.start);
    let after = sight.text.get(hit.end..line.end)?;
    let tail = after.bytes().take_while(|&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count();
    let name_start = sight.bytes[line.start..hit.start]
        .iter()
        .rposition(|&byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')))
        .map_or(line.start, |at| line.start + at + 1);
    let name = sight.text.get(name_start.max(hit.start.saturating_sub(64))..hit.end + tail).unwrap_or("").to_ascii_lowercase();
    let word = sight.text.get(hit.start..hit.end).unwrap_or("").to_ascii_lowercase();
    if NOT_THE_VALUE.iter().any(|piece| name.contains(piece)) {
        return None;
    }
    let personal = PERSONAL.iter().any(|known| word.starts_with(known));
    let Some((at, said)) = value_start(&after[tail..]) else {
        // The name heads a column, or the value stands on the next line.
        if sight.bytes[line.clone()].iter().any(|byte| matches!(byte, b';' | b'\t' | b'|' | b',')) {
            if personal && !sight.bytes[line.clone()].iter().any(|byte| matches!(byte, b'(' | b'{' | b'*' | b'&')) {
                column(sight, hit, &name, personal, out);
            }
        } else if after[tail..].trim_matches([' ', ':', '*', '"', '_', '\r']).is_empty() {
            below(sight, line.end + 1, &name, personal, out);
        }
        return None;
    };
    let start = hit.end + tail + at;
    let rest = sight.text.get(start..line.end)?;
    if rest.trim().is_empty() {
        below(sight, line.end + 1, &name, personal, out);
        return None;
    }
    // `pass` is also a verb: only a sign makes what follows a value.
    if matches!(said, Said::Beside) && !personal || said != Said::Sign && word == "pass" {
        return None;
    }
    let first = &sight.bytes[line.start..name_start];
    let only = said == Said::Sign && first.iter().filter(|byte| byte.is_ascii_alphabetic()).count() <= 5;
    value(sight, start, line.start..line.end, &name, Name { said, personal, only }, out)
}

struct Name {
    said: Said,
    personal: bool,
    /// Nothing else stands before the name in its line.
    only: bool,
}

/// Weighs the value that starts here, quotes and all; gives where it ends.
fn value(sight: &Sight<'_>, start: usize, line: std::ops::Range<usize>, name: &str, how: Name, out: &mut Vec<Candidate>) -> Option<usize> {
    let (start, quoted) = match sight.byte(start) {
        quote @ (b'"' | b'\'' | b'`') => (start + 1, Some(quote)),
        _ if sight.text.get(start..).is_some_and(|rest| rest.starts_with(['“', '‘', '”', '’', '„'])) => (start + 3, Some(0xe2)),
        _ => (start, None),
    };
    let rest = sight.text.get(start..line.end)?;
    let length = value_length(rest, quoted);
    let value = &rest[..length];
    let ended = Some(start + if rest.starts_with('<') { rest.find('>').unwrap_or(length) } else { length });
    // `"token=" + x`: the quote closes an earlier one.
    let open = quoted.is_some() && (value.starts_with([' ', '+', ')']) || length == rest.len() && value.contains(' '));
    let code = quoted.is_none() && (value.contains("::") || !how.personal && is_identifier(value.trim_start_matches('/')));
    let mut worth = if open || code { 0.0 } else { worth(value, quoted.is_some(), how.said) };
    let alone = rest[length..].trim_matches(['"', '\'', '.', ' ', '\r', '|', '*']).is_empty();
    if worth == 0.0 && how.personal && how.only && alone && plain_word(sight, line.start, start, value) {
        worth = 0.6;
    }
    let code = ["pin", "toegangscode", "inlogcode", "passcode"].iter().any(|known| name.contains(known));
    if worth == 0.0
        && code
        && how.personal
        && how.said != Said::Beside
        && (4..=8).contains(&length)
        && value.bytes().all(|byte| byte.is_ascii_digit())
    {
        worth = 0.65;
    }
    if worth == 0.0 || is_published(value) || name.eq_ignore_ascii_case(value) {
        return ended;
    }
    if let Some((from, to)) = connection(sight, line.start, start + length, line.end) {
        out.push(Candidate {
            id: "credential.connection-string",
            start: from,
            end: to,
            score: Score::base(0.95, "a connection string with a password"),
        });
        return ended;
    }
    let bytes = value.as_bytes();
    let aws = length == 40
        && name.contains("secret")
        && (name.contains("aws") || name.contains("access"))
        && bytes.iter().all(|&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'+'));
    let session = name.contains("session")
        && length >= 100
        && bytes.iter().all(|&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'+' | b'='));
    let random = !how.personal && length >= 20 && entropy(bytes) >= 3.5;
    if is_digest(value, name) && !how.personal {
        return ended;
    }
    let id = if aws || session {
        "credential.aws-access-key"
    } else if random {
        "credential.generic"
    } else {
        "credential.password-assignment"
    };
    out.push(Candidate { id, start, end: start + length, score: Score::base(worth, "a value after a word for secrets") });
    ended
}

/// A word without digits counts after `Wachtwoord:` where a user is named just above or before: a login that someone wrote down.
fn plain_word(sight: &Sight<'_>, line: usize, value_at: usize, value: &str) -> bool {
    let user = ["gebruiker", "username", "user", "login", "inlog", "account", "e-mail", "email"];
    let mut low = line.saturating_sub(100);
    while !sight.text.is_char_boundary(low) {
        low += 1;
    }
    let above = sight.text[low..line].to_ascii_lowercase();
    (6..=40).contains(&value.len())
        && value.chars().all(|c| c.is_alphanumeric() || matches!(c, '!' | '-' | '#' | '?'))
        && sight.before(value_at) != b'='
        && sight.before(value_at.saturating_sub(1)) != b'='
        && !is_placeholder(value)
        && !is_variable(value)
        && !super::value::is_no_value(value)
        && user.iter().any(|word| above.contains(word))
}

/// A value alone on the line under its name.
fn below(sight: &Sight<'_>, at: usize, name: &str, personal: bool, out: &mut Vec<Candidate>) {
    if at >= sight.bytes.len() {
        return;
    }
    let line = sight.line(at);
    let Some(text) = sight.text.get(line.clone()) else { return };
    let trimmed = text.trim();
    if !trimmed.is_empty() && !trimmed.contains(char::is_whitespace) && !trimmed.ends_with(':') {
        let start = line.start + (text.len() - text.trim_start().len());
        value(sight, start, line, name, Name { said: Said::Spoken, personal, only: false }, out);
    }
}

/// The cells under a head such as `wachtwoord`.
fn column(sight: &Sight<'_>, hit: Hit, name: &str, personal: bool, out: &mut Vec<Candidate>) {
    for cell in cells_below(sight, hit.start) {
        value(sight, cell.start, cell.start..cell.end, name, Name { said: Said::Sign, personal, only: false }, out);
    }
}

/// Where the value starts after the name, and how the two are tied.
fn value_start(after: &str) -> Option<(usize, Said)> {
    let bytes = after.as_bytes();
    let skip = |from: usize, known: &[u8]| bytes[from.min(bytes.len())..].iter().take(10).take_while(|byte| known.contains(byte)).count();
    let mut at = skip(0, b"\"'`]) \t*");
    // `define('DB_PASSWORD', 'x')` and `<add key="password" value="x"/>`.
    if at > 0 && bytes.get(at) == Some(&b',') && bytes[..at].iter().any(|byte| matches!(byte, b'"' | b'\'')) {
        let next = at + 1 + skip(at + 1, b" \t");
        return matches!(bytes.get(next), Some(b'"' | b'\'')).then_some((next, Said::Sign));
    }
    if let Some(rest) = after[at..].strip_prefix("value=") {
        return Some((after.len() - rest.len(), Said::Sign));
    }
    let sign = skip(at, b"=:>").min(3);
    if bytes[at..].starts_with(b"::") {
        return None;
    }
    if sign > 0 {
        at += sign;
        at += skip(at, b" \t>*");
        return Some((at, Said::Sign));
    }
    // `het wachtwoord van de server is Zomer2024!`
    let sentence = after.get(..after.char_indices().map(|(at, _)| at).take_while(|&at| at <= 48).last()?)?;
    let spoken = [" is: ", " is ", " luidt ", " luidt: ", " wordt ", " was ", " werd ", " = ", ": ", " heet ", " naar "]
        .iter()
        .filter_map(|word| sentence.find(word).map(|place| (place, word)))
        .min();
    if let Some((place, word)) = spoken
        && !sentence[..place].contains(['.', ';', '?', '!', ','])
    {
        return Some((place + word.len(), Said::Spoken));
    }
    let beside = bytes.first() == Some(&b' ') && bytes.get(1).is_some_and(|byte| byte.is_ascii_graphic() && *byte != b'-');
    beside.then_some((1, Said::Beside))
}

fn value_length(rest: &str, quote: Option<u8>) -> usize {
    let ends = |byte: u8| match quote {
        Some(quote) => byte == quote,
        None => byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b'<' | b';'),
    };
    let mut length = rest.bytes().take(VALUE_MAX * 4).position(ends).unwrap_or(rest.len().min(VALUE_MAX * 4));
    while !rest.is_char_boundary(length) {
        length -= 1;
    }
    if quote.is_some() {
        return length;
    }
    let value = &rest[..length];
    let value = value.find('&').filter(|&at| value[at..].contains('=')).map_or(value, |at| &value[..at]);
    value.trim_end_matches([',', '.', ')', '|', ':', '}', ']', '*']).len()
}

/// Reads every name; one inside a value that was read is not read again.
pub(super) fn all(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    let mut taken = 0;
    for hit in sight.hits(SECRET_NAME) {
        if hit.start >= taken {
            taken = look(sight, hit, out).unwrap_or(taken);
        }
    }
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
            ("inloggen met gebruiker jan en wachtwoord Zomer2024!", "Zomer2024!"),
            ("ww Zomer2024! graag niet delen", "Zomer2024!"),
            ("Het wifi-wachtwoord: Gast-Zeist-2024", "Gast-Zeist-2024"),
            ("wachtwoord gewijzigd naar 'Herfst#2024'", "Herfst#2024"),
            ("define('DB_PASSWORD', 'bloem88kool');", "bloem88kool"),
            ("<add key=\"SmtpPassword\" value=\"Bloem88kool\" />", "Bloem88kool"),
            ("<password>Bloem88kool</password>", "Bloem88kool"),
            ("Gebruikersnaam: jan\nWachtwoord: bloemkool\n", "bloemkool"),
            ("Wachtwoord\nZomer2024!\n", "Zomer2024!"),
            ("naam;gebruiker;wachtwoord\nJan;jan01;Zomer2024!\nEva;eva01;Herfst2023#", "Herfst2023#"),
            ("https://x.nl/api?user=jan&password=Bloem88kool&x=1", "Bloem88kool"),
            ("ftp password => \"Bloem88kool\"", "Bloem88kool"),
            ("pincode: 482913", "482913"),
            ("De toegangscode van de deur is 48291.", "48291"),
            ("Password: Tr0ub4dor&3", "Tr0ub4dor&3"),
            ("//registry.x.nl/:_authToken=3f1b2c4d-0a9b8c7d", "3f1b2c4d-0a9b8c7d"),
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
            "4. Set `password: \"<your password>\"` in config.yml",
            "password: ********",
            "wachtwoord: changeme123",
            "token = getToken()",
            "Het wachtwoord is verlopen, vraag een nieuw aan.",
            "password_policy: min12chars",
            "secret: your-secret-1",
            "Een wachtwoord heeft minstens 12 tekens.",
            "type Token = String;",
            "Wachtwoord: verplicht",
            "wachtwoord wijzigen via het portaal",
            "wachtwoord vergeten? Bel 14030",
            "Token: 550e8400-e29b-41d4-a716-446655440000",
            "print(\"raw token=\" + repr(result))",
            "    username = self.username\n    password = self.password\n",
            "let my_private_key: EcPrivateKeyRfc5915Der = x;",
            "secret_key_len = MLKEM768_SECRET_KEY_BYTES;",
            "int sign(const uint8_t *secret,\n         uint8_t *sig,\n         uint8_t *out)",
            "self.expect(Token::LeftBracket)?;",
            "pub const USER_PASSWORD: crate::ObjectIdentifier = x;",
            "one can pass that block to `a.dealloc()` with a layout",
            "*out_shared_secret_len = SHA256_DIGEST_LENGTH;",
            "De pincode is persoonlijk",
            "Wachtwoord: zie kluis",
            "publicKeyToken=b77a5c561934e089",
            "secret = commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
            "password = generatePassword(16)",
            "De token kost 2024 euro",
            "max_token: 4096abc",
            "password field heeft 8 tekens",
        ] {
            misses("credential", text);
        }
    }

    #[test]
    fn long_random_values_after_a_name_for_keys_are_generic() {
        let value = crate::detect::testing::random(40, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
        for text in [format!("API_KEY={value}"), format!("encryption_key: \"{value}\""), format!("client secret: {value}")] {
            finds("credential.generic", &text, &value);
        }
        finds("credential.aws-access-key", &format!("aws_secret_access_key = {value}"), &value);
        misses("credential", &format!("token = \"data:image/png;base64,{value}\""));
    }

    #[test]
    fn a_connection_string_is_found_whole() {
        let value = "Server=db1;Database=zaken;User Id=app;Password=Zomer2024!";
        finds("credential.connection-string", &format!("\"{value}\""), value);
        let jdbc = "jdbc:sqlserver://db1:1433;databaseName=zaken;user=app;password=Zomer2024!";
        finds("credential.connection-string", &format!("url={jdbc}"), jdbc);
        let jdbc = "jdbc:postgresql://db1/zaken?user=app&password=Zomer2024!";
        finds("credential.connection-string", &format!("url: {jdbc}"), jdbc);
        let odbc = "Driver={ODBC Driver 18 for SQL Server};Server=db1;Uid=app;Pwd=Zomer2024!;";
        finds("credential.connection-string", &format!("'{odbc}'"), odbc);
    }
}
