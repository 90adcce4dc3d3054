//! The decision step by step, in the words of the manual. Costs nothing when nobody asked for it. Never holds a user's name or a prompt's words.

/// Lines of a trace, or nothing at all.
#[derive(Debug)]
pub(super) struct Trace(Option<Vec<String>>);

impl Trace {
    pub fn new(wanted: bool) -> Self {
        Self(wanted.then(Vec::new))
    }

    /// `line` is only built when the trace is wanted.
    pub fn step(&mut self, line: impl FnOnce() -> String) {
        if let Some(lines) = &mut self.0 {
            lines.push(line());
        }
    }

    pub fn into_lines(self) -> Vec<String> {
        self.0.unwrap_or_default()
    }
}
