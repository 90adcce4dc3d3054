//! From the tree to the language: the shape of every key.
//!
//! Takes the merged [`Node`], gives a [`Language`] in which whatever was wrong is left out and reported. Names are not looked up here.

use super::language::*;
use super::node::{At, Entry, Node, Value};
use super::report::Report;
use super::{Mode, read_rule, value};

/// Keys of the whole language.
const TOP: &[&str] = &["sluis", "organisation", "mode", "tools", "data", "excess", "literacy", "never-intercept", "rules", "tests"];

/// A mapping's keys, each asked for by name.
pub(super) struct Fields<'n> {
    entries: &'n [Entry],
    pub at: At,
}

impl<'n> Fields<'n> {
    /// Reports keys outside `known`, and a node that is no mapping.
    pub fn of(node: &'n Node, what: &str, known: &[&str], report: &mut Report<'_>) -> Option<Self> {
        let fields = Self::any(node, what, report)?;
        for entry in fields.entries.iter().filter(|entry| !known.contains(&entry.key.as_str())) {
            report.unknown(entry.at, "key", &entry.key, known.iter().copied());
        }
        Some(fields)
    }

    /// A mapping with free keys.
    pub fn any(node: &'n Node, what: &str, report: &mut Report<'_>) -> Option<Self> {
        match &node.value {
            Value::Map(entries) => Some(Self { entries, at: node.at }),
            _ if node.is_empty() => Some(Self { entries: &[], at: node.at }),
            _ => {
                report.error(node.at, format!("{what} must be a mapping, not {}", node.what())).suggest("write key: value");
                None
            }
        }
    }

    pub fn get(&self, key: &str) -> Option<&'n Node> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value).filter(|node| !node.is_empty())
    }

    pub fn key_at(&self, key: &str) -> At {
        self.entries.iter().find(|entry| entry.key == key).map_or(self.at, |entry| entry.at)
    }

    pub fn iter(&self) -> impl Iterator<Item = &'n Entry> + use<'n> {
        self.entries.iter()
    }

    pub fn text(&self, key: &str, report: &mut Report<'_>) -> Option<String> {
        self.name(key, report).map(|name| name.value)
    }

    pub fn name(&self, key: &str, report: &mut Report<'_>) -> Option<Name> {
        name(self.get(key)?, key, report)
    }

    /// One value or a list of them.
    pub fn names(&self, key: &str, report: &mut Report<'_>) -> Vec<Name> {
        self.get(key).map(|node| names(node, key, report)).unwrap_or_default()
    }

    /// Reads a value by a function that says what is wrong with it.
    pub fn parsed<T>(&self, key: &str, read: impl FnOnce(&str) -> Result<T, String>, report: &mut Report<'_>) -> Option<Spanned<T>> {
        let name = self.name(key, report)?;
        match read(&name.value) {
            Ok(value) => Some(Spanned { value, at: name.at }),
            Err(why) => {
                report.fault(name.at, &why);
                None
            }
        }
    }

    /// One of a fixed set of words.
    pub fn word<T: Copy>(&self, key: &str, words: &[(&str, T)], report: &mut Report<'_>) -> Option<Spanned<T>> {
        word(&self.name(key, report)?, key, words, report)
    }

    pub fn sentence(&self, key: &str, report: &mut Report<'_>) -> Option<Sentence> {
        sentence(self.get(key)?, key, report)
    }
}

pub(super) fn name(node: &Node, what: &str, report: &mut Report<'_>) -> Option<Name> {
    match &node.value {
        Value::Text { text, .. } if !text.trim().is_empty() => Some(Spanned { value: text.clone(), at: node.at }),
        _ => {
            report.error(node.at, format!("{what} must be a single value, not {}", node.what())).suggest("write one value after the colon");
            None
        }
    }
}

pub(super) fn names(node: &Node, what: &str, report: &mut Report<'_>) -> Vec<Name> {
    match &node.value {
        Value::List(items) => items.iter().filter_map(|item| name(item, &format!("each item of {what}"), report)).collect(),
        _ => name(node, what, report).into_iter().collect(),
    }
}

pub(super) fn word<T: Copy>(name: &Name, what: &str, words: &[(&str, T)], report: &mut Report<'_>) -> Option<Spanned<T>> {
    match words.iter().find(|(word, _)| *word == name.value) {
        Some((_, value)) => Some(Spanned { value: *value, at: name.at }),
        None => {
            report.unknown(name.at, what, &name.value, words.iter().map(|(word, _)| *word));
            None
        }
    }
}

/// A text, or `{nl: ..., en: ...}`.
pub(super) fn sentence(node: &Node, what: &str, report: &mut Report<'_>) -> Option<Sentence> {
    if let Value::Text { text, .. } = &node.value {
        return Some(Sentence { nl: text.clone(), en: text.clone() });
    }
    let fields = Fields::of(node, what, &["nl", "en"], report)?;
    match (fields.text("nl", report), fields.text("en", report)) {
        (Some(nl), Some(en)) => Some(Sentence { nl, en }),
        (Some(one), None) | (None, Some(one)) => Some(Sentence { nl: one.clone(), en: one }),
        (None, None) => None,
    }
}

pub(super) const MODES: [(&str, Mode); 2] = [("enforce", Mode::Enforce), ("observe", Mode::Observe)];

/// Reads the merged tree of all files.
pub fn read(root: &Node, report: &mut Report<'_>) -> Language {
    let Some(fields) = Fields::of(root, "a policy", TOP, report) else { return Language::default() };
    match fields.name("sluis", report) {
        Some(version) if version.value != "1" => report
            .error(version.at, format!("version {} of the policy language is not known", version.value))
            .suggest("this version of Sluis reads 'sluis: 1'"),
        Some(_) => {}
        None if report.broken => {}
        None => report
            .error(At { line: 1, column: 1, ..root.at }, "no file says which version of the language it is in")
            .suggest("add the line 'sluis: 1'"),
    }
    let mut language = Language {
        mode: fields.word("mode", &MODES, report).map(|mode| mode.value),
        organisation: organisation(fields.get("organisation"), report),
        never_intercept: fields.names("never-intercept", report),
        ..Language::default()
    };
    if let Some(tools) = fields.get("tools").and_then(|node| Fields::any(node, "tools", report)) {
        language.tools = tools.iter().filter_map(|entry| tool(entry, report)).collect();
    }
    if let Some(node) = fields.get("data") {
        language.data = data(node, report);
    }
    if let Some(excess) = fields.get("excess").and_then(|node| Fields::any(node, "excess", report)) {
        for entry in excess.iter() {
            let then = read_rule::then(&entry.value, report).unwrap_or(Then::Block);
            let class = Spanned { value: entry.key.clone(), at: entry.at };
            language.excess.push((class, Spanned { value: then, at: entry.value.at }));
        }
    }
    language.literacy = fields.get("literacy").and_then(|node| literacy(node, report));
    for node in items(fields.get("rules"), "rules", &mut Report::new(&[])) {
        let silent = &mut Report::new(&[]);
        language.rule_names.extend(Fields::any(node, "a rule", silent).and_then(|fields| fields.text("name", silent)));
    }
    language.rules = items(fields.get("rules"), "rules", report).iter().filter_map(|node| read_rule::rule(node, report)).collect();
    language.tests = items(fields.get("tests"), "tests", report).iter().filter_map(|node| read_rule::test(node, report)).collect();
    language
}

fn items<'n>(node: Option<&'n Node>, what: &str, report: &mut Report<'_>) -> &'n [Node] {
    match node.map(|node| (&node.value, node)) {
        None => &[],
        Some((Value::List(items), _)) => items,
        Some((_, node)) => {
            report.error(node.at, format!("{what} must be a list, not {}", node.what())).suggest("write lines that begin with '- '");
            &[]
        }
    }
}

fn organisation(node: Option<&Node>, report: &mut Report<'_>) -> Organisation {
    let mut organisation = Organisation {
        kind: "other".into(),
        languages: vec!["nl".into(), "en".into()],
        time_zone: "Europe/Amsterdam".into(),
        ..Organisation::default()
    };
    let known = ["name", "kind", "inhabitants", "languages", "contact", "domains", "time-zone"];
    let Some(fields) = node.and_then(|node| Fields::of(node, "organisation", &known, report)) else { return organisation };
    organisation.name = fields.text("name", report).unwrap_or_default();
    let kinds = [("municipality", "municipality"), ("partnership", "partnership"), ("other", "other")];
    if let Some(kind) = fields.word("kind", &kinds, report) {
        organisation.kind = kind.value.into();
    }
    organisation.inhabitants = fields.parsed("inhabitants", value::integer, report).map(|n| n.value);
    let languages: Vec<String> = fields
        .names("languages", report)
        .iter()
        .filter_map(|name| word(name, "language", &[("nl", "nl"), ("en", "en")], report))
        .map(|language| language.value.to_owned())
        .collect();
    if !languages.is_empty() {
        organisation.languages = languages;
    }
    let zone = |name: &str| match jiff::tz::TimeZone::get(name) {
        Ok(_) => Ok(name.to_owned()),
        Err(_) if name == "Europe/Amsterdam" => Ok(name.to_owned()),
        Err(_) => Err(format!("unknown time zone '{name}': write an IANA name, such as Europe/Amsterdam")),
    };
    if let Some(zone) = fields.parsed("time-zone", zone, report) {
        organisation.time_zone = zone.value;
    }
    if let Some(contact) = fields.get("contact").and_then(|n| Fields::of(n, "contact", &["helpdesk", "privacy", "security"], report)) {
        organisation.contact = Contact {
            helpdesk: contact.text("helpdesk", report),
            privacy: contact.text("privacy", report),
            security: contact.text("security", report),
        };
    }
    if let Some(domains) = fields.get("domains").and_then(|node| Fields::any(node, "domains", report)) {
        let mut seen: Vec<Name> = Vec::new();
        for entry in domains.iter() {
            let groups = names(&entry.value, &entry.key, report);
            for group in &groups {
                match seen.iter().find(|known| known.value.eq_ignore_ascii_case(&group.value)) {
                    Some(first) => report.twice(&group.value, first.at, group.at),
                    None => seen.push(group.clone()),
                }
            }
            organisation.domains.push((entry.key.clone(), groups.into_iter().map(|group| group.value).collect()));
        }
    }
    organisation
}

fn tool(entry: &Entry, report: &mut Report<'_>) -> Option<ToolRule> {
    let known = ["status", "up-to", "for", "until", "instead", "then", "reason", "purpose", "owner", "ai-act", "assessments", "tenant"];
    let fields = Fields::of(&entry.value, &entry.key, &known, report)?;
    for field in fields.iter().filter(|field| known.contains(&field.key.as_str()) && field.value.holds_nothing()) {
        // An empty 'for:' must not come to mean everyone.
        report.error(field.at, format!("'{}' is empty", field.key)).suggest("give it a value, or take it out");
    }
    let status = match fields.get("status") {
        Some(_) => fields.word("status", &Status::ALL, report),
        None => {
            report
                .error(entry.at, format!("'{}' has no status", entry.key))
                .suggest("add 'status: approved', pilot, unreviewed or forbidden");
            None
        }
    };
    let mut assessments = Vec::new();
    if let Some(kinds) = fields.get("assessments").and_then(|node| Fields::any(node, "assessments", report)) {
        for kind in kinds.iter() {
            if let Some(date) = kinds.parsed(&kind.key, value::date, report) {
                assessments.push((kind.key.clone(), date.value));
            }
        }
    }
    let known = status.is_some();
    let mut rule = ToolRule {
        target: Spanned { value: entry.key.clone(), at: entry.at },
        // A status that could not be read is reported above; the strictest one stands in, so that the rest can still be checked.
        status: status.unwrap_or(Spanned { value: Status::Forbidden, at: entry.at }),
        up_to: fields.name("up-to", report),
        groups: fields.names("for", report),
        until: fields.parsed("until", value::date, report),
        instead: fields.name("instead", report),
        then: fields.get("then").and_then(|node| Some(Spanned { value: read_rule::then(node, report)?, at: node.at })),
        reason: fields.sentence("reason", report),
        purpose: fields.text("purpose", report),
        owner: fields.text("owner", report),
        ai_act: fields.word("ai-act", &AiAct::ALL, report),
        assessments,
        tenant: fields.text("tenant", report),
    };
    if !known {
        (rule.then, rule.until, rule.groups) = (None, None, Vec::new());
    }
    Some(rule)
}

/// Keys of `data:` that are not classes.
pub(super) const DATA: &[&str] = &["classes", "uploads-without-label", "unreadable", "dossier", "detectors"];

fn data(node: &Node, report: &mut Report<'_>) -> Data {
    let Some(fields) = Fields::any(node, "data", report) else { return Data::default() };
    let mut data = Data {
        classes: fields.names("classes", report),
        uploads_without_label: fields.name("uploads-without-label", report),
        unreadable: fields.name("unreadable", report),
        dossier: fields.name("dossier", report),
        ..Data::default()
    };
    if let Some(detectors) = fields.get("detectors").and_then(|node| Fields::any(node, "detectors", report)) {
        data.detectors = detectors.iter().filter_map(|entry| own(entry, report)).collect();
        data.detector_names = detectors.iter().map(|entry| entry.key.clone()).collect();
    }
    for entry in fields.iter().filter(|entry| !DATA.contains(&entry.key.as_str())) {
        let class = Spanned { value: entry.key.clone(), at: entry.at };
        let items = match &entry.value.value {
            Value::List(items) => items.iter().filter_map(|node| item(node, report)).collect(),
            _ if entry.value.is_empty() => Vec::new(),
            _ => item(&entry.value, report).into_iter().collect(),
        };
        data.lists.push((class, items));
    }
    data
}

/// `iban`, `label: "Intern"`, `dataset: brp-extract`, `documents: council-secret`.
fn item(node: &Node, report: &mut Report<'_>) -> Option<Spanned<Item>> {
    if let Value::Text { .. } = &node.value {
        let name = name(node, "a detector", report)?;
        return Some(Spanned { value: Item::Detector(name.value), at: name.at });
    }
    let fields = Fields::of(node, "a class list", &["label", "dataset", "documents"], report)?;
    let found = [("label", Item::Label as fn(String) -> Item), ("dataset", Item::Dataset), ("documents", Item::Documents)]
        .into_iter()
        .find_map(|(key, make)| Some(Spanned { at: fields.get(key)?.at, value: make(fields.text(key, report)?) }));
    if found.is_none() && fields.iter().next().is_none() {
        report.error(node.at, "this item of a class list is empty").suggest("name a detector, or label: with a name");
    }
    found
}

/// What an own detector may look for; one of these.
const SOUGHT: [&str; 4] = ["pattern", "words", "dataset", "documents"];
/// `at-least` where it is not written.
const AT_LEAST: u8 = 30;

fn own(entry: &Entry, report: &mut Report<'_>) -> Option<Own> {
    let known = ["pattern", "words", "class", "context", "name", "dataset", "documents", "key", "at-least"];
    let fields = Fields::of(&entry.value, &entry.key, &known, report)?;
    let given: Vec<&str> = SOUGHT.into_iter().filter(|key| fields.get(key).is_some()).collect();
    let kind = match given.as_slice() {
        [] => {
            let message = format!("detector '{}' has none of pattern:, words:, dataset: and documents:", entry.key);
            report.error(entry.at, message).suggest("add what it looks for, such as pattern: '\\bZ-\\d{6}\\b'");
            OwnKind::Missing
        }
        [key] => sought(key, &fields, report).unwrap_or(OwnKind::Missing),
        [first, second, ..] => {
            let message = format!("detector '{}' has both {first}: and {second}:", entry.key);
            report.error(fields.key_at(second), message).suggest("make it two detectors");
            OwnKind::Missing
        }
    };
    for (key, of) in [("key", &SOUGHT[2..]), ("at-least", &SOUGHT[3..])] {
        if fields.get(key).is_some() && given.len() == 1 && !of.contains(&given[0]) {
            let message = format!("'{key}' has no meaning for a detector with {}:", given[0]);
            report.error(fields.key_at(key), message).suggest(format!("it belongs to {}:", of.join(": and ")));
        }
    }
    let context = fields.names("context", report).into_iter().map(|name| name.value).collect();
    let id = Spanned { value: entry.key.clone(), at: entry.at };
    Some(Own { id, kind, class: fields.name("class", report), context, name: fields.sentence("name", report) })
}

fn sought(key: &str, fields: &Fields<'_>, report: &mut Report<'_>) -> Option<OwnKind> {
    let value = fields.name(key, report)?;
    Some(match key {
        "pattern" => OwnKind::Pattern(value),
        "words" => OwnKind::Words(value),
        "dataset" => OwnKind::Dataset { file: value, key: fields.name("key", report) },
        _ => {
            let at_least = match fields.get("at-least") {
                Some(_) => fields.parsed("at-least", value::percentage, report)?.value,
                None => AT_LEAST,
            };
            OwnKind::Documents { file: value, key: fields.name("key", report), at_least }
        }
    })
}

fn literacy(node: &Node, report: &mut Report<'_>) -> Option<Literacy> {
    let fields = Fields::of(node, "literacy", &["required-for", "valid", "course"], report)?;
    let course = |url: &str| match url.strip_prefix("https://") {
        Some(rest) if !rest.is_empty() && !rest.contains(char::is_whitespace) => Ok(url.to_owned()),
        _ => Err(format!("'{url}' is not an address: it must begin with https://")),
    };
    Some(Literacy {
        required_for: fields.names("required-for", report),
        valid_seconds: fields.parsed("valid", value::duration, report).map_or(365 * 86_400, |valid| valid.value),
        course: fields.parsed("course", course, report).map(|course| course.value),
    })
}
