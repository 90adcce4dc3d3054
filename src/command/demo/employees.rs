//! The sample employees: who they are, which tools they open, and the requests their programs send through the proxy.
//!
//! Takes the proxy's address and CA, gives HTTP statuses. Every request goes through the proxy as a real client's would (CONNECT, TLS
//! with the proxy's certificate); nothing here looks inside the proxy or decides anything.

use super::prompts::{Prompt, filled};
use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt, Empty, Full};
use hyper_util::rt::TokioIo;
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use serde_json::json;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Bytes of an answer that are looked at.
const LOOKED_AT: usize = 64 * 1024;
/// Where the proxy itself is, for those who come through it.
const SLUIS: &str = "http://sluis.internal/";

/// A sample employee and the tools of the day, by index in [`TOOLS`].
#[derive(Debug)]
pub(super) struct Employee {
    pub(super) user: &'static str,
    pub(super) tools: &'static [usize],
}

/// The people of the fictional municipality: public services, social domain, space, finance, HR, ICT, communication.
pub(super) const EMPLOYEES: &[Employee] = &[
    Employee { user: "anna.kcc", tools: &[0, 1, 5] },
    Employee { user: "bram.burgerzaken", tools: &[0, 5, 8] },
    Employee { user: "chaimae.burgerzaken", tools: &[0, 1, 6] },
    Employee { user: "daan.wmo", tools: &[0, 5, 7] },
    Employee { user: "eva.jeugd", tools: &[0, 1, 9] },
    Employee { user: "farid.participatie", tools: &[0, 5, 6] },
    Employee { user: "greet.ruimte", tools: &[1, 5, 8] },
    Employee { user: "hugo.beheer", tools: &[0, 6, 10] },
    Employee { user: "ilse.financien", tools: &[5, 1, 6] },
    Employee { user: "jamal.hr", tools: &[0, 5, 11] },
    Employee { user: "karin.communicatie", tools: &[0, 1, 7, 10] },
    Employee { user: "lars.ict", tools: &[2, 3, 4, 6] },
    Employee { user: "mei.ict", tools: &[2, 3, 4, 1] },
    Employee { user: "noor.ict", tools: &[2, 3, 4, 0] },
    Employee { user: "otto.oov", tools: &[5, 6, 8] },
    Employee { user: "priya.ict", tools: &[2, 3, 4, 1] },
    Employee { user: "ruben.ict", tools: &[2, 3, 4, 5] },
    Employee { user: "samira.kcc", tools: &[0, 1, 9] },
];

/// How a tool's own program puts words in a request.
#[derive(Debug, Clone, Copy)]
enum Shape {
    ChatGptWeb,
    ClaudeWeb,
    OpenAi,
    Anthropic,
    Gemini,
    Field { path: &'static str, name: &'static str },
}

/// A tool as an employee meets it.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) host: &'static str,
    shape: Shape,
    /// Path for a file, where the tool takes one.
    upload: Option<&'static str>,
    agent: &'static str,
}

const EDGE: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0";
const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";

pub(super) const TOOLS: &[Place] = &[
    Place { host: "chatgpt.com", shape: Shape::ChatGptWeb, upload: Some("/backend-api/files/process_upload_stream"), agent: EDGE },
    Place { host: "claude.ai", shape: Shape::ClaudeWeb, upload: Some("/api/organizations/demo/convert_document"), agent: FIREFOX },
    Place { host: "api.openai.com", shape: Shape::OpenAi, upload: Some("/v1/files"), agent: "OpenAI/Python 3.57.0" },
    Place { host: "api.anthropic.com", shape: Shape::Anthropic, upload: None, agent: "Anthropic/Python 2.13.0" },
    Place { host: "generativelanguage.googleapis.com", shape: Shape::Gemini, upload: None, agent: "google-genai-sdk/3.6.1" },
    Place { host: "m365.cloud.microsoft", shape: Shape::Field { path: "/api/chat", name: "message" }, upload: None, agent: EDGE },
    Place {
        host: "chat.deepseek.com",
        shape: Shape::Field { path: "/api/v0/chat/completion", name: "prompt" },
        upload: Some("/api/v0/file/upload_file"),
        agent: EDGE,
    },
    Place {
        host: "www.perplexity.ai",
        shape: Shape::Field { path: "/rest/sse/perplexity_ask", name: "query_str" },
        upload: None,
        agent: FIREFOX,
    },
    Place { host: "chat.mistral.ai", shape: Shape::Field { path: "/api/chat", name: "content" }, upload: None, agent: EDGE },
    Place { host: "poe.com", shape: Shape::Field { path: "/api/gql_POST", name: "query" }, upload: None, agent: FIREFOX },
    Place { host: "gamma.app", shape: Shape::Field { path: "/api/generate", name: "prompt" }, upload: None, agent: EDGE },
    Place {
        host: "grok.com",
        shape: Shape::Field { path: "/rest/app-chat/conversations/new", name: "message" },
        upload: None,
        agent: EDGE,
    },
];

#[derive(Debug, Error)]
pub(super) enum Trouble {
    #[error("cannot use the proxy's certificate: {0}")]
    Trust(String),
    #[error("the proxy did not open a connection to {host}: {reason}")]
    Connect { host: &'static str, reason: String },
    #[error("no answer from {host}: {reason}")]
    Answer { host: &'static str, reason: String },
}

/// What came back.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    /// The link under which a warned employee goes on.
    pub(super) go_on: Option<String>,
}

/// The way out of the office: the proxy, and trust in its certificates.
#[derive(Clone)]
pub(super) struct Office {
    proxy: SocketAddr,
    tls: TlsConnector,
}

impl Office {
    /// `ca` is the proxy's own certificate.
    pub(super) fn new(proxy: SocketAddr, ca: &Path) -> Result<Self, Trouble> {
        let trust = |e: &dyn std::fmt::Display| Trouble::Trust(e.to_string());
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(ca).map_err(|e| trust(&e))?).map_err(|e| trust(&e))?;
        let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|e| trust(&e))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { proxy, tls: TlsConnector::from(Arc::new(config)) })
    }

    /// One prompt or file to one tool.
    pub(super) async fn send(&self, employee: &Employee, place: &'static Place, prompt: &Prompt) -> Result<Reply, Trouble> {
        let failed = |reason: String| Trouble::Answer { host: place.host, reason };
        let request = request(place, prompt).map_err(|e| failed(e.to_string()))?;
        let exchange = async {
            let tcp = self.connect(employee, place.host).await?;
            let name = ServerName::try_from(place.host).map_err(|e| failed(e.to_string()))?;
            let stream = self.tls.connect(name, tcp).await.map_err(|e| failed(e.to_string()))?;
            ask(TokioIo::new(stream), request).await.map_err(failed)
        };
        tokio::time::timeout(PATIENCE, exchange).await.unwrap_or_else(|_| Err(failed(format!("nothing in {} s", PATIENCE.as_secs()))))
    }

    /// Follows the link of a warning, as a click does.
    pub(super) async fn go_on(&self, employee: &Employee, link: &str) -> Result<Reply, Trouble> {
        let failed = |reason: String| Trouble::Answer { host: "sluis.internal", reason };
        let request = Request::get(link)
            .header(header::HOST, "sluis.internal")
            .header(header::ACCEPT, "text/html")
            .header("x-forwarded-user", employee.user)
            .body(Full::new(Bytes::new()))
            .map_err(|e| failed(e.to_string()))?;
        let exchange = async {
            let tcp = TcpStream::connect(self.proxy).await.map_err(|e| failed(e.to_string()))?;
            ask(TokioIo::new(tcp), request).await.map_err(failed)
        };
        tokio::time::timeout(PATIENCE, exchange).await.unwrap_or_else(|_| Err(failed("too slow".into())))
    }

    /// CONNECT, with the name of the employee as the proxy of a VPN would add it.
    async fn connect(&self, employee: &Employee, host: &'static str) -> Result<TcpStream, Trouble> {
        let failed = |reason: String| Trouble::Connect { host, reason };
        let mut tcp = TcpStream::connect(self.proxy).await.map_err(|e| failed(e.to_string()))?;
        let head = format!("CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\nX-Forwarded-User: {}\r\n\r\n", employee.user);
        tcp.write_all(head.as_bytes()).await.map_err(|e| failed(e.to_string()))?;
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            if answer.len() > 16 * 1024 {
                return Err(failed("an answer without end".into()));
            }
            answer.push(tcp.read_u8().await.map_err(|e| failed(e.to_string()))?);
        }
        if answer.starts_with(b"HTTP/1.1 200") {
            return Ok(tcp);
        }
        Err(failed(String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned()))
    }
}

/// Sends one request over an open connection and reads the answer, of which only the start is kept.
async fn ask<S>(stream: S, request: Request<Full<Bytes>>) -> Result<Reply, String>
where
    S: hyper::rt::Read + hyper::rt::Write + Unpin + Send + 'static,
{
    let (mut sender, connection) = hyper::client::conn::http1::handshake(stream).await.map_err(|e| e.to_string())?;
    let driver = tokio::spawn(connection);
    let answered = async {
        let mut response = sender.send_request(request).await.map_err(|e| e.to_string())?;
        let status = response.status();
        let mut start = Vec::new();
        while let Some(frame) = response.body_mut().frame().await {
            if let Ok(data) = frame.map_err(|e| e.to_string())?.into_data() {
                start.extend_from_slice(&data[..data.len().min(LOOKED_AT.saturating_sub(start.len()))]);
            }
        }
        Ok(Reply { status, go_on: link_in(&String::from_utf8_lossy(&start)) })
    };
    let reply = answered.await;
    driver.abort();
    reply
}

/// The first link to go on in an answer.
fn link_in(text: &str) -> Option<String> {
    let from = text.find(&format!("{SLUIS}continue/"))?;
    let link: String = text[from..].chars().take_while(|c| c.is_ascii_alphanumeric() || "-._~:/?=&%".contains(*c)).take(512).collect();
    Some(link.trim_end_matches(['.', '?']).to_owned())
}

fn request(place: &Place, prompt: &Prompt) -> http::Result<Request<Full<Bytes>>> {
    let text = filled(prompt.text);
    let id = uuid::Uuid::new_v4().to_string();
    let (path, kind, body) = match (prompt.file, place.upload) {
        (Some(file), Some(path)) => (path.to_owned(), format!("multipart/form-data; boundary={BOUNDARY}"), multipart(file, &text)),
        _ => {
            let (path, body) = words(place.shape, &text, &id);
            (path, "application/json".to_owned(), body.to_string())
        }
    };
    Request::post(path)
        .header(header::HOST, place.host)
        .header(header::CONTENT_TYPE, kind)
        .header(header::USER_AGENT, place.agent)
        .header(header::ACCEPT, "*/*")
        .header(header::ACCEPT_LANGUAGE, "nl-NL,nl;q=0.9,en;q=0.6")
        .body(Full::new(Bytes::from(body)))
}

/// Path and body of a prompt, in the tool's own form.
fn words(shape: Shape, text: &str, id: &str) -> (String, serde_json::Value) {
    match shape {
        Shape::ChatGptWeb => (
            "/backend-api/f/conversation".into(),
            json!({
                "action": "next", "model": "gpt-5", "conversation_id": id, "parent_message_id": "client-created-root",
                "messages": [{ "id": uuid::Uuid::new_v4().to_string(), "author": { "role": "user" }, "content": { "content_type": "text", "parts": [text] } }],
            }),
        ),
        Shape::ClaudeWeb => (
            format!("/api/organizations/demo/chat_conversations/{id}/completion"),
            json!({ "prompt": text, "model": "claude-sonnet-5", "attachments": [], "files": [] }),
        ),
        Shape::OpenAi => ("/v1/chat/completions".into(), json!({ "model": "gpt-5", "messages": [{ "role": "user", "content": text }] })),
        Shape::Anthropic => (
            "/v1/messages".into(),
            json!({ "model": "claude-sonnet-5", "max_tokens": 1024, "messages": [{ "role": "user", "content": text }] }),
        ),
        Shape::Gemini => (
            "/v1beta/models/gemini-3-flash:generateContent".into(),
            json!({ "contents": [{ "role": "user", "parts": [{ "text": text }] }] }),
        ),
        Shape::Field { path, name } => (path.into(), json!({ name: text, "chat_session_id": id })),
    }
}

const BOUNDARY: &str = "----sluisdemo7f3a91";

fn multipart(file: &str, text: &str) -> String {
    let kind = if file.ends_with(".csv") { "text/csv" } else { "text/plain" };
    format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nuser_data\r\n\
         --{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file}\"\r\nContent-Type: {kind}\r\n\r\n{text}\r\n--{BOUNDARY}--\r\n"
    )
}

/// One GET in clear on loopback, for the proxy's own pages for machines; none where there is no answer.
pub(super) async fn fetch(address: SocketAddr, path: &str) -> Option<(StatusCode, String)> {
    let exchange = async {
        let tcp = TcpStream::connect(address).await.ok()?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(tcp)).await.ok()?;
        let driver = tokio::spawn(connection);
        let request = Request::get(path).header(header::HOST, address.to_string()).body(Empty::<Bytes>::new()).ok()?;
        let response = sender.send_request(request).await.ok()?;
        let status = response.status();
        let body = http_body_util::Limited::new(response.into_body(), 4 * 1024 * 1024).collect().await.ok()?.to_bytes();
        driver.abort();
        Some((status, String::from_utf8_lossy(&body).into_owned()))
    };
    tokio::time::timeout(Duration::from_secs(5), exchange).await.ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_employee_has_tools_that_exist_and_enough_colleagues_to_hide_among() {
        assert!(EMPLOYEES.len() >= 12);
        assert!(EMPLOYEES.iter().flat_map(|e| e.tools).all(|at| *at < TOOLS.len()));
        // Overviews show groups of five or more: the main tools must be used by as many.
        for at in [0, 1, 2, 5, 6] {
            assert!(EMPLOYEES.iter().filter(|e| e.tools.contains(&at)).count() >= 5, "{}", TOOLS[at].host);
        }
    }

    #[test]
    fn the_link_to_go_on_is_found_in_json_and_in_a_page() {
        assert_eq!(
            link_in(r#"{"message":"... http://sluis.internal/continue/ab-c_1."}"#).as_deref(),
            Some("http://sluis.internal/continue/ab-c_1")
        );
        assert_eq!(link_in(r#"<a href="http://sluis.internal/continue/x?y=1">"#).as_deref(), Some("http://sluis.internal/continue/x?y=1"));
        assert_eq!(link_in("nothing"), None);
    }
}
