//! Reports on a store that the recorder filled.

use super::*;
use crate::record::event::{FindingCount, tests::sample, write_time};
use crate::record::{Event, Metrics, RecordSettings, Recorder};
use serde_json::Value;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const K: u64 = 5;

/// One message of one person to one tool in August.
fn event(person: usize, tool: &str, action: &str, status: &str) -> Event {
    let mut event = sample(&format!("p-{person:03}"), tool, action);
    event.time = write_time("2026-08-11T10:00:00Z".parse().unwrap());
    event.status = status.into();
    event.domain = "sociaal-domein".into();
    event.findings.clear();
    event
}

/// Twelve people on approved and pilot tools, six warned on an unreviewed one, two redacted on another; nine BSNs of nine people, one IBAN.
fn events() -> Vec<Event> {
    let mut events = Vec::new();
    for person in 0..12 {
        events.push(event(person, "chatgpt", "allow", "approved"));
        events.push(event(person, "claude", if person < 9 { "block" } else { "allow" }, "pilot"));
    }
    for event in events.iter_mut().filter(|event| event.action == "block") {
        event.findings.push(FindingCount { detector: "nl.bsn".into(), class: "secret".into(), count: 1, confidence: 0.95 });
    }
    events[0].findings.push(FindingCount { detector: "iban".into(), class: "confidential".into(), count: 7, confidence: 0.9 });
    events.extend((0..6).map(|person| event(person, "deepseek", "warn", "unreviewed")));
    events.extend((0..2).map(|person| event(person, "grok", "redact", "unreviewed")));
    let mut embedded = event(3, "notion-ai", "allow", "approved");
    embedded.kind = "embedded".into();
    events.push(embedded);
    for person in 0..3 {
        events[person * 2].domain = "openbare-orde-veiligheid".into();
    }
    let mut before = event(40, "chatgpt", "allow", "approved");
    before.time = write_time("2026-05-01T10:00:00Z".parse().unwrap());
    events.push(before);
    events
}

/// A data folder with these events in its store; the recorder still runs.
async fn recorded(events: Vec<Event>) -> (TempDir, Arc<Recorder>) {
    let dir = tempfile::tempdir().unwrap();
    let recorder = Recorder::open(RecordSettings::new(dir.path()), Metrics::new("test", "test").unwrap()).await.unwrap();
    let expected = events.len() as u64;
    for event in events {
        recorder.record(event).unwrap();
    }
    let start = Instant::now();
    let store = Store::new("", dir.path()).unwrap();
    while store.counts(Timestamp::MIN, Timestamp::MAX).await.unwrap().total.number < expected {
        assert!(start.elapsed() < Duration::from_secs(20), "the store did not catch up");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    (dir, recorder)
}

async fn report(dir: &TempDir, kind: Kind, period: &str) -> Result<Report, ReportError> {
    let catalogue = Catalogue::embedded().unwrap();
    let policy = Policy::embedded(&catalogue).unwrap();
    let store = Store::new("", dir.path()).unwrap();
    let from = Sources { store: &store, policy: &policy, catalogue: &catalogue };
    Report::read(kind, from, period.parse().unwrap(), "2026-11-24T12:00:00Z".parse().unwrap(), K).await
}

async fn json(dir: &TempDir, kind: Kind, period: &str) -> Value {
    let report = report(dir, kind, period).await.unwrap();
    serde_json::from_str(&report.write(Format::Json, Lang::En)).unwrap()
}

/// The row of a list with this id.
fn row<'v>(list: &'v Value, key: &str, id: &str) -> &'v Value {
    list.as_array().unwrap().iter().find(|row| row[key] == id).unwrap_or_else(|| panic!("no {id} in {list:#}"))
}

#[tokio::test]
async fn the_ciso_report_counts_tools_decisions_findings_and_people_of_its_period() {
    let (dir, recorder) = recorded(events()).await;
    let report = json(&dir, Kind::Ciso, "2026-Q3").await;
    assert_eq!((&report["since"], &report["until"]), (&"2026-06-30T22:00:00Z".into(), &"2026-09-30T22:00:00Z".into()));
    assert_eq!((&report["complete"], &report["recorded_since"]), (&true.into(), &"2026-05-01".into()));
    assert_eq!((&report["totals"]["requests"], &report["totals"]["users"]), (&33.into(), &12.into()), "May is not counted");
    let chatgpt = row(&report["tools"], "tool", "chatgpt");
    assert_eq!((&chatgpt["name"], &chatgpt["category"], &chatgpt["status"]), (&"ChatGPT".into(), &"chat".into(), &"approved".into()));
    assert_eq!(row(&report["decisions"], "action", "block")["requests"], 9);
    let bsn = row(&report["findings"], "detector", "nl.bsn");
    assert_eq!((&bsn["class"], &bsn["count"], &bsn["users"]), (&"secret".into(), &9.into(), &9.into()));
    let unreviewed = report["unreviewed"].as_array().unwrap();
    assert_eq!(unreviewed.len(), 2);
    assert_eq!((&unreviewed[0]["first"], &unreviewed[0]["last"]), (&"2026-08-11".into(), &"2026-08-11".into()));
    drop(recorder);
}

#[tokio::test]
async fn what_is_on_fewer_than_five_people_is_hidden_and_no_total_gives_it_back() {
    let (dir, _recorder) = recorded(events()).await;
    let report = json(&dir, Kind::Ciso, "2026-Q3").await;
    let tool = |id| row(&report["tools"], "tool", id)["requests"].clone();
    assert_eq!((tool("grok"), tool("notion-ai")), (Value::Null, Value::Null), "two people, and one");
    assert_eq!(tool("deepseek"), Value::Null, "the only other unreviewed tool: their sum stands in the monitor report");
    assert_eq!(tool("claude"), 12);
    assert_eq!(row(&report["tools"], "tool", "grok")["suppressed"], true);
    let decision = |action| row(&report["decisions"], "action", action)["requests"].clone();
    assert_eq!((decision("redact"), decision("block")), (Value::Null, 9.into()));
    let hidden = report["decisions"].as_array().unwrap().iter().filter(|row| row["requests"].is_null()).count();
    assert_eq!(hidden, 2, "the total is known, so a second one is hidden");
    assert_eq!(row(&report["findings"], "detector", "iban")["count"], Value::Null);
    for format in [Format::Json, Format::Csv, Format::Html] {
        let text = self::report(&dir, Kind::Ciso, "2026-Q3").await.unwrap().write(format, Lang::Nl);
        assert!(!text.contains("p-0"), "{format:?} shows a pseudonym");
    }
}

#[tokio::test]
async fn of_a_group_under_five_nothing_is_shown_and_of_nobody_zeros() {
    let (dir, _recorder) = recorded(events()).await;
    let report = json(&dir, Kind::Ciso, "2026-05").await;
    assert_eq!(report["totals"], serde_json::json!({ "requests": null, "users": null, "suppressed": true }));
    assert!(report["decisions"].as_array().unwrap().iter().all(|row| row["requests"].is_null() && row["users"].is_null()));
    let report = json(&dir, Kind::Ciso, "2026-01").await;
    assert_eq!(report["totals"]["requests"], 0);
    assert_eq!(row(&report["decisions"], "action", "block")["requests"], 0);
    assert!(report["tools"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn the_monitor_report_answers_from_record_and_policy_beside_the_survey() {
    let (dir, _recorder) = recorded(events()).await;
    let report = json(&dir, Kind::Monitor, "2026-Q3").await;
    assert_eq!(report["size"]["class"], "under-60000");
    let question = |number| row(&report["questions"], "question", number);
    let numbers: Vec<_> = report["questions"].as_array().unwrap().iter().map(|asked| asked["question"].as_str().unwrap()).collect();
    assert_eq!(numbers, ["3.3a", "3.4a", "3.4b", "3.4d", "3.4e", "3.6"]);
    assert_eq!((&question("3.4a")["answer"], &question("3.4d")["answer"]), (&"yes".into(), &"yes".into()));
    assert_eq!(question("3.4d")["rows"][0]["requests"], Value::Null, "one person");
    assert_eq!(question("3.4e")["answer"], "not-seen");
    let domains = &question("3.4b")["rows"];
    assert_eq!(row(domains, "id", "openbare-orde-veiligheid")["users"], Value::Null, "three people");
    assert_eq!(row(domains, "id", "sociaal-domein")["users"], Value::Null, "the only other domain");
    assert_eq!(row(domains, "id", "sociaal-domein")["survey_domain"], "social");
    assert_eq!(row(&question("3.6")["rows"], "id", "unreviewed")["requests"], 8);
    assert_eq!(row(&question("3.6")["rows"], "id", "unreviewed")["tools"], 2);
    assert_eq!(row(&question("3.6")["rows"], "id", "blocked")["requests"], 9);
    let yes = row(&question("3.4a")["survey"], "option", "yes");
    assert_eq!((&yes["n"], &yes["percent"], &yes["note"]), (&20.into(), &65.into(), &NOTE.into()));
    assert!(report["questions"].as_array().unwrap().iter().all(|asked| asked["note"] == NOTE));
}

#[tokio::test]
async fn pilots_of_the_policy_that_are_over_are_no_experiments() {
    let (dir, _recorder) = recorded(Vec::new()).await;
    let catalogue = Catalogue::embedded().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let text = "sluis: 1\norganisation: { name: G, kind: municipality, inhabitants: 70_000 }\nmode: observe\ntools:\n  \
                claude: { status: pilot, until: 2026-12-31, purpose: Samenvatten }\n  chatgpt: { status: pilot, until: 2026-03-01 }\n  \
                grok: { status: forbidden }\n";
    std::fs::write(folder.path().join("policy.yaml"), text).unwrap();
    let policy = Policy::load(folder.path(), &catalogue).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    let store = Store::new("", dir.path()).unwrap();
    let from = Sources { store: &store, policy: &policy, catalogue: &catalogue };
    let report = Report::read(Kind::Monitor, from, Period::Year(2026), "2026-11-24T12:00:00Z".parse().unwrap(), K).await.unwrap();
    let Report::Monitor(monitor) = report else { panic!("another report") };
    assert_eq!(monitor.size, Some(SizeClass::Middle));
    let pilots: Vec<_> = monitor.questions[0].rows.iter().map(|row| (row.id.as_str(), row.until.map(|day| day.to_string()))).collect();
    assert_eq!(pilots, [("claude", Some("2026-12-31".to_owned()))]);
}

#[tokio::test]
async fn csv_has_a_header_and_as_many_cells_on_each_line() {
    let (dir, _recorder) = recorded(events()).await;
    for kind in [Kind::Ciso, Kind::Monitor] {
        let text = report(&dir, kind, "2026-Q3").await.unwrap().write(Format::Csv, Lang::Nl);
        assert!(text.starts_with("organisation,period,since,until,complete,k,"));
        let mut columns: Vec<_> = text.lines().next().unwrap().split(',').collect();
        columns.sort_unstable();
        assert!(columns.windows(2).all(|pair| pair[0] != pair[1]), "a name stands twice in {columns:?}");
        // A quoted cell is one cell; the shipped texts hold no quote.
        let cells = |line: &str| line.split('"').step_by(2).map(|plain| plain.matches(',').count()).sum::<usize>();
        let header = cells(text.lines().next().unwrap());
        assert!(text.lines().count() > 15 && text.lines().all(|line| cells(line) == header), "{text}");
        assert!(text.lines().skip(1).all(|line| line.contains(",2026-Q3,2026-06-30T22:00:00Z,")), "{text}");
    }
    let text = report(&dir, Kind::Ciso, "2026-Q3").await.unwrap().write(Format::Csv, Lang::Nl);
    assert!(text.lines().any(|line| line.ends_with(",tools,grok,Grok,chat,generative,unreviewed,,,,true,,")), "{text}");
}

#[tokio::test]
async fn html_is_one_file_without_script_in_the_readers_language() {
    let (dir, _recorder) = recorded(events()).await;
    for (kind, lang, words) in [
        (Kind::Ciso, Lang::Nl, ["Gebruik per AI-dienst", "Burgerservicenummer", "nog niet beoordeeld", "&lt;5"]),
        (Kind::Monitor, Lang::En, ["Is generative AI in use?", NOTE, "20 of 31", "not over yet"]),
    ] {
        let period = if kind == Kind::Monitor { "2026" } else { "2026-Q3" };
        let text = report(&dir, kind, period).await.unwrap().write(Format::Html, lang);
        for word in words {
            let word = word.replace("&lt;", "&#60;");
            assert!(text.contains(&word), "no {word} in {text}");
        }
        assert!(text.contains(&format!("<html lang=\"{}\">", lang.code())));
        assert!(!text.contains("<script") && !text.contains("http://www.w3.org/1999") && !text.contains("src="));
        assert_eq!(text.matches("<table>").count(), text.matches("<caption").count());
    }
}

#[tokio::test]
async fn a_period_that_has_not_begun_and_a_store_that_is_none_are_errors() {
    let (dir, _recorder) = recorded(Vec::new()).await;
    assert!(matches!(report(&dir, Kind::Ciso, "2027").await, Err(ReportError::Period(_))));
    let other = tempfile::tempdir().unwrap();
    std::fs::write(other.path().join("sluis.db"), "this is no database, whatever its name says; it is a text").unwrap();
    assert!(matches!(report(&other, Kind::Ciso, "2026").await, Err(ReportError::Store(_))));
}
