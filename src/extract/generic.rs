//! XML of which only the form is known: every text and every attribute, a line each with its name.

use super::limits::Text;
use super::xml::{Attributes, Visit};
use crate::unreadable::Unreadable;

pub(super) struct Generic<'o> {
    out: &'o mut Text,
    /// Text since the last tag.
    run: String,
    name: String,
}

impl<'o> Generic<'o> {
    pub fn new(out: &'o mut Text) -> Self {
        Self { out, run: String::new(), name: String::new() }
    }

    fn flush(&mut self) -> Result<(), Unreadable> {
        let run = std::mem::take(&mut self.run);
        let words = run.trim();
        if words.is_empty() {
            return Ok(());
        }
        self.out.push(&self.name)?;
        self.out.push(": ")?;
        self.out.line(words)
    }
}

impl Visit for Generic<'_> {
    fn open(&mut self, name: &str, attributes: &Attributes<'_>) -> Result<(), Unreadable> {
        self.flush()?;
        name.clone_into(&mut self.name);
        attributes.each(|key, value| {
            // Addresses of schemas and identifiers of elements say nothing of people.
            if value.trim().is_empty() || matches!(key, "schemaLocation" | "fmtid" | "pid") {
                return Ok(());
            }
            self.out.push(key)?;
            self.out.push(": ")?;
            self.out.line(value)
        })
    }

    fn text(&mut self, text: &str) -> Result<(), Unreadable> {
        self.run.push_str(text);
        Ok(())
    }

    fn close(&mut self, _: &str) -> Result<(), Unreadable> {
        self.flush()
    }
}
