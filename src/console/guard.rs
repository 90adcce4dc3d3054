//! What every request to the console passes: the Host check against DNS rebinding, and the headers that keep answers private.
//!
//! A page on the web can point its own name at 127.0.0.1 and then read a local console as its own origin; a console that only answers to IP
//! addresses, `localhost` and names that the operator set is out of its reach.

use super::{ConsoleState, accept_language, dashboard};
use crate::page::Lang;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use std::net::{IpAddr, Ipv6Addr};

/// Refuses foreign host names, and sets the headers of every answer.
pub async fn guard(State(state): State<ConsoleState>, request: Request, next: Next) -> Response {
    // HTTP/2 has the authority in the address, HTTP/1.1 in the Host header.
    let host = request.uri().authority().map(|authority| authority.as_str().to_owned()).or_else(|| {
        let mut hosts = request.headers().get_all(header::HOST).iter();
        let first = hosts.next().and_then(|host| host.to_str().ok()).map(str::to_owned);
        if hosts.next().is_some() { None } else { first }
    });
    let mut response = if host.is_some_and(|host| is_ours(&host, &state.names)) {
        next.run(request).await
    } else {
        let lang = Lang::of_request(request.uri().query(), accept_language(request.headers()), &[]);
        dashboard::refuse(StatusCode::MISDIRECTED_REQUEST, lang)
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    response
}

/// Whether `host` (with or without port) is an IP address, `localhost`, or one of `names`.
pub fn is_ours(host: &str, names: &[String]) -> bool {
    if let Some(rest) = host.strip_prefix('[') {
        let Some((address, port)) = rest.split_once(']') else { return false };
        return address.parse::<Ipv6Addr>().is_ok() && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port));
    }
    let name = match host.split_once(':') {
        Some((name, port)) if is_port(port) => name,
        Some(_) => return false,
        None => host,
    };
    if name.parse::<IpAddr>().is_ok() {
        return true;
    }
    let name = name.strip_suffix('.').unwrap_or(name);
    name.eq_ignore_ascii_case("localhost") || names.iter().any(|ours| ours.trim_end_matches('.').eq_ignore_ascii_case(name))
}

fn is_port(port: &str) -> bool {
    !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok()
}
