//! `sluis index`: an index of records or of documents, for `dataset:` and `documents:` in a policy.
//!
//! Takes tables, lists, documents and folders; writes one file of keyed hashes, and the key beside it where there was none. Nothing of the input
//! is in it, and no value is ever printed. Where an input is broken nothing is written.

use super::{FAILED, NO};
use crate::extract;
use crate::index::rows::{Fault, Source};
use crate::index::{self, Error, Kind, dataset, documents};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use std::fs;
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Usage, as clap has it.
const USAGE: u8 = 2;
/// Bytes of one document that are read.
const LARGEST: u64 = 256 << 20;
/// Folders inside folders.
const DEPTH: usize = 64;

/// Builds a keyed index of records or documents; the policy's `dataset:` and `documents:` look in it. The input is not stored.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  sluis index --kind dataset --column bsn --out policies/datasets/brp.sluisx brp.csv\n  \
    sluis index --kind dataset --column naam --column geboortedatum --out clients.sluisx clients.csv\n  \
    sluis index --kind documents --out policies/documents/council.sluisx --key /etc/sluis/council.key council-papers/\n  \
    sluis index --show policies/datasets/brp.sluisx")]
pub struct Arguments {
    /// What the inputs are
    #[arg(long, value_enum, required_unless_present = "show")]
    kind: Option<Sort>,
    /// The index to write; an older one is replaced in one step
    #[arg(long, value_name = "FILE", required_unless_present = "show")]
    out: Option<PathBuf>,
    /// The key, 32 bytes in hexadecimal; made where it is not there. Keep it away from the index [default: FILE.key beside the index]
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// A column of the tables; may be given more than once [default: all of them]
    #[arg(long = "column", value_name = "NAME")]
    columns: Vec<String>,
    /// Print what an index says of itself, and nothing else
    #[arg(long, value_name = "FILE", conflicts_with_all = ["kind", "out", "key", "columns", "inputs"])]
    show: Option<PathBuf>,
    /// Tables (CSV with a header row) and lists (one value per line), or documents and folders of them
    #[arg(value_name = "INPUT", required_unless_present = "show")]
    inputs: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Sort {
    /// Values of records: exact data match
    Dataset,
    /// Fingerprints of documents
    Documents,
}

/// Why nothing was written.
#[derive(Debug)]
enum Failure {
    Input(Fault),
    Index(PathBuf, Error),
    Usage(String),
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Input(fault)
    }
}

impl Failure {
    fn status(&self) -> u8 {
        match self {
            Self::Input(fault) if fault.usage => USAGE,
            Self::Input(fault) if fault.environment => FAILED,
            Self::Input(_) => NO,
            Self::Index(_, Error::Key(_) | Error::Read(_) | Error::Write(_)) => FAILED,
            Self::Index(..) => NO,
            Self::Usage(_) => USAGE,
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::Input(fault) => fault.to_string(),
            Self::Index(path, error) => format!("{} {error}", path.display()),
            Self::Usage(sentence) => sentence.clone(),
        }
    }
}

/// What was made, and what the person should know of it.
#[derive(Debug)]
struct Made {
    summary: String,
    notes: Vec<String>,
    /// Inputs that are not in it.
    unread: u64,
}

pub fn main(arguments: Arguments) -> ExitCode {
    let made = match (&arguments.show, arguments.kind, &arguments.out) {
        (Some(path), ..) => show(path),
        (None, Some(kind), Some(out)) => build(kind, out, &arguments),
        _ => Err(Failure::Usage("--kind and --out are needed".to_owned())),
    };
    match made {
        Ok(made) => {
            made.notes.iter().for_each(|note| anstream::eprintln!("sluis: {note}"));
            let told = writeln!(std::io::stdout(), "{}", made.summary);
            // A reader that went away early is no failure of ours.
            let failed = told.is_err_and(|error| error.kind() != std::io::ErrorKind::BrokenPipe);
            ExitCode::from(if failed { FAILED } else { u8::from(made.unread > 0) })
        }
        Err(failure) => {
            anstream::eprintln!("sluis: {}", failure.sentence());
            ExitCode::from(failure.status())
        }
    }
}

fn build(kind: Sort, out: &Path, arguments: &Arguments) -> Result<Made, Failure> {
    if kind == Sort::Documents && !arguments.columns.is_empty() {
        return Err(Failure::Usage("--column is for --kind dataset: documents have no columns".to_owned()));
    }
    let beside = arguments.key.is_none();
    let key_file = arguments.key.clone().unwrap_or_else(|| index::key_beside(out));
    let refused = |error| Failure::Index(out.to_owned(), error);
    let fresh = !key_file.exists();
    let key = index::open_key(&key_file).map_err(refused)?;
    let made = match kind {
        Sort::Dataset => records(&key, out, arguments),
        Sort::Documents => texts(&key, out, arguments),
    };
    if made.is_err() && fresh {
        // A key of nothing would only be mistaken for one that matters.
        let _ = fs::remove_file(&key_file);
    }
    made.map(|mut made| {
        if beside {
            let key = key_file.display();
            made.notes.push(format!(
                "the key is {key}: who has it and the index can try values out, so keep them in different places (key: in the policy)"
            ));
        }
        made
    })
}

fn records(key: &[u8; 32], out: &Path, arguments: &Arguments) -> Result<Made, Failure> {
    let sources = arguments.inputs.iter().map(|path| Source::open(path, &arguments.columns)).collect::<Result<Vec<_>, _>>()?;
    let columns = sources.first().map(|source| source.columns.clone()).unwrap_or_default();
    for (source, path) in sources.iter().zip(&arguments.inputs) {
        let alike = source.columns.len() == columns.len()
            && source.columns.iter().zip(&columns).all(|(a, b)| a.eq_ignore_ascii_case(b) || a.is_empty() || b.is_empty());
        if !alike {
            let (is, first) = (source.columns.join(", "), columns.join(", "));
            return Err(Failure::Usage(format!(
                "{}: its columns are {is}, and those of the first file {first}: name them with --column",
                path.display()
            )));
        }
    }
    let refused = |error| Failure::Index(out.to_owned(), error);
    let mut builder = dataset::Builder::new(key, columns.len()).map_err(refused)?;
    let sizes: Vec<u64> = arguments.inputs.iter().map(|path| fs::metadata(path).map_or(0, |about| about.len())).collect();
    let progress = progress(sizes.iter().sum());
    let mut done = 0;
    for (source, size) in sources.iter().zip(sizes) {
        source.read(|row| builder.row(row).map_err(refused), |bytes| progress.set_position(done + bytes))?;
        done += size;
    }
    progress.set_message("sorting and writing");
    let built = builder.write(out).map_err(refused)?;
    progress.finish_and_clear();
    let about = built.about;
    let mut notes = Vec::new();
    if built.short > 0 {
        notes.push(format!("{} left out: too short to mean anything", count(built.short, "value")));
    }
    if built.long > 0 {
        notes.push(format!("{} left out: longer than 127 letters and digits", count(built.long, "value")));
    }
    if built.lost_zeros > 0 {
        let lost = count(built.lost_zeros, "number");
        notes.push(format!("{lost} of 8 digits where most have 9: if a spreadsheet dropped their zeros, put those back first"));
    }
    if about.entries == 0 {
        notes.push("no values: nothing will be found with this index".to_owned());
    }
    let summary = format!(
        "{}: {}, {}, {}, {}, false-positive rate {}",
        out.display(),
        count(about.rows, "row"),
        count(about.parts, "column"),
        count(about.entries, "value"),
        size(built.size),
        rate(about.false_positive_rate())
    );
    Ok(Made { summary, notes, unread: 0 })
}

fn texts(key: &[u8; 32], out: &Path, arguments: &Arguments) -> Result<Made, Failure> {
    let mut files = Vec::new();
    for input in &arguments.inputs {
        walk(input, 0, &mut files)?;
    }
    let refused = |error| Failure::Index(out.to_owned(), error);
    let mut builder = documents::Builder::new(key);
    let sizes = |path: &PathBuf| fs::metadata(path).map_or(0, |about| about.len());
    let progress = progress(files.iter().map(sizes).sum());
    let (mut notes, mut unread, mut read) = (Vec::new(), 0, 0);
    for path in &files {
        let found = words(path)?;
        let mut all = 0;
        for piece in &found.pieces {
            all += builder.add(piece.text.expose()).map_err(refused)?;
        }
        if let Some(why) = found.unreadable {
            unread += 1;
            let what = if all > 0 { "not all of it is" } else { "it is not" };
            notes.push(format!("{}: {what} in the index: {}", path.display(), why.as_str()));
        }
        read += u64::from(all > 0);
        progress.inc(sizes(path));
    }
    progress.set_message("sorting and writing");
    let built = builder.write(out).map_err(refused)?;
    progress.finish_and_clear();
    let about = built.about;
    if built.common > 0 {
        notes.push(format!("{} left out: in more than {} texts, so no mark of any", count(built.common, "fingerprint"), documents::COMMON));
    }
    if about.entries == 0 {
        notes.push("no words: nothing will be found with this index".to_owned());
    }
    let summary = format!(
        "{}: {}, {}, {}, {}, false-positive rate {} per fingerprint",
        out.display(),
        count(read, "document"),
        count(about.rows, "word"),
        count(about.entries, "fingerprint"),
        size(built.size),
        rate(about.false_positive_rate())
    );
    Ok(Made { summary, notes, unread })
}

/// The words of a document, as they are read in an upload too.
fn words(path: &Path) -> Result<extract::Extracted, Failure> {
    let mut bytes = Vec::new();
    let failed = |error: std::io::Error| Fault {
        file: path.to_owned(),
        line: 0,
        message: format!("cannot be read: {error}"),
        environment: true,
        usage: false,
    };
    fs::File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes)).map_err(failed)?;
    if bytes.len() as u64 > LARGEST {
        return Ok(extract::Extracted { pieces: Vec::new(), unreadable: Some(crate::unreadable::Unreadable::TooLarge) });
    }
    Ok(extract::read(&path.display().to_string(), "", &bytes, &extract::Limits::default()))
}

/// Files below a path in order of name; hidden ones and links are not followed.
fn walk(path: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let fault = |message: String| Fault { file: path.to_owned(), line: 0, message, environment: true, usage: false };
    let about = fs::metadata(path).map_err(|error| fault(format!("cannot be read: {error}")))?;
    if !about.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    if depth >= DEPTH {
        return Err(fault(format!("more than {DEPTH} folders deep")).into());
    }
    let entries = fs::read_dir(path).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
    let mut entries = entries.map_err(|error| fault(format!("cannot be read: {error}")))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if !hidden && entry.file_type().is_ok_and(|kind| kind.is_dir() || kind.is_file()) {
            walk(&entry.path(), depth + 1, files)?;
        }
    }
    Ok(())
}

fn show(path: &Path) -> Result<Made, Failure> {
    let about = index::about(path).map_err(|error| Failure::Index(path.to_owned(), error))?;
    let bytes = fs::metadata(path).map_or(0, |about| about.len());
    let (rows, parts, entries) = match about.kind {
        Kind::Dataset => ("row", "column", "value"),
        Kind::Documents => ("word", "text", "fingerprint"),
    };
    let summary = format!(
        "{}: {}, format {}, {}, {}, {}, {}, false-positive rate {}",
        path.display(),
        about.kind.as_str(),
        index::FORMAT,
        count(about.rows, rows),
        count(about.parts, parts),
        count(about.entries, entries),
        size(bytes),
        rate(about.false_positive_rate())
    );
    Ok(Made { summary, notes: Vec::new(), unread: 0 })
}

/// `1,234 rows`.
fn count(number: u64, what: &str) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped} {what}{}", if number == 1 { "" } else { "s" })
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// `1 in 450 million`.
fn rate(rate: f64) -> String {
    match 1.0 / rate {
        once if !once.is_finite() => "0".to_owned(),
        once if once >= 1e9 => format!("1 in {:.1} billion", once / 1e9),
        once => format!("1 in {:.0} million", once / 1e6),
    }
}

/// A bar of bytes on a terminal, nothing in a pipe.
fn progress(bytes: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes} {eta} {msg}");
    ProgressBar::new(bytes).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

#[cfg(test)]
mod tests;
