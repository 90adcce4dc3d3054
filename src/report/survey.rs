//! The figures of the AI Monitor Gemeenten 2024 (M&I/Partners, March 2025) that stand beside the organisation's own answers.
//!
//! Source: 33 respondents, 29 municipalities and 2 partnerships, who chose themselves to take part: a mirror, no norm. Rows may add to 99 %. No
//! figure was published per size class, so none is given here.

/// What must stand beside every figure of the survey.
pub const NOTE: &str = "n=31, 2024, self-selected";

/// One answer of the survey and how many gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Id of the option; for a domain of work the survey's domain.
    pub option: &'static str,
    pub nl: &'static str,
    pub en: &'static str,
    pub n: u8,
    /// How many were asked: 31, or those whom the question concerned.
    pub of: u8,
    /// As published.
    pub percent: u8,
}

const fn share(option: &'static str, nl: &'static str, en: &'static str, n: u8, of: u8, percent: u8) -> Share {
    Share { option, nl, en, n, of, percent }
}

/// Question 3.3a, experiments.
pub const EXPERIMENTS: [Share; 2] = [share("yes", "ja", "yes", 14, 31, 45), share("no", "nee", "no", 17, 31, 55)];

/// Question 3.4a, generative AI.
pub const GENERATIVE: [Share; 4] = [
    share("yes", "ja", "yes", 20, 31, 65),
    share("working-on-it", "mee bezig", "working on it", 5, 31, 16),
    share("no", "nee", "no", 2, 31, 6),
    share("unknown", "onbekend", "unknown", 4, 31, 13),
];

/// Question 3.4b, domains, of the 25 that use generative AI or are working on it.
pub const DOMAINS: [Share; 5] = [
    share("operations", "bedrijfsvoering", "operations", 24, 25, 96),
    share("service", "dienstverlening", "service", 18, 25, 72),
    share("social", "sociaal domein", "social domain", 12, 25, 48),
    share("physical", "fysiek domein", "physical domain", 10, 25, 40),
    share("order", "openbare orde en veiligheid", "public order and safety", 9, 25, 36),
];

/// Question 3.4d, AI in other software. The label 'not for now' was ambiguous.
pub const EMBEDDED: [Share; 4] = [
    share("unknown", "onbekend", "unknown", 20, 31, 65),
    share("yes", "ja", "yes", 4, 31, 13),
    share("no", "nee", "no", 5, 31, 16),
    share("not-for-now", "nu niet", "not for now", 2, 31, 6),
];

/// Question 3.4e, AI of their own.
pub const OWN: [Share; 4] = [
    share("no", "nee", "no", 27, 31, 87),
    share("yes", "ja", "yes", 1, 31, 3),
    share("working-on-it", "mee bezig", "working on it", 1, 31, 3),
    share("unknown", "onbekend", "unknown", 2, 31, 6),
];

/// The survey's domain that a domain of the policy is, by its name in Dutch or English; none for one that the survey does not have.
pub fn domain(name: &str) -> Option<&'static Share> {
    let name = name.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.starts_with(word));
    let option = match () {
        () if has(&["bedrijfsvoering", "operations"]) => "operations",
        () if has(&["dienstverlening", "service"]) => "service",
        () if has(&["sociaal", "social"]) => "social",
        () if has(&["fysiek", "physical"]) => "physical",
        () if has(&["openbare-orde", "openbare orde", "oov", "order", "public-order", "public order"]) => "order",
        () => return None,
    };
    DOMAINS.iter().find(|share| share.option == option)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_published_percentage_is_that_of_its_number() {
        for share in [&EXPERIMENTS[..], &GENERATIVE, &DOMAINS, &EMBEDDED, &OWN].concat() {
            assert_eq!(u32::from(share.percent), (u32::from(share.n) * 200 / u32::from(share.of)).div_ceil(2), "{share:?}");
        }
        for options in [&EXPERIMENTS[..], &GENERATIVE, &EMBEDDED, &OWN] {
            assert_eq!(options.iter().map(|share| share.n).sum::<u8>(), 31);
        }
    }

    #[test]
    fn domains_of_the_shipped_policy_are_found_in_the_survey() {
        for (name, option) in
            [("bedrijfsvoering", "operations"), ("Sociaal-domein", "social"), ("openbare-orde-veiligheid", "order"), ("service", "service")]
        {
            assert_eq!(domain(name).map(|share| share.option), Some(option));
        }
        assert_eq!(domain("other"), None);
    }
}
