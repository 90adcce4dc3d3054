//! Writes `docs/detection-scores.md` from the figures.

use crate::Measured;
use crate::kinds;
use crate::peers::Peers;
use crate::score::{Scores, Tally, ratio};
use crate::table::percent;
use std::collections::BTreeSet;
use std::fmt::Write;

const HEAD: &str = "\
# Detection scores

How well the shipped detectors do on labelled texts. This page is written by `tests/corpus` (`SLUIS_CORPUS_UPDATE=1 cargo test --test corpus`) and is checked on every run of the
tests; do not edit it. What is found, and how sure a finding is, stands in [detection.md](detection.md).

The texts are made up: mails, letters, case notes, tables, logs, code and council papers as Dutch municipalities write them, two fifths of them with look-alikes only. They are in
`tests/corpus/`; so is the scorer.

- **Recall**: a label is found when findings of its kind cover at least half of its bytes. Situations, markings, credentials and code have no exact borders: there a finding on the label's line counts.
- **Precision**: a finding is right when at least half of it lies in a label of its kind. A finding inside a graver label (a name in an e-mail address) counts for nothing.
- The **development** and **validation** texts were read while the detectors were written, so their figures flatter. The **held-out** texts have another author, and of them
  only totals were looked at, some seven times: they are the ones to go by. For values in disguise they are no blind measure: their first total (88.5%) and the names of their forms were known
  when the rest was built.
- Values in **disguise** (other characters, encodings, words, split lines) are counted apart.
- To see what was missed or found wrongly: `SLUIS_CORPUS_SHOW=person-name cargo test --test corpus`.
";

pub fn write(measured: &Measured, peers: &Peers) -> String {
    let mut out = HEAD.to_owned();
    for (corpus, scores) in &measured.corpora {
        file(&mut out, corpus.name.trim_end_matches(".jsonl"), scores);
    }
    innocuous(&mut out, measured);
    for (corpus, scores) in &measured.corpora {
        compare(&mut out, &corpus.name, scores, peers);
    }
    if !peers.accuracy.is_empty() {
        out.push('\n');
    }
    for tool in &peers.accuracy {
        let _ = writeln!(out, "- {} {} ({}): {}", tool.name, tool.version, tool.measured, tool.note);
    }
    throughput(&mut out, peers);
    out
}

fn file(out: &mut String, name: &str, scores: &Scores) {
    let _ = writeln!(out, "\n## {}\n\n{} texts.\n", title(name), scores.texts);
    out.push_str("| detector | labels | recall % | precision % | F1 % |\n|---|---:|---:|---:|---:|\n");
    let row = |out: &mut String, name: &str, t: Tally| {
        let (recall, precision, f1) = (percent(t.recall()), percent(t.precision()), percent(t.f1()));
        let _ = writeln!(out, "| {name} | {} | {recall} | {precision} | {f1} |", t.labels);
    };
    for (family, tally) in &scores.detectors {
        row(out, &format!("`{family}`"), *tally);
    }
    row(out, "**all**", scores.overall());
    for (group, families) in kinds::GROUPS {
        row(out, &format!("group: {group}"), scores.group(families));
    }
    let share = |count: usize| percent(ratio(count, scores.texts));
    let _ = writeln!(
        out,
        "\nClass of the text: exact {}%, too low {}%, too high {}%. Texts without sensitive data that raised a false alarm: {} of {} ({}%).",
        share(scores.exact),
        share(scores.leaks),
        share(scores.nuisances),
        scores.alarmed,
        scores.clean,
        percent(ratio(scores.alarmed, scores.clean))
    );
    let (labels, found) = scores.evaded();
    if labels > 0 {
        let kinds: Vec<String> = scores.evasions.iter().map(|(kind, (labels, found))| format!("{kind} {found}/{labels}")).collect();
        let _ = writeln!(out, "\nIn disguise: {found} of {labels} found ({}%): {}.", percent(ratio(found, labels)), kinds.join(", "));
    }
}

fn title(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect::<String>() + " texts")
}

fn innocuous(out: &mut String, measured: &Measured) {
    let all = &measured.innocuous;
    if all.texts == 0 {
        return;
    }
    let rate = if all.grave == 0 {
        "none".to_owned()
    } else {
        format!("1 in {:.0} pages", all.pages / f64::from(u32::try_from(all.grave).unwrap_or(u32::MAX)))
    };
    let _ = writeln!(
        out,
        "\n## Innocuous texts\n\n{} policies, manuals and news texts, {:.0} pages of 3,000 bytes: {} false alarms of class confidential or higher ({rate}; the aim is under 1 in 50), {} of any class.",
        all.texts, all.pages, all.grave, all.findings
    );
}

/// A table of the kinds that at least one other tool has.
fn compare(out: &mut String, file: &str, scores: &Scores, peers: &Peers) {
    let tools: Vec<_> = peers.accuracy.iter().filter_map(|tool| Some((tool, tool.files.get(file)?))).collect();
    if tools.is_empty() {
        return;
    }
    let kinds: BTreeSet<&String> = tools.iter().flat_map(|(_, kinds)| kinds.keys()).collect();
    let _ = writeln!(
        out,
        "\n## Beside other tools: {}\n\nRecall / precision in %, only the kinds that a tool has, by the same rules.\n",
        title(file.trim_end_matches(".jsonl")).to_lowercase()
    );
    let names: Vec<&str> = tools.iter().map(|(tool, _)| tool.name.as_str()).collect();
    let _ = writeln!(out, "| kind | labels | Sluis | {} |", names.join(" | "));
    let _ = writeln!(out, "|---|---:|---:|{}", "---:|".repeat(names.len()));
    for kind in kinds {
        let own = scores.detectors.get(kind).copied().unwrap_or_default();
        let theirs = tools.iter().map(|(_, kinds)| kinds.get(kind).map_or_else(String::new, |counts| both(counts.tally())));
        let _ = writeln!(out, "| `{kind}` | {} | {} | {} |", own.labels, both(own), theirs.collect::<Vec<_>>().join(" | "));
    }
}

fn both(tally: Tally) -> String {
    format!("{} / {}", percent(tally.recall()), percent(tally.precision()))
}

fn throughput(out: &mut String, peers: &Peers) {
    let Some(speed) = &peers.throughput else { return };
    let _ = writeln!(out, "\n## Throughput\n\n{}, {}. Input: {}. One core, one run.\n", speed.measured, speed.machine, speed.input);
    out.push_str("| what | version | MB/s | matches | note |\n|---|---|---:|---:|---|\n");
    for row in &speed.rows {
        let _ = writeln!(out, "| {} | {} | {:.1} | {} | {} |", row.name, row.version, row.mb_per_s, row.matches, row.note);
    }
}
