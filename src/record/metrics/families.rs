//! The metric families: names, help texts and labels, as the contract has them.

use prometheus::{Gauge, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry};

/// Seconds. Sluis aims at less than a millisecond; the last bounds are there to show when it does not.
const LATENCY_BOUNDS: &[f64] =
    &[0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5];

pub(super) struct Families {
    pub registry: Registry,
    pub requests: IntCounterVec,
    pub findings: IntCounterVec,
    pub tokens: IntCounterVec,
    pub bytes: IntCounterVec,
    pub active_users: IntGaugeVec,
    pub unreviewed_tools: IntGauge,
    pub latency: HistogramVec,
    pub connections: IntGaugeVec,
    pub handshakes: IntCounterVec,
    pub leaves: IntCounterVec,
    pub policy: IntGaugeVec,
    pub policy_reloads: IntCounterVec,
    pub rule_hits: IntCounterVec,
    pub audit_events: IntCounterVec,
    pub audit_lag: Gauge,
    pub store_errors: IntCounterVec,
    pub build: IntGaugeVec,
    pub hellos: IntCounterVec,
    pub upstream_errors: IntCounterVec,
    pub refused: IntCounterVec,
}

impl Families {
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let counter = |name: &str, help: &str, labels: &[&str]| {
            let family = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(family.clone()))?;
            Ok::<_, prometheus::Error>(family)
        };
        let gauge = |name: &str, help: &str, labels: &[&str]| {
            let family = IntGaugeVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(family.clone()))?;
            Ok::<_, prometheus::Error>(family)
        };
        let options = HistogramOpts::new("sluis_added_latency_seconds", "Time that Sluis adds, by stage; not what the tool takes");
        let latency = HistogramVec::new(options.buckets(LATENCY_BOUNDS.to_vec()), &["stage"])?;
        registry.register(Box::new(latency.clone()))?;
        let unreviewed_tools = IntGauge::new("sluis_unreviewed_tools", "Unreviewed AI tools seen in 30 days (shadow AI)")?;
        registry.register(Box::new(unreviewed_tools.clone()))?;
        let audit_lag = Gauge::new("sluis_audit_lag_seconds", "Age of the oldest event that the store does not have yet")?;
        registry.register(Box::new(audit_lag.clone()))?;
        let requests = &["tool", "category", "action", "direction", "domain", "organisation"];
        Ok(Self {
            requests: counter("sluis_requests_total", "Decisions on AI traffic", requests)?,
            findings: counter("sluis_findings_total", "Findings in messages", &["detector", "class", "action"])?,
            tokens: counter("sluis_tokens_total", "Tokens that answers reported", &["tool", "model", "kind"])?,
            bytes: counter("sluis_bytes_total", "Bytes of messages and answers", &["tool", "direction"])?,
            active_users: gauge("sluis_active_users", "Distinct pseudonyms per tool", &["tool", "window"])?,
            connections: gauge("sluis_connections", "Open connections", &["state"])?,
            handshakes: counter("sluis_handshakes_total", "TLS handshakes", &["side", "result"])?,
            leaves: counter("sluis_leaf_certificates_total", "Leaf certificates handed out", &["source"])?,
            policy: gauge("sluis_policy_info", "The policy in force", &["version", "mode"])?,
            policy_reloads: counter("sluis_policy_reloads_total", "Reloads of the policy", &["result"])?,
            rule_hits: counter("sluis_policy_rule_hits_total", "Decisions by rule", &["rule", "mode"])?,
            audit_events: counter("sluis_audit_events_total", "Lines for the audit log", &["result"])?,
            store_errors: counter("sluis_store_errors_total", "Failures of a store", &["store"])?,
            build: gauge("sluis_build_info", "This build", &["version", "commit"])?,
            hellos: counter("sluis_hello_total", "ClientHellos by form", &["result"])?,
            upstream_errors: counter("sluis_upstream_errors_total", "Failures towards origins", &["reason"])?,
            refused: counter("sluis_refused_total", "Requests turned away before a decision", &["reason"])?,
            latency,
            unreviewed_tools,
            audit_lag,
            registry,
        })
    }
}
