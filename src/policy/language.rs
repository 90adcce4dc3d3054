//! The language as types: what a policy says, before anything is looked up.
//!
//! Every name that must exist somewhere else (a tool, a class, a detector) carries its place, so that `check` can point at it.
//! Nothing here decides.

use super::node::At;
use super::value::Order;
use super::{Action, Mode};
use crate::catalogue::Kind;
use crate::wire::{Direction, Unreadable};
use ipnet::IpNet;
use jiff::civil::Date;
use serde::Serialize;

/// A value with its place in the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    pub value: T,
    pub at: At,
}

/// A name with its place.
pub type Name = Spanned<String>;

/// All files of a policy, merged.
#[derive(Debug, Clone, Default)]
pub struct Language {
    pub organisation: Organisation,
    pub mode: Option<Mode>,
    pub tools: Vec<ToolRule>,
    pub data: Data,
    /// Class to what happens above the ceiling.
    pub excess: Vec<(Name, Spanned<Then>)>,
    pub literacy: Option<Literacy>,
    pub never_intercept: Vec<Name>,
    pub rules: Vec<Rule>,
    /// Names of all rules, also of those that could not be read.
    pub rule_names: Vec<String>,
    pub tests: Vec<Test>,
}

/// Who applies this policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Organisation {
    pub name: String,
    /// `municipality`, `partnership` or `other`.
    pub kind: String,
    pub inhabitants: Option<u64>,
    /// Of pages and messages; the first is the default. Never empty in a loaded policy.
    pub languages: Vec<String>,
    pub contact: Contact,
    /// Domain of work to directory groups, in the order of the policy.
    pub domains: Vec<(String, Vec<String>)>,
    /// IANA name, in which `until`, `hours` and `days` are read.
    pub time_zone: String,
}

/// Whom employees and operators turn to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Contact {
    pub helpdesk: Option<String>,
    pub privacy: Option<String>,
    pub security: Option<String>,
}

/// What the register says of a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Approved,
    Pilot,
    Unreviewed,
    Forbidden,
}

impl Status {
    pub const ALL: [(&'static str, Self); 4] =
        [("approved", Self::Approved), ("pilot", Self::Pilot), ("unreviewed", Self::Unreviewed), ("forbidden", Self::Forbidden)];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Pilot => "pilot",
            Self::Unreviewed => "unreviewed",
            Self::Forbidden => "forbidden",
        }
    }
}

/// Risk class of the use under the AI Act, Regulation (EU) 2024/1689.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AiAct {
    Minimal,
    Limited,
    High,
    Prohibited,
}

impl AiAct {
    pub const ALL: [(&'static str, Self); 4] =
        [("minimal", Self::Minimal), ("limited", Self::Limited), ("high", Self::High), ("prohibited", Self::Prohibited)];
}

/// One entry of `tools:`.
#[derive(Debug, Clone)]
pub struct ToolRule {
    /// A catalogue id, `category:x` or `*`.
    pub target: Name,
    pub status: Spanned<Status>,
    pub up_to: Option<Name>,
    pub groups: Vec<Name>,
    pub until: Option<Spanned<Date>>,
    pub instead: Option<Name>,
    pub then: Option<Spanned<Then>>,
    pub reason: Option<Sentence>,
    pub purpose: Option<String>,
    pub owner: Option<String>,
    pub ai_act: Option<Spanned<AiAct>>,
    /// Kind of assessment (`dpia`, `iama`) and its date.
    pub assessments: Vec<(String, Date)>,
    /// The only workspace that may be used.
    pub tenant: Option<String>,
}

/// What a person wrote for employees to read; one text serves both languages where only one is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Sentence {
    pub nl: String,
    pub en: String,
}

/// What happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Then {
    Allow,
    Warn { justify: bool, valid_seconds: u64 },
    Redact,
    Block,
    Redirect(Name),
}

impl Then {
    /// `warn` as it stands alone: no justification, a click is good for eight hours.
    pub const WARN: Self = Self::Warn { justify: false, valid_seconds: 8 * 3_600 };

    pub fn action(&self) -> Action {
        match self {
            Self::Allow => Action::Allow,
            Self::Warn { .. } => Action::Warn,
            Self::Redact => Action::Redact,
            Self::Redirect(_) => Action::Redirect,
            Self::Block => Action::Block,
        }
    }
}

/// `data:`, what makes a message confidential.
#[derive(Debug, Clone, Default)]
pub struct Data {
    /// Low to high.
    pub classes: Vec<Name>,
    pub uploads_without_label: Option<Name>,
    pub unreadable: Option<Name>,
    /// The least class of a name, birth date and address that stand together.
    pub dossier: Option<Name>,
    /// Class to what has it.
    pub lists: Vec<(Name, Vec<Spanned<Item>>)>,
    pub detectors: Vec<Own>,
    /// Names of all own detectors, also of those that could not be read.
    pub detector_names: Vec<String>,
}

/// What can have a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A detector's id, or the front of several (`credential`).
    Detector(String),
    /// A sensitivity label of documents.
    Label(String),
    /// An exact-match index.
    Dataset(String),
    /// An index of document fingerprints.
    Documents(String),
}

impl Item {
    /// The detector id under which a finding of this item comes.
    pub fn detector(&self) -> String {
        match self {
            Self::Detector(id) | Self::Dataset(id) | Self::Documents(id) => id.clone(),
            Self::Label(name) => crate::detect::label_id(name),
        }
    }
}

/// A detector of the organisation's own.
#[derive(Debug, Clone)]
pub struct Own {
    pub id: Name,
    pub kind: OwnKind,
    pub class: Option<Name>,
    /// Words that must stand near.
    pub context: Vec<String>,
    /// How employees read it: `een zaaknummer`.
    pub name: Option<Sentence>,
}

#[derive(Debug, Clone)]
pub enum OwnKind {
    Pattern(Name),
    /// A file with one word or phrase per line, relative to the policy's folder.
    Words(Name),
    /// An exact-match index, relative to the policy's folder.
    Dataset {
        file: Name,
        key: Option<Name>,
    },
    /// An index of document fingerprints, and the percentage of a passage that must be the same.
    Documents {
        file: Name,
        key: Option<Name>,
        at_least: u8,
    },
    /// Neither could be read, which has been reported.
    Missing,
}

/// `literacy:`, AI Act article 4.
#[derive(Debug, Clone)]
pub struct Literacy {
    pub required_for: Vec<Name>,
    pub valid_seconds: u64,
    pub course: Option<String>,
}

/// One of `rules:`.
#[derive(Debug, Clone)]
pub struct Rule {
    pub name: Name,
    pub why: Option<Sentence>,
    pub when: Condition,
    pub then: Then,
    pub mode: Mode,
}

/// `when:`; an empty `All` always holds.
#[derive(Debug, Clone)]
pub enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Field(Field),
}

/// One key of `when:`; the items of a list are or-ed.
#[derive(Debug, Clone)]
pub enum Field {
    Tool(Vec<Name>),
    Vendor(Vec<Name>),
    Country(Vec<Name>),
    Category(Vec<Name>),
    Kind(Vec<Kind>),
    Status(Vec<Status>),
    User(Vec<Name>),
    Group(Vec<Name>),
    Domain(Vec<Name>),
    Network(Vec<IpNet>),
    Organisation(Vec<Name>),
    Direction(Vec<Direction>),
    Detect(Vec<Name>),
    Class(Vec<(Order, Name)>),
    /// How many findings; of the detectors that stand beside it in the same `when`, or of all.
    Count(Order, u64, Vec<String>),
    /// Bytes of the message.
    Size(Order, u64),
    Model(Vec<Name>),
    Client(Vec<Name>),
    /// Minutes of the local day.
    Hours(Vec<(u16, u16)>),
    /// A bit per day, Monday lowest.
    Days(u8),
}

/// One of `tests:`.
#[derive(Debug, Clone)]
pub struct Test {
    pub name: Name,
    pub given: Given,
    pub expect: Expect,
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Given {
    /// None where it is missing, which has been reported.
    pub tool: Option<Name>,
    pub user: Option<String>,
    pub groups: Vec<String>,
    pub organisation: String,
    pub address: std::net::IpAddr,
    pub direction: Direction,
    /// The words; none is a visit to the tool's page.
    pub text: Option<String>,
    /// File name or field name, context for detectors.
    pub label: String,
    pub model: Option<String>,
    pub client: String,
    /// Bytes, where they must differ from the text's own.
    pub size: Option<u64>,
    pub unreadable: Option<Unreadable>,
    /// A local date or an RFC 3339 moment; none is now.
    pub now: Option<Moment>,
}

/// When a test takes place.
#[derive(Debug, Clone, Copy)]
pub enum Moment {
    /// Noon of this day.
    Day(Date),
    Exact(jiff::Timestamp),
}

impl Default for Given {
    fn default() -> Self {
        Self {
            tool: None,
            user: None,
            groups: Vec::new(),
            organisation: String::new(),
            address: std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
            direction: Direction::Prompt,
            text: None,
            label: String::new(),
            model: None,
            client: "other".into(),
            size: None,
            unreadable: None,
            now: None,
        }
    }
}

/// What must come out; what is not named is not looked at.
#[derive(Debug, Clone, Default)]
pub struct Expect {
    pub action: Option<Action>,
    pub would: Option<Action>,
    pub class: Option<Name>,
    pub status: Option<Status>,
    /// `none` is the wish that no rule decides.
    pub rule: Option<Name>,
    pub instead: Option<Name>,
    /// Each must be found; an empty list wishes for none at all.
    pub findings: Option<Vec<Name>>,
    /// The text after redaction.
    pub redacted: Option<String>,
}
