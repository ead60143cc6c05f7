//! The journal: what happened, on disk as it happens.
//!
//! One `SQLite` file per workspace, `journal.db`. [`SqliteJournal`] is the store of the running program; [`Journal`] is
//! what the runtime asks of any store. Where things live:
//!
//! - `format`: the disk format of one event: JSON bodies, versions, upcasters, checksums.
//! - `schema`: the tables, and what brings an older journal's tables up to date.
//! - `connect`, `opening`, `writer`, `projector`, `reader`, `search`, `erase`: what happens to a healthy journal.
//! - `carve`, `salvage`, `check`, `rebuild`, `aside`: what happens to a damaged one.
//!
//! Architecture invariants: one truth (the events), everything else is a projection made in the same transaction; text
//! is kept as received; a damaged file never takes the program down and is never overwritten.

mod aside;
mod blobs;
mod carve;
mod check;
mod connect;
mod erase;
mod error;
mod format;
mod journal;
mod opening;
mod partials;
mod projector;
mod reader;
mod rebuild;
mod salvage;
mod schema;
mod search;
mod snippet;
mod sqlite;
mod summary;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod transcript;
mod view;
mod writer;

pub use check::{Finding, Report, Severity};
pub use error::{JournalError, JournalErrorKind, OpenError};
pub use journal::{Journal, Loaded};
pub use opening::{Access, Standing};
pub use rebuild::{Rebuilt, rebuild};
pub use sqlite::SqliteJournal;
pub use summary::{Summary, summary};
pub use transcript::Which;

/// The journal's file name in a workspace's folder.
pub const JOURNAL_FILE: &str = "journal.db";
