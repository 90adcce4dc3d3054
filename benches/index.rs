//! Indexes: what a lookup costs, what a prompt costs with each kind of index, and how long building takes.
//!
//! `cargo bench --bench index`. The values are random numbers and made-up words, the same at each run.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use sluis::detect::{OwnDetector, OwnKind, Plan};
use sluis::index::fold::Folded;
use sluis::index::{Dataset, Documents, dataset, documents};
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

const KEY: [u8; 32] = [1; 32];
const ROWS: u64 = 1_000_000;

fn number(n: u64) -> String {
    format!("{:09}", n.wrapping_mul(7_919) % 1_000_000_000)
}

fn words(seed: u64, count: usize) -> String {
    let mut state = seed;
    let mut text = String::new();
    for _ in 0..count {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let mut rank = (state >> 20) % 40 * ((state >> 40) % 40);
        for _ in 0..3 {
            text.push_str(["ba", "de", "ki", "lo", "mu", "ne", "pra", "sti", "vo", "wer", "zan", "ge"][(rank % 12) as usize]);
            rank /= 12;
        }
        text.push(' ');
    }
    text
}

fn build(path: &Path, columns: usize, rows: u64) {
    let mut builder = dataset::Builder::new(&KEY, columns).expect("few columns");
    for n in 0..rows {
        let values = [number(n), format!("naam{}", n % 50_000)];
        builder.row(values.iter().take(columns).map(String::as_str)).expect("few rows");
    }
    builder.write(path).expect("a folder to write in");
}

fn plan(kind: OwnKind) -> Plan {
    Plan::new(&[OwnDetector { id: "eigen".into(), kind, context: Vec::new() }]).expect("a detector")
}

fn index(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder");
    let (one, two, papers) = (folder.path().join("one"), folder.path().join("two"), folder.path().join("papers"));
    build(&one, 1, ROWS);
    build(&two, 2, ROWS);
    let mut builder = documents::Builder::new(&KEY);
    for seed in 1..200 {
        builder.add(&words(seed, 5_000)).expect("few words");
    }
    builder.write(&papers).expect("a folder to write in");

    let open = Dataset::open(&one, &KEY).expect("an index");
    let mut folded = Folded::default();
    let mut group = criterion.benchmark_group("index");
    for (name, first) in [("lookup, there", 0), ("lookup, not there", ROWS)] {
        let mut n = 0;
        group.bench_function(name, |bencher| {
            bencher.iter_batched_ref(
                || {
                    n += 1;
                    number(first + n % 10_000)
                },
                |value| {
                    folded.value(value);
                    black_box(open.find(folded.bytes()).is_empty())
                },
                BatchSize::SmallInput,
            );
        });
    }

    let prompt = (0..10).map(|n| format!("{} {} naam{n} ", words(900 + n, 150), number(n))).collect::<String>();
    group.throughput(Throughput::Bytes(prompt.len() as u64));
    let plans = [
        ("10 KB prompt, no index", Plan::new(&[]).expect("the built-in detectors")),
        ("10 KB prompt, numbers", plan(OwnKind::Dataset(Arc::new(open)))),
        ("10 KB prompt, two columns", plan(OwnKind::Dataset(Arc::new(Dataset::open(&two, &KEY).expect("an index"))))),
        (
            "10 KB prompt, documents",
            plan(OwnKind::Documents { index: Arc::new(Documents::open(&papers, &KEY).expect("an index")), at_least: 30 }),
        ),
    ];
    for (name, plan) in &plans {
        group.bench_function(*name, |bencher| bencher.iter(|| black_box(plan.scan(&prompt, "").len())));
    }
    group.throughput(Throughput::Elements(ROWS));
    group.sample_size(10);
    group.bench_function("build, a million numbers", |bencher| bencher.iter(|| build(&folder.path().join("made"), 1, ROWS)));
    group.finish();
}

criterion_group!(benches, index);
criterion_main!(benches);
