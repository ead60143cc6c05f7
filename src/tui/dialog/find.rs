//! Words to find in one conversation: found while they are being written.

use super::Outcome;
use super::line::Line;
use crate::engine::settings::PaneName;
use crate::tui::app::scroll::Scroll;
use crate::tui::key::{Code, Key};

/// Where a pane was looked at before the search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stood {
    /// Its scroll.
    pub scroll: Scroll,
    /// Its selected message.
    pub selected: u32,
    /// The last message in view.
    pub item: u32,
}

/// The words that are being written.
#[derive(Debug, Clone)]
pub struct Find {
    /// The pane whose conversation is searched.
    pub origin: PaneName,
    /// The words.
    pub line: Line,
    /// Where it was looked at before.
    pub stood: Stood,
}

impl Find {
    /// Nothing written yet.
    pub const fn new(origin: PaneName, stood: Stood) -> Self {
        Self { origin, line: Line::EMPTY, stood }
    }

    pub(super) fn key(&mut self, key: Key) -> Outcome {
        let origin = self.origin.clone();
        match key.code {
            Code::Esc => Outcome::GiveUpFinding(origin, self.stood),
            Code::Char('c' | 'g') if key.ctrl => Outcome::GiveUpFinding(origin, self.stood),
            Code::Enter => Outcome::Find(origin, self.line.text().to_owned()),
            Code::Down => Outcome::NextHit(origin, 1),
            Code::Up => Outcome::NextHit(origin, -1),
            Code::Char('n') if key.ctrl => Outcome::NextHit(origin, 1),
            Code::Char('p') if key.ctrl => Outcome::NextHit(origin, -1),
            _ if self.line.key(key) => Outcome::Seek(origin, self.line.text().to_owned()),
            _ => Outcome::Stay,
        }
    }

    /// Takes a paste.
    pub(super) fn paste(&mut self, text: &str) -> Outcome {
        self.line.insert(text);
        Outcome::Seek(self.origin.clone(), self.line.text().to_owned())
    }
}
