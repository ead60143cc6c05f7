//! The configured providers by name, each made ready at its first use.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::config::provider::{KeySource, ProviderConfig, ProviderKind};
use crate::engine::failure::{Failure, FailureKind};
use crate::engine::model::{OFFLINE, ProviderName};

use super::address::Address;
use super::client::Clients;
use super::endpoint::Endpoint;
use super::limiter::Limiter;
use super::openai::Openai;
use super::{Provider, Providers};

/// Where chat completions are at home.
const OPENAI_HOME: &str = "https://api.openai.com/v1";

/// The providers of a configuration, and `offline`, which is always there.
pub struct Registry {
    configured: BTreeMap<ProviderName, ProviderConfig>,
    offline: Arc<dyn Provider>,
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
    pub fn new(configured: BTreeMap<ProviderName, ProviderConfig>, offline: Arc<dyn Provider>) -> Self {
        Self { configured, offline, clients: Arc::default(), ready: Mutex::default() }
    }

    /// The configuration it was made of.
    pub fn configured(&self) -> &BTreeMap<ProviderName, ProviderConfig> {
        &self.configured
    }

    fn make(&self, name: &str, config: &ProviderConfig, ready: &mut Ready) -> Result<Arc<dyn Provider>, Failure> {
        let address = address(name, config)?;
        let limiter = Arc::clone(ready.limiters.entry(limits_of(&address, config)).or_default());
        let endpoint = Endpoint::new(name, config, address, Arc::clone(&self.clients), limiter);
        match config.kind {
            ProviderKind::Openai => Ok(Arc::new(Openai::new(endpoint))),
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
            return Ok(Arc::clone(&self.offline));
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

/// Where this provider answers.
pub(super) fn address(name: &str, config: &ProviderConfig) -> Result<Address, Failure> {
    let home = match config.kind {
        ProviderKind::Openai => OPENAI_HOME,
    };
    Address::new(name, config.base_url.as_deref().unwrap_or(home))
}

fn limits_of(address: &Address, config: &ProviderConfig) -> String {
    let key = match &config.key {
        Some(KeySource::Env(name)) => format!("env {name}"),
        Some(KeySource::Command(command)) => format!("command {command}"),
        None => String::new(),
    };
    format!("{} {key}", address.origin())
}
