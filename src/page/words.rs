//! The words of the glossary for decisions, register statuses and classes; an unknown one is shown as it is.

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
