//! The workspaces there are. Going to another one leaves this one saved.

use std::path::PathBuf;

use super::Outcome;
use super::list::{List, Row};
use crate::engine::settings::PaneName;
use crate::tui::key::{Code, Key};

/// A workspace that can be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceRow {
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub folder: PathBuf,
    /// When it was used last, and where it is, in words.
    pub told: String,
    /// Whether it is the one on the screen.
    pub is_here: bool,
}

/// The workspaces to choose from.
#[derive(Debug, Clone)]
pub struct WorkspacePicker {
    /// The pane it was opened in.
    pub origin: PaneName,
    /// The workspaces as rows.
    pub list: List,
    /// Whether they are still being looked for.
    pub is_looking: bool,
    workspaces: Vec<WorkspaceRow>,
}

impl WorkspacePicker {
    /// Nothing looked for yet.
    pub fn new(origin: PaneName) -> Self {
        Self { origin, list: List::new(Vec::new()), is_looking: true, workspaces: Vec::new() }
    }

    /// Takes the workspaces; the one that was used before this one is chosen.
    pub fn take(&mut self, workspaces: Vec<WorkspaceRow>) {
        let row = |known: &WorkspaceRow| Row {
            name: known.name.clone(),
            told: if known.is_here { format!("open now · {}", known.told) } else { known.told.clone() },
        };
        self.list.replace(workspaces.iter().map(row).collect());
        if let Some(other) = workspaces.iter().position(|known| !known.is_here) {
            self.list.choose(other);
        }
        self.workspaces = workspaces;
        self.is_looking = false;
    }

    pub(super) fn key(&mut self, key: Key) -> Outcome {
        match key.code {
            Code::Esc => Outcome::Close,
            Code::Enter => match self.list.chosen().map(|at| &self.workspaces[at]) {
                Some(here) if here.is_here => Outcome::Close,
                Some(other) => Outcome::OpenWorkspace(other.folder.clone()),
                None => Outcome::Stay,
            },
            _ => {
                self.list.key(key);
                Outcome::Stay
            }
        }
    }
}
