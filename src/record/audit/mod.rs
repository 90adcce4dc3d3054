//! The tamper-evident log: JSON Lines files, each line chained to the one before by SHA-256.
//!
//! `<data-dir>/audit/000001.jsonl`, `000002.jsonl`, ...; the chain goes on across files. `head.json` beside them says, signed with a key that
//! lies elsewhere, how far the log reached at the last sync, so that a cut end is found. [`mod@line`] is the form of a line, [`log`] appends,
//! [`reader`] reads from a position, [`verify`] checks. A log is appended to and never rewritten, except for a torn last line.

pub mod head;
pub mod line;
pub mod log;
pub mod reader;
pub mod sink;
mod verify;

pub use head::Head;
pub use line::Hash;
pub use log::Log;
pub use reader::Reader;
pub use verify::{Fault, Verified, size_of, verify, verify_with};

use std::io;
use std::path::{Path, PathBuf};

/// The folder of the log in a data folder.
pub const FOLDER: &str = "audit";
/// The key of the head in a data folder.
pub const KEY: &str = "audit.key";

/// A place between two lines: the number of the file, and the bytes before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Position {
    pub file: u32,
    pub offset: u64,
}

impl Position {
    /// Before the first line of all.
    pub const START: Self = Self { file: 1, offset: 0 };
}

/// The name of a file of the log.
pub fn file_name(number: u32) -> String {
    format!("{number:06}.jsonl")
}

/// The numbers of the log's files in a folder, ascending. A missing folder is an empty log.
pub fn files(folder: &Path) -> io::Result<Vec<u32>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut numbers = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        let number = name.to_str().and_then(|name| name.strip_suffix(".jsonl")).filter(|stem| stem.len() >= 6);
        numbers.extend(number.and_then(|stem| stem.parse::<u32>().ok()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// The log's folder for a data folder; a folder that is itself one is taken as it is.
pub fn folder_of(dir: &Path) -> PathBuf {
    let inner = dir.join(FOLDER);
    let is_log = dir.join(head::FILE).is_file() || files(dir).is_ok_and(|found| !found.is_empty()) || dir.ends_with(FOLDER);
    if inner.is_dir() || !is_log { inner } else { dir.to_owned() }
}

#[cfg(test)]
mod tests;
