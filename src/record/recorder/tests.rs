//! The recorder against real files, and against disks and databases that fail.

use super::*;
use crate::record::audit::sink::Sink;
use crate::record::audit::{self, Verified};
use crate::record::event::tests::sample;
use sqlx::{Connection, Row, SqliteConnection};
use std::sync::atomic::AtomicU64;
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(20);

fn settings(dir: &TempDir) -> RecordSettings {
    RecordSettings { organisation: "gemeente-voorbeeld".into(), node: "n1".into(), ..RecordSettings::new(dir.path()) }
}

fn metrics() -> Arc<Metrics> {
    Metrics::new("test", "test").unwrap()
}

async fn open(dir: &TempDir) -> Arc<Recorder> {
    Recorder::open(settings(dir), metrics()).await.unwrap()
}

/// Records so many events; gives their ids.
fn record(recorder: &Recorder, events: usize) -> Vec<String> {
    (0..events)
        .map(|number| {
            let event = sample(&format!("p-{}", number % 7), "chatgpt", "allow");
            let id = event.id.clone();
            recorder.record(event).unwrap();
            id
        })
        .collect()
}

/// Ids in the store, in order.
async fn stored(dir: &TempDir) -> Vec<String> {
    let options = super::super::store::options("", dir.path()).unwrap();
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    let rows = sqlx::query("SELECT id FROM events ORDER BY id").fetch_all(&mut connection).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

fn verify(dir: &TempDir) -> Verified {
    audit::verify(dir.path()).unwrap_or_else(|faults| panic!("{}", faults.iter().map(|fault| format!("{fault}\n")).collect::<String>()))
}

fn metric(metrics: &Metrics, name: &str) -> f64 {
    let text = metrics.render();
    text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok()).unwrap_or(0.0)
}

/// Waits for something to become true.
async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < PATIENCE, "{what} did not come true");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A disk that holds only so many bytes, shared by all files of a log.
struct Disk(Arc<AtomicU64>);

struct DiskFile {
    file: FileSink,
    room: Arc<AtomicU64>,
}

impl Disk {
    fn with_room(bytes: u64) -> Self {
        Self(Arc::new(AtomicU64::new(bytes)))
    }

    fn set_room(&self, bytes: u64) {
        self.0.store(bytes, Ordering::SeqCst);
    }

    fn opener(&self) -> Opener {
        let room = Arc::clone(&self.0);
        Box::new(move |path| Ok(Arc::new(DiskFile { file: FileSink::open(path)?, room: Arc::clone(&room) })))
    }
}

impl Sink for DiskFile {
    /// Takes what still fits, as a real file system does.
    fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        let room = self.room.load(Ordering::SeqCst);
        if room == 0 {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        let fits = bytes.len().min(usize::try_from(room).unwrap());
        let taken = self.file.write(&bytes[..fits])?;
        self.room.fetch_sub(taken as u64, Ordering::SeqCst);
        Ok(taken)
    }

    fn truncate(&self, size: u64) -> io::Result<()> {
        self.file.truncate(size)
    }

    fn sync(&self) -> io::Result<()> {
        self.file.sync()
    }

    fn size(&self) -> io::Result<u64> {
        self.file.size()
    }
}

#[tokio::test]
async fn an_event_stands_in_the_log_when_record_returns_and_in_the_store_soon_after() {
    let dir = tempfile::tempdir().unwrap();
    let recorder = open(&dir).await;
    let ids = record(&recorder, 1);
    let log = fs::read_to_string(dir.path().join("audit/000001.jsonl")).unwrap();
    assert!(log.contains(&ids[0]));
    assert!(recorder.settle(PATIENCE).await);
    assert_eq!(stored(&dir).await, ids);
    recorder.close().unwrap();
    assert_eq!(verify(&dir).lines, 1);
    assert!(matches!(recorder.record(sample("p", "t", "allow")), Err(RecordError::Closed)));
}

#[tokio::test]
async fn the_chain_goes_on_over_files_and_restarts() {
    let dir = tempfile::tempdir().unwrap();
    let mut ids = Vec::new();
    for _ in 0..3 {
        let recorder = Recorder::open(RecordSettings { file_size: 20_000, ..settings(&dir) }, metrics()).await.unwrap();
        ids.extend(record(&recorder, 40));
        recorder.outcome(Outcome { id: ids[0].clone(), bytes_out: 11, tokens_in: Some(1), tokens_out: Some(2) });
        assert!(recorder.settle(PATIENCE).await);
        recorder.close().unwrap();
    }
    assert!(audit::files(&dir.path().join("audit")).unwrap().len() > 5);
    assert_eq!(verify(&dir).lines, 123);
    assert_eq!(stored(&dir).await, ids);
}

#[tokio::test]
async fn an_outcome_reaches_its_event_also_in_another_batch() {
    let dir = tempfile::tempdir().unwrap();
    let recorder = open(&dir).await;
    let ids = record(&recorder, 2);
    recorder.outcome(Outcome { id: ids[0].clone(), bytes_out: 10, tokens_in: None, tokens_out: Some(3) });
    assert!(recorder.settle(PATIENCE).await);
    recorder.outcome(Outcome { id: ids[1].clone(), bytes_out: 20, tokens_in: Some(4), tokens_out: None });
    assert!(recorder.settle(PATIENCE).await);
    let volumes = recorder.store().volumes(jiff::Timestamp::MIN, jiff::Timestamp::MAX).await.unwrap();
    assert_eq!((volumes[0].bytes_out, volumes[0].tokens_in, volumes[0].tokens_out), (30, 4, 3));
}

#[tokio::test]
async fn a_torn_last_line_is_moved_aside_at_the_start_and_the_log_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let recorder = open(&dir).await;
    record(&recorder, 3);
    recorder.close().unwrap();
    let path = dir.path().join("audit/000001.jsonl");
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend_from_slice(br#"{"id":"half a li"#);
    fs::write(&path, bytes).unwrap();
    assert!(audit::verify(dir.path()).unwrap_err()[0].what.contains("torn"));
    let recorder = open(&dir).await;
    record(&recorder, 1);
    assert!(recorder.settle(PATIENCE).await);
    recorder.close().unwrap();
    let whole = verify(&dir);
    assert_eq!(whole.lines, 5); // three, the notice, one
    assert!(whole.notes.iter().any(|note| note.contains("torn-line")), "{:?}", whole.notes);
    let torn = fs::read_dir(dir.path().join("audit")).unwrap().find_map(|entry| {
        let path = entry.unwrap().path();
        path.to_str().unwrap().ends_with(".partial").then_some(path)
    });
    assert_eq!(fs::read(torn.unwrap()).unwrap(), br#"{"id":"half a li"#);
    assert_eq!(stored(&dir).await.len(), 4);
}

#[tokio::test]
async fn a_log_that_was_cut_while_sluis_was_stopped_is_still_found_out_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let recorder = open(&dir).await;
    record(&recorder, 5);
    recorder.close().unwrap();
    let path = dir.path().join("audit/000001.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let kept: String = text.split_inclusive('\n').take(3).collect();
    fs::write(&path, kept).unwrap();
    let recorder = open(&dir).await;
    record(&recorder, 9);
    recorder.close().unwrap();
    let faults = audit::verify(dir.path()).unwrap_err();
    assert!(faults.iter().any(|fault| fault.what.contains("head-") && fault.what.contains("number 5")), "{faults:?}");
    assert!(fs::read_to_string(&path).unwrap().contains(r#""what":"truncated""#));
}

#[tokio::test]
async fn two_processes_on_one_data_folder_are_refused_with_a_clear_error() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(&dir).await;
    let error = Recorder::open(settings(&dir), metrics()).await.err().unwrap().to_string();
    assert!(error.contains("another Sluis") && error.contains(&std::process::id().to_string()) && error.contains("data-dir"), "{error}");
    first.close().unwrap();
    open(&dir).await.close().unwrap();
}

#[tokio::test]
async fn on_a_full_disk_events_wait_in_memory_and_follow_in_their_order() {
    let dir = tempfile::tempdir().unwrap();
    let disk = Disk::with_room(5_000);
    let metrics = metrics();
    let recorder = Recorder::open_with(settings(&dir), Arc::clone(&metrics), disk.opener()).await.unwrap();
    let ids = record(&recorder, 50);
    assert!(!recorder.healthy());
    assert!(metric(&metrics, r#"sluis_audit_events_total{result="spooled"}"#) > 40.0);
    assert!(metric(&metrics, r#"sluis_store_errors_total{store="audit"}"#) > 0.0);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(metric(&metrics, "sluis_audit_lag_seconds") > 0.1);
    disk.set_room(u64::MAX);
    eventually("the spool is empty and the log healthy", || recorder.healthy()).await;
    assert!(recorder.settle(PATIENCE).await);
    assert_eq!(stored(&dir).await, ids);
    recorder.close().unwrap();
    let whole = verify(&dir);
    assert_eq!(whole.lines, 51);
    assert!(whole.notes.iter().any(|note| note.contains("interrupted")), "{:?}", whole.notes);
}

#[tokio::test]
async fn a_full_spool_refuses_instead_of_forgetting() {
    let dir = tempfile::tempdir().unwrap();
    let disk = Disk::with_room(0);
    let metrics = metrics();
    let recorder = Recorder::open_with(RecordSettings { spool: 10, ..settings(&dir) }, Arc::clone(&metrics), disk.opener()).await.unwrap();
    record(&recorder, 10);
    assert!(matches!(recorder.record(sample("p", "chatgpt", "allow")), Err(RecordError::NotWritten(_))));
    assert!((metric(&metrics, r#"sluis_audit_events_total{result="refused"}"#) - 1.0).abs() < f64::EPSILON);
    assert!(matches!(recorder.close(), Err(RecordError::Lost(10))));
    assert!((metric(&metrics, r#"sluis_audit_events_total{result="lost"}"#) - 10.0).abs() < f64::EPSILON);
}

#[tokio::test]
async fn when_set_to_refuse_a_full_disk_refuses_at_once_and_comes_back_by_itself() {
    let dir = tempfile::tempdir().unwrap();
    let disk = Disk::with_room(0);
    let settings = RecordSettings { when_down: WhenDown::Refuse, ..settings(&dir) };
    let recorder = Recorder::open_with(settings, metrics(), disk.opener()).await.unwrap();
    let error = recorder.record(sample("p", "chatgpt", "allow")).unwrap_err().to_string();
    assert!(error.contains("nothing is let by"), "{error}");
    assert!(!recorder.healthy());
    disk.set_room(u64::MAX);
    eventually("the log is healthy without a request", || recorder.healthy()).await;
    record(&recorder, 1);
    recorder.close().unwrap();
    let whole = verify(&dir);
    assert!(whole.notes.iter().any(|note| note.contains("1 events were refused")), "{:?}", whole.notes);
}

#[tokio::test]
async fn a_log_on_dev_full_lets_nothing_by() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("audit")).unwrap();
    std::os::unix::fs::symlink("/dev/full", dir.path().join("audit/000001.jsonl")).unwrap();
    let settings = RecordSettings { when_down: WhenDown::Refuse, ..settings(&dir) };
    let recorder = Recorder::open(settings, metrics()).await.unwrap();
    for _ in 0..3 {
        assert!(matches!(recorder.record(sample("p", "chatgpt", "allow")), Err(RecordError::NotWritten(_))));
    }
    assert!(!recorder.healthy());
}

#[tokio::test]
async fn while_the_store_is_locked_nothing_is_lost_and_the_metrics_show_it() {
    let dir = tempfile::tempdir().unwrap();
    let metrics = metrics();
    let recorder = Recorder::open(settings(&dir), Arc::clone(&metrics)).await.unwrap();
    let mut ids = record(&recorder, 10);
    assert!(recorder.settle(PATIENCE).await);
    let mut other = SqliteConnection::connect_with(&super::super::store::options("", dir.path()).unwrap()).await.unwrap();
    sqlx::query("BEGIN EXCLUSIVE").execute(&mut other).await.unwrap();
    // More than the queue in memory holds, so that the log must be read.
    ids.extend(record(&recorder, 9_000));
    recorder.outcome(Outcome { id: ids[3].clone(), bytes_out: 77, tokens_in: None, tokens_out: None });
    eventually("store errors are counted", || metric(&metrics, r#"sluis_store_errors_total{store="sqlite"}"#) >= 2.0).await;
    eventually("the lag shows", || metric(&metrics, "sluis_audit_lag_seconds") > 1.0).await;
    assert!(recorder.healthy() && !recorder.store_healthy());
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    assert!(recorder.settle(PATIENCE).await);
    eventually("the lag is gone", || metric(&metrics, "sluis_audit_lag_seconds") == 0.0).await;
    assert_eq!(stored(&dir).await, ids);
    assert_eq!(recorder.store().volumes(jiff::Timestamp::MIN, jiff::Timestamp::MAX).await.unwrap()[0].bytes_out, 77);
    recorder.close().unwrap();
    assert_eq!(verify(&dir).lines, 9_011);
}

#[tokio::test]
async fn a_deleted_store_is_built_anew_from_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let recorder = open(&dir).await;
    let ids = record(&recorder, 1_234);
    recorder.outcome(Outcome { id: ids[5].clone(), bytes_out: 5, tokens_in: None, tokens_out: None });
    assert!(recorder.settle(PATIENCE).await);
    recorder.close().unwrap();
    fs::remove_file(dir.path().join("sluis.db")).unwrap();
    let recorder = open(&dir).await;
    assert!(recorder.settle(PATIENCE).await);
    assert_eq!(stored(&dir).await, ids);
    assert_eq!(recorder.store().volumes(jiff::Timestamp::MIN, jiff::Timestamp::MAX).await.unwrap()[0].bytes_out, 5);
}

#[tokio::test]
async fn a_store_of_another_log_is_read_in_anew_without_doubles() {
    let dir = tempfile::tempdir().unwrap();
    let recorder = open(&dir).await;
    let before = record(&recorder, 20);
    assert!(recorder.settle(PATIENCE).await);
    recorder.close().unwrap();
    fs::remove_dir_all(dir.path().join("audit")).unwrap();
    let recorder = open(&dir).await;
    let after = record(&recorder, 30);
    assert!(recorder.settle(PATIENCE).await);
    assert_eq!(stored(&dir).await, [before, after].concat());
}

#[tokio::test]
async fn events_of_many_threads_form_one_chain() {
    let dir = tempfile::tempdir().unwrap();
    let recorder = open(&dir).await;
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| record(&recorder, 500));
        }
    });
    assert!(recorder.settle(PATIENCE).await);
    recorder.close().unwrap();
    assert_eq!(verify(&dir).lines, 4_000);
    assert_eq!(stored(&dir).await.len(), 4_000);
}

#[tokio::test]
async fn active_users_and_unreviewed_tools_are_counted_from_the_store() {
    let dir = tempfile::tempdir().unwrap();
    let metrics = metrics();
    let settings = RecordSettings { count_every: Duration::from_millis(50), smallest_group: 5, ..settings(&dir) };
    let recorder = Recorder::open(settings, Arc::clone(&metrics)).await.unwrap();
    record(&recorder, 20); // seven people
    let mut rare = sample("p-1", "deepseek", "allow");
    rare.status = "unreviewed".into();
    recorder.record(rare).unwrap();
    eventually("users are counted", || metric(&metrics, r#"sluis_active_users{tool="chatgpt",window="1d"}"#) == 7.0).await;
    eventually("tools are counted", || metric(&metrics, "sluis_unreviewed_tools") == 1.0).await;
    assert!(!metrics.render().contains(r#"sluis_active_users{tool="deepseek""#), "a group of one is not counted");
}

#[tokio::test]
async fn what_the_caller_leaves_empty_is_filled_in() {
    let dir = tempfile::tempdir().unwrap();
    let recorder = open(&dir).await;
    let event = Event {
        id: String::new(),
        time: String::new(),
        organisation: String::new(),
        node: String::new(),
        ..sample("p", "chatgpt", "allow")
    };
    recorder.record(event).unwrap();
    let log = fs::read_to_string(dir.path().join("audit/000001.jsonl")).unwrap();
    let event: Event = serde_json::from_str(log.trim_end()).unwrap();
    assert_eq!((event.organisation.as_str(), event.node.as_str(), event.id.len()), ("gemeente-voorbeeld", "n1", 36));
    assert!(event.time.ends_with('Z'));
}

#[tokio::test]
async fn a_store_that_is_no_database_delays_nothing_and_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("sluis.db"), "this is no database, and longer than a header of one would be: ".repeat(40)).unwrap();
    let metrics = metrics();
    let recorder = Recorder::open(settings(&dir), Arc::clone(&metrics)).await.unwrap();
    let ids = record(&recorder, 5);
    assert!(recorder.healthy() && !recorder.store_healthy());
    eventually("store errors are counted", || metric(&metrics, r#"sluis_store_errors_total{store="sqlite"}"#) >= 1.0).await;
    fs::remove_file(dir.path().join("sluis.db")).unwrap();
    assert!(recorder.settle(PATIENCE).await);
    assert_eq!(stored(&dir).await, ids);
}

/// A disk that takes bytes and cannot say that it has them.
struct Unsure(FileSink, Arc<AtomicU64>);

impl Sink for Unsure {
    fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn truncate(&self, size: u64) -> io::Result<()> {
        self.0.truncate(size)
    }

    fn sync(&self) -> io::Result<()> {
        if self.1.load(Ordering::SeqCst) > 0 { Err(io::Error::other("input/output error")) } else { self.0.sync() }
    }

    fn size(&self) -> io::Result<u64> {
        self.0.size()
    }
}

#[tokio::test]
async fn a_sync_that_fails_shows_and_refuses_where_so_set_until_it_works_again() {
    let dir = tempfile::tempdir().unwrap();
    let broken = Arc::new(AtomicU64::new(1));
    let flag = Arc::clone(&broken);
    let opener: Opener = Box::new(move |path| Ok(Arc::new(Unsure(FileSink::open(path)?, Arc::clone(&flag)))));
    let settings = RecordSettings { when_down: WhenDown::Refuse, ..settings(&dir) };
    let recorder = Recorder::open_with(settings, metrics(), opener).await.unwrap();
    eventually("the failed sync shows", || !recorder.healthy()).await;
    assert!(matches!(recorder.record(sample("p", "chatgpt", "allow")), Err(RecordError::NotWritten(_))));
    broken.store(0, Ordering::SeqCst);
    eventually("the log is healthy again", || recorder.healthy()).await;
    record(&recorder, 1);
    recorder.close().unwrap();
    assert_eq!(verify(&dir).lines, 1);
}

/// The other side of the next test: records and says so, until it is killed.
#[tokio::test]
async fn child_that_records_until_it_is_killed() {
    let Ok(dir) = std::env::var("SLUIS_TEST_CHILD_FOLDER") else { return };
    let recorder = Recorder::open(RecordSettings::new(dir), metrics()).await.unwrap();
    loop {
        let ids = record(&recorder, 1);
        println!("recorded {}", ids[0]);
    }
}

#[tokio::test]
async fn every_event_that_was_taken_survives_kill_9() {
    use std::io::{BufRead, BufReader};
    let dir = tempfile::tempdir().unwrap();
    let mut child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "record::recorder::tests::child_that_records_until_it_is_killed", "--nocapture"])
        .env("SLUIS_TEST_CHILD_FOLDER", dir.path())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut ids: Vec<String> = said.by_ref().filter_map(|line| line.strip_prefix("recorded ").map(str::to_owned)).take(3_000).collect();
    child.kill().unwrap(); // SIGKILL
    ids.extend(said.filter_map(|line| line.strip_prefix("recorded ").filter(|id| id.len() == 36).map(str::to_owned)));
    child.wait().unwrap();
    assert!(ids.len() >= 3_000);
    let recorder = open(&dir).await;
    assert!(recorder.settle(PATIENCE).await);
    recorder.close().unwrap();
    verify(&dir);
    let stored: std::collections::HashSet<String> = stored(&dir).await.into_iter().collect();
    assert!(ids.iter().all(|id| stored.contains(id)), "an event that was taken is not there");
}
