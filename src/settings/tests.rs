use super::*;
use crate::identity::Known;
use std::fs;

const USERS: &str =
    "10.1.2.3: anna\n10.1.4.0/24: {user: balie, groups: [KCC, Burgerzaken], organisation: gemeente}\n2001:db8::/32: {user: gast}\n";
const ODD_USERS: &str = "10.1.2: anna\n10.1.4.0/24: {groups: [KCC]}\n10.1.5.0/24: {user: x, grops: [KCC]}\n10.1.5.9/24: ''\n";

/// Settings from text, in a folder that holds a few files to name.
fn read_with(text: &str, environment: &[(&str, &str)]) -> Result<Settings, String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("a.pem", "x"), ("b.pem", "x"), ("users.yaml", USERS), ("odd.yaml", ODD_USERS)] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    fs::create_dir(folder.path().join("rules")).unwrap();
    let environment = environment.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    let here = format!("{}/", folder.path().display());
    Settings::read(Some(Path::new("sluis.yaml")), folder.path(), text, environment)
        .map(|settings| without(settings, folder.path()))
        .map_err(|mistakes| mistakes.iter().map(|m| format!("{m}\n")).collect::<String>().replace(&here, ""))
}

/// Paths as they stand in the file, so that tests can name them.
fn without(mut settings: Settings, folder: &Path) -> Settings {
    let short = |path: &Path| path.strip_prefix(folder).map_or_else(|_| path.to_path_buf(), Path::to_path_buf);
    settings.data_dir = short(&settings.data_dir);
    settings.policies = settings.policies.as_deref().map(short);
    settings.ca = settings.ca.as_ref().map(|(c, k)| (short(c), short(k)));
    settings.upstream.trust_files = settings.upstream.trust_files.iter().map(|f| short(f)).collect();
    settings.store.url = settings.store.url.replace(&format!("{}/", folder.display()), "");
    settings
}

fn read(text: &str) -> Result<Settings, String> {
    read_with(text, &[])
}

fn mistakes(text: &str) -> String {
    read(text).map(|_| String::new()).unwrap_or_else(|mistakes| mistakes)
}

#[test]
fn an_empty_file_gives_the_defaults() {
    let settings = read("").unwrap();
    assert_eq!(
        settings.listen,
        Listen {
            explicit: vec!["127.0.0.1:8080".parse().unwrap()],
            transparent: vec![],
            console: Some("127.0.0.1:9080".parse().unwrap()),
            metrics: Some("127.0.0.1:9090".parse().unwrap())
        }
    );
    assert_eq!((settings.data_dir.to_str(), settings.policies, settings.ca), (Some("sluis-data"), None, None));
    assert_eq!((settings.store.url.as_str(), settings.store.when_down), ("sqlite:sluis-data/sluis.db", WhenDown::Spool));
    assert_eq!((settings.audit.durability, settings.privacy.pseudonyms), (Durability::Disk, true));
    assert!(settings.upstream.trust_system && settings.upstream.h2 && settings.upstream.allow_private.is_empty());
    assert_eq!(settings.upstream.own.len(), 3);
    assert!(matches!(settings.identity.as_slice(), [Source::Anonymous]));
    let limits = Limits {
        inspect: 33_554_432,
        memory: 1_073_741_824,
        connections: 50_000,
        header_timeout: Duration::from_secs(10),
        idle: Duration::from_secs(300),
    };
    assert_eq!(settings.limits, limits);
    assert!(!settings.node.is_empty());
}

#[test]
fn a_file_that_sets_everything_is_read() {
    let settings = read(
        "data-dir: ./data\npolicies: rules\nnode: gw-1\n\
         listen:\n  explicit: [\"0.0.0.0:3128\", {address: \"[::1]:3129\", tls: false}, localhost:0]\n  transparent: 127.0.0.1:8443\n  console: null\n  metrics: 127.0.0.1:9091\n\
         ca: {certificate: a.pem, key: b.pem}\n\
         upstream:\n  trust: [system, a.pem]\n  resolve: {API.OpenAI.com: \"127.0.0.1:9443\", x.example: 10.0.0.1, y.example: \"[::1]:1\", z.example: \"::1\"}\n\
         \x20 allow-private: [127.0.0.1, 10.1.2.3/8]\n  proxy: http://proxy.example:3128/\n  prefer: [http/1.1]\n\
         identity:\n  - forwarded: {from: [10.0.0.0/8], header: X-User, groups: X-Groups}\n  - addresses: users.yaml\n  - anonymous\n\
         store: {url: \"sqlite:db/x.db\", when-down: refuse}\naudit: {durability: process}\nprivacy: {pseudonyms: false, content: never}\n\
         limits: {inspect: 1 MiB, memory: 50_000_000, connections: 12, header-timeout: 500ms, idle: 2h}\n",
    )
    .unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let addresses: Vec<String> = settings.listen.addresses().map(|a| a.to_string()).collect();
    assert_eq!(addresses, ["0.0.0.0:3128", "[::1]:3129", "127.0.0.1:0", "127.0.0.1:8443", "127.0.0.1:9091"]);
    assert_eq!(
        (settings.data_dir.to_str(), settings.policies.as_deref().and_then(Path::to_str), settings.node.as_str()),
        (Some("data"), Some("rules"), "gw-1")
    );
    assert_eq!(settings.ca, Some(("a.pem".into(), "b.pem".into())));
    let upstream = &settings.upstream;
    assert_eq!((upstream.trust_system, &upstream.trust_files), (true, &vec![PathBuf::from("a.pem")]));
    assert_eq!(upstream.resolve["api.openai.com"], ("127.0.0.1".parse().unwrap(), Some(9443)));
    assert_eq!(upstream.resolve["x.example"], ("10.0.0.1".parse().unwrap(), None));
    assert_eq!(upstream.resolve["y.example"], ("::1".parse().unwrap(), Some(1)));
    assert_eq!(upstream.resolve["z.example"], ("::1".parse().unwrap(), None));
    assert_eq!(upstream.allow_private.iter().map(ToString::to_string).collect::<Vec<_>>(), ["127.0.0.1/32", "10.0.0.0/8"]);
    assert_eq!((upstream.proxy.as_deref(), upstream.h2), (Some("proxy.example:3128"), false));
    let [Source::Forwarded { from, header, groups }, Source::Addresses(known), Source::Anonymous] = settings.identity.as_slice() else {
        panic!("{:?}", settings.identity)
    };
    assert_eq!((from.len(), header.as_str(), groups.as_ref().map(|name| name.as_str())), (1, "x-user", Some("x-groups")));
    assert_eq!(known.len(), 3);
    let balie = Known { user: "balie".into(), groups: vec!["KCC".into(), "Burgerzaken".into()], organisation: "gemeente".into() };
    assert_eq!(known[1], ("10.1.4.0/24".parse().unwrap(), balie));
    assert_eq!(settings.store, StoreSettings { url: "sqlite:db/x.db".into(), when_down: WhenDown::Refuse });
    assert_eq!((settings.audit.durability, settings.privacy.pseudonyms), (Durability::Process, false));
    assert_eq!(
        settings.limits,
        Limits {
            inspect: 1 << 20,
            memory: 50_000_000,
            connections: 12,
            header_timeout: Duration::from_millis(500),
            idle: Duration::from_secs(7200)
        }
    );
}

#[test]
fn the_environment_goes_before_the_file_for_every_key() {
    type Shown = fn(&Settings) -> String;
    let table: [(&str, &str, &str, Shown); 25] = [
        ("data-dir", "other", "other", |s| s.data_dir.display().to_string()),
        ("policies", "rules", "Some(\"rules\")", |s| format!("{:?}", s.policies)),
        ("node", "n9", "n9", |s| s.node.clone()),
        ("listen.explicit", "127.0.0.1:1, 127.0.0.1:2", "[127.0.0.1:1, 127.0.0.1:2]", |s| format!("{:?}", s.listen.explicit)),
        ("listen.transparent", "[\"127.0.0.1:3\"]", "[127.0.0.1:3]", |s| format!("{:?}", s.listen.transparent)),
        ("listen.console", "null", "None", |s| format!("{:?}", s.listen.console)),
        ("listen.metrics", "127.0.0.1:4", "Some(127.0.0.1:4)", |s| format!("{:?}", s.listen.metrics)),
        ("ca.certificate", "b.pem", "Some((\"b.pem\", \"a.pem\"))", |s| format!("{:?}", s.ca)),
        ("ca.key", "b.pem", "Some((\"a.pem\", \"b.pem\"))", |s| format!("{:?}", s.ca)),
        ("upstream.trust", "a.pem,b.pem", "false [\"a.pem\", \"b.pem\"]", |s| {
            format!("{} {:?}", s.upstream.trust_system, s.upstream.trust_files)
        }),
        ("upstream.resolve", "{a.example: \"127.0.0.1:9\"}", "{\"a.example\": (127.0.0.1, Some(9))}", |s| {
            format!("{:?}", s.upstream.resolve)
        }),
        ("upstream.allow-private", "127.0.0.0/8,::1", "[127.0.0.0/8, ::1/128]", |s| format!("{:?}", s.upstream.allow_private)),
        ("upstream.proxy", "p.example:1", "Some(\"p.example:1\")", |s| format!("{:?}", s.upstream.proxy)),
        ("upstream.prefer", "http/1.1", "false", |s| s.upstream.h2.to_string()),
        ("identity", "[addresses: users.yaml]", "1", |s| {
            s.identity.iter().filter(|source| matches!(source, Source::Addresses(known) if known.len() == 3)).count().to_string()
        }),
        ("store.url", "sqlite:e.db", "sqlite:e.db", |s| s.store.url.clone()),
        ("store.when-down", "refuse", "Refuse", |s| format!("{:?}", s.store.when_down)),
        ("audit.durability", "process", "Process", |s| format!("{:?}", s.audit.durability)),
        ("privacy.pseudonyms", "false", "false", |s| s.privacy.pseudonyms.to_string()),
        ("privacy.content", "never", "true", |s| s.privacy.pseudonyms.to_string()),
        ("limits.inspect", "2 MiB", "2097152", |s| s.limits.inspect.to_string()),
        ("limits.memory", "2 GiB", "2147483648", |s| s.limits.memory.to_string()),
        ("limits.connections", "7", "7", |s| s.limits.connections.to_string()),
        ("limits.header-timeout", "3s", "3s", |s| format!("{:?}", s.limits.header_timeout)),
        ("limits.idle", "1m", "60s", |s| format!("{:?}", s.limits.idle)),
    ];
    let file =
        "data-dir: d\nnode: n\nca: {certificate: a.pem, key: a.pem}\nlimits: {idle: 9m}\nstore: {when-down: spool, url: \"sqlite:f.db\"}\n";
    assert_eq!(table.map(|row| row.0).to_vec(), key_names().collect::<Vec<_>>(), "a row for every key");
    for (path, value, expected, shown) in table {
        let name = environment_name(path);
        let settings = read_with(file, &[(&name, value)]).unwrap_or_else(|mistakes| panic!("{name}: {mistakes}"));
        assert_eq!(shown(&settings), expected, "{name}");
    }
    assert_eq!(environment_name("store.when-down"), "SLUIS_STORE_WHEN_DOWN");
}

#[test]
fn a_mistake_in_the_environment_names_the_variable() {
    let odd = |name: &str, value: &str| read_with("", &[(name, value)]).map(|_| "fine".to_owned()).unwrap_or_else(|mistakes| mistakes);
    assert!(
        odd("SLUIS_LISTEN_EXPLICIT", "8080")
            .starts_with("SLUIS_LISTEN_EXPLICIT: 'listen.explicit' is to be an address with a port, this is '8080'")
    );
    assert!(odd("SLUIS_LIMITS_IDLE", "soon").contains("such as 10s"));
    assert!(odd("SLUIS_IDENTITY", "[").starts_with("SLUIS_IDENTITY: it is not readable as YAML"));
    assert!(odd("SLUIS_LISTEN_EXPLICT", "127.0.0.1:1").contains("did you mean 'SLUIS_LISTEN_EXPLICIT'?"));
    for (name, value) in
        [("SLUIS_PORT", "tcp://10.0.0.1:80"), ("SLUIS_SERVICE_HOST", "10.0.0.1"), ("SLUIS_LOG", "debug"), ("SLUIS_NODE", "")]
    {
        assert_eq!(odd(name, value), "fine", "{name}");
    }
}

#[test]
fn every_mistake_is_reported_with_place_and_remedy() {
    let shown = mistakes(
        "data_dir: x\npolicies: nowhere\nlisten:\n  explicit: [8080, {adress: \"127.0.0.1:1\"}, {address: \"127.0.0.1:2\", proxy-protocol: true}]\n  console: [a, b]\n\
         upstream:\n  trust: [nobody.pem]\n  resolve: [x]\n  allow-private: [10.0.0.0/33]\n  proxy: user:pw@proxy:1\n  prefer: [h3]\n\
         ca: {certificate: a.pem}\nidentity:\n  - anonymous: {}\n  - kerberos: {keytab: /etc/x}\n  - forwarded: {header: X-User}\n  - anonymus\n\
         store: {url: \"postgres://db\", when-down: maybe}\naudit: {seal: 1h}\nprivacy: {pseudonyms: perhaps, content: always, retention: {events: 400d}}\n\
         export: {kafka: x}\nlimits: {inspect: 2 GiB, idle: 0s, connections: many}\nstroe: 1\n",
    );
    assert!(!shown.contains("user:pw"), "a password is never repeated");
    insta::assert_snapshot!(shown);
}

#[test]
fn mistakes_in_the_file_of_addresses_name_that_file() {
    insta::assert_snapshot!(mistakes("identity: [addresses: odd.yaml]\n"));
    assert!(mistakes("identity: [addresses: nobody.yaml]\n").contains("there is no file nobody.yaml"));
}

#[test]
fn two_listeners_on_one_port_are_a_mistake() {
    assert!(
        mistakes("listen: {explicit: [\"0.0.0.0:9080\"]}")
            .contains("takes the address 127.0.0.1:9080, which is the default of 'listen.console'")
    );
    assert!(
        mistakes("listen: {explicit: [\"127.0.0.1:1\"], transparent: [\"0.0.0.0:1\"]}")
            .contains("0.0.0.0:1 is taken: 'listen.explicit' listens on 127.0.0.1:1")
    );
    assert!(mistakes("listen: {explicit: [\"127.0.0.1:1\", \"127.0.0.1:1\"]}").contains("is taken"));
    assert_eq!(
        mistakes(
            "listen: {explicit: [\"127.0.0.1:1\"], transparent: [\"127.0.0.2:1\"], console: \"127.0.0.1:0\", metrics: \"127.0.0.1:0\"}"
        ),
        ""
    );
}

#[test]
fn what_is_no_settings_file_is_refused() {
    assert!(mistakes("- a\n").contains("settings are a table of keys and values, this is a list"));
    assert!(mistakes("listen: 8080\n").contains("'listen' is a table of keys and values, this is a single value"));
    assert!(mistakes("a: [\n").starts_with("sluis.yaml:"));
    let missing = Settings::load(Some(Path::new("/nonexistent/sluis.yaml"))).unwrap_err();
    assert!(missing[0].to_string().contains("--config"));
}

#[test]
fn relative_paths_are_relative_to_the_file_and_a_policies_folder_beside_it_is_used() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("policies")).unwrap();
    let settings = Settings::read(None, folder.path(), "data-dir: ../x\nstore: {url: \"sqlite://y.db\"}\n", Vec::new()).unwrap();
    assert_eq!(settings.data_dir, folder.path().join("../x"));
    assert_eq!(settings.store.url, format!("sqlite:{}/y.db", folder.path().display()));
    assert_eq!(settings.policies, Some(folder.path().join("policies")));
    assert_eq!(Settings::read(None, folder.path(), "policies: null\n", Vec::new()).unwrap().policies, None);
}

#[test]
fn the_commented_file_in_deploy_is_complete_and_gives_the_defaults() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/sluis.yaml");
    let text = fs::read_to_string(&path).unwrap();
    let settings = read(&text).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let defaults = read("").unwrap();
    assert_eq!(
        (&settings.limits, &settings.listen, &settings.store.when_down),
        (&defaults.limits, &defaults.listen, &defaults.store.when_down)
    );
    for key in key_names() {
        let name = key.rsplit('.').next().unwrap();
        assert!(
            text.lines().any(|line| line.trim_start_matches(['#', ' ']).starts_with(&format!("{name}:"))),
            "{key} is not in deploy/sluis.yaml"
        );
        let manual = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/settings.md"));
        assert!(manual.contains(&format!("`{key}`")) && manual.contains(&environment_name(key)), "{key} is not in docs/settings.md");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_reading_panic(text in "(listen:|limits:|identity:|upstream:|  |- |\n|\\[|\\{|x: |1|é|&a |\\*a|'|\"|#|\\PC){0,60}") {
        let _ = Settings::read(None, Path::new("."), &text, vec![("SLUIS_LISTEN_EXPLICIT".into(), text.clone())]);
    }
}
