//! The panes that a brief can go to.

use crate::engine::id::ConversationId;
use crate::engine::settings::{Locality, PaneName};
use crate::tui::key::{Code, Key};

/// A pane that a brief can go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receiver {
    /// The pane.
    pub pane: PaneName,
    /// The conversation it shows.
    pub conversation: ConversationId,
    /// Where its text may go.
    pub locality: Locality,
    /// Whether the brief goes to it.
    pub is_marked: bool,
}

/// The panes, and the chosen one.
#[derive(Debug, Clone)]
pub struct Receivers {
    /// The panes.
    pub all: Vec<Receiver>,
    /// The chosen one.
    pub at: usize,
}

impl Receivers {
    pub(super) fn new(mut all: Vec<Receiver>, to: &[ConversationId]) -> Self {
        for receiver in &mut all {
            receiver.is_marked = to.contains(&receiver.conversation);
        }
        let at = all.iter().position(|receiver| receiver.is_marked).unwrap_or(0);
        Self { all, at }
    }

    /// The panes as they are now; what a person marked stays marked.
    pub(super) fn renew(&mut self, mut all: Vec<Receiver>) {
        for receiver in &mut all {
            receiver.is_marked = self.marked().any(|marked| marked.pane == receiver.pane);
        }
        self.at = self.at.min(all.len().saturating_sub(1));
        self.all = all;
    }

    /// Those that the brief goes to.
    pub fn marked(&self) -> impl Iterator<Item = &Receiver> {
        self.all.iter().filter(|receiver| receiver.is_marked)
    }

    /// Takes a key; returns whether the brief goes to others now.
    pub(super) fn key(&mut self, key: Key) -> bool {
        let last = self.all.len().saturating_sub(1);
        match key.code {
            Code::Left | Code::Up => self.at = self.at.saturating_sub(1),
            Code::Right | Code::Down => self.at = (self.at + 1).min(last),
            Code::Char(' ') | Code::Enter => return self.mark(self.at),
            Code::Char(digit) => {
                let place = digit.to_digit(10).and_then(|digit| (digit as usize).checked_sub(1));
                return place.is_some_and(|place| self.mark(place));
            }
            _ => {}
        }
        false
    }

    fn mark(&mut self, at: usize) -> bool {
        let Some(receiver) = self.all.get_mut(at) else { return false };
        receiver.is_marked = !receiver.is_marked;
        self.at = at;
        true
    }
}
