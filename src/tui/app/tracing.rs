//! Tracing: the lineage of a message, and the way from a line of it to where it stands.

use super::App;
use super::Layer;
use super::pane::Jump;
use crate::engine::brief::{LineageOf, Place};
use crate::engine::id::{ConversationId, MessageId};
use crate::engine::op::Reply;
use crate::tui::dialog::Dialog;

impl App {
    /// Traces the selected message; while writing, the newest one that a brief has to do with.
    pub(super) fn trace(&mut self) {
        let Some(conversation) = self.shown(&self.focused) else { return };
        let is_reading = self.layer == Layer::Read;
        let selected = self.focused_pane().and_then(|pane| conversation.message(pane.selected)).filter(|_| is_reading);
        let found = if let Some(message) = selected {
            self.briefs.concern(message.id).then_some(message.id).ok_or(message.number)
        } else {
            let newest = conversation.messages.iter().rev().find(|message| self.briefs.concern(message.id));
            newest.map(|message| message.id).ok_or(0)
        };
        match found {
            Ok(message) => self.open_trace(LineageOf::Message { message }),
            Err(0) => self.tell_here("No brief came here or went out from here: there is nothing to trace."),
            Err(number) => self.tell_here(format!("m{number} belongs to no brief: nothing led to it but this pane.")),
        }
    }

    pub(super) fn lineage_came(&mut self, reply: Reply) {
        let Some(Dialog::Trace(trace)) = self.dialogs.last_mut() else { return };
        match reply {
            Reply::Lineage(lineage) => trace.take(lineage.lines),
            Reply::Refused(refusal) => trace.said = Some(refusal.message),
            _ => {}
        }
    }

    /// Goes where a line of a lineage leads.
    pub(super) fn go_to_place(&mut self, place: &Place) {
        self.dialogs.clear();
        let Place { conversation, pane, message, number, position } = place;
        match position {
            Some(position) => self.go_to(*conversation, *position, *message, pane, String::new()),
            None => self.tell_here(format!("{pane}/m{number} stands on another branch of its conversation.")),
        }
    }

    /// Shows a message, in the pane that shows its conversation or in the one where it was begun.
    pub(super) fn go_to(
        &mut self,
        conversation: ConversationId,
        position: u32,
        message: MessageId,
        began: &str,
        query: String,
    ) {
        let shows = self
            .open_panes()
            .into_iter()
            .find(|name| self.pane(name).is_some_and(|pane| pane.conversation == conversation));
        let shows = shows.cloned().or_else(|| self.showing(conversation).map(|pane| pane.name.clone()));
        let is_shown = shows.is_some();
        let began = self.pane(began).map(|pane| pane.name.clone());
        let name = shows.or(began).unwrap_or_else(|| self.focused.clone());
        self.focus(&name);
        self.layer = Layer::Read;
        if !is_shown {
            self.show_in(&name, conversation);
        }
        if let Some(pane) = self.pane_mut(&name) {
            pane.jump = Some(Jump { conversation, position, message, query, is_asked: false });
        }
        self.settle_jumps();
    }
}
