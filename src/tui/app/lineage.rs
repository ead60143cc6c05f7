//! Lineages on the screen: where a pane goes on after a handoff, and looking back without leaving the present.
//!
//! Architecture invariant: what is written goes to the pane's addressee. Looking at another conversation of its lineage
//! never changes that; only a fact, a branch, or a message that is sent does.

use std::collections::BTreeMap;

use super::message::Origin;
use super::pane::Pane;
use super::scroll::Scroll;
use super::{Action, App, Conversation, Layer};
use crate::engine::event::Event;
use crate::engine::handoff::Underway;
use crate::engine::id::ConversationId;
use crate::engine::op::Op;
use crate::tui::theme::{Glyph, Token};

impl Conversation {
    /// Folds what concerns its place in its lineage, as the engine does.
    pub(super) fn fold_succession(&mut self, event: &Event) {
        let succession = &mut self.overview.succession;
        match event {
            Event::HandoffBegan { handoff, cause, .. } => {
                succession.underway = Some(Underway { handoff: *handoff, cause: *cause });
                succession.due = None;
            }
            Event::HandoffDropped { handoff, why, holds, .. } => {
                if succession.underway.as_ref().is_some_and(|underway| underway.handoff == *handoff) {
                    succession.underway = None;
                }
                if *holds {
                    succession.held = Some(why.clone());
                }
            }
            Event::HandoffDue { cause, .. } => succession.due = Some(*cause),
            Event::HandedOff { handoff, .. } => succession.received = Some(handoff.clone()),
            Event::Continued { by, turn, .. } => {
                succession.underway = None;
                succession.due = None;
                succession.held = None;
                succession.successor = Some(*by);
                if let Some(turn) = turn {
                    self.end_turn(*turn, None);
                }
            }
            Event::HandoffUndone { .. } => succession.held = Some("it was undone here".to_owned()),
            _ => {}
        }
    }

    /// The conversation that goes on from here; none after a person came back to this one.
    pub fn goes_on_in(&self) -> Option<ConversationId> {
        let succession = &self.overview.succession;
        succession.successor.filter(|_| succession.held.is_none())
    }
}

impl App {
    /// A conversation is handed off: the panes that wrote into it write into the successor, and show it, but for those
    /// whose reader has scrolled up: they read on. Returns whether any pane did.
    pub(super) fn pass_on(&mut self, from: ConversationId, to: ConversationId) -> bool {
        let mut is_any = false;
        for pane in self.panes.iter_mut().filter(|pane| pane.addressee == from) {
            is_any = true;
            pane.addressee = to;
            // A branch of the predecessor can't be written into the successor.
            pane.composer.after = None;
            if let Some(outgoing) = &mut pane.outgoing {
                outgoing.draft.after = None;
            }
            for waiting in pane.waiting.iter_mut().filter(|waiting| waiting.conversation == from) {
                waiting.conversation = to;
                waiting.draft.after = None;
            }
            if pane.conversation == from && pane.scroll == Scroll::Follow {
                pane.look(to);
            }
        }
        if is_any {
            self.layout_touched();
        }
        is_any
    }

    /// To the conversation that the one in view continues.
    pub(super) fn look_back(&mut self) {
        let Some(shown) = self.shown(&self.focused) else { return };
        match shown.overview.predecessor.filter(|id| self.conversations.contains_key(id)) {
            Some(before) => self.look_at(&self.focused.clone(), before),
            None => self.tell_here("Nothing lies before this: the conversation began here."),
        }
    }

    /// To the conversation that goes on from the one in view.
    pub(super) fn look_on(&mut self) {
        let Some(shown) = self.shown(&self.focused) else { return };
        match shown.overview.succession.successor.filter(|id| self.conversations.contains_key(id)) {
            Some(next) => self.look_at(&self.focused.clone(), next),
            None => self.tell_here("This is the newest context: nothing goes on from here yet."),
        }
    }

    /// Whoever scrolls beyond the end of an older context reads on where it goes on. Returns whether that is so.
    pub(super) fn read_on(&mut self, name: &str) -> bool {
        let Some(pane) = self.pane(name).filter(|pane| pane.looks_elsewhere() && pane.scroll == Scroll::Follow) else {
            return false;
        };
        let next = self.shown(name).filter(|shown| shown.has_end()).and_then(Conversation::goes_on_in);
        let is_towards = next.is_some_and(|next| next == pane.addressee || self.continues(pane.addressee, next));
        let Some(next) = next.filter(|_| is_towards) else { return false };
        self.look_at(name, next);
        self.set_scroll(name, Scroll::At { position: 0, line: 0 }, None);
        true
    }

    /// Whether a conversation goes on from another one, over however many handoffs.
    fn continues(&self, id: ConversationId, from: ConversationId) -> bool {
        let before = |known: &&Conversation| self.conversations.get(&known.overview.predecessor?);
        let mut lineage = std::iter::successors(self.conversations.get(&id), before);
        lineage.any(|known| known.overview.id == from)
    }

    /// Shows a conversation where it was looked at last. Where the pane writes stays as it is.
    pub(super) fn look_at(&mut self, name: &str, conversation: ConversationId) {
        let Some(pane) = self.pane_mut(name) else { return };
        pane.look(conversation);
        self.layout_touched();
        if self.layer == Layer::Read && self.focused == name {
            self.select_in_view();
        }
    }

    /// Shows one of the workspace's conversations in a pane that was asked to show it: to look at, if it is of the pane's
    /// lineage; another one to write into, too.
    pub(super) fn show_in(&mut self, name: &str, conversation: ConversationId) {
        let Some(addressee) = self.pane(name).map(|pane| pane.addressee) else { return };
        if self.first_of(addressee) == self.first_of(conversation) {
            self.look_at(name, conversation);
        } else {
            self.write_into(name, conversation);
        }
    }

    /// Shows one of the workspace's conversations in a pane, and writes into it from now on.
    pub(super) fn write_into(&mut self, name: &str, conversation: ConversationId) {
        let Some(pane) = self.pane_mut(name) else { return };
        if pane.conversation == conversation {
            // The engine may know the pane to show it: no fact would follow.
            pane.addressee = conversation;
        }
        self.post(Origin::Pane(name.to_owned()), Op::ShowConversation { pane: name.to_owned(), conversation });
    }

    /// What was sent from a pane is shown where it went.
    pub(super) fn look_where_it_goes(&mut self, name: &str) {
        let Some(pane) = self.pane(name).filter(|pane| pane.looks_elsewhere()) else { return };
        let addressee = pane.addressee;
        self.look_at(name, addressee);
        self.set_scroll(name, Scroll::Follow, None);
    }

    /// A branch begins in what is looked at: the pane writes there from now on.
    pub(super) fn write_here(&mut self) {
        let Some(pane) = self.focused_pane().filter(|pane| pane.looks_elsewhere()) else { return };
        self.write_into(&pane.name.clone(), pane.conversation);
    }

    /// The conversation that a pane writes into.
    pub fn addressed(&self, pane: &str) -> Option<&Conversation> {
        self.conversations.get(&self.pane(pane)?.addressee)
    }

    /// The first conversation of a lineage.
    pub(super) fn first_of(&self, id: ConversationId) -> ConversationId {
        let mut first = id;
        // A lineage is no longer than there are conversations.
        for _ in 0..self.conversations.len() {
            match self.conversations.get(&first).and_then(|known| known.overview.predecessor) {
                Some(before) => first = before,
                None => break,
            }
        }
        first
    }

    /// The conversations of a lineage with how many handoffs lie before each, every one after the one it continues.
    pub(super) fn lineage_of(&self, id: ConversationId) -> Vec<(ConversationId, usize)> {
        let mut after: BTreeMap<ConversationId, Vec<ConversationId>> = BTreeMap::new();
        for known in self.conversations.values() {
            if let Some(before) = known.overview.predecessor {
                after.entry(before).or_default().push(known.overview.id);
            }
        }
        let mut lineage = Vec::new();
        let mut waiting = vec![(self.first_of(id), 0)];
        while let Some((id, depth)) = waiting.pop() {
            lineage.push((id, depth));
            let next = after.remove(&id).unwrap_or_default();
            waiting.extend(next.into_iter().rev().map(|next| (next, depth + 1)));
        }
        lineage
    }

    /// What a pane says over its composer: what waits to be sent, its handoffs, its briefs.
    pub fn standing(&self, pane: &Pane) -> Vec<(String, Token)> {
        let mut lines: Vec<(String, Token)> = self.waiting_lines(pane).collect();
        lines.extend(self.elsewhere(pane));
        if let Some(addressed) = self.conversations.get(&pane.addressee) {
            let succession = &addressed.overview.succession;
            if succession.underway.is_some() {
                lines.push(("writing the handoff · what you send now goes along".to_owned(), Token::Handoff));
            } else if succession.due.is_some() {
                let (mark, key) = (self.glyphs.of(Glyph::NeedsYou), self.told(Action::HandOff));
                lines.push((format!("{mark} context full · {key} hands off"), Token::Warn));
            }
        }
        lines.extend(self.brief_names().standing(pane.addressee, self.glyphs, |brief| self.tells_of(pane, brief)));
        lines
    }

    /// That a pane shows something else than what it writes into.
    fn elsewhere(&self, pane: &Pane) -> Option<(String, Token)> {
        if !pane.looks_elsewhere() {
            let goes_on = self.conversations.get(&pane.conversation).is_some_and(|shown| shown.goes_on_in().is_some());
            let told = "an older context · what you send branches off here".to_owned();
            return goes_on.then_some((told, Token::Handoff));
        }
        let is_before = self.continues(pane.addressee, pane.conversation);
        let told = match (is_before, self.layer) {
            (true, Layer::Read) => format!("an older context · {} goes on", self.told(Action::LookOn)),
            (true, Layer::Write) => "an older context · what you send goes where it goes on".to_owned(),
            (false, _) => format!("another branch of this lineage · {} writes in it", self.told(Action::Conversations)),
        };
        Some((told, Token::Handoff))
    }
}
