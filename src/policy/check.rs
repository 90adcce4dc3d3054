//! Whether everything that a policy names exists and makes sense together.
//!
//! Takes the [`Language`] and the catalogue, reports every mistake, and gives the organisation's own detectors ready to be compiled.
//! Reads dictionaries through the function it is given, and nothing else.

use super::language::*;
use super::node::At;
use super::report::Report;
use super::{check_rules, read};
use crate::catalogue::{CATEGORIES, Catalogue};
use crate::detect;
use std::collections::BTreeMap;

/// Kinds of sites that are no tools, which `never-intercept` may name as a category.
const NEVER: &[&str] = &["banking", "health", "union", "religion", "whistleblowing", "legal"];

/// The classes where `data.classes` is not written.
pub const CLASSES: &[&str] = &["public", "internal", "confidential", "secret"];

/// Gives the text of a file in the policy's folder, or the sentence that says why not.
pub type ReadFile<'f> = &'f mut dyn FnMut(&str) -> Result<String, String>;

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
pub fn check(language: &Language, catalogue: &Catalogue, read_file: ReadFile<'_>, report: &mut Report<'_>) -> Vec<detect::OwnDetector> {
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
    own_detectors(&known, read_file, report)
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
    for class in [&data.unreadable, &data.uploads_without_label].into_iter().flatten() {
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
                Item::Dataset(_) | Item::Documents(_) => report
                    .error(item.at, "exact-match and document indexes are not available in this version")
                    .suggest("take this item out for now"),
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

fn own_detectors(known: &Known<'_>, read_file: ReadFile<'_>, report: &mut Report<'_>) -> Vec<detect::OwnDetector> {
    let mut ready = Vec::new();
    for own in &known.language.data.detectors {
        let id = &own.id;
        let shape = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
        if !id.value.starts_with(|c: char| c.is_ascii_lowercase()) || !id.value.chars().all(shape) || id.value.ends_with(['.', '-']) {
            report.error(id.at, format!("'{}' cannot be the name of a detector", id.value)).suggest("use small letters, digits, - and .");
        }
        if detect::builtin_ids().iter().any(|built_in| detect::covers(&id.value, built_in) || detect::covers(built_in, &id.value)) {
            report.error(id.at, format!("'{}' is a detector that Sluis has itself", id.value)).suggest("choose another name");
            continue;
        }
        let kind = match &own.kind {
            OwnKind::Pattern(pattern) => pattern_of(pattern, report).map(detect::OwnKind::Pattern),
            OwnKind::Missing => None,
            OwnKind::Words(file) => words_of(file, read_file, report).map(detect::OwnKind::Words),
        };
        if let Some(kind) = kind {
            ready.push(detect::OwnDetector { id: id.value.clone(), kind, context: own.context.clone() });
        }
    }
    ready
}

fn pattern_of(pattern: &Name, report: &mut Report<'_>) -> Option<String> {
    match regex::RegexBuilder::new(&pattern.value).size_limit(1 << 21).build() {
        Ok(built) if built.is_match("") => {
            report
                .error(pattern.at, "this pattern also matches nothing at all, so it would be found everywhere")
                .suggest("make a part of it required");
            None
        }
        Ok(_) => Some(pattern.value.clone()),
        Err(error) => {
            let why = error.to_string();
            let why = why.lines().last().unwrap_or("").trim().trim_start_matches("error: ").to_owned();
            report
                .error(pattern.at, format!("bad pattern '{}': {why}", pattern.value))
                .suggest("write it in 'single quotes', with \\ before a sign that stands for itself");
            None
        }
    }
}

fn words_of(file: &Name, read_file: ReadFile<'_>, report: &mut Report<'_>) -> Option<Vec<String>> {
    match read_file(&file.value) {
        Err(why) => {
            report.error(file.at, why).suggest("the path is relative to the policy's folder");
            None
        }
        Ok(text) => {
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
            let words: Vec<String> = lines.map(str::to_owned).collect();
            if words.is_empty() {
                report.error(file.at, format!("'{}' holds no words", file.value)).suggest("write one word or phrase per line");
                return None;
            }
            Some(words)
        }
    }
}

#[cfg(test)]
mod tests;
