//! The transparent proxy: connections that nftables `REDIRECT` delivers, whose real destination the kernel remembers (SO_ORIGINAL_DST).
//!
//! Takes a bound listener; serves until the drain asks to stop. A connection that was not redirected (its destination is this listener) is
//! closed: answering it would make the proxy call itself.

use super::Proxy;
use super::tunnel::{self, Target};
use crate::identity::Peer;
use bytes::Bytes;
use socket2::SockRef;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};

/// Accepts redirected connections until the drain asks to stop.
pub async fn listen(proxy: Arc<Proxy>, listener: TcpListener) {
    super::accept(proxy, listener, serve).await;
}

async fn serve(proxy: Arc<Proxy>, stream: TcpStream, address: SocketAddr, _permit: super::Permit) {
    let Some(destination) = original_destination(&stream) else {
        proxy.metrics.refused("not-redirected");
        tracing::warn!(client = %address.ip(), "a connection to the transparent listener was not redirected by nftables; use the explicit listener, or see deploy/nftables");
        return;
    };
    let target = Target { host: destination.ip().to_canonical().to_string(), port: destination.port() };
    let peer = Arc::new(Peer { address: address.ip().to_canonical(), user: None });
    tunnel::serve(proxy, stream, Bytes::new(), target, peer, None, true).await;
}

/// Where the client wanted to go; none where the connection was not redirected.
fn original_destination(stream: &TcpStream) -> Option<SocketAddr> {
    let local = stream.local_addr().ok()?;
    let socket = SockRef::from(stream);
    let ipv6 = local.is_ipv6() && local.ip().to_canonical().is_ipv6();
    let found = if ipv6 { socket.original_dst_v6() } else { socket.original_dst_v4() };
    let destination = found.ok()?.as_socket()?;
    (destination.port() != local.port() || destination.ip().to_canonical() != local.ip().to_canonical()).then_some(destination)
}
