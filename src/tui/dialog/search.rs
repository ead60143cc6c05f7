//! Words to find in every conversation of the workspace, what was found, and the message of the chosen hit.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Outcome;
use super::line::Line;
use crate::engine::id::MessageId;
use crate::engine::message::Message;
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
    /// The messages that were asked for; `None` while one hasn't come, or if it stands on a branch that was left.
    previews: BTreeMap<MessageId, Option<Rc<Message>>>,
}

impl SearchAll {
    /// Nothing written yet.
    pub const fn new(origin: PaneName) -> Self {
        Self { origin, line: Line::EMPTY, hits: Vec::new(), at: 0, previews: BTreeMap::new() }
    }

    /// Takes hits, unless the words have changed since they were asked for.
    pub fn take(&mut self, query: &str, hits: Vec<Hit>) {
        if query == self.line.text() {
            self.hits = hits;
            self.at = 0;
        }
    }

    /// The chosen hit.
    pub fn chosen(&self) -> Option<&Hit> {
        self.hits.get(self.at)
    }

    /// The message of the chosen hit, if it has come.
    pub fn preview(&self) -> Option<&Rc<Message>> {
        self.previews.get(&self.chosen()?.message)?.as_ref()
    }

    /// The chosen hit, if its message was not asked for yet; it counts as asked for from now on.
    pub fn unseen(&mut self) -> Option<Hit> {
        let hit = self.hits.get(self.at)?.clone();
        if self.previews.contains_key(&hit.message) {
            return None;
        }
        self.previews.insert(hit.message, None);
        Some(hit)
    }

    /// Takes the message of a hit.
    pub fn take_preview(&mut self, id: MessageId, message: Option<Rc<Message>>) {
        self.previews.insert(id, message);
    }

    pub(super) fn key(&mut self, key: Key) -> Outcome {
        let last = self.hits.len().saturating_sub(1);
        match key.code {
            Code::Esc => return Outcome::Close,
            Code::Enter => {
                let query = self.line.text().to_owned();
                return self.chosen().map_or(Outcome::Stay, |hit| Outcome::Show(Box::new(hit.clone()), query));
            }
            Code::Up => self.at = self.at.saturating_sub(1),
            Code::Down => self.at = (self.at + 1).min(last),
            Code::Char('p') if key.ctrl => self.at = self.at.saturating_sub(1),
            Code::Char('n') if key.ctrl => self.at = (self.at + 1).min(last),
            Code::PageUp => self.at = self.at.saturating_sub(8),
            Code::PageDown => self.at = (self.at + 8).min(last),
            _ => {
                if self.line.key(key) {
                    return self.asked();
                }
            }
        }
        Outcome::Stay
    }

    /// Takes a paste.
    pub(super) fn paste(&mut self, text: &str) -> Outcome {
        self.line.insert(text);
        self.asked()
    }

    fn asked(&mut self) -> Outcome {
        if self.line.text().trim().is_empty() {
            self.hits.clear();
            return Outcome::Stay;
        }
        Outcome::Search(self.line.text().to_owned())
    }
}
