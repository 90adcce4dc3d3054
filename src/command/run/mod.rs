//! `sluis run`: the proxy, console and metrics in one process.
//!
//! Opens everything in the order in which it can fail (settings, policy, CA, record, ports), so that nothing is half started; says what to do
//! next; drains on Ctrl-C and SIGTERM.

mod announce;
mod node;

use super::{FAILED, ca, common};
use crate::catalogue::Catalogue;
use crate::console::{self, ConsoleState};
use crate::exchange::{self, Budget, Chamber, Consents, Room, internal::Internal};
use crate::identity::Identifier;
use crate::listener::{self, Proxy, drain, pac};
use crate::policy::Policy;
use crate::policy::live::Live;
use crate::record::{self, Metrics, RecordSettings, Recorder};
use crate::redact::Vault;
use crate::settings::{Durability, Settings, WhenDown};
use crate::tls::leaf::{Leaves, ServerSide, Source};
use crate::tls::upstream::Upstream;
use clap::Args;
use node::{Parts, Readings, Running};
use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::Semaphore;

/// How long connections may take to finish once the process was asked to stop.
const PATIENCE: Duration = Duration::from_secs(25);

#[derive(Debug, Args)]
#[command(
    after_help = "Example: sluis run\n         curl -x http://127.0.0.1:8080 --cacert sluis-data/ca.pem https://api.openai.com/v1/models"
)]
pub struct Arguments {
    /// Settings file [default: ./sluis.yaml where it exists, else embedded defaults on loopback]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

pub fn main(arguments: Arguments) -> ExitCode {
    let settings = match common::settings(arguments.config.as_deref()) {
        Ok(settings) => settings,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(FAILED);
        }
    };
    log_to_stderr();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("sluis run: no threads to run on: {error}");
            return ExitCode::from(FAILED);
        }
    };
    let ended = runtime.block_on(serve(settings, asked_to_stop(), true));
    runtime.shutdown_timeout(Duration::from_secs(1));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sluis run: {error}");
            ExitCode::from(FAILED)
        }
    }
}

/// Ctrl-C or SIGTERM.
pub(super) async fn asked_to_stop() {
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(signal) => signal,
        Err(_) => return drop(tokio::signal::ctrl_c().await),
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

/// Log lines go to standard error: JSON for machines (`SLUIS_LOG_FORMAT=json`), plain otherwise; `SLUIS_LOG` filters as `RUST_LOG` does.
pub(super) fn log_to_stderr() {
    use std::io::IsTerminal;
    let filter = tracing_subscriber::EnvFilter::try_from_env("SLUIS_LOG").unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_target(false).with_writer(std::io::stderr);
    let colours = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    // A second initialisation in one process (a test) keeps the first.
    let _ = if std::env::var("SLUIS_LOG_FORMAT").as_deref() == Ok("json") {
        builder.json().try_init()
    } else {
        builder.with_ansi(colours).try_init()
    };
}

/// Runs everything until `stop` resolves, then drains. `announce`: print what to do next on standard output.
pub(crate) async fn serve(settings: Settings, stop: impl Future<Output = ()>, announce: bool) -> Result<(), String> {
    let text = |e: &dyn std::fmt::Display| e.to_string();
    if settings.listen.explicit.is_empty() && settings.listen.transparent.is_empty() {
        return Err("listen: there is neither an explicit nor a transparent address, so no traffic could come in. Name one, such as listen: { explicit: [\"127.0.0.1:8080\"] }".into());
    }
    let catalogue = common::catalogue(&settings)?;
    let metrics = Metrics::new(env!("CARGO_PKG_VERSION"), option_env!("SLUIS_COMMIT").unwrap_or("unknown")).map_err(|e| text(&e))?;
    let readings = Arc::new(Readings::new(metrics.clone()));
    let live = Arc::new(live_policy(&settings, &catalogue, readings.clone())?);
    {
        let policy = live.current();
        metrics.policy(policy.version(), policy.mode());
    }
    let (authority, new_ca) = ca::open(&settings)?;
    let authority = Arc::new(authority);
    let record = record_settings(&settings, &live.current().organisation().name);
    let recorder = Recorder::open(record, metrics.clone()).await.map_err(|e| text(&e))?;

    let explicit = bind_all(&settings.listen.explicit, "listen.explicit")?;
    let transparent = bind_all(&settings.listen.transparent, "listen.transparent")?;
    let people = settings.listen.console.map(|address| bind(address, "listen.console")).transpose()?;
    let machines = settings.listen.metrics.map(|address| bind(address, "listen.metrics")).transpose()?;
    let own = explicit.iter().chain(&transparent).chain(&people).chain(&machines).filter_map(|l| l.local_addr().ok()).collect();

    let mut towards_origins = settings.upstream.clone();
    towards_origins.own = own;
    let upstream = Arc::new(Upstream::new(towards_origins).map_err(|e| text(&e))?);
    let leaves = Leaves::new(authority.clone(), {
        let metrics = metrics.clone();
        move |source| {
            metrics.leaf(match source {
                Source::Minted => "minted",
                Source::Cached => "cache",
            })
        }
    });
    let server_side = ServerSide::new(Arc::new(leaves.map_err(|e| text(&e))?)).map_err(|e| text(&e))?;
    let identifier = Arc::new(Identifier::new(settings.identity.clone()));
    let consents = Arc::new(Consents::default());
    let origins = exchange::origins(upstream.clone(), metrics.clone());
    let vault = Arc::new(Vault::new());
    let room = Arc::new(Room {
        catalogue: catalogue.clone(),
        policy: live.clone(),
        identifier: identifier.clone(),
        recorder: recorder.clone(),
        metrics: metrics.clone(),
        vault: vault.clone(),
        consents: consents.clone(),
        limits: settings.limits.clone(),
        budget: Budget::new(settings.limits.memory),
        origins,
        node: settings.node.clone(),
    });
    let pac_text = pac::generate(&catalogue, &pac_proxies(&settings, &explicit));
    let running = Arc::new(Running::new(
        &settings,
        Parts {
            catalogue: catalogue.clone(),
            live: live.clone(),
            metrics: metrics.clone(),
            recorder: recorder.clone(),
            certificate_pem: authority.certificate_pem().to_owned(),
            pac: pac_text.clone(),
            proxy: explicit.first().and_then(|l| l.local_addr().ok()).map(|a| a.to_string()).unwrap_or_default(),
            reload: readings.last(),
        },
    ));
    let store = recorder.store().clone();
    let internal = Arc::new(Internal {
        policy: live.clone(),
        recorder: recorder.clone(),
        consents,
        certificate_pem: authority.certificate_pem().to_owned(),
        pac: pac_text,
        own_events: node::own_events(store.clone(), catalogue.clone()),
        fingerprint: authority.fingerprint(),
        valid_until: authority.valid_until(),
        kept_days: None,
        pseudonyms: settings.privacy.pseudonyms,
    });
    let (drained, drain) = drain::drain();
    let proxy = Arc::new(Proxy {
        catalogue: catalogue.clone(),
        policy: live.clone(),
        upstream,
        server_side,
        chamber: Chamber::new(room),
        internal,
        identifier,
        metrics: metrics.clone(),
        limits: settings.limits.clone(),
        drain,
        room: Arc::new(Semaphore::new(settings.limits.connections)),
    });
    let mut tasks = tokio::task::JoinSet::new();
    let explicit_addresses: Vec<SocketAddr> = explicit.iter().filter_map(|l| l.local_addr().ok()).collect();
    let console_address = people.as_ref().and_then(|l| l.local_addr().ok());
    for listener in explicit {
        tasks.spawn(listener::explicit::listen(proxy.clone(), listener));
    }
    for listener in transparent {
        tasks.spawn(listener::transparent::listen(proxy.clone(), listener));
    }
    drop(proxy);
    let (stop_sites, stopped) = tokio::sync::watch::channel(false);
    let mut sites = tokio::task::JoinSet::new();
    if let Some(listener) = people {
        // Besides addresses and localhost, the console answers to this machine's own name.
        let state = ConsoleState { names: Arc::from([settings.node.clone()]), ..ConsoleState::new(Arc::new(store), running.clone()) };
        let router = console::people(state);
        sites.spawn(site(listener, router, stopped.clone()));
    }
    if let Some(listener) = machines {
        sites.spawn(site(listener, console::machines(running.clone()), stopped));
    }
    if announce {
        announce::hello(&settings, &explicit_addresses, console_address, new_ca);
    }
    running.ready(true);
    let verifying = tokio::spawn(verify_now_and_then(running.clone(), settings.data_dir.clone()));
    let sweeping = tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(60)).await;
            vault.sweep();
        }
    });

    stop.await;
    running.ready(false);
    verifying.abort();
    sweeping.abort();
    tracing::info!("stopping: no new connections; answers in progress are finished");
    if !drained.wait(PATIENCE).await {
        tracing::warn!("some connections were still busy after {} s and were cut off", PATIENCE.as_secs());
    }
    tasks.shutdown().await;
    // Nobody is left who could be told that the receivers are gone.
    let _ = stop_sites.send(true);
    let _ = tokio::time::timeout(Duration::from_secs(2), async { while sites.join_next().await.is_some() {} }).await;
    tokio::task::spawn_blocking(move || recorder.close()).await.map_err(|e| text(&e))?.map_err(|e| text(&e))
}

/// The policy, watched where it is a folder.
fn live_policy(settings: &Settings, catalogue: &Arc<Catalogue>, readings: Arc<Readings>) -> Result<Live, String> {
    match &settings.policies {
        Some(dir) => Live::watch(dir, catalogue.clone(), move |result| readings.told(result)),
        None => Policy::embedded(catalogue).map(Live::fixed),
    }
    .map_err(|mistakes| common::told(&mistakes))
}

fn record_settings(settings: &Settings, organisation: &str) -> RecordSettings {
    RecordSettings {
        store_url: settings.store.url.clone(),
        when_down: match settings.store.when_down {
            WhenDown::Spool => record::WhenDown::Spool,
            WhenDown::Refuse => record::WhenDown::Refuse,
        },
        durability: match settings.audit.durability {
            Durability::Disk => record::Durability::Disk,
            Durability::Process => record::Durability::Process,
        },
        pseudonyms: settings.privacy.pseudonyms,
        organisation: organisation.to_owned(),
        node: settings.node.clone(),
        ..RecordSettings::new(&settings.data_dir)
    }
}

/// Checks the audit log at start and every hour.
async fn verify_now_and_then(running: Arc<Running>, data_dir: PathBuf) {
    loop {
        let (checker, dir) = (running.clone(), data_dir.clone());
        if tokio::task::spawn_blocking(move || checker.verify(&dir)).await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_secs(3600)).await;
    }
}

async fn site(listener: TcpListener, router: axum::Router, mut stopped: tokio::sync::watch::Receiver<bool>) {
    let served = axum::serve(listener, router).with_graceful_shutdown(async move { drop(stopped.wait_for(|stop| *stop).await) });
    if let Err(error) = served.await {
        tracing::error!(%error, "a site ended");
    }
}

fn bind_all(addresses: &[SocketAddr], key: &str) -> Result<Vec<TcpListener>, String> {
    addresses.iter().map(|address| bind(*address, key)).collect()
}

fn bind(address: SocketAddr, key: &str) -> Result<TcpListener, String> {
    let socket = if address.is_ipv6() { TcpSocket::new_v6() } else { TcpSocket::new_v4() };
    let bound = socket.and_then(|socket| {
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(4096)
    });
    bound.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => format!(
            "{key}: {address} is taken by another program. Stop that one, or choose another address (settings {key}, or SLUIS_{})",
            key.to_uppercase().replace('.', "_")
        ),
        std::io::ErrorKind::PermissionDenied => {
            format!("{key}: this user may not listen on {address}; ports below 1024 need CAP_NET_BIND_SERVICE")
        }
        std::io::ErrorKind::AddrNotAvailable => format!("{key}: {address} is not an address of this machine"),
        _ => format!("{key}: cannot listen on {address}: {error}"),
    })
}

/// What the PAC file names as proxy: the listeners' addresses, or this machine's name where they listen everywhere.
fn pac_proxies(settings: &Settings, explicit: &[TcpListener]) -> Vec<String> {
    explicit
        .iter()
        .filter_map(|listener| listener.local_addr().ok())
        .map(|address| if address.ip().is_unspecified() { format!("{}:{}", settings.node, address.port()) } else { address.to_string() })
        .collect()
}
