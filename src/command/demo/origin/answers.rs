//! From a form to an HTTP answer: content type, pieces in time, gzip where asked for, and a connection that breaks where asked for.
//!
//! Takes a [`Form`] and a [`Wish`], gives a response. Pieces are made before the first is sent; only the waiting between them is lazy.

use super::forms::{self, Family, Form};
use super::piece;
use super::said::Said;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::{StreamExt, stream};
use http::{HeaderValue, Response, header};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use serde_json::Value;
use std::io::Write;
use std::time::Duration;
use thiserror::Error;

/// The stand-in broke off on request.
#[derive(Debug, Error)]
#[error("the answer was broken off on request")]
pub(super) struct Vanished;

pub(super) type Body = UnsyncBoxBody<Bytes, Vanished>;

/// How the client wants it, from its query and headers.
pub(super) struct Wish {
    gzip: bool,
    vanish: Option<usize>,
    interval: Duration,
}

impl Wish {
    pub(super) fn of(head: &http::request::Parts, interval: Duration) -> Self {
        let query = head.uri.query().unwrap_or_default();
        let value =
            |name: &str| query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value);
        let accepts = head.headers.get_all(header::ACCEPT_ENCODING).iter().any(|v| v.to_str().is_ok_and(|v| v.contains("gzip")));
        Self { gzip: value("gzip") == Some("1") && accepts, vanish: value("vanish").and_then(|n| n.parse().ok()), interval }
    }
}

/// What to send, before it is in time.
pub(super) struct Answer {
    content_type: &'static str,
    pieces: Vec<Bytes>,
    streamed: bool,
}

impl Answer {
    pub(super) fn to(head: &http::request::Parts, host: &str, body: Vec<u8>) -> Self {
        let path = head.uri.path();
        if path == "/echo" {
            return Self { content_type: "application/octet-stream", pieces: vec![body.into()], streamed: false };
        }
        if head.method == http::Method::GET && path.ends_with("/v1/models") {
            let models =
                serde_json::json!({ "object": "list", "data": [{ "id": "stand-in", "object": "model", "created": 0, "owned_by": host }] });
            return Self { content_type: "application/json", pieces: vec![piece(models.to_string())], streamed: false };
        }
        let family = Family::of(path, head.uri.query().unwrap_or_default());
        let said = Said::of(family, &body);
        let (content_type, pieces, streamed) = match forms::of(family, &said, body.len()) {
            Form::Whole(value) => ("application/json", vec![piece(value.to_string())], false),
            Form::Events(events) => ("text/event-stream; charset=utf-8", events, true),
            Form::Array(elements) => ("application/json; charset=UTF-8", elements, true),
        };
        Self { content_type, pieces, streamed }
    }
}

/// The response; `done` is called when the last piece has been taken.
pub(super) fn respond(answer: Answer, wish: Wish, done: impl FnOnce() + Send + 'static) -> Response<Body> {
    let pieces = if wish.gzip { compressed(&answer.pieces) } else { answer.pieces };
    let length = pieces.iter().map(Bytes::len).sum::<usize>();
    let mut frames: Vec<Result<Frame<Bytes>, Vanished>> = pieces.into_iter().map(|piece| Ok(Frame::data(piece))).collect();
    if let Some(after) = wish.vanish {
        frames.truncate(after);
        frames.push(Err(Vanished));
    }
    let last = frames.len().saturating_sub(1);
    let mut done = Some(done);
    let pause = if answer.streamed { wish.interval } else { Duration::ZERO };
    let timed = stream::iter(frames.into_iter().enumerate()).then(move |(at, frame)| {
        let finished = if at == last { done.take() } else { None };
        async move {
            if at > 0 && !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
            if let Some(finished) = finished {
                finished();
            }
            frame
        }
    });
    let mut response = Response::new(BodyExt::boxed_unsync(StreamBody::new(timed)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
    headers.insert("x-request-id", HeaderValue::from_static("req_standin"));
    if wish.gzip {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    if answer.streamed {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    } else if wish.vanish.is_none() {
        headers.insert(header::CONTENT_LENGTH, length.into());
    }
    response
}

/// Each piece as a flushed part of one gzip stream, so that a reader can decode event by event. Empty on the impossible write error.
fn compressed(pieces: &[Bytes]) -> Vec<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let mut out = Vec::with_capacity(pieces.len() + 1);
    for piece in pieces {
        if encoder.write_all(piece).and_then(|()| encoder.flush()).is_err() {
            return Vec::new();
        }
        out.push(Bytes::from(std::mem::take(encoder.get_mut())));
    }
    out.extend(encoder.finish().map(Bytes::from));
    out
}

pub(super) fn json(status: u16, value: &Value) -> Response<Body> {
    let mut response = Response::new(whole(piece(value.to_string())));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// An answer without a body.
pub(super) fn nothing() -> Response<Body> {
    let mut response = Response::new(whole(Bytes::new()));
    *response.status_mut() = http::StatusCode::NO_CONTENT;
    response
}

/// `length` bytes without keeping them.
pub(super) fn bytes(length: u64) -> Response<Body> {
    const CHUNK: u64 = 64 * 1024;
    static BLOCK: [u8; CHUNK as usize] = [b'x'; CHUNK as usize];
    let parts = (0..length.div_ceil(CHUNK)).map(move |at| {
        let size = usize::try_from((length - at * CHUNK).min(CHUNK)).unwrap_or(0);
        Ok(Frame::data(Bytes::from_static(&BLOCK[..size])))
    });
    let mut response = Response::new(BodyExt::boxed_unsync(StreamBody::new(stream::iter(parts))));
    response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
    response
}

/// A chat page to type in, for a browser that comes by the proxy.
pub(super) fn page(host: &str) -> Response<Body> {
    let shown: String = host.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-')).collect();
    let mut response = Response::new(whole(piece(include_str!("page.html").replace("{host}", &shown))));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

fn whole(content: Bytes) -> Body {
    Full::new(content).map_err(|never| match never {}).boxed_unsync()
}
