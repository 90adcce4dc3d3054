//! Why something could not be read: the one list of reasons that bodies, files, policy and events share.

use serde::Serialize;

/// Why something could not be read. The text of each stands in events and pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unreadable {
    /// Not the UTF-8 (or the character set) it says it is.
    BrokenEncoding,
    /// Malformed JSON, multipart, form or archive.
    BrokenForm,
    /// Over `limits.inspect`, before or after decompression.
    TooLarge,
    /// Nested deeper than readers follow.
    TooDeep,
    /// An unknown or broken Content-Encoding.
    UnknownCoding,
    /// Encrypted or password-protected.
    Encrypted,
    /// A picture, sound, or file type no reader knows.
    UnknownType,
    /// The body ended before it was complete.
    Truncated,
}

impl Unreadable {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BrokenEncoding => "broken-encoding",
            Self::BrokenForm => "broken-form",
            Self::TooLarge => "too-large",
            Self::TooDeep => "too-deep",
            Self::UnknownCoding => "unknown-coding",
            Self::Encrypted => "encrypted",
            Self::UnknownType => "unknown-type",
            Self::Truncated => "truncated",
        }
    }
}
