//! The journal of one workspace in one `SQLite` file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use serde_json::Value;

use crate::engine::event::Event;
use crate::engine::id::{ConversationId, MessageId, TurnId};
use crate::engine::input::Partial;
use crate::engine::message::{Attachment, Message};
use crate::engine::op::{Forgotten, Hit, Overview, Page, PageOf};
use crate::engine::time::Timestamp;
use crate::files::lock::WorkspaceLock;

use super::error::{Fault, JournalError, OpenError};
use super::journal::{Journal, Loaded};
use super::opening::{self, Access, Opened, Standing};
use super::{JOURNAL_FILE, blobs, partials, reader, search, view, writer};

/// The journal of one workspace.
#[derive(Debug)]
pub struct SqliteJournal {
    connection: Connection,
    path: PathBuf,
    standing: Standing,
    epoch: Option<i64>,
    /// Dropped last, after the connection has closed.
    lock: Option<WorkspaceLock>,
}

impl SqliteJournal {
    /// Opens the journal in this folder. For writing, it is made if it is missing; one that can't be written is opened
    /// for reading, and [`SqliteJournal::standing`] says why.
    pub fn open(folder: &Path, access: Access) -> Result<Self, OpenError> {
        let Opened { connection, standing, lock } = opening::open(folder, access)?;
        Ok(Self { connection, path: folder.join(JOURNAL_FILE), standing, epoch: None, lock })
    }

    /// What can be done with this journal, and why not more.
    pub const fn standing(&self) -> &Standing {
        &self.standing
    }

    #[cfg(test)]
    pub(super) const fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(super) const fn connection_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// Closes the file without copying its log into it; the lock stays, if this journal had it.
    pub(super) fn close_as_it_is(self) -> Option<WorkspaceLock> {
        self.hold_the_log();
        self.lock
    }

    /// From here on closing leaves the log as it is: it must not be copied into a broken file.
    fn hold_the_log(&self) {
        // It can only fail for a setting that SQLite doesn't know.
        let _ = self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
    }

    /// Reads; where the file turns out to be damaged, what is left of it is shown from here on.
    pub(super) fn read<T>(&mut self, read: impl Fn(&Connection) -> Result<T, Fault>) -> Result<T, JournalError> {
        let result = match read(&self.connection) {
            Err(fault) if fault.is_damage() && self.turn_to_remains(&fault) => read(&self.connection),
            result => result,
        };
        result.map_err(|fault| fault.about(&self.path))
    }

    pub(super) fn write<T>(&mut self, write: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, JournalError> {
        let written = self.standing.writable().and_then(|()| write(self));
        written.map_err(|fault| {
            if fault.is_damage() {
                self.turn_to_remains(&fault);
            }
            fault.about(&self.path)
        })
    }

    /// From here on shows what is left of a journal that turned out to be damaged; nothing is written to it any more.
    fn turn_to_remains(&mut self, fault: &Fault) -> bool {
        if matches!(self.standing, Standing::Damaged { .. } | Standing::Newer { .. }) {
            return false;
        }
        self.hold_the_log();
        match opening::show_damaged(&self.path, fault) {
            Ok(Opened { connection, standing, .. }) => {
                (self.connection, self.standing, self.epoch) = (connection, standing, None);
                true
            }
            Err(_) => false,
        }
    }
}

impl Journal for SqliteJournal {
    fn load(&mut self) -> Result<Loaded, JournalError> {
        if self.standing == Standing::Writing {
            // A reader may keep it from being finished again; that is no reason not to open.
            let _ = super::erase::finish(&mut self.connection);
        }
        let mut loaded = self.read(reader::load)?;
        let stale = drain_stale(&mut loaded);
        if self.standing == Standing::Writing {
            for turn in stale {
                self.write(|journal| partials::remove(&journal.connection, turn))?;
            }
        }
        Ok(loaded)
    }

    fn commit(&mut self, at: Timestamp, events: &[Event]) -> Result<(), JournalError> {
        if events.is_empty() {
            return Ok(());
        }
        self.write(|journal| {
            journal.epoch = Some(writer::commit(&mut journal.connection, journal.epoch, at, events)?);
            Ok(())
        })
    }

    fn checkpoint(&mut self, at: Timestamp, partials: &[Partial]) -> Result<(), JournalError> {
        self.write(|journal| {
            let transaction = writer::begin(&mut journal.connection)?;
            partials::write(&transaction, at, partials)?;
            Ok(transaction.commit()?)
        })
    }

    fn messages(&mut self, ids: &[MessageId]) -> Result<Vec<Message>, JournalError> {
        self.read(|connection| reader::messages(connection, ids))
    }

    fn page(&mut self, page: &PageOf) -> Result<Page, JournalError> {
        self.read(|connection| reader::page(connection, page))
    }

    fn attach(&mut self, name: &str, body: &str) -> Result<Attachment, JournalError> {
        self.write(|journal| blobs::attach(&journal.connection, name, body))
    }

    fn attachment(&mut self, hash: &str) -> Result<Option<Arc<str>>, JournalError> {
        self.read(|connection| blobs::attachment(connection, hash))
    }

    fn search(&mut self, query: &str, limit: u32) -> Result<Vec<Hit>, JournalError> {
        self.read(|connection| search::search(connection, query, limit, None))
    }

    fn search_in(&mut self, conversation: ConversationId, query: &str, limit: u32) -> Result<Vec<Hit>, JournalError> {
        self.read(|connection| search::search(connection, query, limit, Some(conversation)))
    }

    fn view(&mut self) -> Result<BTreeMap<String, Value>, JournalError> {
        self.read(view::read)
    }

    fn save_view(&mut self, at: Timestamp, key: &str, value: &Value) -> Result<(), JournalError> {
        self.write(|journal| view::save(&journal.connection, at, key, value))
    }

    fn erase(&mut self, what: Forgotten) -> Result<(), JournalError> {
        self.write(|journal| super::erase::erase(&mut journal.connection, what))
    }

    fn overview(&mut self) -> Result<Overview, JournalError> {
        self.read(reader::overview)
    }
}

/// Takes out the partial answers of turns that don't run: a checkpoint that came after its turn had ended.
fn drain_stale(loaded: &mut Loaded) -> Vec<TurnId> {
    let runs = |partial: &Partial| {
        let turns = loaded.conversations.iter().filter_map(|conversation| conversation.header.turn.as_ref());
        turns.into_iter().any(|turn| turn.id == partial.turn)
    };
    let (running, stale): (Vec<Partial>, Vec<Partial>) = loaded.partials.drain(..).partition(runs);
    loaded.partials = running;
    stale.into_iter().map(|partial| partial.turn).collect()
}
