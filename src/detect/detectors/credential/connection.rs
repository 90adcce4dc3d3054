//! Connection strings: the whole string around a password, when its other parts are there.
//!
//! Takes the line and where the password ends; gives the bounds of the string, or none where the password stands by itself.

use crate::detect::sight::Sight;

/// `Server=...;Password=...`, or an address with a password among its parameters: the whole string, when the line holds both.
pub(super) fn connection(sight: &Sight<'_>, from: usize, value_end: usize, to: usize) -> Option<(usize, usize)> {
    const KEYS: &[&str] = &[
        "server=",
        "data source=",
        "host=",
        "hostname=",
        "addr=",
        "address=",
        "endpoint=",
        "driver=",
        "dsn=",
        "initial catalog=",
        "database=",
        "user id=",
        "uid=",
        "provider=",
    ];
    let from = from.max(value_end.saturating_sub(1024));
    let before = sight.text.get(from..value_end)?;
    let lower = before.to_ascii_lowercase();
    let parts =
        KEYS.iter().filter_map(|key| lower.find(key)).filter(|&at| at == 0 || !lower.as_bytes()[at - 1].is_ascii_alphanumeric()).min();
    let address = || {
        let scheme = lower.rfind("://").or_else(|| lower.rfind("jdbc:"))?;
        let start = lower[..scheme].rfind(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '=')).map_or(0, |at| at + 1);
        let stores = ["jdbc", "postgres", "mysql", "mariadb", "sqlserver", "mongodb", "redis", "odbc"];
        (stores.iter().any(|store| lower[start..].starts_with(store)) && !lower[start..].contains([' ', '"'])).then_some(start)
    };
    let start = parts.filter(|&start| before[start..].contains(';')).or_else(address)?;
    let start = lower[..start].rfind("jdbc:").filter(|&jdbc| !lower[jdbc..start].contains([' ', '"'])).unwrap_or(start);
    let end = sight.bytes[value_end..to]
        .iter()
        .position(|byte| matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'\n' | b' '))
        .map_or(to, |at| value_end + at);
    Some((from + start, end))
}
