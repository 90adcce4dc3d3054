//! What an answer cost: tokens in, tokens out, and the model that gave it, read while the answer passes.
//!
//! Looks for the few keys that carry usage in the raw bytes, in any of the forms; reads OpenAI (chat, responses), Anthropic, Gemini, Bedrock
//! converse, Cohere and Ollama. Unescaped quotes cannot stand inside a JSON string, so words of the answer are never taken for a count.
//! Keeps at most [`WINDOW`] bytes between chunks, and never the answer. Gives `None` where the answer names no count; estimating is the caller's.

use super::AnswerForm;
use memchr::memmem::Finder;
use std::sync::LazyLock;

/// What an answer cost.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Usage {
    /// Tokens read by the model, cached ones included.
    pub tokens_in: Option<u64>,
    /// Tokens written by the model, reasoning included.
    pub tokens_out: Option<u64>,
    /// The model as the answer names it, at most 128 bytes.
    pub model: Option<String>,
}

/// A usage object longer than this is not read.
const WINDOW: usize = 4096;
/// Longer model names are not kept.
const LONGEST_MODEL: usize = 128;

static USAGE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\"usage"));
static MODEL: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\"model"));
static COUNT: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"eval_count\""));

/// Reads usage out of an answer that is pushed by in chunks.
#[derive(Debug)]
pub struct UsageReader {
    form: AnswerForm,
    /// The end of what came before: a key cut in two, or a value not yet complete.
    carry: Vec<u8>,
    model: Option<String>,
    counts: Counts,
}

#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    tokens_in: Option<u64>,
    tokens_out: Option<u64>,
    cache_read: Option<u64>,
    cache_written: Option<u64>,
    thoughts: Option<u64>,
    /// The input count leaves the cached tokens out (Anthropic's and Bedrock's names do, OpenAI's do not).
    cache_apart: bool,
}

/// What became of one needle in the window.
enum Read {
    /// Read, or not what it looked like: go on behind it.
    Past,
    /// The value goes on in the next chunk.
    More,
}

impl UsageReader {
    pub fn new(form: AnswerForm) -> Self {
        Self { form, carry: Vec::new(), model: None, counts: Counts::default() }
    }

    /// Takes the next bytes of the answer.
    pub fn push(&mut self, chunk: &[u8]) {
        if matches!(self.form, AnswerForm::Text | AnswerForm::Binary) || chunk.is_empty() {
            return;
        }
        if self.carry.is_empty() {
            let keep = self.look(chunk);
            self.carry.extend_from_slice(&chunk[keep.min(chunk.len())..]);
            return;
        }
        // Only the carry and the window behind it are copied; the rest of a large chunk is looked at in place.
        let mut window = std::mem::take(&mut self.carry);
        let kept = window.len();
        let near = chunk.len().min(WINDOW);
        window.extend_from_slice(&chunk[..near]);
        let keep = self.look(&window);
        if near == chunk.len() {
            window.drain(..keep.min(window.len()));
            self.carry = window;
            return;
        }
        let from = keep.saturating_sub(kept).min(near);
        let keep = from + self.look(&chunk[from..]);
        window.clear();
        window.extend_from_slice(&chunk[keep.min(chunk.len())..]);
        self.carry = window;
    }

    /// The answer has ended.
    pub fn finish(mut self) -> Usage {
        let rest = std::mem::take(&mut self.carry);
        if !rest.is_empty() {
            // A number at the very end of the answer needs no closing byte.
            let mut closed = rest;
            closed.push(b'\n');
            self.look(&closed);
        }
        let counts = self.counts;
        let cached = counts.cache_read.unwrap_or(0).saturating_add(counts.cache_written.unwrap_or(0));
        Usage {
            tokens_in: counts.tokens_in.map(|n| if counts.cache_apart { n.saturating_add(cached) } else { n }),
            tokens_out: match (counts.tokens_out, counts.thoughts) {
                (None, None) => None,
                (out, thoughts) => Some(out.unwrap_or(0).saturating_add(thoughts.unwrap_or(0))),
            },
            model: self.model,
        }
    }

    /// Looks through `window`; gives from where it must be seen again with what follows.
    fn look(&mut self, window: &[u8]) -> usize {
        let mut keep = window.len().saturating_sub(needle_tail(window));
        let mut at = 0;
        while let Some(found) = USAGE.find(&window[at..]) {
            let here = at + found;
            at = here + 6;
            match self.usage(&window[at..]) {
                Read::Past => {}
                Read::More if window.len() - here <= WINDOW => {
                    keep = keep.min(here);
                    break;
                }
                Read::More => {}
            }
        }
        if self.model.is_none() {
            let mut at = 0;
            while let Some(found) = MODEL.find(&window[at..]) {
                let here = at + found;
                at = here + 6;
                match self.model(&window[at..]) {
                    Read::Past if self.model.is_some() => break,
                    Read::Past => {}
                    Read::More => {
                        if window.len() - here <= 2 * LONGEST_MODEL {
                            keep = keep.min(here);
                        }
                        break;
                    }
                }
            }
        }
        if self.form == AnswerForm::JsonLines || self.form == AnswerForm::Json {
            let mut at = 0;
            while let Some(found) = COUNT.find(&window[at..]) {
                let here = at + found;
                at = here + 11;
                let input = window[..here].ends_with(b"\"prompt_");
                if !input && !window[..here].ends_with(b"\"") {
                    continue;
                }
                match number(&window[at..]) {
                    Some(Some(value)) if input => self.counts.tokens_in = Some(value),
                    Some(Some(value)) => self.counts.tokens_out = Some(value),
                    Some(None) => {}
                    None if window.len() - here <= 64 => keep = keep.min(here.saturating_sub(8)),
                    None => {}
                }
            }
        }
        keep
    }

    /// Reads what follows `"usage`.
    fn usage(&mut self, text: &[u8]) -> Read {
        let mut rest = text;
        for name in [&b"Metadata"[..], b"_metadata"] {
            if let Some(after) = rest.strip_prefix(name) {
                rest = after;
            } else if name.starts_with(rest) {
                return Read::More;
            }
        }
        let Some(after) = rest.strip_prefix(b"\"") else { return if rest.is_empty() { Read::More } else { Read::Past } };
        let Some(object) = value(after) else {
            return if after.trim_ascii() == b"" || after.trim_ascii() == b":" { Read::More } else { Read::Past };
        };
        if object.first() != Some(&b'{') {
            return Read::Past;
        }
        let mut counts = self.counts;
        if members(object, &mut counts) {
            self.counts = counts;
            Read::Past
        } else {
            Read::More
        }
    }

    /// Reads what follows `"model`: the end of the key and the name.
    fn model(&mut self, text: &[u8]) -> Read {
        let mut rest = text;
        for name in [&b"Version"[..], b"_slug", b"_version"] {
            if let Some(after) = rest.strip_prefix(name) {
                rest = after;
                break;
            } else if name.starts_with(rest) {
                return Read::More;
            }
        }
        let Some(after) = rest.strip_prefix(b"\"") else { return if rest.is_empty() { Read::More } else { Read::Past } };
        let Some(string) = value(after) else {
            return if after.trim_ascii() == b"" || after.trim_ascii() == b":" { Read::More } else { Read::Past };
        };
        let Some(string) = string.strip_prefix(b"\"") else { return Read::Past };
        match string.iter().take(LONGEST_MODEL + 1).position(|&b| b == b'"' || b == b'\\') {
            Some(end) if string[end] == b'"' && end > 0 => {
                self.model = std::str::from_utf8(&string[..end]).ok().filter(|m| !m.chars().any(char::is_control)).map(str::to_owned);
                Read::Past
            }
            Some(_) => Read::Past,
            None if string.len() > LONGEST_MODEL => Read::Past,
            None => Read::More,
        }
    }
}

/// How many bytes at the end of a window could be the start of a needle, with what stands before `eval_count`.
fn needle_tail(window: &[u8]) -> usize {
    let last = &window[window.len().saturating_sub(20)..];
    let quote = last.iter().position(|&b| b == b'"').map_or(0, |at| last.len() - at);
    quote.min(window.len())
}

/// What follows the colon, less white space; none where the window ends first or there is no colon.
fn value(text: &[u8]) -> Option<&[u8]> {
    let value = text.trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
    if value.is_empty() { None } else { Some(value) }
}

/// A whole number behind a colon: `None` the window ends first, `Some(None)` something else stands there.
fn number(text: &[u8]) -> Option<Option<u64>> {
    let text = text.trim_ascii_start();
    if text.is_empty() {
        return None;
    }
    let Some(text) = text.strip_prefix(b":") else { return Some(None) };
    digits(text.trim_ascii_start()).map(|(value, _)| value)
}

/// The number at the start of `text` and the bytes it takes; `None` where the window ends before the number does.
fn digits(text: &[u8]) -> Option<(Option<u64>, usize)> {
    let length = text.iter().position(|b| !b.is_ascii_digit())?;
    let mut value: Option<u64> = if length == 0 { None } else { Some(0) };
    for digit in &text[..length] {
        value = value.and_then(|v| v.checked_mul(10)?.checked_add(u64::from(digit - b'0')));
    }
    Some((value, length))
}

/// Reads the counts among the direct members of an object; false where it does not end within `text`.
fn members(text: &[u8], counts: &mut Counts) -> bool {
    let (mut depth, mut at) = (0_u32, 0);
    while let Some(&byte) = text.get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return true;
                }
            }
            b'"' => {
                let Some(length) = string_length(&text[at + 1..]) else { return false };
                let key = &text[at + 1..at + 1 + length];
                at += length + 2;
                if counted(depth, key) {
                    let Some(value) = number(&text[at..]) else { return false };
                    if value.is_some() {
                        counts.set(key, value);
                    }
                }
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    false
}

fn counted(depth: u32, key: &[u8]) -> bool {
    // Cohere nests its counts once (`usage.tokens.input_tokens`); details of OpenAI nest other names.
    depth <= 2 && Counts::slot(key).is_some()
}

enum Slot {
    In,
    Out,
    CacheRead,
    CacheWritten,
    Thoughts,
}

impl Counts {
    fn slot(key: &[u8]) -> Option<Slot> {
        Some(match key {
            b"prompt_tokens" | b"input_tokens" | b"promptTokenCount" | b"prompt_token_count" | b"inputTokens" => Slot::In,
            b"completion_tokens" | b"output_tokens" | b"candidatesTokenCount" | b"candidates_token_count" | b"outputTokens" => Slot::Out,
            b"cache_read_input_tokens" | b"cacheReadInputTokens" => Slot::CacheRead,
            b"cache_creation_input_tokens" | b"cacheWriteInputTokens" => Slot::CacheWritten,
            b"thoughtsTokenCount" | b"thoughts_token_count" => Slot::Thoughts,
            _ => return None,
        })
    }

    fn set(&mut self, key: &[u8], value: Option<u64>) {
        match Self::slot(key) {
            Some(Slot::In) => {
                self.tokens_in = value;
                self.cache_apart = matches!(key, b"input_tokens" | b"inputTokens");
            }
            Some(Slot::Out) => self.tokens_out = value,
            Some(Slot::CacheRead) => self.cache_read = value,
            Some(Slot::CacheWritten) => self.cache_written = value,
            Some(Slot::Thoughts) => self.thoughts = value,
            None => {}
        }
    }
}

fn string_length(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr::memchr2(b'"', b'\\', text.get(at..)?)?;
        if text[at] == b'"' {
            return Some(at);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: AnswerForm, answer: &str) -> Usage {
        let bytes = answer.as_bytes();
        let mut whole = UsageReader::new(form);
        whole.push(bytes);
        let whole = whole.finish();
        for cut in 0..bytes.len() {
            let mut reader = UsageReader::new(form);
            reader.push(&bytes[..cut]);
            reader.push(&bytes[cut..]);
            assert_eq!(reader.finish(), whole, "cut at {cut}");
        }
        let mut single = UsageReader::new(form);
        bytes.chunks(1).for_each(|b| {
            single.push(b);
            assert!(single.carry.len() <= WINDOW);
        });
        assert_eq!(single.finish(), whole);
        whole
    }

    fn usage(tokens_in: u64, tokens_out: u64, model: &str) -> Usage {
        Usage { tokens_in: Some(tokens_in), tokens_out: Some(tokens_out), model: Some(model.to_owned()) }
    }

    #[test]
    fn openai_chat_counts_are_read_from_a_document_and_from_the_last_chunk() {
        let json = r#"{"id":"c","model":"gpt-4o","choices":[{"message":{"content":"\"usage\":{\"prompt_tokens\":9} en \"model\":\"x\""}}],"usage":{"prompt_tokens":12,"completion_tokens":34,"total_tokens":46,"prompt_tokens_details":{"cached_tokens":5}}}"#;
        assert_eq!(read(AnswerForm::Json, json), usage(12, 34, "gpt-4o"));
        let stream = "data: {\"model\":\"gpt-4o\",\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"usage\":null}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\": 1,\"completion_tokens\": 2}}\n\ndata: [DONE]\n\n";
        assert_eq!(read(AnswerForm::EventStream, stream), usage(1, 2, "gpt-4o"));
    }

    #[test]
    fn openai_responses_counts_are_read_from_the_completed_event() {
        let stream = "event: response.created\ndata: {\"response\":{\"model\":\"gpt-5\",\"usage\":null}}\n\nevent: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"usage\":{\"input_tokens\":7,\"input_tokens_details\":{\"cached_tokens\":3},\"output_tokens\":8}}}\n\n";
        assert_eq!(read(AnswerForm::EventStream, stream), usage(7, 8, "gpt-5"));
    }

    #[test]
    fn anthropic_counts_are_cumulative_and_include_the_cache() {
        let stream = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"model\":\"claude\",\"usage\":{\"input_tokens\":10,\"cache_creation_input_tokens\":100,\"cache_read_input_tokens\":1000,\"output_tokens\":1,\"cache_creation\":{\"ephemeral_5m_input_tokens\":100}}}}\n\nevent: message_delta\ndata: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":55}}\n\n";
        assert_eq!(read(AnswerForm::EventStream, stream), usage(1110, 55, "claude"));
    }

    #[test]
    fn cached_tokens_are_not_counted_twice_where_the_input_count_holds_them() {
        let json = r#"{"model":"m","usage":{"prompt_tokens":1110,"completion_tokens":5,"cache_read_input_tokens":1000}}"#;
        assert_eq!(read(AnswerForm::Json, json), usage(1110, 5, "m"));
    }

    #[test]
    fn gemini_counts_include_the_thoughts() {
        let stream = "data: {\"candidates\":[],\"usageMetadata\":{\"promptTokenCount\":4,\"candidatesTokenCount\":1},\"modelVersion\":\"gemini-3\"}\r\n\r\ndata: {\"usageMetadata\":{\"promptTokenCount\":4,\"candidatesTokenCount\":5,\"thoughtsTokenCount\":6,\"promptTokensDetails\":[{\"modality\":\"TEXT\",\"tokenCount\":4}]}}\r\n\r\n";
        assert_eq!(read(AnswerForm::EventStream, stream), usage(4, 11, "gemini-3"));
    }

    #[test]
    fn ollama_counts_are_read_from_the_last_line() {
        let lines = "{\"model\":\"llama\",\"message\":{\"content\":\"a\"},\"done\":false}\n{\"model\":\"llama\",\"done\":true,\"prompt_eval_count\":26,\"eval_count\":298}\n";
        assert_eq!(read(AnswerForm::JsonLines, lines), usage(26, 298, "llama"));
    }

    #[test]
    fn an_answer_without_counts_has_none() {
        assert_eq!(read(AnswerForm::EventStream, "data: {\"v\":\"hallo\"}\n\ndata: [DONE]\n\n"), Usage::default());
        assert_eq!(read(AnswerForm::Json, r#"{"usage":{"prompt_tokens":"#), Usage::default());
        assert_eq!(read(AnswerForm::Json, r#"{"usage":{"prompt_tokens":99999999999999999999999}}"#), Usage::default());
        assert_eq!(read(AnswerForm::Text, "\"usage\":{\"prompt_tokens\":1}"), Usage::default());
    }

    #[test]
    fn an_endless_usage_object_does_not_grow_the_window() {
        let mut reader = UsageReader::new(AnswerForm::Json);
        reader.push(b"{\"usage\":{\"a\":\"");
        for _ in 0..1000 {
            reader.push(&[b'x'; 100]);
            assert!(reader.carry.len() <= WINDOW);
        }
        reader.push(b"\"},\"usage\":{\"input_tokens\":3,\"output_tokens\":4}}");
        assert_eq!(reader.finish().tokens_out, Some(4));
    }
}
