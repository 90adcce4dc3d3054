//! `Content-Encoding` undone: gzip, deflate, brotli, zstd, and chains of them.
//!
//! Takes compressed bytes, whole or as they come; gives what they stand for. Memory is bounded by the caller's limit whatever the bytes claim (a bomb is
//! `TooLarge`), bytes behind the end are an error, and a body that ends early is `Truncated`, never taken for the whole.

use super::Unreadable;
use brotli::enc::StandardAlloc;
use brotli::{BrotliDecompressStream, BrotliResult, BrotliState};
use flate2::{Decompress, FlushDecompress, Status};
use std::borrow::Cow;
use std::io::Write;
use zstd::stream::raw::{DParameter, Decoder as Zstd, Operation};

/// Nobody compresses more often than this.
const LONGEST_CHAIN: usize = 3;
/// Bytes are undone in steps of this size.
const CHUNK: usize = 16 * 1024;
/// What one push of a stream may grow to.
const PER_PUSH: usize = 16 * 1024 * 1024;
/// Largest window of zstd over HTTP: 8 MB (RFC 9659).
const ZSTD_WINDOW_LOG: u32 = 23;

/// Undoes `content_encoding`. Borrows where there is nothing to undo. Errors: `TooLarge` (over `limit` bytes), `UnknownCoding` (unknown or broken), `Truncated`.
pub fn decode<'b>(content_encoding: Option<&str>, body: &'b [u8], limit: usize) -> Result<Cow<'b, [u8]>, Unreadable> {
    let codings = codings(content_encoding)?;
    if body.len() > limit {
        return Err(Unreadable::TooLarge);
    }
    let mut bytes = Cow::Borrowed(body);
    for coding in codings.iter().rev() {
        if bytes.is_empty() {
            break;
        }
        let mut stage = Stage::new(*coding)?;
        let mut out = Vec::with_capacity((bytes.len().saturating_mul(4)).min(limit).min(1 << 20));
        stage.push(&bytes, &mut out, limit)?;
        stage.finish(&mut out, limit)?;
        bytes = Cow::Owned(out);
    }
    Ok(bytes)
}

/// Undoes the coding of a body that comes in pieces: every push gives what can be given by then.
pub struct StreamDecoder {
    /// In the order in which they are undone.
    stages: Vec<Stage>,
    fed: bool,
}

impl std::fmt::Debug for StreamDecoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StreamDecoder({} stages)", self.stages.len())
    }
}

impl StreamDecoder {
    /// None where the coding is unknown. No coding, or `identity`, passes bytes on as they are.
    pub fn new(content_encoding: Option<&str>) -> Option<Self> {
        let codings = codings(content_encoding).ok()?;
        let stages = codings.iter().rev().map(|c| Stage::new(*c)).collect::<Result<Vec<_>, _>>().ok()?;
        Some(Self { stages, fed: false })
    }

    /// Whether there is anything to undo.
    pub fn is_identity(&self) -> bool {
        self.stages.is_empty()
    }

    /// Takes the next bytes and appends what they give.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Unreadable> {
        self.fed |= !bytes.is_empty();
        let limit = out.len().saturating_add(PER_PUSH);
        match self.stages.as_mut_slice() {
            [] => out.extend_from_slice(bytes),
            [only] => only.push(bytes, out, limit)?,
            [first, rest @ ..] => {
                let mut between = Vec::new();
                first.push(bytes, &mut between, PER_PUSH)?;
                Self::along(rest, between, out, limit, false)?;
            }
        }
        Ok(())
    }

    fn along(stages: &mut [Stage], mut bytes: Vec<u8>, out: &mut Vec<u8>, limit: usize, end: bool) -> Result<(), Unreadable> {
        for stage in stages {
            let mut next = Vec::new();
            stage.push(&bytes, &mut next, PER_PUSH)?;
            if end {
                stage.finish(&mut next, PER_PUSH)?;
            }
            bytes = next;
        }
        if out.len() + bytes.len() > limit {
            return Err(Unreadable::TooLarge);
        }
        out.extend_from_slice(&bytes);
        Ok(())
    }

    /// Appends what is left. Errors: `Truncated` where the end was not reached.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<(), Unreadable> {
        if !self.fed {
            return Ok(());
        }
        let limit = out.len().saturating_add(PER_PUSH);
        match self.stages.as_mut_slice() {
            [] => Ok(()),
            [only] => only.finish(out, limit),
            [first, rest @ ..] => {
                let mut between = Vec::new();
                first.finish(&mut between, PER_PUSH)?;
                Self::along(rest, between, out, limit, true)
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

/// The codings in the order in which they were applied.
fn codings(header: Option<&str>) -> Result<Vec<Coding>, Unreadable> {
    let mut found = Vec::new();
    for name in header.unwrap_or("").split(',') {
        let coding = match name.trim().to_ascii_lowercase().as_str() {
            "" | "identity" => continue,
            "gzip" | "x-gzip" => Coding::Gzip,
            "deflate" => Coding::Deflate,
            "br" => Coding::Brotli,
            "zstd" => Coding::Zstd,
            _ => return Err(Unreadable::UnknownCoding),
        };
        found.push(coding);
        if found.len() > LONGEST_CHAIN {
            return Err(Unreadable::UnknownCoding);
        }
    }
    Ok(found)
}

/// One coding being undone.
enum Stage {
    Gzip(Box<flate2::write::MultiGzDecoder<Sink>>),
    /// Before its first two bytes have come: zlib's header or bare deflate (both are sent as `deflate`).
    DeflateStart(Vec<u8>),
    Deflate {
        state: Box<Decompress>,
        done: bool,
    },
    Brotli {
        state: Box<BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>>,
        done: bool,
    },
    Zstd {
        state: Box<Zstd<'static>>,
        open: bool,
    },
}

/// Where gzip writes: refuses what is over the limit.
struct Sink {
    out: Vec<u8>,
    left: usize,
    over: bool,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if bytes.len() > self.left {
            self.over = true;
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        self.left -= bytes.len();
        self.out.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Stage {
    fn new(coding: Coding) -> Result<Self, Unreadable> {
        Ok(match coding {
            Coding::Gzip => Self::Gzip(Box::new(flate2::write::MultiGzDecoder::new(Sink { out: Vec::new(), left: 0, over: false }))),
            Coding::Deflate => Self::DeflateStart(Vec::new()),
            Coding::Brotli => Self::Brotli {
                state: Box::new(BrotliState::new_strict(StandardAlloc::default(), StandardAlloc::default(), StandardAlloc::default())),
                done: false,
            },
            Coding::Zstd => {
                let mut state = Zstd::new().map_err(|_| Unreadable::UnknownCoding)?;
                state.set_parameter(DParameter::WindowLogMax(ZSTD_WINDOW_LOG)).map_err(|_| Unreadable::UnknownCoding)?;
                Self::Zstd { state: Box::new(state), open: false }
            }
        })
    }

    /// Appends to `out` what `bytes` give; `out` never passes `limit`.
    fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>, limit: usize) -> Result<(), Unreadable> {
        match self {
            Self::Gzip(gzip) => {
                let sink = gzip.get_mut();
                std::mem::swap(&mut sink.out, out);
                sink.left = limit.saturating_sub(sink.out.len());
                let result = gzip.write_all(bytes).and_then(|()| gzip.flush());
                let sink = gzip.get_mut();
                std::mem::swap(&mut sink.out, out);
                match result {
                    Ok(()) => Ok(()),
                    Err(_) if sink.over => Err(Unreadable::TooLarge),
                    Err(_) => Err(Unreadable::UnknownCoding),
                }
            }
            Self::DeflateStart(start) => {
                start.extend_from_slice(bytes);
                let &[a, b, ..] = start.as_slice() else { return Ok(()) };
                let zlib = a & 0x0f == 8 && (u16::from(a) << 8 | u16::from(b)).is_multiple_of(31);
                let start = std::mem::take(start);
                *self = Self::Deflate { state: Box::new(Decompress::new(zlib)), done: false };
                self.push(&start, out, limit)
            }
            Self::Deflate { state, done } => inflate(state, done, bytes, out, limit),
            Self::Brotli { state, done } => unbrotli(state, done, bytes, out, limit),
            Self::Zstd { state, open } => unzstd(state, open, bytes, out, limit),
        }
    }

    fn finish(&mut self, out: &mut Vec<u8>, limit: usize) -> Result<(), Unreadable> {
        let complete = match self {
            Self::Gzip(gzip) => {
                let sink = gzip.get_mut();
                std::mem::swap(&mut sink.out, out);
                sink.left = limit.saturating_sub(sink.out.len());
                let result = gzip.try_finish();
                let sink = gzip.get_mut();
                std::mem::swap(&mut sink.out, out);
                if sink.over {
                    return Err(Unreadable::TooLarge);
                }
                result.is_ok()
            }
            Self::DeflateStart(_) => false,
            Self::Deflate { done, .. } | Self::Brotli { done, .. } => *done,
            Self::Zstd { open, .. } => !*open,
        };
        if complete { Ok(()) } else { Err(Unreadable::Truncated) }
    }
}

/// Appends the first `n` bytes of `chunk`, within the limit.
fn give(chunk: &[u8], n: usize, out: &mut Vec<u8>, limit: usize) -> Result<(), Unreadable> {
    if out.len() + n > limit {
        return Err(Unreadable::TooLarge);
    }
    out.extend_from_slice(chunk.get(..n).unwrap_or_default());
    Ok(())
}

fn inflate(state: &mut Decompress, done: &mut bool, bytes: &[u8], out: &mut Vec<u8>, limit: usize) -> Result<(), Unreadable> {
    let mut chunk = [0u8; CHUNK];
    let mut rest = bytes;
    loop {
        if *done {
            return if rest.is_empty() { Ok(()) } else { Err(Unreadable::UnknownCoding) };
        }
        let (read, written) = (state.total_in(), state.total_out());
        let status = state.decompress(rest, &mut chunk, FlushDecompress::None).map_err(|_| Unreadable::UnknownCoding)?;
        let (read, written) = ((state.total_in() - read) as usize, (state.total_out() - written) as usize);
        give(&chunk, written, out, limit)?;
        rest = rest.get(read..).unwrap_or_default();
        *done = status == Status::StreamEnd;
        if !*done && read == 0 && written == 0 {
            return if rest.is_empty() { Ok(()) } else { Err(Unreadable::UnknownCoding) };
        }
    }
}

type Brotli = BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>;

fn unbrotli(state: &mut Brotli, done: &mut bool, bytes: &[u8], out: &mut Vec<u8>, limit: usize) -> Result<(), Unreadable> {
    let mut chunk = [0u8; CHUNK];
    let (mut available, mut at, mut total) = (bytes.len(), 0, 0);
    loop {
        if *done {
            return if available == 0 { Ok(()) } else { Err(Unreadable::UnknownCoding) };
        }
        let (mut room, mut written) = (chunk.len(), 0);
        let result = BrotliDecompressStream(&mut available, &mut at, bytes, &mut room, &mut written, &mut chunk, &mut total, state);
        give(&chunk, written, out, limit)?;
        match result {
            BrotliResult::ResultSuccess => *done = true,
            BrotliResult::NeedsMoreInput => return Ok(()),
            BrotliResult::NeedsMoreOutput => {}
            BrotliResult::ResultFailure => return Err(Unreadable::UnknownCoding),
        }
    }
}

/// Frames may follow one another; `open` says whether the last one is unfinished.
fn unzstd(state: &mut Zstd<'static>, open: &mut bool, bytes: &[u8], out: &mut Vec<u8>, limit: usize) -> Result<(), Unreadable> {
    let mut chunk = [0u8; CHUNK];
    let mut rest = bytes;
    loop {
        if rest.is_empty() && !*open {
            return Ok(());
        }
        let status = state.run_on_buffers(rest, &mut chunk).map_err(|_| Unreadable::UnknownCoding)?;
        give(&chunk, status.bytes_written, out, limit)?;
        rest = rest.get(status.bytes_read..).unwrap_or_default();
        *open = status.remaining != 0;
        if rest.is_empty() && status.bytes_written < chunk.len() {
            return Ok(());
        }
        if status.bytes_read == 0 && status.bytes_written == 0 {
            return Err(Unreadable::UnknownCoding);
        }
    }
}

#[cfg(test)]
mod tests;
