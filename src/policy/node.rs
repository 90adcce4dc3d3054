//! YAML text to a tree in which every key and value knows its place, and many trees merged to one.
//!
//! Takes the text of a file, gives [`Node`]s; what a key means is not known here. The tree exists because a typed reader stops at the first
//! mistake, and `sluis check` must report all of them. Must never fail on a whole policy because one file is broken: each mistake is
//! reported and the rest goes on.

use super::report::Report;
use serde_yaml::granit_parser::{Event, Parser, ScalarStyle};
use std::iter::Peekable;

/// A place in a policy: which file (by number in the report), line and column, both counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct At {
    pub file: usize,
    pub line: usize,
    pub column: usize,
}

/// A value with its place.
#[derive(Debug, Clone)]
pub struct Node {
    pub at: At,
    pub value: Value,
}

/// What YAML can hold. Scalars stay text: what `2026-12-31`, `8h` or `no` means is for the field that holds it.
#[derive(Debug, Clone)]
pub enum Value {
    Text { text: String, plain: bool },
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// One key of a mapping with its value.
#[derive(Debug, Clone)]
pub struct Entry {
    pub key: String,
    pub at: At,
    pub value: Node,
}

impl Node {
    /// `key:` with nothing after it, `~` or `null`.
    pub fn is_empty(&self) -> bool {
        matches!(&self.value, Value::Text { text, plain: true } if matches!(text.as_str(), "" | "~" | "null"))
    }

    /// Empty, or a list or mapping with nothing in it.
    pub fn holds_nothing(&self) -> bool {
        match &self.value {
            Value::List(items) => items.is_empty(),
            Value::Map(entries) => entries.is_empty(),
            Value::Text { .. } => self.is_empty(),
        }
    }

    /// How a person would call this kind of value.
    pub fn what(&self) -> &'static str {
        match &self.value {
            _ if self.is_empty() => "nothing",
            Value::Text { .. } => "a single value",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }
}

/// Reads one file. None where the text is not YAML at all (reported) or empty.
pub fn parse(file: usize, text: &str, report: &mut Report<'_>) -> Option<Node> {
    let mut builder = Builder { file, events: Parser::new_from_str(text).peekable(), report };
    builder.document().inspect_err(|()| builder.report.broken = true).ok().flatten()
}

struct Builder<'r, 's, I: Iterator> {
    file: usize,
    events: Peekable<I>,
    report: &'r mut Report<'s>,
}

type Parsed<'t> = Result<(Event<'t>, serde_yaml::granit_parser::Span), serde_yaml::granit_parser::ScanError>;

impl<'t, I: Iterator<Item = Parsed<'t>>> Builder<'_, '_, I> {
    /// The next event that is not a comment; an `Err` has been reported.
    fn next(&mut self) -> Result<(Event<'t>, At), ()> {
        loop {
            match self.events.next() {
                None => return Ok((Event::StreamEnd, At { file: self.file, line: 1, column: 1 })),
                Some(Ok((Event::Comment(..), _))) => {}
                Some(Ok((event, span))) => {
                    let at = At { file: self.file, line: span.start.line(), column: span.start.col() + 1 };
                    return Ok((event, at));
                }
                Some(Err(error)) => {
                    let at = At { file: self.file, line: error.marker().line(), column: error.marker().col() + 1 };
                    self.report
                        .error(at, format!("this is not valid YAML: {}", error.info()))
                        .suggest("mind indentation (spaces, no tabs), and quote values that hold ': ' or begin with * & ! % @ or `");
                    return Err(());
                }
            }
        }
    }

    fn document(&mut self) -> Result<Option<Node>, ()> {
        let mut root = None;
        loop {
            match self.next()? {
                (Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd, _) => {}
                (Event::StreamEnd, _) => return Ok(root),
                (event, at) if root.is_none() => root = Some(self.node(event, at)?),
                (_, at) => {
                    self.report.error(at, "a second document ('---') in one file").suggest("put it in a file of its own");
                    return Ok(root);
                }
            }
        }
    }

    /// Nesting is bounded by the parser (255 levels).
    fn node(&mut self, event: Event<'t>, at: At) -> Result<Node, ()> {
        let value = match event {
            Event::Scalar(text, style, ..) => Value::Text { text: text.into_owned(), plain: style == ScalarStyle::Plain },
            Event::SequenceStart(..) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => break,
                        (event, at) => items.push(self.node(event, at)?),
                    }
                }
                Value::List(items)
            }
            Event::MappingStart(..) => self.mapping()?,
            _ => {
                self.report
                    .error(at, "anchors and aliases (& and *) are not part of the language")
                    .suggest("write the value out, or quote it");
                Value::Text { text: String::new(), plain: true }
            }
        };
        Ok(Node { at, value })
    }

    fn mapping(&mut self) -> Result<Value, ()> {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let (event, at) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                return Ok(Value::Map(entries));
            }
            let key = self.node(event, at)?;
            let (event, value_at) = self.next()?;
            let value = self.node(event, value_at)?;
            let Value::Text { text, .. } = key.value else {
                self.report.error(at, format!("a key must be a single value, not {}", key.what()));
                continue;
            };
            match entries.iter().find(|entry| entry.key == text) {
                Some(first) => self.report.twice(&text, first.at, at),
                None => entries.push(Entry { key: text, at, value }),
            }
        }
    }
}

/// Mappings whose keys may come from different files; everything else is defined in one place.
const SHARED: &[&str] =
    &["", "tools", "data", "data.detectors", "organisation", "organisation.contact", "organisation.domains", "excess", "literacy"];

/// Adds `more` to `entries`. A key that both define is reported with both places, except `sluis:` and the list of `tests`, which are joined.
pub fn merge(entries: &mut Vec<Entry>, more: Vec<Entry>, path: &str, report: &mut Report<'_>) {
    for entry in more {
        let Some(first) = entries.iter_mut().find(|known| known.key == entry.key) else {
            entries.push(entry);
            continue;
        };
        let below = if path.is_empty() { entry.key.clone() } else { format!("{path}.{}", entry.key) };
        match (&mut first.value.value, entry.value.value) {
            (Value::Map(known), Value::Map(new)) if SHARED.contains(&below.as_str()) => merge(known, new, &below, report),
            (Value::List(known), Value::List(new)) if below == "tests" => known.extend(new),
            (Value::Text { text: known, .. }, Value::Text { text: new, .. }) if below == "sluis" && *known == new => {}
            _ => report.twice(&below, first.at, entry.at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::report::Source;
    use super::*;

    fn read(text: &str) -> (Option<Node>, Vec<String>) {
        let sources = [Source { path: "p.yaml".into(), text: text.into() }];
        let mut report = Report::new(&sources);
        let node = parse(0, text, &mut report);
        (node, report.finish().iter().map(|d| format!("{}:{}: {}", d.line, d.column, d.message)).collect())
    }

    #[test]
    fn every_key_and_value_knows_its_place() {
        let (node, mistakes) = read("# note\na:\n  b: [x, 'y']\n");
        assert!(mistakes.is_empty());
        let Some(Node { value: Value::Map(entries), .. }) = node else { panic!("no mapping") };
        assert_eq!((entries[0].at.line, entries[0].at.column), (2, 1));
        let Value::Map(inner) = &entries[0].value.value else { panic!("no mapping") };
        let Value::List(items) = &inner[0].value.value else { panic!("no list") };
        assert_eq!((items[1].at.line, items[1].at.column), (3, 10));
    }

    #[test]
    fn a_key_written_twice_is_reported_with_both_places() {
        let (_, mistakes) = read("a: 1\nb: 2\na: 3\n");
        assert_eq!(mistakes, ["3:1: 'a' is defined twice: here and at p.yaml:1:1"]);
    }

    #[test]
    fn broken_yaml_is_a_mistake_at_its_place_and_not_a_panic() {
        let (_, mistakes) = read("a: [1, 2\nb: }\n");
        assert_eq!(mistakes.len(), 1, "{mistakes:?}");
        assert!(mistakes[0].contains("not valid YAML"));
        assert!(read("\u{0}").1.len() <= 1);
        assert!(read("").1.is_empty());
    }

    #[test]
    fn aliases_and_deep_nesting_are_refused() {
        assert!(read("a: &x 1\nb: *x\n").1[0].contains("anchors and aliases"));
        assert!(!read(&"[".repeat(100_000)).1.is_empty());
    }
}
