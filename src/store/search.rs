//! The search index: which words stand in which message.
//!
//! The index keeps no text (`content=''`): a hit's snippet is cut from its event's body, so that a text is on disk
//! once. Scripts that are written without spaces (Chinese, Japanese, Thai and so on) are indexed character by character
//! and asked for as a phrase: any piece of a text is found, however short, and the index of other scripts doesn't
//! grow as it would with trigrams.

use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use crate::engine::conversation::Header;
use crate::engine::id::{ConversationId, MessageId};
use crate::engine::message::{Message, Part};
use crate::engine::op::Hit;
use crate::engine::time::Timestamp;

use super::error::Fault;
use super::format::{self, Record};
use super::projector::from_json;
use super::snippet;

/// Indexes a message under its event's `seq`: its text and the names of what it carries, not its reasoning.
pub(super) fn index(connection: &Connection, seq: i64, message: &Message) -> Result<(), Fault> {
    let text = searchable(message);
    if text.is_empty() {
        return Ok(());
    }
    let mut insert = connection.prepare_cached("INSERT INTO search(rowid, text) VALUES(?1, ?2)")?;
    insert.execute(params![seq, spread(&text)])?;
    Ok(())
}

/// How many messages are weighed against each other. Words that stand in more than these single out none of them.
const WEIGHED: usize = 2_000;

/// Which branches make up a conversation's active one, each up to which position.
const ACTIVE: &str = "WITH RECURSIVE line(branch, upto) AS (
    SELECT h.branch, h.position FROM conversations c JOIN messages h ON h.seq = c.head WHERE c.id = ?3
    UNION ALL SELECT b.parent, min(b.base - 1, line.upto) FROM line JOIN branches b ON b.key = line.branch
    WHERE b.parent IS NOT NULL)";

/// The messages that hold all these words, best first; the newest first, if the words stand in very many. Everywhere,
/// or on the active branch of one conversation.
pub(super) fn search(
    connection: &Connection,
    query: &str,
    limit: u32,
    within: Option<ConversationId>,
) -> Result<Vec<Hit>, Fault> {
    let Some(expression) = expression(query) else { return Ok(Vec::new()) };
    let sql = format!(
        "SELECT {}, m.number, m.position, m.id, c.id, c.header
         FROM messages m JOIN events e ON e.seq = m.seq JOIN conversations c ON c.key = m.conversation
         WHERE m.seq = ?1",
        format::COLUMNS
    );
    let mut select = connection.prepare_cached(&sql)?;
    let mut hits = Vec::new();
    for seq in found(connection, &expression, limit as usize, within)? {
        let mut rows = select.query([seq])?;
        while let Some(row) = rows.next()? {
            hits.push(hit(row, query)?);
        }
    }
    Ok(hits)
}

/// Which messages are told, by their `seq`. Weighing costs far more than finding, so that only so many are weighed.
fn found(
    connection: &Connection,
    expression: &str,
    limit: usize,
    within: Option<ConversationId>,
) -> Result<Vec<i64>, Fault> {
    let mut newest = seqs(connection, "s.rowid DESC", expression, WEIGHED.max(limit) + 1, within)?;
    if newest.len() > WEIGHED {
        newest.truncate(limit);
        return Ok(newest);
    }
    seqs(connection, "s.rank, s.rowid DESC", expression, limit, within)
}

fn seqs(
    connection: &Connection,
    order: &str,
    expression: &str,
    limit: usize,
    within: Option<ConversationId>,
) -> Result<Vec<i64>, Fault> {
    let limit = limit.cast_signed() as i64;
    let sql = match within {
        None => format!("SELECT s.rowid FROM search s WHERE search MATCH ?1 ORDER BY {order} LIMIT ?2"),
        Some(_) => format!(
            "{ACTIVE} SELECT s.rowid FROM search s JOIN messages m ON m.seq = s.rowid
             JOIN line ON m.branch = line.branch AND m.position <= line.upto
             WHERE search MATCH ?1 ORDER BY {order} LIMIT ?2"
        ),
    };
    let mut select = connection.prepare_cached(&sql)?;
    let mut rows = match within {
        None => select.query(params![expression, limit])?,
        Some(id) => select.query(params![expression, limit, id.as_uuid().as_bytes()])?,
    };
    let mut seqs = Vec::new();
    while let Some(row) = rows.next()? {
        seqs.push(row.get(0)?);
    }
    Ok(seqs)
}

fn hit(row: &Row<'_>, query: &str) -> Result<Hit, Fault> {
    let header: Header = from_json(row.get_ref(13)?.as_str().map_err(rusqlite::Error::from)?)?;
    // A body that can't be read is still a hit: its place is known.
    let text = Record::read(row)
        .and_then(|record| record.event())
        .ok()
        .and_then(format::into_message)
        .map_or_else(String::new, |message| searchable(&message));
    Ok(Hit {
        conversation: ConversationId::from_uuid(Uuid::from_bytes(row.get(12)?)),
        pane: header.pane,
        message: MessageId::from_uuid(Uuid::from_bytes(row.get(11)?)),
        number: row.get(9)?,
        position: row.get(10)?,
        at: Timestamp::from_millis(row.get(1)?),
        snippet: snippet::around(&text, query),
    })
}

/// How many messages the index holds.
pub(super) fn indexed(connection: &Connection) -> Result<usize, Fault> {
    let count: u32 = connection.query_row("SELECT count(*) FROM search", [], |row| row.get(0))?;
    Ok(count as usize)
}

/// Whether the index holds anything of this message.
pub(super) fn is_searchable(message: &Message) -> bool {
    !searchable(message).is_empty()
}

fn searchable(message: &Message) -> String {
    let mut text = String::new();
    for part in &message.parts {
        let piece: &str = match part {
            Part::Text { text } => text,
            Part::Attachment(attachment) => &attachment.name,
            Part::Reasoning { .. } | Part::Unknown(_) => continue,
        };
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(piece);
    }
    text
}

/// The query in the index's own language: every word quoted, so that nothing a person types is an operator.
fn expression(query: &str) -> Option<String> {
    let mut words = query.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric));
    let quoted: Vec<String> =
        words.clone().map(|word| format!("\"{}\"", spread(word).replace(['"', '\0'], " "))).collect();
    // A single letter begins so many words that it is taken for one itself.
    let is_letter = words.next_back()?.chars().filter(|c| c.is_alphanumeric()).count() == 1;
    // `^` and `*` are operators only outside the quotes: this star makes the last word a beginning.
    Some(format!("{}{}", quoted.join(" AND "), if is_letter { "" } else { " *" }))
}

/// The text with spaces round every character of a script that has none between its words.
fn spread(text: &str) -> String {
    let mut spread = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unspaced(c) {
            spread.extend([' ', c, ' ']);
        } else {
            spread.push(c);
        }
    }
    spread
}

/// Whether this character belongs to a script whose words aren't told apart by spaces, or carry their endings (Hangul).
const fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0EFF}'      // Thai, Lao
        | '\u{1000}'..='\u{109F}'    // Myanmar
        | '\u{1780}'..='\u{17FF}'    // Khmer
        | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30FF}'    // Hiragana, Katakana
        | '\u{31F0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}'    // Han
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7AF}'    // Hangul
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FF66}'..='\u{FF9F}'    // half-width Katakana
        | '\u{20000}'..='\u{3FFFF}')
}
