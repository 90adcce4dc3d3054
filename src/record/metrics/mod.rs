//! Prometheus metrics: every name of the contract, with typed methods, so that no caller spells a label.
//!
//! Label values are bounded: enums, `&'static str` reasons, ids of catalogue and policy; what comes from traffic (a model's name) is cut to a
//! fixed number of values and then `other`. No subject is ever a label. [`Metrics::decision`] is on the path of every message and costs well under
//! a microsecond: the counters of a combination of labels are looked up once and kept.

mod bounded;
mod decision;
mod families;
mod gauge;

pub use gauge::{ConnectionGuard, ConnectionState};

use crate::policy::Mode;
use crate::record::event::{Event, Outcome};
use bounded::Bounded;
use decision::Decisions;
use families::Families;
use prometheus::{Histogram, IntCounter, IntGauge, TextEncoder};
use std::sync::Arc;
use std::time::Duration;

/// A step of an exchange whose time is measured; `Total` is all that Sluis added to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    Read,
    Detect,
    Decide,
    Record,
    Total,
}

impl Stage {
    const ALL: [Self; 5] = [Self::Read, Self::Detect, Self::Decide, Self::Record, Self::Total];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Detect => "detect",
            Self::Decide => "decide",
            Self::Record => "record",
            Self::Total => "total",
        }
    }
}

/// Which TLS side a handshake was on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    Client,
    Upstream,
}

/// What became of a line for the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuditResult {
    /// It stands in the log.
    Written,
    /// The log could not take it; it waits in memory.
    Spooled,
    /// It was not taken, and the caller lets nothing by.
    Refused,
    /// It was given up. Any number above 0 is an incident.
    Lost,
}

/// A number of distinct people who used a tool in a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveUsers {
    pub tool: String,
    /// `1d`, `7d` or `30d`.
    pub window: &'static str,
    pub users: u64,
}

/// All metrics of the process.
pub struct Metrics {
    families: Families,
    decisions: Decisions,
    models: Bounded,
    stages: Vec<Histogram>,
    audit: [IntCounter; 4],
    connections: [IntGauge; 3],
}

impl Metrics {
    /// `version` and `commit` of this build.
    pub fn new(version: &str, commit: &str) -> Result<Arc<Self>, prometheus::Error> {
        let families = Families::new()?;
        families.build.get_metric_with_label_values(&[version, commit])?.set(1);
        let stages =
            Stage::ALL.iter().map(|stage| families.latency.get_metric_with_label_values(&[stage.as_str()])).collect::<Result<_, _>>()?;
        let audit = |result| families.audit_events.get_metric_with_label_values(&[result]);
        let connection = |state: ConnectionState| families.connections.get_metric_with_label_values(&[state.as_str()]);
        Ok(Arc::new(Self {
            decisions: Decisions::default(),
            models: Bounded::new(200),
            stages,
            audit: [audit("written")?, audit("spooled")?, audit("refused")?, audit("lost")?],
            connections: [
                connection(ConnectionState::Tunnel)?,
                connection(ConnectionState::Intercept)?,
                connection(ConnectionState::Idle)?,
            ],
            families,
        }))
    }

    /// Everything in Prometheus' text format.
    pub fn render(&self) -> String {
        let mut text = String::new();
        if let Err(error) = TextEncoder::new().encode_utf8(&self.families.registry.gather(), &mut text) {
            tracing::error!(%error, "the metrics cannot be written");
        }
        text
    }

    /// Counts a decision: the request, its findings, the rule that decided, and the bytes that were sent.
    pub fn decision(&self, event: &Event) {
        self.decisions.count(&self.families, event);
    }

    /// Counts what the answer showed: bytes as direction `response`, and tokens by model.
    pub fn answer(&self, tool: &str, model: Option<&str>, outcome: &Outcome) {
        let bytes = self.families.bytes.get_metric_with_label_values(&[tool, "response"]);
        add(bytes, outcome.bytes_out);
        self.tokens(tool, model, outcome.tokens_in, outcome.tokens_out);
    }

    /// Counts tokens. After 200 different models the rest counts as `other`.
    pub fn tokens(&self, tool: &str, model: Option<&str>, input: Option<u64>, output: Option<u64>) {
        let model = self.models.admit(model.unwrap_or("unknown"));
        for (kind, tokens) in [("input", input), ("output", output)] {
            if let Some(tokens) = tokens {
                add(self.families.tokens.get_metric_with_label_values(&[tool, model.as_ref(), kind]), tokens);
            }
        }
    }

    /// Time that Sluis added in one stage.
    pub fn added(&self, stage: Stage, time: Duration) {
        if let Some(histogram) = self.stages.get(stage as usize) {
            histogram.observe(time.as_secs_f64());
        }
    }

    /// Counts a connection for as long as the guard lives.
    pub fn connection(&self, state: ConnectionState) -> ConnectionGuard {
        ConnectionGuard::new(self.connections.clone(), state)
    }

    /// Counts a TLS handshake; `result` is `ok` or a short reason.
    pub fn handshake(&self, side: Side, result: &'static str) {
        let side = match side {
            Side::Client => "client",
            Side::Upstream => "upstream",
        };
        add(self.families.handshakes.get_metric_with_label_values(&[side, result]), 1);
    }

    /// Counts a leaf certificate: `minted`, `cache`.
    pub fn leaf(&self, source: &'static str) {
        add(self.families.leaves.get_metric_with_label_values(&[source]), 1);
    }

    /// Counts what a ClientHello looked like: `plain`, `ech`, `no-sni`, `fragmented`, `not-tls`.
    pub fn hello(&self, result: &'static str) {
        add(self.families.hellos.get_metric_with_label_values(&[result]), 1);
    }

    /// Counts a failure towards the origin: `resolve`, `refused`, `certificate`, `timeout`.
    pub fn upstream_error(&self, reason: &'static str) {
        add(self.families.upstream_errors.get_metric_with_label_values(&[reason]), 1);
    }

    /// Counts a request that was turned away before any decision (malformed, too large a head, own listener).
    pub fn refused(&self, reason: &'static str) {
        add(self.families.refused.get_metric_with_label_values(&[reason]), 1);
    }

    /// Says which policy is in force.
    pub fn policy(&self, version: &str, mode: Mode) {
        self.families.policy.reset();
        let mode = match mode {
            Mode::Enforce => "enforce",
            Mode::Observe => "observe",
        };
        if let Ok(info) = self.families.policy.get_metric_with_label_values(&[version, mode]) {
            info.set(1);
        }
    }

    /// Counts a reload of the policy.
    pub fn policy_reload(&self, ok: bool) {
        add(self.families.policy_reloads.get_metric_with_label_values(&[if ok { "ok" } else { "failed" }]), 1);
    }

    /// Counts lines of the audit log.
    pub fn audit(&self, result: AuditResult, lines: u64) {
        self.audit[result as usize].inc_by(lines);
    }

    /// Lines of the audit log so far, by result.
    pub fn audited(&self, result: AuditResult) -> u64 {
        self.audit[result as usize].get()
    }

    /// How old the oldest event is that the store does not yet have.
    pub fn audit_lag(&self, lag: Duration) {
        self.families.audit_lag.set(lag.as_secs_f64());
    }

    /// Counts a failure of a store: `sqlite`, `audit`.
    pub fn store_error(&self, store: &'static str) {
        add(self.families.store_errors.get_metric_with_label_values(&[store]), 1);
    }

    /// Replaces the numbers of active users.
    pub fn active_users(&self, all: &[ActiveUsers]) {
        self.families.active_users.reset();
        for one in all {
            if let Ok(gauge) = self.families.active_users.get_metric_with_label_values(&[one.tool.as_str(), one.window]) {
                gauge.set(i64::try_from(one.users).unwrap_or(i64::MAX));
            }
        }
    }

    /// Tools seen in 30 days that nobody has reviewed.
    pub fn unreviewed_tools(&self, tools: u64) {
        self.families.unreviewed_tools.set(i64::try_from(tools).unwrap_or(i64::MAX));
    }
}

/// Adds to a counter. A wrong number of labels is the only error there can be, and the tests call every method.
fn add(counter: prometheus::Result<IntCounter>, by: u64) {
    match counter {
        Ok(counter) => counter.inc_by(by),
        Err(error) => tracing::error!(%error, "a metric has the wrong labels"),
    }
}

#[cfg(test)]
mod tests;
