//! The words of the glossary for decisions, register statuses and classes, and the names of what was found and of kinds of tools; an unknown
//! one is shown as it is.

use super::Lang;

/// `allow` -> "doorgelaten", for a decision that was taken.
pub fn action(action: &str, lang: Lang) -> &str {
    match action {
        "allow" => lang.pick("doorgelaten", "allowed"),
        "warn" => lang.pick("gewaarschuwd", "warned"),
        "redact" => lang.pick("vervangen", "redacted"),
        "redirect" => lang.pick("doorverwezen", "redirected"),
        "block" => lang.pick("tegengehouden", "blocked"),
        other => other,
    }
}

/// `unreviewed` -> "nog niet beoordeeld".
pub fn status(status: &str, lang: Lang) -> &str {
    match status {
        "approved" => lang.pick("goedgekeurd", "approved"),
        "pilot" => lang.pick("proef", "pilot"),
        "unreviewed" => lang.pick("nog niet beoordeeld", "unreviewed"),
        "forbidden" => lang.pick("niet toegestaan", "forbidden"),
        other => other,
    }
}

/// `secret` -> "geheim". Names of classes are the organisation's own; the four of the shipped policy are translated.
pub fn class(class: &str, lang: Lang) -> &str {
    match class {
        "public" => lang.pick("openbaar", "public"),
        "internal" => lang.pick("intern", "internal"),
        "confidential" => lang.pick("vertrouwelijk", "confidential"),
        "secret" => lang.pick("geheim", "secret"),
        other => other,
    }
}

/// `nl.bsn` -> "Burgerservicenummer (BSN)".
pub fn detector(detector: &str, lang: Lang) -> String {
    let known = match detector {
        "nl.bsn" => lang.pick("Burgerservicenummer (BSN)", "Citizen service number (BSN)"),
        "nl.postal-address" => lang.pick("Adres", "Postal address"),
        "nl.licence-plate" => lang.pick("Kenteken", "Licence plate"),
        "nl.document-number" => lang.pick("Documentnummer", "Document number"),
        "iban" => lang.pick("Rekeningnummer (IBAN)", "Bank account (IBAN)"),
        "email" => lang.pick("E-mailadres", "E-mail address"),
        "phone" => lang.pick("Telefoonnummer", "Telephone number"),
        "payment-card" => lang.pick("Betaalkaart", "Payment card"),
        "person-name" => lang.pick("Naam van een persoon", "Name of a person"),
        "health" => lang.pick("Gezondheid", "Health"),
        "source-code" => lang.pick("Broncode", "Source code"),
        "marking.confidential" => lang.pick("Markering 'vertrouwelijk'", "Marking 'confidential'"),
        "marking.state-secret" => lang.pick("Markering 'staatsgeheim'", "Marking 'state secret'"),
        "data.unreadable" => lang.pick("Onleesbaar bericht of bestand", "Unreadable message or file"),
        "credential" => lang.pick("Wachtwoord of sleutel", "Password or key"),
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    match detector.strip_prefix("credential.") {
        Some(which) => format!("{}: {which}", lang.pick("Wachtwoord of sleutel", "Password or key")),
        None => detector.to_owned(),
    }
}

/// `meeting-notes` -> "notuleren".
pub fn category(category: &str, lang: Lang) -> &str {
    match category {
        "chat" => lang.pick("chat", "chat"),
        "search" => lang.pick("zoeken", "search"),
        "companion" => lang.pick("gezelschap", "companion"),
        "data" => lang.pick("gegevens", "data"),
        "api" => "API",
        "platform" => lang.pick("platform", "platform"),
        "agent" => lang.pick("agent", "agent"),
        "code" => lang.pick("programmeren", "coding"),
        "image" => lang.pick("beeld", "images"),
        "video" => "video",
        "audio" => lang.pick("geluid", "audio"),
        "translation" => lang.pick("vertalen", "translation"),
        "writing" => lang.pick("schrijven", "writing"),
        "meeting-notes" => lang.pick("notuleren", "meeting notes"),
        "presentation" => lang.pick("presentaties", "presentations"),
        "embedded" => lang.pick("in andere software", "embedded"),
        other => other,
    }
}
