//! `application/x-www-form-urlencoded` bodies and query strings.
//!
//! Takes a form; gives its words with the range of each value. A pair whose bytes are no UTF-8 makes the message unreadable; nothing is guessed.

use super::reading::{Reading, looks_like_json};
use super::{Encoding, Place, Role, Step, Unreadable};
use std::borrow::Cow;
use std::ops::Range;

/// A value as it was meant: `+` is a space, `%xx` a byte. Errors: bytes that are no UTF-8.
pub(super) fn undo(value: &str) -> Result<Cow<'_, str>, Unreadable> {
    if !value.bytes().any(|b| b == b'%' || b == b'+') {
        return Ok(Cow::Borrowed(value));
    }
    let spaced = value.replace('+', " ");
    let bytes: Vec<u8> = percent_encoding::percent_decode_str(&spaced).collect();
    String::from_utf8(bytes).map(Cow::Owned).map_err(|_| Unreadable::BrokenEncoding)
}

/// The pairs of a form with the ranges of name and value.
fn pairs(form: &str) -> impl Iterator<Item = (Range<usize>, Range<usize>)> + '_ {
    let mut at = 0;
    form.split('&').filter_map(move |pair| {
        let start = at;
        at += pair.len() + 1;
        let cut = pair.find('=').unwrap_or(pair.len());
        let value = (cut + 1).min(pair.len());
        (!pair.is_empty()).then(|| (start..start + cut, start + value..start + pair.len()))
    })
}

/// Reads a form body. `base` is empty for a body; otherwise where the form stands.
pub(super) fn read(reading: &mut Reading<'_>, form: &str, base: &[Step]) {
    for (name, range) in pairs(form) {
        let raw_name = form.get(name).unwrap_or("");
        let raw = form.get(range.clone()).unwrap_or("");
        let (Ok(name), Ok(value)) = (undo(raw_name), undo(raw)) else {
            reading.unreadable(Unreadable::BrokenEncoding);
            reading.other(raw_name, &String::from_utf8_lossy(&percent_encoding::percent_decode_str(raw).collect::<Vec<u8>>()));
            continue;
        };
        // A name can carry as much as a value.
        if value.is_empty() || name.len() > 64 || name.contains(' ') {
            reading.other("", &name);
        }
        if value.is_empty() {
            continue;
        }
        let mut steps = base.to_vec();
        steps.push(Step { range, encoding: Encoding::Form });
        field(reading, &name, &value, steps);
    }
}

/// A named value of a form or multipart body, at `steps`.
pub(super) fn field(reading: &mut Reading<'_>, name: &str, value: &str, steps: Vec<Step>) {
    if looks_like_json(value) {
        match reading.json(value, &steps) {
            Ok(()) => return,
            Err(reason @ (Unreadable::TooDeep | Unreadable::TooLarge)) => reading.unreadable(reason),
            Err(_) => {}
        }
    }
    if super::generic::is_word_key(name) {
        reading.word_string(name, value, Role::User, Place(steps));
    } else {
        reading.other_at(name, value, || steps);
    }
}

/// Words in a query string (`GET /search?q=...`): looked at, never rewritten, for they stand outside the body. Keys and tokens stand there too,
/// so only names that are known for words count, and values that have white space.
pub(super) fn query(reading: &mut Reading<'_>, query: &str) {
    for (name, value) in words_of_query(query) {
        reading.words(value.into_owned(), Role::User, &name, None);
    }
}

/// Whether a query string carries words.
pub(super) fn has_words(query: &str) -> bool {
    words_of_query(query).next().is_some()
}

fn words_of_query(query: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    pairs(query).filter_map(|(name, value)| {
        let (raw_name, raw) = (query.get(name).unwrap_or(""), query.get(value).unwrap_or(""));
        let (name, value) = (undo_lossy(raw_name), undo_lossy(raw));
        // A name can carry as much as a value.
        if name.contains(char::is_whitespace) {
            return Some((Cow::Borrowed(""), Cow::Owned(format!("{name} {value}"))));
        }
        let counts = !value.is_empty() && (super::generic::is_query_key(&name) || value.contains(char::is_whitespace));
        counts.then_some((name, value))
    })
}

fn undo_lossy(text: &str) -> Cow<'_, str> {
    undo(text)
        .unwrap_or_else(|_| Cow::Owned(percent_encoding::percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()))
}

/// Words in a path: segments that have white space in them. Looked at, never rewritten.
pub(super) fn path(reading: &mut Reading<'_>, path: &str) {
    for words in words_of_path(path) {
        reading.words(words.into_owned(), Role::User, "path", None);
    }
}

/// Whether a path carries words.
pub(super) fn path_has_words(path: &str) -> bool {
    words_of_path(path).next().is_some()
}

fn words_of_path(path: &str) -> impl Iterator<Item = Cow<'_, str>> {
    path.split('/')
        .filter(|segment| segment.contains(['%', ' ']))
        .map(|segment| percent_encoding::percent_decode_str(segment).decode_utf8_lossy())
        .filter(|segment| segment.contains(char::is_whitespace))
}

/// The value of one query parameter.
pub(super) fn parameter(query: Option<&str>, name: &str) -> Option<String> {
    let query = query?;
    let (_, value) = pairs(query).find(|(n, _)| query.get(n.clone()) == Some(name))?;
    undo(query.get(value)?).ok().map(Cow::into_owned)
}

/// Appends `text` as a value of a form.
pub(super) fn push(out: &mut Vec<u8>, text: &str) {
    for piece in form_urlencoded::byte_serialize(text.as_bytes()) {
        out.extend_from_slice(piece.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pairs_have_their_ranges() {
        let form = "a=1&&b&c=x%20y=";
        let read: Vec<(&str, &str)> = pairs(form).map(|(n, v)| (&form[n], &form[v])).collect();
        assert_eq!(read, [("a", "1"), ("b", ""), ("c", "x%20y=")]);
    }

    #[test]
    fn words_of_a_query_are_told_from_keys_and_tokens() {
        assert!(has_words("hl=nl&q=wie+woont+daar"));
        for words in ["x=een%20zin", "x=een%0Azin", "x=een%09zin", "x=een+zin", "Prompt=een", "wie+woont+daar", "x=een+%ff"] {
            assert!(has_words(words), "{words}");
        }
        assert!(path_has_words("/zoek/wie%20woont%0Adaar") && !path_has_words("/zoek/een%2Ftwee"));
        assert!(!has_words("key=AIzaSyD-1234&alt=sse"));
        assert_eq!(parameter(Some("a=1&chat_id=x%2Fy"), "chat_id").as_deref(), Some("x/y"));
    }

    proptest! {
        #[test]
        fn a_pushed_value_is_read_back(text in ".*") {
            let mut out = Vec::new();
            push(&mut out, &text);
            let spelled = String::from_utf8(out).unwrap();
            prop_assert_eq!(undo(&spelled).unwrap(), text);
        }
    }
}
