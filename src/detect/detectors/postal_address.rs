//! `nl.postal-address`: street and house number, postcode and place, over one to three lines, table cells, fields or tags.
//!
//! Takes a postcode, or a number behind or before the name of a street, as its start. Offices, PO boxes and a street without a number are
//! none. `parts` reads the street, the number, the postcode and the place.

mod parts;

use super::{Candidate, Detector};
use crate::detect::groups::{ADDRESS, OFFICE};
use crate::detect::keywords::Words;
use crate::detect::prefilter::Run;
use crate::detect::score::{Score, context};
use crate::detect::sight::Sight;
use parts::{Street, back_over, no_street_before, number_end, place_after, postcode, stops, street_after, street_name, tail};

pub(super) const DETECTOR: Detector = Detector {
    ids: &["nl.postal-address"],
    words: &[
        Words(
            ADDRESS,
            "adres, adr, adressen, ophaaladres*, bezorgadres*, afleveradres*, vestigingsadres*, correspondentieadres*, postadres*, verhuisd, verhuisde, verhuist, inwonend*, bewoond, bewoont, staan ingeschreven, straatnaam*, huisnr, huisnum*, moved,  adresgegevens*, woonadres*, huisadres*, thuisadres*, postcode, woont, woon, wonende, woonachtig*, verblijft, verblijfadres*, ingeschreven, woning, object, perceel, heer, mevrouw, \
             mw, dhr, mevr, familie, fam, t.a.v, address, lives, living at, resides, residing, zip, woonplaats*, straat, street, huisnummer*, belanghebbende, aanvrager, klant, bewoner, inwoner",
        ),
        Words(
            OFFICE,
            "postbus, gemeentehuis*, stadhuis*, raadhuis, bezoekadres*, openingstijden, balie, loket, stadskantoor*, gemeentekantoor*, hoofdkantoor*, buurthuis*, wijkcentrum*, zwembad*, bibliotheek*, sporthal*, \
             school, basisschool*, museum, kerk, theater, winkel, vestiging, parkeergarage*, gemeentewerf*, milieustraat*, rechtbank*,  office, city hall, town hall, visit us",
        ),
    ],
    look,
};

/// Two capitals after four digits that are a unit, a year's era or a legal form more often than a postcode.
const UNITS: &[&[u8; 2]] = &[
    b"KG", b"MM", b"CM", b"KM", b"KW", b"GB", b"MB", b"TB", b"EU", b"PK", b"CV", b"AD", b"NL", b"BV", b"NV", b"EN", b"OF", b"ML", b"CC",
    b"HP", b"HZ", b"MW", b"UU", b"KB",
];

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    for (index, &run) in sight.runs().iter().enumerate() {
        if sight.ends_word(run.start) || run.len() > 5 {
            continue;
        }
        if let Some((end, firm)) = postcode(sight, run) {
            whole(sight, index, run, end, firm, out);
        }
        street_first(sight, index, run, out);
        number_first(sight, index, run, out);
    }
}

/// A postcode, with the street and number before it and the place behind it.
fn whole(sight: &Sight<'_>, index: usize, run: Run, postcode_end: usize, firm: bool, out: &mut Vec<Candidate>) {
    let street = street_before(sight, index, run.start);
    let place = place_after(sight, postcode_end).map(|place| place.end);
    let letters = [sight.bytes[postcode_end - 2], sight.bytes[postcode_end - 1]];
    let (start, mut end) = (street.unwrap_or(run.start), place.unwrap_or(postcode_end));
    // `1234 AB 12`: the house number behind the postcode says as much as a street.
    let mut numbered = false;
    if street.is_none() && place.is_none() {
        let gap = [", nr. ", ", nr ", " nr. ", " nr ", ", huisnummer ", " huisnummer ", ", ", " ", "/", " - "].into_iter().find(|gap| {
            sight
                .text
                .get(end..)
                .is_some_and(|rest| rest.starts_with(*gap) && rest.as_bytes().get(gap.len()).is_some_and(u8::is_ascii_digit))
        });
        let next = gap.and_then(|gap| sight.runs().get(index + 1).filter(|next| next.start == end + gap.len() && next.len() <= 4));
        if next.is_some() {
            numbered = true;
            end = number_end(sight, index + 1);
        }
    }
    let unit = street.is_none() && UNITS.contains(&&letters);
    let score = Score::base(if firm { 0.2 } else { 0.1 }, "the form of a postcode")
        .and(if street.is_some() { 0.45 } else { 0.0 }, "a street and a number before it")
        .and(if place.is_some() { 0.2 } else { 0.0 }, "a place behind it")
        .and(if numbered { 0.15 } else { 0.0 }, "a house number behind it")
        .and(if unit { -0.3 } else { 0.0 }, "letters that are a unit")
        .with(context(sight, start, end, ADDRESS, OFFICE));
    out.push(Candidate { id: "nl.postal-address", start, end, score });
}

/// A street and a number: with a place or postcode behind it, or beside a word such as `woont`.
fn street_first(sight: &Sight<'_>, index: usize, run: Run, out: &mut Vec<Candidate>) {
    if sight.before(run.start) != b' ' || run.len() > 4 || sight.bytes[run.start] == b'0' || no_street_before(sight, run.start) {
        return;
    }
    let Some(street) = street_name(sight, run.start) else { return };
    push(sight, street, number_end(sight, index), out);
}

/// The English order: `131 Eikenhof, Helmond 9255JJ`.
fn number_first(sight: &Sight<'_>, index: usize, run: Run, out: &mut Vec<Candidate>) {
    if run.len() > 4 || sight.bytes[run.start] == b'0' || matches!(sight.before(run.start), b'-' | b'/' | b'.' | b',') {
        return;
    }
    if stops(sight, run.end) {
        return;
    }
    let from = number_end(sight, index);
    if sight.byte(from) != b' ' {
        return;
    }
    let Some((street, end)) = street_after(sight, run.start, from + 1) else { return };
    let tail = tail(sight, end);
    if tail.place.is_some() || tail.postcode {
        push(sight, street, end, out);
    }
}

fn push(sight: &Sight<'_>, street: Street, number_end: usize, out: &mut Vec<Candidate>) {
    let tail = tail(sight, number_end);
    // Words with capitals and a number, and nothing else: no word near them makes that an address.
    if !street.suffix && !street.to && tail.place.is_none() && !tail.postcode {
        return;
    }
    let said = context(sight, street.start, tail.end, ADDRESS, OFFICE);
    let place = match tail.place {
        Some(true) => 0.3,
        Some(false) => 0.1,
        None => 0.0,
    };
    let (base, because) = if street.suffix { (0.3, "a street and a number") } else { (0.15, "words with capitals and a number") };
    if !street.suffix && said.worth <= 0.0 && place + f32::from(u8::from(tail.postcode)) == 0.0 {
        return;
    }
    let score = Score::base(base, because)
        .and(place, "a place behind it")
        .and(if tail.postcode { 0.35 } else { 0.0 }, "a postcode behind it")
        .and(if street.to { 0.1 } else { 0.0 }, "`aan` or `op` before it")
        .with(said.times(0.75));
    out.push(Candidate { id: "nl.postal-address", start: street.start, end: tail.end, score });
}

/// Where the street starts whose house number stands before `before`.
fn street_before(sight: &Sight<'_>, index: usize, before: usize) -> Option<usize> {
    let edge = back_over(sight, before);
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
        let street_end = back_over(sight, number.start);
        if street_end < number.start
            && number.len() <= 5
            && let Some(street) = street_name(sight, street_end)
        {
            return Some(street.start);
        }
    }
    None
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
    fn a_street_with_a_place_is_found_without_a_postcode_and_in_any_order() {
        for (text, value) in [
            ("Ik woon op Schoolstraat 30 te Tilburg. De andere", "Schoolstraat 30 te Tilburg"),
            ("woont alleen aan Achter de Dom 75 in Hengelo. Hij", "Achter de Dom 75 in Hengelo"),
            ("Cliënt verhuisde naar Het Rond 12, 3701 HS Zeist.", "Het Rond 12, 3701 HS Zeist"),
            ("They live at 161/4 Thorbeckelaan, Deventer 1363 BZ.", "161/4 Thorbeckelaan, Deventer 1363 BZ"),
            ("staan ingeschreven op Kerkweg 9 (6887HH) Den Haag en", "Kerkweg 9 (6887HH) Den Haag"),
            ("op Kerkstraat 8, Bergen op Zoom, 5961 DZ", "Kerkstraat 8, Bergen op Zoom, 5961 DZ"),
            ("bij Parallelweg 82 B in Alkmaar hangt", "Parallelweg 82 B in Alkmaar"),
            ("Adres: Laan van Meerdervoort 10-III, Den Haag", "Laan van Meerdervoort 10-III, Den Haag"),
            ("wonende aan de 1e Jan Steenstraat 12 bis te Utrecht", "1e Jan Steenstraat 12 bis te Utrecht"),
            ("adres bekend: 1234 AB 12", "1234 AB 12"),
            (
                "<straat>Bosweg</straat><huisnummer>242</huisnummer><postcode>5383 CE</postcode>",
                "Bosweg</straat><huisnummer>242</huisnummer><postcode>5383 CE",
            ),
        ] {
            finds("nl.postal-address", text, value);
        }
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
            "Bezoekadres stadskantoor: Raadhuisplein 1, Gouda",
            "Groep 8 in Utrecht en Team 5 in Zeist",
            "versie 3 in Zeist, zie Tabel 4 in Bijlage 2",
            "De Molenweg krijgt 3 nieuwe bomen",
            "lijn 4 rijdt via de Kerkstraat in 12 minuten",
        ] {
            misses("nl.postal-address", text);
        }
    }
}
