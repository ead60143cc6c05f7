//! What `trialogue doctor` says of a journal.

use crate::files::workspace_folder::WorkspaceFolder;
use crate::store::{Access, OpenError, SqliteJournal};

use super::doctor::Look;
use super::exit::Exit;

/// Looks at the journal in this folder.
pub fn look(folder: &WorkspaceFolder, _rebuild: bool) -> Vec<Look> {
    let at = format!("{} journal", folder.name());
    match SqliteJournal::open(folder.path(), Access::Read) {
        Err(OpenError::Missing { .. }) => vec![Look::fine(at, "none yet: nothing was asked")],
        Err(error) => vec![Look::wrong(at, error.to_string(), Exit::Failed)],
        Ok(journal) => vec![match journal.standing().notice() {
            Some(why) => Look::wrong(at, why, Exit::Failed),
            None => Look::fine(at, "readable"),
        }],
    }
}
