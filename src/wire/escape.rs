//! The spelling of JSON strings: escapes undone for reading, and done again for a changed text.
//!
//! Takes the inside of a validated JSON string. Must never fail: a lone half of a surrogate pair, which programs that cut text do send, becomes
//! U+FFFD, as it does in the tools themselves.

use memchr::memchr;
use std::borrow::Cow;

/// The text that the inside of a JSON string spells.
pub(super) fn undo(raw: &str) -> Cow<'_, str> {
    if memchr(b'\\', raw.as_bytes()).is_none() {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = memchr(b'\\', rest.as_bytes()) {
        out.push_str(rest.get(..at).unwrap_or(""));
        let code = rest.as_bytes().get(at + 1).copied();
        let mut used = at + 2;
        match code {
            Some(b'n') => out.push('\n'),
            Some(b't') => out.push('\t'),
            Some(b'r') => out.push('\r'),
            Some(b'b') => out.push('\u{8}'),
            Some(b'f') => out.push('\u{c}'),
            Some(b'u') => {
                let unit = hex(rest, at + 2);
                used = at + 6;
                let pair = match unit {
                    0xd800..=0xdbff if rest.as_bytes().get(used..used + 2) == Some(b"\\u") => Some(hex(rest, used + 2)),
                    _ => None,
                };
                match pair {
                    Some(low @ 0xdc00..=0xdfff) => {
                        used += 6;
                        let code = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                        out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                    _ => out.push(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)),
                }
            }
            Some(other) => out.push(char::from(other)),
            None => {}
        }
        rest = rest.get(used..).unwrap_or("");
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn hex(text: &str, at: usize) -> u32 {
    text.get(at..at + 4).and_then(|h| u32::from_str_radix(h, 16).ok()).unwrap_or(0xfffd)
}

/// Appends `text` as the inside of a JSON string: only what must be escaped is.
pub(super) fn push(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    let mut from = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.extend_from_slice(bytes.get(from..at).unwrap_or_default());
        from = at + 1;
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            other => out.extend_from_slice(format!("\\u{other:04x}").as_bytes()),
        }
    }
    out.extend_from_slice(bytes.get(from..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pairs_and_lone_halves_are_read() {
        assert_eq!(undo(r"\ud83d\ude00 \u00e9\/\\\b"), "😀 é/\\\u{8}");
        assert_eq!(undo(r"a\ud83d"), "a\u{fffd}");
        assert_eq!(undo(r"\ude00\ud83d\u0041"), "\u{fffd}\u{fffd}A");
    }

    proptest! {
        #[test]
        fn what_is_pushed_is_what_serde_json_reads(text in ".*") {
            let mut out = vec![b'"'];
            push(&mut out, &text);
            out.push(b'"');
            prop_assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text.clone());
            let inside = std::str::from_utf8(&out[1..out.len() - 1]).unwrap();
            prop_assert_eq!(undo(inside), text);
        }

        #[test]
        fn undoing_never_panics(text in ".*") {
            undo(&text);
        }
    }
}
