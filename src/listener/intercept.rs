//! The reading side of a connection: our leaf towards the client, HTTP/1.1 or HTTP/2 inside, every request into the chamber.
//!
//! HTTP/2 is offered only where the origin takes it too. A request whose authority is not the connection's host is answered 421: its leaf, its
//! decision and its origin are for that host alone.

use super::guard::Guarded;
use super::prefixed::Prefixed;
use super::{Proxy, SELF};
use crate::exchange::body::{self, Answer};
use crate::exchange::{Arrival, Connection, Scheme};
use crate::identity::Peer;
use crate::record::metrics::{ConnectionState, Side};
use crate::tls::hello::ClientHello;
use http::{Request, StatusCode, header};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;

/// Where an intercepted connection goes, and whose it is.
pub(super) struct Route {
    pub host: String,
    pub port: u16,
    pub scheme: Scheme,
    pub peer: Arc<Peer>,
    pub transparent: bool,
}

impl Route {
    fn connection(self) -> Arc<Connection> {
        Arc::new(Connection { host: self.host, port: self.port, scheme: self.scheme, peer: self.peer, transparent: self.transparent })
    }
}

/// TLS to the client, then HTTP.
pub(super) async fn tls<S>(proxy: Arc<Proxy>, io: Prefixed<S>, hello: &ClientHello, route: Route)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let offers_h2 = hello.alpn.iter().any(|protocol| protocol == b"h2");
    // An origin that cannot be reached is told on the first request, in a form the client can show.
    let h2 = offers_h2 && route.host != SELF && proxy.chamber.origins().takes_h2(&route.host, route.port).await;
    let config = match proxy.server_side.config(&route.host, hello.server_name.is_some(), h2) {
        Ok(config) => config,
        Err(error) => return tracing::error!(%error, host = route.host, "no TLS configuration for the client side"),
    };
    let accepted = tokio::time::timeout(proxy.limits.header_timeout, TlsAcceptor::from(config).accept(io)).await;
    let stream = match accepted {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => {
            proxy.metrics.handshake(Side::Client, "failed");
            return tracing::info!(host = route.host, %error, "the client did not accept our certificate or broke off; is the CA installed there? (sluis ca export)");
        }
        Err(_) => return proxy.metrics.handshake(Side::Client, "timeout"),
    };
    proxy.metrics.handshake(Side::Client, "ok");
    if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
        h2_inside(proxy, stream, route.connection()).await
    } else {
        h1_inside(proxy, stream, route.connection()).await
    }
}

/// HTTP/1.1 without TLS.
pub(super) async fn plain<S>(proxy: Arc<Proxy>, io: Prefixed<S>, route: Route)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    h1_inside(proxy, io, route.connection()).await;
}

async fn h1_inside<S>(proxy: Arc<Proxy>, io: S, connection: Arc<Connection>)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let _open = proxy.metrics.connection(ConnectionState::Intercept);
    let (guarded, watch) = Guarded::new(io, super::patience(&proxy.limits));
    let mut drain = proxy.drain.clone();
    let service = service_fn({
        let proxy = proxy.clone();
        move |request: Request<Incoming>| {
            let (proxy, connection, watch) = (proxy.clone(), connection.clone(), watch.clone());
            async move {
                if watch.ambiguous() {
                    proxy.metrics.refused("ambiguous-head");
                    return Ok(body::plain_and_close(
                        StatusCode::BAD_REQUEST,
                        "The request head can be read in two ways (bare CR or LF, or more than one length). It was not sent on.",
                    ));
                }
                let answer = answer(&proxy, connection, request).await;
                // Until the answer has been sent, nothing is expected of the client.
                Ok::<_, Infallible>(answer.map(|body| body::and_then(body, move || watch.next_head())))
            }
        }
    });
    let served = super::http1().serve_connection(TokioIo::new(guarded), service).with_upgrades();
    tokio::pin!(served);
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        () = drain.asked() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = ended {
        super::tell_end(&proxy, &error);
    }
}

async fn h2_inside<S>(proxy: Arc<Proxy>, io: S, connection: Arc<Connection>)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let _open = proxy.metrics.connection(ConnectionState::Intercept);
    let mut drain = proxy.drain.clone();
    let spoke = Arc::new(AtomicBool::new(false));
    let service = service_fn({
        let (proxy, spoken) = (proxy.clone(), spoke.clone());
        move |request: Request<Incoming>| {
            let (proxy, connection) = (proxy.clone(), connection.clone());
            spoken.store(true, Ordering::Relaxed);
            async move { Ok::<_, Infallible>(answer(&proxy, connection, request).await) }
        }
    });
    let mut builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .max_concurrent_streams(128)
        .max_header_list_size(64 * 1024)
        .initial_stream_window_size(1 << 20)
        .initial_connection_window_size(4 << 20)
        .keep_alive_interval(proxy.limits.idle);
    let served = builder.serve_connection(TokioIo::new(io), service);
    tokio::pin!(served);
    let mute = async {
        tokio::time::sleep(proxy.limits.header_timeout).await;
        if spoke.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    };
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        () = mute => return proxy.metrics.refused("silent-client"),
        () = drain.asked() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = ended {
        super::tell_end(&proxy, &error);
    }
}

async fn answer(proxy: &Proxy, connection: Arc<Connection>, request: Request<Incoming>) -> Answer {
    if request.method() == http::Method::CONNECT {
        return body::plain(StatusCode::METHOD_NOT_ALLOWED, "There is no tunnel within a tunnel.");
    }
    let field = |value: &http::HeaderValue| value.to_str().is_ok_and(|asked| is_for(asked, &connection.host));
    let mut fields = request.headers().get_all(header::HOST).iter();
    let named = request.uri().authority().map(|authority| is_for(authority.as_str(), &connection.host));
    // Every name that the request gives must be this host's, and there must be one.
    let (first, second) = (fields.next().map(field), fields.next());
    if second.is_some() || named == Some(false) || first == Some(false) || named.or(first).is_none() {
        proxy.metrics.refused("other-host");
        return body::plain(StatusCode::MISDIRECTED_REQUEST, "This connection is for another host.");
    }
    if connection.host == SELF {
        let (head, _) = request.into_parts();
        return proxy.internal.answer(&proxy.identifier.identify(&connection.peer, &head.headers), &head).await;
    }
    proxy.chamber.answer(Arrival::new(request.map(body::incoming), connection)).await
}

/// `asked`, with or without a port, is `host`.
fn is_for(asked: &str, host: &str) -> bool {
    let bare = asked.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit())).map_or(asked, |(bare, _)| bare);
    bare.trim_matches(['[', ']']).trim_end_matches('.').eq_ignore_ascii_case(host)
}
