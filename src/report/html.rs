//! A report as one HTML file for people: no script, nothing loaded from anywhere, headings and tables with captions (WCAG 2.2 AA), prints well.
//!
//! Everything that is filled in is escaped by the template. Numbers, days and times are written as the reader's language does.

use super::monitor::Answer;
use super::{Ciso, Count, Head, Monitor, NOTE, Period, Question, Report, Row, SizeClass};
use crate::page::{self, Lang, action_word, category_word, class_word, detector_word, local, status_word, whole};
use crate::policy::Mode;
use crate::record::suppress::Cell;
use askama::Template;

const STYLE: &str = include_str!("style.css");

#[derive(Template)]
#[template(path = "report/templates/report.html")]
struct Document {
    style: &'static str,
    /// What the file may load: its own style sheet and its icon.
    allowed: String,
    icon: &'static str,
    lang: Lang,
    organisation: String,
    title: &'static str,
    facts: Vec<(&'static str, String)>,
    notes: Vec<String>,
    sections: Vec<Section>,
}

struct Section {
    heading: String,
    text: String,
    tables: Vec<Table>,
}

struct Table {
    caption: String,
    columns: Vec<Column>,
    /// The first cell of each is its heading.
    rows: Vec<Vec<String>>,
    /// What stands in place of a table without rows.
    empty: &'static str,
}

struct Column {
    name: &'static str,
    number: bool,
}

pub(super) fn write(report: &Report, lang: Lang) -> String {
    let (title, facts, sections) = match report {
        Report::Ciso(report) => (lang.pick("AI-gebruik: verslag", "Use of AI: report"), Vec::new(), ciso(report, lang)),
        Report::Monitor(report) => {
            (lang.pick("AI-monitor: antwoorden", "AI monitor: answers"), vec![size(report, lang)], monitor(report, lang))
        }
    };
    let head = report.head();
    let document = Document {
        style: STYLE,
        allowed: format!("default-src 'none'; style-src {}; img-src data:", page::style_source(STYLE)),
        icon: page::ICON,
        lang,
        organisation: head.organisation.clone(),
        title,
        facts: self::facts(head, lang).into_iter().chain(facts).collect(),
        notes: notes(head, lang),
        sections,
    };
    let mut text = page::document(&document);
    text.push('\n');
    text
}

fn facts(head: &Head, lang: Lang) -> Vec<(&'static str, String)> {
    let moment = |at| {
        let local = local(at, lang);
        format!("{}, {}", local.date, local.time)
    };
    let mode = match head.mode {
        Mode::Enforce => lang.pick("handhaven", "enforce"),
        Mode::Observe => lang.pick("proefstand", "observe"),
    };
    vec![
        (lang.pick("Periode", "Period"), period(head.period, lang)),
        (lang.pick("Van", "From"), moment(head.covered.since)),
        (lang.pick("Tot", "Until"), moment(head.covered.until)),
        (lang.pick("Gemaakt op", "Made on"), moment(head.made)),
        (lang.pick("Beleid", "Policy"), format!("{} ({mode})", head.policy)),
        (lang.pick("Kleinste groep", "Smallest group"), whole(head.k, lang)),
    ]
}

fn period(period: Period, lang: Lang) -> String {
    match period {
        Period::Year(year) => year.to_string(),
        Period::Quarter(year, quarter) => format!("{} {quarter}, {year}", lang.pick("kwartaal", "quarter")),
        Period::Month(year, month) => format!("{month:02}-{year}"),
        Period::Last(1) => lang.pick("vandaag", "today").to_owned(),
        Period::Last(days) => format!("{} {days} {}", lang.pick("laatste", "last"), lang.pick("dagen", "days")),
    }
}

fn notes(head: &Head, lang: Lang) -> Vec<String> {
    let k = head.k;
    let mut notes = vec![match lang {
        Lang::Nl => format!("<{k} betekent: er staan minder dan {k} mensen achter, of het getal zou zo'n klein getal verraden."),
        Lang::En => format!("<{k} means: fewer than {k} people stand behind it, or the number would give such a small one away."),
    }];
    if !head.covered.complete {
        notes.push(lang.pick("Deze periode loopt nog.", "This period is not over yet.").to_owned());
    }
    match head.first {
        None => notes.push(lang.pick("Er is nog niets vastgelegd.", "Nothing has been recorded yet.").to_owned()),
        Some(first) if first > head.covered.since => {
            let day = local(first, lang).date;
            notes.push(match lang {
                Lang::Nl => format!("Vastgelegd wordt sinds {day}; daarvoor is niets bekend."),
                Lang::En => format!("Recording began on {day}; nothing is known of the time before."),
            });
        }
        Some(_) => {}
    }
    notes
}

fn cell(cell: Cell, k: u64, lang: Lang) -> String {
    match cell {
        Cell::Shown(number) => whole(number, lang),
        Cell::Hidden => format!("<{k}"),
    }
}

fn text(name: &'static str) -> Column {
    Column { name, number: false }
}

fn number(name: &'static str) -> Column {
    Column { name, number: true }
}

fn section(heading: &str, columns: Vec<Column>, rows: Vec<Vec<String>>, empty: &'static str) -> Section {
    let table = Table { caption: heading.to_owned(), columns, rows, empty };
    Section { heading: heading.to_owned(), text: String::new(), tables: vec![table] }
}

fn ciso(report: &Ciso, lang: Lang) -> Vec<Section> {
    let k = report.head.k;
    let none = lang.pick("Geen.", "None.");
    let requests = || number(lang.pick("Berichten", "Messages"));
    let people = || number(lang.pick("Mensen", "People"));
    let with = |mut row: Vec<String>, count: &Count| {
        row.extend([cell(count.number, k, lang), cell(count.people, k, lang)]);
        row
    };
    let category = |tool: &super::Tool| tool.category.as_deref().map_or("–", |category| category_word(category, lang)).to_owned();
    let totals = vec![
        with(vec![lang.pick("Alle berichten naar AI-diensten", "All messages to AI tools").to_owned()], &report.total),
        with(vec![lang.pick("waarvan in de proefstand", "of which in observe mode").to_owned()], &report.observed),
    ];
    let tools = report
        .tools
        .iter()
        .map(|tool| with(vec![tool.name.clone(), status_word(&tool.status, lang).to_owned(), category(tool)], &tool.count));
    let decisions = report.decisions.iter().map(|(action, count)| with(vec![action_word(action, lang).to_owned()], count));
    let findings = report
        .findings
        .iter()
        .map(|found| with(vec![detector_word(&found.detector, lang), class_word(&found.class, lang).to_owned()], &found.count));
    let unreviewed = report.unreviewed().map(|tool| {
        let mut row = with(vec![tool.name.clone(), category(tool)], &tool.count);
        row.extend([local(tool.first, lang).date, local(tool.last, lang).date]);
        row
    });
    let tool = || text(lang.pick("AI-dienst", "Tool"));
    let sort = || text(lang.pick("Soort", "Category"));
    vec![
        section(lang.pick("Samengevat", "In short"), vec![text(lang.pick("Wat", "What")), requests(), people()], totals, none),
        section(
            lang.pick("Gebruik per AI-dienst", "Use by tool"),
            vec![tool(), text("Status"), sort(), requests(), people()],
            tools.collect(),
            lang.pick("Er is geen AI-dienst gebruikt.", "No tool was used."),
        ),
        section(
            lang.pick("Besluiten", "Decisions"),
            vec![text(lang.pick("Besluit", "Decision")), requests(), people()],
            decisions.collect(),
            none,
        ),
        section(
            lang.pick("Soorten gegevens", "Kinds of data"),
            vec![
                text(lang.pick("Gegeven", "Data")),
                text(lang.pick("Klasse", "Class")),
                number(lang.pick("Vondsten", "Findings")),
                people(),
            ],
            findings.collect(),
            lang.pick("Er is niets gevonden.", "Nothing was found."),
        ),
        section(
            lang.pick("Nog niet beoordeeld", "Unreviewed"),
            vec![
                tool(),
                sort(),
                requests(),
                people(),
                text(lang.pick("Voor het eerst", "First seen")),
                text(lang.pick("Voor het laatst", "Last seen")),
            ],
            unreviewed.collect(),
            lang.pick("Alle gebruikte AI-diensten zijn beoordeeld.", "Every tool that was used has been reviewed."),
        ),
    ]
}

fn size(report: &Monitor, lang: Lang) -> (&'static str, String) {
    let class = match report.size {
        Some(SizeClass::Small) => lang.pick("onder 60.000 inwoners", "under 60,000 inhabitants"),
        Some(SizeClass::Middle) => lang.pick("60.000 tot 100.000 inwoners", "60,000 to 100,000 inhabitants"),
        Some(SizeClass::Large) => {
            lang.pick("boven 100.000 inwoners, of samenwerkingsverband", "above 100,000 inhabitants, or a partnership")
        }
        None => lang.pick("niet bekend", "not known"),
    };
    (lang.pick("Grootteklasse", "Size class"), class.to_owned())
}

fn monitor(report: &Monitor, lang: Lang) -> Vec<Section> {
    report.questions.iter().map(|asked| question(asked, report.head.k, lang)).collect()
}

fn question(asked: &Question, k: u64, lang: Lang) -> Section {
    let answer = match asked.answer {
        Answer::Yes => lang.pick("Ja.", "Yes."),
        Answer::No => lang.pick("Nee, volgens het beleid.", "No, according to the policy."),
        Answer::NotSeen => {
            lang.pick("Niet gezien. Wat buiten Sluis om gaat, is niet bekend.", "Not seen. What goes around Sluis is not known.")
        }
        Answer::Rows => "",
    };
    let basis = match asked.basis {
        "policy" => lang.pick("Bron: het beleid van nu.", "Source: the policy as it is now."),
        _ => lang.pick("Bron: wat Sluis in deze periode vastlegde.", "Source: what Sluis recorded in this period."),
    };
    let open = if asked.survey.is_empty() {
        lang.pick(" In 2024 was dit een open vraag, zonder cijfers.", " In 2024 this was an open question, without figures.")
    } else {
        ""
    };
    let mut tables = vec![rows(asked, k, lang)];
    if asked.survey.is_empty() {
        tables[0].caption.push_str(&format!(" ({NOTE})"));
    } else {
        tables.push(survey(asked, lang));
    }
    Section {
        heading: format!("{} {}", asked.number, lang.pick(asked.nl, asked.en)),
        text: format!("{answer} {basis}{open}").trim_start().to_owned(),
        tables,
    }
}

fn rows(asked: &Question, k: u64, lang: Lang) -> Table {
    let caption = lang.pick("Wij", "We").to_owned();
    if asked.basis == "policy" {
        let rows = asked.rows.iter().map(|row| {
            let until = row.until.map_or_else(|| "–".to_owned(), |day| day.strftime(lang.pick("%d-%m-%Y", "%-d %b %Y")).to_string());
            vec![name(row, lang), row.purpose.clone().unwrap_or_else(|| "–".to_owned()), until]
        });
        let columns =
            vec![text(lang.pick("Proef", "Pilot")), text(lang.pick("Doel", "Purpose")), text(lang.pick("Tot en met", "Last day"))];
        return Table { caption, columns, rows: rows.collect(), empty: lang.pick("Geen lopende proef.", "No pilot is running.") };
    }
    let tools = asked.rows.iter().any(|row| row.tools.is_some());
    let mut columns = vec![text(lang.pick("Wat", "What"))];
    if tools {
        columns.push(number(lang.pick("AI-diensten", "Tools")));
    }
    columns.extend([number(lang.pick("Berichten", "Messages")), number(lang.pick("Mensen", "People"))]);
    let rows = asked.rows.iter().map(|row| {
        let mut cells = vec![name(row, lang)];
        if tools {
            cells.push(row.tools.map_or_else(|| "–".to_owned(), |tools| whole(tools, lang)));
        }
        let shown = |part: fn(&Count) -> Cell| row.count.as_ref().map_or_else(|| "–".to_owned(), |count| cell(part(count), k, lang));
        cells.extend([shown(|count| count.number), shown(|count| count.people)]);
        cells
    });
    Table { caption, columns, rows: rows.collect(), empty: lang.pick("Geen.", "None.") }
}

fn name(row: &Row, lang: Lang) -> String {
    if let Some(share) = row.domain {
        return lang.pick(share.nl, share.en).to_owned();
    }
    match row.id.as_str() {
        "generative" => lang.pick("Generatieve AI", "Generative AI").to_owned(),
        "embedded" => lang.pick("AI in andere software", "Embedded AI").to_owned(),
        "own" => lang.pick("Eigen AI", "AI of our own").to_owned(),
        "unreviewed" => lang.pick("Naar nog niet beoordeelde AI-diensten", "To unreviewed tools").to_owned(),
        "blocked" => lang.pick("Tegengehouden", "Blocked").to_owned(),
        "redacted" => lang.pick("Gegevens vervangen", "Details redacted").to_owned(),
        crate::policy::OTHER_DOMAIN => lang.pick("overig", "other").to_owned(),
        id => row.name.clone().unwrap_or_else(|| id.to_owned()),
    }
}

fn survey(asked: &Question, lang: Lang) -> Table {
    let rows = asked.survey.iter().map(|share| {
        let of = format!("{} {} {}", share.n, lang.pick("van", "of"), share.of);
        vec![lang.pick(share.nl, share.en).to_owned(), of, format!("{}%", share.percent)]
    });
    Table {
        caption: format!("{} ({NOTE})", lang.pick("AI Monitor Gemeenten", "AI monitor of municipalities")),
        columns: vec![
            text(lang.pick("Antwoord", "Answer")),
            number(lang.pick("Organisaties", "Organisations")),
            number(lang.pick("Aandeel", "Share")),
        ],
        rows: rows.collect(),
        empty: "",
    }
}
