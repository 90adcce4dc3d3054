//! The form of a body: JSON, lines of JSON, a form, pieces, text, a file.
//!
//! Takes the decoded bytes and the content type; hands each text to the reading. The content type is believed where it says more than the bytes do, never
//! where it says less: JSON sent as text, as a form or as nothing at all is still read as JSON. What no reader knows makes the message unreadable.

use super::head::ContentType;
use super::multipart;
use super::reading::{Reading, looks_like_json};
use super::{Direction, Encoding, Place, Role, Step, Unreadable, blob, form};
use crate::extract;
use http::HeaderName;
use std::borrow::Cow;
use std::ops::Range;

/// Azure's block stores.
const BLOB_TYPE: HeaderName = HeaderName::from_static("x-ms-blob-type");
/// Google's resumable uploads.
const UPLOAD_COMMAND: HeaderName = HeaderName::from_static("x-goog-upload-command");

/// What a content type promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    JsonLines,
    Urlencoded,
    Multipart,
    Text,
    /// Connect envelopes of JSON.
    Envelopes,
    /// A binary protocol that no reader knows yet.
    Foreign,
    /// A file, or nothing said.
    Unknown,
}

impl Form {
    fn of(kind: &ContentType<'_>) -> Self {
        if kind.is("application/json") {
            return Self::Json;
        }
        if kind.is("application/connect+json") {
            return Self::Envelopes;
        }
        if kind.is("application/json+protobuf") || kind.is("text/json") || kind.is("application/x-json") || kind.is("application/json-rpc")
        {
            return Self::Json;
        }
        if kind.ends("+json") {
            return Self::Json;
        }
        if [
            "application/x-ndjson",
            "application/ndjson",
            "application/jsonl",
            "application/x-jsonlines",
            "application/jsonlines",
            "application/json-lines",
        ]
        .iter()
        .any(|known| kind.is(known))
        {
            return Self::JsonLines;
        }
        if kind.is("application/x-www-form-urlencoded") {
            return Self::Urlencoded;
        }
        if kind.begins("multipart/") {
            return Self::Multipart;
        }
        if [
            "application/grpc",
            "application/x-protobuf",
            "application/proto",
            "application/protobuf",
            "application/vnd.google.protobuf",
            "application/connect+",
        ]
        .iter()
        .any(|known| kind.begins(known))
            || [
                "application/msgpack",
                "application/x-msgpack",
                "application/cbor",
                "application/sdp",
                "application/x-thrift",
                "application/avro",
            ]
            .iter()
            .any(|known| kind.is(known))
        {
            return Self::Foreign;
        }
        let texts = [
            "application/xml",
            "application/javascript",
            "application/yaml",
            "application/x-yaml",
            "application/graphql",
            "application/x-sentry-envelope",
        ];
        if kind.begins("text/") || kind.ends("+xml") || texts.iter().any(|known| kind.is(known)) {
            return Self::Text;
        }
        Self::Unknown
    }
}

/// Reads a whole body. An empty one has no words and is no riddle.
pub(super) fn read(reading: &mut Reading<'_>, body: &[u8]) {
    if body.is_empty() {
        return;
    }
    let kind = reading.head.content_type();
    let mut said = reading.head.headers.get_all(http::header::CONTENT_TYPE).iter();
    let first = said.next();
    if said.any(|other| Some(other) != first) {
        // Which one the server believes is unknown.
        reading.unreadable(Unreadable::BrokenForm);
    }
    if is_raw_file(reading) {
        return file(reading, body, 0..body.len(), &kind, "", &[]);
    }
    match Form::of(&kind) {
        Form::Foreign => reading.unreadable(Unreadable::UnknownType),
        Form::Envelopes => envelopes(reading, body),
        Form::Multipart => pieces(reading, body, &kind.parameter("boundary").unwrap_or_default(), 0),
        Form::Unknown => match blob::of_bytes(body) {
            Ok(_) => textual(reading, body, &kind, Form::Text),
            Err(_) if extract::is_container(body) => file(reading, body, 0..body.len(), &kind, "", &[]),
            Err(reason) => reading.unreadable(reason),
        },
        form => textual(reading, body, &kind, form),
    }
}

/// Bytes that go to a store as they are: pre-signed and resumable uploads.
fn is_raw_file(reading: &Reading<'_>) -> bool {
    let head = reading.head;
    let signed =
        head.query.is_some_and(|q| ["X-Amz-Signature=", "sig=", "X-Goog-Signature=", "x-oss-signature"].iter().any(|s| q.contains(s)));
    head.headers.contains_key(BLOB_TYPE)
        || head.headers.get(UPLOAD_COMMAND).and_then(|v| v.to_str().ok()).is_some_and(|c| c.contains("upload"))
        || (*head.method == http::Method::PUT && signed)
}

/// A body that is text in some character set.
fn textual(reading: &mut Reading<'_>, body: &[u8], kind: &ContentType<'_>, form: Form) {
    let (text, in_place) = match blob::in_charset(body, kind.parameter("charset").as_deref()) {
        Ok(decoded) => decoded,
        Err(reason) => {
            // It is refused or not by its class; what can be seen of it is still looked at.
            reading.unreadable(reason);
            match std::str::from_utf8(body) {
                Ok(text) => (Cow::Borrowed(text), false),
                Err(_) => return reading.other("", &String::from_utf8_lossy(body)),
            }
        }
    };
    if !in_place {
        reading.freeze();
    }
    let json = match form {
        Form::Json => reading.json(&text, &[]),
        Form::JsonLines => lines(reading, &text),
        _ if looks_like_json(&text) => reading.json(&text, &[]).or_else(|reason| match reason {
            Unreadable::BrokenForm => lines(reading, &text),
            other => Err(other),
        }),
        _ => Err(Unreadable::BrokenForm),
    };
    if json.is_err() && hides_letters(&text) {
        reading.unreadable(Unreadable::BrokenForm);
    }
    match (json, form) {
        (Ok(()), _) => {}
        (Err(reason), Form::Json | Form::JsonLines) | (Err(reason @ (Unreadable::TooDeep | Unreadable::TooLarge)), _) => {
            reading.unreadable(reason);
            reading.other("", &text);
        }
        (Err(_), Form::Urlencoded) => form::read(reading, &text, &[]),
        (Err(_), _) => {
            if *reading.head.method == http::Method::PUT {
                reading.message.direction = Direction::Upload;
            }
            if extract::is_html(&text, kind.essence) {
                reading.look_between_tags("", &text);
            }
            reading.word_string("", &text, Role::User, Place(vec![plain(0..text.len())]));
        }
    }
}

/// Whether a text that is not JSON would be to a lenient reader, and has escapes in it that hide letters from us.
fn hides_letters(text: &str) -> bool {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let (inside, end) = match rest.as_bytes() {
            [b'/', b'/', ..] | [b'#', ..] => (rest, "\n"),
            [b'/', b'*', ..] => (rest.get(2..).unwrap_or(""), "*/"),
            _ => break,
        };
        rest = inside.split_once(end).map_or("", |(_, behind)| behind);
    }
    rest.starts_with(['{', '['])
        && memchr::memmem::find_iter(rest.as_bytes(), b"\\u").any(|at| {
            let hex = rest.as_bytes().get(at + 2..).unwrap_or_default();
            hex.first() == Some(&b'{') || hex.get(..4).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
        })
}

/// A document per line. Nothing is read where one of them is none.
fn lines(reading: &mut Reading<'_>, text: &str) -> Result<(), Unreadable> {
    let mut at = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        if !line.trim_ascii().is_empty() {
            super::json::Doc::read(line)?;
            found.push(at..at + line.len());
        }
        at += line.len();
    }
    for range in found {
        let line = text.get(range.clone()).unwrap_or("");
        reading.json(line, &[plain(range)])?;
    }
    Ok(())
}

/// Connect's stream framing: a flag byte, four bytes of length, a payload. The lengths bind the payloads, so nothing is rewritten.
fn envelopes(reading: &mut Reading<'_>, body: &[u8]) {
    reading.freeze();
    let mut rest = body;
    while !rest.is_empty() {
        let [flags, a, b, c, d, after @ ..] = rest else { return reading.unreadable(Unreadable::Truncated) };
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        let (Some(payload), Some(next)) = (after.get(..length), after.get(length..)) else {
            return reading.unreadable(Unreadable::Truncated);
        };
        if flags & 1 != 0 {
            reading.unreadable(Unreadable::UnknownCoding);
        } else {
            textual(reading, payload, &ContentType::new("application/json"), Form::Json);
        }
        rest = next;
    }
}

fn plain(range: Range<usize>) -> Step {
    Step { range, encoding: Encoding::Plain }
}

/// The pieces of a multipart body.
fn pieces(reading: &mut Reading<'_>, body: &[u8], boundary: &str, level: u8) {
    let found = multipart::split(body, boundary);
    if let Some(reason) = found.broken {
        reading.unreadable(reason);
    }
    for range in found.outside {
        let text = String::from_utf8_lossy(body.get(range).unwrap_or_default());
        reading.other("", text.trim());
    }
    for piece in found.pieces {
        let bytes = body.get(piece.range.clone()).unwrap_or_default();
        let kind = ContentType::new(&piece.content_type);
        let name = piece.filename.as_deref().unwrap_or(&piece.name);
        if let Some(filename) = &piece.filename {
            reading.other("filename", filename);
        }
        if let Some(encoding) = &piece.encoding {
            // Servers of forms ignore it (RFC 7578 section 4.7), mail-like readers do not: only base64 is undone here.
            match std::str::from_utf8(bytes).ok().filter(|_| encoding == "base64").and_then(blob::decode) {
                Some(decoded) => match blob::of_bytes(&decoded) {
                    Ok(text) => reading.words(text.into_owned(), Role::User, name, None),
                    Err(_) if extract::is_container(&decoded) => {
                        reading.message.direction = Direction::Upload;
                        reading.file(name, kind.essence, &decoded);
                    }
                    Err(reason) => reading.unreadable(reason),
                },
                None => reading.unreadable(Unreadable::UnknownCoding),
            }
            continue;
        }
        if kind.begins("multipart/") {
            if level >= 2 {
                reading.unreadable(Unreadable::TooDeep);
                continue;
            }
            reading.freeze();
            pieces(reading, bytes, &kind.parameter("boundary").unwrap_or_default(), level + 1);
            continue;
        }
        let form = Form::of(&kind);
        let is_field = piece.filename.is_none() && matches!(form, Form::Json | Form::Text | Form::Urlencoded | Form::Unknown);
        if !is_field {
            file(reading, bytes, piece.range, &kind, name, &[]);
            continue;
        }
        match blob::in_charset(bytes, kind.parameter("charset").as_deref()) {
            Ok((text, in_place)) if !text.is_empty() => {
                if !in_place {
                    reading.freeze();
                }
                let binary = kind.essence.is_empty().then(|| blob::of_bytes(bytes).err()).flatten();
                if hides_letters(&text) && super::json::Doc::read(&text).is_err() {
                    reading.unreadable(Unreadable::BrokenForm);
                }
                match binary {
                    Some(reason) => reading.unreadable(reason),
                    None => form::field(reading, &piece.name, &text, vec![plain(piece.range)]),
                }
            }
            Ok(_) => {}
            // A piece without a file name and without text: a file all the same.
            Err(_) if kind.essence.is_empty() || form == Form::Unknown => file(reading, bytes, piece.range, &kind, name, &[]),
            Err(reason) => {
                reading.unreadable(reason);
                reading.other(&piece.name, &String::from_utf8_lossy(bytes));
            }
        }
    }
}

/// A file: text of any kind is read, and so are the words inside those that are opened; anything else is a riddle until a reader for it comes.
fn file(reading: &mut Reading<'_>, bytes: &[u8], range: Range<usize>, kind: &ContentType<'_>, name: &str, base: &[Step]) {
    reading.message.direction = Direction::Upload;
    if bytes.is_empty() {
        return;
    }
    if extract::is_container(bytes) {
        return reading.file(name, kind.essence, bytes);
    }
    if blob::is_misnamed(bytes, kind.parameter("charset").as_deref()) {
        reading.unreadable(Unreadable::BrokenEncoding);
    }
    let declared_text = Form::of(kind) == Form::Text;
    let read = match blob::of_bytes(bytes) {
        Ok(text) => Ok((text, blob::of_bytes(bytes).is_ok_and(|t| matches!(t, std::borrow::Cow::Borrowed(_))))),
        Err(_) if declared_text && kind.parameter("charset").is_some() => blob::in_charset(bytes, kind.parameter("charset").as_deref()),
        Err(_) if declared_text && std::str::from_utf8(bytes).is_err() => Err(Unreadable::BrokenEncoding),
        Err(reason) => Err(reason),
    };
    match read {
        Ok((text, in_place)) => {
            // Escapes in a file of JSON hide letters: its strings are looked at as what they spell, too.
            if text.contains("\\u") && looks_like_json(&text) {
                reading.look_through(&text);
            }
            if extract::is_html(&text, kind.essence) {
                reading.look_between_tags(name, &text);
            }
            let mut steps = base.to_vec();
            steps.push(plain(range));
            reading.words(text.into_owned(), Role::User, name, in_place.then_some(Place(steps)));
        }
        Err(reason) => {
            reading.unreadable(reason);
            if declared_text {
                reading.other(name, &String::from_utf8_lossy(bytes));
            }
        }
    }
}
