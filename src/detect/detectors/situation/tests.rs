//! What is a situation of a person, and what is only its topic.

use crate::detect::testing::{finds, misses};

#[test]
fn a_fact_about_a_person_is_found() {
    finds("health", "De bedrijfsarts meldt dat zij wordt behandeld voor een zware depressie.", "depressie");
    finds("debt", "Mevrouw De Vries heeft schulden bij drie banken.", "schulden");
    finds("health", "Diagnose: E11.9 bij cliënt", "E11.9");
}

#[test]
fn the_topic_is_none() {
    for text in ["Het aandeel inwoners met een depressie ligt op 8 procent.", "Kamer B12 en foutcode E11-9"] {
        misses("health", text);
    }
    misses("debt", "Het beleid voor schuldhulp is vastgesteld.");
}
