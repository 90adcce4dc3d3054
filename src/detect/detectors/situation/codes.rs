//! Codes of the ICD and the DSM: `F32.1`, `E11.9`, `G35` after a word for diagnosis, `296.32` after DSM.
//!
//! Starts from digit runs; a code alone says nothing, as rooms and error codes look the same.

use super::Candidate;
use crate::detect::groups::HEALTH_CODE;
use crate::detect::score::{NEAR, Score};
use crate::detect::sight::Sight;

pub(super) fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    if !sight.has(HEALTH_CODE) {
        return;
    }
    for run in sight.runs() {
        let letter = sight.before(run.start).is_ascii_uppercase();
        if !(run.len() == 2 && letter || run.len() == 3 && !letter) {
            continue;
        }
        let start = run.start - usize::from(letter);
        let digits = sight.bytes[run.end..].iter().skip(1).take(2).take_while(|byte| byte.is_ascii_digit()).count();
        let detail = if sight.byte(run.end) == b'.' { digits } else { 0 };
        let end = if detail > 0 { run.end + 1 + detail } else { run.end };
        if !letter && detail != 2 || !sight.alone(start, end) {
            continue;
        }
        let named = sight.nearest_before(start, HEALTH_CODE, NEAR / 2).is_some()
            || sight.column(start).is_some_and(|head| sight.first_in(head, HEALTH_CODE).is_some());
        if named {
            out.push(Candidate { id: "health", start, end, score: Score::base(0.8, "a code of the ICD or DSM after its word") });
        }
    }
}
