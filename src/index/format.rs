//! The file: a head of 128 bytes, the table, and a SHA-256 over all of it.
//!
//! Takes sorted hashes and writes them, under another name first, so that a reader sees the old index or the new one and nothing between.
//! Reads one back only when every check has passed. `docs/index.md` lists the fields; a change to them is a new [`VERSION`].

use super::keyed::Keyed;
use super::table::{self, Table};
use super::{Error, Kind, map};
use memmap2::Mmap;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

/// Of the format; other versions are refused.
pub const VERSION: u16 = 1;
const MAGIC: [u8; 8] = *b"SLUISX\x1a\n";
const HEAD: usize = 128;
const SUM: usize = 32;

/// What the head of an index says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    pub kind: Kind,
    pub(super) salt: [u8; 16],
    pub(super) check: [u8; 16],
    pub(super) bits: u32,
    /// Each entry says where it stood.
    pub(super) places: bool,
    /// Hashes in the table.
    pub entries: u64,
    /// Rows of records, or words of documents.
    pub rows: u64,
    /// Columns of records, or documents.
    pub parts: u64,
    /// Bit n: there is a value of n folded bytes with a letter in it.
    pub(super) lengths: u128,
    /// Bit n: there is a value of n digits.
    pub(super) digits: u128,
}

impl About {
    /// How often a value that is not in the index is taken for one that is.
    pub fn false_positive_rate(&self) -> f64 {
        // Hashes per bucket, over the 2^32 remainders.
        self.entries as f64 / f64::from(self.bits + 32).exp2()
    }

    fn bytes(&self) -> [u8; HEAD] {
        let mut head = [0; HEAD];
        let mut put = |at: usize, bytes: &[u8]| head[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, &MAGIC);
        put(8, &VERSION.to_le_bytes());
        let kind = match self.kind {
            Kind::Dataset => 1,
            Kind::Documents => 2,
        };
        put(10, &[kind, u8::from(self.places), u8::try_from(self.bits).unwrap_or(0)]);
        put(16, &self.salt);
        put(32, &self.check);
        put(48, &self.entries.to_le_bytes());
        put(56, &self.rows.to_le_bytes());
        put(64, &self.parts.to_le_bytes());
        put(72, &self.lengths.to_le_bytes());
        put(88, &self.digits.to_le_bytes());
        head
    }

    fn read(head: &[u8]) -> Result<Self, Error> {
        if head.get(..8) != Some(&MAGIC) {
            return Err(Error::NotAnIndex);
        }
        let short = Error::Length { is: head.len() as u64, wanted: HEAD as u64 };
        let version = head.get(8..10).and_then(|bytes| bytes.first_chunk()).map(|bytes| u16::from_le_bytes(*bytes));
        match version {
            None => return Err(short),
            Some(VERSION) => {}
            Some(other) => return Err(Error::Version(other)),
        }
        let Some(head) = head.first_chunk::<HEAD>() else { return Err(short) };
        let long = |at: usize| head.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |bytes| u64::from_le_bytes(*bytes));
        let wide = |at: usize| head.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |bytes| u128::from_le_bytes(*bytes));
        let secret = |at: usize| head.get(at..).and_then(|rest| rest.first_chunk()).copied().unwrap_or_default();
        Ok(Self {
            kind: match head[10] {
                1 => Kind::Dataset,
                2 => Kind::Documents,
                _ => return Err(Error::Damaged),
            },
            places: head[11] == 1,
            bits: u32::from(head[12]),
            salt: secret(16),
            check: secret(32),
            entries: long(48),
            rows: long(56),
            parts: long(64),
            lengths: wide(72),
            digits: wide(88),
        })
    }

    /// Where the directory, the remainders, the places and the sum begin, and the end.
    fn sections(&self) -> Option<[usize; 5]> {
        let entries = usize::try_from(self.entries).ok()?.checked_mul(4)?;
        let directory = if self.bits > 28 { return None } else { HEAD };
        let remainders = directory + ((1 << self.bits) + 1) * 4;
        let places = remainders.checked_add(entries)?;
        let sum = places.checked_add(if self.places { entries } else { 0 })?;
        Some([directory, remainders, places, sum, sum.checked_add(SUM)?])
    }
}

/// What goes into an index: sorted by hash.
pub(super) trait Hashed {
    fn hash(&self) -> u64;
    /// Where it stood, for an index that knows.
    fn place(&self) -> u32;
}

impl Hashed for u64 {
    fn hash(&self) -> u64 {
        *self
    }

    fn place(&self) -> u32 {
        0
    }
}

impl Hashed for (u64, u32) {
    fn hash(&self) -> u64 {
        self.0
    }

    fn place(&self) -> u32 {
        self.1
    }
}

/// Writes the whole index, in the folder of `path` under another name, and gives it its name when it is on the disk. `about.bits` and
/// `about.entries` are filled in. Gives the size in bytes.
pub(super) fn write<T: Hashed>(path: &Path, about: &mut About, entries: &[T]) -> Result<u64, Error> {
    if u32::try_from(entries.len()).is_err() {
        return Err(Error::TooMuch("an index holds at most 4,294,967,295 values: make two of them"));
    }
    about.entries = entries.len() as u64;
    about.bits = table::bits(entries.len());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut made = tempfile::Builder::new();
    // As readable as any file: without its key it tells nothing.
    #[cfg(unix)]
    made.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let file = made.prefix(".sluisx-").tempfile_in(folder).map_err(Error::Write)?;
    let mut out = Summed { to: BufWriter::with_capacity(1 << 20, file), sum: Sha256::new(), size: 0 };
    let written = (|| {
        out.all(&about.bytes())?;
        let directory = table::directory(entries.iter().map(Hashed::hash), about.bits);
        out.numbers(directory.into_iter())?;
        out.numbers(entries.iter().map(|entry| table::remainder(entry.hash(), about.bits)))?;
        if about.places {
            out.numbers(entries.iter().map(Hashed::place))?;
        }
        let sum = out.sum.clone().finalize();
        out.all(&sum)
    })();
    written.map_err(Error::Write)?;
    let file = out.to.into_inner().map_err(|error| Error::Write(error.into_error()))?;
    file.as_file().sync_all().map_err(Error::Write)?;
    file.persist(path).map_err(|error| Error::Write(error.error))?;
    Ok(out.size)
}

struct Summed<W: Write> {
    to: W,
    sum: Sha256,
    size: u64,
}

impl<W: Write> Summed<W> {
    fn all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sum.update(bytes);
        self.size += bytes.len() as u64;
        self.to.write_all(bytes)
    }

    fn numbers(&mut self, numbers: impl Iterator<Item = u32>) -> io::Result<()> {
        let mut block = Vec::with_capacity(64 << 10);
        for number in numbers {
            block.extend_from_slice(&number.to_le_bytes());
            if block.len() >= 64 << 10 {
                self.all(&block)?;
                block.clear();
            }
        }
        self.all(&block)
    }
}

/// An index that has passed every check.
#[derive(Debug)]
pub(super) struct Opened {
    pub about: About,
    pub keyed: Keyed,
    bytes: Mmap,
    sections: [usize; 5],
}

impl Opened {
    pub fn open(path: &Path, key: &[u8; 32], wanted: Kind) -> Result<Self, Error> {
        let file = File::open(path).map_err(Error::Read)?;
        // An empty file cannot be mapped, and a folder has no length.
        if !file.metadata().map_err(Error::Read)?.is_file() || file.metadata().map_err(Error::Read)?.len() == 0 {
            return Err(Error::NotAnIndex);
        }
        let bytes = map::map(&file).map_err(Error::Read)?;
        let about = About::read(&bytes)?;
        if about.kind != wanted {
            return Err(Error::Kind { is: about.kind, wanted });
        }
        let sections = about.sections().ok_or(Error::Damaged)?;
        if bytes.len() != sections[4] {
            return Err(Error::Length { is: bytes.len() as u64, wanted: sections[4] as u64 });
        }
        if bytes.get(sections[3]..) != Some(Sha256::digest(&bytes[..sections[3]]).as_slice()) {
            return Err(Error::Damaged);
        }
        let keyed = Keyed::new(key, &about.salt, about.kind);
        if keyed.check != about.check {
            return Err(Error::WrongKey);
        }
        Ok(Self { about, keyed, bytes, sections })
    }

    fn section(&self, index: usize) -> &[u8] {
        self.bytes.get(self.sections[index]..self.sections[index + 1]).unwrap_or(&[])
    }

    pub fn table(&self) -> Table<'_> {
        Table { bits: self.about.bits, directory: self.section(0), remainders: self.section(1) }
    }

    /// Where an entry stood.
    pub fn place(&self, entry: usize) -> u32 {
        table::number(self.section(2), entry).unwrap_or(0)
    }

    /// The checksum: two files with the same one are the same index.
    pub fn sum(&self) -> &[u8] {
        self.section(3)
    }
}

pub(super) fn about(path: &Path) -> Result<About, Error> {
    let mut head = Vec::with_capacity(HEAD);
    File::open(path).and_then(|file| file.take(HEAD as u64).read_to_end(&mut head)).map_err(Error::Read)?;
    About::read(&head)
}
