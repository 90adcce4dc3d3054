//! Bodies: the one type that requests and answers carry, and reading one to its end within a limit.

use super::limit::Lease;
use bytes::{Bytes, BytesMut};
use http::{Response, StatusCode, header};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, Full};
use hyper::body::{Body as _, Frame, Incoming};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::Instant;

pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
/// Any body: what a client or an origin sends, or what we made.
pub type Body = UnsyncBoxBody<Bytes, BoxError>;
pub type Answer = Response<Body>;

pub fn incoming(body: Incoming) -> Body {
    body.map_err(Into::into).boxed_unsync()
}

pub fn full(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed_unsync()
}

pub fn nothing() -> Body {
    Empty::new().map_err(|never| match never {}).boxed_unsync()
}

pub fn empty(status: StatusCode) -> Answer {
    let mut answer = Response::new(nothing());
    *answer.status_mut() = status;
    answer
}

/// A plain-text answer of the proxy itself.
pub fn plain(status: StatusCode, sentence: &str) -> Answer {
    let mut answer = Response::new(full(format!("{sentence}\n")));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("text/plain; charset=utf-8"));
    answer.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    answer
}

/// As [`plain`], and the connection is not used again: what follows on it cannot be trusted.
pub fn plain_and_close(status: StatusCode, sentence: &str) -> Answer {
    let mut answer = plain(status, sentence);
    answer.headers_mut().insert(header::CONNECTION, header::HeaderValue::from_static("close"));
    answer
}

/// How reading a body ended.
pub enum Collected {
    Whole(Bytes),
    /// More than the limit: what was received, and the rest.
    Over(Bytes, Body),
    /// The sender broke off, or there was no memory for more.
    Broken(u64),
}

/// Reads `body` up to `limit` bytes; memory is taken from `lease` as it grows. A sender that is silent for `idle` has broken off.
pub async fn collect(mut body: Body, limit: usize, idle: Duration, lease: &mut Lease) -> Collected {
    let mut first = Bytes::new();
    let mut whole = BytesMut::new();
    let begin = Instant::now();
    loop {
        let have = first.len() + whole.len();
        // Who sends a byte now and then must not hold memory for hours: 16 KiB a second is less than any line.
        let slowest = begin + idle + Duration::from_secs(have as u64 / (16 * 1024));
        let until = slowest.min(Instant::now() + idle);
        let Ok(frame) = tokio::time::timeout_at(until, body.frame()).await else { return Collected::Broken(have as u64) };
        match frame {
            None => return Collected::Whole(if whole.is_empty() { first } else { whole.freeze() }),
            Some(Err(_)) => return Collected::Broken(have as u64),
            Some(Ok(frame)) => {
                let Ok(data) = frame.into_data() else { continue }; // trailers carry no words and are not sent on
                if !lease.grow(have + data.len()).await {
                    return Collected::Broken(have as u64);
                }
                if have == 0 {
                    first = data; // the usual case: one frame, not copied
                    if let Some(size) = body.size_hint().exact()
                        && size > 0
                    {
                        whole.reserve(first.len() + usize::try_from(size).unwrap_or(usize::MAX).min(limit));
                    }
                } else {
                    if whole.is_empty() {
                        whole.extend_from_slice(&std::mem::take(&mut first));
                    }
                    whole.extend_from_slice(&data);
                }
                if first.len() + whole.len() > limit {
                    return Collected::Over(if whole.is_empty() { first } else { whole.freeze() }, body);
                }
            }
        }
    }
}

/// `body`, and `done` when it has been sent or given up.
pub fn and_then(body: Body, done: impl FnOnce() + Send + Unpin + 'static) -> Body {
    Watched { inner: body, done: Some(done) }.boxed_unsync()
}

struct Watched<F: FnOnce()> {
    inner: Body,
    done: Option<F>,
}

impl<F: FnOnce() + Unpin> hyper::body::Body for Watched<F> {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Pin::new(&mut self.inner).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        self.inner.size_hint()
    }
}

impl<F: FnOnce()> Drop for Watched<F> {
    fn drop(&mut self) {
        if let Some(done) = self.done.take() {
            done();
        }
    }
}

/// `beginning`, then `rest`.
pub fn chained(beginning: Bytes, rest: Body) -> Body {
    Chained { beginning: Some(beginning).filter(|b| !b.is_empty()), rest }.boxed_unsync()
}

struct Chained {
    beginning: Option<Bytes>,
    rest: Body,
}

impl hyper::body::Body for Chained {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match self.beginning.take() {
            Some(beginning) => Poll::Ready(Some(Ok(Frame::data(beginning)))),
            None => Pin::new(&mut self.rest).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.beginning.is_none() && self.rest.is_end_stream()
    }
}
