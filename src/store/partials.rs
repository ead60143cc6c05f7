//! Answers that stream now, kept so that a crash costs a quarter of a second and no more.

use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::engine::id::{ConversationId, MessageId, TurnId};
use crate::engine::input::Partial;
use crate::engine::time::Timestamp;

use super::error::Fault;
use super::projector::{from_json, to_json};

/// Replaces the rows of these turns, in the transaction that is open.
pub(super) fn write(connection: &Connection, at: Timestamp, partials: &[Partial]) -> Result<(), Fault> {
    let mut replace = connection.prepare_cached(
        "INSERT INTO partials(turn, conversation, prompt, at, parts) VALUES(?1, ?2, ?3, ?4, ?5)
         ON CONFLICT(turn) DO UPDATE SET at = excluded.at, parts = excluded.parts",
    )?;
    for partial in partials {
        replace.execute(params![
            partial.turn.as_uuid().as_bytes(),
            partial.conversation.as_uuid().as_bytes(),
            partial.prompt.as_uuid().as_bytes(),
            at.as_millis(),
            to_json(&partial.parts)?,
        ])?;
    }
    Ok(())
}

/// Every row, oldest turn first. A row that can't be read is left out: its turn is interrupted without a text.
pub(super) fn read(connection: &Connection) -> Result<Vec<Partial>, Fault> {
    let mut select =
        connection.prepare_cached("SELECT turn, conversation, prompt, parts FROM partials ORDER BY turn")?;
    let mut rows = select.query([])?;
    let mut partials = Vec::new();
    while let Some(row) = rows.next()? {
        let id = |column| row.get(column).map(Uuid::from_bytes);
        let (Ok(turn), Ok(conversation), Ok(prompt), Ok(parts)) = (id(0), id(1), id(2), row.get::<_, String>(3)) else {
            continue;
        };
        let Ok(parts) = from_json(&parts) else { continue };
        partials.push(Partial {
            conversation: ConversationId::from_uuid(conversation),
            turn: TurnId::from_uuid(turn),
            prompt: MessageId::from_uuid(prompt),
            parts,
        });
    }
    Ok(partials)
}

/// Removes the row of a turn.
pub(super) fn remove(connection: &Connection, turn: TurnId) -> Result<(), Fault> {
    connection.prepare_cached("DELETE FROM partials WHERE turn = ?1")?.execute([turn.as_uuid().as_bytes()])?;
    Ok(())
}
