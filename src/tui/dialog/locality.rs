//! Where a pane's text may go: tightened at a key, loosened by typing the pane's name.

use super::{Line, Outcome};
use crate::engine::id::ConversationId;
use crate::engine::op::LocalityChange;
use crate::engine::settings::{Locality, PaneName, PaneSettings};
use crate::tui::key::{Code, Key};

/// The localities to choose from.
#[derive(Debug, Clone)]
pub struct LocalityPicker {
    /// The pane it was opened in.
    pub origin: PaneName,
    /// The conversation that it shows.
    pub conversation: ConversationId,
    /// The pane that this conversation belongs to: the name that is typed.
    pub name: PaneName,
    /// What is in force.
    pub now: PaneSettings,
    /// What `workspace.yaml` says, where that is something else.
    pub file: Option<PaneSettings>,
    /// What was chosen and loosens, until the name is typed.
    pub wanted: Option<LocalityChange>,
    /// The name as far as it is typed.
    pub line: Line,
}

impl LocalityPicker {
    /// A choice for this conversation of this pane.
    pub fn new(origin: PaneName, conversation: ConversationId, name: PaneName, now: PaneSettings) -> Self {
        Self { origin, conversation, name, now, file: None, wanted: None, line: Line::EMPTY }
    }

    /// With what the workspace's file says, if it is something else.
    #[must_use]
    pub fn beside(mut self, file: Option<&PaneSettings>) -> Self {
        let differs =
            |file: &&PaneSettings| (file.locality, &file.providers) != (self.now.locality, &self.now.providers);
        self.file = file.filter(differs).cloned();
        self
    }

    /// The settings that a change would bring.
    pub fn after(&self, change: LocalityChange) -> PaneSettings {
        match (change, &self.file) {
            (LocalityChange::To { locality }, _) => PaneSettings { locality, ..self.now.clone() },
            (LocalityChange::File, Some(file)) => file.clone(),
            (LocalityChange::File, None) => self.now.clone(),
        }
    }

    /// Whether the whole name stands there.
    pub fn is_typed(&self) -> bool {
        self.line.text().trim() == self.name
    }

    pub(super) fn key(&mut self, key: Key) -> Outcome {
        let Some(change) = self.wanted else { return self.choose(key) };
        match key.code {
            Code::Esc => {
                self.wanted = None;
                self.line = Line::EMPTY;
            }
            Code::Enter if self.is_typed() => return self.done(change, Some(self.name.clone())),
            Code::Enter => {}
            _ => drop(self.line.key(key)),
        }
        Outcome::Stay
    }

    fn choose(&mut self, key: Key) -> Outcome {
        let to = |locality| LocalityChange::To { locality };
        let change = match key.code {
            Code::Esc => return Outcome::Close,
            Code::Char('o') => to(Locality::Open),
            Code::Char('g') => to(Locality::Guarded),
            Code::Char('s') => to(Locality::Sealed),
            Code::Char('f') if self.file.is_some() => LocalityChange::File,
            _ => return Outcome::Stay,
        };
        if self.after(change).is_looser_than(&self.now) {
            self.wanted = Some(change);
            return Outcome::Stay;
        }
        self.done(change, None)
    }

    fn done(&self, change: LocalityChange, typed: Option<PaneName>) -> Outcome {
        Outcome::Locality(self.origin.clone(), self.conversation, change, typed)
    }
}
