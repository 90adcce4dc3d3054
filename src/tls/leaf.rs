//! Leaf certificates, minted per host and cached.
//!
//! All leaves share one ECDSA P-256 key, made at start and never written down, so that minting is one signature. Takes a host name or
//! address, gives a `CertifiedKey` for rustls. The cache is bounded; a leaf is renewed a day before it expires. Never mints for a name that
//! is not a valid DNS name or address.

use super::authority::{Authority, day};
use parking_lot::Mutex;
use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, SerialNumber};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Days that a leaf is valid: short, so that a lost cache or clock costs little (browsers accept up to 47 days by 2029, CA/B SC-081).
const DAYS: i64 = 14;
/// A leaf is used for this long, then minted anew.
const FRESH: Duration = Duration::from_secs((DAYS as u64 - 2) * 86_400);
/// Leaves kept; beyond it the older half goes.
const KEPT: usize = 4096;

/// Where a leaf came from (`source` of `sluis_leaf_certificates_total`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Minted,
    Cached,
}

/// Mints and keeps leaves.
pub struct Leaves {
    authority: Arc<Authority>,
    key: KeyPair,
    signer: Arc<dyn rustls::sign::SigningKey>,
    kept: Mutex<HashMap<String, (Arc<CertifiedKey>, Instant)>>,
    told: Box<dyn Fn(Source) + Send + Sync>,
}

impl std::fmt::Debug for Leaves {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Leaves({} kept)", self.kept.lock().len())
    }
}

impl Leaves {
    /// `told` hears of every leaf that is handed out, for the metrics.
    pub fn new(authority: Arc<Authority>, told: impl Fn(Source) + Send + Sync + 'static) -> Result<Self, rcgen::Error> {
        let key = KeyPair::generate()?;
        let der = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let signer = rustls::crypto::aws_lc_rs::sign::any_ecdsa_type(&der).map_err(|_| rcgen::Error::CouldNotParseKeyPair)?;
        Ok(Self { authority, key, signer, kept: Mutex::default(), told: Box::new(told) })
    }

    /// The leaf for `host` (a DNS name or an IP address), from the cache or new; none where the name is not valid.
    pub fn get(&self, host: &str) -> Option<Arc<CertifiedKey>> {
        let host = host.to_ascii_lowercase();
        if let Some((leaf, since)) = self.kept.lock().get(&host)
            && since.elapsed() < FRESH
        {
            (self.told)(Source::Cached);
            return Some(leaf.clone());
        }
        let leaf = Arc::new(self.mint(&host).ok()?);
        (self.told)(Source::Minted);
        let mut kept = self.kept.lock();
        if kept.len() >= KEPT {
            let mut ages: Vec<Instant> = kept.values().map(|(_, since)| *since).collect();
            ages.sort_unstable();
            let middle = ages[ages.len() / 2];
            kept.retain(|_, (_, since)| *since > middle);
        }
        kept.insert(host, (leaf.clone(), Instant::now()));
        Some(leaf)
    }

    fn mint(&self, host: &str) -> Result<CertifiedKey, rcgen::Error> {
        let mut params = CertificateParams::new(vec![host.to_owned()])?;
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        if host.len() <= 64 {
            params.distinguished_name = rcgen::DistinguishedName::new();
            params.distinguished_name.push(DnType::CommonName, host);
        }
        let mut serial = rand::random::<[u8; 16]>();
        serial[0] = serial[0] & 0x7f | 0x40; // positive, and of full length (RFC 5280, 4.1.2.2)
        params.serial_number = Some(SerialNumber::from_slice(&serial));
        let today = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
        params.not_before = day(today.yesterday().unwrap_or(today));
        params.not_after = params.not_before + Duration::from_secs(DAYS as u64 * 86_400);
        let leaf = params.signed_by(&self.key, self.authority.issuer())?;
        let chain: Vec<CertificateDer<'static>> = vec![leaf.der().clone(), self.authority.certificate_der().clone()];
        Ok(CertifiedKey::new(chain, self.signer.clone()))
    }
}

/// Answers a handshake by the client's server name, or by the name the connection was opened to.
#[derive(Debug)]
pub struct ByName {
    leaves: Arc<Leaves>,
    /// For clients that send no server name.
    fallback: Option<String>,
}

impl ResolvesServerCert for ByName {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let name = hello.server_name().or(self.fallback.as_deref())?;
        self.leaves.get(name)
    }
}

/// The server side of intercepted connections: configurations by what may be offered to the client.
pub struct ServerSide {
    leaves: Arc<Leaves>,
    h2: Arc<rustls::ServerConfig>,
    h1: Arc<rustls::ServerConfig>,
}

impl ServerSide {
    pub fn new(leaves: Arc<Leaves>) -> Result<Self, rustls::Error> {
        let h2 = config(&leaves, None, true)?;
        let h1 = config(&leaves, None, false)?;
        Ok(Self { leaves, h2: Arc::new(h2), h1: Arc::new(h1) })
    }

    /// `with_name`: the client sent a server name; else the leaf is for `host`. `h2`: the origin takes HTTP/2, so it may be offered.
    pub fn config(&self, host: &str, with_name: bool, h2: bool) -> Result<Arc<rustls::ServerConfig>, rustls::Error> {
        match (with_name, h2) {
            (true, true) => Ok(self.h2.clone()),
            (true, false) => Ok(self.h1.clone()),
            (false, _) => Ok(Arc::new(config(&self.leaves, Some(host), h2)?)),
        }
    }
}

fn config(leaves: &Arc<Leaves>, fallback: Option<&str>, h2: bool) -> Result<rustls::ServerConfig, rustls::Error> {
    let resolver = ByName {
        leaves: leaves.clone(),
        fallback: fallback.filter(|host| host.parse::<IpAddr>().is_ok() || !host.is_empty()).map(str::to_owned),
    };
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(resolver));
    config.ticketer = rustls::crypto::aws_lc_rs::Ticketer::new()?;
    config.send_tls13_tickets = 1;
    config.alpn_protocols = if h2 { vec![b"h2".to_vec(), b"http/1.1".to_vec()] } else { vec![b"http/1.1".to_vec()] };
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves() -> (tempfile::TempDir, Leaves) {
        let dir = tempfile::tempdir().unwrap();
        let (authority, _) = Authority::open(dir.path(), "Gemeente Voorbeeld").unwrap();
        (dir, Leaves::new(Arc::new(authority), |_| ()).unwrap())
    }

    #[test]
    fn a_leaf_verifies_against_the_ca_for_its_own_name_only() {
        let (_dir, leaves) = leaves();
        let leaf = leaves.get("ChatGPT.com").unwrap();
        let mut roots = rustls::RootCertStore::empty();
        roots.add(leaves.authority.certificate_der().clone()).unwrap();
        let verifier = rustls::client::WebPkiServerVerifier::builder_with_provider(
            Arc::new(roots),
            Arc::new(rustls::crypto::aws_lc_rs::default_provider()),
        )
        .build()
        .unwrap();
        let verify = |name: &str| {
            use rustls::client::danger::ServerCertVerifier;
            let name = rustls::pki_types::ServerName::try_from(name.to_owned()).unwrap();
            verifier.verify_server_cert(&leaf.cert[0], &leaf.cert[1..], &name, &[], rustls::pki_types::UnixTime::now()).is_ok()
        };
        assert!(verify("chatgpt.com"));
        assert!(!verify("claude.ai"));
    }

    #[test]
    fn a_second_look_gives_the_same_leaf_and_serials_differ_between_hosts() {
        let (_dir, leaves) = leaves();
        let (a, again, b) = (leaves.get("a.nl").unwrap(), leaves.get("a.nl").unwrap(), leaves.get("192.0.2.1").unwrap());
        assert!(Arc::ptr_eq(&a, &again));
        let serial = |leaf: &CertifiedKey| x509_parser::parse_x509_certificate(&leaf.cert[0]).unwrap().1.raw_serial().to_vec();
        assert_ne!(serial(&a), serial(&b));
        assert_eq!(serial(&a).len(), 16);
    }

    #[test]
    fn the_cache_stays_bounded() {
        let (_dir, leaves) = leaves();
        for n in 0..KEPT + 10 {
            leaves.get(&format!("h{n}.nl")).unwrap();
        }
        assert!(leaves.kept.lock().len() <= KEPT);
    }
}
