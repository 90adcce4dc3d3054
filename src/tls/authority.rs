//! The certificate authority whose leaves intercepted clients see.
//!
//! Generated on first start (ECDSA P-256, key file mode 0600) or loaded from the organisation's PKI. Takes paths, gives an issuer and the
//! certificate in PEM. Never prints or returns the private key.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Years that a generated CA is valid.
const YEARS: i16 = 10;

#[derive(Debug, Error)]
pub enum AuthorityError {
    #[error("cannot {action} {path}: {source}. Check that the folder exists and that this user may use it")]
    File { action: &'static str, path: PathBuf, source: std::io::Error },
    #[error("{path} is not a usable {what}: {reason}. Give a PEM file, or remove it to have a new CA generated")]
    Content { path: PathBuf, what: &'static str, reason: String },
    #[error("the certificate {certificate} and the key {key} do not belong together")]
    Mismatch { certificate: PathBuf, key: PathBuf },
    #[error("{path} exists without {missing}: restore the missing file from backup, or remove both to generate a new CA")]
    Half { path: PathBuf, missing: PathBuf },
    #[error("generating a certificate failed: {0}")]
    Generate(#[from] rcgen::Error),
}

/// The CA: signs leaves, shows its certificate.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate_pem: String,
    certificate_der: rustls::pki_types::CertificateDer<'static>,
    valid_until: jiff::Timestamp,
}

impl Authority {
    /// Loads `ca.pem` and `ca.key` from `data_dir`, or generates them; true when they are new.
    pub fn open(data_dir: &Path, organisation: &str) -> Result<(Self, bool), AuthorityError> {
        let (certificate, key) = (data_dir.join("ca.pem"), data_dir.join("ca.key"));
        match (certificate.exists(), key.exists()) {
            (true, true) => Ok((Self::load(&certificate, &key)?, false)),
            (false, false) => {
                std::fs::create_dir_all(data_dir).map_err(|source| AuthorityError::File {
                    action: "create",
                    path: data_dir.into(),
                    source,
                })?;
                Self::generate(organisation, &certificate, &key)?;
                Ok((Self::load(&certificate, &key)?, true))
            }
            (true, false) => Err(AuthorityError::Half { path: certificate, missing: key }),
            (false, true) => Err(AuthorityError::Half { path: key, missing: certificate }),
        }
    }

    /// Loads a CA (or subordinate CA) from PEM files.
    pub fn load(certificate: &Path, key: &Path) -> Result<Self, AuthorityError> {
        let read = |path: &Path| {
            std::fs::read_to_string(path).map_err(|source| AuthorityError::File { action: "read", path: path.into(), source })
        };
        let wrong = |path: &Path, what, reason: String| AuthorityError::Content { path: path.into(), what, reason };
        let (certificate_pem, key_pem) = (read(certificate)?, read(key)?);
        let pair = KeyPair::from_pem(&key_pem).map_err(|e| wrong(key, "private key", e.to_string()))?;
        let (_, pem) =
            x509_parser::pem::parse_x509_pem(certificate_pem.as_bytes()).map_err(|e| wrong(certificate, "certificate", e.to_string()))?;
        let parsed = pem.parse_x509().map_err(|e| wrong(certificate, "certificate", e.to_string()))?;
        if !parsed.is_ca() {
            return Err(wrong(certificate, "CA certificate", "basicConstraints does not say CA:TRUE".into()));
        }
        if !parsed.validity().is_valid() {
            return Err(wrong(
                certificate,
                "CA certificate",
                format!("it is valid from {} to {}", parsed.validity().not_before, parsed.validity().not_after),
            ));
        }
        if parsed.public_key().subject_public_key.data.as_ref() != pair.public_key_raw() {
            return Err(AuthorityError::Mismatch { certificate: certificate.into(), key: key.into() });
        }
        let valid_until = jiff::Timestamp::from_second(parsed.validity().not_after.timestamp()).unwrap_or(jiff::Timestamp::MAX);
        let certificate_der = rustls::pki_types::CertificateDer::from(pem.contents.clone());
        let issuer = Issuer::from_ca_cert_der(&certificate_der, pair).map_err(|e| wrong(certificate, "CA certificate", e.to_string()))?;
        Ok(Self { issuer, certificate_pem, certificate_der, valid_until })
    }

    fn generate(organisation: &str, certificate: &Path, key: &Path) -> Result<(), AuthorityError> {
        let pair = KeyPair::generate()?;
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.distinguished_name.push(DnType::OrganizationName, organisation);
        params.distinguished_name.push(DnType::CommonName, format!("Sluis AI inspection CA {}", hex::encode(rand::random::<[u8; 3]>())));
        let today = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
        params.not_before = day(today.yesterday().unwrap_or(today));
        params.not_after = rcgen::date_time_ymd(i32::from(today.year() + YEARS), today.month() as u8, (today.day() as u8).min(28));
        let issued = params.self_signed(&pair)?;
        write(key, pair.serialize_pem().as_bytes(), 0o600)?;
        write(certificate, issued.pem().as_bytes(), 0o644)
    }

    /// The CA certificate in PEM, for `/ca.pem` and `sluis ca export`.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// The CA certificate in DER.
    pub fn certificate_der(&self) -> &rustls::pki_types::CertificateDer<'static> {
        &self.certificate_der
    }

    /// SHA-256 of the certificate, as people compare it: `AB:CD:...`.
    pub fn fingerprint(&self) -> String {
        let digest = <sha2::Sha256 as sha2::Digest>::digest(&self.certificate_der);
        digest.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
    }

    /// The end of the certificate's validity.
    pub fn valid_until(&self) -> jiff::Timestamp {
        self.valid_until
    }

    pub(super) fn issuer(&self) -> &Issuer<'static, KeyPair> {
        &self.issuer
    }
}

/// Midnight UTC of a day, in the type that rcgen takes.
pub(super) fn day(date: jiff::civil::Date) -> time::OffsetDateTime {
    rcgen::date_time_ymd(i32::from(date.year()), date.month() as u8, date.day() as u8)
}

fn write(path: &Path, content: &[u8], mode: u32) -> Result<(), AuthorityError> {
    let failed = |source| AuthorityError::File { action: "write", path: path.into(), source };
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(path).map_err(failed)?;
    file.write_all(content).and_then(|()| file.sync_all()).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_new_ca_is_kept_and_its_key_is_for_the_owner_only() {
        let dir = tempfile::tempdir().unwrap();
        let (first, new) = Authority::open(dir.path(), "Gemeente Voorbeeld").unwrap();
        assert!(new);
        let (second, new) = Authority::open(dir.path(), "Gemeente Voorbeeld").unwrap();
        assert!(!new);
        assert_eq!(first.certificate_pem(), second.certificate_pem());
        let mode = std::fs::metadata(dir.path().join("ca.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_ca_without_its_key_is_refused_and_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        Authority::open(dir.path(), "x").unwrap();
        std::fs::remove_file(dir.path().join("ca.key")).unwrap();
        assert!(matches!(Authority::open(dir.path(), "x"), Err(AuthorityError::Half { .. })));
    }

    #[test]
    fn a_leaf_is_not_taken_for_a_ca_and_a_foreign_key_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let plain = rcgen::generate_simple_self_signed(vec!["x.nl".to_owned()]).unwrap();
        let (cert, key) = (dir.path().join("c.pem"), dir.path().join("k.pem"));
        std::fs::write(&cert, plain.cert.pem()).unwrap();
        std::fs::write(&key, plain.signing_key.serialize_pem()).unwrap();
        assert!(matches!(Authority::load(&cert, &key), Err(AuthorityError::Content { .. })));
        Authority::open(dir.path(), "x").unwrap();
        assert!(matches!(Authority::load(&dir.path().join("ca.pem"), &key), Err(AuthorityError::Mismatch { .. })));
        std::fs::write(&cert, "no pem at all").unwrap();
        assert!(matches!(Authority::load(&cert, &key), Err(AuthorityError::Content { .. })));
    }
}
