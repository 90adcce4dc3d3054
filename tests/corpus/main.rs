//! The corpus test: how well the shipped detectors do on labelled texts, and that they do no worse than before.
//!
//! Takes every `tests/corpus/*.jsonl` (labelled texts) and `tests/corpus/public/*` (innocuous ones); prints a table of each, fails when a figure falls
//! under its floor in `floors.json`, and when `docs/detection-scores.md` does not say what the figures are.
//! Three variables: `SLUIS_CORPUS_SHOW=phone` prints what was missed and what was found wrongly, `SLUIS_CORPUS_UPDATE=1` writes floors and document
//! anew, `SLUIS_CORPUS_PEERS=DIR` scores the findings of other tools into `peers.json` (see `benches/peers/detect/README.md`).

mod document;
mod floors;
mod innocuous;
mod kinds;
mod peers;
mod score;
mod table;
mod texts;

use floors::Floors;
use innocuous::Innocuous;
use score::{Answer, Scores};
use sluis::catalogue::Catalogue;
use sluis::policy::Policy;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use texts::{Corpus, Text};

/// Everything that was measured, once for all tests.
struct Measured {
    corpora: Vec<(Corpus, Scores)>,
    innocuous: Innocuous,
}

static MEASURED: LazyLock<Measured> = LazyLock::new(|| {
    let policy = Policy::embedded(&Catalogue::embedded().expect("the embedded catalogue")).expect("the shipped policy");
    let show = std::env::var("SLUIS_CORPUS_SHOW").ok();
    let mut out = String::new();
    let mut corpora = Vec::new();
    for corpus in texts::corpora(&folder()) {
        let answers = in_parallel(&corpus.texts, |text| answer(&policy, text));
        let (scores, wrong) = score::score(&corpus.texts, &answers);
        out.push_str(&table::of(&corpus.name, &scores));
        if let Some(kind) = &show {
            out.push_str(&table::misses(&corpus, &wrong, kinds::family(kind)));
        }
        corpora.push((corpus, scores));
    }
    let pages = innocuous::pages(&folder().join("public"));
    let findings = in_parallel(&pages, |page| policy.plan().scan(&page.text, ""));
    let innocuous = Innocuous::of(&policy, &pages, &findings);
    out.push_str(&innocuous.table(show.is_some()));
    // Straight to standard error: the table belongs in the log of every run, also where all is well.
    let _ = std::io::stderr().write_all(out.as_bytes());
    Measured { corpora, innocuous }
});

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

fn updating() -> bool {
    std::env::var_os("SLUIS_CORPUS_UPDATE").is_some_and(|value| value == "1")
}

/// What Sluis says about a text: its class by the shipped policy, and the findings.
fn answer(policy: &Policy, text: &Text) -> Answer {
    let findings = policy.plan().scan(&text.text, "");
    Answer {
        class: policy.class_of_findings(findings.iter()).to_string(),
        findings: findings
            .into_iter()
            .map(|f| score::Found { family: kinds::family(&f.detector).to_owned(), start: f.start, end: f.end })
            .collect(),
    }
}

/// Every item's result, in order, on all cores: a debug build takes its time over a thousand texts.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = items.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let work = &work;
        let running: Vec<_> = items.chunks(share).map(|chunk| scope.spawn(move || chunk.iter().map(work).collect::<Vec<R>>())).collect();
        running.into_iter().flat_map(|thread| thread.join().expect("a text made a detector panic")).collect()
    })
}

#[test]
fn no_figure_falls_under_its_floor() {
    let path = folder().join("floors.json");
    let measured = Floors::of(&MEASURED);
    if updating() {
        let before = Floors::read(&path).unwrap_or_default();
        for line in before.lowered(&measured) {
            let _ = writeln!(std::io::stderr(), "floor lowered: {line}");
        }
        measured.write(&path);
        return;
    }
    let floors = Floors::read(&path).unwrap_or_else(|why| panic!("{}: {why}; SLUIS_CORPUS_UPDATE=1 writes it", path.display()));
    let fallen = floors.fallen(&MEASURED);
    assert!(fallen.is_empty(), "\n{}\n", fallen.join("\n"));
}

#[test]
fn the_document_says_what_the_figures_are() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/detection-scores.md");
    let peers = peers::read(&folder().join("peers.json"));
    let written = document::write(&MEASURED, &peers);
    if updating() {
        std::fs::write(&path, written).expect("docs/detection-scores.md can be written");
        return;
    }
    let present = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = present.lines().zip(written.lines()).find(|(old, new)| old != new);
    assert!(
        present == written,
        "docs/detection-scores.md is not what was measured; write it anew with\n  SLUIS_CORPUS_UPDATE=1 cargo test --test corpus\nfirst difference: {differs:?}"
    );
}

#[test]
fn findings_of_other_tools_are_scored_by_the_same_rules() {
    let Some(findings) = std::env::var_os("SLUIS_CORPUS_PEERS").map(PathBuf::from) else { return };
    let corpora: Vec<&Corpus> = MEASURED.corpora.iter().map(|(corpus, _)| corpus).collect();
    peers::score(&findings, &corpora, &folder().join("peers.json"));
}
