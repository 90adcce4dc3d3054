//! Changed texts put back where they stood.
//!
//! Takes the (decoded) body, the message read from it, and the changed parts; gives the new body. Works from the inside out and touches only the strings that
//! changed: key order, white space, number spelling and unknown fields stay byte for byte. Gives none rather than a body that is half changed.

use super::{Encoding, Message, Step, escape, form};
use std::borrow::Cow;

/// A new text for a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Index in [`Message::parts`].
    pub part: usize,
    pub text: String,
}

/// The body with the changes in it. None where a part is unknown, has no place, or its place does not fit the body: then nothing may be sent.
pub fn write(body: &[u8], message: &Message, changes: &[Change]) -> Option<Vec<u8>> {
    let mut edits: Vec<Edit<'_>> = Vec::with_capacity(changes.len());
    for change in changes {
        let part = message.parts.get(change.part)?;
        if part.text.expose() == change.text {
            continue;
        }
        edits.push(Edit { steps: &part.place.as_ref()?.0, text: &change.text });
    }
    apply(body, edits)
}

struct Edit<'a> {
    steps: &'a [Step],
    text: &'a str,
}

/// Applies edits whose first steps are ranges in `parent`.
fn apply(parent: &[u8], mut edits: Vec<Edit<'_>>) -> Option<Vec<u8>> {
    // Of two edits in one place neither can be dropped silently: `first()?` and the checks below end it.
    edits.sort_by_key(|e| e.steps.first().map(|s| (s.range.start, s.range.end)));
    let added: usize = edits.iter().map(|e| e.text.len()).sum();
    let mut out = Vec::with_capacity(parent.len() + added);
    let mut from = 0;
    let mut edits = edits.into_iter().peekable();
    while let Some(edit) = edits.next() {
        let step = edit.steps.first()?;
        if step.range.start < from {
            return None;
        }
        out.extend_from_slice(parent.get(from..step.range.start)?);
        let old = parent.get(step.range.clone())?;
        let inner = edit.steps.get(1..)?;
        if inner.is_empty() {
            encode(&mut out, step.encoding, edit.text);
        } else {
            let mut group = vec![Edit { steps: inner, text: edit.text }];
            while let Some(next) = edits.next_if(|n| n.steps.first() == Some(step)) {
                group.push(Edit { steps: next.steps.get(1..)?, text: next.text });
            }
            let old = decode(step.encoding, old)?;
            let new = apply(old.as_bytes(), group)?;
            encode(&mut out, step.encoding, std::str::from_utf8(&new).ok()?);
        }
        from = step.range.end;
    }
    out.extend_from_slice(parent.get(from..)?);
    Some(out)
}

fn decode(encoding: Encoding, raw: &[u8]) -> Option<Cow<'_, str>> {
    let raw = std::str::from_utf8(raw).ok()?;
    match encoding {
        Encoding::Plain => Some(Cow::Borrowed(raw)),
        Encoding::JsonString => Some(escape::undo(raw)),
        Encoding::Form => form::undo(raw).ok(),
    }
}

fn encode(out: &mut Vec<u8>, encoding: Encoding, text: &str) {
    match encoding {
        Encoding::Plain => out.extend_from_slice(text.as_bytes()),
        Encoding::JsonString => escape::push(out, text),
        Encoding::Form => form::push(out, text),
    }
}
