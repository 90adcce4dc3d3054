//! The verdict. Everything that the policy may ask is put on one plate; a warning that was read before is no warning any more.

use super::consent::Digest;
use super::{Decided, Detected, Next, Payload, Read, Room, body::Answer, pass};
use crate::detect::Finding;
use crate::policy::{Action, Policy, Request, Verdict};
use crate::record::metrics::Stage;
use crate::record::{Event, FindingCount, ReasonText};
use crate::wire::{self, Role};
use http::header;
use std::sync::Arc;
use std::time::Instant;

pub async fn layer<N: Next<Decided>>(room: Arc<Room>, detected: Detected, next: N) -> Answer {
    let start = Instant::now();
    let read = &detected.read;
    let now = jiff::Timestamp::now();
    let client = wire::client_family(read.head.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or(""));
    let bytes = match &read.payload {
        Payload::Stream(_) => 0,
        Payload::Whole { raw, .. } => raw.len() as u64,
        Payload::Over { beginning, .. } => beginning.len() as u64,
        Payload::Broken { received } => *received,
    };
    let mut verdict = read.policy.decide(&Request {
        subject: &read.subject,
        tool: &read.tool,
        direction: read.message.direction,
        model: read.message.model.as_deref(),
        client,
        bytes,
        unreadable: read.message.unreadable,
        words: read.words,
        findings: &detected.findings,
        now,
        trace: false,
    });
    let who = room.recorder.pseudonym(&read.subject);
    let mut justification = None;
    if verdict.action == Action::Warn && room.consents.is_accepted(&consent(&room, &detected, &verdict.reason.key, &who)) {
        verdict.action = Action::Allow;
        justification = Some("continued".to_owned());
    }
    let event = Box::new(event(&room, &detected, &verdict, now, client, bytes, &who, justification));
    room.metrics.added(Stage::Decide, start.elapsed());
    pass(next, Decided { detected, verdict, event, who }).await
}

/// Warnings that are about the tool and not about a message in particular (`policy::wording`).
const REGISTER_WARNINGS: [&str; 2] = ["warn.unreviewed", "warn.pilot"];

/// What a click on the warning of this message would accept: this tool where the warning is about the tool alone, else exactly this message.
pub(super) fn consent(room: &Room, detected: &Detected, reason: &str, who: &str) -> Digest {
    let read = &detected.read;
    let tool = read.tool.id.as_str();
    if REGISTER_WARNINGS.contains(&reason) && read.message.unreadable.is_none() {
        return room.consents.digest(who, tool, [reason.as_bytes()].into_iter());
    }
    let body: &[u8] = match (&read.payload, read.message.unreadable) {
        (Payload::Whole { raw, .. }, Some(_)) => raw,
        (Payload::Over { beginning, .. }, _) => beginning,
        _ => &[],
    };
    let announced = read.head.headers.get(header::CONTENT_LENGTH).map_or(&b""[..], |length| length.as_bytes());
    let place = read.head.uri.path_and_query().map_or("/", |place| place.as_str());
    let with_finding = |index: usize| detected.parts.contains(&index);
    let words = read.message.parts.iter().enumerate().filter(|(index, part)| part.role == Role::User || with_finding(*index));
    let words = words.map(|(_, part)| part.text.expose().as_bytes());
    let unread = if read.message.unreadable.is_some() { place.as_bytes() } else { &[] };
    // Clients draw a new boundary for the same message each time.
    let boundary = boundary(read);
    let pieces = without(body, boundary.as_bytes());
    room.consents.digest(who, tool, words.chain([reason.as_bytes(), announced, unread]).chain(pieces))
}

/// The multipart boundary of the request, or nothing.
fn boundary(read: &Read) -> String {
    let kind = read.head.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    let value = kind.split(';').filter_map(|part| part.trim().split_once('=')).find(|(name, _)| name.eq_ignore_ascii_case("boundary"));
    value.map(|(_, value)| value.trim_matches('"').to_owned()).unwrap_or_default()
}

/// `body` without every `what` in it, in pieces.
fn without<'b>(body: &'b [u8], what: &[u8]) -> Vec<&'b [u8]> {
    if what.is_empty() {
        return vec![body];
    }
    let (mut pieces, mut from) = (Vec::new(), 0);
    for at in memchr::memmem::find_iter(body, what) {
        pieces.push(&body[from..at]);
        from = at + what.len();
    }
    pieces.push(&body[from..]);
    pieces
}

#[allow(clippy::too_many_arguments)]
fn event(
    room: &Room,
    detected: &Detected,
    verdict: &Verdict,
    now: jiff::Timestamp,
    client: &str,
    bytes: u64,
    who: &str,
    justification: Option<String>,
) -> Event {
    let read = &detected.read;
    let organisation = if read.subject.organisation.is_empty() { &read.policy.organisation().name } else { &read.subject.organisation };
    Event {
        id: uuid::Uuid::now_v7().to_string(),
        time: format!("{now:.6}"),
        organisation: organisation.to_string(),
        node: room.node.clone(),
        subject: who.to_owned(),
        groups: read.subject.groups.clone(),
        domain: read.policy.domain_of(&read.subject.groups).to_owned(),
        tool: read.tool.id.clone(),
        category: read.tool.category.clone(),
        kind: read.tool.kind.as_str().to_owned(),
        host: read.connection.host.clone(),
        direction: read.message.direction.as_str().to_owned(),
        model: read.message.model.clone(),
        conversation: read.message.conversation.as_deref().map(|id| room.recorder.conversation(id)),
        action: verdict.action.as_str().to_owned(),
        rule: verdict.rule.as_deref().map(str::to_owned),
        mode: verdict.mode.as_str().to_owned(),
        status: verdict.status.to_owned(),
        class: verdict.class.to_string(),
        findings: counts(detected, &read.policy),
        justification,
        purpose: None,
        bytes_in: bytes,
        bytes_out: 0,
        tokens_in: None,
        tokens_out: None,
        added_us: 0,
        policy: read.policy.version().to_owned(),
        client: client.to_owned(),
        reason: reason(verdict),
        previous: String::new(),
        hash: String::new(),
    }
}

/// What the employee read; where nothing was enforced, what enforcement would have done, since nobody read anything.
fn reason(verdict: &Verdict) -> ReasonText {
    if verdict.action == Action::Allow && verdict.would != Action::Allow {
        let would = verdict.would.as_str();
        return ReasonText {
            nl: format!("Alleen waargenomen: bij handhaven was dit {would}."),
            en: format!("Observed only: enforcing would be {would}."),
        };
    }
    ReasonText { nl: verdict.reason.nl.clone(), en: verdict.reason.en.clone() }
}

/// Findings per detector. Those in the user's newest words are counted; a detector that found something only in earlier turns (which clients
/// send again each time) or beside the words is named with the count it has there.
fn counts(detected: &Detected, policy: &Policy) -> Vec<FindingCount> {
    let read: &Read = &detected.read;
    let role = |index: usize| read.message.parts.get(index).map_or(Role::Other, |part| part.role);
    let mut counts: Vec<(FindingCount, bool)> = Vec::new();
    let mut add = |finding: &Finding, newest: bool| {
        let Some(class) = policy.class_of(&finding.detector) else { return };
        match counts.iter_mut().find(|(count, _)| count.detector == *finding.detector) {
            Some((count, counted_newest)) => {
                count.confidence = count.confidence.max(finding.confidence);
                if newest && !*counted_newest {
                    (count.count, *counted_newest) = (1, true);
                } else if newest == *counted_newest {
                    count.count += 1;
                }
            }
            None => counts.push((
                FindingCount { detector: finding.detector.to_string(), class: class.to_string(), count: 1, confidence: finding.confidence },
                newest,
            )),
        }
    };
    for (finding, part) in detected.findings.iter().zip(&detected.parts) {
        add(finding, role(*part) == Role::User);
    }
    if let Some(why) = read.message.unreadable {
        let detector = format!("data.unreadable.{}", why.as_str());
        counts.push((FindingCount { detector, class: policy.unreadable_class().to_owned(), count: 1, confidence: 1.0 }, true));
    }
    counts.into_iter().map(|(count, _)| count).collect()
}
