//! `sluis scan`: the detectors alone, on files, folders and standard input.
//!
//! Takes paths; gives findings by place, never the value itself, as text, JSON Lines or SARIF on standard output. What cannot be read
//! counts as the policy's class for unreadable content, with a note on standard error. `docs/scan.md` explains it to people.

mod classes;
mod decode;
mod input;
mod output;
mod places;
mod sarif;
mod walk;

use super::{FAILED, NO};
use crate::detect::{Explained, Finding, Why};
use clap::{Args, ValueEnum};
use classes::classes;
use input::{Form, Input};
use output::{Part, Writer};
use std::collections::HashSet;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Prints what the detectors find in texts and files: where, how sure, and of which class. Values are not printed.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sluis scan brief.docx\n  echo 'BSN 111222333' | sluis scan -\n  sluis scan --format json --fail-on secret exports/\n  \
    sluis scan --explain notitie.txt\n  sluis scan --format sarif src/ > sluis.sarif"
)]
pub struct Arguments {
    /// Files and folders; - or nothing for standard input
    #[arg(value_name = "FILE")]
    paths: Vec<PathBuf>,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Show with each finding what its confidence is made of
    #[arg(long)]
    explain: bool,
    /// Exit with status 1 when an input is of this class or a higher one
    #[arg(long, value_name = "CLASS")]
    fail_on: Option<String>,
    /// Policy folder that gives classes and the organisation's own detectors [default: that of the settings, else the shipped policy]
    #[arg(long, value_name = "DIR")]
    policy: Option<PathBuf>,
    /// Settings file; names the policy folder where --policy does not
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A line per finding, for people
    Text,
    /// A JSON object per input
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

pub fn main(arguments: Arguments) -> ExitCode {
    let classes = match classes(arguments.policy.as_deref(), arguments.config.as_deref()) {
        Ok(classes) => classes,
        Err(diagnostics) => {
            return super::common::refuse(&diagnostics);
        }
    };
    let limit = match arguments.fail_on.as_deref().map(|class| classes.rank(class).ok_or(class)).transpose() {
        Ok(limit) => limit,
        Err(class) => {
            note(&format!("--fail-on: no class is called '{class}'; the policy has {}", classes.names().join(", ")));
            return ExitCode::from(2);
        }
    };
    let listed = walk::list(&arguments.paths);
    listed.failures.iter().cloned().chain(listed.note()).for_each(|sentence| note(&sentence));
    let mut failures = listed.failures;
    let progress = progress(listed.inputs.len());
    let mut writer = Writer::new(arguments.format, std::io::stdout().lock(), std::io::stdout().is_terminal());
    let mut exceeds = false;
    for input in listed.inputs {
        match scan(&input, &classes, arguments.explain, &mut writer) {
            Ok(scanned) => {
                exceeds |= limit.is_some_and(|limit| scanned.class >= limit);
                scanned.notes.iter().for_each(|sentence| progress.suspend(|| note(sentence)));
            }
            Err(Failure::Input(sentence)) => {
                progress.suspend(|| note(&sentence));
                failures.push(sentence);
            }
            Err(Failure::Output(error)) => return ended(&error),
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    if let Err(error) = writer.finish(&classes, &failures) {
        return ended(&error);
    }
    match (failures.is_empty(), exceeds) {
        (false, _) => ExitCode::from(FAILED),
        (true, true) => ExitCode::from(NO),
        (true, false) => ExitCode::SUCCESS,
    }
}

enum Failure {
    Input(String),
    Output(std::io::Error),
}

struct Scanned {
    /// The rank of the input's class.
    class: usize,
    /// What the person should know about it.
    notes: Vec<String>,
}

/// Findings of one input that are written; the rest are counted.
const FINDINGS: usize = 100_000;

/// Scans one input and writes what was found.
fn scan<W: Write>(input: &Input, classes: &classes::Classes, explain: bool, writer: &mut Writer<W>) -> Result<Scanned, Failure> {
    let content = input.read().map_err(Failure::Input)?;
    let name = input.name();
    let mut notes = Vec::new();
    if let Some(why) = content.unreadable {
        notes.push(format!("{name}: {}; it counts as {}", why.sentence(), classes.name(classes.unreadable())));
    }
    let unreadable = content.unreadable.map(input::Why::reason);
    let mut parts: Vec<Part<'_>> = Vec::with_capacity(content.pieces.len());
    for piece in &content.pieces {
        let text = piece.text.expose();
        let (mut findings, mut why) =
            if explain { explained(classes, text, &piece.label) } else { (classes.plan().scan(text, &piece.label), Vec::new()) };
        if content.form == Form::Page
            && let Some(whole) = parts.first()
        {
            // What the page shows as it stands is told once.
            let known: HashSet<(&str, &str)> =
                whole.findings.iter().map(|f| (&*f.detector, whole.text.get(f.start..f.end).unwrap_or(""))).collect();
            let is_new: Vec<bool> =
                findings.iter().map(|f| !known.contains(&(&*f.detector, text.get(f.start..f.end).unwrap_or("")))).collect();
            keep(&mut findings, &is_new);
            keep(&mut why, &is_new);
        }
        let ranks = findings.iter().map(|finding| classes.of(&finding.detector)).collect();
        parts.push(Part { label: &piece.label, text, findings, why, ranks });
    }
    let ranks = parts.iter().map(|part| classes.of_text(part.findings.iter()));
    let class = ranks.chain(unreadable.map(|_| classes.unreadable())).max().unwrap_or(0);
    let omitted = shorten(&mut parts, FINDINGS);
    if omitted > 0 {
        notes.push(format!("{name}: {omitted} more findings are counted and not listed"));
    }
    writer
        .input(&output::Report { name: &name, parts: &parts, packed: content.form == Form::File, class, unreadable, omitted }, classes)
        .map_err(Failure::Output)?;
    Ok(Scanned { class, notes })
}

/// Keeps the first `most` findings; gives how many that leaves out.
fn shorten(parts: &mut [Part<'_>], most: usize) -> usize {
    let (mut room, mut omitted) = (most, 0);
    for part in parts {
        let kept = part.findings.len().min(room);
        omitted += part.findings.len() - kept;
        room -= kept;
        part.findings.truncate(kept);
    }
    omitted
}

/// Keeps the items whose flag is set.
fn keep<T>(items: &mut Vec<T>, flags: &[bool]) {
    let mut flags = flags.iter();
    items.retain(|_| flags.next().copied().unwrap_or(true));
}

/// The findings with the steps of their scores. A word that stands in a value that was found is not shown: it could be (part of) that value.
fn explained(classes: &classes::Classes, text: &str, label: &str) -> (Vec<Finding>, Vec<Vec<Why>>) {
    let mut found = classes.plan().explain(text, label);
    let words =
        |text: &str| text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect::<Vec<_>>();
    let values: HashSet<String> =
        found.iter().flat_map(|each| words(text.get(each.finding.start..each.finding.end).unwrap_or(""))).collect();
    for step in found.iter_mut().flat_map(|each| &mut each.why) {
        step.word = step.word.take().filter(|word| words(word).iter().all(|word| !values.contains(word)));
    }
    found.into_iter().map(|Explained { finding, why }| (finding, why)).unzip()
}

/// A sentence on standard error. One that nobody reads any more is no failure.
fn note(sentence: &str) {
    let _ = writeln!(std::io::stderr(), "sluis: {sentence}");
}

/// A reader that stops reading (`| head`) is no failure.
fn ended(error: &std::io::Error) -> ExitCode {
    if error.kind() == std::io::ErrorKind::BrokenPipe {
        return ExitCode::SUCCESS;
    }
    note(&format!("cannot write to standard output: {error}"));
    ExitCode::from(FAILED)
}

/// A bar on a terminal when there is much to do, nothing in a pipe.
fn progress(inputs: usize) -> indicatif::ProgressBar {
    if inputs > 20 && std::io::stderr().is_terminal() {
        indicatif::ProgressBar::new(inputs as u64)
    } else {
        indicatif::ProgressBar::hidden()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTER: &str = "De cliënt heeft burgerservicenummer 111222333 en depressie.";

    #[test]
    fn the_explanation_names_the_word_beside_a_value_and_adds_up() {
        let classes = classes(None, None).unwrap();
        let (findings, why) = explained(&classes, LETTER, "");
        let (finding, why) = findings.iter().zip(&why).find(|(finding, _)| &*finding.detector == "nl.bsn").unwrap();
        assert!(why.len() > 1 && why.iter().any(|step| step.word.as_deref() == Some("burgerservicenummer")), "{why:?}");
        let sum: f32 = why.iter().map(|step| step.worth).sum();
        assert!((sum.clamp(0.0, 0.99) - finding.confidence).abs() < 0.01, "{finding:?} {why:?}");
    }

    #[test]
    fn the_explanation_never_shows_a_value_that_was_found() {
        let classes = classes(None, None).unwrap();
        for text in
            [LETTER, "Mevrouw De Vries (geb. 3-4-1980) heeft schulden.", "wachtwoord: Welkom01!", "VERTROUWELIJK\nZaak Z-2024-123456"]
        {
            let (findings, why) = explained(&classes, text, "");
            assert!(!findings.is_empty(), "{text}");
            for value in &findings {
                let value = &text[value.start..value.end];
                for word in why.iter().flatten().filter_map(|step| step.word.as_deref()) {
                    assert!(!value.contains(word), "{word} stands in {value}");
                }
            }
        }
    }

    #[test]
    fn findings_over_the_limit_are_counted_part_by_part() {
        let part = |count: usize| Part {
            label: "",
            text: "",
            findings: vec![Finding { detector: "iban".into(), start: 0, end: 1, confidence: 1.0 }; count],
            why: Vec::new(),
            ranks: vec![0; count],
        };
        let mut parts = [part(3), part(4), part(5)];
        assert_eq!(shorten(&mut parts, 5), 7);
        assert_eq!(parts.map(|part| part.findings.len()), [3, 2, 0]);
    }
}
