//! The kinds of confidential data that the labels speak of: their families, how grave each is, and which are told by their line.
//!
//! Ids are those of the detectors. The scores are in families: `credential.github-token` and `credential` are one.

/// Kinds by how grave they are: 3 secret, 2 confidential, 1 internal.
const GRAVITY: &[(u8, &str)] = &[
    (
        3,
        "nl.bsn nl.document-number credential marking.state-secret mrz nl.v-number nl.driving-licence secrecy-council be.national-number de.steuer-id \
         fr.nir uk.nino es.dni it.codice-fiscale pl.pesel us.ssn",
    ),
    (
        2,
        "iban nl.licence-plate nl.postal-address health criminal ethnicity religion union political sexual marking.confidential label payment-card \
         youth-care debt domestic-violence minors",
    ),
    (
        1,
        "person-name email phone date-of-birth ip-address mac-address gps nl.agb nl.big nl.kadaster nl.zaaknummer nl.bag-id nl.rsin nl.kvk nl.btw bic \
         source-code recruitment-terms",
    ),
];

/// Other names under which a kind is known, such as that of the shipped policy's own detector.
const ALIASES: &[(&str, &str)] = &[
    ("zaaknummer", "nl.zaaknummer"),
    ("vreemdelingennummer", "nl.v-number"),
    ("nl.vreemdelingennummer", "nl.v-number"),
    ("nl.mrz", "mrz"),
    ("credit-card", "payment-card"),
    ("birth-date", "date-of-birth"),
];

/// A person's situation.
pub const SITUATIONS: &[&str] =
    &["health", "criminal", "ethnicity", "religion", "union", "political", "sexual", "youth-care", "debt", "domestic-violence", "minors"];

/// Kinds that have no exact borders: found when the line is.
const LOOSE: &[&str] =
    &["marking.confidential", "marking.state-secret", "label", "secrecy-council", "source-code", "recruitment-terms", "credential", "mrz"];

/// Groups that are reported together.
pub const GROUPS: &[(&str, &[&str])] = &[
    (
        "checksummed",
        &[
            "nl.bsn",
            "iban",
            "payment-card",
            "nl.btw",
            "mrz",
            "be.national-number",
            "de.steuer-id",
            "fr.nir",
            "es.dni",
            "it.codice-fiscale",
            "pl.pesel",
        ],
    ),
    ("contact", &["person-name", "nl.postal-address", "phone", "date-of-birth"]),
    ("situations", SITUATIONS),
    ("credentials", &["credential"]),
    ("markings", &["marking.confidential", "marking.state-secret", "label", "secrecy-council"]),
];

/// The family that a detector's id is scored in; the id itself where the corpus knows none.
pub fn family(id: &str) -> &str {
    let id = ALIASES.iter().find(|(other, _)| *other == id).map_or(id, |(_, id)| *id);
    let mut shorter = id;
    loop {
        if gravity(shorter) > 0 {
            return shorter;
        }
        match shorter.rsplit_once('.') {
            Some((front, _)) => shorter = front,
            None => return id,
        }
    }
}

/// How grave a family is; 0 for what the corpus does not know.
pub fn gravity(family: &str) -> u8 {
    GRAVITY.iter().find(|(_, names)| names.split_ascii_whitespace().any(|name| name == family)).map_or(0, |(grave, _)| *grave)
}

pub fn is_situation(family: &str) -> bool {
    SITUATIONS.contains(&family)
}

pub fn is_loose(family: &str) -> bool {
    is_situation(family) || LOOSE.contains(&family)
}

#[test]
fn a_kind_of_credential_belongs_to_its_family_and_an_unknown_id_to_itself() {
    assert_eq!(family("credential.github-token"), "credential");
    assert_eq!(family("marking.confidential"), "marking.confidential");
    assert_eq!(family("zaaknummer"), "nl.zaaknummer");
    assert_eq!(family("projecten"), "projecten");
    assert_eq!((gravity("nl.bsn"), gravity("projecten")), (3, 0));
}
