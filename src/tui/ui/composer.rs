//! The composer and its border, which says where Enter goes.

use ratatui::layout::Position;

use super::brush::Brush;
use super::title;
use crate::engine::settings::Locality;
use crate::tui::app::action::Edit;
use crate::tui::app::{Action, App, Conversation, Layer, Pane, PaneArea};
use crate::tui::text::sanitise::one_line;
use crate::tui::text::width::{truncate, width};
use crate::tui::theme::{Glyph, Token};
use crate::tui::transcript::message::size;

/// Draws the border over the composer.
pub(super) fn border(app: &App, pane: &Pane, area: &PaneArea, brush: &mut Brush<'_>) {
    let is_focused = pane.name == app.focused;
    let token = if is_focused { Token::BorderFocus } else { Token::Border };
    let outer = area.outer;
    let y = area.border;
    brush.across(outer.x, y, outer.width, token);
    if area.is_boxed {
        let [left, right] = brush.edges().tees;
        brush.text(outer.x, y, 1, left, token);
        brush.text(outer.right() - 1, y, 1, right, token);
    }
    let Some(conversation) = app.shown(&pane.name).filter(|_| is_focused) else { return };
    let brief = app.short_form(pane).map(|(to, _)| format!("brief to {} · Enter shows it first", one_line(&to)));
    let is_brief = brief.is_some();
    let goes = brief.unwrap_or_else(|| title::destination(app, pane, conversation));
    let told = format!(" {} {goes} ", brush.glyphs.of(Glyph::Arrow));
    let room = usize::from(outer.width.saturating_sub(4));
    let looks = if is_brief { Token::Brief } else { looks(conversation) };
    let columns = usize::from(brush.text(outer.x + 2, y, room as u16, &truncate(&told, room), looks));
    // With a border of its own a pane says it in its title.
    if let Some(forecast) = title::forecast(app, conversation).filter(|_| !area.is_boxed && !is_brief) {
        let forecast = format!(" {forecast} ");
        let needed = width(&forecast);
        if columns + needed + 2 <= room {
            brush.text(outer.right() - 2 - needed as u16, y, needed as u16, &forecast, Token::Warn);
        }
    }
}

const fn looks(conversation: &Conversation) -> Token {
    match conversation.overview.settings.locality {
        Locality::Sealed => Token::Sealed,
        Locality::Open | Locality::Guarded => Token::Accent,
    }
}

/// Draws what is written; returns where the cursor stands, if it stands here.
pub(super) fn draw(app: &App, pane: &Pane, area: &PaneArea, brush: &mut Brush<'_>) -> Option<Position> {
    let is_focused = pane.name == app.focused;
    if area.attachments.height > 0 {
        let told: Vec<String> = pane
            .composer
            .attachments
            .iter()
            .map(|attachment| format!("@ {} · {}", one_line(&attachment.name), size(attachment.bytes)))
            .collect();
        let told = told.join("   ");
        let columns = area.attachments.width;
        brush.text(
            area.attachments.x,
            area.attachments.y,
            columns,
            &truncate(&told, usize::from(columns)),
            Token::Link,
        );
    }
    let text = area.composer;
    let rows = pane.composer.rows(text.width);
    let (at, column) = pane.composer.place(&rows);
    let top = (at + 1).saturating_sub(usize::from(text.height.max(1)));
    let token = if is_focused && !pane.composer.is_offered() { Token::Text } else { Token::Dim };
    for (row, shown) in rows.iter().skip(top).take(usize::from(text.height)).enumerate() {
        brush.text(text.x, text.y + row as u16, text.width, &pane.composer.shown(shown), token);
    }
    if !is_focused {
        return None;
    }
    if pane.composer.is_blank() {
        let hint = match (&pane.outgoing, app.layer) {
            (Some(_), _) => "sending …".to_owned(),
            (None, Layer::Read) => "reading: i writes".to_owned(),
            (None, Layer::Write) if !pane.waiting.is_empty() => {
                format!("write here · {} takes back what waits", app.told(Action::Edit(Edit::Up)))
            }
            (None, Layer::Write) if app.question_back(pane).is_some() => {
                format!("write here · {} takes the question back", app.told(Action::Edit(Edit::Up)))
            }
            (None, Layer::Write) => "write here".to_owned(),
        };
        brush.text(text.x, text.y, text.width, &hint, Token::Faint);
    }
    let is_writing = app.layer == Layer::Write && app.dialogs.is_empty();
    is_writing.then(|| {
        let column = column.min(usize::from(text.width.saturating_sub(1))) as u16;
        Position::new(text.x + column, text.y + (at - top) as u16)
    })
}
