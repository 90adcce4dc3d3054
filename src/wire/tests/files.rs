//! Files that are opened: where they stand in a message, and what becomes of their words.

use super::*;
use base64::Engine;
use std::io::{Cursor, Write};

/// A Word document with one paragraph, its number in two runs.
fn letter() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [
        ("[Content_Types].xml", "<Types/>"),
        (
            "word/document.xml",
            "<w:document xmlns:w=\"w\"><w:p><w:r><w:t xml:space=\"preserve\">BSN </w:t></w:r><w:r><w:t>111</w:t></w:r><w:r><w:t>222333</w:t></w:r></w:p></w:document>",
        ),
    ] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

fn form(filename: &str, content_type: &str, bytes: &[u8]) -> Ask {
    let head =
        format!("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{filename}\"\r\nContent-Type: {content_type}\r\n\r\n");
    let body = [head.as_bytes(), bytes, b"\r\n--b--\r\n"].concat();
    post("api.openai.com", "/v1/files", "multipart/form-data; boundary=b", body)
}

#[test]
fn a_document_in_a_form_is_read_and_has_no_place() {
    for content_type in [WORD, "application/octet-stream", "application/zip"] {
        let ask = form("brief.docx", content_type, &letter());
        assert_eq!((ask.read().direction, ask.read().unreadable), (Direction::Upload, None));
        assert_eq!(ask.words(), ["user brief.docx: BSN 111222333\n"], "{content_type}");
    }
}

#[test]
fn a_document_that_is_a_body_is_read() {
    for method in [Method::PUT, Method::POST] {
        let ask = post("example-ai.test", "/upload", WORD, letter()).method(method);
        assert_eq!((ask.read().direction, ask.words()), (Direction::Upload, vec!["user : BSN 111222333\n".to_owned()]));
    }
    let ask =
        post("files.oaiusercontent.com", "/files/f1/raw?sig=x", WORD, letter()).method(Method::PUT).header("x-ms-blob-type", "BlockBlob");
    assert_eq!(ask.words(), ["user : BSN 111222333\n"]);
}

#[test]
fn a_document_in_base64_is_read_with_its_name() {
    let data = base64::engine::general_purpose::STANDARD.encode(letter());
    let body = serde_json::json!({"messages": [{"role": "user", "content": [
        {"type": "file", "file": {"filename": "brief.docx", "file_data": format!("data:{WORD};base64,{data}")}}
    ]}]});
    let ask = json("api.openai.com", "/v1/chat/completions", &body.to_string());
    assert_eq!((ask.words(), ask.read().unreadable), (vec!["user brief.docx: BSN 111222333\n".to_owned()], None));
}

#[test]
fn a_broken_document_is_unreadable() {
    let letter = letter();
    let ask = form("brief.docx", WORD, &letter[..letter.len() - 9]);
    assert_eq!(ask.read().unreadable, Some(Unreadable::BrokenForm));
}

#[test]
fn a_page_is_looked_at_as_it_stands_and_between_its_tags() {
    let ask = form("pagina.html", "text/html", b"<html><p>BSN <b>111</b>222333</p></html>");
    assert_eq!(
        ask.parts().into_iter().filter(|part| part.contains("222333")).collect::<Vec<_>>(),
        ["other pagina.html: BSN 111222333\n", "user pagina.html*: <html><p>BSN <b>111</b>222333</p></html>"]
    );
}
