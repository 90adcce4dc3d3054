//! The floors: what each figure was, rounded down a little, and which have fallen since.
//!
//! Recorded per file of texts and per detector, so that a new file brings its own. Figures of which less is better (leaks, false alarms) have a ceiling.

use crate::Measured;
use crate::kinds;
use crate::score::{Scores, Tally, ratio};

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// Room under a figure before its floor: the floor is the whole percent below the figure less this.
const ROOM: f64 = 0.005;
/// Innocuous pages hold fewer findings of class confidential or higher than this, whatever was recorded.
const PER_PAGE: f64 = 1.0 / 50.0;

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Floors {
    files: BTreeMap<String, File>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    detectors: BTreeMap<String, Pair>,
    groups: BTreeMap<String, Pair>,
    /// Share of the disguised values that are found.
    evasion: f64,
    class_exact: f64,
    /// At most this share of the texts gets too low a class.
    class_leak_at_most: f64,
    /// At most this share of the texts without sensitive data raises a false alarm.
    false_alarm_texts_at_most: f64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    recall: f64,
    precision: f64,
}

fn down(figure: Option<f64>) -> f64 {
    figure.map_or(0.0, |figure| ((figure - ROOM).max(0.0) * 100.0).floor() / 100.0)
}

fn up(figure: Option<f64>) -> f64 {
    figure.map_or(0.0, |figure| ((figure + ROOM) * 100.0).ceil() / 100.0)
}

fn pair(tally: Tally) -> Pair {
    Pair { recall: down(tally.recall()), precision: down(tally.precision()) }
}

impl File {
    fn of(scores: &Scores) -> Self {
        let (labels, found) = scores.evaded();
        Self {
            detectors: scores.detectors.iter().map(|(family, tally)| (family.clone(), pair(*tally))).collect(),
            groups: kinds::GROUPS.iter().map(|(name, families)| ((*name).to_owned(), pair(scores.group(families)))).collect(),
            evasion: down(ratio(found, labels)),
            class_exact: down(ratio(scores.exact, scores.texts)),
            class_leak_at_most: up(ratio(scores.leaks, scores.texts)),
            false_alarm_texts_at_most: up(ratio(scores.alarmed, scores.clean)),
        }
    }

    /// A sentence for each figure that has fallen.
    fn fallen(&self, file: &str, scores: &Scores) -> Vec<String> {
        let mut fallen = Vec::new();
        let mut under = |what: &str, figure: Option<f64>, floor: f64, look: &str| {
            // A floor of 0 stands where nothing was measured.
            if floor > 0.0 && figure.is_none_or(|figure| figure < floor) {
                let figure = figure.map_or_else(|| "not measured any more".to_owned(), |figure| format!("{:.2}%", figure * 100.0));
                fallen.push(format!("{file}: {what} is {figure}, under its floor of {:.0}%; {look}", floor * 100.0));
            }
        };
        for (family, floor) in &self.detectors {
            let tally = scores.detectors.get(family).copied().unwrap_or_default();
            let look = format!("what was missed or wrong: SLUIS_CORPUS_SHOW={family} cargo test --test corpus");
            under(&format!("{family}: recall"), tally.recall(), floor.recall, &look);
            under(&format!("{family}: precision"), tally.precision(), floor.precision, &look);
        }
        for (group, floor) in &self.groups {
            let families = kinds::GROUPS.iter().find(|(name, _)| name == group).map_or(&[][..], |(_, families)| *families);
            let tally = scores.group(families);
            let look = format!("the detectors of the group: {}", families.join(" "));
            under(&format!("group {group}: recall"), tally.recall(), floor.recall, &look);
            under(&format!("group {group}: precision"), tally.precision(), floor.precision, &look);
        }
        let (labels, found) = scores.evaded();
        under("evasion", ratio(found, labels), self.evasion, "the table above says which kinds of disguise");
        under("exact class", ratio(scores.exact, scores.texts), self.class_exact, "the table above says whether too high or too low");
        let mut over = |what: &str, figure: Option<f64>, ceiling: f64| {
            let figure = figure.unwrap_or(0.0);
            if figure > ceiling {
                fallen.push(format!("{file}: {what} is {:.2}%, over its ceiling of {:.0}%", figure * 100.0, ceiling * 100.0));
            }
        };
        over("texts with too low a class", ratio(scores.leaks, scores.texts), self.class_leak_at_most);
        over("clean texts that raised a false alarm", ratio(scores.alarmed, scores.clean), self.false_alarm_texts_at_most);
        for family in scores.detectors.keys().filter(|family| !self.detectors.contains_key(*family)) {
            fallen.push(format!("{file}: {family} has no floor yet; SLUIS_CORPUS_UPDATE=1 cargo test --test corpus records one"));
        }
        fallen
    }
}

impl Floors {
    pub fn of(measured: &Measured) -> Self {
        Self { files: measured.corpora.iter().map(|(corpus, scores)| (corpus.name.clone(), File::of(scores))).collect() }
    }

    pub fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|why| why.to_string())?;
        serde_json::from_str(&text).map_err(|why| why.to_string())
    }

    pub fn write(&self, path: &Path) {
        let text = serde_json::to_string_pretty(self).expect("floors are plain data");
        std::fs::write(path, text + "\n").expect("the floors can be written");
    }

    pub fn fallen(&self, measured: &Measured) -> Vec<String> {
        let mut fallen = Vec::new();
        for (corpus, scores) in &measured.corpora {
            match self.files.get(&corpus.name) {
                Some(file) => fallen.extend(file.fallen(&corpus.name, scores)),
                None => {
                    fallen.push(format!("{} has no floors yet; SLUIS_CORPUS_UPDATE=1 cargo test --test corpus records them", corpus.name))
                }
            }
        }
        for file in self.files.keys().filter(|file| measured.corpora.iter().all(|(corpus, _)| corpus.name != **file)) {
            fallen.push(format!("{file} has floors and is not there any more"));
        }
        if let Some(per_page) = measured.innocuous.per_page().filter(|per_page| *per_page >= PER_PAGE) {
            fallen.push(format!(
                "innocuous texts: {} findings of class confidential or higher in {:.0} pages, 1 in {:.0}; the aim is under 1 in {:.0}. They stand in the table above",
                measured.innocuous.grave,
                measured.innocuous.pages,
                1.0 / per_page,
                1.0 / PER_PAGE
            ));
        }
        fallen
    }

    /// Which floors of detectors the new ones are under.
    pub fn lowered(&self, new: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        for (name, file) in &self.files {
            for (family, old) in &file.detectors {
                let now = new.files.get(name).and_then(|file| file.detectors.get(family)).copied().unwrap_or_default();
                if now.recall < old.recall || now.precision < old.precision {
                    lines.push(format!(
                        "{name} {family}: recall {:.2} to {:.2}, precision {:.2} to {:.2}",
                        old.recall, now.recall, old.precision, now.precision
                    ));
                }
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(found: usize, wrong: usize) -> Scores {
        let tally = Tally { labels: 100, found, right: 100, wrong };
        Scores { texts: 100, exact: 100, detectors: [("phone".to_owned(), tally)].into(), ..Scores::default() }
    }

    #[test]
    fn a_figure_may_dip_a_little_and_a_fall_names_detector_figure_and_floor() {
        let floors = File::of(&scores(98, 0));
        assert_eq!(floors.detectors["phone"], Pair { recall: 0.97, precision: 0.99 });
        assert!(floors.fallen("a.jsonl", &scores(97, 0)).is_empty());
        let fallen = floors.fallen("a.jsonl", &scores(96, 0));
        assert!(fallen[0].starts_with("a.jsonl: phone: recall is 96.00%, under its floor of 97%"), "{fallen:?}");
        assert!(fallen[0].contains("SLUIS_CORPUS_SHOW=phone"), "{fallen:?}");
        assert!(floors.fallen("a.jsonl", &scores(98, 5))[0].contains("phone: precision is 95.24%"));
    }

    #[test]
    fn a_detector_that_is_gone_or_new_is_told() {
        let gone = File::of(&scores(98, 0)).fallen("a.jsonl", &Scores { texts: 1, exact: 1, ..Scores::default() });
        assert!(gone.iter().any(|line| line.contains("phone: recall is not measured any more")), "{gone:?}");
        let new = File::default().fallen("a.jsonl", &scores(98, 0));
        assert!(new.iter().any(|line| line.contains("phone has no floor yet")), "{new:?}");
    }

    #[test]
    fn more_leaks_than_recorded_are_a_fall() {
        let floors = File::of(&Scores { leaks: 1, ..scores(98, 0) });
        assert!(floors.fallen("a.jsonl", &Scores { leaks: 2, ..scores(98, 0) }).is_empty());
        assert!(floors.fallen("a.jsonl", &Scores { leaks: 3, ..scores(98, 0) })[0].contains("too low a class is 3.00%"));
    }
}
