//! One entry under `providers:` in `config.yaml`.

use std::time::Duration;

use serde::Deserialize;

/// How a provider is reached.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderConfig {
    /// Which protocol it speaks.
    pub kind: ProviderKind,
    /// Where it answers, up to and with the version: `http://127.0.0.1:8080/v1`. The protocol's own home if `None`.
    #[serde(default)]
    pub base_url: Option<String>,
    /// Where its key comes from; none for servers that ask for none.
    #[serde(default)]
    pub key: Option<KeySource>,
    /// A person's word that its endpoint is on this machine and passes nothing on: sealed panes may use it.
    #[serde(default)]
    pub local: bool,
    /// Seconds from a request to its first piece of content. 600 for local servers, 120 for others, if `None`.
    #[serde(default)]
    pub first_byte_seconds: Option<u64>,
    /// Seconds of silence after which a stream counts as dead; 120 if `None`.
    #[serde(default)]
    pub idle_seconds: Option<u64>,
}

impl ProviderConfig {
    /// How long to wait for the first piece of content.
    pub fn first_byte(&self) -> Duration {
        Duration::from_secs(self.first_byte_seconds.unwrap_or(if self.local { 600 } else { 120 }))
    }

    /// How long a stream may be silent.
    pub fn idle(&self) -> Duration {
        Duration::from_secs(self.idle_seconds.unwrap_or(120))
    }
}

/// The protocols.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderKind {
    /// Chat completions: `OpenAI`, `OpenRouter`, Groq, Mistral, vLLM, llama.cpp, LM Studio, Ollama's `/v1`.
    Openai,
}

/// Where a key comes from. The key itself never stands in a file of ours.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeySource {
    /// The environment variable of this name.
    Env(String),
    /// The first line that this command prints.
    Command(String),
}
