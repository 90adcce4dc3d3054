//! Rows of cells as lines of text, so that a column keeps its heading: cells are set apart by tabs, and a table is unbroken lines.
//!
//! A line with a single cell above a table is its title, not its head, and gets no tabs.

use super::limits::Text;
use crate::unreadable::Unreadable;

/// Columns further to the right follow each other without gaps for empty cells.
const ALIGNED: usize = 256;
/// Cells in the shortest row: a table shows by two tabs in a line.
const FEWEST: usize = 3;

/// The row that is being filled, and the one before it.
#[derive(Debug, Default)]
pub(super) struct Rows {
    cells: Vec<String>,
    /// A row with a single cell, of which the next row tells what it is.
    held: Option<Vec<String>>,
    in_table: bool,
}

impl Rows {
    /// Puts a cell in a column (from 0), or behind the last where that is taken.
    pub fn cell(&mut self, column: usize, text: &str) {
        while self.cells.len() < column.min(ALIGNED) {
            self.cells.push(String::new());
        }
        self.cells.push(text.split(['\t', '\n', '\r']).collect::<Vec<_>>().join(" ").trim().to_owned());
    }

    /// The next column.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    pub fn end_row(&mut self, out: &mut Text) -> Result<(), Unreadable> {
        let cells = std::mem::take(&mut self.cells);
        match cells.iter().filter(|cell| !cell.is_empty()).count() {
            0 => self.end(out),
            1 if !self.in_table => {
                // Two of them in a row are a table of one column.
                self.in_table = self.held.is_some();
                match self.held.take() {
                    Some(held) => {
                        line(&held, out)?;
                        line(&cells, out)
                    }
                    None => {
                        self.held = Some(cells);
                        Ok(())
                    }
                }
            }
            _ => {
                if let Some(held) = self.held.take() {
                    out.line(&held.concat())?;
                }
                self.in_table = true;
                line(&cells, out)
            }
        }
    }

    /// The table is over.
    pub fn end(&mut self, out: &mut Text) -> Result<(), Unreadable> {
        if let Some(held) = self.held.take() {
            out.line(&held.concat())?;
        }
        if std::mem::take(&mut self.in_table) { out.push("\n") } else { Ok(()) }
    }
}

fn line(cells: &[String], out: &mut Text) -> Result<(), Unreadable> {
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            out.push("\t")?;
        }
        out.push(cell)?;
    }
    for _ in cells.len()..FEWEST {
        out.push("\t")?;
    }
    out.push("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(rows: &[&[&str]]) -> String {
        let (mut out, mut table) = (Text::new(1000), Rows::default());
        for row in rows {
            for (column, cell) in row.iter().enumerate() {
                table.cell(column, cell);
            }
            table.end_row(&mut out).unwrap();
        }
        table.end(&mut out).unwrap();
        out.into_text().expose().to_owned()
    }

    #[test]
    fn a_title_stands_apart_and_a_row_with_gaps_stays_in_the_table() {
        let rows: &[&[&str]] = &[&["Lijst"], &["Naam", "BSN"], &["Jan"], &["Ans", "111222333"], &[], &["Einde"]];
        assert_eq!(written(rows), "Lijst\nNaam\tBSN\t\nJan\t\t\nAns\t111222333\t\n\nEinde\n");
    }

    #[test]
    fn a_single_column_is_a_table() {
        assert_eq!(written(&[&["BSN"], &["111222333"], &["123456782"]]), "BSN\t\t\n111222333\t\t\n123456782\t\t\n\n");
    }

    #[test]
    fn tabs_and_line_breaks_in_a_cell_are_spaces() {
        assert_eq!(written(&[&["a\tb", "c\nd"]]), "a b\tc d\t\n\n");
    }
}
