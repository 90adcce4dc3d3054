//! From files to a policy: reads the folder (or the one file, or the embedded example), merges, checks, compiles.
//!
//! The only file of this room that reads from disk, apart from `live`. Gives a whole [`Policy`] or every mistake in it, never half a policy.

use super::node::{self, At, Node, Value};
use super::report::{Report, Source};
use super::{Policy, check, compile, read};
use crate::catalogue::Catalogue;
use crate::diagnostic::Diagnostic;
use crate::index::{self, Dataset, Documents};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// One file of the policy may hold this many bytes, a dictionary sixteen times as much.
const LIMIT: u64 = 4 << 20;

/// The shipped example: its policy files, and the dictionaries they name.
const EMBEDDED: &[(&str, &str)] =
    &[("policy.yaml", include_str!("../../policies/policy.yaml")), ("tests.yaml", include_str!("../../policies/tests.yaml"))];
const EMBEDDED_WORDS: &[(&str, &str)] = &[("dictionaries/projecten.txt", include_str!("../../policies/dictionaries/projecten.txt"))];

/// The files of a policy, read but not understood.
struct Files {
    sources: Vec<Source>,
    /// Where dictionaries and indexes are found; none: among the embedded ones.
    folder: Option<PathBuf>,
}

impl Policy {
    /// Reads a policy folder (every `*.yaml` in it, not below it, not hidden) or a single file.
    pub fn load(dir: &Path, catalogue: &Catalogue) -> Result<Self, Vec<Diagnostic>> {
        build(folder(dir)?, catalogue)
    }

    /// The shipped example, which `sluis run` uses when no other policy is named.
    pub fn embedded(catalogue: &Catalogue) -> Result<Self, Vec<Diagnostic>> {
        let sources = EMBEDDED.iter().map(|(name, text)| Source { path: Path::new("embedded").join(name), text: (*text).to_owned() });
        build(Files { sources: sources.collect(), folder: None }, catalogue)
    }

    /// A policy in one text, for tests and tools; dictionaries come from the embedded ones.
    pub fn from_text(text: &str, catalogue: &Catalogue) -> Result<Self, Vec<Diagnostic>> {
        build(Files { sources: vec![Source { path: "policy.yaml".into(), text: text.to_owned() }], folder: None }, catalogue)
    }
}

fn build(files: Files, catalogue: &Catalogue) -> Result<Policy, Vec<Diagnostic>> {
    let mut hash = Sha256::new();
    for source in &files.sources {
        let name = source.path.file_name().unwrap_or_default().as_encoded_bytes();
        digest(&mut hash, name, source.text.as_bytes());
    }
    let mut report = Report::new(&files.sources);
    let mut root = Node { at: At { file: 0, line: 1, column: 1 }, value: Value::Map(Vec::new()) };
    for (number, source) in files.sources.iter().enumerate() {
        let Some(tree) = node::parse(number, &source.text, &mut report) else { continue };
        match (&mut root.value, tree.value) {
            (Value::Map(entries), Value::Map(more)) => node::merge(entries, more, "", &mut report),
            _ if source.text.trim().is_empty() => {}
            (_, value) => {
                let what = Node { at: tree.at, value };
                report.error(what.at, format!("a policy file must be a mapping (key: value), not {}", what.what()));
            }
        }
    }
    let language = read::read(&root, &mut report);
    let mut beside = Beside { folder: files.folder.as_deref(), hash: &mut hash };
    let own = check::check(&language, catalogue, &mut beside, &mut report);
    let notes = report.take_notes();
    if !report.is_empty() {
        return Err(report.finish());
    }
    let plan = crate::detect::Plan::new(&own).map_err(|error| {
        let text = error.to_string();
        let at = language.data.detectors.iter().find(|own| text.contains(&own.id.value)).map_or(At::default(), |own| own.id.at);
        let mut report = Report::new(&files.sources);
        report.error(at, text);
        report.finish()
    })?;
    let items = language.data.lists.iter().flat_map(|(_, items)| items);
    let plan = plan.with_labels(items.filter_map(|item| match &item.value {
        super::language::Item::Label(name) => Some(name.as_str()),
        _ => None,
    }));
    let version = hex::encode(hash.finalize())[..12].to_owned();
    Ok(compile::compile(language, catalogue, plan, version, notes))
}

/// The files that a policy names; what is read becomes part of its version.
struct Beside<'f> {
    folder: Option<&'f Path>,
    hash: &'f mut Sha256,
}

impl check::Files for Beside<'_> {
    fn words(&mut self, path: &str) -> Result<String, String> {
        let text = words(self.folder, path)?;
        digest(self.hash, path.as_bytes(), text.as_bytes());
        Ok(text)
    }

    fn dataset(&mut self, path: &str, key: Option<&str>) -> Result<Dataset, String> {
        let index = self.index(path, key, Dataset::open)?;
        digest(self.hash, path.as_bytes(), index.sum());
        Ok(index)
    }

    fn documents(&mut self, path: &str, key: Option<&str>) -> Result<Documents, String> {
        let index = self.index(path, key, Documents::open)?;
        digest(self.hash, path.as_bytes(), index.sum());
        Ok(index)
    }
}

impl Beside<'_> {
    fn index<T>(&self, path: &str, key: Option<&str>, open: fn(&Path, &[u8; 32]) -> Result<T, index::Error>) -> Result<T, String> {
        let Some(folder) = self.folder else { return Err(format!("'{path}': the embedded policy has no indexes")) };
        let file = folder.join(inside(path)?);
        let told = |error: index::Error| format!("'{path}' {error}");
        // What is no index is said before a key is asked for. The key may be anywhere: it is best kept away from the index.
        index::about(&file).map_err(told)?;
        let key = index::read_key(&key.map_or_else(|| index::key_beside(&file), |key| folder.join(key))).map_err(told)?;
        open(&file, &key).map_err(told)
    }
}

/// A path that does not leave the policy's folder.
fn inside(path: &str) -> Result<&Path, String> {
    let whole = Path::new(path);
    let inside = whole.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if inside { Ok(whole) } else { Err(format!("'{path}' lies outside the policy's folder")) }
}

fn digest(hash: &mut Sha256, name: &[u8], text: &[u8]) {
    for piece in [name, text] {
        hash.update((piece.len() as u64).to_le_bytes());
        hash.update(piece);
    }
}

fn folder(dir: &Path) -> Result<Files, Vec<Diagnostic>> {
    let whole = |message: String| vec![Diagnostic::whole(dir, message)];
    let about = fs::metadata(dir).map_err(|error| whole(format!("the policy cannot be read: {error}")))?;
    if !about.is_dir() {
        let text = text_of(dir, LIMIT).map_err(whole)?;
        let folder = dir.parent().map(Path::to_path_buf).unwrap_or_default();
        return Ok(Files { sources: vec![Source { path: dir.into(), text }], folder: Some(folder) });
    }
    let mut mistakes = Vec::new();
    let mut names: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(dir).map_err(|error| whole(format!("the folder cannot be read: {error}")))? {
        let path = entry.map_err(|error| whole(format!("the folder cannot be read: {error}")))?.path();
        let hidden = path.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
        // Links are followed: a ConfigMap's files are links into a hidden folder.
        if hidden || path.is_dir() {
            continue;
        }
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("yaml") => names.push(path),
            Some("yml") => mistakes.push(Diagnostic::whole(&path, "this file would not be read").suggest("give it the ending .yaml")),
            _ => {}
        }
    }
    names.sort();
    if names.is_empty() {
        mistakes.push(Diagnostic::whole(dir, "no *.yaml in this folder").suggest("start from a copy of the shipped policies/ folder"));
    }
    let mut sources = Vec::new();
    for path in names {
        match text_of(&path, LIMIT) {
            Ok(text) => sources.push(Source { path, text }),
            Err(why) => mistakes.push(Diagnostic::whole(&path, why)),
        }
    }
    if mistakes.is_empty() { Ok(Files { sources, folder: Some(dir.into()) }) } else { Err(mistakes) }
}

fn text_of(path: &Path, limit: u64) -> Result<String, String> {
    let about = fs::metadata(path).map_err(|error| format!("this file cannot be read: {error}"))?;
    if about.len() > limit {
        return Err(format!("this file is larger than {} MiB", limit >> 20));
    }
    let bytes = fs::read(path).map_err(|error| format!("this file cannot be read: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let line = error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        format!("line {line} of this file is not UTF-8")
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// A dictionary. It lies in the policy's folder, so that a policy is one thing to copy, sign and roll back.
fn words(folder: Option<&Path>, path: &str) -> Result<String, String> {
    let Some(folder) = folder else {
        let found = EMBEDDED_WORDS.iter().find(|(name, _)| *name == path);
        return found.map(|(_, text)| (*text).to_owned()).ok_or_else(|| format!("there is no '{path}' among the embedded dictionaries"));
    };
    text_of(&folder.join(inside(path)?), LIMIT * 16).map_err(|why| format!("'{path}': {why}"))
}
