//! The organisation's own patterns: does one compile, does it need a character at all, and does it tell anything from anything.
//!
//! Takes a pattern with its place in the policy; reports a mistake at the character where it is, and warns of a pattern that would be found in
//! any text. What a pattern would match is tried, not reasoned about.

use super::language::Name;
use super::node::At;
use super::report::Report;

/// Texts without a secret. A pattern that matches more than half of their bytes says nothing about a message.
const INNOCUOUS: &[&str] = &[
    "Schrijf een vriendelijke uitnodiging voor de bewonersavond over het nieuwe speelplein aan de rand van de wijk.",
    "Could you summarise this page in five points, and give me a title that fits on one line?",
    "De vergadering begint om 19.30 uur. Op de agenda staan: 1. opening, 2. verslag, 3. rondvraag.",
    "for (const row of rows) { total += row.amount * 1.21; } // incl. btw",
    "jaar;aantal;percentage\n2023;1.204;12,5%\n2024;1.377;14,3%\n",
    "Tel. 14 030, www.voorbeeld.nl - ma t/m vr 8:30-17:00",
];

pub(super) fn pattern(pattern: &Name, report: &mut Report<'_>) -> Option<String> {
    let quotes = "write it in 'single quotes', with \\ before a sign that stands for itself";
    if let Some((offset, why)) = regex_syntax::Parser::new().parse(&pattern.value).err().and_then(mistake) {
        let at = inside(pattern, offset, report);
        report.error(at, format!("bad pattern '{}': {why}", pattern.value)).suggest(quotes);
        return None;
    }
    let built = match regex::RegexBuilder::new(&pattern.value).size_limit(1 << 21).build() {
        Ok(built) => built,
        Err(error) => {
            let why = error.to_string();
            let why = why.lines().last().unwrap_or("").trim().trim_start_matches("error: ").to_owned();
            report.error(pattern.at, format!("bad pattern '{}': {why}", pattern.value)).suggest(quotes);
            return None;
        }
    };
    if built.is_match("") {
        report
            .error(inside(pattern, 0, report), "this pattern also matches nothing at all, so it would be found everywhere")
            .suggest("make a part of it required");
        return None;
    }
    let all: usize = INNOCUOUS.iter().map(|text| text.len()).sum();
    let matched: usize = INNOCUOUS.iter().flat_map(|text| built.find_iter(text)).map(|found| found.len()).sum();
    if matched * 2 > all {
        let share = matched * 100 / all;
        report
            .warn(inside(pattern, 0, report), format!("this pattern matches nearly everything: {share}% of ordinary text without a secret"))
            .suggest("make it say what it looks for, or it turns up in every message");
    }
    Some(pattern.value.clone())
}

/// Where in the pattern, in characters, and why.
fn mistake(error: regex_syntax::Error) -> Option<(usize, String)> {
    match error {
        regex_syntax::Error::Parse(error) => Some((error.span().start.column - 1, error.kind().to_string())),
        regex_syntax::Error::Translate(error) => Some((error.span().start.column - 1, error.kind().to_string())),
        _ => None,
    }
}

/// The place in the policy of a character of the pattern; that of the pattern where it cannot be told.
fn inside(pattern: &Name, offset: usize, report: &Report<'_>) -> At {
    let line = report.sources().get(pattern.at.file).and_then(|source| source.text.lines().nth(pattern.at.line.saturating_sub(1)));
    let column = line.and_then(|line| {
        let written: Vec<char> = line.chars().skip(pattern.at.column.saturating_sub(1)).collect();
        column(&written, &pattern.value, offset)
    });
    At { column: pattern.at.column + column.unwrap_or(0), ..pattern.at }
}

/// How far a character of the value stands from the beginning of what was written, as far as both agree.
fn column(written: &[char], value: &str, offset: usize) -> Option<usize> {
    let quote = written.first().copied().filter(|sign| matches!(sign, '\'' | '"'));
    let mut at = usize::from(quote.is_some());
    for c in value.chars().take(offset) {
        at += match (quote, c) {
            (Some('\''), '\'') => 2,
            (Some('"'), '\\' | '"') if written.get(at) == Some(&'\\') => 2,
            _ if written.get(at) == Some(&c) => 1,
            _ => return None,
        };
    }
    (at < written.len()).then_some(at)
}
