//! Which inputs the paths on the command line stand for: files, folders walked in order of name, standard input.
//!
//! Takes paths; gives inputs, and what was passed over. Links inside a folder are not followed, so a circle of them ends. Version control, caches and
//! build output are passed over unless they are named; other hidden files are read, for passwords live in them. Nothing is passed over in silence.

use super::input::{Input, unreadable};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Folders inside folders that are walked.
const DEPTH: usize = 64;

/// Folders of version control, and of packages and compiled code that can be made anew.
const PASSED_OVER: &[&str] = &[".git", ".hg", ".svn", ".jj", "node_modules", "__pycache__", ".tox", ".venv"];
/// How a folder says that it is a cache (bford.info/cachedir); build tools write it into their output.
const CACHE_TAG: (&str, &[u8]) = ("CACHEDIR.TAG", b"Signature: 8a477f597d28d172789f06886806bc55");

#[derive(Default)]
pub(super) struct Listed {
    pub inputs: Vec<Input>,
    /// A sentence for each folder that could not be listed.
    pub failures: Vec<String>,
    /// Folders that were passed over.
    pub passed: Vec<PathBuf>,
}

impl Listed {
    /// What was passed over, as one sentence.
    pub fn note(&self) -> Option<String> {
        let first = self.passed.first()?.display();
        Some(match self.passed.len() {
            1 => format!("{first} was passed over (version control, cache or build output); name it to have it scanned"),
            count => format!(
                "{first} and {} more folders of version control, caches and build output were passed over; name one to have it scanned",
                count - 1
            ),
        })
    }
}

/// The inputs that the paths stand for; no paths are standard input.
pub(super) fn list(paths: &[PathBuf]) -> Listed {
    let mut listed = Listed::default();
    if paths.is_empty() {
        listed.inputs.push(Input::Standard);
    }
    for path in paths {
        if path.as_os_str() == "-" {
            listed.inputs.push(Input::Standard);
        } else {
            walk(path, 0, &mut listed);
        }
    }
    listed
}

fn walk(path: &Path, depth: usize, listed: &mut Listed) {
    if !path.is_dir() {
        listed.inputs.push(Input::File(path.to_owned()));
        return;
    }
    if depth > 0 && is_passed_over(path) {
        listed.passed.push(path.to_owned());
        return;
    }
    match fs::read_dir(path).and_then(|entries| entries.collect::<Result<Vec<_>, _>>()) {
        Ok(_) if depth >= DEPTH => {
            listed.failures.push(format!("{}: more than {DEPTH} folders deep, not looked at", path.display()));
        }
        Ok(mut entries) => {
            entries.sort_by_key(fs::DirEntry::file_name);
            for entry in entries {
                // Devices and sockets are no texts.
                if entry.file_type().is_ok_and(|kind| kind.is_dir() || kind.is_file()) {
                    walk(&entry.path(), depth + 1, listed);
                }
            }
        }
        Err(error) => listed.failures.push(unreadable(&path.display().to_string(), &error)),
    }
}

fn is_passed_over(folder: &Path) -> bool {
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or("");
    PASSED_OVER.contains(&name) || is_cache(folder) || folder.join("pyvenv.cfg").is_file()
}

fn is_cache(folder: &Path) -> bool {
    let (name, signature) = CACHE_TAG;
    let mut start = vec![0; signature.len()];
    fs::File::open(folder.join(name)).and_then(|mut file| file.read_exact(&mut start)).is_ok() && start == signature
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        folder
    }

    fn names(folder: &Path, listed: &Listed) -> Vec<String> {
        listed.inputs.iter().map(|input| input.name().replace(&format!("{}/", folder.display()), "")).collect()
    }

    #[test]
    fn folders_are_walked_in_order_of_name() {
        let dir = folder(&["c.txt", "b/d.txt", "a.txt"]);
        let listed = list(&[dir.path().to_owned()]);
        assert_eq!(names(dir.path(), &listed), ["a.txt", "b/d.txt", "c.txt"]);
        assert!(listed.failures.is_empty() && listed.note().is_none());
    }

    #[test]
    fn version_control_and_caches_are_passed_over_and_other_hidden_files_are_not() {
        let dir = folder(&[".env", ".git/config", "node_modules/a/b.js", "target/debug/out", "env/lib/a.py", "env/pyvenv.cfg", "a.txt"]);
        fs::write(dir.path().join("target/CACHEDIR.TAG"), "Signature: 8a477f597d28d172789f06886806bc55\n").unwrap();
        let listed = list(&[dir.path().to_owned()]);
        assert_eq!(names(dir.path(), &listed), [".env", "a.txt"]);
        assert_eq!(listed.passed.len(), 4);
        assert!(listed.note().unwrap().contains("and 3 more folders"));
    }

    #[test]
    fn a_folder_that_is_named_is_walked_whatever_it_is_called() {
        let dir = folder(&["node_modules/a.js"]);
        assert_eq!(list(&[dir.path().join("node_modules")]).inputs.len(), 1);
    }

    #[test]
    fn a_folder_is_only_a_cache_when_its_tag_says_so() {
        let dir = folder(&["target/CACHEDIR.TAG", "target/a.txt"]);
        assert_eq!(list(&[dir.path().to_owned()]).inputs.len(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn a_circle_of_links_ends_and_a_link_that_is_named_is_followed() {
        let dir = folder(&["a/b.txt"]);
        std::os::unix::fs::symlink(dir.path(), dir.path().join("a/circle")).unwrap();
        std::os::unix::fs::symlink("b.txt", dir.path().join("a/link.txt")).unwrap();
        assert_eq!(names(dir.path(), &list(&[dir.path().to_owned()])), ["a/b.txt"]);
        assert_eq!(list(&[dir.path().join("a/circle")]).inputs.len(), 1);
        assert_eq!(list(&[dir.path().join("a/link.txt")]).inputs.len(), 1);
    }

    #[test]
    fn a_folder_inside_too_many_folders_is_told() {
        let deep = vec!["d"; DEPTH + 1].join("/") + "/a.txt";
        let dir = folder(&[&deep]);
        let listed = list(&[dir.path().to_owned()]);
        assert!(listed.inputs.is_empty() && listed.failures[0].contains("folders deep"), "{:?}", listed.failures);
    }

    #[test]
    fn no_paths_and_a_dash_are_standard_input() {
        assert!(matches!(list(&[]).inputs[..], [Input::Standard]));
        assert!(matches!(list(&["-".into()]).inputs[..], [Input::Standard]));
    }
}
