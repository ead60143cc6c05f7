//! What could be used: the configured providers, servers on the usual ports of this machine, keys in the environment.
//!
//! Everything found is announced, nothing is used. A key is looked at only as far as to see that it is there, and no
//! key command runs for it.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::{join, join_all};
use tokio::time::Instant;

use crate::config::provider::{KeySource, ProviderConfig, ProviderKind};
use crate::engine::failure::Failure;
use crate::engine::model::{ModelRef, ProviderName};

use super::catalog;
use super::listing::Listed;
use super::registry::{self, Registry};
use super::wire::Wire;

/// Which ports to look at instead of the usual ones: numbers with commas between; none if empty.
pub const PORTS: &str = "TRIALOGUE_DISCOVER_PORTS";

/// Where a person who moved Ollama says it is.
pub const OLLAMA_HOST: &str = "OLLAMA_HOST";

/// The usual ports and whose they are.
const SERVERS: [(u16, &str); 3] = [(OLLAMA, "ollama"), (1234, "lmstudio"), (8080, "llama")];

/// Ollama's usual port.
const OLLAMA: u16 = 11434;

/// How long a server on this machine may take to list its models.
const NEAR: Duration = Duration::from_secs(1);

/// How long one elsewhere may take.
const FAR: Duration = Duration::from_secs(10);

/// Providers elsewhere, and the variables in which their keys usually stand.
const CLOUDS: [Cloud; 6] = [
    ("openai", ProviderKind::Openai, None, &["OPENAI_API_KEY"]),
    ("anthropic", ProviderKind::Anthropic, None, &["ANTHROPIC_API_KEY"]),
    ("gemini", ProviderKind::Gemini, None, &["GEMINI_API_KEY", "GOOGLE_API_KEY"]),
    ("openrouter", ProviderKind::Openai, Some("https://openrouter.ai/api/v1"), &["OPENROUTER_API_KEY"]),
    ("groq", ProviderKind::Openai, Some("https://api.groq.com/openai/v1"), &["GROQ_API_KEY"]),
    ("mistral", ProviderKind::Openai, Some("https://api.mistral.ai/v1"), &["MISTRAL_API_KEY"]),
];

/// A provider elsewhere: its name, its protocol, where it answers if that isn't the protocol's home, its variables.
type Cloud = (&'static str, ProviderKind, Option<&'static str>, &'static [&'static str]);

/// A provider that is, or could be, in the configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Its name: the configured one, or a suggestion.
    pub provider: ProviderName,
    /// Its configuration: the person's own, or a suggestion.
    pub config: ProviderConfig,
    /// Whether it stands in the configuration. What doesn't is used only once a person writes it there.
    pub is_configured: bool,
    /// Whether it answers on this machine. That is no promise that it keeps things there.
    pub is_loopback: bool,
    /// How its key stands.
    pub key: KeyState,
    /// Whether it answers.
    pub reach: Reach,
    /// Its models, from its own list, or else from the catalogue.
    pub models: Vec<Listed>,
}

/// How a provider's key stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyState {
    /// None is configured or asked for.
    Unneeded,
    /// The environment variable of this name is set.
    Found(String),
    /// The environment variable of this name is not set, or empty.
    Missing(String),
    /// A command gives it, when it is needed.
    Command,
}

/// Whether a provider answers.
#[derive(Debug, Clone, PartialEq)]
pub enum Reach {
    /// It was not asked.
    Unasked,
    /// It listed its models in this time.
    Answers(Duration),
    /// It did not.
    Fails(Failure),
}

/// Whom to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// Only servers on this machine.
    Near,
    /// The configured providers elsewhere too, with their keys.
    Configured,
}

/// What this machine shows of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surroundings {
    /// The ports to look at.
    pub ports: Vec<u16>,
    /// The ports among them where Ollama is expected, which is then asked in its own words first.
    pub ollama: BTreeSet<u16>,
    /// How long a server there may take to list its models.
    pub patience: Duration,
    /// The names of the variables that are set.
    pub variables: BTreeSet<String>,
}

impl Surroundings {
    /// The usual ports, or those of [`PORTS`], and the variables that matter. Their values are not kept.
    pub fn here() -> Self {
        let mut ports: Vec<u16> = match std::env::var(PORTS) {
            Ok(text) => text.split(',').filter_map(|port| port.trim().parse().ok()).collect(),
            Err(_) => SERVERS.iter().map(|(port, _)| *port).collect(),
        };
        let moved = std::env::var(OLLAMA_HOST).ok().and_then(|text| port_of(&text));
        ports.extend(moved.filter(|moved| !ports.contains(moved)));
        let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let variables = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).filter(|name| is_set(name));
        let ollama = [Some(OLLAMA), moved].into_iter().flatten().collect();
        Self { ports, ollama, patience: NEAR, variables: variables.collect() }
    }

    fn key_state(&self, config: &ProviderConfig) -> KeyState {
        match &config.key {
            None => KeyState::Unneeded,
            Some(KeySource::Command(_)) => KeyState::Command,
            Some(KeySource::Env(name)) if self.variables.contains(name) => KeyState::Found(name.clone()),
            Some(KeySource::Env(name)) => KeyState::Missing(name.clone()),
        }
    }
}

/// What could be used: the configured providers first, then servers that were found, then those elsewhere.
pub async fn discover(registry: &Registry, around: &Surroundings, ask: Ask) -> Vec<Offer> {
    let taken: BTreeSet<String> = registry
        .configured()
        .iter()
        .filter_map(|(name, config)| Some(registry::address(name, config).ok()?.origin()))
        .collect();
    let configured =
        registry.configured().iter().map(|(name, config)| look_at_configured(registry, around, name, config, ask));
    let near = around.ports.iter().map(|port| look_at_port(registry, around, &taken, *port));
    let (mut offers, near) = join(join_all(configured), join_all(near)).await;
    offers.extend(near.into_iter().flatten());
    offers.extend(CLOUDS.iter().filter_map(|cloud| look_at_cloud(registry, around, &taken, cloud)));
    offers
}

async fn look_at_configured(
    registry: &Registry,
    around: &Surroundings,
    name: &str,
    config: &ProviderConfig,
    ask: Ask,
) -> Offer {
    let address = registry::address(name, config);
    let is_loopback = address.as_ref().is_ok_and(super::address::Address::is_loopback);
    let key = around.key_state(config);
    let may_ask = match ask {
        // A key command may ask for a fingerprint: not for a look around.
        Ask::Near => is_loopback && key != KeyState::Command,
        Ask::Configured => true,
    };
    let known = address.as_ref().map(|address| catalog::models_at(address.host())).unwrap_or_default();
    let (reach, models) = match address {
        Err(failure) => (Reach::Fails(failure), known),
        Ok(_) if !may_ask => (Reach::Unasked, known),
        Ok(_) => {
            let visitor = registry.visitor(name, config);
            let (reach, models) = listed(name, visitor, if is_loopback { around.patience } else { FAR }).await;
            (reach, models.unwrap_or(known))
        }
    };
    Offer { provider: name.to_owned(), config: config.clone(), is_configured: true, is_loopback, key, reach, models }
}

async fn look_at_port(
    registry: &Registry,
    around: &Surroundings,
    taken: &BTreeSet<String>,
    port: u16,
) -> Option<Offer> {
    let spellings = ["127.0.0.1", "localhost", "[::1]"];
    if spellings.iter().any(|host| taken.contains(&format!("http://{host}:{port}"))) {
        return None;
    }
    let native = suggestion(ProviderKind::Ollama, &format!("http://127.0.0.1:{port}"), None);
    let common = suggestion(ProviderKind::Openai, &format!("http://127.0.0.1:{port}/v1"), None);
    let may_be_ollama = around.ollama.contains(&port);
    for config in may_be_ollama.then_some(native).into_iter().chain([common]) {
        let known = SERVERS.iter().find(|(usual, _)| *usual == port).map_or("local", |(_, name)| name);
        let usual = if config.kind == ProviderKind::Ollama { "ollama" } else { known };
        let is_free = |name: &str| !registry.configured().contains_key(name);
        let name = if is_free(usual) && usual != "local" { usual.to_owned() } else { format!("{usual}-{port}") };
        let (reach, models) = listed(&name, registry.visitor(&name, &config), around.patience).await;
        // Whatever else answers on such a port (8080 is popular) is no model server and nobody's business.
        let Some(models) = models else { continue };
        return Some(Offer {
            provider: name,
            config,
            is_configured: false,
            is_loopback: true,
            key: KeyState::Unneeded,
            reach,
            models,
        });
    }
    None
}

fn look_at_cloud(
    registry: &Registry,
    around: &Surroundings,
    taken: &BTreeSet<String>,
    (name, kind, base_url, variables): &Cloud,
) -> Option<Offer> {
    let variable = variables.iter().find(|name| around.variables.contains(**name)).or(variables.first())?;
    let base_url = base_url.unwrap_or(Wire::of(*kind).home);
    let config = suggestion(*kind, base_url, Some(KeySource::Env((*variable).to_owned())));
    let address = registry::address(name, &config).ok()?;
    if taken.contains(&address.origin()) {
        return None;
    }
    let is_free = !registry.configured().contains_key(*name);
    Some(Offer {
        provider: if is_free { (*name).to_owned() } else { format!("{name}-2") },
        key: around.key_state(&config),
        config,
        is_configured: false,
        is_loopback: false,
        reach: Reach::Unasked,
        models: catalog::models_at(address.host()),
    })
}

async fn listed(
    name: &str,
    provider: Result<std::sync::Arc<dyn super::Provider>, Failure>,
    patience: Duration,
) -> (Reach, Option<Vec<Listed>>) {
    let begun = Instant::now();
    let models = match provider {
        Ok(provider) => registry::listing_of(name, &*provider, patience).await,
        Err(failure) => Err(failure),
    };
    match models {
        Ok(models) => (Reach::Answers(begun.elapsed()), Some(models)),
        Err(failure) => (Reach::Fails(failure), None),
    }
}

fn suggestion(kind: ProviderKind, base_url: &str, key: Option<KeySource>) -> ProviderConfig {
    ProviderConfig {
        kind,
        base_url: Some(base_url.to_owned()),
        key,
        // Only a person can say so.
        local: false,
        first_byte_seconds: None,
        idle_seconds: None,
    }
}

/// The port of an address on this machine: `127.0.0.1:11500`, `http://localhost:11500`, `:11500`, `0.0.0.0`.
fn port_of(text: &str) -> Option<u16> {
    let text = text.trim();
    let address = text.strip_prefix("http://").unwrap_or(text).trim_end_matches('/');
    let (host, port) = match address.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()?),
        _ => (address, OLLAMA),
    };
    // What it listens at on every interface, it listens at on this machine.
    ["", "localhost", "127.0.0.1", "0.0.0.0", "[::1]", "[::]"].contains(&host).then_some(port)
}

impl Offer {
    /// Whether it listed its models, and not this one of its own. It may answer to that name all the same; of its window
    /// nothing is known then.
    pub fn lacks(&self, model: &ModelRef) -> bool {
        // A name without a tag means the newest, where names have tags.
        let is_it = |listed: &Listed| {
            listed.id == model.model || listed.id.strip_suffix(":latest").is_some_and(|id| id == model.model)
        };
        let has_listed = matches!(self.reach, Reach::Answers(_)) && self.provider == model.provider;
        has_listed && !self.models.iter().any(is_it)
    }

    /// The line to type in a shell, if the key is missing.
    pub fn export(&self) -> Option<String> {
        match &self.key {
            KeyState::Missing(name) => Some(format!("export {name}=…")),
            KeyState::Unneeded | KeyState::Found(_) | KeyState::Command => None,
        }
    }

    /// What to write into `config.yaml` to use this model of it.
    pub fn yaml(&self, model: &str) -> String {
        let config = &self.config;
        let mut entry = format!("kind: {}", Wire::of(config.kind).kind);
        let mut add = |field: &str, value: &str| {
            entry.push_str(", ");
            entry.push_str(field);
            entry.push_str(": ");
            entry.push_str(value);
        };
        if let Some(base_url) = &config.base_url {
            add("base_url", &quoted(base_url));
        }
        match &config.key {
            Some(KeySource::Env(name)) => add("key", &format!("{{env: {}}}", quoted(name))),
            Some(KeySource::Command(command)) => add("key", &format!("{{command: {}}}", quoted(command))),
            None => {}
        }
        if config.local {
            add("local", "true");
        }
        let model = quoted(&format!("{}/{model}", self.provider));
        format!("providers:\n  {}: {{{entry}}}\nmodel: {model}\n", self.provider)
    }
}

/// A YAML scalar: bare where that is safe, else in double quotes, whose escapes YAML shares with JSON.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    let is_bare = text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(is_plain);
    if is_bare { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

#[cfg(test)]
mod tests;
