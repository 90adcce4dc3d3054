//! What a person reads after `sluis run`: three lines that say what to do next.

use crate::settings::Settings;
use std::net::SocketAddr;

/// Prints the three lines on standard output.
pub(super) fn hello(settings: &Settings, explicit: &[SocketAddr], console: Option<SocketAddr>, new_ca: bool) {
    use std::io::Write;
    let certificate = match &settings.ca {
        Some((certificate, _)) => certificate.clone(),
        None => settings.data_dir.join("ca.pem"),
    };
    let mut out = anstream::stdout().lock();
    let bold = anstyle::Style::new().bold();
    let mut say = |what: &str, how: String| {
        // A closed pipe is no reason to stop serving.
        let _ = writeln!(out, "{bold}{what:<9}{bold:#}{how}");
    };
    if let Some(proxy) = explicit.first() {
        let proxy = reachable(*proxy);
        say("curl", format!("curl -x http://{proxy} --cacert {} https://api.openai.com/v1/models", certificate.display()));
        let trust = if new_ca { "trust the new CA from" } else { "trust the CA from" };
        say("browser", format!("use the proxy configuration http://{proxy}/proxy.pac and {trust} http://{proxy}/ca.pem"));
    }
    if let Some(console) = console {
        say("console", format!("http://{}/", reachable(console)));
    }
}

/// An address that can be typed: loopback where the listener takes every address.
fn reachable(address: SocketAddr) -> SocketAddr {
    match (address.ip().is_unspecified(), address.is_ipv6()) {
        (false, _) => address,
        (true, false) => SocketAddr::from(([127, 0, 0, 1], address.port())),
        (true, true) => SocketAddr::from((std::net::Ipv6Addr::LOCALHOST, address.port())),
    }
}
