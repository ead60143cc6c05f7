//! A handoff's draft: what would be carried into a fresh context, read and perhaps changed before it is.

use super::Outcome;
use crate::engine::handoff::{Drafted, Writer};
use crate::engine::id::ConversationId;
use crate::engine::meter;
use crate::engine::op::HandoffDraft;
use crate::engine::settings::PaneName;
use crate::tui::key::{Code, Key};
use crate::tui::text::markdown::lay_out_whole;
use crate::tui::text::rich::RichLine;
use crate::tui::theme::Glyphs;

/// The columns of the sheet, and those that its frame takes.
pub const COLUMNS: u16 = 104;
const FRAME: u16 = 4;

/// The draft while it is written, and while it is read.
#[derive(Debug, Clone)]
pub struct HandoffSheet {
    /// The pane it was asked in.
    pub origin: PaneName,
    /// The conversation that would be handed off.
    pub conversation: ConversationId,
    /// Which of the drafts that were asked for it waits for: late ones change nothing.
    pub asked: u64,
    /// The model that is asked to write it; none if code does.
    pub writer: Option<String>,
    /// The draft; none while it is written.
    pub draft: Option<HandoffDraft>,
    /// Whether it was accepted and the journal hasn't answered.
    pub is_on_its_way: bool,
    /// Whether a person's editor has it.
    pub is_edited: bool,
    /// Why the last key did nothing.
    pub said: Option<String>,
    /// The first line of the document in view.
    pub top: usize,
    /// The document's lines.
    pub lines: Vec<RichLine>,
    glyphs: Glyphs,
    columns: u16,
    rows: usize,
    is_after_leader: bool,
}

impl HandoffSheet {
    /// A draft that was asked for.
    pub fn new(origin: PaneName, conversation: ConversationId, glyphs: Glyphs, size: (u16, u16)) -> Self {
        let mut sheet = Self {
            origin,
            conversation,
            asked: 0,
            writer: None,
            draft: None,
            is_on_its_way: false,
            is_edited: false,
            said: None,
            top: 0,
            lines: Vec::new(),
            glyphs,
            columns: 0,
            rows: 1,
            is_after_leader: false,
        };
        sheet.fit(size);
        sheet
    }

    /// Takes the draft.
    pub fn take(&mut self, draft: HandoffDraft) {
        self.draft = Some(draft);
        self.top = 0;
        self.said = None;
        self.lay_out();
    }

    /// How the document came about, as long as nobody changed it.
    pub fn drafted(&self) -> Option<Drafted> {
        let draft = self.draft.as_ref().filter(|draft| draft.by != Writer::Person)?;
        Some(Drafted { by: draft.by.clone(), appended: draft.appended, invented: draft.invented.clone() })
    }

    /// Takes the text that a person made of it.
    pub fn edited(&mut self, text: &str) {
        let Some(draft) = self.draft.as_mut().filter(|draft| draft.document.trim_end() != text.trim_end()) else {
            return;
        };
        // What stands around the document stays as it is.
        let around = draft.after.saturating_sub(draft.tokens);
        text.trim_end().clone_into(&mut draft.document);
        draft.tokens = meter::estimate(&draft.document);
        draft.after = around.saturating_add(draft.tokens);
        (draft.by, draft.appended) = (Writer::Person, 0);
        draft.invented.clear();
        self.lay_out();
    }

    /// Takes a screen of this size.
    pub fn fit(&mut self, size: (u16, u16)) {
        self.rows = usize::from(size.1.saturating_sub(FRAME + 6)).max(1);
        let columns = COLUMNS.min(size.0.saturating_sub(2)).saturating_sub(FRAME).max(1);
        if columns != self.columns {
            self.columns = columns;
            self.lay_out();
        }
        self.clamp();
    }

    /// How many lines of the document are in view.
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// What the keys do.
    pub fn keys(&self) -> String {
        match (&self.draft, self.is_on_its_way) {
            (_, true) => "handing off … · Esc".to_owned(),
            (None, _) if self.writer.is_none() => "Esc leaves all as it is".to_owned(),
            (None, _) => "x without a model · Esc leaves all as it is".to_owned(),
            (Some(draft), _) => {
                let without = if draft.by == Writer::Code { "" } else { "x without a model · " };
                format!("Enter hands off · ↑ ↓ read · e editor · {without}Esc leaves all as it is")
            }
        }
    }

    pub(super) fn key(&mut self, key: Key, leader: Key) -> Outcome {
        let is_leading = std::mem::take(&mut self.is_after_leader);
        let page = self.rows.saturating_sub(1).max(1);
        let can_act = self.draft.is_some() && !self.is_on_its_way;
        if key == leader {
            self.is_after_leader = true;
            return Outcome::Stay;
        }
        match key.code {
            // Whoever doesn't wait for it doesn't pay for it.
            Code::Esc | Code::Char('q') if self.draft.is_none() => return Outcome::DropDrafts(self.conversation),
            Code::Esc | Code::Char('q') => return Outcome::Close,
            Code::Enter if can_act => {
                self.is_on_its_way = true;
                return Outcome::AcceptHandoff;
            }
            Code::Char('e') if can_act && (!key.ctrl || is_leading) => return Outcome::EditHandoff,
            Code::Char('x') if !key.ctrl && !self.is_on_its_way => return Outcome::DraftHandoff,
            Code::Down | Code::Char('j') => self.top += 1,
            Code::Up | Code::Char('k') => self.top = self.top.saturating_sub(1),
            Code::PageDown | Code::Char(' ') => self.top += page,
            Code::PageUp | Code::Char('b') => self.top = self.top.saturating_sub(page),
            Code::Home | Code::Char('g') => self.top = 0,
            Code::End | Code::Char('G') => self.top = self.lines.len(),
            _ => {}
        }
        self.clamp();
        Outcome::Stay
    }

    fn lay_out(&mut self) {
        let Some(draft) = &self.draft else { return };
        self.lines = lay_out_whole(&draft.document, self.columns, self.glyphs).lines;
        self.clamp();
    }

    fn clamp(&mut self) {
        self.top = self.top.min(self.lines.len().saturating_sub(self.rows));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::id::{Env, Ids};
    use crate::engine::time::Timestamp;

    #[test]
    fn whoever_leaves_before_the_draft_is_there_stops_what_writes_it() {
        let env = Env { now: Timestamp::from_millis(1), ids: Ids::seeded(1) };
        let (conversation, leader) = (ConversationId::new(&env), Key::ctrl('x'));
        let mut sheet = HandoffSheet::new("research".to_owned(), conversation, Glyphs::Unicode, (80, 24));
        assert_eq!(sheet.key(Key::plain(Code::Esc), leader), Outcome::DropDrafts(conversation));
    }
}
