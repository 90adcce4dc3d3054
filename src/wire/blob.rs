//! What is not plainly words: base64, data URLs, raw file bytes.
//!
//! Takes the string or the bytes and what their surroundings say of their type; tells text (which is then looked at) and files that
//! [`extract`] opens from pictures, sound and what else no reader knows. The contents decide, not the label on them. Never gives binary data as text.

use super::Unreadable;
use crate::extract;
pub(super) use crate::extract::plain::text as of_bytes;
use crate::extract::plain::utf16;
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::borrow::Cow;

/// Shorter strings of base64 letters are names, tokens and ids.
const LEAST: usize = 512;
/// Unknown binary data of this many letters is taken for a file; below it, for a token.
const TOKEN: usize = 4096;

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// What a string turned out to hold.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Blob {
    /// No base64, or too short to be a file: the string is what it is.
    None,
    /// Text in disguise.
    Text(String),
    /// A file that holds words: an Office document, an archive.
    File(Vec<u8>),
    /// A picture, sound, document or unknown binary.
    Unreadable(Unreadable),
}

/// Looks at a string that stands where anything can stand.
pub(super) fn of_string(text: &str) -> Blob {
    if text.starts_with("data:") {
        return of_data_url(text);
    }
    if text.len() < LEAST || !text.bytes().take(256).all(is_letter) || !text.bytes().all(is_letter_or_break) {
        return Blob::None;
    }
    match decode(text) {
        Some(bytes) => match of_bytes(&bytes) {
            Ok(words) => Blob::Text(words.into_owned()),
            Err(_) if text.len() < TOKEN && !has_known_mark(&bytes) => Blob::None,
            Err(reason) => of_file(bytes, reason),
        },
        // Letters only, yet no base64: a long word, if anything.
        None if text.len() < TOKEN => Blob::None,
        None => Blob::Unreadable(Unreadable::UnknownType),
    }
}

/// Looks at a string that stands where a file stands: base64, a data URL, or a link.
pub(super) fn of_file_string(text: &str) -> Blob {
    if text.starts_with("data:") {
        return of_data_url(text);
    }
    if text.contains("://") && text.len() < TOKEN {
        return Blob::None;
    }
    match decode(text) {
        Some(bytes) => match of_bytes(&bytes) {
            Ok(words) => Blob::Text(words.into_owned()),
            Err(reason) => of_file(bytes, reason),
        },
        None => Blob::Unreadable(Unreadable::UnknownType),
    }
}

/// What is no text: a file that is opened, or one that no reader knows.
fn of_file(bytes: Vec<u8>, reason: Unreadable) -> Blob {
    if extract::is_container(&bytes) { Blob::File(bytes) } else { Blob::Unreadable(reason) }
}

fn is_letter(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_' | b'=')
}

fn is_letter_or_break(b: u8) -> bool {
    is_letter(b) || b == b'\n' || b == b'\r'
}

/// `data:[type][;parameters][;base64],...` (RFC 2397).
fn of_data_url(text: &str) -> Blob {
    let Some((head, data)) = text.strip_prefix("data:").and_then(|rest| rest.split_once(',')) else { return Blob::None };
    if head.len() > 256 || head.contains(char::is_whitespace) && !head.contains(';') {
        return Blob::None;
    }
    let bytes: Cow<'_, [u8]> = if head.to_ascii_lowercase().ends_with("base64") {
        match decode(data) {
            Some(bytes) => Cow::Owned(bytes),
            None => return Blob::Unreadable(Unreadable::BrokenForm),
        }
    } else {
        percent_encoding::percent_decode_str(data).into()
    };
    match of_bytes(&bytes) {
        Ok(words) => Blob::Text(words.into_owned()),
        Err(reason) => of_file(bytes.into_owned(), reason),
    }
}

/// Base64 of either alphabet, with or without padding and line breaks.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let packed: Cow<'_, [u8]> = if text.bytes().any(|b| b.is_ascii_whitespace()) {
        Cow::Owned(text.bytes().filter(|b| !b.is_ascii_whitespace()).collect())
    } else {
        Cow::Borrowed(text.as_bytes())
    };
    let engine = if packed.iter().any(|b| matches!(b, b'-' | b'_')) { &URL_SAFE } else { &STANDARD };
    engine.decode(&packed).ok()
}

/// Marks at the beginning of files that are not text.
const MARKS: &[&[u8]] = &[
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"%PDF-",
    b"%!PS",
    b"{\\rtf",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\xd0\xcf\x11\xe0",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\xfd7zXZ",
    b"BZh",
    b"\x28\xb5\x2f\xfd",
    b"OggS",
    b"ID3",
    b"fLaC",
    b"RIFF",
    b"\x1aE\xdf\xa3",
    b"FORM",
    b"SQLite format 3",
    b"\x7fELF",
    b"MZ",
    b"\0asm",
];

fn has_known_mark(bytes: &[u8]) -> bool {
    MARKS.iter().any(|mark| bytes.starts_with(mark)) || bytes.get(4..8) == Some(b"ftyp")
}

/// Whether bytes are plainly UTF-8 while another character set is named: the tool may read them either way, so neither reading is sure.
pub(super) fn is_misnamed(bytes: &[u8], charset: Option<&str>) -> bool {
    let Some(charset) = charset.map(str::to_ascii_lowercase) else { return false };
    if matches!(charset.as_str(), "" | "utf-8" | "utf8" | "us-ascii" | "ascii" | "utf-8-sig" | "binary") || bytes.is_empty() {
        return false;
    }
    // Letters of ASCII are the same in these.
    let is_latin = charset.starts_with("iso-8859-")
        || charset.starts_with("windows-125")
        || matches!(charset.as_str(), "iso8859-1" | "latin1" | "latin-1" | "cp1252");
    !(is_latin && bytes.is_ascii()) && !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok()
}

/// Bytes in a named character set as text; the flag says whether their places in the bytes are those in the text (UTF-8).
pub(super) fn in_charset<'b>(bytes: &'b [u8], charset: Option<&str>) -> Result<(Cow<'b, str>, bool), Unreadable> {
    let charset = charset.map(str::to_ascii_lowercase);
    if is_misnamed(bytes, charset.as_deref()) {
        return Err(Unreadable::BrokenEncoding);
    }
    if let Some(units) = utf16(bytes, charset.as_deref()) {
        return Ok((Cow::Owned(units?), false));
    }
    match charset.as_deref() {
        None | Some("" | "utf-8" | "utf8" | "us-ascii" | "ascii" | "utf-8-sig") => {
            std::str::from_utf8(bytes).map(|t| (Cow::Borrowed(t), true)).map_err(|_| Unreadable::BrokenEncoding)
        }
        Some("iso-8859-1" | "iso8859-1" | "latin1" | "latin-1" | "windows-1252" | "cp1252" | "iso-8859-15") => {
            if bytes.is_ascii() {
                return std::str::from_utf8(bytes).map(|t| (Cow::Borrowed(t), true)).map_err(|_| Unreadable::BrokenEncoding);
            }
            Ok((Cow::Owned(bytes.iter().map(|&b| windows_1252(b)).collect()), false))
        }
        Some(_) => Err(Unreadable::BrokenEncoding),
    }
}

/// The upper half of Windows-1252, which browsers take for Latin-1 too (WHATWG Encoding); its five gaps stay control characters.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•',
        '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH.get(usize::from(byte - 0x80)).copied().unwrap_or(char::REPLACEMENT_CHARACTER),
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_not_text_and_text_in_base64_is() {
        let png = STANDARD.encode([b"\x89PNG\r\n\x1a\n".as_slice(), &[0; 600]].concat());
        let words = "Burgerservicenummer 111222333. ".repeat(40);
        assert_eq!(of_string(&png), Blob::Unreadable(Unreadable::UnknownType));
        assert_eq!(of_string(&format!("data:image/png;base64,{png}")), Blob::Unreadable(Unreadable::UnknownType));
        assert_eq!(of_string(&STANDARD.encode(&words)), Blob::Text(words.clone()));
        assert_eq!(of_string(&URL_SAFE.encode(&words)), Blob::Text(words.clone()));
        assert_eq!(of_string("data:text/plain;base64,aGFsbG8"), Blob::Text("hallo".into()));
        assert_eq!(of_string("data:,hallo%20daar"), Blob::Text("hallo daar".into()));
        assert_eq!(of_string("data: these are the numbers, please sum them"), Blob::None);
        assert_eq!(of_string(&"a word and another ".repeat(100)), Blob::None);
        assert_eq!(of_file_string("https://example.org/cat.png"), Blob::None);
        assert_eq!(of_file_string("iVBORw0KGgo="), Blob::Unreadable(Unreadable::UnknownType));
        assert_eq!(of_bytes(b"%PDF-1.7 text only"), Err(Unreadable::UnknownType));
        assert_eq!(of_bytes(b"{\\rtf1 Jan}"), Err(Unreadable::UnknownType));
        assert_eq!(of_bytes(b"\xff\xfe\x01\x00"), Err(Unreadable::UnknownType));
        assert_eq!(of_bytes(b"FORMULIER A"), Ok("FORMULIER A".into()));
    }

    #[test]
    fn other_character_sets_are_read_but_have_no_place() {
        assert_eq!(in_charset(b"caf\xe9 \x80", Some("ISO-8859-1")), Ok(("café €".into(), false)));
        assert_eq!(in_charset(b"\xff\xfeh\0i\0", None), Ok(("hi".into(), false)));
        assert_eq!(in_charset(b"caf\xe9", None), Err(Unreadable::BrokenEncoding));
        assert_eq!(in_charset(b"x", Some("ebcdic-cp-nl")), Err(Unreadable::BrokenEncoding));
    }
}
