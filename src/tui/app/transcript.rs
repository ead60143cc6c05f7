//! Looking at transcripts: what is in view, scrolling, and asking for what is missing.

use super::conversation::Conversation;
use super::message::Origin;
use super::scroll::{Heights, Scroll, Slice};
use super::{Action, App, BriefNames, Pane, PaneArea, Screen, after};
use crate::engine::id::ConversationId;
use crate::engine::op::{Op, PageOf};
use crate::engine::time::Timestamp;
use crate::tui::transcript::Transcript;
use crate::tui::transcript::message::Setting;
use crate::tui::transcript::seam::Ways;
use crate::tui::transcript::view::SPINNER_STEP_MS;

/// How many messages may lie between two panes that look at one conversation.
const APART: u32 = 1_000;

impl App {
    /// The pane's conversation as lines at this width.
    pub fn transcript<'a>(&'a self, pane: &Pane, columns: u16) -> Option<Transcript<'a>> {
        let conversation = self.conversations.get(&pane.conversation)?;
        let setting = Setting {
            glyphs: self.glyphs,
            zone: &self.zone,
            models: &self.models,
            again: self.told(Action::Continue),
            ways: self.ways(),
        };
        let (cache, colours) = (&self.cache, &self.colours);
        let briefs = self.brief_names();
        Some(Transcript { conversation, cache, colours, columns, setting, briefs, now: self.now })
    }

    fn ways(&self) -> Ways {
        Ways {
            back: self.told(Action::LookBack),
            on: self.told(Action::LookOn),
            undo: self.told(Action::UndoHandoff),
            home: self.told(Action::Move),
            unfold: self.told(Action::Unfold),
            wide: self.told(Action::Wide),
        }
    }

    /// The briefs with the names of their panes.
    pub fn brief_names(&self) -> BriefNames<'_> {
        BriefNames { briefs: &self.briefs, conversations: &self.conversations, needs: self.told(Action::Needy) }
    }

    /// What of a pane's transcript is in view.
    pub fn in_view(&self, pane: &Pane, area: &PaneArea) -> Vec<Slice> {
        let Some(transcript) = self.transcript(pane, area.transcript.width) else { return Vec::new() };
        pane.scroll.view(&transcript, usize::from(area.transcript.height))
    }

    /// How many lines have come below the view since somebody scrolled up.
    pub fn new_lines(&self, pane: &Pane, area: &PaneArea) -> usize {
        let (Some((item, line)), Scroll::At { .. }) = (pane.seen, pane.scroll) else { return 0 };
        let Some(transcript) = self.transcript(pane, area.transcript.width) else { return 0 };
        let first = item.max(transcript.first());
        let lines: usize = (first..transcript.end()).map(|item| transcript.height(item)).sum();
        lines.saturating_sub(if first == item { line } else { 0 })
    }

    /// How an action is told: `Ctrl-X c`.
    pub fn told(&self, action: Action) -> String {
        let row = super::action::TABLE.iter().find(|row| row.action == action);
        row.map(|row| self.keymap.told(row)).unwrap_or_default()
    }

    /// Scrolls a pane by lines: up if negative.
    pub(super) fn scroll(&mut self, name: &str, lines: isize) {
        if lines > 0 && self.read_on(name) {
            return;
        }
        let Some(area) = self.pane_area(name) else { return };
        let rows = usize::from(area.transcript.height);
        let Some(pane) = self.pane(name) else { return };
        let Some(transcript) = self.transcript(pane, area.transcript.width) else { return };
        let distance = lines.unsigned_abs();
        let scroll = if lines < 0 {
            pane.scroll.up(&transcript, rows, distance)
        } else if transcript.conversation.has_end() {
            pane.scroll.down(&transcript, rows, distance)
        } else {
            // The end of what is loaded is not the end: don't follow it.
            match pane.scroll.down(&transcript, rows, distance) {
                Scroll::Follow => pane.scroll,
                at @ Scroll::At { .. } => at,
            }
        };
        let end = end_of(&transcript);
        self.set_scroll(name, scroll, end);
    }

    pub(super) fn set_scroll(&mut self, name: &str, scroll: Scroll, end: Option<(u32, usize)>) {
        let Some(pane) = self.pane_mut(name) else { return };
        match (pane.scroll, scroll) {
            (Scroll::Follow, Scroll::At { .. }) => pane.seen = end,
            (_, Scroll::Follow) => pane.seen = None,
            (Scroll::At { .. }, Scroll::At { .. }) => {}
        }
        if pane.scroll != scroll {
            pane.scroll = scroll;
            self.layout_touched();
        }
    }

    /// Brings an item's first line into view: at the top, or where it is if it can be seen already.
    pub(super) fn reveal(&mut self, name: &str, item: u32) {
        let Some(area) = self.pane_area(name) else { return };
        let Some(pane) = self.pane(name) else { return };
        let visible = self.in_view(pane, &area).iter().any(|slice| slice.item == item && slice.from == 0);
        if visible {
            return;
        }
        let end = self.transcript(pane, area.transcript.width).as_ref().and_then(end_of);
        self.set_scroll(name, Scroll::At { position: item, line: 0 }, end);
    }

    /// Asks for the pages that the panes in view will need next: two screens in either direction.
    pub(super) fn fetch_missing(&mut self) {
        let Some(screen) = self.screen() else { return };
        let mut wanted: Vec<PageOf> = Vec::new();
        for (id, from, to) in self.spans(&screen) {
            let Some(conversation) = self.conversations.get_mut(&id) else { continue };
            let missing = conversation.missing(from, to);
            conversation.trim(from, to);
            if let Some(page) = missing {
                conversation.asked = Some(page);
                wanted.push(page);
            }
        }
        for page in wanted {
            self.post(Origin::Page(page), Op::Page(page));
        }
    }

    /// What should be loaded of each conversation in view. What is loaded is one stretch: of two panes that look at one
    /// conversation in places far apart, the focused one's place is loaded.
    fn spans(&self, screen: &Screen) -> Vec<(ConversationId, u32, u32)> {
        let mut areas: Vec<&PaneArea> = screen.panes.iter().collect();
        areas.sort_by_key(|area| area.pane != self.focused);
        let mut spans: Vec<(ConversationId, u32, u32)> = Vec::new();
        for area in areas {
            let Some(pane) = self.pane(&area.pane) else { continue };
            let Some(conversation) = self.conversations.get(&pane.conversation) else { continue };
            let (from, to) = self.span(pane, area, conversation);
            match spans.iter_mut().find(|(id, ..)| *id == pane.conversation) {
                Some((_, first, last)) => {
                    let whole = ((*first).min(from), (*last).max(to));
                    if whole.1 - whole.0 <= APART {
                        (*first, *last) = whole;
                    }
                }
                None => spans.push((pane.conversation, from, to)),
            }
        }
        spans
    }

    /// The positions that should be loaded: what is in view and two screens around it.
    fn span(&self, pane: &Pane, area: &PaneArea, conversation: &Conversation) -> (u32, u32) {
        let total = conversation.total();
        let rows = usize::from(area.transcript.height);
        // A message takes three lines at least: more than this many can't be in view.
        let most = (rows / 3 + 1) as u32;
        let (first, last) = match pane.scroll {
            Scroll::Follow => (total.saturating_sub(1), total),
            Scroll::At { position, .. } => (position.min(total.saturating_sub(1)), position),
        };
        if !(conversation.first..=conversation.end()).contains(&first) {
            return (first, (last + most).min(total));
        }
        let Some(transcript) = self.transcript(pane, area.transcript.width) else { return (first, last) };
        let view = pane.scroll.view(&transcript, rows);
        let (top, bottom) = match (view.first(), view.last()) {
            (Some(top), Some(bottom)) => (top.item, bottom.item + 1),
            _ => (first, last),
        };
        let above = reach(&transcript, top, 2 * rows, true);
        let below = reach(&transcript, bottom, 2 * rows, false);
        (above, below.min(total))
    }

    /// When the spinner of a streaming answer in view takes its next step.
    pub(super) fn spinner_at(&self) -> Option<Timestamp> {
        if self.conversations.values().all(|conversation| conversation.live.is_none()) {
            return None;
        }
        let screen = self.screen()?;
        let streams = |area: &PaneArea| self.shown(&area.pane).is_some_and(|conversation| conversation.live.is_some());
        let step = self.now.as_millis().rem_euclid(SPINNER_STEP_MS);
        screen.panes.iter().any(streams).then(|| after(self.now, SPINNER_STEP_MS - step))
    }
}

/// The last item and how many of its lines there are.
pub(super) fn end_of(transcript: &Transcript<'_>) -> Option<(u32, usize)> {
    let last = transcript.end().checked_sub(1).filter(|last| *last >= transcript.first())?;
    // The blank line below an answer that streams isn't the last word.
    let height = transcript.height(last);
    let streams = transcript.conversation.live.is_some() && last >= transcript.conversation.total();
    Some((last, if streams { height.saturating_sub(1) } else { height }))
}

/// The item that lies this many lines away, or one beyond what is loaded.
fn reach(transcript: &Transcript<'_>, from: u32, lines: usize, up: bool) -> u32 {
    let mut item = from;
    let mut left = lines;
    loop {
        let next = if up { item.checked_sub(1) } else { Some(item) };
        let Some(next) = next else { return 0 };
        let is_loaded = (transcript.first()..transcript.end()).contains(&next);
        if !is_loaded {
            return if up { next } else { next + 1 };
        }
        let height = transcript.height(next).max(1);
        item = if up { next } else { next + 1 };
        if height >= left {
            return item;
        }
        left -= height;
    }
}
