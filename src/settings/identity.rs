//! `identity:` turned into sources that can be asked, and the file of addresses that it names.
//!
//! A source that anyone could abuse (`forwarded` without `from`) or that would never be asked is a mistake.

use super::reader::Reader;
use super::sections::network;
use crate::diagnostic::{Diagnostic, nearest};
use crate::identity::{Known, Source};
use crate::yaml::{self, Key, Node, Value};
use http::HeaderName;
use ipnet::IpNet;
use std::net::IpAddr;
use std::path::Path;

const PATH: &str = "identity";
/// What this version knows.
const NAMES: [&str; 3] = ["anonymous", "forwarded", "addresses"];
/// What a later one will.
const LATER: [&str; 4] = ["kerberos", "basic", "ldap", "oidc"];
/// Where proxies name the user unless `header` says otherwise.
const HEADER: &str = "x-forwarded-user";

/// The sources, in their order.
pub(super) fn sources(reader: &mut Reader<'_>) -> Vec<Source> {
    let Some(items) = reader.list(PATH) else { return vec![Source::Anonymous] };
    let nothing = Node { value: Value::Null, line: 0, column: 0 };
    let mut found = Vec::new();
    for item in &items {
        let (name, place, value) = match &item.value {
            Value::Text(text) => (text.as_str(), item.clone(), &nothing),
            Value::Map(entries) if entries.len() == 1 => (entries[0].0.name.as_str(), at(&entries[0].0), &entries[0].1),
            _ => {
                let remedy = "write '- anonymous: {}' or '- forwarded: {from: [10.0.0.5]}'";
                reader.mistake(PATH, item, "each item of 'identity' is one source").suggestion = Some(remedy.into());
                continue;
            }
        };
        if found.iter().any(|source| matches!(source, Source::Anonymous)) {
            let message = format!("'{name}' is never reached: 'anonymous' before it takes everyone");
            reader.mistake(PATH, &place, message).suggestion = Some("put 'anonymous' last".into());
        }
        match name {
            "anonymous" => found.push(Source::Anonymous),
            "forwarded" => found.extend(forwarded(reader, &place, value)),
            "addresses" => match value.text() {
                Some(text) => found.extend(addresses(reader, text, value)),
                None => _ = reader.mistake(PATH, &place, "'addresses' is to name a file"),
            },
            name if LATER.contains(&name) => {
                let message = format!("the identity source '{name}' is not available in this version");
                reader.mistake(PATH, &place, message).suggestion = Some(format!("use one of {}", NAMES.join(", ")));
            }
            name => {
                let remedy = nearest(name, NAMES)
                    .map_or_else(|| format!("known sources: {}", NAMES.join(", ")), |near| format!("did you mean '{near}'?"));
                reader.mistake(PATH, &place, format!("unknown identity source '{name}'")).suggestion = Some(remedy);
            }
        }
    }
    found
}

fn at(key: &Key) -> Node {
    Node { value: Value::Null, line: key.line, column: key.column }
}

/// `{from: [networks], header: X-Forwarded-User, groups: X-Forwarded-Groups}`.
fn forwarded(reader: &mut Reader<'_>, place: &Node, value: &Node) -> Option<Source> {
    const KEYS: [&str; 3] = ["from", "header", "groups"];
    if let Value::Map(entries) = &value.value {
        for (key, _) in entries.iter().filter(|(key, _)| !KEYS.contains(&key.name.as_str())) {
            let remedy = nearest(&key.name, KEYS).map(|near| format!("did you mean '{near}'?"));
            reader.mistake(PATH, &at(key), format!("unknown key '{}' in 'forwarded'", key.name)).suggestion = remedy;
        }
    }
    let items = match value.get("from").map(|node| (&node.value, node)) {
        Some((Value::List(items), _)) => items.clone(),
        Some((Value::Text(_), node)) => vec![node.clone()],
        _ => Vec::new(),
    };
    if items.is_empty() {
        let message = "'forwarded' needs 'from': the addresses of the proxy or VPN that is trusted to name the user";
        reader.mistake(PATH, place, message).suggestion = Some("write {from: [10.0.0.5], header: X-Forwarded-User}".into());
        return None;
    }
    let from: Vec<IpNet> = items.iter().filter_map(|item| network(reader, PATH, item)).collect();
    let header = match value.get("header") {
        Some(node) => header(reader, node)?,
        None => HeaderName::from_static(HEADER),
    };
    let groups = match value.get("groups") {
        Some(node) => Some(header_of_groups(reader, node, &header)?),
        None => None,
    };
    Some(Source::Forwarded { from, header, groups })
}

fn header(reader: &mut Reader<'_>, node: &Node) -> Option<HeaderName> {
    let name = node.text().and_then(|text| HeaderName::from_bytes(text.as_bytes()).ok());
    if name.is_none() {
        reader.mistake(PATH, node, "that is not the name of a header").suggestion = Some("write it such as X-Forwarded-User".into());
    }
    name
}

fn header_of_groups(reader: &mut Reader<'_>, node: &Node, user: &HeaderName) -> Option<HeaderName> {
    let name = header(reader, node)?;
    if name == *user {
        reader.mistake(PATH, node, "user and groups cannot stand in one header").suggestion = Some("name two headers".into());
        return None;
    }
    Some(name)
}

/// The file of addresses: a network or address, and a user's name or `{user:, groups: [], organisation:}`.
fn addresses(reader: &mut Reader<'_>, text: &str, node: &Node) -> Option<Source> {
    let file = reader.resolve(text);
    let source = match std::fs::read_to_string(&file) {
        Ok(source) => source,
        Err(error) => {
            let message = if error.kind() == std::io::ErrorKind::NotFound {
                format!("there is no file {}", file.display())
            } else {
                format!("{} cannot be read: {error}", file.display())
            };
            reader.mistake(PATH, node, message).suggestion = Some("relative paths are relative to the settings file".into());
            return None;
        }
    };
    match known(&file, &source) {
        Ok(known) => Some(Source::Addresses(known)),
        Err(mistakes) => {
            mistakes.into_iter().for_each(|mistake| reader.elsewhere(mistake));
            None
        }
    }
}

fn known(file: &Path, source: &str) -> Result<Vec<(IpNet, Known)>, Vec<Diagnostic>> {
    let tree = yaml::parse(file, source).map_err(|mistake| vec![mistake])?;
    let wrong =
        |line: usize, column: usize, message: String, remedy: &str| Diagnostic::at(file, source, line, column, message).suggest(remedy);
    let entries = match &tree.value {
        Value::Null => return Ok(Vec::new()),
        Value::Map(entries) => entries,
        _ => {
            return Err(vec![wrong(
                tree.line,
                tree.column,
                format!("this file is a table of addresses and users, this is {}", tree.what()),
                "write 10.1.2.3: anna",
            )]);
        }
    };
    let mut found: Vec<(IpNet, Known)> = Vec::new();
    let mut mistakes = Vec::new();
    for (key, value) in entries {
        let net = key.name.parse::<IpNet>().ok().map(|net| net.trunc()).or_else(|| key.name.parse::<IpAddr>().ok().map(IpNet::from));
        match net {
            None => mistakes.push(wrong(
                key.line,
                key.column,
                format!("'{}' is not a network or address", key.name),
                "write 10.1.4.0/24, or 10.1.2.3",
            )),
            Some(net) if found.iter().any(|(other, _)| *other == net) => {
                mistakes.push(wrong(key.line, key.column, format!("the network {net} stands twice"), "leave one of them"))
            }
            Some(net) => match user(value) {
                Ok(known) => found.push((net, known)),
                Err((line, column, message)) => mistakes.push(wrong(line, column, message, "write a name, or {user: anna, groups: [KCC]}")),
            },
        }
    }
    if mistakes.is_empty() { Ok(found) } else { Err(mistakes) }
}

fn user(node: &Node) -> Result<Known, (usize, usize, String)> {
    let wrong = |node: &Node, message: &str| Err((node.line, node.column, message.to_owned()));
    let Value::Map(entries) = &node.value else {
        return match node.text().map(str::trim) {
            Some(name) if !name.is_empty() => Ok(Known { user: name.to_owned(), ..Known::default() }),
            _ => wrong(node, "here is no user"),
        };
    };
    let mut known = Known::default();
    for (key, value) in entries {
        match (key.name.as_str(), &value.value) {
            ("user", Value::Text(text)) => known.user = text.trim().to_owned(),
            ("organisation", Value::Text(text)) => known.organisation = text.trim().to_owned(),
            ("groups", Value::Text(text)) => known.groups = vec![text.clone()],
            ("groups", Value::List(items)) => match items.iter().map(|item| item.text().map(str::to_owned)).collect::<Option<Vec<_>>>() {
                Some(groups) => known.groups = groups,
                None => return wrong(value, "'groups' is a list of names"),
            },
            ("user" | "organisation" | "groups", _) => return wrong(value, &format!("'{}' is to be a text", key.name)),
            (name, _) => return Err((key.line, key.column, format!("unknown key '{name}': known are user, groups and organisation"))),
        }
    }
    if known.user.is_empty() { wrong(node, "here is no user") } else { Ok(known) }
}
