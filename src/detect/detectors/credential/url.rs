//! `scheme://user:password@host`: a connection string for a database or a broker, else a URL with basic authentication.

use super::super::Candidate;
use super::is_placeholder;
use crate::detect::score::Score;
use crate::detect::sight::Sight;

const STORES: &[&str] = &[
    "postgres",
    "postgresql",
    "mysql",
    "mariadb",
    "mongodb",
    "mongodb+srv",
    "redis",
    "rediss",
    "amqp",
    "amqps",
    "mssql",
    "sqlserver",
    "oracle",
    "jdbc",
    "db2",
    "cassandra",
    "kafka",
    "nats",
    "ldap",
    "ldaps",
    "clickhouse",
    "mongo",
    "couchdb",
    "neo4j",
    "bolt",
    "smtp",
    "smtps",
    "imap",
    "imaps",
    "mqtt",
    "mqtts",
    "ibmmq",
    "odbc",
    "snowflake",
    "influxdb",
    "elasticsearch",
    "postgresql+psycopg2",
    "postgresql+asyncpg",
    "mysql+pymysql",
    "mysql+mysqlconnector",
    "mssql+pyodbc",
    "oracle+cx_oracle",
];

pub(super) fn look(sight: &Sight<'_>, colon: usize, out: &mut Vec<Candidate>) {
    let scheme = sight.bytes[..colon]
        .iter()
        .rev()
        .take(24)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        .count();
    let start = colon - scheme;
    let Some(rest) = sight.text.get(colon + 3..(colon + 3 + 512).min(sight.bytes.len())).or_else(|| sight.text.get(colon + 3..)) else {
        return;
    };
    let authority = rest.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>' | '/' | '?')).next().unwrap_or("");
    let Some((user, host)) = authority.rsplit_once('@') else { return };
    let Some((name, password)) = user.split_once(':') else { return };
    if scheme == 0 || password.len() < 3 || host.is_empty() || is_word_for_secret(password) || is_placeholder(password) || name.len() > 64 {
        return;
    }
    let name = sight.text.get(start..colon).unwrap_or("").to_ascii_lowercase();
    let store = STORES.contains(&name.as_str());
    let id = if store { "credential.connection-string" } else { "credential.basic-auth-url" };
    let length =
        rest.bytes().take_while(|&byte| !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>' | b')')).count();
    let length = rest.get(..length).map_or(authority.len(), |url| url.trim_end_matches(['.', ',', ';']).len());
    out.push(Candidate { id, start, end: colon + 3 + length, score: Score::base(0.95, "a password in an address") });
}

fn is_word_for_secret(password: &str) -> bool {
    ["password", "pass", "passwd", "pw", "secret", "wachtwoord", "user", "token", "pwd"]
        .iter()
        .any(|word| password.eq_ignore_ascii_case(word))
        || password.starts_with(['$', '{', '%'])
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn a_password_in_a_url_is_found_with_its_url() {
        finds(
            "credential.connection-string",
            "DATABASE_URL=postgres://app:Zomer7!q@db1.intern:5432/zaken",
            "postgres://app:Zomer7!q@db1.intern:5432/zaken",
        );
        finds(
            "credential.basic-auth-url",
            "curl https://jan:G3heim12@intranet.zeist.nl/api.",
            "https://jan:G3heim12@intranet.zeist.nl/api",
        );
    }

    #[test]
    fn urls_without_a_real_password_are_none() {
        for text in
            ["https://zeist.nl/a@b:c", "postgres://user:password@localhost/db", "https://user@host.nl", "https://${USER}:${PASS}@host.nl"]
        {
            misses("credential", text);
        }
    }
}
