//! Every command, by name.

use super::Outcome;
use super::list::{List, Row};
use crate::engine::settings::PaneName;
use crate::tui::app::action::TABLE;
use crate::tui::app::{Action, Keymap};
use crate::tui::key::{Code, Key};

/// The palette.
#[derive(Debug, Clone)]
pub struct Palette {
    /// The pane it was opened in.
    pub origin: PaneName,
    /// The commands.
    pub list: List,
    actions: Vec<Action>,
}

impl Palette {
    /// The palette of all commands, with the keys that do the same.
    pub fn new(origin: PaneName, keymap: &Keymap) -> Self {
        let commands: Vec<_> = TABLE.iter().filter(|row| row.is_command()).collect();
        let row = |row: &&crate::tui::app::action::Row| Row {
            name: format!("{} · {}", row.name.replace('-', " "), row.help),
            told: keymap.told(row),
        };
        Self {
            origin,
            list: List::new(commands.iter().map(row).collect()),
            actions: commands.iter().map(|row| row.action).collect(),
        }
    }

    pub(super) fn key(&mut self, key: Key) -> Outcome {
        match key.code {
            Code::Esc => Outcome::Close,
            Code::Enter => self.list.chosen().map_or(Outcome::Stay, |at| Outcome::Run(self.actions[at])),
            Code::Backspace if self.list.filter.text().is_empty() => Outcome::Close,
            _ => {
                self.list.key(key);
                Outcome::Stay
            }
        }
    }
}
