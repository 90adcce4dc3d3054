//! What the organisation sees: the dashboard with its JSON API for people ([`people`]), and metrics and health for machines ([`machines`]).
//!
//! Takes a [`Source`] (the store's read side) and a [`Node`] (the running proxy); gives two axum routers. Counts on fewer than `k` people are
//! hidden in one place, `overview.rs`, before a page, a chart or the API sees them. The console only reads, uses no script, and must never
//! show a person or a pseudonym.

mod api;
mod chart;
mod dashboard;
mod guard;
mod machines;
mod overview;
mod period;
mod source;
mod store;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

pub use machines::machines;
pub use period::Period;
pub use source::{Answer, Bucket, DecisionRow, FindingRow, OwnRow, Source, SourceError, Span, Totals, UnreviewedRow, UsageRow};

pub use crate::record::suppress::SMALLEST_GROUP;

use crate::policy::Mode;
use axum::Router;
use axum::http::{HeaderMap, header};
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use jiff::Timestamp;
use serde::Serialize;
use std::sync::Arc;

/// What the console asks of the running proxy. Every answer comes from memory: nothing here may wait.
pub trait Node: Send + Sync {
    /// The state box of the dashboard.
    fn status(&self) -> Status;
    /// The checks behind `/readyz` and `/api/v1/health`.
    fn checks(&self) -> Vec<Check>;
    /// The name of a tool as people know it; none for an id that the catalogue does not have.
    fn tool_name(&self, id: &str) -> Option<String>;
    /// The metrics in Prometheus' text form.
    fn metrics(&self) -> String;
    /// The proxy auto-configuration file, served as `/proxy.pac` and `/wpad.dat`.
    fn pac(&self) -> Option<String>;
    /// The CA certificate, served as `/ca.pem`.
    fn ca_pem(&self) -> Option<String>;
}

/// How the running proxy stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    pub organisation: String,
    /// Languages of the policy, the first is the default.
    pub languages: Vec<String>,
    pub node: String,
    /// Version of Sluis.
    pub version: String,
    /// Short hash of the policy's files.
    pub policy: String,
    pub mode: Mode,
    /// The last time the policy was read.
    pub reload: Option<Reload>,
    pub audit: Audit,
    /// Address of the explicit proxy, `127.0.0.1:8080`; empty where there is none.
    pub proxy: String,
}

/// One reading of the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reload {
    pub at: Timestamp,
    /// What was wrong; the policy that ran before is then still in force.
    pub error: Option<String>,
}

/// Whether the audit log is whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Audit {
    /// None while it has not been checked.
    pub intact: Option<bool>,
    pub lines: u64,
    pub checked: Option<Timestamp>,
    /// The first fault, where there is one.
    pub fault: Option<String>,
}

/// One thing that must be right before this node may take traffic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// `policy`, `store`, `audit`, `listener`, ...
    pub name: String,
    pub ok: bool,
    /// Why not, as a sentence; empty when it is fine.
    pub detail: String,
}

/// What the console is made of.
#[derive(Clone)]
pub struct ConsoleState {
    pub source: Arc<dyn Source>,
    pub node: Arc<dyn Node>,
    /// Names under which the console may be called, next to IP addresses and `localhost`.
    pub names: Arc<[String]>,
    /// Smallest group that is counted; below [`SMALLEST_GROUP`] it is taken as that.
    pub k: u64,
}

impl ConsoleState {
    pub fn new(source: Arc<dyn Source>, node: Arc<dyn Node>) -> Self {
        Self { source, node, names: Arc::new([]), k: SMALLEST_GROUP }
    }

    fn smallest_group(&self) -> u64 {
        self.k.max(SMALLEST_GROUP)
    }
}

/// The console for people: the dashboard at `/` and the JSON API under `/api/v1/`.
pub fn people(state: ConsoleState) -> Router {
    Router::new()
        .route("/", get(dashboard::show))
        .route("/proxy.pac", get(machines::pac))
        .route("/wpad.dat", get(machines::pac))
        .route("/ca.pem", get(machines::ca_pem))
        .nest("/api/v1", api::routes())
        .fallback(dashboard::not_found)
        .layer(from_fn_with_state(state.clone(), guard::guard))
        .with_state(state)
}

/// The `Accept-Language` header, where it is text.
fn accept_language(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok())
}
