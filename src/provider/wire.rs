//! How the protocols differ before a word of an answer is read: where they are at home, and how a key travels.

use crate::config::provider::ProviderKind;

/// What one protocol looks like on the wire.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wire {
    /// Its name in the configuration.
    pub(super) kind: &'static str,
    /// Its name in a sentence: "not in the … protocol".
    pub(super) name: &'static str,
    /// The base URL where it is at home.
    pub(super) home: &'static str,
    /// What a base URL of it usually looks like, after "it".
    pub(super) shape: &'static str,
    /// Whether a base URL of it has a path.
    pub(super) has_path: bool,
    /// The header that carries the key, and what stands before the key in it. A key never stands in a URL.
    pub(super) key: (&'static str, &'static str),
    /// The headers that every request has.
    pub(super) always: &'static [(&'static str, &'static str)],
}

const OPENAI: Wire = Wire {
    kind: "openai",
    name: "chat completions",
    home: "https://api.openai.com/v1",
    shape: "usually ends in /v1",
    has_path: true,
    key: ("authorization", "Bearer "),
    always: &[],
};

const ANTHROPIC: Wire = Wire {
    kind: "anthropic",
    name: "Anthropic messages",
    home: "https://api.anthropic.com/v1",
    shape: "usually ends in /v1",
    has_path: true,
    key: ("x-api-key", ""),
    always: &[("anthropic-version", "2023-06-01")],
};

const GEMINI: Wire = Wire {
    kind: "gemini",
    name: "Gemini",
    home: "https://generativelanguage.googleapis.com/v1beta",
    shape: "usually ends in /v1beta",
    has_path: true,
    key: ("x-goog-api-key", ""),
    always: &[],
};

const OLLAMA: Wire = Wire {
    kind: "ollama",
    name: "Ollama",
    home: "http://127.0.0.1:11434",
    shape: "usually ends after the port, without a path",
    has_path: false,
    key: ("authorization", "Bearer "),
    always: &[],
};

impl Wire {
    /// The protocol of this kind.
    pub(super) const fn of(kind: ProviderKind) -> &'static Self {
        match kind {
            ProviderKind::Openai => &OPENAI,
            ProviderKind::Anthropic => &ANTHROPIC,
            ProviderKind::Gemini => &GEMINI,
            ProviderKind::Ollama => &OLLAMA,
        }
    }
}
