//! Labelled texts: one JSON object per line, in any number of files.

use serde::Deserialize;
use std::path::Path;

pub struct Corpus {
    /// Name of the file.
    pub name: String,
    pub texts: Vec<Text>,
}

/// A text and what is in it.
#[derive(Deserialize)]
pub struct Text {
    pub id: String,
    pub text: String,
    /// mail, table, log and so on.
    pub kind: String,
    /// What must be found.
    pub spans: Vec<Label>,
    /// What may be found, and counts for nothing.
    #[serde(default)]
    pub optional: Vec<Label>,
    /// Detectors whose findings count for nothing here.
    #[serde(default)]
    pub tolerate: Vec<String>,
    pub class: String,
    /// A higher class that is right as well.
    pub class_alt: Option<String>,
    /// How the value was hidden, where it was.
    pub evasion: Option<String>,
}

/// Bytes `start..end` of the text are of this kind.
#[derive(Deserialize)]
pub struct Label {
    pub detector: String,
    pub start: usize,
    pub end: usize,
    /// It stands there in disguise.
    #[serde(default)]
    pub evaded: bool,
}

/// The files of a folder, in order of name.
pub fn corpora(folder: &Path) -> Vec<Corpus> {
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("the folder of the corpus").map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Corpus {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let lines = std::fs::read_to_string(path).unwrap_or_else(|why| panic!("{name}: {why}"));
    let texts = lines.lines().enumerate().map(|(at, line)| {
        let text: Text = serde_json::from_str(line).unwrap_or_else(|why| panic!("{name}:{}: {why}", at + 1));
        for label in text.spans.iter().chain(&text.optional) {
            assert!(text.text.get(label.start..label.end).is_some(), "{name}:{}: {} lies outside the text", at + 1, label.detector);
        }
        text
    });
    Corpus { texts: texts.collect(), name }
}
