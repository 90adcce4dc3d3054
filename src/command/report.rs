//! `sluis report`: what happened in a period, for the security officer or for the AI monitor of municipalities.
//!
//! Reads the store and the policy, also beside a proxy that is running; writes to a file or to standard output, and changes nothing else.

use super::{FAILED, common};
use crate::page::Lang;
use crate::policy::Policy;
use crate::record::suppress::SMALLEST_GROUP;
use crate::record::{Store, store};
use crate::report::{Format as Form, Kind as Which, Period, Report, ReportError, Sources};
use crate::settings::Settings;
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Writes a report on one period. Counts on fewer than five people are never shown.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sluis report --period 2026-Q3 --format html --out report.html\n  sluis report --period 30d --kind monitor --format csv"
)]
pub struct Arguments {
    /// A year (2026), a quarter (2026-Q3), a month (2026-11) or the last days (1d, 7d, 30d, 90d, 365d)
    #[arg(long)]
    period: Period,
    #[arg(long, value_enum, default_value = "ciso")]
    kind: Kind,
    #[arg(long, value_enum, default_value = "json")]
    format: Format,
    /// Language of the words (default: the first of the policy)
    #[arg(long, value_enum)]
    lang: Option<Language>,
    /// Settings file (default: ./sluis.yaml if it is there)
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where the report goes (default: standard output)
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Tools, decisions, findings, unreviewed tools, active people
    Ciso,
    /// Questions of the AI monitor of municipalities, beside the figures of 2024
    Monitor,
    /// Not available in this version
    Public,
    /// Not available in this version
    Register,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Json,
    Csv,
    /// One file without script
    Html,
    /// Not available in this version
    Xlsx,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Language {
    Nl,
    En,
}

/// Exit status of wrong usage, as clap's own.
const USAGE: u8 = 2;

/// Why there is no report: the exit status, and a sentence.
type Refusal = (u8, String);

/// Runs the subcommand.
pub fn main(arguments: Arguments) -> ExitCode {
    let written = write(&arguments).and_then(|text| match &arguments.out {
        Some(file) => {
            std::fs::write(file, text).map_err(|error| (FAILED, format!("{}: the report cannot be written: {error}", file.display())))
        }
        None => print(&text).map_err(|error| (FAILED, format!("standard output: {error}"))),
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err((status, sentence)) => {
            anstream::eprintln!("sluis report: {sentence}");
            ExitCode::from(status)
        }
    }
}

fn write(arguments: &Arguments) -> Result<String, Refusal> {
    let kind = match arguments.kind {
        Kind::Ciso => Which::Ciso,
        Kind::Monitor => Which::Monitor,
        Kind::Public => return Err(absent("--kind public", "--kind ciso or --kind monitor")),
        Kind::Register => return Err(absent("--kind register", "--kind ciso or --kind monitor")),
    };
    let format = match arguments.format {
        Format::Json => Form::Json,
        Format::Csv => Form::Csv,
        Format::Html => Form::Html,
        Format::Xlsx => return Err(absent("--format xlsx", "--format csv, which spreadsheets open")),
    };
    let now = Timestamp::now();
    arguments.period.cut(now).map_err(|error| (USAGE, error.to_string()))?;
    let settings = common::settings(arguments.config.as_deref()).map_err(|mistakes| (FAILED, mistakes))?;
    let loaded = common::load(settings.policies.as_deref())
        .map_err(|mistakes| (FAILED, format!("the policy cannot be read; run sluis check\n{}", common::told(&mistakes))))?;
    let file = file(&settings)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| (FAILED, format!("the runtime cannot be started: {error}")))?;
    let report = runtime.block_on(async {
        let store = Store::new(&settings.store.url, &settings.data_dir)?;
        let from = Sources { store: &store, policy: &loaded.policy, catalogue: &loaded.catalogue };
        let report = Report::read(kind, from, arguments.period, now, SMALLEST_GROUP).await;
        store.close().await;
        report
    });
    let report = report.map_err(|error| refusal(&error, &file))?;
    Ok(report.write(format, language(arguments.lang, &loaded.policy)))
}

/// The store's file, which must be there.
fn file(settings: &Settings) -> Result<PathBuf, Refusal> {
    let file = store::file(&settings.store.url, &settings.data_dir).map_err(|error| (FAILED, error.to_string()))?;
    if file.is_file() {
        return Ok(file);
    }
    let sentence = format!(
        "{}: there is no store here; name the settings of the proxy with --config FILE, or start it once with sluis run",
        file.display()
    );
    Err((FAILED, sentence))
}

fn refusal(error: &ReportError, file: &Path) -> Refusal {
    match error {
        ReportError::Period(error) => (USAGE, error.to_string()),
        ReportError::Store(error) => (
            FAILED,
            format!(
                "{}: {error}; may you read this file and write beside it, and is it a store of this version? It can be built anew: stop the \
                 proxy, move the file away and start the proxy",
                file.display()
            ),
        ),
    }
}

fn absent(what: &str, instead: &str) -> Refusal {
    (USAGE, format!("{what} is not available in this version; use {instead}"))
}

fn language(asked: Option<Language>, policy: &Policy) -> Lang {
    match asked {
        Some(Language::Nl) => Lang::Nl,
        Some(Language::En) => Lang::En,
        None => Lang::choose(None, &policy.organisation().languages),
    }
}

/// A reader that has gone (`| head`) is no failure.
fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Metrics, RecordSettings, Recorder};
    use clap::Parser;
    use std::ffi::OsString;
    use tempfile::TempDir;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        arguments: Arguments,
    }

    /// Arguments with the settings of this folder.
    fn arguments(dir: &TempDir, more: &[&str]) -> Result<Arguments, clap::Error> {
        let config = dir.path().join("sluis.yaml");
        std::fs::write(&config, "data-dir: data\n").unwrap();
        let mut words: Vec<OsString> = vec!["report".into(), "--config".into(), config.into()];
        words.extend(more.iter().map(OsString::from));
        Cli::try_parse_from(words).map(|cli| cli.arguments)
    }

    fn refused(dir: &TempDir, more: &[&str]) -> Refusal {
        write(&arguments(dir, more).unwrap()).unwrap_err()
    }

    #[test]
    fn what_this_version_does_not_have_is_refused_as_wrong_usage() {
        let dir = tempfile::tempdir().unwrap();
        for more in [["--kind", "public"], ["--kind", "register"], ["--format", "xlsx"]] {
            let (status, sentence) = refused(&dir, &[&["--period", "30d"], &more[..]].concat());
            assert_eq!((status, sentence.contains("is not available in this version")), (2, true), "{sentence}");
        }
    }

    #[test]
    fn a_bad_period_is_refused_with_an_example() {
        let dir = tempfile::tempdir().unwrap();
        let error = arguments(&dir, &["--period", "2026-Q5"]).unwrap_err();
        assert_eq!((error.exit_code(), error.to_string().contains("--period 2026-Q3")), (2, true), "{error}");
        assert_eq!(refused(&dir, &["--period", "9000"]).0, 2);
    }

    #[test]
    fn a_store_that_is_not_there_is_named_with_what_to_do() {
        let dir = tempfile::tempdir().unwrap();
        let (status, sentence) = refused(&dir, &["--period", "30d"]);
        assert_eq!(status, 3);
        assert!(sentence.contains("data/sluis.db") && sentence.contains("--config") && sentence.contains("sluis run"), "{sentence}");
    }

    #[test]
    fn a_file_that_is_no_store_is_named_too() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("data")).unwrap();
        std::fs::write(dir.path().join("data/sluis.db"), "not a database, but long enough to look like the beginning of one").unwrap();
        let (status, sentence) = refused(&dir, &["--period", "30d"]);
        assert_eq!((status, sentence.contains("data/sluis.db") && sentence.contains("built anew")), (3, true), "{sentence}");
    }

    #[test]
    fn every_kind_and_format_is_written_beside_a_recorder_that_runs() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let recorder = runtime.block_on(Recorder::open(RecordSettings::new(&data), Metrics::new("test", "test").unwrap())).unwrap();
        for kind in ["ciso", "monitor"] {
            for (format, begins) in [("json", "{\n"), ("csv", "organisation,"), ("html", "<!doctype html>")] {
                let arguments = arguments(&dir, &["--period", "30d", "--kind", kind, "--format", format, "--lang", "en"]).unwrap();
                let text = write(&arguments).unwrap();
                assert!(text.starts_with(begins), "{kind} {format}: {text}");
            }
        }
        drop(recorder);
    }
}
