//! How sure a finding is: what the value itself is worth, plus what the words around it say.
//!
//! A detector gives a base (shape and check digits) and adds or takes away for what it sees; [`context`] weighs the words around a value, once,
//! by the first that says anything. Findings under [`THRESHOLD`] are not given. Every [`Score`] keeps its steps, so that `sluis scan --explain`
//! can show them; `docs/detection.md` explains the same in plain words.

use super::groups::Groups;
use super::sight::Sight;

/// The confidence from which a finding counts.
pub(crate) const THRESHOLD: f32 = 0.5;

/// Bytes around a value in which a word speaks for or against it most.
pub(crate) const NEAR: usize = 60;
/// Bytes in which it still says something.
const WIDE: usize = 300;

/// One thing that was added to or taken from a score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Step {
    /// Why, as a short English phrase: `nine digits that pass the elfproef`.
    pub because: &'static str,
    /// -1 to 1; 0 when nothing was said.
    pub worth: f32,
    /// The word that said it, as a place in the normalised text.
    pub word: Option<(usize, usize)>,
}

impl Step {
    /// Nothing speaks for or against.
    pub const NOTHING: Self = Self { because: "", worth: 0.0, word: None };

    /// The same reason, weighed at `factor` times its worth.
    pub fn times(self, factor: f32) -> Self {
        Self { worth: self.worth * factor, ..self }
    }
}

const STEPS: usize = 6;

/// A confidence and the steps that it is the sum of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Score {
    sum: f32,
    steps: [Step; STEPS],
    len: usize,
}

impl Score {
    /// What the value itself is worth.
    pub fn base(worth: f32, because: &'static str) -> Self {
        Self { sum: 0.0, steps: [Step::NOTHING; STEPS], len: 0 }.and(worth, because)
    }

    /// Adds (or takes away) for a reason that has no word of its own.
    pub fn and(self, worth: f32, because: &'static str) -> Self {
        self.with(Step { because, worth, word: None })
    }

    /// Adds a step; one that says nothing leaves no trace. Steps beyond the sixth count in the sum only.
    pub fn with(mut self, step: Step) -> Self {
        if step.worth != 0.0 {
            self.sum += step.worth;
            if let Some(free) = self.steps.get_mut(self.len) {
                *free = step;
                self.len += 1;
            }
        }
        self
    }

    /// The confidence, 0 to 0.99.
    pub fn value(&self) -> f32 {
        self.sum.clamp(0.0, 0.99)
    }

    pub fn steps(&self) -> &[Step] {
        &self.steps[..self.len]
    }

    /// The same score, with the places of its words in another text.
    pub fn moved(mut self, mut place: impl FnMut(usize, usize) -> (usize, usize)) -> Self {
        for step in &mut self.steps[..self.len] {
            step.word = step.word.map(|(start, end)| place(start, end));
        }
        self
    }
}

/// What the words around `start..end` are worth: up to +0.4 when the groups `for_it` name the value, down to -0.4 when `against` does.
///
/// In this order, the first that says anything decides: the head of the column, the nearest word before the value, the part's label, the
/// nearest word after it, the line, and 300 bytes on either side.
pub(crate) fn context(sight: &Sight<'_>, start: usize, end: usize, for_it: Groups, against: Groups) -> Step {
    let both = for_it | against;
    if sight.label & both == 0 && !sight.has(both) {
        return Step::NOTHING;
    }
    let cell = sight.cell(start);
    if let Some(head) = sight.column(start)
        && let Some(hit) = sight.first_in(head.clone(), for_it).or_else(|| sight.first_in(head, against))
    {
        let named = hit.groups & for_it != 0;
        let because = if named { "the head of its column names it" } else { "the head of its column names something else" };
        return Step { because, worth: if named { 0.4 } else { -0.4 }, word: Some((hit.start, hit.end)) };
    }
    let before = sight.nearest_before(start, both, NEAR).filter(|hit| cell.as_ref().is_none_or(|cell| cell.start <= hit.start));
    if let Some(hit) = before {
        let named = hit.groups & for_it != 0;
        let because = if named { "a word before it names it" } else { "a word before it names something else" };
        return Step { because, worth: if named { 0.4 } else { -0.4 }, word: Some((hit.start, hit.end)) };
    }
    if sight.label & both != 0 {
        let named = sight.label & for_it != 0;
        let because = if named { "the label of its field names it" } else { "the label of its field names something else" };
        return Step { because, worth: if named { 0.3 } else { -0.3 }, word: None };
    }
    let line = sight.line(start);
    if let Some(hit) = sight.nearest_after(end, both, NEAR / 2).filter(|hit| hit.start < line.end) {
        let named = hit.groups & for_it != 0;
        let because = if named { "a word after it names it" } else { "a word after it names something else" };
        return Step { because, worth: if named { 0.3 } else { -0.3 }, word: Some((hit.start, hit.end)) };
    }
    let wide = start.saturating_sub(WIDE)..end + WIDE;
    let found = [
        (line.clone(), for_it, 0.2, "a word in its line names it"),
        (line, against, -0.2, "a word in its line names something else"),
        (wide, for_it, 0.15, "a word within 300 bytes names it"),
    ]
    .into_iter()
    .find_map(|(range, groups, worth, because)| Some((sight.first_in(range, groups)?, worth, because)));
    found.map_or(Step::NOTHING, |(hit, worth, because)| Step { because, worth, word: Some((hit.start, hit.end)) })
}

/// Nothing but signs stands before the value in its line: a list of values, with their name somewhere above.
pub(crate) fn starts_its_line(sight: &Sight<'_>, start: usize) -> bool {
    let line = sight.line(start);
    sight.bytes[line.start..start].iter().all(|&byte| !super::prefilter::is_word(byte))
}
