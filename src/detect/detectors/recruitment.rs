//! `recruitment-terms`: words of selecting people for a job, for rules such as "no AI in recruitment".
//!
//! `sollicitant` or `motivatiebrief` says enough; a word such as `cv` or `kandidaat` needs a second one beside it.

use super::{Candidate, Detector};
use crate::detect::groups::{RECRUITMENT, TOPIC};
use crate::detect::keywords::Words;
use crate::detect::score::Score;
use crate::detect::sight::Sight;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["recruitment-terms"],
    words: &[
        Words(
            RECRUITMENT,
            "sollicitant*, sollicitatie*, motivatiebrief*, selectiecommissie*, selectieprocedure*, selectiegesprek*, wervingsprocedure*, hiring manager, job interview, interview panel, rejection letter, kandidaat, kandidaten, cv, cv's, cvs, curriculum vitae, assessment, assessments, afwijzing*, afwijzen, \
         sollicitatiegesprek*, werving en selectie, applicant, applicants, job application*, cover letter, curriculum, résumé, candidate, candidates, shortlist, referentiecheck*",
        ),
        Words(
            TOPIC,
            "vacature, vacatures, solliciteer, solliciteren, reageer, functie-eisen, wij bieden, job vacancy, apply now, how to apply, acquisitie",
        ),
    ],
    look,
};

const STRONG: &[&str] = &[
    "sollicit",
    "motivatie",
    "selectieco",
    "werving",
    "applicant",
    "job applica",
    "cover letter",
    "curriculum",
    "referentiecheck",
    "selectiep",
    "selectieg",
    "hiring",
    "job inter",
    "interview p",
    "rejection",
];
const AROUND: usize = 200;

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    let hits: Vec<_> = sight.hits(RECRUITMENT).collect();
    for (index, hit) in hits.iter().enumerate() {
        let word = sight.text[hit.start..hit.end].to_lowercase();
        if word == "cv" && sight.text[hit.end..].starts_with("-ketel") {
            continue;
        }
        let beside = |other: &&super::super::prefilter::Hit| !sight.bytes[other.start..other.end].eq_ignore_ascii_case(word.as_bytes());
        let before = hits[..index].iter().rev().take_while(|other| other.end + AROUND >= hit.start).any(|other| beside(&other));
        let after = hits[index + 1..].iter().take_while(|other| other.start <= hit.end + AROUND).any(|other| beside(&other));
        let strong = STRONG.iter().any(|start| word.starts_with(start));
        let mut score = Score::base(if strong { 0.6 } else { 0.35 }, "a word of recruitment");
        if before || after {
            score = score.and(0.3, "another such word beside it");
        }
        if sight.first_in(sight.line(hit.start), TOPIC).is_some() {
            score = score.and(-0.45, "an advertisement for a job");
        }
        out.push(Candidate { id: "recruitment-terms", start: hit.start, end: hit.end, score });
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn terms_of_selection_are_found() {
        finds("recruitment-terms", "Beoordeel het cv van deze kandidaat", "cv");
        finds("recruitment-terms", "Schrijf een mail aan de sollicitant", "sollicitant");
    }

    #[test]
    fn a_single_weak_word_is_none() {
        for text in ["Een assessment kan deel uitmaken van de procedure.", "De cv-ketel is stuk", "De kandidaat voor het wethouderschap"] {
            misses("recruitment-terms", text);
        }
    }
}
