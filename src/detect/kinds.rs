//! What each kind of finding is called: in placeholders, and by people in Dutch and English.
//!
//! One table for every built-in id. An id that is a family (`credential`) speaks for all its kinds that have no line of their own.

use super::covers;

/// The names of a kind of finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Contract id, or the family before its dot.
    pub id: &'static str,
    /// The word in placeholders such as `[BSN-1]`: capitals and hyphens only.
    pub placeholder: &'static str,
    /// As it stands in a Dutch sentence, with its article.
    pub nl: &'static str,
    /// As it stands in an English sentence, with its article.
    pub en: &'static str,
}

const fn kind(id: &'static str, placeholder: &'static str, nl: &'static str, en: &'static str) -> Kind {
    Kind { id, placeholder, nl, en }
}

const KINDS: &[Kind] = &[
    kind("nl.bsn", "BSN", "een BSN", "a citizen service number (BSN)"),
    kind("nl.rsin", "RSIN", "een RSIN", "an organisation's fiscal number (RSIN)"),
    kind("nl.kvk", "KVK", "een KvK-nummer", "a trade register number"),
    kind("nl.btw", "VAT", "een btw-nummer", "a VAT number"),
    kind("nl.document-number", "DOCUMENT", "een documentnummer", "a document number"),
    kind("nl.driving-licence", "LICENCE", "een rijbewijsnummer", "a driving licence number"),
    kind("nl.licence-plate", "PLATE", "een kenteken", "a licence plate"),
    kind("nl.postal-address", "ADDRESS", "een adres", "an address"),
    kind("nl.agb", "AGB", "een AGB-code", "a care provider's code (AGB)"),
    kind("nl.big", "BIG", "een BIG-nummer", "a care professional's number (BIG)"),
    kind("nl.v-number", "V-NUMBER", "een V-nummer", "an alien's number (V-number)"),
    kind("nl.zaaknummer", "CASE", "een zaaknummer", "a case number"),
    kind("nl.bag-id", "BAG", "een BAG-nummer", "a building register number"),
    kind("nl.kadaster", "PARCEL", "een kadastrale aanduiding", "a land registry parcel"),
    kind("mrz", "MRZ", "de regels van een paspoort of identiteitskaart", "the machine-readable lines of a passport or identity card"),
    kind("iban", "IBAN", "een rekeningnummer (IBAN)", "a bank account number (IBAN)"),
    kind("bic", "BIC", "een BIC", "a bank code (BIC)"),
    kind("payment-card", "CARD", "een kaartnummer", "a payment card number"),
    kind("phone", "PHONE", "een telefoonnummer", "a phone number"),
    kind("email", "EMAIL", "een e-mailadres", "an e-mail address"),
    kind("ip-address", "IP", "een IP-adres", "an IP address"),
    kind("mac-address", "MAC", "een MAC-adres", "a MAC address"),
    kind("gps", "GPS", "een locatie (coördinaten)", "a location (coordinates)"),
    kind("date-of-birth", "BIRTH-DATE", "een geboortedatum", "a date of birth"),
    kind("person-name", "NAME", "een naam van een persoon", "a person's name"),
    kind("health", "HEALTH", "gezondheidsgegevens", "health data"),
    kind("criminal", "CRIMINAL", "strafrechtelijke gegevens", "data about offences"),
    kind("ethnicity", "ETHNICITY", "gegevens over afkomst", "data about ethnic origin"),
    kind("religion", "RELIGION", "gegevens over geloof", "data about religion"),
    kind("union", "UNION", "een vakbondslidmaatschap", "a trade union membership"),
    kind("political", "POLITICAL", "gegevens over politieke voorkeur", "data about political opinions"),
    kind("sexual", "SEXUAL", "gegevens over seksualiteit of gender", "data about sexual life or gender"),
    kind("youth-care", "YOUTH-CARE", "gegevens over jeugdzorg", "data about youth care"),
    kind("debt", "DEBT", "gegevens over schulden of een uitkering", "data about debts or benefits"),
    kind("domestic-violence", "VIOLENCE", "gegevens over huiselijk geweld", "data about domestic violence"),
    kind("minors", "MINOR", "gegevens over een kind", "data about a child"),
    kind("recruitment-terms", "RECRUITMENT", "iets over werving en selectie", "something about recruitment"),
    kind("source-code", "CODE", "programmacode", "source code"),
    kind("marking", "MARKING", "een gerubriceerde tekst", "a classified text"),
    kind("marking.confidential", "MARKING", "een vertrouwelijke tekst", "a text marked confidential"),
    kind("marking.state-secret", "MARKING", "een staatsgeheime tekst", "a text marked as a state secret"),
    kind("label", "LABEL", "een document met een label", "a labelled document"),
    kind("secrecy-council", "SECRECY", "een stuk waarop geheimhouding rust", "a document under the council's secrecy"),
    kind("be.national-number", "NATIONAL-NUMBER", "een Belgisch rijksregisternummer", "a Belgian national number"),
    kind("de.steuer-id", "TAX-ID", "een Duits belastingnummer", "a German tax number"),
    kind("fr.nir", "NATIONAL-NUMBER", "een Frans socialezekerheidsnummer", "a French social security number"),
    kind("uk.nino", "NATIONAL-NUMBER", "een Brits verzekeringsnummer", "a British national insurance number"),
    kind("es.dni", "NATIONAL-NUMBER", "een Spaans identiteitsnummer", "a Spanish identity number"),
    kind("it.codice-fiscale", "TAX-ID", "een Italiaans belastingnummer", "an Italian tax code"),
    kind("pl.pesel", "NATIONAL-NUMBER", "een Pools persoonsnummer", "a Polish national number"),
    kind("us.ssn", "NATIONAL-NUMBER", "een Amerikaans socialezekerheidsnummer", "an American social security number"),
    kind("credential", "CREDENTIAL", "een wachtwoord of sleutel", "a password or key"),
];

/// The names of a detector's kind: of the longest id that covers it. None for the organisation's own detectors.
pub fn kind_of(detector: &str) -> Option<&'static Kind> {
    KINDS.iter().filter(|kind| covers(kind.id, detector)).max_by_key(|kind| kind.id.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_detector_has_names() {
        for id in crate::detect::builtin_ids() {
            let kind = kind_of(id).unwrap_or_else(|| panic!("{id} has no line"));
            assert!(kind.placeholder.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-'), "{id}");
        }
        assert_eq!(kind_of("credential.jwt").map(|kind| kind.placeholder), Some("CREDENTIAL"));
        assert_eq!(kind_of("projecten"), None);
    }
}
