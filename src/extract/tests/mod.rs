//! Behaviour of the whole room, on files made as Office and LibreOffice make them.

mod documents;
mod hostile;
mod properties;

use super::*;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// An archive of members.
pub(super) fn packed(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let method = if *name == "mimetype" { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        zip.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub(super) const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

pub(super) fn types(overrides: &[(&str, &str)]) -> String {
    let overrides: String = overrides
        .iter()
        .map(|(part, kind)| {
            format!("<Override PartName=\"/{part}\" ContentType=\"application/vnd.openxmlformats-officedocument.{kind}+xml\"/>")
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/>{overrides}</Types>"
    )
}

/// A Word document with this body, and other parts.
pub(super) fn docx_with(body: &str, others: &[(&str, &[u8])]) -> Vec<u8> {
    let types = types(&[("word/document.xml", "wordprocessingml.document.main")]);
    let document = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<w:document {W}><w:body>{body}</w:body></w:document>");
    let mut members: Vec<(&str, &[u8])> = vec![("[Content_Types].xml", types.as_bytes()), ("word/document.xml", document.as_bytes())];
    members.extend(others);
    packed(&members)
}

pub(super) fn docx(body: &str) -> Vec<u8> {
    docx_with(body, &[])
}

pub(super) fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

/// Label and text of every piece; a reason why not all was read comes last.
pub(super) fn shown(bytes: &[u8]) -> Vec<String> {
    let found = read("f", "", bytes, &Limits::default());
    let pieces = found.pieces.iter().map(|piece| format!("{}: {}", piece.label, piece.text.expose()));
    pieces.chain(found.unreadable.map(|reason| reason.as_str().to_owned())).collect()
}

pub(super) fn reason(bytes: &[u8]) -> Option<Unreadable> {
    words("f", "", bytes, &Limits::default()).err()
}
