//! `source-code`: three lines or more in the syntax of a programming language, or a fence that names one.
//!
//! Starts from a line with a known word of programming; reads the lines above and below it for as long as they are code. Data (JSON, YAML, CSV),
//! logs, lists, formulas of a sheet and prose are none.

use super::{Candidate, Detector};
use crate::detect::groups::CODE;
use crate::detect::keywords::Words;
use crate::detect::score::Score;
use crate::detect::sight::Sight;
use std::ops::Range;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["source-code"],
    words: &[Words(
        CODE,
        "import, class, const, let, var, function, public, private, protected, static, return, async, await, select, insert, update, create, alter, delete from, fn, impl, pub, using, package, namespace, func, elif, except, include, try, struct, enum, interface, \
         print, println, printf, console, commit, def, lambda, echo, curl, sudo, chmod, grep, foreach, param, dim, elseif, endif, document, window, void, library, begin, declare, usr, bash, env, write-host, get-content, get-childitem, get-aduser, invoke-webrequest, body, div, html, script, span, \
         python, java, javascript, js, typescript, ts, sql, sh, shell, powershell, ps1, php, csharp, cs, c, cpp, ruby, perl, rust, go, kotlin, swift, r, vba, vb, css, scala, tsx, jsx, plsql, tsql, dockerfile, terraform, hcl, groovy, matlab, py, zsh, cmd, bat",
    )],
    look,
};

/// Languages that a fence may name.
const LANGUAGES: &[&str] = &[
    "python",
    "py",
    "java",
    "javascript",
    "js",
    "typescript",
    "ts",
    "sql",
    "bash",
    "sh",
    "shell",
    "zsh",
    "powershell",
    "ps1",
    "php",
    "csharp",
    "cs",
    "c#",
    "c",
    "cpp",
    "c++",
    "ruby",
    "perl",
    "rust",
    "go",
    "kotlin",
    "swift",
    "r",
    "vba",
    "vb",
    "css",
    "html",
    "scala",
    "tsx",
    "jsx",
    "plsql",
    "tsql",
    "dockerfile",
    "terraform",
    "hcl",
    "groovy",
    "matlab",
    "cmd",
    "bat",
];
const LINES: usize = 3;
const BLOCK_MAX: usize = 2000;
/// Lines read upwards from a hit, so that a text of hits costs no more than its length times this.
const UP_MAX: usize = 40;
/// A longer line is no line of code that somebody wrote.
const LINE_MAX: usize = 400;

/// What a line is.
#[derive(Clone, Copy, PartialEq)]
enum Line {
    /// Only code is written so.
    Code,
    /// Code, or something like it.
    Weak,
    /// Nothing, or a bracket alone.
    Neutral,
    Prose,
}

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    let (mut done, mut seen) = (0, usize::MAX);
    for hit in sight.hits(CODE) {
        let line = sight.line(hit.start);
        if hit.start < done || line.start == seen {
            continue;
        }
        seen = line.start;
        if let Some(block) = fence(sight, &line, hit.start) {
            done = block.end;
            out.push(Candidate {
                id: "source-code",
                start: block.start,
                end: block.end,
                score: Score::base(0.85, "a fence that names a language"),
            });
            continue;
        }
        if kind(&sight.bytes[line.clone()]) != Line::Code {
            continue;
        }
        let (block, code, weak) = block(sight, line, done);
        if code >= LINES || code >= 2 && code + weak >= LINES || code + weak > LINES {
            done = block.end;
            out.push(Candidate {
                id: "source-code",
                start: block.start,
                end: block.end,
                score: Score::base(0.75, "three lines or more of code"),
            });
        }
    }
}

/// The lines between a fence that names a language and the next one.
fn fence(sight: &Sight<'_>, line: &Range<usize>, hit: usize) -> Option<Range<usize>> {
    let mark = sight.bytes[line.start..hit].trim_ascii_start();
    if mark != b"```" && mark != b"~~~" && mark != b"``` " {
        return None;
    }
    let name = std::str::from_utf8(sight.bytes[hit..line.end].trim_ascii()).ok()?;
    if !LANGUAGES.iter().any(|known| name.eq_ignore_ascii_case(known)) {
        return None;
    }
    let start = line.end + 1;
    let (mut from, mut end) = (start, start);
    for _ in 0..BLOCK_MAX {
        if from >= sight.bytes.len() {
            break;
        }
        let next = sight.line(from);
        let text = sight.bytes[next.clone()].trim_ascii();
        if text.starts_with(b"```") || text.starts_with(b"~~~") {
            break;
        }
        if !text.is_empty() {
            end = next.end;
        }
        from = next.end + 1;
    }
    let first = start + sight.bytes.get(start..end)?.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
    (end > first).then_some(first..end)
}

/// The lines of code around a line of code, with how many are surely and how many perhaps code.
fn block(sight: &Sight<'_>, line: Range<usize>, least: usize) -> (Range<usize>, usize, usize) {
    let (mut start, mut end) = (line.start, line.end);
    let (mut code, mut weak) = (1, 0);
    let mut empty = 0;
    let mut from = line.end + 1;
    for _ in 0..BLOCK_MAX {
        if from >= sight.bytes.len() {
            break;
        }
        let next = sight.line(from);
        let text = &sight.bytes[next.clone()];
        empty = if text.trim_ascii().is_empty() { empty + 1 } else { 0 };
        match kind(text) {
            Line::Code => (code, end) = (code + 1, next.end),
            Line::Weak => (weak, end) = (weak + 1, next.end),
            Line::Neutral if empty == 0 => end = next.end,
            Line::Neutral if empty <= 2 => {}
            Line::Neutral | Line::Prose => break,
        }
        from = next.end + 1;
    }
    let mut at = line.start;
    empty = 0;
    for _ in 0..UP_MAX {
        let Some(before) = at.checked_sub(1).filter(|&before| before >= least) else { break };
        let above = sight.line(before);
        let text = &sight.bytes[above.clone()];
        empty = if text.trim_ascii().is_empty() { empty + 1 } else { 0 };
        match kind(text) {
            Line::Code => (code, start) = (code + 1, above.start),
            Line::Weak => (weak, start) = (weak + 1, above.start),
            Line::Neutral if empty <= 2 => {}
            Line::Neutral | Line::Prose => break,
        }
        at = above.start;
    }
    (start..end, code, weak)
}

/// Beginnings of statements, in the case in which they are written.
const STARTS: &[&str] = &[
    "def ",
    "class ",
    "function ",
    "function(",
    "async ",
    "await ",
    "public ",
    "private ",
    "protected ",
    "static ",
    "const ",
    "let ",
    "var ",
    "return ",
    "return;",
    "if (",
    "if(",
    "} else",
    "else {",
    "else:",
    "elif ",
    "for (",
    "for(",
    "foreach (",
    "foreach(",
    "while (",
    "while(",
    "try:",
    "try {",
    "except",
    "finally",
    "catch",
    "} catch",
    "switch (",
    "case ",
    "throw ",
    "raise ",
    "yield ",
    "with open",
    "lambda ",
    "#include",
    "#!/",
    "#define",
    "using ",
    "package ",
    "namespace ",
    "fn ",
    "pub ",
    "impl ",
    "struct ",
    "enum ",
    "interface ",
    "export ",
    "module.",
    "import ",
    "from ",
    "require(",
    "print(",
    "println",
    "printf(",
    "console.",
    "echo ",
    "set -",
    "fi",
    "done",
    "do",
    "esac",
    "then",
    "curl -",
    "sudo ",
    "chmod ",
    "grep ",
    "cd ",
    "source ",
    "Sub ",
    "End Sub",
    "Dim ",
    "End Function",
    "End If",
    "Function ",
    "Private Sub",
    "Public Sub",
    "Next ",
    "Set ",
    "Option Explicit",
    "param(",
    "param (",
    "Get-",
    "Set-",
    "New-",
    "Write-",
    "Invoke-",
    "Import-",
    "Export-",
    "ForEach-",
    "Where-",
    "Connect-",
    "SELECT ",
    "SELECT",
    "FROM ",
    "WHERE ",
    "JOIN ",
    "LEFT JOIN ",
    "INNER JOIN ",
    "RIGHT JOIN ",
    "LEFT OUTER JOIN ",
    "GROUP BY ",
    "ORDER BY ",
    "HAVING ",
    "INSERT INTO ",
    "VALUES ",
    "VALUES(",
    "UPDATE ",
    "SET ",
    "DELETE FROM ",
    "CREATE TABLE",
    "CREATE VIEW",
    "CREATE INDEX",
    "CREATE OR REPLACE",
    "CREATE PROCEDURE",
    "ALTER TABLE",
    "DROP TABLE",
    "UNION",
    "AND ",
    "OR ",
    "ON ",
    "BEGIN",
    "END;",
    "DECLARE ",
    "CONSTRAINT ",
    "PRIMARY KEY",
    "FOREIGN KEY",
    "WITH ",
    "select ",
    "library(",
    "<?php",
    "<!DOCTYPE",
    "<script",
    "<html",
    "<head",
    "<body",
    "<div",
    "<style",
    "<form",
    "<table",
    "<span",
    "<p>",
    "<p ",
    "<ul",
    "<li",
    "<a ",
    "<input",
    "<button",
    "<h1",
    "<h2",
    "<link",
    "<meta ",
    "<section",
    "</",
    "@media",
    "FROM python",
    "RUN ",
    "COPY ",
    "ENTRYPOINT",
    "resource \"",
    "git ",
    "pip install",
    "npm ",
    "docker ",
    "kubectl ",
];

fn kind(line: &[u8]) -> Line {
    let text = line.trim_ascii();
    let (Some(&first), Some(&last)) = (text.first(), text.last()) else { return Line::Neutral };
    if text.len() > LINE_MAX {
        return Line::Prose;
    }
    if text.iter().all(|byte| matches!(byte, b'{' | b'}' | b'[' | b']' | b'(' | b')' | b';' | b',')) {
        return if text.contains(&b';') || text == b"}" && line.len() == 1 { Line::Weak } else { Line::Neutral };
    }
    let has = |needle: &[u8]| memchr::memmem::find(text, needle).is_some();
    let words = |most: usize| {
        text.split(|&byte| byte == b' ').filter(|word| word.len() > 2 && word.iter().all(u8::is_ascii_alphabetic)).take(most).count()
    };
    // A line that ends as a sentence does, and has words enough to be one.
    let sentence = matches!(last, b'.' | b'?' | b'!') && words(3) >= 3;
    // Prose has next to none of these signs, so that three looks at it spare many.
    let opens = memchr::memchr3(b'(', b'=', b'>', text).is_some();
    let signed = opens || memchr::memchr3(b'&', b'|', b':', text).is_some() || memchr::memchr3(b'$', b'<', b'$', text).is_some();
    let signs = signed && is_signed(text);
    let starts = starts_as_code(text, first);
    let known = starts && !sentence && {
        // `from`, `let`, `class` and the like begin sentences too.
        let lower = first.is_ascii_lowercase() || first == b'#' || first == b'<' || first == b'@' || first == b'}';
        let sql = text.iter().take(4).all(|byte| byte.is_ascii_uppercase() || *byte == b' ');
        let ends = matches!(last, b';' | b'{' | b':' | b')' | b'(' | b',' | b'>' | b'}' | b'\\');
        let import = (text.starts_with(b"import ")
            || text.starts_with(b"from ") && has(b" import ")
            || text.starts_with(b"using ")
            || text.starts_with(b"#include"))
            && text.len() < 100;
        let shell = matches!(text, b"fi" | b"done" | b"do" | b"esac" | b"then")
            || text.starts_with(b"#!/")
            || text.starts_with(b"set -")
            || text.starts_with(b"curl -")
            || text.starts_with(b"echo ");
        let other = !lower && !sql;
        sql && words(13) <= 12
            || import
            || shell
            || ends
            || lower && opens && (has(b" = ") || has(b"=\"") || text.contains(&b'('))
            || other
                && (has(b" = ")
                    || has(b" $")
                    || has(b" -")
                    || has(b"(")
                    || text.len() < 60
                        && (text.starts_with(b"End ") || text.starts_with(b"Dim ") || text.starts_with(b"Sub "))
                        && words(5) <= 4)
    };
    let basic = text.starts_with(b"For ") && has(b" = ") && has(b" To ")
        || text.starts_with(b"Next ") && text.len() < 12
        || text.starts_with(b"If ") && text.ends_with(b" Then")
        || [b"Else".as_slice(), b"Loop", b"Wend", b"End If", b"End Sub", b"End Function", b"Next"].contains(&text);
    let loop_of_shell = basic || text.ends_with(b"; do") || text.ends_with(b"; then");
    if known || loop_of_shell || signs && !sentence {
        return Line::Code;
    }
    if first == b'@'
        && words(2) <= 1
        && text[1..].iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'(' | b')' | b'.' | b'"' | b'/' | b'_' | b'='))
    {
        return Line::Weak;
    }
    // `name = value`, `call(...)`, `statement;`
    let identifier = text
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'$' | b'[' | b']' | b'\'' | b'"'))
        .count();
    let rest = text.get(identifier..).unwrap_or_default();
    let named = identifier > 0 && !first.is_ascii_digit() && first != b'"';
    let call = named && rest.first() == Some(&b'(') && (last == b')' || has(b");") || has(b"):") || last == b'(' || last == b',');
    let assigned =
        named && (rest.starts_with(b" = ") || rest.starts_with(b"=\"") || rest.starts_with(b"='") || rest.starts_with(b"=$")) && !sentence;
    let member = assigned && (first == b'$' || has(b"(") || has(b"[") || last == b';');
    if call || member || last == b';' && (has(b"=") || has(b"(")) || last == b'{' && (has(b"(") || has(b") ")) {
        return Line::Code;
    }
    let comment = text.starts_with(b"//")
        || text.starts_with(b"/*")
        || text.starts_with(b"* ") && line.starts_with(b" ")
        || text.starts_with(b"-- ")
        || text.starts_with(b"# ")
        || text.starts_with(b"'''")
        || text.starts_with(b"\"\"\"");
    let column = matches!(last, b',' | b')')
        && text.windows(2).any(|pair| pair[0].is_ascii_uppercase() && pair[1].is_ascii_uppercase())
        && ["NOT NULL", "PRIMARY KEY", "VARCHAR", "CHAR(", "INTEGER", " DATE", " INT", "UNIQUE", "TIMESTAMP", "SERIAL"]
            .iter()
            .any(|word| has(word.as_bytes()));
    let argument = line.first().is_some_and(|byte| matches!(byte, b' ' | b'\t')) && named && rest.starts_with(b"=") && last == b',';
    let styled = line.first().is_some_and(|byte| matches!(byte, b' ' | b'\t')) && named && rest.first() == Some(&b':') && last == b';';
    let piped = text.starts_with(b"| ") && (has(b"grep") || has(b"sort") || has(b"-Object")) || last == b'\\' && line.starts_with(b" ");
    // A row of `INSERT ... VALUES`.
    let row = first == b'(' && has(b"'") && (text.ends_with(b"),") || text.ends_with(b");") || last == b')');
    if row || column || argument || styled || piped {
        return Line::Code;
    }
    if assigned || comment || matches!(last, b';' | b'{') && words(7) <= 6 {
        return Line::Weak;
    }
    // Values of a list or dictionary in the midst of code.
    let data = matches!(last, b',' | b'[' | b'{' | b'(' | b'}' | b']' | b')')
        && (first == b'"' || first == b'\'' || first == b'}' || first == b']' || first == b')')
        && words(8) < 8;
    if data { Line::Neutral } else { Line::Prose }
}

/// The places of [`STARTS`], in the order of their first byte, and for each byte up to where its own reach: a line is compared with few.
static BY_FIRST: ([u8; STARTS.len()], [u8; 129]) = {
    let (mut order, mut ends, mut count) = ([0; STARTS.len()], [0; 129], 0);
    let mut byte = 0;
    while byte < 128 {
        let mut index = 0;
        while index < STARTS.len() {
            if STARTS[index].as_bytes()[0] as usize == byte {
                order[count] = index as u8;
                count += 1;
            }
            index += 1;
        }
        ends[byte + 1] = count as u8;
        byte += 1;
    }
    (order, ends)
};
const _: () = assert!(STARTS.len() < 256);

/// The line begins as a statement does.
fn starts_as_code(text: &[u8], first: u8) -> bool {
    let (order, ends) = &BY_FIRST;
    let Some(&[from, to]) = ends.get(usize::from(first)..).and_then(|ends| ends.first_chunk()) else { return false };
    order[usize::from(from)..usize::from(to)].iter().any(|&index| {
        let start = STARTS[usize::from(index)].as_bytes();
        text.starts_with(start) && (start.len() > 4 || text.len() < 80)
    })
}

/// Signs of code stand in the line.
fn is_signed(text: &[u8]) -> bool {
    let has = |needle: &[u8]| memchr::memmem::find(text, needle).is_some();
    has(b"();")
        || has(b" => ")
        || has(b" == ")
        || has(b" != ")
        || has(b" && ")
        || has(b" || ")
        || has(b"::")
        || has(b" += ")
        || has(b" := ")
        || has(b"()")
        || has(b"->")
        || has(b" <- ")
        || has(b"$(")
        || has(b"${")
        || has(b"</") && text.first() == Some(&b'<') && is_page(text)
}

/// A tag of a web page, rather than of data.
fn is_page(text: &[u8]) -> bool {
    ["<p", "<div", "<a", "<td", "<tr", "<li", "<h1", "<h2", "<h3", "<span", "<title", "<button", "<label", "<body", "<script"]
        .iter()
        .any(|tag| text.starts_with(tag.as_bytes()) && text.get(tag.len()).is_some_and(|&next| next == b'>' || next == b' '))
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn a_block_of_code_is_found_whole() {
        let code = "import os\n\ndef main():\n    x = os.getcwd()\n    print(x)";
        finds("source-code", &format!("Wat doet dit?\n\n{code}\n\nBedankt"), code);
    }

    #[test]
    fn code_of_many_languages_is_found() {
        for code in [
            "SELECT p.naam, a.straat\nFROM personen p\nJOIN adressen a ON a.persoon_id = p.id\nWHERE p.status = 'actief'",
            "select naam, count(*)\nfrom zaken where status = 'open'\ngroup by naam;\nselect 1;\nselect max(id) from zaken;",
            "CREATE TABLE persoon (\n  id BIGSERIAL PRIMARY KEY,\n  naam VARCHAR(80) NOT NULL,\n  gemaakt TIMESTAMP NOT NULL\n);",
            "#!/bin/bash\nset -euo pipefail\nfor f in export/*.csv; do\n  echo \"$f\"\ndone",
            "$users = Get-ADUser -Filter * -Properties mail\nforeach ($user in $users) {\n    Write-Host $user.mail\n}",
            "public class BurgerTest {\n    @Test\n    void vindtBurger() {\n        Burger b = service.zoek(\"x\");\n        assertEquals(\"a\", b.getNaam());\n    }\n}",
            "using System;\nnamespace Zaak {\n    public class Program {\n        static void Main() { Console.WriteLine(1); }\n    }\n}",
            "<?php\n$naam = $_POST['naam'];\necho htmlspecialchars($naam);\nreturn true;",
            "library(dplyr)\ndata <- read.csv('zaken.csv')\ndata %>% filter(status == 'open') %>% count()\nprint(data)",
            "Sub Maak()\n    Dim i As Integer\n    For i = 1 To 10\n        Cells(i, 1).Value = i\n    Next i\nEnd Sub",
            "const x = document.querySelector('#a');\nx.addEventListener('click', () => {\n  console.log(x.value);\n});",
            "<div class=\"kop\">\n  <h1>Zaak</h1>\n  <button onclick=\"go()\">Ga</button>\n</div>",
            "fn main() {\n    let x = 1;\n    println!(\"{x}\");\n}",
            "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tfmt.Println(\"hallo\")\n}",
        ] {
            assert!(
                crate::detect::Plan::new(&[])
                    .unwrap()
                    .scan(&format!("Kijk:\n\n{code}\n\nDank"), "")
                    .iter()
                    .any(|found| &*found.detector == "source-code"),
                "{code}"
            );
        }
    }

    #[test]
    fn a_fence_that_names_a_language_is_code_to_its_end() {
        finds("source-code", "Wat doet dit?\n```python\nx = 1\n```\nBedankt", "x = 1");
        misses("source-code", "```json\n{\"a\": 1,\n\"b\": 2}\n```");
        misses("source-code", "Een zin met python en java.\n```\nDat is alles.\n```");
    }

    #[test]
    fn prose_data_logs_and_lists_are_none() {
        for text in [
            "From now on we meet on Monday.\nLet me know.\nReturn the form by Friday.\nClass starts at nine.",
            "{\n  \"naam\": \"x\",\n  \"class\": \"a\",\n  \"return\": 1\n}",
            "version: 1\nservices:\n  web:\n    image: nginx\n    environment: test\n    class: large",
            "2026-01-02 10:11:12 INFO request id=12 status=200\n2026-01-02 10:11:13 WARN import failed\n2026-01-02 10:11:14 INFO import done",
            "- import van de lijst\n- update van de website\n- create: nieuwe pagina",
            "naam;class;status\na;b;c\nd;e;f",
            "=SOM(A1:A3)\n=ALS(B1>3;\"ja\";\"nee\")\n=VERT.ZOEKEN(A1;B:C;2)",
            "De public affairs van de provincie (zie bijlage).\nDe update volgt; let op de datum.\nImport en export blijven gelijk.",
            "Artikel 3 (begrip);\nArtikel 4 (update);\nArtikel 5 (slot).",
        ] {
            misses("source-code", text);
        }
    }
}
