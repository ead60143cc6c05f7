//! A pane by its name, after `@` on an empty line. What turns out to be no pane's name is text after all.

use super::Outcome;
use super::list::{List, Row};
use crate::engine::settings::PaneName;
use crate::tui::key::{Code, Key};

/// The panes to choose from.
#[derive(Debug, Clone)]
pub struct PanePicker {
    /// The pane it was opened in.
    pub origin: PaneName,
    /// The panes.
    pub list: List,
    panes: Vec<PaneName>,
}

impl PanePicker {
    /// A choice of these panes.
    pub fn new(origin: PaneName, panes: Vec<PaneName>) -> Self {
        let row = |(at, name): (usize, &PaneName)| Row { name: name.clone(), told: format!("pane {}", at + 1) };
        Self { origin, list: List::new(panes.iter().enumerate().map(row).collect()), panes }
    }

    pub(super) fn key(&mut self, key: Key) -> Outcome {
        let written = self.list.filter.text();
        let text = format!("@{written}");
        match key.code {
            Code::Esc | Code::Backspace if written.is_empty() => Outcome::Close,
            Code::Esc => Outcome::Type(self.origin.clone(), text),
            // As the first word of a message it begins a brief.
            Code::Tab => match self.list.chosen() {
                Some(at) => Outcome::Type(self.origin.clone(), format!("@{} ", self.panes[at])),
                None => Outcome::Stay,
            },
            Code::Enter => match self.list.chosen() {
                Some(at) => Outcome::Focus(self.panes[at].clone()),
                None => Outcome::Type(self.origin.clone(), text),
            },
            _ => {
                self.list.key(key);
                // A file's name, or a word: nothing to choose is left, so it goes where it was begun.
                let is_text = self.list.chosen().is_none() || key.typed() == Some(' ');
                if is_text {
                    return Outcome::Type(self.origin.clone(), format!("@{}", self.list.filter.text()));
                }
                Outcome::Stay
            }
        }
    }
}
