//! `person-name`: a name after a title or role, with initials, in a column of names, before a birth date, or under a letter.
//!
//! Streets, rooms and laws that bear a name, and people who hold public office, are none. There is no list of names: a name alone in a
//! sentence, without any of these signs, is not found.

use super::{Candidate, Detector};
use crate::detect::groups::{BIRTH, BSN, CLOSING, NAME_FIELD, NAME_FOLLOWS, OFFICIAL};
use crate::detect::keywords::Words;
use crate::detect::names::{Name, name_at, name_before, name_only};
use crate::detect::prefilter::{Hit, is_word};
use crate::detect::score::Score;
use crate::detect::sight::Sight;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["person-name"],
    words: &[
        Words(
            NAME_FOLLOWS,
            "my name is, mijn naam is, statushouder, getuige, aangever, curator, bewindvoerder, mevrouw, meneer, mijnheer, heer, heren, dhr, mw, mevr, mr, mrs, ms, miss, familie, fam, dr, drs, ir, ing, prof, mejuffrouw, aanvrager, aanvraagster, verzoeker, verzoekster, betrokkene, belanghebbende, cliënt, client, cliente, cliënte, klant, patiënt, \
             patient, leerling, medewerker, werknemer, leidinggevende, behandelaar, contactpersoon, kandidaat, verdachte, slachtoffer, moeder, vader, ouder, broer, zus, zoon, dochter, partner, echtgenoot, echtgenote, gezinsvoogd, voogd, \
             huurder, bewoner, inwoner, burger, namens, ondergetekende, naam, name, ten name van, op naam van, t.n.v, bezwaarmaker, melder, indiener, zorgverlener, consulent, collega, vergunninghouder, eigenaar, applicant, tenant, employee, aanwezig, afwezig",
        ),
        Words(
            NAME_FIELD,
            "naam, name, melder, aanvrager, volledigenaam, volledige naam, achternaam, contactpersoon, klant, medewerker, behandelaar, cliënt, client, bewoner, eigenaar, fullname, full name, leerling, persoon, deelnemer, indiener, employee",
        ),
        Words(
            OFFICIAL,
            "wethouder*, burgemeester*, minister*, staatssecretaris*, raadslid, raadsleden, koning, koningin, prinses, prins, president, premier, commissaris, gedeputeerde, mayor, alderman",
        ),
        Words(CLOSING, "groet, groeten, groetjes, hoogachtend, regards, sincerely, groetend"),
    ],
    look,
};

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    for hit in sight.hits(NAME_FOLLOWS) {
        after_word(sight, hit, out);
    }
    for &initial in &sight.trace.initials {
        initials(sight, initial, out);
    }
    for hit in sight.hits(BIRTH | BSN) {
        if let Some(name) = before_sign(sight, hit.start) {
            push(sight, name, 0.7, out);
        }
    }
    for &at in &sight.trace.ats {
        if let Some(angle) = sight.bytes[..at]
            .iter()
            .rposition(|&byte| !(is_word(byte) || matches!(byte, b'.' | b'_' | b'-' | b'+')))
            .filter(|&place| sight.bytes[place] == b'<')
            && let Some(name) = before_sign(sight, angle)
        {
            push(sight, name, 0.7, out);
        }
    }
    for run in sight.runs().iter().filter(|run| run.len() >= 2 && matches!(sight.bytes[run.start], b'0')) {
        let gap =
            sight.text.get(..run.start).is_some_and(|before| before.ends_with(" - ") || before.ends_with(", ") || before.ends_with(": "));
        if gap && let Some(name) = before_sign(sight, run.start) {
            push(sight, name, 0.6, out);
        }
    }
    for hit in sight.hits(CLOSING) {
        signature(sight, hit, out);
    }
    columns(sight, out);
    letterhead(sight, out);
}

fn push(sight: &Sight<'_>, name: Name, confidence: f32, out: &mut Vec<Candidate>) {
    let official = sight.nearest_before(name.start, OFFICIAL, 12).is_some();
    out.push(Candidate {
        id: "person-name",
        start: name.start,
        end: name.end,
        score: Score::base(confidence, "a sign of a name beside it").and(if official { -0.5 } else { 0.0 }, "an office held in public"),
    });
}

/// A name after a title (`mevrouw De Wit`) or a role (`Aanvrager: Jan Bos`, `moeder (Robin Yilmaz)`).
fn after_word(sight: &Sight<'_>, hit: Hit, out: &mut Vec<Candidate>) {
    let line_end = sight.line(hit.start).end;
    let title = matches!(
        sight.text[hit.start..hit.end].to_lowercase().as_str(),
        "mevrouw"
            | "meneer"
            | "mijnheer"
            | "heer"
            | "dhr"
            | "mw"
            | "mevr"
            | "mr"
            | "mrs"
            | "ms"
            | "miss"
            | "familie"
            | "fam"
            | "dr"
            | "drs"
            | "ir"
            | "ing"
            | "prof"
            | "mejuffrouw"
    );
    let mut at = hit.end;
    at += sight.bytes[at..line_end].iter().take(2).take_while(|byte| matches!(byte, b'.' | b',')).count();
    at += sight.bytes[at..line_end]
        .iter()
        .take(4)
        .take_while(|byte| matches!(byte, b' ' | b'(' | b':' | b'"' | b'\'' | b'*' | b'=' | b'\t'))
        .count();
    if let Some(name) = name_at(sight, at).filter(|name| name.end <= line_end && (title || name.words >= 2)) {
        push(sight, name, if title { 0.8 } else { 0.7 }, out);
        return;
    }
    // `Contactpersoon vluchtelingenwerk: Nisa Demir`, `"naam": "Jan Bos"`.
    let window = line_end.min(hit.end + 40);
    if let Some(colon) = memchr::memchr(b':', &sight.bytes[hit.end..window]) {
        let mut at = hit.end + colon + 1;
        at += sight.bytes[at..line_end]
            .iter()
            .take(8)
            .take_while(|byte| matches!(byte, b' ' | b'"' | b'\'' | b'[' | b'{' | b'*' | b'\t'))
            .count();
        if let Some(name) = name_at(sight, at).filter(|name| name.words >= 2 && name.end <= line_end) {
            push(sight, name, 0.7, out);
        }
    }
}

/// `S.K. Sopacua`, `M. van den Heuvel`, `Meer, S. van der`.
fn initials(sight: &Sight<'_>, at: usize, out: &mut Vec<Candidate>) {
    if sight.before(at) == b'.' {
        return;
    }
    if let Some(name) = super::super::names::surname_first(sight, at) {
        push(sight, name, 0.7, out);
        return;
    }
    if let Some(name) = name_at(sight, at) {
        let line = sight.line(at);
        let heading =
            at == line.start && name.initials == 1 && sight.bytes[name.end..line.end].iter().all(|byte| !byte.is_ascii_alphabetic());
        let signed = sight.nearest_before(at, CLOSING, 40).is_some();
        push(sight, name, if heading && !signed { 0.4 } else { 0.65 }, out);
    }
}

/// A name of two words or more before `(geb. ...`, `, BSN ...`, ` - 06...`, ` <mail>`.
fn before_sign(sight: &Sight<'_>, at: usize) -> Option<Name> {
    let line = sight.line(at);
    let skipped = sight.bytes[line.start..at]
        .iter()
        .rev()
        .take(4)
        .take_while(|byte| matches!(byte, b' ' | b'(' | b',' | b'-' | b':' | b'"' | b'\'' | b';'))
        .count();
    if skipped == 0 {
        return None;
    }
    let mut name = name_before(sight, at - skipped)?;
    // `Betrokkene Colin Smit`: the role is no part of the name.
    if let Some(role) = sight.nearest_after(name.start, NAME_FOLLOWS, 0).filter(|role| sight.byte(role.end) == b' ' && role.end < name.end)
    {
        name.start = role.end + 1;
        name.words = name.words.saturating_sub(1);
    }
    (name.words >= 2 && name.start >= line.start).then_some(name)
}

fn signature(sight: &Sight<'_>, hit: Hit, out: &mut Vec<Candidate>) {
    let mut from = sight.line(hit.end).end + 1;
    for _ in 0..3 {
        if from >= sight.bytes.len() {
            return;
        }
        let line = sight.line(from);
        from = line.end + 1;
        if sight.bytes[line.clone()].trim_ascii().is_empty() {
            continue;
        }
        if let Some(name) = name_only(sight, line) {
            push(sight, name, if name.words >= 2 { 0.75 } else { 0.4 }, out);
        }
        return;
    }
}

/// The columns under every head line that names people: the first such columns of a table, each row once per column.
fn columns(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    const COLUMNS_MAX: usize = 4;
    let (mut below, mut head, mut taken) = (0, 0, 0);
    for hit in sight.hits(NAME_FIELD) {
        let line = sight.line(hit.start);
        if line.start != head {
            (head, taken) = (line.start, 0);
        }
        // A hit in a row of a table that was read already is a cell, not a head.
        if (hit.start >= below || taken > 0) && taken < COLUMNS_MAX {
            taken += 1;
            below = below.max(column(sight, hit, line, out));
        }
    }
}

/// Every cell under the head of a column of names; gives where the table ends.
fn column(sight: &Sight<'_>, hit: Hit, head: std::ops::Range<usize>, out: &mut Vec<Candidate>) -> usize {
    const ROWS_MAX: usize = 100_000;
    let Some(delimiter) =
        [b'\t', b';', b'|', b','].into_iter().find(|&delimiter| memchr::memchr(delimiter, &sight.bytes[head.clone()]).is_some())
    else {
        return 0;
    };
    let index = memchr::memchr_iter(delimiter, &sight.bytes[head.start..hit.start]).count();
    let wanted = memchr::memchr_iter(delimiter, &sight.bytes[head.clone()]).count();
    let mut from = head.end + 1;
    for _ in 0..ROWS_MAX {
        if from >= sight.bytes.len() {
            break;
        }
        let line = sight.line(from);
        if memchr::memchr_iter(delimiter, &sight.bytes[line.clone()]).count() < wanted {
            break;
        }
        from = line.end + 1;
        let mut start = line.start;
        for _ in 0..index {
            start += memchr::memchr(delimiter, &sight.bytes[start..line.end]).map_or(0, |next| next + 1);
        }
        let end = memchr::memchr(delimiter, &sight.bytes[start..line.end]).map_or(line.end, |next| start + next);
        if let Some(name) = name_only(sight, start..end) {
            push(sight, name, if name.words >= 2 { 0.75 } else { 0.55 }, out);
        }
    }
    from
}

/// A name alone on the line above a street and a postcode.
fn letterhead(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    for run in sight.runs().iter().filter(|run| run.len() == 4) {
        let line = sight.line(run.start);
        let postcode = line.start == run.start
            && sight.byte(run.end) == b' '
            && sight.byte(run.end + 1).is_ascii_uppercase()
            && sight.byte(run.end + 2).is_ascii_uppercase();
        if !postcode || line.start < 2 {
            continue;
        }
        let street = sight.line(line.start - 1);
        if street.start == 0 || !sight.bytes[street.clone()].iter().any(u8::is_ascii_digit) {
            continue;
        }
        if let Some(name) = name_only(sight, sight.line(street.start - 1)).filter(|name| name.words >= 2) {
            push(sight, name, 0.7, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn names_are_found_by_the_signs_around_them() {
        for (text, value) in [
            ("Geachte mevrouw De Wit,", "De Wit"),
            ("Aan de heer V.P. de Lange", "V.P. de Lange"),
            ("Aanvrager: Meike van den Berg", "Meike van den Berg"),
            ("Aanwezig: moeder (Robin Yilmaz)", "Robin Yilmaz"),
            ("Contactpersoon vluchtelingenwerk: Nisa Demir, 06", "Nisa Demir"),
            ("besproken met N.F. Kersten in mei", "N.F. Kersten"),
            ("Dex Boonstra (geboren 06-04-2010)", "Dex Boonstra"),
            ("Met vriendelijke groet,\n\nDaniël Verhoeven\nConsulent", "Daniël Verhoeven"),
            ("naam;bsn;plaats\nMeer, S. van der;1;x", "Meer, S. van der"),
            ("| melding | plek | melder |\n|---|---|---|\n| wrak | plein | K. Bos |", "K. Bos"),
        ] {
            finds("person-name", text, value);
        }
    }

    #[test]
    fn streets_officials_and_headings_are_none() {
        for text in [
            "Wethouder De Haan opende het zwembad.",
            "de Willem Dreesweg, tussen de Anne Frankstraat en het Marktplein",
            "A. Inleiding\nB. Vervolg",
            "zaal Van Gogh",
            "Aanvrager: zie bijlage",
        ] {
            misses("person-name", text);
        }
    }
}
