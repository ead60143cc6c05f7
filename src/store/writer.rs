//! Appends events and their projections in one transaction.

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use crate::engine::event::Event;
use crate::engine::id::ConversationId;
use crate::engine::time::Timestamp;

use super::error::Fault;
use super::format::{self, Record};
use super::projector::{Projector, to_json};

/// Appends the events; returns the epoch they were written in, which the next call is given back.
pub(super) fn commit(
    connection: &mut Connection,
    epoch: Option<i64>,
    at: Timestamp,
    events: &[Event],
) -> Result<i64, Fault> {
    let transaction = begin(connection)?;
    let epoch = match epoch {
        Some(epoch) => epoch,
        None => begin_epoch(&transaction, at)?,
    };
    let mut projector = Projector::new(&transaction);
    let mut seq = last_seq(&transaction)?;
    for event in events {
        seq = seq.saturating_add(1);
        let conv_seq = projector.next_conv_seq(event.conversation())?;
        let body = format::encode(event)?;
        let record = Record {
            seq,
            at: at.as_millis(),
            conversation: event.conversation().map(ConversationId::as_uuid),
            epoch,
            conv_seq,
            kind: event.kind(),
            v: format::version(event),
            body: &body,
        };
        append(&transaction, &record)?;
        projector.apply(seq, conv_seq, event)?;
        if let Event::Erased { what } = event {
            let mut begin = transaction.prepare_cached("INSERT INTO erasing(seq, what) VALUES(?1, ?2)")?;
            begin.execute(params![seq, to_json(what)?])?;
        }
    }
    projector.finish()?;
    transaction.commit()?;
    Ok(epoch)
}

/// A transaction that holds the right to write from its beginning.
pub(super) fn begin(connection: &mut Connection) -> Result<Transaction<'_>, Fault> {
    Ok(connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
}

/// Writes a row of `events` as it is, with its checksum.
pub(super) fn append(connection: &Connection, record: &Record<'_>) -> Result<(), Fault> {
    let mut insert = connection.prepare_cached("INSERT INTO events VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?;
    insert.execute(params![
        record.seq,
        record.at,
        record.conversation.as_ref().map(uuid::Uuid::as_bytes),
        record.epoch,
        record.conv_seq,
        record.kind,
        record.v,
        record.body,
        record.crc(),
    ])?;
    let mut note = connection.prepare_cached("INSERT OR IGNORE INTO kinds(kind, v) VALUES(?1, ?2)")?;
    note.execute(params![record.kind, record.v])?;
    Ok(())
}

/// The number of the last event; 0 in an empty journal.
pub(super) fn last_seq(connection: &Connection) -> Result<i64, Fault> {
    let mut select = connection.prepare_cached("SELECT ifnull(max(seq), 0) FROM events")?;
    Ok(select.query_row([], |row| row.get(0))?)
}

/// The next writer generation. It begins with its first write, so that looking at a workspace writes nothing.
fn begin_epoch(connection: &Connection, at: Timestamp) -> Result<i64, Fault> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO epochs(epoch, at, program) SELECT ifnull(max(epoch), 0) + 1, ?1, ?2 FROM epochs",
    )?;
    Ok(insert.insert(params![at.as_millis(), env!("CARGO_PKG_VERSION")])?)
}
