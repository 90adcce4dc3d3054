//! `ip-address` (v4 and v6) and `mac-address`.
//!
//! Takes digit runs and reads the token around them. Addresses that belong to nobody are none: documentation, loopback, masks, public
//! resolvers; nor are versions, numbers of articles and times in the same shape.

use super::{Candidate, Detector};
use crate::detect::groups::{IP, ITEM, MAC, VERSION};
use crate::detect::keywords::Words;
use crate::detect::prefilter::is_word;
use crate::detect::score::{NEAR, Score, context};
use crate::detect::sight::Sight;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["ip-address", "mac-address"],
    words: &[
        Words(
            IP,
            "ip, ips, ip's, ipv4, ipv6, ip-adres*, ipadres*, ip-address*, ipaddress*, ipaddr, ip-nummer*, client, clientip, remote, remoteip, peer, host, hostname, server, gateway, dns, dhcp, inet, inet6, \
             ping, subnet*, vlan, router, firewall, proxy, x-forwarded-for, forwarded, src, dst, source, destination, nameserver, listen, ingelogd, ingelogde, login, inlog*, werkplek*, laptop, printer",
        ),
        Words(
            MAC,
            "mac, mac-adres*, macadres*, mac-address*, macaddress*, macaddr, hwaddr, ether, bssid, hardware address, physical address, fysiek adres, ethernet",
        ),
        Words(
            VERSION,
            "artikel, artikelen, paragraaf, hoofdstuk, bijlage, section, chapter, clause, lid, voorschrift, eis, norm, oid, chrome, firefox, safari, edge, mozilla, applewebkit, openssl, library, pakketversie, upgrade, \
             pkg, package, packages, dependency, dependencies, plugin, module, lib, v1, v2, v3, v4, v5, v6, v7, v8, v9",
        ),
    ],
    look,
};

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    let (mut taken, mut refused) = (0, 0);
    for run in sight.runs() {
        if run.len() > 4 || run.start < taken {
            continue;
        }
        let after = sight.byte(run.end);
        let found = if run.len() <= 3 && after == b'.' && !sight.ends_word(run.start) { v4(sight, run.start) } else { None };
        let found = found.or_else(|| {
            // A hexadecimal group that ends or starts at a colon or hyphen: an octet, or a group of IPv6.
            let joins = |byte: u8| matches!(byte, b':' | b'-' | b'.') || byte.is_ascii_hexdigit();
            (run.start >= refused && (joins(after) || joins(sight.before(run.start))))
                .then(|| hexadecimal(sight, run.start, taken, &mut refused))?
        });
        if let Some(candidate) = found {
            (taken, refused) = (candidate.end, 0);
            out.push(candidate);
        }
    }
}

fn v4(sight: &Sight<'_>, start: usize) -> Option<Candidate> {
    let (mut octets, mut at) = ([0u8; 4], start);
    for (index, octet) in octets.iter_mut().enumerate() {
        if index > 0 {
            at += usize::from(sight.byte(at) == b'.');
        }
        let length = sight.bytes[at..].iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
        if length == 0 || length > 3 || length > 1 && sight.byte(at) == b'0' {
            return None;
        }
        *octet = u8::try_from(sight.bytes[at..at + length].iter().fold(0u16, |value, byte| value * 10 + u16::from(byte - b'0'))).ok()?;
        at += length;
        if index < 3 && sight.byte(at) != b'.' {
            return None;
        }
    }
    let before = sight.before(start);
    if is_word(sight.byte(at)) || sight.byte(at) == b'.' && is_word(sight.byte(at + 1)) || is_word(before) {
        return None;
    }
    if matches!(before, b'.' | b'-') && is_word(sight.bytes.get(start.wrapping_sub(2)).copied().unwrap_or(0)) {
        return None;
    }
    let address = Ipv4Addr::from(octets);
    let block = sight.byte(at) == b'/' && octets[3] == 0 && octets[2] == 0;
    if nobody(address) || block && (is_local(address) || address.is_link_local()) {
        return None;
    }
    let large = octets.iter().filter(|&&octet| octet >= 100).count();
    let base = if is_local(address) {
        0.7
    } else if large >= 2 && octets[..2] != [1, 3] {
        0.6
    } else if large == 1 && octets[..2] != [1, 3] {
        0.45
    } else {
        0.3
    };
    let version = sight.nearest_before(start, VERSION, NEAR / 2);
    let said = context(sight, start, at, IP, VERSION | ITEM);
    // Four small numbers are as often those of a section; only the word itself makes them an address.
    let own = said.word.and_then(|(from, _)| sight.bytes.get(from..from + 2)).is_some_and(|word| word.eq_ignore_ascii_case(b"ip"));
    let said = if base < 0.4 && said.worth > 0.0 && !own { said.times(0.3) } else { said };
    let score = Score::base(base, "four octets of an address").with(said);
    let versioned =
        version.is_some_and(|hit| sight.nearest_before(start, IP, NEAR / 2).is_none_or(|ip| ip.start < hit.start)) || before == b'v';
    Some(Candidate {
        id: "ip-address",
        start,
        end: at,
        score: if versioned { score.and(-0.3, "a word before it speaks of versions or articles") } else { score },
    })
}

fn is_local(address: Ipv4Addr) -> bool {
    address.is_private() || address.octets()[0] == 100 && (64..128).contains(&address.octets()[1])
}

/// Addresses that no person or machine of the organisation has.
fn nobody(address: Ipv4Addr) -> bool {
    const RESOLVERS: [[u8; 4]; 8] = [
        [8, 8, 8, 8],
        [8, 8, 4, 4],
        [1, 1, 1, 1],
        [1, 0, 0, 1],
        [9, 9, 9, 9],
        [149, 112, 112, 112],
        [208, 67, 222, 222],
        [208, 67, 220, 220],
    ];
    let octets = address.octets();
    address.is_loopback()
        || address.is_documentation()
        || octets[0] == 0
        || octets[0] >= 224
        || RESOLVERS.contains(&octets)
        || octets[..3] == [1, 2, 3]
        || octets[..3] == [192, 0, 0]
        || octets[0] == 198 && octets[1] & 0xfe == 18
        || matches!(octets, [123, 45, 67, 89] | [12, 34, 56, 78])
}

/// The characters of MAC and IPv6 addresses.
static INSIDE: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = (byte as u8).is_ascii_hexdigit() || matches!(byte as u8, b':' | b'-' | b'.');
        byte += 1;
    }
    table
};

/// A MAC or IPv6 address around a place inside one of its groups. Where the stretch of such characters is none, `refused` becomes its end:
/// the other runs in it need not be read.
fn hexadecimal(sight: &Sight<'_>, place: usize, taken: usize, refused: &mut usize) -> Option<Candidate> {
    const LONGEST: usize = 45;
    let inside = |byte: u8| INSIDE[usize::from(byte)];
    let low = taken.max(place.saturating_sub(LONGEST));
    let start = place - sight.bytes[low..place].iter().rev().take_while(|&&byte| inside(byte)).count();
    let end = place + sight.bytes[place..].iter().take(LONGEST).take_while(|&&byte| inside(byte)).count();
    // From every place in a stretch this short the same token is read.
    if end - start < LONGEST {
        *refused = end;
    }
    // Without colons only the six octets of a MAC address, as 14 or 17 characters.
    if end - start < 4 || end - start < 14 && memchr::memchr(b':', &sight.bytes[start..end]).is_none() {
        return None;
    }
    let token = sight.text.get(start..end)?;
    let start = start + (token.len() - token.trim_start_matches(['-', '.']).len());
    let token = token.trim_matches(['-', '.']);
    let (start, token) = match token.strip_prefix(':') {
        Some(rest) if !rest.starts_with(':') => (start + 1, rest),
        _ => (start, token),
    };
    let token = match token.strip_suffix(':') {
        Some(rest) if !rest.ends_with(':') => rest,
        _ => token,
    };
    let end = start + token.len();
    if !sight.alone(start, end) || token.len() < 4 {
        return None;
    }
    mac(sight, start, token).or_else(|| v6(sight, start, token))
}

fn mac(sight: &Sight<'_>, start: usize, token: &str) -> Option<Candidate> {
    let bytes = token.as_bytes();
    let pairs = |separator: u8| {
        bytes.len() == 17
            && bytes
                .chunks(3)
                .all(|octet| octet.get(2).is_none_or(|&byte| byte == separator) && octet[..2].iter().all(u8::is_ascii_hexdigit))
    };
    let fours = bytes.len() == 14
        && bytes.chunks(5).all(|group| group.get(4).is_none_or(|&byte| byte == b'.') && group[..4].iter().all(u8::is_ascii_hexdigit));
    if !pairs(b':') && !pairs(b'-') && !fours {
        return None;
    }
    let letters = bytes.iter().any(u8::is_ascii_alphabetic);
    let different = bytes.iter().filter(|byte| byte.is_ascii_hexdigit()).any(|byte| !byte.eq_ignore_ascii_case(&bytes[0]));
    let base = match bytes[2] {
        b':' if letters => 0.8,
        b'-' if letters => 0.7,
        b':' => 0.5,
        _ if letters => 0.5,
        _ => 0.25,
    };
    let end = start + token.len();
    different.then(|| Candidate {
        id: "mac-address",
        start,
        end,
        score: Score::base(base, "six octets").with(context(sight, start, end, MAC, VERSION)),
    })
}

fn v6(sight: &Sight<'_>, start: usize, token: &str) -> Option<Candidate> {
    if token.bytes().filter(|&byte| byte == b':').count() < 2 {
        return None;
    }
    let groups = token.split(':').filter(|group| !group.is_empty()).count();
    let long = token.split(':').any(|group| group.len() >= 3);
    if groups < 2 || !long {
        return None;
    }
    let address = Ipv6Addr::from_str(token).ok()?;
    let segments = address.segments();
    let documentation = segments[0] == 0x2001 && segments[1] == 0xdb8 || segments[0] == 0x3fff && segments[1] < 0x1000;
    let mapped = address.to_ipv4_mapped().is_some_and(nobody);
    let network = token.ends_with("::") && sight.byte(start + token.len()) == b'/';
    if network || address.is_loopback() || address.is_unspecified() || address.is_multicast() || documentation || mapped {
        return None;
    }
    let end = start + token.len();
    let base = if matches!(segments[0], 0x2000..=0x3fff | 0xfc00..=0xfdff | 0xfe80..=0xfebf) { 0.8 } else { 0.3 };
    Some(Candidate {
        id: "ip-address",
        start,
        end,
        score: Score::base(base, "an IPv6 address").with(context(sight, start, end, IP, VERSION)),
    })
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn addresses_of_both_versions_are_found() {
        for (text, value) in [
            ("client=10.129.212.87 sessie=x", "10.129.212.87"),
            ("ingelogd vanaf 145.52.130.7:51234", "145.52.130.7"),
            ("IP-adres: 83.84.12.9.", "83.84.12.9"),
            ("[192.168.178.23] GET /", "192.168.178.23"),
            ("inet6 2a02:a45f:3c1b:1:21d:baff:fe06:3764/64", "2a02:a45f:3c1b:1:21d:baff:fe06:3764"),
            ("van 2A10:3781::1:5 naar", "2A10:3781::1:5"),
            ("http://[fe80::1ff:fe23:4567:890a]:8080/", "fe80::1ff:fe23:4567:890a"),
        ] {
            finds("ip-address", text, value);
        }
    }

    #[test]
    fn addresses_of_nobody_versions_and_articles_are_none() {
        for text in [
            "192.0.2.14 en 198.51.100.7 en 203.0.113.9",
            "server 127.0.0.1, 0.0.0.0, 255.255.255.0",
            "host 2001:db8::5, ::1",
            "dns 8.8.8.8",
            "versie 12.104.200.3",
            "Chrome/120.110.9.101",
            "artikel 3.2.1.4",
            "pkg 10.3.7.76",
            "oid 1.3.101.111 (x)",
            "bij de client, stap 8.1.3.5",
            "zie 5.1.2.1",
            "10.0.0.0/8",
            "1.2.3.4.5",
            "om 12:30:45:20",
            "10.129.212.870",
            "std::vec 1::2",
            "kosten 1.234.567.89",
        ] {
            misses("ip-address", text);
        }
    }

    #[test]
    fn a_mac_address_is_found_in_three_notations() {
        for value in ["c8:86:0d:93:87:55", "C8-86-0D-93-87-55", "c886.0d93.8755"] {
            finds("mac-address", &format!("mac={value} ip=x"), value);
        }
        finds("mac-address", "toestel 00:1A:2B:3C:4D:5E staat uit", "00:1A:2B:3C:4D:5E");
    }

    #[test]
    fn broadcast_dates_and_hashes_are_no_mac_addresses() {
        for text in
            ["ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00", "06-12-34-56-78-90", "c8:86:0d:93:87:55:10", "c8860d938755", "12-10-20-24-11-26"]
        {
            misses("mac-address", text);
        }
    }
}
