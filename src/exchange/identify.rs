//! Who sends it. The header by which a trusted parent proxy named the user is taken off: it is for Sluis, not for the tool.

use super::{Arrival, Identified, Next, Room, body::Answer, pass};
use std::sync::Arc;

pub async fn layer<N: Next<Identified>>(room: Arc<Room>, mut arrival: Arrival, next: N) -> Answer {
    let subject = room.identifier.identify(&arrival.connection.peer, arrival.request.headers());
    room.identifier.strip(arrival.request.headers_mut());
    pass(next, Identified { arrival, subject }).await
}
