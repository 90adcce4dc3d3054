//! `payment-card`: 13 to 19 digits with a known issuer's start and Luhn's check; published test cards are no findings.

use super::{Candidate, Detector};
use crate::detect::groups::{CARD, OTHER_NUMBER};
use crate::detect::keywords::Words;
use crate::detect::numbers::{Number, joined, luhn};
use crate::detect::score::{Score, context};
use crate::detect::sight::Sight;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["payment-card"],
    words: &[Words(
        CARD,
        "creditcard*, credit card, kaartnummer*, kaartnr, card number, cardnumber, card, kaart, visa, mastercard, maestro, amex, american express, cvc, cvv, cvc2, pan, betaalkaart*, pinpas*, debit card, debitcard",
    )],
    look,
};

/// Numbers that card schemes and payment providers publish for tests.
const TEST_CARDS: &[&str] = &[
    "4111111111111111",
    "4242424242424242",
    "4012888888881881",
    "4000056655665556",
    "4000000000000002",
    "4000000000009995",
    "4222222222222",
    "4012001037141112",
    "4000002500003155",
    "4000000000003220",
    "4000000000000077",
    "4917610000000000",
    "4988438843884305",
    "4166676667666746",
    "4646464646464644",
    "4005519200000004",
    "5555555555554444",
    "5105105105105100",
    "5200828282828210",
    "5454545454545454",
    "2223003122003222",
    "2223000048400011",
    "2222400070000005",
    "5555341244441115",
    "5100290029002909",
    "378282246310005",
    "371449635398431",
    "378734493671000",
    "370000000000002",
    "6011111111111117",
    "6011000990139424",
    "30569309025904",
    "38520000023237",
    "36227206271667",
    "3530111333300000",
    "3566002020360505",
    "6759649826438453",
    "6200000000000005",
];

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    let mut taken = 0;
    for chain in sight.chains() {
        let (index, run) = (chain.index, &sight.runs()[chain.index]);
        if chain.joined < 13 || run.start < taken || !matches!(sight.bytes[run.start], b'2' | b'3' | b'4' | b'5' | b'6') {
            continue;
        }
        let joins = sight.runs().get(index + 1).is_some_and(|next| next.start == run.end + 1);
        if run.len() < 13 && !joins || run.len() > 19 || sight.ends_word(run.start) {
            continue;
        }
        let lengths: &[usize] = if run.len() >= 13 { &[run.len()] } else { &[16, 15, 14, 19, 18, 17, 13] };
        let Some(number) = lengths.iter().find_map(|&length| joined(sight, index, length).filter(|number| is_card(number.digits()))) else {
            continue;
        };
        taken = number.end;
        out.push(Candidate { id: "payment-card", start: number.start, end: number.end, score: score(sight, &number) });
    }
}

fn score(sight: &Sight<'_>, number: &Number) -> Score {
    let base = match (&number.shape[..number.runs], number.separator) {
        ([4, 4, 4, 4] | [4, 6, 5], b' ' | b'-') => 0.65,
        ([_], _) => 0.45,
        ([4, ..], _) => 0.4,
        _ => 0.2,
    };
    Score::base(base, "an issuer's start, and Luhn's check").with(context(sight, number.start, number.end, CARD, OTHER_NUMBER))
}

fn is_card(digits: &[u8]) -> bool {
    let start = digits.iter().take(4).fold(0u32, |number, &digit| number * 10 + u32::from(digit));
    let issued = match digits.len() {
        16 => matches!(start, 4000..=4999 | 5100..=5599 | 2221..=2720 | 6011 | 6200..=6299 | 6440..=6599 | 6700..=6799 | 3528..=3589),
        13 => start / 1000 == 4,
        14 => matches!(start / 10, 300..=305) || matches!(start / 100, 36 | 38 | 39),
        15 => matches!(start / 100, 34 | 37),
        17..=19 => matches!(start / 100, 62 | 67) || digits.len() == 19 && start / 1000 == 4,
        _ => false,
    };
    issued && luhn(digits) && !TEST_CARDS.iter().any(|card| card.bytes().map(|byte| byte - b'0').eq(digits.iter().copied()))
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn a_card_is_found_grouped_or_named() {
        finds("payment-card", "Betaald met 5242 3707 3221 8544.", "5242 3707 3221 8544");
        finds("payment-card", "creditcard 5566689026059589", "5566689026059589");
        for value in ["5242370732218544", "5242-3707-3221-8544", "5242.3707.3221.8544", "5242 370732 218544", "524237 0732218544"] {
            finds("payment-card", &format!("creditcard {value}, geldig tot 12/27"), value);
        }
        finds("payment-card", "kaart 4978-1124-8559-6491", "4978-1124-8559-6491");
    }

    #[test]
    fn test_cards_wrong_checks_and_other_numbers_are_none() {
        for text in [
            "creditcard 4111 1111 1111 1111",
            "card 5555555555554444",
            "creditcard 5242 3707 3221 8545",
            "IMEI 490154203237518",
            "imei: 35-209900-176148-1",
            "creditcard **** **** **** 8544",
            "kaart 5242 37** **** 8544",
            "BAG 0363010000123456",
            "trace 5566689026059589",
        ] {
            misses("payment-card", text);
        }
    }
}
