//! HTML: the words between the tags.
//!
//! Takes text; writes the words with entities resolved, a line per block and tabs between cells. Inline tags break no word in two. Scripts and style
//! sheets are kept apart (data blocks in JSON are not); alternative texts, titles, values, links and remarks stand on lines behind the text.

use super::limits::Text;
use crate::unreadable::Unreadable;
use memchr::{memchr, memmem};
use quick_xml::escape::resolve_html5_entity;

/// First tags of HTML (WHATWG MIME Sniffing, 7.1).
const FIRST: &[&str] = &[
    "!doctype html",
    "html",
    "head",
    "script",
    "iframe",
    "h1",
    "div",
    "font",
    "table",
    "a",
    "style",
    "title",
    "b",
    "body",
    "br",
    "p",
    "meta",
];
/// Tags that do not end a line.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img", "ins", "kbd",
    "label", "mark", "meter", "nobr", "output", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
    "var", "wbr", "o:p",
];
/// Attributes that people write in.
const WRITTEN: &[&str] = &["alt", "title", "placeholder", "value", "content", "label", "aria-label", "summary", "string", "datetime"];
/// The longest name of an entity has 33 letters.
const ENTITY: usize = 40;

/// Whether a text begins as HTML does.
pub(super) fn begins(text: &str) -> bool {
    let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n', '\x0c']);
    let Some(rest) = text.strip_prefix('<') else { return false };
    rest.starts_with("!--")
        || FIRST.iter().any(|tag| {
            rest.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag))
                && rest.get(tag.len()..).is_some_and(|rest| rest.starts_with([' ', '>', '\t', '\r', '\n', '\x0c', '/']))
        })
}

struct Page<'o> {
    out: &'o mut Text,
    /// Scripts and style sheets.
    scripts: &'o mut String,
    /// White space since the last letter.
    space: bool,
    aside: String,
}

/// Writes the words of a page to `out`, and its scripts and style sheets to `scripts`.
pub(super) fn words(text: &str, out: &mut Text, scripts: &mut String) -> Result<(), Unreadable> {
    let mut page = Page { out, scripts, space: false, aside: String::new() };
    let mut rest = text;
    while !rest.is_empty() {
        let at = memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
        let (before, tag) = rest.split_at(at);
        page.text(before)?;
        rest = page.tag(tag)?;
    }
    let aside = page.aside;
    if !out.ends_with(&['\n']) {
        out.push("\n")?;
    }
    out.line(&aside)
}

impl Page<'_> {
    fn text(&mut self, text: &str) -> Result<(), Unreadable> {
        let text = entities(text);
        let mut words = text.split_ascii_whitespace();
        let Some(first) = words.next() else {
            self.space |= !text.is_empty();
            return Ok(());
        };
        if (self.space || text.starts_with(|c: char| c.is_ascii_whitespace())) && !self.out.ends_with(&['\n', '\t', ' ']) {
            self.out.push(" ")?;
        }
        self.out.push(first)?;
        for word in words {
            self.out.push(" ")?;
            self.out.push(word)?;
        }
        self.space = text.ends_with(|c: char| c.is_ascii_whitespace());
        Ok(())
    }

    fn break_with(&mut self, mark: &str) -> Result<(), Unreadable> {
        self.space = false;
        if mark == "\n" && self.out.ends_with(&['\n']) { Ok(()) } else { self.out.push(mark) }
    }

    fn aside(&mut self, words: &str) {
        let words = words.trim();
        if !words.is_empty() {
            self.aside.push_str(words);
            self.aside.push('\n');
        }
    }

    /// Reads what begins with `<`; gives what stands behind it.
    fn tag<'t>(&mut self, text: &'t str) -> Result<&'t str, Unreadable> {
        let Some(rest) = text.strip_prefix('<') else { return Ok(text) };
        if let Some(remark) = rest.strip_prefix("!--") {
            let end = memmem::find(remark.as_bytes(), b"-->").unwrap_or(remark.len());
            self.aside(&entities(remark.get(..end).unwrap_or("")));
            return Ok(remark.get(end + 3..).unwrap_or(""));
        }
        if rest.starts_with(['!', '?']) {
            let end = memchr(b'>', rest.as_bytes()).unwrap_or(rest.len());
            let inside = rest.get(1..end).unwrap_or("");
            if !inside.get(..7).is_some_and(|word| word.eq_ignore_ascii_case("doctype")) {
                self.aside(inside.strip_prefix("[CDATA[").unwrap_or(inside));
            }
            return Ok(rest.get(end + 1..).unwrap_or(""));
        }
        let (closing, name_on) = rest.strip_prefix('/').map_or((false, rest), |rest| (true, rest));
        if !name_on.starts_with(|c: char| c.is_ascii_alphabetic()) {
            self.text("<")?;
            return Ok(rest);
        }
        let length = name_on.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/')).unwrap_or(name_on.len());
        let (name, attributes) = name_on.split_at(length);
        let name = name.to_ascii_lowercase();
        let mut kind = String::new();
        let rest = self.attributes(attributes, &mut kind);
        match name.as_str() {
            "td" | "th" if closing => self.break_with("\t")?,
            "td" | "th" => self.space = false,
            name if INLINE.contains(&name) => {}
            _ => self.break_with("\n")?,
        }
        if !closing && matches!(name.as_str(), "script" | "style") && !kind.contains("json") {
            let behind = behind(rest, &name);
            let script = rest.get(..rest.len() - behind.len()).unwrap_or("").trim();
            if !script.is_empty() {
                self.scripts.push_str(script);
                self.scripts.push('\n');
            }
            return Ok(behind);
        }
        Ok(rest)
    }

    /// Reads attributes up to the end of the tag; gives what stands behind it.
    fn attributes<'t>(&mut self, text: &'t str, kind: &mut String) -> &'t str {
        let mut rest = text;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            if let Some(behind) = rest.strip_prefix('>') {
                return behind;
            }
            if rest.is_empty() {
                return rest;
            }
            // An `=` in front belongs to the name.
            let length =
                rest.char_indices().skip(1).find(|(_, c)| c.is_ascii_whitespace() || matches!(c, '>' | '/' | '=')).map(|(at, _)| at);
            let (name, behind) = rest.split_at(length.unwrap_or(rest.len()));
            let trimmed = behind.trim_ascii_start();
            let Some(value) = trimmed.strip_prefix('=') else {
                rest = behind;
                continue;
            };
            let value = value.trim_ascii_start();
            let (value, behind) = match value.as_bytes().first() {
                Some(quote @ (b'"' | b'\'')) => {
                    let inside = value.get(1..).unwrap_or("");
                    let end = memchr(*quote, inside.as_bytes()).unwrap_or(inside.len());
                    (inside.get(..end).unwrap_or(""), inside.get(end + 1..).unwrap_or(""))
                }
                _ => value.split_at(value.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(value.len())),
            };
            let name = name.to_ascii_lowercase();
            let is_link = name == "href" && !value.starts_with('#');
            if name == "type" {
                *kind = value.to_ascii_lowercase();
            } else if is_link || WRITTEN.contains(&name.as_str()) || name.starts_with("data-") {
                self.aside(&entities(value));
            }
            rest = behind;
        }
    }
}

/// What stands behind the closing tag of an element whose content is no text.
fn behind<'t>(text: &'t str, name: &str) -> &'t str {
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| memmem::find(rest.as_bytes(), b"</")) {
        let at = from + found;
        if text.get(at + 2..at + 2 + name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name)) {
            return text.get(at..).unwrap_or("");
        }
        from = at + 2;
    }
    ""
}

/// Resolves character references; what is none stays as it is.
fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        let (before, reference) = rest.split_at(at);
        out.push_str(before);
        let inside = reference.get(1..).unwrap_or("");
        let is_number = inside.starts_with('#');
        let length =
            inside.bytes().take(ENTITY).skip(usize::from(is_number)).take_while(u8::is_ascii_alphanumeric).count() + usize::from(is_number);
        let name = inside.get(..length).unwrap_or("");
        let resolved = match name.strip_prefix('#') {
            Some(number) => number_of(number).map(String::from),
            None => resolve_html5_entity(name).map(str::to_owned),
        };
        let behind = inside.get(length..).unwrap_or("");
        match resolved {
            Some(letters) => {
                out.push_str(&letters);
                rest = behind.strip_prefix(';').unwrap_or(behind);
            }
            None => {
                out.push('&');
                rest = inside;
            }
        }
    }
    out.push_str(rest);
    out
}

fn number_of(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
        None => number.parse(),
    };
    code.ok().filter(|code| *code != 0).and_then(char::from_u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let mut out = Text::new(10_000);
        words(text, &mut out, &mut String::new()).unwrap();
        out.into_text().expose().to_owned()
    }

    #[test]
    fn tags_go_and_inline_tags_break_no_word() {
        assert_eq!(read("<p>BSN <b>111</b>222<span class=x>333</span></p><p>Klaar"), "BSN 111222333\nKlaar\n");
        assert_eq!(read("<p>&#49;&#x31;1222333 &eacute;&euro; &amp; &foo; a < b"), "111222333 é€ & &foo; a < b\n");
    }

    #[test]
    fn cells_are_set_apart_by_tabs() {
        assert_eq!(
            read("<table>\n<tr>\n <th>Naam</th>\n <th>BSN</th>\n</tr>\n<tr><td>Jan</td><td>111222333</td></tr></table>"),
            "Naam\tBSN\t\nJan\t111222333\t\n"
        );
    }

    #[test]
    fn scripts_go_and_texts_in_attributes_and_remarks_stay() {
        let page = "<!doctype html><script>var a = '</p>';</script><style>p{}</style>Hallo<img alt=\"Foto van Jan\"><a href='mailto:jan@x.nl' title=Post>ja</a><!-- intern --><script type=\"application/ld+json\">{\"a\":1}</script>";
        assert_eq!(read(page), "Halloja\n{\"a\":1}\nFoto van Jan\nmailto:jan@x.nl\nPost\nintern\n");
    }

    #[test]
    fn html_is_told_by_its_first_tag() {
        assert!(begins("\u{feff}\n<!DOCTYPE HTML>") && begins("<html lang=nl>") && begins("<!-- x --><p>"));
        assert!(!begins("<brief>") && !begins("a <b>c</b>") && !begins("<?xml version='1.0'?><a/>"));
    }
}
