//! How `sluis scan` writes: a line per finding for people, an object per input in JSON Lines, or one SARIF 2.1.0 document.
//!
//! A value that was found is never written; only its place, detector and class.

use super::Format;
use super::classes::Classes;
use crate::detect::Finding;
use crate::wire::Unreadable;
use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{BufWriter, Write};

/// One text of an input, scanned.
pub(super) struct Part<'a> {
    pub label: &'a str,
    pub text: &'a str,
    pub findings: Vec<Finding>,
    /// The rank of each finding's class.
    pub ranks: Vec<usize>,
}

/// One input, scanned.
pub(super) struct Report<'a> {
    pub name: &'a str,
    pub parts: &'a [Part<'a>],
    /// The parts are in a file that was opened: places in them are not places in the file.
    pub packed: bool,
    pub class: usize,
    pub unreadable: Option<Unreadable>,
}

pub(super) struct Writer<W: Write> {
    format: Format,
    out: BufWriter<W>,
    colour: bool,
    /// SARIF is one document: its results are kept to the end.
    results: Vec<Value>,
    rules: BTreeSet<String>,
}

impl<W: Write> Writer<W> {
    pub fn new(format: Format, out: W, terminal: bool) -> Self {
        let colour = terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { format, out: BufWriter::new(out), colour, results: Vec::new(), rules: BTreeSet::new() }
    }

    pub fn input(&mut self, report: &Report<'_>, classes: &Classes) -> std::io::Result<()> {
        match self.format {
            Format::Text => self.lines(report, classes),
            Format::Json => {
                serde_json::to_writer(&mut self.out, &object(report, classes))?;
                self.out.write_all(b"\n")
            }
            Format::Sarif => {
                self.keep(report, classes);
                Ok(())
            }
        }
    }

    pub fn finish(mut self, classes: &Classes) -> std::io::Result<()> {
        if self.format == Format::Sarif {
            let rules: Vec<Value> =
                self.rules.iter().map(|id| json!({ "id": id, "properties": { "class": classes.name(classes.of(id)) } })).collect();
            let document = json!({
                "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
                "version": "2.1.0",
                "runs": [{
                    "tool": { "driver": { "name": "sluis", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
                    "columnKind": "unicodeCodePoints",
                    "results": std::mem::take(&mut self.results),
                }],
            });
            serde_json::to_writer_pretty(&mut self.out, &document)?;
            self.out.write_all(b"\n")?;
        }
        self.out.flush()
    }

    fn lines(&mut self, report: &Report<'_>, classes: &Classes) -> std::io::Result<()> {
        for part in report.parts {
            let mut places = Places::new(part.text);
            for (finding, &rank) in part.findings.iter().zip(&part.ranks) {
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
            }
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

    fn keep(&mut self, report: &Report<'_>, classes: &Classes) {
        let uri = report.name.replace('\\', "/");
        for (index, part) in report.parts.iter().enumerate() {
            let mut places = Places::new(part.text);
            for (finding, &rank) in part.findings.iter().zip(&part.ranks) {
                self.rules.insert(finding.detector.to_string());
                let (line, column) = places.of(finding.start);
                let (last_line, last_column) = places.of(finding.end);
                let location = if report.packed || index > 0 {
                    json!({
                        "physicalLocation": { "artifactLocation": { "uri": uri } },
                        "logicalLocations": [{ "fullyQualifiedName": format!("{}:{line}:{column}", part.label) }],
                    })
                } else {
                    json!({ "physicalLocation": {
                        "artifactLocation": { "uri": uri },
                        "region": {
                            "startLine": line, "startColumn": column, "endLine": last_line, "endColumn": last_column,
                            "byteOffset": finding.start, "byteLength": finding.end - finding.start,
                        },
                    } })
                };
                self.results.push(json!({
                    "ruleId": finding.detector,
                    "level": level(rank, classes),
                    "message": { "text": format!("{} ({}), {:.0}% sure", finding.detector, classes.name(rank), finding.confidence * 100.0) },
                    "locations": [location],
                }));
            }
        }
        if let Some(why) = report.unreadable {
            self.rules.insert("unreadable".to_owned());
            self.results.push(json!({
                "ruleId": "unreadable",
                "level": level(report.class, classes),
                "message": { "text": format!("Could not be read ({}); counts as {}", why.as_str(), classes.name(report.class)) },
                "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri } } }],
            }));
        }
    }
}

fn level(rank: usize, classes: &Classes) -> &'static str {
    match classes.names().len().saturating_sub(rank) {
        1 => "error",
        2 => "warning",
        _ => "note",
    }
}

fn object(report: &Report<'_>, classes: &Classes) -> Value {
    let parts = report.parts.iter().enumerate();
    let findings: Vec<Value> = parts
        .flat_map(|(index, part)| part.findings.iter().zip(&part.ranks).map(move |(finding, &rank)| (index, finding, rank)))
        .map(|(index, finding, rank)| {
            json!({
                "detector": finding.detector,
                "start": finding.start,
                "end": finding.end,
                "confidence": (f64::from(finding.confidence) * 100.0).round() / 100.0,
                "class": classes.name(rank),
                "part": index,
            })
        })
        .collect();
    let mut object = json!({ "input": report.name, "class": classes.name(report.class), "findings": findings });
    if let Some(why) = report.unreadable {
        object["unreadable"] = json!(why.as_str());
    }
    object
}

/// Lines and columns (in characters, from 1) of offsets that only grow.
struct Places<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    line_start: usize,
}

impl<'a> Places<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0, line: 1, line_start: 0 }
    }

    fn of(&mut self, offset: usize) -> (usize, usize) {
        let passed = self.text.get(self.at..offset).unwrap_or("");
        for found in memchr::memchr_iter(b'\n', passed.as_bytes()) {
            self.line += 1;
            self.line_start = self.at + found + 1;
        }
        self.at = offset;
        (self.line, self.text.get(self.line_start..offset).map_or(1, |before| before.chars().count() + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::scan::classes::classes;

    fn written(format: Format, text: &str) -> String {
        parts_written(format, &[("a.txt", text)], false)
    }

    fn parts_written(format: Format, texts: &[(&str, &str)], packed: bool) -> String {
        let classes = classes(None, None).unwrap();
        let parts = texts.iter().map(|&(label, text)| {
            let findings = classes.plan().scan(text, "");
            let ranks = findings.iter().map(|finding| classes.of(&finding.detector)).collect();
            Part { label, text, findings, ranks }
        });
        let parts: Vec<Part<'_>> = parts.collect();
        let class = parts.iter().flat_map(|part| part.ranks.iter().copied()).max().unwrap_or(0);
        let mut bytes = Vec::new();
        let mut writer = Writer::new(format, &mut bytes, false);
        writer.input(&Report { name: "a.txt", parts: &parts, packed, class, unreadable: None }, &classes).unwrap();
        writer.finish(&classes).unwrap();
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
            json!({ "detector": "nl.bsn", "start": 27, "end": 36, "confidence": 0.9, "class": "secret", "part": 0 })
        );
    }

    #[test]
    fn a_place_in_a_packed_text_names_its_part() {
        let texts = [("a.zip", "b.txt"), ("a.zip/b.txt", TEXT)];
        assert_eq!(parts_written(Format::Text, &texts, true), "a.zip/b.txt:2:11: nl.bsn secret 90%\n");
        let value: Value = serde_json::from_str(&parts_written(Format::Json, &texts, true)).unwrap();
        assert_eq!((&value["input"], &value["findings"][0]["part"]), (&json!("a.txt"), &json!(1)));
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
}
