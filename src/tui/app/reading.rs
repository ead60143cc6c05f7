//! The Read layer: moving among messages, finding, copying, pinning, and drafts that branch off.

use super::composer::Composer;
use super::draft::{After, Draft};
use super::message::{Command, Origin};
use super::pane::Found;
use super::scroll::{Heights as _, Scroll};
use super::{App, Layer, PaneArea};
use crate::engine::id::MessageId;
use crate::engine::message::{Author, Message};
use crate::engine::op::{Op, Reply};
use crate::tui::transcript::code::code_blocks;

/// How many hits a search in one conversation shows.
const HITS: u32 = 500;

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
    fn selected(&self) -> Option<&std::rc::Rc<Message>> {
        let pane = self.focused_pane()?;
        self.conversations.get(&pane.conversation)?.message(pane.selected)
    }

    /// Keeps the selection on what can be seen: the message it is on, or the nearest one in view.
    pub(super) fn select_in_view(&mut self) {
        let Some(area) = self.pane_area(&self.focused) else { return };
        let Some(pane) = self.focused_pane() else { return };
        let total = self.conversations.get(&pane.conversation).map_or(0, super::Conversation::total);
        let view = self.in_view(pane, &area);
        let messages: Vec<u32> = view.iter().map(|slice| slice.item).filter(|item| *item < total).collect();
        let (Some(first), Some(last)) = (messages.first(), messages.last()) else { return };
        let selected = pane.selected.clamp(*first, *last);
        if let Some(pane) = self.focused_mut() {
            pane.selected = selected;
        }
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
        let total = conversation.total();
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
        let total = self.shown(&name).map_or(0, super::Conversation::total);
        if let Some(pane) = self.focused_mut() {
            pane.selected = total.saturating_sub(1);
        }
    }

    /// The item that stands in this row of the screen.
    pub(super) fn item_at(&self, area: &PaneArea, row: u16) -> Option<u32> {
        let pane = self.pane(&area.pane)?;
        let mut left = usize::from(row.checked_sub(area.transcript.y)?);
        for slice in self.in_view(pane, area) {
            if left < slice.lines {
                return Some(slice.item);
            }
            left -= slice.lines;
        }
        None
    }

    pub(super) fn copy_message(&mut self) {
        let Some(message) = self.selected() else { return };
        let (number, text) = (message.number, message.text());
        self.copy(text, &format!("m{number}"));
    }

    pub(super) fn copy_code(&mut self) {
        let Some(message) = self.selected() else { return };
        let (number, code) = (message.number, code_blocks(&message.text()).join("\n"));
        if code.is_empty() {
            self.tell_here(format!("There is no code block in m{number}. y copies the message."));
        } else {
            self.copy(code, &format!("the code of m{number}"));
        }
    }

    fn copy(&mut self, text: String, what: &str) {
        self.command(Command::Copy(text));
        // Whether a clipboard took it, no terminal tells.
        self.tell_here(format!("Sent {what} to the terminal's clipboard."));
    }

    pub(super) fn pin(&mut self) {
        let name = self.focused.clone();
        let Some(conversation) = self.shown(&name).map(|conversation| conversation.overview.id) else { return };
        let Some(message) = self.selected() else { return };
        let (message, text) = (message.id, message.text());
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
        let before = position.checked_sub(1).and_then(|before| conversation.message(before));
        let mut draft = Draft::of(question.text());
        draft.attachments = question.attachments().cloned().collect();
        draft.after = before.map(|message| After { message: message.id, number: message.number });
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
        let Some(message) = self.selected() else { return };
        let after = After { message: message.id, number: message.number };
        self.begin_draft(Draft { after: Some(after), ..Draft::default() });
    }

    /// Puts a draft into the composer; what stood there goes into history.
    fn begin_draft(&mut self, draft: Draft) {
        let was_put_away = self.put_away();
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

    /// Looks for words in a pane's conversation.
    pub(super) fn find(&mut self, name: String, query: String) {
        if query.trim().is_empty() {
            if let Some(pane) = self.pane_mut(&name) {
                pane.found = None;
            }
            return;
        }
        self.post(Origin::Find(name, query.clone()), Op::Search { query, limit: HITS });
    }

    pub(super) fn found(&mut self, name: &str, query: String, reply: Reply) {
        let hits = match reply {
            Reply::Hits { hits } => hits,
            Reply::Refused(refusal) => return self.tell(name, refusal.message),
            _ => return,
        };
        let Some(pane) = self.pane_mut(name) else { return };
        let id = pane.conversation;
        let mut here: Vec<(u32, MessageId)> =
            hits.into_iter().filter(|hit| hit.conversation == id).map(|hit| (hit.position, hit.message)).collect();
        here.sort_unstable_by_key(|(position, _)| *position);
        if here.is_empty() {
            pane.found = None;
            self.tell(name, format!("Nothing in {name} has the words: {query}"));
            return;
        }
        let at = here.len() - 1;
        pane.found = Some(Found { query, hits: here, at });
        self.layer = Layer::Read;
        self.show_hit(name);
    }

    pub(super) fn find_step(&mut self, step: isize) {
        let name = self.focused.clone();
        let Some(found) = self.focused_mut().and_then(|pane| pane.found.as_mut()) else {
            self.tell_here("Nothing was looked for. / finds words.");
            return;
        };
        found.at = (found.at.cast_signed() + step).rem_euclid(found.hits.len().cast_signed()).cast_unsigned();
        self.show_hit(&name);
    }

    fn show_hit(&mut self, name: &str) {
        let Some(found) = self.pane(name).and_then(|pane| pane.found.as_ref()) else { return };
        let Some((position, _)) = found.hits.get(found.at).copied() else { return };
        let told = format!("{} of {}: {} · n next · N back", found.at + 1, found.hits.len(), found.query);
        self.go_to(name, position);
        self.tell(name, told);
    }

    /// Shows a message at the top of a pane, wherever it lies.
    pub(super) fn go_to(&mut self, name: &str, position: u32) {
        let end = self.pane_area(name).and_then(|area| {
            let transcript = self.transcript(self.pane(name)?, area.transcript.width)?;
            Some((transcript.end().checked_sub(1)?, 0))
        });
        self.set_scroll(name, Scroll::At { position, line: 0 }, end);
        if let Some(pane) = self.pane_mut(name) {
            pane.selected = position;
        }
    }
}
