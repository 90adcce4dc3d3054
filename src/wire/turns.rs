//! Who speaks in a conversation, and which turn is the newest.
//!
//! Programs send the whole thread with every question. The newest words of the user are counted; the rest (earlier turns, the assistant, tools, the
//! system) is looked at for its class only. Takes a read document and the names of its lists of turns; gives each element's role.

use super::Role;
use super::json::{At, Doc, Kind};

/// The elements of the conversation's lists, by container, ascending.
#[derive(Debug, Default)]
pub(super) struct Turns(Vec<Turn>);

#[derive(Debug)]
struct Turn {
    node: u32,
    list: u32,
    speaker: Speaker,
    /// `role` has spoken: `type` no longer decides.
    sure: bool,
    role: Role,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Speaker {
    User,
    Assistant,
    Tool,
    System,
}

impl Speaker {
    /// Values of `role`, `author.role`, `sender`, `from` over all known tools. Who is not known is the user: counting too much beats missing.
    fn of_role(value: &str) -> Self {
        match value {
            "assistant" | "model" | "bot" | "ai" | "AI" | "ASSISTANT" | "CHATBOT" | "Chatbot" | "agent" | "ASSISTANT_MESSAGE" => {
                Self::Assistant
            }
            "tool" | "function" | "ipython" | "TOOL" => Self::Tool,
            "system" | "developer" | "SYSTEM" | "critic" => Self::System,
            _ => Self::User,
        }
    }

    /// Values of `type` of items that have no role (OpenAI Responses, Notion transcripts).
    fn of_type(value: &str) -> Option<Self> {
        match value {
            "reasoning" | "item_reference" | "agent-inference" | "compaction" => Some(Self::Assistant),
            "config" | "context" => Some(Self::System),
            _ if value.ends_with("_output") || value.ends_with("_result") || value.ends_with("_response") => Some(Self::Tool),
            _ if value.ends_with("_call") || value.ends_with("_request") => Some(Self::Assistant),
            _ => None,
        }
    }
}

impl Turns {
    /// Finds the elements of every array whose name is in `lists`, at any depth.
    pub fn find(doc: &Doc<'_>, lists: &[&str]) -> Self {
        let mut turns = Self::default();
        for (id, node) in doc.nodes.iter().enumerate() {
            let At::Index(_) = node.at else { continue };
            if let Some(list) = doc.node(node.parent)
                && doc.key(list.at).is_some_and(|key| lists.contains(&key))
            {
                turns.0.push(Turn { node: id as u32, list: node.parent, speaker: Speaker::User, sure: false, role: Role::History });
            }
        }
        if turns.0.is_empty() {
            return turns;
        }
        for leaf in &doc.leaves {
            if !matches!(leaf.kind, Kind::Plain | Kind::Escaped) {
                continue;
            }
            let Some(key @ ("role" | "sender" | "from" | "type")) = doc.key(leaf.at) else { continue };
            // `author: {role}` stands one level below the element.
            let owner = match doc.node(leaf.parent) {
                Some(node) if key == "role" && doc.key(node.at) == Some("author") => node.parent,
                _ => leaf.parent,
            };
            if let Some(turn) = turns.at_mut(owner) {
                let value = doc.value(leaf);
                if key == "type" {
                    if let (false, Some(speaker)) = (turn.sure, Speaker::of_type(&value)) {
                        turn.speaker = speaker;
                    }
                } else {
                    // Of two roles in one object the user's wins: which one the tool takes is unknown.
                    let speaker = Speaker::of_role(&value);
                    if !turn.sure || speaker == Speaker::User {
                        turn.speaker = speaker;
                    }
                    turn.sure = true;
                }
            }
        }
        turns.name_the_newest();
        turns
    }

    /// The newest turn: what stands behind the last answer. An answer at the very end is a prefill, not a turn of its own.
    fn name_the_newest(&mut self) {
        // Lists can stand inside one another: walk them list by list, each from its end.
        let mut order: Vec<usize> = (0..self.0.len()).collect();
        order.sort_by_key(|&n| (self.0.get(n).map(|t| t.list), n));
        let (mut list, mut begun, mut over) = (None, false, false);
        for n in order.into_iter().rev() {
            let Some(turn) = self.0.get_mut(n) else { continue };
            if list != Some(turn.list) {
                (list, begun, over) = (Some(turn.list), false, false);
            }
            match turn.speaker {
                _ if over => {}
                Speaker::Assistant => over = begun,
                Speaker::System => {}
                Speaker::Tool => begun = true,
                Speaker::User => {
                    begun = true;
                    turn.role = Role::User;
                }
            }
        }
    }

    fn at_mut(&mut self, node: u32) -> Option<&mut Turn> {
        let at = self.0.binary_search_by_key(&node, |t| t.node).ok()?;
        self.0.get_mut(at)
    }

    /// The role of what stands inside the containers `nodes` (outermost first); none outside every list.
    pub fn role(&self, nodes: &[u32]) -> Option<Role> {
        if self.0.is_empty() {
            return None;
        }
        nodes.iter().find_map(|node| {
            let at = self.0.binary_search_by_key(node, |t| t.node).ok()?;
            self.0.get(at).map(|t| t.role)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(text: &str) -> Vec<Role> {
        let doc = Doc::read(text).unwrap();
        Turns::find(&doc, &["messages", "input"]).0.iter().map(|t| t.role).collect()
    }

    #[test]
    fn only_what_stands_behind_the_last_answer_is_new() {
        use Role::{History, User};
        let u = r#"{"role":"user","content":"x"}"#;
        let a = r#"{"content":"x","role":"assistant"}"#;
        let t = r#"{"role":"tool","content":"x"}"#;
        let s = r#"{"role":"system","content":"x"}"#;
        assert_eq!(roles(&format!(r#"{{"messages":[{s},{u},{a},{u},{u}]}}"#)), [History, History, History, User, User]);
        assert_eq!(roles(&format!(r#"{{"messages":[{u},{a},{t}]}}"#)), [History, History, History]);
        assert_eq!(roles(&format!(r#"{{"messages":[{u},{a}]}}"#)), [User, History]);
        assert_eq!(
            roles(r#"{"input":[{"content":"x"},{"type":"reasoning"},{"type":"function_call_output"}]}"#),
            [History, History, History]
        );
        assert_eq!(roles(r#"{"messages":[{"author":{"role":"user"},"content":{"parts":["x"]}}]}"#), [User]);
        assert_eq!(roles(r#"{"messages":[{"role":"user","role":"assistant","content":"x"}]}"#), [User]);
    }
}
