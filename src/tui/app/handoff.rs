//! Handing off by hand, going back, and bringing a message of an older context along.

use super::message::{Command, Origin};
use super::scroll::Scroll;
use super::{Action, App, Layer};
use crate::engine::id::ConversationId;
use crate::engine::op::{Op, Reply};
use crate::tui::dialog::{ConversationPicker, Dialog, HandoffSheet, Outcome, Row, short};
use crate::tui::text::sanitise::one_line;
use crate::tui::transcript::message::time;
use crate::tui::transcript::seam::written_by;

impl App {
    /// Asks for a handoff's draft, and opens the sheet that waits for it.
    pub(super) fn open_handoff(&mut self) {
        let origin = self.focused.clone();
        let Some(overview) = self.addressed(&origin).map(|known| &known.overview) else { return };
        if overview.messages == 0 {
            return self.tell_here("There is nothing to hand off yet.");
        }
        let writer = (!overview.model.is_offline()).then(|| one_line(self.models.called(&overview.model)).into_owned());
        let mut sheet = HandoffSheet::new(origin, overview.id, self.glyphs, self.size);
        sheet.writer = writer;
        self.dialogs.push(Dialog::Handoff(Box::new(sheet)));
        self.draft_handoff(false);
    }

    /// Hands the focused pane's conversation off without showing a draft first.
    pub(super) fn hand_off_now(&mut self) {
        let pane = self.focused.clone();
        let Some(conversation) = self.addressed(&pane).map(|known| known.overview.id) else { return };
        self.post(Origin::Pane(pane), Op::Handoff { conversation, extractive: false, draft: false });
    }

    pub(super) fn handoff_sheet(&mut self) -> Option<&mut HandoffSheet> {
        self.dialogs.iter_mut().rev().find_map(|dialog| match dialog {
            Dialog::Handoff(sheet) => Some(&mut **sheet),
            _ => None,
        })
    }

    pub(super) fn follow_handoff(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::DraftHandoff => self.draft_handoff(true),
            Outcome::AcceptHandoff => self.accept_handoff(),
            Outcome::EditHandoff => {
                let Some(sheet) = self.handoff_sheet() else { return };
                let Some(text) = sheet.draft.as_ref().map(|draft| draft.document.clone()) else { return };
                sheet.is_edited = true;
                let command = Command::OpenEditor(sheet.origin.clone(), text);
                self.command(command);
            }
            _ => {}
        }
    }

    /// Nobody waits for a draft any more: what writes it is stopped.
    pub(super) fn drop_drafts(&mut self, conversation: ConversationId) {
        self.post(Origin::HandoffDraft(conversation, 0), Op::DropDrafts { conversation });
    }

    fn draft_handoff(&mut self, extractive: bool) {
        let Some(sheet) = self.handoff_sheet() else { return };
        let waited = sheet.draft.is_none() && sheet.asked > 0;
        let conversation = sheet.conversation;
        if waited {
            self.drop_drafts(conversation);
        }
        let Some(sheet) = self.handoff_sheet() else { return };
        sheet.asked += 1;
        (sheet.draft, sheet.said) = (None, None);
        if extractive {
            sheet.writer = None;
        }
        let (conversation, asked) = (sheet.conversation, sheet.asked);
        self.post(Origin::HandoffDraft(conversation, asked), Op::Handoff { conversation, extractive, draft: true });
    }

    fn accept_handoff(&mut self) {
        let Some(sheet) = self.handoff_sheet() else { return };
        let Some(draft) = &sheet.draft else { return };
        let (conversation, head, document) = (draft.conversation, draft.head, draft.document.clone());
        let drafted = sheet.drafted();
        self.post(Origin::Handoff(conversation), Op::AcceptHandoff { conversation, head, document, drafted });
    }

    /// The draft is written, or can't be; a sheet that was closed or asked anew takes nothing.
    pub(super) fn handoff_drafted(&mut self, conversation: ConversationId, asked: u64, reply: Reply) {
        let waits = |sheet: &&mut HandoffSheet| sheet.conversation == conversation && sheet.asked == asked;
        let Some(sheet) = self.handoff_sheet().filter(waits) else { return };
        match reply {
            Reply::HandoffDraft(draft) => sheet.take(*draft),
            Reply::Refused(refusal) => sheet.said = Some(refusal.message),
            _ => {}
        }
    }

    /// The conversation was handed off, or why not is told where it was asked.
    pub(super) fn handoff_accepted(&mut self, conversation: ConversationId, reply: Reply) {
        match reply {
            Reply::HandedOff { .. } => {
                self.dialogs
                    .retain(|dialog| !matches!(dialog, Dialog::Handoff(sheet) if sheet.conversation == conversation));
            }
            Reply::Refused(refusal) => {
                let waits = |sheet: &&mut HandoffSheet| sheet.conversation == conversation;
                if let Some(sheet) = self.handoff_sheet().filter(waits) {
                    (sheet.is_on_its_way, sheet.said) = (false, Some(refusal.message));
                } else {
                    let pane = self.panes.iter().find(|pane| pane.addressee == conversation);
                    let name = pane.map_or_else(|| self.focused.clone(), |pane| pane.name.clone());
                    self.tell(&name, refusal.message);
                }
            }
            _ => {}
        }
    }

    /// The editor's text, if a draft was in it; anything else is handed back.
    pub(super) fn handoff_edited(&mut self, text: Result<String, String>) -> Option<Result<String, String>> {
        let Some(sheet) = self.handoff_sheet().filter(|sheet| sheet.is_edited) else { return Some(text) };
        sheet.is_edited = false;
        match text {
            Ok(text) => sheet.edited(&text),
            Err(why) => sheet.said = Some(why),
        }
        None
    }

    /// Back to before the handoff that the pane's conversation began with.
    pub(super) fn undo_handoff(&mut self) {
        let pane = self.focused.clone();
        let Some(overview) = self.addressed(&pane).map(|known| &known.overview) else { return };
        if overview.succession.received.is_none() {
            let key = self.told(Action::Lineage);
            let more = if overview.succession.successor.is_some() {
                format!(" {key} shows what went on from here.")
            } else {
                String::new()
            };
            return self.tell_here(format!("There is no handoff to undo: this conversation began here.{more}"));
        }
        let conversation = overview.id;
        self.post(Origin::Undo(pane), Op::UndoHandoff { conversation });
    }

    pub(super) fn handoff_undone(&mut self, name: &str, reply: Reply) {
        match reply {
            Reply::Conversation { conversation } => {
                self.look_at(name, conversation);
                self.set_scroll(name, Scroll::Follow, None);
                let key = self.told(Action::LookOn);
                let told = format!(
                    "Back before the handoff. The fresh context is kept: in Read, {key} shows it. This one is not handed off by itself any more."
                );
                self.tell(name, told);
            }
            Reply::Refused(refusal) => self.tell(name, refusal.message),
            _ => {}
        }
    }

    /// Shows the handoff's document whole, or folds it.
    pub(super) fn unfold(&mut self) {
        let Some((name, id)) = self.focused_pane().map(|pane| (pane.name.clone(), pane.conversation)) else { return };
        let Some(conversation) = self.conversations.get_mut(&id) else { return };
        if conversation.overview.succession.received.is_none() {
            return self.tell_here("There is no handoff's document here to unfold.");
        }
        conversation.is_unfolded = !conversation.is_unfolded;
        self.set_scroll(&name, Scroll::At { position: 0, line: 0 }, None);
        self.select(0);
    }

    /// Takes the selected message along with the next one.
    pub(super) fn recall(&mut self) {
        let Some(pane) = self.focused_pane() else { return };
        let (name, conversation) = (pane.name.clone(), pane.addressee);
        let selected = self.conversations.get(&pane.conversation).and_then(|shown| shown.message(pane.selected));
        let Some((message, number)) = selected.map(|message| (message.id, message.number)) else {
            return self.tell_here("There is no message here to take along.");
        };
        self.tell_here(format!("m{number} goes along with your next message."));
        self.post(Origin::Attach(name), Op::Recall { conversation, message });
    }

    /// Opens the list of the lineage's conversations.
    pub(super) fn open_lineage(&mut self) {
        let origin = self.focused.clone();
        let Some(pane) = self.pane(&origin) else { return };
        let (addressee, shown) = (pane.addressee, pane.conversation);
        let lineage = self.lineage_of(addressee);
        if lineage.len() < 2 {
            return self.tell_here("This conversation was not handed off: it is its own whole lineage.");
        }
        let at = lineage.iter().position(|(id, _)| *id == shown).unwrap_or(0);
        let rows =
            lineage.iter().filter_map(|(id, depth)| Some((*id, self.lineage_row(*id, *depth, addressee, shown)?)));
        let mut picker = ConversationPicker::new(origin, rows.collect());
        picker.is_lineage = true;
        picker.list.choose(at);
        self.layer = Layer::Read;
        self.dialogs.push(Dialog::Conversations(picker));
    }

    /// `  2 continued 10:58` and what is known of it.
    fn lineage_row(
        &self,
        id: ConversationId,
        depth: usize,
        addressee: ConversationId,
        shown: ConversationId,
    ) -> Option<Row> {
        let known = self.conversations.get(&id)?;
        let overview = &known.overview;
        let began = time(id.began(), &self.zone);
        let indent = "  ".repeat(depth.min(12));
        let name = match &overview.succession.received {
            Some(_) => format!("{indent}{} continued {began}", depth + 1),
            None => format!("{indent}{} began {began}", depth + 1),
        };
        let before = overview.predecessor.and_then(|id| self.conversations.get(&id));
        let is_undone = before.is_some_and(|before| before.goes_on_in() != Some(id));
        let is_both = id == shown && id == addressee;
        let marks = [
            (is_both, "here"),
            (id == shown && !is_both, "shown now"),
            (id == addressee && !is_both, "you write here"),
            (is_undone, "undone"),
        ];
        let mut told: Vec<String> =
            marks.into_iter().filter(|(is_so, _)| *is_so).map(|(_, mark)| mark.to_owned()).collect();
        told.push(match overview.messages {
            1 => "1 message".to_owned(),
            count => format!("{count} messages"),
        });
        if let Some(handoff) = &overview.succession.received {
            let arrow = self.glyphs.of(crate::tui::theme::Glyph::Arrow);
            told.push(format!("{} {arrow} {} tokens", short(handoff.before), short(handoff.after)));
            told.push(written_by(&handoff.by));
        }
        Some(Row { name, told: told.join(" · ") })
    }
}
