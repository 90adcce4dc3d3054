//! The event: what is kept of one decision, and how it is written as one JSON object.
//!
//! Takes plain values, gives JSON without line breaks. No field has a type that could hold a prompt, an answer or a file; the text of
//! [`crate::text::PromptText`] cannot be serialised, so it cannot come in by accident either.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One decision. Never in it: the prompt, the answer, a file, a cookie, a token, a bare user name.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Event {
    /// UUIDv7.
    pub id: String,
    /// RFC 3339, UTC, microseconds.
    pub time: String,
    pub organisation: String,
    pub node: String,
    /// Keyed pseudonym (the user name only where `privacy.pseudonyms: false`).
    pub subject: String,
    pub groups: Vec<String>,
    pub domain: String,
    pub tool: String,
    pub category: String,
    pub kind: String,
    pub host: String,
    pub direction: String,
    pub model: Option<String>,
    /// Keyed hash of the tool's conversation id.
    pub conversation: Option<String>,
    /// What was done: `allow warn redact redirect block`.
    pub action: String,
    pub rule: Option<String>,
    /// `enforce` or `observe`.
    pub mode: String,
    /// Register status of the tool.
    pub status: String,
    pub class: String,
    pub findings: Vec<FindingCount>,
    pub justification: Option<String>,
    pub purpose: Option<String>,
    pub bytes_in: u64,
    pub bytes_out: u64,
    pub tokens_in: Option<u64>,
    pub tokens_out: Option<u64>,
    /// Microseconds that Sluis added.
    pub added_us: u64,
    /// Version hash of the policy.
    pub policy: String,
    /// Client family (`firefox`, `openai-python`), never a full User-Agent.
    pub client: String,
    pub reason: ReasonText,
    /// Hash of the line before; set by the audit log, left empty by callers.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub previous: String,
    /// Hash of this line; set by the audit log, left empty by callers.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hash: String,
}

/// How often one detector found something in a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FindingCount {
    pub detector: String,
    pub class: String,
    pub count: u64,
    /// The highest confidence among them, 0 to 1.
    pub confidence: f32,
}

/// The sentence that the employee read, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReasonText {
    pub nl: String,
    pub en: String,
}

/// What is known only when the answer has ended; joined to its event by `id`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub id: String,
    pub bytes_out: u64,
    pub tokens_in: Option<u64>,
    pub tokens_out: Option<u64>,
}

impl Outcome {
    /// Puts what the answer showed into its event. Tokens that the answer did not name leave the event's own.
    pub fn merge_into(&self, event: &mut Event) {
        event.bytes_out = self.bytes_out;
        event.tokens_in = self.tokens_in.or(event.tokens_in);
        event.tokens_out = self.tokens_out.or(event.tokens_out);
    }
}

/// What the audit log says about itself: a repaired end, a missing head. Chained like everything else, so that it stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub time: String,
    /// `torn-line`, `truncated`, `head-missing`, `head-invalid`, `damaged-line`.
    pub what: String,
    /// A sentence for the operator.
    pub detail: String,
}

/// One line of the audit log.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    Event(Box<Event>),
    Outcome(Outcome),
    Notice(Notice),
}

#[derive(Serialize, Deserialize)]
struct OutcomeLine<O> {
    outcome: O,
}

#[derive(Serialize, Deserialize)]
struct NoticeLine<N> {
    notice: N,
}

impl Entry {
    /// Reads one line of the audit log.
    pub fn parse(line: &[u8]) -> serde_json::Result<Self> {
        if line.starts_with(br#"{"outcome":"#) {
            serde_json::from_slice::<OutcomeLine<Outcome>>(line).map(|l| Self::Outcome(l.outcome))
        } else if line.starts_with(br#"{"notice":"#) {
            serde_json::from_slice::<NoticeLine<Notice>>(line).map(|l| Self::Notice(l.notice))
        } else {
            serde_json::from_slice(line).map(|event| Self::Event(Box::new(event)))
        }
    }

    /// Writes the JSON object, without `previous` and `hash` where those are empty.
    pub fn write(&self, out: &mut Vec<u8>) -> serde_json::Result<()> {
        match self {
            Self::Event(event) => serde_json::to_writer(out, event),
            Self::Outcome(outcome) => serde_json::to_writer(out, &OutcomeLine { outcome }),
            Self::Notice(notice) => serde_json::to_writer(out, &NoticeLine { notice }),
        }
    }
}

/// A new event id: UUIDv7, so that ids sort by time.
pub fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// A moment as events write it: RFC 3339, UTC, always six decimals, so that text order is time order.
pub fn write_time(moment: Timestamp) -> String {
    format!("{moment:.6}")
}

/// Microseconds since 1970 of an event: from its `time`, else from its UUIDv7, else 0.
pub fn microseconds(event: &Event) -> i64 {
    if let Ok(moment) = event.time.parse::<Timestamp>() {
        return moment.as_microsecond();
    }
    let from_id = uuid::Uuid::try_parse(&event.id).ok().and_then(|id| id.get_timestamp());
    from_id.map_or(0, |stamp| {
        let (seconds, nanos) = stamp.to_unix();
        i64::try_from(seconds).unwrap_or(0).saturating_mul(1_000_000).saturating_add(i64::from(nanos / 1000))
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// An ordinary event of about 1 KB.
    pub(crate) fn sample(subject: &str, tool: &str, action: &str) -> Event {
        Event {
            id: new_id(),
            time: write_time(Timestamp::now()),
            organisation: "gemeente-voorbeeld".into(),
            node: "sluis-1".into(),
            subject: subject.into(),
            groups: vec!["sociaal-domein".into(), "beleid".into()],
            domain: "sociaal".into(),
            tool: tool.into(),
            category: "chat".into(),
            kind: "generative".into(),
            host: "chatgpt.com".into(),
            direction: "prompt".into(),
            model: Some("gpt-5".into()),
            conversation: Some("c-0f3a9d1c77b24e5e8f10".into()),
            action: action.into(),
            rule: Some("geen-bsn".into()),
            mode: "enforce".into(),
            status: "approved".into(),
            class: "personal".into(),
            findings: vec![FindingCount { detector: "nl.bsn".into(), class: "personal".into(), count: 1, confidence: 0.95 }],
            justification: None,
            purpose: None,
            bytes_in: 2048,
            bytes_out: 0,
            tokens_in: None,
            tokens_out: None,
            added_us: 412,
            policy: "9c1f2a7b".into(),
            client: "firefox".into(),
            reason: ReasonText {
                nl: "Dit bericht bevat een BSN en is niet verstuurd. Haal het nummer weg en probeer het opnieuw.".into(),
                en: "This message contains a citizen service number (BSN) and was not sent. Remove it and try again.".into(),
            },
            previous: String::new(),
            hash: String::new(),
        }
    }

    #[test]
    fn every_kind_of_line_reads_back_as_it_was_written() {
        let outcome = Outcome { id: "x".into(), bytes_out: 7, tokens_in: Some(1), tokens_out: None };
        let notice = Notice { time: "t".into(), what: "torn-line".into(), detail: "d".into() };
        for entry in [Entry::Event(Box::new(sample("p-1", "chatgpt", "block"))), Entry::Outcome(outcome), Entry::Notice(notice)] {
            let mut line = Vec::new();
            entry.write(&mut line).unwrap();
            assert!(!line.contains(&b'\n'));
            assert_eq!(Entry::parse(&line).unwrap(), entry);
        }
    }

    #[test]
    fn times_always_have_six_decimals_so_that_text_order_is_time_order() {
        assert_eq!(write_time(Timestamp::from_microsecond(1_790_000_000_500_000).unwrap()), "2026-09-21T14:13:20.500000Z");
        assert_eq!(write_time(Timestamp::from_second(0).unwrap()), "1970-01-01T00:00:00.000000Z");
    }

    #[test]
    fn an_event_without_a_readable_time_takes_it_from_its_id() {
        let mut event = sample("p-1", "chatgpt", "allow");
        let known = microseconds(&event);
        event.time = "yesterday".into();
        assert!((microseconds(&event) - known).abs() < 1_000_000);
        event.id = "x".into();
        assert_eq!(microseconds(&event), 0);
    }

    #[test]
    fn an_event_made_for_a_message_does_not_hold_the_words_of_the_message() {
        use crate::text::PromptText;
        use crate::wire::{Direction, Message, Part, Role};
        let secret = "Mevrouw Jansen, BSN 111222333, heeft een uitkering";
        let message = Message {
            direction: Direction::Prompt,
            model: Some("gpt-5".into()),
            conversation: Some("conv-123".into()),
            stream: false,
            before_send: false,
            parts: vec![Part { text: PromptText::new(secret.into()), role: Role::User, label: "content".into(), place: None }],
            unreadable: None,
            call: None,
        };
        let mut event = sample("p-1", "chatgpt", "block");
        event.direction = message.direction.as_str().into();
        event.model = message.model.clone();
        event.bytes_in = message.parts.iter().map(|part| part.text.len() as u64).sum();
        event.reason.en = format!("{:?}", message.parts[0].text); // even a careless caller gets a length only
        let mut line = Vec::new();
        Entry::Event(Box::new(event)).write(&mut line).unwrap();
        let line = String::from_utf8(line).unwrap();
        for word in secret.split_whitespace().filter(|word| word.len() > 6) {
            assert!(!line.contains(word), "{word} stands in the event");
        }
        assert!(!line.contains("conv-123"));
    }
}
