//! Whether everything that a policy names exists and makes sense together.
//!
//! Takes the [`Language`] and the catalogue, reports every mistake, and gives the organisation's own detectors ready to be compiled.
//! Reads dictionaries and indexes through the [`Files`] it is given, and nothing else.

use super::language::*;
use super::node::At;
use super::report::Report;
use super::{check_own, check_rules, read};
use crate::catalogue::{CATEGORIES, Catalogue};
use crate::detect;
use crate::index::{Dataset, Documents};
use std::collections::BTreeMap;

/// Kinds of sites that are no tools, which `never-intercept` may name as a category.
const NEVER: &[&str] = &["banking", "health", "union", "religion", "whistleblowing", "legal"];

/// The classes where `data.classes` is not written.
pub const CLASSES: &[&str] = &["public", "internal", "confidential", "secret"];

/// The files that a policy names, beside it. An error is the sentence that says why not.
pub trait Files {
    fn words(&mut self, path: &str) -> Result<String, String>;
    fn dataset(&mut self, path: &str, key: Option<&str>) -> Result<Dataset, String>;
    fn documents(&mut self, path: &str, key: Option<&str>) -> Result<Documents, String>;
}

/// Names that a policy may use.
pub(super) struct Known<'k> {
    pub catalogue: &'k Catalogue,
    pub language: &'k Language,
    pub categories: Vec<&'k str>,
    pub classes: Vec<&'k str>,
    pub detectors: Vec<&'k str>,
    pub tools: Vec<&'k str>,
    /// The register's entries by target.
    pub register: BTreeMap<&'k str, &'k ToolRule>,
}

impl Known<'_> {
    pub fn tool(&self, name: &Name, report: &mut Report<'_>) -> bool {
        let known = self.catalogue.by_id(&name.value).is_some();
        if !known {
            report.unknown(name.at, "tool", &name.value, self.tools.iter().copied());
        }
        known
    }

    /// A tool that others are pointed to: it exists and may be used.
    pub fn usable(&self, name: &Name, report: &mut Report<'_>) {
        if self.tool(name, report) && self.register.get(name.value.as_str()).is_some_and(|rule| rule.status.value == Status::Forbidden) {
            report
                .error(name.at, format!("'{}' is forbidden, so nobody can be pointed to it", name.value))
                .suggest("name an approved tool");
        }
    }

    pub fn class(&self, name: &Name, report: &mut Report<'_>) {
        if !self.classes.contains(&name.value.as_str()) && !report.broken {
            report.unknown(name.at, "class", &name.value, self.classes.iter().copied());
        }
    }

    pub fn category(&self, name: &Name, report: &mut Report<'_>) {
        if !self.categories.contains(&name.value.as_str()) {
            report.unknown(name.at, "category", &name.value, self.categories.iter().copied());
        }
    }

    /// A detector's id, the front of several, or one of the organisation's own.
    pub fn detector(&self, name: &Name, report: &mut Report<'_>) {
        let given = name.value.as_str();
        let label = given.strip_prefix("label.").is_some_and(|rest| !rest.is_empty());
        if !label && !self.detectors.iter().any(|id| detect::covers(given, id)) && !report.broken {
            report.unknown(name.at, "detector", given, self.detectors.iter().copied());
        }
    }
}

/// Checks the whole policy.
pub fn check(language: &Language, catalogue: &Catalogue, files: &mut dyn Files, report: &mut Report<'_>) -> Vec<detect::OwnDetector> {
    let mut categories: Vec<&str> = CATEGORIES.to_vec();
    categories.extend(catalogue.tools().iter().map(|tool| tool.category.as_str()));
    let mut detectors: Vec<&str> = detect::builtin_ids().to_vec();
    detectors.extend(language.data.detector_names.iter().map(String::as_str));
    let known = Known {
        catalogue,
        language,
        categories,
        classes: match language.data.classes.as_slice() {
            [] => CLASSES.to_vec(),
            classes => classes.iter().map(|class| class.value.as_str()).collect(),
        },
        detectors,
        tools: catalogue.tools().iter().map(|tool| tool.id.as_str()).collect(),
        register: language.tools.iter().map(|rule| (rule.target.value.as_str(), rule)).collect(),
    };
    for rule in &language.tools {
        tool(rule, &known, report);
    }
    data(&known, report);
    for (class, then) in &language.excess {
        known.class(class, report);
        if let Then::Redirect(tool) = &then.value {
            known.usable(tool, report);
        }
    }
    if let Some(literacy) = &language.literacy {
        let mut first = At::default();
        for target in &literacy.required_for {
            first = if first == At::default() { target.at } else { first };
            required_for(target, &known, report);
        }
        report.note(first, "literacy is read and checked, but this version does not ask for it yet");
    }
    for host in &language.never_intercept {
        never_intercept(host, &known, report);
    }
    check_rules::rules(&known, report);
    check_rules::tests(&known, report);
    check_own::detectors(&known, files, report)
}

fn tool(rule: &ToolRule, known: &Known<'_>, report: &mut Report<'_>) {
    let target = &rule.target;
    match target.value.strip_prefix("category:") {
        Some(category) => known.category(&Name { value: category.trim().to_owned(), at: target.at }, report),
        None if target.value == "*" => {}
        None => {
            known.tool(target, report);
        }
    }
    if let Some(class) = &rule.up_to {
        known.class(class, report);
    }
    if let Some(instead) = &rule.instead {
        if instead.value == target.value {
            report.error(instead.at, format!("'{}' points to itself", target.value)).suggest("name another tool");
        } else {
            known.usable(instead, report);
        }
    }
    let status = rule.status.value;
    let conditional = !rule.groups.is_empty() || rule.until.is_some();
    if conditional && matches!(status, Status::Unreviewed | Status::Forbidden) {
        let at = rule.groups.first().map(|group| group.at).or(rule.until.as_ref().map(|until| until.at)).unwrap_or(target.at);
        report
            .error(at, format!("'for' and 'until' have no meaning for a tool that is {}", status.as_str()))
            .suggest("make it 'status: pilot', or take them out");
    }
    match &rule.then {
        Some(then) if status == Status::Forbidden || (status == Status::Approved && !conditional) => report
            .error(then.at, format!("'then' has no meaning for a tool that is {}", status.as_str()))
            .suggest("it says what happens to an unreviewed tool; for this one write a rule"),
        Some(Spanned { value: Then::Redact, at }) => {
            report
                .error(*at, "'redact' is no answer to an unreviewed tool")
                .suggest("write allow, warn or block; excess: says what is redacted");
        }
        Some(Spanned { value: Then::Redirect(tool), .. }) => known.usable(tool, report),
        _ => {}
    }
    if let Some(ai_act) = &rule.ai_act
        && ai_act.value == AiAct::Prohibited
        && status != Status::Forbidden
    {
        report
            .error(ai_act.at, format!("a use that the AI Act prohibits (article 5) cannot be {}", status.as_str()))
            .suggest("make it 'status: forbidden'");
    }
    if rule.tenant.is_some() {
        report.note(target.at, "tenant is read, but this version does not add the tenant-restriction header yet");
    }
}

fn data(known: &Known<'_>, report: &mut Report<'_>) {
    let data = &known.language.data;
    for (place, class) in data.classes.iter().enumerate() {
        if let Some(first) = data.classes[..place].iter().find(|first| first.value == class.value) {
            report.twice(&class.value, first.at, class.at);
        }
        if read::DATA.contains(&class.value.as_str()) {
            report
                .error(class.at, format!("a class cannot be called '{}'", class.value))
                .suggest("that word has a meaning of its own in data:");
        }
    }
    for class in [&data.unreadable, &data.uploads_without_label, &data.dossier].into_iter().flatten() {
        known.class(class, report);
    }
    let mut seen: Vec<(String, At)> = Vec::new();
    for (class, items) in &data.lists {
        if !known.classes.contains(&class.value.as_str()) && !report.broken {
            let keys = known.classes.iter().copied().chain(read::DATA.iter().copied());
            report.unknown(class.at, "class or key in data:", &class.value, keys);
        }
        for item in items {
            match &item.value {
                Item::Detector(id) => known.detector(&Name { value: id.clone(), at: item.at }, report),
                Item::Label(_) => {}
                Item::Dataset(id) => index(id, item.at, "dataset", known, report),
                Item::Documents(id) => index(id, item.at, "documents", known, report),
            }
            let id = item.value.detector();
            match seen.iter().find(|(known, _)| *known == id) {
                Some((_, first)) => report.twice(&id, *first, item.at),
                None => seen.push((id, item.at)),
            }
        }
    }
    for own in &data.detectors {
        let Some(class) = &own.class else { continue };
        known.class(class, report);
        if let Some((_, first)) = seen.iter().find(|(id, _)| *id == own.id.value) {
            let first = report.place(*first);
            report
                .error(class.at, format!("'{}' has its class here and in the list at {first}", own.id.value))
                .suggest("keep one of the two");
        }
    }
}

/// `dataset: NAME` names a detector of this policy that has an index of this kind.
fn index(id: &str, at: At, kind: &str, known: &Known<'_>, report: &mut Report<'_>) {
    let data = &known.language.data;
    let sort = |own: &Own| match &own.kind {
        OwnKind::Dataset { .. } => "dataset",
        OwnKind::Documents { .. } => "documents",
        OwnKind::Pattern(_) | OwnKind::Words(_) => "other",
        OwnKind::Missing => "unread",
    };
    let given = data.detectors.iter().find(|own| own.id.value == id).map(sort);
    // What could not be read has been reported where it stands.
    let unread = given == Some("unread") || given.is_none() && data.detector_names.iter().any(|name| name == id);
    if given == Some(kind) || unread || report.broken {
        return;
    }
    let same: Vec<&str> = data.detectors.iter().filter(|own| sort(own) == kind).map(|own| own.id.value.as_str()).collect();
    if same.is_empty() {
        let message = format!("unknown {kind} detector '{id}'");
        report.error(at, message).suggest(format!("add it to data.detectors, with {kind}: and the path of an index"));
    } else {
        report.unknown(at, &format!("{kind} detector"), id, same);
    }
}

fn required_for(target: &Name, known: &Known<'_>, report: &mut Report<'_>) {
    let rest = |text: &str| Name { value: text.trim().to_owned(), at: target.at };
    if let Some(status) = target.value.strip_prefix("status:") {
        read::word(&rest(status), "status", &Status::ALL, report);
    } else if let Some(category) = target.value.strip_prefix("category:") {
        known.category(&rest(category), report);
    } else if target.value != "*" {
        known.tool(target, report);
    }
}

fn never_intercept(host: &Name, known: &Known<'_>, report: &mut Report<'_>) {
    if let Some(category) = host.value.strip_prefix("category:") {
        let category = category.trim();
        if !known.categories.contains(&category) && !NEVER.contains(&category) {
            report.unknown(host.at, "category", category, known.categories.iter().copied().chain(NEVER.iter().copied()));
        }
        return;
    }
    if !is_host(host.value.strip_prefix("*.").unwrap_or(&host.value)) {
        report.error(host.at, format!("'{}' is not a host name", host.value)).suggest(
            "write a name such as example.org (which covers www.example.org), without https:// or a path, other letters in their xn-- form",
        );
    }
}

fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    text.len() <= 253 && text.split('.').all(label)
}

#[cfg(test)]
mod tests;
