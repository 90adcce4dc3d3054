//! The verdict carried out: the message goes on as it is, goes on cleaned, or its sender reads why it does not.
//!
//! What should be cleaned but cannot be (a text without a place, a body that is signed) is turned back: failing closed.

use super::refuse::{Tongue, mark};
use super::{Decided, Detected, Enforced, Next, Outgoing, Payload, Read, Room, Way, body, body::Answer, decide, forward, pass};
use crate::detect::Finding;
use crate::page::{self, Lang};
use crate::policy::{Action, Reason, Verdict};
use crate::record::{Event, ReasonText};
use crate::redact::Placeholders;
use crate::wire::{self, Change};
use bytes::Bytes;
use http::{HeaderValue, Request, StatusCode, header};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// A longer address is not remembered for the way back after a warning.
const LONGEST_BACK: usize = 2048;

pub async fn layer<N: Next<Enforced>>(room: Arc<Room>, decided: Decided, next: N) -> Answer {
    let Decided { detected, mut verdict, mut event, who } = decided;
    let read = &detected.read;
    let tongue = Tongue::new(&read.policy, &read.head, &read.connection.host, read.shape, read.navigation, Some(&read.message))
        .heard_by(&room.catalogue, &read.tool.id);
    // Pictures, scripts and the like: no decision is due unless the tool itself is not allowed.
    let quiet = !read.words && !(read.navigation && verdict.would != Action::Allow) && verdict.action < Action::Redirect;
    if quiet {
        let placeholders = room.vault.existing(|| vault_key(read, &who));
        let ready = read.ready;
        let way = Way::Pass(Box::new(outgoing(*detected.read, placeholders, None, None)));
        return pass(next, Enforced { event: None, way, ready, tongue }).await;
    }
    let ready = read.ready;
    let mut cleaned = None;
    if verdict.action == Action::Redact {
        match clean(&room, &detected, &verdict, &who) {
            Some(body) => cleaned = Some(body),
            None => turn_back(&detected, &mut verdict, &mut event),
        }
    }
    if matches!(read.payload, Payload::Broken { .. }) && verdict.action < Action::Redirect {
        // There is nothing whole that could be sent on.
        verdict.action = Action::Block;
        event.action = Action::Block.as_str().to_owned();
    }
    let way = match verdict.action {
        Action::Allow | Action::Redact => {
            let placeholders = match &cleaned {
                Some((_, placeholders)) => Some(placeholders.clone()),
                None => room.vault.existing(|| vault_key(read, &who)),
            };
            Way::Pass(Box::new(outgoing(*detected.read, placeholders, Some(event.id.clone()), cleaned.map(|(body, _)| body))))
        }
        Action::Warn => {
            let digest = decide::consent(&room, &detected, &verdict.reason.key, &who);
            let back = read
                .navigation
                .then(|| format!("https://{}{}", read.connection.host, read.head.uri.path_and_query().map_or("/", |p| p.as_str())))
                .filter(|back| back.len() <= LONGEST_BACK);
            let token = room.consents.show(digest, &who, Duration::from_secs(verdict.valid_seconds), back);
            Way::Refuse(warned(&room, read, &verdict, &event, &tongue, &token))
        }
        Action::Redirect | Action::Block => Way::Refuse(blocked(&room, read, &verdict, &event, &tongue)),
    };
    pass(next, Enforced { event: Some(event), way, ready, tongue }).await
}

/// Placeholders belong to one sender at one tool. Anonymous senders may share an address, so their key or cookie at the tool sets them apart;
/// where there is neither, placeholders live for this request alone (none).
fn vault_key(read: &Read, who: &str) -> Option<String> {
    let mut key = format!("{who} {}", read.tool.id);
    if read.subject.user.is_none() {
        use sha2::{Digest, Sha256};
        let keys = [header::AUTHORIZATION.as_str(), "x-api-key", "x-goog-api-key", "api-key", header::COOKIE.as_str()];
        let secret = keys.iter().find_map(|name| read.head.headers.get(*name))?;
        let digest = Sha256::new().chain_update(secret.as_bytes());
        key.push(' ');
        key.push_str(&hex::encode(&digest.finalize()[..16]));
    }
    Some(key)
}

/// The body with placeholders, or none where it cannot be cleaned.
fn clean(room: &Room, detected: &Detected, verdict: &Verdict, who: &str) -> Option<(Bytes, Arc<Placeholders>)> {
    let read = &detected.read;
    let Payload::Whole { raw, plain } = &read.payload else { return None };
    if is_body_bound(read) {
        return None;
    }
    let mut by_part: BTreeMap<usize, Vec<&Finding>> = BTreeMap::new();
    for (finding, part) in detected.findings.iter().zip(&detected.parts) {
        if verdict.redact.iter().any(|detector| **detector == *finding.detector) {
            by_part.entry(*part).or_default().push(finding);
        }
    }
    let placeholders = vault_key(read, who).map_or_else(|| Arc::new(Placeholders::new()), |key| room.vault.placeholders(&key));
    // A literal such as [EMAIL-1] in any part must not be given out for a value.
    for part in &read.message.parts {
        placeholders.reserve(part.text.expose());
    }
    let mut changes = Vec::with_capacity(by_part.len());
    for (index, findings) in by_part {
        let part = read.message.parts.get(index)?;
        part.place.as_ref()?;
        changes.push(Change { part: index, text: placeholders.redact(part.text.expose(), &findings).expose().to_owned() });
    }
    let body = wire::write(plain.as_ref().unwrap_or(raw), &read.message, &changes)?;
    Some((Bytes::from(body), placeholders))
}

/// Calls whose body is signed or hashed: changing it breaks them.
fn is_body_bound(read: &Read) -> bool {
    let headers = &read.head.headers;
    headers.contains_key("x-amz-content-sha256")
        || headers.get(header::AUTHORIZATION).is_some_and(|v| v.as_bytes().starts_with(b"AWS4-"))
        || read.connection.host.starts_with("alkalimakersuite-pa.")
}

/// A redaction that is not possible becomes a block, with the sentence of one.
fn turn_back(detected: &Detected, verdict: &mut Verdict, event: &mut Event) {
    let read = &detected.read;
    verdict.action = Action::Block;
    verdict.reason = read.policy.blocked_reason(&verdict.redact, &read.subject, &read.tool, jiff::Timestamp::now());
    event.action = Action::Block.as_str().to_owned();
    event.reason = ReasonText { nl: verdict.reason.nl.clone(), en: verdict.reason.en.clone() };
}

fn outgoing(read: Read, placeholders: Option<Arc<Placeholders>>, event: Option<String>, cleaned: Option<Bytes>) -> Outgoing {
    let mut head = read.head;
    if event.is_some() && read.words && !forward::is_upgrade(&head.headers) {
        // The answer is read for its usage, and for placeholders.
        head.headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    } else if placeholders.is_some() {
        head.headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip, identity"));
    }
    let body = match (cleaned, read.payload) {
        (Some(cleaned), _) => {
            for name in [header::CONTENT_ENCODING.as_str(), "content-md5", "digest", "content-digest", "repr-digest"] {
                head.headers.remove(name);
            }
            head.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(cleaned.len()));
            body::full(cleaned)
        }
        (None, Payload::Stream(body)) => body,
        (None, Payload::Whole { raw, .. }) => {
            head.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(raw.len()));
            body::full(raw)
        }
        (None, Payload::Over { beginning, rest }) => body::chained(beginning, rest),
        (None, Payload::Broken { .. }) => body::nothing(),
    };
    Outgoing {
        request: Request::from_parts(head, body),
        connection: read.connection,
        tool: read.tool,
        shape: read.shape,
        subject: read.subject,
        policy: read.policy,
        navigation: read.navigation,
        placeholders,
        event,
        lease: Some(read.lease),
    }
}

fn sentence(reason: &Reason, lang: Lang) -> &str {
    lang.pick(&reason.nl, &reason.en)
}

fn blocked(room: &Room, read: &Read, verdict: &Verdict, event: &Event, tongue: &Tongue) -> Answer {
    let label = if verdict.action == Action::Redirect { "redirect" } else { "block" };
    let sentence = sentence(&verdict.reason, tongue.lang);
    let mut answer = if read.navigation {
        let instead = instead(room, verdict);
        tongue.page(StatusCode::FORBIDDEN, page::blocked(&about(read, verdict, tongue, instead.as_ref(), event)))
    } else {
        tongue.form(None, sentence, "blocked_by_organisation")
    };
    mark(&mut answer, label, &event.id);
    answer
}

fn warned(room: &Room, read: &Read, verdict: &Verdict, event: &Event, tongue: &Tongue, token: &str) -> Answer {
    let link = format!("http://{}/continue/{token}", crate::listener::SELF);
    let sentence = sentence(&verdict.reason, tongue.lang);
    let mut answer = if read.navigation {
        let instead = instead(room, verdict);
        let page = about(read, verdict, tongue, instead.as_ref(), event);
        tongue.page(StatusCode::FORBIDDEN, page::warned(&page::Warned { page, link: &link }))
    } else {
        let go_on = tongue.lang.pick("Toch versturen:", "To send it anyway:");
        let whole = if tongue.own_page { format!("{sentence} {go_on} {link}") } else { sentence.to_owned() };
        tongue.form(None, &whole, "warned_by_organisation")
    };
    mark(&mut answer, "warn", &event.id);
    answer
}

fn about<'a>(
    read: &'a Read,
    verdict: &'a Verdict,
    tongue: &Tongue,
    instead: Option<&'a (String, String)>,
    event: &'a Event,
) -> page::Page<'a> {
    let organisation = read.policy.organisation();
    let other = tongue.lang.other();
    page::Page {
        lang: tongue.lang,
        organisation: &organisation.name,
        tool: &read.tool.name,
        sentence: sentence(&verdict.reason, tongue.lang),
        other_sentence: organisation.languages.iter().any(|tag| Lang::parse(tag) == Some(other)).then(|| sentence(&verdict.reason, other)),
        instead: instead.map(|(name, address)| (name.as_str(), address.as_str())),
        helpdesk: organisation.contact.helpdesk.as_deref(),
        event: &event.id,
    }
}

/// Name and address of the tool to use instead.
fn instead(room: &Room, verdict: &Verdict) -> Option<(String, String)> {
    let tool = room.catalogue.by_id(verdict.instead.as_deref()?)?;
    let host = tool.hosts.first()?;
    (!host.contains('*')).then(|| (tool.name.clone(), format!("https://{host}/")))
}
