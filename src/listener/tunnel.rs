//! Carries a connection unread, or hands it to [`intercept`](super::intercept): the decision stands here.
//!
//! Takes a stream, where it wants to go and the bytes read so far. The first bytes are looked at without being consumed. Only hosts of the
//! catalogue that the policy does not except are intercepted; everything else goes through byte for byte and never meets a certificate of ours.

use super::explicit::normal;
use super::intercept::{self, Route};
use super::prefixed::Prefixed;
use super::{Proxy, SELF};
use crate::catalogue::OnHost;
use crate::exchange::Scheme;
use crate::identity::Peer;
use crate::record::metrics::ConnectionState;
use crate::tls::hello::{self, ClientHello, Peek};
use bytes::{Bytes, BytesMut};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

/// Where a connection wants to go: a name or an address, and a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub host: String,
    pub port: u16,
}

/// Bytes carried at a time, each way.
const PIECE: usize = 16 * 1024;
/// How long a tunnel may still move bytes after the drain asked to stop.
const GRACE: Duration = Duration::from_secs(1);

/// True if connections to `host` are read: it is in the catalogue, and the policy does not say `never-intercept`.
pub(super) fn is_read(proxy: &Proxy, host: &str) -> bool {
    if host == SELF {
        return true;
    }
    proxy.catalogue.on_host(host) != OnHost::None
        && !proxy.policy.current().never_intercept(host, proxy.catalogue.lookup(host, "/").map(|tool| &**tool))
}

/// Serves one connection to its end. `early` was read from `io` before; `origin` is a connection to the target, where one was already made.
pub(super) async fn serve<S>(
    proxy: Arc<Proxy>,
    mut io: S,
    early: Bytes,
    target: Target,
    peer: Arc<Peer>,
    mut origin: Option<TcpStream>,
    transparent: bool,
) where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let mut read = BytesMut::from(&*early);
    let peeked = first_bytes(&proxy, &mut io, &mut read, &target, &mut origin).await;
    let route = |scheme, host| Route { host, port: target.port, scheme, peer: peer.clone(), transparent };
    match peeked {
        First::Tls(hello) => {
            if is_foreign(&proxy, &target, &hello) {
                return proxy.metrics.hello("other-name");
            }
            if let Some(host) = to_intercept(&proxy, &target, &hello) {
                drop(origin);
                return intercept::tls(proxy, Prefixed::new(read.freeze(), io), &hello, route(Scheme::Https, host)).await;
            }
        }
        First::Plain => {
            // Where the target is an address, the name stands in the head.
            whole_head(&proxy, &mut io, &mut read).await;
            let named = plain_host(&read).filter(|host| is_read(&proxy, host));
            if let Some(host) = named.or_else(|| is_read(&proxy, &target.host).then(|| target.host.clone())) {
                drop(origin);
                return intercept::plain(proxy, Prefixed::new(read.freeze(), io), route(Scheme::Http, host)).await;
            }
        }
        // TLS that cannot be read is not carried: a name may be hidden in it.
        First::Broken => return proxy.metrics.hello("malformed"),
        First::Silent => return,
        First::OriginSpeaks => {}
    }
    let origin = match origin {
        Some(origin) => origin,
        None => match proxy.upstream.tcp(&target.host, target.port).await {
            Ok(origin) => origin,
            Err(error) => {
                proxy.metrics.upstream_error(error.kind());
                tracing::warn!(%error, "no tunnel");
                return;
            }
        },
    };
    carry(&proxy, io, origin, read.freeze()).await;
}

enum First {
    Tls(ClientHello),
    Plain,
    Broken,
    /// Nothing came in time.
    Silent,
    /// The other side spoke first: not a protocol that is read here.
    OriginSpeaks,
}

/// Reads until it is clear what the client speaks, or until the origin speaks first. A client that has begun a hello must finish it within
/// `limits.header-timeout`; one that says nothing may take `limits.idle`.
async fn first_bytes<S: AsyncRead + Unpin>(
    proxy: &Proxy,
    io: &mut S,
    read: &mut BytesMut,
    target: &Target,
    origin: &mut Option<TcpStream>,
) -> First {
    let begin = tokio::time::Instant::now();
    let mut heard = None;
    loop {
        match hello::peek(read) {
            Peek::Hello(hello) => return First::Tls(hello),
            Peek::NotTls => return First::Plain,
            Peek::Malformed => return First::Broken,
            Peek::More => {}
        }
        if !read.is_empty() {
            heard.get_or_insert_with(tokio::time::Instant::now);
        }
        let until = match heard {
            Some(first) => first + proxy.limits.header_timeout,
            None if origin.is_none() => begin + proxy.limits.header_timeout,
            None => begin + proxy.limits.idle,
        };
        read.reserve(2048);
        let speaks = async {
            match origin {
                Some(origin) => drop(origin.readable().await),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            got = io.read_buf(read) => match got {
                Ok(0) | Err(_) => return if read.is_empty() { First::Silent } else { First::Broken },
                Ok(_) => {}
            },
            () = speaks, if read.is_empty() => return First::OriginSpeaks,
            () = tokio::time::sleep_until(until) => {
                if !read.is_empty() {
                    return First::Broken;
                }
                if origin.is_some() || is_read(proxy, &target.host) {
                    return First::Silent;
                }
                // Perhaps it waits for the other side: a protocol in which the origin speaks first.
                match proxy.upstream.tcp(&target.host, target.port).await {
                    Ok(stream) => *origin = Some(stream),
                    Err(error) => {
                        proxy.metrics.upstream_error(error.kind());
                        return First::Silent;
                    }
                }
            }
        }
    }
}

/// The bytes are, or may become, an HTTP request. Other protocols must not wait for the end of a head that never comes.
fn is_request(read: &[u8]) -> bool {
    const METHODS: [&[u8]; 9] = [b"GET ", b"POST ", b"PUT ", b"PATCH ", b"DELETE ", b"HEAD ", b"OPTIONS ", b"TRACE ", b"CONNECT "];
    METHODS.iter().any(|method| read.starts_with(method) || method.starts_with(read))
}

/// Reads on until a plain request's head is there, or cannot come any more.
async fn whole_head<S: AsyncRead + Unpin>(proxy: &Proxy, io: &mut S, read: &mut BytesMut) {
    let until = tokio::time::Instant::now() + proxy.limits.header_timeout;
    while is_request(read) && read.len() < 64 * 1024 && memchr::memmem::find(read, b"\r\n\r\n").is_none() {
        read.reserve(2048);
        match tokio::time::timeout_at(until, io.read_buf(read)).await {
            Ok(Ok(n)) if n > 0 => {}
            _ => return,
        }
    }
}

/// The hello names another host than `CONNECT` did, and only the latter is read: a leaf for that name would be for a host that is not ours to
/// read, and carrying it unread would let anyone reach a read host under another name.
fn is_foreign(proxy: &Proxy, target: &Target, hello: &ClientHello) -> bool {
    let sent = hello.server_name.as_deref();
    !hello.encrypted && sent.is_some_and(|sent| sent != target.host && !is_read(proxy, sent)) && is_read(proxy, &target.host)
}

/// The name to intercept for, or none: tunnel. With an encrypted hello the name in it may be a decoy, so the `CONNECT` host goes first.
fn to_intercept(proxy: &Proxy, target: &Target, hello: &ClientHello) -> Option<String> {
    let sent = hello.server_name.as_deref();
    proxy.metrics.hello(match (hello.encrypted, sent) {
        (true, _) => "ech",
        (false, None) => "no-sni",
        (false, Some(_)) => "plain",
    });
    let asked = target.host.as_str();
    let order = if hello.encrypted { [Some(asked), sent] } else { [sent, Some(asked)] };
    order.into_iter().flatten().find(|host| is_read(proxy, host)).map(str::to_owned)
}

/// The Host header of a plain HTTP request whose head has arrived.
fn plain_host(read: &[u8]) -> Option<String> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut request = httparse::Request::new(&mut headers);
    request.parse(read).ok()?;
    let host = request.headers.iter().find(|h| h.name.eq_ignore_ascii_case("host"))?;
    let host: http::uri::Authority = std::str::from_utf8(host.value).ok()?.trim().parse().ok()?;
    Some(normal(host.host()))
}

async fn carry<S: AsyncRead + AsyncWrite + Unpin>(proxy: &Proxy, mut io: S, mut origin: TcpStream, read: Bytes) {
    let _open = proxy.metrics.connection(ConnectionState::Tunnel);
    if origin.write_all(&read).await.is_err() {
        return;
    }
    drop(read);
    let mut drain = proxy.drain.clone();
    let both = tokio::io::copy_bidirectional_with_sizes(&mut io, &mut origin, PIECE, PIECE);
    tokio::pin!(both);
    tokio::select! {
        _ = &mut both => {}
        () = async { drain.asked().await; tokio::time::sleep(GRACE).await } => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_be_http_is_waited_for() {
        for text in ["G", "GET / HTTP/1.1\r\n", "OPTIONS *", "POS"] {
            assert!(is_request(text.as_bytes()), "{text}");
        }
        for text in ["PING\r\n", "EHLO x", "\0\x01", "GETX "] {
            assert!(!is_request(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn the_name_of_a_plain_request_stands_in_its_head() {
        assert_eq!(plain_host(b"POST /v1 HTTP/1.1\r\nX: y\r\nHost: Ollama.com:80\r\n\r\n").as_deref(), Some("ollama.com"));
        assert_eq!(plain_host(b"no http at all\r\n\r\n"), None);
    }
}
