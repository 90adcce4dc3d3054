//! `nl.btw`: the Dutch VAT number, `NL`, nine digits, `B`, two digits; and `nl.bsn` where the old form of a sole trader holds one.
//!
//! Takes digit runs of which nine digits are followed by `B` and two more. Either the nine pass the elfproef, or, since 2020, the whole
//! is 1 modulo 97. The digits that fail both are no finding.

use super::dutch_register::organisation;
use super::{Candidate, Detector};
use crate::detect::groups::{BSN, BTW};
use crate::detect::keywords::Words;
use crate::detect::layout::named;
use crate::detect::numbers::elfproef;
use crate::detect::prefilter::is_word;
use crate::detect::score::Score;
use crate::detect::sight::Sight;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["nl.btw"],
    words: &[Words(
        BTW,
        "btw, b.t.w, btwnummer*, btwnr, btw-nummer*, btw-nr, btw-id*, btwid, btw-identificatienummer*, omzetbelasting*, omzetbelastingnummer*, ob-nummer*, obnummer*, vat, vat-number, vatnumber, \
         vat id, vat no, eenmanszaak, zzp, zzp'er, zelfstandige",
    )],
    look,
};

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    let mut taken = 0;
    for chain in sight.chains() {
        let run = &sight.runs()[chain.index];
        if chain.mixed < 9 || run.start < taken || run.len() > 9 {
            continue;
        }
        let Some((digits, end)) = read(sight, run.start) else { continue };
        let Some(start) = country(sight, run.start) else { continue };
        if is_word(sight.byte(end)) {
            continue;
        }
        taken = end;
        let nine = &digits[..9];
        let own = elfproef(nine);
        if !own && !whole_passes(&digits) {
            continue;
        }
        let said = named(sight, start, end, BTW, 0);
        let base = if start < run.start { 0.85 } else { 0.3 };
        if own && sole_trader(sight, start, said.word) {
            let score = Score::base(0.55, "nine digits that pass the elfproef, in the VAT number of a sole trader").with(said);
            out.push(Candidate { id: "nl.bsn", start, end, score });
        } else {
            let because = if own { "NL, nine digits that pass the elfproef, B, two digits" } else { "the whole is 1 modulo 97" };
            out.push(Candidate { id: "nl.btw", start, end, score: Score::base(base, because).with(said) });
        }
    }
}

/// Nine digits, `B` and two digits over single separators: the eleven digits, and where they end.
fn read(sight: &Sight<'_>, start: usize) -> Option<([u8; 11], usize)> {
    let (mut digits, mut count, mut at, mut letter) = ([0u8; 11], 0, start, false);
    let mut gap = 0;
    while count < digits.len() {
        let byte = sight.byte(at);
        match byte {
            b'0'..=b'9' if count != 9 || letter => {
                digits[count] = byte - b'0';
                count += 1;
                gap = 0;
            }
            b'B' | b'b' if count == 9 && !letter => {
                letter = true;
                gap = 0;
            }
            b' ' | b'.' | b'-' | b'_' if gap == 0 && count > 0 => gap = 1,
            _ => return None,
        }
        at += 1;
    }
    Some((digits, at))
}

/// Where the number starts: at `NL` before its digits, or at the digits when nothing is written directly before them.
fn country(sight: &Sight<'_>, digits: usize) -> Option<usize> {
    let at = if matches!(sight.before(digits), b' ' | b'.' | b'-') { digits - 1 } else { digits };
    if let Some(start) = at.checked_sub(2)
        && sight.bytes[start..at].eq_ignore_ascii_case(b"NL")
        && !sight.ends_word(start)
    {
        return Some(start);
    }
    (!sight.ends_word(digits)).then_some(digits)
}

/// `NL` and all characters with letters as 10 to 35, modulo 97 (the form issued since 2020).
fn whole_passes(digits: &[u8; 11]) -> bool {
    let step = |rest: u32, digit: &u8| (rest * 10 + u32::from(*digit)) % 97;
    let rest = digits[..9].iter().fold(2321 % 97, step);
    digits[9..].iter().fold((rest * 100 + 11) % 97, step) == 1
}

/// The number is named as the old `omzetbelastingnummer`, or as a sole trader's, or a citizen's number is spoken of, and no organisation is named.
fn sole_trader(sight: &Sight<'_>, at: usize, word: Option<(usize, usize)>) -> bool {
    let named = |word: (usize, usize)| {
        let word = sight.text.get(word.0..word.1).unwrap_or("").as_bytes();
        let starts = |beginning: &str| word.len() >= beginning.len() && word[..beginning.len()].eq_ignore_ascii_case(beginning.as_bytes());
        ["omzetbel", "ob-", "obnum", "eenmans", "zzp", "zelfst"].iter().any(|beginning| starts(beginning))
    };
    let line = sight.line(at);
    let alone = sight.hits(BTW).skip_while(|hit| hit.end + 200 < at).take_while(|hit| hit.start < line.end).any(|hit| {
        sight.bytes[hit.start..].get(..3).is_some_and(|word| word.eq_ignore_ascii_case(b"een") || word.eq_ignore_ascii_case(b"zzp"))
    });
    (word.is_some_and(named) || alone || sight.nearest_before(at, BSN, 60).is_some()) && !organisation(sight, at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::testing::{finds, misses};

    #[test]
    fn both_validators_are_those_of_the_tax_office() {
        assert!(whole_passes(&[0, 0, 0, 0, 9, 9, 9, 9, 8, 5, 7]));
        assert!(!whole_passes(&[0, 0, 0, 0, 9, 9, 9, 9, 8, 5, 8]));
    }

    #[test]
    fn a_valid_number_is_found_in_every_notation() {
        for value in [
            "NL004495445B01",
            "NL000099998B57",
            "nl004495445b01",
            "NL 004495445 B01",
            "NL0044.95.445.B.01",
            "NL-004495445-B01",
            "NL 0044 95 445 B 01",
        ] {
            finds("nl.btw", &format!("Onze gegevens: btw {value}."), value);
            finds("nl.btw", &format!("Zie {value}, dank"), value);
        }
        finds("nl.btw", "btw-nummer: 0044.95.445.B.01", "0044.95.445.B.01");
    }

    #[test]
    fn a_failing_check_a_piece_or_a_bare_code_is_none() {
        for text in
            ["btw NL004495446B01", "XNL004495445B01", "NL004495445B012", "artikel 004495445B01", "NL91ABNA0417164300", "NL004495445C01"]
        {
            misses("nl.btw", text);
        }
    }

    #[test]
    fn the_old_number_of_a_sole_trader_is_a_citizen_service_number() {
        finds("nl.bsn", "omzetbelastingnummer 123456782B01 van Jan de Boer", "123456782B01");
        finds("nl.bsn", "Eenmanszaak Klusbedrijfje Jan, btw NL111222333B01", "NL111222333B01");
        finds("nl.btw", "Stichting De Brug, omzetbelastingnummer NL123456782B01", "NL123456782B01");
        misses("nl.bsn", "Infra Oost B.V., btw NL123456782B01");
    }
}
