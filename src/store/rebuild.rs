//! `trialogue doctor --rebuild`: makes what is derived from the events anew, or a repaired copy of a damaged journal.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::engine::time::Timestamp;
use crate::files::private;

use super::aside::{free_name, keep, remove};
use super::check::Severity;
use super::connect::beside;
use super::error::{Fault, JournalError, JournalErrorKind, OpenError};
use super::format::{self, Record};
use super::opening::{self, Access, Standing};
use super::projector::Projector;
use super::salvage::{Remains, thousands};
use super::sqlite::SqliteJournal;
use super::{JOURNAL_FILE, blobs, schema, writer};

/// What a rebuild did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    /// How many events the journal has.
    pub events: usize,
    /// How many attached texts nobody carried, and went.
    pub orphans: usize,
    /// The damaged journal as it was, if there was damage.
    pub kept: Option<PathBuf>,
    /// What was lost, in words, if there was damage.
    pub lost: Option<String>,
}

impl fmt::Display for Rebuilt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(kept), Some(lost)) = (&self.kept, &self.lost) {
            let kept = kept.display();
            return write!(
                f,
                "The journal was damaged: {lost}. A repaired copy has taken its place; the damaged one is kept as {kept}."
            );
        }
        let events = thousands(self.events);
        write!(f, "Made panes, conversations, branches, meters and the search index anew from {events} events.")?;
        match self.orphans {
            0 => Ok(()),
            1 => write!(f, " One attached text that no message carries is gone."),
            orphans => write!(f, " {orphans} attached texts that no message carries are gone."),
        }
    }
}

/// Rebuilds the journal in this folder. A damaged one is kept beside the repaired copy that takes its place.
pub fn rebuild(folder: &Path, at: Timestamp) -> Result<Rebuilt, OpenError> {
    let path = folder.join(JOURNAL_FILE);
    if !path.exists() {
        return Err(OpenError::Missing { folder: folder.to_owned() });
    }
    let mut journal = SqliteJournal::open(folder, Access::Write)?;
    let is_damaged = match journal.standing() {
        Standing::Writing => worst(&mut journal)? == Some(Severity::Damage),
        Standing::Damaged { .. } => true,
        Standing::Newer { why } => return refuse(&path, JournalErrorKind::Newer, why),
        Standing::ReadOnly { why } => return refuse(&path, JournalErrorKind::ReadOnly, why),
        Standing::Reading => return refuse(&path, JournalErrorKind::ReadOnly, "it was opened for reading"),
    };
    if !is_damaged {
        match journal.write(|journal| remake(journal.connection_mut())) {
            Ok(remade) if worst(&mut journal)? <= Some(Severity::Note) => return Ok(remade),
            Err(error) if error.kind != JournalErrorKind::Damaged => return Err(error.into()),
            // A table isn't the one that was made: only a new file has the right ones.
            Ok(_) | Err(_) => {}
        }
    }
    // Nothing of this process may touch the file while it is read byte by byte, and nobody else may write to it.
    let lock = match journal.close_as_it_is() {
        Some(lock) => lock,
        None => crate::files::lock::WorkspaceLock::take(folder).map_err(|error| OpenError::lock(folder, error))?,
    };
    let rebuilt = repair(folder, &path, at);
    drop(lock);
    rebuilt.map_err(|fault| fault.about(&path).into())
}

/// How bad it is. What can't even be checked is damaged.
fn worst(journal: &mut SqliteJournal) -> Result<Option<Severity>, JournalError> {
    match journal.check() {
        Ok(report) => Ok(report.worst()),
        Err(error) if error.kind == JournalErrorKind::Damaged => Ok(Some(Severity::Damage)),
        Err(error) => Err(error),
    }
}

fn refuse(path: &Path, kind: JournalErrorKind, why: &str) -> Result<Rebuilt, OpenError> {
    Err(Fault::Refused(kind, why.to_owned()).about(path).into())
}

/// Makes the projections anew, in one transaction.
fn remake(connection: &mut Connection) -> Result<Rebuilt, Fault> {
    let transaction = writer::begin(connection)?;
    schema::clear_projections(&transaction)?;
    let mut projector = Projector::new(&transaction);
    let mut events = 0;
    let sql = format!("SELECT {} FROM events e ORDER BY e.seq", format::COLUMNS);
    let mut select = transaction.prepare(&sql)?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let unreadable = |why| Fault::Damaged(format!("an event can't be read: {why}"));
        let record = Record::read(row).map_err(unreadable)?;
        projector.apply(record.seq, record.conv_seq, &record.event().map_err(unreadable)?)?;
        events += 1;
    }
    drop(rows);
    drop(select);
    projector.finish()?;
    let orphans = blobs::collect_orphans(&transaction)?;
    transaction.commit()?;
    Ok(Rebuilt { events, orphans, kept: None, lost: None })
}

/// Puts a journal made of what is readable in the place of the damaged one. At every moment of it `journal.db` is
/// either the damaged file or the repaired one, and from the first change on the damaged one lies beside it.
fn repair(folder: &Path, path: &Path, at: Timestamp) -> Result<Rebuilt, Fault> {
    let remains = Remains::carved(path)?;
    let fresh = folder.join("journal.db.new");
    for leftover in beside(&fresh) {
        remove(&leftover)?;
    }
    drop(private::open_file(&fresh)?);
    opening::build(&fresh, |connection| remains.fill(connection, Some(at)))?;
    prove(&fresh, &remains)?;
    let kept = free_name(folder);
    let ([_, log, index], [_, kept_log, _]) = (beside(path), beside(&kept));
    keep(path, &kept)?;
    if log.exists() {
        keep(&log, &kept_log)?;
    }
    private::sync_folder(folder)?;
    // The old log must not be taken for the new file's.
    remove(&log)?;
    remove(&index)?;
    fs::rename(&fresh, path)?;
    private::sync_folder(folder)?;
    Ok(Rebuilt { events: remains.readable(), orphans: 0, kept: Some(kept), lost: Some(remains.sentence()) })
}

/// Opens what was made, before it takes anything's place.
fn prove(fresh: &Path, remains: &Remains) -> Result<(), Fault> {
    let connection = Connection::open_with_flags(fresh, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let verdict: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    let events: u32 = connection.query_row("SELECT count(*) FROM events", [], |row| row.get(0))?;
    if verdict == "ok" && events as usize >= remains.readable() {
        Ok(())
    } else {
        Err(Fault::Unwritable(format!("the repaired copy is not whole ({verdict}, {events} events)")))
    }
}
