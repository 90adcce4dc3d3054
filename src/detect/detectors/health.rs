//! `health`: a fact about a person's health, never the topic.
//!
//! A word for an illness, care or medicine counts when its sentence also has a person; words of policy and statistics take away. ICD and DSM
//! codes count after a word such as diagnosis.

use super::{Candidate, Detector};
use crate::detect::groups::{HEALTH, HEALTH_CODE, TOPIC};
use crate::detect::keywords::Words;
use crate::detect::names::has_pronoun;
use crate::detect::score::{NEAR, Score};
use crate::detect::sight::Sight;

pub(super) const DETECTOR: Detector = Detector {
    ids: &["health"],
    words: &[
        Words(
            HEALTH,
            "depressie*, depressief*, depressieve, burn-out*, burnout*, ptss, ptsd, adhd, autisme*, autistisch*, dementie*, dement, alzheimer*, parkinson*, diabetes*, suikerziekte*, kanker, borstkanker*, longkanker*, darmkanker*, huidkanker*, tumor*, \
             chemotherapie*, bestraling, multiple sclerose, herseninfarct*, hersenbloeding*, beroerte, cva, epilepsie*, copd, astma, reuma*, artrose, hartfalen*, hartinfarct*, verslaafd*, verslaving*, alcoholist*, medicatie, \
             medicijnen, antidepressiva*, rolstoelafhankelijk*, rolstoelgebonden*, rolstoel, angststoornis*, paniekstoornis*, persoonlijkheidsstoornis*, eetstoornis*, anorexia*, schizofrenie*, psychose*, psychotisch*, bipolair*, suicidaal, suïcidaal, \
             suïcide*, slaapproblemen, trauma, getraumatiseerd*, verstandelijk beperk*, beperking, zwanger*, miskraam, abortus, gediagnosticeerd*, kortademig*, psychiater*, psychiatrisch*, psycholoog, hiv, hepatitis*, long covid, fibromyalgie*, migraine*, \
             ziek gemeld, ziekgemeld*, arbeidsongeschikt*, depression, depressed, cancer, dementia, addiction, addicted, medication, pregnant, wheelchair, diagnosed, epilepsy",
        ),
        Words(HEALTH_CODE, "diagnose*, diagnosis, icd, icd-10, icd10, dsm, dsm-5"),
        Words(
            TOPIC,
            "beleid*, beleidsplan*, verordening*, regeling*, doelgroep*, procent, percent, percentage*, aandeel, inwoners, stadsmonitor*, monitor, regiovisie*, campagne*, preventie*, voorlichting*, onderzoek, cijfers, statistiek*, enquete, enquête, \
             privacyverklaring*, persbericht*, vacature*, wetsvoorstel*, wetgeving*, artikel, huishoudens, patiënten, cliënten, mensen, jongeren, ouderen, training*, symposium, policy, survey, percentages",
        ),
    ],
    look,
};

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    for hit in sight.hits(HEALTH) {
        let sentence = sight.sentence(hit.start);
        let groups = sight.groups_in(sentence.clone());
        let text = sight.text.get(sentence.clone()).unwrap_or("");
        let mut score = Score::base(0.3, "a word of illness or care");
        if sight.person_in(sentence.clone()) || has_pronoun(text) {
            score = score.and(0.3, "a person in the same sentence");
        }
        if sight.nearest_before(hit.start, HEALTH_CODE, NEAR).is_some() || groups & HEALTH & !hit.groups != 0 {
            score = score.and(0.2, "more such words beside it");
        }
        if groups & TOPIC != 0 || text.contains('%') {
            score = score.and(-0.3, "words of policy or statistics in the sentence");
        }
        out.push(Candidate { id: "health", start: hit.start, end: hit.end, score });
    }
    if sight.has(HEALTH_CODE) {
        codes(sight, out);
    }
}

/// `F32.1`, `E11.9`, `G35` after a word for diagnosis.
fn codes(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    for run in sight.runs() {
        if run.len() != 2 || !sight.before(run.start).is_ascii_uppercase() {
            continue;
        }
        let start = run.start - 1;
        let detail = usize::from(sight.byte(run.end) == b'.')
            * sight.bytes[run.end..].iter().skip(1).take(2).take_while(|byte| byte.is_ascii_digit()).count();
        let end = if detail > 0 { run.end + 1 + detail } else { run.end };
        if sight.alone(start, end) && sight.nearest_before(start, HEALTH_CODE, NEAR / 2).is_some() {
            out.push(Candidate { id: "health", start, end, score: Score::base(0.8, "a code of the ICD or DSM after its word") });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::testing::{finds, misses};

    #[test]
    fn a_fact_about_a_person_is_found() {
        finds("health", "De bedrijfsarts meldt dat zij wordt behandeld voor een zware depressie.", "depressie");
        finds("health", "U schrijft dat u door reuma niet meer kunt traplopen.", "reuma");
        finds("health", "Diagnose: E11.9 bij cliënt", "E11.9");
    }

    #[test]
    fn the_topic_is_none() {
        for text in [
            "Het aandeel inwoners met een depressie ligt op 8 procent.",
            "Kamer B12 en foutcode E11-9",
            "Campagne tegen alcohol en verslaving onder jongeren.",
        ] {
            misses("health", text);
        }
    }
}
