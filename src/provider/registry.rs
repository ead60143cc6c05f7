//! The configured providers by name, each made ready at its first use.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, timeout};

use crate::config::provider::{KeySource, ProviderConfig, ProviderKind};
use crate::engine::failure::{Failure, FailureKind};
use crate::engine::model::{OFFLINE, ProviderName};

use super::address::Address;
use super::anthropic::Anthropic;
use super::client::Clients;
use super::endpoint::Endpoint;
use super::gemini::Gemini;
use super::limiter::Limiter;
use super::listing::Listed;
use super::offline::Offline;
use super::ollama::Ollama;
use super::openai::Openai;
use super::wire::Wire;
use super::{Provider, Providers};

/// How long a list of models may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The providers of a configuration, and `offline`, which is always there.
pub struct Registry {
    configured: BTreeMap<ProviderName, ProviderConfig>,
    clients: Arc<Clients>,
    ready: Mutex<Ready>,
}

/// What was made ready so far.
#[derive(Default)]
struct Ready {
    providers: BTreeMap<ProviderName, Arc<dyn Provider>>,
    /// By the origin and the source of the key: two names for one key share its limits.
    limiters: BTreeMap<String, Arc<Limiter>>,
}

impl Registry {
    /// A registry of these providers. Nothing is built, read or sent before it is asked for.
    pub fn new(configured: BTreeMap<ProviderName, ProviderConfig>) -> Self {
        Self { configured, clients: Arc::default(), ready: Mutex::default() }
    }

    /// The configuration it was made of.
    pub fn configured(&self) -> &BTreeMap<ProviderName, ProviderConfig> {
        &self.configured
    }

    /// Tests a provider without spending tokens: how long its list of models took.
    pub async fn test(&self, name: &str) -> Result<Duration, Failure> {
        let begun = Instant::now();
        self.models(name).await.map(|_| begun.elapsed())
    }

    /// The models of a provider, with what its server and the catalogue know of them.
    pub async fn models(&self, name: &str) -> Result<Vec<Listed>, Failure> {
        let provider = self.provider(name)?;
        listing_of(name, &*provider, PATIENCE).await
    }

    /// A provider that isn't in the configuration, to look at and not to keep.
    pub(super) fn visitor(&self, name: &str, config: &ProviderConfig) -> Result<Arc<dyn Provider>, Failure> {
        self.make(name, config, &mut Ready::default())
    }

    fn make(&self, name: &str, config: &ProviderConfig, ready: &mut Ready) -> Result<Arc<dyn Provider>, Failure> {
        let address = address(name, config)?;
        let limiter = Arc::clone(ready.limiters.entry(limits_of(&address, config)).or_default());
        let endpoint = Endpoint::new(name, config, address, Arc::clone(&self.clients), limiter);
        match config.kind {
            ProviderKind::Openai => Ok(Arc::new(Openai::new(endpoint))),
            ProviderKind::Anthropic => Ok(Arc::new(Anthropic::new(endpoint))),
            ProviderKind::Gemini => Ok(Arc::new(Gemini::new(endpoint))),
            ProviderKind::Ollama => Ok(Arc::new(Ollama::new(endpoint))),
        }
    }

    fn unknown(&self, name: &str) -> Failure {
        let names = self.configured.keys().map(String::as_str).chain([OFFLINE]);
        let nearest = names.map(|known| (strsim::damerau_levenshtein(known, name), known)).min();
        let hint = match nearest {
            Some((distance, known)) if distance <= 2 => format!(" Did you mean `{known}`?"),
            _ => " Add it under `providers:`, or choose another model with Ctrl-X m.".to_owned(),
        };
        Failure::new(FailureKind::Misconfigured, format!("No provider is called `{name}` in config.yaml.{hint}"))
    }
}

impl Providers for Registry {
    fn provider(&self, name: &str) -> Result<Arc<dyn Provider>, Failure> {
        if name == OFFLINE {
            return Ok(Arc::new(Offline));
        }
        let config = self.configured.get(name).ok_or_else(|| self.unknown(name))?;
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(provider) = ready.providers.get(name) {
            return Ok(Arc::clone(provider));
        }
        let provider = self.make(name, config, &mut ready)?;
        ready.providers.insert(name.to_owned(), Arc::clone(&provider));
        Ok(provider)
    }
}

/// Asks a provider for its models, and waits only so long.
pub(super) async fn listing_of(
    name: &str,
    provider: &dyn Provider,
    patience: Duration,
) -> Result<Vec<Listed>, Failure> {
    timeout(patience, provider.models()).await.unwrap_or_else(|_| {
        let message = format!("{name} has not listed its models within {} s.", patience.as_secs());
        Err(Failure::new(FailureKind::TimedOut, message))
    })
}

/// Where this provider answers.
pub(super) fn address(name: &str, config: &ProviderConfig) -> Result<Address, Failure> {
    Address::new(name, config.base_url.as_deref().unwrap_or(Wire::of(config.kind).home))
}

fn limits_of(address: &Address, config: &ProviderConfig) -> String {
    let key = match &config.key {
        Some(KeySource::Env(name)) => format!("env {name}"),
        Some(KeySource::Command(command)) => format!("command {command}"),
        None => String::new(),
    };
    format!("{} {key}", address.origin())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(base_url: &str, key: Option<&str>) -> ProviderConfig {
        ProviderConfig {
            kind: ProviderKind::Openai,
            base_url: Some(base_url.to_owned()),
            key: key.map(|name| KeySource::Env(name.to_owned())),
            local: false,
            first_byte_seconds: None,
            idle_seconds: None,
        }
    }

    fn registry(configs: &[(&str, ProviderConfig)]) -> Registry {
        Registry::new(configs.iter().map(|(name, config)| ((*name).to_owned(), config.clone())).collect())
    }

    fn failure(registry: &Registry, name: &str) -> Failure {
        registry.provider(name).err().unwrap()
    }

    #[test]
    fn a_provider_is_made_once_and_offline_is_always_there() {
        let registry = registry(&[("llama", config("http://127.0.0.1:8080/v1", None))]);
        let (first, second) = (registry.provider("llama").unwrap(), registry.provider("llama").unwrap());
        assert!(Arc::ptr_eq(&first, &second));
        assert!(registry.provider("offline").is_ok());
    }

    #[test]
    fn an_unknown_name_is_met_with_the_nearest_known_one() {
        let registry = registry(&[("openai", config("https://api.openai.com/v1", None))]);
        let near = failure(&registry, "opneai");
        assert_eq!(near.kind, FailureKind::Misconfigured);
        assert!(near.message.ends_with("Did you mean `openai`?"), "{near}");
        assert!(failure(&registry, "ofline").message.ends_with("Did you mean `offline`?"));
        assert!(failure(&registry, "claude").message.contains("Add it under `providers:`"));
    }

    #[test]
    fn a_bad_address_is_told_at_its_first_use() {
        let registry = registry(&[("lan", config("http://192.168.1.4/v1", None))]);
        assert!(failure(&registry, "lan").message.starts_with("`base_url` of lan is plain http"));
    }

    #[test]
    fn this_machine_is_waited_for_longer_and_what_is_configured_counts() {
        let mut hasty = config("http://127.0.0.1:8080/v1", None);
        hasty.first_byte_seconds = Some(3);
        hasty.idle_seconds = Some(2);
        let registry = registry(&[
            ("near", config("http://localhost:8080/v1", None)),
            ("far", config("https://x.example/v1", None)),
            ("hasty", hasty),
        ]);
        let patience = |name| {
            let patience = registry.provider(name).unwrap().patience();
            (patience.first.as_secs(), patience.idle.as_secs())
        };
        assert_eq!((patience("near"), patience("far"), patience("hasty")), ((600, 120), (120, 120), (3, 2)));
    }

    #[test]
    fn limits_belong_to_the_key() {
        let one = config("https://x.example/v1", Some("A"));
        let other = config("https://x.example/v1", Some("B"));
        let elsewhere = config("https://y.example/v1", Some("A"));
        let registry = registry(&[("a", one.clone()), ("again", one), ("b", other), ("c", elsewhere)]);
        for name in ["a", "again", "b", "c"] {
            registry.provider(name).unwrap();
        }
        assert_eq!(registry.ready.lock().unwrap().limiters.len(), 3);
    }

    #[tokio::test]
    async fn offline_is_tested_without_a_network() {
        assert!(registry(&[]).test("offline").await.is_ok());
        assert!(registry(&[]).test("nobody").await.is_err());
    }
}
