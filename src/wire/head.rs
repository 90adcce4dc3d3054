//! What a request says about itself before its body: host, path and headers.
//!
//! Takes the request's head in borrowed form; gives the few facts that the shapes and the chamber ask for. Reads no body and keeps nothing.

use http::header::{self, HeaderName};
use http::{HeaderMap, Method};

/// Names that are looked up for every request, parsed once.
const AMZ_CONTENT: HeaderName = HeaderName::from_static("x-amz-content-sha256");
const DIGEST: HeaderName = HeaderName::from_static("digest");
const SIGNATURE: HeaderName = HeaderName::from_static("signature");

/// The head of a request. `host` is lower-case, without a port or trailing dot; `path` is without the query.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    pub method: &'a Method,
    pub host: &'a str,
    pub path: &'a str,
    pub query: Option<&'a str>,
    pub headers: &'a HeaderMap,
}

impl<'a> Head<'a> {
    /// A header's value, where it is there and printable.
    pub(super) fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whether the host is `suffix` or below it.
    pub(super) fn on(&self, suffix: &str) -> bool {
        self.host.strip_suffix(suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }

    pub(super) fn content_type(&self) -> ContentType<'a> {
        ContentType::new(self.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or(""))
    }

    /// Calls whose signature or check covers the words: changing one would break the call, so nothing in it can be rewritten.
    pub(super) fn body_bound(&self) -> bool {
        self.headers.contains_key(AMZ_CONTENT)
            || self.headers.get(header::AUTHORIZATION).is_some_and(|v| v.as_bytes().starts_with(b"AWS4-"))
            || (self.headers.contains_key(DIGEST) && self.headers.contains_key(SIGNATURE))
            || (self.on("deepl.com") && self.path.ends_with("/jsonrpc"))
            || self.path.contains("MakerSuiteService/")
    }
}

/// A media type and its parameters.
#[derive(Debug, Clone, Copy)]
pub(super) struct ContentType<'a> {
    /// `type/subtype` as written.
    pub essence: &'a str,
    parameters: &'a str,
}

impl<'a> ContentType<'a> {
    pub fn new(value: &'a str) -> Self {
        let (essence, parameters) = value.split_once(';').unwrap_or((value, ""));
        Self { essence: essence.trim(), parameters }
    }

    pub fn is(&self, essence: &str) -> bool {
        self.essence.eq_ignore_ascii_case(essence)
    }

    /// Whether it begins with `start` (such as `text/`), in any case.
    pub fn begins(&self, start: &str) -> bool {
        self.essence.get(..start.len()).is_some_and(|s| s.eq_ignore_ascii_case(start))
    }

    /// Whether it ends with `end` (such as `+json`), in any case.
    pub fn ends(&self, end: &str) -> bool {
        self.essence.len().checked_sub(end.len()).and_then(|at| self.essence.get(at..)).is_some_and(|s| s.eq_ignore_ascii_case(end))
    }

    /// A parameter, unquoted. Quoted values may hold semicolons.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let mut rest = self.parameters;
        while !rest.is_empty() {
            let (key, after) = rest.split_once('=')?;
            let key = key.trim().trim_start_matches(';').trim();
            let after = after.trim_start();
            let (value, next) = match after.strip_prefix('"') {
                Some(quoted) => quoted_string(quoted),
                None => {
                    let (value, next) = after.split_once(';').unwrap_or((after, ""));
                    (value.trim().to_owned(), next)
                }
            };
            if key.eq_ignore_ascii_case(name) {
                return Some(value);
            }
            rest = next;
        }
        None
    }
}

/// Reads a quoted string from behind its opening quote: its text, and what follows.
fn quoted_string(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (value, text.get(at + 1..).unwrap_or("")),
            '\\' => match chars.next() {
                Some((_, next @ ('"' | '\\'))) => value.push(next),
                Some((_, next)) => value.extend(['\\', next]),
                None => {}
            },
            other => value.push(other),
        }
    }
    (value, "")
}

/// Whether a browser is going to a page, as against a script fetching: a refusal is then our own page.
/// Fetch metadata decides where the browser sends it; otherwise a GET or POST that prefers HTML.
pub fn is_navigation(head: &Head<'_>) -> bool {
    if let Some(mode) = head.header("sec-fetch-mode") {
        return mode.eq_ignore_ascii_case("navigate");
    }
    if *head.method != Method::GET && *head.method != Method::POST {
        return false;
    }
    if head.header("x-requested-with").is_some() || head.headers.contains_key(header::UPGRADE) {
        return false;
    }
    head.header("accept").is_some_and(|accept| accept.trim_start().starts_with("text/html"))
}

/// Families in the order in which they are tried: the first needle that stands in the user agent names it.
const FAMILIES: &[(&str, &str)] = &[
    ("claude-cli", "claude-code"),
    ("claude-code", "claude-code"),
    ("codex_", "codex"),
    ("codex-", "codex"),
    ("geminicli", "gemini-cli"),
    ("githubcopilot", "github-copilot"),
    ("copilot/", "github-copilot"),
    ("cursor/", "cursor"),
    ("asyncopenai/python", "openai-python"),
    ("openai/python", "openai-python"),
    ("openai/js", "openai-node"),
    ("openai/node", "openai-node"),
    ("openai/go", "openai-go"),
    ("openai/java", "openai-java"),
    ("asyncanthropic/python", "anthropic-python"),
    ("anthropic/python", "anthropic-python"),
    ("anthropic/js", "anthropic-node"),
    ("google-genai-sdk", "google-genai"),
    ("google-api-python", "google-genai"),
    ("mistral-client", "mistral"),
    ("mistralai", "mistral"),
    ("cohere", "cohere"),
    ("groq/", "groq"),
    ("ollama", "ollama"),
    ("deepl", "deepl"),
    ("huggingface", "huggingface"),
    ("boto3", "boto3"),
    ("botocore", "boto3"),
    ("aws-sdk", "aws-sdk"),
    ("ai-sdk", "ai-sdk"),
    ("langchain", "langchain"),
    ("chatgpt/", "chatgpt-app"),
    ("claude/", "claude-app"),
    ("curl/", "curl"),
    ("wget/", "wget"),
    ("powershell", "powershell"),
    ("python-httpx", "python"),
    ("python-requests", "python"),
    ("aiohttp", "python"),
    ("python-urllib", "python"),
    ("node-fetch", "node"),
    ("undici", "node"),
    ("axios", "node"),
    ("go-http-client", "go"),
    ("okhttp", "java"),
    ("java/", "java"),
    ("vscode", "vscode"),
    ("code/", "vscode"),
    ("jetbrains", "jetbrains"),
    ("electron", "electron"),
    ("edg/", "edge"),
    ("edga/", "edge"),
    ("edgios/", "edge"),
    ("opr/", "opera"),
    ("vivaldi", "vivaldi"),
    ("samsungbrowser", "samsung"),
    ("firefox/", "firefox"),
    ("fxios/", "firefox"),
    ("crios/", "chrome"),
    ("chrome/", "chrome"),
    ("chromium/", "chrome"),
    ("safari/", "safari"),
];

/// Which program speaks, in a bounded set of names, so that it can be a label and a policy field. The user agent itself is never kept.
pub fn client_family(user_agent: &str) -> &'static str {
    // A fixed buffer bounds the work whatever the header holds, and spares an allocation.
    let mut buffer = [0u8; 512];
    let mut length = 0;
    for (slot, byte) in buffer.iter_mut().zip(user_agent.bytes()) {
        *slot = byte.to_ascii_lowercase();
        length += 1;
    }
    let lower = buffer.get(..length).unwrap_or_default();
    FAMILIES.iter().find(|(needle, _)| memchr::memmem::find(lower, needle.as_bytes()).is_some()).map_or("other", |(_, family)| family)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn navigation(method: Method, headers: &[(&'static str, &'static str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        is_navigation(&Head { method: &method, host: "chatgpt.com", path: "/", query: None, headers: &map })
    }

    #[test]
    fn a_page_visit_is_told_from_a_fetch() {
        assert!(navigation(Method::GET, &[("sec-fetch-mode", "navigate"), ("accept", "*/*")]));
        assert!(!navigation(Method::GET, &[("sec-fetch-mode", "cors"), ("accept", "text/html")]));
        assert!(navigation(Method::GET, &[("accept", "text/html,application/xhtml+xml")]));
        assert!(!navigation(Method::PUT, &[("accept", "text/html")]));
        assert!(!navigation(Method::POST, &[("accept", "application/json")]));
        assert!(!navigation(Method::GET, &[]));
    }

    #[test]
    fn clients_fall_into_families() {
        for (agent, family) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "firefox"),
            ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36", "chrome"),
            ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0", "edge"),
            ("Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15", "safari"),
            ("curl/8.14.1", "curl"),
            ("OpenAI/Python 3.54.0", "openai-python"),
            ("AsyncOpenAI/Python 3.54.0", "openai-python"),
            ("OpenAI/JS 6.49.0", "openai-node"),
            ("Anthropic/Python 2.12.0", "anthropic-python"),
            ("google-genai-sdk/3.4.0 gl-python/3.13", "google-genai"),
            ("claude-cli/2.0.1 (external, cli)", "claude-code"),
            ("", "other"),
            ("é€ something else", "other"),
        ] {
            assert_eq!(client_family(agent), family, "{agent}");
        }
    }

    #[test]
    fn parameters_of_a_content_type_may_be_quoted() {
        let parsed = ContentType::new(r#"Multipart/Form-Data; x="a;b=\"c"; Boundary="-- a;b ""#);
        assert!(parsed.is("multipart/form-data") && parsed.begins("multipart/") && !parsed.begins("text/"));
        assert_eq!(parsed.parameter("boundary").as_deref(), Some("-- a;b "));
        assert_eq!(parsed.parameter("x").as_deref(), Some("a;b=\"c"));
        assert_eq!(ContentType::new("text/plain;charset=UTF-8").parameter("charset").as_deref(), Some("UTF-8"));
    }
}
