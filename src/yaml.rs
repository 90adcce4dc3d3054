//! A YAML file as a tree in which every key and value knows where it stands.
//!
//! Takes the text of a file, gives a [`Node`] or the one [`Diagnostic`] that says where the file stops being YAML. Settings and catalogue walk
//! the tree by hand, so that one run reports every mistake and not only the first. Scalars keep their spelling (`NO` is Norway, `1.10` is a
//! version, `50_000` is read where a number is wanted). Aliases and nesting are bounded by the parser's budget; nothing in here panics.

use crate::diagnostic::Diagnostic;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::{DuplicateKeyPolicy, MessageFormatter, NonFiniteFloatPolicy, Spanned, UserMessageFormatter};
use std::fmt;
use std::path::Path;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub value: Value,
    /// Counted from 1; 0 for a value that does not come from a file.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
}

/// What stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `null`, `~` or nothing at all.
    Null,
    /// Any scalar, as written.
    Text(String),
    List(Vec<Node>),
    /// In the order of the file; keys are unique.
    Map(Vec<(Key, Node)>),
}

/// A key and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub name: String,
    pub line: usize,
    pub column: usize,
}

impl Node {
    /// What the value is, in a word for an error message.
    pub fn what(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Text(_) => "a single value",
            Value::List(_) => "a list",
            Value::Map(_) => "a table of keys and values",
        }
    }

    /// The scalar's text.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value of `name` in a map.
    pub fn get(&self, name: &str) -> Option<&Node> {
        match &self.value {
            Value::Map(entries) => entries.iter().find(|(key, _)| key.name == name).map(|(_, node)| node),
            _ => None,
        }
    }

    /// Forgets where it stands, for a value that does not come from a file.
    pub fn without_place(mut self) -> Self {
        (self.line, self.column) = (0, 0);
        self.value = match self.value {
            Value::List(items) => Value::List(items.into_iter().map(Self::without_place).collect()),
            Value::Map(entries) => {
                Value::Map(entries.into_iter().map(|(key, node)| (Key { line: 0, column: 0, ..key }, node.without_place())).collect())
            }
            other => other,
        };
        self
    }
}

/// Reads one document. `file` is only for the diagnostic.
pub fn parse(file: &Path, source: &str) -> Result<Node, Diagnostic> {
    let only_comments = |line: &str| matches!(line.trim(), "" | "---" | "...") || line.trim_start().starts_with('#');
    if source.trim_start_matches('\u{feff}').lines().all(only_comments) {
        return Ok(Node { value: Value::Null, line: 1, column: 1 });
    }
    let options = serde_yaml::options! {
        duplicate_keys: DuplicateKeyPolicy::Error,
        strict_booleans: true,
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        with_snippet: false,
    };
    match serde_yaml::from_str_with_options::<Spanned<Raw>>(source, options) {
        Ok(raw) => Ok(node(raw, source)),
        Err(error) => {
            let message = UserMessageFormatter.format_message(error.without_snippet()).into_owned();
            Err(match error.location().filter(|place| place.line() > 0) {
                Some(place) => Diagnostic::at(file, source, index(place.line()), index(place.column()), message),
                None => Diagnostic::whole(file, message),
            })
        }
    }
}

/// What the parser hands over, before scalars get their spelling back.
enum Raw {
    Null,
    Text(String),
    /// A scalar that YAML would turn into a boolean or a number: the source has its spelling.
    Typed(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn node(raw: Spanned<Raw>, source: &str) -> Node {
    let value = match raw.value {
        Raw::Null => Value::Null,
        Raw::Text(text) => Value::Text(text),
        Raw::Typed(text) => {
            // The definition, so that an alias gives the anchored spelling.
            let span = raw.defined.span();
            let spelt = span
                .byte_offset()
                .zip(span.byte_len())
                .and_then(|(start, length)| source.get(index(start)..index(start.saturating_add(length))));
            Value::Text(spelt.map(str::trim).filter(|s| !s.is_empty() && !s.starts_with(['&', '!', '*'])).map_or(text, str::to_owned))
        }
        Raw::List(items) => Value::List(items.into_iter().map(|item| node(item, source)).collect()),
        Raw::Map(entries) => Value::Map(
            entries
                .into_iter()
                .map(|(key, value)| {
                    let place = key.referenced;
                    (Key { name: key.value, line: index(place.line()), column: index(place.column()) }, node(value, source))
                })
                .collect(),
        ),
    };
    Node { value, line: index(raw.referenced.line()), column: index(raw.referenced.column()) }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RawVisitor;

        impl<'de> Visitor<'de> for RawVisitor {
            type Value = Raw;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value, a list or a table")
            }

            fn visit_unit<E: de::Error>(self) -> Result<Raw, E> {
                Ok(Raw::Null)
            }

            fn visit_none<E: de::Error>(self) -> Result<Raw, E> {
                Ok(Raw::Null)
            }

            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Raw, E> {
                Ok(Raw::Typed(value.to_string()))
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Raw, E> {
                Ok(Raw::Typed(value.to_string()))
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Raw, E> {
                Ok(Raw::Typed(value.to_string()))
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Raw, E> {
                Ok(Raw::Typed(value.to_string()))
            }

            fn visit_str<E: de::Error>(self, value: &str) -> Result<Raw, E> {
                Ok(Raw::Text(value.to_owned()))
            }

            fn visit_string<E: de::Error>(self, value: String) -> Result<Raw, E> {
                Ok(Raw::Text(value))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element()? {
                    list.push(item);
                }
                Ok(Raw::List(list))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
                let mut map = Vec::new();
                while let Some(entry) = entries.next_entry()? {
                    map.push(entry);
                }
                Ok(Raw::Map(map))
            }
        }

        deserializer.deserialize_any(RawVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> Node {
        parse(Path::new("x.yaml"), source).unwrap()
    }

    #[test]
    fn scalars_keep_their_spelling() {
        let tree =
            read("a: NO\nb: 1.10\nc: 50_000\nd: yes\ne: 0x1F\nf: ~\ng: 'true'\nh: .nan\ni: 1e999\nj: &x 007\nk: *x\nl: true # why\n");
        for (key, text) in [
            ("a", "NO"),
            ("b", "1.10"),
            ("c", "50_000"),
            ("d", "yes"),
            ("e", "0x1F"),
            ("g", "true"),
            ("h", ".nan"),
            ("i", "1e999"),
            ("j", "007"),
            ("k", "007"),
            ("l", "true"),
        ] {
            assert_eq!(tree.get(key).unwrap().text(), Some(text), "{key}");
        }
        assert_eq!(tree.get("f").unwrap().value, Value::Null);
    }

    #[test]
    fn keys_and_values_know_their_place() {
        let tree = read("a:\n  bé: [x, y]\n");
        let Value::Map(outer) = &tree.value else { panic!() };
        let Value::Map(inner) = &outer[0].1.value else { panic!() };
        assert_eq!((inner[0].0.line, inner[0].0.column), (2, 3));
        let Value::List(items) = &inner[0].1.value else { panic!() };
        assert_eq!((items[1].line, items[1].column), (2, 11));
    }

    #[test]
    fn what_is_not_yaml_is_named_with_its_place() {
        for (source, place) in
            [("a: [1, 2\nb: 3\n", 2), ("a: 1\na: 2\n", 2), ("a:\n\t- b\n", 2), ("a: *nobody\n", 1), ("a: 1\n---\nb: 2\n", 2)]
        {
            let mistake = parse(Path::new("x.yaml"), source).unwrap_err();
            assert!(mistake.line >= place.min(1) && !mistake.message.contains("line "), "{mistake:?}");
        }
    }

    #[test]
    fn an_empty_file_is_nothing() {
        for source in ["", "\n", "# only a comment\n", "---\n", "\u{feff}# x\n"] {
            assert_eq!(read(source).value, Value::Null, "{source:?}");
        }
    }

    #[test]
    fn bombs_and_depth_are_refused_and_do_not_panic() {
        let deep = "[".repeat(100_000);
        assert!(parse(Path::new("x.yaml"), &deep).is_err());
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for i in 1..12 {
            let before = format!("*a{}", i - 1);
            bomb += &format!("a{i}: &a{i} [{}]\n", [before.as_str(); 9].join(", "));
        }
        assert!(parse(Path::new("x.yaml"), &bomb).is_err());
    }
}
