//! OpenDocument: text documents, sheets and slides (ISO/IEC 26300).
//!
//! Takes one XML part of a package; writes a line per paragraph and a line per row of a table. Notes, remarks and frames stand apart from the
//! paragraph they hang on, so that they break no word in two. Automatic styles and settings are passed by.

use super::Files;
use super::generic::Generic;
use super::limits::Text;
use super::rows::Rows;
use super::xml::{self, Attributes, Visit};
use crate::unreadable::Unreadable;

/// Elements that make a text of their own, also in the middle of another.
const BLOCKS: &[&str] = &["p", "h", "annotation", "note", "note-citation", "frame", "title", "desc", "creator", "date"];
/// Elements that hold only form.
const FORM: &[&str] = &["automatic-styles", "styles", "font-face-decls"];
/// Attributes that people write in.
const WRITTEN: &[&str] = &["string-value", "label", "current-value", "help-text", "display-name"];
/// Columns that a repeated cell takes at most.
const REPEATED: usize = 256;

struct Body<'o> {
    out: &'o mut Text,
    blocks: Vec<String>,
    tables: Vec<Rows>,
    /// Text, stated value and number of columns of the open cells.
    cells: Vec<Cell>,
    /// Depth within elements that hold only form.
    form: usize,
    loose: String,
    aside: String,
}

#[derive(Debug, Default)]
struct Cell {
    text: String,
    value: String,
    columns: usize,
}

/// Members that only picture or set up what others say.
pub(super) fn is_wordless(member: &str) -> bool {
    member == "mimetype"
        || member == "layout-cache"
        || ["Thumbnails/", "ObjectReplacements/"].iter().any(|folder| member.starts_with(folder))
}

/// Whether a manifest says that members are encrypted.
pub(super) fn is_encrypted(manifest: &str) -> Result<bool, Unreadable> {
    struct Manifest(bool);
    impl Visit for Manifest {
        fn open(&mut self, name: &str, _: &Attributes<'_>) -> Result<(), Unreadable> {
            self.0 |= matches!(name, "encryption-data" | "encrypted-key" | "EncryptedKey");
            Ok(())
        }

        fn text(&mut self, _: &str) -> Result<(), Unreadable> {
            Ok(())
        }

        fn close(&mut self, _: &str) -> Result<(), Unreadable> {
            Ok(())
        }
    }
    let mut found = Manifest(false);
    xml::walk(manifest, &mut found)?;
    Ok(found.0)
}

pub(super) fn part(files: &mut Files, name: &str, text: &str) -> Result<(), Unreadable> {
    match xml::root(text)?.as_str() {
        "manifest" | "document-settings" | "document-signatures" | "RDF" => {}
        "document-content" | "document-styles" | "document" => files.piece(name, |out| {
            let mut body = Body {
                out,
                blocks: Vec::new(),
                tables: Vec::new(),
                cells: Vec::new(),
                form: 0,
                loose: String::new(),
                aside: String::new(),
            };
            let read = xml::walk(text, &mut body);
            let aside = std::mem::take(&mut body.aside);
            read.and_then(|()| out.line(&aside))
        }),
        _ => files.piece(name, |out| xml::walk(text, &mut Generic::new(out))),
    }
    Ok(())
}

impl Body<'_> {
    fn put(&mut self, text: &str) {
        match (self.blocks.last_mut(), self.cells.last_mut()) {
            (Some(block), _) => block.push_str(text),
            (None, Some(cell)) => cell.text.push_str(text),
            (None, None) => self.loose.push_str(text),
        }
    }

    /// Text that stands in no paragraph is a line of its own.
    fn end_loose(&mut self) -> Result<(), Unreadable> {
        let loose = std::mem::take(&mut self.loose);
        self.out.line(&loose)
    }

    fn end_block(&mut self) -> Result<(), Unreadable> {
        let block = self.blocks.pop().unwrap_or_default();
        match self.cells.last_mut() {
            Some(cell) => {
                if !cell.text.is_empty() {
                    cell.text.push(' ');
                }
                cell.text.push_str(&block);
                Ok(())
            }
            None => self.out.line(&block),
        }
    }

    fn end_cell(&mut self) {
        let (Some(cell), Some(table)) = (self.cells.pop(), self.tables.last_mut()) else { return };
        // A number that is shown in another way, or not at all.
        let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).collect::<Vec<_>>();
        let is_shown = digits(&cell.text) == digits(&cell.value);
        let text = if is_shown { cell.text } else { format!("{} {}", cell.text, cell.value) };
        let copies = if text.trim().is_empty() && cell.columns > REPEATED { 1 } else { cell.columns.clamp(1, REPEATED) };
        for _ in 0..copies {
            table.cell(table.len(), &text);
        }
    }
}

impl Visit for Body<'_> {
    fn open(&mut self, name: &str, attributes: &Attributes<'_>) -> Result<(), Unreadable> {
        if self.form > 0 || FORM.contains(&name) {
            self.form += 1;
            return Ok(());
        }
        self.end_loose()?;
        match name {
            "table" => {
                if let Some(name) = attributes.get("name")? {
                    self.aside.push_str(&name);
                    self.aside.push('\n');
                }
                self.tables.push(Rows::default());
            }
            "table-cell" | "covered-table-cell" if !self.tables.is_empty() => {
                let columns = attributes.get("number-columns-repeated")?.and_then(|number| number.parse().ok()).unwrap_or(1);
                let is_number = attributes.get("value-type")?.is_some_and(|kind| matches!(kind.as_str(), "float" | "currency"));
                let value = if is_number { attributes.get("value")?.unwrap_or_default() } else { String::new() };
                self.cells.push(Cell { text: String::new(), value, columns });
            }
            "s" => {
                let count: usize = attributes.get("c")?.and_then(|count| count.parse().ok()).unwrap_or(1);
                self.put(&" ".repeat(count.min(64)));
            }
            "tab" => self.put("\t"),
            "line-break" => self.put("\n"),
            name if BLOCKS.contains(&name) => self.blocks.push(String::new()),
            _ => {}
        }
        let aside = &mut self.aside;
        attributes.each(|key, value| {
            let is_link = key == "href" && value.contains(':');
            let is_text = key == "formula" && value.contains('"');
            if (is_link || is_text || WRITTEN.contains(&key)) && !value.trim().is_empty() {
                aside.push_str(value);
                aside.push('\n');
            }
            Ok(())
        })
    }

    fn text(&mut self, text: &str) -> Result<(), Unreadable> {
        if self.form > 0 || self.blocks.is_empty() && text.trim().is_empty() {
            return Ok(());
        }
        self.put(text);
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), Unreadable> {
        if self.form > 0 {
            self.form -= 1;
            return Ok(());
        }
        self.end_loose()?;
        match name {
            "table" => {
                if let Some(mut table) = self.tables.pop() {
                    table.end(self.out)?;
                }
            }
            "table-row" => {
                if let Some(table) = self.tables.last_mut() {
                    table.end_row(self.out)?;
                }
            }
            "table-cell" | "covered-table-cell" => self.end_cell(),
            name if BLOCKS.contains(&name) => self.end_block()?,
            _ => {}
        }
        Ok(())
    }
}
