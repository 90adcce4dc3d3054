//! Reads the server name and ALPN out of a ClientHello (RFC 8446 section 4.1.2) without consuming it.
//!
//! Takes the first bytes a client sent; gives what they say, or that more are needed. A hello that is split over TCP segments or over
//! several TLS records is put together. Never panics, never allocates more than one hello's worth of bytes.

/// The longest hello that is read: 64 KiB, far above post-quantum key shares and long ticket lists.
pub const LONGEST: usize = 64 * 1024;

/// What the first bytes of a connection are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Peek {
    /// A whole ClientHello.
    Hello(ClientHello),
    /// The beginning of one: read on.
    More,
    /// Something else than TLS.
    NotTls,
    /// TLS, but not a well-formed ClientHello.
    Malformed,
}

/// The parts of a ClientHello that routing needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientHello {
    /// Server name indication, lower case; the outer name where the hello is encrypted.
    pub server_name: Option<String>,
    /// Protocols offered, in the client's order.
    pub alpn: Vec<Vec<u8>>,
    /// The hello carries Encrypted Client Hello (RFC 9849, extension 0xfe0d): `server_name` is then not to be trusted.
    pub encrypted: bool,
}

/// Looks at the first bytes of a connection.
pub fn peek(bytes: &[u8]) -> Peek {
    match bytes.first() {
        None => return Peek::More,
        Some(0x16) => {}
        Some(_) => return Peek::NotTls,
    }
    let mut handshake = Vec::new();
    let mut rest = bytes;
    loop {
        let Some((head, tail)) = rest.split_at_checked(5) else { return Peek::More };
        let length = usize::from(u16::from_be_bytes([head[3], head[4]]));
        if head[0] != 0x16 || head[1] != 3 || length > (1 << 14) + 256 || bytes.len() - rest.len() > LONGEST {
            return Peek::Malformed;
        }
        let whole = tail.len() >= length;
        handshake.extend_from_slice(&tail[..length.min(tail.len())]);
        if handshake.first().is_some_and(|kind| *kind != 1) || handshake.len() > LONGEST {
            return Peek::Malformed;
        }
        if let Some((_, size)) = handshake.split_first().and_then(|(kind, more)| more.first_chunk::<3>().map(|n| (kind, n))) {
            let size = usize::from(size[0]) << 16 | usize::from(size[1]) << 8 | usize::from(size[2]);
            if size > LONGEST {
                return Peek::Malformed;
            }
            if let Some(body) = handshake.get(4..4 + size) {
                return parse(body).map_or(Peek::Malformed, Peek::Hello);
            }
        }
        if !whole {
            return Peek::More;
        }
        rest = &tail[length..];
    }
}

/// A cursor over length-prefixed fields; every read is checked.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(n)?;
        self.0 = tail;
        Some(head)
    }

    fn u8(&mut self) -> Option<usize> {
        self.take(1).map(|b| usize::from(b[0]))
    }

    fn u16(&mut self) -> Option<usize> {
        self.take(2).map(|b| usize::from(b[0]) << 8 | usize::from(b[1]))
    }
}

fn parse(body: &[u8]) -> Option<ClientHello> {
    let mut f = Fields(body);
    f.take(2 + 32)?; // legacy version, random
    let session = f.u8()?;
    f.take(session)?;
    let ciphers = f.u16()?;
    f.take(ciphers)?;
    let compressions = f.u8()?;
    f.take(compressions)?;
    let mut hello = ClientHello::default();
    if f.0.is_empty() {
        return Some(hello); // extensions are optional before TLS 1.3
    }
    let length = f.u16()?;
    let mut extensions = Fields(f.take(length)?);
    while !extensions.0.is_empty() {
        let kind = extensions.u16()?;
        let length = extensions.u16()?;
        let mut data = Fields(extensions.take(length)?);
        match kind {
            0 => hello.server_name = server_name(&mut data)?,
            16 => {
                let length = data.u16()?;
                let mut list = Fields(data.take(length)?);
                while !list.0.is_empty() {
                    let n = list.u8()?;
                    hello.alpn.push(list.take(n)?.to_vec());
                }
            }
            // An outer hello starts with 0; GREASE has the same shape and is treated alike: the name may be a decoy.
            0xfe0d => hello.encrypted = data.u8()? == 0 && !data.0.is_empty(),
            _ => {}
        }
    }
    Some(hello)
}

fn server_name(data: &mut Fields<'_>) -> Option<Option<String>> {
    let length = data.u16()?;
    let mut list = Fields(data.take(length)?);
    while !list.0.is_empty() {
        let kind = list.u8()?;
        let n = list.u16()?;
        let name = list.take(n)?;
        if kind == 0 {
            let name = std::str::from_utf8(name).ok()?.trim_end_matches('.').to_ascii_lowercase();
            let valid = !name.is_empty() && name.len() <= 253 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
            return valid.then_some(Some(name));
        }
    }
    Some(None)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A ClientHello as rustls writes it.
    pub(crate) fn real(name: &str) -> Vec<u8> {
        let config = rustls::ClientConfig::builder().with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth();
        let mut config = config;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let name = rustls::pki_types::ServerName::try_from(name.to_owned()).unwrap();
        let mut client = rustls::ClientConnection::new(config.into(), name).unwrap();
        let mut out = Vec::new();
        client.write_tls(&mut out).unwrap();
        out
    }

    fn expect(bytes: &[u8], name: &str) {
        let Peek::Hello(hello) = peek(bytes) else { panic!("{:?}", peek(bytes)) };
        assert_eq!(hello.server_name.as_deref(), Some(name));
        assert_eq!(hello.alpn, [b"h2".to_vec(), b"http/1.1".to_vec()]);
        assert!(!hello.encrypted);
    }

    #[test]
    fn a_real_hello_gives_its_name_and_protocols() {
        expect(&real("chatgpt.com"), "chatgpt.com");
    }

    #[test]
    fn a_hello_cut_anywhere_asks_for_more_and_then_parses() {
        let bytes = real("chatgpt.com");
        for cut in 0..bytes.len() {
            assert_eq!(peek(&bytes[..cut]), Peek::More, "cut at {cut}");
        }
    }

    #[test]
    fn a_hello_in_many_tls_records_is_put_together() {
        let bytes = real("chatgpt.com");
        let mut split = Vec::new();
        for chunk in bytes[5..].chunks(7) {
            split.extend_from_slice(&[0x16, 3, 1, 0, chunk.len() as u8]);
            split.extend_from_slice(chunk);
        }
        expect(&split, "chatgpt.com");
    }

    #[test]
    fn an_encrypted_client_hello_is_told() {
        let mut body = vec![3, 3];
        body.extend([0; 32]);
        body.extend([0, 0, 2, 0x13, 1, 1, 0]);
        body.extend([0, 9, 0xfe, 0x0d, 0, 5, 0, 1, 2, 3, 4]);
        let mut bytes = vec![0x16, 3, 1, 0, body.len() as u8 + 4, 1, 0, 0, body.len() as u8];
        bytes.extend(body);
        let Peek::Hello(hello) = peek(&bytes) else { panic!() };
        assert!(hello.encrypted && hello.server_name.is_none());
    }

    #[test]
    fn other_protocols_are_not_tls() {
        assert_eq!(peek(b"GET / HTTP/1.1\r\n"), Peek::NotTls);
        assert_eq!(peek(b"SSH-2.0-x"), Peek::NotTls);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..600)) { peek(&bytes); }

        #[test]
        fn a_damaged_hello_is_survived(at in 0usize..400, with in any::<u8>()) {
            let mut bytes = real("chatgpt.com");
            let at = at % bytes.len();
            bytes[at] = with;
            peek(&bytes);
        }
    }
}
