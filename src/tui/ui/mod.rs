//! Drawing: from the app to cells. It only reads.

mod arranging;
mod brief;
mod brush;
mod composer;
mod dialog;
mod first_run;
mod handoff;
mod locality;
mod pane;
mod reports;
mod search;
mod sheet;
mod status;
mod strip;
mod tabs;
mod title;
mod wide;

pub use tabs::tab_spans;

#[cfg(test)]
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;

use super::app::App;
use super::theme::Token;
use brush::Brush;

/// Draws the whole screen into a terminal of the library's own.
#[cfg(test)]
pub fn draw(app: &App, frame: &mut Frame<'_>) {
    if let Some(cursor) = paint(app, frame.buffer_mut()) {
        frame.set_cursor_position(cursor);
    }
}

/// Paints the whole screen over whatever the buffer holds; returns where the cursor is.
pub fn paint(app: &App, buffer: &mut Buffer) -> Option<Position> {
    let area = buffer.area;
    app.links.begin_frame();
    let mut brush = Brush { buffer, theme: &app.theme, glyphs: app.glyphs, links: &app.links };
    brush.ground();
    let mut cursor = None;
    match app.screen() {
        None => too_small(app, area, &mut brush),
        Some(screen) => {
            if let Some(tabs) = screen.tabs {
                tabs::draw(app, tabs, &mut brush);
            }
            for pane in &screen.panes {
                cursor = cursor.or(pane::draw(app, pane, &mut brush));
            }
            status::notice(app, screen.notice, &mut brush);
            status::draw(app, screen.status, &mut brush);
            if app.shows_strip() {
                strip::draw(app, &screen, &mut brush);
            }
        }
    }
    // What is chosen for a brief is chosen over it.
    if let [.., super::dialog::Dialog::Brief(composer), _] = app.dialogs.as_slice() {
        brief::draw(app, composer, &mut brush);
    }
    if let Some(dialog) = app.dialogs.last() {
        cursor = dialog::draw(app, dialog, area, &mut brush);
    }
    cursor.filter(|at| area.contains(*at))
}

/// What a screen says that is too small for anything else. Nothing is lost: everything is drawn again when it grows.
fn too_small(app: &App, area: ratatui::layout::Rect, brush: &mut Brush<'_>) {
    let told = match (app.open_panes().len(), title::underway(app)) {
        (0, _) => "This workspace has no pane.".to_owned(),
        (_, None) => "Too small to draw. Enlarge the window; all is kept.".to_owned(),
        (_, Some(underway)) => format!("Too small to draw. {underway}; all is kept. Enlarge the window."),
    };
    let lines = super::transcript::message::sentence(&told, Token::Text, area.width.max(1));
    for (row, line) in lines.iter().take(usize::from(area.height)).enumerate() {
        brush.rich(area.x, area.y + row as u16, area.width, line);
    }
}
