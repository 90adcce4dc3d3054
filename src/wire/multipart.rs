//! `multipart/*` bodies cut into pieces (RFC 2046, RFC 7578).
//!
//! Takes the body and the boundary; gives each piece's names, type and byte range. Reads no contents. What stands before the first and behind the
//! last delimiter is given too: a server ignores it, we do not.

use super::Unreadable;
use super::head::ContentType;
use memchr::memmem;
use std::ops::Range;

/// Forms of people and programs have tens of pieces.
const MOST: usize = 10_000;

/// One piece of a form.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Piece {
    pub name: String,
    pub filename: Option<String>,
    pub content_type: String,
    /// Content-Transfer-Encoding, lower-case, where it is not one of the plain ones.
    pub encoding: Option<String>,
    pub range: Range<usize>,
}

/// All pieces of a body.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    pub pieces: Vec<Piece>,
    /// Bytes outside every piece.
    pub outside: Vec<Range<usize>>,
    /// Where it did not end as it should: what was read so far still counts.
    pub broken: Option<Unreadable>,
}

pub(super) fn split(body: &[u8], boundary: &str) -> Pieces {
    let mut found = Pieces::default();
    if boundary.is_empty() {
        found.outside.push(0..body.len());
        found.broken = Some(Unreadable::BrokenForm);
        return found;
    }
    let needle = format!("--{boundary}");
    let finder = memmem::Finder::new(needle.as_bytes());
    // Delimiters stand at the beginning of a line, and nothing but white space or `--` follows on it.
    let mut marks = finder.find_iter(body).filter_map(|at| {
        let begins = at == 0 || body.get(at - 1) == Some(&b'\n');
        let rest = body.get(at + needle.len()..).unwrap_or_default();
        let last = rest.starts_with(b"--");
        let line = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
        let clean = rest.get(..line).unwrap_or_default().iter().all(|b| matches!(b, b' ' | b'\t' | b'\r'));
        (begins && (last || clean)).then(|| (at, (at + needle.len() + if last { 2 } else { line + 1 }).min(body.len()), last))
    });
    let Some(mut mark) = marks.next() else {
        found.outside.push(0..body.len());
        found.broken = Some(Unreadable::BrokenForm);
        return found;
    };
    found.outside.push(0..mark.0);
    while !mark.2 {
        if found.pieces.len() >= MOST {
            found.broken = Some(Unreadable::TooLarge);
            return found;
        }
        let next = marks.next();
        let end = match next {
            // The line break before a delimiter belongs to the delimiter.
            Some((at, ..)) => {
                let end = at.saturating_sub(1).max(mark.1);
                if end > mark.1 && body.get(end - 1) == Some(&b'\r') { end - 1 } else { end }
            }
            None => body.len(),
        };
        match piece(body, mark.1..end) {
            Some(piece) => found.pieces.push(piece),
            None => {
                found.outside.push(mark.1..end);
                found.broken = Some(Unreadable::BrokenForm);
            }
        }
        match next {
            Some(next) => mark = next,
            None => {
                found.broken = Some(Unreadable::Truncated);
                return found;
            }
        }
    }
    found.outside.push(mark.1..body.len());
    found
}

/// Headers, an empty line, contents. None where there is no empty line.
fn piece(body: &[u8], range: Range<usize>) -> Option<Piece> {
    let mut piece = Piece::default();
    let mut at = range.start;
    loop {
        let rest = body.get(at..range.end)?;
        let line = rest.iter().position(|b| *b == b'\n')?;
        let text = String::from_utf8_lossy(rest.get(..line)?);
        let text = text.trim();
        at += line + 1;
        if text.is_empty() {
            piece.range = at..range.end;
            return Some(piece);
        }
        let Some((name, value)) = text.split_once(':') else { continue };
        match name.trim().to_ascii_lowercase().as_str() {
            "content-disposition" => {
                let parsed = ContentType::new(value);
                piece.name = parsed.parameter("name").unwrap_or_default();
                let starred = parsed.parameter("filename*").map(|v| {
                    let coded = v.rsplit('\'').next().unwrap_or("");
                    percent_encoding::percent_decode_str(coded).decode_utf8_lossy().into_owned()
                });
                piece.filename = starred.or_else(|| parsed.parameter("filename"));
            }
            "content-type" => piece.content_type = value.trim().to_owned(),
            "content-transfer-encoding" => {
                let coding = value.trim().to_ascii_lowercase();
                piece.encoding = (!matches!(coding.as_str(), "" | "7bit" | "8bit" | "binary")).then_some(coding);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pieces_come_with_their_names_and_bytes() {
        let body = b"pre\r\n--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\nhallo\r\n--bx\r\n--b\r\ncontent-disposition: form-data; name=\"file\"; filename*=UTF-8''na%C3%AFef.csv\r\nContent-Type: text/csv\r\n\r\na;b\r\n--b--\r\npost";
        let found = split(body, "b");
        assert_eq!(found.broken, None);
        assert_eq!(found.pieces[0].name, "prompt");
        assert_eq!(&body[found.pieces[0].range.clone()], b"hallo\r\n--bx");
        assert_eq!(found.pieces[1].filename.as_deref(), Some("naïef.csv"));
        assert_eq!(&body[found.pieces[1].range.clone()], b"a;b");
        let outside: Vec<&[u8]> = found.outside.iter().map(|r| &body[r.clone()]).collect();
        assert_eq!(outside, [b"pre\r\n".as_slice(), b"\r\npost"]);
    }

    #[test]
    fn a_form_without_its_end_is_truncated_and_still_read() {
        let found = split(b"--b\nContent-Disposition: form-data; name=a\n\nhal", "b");
        assert_eq!(found.broken, Some(Unreadable::Truncated));
        assert_eq!(found.pieces[0].name, "a");
        assert_eq!(split(b"no form", "b").broken, Some(Unreadable::BrokenForm));
        assert_eq!(split(b"--b\r\n\r\n\r\n--b--", "b").pieces[0].range, 7..7);
    }

    proptest! {
        #[test]
        fn any_bytes_are_cut_without_panic(body in "(--b|\r\n|\n|--|:|x|name=|\"|;){0,40}") {
            for piece in split(body.as_bytes(), "b").pieces {
                prop_assert!(body.as_bytes().get(piece.range).is_some());
            }
        }
    }
}
