//! `bic`: the code of a bank (ISO 9362), eight or eleven characters, beside a word that names it; codes of Dutch banks also alone.
//!
//! Starts from `BIC` and `SWIFT` and looks at the next words of the line, and down the column when the word heads one. A word in capitals of
//! the same length is no code.

use super::{Candidate, Detector};
use crate::detect::groups::{ACCOUNT, BIC};
use crate::detect::keywords::Words;
use crate::detect::layout::cells_below;
use crate::detect::prefilter::{Hit, is_word};
use crate::detect::score::{NEAR, Score};
use crate::detect::sight::Sight;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["bic"],
    words: &[Words(
        BIC,
        "bic, bics, bic-code*, biccode*, bic/swift, swift, swift-code*, swiftcode*, swift/bic, bankcode, bank identifier code, \
         rabonl2u*, ingbnl2a*, abnanl2a*, bunqnl2a*, trionl2u*, snsbnl2a*, knabnl2h*, asnbnl21*, rbrbnl21*, fvlbnl22*, bnganl2g*, revonl22*, ntsbdeb1*, hhbanl22*, \
         nwabnl2g*, handnl2a*, bcitnl2a*, nnbanl2g*, deutnl2a*, bnpanl2a*, citinl2x*, kredbebb*, gebabebb*",
    )],
    look,
};

/// Bytes after the word in which the code stands.
const REACH: usize = 48;

/// ISO 3166 codes that a BIC may hold.
const COUNTRIES: &[u8] = b"AD AE AF AG AI AL AM AO AR AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ES \
ET FI FJ FO FR GA GB GD GE GF GG GH GI GL GM GN GP GR GT GY HK HN HR HT HU ID IE IL IM IN IQ IR IS IT JE JM JO JP KE KG KH KM KN KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MK ML MM MN MO \
MQ MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NZ OM PA PE PG PH PK PL PS PT PY QA RE RO RS RU RW SA SC SD SE SG SI SK SL SM SN SR SV SX SY SZ TD TG TH TJ TL TM TN TR TT TW TZ UA UG US UY UZ VA VC VE \
VG VN XK YE ZA ZM ZW";

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    for hit in sight.hits(BIC) {
        let length = hit.end - hit.start;
        if matches!(length, 8 | 11) && is_code(&sight.bytes[hit.start..hit.end], false) && sight.alone(hit.start, hit.end) {
            let account = if sight.near(hit.start, hit.end, ACCOUNT | BIC, NEAR) { 0.2 } else { 0.0 };
            let score = Score::base(0.6, "the code of a bank").and(account, "a word near it speaks of accounts");
            out.push(Candidate { id: "bic", start: hit.start, end: hit.end, score });
        } else if let Some((start, end)) = after(sight, hit) {
            let score = Score::base(0.5, "the form of a bank's code").with(said(hit));
            out.push(Candidate { id: "bic", start, end, score });
        } else {
            column(sight, hit, out);
        }
    }
}

fn said(hit: Hit) -> crate::detect::score::Step {
    crate::detect::score::Step { because: "a word before it names it", worth: 0.3, word: Some((hit.start, hit.end)) }
}

/// The code among the words after the name, in the same line or at the start of the next.
fn after(sight: &Sight<'_>, hit: Hit) -> Option<(usize, usize)> {
    let end = (hit.end + REACH).min(sight.bytes.len());
    let line = sight.line(hit.end).end;
    let mut at = hit.end;
    while at < end {
        if !is_word(sight.bytes[at]) {
            at += 1;
            continue;
        }
        let start = at;
        while at < sight.bytes.len() && at - start < 64 && is_word(sight.bytes[at]) {
            at += 1;
        }
        let direct = start - hit.end <= 4;
        if matches!(at - start, 8 | 11) && is_code(&sight.bytes[start..at], direct) {
            return Some((start, at));
        }
        if at >= line && start > line {
            return None;
        }
    }
    None
}

/// The cells under a head that names them.
fn column(sight: &Sight<'_>, hit: Hit, out: &mut Vec<Candidate>) {
    for cell in cells_below(sight, hit.start) {
        if matches!(cell.len(), 8 | 11) && is_code(&sight.bytes[cell.clone()], false) {
            let score = Score::base(0.5, "the form of a bank's code").and(0.4, "the head of its column names it");
            out.push(Candidate { id: "bic", start: cell.start, end: cell.end, score });
        }
    }
}

/// Bank, country and place, and perhaps a branch; small letters only where the name stands directly before.
fn is_code(code: &[u8], small: bool) -> bool {
    let upper = code.to_ascii_uppercase();
    if !small && upper != code {
        return false;
    }
    let digit = upper[6..].iter().any(u8::is_ascii_digit);
    upper[..6].iter().all(u8::is_ascii_uppercase)
        && upper[6..].iter().all(u8::is_ascii_alphanumeric)
        && COUNTRIES.chunks(3).any(|country| country[..2] == upper[4..6])
        && upper[6] != b'0'
        && (digit || upper == code)
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn a_named_code_is_found() {
        for (text, value) in [
            ("op NL76 BUNQ 0796 6498 03 (BIC RABONL2U).", "RABONL2U"),
            ("BIC/SWIFT-code: INGBNL2AXXX", "INGBNL2AXXX"),
            ("swift = deutdeff500", "deutdeff500"),
            ("naam;bic;plaats\nBos;ABNANL2A;Zeist\nKok;SNSBNL2A;Soest", "SNSBNL2A"),
            ("BIC:\nGEBABEBB", "GEBABEBB"),
        ] {
            finds("bic", text, value);
        }
    }

    #[test]
    fn words_of_the_same_length_are_none() {
        for text in
            ["BIC is VERPLICHT bij betalingen", "Taylor Swift concerten", "swift naar GEMEENTE", "De BETALING volgt", "bic onbekend"]
        {
            misses("bic", text);
        }
    }
}
