//! The sheet that a dialog is drawn on: over the pane it concerns, its keys in the last line.

use ratatui::layout::{Position, Rect};

use super::brush::Brush;
use crate::tui::text::rich::{Ink, RichLine, RichSpan};
use crate::tui::text::width::truncate;
use crate::tui::theme::Token;

/// What a dialog shows.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) title: String,
    pub(super) keys: String,
    pub(super) lines: Vec<RichLine>,
    /// The line that is chosen.
    pub(super) chosen: Option<usize>,
    /// The line that must be in view.
    pub(super) in_view: usize,
    /// How many lines at the top stay in view.
    pub(super) fixed: usize,
    /// The columns that the screen has for it.
    pub(super) most: u16,
    /// Whether it stands at the lower end of its pane, so that what it is about can be seen.
    pub(super) is_low: bool,
    /// The row that it must leave free, and all below.
    pub(super) floor: Option<u16>,
    /// Where the cursor stands: line and column.
    pub(super) cursor: Option<(usize, usize)>,
    pub(super) columns: u16,
}

impl Sheet {
    pub(super) fn say(&mut self, text: impl Into<String>, token: Token) {
        self.lines.push(line([(text.into(), token)]));
    }

    /// Draws the sheet over an area, and returns where the cursor stands.
    pub(super) fn draw(&self, over: Rect, screen: Rect, brush: &mut Brush<'_>) -> Option<Position> {
        let area = self.place(over, screen);
        if area.width < 8 || area.height < 3 {
            return None;
        }
        brush.clear(area);
        brush.frame(area, Token::BorderFocus);
        let room = usize::from(area.width.saturating_sub(4));
        brush.text(area.x + 1, area.y, area.width - 2, &format!(" {} ", truncate(&self.title, room)), Token::Accent);
        let bottom = area.bottom() - 1;
        brush.text(area.x + 1, bottom, area.width - 2, &format!(" {} ", truncate(&self.keys, room)), Token::Dim);
        let rows = usize::from(area.height - 2);
        let fixed = self.fixed.min(rows);
        // What follows the fixed lines scrolls so that the chosen one is in view.
        let scrolled = rows - fixed;
        let from = (self.in_view + 1).saturating_sub(fixed + scrolled).min(self.lines.len().saturating_sub(rows));
        let mut cursor = None;
        for row in 0..rows {
            let at = if row < fixed { row } else { row + from };
            let Some(line) = self.lines.get(at) else { break };
            let y = area.y + 1 + row as u16;
            brush.rich(area.x + 2, y, area.width - 4, line);
            if self.chosen == Some(at) {
                brush.choose(area.x + 1, y, area.width - 2);
            }
            if let Some((_, column)) = self.cursor.filter(|(line, _)| *line == at) {
                let column = column.min(usize::from(area.width - 5)) as u16;
                cursor = Some(Position::new(area.x + 2 + column, y));
            }
        }
        cursor
    }

    fn place(&self, over: Rect, screen: Rect) -> Rect {
        let width = self.columns.min(screen.width.saturating_sub(2));
        let height = (self.lines.len() as u16 + 2).min(screen.height.saturating_sub(2));
        let over = if over.width >= width { over } else { screen };
        let x = over.x + (over.width - width) / 2;
        let room = over.height.saturating_sub(height);
        let y = over.y + if self.is_low { room } else { room / 3 };
        let bottom = self.floor.filter(|floor| *floor >= height).unwrap_or(screen.bottom());
        Rect { x, y: y.min(bottom.saturating_sub(height)), width, height }
    }
}

/// A line of pieces.
pub(super) fn line(pieces: impl IntoIterator<Item = (String, Token)>) -> RichLine {
    RichLine { spans: pieces.into_iter().map(|(text, token)| RichSpan::new(text, Ink::of(token))).collect() }
}
