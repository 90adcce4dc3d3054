//! Who sends it: the sources of `identity:` are tried in order and give a [`Subject`].

use std::net::IpAddr;
use std::sync::Arc;

/// Who sends a message. Built once per connection or request; shared, never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The user name as the identity source gives it; none for an anonymous sender. Never leaves the process in clear (see `record::privacy`).
    pub user: Option<String>,
    /// Directory groups.
    pub groups: Vec<String>,
    /// The client's address; the pseudonym of an anonymous sender derives from it.
    pub address: IpAddr,
    /// Which organisation of the installation this sender belongs to; empty: the policy's only one.
    pub organisation: String,
}

impl Subject {
    pub fn anonymous(address: IpAddr) -> Arc<Self> {
        Arc::new(Self { user: None, groups: Vec::new(), address, organisation: String::new() })
    }
}
