//! The parts of a postal address: street, house number with its addition, postcode, place.

use crate::detect::lexicon::{self, GIVEN, OFFICE, ORDINARY, PLACE, SURNAME, THING};
use crate::detect::names::{is_capitalised, is_connector, word_before};
use crate::detect::prefilter::{Run, is_word};
use crate::detect::sight::Sight;

/// Endings of the names of streets, by their last letter.
fn suffixes(last: u8) -> &'static [&'static str] {
    match last.to_ascii_lowercase() {
        b'd' => &["pad", "boulevard", "veld", "eind", "road"],
        b'e' => &["hofje", "kade", "einde", "zijde", "straatje", "gaarde", "hage", "weide", "lane"],
        b'f' => &["hof", "dreef", "werf", "erf"],
        b'g' => &["straatweg", "weg", "steeg", "burg", "ring", "berg", "wetering"],
        b'i' => &["kaai"],
        b'k' => &["dijk", "park", "brink", "donk", "rak", "wijk"],
        b'l' => &["singel", "wal", "heuvel"],
        b'm' => &["dam"],
        b'n' => &["laan", "plein", "haven", "plantsoen", "baan", "ln"],
        b'p' => &["kamp", "diep"],
        b'r' => &["akker", "str"],
        b's' => &["schans", "bos"],
        b't' => &["straat", "gracht", "markt", "poort", "horst", "vaart", "meent", "street"],
        _ => &[],
    }
}

/// Streets that bear no such ending begin with one of these.
const BEGINNINGS: &[&str] = &[
    "achter", "voor", "onder", "boven", "oude", "nieuwe", "lange", "korte", "grote", "kleine", "hoge", "lage", "laan", "plein", "het",
    "de", "den", "'t", "op", "aan", "tussen", "bij",
];
/// Bytes of the longest of them.
const BEGINNING_MAX: usize = 6;
/// A street that follows one of these begins behind it: `aan Rembrandtlaan`.
const IN: &[&str] = &["aan", "op", "in", "te", "uit", "bij", "voor"];
/// Bytes looked back over for street and number.
const REACH: usize = 96;

/// The name of a street.
#[derive(Debug, Clone, Copy)]
pub(super) struct Street {
    pub start: usize,
    /// Its last word, or its first, is that of a street.
    pub suffix: bool,
    /// `aan`, `op` or `naar` stands before it.
    pub to: bool,
}

/// What follows a street and its number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tail {
    pub end: usize,
    pub postcode: bool,
    /// A place, and whether the lexicon knows it.
    pub place: Option<bool>,
}

/// A place, and whether the lexicon knows it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub end: usize,
    pub known: bool,
}

/// Where the postcode that starts with this run ends, and whether its letters are capitals.
pub(super) fn postcode(sight: &Sight<'_>, run: Run) -> Option<(usize, bool)> {
    if run.len() != 4 || sight.bytes[run.start] == b'0' || matches!(sight.before(run.start), b'-' | b'.' | b'/' | b'+') {
        return None;
    }
    let letters = run.end + usize::from(sight.byte(run.end) == b' ');
    let pair = sight.bytes.get(letters..letters + 2)?;
    let capitals = pair.iter().all(u8::is_ascii_uppercase);
    let small = pair.iter().all(u8::is_ascii_lowercase) && letters == run.end;
    let reserved = [b"SA", b"SD", b"SS"].iter().any(|two| pair.eq_ignore_ascii_case(*two));
    ((capitals || small) && !reserved && !is_word(sight.byte(letters + 2)) && sight.byte(letters + 2) != b'-')
        .then_some((letters + 2, capitals))
}

/// The end of the house number that starts at run `index`, with its addition: `12a`, `12-2`, `12/4`, `12-III`, `12 bis`, `12 B`, `12 1 hoog`.
pub(super) fn number_end(sight: &Sight<'_>, index: usize) -> usize {
    let Some(run) = sight.runs().get(index) else { return 0 };
    let end = run.end;
    if stops(sight, end) {
        return end;
    }
    let rest = sight.text.get(end..).unwrap_or("");
    for joint in [" ", "-", "/", "", " - "] {
        let Some(after) = rest.strip_prefix(joint) else { continue };
        let fits = |addition: &&&str| after.starts_with(**addition) && !after[addition.len()..].starts_with(|c: char| c.is_alphanumeric());
        let additions = after.bytes().next().map_or(&[] as &[&str], additions);
        if let Some(addition) = additions.iter().filter(fits).max_by_key(|addition| addition.len()) {
            return end + joint.len() + addition.len();
        }
        let bytes = after.as_bytes();
        let letter = bytes.first().is_some_and(u8::is_ascii_alphabetic) && !bytes.get(1).is_some_and(|&next| is_word(next) || next == b'.');
        // `82 B in Alkmaar` is an addition, `82 b` may be anything.
        if letter && (joint != " " || bytes[0].is_ascii_uppercase()) && joint != " - " {
            return end + joint.len() + 1;
        }
        let digits = bytes.iter().take(5).take_while(|byte| byte.is_ascii_digit()).count();
        if matches!(joint, "-" | "/") && (1..=4).contains(&digits) && !bytes.get(digits).is_some_and(|&next| is_word(next)) {
            return end + joint.len() + digits;
        }
    }
    // `12bis`, `12a2`
    end + sight.bytes[end..].iter().take(4).take_while(|byte| byte.is_ascii_alphanumeric()).count()
}

/// A sign, or a space and a word in small letters that no addition begins with: the number ends here, and no street follows.
#[inline]
pub(super) fn stops(sight: &Sight<'_>, end: usize) -> bool {
    let (first, second) = (sight.byte(end), sight.byte(end + 1));
    matches!(first, b'.' | b',' | b':' | b';' | b')' | b'%' | b'\n')
        || first == b' ' && second.is_ascii_lowercase() && additions(second).is_empty()
}

/// Additions to a house number that are more than a letter or a number, by their first letter.
fn additions(first: u8) -> &'static [&'static str] {
    match first {
        b'b' => &["bis", "boven", "beneden", "ben", "bg"],
        b'h' => &["hs", "huis"],
        b'I' => &["I", "II", "III", "IV"],
        b'1' => &["1hoog", "1 hoog", "1-hoog"],
        b'2' => &["2 hoog", "2-hoog"],
        b'3' => &["3 hoog"],
        b'r' => &["rood", "rd"],
        b'z' => &["zwart", "zw"],
        b't' => &["to", "t/o"],
        _ => &[],
    }
}

/// The word before the number is in small letters, or none: no name of a street ends there.
pub(super) fn no_street_before(sight: &Sight<'_>, number: usize) -> bool {
    let Some(end) = number.checked_sub(1) else { return true };
    let before = sight.before(end);
    if !is_word(before) {
        return true;
    }
    let length = sight.bytes[..end].iter().rev().take(48).take_while(|byte| byte.is_ascii_lowercase()).count();
    let first = sight.before(end - length);
    length > 0 && !is_word(first) && first != b'\''
}

/// The capitalised street name that ends before `number`.
pub(super) fn street_name(sight: &Sight<'_>, number: usize) -> Option<Street> {
    let mut at = number;
    let (mut start, mut suffix, mut words) = (None, false, 0);
    for count in 0..6 {
        let Some(word) = word_before(sight, at) else { break };
        let gap = &sight.bytes[word.end..at];
        if gap.contains(&b'\n')
            || number - word.start > REACH
            || count > 0 && gap != b" " && gap != b". " && gap != b"-" && gap != b"."
            || count == 0 && gap.len() > 1
        {
            break;
        }
        let text = &sight.text[word.clone()];
        if text.eq_ignore_ascii_case("postbus") || text.eq_ignore_ascii_case("antwoordnummer") {
            return None;
        }
        // `Wong aan P.C. Hooftstraat`; `Laan op Zuid` goes on.
        if IN.contains(&text) && !word_before(sight, word.start).is_some_and(|word| has_suffix(&sight.text[word])) {
            break;
        }
        if is_capitalised(text) {
            let marks = lexicon::look(text);
            // The first word of a sentence, an office or a topic is no street.
            let other = marks & ORDINARY != 0 && marks & (GIVEN | SURNAME | PLACE | THING) == 0 || marks & OFFICE != 0 && count == 0;
            let beginning = text.len() <= BEGINNING_MAX && BEGINNINGS.iter().any(|beginning| text.eq_ignore_ascii_case(beginning));
            if other && !beginning && !has_suffix(text) {
                if count == 0 {
                    return None;
                }
                break;
            }
            start = Some(word.start);
            words += 1;
            suffix |= count == 0 && has_suffix(text) || beginning && count > 0;
            // A name with a street's ending is complete; a connector before it belongs to the sentence (`aan de Dorpsstraat`).
            if count == 0
                && has_suffix(text)
                && text.len() > 5
                && !sight.text[..word.start].ends_with(['-'])
                && !before_is_name(sight, word.start)
            {
                break;
            }
        } else if text.bytes().all(|byte| byte.is_ascii_digit()) || !(is_connector(text) && start.is_some()) {
            // `1e Jan Steenstraat`
            let ordinal = text.len() <= 3 && text.as_bytes()[0].is_ascii_digit() && text.ends_with('e') && start.is_some();
            if ordinal {
                start = Some(word.start);
            }
            break;
        }
        at = word.start;
    }
    let start = start?;
    if words == 1 && !suffix && sight.text[start..number].trim_end().len() < 4 {
        return None;
    }
    // Capitals alone are a code.
    if !suffix && !sight.bytes[start..number].iter().any(u8::is_ascii_lowercase) {
        return None;
    }
    Some(Street { start, suffix, to: to_before(sight, start) })
}

/// The street behind a house number, in the English order: capitalised words, the last with a street's ending.
pub(super) fn street_after(sight: &Sight<'_>, number: usize, from: usize) -> Option<(Street, usize)> {
    let mut at = from;
    let mut found = None;
    let first = sight.byte(from);
    if first.is_ascii() && !first.is_ascii_uppercase() {
        return None;
    }
    for _ in 0..5 {
        let rest = sight.text.get(at..)?;
        let length = rest.bytes().take(40).take_while(|&byte| is_word(byte) || matches!(byte, b'\'' | b'.')).count();
        let word = rest.get(..length)?.trim_end_matches('.');
        if word.is_empty() || !(is_capitalised(word) || is_connector(word) && at > from) {
            break;
        }
        at += length;
        found = Some((at, has_suffix(word) || word.eq_ignore_ascii_case("Hoven")));
        if sight.byte(at) != b' ' {
            break;
        }
        at += 1;
    }
    let (end, suffix) = found?;
    (suffix && sight.byte(end) == b',').then_some((Street { start: number, suffix, to: to_before(sight, number) }, end))
}

fn to_before(sight: &Sight<'_>, start: usize) -> bool {
    let Some(before) = sight.text.get(..start) else { return false };
    ["aan ", "aan de ", "aan het ", "op ", "op de ", "op het ", "naar ", " at ", "p/a "].iter().any(|word| before.ends_with(word))
}

/// The word before a street's last word is part of the name: `Vincent van Gogh`laan is not, `Oude Kerkstraat` is.
fn before_is_name(sight: &Sight<'_>, at: usize) -> bool {
    word_before(sight, at).is_some_and(|word| {
        let text = &sight.text[word.clone()];
        matches!(&sight.bytes[word.end..at], b" " | b". ")
            && (is_capitalised(text)
                || is_connector(text) && !IN.contains(&text)
                || text.as_bytes()[0].is_ascii_digit() && text.ends_with('e'))
    })
}

fn has_suffix(word: &str) -> bool {
    let bytes = word.as_bytes();
    let ends = |suffix: &&str| bytes.len() >= suffix.len() && bytes[bytes.len() - suffix.len()..].eq_ignore_ascii_case(suffix.as_bytes());
    bytes.last().is_some_and(|&last| suffixes(last).iter().any(ends)) && is_capitalised(word)
}

/// Back over what stands between the cells, fields and tags of an address: spaces, delimiters, `</straat><huisnummer>`, `","postcode":"`.
pub(super) fn back_over(sight: &Sight<'_>, from: usize) -> usize {
    let mut at = from;
    for _ in 0..4 {
        let gap = sight.bytes[..at]
            .iter()
            .rev()
            .take(6)
            .take_while(|byte| matches!(byte, b' ' | b',' | b';' | b'|' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' | b'(' | b':'))
            .count();
        let before = at - gap;
        let quoted = sight.bytes[before..at].contains(&b':');
        at = before;
        if sight.before(at) == b'>' {
            let Some(open) = sight.bytes[..at].iter().rev().take(48).position(|&byte| byte == b'<') else { break };
            at -= open + 1;
        } else if quoted {
            // The name of a JSON field.
            let key = sight.bytes[..at].iter().rev().take(32).take_while(|byte| byte.is_ascii_alphabetic() || **byte == b'_').count();
            if key == 0 || !matches!(sight.before(at - key), b'"' | b'\'') {
                return from;
            }
            at -= key;
        } else {
            break;
        }
    }
    at
}

/// What follows a street and its number: `, 1234 AB Zeist`, ` te Zeist`, `, Zeist, 1234 AB`, ` (1234 AB) Den Haag`.
pub(super) fn tail(sight: &Sight<'_>, from: usize) -> Tail {
    let mut tail = Tail { end: from, postcode: false, place: None };
    for _ in 0..3 {
        let gap = sight.bytes[tail.end..]
            .iter()
            .take(6)
            .take_while(|byte| matches!(byte, b' ' | b',' | b';' | b'|' | b'\t' | b'\n' | b'\r' | b'(' | b')' | b'"'))
            .count();
        let mut at = tail.end + gap;
        if gap == 0 {
            break;
        }
        if !tail.postcode && sight.byte(at).is_ascii_digit() {
            let index = sight.runs().partition_point(|run| run.start < at);
            let Some((end, _)) = sight.runs().get(index).filter(|run| run.start == at).and_then(|&run| postcode(sight, run)) else { break };
            tail.postcode = true;
            tail.end = end;
            continue;
        }
        let lines = sight.bytes[tail.end..at].contains(&b'\n');
        let said = ["te ", "in ", "TE ", "IN "].iter().find(|word| sight.text.get(at..).is_some_and(|rest| rest.starts_with(**word)));
        at += said.map_or(0, |word| word.len());
        // Without `te`, a comma or a postcode parts the place from the number.
        let parted =
            said.is_some() || tail.postcode || sight.bytes[tail.end..at].iter().any(|byte| matches!(byte, b',' | b';' | b'|' | b'\t'));
        if tail.place.is_some() || !parted || lines && !tail.postcode {
            break;
        }
        let Some(place) = place_at(sight, at) else { break };
        if !place.known && !tail.postcode && said.is_none() {
            break;
        }
        tail.place = Some(place.known);
        tail.end = place.end;
    }
    tail
}

/// The place name after a postcode.
pub(super) fn place_after(sight: &Sight<'_>, from: usize) -> Option<Place> {
    let gap = sight.bytes[from..].iter().take(4).take_while(|byte| matches!(byte, b' ' | b',' | b';' | b'|' | b'\t' | b'"' | b')')).count();
    if gap == 0 { None } else { place_at(sight, from + gap) }
}

/// The place name at a place in the text: `Zeist`, `Den Haag`, `'s-Hertogenbosch`, `Bergen op Zoom`.
fn place_at(sight: &Sight<'_>, from: usize) -> Option<Place> {
    let mut at = from;
    let mut end = None;
    let (mut connected, mut known) = (true, false);
    for _ in 0..5 {
        let rest = sight.text.get(at..)?;
        let length = rest.bytes().take(40).take_while(|&byte| is_word(byte) || matches!(byte, b'\'' | b'-')).count();
        let word = rest.get(..length)?;
        if length == 0 {
            break;
        }
        let bare = word.trim_start_matches("'s-").trim_start_matches('\'');
        if is_capitalised(bare) && connected {
            let marks = lexicon::look(word) | lexicon::look(bare);
            known |= marks & PLACE != 0;
            end = Some(at + length);
            connected = matches!(
                word,
                "Den"
                    | "De"
                    | "Sint"
                    | "St"
                    | "Nieuw"
                    | "Nieuwe"
                    | "Oud"
                    | "Oude"
                    | "Hoog"
                    | "Het"
                    | "Ter"
                    | "Ten"
                    | "Groot"
                    | "Klein"
                    | "Capelle"
                    | "Wijk"
            );
        } else if end.is_some() && is_connector(word) && (connected || matches!(word, "aan" | "op" | "bij" | "van" | "den" | "de" | "der"))
        {
            connected = true;
        } else {
            break;
        }
        at += length;
        if sight.byte(at) != b' ' {
            break;
        }
        at += 1;
    }
    end.map(|end| Place { end, known })
}
