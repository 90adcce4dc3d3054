//! `credential.<kind>`: keys, tokens and passwords.
//!
//! Starts from the fixed start of a token, from a name such as `password` before a value, and from `://`. Shapes are those that vendors
//! publish and secret scanners use. Values that are placeholders, or that documentation publishes as examples, are none.

mod assignment;
mod connection;
mod login;
mod service;
mod structure;
mod token;
mod tokens;
mod url;
mod value;

use super::{Candidate, Detector};
use crate::detect::groups::{CREDENTIAL, LOGIN, SECRET_NAME, SERVICE, STRUCTURE};
use crate::detect::keywords::Words;
use crate::detect::sight::Sight;

pub(super) const DETECTOR: Detector = Detector {
    ids: &[
        "credential.1password-token",
        "credential.adyen-key",
        "credential.age-secret-key",
        "credential.airtable-token",
        "credential.algolia-key",
        "credential.anthropic-key",
        "credential.artifactory-token",
        "credential.asana-token",
        "credential.atlassian-token",
        "credential.auth0-secret",
        "credential.aws-access-key",
        "credential.azure-client-secret",
        "credential.azure-devops-token",
        "credential.azure-key",
        "credential.azure-sas-token",
        "credential.azure-shared-key",
        "credential.azure-storage-key",
        "credential.basic-auth",
        "credential.basic-auth-url",
        "credential.bearer-token",
        "credential.bitbucket-token",
        "credential.brevo-key",
        "credential.cerebras-key",
        "credential.cloudflare-token",
        "credential.cohere-key",
        "credential.connection-string",
        "credential.contentful-token",
        "credential.crates-token",
        "credential.databricks-token",
        "credential.datadog-key",
        "credential.deepl-key",
        "credential.digitalocean-token",
        "credential.discord-token",
        "credential.discord-webhook",
        "credential.docker-auth",
        "credential.docker-token",
        "credential.doppler-token",
        "credential.dropbox-token",
        "credential.duffel-token",
        "credential.elevenlabs-key",
        "credential.facebook-token",
        "credential.fastly-token",
        "credential.figma-token",
        "credential.flutterwave-key",
        "credential.fly-token",
        "credential.gcp-api-key",
        "credential.gcp-oauth-secret",
        "credential.gcp-oauth-token",
        "credential.gcp-service-account",
        "credential.generic",
        "credential.github-token",
        "credential.gitlab-token",
        "credential.grafana-token",
        "credential.groq-key",
        "credential.heroku-key",
        "credential.hubspot-token",
        "credential.huggingface-token",
        "credential.jenkins-token",
        "credential.jina-key",
        "credential.jwt",
        "credential.kubernetes-secret",
        "credential.langsmith-key",
        "credential.linear-key",
        "credential.linkedin-token",
        "credential.linode-token",
        "credential.mailchimp-key",
        "credential.mailgun-key",
        "credential.mistral-key",
        "credential.mollie-key",
        "credential.netlify-token",
        "credential.new-relic-key",
        "credential.notion-token",
        "credential.npm-token",
        "credential.nuget-key",
        "credential.nvidia-key",
        "credential.okta-token",
        "credential.openai-key",
        "credential.openrouter-key",
        "credential.pagerduty-key",
        "credential.password-assignment",
        "credential.paypal-token",
        "credential.perplexity-key",
        "credential.planetscale-token",
        "credential.postman-key",
        "credential.postmark-token",
        "credential.prefect-key",
        "credential.private-key",
        "credential.pulumi-token",
        "credential.pypi-token",
        "credential.readme-key",
        "credential.replicate-token",
        "credential.rubygems-key",
        "credential.sendgrid-key",
        "credential.sentry-token",
        "credential.shopify-token",
        "credential.slack-token",
        "credential.sonar-token",
        "credential.sourcegraph-token",
        "credential.square-token",
        "credential.stripe-key",
        "credential.supabase-key",
        "credential.tavily-key",
        "credential.teams-webhook",
        "credential.telegram-token",
        "credential.terraform-token",
        "credential.together-key",
        "credential.twilio-key",
        "credential.twitter-token",
        "credential.typeform-token",
        "credential.vault-token",
        "credential.vercel-token",
        "credential.xai-key",
        "credential.zapier-webhook",
    ],
    words: &[
        Words(CREDENTIAL, tokens::WORDS),
        Words(STRUCTURE, structure::WORDS),
        Words(SERVICE, service::WORDS),
        Words(LOGIN, login::WORDS),
        Words(
            SECRET_NAME,
            "password, passwords, passwd, passphrase, passcode, pswd, pswrd, psw, pasw, passw, pgpassword, pgpass, wachtwoord, wachtwoorden, wachtwrd, wachtw, ww, w8woord, w8w, pwd, pw, pass, secret, secrets, token, accesstoken, \
             api_key, api-key, apikey, api key, api-sleutel, api sleutel, apisleutel, access_key, access-key, access key, accesskey, client_secret, client secret, clientsecret, auth_token, authtoken, auth token, refresh_token, \
             session_token, bearer_token, secret_key, secret key, secret-key, secretkey, private_key, encryption_key, encryption key, encryptionkey, signing_key, signing key, signingkey, master_key, masterkey, storage_key, license_key, \
             jwt_secret, app_key, appkey, subscription key, subscription-key, ocp-apim-subscription-key, sleutel, inlogcode, toegangscode, toegangssleutel, pincode, pin-code, wifi-code, wificode, wifi-sleutel, wifisleutel, netwerksleutel, \
             wpa-psk, psk, wpa2, credentials, credential, code_verifier, webhook_secret, sas_token",
        ),
    ],
    look,
};

fn look(sight: &Sight<'_>, out: &mut Vec<Candidate>) {
    for hit in sight.hits(CREDENTIAL) {
        token::look(sight, hit, out);
    }
    for hit in sight.hits(STRUCTURE) {
        structure::look(sight, hit, out);
    }
    for hit in sight.hits(SERVICE) {
        service::look(sight, hit, out);
    }
    for hit in sight.hits(LOGIN) {
        login::look(sight, hit, out);
    }
    assignment::all(sight, out);
    for &run in sight.runs() {
        // What they start from stands directly after the run or before it, and beside next to no number.
        if !matches!(sight.byte(run.end), b'Q' | b':') && !matches!(sight.before(run.start), b's' | b'J') {
            continue;
        }
        token::look_at_run(sight, run, out);
        login::pgpass(sight, run, out);
    }
    for &colon in &sight.trace.schemes {
        url::look(sight, colon, out);
    }
}

const PLACEHOLDERS: &[&str] = &[
    "example",
    "xxxx",
    "your",
    "changeme",
    "change-me",
    "change_me",
    "placeholder",
    "redacted",
    "dummy",
    "insert",
    "replace",
    "todo",
    "jouw",
    "voorbeeld",
    "verander",
    "foobar",
    "hunter2",
    "sample",
    "fake",
    "mysecret",
    "my-secret",
    "my_secret",
    "my-pass",
    "mypass",
    "mijnwachtwoord",
    "mijn-wachtwoord",
    "secret-here",
    "secret_here",
    "ingevuld",
    "invullen",
    "uw-",
    "uw_",
    "vul-",
    "enter-",
    "enter_",
    "zzzz",
    "notasecret",
    "yyyy",
    "aaaa",
    "0000000",
    "<",
    ">",
    "${",
    "{{",
    "***",
    "...",
    "…",
    "•••",
    "%(",
    "$(",
];

/// The value is the name of a value: `$PASS`, `{{ pass }}`, `%PASS%`, `@Value`.
fn is_variable(value: &str) -> bool {
    value.starts_with(['$', '%', '{', '(', '#', '&']) || value.starts_with('@') && value[1..].bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// The value stands where a secret would, and is none: a placeholder, a repetition, a row of keys.
fn is_placeholder(value: &str) -> bool {
    let lower = value.to_lowercase();
    PLACEHOLDERS.iter().any(|word| lower.contains(word)) || has_row(value.as_bytes())
}

/// Six characters in a row of the alphabet or of the digits, as in `abcdef` and `123456`, in a value that has little else.
fn has_row(value: &[u8]) -> bool {
    let rows = value.windows(6).filter(|six| six.windows(2).all(|pair| pair[1] == pair[0].wrapping_add(1))).count();
    rows * 2 >= value.len().saturating_sub(5).max(1)
}

use value::entropy;

/// Different characters in the value; random values have many.
fn distinct(value: &[u8]) -> u32 {
    let mut seen = [false; 256];
    value.iter().map(|&byte| u32::from(!std::mem::replace(&mut seen[usize::from(byte)], true))).sum()
}
