//! `sluis scan`: the detectors alone, on files, folders and standard input.
//!
//! Takes paths; gives findings by place, never the value itself, as text, JSON Lines or SARIF on standard output. What cannot be read as
//! text counts as the policy's class for unreadable content, with a note on standard error.

mod classes;
mod input;
mod output;

use super::{FAILED, NO};
use clap::{Args, ValueEnum};
use classes::classes;
use input::{Content, Input};
use output::Writer;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Prints what the detectors find in texts: where, how sure, and of which class. Values are not printed.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sluis scan brief.txt\n  echo 'BSN 111222333' | sluis scan -\n  sluis scan --format json --fail-on secret exports/\n  \
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
    let (text, findings, unreadable) = match &content {
        Content::Text(text) => (text.as_str(), classes.plan().scan(text, &name), None),
        Content::Unreadable(why) => {
            eprintln!("sluis: {name}: {}; it counts as {}", why.sentence(), classes.name(classes.unreadable()));
            ("", Vec::new(), Some(why.reason()))
        }
    };
    let given: Vec<usize> = findings.iter().map(|finding| classes.of(&finding.detector)).collect();
    let class = given.iter().copied().chain(unreadable.map(|_| classes.unreadable())).max().unwrap_or(0);
    writer
        .input(&output::Report { name: &name, text, findings: &findings, ranks: &given, class, unreadable }, classes)
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
