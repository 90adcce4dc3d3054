//! What restoring and counting cost per answer.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use serde_json::json;
use sluis::detect::Finding;
use sluis::redact::{Placeholders, Restorer, Vault};
use sluis::wire::answer::{AnswerForm, UsageReader};
use std::hint::black_box;
use std::sync::Arc;

fn placeholders() -> Arc<Placeholders> {
    let placeholders = Arc::new(Placeholders::new());
    let value = "j.jansen@gemeente.nl";
    let finding = Finding { detector: "email".into(), start: 0, end: value.len(), confidence: 1.0 };
    placeholders.redact(value, &[&finding]);
    placeholders
}

/// 100 chat chunks, one network chunk each; a placeholder cut over four of them in every ten.
fn stream(with_placeholders: bool) -> Vec<String> {
    let words = ["Beste", " meneer", " Jansen", ",", " uw", " adres", " [", "EMAIL", "-1", "]"];
    (0..100)
        .map(|at| {
            let word = if with_placeholders { words[at % 10] } else { words[at % 6] };
            let event = json!({"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o",
                "choices":[{"index":0,"delta":{"content":word},"logprobs":null,"finish_reason":null}]});
            format!("data: {event}\n\n")
        })
        .collect()
}

fn restore(c: &mut Criterion) {
    let placeholders = placeholders();
    let mut group = c.benchmark_group("restore");
    for (name, with) in [("100 events, 10 placeholders", true), ("100 events, none", false)] {
        let events = stream(with);
        group.throughput(Throughput::Elements(100));
        group.bench_function(name, |b| {
            b.iter_batched_ref(
                || (Restorer::new(Arc::clone(&placeholders), AnswerForm::EventStream), Vec::with_capacity(1 << 16)),
                |(restorer, out)| {
                    events.iter().for_each(|event| restorer.push(black_box(event.as_bytes()), out));
                    restorer.finish(out);
                },
                BatchSize::SmallInput,
            );
        });
    }
    let document = answer("[EMAIL-1] ", 1000);
    group.throughput(Throughput::Bytes(document.len() as u64));
    group.bench_function("JSON of 10 KB, 1000 placeholders", |b| {
        b.iter_batched_ref(
            || (Restorer::new(Arc::clone(&placeholders), AnswerForm::Json), Vec::with_capacity(1 << 16)),
            |(restorer, out)| {
                restorer.push(black_box(document.as_bytes()), out);
                restorer.finish(out);
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

fn answer(word: &str, times: usize) -> String {
    json!({"id":"chatcmpl-1","model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":word.repeat(times)}}],
        "usage":{"prompt_tokens":12,"completion_tokens":345,"total_tokens":357}})
    .to_string()
}

fn usage(c: &mut Criterion) {
    let document = answer("een woord ", 85);
    c.bench_function("usage/JSON of 1 KB", |b| {
        b.iter(|| {
            let mut reader = UsageReader::new(AnswerForm::Json);
            reader.push(black_box(document.as_bytes()));
            reader.finish()
        });
    });
    let events = stream(false);
    c.bench_function("usage/100 events", |b| {
        b.iter(|| {
            let mut reader = UsageReader::new(AnswerForm::EventStream);
            events.iter().for_each(|event| reader.push(black_box(event.as_bytes())));
            reader.finish()
        });
    });
}

fn redact(c: &mut Criterion) {
    let vault = Vault::new();
    let text = format!("{} j.jansen@gemeente.nl", "woord ".repeat(300));
    let finding = Finding { detector: "email".into(), start: text.len() - 20, end: text.len(), confidence: 1.0 };
    c.bench_function("redact/2 KB, one finding", |b| {
        b.iter(|| vault.placeholders("subject, tool, conversation").redact(black_box(&text), &[&finding]));
    });
}

criterion_group!(benches, restore, usage, redact);
criterion_main!(benches);
