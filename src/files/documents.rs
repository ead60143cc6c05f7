//! The documents of handoffs, each a Markdown file in the workspace's private folder.

use std::io;
use std::path::{Path, PathBuf};

use super::new_file::{self, Existing};
use super::private;

/// The folder's name in a workspace's folder.
pub const FOLDER: &str = "handoffs";

/// The folder of one workspace's documents.
#[derive(Debug, Clone)]
pub struct Documents {
    folder: PathBuf,
}

impl Documents {
    /// Those of the workspace in this folder. Nothing is made before a document is kept.
    pub fn beside_the_journal(workspace: &Path) -> Self {
        Self { folder: workspace.join(FOLDER) }
    }

    /// Writes a document, its owner's alone, whole or not at all. One of the same name is replaced.
    pub fn keep(&self, name: &str, text: &str) -> io::Result<()> {
        private::create_folder(&self.folder)?;
        new_file::write(&self.folder.join(name), text.as_bytes(), Existing::Replaced)
    }

    /// Removes documents. What isn't there is gone already.
    pub fn remove(&self, names: &[String]) -> io::Result<()> {
        for name in names {
            match std::fs::remove_file(self.folder.join(name)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_replaced_removed_and_its_owners_alone() {
        let workspace = tempfile::tempdir().unwrap();
        let documents = Documents::beside_the_journal(workspace.path());
        documents.keep("research-1.md", "first").unwrap();
        documents.keep("research-1.md", "second").unwrap();
        let path = workspace.path().join("handoffs/research-1.md");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "second");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        }
        documents.remove(&["research-1.md".to_owned(), "never.md".to_owned()]).unwrap();
        assert!(!path.exists());
    }
}
