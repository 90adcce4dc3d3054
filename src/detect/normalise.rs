//! The text as detectors read it, and the way back to the text as it was written.
//!
//! Takes any UTF-8 text. Gives a text without invisible characters, with one kind of space and of hyphen, with full-width and other exotic
//! letters and digits folded (NFKC and decimal value), words in letters that only look Latin read as Latin, and a map from its offsets to the original's. Text that needs none of this, nearly
//! all of it, is borrowed as it is, without an allocation. It must never give an offset that is not a character border of the original.

use super::homoglyphs;
use std::borrow::Cow;
use unicode_normalization::{IsNormalized, UnicodeNormalization, char::canonical_combining_class, is_nfkc_quick};

/// A normalised text with its way back.
pub(crate) struct Normalised<'a> {
    pub text: Cow<'a, str>,
    /// Empty when the text is as it was.
    pub segments: Vec<Segment>,
}

/// A stretch of the normalised text and the stretch of the original that it came from.
pub(crate) struct Segment {
    pub at: usize,
    pub original: usize,
    pub original_end: usize,
    /// The bytes are the same on both sides, so offsets inside it can be carried over.
    pub same: bool,
}

impl<'a> Normalised<'a> {
    pub fn new(original: &'a str) -> Self {
        let mut builder: Option<Builder> = None;
        let mut disguised = None;
        let (mut at, mut copied) = (0, 0);
        while let Some(place) = beyond_ascii(original.as_bytes(), at) {
            let Some(c) = original.get(place..).and_then(|rest| rest.chars().next()) else { break };
            at = place + c.len_utf8();
            let may_be_like = homoglyphs::may_be_like(c);
            let words: &[_] = if may_be_like { disguised.get_or_insert_with(|| homoglyphs::disguised(original)) } else { &[] };
            let latin = words
                .get(words.partition_point(|disguised| disguised.word.end <= place))
                .filter(|disguised| disguised.word.start <= place)
                .and_then(|disguised| homoglyphs::latin(c, disguised.with_digits));
            if latin.is_none() && (is_plain(c) || may_be_like && stays(c)) {
                continue;
            }
            let mut start = place;
            if c == '\u{202e}' {
                at = overridden(original, at);
            } else {
                // A mark changes the letter that it stands on, and marks that follow belong to the same letter.
                if canonical_combining_class(c) != 0 && place > copied {
                    start = original[copied..place].char_indices().next_back().map_or(place, |(last, _)| copied + last);
                }
                let marks = original[at..].chars().take_while(|&next| !next.is_ascii() && canonical_combining_class(next) != 0);
                at += marks.map(char::len_utf8).sum::<usize>();
            }
            let builder = builder.get_or_insert_with(|| Builder { text: String::with_capacity(original.len()), segments: Vec::new() });
            builder.same(original, copied, start);
            if let Some(end) = written_in_tags(original, place) {
                builder.tags(original, place, end);
                (at, copied) = (end, end);
                continue;
            }
            match latin {
                _ if c == '\u{202e}' => builder.reversed(&original[start..at], start, at),
                Some(latin) => builder.letter(latin, &original[place + c.len_utf8()..at], start, at),
                None => builder.changed(&original[start..at], start, at),
            }
            copied = at;
        }
        match builder {
            None => Self { text: Cow::Borrowed(original), segments: Vec::new() },
            Some(mut builder) => {
                builder.same(original, copied, original.len());
                Self { text: Cow::Owned(builder.text), segments: builder.segments }
            }
        }
    }

    /// Bytes `start..end` of the normalised text, as bytes of the original.
    pub fn original(&self, start: usize, end: usize) -> (usize, usize) {
        if self.segments.is_empty() {
            return (start, end);
        }
        let first = self.segment(start);
        let from = if first.same { first.original + (start - first.at) } else { first.original };
        let last = self.segment(end.saturating_sub(1));
        let to = if last.same { last.original + (end - last.at) } else { last.original_end };
        (from, to.max(from))
    }

    /// Something in bytes `start..end` of the normalised text is not as it was written.
    pub fn changes(&self, start: usize, end: usize) -> bool {
        let first = self.segments.partition_point(|segment| segment.at <= start).saturating_sub(1);
        self.segments.get(first..).unwrap_or(&[]).iter().take_while(|segment| segment.at < end).any(|segment| !segment.same)
    }

    fn segment(&self, at: usize) -> &Segment {
        let after = self.segments.partition_point(|segment| segment.at <= at);
        &self.segments[after.saturating_sub(1)]
    }
}

struct Builder {
    text: String,
    segments: Vec<Segment>,
}

impl Builder {
    fn same(&mut self, original: &str, start: usize, end: usize) {
        if start < end {
            self.segments.push(Segment { at: self.text.len(), original: start, original_end: end, same: true });
            self.text.push_str(&original[start..end]);
        }
    }

    fn changed(&mut self, cluster: &str, start: usize, end: usize) {
        let at = self.text.len();
        let mut letters = cluster.chars();
        if let (Some(c), None) = (letters.next(), letters.next())
            && (is_invisible(c) || fold(c).is_ascii())
        {
            // Spaces and hyphens, and characters that nobody sees: nearly all that is changed in ordinary text.
            self.text.extend((!is_invisible(c)).then(|| fold(c)));
            return self.place(at, start, end);
        }
        let folded = cluster.chars().filter(|&c| !is_invisible(c)).map(fold).nfkc().map(fold);
        // Marks over a digit only hide it, and so do heaps of them over a letter.
        let marked = cluster.starts_with(|c: char| fold(c).is_ascii_digit()) || cluster.chars().count() > MARKS;
        self.text.extend(folded.filter(|&c| !(marked && canonical_combining_class(c) != 0)));
        self.place(at, start, end);
    }

    /// Tag characters, read as the ASCII that each stands for.
    fn tags(&mut self, original: &str, start: usize, end: usize) {
        for (place, c) in original[start..end].char_indices() {
            self.letter(ascii_of_tag(c).unwrap_or(' '), "", start + place, start + place + c.len_utf8());
        }
    }

    /// A letter that was written as one that looks like it, with its marks.
    fn letter(&mut self, letter: char, marks: &str, start: usize, end: usize) {
        let at = self.text.len();
        self.text.extend(std::iter::once(letter).chain(marks.chars().filter(|&c| !is_invisible(c))).nfkc());
        self.place(at, start, end);
    }

    /// Shown from right to left: what a reader sees is the other way around.
    fn reversed(&mut self, stretch: &str, start: usize, end: usize) {
        let at = self.text.len();
        self.text.extend(stretch.chars().rev().filter(|&c| !is_invisible(c)).map(fold).nfkc().map(fold));
        self.place(at, start, end);
    }

    fn place(&mut self, at: usize, start: usize, end: usize) {
        if self.text.len() > at {
            self.segments.push(Segment { at, original: start, original_end: end, same: false });
        }
    }
}

/// Characters of a letter with its marks, beyond which the marks are no spelling.
const MARKS: usize = 4;
/// Bytes that one override of the writing direction is followed for.
const OVERRIDE: usize = 256;

/// Tag characters in a row from which they are a text of their own; fewer only part a number.
const TAGS: usize = 5;

/// The ASCII character that a tag character stands for.
fn ascii_of_tag(c: char) -> Option<char> {
    u32::from(c).checked_sub(0xe0000).filter(|code| (0x20..0x7f).contains(code)).and_then(char::from_u32)
}

/// Where a text in tag characters ends; those behind a black flag are the region that the flag is of.
fn written_in_tags(original: &str, start: usize) -> Option<usize> {
    let rest = &original[start..];
    ascii_of_tag(rest.chars().next()?)?;
    let end = rest.find(|c| ascii_of_tag(c).is_none()).unwrap_or(rest.len());
    (end >= 4 * TAGS && !original[..start].ends_with('\u{1f3f4}')).then_some(start + end)
}

/// Where an override of the writing direction ends: at its closing sign, or with the line.
fn overridden(text: &str, start: usize) -> usize {
    let rest = &text[start..text.floor_char_boundary((start + OVERRIDE).min(text.len()))];
    start + rest.find(['\u{202c}', '\u{202d}', '\u{202e}', '\n']).unwrap_or(rest.len())
}

/// The first byte from `at` on that is no ASCII.
fn beyond_ascii(bytes: &[u8], mut at: usize) -> Option<usize> {
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<32>()) {
        if chunk.iter().fold(0, |all, &byte| all | byte) >= 0x80 {
            break;
        }
        at += 32;
    }
    bytes.get(at..)?.iter().position(|&byte| byte >= 0x80).map(|place| at + place)
}

/// Nothing about this character has to change. Unassigned and rare ones go the long way.
fn is_plain(c: char) -> bool {
    match c {
        '\0'..='\x7f' => true,
        '\u{ad}' | '\u{a0}' => false,
        // Latin letters with marks, and the punctuation of ordinary prose; the ellipsis stays one character.
        '\u{c0}'..='\u{131}' | '\u{2018}'..='\u{201e}' | '\u{2022}' | '\u{2026}' | '\u{20ac}' => true,
        _ if homoglyphs::may_be_like(c) => false,
        _ => stays(c),
    }
}

/// No folding changes the character.
fn stays(c: char) -> bool {
    fold(c) == c && !is_invisible(c) && canonical_combining_class(c) == 0 && is_nfkc_quick(std::iter::once(c)) == IsNormalized::Yes
}

/// Characters that a reader does not see and that only serve to part a number or a word.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{305}' | '\u{332}'..='\u{338}' | '\u{33f}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{20dd}'..='\u{20e4}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Spaces to the space, hyphens to the hyphen, middle dots to the full stop, decimal digits of other scripts to ours; one character in, one out.
fn fold(c: char) -> char {
    match c {
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => ' ',
        '\u{b7}' | '\u{2027}' | '\u{2219}' | '\u{22c5}' => '.',
        '\u{2010}'..='\u{2013}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\u{2044}' | '\u{2215}' => '/',
        // Letters and digits in dark circles and squares, which NFKC leaves alone.
        '\u{1f150}'..='\u{1f169}' | '\u{1f170}'..='\u{1f189}' => {
            let first = if c < '\u{1f170}' { 0x1f150 } else { 0x1f170 };
            char::from_u32(u32::from(c) - first + u32::from('A')).unwrap_or(c)
        }
        '\u{24ff}' | '\u{1f10b}' | '\u{1f10c}' => '0',
        '\u{2776}'..='\u{277e}' | '\u{2780}'..='\u{2788}' | '\u{278a}'..='\u{2792}' | '\u{24f5}'..='\u{24fd}' => circled(c),
        _ => digit(c).unwrap_or(c),
    }
}

/// The circled digits 1 to 9 that stand in rows of ten.
fn circled(c: char) -> char {
    let first = [0x24f5, 0x2776, 0x2780, 0x278a].into_iter().rev().find(|&first| first <= u32::from(c)).unwrap_or(0);
    char::from_digit(u32::from(c) - first + 1, 10).unwrap_or(c)
}

/// First characters (value 0) of the decimal digits of the scripts in use; NFKC folds full-width and mathematical ones itself.
const ZEROES: &[u32] = &[
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0,
    0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0,
];

fn digit(c: char) -> Option<char> {
    let code = u32::from(c);
    if code < 0x660 {
        return None;
    }
    let zero = *ZEROES.get(ZEROES.partition_point(|&zero| zero <= code).checked_sub(1)?)?;
    char::from_digit(code - zero, 10).filter(|_| code - zero < 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> String {
        Normalised::new(text).text.into_owned()
    }

    #[test]
    fn ordinary_dutch_text_is_borrowed() {
        for text in ["Geachte heer Jansen,", "Cliënt betaalt € 12,50 … “één” keer"] {
            assert!(matches!(Normalised::new(text).text, Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn invisible_and_exotic_characters_are_folded() {
        assert_eq!(read("1\u{200b}2\u{ad}3\u{feff}4"), "1234");
        assert_eq!(read("123\u{a0}456\u{2009}782"), "123 456 782");
        assert_eq!(read("\u{ff11}\u{ff12}\u{ff13}\u{ff21}\u{661}\u{1d7d8}\u{2460}"), "123A101");
        assert_eq!(read("1\u{fe0f}\u{20e3}2\u{336}3\u{301} \u{2776}\u{24ff}\u{1f170}"), "123 10A");
        assert_eq!(read("bsn \u{202e}333222111\u{202c} dus"), "bsn 111222333 dus");
        assert_eq!(read("cafe\u{301} 06\u{2011}12"), "caf\u{e9} 06-12");
    }

    #[test]
    fn offsets_lead_back_to_the_characters_as_written() {
        let text = "bsn \u{ff11}\u{200b}\u{ff12}3 einde";
        let normalised = Normalised::new(text);
        let at = normalised.text.find("123").unwrap();
        let (start, end) = normalised.original(at, at + 3);
        assert_eq!(&text[start..end], "\u{ff11}\u{200b}\u{ff12}3");
    }

    proptest! {
        #[test]
        fn every_range_leads_back_to_character_borders(text in any::<String>(), parts in "[\u{a0}-\u{ff}\u{ff10}-\u{ff19}\u{200b}\u{301}a-c0-9]{0,20}") {
            for text in [&text, &parts] {
                let normalised = Normalised::new(text);
                let borders: Vec<usize> = normalised.text.char_indices().map(|(at, _)| at).chain([normalised.text.len()]).collect();
                for pair in borders.windows(2) {
                    let (start, end) = normalised.original(pair[0], pair[1]);
                    prop_assert!(start < end && text.is_char_boundary(start) && text.is_char_boundary(end));
                }
            }
        }
    }
}
