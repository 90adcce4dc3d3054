//! Where a tool stands in the register, for this person at this moment. Pure.
//!
//! The tool's own entry counts, else its category's, else that of everything else; someone whom an entry's conditions exclude goes on to
//! the next one and meets the tool as unreviewed.

use super::Policy;
use super::compile::{Entry, Rank};
use super::language::Status;
use crate::catalogue::Tool;
use crate::identity::Subject;

static UNKNOWN: Entry = Entry::UNKNOWN;

/// What the register says of a tool for this person at this moment.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'p> {
    /// `Unreviewed` also for someone outside a pilot.
    pub status: Status,
    /// The entry that counts: the tool's own, its category's, or that of everything else.
    pub entry: &'p Entry,
    /// The pilot that this person or this day falls outside of.
    pub outside: Option<(&'p Entry, Outside)>,
    pub(super) ceiling: Rank,
}

/// Why someone falls outside an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    Group,
    Date,
}

impl Policy {
    /// What the register says of this tool for this person now.
    pub fn standing(&self, tool: &Tool, subject: &Subject, now: jiff::Timestamp) -> Standing<'_> {
        let mut outside = None;
        let mut cap = Rank::MAX;
        let entries = [self.tools.get(&tool.id), self.categories.get(&tool.category), Some(&self.other)];
        for entry in entries.into_iter().flatten() {
            let over = entry.until.is_some_and(|until| now >= until);
            let stranger = !entry.groups.is_empty()
                && !subject.groups.iter().any(|group| entry.groups.iter().any(|named| named.eq_ignore_ascii_case(group)));
            if over || stranger {
                outside = outside.or(Some((entry, if over { Outside::Date } else { Outside::Group })));
                cap = cap.min(entry.ceiling);
                continue;
            }
            let status = match entry.status {
                Status::Forbidden => Status::Forbidden,
                _ if outside.is_some() => Status::Unreviewed,
                status => status,
            };
            return Standing { status, entry, outside, ceiling: entry.ceiling.min(cap) };
        }
        Standing { status: Status::Unreviewed, entry: &UNKNOWN, outside, ceiling: 0 }
    }

    /// The register's status of a tool, as events and reports show it.
    pub fn status_of(&self, tool: &Tool, subject: &Subject, now: jiff::Timestamp) -> &'static str {
        self.standing(tool, subject, now).status.as_str()
    }
}
