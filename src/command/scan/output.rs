//! How `sluis scan` writes: a line per finding for people, an object per input in JSON Lines, or one SARIF 2.1.0 document.
//!
//! A value that was found is never written; only its place, detector and class, and on request the steps of its confidence.

use super::Format;
use super::classes::Classes;
use super::places::Places;
use super::sarif::Sarif;
use crate::detect::{Finding, Why};
use crate::wire::Unreadable;
use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};
use std::io::{BufWriter, Write};

/// One text of an input, scanned.
pub(super) struct Part<'a> {
    pub label: &'a str,
    pub text: &'a str,
    pub findings: Vec<Finding>,
    /// The steps of each finding's score, where they were asked for.
    pub why: Vec<Vec<Why>>,
    /// The rank of each finding's class.
    pub ranks: Vec<usize>,
}

impl Part<'_> {
    /// Each finding with its steps and the rank of its class.
    pub fn rows(&self) -> impl Iterator<Item = (&Finding, &[Why], usize)> {
        let rows = self.findings.iter().zip(&self.ranks).enumerate();
        rows.map(|(at, (finding, &rank))| (finding, self.why.get(at).map_or(&[][..], Vec::as_slice), rank))
    }
}

/// One input, scanned.
pub(super) struct Report<'a> {
    pub name: &'a str,
    pub parts: &'a [Part<'a>],
    /// The parts are in a file that was opened: places in them are not places in the file.
    pub packed: bool,
    pub class: usize,
    pub unreadable: Option<Unreadable>,
    /// Findings that are counted and not in the parts.
    pub omitted: usize,
}

pub(super) struct Writer<W: Write> {
    format: Format,
    out: BufWriter<W>,
    colour: bool,
    sarif: Sarif,
}

impl<W: Write> Writer<W> {
    pub fn new(format: Format, out: W, terminal: bool) -> Self {
        let colour = terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { format, out: BufWriter::new(out), colour, sarif: Sarif::default() }
    }

    pub fn input(&mut self, report: &Report<'_>, classes: &Classes) -> std::io::Result<()> {
        match self.format {
            Format::Text => self.lines(report, classes),
            Format::Json => {
                serde_json::to_writer(&mut self.out, &object(report, classes))?;
                self.out.write_all(b"\n")
            }
            Format::Sarif => {
                self.sarif.keep(report, classes);
                Ok(())
            }
        }
    }

    /// `failures`: a sentence for each input that could not be opened.
    pub fn finish(mut self, classes: &Classes, failures: &[String]) -> std::io::Result<()> {
        if self.format == Format::Sarif {
            serde_json::to_writer_pretty(&mut self.out, &std::mem::take(&mut self.sarif).document(classes, failures))?;
            self.out.write_all(b"\n")?;
        }
        self.out.flush()
    }

    fn lines(&mut self, report: &Report<'_>, classes: &Classes) -> std::io::Result<()> {
        for part in report.parts {
            let mut places = Places::new(part.text);
            for (finding, why, rank) in part.rows() {
                let (line, column) = places.of(finding.start);
                let style = self.style(rank, classes);
                writeln!(
                    self.out,
                    "{}:{line}:{column}: {} {style}{}{style:#} {:.0}%",
                    part.label,
                    finding.detector,
                    classes.name(rank),
                    finding.confidence * 100.0
                )?;
                for step in why {
                    let word = step.word.as_ref().map_or_else(String::new, |word| format!(": {}", shown(word)));
                    writeln!(self.out, "    {:+.2} {}{word}", step.worth, step.because)?;
                }
            }
        }
        if report.omitted > 0 {
            writeln!(self.out, "{}: {} more findings", report.name, report.omitted)?;
        }
        if report.unreadable.is_some() {
            let style = self.style(report.class, classes);
            writeln!(self.out, "{}: unreadable {style}{}{style:#}", report.name, classes.name(report.class))?;
        }
        Ok(())
    }

    fn style(&self, rank: usize, classes: &Classes) -> Style {
        let top = classes.names().len().saturating_sub(1);
        match rank {
            _ if !self.colour || rank == 0 => Style::new(),
            _ if rank == top => AnsiColor::Red.on_default().bold(),
            _ if rank + 1 == top => AnsiColor::Yellow.on_default(),
            _ => AnsiColor::Cyan.on_default(),
        }
    }
}

/// A word of the text on one line, without what could move the cursor of a terminal.
fn shown(word: &str) -> String {
    let word: String = word.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("\u{201c}{word}\u{201d}")
}

/// A share in hundredths.
pub(super) fn rounded(share: f32) -> f64 {
    (f64::from(share) * 100.0).round() / 100.0
}

fn object(report: &Report<'_>, classes: &Classes) -> Value {
    let mut findings = Vec::new();
    for part in report.parts {
        for (finding, why, rank) in part.rows() {
            let mut object = json!({
                "detector": finding.detector,
                "start": finding.start,
                "end": finding.end,
                "confidence": rounded(finding.confidence),
                "class": classes.name(rank),
                "part": part.label,
            });
            if !why.is_empty() {
                object["why"] = why.iter().map(step).collect();
            }
            findings.push(object);
        }
    }
    let mut object = json!({ "input": report.name, "class": classes.name(report.class), "findings": findings });
    if report.omitted > 0 {
        object["omitted"] = json!(report.omitted);
    }
    if let Some(why) = report.unreadable {
        object["unreadable"] = json!(why.as_str());
    }
    object
}

pub(super) fn step(why: &Why) -> Value {
    let mut step = json!({ "because": why.because, "worth": rounded(why.worth) });
    if let Some(word) = &why.word {
        step["word"] = json!(word);
    }
    step
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::scan::classes::classes;

    fn written(format: Format, text: &str) -> String {
        parts_written(format, &[("a.txt", text)], false)
    }

    fn parts_written(format: Format, texts: &[(&str, &str)], packed: bool) -> String {
        report_written(format, texts, packed, |_| {})
    }

    fn report_written(format: Format, texts: &[(&str, &str)], packed: bool, change: impl Fn(&mut Report<'_>)) -> String {
        let classes = classes(None, None).unwrap();
        let parts = texts.iter().map(|&(label, text)| {
            let findings = classes.plan().scan(text, "");
            let ranks = findings.iter().map(|finding| classes.of(&finding.detector)).collect();
            Part { label, text, findings, why: Vec::new(), ranks }
        });
        let parts: Vec<Part<'_>> = parts.collect();
        let class = parts.iter().flat_map(|part| part.ranks.iter().copied()).max().unwrap_or(0);
        let mut bytes = Vec::new();
        let mut writer = Writer::new(format, &mut bytes, false);
        let mut report = Report { name: "a.txt", parts: &parts, packed, class, unreadable: None, omitted: 0 };
        change(&mut report);
        writer.input(&report, &classes).unwrap();
        writer.finish(&classes, &["b.txt: no such file".to_owned()]).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    const TEXT: &str = "Geachte cliënt,\nuw BSN is 111222333.";

    #[test]
    fn text_names_place_detector_and_class_and_no_value() {
        assert_eq!(written(Format::Text, TEXT), "a.txt:2:11: nl.bsn secret 90%\n");
    }

    #[test]
    fn json_is_one_object_per_input_with_byte_offsets() {
        let value: Value = serde_json::from_str(&written(Format::Json, TEXT)).unwrap();
        assert_eq!(value["class"], "secret");
        assert_eq!(
            value["findings"][0],
            json!({ "detector": "nl.bsn", "start": 27, "end": 36, "confidence": 0.9, "class": "secret", "part": "a.txt" })
        );
    }

    #[test]
    fn a_place_in_a_packed_text_names_its_part() {
        let texts = [("a.zip", "b.txt"), ("a.zip/b.txt", TEXT)];
        assert_eq!(parts_written(Format::Text, &texts, true), "a.zip/b.txt:2:11: nl.bsn secret 90%\n");
        let value: Value = serde_json::from_str(&parts_written(Format::Json, &texts, true)).unwrap();
        assert_eq!((&value["input"], &value["findings"][0]["part"]), (&json!("a.txt"), &json!("a.zip/b.txt")));
        let value: Value = serde_json::from_str(&parts_written(Format::Sarif, &texts, true)).unwrap();
        let location = &value["runs"][0]["results"][0]["locations"][0];
        assert_eq!(location["logicalLocations"][0]["fullyQualifiedName"], "a.zip/b.txt:2:11");
        assert!(location["physicalLocation"]["region"].is_null());
    }

    #[test]
    fn sarif_holds_rules_and_regions() {
        let value: Value = serde_json::from_str(&written(Format::Sarif, TEXT)).unwrap();
        assert_eq!(value["runs"][0]["tool"]["driver"]["rules"][0]["id"], "nl.bsn");
        let region = &value["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
        assert_eq!(
            (region["startLine"].as_u64(), region["startColumn"].as_u64(), region["byteOffset"].as_u64()),
            (Some(2), Some(11), Some(27))
        );
        assert!(!written(Format::Sarif, TEXT).contains("111222333"));
    }
    #[test]
    fn sarif_tells_what_was_not_read_and_what_was_left_out() {
        let text = report_written(Format::Sarif, &[("a.txt", "x")], false, |report| {
            report.unreadable = Some(Unreadable::BrokenEncoding);
            report.omitted = 7;
        });
        let value: Value = serde_json::from_str(&text).unwrap();
        let run = &value["runs"][0];
        assert_eq!((&value["version"], &run["results"][0]["ruleId"]), (&json!("2.1.0"), &json!("unreadable")));
        assert_eq!(run["invocations"][0]["executionSuccessful"], false);
        let told: Vec<&str> = run["invocations"][0]["toolExecutionNotifications"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|n| n["message"]["text"].as_str())
            .collect();
        assert_eq!(told, ["b.txt: no such file", "a.txt: 7 more findings are counted and not listed"]);
    }

    #[test]
    fn what_is_left_out_is_counted_in_every_format() {
        let left = |format| report_written(format, &[("a.txt", TEXT)], false, |report| report.omitted = 7);
        assert!(left(Format::Text).ends_with("a.txt: 7 more findings\n"));
        assert_eq!(serde_json::from_str::<Value>(&left(Format::Json)).unwrap()["omitted"], 7);
    }

    #[test]
    fn a_word_cannot_move_the_cursor() {
        assert_eq!(shown("a\x1b[2J\nb"), "\u{201c}a [2J b\u{201d}");
    }
}
