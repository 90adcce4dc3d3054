//! Hostile texts of disguises: linear time, and places on character borders.

use super::base64;
use crate::detect::Plan;
use proptest::prelude::*;

fn check(text: &str) {
    let mut last = 0;
    for finding in Plan::new(&[]).unwrap().scan(text, "") {
        assert!(
            finding.start >= last
                && finding.start < finding.end
                && text.is_char_boundary(finding.start)
                && text.is_char_boundary(finding.end)
        );
        last = finding.end;
    }
}

#[test]
fn hostile_disguises_are_read_in_linear_time() {
    let started = std::time::Instant::now();
    for piece in [
        "&#",
        "&#49;",
        "%31",
        "%25",
        "\\u0031",
        "\\",
        "=",
        "=3",
        "=31",
        "=\n",
        "MTEx",
        "MTEx\n",
        "31",
        "31 ",
        "3131 ",
        "0x31 ",
        "\\x31",
        "een ",
        "nul ",
        "twee-",
        "1*",
        "1<b>",
        "<",
        "<!--",
        "<b>1",
        "1\n",
        "1 \n> ",
        "a@\n",
        "@ ",
        "rot13 ",
        "omgekeerd ",
        "bsn 1 dan 2 ",
        "A: 12\n",
        "O1",
        "l2l ",
        "NL9l ",
        "00LN ",
        "U+0031 ",
        "11LN",
        "\u{43e}a",
        "\u{1f600}1",
        "dubbel ",
        "00110001 ",
        "bsn 1112 dan ",
    ] {
        check(&piece.repeat((48 << 10) / piece.len()));
    }
    let mut deep = "bsn 111222333".repeat(500);
    for _ in 0..8 {
        deep = base64(deep.as_bytes());
    }
    check(&deep);
    assert!(started.elapsed() < std::time::Duration::from_secs(60), "{:?}", started.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn texts_made_of_pieces_of_disguises_map_back_to_character_borders(pieces in proptest::collection::vec(prop_oneof![
        proptest::sample::select(vec![
            "bsn ", "111222333", "MTExMjIyMzMz", "&#49;", "&#x31", "&eacute;", "&amp;", "%31", "%25", "%C3%A9", "%E9", "\\u0031", "\\ud83d\\ude00", "\\x31", "\\n", "=31", "=C3=A9", "=\n", "31 32 33 34 35 36 37",
            "een ", "één ", "twee ", "drie ", "dubbel ", "nul-", "1*", "1**", "<b>", "</b>", "<br>", "1", "\n", "> ", "\u{1f600}", "@", "jan@", "ln.tsiez@naj", "zeist.nl", "rot13 ", "omgekeerd: ", "O6", "l", "NL91 ABNA",
            "0417164300", "0034617140ANBA19LN", "Gebruiker: ", "begint met ", "1112", "22333", "eindigt op ", "\u{410}nn\u{430}", "\u{ff11}", "é", "\u{200b}", "00110001 ", "U+0031", ";", "|", "\"", " ",
        ]).prop_map(str::to_owned),
        "[0-9]{1,9}", "\\PC{0,3}",
    ], 0..40)) {
        check(&pieces.concat());
    }
}
