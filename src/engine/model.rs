//! Which model answers: `provider/model`, and what is known of it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::prompt::Limits;

/// The name under which a provider stands in the configuration, such as `openai` or `llama`.
pub type ProviderName = String;

/// The name of the embedded provider, which is also the whole reference to its only model.
pub const OFFLINE: &str = "offline";

/// A model at a provider, written `provider/model`; `offline` alone is the embedded provider.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModelRef {
    /// The provider's name in the configuration.
    pub provider: ProviderName,
    /// The model's id as the provider knows it; empty for `offline`.
    pub model: String,
}

impl ModelRef {
    /// The embedded provider, which needs no key, no server and no network.
    pub fn offline() -> Self {
        Self { provider: OFFLINE.to_owned(), model: String::new() }
    }

    /// Whether this is the embedded provider.
    pub fn is_offline(&self) -> bool {
        self.provider == OFFLINE
    }

    /// The short name for a message's heading: the model's id without its folder, or the provider's name.
    pub fn short(&self) -> &str {
        if self.model.is_empty() { &self.provider } else { self.model.rsplit('/').next().unwrap_or(&self.model) }
    }
}

impl fmt::Display for ModelRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.model.is_empty() { f.write_str(&self.provider) } else { write!(f, "{}/{}", self.provider, self.model) }
    }
}

/// Why a text is no [`ModelRef`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a model: write provider/model, such as llama/smollm2, or offline")]
pub struct NotAModel(pub String);

impl FromStr for ModelRef {
    type Err = NotAModel;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == OFFLINE {
            return Ok(Self::offline());
        }
        match text.split_once('/') {
            Some((provider, model)) if !provider.is_empty() && !model.is_empty() => {
                Ok(Self { provider: provider.to_owned(), model: model.to_owned() })
            }
            _ => Err(NotAModel(text.to_owned())),
        }
    }
}

impl Serialize for ModelRef {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ModelRef {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// What is known of a model. Nothing is guessed: what is unknown is `None`, and said.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModelFacts {
    /// How many tokens fit into one request and its answer.
    pub window: Option<u32>,
    /// How many tokens one answer may have.
    pub output: Option<u32>,
    /// US dollars per million tokens of input.
    pub usd_in: Option<f64>,
    /// US dollars per million tokens of output.
    pub usd_out: Option<f64>,
    /// US dollars per million tokens of input that the provider had cached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usd_cached: Option<f64>,
    /// US dollars per million tokens of input that the provider puts into its cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usd_cache_write: Option<f64>,
    /// The prices of a request longer than a bound, where they differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub long: Option<LongPrice>,
    /// How many tokens it counts for each that we estimate, learned from its answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_estimated: Option<f64>,
}

/// What a request costs per million tokens once it is longer than a bound.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LongPrice {
    /// The most tokens of input at the ordinary prices.
    pub above: u32,
    /// US dollars per million tokens of input beyond it: of the whole request, not of the rest.
    pub usd_in: f64,
    /// US dollars per million tokens of output.
    pub usd_out: f64,
}

impl ModelFacts {
    /// These facts, with those that are missing taken from others.
    #[must_use]
    pub fn completed_by(&self, by: &Self) -> Self {
        Self {
            window: self.window.or(by.window),
            output: self.output.or(by.output),
            usd_in: self.usd_in.or(by.usd_in),
            usd_out: self.usd_out.or(by.usd_out),
            usd_cached: self.usd_cached.or(by.usd_cached),
            usd_cache_write: self.usd_cache_write.or(by.usd_cache_write),
            long: self.long.or(by.long),
            per_estimated: self.per_estimated.or(by.per_estimated),
        }
    }

    /// What it takes and gives at most.
    pub const fn limits(&self) -> Limits {
        Limits { window: self.window, output: self.output }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_reads_as_it_is_written() {
        for text in ["offline", "llama/smollm2", "openrouter/meta/llama-3"] {
            assert_eq!(text.parse::<ModelRef>().unwrap().to_string(), text);
        }
        assert_eq!("openrouter/meta/llama-3".parse::<ModelRef>().unwrap().short(), "llama-3");
        for text in ["", "gpt-5", "/x", "x/"] {
            assert!(text.parse::<ModelRef>().is_err(), "{text}");
        }
    }
}
