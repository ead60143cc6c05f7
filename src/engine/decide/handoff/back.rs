//! The ways back: to the predecessor, and to one of its messages.

use crate::engine::effect::Effect;
use crate::engine::event::Event;
use crate::engine::handoff::Handoff;
use crate::engine::id::{ConversationId, MessageId};
use crate::engine::input::Asker;
use crate::engine::op::{Refusal, RefusalKind, Reply};
use crate::engine::workspace::Engine;

use super::super::Decision;

impl Engine {
    /// The predecessor is shown again. The successor stays where it is: nothing is deleted.
    pub(in crate::engine::decide) fn undo_handoff(&self, from: Asker, id: ConversationId) -> Result<Decision, Refusal> {
        let header = &self.known(id)?.header;
        // Asked in the successor, or in a predecessor that a person has turned to.
        let handoff = header.succession.received.as_ref().or_else(|| self.handoff_from(id)).ok_or_else(|| {
            Refusal::new(RefusalKind::NotNow, format!("{} was not handed off: there is nothing to undo.", header.pane))
        })?;
        let (conversation, pane) = (handoff.from, header.pane.clone());
        self.known(conversation)?;
        let decision = Decision::nothing().event(Event::HandoffUndone { conversation, handoff: handoff.id });
        let is_shown = self.shown(&pane).is_some_and(|shown| shown.header.id == conversation);
        let decision = if is_shown { decision } else { decision.event(Event::PaneTurned { pane, conversation }) };
        Ok(decision.reply(from, Reply::Conversation { conversation }))
    }

    /// One message of the lineage, as a text that can go along with the next one.
    pub(in crate::engine::decide) fn recall(
        &self,
        from: Asker,
        id: ConversationId,
        message: MessageId,
    ) -> Result<Decision, Refusal> {
        let conversation = self.known(id)?;
        let found = self.lineage(id).find_map(|one| one.messages.get(&message).map(|entry| (one, entry)));
        let Some((holder, entry)) = found else {
            let name = &conversation.header.pane;
            let message = format!("There is no message {message} in {name} or in what it continues.");
            return Err(Refusal::new(RefusalKind::Unknown, message));
        };
        let name = format!("{} m{}", holder.header.pane, entry.number);
        if entry.erased {
            return Err(Refusal::new(RefusalKind::Unknown, format!("{name} was erased.")));
        }
        Ok(Decision::nothing().effect(Effect::Recall { to: from, message, name }))
    }

    /// The handoff that leads on from this conversation.
    pub(in crate::engine::decide) fn handoff_from(&self, id: ConversationId) -> Option<&Handoff> {
        let successor = self.conversations.get(&id)?.header.succession.successor?;
        self.conversations.get(&successor)?.header.succession.received.as_ref()
    }

    /// A conversation and those it continues, the newest first.
    pub(in crate::engine::decide) fn lineage(
        &self,
        id: ConversationId,
    ) -> impl Iterator<Item = &crate::engine::conversation::Conversation> {
        std::iter::successors(self.conversations.get(&id), |one| self.conversations.get(&one.header.predecessor?))
    }
}
