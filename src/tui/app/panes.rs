//! Which pane has the focus, and where panes stand.

use super::message::Origin;
use super::{App, Pane, Pending};
use crate::engine::op::Op;
use crate::engine::settings::{PaneName, PaneSettings};
use crate::tui::layout::solve::neighbour;
use crate::tui::layout::{Arrangement, Axis, Direction, Tree, arrange};
use ratatui::layout::Rect;

impl App {
    /// Gives a pane the focus, opening it if it is closed.
    pub(super) fn focus(&mut self, name: &str) {
        if self.pane(name).is_none() {
            return;
        }
        if !self.tree.as_ref().is_some_and(|tree| tree.contains(name)) {
            self.open(name);
        }
        if self.focused != name {
            name.clone_into(&mut self.focused);
            self.layout_touched();
        }
        if let Some(pane) = self.focused_mut() {
            pane.badge = None;
        }
    }

    pub(super) fn focus_number(&mut self, number: u8) {
        let name = self.open_panes().get(usize::from(number.saturating_sub(1))).map(|&name| name.clone());
        match name {
            Some(name) => self.focus(&name),
            None => self.tell_here(format!("There is no pane {number}.")),
        }
    }

    pub(super) fn focus_step(&mut self, forward: bool) {
        let panes = self.open_panes();
        let Some(at) = panes.iter().position(|name| **name == self.focused) else { return };
        let next = if forward { at + 1 } else { at + panes.len() - 1 } % panes.len();
        let name = panes[next].clone();
        self.focus(&name);
    }

    pub(super) fn focus_towards(&mut self, towards: Direction) {
        let (columns, rows) = self.size;
        let area = Rect::new(0, 0, columns, rows.saturating_sub(1));
        let Some(tree) = &self.tree else { return };
        match arrange(tree, area, &self.focused, false) {
            Arrangement::Boxes(boxes) => {
                if let Some(name) = neighbour(&boxes, &self.focused, towards).cloned() {
                    self.focus(&name);
                }
            }
            // Under tabs every direction is the row of tabs.
            Arrangement::Tabs | Arrangement::TooSmall => {
                self.focus_step(matches!(towards, Direction::Right | Direction::Down));
            }
        }
    }

    pub(super) fn zoom(&mut self) {
        self.zoomed = !self.zoomed;
        self.layout_touched();
    }

    /// Asks for a new pane beside the focused one; it stands there when its conversation exists.
    pub(super) fn split(&mut self, axis: Axis) {
        let beside = self.focused.clone();
        let Some(conversation) = self.shown(&beside) else { return };
        let from = &conversation.overview;
        let settings = PaneSettings {
            role: String::new(),
            model: Some(from.model.clone()),
            providers: from.settings.providers.clone(),
            locality: from.settings.locality,
            ..PaneSettings::default()
        };
        let taken = |name: &str| self.panes.iter().any(|pane| pane.name == name);
        // One of one more names than there are panes is free.
        let mut names = (0..=self.panes.len()).map(|at| format!("pane{}", self.panes.len() + at + 1));
        let Some(pane) = names.find(|name| !taken(name)) else { return };
        self.post(Origin::Split(beside, axis, pane.clone()), Op::OpenPane { pane, settings });
    }

    /// Puts a new pane where it was asked for.
    pub(super) fn place(&mut self, beside: &str, axis: Axis, name: &str) {
        let Some(tree) = &mut self.tree else { return };
        // The fact may have come first, and put the pane at the end.
        if tree.contains(name)
            && let Some(without) = tree.clone().without(name)
        {
            *tree = without;
        }
        if !tree.split(beside, axis, &name.to_owned()) {
            tree.append(name.to_owned());
        }
        self.zoomed = false;
        self.focus(name);
        self.layout_touched();
    }

    /// Adds a pane that exists since now.
    pub(super) fn add_pane(&mut self, pane: Pane) {
        let name = pane.name.clone();
        self.panes.push(pane);
        self.open(&name);
    }

    fn open(&mut self, name: &str) {
        self.closed.retain(|closed| closed != name);
        let stood = self.stood.remove(name);
        match &mut self.tree {
            Some(tree) => {
                let is_back = stood.is_some_and(|stood| tree.put(&stood, &name.to_owned()));
                if !is_back {
                    tree.append(name.to_owned());
                }
            }
            None => self.tree = Some(Tree::Pane(name.to_owned())),
        }
        self.layout_touched();
    }

    pub(super) fn close_pane(&mut self) {
        let name = self.focused.clone();
        let panes: Vec<PaneName> = self.open_panes().into_iter().cloned().collect();
        if panes.len() < 2 {
            self.tell_here("This is the only pane.");
            return;
        }
        let at = panes.iter().position(|pane| *pane == name).unwrap_or(0);
        let next = if at + 1 < panes.len() { &panes[at + 1] } else { &panes[at - 1] };
        if let Some(stand) = self.tree.as_ref().and_then(|tree| tree.stand(&name)) {
            self.stood.insert(name.clone(), stand);
        }
        self.tree = self.tree.take().and_then(|tree| tree.without(&name));
        self.closed.push(name.clone());
        self.zoomed = false;
        self.focus(next);
        self.layout_touched();
        let told = super::action::Action::ReopenPane;
        let key = self.told(told);
        self.tell_here(format!("{name} is off the screen; its conversation is kept. {key} brings it back."));
    }

    pub(super) fn reopen_pane(&mut self) {
        match self.closed.last().cloned() {
            Some(name) => self.focus(&name),
            None => self.tell_here("No pane is closed."),
        }
    }

    pub(super) fn begin_resize(&mut self) {
        if self.open_panes().len() > 1 {
            self.zoomed = false;
            self.pending = Pending::Resize;
        } else {
            self.tell_here("This is the only pane.");
        }
    }

    pub(super) fn grow(&mut self, towards: Direction) {
        let name = self.focused.clone();
        if self.tree.as_mut().is_some_and(|tree| tree.grow(&name, towards)) {
            self.layout_touched();
        }
    }

    pub(super) fn even_out(&mut self) {
        if let Some(tree) = &mut self.tree {
            tree.even_out();
            self.layout_touched();
        }
    }

    pub(super) fn layout_touched(&mut self) {
        self.layout_changed = Some(self.now);
    }
}
