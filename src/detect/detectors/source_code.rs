//! `source-code`: three lines or more in the syntax of a programming language.
//!
//! Starts from a line that opens with a keyword; counts the lines around it that end or join as code does.

use super::{Candidate, Detector};
use crate::detect::groups::CODE;
use crate::detect::keywords::Words;
use crate::detect::score::Score;
use crate::detect::sight::Sight;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["source-code"],
    words: &[Words(
        CODE,
        "import, from, def, class, const, let, var, function, public, private, protected, static, return, async, select, insert, update, create, alter, fn, impl, pub, using, package, namespace, func, elif, except, include, try, struct, enum, interface, \
         print, console, commit",
    )],
    look,
};

const LINES: usize = 3;
const BLOCK_MAX: usize = 2000;

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    let mut done = 0;
    for hit in sight.hits(CODE) {
        if hit.start < done {
            continue;
        }
        let line = sight.line(hit.start);
        let opens = sight.bytes[line.start..hit.start].iter().all(|byte| matches!(byte, b' ' | b'\t' | b'#' | b'-' | b'@'));
        if !opens || !is_opening(&sight.bytes[line.clone()]) {
            continue;
        }
        let (mut end, mut from) = (line.end, line.end + 1);
        let (mut code, mut blank) = (1, 0);
        for _ in 0..BLOCK_MAX {
            if from >= sight.bytes.len() {
                break;
            }
            let next = sight.line(from);
            let text = sight.bytes[next.clone()].trim_ascii();
            from = next.end + 1;
            if text.is_empty() {
                blank += 1;
                if blank > 1 {
                    break;
                }
                continue;
            }
            if !is_code(text) {
                break;
            }
            blank = 0;
            code += 1;
            end = next.end;
        }
        if code >= LINES {
            done = end;
            out.push(Candidate { id: "source-code", start: line.start, end, score: Score::base(0.75, "three lines or more of code") });
        }
    }
}

/// A line that opens with a keyword and goes on as code: a statement, a block, a query, an import.
fn is_opening(line: &[u8]) -> bool {
    let text = line.trim_ascii();
    let query = ["SELECT ", "INSERT INTO", "UPDATE ", "CREATE ", "ALTER "].iter().any(|start| text.starts_with(start.as_bytes()));
    let import = (text.starts_with(b"import ")
        || text.starts_with(b"from ")
        || text.starts_with(b"#include")
        || text.starts_with(b"package ")
        || text.starts_with(b"using "))
        && text.len() < 100
        && !matches!(text.last(), Some(b'.' | b'?' | b'!'));
    query || import || is_code(text)
}

fn is_code(text: &[u8]) -> bool {
    let last = text.last().copied().unwrap_or(b' ');
    let has = |needle: &[u8]| memchr::memmem::find(text, needle).is_some();
    let ends = matches!(last, b';' | b'{' | b'}' | b'[' | b'(' | b']')
        || matches!(last, b')' | b':' | b',') && (has(b"(") || has(b"=") || has(b")"));
    ends || has(b" = ")
        || has(b"==")
        || has(b"=>")
        || has(b"->")
        || has(b"()")
        || has(b"=\"")
        || text.starts_with(b"import ")
        || text.starts_with(b"from ")
        || text.starts_with(b"//")
        || text.starts_with(b"#")
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
    fn prose_is_none() {
        misses("source-code", "From now on we meet on Monday.\nLet me know.\nReturn the form by Friday.\nClass starts at nine.");
    }
}
