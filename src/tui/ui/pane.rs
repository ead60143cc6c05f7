//! One pane: its border and title, its transcript, its notice, its composer.

use std::ops::Range;

use ratatui::layout::Position;
use ratatui::style::Style;

use super::brush::{Brush, columns_of};
use super::{composer, first_run, title};
use crate::tui::app::scroll::{Heights as _, Scroll, Slice};
use crate::tui::app::{App, Layer, Pane, PaneArea};
use crate::tui::text::matches::Needle;
use crate::tui::text::rich::RichLine;
use crate::tui::text::width::{prefix, truncate, width};
use crate::tui::theme::{Glyph, Token};
use crate::tui::transcript::message::sentence;

/// Draws a pane; returns where the cursor stands, if it stands here.
pub(super) fn draw(app: &App, area: &PaneArea, brush: &mut Brush<'_>) -> Option<Position> {
    let pane = app.pane(&area.pane)?;
    border(app, pane, area, brush);
    transcript(app, pane, area, brush);
    briefs(app, pane, area, brush);
    if let Some(notice) = &pane.notice {
        let lines = sentence(notice, Token::Warn, area.notice.width);
        for (row, line) in lines.iter().take(usize::from(area.notice.height)).enumerate() {
            brush.rich(area.notice.x, area.notice.y + row as u16, area.notice.width, line);
        }
    }
    composer::draw(app, pane, area, brush)
}

/// The handoff that is made here, the briefs that are out from here, and those that wait here.
fn briefs(app: &App, pane: &Pane, area: &PaneArea, brush: &mut Brush<'_>) {
    let room = area.briefs;
    if room.height == 0 {
        return;
    }
    let mut told = app.standing(pane);
    let rows = usize::from(room.height);
    if let Some(more) = told.len().checked_sub(rows).filter(|more| *more > 0) {
        told.truncate(rows);
        if let Some((last, _)) = told.last_mut() {
            let more = format!(" · {more} more");
            let left = usize::from(room.width).saturating_sub(width(&more));
            *last = format!("{}{more}", truncate(last, left));
        }
    }
    for (row, (text, token)) in told.iter().enumerate() {
        // What a person wrote may be long: that it goes on is said.
        let is_quoted = *token == Token::Dim;
        let text = if is_quoted { truncate(text, usize::from(room.width)) } else { text.as_str().into() };
        brush.text(room.x, room.y + row as u16, room.width, &text, *token);
    }
}

fn border(app: &App, pane: &Pane, area: &PaneArea, brush: &mut Brush<'_>) {
    let is_focused = pane.name == app.focused;
    let token = if is_focused { Token::BorderFocus } else { Token::Border };
    let outer = area.outer;
    if !area.is_boxed {
        brush.across(outer.x, outer.y, outer.width, Token::Border);
        composer::border(app, pane, area, brush);
        return;
    }
    brush.frame(outer, token);
    let Some(conversation) = app.addressed(&pane.name) else { return };
    let number = app.open_panes().iter().position(|name| **name == pane.name).map_or(0, |at| at + 1);
    let mut pieces = title::pieces(app, pane, number, conversation);
    let room = usize::from(outer.width.saturating_sub(4));
    // A blank on either side, and ` ─ ` between.
    let needed = |pieces: &[title::Piece]| pieces.iter().map(|piece| width(&piece.text) + 3).sum::<usize>();
    while pieces.len() > 1 && needed(&pieces) > room {
        let cheapest = pieces.iter().enumerate().min_by_key(|(_, piece)| piece.rank).map_or(0, |(at, _)| at);
        pieces.remove(cheapest);
    }
    let between = format!(" {} ", brush.edges().across);
    let mut told: Vec<(String, Token)> = vec![(" ".to_owned(), token)];
    for (at, piece) in pieces.into_iter().enumerate() {
        if at > 0 {
            told.push((between.clone(), token));
        }
        told.push((piece.text, piece.token));
    }
    told.push((" ".to_owned(), token));
    brush.pieces(outer.x + 1, outer.y, outer.width.saturating_sub(2), &told);
    composer::border(app, pane, area, brush);
}

fn transcript(app: &App, pane: &Pane, area: &PaneArea, brush: &mut Brush<'_>) {
    let room = area.transcript;
    let Some(transcript) = app.transcript(pane, room.width) else { return };
    if transcript.first() >= transcript.end() {
        let lines = first_run::lines(app, pane, room.width);
        for (row, line) in lines.iter().take(usize::from(room.height)).enumerate() {
            brush.rich(room.x, room.y + row as u16, room.width, line);
        }
        return;
    }
    let view = pane.scroll.view(&transcript, usize::from(room.height));
    let is_reading = app.layer == Layer::Read && pane.name == app.focused;
    let needle = pane.found.as_ref().map(|found| Needle::new(&found.query));
    let mut y = room.y;
    transcript.each(&view, |shown| {
        brush.rich(room.x, y, room.width, shown.line);
        if let Some(needle) = &needle {
            highlight(shown.line, needle, (room.x, y), room.width, brush);
        }
        if let Some(columns) = app.selected_columns(pane, room.width, shown.item, shown.number) {
            selected(shown.line, columns, (room.x, y), room.width, brush);
        }
        if is_reading && shown.item == pane.selected {
            brush.text(room.x - 1, y, 1, "▌", Token::Accent);
        }
        y += 1;
    });
    new_lines(app, pane, area, brush);
    scrollbar(
        &view,
        transcript.end(),
        app.shown(&pane.name).map_or(0, crate::tui::app::Conversation::total),
        area,
        pane,
        brush,
    );
}

/// `↓ 14 new lines`, at the lower right of a transcript that somebody scrolled up.
fn new_lines(app: &App, pane: &Pane, area: &PaneArea, brush: &mut Brush<'_>) {
    let count = app.new_lines(pane, area);
    if count == 0 || area.transcript.height == 0 {
        return;
    }
    let lines = if count == 1 { "line" } else { "lines" };
    let told = [(format!(" {} {count} new {lines} ", brush.glyphs.of(Glyph::Below)), Token::Accent)];
    let columns = (columns_of(&told) as u16).min(area.transcript.width);
    let (x, y) = (area.transcript.right() - columns, area.transcript.bottom() - 1);
    brush.clear(ratatui::layout::Rect::new(x, y, columns, 1));
    brush.pieces(x, y, columns, &told);
}

/// A thumb on the right border, in message units: what is in view, of all there is, loaded or not.
fn scrollbar(view: &[Slice], end: u32, total: u32, area: &PaneArea, pane: &Pane, brush: &mut Brush<'_>) {
    let (Some(first), Some(last)) = (view.first(), view.last()) else { return };
    let total = total.max(end);
    let height = u32::from(area.transcript.height);
    if height < 3 || (first.item == 0 && first.from == 0 && last.item + 1 >= total && pane.scroll == Scroll::Follow) {
        return;
    }
    let shown = (last.item + 1 - first.item).max(1);
    let size = (height * shown / total.max(1)).clamp(1, height);
    let place = if pane.scroll == Scroll::Follow {
        height - size
    } else {
        (height * first.item / total.max(1)).min(height - size)
    };
    let token = if brush.glyphs == crate::tui::theme::Glyphs::Ascii { "#" } else { "┃" };
    for row in place..place + size {
        brush.text(area.outer.right() - 1, area.transcript.y + row as u16, 1, token, Token::Dim);
    }
}

/// Marks what was looked for.
fn highlight(line: &RichLine, needle: &Needle, (x, y): (u16, u16), columns: u16, brush: &mut Brush<'_>) {
    let text = line.text();
    let style: Style = brush.theme.style(Token::Match);
    for found in needle.ranges(&text) {
        let (Some(before), Some(found)) = (text.get(..found.start), text.get(found)) else { continue };
        let from = width(before) as u16;
        if from < columns {
            let cells = width(prefix(found, usize::from(columns - from))) as u16;
            brush.mark(x + from, y, cells, style);
        }
    }
}

/// Marks what is selected: of a line no more than its text, and of an empty one a single cell.
fn selected(line: &RichLine, columns: Range<usize>, (x, y): (u16, u16), room: u16, brush: &mut Brush<'_>) {
    let end = columns.end.min(width(line.text().trim_end()).max(1)).min(usize::from(room)) as u16;
    let from = (columns.start.min(usize::from(room)) as u16).min(end.saturating_sub(1));
    brush.choose(x + from, y, end - from);
}
