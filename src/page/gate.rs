//! The pages that stand between a person and a tool: blocked, warned, continued, unreachable.
//!
//! They are shown at the tool's own address, so the other language cannot be another address: the document holds both and a link shows the
//! other one, without script.

use super::Lang;
use super::shell::{Contact, ICON, STYLE, safe_link};
use askama::Template;

/// What a blocked page says.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    pub lang: Lang,
    pub organisation: &'a str,
    /// The tool's name as people know it.
    pub tool: &'a str,
    /// Why, as one or two sentences in `lang`.
    pub sentence: &'a str,
    /// The same in the other language; where given, the page offers that language too.
    pub other_sentence: Option<&'a str>,
    /// Name and address of the tool to use instead.
    pub instead: Option<(&'a str, &'a str)>,
    /// Mail address, telephone number or web address.
    pub helpdesk: Option<&'a str>,
    /// The number to quote to the helpdesk.
    pub event: &'a str,
}

/// What a warning says: a page, and the link that lets the same message pass.
#[derive(Debug, Clone, Copy)]
pub struct Warned<'a> {
    pub page: Page<'a>,
    /// `http://sluis.internal/continue/TOKEN`; one click, a plain link.
    pub link: &'a str,
}

/// What the page after that click says.
#[derive(Debug, Clone, Copy)]
pub struct Continued<'a> {
    pub lang: Lang,
    pub organisation: &'a str,
    /// The tool's name; empty where it is not known.
    pub tool: &'a str,
    /// How long the same message passes, in seconds.
    pub valid_seconds: u64,
    pub helpdesk: Option<&'a str>,
}

/// Why an origin could not be reached, as far as an employee needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The name does not resolve.
    Name,
    /// No connection, or it broke.
    Connection,
    /// Its certificate cannot be trusted.
    Certificate,
    /// An address that Sluis may not connect to.
    Forbidden,
}

/// What the page about an unreachable origin says.
#[derive(Debug, Clone, Copy)]
pub struct Unreachable<'a> {
    pub lang: Lang,
    pub organisation: &'a str,
    pub host: &'a str,
    pub trouble: Trouble,
    /// What went wrong, technically, for the helpdesk.
    pub reason: &'a str,
    /// What an operator can do about it.
    pub remedy: &'a str,
    pub helpdesk: Option<&'a str>,
}

/// One language's half of the document.
struct Section<'a> {
    lang: Lang,
    id: &'static str,
    /// Where the other half stands, if there is one.
    switch: Option<&'static str>,
    heading: &'a str,
    eyebrow: String,
    sentences: Vec<&'a str>,
    instead: Option<(&'a str, Option<&'a str>)>,
    go_on: Option<&'a str>,
    advice: Option<&'static str>,
    details: Vec<(&'static str, &'a str)>,
    helpdesk: Option<Contact<'a>>,
    event: &'a str,
    /// A page about a decision explains why Sluis looks at all.
    explain: bool,
}

#[derive(Template)]
#[template(path = "page/templates/gate.html")]
struct Document<'a> {
    style: &'static str,
    icon: &'static str,
    lang: Lang,
    title: String,
    organisation: &'a str,
    /// `block`, `warn`, `fine` or `trouble`: colour and sign.
    mood: &'static str,
    sections: Vec<Section<'a>>,
}

/// The page for a message or a tool that is blocked.
pub fn blocked(page: &Page<'_>) -> String {
    decided(page, "block", None, |lang| lang.pick("Hier kun je niet verder", "You cannot go on here"))
}

/// The page that asks to think again; its link lets the same message pass.
pub fn warned(warned: &Warned<'_>) -> String {
    decided(&warned.page, "warn", safe_link(warned.link), |lang| lang.pick("Kijk eerst even goed", "Please look again first"))
}

fn decided(page: &Page<'_>, mood: &'static str, go_on: Option<&str>, heading: impl Fn(Lang) -> &'static str) -> String {
    let section = |lang: Lang, sentence| Section {
        lang,
        id: lang.code(),
        switch: page.other_sentence.map(|_| lang.other().pick("#nl", "#en")),
        heading: heading(lang),
        eyebrow: format!("{}: {}", lang.pick("AI-dienst", "AI tool"), page.tool),
        sentences: vec![sentence],
        instead: page.instead.map(|(name, address)| (name, safe_link(address))),
        go_on,
        advice: go_on.map(|_| {
            lang.pick(
                "Twijfel je? Ga dan terug. Kies je voor doorgaan, dan leggen we vast dat je deze waarschuwing zag.",
                "Not sure? Then go back. If you choose to go on, we record that you saw this warning.",
            )
        }),
        details: Vec::new(),
        helpdesk: Contact::maybe(page.helpdesk),
        event: page.event,
        explain: true,
    };
    // The other language stands first, so that a style sheet alone can put it in the place of the page's own when it is the target.
    let mut sections: Vec<_> = page.other_sentence.map(|sentence| section(page.lang.other(), sentence)).into_iter().collect();
    sections.push(section(page.lang, page.sentence));
    render(page.lang, page.organisation, mood, format!("{} – {}", heading(page.lang), page.tool), sections)
}

/// The page after the click on a warning's link.
pub fn continued(page: &Continued<'_>) -> String {
    let lang = page.lang;
    let valid = duration(page.valid_seconds, lang);
    let first = lang.pick("Je kunt je bericht nu opnieuw versturen.", "You can now send your message again.");
    let second = match lang {
        Lang::Nl => format!("Hetzelfde bericht gaat {valid} lang door. Een ander bericht bekijken we opnieuw."),
        Lang::En => format!("The same message passes for {valid}. We look at another message again."),
    };
    let section = Section {
        lang,
        id: lang.code(),
        switch: None,
        heading: lang.pick("Je gaat door", "You are going on"),
        eyebrow: if page.tool.is_empty() { String::new() } else { format!("{}: {}", lang.pick("AI-dienst", "AI tool"), page.tool) },
        sentences: vec![first, &second],
        instead: None,
        go_on: None,
        advice: Some(lang.pick(
            "Ga terug naar het tabblad van de AI-dienst. Dit venster kun je sluiten.",
            "Go back to the tab of the AI tool. You can close this window.",
        )),
        details: Vec::new(),
        helpdesk: Contact::maybe(page.helpdesk),
        event: "",
        explain: false,
    };
    let title = section.heading.to_owned();
    render(lang, page.organisation, "fine", title, vec![section])
}

/// The page for an origin that cannot be reached or trusted.
pub fn unreachable(page: &Unreachable<'_>) -> String {
    let section = |lang: Lang| {
        let (sentence, advice) = trouble(page.trouble, lang);
        Section {
            lang,
            id: lang.code(),
            switch: Some(lang.other().pick("#nl", "#en")),
            heading: lang.pick("Deze website is nu niet bereikbaar", "This website cannot be reached now"),
            eyebrow: page.host.to_owned(),
            sentences: vec![sentence],
            instead: None,
            go_on: None,
            advice: Some(advice),
            details: vec![
                (lang.pick("Adres", "Address"), page.host),
                (lang.pick("Oorzaak", "Reason"), page.reason),
                (lang.pick("Oplossing", "Remedy"), page.remedy),
            ],
            helpdesk: Contact::maybe(page.helpdesk),
            event: "",
            explain: false,
        }
    };
    let sections = vec![section(page.lang.other()), section(page.lang)];
    let title = format!("{} – {}", page.lang.pick("Niet bereikbaar", "Not reachable"), page.host);
    render(page.lang, page.organisation, "trouble", title, sections)
}

/// What happened, and what an employee can do.
fn trouble(trouble: Trouble, lang: Lang) -> (&'static str, &'static str) {
    match trouble {
        Trouble::Name => (
            lang.pick("We kennen dit adres niet.", "We do not know this address."),
            lang.pick("Kijk of je het adres goed hebt getypt.", "Check that you typed the address correctly."),
        ),
        Trouble::Connection => (
            lang.pick("De website geeft geen antwoord. Dat ligt niet aan jou.", "The website does not answer. This is not your fault."),
            lang.pick("Probeer het over een paar minuten nog eens.", "Try again in a few minutes."),
        ),
        Trouble::Certificate => (
            lang.pick(
                "We kunnen niet zeker weten dat dit de echte website is. Daarom hebben we geen verbinding gemaakt.",
                "We cannot be sure that this is the real website. That is why we did not connect.",
            ),
            lang.pick("Vul hier niets in. Probeer het later nog eens of meld het.", "Do not enter anything. Try again later or report it."),
        ),
        Trouble::Forbidden => (
            lang.pick(
                "Dit adres hoort bij een intern netwerk. Daar gaan we niet heen.",
                "This address belongs to an internal network. We do not go there.",
            ),
            lang.pick(
                "Heb je dit adres nodig voor je werk? Vraag dan de helpdesk om hulp.",
                "Do you need this address for your work? Then ask the helpdesk.",
            ),
        ),
    }
}

fn render(lang: Lang, organisation: &str, mood: &'static str, title: String, sections: Vec<Section<'_>>) -> String {
    super::shell::page(&Document { style: STYLE, icon: ICON, lang, title, organisation, mood, sections })
}

/// "8 uur", "30 minuten"; rounded down to whole minutes, at least one.
fn duration(seconds: u64, lang: Lang) -> String {
    let minutes = (seconds / 60).max(1);
    match (minutes / 60, minutes % 60) {
        (1, 0) => lang.pick("1 uur", "1 hour").to_owned(),
        (hours, 0) => format!("{hours} {}", lang.pick("uur", "hours")),
        (0, 1) => lang.pick("1 minuut", "1 minute").to_owned(),
        _ => format!("{minutes} {}", lang.pick("minuten", "minutes")),
    }
}
