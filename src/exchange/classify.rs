//! Which tool, which shape, and whether there are words to look at. A path that is no AI (on a host that also carries ordinary work) goes on
//! unread and unrecorded.

use super::{Classified, Identified, Next, Outgoing, Room, body::Answer, forward, pass};
use crate::wire::{self, Head, Shape};
use hyper::body::Body as _;
use std::sync::Arc;

pub async fn layer<N: Next<Classified>>(room: Arc<Room>, identified: Identified, next: N) -> Answer {
    let Identified { arrival, subject } = identified;
    let host = &arrival.connection.host;
    let policy = room.policy.full();
    let uri = arrival.request.uri();
    let Some(tool) = room.catalogue.lookup(host, uri.path()).cloned() else {
        return forward::unread(room, arrival).await;
    };
    let head = Head { method: arrival.request.method(), host, path: uri.path(), query: uri.query(), headers: arrival.request.headers() };
    let shape = Shape::of(&head);
    let navigation = wire::is_navigation(&head);
    // A body says that there may be words, whatever the method promises.
    let bodied = !arrival.request.body().is_end_stream();
    let words = bodied || shape.carries_words(&head) || forward::is_upgrade(arrival.request.headers());
    // Preflights carry no words and must reach the tool, or its page sees only a network error.
    if head.method == http::Method::OPTIONS && !bodied {
        let connection = arrival.connection.clone();
        let out = Outgoing {
            request: arrival.request,
            connection,
            tool,
            shape,
            subject,
            policy,
            navigation,
            placeholders: None,
            event: None,
            lease: None,
        };
        return forward::send(room, out).await;
    }
    pass(next, Classified { arrival, subject, tool, shape, policy, navigation, words }).await
}
