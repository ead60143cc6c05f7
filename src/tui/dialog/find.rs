//! Words to find in one conversation.

use super::Outcome;
use super::line::Line;
use crate::engine::settings::PaneName;
use crate::tui::key::{Code, Key};

/// The words that are being written.
#[derive(Debug, Clone)]
pub struct Find {
    /// The pane whose conversation is searched.
    pub origin: PaneName,
    /// The words.
    pub line: Line,
}

impl Find {
    /// Nothing written yet.
    pub fn new(origin: PaneName) -> Self {
        Self { origin, line: Line::default() }
    }

    pub(super) fn key(&mut self, key: Key) -> Outcome {
        match key.code {
            Code::Esc => Outcome::Close,
            Code::Enter => Outcome::Find(self.origin.clone(), self.line.text().to_owned()),
            _ => {
                self.line.key(key);
                Outcome::Stay
            }
        }
    }
}
