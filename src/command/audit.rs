//! `sluis audit`: checks the tamper-evident log, and writes the events out of it.
//!
//! Works on the files alone, also beside a proxy that is running. Results go to standard output, everything else to standard error.

use super::{FAILED, NO};
use crate::record::audit::{self, Fault, Verified};
use crate::record::export;
use clap::{Args, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::{Span, SpanRelativeTo, Timestamp};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check every line, every link and the signed head; exit status 1 when something is wrong
    #[command(after_help = "Example:\n  sluis audit verify /var/lib/sluis")]
    Verify {
        #[command(flatten)]
        place: Place,
        /// The data folder, or its audit folder alone
        dir: Option<PathBuf>,
    },
    /// Write the events as JSON Lines, each with the outcome of its answer
    #[command(after_help = "Example:\n  sluis audit export --since 30d > events.jsonl")]
    Export {
        #[command(flatten)]
        place: Place,
        /// Only events since then: an age (30d, 12h, 2w) or a moment (2026-10-06T00:00:00Z)
        #[arg(long, value_name = "AGE", value_parser = moment)]
        since: Option<Timestamp>,
        #[arg(long, value_enum, default_value_t = Format::Jsonl)]
        format: Format,
    },
}

/// Where the data folder is.
#[derive(Debug, Args)]
struct Place {
    /// Settings file; names the data folder
    #[arg(long, value_name = "FILE", conflicts_with = "data_dir")]
    config: Option<PathBuf>,
    /// The data folder [default: ./sluis-data]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One JSON object per line
    Jsonl,
}

/// Runs the subcommand.
pub fn main(arguments: Arguments) -> ExitCode {
    match arguments.command {
        Command::Verify { place, dir } => with_folder(&place, dir, verify),
        Command::Export { place, since, format: Format::Jsonl } => with_folder(&place, None, |dir| write_events(dir, since)),
    }
}

fn with_folder(place: &Place, dir: Option<PathBuf>, work: impl FnOnce(&Path) -> ExitCode) -> ExitCode {
    match dir.map_or_else(|| data_dir(place), Ok) {
        Ok(dir) if dir.is_dir() => work(&dir),
        Ok(dir) => failed(format_args!("{}: there is no such folder; name the data folder with --data-dir", dir.display())),
        Err(error) => failed(format_args!("{error}")),
    }
}

/// The data folder that the arguments name.
fn data_dir(place: &Place) -> Result<PathBuf, String> {
    if let Some(dir) = &place.data_dir {
        return Ok(dir.clone());
    }
    Ok(super::common::settings(place.config.as_deref())?.data_dir)
}

fn verify(dir: &Path) -> ExitCode {
    let bar = progress(audit::size_of(dir));
    let result = audit::verify_with(dir, &mut |bytes| bar.inc(bytes));
    bar.finish_and_clear();
    let mut out = io::stdout().lock();
    let (text, status) = match &result {
        Ok(Verified { lines, last_hash, notes }) => {
            for note in notes {
                eprintln!("note: {note}");
            }
            (format!("OK: {lines} lines, last hash {last_hash}\n"), ExitCode::SUCCESS)
        }
        Err(faults) => (faults.iter().map(|fault: &Fault| format!("{fault}\n")).collect(), ExitCode::from(NO)),
    };
    finish(out.write_all(text.as_bytes()), status)
}

fn write_events(dir: &Path, since: Option<Timestamp>) -> ExitCode {
    let bar = progress(audit::size_of(dir) * 2);
    let mut out = BufWriter::new(io::stdout().lock());
    let result = export::events(dir, since, &mut |bytes| bar.inc(bytes), &mut |event| {
        serde_json::to_writer(&mut out, event)?;
        out.write_all(b"\n")
    });
    bar.finish_and_clear();
    match result {
        Ok(unread) => {
            for (file, line) in &unread {
                eprintln!("{}:{line}: this line cannot be read; run sluis audit verify", file.display());
            }
            finish(out.flush(), if unread.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(NO) })
        }
        Err(error) => finish(Err(error), ExitCode::SUCCESS),
    }
}

/// A reader that has gone (`| head`) is no failure.
fn finish(written: io::Result<()>, status: ExitCode) -> ExitCode {
    match written {
        Ok(()) => status,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => status,
        Err(error) => failed(format_args!("{error}")),
    }
}

fn failed(message: std::fmt::Arguments<'_>) -> ExitCode {
    eprintln!("sluis audit: {message}");
    ExitCode::from(FAILED)
}

/// A bar on a terminal, nothing in a pipe.
fn progress(bytes: u64) -> ProgressBar {
    let bar = ProgressBar::new(bytes);
    let style = ProgressStyle::with_template("{bar:40} {bytes} of {total_bytes}, {eta} to go");
    style.map_or(bar.clone(), |style| bar.with_style(style))
}

/// Reads `30d`, `12h`, `2w` (a day has 24 hours; months have no fixed length and are refused), or a moment.
fn moment(text: &str) -> Result<Timestamp, String> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    let age = text.parse::<Span>().and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()));
    age.and_then(|age| Timestamp::now().checked_sub(age.abs()))
        .map_err(|_| "write an age such as 30d or 12h, or a moment such as 2026-10-06T00:00:00Z".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_or_a_moment_is_understood_and_nonsense_is_explained() {
        let days = |text: &str| (Timestamp::now().as_second() - moment(text).unwrap().as_second()) as f64 / 86_400.0;
        assert!((days("30d") - 30.0).abs() < 0.01);
        assert!((days("2w") - 14.0).abs() < 0.01);
        assert!((days("12h") - 0.5).abs() < 0.01);
        assert_eq!(moment("2026-10-06T00:00:00Z").unwrap().to_string(), "2026-10-06T00:00:00Z");
        assert!(moment("recently").unwrap_err().contains("30d"));
    }
}
