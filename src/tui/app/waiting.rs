//! Messages that wait until their pane has answered the one before: sent in their order, or given back.
//!
//! Architecture invariants: a message waits for the conversation that the composer named when Enter was pressed, and for
//! no other; whether it may be read there is asked when it leaves; what doesn't leave stands in the composer again. On
//! disk it is part of the pane's draft: after the program has ended, nothing sends itself.

use super::draft::Draft;
use super::pane::{Files, Outgoing, Waiting};
use super::scroll::Scroll;
use super::{Action, App, Pane};
use crate::engine::event::Event;
use crate::engine::id::ConversationId;
use crate::engine::message::{Author, Ending, Message};
use crate::tui::text::sanitise::one_line;
use crate::tui::theme::{Glyph, Token};

impl App {
    /// Whether a message from this pane must wait for its turn.
    pub(super) fn must_wait(&self, pane: &Pane) -> bool {
        pane.outgoing.is_some() || !pane.waiting.is_empty() || self.answers(pane.addressee)
    }

    fn answers(&self, id: ConversationId) -> bool {
        self.conversations.get(&id).is_some_and(|known| known.overview.turn.is_some())
    }

    /// Whether nothing runs, and nothing will by itself.
    pub(super) fn is_at_rest(&self) -> bool {
        self.running() == 0 && self.panes.iter().all(|pane| pane.outgoing.is_none() && pane.waiting.is_empty())
    }

    /// A message of this pane waits behind those that wait there already.
    pub(super) fn wait_in_line(&mut self, name: &str, draft: Draft, files: Files) {
        let Some(pane) = self.pane_mut(name) else { return };
        let conversation = pane.addressee;
        pane.waiting.push_back(Waiting { conversation, draft, files });
        self.look_where_it_goes(name);
        self.set_scroll(name, Scroll::Follow, None);
        // Who pressed Enter is done with it: it doesn't take the pause of a draft until it is on disk.
        self.save_everything();
    }

    /// Something else was asked there first, a brief perhaps: the message waits for that answer, too. Returns whether so.
    pub(super) fn wait_again(&mut self, name: &str) -> bool {
        let Some(pane) = self.pane(name).filter(|pane| self.answers(pane.addressee)) else { return false };
        let conversation = pane.addressee;
        let Some(pane) = self.pane_mut(name) else { return false };
        if let Some(Outgoing { draft, files, .. }) = pane.outgoing.take() {
            pane.waiting.push_front(Waiting { conversation, draft, files });
        }
        true
    }

    /// Sends what has waited long enough.
    pub(super) fn send_waiting(&mut self) {
        if self.is_quitting || self.is_closed {
            return;
        }
        for at in 0..self.panes.len() {
            let pane = &self.panes[at];
            let Some(first) = pane.waiting.front() else { continue };
            let name = pane.name.clone();
            if first.conversation != pane.addressee {
                self.give_back(&name, "This pane writes elsewhere now. What waited is in the composer.");
            } else if pane.outgoing.is_none() && !self.answers(pane.addressee) {
                let first = self.panes[at].waiting.pop_front();
                if let Some(Waiting { draft, files, .. }) = first {
                    self.leave(&name, draft, files, true);
                }
            }
        }
    }

    /// After an answer that is none, a person decides anew what is asked.
    pub(super) fn keep_back(&mut self, event: &Event) {
        let (id, what) = match event {
            Event::TurnFailed { conversation, .. } => (*conversation, "failed"),
            Event::TurnInterrupted { conversation, .. } => (*conversation, "was stopped"),
            Event::TurnEnded { conversation, message, .. } if message.ending == Ending::Refused => {
                (*conversation, "was refused")
            }
            _ => return,
        };
        let waits = |pane: &&Pane| pane.waiting.iter().any(|waiting| waiting.conversation == id);
        let names: Vec<String> = self.panes.iter().filter(waits).map(|pane| pane.name.clone()).collect();
        for name in names {
            let told = format!("Not sent: the answer before it {what}. What waited is in the composer.");
            // Why it failed, and who else could answer, may be said there already.
            let said = self.pane(&name).and_then(|pane| pane.notice.clone());
            let told = said.map_or_else(|| told.clone(), |said| format!("{told} {said}"));
            self.give_back(&name, &told);
        }
    }

    /// What waits is in the composer again, before anything written since; the pane says why.
    pub(super) fn give_back(&mut self, name: &str, why: &str) {
        let now = self.now;
        let Some(pane) = self.pane_mut(name).filter(|pane| !pane.waiting.is_empty()) else { return };
        if let Some(draft) = pane.waiting.drain(..).map(|waiting| waiting.draft).reduce(Draft::and) {
            pane.put_back(draft);
        }
        pane.draft_changed = Some(now);
        self.tell(name, why);
    }

    /// The message that waits and mentions a file that can't go along is in the composer again, before anything written
    /// since; the pane says why.
    pub(super) fn come_back_from_the_line(&mut self, name: &str, path: &str, why: &str) {
        let now = self.now;
        let Some(pane) = self.pane_mut(name) else { return };
        let Some(at) = pane.waiting.iter().position(|waiting| waiting.files.wait_for(path)) else { return };
        if let Some(Waiting { draft, .. }) = pane.waiting.remove(at) {
            pane.put_back(draft);
            pane.draft_changed = Some(now);
            self.tell(name, why);
        }
    }

    /// The newest message that waits is in the composer again, before what is written there, to be changed. Returns
    /// whether one waited.
    pub(super) fn take_back(&mut self) -> bool {
        let (now, key) = (self.now, self.told(Action::TakeBack));
        let Some(pane) = self.focused_mut() else { return false };
        let Some(Waiting { draft, .. }) = pane.waiting.pop_back() else { return false };
        pane.put_back(draft);
        pane.draft_changed = Some(now);
        match pane.waiting.len() {
            0 => {}
            1 => self.tell_here(format!("Another one waits: {key} takes it back, too.")),
            more => self.tell_here(format!("{more} more wait: {key} takes back the next one, too.")),
        }
        true
    }

    /// The question that no answer came to, to be taken back, and its position, where this pane writes: the newest one,
    /// else the one before those that were taken back already.
    pub fn question_back<'a>(&'a self, pane: &Pane) -> Option<(u32, &'a Message)> {
        let is_free = !pane.looks_elsewhere() && pane.outgoing.is_none();
        let known = self.conversations.get(&pane.addressee).filter(|_| is_free)?;
        let (newest, end) = (known.unanswered()?, known.end());
        let position = match pane.composer.after {
            None => end.checked_sub(1).filter(|_| newest.about.is_none())?,
            Some(after) => {
                (known.first..end).find(|at| known.message(*at).map(|message| message.id) == after.message)?
            }
        };
        let asks = |message: &Message| message.author == Author::Person && message.about.is_none();
        let question = known.message(position).filter(|question| !question.parts.is_empty())?;
        (position..end)
            .all(|at| known.message(at).is_some_and(|message| asks(message)))
            .then_some((position, &**question))
    }

    /// The question that no answer came to is in the composer again, before what is written there: sent, it takes its
    /// own place. Returns whether there is one.
    pub(super) fn take_question_back(&mut self) -> bool {
        let (now, key) = (self.now, self.told(Action::TakeBack));
        let Some(((position, question), known)) =
            self.focused_pane().and_then(|pane| self.question_back(pane)).zip(self.shown(&self.focused))
        else {
            return false;
        };
        let (draft, number) = (known.in_its_place(position, question), question.number);
        let Some(pane) = self.focused_mut() else { return false };
        pane.put_back(draft);
        pane.draft_changed = Some(now);
        let more = self.focused_pane().and_then(|pane| self.question_back(pane));
        let more = more.map_or_else(String::new, |(_, before)| format!(" {key} takes back m{}, too.", before.number));
        self.tell_here(format!(
            "m{number} is in the composer: what you send takes its place, and it stays on disk.{more}"
        ));
        true
    }

    /// What a pane says of the messages that wait there, the next one first.
    pub(super) fn waiting_lines(&self, pane: &Pane) -> impl Iterator<Item = (String, Token)> {
        let arrow = self.glyphs.of(Glyph::Arrow);
        pane.waiting.iter().map(move |waiting| (format!("{arrow} waits · {}", beginning(&waiting.draft)), Token::Dim))
    }
}

/// What a draft says in one line: its text, or the names of what goes along.
fn beginning(draft: &Draft) -> String {
    if draft.text.trim().is_empty() {
        let names: Vec<String> = draft.attachments.iter().map(|known| one_line(&known.name).into_owned()).collect();
        return format!("@ {}", names.join(", "));
    }
    one_line(&draft.text.chars().take(400).collect::<String>()).into_owned()
}
