//! The table of contents of `sluis.yaml`: every key there is, and every key there will be.

use crate::diagnostic::nearest;

/// Keys with a value of their own, as a path of names. Order and names are those of `docs/settings.md`.
const KEYS: &[&str] = &[
    "data-dir",
    "policies",
    "node",
    "listen.explicit",
    "listen.transparent",
    "listen.console",
    "listen.metrics",
    "ca.certificate",
    "ca.key",
    "upstream.trust",
    "upstream.resolve",
    "upstream.allow-private",
    "upstream.proxy",
    "upstream.prefer",
    "identity",
    "store.url",
    "store.when-down",
    "audit.durability",
    "privacy.pseudonyms",
    "privacy.content",
    "limits.inspect",
    "limits.memory",
    "limits.connections",
    "limits.header-timeout",
    "limits.idle",
];

/// Keys of the product that this version does not implement, each with what to do instead. Naming one is a mistake, not silence.
const LATER: &[(&str, &str)] = &[
    ("directory", "leave it out: groups come from 'identity' sources"),
    ("export", "leave it out, and read the events from the audit log in the data folder"),
    ("audit.seal", "leave it out: the hash chain is kept without it"),
    ("privacy.retention", "leave it out, and remove old events by hand until then"),
];

/// What stands at a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// A key with a value.
    Key,
    /// A table that holds keys.
    Table,
    /// Not implemented yet; what to do instead.
    Later(&'static str),
    No,
}

/// What `path` (names joined by dots) is.
pub(super) fn known(path: &str) -> Known {
    if KEYS.contains(&path) {
        Known::Key
    } else if let Some((_, remedy)) = LATER.iter().find(|(name, _)| *name == path) {
        Known::Later(remedy)
    } else if KEYS.iter().any(|key| key.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'))) {
        Known::Table
    } else {
        Known::No
    }
}

/// All keys, as paths.
pub fn names() -> impl Iterator<Item = &'static str> {
    KEYS.iter().copied()
}

/// The remedy for a name that is not known in the table `table` (empty: the top).
pub(super) fn remedy(table: &str, name: &str) -> String {
    let prefix = if table.is_empty() { String::new() } else { format!("{table}.") };
    let mut beside: Vec<&str> = KEYS
        .iter()
        .chain(LATER.iter().map(|(name, _)| name))
        .filter_map(|key| key.strip_prefix(prefix.as_str()))
        .map(|rest| rest.split('.').next().unwrap_or(rest))
        .collect();
    beside.dedup();
    if let Some(near) = nearest(&name.to_lowercase().replace('_', "-"), beside.iter().copied()) {
        return format!("did you mean '{near}'?");
    }
    // The right name in the wrong table.
    if let Some(elsewhere) = KEYS.iter().find(|key| key.rsplit('.').next() == Some(name)) {
        return format!("did you mean '{elsewhere}'?");
    }
    format!("known here: {}", beside.join(", "))
}

/// The environment variable that overrides the key `path`: `SLUIS_` and the path in capitals, dots and dashes as underscores.
pub fn environment_name(path: &str) -> String {
    format!("SLUIS_{}", path.to_uppercase().replace(['.', '-'], "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_keys_share_an_environment_variable() {
        let names: std::collections::BTreeSet<String> = names().map(environment_name).collect();
        assert_eq!(names.len(), KEYS.len());
    }

    #[test]
    fn a_wrong_name_gets_the_nearest_or_the_right_table() {
        assert_eq!(remedy("", "listne"), "did you mean 'listen'?");
        assert_eq!(remedy("limits", "header_timeout"), "did you mean 'header-timeout'?");
        assert_eq!(remedy("", "console"), "did you mean 'listen.console'?");
        assert_eq!(remedy("store", "zzz"), "known here: url, when-down");
    }
}
