//! What the test prints: a table per file, and on request what was missed and what was found wrongly.

use crate::kinds;
use crate::score::{Scores, Tally, Wrong, ratio};
use crate::texts::Corpus;
use std::fmt::Write;

/// Bytes of the text before and after a place that are shown with it.
const BEFORE: usize = 60;
const AFTER: usize = 40;

pub fn percent(figure: Option<f64>) -> String {
    figure.map_or_else(|| "-".to_owned(), |figure| format!("{:.1}", 100.0 * figure))
}

pub fn of(name: &str, scores: &Scores) -> String {
    let mut out = format!("\n{name}: {} texts\n{:24} labels  found recall | right  wrong  prec. |    F1\n", scores.texts, "detector");
    let mut row = |name: &str, t: Tally| {
        let (recall, precision, f1) = (percent(t.recall()), percent(t.precision()), percent(t.f1()));
        let _ = writeln!(out, "{name:24} {:6} {:6} {recall:>6} | {:5} {:6} {precision:>6} | {f1:>5}", t.labels, t.found, t.right, t.wrong);
    };
    for (family, tally) in &scores.detectors {
        row(family, *tally);
    }
    row("overall", scores.overall());
    out.push('\n');
    for (group, families) in kinds::GROUPS {
        let tally = scores.group(families);
        let (recall, precision) = (percent(tally.recall()), percent(tally.precision()));
        let _ = writeln!(out, "group {group:18} recall {recall:>6}  precision {precision:>6}  labels {}", tally.labels);
    }
    let forms = scores.forms.iter().map(|(form, t)| format!("{form} {}/{}", percent(t.recall()), percent(t.precision())));
    let _ = writeln!(out, "\nby kind of text (recall/precision): {}", forms.collect::<Vec<_>>().join(", "));
    let share = |count| percent(ratio(count, scores.texts));
    let _ = writeln!(
        out,
        "class of the text: exact {}%, leak {}%, nuisance {}%; texts without sensitive data that raised a false alarm: {} of {}",
        share(scores.exact),
        share(scores.leaks),
        share(scores.nuisances),
        scores.alarmed,
        scores.clean
    );
    let kinds = scores.evasions.iter().map(|(kind, (labels, found))| format!("{kind} {found}/{labels}"));
    let (labels, found) = scores.evaded();
    let _ = writeln!(out, "evasion: {}; together {found}/{labels}", kinds.collect::<Vec<_>>().join(", "));
    out
}

/// What was missed and what was found wrongly of one family, each with the words around it.
pub fn misses(corpus: &Corpus, wrong: &[Wrong], family: &str) -> String {
    let mut out = String::new();
    for miss in wrong.iter().filter(|miss| miss.family == family) {
        let Some(text) = corpus.texts.get(miss.text) else { continue };
        let what = if miss.missed { "missed" } else { "false alarm" };
        let _ = writeln!(out, "{what:12} {} ({}) {}", text.id, text.kind, around(&text.text, miss.range.start, miss.range.end));
    }
    out
}

/// `...before>>the place<<after`, on one line.
pub fn around(text: &str, start: usize, end: usize) -> String {
    let from = text.floor_char_boundary(start.saturating_sub(BEFORE));
    let to = text.ceil_char_boundary((end + AFTER).min(text.len()));
    format!("...{}>>{}<<{}", &text[from..start], &text[start..end], &text[end..to]).replace('\n', "\\n").replace('\t', "\\t")
}
