//! Open connections, counted by a guard that cannot forget to count down.

use prometheus::IntGauge;

/// What happens on a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConnectionState {
    /// Passed on unread.
    Tunnel,
    /// Read: TLS ends here.
    Intercept,
    /// Open, with nothing under way.
    Idle,
}

impl ConnectionState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tunnel => "tunnel",
            Self::Intercept => "intercept",
            Self::Idle => "idle",
        }
    }
}

/// Counts one connection for as long as it lives.
#[must_use = "the connection is counted only while the guard lives"]
pub struct ConnectionGuard {
    gauges: [IntGauge; 3],
    state: ConnectionState,
}

impl ConnectionGuard {
    pub(super) fn new(gauges: [IntGauge; 3], state: ConnectionState) -> Self {
        gauges[state as usize].inc();
        Self { gauges, state }
    }

    /// The connection is now in another state.
    pub fn becomes(&mut self, state: ConnectionState) {
        if state != self.state {
            self.gauges[self.state as usize].dec();
            self.gauges[state as usize].inc();
            self.state = state;
        }
    }
}

impl Drop for ConnectionGuard {
    fn drop(&mut self) {
        self.gauges[self.state as usize].dec();
    }
}
