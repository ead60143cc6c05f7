//! A text that another program works on for a while: in a folder of its own, its owner's alone, and gone afterwards with
//! whatever that program left beside it.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::private;

/// What the folders' names begin with.
const PREFIX: &str = ".draft-";

/// The text. Its folder is removed when this is dropped, however the work on it ended.
#[derive(Debug)]
pub struct Scratch {
    folder: PathBuf,
    path: PathBuf,
}

impl Scratch {
    /// Writes the text into a fresh private folder in this one. What a killed program left there goes first: whoever
    /// calls holds the folder's workspace, so nobody works on it.
    pub fn new(within: &Path, text: &str) -> io::Result<Self> {
        for entry in fs::read_dir(within)?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(PREFIX) {
                fs::remove_dir_all(entry.path())?;
            }
        }
        let folder = within.join(format!("{PREFIX}{}", std::process::id()));
        private::create_folder(&folder)?;
        let scratch = Self { path: folder.join("draft.md"), folder };
        private::open_file(&scratch.path)?.write_all(text.as_bytes())?;
        Ok(scratch)
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The text as it is now.
    pub fn read(&self) -> io::Result<String> {
        fs::read_to_string(&self.path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // There is nobody to tell: the next one tries again.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn nothing_is_left_of_it_nor_of_what_an_editor_put_beside_it() {
        let within = tempfile::tempdir().unwrap();
        let killed = within.path().join(".draft-1");
        fs::create_dir(&killed).unwrap();
        fs::write(killed.join("draft.md"), "left behind").unwrap();
        let scratch = Scratch::new(within.path(), "a secret").unwrap();
        assert!(!killed.exists());
        assert_eq!(scratch.read().unwrap(), "a secret");
        fs::write(scratch.path().with_extension("md~"), "a secret").unwrap();
        drop(scratch);
        assert!(names(within.path()).is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn it_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let within = tempfile::tempdir().unwrap();
        let scratch = Scratch::new(within.path(), "a secret").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(scratch.path()), mode(scratch.path().parent().unwrap())), (0o600, 0o700));
    }
}
