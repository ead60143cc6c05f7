//! The Read layer: moving among messages, pinning, and drafts that branch off.

use super::composer::Composer;
use super::draft::{After, Draft};
use super::message::Origin;
use super::scroll::Scroll;
use super::{App, Layer};
use crate::engine::message::{Author, Message};
use crate::engine::op::Op;

impl App {
    pub(super) fn begin_reading(&mut self) {
        self.layer = Layer::Read;
        if let Some(pane) = self.focused_mut() {
            pane.selected = u32::MAX;
        }
        self.select_in_view();
    }

    pub(super) fn leave_reading(&mut self) {
        self.layer = Layer::Write;
    }

    /// The selected message.
    pub(super) fn selected(&self) -> Option<&std::rc::Rc<Message>> {
        let pane = self.focused_pane()?;
        self.conversations.get(&pane.conversation)?.message(pane.selected)
    }

    /// Keeps the selection on what can be seen: the message it is on, or the nearest one in view.
    pub(super) fn select_in_view(&mut self) {
        let Some(area) = self.pane_area(&self.focused) else { return };
        let Some(pane) = self.focused_pane() else { return };
        let total = self.conversations.get(&pane.conversation).map_or(0, selectable);
        let view = self.in_view(pane, &area);
        let messages: Vec<u32> = view.iter().map(|slice| slice.item).filter(|item| *item < total).collect();
        let (Some(first), Some(last)) = (messages.first(), messages.last()) else { return };
        let selected = pane.selected.clamp(*first, *last);
        if let Some(pane) = self.focused_mut() {
            pane.selected = selected;
        }
    }

    /// The same after scrolling: at the end it is the newest message that is meant.
    pub(super) fn select_after_scrolling(&mut self) {
        if let Some(pane) = self.focused_mut()
            && pane.scroll == Scroll::Follow
        {
            pane.selected = u32::MAX;
        }
        self.select_in_view();
    }

    pub(super) fn select(&mut self, item: u32) {
        if let Some(pane) = self.focused_mut() {
            pane.selected = item;
        }
        self.select_in_view();
    }

    pub(super) fn select_by(&mut self, step: i32) {
        let Some(pane) = self.focused_pane() else { return };
        let name = pane.name.clone();
        let Some(conversation) = self.conversations.get(&pane.conversation) else { return };
        let total = selectable(conversation);
        if total == 0 {
            return;
        }
        let selected = pane.selected.min(total - 1);
        let next = selected.saturating_add_signed(step).min(total - 1);
        if next == selected && step > 0 {
            self.set_scroll(&name, Scroll::Follow, None);
        } else {
            self.reveal(&name, next);
        }
        if let Some(pane) = self.focused_mut() {
            pane.selected = next;
        }
    }

    pub(super) fn go_to_top(&mut self) {
        let name = self.focused.clone();
        self.reveal(&name, 0);
        if let Some(pane) = self.focused_mut() {
            pane.selected = 0;
        }
    }

    pub(super) fn go_to_bottom(&mut self) {
        let name = self.focused.clone();
        self.set_scroll(&name, Scroll::Follow, None);
        let total = self.shown(&name).map_or(0, selectable);
        if let Some(pane) = self.focused_mut() {
            pane.selected = total.saturating_sub(1);
        }
    }

    pub(super) fn pin(&mut self) {
        let name = self.focused.clone();
        let Some(conversation) = self.shown(&name).map(|conversation| conversation.overview.id) else { return };
        let Some(message) = self.selected() else {
            return self.tell_unfinished();
        };
        let (message, text) = (message.id, message.text());
        if self.focused_pane().is_some_and(super::Pane::looks_elsewhere) {
            let key = self.told(super::Action::Recall);
            return self
                .tell_here(format!("A pin here would not reach the newest context. {key} takes the message along."));
        }
        let pins = self.shown(&name).map(|known| known.overview.pins.clone()).unwrap_or_default();
        let pinned: Vec<_> = pins.iter().filter(|pin| pin.message == message).map(|pin| pin.id).collect();
        if pinned.is_empty() {
            self.post(Origin::Pane(name), Op::Pin { conversation, message, text });
        } else {
            for pin in pinned {
                self.post(Origin::Pane(name.clone()), Op::Unpin { conversation, pin });
            }
        }
    }

    /// Says why there is no message to do something with.
    fn tell_unfinished(&mut self) {
        let streams = self.shown(&self.focused).is_some_and(|conversation| conversation.live.is_some());
        self.tell_here(if streams { "This answer is still coming." } else { "There is no message here yet." });
    }

    /// The question of the selected message, to be asked differently.
    pub(super) fn edit_message(&mut self) {
        self.draft_question("edit");
    }

    /// The question that the selected message answers, to be asked again.
    pub(super) fn regenerate(&mut self) {
        self.draft_question("ask again");
    }

    fn draft_question(&mut self, verb: &str) {
        let Some(pane) = self.focused_pane() else { return };
        let Some(conversation) = self.conversations.get(&pane.conversation) else { return };
        // The question is the message itself, or the person's message before it.
        let selected = pane.selected.min(conversation.total().saturating_sub(1));
        let positions = (conversation.first..=selected).rev();
        let mut asked = positions.filter_map(|position| Some((position, conversation.message(position)?)));
        let Some((position, question)) = asked.find(|(_, message)| message.author == Author::Person) else {
            let told = format!("There is no question here to {verb}.");
            self.tell_here(told);
            return;
        };
        let draft = conversation.in_its_place(position, question);
        let number = question.number;
        let is_first = draft.after.is_none();
        self.begin_draft(draft);
        if is_first {
            let key = self.told(super::Action::NewConversation);
            self.tell_here(format!(
                "m{number} begins this conversation: Enter asks it again at the end. {key} begins anew."
            ));
        }
    }

    /// The next message goes on from the selected one.
    pub(super) fn fork(&mut self) {
        let Some(message) = self.selected() else {
            return self.tell_unfinished();
        };
        let after = After::of(message);
        self.begin_draft(Draft { after: Some(after), ..Draft::default() });
    }

    /// Puts a draft into the composer; what stood there goes into history.
    pub(super) fn begin_draft(&mut self, draft: Draft) {
        let was_put_away = self.put_away();
        if draft.after.is_some() {
            self.write_here();
        }
        self.layer = Layer::Write;
        let now = self.now;
        if let Some(pane) = self.focused_mut() {
            pane.composer = Composer::of(draft);
            pane.draft_changed = Some(now);
            if was_put_away {
                pane.notice = Some("What was written is in the history: Ctrl-P brings it back.".to_owned());
            }
        }
    }
}

/// How many items can be selected: the messages, and the answer that streams.
fn selectable(conversation: &super::Conversation) -> u32 {
    conversation.total() + u32::from(conversation.live.is_some() && conversation.has_end())
}
