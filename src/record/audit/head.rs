//! The head: how far the log reached, signed, in a file of its own.
//!
//! `head.json` is `{"lines":N,"hash":"...","file":"000001.jsonl","size":S,"mac":"..."}`; `mac` is the HMAC-SHA256, under the key in
//! `<data-dir>/audit.key`, of the same object without `mac`. A log that is shorter than its head was cut. Written to a side file and renamed, so
//! that a reader never sees half of it. A head never says more than was written to the log before.

use super::line::Hash;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The name of the head's file.
pub const FILE: &str = "head.json";

/// How far the log reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Lines in all files together.
    pub lines: u64,
    /// Hash of the last of them.
    pub hash: Hash,
    /// Number of the file it stands in.
    pub file: u32,
    /// Bytes of that file up to and with that line.
    pub size: u64,
}

/// What is wrong with a head's file.
#[derive(Debug, thiserror::Error)]
pub enum HeadError {
    #[error("{0}")]
    Unreadable(#[from] io::Error),
    #[error("is not the head of an audit log")]
    Form,
    #[error("does not fit its signature: it was changed, or audit.key is another one")]
    Signature,
}

#[derive(Deserialize)]
struct Written {
    lines: u64,
    hash: String,
    file: String,
    size: u64,
    mac: String,
}

impl Head {
    fn signed_text(&self) -> String {
        format!(r#"{{"lines":{},"hash":"{}","file":"{}","size":{}}}"#, self.lines, self.hash, super::file_name(self.file), self.size)
    }

    fn mac(&self, key: &[u8]) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
        mac.update(self.signed_text().as_bytes());
        Some(mac)
    }

    /// Writes the head beside the log and puts it in place of the older one.
    pub fn write(&self, folder: &Path, key: &[u8], to_disk: bool) -> io::Result<()> {
        let mac = self.mac(key).ok_or_else(|| io::Error::other("the key of the audit head cannot be used"))?;
        let mut text = self.signed_text();
        text.pop();
        text.push_str(&format!(",\"mac\":\"{}\"}}\n", hex::encode(mac.finalize().into_bytes())));
        let aside = folder.join("head.json.new");
        let mut file = File::create(&aside)?;
        file.write_all(text.as_bytes())?;
        if to_disk {
            file.sync_data()?;
        }
        fs::rename(aside, folder.join(FILE))
    }

    /// Reads a head; none where there is none. Without a key the signature is not checked.
    pub fn read(path: &Path, key: Option<&[u8]>) -> Result<Option<Self>, HeadError> {
        let text = match fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let written: Written = serde_json::from_slice(&text).map_err(|_| HeadError::Form)?;
        let number = written.file.strip_suffix(".jsonl").and_then(|stem| stem.parse().ok()).ok_or(HeadError::Form)?;
        let hash = Hash::read(written.hash.as_bytes()).ok_or(HeadError::Form)?;
        let head = Self { lines: written.lines, hash, file: number, size: written.size };
        if let Some(key) = key {
            let given = hex::decode(&written.mac).map_err(|_| HeadError::Form)?;
            head.mac(key).and_then(|mac| mac.verify_slice(&given).ok()).ok_or(HeadError::Signature)?;
        }
        Ok(Some(head))
    }

    /// Keeps the present head's file as evidence, under a name that [`evidence`] finds.
    pub fn set_aside(folder: &Path) -> io::Result<PathBuf> {
        let kept = folder.join(format!("head-{}.json", super::super::event::new_id()));
        fs::copy(folder.join(FILE), &kept)?;
        Ok(kept)
    }
}

/// Heads that were set aside because the log did not fit them.
pub fn evidence(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_str().is_some_and(|name| name.starts_with("head-") && name.ends_with(".json")) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_reads_back_and_a_changed_or_foreign_one_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let head = Head { lines: 3, hash: Hash::of(b"x"), file: 2, size: 99 };
        head.write(dir.path(), b"key", true).unwrap();
        let path = dir.path().join(FILE);
        assert_eq!(Head::read(&path, Some(b"key")).unwrap(), Some(head));
        assert!(matches!(Head::read(&path, Some(b"other")), Err(HeadError::Signature)));
        let text = fs::read_to_string(&path).unwrap().replace("\"lines\":3", "\"lines\":2");
        fs::write(&path, text).unwrap();
        assert!(matches!(Head::read(&path, Some(b"key")), Err(HeadError::Signature)));
        fs::write(&path, "{").unwrap();
        assert!(matches!(Head::read(&path, Some(b"key")), Err(HeadError::Form)));
        fs::remove_file(&path).unwrap();
        assert!(Head::read(&path, Some(b"key")).unwrap().is_none());
    }
}
