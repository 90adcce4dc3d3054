//! What one lookup in the catalogue costs; it is done once per connection and once per request.

use criterion::{Criterion, criterion_group, criterion_main};
use sluis::catalogue::Catalogue;
use std::hint::black_box;

const ADDRESSES: [(&str, &str, &str); 5] = [
    ("whole host", "chatgpt.com", "/backend-api/f/conversation"),
    ("star in the middle", "bedrock-runtime.eu-central-1.amazonaws.com", "/model/x/converse"),
    ("path of a host", "gemeente.atlassian.net", "/gateway/api/assist/rovo/v1/chat"),
    ("unknown", "www.example.org", "/"),
    ("unknown and deep", "a.b.c.d.e.f.g.example", "/x/y"),
];

fn lookups(criterion: &mut Criterion) {
    let Ok(catalogue) = Catalogue::embedded() else { return eprintln!("the shipped catalogue has mistakes: run `sluis catalogue verify`") };
    for (name, host, path) in ADDRESSES {
        criterion.bench_function(&format!("catalogue/lookup/{name}"), |b| {
            b.iter(|| catalogue.lookup(black_box(host), black_box(path)).is_some())
        });
        criterion.bench_function(&format!("catalogue/on-host/{name}"), |b| b.iter(|| catalogue.on_host(black_box(host))));
    }
}

criterion_group!(benches, lookups);
criterion_main!(benches);
