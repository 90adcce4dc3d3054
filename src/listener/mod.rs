//! How connections come in, and which of them are read.
//!
//! [`explicit`] takes `CONNECT` and absolute-form requests, [`transparent`] what nftables redirects here. Both hand over to [`tunnel`], which
//! looks at the first bytes and decides: carry the bytes unread, or [`intercept`] with a leaf certificate. [`pac`] writes the file that sends
//! only AI hosts this way.

pub mod drain;
pub mod explicit;
mod guard;
mod intercept;
pub mod pac;
mod prefixed;
pub mod transparent;
mod tunnel;

use crate::catalogue::Catalogue;
use crate::exchange::{Chamber, internal::Internal};
use crate::identity::Identifier;
use crate::policy::live::Live;
use crate::record::metrics::Metrics;
use crate::settings::Limits;
use crate::tls::leaf::ServerSide;
use crate::tls::upstream::Upstream;
use drain::Drain;
use hyper_util::rt::TokioTimer;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// The host under which the proxy itself can be reached through the proxy.
pub const SELF: &str = "sluis.internal";

/// What every connection needs; one per process.
pub struct Proxy {
    pub catalogue: Arc<Catalogue>,
    pub policy: Arc<Live>,
    pub upstream: Arc<Upstream>,
    pub server_side: ServerSide,
    pub chamber: Chamber,
    pub internal: Arc<Internal>,
    pub identifier: Arc<Identifier>,
    pub metrics: Arc<Metrics>,
    pub limits: Limits,
    pub drain: Drain,
    /// One permit per open connection (`limits.connections`).
    pub room: Arc<Semaphore>,
}

/// Room for one connection; given back when the last task that serves it has ended.
type Permit = Arc<tokio::sync::OwnedSemaphorePermit>;

/// Accepts TCP connections on `listener`, one task each, until the drain asks to stop.
async fn accept<F, Fut>(proxy: Arc<Proxy>, listener: TcpListener, serve: F)
where
    F: Fn(Arc<Proxy>, TcpStream, SocketAddr, Permit) -> Fut,
    Fut: Future<Output = ()> + Send + 'static,
{
    let mut drain = proxy.drain.clone();
    loop {
        let Ok(permit) = proxy.room.clone().acquire_owned().await else { return };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = drain.asked() => return,
        };
        match accepted {
            Ok((stream, address)) => {
                // Without it, small pieces of a stream wait up to 40 ms for an acknowledgement.
                let _ = stream.set_nodelay(true);
                tokio::spawn(serve(proxy.clone(), stream, address, Arc::new(permit)));
            }
            Err(error) => {
                // Out of file descriptors, most often: wait until connections have ended.
                tracing::warn!(%error, "a connection could not be accepted; raise the limit on open files (LimitNOFILE) if this goes on");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

/// What the guard allows a client.
fn patience(limits: &Limits) -> guard::Patience {
    guard::Patience { head: limits.header_timeout, idle: limits.idle }
}

/// The HTTP/1.1 server side, with the limits that keep a slow or greedy client harmless.
fn http1() -> hyper::server::conn::http1::Builder {
    let mut builder = hyper::server::conn::http1::Builder::new();
    // The guard keeps the time: the library's own clock would also end connections that are merely idle.
    builder.timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(64 * 1024).half_close(false);
    builder
}

/// Counts and logs how a connection ended, where it did not end well. A client that goes away is no news.
fn tell_end(proxy: &Proxy, error: &hyper::Error) {
    if error.is_parse() {
        proxy.metrics.refused("malformed-http");
        tracing::debug!(%error, "malformed HTTP");
    } else if std::error::Error::source(error)
        .and_then(|e| e.downcast_ref::<std::io::Error>())
        .is_some_and(|e| e.kind() == std::io::ErrorKind::TimedOut)
    {
        proxy.metrics.refused("silent-client");
    } else {
        tracing::trace!(%error, "connection ended");
    }
}
