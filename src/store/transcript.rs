//! Reads a whole conversation, message by message: for exports, which must not hold it all in memory.

use rusqlite::Connection;

use crate::engine::id::ConversationId;
use crate::engine::message::Message;

use super::error::{Fault, JournalError};
use super::reader;
use super::sqlite::SqliteJournal;

/// Which messages of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those of the active branch, from its beginning.
    Active,
    /// All, on whatever branch, in the order in which they came.
    All,
}

/// Messages that are held in memory at a time.
const STRIDE: u32 = 64;

impl SqliteJournal {
    /// Hands every message of a conversation to `each`, in order; erased ones have no parts. `each` says whether to go
    /// on.
    pub fn each_message(
        &mut self,
        conversation: ConversationId,
        which: Which,
        mut each: impl FnMut(Message) -> bool,
    ) -> Result<(), JournalError> {
        let mut after = Mark { position: 0, seq: 0 };
        loop {
            let stride = self.read(|connection| stride(connection, conversation, which, after))?;
            let Some((_, last)) = stride.last() else { return Ok(()) };
            after = *last;
            for (message, _) in stride {
                if !each(message) {
                    return Ok(());
                }
            }
        }
    }
}

/// How far reading has come: positions read on the active branch, or the last event read.
#[derive(Debug, Clone, Copy)]
struct Mark {
    position: u32,
    seq: i64,
}

fn stride(
    connection: &Connection,
    conversation: ConversationId,
    which: Which,
    after: Mark,
) -> Result<Vec<(Message, Mark)>, Fault> {
    match which {
        Which::Active => {
            let page = reader::forward(connection, conversation, after.position, STRIDE)?;
            let marks = (after.position + 1..).map(|position| Mark { position, ..after });
            Ok(page.into_iter().zip(marks).collect())
        }
        Which::All => {
            let all = reader::after(connection, conversation, after.seq, STRIDE)?;
            Ok(all.into_iter().map(|(seq, message)| (message, Mark { seq, ..after })).collect())
        }
    }
}
