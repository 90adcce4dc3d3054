//! What counts of a value or a word: its letters and digits, in lower case and without accents.
//!
//! Takes text as it was typed; gives the bytes that are hashed. `NL91 ABNA 0417 1643 00` and `nl91abna0417164300` are the same, and so are
//! `Café` and `CAFE`, `1234.56.782` and `123456782`. It writes into a buffer of fixed size and never allocates.

use std::ops::Range;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Folded bytes of one value; longer ones are not indexed and not looked for.
pub const LONGEST: usize = 127;

/// Folded bytes as they are collected.
#[derive(Debug, Clone)]
pub struct Folded {
    bytes: [u8; LONGEST],
    len: usize,
    over: bool,
}

impl Default for Folded {
    fn default() -> Self {
        Self { bytes: [0; LONGEST], len: 0, over: false }
    }
}

impl Folded {
    pub fn clear(&mut self) {
        (self.len, self.over) = (0, false);
    }

    /// The bytes; for a longer value its beginning.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// The value was longer than [`LONGEST`].
    pub fn is_over(&self) -> bool {
        self.over
    }

    pub fn is_digits(&self) -> bool {
        self.len > 0 && self.bytes().iter().all(u8::is_ascii_digit)
    }

    /// Folds a whole value.
    pub fn value(&mut self, text: &str) {
        self.clear();
        text.chars().for_each(|c| self.push(c));
    }

    fn byte(&mut self, byte: u8) {
        match self.bytes.get_mut(self.len) {
            Some(to) => {
                *to = byte;
                self.len += 1;
            }
            None => self.over = true,
        }
    }

    fn push(&mut self, c: char) {
        if c.is_ascii() {
            if c.is_ascii_alphanumeric() {
                self.byte(c.to_ascii_lowercase() as u8);
            }
            return;
        }
        for lower in c.to_lowercase() {
            // Letters that Unicode does not take apart.
            let letters = match lower {
                'ß' => "ss",
                'æ' => "ae",
                'œ' => "oe",
                'ø' => "o",
                'ł' => "l",
                'đ' | 'ð' => "d",
                'þ' => "th",
                'ı' => "i",
                _ => {
                    decompose_compatible(lower, |part| {
                        if part.is_alphanumeric() && !is_combining_mark(part) {
                            part.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| self.byte(byte));
                        }
                    });
                    continue;
                }
            };
            letters.bytes().for_each(|byte| self.byte(byte));
        }
    }
}

/// The words of a text, one after the other.
#[derive(Debug)]
pub struct Words<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Words<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// The next word, folded into the buffer, and where it stands.
    pub fn next(&mut self, into: &mut Folded) -> Option<Range<usize>> {
        into.clear();
        let bytes = self.text.as_bytes();
        let mut start = None;
        while let Some(&byte) = bytes.get(self.at) {
            if byte.is_ascii() {
                if byte.is_ascii_alphanumeric() {
                    start.get_or_insert(self.at);
                    into.byte(byte.to_ascii_lowercase());
                } else if let Some(start) = start {
                    return Some(start..self.at);
                }
                self.at += 1;
                continue;
            }
            // Only whole characters have been passed.
            let c = self.text.get(self.at..)?.chars().next()?;
            if c.is_alphanumeric() && !is_combining_mark(c) {
                start.get_or_insert(self.at);
                into.push(c);
            } else if let Some(start) = start
                && !is_inside(c)
            {
                return Some(start..self.at);
            }
            self.at += c.len_utf8();
        }
        start.map(|start| start..self.at)
    }
}

/// Characters that do not end a word: marks on letters, and what no reader sees.
fn is_inside(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}') || is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value(text: &str) -> String {
        let mut folded = Folded::default();
        folded.value(text);
        String::from_utf8(folded.bytes().to_vec()).unwrap()
    }

    fn words(text: &str) -> Vec<(String, String)> {
        let (mut words, mut folded, mut found) = (Words::new(text), Folded::default(), Vec::new());
        while let Some(place) = words.next(&mut folded) {
            found.push((text[place].to_owned(), String::from_utf8(folded.bytes().to_vec()).unwrap()));
        }
        found
    }

    #[test]
    fn only_letters_and_digits_count_without_case_and_accents() {
        assert_eq!(value(" 1234.56.782 "), "123456782");
        assert_eq!(value("NL91 ABNA 0417 1643 00"), "nl91abna0417164300");
        assert_eq!(value("Café Ĳsselmüller-O’Straße"), "cafeijsselmullerostrasse");
        assert_eq!(value("e\u{301}\u{ff11}"), "e1");
        assert_eq!(value("—"), "");
    }

    #[test]
    fn words_are_given_with_their_places() {
        let own = |pairs: &[(&str, &str)]| pairs.iter().map(|&(a, b)| (a.to_owned(), b.to_owned())).collect::<Vec<_>>();
        assert_eq!(
            words("De Cafe\u{301}s, ge\u{ad}sloten!"),
            own(&[("De", "de"), ("Cafe\u{301}s", "cafes"), ("ge\u{ad}sloten", "gesloten")])
        );
        assert_eq!(words(" … "), []);
    }

    proptest! {
        #[test]
        fn any_text_has_words_on_character_borders(text in any::<String>()) {
            for (word, folded) in words(&text) {
                prop_assert!(!word.is_empty() && folded.len() <= LONGEST);
            }
            prop_assert!(value(&text).len() <= LONGEST);
        }
    }
}
