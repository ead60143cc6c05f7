//! How a command ended: the exit codes that scripts rely on.

use std::fmt;
use std::io;

use super::handoff::HandoffError;
use super::mask::MaskError;
use crate::config::error::ConfigError;
use crate::engine::failure::{Failure, FailureKind};
use crate::engine::op::{Refusal, RefusalKind};
use crate::files::attachment::AttachmentError;
use crate::files::folders::FolderError;
use crate::store::{JournalError, JournalErrorKind, OpenError};

/// How a command ended. The number is the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// It is done.
    Done = 0,
    /// It failed.
    Failed = 1,
    /// The command line or a file is wrong.
    Wrong = 2,
    /// The provider failed.
    Provider = 3,
    /// Locality, headroom or spend forbids it.
    Refused = 4,
    /// Another process or a person must act first.
    Held = 5,
}

impl Exit {
    /// What an error of any layer means for the exit code.
    pub fn of(error: &anyhow::Error) -> Self {
        if let Some(stopped) = error.downcast_ref::<Stopped>() {
            return stopped.exit;
        }
        if error.is::<ConfigError>() || error.is::<AttachmentError>() {
            return Self::Wrong;
        }
        if let Some(error) = error.downcast_ref::<FolderError>() {
            return match error {
                FolderError::NoName { .. } | FolderError::Missing { .. } => Self::Wrong,
                FolderError::Homeless
                | FolderError::Taken { .. }
                | FolderError::Data { .. }
                | FolderError::Unwritable { .. } => Self::Failed,
            };
        }
        if let Some(error) = error.downcast_ref::<OpenError>() {
            return match error {
                OpenError::Held { .. } => Self::Held,
                OpenError::Missing { .. } => Self::Wrong,
                OpenError::Io { .. } => Self::Failed,
                OpenError::Journal(error) => Self::of_journal(error),
            };
        }
        if let Some(error) = error.downcast_ref::<JournalError>() {
            return Self::of_journal(error);
        }
        if let Some(refusal) = error.downcast_ref::<Refusal>() {
            return Self::of_refusal(refusal.kind);
        }
        if let Some(error) = error.downcast_ref::<HandoffError>() {
            return error.exit();
        }
        if let Some(error) = error.downcast_ref::<MaskError>() {
            return error.exit();
        }
        if let Some(failure) = error.downcast_ref::<Failure>() {
            return if failure.kind == FailureKind::Internal { Self::Failed } else { Self::Provider };
        }
        Self::Failed
    }

    const fn of_refusal(kind: RefusalKind) -> Self {
        match kind {
            RefusalKind::Unknown => Self::Wrong,
            RefusalKind::NotNow | RefusalKind::NotSaved => Self::Failed,
            RefusalKind::Forbidden => Self::Refused,
            RefusalKind::Held => Self::Held,
        }
    }

    fn of_journal(error: &JournalError) -> Self {
        if error.kind == JournalErrorKind::Held { Self::Held } else { Self::Failed }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// A command's own reason to end, with its exit code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// The exit code.
    pub exit: Exit,
    /// The sentence a person reads.
    pub message: String,
}

impl Stopped {
    /// The command line asks for something that isn't there or makes no sense.
    pub fn wrong(message: impl Into<String>) -> Self {
        Self { exit: Exit::Wrong, message: message.into() }
    }

    /// It failed.
    pub fn failed(message: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, message: message.into() }
    }

    /// Another process or a person must act first.
    pub fn held(message: impl Into<String>) -> Self {
        Self { exit: Exit::Held, message: message.into() }
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Stopped {}

/// Whether the error only says that nobody reads our output any more: `trialogue list | head -1` is no failure.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe))
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;

    #[test]
    fn every_kind_of_error_has_its_code() {
        let refusal = |kind| anyhow::Error::from(Refusal::new(kind, ""));
        let failure = |kind| anyhow::Error::from(Failure::new(kind, ""));
        let held = OpenError::Held { folder: PathBuf::new(), pid: Some(1) };
        let cases: [(anyhow::Error, u8); 10] = [
            (ConfigError::whole(Path::new("config.yaml"), "").into(), 2),
            (refusal(RefusalKind::Unknown), 2),
            (refusal(RefusalKind::NotNow), 1),
            (refusal(RefusalKind::Forbidden), 4),
            (refusal(RefusalKind::Held), 5),
            (failure(FailureKind::Unauthorized), 3),
            (failure(FailureKind::Internal), 1),
            (held.into(), 5),
            (anyhow::Error::from(Stopped::held("")).context("while asking"), 5),
            (io::Error::other("disk").into(), 1),
        ];
        for (error, code) in cases {
            assert_eq!(Exit::of(&error) as u8, code, "{error:?}");
        }
    }
}
