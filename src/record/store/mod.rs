//! The store: the events again, in SQL, to be counted. The audit log is the truth; the store can be deleted and is then built anew from it.
//!
//! [`Writer`] is fed by one background thread; [`Store`] is the read side for the console. SQL keeps to what SQLite and PostgreSQL share.

mod count;
mod read;
mod series;
mod sql;
mod write;

pub use count::{Counts, FindingTotal, ToolCount};
pub use read::{Bucket, ClassRow, DecisionRow, RecentRow, Store, ToolSeen, UsageRow, VolumeRow};
pub use series::{OwnDecision, Slice};
pub use write::{Applied, Writer};

use sqlx::sqlite::SqliteConnectOptions;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

/// Why the store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("store.url: {0} is not available in this version; use sqlite:PATH")]
    Kind(String),
    #[error("store.url: this is no address of a store: {0}")]
    Url(String),
    #[error("{path}: the store's file cannot be made: {source}", path = .path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("the store: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the store's tables: {0}")]
    Tables(#[from] sqlx::migrate::MigrateError),
}

/// The file of the store, whether it exists or not.
pub fn file(url: &str, data_dir: &Path) -> Result<PathBuf, StoreError> {
    Ok(options(url, data_dir)?.get_filename().to_path_buf())
}

/// Reads `store.url`, for an existing file. An empty one is `sluis.db` in the data folder.
pub fn options(url: &str, data_dir: &Path) -> Result<SqliteConnectOptions, StoreError> {
    let options = if url.is_empty() {
        SqliteConnectOptions::new().filename(data_dir.join("sluis.db"))
    } else if url.starts_with("sqlite:") {
        SqliteConnectOptions::from_str(url).map_err(|error| StoreError::Url(error.to_string()))?
    } else {
        return Err(StoreError::Kind(url.split(':').next().unwrap_or("").to_owned()));
    };
    Ok(options.busy_timeout(Duration::from_millis(500)).create_if_missing(false))
}
