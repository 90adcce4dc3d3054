//! XML of strangers, read without a document type.
//!
//! Takes bytes in UTF-8 or UTF-16; hands elements and text to a visitor, names without their prefix. A DTD, an entity that XML itself does not
//! define, an unclosed element or a broken name makes it [`Unreadable::BrokenForm`]. Expands nothing, follows nothing.

use super::plain;
use crate::unreadable::Unreadable;
use quick_xml::Reader;
use quick_xml::escape::{resolve_xml_entity, unescape_with};
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;

/// Documents of people are some tens of elements deep.
const DEEPEST: usize = 512;

/// What a reader of a format does with a document.
pub(super) trait Visit {
    fn open(&mut self, name: &str, attributes: &Attributes<'_>) -> Result<(), Unreadable>;
    /// A run of text; a text that holds references comes in several.
    fn text(&mut self, text: &str) -> Result<(), Unreadable>;
    fn close(&mut self, name: &str) -> Result<(), Unreadable>;
}

/// The attributes of an element.
pub(super) struct Attributes<'a>(&'a BytesStart<'a>);

impl Attributes<'_> {
    /// Value of the first attribute of that name, whatever its prefix.
    pub fn get(&self, name: &str) -> Result<Option<String>, Unreadable> {
        let mut found = None;
        self.each(|key, value| {
            if key == name && found.is_none() {
                found = Some(value.to_owned());
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// Every attribute but declarations of name spaces.
    pub fn each(&self, mut visit: impl FnMut(&str, &str) -> Result<(), Unreadable>) -> Result<(), Unreadable> {
        // Names are not checked for doubles: that takes time by the square of their number.
        for attribute in self.0.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| Unreadable::BrokenForm)?;
            let key = attribute.key.as_ref();
            if key == "xmlns" || key.starts_with("xmlns:") {
                continue;
            }
            let value = unescape_with(&attribute.value, resolve_xml_entity).map_err(|_| Unreadable::BrokenForm)?;
            visit(key.rsplit(':').next().unwrap_or(key), &value)?;
        }
        Ok(())
    }
}

/// Whether bytes can be XML at all.
pub(super) fn begins(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.trim_ascii_start().starts_with(b"<") || bytes.starts_with(b"\xff\xfe<\0") || bytes.starts_with(b"\xfe\xff\0<")
}

/// Name of the outermost element, without its prefix.
pub(super) fn root(text: &str) -> Result<String, Unreadable> {
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event() {
            Ok(Event::Start(start) | Event::Empty(start)) => return Ok(start.local_name().as_ref().to_owned()),
            Ok(Event::Eof) | Err(_) => return Err(Unreadable::BrokenForm),
            Ok(_) => {}
        }
    }
}

pub(super) fn walk(text: &str, visitor: &mut impl Visit) -> Result<(), Unreadable> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut depth = 0usize;
    loop {
        match reader.read_event().map_err(|_| Unreadable::BrokenForm)? {
            Event::Start(start) => {
                depth += 1;
                if depth > DEEPEST {
                    return Err(Unreadable::TooDeep);
                }
                visitor.open(start.local_name().as_ref(), &Attributes(&start))?;
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                visitor.close(end.local_name().as_ref())?;
            }
            Event::Text(text) => visitor.text(&text.xml10_content())?,
            Event::CData(text) => visitor.text(&text.xml10_content())?,
            Event::GeneralRef(reference) => match reference.resolve_char_ref().map_err(|_| Unreadable::BrokenForm)? {
                Some(letter) => visitor.text(letter.encode_utf8(&mut [0; 4]))?,
                None => visitor.text(resolve_xml_entity(&reference).ok_or(Unreadable::BrokenForm)?)?,
            },
            Event::DocType(_) => return Err(Unreadable::BrokenForm),
            Event::Eof if depth == 0 => return Ok(()),
            Event::Eof => return Err(Unreadable::BrokenForm),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

/// The text of a document: what it says of its encoding must fit what it is.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Unreadable> {
    if let Some(text) = plain::utf16(bytes, None) {
        return text.map(|text| Cow::Owned(text.trim_start_matches('\u{feff}').to_owned()));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Unreadable::BrokenEncoding)?.trim_start_matches('\u{feff}');
    let said = text.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")).map_or("", |(declaration, _)| declaration);
    let encoding = said.split_once("encoding").map(|(_, rest)| rest.trim_start_matches([' ', '\t', '\n', '\r', '=']));
    let encoding = encoding.and_then(|rest| rest.get(1..)).and_then(|rest| rest.split(['"', '\'']).next()).unwrap_or("");
    match encoding.to_ascii_lowercase().as_str() {
        "" | "utf-8" | "utf8" => Ok(Cow::Borrowed(text)),
        // Supersets of ASCII, where nothing but ASCII stands.
        "us-ascii" | "ascii" | "iso-8859-1" | "iso-8859-15" | "windows-1252" if text.is_ascii() => Ok(Cow::Borrowed(text)),
        _ => Err(Unreadable::BrokenEncoding),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Words(String);

    impl Visit for Words {
        fn open(&mut self, _: &str, _: &Attributes<'_>) -> Result<(), Unreadable> {
            Ok(())
        }

        fn text(&mut self, text: &str) -> Result<(), Unreadable> {
            self.0.push_str(text);
            Ok(())
        }

        fn close(&mut self, _: &str) -> Result<(), Unreadable> {
            Ok(())
        }
    }

    fn words(text: &str) -> Result<String, Unreadable> {
        let mut words = Words(String::new());
        walk(text, &mut words).map(|()| words.0)
    }

    #[test]
    fn references_of_xml_itself_are_resolved_and_no_others() {
        assert_eq!(words("<a>&#49;&#x31;<b/>1 &amp; <![CDATA[<x>]]></a>").as_deref(), Ok("111 & <x>"));
        assert_eq!(words("<a>&lol;</a>"), Err(Unreadable::BrokenForm));
        assert_eq!(words("<!DOCTYPE a [<!ENTITY lol \"x\">]><a>&lol;</a>"), Err(Unreadable::BrokenForm));
    }

    #[test]
    fn what_is_not_closed_or_too_deep_is_refused() {
        assert_eq!(words("<a><b>x</a>"), Err(Unreadable::BrokenForm));
        assert_eq!(words("<a><b>x</b>"), Err(Unreadable::BrokenForm));
        assert_eq!(words(&"<a>".repeat(600)), Err(Unreadable::TooDeep));
    }

    #[test]
    fn the_declared_encoding_must_be_one_that_is_read() {
        assert_eq!(decode(b"<?xml version='1.0' encoding='UTF-8'?><a/>").map(|t| t.len()), Ok(42));
        assert_eq!(decode(b"\xff\xfe<\0a\0/\0>\0").as_deref(), Ok("<a/>"));
        assert_eq!(decode(b"<?xml version='1.0' encoding='utf-7'?><a/>"), Err(Unreadable::BrokenEncoding));
        assert_eq!(decode("<?xml version='1.0' encoding=\"iso-8859-1\"?><a>é</a>".as_bytes()), Err(Unreadable::BrokenEncoding));
    }
}
