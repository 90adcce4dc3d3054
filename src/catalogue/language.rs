//! `policies/catalogue/*.yaml` read into entries: every mistake with its place and a remedy.
//!
//! Takes the text of a file, gives its [`Entry`]s and adds to the list of mistakes; one mistake does not hide the next. What is checked
//! across files (duplicates, one layer over another) stands in [`merge`].

use super::pattern::Pattern;
use super::{Kind, Tool};
use crate::diagnostic::{Diagnostic, nearest};
use crate::yaml::{self, Node, Value};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The categories of the catalogue; the policy's `category:` knows the same.
pub const CATEGORIES: [&str; 16] = [
    "chat",
    "search",
    "companion",
    "data",
    "api",
    "platform",
    "agent",
    "code",
    "image",
    "video",
    "audio",
    "translation",
    "writing",
    "meeting-notes",
    "presentation",
    "embedded",
];

const KEYS: [&str; 11] = ["id", "name", "vendor", "country", "category", "kind", "hosts", "except", "training", "unverified", "tunnel"];

/// A file of the catalogue.
pub(super) struct Source {
    pub path: PathBuf,
    pub text: String,
}

/// One tool as written, with the places that later mistakes point at.
pub(super) struct Entry {
    pub tool: Tool,
    pub id: Place,
    pub hosts: Vec<(Pattern, Place)>,
    pub except: Vec<(Pattern, Place)>,
}

/// Where something stands.
#[derive(Clone)]
pub(super) struct Place {
    pub source: Arc<Source>,
    pub line: usize,
    pub column: usize,
}

impl Place {
    fn at(source: &Arc<Source>, node: &Node) -> Self {
        Self { source: source.clone(), line: node.line, column: node.column }
    }

    fn mistake(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::at(&self.source.path, &self.source.text, self.line, self.column, message)
    }

    /// `file:line`, for a sentence that names the other place.
    fn short(&self) -> String {
        format!("{}:{}", self.source.path.display(), self.line)
    }
}

/// Reads one file.
pub(super) fn read(path: &Path, text: String, mistakes: &mut Vec<Diagnostic>) -> Vec<Entry> {
    let source = Arc::new(Source { path: path.into(), text });
    let tree = match yaml::parse(path, &source.text) {
        Ok(tree) => tree,
        Err(mistake) => {
            mistakes.push(mistake);
            return Vec::new();
        }
    };
    match &tree.value {
        Value::Null => Vec::new(),
        Value::List(items) => items.iter().filter_map(|item| entry(&source, item, mistakes)).collect(),
        _ => {
            let mistake = Place::at(&source, &tree).mistake(format!("a catalogue file is a list of tools, this is {}", tree.what()));
            mistakes.push(mistake.suggest("start each tool with '- id: '"));
            Vec::new()
        }
    }
}

fn entry(source: &Arc<Source>, item: &Node, mistakes: &mut Vec<Diagnostic>) -> Option<Entry> {
    let Value::Map(fields) = &item.value else {
        mistakes.push(
            Place::at(source, item)
                .mistake(format!("a tool is a table of keys and values, this is {}", item.what()))
                .suggest("start each tool with '- id: '"),
        );
        return None;
    };
    let before = mistakes.len();
    for (key, _) in fields {
        if !KEYS.contains(&key.name.as_str()) {
            let place = Place { source: source.clone(), line: key.line, column: key.column };
            let remedy = nearest(&key.name, KEYS)
                .map_or_else(|| format!("known keys: {}", KEYS.join(", ")), |name| format!("did you mean '{name}'?"));
            mistakes.push(place.mistake(format!("unknown key '{}'", key.name)).suggest(remedy));
        }
    }
    let mut fields = Fields { source, item, mistakes };
    let id = fields.required("id");
    let name = fields.required("name");
    let category = fields.required("category");
    let hosts = fields.patterns("hosts");
    let except = fields.patterns("except");
    let vendor = fields.text("vendor");
    let country = fields.text("country");
    let training = fields.text("training");
    let kind = fields.kind();
    let unverified = fields.flag("unverified");
    let tunnel = fields.flag("tunnel");
    if let Some((id, node)) = &id
        && (id.is_empty() || !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'))
    {
        fields.mistake(node, format!("id '{id}' has characters other than a-z, 0-9 and -"), None);
    }
    if let Some((category, node)) = &category
        && !CATEGORIES.contains(&category.as_str())
    {
        let remedy = nearest(category, CATEGORIES)
            .map_or_else(|| format!("known categories: {}", CATEGORIES.join(", ")), |name| format!("did you mean '{name}'?"));
        fields.mistake(node, format!("unknown category '{category}'"), Some(remedy));
    }
    if let Some((country, node)) = &country
        && country != "?"
        && !(country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase()))
    {
        fields.mistake(
            node,
            format!("country '{country}' is not a two-letter code"),
            Some("write an ISO 3166 code such as NL, or \"?\" where it is not known".into()),
        );
    }
    if item.get("hosts").is_none() {
        fields.mistake(item, "this tool has no 'hosts'".into(), Some("add 'hosts: [example.com]'".into()));
    }
    if mistakes.len() > before {
        return None;
    }
    let ((id, node), (name, _), (category, _)) = (id?, name?, category?);
    let place = Place::at(source, node);
    let tool = Tool {
        vendor: vendor.map_or_else(|| name.clone(), |(text, _)| text),
        country: country.map_or_else(|| "?".to_owned(), |(text, _)| text),
        hosts: hosts.iter().map(|(text, ..)| text.clone()).collect(),
        except: except.iter().map(|(text, ..)| text.clone()).collect(),
        training: training.map(|(text, _)| text),
        id,
        name,
        category,
        kind,
        unverified,
        tunnel,
    };
    let places = |patterns: Vec<(String, Pattern, Place)>| patterns.into_iter().map(|(_, pattern, place)| (pattern, place)).collect();
    Some(Entry { tool, id: place, hosts: places(hosts), except: places(except) })
}

/// The fields of one tool.
struct Fields<'a, 'm> {
    source: &'a Arc<Source>,
    item: &'a Node,
    mistakes: &'m mut Vec<Diagnostic>,
}

impl<'a> Fields<'a, '_> {
    fn mistake(&mut self, node: &Node, message: String, remedy: Option<String>) {
        let mut mistake = Place::at(self.source, node).mistake(message);
        mistake.suggestion = remedy;
        self.mistakes.push(mistake);
    }

    fn text(&mut self, name: &str) -> Option<(String, &'a Node)> {
        let node = self.item.get(name)?;
        match &node.value {
            Value::Text(text) if !text.trim().is_empty() => Some((text.trim().to_owned(), node)),
            _ => {
                self.mistake(
                    node,
                    format!("'{name}' is to be a text, this is {}", if node.text().is_some() { "empty" } else { node.what() }),
                    None,
                );
                None
            }
        }
    }

    fn required(&mut self, name: &str) -> Option<(String, &'a Node)> {
        if self.item.get(name).is_none() {
            self.mistake(self.item, format!("this tool has no '{name}'"), Some(format!("add '{name}:'")));
        }
        self.text(name)
    }

    fn flag(&mut self, name: &str) -> bool {
        match self.item.get(name).map(|node| (node.text(), node)) {
            None | Some((Some("false"), _)) => false,
            Some((Some("true"), _)) => true,
            Some((_, node)) => {
                self.mistake(node, format!("'{name}' is true or false"), None);
                false
            }
        }
    }

    fn kind(&mut self) -> Kind {
        match self.text("kind") {
            None => Kind::Generative,
            Some((text, node)) => Kind::ALL.into_iter().find(|kind| kind.as_str() == text).unwrap_or_else(|| {
                let names = Kind::ALL.map(Kind::as_str);
                let remedy = nearest(&text, names)
                    .map_or_else(|| format!("known kinds: {}", names.join(", ")), |name| format!("did you mean '{name}'?"));
                self.mistake(node, format!("unknown kind '{text}'"), Some(remedy));
                Kind::Generative
            }),
        }
    }

    fn patterns(&mut self, name: &str) -> Vec<(String, Pattern, Place)> {
        let Some(node) = self.item.get(name) else { return Vec::new() };
        let items = match &node.value {
            Value::List(items) if !items.is_empty() => items.as_slice(),
            Value::Text(_) => std::slice::from_ref(node),
            _ => {
                self.mistake(
                    node,
                    format!(
                        "'{name}' is to be a list of host names, this is {}",
                        if matches!(node.value, Value::List(_)) { "empty" } else { node.what() }
                    ),
                    None,
                );
                return Vec::new();
            }
        };
        let mut found = Vec::with_capacity(items.len());
        for item in items {
            let Some(text) = item.text() else {
                self.mistake(item, format!("a host is a text, this is {}", item.what()), None);
                continue;
            };
            match Pattern::parse(text) {
                Ok(pattern) => found.push((text.to_owned(), pattern, Place::at(self.source, item))),
                Err((message, remedy)) => self.mistake(item, message, remedy),
            }
        }
        found
    }
}

/// Lays the organisation's own entries over the shipped ones: an entry with the same id replaces the shipped one, and a host that both name
/// belongs to the own entry. Within one layer an id or a host that stands twice is a mistake that names both places.
pub(super) fn merge(shipped: Vec<Entry>, own: Vec<Entry>, mistakes: &mut Vec<Diagnostic>) -> Vec<Entry> {
    duplicates(&shipped, mistakes);
    duplicates(&own, mistakes);
    let mut merged: Vec<Entry> = Vec::with_capacity(shipped.len() + own.len());
    let mut replacing: HashMap<String, Entry> = HashMap::new();
    let mut order: Vec<String> = Vec::new();
    let mut taken: Vec<String> = Vec::new();
    for entry in own {
        taken.extend(entry.tool.hosts.iter().chain(&entry.tool.except).map(|host| host.to_lowercase()));
        order.push(entry.tool.id.clone());
        replacing.entry(entry.tool.id.clone()).or_insert(entry);
    }
    for mut entry in shipped {
        if let Some(mine) = replacing.remove(&entry.tool.id) {
            merged.push(mine);
            continue;
        }
        for (patterns, texts) in [(&mut entry.hosts, &mut entry.tool.hosts), (&mut entry.except, &mut entry.tool.except)] {
            let keep: Vec<bool> = texts.iter().map(|text| !taken.contains(&text.to_lowercase())).collect();
            let mut flags = keep.iter();
            patterns.retain(|_| flags.next().copied().unwrap_or(true));
            let mut flags = keep.iter();
            texts.retain(|_| flags.next().copied().unwrap_or(true));
        }
        merged.push(entry);
    }
    merged.extend(order.into_iter().filter_map(|id| replacing.remove(&id)));
    merged
}

fn duplicates(entries: &[Entry], mistakes: &mut Vec<Diagnostic>) {
    let mut ids: HashMap<&str, &Place> = HashMap::new();
    let mut hosts: HashMap<String, (&str, &Place)> = HashMap::new();
    for entry in entries {
        let id = entry.tool.id.as_str();
        if let Some(first) = ids.insert(id, &entry.id) {
            mistakes.push(
                entry
                    .id
                    .mistake(format!("the id '{id}' stands twice: first at {}", first.short()))
                    .suggest("give one of them another id, or take it out"),
            );
        }
        let all = entry.tool.hosts.iter().zip(&entry.hosts).chain(entry.tool.except.iter().zip(&entry.except));
        for (text, (_, place)) in all {
            if let Some((other, first)) = hosts.insert(text.to_lowercase(), (id, place)) {
                mistakes.push(
                    place
                        .mistake(format!("the host '{text}' stands twice: first at {}, for '{other}'", first.short()))
                        .suggest("leave it with one tool, or name a path of it"),
                );
            }
        }
    }
}
