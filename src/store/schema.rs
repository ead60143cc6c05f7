//! The tables of a journal, and what brings an older journal's tables up to date.
//!
//! `epochs`, `events`, `kinds`, `blobs`, `lost` and `view_state` are kept; the columns of `events` and `blobs` are part
//! of the disk format and never change. Everything else is a projection: `doctor --rebuild` makes it anew from the events.

use rusqlite::Connection;

use super::error::Fault;

/// The version of the tables, in `PRAGMA user_version`. It rises when a table changes; an event's own version
/// (`events.v`) rises when the JSON of its kind changes.
pub(super) const VERSION: i64 = 1;

/// `TRIA` in ASCII, in `PRAGMA application_id`: tells a journal from any other `SQLite` file.
pub(super) const APPLICATION_ID: i64 = 0x5452_4941;

/// The size of a page, fixed so that a damaged file can be read without its header.
pub(super) const PAGE_SIZE: usize = 4096;

/// What leads from each version to the next; the first makes version 1 from nothing.
const STEPS: &[&[&str]] = &[&[KEPT_1, PROJECTIONS]];

const KEPT_1: &str = "
-- One row per process that wrote: who wrote which events.
CREATE TABLE epochs(
  epoch INTEGER PRIMARY KEY,      -- 1, 2, 3 ...
  at INTEGER NOT NULL,            -- milliseconds since 1970 of its first write
  program TEXT NOT NULL           -- the program's version
) STRICT;
-- What happened: append-only; a body changes only when it is erased.
CREATE TABLE events(
  seq INTEGER PRIMARY KEY,        -- 1, 2, 3 ... without a gap
  at INTEGER NOT NULL,            -- milliseconds since 1970
  conversation BLOB,              -- 16 bytes of its UUID; NULL for the workspace as a whole
  epoch INTEGER NOT NULL,
  conv_seq INTEGER NOT NULL,      -- 1, 2, 3 ... in its conversation, or in the workspace as a whole
  kind TEXT NOT NULL,
  v INTEGER NOT NULL,             -- the version of this kind's JSON
  body TEXT NOT NULL,             -- JSON
  crc INTEGER NOT NULL            -- CRC-32 of all the other columns
) STRICT;
-- Which kinds and versions occur: a program that doesn't know one of them opens the journal for reading only.
CREATE TABLE kinds(kind TEXT NOT NULL, v INTEGER NOT NULL, PRIMARY KEY(kind, v)) STRICT, WITHOUT ROWID;
-- Attached texts by the SHA-256 of their bytes.
CREATE TABLE blobs(key INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, body TEXT NOT NULL) STRICT;
-- Events that a repair could not save.
CREATE TABLE lost(first INTEGER PRIMARY KEY, last INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;
-- Layout, scroll, focus, drafts: nobody's history.
CREATE TABLE view_state(key TEXT PRIMARY KEY, at INTEGER NOT NULL, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
-- The answers that stream now.
CREATE TABLE partials(
  turn BLOB PRIMARY KEY, conversation BLOB NOT NULL, prompt BLOB NOT NULL, at INTEGER NOT NULL, parts TEXT NOT NULL
) STRICT;
-- Tombstones whose bodies are not yet gone from every file, by the tombstone's seq.
CREATE TABLE erasing(seq INTEGER PRIMARY KEY, what TEXT NOT NULL) STRICT;
";

const PROJECTIONS: &str = "
CREATE TABLE workspace(one INTEGER PRIMARY KEY CHECK(one = 1), conv_seq INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE conversations(
  key INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  conv_seq INTEGER NOT NULL,      -- the last one given out
  head INTEGER,                   -- seq of the active branch's last message
  header TEXT NOT NULL            -- JSON: everything but the messages
) STRICT;
-- A branch begins at position `base`; below it its messages are those of `parent`.
CREATE TABLE branches(key INTEGER PRIMARY KEY, parent INTEGER, base INTEGER NOT NULL) STRICT;
CREATE TABLE messages(
  seq INTEGER PRIMARY KEY,        -- of the event that holds its body
  id BLOB NOT NULL UNIQUE,
  conversation INTEGER NOT NULL,  -- conversations.key
  number INTEGER NOT NULL,
  branch INTEGER NOT NULL,
  position INTEGER NOT NULL,      -- along its branch, from 0
  parent BLOB,
  author INTEGER NOT NULL,        -- 0 person, 1 model
  tokens INTEGER NOT NULL,
  measured INTEGER,
  context_measured INTEGER NOT NULL,  -- the meter of the branch that ends here
  context_added INTEGER NOT NULL,
  complete INTEGER NOT NULL,
  erased INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX messages_branch ON messages(branch, position);
CREATE INDEX messages_conversation ON messages(conversation);
-- Which message carries which attached text.
CREATE TABLE carried(blob BLOB NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY(blob, seq)) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE search USING fts5(
  text, content='', contentless_delete=1, tokenize=\"unicode61 remove_diacritics 2\"
);
";

const DROP_PROJECTIONS: &str = "
DROP TABLE IF EXISTS workspace;
DROP TABLE IF EXISTS conversations;
DROP TABLE IF EXISTS branches;
DROP TABLE IF EXISTS messages;
DROP TABLE IF EXISTS carried;
DROP TABLE IF EXISTS search;
";

/// Makes the tables that are missing for the newest version, all in the transaction that is open.
pub(super) fn bring_up_to_date(connection: &Connection) -> Result<(), Fault> {
    let version = usize::try_from(user_version(connection)?).unwrap_or(usize::MAX);
    for step in STEPS.iter().skip(version) {
        for statements in *step {
            connection.execute_batch(statements)?;
        }
    }
    connection.pragma_update(None, "user_version", VERSION)?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    Ok(())
}

/// Throws the projections away and makes their tables anew, empty, in the transaction that is open.
pub(super) fn clear_projections(connection: &Connection) -> Result<(), Fault> {
    connection.execute_batch(DROP_PROJECTIONS)?;
    connection.execute_batch(PROJECTIONS)?;
    Ok(())
}

/// The version of the tables in this file; 0 if there are none.
pub(super) fn user_version(connection: &Connection) -> Result<i64, Fault> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Whose file this is.
pub(super) fn application_id(connection: &Connection) -> Result<i64, Fault> {
    Ok(connection.pragma_query_value(None, "application_id", |row| row.get(0))?)
}
