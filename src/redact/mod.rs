//! Placeholders out, originals back.
//!
//! On the way out [`Placeholders::redact`] replaces findings by `[EMAIL-1]`; on the way back [`Restorer`] puts the values back, also where a
//! placeholder is cut in two by stream events or network chunks. Values stay in memory, in the mapping of one conversation ([`Vault`]); they are
//! never logged, serialised or put in an error. An answer in which nothing is to be restored passes byte for byte, and nothing waits for its end.

mod channels;
mod elements;
mod json;
mod matcher;
mod names;
mod placeholders;
mod restore;
mod shapes;
mod text;
mod vault;

pub use placeholders::Placeholders;
pub use restore::Restorer;
pub use vault::{MOST_MAPPINGS, TTL, Vault};

#[cfg(test)]
mod tests;
