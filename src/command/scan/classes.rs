//! Which class a detector's findings have: the policy's word, with classes counted by rank for the output.

use crate::detect::{Finding, Plan};
use crate::diagnostic::Diagnostic;
use crate::policy::Policy;
use std::path::Path;

/// Classes by rank, 0 the lowest, and what they hold.
#[derive(Debug)]
pub(super) struct Classes {
    policy: Policy,
    names: Vec<String>,
}

impl Classes {
    fn new(policy: Policy) -> Self {
        let names = policy.classes().iter().map(|class| class.to_string()).collect();
        Self { policy, names }
    }

    pub fn plan(&self) -> &Plan {
        self.policy.plan()
    }

    pub fn names(&self) -> &[String] {
        &self.names
    }

    pub fn name(&self, rank: usize) -> &str {
        self.names.get(rank).map_or("", String::as_str)
    }

    pub fn rank(&self, class: &str) -> Option<usize> {
        self.names.iter().position(|name| name == class)
    }

    /// The rank of a detector's class; what the policy does not list is of the lowest.
    pub fn of(&self, detector: &str) -> usize {
        self.policy.class_of(detector).and_then(|class| self.rank(&class)).unwrap_or(0)
    }

    /// The rank of a text's class: of its highest finding, or of the dossier that they make.
    pub fn of_text<'a>(&self, findings: impl Iterator<Item = &'a Finding> + Clone) -> usize {
        self.rank(&self.policy.class_of_findings(findings)).unwrap_or(0)
    }

    /// The rank of what cannot be read.
    pub fn unreadable(&self) -> usize {
        self.rank(self.policy.unreadable_class()).unwrap_or(self.names.len().saturating_sub(1))
    }
}

/// The classes of the policy in `folder`, or of the one that the settings name.
pub(super) fn classes(folder: Option<&Path>, config: Option<&Path>) -> Result<Classes, Vec<Diagnostic>> {
    let folder = super::super::common::policies(folder, config)?;
    Ok(Classes::new(super::super::common::load(folder.as_deref())?.policy))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    fn of(text: &str) -> Classes {
        Classes::new(Policy::from_text(text, &Catalogue::embedded().unwrap()).unwrap())
    }

    #[test]
    fn the_shipped_policy_gives_the_classes() {
        let classes = Classes::new(Policy::embedded(&Catalogue::embedded().unwrap()).unwrap());
        assert_eq!(classes.name(classes.of("credential.jwt")), "secret");
        assert_eq!(classes.name(classes.of("email")), "internal");
        assert_eq!(classes.name(classes.of("source-code")), "public");
        assert_eq!(classes.name(classes.unreadable()), "confidential");
    }

    #[test]
    fn a_policys_own_classes_and_detectors_count() {
        let classes = of(
            "sluis: 1\norganisation: { name: X }\ndata:\n  classes: [laag, hoog]\n  unreadable: laag\n  laag: [email]\n  detectors:\n    zaak: { pattern: 'Z-\\d{4}', class: hoog }\n",
        );
        let findings = classes.plan().scan("zaak Z-1234", "");
        assert_eq!(classes.name(classes.of(&findings[0].detector)), "hoog");
        assert_eq!(classes.name(classes.unreadable()), "laag");
    }
}
