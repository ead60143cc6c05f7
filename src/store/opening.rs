//! Opens a journal: makes it if it is missing, finds out what can be done with it, and never changes a damaged one.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::files::lock::{LockError, WorkspaceLock};
use crate::files::private;

use super::connect::{beside, connect_alone, connect_to_read, connect_to_write, flags, prepare_to_write, settle};
use super::error::{Fault, JournalErrorKind, OpenError, plain};
use super::salvage::Remains;
use super::{JOURNAL_FILE, aside, format, projector, schema, writer};

/// What a journal is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// To read and write: takes the workspace's lock, makes what is missing.
    Write,
    /// To read, while whoever likes writes.
    Read,
}

/// What can be done with a journal that was opened, and why not more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Everything.
    Writing,
    /// Reading, as was asked for.
    Reading,
    /// Reading only: the file system doesn't let us write.
    ReadOnly {
        /// The sentence a person reads.
        why: String,
    },
    /// Reading only: a newer version wrote it. What this one knows is shown.
    Newer {
        /// The sentence a person reads.
        why: String,
    },
    /// Reading only: it is damaged. What is readable is shown, and the file is kept as it is.
    Damaged {
        /// The sentence a person reads.
        why: String,
    },
}

impl Standing {
    /// The sentence a person must read; none if everything is as they asked.
    pub fn notice(&self) -> Option<&str> {
        match self {
            Self::Writing | Self::Reading => None,
            Self::ReadOnly { why } | Self::Newer { why } | Self::Damaged { why } => Some(why),
        }
    }

    /// Why nothing can be written, as a refusal; `Ok` if something can.
    pub(super) fn writable(&self) -> Result<(), Fault> {
        let (kind, why) = match self {
            Self::Writing => return Ok(()),
            Self::Reading => (JournalErrorKind::ReadOnly, "Not saved: this journal was opened for reading."),
            Self::ReadOnly { why } => (JournalErrorKind::ReadOnly, why.as_str()),
            Self::Newer { why } => (JournalErrorKind::Newer, why.as_str()),
            Self::Damaged { why } => (JournalErrorKind::Damaged, why.as_str()),
        };
        Err(Fault::Refused(kind, why.to_owned()))
    }
}

/// A journal that was opened.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) connection: Connection,
    pub(super) standing: Standing,
    pub(super) lock: Option<WorkspaceLock>,
}

/// What a look at the tables found.
enum Found {
    Fine,
    /// Made by an older version: can be brought up to date.
    Older,
    Newer,
}

/// Opens the journal in this folder.
pub(super) fn open(folder: &Path, access: Access) -> Result<Opened, OpenError> {
    match access {
        Access::Read => open_to_read(folder, Standing::Reading),
        Access::Write => open_to_write(folder),
    }
}

fn open_to_write(folder: &Path) -> Result<Opened, OpenError> {
    let path = folder.join(JOURNAL_FILE);
    if let Err(error) = private::create_folder(folder) {
        return Err(OpenError::io(folder, &error));
    }
    let lock = match WorkspaceLock::take(folder) {
        Ok(lock) => lock,
        // What can't be locked can't be written, but it can be read.
        Err(LockError::Io { error, .. }) if path.exists() => {
            let why = format!(
                "{} can't be written to ({}): the workspace is open for reading only.",
                folder.display(),
                plain(&error)
            );
            return open_to_read(folder, Standing::ReadOnly { why });
        }
        Err(error) => return Err(OpenError::lock(folder, error)),
    };
    if !path.exists() {
        create(folder)?;
    }
    // A file system without modes is no reason to stop; the first write will tell.
    for file in beside(&path) {
        let _ = private::tighten(&file);
    }
    let opened =
        prepare(&path, lock).or_else(|fault| if fault.is_damage() { show_damaged(&path, &fault) } else { Err(fault) });
    opened.map_err(|fault| fault.about(&path).into())
}

fn prepare(path: &Path, lock: WorkspaceLock) -> Result<Opened, Fault> {
    let (mut connection, found) = look_into(path, connect_to_write)?;
    match found {
        Found::Newer => return show_newer(path, &connection),
        Found::Older => update(&mut connection)?,
        Found::Fine => {}
    }
    ready(path, connection, lock)
}

/// A connection to a whole journal, made ready to write.
fn ready(path: &Path, connection: Connection, lock: WorkspaceLock) -> Result<Opened, Fault> {
    prepare_to_write(&connection)?;
    if !connection.is_readonly("main")? {
        return Ok(Opened { connection, standing: Standing::Writing, lock: Some(lock) });
    }
    if fs::OpenOptions::new().write(true).open(path).is_ok() {
        // The system lets us write, so it is the header that forbids it.
        return show_damaged(path, &Fault::Damaged("its header is not one that Trialogue writes".to_owned()));
    }
    let why = format!("{} can't be written to: the workspace is open for reading only.", path.display());
    Ok(Opened { connection, standing: Standing::ReadOnly { why }, lock: None })
}

fn open_to_read(folder: &Path, standing: Standing) -> Result<Opened, OpenError> {
    let path = folder.join(JOURNAL_FILE);
    if !path.exists() {
        return Err(OpenError::Missing { folder: folder.to_owned() });
    }
    let found = look_into(&path, connect_to_read).or_else(|fault| {
        // Beside a journal on a read-only file system no index of its log can be made: it is made in memory.
        if fault.is_damage() { Err(fault) } else { look_into(&path, connect_alone) }
    });
    let opened = match found {
        Ok((connection, Found::Fine)) => Ok(Opened { connection, standing, lock: None }),
        Ok((connection, Found::Newer)) => show_newer(&path, &connection),
        Ok((connection, Found::Older)) => show_older(&connection, standing),
        Err(fault) if fault.is_damage() => show_damaged(&path, &fault),
        Err(fault) => Err(fault),
    };
    opened.map_err(|fault| fault.about(&path).into())
}

/// What this version understands of a newer version's journal, in memory.
fn show_newer(path: &Path, connection: &Connection) -> Result<Opened, Fault> {
    let why = format!(
        "A newer version of Trialogue wrote {}: it is open for reading only, and what this version doesn't know is not \
         shown. Update Trialogue to go on writing.",
        path.display()
    );
    let connection = Remains::read(connection)?.show()?;
    Ok(Opened { connection, standing: Standing::Newer { why }, lock: None })
}

/// An older version's journal brought up to date in memory, for who may not write it.
fn show_older(connection: &Connection, standing: Standing) -> Result<Opened, Fault> {
    Ok(Opened { connection: Remains::read(connection)?.show()?, standing, lock: None })
}

/// What is readable of a damaged journal, in memory.
pub(super) fn show_damaged(path: &Path, fault: &Fault) -> Result<Opened, Fault> {
    let remains = Remains::carved(path)?;
    let why = format!(
        "{} is damaged ({fault}): {}. The workspace is open for reading, and the file is kept as it is; \
         `trialogue doctor --rebuild` puts a repaired copy in its place.",
        path.display(),
        remains.sentence()
    );
    Ok(Opened { connection: remains.show()?, standing: Standing::Damaged { why }, lock: None })
}

fn look_into(
    path: &Path,
    connect: impl FnOnce(&Path) -> Result<Connection, Fault>,
) -> Result<(Connection, Found), Fault> {
    let connection = connect(path)?;
    let found = look(&connection)?;
    Ok((connection, found))
}

/// Makes an empty journal under another name first: a `journal.db` that exists is always whole.
fn create(folder: &Path) -> Result<(), OpenError> {
    let path = folder.join(JOURNAL_FILE);
    let fresh = folder.join("journal.db.new");
    let refused = |error: std::io::Error| OpenError::io(&fresh, &error);
    for leftover in beside(&fresh) {
        aside::remove(&leftover).map_err(refused)?;
    }
    drop(private::open_file(&fresh).map_err(refused)?);
    build(&fresh, update).map_err(|fault| fault.about(&fresh))?;
    // A log without its journal must not be taken for the new one's; what is in it may be all that is left.
    let ([_, log, index], [_, kept, _]) = (beside(&path), beside(&aside::free_name(folder)));
    if log.exists() {
        fs::rename(&log, &kept).map_err(refused)?;
    }
    aside::remove(&index).map_err(refused)?;
    fs::rename(&fresh, &path).map_err(refused)?;
    private::sync_folder(folder).map_err(|error| OpenError::io(folder, &error))
}

/// Fills an empty file.
pub(super) fn build(path: &Path, fill: impl FnOnce(&mut Connection) -> Result<(), Fault>) -> Result<(), Fault> {
    let mut connection = Connection::open_with_flags(path, flags(OpenFlags::SQLITE_OPEN_READ_WRITE))?;
    connection.pragma_update(None, "page_size", schema::PAGE_SIZE.cast_signed() as i64)?;
    settle(&connection)?;
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    fill(&mut connection)?;
    connection.close().map_err(|(_, error)| error.into())
}

fn update(connection: &mut Connection) -> Result<(), Fault> {
    let transaction = writer::begin(connection)?;
    schema::bring_up_to_date(&transaction)?;
    Ok(transaction.commit()?)
}

/// What kind of file this is: a few rows are read, however long the history.
fn look(connection: &Connection) -> Result<Found, Fault> {
    let (application, version) = (schema::application_id(connection)?, schema::user_version(connection)?);
    if application != schema::APPLICATION_ID {
        return Err(Fault::Damaged("it is not a journal of Trialogue".to_owned()));
    }
    match version {
        ..1 => return Err(Fault::Damaged("its tables have no version".to_owned())),
        version if version < schema::VERSION => return Ok(Found::Older),
        schema::VERSION => {}
        _ => return Ok(Found::Newer),
    }
    let mut kinds = connection.prepare("SELECT kind, v FROM kinds")?;
    let mut rows = kinds.query([])?;
    while let Some(row) = rows.next()? {
        if !format::is_known(&row.get::<_, String>(0)?, row.get(1)?) {
            return Ok(Found::Newer);
        }
    }
    writer::last_seq(connection)?;
    projector::read_workspace(connection)?;
    Ok(Found::Fine)
}
