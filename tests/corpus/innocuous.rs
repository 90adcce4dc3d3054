//! Innocuous texts: policies, manuals, news. Whatever is found in them is a false alarm; those of class confidential or higher are counted per page.

use crate::kinds::{family, gravity};
use crate::table::around;
use sluis::detect::Finding;
use sluis::policy::Policy;
use std::fmt::Write;
use std::path::Path;

/// Bytes of a page.
const PAGE: f64 = 3000.0;

pub struct Page {
    pub name: String,
    pub text: String,
}

pub struct Innocuous {
    pub texts: usize,
    pub pages: f64,
    /// Findings of any class, and those of class confidential or higher.
    pub findings: usize,
    pub grave: usize,
    shown: Vec<String>,
}

/// Every file of the folder, in order of name; none where there is no folder.
pub fn pages(folder: &Path) -> Vec<Page> {
    let mut paths: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "md" || ending == "txt"));
    paths.sort();
    let read = |path: &std::path::PathBuf| Page {
        name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        text: std::fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display())),
    };
    paths.iter().map(read).collect()
}

impl Innocuous {
    pub fn of(policy: &Policy, pages: &[Page], findings: &[Vec<Finding>]) -> Self {
        let grave_from = policy.classes().iter().position(|class| &**class == "confidential").unwrap_or(usize::MAX);
        let is_grave = |id: &str| {
            let class = policy.class_of(id);
            let rank = class.and_then(|class| policy.classes().iter().position(|name| *name == class)).unwrap_or(0);
            gravity(family(id)) >= 2 || rank >= grave_from
        };
        let mut all = Self { texts: pages.len(), pages: 0.0, findings: 0, grave: 0, shown: Vec::new() };
        for (page, found) in pages.iter().zip(findings) {
            all.pages += f64::from(u32::try_from(page.text.len()).unwrap_or(u32::MAX)) / PAGE;
            for finding in found {
                let grave = is_grave(&finding.detector);
                all.findings += 1;
                all.grave += usize::from(grave);
                let mark = if grave { "!" } else { " " };
                all.shown.push(format!("{mark} {} {}: {}", finding.detector, page.name, around(&page.text, finding.start, finding.end)));
            }
        }
        all
    }

    /// Findings of class confidential or higher per page.
    pub fn per_page(&self) -> Option<f64> {
        let grave = f64::from(u32::try_from(self.grave).unwrap_or(u32::MAX));
        (self.pages > 0.0).then(|| grave / self.pages)
    }

    pub fn table(&self, show: bool) -> String {
        let mut out = String::new();
        let _ = writeln!(
            out,
            "\ninnocuous: {} texts of {:.0} pages: {} findings, {} of class confidential or higher",
            self.texts, self.pages, self.findings, self.grave
        );
        for line in self.shown.iter().filter(|line| show || line.starts_with('!')) {
            let _ = writeln!(out, "  {line}");
        }
        out
    }
}
