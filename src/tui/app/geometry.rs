//! Where everything stands on the screen: a pure function of the app, shared by drawing, clicks and scrolling.

use ratatui::layout::Rect;

use super::{App, Pane};
use crate::engine::settings::PaneName;
use crate::tui::layout::{Arrangement, arrange};
use crate::tui::text::rich::RichLine;
use crate::tui::theme::Token;
use crate::tui::transcript::message::sentence;

/// The screen's parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screen {
    /// The whole.
    pub area: Rect,
    /// The row of tabs, where there is one pane at a time.
    pub tabs: Option<Rect>,
    /// The panes in view.
    pub panes: Vec<PaneArea>,
    /// A sentence about the whole workspace, between the panes and the status line: it covers nothing that is written.
    pub notice: Rect,
    /// The status line.
    pub status: Rect,
}

/// A pane's parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaneArea {
    /// The pane.
    pub pane: PaneName,
    /// Everything, borders included.
    pub outer: Rect,
    /// Whether it has a border of its own; under tabs it has none.
    pub is_boxed: bool,
    /// The transcript's lines, without the column on their left that marks the selected message.
    pub transcript: Rect,
    /// What is told of handoffs and briefs over the composer, if there is anything.
    pub briefs: Rect,
    /// A notice over the composer, if there is one.
    pub notice: Rect,
    /// The row of the composer's border.
    pub border: u16,
    /// What goes along, if anything does.
    pub attachments: Rect,
    /// The composer's text.
    pub composer: Rect,
}

/// The composer never takes more rows than this.
const COMPOSER_ROWS: u16 = 10;
/// Nor are more rows told of handoffs and briefs than this.
const BRIEF_ROWS: u16 = 3;
/// Nor has a sentence about the whole workspace more of them.
const NOTICE_ROWS: usize = 4;

impl App {
    /// Where everything stands; `None` on a screen that is too small for anything but a message.
    pub fn screen(&self) -> Option<Screen> {
        let (columns, rows) = self.size;
        let area = Rect::new(0, 0, columns, rows);
        let status = Rect { y: rows.saturating_sub(1), height: 1, ..area };
        let tree = self.tree.as_ref()?;
        let wanted = self.notice_lines(columns).len().min(NOTICE_ROWS) as u16;
        let arranged = |told: u16| {
            let above = Rect { height: rows.saturating_sub(1 + told), ..area };
            (told, above, arrange(tree, above, &self.focused, self.zoomed))
        };
        // Panes go before what is told where both have no room.
        let (told, above, arranged) = match arranged(wanted) {
            (_, _, Arrangement::TooSmall) => arranged(0),
            both => both,
        };
        let notice = Rect { y: above.bottom(), height: told, ..area };
        match arranged {
            Arrangement::TooSmall => None,
            Arrangement::Boxes(boxes) => {
                let part = |(name, outer): &(PaneName, Rect)| Some(self.parts(self.pane(name)?, *outer, true));
                Some(Screen { area, tabs: None, panes: boxes.iter().filter_map(part).collect(), notice, status })
            }
            Arrangement::Tabs => {
                let tabs = Rect { height: 1, ..above };
                // The rule under the tabs belongs to the pane, in place of a box's upper border.
                let outer = Rect { y: 1, height: above.height.saturating_sub(1), ..above };
                let pane = self.focused_pane().map(|pane| self.parts(pane, outer, false));
                Some(Screen { area, tabs: Some(tabs), panes: pane.into_iter().collect(), notice, status })
            }
        }
    }

    /// The lines of the sentence about the whole workspace, if there is one.
    pub fn notice_lines(&self, columns: u16) -> Vec<RichLine> {
        self.notice.as_ref().map_or_else(Vec::new, |told| sentence(told, Token::Warn, columns.saturating_sub(2)))
    }

    /// The parts of a pane that is in view.
    pub fn pane_area(&self, name: &str) -> Option<PaneArea> {
        self.screen()?.panes.into_iter().find(|area| area.pane == name)
    }

    fn parts(&self, pane: &Pane, outer: Rect, is_boxed: bool) -> PaneArea {
        let side = u16::from(is_boxed);
        let inner = Rect {
            x: outer.x + side,
            y: outer.y + 1,
            width: outer.width.saturating_sub(2 * side),
            height: outer.height.saturating_sub(1 + side),
        };
        let text = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
        let is_focused = pane.name == self.focused;
        let most = if is_focused { (inner.height / 3).clamp(1, COMPOSER_ROWS) } else { 1 };
        let wanted = pane.composer.rows(text.width).len().min(usize::from(COMPOSER_ROWS)) as u16;
        let composer_rows = wanted.clamp(1, most);
        let attachments = u16::from(!pane.composer.attachments.is_empty() && inner.height > 6);
        let below = composer_rows + attachments + 1;
        let mut left = inner.height.saturating_sub(below);
        let notice = pane.notice.as_ref().map_or(0, |notice| {
            sentence(notice, Token::Warn, text.width).len().min(usize::from(left.saturating_sub(1)).min(6)) as u16
        });
        left -= notice;
        // A low pane keeps its lines for what is said in it.
        let most = if inner.height > 14 { BRIEF_ROWS } else { 1 };
        let briefs = (self.standing(pane).len() as u16).min(most).min(left / 3);
        left -= briefs;
        let at = |y: u16, height: u16| Rect { y, height, ..text };
        let border = inner.y + left + briefs + notice;
        PaneArea {
            pane: pane.name.clone(),
            outer,
            is_boxed,
            transcript: at(inner.y, left),
            briefs: at(inner.y + left, briefs),
            notice: at(inner.y + left + briefs, notice),
            border,
            attachments: at(border + 1, attachments),
            composer: at(border + 1 + attachments, composer_rows),
        }
    }
}
