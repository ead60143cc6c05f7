//! The conversations that were begun in a pane, the newest first.

use super::Outcome;
use super::list::{List, Row};
use crate::engine::id::ConversationId;
use crate::engine::settings::PaneName;
use crate::tui::key::{Code, Key};

/// The conversations to choose from.
#[derive(Debug, Clone)]
pub struct ConversationPicker {
    /// The pane that will show the chosen one.
    pub origin: PaneName,
    /// The conversations as rows.
    pub list: List,
    /// Whether they are those of one lineage.
    pub is_lineage: bool,
    conversations: Vec<ConversationId>,
}

impl ConversationPicker {
    /// A choice of these conversations.
    pub fn new(origin: PaneName, conversations: Vec<(ConversationId, Row)>) -> Self {
        let (conversations, rows) = conversations.into_iter().unzip();
        Self { origin, list: List::new(rows), is_lineage: false, conversations }
    }

    pub(super) fn key(&mut self, key: Key) -> Outcome {
        match key.code {
            Code::Esc => Outcome::Close,
            Code::Enter => match self.list.chosen() {
                Some(at) => Outcome::ShowConversation(self.origin.clone(), self.conversations[at]),
                None => Outcome::Stay,
            },
            _ => {
                self.list.key(key);
                Outcome::Stay
            }
        }
    }
}
