//! A report as CSV (RFC 4180, UTF-8, a header line): one row per number, with the period on each, so that reports can be put under each other.
//!
//! ISO 8601 UTC and plain numbers; a hidden number is empty with `suppressed` true. A text that a spreadsheet would take for a formula gets an
//! apostrophe before it.

use super::json::{day, moment};
use super::{Ciso, Count, Head, Monitor, NOTE, Report};
use crate::page::Lang;
use crate::record::suppress::Cell;

const CISO: &[&str] = &["section", "id", "name", "category", "kind", "status", "class", "count", "users", "suppressed", "first", "last"];
const MONITOR: &[&str] = &[
    "question",
    "part",
    "id",
    "name",
    "answer",
    "basis",
    "purpose",
    "last_day",
    "survey_domain",
    "tools",
    "count",
    "users",
    "suppressed",
    "n",
    "of",
    "percent",
    "note",
];

pub(super) fn write(report: &Report, lang: Lang) -> String {
    let (columns, rows) = match report {
        Report::Ciso(report) => (CISO, ciso(report)),
        Report::Monitor(report) => (MONITOR, monitor(report, lang)),
    };
    let mut out = String::new();
    line(&mut out, ["organisation", "period", "since", "until", "complete", "k"].iter().chain(columns));
    let shared = shared(report.head());
    for row in rows {
        let cells = columns.iter().map(|column| row.iter().find(|(name, _)| name == column).map_or("", |(_, value)| value.as_str()));
        line(&mut out, shared.iter().map(String::as_str).chain(cells));
    }
    out
}

/// What stands on every line.
fn shared(head: &Head) -> [String; 6] {
    let covered = head.covered;
    [
        text(&head.organisation),
        head.period.to_string(),
        moment(covered.since),
        moment(covered.until),
        covered.complete.to_string(),
        head.k.to_string(),
    ]
}

/// Columns that are filled, by name.
type Fields = Vec<(&'static str, String)>;

fn ciso(report: &Ciso) -> Vec<Fields> {
    let mut rows = vec![counted("totals", "all", &report.total), counted("totals", "observed", &report.observed)];
    let tool = |section: &'static str, tool: &super::Tool| {
        let mut row = counted(section, &tool.id, &tool.count);
        row.extend([("name", text(&tool.name)), ("kind", text(&tool.kind)), ("status", text(&tool.status))]);
        row.push(("category", tool.category.as_deref().map(text).unwrap_or_default()));
        row
    };
    rows.extend(report.tools.iter().map(|row| tool("tools", row)));
    rows.extend(report.decisions.iter().map(|(action, count)| counted("decisions", action, count)));
    rows.extend(report.findings.iter().map(|found| {
        let mut row = counted("findings", &found.detector, &found.count);
        row.push(("class", text(&found.class)));
        row
    }));
    rows.extend(report.unreviewed().map(|row| {
        let mut fields = tool("unreviewed", row);
        fields.extend([("first", day(row.first)), ("last", day(row.last))]);
        fields
    }));
    rows
}

fn counted(section: &'static str, id: &str, count: &Count) -> Fields {
    let mut row = vec![("section", section.to_owned()), ("id", text(id))];
    row.extend(numbers(count));
    row
}

fn numbers(count: &Count) -> [(&'static str, String); 3] {
    let shown = |cell: Cell| cell.shown().map(|number| number.to_string()).unwrap_or_default();
    [("count", shown(count.number)), ("users", shown(count.people)), ("suppressed", count.suppressed().to_string())]
}

fn monitor(report: &Monitor, lang: Lang) -> Vec<Fields> {
    let mut rows = Vec::new();
    let mut size = vec![("question", "size".to_owned()), ("part", "answer".to_owned()), ("basis", "policy".to_owned())];
    size.extend(report.size.map(|size| ("answer", size.as_str().to_owned())));
    size.extend(report.inhabitants.map(|number| ("count", number.to_string())));
    rows.push(size);
    for asked in &report.questions {
        let part = |part: &str| vec![("question", asked.number.to_owned()), ("part", part.to_owned())];
        let mut answer = part("answer");
        answer.extend([("name", lang.pick(asked.nl, asked.en).to_owned()), ("answer", asked.answer.as_str().to_owned())]);
        answer.extend([("basis", asked.basis.to_owned()), ("note", NOTE.to_owned())]);
        rows.push(answer);
        rows.extend(asked.rows.iter().map(|row| {
            let mut fields = part("row");
            fields.push(("id", text(&row.id)));
            fields.extend(row.name.as_deref().map(|name| ("name", text(name))));
            fields.extend(row.purpose.as_deref().map(|purpose| ("purpose", text(purpose))));
            fields.extend(row.until.map(|until| ("last_day", until.to_string())));
            fields.extend(row.domain.map(|share| ("survey_domain", share.option.to_owned())));
            fields.extend(row.tools.map(|tools| ("tools", tools.to_string())));
            fields.extend(row.count.iter().flat_map(numbers));
            fields
        }));
        rows.extend(asked.survey.iter().map(|share| {
            let mut fields = part("survey-2024");
            fields.extend([("id", share.option.to_owned()), ("name", lang.pick(share.nl, share.en).to_owned())]);
            fields.extend([("n", share.n.to_string()), ("of", share.of.to_string()), ("percent", share.percent.to_string())]);
            fields.push(("note", NOTE.to_owned()));
            fields
        }));
    }
    rows
}

/// A text of someone's own choosing, made harmless for a spreadsheet.
fn text(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn line<'a>(out: &mut String, cells: impl Iterator<Item = impl AsRef<str> + 'a>) {
    for (place, cell) in cells.enumerate() {
        let cell = cell.as_ref();
        if place > 0 {
            out.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(cell);
        }
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_commas_line_breaks_and_formulas_do_no_harm() {
        let mut out = String::new();
        line(&mut out, [text("a,\"b\"\nc"), text("=HYPERLINK(1)"), text("plain")].iter());
        assert_eq!(out, "\"a,\"\"b\"\"\nc\",'=HYPERLINK(1),plain\r\n");
    }
}
