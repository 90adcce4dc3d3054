//! Indexes of what an organisation holds: values of records (exact data match) and fingerprints of documents.
//!
//! Takes values or texts and a key; gives files of keyed hashes, and answers whether a value or a run of words is among them. The input is
//! never stored, and without the key nothing in an index can be guessed at. `docs/index.md` explains it to people.

pub mod dataset;
pub mod documents;
pub mod fold;
mod format;
mod keyed;
mod map;
pub mod rows;
mod table;

pub use dataset::Dataset;
pub use documents::Documents;
pub use format::{About, VERSION as FORMAT};

use crate::record::privacy;
use std::path::{Path, PathBuf};

/// What an index holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Values of records.
    Dataset,
    /// Fingerprints of documents.
    Documents,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dataset => "dataset",
            Self::Documents => "documents",
        }
    }
}

/// Why an index cannot be used or made; each a sentence about the file, without its name.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot be read: {0}")]
    Read(std::io::Error),
    #[error("cannot be written: {0}")]
    Write(std::io::Error),
    #[error("is not an index: make one with 'sluis index'")]
    NotAnIndex,
    #[error("is an index of format {0}, and this version of Sluis reads format {reads}: make it again with 'sluis index'", reads = format::VERSION)]
    Version(u16),
    #[error("is an index of kind {}, not {}", is.as_str(), wanted.as_str())]
    Kind { is: Kind, wanted: Kind },
    #[error("is cut short or grown: {is} bytes, where its head says {wanted}: copy or make it again")]
    Length { is: u64, wanted: u64 },
    #[error("is damaged, its checksum does not match: copy or make it again")]
    Damaged,
    #[error("was made with another key")]
    WrongKey,
    #[error("needs its key: {0}")]
    Key(#[from] privacy::KeyError),
    /// What is asked of an index does not fit in one.
    #[error("{0}")]
    TooMuch(&'static str),
}

/// The key of an index where none is named: `<index>.key` beside it.
pub fn key_beside(index: &Path) -> PathBuf {
    let mut name = index.as_os_str().to_owned();
    name.push(".key");
    name.into()
}

/// Reads the key of an index: 32 bytes in hexadecimal.
///
/// # Errors
/// The file is not there, or holds something else.
pub fn read_key(path: &Path) -> Result<[u8; 32], Error> {
    Ok(privacy::read_key(path)?)
}

/// Reads the key of an index, or makes one that only its owner can read.
///
/// # Errors
/// The file cannot be made, or holds something else.
pub fn open_key(path: &Path) -> Result<[u8; 32], Error> {
    Ok(privacy::open_key(path)?)
}

/// What the head of an index says; it is not checked any further.
///
/// # Errors
/// It is not an index, or one of another version.
pub fn about(path: &Path) -> Result<About, Error> {
    format::about(path)
}

#[cfg(test)]
mod tests;
