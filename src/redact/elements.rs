//! A stream that is one JSON array: each element is an event (Gemini's `streamGenerateContent` without `alt=sse`).
//!
//! Takes the raw bytes from the opening bracket on; an element is restored and written when its last byte is there, what stands between elements
//! passes as it is. A copy of an element that carries a held tail comes with its own comma. An element over 1 MiB is not kept.

use super::channels::{Channels, Rewrite};
use super::matcher::{Level, Replacer};
use super::placeholders::Names;
use crate::wire::answer::events::LARGEST_EVENT;

#[derive(Debug, Default)]
pub(super) struct Elements {
    channels: Channels,
    element: Vec<u8>,
    large: Option<Replacer>,
    /// Brackets open, the array's own included.
    depth: u32,
    in_string: bool,
    escape: bool,
    /// Bytes of the current element have come.
    inside: bool,
    ended: bool,
}

impl Elements {
    /// Takes a chunk; gives how much of it belonged to the array.
    pub(super) fn push(&mut self, chunk: &[u8], names: &Names<'_>, out: &mut Vec<u8>) -> usize {
        let mut from = 0; // the current element's first byte in this chunk
        for (at, &byte) in chunk.iter().enumerate() {
            if self.in_string {
                if self.escape {
                    self.escape = false;
                } else if byte == b'\\' {
                    self.escape = true;
                } else if byte == b'"' {
                    self.in_string = false;
                }
                continue;
            }
            let separator = match byte {
                b',' | b']' => self.depth == 1,
                b' ' | b'\t' | b'\r' | b'\n' => !self.inside,
                b'[' => self.depth == 0,
                _ => false,
            };
            if separator {
                if self.inside {
                    self.keep(&chunk[from..at], names, out);
                    self.complete(names, out);
                }
                self.inside = false;
                if byte == b'[' {
                    self.depth = 1;
                } else if byte == b']' {
                    self.ended = true;
                    self.flush(out);
                }
                out.push(byte);
                if self.ended {
                    return at + 1;
                }
                continue;
            }
            if !self.inside {
                self.inside = true;
                from = at;
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth = self.depth.saturating_add(1),
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1).max(1);
                    if self.depth == 1 {
                        self.keep(&chunk[from..=at], names, out);
                        self.complete(names, out);
                        self.inside = false;
                    }
                }
                _ => {}
            }
        }
        if self.inside {
            self.keep(&chunk[from..], names, out);
        }
        chunk.len()
    }

    /// The array's closing bracket has come.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    pub(super) fn finish(&mut self, names: &Names<'_>, out: &mut Vec<u8>) {
        if self.inside {
            self.complete(names, out);
            self.inside = false;
        }
        if !self.ended {
            self.flush(out);
        }
    }

    fn keep(&mut self, bytes: &[u8], names: &Names<'_>, out: &mut Vec<u8>) {
        if self.large.is_none() && self.element.len() + bytes.len() > LARGEST_EVENT {
            let mut large = Replacer::default();
            large.push(&std::mem::take(&mut self.element), Level::Json, names, out);
            self.large = Some(large);
        }
        match &mut self.large {
            Some(large) => large.push(bytes, Level::Json, names, out),
            None => self.element.extend_from_slice(bytes),
        }
    }

    fn complete(&mut self, names: &Names<'_>, out: &mut Vec<u8>) {
        if let Some(mut large) = self.large.take() {
            return large.finish(out);
        }
        let rewrite = self.channels.event(&self.element, None, names);
        for (_, data) in rewrite.before {
            out.extend_from_slice(&data);
            out.extend_from_slice(b",\n");
        }
        out.extend_from_slice(rewrite.data.as_deref().unwrap_or(&self.element));
        self.element.clear();
    }

    fn flush(&mut self, out: &mut Vec<u8>) {
        let mut rewrite = Rewrite::default();
        self.channels.flush(&mut rewrite);
        for (_, data) in rewrite.before {
            out.extend_from_slice(b",\n");
            out.extend_from_slice(&data);
        }
    }
}
