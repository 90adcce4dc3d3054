//! `nl.postal-address`: street and house number, postcode and place, over one to three lines or table cells.
//!
//! Takes a postcode or a house number after a street name as its start. Offices, PO boxes and a street without a number are none.

use super::{Candidate, Detector};
use crate::detect::groups::{ADDRESS, OFFICE};
use crate::detect::keywords::Words;
use crate::detect::names::{is_capitalised, is_connector, word_before};
use crate::detect::prefilter::{Run, is_word};
use crate::detect::score::{Score, context};
use crate::detect::sight::Sight;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["nl.postal-address"],
    words: &[
        Words(
            ADDRESS,
            "adres, adressen, adresgegevens*, woonadres*, huisadres*, thuisadres*, postcode, woont, woon, wonende, woonachtig*, verblijft, verblijfadres*, ingeschreven, woning, object, perceel, heer, mevrouw, \
             mw, dhr, mevr, familie, fam, t.a.v, address, lives, living at, resides, residing, zip, woonplaats*, straat, street, huisnummer*, belanghebbende, aanvrager, klant, bewoner, inwoner",
        ),
        Words(
            OFFICE,
            "postbus, gemeentehuis*, stadhuis*, raadhuis, bezoekadres*, openingstijden, balie, loket, stadskantoor*, gemeentekantoor*, hoofdkantoor*, buurthuis*, wijkcentrum*, zwembad*, bibliotheek*, sporthal*, \
             school, basisschool*, museum, kerk, theater, winkel, vestiging, office, city hall, town hall, visit us",
        ),
    ],
    look,
};

const SUFFIXES: &[&str] = &[
    "straat",
    "straatweg",
    "weg",
    "laan",
    "plein",
    "hof",
    "hofje",
    "kade",
    "kaai",
    "gracht",
    "dijk",
    "singel",
    "pad",
    "steeg",
    "dreef",
    "park",
    "markt",
    "burg",
    "wal",
    "haven",
    "ring",
    "plantsoen",
    "boulevard",
    "baan",
    "berg",
    "veld",
    "kamp",
    "akker",
    "werf",
    "poort",
    "brink",
    "erf",
    "donk",
    "heuvel",
    "horst",
    "str",
    "ln",
    "street",
    "road",
    "lane",
];
/// Two capitals after four digits that are a unit, a year's era or a legal form more often than a postcode.
const UNITS: &[&[u8; 2]] = &[
    b"KG", b"MM", b"CM", b"KM", b"KW", b"GB", b"MB", b"TB", b"EU", b"PK", b"CV", b"AD", b"NL", b"BV", b"NV", b"EN", b"OF", b"ML", b"CC",
    b"HP", b"HZ", b"MW", b"UU", b"KB",
];

/// Bytes looked back over for street and number.
const REACH: usize = 96;

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    for (index, &run) in sight.runs().iter().enumerate() {
        if is_word(sight.before(run.start)) || run.len() > 5 {
            continue;
        }
        if let Some((end, firm)) = postcode(sight, run) {
            whole(sight, index, run, end, firm, out);
        }
        street_only(sight, index, run, out);
    }
}

/// Where the postcode that starts with this run ends, and whether its letters are capitals.
fn postcode(sight: &Sight<'_>, run: Run) -> Option<(usize, bool)> {
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

fn whole(sight: &Sight<'_>, index: usize, run: Run, postcode_end: usize, firm: bool, out: &mut Vec<Candidate>) {
    let street = street_before(sight, index, run.start);
    let place = place_after(sight, postcode_end);
    let letters = [sight.bytes[postcode_end - 2], sight.bytes[postcode_end - 1]];
    let (start, end) = (street.unwrap_or(run.start), place.unwrap_or(postcode_end));
    let mut confidence = if firm { 0.2 } else { 0.1 };
    confidence += if street.is_some() { 0.45 } else { 0.0 } + if place.is_some() { 0.2 } else { 0.0 };
    if street.is_none() && UNITS.contains(&&letters) {
        confidence -= 0.3;
    }
    out.push(Candidate {
        id: "nl.postal-address",
        start,
        end,
        score: Score::base(confidence, "a postcode, with what stands around it").with(context(sight, start, end, ADDRESS, OFFICE)),
    });
}

/// A street with a number and no postcode: counts beside a word such as `woont`.
fn street_only(sight: &Sight<'_>, index: usize, run: Run, out: &mut Vec<Candidate>) {
    if sight.before(run.start) != b' ' || run.len() > 4 || sight.bytes[run.start] == b'0' {
        return;
    }
    let Some(last) = word_before(sight, run.start) else { return };
    if !has_suffix(&sight.text[last.clone()]) {
        return;
    }
    let Some(start) = street_name(sight, run.start) else { return };
    let end = number_end(sight, index);
    let score = Score::base(0.3, "a street and a number").with(context(sight, start, end, ADDRESS, OFFICE).times(0.75));
    out.push(Candidate { id: "nl.postal-address", start, end, score });
}

/// The end of the house number that starts at run `index`, with its addition: `12a`, `12-2`, `12 bis`.
fn number_end(sight: &Sight<'_>, index: usize) -> usize {
    let run = sight.runs()[index];
    let mut end = run.end;
    let rest = sight.text.get(end..).unwrap_or("");
    if let Some(addition) = [" bis", " hs", "-hs", "-bis", " I", "-II", "-I"]
        .iter()
        .find(|addition| rest.starts_with(**addition) && !is_word(sight.byte(end + addition.len())))
    {
        return end + addition.len();
    }
    end += usize::from(sight.byte(end) == b'-' && is_word(sight.byte(end + 1)));
    end += sight.bytes[end..].iter().take(4).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    end
}

/// Where the street starts whose house number stands before `before`.
fn street_before(sight: &Sight<'_>, index: usize, before: usize) -> Option<usize> {
    let mut edge = before;
    while edge > 0 && before - edge < 6 && matches!(sight.bytes[edge - 1], b' ' | b',' | b';' | b'|' | b'\t' | b'\n' | b'\r' | b'"' | b'\'')
    {
        edge -= 1;
    }
    // `12-2` and `144 2` are two runs: try the nearest, then the one before.
    for back in 1..=2 {
        let number = *sight.runs().get(index.checked_sub(back)?)?;
        if edge < number.end
            || edge - number.end > 8
            || edge.saturating_sub(number.start) > 12
            || sight.bytes[number.end..edge].contains(&b'\n')
        {
            return None;
        }
        let gap = sight.before(number.start);
        if matches!(gap, b' ' | b';' | b'\t' | b'|' | b',')
            && number.len() <= 5
            && let Some(start) = street_name(sight, number.start)
        {
            return Some(start);
        }
    }
    None
}

/// Where the capitalised street name that ends before `number` starts.
fn street_name(sight: &Sight<'_>, number: usize) -> Option<usize> {
    let mut at = number;
    let mut start = None;
    for words in 0..6 {
        let Some(word) = word_before(sight, at) else { break };
        let gap = &sight.bytes[word.end..at];
        if gap.contains(&b'\n') || number - word.start > REACH || words > 0 && gap != b" " && gap != b". " && gap != b"-" && gap != b"." {
            break;
        }
        let text = &sight.text[word.clone()];
        if text.eq_ignore_ascii_case("postbus") || text.eq_ignore_ascii_case("antwoordnummer") {
            return None;
        }
        if is_capitalised(text) {
            start = Some(word.start);
            // A name with a street's ending is complete; a connector before it belongs to the sentence (`aan de Dorpsstraat`).
            if has_suffix(text) && text.len() > 5 && !sight.text[..word.start].ends_with(['-']) && !before_is_name(sight, word.start) {
                break;
            }
        } else if !(is_connector(text) && start.is_some() || text.bytes().all(|byte| byte.is_ascii_digit())) {
            break;
        }
        at = word.start;
    }
    start
}

/// The word before a street's last word is part of the name: `Vincent van Gogh`laan is not, `Oude Kerkstraat` is.
fn before_is_name(sight: &Sight<'_>, at: usize) -> bool {
    word_before(sight, at).is_some_and(|word| {
        &sight.bytes[word.end..at] == b" " && (is_capitalised(&sight.text[word.clone()]) || is_connector(&sight.text[word]))
    })
}

fn has_suffix(word: &str) -> bool {
    let lower = word.to_lowercase();
    is_capitalised(word) && SUFFIXES.iter().any(|suffix| lower.ends_with(suffix))
}

/// Where the place name after a postcode ends.
fn place_after(sight: &Sight<'_>, from: usize) -> Option<usize> {
    let gap = sight.bytes[from..].iter().take(4).take_while(|byte| matches!(byte, b' ' | b',' | b';' | b'|' | b'\t' | b'"')).count();
    let mut at = from + gap;
    let mut end = None;
    let mut connected = true;
    for _ in 0..5 {
        let rest = sight.text.get(at..)?;
        let length = rest.bytes().take(40).take_while(|&byte| is_word(byte) || matches!(byte, b'\'' | b'-')).count();
        let word = rest.get(..length)?;
        if length == 0 || gap == 0 {
            break;
        }
        let capital = is_capitalised(word.trim_start_matches("'s-").trim_start_matches('\''));
        if capital && connected {
            end = Some(at + length);
            connected = matches!(
                word,
                "Den" | "De" | "Sint" | "St" | "Nieuw" | "Nieuwe" | "Oud" | "Oude" | "Hoog" | "Het" | "Ter" | "Ten" | "Groot" | "Klein"
            );
        } else if end.is_some() && is_connector(word) {
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
    end
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn an_address_is_found_over_lines_and_cells() {
        for value in [
            "Nassauplein 179, 1855 WL Oss",
            "Julianaweg 156-2, 3647 RK Leeuwarden",
            "Vlierstraat 202\n5064 RJ Zaandam",
            "Ooievaarplein 79C\n4746 PT Utrecht",
            "Laan van Meerdervoort 12, 2517AB Den Haag",
        ] {
            finds("nl.postal-address", &format!("Wonende te:\n{value}\nmet dank"), value);
        }
        finds("nl.postal-address", "De cliënt woont aan de Dorpsstraat 12 en", "Dorpsstraat 12");
        finds("nl.postal-address", "straat;nr;postcode;plaats\nKerkweg;3;1234 AB;Zeist", "Kerkweg;3;1234 AB;Zeist");
    }

    #[test]
    fn offices_streets_without_a_number_and_units_are_none() {
        for text in [
            "Postbus 223, 3700 AB Zeist",
            "de herinrichting van de Joke Smitplein op 24 mei",
            "Budget code 4310 KA.",
            "een lading van 1234 KG",
            "artikel 3 Wet",
            "[1-9][0-9]{3} ?[A-Z]{2}",
            "in 2024 EU",
        ] {
            misses("nl.postal-address", text);
        }
    }
}
