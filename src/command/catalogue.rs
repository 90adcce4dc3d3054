//! `sluis catalogue`: the known AI tools, listed, shown, looked up and checked.
//!
//! Results go to standard output, as aligned text or as one JSON object per line; a reader that stops early (`| head`) ends it without noise.

use super::{FAILED, NO};
use crate::catalogue::{CATEGORIES, Catalogue, OnHost, Tool, ToolRef};
use crate::diagnostic::{Diagnostic, nearest};
use crate::settings::Settings;
use clap::{Args, Subcommand, ValueEnum};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// A usage mistake, as clap itself reports it.
const USAGE: u8 = 2;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  sluis catalogue list --category chat\n  sluis catalogue lookup https://chatgpt.com/c/1\n  sluis catalogue show deepl --format json"
)]
pub struct Arguments {
    /// Settings file; its policy folder may hold a catalogue of the organisation's own
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// How results are written
    #[arg(long, value_enum, default_value_t = Format::Text, global = true)]
    format: Format,
    #[command(subcommand)]
    question: Question,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Aligned columns
    Text,
    /// One JSON object per line
    Json,
}

#[derive(Debug, Subcommand)]
enum Question {
    /// All tools, or those of one category
    #[command(after_help = "Example: sluis catalogue list --category code --format json")]
    List {
        /// Only this category
        #[arg(long)]
        category: Option<String>,
    },
    /// Everything known about one tool
    #[command(after_help = "Example: sluis catalogue show chatgpt")]
    Show {
        /// The tool's id
        id: String,
    },
    /// The tool behind an address; exit status 1 where nothing fits
    #[command(
        after_help = "Examples:\n  sluis catalogue lookup chatgpt.com\n  sluis catalogue lookup www.notion.so/api/v3/runInferenceTranscript"
    )]
    Lookup {
        /// HOST, HOST/PATH or a URL. Without a path: every tool that has something on the host
        #[arg(value_name = "HOST[/PATH]")]
        address: String,
    },
    /// Check the catalogue and count it; exit status 1 where it has mistakes
    #[command(after_help = "Example: sluis catalogue verify --config /etc/sluis/sluis.yaml")]
    Verify,
}

pub fn main(arguments: Arguments) -> ExitCode {
    let settings = match Settings::load(arguments.config.as_deref()) {
        Ok(settings) => settings,
        Err(mistakes) => return report(&mistakes, FAILED),
    };
    let catalogue = settings.policies.as_deref().map_or_else(Catalogue::embedded, Catalogue::with_folder);
    let catalogue = match catalogue {
        Ok(catalogue) => catalogue,
        Err(mistakes) => return report(&mistakes, NO),
    };
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    let answer = match &arguments.question {
        Question::List { category } => list(&mut out, &catalogue, category.as_deref(), arguments.format),
        Question::Show { id } => show(&mut out, &catalogue, id, arguments.format),
        Question::Lookup { address } => lookup(&mut out, &catalogue, address, arguments.format),
        Question::Verify => verify(&mut out, &catalogue, arguments.format),
    };
    match answer.and_then(|code| out.flush().map(|()| code)) {
        Ok(code) => code,
        // The reader has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("the result could not be written: {error}"));
            ExitCode::from(FAILED)
        }
    }
}

fn list(out: &mut impl Write, catalogue: &Catalogue, category: Option<&str>, format: Format) -> io::Result<ExitCode> {
    if let Some(category) = category
        && !CATEGORIES.contains(&category)
    {
        let remedy = nearest(category, CATEGORIES)
            .map_or_else(|| format!("known categories: {}", CATEGORIES.join(", ")), |near| format!("did you mean '{near}'?"));
        complain(&format!("unknown category '{category}'\n  = {remedy}"));
        return Ok(ExitCode::from(USAGE));
    }
    let tools: Vec<&ToolRef> = catalogue.tools().iter().filter(|tool| category.is_none_or(|category| tool.category == category)).collect();
    write_tools(out, &tools, format)?;
    Ok(ExitCode::SUCCESS)
}

fn show(out: &mut impl Write, catalogue: &Catalogue, id: &str, format: Format) -> io::Result<ExitCode> {
    let Some(tool) = catalogue.by_id(id) else {
        let near = nearest(&id.to_lowercase(), catalogue.tools().iter().map(|tool| tool.id.as_str()));
        let remedy = near.map_or_else(|| "`sluis catalogue list` names all tools".to_owned(), |near| format!("did you mean '{near}'?"));
        complain(&format!("unknown tool '{id}'\n  = {remedy}"));
        return Ok(ExitCode::from(NO));
    };
    if format == Format::Json {
        write_json(out, tool)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut fields = vec![
        ("id", tool.id.clone()),
        ("name", tool.name.clone()),
        ("vendor", tool.vendor.clone()),
        ("country", tool.country.clone()),
        ("category", tool.category.clone()),
        ("kind", tool.kind.as_str().to_owned()),
        ("training", tool.training.clone().unwrap_or_else(|| "unknown".to_owned())),
    ];
    fields.extend(tool.hosts.iter().enumerate().map(|(number, host)| (if number == 0 { "hosts" } else { "" }, host.clone())));
    fields.extend(tool.except.iter().enumerate().map(|(number, host)| (if number == 0 { "except" } else { "" }, host.clone())));
    fields.extend(notes(tool).map(|note| ("note", note.to_owned())));
    for (name, value) in fields {
        writeln!(out, "{name:<9} {value}")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What a reader should know before relying on an entry.
fn notes(tool: &Tool) -> impl Iterator<Item = &'static str> {
    let unverified = tool.unverified.then_some("unverified: no host of this entry was seen in a public list");
    let tunnel = tool.tunnel.then_some("tunnelled: there is nothing to read on the wire, so it is never intercepted");
    unverified.into_iter().chain(tunnel)
}

fn lookup(out: &mut impl Write, catalogue: &Catalogue, address: &str, format: Format) -> io::Result<ExitCode> {
    let (host, path) = split(address);
    let tools: Vec<&ToolRef> = match path {
        Some(path) => catalogue.lookup(&host, path).into_iter().collect(),
        None => catalogue.tools_on(&host),
    };
    if tools.is_empty() {
        let why = if host.is_empty() {
            "that is no host name"
        } else if path.is_some() && catalogue.on_host(&host) == OnHost::Paths {
            "the host is known, this path of it is not"
        } else {
            "the connection would be tunnelled unread"
        };
        complain(&format!("no tool of the catalogue fits '{address}': {why}"));
        return Ok(ExitCode::from(NO));
    }
    write_tools(out, &tools, format)?;
    Ok(ExitCode::SUCCESS)
}

fn verify(out: &mut impl Write, catalogue: &Catalogue, format: Format) -> io::Result<ExitCode> {
    let tools = catalogue.tools();
    let count = |wanted: &dyn Fn(&Tool) -> bool| tools.iter().filter(|tool| wanted(tool)).count();
    let hosts: usize = tools.iter().map(|tool| tool.hosts.len()).sum();
    let unverified = count(&|tool| tool.unverified);
    let categories = catalogue.categories().into_iter().map(|category| (category, count(&|tool| tool.category == category)));
    if format == Format::Json {
        let categories: serde_json::Map<String, serde_json::Value> =
            categories.map(|(name, number)| (name.to_owned(), number.into())).collect();
        let answer =
            serde_json::json!({"tools": tools.len(), "hosts": hosts, "unverified": unverified, "categories": categories, "errors": 0});
        writeln!(out, "{answer}")?;
        return Ok(ExitCode::SUCCESS);
    }
    for (category, number) in categories {
        writeln!(out, "{category:<14} {number:>4}")?;
    }
    writeln!(out, "{} tools, {hosts} hosts and paths, {unverified} tools unverified, no mistakes", tools.len())?;
    Ok(ExitCode::SUCCESS)
}

fn write_tools(out: &mut impl Write, tools: &[&ToolRef], format: Format) -> io::Result<()> {
    if format == Format::Json {
        return tools.iter().try_for_each(|tool| write_json(out, tool));
    }
    let rows: Vec<[String; 6]> = tools.iter().map(|tool| row(tool)).collect();
    let head = ["ID", "NAME", "VENDOR", "CATEGORY", "KIND", "HOSTS"].map(str::to_owned);
    let width = |column: usize| rows.iter().chain([&head]).map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 5] = std::array::from_fn(width);
    for row in [&head].into_iter().chain(&rows) {
        for (cell, width) in row.iter().zip(widths) {
            write!(out, "{cell:<width$}  ")?;
        }
        writeln!(out, "{}", row[5])?;
    }
    Ok(())
}

fn row(tool: &Tool) -> [String; 6] {
    let more = tool.hosts.len().saturating_sub(1);
    let first = tool.hosts.first().cloned().unwrap_or_default();
    let hosts = if more == 0 { first } else { format!("{first} and {more} more") };
    [
        tool.id.clone(),
        tool.name.clone(),
        format!("{} ({})", tool.vendor, tool.country),
        tool.category.clone(),
        tool.kind.as_str().to_owned(),
        hosts,
    ]
}

fn write_json(out: &mut impl Write, tool: &Tool) -> io::Result<()> {
    serde_json::to_writer(&mut *out, tool).map_err(io::Error::from)?;
    writeln!(out)
}

/// Host (lower-case, without scheme, user, port and root dot) and path of what people paste.
fn split(address: &str) -> (String, Option<&str>) {
    let rest = address.trim();
    let rest = rest.split_once("://").map_or(rest, |(_, rest)| rest);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.rsplit_once(':') {
        Some((name, port)) if !name.contains(':') && port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    (host.trim_end_matches('.').to_ascii_lowercase(), (!path.is_empty()).then_some(path))
}

fn report(mistakes: &[Diagnostic], code: u8) -> ExitCode {
    for mistake in mistakes {
        complain(&mistake.to_string());
    }
    complain(&format!("{} mistake{}", mistakes.len(), if mistakes.len() == 1 { "" } else { "s" }));
    ExitCode::from(code)
}

/// To standard error; where even that is closed, the exit status speaks.
fn complain(message: &str) {
    _ = writeln!(anstream::stderr(), "{message}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(question: impl Fn(&mut Vec<u8>, &Catalogue) -> io::Result<ExitCode>) -> (String, bool) {
        let catalogue = Catalogue::embedded().unwrap();
        let mut out = Vec::new();
        let code = question(&mut out, &catalogue).unwrap();
        (String::from_utf8(out).unwrap(), format!("{code:?}") == format!("{:?}", ExitCode::SUCCESS))
    }

    #[test]
    fn what_people_paste_is_taken_apart() {
        for (address, host, path) in [
            ("ChatGPT.com", "chatgpt.com", None),
            ("https://user:pw@chatgpt.com:443/c/1?x=1", "chatgpt.com", Some("/c/1?x=1")),
            ("chatgpt.com.", "chatgpt.com", None),
            ("chatgpt.com:443", "chatgpt.com", None),
            ("wss://x.nl?q", "x.nl", Some("?q")),
            ("[::1]:80/x", "[::1]:80", Some("/x")),
            ("", "", None),
        ] {
            assert_eq!(split(address), (host.to_owned(), path), "{address}");
        }
    }

    #[test]
    fn a_list_as_json_has_one_object_per_line_with_the_fields_of_the_contract() {
        let (text, fine) = said(|out, catalogue| list(out, catalogue, None, Format::Json));
        assert!(fine && text.lines().count() == 300);
        for line in text.lines() {
            let tool: serde_json::Value = serde_json::from_str(line).unwrap();
            for field in ["id", "name", "vendor", "country", "category", "kind"] {
                assert!(tool[field].as_str().is_some_and(|value| !value.is_empty()), "{line}");
            }
            assert!(tool["hosts"].as_array().is_some_and(|hosts| !hosts.is_empty()), "{line}");
        }
    }

    #[test]
    fn columns_are_aligned_and_a_category_narrows_the_list() {
        let (text, fine) = said(|out, catalogue| list(out, catalogue, Some("companion"), Format::Text));
        assert!(fine);
        insta::assert_snapshot!(text);
    }

    #[test]
    fn a_lookup_without_a_path_names_every_tool_of_the_host_and_with_one_only_its_own() {
        let ids = |address: &str| {
            let (text, fine) = said(|out, catalogue| lookup(out, catalogue, address, Format::Json));
            let ids: Vec<String> = text
                .lines()
                .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].as_str().unwrap().to_owned())
                .collect();
            (ids.join(" "), fine)
        };
        for (address, found) in [
            ("notion.so", "notion-ai"),
            ("https://www.bing.com", "bing-translator bing-chat"),
            ("https://www.bing.com/chat", "bing-chat"),
            ("https://huggingface.co/chat/", "huggingchat"),
            ("api.slack.com", "slack-ai"),
        ] {
            assert_eq!(ids(address), (found.to_owned(), true), "{address}");
        }
        for address in ["www.bing.com/search", "example.org", "", "https://"] {
            assert_eq!(ids(address), (String::new(), false), "{address}");
        }
    }

    #[test]
    fn an_unknown_id_is_a_no_and_a_known_one_is_shown() {
        assert!(!said(|out, catalogue| show(out, catalogue, "chatgtp", Format::Text)).1);
        let (text, fine) = said(|out, catalogue| show(out, catalogue, "hf-spaces", Format::Text));
        assert!(fine);
        insta::assert_snapshot!(text);
    }

    #[test]
    fn verify_counts() {
        let (text, fine) = said(|out, catalogue| verify(out, catalogue, Format::Text));
        assert!(fine && text.contains("300 tools"), "{text}");
    }
}
