//! The pages of `http://sluis.internal/`: home, certificate, what is recorded of me, not found.

use super::Lang;
use super::format::{local, whole};
use super::shell::{Contact, ICON, STYLE, page};
use super::words;
use askama::Template;
use jiff::Timestamp;

/// One decision of the person who asks, and of nobody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRow {
    pub time: Timestamp,
    /// The tool's name as people know it.
    pub tool: String,
    /// `allow warn redact redirect block`.
    pub action: String,
    /// Class of the message, in the policy's own names.
    pub class: String,
}

/// What the page about one's own data says; the sentences follow the running settings.
#[derive(Debug, Clone, Copy)]
pub struct Mine<'a> {
    pub lang: Lang,
    pub organisation: &'a str,
    /// Newest first.
    pub rows: &'a [OwnRow],
    /// After how many days events are erased; none where no term is set.
    pub days: Option<u32>,
    /// Whether names are replaced by pseudonyms.
    pub pseudonyms: bool,
    /// Where to go with rights: the data protection officer's address.
    pub privacy: Option<&'a str>,
}

/// What the page about the certificate says.
#[derive(Debug, Clone, Copy)]
pub struct Certificate<'a> {
    pub lang: Lang,
    pub organisation: &'a str,
    /// SHA-256 of the certificate, as people compare it: `AB:CD:...`.
    pub fingerprint: &'a str,
    pub valid_until: Timestamp,
    pub helpdesk: Option<&'a str>,
}

/// What all pages of this file share.
struct Frame<'a> {
    style: &'static str,
    icon: &'static str,
    lang: Lang,
    organisation: &'a str,
    title: &'a str,
}

impl<'a> Frame<'a> {
    fn new(lang: Lang, organisation: &'a str, title: &'a str) -> Self {
        Self { style: STYLE, icon: ICON, lang, organisation, title }
    }
}

#[derive(Template)]
#[template(path = "page/templates/home.html")]
struct HomePage<'a> {
    frame: Frame<'a>,
    helpdesk: Option<Contact<'a>>,
}

/// The first page: what Sluis is, and where to go.
pub fn home(lang: Lang, organisation: &str, helpdesk: Option<&str>) -> String {
    let title = lang.pick("Sluis let mee op je AI-gebruik", "Sluis watches over your use of AI");
    page(&HomePage { frame: Frame::new(lang, organisation, title), helpdesk: Contact::maybe(helpdesk) })
}

#[derive(Template)]
#[template(path = "page/templates/certificate.html")]
struct CertificatePage<'a> {
    frame: Frame<'a>,
    fingerprint: &'a str,
    until: super::Local,
    helpdesk: Option<Contact<'a>>,
}

/// How to trust the certificate authority, for devices that are not managed.
pub fn certificate(certificate: &Certificate<'_>) -> String {
    let lang = certificate.lang;
    page(&CertificatePage {
        frame: Frame::new(lang, certificate.organisation, lang.pick("Het certificaat van Sluis", "The Sluis certificate")),
        fingerprint: certificate.fingerprint,
        until: local(certificate.valid_until, lang),
        helpdesk: Contact::maybe(certificate.helpdesk),
    })
}

struct MineRow<'a> {
    at: super::Local,
    tool: &'a str,
    action: &'a str,
    action_word: &'a str,
    class: &'a str,
}

#[derive(Template)]
#[template(path = "page/templates/mine.html")]
struct MinePage<'a> {
    frame: Frame<'a>,
    rows: Vec<MineRow<'a>>,
    days: Option<String>,
    pseudonyms: bool,
    privacy: Option<Contact<'a>>,
}

/// What is recorded of the person who asks (GDPR article 15), and their rights.
pub fn mine(mine: &Mine<'_>) -> String {
    let lang = mine.lang;
    let rows = mine.rows.iter().map(|row| MineRow {
        at: local(row.time, lang),
        tool: &row.tool,
        action: known_action(&row.action),
        action_word: words::action(&row.action, lang),
        class: words::class(&row.class, lang),
    });
    page(&MinePage {
        frame: Frame::new(lang, mine.organisation, lang.pick("Wat we van jou vastleggen", "What we record of you")),
        rows: rows.collect(),
        days: mine.days.map(|days| whole(days.into(), lang)),
        pseudonyms: mine.pseudonyms,
        privacy: Contact::maybe(mine.privacy),
    })
}

/// The style class of an action; never text from outside.
fn known_action(action: &str) -> &'static str {
    ["allow", "warn", "redact", "redirect", "block"].into_iter().find(|known| *known == action).unwrap_or("allow")
}

#[derive(Template)]
#[template(path = "page/templates/not_found.html")]
struct NotFoundPage<'a> {
    frame: Frame<'a>,
}

/// The page for an address that `sluis.internal` does not have.
pub fn not_found(lang: Lang, organisation: &str) -> String {
    page(&NotFoundPage { frame: Frame::new(lang, organisation, lang.pick("Deze pagina bestaat niet", "This page does not exist")) })
}
