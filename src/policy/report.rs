//! Collects the mistakes of a policy: takes places and sentences, gives sorted [`Diagnostic`]s.
//!
//! Must never stop at a mistake: every reader reports and goes on with what is left.

use super::node::At;
use crate::diagnostic::{Diagnostic, nearest};
use std::path::{Path, PathBuf};

/// One file of the policy as it was read.
#[derive(Debug, Clone)]
pub struct Source {
    /// As shown to the person: the folder as it was given, plus the file's name.
    pub path: PathBuf,
    pub text: String,
}

/// The mistakes found so far.
#[derive(Debug)]
pub struct Report<'s> {
    sources: &'s [Source],
    mistakes: Vec<(At, Diagnostic)>,
    notes: Vec<Diagnostic>,
    /// A file could not be parsed: names that it may define must not be called unknown.
    pub broken: bool,
}

/// The mistake just reported, to add a suggestion to.
pub struct Reported<'r>(&'r mut Diagnostic);

impl Reported<'_> {
    pub fn suggest(self, suggestion: impl Into<String>) {
        self.0.suggestion = Some(suggestion.into());
    }
}

impl<'s> Report<'s> {
    pub fn new(sources: &'s [Source]) -> Self {
        Self { sources, mistakes: Vec::new(), notes: Vec::new(), broken: false }
    }

    /// Reports a mistake at a place.
    pub fn error(&mut self, at: At, message: impl Into<String>) -> Reported<'_> {
        let diagnostic = self.diagnostic(at, message);
        let place = self.mistakes.len();
        self.mistakes.push((at, diagnostic));
        Reported(&mut self.mistakes[place].1)
    }

    /// Reports what a value's reader said: `what is wrong: what to write instead`.
    pub fn fault(&mut self, at: At, why: &str) {
        match why.rsplit_once(": ") {
            Some((message, how)) => self.error(at, message).suggest(how),
            None => drop(self.error(at, why)),
        }
    }

    /// Says something that is no mistake, but that the writer should know.
    pub fn note(&mut self, at: At, message: impl Into<String>) {
        let note = self.diagnostic(at, message);
        self.notes.push(note);
    }

    /// Says something that is read and done, but hardly as it was meant.
    pub fn warn(&mut self, at: At, message: impl Into<String>) -> Reported<'_> {
        let warning = Diagnostic { warning: true, ..self.diagnostic(at, message) };
        let place = self.notes.len();
        self.notes.push(warning);
        Reported(&mut self.notes[place])
    }

    pub fn take_notes(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.notes)
    }

    fn diagnostic(&self, at: At, message: impl Into<String>) -> Diagnostic {
        match self.sources.get(at.file) {
            Some(source) if at.line > 0 => Diagnostic::at(&source.path, &source.text, at.line, at.column, message),
            Some(source) => Diagnostic::whole(&source.path, message),
            None => Diagnostic::whole(Path::new("policy"), message),
        }
    }

    /// Reports a name that is not among `known`, with the nearest one or else all of them as the suggestion.
    pub fn unknown<'k>(&mut self, at: At, what: &str, given: &str, known: impl IntoIterator<Item = &'k str>) {
        let mut known: Vec<&str> = known.into_iter().collect();
        known.sort_unstable();
        known.dedup();
        let lower = given.to_lowercase();
        let suggestion = match nearest(&lower, known.iter().copied()) {
            Some(name) => format!("did you mean '{name}'?"),
            None if known.is_empty() => String::new(),
            None if known.len() > 24 => format!("known are {}, and {} more", known[..20].join(", "), known.len() - 20),
            None => format!("known are {}", known.join(", ")),
        };
        let reported = self.error(at, format!("unknown {what} '{given}'"));
        if !suggestion.is_empty() {
            reported.suggest(suggestion);
        }
    }

    /// Reports a name that is defined in two places.
    pub fn twice(&mut self, name: &str, first: At, second: At) {
        let elsewhere = self.place(first);
        self.error(second, format!("'{name}' is defined twice: here and at {elsewhere}")).suggest("keep one of the two");
    }

    /// `file:line:column`.
    pub fn place(&self, at: At) -> String {
        let file = self.sources.get(at.file).map_or_else(|| "policy".to_owned(), |source| source.path.display().to_string());
        format!("{file}:{}:{}", at.line, at.column)
    }

    pub fn sources(&self) -> &'s [Source] {
        self.sources
    }

    pub fn is_empty(&self) -> bool {
        self.mistakes.is_empty()
    }

    /// All mistakes, by file, line and column; the same sentence at the same place once.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        self.mistakes.sort_by_key(|(at, _)| *at);
        self.mistakes.dedup_by(|a, b| a.0 == b.0 && a.1.message == b.1.message);
        self.mistakes.into_iter().map(|(_, diagnostic)| diagnostic).collect()
    }
}
