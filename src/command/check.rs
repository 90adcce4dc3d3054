//! `sluis check`: settings, catalogue and policy, and every mistake in them.

use super::{FAILED, NO, common};
use crate::diagnostic::Diagnostic;
use crate::settings::Settings;
use clap::{Args, ValueEnum};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Reports every mistake with file, line, column, the offending text and a suggestion. Exit status 1 where there is one.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  sluis check policies/\n  sluis check --config /etc/sluis/sluis.yaml --format json")]
pub struct Arguments {
    /// Policy folder or file (default: that of the settings, else ./policies, else the embedded policy)
    dir: Option<PathBuf>,
    /// Settings file (default: ./sluis.yaml if it is there)
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    /// One object: {ok, tools, rules, tests, version, mistakes, notes}
    Json,
}

pub fn main(arguments: Arguments) -> ExitCode {
    let (mut mistakes, folder) = match Settings::load(arguments.config.as_deref()) {
        Ok(settings) => (Vec::new(), settings.policies),
        Err(mistakes) => (mistakes, None),
    };
    let settings_failed = !mistakes.is_empty();
    let dir = arguments.dir.or(folder);
    // With broken settings and no folder named, which policy is meant is not known.
    let loaded = match (&dir, settings_failed) {
        (None, true) => None,
        (dir, _) => common::load(dir.as_deref()).map_err(|more| mistakes.extend(more)).ok(),
    };
    match arguments.format {
        Format::Json => json(&mistakes, loaded.as_ref()),
        Format::Text if mistakes.is_empty() => text(loaded.as_ref()),
        Format::Text => common::refuse(&mistakes),
    }
}

fn text(loaded: Option<&common::Loaded>) -> ExitCode {
    if let Some(common::Loaded { policy, .. }) = loaded {
        for note in policy.notes() {
            anstream::eprintln!("{}: {note}", if note.warning { "warning" } else { "note" });
        }
        let (rules, tests) = (policy.rules().count(), policy.test_count());
        anstream::println!("policy ok: {} tools, {rules} rules, {tests} tests", policy.tool_count());
    }
    ExitCode::SUCCESS
}

fn json(mistakes: &[Diagnostic], loaded: Option<&common::Loaded>) -> ExitCode {
    let policy = loaded.map(|loaded| &loaded.policy);
    let answer = serde_json::json!({
        "ok": mistakes.is_empty(),
        "tools": policy.map(|policy| policy.tool_count()),
        "rules": policy.map(|policy| policy.rules().count()),
        "tests": policy.map(|policy| policy.test_count()),
        "version": policy.map(|policy| policy.version()),
        "mistakes": mistakes,
        "notes": policy.map(|policy| policy.notes()).unwrap_or_default(),
    });
    match writeln!(std::io::stdout(), "{answer:#}") {
        Ok(()) if mistakes.is_empty() => ExitCode::SUCCESS,
        Ok(()) => ExitCode::from(NO),
        Err(_) => ExitCode::from(FAILED),
    }
}
