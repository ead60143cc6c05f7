//! What the runtime asks of a store, and what it gets when a workspace is opened.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::engine::conversation::Conversation;
use crate::engine::event::Event;
use crate::engine::id::{ConversationId, MessageId};
use crate::engine::input::Partial;
use crate::engine::message::{Attachment, Message};
use crate::engine::op::{Forgotten, Hit, Overview, Page, PageOf};
use crate::engine::time::Timestamp;
use crate::engine::workspace::Workspace;

use super::error::JournalError;

/// The store of one workspace, as the runtime uses it. Every call is blocking and belongs on the journal's own thread.
pub trait Journal: Send {
    /// What the projections hold, for the engine.
    fn load(&mut self) -> Result<Loaded, JournalError>;

    /// Appends facts and their projections in one transaction; returns when they are durable. A fact that ends a turn
    /// deletes that turn's partial row in the same transaction.
    fn commit(&mut self, at: Timestamp, events: &[Event]) -> Result<(), JournalError>;

    /// Replaces the partial rows of these turns, all in one transaction.
    fn checkpoint(&mut self, at: Timestamp, partials: &[Partial]) -> Result<(), JournalError>;

    /// The messages with these identities, in this order; those that don't exist or were erased are left out.
    fn messages(&mut self, ids: &[MessageId]) -> Result<Vec<Message>, JournalError>;

    /// A window on a conversation's active branch.
    fn page(&mut self, page: &PageOf) -> Result<Page, JournalError>;

    /// Stores an attached text under the SHA-256 of its body; storing it again changes nothing.
    fn attach(&mut self, name: &str, body: &str) -> Result<Attachment, JournalError>;

    /// The attached text with this hash.
    fn attachment(&mut self, hash: &str) -> Result<Option<Arc<str>>, JournalError>;

    /// Messages that hold all these words, best first; the last word may be a beginning.
    fn search(&mut self, query: &str, limit: u32) -> Result<Vec<Hit>, JournalError>;

    /// The same, only on the active branch of one conversation.
    fn search_in(&mut self, conversation: ConversationId, query: &str, limit: u32) -> Result<Vec<Hit>, JournalError>;

    /// Everything in `view_state`.
    fn view(&mut self) -> Result<BTreeMap<String, serde_json::Value>, JournalError>;

    /// Keeps a value in `view_state`; `null` removes it.
    fn save_view(&mut self, at: Timestamp, key: &str, value: &serde_json::Value) -> Result<(), JournalError>;

    /// Erases bodies for good, after their tombstone was committed. May be called again for the same thing; what a
    /// crash or a reader kept from being finished is finished by the next [`Journal::load`].
    fn erase(&mut self, what: Forgotten) -> Result<(), JournalError>;

    /// The workspace's shape from the projections, without loading the index: what the first frame needs.
    fn overview(&mut self) -> Result<Overview, JournalError>;
}

/// What a journal holds when it is opened.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Loaded {
    /// The workspace.
    pub workspace: Workspace,
    /// Its conversations with their indexes.
    pub conversations: Vec<Conversation>,
    /// Partial answers that a crash left behind.
    pub partials: Vec<Partial>,
}
