//! Sluis: an AI usage governance proxy.
//!
//! Everything an employee sends to an AI tool passes one chamber, is looked at, and goes on, is cleaned, or is turned back;
//! everything else sails past unread. The rooms, in the order in which a message meets them:
//!
//! - [`listener`]: how connections come in, and which of them are read
//! - [`tls`]: peeking at a ClientHello, minting leaf certificates, verifying the origin
//! - [`identity`]: who sends it ([`identity::Subject`])
//! - [`catalogue`]: which tool it goes to ([`catalogue::Tool`])
//! - [`exchange`]: the chamber, one request and its answer, as a tower stack
//! - [`wire`]: where the words stand in each family of tools ([`wire::Message`])
//! - [`extract`]: words out of files
//! - [`index`]: the organisation's own records and documents, as keyed hashes
//! - [`detect`]: what is in the words ([`detect::Finding`])
//! - [`policy`]: what happens to them ([`policy::Verdict`])
//! - [`redact`]: placeholders out, originals back
//! - [`page`]: what the employee sees
//! - [`record`]: what is kept ([`record::Event`])
//! - [`console`] and [`report`]: what the organisation sees
//! - [`settings`] and [`command`]: how it is started and set; [`yaml`] and [`diagnostic`] say where a mistake in a file stands
//!
//! Arrows run one way, from top to bottom of `ARCHITECTURE.md`'s picture; [`text::PromptText`] is the one type that holds what people wrote,
//! [`unreadable::Unreadable`] the one list of reasons why something could not be read.

pub mod catalogue;
pub mod command;
pub mod console;
pub mod detect;
pub mod diagnostic;
pub mod exchange;
pub mod extract;
pub mod identity;
pub mod index;
pub mod listener;
pub mod page;
pub mod policy;
pub mod record;
pub mod redact;
pub mod report;
pub mod settings;
pub mod text;
pub mod tls;
pub mod unreadable;
pub mod wire;
pub mod yaml;
