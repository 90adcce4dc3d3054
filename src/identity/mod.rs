//! Who sends it: the sources of `identity:` are tried in order and give a [`Subject`].

use http::{HeaderMap, HeaderName};
use ipnet::IpNet;
use std::net::IpAddr;
use std::sync::Arc;

/// The other end of a client connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    pub address: IpAddr,
    /// The user named by a trusted parent proxy on `CONNECT`. What stands inside the tunnel comes from the client itself and cannot replace it.
    pub user: Option<Forwarded>,
}

/// A user as a parent proxy names one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forwarded {
    pub user: String,
    pub groups: Vec<String>,
}

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

/// One source of `identity:`, ready to be asked.
#[derive(Debug, Clone)]
pub enum Source {
    /// A parent proxy or VPN that already knows names the user in a header.
    Forwarded {
        /// Whom to believe.
        from: Vec<IpNet>,
        header: HeaderName,
        /// Names the user's groups, separated by commas.
        groups: Option<HeaderName>,
    },
    /// Users by network address; the most specific network wins.
    Addresses(Vec<(IpNet, Known)>),
    /// Everyone else: the address alone.
    Anonymous,
}

impl Source {
    /// The user and groups that the source's headers name.
    fn named(&self, headers: &HeaderMap) -> Option<Forwarded> {
        let Self::Forwarded { header, groups, .. } = self else { return None };
        let list = groups.as_ref().and_then(|name| text(headers, name)).unwrap_or_default();
        let groups = list.split(',').map(|group| group.trim().to_owned()).filter(|group| !group.is_empty()).collect();
        text(headers, header).map(|user| Forwarded { user, groups })
    }
}

/// A user that an address stands for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    pub user: String,
    pub groups: Vec<String>,
    pub organisation: String,
}

/// Asks the sources in their order.
#[derive(Debug, Clone)]
pub struct Identifier {
    sources: Vec<Source>,
}

impl Identifier {
    pub fn new(mut sources: Vec<Source>) -> Self {
        for source in &mut sources {
            if let Source::Addresses(known) = source {
                known.sort_by_key(|(net, _)| std::cmp::Reverse(net.prefix_len()));
            }
        }
        Self { sources }
    }

    /// Who sends a request with `headers` over a connection of `peer`. Never fails: the last resort is the address.
    pub fn identify(&self, peer: &Peer, headers: &HeaderMap) -> Arc<Subject> {
        let address = peer.address.to_canonical();
        for source in &self.sources {
            match source {
                Source::Forwarded { from, .. } if is_from(from, address) => {
                    if let Some(Forwarded { user, groups }) = peer.user.clone().or_else(|| source.named(headers)) {
                        return Arc::new(Subject { user: Some(user), groups, address, organisation: String::new() });
                    }
                }
                Source::Addresses(known) => {
                    if let Some((_, known)) = known.iter().find(|(net, _)| net.contains(&address)) {
                        return Arc::new(Subject {
                            user: Some(known.user.clone()),
                            groups: known.groups.clone(),
                            address,
                            organisation: known.organisation.clone(),
                        });
                    }
                }
                Source::Anonymous => return Subject::anonymous(address),
                Source::Forwarded { .. } => {}
            }
        }
        Subject::anonymous(address)
    }

    /// The user that a trusted parent names on `CONNECT`.
    pub fn forwarded(&self, address: IpAddr, headers: &HeaderMap) -> Option<Forwarded> {
        self.sources.iter().find_map(|source| match source {
            Source::Forwarded { from, .. } if is_from(from, address.to_canonical()) => source.named(headers),
            _ => None,
        })
    }

    /// Takes off the headers by which users are named: they are for Sluis, also when the sender was not believed.
    pub fn strip(&self, headers: &mut HeaderMap) {
        for source in &self.sources {
            if let Source::Forwarded { header, groups, .. } = source {
                headers.remove(header);
                if let Some(groups) = groups {
                    headers.remove(groups);
                }
            }
        }
    }
}

fn is_from(from: &[IpNet], address: IpAddr) -> bool {
    from.iter().any(|net| net.contains(&address))
}

/// A header's value, if it is there once, is text, and says something.
fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?.trim();
    (values.next().is_none() && !value.is_empty() && value.len() <= 256).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn identifier() -> Identifier {
        let known = |user: &str| Known { user: user.into(), groups: vec!["HR".into()], organisation: String::new() };
        Identifier::new(vec![
            Source::Forwarded {
                from: vec!["10.0.0.0/8".parse().unwrap()],
                header: HeaderName::from_static("x-forwarded-user"),
                groups: Some(HeaderName::from_static("x-forwarded-groups")),
            },
            Source::Addresses(vec![("192.168.1.0/24".parse().unwrap(), known("room")), ("192.168.1.7/32".parse().unwrap(), known("anna"))]),
            Source::Anonymous,
        ])
    }

    fn peer(address: &str) -> Peer {
        Peer { address: address.parse().unwrap(), user: None }
    }

    #[test]
    fn a_user_header_counts_only_from_a_trusted_parent_and_never_goes_on() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-user", HeaderValue::from_static("piet"));
        headers.insert("x-forwarded-groups", HeaderValue::from_static("HR, AI-pilot"));
        let believed = identifier().identify(&peer("10.1.1.1"), &headers);
        assert_eq!((believed.user.as_deref(), believed.groups.len()), (Some("piet"), 2));
        assert_eq!(identifier().identify(&peer("203.0.113.9"), &headers).user, None);
        identifier().strip(&mut headers);
        assert!(headers.is_empty());
    }

    #[test]
    fn a_user_named_on_connect_counts_for_the_whole_tunnel() {
        let els = Forwarded { user: "els".into(), groups: vec!["HR".into()] };
        let peer = Peer { address: "10.1.1.1".parse().unwrap(), user: Some(els) };
        let mut inside = HeaderMap::new();
        inside.insert("x-forwarded-user", HeaderValue::from_static("directeur"));
        inside.insert("x-forwarded-groups", HeaderValue::from_static("ICT"));
        let subject = identifier().identify(&peer, &inside);
        assert_eq!((subject.user.as_deref(), subject.groups.as_slice()), (Some("els"), ["HR".to_owned()].as_slice()));
    }

    #[test]
    fn the_most_specific_network_names_the_user_also_for_mapped_addresses() {
        assert_eq!(identifier().identify(&peer("::ffff:192.168.1.7"), &HeaderMap::new()).user.as_deref(), Some("anna"));
        assert_eq!(identifier().identify(&peer("192.168.1.8"), &HeaderMap::new()).user.as_deref(), Some("room"));
    }
}
