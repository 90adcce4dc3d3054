//! The running proxy as the console and the health checks see it, and the watch on the policy folder.

use crate::catalogue::Catalogue;
use crate::console::{Audit, Check, Node, Reload, Source, Status};
use crate::exchange::internal::OwnEvents;
use crate::page;
use crate::policy::live::{Live, Watching};
use crate::record::metrics::Metrics;
use crate::record::recorder::Recorder;
use crate::record::store::Store;
use crate::settings::Settings;
use jiff::Timestamp;
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Own events shown on `/mine`.
const OWN: u32 = 200;

/// What the console asks.
pub(super) struct Running {
    catalogue: Arc<Catalogue>,
    live: Arc<Live>,
    metrics: Arc<Metrics>,
    recorder: Arc<Recorder>,
    certificate_pem: String,
    pac: String,
    node: String,
    started: Timestamp,
    serving: AtomicBool,
    reload: Mutex<Option<Reload>>,
}

impl Running {
    pub(super) fn new(settings: &Settings, catalogue: Arc<Catalogue>, live: Arc<Live>, metrics: Arc<Metrics>, recorder: Arc<Recorder>, certificate_pem: String, pac: String) -> Self {
        Self {
            catalogue,
            live,
            metrics,
            recorder,
            certificate_pem,
            pac,
            node: settings.node.clone(),
            started: Timestamp::now(),
            serving: AtomicBool::new(false),
            reload: Mutex::new(None),
        }
    }

    /// The listeners take connections, or no longer do.
    pub(super) fn ready(&self, serving: bool) {
        self.serving.store(serving, Ordering::Relaxed);
    }
}
