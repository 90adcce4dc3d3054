//! What a value is called where its name stands apart from it: above it in aligned columns, in an HTML table, in a block of labels.
//!
//! Takes a place and groups of words; gives the step that they are worth, as [`context`] does for the words directly around it. It reads
//! a bounded stretch before the place and must never read further, so that its cost per candidate is fixed.

use super::groups::{Groups, PHONE};
use super::numbers::digits_between;
use super::prefilter::{Hit, is_word};
use super::score::{NEAR, Step, context};
use super::sight::Sight;
use std::ops::Range;

/// Bytes read back for a head or a block of labels.
const BACK: usize = 2048;
/// Bytes read back for the head of an HTML table.
const BACK_HTML: usize = 16 * 1024;
/// A head longer than this is a sentence.
const CELL: usize = 40;
/// Bytes after a word in which its own value starts.
const OWN: usize = 24;

/// What the words around `start..end` are worth, also those that stand apart from it; a word that has a number of its own says nothing.
pub(crate) fn named(sight: &Sight<'_>, start: usize, end: usize, for_it: Groups, against: Groups) -> Step {
    let said = context(sight, start, end, for_it, against);
    if said.worth >= 0.3 || !sight.has(for_it) {
        return said;
    }
    // `agb-code` is one word; the `code` in it speaks for nothing else.
    if let Some((from, to)) = said.word.filter(|_| said.worth < 0.0)
        && let Some(hit) = sight.nearest_before(to, for_it, 0).filter(|hit| hit.start < from)
    {
        return Step { because: "a word before it names it", worth: -said.worth, word: Some((hit.start, hit.end)) };
    }
    if let Some(step) = apart(sight, start, end, for_it, against) {
        return step;
    }
    let against = said.word.filter(|&(from, _)| said.worth < 0.0 && from < start);
    let Some((from, to)) = against else { return said };
    // Its own sentence says what it is after it: `De bestelling is binnen. 123456782 is mijn bsn.`
    let sentence = sight.sentence(start);
    if from < sentence.start
        && let Some(hit) = sight.nearest_after(end, for_it, NEAR / 2).filter(|hit| hit.start < sentence.end)
    {
        return Step { because: "a word after it names it", worth: 0.3, word: Some((hit.start, hit.end)) };
    }
    if !has_own(sight, to, start, OWN) {
        return said;
    }
    let line = sight.line(start);
    match sight.nearest_before(start, for_it, NEAR * 2).filter(|hit| !has_own(sight, hit.end, start, OWN / 2)) {
        Some(hit) if hit.start >= line.start => {
            Step { because: "a word before it in its line names it", worth: 0.35, word: Some((hit.start, hit.end)) }
        }
        Some(hit) if last_of_its_line(sight, hit) => {
            Step { because: "the line before it names it", worth: 0.3, word: Some((hit.start, hit.end)) }
        }
        _ => Step::NOTHING,
    }
}

/// A word that ends at `from` is followed by a number of its own before `to`.
fn has_own(sight: &Sight<'_>, from: usize, to: usize, within: usize) -> bool {
    digits_between(sight, from, to.min(from + within)).is_some_and(|run| run.end <= to && run.start < to)
}

/// `tel`, `mobiel` or `fax` stands directly before.
pub(crate) fn telephone(sight: &Sight<'_>, start: usize) -> Option<(usize, usize)> {
    let hit = sight.nearest_before(start, PHONE, 12)?;
    let between = sight.bytes.get(hit.end..start)?;
    if between.iter().any(|byte| is_word(*byte) || matches!(byte, b'\n' | b'|' | b';' | b'\t' | b'^')) {
        return None;
    }
    let word = sight.bytes.get(hit.start..hit.end)?;
    let named = ["tel", "mob", "fax", "gsm", "phone", "06"]
        .iter()
        .any(|known| word.len() >= known.len() && word[..known.len()].eq_ignore_ascii_case(known.as_bytes()));
    named.then_some((hit.start, hit.end))
}

fn last_of_its_line(sight: &Sight<'_>, hit: Hit) -> bool {
    let line = sight.line(hit.start);
    sight.bytes[hit.end..line.end.max(hit.end)].iter().all(|&byte| !is_word(byte))
}

fn apart(sight: &Sight<'_>, start: usize, end: usize, for_it: Groups, against: Groups) -> Option<Step> {
    let line = sight.line(start);
    let before = &sight.bytes[line.start..start];
    let head = if before.ends_with(b">") {
        html_head(sight, start).and_then(|head| sight.first_in(head, for_it | against))
    } else if before.is_empty() || before.ends_with(b"  ") || before.ends_with(b"\t") {
        aligned(sight, start, end, &line, for_it | against).or_else(|| in_block(sight, &line, for_it | against))
    } else {
        None
    }?;
    let named = head.groups & for_it != 0;
    let because = if named { "the head above it names it" } else { "the head above it names something else" };
    Some(Step { because, worth: if named { 0.4 } else { -0.4 }, word: Some((head.start, head.end)) })
}

/// The known word that stands above the value in columns made with spaces.
fn aligned(sight: &Sight<'_>, start: usize, end: usize, line: &Range<usize>, groups: Groups) -> Option<Hit> {
    let columns = start - line.start..end - line.start;
    let low = start.saturating_sub(BACK);
    let mut above = line.clone();
    while above.start > low {
        above = sight.line(above.start - 1);
        if above.is_empty() {
            return None;
        }
        let mut from = above.start;
        while let Some(hit) = sight.first_in(from..above.end, groups) {
            from = hit.start + 1;
            let cell = spaced_cell(sight, &above, hit.start);
            let own = cell.start - above.start..cell.end - above.start;
            if own.len() <= CELL && own.start < columns.end && columns.start < own.end {
                return Some(hit);
            }
        }
    }
    None
}

/// The stretch of a line between two spaces or more, or tabs, around a place.
fn spaced_cell(sight: &Sight<'_>, line: &Range<usize>, at: usize) -> Range<usize> {
    let bytes = &sight.bytes[line.clone()];
    let at = at - line.start;
    let ends = |pair: &[u8]| pair == b"  " || pair[0] == b'\t' || pair[1] == b'\t';
    let start = bytes[..at].windows(2).rposition(ends).map_or(0, |found| found + 2);
    let end = bytes[at..].windows(2).position(ends).map_or(bytes.len(), |found| at + found);
    line.start + start..line.start + end
}

/// The label at the same place in the block of lines before the value's own block: labels first, then values in the same order.
fn in_block(sight: &Sight<'_>, line: &Range<usize>, groups: Groups) -> Option<Hit> {
    let low = line.start.saturating_sub(BACK);
    let (mut above, mut place) = (line.clone(), 0);
    loop {
        if above.start <= low {
            return None;
        }
        above = sight.line(above.start - 1);
        if above.is_empty() {
            break;
        }
        place += 1;
    }
    let mut labels: Vec<Range<usize>> = Vec::new();
    while above.start > low && labels.len() < 64 {
        above = sight.line(above.start - 1);
        if above.is_empty() {
            break;
        }
        labels.push(above.clone());
    }
    let label = labels.len().checked_sub(place + 1).and_then(|index| labels.get(index))?;
    let bare = label.len() <= 60 && digits_between(sight, label.start, label.end).is_none();
    bare.then(|| sight.first_in(label.clone(), groups)).flatten()
}

/// The values of the cells under a head, when the line of `head` is the first of a table with `;`, tabs, `|` or commas.
pub(crate) fn cells_below(sight: &Sight<'_>, head: usize) -> Vec<Range<usize>> {
    const ROWS: usize = 512;
    const REACH: usize = 32 * 1024;
    let line = sight.line(head);
    let mut cells = Vec::new();
    let Some(&delimiter) = [b'\t', b';', b'|', b','].iter().find(|byte| sight.bytes[line.clone()].contains(byte)) else { return cells };
    let above = sight.line(line.start.saturating_sub(1));
    if line.start > 0 && sight.bytes[above].contains(&delimiter) {
        return cells;
    }
    let index = sight.bytes[line.start..head].iter().filter(|&&byte| byte == delimiter).count();
    let mut below = line.end + 1;
    while below < sight.bytes.len().min(line.end + REACH) && cells.len() < ROWS {
        let row = sight.line(below);
        if !sight.bytes[row.clone()].contains(&delimiter) {
            return cells;
        }
        let mut start = row.start;
        for _ in 0..index {
            match memchr::memchr(delimiter, &sight.bytes[start..row.end]) {
                Some(found) => start += found + 1,
                None => return cells,
            }
        }
        let end = memchr::memchr(delimiter, &sight.bytes[start..row.end]).map_or(row.end, |found| start + found);
        let cell = &sight.bytes[start..end];
        let signs = |byte: &&u8| matches!(**byte, b' ' | b'"' | b'\r' | b'\t');
        let from = start + cell.iter().take_while(signs).count();
        let to = end - cell.iter().rev().take_while(signs).count();
        if from < to {
            cells.push(from..to);
        }
        below = row.end + 1;
    }
    cells
}

/// The head cell of the column of an HTML table that the value stands in.
fn html_head(sight: &Sight<'_>, start: usize) -> Option<Range<usize>> {
    let low = floor(sight, start.saturating_sub(BACK_HTML));
    let text = sight.text.get(low..start)?;
    let row = text.rfind("<tr").or_else(|| text.rfind("<TR"))?;
    let column = cells(&text[row..]).count().checked_sub(1)?;
    let table = text[..row].rfind("<table").or_else(|| text[..row].rfind("<TABLE")).unwrap_or(0);
    let first = &text[table..row];
    let first_end = first.find("</tr").or_else(|| first.find("</TR")).unwrap_or(first.len());
    let cell = table + cells(&first[..first_end]).nth(column)?;
    let open = cell + text[cell..].find('>')?;
    let close = open + text[open..].find("</").unwrap_or(0);
    Some(low + open..low + close)
}

/// Places of `<td` and `<th`.
fn cells(text: &str) -> impl Iterator<Item = usize> + '_ {
    memchr::memchr_iter(b'<', text.as_bytes()).filter(|&at| {
        let tag = &text.as_bytes()[at + 1..];
        tag.len() > 2 && tag[0].eq_ignore_ascii_case(&b't') && matches!(tag[1], b'd' | b'h' | b'D' | b'H') && matches!(tag[2], b'>' | b' ')
    })
}

fn floor(sight: &Sight<'_>, mut at: usize) -> usize {
    while !sight.text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn a_head_above_aligned_columns_names_the_values_under_it() {
        let text = "Naam             Nummer bsn   Plaats\nJ. de Vries      123456782    Zeist\nA. Bos           111222333    Soest";
        finds("nl.bsn", text, "123456782");
        finds("nl.bsn", text, "111222333");
        misses("nl.bsn", "Omschrijving     Order        Plaats\nJ. de Vries      123456782    Zeist");
    }

    #[test]
    fn a_block_of_labels_names_the_block_of_values_after_it() {
        let text = "Volledige achternaam van de persoon\nGeboortedatum en geboorteplaats\nBurgerservicenummer\nWoonplaats\n\nVries\n1 mei 1980 te Zeist\n123456782\nZeist";
        finds("nl.bsn", text, "123456782");
    }

    #[test]
    fn the_head_of_an_html_table_names_its_column() {
        let rows: String = (0..30).map(|row| format!("<tr><td>{row}</td><td>iets langers</td><td>123456782</td></tr>\n")).collect();
        let text = format!("<table><tr><th>Rij</th><th>Wat</th><th>BSN</th></tr>\n{rows}</table>");
        assert_eq!(crate::detect::Plan::new(&[]).unwrap().scan(&text, "").len(), 30);
        misses("nl.bsn", &text.replace("BSN", "Order"));
    }

    #[test]
    fn a_word_with_a_number_of_its_own_says_nothing_about_the_next() {
        finds("nl.bsn", "BSN van de aanvrager in zaak 2024-0123: 123456782", "123456782");
        finds("nl.bsn", "bsn 111222333, order 123456782", "111222333");
        misses("nl.bsn", "bsn van de klant, zie order 123456782");
    }
}
