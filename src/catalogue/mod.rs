//! Which tool: host and path give a catalogue entry, or none. The data is `policies/catalogue/*.yaml`, embedded in the binary.

use serde::Serialize;
use std::sync::Arc;

/// How AI stands in the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The host is an AI service.
    Generative,
    /// AI inside another product, or a host that also carries ordinary traffic.
    Embedded,
    /// The organisation's own AI.
    Own,
}

/// One known AI tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tool {
    /// Contract id, such as `chatgpt` or `openai-api`.
    pub id: String,
    pub name: String,
    pub vendor: String,
    /// ISO 3166-1 alpha-2 code of the vendor's head office, `?` where unknown.
    pub country: String,
    /// `chat search companion data api platform agent code image video audio translation writing meeting-notes presentation embedded`.
    pub category: String,
    pub kind: Kind,
    /// Suffixes (`x.com` covers `*.x.com`), `host/path` where only the path is AI, `*` for one label.
    pub hosts: Vec<String>,
    /// Whether prompts train models by default, in the words of the catalogue; none where unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub training: Option<String>,
}

/// Shared handle of a tool.
pub type ToolRef = Arc<Tool>;
