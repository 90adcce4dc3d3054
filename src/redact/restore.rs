//! Originals back into an answer, while it passes.
//!
//! Takes the (decoded) bytes of an answer in chunks cut anywhere and writes what the client gets. An event, line or byte that holds nothing for
//! us is written in the same call, byte for byte; only a start of a placeholder waits for what follows it. Never fails: what cannot be read as
//! its form says has its placeholders replaced as plain text. Memory is bounded by one event (1 MiB) and 16 held tails.

use super::channels::{Channels, Rewrite};
use super::elements::Elements;
use super::json::JsonText;
use super::matcher::{Level, Replacer};
use super::placeholders::{Names, Placeholders};
use crate::wire::answer::AnswerForm;
use crate::wire::answer::events::{self, Event, EventParser, LineParser, Piece};
use std::fmt;
use std::sync::Arc;

/// Restores one answer.
pub struct Restorer {
    placeholders: Arc<Placeholders>,
    mode: Mode,
}

enum Mode {
    /// Nothing was replaced in this conversation.
    Off,
    Events(Box<EventParser>, Box<Stream>),
    Lines(LineParser, Box<Stream>),
    Json(Sniffed),
    Text(Replacer),
}

/// A document announced as JSON: what it is, its first bytes tell.
enum Sniffed {
    Unknown,
    Document(Box<JsonText>),
    /// An array whose elements are the events of a stream (Gemini without `alt=sse`).
    Array(Box<Elements>),
    /// Behind a first document: lines, if there is anything at all.
    Behind,
}

#[derive(Default)]
struct Stream {
    channels: Channels,
    large: Replacer,
    in_large: bool,
}

impl fmt::Debug for Restorer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mode = match self.mode {
            Mode::Off => "off",
            Mode::Events(..) => "events",
            Mode::Lines(..) => "lines",
            Mode::Json(..) => "json",
            Mode::Text(..) => "text",
        };
        write!(f, "Restorer({mode})")
    }
}

impl Restorer {
    /// A restorer for one answer in the conversation of `placeholders`. Where that is empty now, the answer passes untouched.
    pub fn new(placeholders: Arc<Placeholders>, form: AnswerForm) -> Self {
        let mode = match form {
            AnswerForm::Binary => Mode::Off,
            _ if placeholders.is_empty() => Mode::Off,
            AnswerForm::EventStream => {
                Mode::Events(Box::default(), Box::new(Stream { channels: Channels::of_words(), ..Stream::default() }))
            }
            AnswerForm::JsonLines => Mode::Lines(LineParser::default(), Box::default()),
            AnswerForm::Json => Mode::Json(Sniffed::Unknown),
            AnswerForm::Text => Mode::Text(Replacer::default()),
        };
        Self { placeholders, mode }
    }

    /// Takes the next bytes of the answer; appends to `out` what the client gets now.
    pub fn push(&mut self, chunk: &[u8], out: &mut Vec<u8>) {
        if matches!(self.mode, Mode::Off) {
            return out.extend_from_slice(chunk);
        }
        let names = self.placeholders.names();
        Self::step(&mut self.mode, chunk, &names, out);
    }

    fn step(mode: &mut Mode, chunk: &[u8], names: &Names<'_>, out: &mut Vec<u8>) {
        match mode {
            Mode::Off => out.extend_from_slice(chunk),
            Mode::Events(parser, stream) => parser.push(chunk, &mut |piece| stream.piece(piece, false, names, out)),
            Mode::Lines(parser, stream) => parser.push(chunk, &mut |piece| stream.piece(piece, true, names, out)),
            Mode::Text(replacer) => replacer.push(chunk, Level::Plain, names, out),
            Mode::Json(sniffed) => {
                if let Some((next, rest)) = json(sniffed, chunk, names, out) {
                    *mode = next;
                    Self::step(mode, &chunk[rest..], names, out);
                }
            }
        }
    }

    /// The answer has ended: appends what was held back.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        let names = self.placeholders.names();
        match &mut self.mode {
            Mode::Off | Mode::Json(Sniffed::Unknown | Sniffed::Behind) => {}
            Mode::Events(parser, stream) => {
                parser.finish(&mut |piece| stream.piece(piece, false, &names, out));
                stream.flush(false, out);
            }
            Mode::Lines(parser, stream) => {
                parser.finish(&mut |piece| stream.piece(piece, true, &names, out));
                stream.flush(true, out);
            }
            Mode::Json(Sniffed::Document(document)) => document.finish(out),
            Mode::Json(Sniffed::Array(elements)) => elements.finish(&names, out),
            Mode::Text(replacer) => replacer.finish(out),
        }
    }
}

/// Bytes of an answer announced as JSON; gives the mode that reads the rest, where it turns out to be something else, and from where.
fn json(sniffed: &mut Sniffed, chunk: &[u8], names: &Names<'_>, out: &mut Vec<u8>) -> Option<(Mode, usize)> {
    let mut at = 0;
    loop {
        match sniffed {
            Sniffed::Unknown | Sniffed::Behind => {
                let blank = chunk[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
                out.extend_from_slice(&chunk[at..at + blank]);
                at += blank;
                let first = *chunk.get(at)?;
                match (&*sniffed, first) {
                    (Sniffed::Unknown, b'[') => *sniffed = Sniffed::Array(Box::default()),
                    (Sniffed::Unknown, b'{' | b'"') => *sniffed = Sniffed::Document(Box::default()),
                    // A length or a guard before the JSON (`)]}'`): the frames of such an answer count bytes, it is left as it is.
                    (Sniffed::Unknown, b')') => return Some((Mode::Off, at)),
                    (Sniffed::Unknown, _) => return Some((Mode::Text(Replacer::default()), at)),
                    _ => return Some((Mode::Lines(LineParser::default(), Box::default()), at)),
                }
            }
            Sniffed::Document(document) => {
                at += document.push(&chunk[at..], names, out);
                if at == chunk.len() && !document.ended() {
                    return None;
                }
                *sniffed = Sniffed::Behind;
            }
            Sniffed::Array(elements) => {
                at += elements.push(&chunk[at..], names, out);
                if !elements.ended() {
                    return None;
                }
                *sniffed = Sniffed::Behind;
            }
        }
    }
}

impl Stream {
    fn piece(&mut self, piece: Piece<'_>, lines: bool, names: &Names<'_>, out: &mut Vec<u8>) {
        match piece {
            Piece::Raw(bytes) => out.extend_from_slice(bytes),
            Piece::Large { bytes, last } => {
                if !self.in_large {
                    self.flush(lines, out);
                    self.in_large = true;
                }
                self.large.push(bytes, Level::Json, names, out);
                if last {
                    self.large.finish(out);
                    self.in_large = false;
                }
            }
            Piece::Event(event) if lines => self.line(event.raw(), names, out),
            Piece::Event(event) => self.event(event, names, out),
        }
    }

    fn event(&mut self, event: Event<'_>, names: &Names<'_>, out: &mut Vec<u8>) {
        let Some(data) = event.data() else { return out.extend_from_slice(event.raw()) };
        let rewrite = self.channels.event(&data, event.name(), names);
        for (name, data) in rewrite.before {
            events::write_event(name.as_deref(), &data, out);
        }
        match rewrite.data {
            Some(data) => event.write_with_data(&data, out),
            None => out.extend_from_slice(event.raw()),
        }
    }

    fn line(&mut self, raw: &[u8], names: &Names<'_>, out: &mut Vec<u8>) {
        let end = raw.iter().rposition(|b| !matches!(b, b'\n' | b'\r')).map_or(0, |at| at + 1);
        let mark = mark(&raw[..end]);
        let from = mark.map_or(0, |mark| mark.len() + 1);
        let rewrite = self.channels.event(&raw[from..end], mark, names);
        for (mark, data) in rewrite.before {
            write_line(mark.as_deref(), &data, out);
        }
        match rewrite.data {
            Some(data) => {
                out.extend_from_slice(&raw[..from]);
                out.extend_from_slice(&data);
                out.extend_from_slice(&raw[end..]);
            }
            None => out.extend_from_slice(raw),
        }
    }

    fn flush(&mut self, lines: bool, out: &mut Vec<u8>) {
        let mut rewrite = Rewrite::default();
        self.channels.flush(&mut rewrite);
        for (name, data) in rewrite.before {
            if lines {
                if out.last().is_some_and(|&b| b != b'\n') {
                    out.push(b'\n');
                }
                write_line(name.as_deref(), &data, out);
            } else {
                let open = !out.is_empty() && ![&b"\n\n"[..], b"\r\r", b"\r\n\r\n"].iter().any(|end| out.ends_with(end));
                if open {
                    out.extend_from_slice(b"\n\n"); // the last event of the stream came without its blank line
                }
                events::write_event(name.as_deref(), &data, out);
            }
        }
    }
}

fn write_line(mark: Option<&[u8]>, data: &[u8], out: &mut Vec<u8>) {
    if let Some(mark) = mark {
        out.extend_from_slice(mark);
        out.push(b':');
    }
    out.extend_from_slice(data);
    out.push(b'\n');
}

/// The mark before the JSON of a line: `0:"..."`, `15:{...}`.
fn mark(line: &[u8]) -> Option<&[u8]> {
    let length = line.iter().take(4).take_while(|b| b.is_ascii_alphanumeric()).count();
    let json = matches!(line.get(length + 1), Some(b'{' | b'[' | b'"'));
    (length > 0 && line.get(length) == Some(&b':') && json).then(|| &line[..length])
}
