//! The explicit proxy: `CONNECT` (RFC 9110, section 9.3.6) and absolute-form requests over HTTP/1.1.
//!
//! Takes a bound listener; serves until the drain asks to stop. A request in origin form is for the proxy itself (PAC file, CA, pages). Never
//! forwards a request whose head is ambiguous.

use super::guard::{Guarded, HeadWatch};
use super::tunnel::{self, Target};
use super::{Proxy, SELF};
use crate::exchange::body::{self, Answer};
use crate::exchange::{Arrival, Connection, Scheme};
use crate::identity::Peer;
use http::{Method, Request, StatusCode, header};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};

/// Accepts connections until the drain asks to stop.
pub async fn listen(proxy: Arc<Proxy>, listener: TcpListener) {
    super::accept(proxy, listener, serve).await;
}

async fn serve(proxy: Arc<Proxy>, stream: TcpStream, address: SocketAddr, permit: super::Permit) {
    let (guarded, watch) = Guarded::new(stream, super::patience(&proxy.limits));
    let peer = Arc::new(Peer { address: address.ip(), user: None });
    let mut drain = proxy.drain.clone();
    let service = {
        let (proxy, watch) = (proxy.clone(), watch.clone());
        service_fn(move |request| {
            let (proxy, watch, peer, permit) = (proxy.clone(), watch.clone(), peer.clone(), permit.clone());
            async move { Ok::<_, Infallible>(answer(proxy, watch, peer, request, permit).await) }
        })
    };
    let connection = super::http1().serve_connection(TokioIo::new(guarded), service).with_upgrades();
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = drain.asked() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        super::tell_end(&proxy, &error);
    }
}

async fn answer(proxy: Arc<Proxy>, watch: Arc<HeadWatch>, peer: Arc<Peer>, request: Request<Incoming>, permit: super::Permit) -> Answer {
    if watch.ambiguous() {
        proxy.metrics.refused("ambiguous-head");
        return body::plain_and_close(
            StatusCode::BAD_REQUEST,
            "The request head can be read in two ways (bare CR or LF, or more than one length). It was not sent on.",
        );
    }
    if request.method() == Method::CONNECT {
        return connect(proxy, peer, request, permit).await;
    }
    // RFC 9112, section 3.2: a request of HTTP/1.1 must name its host.
    if request.version() == http::Version::HTTP_11 && !request.headers().contains_key(header::HOST) {
        proxy.metrics.refused("no-host");
        return body::plain_and_close(StatusCode::BAD_REQUEST, "The request names no host.");
    }
    let answer = match request.uri().authority().cloned() {
        None if !is_own_name(&request) => {
            body::plain(StatusCode::MISDIRECTED_REQUEST, "This is a proxy. Set it as one, or open it by its address.")
        }
        None => proxy.internal.answer(&proxy.identifier.identify(&peer, request.headers()), &request.into_parts().0).await,
        Some(authority) => absolute(proxy, peer, authority, request).await,
    };
    answer.map(|body| body::and_then(body, move || watch.next_head()))
}

/// An absolute-form request: plain HTTP through the proxy.
async fn absolute(proxy: Arc<Proxy>, peer: Arc<Peer>, authority: http::uri::Authority, mut request: Request<Incoming>) -> Answer {
    let host = normal(authority.host());
    if host == SELF {
        return proxy.internal.answer(&proxy.identifier.identify(&peer, request.headers()), &request.into_parts().0).await;
    }
    if request.uri().scheme_str() != Some("http") {
        proxy.metrics.refused("scheme");
        return body::plain(StatusCode::BAD_REQUEST, "Only http:// goes in absolute form; use CONNECT for https://.");
    }
    // RFC 9112, section 3.2.2: the request target's authority replaces the Host header.
    let named = authority.as_str().rsplit_once('@').map_or(authority.as_str(), |(_, host)| host);
    if let Ok(value) = named.parse() {
        request.headers_mut().insert(header::HOST, value);
    }
    let read = tunnel::is_read(&proxy, &host);
    let connection =
        Arc::new(Connection { host, port: authority.port_u16().unwrap_or(80), scheme: Scheme::Http, peer, transparent: false });
    let mut arrival = Arrival::new(request.map(body::incoming), connection);
    if !read {
        proxy.identifier.strip(arrival.request.headers_mut());
    }
    if read { proxy.chamber.answer(arrival).await } else { proxy.chamber.unread(arrival).await }
}

async fn connect(proxy: Arc<Proxy>, peer: Arc<Peer>, mut request: Request<Incoming>, permit: super::Permit) -> Answer {
    let Some(target) = request
        .uri()
        .authority()
        .and_then(|a| Some(Target { host: normal(a.host()), port: a.port_u16()? }))
        .filter(|t| valid_host(&t.host) && t.port != 0)
    else {
        proxy.metrics.refused("connect-target");
        return body::plain_and_close(StatusCode::BAD_REQUEST, "CONNECT needs a target of the form host:port.");
    };
    // WinINet sends Content-Length: 0.
    if request.headers().get(header::CONTENT_LENGTH).is_some_and(|length| length != "0")
        || request.headers().contains_key(header::TRANSFER_ENCODING)
    {
        proxy.metrics.refused("connect-body");
        return body::plain_and_close(StatusCode::BAD_REQUEST, "CONNECT has no body.");
    }
    // What will most likely be a tunnel is connected first, so that the client reads a status where that fails.
    let origin = if tunnel::is_read(&proxy, &target.host) {
        None
    } else {
        match proxy.upstream.tcp(&target.host, target.port).await {
            Ok(stream) => Some(stream),
            Err(error) => {
                proxy.metrics.upstream_error(error.kind());
                tracing::warn!(%error, "no tunnel");
                return body::plain(if error.is_refusal() { StatusCode::FORBIDDEN } else { StatusCode::BAD_GATEWAY }, &error.to_string());
            }
        }
    };
    let peer = match proxy.identifier.forwarded(peer.address, request.headers()) {
        Some(user) => Arc::new(Peer { address: peer.address, user: Some(user) }),
        None => peer,
    };
    tokio::spawn(async move {
        let _permit = permit; // the tunnel is the same connection
        let Ok(upgraded) = hyper::upgrade::on(&mut request).await else { return };
        match upgraded.downcast::<TokioIo<Guarded<TcpStream>>>() {
            Ok(parts) => tunnel::serve(proxy, parts.io.into_inner().into_inner(), parts.read_buf, target, peer, origin, false).await,
            Err(upgraded) => tunnel::serve(proxy, TokioIo::new(upgraded), bytes::Bytes::new(), target, peer, origin, false).await,
        }
    });
    body::empty(StatusCode::OK)
}

/// Lower case, without brackets and trailing dot: the form in which hosts are compared.
pub(super) fn normal(host: &str) -> String {
    host.trim_matches(['[', ']']).trim_end_matches('.').to_ascii_lowercase()
}

fn valid_host(host: &str) -> bool {
    !host.is_empty() && host.len() <= 253 && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:".contains(&b))
}

/// A request to the proxy itself names it by address, or asks for what anyone may have: a page elsewhere could otherwise read through a name
/// of its own that leads here (DNS rebinding).
fn is_own_name(request: &Request<Incoming>) -> bool {
    if ["/proxy.pac", "/wpad.dat", "/ca.pem"].contains(&request.uri().path()) {
        return true;
    }
    let Some(host) = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()?.parse::<http::uri::Authority>().ok()) else {
        return false;
    };
    let host = normal(host.host());
    host == SELF || host == "localhost" || host.parse::<std::net::IpAddr>().is_ok()
}
