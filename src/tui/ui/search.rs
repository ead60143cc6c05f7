//! The search in all conversations: the hits, and below them the message that the chosen one stands in.

use ratatui::layout::Rect;

use super::dialog::written;
use super::sheet::{Sheet, line};
use crate::engine::message::Message;
use crate::tui::app::App;
use crate::tui::app::finding::HITS_EVERYWHERE;
use crate::tui::dialog::SearchAll;
use crate::tui::text::markdown::lay_out_with;
use crate::tui::text::matches::Needle;
use crate::tui::text::rich::RichLine;
use crate::tui::text::sanitise::one_line;
use crate::tui::text::width::{truncate, width};
use crate::tui::theme::Token;
use crate::tui::transcript::message::time;

/// The columns of the sheet where the screen has them.
const COLUMNS: u16 = 110;
/// The hits that are shown at once.
const HITS: usize = 8;
/// The lines of the message that are shown.
const LINES: usize = 14;

pub(super) fn lines(app: &App, search: &SearchAll, screen: Rect, sheet: &mut Sheet) {
    sheet.columns = COLUMNS.min(screen.width.saturating_sub(2));
    let count = match search.hits.len() {
        0 => String::new(),
        hits if hits >= HITS_EVERYWHERE as usize => format!(" · {}/{hits} or more", search.at + 1),
        hits => format!(" · {}/{hits}", search.at + 1),
    };
    sheet.title = format!("Search all conversations{count}");
    sheet.keys = "↑ ↓ choose · Enter goes to the message · Esc".into();
    written(search.line.text(), sheet);
    let is_blank = search.line.text().trim().is_empty();
    if search.hits.is_empty() {
        if !is_blank {
            sheet.say("nothing has these words", Token::Dim);
        }
        return;
    }
    // Borders, the line that is written, the line between, and at least three lines of the message.
    let rows = usize::from(screen.height.saturating_sub(4));
    let shown = HITS.min(rows.saturating_sub(5)).max(1);
    let room = usize::from(sheet.columns.saturating_sub(4));
    let needle = Needle::new(search.line.text());
    let from = (search.at + 1).saturating_sub(shown);
    for (at, hit) in search.hits.iter().enumerate().skip(from).take(shown) {
        if at == search.at {
            sheet.chosen = Some(sheet.lines.len());
        }
        let place = truncate(&format!("{} m{}", one_line(&hit.pane), hit.number), 18).into_owned();
        let gap = " ".repeat(19_usize.saturating_sub(width(&place)));
        let snippet = truncate(&one_line(&hit.snippet), room.saturating_sub(19)).into_owned();
        let told = line([(place, Token::Accent), (gap, Token::Text)]);
        let snippet = needle.marked(&line([(snippet, Token::Text)]));
        sheet.lines.push(RichLine { spans: [told.spans, snippet.spans].concat() });
    }
    let left = rows.saturating_sub(sheet.lines.len()).min(LINES);
    preview(app, search, &needle, room, left, sheet);
}

/// The message around its first match.
fn preview(app: &App, search: &SearchAll, needle: &Needle, columns: usize, rows: usize, sheet: &mut Sheet) {
    let Some(hit) = search.chosen() else { return };
    let across = if app.glyphs == crate::tui::theme::Glyphs::Ascii { "-" } else { "─" };
    let from = format!("{across}{across} {} m{} · {} ", one_line(&hit.pane), hit.number, time(hit.at, &app.zone));
    let rest = across.repeat(columns.saturating_sub(width(&from)));
    sheet.say(format!("{from}{rest}"), Token::Border);
    let Some(message) = search.preview() else {
        // It hasn't come, or stands on a branch that was left: what the index knows has to do.
        let told = needle.marked(&line([(one_line(&hit.snippet).into_owned(), Token::Dim)]));
        sheet.lines.push(told);
        return;
    };
    let text = Message::text(message);
    let lines = lay_out_with(&text, columns as u16, app.glyphs);
    let found = needle.first_line(&lines).unwrap_or(0);
    let first = found.saturating_sub(rows / 3).min(lines.len().saturating_sub(rows.saturating_sub(1)));
    sheet.lines.extend(lines.iter().skip(first).take(rows.saturating_sub(1)).map(|line| needle.marked(line)));
}
