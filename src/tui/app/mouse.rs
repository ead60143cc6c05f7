//! Clicks, the wheel, and borders that are dragged.

use ratatui::layout::Position;

use super::message::{Mouse, MouseDeed};
use super::{App, Layer};
use crate::tui::layout::Direction;

/// How many lines a turn of the wheel moves.
const WHEEL_LINES: isize = 3;

/// A border between two panes while it is dragged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Border {
    pane: String,
    is_column: bool,
    at: u16,
}

impl App {
    pub(super) fn mouse(&mut self, mouse: Mouse) {
        if let Some(dialog) = self.dialogs.last_mut() {
            match mouse.deed {
                MouseDeed::WheelUp => dialog.wheel(true),
                MouseDeed::WheelDown => dialog.wheel(false),
                MouseDeed::Press | MouseDeed::Drag | MouseDeed::Release => {}
            }
            return;
        }
        match mouse.deed {
            MouseDeed::WheelUp => self.wheel(mouse, -WHEEL_LINES),
            MouseDeed::WheelDown => self.wheel(mouse, WHEEL_LINES),
            MouseDeed::Press => self.press(mouse),
            MouseDeed::Drag => self.drag(mouse),
            MouseDeed::Release => self.dragged = None,
        }
    }

    fn under(&self, mouse: Mouse) -> Option<super::PaneArea> {
        let at = Position::new(mouse.column, mouse.row);
        self.screen()?.panes.into_iter().find(|area| area.outer.contains(at))
    }

    fn wheel(&mut self, mouse: Mouse, lines: isize) {
        if let Some(area) = self.under(mouse) {
            self.scroll(&area.pane, lines);
            if area.pane == self.focused {
                self.select_in_view();
            }
        }
    }

    fn press(&mut self, mouse: Mouse) {
        self.pending = super::Pending::Nothing;
        let Some(screen) = self.screen() else { return };
        if screen.tabs.is_some_and(|tabs| tabs.y == mouse.row) {
            let tab = crate::tui::ui::tab_spans(self).into_iter().find(|(_, span)| span.contains(&mouse.column));
            if let Some((name, _)) = tab {
                self.focus(&name);
            }
            return;
        }
        let Some(area) = self.under(mouse) else { return };
        if area.is_boxed {
            let right = mouse.column + 1 == area.outer.right() && area.outer.right() < screen.area.width;
            let bottom = mouse.row + 1 == area.outer.bottom() && area.outer.bottom() < screen.status.y;
            if right || bottom {
                let at = if right { mouse.column } else { mouse.row };
                self.dragged = Some(Border { pane: area.pane, is_column: right, at });
                return;
            }
        }
        let is_elsewhere = area.pane != self.focused;
        self.focus(&area.pane);
        if area.composer.contains(Position::new(mouse.column, mouse.row)) {
            self.layer = Layer::Write;
            if !is_elsewhere {
                let row = usize::from(mouse.row - area.composer.y) + self.composer_top(&area);
                let column = mouse.column - area.composer.x;
                if let Some(pane) = self.focused_mut() {
                    pane.composer.point(area.composer.width, row, column);
                }
            }
        } else if self.layer == Layer::Read
            && let Some(item) = self.item_at(&area, mouse.row)
        {
            self.select(item);
        }
    }

    fn drag(&mut self, mouse: Mouse) {
        let Some(border) = self.dragged.clone() else { return };
        let at = if border.is_column { mouse.column } else { mouse.row };
        let towards = match (border.is_column, at > border.at) {
            _ if at == border.at => return,
            (true, true) => Direction::Right,
            (true, false) => Direction::Left,
            (false, true) => Direction::Down,
            (false, false) => Direction::Up,
        };
        // The border belongs to the pane before it: to drag it back is to make that pane smaller.
        let changed = match (&mut self.tree, towards) {
            (Some(tree), Direction::Right | Direction::Down) => tree.grow(&border.pane, towards),
            (Some(tree), Direction::Left | Direction::Up) => tree.shrink(&border.pane, towards),
            (None, _) => false,
        };
        self.dragged = Some(Border { at, ..border });
        if changed {
            self.layout_touched();
        }
    }

    /// The first row of the focused composer in view.
    pub fn composer_top(&self, area: &super::PaneArea) -> usize {
        let Some(pane) = self.pane(&area.pane) else { return 0 };
        let rows = pane.composer.rows(area.composer.width);
        let (at, _) = pane.composer.place(&rows);
        let height = usize::from(area.composer.height.max(1));
        (at + 1).saturating_sub(height)
    }
}
