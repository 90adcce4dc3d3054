//! Every row of the evaded forms by itself, where the finding stands, and what ordinary texts give.

mod hostile;
mod more;

use crate::detect::testing::{finds, misses};
use crate::detect::{Finding, Plan};

const BSN: &str = "111222333";
const IBAN: &str = "NL91ABNA0417164300";
const EMAIL: &str = "j.jansen@zeist.nl";
const PHONE: &str = "0612345678";
const NAME: &str = "Jan Jansen";

/// Each kind of value in a sentence that names it, written as `write` writes it.
#[track_caller]
fn all(write: impl Fn(&str) -> String) {
    for (id, before, value) in [
        ("nl.bsn", "Het bsn van de inwoner is ", BSN),
        ("iban", "Graag betalen op rekening ", IBAN),
        ("email", "Mailen kan naar ", EMAIL),
        ("phone", "Bel haar morgen op ", PHONE),
        ("person-name", "Geachte heer ", NAME),
    ] {
        let written = write(value);
        finds(id, &format!("{before}{written}, graag.\nGroet"), &written);
    }
}

fn each(value: &str, write: impl Fn(u8) -> String) -> String {
    value.bytes().map(write).collect()
}

fn base64(text: &[u8]) -> String {
    use ::base64::Engine;
    ::base64::engine::general_purpose::STANDARD.encode(text)
}

#[test]
fn entities() {
    all(|value| each(value, |byte| format!("&#{byte};")));
    all(|value| each(value, |byte| format!("&#x{byte:x};")));
    all(|value| each(value, |byte| format!("&#{byte:03};")));
    finds("email", "mail naar jan&commat;zeist&period;nl, graag", "jan&commat;zeist&period;nl");
    finds("nl.bsn", "bsn 111&nbsp;222&nbsp;333", "111&nbsp;222&nbsp;333");
    finds("nl.bsn", "bsn &amp;#49;&amp;#49;1222333", "&amp;#49;&amp;#49;1222333");
    finds("nl.bsn", "bsn &#xff11;11222333", "&#xff11;11222333");
}

#[test]
fn percent_encoding() {
    all(|value| each(value, |byte| format!("%{byte:02X}")));
    all(|value| each(value, |byte| format!("%25{byte:02x}")));
    finds("email", "https://x.nl/?q=1&m=jan%40zeist.nl&x=%20", "jan%40zeist.nl");
    finds("nl.bsn", "bsn=111%20222%20333", "111%20222%20333");
}

#[test]
fn escapes_of_programs_and_json() {
    all(|value| each(value, |byte| format!("\\u{byte:04x}")));
    all(|value| each(value, |byte| format!("\\u{{{byte:x}}}")));
    all(|value| each(value, |byte| format!("\\x{byte:02x}")));
    all(|value| each(value, |byte| format!("\\{byte:03o}")));
    all(|value| each(value, |byte| format!("\\\\u{byte:04x}")));
    finds("nl.bsn", r#"{"body": "Beste,\nmijn bsn is\n111222333"}"#, "111222333");
}

#[test]
fn quoted_printable() {
    all(|value| each(value, |byte| format!("={byte:02X}")));
    finds("nl.bsn", "het bsn is 1112=\n22333 dus", "1112=\n22333");
}

#[test]
fn base64_in_every_writing() {
    all(|value| base64(value.as_bytes()));
    all(|value| base64(value.as_bytes()).trim_end_matches('=').to_owned());
    all(|value| base64(base64(value.as_bytes()).as_bytes()));
    all(|value| base64(base64(base64(value.as_bytes()).as_bytes()).as_bytes()));
    all(|value| base64(&value.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()));
    finds("nl.bsn", "bsn GEYTCMRSGIZTGMY= dus", "GEYTCMRSGIZTGMY=");
    let long = base64(b"Geachte heer, het bsn van de aanvrager is 111222333 en dat is alles wat wij weten van deze zaak.");
    let wrapped: Vec<&str> = long.as_bytes().chunks(40).map(|line| std::str::from_utf8(line).unwrap()).collect();
    finds("nl.bsn", &format!("Zie:\n{}\n\nGroet", wrapped.join("\n")), &wrapped.join("\n"));
    finds("nl.bsn", &format!("Zie {long}"), &long);
    finds("nl.bsn", "bsn (base64) OTU4NS43MS40NDI=\n\nGroet", "OTU4NS43MS40NDI=");
}

#[test]
fn codes_of_bytes() {
    all(|value| each(value, |byte| format!("{byte:02x}")));
    all(|value| format!("0x{}", each(value, |byte| format!("{byte:02X}"))));
    for gap in [" ", ":", ", "] {
        all(|value| value.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(gap));
    }
    all(|value| value.bytes().map(|byte| format!("0x{byte:02x}")).collect::<Vec<_>>().join(", "));
    all(|value| value.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(" "));
    all(|value| value.bytes().map(|byte| format!("{byte:08b}")).collect::<Vec<_>>().join(" "));
    all(|value| value.bytes().map(|byte| format!("U+{:04X}", u32::from(byte))).collect::<Vec<_>>().join(" "));
}

#[test]
fn several_kinds_in_one_blob_are_all_told() {
    let blob = base64(b"Het bsn van mevrouw Jansen is 111222333, mail jansen@zeist.nl");
    let text = format!("Zie {blob} dus");
    let found = Plan::new(&[]).unwrap().scan(&text, "");
    let ids: Vec<&str> = found.iter().map(|found| &*found.detector).collect();
    assert!(ids.contains(&"nl.bsn") && ids.contains(&"email"), "{ids:?}");
    assert_eq!((found[0].start, found[found.len() - 1].end), (4, 4 + blob.len()));
}

#[test]
fn digits_in_words() {
    for written in [
        "een een een twee twee twee drie drie drie",
        "één één één twee twee twee drie drie drie",
        "een-een-een-twee-twee-twee-drie-drie-drie",
        "Een, een, een, twee, twee, twee, drie, drie, drie",
        "one one one two two two three three three",
        "elf twaalf tweeëntwintig drieëndertig drie",
        "een een een streepje twee twee twee streepje drie drie drie",
        "eeneeneentweetweetweedriedriedrie",
        "driedubbel een driedubbel twee driedubbel drie",
    ] {
        finds("nl.bsn", &format!("Het bsn is {written}."), written);
    }
    finds(
        "phone",
        "Bel nul zes twaalf vierendertig zesenvijftig achtenzeventig.",
        "nul zes twaalf vierendertig zesenvijftig achtenzeventig",
    );
    finds(
        "iban",
        "rekening NL negen een ABNA nul vier een zeven een zes vier drie nul nul",
        "NL negen een ABNA nul vier een zeven een zes vier drie nul nul",
    );
    misses("nl.bsn", "Er zijn een of twee, hooguit drie bsn's gevonden in vier, vijf dossiers");
}

#[test]
fn signs_between_single_digits() {
    for gap in ["*", "**", "_", " ", "\u{1f600}", " | ", "\n", ", ", " - ", "</b><b>", "</td><td>", "#", "\u{2022}"] {
        let written = each(BSN, |byte| format!("{}{gap}", char::from(byte)));
        let written = written.strip_suffix(gap).unwrap();
        finds("nl.bsn", &format!("Het bsn is {written} en klaar"), written);
        let written = each(PHONE, |byte| format!("{}{gap}", char::from(byte)));
        let written = written.strip_suffix(gap).unwrap();
        finds("phone", &format!("bel {written} u weet wel"), written);
    }
    finds("iban", "op N*L*9*1*A*B*N*A*0*4*1*7*1*6*4*3*0*0 graag", "N*L*9*1*A*B*N*A*0*4*1*7*1*6*4*3*0*0");
    finds("nl.bsn", "bsn <b>111</b>222<b>333</b> dus", "111</b>222<b>333");
}

#[test]
fn odd_separators() {
    for written in ["111**222**333", "111-222.333", "111 - 222 - 333", "111, 222, 333", "111  222  333", "(111)(222)333"] {
        let value = written.trim_start_matches('(');
        finds("nl.bsn", &format!("bsn {written}"), value);
    }
    finds("email", "mail j a n @ z e i s t . n l dus", "j a n @ z e i s t . n l");
    finds("email", "mail j*a*n*@*z*e*i*s*t*.*n*l dus", "j*a*n*@*z*e*i*s*t*.*n*l");
    finds("nl.bsn", "| b | s | n |\n|---|---|---|\n| 1 | 1 | 1 | 2 | 2 | 2 | 3 | 3 | 3 |", "1 | 1 | 1 | 2 | 2 | 2 | 3 | 3 | 3");
    misses("nl.bsn", "bsn onbekend, bedrag 1.112.223,33");
}

#[test]
fn numbers_and_addresses_over_lines() {
    for gap in ["\n", "-\n", " \n  ", "\n> ", "\r\n", "\\\n"] {
        finds("nl.bsn", &format!("Het bsn is 1112{gap}22333, dank"), &format!("1112{gap}22333"));
        finds("phone", &format!("Bel mij op 06123{gap}45678, dank"), &format!("06123{gap}45678"));
    }
    finds("nl.bsn", "| naam | bsn |\n|---|---|\n| Bos | 1112 |\n|  | 22333 |", "1112 |\n|  | 22333");
    misses("nl.bsn", "id;bsn;aantal\n1;onbekend;1112\n22333;onbekend;4");
    finds("phone", "belt u op 06 12 3\n4 56 78.", "06 12 3\n4 56 78");
    finds("email", "mail jan@\nzeist.nl", "jan@\nzeist.nl");
    finds("email", "mail jan @ zeist . nl", "jan @ zeist . nl");
}

#[test]
fn letters_in_place_of_digits() {
    finds("phone", "bel O6-l2345678 nu", "O6-l2345678");
    finds("nl.bsn", "bsn lll222333", "lll222333");
    finds("iban", "op NL9l ABNA O417 1643 0O graag", "NL9l ABNA O417 1643 0O");
    misses("nl.bsn", "zaak B11222333 van mevrouw Jansen");
}

#[test]
fn turned_around() {
    let rot = |text: &str| {
        each(text, |byte| {
            char::from(match byte {
                b'a'..=b'z' => (byte - b'a' + 13) % 26 + b'a',
                b'A'..=b'Z' => (byte - b'A' + 13) % 26 + b'A',
                _ => byte,
            })
            .to_string()
        })
    };
    for (id, value) in [("email", EMAIL), ("iban", IBAN)] {
        finds(id, &format!("Met rot13: {}", rot(value)), &rot(value));
    }
    let back = |text: &str| text.chars().rev().collect::<String>();
    for (id, before, value) in [("nl.bsn", "bsn", BSN), ("email", "mail", EMAIL), ("iban", "iban", IBAN), ("phone", "telefoon", PHONE)] {
        finds(id, &format!("{before} (omgekeerd): {}", back(value)), &back(value));
        finds(id, &format!("{before} {} (achterstevoren)", back(value)), &back(value));
    }
    finds("email", &format!("mail {} dus", back(EMAIL)), &back(EMAIL));
    finds("iban", &format!("op {} dus", back(IBAN)), &back(IBAN));
}

#[test]
fn told_in_parts() {
    let text = "Gebruiker: mijn bsn begint met 1112\nAssistent: en dan?\nGebruiker: en eindigt op 22333\n";
    finds("nl.bsn", text, "1112");
    finds("nl.bsn", text, "22333");
    finds("nl.bsn", "Het bsn is in twee delen: eerst 1112 en dan 22333.", "22333");
    misses("nl.bsn", "Het bsn staat in dossier 1112 op pagina 22333.");
}

#[test]
fn told_over_messages() {
    let plan = Plan::new(&[]).unwrap();
    let ids = |parts: &[&str]| -> Vec<Vec<(String, String)>> {
        let parts: Vec<(&str, &str)> = parts.iter().map(|&text| (text, "")).collect();
        let all = plan.scan_parts(&parts);
        parts
            .iter()
            .zip(all)
            .map(|((text, _), found)| found.iter().map(|f: &Finding| (f.detector.to_string(), text[f.start..f.end].to_owned())).collect())
            .collect()
    };
    let bsn = |value: &str| vec![("nl.bsn".to_owned(), value.to_owned())];
    assert_eq!(ids(&["mijn bsn begint met 1112", "en eindigt op 22333"]), [bsn("1112"), bsn("22333")]);
    assert_eq!(ids(&["mijn bsn begint met 1112", "Prima.", "en eindigt op 22333"]), [bsn("1112"), vec![], bsn("22333")]);
    assert_eq!(ids(&["Wat is uw bsn?", "111222333"]), [vec![], bsn("111222333")]);
    assert_eq!(ids(&["mijn bsn is 1112", "22333"]), [bsn("1112"), bsn("22333")]);
    assert_eq!(ids(&["Hallo", "Schrijf een brief"]), [vec![], vec![]]);
}

#[test]
fn ordinary_texts_give_nothing() {
    for text in [
        "https://www.zeist.nl/zoeken?q=afval%20scheiden&pagina=2&sort=datum%2Ddesc",
        "<p>Caf&eacute; &amp; restaurant <b>De Hoek</b> is op 12&nbsp;mei open.</p>",
        r#"{"titel": "Nieuwsbrief\n\nMei 2024", "url": "https:\/\/zeist.nl\/a"}"#,
        "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
        "een twee drie vier vijf zes zeven acht negen tien",
        "| 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 |\n|---|---|---|\n| 3 | 5 | 1 | 4 | 2 | 8 | 9 | 1 | 1 |",
        "Zaak 1234\n56789 inwoners, 12 34 56 78 91",
        "Date:   Tue Mar 3 10:22:01 2026 +0100",
        "sudoku: 4 5 1 2 3 9 8 7 6",
    ] {
        assert_eq!(Plan::new(&[]).unwrap().scan(text, ""), [], "{text}");
    }
}

#[test]
fn what_is_no_disguise_is_left_as_it_was_found() {
    let text = "data:\n  password: Wm9tZXIhMjAyNHhxego=\nstringData:\n  a: b";
    finds("credential", text, "Wm9tZXIhMjAyNHhxego=");
    let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJuYW1lIjoiSmFuIEphbnNlbiIsImVtYWlsIjoiamFuQHplaXN0Lm5sIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbi1oZXJl";
    finds("credential", &format!("Authorization: Bearer {jwt}"), jwt);
    misses("email", &format!("Authorization: Bearer {jwt}"));
}

#[test]
fn in_a_long_text_a_disguise_is_found_with_the_words_around_it() {
    let prose = "De raad bespreekt het voorstel over het groen in de wijk.\n".repeat(600);
    let value = base64(b"111222333");
    for text in [format!("{prose}Het bsn is {value}.\n{prose}"), format!("bsn {value}\n{prose}"), format!("{prose}{prose}bsn {value}")] {
        let found = Plan::new(&[]).unwrap().scan(&text, "");
        assert_eq!(found.iter().map(|found| &text[found.start..found.end]).collect::<Vec<_>>(), [value.as_str()]);
    }
}

#[test]
fn an_explanation_names_the_words_as_they_stand() {
    let explained = Plan::new(&[]).unwrap().explain("Het b&#115;n is &#49;11222333.", "");
    assert_eq!(explained[0].why.iter().filter_map(|why| why.word.as_deref()).collect::<Vec<_>>(), ["b&#115;n"]);
}

#[test]
fn redaction_takes_the_whole_disguise_and_every_part() {
    let plan = Plan::new(&[]).unwrap();
    let redacted = |text: &str, findings: &[Finding]| {
        crate::redact::Placeholders::new().redact(text, &findings.iter().collect::<Vec<_>>()).expose().to_owned()
    };
    for text in [
        "bsn MTExMjIyMzMz dus",
        "bsn %31%31%31222333 dus",
        "bsn een een een twee twee twee drie drie drie dus",
        "bsn 1*1*1*2*2*2*3*3*3 dus",
    ] {
        assert_eq!(redacted(text, &plan.scan(text, "")), "bsn [BSN-1] dus", "{text}");
    }
    let parts = [("mijn bsn begint met 1112.", "content"), ("en eindigt op 22333.", "content")];
    let found = plan.scan_parts(&parts);
    assert_eq!(redacted(parts[0].0, &found[0]), "mijn bsn begint met [BSN-1].");
    assert_eq!(redacted(parts[1].0, &found[1]), "en eindigt op [BSN-1].");
}
