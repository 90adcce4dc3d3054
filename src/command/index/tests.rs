use super::*;
use crate::catalogue::Catalogue;
use crate::policy::Policy;
use clap::Parser;

#[derive(Debug, Parser)]
struct Line {
    #[command(flatten)]
    arguments: Arguments,
}

/// A policy folder with `brp.csv` and two papers in it.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    fs::create_dir_all(folder.path().join("papers/deep")).unwrap();
    write("brp.csv", "naam;bsn\r\nDe Waard;123456782\r\nTerpstra;111222333\r\n");
    write("papers/a.md", &paper());
    write("papers/deep/b.html", "<p>Een andere notitie over de begroting van volgend jaar.</p>");
    write("papers/.hidden", "x");
    folder
}

fn paper() -> String {
    "Het college stelt voor de grond aan de Kanaalweg aan te kopen voor een bedrag dat niet hoger is dan de taxatie, en de onderhandelingen met de \
    eigenaar tot de vergadering van maart geheim te houden omdat de prijs anders stijgt en het financieel belang van de gemeente wordt geschaad."
        .to_owned()
}

fn run(folder: &Path, line: &[&str]) -> Result<Made, (u8, String)> {
    let of = |word: &&str| word.replace("DIR", &folder.display().to_string());
    let line = Line::try_parse_from(["index".to_owned()].into_iter().chain(line.iter().map(of))).map_err(|error| (2, error.to_string()))?;
    let arguments = line.arguments;
    let made = match (&arguments.show, arguments.kind, &arguments.out) {
        (Some(path), ..) => show(path),
        (None, Some(kind), Some(out)) => build(kind, out, &arguments),
        _ => panic!("clap let this pass"),
    };
    made.map_err(|failure| (failure.status(), failure.sentence().replace(&folder.display().to_string(), "DIR")))
}

fn found(folder: &Path, policy: &str, text: &str) -> Vec<String> {
    fs::write(folder.join("policy.yaml"), format!("sluis: 1\n{policy}")).unwrap();
    let policy = Policy::load(folder, &Catalogue::embedded().unwrap()).unwrap();
    let own = |finding: &crate::detect::Finding| finding.detector.starts_with("eigen");
    policy.plan().scan(text, "").into_iter().filter(own).map(|finding| text[finding.start..finding.end].to_owned()).collect()
}

#[test]
fn an_index_of_records_is_built_and_a_policy_finds_them() {
    let dir = folder();
    let made = run(dir.path(), &["--kind", "dataset", "--column", "bsn", "--out", "DIR/brp.sluisx", "DIR/brp.csv"]).unwrap();
    assert!(made.summary.contains("2 rows, 1 column, 2 values, 0.2 kB, false-positive rate 1 in "), "{}", made.summary);
    assert!(made.notes[0].starts_with("the key is ") && made.unread == 0, "{made:?}");
    let policy = "data:\n  detectors:\n    eigen: { dataset: brp.sluisx }\n  secret: [dataset: eigen]\n";
    assert_eq!(found(dir.path(), policy, "Graag een brief voor 1234.56.782 en 987654321"), ["1234.56.782"]);
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(dir.path().join("brp.sluisx.key")).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
    let shown = run(dir.path(), &["--show", "DIR/brp.sluisx"]).unwrap();
    assert!(shown.summary.contains("dataset, format 1, 2 rows, 1 column, 2 values"), "{}", shown.summary);
}

#[test]
fn an_index_of_papers_is_built_from_a_folder_and_a_policy_finds_a_pasted_paragraph() {
    let dir = folder();
    fs::create_dir(dir.path().join("keys")).unwrap();
    let line = ["--kind", "documents", "--out", "DIR/papers.sluisx", "--key", "DIR/keys/papers.key", "DIR/papers"];
    let made = run(dir.path(), &line).unwrap();
    assert!(made.summary.contains(": 2 documents, ") && made.notes.is_empty(), "{made:?}");
    let policy = "data:\n  detectors:\n    eigen: { documents: papers.sluisx, key: keys/papers.key, at-least: 40%, class: secret }\n";
    let text = format!("Maak hier een samenvatting van: {} Dank je wel, groet van mij!", paper());
    let passages = found(dir.path(), policy, &text);
    assert!(passages.len() == 1 && passages[0].len() * 10 > paper().len() * 8 && paper().contains(&passages[0]), "{passages:?}");
}

#[test]
fn nothing_is_written_when_an_input_is_broken() {
    let dir = folder();
    fs::write(dir.path().join("broken.csv"), "a;b\n1;2\n3\n").unwrap();
    let failed = |line: &[&str]| run(dir.path(), line).unwrap_err();
    let out = ["--kind", "dataset", "--out", "DIR/x.sluisx"];
    let with = |more: &[&'static str]| out.iter().copied().chain(more.iter().copied()).collect::<Vec<_>>();
    let (status, told) = failed(&with(&["DIR/broken.csv"]));
    assert!(status == 1 && told.starts_with("DIR/broken.csv:3: this row has 1 fields"), "{told}");
    assert_eq!(
        failed(&with(&["--column", "bns", "DIR/brp.csv"])),
        (2, "DIR/brp.csv:1: there is no column 'bns': did you mean 'bsn'?".into())
    );
    assert_eq!(failed(&with(&["DIR/weg.csv"])).0, 3);
    let (status, told) = failed(&with(&["DIR/brp.csv", "DIR/broken.csv"]));
    assert!(status == 2 && told.contains("its columns are a, b, and those of the first file naam, bsn"), "{told}");
    assert_eq!(failed(&["--kind", "documents", "--column", "a", "--out", "DIR/x.sluisx", "DIR/papers"]).0, 2);
    assert_eq!(failed(&["--kind", "dataset", "DIR/brp.csv"]).0, 2);
    assert_eq!(failed(&["--show", "DIR/brp.csv"]), (1, "DIR/brp.csv is not an index: make one with 'sluis index'".into()));
    assert!(!dir.path().join("x.sluisx").exists() && !dir.path().join("x.sluisx.key").exists());
    fs::write(dir.path().join("bad.key"), "kort").unwrap();
    assert_eq!(failed(&with(&["--key", "DIR/bad.key", "DIR/brp.csv"])).0, 3);
}

#[test]
fn a_document_that_cannot_be_read_is_named_and_the_status_says_so() {
    let dir = folder();
    fs::write(dir.path().join("papers/scan.png"), b"\x89PNG\r\n\x1a\n\0\0").unwrap();
    let made = run(dir.path(), &["--kind", "documents", "--out", "DIR/p.sluisx", "DIR/papers"]).unwrap();
    assert!(made.unread == 1 && made.notes[0].contains("scan.png: it is not in the index: "), "{made:?}");
}

#[test]
fn counts_sizes_and_rates_read_well() {
    assert_eq!((count(1, "row"), count(1_234_567, "row"), count(100, "row")), ("1 row".into(), "1,234,567 rows".into(), "100 rows".into()));
    assert_eq!((size(512), size(42_000_000)), ("0.5 kB".into(), "42.0 MB".into()));
    assert_eq!((rate(0.0), rate(1.0 / 4.5e8), rate(1.0 / 4.29e9)), ("0".into(), "1 in 450 million".into(), "1 in 4.3 billion".into()));
}
