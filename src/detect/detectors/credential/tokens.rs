//! The table of tokens that are known by their fixed start: who gives them out, and what follows the start.
//!
//! Data only; `token.rs` reads it. Sorted by first byte, and longer starts before the shorter ones that they begin with; a test holds both,
//! and that [`WORDS`] has every start.

/// How the characters after the start may look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// A-Z and 2-7; vendors' own examples have 0 and 1 too.
    Upper,
    /// 0-9 and a-f.
    Hex,
    /// Letters and digits.
    Alphanumeric,
    /// Letters, digits, `_` and `-`.
    Url,
    /// As `Url`, and the dot.
    Dotted,
    /// Letters, digits, `+`, `/`, `=`, `-`, `_`, `%`, `.`.
    Base64,
    /// Letters, digits, `$`.
    Dollar,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub id: &'static str,
    pub start: &'static str,
    pub kind: Kind,
    pub least: usize,
    pub most: usize,
}

const fn token(id: &'static str, start: &'static str, kind: Kind, least: usize, most: usize) -> Token {
    Token { id, start, kind, least, most }
}

use Kind::{Alphanumeric, Base64, Dollar, Dotted, Hex, Upper, Url};

#[rustfmt::skip]
pub(super) const TOKENS: &[Token] = &[
    token("credential.1password-token", "A3-", Url, 30, 50),
    token("credential.twitter-token", "AAAAAAAAAAAAAAAAAAAAA", Base64, 30, 200),
    token("credential.aws-access-key", "ABIA", Upper, 16, 16),
    token("credential.aws-access-key", "ABSK", Base64, 100, 300),
    token("credential.aws-access-key", "ACCA", Upper, 16, 16),
    token("credential.age-secret-key", "AGE-SECRET-KEY-1", Upper, 58, 58),
    token("credential.aws-access-key", "AKIA", Upper, 16, 16),
    token("credential.artifactory-token", "AKCp", Alphanumeric, 60, 80),
    token("credential.aws-access-key", "ASIA", Upper, 16, 16),
    token("credential.atlassian-token", "ATATT3xFf", Base64, 60, 255),
    token("credential.bitbucket-token", "ATBB", Alphanumeric, 28, 60),
    token("credential.bitbucket-token", "ATCTT3xFf", Base64, 60, 255),
    token("credential.adyen-key", "AQE", Base64, 60, 400),
    token("credential.gcp-api-key", "AIza", Url, 35, 35),
    token("credential.contentful-token", "CFPAT-", Url, 40, 60),
    token("credential.square-token", "EAAA", Url, 60, 64),
    token("credential.facebook-token", "EAA", Alphanumeric, 80, 400),
    token("credential.fly-token", "FlyV1 fm", Base64, 60, 4000),
    token("credential.flutterwave-key", "FLWSECK-", Url, 30, 60),
    token("credential.gcp-oauth-secret", "GOCSPX-", Url, 24, 40),
    token("credential.gitlab-token", "GR1348941", Url, 20, 40),
    token("credential.heroku-key", "HRKU-", Url, 36, 80),
    token("credential.new-relic-key", "NRAK-", Alphanumeric, 27, 27),
    token("credential.new-relic-key", "NRII-", Url, 32, 36),
    token("credential.postman-key", "PMAK-", Url, 50, 70),
    token("credential.sendgrid-key", "SG.", Dotted, 60, 72),
    token("credential.linkedin-token", "WPL_AP", Dotted, 16, 60),
    token("credential.paypal-token", "access_token$production$", Dollar, 40, 60),
    token("credential.huggingface-token", "api_org_", Alphanumeric, 30, 50),
    token("credential.cerebras-key", "csk-", Alphanumeric, 40, 64),
    token("credential.databricks-token", "dapi", Hex, 32, 36),
    token("credential.docker-token", "dckr_oat_", Url, 20, 64),
    token("credential.docker-token", "dckr_pat_", Url, 20, 64),
    token("credential.digitalocean-token", "doo_v1_", Hex, 64, 64),
    token("credential.digitalocean-token", "dop_v1_", Hex, 64, 64),
    token("credential.digitalocean-token", "dor_v1_", Hex, 64, 64),
    token("credential.doppler-token", "dp.", Dotted, 40, 64),
    token("credential.duffel-token", "duffel_live_", Url, 40, 50),
    token("credential.grafana-token", "eyJrIjoi", Base64, 60, 400),
    token("credential.figma-token", "figd_", Url, 38, 64),
    token("credential.fly-token", "fm1a_", Base64, 60, 4000),
    token("credential.fly-token", "fm1r_", Base64, 60, 4000),
    token("credential.fly-token", "fm2_", Base64, 60, 4000),
    token("credential.fly-token", "fo1_", Url, 40, 48),
    token("credential.github-token", "github_pat_", Url, 60, 255),
    token("credential.github-token", "gho_", Alphanumeric, 36, 255),
    token("credential.github-token", "ghp_", Alphanumeric, 36, 255),
    token("credential.github-token", "ghr_", Alphanumeric, 36, 255),
    token("credential.github-token", "ghs_", Alphanumeric, 36, 255),
    token("credential.github-token", "ghu_", Alphanumeric, 36, 255),
    token("credential.grafana-token", "glc_", Base64, 32, 400),
    token("credential.grafana-token", "glsa_", Url, 40, 48),
    token("credential.gitlab-token", "glagent-", Url, 40, 64),
    token("credential.gitlab-token", "glcbt-", Url, 20, 64),
    token("credential.gitlab-token", "gldt-", Url, 20, 64),
    token("credential.gitlab-token", "glffct-", Url, 20, 64),
    token("credential.gitlab-token", "glft-", Url, 20, 64),
    token("credential.gitlab-token", "glimt-", Url, 20, 64),
    token("credential.gitlab-token", "gloas-", Url, 40, 80),
    token("credential.gitlab-token", "glpat-", Dotted, 20, 300),
    token("credential.gitlab-token", "glptt-", Hex, 40, 40),
    token("credential.gitlab-token", "glrt-", Dotted, 20, 64),
    token("credential.gitlab-token", "glsoat-", Url, 20, 64),
    token("credential.groq-key", "gsk_", Alphanumeric, 40, 64),
    token("credential.huggingface-token", "hf_", Alphanumeric, 30, 50),
    token("credential.vault-token", "hvb.", Url, 80, 255),
    token("credential.vault-token", "hvr.", Url, 80, 255),
    token("credential.vault-token", "hvs.", Url, 24, 255),
    token("credential.jina-key", "jina_", Alphanumeric, 40, 80),
    token("credential.mailgun-key", "key-", Hex, 32, 32),
    token("credential.linear-key", "lin_api_", Alphanumeric, 32, 48),
    token("credential.linear-key", "lin_oauth_", Alphanumeric, 32, 64),
    token("credential.mollie-key", "live_", Alphanumeric, 30, 64),
    token("credential.langsmith-key", "lsv2_pt_", Url, 32, 60),
    token("credential.langsmith-key", "lsv2_sk_", Url, 32, 60),
    token("credential.netlify-token", "nfp_", Alphanumeric, 30, 60),
    token("credential.npm-token", "npm_", Alphanumeric, 36, 64),
    token("credential.notion-token", "ntn_", Alphanumeric, 40, 60),
    token("credential.nvidia-key", "nvapi-", Url, 50, 90),
    token("credential.1password-token", "ops_eyJ", Base64, 100, 4000),
    token("credential.nuget-key", "oy2", Alphanumeric, 43, 43),
    token("credential.hubspot-token", "pat-eu1-", Url, 36, 36),
    token("credential.hubspot-token", "pat-na1-", Url, 36, 36),
    token("credential.prefect-key", "pnu_", Alphanumeric, 36, 36),
    token("credential.perplexity-key", "pplx-", Alphanumeric, 40, 64),
    token("credential.planetscale-token", "pscale_oauth_", Dotted, 32, 64),
    token("credential.planetscale-token", "pscale_pw_", Dotted, 32, 64),
    token("credential.planetscale-token", "pscale_tkn_", Dotted, 32, 64),
    token("credential.pulumi-token", "pul-", Hex, 40, 40),
    token("credential.pypi-token", "pypi-AgEIcHlwaS5vcmc", Url, 50, 400),
    token("credential.pypi-token", "pypi-AgENdGVzdC5weXBpLm9yZw", Url, 50, 400),
    token("credential.replicate-token", "r8_", Alphanumeric, 30, 48),
    token("credential.readme-key", "rdme_", Alphanumeric, 60, 80),
    token("credential.stripe-key", "rk_live_", Alphanumeric, 10, 247),
    token("credential.stripe-key", "rk_prod_", Alphanumeric, 10, 247),
    token("credential.stripe-key", "rk_test_", Alphanumeric, 10, 247),
    token("credential.rubygems-key", "rubygems_", Hex, 48, 48),
    token("credential.supabase-key", "sb_secret_", Url, 24, 60),
    token("credential.supabase-key", "sbp_", Hex, 40, 40),
    token("credential.notion-token", "secret_", Alphanumeric, 43, 43),
    token("credential.sourcegraph-token", "sgp_", Url, 40, 80),
    token("credential.shopify-token", "shpat_", Hex, 32, 32),
    token("credential.shopify-token", "shpca_", Hex, 32, 32),
    token("credential.shopify-token", "shppa_", Hex, 32, 32),
    token("credential.shopify-token", "shpss_", Hex, 32, 32),
    token("credential.anthropic-key", "sk-ant-", Url, 60, 255),
    token("credential.openai-key", "sk-admin-", Url, 40, 255),
    token("credential.openai-key", "sk-None-", Url, 40, 255),
    token("credential.openrouter-key", "sk-or-", Url, 40, 100),
    token("credential.openai-key", "sk-proj-", Url, 40, 255),
    token("credential.openai-key", "sk-svcacct-", Url, 40, 255),
    token("credential.openai-key", "sk-", Alphanumeric, 32, 64),
    token("credential.stripe-key", "sk_live_", Alphanumeric, 10, 247),
    token("credential.stripe-key", "sk_prod_", Alphanumeric, 10, 247),
    token("credential.stripe-key", "sk_test_", Alphanumeric, 10, 247),
    token("credential.elevenlabs-key", "sk_", Hex, 48, 48),
    token("credential.dropbox-token", "sl.", Dotted, 100, 2000),
    token("credential.sentry-token", "sntrys_", Base64, 60, 400),
    token("credential.sentry-token", "sntryu_", Hex, 64, 64),
    token("credential.sonar-token", "sqa_", Hex, 40, 40),
    token("credential.sonar-token", "sqp_", Hex, 40, 40),
    token("credential.sonar-token", "squ_", Hex, 40, 40),
    token("credential.square-token", "sq0atp-", Url, 22, 24),
    token("credential.square-token", "sq0csp-", Url, 43, 43),
    token("credential.mollie-key", "test_", Alphanumeric, 30, 64),
    token("credential.typeform-token", "tfp_", Dotted, 50, 70),
    token("credential.together-key", "tgp_v1_", Url, 30, 64),
    token("credential.tavily-key", "tvly-", Url, 30, 64),
    token("credential.stripe-key", "whsec_", Base64, 24, 64),
    token("credential.slack-token", "xapp-", Url, 20, 255),
    token("credential.xai-key", "xai-", Alphanumeric, 60, 120),
    token("credential.brevo-key", "xkeysib-", Url, 70, 90),
    token("credential.slack-token", "xoxa-", Url, 20, 255),
    token("credential.slack-token", "xoxb-", Url, 20, 255),
    token("credential.slack-token", "xoxc-", Url, 20, 255),
    token("credential.slack-token", "xoxd-", Base64, 20, 400),
    token("credential.slack-token", "xoxe-", Url, 20, 255),
    token("credential.slack-token", "xoxe.", Dotted, 20, 255),
    token("credential.slack-token", "xoxp-", Url, 20, 255),
    token("credential.slack-token", "xoxr-", Url, 20, 255),
    token("credential.slack-token", "xoxs-", Url, 20, 255),
    token("credential.gcp-oauth-token", "ya29.", Dotted, 40, 2000),
];

/// The starts as words of the prefilter; a start without a sign needs four letters, so some are listed with what may follow.
pub(super) const WORDS: &str = "a3-*, aaaaaaaaaaaaaaaaaaaaa*, abia*, absk*, acca*, age-secret-key-1*, akia*, akcp*, asia*, atatt3xff*, atbb*, atctt3xff*, aqea*, aqeb*, aqec*, aqed*, aqee*, aqef*, aqeg*, aqeh*, \
     aqei*, aqej*, aqek*, aqel*, aqem*, aqen*, aqeo*, aqep*, aqeq*, aqer*, aqes*, aqet*, aqeu*, aqev*, aqew*, aqex*, aqey*, aqez*, aiza*, cfpat-*, eaaa*, eaab*, eaac*, eaad*, eaae*, eaaf*, eaag*, eaah*, \
     eaai*, eaaj*, eaak*, eaal*, eaam*, eaan*, eaao*, eaap*, flyv1 fm*, flwseck-*, gocspx-*, gr1348941*, hrku-*, nrak-*, nrii-*, pmak-*, sg.*, wpl_ap*, access_token$production$*, api_org_*, csk-*, dapi*, \
     dckr_oat_*, dckr_pat_*, doo_v1_*, dop_v1_*, dor_v1_*, dp.pt.*, dp.st.*, dp.ct.*, dp.sa.*, dp.scim.*, dp.audit.*, duffel_live_*, eyjrijoi*, figd_*, fm1a_*, fm1r_*, fm2_*, fo1_*, github_pat_*, gho_*, ghp_*, ghr_*, ghs_*, \
     ghu_*, glc_*, glsa_*, glagent-*, glcbt-*, gldt-*, glffct-*, glft-*, glimt-*, gloas-*, glpat-*, glptt-*, glrt-*, glsoat-*, gsk_*, hf_*, hvb.*, hvr.*, hvs.*, jina_*, key-*, lin_api_*, lin_oauth_*, live_*, \
     lsv2_pt_*, lsv2_sk_*, nfp_*, npm_*, ntn_*, nvapi-*, ops_eyj*, oy2a*, oy2b*, oy2c*, oy2d*, oy2e*, oy2f*, oy2g*, oy2h*, oy2i*, oy2j*, oy2k*, oy2l*, oy2m*, oy2n*, oy2o*, oy2p*, oy2q*, oy2r*, oy2s*, oy2t*, \
     oy2u*, oy2v*, oy2w*, oy2x*, oy2y*, oy2z*, oy22*, oy23*, oy24*, oy25*, oy26*, oy27*, pat-eu1-*, pat-na1-*, pnu_*, pplx-*, pscale_oauth_*, pscale_pw_*, pscale_tkn_*, pul-*, pypi-ag*, r8_*, rdme_*, rk_live_*, \
     rk_prod_*, rk_test_*, rubygems_*, sb_secret_*, sbp_*, secret_*, sgp_*, shpat_*, shpca_*, shppa_*, shpss_*, sk-*, sk_*, sl.*, sntrys_*, sntryu_*, sqa_*, sqp_*, squ_*, sq0atp-*, sq0csp-*, test_*, tfp_*, \
     tgp_v1_*, tvly-*, whsec_*, xapp-*, xai-*, xkeysib-*, xoxa-*, xoxb-*, xoxc-*, xoxd-*, xoxe-*, xoxe.*, xoxp-*, xoxr-*, xoxs-*, ya29.*";

/// Where the tokens that start with a byte stand in [`TOKENS`].
static BY_FIRST: [(u16, u16); 128] = by_first();

const fn by_first() -> [(u16, u16); 128] {
    let mut table = [(0, 0); 128];
    let mut index = 0;
    while index < TOKENS.len() {
        let first = TOKENS[index].start.as_bytes()[0] as usize;
        if table[first].1 == 0 {
            table[first].0 = index as u16;
        }
        table[first].1 = index as u16 + 1;
        index += 1;
    }
    table
}

/// The token that the text starts as.
pub(super) fn starting(text: &str) -> Option<&'static Token> {
    let (from, to) = *BY_FIRST.get(usize::from(*text.as_bytes().first()?))?;
    TOKENS[usize::from(from)..usize::from(to)].iter().find(|token| text.starts_with(token.start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::testing::{finds, random};

    #[test]
    fn the_table_is_in_the_order_that_its_index_needs() {
        assert!(TOKENS.windows(2).all(|pair| pair[0].start.as_bytes()[0] <= pair[1].start.as_bytes()[0]));
        for (index, token) in TOKENS.iter().enumerate() {
            let earlier = TOKENS[..index].iter().find(|other| token.start.starts_with(other.start));
            assert!(earlier.is_none(), "{} stands after {earlier:?}", token.start);
        }
    }

    #[test]
    fn every_token_of_the_table_is_found_in_prose_and_in_an_assignment() {
        for token in TOKENS {
            let alphabet = match token.kind {
                Kind::Upper => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
                Kind::Hex => "0123456789abcdef",
                _ => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
            };
            let body = random(token.least, alphabet);
            let value = match token.start {
                "oy2" => format!("oy2k{}", random(token.least - 1, "abcdefghijklmnopqrstuvwxyz234567")),
                "AQE" => format!("AQEh{}", &body[1..]),
                "EAA" => format!("EAAC{}", &body[1..]),
                "dp." => format!("dp.pt.{}", random(43, alphabet)),
                start => format!("{start}{body}"),
            };
            finds(token.id, &format!("mijn sleutel: {value} werkt niet"), &value);
            finds(token.id, &format!("export X=\"{value}\""), &value);
        }
    }
}
