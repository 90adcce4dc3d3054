//! Running text of Office Open XML: WordprocessingML, DrawingML (slides, charts, diagrams) and comments.
//!
//! Takes one part of a package; writes a line per paragraph and a line per row of a table. Runs of a paragraph are joined as they are read on
//! the page: text that was deleted, field codes and alternative texts stand on lines of their own, so that they break no word in two.

use super::limits::Text;
use super::rows::Rows;
use super::xml::{Attributes, Visit};
use crate::unreadable::Unreadable;
use std::collections::HashSet;

/// Elements whose text is a measure of the drawing.
const MEASURES: &[&str] = &["posOffset", "align", "pctWidth", "pctHeight", "pctPosHOffset", "pctPosVOffset", "Anchor"];
/// Attributes that people write in: alternative texts, tips, WordArt (watermarks), who changed it.
const WRITTEN: &[&str] = &["descr", "title", "alt", "string", "tooltip", "author", "displayText", "instr"];
/// Elements that keep what people wrote in `val`.
const IN_VALUE: &[&str] = &["docVar", "alias", "tag", "helpText", "statusText", "default", "listItem", "section"];

pub(super) struct Flow<'o> {
    out: &'o mut Text,
    /// Elements that are open, innermost last.
    path: Vec<&'static str>,
    paragraphs: Vec<String>,
    tables: Vec<Rows>,
    cells: Vec<String>,
    /// Text that is not read in the line of its paragraph.
    aside: String,
    /// A text in `aside` goes on until its element is closed.
    is_open: bool,
    /// Attributes already written: authors stand at every change.
    seen: HashSet<String>,
}

/// What an element means for its text.
fn known(name: &str) -> &'static str {
    match name {
        "t" | "v" | "text" => "text",
        "delText" | "instrText" | "delInstrText" | "f" => "aside",
        name if MEASURES.contains(&name) => "measure",
        _ => "other",
    }
}

impl<'o> Flow<'o> {
    pub fn new(out: &'o mut Text) -> Self {
        Self {
            out,
            path: Vec::new(),
            paragraphs: Vec::new(),
            tables: Vec::new(),
            cells: Vec::new(),
            aside: String::new(),
            is_open: false,
            seen: HashSet::new(),
        }
    }

    /// Puts text where it is read: in the paragraph, in the cell, or on the page.
    fn put(&mut self, text: &str) -> Result<(), Unreadable> {
        match self.paragraphs.last_mut().or(self.cells.last_mut()) {
            Some(open) => {
                open.push_str(text);
                Ok(())
            }
            None => self.out.push(text),
        }
    }

    fn end_paragraph(&mut self) -> Result<(), Unreadable> {
        let paragraph = self.paragraphs.pop().unwrap_or_default();
        match self.cells.last_mut() {
            Some(cell) => {
                if !cell.is_empty() {
                    cell.push(' ');
                }
                cell.push_str(&paragraph);
            }
            None => self.out.line(&paragraph)?,
        }
        self.aside_ends()
    }

    fn aside_ends(&mut self) -> Result<(), Unreadable> {
        // Inside a table it waits for the end of the row.
        if self.tables.is_empty() {
            let aside = std::mem::take(&mut self.aside);
            return self.out.line(&aside);
        }
        if !self.aside.is_empty() && !self.aside.ends_with('\n') {
            self.aside.push('\n');
        }
        Ok(())
    }

    fn break_line(&mut self) -> Result<(), Unreadable> {
        if self.paragraphs.is_empty() && self.cells.is_empty() && self.out.ends_with(&['\n']) {
            return Ok(());
        }
        self.put("\n")
    }
}

impl Visit for Flow<'_> {
    fn open(&mut self, name: &str, attributes: &Attributes<'_>) -> Result<(), Unreadable> {
        self.path.push(known(name));
        match name {
            "p" => self.paragraphs.push(String::new()),
            "tbl" => self.tables.push(Rows::default()),
            "tc" if !self.tables.is_empty() => self.cells.push(String::new()),
            "tab" | "ptab" if !self.paragraphs.is_empty() => self.put("\t")?,
            "br" | "cr" => self.break_line()?,
            "noBreakHyphen" => self.put("-")?,
            _ => {}
        }
        let (seen, aside) = (&mut self.seen, &mut self.aside);
        let is_value = IN_VALUE.contains(&name);
        attributes.each(|key, value| {
            let written = WRITTEN.contains(&key) || is_value && matches!(key, "val" | "value" | "name");
            if written && !value.trim().is_empty() && seen.insert(value.to_owned()) {
                if !aside.is_empty() && !aside.ends_with('\n') {
                    aside.push('\n');
                }
                aside.push_str(value);
                aside.push('\n');
            }
            Ok(())
        })
    }

    fn text(&mut self, text: &str) -> Result<(), Unreadable> {
        match self.path.last().copied() {
            Some("text") => self.put(text),
            Some("aside") => {
                self.aside.push_str(text);
                Ok(())
            }
            Some("measure") => Ok(()),
            // No text is expected there; where there is one, it is not left out.
            _ if text.trim().is_empty() => Ok(()),
            _ => {
                self.aside.push_str(text);
                self.is_open = true;
                Ok(())
            }
        }
    }

    fn close(&mut self, name: &str) -> Result<(), Unreadable> {
        self.path.pop();
        if std::mem::take(&mut self.is_open) {
            self.aside.push('\n');
        }
        match name {
            "p" => self.end_paragraph()?,
            "tc" => {
                if let (Some(cell), Some(table)) = (self.cells.pop(), self.tables.last_mut()) {
                    table.cell(table.len(), &cell);
                }
            }
            "tr" => {
                if let Some(table) = self.tables.last_mut() {
                    table.end_row(self.out)?;
                }
            }
            "tbl" => {
                if let Some(mut table) = self.tables.pop() {
                    table.end(self.out)?;
                }
                self.aside_ends()?;
            }
            // A comment, a point of a chart, a cell of a diagram.
            "comment" | "cm" | "pt" | "f" | "si" => {
                self.break_line()?;
                self.aside_ends()?;
            }
            _ => {}
        }
        if self.path.is_empty() {
            self.break_line()?;
            self.aside_ends()?;
        }
        Ok(())
    }
}
