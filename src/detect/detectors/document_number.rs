//! `nl.document-number`: passport and identity card numbers, nine characters, only beside a word that names the document.

use super::{Candidate, Detector};
use crate::detect::groups::{DOCUMENT, ITEM, OTHER_NUMBER};
use crate::detect::keywords::Words;
use crate::detect::prefilter::is_word;
use crate::detect::score::{Score, context};
use crate::detect::sight::Sight;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["nl.document-number"],
    words: &[Words(
        DOCUMENT,
        "paspoort*, passport*, identiteitskaart*, identiteitsbewijs*, id-kaart*, idkaart*, id-bewijs*, id card, identity card*, documentnummer*, documentnr, document number, document no, reisdocument*, \
         travel document*, legitimatie*, vreemdelingendocument*, verblijfsdocument*, nik",
    )],
    look,
};

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    if !sight.has(DOCUMENT) && sight.label & DOCUMENT == 0 {
        return;
    }
    for run in sight.runs() {
        // The number ends in a digit: look only at runs that end a word.
        let end = run.end;
        let Some(start) = end.checked_sub(9) else { continue };
        if is_word(sight.byte(end)) || start > run.start || sight.ends_word(start) || !is_number(&sight.bytes[start..end]) {
            continue;
        }
        let base = if matches!(sight.bytes[start], b'I' | b'N' | b'D' | b'S' | b'A' | b'R' | b'B') { 0.3 } else { 0.25 };
        let score = Score::base(base, "the shape of a document number").with(context(sight, start, end, DOCUMENT, OTHER_NUMBER | ITEM));
        out.push(Candidate { id: "nl.document-number", start, end, score });
    }
}

/// Two letters, six letters or digits, one digit; no letter O (RvIG).
fn is_number(token: &[u8]) -> bool {
    token.len() == 9
        && token[..2].iter().all(u8::is_ascii_uppercase)
        && token[2..8].iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && token[8].is_ascii_digit()
        && !token.contains(&b'O')
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn a_number_beside_its_document_is_found() {
        finds("nl.document-number", "Het paspoort met nummer NWWX135B7 is beschadigd.", "NWWX135B7");
        finds("nl.document-number", "Huidig documentnummer: IUEYGKTR4.", "IUEYGKTR4");
    }

    #[test]
    fn codes_without_a_document_or_of_the_wrong_form_are_none() {
        for text in ["serial NWWX135B7", "paspoort: NOWX135B7", "documentnummer NWWX135B", "paspoort, serienummer NWWX135B7"] {
            misses("nl.document-number", text);
        }
    }
}
