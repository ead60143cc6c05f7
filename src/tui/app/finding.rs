//! Finding words: in a pane's conversation while they are being written, and in all of them.

use std::rc::Rc;

use super::message::Origin;
use super::pane::{Found, Jump};
use super::scroll::{Heights as _, Scroll};
use super::transcript::end_of;
use super::{App, Layer};
use crate::engine::id::{ConversationId, MessageId};
use crate::engine::op::{Hit, Op, PageOf, Reply};
use crate::tui::dialog::{Dialog, Find, Stood};
use crate::tui::text::matches::Needle;

/// How many hits a search in one conversation counts.
const HITS: u32 = 5_000;
/// How many hits a search everywhere shows.
pub(in crate::tui) const HITS_EVERYWHERE: u32 = 60;

impl App {
    /// Opens the line in which words to find are written.
    pub(super) fn begin_finding(&mut self) {
        let origin = self.focused.clone();
        let Some(pane) = self.pane(&origin) else { return };
        let bottom = self.pane_area(&origin).and_then(|area| self.in_view(pane, &area).last().map(|slice| slice.item));
        let stood = Stood { scroll: pane.scroll, selected: pane.selected, item: bottom.unwrap_or(u32::MAX) };
        self.dialogs.push(Dialog::Find(Find::new(origin, stood)));
    }

    /// Looks for words in a pane's conversation; without words, goes back to where the search began.
    pub(super) fn seek(&mut self, name: &str, query: &str) {
        if query.trim().is_empty() {
            return self.back_to_where_it_stood(name);
        }
        let Some(within) = self.pane(name).map(|pane| pane.conversation) else { return };
        let op = Op::Search { query: query.to_owned(), limit: HITS, within: Some(within) };
        self.post(Origin::Find(name.to_owned(), query.to_owned()), op);
    }

    fn back_to_where_it_stood(&mut self, name: &str) {
        let Some(Dialog::Find(find)) = self.dialogs.last() else { return };
        let stood = find.stood;
        self.give_up_finding(name, stood);
    }

    /// Forgets the search and shows what was shown before it.
    pub(super) fn give_up_finding(&mut self, name: &str, stood: Stood) {
        let Some(pane) = self.pane_mut(name) else { return };
        pane.found = None;
        pane.jump = None;
        pane.selected = stood.selected;
        self.set_scroll(name, stood.scroll, None);
    }

    /// Ends the writing of words: the hits stay marked, `n` and `N` go through them.
    pub(super) fn end_finding(&mut self, name: &str, query: &str) {
        let is_known = self.pane(name).and_then(|pane| pane.found.as_ref()).is_some_and(|found| found.query == query);
        if query.trim().is_empty() {
            if let Some(pane) = self.pane_mut(name) {
                pane.found = None;
            }
        } else if is_known {
            self.tell_hit(name);
        } else {
            self.seek(name, query);
        }
    }

    /// Marks the hits of a search in a pane's conversation, and shows the one at `shown`, or the newest that isn't below
    /// what was looked at.
    pub(super) fn found(&mut self, name: &str, query: String, shown: Option<u32>, reply: Reply) {
        let hits = match reply {
            Reply::Hits { hits } => hits,
            Reply::Refused(refusal) => return self.tell(name, refusal.message),
            _ => return,
        };
        // While the words are being written only the newest count.
        let writing = match self.dialogs.last() {
            Some(Dialog::Find(find)) if find.origin == name => Some((find.line.text().to_owned(), find.stood)),
            _ => None,
        };
        if writing.as_ref().is_some_and(|(text, _)| *text != query) {
            return;
        }
        let Some(pane) = self.pane_mut(name) else { return };
        let id = pane.conversation;
        let mut here: Vec<(u32, MessageId)> =
            hits.into_iter().filter(|hit| hit.conversation == id).map(|hit| (hit.position, hit.message)).collect();
        here.sort_unstable_by_key(|(position, _)| *position);
        let stood = shown.or(writing.as_ref().map(|(_, stood)| stood.item)).unwrap_or(u32::MAX);
        let at = here.iter().rposition(|(position, _)| *position <= stood).unwrap_or(0);
        let is_empty = here.is_empty();
        pane.found = Some(Found { query, hits: here, at });
        if is_empty {
            if let Some((_, stood)) = writing {
                self.set_scroll(name, stood.scroll, None);
            } else if shown.is_some() {
                // A hit of a search everywhere stands on another branch, which is said already.
                if let Some(pane) = self.pane_mut(name) {
                    pane.found = None;
                }
            } else {
                self.tell_hit(name);
            }
            return;
        }
        self.show_hit(name);
        if writing.is_none() {
            self.tell_hit(name);
        }
    }

    /// To the next hit, or to the one before.
    pub(super) fn find_step(&mut self, name: &str, step: isize) {
        let Some(found) = self.pane_mut(name).and_then(|pane| pane.found.as_mut()) else {
            self.tell(name, "Nothing was looked for. / finds words.");
            return;
        };
        if !found.hits.is_empty() {
            let count = found.hits.len().cast_signed();
            found.at = (found.at.cast_signed() + step).rem_euclid(count).cast_unsigned();
        }
        self.show_hit(name);
        if !matches!(self.dialogs.last(), Some(Dialog::Find(_))) {
            self.tell_hit(name);
        }
    }

    fn tell_hit(&mut self, name: &str) {
        let Some(found) = self.pane(name).and_then(|pane| pane.found.as_ref()) else { return };
        if found.hits.is_empty() {
            let told = format!("Nothing in {name} has the words: {}", found.query);
            if let Some(pane) = self.pane_mut(name) {
                pane.found = None;
            }
            return self.tell(name, told);
        }
        let told = format!("{} {} · n next · N back", found.count(), found.query);
        self.layer = Layer::Read;
        self.tell(name, told);
    }

    fn show_hit(&mut self, name: &str) {
        let Some(pane) = self.pane_mut(name) else { return };
        let Some(found) = pane.found.as_ref() else { return };
        let Some((position, message)) = found.hits.get(found.at).copied() else { return };
        let query = found.query.clone();
        pane.jump = Some(Jump { conversation: pane.conversation, position, message, query, is_asked: false });
        self.settle_jumps();
    }

    /// Shows a hit of a search everywhere, in the pane that shows its conversation or in the one where it was begun. There
    /// the words stay marked, `n` and `N` go on.
    pub(super) fn show_found(&mut self, hit: &Hit, query: String) {
        self.go_to(hit.conversation, hit.position, hit.message, &hit.pane, query.clone());
        let op = Op::Search { query: query.clone(), limit: HITS, within: Some(hit.conversation) };
        self.post(Origin::FindAround(self.focused.clone(), query, hit.position), op);
    }

    /// Goes where panes are waiting to go, as far as what stands there is loaded.
    pub(super) fn settle_jumps(&mut self) {
        let waiting = self.panes.iter().filter_map(|pane| Some((pane.name.clone(), pane.jump.clone()?)));
        for (name, jump) in waiting.collect::<Vec<_>>() {
            self.settle_jump(&name, jump);
        }
    }

    /// Unfolds a handoff's document if what was looked for stands in what is folded.
    fn unfold_for(&mut self, name: &str, jump: &Jump) {
        let Some((pane, area)) = self.pane(name).zip(self.pane_area(name)) else { return };
        let Some(transcript) = self.transcript(pane, area.transcript.width) else { return };
        let Some(message) = transcript.conversation.message(jump.position) else { return };
        let is_folded = transcript.handoff(message).is_some() && !transcript.conversation.is_unfolded;
        let lines = super::selection::lines_of(&transcript, jump.position);
        if is_folded
            && Needle::new(&jump.query).first_line(lines.iter()).is_none()
            && let Some(conversation) = self.conversations.get_mut(&jump.conversation)
        {
            conversation.is_unfolded = true;
        }
    }

    fn settle_jump(&mut self, name: &str, jump: Jump) {
        if self.pane(name).is_some_and(|pane| pane.conversation == jump.conversation) {
            self.unfold_for(name, &jump);
        }
        let Some((pane, area)) = self.pane(name).zip(self.pane_area(name)) else { return };
        // The pane is to show another conversation, which it will soon.
        if pane.conversation != jump.conversation {
            return;
        }
        let Some(transcript) = self.transcript(pane, area.transcript.width) else { return };
        let end = end_of(&transcript);
        let Some(message) = transcript.conversation.message(jump.position).map(Rc::clone) else {
            if !jump.is_asked {
                self.set_scroll(name, Scroll::At { position: jump.position, line: 0 }, end);
                if let Some(pane) = self.pane_mut(name) {
                    pane.selected = jump.position;
                    pane.jump = Some(Jump { is_asked: true, ..jump });
                }
            }
            return;
        };
        let is_other = message.id != jump.message;
        let lines = super::selection::lines_of(&transcript, jump.position);
        // The heading holds no words of the message.
        let line = Needle::new(&jump.query).first_line(lines.iter().skip(1)).map_or(0, |line| line + 1);
        let rows = usize::from(area.transcript.height);
        let is_seen = self
            .in_view(pane, &area)
            .iter()
            .any(|slice| slice.item == jump.position && (slice.from..slice.from + slice.lines).contains(&line));
        let top = if line + 1 < rows { 0 } else { line.saturating_sub(rows / 3) };
        if !is_seen || jump.is_asked {
            self.set_scroll(name, Scroll::At { position: jump.position, line: top }, end);
        }
        if let Some(pane) = self.pane_mut(name) {
            pane.selected = jump.position;
            pane.jump = None;
        }
        if is_other {
            self.tell(name, "That message stands on another branch of this conversation.");
        }
    }

    /// Asks for the message that the search's chosen hit stands for, to show it before anybody goes there.
    pub(super) fn preview_hit(&mut self) {
        let Some(Dialog::SearchAll(search)) = self.dialogs.last_mut() else { return };
        let Some(hit) = search.unseen() else { return };
        let page = PageOf { conversation: hit.conversation, end: Some(hit.position + 1), limit: 1 };
        let id = hit.message;
        self.post(Origin::Preview(id), Op::Page(page));
    }

    pub(super) fn preview_came(&mut self, id: MessageId, reply: Reply) {
        let message = match reply {
            Reply::Page(page) => page.messages.into_iter().find(|message| message.id == id),
            _ => None,
        };
        if let Some(Dialog::SearchAll(search)) = self.dialogs.last_mut() {
            search.take_preview(id, message.map(Rc::new));
        }
    }

    /// To the next block of code below the top of the view, or to the last one above it.
    pub(super) fn go_to_code(&mut self, forward: bool) {
        let name = self.focused.clone();
        let Some((pane, area)) = self.pane(&name).zip(self.pane_area(&name)) else { return };
        let Some(transcript) = self.transcript(pane, area.transcript.width) else { return };
        let view = self.in_view(pane, &area);
        let Some(top) = view.first().map(|slice| (slice.item, slice.from)) else { return };
        let last = self.code_at.as_ref().filter(|at| at.pane == name && at.conversation == pane.conversation);
        let is_seen = |at: &&CodeAt| view.iter().any(|slice| slice.item == at.item && at.line >= slice.from);
        // From the block that was shown last, as long as it is in view: near the end nothing scrolls any more.
        let from = last.filter(is_seen).map(|at| (at.item, at.line));
        let mut found: Option<(u32, usize, usize)> = None;
        let items: Vec<u32> = (transcript.first()..transcript.end()).collect();
        'items: for item in items {
            for (block, line) in blocks(&super::selection::lines_of(&transcript, item)).into_iter().enumerate() {
                let place = (item, line);
                let is_after = from.map_or(place >= top, |from| place > from);
                let is_before = from.map_or(place < top, |from| place < from);
                if forward && is_after {
                    found = Some((item, line, block));
                    break 'items;
                }
                if !forward && is_before {
                    found = Some((item, line, block));
                }
            }
        }
        let Some((item, line, block)) = found else {
            let way = if forward { "below" } else { "above" };
            self.tell_here(format!("There is no more code {way}, as far as the conversation is loaded."));
            return;
        };
        let (conversation, end) = (pane.conversation, end_of(&transcript));
        // One line above it tells what it is.
        self.set_scroll(&name, Scroll::At { position: item, line: line.saturating_sub(1) }, end);
        if let Some(pane) = self.focused_mut() {
            pane.selected = item;
        }
        self.code_at = Some(CodeAt { pane: name, conversation, item, line, block });
        self.tell_here("c copies this code.");
    }
}

/// The block of code that was shown last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CodeAt {
    pub(super) pane: String,
    conversation: ConversationId,
    item: u32,
    line: usize,
    /// Its number in its message, from 0.
    pub(super) block: usize,
}

/// The lines at which blocks of code begin.
fn blocks(lines: &[crate::tui::text::rich::RichLine]) -> Vec<usize> {
    use crate::tui::theme::Token;
    let is_code =
        |line: &crate::tui::text::rich::RichLine| line.spans.iter().any(|span| span.token == Token::CodeGround);
    let begins = |at: &usize| is_code(&lines[*at]) && (*at == 0 || !is_code(&lines[*at - 1]));
    (0..lines.len()).filter(begins).collect()
}
