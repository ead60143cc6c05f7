//! Words to find in every conversation of the workspace, and what was found.

use super::Outcome;
use super::line::Line;
use crate::engine::op::Hit;
use crate::engine::settings::PaneName;
use crate::tui::key::{Code, Key};

/// A search and its hits.
#[derive(Debug, Clone)]
pub struct SearchAll {
    /// The pane it was opened in.
    pub origin: PaneName,
    /// The words.
    pub line: Line,
    /// What was found for the words as they were last, best first.
    pub hits: Vec<Hit>,
    /// The chosen hit.
    pub at: usize,
}

impl SearchAll {
    /// Nothing written yet.
    pub const fn new(origin: PaneName) -> Self {
        Self { origin, line: Line::EMPTY, hits: Vec::new(), at: 0 }
    }

    /// Takes hits, unless the words have changed since they were asked for.
    pub fn take(&mut self, query: &str, hits: Vec<Hit>) {
        if query == self.line.text() {
            self.hits = hits;
            self.at = 0;
        }
    }

    pub(super) fn key(&mut self, key: Key) -> Outcome {
        let last = self.hits.len().saturating_sub(1);
        match key.code {
            Code::Esc => return Outcome::Close,
            Code::Enter => {
                return self.hits.get(self.at).map_or(Outcome::Stay, |hit| Outcome::Show(Box::new(hit.clone())));
            }
            Code::Up => self.at = self.at.saturating_sub(1),
            Code::Down => self.at = (self.at + 1).min(last),
            _ => {
                if self.line.key(key) {
                    if self.line.text().trim().is_empty() {
                        self.hits.clear();
                        return Outcome::Stay;
                    }
                    return Outcome::Search(self.line.text().to_owned());
                }
            }
        }
        Outcome::Stay
    }
}
