//! Looks at HTTP/1.1 request heads for shapes that two parsers may read differently (RFC 9112, sections 2.2 and 6.3).
//!
//! The HTTP library repairs some of them silently: a bare LF ends a line, Content-Length beside Transfer-Encoding is dropped. What is sent on is
//! framed anew, so nothing can be smuggled through; but such a request is an attack or a defect, and is answered 400 instead of being guessed
//! at. A head that takes too long to arrive, and a connection that is silent too long between two requests, end with `TimedOut`. Takes a
//! stream, gives the same bytes; [`HeadWatch`] tells the service what was seen.

use memchr::{memchr, memmem};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

/// What the guard and the service tell each other about one connection.
#[derive(Debug, Default)]
pub struct HeadWatch {
    /// The bytes that come are not a head: a body is being read.
    in_body: AtomicBool,
    ambiguous: AtomicBool,
}

impl HeadWatch {
    /// The head that the service was just handed had an ambiguous shape.
    pub fn ambiguous(&self) -> bool {
        self.ambiguous.load(Ordering::Relaxed)
    }

    /// The request was read to its end: the next bytes are a head again.
    pub fn next_head(&self) {
        self.in_body.store(false, Ordering::Relaxed);
    }
}

/// The stream under watch.
pub struct Guarded<S> {
    inner: S,
    watch: Arc<HeadWatch>,
    /// The head so far, where it came in more than one piece.
    head: Vec<u8>,
    patience: Patience,
    /// What the clock runs for.
    running: Option<Waiting>,
    deadline: Instant,
    clock: Pin<Box<Sleep>>,
}

/// How long a client may take.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For a head, from its first byte; for the first head, from the beginning of the connection.
    pub head: Duration,
    /// Between two requests.
    pub idle: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waiting {
    Head,
    Next,
}

/// A head longer than this is refused by the HTTP library; the guard stops collecting.
const LONGEST: usize = 128 * 1024;

impl<S> Guarded<S> {
    pub fn new(inner: S, patience: Patience) -> (Self, Arc<HeadWatch>) {
        let watch = Arc::new(HeadWatch::default());
        let deadline = Instant::now() + patience.head;
        let clock = Box::pin(tokio::time::sleep_until(deadline));
        (Self { inner, watch: watch.clone(), head: Vec::new(), patience, running: Some(Waiting::Head), deadline, clock }, watch)
    }

    /// Nothing has come: has the client had its time? While a body is read or an answer written, the clock stands still.
    fn poll_clock(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.watch.in_body.load(Ordering::Relaxed) {
            self.running = None;
            return Poll::Pending;
        }
        let now = if self.head.is_empty() && self.running != Some(Waiting::Head) { Waiting::Next } else { Waiting::Head };
        if self.running != Some(now) {
            let allowed = if now == Waiting::Head { self.patience.head } else { self.patience.idle };
            self.deadline = Instant::now() + allowed;
            self.running = Some(now);
            // A clock that runs off too early is set again then: that is rare, and every request begins a new wait.
            if self.clock.deadline() > self.deadline {
                self.clock.as_mut().reset(self.deadline);
            }
        }
        while self.clock.as_mut().poll(cx).is_ready() {
            if Instant::now() >= self.deadline {
                return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client was silent for too long")));
            }
            let deadline = self.deadline;
            self.clock.as_mut().reset(deadline);
        }
        Poll::Pending
    }

    /// The stream itself, once no more heads come (after `CONNECT`).
    pub fn into_inner(self) -> S {
        self.inner
    }

    fn look(&mut self, new: &[u8]) {
        if self.head.is_empty()
            && let Some(end) = memmem::find(new, b"\r\n\r\n")
        {
            return self.judge(Some(&new[..end + 4]));
        }
        // A head with bare LFs may have no CRLF CRLF at all; an empty line of that kind ends it as well.
        self.head.extend_from_slice(new);
        let end = memmem::find(&self.head, b"\r\n\r\n").map(|n| n + 4).or_else(|| memmem::find(&self.head, b"\n\n").map(|n| n + 2));
        match end {
            Some(end) => {
                self.head.truncate(end);
                self.judge(None);
            }
            None if self.head.len() > LONGEST => self.judge(None),
            None => {}
        }
    }

    fn judge(&mut self, head: Option<&[u8]>) {
        self.watch.in_body.store(true, Ordering::Relaxed);
        self.running = None;
        let odd = is_ambiguous(head.unwrap_or(&self.head));
        self.head = Vec::new();
        if odd {
            self.watch.ambiguous.store(true, Ordering::Relaxed);
        }
    }
}

/// True for a bare LF or CR, for Content-Length beside Transfer-Encoding, and for either of them twice.
fn is_ambiguous(head: &[u8]) -> bool {
    let (mut lengths, mut codings) = (0, 0);
    let mut rest = head;
    while let Some(end) = memchr(b'\n', rest) {
        let line = &rest[..end];
        let Some(line) = line.strip_suffix(b"\r") else { return true };
        if memchr(b'\r', line).is_some() {
            return true;
        }
        if let Some(colon) = memchr(b':', line) {
            let name = line[..colon].trim_ascii();
            lengths += usize::from(name.eq_ignore_ascii_case(b"content-length"));
            codings += usize::from(name.eq_ignore_ascii_case(b"transfer-encoding"));
        }
        rest = &rest[end + 1..];
    }
    lengths + codings > 1
}

impl<S: AsyncRead + Unpin> AsyncRead for Guarded<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.inner).poll_read(cx, buf);
        if polled.is_pending() {
            return self.poll_clock(cx);
        }
        if matches!(polled, Poll::Ready(Ok(()))) && !self.watch.in_body.load(Ordering::Relaxed) {
            let new = &buf.filled()[before..];
            if !new.is_empty() {
                self.look(new);
            }
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Guarded<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, buf)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bufs: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;

    const PATIENCE: Patience = Patience { head: Duration::from_secs(10), idle: Duration::from_secs(300) };

    async fn seen(pieces: &[&[u8]]) -> bool {
        let (mut client, server) = tokio::io::duplex(4096);
        let (mut guarded, watch) = Guarded::new(server, PATIENCE);
        for piece in pieces {
            tokio::io::AsyncWriteExt::write_all(&mut client, piece).await.unwrap();
            let mut buf = vec![0; piece.len()];
            guarded.read_exact(&mut buf).await.unwrap();
            assert_eq!(buf, *piece);
        }
        watch.ambiguous()
    }

    #[tokio::test]
    async fn an_ordinary_head_is_not_ambiguous_also_in_pieces() {
        assert!(!seen(&[b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na\nb"]).await);
        assert!(!seen(&[b"POST / HTTP/1.1\r\nHo", b"st: a\r", b"\n\r\n"]).await);
    }

    #[tokio::test]
    async fn smuggling_shapes_are_seen() {
        assert!(seen(&[b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"]).await);
        assert!(seen(&[b"POST / HTTP/1.1\r\ncontent-length: 3\r\nContent-Length: 3\r\n\r\n"]).await);
        assert!(seen(&[b"GET / HTTP/1.1\nHost: a\n\n"]).await);
        assert!(seen(&[b"GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n"]).await);
        assert!(seen(&[b"GET / HTTP/1.1\r\nHost: a\n", b"X: b\r\n\r\n"]).await);
    }

    #[tokio::test]
    async fn a_body_is_not_taken_for_a_head() {
        assert!(!seen(&[b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n", b"a\nb\n\n\rcd\n"]).await);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_head_and_a_long_silence_time_out_but_a_slow_answer_does_not() {
        let (mut client, server) = tokio::io::duplex(4096);
        let (mut guarded, watch) = Guarded::new(server, PATIENCE);
        let begin = Instant::now();
        let mut buf = [0; 64];
        let mut say = async |text: &[u8]| tokio::io::AsyncWriteExt::write_all(&mut client, text).await.unwrap();
        say(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
        assert!(guarded.read(&mut buf).await.unwrap() > 0);
        // While the answer is written, nothing is expected of the client.
        assert!(tokio::time::timeout(Duration::from_secs(3600), guarded.read(&mut buf)).await.is_err());
        watch.next_head();
        assert_eq!(guarded.read(&mut buf).await.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert_eq!(begin.elapsed().as_secs(), 3600 + 300);
        let (mut guarded, _) = Guarded::new(tokio::io::duplex(64).1, PATIENCE);
        assert_eq!(guarded.read(&mut buf).await.ok(), Some(0), "a client that is gone");
        let (mut client, server) = tokio::io::duplex(4096);
        let (mut guarded, _) = Guarded::new(server, PATIENCE);
        tokio::io::AsyncWriteExt::write_all(&mut client, b"GET / HT").await.unwrap();
        assert!(guarded.read(&mut buf).await.unwrap() > 0);
        let begin = Instant::now();
        assert_eq!(guarded.read(&mut buf).await.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert_eq!(begin.elapsed().as_secs(), 10);
    }
}
