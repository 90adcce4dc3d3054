//! Other tools on the same texts: their findings scored by the same rules, and kept in `peers.json` with what was measured of their speed.
//!
//! `benches/peers/detect/accuracy.py` writes a file of findings per tool; `throughput.py` writes the other half of `peers.json`.

use crate::score::{self, Answer, Found, Tally};
use crate::texts::Corpus;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peers {
    #[serde(default)]
    pub accuracy: Vec<Tool>,
    #[serde(default)]
    pub throughput: Option<Throughput>,
}

/// One tool's score, over the kinds that it has.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    pub name: String,
    pub version: String,
    pub note: String,
    /// Day of the run.
    pub measured: String,
    pub files: BTreeMap<String, BTreeMap<String, Counts>>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    labels: usize,
    found: usize,
    right: usize,
    wrong: usize,
}

impl Counts {
    pub fn tally(self) -> Tally {
        Tally { labels: self.labels, found: self.found, right: self.right, wrong: self.wrong }
    }
}

/// How fast each read the same text, in one run.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Throughput {
    pub measured: String,
    pub machine: String,
    pub input: String,
    pub rows: Vec<Speed>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Speed {
    pub name: String,
    pub version: String,
    pub mb_per_s: f64,
    pub matches: u64,
    pub note: String,
}

/// Our id, and the bytes from and to.
type Place = (String, usize, usize);

/// What `accuracy.py` writes of a tool.
#[derive(Deserialize)]
struct Findings {
    name: String,
    version: String,
    note: String,
    measured: String,
    /// Our ids of what it looks for.
    kinds: Vec<String>,
    /// File, text, then detector, start and end of each finding.
    files: BTreeMap<String, BTreeMap<String, Vec<Place>>>,
}

pub fn read(path: &Path) -> Peers {
    let Ok(text) = std::fs::read_to_string(path) else { return Peers::default() };
    serde_json::from_str(&text).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// Scores the findings in a folder, a file per tool, and keeps them in `peers.json`.
pub fn score(folder: &Path, corpora: &[&Corpus], path: &Path) {
    let mut peers = read(path);
    let entries = std::fs::read_dir(folder).unwrap_or_else(|why| panic!("{}: {why}", folder.display()));
    let mut paths: Vec<_> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "json")).collect();
    paths.sort();
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("a file of findings");
        let findings: Findings = serde_json::from_str(&text).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        let tool = tool(findings, corpora);
        peers.accuracy.retain(|other| other.name != tool.name);
        peers.accuracy.push(tool);
    }
    peers.accuracy.sort_by(|a, b| a.name.cmp(&b.name));
    std::fs::write(path, serde_json::to_string_pretty(&peers).expect("plain data") + "\n").expect("peers.json can be written");
}

fn tool(mut findings: Findings, corpora: &[&Corpus]) -> Tool {
    let mut files = BTreeMap::new();
    for corpus in corpora {
        let Some(mut found) = findings.files.remove(&corpus.name) else { continue };
        let answers: Vec<Answer> = corpus.texts.iter().map(|text| answer(found.remove(&text.id).unwrap_or_default())).collect();
        let (scores, _) = score::score(&corpus.texts, &answers);
        let counts = findings.kinds.iter().filter_map(|kind| {
            let tally = scores.detectors.get(kind)?;
            Some((kind.clone(), Counts { labels: tally.labels, found: tally.found, right: tally.right, wrong: tally.wrong }))
        });
        files.insert(corpus.name.clone(), counts.collect());
    }
    Tool { name: findings.name, version: findings.version, note: findings.note, measured: findings.measured, files }
}

fn answer(found: Vec<Place>) -> Answer {
    Answer { class: String::new(), findings: found.into_iter().map(|(family, start, end)| Found { family, start, end }).collect() }
}
