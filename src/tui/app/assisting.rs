//! Assist: the model of the pane in which a brief is composed is asked to propose what its empty fields could say.
//!
//! Architecture invariants: a request that no composer waits for is given up, however that composer was left; an answer that
//! comes too late changes nothing; what a person wrote is never written over.

use super::App;
use super::message::Origin;
use crate::engine::id::ConversationId;
use crate::engine::op::{Op, Reply};
use crate::engine::settings::PaneName;
use crate::tui::dialog::Dialog;
use crate::tui::text::sanitise::one_line;

/// A request for proposals that wasn't answered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Assisting {
    pane: PaneName,
    conversation: ConversationId,
    number: u64,
}

impl App {
    /// Opens the composer of the focused pane and asks for proposals at once.
    pub(super) fn open_assisted(&mut self) {
        self.open_brief();
        let name = self.focused.clone();
        self.ask_for_proposals(&name);
    }

    /// Asks this pane's model what the empty fields of its brief could say.
    pub(super) fn ask_for_proposals(&mut self, name: &str) {
        let Some(composer) = self.composing(name) else { return };
        if composer.assist.awaited.is_some() {
            composer.told = Some(format!("{} is asked already. Esc stops it.", composer.assist.model));
            return;
        }
        let draft = composer.draft();
        // What nobody chose is not all that may be read: then it is what was said last.
        let context = if composer.material.is_chosen { draft.context } else { Vec::new() };
        let Some(conversation) = draft.from.first().copied() else { return };
        let model = self
            .conversations
            .get(&conversation)
            .map(|known| one_line(self.models.called(&known.overview.model)).into_owned());
        self.assists += 1;
        let number = self.assists;
        if let Some(composer) = self.composing(name) {
            composer.await_proposals(number, model.unwrap_or_default());
        }
        self.assisting = Some(Assisting { pane: name.to_owned(), conversation, number });
        let op = Op::Assist { conversation, fields: draft.fields, context };
        self.post(Origin::Assist(name.to_owned(), number), op);
    }

    /// The model's proposals, or why there are none.
    pub(super) fn proposals_came(&mut self, name: &str, number: u64, reply: Reply) {
        if self.assisting.as_ref().is_some_and(|assisting| assisting.number == number) {
            self.assisting = None;
        }
        let Some(composer) = self.composing(name).filter(|composer| composer.awaits(number)) else { return };
        match reply {
            Reply::Proposed { fields, from, .. } => composer.propose(&fields, from),
            Reply::Refused(refusal) => {
                composer.stop_awaiting();
                composer.told = Some(refusal.message);
            }
            _ => {}
        }
        self.brief_changed(false);
    }

    /// Gives up a request that nobody waits for any more.
    pub(super) fn give_up_proposals(&mut self) {
        let Some(Assisting { pane, number, .. }) = &self.assisting else { return };
        let waits = |dialog: &Dialog| match dialog {
            Dialog::Brief(composer) => composer.origin == *pane && composer.awaits(*number),
            _ => false,
        };
        if self.dialogs.iter().any(waits) {
            return;
        }
        if let Some(Assisting { pane, conversation, .. }) = self.assisting.take() {
            self.post(Origin::Pane(pane), Op::StopAssist { conversation });
        }
    }
}
