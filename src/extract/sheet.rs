//! SpreadsheetML sheets: a line per row, cells in their columns, and behind the table what else people wrote in the sheet.

use super::limits::Text;
use super::rows::Rows;
use super::workbook::Workbook;
use super::xml::{self, Attributes, Visit};
use crate::unreadable::Unreadable;

/// Attributes outside the cells that people write in.
const WRITTEN: &[&str] = &["display", "tooltip", "location", "prompt", "promptTitle", "error", "errorTitle"];

/// What the text of an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Value,
    Formula,
    /// Not in a cell.
    Outside,
}

struct Sheet<'w, 'o> {
    out: &'o mut Text,
    workbook: &'w mut Workbook,
    rows: Rows,
    in_data: bool,
    part: Part,
    /// Number of the last row.
    row: u64,
    column: usize,
    kind: String,
    style: Option<usize>,
    value: String,
    formula: String,
    aside: String,
    /// The last line of `aside` is not at its end.
    is_open: bool,
}

pub(super) fn read(text: &str, workbook: &mut Workbook, out: &mut Text) -> Result<(), Unreadable> {
    let mut sheet = Sheet {
        out,
        workbook,
        rows: Rows::default(),
        in_data: false,
        part: Part::Outside,
        row: 0,
        column: 0,
        kind: String::new(),
        style: None,
        value: String::new(),
        formula: String::new(),
        aside: String::new(),
        is_open: false,
    };
    let read = xml::walk(text, &mut sheet);
    let aside = std::mem::take(&mut sheet.aside);
    read.and_then(|()| out.line(&aside))
}

impl Sheet<'_, '_> {
    fn aside(&mut self, words: &str) {
        self.aside.push_str(words.trim());
        self.aside.push('\n');
    }

    fn end_cell(&mut self) -> Result<(), Unreadable> {
        let (value, formula) = (std::mem::take(&mut self.value), std::mem::take(&mut self.formula));
        match self.kind.as_str() {
            "s" if !value.trim().is_empty() => self.rows.cell(self.column, self.workbook.string(&value)?),
            "" | "n" if !value.is_empty() => self.rows.cell(self.column, &self.workbook.number(&value, self.style)),
            _ if !value.trim().is_empty() => self.rows.cell(self.column, &value),
            _ => {}
        }
        // A text in it is a text in the file, whatever it came to.
        if formula.contains('"') {
            self.aside(&formula);
        }
        Ok(())
    }
}

impl Visit for Sheet<'_, '_> {
    fn open(&mut self, name: &str, attributes: &Attributes<'_>) -> Result<(), Unreadable> {
        match name {
            "sheetData" => self.in_data = true,
            "row" if self.in_data => {
                let row = attributes.get("r")?.and_then(|row| row.parse().ok()).unwrap_or(self.row + 1);
                if row != self.row + 1 {
                    // Empty rows are left out of the file.
                    self.rows.end(self.out)?;
                }
                self.row = row;
            }
            "c" if self.in_data => {
                self.column = attributes.get("r")?.map_or(self.rows.len(), |place| column(&place));
                self.kind = attributes.get("t")?.unwrap_or_default();
                self.style = attributes.get("s")?.and_then(|style| style.parse().ok());
            }
            "v" | "t" if self.in_data => self.part = Part::Value,
            "rPh" if self.in_data => self.value.push(' '),
            "f" if self.in_data => self.part = Part::Formula,
            _ if !self.in_data => attributes.each(|key, value| {
                if WRITTEN.contains(&key) && !value.trim().is_empty() {
                    self.aside.push_str(value.trim());
                    self.aside.push('\n');
                }
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Unreadable> {
        match self.part {
            Part::Value => self.value.push_str(text),
            Part::Formula => self.formula.push_str(text),
            Part::Outside if text.trim().is_empty() => {}
            // Headers, footers, lists to choose from.
            Part::Outside => {
                self.aside.push_str(text);
                self.is_open = true;
            }
        }
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), Unreadable> {
        self.part = Part::Outside;
        if std::mem::take(&mut self.is_open) {
            self.aside.push('\n');
        }
        match name {
            "c" if self.in_data => self.end_cell(),
            "row" if self.in_data => self.rows.end_row(self.out),
            "sheetData" => {
                self.in_data = false;
                self.rows.end(self.out)
            }
            _ => Ok(()),
        }
    }
}

/// The column of a place such as `AB12`, from 0.
fn column(place: &str) -> usize {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic).take(4);
    letters.fold(0, |column, letter| column * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_from_their_letters() {
        assert_eq!((column("A1"), column("Z9"), column("AA10"), column("XFD1"), column("")), (0, 25, 26, 16383, 0));
    }
}
