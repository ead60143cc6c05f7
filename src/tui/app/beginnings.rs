//! The conversations of the workspace as a list tells them: by what was said first in each.
//!
//! Architecture invariants: what a conversation began with is asked for while its list is open, and kept with the list
//! alone: what is erased is not told once it is opened again.

use std::collections::BTreeMap;

use super::message::Origin;
use super::outcome::beginning;
use super::{App, Conversation};
use crate::engine::id::ConversationId;
use crate::engine::op::{Op, PageOf, Reply};
use crate::tui::dialog::{ConversationPicker, Dialog, Row};

impl App {
    /// Opens the list, and asks for the beginnings that aren't loaded.
    pub(super) fn open_conversations(&mut self, origin: &str) {
        let rows = self.conversations_of(origin, &BTreeMap::new());
        self.dialogs.push(Dialog::Conversations(ConversationPicker::new(origin.to_owned(), rows)));
        let mut unknown: Vec<ConversationId> = Vec::new();
        for known in self.conversations.values().filter(|known| known.total() > 0) {
            let first = self.first_of(known.overview.id);
            let is_loaded = self.conversations.get(&first).is_some_and(|first| told_by(first).is_some());
            if !is_loaded && !unknown.contains(&first) {
                unknown.push(first);
            }
        }
        for conversation in unknown {
            let page = PageOf { conversation, end: Some(1), limit: 1 };
            self.post(Origin::Beginning(conversation), Op::Page(page));
        }
    }

    /// What a conversation began with is told in the open list.
    pub(super) fn beginning_came(&mut self, conversation: ConversationId, reply: &Reply) {
        let Reply::Page(page) = reply else { return };
        let Some(words) = page.messages.first().map(beginning).filter(|words| !words.is_empty()) else { return };
        let Some(Dialog::Conversations(picker)) = self.dialogs.last_mut().filter(|dialog| is_list(dialog)) else {
            return;
        };
        picker.beginnings.insert(conversation, words);
        let (origin, beginnings) = (picker.origin.clone(), picker.beginnings.clone());
        let rows = self.conversations_of(&origin, &beginnings);
        if let Some(Dialog::Conversations(picker)) = self.dialogs.last_mut() {
            picker.renew(rows);
        }
    }

    /// The conversations of the workspace: those begun in this pane first, then the others', the newest first.
    fn conversations_of(
        &self,
        pane: &str,
        beginnings: &BTreeMap<ConversationId, String>,
    ) -> Vec<(ConversationId, Row)> {
        let shown = self.pane(pane).map(|pane| pane.conversation);
        let row = |conversation: &Conversation| {
            let overview = &conversation.overview;
            let from = if overview.pane == pane { String::new() } else { format!("{} · ", overview.pane) };
            let count = match overview.messages {
                1 => "1 message".to_owned(),
                count => format!("{count} messages"),
            };
            let pins = match overview.pins.len() {
                0 => String::new(),
                count => format!(" · {count} pinned"),
            };
            let continued = if overview.predecessor.is_some() { " · continued" } else { "" };
            let here = if Some(overview.id) == shown { " · shown now" } else { "" };
            // What goes on in a fresh context is known by what it began with.
            let first = self.first_of(overview.id);
            let loaded = self.conversations.get(&first).and_then(told_by);
            let name = loaded
                .or_else(|| beginnings.get(&first).cloned())
                .unwrap_or_else(|| format!("conversation with {}", self.models.called(&overview.model)));
            (overview.id, Row { name, told: format!("{from}{count}{continued}{pins}{here}") })
        };
        let (own, others): (Vec<_>, Vec<_>) =
            self.conversations.values().rev().partition(|known| known.overview.pane == pane);
        own.into_iter().chain(others).map(row).collect()
    }
}

/// What was said first in a conversation, if that is loaded.
fn told_by(conversation: &Conversation) -> Option<String> {
    let first = conversation.messages.front().filter(|_| conversation.first == 0)?;
    Some(beginning(first)).filter(|words| !words.is_empty())
}

const fn is_list(dialog: &Dialog) -> bool {
    matches!(dialog, Dialog::Conversations(picker) if !picker.is_lineage)
}
