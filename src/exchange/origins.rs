//! The origins' side: pooled connections, HTTP/1.1 for clients that speak it and HTTP/2 for those that do, and what each origin takes.

use super::body::Body;
use crate::record::metrics::{Metrics, Side};
use crate::tls::upstream::{Upstream, UpstreamError};
use http::{Request, Response, Uri, Version};
use hyper::body::Incoming;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

/// How long it is remembered whether an origin takes HTTP/2.
const REMEMBERED: Duration = Duration::from_secs(600);
/// Idle connections are closed after this long; shorter than most origins' own limit, so that ours is not the one cut off.
const IDLE: Duration = Duration::from_secs(55);
/// Hosts remembered.
const KEPT: usize = 10_000;
/// Connections made to learn the protocol, kept for the first request.
const PARKED: usize = 256;

/// Clients of origins, one per HTTP version.
pub struct Origins {
    h1: Client<Connector, Body>,
    h2: Client<Connector, Body>,
    upstream: Arc<Upstream>,
    metrics: Arc<Metrics>,
    known: Mutex<HashMap<(String, u16), (bool, Instant)>>,
    parked: Arc<Parked>,
}

type Parked = Mutex<HashMap<(String, u16), (TlsStream<TcpStream>, Instant)>>;

impl Origins {
    pub(super) fn new(upstream: Arc<Upstream>, metrics: Arc<Metrics>) -> Self {
        let parked: Arc<Parked> = Arc::default();
        let connector = |h2| Connector { upstream: upstream.clone(), metrics: metrics.clone(), parked: parked.clone(), h2 };
        let mut builder = Client::builder(TokioExecutor::new());
        builder.pool_timer(TokioTimer::new()).timer(TokioTimer::new()).pool_idle_timeout(IDLE).pool_max_idle_per_host(1024).set_host(false);
        let h1 = builder.build(connector(false));
        let h2 = builder
            .http2_only(true)
            .http2_initial_stream_window_size(1 << 20)
            .http2_initial_connection_window_size(4 << 20)
            .http2_max_header_list_size(128 * 1024)
            .build(connector(true));
        Self { h1, h2, upstream, metrics, known: Mutex::default(), parked }
    }

    /// True if the origin negotiates HTTP/2. An origin that cannot be reached takes nothing; the request will say why.
    pub async fn takes_h2(&self, host: &str, port: u16) -> bool {
        let key = (host.to_owned(), port);
        if let Some((h2, since)) = self.known.lock().get(&key)
            && since.elapsed() < REMEMBERED
        {
            return *h2;
        }
        let stream = match self.upstream.tls(host, port, true).await {
            Ok(stream) => stream,
            Err(error) => {
                tracing::debug!(%error, "the origin's protocols are not known");
                return false;
            }
        };
        self.metrics.handshake(Side::Upstream, "ok");
        let h2 = speaks_h2(&stream);
        let mut known = self.known.lock();
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(key.clone(), (h2, Instant::now()));
        drop(known);
        if h2 {
            let mut parked = self.parked.lock();
            parked.retain(|_, (_, since)| since.elapsed() < Duration::from_secs(10));
            if parked.len() < PARKED {
                parked.insert(key, (stream, Instant::now()));
            }
        }
        h2
    }

    /// Sends a request whose URI is absolute; its version chooses the client.
    pub(super) async fn send(&self, request: Request<Body>) -> Result<Response<Incoming>, Error> {
        if request.version() == Version::HTTP_2 { self.h2.request(request).await } else { self.h1.request(request).await }
    }

    /// Forgets what `host` takes: it did not keep to it.
    pub(super) fn forget(&self, host: &str, port: u16) {
        self.known.lock().remove(&(host.to_owned(), port));
    }
}

fn speaks_h2(stream: &TlsStream<TcpStream>) -> bool {
    stream.get_ref().1.alpn_protocol() == Some(b"h2")
}

#[derive(Clone)]
struct Connector {
    upstream: Arc<Upstream>,
    metrics: Arc<Metrics>,
    parked: Arc<Parked>,
    h2: bool,
}

impl tower::Service<Uri> for Connector {
    type Response = TokioIo<Stream>;
    type Error = UpstreamError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, UpstreamError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), UpstreamError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let this = self.clone();
        Box::pin(async move {
            let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
            let tls = uri.scheme_str() == Some("https");
            let port = uri.port_u16().unwrap_or(if tls { 443 } else { 80 });
            if !tls {
                return Ok(TokioIo::new(Stream::Plain(this.upstream.tcp(&host, port).await?)));
            }
            if this.h2
                && let Some((stream, since)) = this.parked.lock().remove(&(host.clone(), port))
                && since.elapsed() < Duration::from_secs(10)
            {
                return Ok(TokioIo::new(Stream::Tls(Box::new(stream))));
            }
            let stream = this.upstream.tls(&host, port, this.h2).await.inspect_err(|error| {
                if matches!(error, UpstreamError::Certificate { .. } | UpstreamError::Handshake { .. }) {
                    this.metrics.handshake(Side::Upstream, "failed");
                }
            })?;
            this.metrics.handshake(Side::Upstream, "ok");
            if this.h2 && !speaks_h2(&stream) {
                return Err(UpstreamError::Handshake { host, reason: "it no longer takes HTTP/2".into() });
            }
            Ok(TokioIo::new(Stream::Tls(Box::new(stream))))
        })
    }
}

/// A connection to an origin.
enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        match self {
            Self::Tls(stream) if speaks_h2(stream) => Connected::new().negotiated_h2(),
            _ => Connected::new(),
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(s) => Pin::new(s).poll_read(cx, buf),
            Self::Tls(s) => Pin::new(s).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(s) => Pin::new(s).poll_write(cx, buf),
            Self::Tls(s) => Pin::new(s).poll_write(cx, buf),
        }
    }

    fn poll_write_vectored(self: Pin<&mut Self>, cx: &mut Context<'_>, bufs: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(s) => Pin::new(s).poll_write_vectored(cx, bufs),
            Self::Tls(s) => Pin::new(s).poll_write_vectored(cx, bufs),
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(s) => Pin::new(s).poll_flush(cx),
            Self::Tls(s) => Pin::new(s).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(s) => Pin::new(s).poll_shutdown(cx),
            Self::Tls(s) => Pin::new(s).poll_shutdown(cx),
        }
    }
}
