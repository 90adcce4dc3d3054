//! Forms that people think of next: over cells, over lines anywhere, spelled out, counted, turned without a word for it, in each other.

use super::{EMAIL, IBAN, NAME, base64, each};
use crate::detect::testing::{finds, misses};

#[test]
fn numbers_over_the_cells_of_a_row_or_two() {
    for value in ["111;222;333", "111 | 222 | 333", "1112\t22333", "1112,22333", "1112 |\n|  | 22333", "1112\n;;22333"] {
        finds("nl.bsn", &format!("BSN: {value}"), value);
    }
    finds("nl.bsn", "Karim: 1112;22333 (bsn)", "1112;22333");
    finds("phone", "tel.;030;210;6110", "030;210;6110");
    finds("payment-card", "creditcard | 4453 | 88404296 | 1434 |", "4453 | 88404296 | 1434");
    finds("nl.document-number", "Paspoortnummer: NXF6\nVA2W6", "NXF6\nVA2W6");
    for text in ["bsn;leeftijd;aantal\nonbekend;112;456", "BSN: 111;222;334", "bsn;aantal;jaar\n111222334;22333;2024"] {
        misses("nl.bsn", text);
    }
    misses("phone", "telefoon;aantal\nonbekend;0302;106110");
}

#[test]
fn account_numbers_over_any_signs() {
    for value in [
        "NL91;ABNA;0417164300",
        "NL9 | 1AB | NA0417164300",
        "NL*91*AB*NA*04*17*16*43*00",
        "NL . 91 . AB . NA . 04 . 17 . 16 . 43 . 00",
        "NL91ABNA\\\n0417164300",
        "NL91ABNA0417\n\t164300",
        "NL91ABNA0\n;;417164300",
        "N\u{1f600}L\u{2b50}9\u{1f648}1\u{1f600}A\u{1f600}B\u{2b50}N\u{1f600}A\u{1f600}0\u{1f600}4\u{1f600}1\u{1f600}7\u{1f600}1\u{1f600}6\u{1f600}4\u{1f600}3\u{1f600}0\u{1f600}0",
    ] {
        finds("iban", &format!("Graag naar {value} overmaken"), value);
    }
    finds("iban", "zie AY91NOAN0417164300", "AY91NOAN0417164300");
    misses("iban", "zie NL91;ABNA;0417164301 en AY91NOAN0417164301");
}

#[test]
fn spelled_names_and_addresses() {
    for (first, gap) in [("", "\u{1f600}"), ("", "*"), ("", "~~"), ("", " \u{2b50} "), ("**", "****"), ("__", "____"), ("", "</td><td>")] {
        let spelled = |text: &str| text.chars().map(String::from).collect::<Vec<_>>().join(gap);
        let value = spelled(NAME);
        finds("person-name", &format!("Geachte heer {first}{value}{first},"), &value);
        let value = spelled(EMAIL);
        finds("email", &format!("mail {first}{value}{first} dus"), &value);
    }
    misses("person-name", "a_b_c_d_e = 1 * 2 * x * y * z");
}

#[test]
fn characters_below_each_other_with_their_numbers() {
    let listed = |text: &str| text.chars().enumerate().map(|(at, c)| format!("{}. {c}\n", at + 1)).collect::<String>();
    finds("nl.bsn", &format!("bsn:\n{}", listed("111222333")), &listed("111222333").trim_end()[3..]);
    finds("iban", &format!("rekening:\n{}", listed(IBAN)), &listed(IBAN).trim_end()[3..]);
    misses("nl.bsn", "bsn-checks:\n1. 4\n2. 5\n3. 6\nklaar");
    finds("phone", "mobiel + | 3 | 1 | 6 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 |", "+ | 3 | 1 | 6 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8");
    finds(
        "phone",
        "tel 0\u{1f600}6\u{1f600}1\u{1f600}2\u{1f600}3\u{1f600}4\u{1f600}5\u{1f600}6\u{1f600}7\u{1f600}8\u{1f600} dus",
        "0\u{1f600}6\u{1f600}1\u{1f600}2\u{1f600}3\u{1f600}4\u{1f600}5\u{1f600}6\u{1f600}7\u{1f600}8",
    );
}

#[test]
fn text_in_tag_characters_is_read_and_single_ones_are_dropped() {
    let tags = |text: &str| text.chars().map(|c| char::from_u32(0xe0000 + u32::from(c)).unwrap()).collect::<String>();
    finds("nl.bsn", &format!("bsn: {} dus", tags("111222333")), &tags("111222333"));
    finds("email", &format!("zie {}", tags(EMAIL)), &tags(EMAIL));
    finds("nl.bsn", "bsn 1\u{e0041}11\u{e0020}222333", "1\u{e0041}11\u{e0020}222333");
    misses("nl.bsn", &format!("bsn \u{1f3f4}{}\u{e007f}", tags("gbeng")));
}

#[test]
fn turned_values_are_looked_for_on_every_side_of_the_word() {
    for text in [
        "333222111 is het bsn in omgekeerde volgorde",
        "bsn: 333222111\n(lees van rechts naar links)",
        "Omgekeerd geschreven bsn:\n333222111",
        "Draai om: 333222111 - bsn",
    ] {
        finds("nl.bsn", text, "333222111");
    }
    for text in ["Omgekeerd geschreven, de heer:\nnesnaJ naJ", "De heer, van achter naar voren gelezen, nesnaJ naJ."] {
        finds("person-name", text, "nesnaJ naJ");
    }
    finds("email", "mail wna@mvttb.ay dus", "wna@mvttb.ay");
    finds("email", "rot13 van het adres:\nwna@mrvfg.bet", "wna@mrvfg.bet");
}

#[test]
fn letters_for_most_of_the_digits() {
    finds("phone", "mobiel: O626II2I7I", "O626II2I7I");
    finds("date-of-birth", "Geboren op O9-O5-194O te Zeist", "O9-O5-194O");
    finds("iban", "IBAN NL9lABNAO4l7l643OO", "NL9lABNAO4l7l643OO");
    misses("phone", "model SOLIDO2018 en BOSSBOZO12");
}

#[test]
fn codes_in_each_other_and_apart() {
    let percent = |text: &str| each(text, |byte| format!("%{byte:02X}"));
    for (id, before, value) in [("nl.bsn", "bsn ", "111222333"), ("email", "mail ", EMAIL)] {
        let full: String = value.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect();
        for written in [
            base64(percent(value).as_bytes()),
            base64(full.as_bytes()),
            each(value, |byte| format!("\\u0026#{byte};")),
            value.bytes().map(|byte| format!("\\x{byte:02x}")).collect::<Vec<_>>().join(" "),
            value.bytes().map(|byte| format!("&#{byte};")).collect::<Vec<_>>().join(" "),
        ] {
            finds(id, &format!("{before}{written} dus"), &written);
        }
    }
    finds("email", "mail =6A=61=6E=\n=40=7A=65=69=73=74=2E=6E=6C dus", "=6A=61=6E=\n=40=7A=65=69=73=74=2E=6E=6C");
    finds("person-name", "Geachte heer Jan%20Jansen,", "Jan%20Jansen");
}

#[test]
fn addresses_and_numbers_cut_at_any_place() {
    for value in ["jan@zei\nst.nl", "jan@gemeente-zeist\n> .nl", "jan\n\t@zeist.nl"] {
        finds("email", &format!("mail {value} dus"), value);
    }
    misses("email", "vraag het @jan\nzeist.nl is uit");
    finds("payment-card", "creditcard: eerste cijfers 4453884042, laatste cijfers 961434", "4453884042");
    finds("iban", "Jan: rekening begint met NL91\nBot: ok\nJan: en dan ABNA0417164300", "ABNA0417164300");
    finds("nl.bsn", "Bericht 1: bsn 1112\nBericht 2: 22333", "22333");
    finds("nl.bsn", "08:14 Sanne: haar bsn is 1112\n08:15 Sanne: 22333", "22333");
    finds("phone", "terugbellen op 068\u{202f}109\u{202f}149", "068\u{202f}109\u{202f}149");
    misses("phone", "Er staan 068 109 149 op de lijst");
}
