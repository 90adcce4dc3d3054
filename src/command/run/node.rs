//! The running proxy as the console and the health checks see it, and the watch on the policy folder.

use crate::catalogue::Catalogue;
use crate::console::{Audit, Check, Node, Reload, Source, Status};
use crate::diagnostic::Diagnostic;
use crate::exchange::internal::OwnEvents;
use crate::policy::Policy;
use crate::policy::live::Live;
use crate::record::audit;
use crate::record::metrics::AuditResult;
use crate::record::{Metrics, Recorder, Store};
use crate::settings::{Settings, WhenDown};
use jiff::Timestamp;
use parking_lot::Mutex;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

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
    proxy: String,
    /// `store.when-down: refuse`: a store that is down makes this node not ready.
    store_matters: bool,
    serving: AtomicBool,
    reload: Arc<Mutex<Option<Reload>>>,
    audit: Mutex<Audit>,
    /// Lines that the audit log had before this process wrote its first.
    verified: AtomicU64,
}

/// What a [`Running`] is made of.
pub(super) struct Parts {
    pub catalogue: Arc<Catalogue>,
    pub live: Arc<Live>,
    pub metrics: Arc<Metrics>,
    pub recorder: Arc<Recorder>,
    pub certificate_pem: String,
    pub pac: String,
    pub proxy: String,
    pub reload: Arc<Mutex<Option<Reload>>>,
}

impl Running {
    pub(super) fn new(settings: &Settings, parts: Parts) -> Self {
        let Parts { catalogue, live, metrics, recorder, certificate_pem, pac, proxy, reload } = parts;
        Self {
            catalogue,
            live,
            metrics,
            recorder,
            certificate_pem,
            pac,
            node: settings.node.clone(),
            proxy,
            store_matters: settings.store.when_down == WhenDown::Refuse,
            serving: AtomicBool::new(false),
            reload,
            audit: Mutex::default(),
            verified: AtomicU64::new(0),
        }
    }

    /// Reads the whole audit log and remembers whether it is intact. Takes as long as the log is long: not for an async thread.
    pub(super) fn verify(&self, data_dir: &Path) {
        let checked = Some(Timestamp::now());
        let outcome = match audit::verify(data_dir) {
            Ok(verified) => Audit { intact: Some(true), lines: verified.lines, checked, fault: None },
            Err(faults) => {
                let fault = faults.first().map(ToString::to_string);
                tracing::error!(fault, "the audit log is not intact; run sluis audit verify");
                Audit { intact: Some(false), lines: 0, checked, fault }
            }
        };
        // Lines written since then are added when the state is asked.
        let written = self.metrics.audited(AuditResult::Written);
        self.verified.store(outcome.lines.saturating_sub(written), Ordering::Relaxed);
        *self.audit.lock() = outcome;
    }

    /// The listeners take connections, or no longer do.
    pub(super) fn ready(&self, serving: bool) {
        self.serving.store(serving, Ordering::Relaxed);
    }
}

impl Node for Running {
    fn status(&self) -> Status {
        let policy = self.live.full();
        let organisation = policy.organisation();
        Status {
            organisation: organisation.name.clone(),
            languages: organisation.languages.clone(),
            node: self.node.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            policy: policy.version().to_owned(),
            mode: policy.mode(),
            reload: self.reload.lock().clone(),
            audit: Audit {
                lines: self.verified.load(Ordering::Relaxed) + self.metrics.audited(AuditResult::Written),
                ..self.audit.lock().clone()
            },
            proxy: self.proxy.clone(),
        }
    }

    fn checks(&self) -> Vec<Check> {
        let check = |name: &str, ok: bool, detail: &str| Check {
            name: name.to_owned(),
            ok,
            detail: if ok { String::new() } else { detail.to_owned() },
        };
        vec![
            check("listener", self.serving.load(Ordering::Relaxed), "the listeners take no connections (starting, or draining)"),
            check("audit", self.recorder.healthy(), "the audit log cannot be written; see whether the disk is full"),
            check(
                "store",
                self.recorder.store_healthy() || !self.store_matters,
                "the store cannot be written; events wait in the audit log",
            ),
        ]
    }

    fn tool_name(&self, id: &str) -> Option<String> {
        self.catalogue.by_id(id).map(|tool| tool.name.clone())
    }

    fn metrics(&self) -> String {
        self.metrics.render()
    }

    fn pac(&self) -> Option<String> {
        Some(self.pac.clone())
    }

    fn ca_pem(&self) -> Option<String> {
        Some(self.certificate_pem.clone())
    }
}

/// What `/mine` shows of one pseudonym, with tools by their names.
pub(super) fn own_events(store: Store, catalogue: Arc<Catalogue>) -> OwnEvents {
    Box::new(move |subject| {
        let (store, catalogue) = (store.clone(), catalogue.clone());
        Box::pin(async move {
            let mut rows = Source::own(&store, &subject, OWN).await.map_err(|error| error.to_string())?;
            for row in &mut rows {
                if let Some(tool) = catalogue.by_id(&row.tool) {
                    row.tool.clone_from(&tool.name);
                }
            }
            Ok(rows)
        })
    })
}

/// Tells log, metrics and console how each reading of the policy went.
pub(super) struct Readings {
    metrics: Arc<Metrics>,
    last: Arc<Mutex<Option<Reload>>>,
}

impl Readings {
    pub(super) fn new(metrics: Arc<Metrics>) -> Self {
        Self { metrics, last: Arc::default() }
    }

    pub(super) fn last(&self) -> Arc<Mutex<Option<Reload>>> {
        self.last.clone()
    }

    pub(super) fn told(&self, result: &Result<Arc<Policy>, Vec<Diagnostic>>) {
        let error = match result {
            Ok(policy) => {
                self.metrics.policy(policy.version(), policy.mode());
                tracing::info!(policy = policy.version(), "the policy was read again and is in force");
                None
            }
            Err(mistakes) => {
                for mistake in mistakes {
                    tracing::error!("policy: {mistake}");
                }
                tracing::error!("the changed policy does not check and was not taken; the one that ran stays in force");
                mistakes.first().map(ToString::to_string)
            }
        };
        self.metrics.policy_reload(result.is_ok());
        *self.last.lock() = Some(Reload { at: Timestamp::now(), error });
    }
}
