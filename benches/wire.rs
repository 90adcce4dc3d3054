//! What reading, rewriting and refusing cost, on bodies of the sizes that clients send.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use http::{HeaderMap, Method};
use sluis::wire::{Change, Head, Refusal, Shape, coding, write};
use std::hint::black_box;

/// A chat of a few turns, as the OpenAI SDK sends it, of about `size` bytes.
fn chat(size: usize) -> String {
    let sentence = "Schrijf een korte brief aan de bewoner over de vergunning voor de dakkapel. ";
    let turn = sentence.repeat((size / 4 / sentence.len()).max(1));
    serde_json::json!({
        "model": "gpt-5",
        "messages": [
            {"role": "system", "content": turn},
            {"role": "user", "content": turn},
            {"role": "assistant", "content": turn},
            {"role": "user", "content": [{"type": "text", "text": turn}]},
        ],
        "temperature": 0.7,
        "stream": true,
    })
    .to_string()
}

/// An agent's request: many tools with schemas, many turns with arguments in JSON strings.
fn agent() -> String {
    let tools: Vec<_> = (0..40)
        .map(|n| {
            serde_json::json!({"type": "function", "function": {"name": format!("tool_{n}"), "description": "Looks up a file and gives its lines.",
                "parameters": {"type": "object", "properties": {"path": {"type": "string", "description": "Where"}, "limit": {"type": "integer"}}, "required": ["path"]}}})
        })
        .collect();
    let messages: Vec<_> = (0..60)
        .map(|n| match n % 3 {
            0 => serde_json::json!({"role": "user", "content": "Kijk in het bestand.\nEn vat samen."}),
            1 => serde_json::json!({"role": "assistant", "tool_calls": [{"id": "c", "type": "function", "function": {"name": "tool_1", "arguments": "{\"path\": \"src/main.rs\", \"limit\": 100}"}}]}),
            _ => serde_json::json!({"role": "tool", "tool_call_id": "c", "content": "fn main() {\n    println!(\"hallo\");\n}\n".repeat(10)}),
        })
        .collect();
    serde_json::json!({"model": "gpt-5", "tools": tools, "messages": messages}).to_string()
}

fn wire(c: &mut Criterion) {
    let mut headers = HeaderMap::new();
    headers.insert("content-type", http::HeaderValue::from_static("application/json"));
    let head = Head { method: &Method::POST, host: "api.openai.com", path: "/v1/chat/completions", query: None, headers: &headers };
    let generic = Head { host: "ai.example", path: "/ask", ..head };

    let mut group = c.benchmark_group("read");
    for (name, body) in [("chat 2 KB", chat(2048)), ("chat 10 KB", chat(10_240)), ("chat 1 MB", chat(1 << 20)), ("agent 22 KB", agent())] {
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function(format!("openai {name}"), |b| b.iter(|| black_box(Shape::of(&head).read(&head, black_box(body.as_bytes())))));
        group.bench_function(format!("generic {name}"), |b| {
            b.iter(|| black_box(Shape::of(&generic).read(&generic, black_box(body.as_bytes()))))
        });
        group.bench_function(format!("serde_json::Value for scale, {name}"), |b| {
            b.iter(|| black_box(serde_json::from_slice::<serde_json::Value>(black_box(body.as_bytes()))));
        });
    }
    group.finish();

    let body = chat(2048);
    let message = Shape::of(&head).read(&head, body.as_bytes());
    let change = [Change { part: 1, text: "Schrijf aan [EMAIL-1].".to_owned() }];
    c.bench_function("write one change, 2 KB", |b| b.iter(|| black_box(write(body.as_bytes(), &message, black_box(&change)))));
    let refusal = Refusal { sentence: "Dit bericht bevat een BSN en gaat niet door.", code: "blocked_by_organisation", stream: true };
    c.bench_function("refuse", |b| b.iter(|| black_box(Shape::of(&head).refuse(&head, black_box(&refusal)))));

    let packed = zstd::encode_all(chat(10_240).as_bytes(), 3).unwrap_or_default();
    c.bench_function("decode zstd, 10 KB", |b| {
        b.iter_batched(|| packed.clone(), |p| black_box(coding::decode(Some("zstd"), &p, 1 << 20).map(|d| d.len())), BatchSize::SmallInput);
    });
}

criterion_group!(benches, wire);
criterion_main!(benches);
