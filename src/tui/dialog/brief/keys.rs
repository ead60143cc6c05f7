//! What each key does while a brief is composed.

use super::{BriefComposer, Field, Places};
use crate::engine::brief::Return;
use crate::tui::app::Action;
use crate::tui::app::action::{Context, Edit};
use crate::tui::dialog::Outcome;
use crate::tui::key::{Code, Key};

impl BriefComposer {
    pub(in crate::tui::dialog) fn key(&mut self, key: Key, leader: Key) -> Outcome {
        let after_leader = std::mem::take(&mut self.is_after_leader);
        self.told = None;
        if self.is_sending {
            return if key.code == Code::Esc { Outcome::KeepBrief } else { Outcome::Stay };
        }
        if after_leader {
            return self.leader_key(key, leader);
        }
        match key.code {
            _ if key == leader => self.is_after_leader = true,
            // The innermost thing first: what is awaited, then the composer.
            Code::Esc if self.stop_awaiting() => self.told = Some("Stopped: nothing is proposed.".to_owned()),
            Code::Char('c') if key.ctrl && self.stop_awaiting() => {
                self.told = Some("Stopped: nothing is proposed.".to_owned());
            }
            Code::Esc => return Outcome::KeepBrief,
            Code::Char('c') if key.ctrl => return Outcome::KeepBrief,
            Code::Tab => self.step(!key.shift),
            _ => return self.field_key(key),
        }
        Outcome::Stay
    }

    /// A key after the leader; a text field's keys are no letters of its text.
    fn leader_key(&mut self, key: Key, leader: Key) -> Outcome {
        match key.code {
            Code::Enter => {
                if self.preview.unjudged().is_empty() {
                    return Outcome::SendBrief;
                }
                self.field = Field::Locality;
                self.preview.seek();
            }
            Code::Char('e') if key.ctrl => {
                let field = if self.text(self.field).is_some() { self.field } else { Field::Objective };
                self.field = field;
                self.editing = Some(field);
                return Outcome::EditBrief;
            }
            Code::Char('t') => return Outcome::ListTemplates,
            Code::Char('a') => return Outcome::ListMaterial,
            Code::Char('k') => return Outcome::DropBrief,
            Code::Char('u') => self.take_back(),
            _ if self.keymap.action(Context::Leader, key) == Some(Action::Assist) => return Outcome::Assist,
            Code::Esc => {}
            Code::Char('c') if key.ctrl => {}
            _ => self.told = Some(format!("{leader} {key} means nothing here.")),
        }
        Outcome::Stay
    }

    fn field_key(&mut self, key: Key) -> Outcome {
        let judges = matches!(key.code, Code::Char('m' | 'k' | 'M' | 'K')) && !self.preview.unjudged().is_empty();
        if self.field == Field::Payload && judges {
            // Who reads what would cross meets the words there, with these two keys beside them.
            self.field = Field::Locality;
        }
        match self.field {
            Field::Payload | Field::Locality if key.code == Code::Char('u') && self.may_unjudge() => {
                return Outcome::JudgeAnew(self.unjudge());
            }
            // No letter marks a pane: whoever types words means the objective.
            Field::To if key.typed().is_some_and(char::is_alphabetic) => {
                self.field = Field::Objective;
                self.text_key(key);
            }
            Field::To => {
                if self.receivers.key(key) {
                    self.changed();
                }
            }
            Field::Context if matches!(key.code, Code::Enter | Code::Char('a')) => return Outcome::ListMaterial,
            Field::Context => {
                if self.material.key(key) {
                    self.changed();
                }
            }
            Field::More => {
                if matches!(key.code, Code::Enter | Code::Right | Code::Down | Code::Char(' ')) {
                    self.is_unfolded = true;
                    self.field = Field::DoneWhen;
                }
            }
            Field::Return => self.turn_return(key),
            Field::Payload => self.preview.key(key),
            Field::Locality => {
                if let Some((words, judgement)) = self.preview.judge(key) {
                    self.note_judged(words.clone());
                    return Outcome::Judge(words, judgement);
                }
            }
            Field::Objective | Field::DoneWhen | Field::Constraints | Field::Expected | Field::Unseal => {
                self.text_key(key);
            }
        }
        Outcome::Stay
    }

    fn text_key(&mut self, key: Key) {
        let columns = Places::text_columns(self.size);
        let action = self.keymap.action(Context::Write, key);
        let Some(text) = self.text_mut(self.field) else { return };
        match action {
            Some(Action::Send) if text.is_after_backslash() => {
                text.edit(Edit::Backspace, columns);
                text.insert("\n");
            }
            Some(Action::Send | Action::Newline) => text.insert("\n"),
            Some(Action::Edit(edit)) => {
                text.edit(edit, columns);
                if !edit.changes() {
                    return;
                }
            }
            _ => match key.typed() {
                Some(typed) => text.insert(typed.encode_utf8(&mut [0; 4])),
                None => return,
            },
        }
        self.changed();
    }

    fn turn_return(&mut self, key: Key) {
        let order = [Return::Ask, Return::Auto, Return::None];
        let at = order.iter().position(|known| *known == self.returns).unwrap_or(0);
        let next = match key.code {
            Code::Char(' ') | Code::Enter | Code::Right => at + 1,
            Code::Left => at + 2,
            _ => return,
        };
        self.returns = order[next % order.len()];
        self.changed();
    }

    fn step(&mut self, forward: bool) {
        let fields = self.fields();
        let at = fields.iter().position(|field| *field == self.field).unwrap_or(0);
        let next = if forward { at + 1 } else { at + fields.len() - 1 } % fields.len();
        self.field = fields[next];
        if self.field == Field::Locality {
            self.preview.seek();
        }
    }
}
