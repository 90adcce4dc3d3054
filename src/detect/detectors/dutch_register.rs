//! Numbers of Dutch registers that only a word beside them tells apart: `nl.rsin`, `nl.kvk`, `nl.agb`, `nl.big`, `nl.v-number`,
//! `nl.driving-licence`, `nl.bag-id`.
//!
//! Takes digit runs of the register's length near a word that names it. A number without such a word is never a finding.

use super::{Candidate, Detector};
use crate::detect::groups::{ACCOUNT, AGB, ALIEN, BAG, BIG, BSN, CARD, DRIVING, Groups, KVK, ORGANISATION, OTHER_NUMBER, RSIN};
use crate::detect::keywords::Words;
use crate::detect::layout::{named, telephone};
use crate::detect::numbers::{Number, elfproef, is_amount, is_date, joined, luhn};
use crate::detect::score::Score;
use crate::detect::sight::Sight;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["nl.rsin", "nl.kvk", "nl.agb", "nl.big", "nl.v-number", "nl.driving-licence", "nl.bag-id"],
    words: &[
        Words(
            RSIN,
            "rsin, rsins, rsinnummer*, rsin-nummer*, rsin/fiscaal, rechtspersonen en samenwerkingsverbanden informatienummer, fiscaal nummer*, fiscaalnummer*, \
             fiscale nummer*, fi-nummer*, finummer*",
        ),
        Words(
            KVK,
            "kvk, k.v.k, kvknummer*, kvknr, kvk-nummer*, kvk-nr, handelsregister*, handelsregisternummer*, kamer van koophandel, kamer van koophandelnummer*, \
             vestigingsnummer*, vestigingsnr, chamber of commerce, trade register*, coc number, coc-number, coc no, coc nr",
        ),
        Words(AGB, "agb, agbcode*, agbnummer*, agbnr, agb-code*, agb-nummer*, agb-register*, agb-nr"),
        Words(
            BIG,
            "big, bignummer*, bignr, bigregister*, bigregistratie*, big-nummer*, big-nr, big-register*, big-registratie*, big-geregistreerd*",
        ),
        Words(
            ALIEN,
            "v-nummer*, vnummer*, vnr, v-nr, v.nr, v nummer, vreemdelingennummer*, vreemdelingennr, vreemdelingnummer*, vreemdelingen-nummer*, \
             v-number*, v number, alien number*, aliens number*, alien registration*",
        ),
        Words(
            DRIVING,
            "rijbewijs*, rijbewijzen, driving licence*, driving license*, driver's licence*, driver's license*, drivers licence*, drivers license*, driver licence*, driver license*",
        ),
        Words(
            BAG,
            "bag, bagid, bag-id, bag_id, bag-nummer*, bagnummer*, imbag, nummeraanduiding*, nummeraanduidingid, verblijfsobject*, adresseerbaar object*, \
             adresseerbaarobject*, pand, pandid, pand-id, pandidentificatie*, ligplaats*, standplaats*, vbo, vbo-id, vboid",
        ),
        Words(
            ORGANISATION,
            "stichting, stichtingen, vereniging, b.v, bv, n.v, nv, v.o.f, vof, coöperatie, cooperatie, maatschap, organisatie, \
             rechtspersoon, rechtspersonen, instelling, instellingen, vennootschap, holding, vve, kerkgenootschap, anbi, foundation, company, association, organisation, ltd, gmbh",
        ),
    ],
    look,
};

/// A register's numbers.
struct Register {
    id: &'static str,
    group: Groups,
    lengths: &'static [usize],
    /// Words that claim the number for something else, beside those of every other number.
    against: Groups,
    /// What the digits alone are worth; none where they cannot be such a number.
    worth: fn(&[u8]) -> Option<f32>,
    because: &'static str,
}

const BASE: f32 = 0.31;

const REGISTERS: &[Register] = &[
    Register {
        id: "nl.kvk",
        group: KVK,
        lengths: &[8, 12],
        against: BSN | ACCOUNT,
        worth: |digits| match digits.len() {
            12 => (digits[..3] == [0; 3]).then_some(BASE),
            _ if is_date(digits) => Some(0.05),
            _ => digits.iter().any(|&digit| digit != digits[0]).then_some(BASE),
        },
        because: "8 digits, or a branch's 12",
    },
    Register {
        id: "nl.agb",
        group: AGB,
        lengths: &[8],
        against: BSN,
        worth: |digits| Some(if is_date(digits) { 0.05 } else { BASE }),
        because: "8 digits",
    },
    Register { id: "nl.big", group: BIG, lengths: &[11], against: BSN, worth: |_| Some(BASE), because: "11 digits" },
    Register { id: "nl.v-number", group: ALIEN, lengths: &[10], against: BSN | DRIVING, worth: not_phone, because: "10 digits" },
    Register { id: "nl.driving-licence", group: DRIVING, lengths: &[10], against: BSN | ALIEN, worth: not_phone, because: "10 digits" },
    Register {
        id: "nl.bag-id",
        group: BAG,
        lengths: &[16, 15],
        against: CARD,
        worth: |digits| {
            // Spreadsheets drop the leading zero of the municipality.
            let zero = 16 - digits.len();
            let kind = digits[4 - zero] * 10 + digits[5 - zero];
            let known = matches!(kind, 1 | 2 | 3 | 10 | 20 | 30) && (zero == 1 || digits[0] <= 1);
            (known && !(digits[0] > 1 && luhn(digits))).then_some(0.35)
        },
        because: "a municipality, a known kind of object, and 10 digits",
    },
];

fn not_phone(digits: &[u8]) -> Option<f32> {
    Some(if digits[0] == 0 { 0.15 } else { BASE })
}

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    for register in REGISTERS {
        if !sight.has(register.group) && sight.label & register.group == 0 {
            continue;
        }
        let mut taken = 0;
        for chain in sight.chains() {
            let (index, run) = (chain.index, &sight.runs()[chain.index]);
            if chain.joined < 8 || run.start < taken || run.len() > register.lengths[register.lengths.len() - 1].max(register.lengths[0]) {
                continue;
            }
            let Some((number, worth)) = register.lengths.iter().find_map(|&length| {
                let number = joined(sight, index, length).filter(|number| register.group != BAG || number.separator != b'.')?;
                Some((number, (register.worth)(number.digits())?))
            }) else {
                continue;
            };
            taken = number.end;
            if is_amount(sight, number.start) {
                continue;
            }
            let against = register.against | (OTHER_NUMBER & !register.group);
            let phone = number.digits()[0] == 0 && telephone(sight, number.start).is_some();
            let said = named(sight, number.start, number.end, register.group, against);
            let score = Score::base(worth, register.because).with(said);
            let direct = said.worth >= 0.4 && said.word.is_some_and(|(_, to)| to <= number.start && number.start - to <= 14);
            if said.worth > 0.0 && !phone {
                out.push(Candidate {
                    id: register.id,
                    start: number.start,
                    end: number.end,
                    score: if direct { score.and(0.1, "nothing stands between") } else { score },
                });
            }
        }
    }
    rsin(sight, out);
}

/// `nl.rsin` has the form of a citizen service number: only its own name, or an organisation beside `fiscaal nummer`, tells them apart.
fn rsin(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    if !sight.has(RSIN) && sight.label & RSIN == 0 {
        return;
    }
    for chain in sight.chains() {
        let (index, run) = (chain.index, &sight.runs()[chain.index]);
        if chain.joined < 8 || run.len() > 9 {
            continue;
        }
        let Some(number) = joined(sight, index, 9).or_else(|| joined(sight, index, 8)).filter(|number| elfproef(number.digits())) else {
            continue;
        };
        let Number { start, end, .. } = number;
        let said = named(sight, start, end, RSIN, OTHER_NUMBER | BSN);
        if said.worth < 0.2 {
            continue;
        }
        let own_name = match said.word.and_then(|(from, _)| sight.bytes.get(from..from + 4)) {
            Some(word) => word.eq_ignore_ascii_case(b"rsin") || word.eq_ignore_ascii_case(b"rech"),
            None => true,
        };
        if own_name || organisation(sight, start) {
            let score = Score::base(0.6, "8 or 9 digits that pass the elfproef").with(said).and(0.1, "an organisation's number is named");
            out.push(Candidate { id: "nl.rsin", start, end, score });
        }
    }
}

/// An organisation is spoken of within 300 bytes.
pub(super) fn organisation(sight: &Sight<'_>, at: usize) -> bool {
    const WIDE: usize = 300;
    sight.near(at, at, ORGANISATION, WIDE)
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn a_number_is_told_by_the_word_beside_it() {
        for (id, text, value) in [
            ("nl.kvk", "KvK: 71687037 te Zeist", "71687037"),
            ("nl.kvk", "ingeschreven in het handelsregister onder nummer 30 14 52 67.", "30 14 52 67"),
            ("nl.kvk", "Vestigingsnummer 000012345678", "000012345678"),
            ("nl.kvk", "registered with the Chamber of Commerce under number 12345679", "12345679"),
            ("nl.kvk", "{\"kvkNummer\": \"69599084\"}", "69599084"),
            ("nl.kvk", "bedrijf;kvk;plaats\nBos;69599084;Zeist", "69599084"),
            ("nl.agb", "AGB-code zorgverlener: 01-845345", "01-845345"),
            ("nl.agb", "AGB\n03012345", "03012345"),
            ("nl.agb", "praktijk;agb-code;BIG;contact\nFysio Zuid;01678716;19763049430;N. Bos", "01678716"),
            ("nl.big", "BIG-nummer 49048933401 (arts)", "49048933401"),
            ("nl.big", "BIG-registratie: 4904 8933 401", "4904 8933 401"),
            ("nl.v-number", "V-nummer: 2764978758", "2764978758"),
            ("nl.v-number", "vreemdelingennummer 276 497 8758", "276 497 8758"),
            ("nl.driving-licence", "Rijbewijsnummer 5878000723 moet worden vervangen", "5878000723"),
            ("nl.driving-licence", "his driving licence (no. 5878000723)", "5878000723"),
            ("nl.bag-id", "Nummeraanduiding 0363200000123456", "0363200000123456"),
            ("nl.bag-id", "NL.IMBAG.Verblijfsobject.0363010000123456", "0363010000123456"),
            ("nl.rsin", "Stichting De Brug, RSIN 123456782", "123456782"),
            ("nl.rsin", "Zorg Zuid B.V., fiscaal nummer 1234.56.782", "1234.56.782"),
        ] {
            finds(id, text, value);
        }
    }

    #[test]
    fn the_same_digits_without_the_word_or_of_something_else_are_none() {
        for (id, text) in [
            ("nl.kvk", "71687037"),
            ("nl.kvk", "De KvK vroeg om bestelling 71687037"),
            ("nl.kvk", "Inschrijving KvK vanaf de datum van vandaag, dus gewoon op de dag zelf, 20241126"),
            ("nl.agb", "order 01845345"),
            ("nl.big", "a big order of 49048933401 items"),
            ("nl.v-number", "V-nummer onbekend, tel 0612345678"),
            ("nl.driving-licence", "rijbewijs kwijt, bel 0612345678"),
            ("nl.driving-licence", "rijbewijs B, isbn 9012345678"),
            ("nl.bag-id", "BAG-object 0363990000123456"),
            ("nl.rsin", "RSIN 123456789"),
            ("nl.rsin", "BSN 123456782"),
        ] {
            misses(id, text);
        }
    }

    #[test]
    fn a_fiscal_number_of_a_person_is_a_citizen_service_number() {
        finds("nl.bsn", "Uw fiscaal nummer is 123456782, mevrouw", "123456782");
        misses("nl.bsn", "Stichting De Brug, RSIN 123456782");
        misses("nl.bsn", "Stichting De Brug, fiscaal nummer 123456782");
    }
}
