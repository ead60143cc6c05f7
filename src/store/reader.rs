//! Reads the projections: what the engine loads, what the first frame needs, and pages of messages.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use crate::engine::conversation::{Conversation, Entry, Header};
use crate::engine::id::{ConversationId, MessageId};
use crate::engine::message::{Author, Ending, Message};
use crate::engine::meter::Meter;
use crate::engine::op::{ConversationOverview, Overview, Page, PageOf, PaneOverview};
use crate::engine::time::Timestamp;
use crate::engine::workspace::{Pane, Workspace};

use super::Loaded;
use super::erase;
use super::error::Fault;
use super::format::{self, Record};
use super::partials;
use super::projector::{author_of, from_json, read_workspace};

/// What the projections hold, with the partial answers of turns that were running.
pub(super) fn load(connection: &Connection) -> Result<Loaded, Fault> {
    let workspace = workspace(connection)?;
    let mut conversations = BTreeMap::new();
    let mut select = connection.prepare_cached("SELECT key, header FROM conversations")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let header: Header = from_json(text(row, 1)?)?;
        conversations.insert(row.get::<_, i64>(0)?, Conversation { header, messages: BTreeMap::new() });
    }
    let mut select = connection.prepare_cached(
        "SELECT conversation, id, number, parent, author, tokens, measured, complete, erased FROM messages",
    )?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let Some(conversation) = conversations.get_mut(&row.get(0)?) else { continue };
        conversation.messages.insert(message_id(row, 1)?, entry(row)?);
    }
    let mut conversations: Vec<Conversation> = conversations.into_values().collect();
    conversations.sort_by_key(|conversation| conversation.header.id);
    let partials = partials::read(connection)?;
    Ok(Loaded { workspace, conversations, partials })
}

fn entry(row: &Row<'_>) -> Result<Entry, Fault> {
    Ok(Entry {
        number: row.get(2)?,
        parent: row.get::<_, Option<[u8; 16]>>(3)?.map(|bytes| MessageId::from_uuid(Uuid::from_bytes(bytes))),
        author: author_of(row.get(4)?)?,
        tokens: row.get(5)?,
        measured: row.get(6)?,
        complete: row.get(7)?,
        erased: row.get(8)?,
    })
}

/// The workspace's shape: what [`crate::engine::Engine::overview`] says, without its index.
pub(super) fn overview(connection: &Connection) -> Result<Overview, Fault> {
    let workspace = workspace(connection)?;
    let mut select = connection.prepare_cached(
        "SELECT c.header, m.position, m.context_measured, m.context_added
         FROM conversations c LEFT JOIN messages m ON m.seq = c.head ORDER BY c.id",
    )?;
    let mut rows = select.query([])?;
    let mut conversations = Vec::new();
    while let Some(row) = rows.next()? {
        let header: Header = from_json(text(row, 0)?)?;
        let position: Option<u32> = row.get(1)?;
        conversations.push(ConversationOverview {
            facts: workspace.facts(&header.model),
            messages: position.map_or(0, |position| position.saturating_add(1)),
            meter: Meter {
                measured: row.get::<_, Option<u32>>(2)?.unwrap_or(0),
                added: row.get::<_, Option<u32>>(3)?.unwrap_or(0),
            },
            id: header.id,
            pane: header.pane,
            settings: header.settings,
            model: header.model,
            head: header.head,
            turn: header.turn,
            pins: header.pins,
            spend: header.spend,
            predecessor: header.predecessor,
            succession: header.succession,
            whereabouts: header.whereabouts,
        });
    }
    let briefs = workspace.briefs_by_age();
    let shown = |pane: Pane| Some(PaneOverview { conversation: pane.conversation?, pane: pane.name });
    let panes = workspace.panes.into_iter().filter_map(shown).collect();
    Ok(Overview { settings: workspace.settings, panes, conversations, briefs, judged: workspace.judged })
}

/// A window on a conversation's active branch.
pub(super) fn page(connection: &Connection, page: &PageOf) -> Result<Page, Fault> {
    let Some((branch, total)) = head(connection, page.conversation)? else {
        return Ok(Page { conversation: page.conversation, first: 0, total: 0, messages: Vec::new() });
    };
    let end = page.end.unwrap_or(total).min(total);
    let first = end.saturating_sub(page.limit);
    let messages = window(connection, branch, first, end)?;
    Ok(Page { conversation: page.conversation, first, total, messages })
}

/// The messages of the active branch from this position on.
pub(super) fn forward(
    connection: &Connection,
    conversation: ConversationId,
    first: u32,
    limit: u32,
) -> Result<Vec<Message>, Fault> {
    match head(connection, conversation)? {
        Some((branch, total)) => window(connection, branch, first, first.saturating_add(limit).min(total)),
        None => Ok(Vec::new()),
    }
}

/// The messages on whatever branch after this event, with their events.
pub(super) fn after(
    connection: &Connection,
    conversation: ConversationId,
    seq: i64,
    limit: u32,
) -> Result<Vec<(i64, Message)>, Fault> {
    let sql = format!(
        "SELECT {} FROM messages m JOIN events e ON e.seq = m.seq
         WHERE m.conversation = (SELECT key FROM conversations WHERE id = ?1) AND m.seq > ?2 ORDER BY m.seq LIMIT ?3",
        message_columns()
    );
    let mut select = connection.prepare_cached(&sql)?;
    let mut rows = select.query(params![conversation.as_uuid().as_bytes(), seq, limit])?;
    let mut messages = Vec::new();
    while let Some(row) = rows.next()? {
        messages.push((row.get(0)?, message(row)?));
    }
    Ok(messages)
}

/// The branch row of a conversation's head, and how many messages lead to it.
fn head(connection: &Connection, conversation: ConversationId) -> Result<Option<(i64, u32)>, Fault> {
    let mut select = connection.prepare_cached(
        "SELECT m.branch, m.position + 1 FROM conversations c JOIN messages m ON m.seq = c.head WHERE c.id = ?1",
    )?;
    let head = select.query_row([conversation.as_uuid().as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(head.optional()?)
}

fn window(connection: &Connection, branch: i64, first: u32, end: u32) -> Result<Vec<Message>, Fault> {
    let mut messages = Vec::new();
    for stretch in stretches(connection, branch, first, end)? {
        read_stretch(connection, &stretch, &mut messages)?;
    }
    Ok(messages)
}

/// Consecutive positions that lie on one branch row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    branch: i64,
    first: u32,
    end: u32,
}

/// The positions from `first` to `end` of the way to this branch, lowest first: a fork begins a branch row of its own,
/// below which the way goes on along its parent.
fn stretches(connection: &Connection, branch: i64, first: u32, end: u32) -> Result<Vec<Stretch>, Fault> {
    let mut select = connection.prepare_cached("SELECT parent, base FROM branches WHERE key = ?1")?;
    let mut stretches = Vec::new();
    let (mut next, mut end) = (Some(branch), end);
    while let Some(branch) = next
        && first < end
    {
        let (parent, base): (Option<i64>, u32) = select.query_row([branch], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if base < end {
            stretches.push(Stretch { branch, first: base.max(first), end });
            end = base;
        }
        // A parent is always older; anything else would go round in circles.
        next = parent.filter(|parent| *parent < branch);
    }
    stretches.reverse();
    Ok(stretches)
}

fn read_stretch(connection: &Connection, stretch: &Stretch, messages: &mut Vec<Message>) -> Result<(), Fault> {
    let sql = format!(
        "SELECT {} FROM messages m JOIN events e ON e.seq = m.seq
         WHERE m.branch = ?1 AND m.position >= ?2 AND m.position < ?3 ORDER BY m.position",
        message_columns()
    );
    let mut select = connection.prepare_cached(&sql)?;
    let mut rows = select.query(params![stretch.branch, stretch.first, stretch.end])?;
    while let Some(row) = rows.next()? {
        messages.push(message(row)?);
    }
    Ok(())
}

/// The columns that [`message`] reads: the event's, then those of its index.
fn message_columns() -> String {
    format!("{}, m.id, m.number, m.parent, m.author, m.erased", format::COLUMNS)
}

/// The message in a row of [`message_columns`].
fn message(row: &Row<'_>) -> Result<Message, Fault> {
    let read = Record::read(row).and_then(|record| record.event());
    let erased: bool = row.get(13)?;
    match read.map(format::into_message) {
        Ok(Some(mut message)) => {
            if erased {
                erase::bare(&mut message);
            }
            Ok(message)
        }
        Ok(None) => Err(Fault::Damaged(format!("event {} carries no message", row.get::<_, i64>(0)?))),
        // What is known of it is shown, and what isn't is named.
        Err(why) => Ok(Message {
            id: message_id(row, 9)?,
            conversation: ConversationId::from_uuid(Uuid::from_bytes(row.get(2)?)),
            number: row.get(10)?,
            parent: row.get::<_, Option<[u8; 16]>>(11)?.map(|bytes| MessageId::from_uuid(Uuid::from_bytes(bytes))),
            author: author_of(row.get(12)?).unwrap_or(Author::Model),
            at: Timestamp::from_millis(row.get(1)?),
            parts: vec![format::damaged_part(row.get(0)?, &why)],
            ending: Ending::Complete,
            about: None,
            turn: None,
            model: None,
            usage: None,
        }),
    }
}

/// The messages with these identities, in this order, without those that don't exist or were erased. One that can't be
/// read is an error: a prompt that silently lacks it would say something else.
pub(super) fn messages(connection: &Connection, ids: &[MessageId]) -> Result<Vec<Message>, Fault> {
    let sql = format!(
        "SELECT {} FROM messages m JOIN events e ON e.seq = m.seq WHERE m.id = ?1 AND m.erased = 0",
        format::COLUMNS
    );
    let mut select = connection.prepare_cached(&sql)?;
    let mut messages = Vec::with_capacity(ids.len());
    for id in ids {
        let mut rows = select.query([id.as_uuid().as_bytes()])?;
        let Some(row) = rows.next()? else { continue };
        let event = Record::read(row)
            .and_then(|record| record.event())
            .map_err(|why| Fault::Unreadable(format!("the message {id} can't be read: {why}")))?;
        messages.extend(format::into_message(event));
    }
    Ok(messages)
}

fn workspace(connection: &Connection) -> Result<Workspace, Fault> {
    Ok(read_workspace(connection)?.map(|(workspace, _)| workspace).unwrap_or_default())
}

fn message_id(row: &Row<'_>, column: usize) -> Result<MessageId, Fault> {
    Ok(MessageId::from_uuid(Uuid::from_bytes(row.get(column)?)))
}

fn text<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a str, Fault> {
    Ok(row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?)
}
