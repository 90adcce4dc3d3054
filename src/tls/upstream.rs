//! The connection to an origin: resolve, refuse what must not be reached, connect, verify.
//!
//! Takes a host and a port, gives a TCP or TLS stream with what the origin chose by ALPN. Verification is always on: system roots plus the
//! PEM files of `upstream.trust`. Addresses are checked after name resolution, so that a name cannot point into the internal network.

use ipnet::IpNet;
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// How long a connection and its handshake may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// Why an origin could not be reached. Each says host, reason and remedy.
#[derive(Debug, Error, Clone)]
pub enum UpstreamError {
    #[error("{host}: the name does not resolve ({reason}). Check the address, or the DNS that Sluis uses")]
    Resolve { host: String, reason: String },
    #[error("{host}: {address} is a private, loopback or link-local address. Add its network to upstream.allow-private if this is meant")]
    Private { host: String, address: IpAddr },
    #[error("{host}: {address} is one of Sluis's own listeners")]
    Own { host: String, address: SocketAddr },
    #[error("{host}: no connection ({reason}). Check the firewall, or upstream.proxy where a parent proxy is needed")]
    Connect { host: String, reason: String },
    #[error("{host}: its certificate cannot be trusted ({reason}). If the organisation's own PKI signed it, add that CA to upstream.trust")]
    Certificate { host: String, reason: String },
    #[error("{host}: the TLS handshake failed ({reason}). The origin may need a protocol that Sluis does not speak")]
    Handshake { host: String, reason: String },
}

impl UpstreamError {
    /// The kind, as a metric label.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Resolve { .. } => "resolve",
            Self::Private { .. } => "private-address",
            Self::Own { .. } => "own-listener",
            Self::Connect { .. } => "connect",
            Self::Certificate { .. } => "certificate",
            Self::Handshake { .. } => "handshake",
        }
    }

    /// The sentence's two halves: what is wrong, and what helps.
    pub fn reason_and_remedy(&self) -> (String, String) {
        let whole = self.to_string();
        let whole = whole.split_once(": ").map_or(whole.as_str(), |(_, rest)| rest);
        match whole.rsplit_once(". ") {
            Some((reason, remedy)) => (reason.to_owned(), format!("{remedy}.")),
            None => (whole.to_owned(), String::new()),
        }
    }

    /// Forbidden, as against out of reach.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Private { .. } | Self::Own { .. })
    }
}

#[derive(Debug, Error)]
pub enum TrustError {
    #[error("upstream.trust: {path}: {reason}. Give a PEM file with one or more CA certificates")]
    File { path: PathBuf, reason: String },
    #[error("the system has no trusted CA certificates: install the package ca-certificates, or name PEM files in upstream.trust")]
    None,
    #[error("TLS could not be set up: {0}")]
    Setup(#[from] rustls::Error),
}

/// What the operator set about origins.
#[derive(Debug, Clone, Default)]
pub struct UpstreamSettings {
    /// Trust the system's roots.
    pub trust_system: bool,
    pub trust_files: Vec<PathBuf>,
    /// Host to address and, optionally, port.
    pub resolve: HashMap<String, (IpAddr, Option<u16>)>,
    pub allow_private: Vec<IpNet>,
    /// Parent proxy, `host:port`, asked by CONNECT.
    pub proxy: Option<String>,
    /// Offer HTTP/2 to origins.
    pub h2: bool,
    /// Sluis's own listening addresses, never connected to.
    pub own: Vec<SocketAddr>,
}

/// Connects to origins.
pub struct Upstream {
    settings: UpstreamSettings,
    h2: TlsConnector,
    h1: TlsConnector,
}

impl Upstream {
    pub fn new(settings: UpstreamSettings) -> Result<Self, TrustError> {
        let mut roots = rustls::RootCertStore::empty();
        if settings.trust_system {
            // Single unreadable system certificates are skipped, as OpenSSL does.
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
        for path in &settings.trust_files {
            let failed = |reason: String| TrustError::File { path: path.clone(), reason };
            let certificates = CertificateDer::pem_file_iter(path).map_err(|e| failed(e.to_string()))?;
            let mut count = 0;
            for certificate in certificates {
                roots.add(certificate.map_err(|e| failed(e.to_string()))?).map_err(|e| failed(e.to_string()))?;
                count += 1;
            }
            if count == 0 {
                return Err(failed("there is no certificate in it".into()));
            }
        }
        if roots.is_empty() {
            return Err(TrustError::None);
        }
        let roots = Arc::new(roots);
        let make = |alpn: Vec<Vec<u8>>| -> Result<TlsConnector, TrustError> {
            let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
            let mut config = rustls::ClientConfig::builder_with_provider(provider)
                .with_safe_default_protocol_versions()?
                .with_root_certificates(roots.clone())
                .with_no_client_auth();
            config.alpn_protocols = alpn;
            Ok(TlsConnector::from(Arc::new(config)))
        };
        let h2 = make(if settings.h2 { vec![b"h2".to_vec(), b"http/1.1".to_vec()] } else { vec![b"http/1.1".to_vec()] })?;
        let h1 = make(vec![b"http/1.1".to_vec()])?;
        Ok(Self { settings, h2, h1 })
    }

    /// A TCP connection to `host:port`, after every check.
    pub async fn tcp(&self, host: &str, port: u16) -> Result<TcpStream, UpstreamError> {
        let failed = |reason: String| UpstreamError::Connect { host: host.to_owned(), reason };
        let connect = async {
            let stream = match &self.settings.proxy {
                Some(parent) if !self.settings.resolve.contains_key(host) => self.through(parent, host, port).await?,
                _ => self.direct(host, port).await?,
            };
            stream.set_nodelay(true).map_err(|e| failed(e.to_string()))?;
            Ok(stream)
        };
        tokio::time::timeout(PATIENCE, connect).await.unwrap_or_else(|_| Err(failed(format!("no answer in {} s", PATIENCE.as_secs()))))
    }

    /// A verified TLS connection; `h2` offers HTTP/2.
    pub async fn tls(&self, host: &str, port: u16, h2: bool) -> Result<TlsStream<TcpStream>, UpstreamError> {
        let handshake = |reason: String| UpstreamError::Handshake { host: host.to_owned(), reason };
        let tcp = self.tcp(host, port).await?;
        let name = ServerName::try_from(host.to_owned()).map_err(|e| handshake(e.to_string()))?;
        let connector = if h2 { &self.h2 } else { &self.h1 };
        let done = tokio::time::timeout(PATIENCE, connector.connect(name, tcp))
            .await
            .map_err(|_| handshake(format!("no answer in {} s", PATIENCE.as_secs())))?;
        done.map_err(|e| match e.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(rustls::Error::InvalidCertificate(why)) => {
                UpstreamError::Certificate { host: host.to_owned(), reason: certificate_reason(why) }
            }
            _ => handshake(e.to_string()),
        })
    }

    async fn direct(&self, host: &str, port: u16) -> Result<TcpStream, UpstreamError> {
        let mut last = None;
        for address in self.addresses(host, port).await? {
            self.permitted(host, address)?;
            match TcpStream::connect(address).await {
                Ok(stream) => return Ok(stream),
                Err(error) => last = Some(error.to_string()),
            }
        }
        Err(UpstreamError::Connect { host: host.to_owned(), reason: last.unwrap_or_else(|| "no address".into()) })
    }

    async fn through(&self, parent: &str, host: &str, port: u16) -> Result<TcpStream, UpstreamError> {
        let failed = |reason: String| UpstreamError::Connect { host: host.to_owned(), reason: format!("parent proxy {parent}: {reason}") };
        // The parent resolves the name; a literal address is checked here all the same.
        if let Ok(ip) = host.trim_matches(['[', ']']).parse::<IpAddr>() {
            self.permitted(host, SocketAddr::new(ip, port))?;
        } else if is_disguised(host) {
            return Err(failed("this form of address is not passed on; write the address in full".into()));
        }
        let host = if host.contains(':') { format!("[{}]", host.trim_matches(['[', ']'])) } else { host.to_owned() };
        let mut stream = TcpStream::connect(parent).await.map_err(|e| failed(e.to_string()))?;
        stream
            .write_all(format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n").as_bytes())
            .await
            .map_err(|e| failed(e.to_string()))?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            if head.len() > 16 * 1024 {
                return Err(failed("its answer has no end".into()));
            }
            head.push(stream.read_u8().await.map_err(|e| failed(e.to_string()))?);
        }
        let status = head.split(|b| *b == b' ').nth(1).unwrap_or_default();
        if status == b"200" { Ok(stream) } else { Err(failed(format!("it answered {}", String::from_utf8_lossy(status)))) }
    }

    async fn addresses(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, UpstreamError> {
        if let Some((ip, set)) = self.settings.resolve.get(host) {
            return Ok(vec![SocketAddr::new(*ip, set.unwrap_or(port))]);
        }
        let bare = host.trim_matches(['[', ']']);
        if let Ok(ip) = bare.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(ip, port)]);
        }
        let found = tokio::net::lookup_host((bare, port))
            .await
            .map_err(|e| UpstreamError::Resolve { host: host.to_owned(), reason: e.to_string() })?;
        Ok(found.collect())
    }

    fn permitted(&self, host: &str, address: SocketAddr) -> Result<(), UpstreamError> {
        let ip = canonical(address.ip());
        let own = |mine: &&SocketAddr| {
            mine.port() == address.port() && (canonical(mine.ip()) == ip || mine.ip().is_unspecified() && is_local(ip))
        };
        if let Some(address) = self.settings.own.iter().find(own) {
            return Err(UpstreamError::Own { host: host.to_owned(), address: *address });
        }
        if is_private(ip) && !self.settings.allow_private.iter().any(|net| net.contains(&ip)) {
            return Err(UpstreamError::Private { host: host.to_owned(), address: ip });
        }
        Ok(())
    }
}

/// An IPv4 address in IPv6 clothing is judged as the IPv4 address it is.
fn canonical(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V6(six) => {
            let (s, o) = (six.segments(), six.octets());
            let nat64 = s[..6] == [0x64, 0xff9b, 0, 0, 0, 0] || s[..3] == [0x64, 0xff9b, 1];
            let compatible = s[..6] == [0; 6] && s[6] != 0;
            if nat64 || compatible {
                return IpAddr::V4(Ipv4Addr::new(o[12], o[13], o[14], o[15]));
            }
            if s[0] == 0x2002 {
                return IpAddr::V4(Ipv4Addr::new(o[2], o[3], o[4], o[5])); // 6to4
            }
            six.to_canonical()
        }
        four => four,
    }
}

/// One of this machine's own addresses: only such can be bound.
fn is_local(ip: IpAddr) -> bool {
    ip.is_loopback() || std::net::UdpSocket::bind((ip, 0)).is_ok()
}

/// A host that may be an address in a form of old (`127.1`, `0x7f000001`, `2130706433`) or a name for this machine: what resolves it decides what
/// it means, so it is not handed to a parent proxy.
fn is_disguised(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or(host);
    let numeric = last.bytes().all(|byte| byte.is_ascii_digit()) || last.to_ascii_lowercase().starts_with("0x");
    numeric || last.eq_ignore_ascii_case("localhost")
}

/// Addresses that are not on the public internet (IANA special-purpose registries): loopback, private, link-local, shared, unspecified,
/// multicast, broadcast, unique-local.
fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => {
            let o = v4.octets();
            v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_multicast()
                || v4.is_broadcast()
                || o[0] == 0
                || o[0] == 100 && o[1] & 0xc0 == 64
                || o[0] >= 240
                || o[0] == 198 && o[1] & 0xfe == 18
                || o[..3] == [192, 0, 0]
        }
        IpAddr::V6(v6) => {
            let s = v6.segments();
            v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || s[0] & 0xfe00 == 0xfc00
                || s[0] & 0xffc0 == 0xfe80
                || s[0] & 0xffc0 == 0xfec0
        }
    }
}

fn certificate_reason(error: &rustls::CertificateError) -> String {
    use rustls::CertificateError as E;
    match error {
        E::Expired | E::ExpiredContext { .. } => "it has expired".into(),
        E::NotValidYet | E::NotValidYetContext { .. } => "it is not valid yet".into(),
        E::NotValidForName | E::NotValidForNameContext { .. } => "it is for another name".into(),
        E::UnknownIssuer => "its issuer is not trusted".into(),
        E::Revoked => "it was revoked".into(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upstream(allow: &[&str]) -> Upstream {
        let settings = UpstreamSettings {
            trust_system: true,
            allow_private: allow.iter().map(|n| n.parse().unwrap()).collect(),
            own: vec!["127.0.0.1:8080".parse().unwrap(), "0.0.0.0:9080".parse().unwrap()],
            ..UpstreamSettings::default()
        };
        let mut upstream = Upstream { settings: UpstreamSettings::default(), h2: connector(), h1: connector() };
        upstream.settings = settings;
        upstream
    }

    fn connector() -> TlsConnector {
        let config = rustls::ClientConfig::builder().with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth();
        TlsConnector::from(Arc::new(config))
    }

    #[test]
    fn private_addresses_are_refused_unless_named_also_in_ipv6_clothing() {
        let upstream = upstream(&["10.1.0.0/16"]);
        for address in [
            "127.0.0.1:443",
            "10.0.0.1:443",
            "192.168.1.1:443",
            "169.254.169.254:80",
            "100.64.0.1:1",
            "0.0.0.0:1",
            "[::1]:443",
            "[::ffff:10.0.0.1]:443",
            "[64:ff9b::a00:1]:443",
            "[fd00::1]:1",
            "[fe80::1]:1",
            "[fec0::1]:1",
            "[2002:a00:1::]:1",
            "[::10.0.0.1]:1",
            "[64:ff9b:1::a00:1]:1",
            "198.18.0.1:1",
        ] {
            assert!(matches!(upstream.permitted("x", address.parse().unwrap()), Err(UpstreamError::Private { .. })), "{address}");
        }
        for address in ["10.1.2.3:443", "[::ffff:10.1.2.3]:443", "93.184.216.34:443", "[2606:2800::1]:443"] {
            assert!(upstream.permitted("x", address.parse().unwrap()).is_ok(), "{address}");
        }
    }

    #[test]
    fn the_own_listeners_are_refused_even_where_loopback_is_allowed() {
        let upstream = upstream(&["127.0.0.0/8", "::1/128"]);
        for address in ["127.0.0.1:8080", "[::ffff:127.0.0.1]:8080", "127.0.0.2:9080", "[::1]:9080"] {
            assert!(matches!(upstream.permitted("x", address.parse().unwrap()), Err(UpstreamError::Own { .. })), "{address}");
        }
        assert!(upstream.permitted("x", "127.0.0.1:8081".parse().unwrap()).is_ok());
    }
}
