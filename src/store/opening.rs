//! Opens a journal: makes it if it is missing, finds out what can be done with it, and never changes a damaged one.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::files::lock::{LockError, WorkspaceLock};
use crate::files::private;

use super::error::{Fault, JournalErrorKind, OpenError};
use super::salvage::Remains;
use super::{JOURNAL_FILE, format, projector, schema, writer};

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
            let why =
                format!("{} can't be written to ({error}): the workspace is open for reading only.", folder.display());
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
    let opened = match look_into(&path, connect_to_write) {
        Ok((connection, Found::Newer)) => show_newer(&path, &connection),
        Ok((mut connection, found)) => {
            let updated = if matches!(found, Found::Older) { update(&mut connection) } else { Ok(()) };
            updated.and_then(|()| ready(&path, connection, lock))
        }
        Err(fault) if fault.is_damage() => show_damaged(&path, &fault),
        Err(fault) => Err(fault),
    };
    opened.map_err(|fault| fault.about(&path).into())
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

/// The journal and the files that `SQLite` keeps beside it.
pub(super) fn beside(path: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|suffix| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    })
}

/// Makes an empty journal under another name first: a `journal.db` that exists is always whole.
fn create(folder: &Path) -> Result<(), OpenError> {
    let path = folder.join(JOURNAL_FILE);
    let fresh = folder.join("journal.db.new");
    let refused = |error: std::io::Error| OpenError::io(&fresh, &error);
    for leftover in beside(&fresh) {
        match fs::remove_file(&leftover) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(refused(error)),
            _ => {}
        }
    }
    drop(private::open_file(&fresh).map_err(refused)?);
    build(&fresh, update).map_err(|fault| fault.about(&fresh))?;
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

fn flags(access: OpenFlags) -> OpenFlags {
    // No mutex: a journal belongs to one thread. No URI: a folder may be called anything.
    access | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

fn connect(path: &Path, access: OpenFlags) -> Result<Connection, Fault> {
    let connection = Connection::open_with_flags(path, flags(access))?;
    guard(&connection)?;
    Ok(connection)
}

/// Until it is known to be whole, closing a journal must not copy its log into it.
fn guard(connection: &Connection) -> Result<(), Fault> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    settle(connection)
}

/// The settings of every connection.
pub(super) fn settle(connection: &Connection) -> Result<(), Fault> {
    connection.busy_timeout(Duration::from_secs(2))?;
    connection.set_prepared_statement_cache_capacity(48);
    // 1 MiB of pages; no file mapped into memory, since mapped pages count as ours; sorting never touches the disk.
    connection.pragma_update(None, "cache_size", -1024)?;
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    Ok(())
}

fn prepare_to_write(connection: &Connection) -> Result<(), Fault> {
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    // After a checkpoint the log keeps at most this much of the disk.
    connection.pragma_update(None, "journal_size_limit", 4 << 20)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(())
}

fn connect_to_write(path: &Path) -> Result<Connection, Fault> {
    connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
}

/// A connection that never changes the journal.
pub(super) fn connect_to_read(path: &Path) -> Result<Connection, Fault> {
    connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

/// A connection for where no file can be made beside the journal.
pub(super) fn connect_alone(path: &Path) -> Result<Connection, Fault> {
    let [_, log, _] = beside(path);
    if fs::metadata(&log).is_ok_and(|log| log.len() > 0) { connect_unlocked(path) } else { connect_immutable(path) }
}

/// A connection that takes no locks and keeps the index of the log in its own memory.
#[cfg(unix)]
fn connect_unlocked(path: &Path) -> Result<Connection, Fault> {
    let access = flags(OpenFlags::SQLITE_OPEN_READ_ONLY);
    let connection = Connection::open_with_flags_and_vfs(path, access, c"unix-none")?;
    // Before anything is read: then no index in shared memory is asked for.
    connection.pragma_update_and_check(None, "locking_mode", "exclusive", |_| Ok(()))?;
    guard(&connection)?;
    Ok(connection)
}

/// Elsewhere there is no way to read a log without writing: what is in it is carved out.
#[cfg(not(unix))]
fn connect_unlocked(path: &Path) -> Result<Connection, Fault> {
    Ok(Remains::carved(path)?.show()?)
}

/// A connection that believes that nobody changes the file, and looks for no log.
fn connect_immutable(path: &Path) -> Result<Connection, Fault> {
    let access = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(locator(path), flags(access))?;
    guard(&connection)?;
    Ok(connection)
}

/// The path as `SQLite` takes it with options.
fn locator(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    let mut locator = String::from(if path.starts_with('/') { "file://" } else { "file:" });
    for byte in path.bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'~' => locator.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => locator.push(char::from(byte)),
            byte => {
                let hex = |digit: u8| char::from(b"0123456789ABCDEF"[usize::from(digit)]);
                locator.extend(['%', hex(byte >> 4), hex(byte & 15)]);
            }
        }
    }
    locator.push_str("?immutable=1");
    locator
}

/// What kind of file this is: a few rows are read, however long the history.
fn look(connection: &Connection) -> Result<Found, Fault> {
    let (application, version) = (schema::application_id(connection)?, schema::user_version(connection)?);
    if application != schema::APPLICATION_ID {
        return Err(Fault::Damaged("it is not a journal of Trialogue".to_owned()));
    }
    if version > schema::VERSION {
        return Ok(Found::Newer);
    }
    if version < schema::VERSION {
        return Ok(Found::Older);
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
