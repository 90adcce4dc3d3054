//! What machines read: `/metrics` for Prometheus, `/healthz` (the process lives) and `/readyz` (it may take traffic), and the files that
//! browsers fetch, `/proxy.pac` and `/ca.pem`.

use super::{ConsoleState, Node};
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};
use std::sync::Arc;

/// The router of the metrics address. No Host check: Prometheus and Kubernetes call it by many names, and it holds nothing about people.
pub fn machines(node: Arc<dyn Node>) -> Router {
    Router::new().route("/metrics", get(metrics)).route("/healthz", get(healthz)).route("/readyz", get(readyz)).with_state(node)
}

async fn metrics(State(node): State<Arc<dyn Node>>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], node.metrics()).into_response()
}

async fn healthz() -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], "ok\n").into_response()
}

async fn readyz(State(node): State<Arc<dyn Node>>) -> Response {
    let (status, body) = readiness(node.as_ref());
    (status, [(header::CACHE_CONTROL, "no-store")], axum::Json(body)).into_response()
}

/// 200 where every check is fine, else 503 with the reasons.
pub(super) fn readiness(node: &dyn Node) -> (StatusCode, Value) {
    let checks = node.checks();
    let ready = checks.iter().all(|check| check.ok);
    let reasons: Vec<_> = checks.iter().filter(|check| !check.ok).map(|check| format!("{}: {}", check.name, check.detail)).collect();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, json!({ "ready": ready, "reasons": reasons, "checks": checks }))
}

pub(super) async fn pac(State(state): State<ConsoleState>) -> Response {
    file(state.node.pac(), "application/x-ns-proxy-autoconfig")
}

pub(super) async fn ca_pem(State(state): State<ConsoleState>) -> Response {
    file(state.node.ca_pem(), "application/x-pem-file")
}

fn file(content: Option<String>, content_type: &'static str) -> Response {
    match content {
        Some(content) => ([(header::CONTENT_TYPE, content_type)], content).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
