//! What every command on a workspace begins with: the folders, the person's config, and the workspace that is meant.

use std::collections::BTreeMap;

use crate::config::source::Source;
use crate::config::templates::{self, Template};
use crate::config::user::{self, UserConfig};
use crate::config::workspace::WorkspaceFile;
use crate::engine::settings::Settings;
use crate::files::folders::{FolderError, Folders};
use crate::files::workspace_folder::WorkspaceFolder;
use crate::provider::catalog;
use crate::provider::registry::Registry;

use super::exit::Stopped;
use super::out::notice;

/// The folders and the person's config.
#[derive(Debug)]
pub(super) struct Desk {
    /// Where things are.
    pub folders: Folders,
    /// What the person configured.
    pub user: UserConfig,
    /// The workspace named on the command line.
    named: Option<String>,
}

impl Desk {
    /// Reads the person's config. `named` is the workspace named on the command line.
    pub(super) fn new(named: Option<String>) -> anyhow::Result<Self> {
        let folders = Folders::find()?;
        let user = read_user(&folders)?;
        Ok(Self { folders, user, named })
    }

    /// The workspace named on the command line.
    pub(super) fn named(&self) -> Option<&str> {
        self.named.as_deref()
    }

    /// The workspace that is meant: the one named, else the one used last. On a fresh machine it is made.
    pub(super) fn workspace(&self) -> anyhow::Result<Chosen> {
        let folder = match &self.named {
            Some(reference) => self.folders.workspace(reference)?,
            None => self.unnamed()?,
        };
        self.open(folder)
    }

    /// Reads the workspace file in this folder and remembers that it is used.
    pub(super) fn open(&self, folder: WorkspaceFolder) -> anyhow::Result<Chosen> {
        let chosen = self.look(folder)?;
        // Not being remembered is no reason not to work.
        if let Err(error) = self.folders.remember(&chosen.folder, jiff::Timestamp::now().as_millisecond()) {
            notice(&format!("{error}."));
        }
        Ok(chosen)
    }

    /// Reads the workspace file in this folder.
    pub(super) fn look(&self, folder: WorkspaceFolder) -> anyhow::Result<Chosen> {
        let source = Source::read(&folder.yaml())?;
        let mut file = WorkspaceFile::parse(&source)?;
        file.read_dictionaries(folder.path())?;
        for doubt in file.doubts(&source, &self.user.provider_names()) {
            notice(&doubt.headline().to_string());
        }
        Ok(Chosen { folder, file })
    }

    /// Makes a workspace in this folder.
    pub(super) fn create(&self, folder: &WorkspaceFolder, template: &str) -> anyhow::Result<()> {
        let template = Template::named(template, &self.folders.config)?;
        folder.create(&template.text(&folder.name()))?;
        Ok(())
    }

    /// The workspace used last, or the only one; on a fresh machine, one that is made.
    pub(super) fn unnamed(&self) -> anyhow::Result<WorkspaceFolder> {
        if let Some(folder) = self.folders.last_used() {
            return Ok(folder);
        }
        let there = self.folders.list();
        match there.as_slice() {
            [] => {
                let folder = self.folders.resolve(templates::DEFAULT)?;
                match self.create(&folder, templates::DEFAULT) {
                    Ok(()) => notice(&format!("Made the workspace {} in {}.", folder.name(), folder.path().display())),
                    // Another command was a moment faster.
                    Err(error) if matches!(error.downcast_ref(), Some(FolderError::Taken { .. })) => {}
                    Err(error) => return Err(error),
                }
                Ok(folder)
            }
            [only] => Ok(only.clone()),
            several => {
                let names: Vec<String> = several.iter().map(WorkspaceFolder::name).collect();
                let message = format!("Which workspace? Name one with -w: {}.", names.join(", "));
                Err(Stopped::wrong(message).into())
            }
        }
    }

    /// Everything the engine decides by, for this workspace.
    pub(super) fn settings(&self, chosen: &Chosen) -> Settings {
        let mut known = BTreeMap::new();
        for (provider, config) in &self.user.providers {
            let models = catalog::known(provider, config).into_iter();
            known.extend(models.map(|model| (format!("{provider}/{}", model.id), model.facts)));
        }
        self.user.settings(&chosen.file, known)
    }

    /// The configured providers. Nothing is built before it is asked for.
    pub(super) fn registry(&self) -> Registry {
        Registry::new(self.user.providers.iter().cloned().collect())
    }
}

/// Reads the person's config; without a file, nothing is configured.
pub(super) fn read_user(folders: &Folders) -> anyhow::Result<UserConfig> {
    match Source::read_if_there(&folders.config_file(user::FILE))? {
        Some(source) => Ok(UserConfig::parse(&source)?),
        None => Ok(UserConfig::default()),
    }
}

/// A workspace and what its file says.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    /// Where it is.
    pub folder: WorkspaceFolder,
    /// What its file says.
    pub file: WorkspaceFile,
}

impl Chosen {
    /// Reads the workspace file in this folder.
    pub(super) fn read(folder: WorkspaceFolder) -> anyhow::Result<Self> {
        let mut file = WorkspaceFile::parse(&Source::read(&folder.yaml())?)?;
        file.read_dictionaries(folder.path())?;
        Ok(Self { folder, file })
    }
}
