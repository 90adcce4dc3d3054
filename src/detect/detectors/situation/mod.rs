//! `health`, `criminal`, `ethnicity`, `religion`, `union`, `political`, `sexual`, `youth-care`, `debt`, `domestic-violence`, `minors`: a fact about
//! a person, never the topic.
//!
//! Starts from the seeds in `words.rs`; looks at the sentence around each. A person in it, or in the file around it, and a verb that ties the
//! fact to them make it a finding; words of policy, of groups and of anybody take away. It never looks at a sentence without a seed.

mod age;
mod anchor;
mod around;
mod codes;
mod topic;
mod words;

use super::{Candidate, Detector};
use crate::detect::groups::{
    BIRTH, CRIMINAL, DEBT, ETHNICITY, FACT, Groups, HEALTH, MINOR, POLITICAL, RELIGION, SEXUAL, UNION, VIOLENCE, YOUTH,
};
use crate::detect::lexicon;
use crate::detect::names::{is_capitalised, name_at};
use crate::detect::prefilter::Hit;
use crate::detect::score::{Score, Step, THRESHOLD};
use crate::detect::sight::Sight;
use anchor::{UNCERTAIN_MAX, certain, is_field, is_topical, likely_name, uncertain};
pub(super) use around::sentence;
use around::*;
use topic::topic;

pub(super) const DETECTOR: Detector = Detector {
    ids: &[
        "health",
        "criminal",
        "ethnicity",
        "religion",
        "union",
        "political",
        "sexual",
        "youth-care",
        "debt",
        "domestic-violence",
        "minors",
    ],
    words: words::WORDS,
    look,
};

/// A kind of situation.
struct Kind {
    id: &'static str,
    group: Groups,
    /// What ties a hint to the person.
    ties: Groups,
}

const KINDS: &[Kind] = &[
    Kind { id: "criminal", group: CRIMINAL, ties: TIE },
    Kind { id: "domestic-violence", group: VIOLENCE, ties: TIE },
    Kind { id: "youth-care", group: YOUTH, ties: TIE },
    Kind { id: "debt", group: DEBT, ties: TIE },
    Kind { id: "union", group: UNION, ties: MEMBER },
    Kind { id: "political", group: POLITICAL, ties: MEMBER },
    Kind { id: "religion", group: RELIGION, ties: PRACTICE },
    Kind { id: "ethnicity", group: ETHNICITY, ties: ORIGIN },
    Kind { id: "sexual", group: SEXUAL, ties: TIE },
    Kind { id: "health", group: HEALTH, ties: TIE },
];
const ALL: Groups = CRIMINAL | VIOLENCE | YOUTH | DEBT | UNION | POLITICAL | RELIGION | ETHNICITY | SEXUAL | HEALTH;

/// Findings of people that the detectors before this one made, by place.
pub(super) struct Signs {
    names: Vec<(usize, usize)>,
    numbers: Vec<(usize, usize)>,
}

impl Signs {
    fn new(found: &[Candidate]) -> Self {
        let of = |ids: &[&str]| {
            let sure = found.iter().filter(|candidate| ids.contains(&candidate.id) && candidate.score.value() >= THRESHOLD);
            let mut places: Vec<(usize, usize)> = sure.map(|candidate| (candidate.start, candidate.end)).collect();
            places.sort_unstable();
            places
        };
        Self { names: of(&["person-name"]), numbers: of(&["nl.bsn", "date-of-birth", "nl.v-number", "nl.document-number"]) }
    }

    /// A sign that starts in the range, the last of them.
    fn within(places: &[(usize, usize)], from: usize, to: usize) -> Option<(usize, usize)> {
        let after = places.partition_point(|&(start, _)| start < to);
        places[..after].last().copied().filter(|&(start, _)| start >= from)
    }
}

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    codes::look(sight, out);
    let ages = age::places(sight);
    if !sight.has(ALL | MINOR | BIRTH) && ages.is_empty() {
        return;
    }
    let mut signs = Signs::new(out);
    // `Lex (13 jaar) is aangemeld`: an age in brackets is a person's.
    signs.numbers.extend(ages.iter().filter(|age| sight.before(age.0) == b'('));
    signs.numbers.sort_unstable();
    let mut around: Option<Around> = None;
    let mut best: [Option<Candidate>; KINDS.len()] = [const { None }; KINDS.len()];
    for hit in sight.hits(ALL) {
        if around.as_ref().is_none_or(|around| hit.start >= around.range.end) {
            out.extend(best.iter_mut().filter_map(Option::take));
            around = Some(Around::new(sight, sentence(sight, hit.start)));
        }
        let Some(around) = &around else { continue };
        for (kind, best) in KINDS.iter().zip(&mut best) {
            if hit.groups & kind.group == 0 {
                continue;
            }
            let Some(score) = weigh(sight, &signs, around, &hit, kind) else { continue };
            if best.is_none_or(|best| score.value() > best.score.value()) {
                *best = Some(Candidate { id: kind.id, start: hit.start, end: hit.end, score });
            }
        }
    }
    out.extend(best.into_iter().flatten());
    age::look(sight, &signs, &ages, out);
}

/// Bytes before a seed in which a person's file shows itself, and after it.
const FILE: usize = 700;
const FILE_AFTER: usize = 120;

/// Who stands in the sentence: the worth of it, and why.
struct Anchor {
    worth: f32,
    because: &'static str,
    /// Nobody stands in the sentence itself.
    file: bool,
    word: Option<(usize, usize)>,
}

fn weigh(sight: &Sight<'_>, signs: &Signs, around: &Around, hit: &Hit, kind: &Kind) -> Option<Score> {
    let seed = sight.bytes.get(hit.start..hit.end)?;
    if !in_its_case(seed) {
        return None;
    }
    let partner = kind.id == "sexual" && hit.groups & FACT == 0;
    if partner && !same_sex(sight, hit) {
        return None;
    }
    let hint = hit.groups & FACT == 0 && !partner;
    let field = is_field(sight, around, hit);
    let tied = if hint { near_tie(around, kind.ties, hit) } else { around.has(TIE | kind.ties) || partner };
    // What nothing ties is none, whoever stands beside it: most words of a brochure end here.
    if hint && !tied && !(field && kind.ties == TIE) {
        return None;
    }
    let base =
        if hint { Score::base(0.051, "a word that hints at a situation") } else { Score::base(0.251, "a word for a person's situation") };
    let tie = Step { because: "a verb or a field ties it to the person", worth: if tied || field { 0.2 } else { 0.0 }, word: None };
    let with = |anchor: &Anchor| base.with(Step { because: anchor.because, worth: anchor.worth, word: anchor.word }).with(tie);
    if let Some(anchor) = certain(sight, signs, around) {
        let row = sight.cell(hit.start).is_some();
        let away = if row { None } else { Some(topic(sight, around, hit, kind, true)) };
        return Some(away.into_iter().flatten().fold(with(&anchor), Score::with));
    }
    // What is a topic with the best of the other signs is one with any: most sentences of a policy end here.
    let away = || topic(sight, around, hit, kind, false);
    if base.value() + UNCERTAIN_MAX + tie.worth + away().map(|step| step.worth).sum::<f32>() + 0.001 < THRESHOLD {
        return None;
    }
    let anchor = uncertain(sight, signs, around, hit);
    if anchor.file && is_topical(sight, hit) || anchor.worth == 0.0 || !hint && tie.worth == 0.0 && anchor.worth < 0.3 {
        return None;
    }
    Some(away().fold(with(&anchor), Score::with))
}

/// A hint is tied by a word close to it; verbs may stand at the end of the clause.
fn near_tie(around: &Around, ties: Groups, hit: &Hit) -> bool {
    around.of(ties).any(|tie| {
        let apart = tie.end <= hit.start || tie.start >= hit.end;
        let gap = if tie.end <= hit.start { hit.start - tie.end } else { tie.start.saturating_sub(hit.end) };
        apart && gap <= 60
    })
}

/// Words that mean something else in small letters.
fn in_its_case(seed: &[u8]) -> bool {
    let capitals = seed.iter().all(|byte| !byte.is_ascii_lowercase());
    match seed.len() {
        2 if seed.eq_ignore_ascii_case(b"sp") || seed.eq_ignore_ascii_case(b"ms") => capitals,
        4 if seed.eq_ignore_ascii_case(b"denk") => capitals,
        5 if seed.eq_ignore_ascii_case(b"aware") => capitals,
        4 if seed.eq_ignore_ascii_case(b"halt") || seed.eq_ignore_ascii_case(b"volt") || seed.eq_ignore_ascii_case(b"roma") => {
            seed[0].is_ascii_uppercase()
        }
        _ => true,
    }
}

/// `zijn man`, `her wife`.
fn same_sex(sight: &Sight<'_>, hit: &Hit) -> bool {
    let word = sight.text.get(hit.start..hit.end).unwrap_or("");
    let man = ["man", "vriend", "echtgenoot", "husband", "boyfriend"].iter().any(|known| word.eq_ignore_ascii_case(known));
    let before = sight.text.get(..hit.start).unwrap_or("").trim_end();
    let owner = before.rsplit(|c: char| !c.is_alphanumeric() && c != '\'').next().unwrap_or("");
    let his = ["zijn", "z'n", "his"].iter().any(|known| owner.eq_ignore_ascii_case(known));
    let her = ["haar", "d'r", "her"].iter().any(|known| owner.eq_ignore_ascii_case(known));
    let rest = sight.text.get(hit.end..).unwrap_or("");
    let friend = word.eq_ignore_ascii_case("vriend") || word.eq_ignore_ascii_case("vriendin");
    let together = || {
        let line = sight.around(hit.start, 60);
        let text = sight.text.get(line).unwrap_or("");
        ["samen", "relatie", "getrouwd", "trouwen", "trouwt", "verloofd"].iter().any(|word| text.contains(word))
    };
    (man && his || !man && her) && !rest.starts_with(" en vrouw") && (!friend || together())
}

#[cfg(test)]
mod tests;
