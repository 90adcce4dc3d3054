//! How long one decision takes with the shipped policy: the aim is under 2 microseconds.

use criterion::{Criterion, criterion_group, criterion_main};
use sluis::catalogue::Catalogue;
use sluis::detect::Finding;
use sluis::identity::Subject;
use sluis::policy::{Policy, Request};
use sluis::wire::Direction;
use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

fn decide(criterion: &mut Criterion) {
    let Ok(catalogue) = Catalogue::embedded() else { return };
    let Ok(policy) = Policy::embedded(&catalogue) else { return };
    let subject = Subject {
        user: Some("anna".into()),
        groups: ["KCC", "Medewerkers", "Utrecht", "AI-pilot"].map(str::to_owned).to_vec(),
        address: IpAddr::V4(Ipv4Addr::new(10, 1, 2, 3)),
        organisation: String::new(),
    };
    let found = |ids: &[&str]| -> Vec<Finding> {
        ids.iter()
            .enumerate()
            .map(|(n, id)| Finding { detector: Arc::from(*id), start: n * 10, end: n * 10 + 9, confidence: 0.9 })
            .collect()
    };
    let cases: [(&str, &str, Vec<Finding>); 5] = [
        ("allow", "chatgpt", found(&[])),
        ("redact", "openai-api", found(&["email", "phone", "email"])),
        ("block", "chatgpt", found(&["nl.bsn", "email", "iban", "phone"])),
        ("warn", "perplexity", found(&[])),
        ("forbidden", "deepseek", found(&[])),
    ];
    let mut group = criterion.benchmark_group("decide");
    for (name, tool, findings) in &cases {
        let Some(tool) = catalogue.by_id(tool) else { continue };
        let request = Request {
            subject: &subject,
            tool,
            direction: Direction::Prompt,
            model: Some("gpt-5"),
            client: "firefox",
            bytes: 2_048,
            unreadable: None,
            words: true,
            findings,
            now: jiff::Timestamp::UNIX_EPOCH,
            trace: false,
        };
        group.bench_function(*name, |bencher| bencher.iter(|| policy.decide(black_box(&request))));
    }
    group.finish();
}

criterion_group!(benches, decide);
criterion_main!(benches);
