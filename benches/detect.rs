//! What detection costs: a clean prompt, a prompt with findings, and a log. Run with `cargo bench --bench detect`.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sluis::detect::Plan;
use std::hint::black_box;

const PROSE: &str = "Wij willen de bewoners van onze gemeente beter betrekken bij de plannen voor de binnenstad. De afgelopen maanden hebben \
    wij gesprekken gevoerd met ondernemers, verenigingen en scholen. Daaruit blijkt dat veel mensen behoefte hebben aan meer groen, een \
    veilige route voor fietsers en een plein waar het hele jaar door iets te doen is. Herschrijf deze tekst in begrijpelijk Nederlands, \
    gebruik korte zinnen en vermijd vaktaal. Sluit af met een uitnodiging om mee te denken over het vervolg. ";

const FINDINGS: &str = "Geachte mevrouw De Wit, uw aanvraag is ontvangen. Uw BSN is 111222333 en wij betalen uit op NL91 ABNA 0417 1643 00. \
    U bent bereikbaar op 06-12345678 of via j.dewit@ziggo.nl. U woont aan de Dorpsstraat 12, 1234 AB Zeist. De auto met kenteken NH-BN-66 \
    staat op uw naam. Wij gaan zorgvuldig om met deze stukken en bewaren ze niet langer dan nodig is voor de behandeling ervan. ";

fn text(piece: &str, length: usize) -> String {
    piece.chars().cycle().take(length).collect()
}

fn log(length: usize) -> String {
    let mut text = String::new();
    let mut line = 0u64;
    while text.len() < length {
        line += 1;
        let mixed = line.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        text.push_str(&format!(
            "2026-11-24T09:{:02}:{:02}Z INFO request_id={mixed:016x} path=/zaken/{} status=200 duration_ms={} client=10.0.{}.{}\n",
            line % 60,
            line % 59,
            mixed % 100_000,
            mixed % 900,
            mixed % 255,
            line % 255
        ));
    }
    text
}

fn detect(criterion: &mut Criterion) {
    let plan = Plan::new(&[]).expect("the built-in detectors");
    let mut group = criterion.benchmark_group("detect");
    for (name, text) in
        [("clean prompt, 2 KB", text(PROSE, 2048)), ("prompt with findings, 2 KB", text(FINDINGS, 2048)), ("log, 1 MB", log(1 << 20))]
    {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| plan.scan(black_box(&text), "")));
    }
    group.finish();
}

criterion_group!(benches, detect);
criterion_main!(benches);
