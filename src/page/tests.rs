//! The pages as a person and a browser meet them. With `SLUIS_GALLERY=DIR` the pages are left there for the browser checks.

use super::*;
use base64::Engine;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

const SENTENCE: &str = "Je bericht is niet verstuurd, want er staat een BSN in. Haal dat weg en probeer het opnieuw.";
const OTHER: &str = "Your message was not sent because it holds a citizen service number (BSN). Take that out and try again.";

fn example(lang: Lang) -> Page<'static> {
    Page {
        lang,
        organisation: "Gemeente Voorbeeld",
        tool: "DeepSeek",
        sentence: lang.pick(SENTENCE, OTHER),
        other_sentence: Some(lang.pick(OTHER, SENTENCE)),
        instead: Some(("Microsoft 365 Copilot", "https://m365.cloud.microsoft/chat")),
        helpdesk: Some("servicedesk@voorbeeld.nl"),
        event: "01937c9e-7f60-7c22-a5d2-4f2f1f4f0a11",
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn own_rows() -> Vec<OwnRow> {
    let row = |time: &str, tool: &str, action: &str, class: &str| OwnRow {
        time: at(time),
        tool: tool.into(),
        action: action.into(),
        class: class.into(),
    };
    vec![
        row("2026-11-24T13:05:00Z", "ChatGPT", "block", "secret"),
        row("2026-11-24T09:12:40Z", "ChatGPT", "redact", "internal"),
        row("2026-11-23T15:47:02Z", "Microsoft 365 Copilot", "allow", "confidential"),
        row("2026-11-20T08:30:00Z", "Perplexity", "warn", "public"),
        row("2026-07-03T08:30:00Z", "DeepL", "redirect", "public"),
    ]
}

/// Every page in one language, by name.
fn gallery(lang: Lang) -> Vec<(&'static str, String)> {
    let rows = own_rows();
    let mine_page =
        Mine { lang, organisation: "Gemeente Voorbeeld", rows: &rows, days: Some(400), pseudonyms: true, privacy: Some("fg@voorbeeld.nl") };
    vec![
        ("blocked", blocked(&example(lang))),
        ("warned", warned(&Warned { page: example(lang), link: "http://sluis.internal/continue/4f2a" })),
        (
            "continued",
            continued(&Continued {
                lang,
                organisation: "Gemeente Voorbeeld",
                tool: "ChatGPT",
                valid_seconds: 28_800,
                helpdesk: Some("14 0123"),
            }),
        ),
        (
            "unreachable",
            unreachable(&Unreachable {
                lang,
                organisation: "Gemeente Voorbeeld",
                host: "chat.deepseek.com",
                trouble: Trouble::Certificate,
                reason: "certificate has expired",
                remedy: "If the organisation's own PKI signed it, add that CA to upstream.trust",
                helpdesk: Some("https://helpdesk.voorbeeld.nl/"),
            }),
        ),
        ("home", home(lang, "Gemeente Voorbeeld", Some("servicedesk@voorbeeld.nl"))),
        (
            "certificate",
            certificate(&Certificate {
                lang,
                organisation: "Gemeente Voorbeeld",
                fingerprint: "3F:9A:12:44:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01",
                valid_until: at("2036-11-24T13:05:00Z"),
                helpdesk: None,
            }),
        ),
        ("mine", mine(&mine_page)),
        ("mine-empty", mine(&Mine { rows: &[], days: None, pseudonyms: false, privacy: None, ..mine_page })),
        ("not_found", not_found(lang, "Gemeente Voorbeeld")),
    ]
}

#[test]
fn every_page_names_its_language_and_holds_no_script_and_no_outside_resource() {
    for lang in [Lang::Nl, Lang::En] {
        for (name, html) in gallery(lang) {
            assert!(html.starts_with(&format!("<!doctype html>\n<html lang=\"{}\">", lang.code())), "{name}");
            for forbidden in ["<script", " style=\"", " src=", "@import", "url(", "<form", "javascript:"] {
                assert!(!html.contains(forbidden), "{name} holds {forbidden}");
            }
            assert_eq!(html.matches("<main>").count(), 1, "{name}");
            if let Ok(folder) = std::env::var("SLUIS_GALLERY") {
                std::fs::write(std::path::Path::new(&folder).join(format!("{name}-{}.html", lang.code())), &html).unwrap();
            }
        }
    }
}

#[test]
fn the_content_security_policy_allows_exactly_the_style_sheet_that_the_page_holds() {
    for (name, html) in gallery(Lang::Nl) {
        let style = html.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
        let hash = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(style.as_bytes()));
        assert!(content_security_policy().contains(&format!("style-src 'sha256-{hash}';")), "{name}");
        assert_eq!(html.matches("<style").count(), 1, "{name}");
    }
    assert!(content_security_policy().starts_with("default-src 'none'; "));
}

#[test]
fn a_blocked_page_says_why_what_to_use_instead_and_which_number_to_quote_in_both_languages() {
    let html = blocked(&example(Lang::Nl));
    for text in [SENTENCE, "Citizen".to_lowercase().as_str(), "Microsoft 365 Copilot", "mailto:servicedesk@voorbeeld.nl", "01937c9e"] {
        assert!(html.contains(text), "{text}");
    }
    assert!(html.contains("<section class=\"sheet other\" id=\"en\" lang=\"en\""));
    assert!(html.contains("<a href=\"#en\" lang=\"en\" hreflang=\"en\">English</a>"));
}

#[test]
fn a_blocked_page_without_the_other_sentence_offers_no_language_switch() {
    let html = blocked(&Page { other_sentence: None, ..example(Lang::En) });
    assert!(!html.contains("hreflang") && !html.contains(SENTENCE) && html.contains(OTHER));
}

#[test]
fn the_link_of_a_warning_is_one_plain_link() {
    let html = warned(&Warned { page: example(Lang::Nl), link: "http://sluis.internal/continue/4f2a" });
    assert!(html.contains("<a class=\"button second\" href=\"http://sluis.internal/continue/4f2a\">Toch doorgaan</a>"));
}

#[test]
fn what_is_filled_in_is_escaped_and_only_web_addresses_become_links() {
    let html = warned(&Warned {
        page: Page {
            organisation: "<b>Gemeente</b>",
            tool: "\"><script>alert(1)</script>",
            sentence: "<img onerror=x>",
            instead: Some(("<i>x</i>", "javascript:alert(1)")),
            helpdesk: Some("x\"onmouseover=\"y"),
            ..example(Lang::Nl)
        },
        link: "javascript:alert(2)",
    });
    for forbidden in ["<script", "<b>", "<i>x", "<img", "javascript:", "\"onmouseover", "Toch doorgaan"] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn the_page_after_the_click_says_that_the_message_can_be_sent_again_and_for_how_long() {
    let page = Continued { lang: Lang::Nl, organisation: "", tool: "ChatGPT", valid_seconds: 28_800, helpdesk: None };
    let html = continued(&page);
    assert!(html.contains("Je kunt je bericht nu opnieuw versturen.") && html.contains("gaat 8 uur lang door"));
    for (seconds, nl) in [(3600, "1 uur"), (1800, "30 minuten"), (60, "1 minuut"), (0, "1 minuut"), (5400, "90 minuten")] {
        assert!(continued(&Continued { valid_seconds: seconds, ..page }).contains(&format!("gaat {nl} lang")), "{seconds}");
    }
}

#[test]
fn an_unreachable_page_is_short_for_people_and_exact_for_the_helpdesk() {
    let (_, html) = gallery(Lang::Nl).swap_remove(3);
    let (before, after) = html.split_once("id=\"nl\"").unwrap().1.split_once("<details>").unwrap();
    assert!(before.contains("niet zeker weten") && !before.contains("certificate has expired"));
    assert!(after.contains("certificate has expired") && after.contains("upstream.trust"));
}

#[test]
fn the_page_about_own_data_shows_time_tool_decision_and_class_and_follows_the_settings() {
    let pages = gallery(Lang::Nl);
    let html = &pages[6].1;
    for text in ["24-11-2026", "14.05 uur", "ChatGPT", "tegengehouden", "geheim", "400", "schuilnaam", "mailto:fg@voorbeeld.nl"] {
        assert!(html.contains(text), "{text}");
    }
    assert!(html.contains("03-07-2026") && html.contains("10.30 uur"), "summer time");
    let empty = &pages[7].1;
    assert!(empty.contains("nog niets van je vastgelegd") && empty.contains("Je gebruikersnaam") && !empty.contains("<table"));
}

#[test]
fn the_reader_gets_the_language_they_prefer_among_those_of_the_organisation() {
    let both = ["nl".to_owned(), "en".to_owned()];
    for (header, expected) in [
        (None, Lang::Nl),
        (Some(""), Lang::Nl),
        (Some("en"), Lang::En),
        (Some("en-GB,en;q=0.9,nl;q=0.8"), Lang::En),
        (Some("de, en;q=0.5"), Lang::En),
        (Some("nl-BE"), Lang::Nl),
        (Some("fr, *;q=0.1"), Lang::Nl),
        (Some("nl;q=0, en;q=0.1"), Lang::En),
        (Some("nl;q=0.3, en;q=0.8"), Lang::En),
        (Some("en;q=wat,;;,\u{fe0f}"), Lang::Nl),
    ] {
        assert_eq!(Lang::choose(header, &both), expected, "{header:?}");
    }
    assert_eq!(Lang::choose(Some("nl"), &["en".to_owned()]), Lang::En);
    assert_eq!(Lang::choose(Some("en"), &[]), Lang::En);
    assert_eq!(Lang::of_request(Some("a=1&lang=en"), Some("nl"), &both), Lang::En);
    assert_eq!(Lang::of_request(Some("lang=xx"), Some("nl"), &both), Lang::Nl);
}

#[test]
fn numbers_and_dates_are_written_the_dutch_and_the_english_way() {
    for (number, nl, en) in [(0, "0", "0"), (999, "999", "999"), (1234, "1.234", "1,234"), (1_234_567, "1.234.567", "1,234,567")] {
        assert_eq!((whole(number, Lang::Nl).as_str(), whole(number, Lang::En).as_str()), (nl, en));
    }
    assert_eq!((decimal(1234.5, Lang::Nl), decimal(1234.5, Lang::En)), ("1.234,5".into(), "1,234.5".into()));
    assert_eq!((decimal(f64::NAN, Lang::Nl), decimal(-1.0, Lang::Nl)), ("0,0".into(), "0,0".into()));
    assert_eq!((percent(1, 8, Lang::Nl), percent(0, 0, Lang::En)), ("12,5%".into(), "–".into()));
    let moment = local(at("2026-11-24T13:05:09Z"), Lang::En);
    assert_eq!((moment.date.as_str(), moment.time.as_str(), moment.iso.as_str()), ("24 Nov 2026", "14:05", "2026-11-24T13:05:09Z"));
}
