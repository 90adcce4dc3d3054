//! ZIP archives, and the packages that are ZIP archives: Office Open XML (ECMA-376) and OpenDocument (ISO/IEC 26300).
//!
//! Takes the bytes; reads every member. Local headers must agree with the central directory, nothing may overlap, stand twice or stand outside it:
//! what another program could read and this one not makes the archive broken. Members are unpacked one at a time, never beyond the budget.

use super::{Files, html, label, odf, office, plain, xml};
use crate::unreadable::Unreadable;
use memchr::memmem;
use std::io::{Cursor, Read};
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

/// An opened archive with the names of its members.
pub(super) struct Archive<'b> {
    zip: ZipArchive<Cursor<&'b [u8]>>,
    pub names: Vec<String>,
}

/// What a package is, by its own table of contents.
enum Package {
    Office(office::Types),
    OpenDocument,
    /// Files in an archive.
    None,
}

impl<'b> Archive<'b> {
    fn open(bytes: &'b [u8], most: usize) -> Result<Self, Unreadable> {
        // Before anything is set aside for them: each member has such a mark in the central directory.
        if memmem::find_iter(bytes, b"PK\x01\x02").nth(most).is_some() {
            return Err(Unreadable::TooLarge);
        }
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| reason(&error))?;
        let encrypted = (0..zip.len()).any(|index| zip.by_index_data(index).is_ok_and(|entry| entry.encrypted()));
        if zip.offset() != 0 || !ends_here(bytes, zip.comment()) {
            return Err(Unreadable::BrokenForm);
        }
        if let Err(error) = zip.validate_header_consistency() {
            return Err(if encrypted { Unreadable::Encrypted } else { reason(&error) });
        }
        let names = (0..zip.len()).map(|index| {
            let entry = zip.by_index_data(index).map_err(|error| reason(&error))?;
            Ok(entry.name().map_or_else(|_| String::from_utf8_lossy(entry.name_raw()).into_owned(), |name| name.into_owned()))
        });
        let names = names.collect::<Result<_, Unreadable>>()?;
        Ok(Self { zip, names })
    }

    /// Place of the member of that name; packages compare names without regard to case.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known.eq_ignore_ascii_case(name))
    }

    /// The remarks on the archive and on its members.
    fn comments(&self) -> Vec<String> {
        let members = (0..self.zip.len()).filter_map(|index| self.zip.by_index_data(index).ok());
        let comments = members.map(|entry| entry.comment_raw().to_vec()).chain([self.zip.comment().to_vec()]);
        comments.filter(|comment| !comment.is_empty()).map(|comment| String::from_utf8_lossy(&comment).into_owned()).collect()
    }

    /// Unpacks one member.
    fn unpack(&mut self, index: usize, files: &mut Files) -> Result<Vec<u8>, Unreadable> {
        let entry = self.zip.by_index_data(index).map_err(|error| reason(&error))?;
        if entry.encrypted() {
            return Err(Unreadable::Encrypted);
        }
        // Others set memory aside by what their own header says.
        let known = [CompressionMethod::Stored, CompressionMethod::Deflated, CompressionMethod::Deflate64, CompressionMethod::Bzip2];
        if !known.contains(&entry.compression()) {
            return Err(Unreadable::UnknownCoding);
        }
        let (most, stated) = (files.budget.member(entry.compressed_size()), entry.size());
        let mut bytes = Vec::new();
        let member = self.zip.by_index(index).map_err(|error| reason(&error))?;
        let whole = member.take(most + 1).read_to_end(&mut bytes);
        let size = bytes.len() as u64;
        // What was unpacked in vain counts too.
        files.budget.unpacked = files.budget.unpacked.saturating_sub(size);
        match whole {
            _ if size > most => Err(Unreadable::TooLarge),
            Ok(_) if size == stated => Ok(bytes),
            Ok(_) | Err(_) => Err(Unreadable::BrokenForm),
        }
    }

    /// Unpacks one member of a package and gives it as XML.
    pub fn document(&mut self, index: usize, files: &mut Files) -> Result<String, Unreadable> {
        let bytes = self.unpack(index, files)?;
        xml::decode(&bytes).map(std::borrow::Cow::into_owned)
    }
}

fn reason(error: &ZipError) -> Unreadable {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Unreadable::Encrypted,
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => Unreadable::UnknownCoding,
        _ => Unreadable::BrokenForm,
    }
}

/// The end record, with its comment, is the end of the file: what follows it would be an archive that others read.
fn ends_here(bytes: &[u8], comment: &[u8]) -> bool {
    let record = bytes.len().checked_sub(22 + comment.len()).and_then(|at| bytes.get(at..));
    record.is_some_and(|record| record.starts_with(b"PK\x05\x06"))
}

impl Files {
    pub(super) fn archive(&mut self, name: &str, bytes: &[u8], level: u8) {
        let mut archive = match Archive::open(bytes, self.budget.entries) {
            Ok(archive) => archive,
            Err(reason) => return self.unreadable(reason),
        };
        self.budget.entries -= archive.names.len().min(self.budget.entries);
        match self.package(&mut archive) {
            Ok(Package::Office(types)) => self.office(name, &mut archive, &types, level),
            Ok(Package::OpenDocument) => self.open_document(name, &mut archive, level),
            Ok(Package::None) => self.members(name, &mut archive, level),
            Err(reason) => self.unreadable(reason),
        }
    }

    fn package(&mut self, archive: &mut Archive<'_>) -> Result<Package, Unreadable> {
        if let Some(index) = archive.find("[Content_Types].xml") {
            let text = archive.document(index, self)?;
            return office::Types::read(&text).map(Package::Office);
        }
        if let Some(index) = archive.find("mimetype")
            && archive.unpack(index, self)?.starts_with(b"application/vnd.oasis.opendocument.")
        {
            return Ok(Package::OpenDocument);
        }
        Ok(Package::None)
    }

    /// A member of a package: its documents go to `read`, other files are files.
    pub(super) fn member(
        &mut self,
        name: &str,
        archive: &mut Archive<'_>,
        index: usize,
        level: u8,
        read: impl FnOnce(&mut Self, &str) -> Result<(), Unreadable>,
    ) {
        let member = archive.names.get(index).cloned().unwrap_or_default();
        let bytes = match archive.unpack(index, self) {
            Ok(bytes) => bytes,
            Err(reason) => return self.unreadable(reason),
        };
        let is_document = xml::begins(&bytes) && !plain::text(&bytes).is_ok_and(|text| html::begins(&text));
        if !is_document {
            return self.file(&label(name, &member), "", &bytes, level + 1);
        }
        if let Err(reason) = xml::decode(&bytes).and_then(|text| read(self, &text)) {
            self.unreadable(reason);
        }
    }

    /// Files that are just packed together; their names and remarks are words too.
    fn members(&mut self, name: &str, archive: &mut Archive<'_>, level: u8) {
        let (names, comments) = (&archive.names, archive.comments());
        self.piece(name, |out| names.iter().chain(&comments).try_for_each(|words| out.line(words)));
        for index in 0..archive.names.len() {
            if self.is_full() {
                return;
            }
            let member = archive.names.get(index).cloned().unwrap_or_default();
            match archive.unpack(index, self) {
                Ok(bytes) => self.file(&label(name, &member), "", &bytes, level + 1),
                Err(reason) => self.unreadable(reason),
            }
        }
    }

    fn open_document(&mut self, name: &str, archive: &mut Archive<'_>, level: u8) {
        if let Some(index) = archive.find("META-INF/manifest.xml") {
            match archive.document(index, self).and_then(|text| odf::is_encrypted(&text)) {
                Ok(false) => {}
                Ok(true) => return self.unreadable(Unreadable::Encrypted),
                Err(reason) => return self.unreadable(reason),
            }
        }
        for index in 0..archive.names.len() {
            if self.is_full() {
                return;
            }
            let member = archive.names.get(index).map_or("", String::as_str);
            if odf::is_wordless(member) {
                continue;
            }
            self.member(name, archive, index, level, |files, text| odf::part(files, name, text));
        }
    }
}
