//! `sluis.yaml` and `SLUIS_*`, parsed once into plain types.
//!
//! Takes a file (or none), gives [`Settings`] or every mistake with file, line and column. Relative paths are relative to the file. A key that
//! is not known, or that this version does not implement, is a mistake and never silence: what the operator wrote is what happens.
//! See `docs/settings.md`.

mod identity;
mod keys;
mod quantity;
mod reader;
mod sections;

use crate::diagnostic::Diagnostic;
use crate::identity::Source;
use crate::tls::upstream::UpstreamSettings;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use keys::{environment_name, names as key_names};

/// The file that is read where none is named.
const FILE: &str = "sluis.yaml";

/// How Sluis is set up. Every field has a value; defaults stand in `docs/settings.md`.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The file these settings came from; none where defaults and the environment alone decide.
    pub file: Option<PathBuf>,
    /// Where the authority, the audit log, the store and the pseudonym key live.
    pub data_dir: PathBuf,
    /// The policy folder; none for the policy that ships with the binary.
    pub policies: Option<PathBuf>,
    pub listen: Listen,
    /// Certificate and key of the organisation's own (subordinate) authority; none: generated in `data_dir`.
    pub ca: Option<(PathBuf, PathBuf)>,
    /// Origins; `own` holds the addresses of [`Settings::listen`].
    pub upstream: UpstreamSettings,
    /// Who sends: tried in order. Whom none of them knows is told apart by address, as `Anonymous` does.
    pub identity: Vec<Source>,
    pub store: StoreSettings,
    pub audit: AuditSettings,
    pub privacy: Privacy,
    pub limits: Limits,
    /// This node's name in events; the host name where none is set.
    pub node: String,
}

/// Addresses that are listened on; no two of them collide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listen {
    /// Clients that know they have a proxy.
    pub explicit: Vec<SocketAddr>,
    /// Where nftables `REDIRECT` or `TPROXY` delivers.
    pub transparent: Vec<SocketAddr>,
    /// People: dashboard, own-data page, PAC. None: switched off.
    pub console: Option<SocketAddr>,
    /// Machines: `/metrics /healthz /readyz`. None: switched off.
    pub metrics: Option<SocketAddr>,
}

impl Listen {
    /// All addresses.
    pub fn addresses(&self) -> impl Iterator<Item = SocketAddr> + '_ {
        self.explicit.iter().chain(&self.transparent).chain(&self.console).chain(&self.metrics).copied()
    }
}

/// Where events are kept for the console and reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreSettings {
    /// `sqlite:PATH`, the path resolved against the settings file.
    pub url: String,
    pub when_down: WhenDown,
}

/// What happens to AI traffic while nothing can be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenDown {
    /// Keep events in a bounded spool and go on; refuse once it is full.
    Spool,
    /// Refuse at once.
    Refuse,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditSettings {
    pub durability: Durability,
}

/// What an event survives once it is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// A power cut, save for the last tenth of a second.
    Disk,
    /// A crash of the process.
    Process,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Privacy {
    /// Events hold keyed pseudonyms; false: user names.
    pub pseudonyms: bool,
}

/// Bounds that keep one sender from harming the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one message that are read; above it is unreadable.
    pub inspect: u64,
    /// Bytes that all messages in progress may hold together.
    pub memory: u64,
    /// Open client connections.
    pub connections: usize,
    /// How long a request's header may take.
    pub header_timeout: Duration,
    /// How long a connection may be silent.
    pub idle: Duration,
}

impl Settings {
    /// Reads `file`; without one `./sluis.yaml` where it exists, else defaults. The environment goes before the file.
    pub fn load(file: Option<&Path>) -> Result<Self, Vec<Diagnostic>> {
        let mut odd = Vec::new();
        let mut environment = Vec::new();
        for (name, value) in std::env::vars_os() {
            let Some(name) = name.to_str().filter(|name| name.starts_with("SLUIS_")) else { continue };
            match value.into_string() {
                Ok(value) => environment.push((name.to_owned(), value)),
                Err(_) => odd.push(Diagnostic::whole(Path::new(name), "the value is not UTF-8")),
            }
        }
        if !odd.is_empty() {
            return Err(odd);
        }
        let beside = Path::new(FILE);
        match file {
            None if !beside.exists() => Self::read(None, Path::new("."), "", environment),
            named => {
                let path = named.unwrap_or(beside);
                let text = std::fs::read_to_string(path).map_err(|error| {
                    let mistake = Diagnostic::whole(path, format!("it cannot be read: {error}"));
                    vec![if error.kind() == std::io::ErrorKind::NotFound {
                        mistake.suggest("name the settings file with --config, or leave it out for the defaults")
                    } else {
                        mistake
                    }]
                })?;
                let base = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
                Self::read(Some(path), base, &text, environment)
            }
        }
    }

    /// Reads settings from text; `base` is what relative paths are relative to. For tests and for editors.
    pub fn read(file: Option<&Path>, base: &Path, text: &str, environment: Vec<(String, String)>) -> Result<Self, Vec<Diagnostic>> {
        let mut reader = reader::Reader::new(file.unwrap_or(Path::new(FILE)), text, base, environment)?;
        let settings = sections::settings(&mut reader, file);
        match reader.finish() {
            mistakes if mistakes.is_empty() => Ok(settings),
            mistakes => Err(mistakes),
        }
    }
}

#[cfg(test)]
mod tests;
