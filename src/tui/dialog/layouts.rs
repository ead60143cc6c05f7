//! The layouts of the workspace's file: one is put on the screen, or the screen's goes into the file.

use super::Outcome;
use super::list::{List, Row};
use crate::config::layout::{Axis, Layout};
use crate::config::layout_edit::LayoutChange;
use crate::config::source::is_name;
use crate::engine::settings::PaneName;
use crate::tui::key::{Code, Key};

/// The layouts of a file: its own first, which has no name, then the named ones.
pub type FileLayouts = Vec<(Option<String>, Layout)>;

/// What the file's own layout is called in the list.
const OWN: &str = "the workspace's own";

/// The layouts to choose from.
#[derive(Debug, Clone)]
pub struct LayoutPicker {
    /// The pane it was opened in.
    pub origin: PaneName,
    /// The layouts as rows.
    pub list: List,
    /// Why there are none.
    pub refusal: Option<String>,
    layouts: FileLayouts,
}

impl LayoutPicker {
    /// Nothing read yet.
    pub fn new(origin: PaneName) -> Self {
        Self { origin, list: List::new(Vec::new()), refusal: None, layouts: Vec::new() }
    }

    /// Takes what the file has: its own layout, which has no name, and the named ones.
    pub fn take(&mut self, layouts: Result<FileLayouts, String>) {
        match layouts {
            Ok(layouts) => {
                let row = |(name, layout): &(Option<String>, Layout)| Row {
                    name: name.clone().unwrap_or_else(|| OWN.to_owned()),
                    told: told(layout),
                };
                self.list.replace(layouts.iter().map(row).collect());
                self.layouts = layouts;
            }
            Err(why) => self.refusal = Some(why),
        }
    }

    /// Under which name the screen's layout would be saved: what is written, else the chosen one's. `None` is the
    /// file's own layout.
    pub fn target(&self) -> Option<&str> {
        let written = self.list.filter.text().trim();
        if !written.is_empty() {
            return Some(written);
        }
        self.layouts.get(self.list.chosen()?)?.0.as_deref()
    }

    /// Whether the screen's layout can be saved under that name.
    pub fn can_save(&self) -> bool {
        self.refusal.is_none() && self.target().is_none_or(is_name)
    }

    pub(super) fn key(&mut self, key: Key) -> Outcome {
        let chosen = self.list.chosen().and_then(|at| self.layouts.get(at));
        match key.code {
            Code::Esc => Outcome::Close,
            Code::Char('s') if key.ctrl => {
                if self.can_save() {
                    return Outcome::SaveLayout(self.target().map(str::to_owned));
                }
                Outcome::Stay
            }
            Code::Enter => match chosen {
                Some((name, layout)) => Outcome::UseLayout(name.clone(), layout.clone()),
                None if self.can_save() && !self.list.filter.text().trim().is_empty() => {
                    Outcome::SaveLayout(self.target().map(str::to_owned))
                }
                None => Outcome::Stay,
            },
            _ => {
                self.list.key(key);
                Outcome::Stay
            }
        }
    }
}

/// `research | drafting / synthesis`: columns and rows.
fn told(layout: &Layout) -> String {
    match layout {
        Layout::Pane(pane) => pane.clone(),
        Layout::Split { axis, parts } => {
            let between = match axis {
                Axis::Columns => " | ",
                Axis::Rows => " / ",
            };
            let part = |layout: &Layout| match layout {
                Layout::Pane(pane) => pane.clone(),
                Layout::Split { .. } => format!("({})", told(layout)),
            };
            parts.iter().map(|share| part(&share.layout)).collect::<Vec<_>>().join(between)
        }
    }
}

/// What saving a layout would change in the file.
#[derive(Debug, Clone)]
pub struct LayoutDiff {
    /// The name it gets; none for the file's own.
    pub name: Option<String>,
    /// The change.
    pub change: LayoutChange,
    /// The panes on the screen that the file doesn't know: they are left out.
    pub left_out: Vec<PaneName>,
    /// The first line in view.
    pub from: usize,
}

impl LayoutDiff {
    pub(super) fn key(&mut self, key: Key) -> Outcome {
        match key.code {
            Code::Esc | Code::Char('n') => Outcome::Close,
            Code::Enter | Code::Char('y') => Outcome::WriteLayout(Box::new(self.change.clone())),
            Code::Up => {
                self.from = self.from.saturating_sub(1);
                Outcome::Stay
            }
            Code::Down => {
                self.from = (self.from + 1).min(self.change.diff.len().saturating_sub(1));
                Outcome::Stay
            }
            _ => Outcome::Stay,
        }
    }
}
