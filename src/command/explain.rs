//! `sluis explain`: one decision and its trace, step by step.

use super::{FAILED, common};
use crate::catalogue::ToolRef;
use crate::diagnostic::nearest;
use crate::extract;
use crate::identity::Subject;
use crate::policy::explain::{Answer, Question, explain};
use crate::wire::{Direction, Unreadable};
use clap::{Args, ValueEnum};
use std::io::{IsTerminal, Read, Write};
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Bytes of a text or file that are looked at; what is larger counts as unreadable, as it does in the proxy by default.
const LIMIT: u64 = 32 << 20;

/// Prints what the policy decides about a text, and why. Nothing is sent anywhere.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  sluis explain --tool chatgpt 'Schrijf een brief aan BSN 111222333'\n  \
    sluis explain --tool le-chat --user anna --group AI-pilot --format json - < prompt.txt\n  \
    sluis explain --tool chatgpt --upload notulen.txt\n  sluis explain --tool deepseek")]
pub struct Arguments {
    /// Id of the tool, as `sluis catalogue list` shows it
    #[arg(long, value_name = "ID")]
    tool: String,
    /// Policy folder or file (default: that of the settings, else ./policies, else the embedded policy)
    #[arg(long, value_name = "DIR")]
    policy: Option<PathBuf>,
    /// Settings file (default: ./sluis.yaml if it is there)
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// User name; without it the sender is anonymous
    #[arg(long)]
    user: Option<String>,
    /// Directory group; may be given more than once
    #[arg(long = "group", value_name = "GROUP")]
    groups: Vec<String>,
    /// Address that the message comes from
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,
    /// Model that is asked for
    #[arg(long)]
    model: Option<String>,
    /// Client family, such as firefox or openai-python
    #[arg(long, default_value = "other")]
    client: String,
    /// The moment, as 2026-11-24T09:30:00Z (default: now)
    #[arg(long)]
    now: Option<jiff::Timestamp>,
    /// A file that is uploaded
    #[arg(long, value_name = "FILE", conflicts_with = "text")]
    upload: Option<PathBuf>,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Language of the employee's sentence: nl or en (default: the policy's first)
    #[arg(long, value_parser = ["nl", "en"])]
    language: Option<String>,
    /// The prompt, or - for standard input; without it: a visit to the tool's page
    text: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    /// One object: {action, class, rule, tool, findings, message, redacted, trace, ...}
    Json,
}

/// What was given to look at.
#[derive(Default)]
struct Input {
    text: Option<String>,
    bytes: u64,
    unreadable: Option<Unreadable>,
    label: String,
}

pub fn main(arguments: Arguments) -> ExitCode {
    let loaded = common::policies(arguments.policy.as_deref(), arguments.config.as_deref()).and_then(|dir| common::load(dir.as_deref()));
    let common::Loaded { catalogue, policy } = match loaded {
        Ok(loaded) => loaded,
        Err(mistakes) => return common::refuse(&mistakes),
    };
    let Some(tool) = catalogue.by_id(&arguments.tool) else { return unknown(&arguments.tool, catalogue.tools()) };
    let input = match input(&arguments) {
        Ok(input) => input,
        Err(message) => return common::failed(message),
    };
    let subject = Subject { user: arguments.user, groups: arguments.groups, address: arguments.address, organisation: String::new() };
    let question = Question {
        subject: &subject,
        tool,
        direction: if arguments.upload.is_some() { Direction::Upload } else { Direction::Prompt },
        text: input.text.as_deref(),
        label: &input.label,
        model: arguments.model.as_deref(),
        client: &arguments.client,
        bytes: Some(input.bytes),
        unreadable: input.unreadable,
        now: arguments.now.unwrap_or_else(jiff::Timestamp::now),
        trace: true,
    };
    let first = policy.organisation().languages.first().map_or("nl", String::as_str);
    let answer = explain(&policy, &question, arguments.language.as_deref().unwrap_or(first));
    let printed = match arguments.format {
        Format::Text => text(&mut anstream::stdout().lock(), &answer),
        Format::Json => {
            serde_json::to_string_pretty(&answer).map_err(std::io::Error::other).and_then(|json| writeln!(std::io::stdout(), "{json}"))
        }
    };
    if printed.is_ok() { ExitCode::SUCCESS } else { ExitCode::from(FAILED) }
}

fn unknown(id: &str, tools: &[ToolRef]) -> ExitCode {
    anstream::eprintln!("sluis: unknown tool '{id}'");
    match nearest(id, tools.iter().map(|tool| tool.id.as_str())) {
        Some(name) => anstream::eprintln!("  = did you mean '{name}'?"),
        None => anstream::eprintln!("  = 'sluis catalogue list' shows all of them"),
    }
    ExitCode::from(2)
}

fn input(arguments: &Arguments) -> Result<Input, String> {
    if let Some(path) = &arguments.upload {
        return upload(path);
    }
    match arguments.text.as_deref() {
        None => Ok(Input::default()),
        Some("-") => {
            if std::io::stdin().is_terminal() {
                anstream::eprintln!("sluis: type the prompt, end it with Ctrl-D on a line of its own");
            }
            read(std::io::stdin().lock()).map_err(|error| format!("standard input: {error}"))
        }
        Some(text) => Ok(Input { text: Some(text.to_owned()), bytes: text.len() as u64, ..Input::default() }),
    }
}

fn upload(path: &Path) -> Result<Input, String> {
    let file = std::fs::File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut bytes = Vec::new();
    file.take(LIMIT + 1).read_to_end(&mut bytes).map_err(|error| format!("{}: {error}", path.display()))?;
    let label = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if !extract::is_container(&bytes) {
        return Ok(Input { label, ..read(bytes.as_slice()).map_err(|error| error.to_string())? });
    }
    let found = extract::read(&label, "", &bytes, &extract::Limits::default());
    let texts: Vec<&str> = found.pieces.iter().map(|piece| piece.text.expose()).collect();
    Ok(Input { text: Some(texts.join("\n")), bytes: bytes.len() as u64, unreadable: found.unreadable, label })
}

fn read(source: impl Read) -> std::io::Result<Input> {
    let mut bytes = Vec::new();
    source.take(LIMIT + 1).read_to_end(&mut bytes)?;
    let size = bytes.len() as u64;
    if size > LIMIT {
        return Ok(Input { bytes: size, unreadable: Some(Unreadable::TooLarge), ..Input::default() });
    }
    Ok(match String::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Input { text: Some(text), bytes: size, ..Input::default() },
        Ok(_) => Input { bytes: size, unreadable: Some(Unreadable::UnknownType), ..Input::default() },
        Err(_) => Input { bytes: size, unreadable: Some(Unreadable::BrokenEncoding), ..Input::default() },
    })
}

fn text(out: &mut impl Write, answer: &Answer) -> std::io::Result<()> {
    for (number, step) in answer.trace.iter().enumerate() {
        writeln!(out, "{:>3}  {step}", number + 1)?;
    }
    writeln!(out)?;
    writeln!(out, "action    {}", answer.action.as_str())?;
    if answer.would != answer.action {
        writeln!(out, "would     {}", answer.would.as_str())?;
    }
    writeln!(out, "class     {}", answer.class)?;
    writeln!(out, "rule      {}", answer.rule.as_deref().unwrap_or("none"))?;
    for (what, value) in [("instead", &answer.instead), ("message", &answer.message), ("redacted", &answer.redacted)] {
        if let Some(value) = value {
            writeln!(out, "{what:<9} {value}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_counts_as_unreadable() {
        assert_eq!(read(&b"\xff\xfe\x00"[..]).unwrap().unreadable, Some(Unreadable::BrokenEncoding));
        assert_eq!(read(&b"PK\x03\x04\0\0"[..]).unwrap().unreadable, Some(Unreadable::UnknownType));
        assert_eq!(read("gewone tekst".as_bytes()).unwrap().text.as_deref(), Some("gewone tekst"));
    }

    #[test]
    fn more_than_the_limit_is_not_read_into_memory() {
        let input = read(std::io::repeat(b'a')).unwrap();
        assert_eq!(input.unreadable, Some(Unreadable::TooLarge));
        assert!(input.text.is_none());
    }
}
