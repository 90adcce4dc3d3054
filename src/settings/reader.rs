//! The tree of `sluis.yaml` with the environment laid over it, and the list of mistakes.
//!
//! A value from the environment has no line; a mistake in it names the variable.

use super::keys::{self, Known};
use super::quantity;
use crate::diagnostic::Diagnostic;
use crate::yaml::{self, Key, Node, Value};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Reads values by the path of their key.
pub(super) struct Reader<'a> {
    file: &'a Path,
    source: &'a str,
    base: &'a Path,
    tree: Node,
    environment: Vec<(String, String)>,
    mistakes: Vec<Diagnostic>,
    /// A table that is none was reported once, not for each of its keys.
    reported: HashSet<String>,
}

impl<'a> Reader<'a> {
    pub fn new(file: &'a Path, source: &'a str, base: &'a Path, environment: Vec<(String, String)>) -> Result<Self, Vec<Diagnostic>> {
        let tree = yaml::parse(file, source).map_err(|mistake| vec![mistake])?;
        let mut reader = Self { file, source, base, tree, environment, mistakes: Vec::new(), reported: HashSet::new() };
        reader.check_names();
        reader.lay_over();
        Ok(reader)
    }

    /// All mistakes, in the order of the file.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        let file = self.file;
        self.mistakes.sort_by_key(|mistake| (mistake.line == 0, mistake.file != file, mistake.line, mistake.column));
        self.mistakes
    }

    /// A mistake in another file that the settings name.
    pub fn elsewhere(&mut self, mistake: Diagnostic) {
        self.mistakes.push(mistake);
    }

    /// A mistake at a node of the key `path`.
    pub fn mistake(&mut self, path: &str, node: &Node, message: impl Into<String>) -> &mut Diagnostic {
        let mistake = if node.line == 0 {
            let name = keys::environment_name(path);
            let text = self.environment.iter().find(|(known, _)| *known == name).map_or(String::new(), |(_, value)| value.clone());
            Diagnostic { text, ..Diagnostic::whole(Path::new(&name), message) }
        } else {
            Diagnostic::at(self.file, self.source, node.line, node.column, message)
        };
        let last = self.mistakes.len();
        self.mistakes.push(mistake);
        &mut self.mistakes[last]
    }

    /// The value at `path`; none where there is none or where it is null.
    pub fn node(&self, path: &str) -> Option<Node> {
        self.raw(path).filter(|node| node.value != Value::Null).cloned()
    }

    /// Whether `path` is there and says null: switched off.
    pub fn is_null(&self, path: &str) -> bool {
        self.raw(path).is_some_and(|node| node.value == Value::Null)
    }

    fn raw(&self, path: &str) -> Option<&Node> {
        path.split('.').try_fold(&self.tree, |node, name| node.get(name))
    }

    pub fn text(&mut self, path: &str) -> Option<(String, Node)> {
        let node = self.node(path)?;
        match node.text().map(str::trim) {
            Some(text) if !text.is_empty() => Some((text.to_owned(), node)),
            _ => {
                let message = format!("'{path}' is to be a text, this is {}", if node.text().is_some() { "empty" } else { node.what() });
                self.mistake(path, &node, message);
                None
            }
        }
    }

    /// A list; a single value counts as a list of one.
    pub fn list(&mut self, path: &str) -> Option<Vec<Node>> {
        let node = self.node(path)?;
        match node.value {
            Value::List(items) => Some(items),
            _ => Some(vec![node]),
        }
    }

    pub fn flag(&mut self, path: &str, default: bool) -> bool {
        match self.text(path) {
            None => default,
            Some((text, node)) => text.parse().unwrap_or_else(|_| {
                self.mistake(path, &node, format!("'{path}' is true or false, this is '{text}'"));
                default
            }),
        }
    }

    /// One of a few names.
    pub fn choice<T: Copy>(&mut self, path: &str, choices: &[(&str, T)], default: T) -> T {
        let Some((text, node)) = self.text(path) else { return default };
        if let Some((_, value)) = choices.iter().find(|(name, _)| *name == text) {
            return *value;
        }
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        self.mistake(path, &node, format!("'{path}' cannot be '{text}'")).suggestion = Some(format!("write {}", names.join(" or ")));
        default
    }

    pub fn size(&mut self, path: &str, default: u64) -> u64 {
        self.quantity(path, default, quantity::size, "a size above zero", "such as 32 MiB or 50_000", |value| *value > 0)
    }

    pub fn duration(&mut self, path: &str, default: Duration) -> Duration {
        self.quantity(path, default, quantity::duration, "a time span above zero", "such as 10s, 5m or 400d", |value| !value.is_zero())
    }

    pub fn count(&mut self, path: &str, default: usize) -> usize {
        let read = |text: &str| quantity::count(text).and_then(|number| usize::try_from(number).ok());
        self.quantity(path, default, read, "a whole number above zero", "such as 50_000", |value| *value > 0)
    }

    fn quantity<T>(
        &mut self,
        path: &str,
        default: T,
        read: impl Fn(&str) -> Option<T>,
        what: &str,
        example: &str,
        fine: impl Fn(&T) -> bool,
    ) -> T {
        let Some((text, node)) = self.text(path) else { return default };
        read(&text).filter(|value| fine(value)).unwrap_or_else(|| {
            self.mistake(path, &node, format!("'{path}' is to be {what}, this is '{text}'")).suggestion =
                Some(format!("write it {example}"));
            default
        })
    }

    /// A path, relative to the settings file.
    pub fn resolve(&self, path: &str) -> PathBuf {
        // `join` keeps an absolute path as it is; a leading `./` is taken out for the sake of messages.
        let path = Path::new(path);
        self.base.join(path.strip_prefix(".").unwrap_or(path))
    }

    /// A file that must be there.
    pub fn file(&mut self, path: &str, text: &str, node: &Node) -> PathBuf {
        let found = self.resolve(text);
        if !found.is_file() {
            self.mistake(path, node, format!("there is no file {}", found.display())).suggestion =
                Some("relative paths are relative to the settings file".into());
        }
        found
    }

    /// Every name in the file is known; every table is one.
    fn check_names(&mut self) {
        let tree = std::mem::replace(&mut self.tree, Node { value: Value::Null, line: 1, column: 1 });
        match &tree.value {
            Value::Null => {}
            Value::Map(entries) => self.check_table("", entries),
            _ => {
                self.mistake("", &tree, format!("settings are a table of keys and values, this is {}", tree.what()));
            }
        }
        self.tree = tree;
    }

    fn check_table(&mut self, table: &str, entries: &[(Key, Node)]) {
        for (key, node) in entries {
            let path = if table.is_empty() { key.name.clone() } else { format!("{table}.{}", key.name) };
            let place = Node { value: Value::Null, line: key.line, column: key.column };
            match (keys::known(&path), &node.value) {
                (Known::Key, _) | (Known::Table, Value::Null) => {}
                (Known::Table, Value::Map(inner)) => self.check_table(&path, inner),
                (Known::Table, _) => {
                    if self.reported.insert(path.clone()) {
                        self.mistake(&path, node, format!("'{path}' is a table of keys and values, this is {}", node.what()));
                    }
                }
                (Known::Later(_), Value::Null) => {}
                (Known::Later(remedy), _) => {
                    self.mistake(&path, &place, format!("'{path}' is not available in this version")).suggestion = Some(remedy.to_owned());
                }
                (Known::No, _) => {
                    self.mistake(&path, &place, format!("unknown key '{path}'")).suggestion = Some(keys::remedy(table, &key.name));
                }
            }
        }
    }

    /// Puts the values of `SLUIS_*` in the tree.
    fn lay_over(&mut self) {
        for path in keys::names() {
            let name = keys::environment_name(path);
            let Some((_, value)) = self.environment.iter().find(|(known, _)| *known == name).cloned() else { continue };
            match from_environment(path, &value) {
                Ok(Some(node)) => put(&mut self.tree, path, node),
                Ok(None) => {}
                Err(message) => {
                    self.mistakes.push(Diagnostic { text: value, ..Diagnostic::whole(Path::new(&name), message) });
                }
            }
        }
        let misspelt: Vec<(String, String)> = self.environment.iter().filter_map(|(name, _)| Some((name.clone(), near(name)?))).collect();
        for (name, known) in misspelt {
            self.mistakes.push(Diagnostic::whole(Path::new(&name), "unknown setting").suggest(format!("did you mean '{known}'?")));
        }
    }
}

/// The variable that `name` is a slip of the finger away from. Names that are far from all are left alone: orchestrators make `SLUIS_*`
/// variables of their own for a service of that name.
fn near(name: &str) -> Option<String> {
    let known: Vec<String> = keys::names().map(keys::environment_name).collect();
    if known.iter().any(|key| key == name) {
        return None;
    }
    known.into_iter().find(|key| strsim::osa_distance(name, key) <= 2 && key.len() > "SLUIS_".len() + 4)
}

/// A value as the environment writes it: YAML where it starts as a list or table, `null` for nothing, several values parted by commas where
/// the key takes a list, else the text itself. An empty variable is one that is not set.
fn from_environment(path: &str, value: &str) -> Result<Option<Node>, String> {
    let text = value.trim();
    let node = |value: Value| Node { value, line: 0, column: 0 };
    if text.is_empty() {
        return Ok(None);
    }
    if text.starts_with(['[', '{', '"', '\'']) || text == "null" {
        return match yaml::parse(Path::new(""), text) {
            Ok(tree) => Ok(Some(tree.without_place())),
            Err(mistake) => Err(format!("it is not readable as YAML: {}", mistake.message)),
        };
    }
    let takes_list = matches!(
        path,
        "listen.explicit" | "listen.transparent" | "upstream.trust" | "upstream.allow-private" | "upstream.prefer" | "identity"
    );
    if takes_list && text.contains(',') {
        let items = text.split(',').map(|item| node(Value::Text(item.trim().to_owned()))).collect();
        return Ok(Some(node(Value::List(items))));
    }
    Ok(Some(node(Value::Text(text.to_owned()))))
}

/// Sets the value at `path`, making the tables on the way.
fn put(tree: &mut Node, path: &str, value: Node) {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    if !matches!(tree.value, Value::Map(_)) {
        tree.value = Value::Map(Vec::new());
    }
    let Value::Map(entries) = &mut tree.value else { return };
    let place = entries.iter().position(|(key, _)| key.name == name).unwrap_or_else(|| {
        entries.push((Key { name: name.to_owned(), line: 0, column: 0 }, Node { value: Value::Null, line: 0, column: 0 }));
        entries.len() - 1
    });
    let Some((_, inner)) = entries.get_mut(place) else { return };
    match rest {
        Some(rest) => put(inner, rest, value),
        None => *inner = value,
    }
}
