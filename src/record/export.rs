//! The events out of the audit log, each with what its answer showed.
//!
//! Two passes over the files: an outcome stands some lines after its event. Takes a data folder, gives events one by one in the order of the log;
//! memory grows with the number of outcomes, not with the log. `previous` and `hash` of an event are those of its line, and point to it; they are
//! not the hash of the exported object, which has the outcome merged in.

use super::audit::{Position, Reader, file_name, files, folder_of};
use super::event::{Entry, Event, Outcome, microseconds};
use jiff::Timestamp;
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

/// Gives every event since then to `told`. The result lists lines that could not be read, by file and line number.
pub fn events(
    dir: &Path,
    since: Option<Timestamp>,
    progress: &mut dyn FnMut(u64),
    told: &mut dyn FnMut(&Event) -> io::Result<()>,
) -> io::Result<Vec<(PathBuf, u64)>> {
    let folder = folder_of(dir);
    let numbers = files(&folder)?;
    let mut outcomes: HashMap<u128, Outcome> = HashMap::new();
    // The end is taken once, so that both passes see the same log while a proxy writes on.
    let end = end_of(&folder, &numbers)?;
    let mut unread = Vec::new();
    walk(&folder, &numbers, end, progress, &mut |line, _| {
        if line.starts_with(br#"{"outcome":"#)
            && let Ok(Entry::Outcome(outcome)) = Entry::parse(line)
            && let Ok(id) = uuid::Uuid::try_parse(&outcome.id)
        {
            outcomes.insert(id.as_u128(), Outcome { id: String::new(), ..outcome });
        }
        Ok(())
    })?;
    let since = since.map_or(i64::MIN, |since| since.as_microsecond());
    walk(&folder, &numbers, end, progress, &mut |line, at| {
        if line.starts_with(br#"{"outcome":"#) {
            return Ok(());
        }
        match Entry::parse(line) {
            Ok(Entry::Event(mut event)) if microseconds(&event) >= since => {
                if let Some(outcome) = uuid::Uuid::try_parse(&event.id).ok().and_then(|id| outcomes.get(&id.as_u128())) {
                    outcome.merge_into(&mut event);
                }
                told(&event)
            }
            Ok(_) => Ok(()),
            Err(_) => {
                unread.push(at());
                Ok(())
            }
        }
    })?;
    Ok(unread)
}

fn end_of(folder: &Path, numbers: &[u32]) -> io::Result<Position> {
    let Some(&last) = numbers.last() else { return Ok(Position::default()) };
    Ok(Position { file: last, offset: std::fs::metadata(folder.join(file_name(last)))?.len() })
}

/// Takes a line, and the means to ask where it stands.
type Told<'a> = dyn FnMut(&[u8], &dyn Fn() -> (PathBuf, u64)) -> io::Result<()> + 'a;

/// Gives each line.
fn walk(folder: &Path, numbers: &[u32], end: Position, progress: &mut dyn FnMut(u64), told: &mut Told<'_>) -> io::Result<()> {
    for &number in numbers {
        let mut reader = Reader::new(folder, Position { file: number, offset: 0 });
        let stop = if number == end.file { end } else { Position { file: number, offset: u64::MAX } };
        let mut lines = 0;
        while let Some(line) = reader.next(stop)? {
            lines += 1;
            progress(line.len() as u64 + 1);
            told(line, &|| (folder.join(file_name(number)), lines))?;
        }
    }
    Ok(())
}
