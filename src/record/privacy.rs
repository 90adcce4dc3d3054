//! Pseudonyms: who somebody is, replaced by a keyed hash, so that people can be counted without being named.
//!
//! HMAC-SHA256 under a key of this installation (`<data-dir>/pseudonym.key`, mode 0600): the same subject has the same pseudonym after a restart
//! and another one in another installation. A pseudonym stays personal data (GDPR 4(5)): it never becomes a metric label. The key never leaves
//! the process, and no error holds it.

use crate::identity::Subject;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fs;
use std::io::{self, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};

/// The key's file in a data folder.
pub const KEY: &str = "pseudonym.key";

/// Why a key cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("{path}: the key cannot be read or made: {source}", path = .path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{path}: this is no key (64 hexadecimal digits); restore it from a backup: with a new key nobody keeps their pseudonym", path = .path.display())]
    Form { path: PathBuf },
}

/// Gives pseudonyms. Cheap to ask: the key schedule is computed once.
#[derive(Clone)]
pub struct Pseudonyms {
    keyed: Hmac<Sha256>,
    /// `privacy.pseudonyms: false`: a known user keeps the user name.
    plain: bool,
}

impl Pseudonyms {
    /// Reads the installation's key, or makes it on the first start.
    pub fn open(data_dir: &Path, pseudonyms: bool) -> Result<Self, KeyError> {
        let path = data_dir.join(KEY);
        let key = open_key(&path)?;
        let keyed = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| KeyError::Form { path })?;
        Ok(Self { keyed, plain: !pseudonyms })
    }

    /// `p-` and 20 hexadecimal digits. An anonymous sender has one too, made from the address.
    pub fn subject(&self, subject: &Subject) -> String {
        match &subject.user {
            Some(user) if self.plain => user.clone(),
            Some(user) => self.hash("p-", &[b"user", subject.organisation.as_bytes(), user.as_bytes()]),
            None => {
                let address = match subject.address.to_canonical() {
                    IpAddr::V4(address) => address.octets().to_vec(),
                    IpAddr::V6(address) => address.octets().to_vec(),
                };
                self.hash("p-", &[b"address", subject.organisation.as_bytes(), &address])
            }
        }
    }

    /// `c-` and 20 hexadecimal digits for a tool's conversation id.
    pub fn conversation(&self, id: &str) -> String {
        self.hash("c-", &[b"conversation", id.as_bytes()])
    }

    /// Each part goes in with its length, so that no two lists of parts run together.
    fn hash(&self, prefix: &str, parts: &[&[u8]]) -> String {
        let mut mac = self.keyed.clone();
        for part in parts {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        let digest = mac.finalize().into_bytes();
        format!("{prefix}{}", hex::encode(&digest[..10]))
    }
}

/// Reads a key file, or makes one: 32 random bytes in hexadecimal, readable by its owner only.
pub fn open_key(path: &Path) -> Result<[u8; 32], KeyError> {
    if let Ok(key) = read_key(path) {
        warn_if_open(path);
        return Ok(key);
    }
    if path.exists() {
        return read_key(path);
    }
    let failed = |source| KeyError::File { path: path.to_owned(), source };
    let key = rand::random::<[u8; 32]>();
    let folder = path.parent().unwrap_or(Path::new("."));
    // A temporary file has mode 0600; the name appears only when the key is on the disk.
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    writeln!(file, "{}", hex::encode(key)).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(key),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => read_key(path),
        Err(error) => Err(failed(error.error)),
    }
}

/// Reads a key file.
pub fn read_key(path: &Path) -> Result<[u8; 32], KeyError> {
    let text = fs::read(path).map_err(|source| KeyError::File { path: path.to_owned(), source })?;
    let mut key = [0; 32];
    hex::decode_to_slice(text.trim_ascii(), &mut key).map_err(|_| KeyError::Form { path: path.to_owned() })?;
    Ok(key)
}

/// A key that others can read is no secret; Sluis goes on, because refusing to start protects nobody afterwards.
fn warn_if_open(path: &Path) {
    #[cfg(unix)]
    if let Ok(metadata) = fs::metadata(path) {
        let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions());
        if mode & 0o077 != 0 {
            tracing::warn!(path = %path.display(), mode = format!("{:o}", mode & 0o777), "others can read this key; run chmod 600 on it");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(user: &str) -> Subject {
        Subject { user: Some(user.into()), groups: vec!["beleid".into()], address: [10, 0, 0, 1].into(), organisation: String::new() }
    }

    fn anonymous(address: &str) -> Subject {
        Subject { user: None, groups: Vec::new(), address: address.parse().unwrap(), organisation: String::new() }
    }

    #[test]
    fn the_same_subject_has_the_same_pseudonym_after_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let first = Pseudonyms::open(dir.path(), true).unwrap().subject(&named("j.jansen"));
        let again = Pseudonyms::open(dir.path(), true).unwrap().subject(&named("j.jansen"));
        assert_eq!(first, again);
        assert!(first.starts_with("p-") && first.len() == 22 && !first.contains("jansen"), "{first}");
    }

    #[test]
    fn another_installation_gives_another_pseudonym() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let pseudonym = |dir: &tempfile::TempDir| Pseudonyms::open(dir.path(), true).unwrap().subject(&named("j.jansen"));
        assert_ne!(pseudonym(&one), pseudonym(&other));
    }

    #[test]
    fn different_people_organisations_and_addresses_stay_apart() {
        let dir = tempfile::tempdir().unwrap();
        let names = Pseudonyms::open(dir.path(), true).unwrap();
        let mut elsewhere = named("j.jansen");
        elsewhere.organisation = "buurgemeente".into();
        let all = [named("j.jansen"), named("a.bakker"), elsewhere, anonymous("10.0.0.1"), anonymous("10.0.0.2"), anonymous("::1")];
        let distinct: std::collections::HashSet<_> = all.iter().map(|subject| names.subject(subject)).collect();
        assert_eq!(distinct.len(), all.len());
        assert_eq!(names.subject(&anonymous("::ffff:10.0.0.1")), names.subject(&anonymous("10.0.0.1")));
        assert_ne!(names.conversation("a"), names.conversation("b"));
    }

    #[test]
    fn without_pseudonyms_a_known_user_keeps_the_name_and_an_address_is_still_hidden() {
        let dir = tempfile::tempdir().unwrap();
        let names = Pseudonyms::open(dir.path(), false).unwrap();
        assert_eq!(names.subject(&named("j.jansen")), "j.jansen");
        assert!(names.subject(&anonymous("10.0.0.1")).starts_with("p-"));
    }

    #[test]
    fn the_key_is_made_once_and_only_its_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(KEY);
        let key = open_key(&path).unwrap();
        assert_eq!(open_key(&path).unwrap(), key);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_damaged_key_is_an_error_and_not_a_new_key() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(KEY);
        fs::write(&path, "").unwrap();
        let error = open_key(&path).unwrap_err().to_string();
        assert!(error.contains("pseudonym.key") && error.contains("backup"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), b"");
    }
}
