//! What is kept: one [`Event`] per decision, in a hash-chained audit log and in the store, and counted in metrics.
//!
//! [`Recorder::record`] appends a line to the audit log (one write(2), so that the event survives the process) and returns; threads of its own
//! bring the log to the disk and feed the store. The log is the truth: the store catches up from it, and can be built anew. No prompt text
//! comes into this room; people are pseudonyms.

pub mod audit;
mod chain;
pub mod event;
pub mod export;
mod feeder;
mod keeper;
pub mod metrics;
pub mod privacy;
mod recorder;
pub mod store;
pub mod suppress;

pub use event::{Event, FindingCount, Outcome, ReasonText, new_id, write_time};
pub use metrics::Metrics;
pub use recorder::{Durability, RecordError, RecordSettings, Recorder, WhenDown};
pub use store::Store;
