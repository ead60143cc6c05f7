//! The ways back: to the predecessor, and to one of its messages.

use crate::engine::effect::Effect;
use crate::engine::event::Event;
use crate::engine::handoff::{Handoff, file_name, ready_name};
use crate::engine::id::{ConversationId, MessageId};
use crate::engine::input::Asker;
use crate::engine::op::{Forgotten, Refusal, RefusalKind, Reply};
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

    /// What is forgotten goes from the successors' pins and from the files of the lineage too. A document in a successor
    /// may quote it: the person is told which, and decides.
    pub(in crate::engine::decide) fn forget_in_successors(&self, decision: Decision, what: Forgotten) -> Decision {
        let id = what.conversation();
        let concerns = |message: MessageId| match what {
            Forgotten::Message { message: forgotten, .. } => message == forgotten,
            Forgotten::Conversation { .. } => {
                self.conversations.get(&id).is_some_and(|it| it.messages.contains_key(&message))
            }
        };
        let (mut decision, mut names, mut documents) = (decision, Vec::new(), Vec::new());
        let own = self.conversations.get(&id).map(|it| ready_name(&it.header.pane, id));
        names.extend(own);
        for conversation in self.conversations.values() {
            let Some(handoff) = &conversation.header.succession.received else { continue };
            let follows = self.lineage(conversation.header.id).any(|one| one.header.id == id);
            if !follows {
                continue;
            }
            names.push(file_name(&conversation.header.pane, handoff.number, handoff.id));
            if conversation.header.id == id {
                continue;
            }
            for pin in conversation.header.pins.iter().filter(|pin| concerns(pin.message)) {
                decision = decision.event(Event::Unpinned { conversation: conversation.header.id, pin: pin.id });
            }
            if conversation.messages.get(&handoff.document).is_some_and(|entry| !entry.erased) {
                documents.push(format!("{}/m{}", conversation.header.pane, handoff.last_number + 1));
            }
        }
        if !documents.is_empty() {
            let notice =
                format!("Handoff documents may quote it: {}. Read them, and forget them too.", documents.join(", "));
            decision = decision.effect(Effect::Tell { conversation: Some(id), notice });
        }
        decision.effect(Effect::DropDocuments { names })
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
