//! `sluis test`: the policy's own tests, a line each, and what differs where one fails.

use super::{FAILED, NO, common};
use crate::policy::test::Outcome;
use anstyle::{AnsiColor, Style};
use clap::{Args, ValueEnum};
use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Runs the tests that a policy holds under `tests:`. Exit status 1 where one fails.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  sluis test policies/\n  sluis test policies/ --format junit > policy-tests.xml")]
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
    /// JUnit XML, as build servers read it
    Junit,
}

pub fn main(arguments: Arguments) -> ExitCode {
    let loaded = common::policies(arguments.dir.as_deref(), arguments.config.as_deref()).and_then(|dir| common::load(dir.as_deref()));
    let loaded = match loaded {
        Ok(loaded) => loaded,
        Err(mistakes) => return common::refuse(&mistakes),
    };
    let outcomes = loaded.policy.run_tests(&loaded.catalogue, jiff::Timestamp::now());
    let failures = outcomes.iter().filter(|outcome| !outcome.passed()).count();
    let printed = match arguments.format {
        Format::Text => text(&mut anstream::stdout().lock(), &outcomes, failures),
        Format::Junit => std::io::stdout().write_all(junit(&outcomes, failures).as_bytes()),
    };
    match printed {
        Ok(()) if failures == 0 => ExitCode::SUCCESS,
        Ok(()) => ExitCode::from(NO),
        Err(_) => ExitCode::from(FAILED),
    }
}

fn text(out: &mut impl Write, outcomes: &[Outcome], failures: usize) -> std::io::Result<()> {
    let (good, bad) = (Style::new().fg_color(Some(AnsiColor::Green.into())), Style::new().fg_color(Some(AnsiColor::Red.into())).bold());
    for outcome in outcomes {
        if outcome.passed() {
            writeln!(out, "{good}ok{good:#}    {}", outcome.name)?;
            continue;
        }
        writeln!(out, "{bad}FAIL{bad:#}  {}", outcome.name)?;
        for difference in &outcome.differences {
            writeln!(out, "        {}", difference.what)?;
            writeln!(out, "        {bad}-{bad:#} {}", difference.expected)?;
            writeln!(out, "        {good}+{good:#} {}", difference.found)?;
        }
        for step in &outcome.trace {
            writeln!(out, "        | {step}")?;
        }
    }
    match failures {
        0 => writeln!(out, "{} tests, all passed", outcomes.len()),
        _ => writeln!(out, "{} tests, {failures} failed (- expected, + what came out)", outcomes.len()),
    }
}

fn junit(outcomes: &[Outcome], failures: usize) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(xml, "<testsuites><testsuite name=\"policy\" tests=\"{}\" failures=\"{failures}\">", outcomes.len());
    for outcome in outcomes {
        let name = escaped(&outcome.name);
        let _ = write!(xml, "  <testcase classname=\"policy\" name=\"{name}\" line=\"{}\"", outcome.line);
        if outcome.passed() {
            xml.push_str("/>\n");
            continue;
        }
        let told: Vec<String> =
            outcome.differences.iter().map(|d| format!("{}: expected {}, found {}", d.what, d.expected, d.found)).collect();
        let _ = writeln!(
            xml,
            ">\n    <failure message=\"{}\">{}</failure>\n  </testcase>",
            escaped(&told.join("; ")),
            escaped(&outcome.trace.join("\n"))
        );
    }
    xml.push_str("</testsuite></testsuites>\n");
    xml
}

/// For XML text and attributes; control characters, which XML cannot hold, are left out.
fn escaped(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    quick_xml::escape::escape(&clean).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::test::Difference;

    fn outcomes() -> Vec<Outcome> {
        let difference = Difference { what: "action", expected: "block".into(), found: "allow".into() };
        vec![
            Outcome { name: "a <b> & \"c\"".into(), line: 3, differences: Vec::new(), trace: Vec::new() },
            Outcome { name: "d".into(), line: 5, differences: vec![difference], trace: vec!["verdict: allow".into()] },
        ]
    }

    #[test]
    fn a_failed_test_shows_what_was_expected_and_what_came_out() {
        let mut out = Vec::new();
        text(&mut anstream::StripStream::new(&mut out), &outcomes(), 1).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.contains("FAIL  d\n        action\n        - block\n        + allow\n"), "{out}");
        assert!(out.ends_with("2 tests, 1 failed (- expected, + what came out)\n"));
    }

    #[test]
    fn junit_output_is_well_formed_whatever_a_test_is_called() {
        let xml = junit(&outcomes(), 1);
        let mut reader = quick_xml::Reader::from_str(&xml);
        let mut cases = 0;
        loop {
            match reader.read_event().unwrap() {
                quick_xml::events::Event::Eof => break,
                quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) if tag.name().as_ref() == "testcase" => {
                    cases += 1
                }
                _ => {}
            }
        }
        assert_eq!(cases, 2);
    }
}
