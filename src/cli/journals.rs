//! What `trialogue doctor` says of a journal.

use crate::engine::time::Timestamp;
use crate::files::workspace_folder::WorkspaceFolder;
use crate::store::{Access, OpenError, Severity, SqliteJournal, rebuild};

use super::doctor::Look;
use super::exit::Exit;

/// Looks at the journal in this folder, after making it anew if that is wanted.
pub(super) fn look(folder: &WorkspaceFolder, rebuilds: bool) -> Vec<Look> {
    let at = format!("{} journal", folder.name());
    let mut looks = Vec::new();
    if rebuilds {
        let now = Timestamp::from_millis(jiff::Timestamp::now().as_millisecond());
        match rebuild(folder.path(), now) {
            Ok(rebuilt) => looks.push(Look::fine(&at, rebuilt.to_string())),
            // There is nothing to rebuild.
            Err(OpenError::Missing { .. }) => {}
            Err(error) => looks.push(failed(&at, &error)),
        }
    }
    looks.extend(check(folder, &at));
    looks
}

fn check(folder: &WorkspaceFolder, at: &str) -> Vec<Look> {
    let mut journal = match SqliteJournal::open(folder.path(), Access::Read) {
        Ok(journal) => journal,
        Err(OpenError::Missing { .. }) => return vec![Look::fine(at, "none yet: nothing was asked")],
        Err(error) => return vec![failed(at, &error)],
    };
    let mut looks: Vec<Look> =
        journal.standing().notice().map(|why| Look::wrong(at, why, Exit::Failed)).into_iter().collect();
    match journal.check() {
        Err(error) => looks.push(Look::wrong(at, error.to_string(), Exit::Failed)),
        Ok(report) => {
            looks.extend(report.findings.iter().map(|finding| match finding.severity {
                Severity::Note => Look::note(at, &finding.sentence),
                Severity::Stale | Severity::Damage => Look::wrong(at, &finding.sentence, Exit::Failed),
            }));
            if looks.is_empty() {
                looks.push(Look::fine(at, format!("{} messages, {} events", report.messages, report.events)));
            }
        }
    }
    looks
}

fn failed(at: &str, error: &OpenError) -> Look {
    let exit = if matches!(error, OpenError::Held { .. }) { Exit::Held } else { Exit::Failed };
    Look::wrong(at, error.to_string(), exit)
}
