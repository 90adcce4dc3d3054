//! The running texts of a stream: restores the strings of one event, holds back what may be the start of a placeholder, and gives it up in time.
//!
//! Takes the data of one event; says what must be sent before it and what its data becomes. A held tail stands in front of the next delta of its
//! channel, or, where the channel ends first, in a copy of the event it came from. Memory: at most [`MOST_HELD`] tails with such a copy.

use super::matcher::{Level, replace};
use super::placeholders::Names;
use super::shapes::{self, LastPatch, Plan, Site};
use crate::wire::answer::tree::{Key, Kind, Tree};
use memchr::memchr;
use std::hash::{DefaultHasher, Hasher};
use std::ops::Range;

/// Channels with a held tail at one time; beyond it nothing is held.
const MOST_HELD: usize = 16;
/// A larger event is not copied, and so nothing of it is held.
const LARGEST_COPY: usize = 64 << 10;
/// Channels that are watched for whether they send deltas or the whole text again and again.
const MOST_WATCHED: usize = 32;

/// A piece of an event: what stands before and behind the words, and what was held of them.
#[derive(Debug)]
struct Held {
    channel: u64,
    group: u64,
    tail: Vec<u8>,
    name: Option<Vec<u8>>,
    before: Vec<u8>,
    after: Vec<u8>,
}

/// What becomes of one event.
#[derive(Debug, Default)]
pub(super) struct Rewrite {
    /// Events to be sent before it: name and data.
    pub before: Vec<(Option<Vec<u8>>, Vec<u8>)>,
    /// Its new data; none: it passes as it came.
    pub data: Option<Vec<u8>>,
}

/// A channel of which it is not known whether it sends deltas or the whole text so far.
#[derive(Debug)]
struct Watched {
    channel: u64,
    length: usize,
    hash: u64,
    /// Texts in a row that did not start with the text before them.
    breaks: u8,
}

/// All running texts of one answer.
#[derive(Debug, Default)]
pub(super) struct Channels {
    tree: Tree,
    plan: Plan,
    last: LastPatch,
    held: Vec<Held>,
    watched: Vec<Watched>,
    edits: Vec<(Range<usize>, Vec<u8>)>,
    /// Bare words in one event go on in the next (they do not in lines).
    joins_words: bool,
}

impl Channels {
    /// For a form in which an event's data may be bare words.
    pub(super) fn of_words() -> Self {
        Self { joins_words: true, ..Self::default() }
    }

    /// Reads one event. `name`: the event's name, or the mark before a line's JSON.
    pub(super) fn event(&mut self, data: &[u8], name: Option<&[u8]>, names: &Names<'_>) -> Rewrite {
        let mut rewrite = Rewrite::default();
        let words = data.trim_ascii();
        if words == b"[DONE]" {
            self.flush(&mut rewrite);
            return rewrite;
        }
        if words.is_empty() {
            return rewrite;
        }
        if !self.tree.read(data) {
            self.plain(data, name, names, &mut rewrite);
            return rewrite;
        }
        let mut plan = std::mem::take(&mut self.plan);
        shapes::plan(&self.tree, data, name, &mut self.last, &mut plan);
        self.believe(data, &mut plan);
        self.end(&plan, &mut rewrite);
        self.restore(data, name, names, &plan, &mut rewrite);
        self.plan = plan;
        rewrite
    }

    /// The stream has ended, or goes on with something that cannot be read: everything held is given up.
    pub(super) fn flush(&mut self, rewrite: &mut Rewrite) {
        rewrite.before.extend(self.held.drain(..).map(Held::event));
    }

    /// Takes sites out of the plan that only look like deltas and have not (yet) shown to be.
    fn believe(&mut self, data: &[u8], plan: &mut Plan) {
        let (tree, watched) = (&self.tree, &mut self.watched);
        plan.sites.retain(|site| {
            site.certain
                || tree.node(site.node).and_then(|node| data.get(node.range())).is_some_and(|text| watch(watched, site.channel, text))
        });
    }

    /// Gives up the tails of channels that end with this event and have no words in it.
    fn end(&mut self, plan: &Plan, rewrite: &mut Rewrite) {
        if self.held.is_empty() || !(plan.all_ended || plan.others_ended || !plan.ended.is_empty()) {
            return;
        }
        let ends = |held: &mut Held| {
            (plan.all_ended || plan.others_ended || plan.ended.contains(&held.group))
                && !plan.sites.iter().any(|site| site.channel == held.channel)
        };
        rewrite.before.extend(self.held.extract_if(.., ends).map(Held::event));
    }

    fn restore(&mut self, data: &[u8], name: Option<&[u8]>, names: &Names<'_>, plan: &Plan, rewrite: &mut Rewrite) {
        let mut edits = std::mem::take(&mut self.edits);
        edits.clear();
        for id in 0..self.tree.nodes().len() {
            let node = self.tree.nodes()[id];
            if let Key::Name(start, end) = node.key {
                whole(data, start as usize..end as usize, Level::Json, names, &mut edits);
            }
            if node.kind != Kind::Text {
                continue;
            }
            match plan.sites.iter().position(|site| site.node as usize == id) {
                None => {
                    let key = self.tree.name_of(data, &node).unwrap_or(b"");
                    if key != b"thinking" {
                        whole(data, node.range(), level(key, &data[node.range()]), names, &mut edits);
                    }
                }
                Some(at) => {
                    let site = &plan.sites[at];
                    let last = !plan.sites[at + 1..].iter().any(|later| later.channel == site.channel);
                    let ended = last && (plan.all_ended || plan.ended.contains(&site.group));
                    let before = self.held.iter().position(|held| held.channel == site.channel).map(|at| self.held.swap_remove(at).tail);
                    let room = self.held.len() < MOST_HELD && data.len() <= LARGEST_COPY;
                    if let Some(tail) = delta(data, node.range(), before, site.level, names, !ended && room, &mut edits) {
                        let (before, after) = self.copy(data, plan, site);
                        let name = name.map(<[u8]>::to_vec);
                        self.held.push(Held { channel: site.channel, group: site.group, tail, name, before, after });
                    }
                }
            }
        }
        if !edits.is_empty() {
            rewrite.data = Some(edited(data, &edits));
        }
        self.edits = edits;
    }

    /// The event around the words of one site, with the words of all others left out.
    fn copy(&self, data: &[u8], plan: &Plan, site: &Site) -> (Vec<u8>, Vec<u8>) {
        let range = |id: u32| self.tree.node(id).map_or(0..0, |node| node.range());
        if let Some((array, path)) = site.batch {
            // Only this one patch: to repeat the others of the batch would apply them twice.
            let mut before = data[..range(array).start].to_vec();
            before.extend_from_slice(b"[{\"p\":\"");
            before.extend_from_slice(&data[range(path)]);
            before.extend_from_slice(b"\",\"o\":\"append\",\"v\":\"");
            let mut after = b"\"}]".to_vec();
            after.extend_from_slice(&data[range(array).end..]);
            return (before, after);
        }
        let words = range(site.node);
        let mut blank: Vec<_> =
            plan.sites.iter().map(|s| s.node).chain(plan.once.iter().copied()).filter(|&id| id != site.node).map(range).collect();
        blank.sort_by_key(|range| range.start);
        let cut = |from: usize, to: usize| {
            let edits: Vec<_> =
                blank.iter().filter(|r| r.start >= from && r.end <= to).map(|r| (r.start - from..r.end - from, Vec::new())).collect();
            edited(&data[from..to], &edits)
        };
        (cut(0, words.start), cut(words.end, data.len()))
    }

    /// An event whose data is not JSON.
    fn plain(&mut self, data: &[u8], name: Option<&[u8]>, names: &Names<'_>, rewrite: &mut Rewrite) {
        let mut hasher = DefaultHasher::new();
        hasher.write(name.unwrap_or(b""));
        let channel = hasher.finish();
        let deltas = self.joins_words && watch(&mut self.watched, channel, data);
        let before = self.held.iter().position(|held| held.channel == channel).map(|at| self.held.swap_remove(at).tail);
        // What looks like JSON but is not has its values escaped all the same.
        let level = if matches!(data.trim_ascii_start().first(), Some(b'{' | b'[')) { Level::Json } else { Level::Plain };
        let mut edits = Vec::new();
        let hold = deltas && self.held.len() < MOST_HELD && data.len() <= LARGEST_COPY && level == Level::Plain;
        if let Some(tail) = delta(data, 0..data.len(), before, level, names, hold, &mut edits) {
            let name = name.map(<[u8]>::to_vec);
            self.held.push(Held { channel, group: channel, tail, name, before: Vec::new(), after: Vec::new() });
        }
        if let Some((_, text)) = edits.pop() {
            rewrite.data = Some(text);
        }
    }
}

impl Held {
    fn event(self) -> (Option<Vec<u8>>, Vec<u8>) {
        let mut data = self.before;
        data.extend_from_slice(&self.tail);
        data.extend_from_slice(&self.after);
        (self.name, data)
    }
}

/// Whether a channel has shown that it sends deltas: twice in a row a text that does not start with the one before.
fn watch(watched: &mut Vec<Watched>, channel: u64, text: &[u8]) -> bool {
    let hash = |text: &[u8]| {
        let mut hasher = DefaultHasher::new();
        hasher.write(text);
        hasher.finish()
    };
    match watched.iter_mut().find(|seen| seen.channel == channel) {
        Some(seen) => {
            let extends = text.get(..seen.length).is_some_and(|start| hash(start) == seen.hash);
            if !extends {
                seen.breaks = seen.breaks.saturating_add(1);
            } else if seen.length >= 8 && seen.breaks < 2 {
                seen.breaks = 0;
            }
            (seen.length, seen.hash) = (text.len(), hash(text));
            seen.breaks >= 2
        }
        None => {
            if watched.len() < MOST_WATCHED {
                watched.push(Watched { channel, length: text.len(), hash: hash(text), breaks: 0 });
            }
            false
        }
    }
}

/// So many bytes at the start of a string tell [`level`] what it is.
pub(super) const HEAD: usize = 16;

/// How deep a complete string is wrapped: arguments of tools, and strings that are JSON themselves, hold JSON in JSON.
pub(super) fn level(key: &[u8], head: &[u8]) -> Level {
    if matches!(key, b"arguments" | b"partial_json") {
        return Level::JsonInJson;
    }
    // `{\"`, `[{\"`, `{\n  \"`: brackets and white space, then an escaped quote.
    let mut rest = &head[..head.len().min(HEAD)];
    let mut brackets = 0;
    loop {
        rest = match rest {
            [b'{' | b'[', more @ ..] => {
                brackets += 1;
                more
            }
            [b' ', more @ ..] | [b'\\', b'n' | b'r' | b't', more @ ..] if brackets > 0 => more,
            [b'\\', b'"', ..] if brackets > 0 => return Level::JsonInJson,
            _ => return Level::Json,
        };
    }
}

fn whole(data: &[u8], range: Range<usize>, level: Level, names: &Names<'_>, edits: &mut Vec<(Range<usize>, Vec<u8>)>) {
    let text = &data[range.clone()];
    if memchr(b'[', text).is_some() {
        let mut out = Vec::new();
        if replace(text, level, names, false, &mut out).changed {
            edits.push((range, out));
        }
    }
}

/// One delta, with what was held before it; gives what is now held.
fn delta(
    data: &[u8],
    range: Range<usize>,
    before: Option<Vec<u8>>,
    level: Level,
    names: &Names<'_>,
    hold: bool,
    edits: &mut Vec<(Range<usize>, Vec<u8>)>,
) -> Option<Vec<u8>> {
    let fresh = &data[range.clone()];
    if before.is_none() && memchr(b'[', fresh).is_none() && !fresh.ends_with(b"\\") {
        return None;
    }
    let changed = before.is_some();
    let mut joined = before.unwrap_or_default();
    let text = if changed {
        joined.extend_from_slice(fresh);
        &joined[..]
    } else {
        fresh
    };
    let mut out = Vec::with_capacity(text.len());
    let done = replace(text, level, names, hold, &mut out);
    if changed || done.changed || done.held > 0 {
        edits.push((range, out));
    }
    (done.held > 0).then(|| text[text.len() - done.held..].to_vec())
}

fn edited(data: &[u8], edits: &[(Range<usize>, Vec<u8>)]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len() + 64);
    let mut at = 0;
    for (range, text) in edits {
        out.extend_from_slice(&data[at..range.start]);
        out.extend_from_slice(text);
        at = range.end;
    }
    out.extend_from_slice(&data[at..]);
    out
}
