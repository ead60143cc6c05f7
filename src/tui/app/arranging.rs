//! Layouts that the workspace's file keeps, and the way to other workspaces.

use std::path::PathBuf;

use super::App;
use super::message::Command;
use crate::config::layout::Layout;
use crate::config::layout_edit::LayoutChange;
use crate::engine::settings::PaneName;
use crate::tui::dialog::{Dialog, FileLayouts, LayoutDiff, LayoutPicker, WorkspacePicker, WorkspaceRow};
use crate::tui::layout::Tree;

impl App {
    /// Opens the list of layouts.
    pub(super) fn open_layouts(&mut self) {
        self.dialogs.push(Dialog::Layouts(LayoutPicker::new(self.focused.clone())));
        self.command(Command::ReadLayouts);
    }

    pub(super) fn take_layouts(&mut self, layouts: Result<FileLayouts, String>) {
        if let Some(Dialog::Layouts(picker)) = self.dialogs.last_mut() {
            picker.take(layouts);
        }
    }

    /// Puts a layout on the screen. Panes that it doesn't name are closed, as by key.
    pub(super) fn use_layout(&mut self, name: Option<&str>, layout: &Layout) {
        let Some(mut tree) = Tree::of(layout) else { return };
        let gone: Vec<PaneName> = tree.panes().into_iter().filter(|pane| self.pane(pane).is_none()).cloned().collect();
        for pane in &gone {
            match tree.without(pane) {
                Some(left) => tree = left,
                None => return self.tell_here("None of the panes of this layout exist any more."),
            }
        }
        let closed: Vec<PaneName> =
            self.open_panes().into_iter().filter(|pane| !tree.contains(pane)).cloned().collect();
        self.closed.retain(|pane| !tree.contains(pane));
        self.closed.extend(closed.iter().cloned());
        let first = tree.panes().first().map(|&pane| pane.clone());
        let keeps_focus = tree.contains(&self.focused);
        self.tree = Some(tree);
        self.zoomed = false;
        if let Some(first) = first.filter(|_| !keeps_focus) {
            self.focus(&first);
        }
        self.layout_touched();
        let told = name.map_or_else(|| "The workspace's own layout".to_owned(), |name| format!("Layout {name}"));
        let key = self.told(super::Action::ReopenPane);
        match closed.as_slice() {
            [] => self.tell_here(format!("{told}.")),
            [one] => self.tell_here(format!("{told}: {one} is off the screen. {key} brings it back.")),
            several => {
                self.tell_here(format!("{told}: {} are off the screen. {key} brings them back.", several.join(", ")));
            }
        }
    }

    /// Asks what saving the screen's layout would change in the file.
    pub(super) fn plan_layout(&mut self, name: Option<String>) {
        if let Some(tree) = self.tree.clone() {
            self.command(Command::PlanLayout(name, tree));
        }
    }

    pub(super) fn layout_planned(
        &mut self,
        name: Option<String>,
        planned: Result<(LayoutChange, Vec<PaneName>), String>,
    ) {
        match planned {
            Ok((change, left_out)) => {
                self.dialogs.push(Dialog::LayoutDiff(LayoutDiff { name, change, left_out, from: 0 }));
            }
            Err(why) => self.tell_here(why),
        }
    }

    pub(super) fn layout_written(&mut self, written: Result<(), String>) {
        self.tell_here(written.err().unwrap_or_else(|| "Saved in workspace.yaml.".to_owned()));
    }

    /// Opens the list of workspaces.
    pub(super) fn open_workspaces(&mut self) {
        self.dialogs.push(Dialog::Workspaces(WorkspacePicker::new(self.focused.clone())));
        self.command(Command::ListWorkspaces);
    }

    pub(super) fn take_workspaces(&mut self, workspaces: Vec<WorkspaceRow>) {
        if let Some(Dialog::Workspaces(picker)) = self.dialogs.last_mut() {
            picker.take(workspaces);
        }
    }

    /// Leaves for another workspace; what runs is asked about as on quitting.
    pub(super) fn leave_for(&mut self, folder: PathBuf) {
        self.leaving_for = Some(folder);
        self.quit();
    }
}
