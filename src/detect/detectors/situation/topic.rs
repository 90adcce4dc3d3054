//! What makes a sentence with a seed a topic: policy and figures, groups, anybody, possibilities, people who work with the subject.
//!
//! Takes the sentence and the seed; gives the steps that take away from its score.

use super::anchor::{Before, before};
use super::*;

/// What makes it a topic.
pub(super) fn topic(
    sight: &Sight<'_>,
    around: &Around,
    hit: &Hit,
    kind: &Kind,
    certain: bool,
) -> impl Iterator<Item = crate::detect::score::Step> {
    let step = |worth: f32, because, word: Option<&Hit>| crate::detect::score::Step {
        because,
        worth,
        word: word.map(|word| (word.start, word.end)),
    };
    let outside = |word: &&Hit| word.start >= hit.end || word.end <= hit.start;
    let mut steps = [crate::detect::score::Step::NOTHING; 6];
    let topics = around.of(TOPIC).filter(outside).count();
    if topics > 0 || around.percent {
        // `Preventie burn-out: ...` is the topic itself.
        let joined = !around.has(TIE | kind.ties) && around.of(TOPIC).any(|topic| topic.end + 1 == hit.start);
        let worth = if topics > 1 || joined || topics == 1 && around.percent { -0.5 } else { -0.35 };
        steps[0] = step(worth, "words of policy, figures or education", around.of(TOPIC).find(outside));
    }
    // `zijn ouders` are certain people, `de ouders` may be all of them.
    let theirs = |word: &&Hit| word.groups & RELATIVE != 0 && around.of(THEIRS).any(|owner| owner.end + 1 == word.start);
    if let Some(many) = around.of(MANY).filter(|word| !theirs(word)).find(outside) {
        steps[1] = step(if certain { -0.15 } else { -0.3 }, "groups of people", Some(many));
    }
    let nobody = |role: &&Hit| role.groups & ROLE != 0 && matches!(before(sight, around, role.start), Before::Anybody);
    let anyone = around.of(ANYONE).find(outside).or_else(|| around.of(ROLE).find(nobody).filter(|_| !certain));
    if anyone.is_some() || around.question {
        let both = anyone.is_some() && around.question;
        let worth = if certain {
            -0.1
        } else if both {
            -0.4
        } else {
            -0.2
        };
        steps[2] = step(worth, "anybody is meant, or it asks", anyone);
    }
    if !certain && let Some(modal) = around.of(MODAL).next() {
        steps[3] = step(if anyone.is_some() { -0.15 } else { -0.1 }, "what can or must be, rather than what is", Some(modal));
    }
    if kind.id == "political"
        && let Some(office) = around.of(OFFICE).find(outside)
    {
        steps[4] = step(-0.5, "an office held in public", Some(office));
    } else if kind.id != "sexual"
        && let Some(worker) = around.of(WORKER).find(outside)
    {
        // A person between the two: it is theirs.
        let between = sight.text.get(worker.end..hit.start).unwrap_or("");
        let close = !between.contains(char::is_uppercase) && worker.end + 30 >= hit.start && worker.end <= hit.start
            || worker.start >= hit.end && worker.start <= hit.end + 12;
        steps[4] = step(if close { -0.4 } else { -0.1 }, "someone who works with the subject", Some(worker));
    }
    let text = sight.text.get(around.range.start..hit.start).unwrap_or("").trim_end();
    let last = text.rsplit(' ').next().unwrap_or("");
    if ["over", "rond", "rondom", "tegen", "inzake", "omtrent", "about", "on", "against"].iter().any(|word| last.eq_ignore_ascii_case(word))
    {
        steps[5] = step(-0.2, "it is spoken about", None);
    }
    steps.into_iter()
}
