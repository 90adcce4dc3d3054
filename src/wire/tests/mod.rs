//! Behaviour of the whole room, seen from outside: bodies as clients send them.

mod apis;
mod files;
mod properties;
mod untrusted;
mod web;

use super::*;
use http::{HeaderMap, Method};

/// A request to be read.
pub(super) struct Ask {
    method: Method,
    host: &'static str,
    path: String,
    query: Option<String>,
    headers: HeaderMap,
    body: Vec<u8>,
}

pub(super) fn post(host: &'static str, path: &str, content_type: &str, body: impl Into<Vec<u8>>) -> Ask {
    let mut headers = HeaderMap::new();
    if !content_type.is_empty() {
        headers.insert("content-type", content_type.parse().unwrap());
    }
    let (path, query) = match path.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (path, None),
    };
    Ask { method: Method::POST, host, path: path.to_owned(), query, headers, body: body.into() }
}

pub(super) fn json(host: &'static str, path: &str, body: &str) -> Ask {
    post(host, path, "application/json", body)
}

impl Ask {
    pub fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.parse().unwrap());
        self
    }

    pub fn head(&self) -> Head<'_> {
        Head { method: &self.method, host: self.host, path: &self.path, query: self.query.as_deref(), headers: &self.headers }
    }

    pub fn read(&self) -> Message {
        Shape::of(&self.head()).read(&self.head(), &self.body)
    }

    /// Every part on a line: role, label, `*` where it can be rewritten, text.
    pub fn parts(&self) -> Vec<String> {
        self.read().parts.iter().map(shown).collect()
    }

    /// The known words: as [`Ask::parts`], without the strings outside known fields.
    pub fn words(&self) -> Vec<String> {
        self.read().parts.iter().filter(|p| p.role != Role::Other).map(shown).collect()
    }

    /// All strings outside known fields.
    pub fn rest(&self) -> String {
        self.read().parts.iter().filter(|p| p.role == Role::Other).map(|p| p.text.expose().to_owned()).collect()
    }

    /// The body with `old` replaced by `new` in every part that has a place.
    pub fn rewrite(&self, old: &str, new: &str) -> Option<Vec<u8>> {
        let message = self.read();
        let changes: Vec<Change> = message
            .parts
            .iter()
            .enumerate()
            .filter(|(_, p)| p.text.expose().contains(old))
            .map(|(part, p)| Change { part, text: p.text.expose().replace(old, new) })
            .collect();
        write(&self.body, &message, &changes)
    }

    pub fn rewritten(&self, old: &str, new: &str) -> String {
        String::from_utf8(self.rewrite(old, new).unwrap()).unwrap()
    }
}

fn shown(part: &Part) -> String {
    let role = match part.role {
        Role::User => "user",
        Role::History => "history",
        Role::Other => "other",
    };
    format!("{role} {}{}: {}", part.label, if part.place.is_some() { "*" } else { "" }, part.text.expose())
}
