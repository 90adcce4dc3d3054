//! Charts as plain numbers for an SVG template: where each bar stands, how high it is, what it is called.
//!
//! Takes an [`Overview`], in which small groups are hidden already. A hidden count is drawn as a low hatched bar of one fixed height, so that its height says
//! nothing.

use super::overview::{Line, Overview};
use crate::page::{Lang, action_word, detector_word, whole};
use crate::record::suppress::Cell;

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 280.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 28.0;
/// Width of the small drawing of one line; its height is 28.
const SPARK: f64 = 320.0;
/// Height of a bar whose count is hidden.
const HIDDEN: f64 = 7.0;

/// A rectangle; coordinates are written already.
pub struct Piece {
    pub x: String,
    pub y: String,
    pub width: String,
    pub height: String,
    /// Action, status or `hidden`: which colour and pattern.
    pub kind: &'static str,
    /// What the pointer shows: "24-11-2026: 12 tegengehouden".
    pub title: String,
}

/// A label beside a line.
pub struct Tick {
    pub at: String,
    pub label: String,
}

/// The decisions of each step, stacked.
pub struct Stack {
    pub pieces: Vec<Piece>,
    pub rows: Vec<Tick>,
    pub columns: Vec<Tick>,
    /// Pale bands behind weekends.
    pub weekends: Vec<Piece>,
}

fn number(value: f64) -> String {
    format!("{value:.1}")
}

/// What the reader sees of a cell: a number, or `<5`.
pub fn cell(cell: Cell, k: u64, lang: Lang) -> String {
    match cell {
        Cell::Shown(number) => whole(number, lang),
        Cell::Hidden => format!("<{k}"),
    }
}

/// The style of an action; never text from outside.
pub fn action_kind(action: &str) -> &'static str {
    super::overview::ACTIONS.into_iter().find(|known| *known == action).unwrap_or("allow")
}

/// The style of a register status; never text from outside.
pub fn status_kind(status: &str) -> &'static str {
    ["approved", "pilot", "forbidden"].into_iter().find(|known| *known == status).unwrap_or("unreviewed")
}

impl Stack {
    pub fn new(overview: &Overview, lang: Lang) -> Self {
        let slots = overview.slots.len().max(1);
        let step = (WIDTH - LEFT - RIGHT) / slots as f64;
        let floor = HEIGHT - BOTTOM;
        let sum = |slot: usize| overview.actions.iter().filter_map(|line| line.cells.get(slot)?.shown()).sum::<u64>();
        let (tick, top) = scale((0..slots).map(sum).max().unwrap_or(0));
        let height_of = |value: u64| value as f64 / top as f64 * (floor - TOP - HIDDEN);
        let mut stack = Self { pieces: Vec::new(), rows: Vec::new(), columns: Vec::new(), weekends: Vec::new() };
        let every = slots.div_ceil(15);
        for (place, slot) in overview.slots.iter().enumerate() {
            let left = LEFT + step * place as f64;
            let mut at = floor;
            let mut few = Vec::new();
            for line in &overview.actions {
                match line.cells.get(place) {
                    None | Some(Cell::Shown(0)) => {}
                    Some(Cell::Hidden) => few.push(action_word(&line.id, lang)),
                    Some(Cell::Shown(value)) => {
                        let height = height_of(*value).max(1.5);
                        at -= height;
                        let title = format!("{}: {} {}", slot.long(lang), whole(*value, lang), action_word(&line.id, lang));
                        stack.pieces.push(piece(left + step * 0.14, at, step * 0.72, height, action_kind(&line.id), title));
                    }
                }
            }
            // All that is hidden becomes one cap, so that not even their number adds to the height.
            if !few.is_empty() {
                let title = format!("{}: <{} {}", slot.long(lang), overview.k, few.join(", "));
                stack.pieces.push(piece(left + step * 0.14, at - HIDDEN, step * 0.72, HIDDEN, "hidden", title));
            }
            if slot.weekend() {
                stack.weekends.push(piece(left, TOP, step, floor - TOP, "weekend", String::new()));
            }
            if place % every == 0 {
                stack.columns.push(Tick { at: number(left + step / 2.0), label: slot.short(lang) });
            }
        }
        stack.rows = (0..=top / tick).map(|n| Tick { at: number(floor - height_of(n * tick)), label: whole(n * tick, lang) }).collect();
        stack
    }
}

fn piece(x: f64, y: f64, width: f64, height: f64, kind: &'static str, title: String) -> Piece {
    Piece { x: number(x), y: number(y), width: number(width), height: number(height), kind, title }
}

/// Distance of the grid lines (1, 2 or 5 times a power of ten) and the top of the scale, for at most five lines.
fn scale(highest: u64) -> (u64, u64) {
    let mut power = 1u64;
    loop {
        for factor in [1, 2, 5] {
            let tick = power.saturating_mul(factor);
            if highest.div_ceil(tick) <= 5 {
                return (tick, highest.div_ceil(tick).max(1).saturating_mul(tick));
            }
        }
        power = power.saturating_mul(10);
    }
}

/// One line over time, small enough for a table cell; every line has its own scale.
pub struct Spark {
    pub pieces: Vec<Piece>,
    /// The highest number that is shown.
    pub highest: String,
}

impl Spark {
    pub fn new(line: &Line, overview: &Overview, lang: Lang) -> Self {
        let highest = line.cells.iter().filter_map(|cell| cell.shown()).max().unwrap_or(0);
        let step = SPARK / line.cells.len().max(1) as f64;
        let pieces = line.cells.iter().zip(&overview.slots).enumerate().filter_map(|(place, (value, slot))| {
            let (height, kind) = match value {
                Cell::Shown(0) => return None,
                Cell::Shown(value) => ((*value as f64 / highest.max(1) as f64 * 26.0).max(1.5), status_kind(&line.status)),
                Cell::Hidden => (HIDDEN - 1.0, "hidden"),
            };
            let title = format!("{}: {}", slot.long(lang), cell(*value, overview.k, lang));
            Some(piece(step * (place as f64 + 0.12), 28.0 - height, step * 0.76, height, kind, title))
        });
        Self { pieces: pieces.collect(), highest: whole(highest, lang) }
    }
}

/// One bar of a bar list.
pub struct Bar {
    pub label: String,
    pub value: String,
    /// 0 to 100.
    pub width: String,
    pub hidden: bool,
}

impl Bar {
    /// Bars for labelled counts on one scale.
    pub fn list(rows: impl IntoIterator<Item = (String, Cell)>, k: u64, lang: Lang) -> Vec<Self> {
        let rows: Vec<_> = rows.into_iter().collect();
        let highest = rows.iter().filter_map(|(_, count)| count.shown()).max().unwrap_or(0).max(1);
        rows.into_iter()
            .map(|(label, count)| Self {
                label,
                value: cell(count, k, lang),
                width: number(count.shown().map_or(4.0, |count| (count as f64 / highest as f64 * 100.0).max(1.0))),
                hidden: count == Cell::Hidden,
            })
            .collect()
    }

    /// What the detectors found, one bar per kind of data; two classes of one detector are told apart by name.
    pub fn detectors(overview: &Overview, lang: Lang) -> Vec<Self> {
        Self::list(overview.findings.iter().map(|found| (detector_word(&found.detector, lang), found.count)), overview.k, lang)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_has_at_most_five_round_steps_and_reaches_the_highest_bar() {
        for (highest, expected) in
            [(0, (1, 1)), (1, (1, 1)), (5, (1, 5)), (6, (2, 6)), (23, (5, 25)), (101, (50, 150)), (1234, (500, 1500))]
        {
            assert_eq!(scale(highest), expected, "{highest}");
        }
        assert!(scale(u64::MAX).0 > 0);
    }
}
