//! Connections to a journal's file: for writing, for reading, and for reading where no file can be made beside it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::error::Fault;
#[cfg(not(unix))]
use super::salvage::Remains;

/// The journal and the files that `SQLite` keeps beside it.
pub(super) fn beside(path: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|suffix| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    })
}

pub(super) fn flags(access: OpenFlags) -> OpenFlags {
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

pub(super) fn prepare_to_write(connection: &Connection) -> Result<(), Fault> {
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    // After a checkpoint the log keeps at most this much of the disk.
    connection.pragma_update(None, "journal_size_limit", 4 << 20)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(())
}

pub(super) fn connect_to_write(path: &Path) -> Result<Connection, Fault> {
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
