//! What the sheets of a workbook share: their names, the table of strings, and the formats that make a number a date.

use super::Files;
use super::archive::Archive;
use super::office::{Relations, Types};
use super::xml::{self, Attributes, Visit};
use crate::unreadable::Unreadable;
use std::collections::HashMap;

/// How a number is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    General,
    Date,
    /// Zeros in front, to so many digits.
    Padded(usize),
}

#[derive(Debug, Default)]
pub(super) struct Workbook {
    /// Places in the package of the parts that are read here.
    pub parts: Vec<usize>,
    /// Names of sheets by the lower-case names of their parts.
    sheets: HashMap<String, String>,
    strings: Vec<String>,
    used: Vec<bool>,
    /// Formats by the style of a cell.
    formats: Vec<Format>,
    /// Days count from 1904 instead of 1900.
    from_1904: bool,
}

impl Workbook {
    /// None where the package holds none.
    pub fn load(archive: &mut Archive<'_>, types: &Types, files: &mut Files) -> Result<Option<Self>, Unreadable> {
        let excel = |kind: &str| kind.contains("spreadsheetml") || kind.contains("ms-excel");
        let Some(main) = types.parts(|kind| excel(kind) && kind.ends_with("main+xml")).next() else { return Ok(None) };
        let mut workbook = Self::default();
        if let Some(index) = archive.find(main) {
            let text = archive.document(index, files)?;
            let (folder, file) = main.rsplit_once('/').unwrap_or(("", main));
            let mut relations = Relations::default();
            if let Some(index) = archive.find(&format!("{folder}/_rels/{file}.rels")) {
                xml::walk(&archive.document(index, files)?, &mut relations)?;
            }
            let mut sheets = Sheets { names: Vec::new(), from_1904: false };
            xml::walk(&text, &mut sheets)?;
            workbook.from_1904 = sheets.from_1904;
            let targets: HashMap<&str, &str> = relations.0.iter().map(|r| (r.id.as_str(), r.target.as_str())).collect();
            for (id, name) in sheets.names {
                if let Some(target) = targets.get(id.as_str()) {
                    let path = target.strip_prefix('/').map_or_else(|| format!("{folder}/{target}"), str::to_owned);
                    workbook.sheets.insert(path.to_ascii_lowercase(), name);
                }
            }
        }
        let tables: Vec<&str> = types.parts(|kind| kind.ends_with("spreadsheetml.sharedStrings+xml")).collect();
        if let [table] = tables.as_slice()
            && let Some(index) = archive.find(table)
        {
            workbook.parts.push(index);
            let mut strings = Strings { strings: Vec::new(), run: String::new(), in_text: false, room: files.budget.text };
            xml::walk(&archive.document(index, files)?, &mut strings)?;
            workbook.used = vec![false; strings.strings.len()];
            workbook.strings = strings.strings;
        }
        let styles = types.parts(|kind| kind.ends_with("spreadsheetml.styles+xml")).next().and_then(|part| archive.find(part));
        if let Some(index) = styles {
            let mut formats = Formats { codes: HashMap::new(), formats: Vec::new(), in_cells: false };
            xml::walk(&archive.document(index, files)?, &mut formats)?;
            workbook.formats = formats.formats;
        }
        Ok(Some(workbook))
    }

    /// The name of the sheet in a part.
    pub fn sheet(&self, part: &str) -> Option<&str> {
        self.sheets.get(&part.to_ascii_lowercase()).map(String::as_str)
    }

    /// A string of the table. A cell that points beside it shows something that is not read here.
    pub fn string(&mut self, index: &str) -> Result<&str, Unreadable> {
        let index: usize = index.trim().parse().map_err(|_| Unreadable::BrokenForm)?;
        *self.used.get_mut(index).ok_or(Unreadable::BrokenForm)? = true;
        self.strings.get(index).map(String::as_str).ok_or(Unreadable::BrokenForm)
    }

    /// Strings that no cell has asked for.
    pub fn unused(&self) -> impl Iterator<Item = &str> {
        self.strings.iter().zip(&self.used).filter(|(_, used)| !**used).map(|(text, _)| text.as_str())
    }

    /// A number as the cell shows it, as far as detectors care: dates, leading zeros, no exponents.
    pub fn number(&self, value: &str, style: Option<usize>) -> String {
        let value = value.trim();
        let format = style.and_then(|style| self.formats.get(style)).copied().unwrap_or(Format::General);
        let Ok(number) = value.parse::<f64>() else { return value.to_owned() };
        match format {
            Format::Date if (1.0..2_958_466.0).contains(&number) => self.date(number).unwrap_or_else(|| value.to_owned()),
            _ if number.abs() >= 1e15 || number.fract() != 0.0 => value.to_owned(),
            Format::Padded(digits) if number >= 0.0 => format!("{number:0digits$.0}"),
            _ => format!("{number:.0}"),
        }
    }

    fn date(&self, serial: f64) -> Option<String> {
        // Excel counts a 29 February 1900 that never was.
        let first = match (self.from_1904, serial < 60.0) {
            (true, _) => jiff::civil::Date::constant(1904, 1, 1),
            (false, true) => jiff::civil::Date::constant(1899, 12, 31),
            (false, false) => jiff::civil::Date::constant(1899, 12, 30),
        };
        // In range: the caller has looked.
        let days = jiff::Span::new().try_days(serial as i64).ok()?;
        let date = first.checked_add(days).ok()?;
        Some(format!("{:02}-{:02}-{}", date.day(), date.month(), date.year()))
    }
}

/// `workbook.xml`: relation and name of each sheet.
struct Sheets {
    names: Vec<(String, String)>,
    from_1904: bool,
}

impl Visit for Sheets {
    fn open(&mut self, name: &str, attributes: &Attributes<'_>) -> Result<(), Unreadable> {
        match name {
            "sheet" => {
                if let (Some(id), Some(name)) = (attributes.get("id")?, attributes.get("name")?) {
                    self.names.push((id, name));
                }
            }
            "workbookPr" => self.from_1904 = attributes.get("date1904")?.is_some_and(|value| matches!(value.as_str(), "1" | "true")),
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, _: &str) -> Result<(), Unreadable> {
        Ok(())
    }

    fn close(&mut self, _: &str) -> Result<(), Unreadable> {
        Ok(())
    }
}

/// `sharedStrings.xml`: the runs of each string joined.
struct Strings {
    strings: Vec<String>,
    run: String,
    in_text: bool,
    room: usize,
}

impl Visit for Strings {
    fn open(&mut self, name: &str, _: &Attributes<'_>) -> Result<(), Unreadable> {
        self.in_text = name == "t";
        if name == "rPh" {
            self.run.push(' ');
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Unreadable> {
        if self.in_text {
            self.room = self.room.checked_sub(text.len()).ok_or(Unreadable::TooLarge)?;
            self.run.push_str(text);
        }
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), Unreadable> {
        self.in_text = false;
        if name == "si" {
            self.strings.push(std::mem::take(&mut self.run));
        }
        Ok(())
    }
}

/// `styles.xml`: the number format of each style of cells.
struct Formats {
    codes: HashMap<u32, Format>,
    formats: Vec<Format>,
    in_cells: bool,
}

impl Visit for Formats {
    fn open(&mut self, name: &str, attributes: &Attributes<'_>) -> Result<(), Unreadable> {
        let id = |value: Option<String>| value.and_then(|value| value.parse::<u32>().ok());
        match name {
            "numFmt" => {
                if let (Some(id), Some(code)) = (id(attributes.get("numFmtId")?), attributes.get("formatCode")?) {
                    self.codes.insert(id, format(&code));
                }
            }
            "cellXfs" => self.in_cells = true,
            "xf" if self.in_cells => {
                let id = id(attributes.get("numFmtId")?).unwrap_or(0);
                let built_in = if matches!(id, 14..=17 | 22 | 27..=36 | 50..=58) { Format::Date } else { Format::General };
                self.formats.push(self.codes.get(&id).copied().unwrap_or(built_in));
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, _: &str) -> Result<(), Unreadable> {
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), Unreadable> {
        if name == "cellXfs" {
            self.in_cells = false;
        }
        Ok(())
    }
}

/// A number format: a date where it shows a year or a day outside of quotes, brackets and escapes.
fn format(code: &str) -> Format {
    let mut bare = String::new();
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        let closing = match letter {
            '"' => '"',
            '[' => ']',
            '\\' => {
                letters.next();
                continue;
            }
            _ => {
                bare.push(letter.to_ascii_lowercase());
                continue;
            }
        };
        letters.by_ref().take_while(|letter| *letter != closing).for_each(drop);
    }
    if bare != "general" && bare.contains(['y', 'd']) {
        return Format::Date;
    }
    let zeros = bare.split(';').next().unwrap_or("");
    if (2..=15).contains(&zeros.len()) && zeros.bytes().all(|b| b == b'0') { Format::Padded(zeros.len()) } else { Format::General }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_dates_and_leading_zeros_are_told_from_others() {
        for code in ["dd-mm-yyyy", "[$-413]d mmmm yyyy;@", "yyyy\\-mm\\-dd"] {
            assert_eq!(format(code), Format::Date, "{code}");
        }
        for code in ["General", "0.00", "[Red]0", "\"dagen\" 0", "hh:mm", "0"] {
            assert_eq!(format(code), Format::General, "{code}");
        }
        assert_eq!(format("000000000"), Format::Padded(9));
    }

    #[test]
    fn numbers_are_shown_as_in_the_cell() {
        let workbook = Workbook { formats: vec![Format::General, Format::Date, Format::Padded(9)], ..Workbook::default() };
        assert_eq!(workbook.number("1.11222333E8", Some(0)), "111222333");
        assert_eq!(workbook.number("10000008", Some(2)), "010000008");
        assert_eq!(workbook.number("29292", Some(1)), "12-03-1980");
        assert_eq!(workbook.number("12.5", None), "12.5");
        assert_eq!(workbook.number("x", Some(1)), "x");
        assert_eq!(workbook.number("NaN", Some(2)), "NaN");
    }
}
