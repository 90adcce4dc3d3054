//! The proxy auto-configuration file: AI hosts go through Sluis, the rest goes direct.
//!
//! Takes the catalogue and the addresses of the explicit listeners, gives JavaScript as browsers have read it since 1999 (ES3): one object
//! probed suffix by suffix, so that 500 hosts cost as much as five. A host of which only some paths are AI goes through Sluis as a whole,
//! since browsers hide the path from this file. There is no `DIRECT` behind the proxies: what cannot be read does not go out.

use crate::catalogue::Catalogue;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Names that are Sluis itself.
const OWN: &str = "sluis.internal";

/// The file for `/proxy.pac` and `/wpad.dat`. `proxies` are `host:port`, tried in order; what is no such thing is left out. With none at all
/// (only transparent listeners) everything goes direct.
pub fn generate(catalogue: &Catalogue, proxies: &[String]) -> String {
    let via: Vec<String> = proxies.iter().filter(|proxy| is_address(proxy)).map(|proxy| format!("PROXY {proxy}")).collect();
    let via = if via.is_empty() { "DIRECT".to_owned() } else { via.join("; ") };
    let (literal, stars) = hosts(catalogue);
    let mut script = String::with_capacity(24 * 1024);
    script.push_str("// AI tools go through Sluis, everything else goes direct. Generated from the catalogue.\n");
    _ = writeln!(script, "var via = \"{via}\";");
    script.push_str("// 1: through Sluis, with every name below it; 0: direct.\nvar hosts = {\n");
    let lines: Vec<String> = literal.iter().map(|(host, value)| format!("  \"{host}\": {value}")).collect();
    script.push_str(&lines.join(",\n"));
    script.push_str(
        "\n};\n// Names with a star, by what follows the last one: [labels, labels without a star, test, 1 or 0].\nvar stars = {\n",
    );
    let lines: Vec<String> = stars.iter().map(|(tail, tests)| format!("  \"{tail}\": [{}]", tests.join(", "))).collect();
    script.push_str(&lines.join(",\n"));
    script.push_str("\n};\n");
    script.push_str(FUNCTION);
    script
}

/// The most specific name decides, as in the catalogue: more labels first, then fewer stars.
const FUNCTION: &str = r#"
function FindProxyForURL(url, host) {
  var name = host.toLowerCase();
  if (name.charAt(name.length - 1) === ".") name = name.substring(0, name.length - 1);
  if (name.indexOf(".") < 0) return "DIRECT";
  var best = -1, answer = 0, labels = name.split(".").length, rest = name, value, tests, i, rank;
  while (true) {
    value = hosts[rest];
    if (value === 0 || value === 1) {
      rank = labels * 100 + labels;
      if (rank > best) { best = rank; answer = value; }
    }
    tests = stars[rest];
    if (tests instanceof Array) {
      for (i = 0; i < tests.length; i++) {
        rank = tests[i][0] * 100 + tests[i][1];
        if (rank > best && tests[i][2].test(name)) { best = rank; answer = tests[i][3]; }
      }
    }
    i = rest.indexOf(".");
    if (i < 0) return answer === 1 ? via : "DIRECT";
    rest = rest.substring(i + 1);
    labels--;
  }
}
"#;

type Literal = BTreeMap<String, u8>;
type Stars = BTreeMap<String, Vec<String>>;

/// The catalogue's hosts without their paths: those written out, and those with a star by their tail.
fn hosts(catalogue: &Catalogue) -> (Literal, Stars) {
    let mut literal = Literal::from([(OWN.to_owned(), 1)]);
    let mut starred: BTreeMap<&str, u8> = BTreeMap::new();
    for tool in catalogue.tools() {
        let own = tool.hosts.iter().map(|host| (host.split('/').next().unwrap_or(host), u8::from(!tool.tunnel), host.contains('/')));
        let except = tool.except.iter().map(|host| (host.as_str(), 0, host.contains('/')));
        for (host, value, only_a_path) in own.chain(except) {
            // A path says nothing against the rest of its host.
            if only_a_path && value == 0 {
                continue;
            }
            // What is to be read on a name goes before what is not.
            if host.contains('*') {
                starred.entry(host).and_modify(|known| *known |= value).or_insert(value);
            } else {
                literal.entry(host.to_owned()).and_modify(|known| *known |= value).or_insert(value);
            }
        }
    }
    let mut stars = Stars::new();
    for (host, value) in starred {
        let tail = host.rsplit_once('*').and_then(|(_, tail)| tail.split_once('.')).map_or(host, |(_, tail)| tail);
        let labels = host.split('.').count();
        let plain = host.split('.').filter(|label| !label.contains('*')).count();
        stars.entry(tail.to_owned()).or_default().push(format!("[{labels}, {plain}, /(^|\\.){}$/, {value}]", expression(host)));
    }
    (literal, stars)
}

/// A pattern as a regular expression; its characters are letters, digits, `-`, `_`, `.` and `*`.
fn expression(host: &str) -> String {
    host.split('.').map(|label| if label == "*" { "[^.]+".to_owned() } else { label.replace('*', "[^.]*") }).collect::<Vec<_>>().join("\\.")
}

/// `host:port` and nothing that could end the string it is written into.
fn is_address(proxy: &str) -> bool {
    proxy.rsplit_once(':').is_some_and(|(host, port)| {
        !host.is_empty()
            && port.parse::<u16>().is_ok_and(|port| port > 0)
            && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':' | b'[' | b']'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::OnHost;
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    /// What the script answers for each host, asked of a real JavaScript engine.
    fn answers(script: &str, hosts: &[String]) -> Vec<String> {
        let driver = format!(
            "{script}\nvar asked = {};\nconsole.log(JSON.stringify(asked.map(function (h) {{ return FindProxyForURL('https://' + h + '/', h); }})));",
            serde_json::to_string(hosts).unwrap()
        );
        let mut node = Command::new("node")
            .arg("-")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node runs this test: install Node.js");
        node.stdin.take().unwrap().write_all(driver.as_bytes()).unwrap();
        let output = node.wait_with_output().unwrap();
        assert!(output.status.success());
        serde_json::from_slice(&output.stdout).unwrap()
    }

    #[test]
    fn the_script_and_the_catalogue_agree_on_every_host_and_on_look_alikes() {
        let catalogue = Catalogue::embedded().unwrap();
        let script = generate(&catalogue, &["127.0.0.1:8080".into(), "[::1]:8080".into()]);
        let mut hosts = Vec::new();
        for tool in catalogue.tools() {
            for pattern in tool.hosts.iter().chain(&tool.except) {
                let host = pattern.split('/').next().unwrap().replace('*', "a1");
                let parent = host.split_once('.').unwrap().1.to_owned();
                hosts.extend([
                    format!("sub.{host}"),
                    format!("x.y.{host}"),
                    format!("not{host}"),
                    format!("{host}.evil.example"),
                    format!("{host}."),
                    host.to_uppercase(),
                    host.replace('.', "-"),
                    parent,
                    host,
                ]);
            }
        }
        for odd in [
            "notchatgpt.com",
            "chatgpt.com.evil.example",
            "localhost",
            "printer",
            "10.0.0.1",
            "::1",
            "constructor",
            "a.constructor",
            "x.__proto__",
            "a..b",
            ".",
            "",
            "tostring.valueof",
        ] {
            hosts.push(odd.to_owned());
        }
        let mut through = 0;
        for (host, answer) in hosts.iter().zip(answers(&script, &hosts)) {
            let expected = if catalogue.on_host(host) == OnHost::None { "DIRECT" } else { "PROXY 127.0.0.1:8080; PROXY [::1]:8080" };
            through += usize::from(expected != "DIRECT");
            assert_eq!(answer, expected, "{host}");
        }
        assert!(through > 2_000 && hosts.len() - through > 1_000, "{through} of {}", hosts.len());
    }

    #[test]
    fn sluis_itself_is_reached_through_the_proxy() {
        let script = generate(&Catalogue::embedded().unwrap(), &["proxy.voorbeeld.nl:3128".into()]);
        assert_eq!(answers(&script, &["sluis.internal".into(), "sluis".into()]), ["PROXY proxy.voorbeeld.nl:3128", "DIRECT"]);
    }

    #[test]
    fn an_address_cannot_smuggle_script_in() {
        let odd = ["\"; alert(1); \"", "x:1\"", "x:0", ":1", "x", "x:99999", "a b:1", "x\n:1"];
        let script = generate(&Catalogue::embedded().unwrap(), &odd.map(str::to_owned));
        assert!(script.contains("var via = \"DIRECT\";") && !script.contains("alert"));
    }

    #[test]
    fn the_script_is_plain_es3_and_small() {
        let script = generate(&Catalogue::embedded().unwrap(), &["127.0.0.1:8080".into()]);
        for modern in ["let ", "const ", "=>", "`", "forEach", "startsWith", "endsWith", ",\n}", ",]"] {
            assert!(!script.contains(modern), "{modern}");
        }
        assert!(script.is_ascii() && script.len() < 64 * 1024, "{} bytes", script.len());
    }
}
