//! Appending to the log: one write(2) per line, all of it or nothing.
//!
//! Takes drafts, gives hashes and positions. What a failed or half-taken write leaves behind is cut off before the next line. At opening, a torn
//! last line is moved to a side file, and the end is held against the signed head; what is wrong comes back as [`Notice`]s, which the caller
//! appends, so that it stays on record. Not thread-safe: the recorder holds it under its lock.

use super::head::{self, Head};
use super::line::{self, Draft, Hash};
use super::sink::{Opener, Sink};
use super::{Position, file_name, files};
use crate::record::event::{Notice, new_id, write_time};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the log goes and how.
pub struct LogSettings {
    pub folder: PathBuf,
    /// A file that would become larger is followed by the next.
    pub file_size: u64,
    pub opener: Opener,
}

/// The end of the log.
pub struct Log {
    settings: LogSettings,
    sink: Arc<dyn Sink>,
    position: Position,
    lines: u64,
    last: Hash,
    /// Bytes of a failed write may stand behind `position`.
    ragged: bool,
    /// Full files that were not yet synced.
    full: Vec<Arc<dyn Sink>>,
}

impl Log {
    /// Opens the log at its end, and repairs and reports what a crash or a hand left there.
    pub fn open(settings: LogSettings, key: &[u8]) -> io::Result<(Self, Vec<Notice>)> {
        fs::create_dir_all(&settings.folder)?;
        let mut notices = Vec::new();
        let numbers = files(&settings.folder)?;
        let last_file = numbers.last().copied().unwrap_or(1);
        let sink = (settings.opener)(&settings.folder.join(file_name(last_file)))?;
        let size = mend(&settings.folder, last_file, &*sink, &mut notices)?;
        let mut log = Self {
            settings,
            sink,
            position: Position { file: last_file, offset: size },
            lines: 0,
            last: Hash::GENESIS,
            ragged: false,
            full: Vec::new(),
        };
        log.last = log.find_last(&numbers, &mut notices)?;
        log.lines = log.hold_against_head(&numbers, key, &mut notices)?;
        Ok((log, notices))
    }

    /// Appends one line. `draft` and `bytes` belong together; `bytes` hold the whole line afterwards.
    pub fn append(&mut self, draft: Draft, bytes: &mut Vec<u8>) -> io::Result<Hash> {
        if self.ragged {
            self.sink.truncate(self.position.offset)?;
            self.ragged = false;
        }
        let hash = draft.seal(bytes, &self.last);
        let length = bytes.len() as u64;
        if self.position.offset > 0 && self.position.offset + length > self.settings.file_size {
            self.turn_page();
        }
        let taken = self.sink.write(bytes)?;
        if taken != bytes.len() {
            self.ragged = self.sink.truncate(self.position.offset).is_err();
            return Err(io::Error::new(io::ErrorKind::StorageFull, format!("{taken} of {length} bytes were taken")));
        }
        self.position.offset += length;
        self.lines += 1;
        self.last = hash;
        Ok(hash)
    }

    /// Goes on in the next file. Where that cannot be opened the present one just grows: nothing is lost, and the next line tries again.
    fn turn_page(&mut self) {
        let next = self.position.file.saturating_add(1);
        match (self.settings.opener)(&self.settings.folder.join(file_name(next))) {
            Ok(sink) => {
                self.full.push(std::mem::replace(&mut self.sink, sink));
                self.position = Position { file: next, offset: 0 };
            }
            Err(error) => {
                tracing::warn!(file = next, %error, "the next file of the audit log cannot be opened; going on in the present one")
            }
        }
    }

    /// What the next line has as `previous`.
    pub fn last(&self) -> Hash {
        self.last
    }

    /// After the last line.
    pub fn position(&self) -> Position {
        self.position
    }

    /// How far the log has come.
    pub fn head(&self) -> Head {
        Head { lines: self.lines, hash: self.last, file: self.position.file, size: self.position.offset }
    }

    pub fn folder(&self) -> &Path {
        &self.settings.folder
    }

    /// What must be synced before [`Log::head`] may be written: full files, and the present one.
    pub fn take_unsynced(&mut self) -> Vec<Arc<dyn Sink>> {
        let mut sinks = std::mem::take(&mut self.full);
        sinks.push(Arc::clone(&self.sink));
        sinks
    }

    /// Gives back what could not be synced.
    pub fn give_back(&mut self, sinks: Vec<Arc<dyn Sink>>) {
        self.full.extend(sinks.into_iter().filter(|sink| !Arc::ptr_eq(sink, &self.sink)));
    }

    /// The hash that the next line has as `previous`: of the last line of the last file that has one.
    fn find_last(&self, numbers: &[u32], notices: &mut Vec<Notice>) -> io::Result<Hash> {
        for &number in numbers.iter().rev() {
            let path = self.settings.folder.join(file_name(number));
            let size = if number == self.position.file { self.position.offset } else { fs::metadata(&path)?.len() };
            if size == 0 {
                continue;
            }
            let last = last_line(&mut File::open(&path)?, size)?;
            if line::carried_hash(&last).is_none() {
                notices.push(notice(
                    "damaged-line",
                    format!("the last line of {} is no audit line; the chain goes on from its bytes", file_name(number)),
                ));
            }
            return Ok(line::link(&last));
        }
        Ok(Hash::GENESIS)
    }

    /// Counts the lines, from the head where that can be trusted, and says so where log and head do not fit.
    fn hold_against_head(&self, numbers: &[u32], key: &[u8], notices: &mut Vec<Notice>) -> io::Result<u64> {
        let folder = &self.settings.folder;
        let start = Position { file: numbers.first().copied().unwrap_or(1), offset: 0 };
        match Head::read(&folder.join(head::FILE), Some(key)) {
            Ok(Some(head)) => {
                let at = Position { file: head.file, offset: head.size };
                if at <= self.position && link_before(folder, at)? == Some(head.hash) {
                    return Ok(head.lines + self.count_lines(numbers, at)?);
                }
                let kept = Head::set_aside(folder)?;
                let lines = self.count_lines(numbers, start)?;
                let what = format!(
                    "the log holds {lines} lines and does not hold line {} of its signed head; that head is kept as {}",
                    head.lines,
                    kept.file_name().and_then(|name| name.to_str()).unwrap_or("")
                );
                notices.push(notice("truncated", what));
                return Ok(lines);
            }
            Ok(None) if self.position > start => {
                notices.push(notice("head-missing", "the log has lines but no head.json; a cut end could not be seen".to_owned()));
            }
            Ok(None) => {}
            Err(error) => {
                let kept = Head::set_aside(folder).ok();
                let kept = kept.as_deref().and_then(Path::file_name).and_then(|name| name.to_str()).unwrap_or("nothing");
                notices.push(notice("head-invalid", format!("head.json {error}; kept as {kept}")));
            }
        }
        self.count_lines(numbers, start)
    }

    /// Lines from `from` to the end.
    fn count_lines(&self, numbers: &[u32], from: Position) -> io::Result<u64> {
        let mut lines = 0;
        let mut chunk = vec![0; 1 << 18];
        for &number in numbers.iter().filter(|&&number| number >= from.file) {
            let mut file = File::open(self.settings.folder.join(file_name(number)))?;
            let end = if number == self.position.file { self.position.offset } else { u64::MAX };
            let start = if number == from.file { from.offset } else { 0 };
            file.seek(SeekFrom::Start(start))?;
            let mut file = file.take(end.saturating_sub(start));
            loop {
                let read = file.read(&mut chunk)?;
                if read == 0 {
                    break;
                }
                lines += memchr::memchr_iter(b'\n', &chunk[..read]).count() as u64;
            }
        }
        Ok(lines)
    }
}

fn notice(what: &str, detail: String) -> Notice {
    tracing::warn!(what, detail, "audit log");
    Notice { time: write_time(jiff::Timestamp::now()), what: what.to_owned(), detail }
}

/// Moves a last line without line feed to a side file; gives the size that remains.
fn mend(folder: &Path, number: u32, sink: &dyn Sink, notices: &mut Vec<Notice>) -> io::Result<u64> {
    let size = sink.size()?;
    if size == 0 {
        return Ok(0);
    }
    let mut file = File::open(folder.join(file_name(number)))?;
    let whole = after_last_line_feed(&mut file, size)?;
    if whole == size {
        return Ok(size);
    }
    let mut torn = Vec::new();
    file.seek(SeekFrom::Start(whole))?;
    file.take(size - whole).read_to_end(&mut torn)?;
    let name = format!("torn-{}.partial", new_id());
    let side = File::create_new(folder.join(&name))?;
    io::Write::write_all(&mut &side, &torn)?;
    side.sync_data()?;
    sink.truncate(whole)?;
    notices.push(notice(
        "torn-line",
        format!("{} bytes of an unfinished line at the end of {} were moved to {name}", torn.len(), file_name(number)),
    ));
    Ok(whole)
}

/// The offset behind the last line feed within the first `size` bytes; 0 where there is none.
fn after_last_line_feed(file: &mut File, size: u64) -> io::Result<u64> {
    let mut end = size;
    let mut chunk = vec![0; 1 << 16];
    while end > 0 {
        let start = end.saturating_sub(chunk.len() as u64);
        let part = &mut chunk[..usize::try_from(end - start).unwrap_or(0)];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(part)?;
        if let Some(at) = memchr::memrchr(b'\n', part) {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

/// The line that ends (with its line feed) at `end`, without the line feed.
fn last_line(file: &mut File, end: u64) -> io::Result<Vec<u8>> {
    let end = end.saturating_sub(1);
    let start = after_last_line_feed(file, end)?;
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    Read::by_ref(file).take(end - start).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What the line behind `at` must have as `previous`; none where `at` is not the end of a line of this log.
pub fn link_before(folder: &Path, at: Position) -> io::Result<Option<Hash>> {
    if at == Position::START {
        return Ok(Some(Hash::GENESIS));
    }
    let mut file = match File::open(folder.join(file_name(at.file))) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if at.offset == 0 || file.metadata()?.len() < at.offset || after_last_line_feed(&mut file, at.offset)? != at.offset {
        return Ok(None);
    }
    Ok(Some(line::link(&last_line(&mut file, at.offset)?)))
}
