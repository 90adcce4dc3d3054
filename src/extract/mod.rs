//! Words out of files: Office Open XML, OpenDocument, HTML, ZIP archives.
//!
//! Takes the bytes of a file; gives the text of each part of it that people write in, with the file's name as label. What a file is follows from its
//! bytes, never from its name. No size or count that a file states is believed: [`Limits`] bound what is unpacked, and nothing is run, fetched or expanded.
//! What cannot be read is always said: a member that no reader knows makes the whole file unreadable, next to the words that could be read.

mod archive;
mod flow;
mod generic;
mod html;
mod limits;
mod odf;
mod office;
mod pdf;
pub(crate) mod plain;
mod rows;
mod sheet;
mod workbook;
mod xml;

pub use limits::Limits;

use crate::text::PromptText;
use crate::unreadable::Unreadable;
use limits::{Budget, Text};
use memchr::memmem;

/// One text of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Name of the file; behind it, after `/`, that of the sheet or of the file in the archive.
    pub label: String,
    pub text: PromptText,
}

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extracted {
    /// All texts that could be read.
    pub pieces: Vec<Piece>,
    /// Why (a part of) the file could not be read. The pieces are then not all that it holds.
    pub unreadable: Option<Unreadable>,
}

/// The words of a file, or why it could not be read to the last member.
pub fn words(name: &str, content_type: &str, bytes: &[u8], limits: &Limits) -> Result<Vec<Piece>, Unreadable> {
    let found = read(name, content_type, bytes, limits);
    found.unreadable.map_or(Ok(found.pieces), Err)
}

/// The words of a file, as far as they can be read, and why no further.
pub fn read(name: &str, content_type: &str, bytes: &[u8], limits: &Limits) -> Extracted {
    let mut reader = Files { budget: Budget::new(limits), depth: limits.depth, found: Extracted::default() };
    reader.file(name, content_type, bytes, 0);
    reader.found
}

/// Whether the bytes are a container: a file whose words do not stand in its bytes, and that [`read`] looks into.
pub fn is_container(bytes: &[u8]) -> bool {
    is_zip(bytes) || is_compound(bytes) || pdf::begins(bytes)
}

/// Whether a text is HTML, by its first tag or by its content type.
pub fn is_html(text: &str, content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or("").trim();
    kind.eq_ignore_ascii_case("text/html") || kind.eq_ignore_ascii_case("application/xhtml+xml") || html::begins(text)
}

fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") || bytes.starts_with(b"PK\x07\x08")
}

/// Compound File Binary: Office before 2007, and the envelope of encrypted Office files ([MS-OFFCRYPTO]).
fn is_compound(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
}

/// Files inside files, read one after the other.
#[derive(Debug)]
struct Files {
    budget: Budget,
    /// Archives inside the outermost that are opened.
    depth: u8,
    found: Extracted,
}

impl Files {
    /// Reads one file. `level`: in how many archives it stands.
    fn file(&mut self, name: &str, content_type: &str, bytes: &[u8], level: u8) {
        if bytes.is_empty() {
            return;
        }
        if is_zip(bytes) {
            if level > self.depth {
                return self.unreadable(Unreadable::TooDeep);
            }
            return self.archive(name, bytes, level);
        }
        if is_compound(bytes) {
            return self.unreadable(compound(bytes));
        }
        if pdf::begins(bytes) {
            self.piece(name, |out| pdf::labels(bytes, out));
            return self.unreadable(Unreadable::UnknownType);
        }
        match plain::text(bytes) {
            Ok(text) if is_html(&text, content_type) => self.page(name, &text, level),
            Ok(text) => self.piece(name, |out| out.push(&text)),
            Err(reason) => self.unreadable(reason),
        }
    }

    /// A page. Inside a package nothing else looks at its scripts: there they are a text of their own.
    fn page(&mut self, name: &str, text: &str, level: u8) {
        let mut scripts = String::new();
        self.piece(name, |out| html::words(text, out, &mut scripts));
        if level > 0 && !scripts.is_empty() {
            self.piece(&label(name, "script"), |out| out.push(&scripts));
        }
    }

    /// The first reason stands.
    fn unreadable(&mut self, reason: Unreadable) {
        self.found.unreadable.get_or_insert(reason);
        if reason == Unreadable::TooLarge {
            // Nothing is read beyond a bound.
            self.budget.entries = 0;
        }
    }

    fn is_full(&self) -> bool {
        self.budget.entries == 0 && self.found.unreadable.is_some()
    }

    /// Writes a text. What was written before something went wrong is kept.
    fn piece(&mut self, label: &str, write: impl FnOnce(&mut Text) -> Result<(), Unreadable>) {
        let mut text = Text::new(self.budget.text);
        let written = write(&mut text);
        self.budget.text -= text.len();
        if !text.is_blank() {
            self.found.pieces.push(Piece { label: label.to_owned(), text: text.into_text() });
        }
        if let Err(reason) = written {
            self.unreadable(reason);
        }
    }
}

/// The longest name in a label: labels are kept for every text, and nested names would add up.
const NAME: usize = 64;

/// The first `most` bytes of a name, or a little less: no letter is cut in two.
pub(crate) fn cut(name: &str, most: usize) -> &str {
    name.get(..name.floor_char_boundary(most)).unwrap_or("")
}

/// Label of a member of a file.
fn label(name: &str, member: &str) -> String {
    let (name, member) = (cut(name, NAME), cut(member, NAME));
    if name.is_empty() { member.to_owned() } else { format!("{name}/{member}") }
}

/// Names of streams stand in UTF-16 in its directory.
fn compound(bytes: &[u8]) -> Unreadable {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if memmem::find(bytes, &name).is_some() { Unreadable::Encrypted } else { Unreadable::UnknownType }
}

#[cfg(test)]
mod tests;
