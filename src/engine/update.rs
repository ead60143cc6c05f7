//! What a client of the runtime sees: facts, streamed pieces, notices. The same over the socket, a line of JSON each.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::id::{ConversationId, TurnId};
use super::time::Timestamp;

/// One thing a client is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "update", rename_all = "snake_case")]
pub enum Update {
    /// A fact, after it is on disk.
    Event {
        /// When it was decided.
        at: Timestamp,
        /// The fact.
        fact: Arc<Event>,
    },
    /// A piece of a streaming answer.
    Delta(Delta),
    /// A sentence for the person that is nobody's history.
    Notice {
        /// The conversation it concerns; the workspace if `None`.
        conversation: Option<ConversationId>,
        /// The sentence.
        text: String,
    },
}

/// A piece of a streaming answer. Pieces of one stream are contiguous: `offset` is where the last one ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delta {
    /// The conversation.
    pub conversation: ConversationId,
    /// The turn.
    pub turn: TurnId,
    /// What the piece is.
    pub stream: Stream,
    /// Where it begins, in bytes of its stream.
    pub offset: usize,
    /// The text.
    pub text: String,
}

/// The two streams of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stream {
    /// What the model answers.
    Text,
    /// What it thinks before.
    Reasoning,
}
