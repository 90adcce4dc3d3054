//! An index in memory, as the file it is: the one place in Sluis with `unsafe`.
//!
//! Takes an open file, gives its bytes. Must never be used for a file that anything writes to in place.

#![allow(unsafe_code)]

use memmap2::{Mmap, MmapOptions};
use std::fs::File;
use std::io;

/// The bytes of a file, shared by all threads and read from disk when they are first looked at.
pub(super) fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: the bytes of a mapping must not change while they are borrowed. `sluis index` never changes an index: it writes a new file under
    // another name and renames it, so that a mapping keeps the old file, which nobody can name any more. The mapping is private
    // and read-only, so nothing in this process writes to it either. Whoever overwrites an index in place all the same can make a lookup
    // give a wrong answer, or end the process with SIGBUS where the file became shorter; `docs/index.md` tells not to. Nothing here
    // reads the bytes as anything but `u8`, for which every value is valid, and every place read from them is checked against their length.
    unsafe { MmapOptions::new().map_copy_read_only(file) }
}
