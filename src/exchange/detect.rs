//! What is in the words: every part goes through the policy's detection plan.

use super::{Detected, Next, Read, Room, body::Answer, pass};
use crate::detect::Finding;
use crate::policy::Policy;
use crate::record::metrics::Stage;
use crate::wire::{Message, Part, Role};
use std::sync::Arc;
use std::time::Instant;

/// Messages above this many bytes are scanned on a thread of their own.
const LARGE: usize = 256 * 1024;

pub async fn layer<N: Next<Detected>>(room: Arc<Room>, mut read: Box<Read>, next: N) -> Answer {
    let start = Instant::now();
    let size: usize = read.message.parts.iter().map(|part| part.text.len()).sum();
    let (findings, parts) = if size > LARGE {
        let (policy, message) = (read.policy.clone(), Arc::new(read.message));
        let task = tokio::task::spawn_blocking({
            let message = message.clone();
            move || scan(&policy, &message)
        });
        let found = task.await;
        read.message = Arc::unwrap_or_clone(message);
        match found {
            Ok(found) => found,
            Err(_) => {
                // A detector that fails has found nothing; the message then counts as unread.
                read.message.unreadable = Some(crate::wire::Unreadable::BrokenForm);
                (Vec::new(), Vec::new())
            }
        }
    } else {
        scan(&read.policy, &read.message)
    };
    // Telemetry and keep-alives are posts without a conversation in them: looked at, and no message. (The turns of an agent's tool loop are all
    // history, and are a message.)
    let spoken =
        read.message.unreadable.is_some() || !findings.is_empty() || read.message.parts.iter().any(|part| part.role != Role::Other);
    read.words &= spoken;
    room.metrics.added(Stage::Detect, start.elapsed());
    pass(next, Detected { read, findings, parts }).await
}

fn scan(policy: &Policy, message: &Message) -> (Vec<Finding>, Vec<usize>) {
    // What was typed, turn by turn, is one conversation; files and other strings stand by themselves.
    let turn = |part: &&Part| part.role != Role::Other && part.place.is_some();
    let turns: Vec<(&str, &str)> = message.parts.iter().filter(turn).map(|part| (part.text.expose(), part.label.as_str())).collect();
    let mut of_turns = policy.plan().scan_parts(&turns).into_iter();
    let (mut findings, mut parts) = (Vec::new(), Vec::new());
    for (index, part) in message.parts.iter().enumerate() {
        let found = match Some(part).filter(turn).and_then(|_| of_turns.next()) {
            Some(found) => found,
            None => policy.plan().scan(part.text.expose(), &part.label),
        };
        parts.resize(parts.len() + found.len(), index);
        findings.extend(found);
    }
    (findings, parts)
}
