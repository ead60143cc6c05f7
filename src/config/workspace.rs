//! `workspace.yaml`: the panes of a workspace, their roles and localities, and how they share the screen.

use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;

use super::dictionary;
use super::error::ConfigError;
use super::layout::Layout;
use super::source::{Source, Step, in_order, parsed_if_there};
use crate::engine::model::{ModelRef, OFFLINE, ProviderName};
use crate::engine::redaction::Dictionary;
use crate::engine::settings::{Failover, HandoffPolicy, HandoffSettings, Locality, PaneName, PaneSettings};

/// The version of `workspace.yaml` that this program reads and writes.
pub const VERSION: u32 = 1;

/// The file's name in a workspace's folder.
pub const FILE: &str = "workspace.yaml";

/// How many panes a workspace may have: more than a screen can show, and few enough to lay out at once.
const MOST_PANES: usize = 64;

/// A workspace as a person described it.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkspaceFile {
    /// What it is about.
    pub title: String,
    /// What all its panes work towards.
    pub objective: Option<Objective>,
    /// How the panes share the screen.
    pub layout: Layout,
    /// Other ways to share it, each under its name.
    pub layouts: Vec<(String, Layout)>,
    /// The panes in the order of the file.
    pub panes: Vec<(PaneName, PaneFile)>,
    /// When and how conversations are handed off.
    pub handoff: HandoffFile,
    /// What becomes of a conversation whose provider stays down.
    pub failover: Failover,
    /// What may be spent.
    pub spend: SpendFile,
}

impl WorkspaceFile {
    /// Reads the panes' dictionaries, which lie beside the file or below its folder.
    pub fn read_dictionaries(&mut self, folder: &Path) -> Result<(), ConfigError> {
        for (_, pane) in &mut self.panes {
            if let Some(name) = &pane.dictionary {
                pane.names = Arc::new(dictionary::read(&folder.join(name))?);
            }
        }
        Ok(())
    }

    /// Reads and checks the file.
    pub fn parse(source: &Source) -> Result<Self, ConfigError> {
        let raw: Raw = match source.parse() {
            Ok(raw) => raw,
            // A newer file may hold keys that are unknown here: its version is the better thing to say.
            Err(error) => return Err(stated_version(source).and_then(|found| newer(source, found)).unwrap_or(error)),
        };
        if let Some(error) = newer(source, raw.version) {
            return Err(error);
        }
        let names: Vec<&PaneName> = raw.panes.iter().map(|(name, _)| name).collect();
        if names.is_empty() {
            return Err(source.error_at(&[Step::Key("panes")], "expected at least one pane under `panes`."));
        }
        if names.len() > MOST_PANES {
            let message = format!("{} panes are too many: {MOST_PANES} are the most.", names.len());
            return Err(source.error_at_key(&[Step::Key("panes")], message));
        }
        for (name, pane) in &raw.panes {
            pane.check(source, name)?;
        }
        raw.handoff.check(source)?;
        raw.spend.check(source)?;
        let layout = match raw.layout {
            Some(layout) => {
                LayoutCheck { source, names: &names, seen: Vec::new() }
                    .check(&layout, &mut vec![Step::Key("layout")])?;
                layout
            }
            None => Layout::columns(names.iter().copied()),
        };
        for (name, layout) in &raw.layouts {
            LayoutCheck { source, names: &names, seen: Vec::new() }
                .check(layout, &mut vec![Step::Key("layouts"), Step::Key(name)])?;
        }
        let Raw { title, objective, layouts, panes, handoff, failover, spend, .. } = raw;
        Ok(Self { title, objective, layout, layouts, panes, handoff, failover, spend })
    }

    /// The panes as the engine wants them.
    pub fn pane_settings(&self) -> Vec<(PaneName, PaneSettings)> {
        self.panes.iter().map(|(name, pane)| (name.clone(), pane.settings())).collect()
    }

    /// What is doubtful but not wrong: providers that `config.yaml` doesn't have. The file may come from elsewhere.
    pub fn doubts(&self, source: &Source, providers: &[&str]) -> Vec<ConfigError> {
        let mut doubts = Vec::new();
        let mut doubt = |name: &str, path: &[Step<'_>]| {
            if name != OFFLINE && !providers.contains(&name) {
                let message = format!("config.yaml has no provider `{name}`: this pane cannot ask it.");
                doubts.push(source.error_at(path, message).near(name, providers.iter().copied()));
            }
        };
        for (pane, settings) in &self.panes {
            let path = [Step::Key("panes"), Step::Key(pane)];
            if let Some(model) = &settings.model {
                doubt(&model.provider, &[path[0], path[1], Step::Key("model")]);
            }
            for (position, provider) in settings.providers.iter().enumerate() {
                doubt(provider, &[path[0], path[1], Step::Key("providers"), Step::Item(position)]);
            }
        }
        doubts
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    version: u32,
    #[serde(default)]
    title: String,
    #[serde(default)]
    objective: Option<Objective>,
    #[serde(default)]
    layout: Option<Layout>,
    #[serde(default, deserialize_with = "in_order")]
    layouts: Vec<(String, Layout)>,
    #[serde(deserialize_with = "in_order")]
    panes: Vec<(PaneName, PaneFile)>,
    #[serde(default)]
    handoff: HandoffFile,
    #[serde(default)]
    failover: Failover,
    #[serde(default)]
    spend: SpendFile,
}

/// What all panes of a workspace work towards.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Objective {
    /// The objective in a person's words.
    pub text: String,
    /// Whether every pane is told. It then crosses like a brief.
    #[serde(default)]
    pub shared: bool,
}

/// One pane of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PaneFile {
    /// What the model is told to be.
    pub role: String,
    /// The model; the user's default if `None`.
    #[serde(deserialize_with = "parsed_if_there")]
    pub model: Option<ModelRef>,
    /// The providers its text may go to; any if empty.
    pub providers: Vec<ProviderName>,
    /// Where its text may go.
    pub locality: Locality,
    /// A dictionary of names that must not cross, relative to the workspace's folder.
    pub dictionary: Option<String>,
    /// What that file says, once it is read.
    #[serde(skip)]
    pub names: Arc<Dictionary>,
}

impl PaneFile {
    /// The pane as the engine wants it.
    pub fn settings(&self) -> PaneSettings {
        PaneSettings {
            role: self.role.trim_end().to_owned(),
            model: self.model.clone(),
            providers: self.providers.clone(),
            locality: self.locality,
            dictionary: Arc::clone(&self.names),
            dictionary_file: self.dictionary.clone().unwrap_or_default(),
        }
    }

    fn check(&self, source: &Source, name: &str) -> Result<(), ConfigError> {
        let Some(model) = &self.model else { return Ok(()) };
        if self.providers.is_empty() || self.providers.contains(&model.provider) || model.is_offline() {
            return Ok(());
        }
        let path = [Step::Key("panes"), Step::Key(name), Step::Key("model")];
        let message = format!(
            "`{model}` is at a provider that this pane may not use: its providers are {}.",
            self.providers.join(", ")
        );
        Err(source.error_at(&path, message).near(&model.provider, self.providers.iter().map(String::as_str)))
    }
}

/// When and how a conversation is handed off. Shares of the window, from 0 to 1.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HandoffFile {
    /// Whether it happens by itself.
    pub policy: HandoffPolicy,
    /// From here on the meter says so.
    pub notice: f64,
    /// From here on the document is kept ready.
    pub prepare: f64,
    /// Here it happens.
    pub at: f64,
}

impl Default for HandoffFile {
    fn default() -> Self {
        Self { policy: HandoffPolicy::Auto, notice: 0.7, prepare: 0.8, at: 0.9 }
    }
}

impl HandoffFile {
    /// As the engine wants it.
    pub(super) const fn settings(&self) -> HandoffSettings {
        let Self { policy, notice, prepare, at } = *self;
        HandoffSettings { policy, notice, prepare, at }
    }

    fn check(&self, source: &Source) -> Result<(), ConfigError> {
        let path = |key| [Step::Key("handoff"), Step::Key(key)];
        let shares = [("notice", self.notice), ("prepare", self.prepare), ("at", self.at)];
        for (key, share) in shares {
            if !(share > 0.0 && share <= 1.0) {
                return Err(source.error_at(&path(key), "expected a share of the window, above 0 and up to 1."));
            }
        }
        for [(before, earlier), (after, later)] in [[shares[0], shares[1]], [shares[1], shares[2]]] {
            if earlier > later {
                let message = format!(
                    "`{before}` comes before `{after}`, but {earlier} is above {later}: lower it or raise the other."
                );
                // Either may be a default that the file doesn't name.
                let place = source.value_place(&path(before)).or_else(|| source.value_place(&path(after)));
                return Err(source.error(place, message));
            }
        }
        Ok(())
    }
}

/// What a workspace may cost.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SpendFile {
    /// US dollars; no limit if `None`.
    pub limit_usd: Option<f64>,
}

impl SpendFile {
    /// The limit in millionths of a US dollar.
    pub fn limit(&self) -> Option<u64> {
        self.limit_usd.map(|limit| (limit * 1e6).round() as u64)
    }

    fn check(&self, source: &Source) -> Result<(), ConfigError> {
        match self.limit_usd {
            Some(limit) if !(limit >= 0.0 && limit.is_finite()) => {
                let path = [Step::Key("spend"), Step::Key("limit_usd")];
                Err(source.error_at(&path, "expected an amount in US dollars, 0 or more."))
            }
            _ => Ok(()),
        }
    }
}

/// The version that a file names, whatever else it holds.
fn stated_version(source: &Source) -> Option<u32> {
    #[derive(Deserialize)]
    struct Versioned {
        version: u32,
    }
    source.parse::<Versioned>().ok().map(|file| file.version)
}

/// The error of a file with a version that this program doesn't read.
fn newer(source: &Source, version: u32) -> Option<ConfigError> {
    let path = [Step::Key("version")];
    match version {
        VERSION => None,
        0 => Some(source.error_at(&path, format!("expected version {VERSION}, found 0."))),
        newer => Some(source.error_at(
            &path,
            format!("a newer trialogue wrote this file (version {newer}; this one reads {VERSION}). Update trialogue."),
        )),
    }
}

struct LayoutCheck<'a> {
    source: &'a Source,
    names: &'a [&'a PaneName],
    seen: Vec<String>,
}

impl<'a> LayoutCheck<'a> {
    fn check(&mut self, layout: &Layout, path: &mut Vec<Step<'a>>) -> Result<(), ConfigError> {
        match layout {
            Layout::Pane(pane) => self.check_pane(pane, path),
            Layout::Split { axis, parts } => parts.iter().enumerate().try_for_each(|(position, part)| {
                path.extend([Step::Key(axis.key()), Step::Item(position)]);
                let checked = self.check(&part.layout, path);
                path.truncate(path.len() - 2);
                checked
            }),
        }
    }

    fn check_pane(&mut self, pane: &str, path: &[Step<'_>]) -> Result<(), ConfigError> {
        let error = |message: String| {
            // A pane stands by itself, or under a key of its own beside its weight.
            let under_key: Vec<Step<'_>> = path.iter().copied().chain([Step::Key("pane")]).collect();
            self.source.error(self.source.value_place(&under_key).or_else(|| self.source.value_place(path)), message)
        };
        if !self.names.iter().any(|name| *name == pane) {
            let names: Vec<&str> = self.names.iter().map(|name| name.as_str()).collect();
            let message = format!("the layout names a pane `{pane}` that is not under `panes`: {}.", names.join(", "));
            return Err(error(message).near(pane, names));
        }
        if self.seen.iter().any(|seen| seen == pane) {
            return Err(error(format!("the pane `{pane}` stands in the layout twice.")));
        }
        self.seen.push(pane.to_owned());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::layout::{Axis, Share};

    const WHOLE: &str = r#"
version: 1
title: Vendor study for Acme
objective: {text: Decide on a vendor by Friday, shared: true}
layout:
  columns:
    - {pane: research, weight: 2}
    - rows: [drafting, client]
panes:
  research: {role: "You research.", model: openai/gpt-5, providers: [openai, llama], locality: open}
  drafting: {role: "You draft.", locality: guarded}
  client: {role: "…", model: llama/smollm2, locality: sealed, dictionary: clients.yaml}
handoff: {policy: ask, notice: 0.6}
spend: {limit_usd: 2.00}
"#;

    fn source(text: &str) -> Source {
        Source::new("workspace.yaml", text)
    }

    fn wrong(text: &str) -> String {
        WorkspaceFile::parse(&source(text)).unwrap_err().to_string()
    }

    #[test]
    fn a_whole_file_is_read_in_its_order() {
        let file = WorkspaceFile::parse(&source(WHOLE)).unwrap();
        assert_eq!(file.title, "Vendor study for Acme");
        assert_eq!(
            file.panes.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
            ["research", "drafting", "client"]
        );
        assert_eq!(file.panes[2].1.dictionary.as_deref(), Some("clients.yaml"));
        let settings = file.pane_settings();
        assert_eq!(settings[0].1.model, Some("openai/gpt-5".parse().unwrap()));
        assert_eq!(settings[1].1.locality, Locality::Guarded);
        assert_eq!(file.handoff, HandoffFile { policy: HandoffPolicy::Ask, notice: 0.6, ..HandoffFile::default() });
        assert_eq!(file.spend.limit_usd, Some(2.0));
        let pane = |name: &str| Layout::Pane(name.to_owned());
        let rows = [pane("drafting"), pane("client")].map(|layout| Share { weight: 1, layout });
        let columns = vec![
            Share { weight: 2, layout: pane("research") },
            Share { weight: 1, layout: Layout::Split { axis: Axis::Rows, parts: rows.into() } },
        ];
        assert_eq!(file.layout, Layout::Split { axis: Axis::Columns, parts: columns });
    }

    #[test]
    fn without_a_layout_all_panes_are_columns() {
        let file = WorkspaceFile::parse(&source("version: 1\npanes: {b: {}, a: {}}")).unwrap();
        assert_eq!(file.layout.panes(), ["b", "a"]);
    }

    #[test]
    fn a_layout_that_names_no_pane_says_where_and_which_is_nearest() {
        insta::assert_snapshot!(wrong("version: 1\nlayout:\n  rows:\n    - a\n    - columns: [reserch, {pane: b, weight: 2}]\npanes: {a: {}, research: {}, b: {}}"), @r"
        workspace.yaml:5:17: the layout names a pane `reserch` that is not under `panes`: a, research, b. Did you mean `research`?
          |
        5 |     - columns: [reserch, {pane: b, weight: 2}]
          |                 ^^^^^^^
        ");
        insta::assert_snapshot!(wrong("version: 1\nlayout: {columns: [a, {weight: 2, pane: c}]}\npanes: {a: {}, b: {}}"), @r"
        workspace.yaml:2:41: the layout names a pane `c` that is not under `panes`: a, b.
          |
        2 | layout: {columns: [a, {weight: 2, pane: c}]}
          |                                         ^
        ");
        insta::assert_snapshot!(wrong("version: 1\nlayout: {columns: [a, a]}\npanes: {a: {}, b: {}}"), @r"
        workspace.yaml:2:23: the pane `a` stands in the layout twice.
          |
        2 | layout: {columns: [a, a]}
          |                       ^
        ");
    }

    #[test]
    fn a_layout_that_is_no_layout_says_what_was_expected() {
        insta::assert_snapshot!(wrong("version: 1\nlayout: {colums: [a]}\npanes: {a: {}}"), @r"
        workspace.yaml:2:10: layout: `colums` is not a key here. Keys: columns, rows, pane, weight. Did you mean `columns`?
          |
        2 | layout: {colums: [a]}
          |          ^^^^^^
        ");
        insta::assert_snapshot!(wrong("version: 1\nlayout: {columns: []}\npanes: {a: {}}"), @r"
        workspace.yaml:2:19: layout.columns: expected at least one pane.
          |
        2 | layout: {columns: []}
          |                   ^
        ");
        insta::assert_snapshot!(wrong("version: 1\nlayout: {columns: a}\npanes: {a: {}}"), @r#"
        workspace.yaml:2:19: layout.columns: expected a list of panes, columns and rows, found the text "a".
          |
        2 | layout: {columns: a}
          |                   ^
        "#);
        insta::assert_snapshot!(wrong("version: 1\nlayout: {columns: [{pane: a, weight: 0}]}\npanes: {a: {}}"), @r"
        workspace.yaml:2:38: layout.columns[0].weight: expected a weight from 1 to 1000, found integer `0`.
          |
        2 | layout: {columns: [{pane: a, weight: 0}]}
          |                                      ^
        ");
    }

    #[test]
    fn unknown_keys_and_choices_are_errors() {
        insta::assert_snapshot!(wrong("version: 1\npanes:\n  client:\n    loclity: sealed\n"), @r"
        workspace.yaml:4:5: panes.client: `loclity` is not a key here. Keys: role, model, providers, locality, dictionary. Did you mean `locality`?
          |
        4 |     loclity: sealed
          |     ^^^^^^^
        ");
        insta::assert_snapshot!(wrong("version: 1\npanes:\n  client:\n    locality: seald\n"), @r"
        workspace.yaml:4:15: panes.client.locality: `seald` is not a choice here. Choices: open, guarded, sealed. Did you mean `sealed`?
          |
        4 |     locality: seald
          |               ^^^^^
        ");
        insta::assert_snapshot!(wrong("version: 1\npaines: {a: {}}\n"), @r"
        workspace.yaml:2:1: `paines` is not a key here. Keys: version, title, objective, layout, layouts, panes, handoff, failover, spend. Did you mean `panes`?
          |
        2 | paines: {a: {}}
          | ^^^^^^
        ");
        insta::assert_snapshot!(wrong("version: 1\npanes: {a: {}, b: {}, a: {}}\n"), @r"
        workspace.yaml:2:23: panes: `a` stands here twice.
          |
        2 | panes: {a: {}, b: {}, a: {}}
          |                       ^
        ");
        insta::assert_snapshot!(wrong("version: 1\npanes: {a b: {}}\n"), @r"
        workspace.yaml:2:9: panes: `a b` is no name: letters, digits, - and _ only, 40 at most.
          |
        2 | panes: {a b: {}}
          |         ^
        ");
        insta::assert_snapshot!(wrong("version: 1\npanes: {}\n"), @r"
        workspace.yaml:2:8: expected at least one pane under `panes`.
          |
        2 | panes: {}
          |        ^
        ");
        insta::assert_snapshot!(wrong("# nothing\n"), @"workspace.yaml: the file says nothing.");
    }

    #[test]
    fn a_model_is_checked_where_it_stands() {
        insta::assert_snapshot!(wrong("version: 1\npanes:\n  a: {role: x, model: gpt-5}\n"), @r"
        workspace.yaml:3:23: panes.a.model: `gpt-5` is not a model: write provider/model, such as llama/smollm2, or offline.
          |
        3 |   a: {role: x, model: gpt-5}
          |                       ^^^^^
        ");
        insta::assert_snapshot!(wrong("version: 1\npanes:\n  a: {model: opnai/gpt-5, providers: [openai]}\n"), @r"
        workspace.yaml:3:14: `opnai/gpt-5` is at a provider that this pane may not use: its providers are openai. Did you mean `openai`?
          |
        3 |   a: {model: opnai/gpt-5, providers: [openai]}
          |              ^^^^^^^^^^^
        ");
    }

    #[test]
    fn a_newer_version_is_said_before_its_unknown_keys() {
        insta::assert_snapshot!(wrong("version: 2\nholograms: true\npanes: {a: {}}\n"), @r"
        workspace.yaml:1:10: a newer trialogue wrote this file (version 2; this one reads 1). Update trialogue.
          |
        1 | version: 2
          |          ^
        ");
    }

    #[test]
    fn handoff_and_spend_are_checked() {
        insta::assert_snapshot!(wrong("version: 1\npanes: {a: {}}\nhandoff: {at: 90}\n"), @r"
        workspace.yaml:3:15: expected a share of the window, above 0 and up to 1.
          |
        3 | handoff: {at: 90}
          |               ^^
        ");
        insta::assert_snapshot!(wrong("version: 1\npanes: {a: {}}\nhandoff: {prepare: 0.5}\n"), @r"
        workspace.yaml:3:20: `notice` comes before `prepare`, but 0.7 is above 0.5: lower it or raise the other.
          |
        3 | handoff: {prepare: 0.5}
          |                    ^
        ");
        insta::assert_snapshot!(wrong("version: 1\npanes: {a: {}}\nspend: {limit_usd: -1}\n"), @r"
        workspace.yaml:3:20: expected an amount in US dollars, 0 or more.
          |
        3 | spend: {limit_usd: -1}
          |                    ^^
        ");
    }

    #[test]
    fn an_unconfigured_provider_is_a_doubt_and_no_error() {
        let source = source("version: 1\npanes:\n  a: {model: lama/x, providers: [lama, offline]}\n");
        let file = WorkspaceFile::parse(&source).unwrap();
        let doubts: Vec<String> =
            file.doubts(&source, &["llama"]).iter().map(|doubt| doubt.headline().to_string()).collect();
        insta::assert_snapshot!(doubts.join("\n"), @r"
        workspace.yaml:3:14: config.yaml has no provider `lama`: this pane cannot ask it. Did you mean `llama`?
        workspace.yaml:3:34: config.yaml has no provider `lama`: this pane cannot ask it. Did you mean `llama`?
        ");
    }
}
