//! A handoff's draft: what it carries, what it frees, and the document.

use super::sheet::{Sheet, line};
use crate::engine::handoff::Writer;
use crate::tui::app::App;
use crate::tui::dialog::{HANDOFF_COLUMNS, HandoffSheet, short};
use crate::tui::text::sanitise::one_line;
use crate::tui::text::width::truncate;
use crate::tui::theme::{Glyph, Token};
use crate::tui::transcript::message::sentence;
use crate::tui::transcript::seam::written_by;

pub(super) fn lines(app: &App, handoff: &HandoffSheet, sheet: &mut Sheet) {
    sheet.title = format!("Hand off {}", one_line(&handoff.origin));
    sheet.keys = handoff.keys();
    sheet.columns = HANDOFF_COLUMNS;
    let room = sheet.columns.min(sheet.most).saturating_sub(4);
    if handoff.draft.is_none() && handoff.said.is_none() {
        let told = match &handoff.writer {
            Some(model) => format!("{model} is asked to write the draft …"),
            None => "quoting and sorting what was said …".to_owned(),
        };
        sheet.say(told, Token::Dim);
        return;
    }
    head(app, handoff, usize::from(room), sheet);
    if let Some(said) = &handoff.said {
        sheet.lines.extend(sentence(said, Token::Warn, room));
    }
    if handoff.draft.is_some() {
        sheet.say("", Token::Text);
        let shown = handoff.lines.iter().skip(handoff.top).take(handoff.rows());
        sheet.lines.extend(shown.cloned());
        let below = handoff.lines.len().saturating_sub(handoff.top + handoff.rows());
        if below > 0 {
            sheet.say(format!("{} {below} more lines", app.glyphs.of(Glyph::Below)), Token::Dim);
        }
    }
}

/// What is carried, in at most four lines.
fn head(app: &App, handoff: &HandoffSheet, room: usize, sheet: &mut Sheet) {
    let Some(draft) = &handoff.draft else { return };
    let mut carries = vec![match draft.messages {
        1 => "1 message".to_owned(),
        count => format!("{count} messages"),
    }];
    match draft.pins.len() {
        0 => {}
        1 => carries.push("1 pin byte for byte".to_owned()),
        count => carries.push(format!("{count} pins byte for byte")),
    }
    match draft.appended {
        0 => {}
        1 => carries.push("1 value appended by check".to_owned()),
        count => carries.push(format!("{count} values appended by check")),
    }
    carries.push(match (&draft.by, &handoff.writer) {
        (Writer::Code, Some(model)) if draft.failure.is_none() => {
            format!("without a model: what {model} wrote can't be used")
        }
        (by, _) => written_by(by),
    });
    sheet.say(truncate(&carries.join(" · "), room).into_owned(), Token::Handoff);
    if let Some(failure) = &draft.failure {
        sheet.say(truncate(&one_line(failure), room).into_owned(), Token::Warn);
    }
    let arrow = app.glyphs.of(Glyph::Arrow);
    let mut sizes = format!("{} {arrow} {} tokens", told(draft.before), told(draft.after));
    let is_over = draft.limit.is_some_and(|limit| draft.tokens > limit);
    if let Some(limit) = draft.limit {
        sizes = format!("{sizes} · the document has about {} of the {} it may have", told(draft.tokens), told(limit));
    }
    let mark = if is_over { format!("{} ", app.glyphs.of(Glyph::NeedsYou)) } else { String::new() };
    let token = if is_over { Token::Warn } else { Token::Dim };
    sheet.lines.push(line([(truncate(&format!("{mark}{sizes}"), room).into_owned(), token)]));
    if !draft.invented.is_empty() {
        let words: Vec<String> = draft.invented.iter().map(|word| one_line(word).into_owned()).collect();
        let told = format!("left out, because no message says it: {}", words.join(", "));
        sheet.say(truncate(&told, room).into_owned(), Token::Warn);
    }
}

/// A number of tokens: small ones as they are, since a small window is what they matter in.
fn told(tokens: u32) -> String {
    if tokens < 10_000 { tokens.to_string() } else { short(tokens) }
}
