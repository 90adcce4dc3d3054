//! What employees see: the pages that answer a navigation, and those of `http://sluis.internal/`.
//!
//! Takes plain values, gives a whole HTML document in Dutch or English. The documents work without script, load nothing from anywhere, fit
//! [`content_security_policy`], print well and are built to WCAG 2.2 AA. Everything that is filled in is escaped; a link that is not
//! `http:` or `https:` is shown as text. A page must never hold what a person wrote.

mod format;
mod gate;
mod internal;
mod lang;
mod shell;
mod words;

pub use format::{LOCAL_ZONE, Local, decimal, local, local_zone, percent, whole};
pub use gate::{Continued, Page, Trouble, Unreachable, Warned, blocked, continued, unreachable, warned};
pub use internal::{Certificate, Mine, OwnRow, certificate, home, mine, not_found};
pub use lang::Lang;
pub use shell::content_security_policy;
pub(crate) use shell::{ICON, page as document, policy_for, style_source};
pub use words::{action as action_word, category as category_word, class as class_word, detector as detector_word, status as status_word};

#[cfg(test)]
mod tests;
