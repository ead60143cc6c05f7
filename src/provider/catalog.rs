//! What is publicly known of models: window, longest answer, prices.
//!
//! Entries are exact ids at exact hosts. Whatever is not in the table is unknown, and said to be: a name that merely
//! resembles a known one proves nothing about its window.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::config::provider::ProviderConfig;
use crate::engine::model::{ModelFacts, ModelRef};

use super::listing::Listed;
use super::registry;

type Table = BTreeMap<String, BTreeMap<String, ModelFacts>>;

static TABLE: LazyLock<Table> = LazyLock::new(|| serde_json::from_str(include_str!("models.json")).unwrap_or_default());

/// What is known of a model at the provider of this configuration.
pub fn facts(config: &ProviderConfig, model: &ModelRef) -> ModelFacts {
    let Ok(address) = registry::address(&model.provider, config) else { return ModelFacts::default() };
    at_host(address.host(), &model.model)
}

/// Every model that is known at the provider of this name and configuration.
pub fn known(provider: &str, config: &ProviderConfig) -> Vec<Listed> {
    registry::address(provider, config).map(|address| models_at(address.host())).unwrap_or_default()
}

/// What is known of a model at this host.
pub(super) fn at_host(host: &str, id: &str) -> ModelFacts {
    TABLE.get(host).and_then(|models| models.get(id)).cloned().unwrap_or_default()
}

/// The models that are known at this host.
pub(super) fn models_at(host: &str) -> Vec<Listed> {
    let models = TABLE.get(host).into_iter().flatten();
    models.map(|(id, facts)| Listed { id: id.clone(), facts: facts.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use crate::config::provider::ProviderKind;

    use super::*;

    fn at(base_url: Option<&str>, id: &str) -> ModelFacts {
        let config = ProviderConfig {
            kind: ProviderKind::Openai,
            base_url: base_url.map(str::to_owned),
            key: None,
            local: false,
            first_byte_seconds: None,
            idle_seconds: None,
        };
        facts(&config, &ModelRef { provider: "openai".to_owned(), model: id.to_owned() })
    }

    #[test]
    fn every_entry_is_plausible() {
        assert!(TABLE.len() >= 4);
        for (host, models) in &*TABLE {
            assert!(!models.is_empty(), "{host}");
            for (id, facts) in models {
                let (window, output) = (facts.window.unwrap(), facts.output.unwrap());
                assert!(window >= output && output >= 4096, "{id}");
                assert_eq!(facts.usd_in.is_some(), facts.usd_out.is_some(), "{id}");
                let (usd_in, usd_out) = (facts.usd_in.unwrap_or(0.0), facts.usd_out.unwrap_or(0.0));
                assert!(usd_in <= usd_out, "{id}");
                assert!(facts.usd_cached.is_none_or(|cached| cached < usd_in), "{id}");
                assert!(facts.usd_cache_write.is_none_or(|write| write > usd_in), "{id}");
                assert!(facts.long.is_none_or(|long| long.above < window && long.usd_in > usd_in), "{id}");
            }
        }
    }

    #[test]
    fn a_model_is_known_only_at_its_own_host_and_by_its_exact_id() {
        assert_eq!(at(None, "gpt-5").window, Some(400_000));
        assert_eq!(at(None, "gpt-5-").window, None);
        assert_eq!(at(Some("http://127.0.0.1:8080/v1"), "gpt-5"), ModelFacts::default());
        assert_eq!(at(Some("nonsense"), "gpt-5"), ModelFacts::default());
    }

    #[test]
    fn what_is_missing_is_completed_and_what_is_there_stays() {
        let told = ModelFacts { window: Some(8), usd_in: Some(1.0), ..ModelFacts::default() };
        let known = ModelFacts { window: Some(9), output: Some(7), ..ModelFacts::default() };
        let both = ModelFacts { window: Some(8), output: Some(7), usd_in: Some(1.0), ..ModelFacts::default() };
        assert_eq!(told.completed_by(&known), both);
    }
}
