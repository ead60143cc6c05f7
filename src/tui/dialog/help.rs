//! What every key does, scrolled.

use super::Outcome;
use crate::tui::key::{Code, Key};

/// The help, from this line on.
#[derive(Debug, Clone, Default)]
pub struct Help {
    /// The first line in view.
    pub from: usize,
}

impl Help {
    pub(super) fn key(&mut self, key: Key) -> Outcome {
        match key.code {
            Code::Esc | Code::Enter | Code::Char('q') | Code::F(1) => return Outcome::Close,
            Code::Up | Code::Char('k') => self.from = self.from.saturating_sub(1),
            Code::Down | Code::Char('j') => self.from += 1,
            Code::PageUp | Code::Char('b') => self.from = self.from.saturating_sub(10),
            Code::PageDown | Code::Char(' ') => self.from += 10,
            Code::Home | Code::Char('g') => self.from = 0,
            _ => {}
        }
        // The table is finite; drawing shows its last page at most.
        self.from = self.from.min(crate::tui::app::action::TABLE.len() + 8);
        Outcome::Stay
    }
}
