//! The names in `rules:` and `tests:`.

use super::check::Known;
use super::language::*;
use super::report::Report;
use super::value::Order;
use super::{Mode, node::At};

pub(super) fn rules(known: &Known<'_>, report: &mut Report<'_>) {
    let rules = &known.language.rules;
    let mut wall: Option<At> = None;
    for (place, rule) in rules.iter().enumerate() {
        if let Some(first) = rules[..place].iter().find(|first| !first.name.value.is_empty() && first.name.value == rule.name.value) {
            report.twice(&rule.name.value, first.name.at, rule.name.at);
        }
        if let Some(wall) = wall {
            let place = report.place(wall);
            report.note(rule.name.at, format!("this rule is never reached: the one at {place} always matches"));
        }
        if let Then::Redirect(tool) = &rule.then {
            known.usable(tool, report);
        }
        condition(&rule.when, known, report);
        if matches!(&rule.when, Condition::All(all) if all.is_empty()) && rule.mode == Mode::Enforce {
            wall = wall.or(Some(rule.name.at));
        }
    }
}

fn condition(when: &Condition, known: &Known<'_>, report: &mut Report<'_>) {
    match when {
        Condition::All(inner) | Condition::Any(inner) => inner.iter().for_each(|inner| condition(inner, known, report)),
        Condition::Not(inner) => condition(inner, known, report),
        Condition::Field(inner) => field(inner, known, report),
    }
}

fn field(field: &Field, known: &Known<'_>, report: &mut Report<'_>) {
    let tools = known.catalogue.tools();
    match field {
        Field::Tool(names) => {
            for name in names {
                known.tool(name, report);
            }
        }
        Field::Category(names) => names.iter().for_each(|name| known.category(name, report)),
        Field::Detect(names) => names.iter().for_each(|name| known.detector(name, report)),
        Field::Class(names) => {
            for (order, name) in names {
                known.class(name, report);
                if matches!(order, Order::Less) && known.classes.first() == Some(&name.value.as_str()) {
                    report.error(name.at, format!("no class is lower than '{}'", name.value)).suggest("class: \"<= public\" includes it");
                }
            }
        }
        Field::Vendor(names) => {
            for name in names {
                if !tools.iter().any(|tool| tool.vendor.eq_ignore_ascii_case(&name.value)) {
                    report.unknown(name.at, "vendor", &name.value, tools.iter().map(|tool| tool.vendor.as_str()));
                }
            }
        }
        Field::Country(names) => {
            for name in names {
                if name.value.len() != 2 || !name.value.bytes().all(|b| b.is_ascii_alphabetic()) {
                    report.error(name.at, format!("'{}' is not a country code", name.value)).suggest("write two letters, such as CN");
                }
            }
        }
        Field::Domain(names) => {
            let domains = &known.language.organisation.domains;
            for name in names {
                if name.value != super::OTHER_DOMAIN && !domains.iter().any(|(domain, _)| *domain == name.value) && !report.broken {
                    let all = domains.iter().map(|(domain, _)| domain.as_str()).chain([super::OTHER_DOMAIN]);
                    report.unknown(name.at, "domain", &name.value, all);
                }
            }
        }
        Field::Kind(_)
        | Field::Status(_)
        | Field::User(_)
        | Field::Group(_)
        | Field::Network(_)
        | Field::Organisation(_)
        | Field::Direction(_)
        | Field::Count(..)
        | Field::Size(..)
        | Field::Model(_)
        | Field::Client(_)
        | Field::Hours(_)
        | Field::Days(_) => {}
    }
}

pub(super) fn tests(known: &Known<'_>, report: &mut Report<'_>) {
    let tests = &known.language.tests;
    let rules: Vec<&str> = known.language.rule_names.iter().map(String::as_str).collect();
    for (place, test) in tests.iter().enumerate() {
        if let Some(first) = tests[..place].iter().find(|first| !first.name.value.is_empty() && first.name.value == test.name.value) {
            report.twice(&test.name.value, first.name.at, test.name.at);
        }
        if let Some(tool) = &test.given.tool {
            known.tool(tool, report);
        }
        if let Some(class) = &test.expect.class {
            known.class(class, report);
        }
        if let Some(instead) = &test.expect.instead {
            known.tool(instead, report);
        }
        for finding in test.expect.findings.iter().flatten() {
            known.detector(finding, report);
        }
        if let Some(rule) = &test.expect.rule
            && rule.value != "none"
            && !rules.contains(&rule.value.as_str())
            && !report.broken
        {
            report.unknown(rule.at, "rule", &rule.value, rules.iter().copied().chain(["none"]));
        }
    }
}
