//! Written down before anything leaves. A decision that cannot be recorded lets nothing by.

use super::{Enforced, Next, Room, body::Answer, pass, refuse};
use crate::record::metrics::Stage;
use std::sync::Arc;
use std::time::Instant;

pub async fn layer<N: Next<Enforced>>(room: Arc<Room>, mut enforced: Enforced, next: N) -> Answer {
    if let Some(event) = enforced.event.take() {
        let start = Instant::now();
        let mut event = event;
        event.added_us = u64::try_from(enforced.ready.elapsed().as_micros()).unwrap_or(u64::MAX);
        let recorded = event.clone();
        if let Err(error) = room.recorder.record(event) {
            tracing::error!(%error, "a decision could not be recorded; its message was not sent on");
            return refuse::unrecorded(&room, &enforced.tongue);
        }
        room.metrics.decision(&recorded);
        room.metrics.added(Stage::Record, start.elapsed());
        room.metrics.added(Stage::Total, enforced.ready.elapsed());
    }
    pass(next, enforced).await
}
