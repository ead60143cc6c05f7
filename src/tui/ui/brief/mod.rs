//! The composer of a brief: its fields, and beside them what exactly would cross and what holds it.

mod beside;
mod fields;
mod pickers;

use ratatui::layout::{Position, Rect};

pub(super) use pickers::{material_lines, template_lines};

use super::brush::Brush;
use super::sheet::line;
use crate::tui::app::{Action, App};
use crate::tui::dialog::{BriefComposer, Field, Places};
use crate::tui::text::rich::RichLine;
use crate::tui::text::sanitise::one_line;
use crate::tui::text::width::{truncate, width};
use crate::tui::theme::{Glyph, Token};
use crate::tui::transcript::message::sentence;

/// Draws it; returns where the cursor stands.
pub(super) fn draw(app: &App, composer: &BriefComposer, brush: &mut Brush<'_>) -> Option<Position> {
    let places = Places::on(app.size, composer.field.is_beside());
    let mut cursor = None;
    if let Some(area) = places.fields {
        frame(area, !composer.field.is_beside(), brush);
        title(area, &format!("Brief from {}", one_line(&composer.origin)), brush);
        let inner = inner(area);
        let status = status(composer, &places, inner);
        let room = Rect { height: inner.height.saturating_sub(status.len() as u16), ..inner };
        cursor = fields::draw(composer, room, brush);
        for (row, line) in status.iter().enumerate() {
            brush.rich(inner.x, room.bottom() + row as u16, inner.width, line);
        }
    }
    if let Some(area) = places.beside {
        frame(area, composer.field.is_beside(), brush);
        beside::draw(app, composer, area, brush);
    }
    last_line(app, composer, &places, brush);
    if places.fields.is_some() && places.beside.is_some() && composer.field.is_beside() { None } else { cursor }
}

/// The most rows below the fields in which something is told.
const STATUS_ROWS: usize = 3;

/// What is told below the fields: everything where nothing stands beside them, else what the last line has no room for.
fn status(composer: &BriefComposer, places: &Places, inner: Rect) -> Vec<RichLine> {
    let (told, token) = told(composer);
    if places.beside.is_some_and(|beside| is_short(&told, beside)) {
        return Vec::new();
    }
    let mut lines = sentence(&told, token, inner.width);
    let most = STATUS_ROWS.min(usize::from(inner.height) / 3).max(1);
    if lines.len() > most {
        let rest: Vec<String> = lines.drain(most - 1..).map(|line| line.text()).collect();
        lines.push(line([(truncate(&rest.join(" "), usize::from(inner.width)).into_owned(), token)]));
    }
    lines
}

/// Whether the last line of the box beside the fields has room for it.
fn is_short(told: &str, beside: Rect) -> bool {
    width(told) + 4 <= usize::from(beside.width)
}

fn frame(area: Rect, has_keys: bool, brush: &mut Brush<'_>) {
    brush.clear(area);
    brush.frame(area, if has_keys { Token::BorderFocus } else { Token::Border });
}

fn inner(area: Rect) -> Rect {
    Rect { x: area.x + 2, y: area.y + 1, width: area.width.saturating_sub(4), height: area.height.saturating_sub(2) }
}

fn title(area: Rect, text: &str, brush: &mut Brush<'_>) {
    let room = usize::from(area.width.saturating_sub(4));
    brush.text(area.x + 1, area.y, area.width.saturating_sub(2), &format!(" {} ", truncate(text, room)), Token::Accent);
}

/// The keys of the field, and at the right end what still holds it.
fn last_line(app: &App, composer: &BriefComposer, places: &Places, brush: &mut Brush<'_>) {
    let (first, last) = (places.fields.or(places.beside), places.beside.or(places.fields));
    let Some((first, last)) = first.zip(last) else { return };
    let y = last.bottom().saturating_sub(1);
    let mut right = last.right().saturating_sub(2);
    let (told, token) = told(composer);
    let is_below = places.fields.is_some() && places.beside.is_none_or(|beside| !is_short(&told, beside));
    if !is_below {
        let room = usize::from(right.saturating_sub(first.x + 2));
        let told = format!(" {} ", truncate(&told, room.saturating_sub(2)));
        right = right.saturating_sub(width(&told) as u16);
        brush.text(right, y, last.right() - right, &told, token);
    }
    let room = usize::from(right.saturating_sub(first.x + 3));
    let keys = fitting(&keys(app, composer), room);
    if !keys.is_empty() {
        brush.text(first.x + 1, y, right - first.x, &format!(" {keys} "), Token::Dim);
    }
}

/// As many of the keys as fit: none is cut in half.
fn fitting(keys: &[String], columns: usize) -> String {
    let mut told = String::new();
    for key in keys {
        let gap = if told.is_empty() { "" } else { " · " };
        if width(&told) + width(gap) + width(key) + 2 > columns {
            break;
        }
        told.push_str(gap);
        told.push_str(key);
    }
    told
}

fn keys(app: &App, composer: &BriefComposer) -> Vec<String> {
    let leader = app.keymap.leader();
    let (mut keys, mut more): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    match composer.field {
        Field::To => keys.push("Space or a digit mark".to_owned()),
        Field::Context => keys.extend(["Space mark".to_owned(), "a add".to_owned()]),
        Field::More => keys.push("Enter unfold".to_owned()),
        Field::Return => keys.push("Space change".to_owned()),
        Field::Payload => {
            keys.push("↑ ↓ scroll".to_owned());
            if composer.preview.composed.len() > 1 {
                keys.push("← → receiver".to_owned());
            }
        }
        Field::Locality => {
            keys.extend(["m mask".to_owned(), "k keep".to_owned()]);
            if composer.preview.unjudged().len() > 1 {
                keys.push("M K all".to_owned());
            }
        }
        Field::Objective | Field::DoneWhen | Field::Constraints | Field::Expected | Field::Unseal => {
            more.push(format!("{leader} Ctrl-E editor"));
        }
    }
    if matches!(composer.field, Field::Payload | Field::Locality) && composer.may_unjudge() {
        keys.push("u undo".to_owned());
    }
    if composer.field == Field::Locality && composer.preview.unjudged().len() > 1 {
        keys.push("↑ ↓ word".to_owned());
    }
    keys.push("Tab next".to_owned());
    keys.push(format!("{leader} Enter send"));
    if composer.assist.awaited.is_none() {
        keys.push("Esc keep as draft".to_owned());
    }
    if composer.has_proposals() {
        keys.push(format!("{leader} u take back"));
    } else if composer.assist.awaited.is_none() {
        keys.push(format!("{} assist", app.told(Action::Assist)));
    }
    keys.extend(more);
    keys.push(format!("{leader} t template"));
    if composer.field != Field::Context {
        keys.push(format!("{leader} a add"));
    }
    keys.push(format!("{leader} k put away"));
    keys
}

/// What the person is to know now: what was told, else what holds it, else that it can go.
fn told(composer: &BriefComposer) -> (String, Token) {
    if composer.is_sending {
        return ("sending …".to_owned(), Token::Dim);
    }
    if composer.assist.awaited.is_some() && composer.told.is_none() {
        return (format!("{} is asked for proposals … Esc stops it.", one_line(&composer.assist.model)), Token::Accent);
    }
    match (&composer.told, composer.held()) {
        (Some(told), _) => (one_line(told).into_owned(), Token::Warn),
        (None, Some(held)) => (held, Token::Warn),
        (None, None) if composer.preview.composed.is_empty() => ("composing …".to_owned(), Token::Dim),
        (None, None) => ("it can go".to_owned(), Token::Ok),
    }
}

/// `5,904`
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut told = String::with_capacity(digits.len() + 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            told.push(',');
        }
        told.push(digit);
    }
    told
}

/// Draws lines from the one that keeps `in_view` on the screen; returns the first that is drawn.
fn lines(lines: &[RichLine], in_view: usize, room: Rect, brush: &mut Brush<'_>) -> usize {
    let rows = usize::from(room.height);
    let from = (in_view + 1).saturating_sub(rows).min(lines.len().saturating_sub(rows));
    for (row, line) in lines.iter().skip(from).take(rows).enumerate() {
        brush.rich(room.x, room.y + row as u16, room.width, line);
    }
    from
}

/// Whether something goes along, or goes there.
const fn mark(is_marked: bool) -> Glyph {
    if is_marked { Glyph::Unread } else { Glyph::Bullet }
}
