//! Bytes that nobody thought of.

use super::*;
use proptest::prelude::*;

fn files() -> Vec<Vec<u8>> {
    let types = types(&[("xl/workbook.xml", "spreadsheetml.sheet.main"), ("xl/sharedStrings.xml", "spreadsheetml.sharedStrings")]);
    let xlsx = packed(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("xl/workbook.xml", b"<workbook><sheets/></workbook>"),
        ("xl/sharedStrings.xml", b"<sst><si><t>a</t></si></sst>"),
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row r='2'><c r='B2' t='s'><v>0</v></c></row></sheetData></worksheet>"),
    ]);
    let odt = packed(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", b"<o:document-content xmlns:o='o' xmlns:t='t'><t:p>a<t:s t:c='2'/>b</t:p></o:document-content>"),
    ]);
    vec![docx(&paragraph("111222333")), xlsx, odt, packed(&[("a.txt", b"hallo"), ("b.html", b"<html><p>x</html>")])]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_bytes_are_read_without_panic(mark in 0..4usize, bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let marks: [&[u8]; 4] = [b"", b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"];
        let _ = words("f", "", &[marks[mark], &bytes].concat(), &Limits::default());
    }

    #[test]
    fn changed_files_are_read_without_panic(file in 0..4usize, changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), cut in any::<prop::sample::Index>(), cuts in any::<bool>()) {
        let mut bytes = files().swap_remove(file);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if cuts {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = words("f", "", &bytes, &Limits::default());
    }

    #[test]
    fn any_document_in_a_sound_package_is_read_without_panic(
        place in 0..4usize,
        text in "(<[a-z:]{1,3}>|</[a-z:]{1,3}>|<w:t>|</w:t>|<w:p>|</w:p>|<tbl>|</tbl>|<tc>|</tc>|<tr>|</tr>|<c r='A1' t='s'>|</c>|<v>|</v>|<row r='9'>|</row>|<table>|</table>|<table-cell>|</table-cell>|&#1;|&amp;|&x;|é|1){0,40}",
    ) {
        let types = types(&[("xl/workbook.xml", "spreadsheetml.sheet.main"), ("xl/sharedStrings.xml", "spreadsheetml.sharedStrings")]);
        let file = match place {
            0 => docx(&text),
            1 => packed(&[("[Content_Types].xml", types.as_bytes()), ("xl/workbook.xml", b"<workbook/>"), ("xl/s.xml", format!("<worksheet><sheetData>{text}</sheetData></worksheet>").as_bytes())]),
            2 => packed(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", format!("<document-content>{text}</document-content>").as_bytes())]),
            _ => format!("<html>{text}").into_bytes(),
        };
        let _ = words("f", "", &file, &Limits::default());
    }

    #[test]
    fn pages_are_read_without_panic(text in "(<!--|-->|<|>|</|'|\"|=|a|&|#|;|x41|<script>|</script|é| |<!\\[CDATA\\[){0,40}") {
        let _ = words("f", "text/html", text.as_bytes(), &Limits::default());
    }
}
