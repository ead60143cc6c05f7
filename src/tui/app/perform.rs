//! What each action does. Arms stay short; the doing is with its noun.

use super::action::Edit;
use super::message::{Command, Looks, Origin};
use super::{Action, App, Layer};
use crate::engine::message::{Author, Interruption};
use crate::engine::op::Op;
use crate::tui::dialog::{AskSeveral, Dialog, Gather, Help, LocalityPicker, ModelPicker, Palette, SearchAll};
use crate::tui::transcript::Cache;

const STOPPED: &str = "Stopped. What waited was not sent: it is in the composer.";

impl App {
    /// Does what an action means, for the focused pane.
    pub(super) fn perform(&mut self, action: Action) {
        match action {
            Action::Stop => self.stop(),
            Action::Suspend => self.command(Command::Suspend),
            Action::PageUp => self.scroll_page(-1),
            Action::PageDown => self.scroll_page(1),
            Action::Send => self.send(),
            Action::Newline => self.type_text("\n"),
            Action::Read => self.begin_reading(),
            Action::Write => self.leave_reading(),
            Action::Edit(Edit::Up) if self.is_at_start() && (self.take_back() || self.take_question_back()) => {}
            Action::Edit(Edit::ToLineStart) if self.is_blank() && self.take_off() => {}
            Action::Edit(Edit::Undo) if self.is_blank() && self.put_on() => {}
            Action::Complete => self.complete(),
            Action::TakeBack => {
                if !self.take_back() && !self.take_question_back() {
                    self.tell_here("Nothing waits here to be sent.");
                }
            }
            Action::Edit(edit) => {
                let (columns, now) = (self.composer_columns(), self.now);
                if let Some(pane) = self.focused_mut() {
                    pane.composer.edit(edit, columns);
                    pane.draft_changed = Some(now);
                }
            }
            Action::HistoryBack => self.go_through_history(true),
            Action::HistoryForward => self.go_through_history(false),
            Action::Pane(number) => self.focus_number(number),
            Action::Focus(towards) => self.focus_towards(towards),
            Action::FocusNext => self.focus_step(true),
            Action::Needy => self.open_needs(),
            Action::Trace => self.trace(),
            Action::Names => self.open_names(),
            Action::HandOff => self.open_handoff(),
            Action::UndoHandoff => self.undo_handoff(),
            Action::Move => self.move_or_back(),
            Action::Lineage => self.open_lineage(),
            Action::LookBack => self.look_back(),
            Action::LookOn => self.look_on(),
            Action::Unfold => self.unfold(),
            Action::Recall => self.recall(),
            Action::CopyReal => self.copy_with_real_names(),
            Action::Zoom => self.zoom(),
            Action::Split(axis) => self.split(axis),
            Action::ClosePane => self.close_pane(),
            Action::ReopenPane => self.reopen_pane(),
            Action::Resize => self.begin_resize(),
            Action::NewConversation => {
                let pane = self.focused.clone();
                self.post(Origin::Pane(pane.clone()), Op::NewConversation { pane });
            }
            Action::Continue => self.ask_again(),
            Action::Editor => self.open_editor(),
            Action::StopAll => self.stop_all(),
            Action::Reload => self.command(Command::Reload),
            Action::Themes => self.command(Command::Themes),
            Action::Quit => {
                self.leaving_for = None;
                self.quit();
            }
            Action::LineDown => self.scroll_here(1),
            Action::LineUp => self.scroll_here(-1),
            Action::MessageDown => self.select_by(1),
            Action::MessageUp => self.select_by(-1),
            Action::Top => self.go_to_top(),
            Action::Bottom => self.go_to_bottom(),
            Action::HalfDown => self.scroll_half(1),
            Action::HalfUp => self.scroll_half(-1),
            Action::CodeDown => self.go_to_code(true),
            Action::CodeUp => self.go_to_code(false),
            Action::Layouts => self.open_layouts(),
            Action::Workspaces => self.open_workspaces(),
            Action::Find => self.begin_finding(),
            Action::FindNext => self.find_step(&self.focused.clone(), 1),
            Action::FindBack => self.find_step(&self.focused.clone(), -1),
            Action::Copy => self.copy_message(),
            Action::CopyPlain => self.copy_plain(),
            Action::Select => self.begin_selecting(),
            Action::HistorySearch => self.begin_recalling(),
            Action::CopyCode => self.copy_code(),
            Action::Wide => self.open_wide(),
            Action::Pin => self.pin(),
            Action::EditMessage => self.edit_message(),
            Action::Regenerate => self.regenerate(),
            Action::Fork => self.fork(),
            Action::Brief if self.selection.is_some() => self.brief_from_here(),
            Action::Brief => self.open_brief(),
            Action::BriefFromHere => self.brief_from_here(),
            Action::Assist => self.open_assisted(),
            Action::Help
            | Action::Conversations
            | Action::Palette
            | Action::Model
            | Action::AskSeveral
            | Action::Gather
            | Action::Locality
            | Action::SearchAll => self.open_dialog(action),
        }
    }

    fn open_dialog(&mut self, action: Action) {
        let origin = self.focused.clone();
        let dialog = match action {
            Action::Help => Dialog::Help(Help::default()),
            Action::Model => {
                self.command(Command::Discover);
                let current = self.shown(&origin).map(|conversation| conversation.overview.model.clone());
                Dialog::Model(ModelPicker::new(origin, current, self.known_offers()))
            }
            Action::AskSeveral => {
                Dialog::AskSeveral(Box::new(AskSeveral::new(origin, self.targets(), self.keymap.clone())))
            }
            Action::Gather => Dialog::Gather(Gather::new(self.sources(&origin), origin)),
            Action::Locality => {
                let Some(conversation) = self.shown(&origin) else { return };
                let known = &conversation.overview;
                let file = self.settings.panes.iter().find(|(name, _)| *name == known.pane);
                let picker = LocalityPicker::new(origin, known.id, known.pane.clone(), known.settings.clone());
                Dialog::Locality(picker.beside(file.map(|(_, settings)| settings)))
            }
            Action::Conversations => return self.open_conversations(&origin),
            Action::SearchAll => Dialog::SearchAll(SearchAll::new(origin)),
            _ => Dialog::Palette(Palette::new(origin, &self.keymap)),
        };
        self.dialogs.push(dialog);
    }

    fn scroll_page(&mut self, way: isize) {
        let name = self.focused.clone();
        let rows = self.pane_area(&name).map_or(10, |area| area.transcript.height);
        self.scroll(&name, way * usize::from(rows.saturating_sub(2).max(1)).cast_signed());
        self.select_after_scrolling();
    }

    fn scroll_half(&mut self, way: isize) {
        let rows = self.pane_area(&self.focused).map_or(10, |area| area.transcript.height);
        self.scroll_here(way * usize::from((rows / 2).max(1)).cast_signed());
    }

    fn scroll_here(&mut self, lines: isize) {
        let name = self.focused.clone();
        self.scroll(&name, lines);
        self.select_after_scrolling();
    }

    fn stop(&mut self) {
        let name = self.focused.clone();
        let Some(conversation) = self.addressed(&name) else { return };
        if conversation.is_underway() {
            let conversation = conversation.overview.id;
            // At once: the answer may end of itself before the engine stops it.
            self.give_back(&name, STOPPED);
            self.post(Origin::Pane(name), Op::Stop { conversation });
        } else if self.put_away() {
            let told = "Put away: Ctrl-P brings it back.";
            self.tell_here(told);
        } else {
            let key = self.told(Action::Quit);
            self.tell_here(format!("{key} quits."));
        }
    }

    fn stop_all(&mut self) {
        if self.running() == 0 {
            self.tell_here("Nothing runs.");
        } else {
            let names: Vec<_> = self.panes.iter().map(|pane| pane.name.clone()).collect();
            for name in names {
                self.give_back(&name, STOPPED);
            }
            let pane = self.focused.clone();
            self.post(Origin::Pane(pane), Op::StopAll { by: Interruption::Person });
        }
    }

    fn ask_again(&mut self) {
        let pane = self.focused.clone();
        let Some(conversation) = self.addressed(&pane) else { return };
        if conversation.is_broken_off() || conversation.overview.turn.is_some() {
            let id = conversation.overview.id;
            // What had come leaves the screen: that it isn't lost is said.
            let newest = conversation.messages.back().filter(|_| conversation.has_end());
            let kept = newest.filter(|newest| newest.author == Author::Model).map(|newest| newest.number);
            self.post(Origin::Pane(pane), Op::Continue { conversation: id });
            if let Some(number) = kept {
                self.tell_here(format!("m{number} broke off: a new answer takes its place, and it stays on disk."));
            }
        } else {
            self.tell_here("No answer broke off here. In Read, r asks a question again.");
        }
    }

    fn open_editor(&mut self) {
        let Some(pane) = self.focused_pane() else { return };
        let command = Command::OpenEditor(pane.name.clone(), pane.composer.text());
        self.command(command);
    }

    /// The editor's text takes the composer's place; what goes along stays.
    pub(super) fn edited(&mut self, name: &str, text: Result<String, String>) {
        self.command(Command::Redraw);
        let Some(text) = self.brief_edited(name, text) else { return };
        let Some(text) = self.handoff_edited(text) else { return };
        let now = self.now;
        match (text, self.pane_mut(name)) {
            (Ok(text), Some(pane)) => {
                let mut draft = pane.composer.take();
                draft.text = text.trim_end_matches('\n').into();
                pane.composer = super::composer::Composer::of(draft);
                pane.draft_changed = Some(now);
                self.layer = Layer::Write;
            }
            (Err(why), _) => self.tell(name, why),
            (Ok(_), None) => {}
        }
    }

    /// Takes new looks, or keeps the old ones and says why. Pane settings come as facts.
    pub(super) fn reloaded(&mut self, looks: Result<Box<Looks>, String>) {
        match looks {
            Ok(looks) => {
                let Looks { theme, theme_name, glyphs, keymap, links, telling, doubts } = *looks;
                self.teller.wants = telling;
                self.wear_configured(theme, theme_name);
                self.links.turn(links);
                if self.glyphs != glyphs {
                    self.cache = Cache::default();
                }
                (self.glyphs, self.keymap) = (glyphs, keymap);
                let mut told = vec!["The configuration was read again and is in force.".to_owned()];
                told.extend(doubts);
                self.notice = Some(told.join(" "));
            }
            Err(why) => self.notice = Some(format!("{why} Everything stays as it was.")),
        }
    }

    pub(super) fn quit(&mut self) {
        if self.running() == 0 {
            self.quit_now();
        } else {
            self.dialogs.push(Dialog::Quit);
        }
    }

    /// Saves what is nobody's history, stops what runs as interrupted, and leaves.
    pub(super) fn quit_now(&mut self) {
        self.is_quitting = true;
        self.save_everything();
        if self.is_closed || self.running() == 0 {
            self.command(Command::Quit);
        } else {
            self.post(Origin::Quit, Op::StopAll { by: Interruption::Shutdown });
        }
    }

    /// The runtime has ended: nothing can be saved or sent any more.
    pub(super) fn closed(&mut self) {
        self.is_closed = true;
        if self.is_quitting {
            self.command(Command::Quit);
        } else {
            self.notice = Some(
                "The workspace's writer has stopped. Copy what you need, then quit; what is on disk is safe."
                    .to_owned(),
            );
        }
    }
}
