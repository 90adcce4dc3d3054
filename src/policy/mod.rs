//! What happens to a message: a YAML policy is checked, compiled, and asked by a pure function, [`Policy::decide`].
//!
//! In the order in which a policy passes them: `load` (files), [`node`] (text to tree), [`read`] (tree to [`language`]), [`check`] (do the
//! names exist), [`compile`], [`decide`] with its sentences ([`wording`]) and trace, [`explain`] and [`mod@test`] for people, [`live`] for a
//! policy that changes while it runs.

pub mod check;
mod check_own;
mod check_pattern;
mod check_rules;
pub mod compile;
pub mod decide;
mod dossier;
pub mod explain;
pub mod language;
pub mod live;
mod load;
mod matches;
mod node;
mod read;
mod read_rule;
mod report;
mod standing;
pub mod test;
mod trace;
mod value;
pub mod wording;

pub use compile::Entry;
pub use decide::Request;
pub use language::{AiAct, Organisation, Status};
pub use standing::{Outside, Standing};

use crate::catalogue::Tool;
use crate::detect;
use crate::diagnostic::Diagnostic;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The domain of work of someone whose groups belong to none.
pub const OTHER_DOMAIN: &str = "other";

/// What happens to a message, weakest first (the order is the strength).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    Allow,
    Warn,
    Redact,
    Redirect,
    Block,
}

impl Action {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn => "warn",
            Self::Redact => "redact",
            Self::Redirect => "redirect",
            Self::Block => "block",
        }
    }
}

/// A sentence for the employee, in each language of the policy.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Reason {
    /// Wording key, such as `blocked.secret` (governance wording), or the rule's name.
    pub key: String,
    pub nl: String,
    pub en: String,
}

/// The outcome of one decision.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// What is done. In observe mode this is `Allow`, and `would` says what enforcement would have done.
    pub action: Action,
    /// What enforcement would do; equals `action` when enforcing.
    pub would: Action,
    /// `enforce` or `observe`: the mode under which this verdict stands (policy's or the rule's).
    pub mode: Mode,
    /// The message's class: the highest of its findings, or of `unreadable`.
    pub class: Arc<str>,
    /// The rule that decided; none when the register, the ceiling or nothing did.
    pub rule: Option<Arc<str>>,
    /// The register's status of the tool: `approved pilot unreviewed forbidden`.
    pub status: &'static str,
    pub reason: Reason,
    /// For `redirect`, and as a hint in `block` and `warn`: the tool to use instead.
    pub instead: Option<String>,
    /// Detectors whose findings are replaced when `action` is `Redact`.
    pub redact: Vec<Arc<str>>,
    /// For `warn`: ask for a justification.
    pub justify: bool,
    /// For `warn`: how long a click lets the same message pass, in seconds.
    pub valid_seconds: u64,
    /// A rule in `mode: observe` that matched before this verdict fell. Where `action` differs from `would` while `mode` is `enforce`, it is
    /// because of this rule.
    pub observed: Option<Arc<str>>,
    /// Step by step, what `sluis explain` prints.
    pub trace: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    Enforce,
    Observe,
}

impl Mode {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Observe => "observe",
        }
    }
}

/// A policy that checks, ready to decide. Never changed: a new version is a new `Policy`.
#[derive(Debug)]
pub struct Policy {
    version: String,
    mode: Mode,
    organisation: Organisation,
    zone: jiff::tz::TimeZone,
    /// Low to high.
    classes: Vec<Arc<str>>,
    /// By rank of class.
    excess: Vec<language::Then>,
    /// What the policy lists, longest name first.
    listed: Vec<(String, compile::Rank)>,
    /// Every known detector.
    ranks: HashMap<String, compile::Rank>,
    unreadable: compile::Rank,
    unlabelled: Option<compile::Rank>,
    dossier: Option<compile::Rank>,
    tool_count: usize,
    tools: HashMap<String, Entry>,
    categories: HashMap<String, Entry>,
    other: Entry,
    never_hosts: HashSet<String>,
    never_categories: Vec<String>,
    rules: Vec<compile::Compiled>,
    plan: detect::Plan,
    own_names: HashMap<String, language::Sentence>,
    tool_names: HashMap<String, String>,
    literacy: Option<language::Literacy>,
    tests: Vec<language::Test>,
    notes: Vec<Diagnostic>,
}

impl Policy {
    /// Short hash of the files: the same files give the same version on every machine.
    pub fn version(&self) -> &str {
        &self.version
    }

    pub fn mode(&self) -> Mode {
        self.mode
    }

    pub fn organisation(&self) -> &Organisation {
        &self.organisation
    }

    /// The detectors, with the organisation's own.
    pub fn plan(&self) -> &detect::Plan {
        &self.plan
    }

    /// Classes, low to high.
    pub fn classes(&self) -> &[Arc<str>] {
        &self.classes
    }

    /// The class of what cannot be read.
    pub fn unreadable_class(&self) -> &str {
        self.classes.get(self.unreadable).map_or("", |class| &**class)
    }

    pub fn literacy(&self) -> Option<&language::Literacy> {
        self.literacy.as_ref()
    }

    /// Names of the rules, in their order.
    pub fn rules(&self) -> impl Iterator<Item = (&Arc<str>, Mode)> {
        self.rules.iter().map(|rule| (&rule.name, rule.mode))
    }

    /// How many entries `tools:` has.
    pub fn tool_count(&self) -> usize {
        self.tool_count
    }

    /// The entries of `tools:` by their target, a tool's id or `category:x`, in alphabetical order; the one for everything else is not among them.
    pub fn entries(&self) -> Vec<(String, &Entry)> {
        let tools = self.tools.iter().map(|(id, entry)| (id.clone(), entry));
        let categories = self.categories.iter().map(|(category, entry)| (format!("category:{category}"), entry));
        let mut entries: Vec<_> = tools.chain(categories).collect();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        entries
    }

    /// What the writer should know although it is no mistake.
    pub fn notes(&self) -> &[Diagnostic] {
        &self.notes
    }

    /// The class that the policy gives a detector; none where it is listed nowhere.
    pub fn class_of(&self, detector: &str) -> Option<Arc<str>> {
        let rank = self.listed.iter().find(|(listed, _)| detect::covers(listed, detector)).map(|(_, rank)| *rank)?;
        self.classes.get(rank).cloned()
    }

    /// The class of a text with these findings, all of one text and in its order: that of the highest, or of the dossier that they make.
    pub fn class_of_findings<'a>(&self, findings: impl Iterator<Item = &'a detect::Finding> + Clone) -> Arc<str> {
        let rank = self.found(findings).iter().map(|found| found.rank).max().unwrap_or(0);
        self.classes.get(rank).cloned().unwrap_or_else(|| Arc::from(""))
    }

    /// The domain of work that these groups belong to: the first of the policy's domains that names one of them.
    pub fn domain_of(&self, groups: &[String]) -> &str {
        let mine = |named: &[String]| named.iter().any(|name| groups.iter().any(|group| group.eq_ignore_ascii_case(name)));
        self.organisation.domains.iter().find(|(_, named)| mine(named)).map_or(OTHER_DOMAIN, |(domain, _)| domain)
    }

    /// Whether a connection to this host must stay unread. `host` in lower case, without a port.
    pub fn never_intercept(&self, host: &str, tool: Option<&Tool>) -> bool {
        let suffixes = std::iter::successors(Some(host), |rest| rest.split_once('.').map(|(_, rest)| rest));
        (!self.never_hosts.is_empty() && suffixes.into_iter().any(|suffix| self.never_hosts.contains(suffix)))
            || tool.is_some_and(|tool| self.never_categories.contains(&tool.category))
    }
}
