//! To the origin and back. The request is framed anew, hop-by-hop fields stay behind, and the answer streams through as it comes.
//!
//! An origin that cannot be reached is told to the employee in the tool's form or on a page, and to the operator in a log line that names
//! host, reason and remedy.

use super::body::{self, Answer, Body};
use super::observe::{Observed, Watch};
use super::refuse::Tongue;
use super::{Arrival, Connection, Enforced, Outgoing, Room, Scheme, Way};
use crate::page;
use crate::record::metrics::ConnectionState;
use crate::redact::Restorer;
use crate::tls::upstream::UpstreamError;
use crate::wire::answer::AnswerForm;
use crate::wire::coding::StreamDecoder;
use http::uri::{Authority, PathAndQuery, Uri};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, Version, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper_util::client::legacy::Error;
use hyper_util::rt::TokioIo;
use std::sync::Arc;

/// Fields that are for the next hop only (RFC 9110, section 7.6.1).
const HOP_BY_HOP: [HeaderName; 8] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// The innermost service: a refusal goes to the client, the rest to the origin.
pub(super) async fn forward(room: Arc<Room>, enforced: Enforced) -> Answer {
    match enforced.way {
        Way::Refuse(answer) => answer,
        Way::Pass(out) => send(room, *out).await,
    }
}

/// A request that is no AI's: sent on as it is, nothing recorded.
pub(super) async fn unread(room: Arc<Room>, arrival: Arrival) -> Answer {
    let Arrival { request, connection, .. } = arrival;
    match exchange(&room, request, &connection).await {
        Ok(response) => response.map(body::incoming),
        Err(error) => {
            let (sentence, failed) = report(&room, &connection, &error);
            body::plain(failed.status, &sentence)
        }
    }
}

pub(super) async fn send(room: Arc<Room>, out: Outgoing) -> Answer {
    let Outgoing { request, connection, tool, shape, policy, navigation, placeholders, event, lease, .. } = out;
    let (head, body) = request.into_parts();
    let tongue = Tongue::new(&policy, &head, &connection.host, shape, navigation, None);
    let response = exchange(&room, Request::from_parts(head, body), &connection).await;
    drop(lease); // the body has gone
    match response {
        Ok(response) => watched(&room, response, &tool.id, placeholders, event),
        Err(error) => {
            let (_, failed) = report(&room, &connection, &error);
            if let Some(id) = event {
                room.recorder.outcome(crate::record::Outcome { id, bytes_out: 0, tokens_in: None, tokens_out: None });
            }
            unreachable(&tongue, &policy.organisation().name, policy.organisation().contact.helpdesk.as_deref(), &connection.host, failed)
        }
    }
}

/// True for a WebSocket over HTTP/1.1. Other upgrades are not passed on: the request goes on without.
pub(super) fn is_upgrade(headers: &HeaderMap) -> bool {
    headers.get(header::UPGRADE).is_some_and(|protocol| protocol.as_bytes().eq_ignore_ascii_case(b"websocket"))
        && headers
            .get_all(header::CONNECTION)
            .iter()
            .any(|v| v.to_str().is_ok_and(|v| v.split(',').any(|token| token.trim().eq_ignore_ascii_case("upgrade"))))
}

async fn exchange(room: &Room, mut request: Request<Body>, connection: &Connection) -> Result<Response<Incoming>, Error> {
    let client_version = request.version();
    let upgrade =
        is_upgrade(request.headers()).then(|| (request.headers().get(header::UPGRADE).cloned(), hyper::upgrade::on(&mut request)));
    strip(request.headers_mut());
    request.headers_mut().remove(header::EXPECT);
    *request.uri_mut() = target(request.uri(), connection);
    // The host that was decided on is the host that is asked, whatever the fields said.
    request.headers_mut().remove(header::HOST);
    if client_version != Version::HTTP_2
        && let Some(host) = request.uri().authority().and_then(|authority| HeaderValue::from_str(authority.as_str()).ok())
    {
        request.headers_mut().insert(header::HOST, host);
    }
    *request.version_mut() = if client_version == Version::HTTP_2 { Version::HTTP_2 } else { Version::HTTP_11 };
    if let Some((Some(protocol), _)) = &upgrade {
        request.headers_mut().insert(header::UPGRADE, protocol.clone());
        request.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    }
    let mut response = room.origins.send(request).await?;
    if response.status() == StatusCode::SWITCHING_PROTOCOLS
        && let Some((_, client)) = upgrade
    {
        let origin = hyper::upgrade::on(&mut response);
        let metrics = room.metrics.clone();
        tokio::spawn(async move {
            if let (Ok(client), Ok(origin)) = tokio::join!(client, origin) {
                let _open = metrics.connection(ConnectionState::Tunnel);
                // Either side going away ends it; there is nobody left to tell.
                let _ = tokio::io::copy_bidirectional(&mut TokioIo::new(client), &mut TokioIo::new(origin)).await;
            }
        });
        return Ok(response);
    }
    strip(response.headers_mut());
    // HTTP/3 would go around the proxy.
    response.headers_mut().remove(header::ALT_SVC);
    if client_version != Version::HTTP_2 {
        *response.version_mut() = Version::HTTP_11;
    }
    Ok(response)
}

/// Takes off what is for this hop only, and what the Connection field names.
fn strip(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .flat_map(|value| value.to_str().unwrap_or("").split(','))
        .filter_map(|name| name.trim().parse().ok())
        .filter(|name| !is_end_to_end(name))
        .collect();
    for name in named {
        headers.remove(name);
    }
    let trailers = headers.get(header::TE).is_some_and(|te| te.as_bytes().eq_ignore_ascii_case(b"trailers"));
    for name in &HOP_BY_HOP {
        headers.remove(name);
    }
    if trailers {
        headers.insert(header::TE, HeaderValue::from_static("trailers")); // gRPC needs it
    }
}

/// Fields that no Connection field may take off: the message was read and judged by them.
fn is_end_to_end(name: &HeaderName) -> bool {
    [header::HOST, header::AUTHORIZATION, header::COOKIE, header::ACCEPT, header::EXPECT].contains(name)
        || name.as_str().starts_with("content-")
}

/// The absolute form of what was asked: scheme and authority are the connection's, never the request's.
fn target(uri: &Uri, connection: &Connection) -> Uri {
    let (scheme, usual) = match connection.scheme {
        Scheme::Https => ("https", 443),
        Scheme::Http => ("http", 80),
    };
    let host = if connection.host.contains(':') { format!("[{}]", connection.host) } else { connection.host.clone() };
    let authority = if connection.port == usual { host } else { format!("{host}:{}", connection.port) };
    let path = uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
    let built = Authority::try_from(authority)
        .ok()
        .and_then(|authority| Uri::builder().scheme(scheme).authority(authority).path_and_query(path).build().ok());
    built.unwrap_or_else(|| uri.clone())
}

/// The answer, counted and restored as it streams.
fn watched(
    room: &Arc<Room>,
    response: Response<Incoming>,
    tool: &str,
    placeholders: Option<Arc<crate::redact::Placeholders>>,
    event: Option<String>,
) -> Answer {
    if event.is_none() && placeholders.is_none() || response.status() == StatusCode::SWITCHING_PROTOCOLS {
        return response.map(body::incoming);
    }
    let (mut head, incoming) = response.into_parts();
    let kind = head.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    let form = AnswerForm::of(kind);
    let coding = head.headers.get(header::CONTENT_ENCODING).map(|v| v.to_str().unwrap_or("?").to_owned());
    // A picture or an archive holds no placeholders, and what cannot be decompressed passes as it is.
    let restored = placeholders.filter(|_| form.holds_text()).and_then(|placeholders| {
        let decoder = match coding.as_deref() {
            None | Some("identity") => None,
            Some(coding) => Some(StreamDecoder::new(Some(coding))?),
        };
        Some((Restorer::new(placeholders, form), decoder))
    });
    if restored.is_some() {
        for name in [
            header::CONTENT_LENGTH.as_str(),
            header::CONTENT_ENCODING.as_str(),
            header::ETAG.as_str(),
            "content-md5",
            "digest",
            "content-digest",
            "repr-digest",
        ] {
            head.headers.remove(name);
        }
    }
    let readable = restored.is_some() || coding.is_none() || coding.as_deref() == Some("identity");
    let watch = Watch { recorder: room.recorder.clone(), metrics: room.metrics.clone(), tool: tool.to_owned(), event };
    Response::from_parts(head, Observed::new(incoming, watch, form, readable, restored).boxed_unsync())
}

/// Why an origin did not answer: a sentence for the operator, and for the page.
struct Failed {
    trouble: page::Trouble,
    reason: String,
    remedy: String,
    /// Trying again will not help.
    lasting: bool,
    status: StatusCode,
}

/// Logs and counts a failure.
fn report(room: &Room, connection: &Connection, error: &Error) -> (String, Failed) {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = source {
        if let Some(upstream) = inner.downcast_ref::<UpstreamError>() {
            room.metrics.upstream_error(upstream.kind());
            room.origins.forget(&connection.host, connection.port);
            tracing::warn!(host = connection.host, error = %upstream, "the origin could not be reached");
            let (reason, remedy) = upstream.reason_and_remedy();
            let lasting = upstream.is_refusal() || matches!(upstream, UpstreamError::Certificate { .. });
            let status = if upstream.is_refusal() { StatusCode::FORBIDDEN } else { StatusCode::BAD_GATEWAY };
            let trouble = match upstream {
                UpstreamError::Resolve { .. } => page::Trouble::Name,
                UpstreamError::Private { .. } | UpstreamError::Own { .. } => page::Trouble::Forbidden,
                UpstreamError::Certificate { .. } => page::Trouble::Certificate,
                UpstreamError::Connect { .. } | UpstreamError::Handshake { .. } => page::Trouble::Connection,
            };
            return (upstream.to_string(), Failed { trouble, reason, remedy, lasting, status });
        }
        source = inner.source();
    }
    room.metrics.upstream_error("broke-off");
    let mut reason = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        reason = inner.to_string();
        source = inner.source();
    }
    tracing::warn!(
        host = connection.host,
        reason,
        "the origin broke off before it answered; if this goes on, see whether it limits this proxy's address"
    );
    let failed = Failed {
        trouble: page::Trouble::Connection,
        reason: reason.clone(),
        remedy: "Try again in a moment.".into(),
        lasting: false,
        status: StatusCode::BAD_GATEWAY,
    };
    (format!("{}: the connection broke off ({reason}). Try again in a moment.", connection.host), failed)
}

fn unreachable(tongue: &Tongue, organisation: &str, helpdesk: Option<&str>, host: &str, failed: Failed) -> Answer {
    let mut answer = if tongue.navigation {
        let page = page::Unreachable {
            lang: tongue.lang,
            organisation,
            host,
            trouble: failed.trouble,
            reason: &failed.reason,
            remedy: &failed.remedy,
            helpdesk,
        };
        tongue.page(failed.status, page::unreachable(&page))
    } else {
        tongue.form(Some(failed.status), &format!("{host}: {}. {}", failed.reason, failed.remedy), "origin_unreachable")
    };
    if failed.lasting {
        answer.headers_mut().insert(HeaderName::from_static("x-should-retry"), HeaderValue::from_static("false"));
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_for_this_hop_stay_behind_and_so_do_those_that_connection_names() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("connection", "keep-alive, x-secret, content-type"),
            ("content-type", "text/plain"),
            ("x-secret", "1"),
            ("te", "trailers"),
            ("proxy-authorization", "Basic x"),
            ("accept", "*/*"),
        ] {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        strip(&mut headers);
        let left: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
        assert_eq!(left.len(), 3, "{left:?}");
        assert!(headers.contains_key("accept") && headers["te"] == "trailers");
    }
}
