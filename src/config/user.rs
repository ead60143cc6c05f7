//! `config.yaml`: providers, the default model, and how the program looks and behaves. One per person.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::error::ConfigError;
use super::key::Key;
use super::provider::ProviderConfig;
use super::source::{Source, Step, in_order, in_order_by, parsed, parsed_if_there};
use super::workspace::WorkspaceFile;
use crate::engine::model::{ModelFacts, ModelRef, NotAModel, OFFLINE, ProviderName};
use crate::engine::settings::{ProviderFacts, Settings};

/// The file's name in the config folder.
pub const FILE: &str = "config.yaml";

/// The most often that a transient failure may be tried again.
const MOST_RETRIES: u32 = 10;

/// What a person configured for all their workspaces.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UserConfig {
    /// The providers by name, in the order of the file. `offline` is always there and not among them.
    #[serde(deserialize_with = "in_order")]
    pub providers: Vec<(ProviderName, ProviderConfig)>,
    /// The model of panes that name none.
    #[serde(deserialize_with = "parsed")]
    pub model: ModelRef,
    /// The models that answer, in this order, where the chosen one fails before its first word.
    pub fallback: Vec<ModelRef>,
    /// What is known of models that the catalogue doesn't know, or knows wrongly.
    #[serde(deserialize_with = "in_order_of_models")]
    pub models: Vec<(ModelRef, ModelEntry)>,
    /// How often a transient failure is tried again.
    pub retries: u32,
    /// The longest answer asked for, in tokens; the provider's own limit if `None`.
    pub max_output: Option<u32>,
    /// The key that begins a command.
    #[serde(deserialize_with = "parsed")]
    pub leader: Key,
    /// The theme: the name of an embedded one, or of a file in the config folder's `themes`.
    pub theme: String,
    /// Which glyphs the screen uses.
    pub glyphs: Glyphs,
    /// How the person is told of something while they look elsewhere.
    pub notify: Notify,
    /// Whether the mouse is read.
    pub mouse: bool,
    /// Whether the terminal is told where links lead, so that a click opens them.
    pub links: bool,
    /// The keymap's file in the config folder.
    #[serde(deserialize_with = "some_text")]
    pub keys: Option<String>,
}

impl Default for UserConfig {
    fn default() -> Self {
        Self {
            providers: Vec::new(),
            model: ModelRef::offline(),
            fallback: Vec::new(),
            models: Vec::new(),
            retries: 3,
            max_output: None,
            leader: Key::default(),
            theme: "trialogue-dark".to_owned(),
            glyphs: Glyphs::Unicode,
            notify: Notify::default(),
            mouse: true,
            links: true,
            keys: None,
        }
    }
}

impl UserConfig {
    /// Reads and checks the file.
    pub fn parse(source: &Source) -> Result<Self, ConfigError> {
        let config: Self = source.parse()?;
        for (name, provider) in &config.providers {
            check_provider(source, name, provider)?;
        }
        let names = config.provider_names();
        let fallback = config.fallback.iter().enumerate();
        let fallback = fallback.map(|(place, model)| (vec![Step::Key("fallback"), Step::Item(place)], model));
        for (path, model) in std::iter::once((vec![Step::Key("model")], &config.model)).chain(fallback) {
            if !model.is_offline() && !names.contains(&model.provider.as_str()) {
                let message = format!("there is no provider `{}` under `providers`.", model.provider);
                return Err(source.error_at(&path, message).near(&model.provider, names));
            }
        }
        if !config.leader.is_chord() {
            let message =
                format!("`{}` is typed in messages: expected a key with ctrl or alt, or f1 to f12.", config.leader);
            return Err(source.error_at(&[Step::Key("leader")], message));
        }
        if config.retries > MOST_RETRIES {
            return Err(source.error_at(&[Step::Key("retries")], format!("expected 0 to {MOST_RETRIES} retries.")));
        }
        if config.max_output == Some(0) {
            return Err(source.error_at(&[Step::Key("max_output")], "expected at least 1 token."));
        }
        Ok(config)
    }

    /// The configured providers' names, in the order of the file.
    pub fn provider_names(&self) -> Vec<&str> {
        self.providers.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// Everything the engine decides by, with what a catalogue knows of models beneath what the person wrote.
    pub fn settings(&self, workspace: &WorkspaceFile, catalogue: BTreeMap<String, ModelFacts>) -> Settings {
        let mut models = catalogue;
        for (model, entry) in &self.models {
            entry.over(models.entry(model.to_string()).or_default());
        }
        let facts =
            |(name, provider): &(ProviderName, ProviderConfig)| (name.clone(), ProviderFacts { local: provider.local });
        Settings {
            title: workspace.title.clone(),
            panes: workspace.pane_settings(),
            objective: workspace.objective.as_ref().filter(|one| one.shared).map(|one| one.text.trim().to_owned()),
            default_model: self.model.clone(),
            providers: self.providers.iter().map(facts).collect(),
            models,
            fallback: self.fallback.clone(),
            retries: self.retries,
            max_output: self.max_output,
            spend_limit: workspace.spend.limit(),
            handoff: workspace.handoff.settings(),
            failover: workspace.failover,
        }
    }
}

fn check_provider(source: &Source, name: &str, provider: &ProviderConfig) -> Result<(), ConfigError> {
    let path = [Step::Key("providers"), Step::Key(name)];
    if name == OFFLINE {
        let message = "`offline` is the embedded provider's name: it needs no entry, and no other may have it.";
        return Err(source.error_at_key(&path, message));
    }
    let Some(base_url) = &provider.base_url else { return Ok(()) };
    match check_base_url(base_url) {
        Ok(()) => Ok(()),
        Err(message) => Err(source.error_at(&[path[0], path[1], Step::Key("base_url")], message)),
    }
}

/// An address a key may be sent to: https, or a machine that is this one or that the person runs without TLS and says so.
fn check_base_url(base_url: &str) -> Result<(), String> {
    let url = reqwest::Url::parse(base_url)
        .map_err(|error| format!("expected an address such as https://api.openai.com/v1: {error}."))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("an address must not hold a password: name a `key` instead.".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("expected an address without `?` and `#`.".to_owned());
    }
    let Some(host) = url.host_str() else { return Err("expected an address with a host.".to_owned()) };
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(host) => Ok(()),
        "http" => Err(format!(
            "http to `{host}` would send keys and text in the clear: use https. Only this machine may be asked over http."
        )),
        other => Err(format!("expected https:// (or http:// on this machine), found {other}://.")),
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Which glyphs the screen uses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Glyphs {
    /// Symbols such as ● and ⇒.
    #[default]
    Unicode,
    /// Their ASCII twins.
    Ascii,
}

/// How the person is told of something while they look elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Notify {
    /// By the terminal's bell.
    pub bell: bool,
    /// By the terminal's own notifications (OSC 9 and 777).
    pub osc: bool,
    /// By the window's title.
    pub title: bool,
}

impl Default for Notify {
    fn default() -> Self {
        Self { bell: true, osc: true, title: true }
    }
}

fn some_text<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    parsed_if_there(deserializer)
}

/// What a person says of a model; what they leave out stays as the catalogue has it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ModelEntry {
    /// How many tokens fit into one request and its answer.
    pub window: Option<u32>,
    /// How many tokens one answer may have.
    pub output: Option<u32>,
    /// US dollars per million tokens of input.
    pub usd_in: Option<f64>,
    /// US dollars per million tokens of output.
    pub usd_out: Option<f64>,
    /// US dollars per million tokens of input that the provider had cached.
    pub usd_cached: Option<f64>,
    /// US dollars per million tokens of input that the provider puts into its cache.
    pub usd_cache_write: Option<f64>,
}

impl ModelEntry {
    /// Puts it over what is known otherwise.
    pub fn over(&self, known: &mut ModelFacts) {
        known.window = self.window.or(known.window);
        known.output = self.output.or(known.output);
        if self.usd_in.is_some() || self.usd_out.is_some() {
            // A person's own price is the price of every request, and says nothing of the catalogue's caches.
            (known.usd_cached, known.usd_cache_write, known.long) = (None, None, None);
        }
        known.usd_in = self.usd_in.or(known.usd_in);
        known.usd_out = self.usd_out.or(known.usd_out);
        known.usd_cached = self.usd_cached.or(known.usd_cached);
        known.usd_cache_write = self.usd_cache_write.or(known.usd_cache_write);
    }
}

fn in_order_of_models<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<(ModelRef, ModelEntry)>, D::Error> {
    in_order_by(deserializer, |text| text.parse().map_err(|error: NotAModel| error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::provider::{KeySource, ProviderKind};

    const WHOLE: &str = r#"
providers:
  openai: {kind: openai, key: {env: OPENAI_API_KEY}}
  work:   {kind: openai, base_url: "https://models.example/v1", key: {command: "op read op://personal/key"}}
  llama:  {kind: openai, base_url: "http://127.0.0.1:8080/v1", local: true}
model: llama/smollm2
fallback: [openai/gpt-5-mini, offline]
models:
  llama/smollm2: {window: 8192}
retries: 1
max_output: 2000
leader: ctrl-b
theme: mine
glyphs: ascii
notify: {osc: false}
mouse: false
keys: keys.yaml
"#;

    fn read(text: &str) -> Result<UserConfig, ConfigError> {
        UserConfig::parse(&Source::new("config.yaml", text))
    }

    fn wrong(text: &str) -> String {
        read(text).unwrap_err().to_string()
    }

    #[test]
    fn a_whole_file_is_read() {
        let config = read(WHOLE).unwrap();
        assert_eq!(config.provider_names(), ["openai", "work", "llama"]);
        let work = &config.providers[1].1;
        assert_eq!(work.kind, ProviderKind::Openai);
        assert_eq!(work.key, Some(KeySource::Command("op read op://personal/key".into())));
        assert_eq!(config.fallback, ["openai/gpt-5-mini".parse().unwrap(), ModelRef::offline()]);
        assert_eq!(config.leader.to_string(), "Ctrl-b");
        assert_eq!(config.notify, Notify { bell: true, osc: false, title: true });
        assert_eq!((config.mouse, config.glyphs, config.keys.as_deref()), (false, Glyphs::Ascii, Some("keys.yaml")));
    }

    #[test]
    fn no_file_and_a_file_of_comments_mean_offline() {
        for text in ["", "# later\n", "{}"] {
            assert_eq!(read(text).unwrap(), UserConfig::default());
        }
        assert!(UserConfig::default().model.is_offline());
    }

    #[test]
    fn what_a_person_says_of_a_model_goes_before_the_catalogue() {
        let config = read(WHOLE).unwrap();
        let source = Source::new("workspace.yaml", "version: 1\ntitle: t\npanes: {a: {}}");
        let workspace = WorkspaceFile::parse(&source).unwrap();
        let listed = ModelFacts { window: Some(2048), output: Some(512), ..ModelFacts::default() };
        let settings = config.settings(&workspace, BTreeMap::from([("llama/smollm2".to_owned(), listed)]));
        let facts = settings.facts(&settings.default_model);
        assert_eq!((facts.window, facts.output), (Some(8192), Some(512)));
        assert!(settings.is_local("llama") && settings.is_local("offline") && !settings.is_local("work"));
        assert_eq!((settings.retries, settings.max_output), (1, Some(2000)));
    }

    #[test]
    fn mistakes_are_told_where_they_stand() {
        insta::assert_snapshot!(wrong("modle: offline"), @r"
        config.yaml:1:1: `modle` is not a key here. Keys: providers, model, fallback, models, retries, max_output, leader, theme, glyphs, notify, mouse, links, keys. Did you mean `model`?
          |
        1 | modle: offline
          | ^^^^^
        ");
        insta::assert_snapshot!(wrong("providers:\n  llama: {kind: openai}\nmodel: lama/smollm2\n"), @r"
        config.yaml:3:8: there is no provider `lama` under `providers`. Did you mean `llama`?
          |
        3 | model: lama/smollm2
          |        ^^^^^^^^^^^^
        ");
        insta::assert_snapshot!(wrong("fallback: [offline, lama/smollm2]\n"), @r"
        config.yaml:1:21: there is no provider `lama` under `providers`.
          |
        1 | fallback: [offline, lama/smollm2]
          |                     ^^^^^^^^^^^^
        ");
        insta::assert_snapshot!(wrong("model: gpt-5\n"), @r"
        config.yaml:1:8: model: `gpt-5` is not a model: write provider/model, such as llama/smollm2, or offline.
          |
        1 | model: gpt-5
          |        ^^^^^
        ");
        insta::assert_snapshot!(wrong("leader: x\n"), @r"
        config.yaml:1:9: `x` is typed in messages: expected a key with ctrl or alt, or f1 to f12.
          |
        1 | leader: x
          |         ^
        ");
        insta::assert_snapshot!(wrong("leader: ctlr-x\n"), @r"
        config.yaml:1:9: leader: `ctlr-x` is not a key: write one such as ctrl-x, alt-enter, f1, or a single letter.
          |
        1 | leader: ctlr-x
          |         ^^^^^^
        ");
        insta::assert_snapshot!(wrong("glyphs: emoji\n"), @r"
        config.yaml:1:9: glyphs: `emoji` is not a choice here. Choices: unicode, ascii.
          |
        1 | glyphs: emoji
          |         ^^^^^
        ");
        insta::assert_snapshot!(wrong("retries: 1000\n"), @r"
        config.yaml:1:10: expected 0 to 10 retries.
          |
        1 | retries: 1000
          |          ^^^^
        ");
        insta::assert_snapshot!(wrong("retries: -1\n"), @r"
        config.yaml:1:10: retries: expected a whole number of 0 or more, found integer `-1`.
          |
        1 | retries: -1
          |          ^^
        ");
        insta::assert_snapshot!(wrong("models: {gpt-5: {window: 1}}\n"), @r"
        config.yaml:1:10: models: `gpt-5` is not a model: write provider/model, such as llama/smollm2, or offline.
          |
        1 | models: {gpt-5: {window: 1}}
          |          ^^^^^
        ");
        insta::assert_snapshot!(wrong("- a\n"), @r"
        config.yaml:1:1: expected a mapping (`key: value`), found a list.
          |
        1 | - a
          | ^
        ");
    }

    #[test]
    fn a_provider_that_cannot_be_used_is_told_where_it_stands() {
        let provider = |entry: &str| wrong(&format!("providers:\n  a: {entry}\n"));
        insta::assert_snapshot!(provider("{kind: openia}"), @r"
        config.yaml:2:13: providers.a.kind: `openia` is not a choice here. Choices: openai, anthropic, gemini, ollama. Did you mean `openai`?
          |
        2 |   a: {kind: openia}
          |             ^^^^^^
        ");
        insta::assert_snapshot!(provider("{base_url: x}"), @r"
        config.yaml:2:6: providers.a: the key `kind` is missing here.
          |
        2 |   a: {base_url: x}
          |      ^
        ");
        insta::assert_snapshot!(provider("{kind: openai, key: sk-proj-0123456789abcdef}"), @r#"
        config.yaml:2:26: providers.a.key: expected {env: NAME} or {command: "…"}; a key itself must not stand in this file.
          |
        2 |   a: {kind: openai, key: ••••••••••••••••••••••••}
          |                          ^
        "#);
        insta::assert_snapshot!(provider("{kind: openai, key: {env: sk-proj-0123456789abcdef}}"), @r"
        config.yaml:2:32: providers.a.key.env: expected the name of an environment variable, such as OPENAI_API_KEY; a key itself must not stand in this file.
          |
        2 |   a: {kind: openai, key: {env: ••••••••••••••••••••••••}}
          |                                ^
        ");
        insta::assert_snapshot!(provider("{kind: openai, key: {env: A, command: b}}"), @r"
        config.yaml:2:26: providers.a.key: expected one of env and command, found several.
          |
        2 |   a: {kind: openai, key: {env: A, command: b}}
          |                          ^
        ");
        insta::assert_snapshot!(provider("{kind: openai, key: {enw: A}}"), @r"
        config.yaml:2:27: providers.a.key: `enw` is not a key here. Keys: env, command. Did you mean `env`?
          |
        2 |   a: {kind: openai, key: {enw: A}}
          |                           ^^^
        ");
        insta::assert_snapshot!(wrong("providers: {offline: {kind: openai}}"), @r"
        config.yaml:1:13: `offline` is the embedded provider's name: it needs no entry, and no other may have it.
          |
        1 | providers: {offline: {kind: openai}}
          |             ^^^^^^^
        ");
    }

    #[test]
    fn an_address_that_would_send_a_key_in_the_clear_is_refused() {
        let address = |base_url: &str| wrong(&format!("providers:\n  a: {{kind: openai, base_url: \"{base_url}\"}}\n"));
        insta::assert_snapshot!(address("http://models.example/v1"), @r#"
        config.yaml:2:31: http to `models.example` would send keys and text in the clear: use https. Only this machine may be asked over http.
          |
        2 |   a: {kind: openai, base_url: "http://models.example/v1"}
          |                               ^
        "#);
        for bad in ["127.0.0.1:8080", "ftp://x/", "https://me:pw@x/", "https://x/?key=1", "file:///etc", "nonsense"] {
            assert!(address(bad).starts_with("config.yaml:2:31: "), "{}", address(bad));
        }
        for good in ["http://localhost:1/v1", "http://[::1]:8080", "http://127.9.9.9/", "https://api.example/v1"] {
            assert_eq!(read(&format!("providers: {{a: {{kind: openai, base_url: \"{good}\"}}}}")).map(|_| ()), Ok(()));
        }
    }
}
