//! What a person configured, as far as decisions depend on it. The files are read elsewhere; here are the values.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::model::{ModelFacts, ModelRef, ProviderName};
use super::redaction::Dictionary;

/// A pane's name in `workspace.yaml`, such as `research`: how commands address it.
pub type PaneName = String;

/// Where a conversation's text may go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Locality {
    /// Crosses to other panes as it is.
    #[default]
    Open,
    /// Hidden from other panes; its own provider still sees it.
    Guarded,
    /// Runs only at endpoints that a person marked `local: true`.
    Sealed,
}

impl Locality {
    /// The word for it in files and on the screen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Guarded => "guarded",
            Self::Sealed => "sealed",
        }
    }
}

impl fmt::Display for Locality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// One pane of the workspace file, or one that was opened while the program ran.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PaneSettings {
    /// What the model is told to be.
    pub role: String,
    /// The model it begins with; the workspace's default if `None`.
    pub model: Option<ModelRef>,
    /// The providers its text may go to; any if empty.
    pub providers: Vec<ProviderName>,
    /// Where its text may go.
    pub locality: Locality,
    /// Names of its own that must not cross.
    #[serde(skip_serializing_if = "is_default")]
    pub dictionary: Arc<Dictionary>,
    /// The file they stand in, as the workspace file names it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub dictionary_file: String,
}

impl PaneSettings {
    /// Whether text may go somewhere by these settings where it may not go by the others.
    pub fn is_looser_than(&self, other: &Self) -> bool {
        let is_wider = self.providers.is_empty() || self.providers.iter().any(|name| !other.providers.contains(name));
        self.locality < other.locality || (!other.providers.is_empty() && is_wider)
    }

    /// These settings with a locality no looser, and providers no wider, than those that were in force: what a file says
    /// loosens nothing by itself.
    #[must_use]
    pub fn no_looser_than(mut self, old: &Self) -> Self {
        self.locality = self.locality.max(old.locality);
        if !old.providers.is_empty() {
            self.providers.retain(|name| old.providers.contains(name));
            // No provider at all would mean any.
            if self.providers.is_empty() {
                self.providers.clone_from(&old.providers);
            }
        }
        self
    }
}

fn is_default(dictionary: &Dictionary) -> bool {
    *dictionary == Dictionary::default()
}

/// What a provider is, as far as decisions depend on it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderFacts {
    /// Whether a person marked it `local: true`: sealed panes may use it.
    pub local: bool,
}

/// Everything configured that the engine decides by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The workspace's title.
    pub title: String,
    /// The panes in the order of the file.
    pub panes: Vec<(PaneName, PaneSettings)>,
    /// What all panes work towards, if each is told; it crosses to every pane.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objective: Option<String>,
    /// The model of a pane that names none.
    pub default_model: ModelRef,
    /// The providers that are configured. `offline` is always there.
    pub providers: BTreeMap<ProviderName, ProviderFacts>,
    /// What is known of models, by their reference as text.
    pub models: BTreeMap<String, ModelFacts>,
    /// The models that answer, in this order, where the chosen one fails before its first word.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fallback: Vec<ModelRef>,
    /// How often a transient failure is tried again.
    pub retries: u32,
    /// The longest answer asked for, in tokens; the provider's own limit if `None`.
    pub max_output: Option<u32>,
    /// What the workspace may cost, in millionths of a US dollar; no limit if `None`.
    #[serde(default)]
    pub spend_limit: Option<u64>,
    /// When and how conversations are handed off.
    #[serde(default, skip_serializing_if = "HandoffSettings::is_usual")]
    pub handoff: HandoffSettings,
    /// What becomes of a conversation whose provider stays down.
    #[serde(default, skip_serializing_if = "Failover::is_usual")]
    pub failover: Failover,
}

/// What becomes of a conversation whose provider stays down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failover {
    /// It moves to the next model that may answer, by itself.
    Move,
    /// The move is offered.
    #[default]
    Ask,
    /// Fallbacks answer single turns, and that is all.
    Turn,
}

impl Failover {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// When and how conversations are handed off. Shares of what a context may hold, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct HandoffSettings {
    /// Whether it happens by itself.
    pub policy: HandoffPolicy,
    /// From here on the meter says so.
    pub notice: f64,
    /// From here on the document is kept ready.
    pub prepare: f64,
    /// Here it happens.
    pub at: f64,
}

impl Default for HandoffSettings {
    fn default() -> Self {
        Self { policy: HandoffPolicy::Auto, notice: 0.7, prepare: 0.8, at: 0.9 }
    }
}

impl HandoffSettings {
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// Whether conversations are handed off by themselves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoffPolicy {
    /// Yes.
    #[default]
    Auto,
    /// A person is asked.
    Ask,
    /// No.
    Off,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            title: String::new(),
            panes: Vec::new(),
            objective: None,
            default_model: ModelRef::offline(),
            providers: BTreeMap::new(),
            models: BTreeMap::new(),
            fallback: Vec::new(),
            retries: 3,
            max_output: None,
            spend_limit: None,
            handoff: HandoffSettings::default(),
            failover: Failover::default(),
        }
    }
}

impl Settings {
    /// What is known of this model; nothing, if it isn't listed.
    pub fn facts(&self, model: &ModelRef) -> ModelFacts {
        self.models.get(&model.to_string()).cloned().unwrap_or_default()
    }

    /// Whether text sent to this provider stays on endpoints a person called local.
    pub fn is_local(&self, provider: &str) -> bool {
        provider == super::model::OFFLINE || self.providers.get(provider).is_some_and(|facts| facts.local)
    }
}

/// The longest pause between two tries of one turn.
pub const LONGEST_RETRY_PAUSE: Duration = Duration::from_mins(1);
