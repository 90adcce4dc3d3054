//! `label`: a sensitivity label of Microsoft Purview (MSIP properties), as mail heads, documents and their properties carry it.
//!
//! Takes the properties `MSIP_Label_<GUID>_<key>` that stand near each other, in any notation (`=`, `:`, XML, a PDF dictionary); gives one finding per
//! label set that is enabled. The key Name says which label it is; a set with Enabled=false says there is none.

use super::{Candidate, Detector};
use crate::detect::groups::LABEL;
use crate::detect::keywords::Words;
use crate::detect::score::Score;
use crate::detect::sight::Sight;

pub(super) const DETECTOR: Detector = Detector { ids: &["label"], words: &[Words(LABEL, "msip_label, msip_labels")], look };

const PREFIX: &str = "msip_label_";
const KEYS: &[&str] = &[
    "Enabled",
    "SetDate",
    "Method",
    "Name",
    "SiteId",
    "ContentBits",
    "ActionId",
    "Owner",
    "Application",
    "Extended_MSFT_Method",
    "Parent",
    "Tag",
];
/// Bytes between two properties of one set.
const APART: usize = 400;
/// Bytes of a value, and of the markup before it.
const VALUE_MAX: usize = 120;

/// What may stand between a property's name and its value, as readers of documents write it.
const WRITTEN: &[&str] = &[
    "lpwstr:",
    "lpstr:",
    "bool:",
    "i4:",
    "filetime:",
    "user-defined:",
    "value-type: string",
    "value-type: boolean",
    "value-type: date",
    "value=",
    "value\"",
    "string:",
    "content=",
];

/// One property.
struct Property<'t> {
    guid: &'t str,
    key: &'static str,
    value: &'t str,
    start: usize,
    end: usize,
}

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    let mut set: Vec<Property<'_>> = Vec::new();
    for property in sight.hits(LABEL).filter_map(|hit| property(sight.text, hit.start)) {
        // The tag that closes an XML property repeats its name.
        if set.last().is_some_and(|last| property.start < last.end) {
            continue;
        }
        if set.last().is_some_and(|last| property.start > last.end + APART) {
            out.extend(label(&set));
            set.clear();
        }
        set.push(property);
    }
    out.extend(label(&set));
}

/// The label that a set of properties says.
fn label(set: &[Property<'_>]) -> Option<Candidate> {
    let off = |property: &Property<'_>| {
        property.key == "Enabled" && ["false", "0", "no"].iter().any(|no| property.value.eq_ignore_ascii_case(no))
    };
    let lone = set.iter().enumerate().all(|(index, one)| set[index + 1..].iter().all(|other| other.guid != one.guid));
    // Where each property has a GUID of its own, Enabled speaks for the set.
    let disabled = |property: &Property<'_>| set.iter().any(|other| off(other) && (lone || other.guid == property.guid));
    let mut on = set.iter().filter(|property| !disabled(property));
    let first = on.next()?;
    let last = on.next_back().unwrap_or(first);
    let mut score = Score::base(0.85, "a property of a sensitivity label");
    if set.iter().any(|property| property.key == "Name" && !disabled(property)) {
        score = score.and(0.1, "with the label's name");
    }
    Some(Candidate { id: "label", start: first.start, end: last.end, score })
}

fn property(text: &str, start: usize) -> Option<Property<'_>> {
    let rest = text.get(start..)?;
    let name = rest.get(..PREFIX.len())?;
    if !name.eq_ignore_ascii_case(PREFIX) {
        return None;
    }
    let rest = &rest[PREFIX.len()..];
    let length = rest.bytes().take(40).take_while(|byte| byte.is_ascii_hexdigit() || *byte == b'-').count();
    let guid = &rest[..length];
    let rest = rest[length..].strip_prefix('_')?;
    if length < 8 {
        return None;
    }
    let key = KEYS.iter().find(|key| {
        rest.get(..key.len()).is_some_and(|found| found.eq_ignore_ascii_case(key))
            && !rest[key.len()..].starts_with(|c: char| c.is_ascii_alphanumeric())
    })?;
    let from = start + PREFIX.len() + length + 1 + key.len();
    let (value_start, value_end) = value(text, from)?;
    Some(Property { guid, key, value: &text[value_start..value_end], start, end: value_end })
}

/// Where the value stands behind a property's name: over signs, tags and the line of another name (`lpwstr:`).
fn value(text: &str, from: usize) -> Option<(usize, usize)> {
    let rest = text.get(from..)?;
    // An attribute: its value is what the element holds.
    let attribute = rest.starts_with('"') && !rest[1..].trim_start().starts_with([':', ',']);
    let mut at = if attribute { rest.get(..rest.floor_char_boundary(VALUE_MAX)).unwrap_or(rest).find(['>', '\n']).unwrap_or(0) } else { 0 };
    let mut steps = 0;
    loop {
        let here = &rest[at..];
        let sign = here.find(|c: char| !matches!(c, '"' | '\'' | '=' | ':' | '>' | '(' | ' ' | '\t' | '\r' | '\n' | '/'))?;
        at += sign;
        let here = &rest[at..];
        steps += 1;
        if steps > 6 || at > VALUE_MAX {
            return None;
        }
        if here.starts_with('<') {
            at += here.find('>').filter(|close| *close <= VALUE_MAX)? + 1;
        } else if let Some(word) = WRITTEN.iter().find(|word| here.starts_with(**word)) {
            at += word.len();
        } else {
            break;
        }
    }
    let value = &rest[at..];
    let most =
        value.char_indices().take_while(|&(index, c)| index < VALUE_MAX && !matches!(c, ';' | '<' | '"' | '\n' | '\r' | ')' | '}')).count();
    let end = value.char_indices().nth(most).map_or(value.len(), |(index, _)| index);
    let length = value[..end].trim_end_matches([' ', ',', '\'']).len();
    (length > 0 && at > 0).then_some((from + at, from + at + length))
}

/// The name of the label in a finding's text, such as `Intern - Vertrouwelijk`; none where it is not written.
pub(in crate::detect) fn name_in(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let mut found = None;
    for at in memchr::memchr2_iter(b'M', b'm', bytes) {
        if let Some(property) = property(text, at)
            && property.key == "Name"
        {
            found = Some(property.value);
        }
    }
    found
}

/// A label's name as part of an id: small letters, digits and hyphens.
pub(in crate::detect) fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

#[cfg(test)]
mod tests {
    use super::{name_in, slug};
    use crate::detect::Plan;
    use crate::detect::testing::misses;

    const GUID: &str = "b27cc2bf-a8fe-4269-9d04-68e75add667b";

    fn name(text: &str) -> Option<String> {
        let found = Plan::new(&[]).unwrap().scan(text, "");
        let labels: Vec<_> = found.iter().filter(|finding| &*finding.detector == "label").collect();
        assert_eq!(labels.len(), 1, "{text}: {found:?}");
        name_in(&text[labels[0].start..labels[0].end]).map(str::to_owned)
    }

    #[test]
    fn a_label_is_found_in_every_notation() {
        for text in [
            format!("msip_labels: MSIP_Label_{GUID}_Enabled=true; MSIP_Label_{GUID}_Name=Vertrouwelijk; MSIP_Label_{GUID}_ContentBits=2"),
            format!(
                "MSIP_Label_{GUID}_Enabled=True;\r\n MSIP_Label_{GUID}_SetDate=2026-02-03T09:11:22Z;\r\n MSIP_Label_{GUID}_Name=Vertrouwelijk;\r\n"
            ),
            format!("<property name=\"MSIP_Label_{GUID}_Name\"><vt:lpwstr>Vertrouwelijk</vt:lpwstr></property>"),
            format!("name: MSIP_Label_{GUID}_Enabled\nlpwstr: true\nname: MSIP_Label_{GUID}_Name\nlpwstr: Vertrouwelijk\n"),
            format!("<pdfx:MSIP_Label_{GUID}_Name>Vertrouwelijk</pdfx:MSIP_Label_{GUID}_Name>"),
            format!("/MSIP_Label_{GUID}_Name (Vertrouwelijk) /Producer (x)"),
            format!("{{\"MSIP_Label_{GUID}_Name\": \"Vertrouwelijk\", \"MSIP_Label_{GUID}_Method\": \"Privileged\"}}"),
            format!("<meta:user-defined meta:name=\"MSIP_Label_{GUID}_Name\" meta:value-type=\"string\">Vertrouwelijk</meta:user-defined>"),
        ] {
            assert_eq!(name(&text).as_deref(), Some("Vertrouwelijk"), "{text}");
        }
    }

    #[test]
    fn a_label_without_a_name_is_a_label_still() {
        assert_eq!(name(&format!("MSIP_Label_{GUID}_Enabled=true")), None);
    }

    #[test]
    fn a_label_that_was_taken_off_and_the_words_about_labels_are_none() {
        misses("label", &format!("MSIP_Label_{GUID}_Enabled=false; MSIP_Label_{GUID}_Name=Vertrouwelijk"));
        misses("label", "De eigenschap MSIP_Label_<GUID>_Enabled staat in docProps/custom.xml.");
        misses("label", "Het label Vertrouwelijk zet je in Word bovenaan; zie MSIP_Label in de handleiding.");
    }

    #[test]
    fn of_two_labels_the_one_that_is_on_counts() {
        let other = "11111111-2222-3333-4444-555555555555";
        let text = format!(
            "MSIP_Label_{GUID}_Enabled=false; MSIP_Label_{GUID}_Name=Geheim; MSIP_Label_{other}_Enabled=true; MSIP_Label_{other}_Name=Intern"
        );
        assert_eq!(name(&text).as_deref(), Some("Intern"));
    }

    #[test]
    fn a_name_becomes_part_of_an_id() {
        assert_eq!(slug("Intern - Vertrouwelijk"), "intern-vertrouwelijk");
        assert_eq!(slug("  Zeer  geheim! "), "zeer-geheim");
    }
}
