//! A report as one JSON object: ISO 8601 UTC, plain numbers. A hidden number is `null` with `"suppressed": true` beside it, as in the console's API.

use super::{Ciso, Count, Head, Monitor, NOTE, Question, Report, Row, Tool};
use crate::page::Lang;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

pub(super) fn write(report: &Report, lang: Lang) -> String {
    let value = match report {
        Report::Ciso(report) => ciso(report),
        Report::Monitor(report) => monitor(report, lang),
    };
    format!("{value:#}\n")
}

/// A moment to the second.
pub(super) fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A day, in UTC.
pub(super) fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

fn head(kind: &str, head: &Head) -> Map<String, Value> {
    let value = json!({
        "report": kind,
        "organisation": head.organisation,
        "made": moment(head.made),
        "sluis": env!("CARGO_PKG_VERSION"),
        "period": head.period.to_string(),
        "since": moment(head.covered.since),
        "until": moment(head.covered.until),
        "complete": head.covered.complete,
        "recorded_since": head.first.map(day),
        "policy": { "version": head.policy, "mode": head.mode },
        "k": head.k,
    });
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// A row with its numbers; `number` is the name of the first.
fn counted(row: Value, number: &str, count: &Count) -> Value {
    let mut row = match row {
        Value::Object(row) => row,
        _ => Map::new(),
    };
    row.insert(number.to_owned(), json!(count.number.shown()));
    row.insert("users".to_owned(), json!(count.people.shown()));
    row.insert("suppressed".to_owned(), json!(count.suppressed()));
    Value::Object(row)
}

fn ciso(report: &Ciso) -> Value {
    let mut body = head("ciso", &report.head);
    let mut add = |key: &str, value: Value| drop(body.insert(key.to_owned(), value));
    add("totals", counted(json!({}), "requests", &report.total));
    add("observed", counted(json!({}), "requests", &report.observed));
    add("tools", report.tools.iter().map(tool).collect());
    let decision = |(action, count): &(&str, Count)| counted(json!({ "action": action }), "requests", count);
    add("decisions", report.decisions.iter().map(decision).collect());
    let found =
        report.findings.iter().map(|found| counted(json!({ "detector": found.detector, "class": found.class }), "count", &found.count));
    add("findings", found.collect());
    let unreviewed = report.unreviewed().map(|row| {
        let mut value = tool(row);
        value["first"] = json!(day(row.first));
        value["last"] = json!(day(row.last));
        value
    });
    add("unreviewed", unreviewed.collect());
    Value::Object(body)
}

fn tool(tool: &Tool) -> Value {
    let row = json!({ "tool": tool.id, "name": tool.name, "category": tool.category, "kind": tool.kind, "status": tool.status });
    counted(row, "requests", &tool.count)
}

fn monitor(report: &Monitor, lang: Lang) -> Value {
    let mut body = head("monitor", &report.head);
    body.insert("size".to_owned(), json!({ "inhabitants": report.inhabitants, "class": report.size.map(|size| size.as_str()) }));
    body.insert("questions".to_owned(), report.questions.iter().map(|asked| question(asked, lang)).collect());
    Value::Object(body)
}

fn question(asked: &Question, lang: Lang) -> Value {
    let survey = asked.survey.iter().map(|share| {
        json!({ "option": share.option, "text": lang.pick(share.nl, share.en), "n": share.n, "of": share.of, "percent": share.percent, "note": NOTE })
    });
    json!({
        "question": asked.number,
        "text": lang.pick(asked.nl, asked.en),
        "basis": asked.basis,
        "answer": asked.answer.as_str(),
        "rows": asked.rows.iter().map(row).collect::<Value>(),
        "survey": survey.collect::<Value>(),
        "note": NOTE,
    })
}

fn row(row: &Row) -> Value {
    let mut value = Map::new();
    value.insert("id".to_owned(), json!(row.id));
    let mut maybe = |key: &str, found: Option<Value>| {
        if let Some(found) = found {
            value.insert(key.to_owned(), found);
        }
    };
    maybe("name", row.name.as_ref().map(|name| json!(name)));
    maybe("survey_domain", row.domain.map(|share| json!(share.option)));
    maybe("purpose", row.purpose.as_ref().map(|purpose| json!(purpose)));
    maybe("last_day", row.until.map(|day| json!(day.to_string())));
    maybe("tools", row.tools.map(|tools| json!(tools)));
    match &row.count {
        Some(count) => counted(Value::Object(value), "requests", count),
        None => Value::Object(value),
    }
}
