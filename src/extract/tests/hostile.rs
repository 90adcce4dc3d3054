//! Files made to hide something, or to use up memory and time.

use super::*;
use std::time::{Duration, Instant};

#[test]
fn a_gibibyte_of_zeros_is_not_unpacked() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("nul.txt", SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)).unwrap();
    let zeros = vec![0; 1 << 20];
    for _ in 0..1024 {
        zip.write_all(&zeros).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    let start = Instant::now();
    assert_eq!(reason(&bytes), Some(Unreadable::TooLarge));
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn archives_in_archives_end_at_the_bound() {
    let nested = |levels: usize| (0..levels).fold(packed(&[("a.txt", b"diep")]), |inner, _| packed(&[("b.zip", &inner)]));
    assert_eq!(shown(&nested(2)), ["f: b.zip\n", "f/b.zip: b.zip\n", "f/b.zip/b.zip: a.txt\n", "f/b.zip/b.zip/a.txt: diep"]);
    assert_eq!(reason(&nested(3)), Some(Unreadable::TooDeep));
}

#[test]
fn many_archives_of_many_members_end_at_the_bound_of_all_together() {
    // Sixteen of sixteen of half a mebibyte: no member is over a bound of its own.
    let text = "woord ".repeat(90_000);
    let leaf: Vec<(String, &[u8])> = (0..16).map(|n| (format!("{n}.txt"), text.as_bytes())).collect();
    let members = |of: &[(String, &[u8])]| packed(&of.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect::<Vec<_>>());
    let inner = members(&leaf);
    let outer: Vec<(String, &[u8])> = (0..16).map(|n| (format!("{n}.zip"), inner.as_slice())).collect();
    let found = read("f", "", &members(&outer), &Limits::default());
    assert_eq!(found.unreadable, Some(Unreadable::TooLarge));
    assert!(found.pieces.iter().map(|piece| piece.text.len()).sum::<usize>() <= Limits::default().text);
}

#[test]
fn more_members_than_the_bound_are_not_listed() {
    let limits = Limits { entries: 3, ..Limits::default() };
    let few = packed(&[("a", b"1"), ("b", b"2"), ("c", b"3")]);
    let many = packed(&[("a", b"1"), ("b", b"2"), ("c", b"3"), ("d", b"4")]);
    assert!(words("f", "", &few, &limits).is_ok());
    assert_eq!(words("f", "", &many, &limits), Err(Unreadable::TooLarge));
    let nested = packed(&[("a", b"1"), ("b", &few)]);
    assert_eq!(words("f", "", &nested, &limits), Err(Unreadable::TooLarge));
}

#[test]
fn text_over_the_bound_is_too_large() {
    let limits = Limits { text: 10, ..Limits::default() };
    assert_eq!(words("f", "", &docx(&paragraph("elf letters")), &limits), Err(Unreadable::TooLarge));
    assert!(words("f", "", &docx(&paragraph("negen")), &limits).is_ok());
}

#[test]
fn archives_that_two_programs_read_differently_are_broken() {
    let (a, b) = (packed(&[("a.txt", b"een")]), packed(&[("b.txt", b"twee")]));
    assert_eq!(reason(&[a.as_slice(), &b].concat()), Some(Unreadable::BrokenForm));
    assert_eq!(reason(&[a.as_slice(), b"staart"].concat()), Some(Unreadable::BrokenForm));
    assert_eq!(reason(&a[..a.len() - 5]), Some(Unreadable::BrokenForm));
    // The local header names another file than the central directory.
    let mut renamed = a.clone();
    let at = memmem::find(&renamed, b"a.txt").unwrap();
    renamed[at] = b'c';
    assert_eq!(reason(&renamed), Some(Unreadable::BrokenForm));
    // What is unpacked does not fit its checksum.
    let mut changed = packed(&[("mimetype", b"een woord")]);
    let at = memmem::find(&changed, b"een woord").unwrap();
    changed[at] = b'E';
    assert_eq!(reason(&changed), Some(Unreadable::BrokenForm));
}

#[test]
fn document_types_and_entities_are_refused() {
    let bomb = format!("<!DOCTYPE w:document [<!ENTITY a \"{}\">]><w:document {W}><w:t>&a;</w:t></w:document>", "x".repeat(1000));
    let types = types(&[]);
    let file = packed(&[("[Content_Types].xml", types.as_bytes()), ("word/document.xml", bomb.as_bytes())]);
    assert_eq!(reason(&file), Some(Unreadable::BrokenForm));
    assert_eq!(reason(&docx("<w:p><w:r><w:t>x</w:r></w:p>")), Some(Unreadable::BrokenForm));
}

#[test]
fn coders_that_set_memory_aside_by_their_header_are_not_run() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("a.txt", SimpleFileOptions::default().compression_method(CompressionMethod::Zstd)).unwrap();
    zip.write_all(b"hallo").unwrap();
    assert_eq!(reason(&zip.finish().unwrap().into_inner()), Some(Unreadable::UnknownCoding));
}

#[test]
fn wide_and_repeated_cells_do_not_grow_the_text() {
    let row = "<row><c r=\"XFD1\" t=\"str\"><v>x</v></c></row>".repeat(100);
    let types = types(&[("xl/workbook.xml", "spreadsheetml.sheet.main")]);
    let sheet = format!("<worksheet><sheetData>{row}</sheetData></worksheet>");
    let file = packed(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ]);
    let found = words("f", "", &file, &Limits::default()).unwrap();
    assert!(found.iter().map(|piece| piece.text.len()).sum::<usize>() < 300 * 100);
}
