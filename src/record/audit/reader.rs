//! Reading the log from a position onwards, in batches: how the store catches up, and how `sluis audit export` reads.
//!
//! Takes a position and an end, gives raw lines with the position behind each. Never reads past the end it was given, so a line that is
//! being written at that moment is not seen in half.

use super::{Position, file_name};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Reads lines of the log in order.
pub struct Reader {
    folder: PathBuf,
    file: Option<BufReader<File>>,
    position: Position,
    line: Vec<u8>,
}

impl Reader {
    pub fn new(folder: &Path, from: Position) -> Self {
        Self { folder: folder.to_owned(), file: None, position: from, line: Vec::new() }
    }

    /// Behind the last line that was given.
    pub fn position(&self) -> Position {
        self.position
    }

    /// The next line without its line feed; none at `end`, and where the log ends before that.
    pub fn next(&mut self, end: Position) -> io::Result<Option<&[u8]>> {
        loop {
            if self.position >= end {
                return Ok(None);
            }
            if self.file.is_none() {
                let mut file = File::open(self.folder.join(file_name(self.position.file)))?;
                file.seek(SeekFrom::Start(self.position.offset))?;
                self.file = Some(BufReader::with_capacity(1 << 16, file));
            }
            let Some(file) = self.file.as_mut() else { return Ok(None) };
            self.line.clear();
            let read = file.read_until(b'\n', &mut self.line)? as u64;
            if self.line.last() == Some(&b'\n') {
                self.line.pop();
                self.position.offset += read;
                return Ok(Some(&self.line));
            }
            self.file = None;
            if self.position.file >= end.file {
                return Ok(None);
            }
            self.position = Position { file: self.position.file + 1, offset: 0 };
        }
    }
}
