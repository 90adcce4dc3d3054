//! `secrecy-council`: secrecy that a council, executive or mayor imposed on this document, as its mark says.
//!
//! Takes the sentence around the word; imposing verbs, `this document` and the articles of the law (Gemeentewet 87-89, before 2023: 25, 55, 86;
//! Provinciewet and Waterschapswet likewise) speak for it. Citing the article, lifting the secrecy and secrecy of staff are none.

use super::situation::sentence;
use super::{Candidate, Detector};
use crate::detect::groups::SECRECY;
use crate::detect::keywords::{Keywords, Words};
use crate::detect::prefilter::trace;
use crate::detect::score::Score;
use crate::detect::sight::Sight;
use std::sync::LazyLock;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["secrecy-council"],
    words: &[Words(
        SECRECY,
        "geheimhouding, geheim ex, geheim op grond, geheim ingevolge, geheim conform, geheim (art, geheim - art, geheim art, geheime bijlage, geheim stuk, geheime stukken, secrecy, council secrecy",
    )],
    look,
};

const IMPOSED: u128 = 1;
const THIS: u128 = 1 << 1;
const LAW: u128 = 1 << 2;
const LIFTED: u128 = 1 << 3;
const ABOUT: u128 = 1 << 4;
const UNDER: u128 = 1 << 5;

const WORDS: &[Words] = &[
    Words(
        IMPOSED,
        "opgelegd, bekrachtigd, bekrachtigt, bekrachtigen, legt geheimhouding op, leggen geheimhouding op, legt op, oplegt, rust, berust, geldt geheimhouding, geheimhouding geldt, van toepassing, besloten, imposed, applies, confirmed, \
         verstrekt, ter inzage, ter vertrouwelijke inzage, overgelegd, toegezonden, geheim te houden, opgelegde",
    ),
    Words(
        THIS,
        "dit, deze, bijgaand, bijgaande, bijgevoegd, bijgevoegde, voorliggend, voorliggende, onderhavige, hierop, onderliggende, de bijlage, de bijlagen, bijlage, bijlagen, het voorstel, het stuk, raadsvoorstel, collegevoorstel, memo, het rapport, grondexploitatie, daarbij behorende, bijbehorende, this, attached, enclosed",
    ),
    Words(LAW, "gemeentewet, provinciewet, waterschapswet, art, artikel, artikelen, woo, wob, gemw, 5.1, wet open overheid"),
    Words(
        UNDER,
        "onder geheimhouding, onder oplegging van geheimhouding, met geheimhouding, onder embargo en geheimhouding, under secrecy, under obligation of secrecy",
    ),
    Words(
        LIFTED,
        "opgeheven, opheffen, opheffing, heft, hief, op te heffen, vervalt, vervallen, geen geheimhouding, niet langer, niet bekrachtigd, beëindigd, eindigt, verlopen, geen, lifted, no longer, expired, niet onder geheimhouding",
    ),
    Words(
        ABOUT,
        "kan, kunnen, kon, konden, bevoegd, bevoegdheid, bepaalt, bepaald, regelt, luidt, indien, wanneer, als, mogelijkheid, mag, mogen, moet, moeten, zou, hoe, wat, waarom, wie, welke, training, cursus, uitleg, handreiking, handleiding, protocol, geheimhoudingsverklaring, geheimhoudingsplicht, schending, schenden, schond, beroepsgeheim, \
         medewerkers, ambtenaren, jurisprudentie, uitspraak, wetswijziging, wetsvoorstel, raadsleden, gemeenteraden, stukken waarop, onderwerpen, procedure, werkwijze, register, overzicht, evaluatie, can, may, should, article about, policy",
    ),
];

static CONTEXT: LazyLock<Keywords> = LazyLock::new(|| Keywords::new(WORDS.iter().copied()));

/// Makes the words, so that no scan waits for them.
pub(super) fn prepare() {
    LazyLock::force(&CONTEXT);
}

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    let mut done = 0;
    for hit in sight.hits(SECRECY) {
        if hit.start < done {
            continue;
        }
        let range = sentence(sight, hit.start);
        done = range.end;
        let text = sight.text.get(range.clone()).unwrap_or("");
        let words = trace(text, &CONTEXT, None);
        let has = |group: u128| words.present & group != 0;
        let line = sight.around(hit.start, 200);
        let whole = sight.text.get(line.clone()).unwrap_or("");
        let word = sight.text.get(hit.start..hit.end).unwrap_or("");
        let capitals = !word.chars().any(char::is_lowercase);
        let before = whole.get(..hit.start - line.start).unwrap_or("").trim_matches(|c: char| !c.is_alphanumeric());
        let starts = before.is_empty() || before.eq_ignore_ascii_case("onder") || before.eq_ignore_ascii_case("bijlage");
        let mark = starts && whole.chars().count() <= 120 && !whole.trim_end().ends_with('?');
        let named = word.len() > "geheimhouding".len();
        let mut score = Score::base(0.151, "the word for secrecy");
        if has(IMPOSED) || named && has(LAW) {
            score = score.and(0.25, "it is imposed, confirmed or in force");
        }
        if has(UNDER) {
            score = score.and(0.2, "something stands under it");
        }
        if has(LAW) {
            score = score.and(0.15, "with the article or law");
        }
        if has(THIS) {
            score = score.and(0.15, "this document is meant");
        }
        if mark {
            score = score.and(if capitals || has(LAW) { 0.35 } else { 0.2 }, "it stands as a mark");
        }
        if has(LIFTED) {
            score = score.and(-0.6, "it is lifted or was not imposed");
        }
        if has(ABOUT) || text.trim_end().ends_with('?') {
            score = score.and(if mark && capitals { -0.1 } else { -0.35 }, "it is spoken about");
        }
        let end = if range.end > hit.end { (range.start + text.trim_end().trim_end_matches('.').len()).max(hit.end) } else { hit.end };
        out.push(Candidate { id: "secrecy-council", start: hit.start, end, score });
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::misses;

    #[track_caller]
    fn is_found(text: &str) {
        assert!(
            !crate::detect::Plan::new(&[]).unwrap().scan(text, "").iter().all(|finding| &*finding.detector != "secrecy-council"),
            "{text}"
        );
    }

    #[test]
    fn the_mark_on_a_document_is_found() {
        for text in [
            "Op dit stuk is geheimhouding opgelegd op grond van artikel 87 van de Gemeentewet.",
            "GEHEIMHOUDING OPGELEGD (art. 25 Gemeentewet)",
            "ONDER GEHEIMHOUDING\n\nRaadsvoorstel grondverkoop",
            "Het college legt geheimhouding op ex artikel 87, eerste lid, Gemeentewet op bijlage 2.",
            "De raad heeft de opgelegde geheimhouding op deze bijlage bekrachtigd in zijn vergadering van 4 maart.",
            "Bijlage 3 (onder geheimhouding, art. 86 Gemeentewet)",
            "Op de bijlagen bij dit voorstel rust geheimhouding.",
            "Geheim ex artikel 25 Gemeentewet",
            "Bijgaande grondexploitatie wordt onder geheimhouding aan de raad verstrekt.",
            "Gedeputeerde Staten hebben op deze stukken geheimhouding opgelegd op grond van artikel 91 Provinciewet.",
            "Geheimhouding opgelegd door het college op grond van art. 5.1 lid 2 onder b Woo",
        ] {
            is_found(text);
        }
    }

    #[test]
    fn the_article_and_lifted_secrecy_are_none() {
        for text in [
            "Artikel 87 van de Gemeentewet bepaalt dat het college geheimhouding kan opleggen.",
            "De raad heeft de geheimhouding op de bijlage opgeheven.",
            "Op dit stuk rust geen geheimhouding meer.",
            "Hoe werkt geheimhouding op grond van artikel 87 Gemeentewet?",
            "Alle medewerkers tekenen een geheimhoudingsverklaring.",
            "Geheimhouding is een uitzondering op de openbaarheid van bestuur.",
            "De training geheimhouding en integriteit voor raadsleden is op 4 maart.",
            "Schending van de geheimhouding is strafbaar.",
            "Wanneer de burgemeester geheimhouding oplegt, moet de raad die bekrachtigen.",
        ] {
            misses("secrecy-council", text);
        }
    }
}
