//! The sentences that employees read, in Dutch and English (B1 level).
//!
//! Takes what was decided and about what, gives a [`Reason`]. Never names the value that was found, only its kind.

use super::decide::Found;
use super::language::{Sentence, Status};
use super::standing::{Outside, Standing};
use super::{Action, Reason};
use crate::detect;
use jiff::civil::Date;
use std::borrow::Cow;
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

/// A sentence in the making, in both languages. Pushed together and not formatted: this runs for every message that does not simply pass.
struct Both {
    nl: String,
    en: String,
}

impl Both {
    fn say(nl: &[&str], en: &[&str]) -> Self {
        Self { nl: String::with_capacity(192), en: String::with_capacity(192) }.and(nl, en)
    }

    fn and(mut self, nl: &[&str], en: &[&str]) -> Self {
        nl.iter().for_each(|piece| self.nl.push_str(piece));
        en.iter().for_each(|piece| self.en.push_str(piece));
        self
    }

    /// After a block, where another tool may be used.
    fn instead(self, fill: &Fill<'_>) -> Self {
        match fill.instead {
            Some(tool) => self.and(&[" Met ", tool, " kun je wel verder."], &[" You can use ", tool, "."]),
            None => self,
        }
    }

    /// What a person wrote as the reason, as the last sentence.
    fn because(self, why: Option<&Sentence>) -> Self {
        match why {
            Some(why) => self.and(&[" Reden: ", why.nl.trim_end_matches('.'), "."], &[" Reason: ", why.en.trim_end_matches('.'), "."]),
            None => self,
        }
    }

    /// `een BSN, een IBAN en een e-mailadres`; at most three kinds are named.
    fn what<'f>(mut self, found: impl Iterator<Item = &'f str>, own: &HashMap<String, Sentence>) -> Self {
        let mut names: Vec<(Cow<'_, str>, Cow<'_, str>)> = Vec::with_capacity(4);
        for detector in found {
            let name = if names.len() == 3 { ("meer".into(), "more".into()) } else { name_of(detector, own) };
            if !names.contains(&name) {
                names.push(name);
            }
            if names.len() > 3 {
                break;
            }
        }
        for (place, (nl, en)) in names.iter().enumerate() {
            self = match place {
                0 => self,
                _ if place + 1 == names.len() => self.and(&[" en "], &[" and "]),
                _ => self.and(&[", "], &[", "]),
            };
            self = self.and(&[nl], &[en]);
        }
        self
    }

    fn reason(self, key: &str) -> Reason {
        Reason { key: key.to_owned(), nl: self.nl, en: self.en }
    }
}

/// How people call a detector.
fn name_of<'a>(detector: &str, own: &'a HashMap<String, Sentence>) -> (Cow<'a, str>, Cow<'a, str>) {
    if let Some(name) = own.get(detector) {
        return (name.nl.as_str().into(), name.en.as_str().into());
    }
    match detect::kind_of(detector) {
        Some(kind) => (kind.nl.into(), kind.en.into()),
        None => (format!("iets van het soort '{detector}'").into(), format!("something of the kind '{detector}'").into()),
    }
}

/// For what the register decides: a forbidden or an unreviewed tool, or someone outside a pilot.
pub(super) fn register(standing: &Standing<'_>, action: Action, why: Option<&Sentence>, fill: &Fill<'_>) -> Reason {
    let tool = fill.tool;
    if standing.status == Status::Forbidden {
        let first = Both::say(&[tool, " gebruiken we niet voor ons werk."], &["We do not use ", tool, " for our work."]);
        return first.instead(fill).because(why).reason("blocked.tool");
    }
    let group = || Both::say(&[tool, " is nu alleen voor een proefgroep."], &[tool, " is for a pilot group only for now."]).instead(fill);
    match (standing.outside, action) {
        (Some((_, Outside::Date)), _) => pilot_over(fill),
        (_, Action::Redirect) => redirect(fill),
        (Some((_, Outside::Group)), Action::Block) => group().reason("blocked.pilot"),
        (Some((_, Outside::Group)), _) => group()
            .and(&[" Ga je toch verder, stuur dan niets vertrouwelijks."], &[" If you go on, send nothing confidential."])
            .reason("warn.pilot"),
        (None, Action::Block) => Both::say(
            &[tool, " hebben we nog niet beoordeeld, dus je kunt het nog niet gebruiken."],
            &["We have not reviewed ", tool, " yet, so you cannot use it."],
        )
        .instead(fill)
        .because(why)
        .reason("blocked.unreviewed"),
        (None, _) => Both::say(
            &[tool, " hebben we nog niet beoordeeld. Stuur alleen wat iedereen mag weten."],
            &["We have not reviewed ", tool, " yet. Send only what anyone may know."],
        )
        .instead(fill)
        .because(why)
        .reason("warn.unreviewed"),
    }
}

fn pilot_over(fill: &Fill<'_>) -> Reason {
    let (day_nl, day_en) = match fill.date {
        Some(day) => (format!(" op {}", day.strftime("%d-%m-%Y")), format!(" on {}", day.strftime("%-d %b %Y"))),
        None => (String::new(), String::new()),
    };
    let ended = Both::say(&["De proef met ", fill.tool, " stopte", &day_nl, "."], &["The ", fill.tool, " pilot ended", &day_en, "."]);
    let next = match (fill.instead, fill.owner) {
        (Some(other), Some(owner)) => {
            ended.and(&[" Gebruik ", other, " of vraag ", owner, " om meer tijd."], &[" Use ", other, " or ask ", owner, " for more time."])
        }
        (Some(other), None) => ended.and(&[" Gebruik ", other, "."], &[" Use ", other, "."]),
        (None, Some(owner)) => ended.and(&[" Vraag ", owner, " om meer tijd."], &[" Ask ", owner, " for more time."]),
        (None, None) => ended,
    };
    next.reason("pilot")
}

fn redirect(fill: &Fill<'_>) -> Reason {
    let (nl, en) = (fill.instead.unwrap_or("een andere dienst"), fill.instead.unwrap_or("another service"));
    Both::say(&["Gebruik hiervoor ", nl, "."], &["Use ", en, " for this."]).reason("redirect")
}

/// For what exceeds the tool's ceiling.
pub(super) fn excess<'f>(cause: Cause, action: Action, found: impl Iterator<Item = &'f Found<'f>> + Clone, fill: &Fill<'_>) -> Reason {
    let detectors = found.clone().map(|found| &**found.detector);
    match (cause, action) {
        (_, Action::Redirect) => redirect(fill),
        (Cause::Findings, Action::Redact) => redacted(found.map(|found| found.count).sum(), detectors.clone().next()),
        (Cause::Findings, Action::Warn) => Both::say(&["In je bericht staat misschien "], &["Your message may hold "])
            .what(detectors, fill.own)
            .and(&[". Pas het aan of kies waarom het mag."], &[". Change it or choose why it is fine."])
            .reason("warn"),
        (Cause::Findings, _) => must_come_out(detectors, fill),
        (Cause::Unlabelled, Action::Warn) => Both::say(
            &["Dit bestand heeft geen label. Kijk of het gedeeld mag worden."],
            &["This file has no label. See whether it may be shared."],
        )
        .reason("warn.upload"),
        (Cause::Unlabelled, _) => Both::say(
            &["Dit bestand is niet verstuurd: bestanden zonder label gaan niet naar ", fill.tool, "."],
            &["This file was not sent: files without a label do not go to ", fill.tool, "."],
        )
        .instead(fill)
        .reason("blocked.upload"),
        (Cause::Unreadable, Action::Warn) => Both::say(
            &["We konden je bericht niet lezen. Kijk of er niets vertrouwelijks in staat."],
            &["We could not read your message. See that nothing confidential is in it."],
        )
        .reason("warn.unreadable"),
        (Cause::Unreadable, _) => {
            let first = Both::say(
                &["We konden je bericht niet lezen, dus het is niet verstuurd. Stuur gewone tekst"],
                &["We could not read your message and did not send it. Send plain text"],
            );
            let whom = match fill.helpdesk {
                Some(helpdesk) => first.and(&[" of vraag het aan ", helpdesk], &[" or ask ", helpdesk]),
                None => first,
            };
            whom.and(&["."], &["."]).reason("unreadable")
        }
    }
}

/// For what blocks a message: findings that are over the ceiling, or that should have been replaced and could not be.
pub(super) fn must_come_out<'f>(detectors: impl Iterator<Item = &'f str>, fill: &Fill<'_>) -> Reason {
    Both::say(&["Je bericht is niet verstuurd, want er staat "], &["Your message was not sent because it holds "])
        .what(detectors, fill.own)
        .and(&[" in. Haal dat weg en probeer het opnieuw."], &[". Take that out and try again."])
        .reason("blocked.secret")
}

fn redacted(count: u64, first: Option<&str>) -> Reason {
    let (number, example) = (count.to_string(), detect::nice_name(first.unwrap_or("")));
    let (nl, en) = if count == 1 { (" gegeven", " detail") } else { (" gegevens", " details") };
    Both::say(
        &["We hebben ", &number, nl, " vervangen, zoals [", example, "-1]. De rest is verstuurd."],
        &["We replaced ", &number, en, ", such as [", example, "-1]. The rest was sent."],
    )
    .reason("redacted")
}

/// For a rule that says no `why`.
pub(super) fn rule(name: &str, action: Action, found: &[Found<'_>], redact: &[Arc<str>], fill: &Fill<'_>) -> Reason {
    let own = match action {
        Action::Redact => {
            let count = found.iter().filter(|found| redact.contains(found.detector)).map(|found| found.count).sum();
            redacted(count, redact.first().map(|detector| &**detector))
        }
        Action::Redirect => redirect(fill),
        Action::Warn => Both::say(
            &["Volgens onze afspraken is dit met ", fill.tool, " niet vanzelf goed. Kijk of het mag."],
            &["By our rules this is not always fine with ", fill.tool, ". See whether it is allowed."],
        )
        .reason(name),
        Action::Block | Action::Allow => Both::say(
            &["Volgens onze afspraken mag dit niet met ", fill.tool, "."],
            &["By our rules this is not allowed with ", fill.tool, "."],
        )
        .instead(fill)
        .reason(name),
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
