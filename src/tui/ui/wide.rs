//! The wide view: the whole screen for one message.

use ratatui::layout::Rect;

use super::brush::Brush;
use crate::tui::dialog::Wide;
use crate::tui::text::width::truncate;
use crate::tui::theme::Token;

/// Draws it.
pub(super) fn draw(wide: &Wide, screen: Rect, brush: &mut Brush<'_>) {
    if screen.width < 8 || screen.height < 3 {
        return;
    }
    brush.clear(screen);
    brush.frame(screen, Token::BorderFocus);
    let columns = screen.width - 4;
    let rows = usize::from(screen.height - 2);
    for (row, line) in wide.lines().iter().skip(wide.top).take(rows).enumerate() {
        let y = screen.y + 1 + row as u16;
        let line = line.window(wide.left, usize::from(columns));
        brush.rich(screen.x + 2, y, columns, &line);
        // The ground of code reaches to the edge, however long its lines are.
        let is_code = line.spans.first().is_some_and(|span| span.token == Token::CodeGround || span.token.is_code());
        if is_code {
            let from = line.width() as u16;
            let style = brush.theme.style(Token::CodeGround);
            brush.mark(screen.x + 2 + from, y, columns.saturating_sub(from), style);
        }
    }
    let room = usize::from(columns);
    let title = format!(" {} ", truncate(&wide.title, room));
    brush.text(screen.x + 1, screen.y, screen.width - 2, &title, Token::Accent);
    let keys = format!(" {} ", truncate(&keys(wide, usize::from(columns), rows), room));
    brush.text(screen.x + 1, screen.bottom() - 1, screen.width - 2, &keys, Token::Dim);
}

/// What the keys do, and what is in view: columns beside the sideways arrows, lines beside the others.
fn keys(wide: &Wide, columns: usize, rows: usize) -> String {
    let lines = wide.lines().len();
    let mut told = String::from("Esc back");
    if wide.columns() > columns {
        let last = (wide.left + columns).min(wide.columns());
        told = format!("{told} · ← → {}–{last} of {}", wide.left + 1, wide.columns());
    }
    if lines > rows {
        let last = (wide.top + rows).min(lines);
        told = format!("{told} · ↑ ↓ {}–{last} of {lines}", wide.top + 1);
    }
    told
}
