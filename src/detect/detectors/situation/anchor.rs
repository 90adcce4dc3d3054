//! Who a sentence with a seed is about: a name, a role, a pronoun, the writer, or the person whose file the paragraph belongs to.
//!
//! Takes the sentence and the signs of people that other detectors found; gives the best anchor with its worth. It must never take a greeting,
//! an institution or a group for a person.

use super::*;
use crate::detect::prefilter::is_word;

/// What an anchor that is not certain is worth at most.
pub(super) const UNCERTAIN_MAX: f32 = 0.36;

/// A name, title or number in the sentence: a certain person.
pub(super) fn certain(sight: &Sight<'_>, signs: &Signs, around: &Around) -> Option<Anchor> {
    let range = &around.range;
    let found = |worth, because, word| Some(Anchor { worth, because, file: false, word: Some(word) });
    let named = Signs::within(&signs.names, range.start, range.end).filter(|&(start, _)| !is_greeted(sight, around, start));
    if let Some(name) = named {
        return found(0.45, "a person's name in the sentence", name);
    }
    if let Some(title) = around.of(TITLE).find(|title| is_named(sight, title)) {
        return found(0.45, "a title with a name in the sentence", (title.start, title.end));
    }
    let number = Signs::within(&signs.numbers, range.start, range.end)?;
    found(0.4, "a person's number or birth date in the sentence", number)
}

/// The best of the other signs: a role, a relative, a pronoun, the writer, words that look like a name, the file that the sentence is in.
pub(super) fn uncertain(sight: &Sight<'_>, signs: &Signs, around: &Around, hit: &Hit) -> Anchor {
    let found = |worth, because, word| Anchor { worth, because, file: false, word };
    let mut best = found(0.0, "", None);
    let mut offer = |worth: f32, because, word: Option<&Hit>| {
        if worth > best.worth {
            best = found(worth, because, word.map(|word| (word.start, word.end)));
        }
    };
    for role in around.of(TITLE | ROLE).filter(|role| (role.start, role.end) != (hit.start, hit.end)) {
        let worth = match before(sight, around, role.start) {
            Before::Anybody => 0.1,
            Before::Definite => 0.25,
            Before::Other => 0.35,
        };
        offer(worth, "one person's role in the sentence", Some(role));
    }
    for relative in around.of(RELATIVE).filter(|relative| (relative.start, relative.end) != (hit.start, hit.end)) {
        let theirs = around.of(THEIRS).any(|owner| owner.end + 1 == relative.start);
        let word = sight.text.get(relative.start..relative.end).unwrap_or("");
        let bare = ["moeder", "vader", "mother", "father"].iter().any(|known| word.eq_ignore_ascii_case(known))
            && matches!(before(sight, around, relative.start), Before::Other);
        offer(
            if theirs {
                0.35
            } else if bare {
                0.3
            } else {
                0.15
            },
            "a relative in the sentence",
            Some(relative),
        );
    }
    if let Some(pronoun) = around.of(THIRD).next() {
        // Behind a hint, `zij` may be the care or the measure itself.
        let other = is_plural(sight, pronoun.end) || hit.groups & FACT == 0 && pronoun.start > hit.start;
        offer(if other { 0.1 } else { 0.3 }, "he, she, him or her in the sentence", Some(pronoun));
    }
    if let Some(first) = around.of(FIRST).next()
        && around.has(AM)
        && !around.has(REQUEST)
    {
        offer(0.35, "the writer speaks of themselves", Some(first));
    }
    if let Some(mine) = around
        .of(MINE)
        .find(|mine| mine.end < hit.start && sight.bytes[mine.end + 1..hit.start].iter().filter(|&&byte| byte == b' ').count() <= 1)
    {
        offer(0.35, "the writer speaks of their own", Some(mine));
    }
    if let Some((start, end)) = likely_name(sight, around, hit.start, hit.end) {
        offer(UNCERTAIN_MAX, "words written as a name", Some(&Hit { start, end, groups: 0 }));
    }
    if is_entry(sight, around, hit) {
        offer(0.25, "an entry in a person's file", None);
    }
    let (file, because) = file(sight, signs, hit.start);
    if let Some(you) = around.of(YOU).next() {
        offer(if file > 0.0 { 0.3 } else { 0.04 }, "someone is addressed", Some(you));
    }
    if file > 0.0 && is_note(sight, around) {
        offer(file.max(0.25), "a note in a person's file", None);
    }
    if file > best.worth {
        best = Anchor { file: true, ..found(file, because, None) };
    }
    best
}

/// The paragraph speaks of policy and of groups of people.
pub(super) fn is_topical(sight: &Sight<'_>, hit: &Hit) -> bool {
    let paragraph = Around::new(sight, sight.around(hit.start, 300));
    paragraph.has(TOPIC) && paragraph.has(MANY) || paragraph.of(TOPIC | MANY).count() >= 3
}

/// Capitalised words that are no part of a person's name.
const NO_PERSON: &[&str] = &[
    "gemeente",
    "stichting",
    "vereniging",
    "veilig",
    "raad",
    "tweede",
    "eerste",
    "rode",
    "europese",
    "sociale",
    "sociaal",
    "bureau",
    "grote",
    "oude",
    "nieuwe",
    "sint",
    "koninklijke",
    "centrum",
    "team",
    "rechtbank",
    "hoge",
    "leger",
    "huis",
    "wet",
    "forum",
    "partij",
    "extinction",
    "provincie",
    "ministerie",
    "openbaar",
    "jeugdbescherming",
    "william",
    "samen",
    "albert",
    "onze",
    "de",
    "het",
    "een",
    "den",
    "in",
    "the",
    "house",
    "city",
    "council",
    "department",
    "office",
    "national",
    "foundation",
    "university",
    "hogeschool",
    "universiteit",
    "ziekenhuis",
    "medisch",
    "amsterdam",
    "rotterdam",
    "utrecht",
    "noord",
    "zuid",
    "oost",
    "west",
    "midden",
    "nederlandse",
    "nederland",
    "politie",
    "basisschool",
    "college",
    "lyceum",
    "kamer",
    "dienst",
    "school",
    "zorg",
    "nationale",
    "internationale",
    "regio",
    "vrouwen",
    "groen",
    "artikel",
    "boek",
    "awb",
    "bw",
    "wetboek",
    "belastingdienst",
    "uwv",
    "ggd",
    "ggz",
    "svb",
    "cak",
    "leefbaar",
    "christelijke",
    "gereformeerde",
    "hervormde",
    "katholieke",
    "protestantse",
    "islamitische",
    "joodse",
    "turkse",
    "marokkaanse",
    "domestic",
    "mental",
    "social",
    "health",
    "youth",
    "child",
    "wij",
    "ik",
    "zij",
    "hij",
    "er",
    "dit",
    "dat",
    "deze",
    "die",
    "toelichting",
    "situatie",
    "situation",
];
/// Small words that are no name before a verb.
const NO_SUBJECT: &[&str] = &[
    "er",
    "dit",
    "dat",
    "deze",
    "die",
    "het",
    "een",
    "en",
    "of",
    "maar",
    "dan",
    "nu",
    "niet",
    "ook",
    "nog",
    "daar",
    "hier",
    "in",
    "op",
    "met",
    "voor",
    "bij",
    "uit",
    "aan",
    "om",
    "als",
    "wat",
    "hoe",
    "waar",
    "it",
    "this",
    "that",
    "there",
    "and",
    "or",
    "but",
    "not",
    "gemeente",
    "stichting",
    "bedrijf",
    "land",
    "school",
    "club",
    "bank",
    "stad",
    "provincie",
    "vereniging",
    "organisatie",
    "politie",
    "rechter",
    "raad",
    "college",
    "kabinet",
    "overheid",
    "regio",
    "wijk",
    "buurt",
    "dorp",
    "company",
    "city",
    "government",
];

/// Words that are written as a name (`Elif Verweij`), or stand where one stands in a note (`minke arends zit thuis`).
pub(super) fn likely_name(sight: &Sight<'_>, around: &Around, from: usize, to: usize) -> Option<(usize, usize)> {
    for start in capitals(sight, around) {
        let before = start.checked_sub(1).filter(|&before| before >= around.range.start).map_or(b' ', |before| sight.bytes[before]);
        // A word of its own, behind a space, a sign of a table, or an opening sign.
        let opens = matches!(before, b' ' | b';' | b'|' | b'\t' | b'"' | b'(' | b'\'' | b'>' | b'[' | b'\n' | 0x98 | 0x9c)
            || before == b'-' && matches!(sight.before(start - 1), b' ' | b'\n');
        if opens
            && let Some(name) = name_at(sight, start, false)
            && name.words >= 2
            && (name.end <= from || name.start >= to)
        {
            let words = sight.text.get(name.start..name.end).unwrap_or("");
            let known = |word: &str| NO_PERSON.iter().any(|known| word.eq_ignore_ascii_case(known));
            let counted = around
                .hits
                .iter()
                .any(|hit| hit.start >= name.start && hit.start < name.end && hit.groups & (TOPIC | MANY | OFFICE | WORKER) != 0);
            if !words.split(' ').filter(|word| is_capitalised(word)).any(known)
                && !counted
                && name.initials + 1 < name.words + name.initials
            {
                return Some((name.start, name.end));
            }
        }
    }
    given_name(sight, around, from, to).or_else(|| subject(sight, around))
}

/// Last bytes of quotation marks.
const QUOTES: std::ops::RangeInclusive<u8> = 0x98..=0x9d;

/// Where a capital begins a word of the sentence.
fn capitals(sight: &Sight<'_>, around: &Around) -> impl Iterator<Item = usize> {
    let bytes = sight.bytes;
    let capital = move |at: usize| match bytes[at] {
        b'A'..=b'Z' => true,
        0xc3..=0xf4 => sight.text.get(at..).and_then(|rest| rest.chars().next()).is_some_and(char::is_uppercase),
        _ => false,
    };
    around
        .range
        .clone()
        .filter(move |&at| capital(at) && (at == around.range.start || !is_word(bytes[at - 1]) || QUOTES.contains(&bytes[at - 1])))
}

/// `Hoi Sanne, ...`: the reader, not the person that it is about.
fn is_greeted(sight: &Sight<'_>, around: &Around, start: usize) -> bool {
    let lead = sight.text.get(around.range.start..start).unwrap_or("").trim();
    ["hoi", "beste", "dag", "hallo", "hi", "hey", "hé", "dear", "hello", "lieve", "ha", "goedemorgen", "goedemiddag"]
        .iter()
        .any(|word| lead.eq_ignore_ascii_case(word))
}

/// A given name alone (`Yara spijbelt`), which is no word of another kind.
fn given_name(sight: &Sight<'_>, around: &Around, from: usize, to: usize) -> Option<(usize, usize)> {
    const OTHER: lexicon::Marks = lexicon::PLACE | lexicon::ORDINARY | lexicon::THING | lexicon::OFFICE;
    capitals(sight, around).find_map(|start| {
        if start > around.range.start && sight.bytes[start - 1] == b'-' {
            return None;
        }
        let text = sight.text.get(start..around.range.end)?;
        let end = start + text.find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(text.len());
        let word = &sight.text[start..end];
        let apart = end <= from || start >= to;
        let given = apart && word.len() >= 3 && lexicon::look(word) & (lexicon::GIVEN | OTHER) == lexicon::GIVEN;
        (given && !is_greeted(sight, around, start)).then_some((start, end))
    })
}

/// Two to four unknown words in small letters before the first verb: telegram style leaves out capitals.
fn subject(sight: &Sight<'_>, around: &Around) -> Option<(usize, usize)> {
    let verb = around.of(TIE).next()?;
    let text = sight.text.get(around.range.start..verb.start)?;
    let text = text.rsplit(['"', ':', '-', '*', '•']).next()?.trim();
    let end = verb.start.checked_sub(1)?;
    let start = end.checked_sub(text.len())?;
    let words = text.split(' ').count();
    let plain = text.chars().all(|c| c.is_lowercase() || c == ' ' || c == '\'');
    let unknown = text.split(' ').all(|word| !NO_SUBJECT.contains(&word))
        && !around.hits.iter().any(|hit| hit.start >= start && hit.start < verb.start && hit.groups & !TIE != 0);
    ((2..=4).contains(&words) && plain && unknown && text.len() >= 7).then_some((start, end))
}

/// How far the paragraph belongs to a person's file.
fn file(sight: &Sight<'_>, signs: &Signs, at: usize) -> (f32, &'static str) {
    let low = at.saturating_sub(FILE);
    let in_reach = |places: &[(usize, usize)]| Signs::within(places, low, at + FILE_AFTER).is_some();
    if !in_reach(&signs.names) && !in_reach(&signs.numbers) {
        return (0.0, "");
    }
    // Another document begins after a rule or two empty lines.
    let above = sight.bytes.get(low..at).unwrap_or(b"");
    let rule = [b"\n\n\n".as_slice(), b"\n---", b"\n* * *", b"\n===", b"\n___"]
        .into_iter()
        .filter_map(|rule| memchr::memmem::rfind(above, rule))
        .max();
    let (from, to) = (rule.map_or(low, |rule| low + rule), at + FILE_AFTER);
    let name = Signs::within(&signs.names, from, to);
    let number = Signs::within(&signs.numbers, from, to);
    let beside = |sign: Option<(usize, usize)>| {
        sign.is_some_and(|(start, _)| {
            let between = sight.bytes.get(start.min(at)..start.max(at)).unwrap_or(b"");
            memchr::memmem::find(between, b"\n\n").is_none() && memchr::memmem::find(between, b"\n\r\n").is_none()
        })
    };
    if beside(name) || beside(number) {
        return (0.25, "a person is named in the paragraph");
    }
    match (name, number) {
        (_, Some(_)) => (0.2, "a person's number or birth date stands above it"),
        (Some(_), None) => (0.04, "a person is named above it"),
        (None, None) => (0.0, ""),
    }
}

/// `mevrouw De Vries`, `dhr. Bos`: a capital follows.
fn is_named(sight: &Sight<'_>, title: &Hit) -> bool {
    let rest = sight.text.get(title.end..).unwrap_or("");
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    let Some(mut rest) = rest.strip_prefix(' ') else { return false };
    for connector in ["van ", "de ", "der ", "den ", "te ", "ten ", "ter ", "el ", "'t "] {
        rest = rest.strip_prefix(connector).unwrap_or(rest);
    }
    let mut letters = rest.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(|next| next.is_lowercase() || next == '.')
}

pub(super) enum Before {
    Anybody,
    Definite,
    Other,
}

pub(super) fn before(sight: &Sight<'_>, around: &Around, at: usize) -> Before {
    if around.of(ARTICLE).any(|article| article.end + 1 == at) {
        return Before::Anybody;
    }
    let text = sight.text.get(around.range.start..at).unwrap_or("").trim_end();
    let word = text.rsplit(' ').next().unwrap_or("");
    if ["de", "het", "die", "the", "uw", "your"].iter().any(|known| word.eq_ignore_ascii_case(known)) {
        Before::Definite
    } else {
        Before::Other
    }
}

/// `zij hebben`, `zij kunnen`: several people.
fn is_plural(sight: &Sight<'_>, end: usize) -> bool {
    let rest = sight.text.get(end..).unwrap_or("").trim_start();
    ["hebben ", "zijn ", "worden ", "kunnen ", "moeten ", "mogen ", "krijgen ", "willen ", "komen ", "zitten "]
        .iter()
        .any(|verb| rest.starts_with(verb))
}

/// `- heeft schulden`, `Is aangemeld bij ...`: the person is left out, as in notes.
fn is_note(sight: &Sight<'_>, around: &Around) -> bool {
    let text = sight.text.get(around.range.clone()).unwrap_or("");
    let bare = text.trim_start();
    if around.question {
        return false;
    }
    let listed = bare.starts_with(['-', '*', '•', '–']);
    let start = around.range.end - bare.trim_start_matches(['-', '*', '•', '–', ' ']).len();
    listed || around.of(TIE).next().is_some_and(|tie| tie.start == start)
}

/// `OTS verlengd tot 1 mei`: the seed, what became of it, and a date, as in the log of a case.
fn is_entry(sight: &Sight<'_>, around: &Around, hit: &Hit) -> bool {
    let lead = sight.bytes.get(around.range.start..hit.start).unwrap_or(b"");
    let next = sight.text.get(hit.end..around.range.end).unwrap_or("").trim_start().split(' ').next().unwrap_or("");
    let became = [
        "verlengd",
        "opgelegd",
        "uitgesproken",
        "aangevraagd",
        "gestart",
        "afgegeven",
        "beëindigd",
        "toegekend",
        "afgewezen",
        "gelegd",
        "ingetrokken",
        "extended",
        "granted",
        "ended",
    ];
    let dated = sight.bytes.get(hit.end..around.range.end).unwrap_or(b"").iter().any(u8::is_ascii_digit);
    !lead.iter().any(u8::is_ascii_alphanumeric) && became.contains(&next.trim_end_matches(',')) && dated && !around.question
}

/// `Diagnose: PTSS`, `"schulden": "ja"`: the seed stands in a field or names it.
pub(super) fn is_field(sight: &Sight<'_>, around: &Around, hit: &Hit) -> bool {
    let line = sight.line(hit.start);
    let before = &sight.bytes[line.start.max(hit.start.saturating_sub(60))..hit.start];
    let after = &sight.bytes[hit.end..line.end.min(hit.end + 40)];
    let colon = |bytes: &[u8]| bytes.iter().position(|&byte| byte == b':');
    let named = before.len() + line.start == hit.start && colon(before).is_some_and(|at| at <= 40);
    let names = before.iter().filter(|byte| byte.is_ascii_alphabetic()).count() <= 25
        && colon(after).is_some_and(|at| at <= 15 && after[at + 1..].iter().any(u8::is_ascii_alphanumeric));
    !around.question && (named || names)
}
