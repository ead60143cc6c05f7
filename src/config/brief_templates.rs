//! Templates of briefs: what a brief of some kind always says, as files.

use std::path::Path;

use serde::Deserialize;

use super::error::ConfigError;
use super::source::{Source, is_name};
use crate::engine::brief::{Fields, Return};

/// The folder in the config folder that holds a person's own.
pub const FOLDER: &str = "templates/briefs";

const EMBEDDED: [(&str, &str); 6] = [
    ("research-request", include_str!("templates/briefs/research-request.yaml")),
    ("draft-from-notes", include_str!("templates/briefs/draft-from-notes.yaml")),
    ("critique", include_str!("templates/briefs/critique.yaml")),
    ("fact-check", include_str!("templates/briefs/fact-check.yaml")),
    ("synthesis", include_str!("templates/briefs/synthesis.yaml")),
    ("decision-memo", include_str!("templates/briefs/decision-memo.yaml")),
];

/// What briefs of one kind say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BriefTemplate {
    /// Its name: the file's, without its ending.
    pub name: String,
    /// What it fills in; an empty text leaves a field as it is.
    pub fields: Fields,
    /// What becomes of the answer, if it says so.
    pub returns: Option<Return>,
}

/// A template as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    objective: String,
    done_when: String,
    constraints: Vec<String>,
    expected: String,
    #[serde(rename = "return")]
    returns: Option<Return>,
}

impl BriefTemplate {
    /// The template of this name: a person's own from the config folder, else an embedded one.
    pub fn named(name: &str, config_folder: &Path) -> Result<Self, ConfigError> {
        let folder = config_folder.join(FOLDER);
        let own = if is_name(name) { Source::read_if_there(&folder.join(format!("{name}.yaml")))? } else { None };
        let embedded = EMBEDDED.iter().find(|(known, _)| *known == name);
        match (own, embedded) {
            (Some(own), _) => Self::read(name, &own),
            (None, Some((name, text))) => Self::read(name, &Source::new(format!("{name}.yaml"), *text)),
            (None, None) => {
                let names = Self::names(config_folder);
                let message = format!("there is no template `{name}`. Templates of briefs: {}.", names.join(", "));
                Err(ConfigError::whole(&folder, message).near(name, names.iter().map(String::as_str)))
            }
        }
    }

    /// Every template there is: a person's own, then the embedded ones; and what is wrong with those that can't be
    /// read.
    pub fn all(config_folder: &Path) -> (Vec<Self>, Vec<ConfigError>) {
        let (mut templates, mut errors) = (Vec::new(), Vec::new());
        for name in Self::names(config_folder) {
            match Self::named(&name, config_folder) {
                Ok(template) => templates.push(template),
                Err(error) => errors.push(error),
            }
        }
        (templates, errors)
    }

    /// The names of all of them.
    pub fn names(config_folder: &Path) -> Vec<String> {
        let files = std::fs::read_dir(config_folder.join(FOLDER)).into_iter().flatten().flatten();
        let mut names: Vec<String> = files
            .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".yaml").map(str::to_owned))
            .filter(|name| is_name(name))
            .collect();
        names.sort_unstable();
        for (name, _) in EMBEDDED {
            if names.iter().all(|known| known != name) {
                names.push(name.to_owned());
            }
        }
        names
    }

    fn read(name: &str, source: &Source) -> Result<Self, ConfigError> {
        let File { objective, done_when, constraints, expected, returns } = source.parse()?;
        let fields = Fields { objective, done_when, constraints, expected };
        Ok(Self { name: name.to_owned(), fields, returns })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_template_fills_every_field() {
        let (templates, errors) = BriefTemplate::all(Path::new("nowhere"));
        assert_eq!((templates.len(), errors), (EMBEDDED.len(), vec![]));
        for BriefTemplate { name, fields, returns } in templates {
            let is_whole = fields.objective.len() > 8 && fields.constraints.len() > 1 && !fields.expected.is_empty();
            assert!(is_whole && !fields.done_when.is_empty() && returns == Some(Return::Ask), "{name}");
        }
    }

    #[test]
    fn a_persons_own_goes_before_an_embedded_one_and_an_error_says_where() {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join(FOLDER);
        std::fs::create_dir_all(&own).unwrap();
        std::fs::write(own.join("critique.yaml"), "objective: Be kind.\nreturn: none\n").unwrap();
        std::fs::write(own.join("typo.yaml"), "objective: x\nconstrains: [y]\n").unwrap();
        std::fs::write(own.join("wrong.yaml"), "return: later\n").unwrap();
        let critique = BriefTemplate::named("critique", folder.path()).unwrap();
        assert_eq!((critique.fields.objective.as_str(), critique.returns), ("Be kind.", Some(Return::None)));
        let (templates, errors) = BriefTemplate::all(folder.path());
        assert_eq!(templates.len(), EMBEDDED.len());
        let told: Vec<_> = errors.iter().map(|error| (error.line, error.nearest.as_deref())).collect();
        assert_eq!(told[0], (2, Some("constraints")));
        assert_eq!(told[1].0, 1);
        assert!(BriefTemplate::named("../x", folder.path()).is_err());
    }
}
