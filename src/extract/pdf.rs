//! Sensitivity labels of PDF files, as far as they stand uncompressed in the bytes: XMP packets and the information dictionary.
//!
//! Takes the bytes of a PDF; writes each `MSIP_Label_...` property as a line `name: value`. It reads no other words: a PDF stays unreadable.

use super::limits::Text;
use crate::unreadable::Unreadable;
use memchr::memmem;

const PREFIX: &[u8] = b"MSIP_Label_";
/// Properties that a file has at most; the name, and the value with its markup.
const MOST: usize = 64;
const NAME_MAX: usize = 80;
const VALUE_MAX: usize = 240;

pub(super) fn begins(bytes: &[u8]) -> bool {
    bytes.starts_with(b"%PDF-")
}

pub(super) fn labels(bytes: &[u8], out: &mut Text) -> Result<(), Unreadable> {
    for at in memmem::find_iter(bytes, PREFIX).take(MOST) {
        let rest = bytes.get(at..).unwrap_or_default();
        let length = rest.iter().take(NAME_MAX).take_while(|&&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count();
        let name = String::from_utf8_lossy(rest.get(..length).unwrap_or_default()).into_owned();
        // The tag that closes an element of XMP.
        if at.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(|&byte| byte == b'/') && rest.get(length) == Some(&b'>') {
            continue;
        }
        let after = rest.get(length..(length + VALUE_MAX).min(rest.len())).unwrap_or_default();
        if let Some(value) = value(after) {
            out.line(&format!("{name}: {value}"))?;
        }
    }
    Ok(())
}

/// `>value<` and `="value"` in XMP, `(value)` and `<FEFF...>` in a dictionary.
fn value(after: &[u8]) -> Option<String> {
    let after = after.trim_ascii_start();
    let until = |bytes: &[u8], end: u8| bytes.iter().position(|&byte| byte == end).and_then(|end| bytes.get(..end)).map(<[u8]>::to_vec);
    let raw = match after {
        [b'>', rest @ ..] => until(rest, b'<')?,
        [b'=', b'"', rest @ ..] => until(rest, b'"')?,
        [b'(', rest @ ..] => until(rest, b')')?,
        [b'<', rest @ ..] => {
            let digits: Vec<u8> = until(rest, b'>')?.into_iter().filter(u8::is_ascii_hexdigit).collect();
            hex::decode(digits).ok()?
        }
        _ => return None,
    };
    let text = match raw.strip_prefix(b"\xfe\xff") {
        Some(units) => {
            let units = units
                .chunks_exact(2)
                .map(|pair| u16::from_be_bytes([pair.first().copied().unwrap_or(0), pair.get(1).copied().unwrap_or(0)]));
            char::decode_utf16(units).map(|unit| unit.unwrap_or(' ')).collect::<String>()
        }
        None => String::from_utf8_lossy(&raw).into_owned(),
    };
    let text = text.trim();
    (!text.is_empty()).then(|| text.chars().filter(|c| !c.is_control()).collect())
}
