//! Saying no, in the form that the person or program at the other end can read.
//!
//! A navigation gets a page; everything else gets the tool's own error form with status 403 and `x-should-retry: false` (a 429 or 5xx would
//! be tried again by every SDK). Pages of the tool's site may read it: CORS headers are echoed.

use super::Room;
use super::body::{self, Answer};
use crate::catalogue::Catalogue;
use crate::page::{self, Lang};
use crate::policy::Policy;
use crate::wire::{Head, Message, Refusal, Refused, Shape};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

const VERDICT: HeaderName = HeaderName::from_static("x-sluis-verdict");
const EVENT: HeaderName = HeaderName::from_static("x-sluis-event");
const RETRY: HeaderName = HeaderName::from_static("x-should-retry");

/// How to speak to this client: its language, its form, its origin.
#[derive(Debug, Clone)]
pub struct Tongue {
    pub lang: Lang,
    pub navigation: bool,
    pub shape: Shape,
    /// What a shape may want to know of the message when it refuses: everything but the words. None where nothing was read.
    message: Option<Message>,
    origin: Option<HeaderValue>,
    /// The request comes from a program, or from a page of the tool itself.
    pub own_page: bool,
    head: std::sync::Arc<HeadCopy>,
}

/// The parts of the request head that a shape may look at when it refuses.
#[derive(Debug)]
struct HeadCopy {
    method: http::Method,
    host: String,
    path: String,
    query: Option<String>,
    headers: HeaderMap,
}

impl Tongue {
    pub fn new(policy: &Policy, head: &Parts, host: &str, shape: Shape, navigation: bool, message: Option<&Message>) -> Self {
        let languages = head.headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
        let mut headers = HeaderMap::new();
        for name in [header::CONTENT_TYPE, header::ACCEPT] {
            if let Some(value) = head.headers.get(&name) {
                headers.insert(name, value.clone());
            }
        }
        let copy = HeadCopy {
            method: head.method.clone(),
            host: host.to_owned(),
            path: head.uri.path().to_owned(),
            query: head.uri.query().map(str::to_owned),
            headers,
        };
        Self {
            lang: Lang::choose(languages, &policy.organisation().languages),
            navigation,
            shape,
            message: message.map(|message| message.without_words()),
            origin: head.headers.get(header::ORIGIN).cloned(),
            own_page: true,
            head: std::sync::Arc::new(copy),
        }
    }

    /// Notes whether the page that asks is the tool's own. Any page may read that it was refused; the link that lets a message pass is only
    /// for the tool's pages and for programs, which send no Origin.
    pub fn heard_by(mut self, catalogue: &Catalogue, tool: &str) -> Self {
        let Some(origin) = &self.origin else { return self };
        let uri: Option<http::Uri> = origin.to_str().ok().and_then(|origin| origin.parse().ok());
        let host = uri.as_ref().and_then(http::Uri::host).map(str::to_ascii_lowercase);
        self.own_page =
            host.is_some_and(|host| host == self.head.host || catalogue.lookup(&host, "/").is_some_and(|found| found.id == tool));
        self
    }

    /// The tool's own error form (its own empty answer for half-typed text). `sentence` is what the caller reads.
    pub fn form(&self, status: Option<StatusCode>, sentence: &str, code: &str) -> Answer {
        let copy = &self.head;
        let head = Head { method: &copy.method, host: &copy.host, path: &copy.path, query: copy.query.as_deref(), headers: &copy.headers };
        let refusal = Refusal { sentence, code, stream: self.message.as_ref().is_some_and(|message| message.stream) };
        let refused = match &self.message {
            Some(message) => self.shape.refuse_message(&head, &refusal, message),
            None => self.shape.refuse(&head, &refusal),
        };
        let Refused { status: own, content_type, body, headers } = refused;
        let mut answer = self.dress(body::full(body), status.unwrap_or(own), content_type);
        for (name, value) in headers {
            answer.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        answer
    }

    /// A page for the employee.
    pub fn page(&self, status: StatusCode, html: String) -> Answer {
        let mut answer = self.dress(body::full(html), status, "text/html; charset=utf-8");
        answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(page::content_security_policy()));
        answer
    }

    fn dress(&self, body: body::Body, status: StatusCode, content_type: &'static str) -> Answer {
        let mut answer = Answer::new(body);
        *answer.status_mut() = status;
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Some(origin) = &self.origin {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("x-sluis-verdict, x-sluis-event"));
            headers.insert(header::VARY, HeaderValue::from_static("Origin, Accept-Language"));
        }
        answer
    }
}

/// Marks an answer as ours: the verdict, the event to ask about, and that trying again does not help.
pub fn mark(answer: &mut Answer, verdict: &'static str, event: &str) {
    let headers = answer.headers_mut();
    headers.insert(VERDICT, HeaderValue::from_static(verdict));
    headers.insert(RETRY, HeaderValue::from_static("false"));
    if let Ok(event) = HeaderValue::from_str(event) {
        headers.insert(EVENT, event);
    }
}

/// No memory for this request now: the one refusal that may be tried again.
pub fn busy() -> Answer {
    let mut answer = body::plain(StatusCode::SERVICE_UNAVAILABLE, "Sluis has no room for this request now. Try again in a moment.");
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    answer
}

/// The decision could not be recorded, so the message does not pass.
pub fn unrecorded(room: &Room, tongue: &Tongue) -> Answer {
    room.metrics.refused("unrecorded");
    let sentence = tongue.lang.pick(
        "Je bericht is niet verstuurd, want Sluis kan het besluit nu niet vastleggen. Probeer het later opnieuw of bel de helpdesk.",
        "Your message was not sent, because Sluis cannot record the decision now. Try again later or call the helpdesk.",
    );
    let mut answer = tongue.form(None, sentence, "not_recorded");
    answer.headers_mut().insert(VERDICT, HeaderValue::from_static("block"));
    answer.headers_mut().insert(RETRY, HeaderValue::from_static("false"));
    answer
}
