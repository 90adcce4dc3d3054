//! The first page of the console, and the pages for what goes wrong: plain HTML, drawn on the server, no script.

use super::chart::{Bar, Spark, Stack, action_kind, cell, status_kind};
use super::overview::Overview;
use super::{ConsoleState, Period, Status, accept_language};
use crate::page::{self, Lang, Local, action_word, category_word, class_word, local, percent, status_word, whole};
use crate::policy::Mode;
use crate::record::suppress::Cell;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use std::sync::LazyLock;

const STYLE: &str = include_str!("style.css");
static CSP: LazyLock<String> = LazyLock::new(|| page::policy_for(STYLE));

/// Head and banner of every page of the console.
struct Frame {
    style: &'static str,
    icon: &'static str,
    lang: Lang,
    title: String,
    organisation: String,
    /// Query of the same page in the other language.
    switch: String,
}

impl Frame {
    fn new(lang: Lang, title: &str, organisation: &str, switch: String) -> Self {
        Self { style: STYLE, icon: page::ICON, lang, title: title.to_owned(), organisation: organisation.to_owned(), switch }
    }
}

struct Choice {
    code: &'static str,
    label: &'static str,
    current: bool,
}

struct Tile {
    label: &'static str,
    value: String,
    note: String,
    kind: &'static str,
}

struct ToolRow {
    name: String,
    status: &'static str,
    status_word: String,
    requests: String,
    people: String,
    spark: Spark,
}

struct ActionRow {
    kind: &'static str,
    word: String,
    requests: String,
    share: String,
}

struct UnreviewedRow {
    name: String,
    category: String,
    requests: String,
    people: String,
    first: String,
    last: String,
}

/// A table over time: column names, then rows of a name and its cells.
struct Numbers {
    columns: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
}

#[derive(Template)]
#[template(path = "console/templates/dashboard.html")]
struct Dashboard {
    frame: Frame,
    lang: Lang,
    k: u64,
    periods: Vec<Choice>,
    per: &'static str,
    empty: bool,
    small: bool,
    tiles: Vec<Tile>,
    approved: String,
    tools: Vec<ToolRow>,
    tool_numbers: Numbers,
    stack: Stack,
    actions: Vec<ActionRow>,
    action_numbers: Numbers,
    classes: Vec<Bar>,
    kinds: Vec<Bar>,
    unreviewed: Vec<UnreviewedRow>,
    status: Status,
    observe: bool,
    reload: Option<Local>,
    audit_lines: String,
    audit_checked: Option<Local>,
    now: Local,
}

/// `GET /?period=7d&lang=nl`; an unknown period is the usual one.
pub async fn show(State(state): State<ConsoleState>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let status = state.node.status();
    let lang = Lang::of_request(query.as_deref(), accept_language(&headers), &status.languages);
    let period = period_of(query.as_deref()).and_then(|code| Period::parse(&code)).unwrap_or(Period::Month);
    let now = Timestamp::now();
    match Overview::read(state.source.as_ref(), period, now, state.smallest_group()).await {
        Ok(overview) => html(StatusCode::OK, &dashboard(&state, status, &overview, now, lang)),
        Err(error) => {
            tracing::error!(%error, "the console cannot show the overview");
            refuse(StatusCode::SERVICE_UNAVAILABLE, lang)
        }
    }
}

/// The value of `period` in a query string.
pub(super) fn period_of(query: Option<&str>) -> Option<String> {
    form_urlencoded::parse(query?.as_bytes()).find(|(key, _)| key == "period").map(|(_, value)| value.into_owned())
}

fn dashboard(state: &ConsoleState, status: Status, overview: &Overview, now: Timestamp, lang: Lang) -> Dashboard {
    let name = |id: &str| state.node.tool_name(id).unwrap_or_else(|| id.to_owned());
    let period = overview.period;
    let title = lang.pick("AI-gebruik", "Use of AI");
    let switch = format!("?period={}&lang={}", period.code(), lang.other().code());
    let tools = overview.tools.iter().map(|line| ToolRow {
        name: name(&line.id),
        status: status_kind(&line.status),
        status_word: status_word(&line.status, lang).to_owned(),
        requests: whole(line.requests, lang),
        people: cell(line.people, overview.k, lang),
        spark: Spark::new(line, overview, lang),
    });
    let actions = overview.actions.iter().map(|line| ActionRow {
        kind: action_kind(&line.id),
        word: action_word(&line.id, lang).to_owned(),
        requests: whole(line.requests, lang),
        share: percent(line.requests, overview.requests, lang),
    });
    let unreviewed = overview.unreviewed.iter().map(|row| UnreviewedRow {
        name: name(&row.tool),
        category: category_word(&row.category, lang).to_owned(),
        requests: whole(row.requests, lang),
        people: cell(row.people, overview.k, lang),
        first: local(row.first, lang).date,
        last: local(row.last, lang).date,
    });
    Dashboard {
        frame: Frame::new(lang, title, &status.organisation, switch),
        lang,
        k: overview.k,
        periods: Period::ALL.map(|p| Choice { code: p.code(), label: p.label(lang), current: p == period }).into(),
        per: period.per(lang),
        empty: overview.requests == 0,
        small: overview.small,
        tiles: tiles(overview, lang),
        approved: share(overview.status("approved"), overview.requests),
        tools: tools.collect(),
        tool_numbers: numbers(overview, overview.tools.iter().map(|line| (name(&line.id), line.cells.as_slice())), lang),
        stack: Stack::new(overview, lang),
        actions: actions.collect(),
        action_numbers: numbers(
            overview,
            overview.actions.iter().map(|line| (action_word(&line.id, lang).to_owned(), line.cells.as_slice())),
            lang,
        ),
        classes: classes(overview, lang),
        kinds: Bar::detectors(overview, lang),
        unreviewed: unreviewed.collect(),
        observe: status.mode == Mode::Observe,
        reload: status.reload.as_ref().map(|reload| local(reload.at, lang)),
        audit_lines: whole(status.audit.lines, lang),
        audit_checked: status.audit.checked.map(|at| local(at, lang)),
        status,
        now: local(now, lang),
    }
}

fn tiles(overview: &Overview, lang: Lang) -> Vec<Tile> {
    let action = |action: &'static str, label| Tile {
        label,
        value: whole(overview.action(action), lang),
        note: percent(overview.action(action), overview.requests, lang) + lang.pick(" van de berichten", " of the messages"),
        kind: action,
    };
    vec![
        Tile {
            label: lang.pick("Berichten", "Messages"),
            value: whole(overview.requests, lang),
            note: lang.pick("naar AI-diensten", "to AI tools").to_owned(),
            kind: "plain",
        },
        Tile {
            label: lang.pick("Actieve gebruikers", "Active users"),
            value: cell(overview.people, overview.k, lang),
            note: lang.pick("verschillende mensen", "distinct people").to_owned(),
            kind: "plain",
        },
        action("block", lang.pick("Tegengehouden", "Blocked")),
        action("redact", lang.pick("Gegevens vervangen", "Details redacted")),
        action("warn", lang.pick("Gewaarschuwd", "Warned")),
        Tile {
            label: lang.pick("Aandeel goedgekeurd", "Approved share"),
            value: percent(overview.status("approved"), overview.requests, lang),
            note: lang.pick("van de berichten", "of the messages").to_owned(),
            kind: "approved",
        },
    ]
}

/// Width of a bar in percent, with a point.
fn share(part: u64, total: u64) -> String {
    format!("{:.1}", part as f64 * 100.0 / total.max(1) as f64)
}

/// Findings per class: the sum of what is shown, so that it gives no hidden part back.
fn classes(overview: &Overview, lang: Lang) -> Vec<Bar> {
    let mut sums: Vec<(&str, Cell)> = Vec::new();
    for found in &overview.findings {
        use Cell::{Hidden, Shown};
        match sums.iter_mut().find(|(class, _)| *class == found.class) {
            Some((_, sum)) => {
                *sum = match (*sum, found.count) {
                    (Shown(a), Shown(b)) => Shown(a.saturating_add(b)),
                    (Hidden, other) | (other, Hidden) => other,
                }
            }
            None => sums.push((&found.class, found.count)),
        }
    }
    sums.sort_by_key(|(_, sum)| std::cmp::Reverse(sum.shown()));
    Bar::list(sums.into_iter().map(|(class, sum)| (class_word(class, lang).to_owned(), sum)), overview.k, lang)
}

fn numbers<'a>(overview: &Overview, lines: impl Iterator<Item = (String, &'a [Cell])>, lang: Lang) -> Numbers {
    let lines: Vec<_> = lines.collect();
    let rows = overview.slots.iter().enumerate().map(|(place, slot)| {
        let cells = lines.iter().map(|(_, cells)| cells.get(place).map_or_else(String::new, |value| cell(*value, overview.k, lang)));
        (slot.long(lang), cells.collect())
    });
    Numbers { rows: rows.collect(), columns: lines.iter().map(|(name, _)| name.clone()).collect() }
}

#[derive(Template)]
#[template(path = "console/templates/refused.html")]
struct Refused {
    frame: Frame,
    text: &'static str,
}

/// The page for an address that the console does not have.
pub async fn not_found(RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    refuse(StatusCode::NOT_FOUND, Lang::of_request(query.as_deref(), accept_language(&headers), &[]))
}

/// A short page for an answer that is not the dashboard.
pub(super) fn refuse(status: StatusCode, lang: Lang) -> Response {
    let (title, text) = match status {
        StatusCode::NOT_FOUND => (
            lang.pick("Deze pagina bestaat niet", "This page does not exist"),
            lang.pick("Kijk of je het adres goed hebt overgenomen.", "Check that you copied the address well."),
        ),
        StatusCode::MISDIRECTED_REQUEST => (
            lang.pick("Onder deze naam is de console niet bereikbaar", "The console does not answer to this name"),
            lang.pick(
                "Gebruik het IP-adres of localhost. De beheerder kan een eigen naam toevoegen aan de instellingen.",
                "Use the IP address or localhost. The operator can add a name of your own to the settings.",
            ),
        ),
        _ => (
            lang.pick("De gegevens zijn nu niet te lezen", "The data cannot be read now"),
            lang.pick(
                "Het beleid werkt gewoon door en er gaat niets verloren. De oorzaak staat in het logboek van Sluis. Probeer het straks opnieuw.",
                "The policy stays in force and nothing is lost. The cause stands in the log of Sluis. Try again in a while.",
            ),
        ),
    };
    html(status, &Refused { frame: Frame::new(lang, title, "", format!("?lang={}", lang.other().code())), text })
}

fn html(status: StatusCode, template: &impl Template) -> Response {
    let mut response = (status, Html(page::document(template))).into_response();
    if let Ok(value) = HeaderValue::from_str(&CSP) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, value);
    }
    response
}
