//! Hiding counts on few people (governance section 6): a cell on one to four distinct people is not shown, nor is a second cell where a total
//! would give the first one back.
//!
//! Pure functions over counts, for the console and the reports alike. What is hidden is gone here: nothing that comes after can tell it.

use std::collections::BTreeSet;

/// The smallest group that is counted (governance section 6); settings may only raise it.
pub const SMALLEST_GROUP: u64 = 5;

/// What may be known about a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    Shown(u64),
    /// Fewer than `k` people stand behind it, or showing it would give such a number away.
    Hidden,
}

impl Cell {
    /// A number on `people` distinct people.
    pub fn of(number: u64, people: u64, k: u64) -> Self {
        if people >= k || (number == 0 && people == 0) { Self::Shown(number) } else { Self::Hidden }
    }

    /// A count of people.
    pub fn people(people: u64, k: u64) -> Self {
        Self::of(people, people, k)
    }

    pub fn shown(self) -> Option<u64> {
        match self {
            Self::Shown(number) => Some(number),
            Self::Hidden => None,
        }
    }
}

/// One cell before hiding: a number, and how many distinct people stand behind it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Raw {
    pub number: u64,
    pub people: u64,
}

/// A table (rows of equal length) whose row totals and column totals are known to the reader. `group` is the number of distinct people in the
/// whole table: where it is under `k`, even a zero says something about them, and the whole table is hidden.
pub fn grid(raw: &[Vec<Raw>], group: u64, k: u64) -> Vec<Vec<Cell>> {
    if group < k {
        return raw.iter().map(|row| vec![Cell::Hidden; row.len()]).collect();
    }
    let mut cells: Vec<Vec<Cell>> = raw.iter().map(|row| row.iter().map(|cell| Cell::of(cell.number, cell.people, k)).collect()).collect();
    let columns = raw.iter().map(Vec::len).max().unwrap_or(0);
    // Hiding a cell can leave it alone in the other direction; every round hides at least one more, so this ends.
    loop {
        let mut changed = false;
        // Columns first: what they hide, rows can use; the other way round costs more cells.
        for column in 0..columns {
            let places: Vec<_> = (0..cells.len()).filter(|row| column < cells[*row].len()).map(|row| (row, column)).collect();
            changed |= protect(&mut cells, raw, &places);
        }
        for row in 0..cells.len() {
            let places: Vec<_> = (0..cells[row].len()).map(|column| (row, column)).collect();
            changed |= protect(&mut cells, raw, &places);
        }
        if !changed {
            return cells;
        }
    }
}

/// A list whose total is known to the reader, and the subtotals of each of `partitions` too: one that names the part of every cell, such as the
/// status of every tool. `group` is as in [`grid`].
pub fn list(raw: &[Raw], partitions: &[Vec<usize>], group: u64, k: u64) -> Vec<Cell> {
    // Nobody at all: a zero says nothing about anyone.
    if group == 0 {
        return raw.iter().map(|cell| Cell::of(cell.number, cell.people, k)).collect();
    }
    let mut marked = raw.to_vec();
    let whole = vec![0; raw.len()];
    let hidden = |cells: &[Raw]| cells.iter().filter(|cell| Cell::of(cell.number, cell.people, k) == Cell::Hidden).count();
    // What one partition hides can stand alone in another; every round hides at least one more, so this ends.
    loop {
        let before = hidden(&marked);
        for partition in partitions.iter().chain([&whole]) {
            for part in partition.iter().collect::<BTreeSet<_>>() {
                let places: Vec<usize> = (0..raw.len()).filter(|place| partition.get(*place) == Some(part)).collect();
                let column: Vec<Vec<Raw>> = places.iter().map(|place| vec![marked[*place]]).collect();
                for (place, cells) in places.iter().zip(grid(&column, group, k)) {
                    if cells.first() == Some(&Cell::Hidden) {
                        // A number without people is hidden by every later round too.
                        marked[*place] = Raw { number: 1, people: 0 };
                    }
                }
            }
        }
        if hidden(&marked) == before {
            return marked.iter().map(|cell| Cell::of(cell.number, cell.people, k)).collect();
        }
    }
}

/// Where exactly one cell of a line is hidden, hides the cheapest second one. Says whether it did.
fn protect(cells: &mut [Vec<Cell>], raw: &[Vec<Raw>], line: &[(usize, usize)]) -> bool {
    if line.iter().filter(|(row, column)| cells[*row][*column] == Cell::Hidden).count() != 1 {
        return false;
    }
    // A number protects better than a zero. Among equals, a cell whose other line holds a hidden one already leaves no new cell alone; then
    // the smallest costs the reader least.
    let crossing = |row: usize, column: usize| {
        let in_row = cells[row].iter().filter(|cell| **cell == Cell::Hidden).count();
        let in_column = cells.iter().filter(|cells| cells.get(column) == Some(&Cell::Hidden)).count();
        in_row + in_column
    };
    let second = line
        .iter()
        .filter_map(|(row, column)| cells[*row][*column].shown().map(|number| (*row, *column, number)))
        .min_by_key(|(row, column, number)| (*number == 0, std::cmp::Reverse(crossing(*row, *column).min(2)), raw[*row][*column].number))
        .map(|(row, column, _)| (row, column));
    match second {
        Some((row, column)) => {
            cells[row][column] = Cell::Hidden;
            true
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn raw(rows: &[&[(u64, u64)]]) -> Vec<Vec<Raw>> {
        rows.iter().map(|row| row.iter().map(|(number, people)| Raw { number: *number, people: *people }).collect()).collect()
    }

    #[test]
    fn a_cell_on_one_to_four_people_is_hidden_and_one_on_five_is_shown() {
        assert_eq!(Cell::of(100, 4, 5), Cell::Hidden);
        assert_eq!(Cell::of(100, 5, 5), Cell::Shown(100));
        assert_eq!(Cell::of(0, 0, 5), Cell::Shown(0));
        assert_eq!(Cell::of(3, 0, 5), Cell::Hidden, "a number without people is not trusted");
        assert_eq!((Cell::people(4, 5), Cell::people(5, 5), Cell::people(0, 5)), (Cell::Hidden, Cell::Shown(5), Cell::Shown(0)));
    }

    #[test]
    fn a_second_cell_is_hidden_where_the_total_would_give_the_first_one_back() {
        let table =
            raw(&[&[(10, 2), (50, 9), (40, 8), (0, 0)], &[(70, 9), (50, 9), (40, 8), (30, 8)], &[(70, 9), (51, 9), (41, 8), (31, 8)]]);
        let cells = grid(&table, 20, 5);
        assert_eq!(cells[0], [Cell::Hidden, Cell::Shown(50), Cell::Hidden, Cell::Shown(0)]);
        for column in [0, 2] {
            assert_eq!(cells.iter().filter(|row| row[column] == Cell::Hidden).count(), 2);
        }
        assert_eq!(cells.iter().flatten().filter(|cell| **cell == Cell::Hidden).count(), 4);
    }

    #[test]
    fn hiding_costs_the_reader_the_smallest_numbers_it_can() {
        // Seven people today: seven allowed, six redacted, two blocked; nothing the day before.
        let table = raw(&[&[(0, 0), (7, 7)], &[(0, 0), (6, 6)], &[(0, 0), (2, 2)]]);
        let cells = grid(&table, 7, 5);
        assert_eq!(cells[0], [Cell::Shown(0), Cell::Shown(7)]);
    }

    #[test]
    fn where_the_whole_group_is_small_even_a_zero_is_hidden() {
        let cells = grid(&raw(&[&[(0, 0), (9, 3)]]), 3, 5);
        assert_eq!(cells, [[Cell::Hidden, Cell::Hidden]]);
    }

    #[test]
    fn in_a_list_no_total_and_no_subtotal_gives_a_small_number_back() {
        let cell = |number, people| Raw { number, people };
        let list = |raw: &[Raw], parts: &[usize], group| super::list(raw, &[parts.to_vec()], group, 5);
        use Cell::{Hidden, Shown};
        let raw = [cell(90, 30), cell(3, 2), cell(40, 9), cell(60, 12)];
        assert_eq!(list(&raw, &[0, 1, 1, 0], 35), [Shown(90), Hidden, Hidden, Shown(60)], "its own part has the second");
        assert_eq!(list(&raw, &[0, 1, 0, 0], 35), [Shown(90), Hidden, Hidden, Hidden], "the second, in another part, has its own second");
        assert_eq!(list(&raw[..1], &[0], 30), [Shown(90)]);
        assert_eq!(list(&raw[1..2], &[0], 2), [Hidden]);
        assert_eq!(list(&[cell(0, 0), cell(9, 3)], &[0, 0], 3), [Hidden, Hidden], "even a zero says something about few people");
        assert_eq!(list(&[cell(0, 0)], &[0], 0), [Shown(0)], "and nothing about nobody");
        assert!(list(&[], &[], 9).is_empty());
    }

    proptest! {
        #[test]
        fn no_hidden_cell_of_a_list_is_alone_in_a_part_that_has_another(cells in proptest::collection::vec((1u64..200, 1u64..12, 0usize..3), 2..12)) {
            let raw: Vec<Raw> = cells.iter().map(|(number, people, _)| Raw { number: *number, people: *people }).collect();
            let parts: Vec<usize> = cells.iter().map(|cell| cell.2).collect();
            let shown = list(&raw, std::slice::from_ref(&parts), 50, 5);
            let hidden = |part: Option<usize>| shown.iter().zip(&parts).filter(|(cell, own)| **cell == Cell::Hidden && part.is_none_or(|part| part == **own)).count();
            prop_assert_ne!(hidden(None), 1);
            for part in 0..3 {
                prop_assert!(hidden(Some(part)) != 1 || parts.iter().filter(|own| **own == part).count() == 1);
            }
            for (cell, raw) in shown.iter().zip(&raw) {
                prop_assert!(*cell == Cell::Hidden || (raw.people >= 5 && *cell == Cell::Shown(raw.number)));
            }
        }

        #[test]
        fn no_hidden_cell_is_ever_alone_in_a_row_or_a_column_that_has_another(
            rows in proptest::collection::vec(proptest::collection::vec((0u64..200, 0u64..12), 5), 2..8),
        ) {
            let table: Vec<Vec<Raw>> = rows.iter().map(|row| row.iter().map(|(n, p)| Raw { number: if *p == 0 { 0 } else { *n + *p }, people: *p }).collect()).collect();
            let cells = grid(&table, 50, 5);
            for (row, cells_of_row) in cells.iter().enumerate() {
                prop_assert_ne!(cells_of_row.iter().filter(|cell| **cell == Cell::Hidden).count(), 1);
                for (column, cell) in cells_of_row.iter().enumerate() {
                    if let Cell::Shown(number) = cell {
                        prop_assert!(*number == 0 || table[row][column].people >= 5);
                    }
                }
            }
            for column in 0..5 {
                prop_assert_ne!(cells.iter().filter(|row| row[column] == Cell::Hidden).count(), 1);
            }
        }
    }
}
