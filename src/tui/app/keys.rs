//! From a key to what it means: dialogs first, then what is pending, then the layer.

use super::action::Context;
use super::completing::Naming;
use super::draft::Draft;
use super::{Action, App, Layer, Pending, after};
use crate::tui::dialog::{Dialog, Palette, PanePicker};
use crate::tui::key::{Code, Key};
use crate::tui::layout::Direction;

/// Keys that follow a burst this closely belong to it: terminals cut long pastes into pieces.
const BURST_GAP_MS: i64 = 60;
/// Text beyond this many bytes goes along as an attachment instead of standing in the composer.
pub(super) const LONG_PASTE: usize = 32 * 1024;

impl App {
    /// Takes keys that arrived in one moment. Lines that arrive faster than anybody types are a paste and never send.
    pub(super) fn keys(&mut self, keys: &[Key]) {
        let follows = self.burst_at.is_some_and(|burst| self.now <= after(burst, BURST_GAP_MS));
        if let Some(text) = burst(keys, follows) {
            self.burst_at = Some(self.now);
            self.paste(&text);
            return;
        }
        for key in keys {
            self.key(*key);
        }
    }

    fn key(&mut self, key: Key) {
        if self.was_for_needs(key) {
            return;
        }
        self.notice = None;
        if let Some(pane) = self.focused_mut() {
            pane.notice = None;
            pane.badge = None;
            // Whoever goes on writing doesn't send it yet.
            if matches!(pane.naming, Naming::Sends(_)) {
                pane.naming = Naming::Nothing;
            }
        }
        if self.pending != Pending::Select && !self.quotes(key) {
            let pane = self.selection.take().and_then(|selection| self.pane_mut(&selection.pane));
            // What was told of it goes with it.
            if let Some(pane) = pane {
                pane.notice = None;
            }
        }
        if !self.dialogs.is_empty() {
            self.dialog_key(key);
            return;
        }
        match std::mem::take(&mut self.pending) {
            Pending::Leader(_) => self.leader_key(key),
            Pending::Resize => self.resize_key(key),
            Pending::Select => self.select_key(key),
            Pending::Nothing if key == self.keymap.leader() => self.pending = Pending::Leader(self.now),
            Pending::Nothing => match self.layer {
                Layer::Write => self.write_key(key),
                Layer::Read => self.read_key(key),
            },
        }
    }

    /// Whether a key needs what is selected: it quotes it, or is the leader, after which another one may.
    fn quotes(&self, key: Key) -> bool {
        let bound = |context| self.keymap.action(context, key);
        self.dialogs.is_empty()
            && match self.pending {
                Pending::Leader(_) => bound(Context::Leader) == Some(Action::Brief),
                Pending::Nothing if key == self.keymap.leader() => true,
                Pending::Nothing => self.layer == Layer::Read && bound(Context::Read) == Some(Action::BriefFromHere),
                Pending::Resize | Pending::Select => false,
            }
    }

    fn leader_key(&mut self, key: Key) {
        if let Some(action) = self.keymap.action(Context::Leader, key) {
            self.perform(action);
        } else if key.code != Code::Esc && key != Key::ctrl('c') && key != self.keymap.leader() {
            let leader = self.keymap.leader();
            self.tell_here(format!("{leader} {key} means nothing. {leader} p lists every command."));
        }
    }

    fn resize_key(&mut self, key: Key) {
        let towards = match key.code {
            Code::Left | Code::Char('h') => Direction::Left,
            Code::Right | Code::Char('l') => Direction::Right,
            Code::Up | Code::Char('k') => Direction::Up,
            Code::Down | Code::Char('j') => Direction::Down,
            Code::Char('=') => {
                self.even_out();
                self.pending = Pending::Resize;
                return;
            }
            _ => return,
        };
        self.pending = Pending::Resize;
        self.grow(towards);
    }

    fn write_key(&mut self, key: Key) {
        if self.is_blank()
            && let Some(typed) = key.typed()
            && self.opens(typed)
        {
            return;
        }
        if let Some(action) = self.keymap.action(Context::Write, key) {
            // A backslash before Enter asks for a new line, where no other key for it gets through.
            if action == Action::Send && self.continues_line() {
                return;
            }
            self.perform(action);
        } else if let Some(typed) = key.typed() {
            self.type_text(typed.encode_utf8(&mut [0; 4]));
        } else if key.code == Code::Tab {
            self.type_text("\t");
        } else if key.alt {
            // Esc and a letter in one moment arrive as Alt with the letter, in tmux always.
            self.perform(Action::Read);
            if key.code != Code::Esc {
                self.key(key.without_alt());
            }
        }
    }

    /// Whether no text is written in the focused pane.
    pub(super) fn is_blank(&self) -> bool {
        self.focused_pane().is_some_and(|pane| pane.composer.is_blank())
    }

    /// Whether nothing is written before the cursor of the focused pane.
    pub(super) fn is_at_start(&self) -> bool {
        self.focused_pane().is_some_and(|pane| pane.composer.cursor() == (0, 0))
    }

    fn read_key(&mut self, key: Key) {
        let key = if key.alt && key.code == Code::Esc { key.without_alt() } else { key };
        if let Some(action) = self.keymap.action(Context::Read, key) {
            self.perform(action);
        } else if key.code == Code::Esc {
            self.leave_reading();
        } else if key.typed().is_some() {
            self.tell_here("Reading: i writes.");
        } else if key.alt {
            self.read_key(key.without_alt());
        }
    }

    /// What a character opens in an empty composer.
    fn opens(&mut self, typed: char) -> bool {
        let origin = self.focused.clone();
        let dialog = match typed {
            '/' => Dialog::Palette(Palette::new(origin, &self.keymap)),
            '?' => {
                self.perform(Action::Help);
                return true;
            }
            '@' => {
                let panes = self.open_panes().into_iter().cloned().collect();
                Dialog::Panes(PanePicker::new(origin, panes))
            }
            _ => return false,
        };
        self.dialogs.push(dialog);
        true
    }

    fn continues_line(&mut self) -> bool {
        let columns = self.composer_columns();
        let Some(pane) = self.focused_mut() else { return false };
        if !pane.composer.is_after_backslash() {
            return false;
        }
        pane.composer.edit(super::action::Edit::Backspace, columns);
        self.type_text("\n");
        true
    }

    /// Writes text into the focused composer, in whatever layer.
    pub(super) fn type_text(&mut self, text: &str) {
        let now = self.now;
        if let Some(pane) = self.focused_mut() {
            pane.composer.insert(text);
            pane.draft_changed = Some(now);
        }
    }

    /// A paste goes to the composer, whatever the layer; a long one goes along with it.
    pub(super) fn paste(&mut self, text: &str) {
        if let Some(dialog) = self.dialogs.last_mut() {
            let outcome = dialog.paste(text);
            self.follow(outcome);
            self.brief_changed(false);
            return;
        }
        self.pending = Pending::Nothing;
        self.layer = Layer::Write;
        if text.len() > LONG_PASTE {
            self.attach_paste(text);
        } else {
            self.type_text(text);
        }
    }

    /// The width of the focused composer.
    pub(super) fn composer_columns(&self) -> u16 {
        self.pane_area(&self.focused).map_or(80, |area| area.composer.width)
    }

    pub(super) fn go_through_history(&mut self, back: bool) {
        let written = |pane: &super::Pane| -> Vec<String> {
            let Some(conversation) = self.conversations.get(&pane.conversation) else { return Vec::new() };
            let own = |message: &&std::rc::Rc<crate::engine::message::Message>| {
                message.author == crate::engine::message::Author::Person
            };
            conversation.messages.iter().filter(own).map(|message| message.text()).collect()
        };
        let Some(older) = self.focused_pane().map(written) else { return };
        let now = self.now;
        let Some(pane) = self.focused_mut() else { return };
        pane.history.seed(older);
        let current = pane.composer.draft();
        let draft = if back { pane.history.back(current) } else { pane.history.forward() };
        if let Some(draft) = draft {
            pane.composer = super::composer::Composer::of(draft);
            pane.draft_changed = Some(now);
        }
    }

    /// Opens the search through what was written before: in this pane, then in the others, the newest first.
    pub(super) fn begin_recalling(&mut self) {
        let origin = self.focused.clone();
        let own = |pane: &&super::Pane| pane.name == origin;
        let (first, others): (Vec<_>, Vec<_>) = self.panes.iter().partition(own);
        let mut entries: Vec<Draft> = Vec::new();
        for pane in first.into_iter().chain(others) {
            let said = self.conversations.get(&pane.conversation).into_iter().flat_map(|known| &known.messages);
            let said = said.filter(|message| message.author == crate::engine::message::Author::Person);
            let said: Vec<Draft> = said.map(|message| Draft::of(message.text())).collect();
            // What was put away or sent since the program began is newer than what was loaded.
            for entry in pane.history.entries().iter().rev().cloned().chain(said.into_iter().rev()) {
                if !entry.is_empty() && !entries.iter().any(|known| known.text == entry.text) {
                    entries.push(entry);
                }
            }
        }
        if entries.is_empty() {
            self.tell_here("Nothing was written here before.");
        } else {
            self.dialogs.push(Dialog::Recall(crate::tui::dialog::Recall::new(origin, entries)));
        }
    }

    /// Puts the draft away into history. Returns whether there was one.
    pub(super) fn put_away(&mut self) -> bool {
        let now = self.now;
        let Some(pane) = self.focused_mut() else { return false };
        let was_branch = pane.composer.after.is_some();
        let draft: Draft = pane.composer.take();
        if draft.is_empty() && !was_branch {
            return false;
        }
        pane.history.push(draft);
        pane.draft_changed = Some(now);
        true
    }
}

/// The text of keys that came as a burst of lines: more than one, with something after a line's end.
fn burst(keys: &[Key], follows: bool) -> Option<String> {
    let mut text = String::with_capacity(keys.len());
    for key in keys {
        match key.code {
            Code::Enter if !key.ctrl && !key.alt => text.push('\n'),
            Code::Tab if !key.shift => text.push('\t'),
            // A line feed that isn't a key: terminals paste it as it is.
            Code::Char('j') if key.ctrl => text.push('\n'),
            _ => text.push(key.typed()?),
        }
    }
    let has_lines = text.trim_end_matches('\n').contains('\n') || text.ends_with("\n\n");
    let is_burst = keys.len() > 2 && has_lines || follows && keys.len() > 1 && text.contains('\n');
    is_burst.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<Key> {
        text.chars().map(|c| if c == '\n' { Key::plain(Code::Enter) } else { Key::char(c) }).collect()
    }

    #[test]
    fn a_burst_of_lines_is_a_paste_and_a_quick_enter_is_not() {
        assert_eq!(burst(&keys("a\nb"), false).as_deref(), Some("a\nb"));
        assert_eq!(burst(&keys("hello\n"), false), None, "typed quickly, sent over a slow line");
        assert_eq!(burst(&keys("rest\n"), true).as_deref(), Some("rest\n"), "the end of a paste that came in pieces");
        assert_eq!(burst(&keys("\n"), true), None);
    }
}
