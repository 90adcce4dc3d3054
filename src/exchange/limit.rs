//! Memory for bodies. All bodies that are being read share one budget (`limits.memory`); a request waits a little for its share and is
//! turned away when there is none, so that many large uploads at once cannot exhaust the machine.

use super::{Admitted, Classified, Next, Room, body::Answer, pass, refuse};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The unit in which memory is lent.
const UNIT: usize = 64 * 1024;
/// How long a request waits for memory.
const PATIENCE: Duration = Duration::from_secs(5);

/// The memory that all bodies share.
pub struct Budget(Arc<Semaphore>);

impl Budget {
    /// `bytes` in all.
    pub fn new(bytes: u64) -> Self {
        let units = usize::try_from(bytes).unwrap_or(usize::MAX) / UNIT;
        Self(Arc::new(Semaphore::new(units.clamp(1, Semaphore::MAX_PERMITS))))
    }

    fn lease(&self) -> Lease {
        Lease { budget: self.0.clone(), held: None, units: 0 }
    }
}

/// One request's share; given back when dropped.
pub struct Lease {
    budget: Arc<Semaphore>,
    held: Option<OwnedSemaphorePermit>,
    units: usize,
}

impl Lease {
    /// Makes the share at least `bytes`; false if there is no memory in time.
    pub async fn grow(&mut self, bytes: usize) -> bool {
        let more = bytes.div_ceil(UNIT).saturating_sub(self.units);
        let Ok(permits) = u32::try_from(more) else { return false };
        if permits == 0 {
            return true;
        }
        let got = match self.budget.clone().try_acquire_many_owned(permits) {
            Ok(got) => got,
            Err(_) => match tokio::time::timeout(PATIENCE, self.budget.clone().acquire_many_owned(permits)).await {
                Ok(Ok(got)) => got,
                _ => return false,
            },
        };
        self.units += more;
        match &mut self.held {
            Some(held) => held.merge(got),
            None => self.held = Some(got),
        }
        true
    }
}

pub async fn layer<N: Next<Admitted>>(room: Arc<Room>, classified: Classified, next: N) -> Answer {
    let mut lease = room.budget.lease();
    // Memory is taken as the body arrives: what is only announced must not keep others waiting.
    if classified.words && !lease.grow(1).await {
        room.metrics.refused("memory");
        tracing::warn!("limits.memory is used up by requests in progress; one was turned away");
        return refuse::busy();
    }
    pass(next, Admitted { classified, lease }).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_share_is_given_back_and_the_budget_is_never_exceeded() {
        let budget = Budget::new(4 * UNIT as u64);
        let (mut a, mut b) = (budget.lease(), budget.lease());
        assert!(a.grow(3 * UNIT).await);
        assert!(!b.grow(2 * UNIT).await);
        drop(a);
        assert!(b.grow(2 * UNIT).await);
        assert!(b.grow(4 * UNIT).await);
        assert!(!b.grow(5 * UNIT).await);
    }
}
