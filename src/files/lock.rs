//! The lock of a workspace: one writer at a time, known by its process id.
//!
//! The file stays when the lock is released: removing it would let two processes lock two files of one name.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::private;

/// The lock file's name in a workspace's folder.
pub const LOCK_FILE: &str = "journal.lock";

/// The right to write to a workspace; given back when it is dropped, or by the system when the process ends.
#[derive(Debug)]
pub struct WorkspaceLock {
    /// Held open: closing it releases the lock.
    _file: File,
}

impl WorkspaceLock {
    /// Takes the lock of the workspace in this folder, at once or not at all.
    pub fn take(folder: &Path) -> Result<Self, LockError> {
        let path = folder.join(LOCK_FILE);
        let refused = |error: io::Error| LockError::Io { path: path.clone(), error };
        let mut file = private::open_file(&path).map_err(refused)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LockError::Held { pid: read_pid(&mut file) }),
            Err(TryLockError::Error(error)) => return Err(refused(error)),
        }
        write_pid(&mut file).map_err(refused)?;
        Ok(Self { _file: file })
    }
}

/// Why the lock could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process has it.
    #[error("another process{} has the workspace open", pid.map_or_else(String::new, |pid| format!(" (pid {pid})")))]
    Held {
        /// Its process id; `None` where the system doesn't let a locked file be read.
        pid: Option<u32>,
    },
    /// The lock file can't be opened or written.
    #[error("{} can't be locked: {error}", path.display())]
    Io {
        /// The lock file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

fn read_pid(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(32).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn write_pid(file: &mut File) -> io::Result<()> {
    // Cut last: a reader never sees an empty file, and a shorter number leaves no digits of the longer one behind.
    let line = format!("{}\n", std::process::id());
    file.rewind()?;
    file.write_all(line.as_bytes())?;
    file.set_len(line.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_writer_is_told_who_holds_the_workspace() {
        let folder = tempfile::tempdir().unwrap();
        let first = WorkspaceLock::take(folder.path()).unwrap();
        match WorkspaceLock::take(folder.path()) {
            Err(LockError::Held { pid }) if cfg!(unix) => assert_eq!(pid, Some(std::process::id())),
            Err(LockError::Held { .. }) => {}
            other => panic!("{other:?}"),
        }
        drop(first);
        WorkspaceLock::take(folder.path()).unwrap();
    }

    #[test]
    fn a_longer_number_that_a_crash_left_behind_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(LOCK_FILE), "99999999999999\n").unwrap();
        let _lock = WorkspaceLock::take(folder.path()).unwrap();
        let text = std::fs::read_to_string(folder.path().join(LOCK_FILE)).unwrap();
        assert_eq!(text, format!("{}\n", std::process::id()));
    }
}
