//! Names read from the text.

use super::*;
use crate::detect::keywords::Keywords;
use crate::detect::names::{name_around, names_in, stands_alone};
use crate::detect::prefilter::trace;

fn with<T>(text: &str, ask: impl FnOnce(&Sight<'_>) -> T) -> T {
    let trace = trace(text, &Keywords::new([]), None);
    ask(&Sight::new(text, &trace, 0))
}

fn at(text: &str) -> Option<&str> {
    with(text, |sight| name_at(sight, 0, false)).map(|name| &text[name.start..name.end])
}

#[test]
fn a_name_is_read_to_its_last_word() {
    for (text, name) in [
        ("J.P. van den Heuvel heeft gebeld", "J.P. van den Heuvel"),
        ("Anne-Marie 't Hart, Zeist", "Anne-Marie 't Hart"),
        ("De Haan belt", "De Haan"),
        ("Fatima El Idrissi belde", "Fatima El Idrissi"),
        ("Jan in 't Veld in Zeist", "Jan in 't Veld"),
        ("Piet Hendriks uit Zeist", "Piet Hendriks"),
        ("María García López was er", "María García López"),
        ("Th. M. de Wit", "Th. M. de Wit"),
        ("Hafsa Ben Ahmed (bsn", "Hafsa Ben Ahmed"),
        ("Murat over de Linden", "Murat over de Linden"),
    ] {
        assert_eq!(at(text), Some(name), "{text}");
    }
    assert_eq!(at("de auto"), None);
    assert_eq!(at("Willem Dreesweg"), Some("Willem"));
    assert_eq!(at("Gemeente Zeist"), None);
}

#[test]
fn a_surname_may_come_first() {
    for (text, name) in [
        ("Meer, S. van der;1", "Meer, S. van der"),
        ("Vries, Lucas de\" <l@x.nl>", "Vries, Lucas de"),
        ("DE VRIES, HENDRIK", "DE VRIES, HENDRIK"),
        ("van der Meer, S.", "van der Meer, S."),
    ] {
        assert_eq!(with(text, |sight| surname_first(sight, 0)).map(|found| &text[found.start..found.end]), Some(name), "{text}");
    }
    for text in ["Bos, J. Jansen", "Zeist, 12 mei", "Bakker, Visser en Bos"] {
        assert!(with(text, |sight| surname_first(sight, 0)).is_none(), "{text}");
    }
}

#[test]
fn known_words_lead_to_the_whole_name() {
    for (text, name) in [
        ("Volgens Piet Hendriks is dat zo", "Piet Hendriks"),
        ("brief van J. Jansen", "J. Jansen"),
        ("met Jan-Willem van 't Hof erbij", "Jan-Willem van 't Hof"),
    ] {
        let found = with(text, |sight| name_around(sight, names_in(sight).next()?)).map(|found| &text[found.start..found.end]);
        assert_eq!(found, Some(name), "{text}");
    }
}

#[test]
fn a_word_stands_alone_where_nothing_beside_it_is_of_a_name() {
    let alone = |text: &str| with(text, |sight| names_in(sight).map(|word| stands_alone(sight, word)).collect::<Vec<_>>());
    for text in ["het gezet. Bakker is er", "dan komt Hendriks.", "Bakker en de buurt", "bij Bakker in de straat", "(Bakker)"] {
        assert_eq!(alone(text), [true], "{text}");
    }
    for text in [
        "Piet van de Xyz",
        "J. Hendriks",
        "J.Hendriks",
        "Xyz Hendriks",
        "Xyz van den Hendriks",
        "Xyz-van Hendriks",
        "zaak van Hendriks",
        "zaak van\nHendriks",
        "dossier Hendriks",
        "zaak\nHendriks",
        "Fatima: ik bel",
        "Hendriks, P.",
        "Xyz, Fatima",
        "Piet-xyz",
        "Piet 't Xyz",
        "Fatima Élu",
    ] {
        assert_eq!(alone(text), [false], "{text}");
    }
}
