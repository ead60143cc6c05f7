//! Folders, workspace folders, locks, modes, attachments.

pub mod attachment;
pub mod folders;
pub mod lock;
pub mod private;
pub mod transcript;
pub mod workspace_folder;

use std::io::{self, Write as _};
use std::path::Path;

/// Writes a file that its owner alone may read, whole or not at all. One that is there is replaced.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (beside, written) = write_beside(path, bytes)?;
    let renamed = written.and_then(|()| std::fs::rename(&beside, path));
    finish(path, &beside, renamed)
}

/// Writes a new file that its owner alone may read, whole or not at all. One that is there is an error.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (beside, written) = write_beside(path, bytes)?;
    // A link fails where a rename would replace.
    let linked = written.and_then(|()| match std::fs::hard_link(&beside, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists && !path.exists() => std::fs::rename(&beside, path),
        linked => linked,
    });
    finish(path, &beside, linked)
}

fn write_beside(path: &Path, bytes: &[u8]) -> io::Result<(std::path::PathBuf, io::Result<()>)> {
    let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "no file name"))?;
    let beside = path.with_file_name(format!(".{}.{}.part", name.to_string_lossy(), std::process::id()));
    let written = private::open_file(&beside).and_then(|mut file| {
        file.set_len(0)?;
        file.write_all(bytes)?;
        file.sync_all()
    });
    Ok((beside, written))
}

fn finish(path: &Path, beside: &Path, done: io::Result<()>) -> io::Result<()> {
    // Gone already if it was renamed.
    let _ = std::fs::remove_file(beside);
    done?;
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => private::sync_folder(folder),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_stays_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        replace(&path, b"longer than the second").unwrap();
        replace(&path, b"second").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"second");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_new_file_never_replaces_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        create(&path, b"first").unwrap();
        assert_eq!(create(&path, b"second").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&path).unwrap(), b"first");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
