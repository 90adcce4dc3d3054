//! `http://sluis.internal/` and the listener's own address: pages for employees, the CA certificate, the PAC file, and the links in warnings.

use super::body::{self, Answer};
use super::consent::{Clicked, Consents};
use crate::identity::Subject;
use crate::page::{self, Lang};
use crate::policy::live::Live;
use crate::record::Recorder;
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use std::sync::Arc;

/// Reads what is recorded of one sender, newest first.
pub type OwnEvents = Box<dyn Fn(String) -> std::pin::Pin<Box<dyn Future<Output = Result<Vec<page::OwnRow>, String>> + Send>> + Send + Sync>;

/// The proxy's own site.
pub struct Internal {
    pub policy: Arc<Live>,
    pub recorder: Arc<Recorder>,
    pub consents: Arc<Consents>,
    pub certificate_pem: String,
    pub pac: String,
    pub own_events: OwnEvents,
    /// SHA-256 of the CA certificate, as people compare it.
    pub fingerprint: String,
    pub valid_until: jiff::Timestamp,
    /// Days that events are kept, for the page that says so.
    pub kept_days: Option<u32>,
    pub pseudonyms: bool,
}

impl Internal {
    pub async fn answer(&self, subject: &Subject, request: &Parts) -> Answer {
        let policy = self.policy.full();
        let organisation = policy.organisation();
        let accept = request.headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
        let lang = Lang::of_request(request.uri.query(), accept, &organisation.languages);
        let (name, helpdesk, privacy) =
            (organisation.name.as_str(), organisation.contact.helpdesk.as_deref(), organisation.contact.privacy.as_deref());
        if request.method != Method::GET && request.method != Method::HEAD {
            let mut answer = body::plain(StatusCode::METHOD_NOT_ALLOWED, "Only GET is answered here.");
            answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
            return answer;
        }
        match request.uri.path() {
            "/" => html(StatusCode::OK, page::home(lang, name, helpdesk)),
            "/ca" => {
                let about =
                    page::Certificate { lang, organisation: name, fingerprint: &self.fingerprint, valid_until: self.valid_until, helpdesk };
                html(StatusCode::OK, page::certificate(&about))
            }
            "/ca.pem" => file("application/x-pem-file", &self.certificate_pem, Some("attachment; filename=\"sluis-ca.pem\"")),
            "/proxy.pac" | "/wpad.dat" => file("application/x-ns-proxy-autoconfig", &self.pac, None),
            "/mine" => match (self.own_events)(self.recorder.pseudonym(subject)).await {
                Ok(rows) => html(
                    StatusCode::OK,
                    page::mine(&page::Mine {
                        lang,
                        organisation: name,
                        rows: &rows,
                        days: self.kept_days,
                        pseudonyms: self.pseudonyms,
                        privacy,
                    }),
                ),
                Err(error) => {
                    tracing::error!(error, "the store could not be read for /mine");
                    body::plain(StatusCode::SERVICE_UNAVAILABLE, "The record cannot be read now. Try again later.")
                }
            },
            path => {
                // A look at the head of a link is no click.
                let token = path.strip_prefix("/continue/").filter(|_| request.method == Method::GET);
                match token.map(|token| self.consents.click(token, &self.recorder.pseudonym(subject))) {
                    Some(Clicked::Accepted { back: Some(back), .. }) => {
                        let mut answer = body::empty(StatusCode::SEE_OTHER);
                        if let Ok(back) = HeaderValue::from_str(&back) {
                            answer.headers_mut().insert(header::LOCATION, back);
                        }
                        answer
                    }
                    Some(Clicked::Accepted { valid, back: None }) => {
                        let continued = page::Continued { lang, organisation: name, tool: "", valid_seconds: valid.as_secs(), helpdesk };
                        html(StatusCode::OK, page::continued(&continued))
                    }
                    Some(Clicked::Unknown) | None => html(StatusCode::NOT_FOUND, page::not_found(lang, name)),
                }
            }
        }
    }
}

fn html(status: StatusCode, page: String) -> Answer {
    let mut answer = file("text/html; charset=utf-8", &page, None);
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(page::content_security_policy()));
    answer.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    answer
}

fn file(kind: &'static str, content: &str, disposition: Option<&'static str>) -> Answer {
    let mut answer = Answer::new(body::full(content.to_owned()));
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    if let Some(disposition) = disposition {
        headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
    }
    answer
}
