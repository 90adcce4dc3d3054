//! Where the bytes of the audit log go: a seam as wide as four system calls, so that a full disk can be played in a test.
//!
//! [`FileSink`] is what runs. Errors are those of the operating system.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

/// One file of the log, opened for appending.
pub trait Sink: Send + Sync {
    /// One attempt to append; gives the number of bytes taken, like write(2). An error means that none were taken.
    fn write(&self, bytes: &[u8]) -> io::Result<usize>;
    /// Cuts the file to `size` bytes.
    fn truncate(&self, size: u64) -> io::Result<()>;
    /// Waits until the bytes are on the disk.
    fn sync(&self) -> io::Result<()>;
    /// Bytes in the file.
    fn size(&self) -> io::Result<u64>;
}

/// Opens the sink of one file of the log, and creates the file where it is missing.
pub type Opener = Box<dyn Fn(&Path) -> io::Result<Arc<dyn Sink>> + Send + Sync>;

/// A real file, readable by its owner and group only.
pub struct FileSink(File);

impl FileSink {
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o640);
        options.open(path).map(Self)
    }

    /// The opener that runs.
    pub fn opener() -> Opener {
        Box::new(|path| Self::open(path).map(|sink| Arc::new(sink) as Arc<dyn Sink>))
    }
}

impl Sink for FileSink {
    fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            match (&self.0).write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => return other,
            }
        }
    }

    fn truncate(&self, size: u64) -> io::Result<()> {
        self.0.set_len(size)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn size(&self) -> io::Result<u64> {
        self.0.metadata().map(|metadata| metadata.len())
    }
}
