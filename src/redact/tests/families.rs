//! The streams of every family: how the tool writes words as deltas, and how its client puts them together again.

use crate::wire::answer::{AnswerForm, EventParser, Piece};
use serde_json::{Value, json};

pub(super) fn events(bytes: &[u8]) -> Vec<(String, String)> {
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

pub(super) fn jsons(bytes: &[u8]) -> Vec<Value> {
    events(bytes)
        .iter()
        .filter(|(_, data)| data != "[DONE]")
        .map(|(_, data)| serde_json::from_str(data).expect("an event is JSON"))
        .collect()
}

pub(super) fn sse(name: Option<&str>, data: &Value) -> String {
    name.map_or(String::new(), |name| format!("event: {name}\n")) + &format!("data: {data}\n\n")
}

/// A family: how it sends deltas, and how its client reads them.
pub(super) struct Family {
    pub name: &'static str,
    pub form: AnswerForm,
    pub write: fn(&[&str]) -> String,
    pub read: fn(&[u8]) -> String,
    /// The words are JSON (a tool's arguments).
    pub json: bool,
}

pub(super) fn family(name: &'static str, write: fn(&[&str]) -> String, read: fn(&[u8]) -> String) -> Family {
    Family { name, form: AnswerForm::EventStream, write, read, json: false }
}

pub(super) fn text_at(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or("").to_owned()
}

pub(super) fn families() -> Vec<Family> {
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

pub(super) fn lines(bytes: &[u8]) -> Vec<Value> {
    bytes.split(|&b| b == b'\n').filter(|l| !l.is_empty()).map(|l| serde_json::from_slice(l).expect("JSON")).collect()
}
