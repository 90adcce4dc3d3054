//! What is in the words: normalise, prefilter, detectors, score, and out come [`Finding`]s.
//!
//! Takes a text and the label it stood under; gives what was found, by detector, place and confidence, never the value. It does no I/O, holds
//! no state between texts, and never panics on any text. `docs/detection.md` explains it to people; to add a detector, see [`detectors`].

mod blocks;
mod detectors;
mod disguise;
mod groups;
mod homoglyphs;
mod keywords;
mod kinds;
mod layout;
mod lexicon;
mod merge;
mod names;
mod normalise;
mod numbers;
mod own;
mod prefilter;
#[cfg(test)]
mod properties;
mod score;
mod sight;
#[doc(hidden)]
pub mod stages;
#[cfg(test)]
mod testing;
mod windows;

pub use kinds::{Kind, kind_of};
pub use own::{OwnDetector, OwnKind, PlanError};

use detectors::Candidate;
use keywords::Keywords;
use normalise::Normalised;
use score::Score;
use serde::Serialize;
use sight::Sight;
use std::sync::{Arc, LazyLock};

/// One thing found in a text. Offsets are bytes in the UTF-8 text that was given; the value itself is not kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// Contract id: `nl.bsn`, `iban`, `credential.github-token`, or the organisation's own.
    pub detector: Arc<str>,
    pub start: usize,
    pub end: usize,
    /// 0 to 1; findings under the plan's threshold are not given at all.
    pub confidence: f32,
}

/// A finding and the steps that its confidence is the sum of.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    pub finding: Finding,
    pub why: Vec<Why>,
}

/// One step of a score: why something was added or taken away, and by which word of the text. Never the value that was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Why {
    pub because: &'static str,
    /// -1 to 1.
    pub worth: f32,
    /// The known word near the value that said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub word: Option<String>,
}

static KEYWORDS: LazyLock<Keywords> = LazyLock::new(|| {
    Keywords::new(detectors::ALL.iter().flat_map(|detector| detector.words).chain(detectors::SHARED).chain(disguise::WORDS).copied())
});

static IDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut ids: Vec<&'static str> = detectors::ALL.iter().flat_map(|detector| detector.ids).copied().collect();
    ids.sort_unstable();
    ids
});

/// The ids of every built-in detector, sorted.
pub fn builtin_ids() -> &'static [&'static str] {
    &IDS
}

/// Whether an id in a policy stands for a detector: itself, or the family before a dot (`credential` covers `credential.github-token`).
pub fn covers(listed: &str, detector: &str) -> bool {
    detector.strip_prefix(listed).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The id under which a sensitivity label of this name is found, where the policy names it: `label.intern-vertrouwelijk`.
pub fn label_id(name: &str) -> String {
    format!("label.{}", detectors::label::slug(name))
}

/// The word that stands for a detector in a placeholder such as `[BSN-1]`: capitals and hyphens only.
pub fn nice_name(detector: &str) -> &'static str {
    kind_of(detector).map_or("FINDING", |kind| kind.placeholder)
}

/// Everything that is looked for: the built-in detectors and the organisation's own. Made once per policy, shared by all threads.
pub struct Plan {
    own: own::Own,
    own_ids: Vec<Arc<str>>,
    /// The built-in ids, in the order of [`builtin_ids`], so that a finding needs no allocation for its name.
    ids: Vec<Arc<str>>,
    /// Ids of the sensitivity labels that the policy names: `label.vertrouwelijk`.
    labels: Vec<Arc<str>>,
}

impl std::fmt::Debug for Plan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plan").field("own", &self.own_ids).finish_non_exhaustive()
    }
}

/// The name of the field, key or file that a text stood in, with what its words stand for.
struct Label<'a> {
    text: &'a str,
    groups: groups::Groups,
}

impl Plan {
    /// The built-in detectors, which are always on, and the organisation's own.
    ///
    /// # Errors
    /// Names the own detector that cannot be used, and why.
    pub fn new(own: &[OwnDetector]) -> Result<Self, PlanError> {
        LazyLock::force(&KEYWORDS);
        lexicon::prepare();
        detectors::prepare();
        Ok(Self {
            own: own::Own::new(own)?,
            own_ids: own.iter().map(|detector| detector.id.as_str().into()).collect(),
            ids: builtin_ids().iter().map(|&id| id.into()).collect(),
            labels: Vec::new(),
        })
    }

    /// The same plan, which gives a sensitivity label of one of these names the id [`label_id`] of it; other labels stay `label`.
    #[must_use]
    pub fn with_labels<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.labels = names.into_iter().map(|name| label_id(name).into()).collect();
        self
    }

    /// Findings in the text: sorted, not overlapping, offsets on character borders of the text as given. `label` is the name of the field,
    /// key or file that the text stood in, and counts as context.
    pub fn scan(&self, text: &str, label: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.each(text, label, &mut |finding, _, _| findings.push(finding));
        findings
    }

    /// The same findings, each with the steps that its confidence is the sum of.
    pub fn explain(&self, text: &str, label: &str) -> Vec<Explained> {
        let mut explained = Vec::new();
        self.each(text, label, &mut |finding, score, read| {
            let why = score.steps().iter().map(|step| Why {
                because: step.because,
                worth: step.worth,
                word: step.word.and_then(|(start, end)| read.get(start..end)).map(str::to_owned),
            });
            explained.push(Explained { finding, why: why.collect() });
        });
        explained
    }

    /// Calls `tell` for each finding in order, with its score and the text that the score's places are in.
    fn each(&self, text: &str, label: &str, tell: &mut dyn FnMut(Finding, &Score, &str)) {
        let label = Label { text: label, groups: if label.is_empty() { 0 } else { prefilter::trace(label, &KEYWORDS, None).present } };
        let mut told = 0;
        for window in windows::windows(text) {
            let body = &window.body;
            self.window(&window.text, &label, &mut |finding, score, read| {
                let (Some(start), Some(end)) = (window.place(finding.start), window.place(finding.end)) else { return };
                // What starts after the body is the next window's; what ended before it was the last one's.
                if start < body.end && end > told.max(body.start) {
                    // Two findings can share one character that was written as several; the first keeps it.
                    let start = start.max(told);
                    told = end;
                    tell(Finding { start, end, ..finding }, score, read);
                }
            });
        }
    }

    fn window(&self, text: &str, label: &Label<'_>, tell: &mut dyn FnMut(Finding, &Score, &str)) {
        let normalised = Normalised::new(text);
        let trace = prefilter::trace(&normalised.text, &KEYWORDS, self.own.beginnings());
        let sight = Sight::new(&normalised.text, &trace, label.groups);

        let (mut candidates, mut own) = self.look(&sight, label);
        for hidden in disguise::undisguise(&normalised.text, &trace, &|text| prefilter::trace(text, &KEYWORDS, self.own.beginnings())) {
            let sight = Sight::new(hidden.text(), &hidden.trace, label.groups);
            let (hidden_candidates, hidden_own) = self.look(&sight, label);
            hidden.add(&normalised.text, merge::merge(&sight, hidden_candidates, hidden_own), &mut candidates, &mut own);
        }
        if candidates.is_empty() && own.is_empty() {
            return;
        }
        for found in merge::merge(&sight, candidates, own) {
            let Some(detector) = self.label(&found, &normalised.text).or_else(|| self.name(&found)) else { continue };
            let (start, end) = normalised.original(found.start, found.end);
            tell(Finding { detector, start, end, confidence: found.confidence }, &found.score, &normalised.text);
        }
    }

    fn look(&self, sight: &Sight<'_>, label: &Label<'_>) -> (Vec<Candidate>, Vec<own::OwnCandidate>) {
        let (mut candidates, mut own) = (Vec::new(), Vec::new());
        for detector in detectors::ALL {
            (detector.look)(sight, &mut candidates);
        }
        self.own.look(sight, label.text, sight.trace.own, &mut own);
        (candidates, own)
    }

    /// As [`Plan::scan`], for the messages of one conversation in their order, each with its label. A value that is told over several
    /// messages is found in each of them, and what was said last counts as context for what is said next.
    pub fn scan_parts(&self, parts: &[(&str, &str)]) -> Vec<Vec<Finding>> {
        let mut all: Vec<Vec<Finding>> = parts.iter().map(|(text, label)| self.scan(text, label)).collect();
        for index in 1..parts.len() {
            let Some(seam) = disguise::seam(parts, index) else { continue };
            for finding in self.scan(&seam.text, parts[index].1) {
                for (message, from, stretch) in &seam.stretches {
                    let (start, end) = (finding.start.max(stretch.start), finding.end.min(stretch.end));
                    if start >= end {
                        continue;
                    }
                    let (start, end) = (start - stretch.start + from, end - stretch.start + from);
                    let found = &mut all[*message];
                    let after = found.partition_point(|other| other.end <= start);
                    if found.get(after).is_none_or(|other| other.start >= end) {
                        found.insert(after, Finding { detector: finding.detector.clone(), start, end, confidence: finding.confidence });
                    }
                }
            }
        }
        all
    }

    /// The id of a label that the policy names.
    fn label(&self, found: &merge::Found, text: &str) -> Option<Arc<str>> {
        if found.id != "label" || self.labels.is_empty() {
            return None;
        }
        let id = label_id(detectors::label::name_in(text.get(found.start..found.end)?)?);
        self.labels.iter().find(|label| ***label == *id).cloned()
    }

    fn name(&self, found: &merge::Found) -> Option<Arc<str>> {
        match found.owner {
            Some(owner) => self.own_ids.get(owner).cloned(),
            None => builtin_ids().binary_search(&found.id).ok().map(|index| self.ids[index].clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plan() -> Plan {
        Plan::new(&[]).unwrap()
    }

    fn own(kind: OwnKind, context: &[&str]) -> Plan {
        Plan::new(&[OwnDetector { id: "eigen".into(), kind, context: context.iter().map(|&word| word.to_owned()).collect() }]).unwrap()
    }

    #[test]
    fn ids_are_unique_and_families_cover_their_kinds() {
        assert!(builtin_ids().windows(2).all(|pair| pair[0] < pair[1]));
        assert!(covers("credential", "credential.jwt") && covers("nl.bsn", "nl.bsn") && covers("marking", "marking.confidential"));
        assert!(!covers("credential", "credentials") && !covers("credential.jwt", "credential"));
    }

    #[test]
    fn a_clean_text_gives_nothing() {
        assert_eq!(plan().scan("Schrijf een nette uitnodiging voor de bewonersavond.", ""), []);
    }

    #[test]
    fn an_explanation_names_the_words_that_spoke_and_never_the_value() {
        let explained = plan().explain("Het bsn is 111222333.", "");
        let why = &explained[0].why;
        assert_eq!(why.iter().filter_map(|why| why.word.as_deref()).collect::<Vec<_>>(), ["bsn"]);
        let sum: f32 = why.iter().map(|why| why.worth).sum();
        assert!((sum - explained[0].finding.confidence).abs() < 0.01, "{explained:?}");
    }

    #[test]
    fn the_label_of_a_part_is_context() {
        assert_eq!(plan().scan("111222333", "burgerservicenummer").len(), 1);
        assert_eq!(plan().scan("111222333", "ordernummer").len(), 0);
    }

    #[test]
    fn a_value_hidden_in_other_characters_is_found_where_it_stands() {
        let text = "bsn \u{ff11}\u{ff11}\u{ff11}\u{200b}222\u{a0}333!";
        let text = &text.replace('\u{a0}', "");
        let findings = plan().scan(text, "");
        assert_eq!(findings.len(), 1);
        assert_eq!(&text[findings[0].start..findings[0].end], "\u{ff11}\u{ff11}\u{ff11}\u{200b}222333");
    }

    #[test]
    fn own_patterns_and_words_are_found_under_their_own_name() {
        let findings = own(OwnKind::Pattern(r"\bZ-\d{4}-\d{6}\b".into()), &[]).scan("Over Z-2024-004512 graag", "");
        assert_eq!(findings.iter().map(|f| (&*f.detector, f.start, f.end)).collect::<Vec<_>>(), [("eigen", 5, 18)]);
        let plan = own(OwnKind::Words(vec!["Project Waterlelie".into(), "één".into()]), &[]);
        assert_eq!(plan.scan("het PROJECT waterlelie, ÉÉN keer; geen waterlelies of project waterlelies", "").len(), 2);
    }

    #[test]
    fn an_own_detector_with_context_words_needs_one_of_them() {
        let plan = own(OwnKind::Pattern(r"\b\d{6}\b".into()), &["zaak", "dossier"]);
        assert_eq!(plan.scan("Dossier 123456", "").len(), 1);
        assert_eq!(plan.scan("nummer;zaak;x\n1;654321;y", "").len(), 1);
        assert_eq!(plan.scan("123456", "zaak").len(), 1);
        assert_eq!(plan.scan("Code 123456, noodzaak", "").len(), 0);
    }

    #[test]
    fn a_broken_own_pattern_is_refused_by_name() {
        let broken = |kind| Plan::new(&[OwnDetector { id: "kapot".into(), kind, context: Vec::new() }]).unwrap_err();
        assert!(broken(OwnKind::Pattern("(".into())).to_string().starts_with("detector 'kapot': the pattern is not a regular expression"));
        assert!(broken(OwnKind::Pattern("a*".into())).to_string().contains("match everywhere"));
        assert!(broken(OwnKind::Words(vec![" ".into()])).to_string().contains("no words"));
    }

    #[test]
    fn nothing_is_lost_where_own_and_built_in_findings_overlap() {
        let findings = own(OwnKind::Pattern("bsn 111222333 van Jan".into()), &[]).scan("bsn 111222333 van Jan", "");
        let names: Vec<&str> = findings.iter().map(|finding| &*finding.detector).collect();
        assert_eq!(names, ["eigen", "nl.bsn", "eigen"]);
    }

    #[test]
    fn hostile_repetition_is_read_in_linear_time() {
        let started = std::time::Instant::now();
        for piece in [
            "1 ",
            "111222333 ",
            "1-1.",
            "a;1\n",
            "naam;x\n",
            "naam;",
            "mevrouw ",
            "A. ",
            "@",
            "a@b.nl",
            "://",
            "a://b:c1d2e3@",
            "password ",
            "password=",
            "-----BEGIN PRIVATE KEY-----",
            "eyJa.",
            "eyJhbGciOiJIUzI1NiJ9.",
            "BestelbusBestelbus",
            "depressie ",
            "vertrouwelijk ",
            "geboren ",
            "1-1-1980 ",
            "groet\n",
            "cv ",
            "import x\n",
            "NL91 ABNA ",
            "06-",
            "\u{200b}",
            "½",
            "e\u{301}",
            "bsn\n",
            "1234 AB ",
            "12 ",
            "Bos-",
            ",",
            ";;;\n",
            "hooks.slack.com/services/T",
        ] {
            check(&plan(), &piece.repeat((64 << 10) / piece.len()), "");
        }
        // Quadratic work on any of these takes minutes; a busy machine and a debug build stay far below this.
        assert!(started.elapsed() < std::time::Duration::from_secs(60), "{:?}", started.elapsed());
    }

    fn check(plan: &Plan, text: &str, label: &str) {
        let mut last = 0;
        for finding in plan.scan(text, label) {
            assert!(finding.start >= last && finding.start < finding.end && finding.end <= text.len());
            assert!(text.is_char_boundary(finding.start) && text.is_char_boundary(finding.end));
            assert!(finding.confidence >= score::THRESHOLD && finding.confidence <= 1.0);
            last = finding.end;
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn any_text_gives_sorted_findings_on_character_borders(text in any::<String>(), label in ".{0,10}") {
            check(&plan(), &text, &label);
        }

        #[test]
        fn texts_made_of_the_pieces_of_findings_do_too(pieces in proptest::collection::vec(prop_oneof![
            proptest::sample::select(vec![
                "bsn", "111222333", "1234.56.782", " ", "\n", ";", "|", ",", "NL91ABNA0417164300", "06-12345678", "+31 6", "(0)", "a@b.nl", "@", "://", "https://a:b12345@c.nl", "mevrouw ", "J.P. ", "van ", "de ", "Bos", "é", "“", "”", "€",
                "\u{200b}", "\u{ff11}", "½", "e\u{301}", "\u{a0}", "Dorpsstraat 12", "1234 AB", "Zeist", "kenteken ", "NH-BN-66", "password=", "wachtwoord is ", "Welkom01!", "AKIA", "sk-", "eyJhbGciOiJIUzI1NiJ9.", "-----BEGIN ", "PRIVATE KEY-----",
                "VERTROUWELIJK", "Stg. GEHEIM", "geboren ", "24-11-1980", "import os", "x = 1;", "\t", "naam;bsn;x", "depressie", "hij ", "cv ", "kandidaat ", "5242 3707 3221 8544", "apenstaartje", " punt ", "nl", "'s-", "-", ".", "Groet,\n", "0",
            ]).prop_map(str::to_owned),
            "[0-9]{1,12}", "\\PC{0,3}",
        ], 0..30)) {
            let text = pieces.concat();
            check(&plan(), &text, "");
            let own = Plan::new(&[
                OwnDetector { id: "a".into(), kind: OwnKind::Pattern(r"\d+|[b-z]+ ".into()), context: vec![] },
                OwnDetector { id: "b".into(), kind: OwnKind::Words(vec!["Bos".into(), "é".into(), "van de".into()]), context: vec!["hij".into()] },
            ]).unwrap();
            check(&own, &text, "bsn");
        }
    }
}
