//! The words. The body is read to its end, decompressed, and taken apart by its shape. What cannot be read says why, and is judged by that.

use super::body::{self, Collected};
use super::{Admitted, Classified, Next, Payload, Read, Room, body::Answer, forward, pass};
use crate::record::metrics::Stage;
use crate::wire::{Direction, Head, Message, Shape, Unreadable, coding};
use bytes::Bytes;
use http::header;
use http::request::Parts;
use hyper::body::Body as _;
use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

/// The same for compressed bodies, which may be a thousand times as large inside.
const LARGE_CODED: usize = 2 * 1024;
/// Bodies above this are read on a thread of their own, so that other connections do not wait.
const LARGE: usize = 256 * 1024;

pub async fn layer<N: Next<Box<Read>>>(room: Arc<Room>, admitted: Admitted, next: N) -> Answer {
    let Admitted { classified, mut lease } = admitted;
    let Classified { arrival, subject, tool, shape, policy, navigation, words } = classified;
    let (head, body) = arrival.request.into_parts();
    let connection = arrival.connection;
    let mut ready = arrival.since;
    let (message, payload) = if !words {
        (blank(None), Payload::Stream(body))
    } else if forward::is_upgrade(&head.headers) && body.is_end_stream() {
        // The words come after the upgrade, in frames that no reader follows.
        (blank(Some(Unreadable::UnknownType)), Payload::Stream(body))
    } else {
        let limit = usize::try_from(room.limits.inspect).unwrap_or(usize::MAX);
        let collected = body::collect(body, limit, room.limits.idle, &mut lease).await;
        ready = Instant::now();
        match collected {
            Collected::Whole(raw)
                if raw.len() > LARGE || raw.len() > LARGE_CODED && head.headers.contains_key(header::CONTENT_ENCODING) =>
            {
                let (host, shared) = (connection.host.clone(), Arc::new(head.clone()));
                let task = tokio::task::spawn_blocking(move || read(&shared, &host, shape, raw, limit));
                task.await.unwrap_or_else(|_| (blank(Some(Unreadable::BrokenForm)), Payload::Broken { received: 0 }))
            }
            Collected::Whole(raw) => read(&head, &connection.host, shape, raw, limit),
            Collected::Over(beginning, rest) => (blank(Some(Unreadable::TooLarge)), Payload::Over { beginning, rest }),
            Collected::Broken(received) => (blank(Some(Unreadable::Truncated)), Payload::Broken { received }),
        }
    };
    let (message, payload) = match payload {
        Payload::Whole { raw, plain: Some(plain) } if !lease.grow(raw.len() + plain.len()).await => {
            (blank(Some(Unreadable::TooLarge)), Payload::Whole { raw, plain: None })
        }
        payload => (message, payload),
    };
    room.metrics.added(Stage::Read, ready.elapsed());
    let read = Read { head, connection, subject, tool, shape, policy, navigation, words, message, payload, lease, ready };
    pass(next, Box::new(read)).await
}

fn read(head: &Parts, host: &str, shape: Shape, raw: Bytes, limit: usize) -> (Message, Payload) {
    // Codings may stand in one field or in several (RFC 9110, section 5.3).
    let codings: Vec<&str> = head.headers.get_all(header::CONTENT_ENCODING).iter().map(|value| value.to_str().unwrap_or("?")).collect();
    let codings = (!codings.is_empty()).then(|| codings.join(","));
    let plain = match coding::decode(codings.as_deref(), &raw, limit) {
        Ok(Cow::Borrowed(_)) => None,
        Ok(Cow::Owned(plain)) => Some(Bytes::from(plain)),
        Err(why) => return (blank(Some(why)), Payload::Whole { raw, plain: None }),
    };
    let view = Head { method: &head.method, host, path: head.uri.path(), query: head.uri.query(), headers: &head.headers };
    let message = shape.read(&view, plain.as_ref().unwrap_or(&raw));
    (message, Payload::Whole { raw, plain })
}

fn blank(unreadable: Option<Unreadable>) -> Message {
    Message {
        direction: Direction::Prompt,
        model: None,
        conversation: None,
        stream: false,
        before_send: false,
        parts: Vec::new(),
        unreadable,
        call: None,
    }
}
