//! The organisation's own detectors: can each be made from what the policy says, and the files it names.
//!
//! Takes `data.detectors`; gives the detectors ready to be compiled, and reports what is wrong with the others.

use super::check::{Files, Known};
use super::check_pattern;
use super::language::*;
use super::node::At;
use super::report::Report;
use crate::detect;
use std::sync::Arc;

pub(super) fn detectors(known: &Known<'_>, files: &mut dyn Files, report: &mut Report<'_>) -> Vec<detect::OwnDetector> {
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
        if let Some(kind) = kind(own, files, report) {
            ready.push(detect::OwnDetector { id: id.value.clone(), kind, context: own.context.clone() });
        }
    }
    ready
}

fn kind(own: &Own, files: &mut dyn Files, report: &mut Report<'_>) -> Option<detect::OwnKind> {
    match &own.kind {
        OwnKind::Missing => None,
        OwnKind::Pattern(pattern) => check_pattern::pattern(pattern, report).map(detect::OwnKind::Pattern),
        OwnKind::Words(file) => words(file, files, report).map(detect::OwnKind::Words),
        OwnKind::Dataset { file, key } => {
            let index = files.dataset(&file.value, key.as_ref().map(|key| key.value.as_str()));
            opened(index, file.at, report).map(|index| detect::OwnKind::Dataset(Arc::new(index)))
        }
        OwnKind::Documents { file, key, at_least } => {
            let index = files.documents(&file.value, key.as_ref().map(|key| key.value.as_str()));
            opened(index, file.at, report).map(|index| detect::OwnKind::Documents { index: Arc::new(index), at_least: *at_least })
        }
    }
}

fn opened<T>(index: Result<T, String>, at: At, report: &mut Report<'_>) -> Option<T> {
    index
        .map_err(|why| match why.rsplit_once(": ").filter(|(_, how)| how.contains("sluis index")) {
            Some((message, how)) => report.error(at, message).suggest(how),
            None => report
                .error(at, why)
                .suggest("the path is relative to the policy's folder, and its key is FILE.key beside it or what key: names"),
        })
        .ok()
}

fn words(file: &Name, files: &mut dyn Files, report: &mut Report<'_>) -> Option<Vec<String>> {
    match files.words(&file.value) {
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
