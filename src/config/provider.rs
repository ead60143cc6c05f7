//! One entry under `providers:` in `config.yaml`.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};

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
    /// Anthropic's messages.
    Anthropic,
    /// Google's Gemini.
    Gemini,
    /// Ollama's own protocol, which tells how long a conversation may be before the server forgets its beginning.
    Ollama,
}

/// Where a key comes from. The key itself never stands in a file of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// The environment variable of this name.
    Env(String),
    /// The first line that this command prints.
    Command(String),
}

// By hand: the YAML reader takes the variants of an enum as tags (`!env X`), and a person writes `{env: X}`.
impl<'de> Deserialize<'de> for KeySource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KeySourceVisitor)
    }
}

struct KeySourceVisitor;

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Origin {
    Env,
    Command,
}

impl<'de> Visitor<'de> for KeySourceVisitor {
    type Value = KeySource;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("where the key comes from: {env: NAME} or {command: \"…\"}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<KeySource, A::Error> {
        let source = match map.next_key()? {
            Some(Origin::Env) => KeySource::Env(map.next_value::<Variable>()?.0),
            Some(Origin::Command) => KeySource::Command(map.next_value()?),
            None => return Err(de::Error::custom("expected {env: NAME} or {command: \"…\"}, found nothing")),
        };
        match map.next_key::<Origin>()? {
            None => Ok(source),
            Some(_) => Err(de::Error::custom("expected one of env and command, found several")),
        }
    }

    // A person may have pasted the key itself: it must not come back in the message.
    fn visit_str<E: de::Error>(self, _: &str) -> Result<KeySource, E> {
        Err(E::custom(KEY_ITSELF))
    }
}

const KEY_ITSELF: &str = "expected {env: NAME} or {command: \"…\"}; a key itself must not stand in this file";

/// The name of an environment variable.
struct Variable(String);

impl<'de> Deserialize<'de> for Variable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(VariableVisitor)
    }
}

struct VariableVisitor;

impl Visitor<'_> for VariableVisitor {
    type Value = Variable;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of an environment variable")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Variable, E> {
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if is_name {
            Ok(Variable(name.to_owned()))
        } else {
            Err(E::custom(
                "expected the name of an environment variable, such as OPENAI_API_KEY; a key itself must not stand in this file",
            ))
        }
    }
}
