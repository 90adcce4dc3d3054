//! Bytes that are text as they stand.
//!
//! Takes bytes; gives the text where they are UTF-8, or UTF-16 with a byte order mark, without control characters. Never gives binary data as text.

use crate::unreadable::Unreadable;
use std::borrow::Cow;

/// Marks of formats that can be all letters, and still are not the text that they show.
pub(crate) const LETTERED: &[&[u8]] = &[b"%PDF-", b"%!PS", b"{\\rtf"];

/// Whether bytes are text, and which. Errors: `UnknownType` where they are not.
pub(crate) fn text(bytes: &[u8]) -> Result<Cow<'_, str>, Unreadable> {
    let text = match utf16(bytes, None) {
        Some(text) => Cow::Owned(text?),
        None => Cow::Borrowed(std::str::from_utf8(bytes).map_err(|_| Unreadable::UnknownType)?),
    };
    // Other marks need no check: what follows them is no text either.
    let marked = LETTERED.iter().any(|mark| bytes.starts_with(mark));
    if marked || text.bytes().any(|b| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b)) {
        return Err(Unreadable::UnknownType);
    }
    Ok(text)
}

/// UTF-16, by its byte order mark or by name. None where it is neither.
pub(crate) fn utf16(bytes: &[u8], charset: Option<&str>) -> Option<Result<String, Unreadable>> {
    let (rest, big) = match (bytes, charset) {
        ([0xff, 0xfe, rest @ ..], _) => (rest, false),
        ([0xfe, 0xff, rest @ ..], _) => (rest, true),
        (_, Some("utf-16be")) => (bytes, true),
        (_, Some("utf-16le" | "utf-16")) => (bytes, false),
        _ => return None,
    };
    if rest.len() % 2 != 0 {
        return Some(Err(Unreadable::BrokenEncoding));
    }
    let units = rest.chunks_exact(2).map(|pair| {
        let pair = [pair.first().copied().unwrap_or(0), pair.get(1).copied().unwrap_or(0)];
        if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
    });
    Some(char::decode_utf16(units).collect::<Result<String, _>>().map_err(|_| Unreadable::BrokenEncoding))
}
