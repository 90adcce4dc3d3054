//! Server-sent events and JSON lines, cut out of arbitrary network chunks.
//!
//! Takes chunks cut anywhere, also inside a UTF-8 character or between CR and LF; gives each event the moment its last byte is there, with its
//! raw bytes, so that whoever has nothing to change passes them on untouched. An event over the limit is not kept: its bytes go by as
//! [`Piece::Large`]. Must never lose, add or reorder a byte: the raw bytes of all pieces together are the input.

use memchr::{memchr, memchr2};
use std::borrow::Cow;

/// Events (or lines) larger than this are passed in pieces instead of being kept until they are complete.
pub const LARGEST_EVENT: usize = 1 << 20;

/// What a parser hands out, in the order of the bytes.
#[derive(Debug)]
pub enum Piece<'a> {
    /// A whole event, its closing blank line included; from `finish` perhaps without it.
    Event(Event<'a>),
    /// Bytes that belong to no event (the LF of a CRLF whose CR already closed an event).
    Raw(&'a [u8]),
    /// A part of an event over the limit; `last` closes it.
    Large { bytes: &'a [u8], last: bool },
}

/// One event as it came.
#[derive(Debug, Clone, Copy)]
pub struct Event<'a> {
    raw: &'a [u8],
}

impl<'a> Event<'a> {
    /// An event from its raw bytes.
    pub fn new(raw: &'a [u8]) -> Self {
        Self { raw }
    }

    /// The bytes as they came.
    pub fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The lines of the event with their terminators.
    pub fn lines(&self) -> Lines<'a> {
        Lines { rest: self.raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(self.raw) }
    }

    /// The value of the last `event:` line.
    pub fn name(&self) -> Option<&'a [u8]> {
        self.lines().filter_map(|line| line.field(b"event")).last()
    }

    /// The `data:` lines joined by LF; none where the event has none.
    pub fn data(&self) -> Option<Cow<'a, [u8]>> {
        let mut lines = self.lines().filter_map(|line| line.field(b"data"));
        let mut data = Cow::Borrowed(lines.next()?);
        for line in lines {
            let owned = data.to_mut();
            owned.push(b'\n');
            owned.extend_from_slice(line);
        }
        Some(data)
    }

    /// Writes the event with other data; every line that is not a data line stays as it is.
    pub fn write_with_data(&self, data: &[u8], out: &mut Vec<u8>) {
        let mut written = false;
        if self.raw.starts_with(b"\xef\xbb\xbf") {
            out.extend_from_slice(b"\xef\xbb\xbf");
        }
        for line in self.lines() {
            if line.field(b"data").is_none() {
                out.extend_from_slice(line.content);
                out.extend_from_slice(line.terminator);
            } else if !written {
                written = true;
                let end: &[u8] = if line.terminator.is_empty() { b"\n" } else { line.terminator };
                let before = out.len();
                write_data_lines(data, end, out);
                if line.terminator.is_empty() && out.len() > before {
                    out.pop(); // the event ended without a line end, and still does
                }
            }
        }
    }
}

/// Writes a new event: an optional name, the data, and the blank line.
pub fn write_event(name: Option<&[u8]>, data: &[u8], out: &mut Vec<u8>) {
    if let Some(name) = name {
        out.extend_from_slice(b"event: ");
        out.extend_from_slice(name);
        out.push(b'\n');
    }
    write_data_lines(data, b"\n", out);
    out.push(b'\n');
}

fn write_data_lines(data: &[u8], end: &[u8], out: &mut Vec<u8>) {
    let mut lines = Lines { rest: data };
    let mut first = true;
    loop {
        let line = lines.next();
        if line.is_none() && !first {
            break;
        }
        first = false;
        out.extend_from_slice(b"data: ");
        let (content, more) = line.map_or((&b""[..], false), |l| (l.content, !l.terminator.is_empty()));
        out.extend_from_slice(content);
        out.extend_from_slice(end);
        if more && lines.rest.is_empty() {
            out.extend_from_slice(b"data: ");
            out.extend_from_slice(end);
            break;
        }
    }
}

/// A line and what ended it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    pub content: &'a [u8],
    /// `\n`, `\r`, `\r\n`, or nothing at the end of the stream.
    pub terminator: &'a [u8],
}

impl<'a> Line<'a> {
    /// The value of this line if it is the named field: what follows the colon, less one space.
    pub fn field(&self, name: &[u8]) -> Option<&'a [u8]> {
        let rest = self.content.strip_prefix(name)?;
        match rest.first() {
            None => Some(rest),
            Some(b':') => Some(rest[1..].strip_prefix(b" ").unwrap_or(&rest[1..])),
            Some(_) => None,
        }
    }
}

/// Lines ended by CR, LF or CRLF.
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let (content, terminator, rest) = match memchr2(b'\n', b'\r', self.rest) {
            None => (self.rest, &b""[..], &b""[..]),
            Some(at) => {
                let end = if self.rest[at..].starts_with(b"\r\n") { at + 2 } else { at + 1 };
                (&self.rest[..at], &self.rest[at..end], &self.rest[end..])
            }
        };
        self.rest = rest;
        Some(Line { content, terminator })
    }
}

/// Bytes kept until a piece is complete, and what to do when it grows too large.
#[derive(Debug, Default)]
struct Pending {
    buffer: Vec<u8>,
    large: bool,
    limit: usize,
}

impl Pending {
    fn keep(&mut self, bytes: &[u8], sink: &mut dyn FnMut(Piece<'_>)) {
        if self.large {
            sink(Piece::Large { bytes, last: false });
        } else if self.buffer.len() + bytes.len() > self.limit {
            self.large = true;
            if !self.buffer.is_empty() {
                sink(Piece::Large { bytes: &self.buffer, last: false });
                self.buffer = Vec::new();
            }
            sink(Piece::Large { bytes, last: false });
        } else {
            self.buffer.extend_from_slice(bytes);
        }
    }

    fn complete(&mut self, bytes: &[u8], sink: &mut dyn FnMut(Piece<'_>)) {
        if !self.large && self.buffer.is_empty() && bytes.len() <= self.limit {
            return sink(Piece::Event(Event::new(bytes)));
        }
        self.keep(bytes, sink);
        self.close(sink);
    }

    fn close(&mut self, sink: &mut dyn FnMut(Piece<'_>)) {
        if self.large {
            sink(Piece::Large { bytes: b"", last: true });
            self.large = false;
        } else if !self.buffer.is_empty() {
            sink(Piece::Event(Event::new(&self.buffer)));
            self.buffer.clear();
        }
    }
}

/// Cuts server-sent events out of chunks.
#[derive(Debug)]
pub struct EventParser {
    pending: Pending,
    /// The current line has no bytes yet.
    line_empty: bool,
    /// The last byte was a CR that ended a line inside an event.
    after_cr: bool,
    /// The last byte was a CR that closed an event: a LF that follows is its second half.
    closed_by_cr: bool,
}

impl Default for EventParser {
    fn default() -> Self {
        Self::with_limit(LARGEST_EVENT)
    }
}

impl EventParser {
    pub fn new() -> Self {
        Self::default()
    }

    /// A parser that keeps at most `limit` bytes of one event.
    pub fn with_limit(limit: usize) -> Self {
        Self { pending: Pending { limit, ..Pending::default() }, line_empty: true, after_cr: false, closed_by_cr: false }
    }

    /// Takes a chunk; gives every event that it completes.
    pub fn push(&mut self, mut chunk: &[u8], sink: &mut dyn FnMut(Piece<'_>)) {
        if self.closed_by_cr && !chunk.is_empty() {
            self.closed_by_cr = false;
            if chunk[0] == b'\n' {
                sink(Piece::Raw(&chunk[..1]));
                chunk = &chunk[1..];
            }
        }
        while !chunk.is_empty() {
            match self.boundary(chunk) {
                Some(end) => {
                    self.pending.complete(&chunk[..end], sink);
                    chunk = &chunk[end..];
                }
                None => return self.pending.keep(chunk, sink),
            }
        }
    }

    /// The stream has ended: gives what was left without a closing blank line.
    pub fn finish(&mut self, sink: &mut dyn FnMut(Piece<'_>)) {
        self.pending.close(sink);
    }

    /// Where in `chunk` the current event ends.
    fn boundary(&mut self, chunk: &[u8]) -> Option<usize> {
        let mut at = 0;
        loop {
            if std::mem::take(&mut self.after_cr) && chunk.get(at) == Some(&b'\n') {
                at += 1;
            }
            let rest = chunk.get(at..)?;
            if rest.is_empty() {
                return None;
            }
            let Some(length) = memchr2(b'\n', b'\r', rest) else {
                self.line_empty = false;
                return None;
            };
            let blank = self.line_empty && length == 0;
            let cr = rest[length] == b'\r';
            at += length + 1;
            self.line_empty = true;
            if blank {
                if cr && chunk.get(at) == Some(&b'\n') {
                    at += 1;
                } else {
                    self.closed_by_cr = cr && at == chunk.len();
                }
                return Some(at);
            }
            self.after_cr = cr;
            if cr && at == chunk.len() {
                return None;
            }
        }
    }
}

/// Cuts lines ended by LF out of chunks; each comes as an [`Event`] whose raw bytes are the line.
#[derive(Debug)]
pub struct LineParser {
    pending: Pending,
}

impl Default for LineParser {
    fn default() -> Self {
        Self { pending: Pending { limit: LARGEST_EVENT, ..Pending::default() } }
    }
}

impl LineParser {
    /// Takes a chunk; gives every line that it completes.
    pub fn push(&mut self, mut chunk: &[u8], sink: &mut dyn FnMut(Piece<'_>)) {
        while let Some(at) = memchr(b'\n', chunk) {
            self.pending.complete(&chunk[..=at], sink);
            chunk = &chunk[at + 1..];
        }
        if !chunk.is_empty() {
            self.pending.keep(chunk, sink);
        }
    }

    /// The stream has ended: gives a last line without LF.
    pub fn finish(&mut self, sink: &mut dyn FnMut(Piece<'_>)) {
        self.pending.close(sink);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Seen = (Option<Vec<u8>>, Option<Vec<u8>>);

    fn parse(chunks: &[&[u8]], limit: usize) -> (Vec<Seen>, Vec<u8>, usize) {
        let mut parser = EventParser::with_limit(limit);
        let (mut seen, mut bytes, mut large) = (Vec::new(), Vec::new(), 0);
        let mut sink = |piece: Piece<'_>| match piece {
            Piece::Event(event) => {
                seen.push((event.name().map(<[u8]>::to_vec), event.data().map(|d| d.into_owned())));
                bytes.extend_from_slice(event.raw());
            }
            Piece::Raw(raw) => bytes.extend_from_slice(raw),
            Piece::Large { bytes: part, last } => {
                bytes.extend_from_slice(part);
                large += usize::from(last);
            }
        };
        for chunk in chunks {
            parser.push(chunk, &mut sink);
        }
        parser.finish(&mut sink);
        (seen, bytes, large)
    }

    const STREAM: &str = ": hallo\n\nevent: delta\r\ndata: {\"a\":1}\r\n\r\ndata:één\rdata: twee\r\rid: 3\n\ndata\n\nevent: x\ndata: end";

    #[test]
    fn events_are_the_same_wherever_the_chunks_are_cut() {
        let whole = parse(&[STREAM.as_bytes()], 1000);
        assert_eq!(whole.0.len(), 6);
        assert_eq!(whole.0[1], (Some(b"delta".to_vec()), Some(b"{\"a\":1}".to_vec())));
        assert_eq!(whole.0[2], (None, Some("één\ntwee".as_bytes().to_vec())));
        assert_eq!(whole.0[4], (None, Some(vec![])));
        assert_eq!(whole.0[5], (Some(b"x".to_vec()), Some(b"end".to_vec())));
        for cut in 0..STREAM.len() {
            let (a, b) = STREAM.as_bytes().split_at(cut);
            let cut_up = parse(&[a, b], 1000);
            assert_eq!(cut_up.0, whole.0, "cut at {cut}");
            assert_eq!(cut_up.1, STREAM.as_bytes());
        }
        let bytes: Vec<&[u8]> = STREAM.as_bytes().chunks(1).collect();
        assert_eq!(parse(&bytes, 1000).0, whole.0);
        assert_eq!(parse(&bytes, 1000).1, STREAM.as_bytes());
    }

    #[test]
    fn an_event_over_the_limit_goes_by_in_pieces_and_the_next_one_is_whole_again() {
        let stream = format!("data: {}\n\ndata: klein\n\n", "x".repeat(500));
        for size in [1, 7, 100, 2000] {
            let chunks: Vec<&[u8]> = stream.as_bytes().chunks(size).collect();
            let (seen, bytes, large) = parse(&chunks, 64);
            assert_eq!(seen, vec![(None, Some(b"klein".to_vec()))]);
            assert_eq!(bytes, stream.as_bytes());
            assert_eq!(large, 1);
        }
    }

    #[test]
    fn an_event_closed_by_a_cr_is_given_before_its_lf_arrives() {
        let mut parser = EventParser::new();
        let mut seen = 0;
        parser.push(b"data: a\r\n\r", &mut |piece| seen += usize::from(matches!(piece, Piece::Event(_))));
        assert_eq!(seen, 1);
        let mut raw = Vec::new();
        parser.push(b"\n", &mut |piece| {
            if let Piece::Raw(bytes) = piece {
                raw.extend_from_slice(bytes);
            }
        });
        assert_eq!(raw, b"\n");
    }

    #[test]
    fn new_data_replaces_the_data_lines_and_nothing_else() {
        let event = Event::new(b"event: x\r\n: note\r\ndata: a\r\ndata: b\r\nid: 7\r\n\r\n");
        let mut out = Vec::new();
        event.write_with_data(b"c\nd", &mut out);
        assert_eq!(out, b"event: x\r\n: note\r\ndata: c\r\ndata: d\r\nid: 7\r\n\r\n");
        let mut out = Vec::new();
        Event::new(b"data: a").write_with_data(b"", &mut out);
        assert_eq!(out, b"data: ");
        let mut out = Vec::new();
        write_event(None, b"a\n", &mut out);
        assert_eq!(Event::new(&out).data().unwrap().as_ref(), b"a\n");
    }
}
