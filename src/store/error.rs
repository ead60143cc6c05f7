//! Why a journal could not be opened or could not do something: the sentences a person reads.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ffi::{self, ErrorCode};

use crate::files::lock::LockError;

/// Why the journal could not do something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct JournalError {
    /// What kind of failure this is.
    pub kind: JournalErrorKind,
    /// The whole sentence a person reads: what happened, to which file, what to do.
    pub message: String,
}

/// The kinds of journal failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JournalErrorKind {
    /// The disk is full, or the file may not grow.
    Full,
    /// The journal was opened for reading.
    ReadOnly,
    /// What the file holds is not what was written.
    Damaged,
    /// A newer version wrote it.
    Newer,
    /// Another process holds it.
    Held,
    /// The file system refused.
    Io,
}

/// Why a journal could not be opened at all. What can be read is opened, and [`Standing`](super::Standing) says how.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process writes to this workspace.
    #[error(
        "{} is held by {}. Close it there, or ask through it: commands reach a running program by themselves.",
        folder.display(), pid.map_or_else(|| "another process".to_owned(), |pid| format!("pid {pid}"))
    )]
    Held {
        /// The workspace's folder.
        folder: PathBuf,
        /// The process that holds it; `None` where the system doesn't say.
        pid: Option<u32>,
    },
    /// There is no journal to read.
    #[error("There is no journal in {}. `trialogue new` makes a workspace.", folder.display())]
    Missing {
        /// The folder that was looked into.
        folder: PathBuf,
    },
    /// The file system refused.
    #[error("{} can't be opened: {reason}.", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The journal was opened, and then refused something.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl OpenError {
    pub(super) fn io(path: &Path, error: &io::Error) -> Self {
        Self::Io { path: path.to_owned(), reason: plain(error) }
    }

    pub(super) fn lock(folder: &Path, error: LockError) -> Self {
        match error {
            LockError::Held { pid } => Self::Held { folder: folder.to_owned(), pid },
            LockError::Io { path, error } => Self::io(&path, &error),
        }
    }
}

/// What went wrong inside, before anyone knows which file it is about.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// `SQLite` refused.
    #[error(transparent)]
    Sql(#[from] rusqlite::Error),
    /// What was read isn't what was written.
    #[error("{0}")]
    Damaged(String),
    /// One body isn't what was written; everything round it is.
    #[error("{0}")]
    Unreadable(String),
    /// Bytes outside the database.
    #[error("{}", plain(.0))]
    Io(#[from] io::Error),
    /// It can't be done as things stand; the sentence says why and what to do.
    #[error("{1}")]
    Refused(JournalErrorKind, String),
    /// A value that has no place in the format.
    #[error("{0}")]
    Unwritable(String),
}

impl Fault {
    /// Whether the file's structure is broken, so that nothing may be written to it any more.
    pub(super) fn is_damage(&self) -> bool {
        self.kind() == JournalErrorKind::Damaged && !matches!(self, Self::Unreadable(_))
    }

    fn kind(&self) -> JournalErrorKind {
        match self {
            Self::Sql(rusqlite::Error::SqliteFailure(failure, _)) => sqlite_kind(*failure),
            // A column of another type, a missing table: nothing that this program wrote.
            Self::Sql(_) | Self::Damaged(_) | Self::Unreadable(_) => JournalErrorKind::Damaged,
            Self::Io(error) if error.kind() == io::ErrorKind::StorageFull => JournalErrorKind::Full,
            Self::Io(_) | Self::Unwritable(_) => JournalErrorKind::Io,
            Self::Refused(kind, _) => *kind,
        }
    }

    /// The error a person reads about this file.
    pub(super) fn about(&self, path: &Path) -> JournalError {
        let (kind, file) = (self.kind(), path.display());
        let message = match (kind, self) {
            (_, Self::Refused(_, sentence)) => sentence.clone(),
            (JournalErrorKind::Full, _) => format!(
                "Not saved: the disk that holds {file} is full. Free some space and try again; what was saved before is \
                 safe."
            ),
            (JournalErrorKind::ReadOnly, _) => {
                format!("Not saved: {file} can't be written to. Check its permissions and its file system.")
            }
            (JournalErrorKind::Damaged, _) => format!(
                "{file} is damaged ({self}). It is kept as it is; `trialogue doctor --rebuild` puts a repaired copy in its place."
            ),
            (JournalErrorKind::Held, _) => {
                format!("Not saved: another process is busy with {file}. Try again when it is done.")
            }
            (JournalErrorKind::Newer | JournalErrorKind::Io, _) => {
                format!("{file} could not be read or written: {self}. Check the disk, then try again.")
            }
        };
        JournalError { kind, message }
    }
}

fn sqlite_kind(failure: ffi::Error) -> JournalErrorKind {
    match failure.code {
        ErrorCode::DiskFull => JournalErrorKind::Full,
        // The shared index of the log could not grow.
        _ if failure.extended_code == ffi::SQLITE_IOERR_SHMSIZE => JournalErrorKind::Full,
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => JournalErrorKind::ReadOnly,
        // An error without a name comes from a schema that isn't ours.
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::Unknown => JournalErrorKind::Damaged,
        _ if failure.extended_code == ffi::SQLITE_IOERR_SHORT_READ => JournalErrorKind::Damaged,
        _ if failure.extended_code == ffi::SQLITE_IOERR_CORRUPTFS => JournalErrorKind::Damaged,
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => JournalErrorKind::Held,
        _ => JournalErrorKind::Io,
    }
}

/// What the system said, without its number.
pub(super) fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}
