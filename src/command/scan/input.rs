//! What `sluis scan` reads: a file or standard input, with the files in it.
//!
//! Gives the texts of an input, and why they are not all: what is too large, is no text, or is in a form that nothing opens is given as unreadable, never skipped
//! in silence.

use super::decode::decode;
use crate::extract;
use crate::text::PromptText;
use crate::wire::Unreadable;
use std::fs;
use std::io::Read;
use std::path::PathBuf;

/// Bytes of one input that are looked at.
const LIMIT: u64 = 256 << 20;

pub(super) enum Input {
    Standard,
    File(PathBuf),
}

/// The texts of an input, and why they are not all.
pub(super) struct Content {
    pub pieces: Vec<extract::Piece>,
    pub form: Form,
    pub unreadable: Option<Why>,
}

/// How the pieces lie in the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The one piece is the input.
    Text,
    /// The first piece is the input, the others its words between the tags.
    Page,
    /// The pieces are in the input, packed.
    File,
}

/// Why an input is not read; the reason's name is that of events and pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// No text.
    Encoding,
    /// Text with something else in it.
    Stray,
    Size,
    /// A file that was opened.
    File(Unreadable),
}

impl Why {
    pub fn reason(self) -> Unreadable {
        match self {
            Self::Encoding | Self::Stray => Unreadable::BrokenEncoding,
            Self::Size => Unreadable::TooLarge,
            Self::File(reason) => reason,
        }
    }

    pub fn sentence(self) -> String {
        match self {
            Self::Encoding => "no text, so it was not looked at".to_owned(),
            Self::Stray => "not all of it is text; what is was looked at".to_owned(),
            Self::Size => format!("larger than {} MiB, so it was not looked at", LIMIT >> 20),
            Self::File(reason) => {
                let why = match reason {
                    Unreadable::Encrypted => "is encrypted",
                    Unreadable::TooLarge => "unpacks to more than is read",
                    Unreadable::TooDeep => "is packed in too many archives",
                    Unreadable::UnknownType => "is of a type that no reader knows",
                    Unreadable::UnknownCoding => "is packed in a way that no reader knows",
                    Unreadable::BrokenEncoding | Unreadable::BrokenForm | Unreadable::Truncated => "is broken",
                };
                format!("the file or something in it {why}, so not all of it was looked at")
            }
        }
    }
}

impl Input {
    pub fn name(&self) -> String {
        match self {
            Self::Standard => "-".to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }

    /// The input's texts; the error is a sentence for the person.
    pub fn read(&self) -> Result<Content, String> {
        let mut bytes = Vec::new();
        let read = match self {
            Self::Standard => std::io::stdin().lock().take(LIMIT + 1).read_to_end(&mut bytes),
            Self::File(path) => fs::File::open(path).and_then(|file| file.take(LIMIT + 1).read_to_end(&mut bytes)),
        };
        read.map_err(|error| unreadable(&self.name(), &error))?;
        if bytes.len() as u64 > LIMIT {
            return Ok(Content { pieces: Vec::new(), form: Form::Text, unreadable: Some(Why::Size) });
        }
        Ok(content(&self.name(), bytes))
    }
}

fn content(name: &str, bytes: Vec<u8>) -> Content {
    let limits = extract::Limits::default();
    if extract::is_container(&bytes) {
        let found = extract::read(name, "", &bytes, &limits);
        return Content { pieces: found.pieces, form: Form::File, unreadable: found.unreadable.map(Why::File) };
    }
    let Some(decoded) = decode(bytes) else {
        return Content { pieces: Vec::new(), form: Form::Text, unreadable: Some(Why::Encoding) };
    };
    let stray = (!decoded.whole).then_some(Why::Stray);
    let text = decoded.text;
    let is_page = extract::is_html(&text, "");
    let between = if is_page { extract::read(name, "text/html", text.as_bytes(), &limits) } else { extract::Extracted::default() };
    let mut pieces = vec![extract::Piece { label: name.to_owned(), text: PromptText::new(text) }];
    pieces.extend(between.pieces);
    let form = if is_page { Form::Page } else { Form::Text };
    Content { pieces, form, unreadable: stray.or(between.unreadable.map(Why::File)) }
}

pub(super) fn unreadable(name: &str, error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => format!("{name}: no such file or folder"),
        std::io::ErrorKind::PermissionDenied => format!("{name}: no permission to read it"),
        _ => format!("{name}: cannot be read: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_all_text_is_looked_at_and_counts_as_unreadable() {
        let found = content("a.txt", b"bsn 111222333 \xff".to_vec());
        assert_eq!((found.pieces.len(), found.unreadable), (1, Some(Why::Stray)));
        let found = content("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec());
        assert_eq!((found.pieces.len(), found.unreadable), (0, Some(Why::Encoding)));
        assert_eq!(content("a.txt", b"De cli\xebnt".to_vec()).unreadable, None);
    }

    #[test]
    fn files_are_opened_and_pages_are_read_twice() {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        zip.start_file("lijst.csv", zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, b"naam;bsn").unwrap();
        let found = content("map.zip", zip.finish().unwrap().into_inner());
        let labels: Vec<&str> = found.pieces.iter().map(|piece| piece.label.as_str()).collect();
        assert_eq!((labels, found.form, found.unreadable), (vec!["map.zip", "map.zip/lijst.csv"], Form::File, None));
        let found = content("a.html", b"<html><b>a</b>b".to_vec());
        let texts: Vec<&str> = found.pieces.iter().map(|piece| piece.text.expose()).collect();
        assert_eq!((texts, found.form), (vec!["<html><b>a</b>b", "ab\n"], Form::Page));
        let found = content("a.zip", b"PK\x03\x04\x00".to_vec());
        assert_eq!((found.pieces.len(), found.unreadable), (0, Some(Why::File(Unreadable::BrokenForm))));
    }
}
