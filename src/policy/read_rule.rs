//! From the tree to the language: `then`, `when`, rules and tests.
//!
//! Same manner as `read`: what is wrong is reported and left out.

use super::language::*;
use super::node::{Node, Value};
use super::read::{Fields, MODES, name, names, word};
use super::report::Report;
use super::value::{self, Order};
use super::{Action, Mode};
use crate::catalogue::Kind;
use crate::wire::{Direction, Unreadable};
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr};

const ACTIONS: [&str; 6] = ["allow", "warn", "redact", "block", "redirect", "limit"];
const LATER: &str = "'limit:' is not available in this version";

/// `allow`, `warn`, `redact`, `block`, `{redirect: TOOL}`, `{warn: {justify: true, valid: 8h}}`.
pub fn then(node: &Node, report: &mut Report<'_>) -> Option<Then> {
    if let Value::Map(entries) = &node.value {
        let [entry] = entries.as_slice() else {
            report.error(node.at, "an action has one key").suggest("write one of allow, warn, redact, block, redirect: TOOL");
            return None;
        };
        return match entry.key.as_str() {
            "redirect" => Some(Then::Redirect(name(&entry.value, "redirect", report)?)),
            "warn" => warn(&entry.value, report),
            "limit" => {
                report.error(entry.at, LATER).suggest("take this rule out for now");
                None
            }
            "allow" | "redact" | "block" => {
                report.error(entry.at, format!("'{}' takes nothing", entry.key)).suggest(format!("write 'then: {}'", entry.key));
                None
            }
            other => {
                report.unknown(entry.at, "action", other, ACTIONS);
                None
            }
        };
    }
    let name = name(node, "an action", report)?;
    match name.value.as_str() {
        "allow" => Some(Then::Allow),
        "warn" => Some(Then::WARN),
        "redact" => Some(Then::Redact),
        "block" => Some(Then::Block),
        "redirect" => {
            report
                .error(name.at, "'redirect' does not say to which tool")
                .suggest("write 'redirect: TOOL', such as 'redirect: m365-copilot'");
            None
        }
        "limit" => {
            report.error(name.at, LATER).suggest("take this rule out for now");
            None
        }
        other => {
            report.unknown(name.at, "action", other, ACTIONS);
            None
        }
    }
}

fn warn(node: &Node, report: &mut Report<'_>) -> Option<Then> {
    let fields = Fields::of(node, "warn", &["justify", "valid"], report)?;
    let justify = fields.word("justify", &[("true", true), ("false", false)], report).is_some_and(|justify| justify.value);
    if justify {
        report.note(
            fields.key_at("justify"),
            "justify is read, but this version asks for no justification yet: the link in the warning is enough",
        );
    }
    let valid_seconds = fields.parsed("valid", value::duration, report).map_or(8 * 3_600, |valid| valid.value);
    Some(Then::Warn { justify, valid_seconds })
}

pub fn rule(node: &Node, report: &mut Report<'_>) -> Option<Rule> {
    let fields = Fields::of(node, "a rule", &["name", "why", "when", "then", "mode"], report)?;
    let name = required_name(&fields, "rule", report);
    let why = fields.sentence("why", report);
    let when = match fields.get("when") {
        Some(node) => condition(node, report),
        None => Condition::All(Vec::new()),
    };
    let mode = fields.word("mode", &MODES, report).map_or(Mode::Enforce, |mode| mode.value);
    let then = match fields.get("then") {
        Some(action) => then(action, report),
        None => {
            report.error(node.at, "this rule has no 'then'").suggest("add what happens, such as 'then: block'");
            None
        }
    };
    // Reported above; the strictest action stands in, so that the rest of the rule is still checked.
    Some(Rule { name, why, when, then: then.unwrap_or(Then::Block), mode })
}

/// An empty name where there is none, which is reported.
fn required_name(fields: &Fields<'_>, what: &str, report: &mut Report<'_>) -> Name {
    if fields.get("name").is_none() {
        report.error(fields.at, format!("this {what} has no name")).suggest("add 'name:', by which events and reports will know it");
    }
    fields.name("name", report).unwrap_or(Name { value: String::new(), at: fields.at })
}

const WHEN: &[&str] = &[
    "tool",
    "vendor",
    "country",
    "category",
    "kind",
    "status",
    "user",
    "group",
    "domain",
    "network",
    "organisation",
    "direction",
    "detect",
    "class",
    "count",
    "size",
    "model",
    "client",
    "hours",
    "days",
    "not",
    "any",
    "all",
];

const KINDS: [(&str, Kind); 3] = [("generative", Kind::Generative), ("embedded", Kind::Embedded), ("own", Kind::Own)];
const DIRECTIONS: [(&str, Direction); 4] =
    [("prompt", Direction::Prompt), ("upload", Direction::Upload), ("response", Direction::Response), ("tool-call", Direction::ToolCall)];

/// `when:` and what stands under `not:`, `any:` and `all:`; a list there is a list of such mappings.
fn condition(node: &Node, report: &mut Report<'_>) -> Condition {
    let Some(fields) = Fields::of(node, "when", WHEN, report) else { return Condition::All(Vec::new()) };
    let mut all = Vec::new();
    let beside: Vec<String> = match fields.get("detect") {
        Some(node) => names(node, "detect", &mut Report::new(&[])).into_iter().map(|name| name.value).collect(),
        None => Vec::new(),
    };
    for entry in fields.iter() {
        let key = entry.key.as_str();
        match key {
            "all" => all.push(Condition::All(conditions(&entry.value, report))),
            "any" => all.push(Condition::Any(conditions(&entry.value, report))),
            "not" => all.push(Condition::Not(Box::new(Condition::Any(conditions(&entry.value, report))))),
            _ if !WHEN.contains(&key) => {}
            _ if entry.value.holds_nothing() => {
                report
                    .error(entry.at, format!("'{key}' is empty, so this can never match"))
                    .suggest("name at least one, or take the key out");
            }
            _ => {
                if let Some(field) = field(key, &entry.value, &beside, report) {
                    all.push(Condition::Field(field));
                }
            }
        }
    }
    Condition::All(all)
}

fn conditions(node: &Node, report: &mut Report<'_>) -> Vec<Condition> {
    match &node.value {
        Value::List(items) => items.iter().map(|item| condition(item, report)).collect(),
        _ => vec![condition(node, report)],
    }
}

fn field(key: &str, node: &Node, beside: &[String], report: &mut Report<'_>) -> Option<Field> {
    let items = names(node, key, report);
    if items.is_empty() {
        return None;
    }
    Some(match key {
        "tool" => Field::Tool(items),
        "vendor" => Field::Vendor(items),
        "country" => Field::Country(items),
        "category" => Field::Category(items),
        "kind" => Field::Kind(words(&items, "kind", &KINDS, report)),
        "status" => Field::Status(words(&items, "status", &Status::ALL, report)),
        "user" => Field::User(items),
        "group" => Field::Group(items),
        "domain" => Field::Domain(items),
        "network" => Field::Network(each(&items, network, report)),
        "organisation" => Field::Organisation(items),
        "direction" => Field::Direction(words(&items, "direction", &DIRECTIONS, report)),
        "detect" => Field::Detect(items),
        "class" => Field::Class(
            items
                .into_iter()
                .map(|name| {
                    let (order, class) = value::comparison(&name.value, Order::Equal);
                    (order, Spanned { value: class.to_owned(), at: name.at })
                })
                .collect(),
        ),
        "count" => {
            let (order, number) = single(&items, key, value::integer, report)?;
            Field::Count(order, number, beside.to_vec())
        }
        "size" => {
            let (order, number) = single(&items, key, value::size, report)?;
            Field::Size(order, number)
        }
        "model" => Field::Model(items),
        "client" => Field::Client(items),
        "hours" => Field::Hours(each(&items, value::hours, report)),
        "days" => Field::Days(each(&items, value::days, report).into_iter().fold(0, |bits, day| bits | day)),
        _ => return None,
    })
}

fn words<T: Copy>(items: &[Name], what: &str, known: &[(&str, T)], report: &mut Report<'_>) -> Vec<T> {
    items.iter().filter_map(|name| word(name, what, known, report)).map(|word| word.value).collect()
}

fn each<T>(items: &[Name], read: impl Fn(&str) -> Result<T, String>, report: &mut Report<'_>) -> Vec<T> {
    let mut values = Vec::new();
    for item in items {
        match read(&item.value) {
            Ok(value) => values.push(value),
            Err(why) => report.fault(item.at, &why),
        }
    }
    values
}

/// `10` is at least ten.
fn single(items: &[Name], key: &str, read: impl Fn(&str) -> Result<u64, String>, report: &mut Report<'_>) -> Option<(Order, u64)> {
    let [item] = items else {
        report.error(items.get(1)?.at, format!("'{key}' takes one value")).suggest("take the others out");
        return None;
    };
    let (order, rest) = value::comparison(&item.value, Order::AtLeast);
    match read(rest) {
        Ok(number) => Some((order, number)),
        Err(why) => {
            let message = why.split(": ").next().unwrap_or(&why).to_owned();
            report.error(item.at, message).suggest(format!("write {key}: 10, or with a sign in quotes, such as {key}: \"< 10\""));
            None
        }
    }
}

fn network(text: &str) -> Result<IpNet, String> {
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| format!("'{text}' is not a network: write an address or 10.0.0.0/8"))
}

const UNREADABLE: [(&str, Unreadable); 8] = [
    ("broken-encoding", Unreadable::BrokenEncoding),
    ("broken-form", Unreadable::BrokenForm),
    ("too-large", Unreadable::TooLarge),
    ("too-deep", Unreadable::TooDeep),
    ("unknown-coding", Unreadable::UnknownCoding),
    ("encrypted", Unreadable::Encrypted),
    ("unknown-type", Unreadable::UnknownType),
    ("truncated", Unreadable::Truncated),
];

const GIVEN: &[&str] = &[
    "tool",
    "user",
    "group",
    "groups",
    "organisation",
    "address",
    "direction",
    "prompt",
    "upload",
    "label",
    "model",
    "client",
    "size",
    "unreadable",
    "date",
    "now",
];

pub fn test(node: &Node, report: &mut Report<'_>) -> Option<Test> {
    let fields = Fields::of(node, "a test", &["name", "given", "expect"], report)?;
    let name = required_name(&fields, "test", report);
    let given = fields.get("given").and_then(|node| given(node, report));
    let expect = fields.get("expect").and_then(|node| expect(node, report));
    if fields.get("given").is_none() {
        report.error(node.at, "this test has no 'given'").suggest("add 'given: { tool: chatgpt, prompt: \"...\" }'");
    }
    if fields.get("expect").is_none() {
        report.error(node.at, "this test expects nothing").suggest("add 'expect: { action: block }'");
    }
    Some(Test { name, given: given.unwrap_or_default(), expect: expect.unwrap_or_default() })
}

fn given(node: &Node, report: &mut Report<'_>) -> Option<Given> {
    let fields = Fields::of(node, "given", GIVEN, report)?;
    let mut groups = fields.names("groups", report);
    groups.extend(fields.names("group", report));
    let (prompt, upload) = (raw(&fields, "prompt", report), raw(&fields, "upload", report));
    if prompt.is_some() && upload.is_some() {
        report.error(fields.key_at("upload"), "a test has a prompt or an upload, not both").suggest("make it two tests");
    }
    let direction = if upload.is_some() { Direction::Upload } else { Direction::Prompt };
    let now = fields.parsed("date", value::date, report).map(|date| Moment::Day(date.value));
    let exact =
        |text: &str| text.parse::<jiff::Timestamp>().map_err(|_| format!("'{text}' is not a moment: write it as 2026-11-24T09:30:00Z"));
    let now = fields.parsed("now", exact, report).map(|now| Moment::Exact(now.value)).or(now);
    let address =
        |text: &str| text.parse::<IpAddr>().map_err(|_| format!("'{text}' is not an address: write it as 10.1.2.3 or 2001:db8::1"));
    let given = Given {
        user: fields.text("user", report),
        groups: groups.into_iter().map(|group| group.value).collect(),
        organisation: fields.text("organisation", report).unwrap_or_default(),
        address: fields.parsed("address", address, report).map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |address| address.value),
        direction: fields.word("direction", &DIRECTIONS, report).map_or(direction, |direction| direction.value),
        text: upload.or(prompt),
        label: fields.text("label", report).unwrap_or_default(),
        model: fields.text("model", report),
        client: fields.text("client", report).unwrap_or_else(|| "other".into()),
        size: fields.parsed("size", value::size, report).map(|size| size.value),
        unreadable: fields.word("unreadable", &UNREADABLE, report).map(|unreadable| unreadable.value),
        now,
        tool: fields.name("tool", report),
    };
    if fields.get("tool").is_none() {
        report.error(fields.at, "this test names no tool").suggest("add 'tool: chatgpt'");
    }
    Some(given)
}

/// Words of a test: also empty ones.
fn raw(fields: &Fields<'_>, key: &str, report: &mut Report<'_>) -> Option<String> {
    match &fields.get(key)?.value {
        Value::Text { text, .. } => Some(text.clone()),
        _ => fields.text(key, report),
    }
}

const OUTCOMES: [(&str, Action); 5] = [
    ("allow", Action::Allow),
    ("warn", Action::Warn),
    ("redact", Action::Redact),
    ("redirect", Action::Redirect),
    ("block", Action::Block),
];

fn expect(node: &Node, report: &mut Report<'_>) -> Option<Expect> {
    let known = ["action", "would", "class", "status", "rule", "instead", "findings", "redacted"];
    let fields = Fields::of(node, "expect", &known, report)?;
    if fields.iter().next().is_none() {
        report.error(node.at, "this test expects nothing").suggest("add 'action: block'");
    }
    Some(Expect {
        action: fields.word("action", &OUTCOMES, report).map(|action| action.value),
        would: fields.word("would", &OUTCOMES, report).map(|action| action.value),
        class: fields.name("class", report),
        status: fields.word("status", &Status::ALL, report).map(|status| status.value),
        rule: fields.name("rule", report),
        instead: fields.name("instead", report),
        findings: fields.get("findings").map(|node| names(node, "findings", report)),
        redacted: raw(&fields, "redacted", report),
    })
}
