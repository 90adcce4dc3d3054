//! Whole answers of every family, cut everywhere: what the client reads is what the model wrote, with the values in place.

use super::{Placeholders, Restorer};
use crate::detect::Finding;
use crate::wire::answer::{AnswerForm, EventParser, Piece};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;

const EMAIL: &str = "j.\"jansen\"\\x@gemeente.nl";
const KEY: &str = "-----BEGIN KEY-----\nabc\n-----END KEY-----";

/// EMAIL-1, BSN-1 and CREDENTIAL-1.
fn placeholders() -> Arc<Placeholders> {
    let placeholders = Placeholders::new();
    for (detector, value) in [("email", EMAIL), ("nl.bsn", "111222333"), ("credential.private-key", KEY)] {
        let finding = Finding { detector: detector.into(), start: 0, end: value.len(), confidence: 1.0 };
        placeholders.redact(value, &[&finding]);
    }
    Arc::new(placeholders)
}

/// What the model writes, and what the employee must read.
const WORDS: &str =
    "Mail [EMAIL-1] of **[bsn-1]**, \\[EMAIL-1\\] é😀 [x] [EM [EMAIL-9] a\\n [EMAIL_1][BSN\u{2011}1] [CREDENTIAL-1] \\ [[EMAIL-1]] ([EM";

fn expected() -> String {
    format!("Mail {EMAIL} of **111222333**, {EMAIL} é😀 [x] [EM [EMAIL-9] a\\n {EMAIL}111222333 {KEY} \\ [{EMAIL}] ([EM")
}

fn restore(form: AnswerForm, chunks: &[&[u8]]) -> Vec<u8> {
    let mut restorer = Restorer::new(placeholders(), form);
    let mut out = Vec::new();
    for chunk in chunks {
        restorer.push(chunk, &mut out);
    }
    restorer.finish(&mut out);
    out
}

fn events(bytes: &[u8]) -> Vec<(String, String)> {
    let mut parser = EventParser::with_limit(8 << 20);
    let mut events = Vec::new();
    let mut sink = |piece: Piece<'_>| {
        if let Piece::Event(event) = piece
            && let Some(data) = event.data()
        {
            let name = event.name().unwrap_or_default();
            events.push((String::from_utf8_lossy(name).into_owned(), String::from_utf8_lossy(&data).into_owned()));
        }
    };
    parser.push(bytes, &mut sink);
    parser.finish(&mut sink);
    events
}

fn jsons(bytes: &[u8]) -> Vec<Value> {
    events(bytes)
        .iter()
        .filter(|(_, data)| data != "[DONE]")
        .map(|(_, data)| serde_json::from_str(data).expect("an event is JSON"))
        .collect()
}

fn sse(name: Option<&str>, data: &Value) -> String {
    name.map_or(String::new(), |name| format!("event: {name}\n")) + &format!("data: {data}\n\n")
}

/// A family: how it sends deltas, and how its client reads them.
struct Family {
    name: &'static str,
    form: AnswerForm,
    write: fn(&[&str]) -> String,
    read: fn(&[u8]) -> String,
    /// The words are JSON (a tool's arguments).
    json: bool,
}

fn family(name: &'static str, write: fn(&[&str]) -> String, read: fn(&[u8]) -> String) -> Family {
    Family { name, form: AnswerForm::EventStream, write, read, json: false }
}

fn text_at(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or("").to_owned()
}

fn families() -> Vec<Family> {
    let chat = family(
        "openai chat",
        |deltas| {
            let mut out =
                sse(None, &json!({"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}));
            for d in deltas {
                out += &sse(None, &json!({"model":"m","choices":[{"index":0,"delta":{"content":d},"finish_reason":null}]}));
                out += ": keep-alive\n\n";
            }
            out += &sse(None, &json!({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}));
            out += &sse(None, &json!({"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}));
            out + "data: [DONE]\n\n"
        },
        |bytes| {
            let mut finished = false;
            jsons(bytes)
                .iter()
                .map(|v| {
                    let text = text_at(v, "/choices/0/delta/content");
                    assert!(!finished || text.is_empty(), "words after finish_reason");
                    finished |= v.pointer("/choices/0/finish_reason").is_some_and(|r| !r.is_null());
                    text
                })
                .collect()
        },
    );
    let two_choices = family(
        "openai chat, two choices and the finish with the last words",
        |deltas| {
            let last = deltas.len() - 1;
            let event = |(at, d): (usize, &&str)| {
                let finish = if at == last { json!("stop") } else { Value::Null };
                json!({"choices":[{"index":1,"delta":{"content":"-"},"finish_reason":finish},{"index":0,"delta":{"content":d},"finish_reason":finish}]})
            };
            deltas.iter().enumerate().map(event).map(|e| sse(None, &e)).collect()
        },
        |bytes| {
            let all = jsons(bytes);
            let of = |index: u64| -> String {
                let choices = all.iter().flat_map(|v| v["choices"].as_array().expect("choices"));
                choices.filter(|c| c["index"] == index).map(|c| text_at(c, "/delta/content")).collect()
            };
            assert!(of(1).bytes().all(|b| b == b'-'), "{}", of(1));
            of(0)
        },
    );
    let tools = Family {
        json: true,
        ..family(
            "openai chat, tool call",
            |deltas| {
                let mut out = String::new();
                for (at, d) in deltas.iter().enumerate() {
                    let function = if at == 0 { json!({"name":"mail","arguments":d}) } else { json!({"arguments":d}) };
                    out += &sse(
                        None,
                        &json!({"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":function}]},"finish_reason":null}]}),
                    );
                }
                out + &sse(None, &json!({"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]})) + "data: [DONE]\n\n"
            },
            |bytes| {
                let all = jsons(bytes);
                let of = |what: &str| -> String {
                    all.iter().map(|v| text_at(v, &format!("/choices/0/delta/tool_calls/0/function/{what}"))).collect()
                };
                assert_eq!(of("name"), "mail");
                of("arguments")
            },
        )
    };
    let responses = family(
        "openai responses",
        |deltas| {
            let whole = deltas.concat();
            let mut out = sse(Some("response.created"), &json!({"type":"response.created","response":{"output":[]}}));
            for d in deltas {
                let e = json!({"type":"response.output_text.delta","item_id":"i","output_index":0,"content_index":0,"delta":d});
                out += &sse(Some("response.output_text.delta"), &e);
            }
            out += &sse(
                Some("response.output_text.done"),
                &json!({"type":"response.output_text.done","output_index":0,"content_index":0,"text":whole}),
            );
            let output = json!([{"content":[{"type":"output_text","text":whole}]}]);
            out + &sse(Some("response.completed"), &json!({"type":"response.completed","response":{"output":output}}))
        },
        |bytes| {
            let (mut text, mut done) = (String::new(), None);
            for (name, data) in events(bytes) {
                let v: Value = serde_json::from_str(&data).expect("JSON");
                assert_eq!(v["type"], name);
                match name.as_str() {
                    "response.output_text.delta" => {
                        assert!(done.is_none(), "words after done");
                        text += v["delta"].as_str().expect("delta");
                    }
                    "response.output_text.done" => done = v["text"].as_str().map(str::to_owned),
                    "response.completed" => {
                        assert_eq!(done.as_deref(), v.pointer("/response/output/0/content/0/text").and_then(Value::as_str))
                    }
                    _ => {}
                }
            }
            assert_eq!(done.as_deref(), Some(text.as_str()));
            text
        },
    );
    let anthropic = family(
        "anthropic, also claude web",
        |deltas| {
            let mut out =
                sse(Some("message_start"), &json!({"type":"message_start","message":{"usage":{"input_tokens":1,"output_tokens":1}}}));
            out += &sse(
                Some("content_block_delta"),
                &json!({"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"[EMAIL-1]"}}),
            );
            out += &sse(
                Some("content_block_start"),
                &json!({"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}),
            );
            for d in deltas {
                out += &sse(
                    Some("content_block_delta"),
                    &json!({"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":d}}),
                );
                out += &sse(Some("ping"), &json!({"type":"ping"}));
            }
            out += &sse(Some("content_block_stop"), &json!({"type":"content_block_stop","index":1}));
            out + &sse(Some("message_stop"), &json!({"type":"message_stop"}))
        },
        |bytes| {
            let mut stopped = false;
            let mut text = String::new();
            for v in jsons(bytes) {
                if let Some(thinking) = v.pointer("/delta/thinking") {
                    assert_eq!(thinking, "[EMAIL-1]", "a signed block is left alone");
                }
                stopped |= v["type"] == "content_block_stop";
                let words = text_at(&v, "/delta/text");
                assert!(words.is_empty() || !stopped);
                text += &words;
            }
            text
        },
    );
    let anthropic_tool = Family {
        json: true,
        ..family(
            "anthropic, tool use",
            |deltas| {
                let part = |d: &&str| json!({"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":d}});
                let all: String = deltas.iter().map(|d| sse(Some("content_block_delta"), &part(d))).collect();
                all + &sse(Some("content_block_stop"), &json!({"type":"content_block_stop","index":2}))
            },
            |bytes| jsons(bytes).iter().map(|v| text_at(v, "/delta/partial_json")).collect(),
        )
    };
    fn gemini_events(deltas: &[&str]) -> Vec<Value> {
        let last = deltas.len() - 1;
        let part = |(at, d): (usize, &&str)| {
            let parts = json!([{"text":"denk","thought":true},{"text":d}]);
            let mut candidate = json!({"content":{"parts":parts,"role":"model"},"index":0});
            if at == last {
                candidate["finishReason"] = json!("STOP");
            }
            json!({"candidates":[candidate],"usageMetadata":{"promptTokenCount":1}})
        };
        deltas.iter().enumerate().map(part).collect()
    }
    fn gemini_text<'a>(events: impl Iterator<Item = &'a Value>) -> String {
        let parts = events.flat_map(|v| v.pointer("/candidates/0/content/parts").and_then(Value::as_array).expect("parts"));
        parts.filter(|p| p["thought"] != true).map(|p| text_at(p, "/text")).collect()
    }
    let gemini = family(
        "gemini",
        |deltas| gemini_events(deltas).iter().map(|e| format!("data: {e}\r\n\r\n")).collect(),
        |bytes| gemini_text(jsons(bytes).iter()),
    );
    let gemini_array = Family {
        form: AnswerForm::Json,
        ..family(
            "gemini as an array",
            |deltas| format!("[{}\n]\n", gemini_events(deltas).iter().map(Value::to_string).collect::<Vec<_>>().join("\n,\r\n")),
            |bytes| gemini_text(serde_json::from_slice::<Vec<Value>>(bytes).expect("an array").iter()),
        )
    };
    /// Applies delta encoding v1.
    fn patched(bytes: &[u8]) -> String {
        let (mut text, mut p, mut o, mut finished) = (String::new(), String::new(), String::new(), false);
        for v in jsons(bytes) {
            if v.get("v").is_none() {
                continue;
            }
            if let Some(path) = v["p"].as_str() {
                p = path.to_owned();
            }
            if let Some(operation) = v["o"].as_str() {
                o = operation.to_owned();
            }
            let mut apply = |p: &str, o: &str, v: &Value| match (p, o) {
                ("/message/content/parts/0", "append") => {
                    assert!(!finished);
                    text += v.as_str().expect("text");
                }
                ("/message/status", _) => finished = true,
                ("/message/metadata/n", "append") => assert_eq!(v, 1),
                ("", "add") => {}
                other => panic!("{other:?} {v}"),
            };
            match &v["v"] {
                Value::Array(list) => list.iter().for_each(|v| apply(v["p"].as_str().unwrap(), v["o"].as_str().unwrap(), &v["v"])),
                value => apply(&p, &o, value),
            }
        }
        text
    }
    let chatgpt = family(
        "chatgpt web",
        |deltas| {
            let mut out = "event: delta_encoding\ndata: \"v1\"\n\n".to_owned();
            out += &sse(Some("delta"), &json!({"p":"","o":"add","v":{"message":{"content":{"parts":[""]}},"conversation_id":"c"}}));
            for (at, d) in deltas.iter().enumerate() {
                let event = if at == 0 { json!({"p":"/message/content/parts/0","o":"append","v":d}) } else { json!({"v":d}) };
                out += &sse(Some("delta"), &event);
            }
            let status = json!([{"p":"/message/status","o":"replace","v":"finished_successfully"}]);
            out += &sse(Some("delta"), &json!({"p":"","o":"patch","v":status}));
            out + "data: [DONE]\n\n"
        },
        patched,
    );
    let chatgpt_batches = family(
        "chatgpt web, batches",
        |deltas| {
            let mut out = String::new();
            for (at, d) in deltas.iter().enumerate() {
                let mut list =
                    vec![json!({"p":"/message/content/parts/0","o":"append","v":d}), json!({"p":"/message/metadata/n","o":"append","v":1})];
                if at + 1 == deltas.len() {
                    list.push(json!({"p":"/message/status","o":"replace","v":"done"}));
                }
                out += &sse(Some("delta"), &if at == 0 { json!({"p":"","o":"patch","v":list}) } else { json!({"v":list}) });
            }
            out + "data: [DONE]\n\n"
        },
        |bytes| {
            // Besides the words: nothing in the batches may be applied twice.
            let others = jsons(bytes)
                .iter()
                .flat_map(|v| v["v"].as_array().cloned().unwrap_or_default())
                .filter(|p| p["p"] == "/message/metadata/n")
                .count();
            let batches = jsons(bytes).iter().filter(|v| v["v"].as_array().is_some_and(|l| l.len() > 1)).count();
            assert_eq!(others, batches);
            patched(bytes)
        },
    );
    let cumulative = family(
        "chatgpt web, older, the whole text in each event",
        |deltas| {
            let mut text = String::new();
            let mut out = String::new();
            for d in deltas {
                text += d;
                out += &sse(None, &json!({"message":{"content":{"parts":[text]}}}));
            }
            out + "data: [DONE]\n\n"
        },
        |bytes| text_at(jsons(bytes).last().expect("events"), "/message/content/parts/0"),
    );
    let claude_old = family(
        "claude web, older",
        |deltas| {
            let all: String =
                deltas.iter().map(|d| sse(Some("completion"), &json!({"type":"completion","completion":d,"stop_reason":null}))).collect();
            all + &sse(Some("completion"), &json!({"type":"completion","completion":"","stop_reason":"stop_sequence"}))
        },
        |bytes| jsons(bytes).iter().map(|v| text_at(v, "/completion")).collect(),
    );
    let ollama = Family {
        form: AnswerForm::JsonLines,
        ..family(
            "ollama",
            |deltas| {
                let all: String = deltas.iter().map(|d| json!({"message":{"content":d},"done":false}).to_string() + "\n").collect();
                all + "{\"message\":{\"content\":\"\"},\"done\":true}\n"
            },
            |bytes| lines(bytes).iter().map(|v| text_at(v, "/message/content")).collect(),
        )
    };
    let grok = Family {
        form: AnswerForm::Json,
        ..family(
            "grok, lines announced as JSON",
            |deltas| {
                let all: String = deltas.iter().map(|d| json!({"result":{"response":{"token":d}}}).to_string() + "\n").collect();
                "{\"result\":{\"conversation\":{}}}\n".to_owned() + &all
            },
            |bytes| lines(bytes).iter().map(|v| text_at(v, "/result/response/token")).collect(),
        )
    };
    let sdk = Family {
        form: AnswerForm::JsonLines,
        ..family(
            "ai sdk, version 4",
            |deltas| deltas.iter().map(|d| format!("0:{}\n", json!(d))).collect::<String>() + "d:{\"finishReason\":\"stop\"}\n",
            |bytes| {
                let text = std::str::from_utf8(bytes).expect("UTF-8");
                text.lines().filter_map(|l| l.strip_prefix("0:")).map(|l| serde_json::from_str::<String>(l).expect("a string")).collect()
            },
        )
    };
    vec![
        chat,
        two_choices,
        tools,
        responses,
        anthropic,
        anthropic_tool,
        gemini,
        gemini_array,
        chatgpt,
        chatgpt_batches,
        cumulative,
        claude_old,
        ollama,
        grok,
        sdk,
    ]
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    bytes.split(|&b| b == b'\n').filter(|l| !l.is_empty()).map(|l| serde_json::from_slice(l).expect("JSON")).collect()
}

/// The words cut in two at `at` (a character border), or in single characters.
fn split(words: &str, at: Option<usize>) -> Vec<&str> {
    match at {
        Some(at) => vec![&words[..at], &words[at..]],
        None => words.char_indices().map(|(i, c)| &words[i..i + c.len_utf8()]).collect(),
    }
}

fn words_of(family: &Family) -> (String, String) {
    if family.json {
        let (words, value) = (json!({"to":WORDS,"n":[1]}).to_string(), json!({"to":expected(),"n":[1]}).to_string());
        (words, value)
    } else {
        (WORDS.to_owned(), expected())
    }
}

fn check(family: &Family, deltas: &[&str], chunks: &dyn Fn(&[u8]) -> Vec<Vec<u8>>, value: &str) {
    let stream = (family.write)(deltas);
    let chunks = chunks(stream.as_bytes());
    let out = restore(family.form, &chunks.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let read = (family.read)(&out);
    let same = if family.json { serde_json::from_str::<Value>(&read).ok() == serde_json::from_str(value).ok() } else { read == value };
    assert!(same, "{}: deltas {deltas:?}\n read {read:?}\n want {value:?}", family.name);
}

#[test]
fn a_placeholder_cut_anywhere_by_deltas_is_restored_in_every_family() {
    for family in families() {
        let (words, value) = words_of(&family);
        for at in (0..words.len()).filter(|&at| words.is_char_boundary(at)) {
            check(&family, &split(&words, Some(at)), &|bytes| vec![bytes.to_vec()], &value);
        }
        check(&family, &split(&words, None), &|bytes| vec![bytes.to_vec()], &value);
    }
}

#[test]
fn a_stream_cut_anywhere_by_the_network_reads_the_same_in_every_family() {
    for family in families() {
        let (words, value) = words_of(&family);
        let deltas = split(&words, Some(9));
        let length = (family.write)(&deltas).len();
        for cut in 0..length {
            check(&family, &deltas, &|bytes| vec![bytes[..cut].to_vec(), bytes[cut..].to_vec()], &value);
        }
        check(&family, &split(&words, None), &|bytes| bytes.chunks(1).map(<[u8]>::to_vec).collect(), &value);
    }
}

#[test]
fn a_stream_without_placeholders_is_the_same_bytes() {
    let words = "Gewone [tekst], a[0] é \\[x\\] [ ] [EMA [EMAIL-7] \\\\.";
    for family in families() {
        let stream = (family.write)(&split(words, Some(20)));
        assert_eq!(String::from_utf8(restore(family.form, &[stream.as_bytes()])).unwrap(), stream, "{}", family.name);
    }
}

#[test]
fn an_event_without_the_start_of_a_placeholder_is_written_in_the_same_call() {
    for family in families().into_iter().filter(|f| f.form == AnswerForm::EventStream && !f.name.contains("batches")) {
        let stream = (family.write)(&split("Gewone tekst met [haken] en meer", None));
        let mut restorer = Restorer::new(placeholders(), family.form);
        let ends: Vec<usize> =
            stream.match_indices("\n\n").map(|(at, _)| at + 2).chain(stream.match_indices("\r\n\r\n").map(|(at, _)| at + 4)).collect();
        let mut from = 0;
        let mut held = 0;
        for end in ends {
            let mut out = Vec::new();
            restorer.push(&stream.as_bytes()[from..end], &mut out);
            held += usize::from(out != stream.as_bytes()[from..end]);
            from = end;
        }
        assert!(held <= 2, "{}: only '[' and what follows it may wait, {held} events did", family.name);
    }
}

#[test]
fn documents_are_restored_wherever_they_are_cut() {
    let document = json!({
        "choices": [{"message": {"content": WORDS, "tool_calls": [{"function": {"arguments": json!({"to": "[EMAIL-1]", "key": "\\[CREDENTIAL-1\\]"}).to_string()}}]}}],
        "content": [{"type": "thinking", "thinking": "[EMAIL-1]", "signature": "x"}, {"type": "text", "text": "[EMAIL-1]"}],
        "input": {"[EMAIL-1]": ["[BSN-1]", {"a": "[BSN-"}]}
    })
    .to_string();
    for pretty in [false, true] {
        let document = if pretty {
            serde_json::to_string_pretty(&serde_json::from_str::<Value>(&document).unwrap()).unwrap()
        } else {
            document.clone()
        };
        let bytes = document.as_bytes();
        let whole = restore(AnswerForm::Json, &[bytes]);
        let read: Value = serde_json::from_slice(&whole).unwrap();
        assert_eq!(text_at(&read, "/choices/0/message/content"), expected());
        let arguments: Value = serde_json::from_str(&text_at(&read, "/choices/0/message/tool_calls/0/function/arguments")).unwrap();
        assert_eq!(arguments, json!({"to": EMAIL, "key": KEY}));
        assert_eq!(text_at(&read, "/content/0/thinking"), "[EMAIL-1]");
        assert_eq!(text_at(&read, "/content/1/text"), EMAIL);
        assert_eq!(read["input"][EMAIL], json!(["111222333", {"a": "[BSN-"}]));
        for cut in 0..bytes.len() {
            assert_eq!(restore(AnswerForm::Json, &[&bytes[..cut], &bytes[cut..]]), whole, "cut at {cut}");
        }
        assert_eq!(restore(AnswerForm::Json, &bytes.chunks(1).collect::<Vec<_>>()), whole);
    }
}

#[test]
fn a_string_that_is_json_itself_stays_json() {
    for inner in [json!({"to": "[CREDENTIAL-1]"}), json!([["[CREDENTIAL-1]"]]), json!([{"to": "[CREDENTIAL-1]"}])] {
        for content in [inner.to_string(), serde_json::to_string_pretty(&inner).unwrap()] {
            let document = json!({"message": {"content": content}}).to_string();
            for size in [1, 1000] {
                let out = restore(AnswerForm::Json, &document.as_bytes().chunks(size).collect::<Vec<_>>());
                let read: Value = serde_json::from_slice(&out).unwrap();
                let read: Value = serde_json::from_str(&text_at(&read, "/message/content")).unwrap();
                assert_eq!(read.to_string(), inner.to_string().replace("[CREDENTIAL-1]", &KEY.replace('\n', "\\n")));
            }
        }
    }
}

#[test]
fn plain_text_is_restored_wherever_it_is_cut() {
    for cut in 0..WORDS.len() {
        let out = restore(AnswerForm::Text, &[&WORDS.as_bytes()[..cut], &WORDS.as_bytes()[cut..]]);
        assert_eq!(String::from_utf8(out).unwrap(), expected());
    }
}

#[test]
fn a_document_passes_as_it_comes() {
    let mut restorer = Restorer::new(placeholders(), AnswerForm::Json);
    let mut out = Vec::new();
    restorer.push(b"{\"a\":\"een lange tekst [EMA", &mut out);
    assert_eq!(out, b"{\"a\":\"een lange tekst ");
    restorer.push(b"IL-1] en", &mut out);
    assert!(out.ends_with(b" en"));
}

#[test]
fn events_that_are_not_json_have_plain_replacement_and_keep_their_form() {
    let stream = "data: hallo [CREDENTIAL-1]!\n\ndata: {\"kapot\": \"[EMAIL-1]\n\ndata: [DONE]\n\n";
    let out = restore(AnswerForm::EventStream, &[stream.as_bytes()]);
    let seen = events(&out);
    assert_eq!(seen[0].1, format!("hallo {KEY}!"));
    assert!(seen[1].1.starts_with("{\"kapot\": \"j.\\\"jansen"), "{}", seen[1].1);
    assert_eq!(seen[2].1, "[DONE]");
}

#[test]
fn words_sent_as_bare_data_lines_are_joined_once_they_have_shown_to_be_deltas() {
    let stream: String = ["Dit ", "is ", "van [EM", "AIL-", "1] en [BS"].iter().map(|d| format!("data: {d}\n\n")).collect();
    let out = restore(AnswerForm::EventStream, &[stream.as_bytes()]);
    let text: String = events(&out).into_iter().map(|(_, data)| data).collect();
    assert_eq!(text, format!("Dit is van {EMAIL} en [BS"));
}

#[test]
fn an_unknown_stream_of_whole_texts_is_never_joined() {
    let texts = ["Aan", "Aan [EM", "Aan [EMAIL-1] en", "Aan [EMAIL-1] en verder ["];
    let stream: String = texts.iter().map(|t| sse(None, &json!({"answer": t}))).collect();
    let out = restore(AnswerForm::EventStream, &[stream.as_bytes()]);
    let seen: Vec<String> = jsons(&out).iter().map(|v| text_at(v, "/answer")).collect();
    assert_eq!(seen, ["Aan".into(), "Aan [EM".into(), format!("Aan {EMAIL} en"), format!("Aan {EMAIL} en verder [")]);
}

#[test]
fn a_huge_event_passes_in_pieces_and_is_restored_all_the_same() {
    let stream = sse(None, &json!({"text": "x".repeat(3 << 20) + "[EMAIL-1]"})) + "data: {\"a\":\"[BSN-1]\"}\n\n";
    let mut restorer = Restorer::new(placeholders(), AnswerForm::EventStream);
    let mut out = Vec::new();
    for (at, chunk) in stream.as_bytes().chunks(1 << 16).enumerate() {
        restorer.push(chunk, &mut out);
        assert!(at < 20 || out.len() > 1 << 20, "the bytes are on their way");
    }
    restorer.finish(&mut out);
    let seen = jsons(&out);
    assert!(text_at(&seen[0], "/text").ends_with(EMAIL));
    assert_eq!(text_at(&seen[1], "/a"), "111222333");
}

#[test]
fn without_any_placeholder_nothing_is_looked_at() {
    let mut restorer = Restorer::new(Arc::new(Placeholders::new()), AnswerForm::EventStream);
    let mut out = Vec::new();
    restorer.push(b"data: half [EMA", &mut out);
    assert_eq!(out, b"data: half [EMA");
}

#[test]
fn a_guarded_answer_that_counts_its_own_bytes_is_left_alone() {
    let answer = b")]}'\n\n20\n[[\"wrb.fr\",\"[EMAIL-1]\"]]\n";
    assert_eq!(restore(AnswerForm::Json, &[&answer[..3], &answer[3..]]), answer);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_cuts_of_words_and_stream_read_the_same(
        which in 0..15_usize,
        words in prop::collection::vec(prop::sample::select(vec!["[EMAIL-1]", "\\[BSN-1\\]", "[", "[EM", "]", "\\", "é", "\n", "\"", "tekst ", "[credential-1]", "[EMAIL-10]", "{", "x"]), 1..20),
        cuts in prop::collection::vec(0..10_000_usize, 0..6),
        sizes in prop::collection::vec(1..40_usize, 1..20),
    ) {
        let family = &families()[which];
        // Not a bracket first: a string that starts as JSON is taken for JSON.
        let text = format!("x{}", words.concat());
        let whole = if family.json { json!({"a": text}).to_string() } else { text.clone() };
        let mut at: Vec<usize> = cuts.iter().map(|c| whole.floor_char_boundary(c % (whole.len() + 1))).chain([0, whole.len()]).collect();
        at.sort_unstable();
        let deltas: Vec<&str> = at.windows(2).map(|w| &whole[w[0]..w[1]]).collect();
        let plain = String::from_utf8(restore(AnswerForm::Text, &[text.as_bytes()])).unwrap();
        let value = if family.json { json!({"a": plain}).to_string() } else { plain };
        let chunks = |bytes: &[u8]| {
            let (mut chunks, mut from) = (Vec::new(), 0);
            for size in sizes.iter().cycle() {
                if from >= bytes.len() { break; }
                let to = (from + size).min(bytes.len());
                chunks.push(bytes[from..to].to_vec());
                from = to;
            }
            chunks
        };
        check(family, &deltas, &chunks, &value);
    }

    #[test]
    fn no_bytes_make_it_panic_and_none_are_lost_where_nothing_is_restored(bytes in prop::collection::vec(prop::sample::select(b"{}[]\":,\\ \r\ndat:evnt1a\xc3\xa9".to_vec()), 0..200), size in 1..20_usize) {
        for form in [AnswerForm::EventStream, AnswerForm::Json, AnswerForm::JsonLines, AnswerForm::Text] {
            let mut usage = crate::wire::answer::UsageReader::new(form);
            bytes.chunks(size).for_each(|c| usage.push(c));
            usage.finish();
            let out = restore(form, &bytes.chunks(size).collect::<Vec<_>>());
            if form != AnswerForm::EventStream && form != AnswerForm::JsonLines {
                prop_assert_eq!(&out, &bytes);
            }
            prop_assert!(out.len() >= bytes.len());
        }
    }
}
