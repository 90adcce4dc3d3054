//! Each section of `sluis.yaml` turned into its type, with its defaults.

use super::identity;
use super::reader::Reader;
use super::{AuditSettings, Durability, Limits, Listen, Privacy, Settings, StoreSettings, WhenDown};
use crate::diagnostic::nearest;
use crate::tls::upstream::UpstreamSettings;
use crate::yaml::{Node, Value};
use ipnet::IpNet;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

pub(super) fn settings(reader: &mut Reader<'_>, file: Option<&Path>) -> Settings {
    let data_dir = reader.text("data-dir").map_or_else(|| "sluis-data".to_owned(), |(text, _)| text);
    let data_dir = reader.resolve(&data_dir);
    let listen = listen(reader);
    let upstream = UpstreamSettings { own: listen.addresses().collect(), ..upstream(reader) };
    reader.choice("privacy.content", &[("never", ())], ());
    Settings {
        file: file.map(Path::to_path_buf),
        policies: policies(reader),
        ca: authority(reader),
        identity: identity::sources(reader),
        store: store(reader, &data_dir),
        audit: AuditSettings {
            durability: reader.choice(
                "audit.durability",
                &[("disk", Durability::Disk), ("process", Durability::Process)],
                Durability::Disk,
            ),
        },
        privacy: Privacy { pseudonyms: reader.flag("privacy.pseudonyms", true) },
        limits: limits(reader),
        node: reader.text("node").map_or_else(host_name, |(text, _)| text),
        data_dir,
        listen,
        upstream,
    }
}

/// The folder that is named; without a name `./policies` where it exists.
fn policies(reader: &mut Reader<'_>) -> Option<PathBuf> {
    let Some((text, node)) = reader.text("policies") else {
        return Some(reader.resolve("policies")).filter(|folder| folder.is_dir() && !reader.is_null("policies"));
    };
    let folder = reader.resolve(&text);
    if !folder.is_dir() {
        reader.mistake("policies", &node, format!("there is no folder {}", folder.display())).suggestion =
            Some("name the policy folder, or leave the key out for the policy that ships with Sluis".into());
    }
    Some(folder)
}

fn authority(reader: &mut Reader<'_>) -> Option<(PathBuf, PathBuf)> {
    let certificate = reader.text("ca.certificate").map(|(text, node)| (reader.file("ca.certificate", &text, &node), node));
    let key = reader.text("ca.key").map(|(text, node)| (reader.file("ca.key", &text, &node), node));
    match (certificate, key) {
        (Some((certificate, _)), Some((key, _))) => Some((certificate, key)),
        (None, None) => None,
        (Some((_, node)), None) => {
            reader.mistake("ca.certificate", &node, "'ca.certificate' is set and 'ca.key' is not").suggestion =
                Some("set both, or neither".into());
            None
        }
        (None, Some((_, node))) => {
            reader.mistake("ca.key", &node, "'ca.key' is set and 'ca.certificate' is not").suggestion = Some("set both, or neither".into());
            None
        }
    }
}

fn listen(reader: &mut Reader<'_>) -> Listen {
    let loopback = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut taken: Vec<(SocketAddr, &'static str)> = Vec::new();
    let explicit = addresses(reader, "listen.explicit", Some(loopback(8080)), &mut taken);
    let transparent = addresses(reader, "listen.transparent", None, &mut taken);
    let console = addresses(reader, "listen.console", Some(loopback(9080)), &mut taken).into_iter().next();
    let metrics = addresses(reader, "listen.metrics", Some(loopback(9090)), &mut taken).into_iter().next();
    Listen { explicit, transparent, console, metrics }
}

/// The addresses of one key; each is checked against those before it.
fn addresses(
    reader: &mut Reader<'_>,
    path: &'static str,
    default: Option<SocketAddr>,
    taken: &mut Vec<(SocketAddr, &'static str)>,
) -> Vec<SocketAddr> {
    let Some(items) = reader.list(path) else {
        let address = default.filter(|_| !reader.is_null(path));
        if let Some((other, address)) =
            address.and_then(|address| Some((taken.iter().find(|(known, _)| collide(*known, address))?.1, address)))
        {
            // The default of a key that nobody wrote; the mistake stands at the key that took it.
            if let Some(node) = reader.node(other) {
                reader
                    .mistake(other, &node, format!("'{other}' takes the address {address}, which is the default of '{path}'"))
                    .suggestion = Some(format!("give '{path}' another port, or null to switch it off"));
            }
        }
        taken.extend(address.map(|address| (address, path)));
        return address.into_iter().collect();
    };
    let single = matches!(path, "listen.console" | "listen.metrics");
    if single && items.len() > 1 {
        reader.mistake(path, &items[1], format!("'{path}' is one address"));
    }
    let mut found = Vec::new();
    for item in &items {
        let Some(address) = address(reader, path, item, single) else { continue };
        if let Some((known, other)) = taken.iter().find(|(known, _)| collide(*known, address)) {
            let message = format!("{address} is taken: '{other}' listens on {known}");
            reader.mistake(path, item, message).suggestion = Some("give one of them another port".into());
            continue;
        }
        taken.push((address, path));
        found.push(address);
    }
    found
}

/// `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`, or `{address: ...}`.
fn address(reader: &mut Reader<'_>, path: &str, item: &Node, single: bool) -> Option<SocketAddr> {
    let node = match &item.value {
        Value::Map(entries) if !single => {
            for (key, value) in entries {
                let place = Node { value: Value::Null, line: key.line, column: key.column };
                match key.name.as_str() {
                    "address" => {}
                    "proxy-protocol" | "tls" if value.text() == Some("false") => {}
                    "proxy-protocol" | "tls" => {
                        reader.mistake(path, &place, format!("'{}' on a listener is not available in this version", key.name)).suggestion =
                            Some("leave it out".into());
                    }
                    name => {
                        let remedy = nearest(name, ["address", "proxy-protocol", "tls"]).map(|near| format!("did you mean '{near}'?"));
                        reader.mistake(path, &place, format!("unknown key '{name}' in '{path}'")).suggestion = remedy;
                    }
                }
            }
            match item.get("address") {
                Some(node) => node,
                None => {
                    reader.mistake(path, item, "this listener has no 'address'").suggestion =
                        Some("write {address: \"127.0.0.1:8080\"}".into());
                    return None;
                }
            }
        }
        _ => item,
    };
    let text = node.text().unwrap_or("").trim();
    let local = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    let parsed = local.as_deref().unwrap_or(text).parse().ok();
    if parsed.is_none() {
        let shown = node.text().map_or_else(|| node.what().to_owned(), |text| format!("'{text}'"));
        let remedy = match text.strip_prefix(':').unwrap_or(text).parse::<u16>() {
            Ok(port) => format!("write \"127.0.0.1:{port}\" for this machine alone, or \"0.0.0.0:{port}\" for the network"),
            Err(_) => "write address and port, such as \"127.0.0.1:8080\" or \"[::1]:8080\"".to_owned(),
        };
        reader.mistake(path, node, format!("'{path}' is to be an address with a port, this is {shown}")).suggestion = Some(remedy);
    }
    parsed
}

/// Whether two listeners cannot both be there. Port 0 is any free port.
fn collide(a: SocketAddr, b: SocketAddr) -> bool {
    a.port() != 0 && a.port() == b.port() && (a.ip() == b.ip() || a.ip().is_unspecified() || b.ip().is_unspecified())
}

fn upstream(reader: &mut Reader<'_>) -> UpstreamSettings {
    let mut settings = UpstreamSettings { trust_system: true, h2: true, ..UpstreamSettings::default() };
    if let Some(items) = reader.list("upstream.trust") {
        settings.trust_system = false;
        for item in items {
            match item.text() {
                Some("system") => settings.trust_system = true,
                Some(text) => {
                    let file = reader.file("upstream.trust", text, &item);
                    settings.trust_files.push(file);
                }
                None => {
                    _ = reader.mistake(
                        "upstream.trust",
                        &item,
                        format!("'upstream.trust' is a list of 'system' and PEM files, this is {}", item.what()),
                    )
                }
            }
        }
        if !settings.trust_system && settings.trust_files.is_empty() {
            // Never an empty trust store in silence: origins would all fail.
            let node = reader.node("upstream.trust").unwrap_or(Node { value: Value::Null, line: 0, column: 0 });
            reader.mistake("upstream.trust", &node, "'upstream.trust' trusts nobody, so no origin could be reached").suggestion =
                Some("write [system]".into());
        }
    }
    settings.resolve = resolve(reader);
    settings.allow_private = networks(reader, "upstream.allow-private");
    settings.proxy = parent(reader);
    if let Some(items) = reader.list("upstream.prefer") {
        settings.h2 = false;
        for item in items {
            match item.text() {
                Some("h2") => settings.h2 = true,
                Some("http/1.1") => {}
                _ => _ = reader.mistake("upstream.prefer", &item, "'upstream.prefer' is a list of h2 and http/1.1"),
            }
        }
    }
    settings
}

/// `host: address` or `host: address:port`.
fn resolve(reader: &mut Reader<'_>) -> HashMap<String, (IpAddr, Option<u16>)> {
    const PATH: &str = "upstream.resolve";
    let Some(node) = reader.node(PATH) else { return HashMap::new() };
    let Value::Map(entries) = &node.value else {
        reader.mistake(PATH, &node, format!("'{PATH}' is a table of host names and addresses, this is {}", node.what())).suggestion =
            Some("write {chat.example: \"127.0.0.1:9443\"}".into());
        return HashMap::new();
    };
    let mut found = HashMap::new();
    for (key, value) in entries {
        let text = value.text().unwrap_or("").trim();
        let bare = text.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok().map(|ip| (ip, None));
        let target = bare.or_else(|| text.parse::<SocketAddr>().ok().map(|address| (address.ip(), Some(address.port()))));
        match target {
            Some(target) => _ = found.insert(key.name.trim_end_matches('.').to_ascii_lowercase(), target),
            None => {
                reader
                    .mistake(PATH, value, format!("the address of '{}' is to be an IP address, with or without a port", key.name))
                    .suggestion = Some("write it such as \"127.0.0.1:9443\"".into());
            }
        }
    }
    found
}

/// A list of networks (`10.0.0.0/8`) and single addresses.
fn networks(reader: &mut Reader<'_>, path: &str) -> Vec<IpNet> {
    let items = reader.list(path).unwrap_or_default();
    items.iter().filter_map(|item| network(reader, path, item)).collect()
}

pub(super) fn network(reader: &mut Reader<'_>, path: &str, item: &Node) -> Option<IpNet> {
    let text = item.text().unwrap_or("").trim();
    let found = text.parse::<IpNet>().ok().map(|net| net.trunc()).or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
    if found.is_none() {
        let shown = item.text().map_or_else(|| item.what().to_owned(), |text| format!("'{text}'"));
        reader.mistake(path, item, format!("'{path}' is a list of networks and addresses, this is {shown}")).suggestion =
            Some("write 10.0.0.0/8, or 10.1.2.3".into());
    }
    found
}

/// The parent proxy, `host:port`; `http://` before it is allowed for.
fn parent(reader: &mut Reader<'_>) -> Option<String> {
    const PATH: &str = "upstream.proxy";
    let (text, node) = reader.text(PATH)?;
    let bare = text.strip_prefix("http://").unwrap_or(&text).trim_end_matches('/');
    let fine = bare.rsplit_once(':').is_some_and(|(host, port)| {
        !host.is_empty()
            && !host.contains(['/', '@', ' '])
            && (!host.contains(':') || host.starts_with('['))
            && port.parse::<u16>().is_ok_and(|port| port > 0)
    });
    if fine {
        return Some(bare.to_owned());
    }
    let secret = text.contains('@');
    let message = if secret {
        "a parent proxy that asks for a password is not available in this version"
    } else {
        "'upstream.proxy' is to be a host and a port"
    };
    let mistake = reader.mistake(PATH, &node, message);
    mistake.suggestion = Some("write it such as proxy.example:3128".into());
    if secret {
        // Mistakes go to logs, passwords do not.
        mistake.text.clear();
    }
    None
}

fn store(reader: &mut Reader<'_>, data_dir: &Path) -> StoreSettings {
    let when_down = reader.choice("store.when-down", &[("spool", WhenDown::Spool), ("refuse", WhenDown::Refuse)], WhenDown::Spool);
    let default = format!("sqlite:{}", data_dir.join("sluis.db").display());
    let Some((text, node)) = reader.text("store.url") else { return StoreSettings { url: default, when_down } };
    let path = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:"));
    let url = match path {
        Some(":memory:") => text.clone(),
        Some(path) if !path.is_empty() => format!("sqlite:{}", reader.resolve(path).display()),
        _ => {
            let message = if text.starts_with("postgres") {
                "a PostgreSQL store is not available in this version".to_owned()
            } else {
                format!("'store.url' cannot be '{text}'")
            };
            reader.mistake("store.url", &node, message).suggestion =
                Some("write sqlite: and a path, such as sqlite:sluis-data/sluis.db".into());
            default
        }
    };
    StoreSettings { url, when_down }
}

fn limits(reader: &mut Reader<'_>) -> Limits {
    let limits = Limits {
        inspect: reader.size("limits.inspect", 32 << 20),
        memory: reader.size("limits.memory", 1 << 30),
        connections: reader.count("limits.connections", 50_000),
        header_timeout: reader.duration("limits.header-timeout", Duration::from_secs(10)),
        idle: reader.duration("limits.idle", Duration::from_secs(300)),
    };
    if limits.inspect > limits.memory {
        let path = if reader.node("limits.inspect").is_some() { "limits.inspect" } else { "limits.memory" };
        if let Some(node) = reader.node(path) {
            reader
                .mistake(
                    path,
                    &node,
                    format!("'limits.inspect' ({} bytes) is above 'limits.memory' ({} bytes)", limits.inspect, limits.memory),
                )
                .suggestion = Some("one message must fit into the memory of all".into());
        }
    }
    limits
}

fn host_name() -> String {
    ["/proc/sys/kernel/hostname", "/etc/hostname"]
        .iter()
        .filter_map(|file| std::fs::read_to_string(file).ok())
        .map(|name| name.trim().to_owned())
        .find(|name| !name.is_empty())
        .unwrap_or_else(|| "sluis".to_owned())
}
