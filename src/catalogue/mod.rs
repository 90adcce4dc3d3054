//! Which tool: host and path give a catalogue entry, or none. The data is `policies/catalogue/*.yaml`, embedded in the binary.
//!
//! An organisation's own `catalogue/*.yaml` beside its policy adds to it and goes before it. Lookups run on every request: one walk down a
//! tree of labels, then path prefixes; no allocation, no regular expression, no panic on any text. See `docs/catalogue.md`.

mod embedded;
mod index;
mod language;
mod pattern;

pub use language::CATEGORIES;

use crate::diagnostic::Diagnostic;
use index::{Index, Target};
use language::Entry;
use serde::Serialize;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How AI stands in the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The host is an AI service.
    Generative,
    /// AI inside another product, or a host that also carries ordinary traffic.
    Embedded,
    /// The organisation's own AI.
    Own,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Generative, Self::Embedded, Self::Own];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Generative => "generative",
            Self::Embedded => "embedded",
            Self::Own => "own",
        }
    }
}

/// One known AI tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tool {
    /// Contract id, such as `chatgpt` or `openai-api`.
    pub id: String,
    pub name: String,
    pub vendor: String,
    /// ISO 3166-1 alpha-2 code of the vendor's head office, `?` where unknown.
    pub country: String,
    /// One of [`CATEGORIES`].
    pub category: String,
    pub kind: Kind,
    /// Suffixes (`x.com` covers `*.x.com`), `host/path` where only the path is AI, `*` for one label, `host/(ai)` for paths with a word for AI.
    pub hosts: Vec<String>,
    /// Hosts inside `hosts` that are none of this tool's, such as model downloads; tunnelled unread.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
    /// Whether prompts train models by default (`yes`, `no`, `opt-out`, `opt-in`, per plan where known); none where unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub training: Option<String>,
    /// No host of this entry was seen in a public list: check before relying on it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unverified: bool,
    /// There is nothing to read on the wire (made on the server, end-to-end encrypted, pinned certificate): known, never intercepted.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub tunnel: bool,
}

/// Shared handle of a tool.
pub type ToolRef = Arc<Tool>;

/// What the catalogue says about a host before a path is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnHost {
    /// Nothing to read: tunnel it.
    None,
    /// All of it belongs to a tool.
    Whole,
    /// Only some paths belong to a tool: intercept, and let the other requests pass unread.
    Paths,
}

/// The known AI tools.
#[derive(Debug)]
pub struct Catalogue {
    tools: Vec<ToolRef>,
    by_id: HashMap<String, usize>,
    index: Index,
}

impl Catalogue {
    /// The catalogue that ships with the binary.
    pub fn embedded() -> Result<Arc<Self>, Vec<Diagnostic>> {
        Self::of(Vec::new(), Vec::new())
    }

    /// The shipped catalogue with the files of `<policies>/catalogue/*.yaml` laid over it; `policies` is the policy folder. A missing folder is
    /// the shipped catalogue. An own entry with a shipped id replaces it; a host that both name belongs to the own entry.
    pub fn with_folder(policies: &Path) -> Result<Arc<Self>, Vec<Diagnostic>> {
        let folder = policies.join("catalogue");
        let mut mistakes = Vec::new();
        let mut own = Vec::new();
        match files(&folder) {
            Ok(paths) => {
                for path in paths {
                    match std::fs::read_to_string(&path) {
                        Ok(text) => own.extend(language::read(&path, text, &mut mistakes)),
                        Err(error) => mistakes.push(Diagnostic::whole(&path, format!("it cannot be read: {error}"))),
                    }
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => mistakes.push(Diagnostic::whole(&folder, format!("the folder cannot be read: {error}"))),
        }
        Self::of(own, mistakes)
    }

    fn of(own: Vec<Entry>, mut mistakes: Vec<Diagnostic>) -> Result<Arc<Self>, Vec<Diagnostic>> {
        let shipped =
            embedded::FILES.iter().flat_map(|(name, text)| language::read(Path::new(name), (*text).to_owned(), &mut mistakes)).collect();
        let entries = language::merge(shipped, own, &mut mistakes);
        if !mistakes.is_empty() {
            mistakes.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
            return Err(mistakes);
        }
        Ok(Arc::new(Self::build(entries)))
    }

    fn build(entries: Vec<Entry>) -> Self {
        let mut catalogue = Self { tools: Vec::with_capacity(entries.len()), by_id: HashMap::new(), index: Index::new() };
        for (number, entry) in entries.into_iter().enumerate() {
            let target = if entry.tool.tunnel { Target::Tunnelled(number) } else { Target::Tool(number) };
            for (pattern, _) in entry.hosts {
                catalogue.index.add(pattern, target);
            }
            for (pattern, _) in entry.except {
                catalogue.index.add(pattern, Target::Excepted);
            }
            catalogue.by_id.insert(entry.tool.id.clone(), number);
            catalogue.tools.push(Arc::new(entry.tool));
        }
        catalogue
    }

    /// The tool of a request: the most specific host that fits, then the longest path on it. `host` without port; `path` with or without query.
    pub fn lookup(&self, host: &str, path: &str) -> Option<&ToolRef> {
        self.tools.get(self.index.lookup(host, path)?)
    }

    /// Whether connections to this host are to be intercepted.
    pub fn on_host(&self, host: &str) -> OnHost {
        self.index.on_host(host)
    }

    /// Every tool that has the host or some path of it, the most specific first.
    pub fn tools_on(&self, host: &str) -> Vec<&ToolRef> {
        self.index.tools_on(host).into_iter().rev().filter_map(|number| self.tools.get(number)).collect()
    }

    pub fn by_id(&self, id: &str) -> Option<&ToolRef> {
        self.tools.get(*self.by_id.get(id)?)
    }

    /// All tools, in the order of the files.
    pub fn tools(&self) -> &[ToolRef] {
        &self.tools
    }

    /// The categories that have tools, in the order of [`CATEGORIES`].
    pub fn categories(&self) -> Vec<&'static str> {
        CATEGORIES.into_iter().filter(|category| self.tools.iter().any(|tool| tool.category == *category)).collect()
    }
}

/// The YAML files of a folder, by name.
fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests;
