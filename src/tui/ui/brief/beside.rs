//! What would cross, to the byte, and below it what was replaced and what holds it.

use ratatui::layout::Rect;

use super::super::brush::Brush;
use super::super::sheet::line;
use super::{grouped, inner, title};
use crate::engine::settings::Locality;
use crate::tui::app::App;
use crate::tui::dialog::{BriefComposer, Field, Places};
use crate::tui::text::rich::RichLine;
use crate::tui::text::sanitise::one_line;
use crate::tui::text::width::{truncate, width};
use crate::tui::theme::{Glyph, Token};
use crate::tui::transcript::message::sentence;

pub(super) fn draw(app: &App, composer: &BriefComposer, area: Rect, brush: &mut Brush<'_>) {
    heading(app, composer, area, brush);
    let inner = inner(area);
    let below = Places::locality_rows(area, composer.locality_lines());
    let room = Rect { height: inner.height.saturating_sub(below), ..inner };
    let preview = &composer.preview;
    for (row, line) in preview.lines().iter().skip(preview.top).take(usize::from(room.height)).enumerate() {
        brush.rich(room.x, room.y + row as u16, room.width, line);
    }
    more(composer, room, brush);
    if below == 0 {
        return;
    }
    let y = room.bottom();
    rule(app, composer, Rect { y, height: 1, ..area }, brush);
    let under = Rect { y: y + 1, height: below - 1, ..inner };
    let (lines, chosen) = locality(composer, under.width, brush);
    let from = chosen.map_or(0, |at| (at + 1).saturating_sub(usize::from(under.height)));
    for (row, line) in lines.iter().skip(from).take(usize::from(under.height)).enumerate() {
        brush.rich(under.x, under.y + row as u16, under.width, line);
        if chosen == Some(row + from) && composer.field == Field::Locality {
            brush.choose(under.x - 1, under.y + row as u16, under.width + 2);
        }
    }
}

/// `What drafting will receive ─── 412 of 5,904 tokens`
fn heading(app: &App, composer: &BriefComposer, area: Rect, brush: &mut Brush<'_>) {
    let Some(shown) = composer.preview.shown() else {
        return title(area, "What would cross", brush);
    };
    let to = app.conversations.get(&shown.to).map_or("?", |known| known.overview.pane.as_str());
    let count = composer.preview.composed.len();
    let of = if count > 1 { format!(" · {} of {count}", composer.preview.at + 1) } else { String::new() };
    let tokens = match shown.headroom {
        Some(headroom) => format!(" {} of {} tokens ", grouped(shown.tokens), grouped(headroom)),
        None => format!(" {} tokens ", grouped(shown.tokens)),
    };
    let columns = width(&tokens) as u16;
    let is_over = shown.headroom.is_some_and(|headroom| shown.tokens > headroom);
    let x = area.right().saturating_sub(columns + 2);
    if x > area.x + 12 {
        brush.text(x, area.y, columns, &tokens, if is_over { Token::Danger } else { Token::Dim });
    }
    let left = Rect { width: x.saturating_sub(area.x), ..area };
    title(left, &format!("What {} will receive{of}", one_line(to)), brush);
}

/// How many lines are further down.
fn more(composer: &BriefComposer, room: Rect, brush: &mut Brush<'_>) {
    let preview = &composer.preview;
    let below = preview.lines().len().saturating_sub(preview.top + usize::from(room.height));
    if below == 0 || room.height == 0 {
        return;
    }
    let told = format!(" {} {below} more ", brush.glyphs.of(Glyph::Below));
    let columns = (width(&told) as u16).min(room.width);
    let x = room.right() - columns;
    brush.clear(Rect { x, y: room.bottom() - 1, width: columns, height: 1 });
    brush.text(x, room.bottom() - 1, columns, &told, Token::Faint);
}

/// `├─ Locality: guarded → open ─┤`
fn rule(app: &App, composer: &BriefComposer, row: Rect, brush: &mut Brush<'_>) {
    let token = if composer.field.is_beside() { Token::BorderFocus } else { Token::Border };
    brush.across(row.x + 1, row.y, row.width.saturating_sub(2), token);
    let [left, right] = brush.edges().tees;
    brush.text(row.x, row.y, 1, left, token);
    brush.text(row.right() - 1, row.y, 1, right, token);
    let locality = |id| app.conversations.get(&id).map(|known| known.overview.settings.locality);
    let draft = composer.draft();
    let sources = draft.from.iter().chain(draft.context.iter().map(|quote| &quote.conversation));
    let from = sources.filter_map(|id| locality(*id)).max().unwrap_or_default();
    let arrow = brush.glyphs.of(Glyph::Arrow);
    let told = match composer.preview.shown().and_then(|composed| locality(composed.to)) {
        Some(to) => format!(" Locality: {from} {arrow} {to} "),
        None => format!(" Locality: {from} "),
    };
    let looks = if from == Locality::Sealed { Token::Sealed } else { Token::Accent };
    brush.text(row.x + 2, row.y, row.width.saturating_sub(4), &told, looks);
}

/// What holds it, the words to judge first; then what stands under a pseudonym. And the line of the chosen word.
fn locality(composer: &BriefComposer, columns: u16, brush: &Brush<'_>) -> (Vec<RichLine>, Option<usize>) {
    let preview = &composer.preview;
    let needs = brush.glyphs.of(Glyph::NeedsYou);
    let arrow = brush.glyphs.of(Glyph::Arrow);
    let mut lines = Vec::new();
    if let Some(why) = &preview.refusal {
        lines.extend(sentence(&format!("{needs} {why}"), Token::Warn, columns));
        return (lines, None);
    }
    let words = preview.unjudged();
    let chosen = (!words.is_empty()).then_some(preview.word);
    for (at, (word, place)) in words.iter().enumerate() {
        let keys = if Some(at) == chosen { "m mask · k keep" } else { "" };
        let told = format!("{} ({})", one_line(word), one_line(place));
        let room = usize::from(columns).saturating_sub(14 + width(keys) + 1);
        let told = truncate(&told, room).into_owned();
        let gap = " ".repeat(room.saturating_sub(width(&told)) + 1);
        lines.push(line([
            (format!("{needs} not judged  "), Token::Warn),
            (format!("{told}{gap}"), Token::Text),
            (keys.to_owned(), Token::Accent),
        ]));
    }
    for hold in preview.holds() {
        lines.extend(sentence(&format!("{needs} {hold}"), Token::Danger, columns));
    }
    for one in preview.shown().into_iter().flat_map(|composed| &composed.replaced) {
        let crossed = format!(" {arrow} {} ×{}", one_line(&one.pseudonym), one.times);
        let room = usize::from(columns).saturating_sub(14 + width(&crossed));
        let value = truncate(&one_line(&one.value), room).into_owned();
        lines.push(line([("  replaced    ".to_owned(), Token::Dim), (value, Token::Text), (crossed, Token::Dim)]));
    }
    if lines.is_empty() {
        let told = if preview.shown().is_some() { "nothing is replaced: it crosses as it stands above" } else { "" };
        lines.push(line([(truncate(told, usize::from(columns)).into_owned(), Token::Dim)]));
    }
    (lines, chosen)
}
