//! The messages that a brief could quote: those that are loaded are listed, and the rest is read on a key.

use super::conversation::PAGE;
use super::message::Origin;
use super::{App, Conversation};
use crate::engine::brief::{Listed, Quote};
use crate::engine::message::Message;
use crate::engine::op::{Op, PageOf, Reply};
use crate::tui::dialog::{Dialog, MaterialPicker, Unread};

impl App {
    /// Opens the list: the pane's own messages first, of every pane the newest first.
    pub(super) fn open_material(&mut self, name: String) {
        let own = self.shown(&name).map(|known| known.overview.id);
        let panes = self.open_panes().into_iter().chain(&self.closed);
        let (first, others): (Vec<&Conversation>, Vec<&Conversation>) =
            panes.filter_map(|pane| self.shown(pane)).partition(|known| Some(known.overview.id) == own);
        let (mut listed, mut unread): (Vec<Listed>, Vec<Unread>) = (Vec::new(), Vec::new());
        for known in first.into_iter().chain(others) {
            let (conversation, pane) = (known.overview.id, &known.overview.pane);
            if listed.iter().any(|one| one.quote.conversation == conversation) {
                continue;
            }
            listed.extend(known.messages.iter().rev().filter_map(|message| listed_as(pane, message)));
            for (from, to) in [(0, known.first), (known.end(), known.total())] {
                if from < to {
                    unread.push(Unread { conversation, pane: pane.clone(), from, to, is_asked: false });
                }
            }
        }
        self.dialogs.push(Dialog::Material(MaterialPicker::new(name, listed, unread)));
    }

    /// Asks for the next page of every conversation that isn't listed whole.
    pub(super) fn load_older(&mut self) {
        let Some(Dialog::Material(picker)) = self.dialogs.last_mut() else { return };
        let mut wanted = Vec::new();
        for unread in picker.unread.iter_mut().filter(|unread| !unread.is_asked) {
            unread.is_asked = true;
            let limit = PAGE.min(unread.to - unread.from);
            wanted.push(PageOf { conversation: unread.conversation, end: Some(unread.to), limit });
        }
        for page in wanted {
            self.post(Origin::Older(page), Op::Page(page));
        }
    }

    /// A page for the list, or why there is none. Whoever has closed it meanwhile needs none.
    pub(super) fn older_came(&mut self, asked: PageOf, reply: Reply) {
        let picker = self.dialogs.iter_mut().rev().find_map(|dialog| match dialog {
            Dialog::Material(picker) => Some(picker),
            _ => None,
        });
        match (picker, reply) {
            (Some(picker), Reply::Page(page)) => {
                let from = picker.unread.iter().find(|unread| unread.conversation == asked.conversation);
                let from = from.map(|unread| unread.pane.clone()).unwrap_or_default();
                let listed = page.messages.iter().rev().filter_map(|message| listed_as(&from, message));
                picker.take(asked, page.first, listed.collect());
            }
            (picker, Reply::Refused(refusal)) => {
                if let Some(picker) = picker {
                    picker.unread.iter_mut().for_each(|unread| unread.is_asked = false);
                }
                self.notice = Some(refusal.message);
            }
            _ => {}
        }
    }
}

/// A whole message, as it is listed.
fn listed_as(pane: &str, message: &Message) -> Option<Listed> {
    let quote = Quote { conversation: message.conversation, message: message.id, passage: None };
    Listed::of(pane, &quote, message)
}
