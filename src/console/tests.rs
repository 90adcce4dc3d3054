//! The console as a browser, a script and a scraper meet it. With `SLUIS_GALLERY=DIR` its pages are left there for the browser checks.

use super::overview::{ACTIONS, Overview};
use super::sample::{Message, Sample};
use super::*;
use crate::page::Lang;
use crate::record::suppress::Cell;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tower::ServiceExt;

struct Fake(Mutex<Status>, Vec<Check>);

impl Node for Fake {
    fn status(&self) -> Status {
        self.0.lock().clone()
    }
    fn checks(&self) -> Vec<Check> {
        self.1.clone()
    }
    fn tool_name(&self, id: &str) -> Option<String> {
        let name = match id {
            "m365-copilot" => "Microsoft 365 Copilot",
            "chatgpt" => "ChatGPT",
            "deepl" => "DeepL",
            "github-copilot" => "GitHub Copilot",
            "claude" => "Claude",
            "gemini" => "Gemini",
            "perplexity" => "Perplexity",
            "midjourney" => "Midjourney",
            "deepseek" => "DeepSeek",
            "notion-ai" => "Notion AI",
            _ => return None,
        };
        Some(name.to_owned())
    }
    fn metrics(&self) -> String {
        "sluis_unreviewed_tools 4\n".into()
    }
    fn pac(&self) -> Option<String> {
        Some("function FindProxyForURL(url, host) { return \"DIRECT\"; }".into())
    }
    fn ca_pem(&self) -> Option<String> {
        None
    }
}

fn now() -> Timestamp {
    "2026-11-24T15:05:00Z".parse().unwrap()
}

fn status() -> Status {
    Status {
        organisation: "Gemeente Voorbeeld".into(),
        languages: vec!["nl".into(), "en".into()],
        node: "sluis-1".into(),
        version: "0.1.0".into(),
        policy: "3f9a1c27".into(),
        mode: Mode::Enforce,
        reload: Some(Reload { at: now(), error: None }),
        audit: Audit { intact: Some(true), lines: 12_345, checked: Some(now()), fault: None },
        proxy: "127.0.0.1:8080".into(),
    }
}

fn check(name: &str, ok: bool, detail: &str) -> Check {
    Check { name: name.into(), ok, detail: detail.into() }
}

fn node(status: Status) -> Arc<dyn Node> {
    Arc::new(Fake(Mutex::new(status), vec![check("policy", true, ""), check("store", true, "")]))
}

fn state(sample: Sample) -> ConsoleState {
    ConsoleState { names: Arc::new(["sluis.voorbeeld.nl".to_owned()]), ..ConsoleState::new(Arc::new(sample), node(status())) }
}

async fn get(router: Router, path: &str, headers: &[(&str, &str)]) -> Response<Body> {
    let mut request = Request::get(path);
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header("host", "127.0.0.1:9080");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

async fn api(sample: Sample, path: &str) -> (StatusCode, Value) {
    let response = get(people(state(sample)), path, &[]).await;
    (response.status(), serde_json::from_str(&text(response).await).unwrap())
}

/// A message for each of `people` people on the day of `now`, and other days as told.
fn use_of(tool: &'static str, people: std::ops::Range<u32>, hours_ago: i64, now: Timestamp) -> Vec<Message> {
    let at = now - jiff::SignedDuration::from_hours(hours_ago);
    people.map(|person| Message { at, person, tool, status: "approved", category: "chat", action: "allow", detector: None }).collect()
}

#[tokio::test]
async fn the_first_page_shows_usage_decisions_kinds_of_data_unreviewed_tools_and_the_state_without_script() {
    let html = text(get(people(state(Sample::municipality(Timestamp::now()))), "/", &[]).await).await;
    for expected in [
        "Gemeente Voorbeeld",
        "Microsoft 365 Copilot",
        "Besluiten per dag",
        "Burgerservicenummer (BSN)",
        "Nieuw, nog niet beoordeeld",
        "3f9a1c27",
        "12.345",
        "&lt;5",
    ]
    .map(|text| text.replace("&lt;", "&#60;"))
    {
        assert!(html.contains(&expected), "{expected}");
    }
    for forbidden in ["<script", " style=\"", " src=", "@import", "p-1"] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
}

#[tokio::test]
async fn the_gallery_is_left_for_the_browser_checks_where_a_folder_is_named() {
    let Ok(folder) = std::env::var("SLUIS_GALLERY") else { return };
    let broken = Status {
        mode: Mode::Observe,
        reload: Some(Reload {
            at: now(),
            error: Some("policies/tools.yaml:3:3: unknown tool 'chatgtp'\n  |   chatgtp: {}\n  |   ^".into()),
        }),
        audit: Audit { intact: Some(false), lines: 12, checked: None, fault: Some("2026-11-24.jsonl line 9: changed".into()) },
        ..status()
    };
    let full = Sample::municipality(Timestamp::now());
    let views = [
        ("console-30d", full.clone(), status(), "/?period=30d"),
        ("console-1d", full.clone(), status(), "/?period=1d"),
        ("console-90d", full.clone(), status(), "/?period=90d"),
        ("console-small", Sample::one_person(Timestamp::now()), status(), "/?period=7d"),
        ("console-empty", Sample::default(), status(), "/?period=7d"),
        ("console-broken", full, broken, "/?period=7d"),
        ("console-down", Sample { down: true, ..Sample::default() }, status(), "/?period=7d"),
    ];
    for (name, sample, status, path) in views {
        for lang in ["nl", "en"] {
            let router = people(ConsoleState::new(Arc::new(sample.clone()), node(status.clone())));
            let html = text(get(router, &format!("{path}&lang={lang}"), &[]).await).await;
            std::fs::write(std::path::Path::new(&folder).join(format!("{name}-{lang}.html")), html).unwrap();
        }
    }
}

#[tokio::test]
async fn a_first_try_by_one_person_is_counted_in_totals_and_tells_no_more_than_that() {
    let sample = Sample::one_person(Timestamp::now());
    let html = text(get(people(state(sample.clone())), "/?period=7d", &[]).await).await;
    assert!(html.contains("ChatGPT") && html.contains("minder dan 5 actieve gebruikers"));
    assert!(!html.contains("class=\"spark\"") && !html.contains("class=\"stack\""));
    let (_, usage) = api(sample.clone(), "/api/v1/usage?period=7d").await;
    assert_eq!(usage["totals"], json!({ "requests": 2, "users": null, "suppressed": true }));
    assert_eq!(usage["tools"][0]["requests"], 2);
    assert!(usage["rows"].as_array().unwrap().iter().all(|row| row["requests"].is_null() && row["suppressed"] == true));
    let (_, decisions) = api(sample.clone(), "/api/v1/decisions?period=7d").await;
    let blocked = decisions["actions"].as_array().unwrap().iter().find(|row| row["action"] == "block").unwrap();
    assert_eq!(blocked["requests"], 1);
    let (_, findings) = api(sample, "/api/v1/findings").await;
    assert_eq!(findings["rows"][0], json!({ "detector": "nl.bsn", "class": "secret", "count": null, "users": null, "suppressed": true }));
}

#[tokio::test]
async fn a_day_on_four_people_is_hidden_together_with_the_day_that_the_total_would_give_it_back_from() {
    let now = now();
    let mut messages = use_of("deepl", 0..4, 1, now);
    messages.extend(use_of("deepl", 0..9, 49, now));
    messages.extend(use_of("deepl", 0..20, 25, now));
    messages.extend([0, 24, 48].into_iter().flat_map(|hours| use_of("m365-copilot", 0..30, hours, now)));
    messages.extend([0, 24, 48].into_iter().flat_map(|hours| use_of("chatgpt", 0..30, hours, now)));
    messages.iter_mut().for_each(|message| message.at -= jiff::SignedDuration::from_secs(1));
    let sample = Sample { messages, down: false };
    let overview = Overview::read(&sample, Period::Week, now, 5).await.unwrap();
    let deepl = overview.tools.iter().find(|line| line.id == "deepl").unwrap();
    assert_eq!(deepl.requests, 33);
    assert_eq!(deepl.cells[3..], [Cell::Shown(0), Cell::Hidden, Cell::Shown(20), Cell::Hidden]);
    for slot in 0..overview.slots.len() {
        let hidden = overview.tools.iter().filter(|line| line.cells[slot] == Cell::Hidden).count();
        assert_ne!(hidden, 1, "one hidden cell in a column is the column's total minus the rest");
    }
}

#[tokio::test]
async fn no_number_on_fewer_than_five_people_leaves_the_console_in_any_period() {
    let now = now();
    let sample = Sample::municipality(now);
    for period in Period::ALL {
        let overview = Overview::read(&sample, period, now, 5).await.unwrap();
        let rows = sample.usage(overview.span).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.requests).sum::<u64>(), overview.requests, "{period:?}: every message falls in a slot");
        for row in rows {
            let slot = overview.slots.iter().position(|slot| slot.key == row.bucket).unwrap();
            let line = overview.tools.iter().find(|line| line.id == row.tool).unwrap();
            assert!(row.users >= 5 || line.cells[slot] == Cell::Hidden, "{row:?}");
            assert!(line.cells[slot] == Cell::Hidden || line.cells[slot] == Cell::Shown(row.requests), "{row:?}");
        }
        for found in &overview.findings {
            assert!(found.count == Cell::Hidden || found.people.shown().is_some_and(|people| people >= 5));
        }
        assert_eq!(overview.actions.iter().map(|line| line.id.as_str()).collect::<Vec<_>>(), ACTIONS);
    }
    let grok = Overview::read(&sample, Period::Month, now, 5).await.unwrap().unreviewed.into_iter().find(|row| row.tool == "grok").unwrap();
    assert_eq!(grok.people, Cell::Hidden);
}

#[tokio::test]
async fn a_setting_can_raise_the_smallest_group_and_never_lower_it() {
    let sample = Sample { messages: use_of("deepl", 0..6, 1, Timestamp::now()), down: false };
    for (k, users) in [(0, json!(6)), (5, json!(6)), (10, json!(null))] {
        let router = people(ConsoleState { k, ..state(sample.clone()) });
        let body: Value = serde_json::from_str(&text(get(router, "/api/v1/usage", &[]).await).await).unwrap();
        assert_eq!(body["totals"]["users"], users, "k = {k}");
        assert_eq!(body["k"], k.max(5));
    }
}

#[tokio::test]
async fn an_empty_console_tells_what_to_do_next() {
    let html = text(get(people(state(Sample::default())), "/", &[]).await).await;
    for expected in ["Nog geen AI-verkeer", "127.0.0.1:8080", "curl --proxy", "/ca.pem", "proxy.pac"] {
        assert!(html.contains(expected), "{expected}");
    }
}

#[tokio::test]
async fn the_period_and_the_language_can_be_chosen_and_an_unknown_period_is_refused_by_the_api_only() {
    let sample = Sample::municipality(Timestamp::now());
    let english = text(get(people(state(sample.clone())), "/?period=90d", &[("accept-language", "en-GB")]).await).await;
    assert!(
        english.contains("<html lang=\"en\">") && english.contains("Decisions per week") && english.contains("?period=90d&#38;lang=nl")
    );
    let dutch = text(get(people(state(sample.clone())), "/?period=wat&lang=nl", &[("accept-language", "en-GB")]).await).await;
    assert!(dutch.contains("<html lang=\"nl\">") && dutch.contains("Besluiten per dag"));
    let (status, problem) = api(sample, "/api/v1/usage?period=1y").await;
    assert_eq!((status, problem["status"].clone()), (StatusCode::BAD_REQUEST, json!(400)));
}

#[tokio::test]
async fn a_store_that_is_down_gives_a_page_and_a_problem_and_no_cause_to_strangers() {
    let down = Sample { down: true, ..Sample::default() };
    let response = get(people(state(down.clone())), "/", &[]).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    let html = text(response).await;
    assert!(html.contains("niet te lezen") && !html.contains("database is locked"));
    let (status, problem) = api(down, "/api/v1/findings").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!problem.to_string().contains("database is locked"));
}

#[tokio::test]
async fn a_foreign_host_name_is_refused_so_that_a_web_page_cannot_rebind_its_name_to_the_console() {
    for (host, expected) in [
        ("127.0.0.1:9080", StatusCode::OK),
        ("[::1]:9080", StatusCode::OK),
        ("localhost", StatusCode::OK),
        ("LOCALHOST:9080", StatusCode::OK),
        ("sluis.voorbeeld.nl:9080", StatusCode::OK),
        ("sluis.voorbeeld.nl.", StatusCode::OK),
        ("evil.example", StatusCode::MISDIRECTED_REQUEST),
        ("localhost.evil.example", StatusCode::MISDIRECTED_REQUEST),
        ("127.0.0.1.evil.example", StatusCode::MISDIRECTED_REQUEST),
        ("127.0.0.1:9080:9080", StatusCode::MISDIRECTED_REQUEST),
        ("[evil]", StatusCode::MISDIRECTED_REQUEST),
        ("", StatusCode::MISDIRECTED_REQUEST),
    ] {
        for path in ["/", "/api/v1/usage", "/nowhere", "/api/v1/nowhere"] {
            let status = get(people(state(Sample::default())), path, &[("host", host)]).await.status();
            let known = !path.ends_with("nowhere");
            assert_eq!(status, if expected == StatusCode::OK && !known { StatusCode::NOT_FOUND } else { expected }, "{host} {path}");
        }
    }
    let two = get(people(state(Sample::default())), "/", &[("host", "127.0.0.1"), ("host", "evil.example")]).await;
    assert_eq!(two.status(), StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test]
async fn every_answer_forbids_scripts_frames_caching_and_sniffing() {
    for path in ["/", "/nowhere", "/api/v1/usage", "/api/v1/openapi.json", "/proxy.pac"] {
        let response = get(people(state(Sample::default())), path, &[]).await;
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
        assert_eq!(header("cache-control"), "no-store", "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert!(header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert!(header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(header("access-control-allow-origin"), "", "{path}");
    }
}

#[tokio::test]
async fn the_pac_file_is_served_under_both_names_and_a_missing_certificate_is_not_found() {
    for path in ["/proxy.pac", "/wpad.dat"] {
        let response = get(people(state(Sample::default())), path, &[]).await;
        assert_eq!(response.headers()["content-type"], "application/x-ns-proxy-autoconfig");
        assert!(text(response).await.contains("FindProxyForURL"));
    }
    assert_eq!(get(people(state(Sample::default())), "/ca.pem", &[]).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn readiness_is_refused_with_the_reasons_when_a_check_fails_and_liveness_is_not() {
    let failing: Arc<dyn Node> =
        Arc::new(Fake(Mutex::new(status()), vec![check("policy", true, ""), check("audit", false, "the disk is full")]));
    let response = get(machines(failing.clone()), "/readyz", &[("host", "sluis.monitoring.svc:9090")]).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    let body: Value = serde_json::from_str(&text(response).await).unwrap();
    assert_eq!((&body["ready"], &body["reasons"][0]), (&json!(false), &json!("audit: the disk is full")));
    assert_eq!(get(machines(failing.clone()), "/healthz", &[]).await.status(), StatusCode::OK);
    let health = get(people(ConsoleState { node: failing, ..state(Sample::default()) }), "/api/v1/health", &[]).await;
    assert_eq!(health.status(), StatusCode::SERVICE_UNAVAILABLE);
    let ready = get(machines(node(status())), "/readyz", &[]).await;
    assert_eq!(ready.status(), StatusCode::OK);
    let metrics = get(machines(node(status())), "/metrics", &[]).await;
    assert_eq!(metrics.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    assert_eq!(text(metrics).await, "sluis_unreviewed_tools 4\n");
}

#[tokio::test]
async fn every_answer_of_the_api_has_the_shape_that_the_openapi_document_promises() {
    let sample = Sample::municipality(Timestamp::now());
    let (_, document) = api(sample.clone(), "/api/v1/openapi.json").await;
    assert_eq!((&document["openapi"], &document["info"]["version"]), (&json!("3.1.0"), &json!(env!("CARGO_PKG_VERSION"))));
    let paths = document["paths"].as_object().unwrap();
    assert_eq!(paths.len(), 6);
    for (path, item) in paths {
        let schema = &item["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        for period in ["1d", "7d", "30d", "90d"] {
            let (status, body) = api(sample.clone(), &format!("/api/v1{path}?period={period}")).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            conforms(&body, schema, &document, path);
        }
    }
    let (_, problem) = api(sample, "/api/v1/usage?period=x").await;
    conforms(&problem, &json!({ "$ref": "#/components/schemas/Problem" }), &document, "problem");
}

/// Holds `value` against the part of JSON Schema that the document uses.
fn conforms(value: &Value, schema: &Value, document: &Value, at: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        return conforms(value, document.pointer(reference.trim_start_matches('#')).unwrap(), document, at);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        conforms(value, part, document, at);
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let fits = |kind: &&str| match *kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("{at}: type {other} is not used"),
    };
    assert!(types.is_empty() || types.iter().any(fits), "{at}: {value} is not {types:?}");
    if let Some(allowed) = schema["enum"].as_array() {
        assert!(allowed.contains(value), "{at}: {value}");
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(value.get(name.as_str().unwrap()).is_some(), "{at}: {name} is missing");
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(inner) = value.get(name) {
            conforms(inner, property, document, &format!("{at}.{name}"));
        }
    }
    for item in value.as_array().into_iter().flatten() {
        conforms(item, &schema["items"], document, &format!("{at}[]"));
    }
}

#[test]
fn periods_are_cut_into_the_readers_hours_days_and_weeks() {
    let keys = |period: Period, at: &str| {
        let (span, slots) = period.cut(at.parse().unwrap());
        (span.since.to_string(), slots.len(), slots[0].key.clone(), slots.last().unwrap().key.clone(), span.offset)
    };
    assert_eq!(
        keys(Period::Day, "2026-11-24T15:05:00Z"),
        ("2026-11-23T16:00:00Z".into(), 24, "2026-11-23T17".into(), "2026-11-24T16".into(), 3600)
    );
    assert_eq!(
        keys(Period::Week, "2026-07-01T22:30:00Z"),
        ("2026-06-25T22:00:00Z".into(), 7, "2026-06-26".into(), "2026-07-02".into(), 7200)
    );
    assert_eq!(keys(Period::Month, "2026-11-24T15:05:00Z").2, "2026-10-26");
    assert_eq!(
        keys(Period::Quarter, "2026-11-24T15:05:00Z"),
        ("2026-08-30T23:00:00Z".into(), 13, "2026-08-31".into(), "2026-11-23".into(), 3600)
    );
    let (_, slots) = Period::Quarter.cut(now());
    assert_eq!((slots[12].short(Lang::Nl), slots[12].long(Lang::En)), ("48".into(), "week 48".into()));
    let (_, slots) = Period::Week.cut(now());
    assert_eq!(
        (slots[6].short(Lang::Nl), slots[6].long(Lang::Nl), slots[6].long(Lang::En)),
        ("24-11".into(), "24-11-2026".into(), "24 Nov 2026".into())
    );
}
