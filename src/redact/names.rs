//! What a kind of finding is called in a placeholder: `nl.bsn` is a `BSN`.
//!
//! Takes a detector's id, gives upper-case A-Z, 0-9 and hyphens, never empty, at most [`LONGEST_KIND`] bytes.

use std::borrow::Cow;

/// Longest name of a kind.
pub(super) const LONGEST_KIND: usize = 24;

/// The name of a kind in placeholders.
pub(super) fn kind_name(detector: &str) -> Cow<'static, str> {
    Cow::Borrowed(match detector {
        "nl.bsn" => "BSN",
        "email" => "EMAIL",
        "iban" => "IBAN",
        "phone" => "PHONE",
        "payment-card" => "CARD",
        "nl.postal-address" => "ADDRESS",
        "nl.licence-plate" => "PLATE",
        "person-name" => "NAME",
        "date-of-birth" => "BIRTHDATE",
        "credential" => "CREDENTIAL",
        other if other.starts_with("credential.") => "CREDENTIAL",
        other => return own(other),
    })
}

fn own(id: &str) -> Cow<'static, str> {
    let mut name = String::with_capacity(LONGEST_KIND);
    for byte in id.bytes() {
        if name.len() == LONGEST_KIND {
            break;
        }
        match byte {
            b'A'..=b'Z' | b'0'..=b'9' => name.push(char::from(byte)),
            b'a'..=b'z' => name.push(char::from(byte.to_ascii_uppercase())),
            _ if !name.is_empty() && !name.ends_with('-') => name.push('-'),
            _ => {}
        }
    }
    let name = name.trim_end_matches('-');
    if name.is_empty() { Cow::Borrowed("FINDING") } else { Cow::Owned(name.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_short_names_that_a_model_leaves_alone() {
        assert_eq!(kind_name("nl.bsn"), "BSN");
        assert_eq!(kind_name("credential.github-token"), "CREDENTIAL");
        assert_eq!(kind_name("zaaknummer_2"), "ZAAKNUMMER-2");
        assert_eq!(kind_name("..één.."), "N");
        assert_eq!(kind_name("--"), "FINDING");
        assert_eq!(kind_name(&"a".repeat(90)).len(), LONGEST_KIND);
    }
}
