//! The folder of one workspace.

use std::io;
use std::path::{Path, PathBuf};

use super::folders::FolderError;
use super::new_file::{self, Existing};
use super::private;
use crate::config::workspace;

/// A folder that holds a workspace, or could.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceFolder {
    path: PathBuf,
}

impl WorkspaceFolder {
    /// The folder at this path.
    pub fn at(path: &Path) -> Self {
        Self { path: path.components().collect() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the workspace is called: its folder's name.
    pub fn name(&self) -> String {
        self.path.file_name().map_or_else(|| "workspace".to_owned(), |name| name.to_string_lossy().into_owned())
    }

    /// The file that a person writes.
    pub fn yaml(&self) -> PathBuf {
        self.path.join(workspace::FILE)
    }

    /// Whether there is a workspace in it.
    pub fn exists(&self) -> bool {
        self.yaml().is_file()
    }

    /// Makes the folder and its `workspace.yaml`, both their owner's alone. What is there is never overwritten.
    pub fn create(&self, text: &str) -> Result<(), FolderError> {
        let unwritable = |error| FolderError::Unwritable { folder: self.path.clone(), error };
        private::create_folder(&self.path).map_err(unwritable)?;
        match new_file::write(&self.yaml(), text.as_bytes(), Existing::Kept) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(FolderError::Taken { folder: self.path.clone() })
            }
            written => written.map_err(unwritable),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workspace_is_made_once_and_never_overwritten() {
        let outer = tempfile::tempdir().unwrap();
        let folder = WorkspaceFolder::at(&outer.path().join("deep/acme"));
        assert!(!folder.exists());
        folder.create("first").unwrap();
        assert!(folder.exists());
        assert!(matches!(folder.create("second"), Err(FolderError::Taken { .. })));
        assert_eq!(std::fs::read_to_string(folder.yaml()).unwrap(), "first");
        assert_eq!(folder.name(), "acme");
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let outer = tempfile::tempdir().unwrap();
        let folder = WorkspaceFolder::at(&outer.path().join("acme"));
        folder.create("x").unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(folder.path()), mode(&folder.yaml())), (0o700, 0o600));
    }
}
