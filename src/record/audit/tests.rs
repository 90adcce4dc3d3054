//! Hands on the log: whatever is changed in it is found and named.

use super::line::Draft;
use super::log::{Log, LogSettings};
use super::sink::FileSink;
use super::*;
use crate::record::event::Entry;
use crate::record::event::tests::sample;
use crate::record::privacy::open_key;
use std::fs;
use tempfile::TempDir;

/// A log of so many lines, with a signed head.
fn log_of(lines: usize, file_size: u64) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    append(&dir, lines, file_size);
    dir
}

fn append(dir: &TempDir, lines: usize, file_size: u64) {
    let key = open_key(&dir.path().join(KEY)).unwrap();
    let folder = dir.path().join(FOLDER);
    let (mut log, notices) = Log::open(LogSettings { folder: folder.clone(), file_size, opener: FileSink::opener() }, &key).unwrap();
    assert_eq!(notices, []);
    for _ in 0..lines {
        let mut bytes = Vec::new();
        Entry::Event(Box::new(sample("p-1", "chatgpt", "allow"))).write(&mut bytes).unwrap();
        let draft = Draft::new(&mut bytes);
        log.append(draft, &mut bytes).unwrap();
    }
    log.head().write(&folder, &key, true).unwrap();
}

/// Rewrites the first file of the log.
fn edit(dir: &TempDir, change: impl FnOnce(&mut Vec<String>)) {
    let path = dir.path().join("audit/000001.jsonl");
    let mut lines: Vec<String> = fs::read_to_string(&path).unwrap().lines().map(str::to_owned).collect();
    change(&mut lines);
    fs::write(path, lines.iter().map(|line| format!("{line}\n")).collect::<String>()).unwrap();
}

/// Seals a line anew, as somebody would who knows the form.
fn reseal(line: &str, previous: &Hash) -> String {
    let open = line.split(r#","previous":"#).next().unwrap();
    let mut bytes = open.as_bytes().to_vec();
    Draft::resume(open.as_bytes()).seal(&mut bytes, previous);
    String::from_utf8(bytes).unwrap().trim_end().to_owned()
}

fn hash(line: &str) -> Hash {
    line::carried_hash(line.as_bytes()).unwrap()
}

fn faults(dir: &TempDir) -> Vec<(u64, String)> {
    verify(dir.path()).unwrap_err().into_iter().map(|fault| (fault.line, fault.what.split(':').next().unwrap().to_owned())).collect()
}

fn one(line: u64, what: &str) -> Vec<(u64, String)> {
    vec![(line, what.to_owned())]
}

#[test]
fn a_whole_log_is_whole_over_all_its_files() {
    let dir = log_of(50, 10_000);
    assert!(files(&dir.path().join(FOLDER)).unwrap().len() > 3);
    let whole = verify(dir.path()).unwrap();
    assert_eq!((whole.lines, whole.notes.len()), (50, 0));
    append(&dir, 5, 10_000);
    assert_eq!(verify(dir.path()).unwrap().lines, 55);
    assert_eq!(verify(&dir.path().join(FOLDER)).unwrap().lines, 55);
}

#[test]
fn an_empty_log_is_whole_and_one_that_is_gone_is_not() {
    let dir = log_of(3, 1 << 20);
    std::fs::remove_dir_all(dir.path().join(FOLDER)).unwrap();
    assert!(verify(dir.path()).unwrap_err()[0].what.contains("no audit log here"));
    std::fs::create_dir_all(dir.path().join(FOLDER)).unwrap();
    assert!(verify(&dir.path().join(FOLDER)).unwrap_err()[0].what.contains("no audit log here"));
    std::fs::write(dir.path().join(FOLDER).join(file_name(1)), "").unwrap();
    assert_eq!(verify(dir.path()).unwrap().lines, 0);
}

#[test]
fn a_changed_line_is_named() {
    let dir = log_of(9, 1 << 20);
    edit(&dir, |lines| lines[4] = lines[4].replace("allow", "block"));
    assert_eq!(faults(&dir), one(5, "changed"));
    edit(&dir, |lines| lines[4] = "{}".into());
    assert_eq!(faults(&dir)[0], (5, "changed".into()));
}

#[test]
fn a_changed_line_with_a_new_hash_is_found_at_the_next_line() {
    let dir = log_of(9, 1 << 20);
    edit(&dir, |lines| lines[4] = reseal(&lines[4].replace("allow", "block"), &hash(&lines[3].clone())));
    assert_eq!(faults(&dir), one(6, "deleted"));
}

#[test]
fn a_deleted_line_is_named_also_the_first() {
    let dir = log_of(9, 1 << 20);
    edit(&dir, |lines| drop(lines.remove(4)));
    assert_eq!(faults(&dir), one(5, "deleted"));
    let dir = log_of(9, 1 << 20);
    edit(&dir, |lines| drop(lines.remove(0)));
    assert_eq!(faults(&dir), one(1, "deleted"));
}

#[test]
fn an_inserted_line_is_named_also_a_copy() {
    let dir = log_of(9, 1 << 20);
    edit(&dir, |lines| {
        let forged = reseal(&lines[0].clone(), &hash(&lines[3].clone()));
        lines.insert(4, forged);
    });
    assert_eq!(faults(&dir), one(5, "inserted"));
    let dir = log_of(9, 1 << 20);
    edit(&dir, |lines| lines.insert(4, lines[3].clone()));
    assert!(faults(&dir).iter().any(|(line, what)| *line <= 5 && what == "inserted"), "{:?}", faults(&dir));
}

#[test]
fn a_cut_end_is_named_by_its_line() {
    let dir = log_of(9, 1 << 20);
    edit(&dir, |lines| lines.truncate(6));
    assert_eq!(faults(&dir), one(7, "truncated"));
    edit(&dir, Vec::clear);
    assert_eq!(faults(&dir), one(1, "truncated"));
    fs::remove_file(dir.path().join("audit/000001.jsonl")).unwrap();
    assert_eq!(faults(&dir), one(1, "truncated"));
}

#[test]
fn a_last_or_middle_file_that_is_gone_is_named() {
    let dir = log_of(50, 10_000);
    let last = *files(&dir.path().join(FOLDER)).unwrap().last().unwrap();
    fs::remove_file(dir.path().join(FOLDER).join(file_name(last))).unwrap();
    assert_eq!(faults(&dir)[0].1, "truncated");
    let dir = log_of(50, 10_000);
    fs::remove_file(dir.path().join(FOLDER).join(file_name(2))).unwrap();
    let found = verify(dir.path()).unwrap_err();
    assert!(found[0].to_string().contains("000002.jsonl: the file is missing"), "{found:?}");
}

#[test]
fn a_log_that_was_rewritten_with_new_hashes_does_not_fit_its_signed_head() {
    let dir = log_of(9, 1 << 20);
    edit(&dir, |lines| {
        let mut previous = hash(&lines[3]);
        for line in &mut lines[4..] {
            *line = reseal(&line.replace("allow", "block"), &previous);
            previous = hash(line);
        }
    });
    assert_eq!(faults(&dir), one(9, "rewritten"));
}

#[test]
fn a_changed_or_missing_head_is_a_fault() {
    let dir = log_of(9, 1 << 20);
    let path = dir.path().join("audit/head.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("\"lines\":9", "\"lines\":6")).unwrap();
    assert!(verify(dir.path()).unwrap_err()[0].what.contains("signature"));
    fs::remove_file(&path).unwrap();
    assert_eq!(faults(&dir), one(0, "missing"));
}

#[test]
fn lines_behind_the_head_are_fine_when_they_chain() {
    let dir = log_of(5, 1 << 20);
    let head = fs::read(dir.path().join("audit/head.json")).unwrap();
    append(&dir, 3, 1 << 20);
    fs::write(dir.path().join("audit/head.json"), head).unwrap();
    let whole = verify(dir.path()).unwrap();
    assert_eq!(whole.lines, 8);
    assert!(whole.notes[0].contains("3 lines stand behind"), "{:?}", whole.notes);
}

#[test]
fn without_the_key_the_chain_is_checked_and_the_result_says_what_was_not() {
    let dir = log_of(5, 1 << 20);
    fs::remove_file(dir.path().join(KEY)).unwrap();
    assert!(verify(dir.path()).unwrap().notes[0].contains("not checked"));
    edit(&dir, |lines| lines.truncate(4));
    assert_eq!(faults(&dir), one(5, "truncated"));
}

#[test]
fn the_reader_gives_each_line_once_over_file_borders_and_stops_at_its_end() {
    let dir = log_of(50, 10_000);
    let folder = dir.path().join(FOLDER);
    let mut reader = Reader::new(&folder, Position::START);
    let far = Position { file: u32::MAX, offset: 0 };
    let mut positions = Vec::new();
    while let Ok(Some(line)) = reader.next(far).map(|line| line.map(<[u8]>::to_vec)) {
        assert!(matches!(Entry::parse(&line).unwrap(), Entry::Event(_)));
        positions.push(reader.position());
    }
    assert_eq!(positions.len(), 50);
    let mut reader = Reader::new(&folder, positions[10]);
    let mut seen = 0;
    while reader.next(positions[40]).unwrap().is_some() {
        seen += 1;
    }
    assert_eq!(seen, 30);
    assert!(log::link_before(&folder, positions[10]).unwrap().is_some());
    assert!(log::link_before(&folder, Position { offset: positions[10].offset - 1, ..positions[10] }).unwrap().is_none());
    assert!(log::link_before(&folder, Position { file: 99, offset: 5 }).unwrap().is_none());
}

/// The recipe in docs/record.md: what a third party does with sed and sha256sum.
#[test]
fn a_third_party_can_check_a_line_with_sed_and_sha256sum() {
    let dir = log_of(3, 1 << 20);
    let script = r#"sed -n 2p audit/000001.jsonl | sed 's/,"hash":"[0-9a-f]\{64\}"}$/}/' | tr -d '\n' | sha256sum | cut -c1-64"#;
    let output = std::process::Command::new("sh").arg("-c").arg(script).current_dir(dir.path()).output().unwrap();
    let text = fs::read_to_string(dir.path().join("audit/000001.jsonl")).unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), hash(text.lines().nth(1).unwrap()).as_str());
}
