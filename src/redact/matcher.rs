//! Placeholders in bytes: found, replaced, and held back where they may go on.
//!
//! Works on text as it stands on the wire, so that whatever is not a placeholder stays byte for byte: plain text, the inside of a JSON string, or
//! JSON inside a JSON string ([`Level`]). Models change placeholders a little; taken are any case, `_` or a typographic hyphen for the hyphen,
//! and Markdown's backslashes before brackets and hyphen. Only names that the mapping knows are replaced or held back.

use super::placeholders::Names;
use memchr::memchr;

/// Longest placeholder as written, brackets and escapes included: no more than this is ever held back.
pub(super) const LONGEST: usize = 96;
/// Longest name in canonical form.
const LONGEST_NAME: usize = 40;

/// How often the text is wrapped in JSON strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Plain,
    /// The inside of a JSON string.
    Json,
    /// JSON inside a JSON string: a tool call's arguments.
    JsonInJson,
}

impl Level {
    /// How many bytes one backslash of the text takes on the wire.
    fn backslash(self) -> usize {
        match self {
            Self::Plain => 1,
            Self::Json => 2,
            Self::JsonInJson => 4,
        }
    }

    fn write(self, value: &[u8], out: &mut Vec<u8>) {
        match self {
            Self::Plain => out.extend_from_slice(value),
            Self::Json => escape(value, out),
            Self::JsonInJson => {
                let mut once = Vec::with_capacity(value.len() + 8);
                escape(value, &mut once);
                escape(&once, out);
                once.fill(0);
                std::hint::black_box(&once);
            }
        }
    }
}

/// Writes `value` as the inside of a JSON string.
fn escape(value: &[u8], out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    for &byte in value {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0..0x20 => out.extend_from_slice(&[b'\\', b'u', b'0', b'0', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]),
            _ => out.push(byte),
        }
    }
}

/// What stands at an opening bracket.
enum At {
    /// A name in canonical form (its bytes in the buffer), the index behind the closing bracket, and how many bytes escaped that.
    Name {
        length: usize,
        end: usize,
        escaped: usize,
    },
    /// The text ended; so far it reads as the start of a name.
    Open {
        length: usize,
    },
    Nothing,
}

/// Reads a name from the bracket at `open`.
fn read(text: &[u8], open: usize, level: Level, name: &mut [u8; LONGEST_NAME]) -> At {
    let (mut at, mut length, mut escaped) = (open + 1, 0, 0);
    loop {
        let Some(&byte) = text.get(at) else { return At::Open { length } };
        let canonical = match byte {
            b'A'..=b'Z' | b'0'..=b'9' => byte,
            b'a'..=b'z' => byte.to_ascii_uppercase(),
            b'-' | b'_' => b'-',
            b']' => return if length > 0 { At::Name { length, end: at + 1, escaped } } else { At::Nothing },
            b'\\' | 0xe2 => match hyphen(text, at, level) {
                Special::Hyphen(size) => {
                    at += size - 1;
                    b'-'
                }
                Special::Backslash(size) => {
                    if escaped > 0 {
                        return At::Nothing;
                    }
                    escaped = size;
                    at += size;
                    match text.get(at) {
                        None => return At::Open { length },
                        Some(b']' | b'-' | b'_') => continue,
                        Some(_) => return At::Nothing,
                    }
                }
                Special::Cut => return At::Open { length },
                Special::Nothing => return At::Nothing,
            },
            _ => return At::Nothing,
        };
        if length == LONGEST_NAME || at - open > LONGEST - 8 {
            return At::Nothing;
        }
        name[length] = canonical;
        length += 1;
        at += 1;
        escaped = 0;
    }
}

enum Special {
    Hyphen(usize),
    Backslash(usize),
    Cut,
    Nothing,
}

/// A hyphen that is not ASCII, or an escaping backslash.
fn hyphen(text: &[u8], at: usize, level: Level) -> Special {
    let rest = &text[at..];
    for raw in [&b"\xe2\x80\x90"[..], b"\xe2\x80\x91", b"\xe2\x80\x93"] {
        if rest.starts_with(raw) {
            return Special::Hyphen(raw.len());
        }
        if raw.starts_with(rest) {
            return Special::Cut;
        }
    }
    if level == Level::Json {
        for escape in [&b"\\u2010"[..], b"\\u2011", b"\\u2013"] {
            if rest.starts_with(escape) {
                return Special::Hyphen(escape.len());
            }
            if escape.starts_with(rest) {
                return Special::Cut;
            }
        }
    }
    // In JSON in JSON also a single wrapping: where a string only looks like JSON, it is the right one, and in JSON it means nothing else.
    let run = rest.iter().take(5).take_while(|&&b| b == b'\\').count();
    if run < level.backslash() && run == rest.len() {
        Special::Cut
    } else if run == level.backslash() || level == Level::JsonInJson && run == 2 {
        Special::Backslash(run)
    } else {
        Special::Nothing
    }
}

/// How many backslashes stand at the end of `text`.
fn backslashes(text: &[u8]) -> usize {
    text.iter().rev().take_while(|&&b| b == b'\\').take(LONGEST).count()
}

/// What [`replace`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Replaced {
    /// A placeholder was replaced.
    pub changed: bool,
    /// So many bytes at the end were not written: they may be the start of a placeholder. Always 0 where nothing may be held.
    pub held: usize,
}

/// Writes `text` to `out` with its placeholders replaced; with `hold`, a start of a placeholder at the very end is left out.
pub(super) fn replace(text: &[u8], level: Level, names: &Names<'_>, hold: bool, out: &mut Vec<u8>) -> Replaced {
    let mut name = [0; LONGEST_NAME];
    let (mut written, mut from, mut changed) = (0, 0, false);
    while let Some(found) = memchr(b'[', &text[from..]) {
        let open = from + found;
        from = open + 1;
        let unit = level.backslash();
        let before = backslashes(&text[written..open]);
        match read(text, open, level, &mut name) {
            At::Name { length, end, escaped } => {
                let Some(original) = std::str::from_utf8(&name[..length]).ok().and_then(|name| names.get(name)) else { continue };
                let start = if before >= escaped { open - escaped } else { open };
                out.extend_from_slice(&text[written..start]);
                level.write(original.expose(), out);
                (written, from, changed) = (end, end, true);
            }
            At::Open { length } if hold && std::str::from_utf8(&name[..length]).is_ok_and(|name| names.starts(name)) => {
                let start = open - before.min(unit);
                out.extend_from_slice(&text[written..start]);
                return Replaced { changed, held: text.len() - start };
            }
            At::Open { .. } | At::Nothing => {}
        }
    }
    let held = if hold { backslashes(&text[written..]).min(2 * level.backslash() - usize::from(level == Level::Plain)) } else { 0 };
    out.extend_from_slice(&text[written..text.len() - held]);
    Replaced { changed, held }
}

/// Every literal in the form of a placeholder, in canonical form without brackets.
pub(super) fn literals(text: &[u8], mut found: impl FnMut(&str)) {
    let mut name = [0; LONGEST_NAME];
    let mut from = 0;
    while let Some(at) = memchr(b'[', text.get(from..).unwrap_or(&[])) {
        let open = from + at;
        from = open + 1;
        if let At::Name { length, end, .. } = read(text, open, Level::Plain, &mut name)
            && let Ok(name) = std::str::from_utf8(&name[..length])
        {
            found(name);
            from = end;
        }
    }
}

/// Replaces placeholders in a text that comes in pieces; holds back at most [`LONGEST`] bytes.
#[derive(Debug, Default)]
pub(super) struct Replacer {
    held: Vec<u8>,
}

impl Replacer {
    pub(super) fn push(&mut self, piece: &[u8], level: Level, names: &Names<'_>, out: &mut Vec<u8>) {
        if self.held.is_empty() {
            let done = replace(piece, level, names, true, out);
            self.held.extend_from_slice(&piece[piece.len() - done.held..]);
        } else if !piece.is_empty() {
            let mut text = std::mem::take(&mut self.held);
            text.extend_from_slice(piece);
            let done = replace(&text, level, names, true, out);
            text.drain(..text.len() - done.held);
            self.held = text;
        }
    }

    /// The text has ended: what was held was no placeholder.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        out.append(&mut self.held);
    }
}

#[cfg(test)]
mod tests {
    use super::super::placeholders::{Placeholders, tests::redact};
    use super::*;

    fn done(text: &str, level: Level, hold: bool) -> (String, usize) {
        let placeholders = Placeholders::new();
        redact(&placeholders, "a\"\n", &[("email", "a\"\n")]);
        let mut out = Vec::new();
        let done = replace(text.as_bytes(), level, &placeholders.names(), hold, &mut out);
        (String::from_utf8(out).unwrap(), done.held)
    }

    #[test]
    fn values_are_escaped_as_deep_as_their_text_is_wrapped() {
        assert_eq!(done("<[EMAIL-1]>", Level::Plain, false).0, "<a\"\n>");
        assert_eq!(done("<[EMAIL-1]>", Level::Json, false).0, r#"<a\"\n>"#);
        assert_eq!(done("<[EMAIL-1]>", Level::JsonInJson, false).0, r#"<a\\\"\\n>"#);
    }

    #[test]
    fn what_models_make_of_a_placeholder_is_recognised() {
        for written in
            ["[EMAIL-1]", "[email-1]", "[Email_1]", "\\[EMAIL-1\\]", "[EMAIL\\-1]", "[EMAIL\u{2011}1]", "[EMAIL\u{2013}1]", "[EMAIL-1\\]"]
        {
            assert_eq!(done(written, Level::Plain, true), ("a\"\n".into(), 0), "{written}");
        }
        for other in ["[EMAIL-2]", "[EMAIL 1]", "EMAIL-1", "[EMAIL-1 ]", "[]", "[-]", "[EMAIL\\1]"] {
            assert_eq!(done(other, Level::Plain, false), (other.into(), 0));
        }
        assert_eq!(done(r"\\[EMAIL\u20111\\]", Level::Json, true).0, r#"a\"\n"#);
    }

    #[test]
    fn only_the_start_of_a_known_placeholder_is_held() {
        for (text, held) in [
            ("a[", 1),
            ("a[em", 3),
            ("[EMAIL-1", 8),
            ("[EMAIL-1\\", 9),
            ("a\\", 1),
            ("\\[EM", 4),
            ("[EMAX", 0),
            ("[x", 0),
            ("a", 0),
            ("[EMAIL\u{2011}", 9),
        ] {
            let (out, kept) = done(text, Level::Plain, true);
            assert_eq!((kept, out.as_str()), (held, &text[..text.len() - held]), "{text}");
        }
    }
}
