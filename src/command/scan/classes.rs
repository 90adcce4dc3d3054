//! Which class a detector's findings have, and the plan to scan with: from a policy's `data:` key.
//!
//! Takes the policy folder, or none for the shipped policy's mapping; gives the classes from low to high, the class of each detector, and
//! the plan with the organisation's own patterns and words.

use crate::detect::{OwnDetector, OwnKind, Plan, builtin_ids, covers};
use crate::diagnostic::Diagnostic;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// The `data:` key of the shipped policy, as far as detectors go.
const SHIPPED: &str = "\
data:
  classes: [public, internal, confidential, secret]
  unreadable: confidential
  internal: [person-name, email, phone, date-of-birth]
  confidential: [iban, payment-card, nl.licence-plate, nl.postal-address, health, marking.confidential]
  secret: [nl.bsn, nl.document-number, credential, marking.state-secret]
";

/// Classes by rank, 0 the lowest, and what they hold.
#[derive(Debug)]
pub(super) struct Classes {
    pub plan: Plan,
    /// Rank of the class of what cannot be read.
    pub unreadable: usize,
    names: Vec<String>,
    /// Detector or family, and the rank of its class.
    listed: Vec<(String, usize)>,
}

impl Classes {
    pub fn names(&self) -> &[String] {
        &self.names
    }

    pub fn name(&self, rank: usize) -> &str {
        self.names.get(rank).map_or("", String::as_str)
    }

    pub fn rank(&self, class: &str) -> Option<usize> {
        self.names.iter().position(|name| name == class)
    }

    /// The rank of a detector's class: the highest that lists it or its family, else the lowest.
    pub fn of(&self, detector: &str) -> usize {
        self.listed.iter().filter(|(listed, _)| covers(listed, detector)).map(|(_, rank)| *rank).max().unwrap_or(0)
    }
}

/// Reads the classes of the policy in `folder`, or of the shipped policy.
pub(super) fn classes(folder: Option<&Path>) -> Result<Classes, Vec<Diagnostic>> {
    let shipped = Path::new("(shipped policy)");
    let Some(folder) = folder else {
        let data = data(shipped, SHIPPED)?.unwrap_or_default();
        return read(shipped, &data);
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>())
        .map_err(|error| vec![Diagnostic::whole(folder, format!("the policy folder cannot be read: {error}"))])?;
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "yaml")) {
        let source = std::fs::read_to_string(file).map_err(|error| vec![Diagnostic::whole(file, format!("cannot be read: {error}"))])?;
        if let Some(data) = data(file, &source)? {
            return read(file, &data);
        }
    }
    Err(vec![Diagnostic::whole(folder, "no file in this folder has a 'data' key").suggest("give the folder that holds policy.yaml")])
}

/// The `data` key of a policy file, if it has one.
fn data(file: &Path, source: &str) -> Result<Option<Map<String, Value>>, Vec<Diagnostic>> {
    let document: Value = serde_yaml::from_str(source).map_err(|error| vec![Diagnostic::whole(file, error.to_string())])?;
    Ok(match document.get("data") {
        Some(Value::Object(data)) => Some(data.clone()),
        _ => None,
    })
}

fn read(file: &Path, data: &Map<String, Value>) -> Result<Classes, Vec<Diagnostic>> {
    let wrong = |message: String| vec![Diagnostic::whole(file, message)];
    let texts =
        |value: &Value| -> Vec<String> { value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect() };
    let names =
        data.get("classes").map(texts).filter(|names| !names.is_empty()).ok_or_else(|| wrong("data.classes: no list of classes".into()))?;
    let rank = |class: &str| names.iter().position(|name| name == class);
    let mut listed: Vec<(String, usize)> = names
        .iter()
        .enumerate()
        .flat_map(|(rank, name)| data.get(name).map(texts).unwrap_or_default().into_iter().map(move |detector| (detector, rank)))
        .collect();
    let unreadable = match data.get("unreadable").and_then(Value::as_str) {
        Some(class) => rank(class).ok_or_else(|| wrong(format!("data.unreadable: no class is called '{class}'")))?,
        None => names.len() - 1,
    };
    let mut own = Vec::new();
    for (id, detector) in data.get("detectors").and_then(Value::as_object).into_iter().flatten() {
        if builtin_ids().contains(&id.as_str()) {
            return Err(wrong(format!("data.detectors.{id}: this name is a built-in detector's")));
        }
        if let Some(class) = detector.get("class").and_then(Value::as_str) {
            listed.push((id.clone(), rank(class).ok_or_else(|| wrong(format!("data.detectors.{id}: no class is called '{class}'")))?));
        }
        if let Some(kind) = kind(file, id, detector)? {
            own.push(OwnDetector { id: id.clone(), kind, context: detector.get("context").map(texts).unwrap_or_default() });
        }
    }
    let plan = Plan::new(&own).map_err(|error| wrong(error.to_string()))?;
    Ok(Classes { plan, unreadable, names, listed })
}

/// What an own detector looks for; none for kinds that are not patterns or words.
fn kind(file: &Path, id: &str, detector: &Value) -> Result<Option<OwnKind>, Vec<Diagnostic>> {
    if let Some(pattern) = detector.get("pattern").and_then(Value::as_str) {
        return Ok(Some(OwnKind::Pattern(pattern.to_owned())));
    }
    let words = match detector.get("words") {
        Some(Value::String(path)) => {
            let path = file.parent().unwrap_or(Path::new("")).join(path);
            let text = std::fs::read_to_string(&path)
                .map_err(|error| vec![Diagnostic::whole(&path, format!("the words of data.detectors.{id} cannot be read: {error}"))])?;
            text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
        }
        Some(Value::Array(words)) => words.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => return Ok(None),
    };
    Ok(Some(OwnKind::Words(words)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_gives_its_class_to_every_kind() {
        let classes = classes(None).unwrap();
        assert_eq!(classes.name(classes.of("credential.jwt")), "secret");
        assert_eq!(classes.name(classes.of("email")), "internal");
        assert_eq!(classes.name(classes.of("source-code")), "public");
        assert_eq!(classes.name(classes.unreadable), "confidential");
    }

    #[test]
    fn a_policy_folder_gives_own_detectors_their_class() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("woorden.txt"), "# projecten\nWaterlelie\n").unwrap();
        std::fs::write(
            folder.path().join("policy.yaml"),
            "data:\n  classes: [laag, hoog]\n  laag: [email]\n  detectors:\n    projecten: { words: woorden.txt, class: hoog }\n",
        )
        .unwrap();
        let classes = classes(Some(folder.path())).unwrap();
        let findings = classes.plan.scan("Over waterlelie", "");
        assert_eq!(classes.name(classes.of(&findings[0].detector)), "hoog");
    }

    #[test]
    fn a_folder_without_a_policy_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(classes(Some(folder.path())).unwrap_err()[0].to_string().contains("no file in this folder has a 'data' key"));
    }
}
