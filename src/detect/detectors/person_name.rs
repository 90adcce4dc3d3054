//! `person-name`: names of people in sentences, forms, tables, letters and mails.
//!
//! Takes the words that the lexicon knows as names, initials, titles and roles, fields and columns of names as its starts. `weigh` decides:
//! what the name is made of, what stands around it, and whether it is the name of a thing (street, firm, prize, law), of a person in public
//! office, or of an author. A given name or a surname alone counts only beside a sign such as a title.

mod fields;
mod public;
mod weigh;

use super::{Candidate, Detector};
use crate::detect::groups::{BIRTH, BSN, CLOSING, NAME_FIELD, NAME_FOLLOWS, OFFICIAL};
use crate::detect::keywords::Words;
use crate::detect::names::{
    Name, is_capitalised, name_around, name_at, name_before, name_only, names_in, stands_alone, surname_first, surname_first_of,
};
use crate::detect::prefilter::{Hit, is_word};
use crate::detect::sight::Sight;
use weigh::{Sign, push};

pub(super) const DETECTOR: Detector = Detector {
    ids: &["person-name"],
    words: &[
        Words(
            NAME_FOLLOWS,
            "my name is, mijn naam is, ik ben, heet, genaamd, statushouder, getuige, aangever, aangeefster, curator, bewindvoerder, mevrouw, meneer, mijnheer, heer, heren, dhr, mw, mevr, mnr, mej, gezin, bewindv, betr, cl, clt, mr, mrs, ms, miss, familie, fam, dr, drs, ir, ing, prof, \
             mejuffrouw, aanvrager, aanvraagster, verzoeker, verzoekster, betrokkene, belanghebbende, cliënt, client, cliente, cliënte, klant, patiënt, \
             patient, leerling, medewerker, medewerkster, werknemer, leidinggevende, behandelaar, contactpersoon, kandidaat, verdachte, slachtoffer, moeder, vader, ouder, ouders, verzorgers, broer, zus, zusje, broertje, zoon, zoontje, dochter, \
             dochtertje, partner, echtgenoot, echtgenote, gezinsvoogd, voogd, huurder, huurster, bewoner, bewoonster, inwoner, inwoonster, burger, namens, ondergetekende, naam, name, ten name van, op naam van, t.n.v, t.a.v, bezwaarmaker, \
             melder, meldster, indiener, indienster, zorgverlener, consulent, consulente, klantmanager, casemanager, wijkcoach, begeleider, begeleidster, mantelzorger, collega, vergunninghouder, eigenaar, eigenares, applicant, tenant, employee, \
             neighbour, neighbor, aanwezig, afwezig, buurman, buurvrouw, tante, oma, opa, stiefvader, stiefmoeder, pleegmoeder, pleegvader, tolk, klager, klaagster, weduwe, weduwnaar, erfgenaam, sollicitant, sollicitante, stagiair, stagiaire, \
             schuldenaar, overledene, erflater, rechthebbende, houder, houdster, eiser, eiseres, verweerder, appellant, gedaagde, jongere, deelnemer, deelneemster, passagier, bestuurder, advocaat, huisarts, behandeld door, opgesteld door, ingediend door, besproken met, gesproken met, gesprek met, \
             aldus, client's, contact person, caller, citizen, resident, claimant, pupil",
        ),
        Words(
            NAME_FIELD,
            "naam, name, melder, aanvrager, volledigenaam, volledige naam, achternaam, achternamen, voornaam, voornamen, roepnaam, geslachtsnaam, contactpersoon, klant, medewerker, behandelaar, cliënt, client, bewoner, eigenaar, fullname, full name, \
             full_name, lastname, last name, last_name, surname, familyname, family name, firstname, first name, first_name, givenname, given name, leerling, persoon, deelnemer, indiener, employee, ouder, passagier, patiënt, patient, inwoner, burger, \
             verzorger, afzender, ontvanger, ondertekenaar, betrokkene, huurder, author, auteur, organizer, displayname, display_name, naamhouder, rekeninghouder, kandidaat, sollicitant, student, partner, ouder1, ouder2, voogd, gemachtigde, \
             melders, deelnemers, medeverhuizers, opdrachtgever, tenaamstelling, customer name, applicant, contact name",
        ),
        Words(
            OFFICIAL,
            "wethouder*, burgemeester*, voorzitter, loco-burgemeester*, locoburgemeester*, minister*, staatssecretaris*, raadslid, raadsleden, commissielid, burgerraadslid, fractievoorzitter*, fractieleider, lijsttrekker, statenlid, koning, koningin, prinses, prins, \
             president, premier, commissaris, gedeputeerde*, dijkgraaf, kamerlid, kamerleden, gemeentesecretaris, griffier, raadsgriffier, ombudsman, kinderombudsman, portefeuillehouder*, mayor, alderman, councillor",
        ),
        Words(
            CLOSING,
            "groet, groeten, groetjes, hoogachtend, regards, sincerely, groetend, faithfully, mvg, m.v.g, gr, grt, grtz, getekend, w.g, ondertekening, handtekening",
        ),
    ],
    look,
};

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    let mut taken = 0;
    for word in names_in(sight) {
        if word.start >= taken
            && !stands_alone(sight, word)
            && let Some(name) = name_around(sight, word)
        {
            let found = out.len();
            push(sight, name, Sign::None, out);
            taken = if out.len() > found { name.end } else { word.end };
        }
    }
    for hit in sight.hits(NAME_FOLLOWS | NAME_FIELD) {
        after_word(sight, hit, out);
    }
    for &initial in &sight.trace.initials {
        initials(sight, initial, out);
    }
    for hit in sight.hits(BIRTH | BSN) {
        if let Some(name) = before_sign(sight, hit.start) {
            push(sight, name, Sign::Beside, out);
        }
    }
    for &at in &sight.trace.ats {
        if let Some(angle) = sight.bytes[..at]
            .iter()
            .rev()
            .take(80)
            .position(|&byte| !(is_word(byte) || matches!(byte, b'.' | b'_' | b'-' | b'+')))
            .map(|back| at - 1 - back)
            .filter(|&place| matches!(sight.bytes[place], b'<' | b'('))
            && let Some(name) = before_sign(sight, angle)
        {
            push(sight, name, Sign::Beside, out);
        }
    }
    for run in sight.runs().iter().filter(|run| run.len() >= 2 && sight.bytes[run.start] == b'0') {
        let gap =
            sight.text.get(..run.start).is_some_and(|before| [" - ", ", ", ": ", "  ", "; ", " ("].iter().any(|gap| before.ends_with(gap)));
        if gap && let Some(name) = before_sign(sight, run.start) {
            push(sight, name, Sign::Number, out);
        }
    }
    for hit in sight.hits(CLOSING) {
        signature(sight, hit, out);
    }
    fields::columns(sight, out);
    fields::letterhead(sight, out);
}

const TITLES: &[&str] = &[
    "mevrouw",
    "meneer",
    "mijnheer",
    "heer",
    "heren",
    "dhr",
    "mw",
    "mevr",
    "mr",
    "mrs",
    "ms",
    "miss",
    "familie",
    "gezin",
    "mnr",
    "mej",
    "fam",
    "dr",
    "drs",
    "ir",
    "ing",
    "prof",
    "mejuffrouw",
];

/// A name after a title (`mevrouw De Wit`), a role (`moeder (Robin Yilmaz)`) or the name of a field (`Aanvrager: Jan Bos`, `"naam": "Jan"`).
fn after_word(sight: &Sight<'_>, hit: Hit, out: &mut Vec<Candidate>) {
    const GAP_MAX: usize = 40;
    let line = sight.line(hit.start);
    let title = TITLES.iter().any(|title| sight.text[hit.start..hit.end].eq_ignore_ascii_case(title));
    let signs = |byte: &&u8| {
        matches!(
            byte,
            b' ' | b'(' | b':' | b'"' | b'\'' | b'*' | b'=' | b'\t' | b'>' | b'.' | b',' | b'|' | b'[' | b'{' | b'_' | b'/' | b'-'
        )
    };
    let gap = sight.bytes[hit.end..line.end].iter().take(GAP_MAX).take_while(signs).count();
    let between = &sight.bytes[hit.end..hit.end + gap];
    let mut at = hit.end + gap;
    if at >= line.end {
        // `Naam` on one line, the name on the next.
        if hit.groups & NAME_FIELD != 0 && starts_its_line(sight, line.start, hit.start) || title && !between.contains(&b'.') {
            next_line(sight, line.end, if title { Sign::Role } else { field_sign(sight, hit) }, out);
        }
        return;
    }
    // A surname may begin with an apostrophe: `mevrouw 't Hart`.
    if sight.before(at) == b'\'' && sight.byte(at) == b't' {
        at -= 1;
    }
    let between = &between[..at - hit.end];
    let dots = between.iter().filter(|&&byte| byte == b'.').count();
    let field = between.iter().any(|byte| matches!(byte, b':' | b'=' | b'>' | b'\t')) || dots > 2;
    let role = between.iter().all(|byte| matches!(byte, b' ' | b'(' | b'"' | b'*'))
        || title && between.iter().all(|byte| matches!(byte, b' ' | b'.' | b'/' | b','));
    // `zoon van Maarten de Wit`, `aanvraag van mevrouw ...`: the role's own person is another, but a person.
    if role
        && let Some(of) = sight.text.get(at..).and_then(|rest| rest.strip_prefix("van ")).filter(|rest| is_capitalised(rest))
        && let Some(name) = name_at(sight, line.end.min(sight.text.len() - of.len()), false)
            .filter(|name| name.words >= 2 && name.given + name.given_ordinary + name.initials > 0 && name.end <= line.end)
    {
        push(sight, name, Sign::Role, out);
        return;
    }
    if field || role {
        let reversed = if field { surname_first(sight, at).filter(|name| name.end <= line.end) } else { None };
        let name = reversed.or_else(|| name_at(sight, at, true));
        // After a role without a colon, only a whole name counts in small letters: `zoon annie polishchuk`.
        let whole = |name: &Name| {
            title
                || field
                || is_capitalised(&sight.text[name.start..])
                || name.connectors > 0 && !name.leading
                || name.given > 0 && name.words >= 2
        };
        if let Some(name) = name.filter(|name| name.end <= line.end && whole(name)) {
            let sign = if title {
                Sign::Title
            } else if field {
                field_sign(sight, hit)
            } else if hit.groups & NAME_FOLLOWS != 0 {
                Sign::Role
            } else {
                Sign::None
            };
            push(sight, name, sign, out);
            if title || field {
                others_after(sight, name, line.end, title, out);
            }
            return;
        }
    }
    // `Contactpersoon vluchtelingenwerk: Nisa Demir`, `Aanwezig waren moeder (..)`.
    let window = line.end.min(hit.end + GAP_MAX);
    if let Some(colon) = memchr::memchr(b':', &sight.bytes[hit.end..window]) {
        let mut at = hit.end + colon + 1;
        at += sight.bytes[at..line.end].iter().take(8).take_while(|byte| matches!(byte, b' ' | b'"' | b'[' | b'{' | b'*' | b'\t')).count();
        if let Some(name) = name_at(sight, at, false).filter(|name| name.words >= 2 && name.end <= line.end) {
            push(sight, name, Sign::Label, out);
        }
    }
}

/// `mevrouw De Wit en De Boer`, `Aanwezig: Jansen, De Vries en Kowalczyk`.
fn others_after(sight: &Sight<'_>, first: Name, line_end: usize, title: bool, out: &mut Vec<Candidate>) {
    const OTHERS_MAX: usize = 40;
    let mut end = first.end;
    for _ in 0..OTHERS_MAX {
        let joints: &[&str] = if title { &[" en ", "/", " & "] } else { &[", ", " en ", "; ", " & ", ", en "] };
        let Some(joint) = sight.text.get(end..).and_then(|rest| joints.iter().find(|joint| rest.starts_with(**joint))) else { return };
        let Some(name) = name_at(sight, end + joint.len(), false).filter(|name| name.end <= line_end) else { return };
        push(sight, name, if title { Sign::Role } else { Sign::Label }, out);
        end = name.end;
    }
}

/// What the name of a field is worth: `name` alone names servers and files too.
fn field_sign(sight: &Sight<'_>, hit: Hit) -> Sign {
    let any = ["name", "naam"].iter().any(|word| sight.text[hit.start..hit.end].eq_ignore_ascii_case(word));
    if hit.groups & NAME_FIELD != 0 && !any { Sign::Field } else { Sign::Label }
}

/// Nothing but a few words stands before it in its line.
fn starts_its_line(sight: &Sight<'_>, line: usize, at: usize) -> bool {
    at - line < 24 && !sight.bytes[line..at].contains(&b':')
}

/// The name that fills the line after `end`.
fn next_line(sight: &Sight<'_>, end: usize, sign: Sign, out: &mut Vec<Candidate>) {
    if end + 1 >= sight.bytes.len() {
        return;
    }
    if let Some(name) = name_only(sight, sight.line(end + 1)) {
        push(sight, name, sign, out);
    }
}

/// `S.K. Sopacua`, `M. van den Heuvel`, `Meer, S. van der`: where the lexicon does not know the surname.
fn initials(sight: &Sight<'_>, at: usize, out: &mut Vec<Candidate>) {
    if sight.before(at) == b'.'
        || sight.before(at) == b' ' && at >= 2 && sight.bytes[at - 2] == b'.' && at >= 3 && sight.bytes[at - 3].is_ascii_uppercase()
    {
        return;
    }
    if sight.text.get(..at).is_some_and(|before| before.ends_with(", "))
        && let Some(surname) = name_before(sight, at - 2)
        && let Some(name) = surname_first_of(sight, surname)
    {
        push(sight, name, Sign::None, out);
        return;
    }
    if let Some(name) = name_at(sight, at, false) {
        let line = sight.line(at);
        // `A. Inleiding` is a heading.
        let heading = at == line.start
            && name.initials == 1
            && name.words <= 2
            && name.surname + name.connectors == 0
            && sight.bytes[name.end..line.end].iter().all(|byte| !byte.is_ascii_alphabetic());
        let signed = sight.nearest_before(at, CLOSING, 80).is_some();
        if !heading || signed {
            push(sight, name, Sign::None, out);
        }
    }
}

/// A name of two words or more before `(geb. ...`, `, BSN ...`, ` - 06...`, ` <mail>`.
fn before_sign(sight: &Sight<'_>, at: usize) -> Option<Name> {
    let line = sight.line(at);
    let skipped = sight.bytes[line.start..at]
        .iter()
        .rev()
        .take(6)
        .take_while(|byte| matches!(byte, b' ' | b'(' | b',' | b'-' | b':' | b'"' | b'\'' | b';' | b'|' | b'\t'))
        .count();
    if skipped == 0 {
        return None;
    }
    let mut name = name_before(sight, at - skipped)?;
    // `Warmenhoven, Carla`
    if name.words == name.given + name.given_ordinary
        && sight.text[..name.start].ends_with(", ")
        && let Some(surname) = name_before(sight, name.start - 2).filter(|surname| surname.words == 1)
        && let Some(whole) = surname_first(sight, surname.start).filter(|whole| whole.end == name.end)
    {
        name = whole;
    }
    (name.words >= 2 && name.start >= line.start).then_some(name)
}

/// The name under the closing of a letter, or behind it on its line.
fn signature(sight: &Sight<'_>, hit: Hit, out: &mut Vec<Candidate>) {
    let line = sight.line(hit.end);
    let rest = hit.end
        + sight.bytes[hit.end..line.end].iter().take(6).take_while(|byte| matches!(byte, b'.' | b',' | b' ' | b'!' | b':' | b'*')).count();
    if rest > hit.end
        && rest < line.end
        && let Some(name) = name_only(sight, rest..line.end)
    {
        push(sight, name, Sign::Closing, out);
        return;
    }
    let mut from = line.end + 1;
    for _ in 0..5 {
        if from >= sight.bytes.len() {
            return;
        }
        let line = sight.line(from);
        from = line.end + 1;
        let text = sight.bytes[line.clone()].trim_ascii();
        if text.is_empty() {
            continue;
        }
        if let Some(name) = name_only(sight, line.clone()) {
            push(sight, name, Sign::Closing, out);
            return;
        }
        // `namens het college,` and `College van burgemeester en wethouders` stand between the closing and the name.
        let office = text.len() < 60
            && (text[..text.len().min(7)].eq_ignore_ascii_case(b"college")
                || text[..text.len().min(6)].eq_ignore_ascii_case(b"namens")
                || text[..text.len().min(3)].eq_ignore_ascii_case(b"het"));
        if !office {
            return;
        }
    }
}

#[cfg(test)]
mod tests;
