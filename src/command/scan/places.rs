//! Lines and columns (in characters, from 1) of places in a text.

/// Asked for places that only grow, so that all of them together cost one pass over the text, also where it is a single line.
pub(super) struct Places<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    column: usize,
}

impl<'a> Places<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, line: 1, column: 1 }
    }

    pub fn of(&mut self, offset: usize) -> (usize, usize) {
        let passed = self.text.get(self.at..offset).unwrap_or("");
        let after_line = memchr::memrchr(b'\n', passed.as_bytes()).map(|last| last + 1);
        if let Some(after_line) = after_line {
            self.line += memchr::memchr_iter(b'\n', &passed.as_bytes()[..after_line]).count();
            self.column = 1;
        }
        self.column += passed.get(after_line.unwrap_or(0)..).map_or(0, |rest| rest.chars().count());
        self.at = self.at.max(offset);
        (self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_are_counted_in_characters_from_one() {
        let text = "é1\n\nab2";
        let mut places = Places::new(text);
        assert_eq!([0, 2, 3, 4, 5, 7, 8].map(|at| places.of(at)), [(1, 1), (1, 2), (1, 3), (2, 1), (3, 1), (3, 3), (3, 4)]);
    }

    #[test]
    fn many_places_in_one_long_line_take_one_pass() {
        let text = "a".repeat(4 << 20);
        let mut places = Places::new(&text);
        let started = std::time::Instant::now();
        for at in (0..text.len()).step_by(4) {
            assert_eq!(places.of(at), (1, at + 1));
        }
        // A pass per place takes hours.
        assert!(started.elapsed() < std::time::Duration::from_secs(20), "{:?}", started.elapsed());
    }
}
