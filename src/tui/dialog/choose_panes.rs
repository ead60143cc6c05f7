//! Panes that are marked in a list: to ask them all, or to gather what they answered.

use super::{Line, Outcome};
use crate::engine::settings::PaneName;
use crate::tui::app::action::{Context, Edit};
use crate::tui::app::composer::Composer;
use crate::tui::app::{Action, Keymap};
use crate::tui::key::{Code, Key};

/// A pane in such a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The pane.
    pub pane: PaneName,
    /// What is told of it.
    pub told: String,
    /// Why it can't be marked.
    pub refusal: Option<String>,
    /// The sealed pane whose text it shows: its name is typed before it is marked.
    pub sealed: Option<PaneName>,
    /// Whether it is marked.
    pub is_marked: bool,
}

/// Which part of the dialog keys belong to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Part {
    /// The text.
    #[default]
    Text,
    /// The list.
    Panes,
}

/// One question to several panes.
#[derive(Debug, Clone)]
pub struct AskSeveral {
    /// The pane it was opened in.
    pub origin: PaneName,
    /// The panes.
    pub choices: Vec<Choice>,
    /// The chosen row.
    pub at: usize,
    /// The question.
    pub composer: Composer,
    /// Where keys go.
    pub part: Part,
    keymap: Keymap,
}

/// The columns at which a question is edited here; it is shown at the same.
pub const COLUMNS: u16 = 60;

impl AskSeveral {
    /// All panes marked, nothing written.
    pub fn new(origin: PaneName, choices: Vec<Choice>, keymap: Keymap) -> Self {
        Self { origin, choices, at: 0, composer: Composer::default(), part: Part::Text, keymap }
    }

    /// The marked panes.
    pub fn marked(&self) -> Vec<PaneName> {
        marked(&self.choices)
    }

    pub(super) fn key(&mut self, key: Key) -> Outcome {
        match (key.code, self.part) {
            (Code::Esc, _) => Outcome::Close,
            (Code::Tab, _) => {
                self.part = if self.part == Part::Text { Part::Panes } else { Part::Text };
                Outcome::Stay
            }
            (_, Part::Panes) if key.code != Code::Enter => {
                move_and_mark(&mut self.choices, &mut self.at, key);
                Outcome::Stay
            }
            _ => self.text_key(key),
        }
    }

    fn text_key(&mut self, key: Key) -> Outcome {
        match self.keymap.action(Context::Write, key) {
            Some(Action::Send) if self.composer.is_after_backslash() => {
                self.composer.edit(Edit::Backspace, COLUMNS);
                self.composer.insert("\n");
            }
            Some(Action::Send) => {
                let (panes, text) = (self.marked(), self.composer.text());
                if !panes.is_empty() && !text.trim().is_empty() {
                    return Outcome::Ask(panes, text);
                }
            }
            Some(Action::Newline) => self.composer.insert("\n"),
            Some(Action::Edit(edit)) => self.composer.edit(edit, COLUMNS),
            _ => {
                if let Some(typed) = key.typed() {
                    self.composer.insert(typed.encode_utf8(&mut [0; 4]));
                }
            }
        }
        Outcome::Stay
    }
}

/// Other panes' last answers for this pane's composer.
#[derive(Debug, Clone)]
pub struct Gather {
    /// The pane that they are brought into.
    pub origin: PaneName,
    /// The panes.
    pub choices: Vec<Choice>,
    /// The chosen row.
    pub at: usize,
    /// Whether the name of the chosen row's sealed pane is being typed.
    pub is_typing: bool,
    /// That name, as far as it is typed.
    pub line: Line,
    /// Why the last key did nothing.
    pub said: Option<String>,
}

impl Gather {
    /// A choice of these panes, as they are marked.
    pub const fn new(choices: Vec<Choice>, origin: PaneName) -> Self {
        Self { origin, choices, at: 0, is_typing: false, line: Line::EMPTY, said: None }
    }

    /// The sealed pane whose name is being typed.
    pub fn sealed(&self) -> Option<&PaneName> {
        self.choices.get(self.at).and_then(|choice| choice.sealed.as_ref()).filter(|_| self.is_typing)
    }

    pub(super) fn key(&mut self, key: Key) -> Outcome {
        self.said = None;
        if let Some(name) = self.sealed().cloned() {
            self.type_name(&name, key);
            return Outcome::Stay;
        }
        match key.code {
            Code::Esc => return Outcome::Close,
            Code::Enter => return self.done(),
            _ => {
                let is_locked =
                    |choice: &Choice| choice.sealed.is_some() && !choice.is_marked && choice.refusal.is_none();
                match row_to_mark(self.at, key).filter(|at| self.choices.get(*at).is_some_and(is_locked)) {
                    Some(at) => (self.at, self.is_typing, self.line) = (at, true, Line::EMPTY),
                    None => move_and_mark(&mut self.choices, &mut self.at, key),
                }
            }
        }
        Outcome::Stay
    }

    fn done(&mut self) -> Outcome {
        let from = marked(&self.choices);
        if from.is_empty() {
            let can_any = self.choices.iter().any(|choice| choice.refusal.is_none());
            let why = if can_any {
                "Mark a pane first: Space, or its digit."
            } else {
                "There is nothing to gather yet: no other pane has an answer."
            };
            self.said = Some(why.to_owned());
            return Outcome::Stay;
        }
        let let_out = self.choices.iter().filter(|choice| choice.is_marked);
        let unseal = let_out.filter_map(|choice| choice.sealed.clone()).collect();
        Outcome::Gather(self.origin.clone(), from, unseal)
    }

    fn type_name(&mut self, name: &str, key: Key) {
        match key.code {
            Code::Esc => self.is_typing = false,
            Code::Enter if self.line.text().trim() == name => {
                self.is_typing = false;
                self.choices[self.at].is_marked = true;
            }
            Code::Enter => self.said = Some(format!("Type {name}, the whole name, to let it out.")),
            _ => drop(self.line.key(key)),
        }
    }
}

fn marked(choices: &[Choice]) -> Vec<PaneName> {
    choices.iter().filter(|choice| choice.is_marked).map(|choice| choice.pane.clone()).collect()
}

fn move_and_mark(choices: &mut [Choice], at: &mut usize, key: Key) {
    let last = choices.len().saturating_sub(1);
    match key.code {
        Code::Up | Code::Char('k') => *at = at.saturating_sub(1),
        Code::Down | Code::Char('j') => *at = (*at + 1).min(last),
        _ => {
            if let Some(row) = row_to_mark(*at, key) {
                mark(choices.get_mut(row));
            }
        }
    }
}

/// The row that a key marks: the chosen one, or that of its digit.
fn row_to_mark(at: usize, key: Key) -> Option<usize> {
    match key.code {
        Code::Char(' ') => Some(at),
        Code::Char(digit) => digit.to_digit(10).and_then(|digit| (digit as usize).checked_sub(1)),
        _ => None,
    }
}

fn mark(choice: Option<&mut Choice>) {
    if let Some(choice) = choice.filter(|choice| choice.refusal.is_none()) {
        choice.is_marked = !choice.is_marked;
    }
}
