//! What a record costs on the path of a message, and what the store costs behind it.
//!
//! `cargo bench --bench record`. Criterion measures the clock; the figures after it are processor time, which holds on a busy machine too: per call on
//! this thread, and of the whole process per event with its outcome over a burst. The last is the speed of `audit::verify`.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use sluis::identity::Subject;
use sluis::record::{Event, FindingCount, Metrics, Outcome, ReasonText, RecordSettings, Recorder, audit, new_id, write_time};
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// An event whose line is about 1 KB.
fn event() -> Event {
    Event {
        id: new_id(),
        time: write_time(jiff::Timestamp::now()),
        organisation: "gemeente-voorbeeld".into(),
        node: "sluis-1".into(),
        subject: "p-0f3a9d1c77b24e5e8f10".into(),
        groups: vec!["sociaal-domein".into(), "beleid".into()],
        domain: "sociaal".into(),
        tool: "chatgpt".into(),
        category: "chat".into(),
        kind: "generative".into(),
        host: "chatgpt.com".into(),
        direction: "prompt".into(),
        model: Some("gpt-5".into()),
        conversation: Some("c-0f3a9d1c77b24e5e8f10".into()),
        action: "block".into(),
        rule: Some("geen-bsn".into()),
        mode: "enforce".into(),
        status: "approved".into(),
        class: "personal".into(),
        findings: vec![FindingCount { detector: "nl.bsn".into(), class: "personal".into(), count: 1, confidence: 0.95 }],
        bytes_in: 2048,
        added_us: 412,
        policy: "9c1f2a7b".into(),
        client: "firefox".into(),
        reason: ReasonText {
            nl: "Dit bericht bevat een BSN en is niet verstuurd. Haal het nummer weg en probeer het opnieuw.".into(),
            en: "This message contains a citizen service number (BSN) and was not sent. Remove it and try again.".into(),
        },
        ..Event::default()
    }
}

/// Processor time of this thread so far.
fn thread_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(stat.split_whitespace().next().and_then(|field| field.parse().ok()).unwrap_or(0))
}

/// Prints the processor time of one call, as the mean of many.
fn per_call<T>(name: &str, inputs: Vec<T>, mut call: impl FnMut(T)) {
    let calls = inputs.len();
    let start = thread_time();
    inputs.into_iter().for_each(&mut call);
    println!("  {name}: {:.2} us of processor per call", (thread_time() - start).as_secs_f64() * 1e6 / calls as f64);
}

/// Processor time of this process so far, all threads.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks: u64 =
        stat.rsplit(')').next().unwrap_or("").split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

fn record(c: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let dir = tempfile::tempdir().expect("a folder");
    let metrics = Metrics::new("bench", "bench").expect("metrics");
    let recorder = runtime.block_on(Recorder::open(RecordSettings::new(dir.path()), Arc::clone(&metrics))).expect("a recorder");
    let mut group = c.benchmark_group("record");
    group.throughput(Throughput::Elements(1));
    group.bench_function("an event of 1 KB into the audit log", |b| {
        b.iter_batched(event, |event| recorder.record(event).expect("recorded"), BatchSize::SmallInput);
    });
    group.bench_function("an outcome into the audit log", |b| {
        let outcome =
            || Outcome { id: "0197f3a0-0000-7000-8000-000000000000".into(), bytes_out: 4096, tokens_in: Some(12), tokens_out: Some(345) };
        b.iter_batched(outcome, |outcome| recorder.outcome(outcome), BatchSize::SmallInput);
    });
    let counted = event();
    group.bench_function("a decision into the metrics", |b| b.iter(|| metrics.decision(black_box(&counted))));
    let subject = Subject { user: Some("j.jansen".into()), groups: Vec::new(), address: [10, 0, 0, 1].into(), organisation: String::new() };
    group.bench_function("a pseudonym", |b| b.iter(|| recorder.pseudonym(black_box(&subject))));
    group.bench_function("an id and a time", |b| b.iter(|| (new_id(), write_time(jiff::Timestamp::now()))));
    group.finish();
    for _ in 0..3 {
        println!("processor time on the path of a message:");
        per_call("record()", (0..20_000).map(|_| event()).collect(), |event| recorder.record(event).expect("recorded"));
        let outcome = |_| Outcome { id: new_id(), bytes_out: 4096, tokens_in: Some(12), tokens_out: Some(345) };
        per_call("outcome()", (0..20_000).map(outcome).collect(), |outcome| recorder.outcome(outcome));
        per_call("metrics.decision()", vec![(); 200_000], |()| metrics.decision(black_box(&counted)));
        per_call("pseudonym()", vec![(); 100_000], |()| drop(black_box(recorder.pseudonym(black_box(&subject)))));
        per_call("new_id() and write_time()", vec![(); 100_000], |()| drop(black_box((new_id(), write_time(jiff::Timestamp::now())))));
    }
    recorder.close().expect("closed");
    println!("the store, behind it:");
    behind(&runtime);
}

/// The burst: everything that an event with its outcome costs, on all threads.
fn behind(runtime: &tokio::runtime::Runtime) {
    const EVENTS: u32 = 100_000;
    for (name, together) in [("outcome in the same batch", true), ("outcome in a later batch", false)] {
        let dir = tempfile::tempdir().expect("a folder");
        let metrics = Metrics::new("bench", "bench").expect("metrics");
        let recorder = runtime.block_on(Recorder::open(RecordSettings::new(dir.path()), metrics)).expect("a recorder");
        let mut waiting = Vec::new();
        let (processor, clock) = (processor_time(), Instant::now());
        let mut calls = Duration::ZERO;
        for number in 0..EVENTS {
            let event = event();
            let outcome = Outcome { id: event.id.clone(), bytes_out: 4096, tokens_in: Some(12), tokens_out: Some(345) };
            let start = Instant::now();
            recorder.record(event).expect("recorded");
            calls += start.elapsed();
            waiting.push(outcome);
            if together || waiting.len() == 5_000 {
                let start = Instant::now();
                waiting.drain(..).for_each(|outcome| recorder.outcome(outcome));
                calls += start.elapsed();
            }
            // About 10,000 a second.
            if number % 1_000 == 0 {
                std::thread::sleep(Duration::from_millis(100).saturating_sub(Duration::from_micros(20)));
            }
        }
        assert!(runtime.block_on(recorder.settle(Duration::from_secs(120))), "the store caught up");
        let (processor, clock) = (processor_time() - processor, clock.elapsed());
        recorder.close().expect("closed");
        let size = audit::size_of(dir.path());
        let start = Instant::now();
        let lines = audit::verify(dir.path()).expect("whole").lines;
        let verify = start.elapsed();
        println!(
            "  {name}: {:.1} us of processor per event and outcome in all, of it {:.1} us in record() and outcome(); {clock:.1?} for {EVENTS}; verify {lines} lines, {:.0} MB/s",
            processor.as_secs_f64() * 1e6 / f64::from(EVENTS),
            calls.as_secs_f64() * 1e6 / f64::from(EVENTS),
            size as f64 / 1e6 / verify.as_secs_f64(),
        );
    }
}

criterion_group!(benches, record);
criterion_main!(benches);
