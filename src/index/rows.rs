//! Values out of files: tables with a header row, or one value per line.
//!
//! Takes CSV, with commas, semicolons or tabs, and plain lists, in UTF-8 with or without a byte order mark and with any line end. Gives rows
//! of the columns that were asked for. A broken row is an error that names file and line, never a row that is guessed at.

use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Why a file cannot be used, and where.
#[derive(Debug)]
pub struct Fault {
    pub file: PathBuf,
    /// Counted from 1; 0 where it is the whole file.
    pub line: u64,
    pub message: String,
    /// The file could not be read at all.
    pub environment: bool,
    /// A column was named that is not there.
    pub usage: bool,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file.display(), self.message),
            line => write!(f, "{}:{line}: {}", self.file.display(), self.message),
        }
    }
}

/// A file, looked at so far that it is clear how to read it.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    form: Form,
    /// Names of the columns that are read, in their order.
    pub columns: Vec<String>,
}

#[derive(Debug)]
enum Form {
    /// Places of the columns that are read, and how many there are.
    Table { delimiter: u8, columns: Vec<usize> },
    /// One value per line; the first is its name.
    Lines { header: bool },
}

const BOM: &[u8] = b"\xef\xbb\xbf";
/// Lines looked at to tell a header from a value.
const SAMPLE: usize = 20;

fn fault(path: &Path, line: u64, message: impl Into<String>) -> Fault {
    Fault { file: path.to_owned(), line, message: message.into(), environment: false, usage: false }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Fault {
    Fault { environment: true, ..fault(path, 0, format!("cannot be read: {error}")) }
}

const NOT_UTF8: &str = "this is not UTF-8: save the file as 'CSV UTF-8', or convert it";

impl Source {
    /// Looks at the beginning of a file. `wanted`: names of columns; empty for all.
    ///
    /// # Errors
    /// It cannot be read, is empty, or has no column of a name.
    pub fn open(path: &Path, wanted: &[String]) -> Result<Self, Fault> {
        let mut reader = open(path).map_err(|error| unreadable(path, &error))?;
        let mut lines = Vec::new();
        while lines.len() < SAMPLE {
            let mut line = Vec::new();
            match reader.read_until(b'\n', &mut line) {
                Ok(0) => break,
                Ok(_) => lines.push(line),
                Err(error) => return Err(unreadable(path, &error)),
            }
        }
        let mut sample = Vec::with_capacity(lines.len());
        for (number, line) in lines.iter().enumerate() {
            sample.push(std::str::from_utf8(line).map_err(|_| fault(path, number as u64 + 1, NOT_UTF8))?.trim());
        }
        let Some(first) = sample.iter().find(|line| !line.is_empty()) else {
            return Err(fault(path, 0, "this file is empty"));
        };
        // In a plain list a comma is part of a value: 'Jansen, J.'.
        let is_csv = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv") || end.eq_ignore_ascii_case("tsv"));
        let delimiters: &[u8] = if is_csv { b";\t," } else { b";\t" };
        let delimiter = delimiters.iter().copied().map(|sign| (outside_quotes(first, sign), sign)).filter(|(count, _)| *count > 0).max();
        match delimiter {
            Some((_, delimiter)) => Self::table(path, delimiter, wanted),
            None => Self::lines(path, &sample, wanted),
        }
    }

    fn table(path: &Path, delimiter: u8, wanted: &[String]) -> Result<Self, Fault> {
        let reader = open(path).map_err(|error| unreadable(path, &error))?;
        let mut reader = csv_reader(reader, delimiter);
        let header = reader.headers().map_err(|error| broken(path, &error))?;
        let names: Vec<&str> = header.iter().map(str::trim).collect();
        let columns: Vec<usize> = match wanted {
            [] => (0..names.len()).collect(),
            wanted => wanted.iter().map(|name| find(path, &names, name)).collect::<Result<_, _>>()?,
        };
        let chosen = columns.iter().filter_map(|&at| names.get(at)).map(|name| (*name).to_owned()).collect();
        Ok(Self { path: path.to_owned(), columns: chosen, form: Form::Table { delimiter, columns } })
    }

    fn lines(path: &Path, sample: &[&str], wanted: &[String]) -> Result<Self, Fault> {
        let mut values = sample.iter().map(|line| unquoted(line)).filter(|line| !line.is_empty());
        let first = values.next().unwrap_or("");
        let has_digit = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
        let mut rest = values.peekable();
        let header = match wanted {
            // A word above numbers is their name.
            [] => !has_digit(first) && rest.peek().is_some() && rest.all(has_digit),
            [name] if same(name, first) => true,
            [name, ..] => {
                let message = format!("there is no column '{name}': the file has one value per line, and no name above them");
                return Err(Fault { usage: true, ..fault(path, 0, message) });
            }
        };
        let name = if header { first.to_owned() } else { String::new() };
        Ok(Self { path: path.to_owned(), columns: vec![name], form: Form::Lines { header } })
    }

    /// Reads the file and gives each row, and now and then how many bytes have been read.
    ///
    /// # Errors
    /// A row is broken; what `row` refused.
    pub fn read<E: From<Fault>>(
        &self,
        mut row: impl FnMut(&mut dyn Iterator<Item = &str>) -> Result<(), E>,
        mut progress: impl FnMut(u64),
    ) -> Result<(), E> {
        let path = &self.path;
        let file = open(path).map_err(|error| unreadable(path, &error))?;
        match &self.form {
            Form::Table { delimiter, columns } => {
                let mut reader = csv_reader(file, *delimiter);
                let mut record = csv::StringRecord::new();
                let mut number = 0_u64;
                while reader.read_record(&mut record).map_err(|error| broken(path, &error))? {
                    row(&mut columns.iter().map(|&at| record.get(at).unwrap_or("")))?;
                    number += 1;
                    if number.is_multiple_of(4096) {
                        progress(reader.position().byte());
                    }
                }
            }
            Form::Lines { header } => {
                let mut reader = file;
                let (mut line, mut number, mut bytes, mut skip) = (String::new(), 0_u64, 0, *header);
                loop {
                    line.clear();
                    number += 1;
                    match reader.read_line(&mut line) {
                        Ok(0) => break,
                        Ok(read) => bytes += read as u64,
                        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => return Err(fault(path, number, NOT_UTF8).into()),
                        Err(error) => return Err(unreadable(path, &error).into()),
                    }
                    let value = unquoted(line.trim());
                    if !value.is_empty() && !std::mem::take(&mut skip) {
                        row(&mut std::iter::once(value))?;
                    }
                    if number.is_multiple_of(4096) {
                        progress(bytes);
                    }
                }
            }
        }
        Ok(())
    }
}

/// The file, behind its byte order mark.
fn open(path: &Path) -> std::io::Result<BufReader<File>> {
    let mut reader = BufReader::with_capacity(256 << 10, File::open(path)?);
    if reader.fill_buf()?.starts_with(BOM) {
        reader.seek(SeekFrom::Start(BOM.len() as u64))?;
    }
    Ok(reader)
}

fn csv_reader(reader: BufReader<File>, delimiter: u8) -> csv::Reader<BufReader<File>> {
    csv::ReaderBuilder::new().delimiter(delimiter).from_reader(reader)
}

fn broken(path: &Path, error: &csv::Error) -> Fault {
    let line = error.position().map_or(0, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::Io(error) => unreadable(path, error),
        csv::ErrorKind::Utf8 { .. } => fault(path, line, NOT_UTF8),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => fault(
            path,
            line,
            format!(
                "this row has {len} fields, and the header has {expected_len}: look for a separator in a value, or a quote that is not closed"
            ),
        ),
        _ => fault(path, line, error.to_string()),
    }
}

fn outside_quotes(line: &str, sign: u8) -> usize {
    let mut inside = false;
    line.bytes()
        .filter(|&byte| {
            inside ^= byte == b'"';
            byte == sign && !inside
        })
        .count()
}

fn unquoted(line: &str) -> &str {
    line.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(line)
}

fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

fn find(path: &Path, names: &[&str], wanted: &str) -> Result<usize, Fault> {
    let mut found = names.iter().enumerate().filter(|(_, name)| same(name, wanted)).map(|(at, _)| at);
    let usage = |message: String| Fault { usage: true, ..fault(path, 1, message) };
    match (found.next(), found.next()) {
        (Some(at), None) => Ok(at),
        (Some(_), Some(_)) => Err(usage(format!("there are two columns '{wanted}'"))),
        _ => {
            let nearest = crate::diagnostic::nearest(wanted, names.iter().copied());
            let hint = nearest.map_or_else(|| format!("the columns are {}", names.join(", ")), |name| format!("did you mean '{name}'?"));
            Err(usage(format!("there is no column '{wanted}': {hint}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, bytes: &[u8], wanted: &[&str]) -> Result<Vec<Vec<String>>, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let wanted: Vec<String> = wanted.iter().map(|&name| name.to_owned()).collect();
        let mut rows = Vec::new();
        let told = |fault: Fault| fault.to_string().replace(&folder.path().display().to_string(), "DIR");
        let source = Source::open(&path, &wanted).map_err(told)?;
        let row = |row: &mut dyn Iterator<Item = &str>| {
            rows.push(row.map(str::to_owned).collect());
            Ok::<_, Fault>(())
        };
        source.read(row, |_| {}).map_err(told)?;
        Ok(rows)
    }

    #[test]
    fn tables_are_read_with_any_separator_quote_line_end_and_mark() {
        let wanted = vec![vec!["Jan; de \"Boer\"".to_owned(), "123456782".to_owned()], vec!["Ëlla".to_owned(), String::new()]];
        let semicolons = "\u{feff}naam;bsn\r\n\"Jan; de \"\"Boer\"\"\";123456782\r\nËlla;\r\n";
        assert_eq!(read("a.csv", semicolons.as_bytes(), &[]).unwrap(), wanted);
        assert_eq!(read("a.txt", "naam\tbsn\n\"Jan; de \"\"Boer\"\"\"\t123456782\nËlla\t".as_bytes(), &[]).unwrap(), wanted);
        assert_eq!(read("a.csv", b"naam,bsn\n\"x, y\",1\n", &["BSN"]).unwrap(), [["1"]]);
        assert_eq!(read("a.csv", b"a;b\n\"1\n2\";3\n", &["b", "a"]).unwrap(), [["3", "1\n2"]]);
    }

    #[test]
    fn a_list_has_one_value_per_line_and_at_most_a_name_above() {
        assert_eq!(read("a.txt", b"\xef\xbb\xbfbsn\r\n123456782\r\n\r\n111222333", &[]).unwrap(), [["123456782"], ["111222333"]]);
        assert_eq!(read("a.txt", b"Jansen, J.\nDe Boer, P.\n", &[]).unwrap(), [["Jansen, J."], ["De Boer, P."]]);
        assert_eq!(read("a.csv", b"\"123456782\"\n", &[]).unwrap(), [["123456782"]]);
        assert_eq!(read("a.csv", b"naam\nJansen\n", &["Naam"]).unwrap(), [["Jansen"]]);
    }

    #[test]
    fn what_is_broken_is_named_with_file_and_line() {
        let told = |bytes: &[u8], wanted: &[&str]| read("a.csv", bytes, wanted).unwrap_err();
        assert!(told(b"a;b\n1;2\n3\n", &[]).starts_with("DIR/a.csv:3: this row has 1 fields, and the header has 2"));
        assert!(told(b"a;b\n1;2\n\"3;4\n5;6\n", &[]).starts_with("DIR/a.csv:3: this row has 1 fields"));
        assert!(told(b"a;b\n1;2\n\xe9;4\n", &[]).starts_with("DIR/a.csv:3: this is not UTF-8"));
        assert!(told(b"\xff\xfea\0", &[]).starts_with("DIR/a.csv:1: this is not UTF-8"));
        assert_eq!(told(b"naam;bsn\n", &["bns"]), "DIR/a.csv:1: there is no column 'bns': did you mean 'bsn'?");
        assert_eq!(told(b"a;b\n", &["geboortedatum"]), "DIR/a.csv:1: there is no column 'geboortedatum': the columns are a, b");
        assert_eq!(told(b"\n\n", &[]), "DIR/a.csv: this file is empty");
        assert!(Source::open(Path::new("/bestaat/niet.csv"), &[]).is_err_and(|fault| fault.environment));
        let mut late = b"1\n".repeat(50);
        late.extend(b"\xe9\n");
        assert!(told(&late, &[]).starts_with("DIR/a.csv:51: this is not UTF-8"));
    }
}
