//! Findings as one SARIF 2.1.0 document (docs.oasis-open.org/sarif/sarif/v2.1.0), for code scanning and editors.
//!
//! Takes reports one by one and keeps their results to the end, for SARIF is one document. A value that was found never stands in it.

use super::classes::Classes;
use super::output::{Report, rounded, step};
use super::places::Places;
use crate::detect::kind_of;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Component, Path};

#[derive(Default)]
pub(super) struct Sarif {
    results: Vec<Value>,
    /// Rule id, and the rank of the class that its results have.
    rules: BTreeMap<String, usize>,
    /// Inputs of which not all is in the results.
    warnings: Vec<String>,
}

const UNREADABLE: &str = "unreadable";

impl Sarif {
    pub fn keep(&mut self, report: &Report<'_>, classes: &Classes) {
        let artifact = json!({ "uri": uri(report.name) });
        for (index, part) in report.parts.iter().enumerate() {
            let mut places = Places::new(part.text);
            for (finding, why, rank) in part.rows() {
                self.rules.insert(finding.detector.to_string(), rank);
                let (line, column) = places.of(finding.start);
                let (last_line, last_column) = places.of(finding.end);
                let location = if report.packed || index > 0 {
                    json!({
                        "physicalLocation": { "artifactLocation": artifact },
                        "logicalLocations": [{ "fullyQualifiedName": format!("{}:{line}:{column}", part.label) }],
                    })
                } else {
                    json!({ "physicalLocation": {
                        "artifactLocation": artifact,
                        "region": {
                            "startLine": line, "startColumn": column, "endLine": last_line, "endColumn": last_column,
                            "byteOffset": finding.start, "byteLength": finding.end - finding.start,
                        },
                    } })
                };
                let mut properties = json!({ "class": classes.name(rank), "confidence": rounded(finding.confidence) });
                if !why.is_empty() {
                    properties["why"] = why.iter().map(step).collect();
                }
                self.results.push(json!({
                    "ruleId": finding.detector,
                    "level": level(rank, classes),
                    "message": { "text": format!("{} ({}), {:.0}% sure", described(&finding.detector), classes.name(rank), finding.confidence * 100.0) },
                    "locations": [location],
                    "properties": properties,
                }));
            }
        }
        if let Some(why) = report.unreadable {
            self.rules.insert(UNREADABLE.to_owned(), report.class);
            self.results.push(json!({
                "ruleId": UNREADABLE,
                "level": level(report.class, classes),
                "message": { "text": format!("Could not be read ({}); counts as {}", why.as_str(), classes.name(report.class)) },
                "locations": [{ "physicalLocation": { "artifactLocation": artifact } }],
            }));
        }
        if report.omitted > 0 {
            self.warnings.push(format!("{}: {} more findings are counted and not listed", report.name, report.omitted));
        }
    }

    /// The document. `failures`: a sentence for each input that could not be opened.
    pub fn document(self, classes: &Classes, failures: &[String]) -> Value {
        let rules: Vec<Value> = self
            .rules
            .iter()
            .map(|(id, &rank)| {
                json!({
                    "id": id,
                    "shortDescription": { "text": if id == UNREADABLE { "content that could not be read".to_owned() } else { described(id) } },
                    "defaultConfiguration": { "level": level(rank, classes) },
                    "properties": { "class": classes.name(rank) },
                })
            })
            .collect();
        let notification = |level: &str, text: &String| json!({ "level": level, "message": { "text": text } });
        let told =
            failures.iter().map(|text| notification("error", text)).chain(self.warnings.iter().map(|text| notification("warning", text)));
        json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": { "name": "sluis", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
                "invocations": [{ "executionSuccessful": failures.is_empty(), "toolExecutionNotifications": told.collect::<Vec<_>>() }],
                "columnKind": "unicodeCodePoints",
                "results": self.results,
            }],
        })
    }
}

/// What a detector finds, in words: `a citizen service number (BSN)`.
fn described(detector: &str) -> String {
    kind_of(detector).map_or_else(|| format!("the organisation's own '{detector}'"), |kind| kind.en.to_owned())
}

fn level(rank: usize, classes: &Classes) -> &'static str {
    match classes.names().len().saturating_sub(rank) {
        1 => "error",
        2 => "warning",
        _ => "note",
    }
}

/// What may stand in the path of a URI as it is (RFC 3986 section 3.3, less the colon, which would make a scheme of what is before it).
const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/').remove(b'@').remove(b'+').remove(b',').remove(b'=');

/// A path as a URI reference: relative as it was given, absolute with its scheme.
fn uri(name: &str) -> String {
    let path = Path::new(name);
    if name == "-" {
        return "stdin".to_owned();
    }
    let mut encoded = Vec::new();
    for component in path.components() {
        match component {
            Component::Prefix(prefix) => encoded.push(prefix.as_os_str().to_string_lossy().replace('\\', "/")),
            Component::RootDir => encoded.push(String::new()),
            Component::CurDir => {}
            Component::ParentDir => encoded.push("..".to_owned()),
            Component::Normal(part) => encoded.push(utf8_percent_encode(&part.to_string_lossy(), PATH).to_string()),
        }
    }
    let encoded = encoded.join("/");
    if path.is_absolute() { format!("file://{encoded}") } else { encoded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uri_references() {
        assert_eq!(uri("./map/cliënt 1#a.txt"), "map/cli%C3%ABnt%201%23a.txt");
        assert_eq!(uri("../a:b.txt"), "../a%3Ab.txt");
        assert_eq!(uri("-"), "stdin");
        #[cfg(unix)]
        assert_eq!(uri("/var/a b.txt"), "file:///var/a%20b.txt");
    }
}
