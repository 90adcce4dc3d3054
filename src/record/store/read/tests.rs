use super::*;
use crate::record::audit::Position;
use crate::record::event::tests::sample;
use crate::record::event::{Entry, Outcome};
use crate::record::store::{Applied, Writer};
use tempfile::TempDir;

/// A store with these events: time, subject, tool, action, status.
async fn store(events: &[(&str, &str, &str, &str, &str)]) -> (TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = Writer::open("", dir.path(), "n").await.unwrap();
    let mut entries = Vec::new();
    for (time, subject, tool, action, status) in events {
        let mut event = sample(subject, tool, action);
        event.time = (*time).into();
        event.status = (*status).into();
        let outcome = Outcome { id: event.id.clone(), bytes_out: 100, tokens_in: Some(1), tokens_out: Some(2) };
        entries.extend([Entry::Event(Box::new(event)), Entry::Outcome(outcome)]);
    }
    writer.apply(entries, &Applied { position: Position::START, link: String::new() }).await.unwrap();
    writer.close().await.unwrap();
    let store = Store::new("", dir.path()).unwrap();
    (dir, store)
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Sunday night and Monday morning, on two tools.
const DAYS: &[(&str, &str, &str, &str, &str)] = &[
    ("2026-10-04T23:59:59.999999Z", "p-1", "chatgpt", "allow", "approved"),
    ("2026-10-05T00:00:00.000000Z", "p-1", "chatgpt", "block", "approved"),
    ("2026-10-05T00:30:00.000000Z", "p-2", "chatgpt", "warn", "approved"),
    ("2026-10-05T09:00:00.000000Z", "p-2", "deepseek", "redact", "unreviewed"),
];

#[tokio::test]
async fn usage_is_counted_per_tool_in_hours_days_and_weeks_that_begin_on_monday() {
    let (_dir, store) = store(DAYS).await;
    let (since, until) = (time("2026-10-01T00:00:00Z"), time("2026-11-01T00:00:00Z"));
    let usage = async |bucket| store.usage_by_tool(since, until, bucket).await.unwrap();
    let names = |rows: &[UsageRow]| rows.iter().map(|row| format!("{} {} {}", row.bucket, row.tool, row.requests)).collect::<Vec<_>>();
    assert_eq!(
        names(&usage(Bucket::Week).await),
        ["2026-09-28T00:00:00Z chatgpt 1", "2026-10-05T00:00:00Z chatgpt 2", "2026-10-05T00:00:00Z deepseek 1"]
    );
    assert_eq!(
        names(&usage(Bucket::Day).await),
        ["2026-10-04T00:00:00Z chatgpt 1", "2026-10-05T00:00:00Z chatgpt 2", "2026-10-05T00:00:00Z deepseek 1"]
    );
    let hours = usage(Bucket::Hour).await;
    assert_eq!(names(&hours), ["2026-10-04T23:00:00Z chatgpt 1", "2026-10-05T00:00:00Z chatgpt 2", "2026-10-05T09:00:00Z deepseek 1"]);
    assert_eq!((hours[1].blocked, hours[1].warned, hours[1].redacted, hours[1].redirected, hours[1].subjects), (1, 1, 0, 0, 2));
    assert_eq!(store.usage_by_tool(since, time("2026-10-05T00:00:00Z"), Bucket::Day).await.unwrap().len(), 1, "until is not included");
}

#[tokio::test]
async fn decisions_classes_and_people_come_with_the_number_of_people_behind_them() {
    let (_dir, store) = store(DAYS).await;
    let since = time("2026-10-05T00:00:00Z");
    let decisions = store.decisions(since).await.unwrap();
    let found: Vec<_> = decisions.iter().map(|row| (row.action.as_str(), row.requests, row.subjects)).collect();
    assert_eq!(found, [("block", 1, 1), ("redact", 1, 1), ("warn", 1, 1)]);
    let classes = store.findings_by_class(since).await.unwrap();
    assert_eq!(classes.len(), 1);
    assert_eq!((classes[0].detector.as_str(), classes[0].messages, classes[0].found, classes[0].subjects), ("nl.bsn", 3, 3, 2));
    assert_eq!(store.people(since).await.unwrap(), 2);
    let volumes = store.volumes(since, Timestamp::MAX).await.unwrap();
    assert_eq!((volumes[0].bytes_in, volumes[0].bytes_out, volumes[0].tokens_in, volumes[0].tokens_out), (4096, 200, 2, 4));
}

#[tokio::test]
async fn unreviewed_tools_are_listed_with_when_they_were_seen() {
    let (_dir, store) = store(DAYS).await;
    let tools = store.unreviewed_tools(time("2026-10-01T00:00:00Z")).await.unwrap();
    assert_eq!(tools.len(), 1);
    assert_eq!((tools[0].tool.as_str(), tools[0].first.as_str(), tools[0].subjects), ("deepseek", "2026-10-05T09:00:00.000000Z", 1));
}

#[tokio::test]
async fn recent_decisions_come_newest_first_and_do_not_say_who() {
    let (_dir, store) = store(DAYS).await;
    let recent = store.recent(3).await.unwrap();
    assert_eq!(recent.iter().map(|row| row.action.as_str()).collect::<Vec<_>>(), ["redact", "warn", "block"]);
    assert!(!serde_json::to_string(&recent).unwrap().contains("p-"));
}

#[tokio::test]
async fn active_users_are_distinct_per_window() {
    let (_dir, store) = store(DAYS).await;
    let users = store.active_users(time("2026-10-05T23:59:59.999999Z")).await.unwrap();
    let of = |tool: &str, window: &str| users.iter().find(|row| row.tool == tool && row.window == window).unwrap().users;
    assert_eq!((of("chatgpt", "1d"), of("chatgpt", "7d"), of("chatgpt", "30d"), of("deepseek", "1d")), (2, 2, 2, 1));
    let users = store.active_users(time("2026-10-12T00:15:00Z")).await.unwrap();
    let of = |tool: &str, window: &str| users.iter().find(|row| row.tool == tool && row.window == window).unwrap().users;
    assert_eq!((of("chatgpt", "1d"), of("chatgpt", "7d"), of("chatgpt", "30d")), (0, 1, 2));
}

#[tokio::test]
async fn a_store_that_is_not_there_yet_is_an_error_and_no_panic() {
    let dir = tempfile::tempdir().unwrap();
    assert!(Store::new("", dir.path()).unwrap().recent(1).await.is_err());
}

#[tokio::test]
async fn the_dashboard_is_counted_from_the_index_alone() {
    let (dir, _store) = store(DAYS).await;
    let pool = SqlitePool::connect_with(options("", dir.path()).unwrap()).await.unwrap();
    let plan = "EXPLAIN QUERY PLAN SELECT at / 3600000000 AS bucket, tool, status, MAX(kind), COUNT(*), COUNT(CASE WHEN action = 'warn' THEN 1 END), \
                COUNT(DISTINCT subject) FROM events WHERE at >= 0 AND at < 9 GROUP BY bucket, tool, status";
    let steps: Vec<(i64, i64, i64, String)> = sqlx::query_as(plan).fetch_all(&pool).await.unwrap();
    assert!(steps.iter().any(|step| step.3.contains("COVERING INDEX events_usage")), "{steps:?}");
}
