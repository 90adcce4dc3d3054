//! Exact data match: is this value one of ours, and does it stand in the same record as that one.
//!
//! Takes rows of values; gives an index of keyed hashes, and of several columns also the row of each. Lookups take folded bytes and allocate
//! nothing. Values that would be found everywhere, because they are so short, are left out and counted.

use super::fold::Folded;
use super::format::{self, About, Opened};
use super::keyed::Keyed;
use super::{Error, Kind};
use std::ops::Range;
use std::path::Path;

/// Columns of one index.
pub const COLUMNS: usize = 16;
/// Bits of a place that tell the column; the others tell the row.
const COLUMN_BITS: u32 = 4;
const ROWS: u32 = 1 << (32 - COLUMN_BITS);

/// An index of values, open for lookups.
#[derive(Debug)]
pub struct Dataset(Opened);

/// A value that is in the index: its entries, one for each place where it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entries(Range<usize>);

impl Entries {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In how many cells the value stands.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// A number that stands for the value, within one index.
    pub fn id(&self) -> usize {
        self.0.start
    }
}

impl Dataset {
    /// Maps an index into memory and checks it.
    ///
    /// # Errors
    /// It is damaged, of another kind or version, or made with another key.
    pub fn open(path: &Path, key: &[u8; 32]) -> Result<Self, Error> {
        Opened::open(path, key, Kind::Dataset).map(Self)
    }

    pub fn about(&self) -> &About {
        &self.0.about
    }

    /// Tells this index from every other one.
    pub fn sum(&self) -> &[u8] {
        self.0.sum()
    }

    /// A hit counts only beside another one of the same row.
    pub fn is_joined(&self) -> bool {
        self.0.about.places
    }

    /// Bit n: values of n folded bytes with a letter in them are in the index.
    pub fn lengths(&self) -> u128 {
        self.0.about.lengths
    }

    /// Bit n: values of n digits and nothing else are in the index.
    pub fn digits(&self) -> u128 {
        self.0.about.digits
    }

    /// Looks up a folded value.
    pub fn find(&self, folded: &[u8]) -> Entries {
        Entries(self.0.table().find(self.0.keyed.value(folded)))
    }

    /// Whether two different values stand in one row, in different columns. Takes one search in the longer list for each entry of the shorter.
    pub fn share_a_row(&self, one: &Entries, other: &Entries) -> bool {
        if one == other {
            return false;
        }
        let (few, many) = if one.len() <= other.len() { (one, other) } else { (other, one) };
        few.0.clone().map(|entry| self.0.place(entry)).any(|place| {
            let row = place >> COLUMN_BITS;
            // Entries of one value are in the order of their places.
            let (mut low, mut high) = (many.0.start, many.0.end);
            while low < high {
                let middle = low + (high - low) / 2;
                if self.0.place(middle) >> COLUMN_BITS < row {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            (low..many.0.end).map(|entry| self.0.place(entry)).take_while(|other| other >> COLUMN_BITS == row).any(|other| other != place)
        })
    }
}

/// What became of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Built {
    pub about: About,
    /// Of the file, in bytes.
    pub size: u64,
    /// Values left out because they are too short to mean anything, or longer than what is looked for.
    pub short: u64,
    pub long: u64,
    /// Numbers of 8 digits in columns where more have 9: a spreadsheet may have dropped their zero.
    pub lost_zeros: u64,
}

/// Collects values until they are written.
pub struct Builder {
    keyed: Keyed,
    about: About,
    folded: Folded,
    one: Vec<u64>,
    many: Vec<(u64, u32)>,
    short: u64,
    long: u64,
    /// Numbers of 8 and of 9 digits, per column.
    lengths: [(u64, u64); COLUMNS],
}

impl Builder {
    /// For rows of so many columns, 1 to [`COLUMNS`].
    ///
    /// # Errors
    /// There are too many columns.
    pub fn new(key: &[u8; 32], columns: usize) -> Result<Self, Error> {
        if columns > COLUMNS {
            return Err(Error::TooMuch("an index has at most 16 columns: name the ones that matter with --column"));
        }
        let salt = rand::random();
        let keyed = Keyed::new(key, &salt, Kind::Dataset);
        let about = About {
            kind: Kind::Dataset,
            salt,
            check: keyed.check,
            bits: 0,
            places: columns > 1,
            entries: 0,
            rows: 0,
            parts: columns as u64,
            lengths: 0,
            digits: 0,
        };
        Ok(Self {
            keyed,
            about,
            folded: Folded::default(),
            one: Vec::new(),
            many: Vec::new(),
            short: 0,
            long: 0,
            lengths: [(0, 0); COLUMNS],
        })
    }

    /// Adds a row; empty values are no values.
    ///
    /// # Errors
    /// There are more rows than an index of several columns can number.
    pub fn row<'v>(&mut self, values: impl Iterator<Item = &'v str>) -> Result<(), Error> {
        let row = u32::try_from(self.about.rows).unwrap_or(u32::MAX);
        if self.about.places && row >= ROWS {
            return Err(Error::TooMuch("an index of several columns has at most 268,435,456 rows: make two of them"));
        }
        self.about.rows += 1;
        for (column, value) in values.enumerate().take(COLUMNS) {
            self.folded.value(value);
            let folded = self.folded.bytes();
            if folded.is_empty() {
                continue;
            }
            let digits = self.folded.is_digits();
            // A value beside another one of its row may be shorter than one that stands alone.
            let least = match (self.about.places, digits) {
                (true, _) => 2,
                (false, true) => 5,
                (false, false) => 3,
            };
            if self.folded.is_over() {
                self.long += 1;
                continue;
            }
            if folded.len() < least {
                self.short += 1;
                continue;
            }
            if digits {
                self.about.digits |= 1 << folded.len();
                let (eights, nines) = &mut self.lengths[column];
                *eights += u64::from(folded.len() == 8);
                *nines += u64::from(folded.len() == 9);
            } else {
                self.about.lengths |= 1 << folded.len();
            }
            let hash = self.keyed.value(folded);
            if self.about.places {
                let column = u32::try_from(column).unwrap_or(0);
                self.many.push((hash, row << COLUMN_BITS | column));
            } else {
                self.one.push(hash);
            }
        }
        Ok(())
    }

    /// Sorts and writes.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(mut self, path: &Path) -> Result<Built, Error> {
        let size = if self.about.places {
            self.many.sort_unstable();
            self.many.dedup();
            format::write(path, &mut self.about, &self.many)?
        } else {
            self.one.sort_unstable();
            self.one.dedup();
            format::write(path, &mut self.about, &self.one)?
        };
        let lost_zeros = self.lengths.iter().filter(|(eights, nines)| eights < nines).map(|(eights, _)| eights).sum();
        Ok(Built { about: self.about, size, short: self.short, long: self.long, lost_zeros })
    }
}
