//! The leader's strip: what the next key can mean, shown after a pause.

use ratatui::layout::Rect;

use super::brush::Brush;
use crate::tui::app::action::Context;
use crate::tui::app::{Action, App, Screen};
use crate::tui::text::width::width;
use crate::tui::theme::Token;

pub(super) fn draw(app: &App, screen: &Screen, brush: &mut Brush<'_>) {
    let groups = app.keymap.grouped(Context::Leader);
    let cell = |(keys, label): &(String, &str)| width(keys) + 2 + width(label) + 3;
    let inner = usize::from(screen.area.width.saturating_sub(4));
    let column = groups.iter().skip(1).map(cell).max().unwrap_or(1).max(1);
    let columns = (inner / column).max(1);
    // The first group is the longest: it takes the cells it needs.
    let mut placed: Vec<(usize, usize, &(String, &str))> = Vec::new();
    let (mut row, mut at) = (0, 0);
    for group in &groups {
        let span = cell(group).div_ceil(column).min(columns);
        if at + span > columns {
            row += 1;
            at = 0;
        }
        placed.push((row, at, group));
        at += span;
    }
    let rows = (row + 1).min(usize::from(screen.status.y.saturating_sub(2)));
    let height = rows as u16 + 2;
    let area = Rect { y: screen.status.y.saturating_sub(height), height, ..screen.area };
    brush.clear(area);
    brush.frame(area, Token::BorderFocus);
    brush.text(area.x + 2, area.y, area.width, &format!(" {} ", app.keymap.leader()), Token::Accent);
    // What has no room is a key away.
    let (is_cut, said) = (row + 1 > rows, format!("… {} lists them all", app.told(Action::Palette)));
    let rows = rows - usize::from(is_cut);
    if is_cut {
        brush.text(area.x + 2, area.y + 1 + rows as u16, area.width.saturating_sub(4), &said, Token::Dim);
    }
    for (row, at, (keys, label)) in placed.into_iter().filter(|(row, ..)| *row < rows) {
        let (x, y) = (area.x + 2 + (at * column) as u16, area.y + 1 + row as u16);
        let room = area.right().saturating_sub(x + 2);
        let taken = brush.text(x, y, room, keys, Token::Accent);
        brush.text(x + taken + 2, y, room.saturating_sub(taken + 2), label, Token::Text);
    }
}
