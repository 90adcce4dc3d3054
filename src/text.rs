//! The one type that holds what people wrote.
//!
//! Prompt text can be read by code that asks for it by name ([`PromptText::expose`]), and by nothing else: it has no `Display`, no
//! `Serialize`, and its `Debug` prints a length. A log line, an event or an error can therefore not hold it by accident.

use std::fmt;
use std::ops::Range;

/// Text from a prompt, a file or an answer: UTF-8, never logged, never serialised, never part of an error.
///
/// ```compile_fail
/// let text = sluis::text::PromptText::new("geheim".to_owned());
/// println!("{text}"); // no Display
/// ```
/// ```compile_fail
/// let text = sluis::text::PromptText::new("geheim".to_owned());
/// serde_json::to_string(&text).unwrap(); // no Serialize
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct PromptText(String);

impl PromptText {
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The words themselves. Callers hand them to a detector, a redactor or the wire, never to a log, an event or an error.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The part of the text at `range` (bytes); empty where the range does not fall on character borders.
    pub fn slice(&self, range: Range<usize>) -> &str {
        self.0.get(range).unwrap_or("")
    }
}

impl fmt::Debug for PromptText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PromptText({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static_assertions::assert_not_impl_any!(PromptText: std::fmt::Display, serde::Serialize, AsRef<str>, std::ops::Deref);

    #[test]
    fn debug_output_holds_the_length_and_not_the_words() {
        let shown = format!("{:?}", PromptText::new("bsn 111222333".into()));
        assert_eq!(shown, "PromptText(13 bytes)");
    }
}
