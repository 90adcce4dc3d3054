//! What `sluis scan` reads: files, folders walked in order of name, standard input.
//!
//! A file that is too large, or neither text in UTF-8 or (with a byte order mark) UTF-16 nor a file that [`extract`] opens, is given as unreadable,
//! never skipped in silence.

use crate::extract;
use crate::text::PromptText;
use crate::wire::Unreadable;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Bytes of one input that are looked at.
const LIMIT: u64 = 256 << 20;
/// Folders inside folders that are walked.
const DEPTH: usize = 64;

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
    Encoding,
    Size,
    /// A file that was opened.
    File(Unreadable),
}

impl Why {
    pub fn reason(self) -> Unreadable {
        match self {
            Self::Encoding => Unreadable::BrokenEncoding,
            Self::Size => Unreadable::TooLarge,
            Self::File(reason) => reason,
        }
    }

    pub fn sentence(self) -> String {
        match self {
            Self::Encoding => "not text in UTF-8, so it was not looked at".to_owned(),
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
    let Some(text) = text(bytes) else {
        return Content { pieces: Vec::new(), form: Form::Text, unreadable: Some(Why::Encoding) };
    };
    let is_page = extract::is_html(&text, "");
    let between = if is_page { extract::read(name, "text/html", text.as_bytes(), &limits) } else { extract::Extracted::default() };
    let mut pieces = vec![extract::Piece { label: name.to_owned(), text: PromptText::new(text) }];
    pieces.extend(between.pieces);
    let form = if is_page { Form::Page } else { Form::Text };
    Content { pieces, form, unreadable: between.unreadable.map(Why::File) }
}

fn text(bytes: Vec<u8>) -> Option<String> {
    let wide = |order: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| order([pair[0], pair[1]])).collect();
        (bytes.len().is_multiple_of(2)).then(|| String::from_utf16(&units).ok()).flatten()
    };
    match bytes.as_slice() {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        _ => String::from_utf8(bytes).ok().filter(|text| !text.contains('\0')),
    }
}

fn unreadable(name: &str, error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => format!("{name}: no such file or folder"),
        std::io::ErrorKind::PermissionDenied => format!("{name}: no permission to read it"),
        _ => format!("{name}: cannot be read: {error}"),
    }
}

/// The inputs that the paths stand for, and whether some could not be listed (said on standard error).
pub(super) fn list(paths: &[PathBuf]) -> (Vec<Input>, bool) {
    if paths.is_empty() {
        return (vec![Input::Standard], false);
    }
    let (mut inputs, mut failed) = (Vec::new(), false);
    for path in paths {
        if path.as_os_str() == "-" {
            inputs.push(Input::Standard);
        } else {
            walk(path, 0, &mut inputs, &mut failed);
        }
    }
    (inputs, failed)
}

fn walk(path: &Path, depth: usize, inputs: &mut Vec<Input>, failed: &mut bool) {
    if !path.is_dir() {
        inputs.push(Input::File(path.to_owned()));
        return;
    }
    let entries = fs::read_dir(path).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
    match entries {
        Ok(_) if depth >= DEPTH => {
            eprintln!("sluis: {}: more than {DEPTH} folders deep, not looked at", path.display());
            *failed = true;
        }
        Ok(mut entries) => {
            entries.sort_by_key(fs::DirEntry::file_name);
            for entry in entries {
                // Links are not followed, so that a circle of them ends; devices and sockets are no texts.
                if entry.file_type().is_ok_and(|kind| kind.is_dir() || kind.is_file()) {
                    walk(&entry.path(), depth + 1, inputs, failed);
                }
            }
        }
        Err(error) => {
            eprintln!("sluis: {}", unreadable(&path.display().to_string(), &error));
            *failed = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf16_with_a_mark_is_read_and_other_bytes_are_not() {
        assert_eq!(text(vec![0xff, 0xfe, b'a', 0, 0xe9, 0]).as_deref(), Some("aé"));
        assert_eq!(text(vec![0xfe, 0xff, 0, b'a']).as_deref(), Some("a"));
        assert_eq!(text(vec![b'a', 0xff]), None);
        assert_eq!(text(b"PK\x03\x04\x00\x00".to_vec()), None);
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

    #[test]
    fn folders_are_walked_in_order_of_name() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("b")).unwrap();
        for name in ["c.txt", "b/d.txt", "a.txt"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        let (inputs, failed) = list(&[folder.path().to_owned()]);
        let names: Vec<String> = inputs.iter().map(|input| input.name().rsplit('/').next().unwrap().to_owned()).collect();
        assert_eq!((names, failed), (vec!["a.txt".into(), "d.txt".into(), "c.txt".into()], false));
    }
}
