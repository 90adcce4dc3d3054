//! `sluis scan`: the detectors alone, on files, folders and standard input.
//!
//! Takes paths; gives findings by place, never the value itself, as text, JSON Lines or SARIF on standard output. What cannot be read
//! counts as the policy's class for unreadable content, with a note on standard error.

mod classes;
mod input;
mod output;

use super::{FAILED, NO};
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
    sluis scan --format sarif src/ > sluis.sarif"
)]
pub struct Arguments {
    /// Files and folders; - or nothing for standard input
    #[arg(value_name = "FILE")]
    paths: Vec<PathBuf>,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
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
            for diagnostic in diagnostics {
                eprintln!("{diagnostic}");
            }
            return ExitCode::from(NO);
        }
    };
    let limit = match arguments.fail_on.as_deref().map(|class| classes.rank(class).ok_or(class)).transpose() {
        Ok(limit) => limit,
        Err(class) => {
            eprintln!("sluis: --fail-on: no class is called '{class}'; the policy has {}", classes.names().join(", "));
            return ExitCode::from(2);
        }
    };
    let (inputs, mut failed) = input::list(&arguments.paths);
    let progress = progress(inputs.len());
    let mut writer = Writer::new(arguments.format, std::io::stdout().lock(), std::io::stdout().is_terminal());
    let mut exceeds = false;
    for input in inputs {
        match scan(&input, &classes, &mut writer) {
            Ok(class) => exceeds |= limit.is_some_and(|limit| class >= limit),
            Err(Failure::Input(sentence)) => {
                progress.suspend(|| eprintln!("sluis: {sentence}"));
                failed = true;
            }
            Err(Failure::Output(error)) => return ended(&error),
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    if let Err(error) = writer.finish(&classes) {
        return ended(&error);
    }
    match (failed, exceeds) {
        (true, _) => ExitCode::from(FAILED),
        (false, true) => ExitCode::from(NO),
        (false, false) => ExitCode::SUCCESS,
    }
}

enum Failure {
    Input(String),
    Output(std::io::Error),
}

/// Scans one input and writes what was found. Gives the rank of its class.
fn scan<W: Write>(input: &Input, classes: &classes::Classes, writer: &mut Writer<W>) -> Result<usize, Failure> {
    let content = input.read().map_err(Failure::Input)?;
    let name = input.name();
    if let Some(why) = content.unreadable {
        eprintln!("sluis: {name}: {}; it counts as {}", why.sentence(), classes.name(classes.unreadable()));
    }
    let unreadable = content.unreadable.map(input::Why::reason);
    let mut parts: Vec<Part<'_>> = Vec::with_capacity(content.pieces.len());
    for piece in &content.pieces {
        let text = piece.text.expose();
        let mut findings = classes.plan().scan(text, &piece.label);
        if content.form == Form::Page
            && let Some(whole) = parts.first()
        {
            // What the page shows as it stands is told once.
            let known: HashSet<(&str, &str)> =
                whole.findings.iter().map(|f| (&*f.detector, whole.text.get(f.start..f.end).unwrap_or(""))).collect();
            findings.retain(|f| !known.contains(&(&*f.detector, text.get(f.start..f.end).unwrap_or(""))));
        }
        let ranks = findings.iter().map(|finding| classes.of(&finding.detector)).collect();
        parts.push(Part { label: &piece.label, text, findings, ranks });
    }
    let ranks = parts.iter().map(|part| classes.of_text(&part.findings));
    let class = ranks.chain(unreadable.map(|_| classes.unreadable())).max().unwrap_or(0);
    writer
        .input(&output::Report { name: &name, parts: &parts, packed: content.form == Form::File, class, unreadable }, classes)
        .map_err(Failure::Output)?;
    Ok(class)
}

/// A reader that stops reading (`| head`) is no failure.
fn ended(error: &std::io::Error) -> ExitCode {
    if error.kind() == std::io::ErrorKind::BrokenPipe {
        return ExitCode::SUCCESS;
    }
    eprintln!("sluis: cannot write to standard output: {error}");
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
