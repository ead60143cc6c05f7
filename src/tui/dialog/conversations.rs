//! The conversations that were begun in a pane, the newest first.

use std::collections::BTreeMap;

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
    /// What was said first in those of which that was asked for.
    pub beginnings: BTreeMap<ConversationId, String>,
    conversations: Vec<ConversationId>,
}

impl ConversationPicker {
    /// A choice of these conversations.
    pub fn new(origin: PaneName, conversations: Vec<(ConversationId, Row)>) -> Self {
        let (conversations, rows) = conversations.into_iter().unzip();
        Self { origin, list: List::new(rows), is_lineage: false, beginnings: BTreeMap::new(), conversations }
    }

    /// Tells the conversations as they are known now; the same one stays chosen.
    pub fn renew(&mut self, conversations: Vec<(ConversationId, Row)>) {
        let chosen = self.list.chosen().and_then(|at| self.conversations.get(at).copied());
        let (conversations, rows): (Vec<_>, Vec<_>) = conversations.into_iter().unzip();
        self.list.replace(rows);
        if let Some(at) = chosen.and_then(|id| conversations.iter().position(|known| *known == id)) {
            self.list.choose(at);
        }
        self.conversations = conversations;
    }

    pub(super) fn key(&mut self, key: Key) -> Outcome {
        match key.code {
            Code::Esc => Outcome::Close,
            Code::Enter => match self.list.chosen() {
                Some(at) if self.is_lineage => Outcome::LookAt(self.origin.clone(), self.conversations[at]),
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
