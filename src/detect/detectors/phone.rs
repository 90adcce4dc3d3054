//! `phone`: Dutch numbers (06 and area codes, +31, 0031) and international ones (E.164). Public lines (0800, 0900, 14 0xx) are none.

use super::{Candidate, Detector};
use crate::detect::groups::{OTHER_NUMBER, PHONE, VERSION};
use crate::detect::keywords::Words;
use crate::detect::prefilter::is_word;
use crate::detect::score::{NEAR, Score, Step, context};
use crate::detect::sight::Sight;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["phone"],
    words: &[
        Words(
            PHONE,
            "tel, telefoon, telefoonnummer*, telefoonnr, telnr, tel.nr, telefonisch, mobiel, mobiele, mobielnummer*, gsm, bereikbaar, bereiken, bel, bellen, belt, belde, terugbellen, \
             teruggebeld, nummer, 06-nummer, whatsapp, app, sms, fax, phone*, mobile, cell, cellphone, call, reach, contact, contactpersoon, telephone*, doorkiesnummer*",
        ),
        Words(VERSION, "agent, versie*, version*, release*, requires, upgraded, firmware, driver, regex, patch"),
    ],
    look,
};

struct Read {
    end: usize,
    digits: usize,
    /// Separators seen: none, one kind, or several.
    dots: usize,
    gaps: usize,
}

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    let mut taken = 0;
    for run in sight.runs() {
        let plus = sight.before(run.start) == b'+';
        let zero = sight.bytes[run.start] == b'0';
        if !plus && !zero || run.start < taken || sight.ends_word(run.start) {
            continue;
        }
        let mut start = if plus { run.start - 1 } else { run.start };
        let bracket = sight.before(start) == b'(';
        if let Some((end, base)) = number(sight, run.start, plus) {
            if bracket {
                start -= 1;
            }
            if sight.ends_word(start) || matches!(sight.before(start), b'.' | b'-') && start >= 2 && is_word(sight.bytes[start - 2]) {
                continue;
            }
            if is_account_part(sight, start) {
                continue;
            }
            let line = sight.line(start);
            let version = sight.nearest_before(start, VERSION, NEAR).filter(|hit| hit.start >= line.start);
            let said = match version {
                Some(hit) => Step { because: "a word before it speaks of versions", worth: -0.4, word: Some((hit.start, hit.end)) },
                None => context(sight, start, end, PHONE, OTHER_NUMBER),
            };
            // A number in telephone notation stays one beside a word such as order; a bare run of digits does not.
            let bare = end - start <= 12 && sight.bytes[start..end].iter().all(u8::is_ascii_digit);
            let said = if said.worth < 0.0 && !bare && !sight.bytes[start..end].contains(&b'.') { said.times(0.4) } else { said };
            taken = end;
            // Alone on its line, such as under a signature.
            let alone =
                sight.bytes[line.start..start].iter().chain(&sight.bytes[end..line.end]).all(|byte| matches!(byte, b' ' | b'\r' | b'\t'));
            let signed = alone && line.start > 2 && said.worth == 0.0 && sight.bytes[line.start - 2].is_ascii_alphabetic();
            let slash = sight.before(start) == b'/' && !plus;
            let score = Score::base(base, "the form of a telephone number")
                .with(said)
                .and(if signed { 0.25 } else { 0.0 }, "a line of its own, under a line of words")
                .and(if slash && bare { -0.15 } else { 0.0 }, "a slash before it");
            out.push(Candidate { id: "phone", start, end, score });
        }
    }
}

/// Where the number ends and what its shape is worth.
fn number(sight: &Sight<'_>, start: usize, plus: bool) -> Option<(usize, f32)> {
    let at = |place: usize| sight.byte(start + place);
    if plus && (at(0), at(1)) == (b'3', b'1') || !plus && (at(0), at(1), at(2), at(3)) == (b'0', b'0', b'3', b'1') {
        let country = start + if plus { 2 } else { 4 };
        let mut rest = country;
        while matches!(sight.byte(rest), b' ' | b'-' | b'.') && rest < country + 2 {
            rest += 1;
        }
        if sight.bytes[rest..].starts_with(b"(0)") {
            rest += 3;
            while sight.byte(rest) == b' ' {
                rest += 1;
            }
        } else if sight.byte(rest) == b'0' {
            rest += 1;
        }
        let read = read(sight, rest, 9)?;
        return (sight.byte(rest) != b'0' && read.digits == 9).then_some((read.end, 0.8));
    }
    if plus || (at(0), at(1)) == (b'0', b'0') {
        let from = start + if plus { 0 } else { 2 };
        let read = read(sight, from, 15)?;
        let wanted = if plus { 9..=15 } else { 10..=15 };
        return (sight.byte(from) != b'0' && wanted.contains(&read.digits)).then_some((read.end, if plus { 0.65 } else { 0.3 }));
    }
    if let Some(end) = in_threes(sight, start) {
        return Some((end, 0.25));
    }
    let read = read(sight, start, 10)?;
    let area = at(1);
    let date =
        !at(2).is_ascii_digit() && at(5) == at(2) && matches!((at(6), at(7)), (b'1', b'9') | (b'2', b'0')) && !at(10).is_ascii_digit();
    if date || read.digits != 10 || area == b'0' || matches!((at(1), at(2), at(3)), (b'8' | b'9', b'0', b'0' | b'6' | b'9')) {
        return None;
    }
    let base = match (area, read.dots, read.gaps) {
        (b'6', 0, _) => 0.75,
        (_, 0, 1) => 0.65,
        (_, 0, 0) => 0.3,
        (_, 0, _) => 0.5,
        // `06.12.34.56.78`
        (b'6', 4, 4) => 0.55,
        (b'6', ..) => 0.45,
        _ => 0.2,
    };
    // Numbers are handed out in these areas only (010 to 0599, 06, 084 to 088).
    let known = match (at(1), at(2)) {
        (b'6' | b'7', _) => true,
        (b'8', next) => matches!(next, b'4' | b'5' | b'7' | b'8' | b' ' | b'-'),
        (b'9', next) => matches!(next, b'1' | b'7'),
        _ => true,
    };
    Some((read.end, if known { base } else { base - 0.3 }))
}

/// Nine digits in threes, as Belgium writes some of its numbers; a word for a telephone must make up for the digit that misses here.
fn in_threes(sight: &Sight<'_>, start: usize) -> Option<usize> {
    let three = |at: usize| (at..at + 3).all(|place| sight.byte(place).is_ascii_digit());
    let gaps = sight.byte(start + 3) == b' ' && sight.byte(start + 7) == b' ';
    let end = start + 11;
    let ends = !is_word(sight.byte(end)) && !(matches!(sight.byte(end), b' ' | b'.' | b',' | b'-') && sight.byte(end + 1).is_ascii_digit());
    (gaps && sight.byte(start + 1) != b'0' && three(start) && three(start + 4) && three(start + 8) && ends).then_some(end)
}

/// Digits behind the bank code of an account number in groups: `NL98 RBRB 0168 5189 86`.
fn is_account_part(sight: &Sight<'_>, start: usize) -> bool {
    start >= 10
        && matches!(&sight.bytes[start - 10..start],
            [a, b, c, d, b' ', bank @ .., b' ']
            if a.is_ascii_uppercase() && b.is_ascii_uppercase() && c.is_ascii_digit() && d.is_ascii_digit() && bank.iter().all(u8::is_ascii_uppercase))
}

/// Reads digits over single separators until `most` are together; the number must end there.
fn read(sight: &Sight<'_>, start: usize, most: usize) -> Option<Read> {
    let mut read = Read { end: start, digits: 0, dots: 0, gaps: 0 };
    let mut at = start;
    while read.digits < most {
        let byte = sight.byte(at);
        if byte.is_ascii_digit() {
            read.digits += 1;
            at += 1;
            read.end = at;
            continue;
        }
        let gap = match (byte, sight.byte(at + 1), sight.byte(at + 2), sight.byte(at + 3)) {
            (b' ' | b'.' | b'-' | b'/', next, ..) if next.is_ascii_digit() => 1,
            (b')', next, ..) if next.is_ascii_digit() => 1,
            (b')' | b' ', b' ' | b'-', next, _) if next.is_ascii_digit() => 2,
            (b' ', b'(', b'0', b')') => 4,
            (b' ', b'-' | b'/', b' ', next) if next.is_ascii_digit() => 3,
            _ => break,
        };
        if read.digits == 0 {
            return None;
        }
        read.dots += usize::from(byte == b'.');
        read.gaps += 1;
        at += gap;
    }
    let after = sight.byte(read.end);
    let longer = is_word(after) || matches!(after, b'.' | b'-' | b'/') && sight.byte(read.end + 1).is_ascii_digit();
    (!longer).then_some(read)
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn dutch_numbers_are_found_in_every_notation() {
        for value in [
            "0612345678",
            "06-12345678",
            "06 12 34 56 78",
            "06 - 12345678",
            "020-1234567",
            "0228-142087",
            "(020) 1234567",
            "+31612345678",
            "+31 6 12345678",
            "+31 (0)6 12 34 56 78",
            "0031612345678",
            "+32 470 12 34 56",
            "(010) 123 45 67",
            "0183 12 34 56",
            "0183/123456",
            "+31(0)6 12345678",
            "0031-6-12345678",
            "076 - 748 5226",
            "088-1234567",
            "06-1234 5678",
        ] {
            finds("phone", &format!("Bel {value} morgen."), value);
        }
        finds("phone", "Thuis: 06.12.34.56.78, mobiel 06.12.34.56.78", "06.12.34.56.78");
        finds("phone", "VERSION:3.0\nTEL;TYPE=CELL:0536426390\nEND", "0536426390");
        finds("phone", "Met groet,\nFinn de Wit\n0775147182", "0775147182");
        finds("phone", "Jan Bos/25-02-2004/06 98506442 - gecheckt", "06 98506442");
        finds("phone", "tel:+31612345678", "+31612345678");
        finds("phone", "T 06.66.25.46.45 · M 0622907749", "06.66.25.46.45");
        finds("phone", "Lex Nijland - 0685305354", "0685305354");
    }

    #[test]
    fn public_lines_versions_dates_and_ids_are_none() {
        for text in [
            "14 029",
            "0800-7200",
            "0900 1234567",
            "112",
            "requires agent 06.12.3456.78 or newer",
            "^0[1-9]\\d{8}$",
            "2024-01-02T03:04:05Z",
            "zaak 0123456789",
            "061234567890",
            "A0612345678",
            "1.0612345678",
            "Verzonden: 09-10-2024 14:37",
            "account NL98 RBRB 0168 5189 86 (row 2675)",
        ] {
            misses("phone", text);
        }
    }
}
