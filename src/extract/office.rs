//! Office Open XML packages: which part is what (ECMA-376).
//!
//! Takes an opened package; sends running text, sheets and all other XML each to its reader. Parts without words of people (styles, themes, fonts)
//! are passed by. A part that is not known by its root element is read whole. Pictures, macros and embedded objects no reader knows make the file unreadable.

use super::archive::Archive;
use super::flow::Flow;
use super::generic::Generic;
use super::workbook::Workbook;
use super::xml::{self, Attributes, Visit};
use super::{Files, sheet};
use crate::unreadable::Unreadable;
use std::collections::HashMap;

/// Roots of parts that hold running text.
const RUNNING: &[&str] = &[
    "document",
    "hdr",
    "ftr",
    "comments",
    "footnotes",
    "endnotes",
    "glossaryDocument",
    "settings",
    "sld",
    "sldLayout",
    "sldMaster",
    "notes",
    "notesMaster",
    "handoutMaster",
    "presentation",
    "cmLst",
    "wsDr",
    "drawing",
    "dataModel",
    "chartSpace",
    "userShapes",
    "colorsDef",
    "styleDef",
    "layoutDef",
    "lockedCanvas",
];
/// Roots of parts in which nobody writes.
const SILENT: &[&str] = &[
    "Types",
    "styles",
    "theme",
    "themeOverride",
    "webSettings",
    "fonts",
    "numbering",
    "styleSheet",
    "calcChain",
    "presentationPr",
    "viewPr",
    "tblStyleLst",
    "Signature",
    "chartStyle",
    "colorStyle",
    "metadata",
];

/// The content types of the parts, by lower-case name.
#[derive(Debug, Default)]
pub(super) struct Types(HashMap<String, String>);

impl Types {
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        let mut types = Self::default();
        xml::walk(text, &mut types)?;
        Ok(types)
    }

    /// Names of the parts of a type.
    pub fn parts(&self, is: impl Fn(&str) -> bool) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(_, kind)| is(kind)).map(|(part, _)| part.as_str())
    }
}

impl Visit for Types {
    fn open(&mut self, name: &str, attributes: &Attributes<'_>) -> Result<(), Unreadable> {
        if name == "Override"
            && let (Some(part), Some(kind)) = (attributes.get("PartName")?, attributes.get("ContentType")?)
        {
            self.0.insert(part.trim_start_matches('/').to_ascii_lowercase(), kind);
        }
        Ok(())
    }

    fn text(&mut self, _: &str) -> Result<(), Unreadable> {
        Ok(())
    }

    fn close(&mut self, _: &str) -> Result<(), Unreadable> {
        Ok(())
    }
}

/// One line of a part's relationships.
#[derive(Debug)]
pub(super) struct Relation {
    pub id: String,
    pub target: String,
    /// It points out of the package: a link.
    pub external: bool,
}

/// The relationships in a `.rels` part.
#[derive(Debug, Default)]
pub(super) struct Relations(pub Vec<Relation>);

impl Visit for Relations {
    fn open(&mut self, name: &str, attributes: &Attributes<'_>) -> Result<(), Unreadable> {
        if name == "Relationship"
            && let (Some(id), Some(target)) = (attributes.get("Id")?, attributes.get("Target")?)
        {
            let external = attributes.get("TargetMode")?.is_some_and(|mode| mode == "External");
            self.0.push(Relation { id, target, external });
        }
        Ok(())
    }

    fn text(&mut self, _: &str) -> Result<(), Unreadable> {
        Ok(())
    }

    fn close(&mut self, _: &str) -> Result<(), Unreadable> {
        Ok(())
    }
}

/// Parts that only picture or print what other parts say.
fn is_wordless(part: &str) -> bool {
    let part = part.to_ascii_lowercase();
    part.starts_with("docprops/thumbnail.") || part.contains("/printersettings/") || part.contains("/fonts/") && !part.ends_with(".xml")
}

impl Files {
    pub(super) fn office(&mut self, name: &str, archive: &mut Archive<'_>, types: &Types, level: u8) {
        let mut workbook = match Workbook::load(archive, types, self) {
            Ok(workbook) => workbook,
            Err(reason) => {
                self.unreadable(reason);
                None
            }
        };
        for index in 0..archive.names.len() {
            if self.is_full() {
                return;
            }
            let part = archive.names.get(index).cloned().unwrap_or_default();
            let read_already = workbook.as_ref().is_some_and(|workbook| workbook.parts.contains(&index));
            if !read_already && !is_wordless(&part) {
                let workbook = &mut workbook;
                self.member(name, archive, index, level, |files, text| files.part(name, &part, text, workbook.as_mut()));
            }
        }
        if let Some(workbook) = workbook {
            // Texts that no cell shows are in the file all the same.
            self.piece(name, |out| workbook.unused().try_for_each(|text| out.line(text)));
        }
    }

    fn part(&mut self, name: &str, part: &str, text: &str, workbook: Option<&mut Workbook>) -> Result<(), Unreadable> {
        if part.to_ascii_lowercase().ends_with(".vml") {
            // Office writes it with open tags, as HTML.
            self.page(name, text, 1);
            return Ok(());
        }
        let root = xml::root(text)?;
        match (root.as_str(), workbook) {
            (silent, _) if SILENT.contains(&silent) => {}
            ("Relationships", _) => self.piece(name, |out| {
                let mut relations = Relations::default();
                xml::walk(text, &mut relations)?;
                relations.0.iter().filter(|relation| relation.external).try_for_each(|relation| out.line(&relation.target))
            }),
            ("worksheet" | "macrosheet" | "dialogsheet" | "chartsheet", Some(workbook)) => {
                let label = workbook.sheet(part).map_or_else(|| name.to_owned(), |sheet| super::label(name, sheet));
                self.piece(&label, |out| sheet::read(text, workbook, out));
            }
            (running, _) if RUNNING.contains(&running) => self.piece(name, |out| xml::walk(text, &mut Flow::new(out))),
            _ => self.piece(name, |out| xml::walk(text, &mut Generic::new(out))),
        }
        Ok(())
    }
}
