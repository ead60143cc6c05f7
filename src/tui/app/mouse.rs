//! Clicks, the wheel, borders that are dragged, and text that is.

use ratatui::layout::Position;

use super::message::{Mouse, MouseDeed};
use super::selection::Spot;
use super::{App, Layer, PaneArea};
use crate::engine::settings::PaneName;
use crate::tui::layout::{Axis, READABLE, Tree};

/// How many lines a turn of the wheel moves.
const WHEEL_LINES: isize = 3;

/// What is dragged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Dragged {
    /// The border at the right or lower end of a pane.
    Border {
        /// The pane before it.
        pane: PaneName,
        /// The way it moves: columns are dragged sideways.
        axis: Axis,
        /// 1 where the neighbour's edge was taken instead of the pane's own.
        beyond: u16,
    },
    /// The end of a selection that begins here.
    Text {
        /// The pane. A selection never leaves it.
        pane: PaneName,
        /// Where it begins.
        anchor: Spot,
    },
}

impl App {
    pub(super) fn mouse(&mut self, mouse: Mouse) {
        if let Some(dialog) = self.dialogs.last_mut() {
            let outcome = match mouse.deed {
                MouseDeed::WheelUp => dialog.wheel(true),
                MouseDeed::WheelDown => dialog.wheel(false),
                MouseDeed::Press | MouseDeed::Drag | MouseDeed::Release => return,
            };
            self.follow(outcome);
            return;
        }
        match mouse.deed {
            MouseDeed::WheelUp => self.wheel(mouse, -WHEEL_LINES),
            MouseDeed::WheelDown => self.wheel(mouse, WHEEL_LINES),
            MouseDeed::Press => self.press(mouse),
            MouseDeed::Drag => self.drag(mouse),
            MouseDeed::Release => self.release(),
        }
    }

    fn under(&self, mouse: Mouse) -> Option<PaneArea> {
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
        self.selection = None;
        self.dragged = None;
        let Some(screen) = self.screen() else { return };
        if screen.tabs.is_some_and(|tabs| tabs.y == mouse.row) {
            let tab = crate::tui::ui::tab_spans(self).into_iter().find(|(_, span)| span.contains(&mouse.column));
            if let Some((name, _)) = tab {
                self.focus(&name);
            }
            return;
        }
        let Some(area) = self.under(mouse) else { return };
        self.dragged = border(&screen, &area, mouse);
        // The border's own column gives nobody the focus: it is between two panes.
        if matches!(self.dragged, Some(Dragged::Border { beyond: 0, .. })) {
            return;
        }
        let is_elsewhere = area.pane != self.focused;
        let at = Position::new(mouse.column, mouse.row);
        if area.transcript.contains(at)
            && let Some(anchor) = self.spot_at(&area, mouse.column, mouse.row)
        {
            // Until it is known whether this is a click nothing moves: what is to be selected must stay where it is.
            self.dragged = Some(Dragged::Text { pane: area.pane, anchor });
            return;
        }
        self.focus(&area.pane);
        if area.composer.contains(at) {
            self.layer = Layer::Write;
            if !is_elsewhere {
                let row = usize::from(mouse.row - area.composer.y) + self.composer_top(&area);
                let column = mouse.column - area.composer.x;
                if let Some(pane) = self.focused_mut() {
                    pane.composer.point(area.composer.width, row, column);
                }
            }
        }
    }

    fn drag(&mut self, mouse: Mouse) {
        match self.dragged.clone() {
            Some(Dragged::Border { pane, axis, beyond }) => {
                let at = if axis == Axis::Columns { mouse.column } else { mouse.row };
                self.move_border(&pane, axis, at.saturating_sub(beyond));
            }
            Some(Dragged::Text { pane, anchor }) => {
                let Some(area) = self.pane_area(&pane) else { return };
                if mouse.row < area.transcript.y {
                    self.scroll(&pane, -1);
                } else if mouse.row >= area.transcript.bottom() {
                    self.scroll(&pane, 1);
                }
                if let Some(head) = self.spot_at(&area, mouse.column, mouse.row) {
                    self.select_text(&area, anchor, head);
                }
            }
            None => {}
        }
    }

    /// Puts the border at a pane's end where the mouse is.
    fn move_border(&mut self, pane: &str, axis: Axis, behind: u16) {
        let Some(screen) = self.screen() else { return };
        let extent = |tree: &Tree| {
            let areas = screen.panes.iter().filter(|area| tree.contains(&area.pane)).map(|area| area.outer);
            let spans = areas.map(|area| match axis {
                Axis::Columns => (area.left(), area.right()),
                Axis::Rows => (area.top(), area.bottom()),
            });
            let (start, end) = spans.fold((u16::MAX, 0), |(start, end), span| (start.min(span.0), end.max(span.1)));
            start.min(end)..end
        };
        if self.tree.as_mut().is_some_and(|tree| tree.place_border(pane, axis, behind, &extent)) {
            self.layout_touched();
        }
        let width = self.pane_area(&self.focused).map(|area| area.outer.width);
        if axis == Axis::Columns
            && width == Some(READABLE)
            && self.tree.as_ref().is_some_and(|tree| tree.contains(pane))
        {
            let told = format!("{} keeps {READABLE} columns while it has the focus.", self.focused);
            self.tell_here(told);
        }
    }

    /// Lets go. Text that was selected is copied: that is what it was dragged for. Without any it was a click.
    fn release(&mut self) {
        let Some(Dragged::Text { pane, anchor }) = self.dragged.take() else { return };
        if self.selection.is_some() {
            self.copy_selection();
            return;
        }
        self.focus(&pane);
        if self.layer == Layer::Read {
            self.select(anchor.item);
        }
    }

    /// The first row of the focused composer in view.
    pub fn composer_top(&self, area: &PaneArea) -> usize {
        let Some(pane) = self.pane(&area.pane) else { return 0 };
        let rows = pane.composer.rows(area.composer.width);
        let (at, _) = pane.composer.place(&rows);
        let height = usize::from(area.composer.height.max(1));
        (at + 1).saturating_sub(height)
    }
}

/// The border that is taken here, if one is: a pane's right or lower edge, or its neighbour's left or upper one.
fn border(screen: &super::Screen, area: &PaneArea, mouse: Mouse) -> Option<Dragged> {
    if !area.is_boxed {
        return None;
    }
    let outer = area.outer;
    let taken = |pane: &PaneName, axis, beyond| Some(Dragged::Border { pane: pane.clone(), axis, beyond });
    if mouse.column + 1 == outer.right() && outer.right() < screen.area.width {
        return taken(&area.pane, Axis::Columns, 0);
    }
    if mouse.row + 1 == outer.bottom() && outer.bottom() < screen.status.y {
        return taken(&area.pane, Axis::Rows, 0);
    }
    let beside = |x: u16, y: u16| screen.panes.iter().find(|other| other.outer.contains(Position::new(x, y)));
    if mouse.column == outer.x && outer.x > 0 {
        return taken(&beside(outer.x - 1, mouse.row)?.pane, Axis::Columns, 1);
    }
    if mouse.row == outer.y && outer.y > 0 {
        return taken(&beside(mouse.column, outer.y - 1)?.pane, Axis::Rows, 1);
    }
    None
}
