//! The stand-in AI service: every AI host of the catalogue on one loopback port, so that the demo and the tests need no internet.
//!
//! Takes an address and a folder for its throw-away CA; answers in the form of the API or web application that the path belongs to
//! (`answers.rs`), over TLS with HTTP/1.1 and HTTP/2 by ALPN, or in clear over HTTP/1.1. It repeats what it read, so that a test sees what
//! reached it. It listens on loopback only, keeps a bounded list in memory, and must never be taken for a part of the proxy.
//!
//! Beside the AI paths: `GET /__seen` (what this host received), `DELETE /__seen`, `GET /bytes/N`, `POST /echo`, `GET /` (a chat page).
//! In a query: `gzip=1` compresses the answer, `vanish=N` breaks the connection after N pieces of a stream.

mod answers;
mod forms;
mod said;
mod seen;

use crate::tls::authority::{Authority, AuthorityError};
use crate::tls::leaf::{Leaves, ServerSide};
use answers::{Answer, Body, Wish};
use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use seen::{Received, Seen};
use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

/// Connections served at once.
const CONNECTIONS: usize = 1024;
/// A body is read for its words up to here; the rest is counted, hashed and dropped.
const READ: usize = 4 * 1024 * 1024;
/// How long a client may take to send a head.
const HEAD: Duration = Duration::from_secs(30);
/// The longest answer of `/bytes/N`.
const MOST_BYTES: u64 = 4 * 1024 * 1024 * 1024;

#[derive(Debug, Error)]
pub(crate) enum OriginError {
    #[error("the stand-in AI service cannot listen on {address}: {source}. Choose another address")]
    Listen { address: SocketAddr, source: std::io::Error },
    #[error("the stand-in AI service listens on loopback only, not on {0}")]
    NotLoopback(SocketAddr),
    #[error("the stand-in AI service has no certificate authority: {0}")]
    Authority(#[from] AuthorityError),
    #[error("the stand-in AI service cannot set up TLS: {0}")]
    Tls(#[from] rustls::Error),
    #[error("the stand-in AI service cannot make a key: {0}")]
    Key(#[from] rcgen::Error),
    #[error("cannot write {path}: {source}")]
    CaOut { path: PathBuf, source: std::io::Error },
}

/// How the stand-in behaves.
#[derive(Debug, Clone)]
pub(crate) struct OriginSettings {
    pub(crate) listen: SocketAddr,
    /// Time between two events of a streamed answer.
    pub(crate) interval: Duration,
    /// Offer HTTP/2.
    pub(crate) h2: bool,
    /// Any address, not only loopback: for tests in network namespaces of their own.
    pub(crate) anywhere: bool,
}

/// A bound stand-in, ready to serve.
pub(crate) struct Origin {
    listener: TcpListener,
    tls: TlsAcceptor,
    seen: Arc<Seen>,
    interval: Duration,
    ca_pem: String,
}

impl Origin {
    /// Binds, and makes (or takes) the CA in `folder`.
    pub(crate) async fn bind(settings: OriginSettings, folder: &Path) -> Result<Self, OriginError> {
        let address = settings.listen;
        if !settings.anywhere && !address.ip().is_loopback() {
            return Err(OriginError::NotLoopback(address));
        }
        let listener = TcpListener::bind(address).await.map_err(|source| OriginError::Listen { address, source })?;
        let (authority, _) = Authority::open(folder, "Stand-in AI service")?;
        let ca_pem = authority.certificate_pem().to_owned();
        let leaves = Arc::new(Leaves::new(Arc::new(authority), |_| {})?);
        // A client that sends no server name gets the certificate of the address it dialled.
        let tls = ServerSide::new(leaves)?.config(&address.ip().to_string(), false, settings.h2)?;
        Ok(Self { listener, tls: TlsAcceptor::from(tls), seen: Arc::default(), interval: settings.interval, ca_pem })
    }

    pub(crate) fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Writes the certificate that clients of the stand-in must trust.
    pub(crate) fn write_ca(&self, path: &Path) -> Result<(), OriginError> {
        std::fs::write(path, &self.ca_pem).map_err(|source| OriginError::CaOut { path: path.into(), source })
    }

    /// Serves until `stop`; connections still open then are dropped.
    pub(crate) async fn serve(self, stop: impl Future<Output = ()>) {
        let room = Arc::new(Semaphore::new(CONNECTIONS));
        let mut connections = tokio::task::JoinSet::new();
        tokio::pin!(stop);
        loop {
            let accepted = tokio::select! {
                () = &mut stop => break,
                accepted = async { (room.clone().acquire_owned().await, self.listener.accept().await) } => accepted,
            };
            let (Ok(place), accepted) = accepted else { break };
            while connections.try_join_next().is_some() {}
            match accepted {
                Ok((stream, _)) => {
                    let (tls, seen, interval) = (self.tls.clone(), self.seen.clone(), self.interval);
                    connections.spawn(async move {
                        let _place = place;
                        connection(stream, tls, seen, interval).await;
                    });
                }
                // Out of descriptors: give the open connections time to end.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }
}

/// One connection: TLS where the first byte says so. Errors end it; the client sees a closed connection, as from any service.
async fn connection(stream: TcpStream, tls: TlsAcceptor, seen: Arc<Seen>, interval: Duration) {
    let _ = stream.set_nodelay(true);
    let mut first = [0];
    match tokio::time::timeout(HEAD, stream.peek(&mut first)).await {
        Ok(Ok(1)) if first[0] == 0x16 => {
            if let Ok(Ok(stream)) = tokio::time::timeout(HEAD, tls.accept(stream)).await {
                let name = stream.get_ref().1.server_name().map(str::to_owned);
                http(TokioIo::new(stream), name, seen, interval).await;
            }
        }
        Ok(Ok(1)) => http(TokioIo::new(stream), None, seen, interval).await,
        _ => {}
    }
}

async fn http<S>(stream: S, name: Option<String>, seen: Arc<Seen>, interval: Duration)
where
    S: hyper::rt::Read + hyper::rt::Write + Unpin + Send + 'static,
{
    let service = tower::service_fn(move |request: Request<Incoming>| {
        let (name, seen) = (name.clone(), seen.clone());
        async move { Ok::<_, Infallible>(answer(request, name, seen, interval).await) }
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    builder.http2().timer(TokioTimer::new());
    let _ = builder.serve_connection(stream, TowerToHyperService::new(service)).await;
}

/// One request: its own pages first, then the AI forms.
async fn answer(request: Request<Incoming>, name: Option<String>, seen: Arc<Seen>, interval: Duration) -> Response<Body> {
    let (head, body) = request.into_parts();
    let host = host_of(&head, name);
    let path = head.uri.path().to_owned();
    match (&head.method, path.as_str()) {
        (&Method::GET, "/__seen") => return answers::json(200, &serde_json::Value::Array(seen.of(&host))),
        (&Method::DELETE, "/__seen") => {
            seen.clear(&host);
            return answers::json(200, &serde_json::json!({ "cleared": true }));
        }
        (&Method::GET, "/") => return answers::page(&host),
        (&Method::HEAD | &Method::OPTIONS, _) => return answers::nothing(),
        (&Method::GET, _) => {
            if let Some(length) = path.strip_prefix("/bytes/").and_then(|n| n.parse().ok()) {
                return answers::bytes(std::cmp::min(length, MOST_BYTES));
            }
        }
        _ => {}
    }
    let received = match read(body).await {
        Ok(received) => received,
        // The client vanished; nobody reads this answer.
        Err(_) => return answers::json(400, &serde_json::json!({ "error": { "message": "the body ended early" } })),
    };
    let words = received.words.clone();
    let entry = seen.add(&host, &head, received);
    let answer = Answer::to(&head, &host, words);
    answers::respond(answer, Wish::of(&head, interval), move || seen::Seen::answered(&entry))
}

/// The name the client asked for, without a port.
fn host_of(head: &http::request::Parts, name: Option<String>) -> String {
    let authority = head.uri.authority().map(|a| a.host().to_owned());
    let header = || head.headers.get(http::header::HOST).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let host = authority.or_else(header).or(name).unwrap_or_default();
    let bare = match host.rsplit_once(':') {
        Some((bare, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !bare.ends_with(':') => bare,
        _ => &host,
    };
    bare.to_ascii_lowercase()
}

/// Reads a whole body in bounded memory.
async fn read(mut body: Incoming) -> Result<Received, hyper::Error> {
    let mut received = Received::default();
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame?.into_data() {
            received.push(&data, READ);
        }
    }
    Ok(received)
}

/// An owned piece of an answer.
fn piece(text: impl Into<String>) -> Bytes {
    Bytes::from(text.into())
}
