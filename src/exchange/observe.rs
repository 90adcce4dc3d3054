//! An answer as it streams by: counted, its usage read, placeholders turned back. Never buffered to its end.
//!
//! When it ends, or the client goes away, its size and tokens are reported once under the event of its request.

use super::body::BoxError;
use crate::record::metrics::Metrics;
use crate::record::{Outcome, Recorder};
use crate::redact::Restorer;
use crate::wire::answer::{AnswerForm, UsageReader};
use crate::wire::coding::StreamDecoder;
use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

/// Whose answer this is.
pub(super) struct Watch {
    pub recorder: Arc<Recorder>,
    pub metrics: Arc<Metrics>,
    pub tool: String,
    pub event: Option<String>,
}

pub(super) struct Observed {
    inner: Incoming,
    watch: Watch,
    bytes: u64,
    usage: Option<UsageReader>,
    restore: Option<(Restorer, Option<StreamDecoder>)>,
    trailers: Option<Frame<Bytes>>,
    ended: bool,
}

impl Observed {
    /// `readable`: the bytes are not compressed, or are decompressed by `restore`.
    pub(super) fn new(
        inner: Incoming,
        watch: Watch,
        form: AnswerForm,
        readable: bool,
        restore: Option<(Restorer, Option<StreamDecoder>)>,
    ) -> Self {
        let usage = (watch.event.is_some() && readable && form.holds_text()).then(|| UsageReader::new(form));
        Self { inner, watch, bytes: 0, usage, restore, trailers: None, ended: false }
    }

    /// What the client gets of `data`.
    fn through(&mut self, data: Bytes) -> Result<Bytes, BoxError> {
        self.bytes += data.len() as u64;
        let Some((restorer, decoder)) = &mut self.restore else {
            if let Some(usage) = &mut self.usage {
                usage.push(&data);
            }
            return Ok(data);
        };
        let mut out = Vec::with_capacity(data.len() + 64);
        match decoder {
            None => {
                if let Some(usage) = &mut self.usage {
                    usage.push(&data);
                }
                restorer.push(&data, &mut out);
            }
            Some(decoder) => {
                let mut plain = Vec::with_capacity(data.len() * 4);
                decoder.push(&data, &mut plain).map_err(broken)?;
                if let Some(usage) = &mut self.usage {
                    usage.push(&plain);
                }
                restorer.push(&plain, &mut out);
            }
        }
        Ok(out.into())
    }

    /// What is left when the origin has ended.
    fn rest(&mut self) -> Result<Bytes, BoxError> {
        let mut out = Vec::new();
        if let Some((mut restorer, decoder)) = self.restore.take() {
            if let Some(decoder) = decoder {
                let mut plain = Vec::new();
                decoder.finish(&mut plain).map_err(broken)?;
                restorer.push(&plain, &mut out);
            }
            restorer.finish(&mut out);
        }
        Ok(out.into())
    }

    /// Says once how the answer ended.
    fn report(&mut self) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let usage = self.usage.take().map(UsageReader::finish).unwrap_or_default();
        if let Some(id) = self.watch.event.take() {
            let outcome = Outcome { id, bytes_out: self.bytes, tokens_in: usage.tokens_in, tokens_out: usage.tokens_out };
            self.watch.metrics.answer(&self.watch.tool, usage.model.as_deref(), &outcome);
            self.watch.recorder.outcome(outcome);
        }
    }
}

fn broken(why: crate::wire::Unreadable) -> BoxError {
    format!("the origin's compressed answer cannot be read: {}", why.as_str()).into()
}

impl Body for Observed {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        loop {
            if self.ended {
                return Poll::Ready(None);
            }
            if let Some(trailers) = self.trailers.take() {
                return Poll::Ready(Some(Ok(trailers)));
            }
            let frame = ready!(Pin::new(&mut self.inner).poll_frame(cx));
            match frame {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => {
                        let out = self.through(data);
                        if self.restore.is_none() && self.inner.is_end_stream() {
                            self.report(); // before the client has the last byte
                        }
                        match out {
                            Ok(out) if out.is_empty() => {}
                            Ok(out) => return Poll::Ready(Some(Ok(Frame::data(out)))),
                            Err(error) => return Poll::Ready(Some(Err(error))),
                        }
                    }
                    Err(trailers) => {
                        // What the restorer still holds belongs before them; trailers are the last frame.
                        let rest = self.rest()?;
                        if rest.is_empty() {
                            return Poll::Ready(Some(Ok(trailers)));
                        }
                        self.trailers = Some(trailers);
                        return Poll::Ready(Some(Ok(Frame::data(rest))));
                    }
                },
                Some(Err(error)) => {
                    self.report();
                    return Poll::Ready(Some(Err(error.into())));
                }
                None => {
                    let rest = self.rest();
                    self.report();
                    match rest {
                        Ok(rest) if rest.is_empty() => return Poll::Ready(None),
                        Ok(rest) => return Poll::Ready(Some(Ok(Frame::data(rest)))),
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    }
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.ended || self.restore.is_none() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        if self.restore.is_some() { SizeHint::default() } else { self.inner.size_hint() }
    }
}

impl Drop for Observed {
    fn drop(&mut self) {
        self.report();
    }
}
