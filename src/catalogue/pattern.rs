//! The notation of `hosts`: which host names and paths belong to a tool.
//!
//! `x.com` covers itself and every name below it; `*` alone is one label (or path segment), `*` inside a label is any run of characters;
//! `x.com/a/b` is only that path and what lies below it, on segment borders; `x.com/(ai)` is every path with a segment that is a word for AI.
//! Matching takes text from outside: it never allocates, never panics, and sees through case, `//`, `/./`, `/../` and percent-encoding.

/// Segments that mean AI in a product whose paths are not known, also in the plural.
const AI_WORDS: [&str; 6] = ["ai", "assistant", "copilot", "genai", "llm", "agent"];
/// Deepest path that is looked at; patterns are shorter.
const DEPTH: usize = 32;

/// One entry of `hosts`, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    /// Labels from the top-level domain down.
    pub labels: Vec<Glob>,
    pub path: PathRule,
}

/// Which paths of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PathRule {
    Whole,
    Below(Vec<Glob>),
    AiWord,
}

/// One label or segment; `*` stands for a run of characters, alone for a whole label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Glob(Box<str>);

impl Glob {
    /// The text, where it holds no `*`.
    pub fn literal(&self) -> Option<&str> {
        (!self.0.contains('*')).then_some(&*self.0)
    }

    /// Whether `text` fits, ignoring the case of ASCII letters.
    pub fn fits(&self, text: &[u8]) -> bool {
        let pattern = self.0.as_bytes();
        if pattern == b"*" {
            return !text.is_empty();
        }
        let (mut at, mut here) = (0, 0);
        // Where to go on after a mismatch: behind the last star, one character further into the text.
        let mut retry: Option<(usize, usize)> = None;
        while here < text.len() {
            if pattern.get(at) == Some(&b'*') {
                retry = Some((at + 1, here));
                at += 1;
            } else if pattern.get(at).is_some_and(|p| p.eq_ignore_ascii_case(&text[here])) {
                (at, here) = (at + 1, here + 1);
            } else if let Some((star, from)) = retry {
                retry = Some((star, from + 1));
                (at, here) = (star, from + 1);
            } else {
                return false;
            }
        }
        pattern[at..].iter().all(|p| *p == b'*')
    }
}

impl Pattern {
    /// Reads one entry; the error is a sentence about it, with a remedy where one is known.
    pub fn parse(text: &str) -> Result<Self, (String, Option<String>)> {
        let wrong = |message: String, remedy: &str| Err((message, (!remedy.is_empty()).then(|| remedy.to_owned())));
        if let Some((scheme, rest)) = text.split_once("://") {
            return wrong(format!("'{text}' starts with {scheme}://"), &format!("write '{}'", rest.trim_end_matches('/')));
        }
        let (host, path) = text.split_once('/').map_or((text, None), |(host, path)| (host, Some(path)));
        if host.is_ascii() && host.chars().any(|c| c.is_ascii_uppercase()) {
            let lower = host.to_ascii_lowercase();
            return wrong(format!("'{host}' has capital letters"), &format!("write '{lower}'"));
        }
        if !host.is_ascii() {
            return wrong(format!("'{host}' has letters outside ASCII"), "write the name as it goes over the wire, starting with xn--");
        }
        if host.contains(':') {
            return wrong(format!("'{host}' has a port"), "leave the port out: a tool is known by its name");
        }
        let labels: Vec<&str> = host.split('.').collect();
        for label in &labels {
            if label.is_empty() || label.len() > 63 || !label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'*'))
            {
                return wrong(format!("'{host}' is not a host name"), "labels hold letters, digits, - and *, with one dot between them");
            }
        }
        if labels.len() < 2 || labels.iter().rev().take(2).any(|label| label.contains('*')) {
            return wrong(format!("'{host}' is too wide"), "name at least the last two labels, such as example.com");
        }
        let labels = labels.into_iter().rev().map(|label| Glob(label.into())).collect();
        let path = match path {
            None => PathRule::Whole,
            Some("(ai)") => PathRule::AiWord,
            Some(path) => {
                let segments: Vec<&str> = path.split('/').collect();
                if segments.iter().any(|s| s.is_empty() || *s == "." || *s == "..") || path.contains(['?', '#', '%', '(', ')', ' ']) {
                    let shorter = path.trim_matches('/').split(['?', '#']).next().unwrap_or("");
                    return wrong(
                        format!("'/{path}' is not a plain path"),
                        &if shorter.is_empty() { format!("write '{host}'") } else { format!("write '{host}/{shorter}'") },
                    );
                }
                if segments.len() >= DEPTH {
                    return wrong(format!("'/{path}' is too deep"), "");
                }
                PathRule::Below(segments.into_iter().map(|s| Glob(s.into())).collect())
            }
        };
        Ok(Self { labels, path })
    }
}

impl PathRule {
    /// How specific the rule is where it fits: the number of segments plus one; none where it does not fit.
    pub fn fits(&self, path: &Segments<'_>) -> Option<usize> {
        match self {
            Self::Whole => Some(0),
            Self::AiWord => path.any(|found| found.iter().any(|segment| is_ai_word(segment))).then_some(1),
            Self::Below(rule) => path
                .any(|found| {
                    rule.len() <= found.len() && rule.iter().zip(found).all(|(glob, segment)| decoded(segment, |bytes| glob.fits(bytes)))
                })
                .then_some(rule.len() + 1),
        }
    }
}

fn is_ai_word(segment: &str) -> bool {
    decoded(segment, |bytes| {
        let singular = bytes.strip_suffix(b"s").or_else(|| bytes.strip_suffix(b"S")).unwrap_or(bytes);
        AI_WORDS.iter().any(|word| word.as_bytes().eq_ignore_ascii_case(bytes) || word.as_bytes().eq_ignore_ascii_case(singular))
    })
}

/// A path from outside, cut in segments without their parameters (`;x=y`), and with `.`, `..` and doubled slashes resolved (RFC 3986, 5.2.4).
/// Servers differ in what `%2f` and `\\` are: where a path has them, it is cut in both ways, and either may fit.
#[derive(Debug)]
pub(super) struct Segments<'a> {
    plain: Cut<'a>,
    loose: Option<Cut<'a>>,
}

#[derive(Debug)]
struct Cut<'a> {
    found: [&'a str; DEPTH],
    length: usize,
}

impl<'a> Segments<'a> {
    pub fn of(path: &'a str) -> Self {
        let path = path.split(['?', '#']).next().unwrap_or("");
        let is_loose = (0..path.len()).any(|at| other_slash(path, at) > 0);
        Self { plain: Cut::of(path, false), loose: is_loose.then(|| Cut::of(path, true)) }
    }

    fn any(&self, fits: impl Fn(&[&'a str]) -> bool) -> bool {
        fits(self.plain.segments()) || self.loose.as_ref().is_some_and(|loose| fits(loose.segments()))
    }
}

impl<'a> Cut<'a> {
    fn of(path: &'a str, loose: bool) -> Self {
        let (mut found, mut depth) = ([""; DEPTH], 0usize);
        let mut rest = Some(path);
        while let Some(path) = rest {
            let slash = |at: usize| {
                if path.as_bytes().get(at) == Some(&b'/') {
                    1
                } else if loose {
                    other_slash(path, at)
                } else {
                    0
                }
            };
            let end = (0..path.len()).find(|at| slash(*at) > 0);
            let segment = path.get(..end.unwrap_or(path.len())).unwrap_or("");
            rest = end.and_then(|end| path.get(end + slash(end)..));
            let segment = segment.split(';').next().unwrap_or("");
            match decoded(segment, |bytes| {
                if matches!(bytes, b"" | b".") {
                    0
                } else if bytes == b".." {
                    2
                } else {
                    1
                }
            }) {
                0 => {}
                1 => {
                    if let Some(place) = found.get_mut(depth) {
                        *place = segment;
                    }
                    depth += 1;
                }
                _ => depth = depth.saturating_sub(1),
            }
        }
        Self { found, length: depth.min(DEPTH) }
    }

    fn segments(&self) -> &[&'a str] {
        self.found.get(..self.length).unwrap_or_default()
    }
}

/// How many bytes at a place spell what some servers take for a slash.
fn other_slash(path: &str, at: usize) -> usize {
    match path.as_bytes().get(at..) {
        Some([b'\\', ..]) => 1,
        Some([b'%', b'2', b'f' | b'F', ..] | [b'%', b'5', b'c' | b'C', ..]) => 3,
        _ => 0,
    }
}

/// Hands the segment on with percent-encoding undone, without allocating; what is longer than any pattern is handed on as it stands.
fn decoded<R>(segment: &str, with: impl FnOnce(&[u8]) -> R) -> R {
    let bytes = segment.as_bytes();
    let mut buffer = [0u8; 256];
    if !bytes.contains(&b'%') || bytes.len() > buffer.len() {
        return with(bytes);
    }
    let (mut read, mut written) = (0, 0);
    while read < bytes.len() {
        let pair = bytes.get(read + 1..read + 3).and_then(|pair| Some((hex(pair[0])?, hex(pair[1])?)));
        let (byte, step) = match (bytes[read], pair) {
            (b'%', Some((high, low))) => (high << 4 | low, 3),
            (byte, _) => (byte, 1),
        };
        buffer[written] = byte;
        written += 1;
        read += step;
    }
    with(&buffer[..written])
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn glob(pattern: &str, text: &str) -> bool {
        Glob(pattern.into()).fits(text.as_bytes())
    }

    fn path(rule: &str, path: &str) -> bool {
        Pattern::parse(&format!("x.com/{rule}")).unwrap().path.fits(&Segments::of(path)).is_some()
    }

    #[test]
    fn a_star_alone_is_one_label_and_inside_a_label_any_run() {
        assert!(glob("*", "a") && !glob("*", ""));
        assert!(glob("*-aiplatform", "europe-west4-aiplatform") && !glob("*-aiplatform", "aiplatform"));
        assert!(glob("*genspark*", "genspark") && glob("*genspark*", "x-genspark-y") && !glob("*genspark*", "gensprk"));
        assert!(glob("a*b*c", "aXbYbZc") && !glob("a*b*c", "aXc") && glob("ABC", "abc"));
    }

    #[test]
    fn paths_fit_on_segment_borders_whatever_their_spelling() {
        for yes in ["/chat", "/chat/", "/chat/x", "//chat", "/./chat", "/x/../chat", "/Chat", "/%63hat", "/chat?x=1", "chat", "/../chat"] {
            assert!(path("chat", yes), "{yes}");
        }
        for no in ["/", "", "/chats", "/chat-x", "/x/chat", "/chat/..", "/%zzhat", "/c%68"] {
            assert!(!path("chat", no), "{no}");
        }
        assert!(
            path("accounts/*/ai", "/accounts/1/ai/run")
                && !path("accounts/*/ai", "/accounts/ai")
                && !path("accounts/*/ai", "/accounts//ai")
        );
    }

    #[test]
    fn paths_fit_however_they_are_escaped() {
        for yes in [
            "/x/%2e%2E/chat",
            "/x/.%2E/chat",
            "/%2E/chat",
            "/chat;v=1",
            "/chat;v=1/x",
            "/x/..;a=b/chat",
            "/x%2f../chat",
            "/x\\..\\chat",
            "%2Fchat",
            "\\chat",
            "/%5cchat",
            "/chat%2fx",
        ] {
            assert!(path("chat", yes), "{yes}");
        }
        assert!(path("a/*/ai", "/a/x%2fy/ai") && path("a/*/ai", "/a%2fx/ai") && path("(ai)", "/x%2fAI;v=1"));
        for no in ["/x%2fchat", "/;chat", "/chat%2f..", "/chat/%2e%2e"] {
            assert!(!path("chat", no), "{no}");
        }
    }

    #[test]
    fn words_for_ai_are_whole_segments() {
        assert!(path("(ai)", "/api/v2/ai/complete") && path("(ai)", "/Assistants") && path("(ai)", "/x/agents/1"));
        assert!(!path("(ai)", "/email") && !path("(ai)", "/maintain") && !path("(ai)", "/s"));
    }

    #[test]
    fn what_is_no_host_is_refused_with_a_remedy() {
        for (text, remedy) in [
            ("https://x.com/", "write 'x.com'"),
            ("X.com", "write 'x.com'"),
            ("x.com:443", "leave the port out: a tool is known by its name"),
            ("*.com", "name at least the last two labels, such as example.com"),
            ("com", "name at least the last two labels, such as example.com"),
            ("x..com", "labels hold letters, digits, - and *, with one dot between them"),
            ("bücher.example", "write the name as it goes over the wire, starting with xn--"),
            ("x.com/a/", "write 'x.com/a'"),
            ("x.com/", "write 'x.com'"),
            ("x.com/a?b", "write 'x.com/a'"),
        ] {
            assert_eq!(Pattern::parse(text).unwrap_err().1.as_deref(), Some(remedy), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_matching_panic(pattern in "[a-z*]{0,12}", text in ".{0,40}", path in "(/|[a-z%.0-9]|\\PC){0,400}") {
            glob(&pattern, &text);
            let segments = Segments::of(&path);
            for rule in [PathRule::AiWord, PathRule::Below(vec![Glob(pattern.into())])] {
                rule.fits(&segments);
            }
            let _ = Pattern::parse(&text);
        }
    }
}
