//! The sentences that employees read, in Dutch and English (B1 level).
//!
//! Takes what was decided and about what, gives a [`Reason`]. Never names the value that was found, only its kind.

use super::decide::Found;
use super::language::{Sentence, Status};
use super::standing::{Outside, Standing};
use super::{Action, Reason};
use crate::detect;
use jiff::civil::Date;
use std::collections::HashMap;
use std::sync::Arc;

/// What sentences are filled with.
pub(super) struct Fill<'a> {
    pub tool: &'a str,
    pub instead: Option<&'a str>,
    pub owner: Option<&'a str>,
    pub helpdesk: Option<&'a str>,
    pub date: Option<Date>,
    /// Names of the organisation's own detectors.
    pub own: &'a HashMap<String, Sentence>,
}

/// What exceeds the ceiling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    Findings,
    Unreadable,
    Unlabelled,
}

/// Detectors as people call them: `id, nl, en`. The longest id that covers a detector counts.
const NAMES: &[(&str, &str, &str)] = &[
    ("nl.bsn", "een BSN", "a citizen service number (BSN)"),
    ("nl.document-number", "een documentnummer", "a document number"),
    ("nl.postal-address", "een adres", "an address"),
    ("nl.licence-plate", "een kenteken", "a licence plate"),
    ("iban", "een rekeningnummer (IBAN)", "a bank account number (IBAN)"),
    ("email", "een e-mailadres", "an e-mail address"),
    ("phone", "een telefoonnummer", "a phone number"),
    ("payment-card", "een kaartnummer", "a payment card number"),
    ("person-name", "een naam van een persoon", "a person's name"),
    ("date-of-birth", "een geboortedatum", "a date of birth"),
    ("health", "gezondheidsgegevens", "health data"),
    ("credential", "een wachtwoord of sleutel", "a password or key"),
    ("source-code", "programmacode", "source code"),
    ("recruitment-terms", "iets over werving en selectie", "something about recruitment"),
    ("marking.confidential", "een vertrouwelijke tekst", "a text marked confidential"),
    ("marking.state-secret", "een staatsgeheime tekst", "a text marked as a state secret"),
    ("marking", "een gerubriceerde tekst", "a classified text"),
    ("label", "een document met een label", "a labelled document"),
];

/// How people call a detector.
fn name_of(detector: &str, own: &HashMap<String, Sentence>) -> (String, String) {
    if let Some(name) = own.get(detector) {
        return (name.nl.clone(), name.en.clone());
    }
    let covering = NAMES.iter().filter(|(id, ..)| detect::covers(id, detector)).max_by_key(|(id, ..)| id.len());
    match covering {
        Some((_, nl, en)) => ((*nl).to_owned(), (*en).to_owned()),
        None if detector.starts_with("label:") => ("een document met een label".into(), "a labelled document".into()),
        None => (format!("iets van het soort '{detector}'"), format!("something of the kind '{detector}'")),
    }
}

/// `een BSN, een IBAN en een e-mailadres`; at most three kinds are named.
fn what<'f>(found: impl Iterator<Item = &'f str>, own: &HashMap<String, Sentence>) -> (String, String) {
    let mut names: Vec<(String, String)> = Vec::new();
    for detector in found {
        let name = name_of(detector, own);
        if !names.contains(&name) {
            names.push(name);
        }
        if names.len() > 3 {
            names.truncate(3);
            names.push(("meer".into(), "more".into()));
            break;
        }
    }
    let join = |names: Vec<String>, and: &str| match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} {and} {last}", rest.join(", ")),
        None => String::new(),
    };
    let (nl, en): (Vec<_>, Vec<_>) = names.into_iter().unzip();
    (join(nl, "en"), join(en, "and"))
}

fn reason(key: &str, nl: String, en: String) -> Reason {
    Reason { key: key.to_owned(), nl, en }
}

/// The sentence after a block, where another tool may be used.
fn instead(fill: &Fill<'_>) -> (String, String) {
    match fill.instead {
        Some(tool) => (format!(" Met {tool} kun je wel verder."), format!(" You can use {tool}.")),
        None => (String::new(), String::new()),
    }
}

/// What a person wrote as the reason, as the last sentence.
fn because(why: Option<&Sentence>) -> (String, String) {
    match why {
        Some(why) => (format!(" Reden: {}.", why.nl.trim_end_matches('.')), format!(" Reason: {}.", why.en.trim_end_matches('.'))),
        None => (String::new(), String::new()),
    }
}

/// For what the register decides: a forbidden or an unreviewed tool, or someone outside a pilot.
pub(super) fn register(standing: &Standing<'_>, action: Action, why: Option<&Sentence>, fill: &Fill<'_>) -> Reason {
    let tool = fill.tool;
    let (instead_nl, instead_en) = instead(fill);
    let (why_nl, why_en) = because(why);
    if standing.status == Status::Forbidden {
        let nl = format!("{tool} gebruiken we niet voor ons werk.{instead_nl}{why_nl}");
        return reason("blocked.tool", nl, format!("We do not use {tool} for our work.{instead_en}{why_en}"));
    }
    match (standing.outside, action) {
        (Some((_, Outside::Date)), _) => pilot_over(fill),
        (Some((_, Outside::Group)), Action::Block) => reason(
            "blocked.pilot",
            format!("{tool} is nu alleen voor een proefgroep.{instead_nl}"),
            format!("{tool} is for a pilot group only for now.{instead_en}"),
        ),
        (Some((_, Outside::Group)), _) => reason(
            "warn.pilot",
            format!("{tool} is nu alleen voor een proefgroep.{instead_nl} Ga je toch verder, stuur dan niets vertrouwelijks."),
            format!("{tool} is for a pilot group only for now.{instead_en} If you go on, send nothing confidential."),
        ),
        (None, Action::Block) => reason(
            "blocked.unreviewed",
            format!("{tool} hebben we nog niet beoordeeld, dus je kunt het nog niet gebruiken.{instead_nl}{why_nl}"),
            format!("We have not reviewed {tool} yet, so you cannot use it.{instead_en}{why_en}"),
        ),
        (None, Action::Redirect) => redirect(fill),
        (None, _) => reason(
            "warn.unreviewed",
            format!("{tool} hebben we nog niet beoordeeld. Stuur alleen wat iedereen mag weten.{instead_nl}{why_nl}"),
            format!("We have not reviewed {tool} yet. Send only what anyone may know.{instead_en}{why_en}"),
        ),
    }
}

fn pilot_over(fill: &Fill<'_>) -> Reason {
    let tool = fill.tool;
    let (day_nl, day_en) = match fill.date {
        Some(day) => (format!(" op {}", day.strftime("%d-%m-%Y")), format!(" on {}", day.strftime("%-d %b %Y"))),
        None => (String::new(), String::new()),
    };
    let next = match (fill.instead, fill.owner) {
        (Some(other), Some(owner)) => {
            (format!(" Gebruik {other} of vraag {owner} om meer tijd."), format!(" Use {other} or ask {owner} for more time."))
        }
        (Some(other), None) => (format!(" Gebruik {other}."), format!(" Use {other}.")),
        (None, Some(owner)) => (format!(" Vraag {owner} om meer tijd."), format!(" Ask {owner} for more time.")),
        (None, None) => (String::new(), String::new()),
    };
    reason("pilot", format!("De proef met {tool} stopte{day_nl}.{}", next.0), format!("The {tool} pilot ended{day_en}.{}", next.1))
}

fn redirect(fill: &Fill<'_>) -> Reason {
    match fill.instead {
        Some(other) => reason("redirect", format!("Gebruik hiervoor {other}."), format!("Use {other} for this.")),
        None => reason("redirect", "Gebruik hiervoor een andere dienst.".into(), "Use another service for this.".into()),
    }
}

/// For what exceeds the tool's ceiling.
pub(super) fn excess<'f>(cause: Cause, action: Action, found: impl Iterator<Item = &'f Found<'f>> + Clone, fill: &Fill<'_>) -> Reason {
    match (cause, action) {
        (_, Action::Redirect) => redirect(fill),
        (Cause::Findings, Action::Redact) => {
            let count = found.clone().map(|found| found.count).sum();
            redacted(count, found.map(|found| &**found.detector).next())
        }
        (Cause::Findings, Action::Warn) => warn(found.map(|found| &**found.detector), fill),
        (Cause::Findings, _) => blocked(found.map(|found| &**found.detector), fill),
        (Cause::Unlabelled, Action::Warn) => reason(
            "warn.upload",
            "Dit bestand heeft geen label. Kijk of het gedeeld mag worden.".into(),
            "This file has no label. See whether it may be shared.".into(),
        ),
        (Cause::Unlabelled, _) => reason(
            "blocked.upload",
            "Dit bestand heeft nog geen label. Geef het een label en upload het opnieuw.".into(),
            "This file has no label yet. Label it and upload it again.".into(),
        ),
        (Cause::Unreadable, Action::Warn) => reason(
            "warn.unreadable",
            "We konden je bericht niet lezen. Kijk of er niets vertrouwelijks in staat.".into(),
            "We could not read your message. See that nothing confidential is in it.".into(),
        ),
        (Cause::Unreadable, _) => {
            let (nl, en) = match fill.helpdesk {
                Some(helpdesk) => (format!(" of vraag het {helpdesk}"), format!(" or ask {helpdesk}")),
                None => (String::new(), String::new()),
            };
            reason(
                "unreadable",
                format!("We konden je bericht niet lezen, dus het is niet verstuurd. Stuur gewone tekst{nl}."),
                format!("We could not read your message and did not send it. Send plain text{en}."),
            )
        }
    }
}

/// For what should have been replaced and could not be.
pub(super) fn must_come_out<'f>(found: impl Iterator<Item = &'f str>, fill: &Fill<'_>) -> Reason {
    blocked(found, fill)
}

fn blocked<'f>(found: impl Iterator<Item = &'f str>, fill: &Fill<'_>) -> Reason {
    let (nl, en) = what(found, fill.own);
    reason(
        "blocked.secret",
        format!("Je bericht is niet verstuurd, want er staat {nl} in. Haal dat weg en probeer het opnieuw."),
        format!("Your message was not sent because it holds {en}. Take that out and try again."),
    )
}

fn warn<'f>(found: impl Iterator<Item = &'f str>, fill: &Fill<'_>) -> Reason {
    let (nl, en) = what(found, fill.own);
    reason(
        "warn",
        format!("In je bericht staat misschien {nl}. Pas het aan of kies waarom het mag."),
        format!("Your message may hold {en}. Change it or choose why it is fine."),
    )
}

fn redacted(count: u64, first: Option<&str>) -> Reason {
    let example = detect::nice_name(first.unwrap_or(""));
    let (nl, en) = if count == 1 { ("gegeven", "detail") } else { ("gegevens", "details") };
    reason(
        "redacted",
        format!("We hebben {count} {nl} vervangen, zoals [{example}-1]. De rest is verstuurd."),
        format!("We replaced {count} {en}, such as [{example}-1]. The rest was sent."),
    )
}

/// For a rule that says no `why`.
pub(super) fn rule(name: &str, action: Action, found: &[Found<'_>], redact: &[Arc<str>], fill: &Fill<'_>) -> Reason {
    let own = match action {
        Action::Redact => {
            let count = found.iter().filter(|found| redact.contains(found.detector)).map(|found| found.count).sum();
            redacted(count, redact.first().map(|detector| &**detector))
        }
        Action::Redirect => redirect(fill),
        Action::Warn => reason(
            name,
            format!("Volgens onze afspraken is dit met {} niet vanzelf goed. Kijk of het mag.", fill.tool),
            format!("By our rules this is not always fine with {}. See whether it is allowed.", fill.tool),
        ),
        Action::Block | Action::Allow => {
            let (nl, en) = instead(fill);
            reason(
                name,
                format!("Volgens onze afspraken mag dit niet met {}.{nl}", fill.tool),
                format!("By our rules this is not allowed with {}.{en}", fill.tool),
            )
        }
    };
    Reason { key: name.to_owned(), ..own }
}

/// What an employee can choose from to justify a warned message, `nl` and `en`.
pub fn choices(owner: Option<&str>) -> [(String, String); 5] {
    let (owner_nl, owner_en) = (owner.unwrap_or("Mijn leidinggevende"), owner.unwrap_or("My manager"));
    [
        ("Het is openbaar".into(), "It is public".into()),
        ("Het is verzonnen".into(), "It is made up".into()),
        (format!("{owner_nl} vindt het goed"), format!("{owner_en} agrees")),
        ("Het gaat niet om iemands gegevens".into(), "It is not about anyone's data".into()),
        ("Anders".into(), "Other".into()),
    ]
}
