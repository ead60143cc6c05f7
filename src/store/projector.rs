//! Folds events into the projections, in the transaction that writes the events.
//!
//! What the engine's own folds decide is never decided again here: headers, entries and the workspace are folded by
//! [`Header::apply`], [`Entry::of`] and [`Workspace::apply`]. Here is only where it lies.

use std::collections::BTreeMap;
use std::collections::btree_map;

use rusqlite::{Connection, OptionalExtension, params};

use crate::engine::conversation::{Entry, Header, recounts};
use crate::engine::event::Event;
use crate::engine::id::{ConversationId, MessageId};
use crate::engine::message::{Author, Message};
use crate::engine::meter::Meter;
use crate::engine::op::Forgotten;
use crate::engine::workspace::Workspace;

use super::error::Fault;
use super::search;

/// One run of folding; nothing but messages is on disk before [`Projector::finish`].
pub(super) struct Projector<'c> {
    connection: &'c Connection,
    workspace: Option<OpenWorkspace>,
    conversations: BTreeMap<ConversationId, OpenConversation>,
}

#[derive(Default)]
struct OpenWorkspace {
    workspace: Workspace,
    conv_seq: i64,
}

struct OpenConversation {
    key: i64,
    header: Header,
    conv_seq: i64,
}

impl<'c> Projector<'c> {
    /// Folds into the tables of this connection, whose transaction is open.
    pub(super) const fn new(connection: &'c Connection) -> Self {
        Self { connection, workspace: None, conversations: BTreeMap::new() }
    }

    /// The next `conv_seq` of this conversation, or of the workspace as a whole.
    pub(super) fn next_conv_seq(&mut self, conversation: Option<ConversationId>) -> Result<i64, Fault> {
        match conversation {
            None => Ok(self.workspace()?.conv_seq + 1),
            Some(id) => Ok(self.conversation(id)?.map_or(0, |open| open.conv_seq) + 1),
        }
    }

    /// Folds an event that lies in the journal under these numbers.
    pub(super) fn apply(&mut self, seq: i64, conv_seq: i64, event: &Event) -> Result<(), Fault> {
        let about = event.conversation();
        if about.is_none() || concerns_workspace(event) {
            let open = self.workspace()?;
            open.workspace.apply(event);
            if about.is_none() {
                open.conv_seq = open.conv_seq.max(conv_seq);
            }
        }
        if let Some(header) = Header::started(event) {
            self.start(header)?;
        }
        let connection = self.connection;
        let Some(id) = about else { return Ok(()) };
        let Some(open) = self.conversation(id)? else { return Ok(()) };
        open.header.apply(event);
        open.conv_seq = open.conv_seq.max(conv_seq);
        if let Some(message) = event.message() {
            add_message(connection, open.key, seq, message)?;
        }
        match event {
            Event::TurnEnded { turn, .. } | Event::TurnFailed { turn, .. } | Event::TurnInterrupted { turn, .. } => {
                let mut delete = connection.prepare_cached("DELETE FROM partials WHERE turn = ?1")?;
                delete.execute([turn.as_uuid().as_bytes()])?;
            }
            Event::Erased { what } => erase_messages(connection, open.key, *what)?,
            event if recounts(event) => forget_measures(connection, open.key)?,
            _ => {}
        }
        Ok(())
    }

    /// Writes what was folded.
    pub(super) fn finish(self) -> Result<(), Fault> {
        if let Some(OpenWorkspace { workspace, conv_seq }) = self.workspace {
            let mut write = self.connection.prepare_cached(
                "INSERT INTO workspace(one, conv_seq, body) VALUES(1, ?1, ?2)
                 ON CONFLICT(one) DO UPDATE SET conv_seq = excluded.conv_seq, body = excluded.body",
            )?;
            write.execute(params![conv_seq, to_json(&workspace)?])?;
        }
        let mut write = self.connection.prepare_cached(
            "UPDATE conversations SET conv_seq = ?2, header = ?3,
               head = (SELECT seq FROM messages WHERE id = ?4 AND conversation = ?1)
             WHERE key = ?1",
        )?;
        for OpenConversation { key, header, conv_seq } in self.conversations.into_values() {
            let head = header.head.map(MessageId::as_uuid);
            write.execute(params![key, conv_seq, to_json(&header)?, head.as_ref().map(uuid::Uuid::as_bytes)])?;
        }
        Ok(())
    }

    fn start(&mut self, header: Header) -> Result<(), Fault> {
        let id = header.id;
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO conversations(id, conv_seq, header) VALUES(?1, 0, '') ON CONFLICT(id) DO NOTHING",
        )?;
        // A conversation starts once; a second start, which only a damaged journal can hold, changes nothing.
        if insert.execute([id.as_uuid().as_bytes()])? == 1 {
            let open = OpenConversation { key: self.connection.last_insert_rowid(), header, conv_seq: 0 };
            self.conversations.insert(id, open);
        }
        Ok(())
    }

    fn workspace(&mut self) -> Result<&mut OpenWorkspace, Fault> {
        let open = match self.workspace.take() {
            Some(open) => open,
            None => read_workspace(self.connection)?
                .map_or_else(OpenWorkspace::default, |(workspace, conv_seq)| OpenWorkspace { workspace, conv_seq }),
        };
        Ok(self.workspace.insert(open))
    }

    fn conversation(&mut self, id: ConversationId) -> Result<Option<&mut OpenConversation>, Fault> {
        match self.conversations.entry(id) {
            btree_map::Entry::Occupied(open) => Ok(Some(open.into_mut())),
            btree_map::Entry::Vacant(slot) => {
                let mut select =
                    self.connection.prepare_cached("SELECT key, header, conv_seq FROM conversations WHERE id = ?1")?;
                let found = select
                    .query_row([id.as_uuid().as_bytes()], |row| {
                        Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?))
                    })
                    .optional()?;
                let Some((key, header, conv_seq)) = found else { return Ok(None) };
                Ok(Some(slot.insert(OpenConversation { key, header: from_json(&header)?, conv_seq })))
            }
        }
    }
}

/// Whether an event about a conversation changes what the panes show.
const fn concerns_workspace(event: &Event) -> bool {
    matches!(
        event,
        Event::ConversationStarted { .. }
            | Event::PaneTurned { .. }
            | Event::BriefSent { .. }
            | Event::BriefAdvanced { .. }
            | Event::TableGrown { .. }
            | Event::ReportHeld { .. }
            | Event::RealNamesShown { .. }
            | Event::Continued { .. }
            | Event::Gathered { .. }
            | Event::LocalityChanged { .. }
            | Event::Erased { .. }
    )
}

/// The workspace as its projection holds it, with its last `conv_seq`.
pub(super) fn read_workspace(connection: &Connection) -> Result<Option<(Workspace, i64)>, Fault> {
    let mut select = connection.prepare_cached("SELECT body, conv_seq FROM workspace WHERE one = 1")?;
    let found = select.query_row([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?))).optional()?;
    found.map(|(body, conv_seq)| Ok((from_json(&body)?, conv_seq))).transpose()
}

pub(super) fn to_json<T: serde::Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::Unwritable(error.to_string()))
}

pub(super) fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|error| Fault::Damaged(error.to_string()))
}

/// Where a message stands: on which branch, how far along it, and how full the context is there.
struct Place {
    branch: i64,
    position: i64,
    meter: Meter,
}

fn add_message(connection: &Connection, conversation: i64, seq: i64, message: &Message) -> Result<(), Fault> {
    let entry = Entry::of(message);
    let place = place(connection, conversation, &entry)?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO messages VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
         ON CONFLICT DO NOTHING",
    )?;
    let added = insert.execute(params![
        seq,
        message.id.as_uuid().as_bytes(),
        conversation,
        entry.number,
        place.branch,
        place.position,
        entry.parent.map(MessageId::as_uuid).as_ref().map(uuid::Uuid::as_bytes),
        author_code(entry.author),
        entry.tokens,
        entry.measured,
        place.meter.measured,
        place.meter.added,
        entry.complete,
        entry.erased,
    ])?;
    // A message is added once; a second one of its name, which only a damaged journal can hold, changes nothing.
    if added == 0 {
        return Ok(());
    }
    for attachment in message.attachments() {
        let mut carry = connection.prepare_cached("INSERT OR IGNORE INTO carried(blob, seq) VALUES(?1, ?2)")?;
        carry.execute(params![super::blobs::key_of(&attachment.hash), seq])?;
    }
    search::index(connection, seq, message)
}

fn place(connection: &Connection, conversation: i64, entry: &Entry) -> Result<Place, Fault> {
    let mut select = connection.prepare_cached(
        "SELECT branch, position, context_measured, context_added,
           EXISTS(SELECT 1 FROM messages n WHERE n.branch = p.branch AND n.position = p.position + 1)
         FROM messages p WHERE id = ?1 AND conversation = ?2",
    )?;
    let parent = match entry.parent {
        None => None,
        Some(parent) => select
            .query_row(params![parent.as_uuid().as_bytes(), conversation], |row| {
                let meter = Meter { measured: row.get(2)?, added: row.get(3)? };
                Ok((Place { branch: row.get(0)?, position: row.get(1)?, meter }, row.get::<_, bool>(4)?))
            })
            .optional()?,
    };
    let (branch, position) = match &parent {
        Some((parent, false)) => (parent.branch, parent.position + 1),
        Some((parent, true)) => {
            let position = parent.position + 1;
            (begin_branch(connection, Some(parent.branch), position)?, position)
        }
        None => (begin_branch(connection, None, 0)?, 0),
    };
    let meter = follow(parent.map_or_else(Meter::default, |(parent, _)| parent.meter), entry.tokens, entry.measured);
    Ok(Place { branch, position, meter })
}

/// The meter after a message: measured anew, or with its estimate added.
const fn follow(before: Meter, tokens: u32, measured: Option<u32>) -> Meter {
    match measured {
        Some(measured) => Meter { measured, added: 0 },
        None => Meter { measured: before.measured, added: before.added.saturating_add(tokens) },
    }
}

fn begin_branch(connection: &Connection, parent: Option<i64>, base: i64) -> Result<i64, Fault> {
    let mut insert = connection.prepare_cached("INSERT INTO branches(parent, base) VALUES(?1, ?2)")?;
    Ok(insert.insert(params![parent, base])?)
}

fn erase_messages(connection: &Connection, conversation: i64, what: Forgotten) -> Result<(), Fault> {
    let only = match what {
        Forgotten::Message { message, .. } => Some(message.as_uuid()),
        Forgotten::Conversation { .. } => None,
    };
    let only = only.as_ref().map(uuid::Uuid::as_bytes);
    connection
        .prepare_cached(
            "DELETE FROM search WHERE rowid IN
           (SELECT seq FROM messages WHERE conversation = ?1 AND (?2 IS NULL OR id = ?2) AND erased = 0)",
        )?
        .execute(params![conversation, only])?;
    connection
        .prepare_cached(
            "UPDATE messages SET erased = 1, tokens = 0, measured = NULL
         WHERE conversation = ?1 AND (?2 IS NULL OR id = ?2)",
        )?
        .execute(params![conversation, only])?;
    refold_meters(connection, conversation)
}

/// Another model counts otherwise: what was measured before is estimated from here on.
fn forget_measures(connection: &Connection, conversation: i64) -> Result<(), Fault> {
    connection
        .prepare_cached("UPDATE messages SET measured = NULL WHERE conversation = ?1")?
        .execute([conversation])?;
    refold_meters(connection, conversation)
}

/// Folds the meters of a conversation again, after messages lost their tokens. Parents come before their children.
fn refold_meters(connection: &Connection, conversation: i64) -> Result<(), Fault> {
    let mut select = connection.prepare_cached(
        "SELECT seq, id, parent, tokens, measured FROM messages WHERE conversation = ?1 ORDER BY seq",
    )?;
    let mut update =
        connection.prepare_cached("UPDATE messages SET context_measured = ?2, context_added = ?3 WHERE seq = ?1")?;
    let mut meters: BTreeMap<[u8; 16], Meter> = BTreeMap::new();
    let mut rows = select.query([conversation])?;
    while let Some(row) = rows.next()? {
        let parent: Option<[u8; 16]> = row.get(2)?;
        let before = parent.and_then(|parent| meters.get(&parent).copied()).unwrap_or_default();
        let meter = follow(before, row.get(3)?, row.get(4)?);
        meters.insert(row.get(1)?, meter);
        update.execute(params![row.get::<_, i64>(0)?, meter.measured, meter.added])?;
    }
    Ok(())
}

const fn author_code(author: Author) -> i64 {
    match author {
        Author::Person => 0,
        Author::Model => 1,
    }
}

/// The author behind its code.
pub(super) fn author_of(code: i64) -> Result<Author, Fault> {
    match code {
        0 => Ok(Author::Person),
        1 => Ok(Author::Model),
        _ => Err(Fault::Damaged(format!("an author {code}"))),
    }
}
