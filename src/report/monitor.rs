//! The questions of the AI monitor of municipalities that the record and the policy answer, each with the survey's figure of 2024 beside it.
//!
//! Takes true counts and the policy as it is now; gives shown counts. It says what passed Sluis: what goes around it is not seen, so that an
//! answer from the record is 'yes' or 'not seen', never 'no'.

use super::ciso::decisions;
use super::survey::{self, Share};
use super::{Count, Head};
use crate::catalogue::Catalogue;
use crate::policy::{Entry, Policy, Status};
use crate::record::store::Counts;
use crate::record::suppress::{Cell, Raw, list};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// The answers of one organisation.
#[derive(Debug, Clone, PartialEq)]
pub struct Monitor {
    pub head: Head,
    pub inhabitants: Option<u64>,
    /// None where the policy does not say how large the organisation is.
    pub size: Option<SizeClass>,
    pub questions: Vec<Question>,
}

/// The survey's size classes. It published no figure per class; a partnership counts as large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SizeClass {
    /// Under 60,000 inhabitants.
    Small,
    /// 60,000 to 100,000.
    Middle,
    /// Above 100,000.
    Large,
}

impl SizeClass {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Small => "under-60000",
            Self::Middle => "60000-100000",
            Self::Large => "over-100000",
        }
    }

    fn of(kind: &str, inhabitants: Option<u64>) -> Option<Self> {
        match inhabitants {
            _ if kind == "partnership" => Some(Self::Large),
            Some(0..60_000) => Some(Self::Small),
            Some(60_000..=100_000) => Some(Self::Middle),
            Some(_) => Some(Self::Large),
            None => None,
        }
    }
}

/// What Sluis answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Yes,
    /// From the policy, which can say no.
    No,
    /// From the record, which only knows what passed Sluis.
    NotSeen,
    /// The rows are the answer.
    Rows,
}

impl Answer {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::NotSeen => "not-seen",
            Self::Rows => "see-rows",
        }
    }

    fn seen(raw: Raw) -> Self {
        if raw.number > 0 { Self::Yes } else { Self::NotSeen }
    }
}

/// One question.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The survey's number, such as `3.4a`.
    pub number: &'static str,
    pub nl: &'static str,
    pub en: &'static str,
    /// `policy` or `record`.
    pub basis: &'static str,
    pub answer: Answer,
    pub rows: Vec<Row>,
    /// Empty where the question was open.
    pub survey: &'static [Share],
}

/// One line of an answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    /// A tool, a domain of work, or a name such as `blocked`.
    pub id: String,
    /// Messages and people, where the record gives them.
    pub count: Option<Count>,
    /// How many tools, for a row about tools.
    pub tools: Option<u64>,
    /// For a pilot: what for, as the policy says it.
    pub purpose: Option<String>,
    /// For a pilot: its last day.
    pub until: Option<Date>,
    /// For a domain: the survey's domain of that name.
    pub domain: Option<&'static Share>,
    /// For a tool: its name.
    pub name: Option<String>,
}

impl Row {
    fn counted(id: &str, count: Count) -> Self {
        Self { id: id.to_owned(), count: Some(count), ..Self::default() }
    }
}

impl Monitor {
    pub(super) fn new(head: Head, counts: &Counts, domains: &[(String, Raw)], policy: &Policy, catalogue: &Catalogue) -> Self {
        let organisation = policy.organisation();
        let k = head.k;
        let [generative, embedded, own] = kinds(counts, k);
        let pilots = pilots(policy, catalogue, head.covered.until);
        Self {
            inhabitants: organisation.inhabitants,
            size: SizeClass::of(&organisation.kind, organisation.inhabitants),
            questions: vec![
                Question {
                    number: "3.3a",
                    nl: "Lopen er experimenten met AI?",
                    en: "Are there experiments with AI?",
                    basis: "policy",
                    answer: if pilots.is_empty() { Answer::No } else { Answer::Yes },
                    rows: pilots,
                    survey: &survey::EXPERIMENTS,
                },
                seen("3.4a", "Wordt generatieve AI gebruikt?", "Is generative AI in use?", generative, &survey::GENERATIVE),
                Question {
                    number: "3.4b",
                    nl: "In welke domeinen wordt generatieve AI gebruikt?",
                    en: "In which domains is generative AI used?",
                    basis: "record",
                    answer: Answer::Rows,
                    rows: by_domain(domains, k),
                    survey: &survey::DOMAINS,
                },
                seen("3.4d", "Wordt AI in andere software gebruikt?", "Is AI in other software in use?", embedded, &survey::EMBEDDED),
                seen("3.4e", "Wordt eigen AI gebruikt?", "Is AI of your own in use?", own, &survey::OWN),
                Question {
                    number: "3.6",
                    nl: "Wat zijn uitdagingen, grenzen en aandachtspunten?",
                    en: "What are challenges, limits and points of attention?",
                    basis: "record",
                    answer: Answer::Rows,
                    rows: attention(counts, k),
                    survey: &[],
                },
            ],
            head,
        }
    }
}

/// A question about use of one kind of AI.
fn seen(number: &'static str, nl: &'static str, en: &'static str, kind: (Answer, Row), survey: &'static [Share]) -> Question {
    let (answer, row) = kind;
    Question { number, nl, en, basis: "record", answer, rows: vec![row], survey }
}

/// The three kinds, whose sum the reader knows from elsewhere.
fn kinds(counts: &Counts, k: u64) -> [(Answer, Row); 3] {
    const KINDS: [&str; 3] = ["generative", "embedded", "own"];
    let raw = KINDS.map(|kind| named(&counts.kinds, kind));
    let cells = list(&raw, &[], counts.total.people, k);
    std::array::from_fn(|place| {
        let number = cells.get(place).copied().unwrap_or(Cell::Hidden);
        let count = Count::with(number, raw[place].people, counts.total.people, k);
        (Answer::seen(raw[place]), Row::counted(KINDS[place], count))
    })
}

fn named(rows: &[(String, Raw)], name: &str) -> Raw {
    rows.iter().find(|(own, _)| own == name).map_or_else(Raw::default, |(_, raw)| *raw)
}

/// The pilots that ran at that moment, according to the policy as it is now.
fn pilots(policy: &Policy, catalogue: &Catalogue, at: Timestamp) -> Vec<Row> {
    let running =
        policy.entries().into_iter().filter(|(_, entry)| entry.status == Status::Pilot && entry.until.is_none_or(|until| at <= until));
    let row = |(id, entry): (String, &Entry)| Row {
        name: catalogue.by_id(&id).map(|tool| tool.name.clone()),
        purpose: entry.purpose.clone(),
        until: entry.until_day,
        id,
        ..Row::default()
    };
    running.map(row).collect()
}

/// A person works in one domain, so that the people of all domains add up to a total; they are hidden as the messages are.
fn by_domain(domains: &[(String, Raw)], k: u64) -> Vec<Row> {
    // At most this many people; those whom two domains count make it larger, and the real group smaller.
    let group = domains.iter().map(|(_, raw)| raw.people).fold(0, u64::saturating_add);
    let messages: Vec<Raw> = domains.iter().map(|(_, raw)| *raw).collect();
    let people: Vec<Raw> = messages.iter().map(|raw| Raw { number: raw.people, ..*raw }).collect();
    let cells = list(&messages, &[], group, k).into_iter().zip(list(&people, &[], group, k));
    let mut rows: Vec<Row> = domains
        .iter()
        .zip(cells)
        .map(|((id, _), (number, people))| Row { domain: survey::domain(id), ..Row::counted(id, Count { number, people }) })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.count.and_then(|count| count.number.shown())));
    rows
}

/// Unreviewed tools, and what was blocked and redacted.
fn attention(counts: &Counts, k: u64) -> Vec<Row> {
    let tools: BTreeSet<&str> = counts.tools.iter().filter(|tool| tool.status == "unreviewed").map(|tool| tool.tool.as_str()).collect();
    const STATUSES: [&str; 4] = ["unreviewed", "approved", "pilot", "forbidden"];
    let raw = STATUSES.map(|status| named(&counts.statuses, status));
    let number = list(&raw, &[], counts.total.people, k).first().copied().unwrap_or(Cell::Hidden);
    let count = Count::with(number, raw[0].people, counts.total.people, k);
    let mut rows = vec![Row { tools: Some(tools.len() as u64), ..Row::counted("unreviewed", count) }];
    for (action, count) in decisions(counts, k) {
        match action {
            "block" => rows.push(Row::counted("blocked", count)),
            "redact" => rows.push(Row::counted("redacted", count)),
            _ => {}
        }
    }
    rows
}
