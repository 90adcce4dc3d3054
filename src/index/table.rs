//! A set of 64-bit hashes in little more than 32 bits each: buckets of sorted remainders.
//!
//! The first bits of a hash choose a bucket, the 32 bits after them are kept; the rest is thrown away. With at most sixteen hashes in a
//! bucket on average, a value that is not in the set is taken for one that is once in 2^32 / 16, or 270 million, times at worst. A lookup
//! reads two offsets and searches one bucket; it allocates nothing.

use std::ops::Range;

/// Bits that choose the bucket, for so many hashes: 8 to 16 in a bucket.
pub(super) fn bits(entries: usize) -> u32 {
    (entries / 8).checked_ilog2().unwrap_or(0).min(28)
}

fn bucket(hash: u64, bits: u32) -> usize {
    let bucket = if bits == 0 { 0 } else { hash >> (64 - bits) };
    usize::try_from(bucket).unwrap_or(usize::MAX)
}

pub(super) fn remainder(hash: u64, bits: u32) -> u32 {
    u32::try_from((hash << bits) >> 32).unwrap_or(0)
}

/// How many hashes come before each bucket, and after the last one all of them. The hashes are sorted.
pub(super) fn directory(hashes: impl Iterator<Item = u64>, bits: u32) -> Vec<u32> {
    let mut directory = vec![0_u32; (1 << bits) + 1];
    for hash in hashes {
        if let Some(count) = directory.get_mut(bucket(hash, bits) + 1) {
            *count += 1;
        }
    }
    let mut before = 0;
    for count in &mut directory {
        before += *count;
        *count = before;
    }
    directory
}

/// A table in the bytes of an index.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'i> {
    pub bits: u32,
    pub directory: &'i [u8],
    pub remainders: &'i [u8],
}

/// The number at a place in a list of little-endian ones.
pub(super) fn number(list: &[u8], at: usize) -> Option<u32> {
    list.get(at.checked_mul(4)?..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

impl Table<'_> {
    /// The entries with this hash; empty where there is none.
    pub fn find(&self, hash: u64) -> Range<usize> {
        self.search(hash).unwrap_or(0..0)
    }

    fn search(&self, hash: u64) -> Option<Range<usize>> {
        let (bucket, wanted) = (bucket(hash, self.bits), remainder(hash, self.bits));
        let mut low = number(self.directory, bucket)? as usize;
        let end = number(self.directory, bucket + 1)? as usize;
        let mut high = end;
        while low < high {
            let middle = low + (high - low) / 2;
            if number(self.remainders, middle)? < wanted {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let mut after = low;
        while after < end && number(self.remainders, after)? == wanted {
            after += 1;
        }
        Some(low..after)
    }
}
