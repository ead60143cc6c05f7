//! Where the program's folders are, and which workspaces there are.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::new_file::{self, Existing};
use super::private;
use super::workspace_folder::WorkspaceFolder;

/// Names the config folder, whatever the platform says.
pub const CONFIG_VARIABLE: &str = "TRIALOGUE_CONFIG_DIR";
/// Names the data folder, whatever the platform says.
pub const DATA_VARIABLE: &str = "TRIALOGUE_DATA_DIR";

/// Remembers which workspaces were used, the last one first.
const RECENT_FILE: &str = "recent.json";
/// How many are remembered.
const RECENT: usize = 200;

/// The program's two folders. Nothing is made before something is written to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// Where a person's configuration is.
    pub config: PathBuf,
    /// Where workspaces and logs are.
    pub data: PathBuf,
}

impl Folders {
    /// The platform's folders, or those that the environment names.
    pub fn find() -> Result<Self, FolderError> {
        Self::chosen(std::env::var_os(CONFIG_VARIABLE), std::env::var_os(DATA_VARIABLE))
    }

    fn chosen(config: Option<OsString>, data: Option<OsString>) -> Result<Self, FolderError> {
        let named = |folder: Option<OsString>| folder.filter(|folder| !folder.is_empty()).map(PathBuf::from);
        let platform = directories::ProjectDirs::from("", "", "trialogue");
        let config = named(config).or_else(|| platform.as_ref().map(|dirs| dirs.config_dir().to_owned()));
        let data = named(data).or_else(|| platform.as_ref().map(|dirs| dirs.data_dir().to_owned()));
        match (config, data) {
            (Some(config), Some(data)) => Ok(Self { config: absolute(&config), data: absolute(&data) }),
            _ => Err(FolderError::Homeless),
        }
    }

    /// The file of this name in the config folder.
    pub fn config_file(&self, name: &str) -> PathBuf {
        self.config.join(name)
    }

    /// The names of the themes in the config folder, sorted.
    pub fn themes(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.config_file("themes")).into_iter().flatten().flatten();
        let name = |entry: std::fs::DirEntry| {
            let name = entry.file_name().into_string().ok()?;
            Some(name.strip_suffix(".yaml")?.to_owned())
        };
        let mut names: Vec<String> = entries.filter_map(name).collect();
        names.sort();
        names
    }

    /// The folder that holds the workspaces that have a name.
    pub fn workspaces(&self) -> PathBuf {
        self.data.join("workspaces")
    }

    /// The folder that a NAME or FOLDER on the command line means, whether or not a workspace is there.
    pub fn resolve(&self, reference: &str) -> Result<WorkspaceFolder, FolderError> {
        let path = Path::new(reference);
        let is_folder = path.is_absolute() || path.components().count() > 1 || reference.starts_with('.');
        if is_folder || reference.ends_with(std::path::is_separator) {
            return Ok(WorkspaceFolder::at(&absolute(path)));
        }
        if !crate::config::source::is_name(reference) {
            return Err(FolderError::NoName { name: reference.to_owned() });
        }
        Ok(WorkspaceFolder::at(&self.workspaces().join(reference)))
    }

    /// The workspace that a NAME or FOLDER means. It must be there.
    pub fn workspace(&self, reference: &str) -> Result<WorkspaceFolder, FolderError> {
        let folder = self.resolve(reference)?;
        if folder.exists() {
            return Ok(folder);
        }
        let names: Vec<String> = self.list().iter().map(WorkspaceFolder::name).collect();
        let nearest = crate::config::error::nearest(reference, names.iter().map(String::as_str)).map(str::to_owned);
        Err(FolderError::Missing { reference: reference.to_owned(), folder: folder.path().to_owned(), nearest })
    }

    /// The workspace that was used last and is still there.
    pub fn last_used(&self) -> Option<WorkspaceFolder> {
        self.recent().into_iter().map(|used| WorkspaceFolder::at(&used.folder)).find(WorkspaceFolder::exists)
    }

    /// When this workspace was used last, in milliseconds since 1970.
    pub fn used_at(&self, workspace: &WorkspaceFolder) -> Option<i64> {
        self.recent().into_iter().find(|used| used.folder == workspace.path()).map(|used| used.at)
    }

    /// Remembers that this workspace is used now.
    pub fn remember(&self, workspace: &WorkspaceFolder, now: i64) -> Result<(), FolderError> {
        let mut recent = self.recent();
        recent.retain(|used| used.folder != workspace.path());
        recent.insert(0, Used { folder: workspace.path().to_owned(), at: now });
        recent.truncate(RECENT);
        let unwritable = |error| FolderError::data(&self.data, error);
        private::create_folder(&self.data).map_err(unwritable)?;
        let text = serde_json::to_string_pretty(&recent).map_err(|error| unwritable(error.into()))?;
        new_file::write(&self.data.join(RECENT_FILE), text.as_bytes(), Existing::Replaced).map_err(unwritable)
    }

    /// Every workspace there is: those with a name, and folders elsewhere that were used, in the order of their names.
    pub fn list(&self) -> Vec<WorkspaceFolder> {
        let named = fs::read_dir(self.workspaces()).into_iter().flatten().flatten().map(|entry| entry.path());
        let elsewhere = self.recent().into_iter().map(|used| used.folder);
        let mut found: Vec<WorkspaceFolder> =
            named.chain(elsewhere).map(|path| WorkspaceFolder::at(&path)).filter(WorkspaceFolder::exists).collect();
        found.sort_by_key(|workspace| (workspace.name(), workspace.path().to_owned()));
        found.dedup();
        found
    }

    /// What is remembered. A memory that can't be read is none: it is nobody's history.
    fn recent(&self) -> Vec<Used> {
        let text = fs::read_to_string(self.data.join(RECENT_FILE)).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Used {
    folder: PathBuf,
    at: i64,
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Why a folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// There is no home folder, and the environment names no other.
    #[error("there is no home folder: set {CONFIG_VARIABLE} and {DATA_VARIABLE} to two folders")]
    Homeless,
    /// No workspace can have this name.
    #[error(
        "`{}` is no workspace's name: letters, digits, - and _ only, 40 at most. A folder is written ./NAME",
        crate::config::error::visible(name)
    )]
    NoName {
        /// What was written.
        name: String,
    },
    /// There is no such workspace.
    #[error("there is no workspace in {}.{} `trialogue new {}` makes one", folder.display(), hint(nearest.as_deref()), crate::config::error::visible(reference))]
    Missing {
        /// What was written.
        reference: String,
        /// The folder it means.
        folder: PathBuf,
        /// The nearest name that there is.
        nearest: Option<String>,
    },
    /// There is a workspace already.
    #[error("there is a workspace in {} already", folder.display())]
    Taken {
        /// Its folder.
        folder: PathBuf,
    },
    /// The data folder refuses.
    #[error("{} can't be written to: {error}. Set {DATA_VARIABLE} to a folder that can", folder.display())]
    Data {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A workspace's folder refuses.
    #[error("{} can't be written to: {error}", folder.display())]
    Unwritable {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

impl FolderError {
    fn data(folder: &Path, error: io::Error) -> Self {
        Self::Data { folder: folder.to_owned(), error }
    }
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!(" Did you mean `{name}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folders() -> (tempfile::TempDir, Folders) {
        let outer = tempfile::tempdir().unwrap();
        let folders = Folders { config: outer.path().join("config"), data: outer.path().join("data") };
        (outer, folders)
    }

    #[test]
    fn the_environment_goes_before_the_platform() {
        let chosen = Folders::chosen(Some("/c".into()), Some("/d".into())).unwrap();
        assert_eq!((chosen.config, chosen.data), (PathBuf::from("/c"), PathBuf::from("/d")));
        let relative = Folders::chosen(Some("c".into()), Some("d".into())).unwrap();
        assert!(relative.config.is_absolute() && relative.data.is_absolute());
    }

    #[test]
    fn a_name_is_in_the_data_folder_and_a_path_is_where_it_says() {
        let (outer, folders) = folders();
        assert_eq!(folders.resolve("acme").unwrap().path(), folders.workspaces().join("acme"));
        let path = outer.path().join("acme");
        assert_eq!(folders.resolve(path.to_str().unwrap()).unwrap().path(), path);
        assert_eq!(folders.resolve("./acme").unwrap().path(), std::env::current_dir().unwrap().join("acme"));
        assert_eq!(folders.resolve(".").unwrap().path(), std::env::current_dir().unwrap());
        assert!(matches!(folders.resolve("a b"), Err(FolderError::NoName { .. })));
        assert!(matches!(folders.resolve(""), Err(FolderError::NoName { .. })));
    }

    #[test]
    fn the_last_used_workspace_is_remembered_and_forgotten_with_its_folder() {
        let (outer, folders) = folders();
        assert!(folders.last_used().is_none() && folders.list().is_empty());
        let named = folders.resolve("acme").unwrap();
        named.create("version: 1\n").unwrap();
        let elsewhere = WorkspaceFolder::at(&outer.path().join("elsewhere"));
        elsewhere.create("version: 1\n").unwrap();
        folders.remember(&named, 1).unwrap();
        folders.remember(&elsewhere, 2).unwrap();
        assert_eq!(folders.last_used(), Some(elsewhere.clone()));
        assert_eq!(folders.list(), [named.clone(), elsewhere.clone()]);
        assert_eq!(folders.used_at(&named), Some(1));
        fs::remove_dir_all(elsewhere.path()).unwrap();
        assert_eq!(folders.last_used(), Some(named));
    }

    #[test]
    fn a_memory_that_was_cut_off_is_no_reason_to_stop() {
        let (_outer, folders) = folders();
        fs::create_dir_all(&folders.data).unwrap();
        fs::write(folders.data.join(RECENT_FILE), "[{\"fol").unwrap();
        assert!(folders.last_used().is_none());
        let workspace = folders.resolve("a").unwrap();
        workspace.create("version: 1\n").unwrap();
        folders.remember(&workspace, 1).unwrap();
        assert_eq!(folders.last_used(), Some(workspace));
    }

    #[test]
    fn a_missing_workspace_is_named_with_the_nearest() {
        let (_outer, folders) = folders();
        folders.resolve("acme").unwrap().create("version: 1\n").unwrap();
        let error = folders.workspace("amce").unwrap_err().to_string();
        assert!(error.ends_with("Did you mean `acme`? `trialogue new amce` makes one"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_data_folder_that_is_a_file_says_what_to_do() {
        let (_outer, folders) = folders();
        fs::write(&folders.data, "").unwrap();
        let error = folders.remember(&WorkspaceFolder::at(Path::new("/x")), 1).unwrap_err().to_string();
        assert!(error.contains("can't be written to") && error.contains(DATA_VARIABLE), "{error}");
    }
}
