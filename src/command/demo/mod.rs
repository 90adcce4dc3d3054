//! `sluis demo`: everything at once on one machine, without internet.
//!
//! Starts the stand-in AI service, the proxy with its console, and the sample employees, in a temporary folder that goes with it. Takes
//! ports and a duration, prints three lines to go on with. Nothing of it leaves loopback, and nothing stays behind.

mod employees;
mod office;
mod origin;
mod prompts;

use crate::catalogue::Catalogue;
use clap::Args;
use employees::{Office, TOOLS, fetch};
use office::Pace;
use origin::{Origin, OriginSettings};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use tokio::sync::watch;

use super::{FAILED, common, run};

/// How long the proxy may take to become ready.
const START: Duration = Duration::from_secs(30);

/// Hosts below those of the catalogue that people are likely to try by hand.
const MORE_HOSTS: &[&str] = &["platform.openai.com", "console.anthropic.com", "app.grammarly.com", "app.notion.so"];

#[derive(Debug, Args)]
#[command(after_help = "Example: sluis demo --for 10m")]
pub struct Arguments {
    /// Port of the proxy; the console listens 1000 higher, the metrics 1010 higher
    #[arg(long, value_name = "BASE", default_value_t = 8080, value_parser = clap::value_parser!(u16).range(1024..=64_000))]
    port: u16,
    /// How long the sample employees work, such as 90s, 10m or 2h
    #[arg(long = "for", value_name = "TIME", default_value = "30m", value_parser = duration)]
    time: Duration,
    /// No pauses between prompts
    #[arg(long)]
    fast: bool,

    /// Only the stand-in AI service, for tests
    #[arg(long, hide = true)]
    origin_only: bool,
    #[arg(long, hide = true, requires = "origin_only", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Where the certificate of the stand-in's CA is written
    #[arg(long, hide = true, requires = "origin_only")]
    ca_out: Option<PathBuf>,
    /// Time between two events of a streamed answer
    #[arg(long, hide = true, default_value_t = 20)]
    interval_ms: u64,
    /// The stand-in speaks HTTP/1.1 only
    #[arg(long, hide = true, requires = "origin_only")]
    http1: bool,
    /// The stand-in may listen beyond loopback
    #[arg(long, hide = true, requires = "origin_only")]
    anywhere: bool,
}

/// A duration as people write it: `90s`, `10m`, `1h 30m`.
fn duration(text: &str) -> Result<Duration, String> {
    let parsed: jiff::SignedDuration = text.parse().map_err(|_| "write it as 90s, 10m or 2h".to_owned())?;
    match Duration::try_from(parsed) {
        Ok(time) if !time.is_zero() && time <= Duration::from_secs(7 * 86_400) => Ok(time),
        _ => Err("choose something between a second and seven days".into()),
    }
}

pub fn main(arguments: Arguments) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("cannot start: {error}")),
    };
    let done = runtime.block_on(async {
        let temporary =
            tempfile::Builder::new().prefix("sluis-demo-").tempdir().map_err(|e| format!("cannot make a temporary folder: {e}"))?;
        if arguments.origin_only { origin_only(&arguments, temporary.path()).await } else { demo(&arguments, temporary.path()).await }
    });
    runtime.shutdown_timeout(Duration::from_secs(2));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => fail(&message),
    }
}

fn fail(message: &str) -> ExitCode {
    anstream::eprintln!("sluis demo: {message}");
    ExitCode::from(FAILED)
}

/// Serves the stand-in alone; its address is the one line on standard output.
async fn origin_only(arguments: &Arguments, temporary: &Path) -> Result<(), String> {
    let settings = OriginSettings {
        listen: arguments.listen,
        interval: Duration::from_millis(arguments.interval_ms),
        h2: !arguments.http1,
        anywhere: arguments.anywhere,
    };
    let origin = Origin::bind(settings, &temporary.join("origin")).await.map_err(|e| e.to_string())?;
    if let Some(path) = &arguments.ca_out {
        origin.write_ca(path).map_err(|e| e.to_string())?;
    }
    let address = origin.address().map_err(|e| e.to_string())?;
    anstream::println!("{address}");
    origin.serve(stopped_by_person()).await;
    Ok(())
}

/// Stand-in, proxy and employees together. The first to fail ends the rest; at the end each is stopped in turn.
async fn demo(arguments: &Arguments, folder: &Path) -> Result<(), String> {
    let local = |port: u16| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let (proxy, console, metrics) = (local(arguments.port), local(arguments.port + 1000), local(arguments.port + 1010));

    let settings = OriginSettings { listen: local(0), interval: Duration::from_millis(arguments.interval_ms), h2: true, anywhere: false };
    let origin = Origin::bind(settings, &folder.join("origin")).await.map_err(|e| e.to_string())?;
    let origin_ca = folder.join("origin-ca.pem");
    origin.write_ca(&origin_ca).map_err(|e| e.to_string())?;
    let address = origin.address().map_err(|e| e.to_string())?;
    let file = folder.join("sluis.yaml");
    let hosts = hosts()?;
    std::fs::write(&file, settings_text(folder, [proxy, console, metrics], &hosts, address))
        .map_err(|e| format!("cannot write {}: {e}", file.display()))?;

    let (stop, stopped) = watch::channel(false);
    let wait = |mut stopped: watch::Receiver<bool>| async move {
        let _ = stopped.wait_for(|stop| *stop).await;
    };
    let origin = tokio::spawn(origin.serve(wait(stopped.clone())));
    let mut serving = Box::pin(start_proxy(&file, wait(stopped.clone())));

    let day = async {
        let ca = folder.join("data").join("ca.pem");
        ready(metrics, &ca).await?;
        announce(proxy, console, &ca);
        let office = Office::new(proxy, &ca).map_err(|e| e.to_string())?;
        let pace = Pace { pause: if arguments.fast { Duration::ZERO } else { Duration::from_millis(600) }, time: arguments.time };
        let day = tokio::select! {
            day = office::work(office, pace, stopped_by_person()) => day,
            () = office::show(metrics) => return Ok(()),
        };
        if let Some(counts) = office::tally(metrics).await {
            anstream::println!("{}", office::line(&counts));
        }
        let failed = day.failed.load(std::sync::atomic::Ordering::Relaxed);
        if failed > 0 {
            anstream::eprintln!("{failed} of the employees' requests got no answer");
        }
        Ok(())
    };
    let outcome = tokio::select! {
        ended = &mut serving => return ended.and_then(|()| Err("the proxy stopped by itself".into())),
        outcome = day => outcome,
    };
    let _ = stop.send(true);
    let drained = serving.await;
    let _ = origin.await;
    outcome.and(drained)
}

/// Every host that leads to the stand-in: all that the catalogue names, so that nothing typed by hand leaves this machine.
fn hosts() -> Result<BTreeSet<String>, String> {
    let catalogue = Catalogue::embedded().map_err(|mistakes| common::told(&mistakes))?;
    let named = catalogue
        .tools()
        .iter()
        .flat_map(|tool| &tool.hosts)
        .filter_map(|pattern| pattern.split('/').next())
        .filter(|host| !host.contains('*'));
    let mut hosts: BTreeSet<String> = named.flat_map(|host| [host.to_owned(), format!("www.{host}")]).collect();
    hosts.extend(TOOLS.iter().map(|tool| tool.host).chain(MORE_HOSTS.iter().copied()).map(str::to_owned));
    Ok(hosts)
}

/// The settings of the demo, as a file that could be read by `sluis run`.
fn settings_text(folder: &Path, [proxy, console, metrics]: [SocketAddr; 3], hosts: &BTreeSet<String>, origin: SocketAddr) -> String {
    let at = |name: &str| serde_json::Value::from(folder.join(name).display().to_string());
    let store = serde_json::Value::from(format!("sqlite:{}", folder.join("data").join("sluis.db").display()));
    let mut text = format!(
        "data-dir: {}\nlisten: {{ explicit: [\"{proxy}\"], console: \"{console}\", metrics: \"{metrics}\" }}\n\
         identity:\n  - forwarded: {{ from: [127.0.0.0/8], header: X-Forwarded-User }}\n  - anonymous: {{}}\n\
         store: {{ url: {store} }}\nupstream:\n  trust: [{}]\n  allow-private: [127.0.0.0/8]\n  resolve:\n",
        at("data"),
        at("origin-ca.pem")
    );
    for host in hosts {
        let _ = writeln!(text, "    \"{host}\": \"{origin}\"");
    }
    text
}

/// Waits until the proxy says that it is ready and its certificate is there.
async fn ready(metrics: SocketAddr, ca: &Path) -> Result<(), String> {
    let end = tokio::time::Instant::now() + START;
    while tokio::time::Instant::now() < end {
        if ca.exists() && fetch(metrics, "/readyz").await.is_some_and(|(status, _)| status.is_success()) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(format!("the proxy was not ready within {} s", START.as_secs()))
}

/// The three lines to go on with.
fn announce(proxy: SocketAddr, console: SocketAddr, ca: &Path) {
    anstream::println!("Look:    http://{console}/ is the console; sample employees are filling it now");
    anstream::println!(
        "Try:     curl --proxy http://{proxy} --cacert {} https://api.openai.com/v1/chat/completions -H 'content-type: application/json' \
         -d '{{\"model\":\"gpt-5\",\"messages\":[{{\"role\":\"user\",\"content\":\"Schrijf een brief aan burger met BSN 111222333\"}}]}}'",
        ca.display()
    );
    anstream::println!(
        "Browse:  set the proxy of a browser to {proxy} and open http://sluis.internal/ ; Ctrl-C ends the demo and removes its data"
    );
}

/// Resolves on Ctrl-C, on SIGTERM, and when the terminal is closed: the temporary folder must go in each case.
async fn stopped_by_person() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::hangup()) {
        Ok(mut closed) => tokio::select! {
            () = run::asked_to_stop() => {}
            _ = closed.recv() => {}
        },
        Err(_) => run::asked_to_stop().await,
    }
}

/// Runs the proxy and console with these settings until `stop`.
async fn start_proxy(file: &Path, stop: impl Future<Output = ()>) -> Result<(), String> {
    run::serve(common::settings(Some(file))?, stop, false).await
}
