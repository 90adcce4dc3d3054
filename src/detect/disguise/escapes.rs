//! Characters written as codes, one by one: HTML entities, percent-encoding, escapes of JSON and of programming languages, quoted-printable.
//!
//! Takes the text; gives one piece per character, so that a finding starts and ends at the very codes it is written in. Codes in a token of
//! which none stands for a letter, a digit or `@` are left alone: `%20` and `&amp;` hide nothing.

use super::Pieces;
use memchr::memchr_iter;

pub(super) fn find(text: &str, out: &mut Pieces) {
    each(text, memchr_iter(b'&', text.as_bytes()), entity, out);
    each(text, memchr_iter(b'%', text.as_bytes()), percent, out);
    each(text, memchr_iter(b'\\', text.as_bytes()), escape, out);
    each(text, memchr_iter(b'=', text.as_bytes()), quoted, out);
    each(text, memchr_iter(b'+', text.as_bytes()).filter_map(|at| at.checked_sub(1)), code_point, out);
}

/// A code: where it ends, what it stands for, and whether it hides something by itself.
struct Code {
    end: usize,
    plain: Plain,
    hides: bool,
}

enum Plain {
    Char(char),
    /// One byte of UTF-8, or a character of Latin-1.
    Byte(u8),
    Nothing,
}

/// Reads the codes at the places; keeps those of a token (no space in it) where one hides something.
fn each(text: &str, places: impl Iterator<Item = usize>, read: fn(&[u8], usize) -> Option<Code>, out: &mut Pieces) {
    let bytes = text.as_bytes();
    let mut waiting = Bytes::default();
    let (mut last, mut token, mut hides, mut apart) = (0, out.list.len(), false, false);
    for at in places {
        if at < last {
            continue;
        }
        let Some(mut code) = read(bytes, at) else { continue };
        // `\x31 \x32`: the spaces in a row of single codes are a part of the writing.
        apart = (apart || at > last) && bytes.get(code.end) == Some(&b' ') && is_single(bytes, code.end + 1, read);
        code.end += usize::from(apart);
        if at > last {
            waiting.flush(out);
            // Codes beside each other, or in one token, are one writing.
            if bytes[last..at].iter().any(u8::is_ascii_whitespace) {
                close(out, token, hides);
                (token, hides) = (out.list.len(), false);
            }
        }
        let is_space = matches!(code.plain, Plain::Char(' ') | Plain::Byte(b' '));
        match code.plain {
            Plain::Byte(byte) if byte >= 0x80 => waiting.add(byte, at, code.end, out),
            plain => {
                waiting.flush(out);
                let c = match plain {
                    Plain::Char(c) => Some(c),
                    Plain::Byte(byte) => Some(char::from(byte)),
                    Plain::Nothing => None,
                };
                let mut buffer = [0; 4];
                out.push(at, code.end, c.map_or("", |c| c.encode_utf8(&mut buffer)));
            }
        }
        hides |= code.hides || is_space && beside(bytes, at, code.end);
        last = code.end;
    }
    waiting.flush(out);
    close(out, token, hides);
}

/// A code stands here, and no other directly behind it.
fn is_single(bytes: &[u8], at: usize, read: fn(&[u8], usize) -> Option<Code>) -> bool {
    let first = bytes.get(at);
    first.is_some_and(u8::is_ascii_punctuation) && read(bytes, at).is_some_and(|code| bytes.get(code.end) != first)
}

fn close(out: &mut Pieces, token: usize, hides: bool) {
    if !hides {
        out.list.truncate(token);
    }
}

/// A space between two digits is a part of a number, and one before a capital or a number parts the words of a name or an address.
fn beside(bytes: &[u8], start: usize, end: usize) -> bool {
    let before = start.checked_sub(1).map_or(0, |before| bytes[before]);
    let after = bytes.get(end).copied().unwrap_or_default();
    before.is_ascii_alphanumeric() && (after.is_ascii_digit() || after.is_ascii_uppercase())
}

/// Bytes of a character of UTF-8 that have not all come yet.
#[derive(Default)]
struct Bytes {
    bytes: [u8; 4],
    places: [(usize, usize); 4],
    len: usize,
}

impl Bytes {
    fn add(&mut self, byte: u8, start: usize, end: usize, out: &mut Pieces) {
        if self.len == 4 || byte & 0xc0 == 0xc0 {
            self.flush(out);
        }
        self.bytes[self.len] = byte;
        self.places[self.len] = (start, end);
        self.len += 1;
        if let Ok(whole) = std::str::from_utf8(&self.bytes[..self.len]) {
            out.push(self.places[0].0, end, whole);
            self.len = 0;
        }
    }

    /// What is no UTF-8 is Latin-1, as older programs write it.
    fn flush(&mut self, out: &mut Pieces) {
        let mut buffer = [0; 4];
        for (&byte, &(start, end)) in self.bytes.iter().zip(&self.places).take(self.len) {
            out.push(start, end, char::from(byte).encode_utf8(&mut buffer));
        }
        self.len = 0;
    }
}

fn speaks(c: char) -> bool {
    c.is_alphanumeric() || c == '@'
}

fn of_char(c: char, end: usize) -> Option<Code> {
    if c.is_control() && !matches!(c, '\n' | '\r' | '\t') {
        return None;
    }
    Some(Code { end, plain: Plain::Char(c), hides: speaks(c) })
}

/// Reads up to `most` digits of a radix; none when there are fewer than `least`.
fn number(bytes: &[u8], at: usize, radix: u32, least: usize, most: usize) -> Option<(u32, usize)> {
    let mut value = 0u32;
    let mut end = at;
    while end < at + most
        && let Some(digit) = bytes.get(end).and_then(|&byte| char::from(byte).to_digit(radix))
    {
        value = value * radix + digit;
        end += 1;
    }
    (end >= at + least).then_some((value, end))
}

/// `&#49;`, `&#x31;`, `&eacute;`; a number needs no semicolon.
fn entity(bytes: &[u8], at: usize) -> Option<Code> {
    let after = *bytes.get(at + 1)?;
    if after == b'#' {
        let (value, mut end) = match bytes.get(at + 2)? {
            b'x' | b'X' => number(bytes, at + 3, 16, 1, 7)?,
            _ => number(bytes, at + 2, 10, 1, 8)?,
        };
        if bytes.get(end) == Some(&b';') {
            end += 1;
        }
        let mut code = of_char(char::from_u32(value)?, end)?;
        // An encoded ampersand or percent sign is the outer layer of two.
        code.hides |= matches!(value, 0x25 | 0x26 | 0x5c);
        return Some(code);
    }
    if !after.is_ascii_alphabetic() {
        return None;
    }
    let length = bytes[at + 1..].iter().take(10).position(|&byte| byte == b';')?;
    let name = &bytes[at + 1..at + 1 + length];
    let end = at + 2 + length;
    if name == b"amp" {
        // `&amp;#49;` is an entity written twice over.
        return Some(Code { end, plain: Plain::Char('&'), hides: bytes.get(end) == Some(&b'#') });
    }
    of_char(named(name)?, end)
}

/// Named entities: signs, and letters by their mark.
fn named(name: &[u8]) -> Option<char> {
    Some(match name {
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" | b"rsquo" => '\'',
        b"nbsp" | b"ensp" | b"emsp" | b"thinsp" => ' ',
        b"commat" => '@',
        b"period" => '.',
        b"comma" => ',',
        b"colon" => ':',
        b"semi" => ';',
        b"sol" => '/',
        b"lowbar" => '_',
        b"hyphen" | b"dash" | b"ndash" | b"minus" => '-',
        b"plus" => '+',
        b"num" => '#',
        b"lpar" => '(',
        b"rpar" => ')',
        b"equals" => '=',
        b"percnt" => '%',
        b"NewLine" => '\n',
        b"Tab" => '\t',
        b"shy" => '\u{ad}',
        b"zwnj" => '\u{200c}',
        b"zwj" => '\u{200d}',
        b"szlig" => 'ß',
        b"aelig" => 'æ',
        b"AElig" => 'Æ',
        b"euro" => '€',
        _ => {
            let (&letter, mark) = name.split_first()?;
            let mark = match mark {
                b"grave" => '\u{300}',
                b"acute" => '\u{301}',
                b"circ" => '\u{302}',
                b"tilde" => '\u{303}',
                b"uml" => '\u{308}',
                b"ring" => '\u{30a}',
                b"caron" => '\u{30c}',
                b"cedil" => '\u{327}',
                b"slash" if letter == b'o' => return Some('ø'),
                b"slash" if letter == b'O' => return Some('Ø'),
                _ => return None,
            };
            unicode_normalization::char::compose(char::from(letter), mark)?
        }
    })
}

/// `%31`, and `%u0031` of older scripts.
fn percent(bytes: &[u8], at: usize) -> Option<Code> {
    if matches!(bytes.get(at + 1), Some(b'u' | b'U')) {
        let (value, end) = number(bytes, at + 2, 16, 4, 4)?;
        return of_char(char::from_u32(value)?, end);
    }
    let (value, end) = number(bytes, at + 1, 16, 2, 2)?;
    let byte = u8::try_from(value).ok()?;
    if byte < 0x20 && !matches!(byte, b'\n' | b'\r' | b'\t') || byte == 0x7f {
        return None;
    }
    let outer = byte == b'%' && number(bytes, end, 16, 2, 2).is_some();
    Some(Code { end, plain: Plain::Byte(byte), hides: outer || byte >= 0xc2 || speaks(char::from(byte)) && byte < 0x80 })
}

/// `\u0031`, `\u{31}`, `\U00000031`, `\x31`, `\061`, and the line ends, tabs, slashes and quotes of JSON.
fn escape(bytes: &[u8], at: usize) -> Option<Code> {
    let first = *bytes.get(at + 1)?;
    let (value, end) = match first {
        b'u' if bytes.get(at + 2) == Some(&b'{') => {
            let (value, end) = number(bytes, at + 3, 16, 1, 6)?;
            (value, (bytes.get(end) == Some(&b'}')).then_some(end + 1)?)
        }
        b'u' => {
            let (value, end) = number(bytes, at + 2, 16, 4, 4)?;
            match value {
                // A pair of surrogates is one character.
                0xd800..0xdc00 if bytes.get(end..end + 2) == Some(b"\\u") => {
                    let (low, end) = number(bytes, end + 2, 16, 4, 4)?;
                    (0x10000 + ((value - 0xd800) << 10) + low.checked_sub(0xdc00)?, end)
                }
                _ => (value, end),
            }
        }
        b'U' => number(bytes, at + 2, 16, 8, 8)?,
        b'x' => {
            let (value, end) = number(bytes, at + 2, 16, 2, 2)?;
            let byte = u8::try_from(value).ok().filter(|byte| *byte >= 0x20)?;
            return Some(Code { end, plain: Plain::Byte(byte), hides: byte >= 0xc2 || byte < 0x80 && speaks(char::from(byte)) });
        }
        b'0'..=b'3' => number(bytes, at + 1, 8, 3, 3)?,
        b'n' | b'r' | b't' | b'/' | b'"' | b'\\' => return json(bytes, at, first),
        _ => return None,
    };
    let mut code = of_char(char::from_u32(value)?, end)?;
    // `\u0026#49;`, an entity in JSON.
    code.hides |= value == 0x26 && bytes.get(end) == Some(&b'#');
    Some(code)
}

/// The short escapes hide something where a word or number follows, which would else seem to begin with their letter. A path of Windows has none.
fn json(bytes: &[u8], at: usize, first: u8) -> Option<Code> {
    let end = at + 2;
    let plain = match first {
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'\\' => return outer(bytes, at),
        _ => char::from(first),
    };
    let token = bytes[at.saturating_sub(64)..at].iter().rev().take_while(|byte| !byte.is_ascii_whitespace() && **byte != b'"');
    let path = bytes.get(at.wrapping_sub(1)) == Some(&b':')
        || token.clone().zip(token.skip(1)).any(|(&after, &before)| after == b'\\' && before == b':');
    let word = bytes.get(end).is_some_and(|&byte| byte.is_ascii_alphanumeric());
    (!path).then_some(Code { end, plain: Plain::Char(plain), hides: word && plain.is_ascii_whitespace() })
}

/// `\\u0031` is an escape written twice over.
fn outer(bytes: &[u8], at: usize) -> Option<Code> {
    let hides = match bytes.get(at + 2)? {
        b'u' => number(bytes, at + 3, 16, 4, 4).is_some(),
        b'x' => number(bytes, at + 3, 16, 2, 2).is_some(),
        b'n' | b'r' | b't' => bytes.get(at + 3).is_some_and(u8::is_ascii_digit),
        _ => false,
    };
    hides.then_some(Code { end: at + 2, plain: Plain::Char('\\'), hides })
}

/// `=31` with capitals, beside another such code, and `=` at the end of a line that goes on below.
fn quoted(bytes: &[u8], at: usize) -> Option<Code> {
    let crlf = usize::from(bytes.get(at + 1) == Some(&b'\r'));
    if bytes.get(at + 1 + crlf) == Some(&b'\n') {
        let end = at + 2 + crlf;
        let (last, next) = (at.checked_sub(1).and_then(|before| bytes.get(before)), bytes.get(end));
        let both = |of: fn(&u8) -> bool| last.is_some_and(of) && next.is_some_and(of);
        // A full line, or a number cut in two; else it is more likely the padding of base64.
        let length = bytes[at.saturating_sub(80)..at].iter().rev().take_while(|&&byte| byte != b'\n').count();
        let full = (60..=76).contains(&length) && both(u8::is_ascii_alphanumeric);
        let goes_on = full
            || both(u8::is_ascii_digit)
            || both(|&byte| byte == b'=' || byte.is_ascii_digit())
            || next == Some(&b'=')
                && at.checked_sub(3).is_some_and(|code| bytes[code] == b'=' && number(bytes, code + 1, 16, 2, 2).is_some());
        return goes_on.then_some(Code { end, plain: Plain::Nothing, hides: true });
    }
    let is_code = |at: usize| {
        let pair = bytes.get(at..at + 3)?;
        let hex = |byte: u8| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte);
        (pair[0] == b'=' && hex(pair[1]) && hex(pair[2])).then(|| number(bytes, at + 1, 16, 2, 2)).flatten()
    };
    let (value, end) = is_code(at)?;
    let beside = is_code(end).is_some() || at.checked_sub(3).is_some_and(|before| is_code(before).is_some());
    let byte = u8::try_from(value).ok().filter(|byte| (0x20..0x7f).contains(byte) || *byte >= 0xa0 || *byte >= 0x80 && beside)?;
    // One code by itself is most often an assignment (`size=20`); it counts in the middle of a word only.
    let inside =
        bytes.get(at.wrapping_sub(1)).is_some_and(u8::is_ascii_alphanumeric) && bytes.get(end).is_some_and(u8::is_ascii_alphanumeric);
    (beside || inside && (byte >= 0x80 || byte == b'@' || byte == b'.')).then_some(Code {
        end,
        plain: Plain::Byte(byte),
        hides: byte >= 0xc2 || byte < 0x80 && speaks(char::from(byte)),
    })
}

/// `U+0031`; the place is that of the `U`.
fn code_point(bytes: &[u8], at: usize) -> Option<Code> {
    if !matches!(bytes.get(at), Some(b'U' | b'u')) {
        return None;
    }
    let (value, mut end) = number(bytes, at + 2, 16, 4, 6)?;
    // The space between two of them is a part of the writing.
    if bytes.get(end) == Some(&b' ') && matches!(bytes.get(end + 1..end + 3), Some(b"U+" | b"u+")) {
        end += 1;
    }
    of_char(char::from_u32(value)?, end)
}
