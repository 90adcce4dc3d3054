//! From the language to what `decide` asks: names become ranks and tables, dates become moments.
//!
//! Takes a [`Language`] in which `check` found nothing wrong. Cannot fail: where a name is unknown all the same, the strictest reading is taken.

use super::language::*;
use super::{Mode, Policy, Reason, value::Order};
use crate::catalogue::Catalogue;
use crate::diagnostic::Diagnostic;
use crate::{detect, wire};
use jiff::tz::TimeZone;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A class as its place in `data.classes`, 0 the lowest.
pub(super) type Rank = usize;

/// What the register says of a tool, a category or everything else.
#[derive(Debug, Clone)]
pub struct Entry {
    pub status: Status,
    pub(super) ceiling: Rank,
    /// Directory groups that may use it; empty: everyone.
    pub groups: Vec<String>,
    /// The first moment at which it is over.
    pub until: Option<jiff::Timestamp>,
    pub until_day: Option<jiff::civil::Date>,
    pub instead: Option<String>,
    /// What happens to an unreviewed tool; none where the policy does not say.
    pub(super) then: Option<Then>,
    pub reason: Option<Sentence>,
    pub purpose: Option<String>,
    pub owner: Option<String>,
    pub ai_act: Option<AiAct>,
    pub assessments: Vec<(String, jiff::civil::Date)>,
    pub tenant: Option<String>,
}

/// A rule as it is asked.
#[derive(Debug)]
pub(super) struct Compiled {
    pub name: Arc<str>,
    pub why: Option<Reason>,
    pub when: Test,
    pub then: Then,
    pub mode: Mode,
    /// It asks what is in the words, so it says nothing about a message without words.
    pub needs_words: bool,
    /// Detectors that it names; `then: redact` replaces these.
    pub detect: Vec<String>,
}

/// `when`, with names in lower case and classes as ranks.
#[derive(Debug)]
pub(super) enum Test {
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
    Field(&'static str, Ask),
}

#[derive(Debug)]
pub(super) enum Ask {
    Tool(Vec<String>),
    Vendor(Vec<String>),
    Country(Vec<String>),
    Category(Vec<String>),
    Kind(Vec<crate::catalogue::Kind>),
    Status(Vec<Status>),
    User(Vec<String>),
    Group(Vec<String>),
    Domain(Vec<String>),
    Network(Vec<ipnet::IpNet>),
    Organisation(Vec<String>),
    Direction(Vec<wire::Direction>),
    Detect(Vec<String>),
    Class(Vec<(Order, Rank)>),
    Count(Order, u64, Vec<String>),
    Size(Order, u64),
    Model(Vec<String>),
    Client(Vec<String>),
    Hours(Vec<(u16, u16)>),
    Days(u8),
}

/// Compiles a checked policy.
pub(super) fn compile(language: Language, catalogue: &Catalogue, plan: detect::Plan, version: String, notes: Vec<Diagnostic>) -> Policy {
    let classes: Vec<Arc<str>> = match language.data.classes.as_slice() {
        [] => super::check::CLASSES.iter().map(|class| Arc::from(*class)).collect(),
        classes => classes.iter().map(|class| Arc::from(class.value.as_str())).collect(),
    };
    let top = classes.len() - 1;
    let rank = |name: &Name| classes.iter().position(|class| **class == *name.value).unwrap_or(top);
    let zone =
        TimeZone::get(&language.organisation.time_zone).or_else(|_| TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3")).unwrap_or(TimeZone::UTC);

    // Above the ceiling and nothing written: block.
    let mut excess = vec![Then::Block; classes.len()];
    for (class, then) in &language.excess {
        excess[rank(class)] = then.value.clone();
    }

    let mut listed: Vec<(String, Rank)> = Vec::new();
    for (class, items) in &language.data.lists {
        listed.extend(items.iter().map(|item| (item.value.detector(), rank(class))));
    }
    listed.extend(language.data.detectors.iter().filter_map(|own| Some((own.id.value.clone(), rank(own.class.as_ref()?)))));
    // The longest name that covers a detector decides.
    listed.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
    let own_ids = language.data.detectors.iter().map(|own| own.id.value.as_str());
    let ranks: HashMap<String, Rank> = detect::builtin_ids()
        .iter()
        .copied()
        .chain(own_ids)
        .map(|id| (id.to_owned(), listed.iter().find(|(listed, _)| detect::covers(listed, id)).map_or(0, |(_, rank)| *rank)))
        .collect();

    let mut tools = HashMap::new();
    let mut categories = HashMap::new();
    let mut other = None;
    for rule in &language.tools {
        let entry = entry(rule, &zone, &rank);
        match rule.target.value.strip_prefix("category:") {
            Some(category) => drop(categories.insert(category.trim().to_owned(), entry)),
            None if rule.target.value == "*" => other = Some(entry),
            None => drop(tools.insert(rule.target.value.clone(), entry)),
        }
    }

    let mut never_hosts = HashSet::new();
    let mut never_categories = Vec::new();
    for name in &language.never_intercept {
        match name.value.strip_prefix("category:") {
            Some(category) => never_categories.push(category.trim().to_owned()),
            None => drop(never_hosts.insert(name.value.strip_prefix("*.").unwrap_or(&name.value).to_lowercase())),
        }
    }

    let rules = language.rules.into_iter().map(|rule| compiled(rule, &rank)).collect();
    let own_names = language.data.detectors.into_iter().filter_map(|own| Some((own.id.value, own.name?))).collect();
    Policy {
        version,
        mode: language.mode.unwrap_or(Mode::Enforce),
        unreadable: language.data.unreadable.as_ref().map_or(top, rank),
        unlabelled: language.data.uploads_without_label.as_ref().map(rank),
        dossier: language.data.dossier.as_ref().map(rank),
        organisation: language.organisation,
        zone,
        excess,
        listed,
        ranks,
        tool_count: language.tools.len(),
        tools,
        categories,
        other: other.unwrap_or(Entry::UNKNOWN),
        never_hosts,
        never_categories,
        rules,
        plan,
        own_names,
        tool_names: catalogue.tools().iter().map(|tool| (tool.id.clone(), tool.name.clone())).collect(),
        literacy: language.literacy,
        tests: language.tests,
        classes,
        notes,
    }
}

impl Entry {
    /// A tool of which the policy says nothing.
    pub(super) const UNKNOWN: Self = Self {
        status: Status::Unreviewed,
        ceiling: 0,
        groups: Vec::new(),
        until: None,
        until_day: None,
        instead: None,
        then: None,
        reason: None,
        purpose: None,
        owner: None,
        ai_act: None,
        assessments: Vec::new(),
        tenant: None,
    };
}

fn entry(rule: &ToolRule, zone: &TimeZone, rank: &impl Fn(&Name) -> Rank) -> Entry {
    let until_day = rule.until.as_ref().map(|until| until.value);
    let over = |day: jiff::civil::Date| zone.to_timestamp(day.tomorrow().ok()?.to_datetime(jiff::civil::Time::midnight())).ok();
    Entry {
        status: rule.status.value,
        ceiling: rule.up_to.as_ref().map_or(0, rank),
        groups: rule.groups.iter().map(|group| group.value.clone()).collect(),
        until: until_day.and_then(over),
        until_day,
        instead: rule.instead.as_ref().map(|tool| tool.value.clone()),
        then: rule.then.as_ref().map(|then| then.value.clone()),
        reason: rule.reason.clone(),
        purpose: rule.purpose.clone(),
        owner: rule.owner.clone(),
        ai_act: rule.ai_act.as_ref().map(|ai_act| ai_act.value),
        assessments: rule.assessments.clone(),
        tenant: rule.tenant.clone(),
    }
}

fn compiled(rule: Rule, rank: &impl Fn(&Name) -> Rank) -> Compiled {
    let mut detect = Vec::new();
    let mut needs_words = false;
    let when = test(rule.when, rank, true, &mut detect, &mut needs_words);
    let name: Arc<str> = rule.name.value.into();
    let why = rule.why.map(|why| Reason { key: name.to_string(), nl: why.nl, en: why.en });
    Compiled { name, why, when, then: rule.then, mode: rule.mode, needs_words, detect }
}

fn test(when: Condition, rank: &impl Fn(&Name) -> Rank, positive: bool, detect: &mut Vec<String>, words: &mut bool) -> Test {
    let mut each = |list: Vec<Condition>| list.into_iter().map(|inner| test(inner, rank, positive, detect, words)).collect();
    match when {
        Condition::All(list) => Test::All(each(list)),
        Condition::Any(list) => Test::Any(each(list)),
        Condition::Not(inner) => Test::Not(Box::new(test(*inner, rank, !positive, detect, words))),
        Condition::Field(field) => {
            let (key, ask) = ask(field, rank);
            *words |= matches!(ask, Ask::Detect(_) | Ask::Class(_) | Ask::Count(..));
            if let (Ask::Detect(names), true) = (&ask, positive) {
                detect.extend(names.iter().cloned());
            }
            Test::Field(key, ask)
        }
    }
}

fn ask(field: Field, rank: &impl Fn(&Name) -> Rank) -> (&'static str, Ask) {
    let plain = |names: Vec<Name>| names.into_iter().map(|name| name.value).collect::<Vec<_>>();
    let lower = |names: Vec<Name>| names.into_iter().map(|name| name.value.to_lowercase()).collect::<Vec<_>>();
    match field {
        Field::Tool(names) => ("tool", Ask::Tool(plain(names))),
        Field::Vendor(names) => ("vendor", Ask::Vendor(plain(names))),
        Field::Country(names) => ("country", Ask::Country(plain(names))),
        Field::Category(names) => ("category", Ask::Category(plain(names))),
        Field::Kind(kinds) => ("kind", Ask::Kind(kinds)),
        Field::Status(status) => ("status", Ask::Status(status)),
        Field::User(names) => ("user", Ask::User(plain(names))),
        Field::Group(names) => ("group", Ask::Group(plain(names))),
        Field::Domain(names) => ("domain", Ask::Domain(plain(names))),
        Field::Network(networks) => ("network", Ask::Network(networks)),
        Field::Organisation(names) => ("organisation", Ask::Organisation(plain(names))),
        Field::Direction(directions) => ("direction", Ask::Direction(directions)),
        Field::Detect(names) => ("detect", Ask::Detect(plain(names))),
        Field::Class(classes) => ("class", Ask::Class(classes.iter().map(|(order, name)| (*order, rank(name))).collect())),
        Field::Count(order, number, detect) => ("count", Ask::Count(order, number, detect)),
        Field::Size(order, number) => ("size", Ask::Size(order, number)),
        Field::Model(names) => ("model", Ask::Model(lower(names))),
        Field::Client(names) => ("client", Ask::Client(lower(names))),
        Field::Hours(spans) => ("hours", Ask::Hours(spans)),
        Field::Days(bits) => ("days", Ask::Days(bits)),
    }
}
