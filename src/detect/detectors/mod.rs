//! One file per family of detectors, and the table of them all.
//!
//! To add a detector: write its file with a `DETECTOR` (its ids, its words, its function) and add one line to [`ALL`]. It takes a
//! [`Sight`] and gives [`Candidate`]s; it starts from the trace's runs, hits and signs, and never searches the whole text.

mod bic;
mod bsn;
mod case_number;
mod credential;
mod date_of_birth;
mod document_number;
mod dutch_register;
mod email;
mod foreign;
mod iban;
mod kadaster;
pub(super) mod label;
mod licence_plate;
mod location;
mod marking;
mod mrz;
mod network;
mod payment_card;
mod person_name;
mod phone;
mod postal_address;
mod recruitment;
mod secrecy;
mod situation;
mod source_code;
mod vat;

use super::keywords::Words;
use super::score::Score;
use super::sight::Sight;

/// A family of detectors.
pub(crate) struct Detector {
    /// Contract ids that it gives.
    pub ids: &'static [&'static str],
    /// Words that it starts from or weighs, with their groups.
    pub words: &'static [Words],
    pub look: fn(&Sight<'_>, &mut Vec<Candidate>),
}

/// Something that may be a finding; what is under the threshold is dropped later.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate {
    pub id: &'static str,
    pub start: usize,
    pub end: usize,
    pub score: Score,
}

/// Every built-in detector. Where two findings overlap with the same confidence, the earlier line wins.
pub(crate) const ALL: &[&Detector] = &[
    &credential::DETECTOR,
    &iban::DETECTOR,
    &dutch_register::DETECTOR,
    &bsn::DETECTOR,
    &mrz::DETECTOR,
    &vat::DETECTOR,
    &foreign::DETECTOR,
    &payment_card::DETECTOR,
    &email::DETECTOR,
    &network::DETECTOR,
    &location::DETECTOR,
    &bic::DETECTOR,
    &kadaster::DETECTOR,
    &case_number::DETECTOR,
    &phone::DETECTOR,
    &document_number::DETECTOR,
    &licence_plate::DETECTOR,
    &postal_address::DETECTOR,
    &label::DETECTOR,
    &secrecy::DETECTOR,
    &marking::DETECTOR,
    &date_of_birth::DETECTOR,
    &person_name::DETECTOR,
    &situation::DETECTOR,
    &recruitment::DETECTOR,
    &source_code::DETECTOR,
];

/// Makes what detectors need beside the words, once and before the first scan.
pub(super) fn prepare() {
    marking::prepare();
    secrecy::prepare();
}

/// Words that several detectors weigh.
pub(crate) const SHARED: &[Words] = &[
    Words(
        super::groups::OTHER_NUMBER,
        "order, ordernummer*, ordernr, orders, bestelling, bestelnummer*, bestelnr, pakket, pakketje, pakje, zending, zendingnummer*, tracking*, track, \
         trace, barcode, retour, retouren, factuur*, factuurnr, invoice*, artikelnummer*, artikelnr, serienummer*, serial, klantnummer*, klantnr, customer, \
         isbn, issn, ean, gtin, sku, upc, imei, kvk, kvknummer*, handelsregister*, vestigingsnummer*, rsin, fiscaal nummer, ecli, stcrt, gemeenteblad, staatscourant, \
         ticket*, issue, build*, artifact, commit, versie*, version*, release*, request*, requestid, session*, sessie*, thread, pid, uuid, guid, hash, \
         sha, sha256, md5, project, projectnummer*, projectnr, bestek*, zaak, zaaknummer*, zaaknr, kenmerk, dossier, dossiernummer*, referentie*, reference*, ref, \
         volgnummer*, meldingsnummer*, meldingnummer*, contractnummer*, polisnummer*, budget*, begroting*, kostenplaats*, grootboek*, part no, \
         partno, partnumber, onderdeelnummer*, batch, lot, transactie*, transaction*, betalingskenmerk*, timestamp*, epoch, port, poort, bag, \
         nummeraanduiding*, verblijfsobject*, agb, agb-code, agbcode, big-nummer, big, v-nummer, vreemdelingennummer*, rijbewijs*, btw, btw-nummer, meterstand, \
         meternummer*, chassisnummer*, duration*, bytes, size, width, height, count, code, telefoonnummer*, rekeningnummer*, postcode*, iban",
    ),
    Words(
        super::groups::PERSON,
        "burger, inwoner, inwoonster, cliënt, cliente, client, cliënte, patiënt, patient, mevrouw, meneer, heer, dhr, mw, mevr, mijnheer, aanvrager, aanvraagster, \
         verzoeker, verzoekster, betrokkene, belanghebbende, leerling, medewerker, werknemer, bewoner, huurder, moeder, vader, dochter, zoon, kind, partner, \
         echtgenoot, echtgenote, ouder, verdachte, slachtoffer, bijstandsgerechtigde, uitkeringsgerechtigde, klant, persoon, personen, citizen, resident, mr, mrs, ms, \
         applicant, claimant, employee, pupil, student, naam, name, achternaam, voornaam, voornamen, geslachtsnaam, burgerzaken, kandidaat, sollicitant",
    ),
];
