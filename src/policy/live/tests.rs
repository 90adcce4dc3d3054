use super::*;
use std::fs;
use std::sync::mpsc;

const GOOD: &str = "sluis: 1\nmode: enforce\n";
const OTHER: &str = "sluis: 1\nmode: observe\n";
const BROKEN: &str = "sluis: 1\nmode: [\n";

type Heard = mpsc::Receiver<Result<String, usize>>;

fn watch(dir: &Path) -> (Live, Heard) {
    let (tell, heard) = channel();
    let told = move |result: &Attempt| {
        let _ = tell.send(result.as_ref().map(|policy| policy.version().to_owned()).map_err(Vec::len));
    };
    (Live::watch(dir, Catalogue::embedded().unwrap(), told).unwrap(), heard)
}

fn next(heard: &Heard) -> Result<String, usize> {
    heard.recv_timeout(Duration::from_secs(20)).expect("the change was not seen")
}

#[test]
fn a_changed_policy_takes_over_and_a_broken_one_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("policy.yaml");
    fs::write(&file, GOOD).unwrap();
    let (live, heard) = watch(dir.path());
    let first = live.current().version().to_owned();

    fs::write(&file, OTHER).unwrap();
    let second = next(&heard).unwrap();
    assert_ne!(first, second);
    assert_eq!(live.current().version(), second);

    fs::write(&file, BROKEN).unwrap();
    assert!(next(&heard).is_err());
    assert_eq!(live.current().version(), second, "the old policy stays");

    fs::write(&file, GOOD).unwrap();
    assert_eq!(next(&heard), Ok(first));
}

#[test]
fn an_editor_that_renames_over_the_file_is_seen() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("policy.yaml"), GOOD).unwrap();
    for target in [dir.path().to_path_buf(), dir.path().join("policy.yaml")] {
        fs::write(dir.path().join("policy.yaml"), GOOD).unwrap();
        let (live, heard) = watch(&target);
        fs::write(dir.path().join(".policy.yaml.swp"), OTHER).unwrap();
        fs::rename(dir.path().join(".policy.yaml.swp"), dir.path().join("policy.yaml")).unwrap();
        assert_eq!(next(&heard), Ok(live.current().version().to_owned()));
        assert_eq!(live.current().mode(), crate::policy::Mode::Observe);
    }
}

#[cfg(unix)]
#[test]
fn a_config_map_whose_folder_is_swapped_is_seen() {
    use std::os::unix::fs::symlink;
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in [("..one", GOOD), ("..two", OTHER)] {
        fs::create_dir(dir.path().join(name)).unwrap();
        fs::write(dir.path().join(name).join("policy.yaml"), text).unwrap();
    }
    symlink("..one", dir.path().join("..data")).unwrap();
    symlink("..data/policy.yaml", dir.path().join("policy.yaml")).unwrap();
    let (live, heard) = watch(dir.path());
    symlink("..two", dir.path().join("..data_tmp")).unwrap();
    fs::rename(dir.path().join("..data_tmp"), dir.path().join("..data")).unwrap();
    assert_eq!(next(&heard), Ok(live.current().version().to_owned()));
    assert_eq!(live.current().mode(), crate::policy::Mode::Observe);
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_itself_a_link_may_be_swapped() {
    use std::os::unix::fs::symlink;
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in [("one", GOOD), ("two", OTHER)] {
        fs::create_dir(dir.path().join(name)).unwrap();
        fs::write(dir.path().join(name).join("policy.yaml"), text).unwrap();
    }
    let link = dir.path().join("current");
    symlink("one", &link).unwrap();
    let (live, heard) = watch(&link);
    symlink("two", dir.path().join("next")).unwrap();
    fs::rename(dir.path().join("next"), &link).unwrap();
    assert_eq!(next(&heard), Ok(live.current().version().to_owned()));
    fs::write(dir.path().join("two/policy.yaml"), GOOD).unwrap();
    assert!(next(&heard).is_ok());
    assert_eq!(live.current().mode(), crate::policy::Mode::Enforce);
}

#[test]
fn a_policy_that_vanishes_leaves_the_running_one() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("policy.yaml");
    fs::write(&file, GOOD).unwrap();
    let (live, heard) = watch(dir.path());
    let version = live.current().version().to_owned();
    fs::remove_file(&file).unwrap();
    assert!(next(&heard).is_err());
    assert_eq!(live.current().version(), version);
}

#[test]
fn an_index_that_is_made_again_is_seen() {
    let dir = tempfile::tempdir().unwrap();
    let key = [0xab; 32];
    let write = |value: &str| {
        let mut builder = crate::index::dataset::Builder::new(&key, 1).unwrap();
        builder.row([value].into_iter()).unwrap();
        builder.write(&dir.path().join("datasets/a.sluisx")).unwrap();
    };
    fs::create_dir(dir.path().join("datasets")).unwrap();
    fs::write(dir.path().join("datasets/a.sluisx.key"), "ab".repeat(32)).unwrap();
    fs::write(dir.path().join("policy.yaml"), "sluis: 1\ndata: { detectors: { eigen: { dataset: datasets/a.sluisx } } }\n").unwrap();
    write("Terpstra");
    let (live, heard) = watch(dir.path());
    let found = |text: &str| live.current().plan().scan(text, "").iter().filter(|finding| &*finding.detector == "eigen").count();
    assert_eq!((found("Terpstra"), found("Waardenburg")), (1, 0));
    write("Waardenburg");
    assert_eq!(next(&heard), Ok(live.current().version().to_owned()));
    assert_eq!((found("Terpstra"), found("Waardenburg")), (0, 1));
}
