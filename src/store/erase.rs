//! Erases for good: bodies, pins, attached texts, search index, partial answers, drafts, and every copy in the files.
//!
//! The tombstone is committed first, with a row in `erasing`; the row goes when nothing is left. What a crash or a
//! reader kept from being finished is finished by [`finish`] when the workspace is loaded the next time.

use rusqlite::{Connection, params};

use crate::engine::brief::{Draft, Quote};
use crate::engine::conversation::Pin;
use crate::engine::event::Event;
use crate::engine::locality::Table;
use crate::engine::message::{Ending, Message};
use crate::engine::op::Forgotten;

use super::blobs;
use super::error::{Fault, JournalErrorKind};
use super::format::{self, Record};
use super::projector::{from_json, to_json};
use super::writer;

/// What stands for a failure's sentence: it may have quoted what was said.
const ERASED: &str = "Erased.";

/// Journals up to this size are vacuumed in memory, so that no copy of a text is made outside the workspace's folder;
/// larger ones need a temporary file, which holds only what was not erased.
const IN_MEMORY: i64 = 64 << 20;

/// Erases what a tombstone names.
pub(super) fn erase(connection: &mut Connection, what: Forgotten) -> Result<(), Fault> {
    connection.pragma_update(None, "secure_delete", true)?;
    let scrubbed = scrub(connection, what).and_then(|()| purge(connection));
    connection.pragma_update(None, "secure_delete", false)?;
    scrubbed?;
    let done = to_json(&what)?;
    connection.execute("DELETE FROM erasing WHERE what = ?1", [done])?;
    Ok(())
}

/// Finishes what was begun and not finished.
pub(super) fn finish(connection: &mut Connection) -> Result<(), Fault> {
    let mut select = connection.prepare_cached("SELECT what FROM erasing ORDER BY seq")?;
    let waiting: Vec<String> = select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    drop(select);
    for what in waiting {
        erase(connection, from_json(&what)?)?;
    }
    Ok(())
}

/// Rewrites and deletes, in one transaction.
fn scrub(connection: &mut Connection, what: Forgotten) -> Result<(), Fault> {
    let transaction = writer::begin(connection)?;
    let conversation = what.conversation().as_uuid();
    let message = match what {
        Forgotten::Message { message, .. } => Some(message.as_uuid()),
        Forgotten::Conversation { .. } => None,
    };
    let message = message.as_ref().map(uuid::Uuid::as_bytes);
    let seqs = query_seqs(
        &transaction,
        "SELECT m.seq FROM messages m JOIN conversations c ON c.key = m.conversation
         WHERE c.id = ?1 AND (?2 IS NULL OR m.id = ?2)
         UNION SELECT seq FROM events
         WHERE conversation = ?1
           AND (kind = 'pinned' OR (?2 IS NULL AND kind IN ('turn_failed', 'turn_passed', 'table_grown', 'brief_sent')))
         UNION SELECT seq FROM events WHERE ?2 IS NULL AND kind = 'brief_sent' AND instr(body, ?3) > 0
         UNION SELECT e.seq FROM events e JOIN messages m
           ON m.id = unhex(replace(CASE WHEN json_valid(e.body) THEN json_extract(e.body, '$.pin.message') END, '-', ''))
         JOIN conversations c ON c.key = m.conversation
         WHERE e.kind = 'pinned' AND c.id = ?1 AND (?2 IS NULL OR m.id = ?2)",
        params![conversation.as_bytes(), message, conversation.to_string()],
    )?;
    let mut blobs: Vec<Vec<u8>> = Vec::new();
    for seq in &seqs {
        rewrite(&transaction, *seq, what)?;
        let mut carried = transaction.prepare_cached("SELECT blob FROM carried WHERE seq = ?1")?;
        blobs.extend(carried.query_map([seq], |row| row.get(0))?.collect::<Result<Vec<_>, _>>()?);
        transaction.prepare_cached("DELETE FROM carried WHERE seq = ?1")?.execute([seq])?;
    }
    let id = message.map_or_else(|| conversation.to_string(), |bytes| uuid::Uuid::from_bytes(*bytes).to_string());
    transaction.execute("DELETE FROM view_state WHERE instr(key, ?1) > 0", [&id])?;
    scrub_drafts(&transaction, what, &id)?;
    transaction.execute("DELETE FROM partials WHERE conversation = ?1", [conversation.as_bytes()])?;
    for blob in blobs {
        forget_blob(&transaction, &blob)?;
    }
    transaction.execute("INSERT INTO search(search) VALUES('optimize')", [])?;
    Ok(transaction.commit()?)
}

/// Takes what is erased out of the briefs that were composed and not sent: they hold passages word for word. One that
/// comes from an erased conversation goes as a whole.
fn scrub_drafts(connection: &Connection, what: Forgotten, id: &str) -> Result<(), Fault> {
    let mut select =
        connection.prepare("SELECT key, value FROM view_state WHERE key LIKE 'brief/%' AND instr(value, ?1) > 0")?;
    let drafts: Vec<(String, String)> =
        select.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    for (key, value) in drafts {
        let is_erased = |quote: &Quote| match what {
            Forgotten::Message { message, .. } => quote.message == message,
            Forgotten::Conversation { conversation } => quote.conversation == conversation,
        };
        let is_left = |draft: &Draft| match what {
            Forgotten::Message { .. } => true,
            Forgotten::Conversation { conversation } => !draft.from.contains(&conversation),
        };
        match serde_json::from_str::<Draft>(&value).ok().filter(is_left) {
            Some(mut draft) => {
                draft.context.retain(|quote| !is_erased(quote));
                let value = to_json(&draft)?;
                connection.execute("UPDATE view_state SET value = ?2 WHERE key = ?1", params![key, value])?;
            }
            None => {
                connection.execute("DELETE FROM view_state WHERE key = ?1", [key])?;
            }
        }
    }
    Ok(())
}

/// Deletes an attached text that no other message carries and no draft mentions.
fn forget_blob(connection: &Connection, blob: &[u8]) -> Result<(), Fault> {
    connection.execute(
        "DELETE FROM blobs WHERE hash = ?1 AND NOT EXISTS (SELECT 1 FROM carried WHERE blob = ?1)
         AND NOT EXISTS (SELECT 1 FROM view_state WHERE instr(value, ?2) > 0)",
        params![blob, blobs::hex(blob)],
    )?;
    Ok(())
}

/// Replaces an event by what is left of it. One that can't be read loses its whole body.
fn rewrite(connection: &Connection, seq: i64, what: Forgotten) -> Result<(), Fault> {
    let sql = format!("SELECT {} FROM events e WHERE e.seq = ?1", format::COLUMNS);
    let mut select = connection.prepare_cached(&sql)?;
    let mut rows = select.query([seq])?;
    let Some(row) = rows.next()? else { return Ok(()) };
    let mut update = connection.prepare_cached("UPDATE events SET v = ?2, body = ?3, crc = ?4 WHERE seq = ?1")?;
    let Some((record, event)) =
        Record::read(row).ok().and_then(|record| record.event().ok().map(|event| (record, event)))
    else {
        update.execute(params![seq, 0, "{}", 0])?;
        return Ok(());
    };
    if let Some(left) = left_of(event, what) {
        let body = format::encode(&left)?;
        let record = Record { v: format::version(&left), body: &body, ..record };
        update.execute(params![seq, record.v, record.body, record.crc()])?;
    }
    Ok(())
}

/// What is left of an event; `None` if it says nothing that has to go.
fn left_of(mut event: Event, what: Forgotten) -> Option<Event> {
    match &mut event {
        Event::MessageAdded { message }
        | Event::TurnEnded { message, .. }
        | Event::TurnInterrupted { message: Some(message), .. } => bare(message),
        Event::TurnFailed { message, failure, .. } => {
            ERASED.clone_into(&mut failure.message);
            if let Some(message) = message {
                bare(message);
            }
        }
        Event::HandedOff { handoff, .. } => handoff.invented.clear(),
        Event::TableGrown { table, .. } => *table = Table::default(),
        Event::Gathered { origins, .. } => origins.iter_mut().for_each(|origin| origin.quote.passage = None),
        Event::BriefSent { brief } => brief.erase(what.conversation()),
        Event::ReportHeld { holds, .. } => holds.clear(),
        Event::TurnPassed { failure, .. } => ERASED.clone_into(&mut failure.message),
        Event::Pinned { pin, .. } if concerns(pin, what) => pin.text = "".into(),
        _ => return None,
    }
    Some(event)
}

fn concerns(pin: &Pin, what: Forgotten) -> bool {
    match what {
        Forgotten::Message { message, .. } => pin.message == message,
        Forgotten::Conversation { .. } => true,
    }
}

/// Takes from a message what it says, and leaves that it was there.
pub(super) fn bare(message: &mut Message) {
    message.parts.clear();
    if let Ending::Failed { failure } = &mut message.ending {
        ERASED.clone_into(&mut failure.message);
    }
}

fn query_seqs(connection: &Connection, sql: &str, params: impl rusqlite::Params) -> Result<Vec<i64>, Fault> {
    let mut select = connection.prepare(sql)?;
    Ok(select.query_map(params, |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// Rewrites the whole file, and empties the log: what was deleted is in neither.
fn purge(connection: &Connection) -> Result<(), Fault> {
    let size: i64 = connection.query_row(
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
        [],
        |row| row.get(0),
    )?;
    if size > IN_MEMORY {
        connection.pragma_update(None, "temp_store", "file")?;
    }
    let vacuumed = connection.execute_batch("VACUUM");
    connection.pragma_update(None, "temp_store", "memory")?;
    vacuumed?;
    let busy: bool = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy {
        return Err(Fault::Refused(
            JournalErrorKind::Held,
            "It is erased from the journal, but another process is reading it, so that its log still holds old pages. \
             Close that process and forget it again; opening the workspace the next time finishes it too."
                .to_owned(),
        ));
    }
    Ok(())
}
