//! The working day: employees send prompts through the proxy one after another until the time is over, and the counts are shown.
//!
//! Takes the way out, a pace and a sign to stop; gives what was sent. Bounded in requests at once and in time; on a terminal one line
//! keeps the score, in a pipe nothing is written until the end. The score is read from the proxy's own metrics, never guessed.

use super::employees::{EMPLOYEES, Office, TOOLS, fetch};
use super::prompts::PROMPTS;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rand::seq::{IndexedRandom, SliceRandom};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Requests at once.
const AT_ONCE: usize = 8;
/// One in so many warned employees goes on all the same.
const GOES_ON: u32 = 3;

/// How fast the day goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    pub(super) pause: Duration,
    pub(super) time: Duration,
}

/// What was sent and what could not be.
#[derive(Debug, Default)]
pub(super) struct Day {
    pub(super) sent: AtomicU64,
    pub(super) failed: AtomicU64,
}

/// Sends until the time is over or `stop` resolves.
pub(super) async fn work(office: Office, pace: Pace, stop: impl Future<Output = ()>) -> Arc<Day> {
    let day = Arc::new(Day::default());
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let mut under_way = JoinSet::new();
    let end = tokio::time::Instant::now() + pace.time;
    let mut order: Vec<usize> = Vec::new();
    tokio::pin!(stop);
    loop {
        // Every prompt passes once before any comes again.
        let Some(next) = order.pop() else {
            order = (0..PROMPTS.len()).collect();
            order.shuffle(&mut rand::rng());
            continue;
        };
        let place = tokio::select! {
            () = &mut stop => break,
            () = tokio::time::sleep_until(end) => break,
            place = async { tokio::time::sleep(pace.pause).await; room.clone().acquire_owned().await } => place,
        };
        while under_way.try_join_next().is_some() {}
        let (Ok(place), office, day) = (place, office.clone(), day.clone()) else { break };
        under_way.spawn(async move {
            one(&office, next, &day).await;
            drop(place);
        });
    }
    while under_way.join_next().await.is_some() {}
    day
}

/// One employee asks one thing; a warning is sometimes clicked away, as people do.
async fn one(office: &Office, prompt: usize, day: &Day) {
    let prompt = &PROMPTS[prompt];
    let Some(employee) = EMPLOYEES.choose(&mut rand::rng()) else { return };
    let Some(tool) = employee.tools.choose(&mut rand::rng()) else { return };
    match office.send(employee, &TOOLS[*tool], prompt).await {
        Ok(reply) => {
            day.sent.fetch_add(1, Ordering::Relaxed);
            if let Some(link) = reply.go_on
                && rand::random_ratio(1, GOES_ON)
                && office.go_on(employee, &link).await.is_ok_and(|page| !page.status.is_server_error())
                && office.send(employee, &TOOLS[*tool], prompt).await.is_ok()
            {
                day.sent.fetch_add(1, Ordering::Relaxed);
            }
        }
        Err(trouble) => {
            tracing::debug!(%trouble, "a sample employee got no answer");
            day.failed.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Decisions per action, from the proxy's metrics.
pub(super) async fn tally(metrics: SocketAddr) -> Option<BTreeMap<String, u64>> {
    let (status, text) = fetch(metrics, "/metrics").await?;
    status.is_success().then(|| count(&text))
}

fn count(metrics: &str) -> BTreeMap<String, u64> {
    let mut found = BTreeMap::new();
    for line in metrics.lines().filter(|line| line.starts_with("sluis_requests_total{")) {
        let action = line.split_once("action=\"").and_then(|(_, rest)| rest.split_once('"')).map(|(action, _)| action);
        let value = line.rsplit_once(' ').and_then(|(_, value)| value.parse::<f64>().ok());
        if let (Some(action), Some(value)) = (action, value) {
            *found.entry(action.to_owned()).or_default() += value as u64;
        }
    }
    found
}

/// The score as one line.
pub(super) fn line(counts: &BTreeMap<String, u64>) -> String {
    let total: u64 = counts.values().sum();
    let mut out = format!("{total} decisions");
    for (action, word) in [("allow", "passed"), ("redact", "cleaned"), ("warn", "warned"), ("redirect", "redirected"), ("block", "stopped")]
    {
        if let Some(count) = counts.get(action) {
            out.push_str(&format!(" · {count} {word}"));
        }
    }
    out
}

/// Keeps the line up to date until it is dropped. On anything but a terminal it draws nothing.
pub(super) async fn show(metrics: SocketAddr) {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if bar.is_hidden() {
        return std::future::pending().await;
    }
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    loop {
        if let Some(counts) = tally(metrics).await {
            bar.set_message(line(&counts));
        }
        tokio::time::sleep(Duration::from_millis(700)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_score_adds_up_over_tools() {
        let text = "# HELP x\nsluis_requests_total{tool=\"chatgpt\",action=\"block\",direction=\"prompt\"} 3\n\
                    sluis_requests_total{tool=\"claude\",action=\"block\"} 2\nsluis_requests_total{tool=\"claude\",action=\"allow\"} 7\nsluis_bytes_total{tool=\"x\",action=\"allow\"} 9\n";
        let counts = count(text);
        assert_eq!((counts["block"], counts["allow"]), (5, 7));
        assert_eq!(line(&counts), "12 decisions · 7 passed · 5 stopped");
    }
}
