//! A file that appears whole or not at all: it is written beside its place and moved there at the end.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::private;

/// A file that is being written. Its owner alone may read it. Dropped before it is finished, it leaves nothing behind.
#[derive(Debug)]
pub struct NewFile {
    place: PathBuf,
    beside: PathBuf,
    file: BufWriter<File>,
}

/// What becomes of a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and finishing is an error.
    Kept,
    /// The new one takes its place.
    Replaced,
}

impl NewFile {
    /// Begins a file that will be at this place.
    pub fn beside(place: &Path) -> io::Result<Self> {
        let name = place.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "no file name"))?;
        let beside = place.with_file_name(format!(".{}.{}.part", name.to_string_lossy(), std::process::id()));
        let file = private::open_file(&beside)?;
        file.set_len(0)?;
        Ok(Self { place: place.to_owned(), beside, file: BufWriter::new(file) })
    }

    /// Puts the file in its place, and onto the disk.
    pub fn finish(mut self, existing: Existing) -> io::Result<()> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        match existing {
            Existing::Replaced => std::fs::rename(&self.beside, &self.place)?,
            // A link fails where a rename would replace; where there are no links, looking first must do.
            Existing::Kept => match std::fs::hard_link(&self.beside, &self.place) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists && !self.place.exists() => {
                    std::fs::rename(&self.beside, &self.place)?;
                }
                linked => linked?,
            },
        }
        match self.place.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => private::sync_folder(folder),
            _ => Ok(()),
        }
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        // Gone already if it was moved.
        let _ = std::fs::remove_file(&self.beside);
    }
}

/// Writes a small file whole or not at all.
pub fn write(place: &Path, bytes: &[u8], existing: Existing) -> io::Result<()> {
    let mut file = NewFile::beside(place)?;
    file.write_all(bytes)?;
    file.finish(existing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_stays_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        write(&path, b"longer than the second", Existing::Replaced).unwrap();
        write(&path, b"second", Existing::Replaced).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"second");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_new_file_never_replaces_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        write(&path, b"first", Existing::Kept).unwrap();
        assert_eq!(write(&path, b"second", Existing::Kept).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read(&path).unwrap(), b"first");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn an_unfinished_file_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = NewFile::beside(&folder.path().join("a.md")).unwrap();
        file.write_all(b"half").unwrap();
        drop(file);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
