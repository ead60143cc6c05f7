//! The row of tabs, where there is one pane at a time.

use std::ops::Range;

use ratatui::layout::Rect;

use super::brush::Brush;
use super::title;
use crate::engine::settings::PaneName;
use crate::tui::app::{App, Badge};
use crate::tui::text::sanitise::one_line;
use crate::tui::text::width::width;
use crate::tui::theme::{Glyph, Token};

/// Which columns belong to which pane's tab.
pub fn tab_spans(app: &App) -> Vec<(PaneName, Range<u16>)> {
    let mut at = 1;
    let mut spans = Vec::new();
    for (number, name) in app.open_panes().into_iter().enumerate() {
        let end = at + width(&label(app, name, number + 1)) as u16;
        spans.push((name.clone(), at..end));
        at = end + 3;
    }
    spans
}

/// Draws the tabs, and the focused pane's meter at the right end. Where there are too many, those around the focused
/// one are shown.
pub(super) fn draw(app: &App, area: Rect, brush: &mut Brush<'_>) {
    let focused = app.addressed(&app.focused);
    let meter = focused.and_then(|conversation| title::meter(app, conversation));
    let spans = tab_spans(app);
    let tabs_end = spans.last().map_or(0, |(_, span)| usize::from(span.end));
    let mut right = area.right();
    if let Some(meter) = meter.filter(|meter| tabs_end + width(&meter.text) + 2 < usize::from(area.width)) {
        right -= width(&meter.text) as u16 + 1;
        brush.text(right, area.y, area.width, &meter.text, meter.token);
    }
    let shift =
        spans.iter().find(|(name, _)| *name == app.focused).map_or(0, |(_, span)| span.end.saturating_sub(right));
    for (number, (name, span)) in spans.iter().enumerate() {
        let Some(x) = span.start.checked_sub(shift) else { continue };
        let token = if *name == app.focused { Token::Accent } else { Token::Dim };
        let room = right.saturating_sub(x);
        let columns = brush.text(area.x + x, area.y, room, &label(app, name, number + 1), token);
        if *name == app.focused {
            brush.choose(area.x + x, area.y, columns);
        }
    }
}

/// `2 drafting ◐ ✓`
fn label(app: &App, name: &str, number: usize) -> String {
    let Some((pane, conversation)) = app.pane(name).zip(app.addressed(name)) else { return String::new() };
    let locality = app.glyphs.of(title::locality_glyph(conversation.overview.settings.locality));
    let glyph = match (&conversation.live, pane.badge) {
        (Some(_), _) => Some(Glyph::Streaming),
        (None, Some(Badge::Reported(_))) => Some(Glyph::BriefIn),
        (None, Some(Badge::Done(_))) => Some(Glyph::Unread),
        (None, Some(Badge::Failed)) => Some(Glyph::Failed),
        (None, Some(Badge::NeedsYou)) => Some(Glyph::NeedsYou),
        (None, None) => None,
    };
    let draft = title::brief(app, pane).map(|_| format!(" {}", app.glyphs.of(Glyph::BriefOut))).unwrap_or_default();
    let state = glyph.map(|glyph| format!(" {}", app.glyphs.of(glyph))).unwrap_or_default();
    format!("{number} {} {locality}{state}{draft}", one_line(name))
}
