//! The JSON API under `/api/v1/`: the numbers of the dashboard, hidden in the same way, with ISO 8601 UTC and a decimal point.
//!
//! A hidden number is `null` with `"suppressed": true` beside it. Mistakes are answered as `application/problem+json` (RFC 9457).

use super::dashboard::period_of;
use super::overview::{Line, Overview};
use super::source::Bucket;
use super::{ConsoleState, Period, machines};
use crate::record::suppress::Cell;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

/// The routes, to be nested under `/api/v1`.
pub fn routes() -> Router<ConsoleState> {
    Router::new()
        .route("/usage", get(usage))
        .route("/decisions", get(decisions))
        .route("/findings", get(findings))
        .route("/tools/unreviewed", get(unreviewed))
        .route("/health", get(health))
        .route("/openapi.json", get(openapi))
        .fallback(async || problem(StatusCode::NOT_FOUND, "No such resource; /api/v1/openapi.json lists them."))
}

static OPENAPI: LazyLock<Value> = LazyLock::new(|| {
    // A test holds that the file parses and names every route.
    let mut document: Value = serde_json::from_str(include_str!("openapi.json")).unwrap_or(Value::Null);
    document["info"]["version"] = json!(env!("CARGO_PKG_VERSION"));
    document
});

async fn openapi() -> Json<Value> {
    Json(OPENAPI.clone())
}

async fn usage(state: State<ConsoleState>, query: RawQuery) -> Response {
    answer(state, query, |state, overview| {
        let name = |id: &str| state.node.tool_name(id).unwrap_or_else(|| id.to_owned());
        let tools = overview.tools.iter().map(|line| {
            let tool = json!({ "tool": line.id, "name": name(&line.id), "status": line.status, "requests": line.requests });
            people(tool, line.people)
        });
        let totals = people(json!({ "requests": overview.requests }), overview.people);
        let rows = rows(overview, &overview.tools, "tool");
        json!({ "totals": totals, "tools": tools.collect::<Value>(), "rows": rows })
    })
    .await
}

async fn decisions(state: State<ConsoleState>, query: RawQuery) -> Response {
    answer(state, query, |_, overview| {
        let actions = overview
            .actions
            .iter()
            .map(|line| people(json!({ "action": line.id, "requests": line.requests }), line.people))
            .collect::<Value>();
        json!({ "actions": actions, "rows": rows(overview, &overview.actions, "action") })
    })
    .await
}

async fn findings(state: State<ConsoleState>, query: RawQuery) -> Response {
    answer(state, query, |_, overview| {
        let rows = overview.findings.iter().map(|found| {
            let row = json!({ "detector": found.detector, "class": found.class, "count": found.count.shown() });
            hide(people(row, found.people), found.count)
        });
        json!({ "rows": rows.collect::<Value>() })
    })
    .await
}

async fn unreviewed(state: State<ConsoleState>, query: RawQuery) -> Response {
    answer(state, query, |state, overview| {
        let rows = overview.unreviewed.iter().map(|row| {
            let name = state.node.tool_name(&row.tool).unwrap_or_else(|| row.tool.clone());
            let tool = json!({
                "tool": row.tool, "name": name, "category": row.category, "requests": row.requests,
                "first": row.first.strftime("%Y-%m-%d").to_string(), "last": row.last.strftime("%Y-%m-%d").to_string(),
            });
            people(tool, row.people)
        });
        json!({ "days": 30, "rows": rows.collect::<Value>() })
    })
    .await
}

async fn health(State(state): State<ConsoleState>) -> Response {
    let status = state.node.status();
    let (code, mut body) = machines::readiness(state.node.as_ref());
    body["node"] = json!(status.node);
    body["version"] = json!(status.version);
    body["policy"] = json!({
        "version": status.policy, "mode": status.mode,
        "reloaded": status.reload.as_ref().map(|reload| iso(reload.at)),
        "error": status.reload.and_then(|reload| reload.error),
    });
    body["audit"] = json!({
        "intact": status.audit.intact, "lines": status.audit.lines,
        "checked": status.audit.checked.map(iso), "fault": status.audit.fault,
    });
    (code, Json(body)).into_response()
}

/// Reads the period and answers with the body under what all answers share.
async fn answer(
    State(state): State<ConsoleState>,
    RawQuery(query): RawQuery,
    body: impl FnOnce(&ConsoleState, &Overview) -> Value,
) -> Response {
    let period = match period_of(query.as_deref()) {
        None => Period::Month,
        Some(code) => match Period::parse(&code) {
            Some(period) => period,
            None => return problem(StatusCode::BAD_REQUEST, "period is one of 1d, 7d, 30d, 90d."),
        },
    };
    match Overview::read(state.source.as_ref(), period, Timestamp::now(), state.smallest_group()).await {
        Ok(overview) => {
            let mut answer = json!({
                "period": period.code(), "since": iso(overview.span.since), "until": iso(overview.span.until),
                "bucket": bucket(period.bucket()), "k": overview.k,
            });
            if let (Some(answer), Value::Object(body)) = (answer.as_object_mut(), body(&state, &overview)) {
                answer.extend(body);
            }
            Json(answer).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the console's API cannot answer");
            problem(StatusCode::SERVICE_UNAVAILABLE, "The store cannot be read now; the log of Sluis says why. Nothing is lost.")
        }
    }
}

fn rows(overview: &Overview, lines: &[Line], key: &str) -> Vec<Value> {
    let cells = overview.slots.iter().enumerate().flat_map(|(place, slot)| {
        lines.iter().filter_map(move |line| {
            let cell = *line.cells.get(place)?;
            let mut row = Map::new();
            row.insert("bucket".into(), json!(slot.key));
            row.insert(key.into(), json!(line.id));
            row.insert("requests".into(), json!(cell.shown()));
            Some(hide(Value::Object(row), cell))
        })
    });
    cells.collect()
}

/// Adds the count of people.
fn people(mut row: Value, people: Cell) -> Value {
    row["users"] = json!(people.shown());
    hide(row, people)
}

/// Marks a row that has a hidden number.
fn hide(mut row: Value, cell: Cell) -> Value {
    let before = row["suppressed"].as_bool().unwrap_or(false);
    row["suppressed"] = json!(before || cell == Cell::Hidden);
    row
}

fn iso(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn bucket(bucket: Bucket) -> &'static str {
    match bucket {
        Bucket::Hour => "hour",
        Bucket::Day => "day",
        Bucket::Week => "week",
        Bucket::Whole => "whole",
    }
}

fn problem(status: StatusCode, detail: &str) -> Response {
    let body = json!({ "type": "about:blank", "title": status.canonical_reason(), "status": status.as_u16(), "detail": detail });
    (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}
