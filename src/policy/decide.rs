//! What happens to a message: a pure function of the subject, the tool, the findings and the moment. No clock, no I/O, no globals.
//!
//! The order is the manual's: tool, subject, rules, register, findings, ceiling. What cannot be read, and what the policy is silent
//! about, gets the stricter reading.

use super::compile::{Compiled, Rank};
use super::dossier;
use super::language::{Status, Then};
use super::matches::{self, Facts, covered};
use super::standing::{Outside, Standing};
use super::trace::Trace;
use super::wording::{self, Fill};
use super::{Action, Mode, Policy, Reason, Verdict};
use crate::catalogue::Tool;
use crate::detect::Finding;
use crate::identity::Subject;
use crate::wire::{Direction, Unreadable};
use std::cell::OnceCell;
use std::sync::Arc;

/// One message, as far as a decision needs it.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    pub subject: &'a Subject,
    pub tool: &'a Tool,
    pub direction: Direction,
    pub model: Option<&'a str>,
    /// Client family, such as `firefox`.
    pub client: &'a str,
    /// Size of the message.
    pub bytes: u64,
    pub unreadable: Option<Unreadable>,
    /// False for the visit of a page: only the register and rules that do not ask about words decide.
    pub words: bool,
    /// Of all parts.
    pub findings: &'a [Finding],
    pub now: jiff::Timestamp,
    /// Build [`Verdict::trace`].
    pub trace: bool,
}

/// All findings of one detector.
pub(super) struct Found<'a> {
    pub detector: &'a Arc<str>,
    pub rank: Rank,
    pub count: u64,
    confidence: f32,
}

/// What one way of looking at the message comes to.
struct Outcome {
    action: Action,
    reason: Reason,
    rule: Option<Arc<str>>,
    instead: Option<String>,
    redact: Vec<Arc<str>>,
    justify: bool,
    valid_seconds: u64,
}

impl Outcome {
    fn of(action: Action) -> Self {
        Self { action, reason: Reason::default(), rule: None, instead: None, redact: Vec::new(), justify: false, valid_seconds: 0 }
    }

    fn warn(mut self, then: &Then) -> Self {
        if let Then::Warn { justify, valid_seconds } = then {
            (self.justify, self.valid_seconds) = (*justify, *valid_seconds);
        }
        self
    }
}

impl Policy {
    /// Decides. Microseconds; the trace is built only where it is asked for.
    pub fn decide(&self, request: &Request<'_>) -> Verdict {
        let mut trace = Trace::new(request.trace);
        let standing = self.standing(request.tool, request.subject, request.now);
        let found = self.found(request.findings.iter());
        let unlabelled = self.unlabelled(request);
        let class = if request.words { self.message_class(&found, request, unlabelled) } else { 0 };
        let facts =
            Facts { policy: self, request, status: standing.status, class, found: &found, domain: OnceCell::new(), local: OnceCell::new() };
        self.trace_head(&facts, &mut trace);

        let mut observed: Option<(&Compiled, Outcome)> = None;
        let mut decided = None;
        for rule in &self.rules {
            match matches::rule(rule, &facts) {
                Err(key) => trace.step(|| format!("rule '{}': no match ({key})", rule.name)),
                Ok(()) if rule.mode == Mode::Observe => {
                    trace.step(|| format!("rule '{}': matches, would {}, but is only observed", rule.name, rule.then.action().as_str()));
                    if observed.is_none() {
                        observed = Some((rule, self.by_rule(rule, &facts, &standing)));
                    }
                }
                Ok(()) => {
                    trace.step(|| format!("rule '{}': matches, {}", rule.name, rule.then.action().as_str()));
                    decided = Some(self.by_rule(rule, &facts, &standing));
                    break;
                }
            }
        }
        let outcome = decided.unwrap_or_else(|| self.by_register(&facts, &standing, unlabelled, &mut trace));
        self.verdict(outcome, observed, &standing, class, trace)
    }

    fn verdict(
        &self,
        outcome: Outcome,
        observed: Option<(&Compiled, Outcome)>,
        standing: &Standing<'_>,
        class: Rank,
        mut trace: Trace,
    ) -> Verdict {
        let name = observed.as_ref().map(|(rule, _)| Arc::clone(&rule.name));
        let would = observed.as_ref().map_or(outcome.action, |(_, outcome)| outcome.action);
        // An observed rule never weakens what else applies: it only speaks for the verdict where nothing else does.
        let (shown, action, mode) = match observed {
            Some((_, by_rule)) if outcome.action == Action::Allow => (by_rule, Action::Allow, Mode::Observe),
            _ => {
                let action = if self.mode == Mode::Observe { Action::Allow } else { outcome.action };
                (outcome, action, self.mode)
            }
        };
        trace.step(|| match mode {
            Mode::Observe => format!("verdict: allow, because of mode observe; enforced it would be {}", would.as_str()),
            Mode::Enforce => format!("verdict: {}", action.as_str()),
        });
        Verdict {
            action,
            would,
            mode,
            class: self.class_name(class),
            rule: shown.rule,
            status: standing.status.as_str(),
            reason: shown.reason,
            instead: shown.instead,
            redact: shown.redact,
            justify: shown.justify,
            valid_seconds: shown.valid_seconds,
            observed: name,
            trace: trace.into_lines(),
        }
    }

    pub(super) fn found<'a>(&self, findings: impl Iterator<Item = &'a Finding> + Clone) -> Vec<Found<'a>> {
        let mut all: Vec<Found<'a>> = Vec::new();
        for finding in findings.clone() {
            match all.iter_mut().find(|found| *found.detector == finding.detector) {
                Some(found) => {
                    found.count += 1;
                    found.confidence = found.confidence.max(finding.confidence);
                }
                None => all.push(Found {
                    detector: &finding.detector,
                    rank: self.rank_of(&finding.detector),
                    count: 1,
                    confidence: finding.confidence,
                }),
            }
        }
        if let Some(dossier) = self.dossier.filter(|_| dossier::holds(findings)) {
            for found in all.iter_mut().filter(|found| dossier::KINDS.contains(&&**found.detector)) {
                found.rank = found.rank.max(dossier);
            }
        }
        all.sort_by_key(|found| std::cmp::Reverse(found.rank));
        all
    }

    /// What is listed nowhere has the lowest class.
    fn rank_of(&self, detector: &str) -> Rank {
        let listed = || self.listed.iter().find(|(listed, _)| crate::detect::covers(listed, detector)).map_or(0, |(_, rank)| *rank);
        self.ranks.get(detector).copied().unwrap_or_else(listed)
    }

    /// The class of an upload that carries no sensitivity label, where the policy gives it one.
    fn unlabelled(&self, request: &Request<'_>) -> Option<Rank> {
        let labelled = request.findings.iter().any(|finding| crate::detect::covers("label", &finding.detector));
        self.unlabelled.filter(|_| request.words && request.direction == Direction::Upload && !labelled)
    }

    fn message_class(&self, found: &[Found<'_>], request: &Request<'_>, unlabelled: Option<Rank>) -> Rank {
        let unreadable = request.unreadable.map(|_| self.unreadable);
        found.iter().map(|found| found.rank).chain(unreadable).chain(unlabelled).max().unwrap_or(0)
    }

    fn class_name(&self, rank: Rank) -> Arc<str> {
        self.classes.get(rank).or(self.classes.last()).cloned().unwrap_or_else(|| Arc::from(""))
    }

    fn tool_name<'a>(&'a self, id: &'a str) -> &'a str {
        self.tool_names.get(id).map_or(id, String::as_str)
    }

    fn fill<'a>(&'a self, tool: &'a Tool, standing: &Standing<'a>, instead: Option<&'a str>) -> Fill<'a> {
        let pilot = standing.outside.map_or(standing.entry, |(entry, _)| entry);
        Fill {
            tool: &tool.name,
            instead: instead.map(|id| self.tool_name(id)),
            owner: pilot.owner.as_deref(),
            helpdesk: self.organisation.contact.helpdesk.as_deref(),
            date: pilot.until_day,
            own: &self.own_names,
        }
    }

    fn by_rule(&self, rule: &Compiled, facts: &Facts<'_>, standing: &Standing<'_>) -> Outcome {
        let request = facts.request;
        let mut outcome = Outcome::of(rule.then.action()).warn(&rule.then);
        if rule.then == Then::Redact {
            // What the rule names, and what exceeds the ceiling all the same: a rule about e-mail must not let a citizen number by.
            let named = |found: &&Found<'_>| match rule.detect.as_slice() {
                [] => found.rank > 0,
                names => covered(names, found.detector),
            };
            let replaced = facts.found.iter().filter(|found| named(found) || found.rank > standing.ceiling);
            outcome.redact = replaced.map(|found| Arc::clone(found.detector)).collect();
            if request.unreadable.is_some() {
                outcome = Outcome::of(Action::Block);
            } else if outcome.redact.is_empty() {
                outcome.action = Action::Allow;
            }
        }
        outcome.rule = Some(Arc::clone(&rule.name));
        outcome.instead = match &rule.then {
            Then::Redirect(tool) => Some(tool.value.clone()),
            _ => standing.entry.instead.clone(),
        };
        if outcome.action != Action::Allow {
            let fill = self.fill(facts.request.tool, standing, outcome.instead.as_deref());
            outcome.reason = match &rule.why {
                Some(why) => why.clone(),
                None => wording::rule(&rule.name, outcome.action, facts.found, &outcome.redact, &fill),
            };
        }
        outcome
    }

    fn by_register(&self, facts: &Facts<'_>, standing: &Standing<'_>, unlabelled: Option<Rank>, trace: &mut Trace) -> Outcome {
        let ceiling = self.class_name(standing.ceiling);
        trace.step(|| match standing.outside {
            Some((_, Outside::Group)) => format!("register: not in the pilot's groups, so unreviewed, up to {ceiling}"),
            Some((_, Outside::Date)) => format!("register: the pilot is over, so unreviewed, up to {ceiling}"),
            None if standing.status == Status::Forbidden => "register: forbidden".to_owned(),
            None => format!("register: {}, up to {ceiling}", standing.status.as_str()),
        });
        let register = self.register(facts, standing);
        if standing.status == Status::Forbidden || !facts.request.words {
            return register;
        }
        trace.step(|| format!("register: this alone gives {}", register.action.as_str()));
        for found in facts.found {
            trace.step(|| {
                let class = self.class_name(found.rank);
                format!("finding: {} ({}x, confidence {:.2}) is {class}", found.detector, found.count, found.confidence)
            });
        }
        let Some(excess) = self.excess(facts, standing, unlabelled, trace) else {
            trace.step(|| format!("ceiling: nothing exceeds {ceiling}"));
            return register;
        };
        if excess.action < register.action {
            return Outcome { redact: excess.redact, ..register };
        }
        if excess.action == Action::Warn && register.action == Action::Warn {
            let (justify, valid_seconds) = (excess.justify || register.justify, excess.valid_seconds.min(register.valid_seconds));
            return Outcome { justify, valid_seconds, ..excess };
        }
        excess
    }

    /// Step 4: what the register alone comes to.
    fn register(&self, facts: &Facts<'_>, standing: &Standing<'_>) -> Outcome {
        let outside = standing.outside.map(|(entry, _)| entry);
        let then = match standing.status {
            Status::Approved | Status::Pilot => return Outcome::of(Action::Allow),
            Status::Forbidden => &Then::Block,
            Status::Unreviewed => {
                let own = standing.entry.then.as_ref().filter(|_| standing.entry.status == Status::Unreviewed);
                outside.and_then(|entry| entry.then.as_ref()).or(own).unwrap_or(&Then::WARN)
            }
        };
        let mut outcome = Outcome::of(then.action()).warn(then);
        outcome.instead = match then {
            Then::Redirect(tool) => Some(tool.value.clone()),
            _ => outside.and_then(|entry| entry.instead.clone()).or_else(|| standing.entry.instead.clone()),
        };
        if outcome.action != Action::Allow {
            let fill = self.fill(facts.request.tool, standing, outcome.instead.as_deref());
            let reason = standing.entry.reason.as_ref().filter(|_| outside.is_none() || standing.status == Status::Forbidden);
            outcome.reason = wording::register(standing, outcome.action, reason, &fill);
        }
        outcome
    }

    /// Steps 5 and 6: what exceeds the ceiling, and the strongest action among it.
    fn excess(&self, facts: &Facts<'_>, standing: &Standing<'_>, unlabelled: Option<Rank>, trace: &mut Trace) -> Option<Outcome> {
        let then_of = |rank: Rank| self.excess.get(rank).unwrap_or(&Then::Block);
        let over = |rank: Rank| rank > standing.ceiling;
        // Nothing in it can be replaced, so `redact` is not enough.
        let whole = |rank: Rank| if *then_of(rank) == Then::Redact { &Then::Block } else { then_of(rank) };

        let stronger = |then: &Then, known: Option<&Then>| known.is_none_or(|known| then.action() > known.action());
        let mut strongest: Option<&Then> = None;
        let mut redact = Vec::new();
        let mut key = wording::Cause::Findings;
        for found in facts.found.iter().filter(|found| over(found.rank)) {
            let then = then_of(found.rank);
            trace.step(|| {
                format!(
                    "ceiling: {} exceeds {}, {}",
                    self.class_name(found.rank),
                    self.class_name(standing.ceiling),
                    then.action().as_str()
                )
            });
            if *then == Then::Redact {
                redact.push(Arc::clone(found.detector));
            }
            if stronger(then, strongest) {
                strongest = Some(then);
            }
        }
        let unreadable = facts.request.unreadable.map(|why| (self.unreadable, wording::Cause::Unreadable, why.as_str()));
        let unlabelled = unlabelled.map(|rank| (rank, wording::Cause::Unlabelled, "no label"));
        for (rank, cause, why) in [unreadable, unlabelled].into_iter().flatten() {
            trace.step(|| format!("finding: the message as a whole is {} ({why})", self.class_name(rank)));
            if !over(rank) {
                continue;
            }
            let then = whole(rank);
            trace.step(|| {
                format!("ceiling: {} exceeds {}, {}", self.class_name(rank), self.class_name(standing.ceiling), then.action().as_str())
            });
            if stronger(then, strongest) {
                (strongest, key) = (Some(then), cause);
            }
        }
        let then = strongest?;
        let mut outcome = Outcome::of(then.action()).warn(then);
        outcome.redact = redact;
        outcome.instead = match then {
            Then::Redirect(tool) => Some(tool.value.clone()),
            _ => standing.entry.instead.clone(),
        };
        if outcome.action != Action::Allow {
            let fill = self.fill(facts.request.tool, standing, outcome.instead.as_deref());
            let causes = facts.found.iter().filter(|found| over(found.rank) && then_of(found.rank).action() == outcome.action);
            outcome.reason = wording::excess(key, outcome.action, causes, &fill);
        }
        Some(outcome)
    }

    /// The sentence for a redaction that was not possible, so that the message was turned back: what `detectors` found must come out.
    pub fn blocked_reason(&self, detectors: &[Arc<str>], subject: &Subject, tool: &Tool, now: jiff::Timestamp) -> Reason {
        let standing = self.standing(tool, subject, now);
        let fill = self.fill(tool, &standing, standing.entry.instead.as_deref());
        wording::must_come_out(detectors.iter().map(|detector| &**detector), &fill)
    }

    fn trace_head(&self, facts: &Facts<'_>, trace: &mut Trace) {
        let Request { tool, subject, .. } = facts.request;
        trace.step(|| {
            let kind = format!("{:?}", tool.kind).to_lowercase();
            format!("tool: {} ({}), {}, {}, {}, {kind}", tool.id, tool.name, tool.vendor, tool.country, tool.category)
        });
        trace.step(|| {
            let who = if subject.user.is_some() { "a known user" } else { "an anonymous user" };
            let groups = if subject.groups.is_empty() { "none".to_owned() } else { subject.groups.join(", ") };
            format!("subject: {who}, groups {groups}, domain {}", facts.domain())
        });
        trace.step(|| match facts.request.words {
            true => format!("message: {} of class {}", facts.request.direction.as_str(), self.class_name(facts.class)),
            false => "message: none, a visit to the tool".to_owned(),
        });
    }
}

#[cfg(test)]
mod tests;
