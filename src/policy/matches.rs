//! Whether a rule's `when` holds. Pure: facts in, yes or no out; nothing is allocated.

use super::compile::{Ask, Compiled, Rank, Test};
use super::decide::{Found, Request};
use super::language::Status;
use super::{Policy, value};
use crate::detect;
use std::cell::OnceCell;

/// What a rule can ask about.
pub(super) struct Facts<'a> {
    pub policy: &'a Policy,
    pub request: &'a Request<'a>,
    pub status: Status,
    pub class: Rank,
    pub found: &'a [Found<'a>],
    pub domain: OnceCell<&'a str>,
    /// Minute of the local day and day of the week, Monday 0.
    pub local: OnceCell<(u16, u8)>,
}

impl<'a> Facts<'a> {
    pub fn domain(&self) -> &'a str {
        self.domain.get_or_init(|| self.policy.domain_of(&self.request.subject.groups))
    }

    fn local(&self) -> (u16, u8) {
        *self.local.get_or_init(|| {
            let now = self.policy.zone.to_datetime(self.request.now);
            (now.hour() as u16 * 60 + now.minute() as u16, now.date().weekday().to_monday_zero_offset() as u8)
        })
    }
}

/// `Err` names the first key that does not fit.
pub(super) fn rule(rule: &Compiled, facts: &Facts<'_>) -> Result<(), &'static str> {
    if rule.needs_words && !facts.request.words {
        return Err("a visit without words");
    }
    test(&rule.when, facts)
}

fn test(when: &Test, facts: &Facts<'_>) -> Result<(), &'static str> {
    match when {
        Test::All(list) => list.iter().try_for_each(|inner| test(inner, facts)),
        Test::Any(list) => {
            if list.iter().any(|inner| test(inner, facts).is_ok()) {
                Ok(())
            } else {
                Err("any")
            }
        }
        Test::Not(inner) => {
            if test(inner, facts).is_ok() {
                Err("not")
            } else {
                Ok(())
            }
        }
        Test::Field(key, asked) => {
            if ask(asked, facts) {
                Ok(())
            } else {
                Err(key)
            }
        }
    }
}

fn ask(ask: &Ask, facts: &Facts<'_>) -> bool {
    let request = facts.request;
    let (tool, subject) = (request.tool, request.subject);
    let same = |names: &[String], text: &str| names.iter().any(|name| name.eq_ignore_ascii_case(text));
    match ask {
        Ask::Tool(ids) => ids.contains(&tool.id),
        Ask::Vendor(names) => same(names, &tool.vendor),
        Ask::Country(codes) => same(codes, &tool.country),
        Ask::Category(names) => names.contains(&tool.category),
        Ask::Kind(kinds) => kinds.contains(&tool.kind),
        Ask::Status(all) => all.contains(&facts.status),
        Ask::User(names) => subject.user.as_deref().is_some_and(|user| same(names, user)),
        Ask::Group(names) => subject.groups.iter().any(|group| same(names, group)),
        Ask::Domain(names) => names.iter().any(|name| name == facts.domain()),
        Ask::Network(networks) => networks.iter().any(|network| network.contains(&subject.address)),
        Ask::Organisation(names) => {
            let mine = if subject.organisation.is_empty() { &facts.policy.organisation.name } else { &subject.organisation };
            same(names, mine)
        }
        Ask::Direction(directions) => directions.contains(&request.direction),
        Ask::Detect(names) => facts.found.iter().any(|found| covered(names, found.detector)),
        Ask::Class(classes) => classes.iter().any(|(order, rank)| order.holds(facts.class as u64, *rank as u64)),
        Ask::Count(order, number, names) => {
            let counted = facts.found.iter().filter(|found| names.is_empty() || covered(names, found.detector));
            order.holds(counted.map(|found| found.count).sum(), *number)
        }
        Ask::Size(order, bytes) => order.holds(request.bytes, *bytes),
        Ask::Model(patterns) => request.model.is_some_and(|model| {
            let model = model.to_lowercase();
            patterns.iter().any(|pattern| value::fits(pattern, &model))
        }),
        Ask::Client(patterns) => {
            let client = request.client.to_lowercase();
            patterns.iter().any(|pattern| value::fits(pattern, &client))
        }
        Ask::Hours(spans) => {
            let (minute, _) = facts.local();
            spans.iter().any(|(from, to)| if from < to { (*from..*to).contains(&minute) } else { minute >= *from || minute < *to })
        }
        Ask::Days(bits) => bits & (1 << facts.local().1) != 0,
    }
}

/// Whether one of these names covers the detector.
pub(super) fn covered(names: &[String], detector: &str) -> bool {
    names.iter().any(|name| detect::covers(name, detector))
}
