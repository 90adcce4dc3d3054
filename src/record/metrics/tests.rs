use super::*;
use crate::record::event::tests::sample;

fn metrics() -> Arc<Metrics> {
    Metrics::new("0.1.0", "abc1234").unwrap()
}

fn has(metrics: &Metrics, line: &str) -> bool {
    metrics.render().lines().any(|found| found == line)
}

#[test]
fn every_name_of_the_contract_is_there_with_its_labels() {
    let metrics = metrics();
    let event = sample("p-1", "chatgpt", "block");
    metrics.decision(&event);
    metrics.answer("chatgpt", Some("gpt-5"), &Outcome { id: "x".into(), bytes_out: 10, tokens_in: Some(5), tokens_out: Some(6) });
    metrics.added(Stage::Detect, Duration::from_micros(20));
    let _tunnel = metrics.connection(ConnectionState::Tunnel);
    metrics.handshake(Side::Client, "ok");
    metrics.leaf("minted");
    metrics.hello("ech");
    metrics.upstream_error("certificate");
    metrics.refused("two-lengths");
    metrics.policy("9c1f", Mode::Enforce);
    metrics.policy_reload(false);
    metrics.audit(AuditResult::Written, 1);
    metrics.audit_lag(Duration::from_millis(1500));
    metrics.store_error("sqlite");
    metrics.active_users(&[ActiveUsers { tool: "chatgpt".into(), window: "7d", users: 12 }]);
    metrics.unreviewed_tools(3);
    for line in [
        r#"sluis_requests_total{action="block",category="chat",direction="prompt",domain="sociaal",organisation="gemeente-voorbeeld",tool="chatgpt"} 1"#,
        r#"sluis_findings_total{action="block",class="personal",detector="nl.bsn"} 1"#,
        r#"sluis_tokens_total{kind="input",model="gpt-5",tool="chatgpt"} 5"#,
        r#"sluis_tokens_total{kind="output",model="gpt-5",tool="chatgpt"} 6"#,
        r#"sluis_bytes_total{direction="prompt",tool="chatgpt"} 2048"#,
        r#"sluis_bytes_total{direction="response",tool="chatgpt"} 10"#,
        r#"sluis_active_users{tool="chatgpt",window="7d"} 12"#,
        "sluis_unreviewed_tools 3",
        r#"sluis_added_latency_seconds_bucket{stage="detect",le="0.000025"} 1"#,
        r#"sluis_connections{state="tunnel"} 1"#,
        r#"sluis_connections{state="intercept"} 0"#,
        r#"sluis_handshakes_total{result="ok",side="client"} 1"#,
        r#"sluis_leaf_certificates_total{source="minted"} 1"#,
        r#"sluis_policy_info{mode="enforce",version="9c1f"} 1"#,
        r#"sluis_policy_reloads_total{result="failed"} 1"#,
        r#"sluis_policy_rule_hits_total{mode="enforce",rule="geen-bsn"} 1"#,
        r#"sluis_audit_events_total{result="written"} 1"#,
        r#"sluis_audit_events_total{result="lost"} 0"#,
        "sluis_audit_lag_seconds 1.5",
        r#"sluis_store_errors_total{store="sqlite"} 1"#,
        r#"sluis_build_info{commit="abc1234",version="0.1.0"} 1"#,
        r#"sluis_hello_total{result="ech"} 1"#,
        r#"sluis_upstream_errors_total{reason="certificate"} 1"#,
        r#"sluis_refused_total{reason="two-lengths"} 1"#,
    ] {
        assert!(has(&metrics, line), "{line} is missing in\n{}", metrics.render());
    }
}

#[test]
fn a_decision_counts_the_same_the_first_time_and_later() {
    let metrics = metrics();
    let mut event = sample("p-1", "chatgpt", "block");
    for _ in 0..3 {
        metrics.decision(&event);
    }
    event.rule = None;
    event.findings.clear();
    metrics.decision(&event);
    assert!(has(&metrics, r#"sluis_findings_total{action="block",class="personal",detector="nl.bsn"} 3"#));
    assert!(has(&metrics, r#"sluis_bytes_total{direction="prompt",tool="chatgpt"} 8192"#));
    assert!(has(&metrics, r#"sluis_policy_rule_hits_total{mode="enforce",rule="geen-bsn"} 3"#));
}

#[test]
fn a_subject_is_never_a_label() {
    let metrics = metrics();
    metrics.decision(&sample("p-0123456789abcdef", "chatgpt", "allow"));
    assert!(!metrics.render().contains("p-0123456789abcdef"));
}

#[test]
fn a_connection_is_counted_down_when_its_guard_goes_and_follows_its_state() {
    let metrics = metrics();
    let mut guard = metrics.connection(ConnectionState::Idle);
    guard.becomes(ConnectionState::Intercept);
    assert!(has(&metrics, r#"sluis_connections{state="idle"} 0"#) && has(&metrics, r#"sluis_connections{state="intercept"} 1"#));
    drop(guard);
    assert!(has(&metrics, r#"sluis_connections{state="intercept"} 0"#));
}

#[test]
fn a_new_policy_replaces_the_old_one_in_the_info() {
    let metrics = metrics();
    metrics.policy("one", Mode::Observe);
    metrics.policy("two", Mode::Enforce);
    assert!(!metrics.render().contains(r#"version="one""#));
}
