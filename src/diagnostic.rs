//! A mistake in a file that a person wrote: where it stands, what is wrong, and what to write instead.
//!
//! Settings, policy and catalogue all report in this one form, so that `sluis check` reads the same everywhere.

use serde::Serialize;
use std::fmt;
use std::path::{Path, PathBuf};

/// One mistake. Its `Display` is `file:line:column: message`, the offending line, a marker, and the suggestion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    pub file: PathBuf,
    /// Counted from 1; 0 where the mistake is the whole file.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
    /// What is wrong, as one sentence without a full stop.
    pub message: String,
    /// The line as it stands in the file; empty where there is none.
    pub text: String,
    /// What to do, such as `did you mean 'chatgpt'?`.
    pub suggestion: Option<String>,
    /// It works, but hardly as it was meant.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub warning: bool,
}

impl Diagnostic {
    /// A mistake that concerns the whole file (it is missing, it cannot be read).
    pub fn whole(file: &Path, message: impl Into<String>) -> Self {
        Self { file: file.into(), line: 0, column: 0, message: message.into(), text: String::new(), suggestion: None, warning: false }
    }

    /// A mistake at a place; takes the offending line out of `source`.
    pub fn at(file: &Path, source: &str, line: usize, column: usize, message: impl Into<String>) -> Self {
        let text = source.lines().nth(line.saturating_sub(1)).unwrap_or("").to_owned();
        Self { file: file.into(), line, column, message: message.into(), text, suggestion: None, warning: false }
    }

    pub fn suggest(mut self, suggestion: impl Into<String>) -> Self {
        self.suggestion = Some(suggestion.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            write!(f, "{}: {}", self.file.display(), self.message)?;
        } else {
            write!(f, "{}:{}:{}: {}", self.file.display(), self.line, self.column, self.message)?;
        }
        if !self.text.is_empty() {
            write!(f, "\n  | {}\n  | {}^", self.text, " ".repeat(self.column.saturating_sub(1)))?;
        }
        if let Some(suggestion) = &self.suggestion {
            write!(f, "\n  = {suggestion}")?;
        }
        Ok(())
    }
}

/// The known name that `given` most likely meant, if one is near enough.
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (given.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|name| (strsim::osa_distance(given, name), name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagnostic_names_place_text_and_remedy() {
        let d = Diagnostic::at(Path::new("p.yaml"), "tools:\n  chatgtp: {}\n", 2, 3, "unknown tool 'chatgtp'")
            .suggest("did you mean 'chatgpt'?");
        assert_eq!(d.to_string(), "p.yaml:2:3: unknown tool 'chatgtp'\n  |   chatgtp: {}\n  |   ^\n  = did you mean 'chatgpt'?");
    }

    #[test]
    fn only_a_near_name_is_suggested() {
        assert_eq!(nearest("chatgtp", ["chatgpt", "claude"]), Some("chatgpt"));
        assert_eq!(nearest("zzz", ["chatgpt", "claude"]), None);
    }
}
