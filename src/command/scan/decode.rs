//! Bytes of a file as text, also where they are not quite text.
//!
//! Takes any bytes; gives a text to look at and whether it is all there is, or nothing where the bytes are no text at all. Whatever is not UTF-8 is replaced byte for
//! byte, so that a place in the text is the same place in the file. Only UTF-16 becomes longer or shorter; places are then those of the text in UTF-8.

use crate::extract::plain::LETTERED;

/// A text, and whether every byte of the input stands in it as it was meant.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    pub text: String,
    pub whole: bool,
}

/// Two bytes as one unit of UTF-16.
type Order = fn([u8; 2]) -> u16;

/// One byte in this many may be a control character, and a few more, before the bytes are no text.
const CONTROLS: usize = 16;
const FEW: usize = 4;
/// One byte in this many may be a letter with a mark before the bytes are not Western European.
const MARKED: usize = 8;

pub(super) fn decode(bytes: Vec<u8>) -> Option<Decoded> {
    if let Some((skip, order)) = utf16(&bytes) {
        let units: Vec<u16> = bytes.get(skip..)?.as_chunks::<2>().0.iter().map(|&pair| order(pair)).collect();
        let strict = bytes.len().is_multiple_of(2).then(|| String::from_utf16(&units).ok()).flatten();
        return Some(
            strict.map_or_else(|| Decoded { text: String::from_utf16_lossy(&units), whole: false }, |text| Decoded { text, whole: true }),
        );
    }
    let meant = !LETTERED.iter().any(|mark| bytes.starts_with(mark));
    let bytes = match String::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => return Some(Decoded { text, whole: meant }),
        Ok(text) => text.into_bytes(),
        Err(error) => error.into_bytes(),
    };
    let controls = bytes.iter().filter(|&&byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b)).count();
    if controls > FEW + bytes.len() / CONTROLS {
        return None;
    }
    let whole = meant && is_western(&bytes);
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for (at, part) in chunk.valid().split('\0').enumerate() {
            if at > 0 {
                text.push(' ');
            }
            text.push_str(part);
        }
        text.extend(chunk.invalid().iter().map(|&byte| char::from(stand_in(byte))));
    }
    Some(Decoded { text, whole })
}

/// How many bytes a byte order mark takes, and the order: by the mark, or by where the zeroes of Latin letters stand.
fn utf16(bytes: &[u8]) -> Option<(usize, Order)> {
    match bytes {
        [0xff, 0xfe, ..] => return Some((2, u16::from_le_bytes)),
        [0xfe, 0xff, ..] => return Some((2, u16::from_be_bytes)),
        _ => {}
    }
    let pairs = bytes.get(..bytes.len().min(4096))?.as_chunks::<2>().0;
    let zeroes = |side: usize| pairs.iter().filter(|pair| pair[side] == 0).count();
    let (first, second) = (zeroes(0), zeroes(1));
    let nearly_all = |count: usize| pairs.len() >= 4 && count * 10 >= pairs.len() * 8;
    if nearly_all(second) && first == 0 {
        Some((0, u16::from_le_bytes))
    } else if nearly_all(first) && second == 0 {
        Some((0, u16::from_be_bytes))
    } else {
        None
    }
}

/// The bytes are Windows-1252, as older programs write Dutch: no zeroes, a few letters with marks, nothing that is UTF-8 already.
fn is_western(bytes: &[u8]) -> bool {
    let high = bytes.iter().filter(|&&byte| byte >= 0x80).count();
    let is_utf8_nowhere = bytes.utf8_chunks().all(|chunk| chunk.valid().is_ascii());
    high * MARKED <= bytes.len()
        && is_utf8_nowhere
        && bytes.iter().all(
            |&byte| !matches!(byte, 0 | 0x81..=0x84 | 0x86..=0x90 | 0x98..=0x9f | 0xd0 | 0xd7 | 0xdd..=0xde | 0xf0 | 0xf7 | 0xfd..=0xff),
        )
}

/// One ASCII byte for a byte of Windows-1252: the letter without its mark, the sign that reads most like it.
fn stand_in(byte: u8) -> u8 {
    const LETTERS: &[u8; 64] = b"AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty";
    match byte {
        0xc0..=0xff => LETTERS[usize::from(byte - 0xc0)],
        // The sign of the euro is told as an amount by any sign of money.
        0x80 => b'$',
        0x85 | 0xb7 => b'.',
        0x91 | 0x92 | 0xb4 => b'\'',
        0x93 | 0x94 | 0xab | 0xbb => b'"',
        0x96 | 0x97 | 0xad => b'-',
        0x8a => b'S',
        0x8e => b'Z',
        0x9a => b's',
        0x9e => b'z',
        0x9f => b'Y',
        0xa0 => b' ',
        0xaa => b'a',
        0xba => b'o',
        _ => b'?',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(bytes: &[u8]) -> Option<(String, bool)> {
        decode(bytes.to_vec()).map(|decoded| (decoded.text, decoded.whole))
    }

    fn whole(text: &str) -> Option<(String, bool)> {
        Some((text.to_owned(), true))
    }

    fn part(text: &str) -> Option<(String, bool)> {
        Some((text.to_owned(), false))
    }

    #[test]
    fn utf8_is_text_as_it_stands_with_its_mark() {
        assert_eq!(read("\u{feff}cliënt".as_bytes()), whole("\u{feff}cliënt"));
        assert_eq!(read(b""), whole(""));
    }

    #[test]
    fn utf16_is_read_with_a_mark_and_without() {
        let utf16 = |text: &str, order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        assert_eq!(read(&[0xff, 0xfe, b'a', 0, 0xe9, 0]), whole("aé"));
        assert_eq!(read(&[0xfe, 0xff, 0, b'a']), whole("a"));
        assert_eq!(read(&utf16("bsn 111222333", u16::to_le_bytes)), whole("bsn 111222333"));
        assert_eq!(read(&utf16("bsn 111222333", u16::to_be_bytes)), whole("bsn 111222333"));
        assert_eq!(read(&[0xff, 0xfe, b'a', 0, b'b']), part("a"));
    }

    #[test]
    fn dutch_of_older_programs_keeps_its_places() {
        assert_eq!(read(b"De cli\xebnt, bsn 111222333, \x80 5"), whole("De client, bsn 111222333, $ 5"));
    }

    #[test]
    fn text_with_stray_bytes_is_looked_at_and_is_not_whole() {
        assert_eq!(read(b"bsn 111222333\0"), part("bsn 111222333 "));
        assert_eq!(read(b"bsn 111222333 \xff\xfe"), part("bsn 111222333 yt"));
        // UTF-8 around the stray byte stays what it is.
        assert_eq!(read(b"cli\xc3\xabnt \xff"), part("cliënt y"));
    }

    #[test]
    fn a_text_that_is_the_code_of_a_document_is_not_whole() {
        assert_eq!(read(b"{\\rtf1 bsn}"), part("{\\rtf1 bsn}"));
        assert_eq!(read(b"%PDF-1.7"), part("%PDF-1.7"));
    }

    #[test]
    fn binary_data_is_no_text() {
        assert_eq!(read(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0"), None);
        let noise: Vec<u8> = (0..=255).cycle().take(4096).collect();
        assert_eq!(read(&noise), None);
    }

    proptest! {
        #[test]
        fn places_stay_and_nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let length = bytes.len();
            let wide = utf16(&bytes).is_some();
            if let Some(decoded) = decode(bytes) {
                prop_assert!(wide || decoded.text.len() == length);
            }
        }
    }
}
