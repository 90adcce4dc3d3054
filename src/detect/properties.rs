//! Properties of detection as a whole: every valid number in every notation is found to its last digit, random digits are not, and every place leads back to the input.

use super::normalise::Normalised;
use super::{Finding, Plan};
use proptest::prelude::*;
use proptest::sample::select;
use std::ops::Range;
use std::sync::LazyLock;

static PLAN: LazyLock<Plan> = LazyLock::new(|| Plan::new(&[]).unwrap());

/// Whether a value is found whole: from its first letter or digit to its last, and not a neighbour with it.
fn is_whole(text: &str, value: &str, id: &str) -> Result<(), TestCaseError> {
    let start = text.find(value).unwrap();
    // Brackets around an area code are no part of what must be found.
    let first = start + value.find(|c: char| c.is_alphanumeric() || c == '+').unwrap();
    let end = start + value.len();
    let found = PLAN.scan(text, "");
    let is_it = |f: &&Finding| &*f.detector == id && (start..=first).contains(&f.start) && f.end == end;
    prop_assert!(found.iter().any(|f| is_it(&f)), "{value:?} in {text:?}: {found:?}");
    Ok(())
}

/// Digits cut into groups of these lengths, with `gap` between them.
fn grouped(digits: &str, lengths: &[usize], gap: &str) -> String {
    let (mut groups, mut rest) = (Vec::new(), digits);
    for &length in lengths {
        let (group, after) = rest.split_at(length.min(rest.len()));
        groups.push(group);
        rest = after;
    }
    groups.push(rest);
    groups.retain(|group| !group.is_empty());
    groups.join(gap)
}

fn fours(text: &str, gap: &str) -> String {
    grouped(text, &[4; 12], gap)
}

// --- values ---

/// Nine digits that pass the elfproef.
fn bsn() -> impl Strategy<Value = String> {
    (1_000_000u32..=99_999_999).prop_filter_map("no ninth digit makes it valid", |front| {
        let front = format!("{front:08}");
        let sum: u32 = front.bytes().zip((2..=9).rev()).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
        (sum % 11 < 10).then(|| format!("{front}{}", sum % 11))
    })
}

fn bsn_notations() -> impl Strategy<Value = String> {
    let written: Vec<fn(&str) -> String> = vec![
        |d| d.to_owned(),
        |d| grouped(d, &[4, 2], "."),
        |d| grouped(d, &[4, 2], " "),
        |d| grouped(d, &[3, 3], " "),
        |d| grouped(d, &[3, 3], "."),
        |d| grouped(d, &[3, 3], "-"),
        |d| grouped(d, &[3, 3], "\u{a0}"),
        // The first digit is left out where it is 0.
        |d| d.strip_prefix('0').unwrap_or(d).to_owned(),
        // In other characters.
        |d| d.chars().map(|c| char::from_u32(u32::from(c) - 0x30 + 0xff10).unwrap()).collect(),
        |d| grouped(d, &[4], "\u{200b}"),
    ];
    (bsn(), select(written)).prop_map(|(digits, write)| write(&digits))
}

/// An account number of a country, with its check digits.
fn iban() -> impl Strategy<Value = String> {
    // Letters of the bank, and the digits after them.
    let countries: &[(&str, &str, usize)] = &[
        ("NL", "ABNA", 10),
        ("NL", "INGB", 10),
        ("NL", "RABO", 10),
        ("NL", "BNGH", 10),
        ("DE", "", 18),
        ("FR", "", 23),
        ("GB", "NWBK", 14),
        ("ES", "", 20),
        ("IT", "X", 22),
        ("PL", "", 24),
        ("LU", "", 16),
        ("AT", "", 16),
        ("PT", "", 21),
        ("IE", "AIBK", 14),
        ("CH", "", 17),
        ("DK", "", 14),
        ("SE", "", 20),
        ("NO", "", 11),
        ("FI", "", 14),
    ];
    (select(countries.to_vec()), proptest::collection::vec(0u8..10, 24)).prop_map(|((country, bank, length), digits)| {
        let account: String = digits.iter().take(length).map(|digit| char::from(b'0' + digit)).collect();
        let rest = (format!("{bank}{account}{country}00").chars()).fold(0, |rest, c| match c.to_digit(36).unwrap() {
            value if value > 9 => (rest * 100 + value) % 97,
            value => (rest * 10 + value) % 97,
        });
        format!("{country}{:02}{bank}{account}", 98 - rest)
    })
}

/// A card number of an issuer, with Luhn's digit.
fn card() -> impl Strategy<Value = String> {
    let issuers =
        &[("4", 16), ("51", 16), ("55", 16), ("2221", 16), ("2720", 16), ("34", 15), ("37", 15), ("36", 14), ("62", 16), ("67", 16)];
    (select(issuers.to_vec()), proptest::collection::vec(0u8..10, 16)).prop_map(|((start, length), digits)| {
        let middle = digits.iter().map(|digit| char::from(b'0' + digit));
        let front: String = start.chars().chain(middle).take(length - 1).collect();
        let sum: u32 = front
            .bytes()
            .rev()
            .enumerate()
            .map(|(place, digit)| match (place % 2, u32::from(digit - b'0')) {
                (0, digit) => digit * 2 / 10 + digit * 2 % 10,
                (_, digit) => digit,
            })
            .sum();
        format!("{front}{}", (10 - sum % 10) % 10)
    })
}

/// A Dutch number without its 0: nine digits, and how many of them are the area's.
fn phone() -> impl Strategy<Value = (String, usize)> {
    let areas = select(vec!["6", "10", "20", "30", "40", "50", "70", "13", "24", "33", "46", "58", "79", "172", "318", "528", "113"]);
    (areas, 1_000_000u32..=59_999_999).prop_map(|(area, number)| {
        let length = 9 - area.len();
        // The first digit of a subscriber's number is neither 0 nor, for mobiles, that of a pager.
        let number: String = format!("{:08}", number + 10_000_000 * u32::from(number < 10_000_000)).chars().take(length).collect();
        (format!("{area}{number}"), area.len())
    })
}

fn phone_notations() -> impl Strategy<Value = String> {
    let written: Vec<fn(&str, &str) -> String> = vec![
        |area, number| format!("0{area}{number}"),
        |area, number| format!("0{area}-{number}"),
        |area, number| format!("0{area} {number}"),
        |area, number| format!("(0{area}) {number}"),
        |area, number| format!("0{area}-{}", grouped(number, &[2, 2, 2], " ")),
        |area, number| format!("0{area} {}", grouped(number, &[number.len() - 4, 2], " ")),
        |area, number| format!("0{area} - {number}"),
        |area, number| format!("+31{area}{number}"),
        |area, number| format!("+31 {area} {number}"),
        |area, number| format!("+31-{area}-{number}"),
        |area, number| format!("+31 (0){area} {number}"),
        |area, number| format!("+31 {area} {}", grouped(number, &[number.len() - 4, 2], " ")),
        |area, number| format!("0031{area}{number}"),
        |area, number| format!("0031 {area} {number}"),
    ];
    (phone(), select(written)).prop_map(|((digits, area), write)| write(&digits[..area], &digits[area..]))
}

// --- properties ---

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_valid_bsn_beside_its_name_is_found_whole_in_every_notation(
        value in bsn_notations(),
        text in select(vec!["BSN: {}", "bsn {}", "Het burgerservicenummer is {}.", "sofinummer: {}, graag controleren", "{\"bsn\": \"{}\"}", "naam;bsn\nx;{}\n", "| BSN | datum |\n|---|---|\n| {} | x |"]),
    ) {
        is_whole(&text.replace("{}", &value), &value, "nl.bsn")?;
    }

    #[test]
    fn a_valid_iban_is_found_whole_in_every_notation(
        value in iban(),
        write in select(vec![(|v| v.to_owned()) as fn(&str) -> String, |v| fours(v, " "), |v| fours(v, "\u{a0}"), |v| fours(v, "-"), |v| v.to_lowercase()]),
        text in select(vec!["{}", "Rekening {} t.n.v. de aanvrager", "iban;datum\n{};1-1-2024", "Betaal op {}, graag vandaag."]),
    ) {
        let value = write(&value);
        is_whole(&text.replace("{}", &value), &value, "iban")?;
    }

    #[test]
    fn a_valid_card_beside_its_name_is_found_whole_in_every_notation(
        value in card(),
        gap in select(vec!["", " ", "-"]),
        text in select(vec!["creditcard {}", "Kaartnummer: {}, cvc volgt", "kaartnummer;x\n{};y"]),
    ) {
        let value = match value.len() {
            15 => grouped(&value, &[4, 6], gap),
            14 => grouped(&value, &[4, 6], gap),
            _ => fours(&value, gap),
        };
        is_whole(&text.replace("{}", &value), &value, "payment-card")?;
    }

    #[test]
    fn a_dutch_phone_number_beside_its_name_is_found_whole_in_every_notation(
        value in phone_notations(),
        text in select(vec!["Telefoon: {}", "tel. {}", "Zij is bereikbaar op {}.", "naam;telefoon\nx;{}", "telefoonnummer {} (na zessen)"]),
    ) {
        is_whole(&text.replace("{}", &value), &value, "phone")?;
    }

    #[test]
    fn random_digits_without_a_name_are_no_bsn(
        digits in "[0-9]{8,10}",
        text in select(vec!["{}", "De uitkomst is {}.", "Het apparaat meldde {} en stopte.", "waarde={} klaar", "x;{};y", "regel {} van het logboek"]),
    ) {
        let text = text.replace("{}", &digits);
        let found = PLAN.scan(&text, "");
        prop_assert!(found.iter().all(|f| &*f.detector != "nl.bsn"), "{text:?}: {found:?}");
    }

    #[test]
    fn every_stretch_of_the_normalised_text_is_a_slice_of_the_input(
        pieces in proptest::collection::vec(prop_oneof![
            select(vec!["a", "1", " ", "\n", "\u{a0}", "\u{200b}", "\u{ad}", "\u{ff11}", "e\u{301}", "\u{fb01}", "½", "①", "\u{1d7d8}", "\u{661}", "\u{202e}", "а", "€", "👩\u{200d}🔧"]).prop_map(str::to_owned),
            "\\PC{0,3}",
        ], 0..40),
        cut in any::<(prop::sample::Index, prop::sample::Index)>(),
    ) {
        let text = pieces.concat();
        let normalised = Normalised::new(&text);
        let borders: Vec<usize> = normalised.text.char_indices().map(|(at, _)| at).chain([normalised.text.len()]).collect();
        let (a, b) = (borders[cut.0.index(borders.len())], borders[cut.1.index(borders.len())]);
        let Range { start, end } = a.min(b)..a.max(b);
        if start < end {
            let (from, to) = normalised.original(start, end);
            let slice = text.get(from..to);
            prop_assert!(slice.is_some_and(|slice| !slice.is_empty()), "{text:?} {from}..{to}");
            // And the slice alone reads as what was asked for, or as more where one character became several. (Letters that only look Latin, and
            // text that is turned around, are read by what stands around them.)
            let again = Normalised::new(slice.unwrap_or(""));
            let by_itself = !text.chars().any(|c| super::homoglyphs::may_be_like(c) || c == '\u{202e}');
            prop_assert!(!by_itself || again.text.contains(&normalised.text[start..end]), "{text:?} {from}..{to}: {:?}", again.text);
        }
    }
}
