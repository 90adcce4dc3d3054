//! `nl.licence-plate`: Dutch plates of side codes 1 to 14, by their RDW pattern and the words around them.
//!
//! Article, room and part codes have the same shape, so the shape alone is not enough.

use super::{Candidate, Detector};
use crate::detect::groups::{ITEM, PLATE};
use crate::detect::keywords::Words;
use crate::detect::prefilter::is_word;
use crate::detect::score::{Score, context};
use crate::detect::sight::Sight;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["nl.licence-plate"],
    words: &[
        Words(
            PLATE,
            "kenteken*, kentekenplaat*, nummerplaat*, auto, auto's, autootje, voertuig, voertuigen, wagen, bus, busje, bestelbus*, bestelauto*, motor, motorfiets*, scooter, bromfiets*, brommer, snorfiets*, aanhanger*, caravan*, camper*, \
             vrachtwagen*, vrachtauto*, taxi, geparkeerd*, parkeert, parkeren, parkeervergunning*, parkeerboete*, foutparkeer*, foutparkeren, naheffing*, bestuurder, tenaamgesteld*, rdw, apk, personenauto*, leaseauto*, dienstauto*, \
             licence plate*, license plate*, licenceplate, licenseplate, plate, number plate, vehicle*, car, cars, parked, truck, driver, opel, volkswagen, vw, toyota, renault, peugeot, citroen, bmw, mercedes, audi, tesla, fiat, kia, hyundai, volvo, skoda, seat, mazda, nissan",
        ),
        Words(
            ITEM,
            "artikel, artikelen, artikelcode*, artikelnummer*, artikelnr, article, item, kamer, lokaal, ruimte, zaal, room, part, onderdeel, onderdeelnummer*, product, productcode*, model, type, bestek*, code, serie, serienummer*, \
             serial, sku, order, ordernummer*, formulier, form, verdieping, kavel, perceel, contract, bestelnummer*, catalogus*, spare",
        ),
    ],
    look,
};

/// Letter pairs and triples that are never issued from side code 4 on (RDW).
const NEVER: &[&[u8]] = &[b"GVD", b"KKK", b"NSB", b"PKK", b"PSV", b"TBS", b"PVV", b"SGP", b"VVD", b"SS", b"SD", b"SA"];

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    let spaced = sight.has(PLATE) || sight.label & PLATE != 0;
    let (mut taken, mut refused) = (0, 0);
    for run in sight.runs() {
        if run.len() > GROUP || run.start < taken.max(refused) {
            continue;
        }
        // Every group of a plate touches a dash or a letter; spaces count only where a word speaks of plates.
        let touches = |byte: u8| byte == b'-' || byte.is_ascii_alphabetic() || byte == b' ' && spaced;
        if !touches(sight.before(run.start)) && !touches(sight.byte(run.end)) {
            continue;
        }
        let Some((start, end, separator)) = token(sight, run.start, run.end, &mut refused) else { continue };
        let base = match (shape(&sight.bytes[start..end]), separator) {
            (Some(base), b'-') => base,
            (Some(base), _) => base - 0.2,
            _ => continue,
        };
        taken = end;
        let said = context(sight, start, end, PLATE, ITEM);
        if separator != b'-' && said.worth < 0.3 {
            continue;
        }
        out.push(Candidate { id: "nl.licence-plate", start, end, score: Score::base(base, "the shape of a side code").with(said) });
    }
}

/// The whole token around a digit run: three groups over dashes or spaces, or six characters together. Where its word is too
/// long for either, `refused` becomes a place up to which the next runs stand in the same word.
fn token(sight: &Sight<'_>, at: usize, run_end: usize, refused: &mut usize) -> Option<(usize, usize, u8)> {
    let mut start = at;
    while start > 0 && is_word(sight.bytes[start - 1]) && at - start < 7 {
        start -= 1;
    }
    let mut end = run_end;
    while is_word(sight.byte(end)) && end - start < 8 {
        end += 1;
    }
    match end - start {
        6 if !sight.bytes[start..end].iter().all(u8::is_ascii_digit) && sight.alone(start, end) => {
            return bounded(sight, start, end).then_some((start, end, 0));
        }
        1..=GROUP => {}
        _ => {
            *refused = end;
            return None;
        }
    }
    for separator in [b'-', b' '] {
        if sight.byte(end) != separator && sight.before(start) != separator {
            continue;
        }
        let mut from = start;
        for groups_before in 0..=2 {
            if groups_before > 0 {
                let Some(edge) = from.checked_sub(1).filter(|&edge| sight.bytes[edge] == separator) else { break };
                let length = sight.bytes[..edge].iter().rev().take(GROUP + 1).take_while(|&&byte| is_word(byte)).count();
                if !(1..=GROUP).contains(&length) {
                    break;
                }
                from = edge - length;
            }
            let to = from + 8;
            if at >= to || is_word(sight.byte(to)) {
                continue;
            }
            let Some(token) = sight.bytes.get(from..to) else { continue };
            let parts = token.iter().filter(|&&byte| byte == separator).count();
            if parts == 2 && token.iter().all(|&byte| byte == separator || byte.is_ascii_alphanumeric()) && bounded(sight, from, to) {
                return Some((from, to, separator));
            }
        }
    }
    None
}

/// Characters in a group of a plate, at most.
const GROUP: usize = 3;

/// The token is not a piece of a longer code.
fn bounded(sight: &Sight<'_>, start: usize, end: usize) -> bool {
    let joins = |byte: u8| matches!(byte, b'-' | b'_' | b'.' | b'/');
    sight.alone(start, end)
        && !(joins(sight.before(start)) && start >= 2 && is_word(sight.bytes[start - 2]))
        && !(matches!(sight.byte(end), b'-' | b'_' | b'/' | b'.') && is_word(sight.byte(end + 1)))
}

/// What the pattern is worth; none where it is no side code.
fn shape(token: &[u8]) -> Option<f32> {
    // The characters without their separators, and what they are, with and without.
    let (mut plain, mut kinds, mut bare, mut count) = ([0u8; 8], [0u8; 8], [0u8; 8], 0);
    for (kind, &byte) in kinds.iter_mut().zip(token) {
        *kind = match byte {
            b'0'..=b'9' => b'9',
            b'a'..=b'z' | b'A'..=b'Z' => b'X',
            _ => b'-',
        };
        if *kind != b'-' {
            (plain[count], bare[count]) = (byte.to_ascii_uppercase(), *kind);
            count += 1;
        }
    }
    let plain = &plain[..count];
    if plain.len() != 6
        || token.iter().any(u8::is_ascii_lowercase) && token.iter().any(u8::is_ascii_uppercase)
        || plain.iter().all(|byte| matches!(byte, b'X' | b'9'))
    {
        return None;
    }
    const EARLY: &[&[u8]] = &[b"XX-99-99", b"99-99-XX", b"99-XX-99"];
    const LATER: &[&[u8]] = &[
        b"XX-99-XX",
        b"XX-XX-99",
        b"99-XX-XX",
        b"99-XXX-9",
        b"9-XXX-99",
        b"XX-999-X",
        b"X-999-XX",
        b"XXX-99-X",
        b"X-99-XXX",
        b"9-XX-999",
        b"999-XX-9",
    ];
    let fits = |pattern: &[u8]| {
        if token.len() == 8 { *pattern == kinds } else { pattern.iter().filter(|&&byte| byte != b'-').eq(&bare[..count]) }
    };
    if let Some(pattern) = LATER.iter().find(|pattern| fits(pattern)) {
        let vowel = plain.iter().any(|letter| matches!(letter, b'A' | b'E' | b'I' | b'O' | b'U' | b'C' | b'Q'));
        let mut from = 0;
        let issued = pattern.split(|&byte| byte == b'-').all(|group| {
            from += group.len();
            !NEVER.contains(&&plain[from - group.len()..from])
        });
        return (!vowel && issued).then_some(0.4);
    }
    EARLY.iter().any(|pattern| fits(pattern)).then_some(0.3)
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn a_plate_is_found_by_shape_and_words() {
        for value in ["64-JRN-5", "SL-93-KH", "FL-VR-73", "77-PS-DH", "6-JDS-98", "12-HD-DK", "XX-999-X", "DB-12-34"] {
            if value != "XX-999-X" {
                finds("nl.licence-plate", &format!("Mijn auto met kenteken {value} stond daar."), value);
            }
        }
        finds("nl.licence-plate", "kenteken SL93KH", "SL93KH");
        finds("nl.licence-plate", "mijn auto (kenteken sl-93-kh) is weg", "sl-93-kh");
        finds("nl.licence-plate", "voertuig met kenteken 12 hd dk", "12 hd dk");
        finds("nl.licence-plate", "{\"kenteken\":\"64JRN5\"}", "64JRN5");
        finds("nl.licence-plate", "| melding | kenteken | plek |\n|---|---|---|\n| wrak | NH-BN-66 | plein |", "NH-BN-66");
    }

    #[test]
    fn codes_of_other_things_are_none() {
        for text in [
            "The projector in room 41-VPP-8 needs lamp NP-799-N",
            "Bestek 24-ZRF-3",
            "NH-BN-66",
            "kenteken 12-AB-CD-99",
            "auto 2024-11-24",
            "kenteken GV-DK-12-X",
            "Nieuwe kentekens volgen het patroon XXX-99-X",
        ] {
            misses("nl.licence-plate", text);
        }
    }
}
