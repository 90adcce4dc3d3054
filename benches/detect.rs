//! What detection costs: prompts, ordinary prose, each stage, texts dense in one family's candidates, and hostile input. Run with
//! `cargo bench --bench detect`, or a part of it: `cargo bench --bench detect -- hostile`.
//!
//! The prose is that of `tests/corpus/public/`: as varied as people write, so that no branch predictor learns it by heart.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sluis::detect::{Plan, stages};
use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

const PROMPT: &str = "Wij willen de bewoners van onze gemeente beter betrekken bij de plannen voor de binnenstad. De afgelopen maanden hebben \
    wij gesprekken gevoerd met ondernemers, verenigingen en scholen. Daaruit blijkt dat veel mensen behoefte hebben aan meer groen, een \
    veilige route voor fietsers en een plein waar het hele jaar door iets te doen is. Herschrijf deze tekst in begrijpelijk Nederlands, \
    gebruik korte zinnen en vermijd vaktaal. Sluit af met een uitnodiging om mee te denken over het vervolg. ";

const FINDINGS: &str = "Geachte mevrouw De Wit, uw aanvraag is ontvangen. Uw BSN is 111222333 en wij betalen uit op NL91 ABNA 0417 1643 00. \
    U bent bereikbaar op 06-12345678 of via j.dewit@ziggo.nl. U woont aan de Dorpsstraat 12, 1234 AB Zeist. De auto met kenteken NH-BN-66 \
    staat op uw naam. Wij gaan zorgvuldig om met deze stukken en bewaren ze niet langer dan nodig is voor de behandeling ervan. ";

/// One family of detectors each, with what they look at in every line.
const FAMILIES: &[(&str, &str)] = &[
    ("bsn", "bsn 111222333, burgerservicenummer 1234.56.782 en pakket 123456789\n"),
    ("iban and cards", "NL91 ABNA 0417 1643 00; DE89370400440532013000; kaart 5242 3707 3221 8544\n"),
    ("foreign numbers", "rijksregisternummer 85.07.30-033.28, steuer-id 36574261809, PESEL 44051401359\n"),
    ("phones", "tel. 06-12345678, +31 (0)20 123 45 67, 0318 - 123456, versie 10.2.33\n"),
    ("e-mail and hosts", "j.dewit@ziggo.nl, jan apenstaartje gemeente punt nl, https://a:b12c3@x.nl, 10.20.30.40\n"),
    ("addresses", "Dorpsstraat 12, 1234 AB Zeist; woont aan de Lange Voorhout 3-bis; Postbus 100, 2500 AA\n"),
    ("names", "mevrouw J.P. van der Wit, dhr. De Boer; Meer, S. van der; groet,\nFatima El Idrissi\n"),
    ("dates of birth", "geboren op 24-11-1980, geb. 3 april 1975, besluit van 1-1-2024\n"),
    ("plates and documents", "kenteken NH-BN-66, auto 12-ABC-3; paspoort NWK4BX2J5, artikel XX-99-99\n"),
    ("situations", "Mevrouw is depressief en heeft schulden; hij is verdachte. Het beleid voor schuldhulp\n"),
    ("markings", "VERTROUWELIJK\nStg. GEHEIM\nde geheimhouding is opgelegd (art. 87 Gemeentewet)\n"),
    ("credentials", "password=Welkom01! AKIAQ3EGZ7KD2L5MPX4T ghp_0123456789abcdefghijABCDEFGHIJ012345 secret: x\n"),
    ("table", "Jansen;J.;111222333;24-11-1980;Dorpsstraat 12;1234 AB;Zeist;06-12345678;j.jansen@ziggo.nl\n"),
    ("code", "fn main() { let total = items.iter().map(|item| item.price * 3).sum::<u32>(); }\n"),
];

/// Texts that cost the square of their length where something is looked at again and again.
const HOSTILE: &[(&str, &str)] = &[
    ("one run of digits", "1"),
    ("runs of digits", "1 "),
    ("a million at signs", "@"),
    ("schemes", "a://b:c1d2e3@"),
    ("one run of base64", "QUJD"),
    ("code of tokens", "eyJhbGciOiJIUzI1NiJ9."),
    ("invisible characters", "\u{200b}"),
    ("names of passwords", "password="),
    ("cells", "a;1;"),
    ("initials", "A."),
    ("number words", "een twee "),
    ("percent signs", "%31"),
];

fn text(piece: &str, length: usize) -> String {
    piece.chars().cycle().take(length).collect()
}

/// Innocuous Dutch prose: the texts of the corpus, repeated.
fn prose(length: usize) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/public");
    let mut paths: Vec<_> = std::fs::read_dir(folder).expect("the innocuous texts").flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let all: String = paths.iter().map(|path| std::fs::read_to_string(path).expect("a text")).collect();
    text(&all, length)
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

/// Base64 of base64, as many times as give a megabyte.
fn wrapped(levels: usize) -> String {
    use base64::Engine;
    (0..levels).fold("bsn 111222333 ".to_owned(), |text, _| base64::engine::general_purpose::STANDARD.encode(text))
}

fn plan() -> Plan {
    Plan::new(&[]).expect("the built-in detectors")
}

fn scans(criterion: &mut Criterion, name: &str, texts: impl IntoIterator<Item = (String, String)>) {
    let plan = plan();
    let mut group = criterion.benchmark_group(name);
    group.measurement_time(Duration::from_secs(3)).warm_up_time(Duration::from_secs(1));
    for (name, text) in texts {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| plan.scan(black_box(&text), "")));
    }
    group.finish();
}

fn prompts(criterion: &mut Criterion) {
    let mut some_findings = prose(10 << 10);
    let middle = some_findings.ceil_char_boundary(some_findings.len() / 2);
    some_findings.insert_str(middle, FINDINGS);
    let texts = [
        ("clean prompt, 2 KB", text(PROMPT, 2048)),
        ("prompt with findings, 2 KB", text(FINDINGS, 2048)),
        ("prompt with some findings, 10 KB", text(&some_findings, 10 << 10)),
        ("log, 1 MB", log(1 << 20)),
        ("prose, 1 MB", prose(1 << 20)),
    ];
    scans(criterion, "detect", texts.map(|(name, text)| (name.to_owned(), text)));
}

/// What the steps before the detectors cost; the rest of a scan is detectors, scores and merging.
fn by_stage(criterion: &mut Criterion) {
    let prose = prose(1 << 20);
    let exotic = prose.replace(' ', "\u{a0}").replace('0', "\u{ff10}");
    let plan = plan();
    let mut group = criterion.benchmark_group("stage");
    group.throughput(Throughput::Bytes(prose.len() as u64));
    group.bench_function("normalise", |bencher| bencher.iter(|| stages::normalise(black_box(&prose))));
    group.bench_function("first pass", |bencher| bencher.iter(|| stages::prefilter(black_box(&prose))));
    group.bench_function("whole scan", |bencher| bencher.iter(|| plan.scan(black_box(&prose), "")));
    group.throughput(Throughput::Bytes(exotic.len() as u64));
    group.bench_function("normalise, exotic characters", |bencher| bencher.iter(|| stages::normalise(black_box(&exotic))));
    group.finish();
}

fn by_family(criterion: &mut Criterion) {
    scans(criterion, "family, 64 KB", FAMILIES.iter().map(|(name, line)| ((*name).to_owned(), text(line, 64 << 10))));
}

fn hostile(criterion: &mut Criterion) {
    let repeated = HOSTILE.iter().map(|(name, piece)| ((*name).to_owned(), text(piece, 1 << 20)));
    scans(criterion, "hostile, 1 MB", repeated.chain([("deep base64".to_owned(), wrapped(38))]));
}

criterion_group!(benches, prompts, by_stage, by_family, hostile);
criterion_main!(benches);
