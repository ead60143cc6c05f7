//! Templates: what a new workspace's `workspace.yaml` says.

use std::path::Path;

use super::error::ConfigError;
use super::source::Source;
use super::workspace::WorkspaceFile;

/// The folder in the config folder that holds a person's own templates.
pub const FOLDER: &str = "templates";

/// The template of a workspace that is made without naming one.
pub const DEFAULT: &str = "trio";

/// What a template writes where the workspace's name goes.
const PLACEHOLDER: &str = "title: NAME";

const EMBEDDED: [(&str, &str); 4] = [
    ("trio", include_str!("templates/trio.yaml")),
    ("solo", include_str!("templates/solo.yaml")),
    ("council", include_str!("templates/council.yaml")),
    ("client", include_str!("templates/client.yaml")),
];

/// A text that a workspace can begin with.
#[derive(Debug, Clone)]
pub struct Template {
    source: Source,
}

impl Template {
    /// The template of this name: a person's own from the config folder, else an embedded one.
    pub fn named(name: &str, config_folder: &Path) -> Result<Self, ConfigError> {
        let folder = config_folder.join(FOLDER);
        let file = folder.join(format!("{name}.yaml"));
        let own = if super::source::is_name(name) { Source::read_if_there(&file)? } else { None };
        let embedded = || EMBEDDED.iter().find(|(known, _)| *known == name);
        let source = match (own, embedded()) {
            (Some(own), _) => own,
            (None, Some((known, text))) => Source::new(format!("{known}.yaml"), *text),
            (None, None) => {
                let names = Self::names(config_folder);
                let message = format!("there is no template `{name}`. Templates: {}.", names.join(", "));
                let error = ConfigError::whole(&folder, message);
                return Err(error.near(name, names.iter().map(String::as_str)));
            }
        };
        WorkspaceFile::parse(&source)?;
        Ok(Self { source })
    }

    /// Every template there is: the embedded ones, then a person's own.
    pub fn names(config_folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = EMBEDDED.iter().map(|(name, _)| (*name).to_owned()).collect();
        let files = std::fs::read_dir(config_folder.join(FOLDER)).into_iter().flatten().flatten();
        let mut own: Vec<String> = files
            .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".yaml").map(str::to_owned))
            .filter(|name| super::source::is_name(name) && !names.contains(name))
            .collect();
        own.sort_unstable();
        names.extend(own);
        names
    }

    /// The text of `workspace.yaml` for a workspace with this title.
    pub fn text(&self, title: &str) -> String {
        let title = format!("title: {}", quoted(title));
        self.source.text.replacen(PLACEHOLDER, &title, 1)
    }
}

/// A text as YAML reads it back, whatever it holds.
fn quoted(text: &str) -> String {
    let is_plain = text.chars().next().is_some_and(char::is_alphabetic)
        && text.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_' || c == ' ')
        && !text.ends_with(' ')
        && !["true", "false", "null", "yes", "no", "on", "off"].contains(&text.to_lowercase().as_str());
    if is_plain { text.to_owned() } else { serde_json::Value::String(text.to_owned()).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::settings::Locality;

    fn read(template: &Template, title: &str) -> WorkspaceFile {
        WorkspaceFile::parse(&Source::new("workspace.yaml", template.text(title))).unwrap()
    }

    #[test]
    fn every_embedded_template_is_a_valid_workspace_with_roles() {
        let nowhere = Path::new("nowhere");
        for name in Template::names(nowhere) {
            let file = read(&Template::named(&name, nowhere).unwrap(), "x");
            assert_eq!(file.title, "x", "{name}");
            assert!(file.panes.iter().all(|(_, pane)| pane.role.len() > 100), "{name}");
            assert_eq!(file.layout.panes().len(), file.panes.len(), "{name}");
        }
    }

    #[test]
    fn trio_is_research_drafting_and_synthesis() {
        let file = read(&Template::named("trio", Path::new("nowhere")).unwrap(), "trio");
        let panes: Vec<(&str, Locality)> =
            file.panes.iter().map(|(name, pane)| (name.as_str(), pane.locality)).collect();
        assert_eq!(panes, [("research", Locality::Open), ("drafting", Locality::Open), ("synthesis", Locality::Open)]);
    }

    #[test]
    fn any_title_survives_the_way_into_the_file() {
        let template = Template::named("solo", Path::new("nowhere")).unwrap();
        for title in ["acme", "Acme: the \"study\" # 1", "yes", "1e3", "- a", "søk {x}", "NAME", "a\nb"] {
            assert_eq!(read(&template, title).title, title);
        }
    }

    #[test]
    fn a_persons_own_template_goes_before_an_embedded_one_and_is_checked() {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join(FOLDER);
        std::fs::create_dir(&own).unwrap();
        std::fs::write(own.join("solo.yaml"), "version: 1\ntitle: NAME\npanes: {mine: {}}\n").unwrap();
        std::fs::write(own.join("bad.yaml"), "version: 1\npaines: {}\n").unwrap();
        let solo = read(&Template::named("solo", folder.path()).unwrap(), "t");
        assert_eq!(solo.panes[0].0, "mine");
        let bad = Template::named("bad", folder.path()).unwrap_err();
        assert_eq!((bad.line, bad.nearest.as_deref()), (2, Some("panes")));
        assert_eq!(Template::names(folder.path()), ["trio", "solo", "council", "client", "bad"]);
    }

    #[test]
    fn an_unknown_template_is_named_with_the_nearest() {
        let error = Template::named("tiro", Path::new("c")).unwrap_err();
        insta::assert_snapshot!(error, @"c/templates: there is no template `tiro`. Templates: trio, solo, council, client. Did you mean `trio`?");
        assert!(Template::named("../../etc/passwd", Path::new("c")).is_err());
    }
}
