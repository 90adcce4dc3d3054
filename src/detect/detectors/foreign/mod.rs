//! National numbers of other countries, each by its check digits and a word that names it: Belgium, Germany, France, the United Kingdom,
//! Spain, Italy, Poland, the United States.
//!
//! Takes digit runs; gives candidates. A number whose check fails is never a finding, and most need their word beside them.

mod digits;
mod letters;

use super::Detector;
use crate::detect::groups::{AMERICAN, BELGIAN, BRITISH, FRENCH, GERMAN, ITALIAN, POLISH, SPANISH};
use crate::detect::keywords::Words;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["be.national-number", "de.steuer-id", "es.dni", "fr.nir", "it.codice-fiscale", "pl.pesel", "uk.nino", "us.ssn"],
    words: &[
        Words(
            BELGIAN,
            "rijksregister*, rijksregisternummer*, rijksregisternr, rrn, insz, insz-nummer*, niss, numéro national, numero national, registre national, numéro de registre national, nationaal nummer, \
             national number, national register number, bis-nummer*, belgisch nummer, belgisch, belgische, belgian",
        ),
        Words(
            GERMAN,
            "steuer-id*, steuerid*, steuer-identifikationsnummer*, steueridentifikationsnummer*, steuerliche identifikationsnummer*, steuer-idnr, identifikationsnummer*, idnr, id-nr, tin, steuernummer*, steuer id, \
             tax id, tax-id, tax identification number, german tax, duits belastingnummer, duitse, duits, german",
        ),
        Words(
            FRENCH,
            "nir, insee, sécurité sociale, securite sociale, numéro de sécurité sociale, numéro de sécu, numero de securite sociale, sécu, n° ss, carte vitale, numéro insee, frans, franse, french",
        ),
        Words(
            BRITISH,
            "nino, national insurance*, national insurance number*, ni number, ni no, insurance number, nin, brits, britse, british",
        ),
        Words(
            SPANISH,
            "dni, nie, nif, n.i.e, d.n.i, documento nacional*, documento nacional de identidad, número de identidad, numero de identidad, número de identificación, spaans, spaanse, spanish",
        ),
        Words(ITALIAN, "codice fiscale*, cod. fiscale, cod.fisc, c.f, italiaans, italiaanse, italian tax*, italian"),
        Words(POLISH, "pesel, pesel-nummer*, nr pesel, numer pesel, pools, poolse, polish"),
        Words(AMERICAN, "ssn, ssn's, social security, social security number*, social security no, amerikaans, amerikaanse, american"),
    ],
    look: |sight, out| {
        digits::look(sight, out);
        letters::look(sight, out);
    },
};
