//! `nl.kadaster`: a parcel of the land registry: municipality, section and number.
//!
//! Takes digit runs in texts that speak of parcels and reads backwards: number, section, place or its code (`ASD12 A 1234`). A road (A 12), a
//! paper size (A4) and a room have no place before them and are none.

use super::{Candidate, Detector};
use crate::detect::groups::{ITEM, KADASTER, OTHER_NUMBER};
use crate::detect::keywords::Words;
use crate::detect::prefilter::is_word;
use crate::detect::score::{Score, context};
use crate::detect::sight::Sight;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["nl.kadaster"],
    words: &[Words(
        KADASTER,
        "kadastraal, kadastrale, kadaster, kadasternummer*, perceel, percelen, perceelnummer*, perceelsnummer*, perceelnr, sectie, secties, kad.bekend, kad, \
         perceelaanduiding*, grondperceel, bouwperceel, bouwkavel, kavel, cadastral*, land registry, parcel, parcels, plot",
    )],
    look,
};

/// Words between the section and the number.
const NUMBER_WORDS: &[&str] =
    &["nummer", "nummers", "nr", "nrs", "no", "nos", "perceel", "perceelnummer", "perceelsnummer", "percelen", "number", "parcel"];
/// Words in the name of a municipality that have a small letter.
const SMALL: &[&str] = &["op", "aan", "de", "den", "der", "en", "van", "bij", "het", "ter", "in", "over"];
/// Words with a capital that are no place.
const NO_PLACE: &[&str] = &[
    "De",
    "Het",
    "Een",
    "Kamer",
    "Lokaal",
    "Zaal",
    "Artikel",
    "Bijlage",
    "Formaat",
    "Snelweg",
    "Categorie",
    "Klasse",
    "Type",
    "Groep",
    "Ruimte",
    "Afdeling",
    "Kavel",
    "Blok",
];

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    if !sight.has(KADASTER) && sight.label & KADASTER == 0 {
        return;
    }
    let mut taken = 0;
    for run in sight.runs() {
        if run.start < taken || run.len() > 5 || is_word(sight.byte(run.end)) && !suffix(sight, run.end) {
            continue;
        }
        let Some(parcel) = read(sight, run.start, run.len()) else { continue };
        let end = list_end(sight, run.end);
        taken = end;
        let said = context(sight, parcel.start, end, KADASTER, ITEM & !KADASTER | OTHER_NUMBER);
        let score = Score::base(parcel.worth, parcel.because).with(said);
        out.push(Candidate { id: "nl.kadaster", start: parcel.start, end, score });
    }
}

struct Parcel {
    start: usize,
    worth: f32,
    because: &'static str,
}

/// Reads backwards from the number.
fn read(sight: &Sight<'_>, number: usize, digits: usize) -> Option<Parcel> {
    let mut back = Back { sight, at: number };
    let direct = sight.ends_word(number);
    let mut named = false;
    if !direct {
        back.skip();
        // The word before nearly every number is longer than a section, and ends as none of those words.
        let length = sight.bytes[..back.at].iter().rev().take(3).take_while(|&&byte| is_word(byte) || matches!(byte, b'\'' | b'-')).count();
        if length == 0 || length > 2 && !ends_as_number_word(&sight.bytes[..back.at]) {
            return None;
        }
        while let Some(word) = back.word().filter(|word| NUMBER_WORDS.iter().any(|known| word.eq_ignore_ascii_case(known))) {
            back.take(word);
            named = true;
        }
    }
    let section = if direct { back.letters() } else { back.word() }
        .filter(|word| matches!(word.len(), 1 | 2) && word.bytes().all(|byte| byte.is_ascii_alphabetic()))?;
    let capital = section.bytes().all(|byte| byte.is_ascii_uppercase());
    let start = back.at - section.len();
    let road = digits <= 3 && matches!(section, "A" | "N");
    if direct {
        // `ZST03B1234`: the code of the municipality, section and number together.
        back.at -= section.len();
        let code = back.code()?;
        return (digits >= 2 && capital).then_some(Parcel {
            start: back.at - code.len(),
            worth: 0.3,
            because: "a municipality's code, a section and a number",
        });
    }
    back.take(section);
    let mut said = false;
    if let Some(word) = back.word().filter(|word| ["sectie", "section", "sektie"].iter().any(|known| word.eq_ignore_ascii_case(known))) {
        said = true;
        back.take(word);
    }
    if !capital && !said {
        return None;
    }
    if let Some(code) = back.code() {
        return Some(Parcel { start: back.at - code.len(), worth: 0.4, because: "a municipality's code, a section and a number" });
    }
    let place = back.place();
    match (place, said) {
        (Some(start), true) => Some(Parcel { start, worth: 0.7, because: "a place, a section and a number" }),
        (Some(start), false) if !road && (digits >= 2 || named) => {
            Some(Parcel { start, worth: if digits >= 3 { 0.36 } else { 0.25 }, because: "a place, a letter and a number" })
        }
        (None, true) => Some(Parcel { start: back.at, worth: 0.4, because: "a section and a number" }),
        (None, false) if !road && digits >= 3 && back.after_parcel() => {
            Some(Parcel { start, worth: 0.3, because: "a letter and a number after a word for parcels" })
        }
        _ => None,
    }
}

/// A reader of words from a place backwards, over spaces and light punctuation of one line.
struct Back<'a> {
    sight: &'a Sight<'a>,
    at: usize,
}

impl<'a> Back<'a> {
    fn skip(&mut self) {
        while self.at > 0
            && matches!(self.sight.bytes[self.at - 1], b' ' | b',' | b'.' | b':' | b'-' | b'/' | b'(' | b')' | b'\t' | b';' | b'|')
        {
            self.at -= 1;
        }
    }

    /// The word that ends here; letters, digits, the apostrophe and the hyphen of `'s-Gravenhage`.
    fn word(&self) -> Option<&'a str> {
        const LONGEST: usize = 40;
        let low = self.at.saturating_sub(LONGEST);
        let length = self.sight.bytes[low..self.at].iter().rev().take_while(|&&byte| is_word(byte) || matches!(byte, b'\'' | b'-')).count();
        self.sight.text.get(self.at - length..self.at).filter(|word| !word.is_empty())
    }

    fn letters(&self) -> Option<&'a str> {
        let length = self.sight.bytes[..self.at].iter().rev().take(3).take_while(|byte| byte.is_ascii_alphabetic()).count();
        self.sight.text.get(self.at - length..self.at)
    }

    fn take(&mut self, word: &str) {
        self.at -= word.len();
        self.skip();
    }

    /// Three letters and two digits, as in `ASD12`.
    fn code(&self) -> Option<&'a str> {
        let start = self.at.checked_sub(5)?;
        let code = self.sight.text.get(start..self.at)?;
        let bytes = code.as_bytes();
        (bytes[..3].iter().all(u8::is_ascii_uppercase) && bytes[3..].iter().all(u8::is_ascii_digit) && !self.sight.ends_word(start))
            .then_some(code)
    }

    /// Where the name of a place starts, with `gemeente` before it if that is there.
    fn place(&mut self) -> Option<usize> {
        let mut start = None;
        for _ in 0..6 {
            let Some(word) = self.word() else { break };
            let name = word.trim_start_matches(['\'', '-']);
            let capital = name.starts_with(|c: char| c.is_uppercase()) || word.starts_with("'s-") || word.starts_with("'t");
            let small = start.is_some() && SMALL.contains(&word);
            let town = word.eq_ignore_ascii_case("gemeente") || word.eq_ignore_ascii_case("gem");
            if town && start.is_some() {
                start = Some(self.at - word.len());
                break;
            }
            let capitals = name.len() <= 2 && name.bytes().all(|byte| byte.is_ascii_uppercase());
            if !(capital || small)
                || NO_PLACE.contains(&word)
                || capitals && start.is_none()
                || word.bytes().any(|byte| byte.is_ascii_digit())
            {
                break;
            }
            let from = self.at - word.len();
            if capital {
                start = Some(from);
            }
            self.at = from;
            if !matches!(self.sight.before(self.at), b' ') {
                break;
            }
            self.at -= 1;
        }
        start
    }

    /// The word before is one for parcels or the land registry.
    fn after_parcel(&self) -> bool {
        self.sight.nearest_before(self.at + 1, KADASTER, 4).is_some()
    }
}

/// `G0000` or `A0001` after the number: an apartment right.
fn suffix(sight: &Sight<'_>, at: usize) -> bool {
    matches!(sight.byte(at), b'A' | b'G' | b'D') && sight.byte(at + 1).is_ascii_digit()
}

/// The last letters are those of a word of [`NUMBER_WORDS`] that has three or more.
fn ends_as_number_word(text: &[u8]) -> bool {
    text.last_chunk().is_some_and(|tail: &[u8; 3]| {
        matches!(&tail.map(|byte| byte | 0x20), b"mer" | b"ers" | b"nrs" | b"nos" | b"eel" | b"len" | b"ber" | b"cel")
    })
}

/// Where a list of further numbers ends: `1234, 1235 en 1236`.
fn list_end(sight: &Sight<'_>, mut end: usize) -> usize {
    for _ in 0..32 {
        let rest = &sight.bytes[end..];
        let Some(link) = [", ", " en ", " and ", " t/m ", " en nr. ", " en nummer "].iter().find(|link| rest.starts_with(link.as_bytes()))
        else {
            break;
        };
        let from = end + link.len();
        let digits = sight.bytes[from..].iter().take(6).take_while(|byte| byte.is_ascii_digit()).count();
        if !(2..=5).contains(&digits) || is_word(sight.byte(from + digits)) {
            break;
        }
        end = from + digits;
    }
    end
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn parcels_are_found_in_every_notation() {
        for (text, value) in [
            ("Kadastraal bekend: Utrecht A 7684", "Utrecht A 7684"),
            ("een bod op het perceel Tilburg E 1585.", "Tilburg E 1585"),
            ("kadastraal bekend gemeente Zeist, sectie B, nummer 1234, groot", "gemeente Zeist, sectie B, nummer 1234"),
            ("kadastraal bekend als gemeente Bergen op Zoom, sectie AB nr. 12", "gemeente Bergen op Zoom, sectie AB nr. 12"),
            ("perceel 's-Gravenhage AK 4521", "'s-Gravenhage AK 4521"),
            ("kadastrale aanduiding ASD12 A 1234", "ASD12 A 1234"),
            ("perceel ZST03B1234", "ZST03B1234"),
            ("sectie K, nummers 4521, 4522 en 4523", "sectie K, nummers 4521, 4522 en 4523"),
            ("perceel K 4521 wordt verkocht", "K 4521"),
            ("Kadastrale gemeente: Den Haag, sectie: C, perceelnummer: 98", "Den Haag, sectie: C, perceelnummer: 98"),
        ] {
            finds("nl.kadaster", text, value);
        }
    }

    #[test]
    fn roads_papers_rooms_and_texts_without_a_parcel_are_none() {
        for text in [
            "het perceel langs de A 12",
            "het perceel bij Utrecht aan de A 2",
            "een kaart van het perceel op A 4",
            "Amersfoort K 4521",
            "perceel met Kamer B 1234",
            "de sectie begraafplaatsen telt 1234 graven",
            "perceel van 1234 m2",
        ] {
            misses("nl.kadaster", text);
        }
    }
}
