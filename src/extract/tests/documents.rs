//! What is read, and in which form.

use super::*;
use crate::detect::Plan;

#[test]
fn runs_of_a_paragraph_are_one_word() {
    let body = "<w:p><w:r><w:t xml:space=\"preserve\">BSN </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>111</w:t></w:r><w:proofErr w:type=\"spellStart\"/>\
                <w:del w:author=\"Jan Bos\"><w:r><w:delText>999</w:delText></w:r></w:del><w:r><w:t>222333</w:t></w:r></w:p><w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c &amp; d</w:t></w:r></w:p>";
    assert_eq!(shown(&docx(body)), ["f: BSN 111222333\nJan Bos\n999\na\tb\nc & d\n"]);
}

#[test]
fn tables_keep_their_columns_and_text_boxes_stand_apart() {
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", paragraph(text));
    let row = |cells: &[&str]| format!("<w:tr>{}</w:tr>", cells.iter().map(|text| cell(text)).collect::<String>());
    let body = format!(
        "<w:tbl>{}{}</w:tbl><w:p><w:r><w:t>111</w:t></w:r><w:r><w:txbxContent>{}</w:txbxContent></w:r><w:r><w:t>222333</w:t></w:r></w:p>",
        row(&["Naam", "BSN"]),
        row(&["Jan", "123456782"]),
        paragraph("kader")
    );
    assert_eq!(shown(&docx(&body)), ["f: Naam\tBSN\t\nJan\t123456782\t\n\nkader\n111222333\n"]);
}

#[test]
fn headers_comments_notes_links_properties_and_watermarks_are_read() {
    let part = |root: &str, text: &str| format!("<w:{root} {W}>{}</w:{root}>", paragraph(text));
    let header = format!(
        "<w:hdr {W} xmlns:v=\"urn:schemas-microsoft-com:vml\"><w:p><w:r><w:pict><v:shape><v:textpath string=\"VERTROUWELIJK\"/></v:shape></w:pict></w:r></w:p></w:hdr>"
    );
    let (footer, notes) = (part("ftr", "voet"), part("footnotes", "noot"));
    let comments = format!("<w:comments {W}><w:comment w:author=\"Ans\">{}</w:comment></w:comments>", paragraph("opmerking"));
    let links = "<Relationships><Relationship Id=\"r1\" Target=\"mailto:jan@voorbeeld.nl\" TargetMode=\"External\"/><Relationship Id=\"r2\" Target=\"styles.xml\"/></Relationships>";
    let core = "<cp:coreProperties xmlns:cp=\"x\"><dc:creator xmlns:dc=\"y\">Piet Vis</dc:creator></cp:coreProperties>";
    let custom = "<Properties><property fmtid=\"{1}\" pid=\"2\" name=\"MSIP_Label_Name\"><vt:lpwstr xmlns:vt=\"z\">Vertrouwelijk</vt:lpwstr></property></Properties>";
    let file = docx_with(
        &paragraph("brief"),
        &[
            ("word/header1.xml", header.as_bytes()),
            ("word/footer1.xml", footer.as_bytes()),
            ("word/footnotes.xml", notes.as_bytes()),
            ("word/comments.xml", comments.as_bytes()),
            ("word/_rels/document.xml.rels", links.as_bytes()),
            ("docProps/core.xml", core.as_bytes()),
            ("docProps/custom.xml", custom.as_bytes()),
            ("word/styles.xml", b"<w:styles xmlns:w='x'><w:style w:styleId='Kop'/></w:styles>"),
            ("docProps/thumbnail.jpeg", b"\xff\xd8\xff\xe0"),
        ],
    );
    assert_eq!(
        shown(&file),
        [
            "f: brief\n",
            "f: VERTROUWELIJK\n",
            "f: voet\n",
            "f: noot\n",
            "f: opmerking\nAns\n",
            "f: mailto:jan@voorbeeld.nl\n",
            "f: creator: Piet Vis\n",
            "f: name: MSIP_Label_Name\nlpwstr: Vertrouwelijk\n"
        ]
    );
}

/// A workbook with one sheet named `Blad`.
fn xlsx(sheet: &str) -> Vec<u8> {
    let types = types(&[
        ("xl/workbook.xml", "spreadsheetml.sheet.main"),
        ("xl/worksheets/sheet1.xml", "spreadsheetml.worksheet"),
        ("xl/sharedStrings.xml", "spreadsheetml.sharedStrings"),
        ("xl/styles.xml", "spreadsheetml.styles"),
    ]);
    let book = "<workbook xmlns:r=\"q\"><sheets><sheet name=\"Blad\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
    let links = "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
    let strings = "<sst><si><t>Naam</t></si><si><r><t>B</t></r><r><t>SN</t></r></si><si><t>Geboren</t></si><si><t>nergens</t></si></sst>";
    let styles = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"000000000\"/></numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>\
                  <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>";
    packed(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
        ("xl/worksheets/sheet1.xml", format!("<worksheet>{sheet}</worksheet>").as_bytes()),
    ])
}

#[test]
fn a_number_in_a_sheet_stands_under_the_head_of_its_column() {
    let file = xlsx(
        "<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\" t=\"s\"><v>2</v></c></row>\
         <row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>An</t><t>s</t></is></c><c r=\"B2\"><v>1.11222333E8</v></c><c r=\"C2\" s=\"1\"><v>29292</v></c></row>\
         <row r=\"3\"><c r=\"B3\" s=\"2\"><v>10000008</v></c><c r=\"C3\" t=\"str\"><f>\"on\"&amp;\"bekend\"</f><v>onbekend</v></c></row></sheetData>\
         <headerFooter><oddHeader>&amp;CIntern</oddHeader></headerFooter>",
    );
    let found = words("lijst.xlsx", "", &file, &Limits::default()).unwrap();
    let sheet = found.iter().find(|piece| piece.label == "lijst.xlsx/Blad").unwrap();
    assert_eq!(
        sheet.text.expose(),
        "Naam\tBSN\tGeboren\nAns\t111222333\t12-03-1980\n\t010000008\tonbekend\n\n\"on\"&\"bekend\"\n&CIntern\n"
    );
    assert_eq!(found.last().unwrap().text.expose(), "nergens\n");
    let findings = Plan::new(&[]).unwrap().scan(sheet.text.expose(), &sheet.label);
    let numbers: Vec<&str> = findings.iter().filter(|f| &*f.detector == "nl.bsn").map(|f| sheet.text.slice(f.start..f.end)).collect();
    assert_eq!(numbers, ["111222333", "010000008"]);
}

#[test]
fn a_cell_that_points_beside_the_table_of_strings_is_not_passed_over() {
    let file = xlsx("<sheetData><row><c t=\"s\"><v>99</v></c></row></sheetData>");
    assert_eq!(reason(&file), Some(Unreadable::BrokenForm));
}

#[test]
fn slides_their_notes_and_tables_are_read() {
    let types = types(&[("ppt/slides/slide1.xml", "presentationml.slide")]);
    let slide = "<p:sld xmlns:p=\"p\" xmlns:a=\"a\"><p:cNvPr id=\"1\" name=\"Beeld\" descr=\"Foto van Ans\"/><a:p><a:r><a:t>111</a:t></a:r><a:r><a:t>222333</a:t></a:r></a:p>\
                 <a:tbl><a:tr><a:tc><a:txBody><a:p><a:r><a:t>Naam</a:t></a:r></a:p></a:txBody></a:tc><a:tc><a:p><a:r><a:t>BSN</a:t></a:r></a:p></a:tc></a:tr></a:tbl></p:sld>";
    let notes = "<p:notes xmlns:p=\"p\" xmlns:a=\"a\"><a:p><a:r><a:t>spreek zacht</a:t></a:r></a:p></p:notes>";
    let file = packed(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("ppt/slides/slide1.xml", slide.as_bytes()),
        ("ppt/notesSlides/notesSlide1.xml", notes.as_bytes()),
    ]);
    assert_eq!(shown(&file), ["f: 111222333\nFoto van Ans\nNaam\tBSN\t\n\n", "f: spreek zacht\n"]);
}

fn open_document(kind: &str, content: &str, manifest: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:text=\"t\" xmlns:table=\"b\"><office:body>{content}</office:body></office:document-content>"
    );
    packed(&[
        ("mimetype", format!("application/vnd.oasis.opendocument.{kind}").as_bytes()),
        ("content.xml", content.as_bytes()),
        ("META-INF/manifest.xml", format!("<manifest:manifest xmlns:manifest=\"m\">{manifest}</manifest:manifest>").as_bytes()),
        ("Thumbnails/thumbnail.png", b"\x89PNG"),
    ])
}

#[test]
fn open_document_text_keeps_words_whole_around_notes() {
    let content = "<office:automatic-styles><number:text xmlns:number=\"n\">stijl</number:text></office:automatic-styles><text:p>BSN<text:s text:c=\"2\"/>111<text:note><text:note-citation>1</text:note-citation>\
                   <text:note-body><text:p>noot</text:p></text:note-body></text:note><text:span>222</text:span>333</text:p><text:h>Kop<text:tab/>&#233;</text:h>";
    assert_eq!(shown(&open_document("text", content, "")), ["f: 1\nnoot\nBSN  111222333\nKop\té\n"]);
}

#[test]
fn open_document_sheets_keep_their_columns() {
    let content = "<table:table table:name=\"Blad\"><table:table-row><table:table-cell table:number-columns-repeated=\"2\"/><table:table-cell><text:p>Naam</text:p></table:table-cell><table:table-cell><text:p>BSN</text:p></table:table-cell></table:table-row>\
                   <table:table-row><table:table-cell table:number-columns-repeated=\"3\"/><table:table-cell office:value-type=\"float\" office:value=\"111222333\"><text:p>1,11E8</text:p></table:table-cell><table:table-cell table:number-columns-repeated=\"16000\"/></table:table-row></table:table>";
    assert_eq!(shown(&open_document("spreadsheet", content, "")), ["f: \t\tNaam\tBSN\n\t\t\t1,11E8 111222333\t\n\nBlad\n"]);
}

#[test]
fn encrypted_files_say_so() {
    let manifest = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>";
    assert_eq!(reason(&open_document("text", "", manifest)), Some(Unreadable::Encrypted));
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let compound = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 600], &name].concat();
    assert_eq!(reason(&compound), Some(Unreadable::Encrypted));
    assert_eq!(reason(&compound[..500]), Some(Unreadable::UnknownType));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("a.txt", SimpleFileOptions::default().with_aes_encryption(zip::AesMode::Aes256, "geheim")).unwrap();
    zip.write_all(b"hallo").unwrap();
    assert_eq!(reason(&zip.finish().unwrap().into_inner()), Some(Unreadable::Encrypted));
}

#[test]
fn archives_are_read_with_their_names_and_what_is_in_them() {
    let inner = docx(&paragraph("brief"));
    let file = packed(&[("map/lijst.csv", b"bsn;111222333"), ("brief.bin", &inner), ("pagina", b"<html><b>a</b>b</html>")]);
    assert_eq!(
        shown(&file),
        ["f: map/lijst.csv\nbrief.bin\npagina\n", "f/map/lijst.csv: bsn;111222333", "f/brief.bin: brief\n", "f/pagina: ab\n"]
    );
}

#[test]
fn a_member_that_no_reader_knows_makes_the_file_unreadable_and_the_rest_is_still_read() {
    let file = packed(&[("scan.pdf", b"%PDF-1.7\n\xe2\xe3"), ("a.txt", b"hallo")]);
    assert_eq!(shown(&file), ["f: scan.pdf\na.txt\n", "f/a.txt: hallo", "unknown-type"]);
    assert_eq!(reason(&file), Some(Unreadable::UnknownType));
    let file = docx_with(&paragraph("brief"), &[("word/media/image1.png", b"\x89PNG\r\n\x1a\n\0")]);
    assert_eq!(shown(&file), ["f: brief\n", "unknown-type"]);
}

#[test]
fn scripts_and_style_sheets_of_pages_in_archives_are_looked_at() {
    let page = b"<html><script>var bsn = 111222333;</script><style>p { content: 'Jan' }</style><p>Hallo</p></html>";
    let found = read("x.zip", "", &packed(&[("p.html", page)]), &Limits::default());
    let script = found.pieces.iter().find(|piece| piece.label == "x.zip/p.html/script").unwrap();
    assert_eq!(script.text.expose(), "var bsn = 111222333;\np { content: 'Jan' }\n");
    assert!(found.pieces.iter().any(|piece| piece.text.expose() == "Hallo\n" && piece.label == "x.zip/p.html"));
}

/// The ids of what is found in all pieces of a file, by a plan that knows the label `Vertrouwelijk`.
fn found_in(file: &[u8]) -> (Vec<String>, Option<Unreadable>) {
    let plan = Plan::new(&[]).unwrap().with_labels(["Vertrouwelijk"]);
    let read = read("f", "", file, &Limits::default());
    let ids = read.pieces.iter().flat_map(|piece| plan.scan(piece.text.expose(), &piece.label)).map(|finding| finding.detector.to_string());
    (ids.filter(|id| id.starts_with("label")).collect(), read.unreadable)
}

const GUID: &str = "b27cc2bf-a8fe-4269-9d04-68e75add667b";

fn custom(enabled: &str, name: &str) -> String {
    let property = |key: &str, value: &str| {
        format!(
            "<property fmtid=\"{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}\" pid=\"2\" name=\"MSIP_Label_{GUID}_{key}\"><vt:lpwstr>{value}</vt:lpwstr></property>"
        )
    };
    let all =
        [property("Enabled", enabled), property("SetDate", "2026-02-03T09:11:22Z"), property("Name", name), property("ContentBits", "0")]
            .concat();
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Properties xmlns:vt=\"z\">{all}</Properties>")
}

#[test]
fn the_label_of_an_office_file_is_found_under_the_name_that_the_policy_knows() {
    let with =
        |enabled: &str, name: &str| found_in(&docx_with(&paragraph("brief"), &[("docProps/custom.xml", custom(enabled, name).as_bytes())]));
    assert_eq!(with("true", "Vertrouwelijk"), (vec!["label.vertrouwelijk".to_owned()], None));
    assert_eq!(with("true", "Intern"), (vec!["label".to_owned()], None));
    assert_eq!(with("false", "Vertrouwelijk"), (Vec::new(), None));
}

#[test]
fn the_label_of_an_open_document_is_found() {
    let meta = format!(
        "<office:document-meta xmlns:office=\"o\" xmlns:meta=\"m\"><office:meta><meta:user-defined meta:name=\"MSIP_Label_{GUID}_Enabled\" meta:value-type=\"string\">true</meta:user-defined>\
         <meta:user-defined meta:name=\"MSIP_Label_{GUID}_Name\" meta:value-type=\"string\">Vertrouwelijk</meta:user-defined></office:meta></office:document-meta>"
    );
    let file = packed(&[("mimetype", b"application/vnd.oasis.opendocument.text".as_slice()), ("meta.xml", meta.as_bytes())]);
    assert_eq!(found_in(&file), (vec!["label.vertrouwelijk".to_owned()], None));
}

#[test]
fn a_pdf_stays_unreadable_and_tells_its_label() {
    let xmp = format!(
        "%PDF-1.7\n1 0 obj\n<?xpacket begin?><rdf:Description><pdfx:MSIP_Label_{GUID}_Enabled>true</pdfx:MSIP_Label_{GUID}_Enabled><pdfx:MSIP_Label_{GUID}_Name>Vertrouwelijk</pdfx:MSIP_Label_{GUID}_Name></rdf:Description><?xpacket end?>"
    );
    let units: String = "Vertrouwelijk".encode_utf16().map(|unit| format!("{unit:04X}")).collect();
    let info = format!("%PDF-1.4\n<< /Title (nota) /MSIP_Label_{GUID}_Enabled (true) /MSIP_Label_{GUID}_Name <FEFF{units}> >>\n\u{1}");
    for file in [xmp, info] {
        assert_eq!(found_in(file.as_bytes()), (vec!["label.vertrouwelijk".to_owned()], Some(Unreadable::UnknownType)), "{file}");
    }
    assert_eq!(found_in(b"%PDF-1.7\n\x01\x02"), (Vec::new(), Some(Unreadable::UnknownType)));
}
