//! Ending well: listeners stop, connections finish what they are doing, and the process waits for them for a bounded time.

use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// Handed to every task that serves a connection. While a clone lives, [`Drained::wait`] waits.
#[derive(Clone)]
pub struct Drain {
    stop: watch::Receiver<bool>,
    _alive: mpsc::Sender<()>,
}

/// The side that says stop and waits.
pub struct Drained {
    stop: watch::Sender<bool>,
    all_gone: mpsc::Receiver<()>,
}

/// Both sides of one drain.
pub fn drain() -> (Drained, Drain) {
    let (say, stop) = watch::channel(false);
    let (alive, all_gone) = mpsc::channel(1);
    (Drained { stop: say, all_gone }, Drain { stop, _alive: alive })
}

impl Drain {
    /// Returns once the process should stop. May be awaited again.
    pub async fn asked(&mut self) {
        // An error means that the other side is gone, which is a reason to stop as well.
        let _ = self.stop.wait_for(|stop| *stop).await;
    }
}

impl Drained {
    /// Asks every task to stop, and waits for them; false if some were still busy after `patience`.
    pub async fn wait(mut self, patience: Duration) -> bool {
        let _ = self.stop.send(true);
        tokio::time::timeout(patience, self.all_gone.recv()).await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn waiting_ends_when_the_last_task_is_gone_and_not_before() {
        let (drained, mut task) = drain();
        let worker = tokio::spawn(async move {
            task.asked().await;
            tokio::time::sleep(Duration::from_millis(20)).await;
            drop(task);
        });
        assert!(drained.wait(Duration::from_secs(5)).await);
        assert!(worker.await.is_ok());
        let (drained, _busy) = drain();
        assert!(!drained.wait(Duration::from_millis(10)).await);
    }
}
