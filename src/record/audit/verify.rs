//! Checking the log: every line's hash, every link, every signed head.
//!
//! Takes a data folder (or an audit folder alone), gives the number of lines, or each [`Fault`] with file and line. Reads only; may run beside a
//! proxy that is writing. Without `audit.key` the chain is checked and the head's signature is not, and the result says so.

use super::head::{self, Head};
use super::line::{self, Hash};
use super::{KEY, file_name, files, folder_of};
use crate::record::event::Entry;
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A log that is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub lines: u64,
    /// Hash of the last line; 64 zeros where there is none. Written down elsewhere, it proves later that nothing before it was changed.
    pub last_hash: String,
    /// What an operator should know although it is no fault: repairs that the log itself tells of, what could not be checked.
    pub notes: Vec<String>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub file: PathBuf,
    /// Counted from 1 within the file; 0 where the fault is the whole file.
    pub line: u64,
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file.display(), self.what),
            line => write!(f, "{}:{line}: {}", self.file.display(), self.what),
        }
    }
}

/// After so many faults the rest of a log says nothing new.
const MOST_FAULTS: usize = 1000;
/// How far back a link is looked for, to tell an inserted line from a deleted one.
const REMEMBERED: usize = 65_536;

/// Checks the log in a data folder.
pub fn verify(dir: &Path) -> Result<Verified, Vec<Fault>> {
    verify_with(dir, &mut |_| {})
}

/// Checks the log in a data folder and tells of the bytes read, for a progress bar.
pub fn verify_with(dir: &Path, progress: &mut dyn FnMut(u64)) -> Result<Verified, Vec<Fault>> {
    let folder = folder_of(dir);
    let mut walk = Walk { last: Hash::GENESIS, ..Walk::default() };
    // Heads first: a log that grows meanwhile may then only be longer than they say.
    let heads = walk.read_heads(dir, &folder);
    if let Err(error) = walk.files(&folder, &heads, progress) {
        walk.fault(&folder, 0, format!("cannot be read: {error}"));
    }
    walk.hold_against(&heads);
    if heads.read.is_empty() && files(&folder).map_or(true, |found| found.is_empty()) {
        walk.fault(
            &folder,
            0,
            "there is no audit log here: neither its files nor its head; it was removed, or this is another folder".to_owned(),
        );
    }
    if walk.faults.is_empty() {
        Ok(Verified { lines: walk.lines, last_hash: walk.last.to_string(), notes: walk.notes })
    } else {
        Err(walk.faults)
    }
}

#[derive(Default)]
struct Heads {
    /// Each with the file it was read from.
    read: Vec<(PathBuf, Head)>,
    /// `head.json` is not there, and nothing is known of it.
    missing: Option<PathBuf>,
}

struct Walk {
    lines: u64,
    last: Hash,
    /// The file and line that were read last.
    at: (PathBuf, u64),
    /// Links of the last lines and where they stand.
    seen: HashMap<Hash, (PathBuf, u64)>,
    order: VecDeque<Hash>,
    /// Which heads were met, by index, and after how many lines.
    met: HashMap<usize, u64>,
    faults: Vec<Fault>,
    notes: Vec<String>,
}

impl Default for Walk {
    fn default() -> Self {
        Self {
            lines: 0,
            last: Hash::GENESIS,
            at: (PathBuf::new(), 0),
            seen: HashMap::new(),
            order: VecDeque::new(),
            met: HashMap::new(),
            faults: Vec::new(),
            notes: Vec::new(),
        }
    }
}

impl Walk {
    fn fault(&mut self, file: &Path, line: u64, what: impl Into<String>) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(Fault { file: file.to_owned(), line, what: what.into() });
        }
    }

    fn read_heads(&mut self, dir: &Path, folder: &Path) -> Heads {
        let mut heads = Heads::default();
        let key_file = [dir.join(KEY), folder.join("..").join(KEY)].into_iter().find(|path| path.is_file());
        let key = match key_file.map(|path| super::super::privacy::read_key(&path)) {
            Some(Ok(key)) => Some(key),
            Some(Err(error)) => {
                self.fault(&dir.join(KEY), 0, error.to_string());
                None
            }
            None => {
                self.notes.push("audit.key is not here: the signature of head.json was not checked".to_owned());
                None
            }
        };
        let present = folder.join(head::FILE);
        let kept = if folder.is_dir() { head::evidence(folder) } else { Ok(Vec::new()) };
        let kept = kept.unwrap_or_else(|error| {
            self.fault(folder, 0, format!("cannot be read: {error}"));
            Vec::new()
        });
        for path in std::iter::once(present.clone()).chain(kept) {
            match Head::read(&path, key.as_ref().map(|key| key.as_slice())) {
                Ok(Some(head)) => heads.read.push((path, head)),
                Ok(None) => heads.missing = Some(path),
                Err(error) => self.fault(&path, 0, error.to_string()),
            }
        }
        heads
    }

    fn files(&mut self, folder: &Path, heads: &Heads, progress: &mut dyn FnMut(u64)) -> io::Result<()> {
        let numbers = files(folder)?;
        let wanted: HashMap<Hash, Vec<usize>> = heads.read.iter().enumerate().fold(HashMap::new(), |mut map, (index, (_, head))| {
            map.entry(head.hash).or_default().push(index);
            map
        });
        let mut expected = 1;
        for &number in &numbers {
            if number != expected {
                self.fault(&folder.join(file_name(expected)), 0, "the file is missing");
            }
            expected = number + 1;
            let last = numbers.last() == Some(&number);
            self.file(&folder.join(file_name(number)), last, &wanted, progress)?;
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, is_last: bool, wanted: &HashMap<Hash, Vec<usize>>, progress: &mut dyn FnMut(u64)) -> io::Result<()> {
        let mut file = BufReader::with_capacity(1 << 18, File::open(path)?);
        let mut bytes = Vec::new();
        let mut number = 0;
        loop {
            bytes.clear();
            let mut read = file.read_until(b'\n', &mut bytes)?;
            if read == 0 {
                return Ok(());
            }
            if is_last && bytes.last() != Some(&b'\n') {
                // A proxy may be writing this very line.
                std::thread::sleep(Duration::from_millis(50));
                read += file.read_until(b'\n', &mut bytes)?;
            }
            progress(read as u64);
            number += 1;
            if bytes.pop_if(|last| *last == b'\n').is_none() {
                self.fault(path, number, "torn: the line has no end (the next start of Sluis moves it to a side file)");
                return Ok(());
            }
            self.line(path, number, &bytes);
            for &index in wanted.get(&self.last).into_iter().flatten() {
                self.met.insert(index, self.lines);
            }
        }
    }

    fn line(&mut self, path: &Path, number: u64, bytes: &[u8]) {
        let before = self.last;
        match line::read(bytes) {
            None => self.fault(path, number, "changed: this is no line of an audit log"),
            Some(sealed) => {
                if sealed.previous != before {
                    self.broken_link(path, number, &sealed.previous);
                }
                if !sealed.intact {
                    self.fault(path, number, "changed: the line does not fit its hash");
                }
            }
        }
        if bytes.starts_with(br#"{"notice":"#)
            && let Ok(Entry::Notice(notice)) = Entry::parse(bytes)
        {
            self.notes.push(format!("{}:{number}: {} ({}): {}", path.display(), notice.what, notice.time, notice.detail));
        }
        self.last = line::link(bytes);
        self.lines += 1;
        self.at = (path.to_owned(), number);
        self.seen.insert(self.last, self.at.clone());
        self.order.push_back(self.last);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.seen.remove(&oldest);
        }
    }

    /// `previous` of this line is not the hash of the line before it.
    fn broken_link(&mut self, path: &Path, number: u64, previous: &Hash) {
        let follows = if *previous == Hash::GENESIS { Some((path.to_owned(), 0)) } else { self.seen.get(previous).cloned() };
        match follows {
            Some((file, line)) if self.lines > 0 => {
                let (place, first) = if file == path { (file, line + 1) } else { (path.to_owned(), 1) };
                let last = number.saturating_sub(1).max(first);
                let range = if first == last { format!("line {first}") } else { format!("lines {first} to {last}") };
                self.fault(&place, first, format!("inserted: {range} do not belong here, line {number} follows what stands before"));
            }
            _ if self.lines == 0 => self.fault(path, number, "deleted: the log does not begin here, what stood before is gone"),
            _ => self.fault(
                path,
                number,
                "deleted: what this line follows is gone (lines before it were deleted, or the line before was rewritten)",
            ),
        }
    }

    fn hold_against(&mut self, heads: &Heads) {
        if let (Some(path), true) = (&heads.missing, self.lines > 0) {
            self.fault(path, 0, "missing: without the signed head a cut end cannot be seen");
        }
        let (file, line) = self.at.clone();
        for (index, (path, head)) in heads.read.iter().enumerate() {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("head").to_owned();
            let genesis = head.lines == 0 && head.hash == Hash::GENESIS;
            match self.met.get(&index) {
                Some(&lines) if lines == head.lines || !self.faults.is_empty() => {
                    if name == head::FILE && self.lines > lines {
                        self.notes.push(format!("{} lines stand behind the signed head; they chain", self.lines - lines));
                    }
                }
                Some(&lines) => self.fault(path, 0, format!("counts {} lines up to a line that is number {lines}", head.lines)),
                None if genesis => {}
                None if self.lines < head.lines => {
                    let place = if file.as_os_str().is_empty() { path.with_file_name(file_name(1)) } else { file.clone() };
                    let gone = head.lines - self.lines;
                    self.fault(
                        &place,
                        line + 1,
                        format!(
                            "truncated: the log ends before this line; {name} was signed over {gone} more, up to {}",
                            file_name(head.file)
                        ),
                    );
                }
                None => self.fault(
                    &file,
                    line,
                    format!("rewritten: the log does not hold the line that {name} was signed over (number {} of all)", head.lines),
                ),
            }
        }
    }
}

/// Bytes in the log's files, for a progress bar.
pub fn size_of(dir: &Path) -> u64 {
    let folder = folder_of(dir);
    let numbers = files(&folder).unwrap_or_default();
    numbers.iter().filter_map(|&number| fs::metadata(folder.join(file_name(number))).ok()).map(|metadata| metadata.len()).sum()
}
