//! Records and documents, found through a whole plan.

use super::{OwnDetector, OwnKind};
use crate::detect::Plan;
use crate::index::{Dataset, Documents, dataset, documents};
use std::sync::Arc;
use std::time::{Duration, Instant};

const KEY: [u8; 32] = [3; 32];

fn plan(kind: OwnKind) -> Plan {
    Plan::new(&[OwnDetector { id: "eigen".into(), kind, context: Vec::new() }]).unwrap()
}

fn records(rows: &[&[&str]]) -> Plan {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sluisx");
    let mut builder = dataset::Builder::new(&KEY, rows.first().map_or(1, |row| row.len())).unwrap();
    rows.iter().for_each(|row| builder.row(row.iter().copied()).unwrap());
    builder.write(&path).unwrap();
    plan(OwnKind::Dataset(Arc::new(Dataset::open(&path, &KEY).unwrap())))
}

fn papers(texts: &[&str], at_least: u8) -> Plan {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.sluisx");
    let mut builder = documents::Builder::new(&KEY);
    for text in texts {
        builder.add(text).unwrap();
    }
    builder.write(&path).unwrap();
    plan(OwnKind::Documents { index: Arc::new(Documents::open(&path, &KEY).unwrap()), at_least })
}

fn found<'t>(plan: &Plan, text: &'t str) -> Vec<&'t str> {
    plan.scan(text, "").iter().filter(|finding| &*finding.detector == "eigen").map(|finding| &text[finding.start..finding.end]).collect()
}

#[test]
fn numbers_of_an_index_are_found_in_any_notation_and_not_as_part_of_others() {
    let plan = records(&[&["123456782"], &["0612345678"], &["24-11-1980"]]);
    assert_eq!(
        found(&plan, "BSN 123456782, ook 1234.56.782 of 123 456 782 en\n123-456-782"),
        ["123456782", "1234.56.782", "123 456 782", "123-456-782"]
    );
    assert_eq!(
        found(&plan, "06-12345678 geboren 24 11 1980 en bsn \u{ff11}\u{ff12}3456782"),
        ["06-12345678", "24 11 1980", "\u{ff11}\u{ff12}3456782"]
    );
    for other in ["1123456782", "1.123.456.782", "A123456782", "123456782X", "123456783", "123.456.782.1"] {
        assert_eq!(found(&plan, other), Vec::<&str>::new(), "{other}");
    }
}

#[test]
fn a_record_stands_before_a_built_in_finding_of_the_same_bytes() {
    let plan = records(&[&["123456782"]]);
    let findings = plan.scan("bsn 123456782", "");
    assert_eq!(findings.iter().map(|finding| &*finding.detector).collect::<Vec<_>>(), ["eigen"]);
    let why = plan.explain("bsn 123456782", "");
    assert_eq!(why[0].why[0].because, "a value of the organisation's records");
}

#[test]
fn words_of_an_index_are_found_over_spaces_signs_case_and_accents() {
    let plan = records(&[&["Van der Meer-Bos"], &["NL91ABNA0417164300"], &["Z-2024/0012"], &["Çelik"]]);
    assert_eq!(found(&plan, "Dossier van VAN DER MEER - BOS. En celik"), ["VAN DER MEER - BOS", "celik"]);
    assert_eq!(found(&plan, "zaak z 2024 0012, rek. NL91 ABNA 0417 1643 00"), ["z 2024 0012", "NL91 ABNA 0417 1643 00"]);
    assert_eq!(found(&plan, "van der\n\nMeer Bos; Çelikbas; van der Meer"), Vec::<&str>::new());
    let long = format!("{} celik {} van der meer bos", "woord ".repeat(900), "x".repeat(5000));
    assert_eq!(found(&plan, &long), ["celik", "van der meer bos"]);
}

#[test]
fn of_two_columns_a_hit_counts_only_near_one_of_the_same_row() {
    let plan = records(&[&["Terpstra", "24-11-1980"], &["Waardenburg", "01-02-1975"]]);
    assert_eq!(found(&plan, "mevrouw Terpstra, geb. 24-11-1980"), ["Terpstra", "24-11-1980"]);
    assert_eq!(found(&plan, "24-11-1980;Terpstra"), ["24-11-1980", "Terpstra"]);
    assert_eq!(found(&plan, "Terpstra, geboren 01-02-1975"), Vec::<&str>::new());
    let far = |gap: usize| format!("Terpstra {} 24-11-1980", "x ".repeat(gap));
    assert_eq!((found(&plan, &far(140)).len(), found(&plan, &far(160)).len()), (2, 0));
    assert_eq!(found(&plan, "Waardenburg en Terpstra: 01-02-1975"), ["Waardenburg", "01-02-1975"]);
}

/// Words of a made-up language, so that no text has anything in common with another by chance.
struct Words(u64);

impl Words {
    fn number(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % below
    }

    /// From a small vocabulary, the first words far more often than the last, as in any language.
    fn word(&mut self) -> String {
        let (a, b) = (self.number(2000), self.number(2000));
        let mut rank = a * b / 2000;
        let mut word = String::new();
        loop {
            word.push_str(["ba", "de", "ki", "lo", "mu", "ne", "pra", "sti", "vo", "wer", "zan", "ge"][rank % 12]);
            rank /= 12;
            if rank == 0 {
                return word;
            }
        }
    }

    fn text(&mut self, words: usize) -> String {
        (0..words).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }

    /// The text with one word in five written anew.
    fn retyped(&mut self, text: &str) -> String {
        let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        for word in &mut words {
            if self.number(5) == 0 {
                // Some are left out and some put in, as people do.
                *word = match self.number(10) {
                    0 => String::new(),
                    1 => format!("{word} {}", self.word()),
                    _ => self.word(),
                };
            }
        }
        words.join(" ")
    }
}

#[test]
fn a_pasted_paragraph_is_found_where_it_stands_in_other_text() {
    let mut words = Words(0x1234_5678_9abc_def1);
    let paper = words.text(2000);
    let plan = papers(&[&words.text(3000), &paper, &words.text(1000)], 30);
    let (before, after) = (words.text(300), words.text(300));
    let all: Vec<&str> = paper.split(' ').collect();
    for start in (0..1900).step_by(100) {
        for length in [30, 60, 100] {
            let paragraph = all[start..start + length].join(" ");
            let text = format!("{before}\n\n{}\n\n{after}", paragraph.to_uppercase().replace(' ', ",  "));
            let passages = found(&plan, &text);
            assert_eq!(passages.len(), 1, "{start} {length}");
            let share = passages[0].split_whitespace().count() * 100 / length;
            assert!((70..=100).contains(&share), "{start} {length}: {share}");
        }
    }
}

#[test]
fn a_paragraph_of_which_one_word_in_five_is_retyped_is_found() {
    let mut words = Words(0x9e37_79b9_7f4a_7c15);
    let paper = words.text(10_000);
    let plan = papers(&[&paper], 30);
    let all: Vec<&str> = paper.split(' ').collect();
    let mut hits = [0; 2];
    for round in 0..200 {
        for (hit, length) in hits.iter_mut().zip([80, 120]) {
            let start = round * 45;
            let paragraph = words.retyped(&all[start..start + length].join(" "));
            let text = format!("{} {paragraph} {}", words.text(50), words.text(50));
            *hit += usize::from(!found(&plan, &text).is_empty());
        }
    }
    eprintln!("retyped paragraphs found, of 200: {hits:?}");
    assert!(hits[0] >= 190 && hits[1] >= 198, "{hits:?}");
}

#[test]
fn other_text_in_the_same_words_is_not_found() {
    let mut words = Words(0xdead_beef_cafe_f00d);
    let papers_: Vec<String> = (0..40).map(|_| words.text(5_000)).collect();
    let plan = papers(&papers_.iter().map(String::as_str).collect::<Vec<_>>(), 30);
    for _ in 0..20 {
        assert_eq!(found(&plan, &words.text(5_000)), Vec::<&str>::new());
    }
    // A sentence is no paragraph.
    let sentence: Vec<&str> = papers_[3].split(' ').skip(100).take(12).collect();
    assert_eq!(found(&plan, &format!("{} {} {}", words.text(100), sentence.join(" "), words.text(100))), Vec::<&str>::new());
}

#[test]
fn what_stands_in_every_document_is_no_mark_of_any() {
    let mut words = Words(77);
    let letterhead = words.text(60);
    let all: Vec<String> = (0..20).map(|_| format!("{letterhead} {}", words.text(200))).collect();
    let plan = papers(&all.iter().map(String::as_str).collect::<Vec<_>>(), 30);
    assert_eq!(found(&plan, &letterhead), Vec::<&str>::new());
    assert_eq!(found(&plan, &all[7]).len(), 1);
}

#[test]
fn a_higher_percentage_asks_for_more_of_the_same() {
    let mut words = Words(99);
    let paper = words.text(1000);
    let part: Vec<&str> = paper.split(' ').skip(200).take(150).collect();
    let part = part.join(" ");
    let retyped = words.retyped(&part);
    for (at_least, exact, changed) in [(30, true, true), (90, true, false), (100, true, false)] {
        let plan = papers(&[&paper], at_least);
        assert_eq!((!found(&plan, &part).is_empty(), !found(&plan, &retyped).is_empty()), (exact, changed), "{at_least}");
    }
}

#[test]
fn hostile_texts_are_looked_up_in_linear_time() {
    let names: Vec<[String; 2]> =
        (0..4000).map(|row| [format!("naam{}", row % 40), format!("plaats{}", row % 41 + row % 3 * 50)]).collect();
    let rows: Vec<Vec<&str>> = names.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let joined = records(&rows);
    let single = records(&[&["123456782"], &["abcdefghijklmnopqrstuvwxyz0123456789"]]);
    let paper = Words(5).text(400);
    let document = papers(&[&paper, &"ba ".repeat(5000)], 30);
    let began = Instant::now();
    for plan in [&joined, &single, &document] {
        for piece in [
            "naam1 plaats2 ",
            "naam1 naam2 ",
            "1 ",
            "1-2-3-",
            "12 34 56 78 2 ",
            "a b c ",
            "abcdefghi",
            "ba ",
            "naam3 plaats7 naam9 plaats33 ",
            &paper,
        ] {
            let text = piece.repeat((64 << 10) / piece.len());
            let findings = plan.scan(&text, "");
            assert!(findings.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }
    }
    // Quadratic work takes minutes; a busy machine and a debug build stay far below this.
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
}
