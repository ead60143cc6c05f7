//! What waits for the person, lineages, and names.

use super::dialog::list_lines;
use super::sheet::{Sheet, line};
use crate::engine::brief::{LineageLine, Told};
use crate::engine::settings::PaneName;
use crate::tui::app::App;
use crate::tui::dialog::{Dialog, Names, Needs, Trace};
use crate::tui::text::sanitise::one_line;
use crate::tui::text::width::{truncate, width};
use crate::tui::theme::{Glyph, Token};
use crate::tui::transcript::message::{sentence, time};

/// The lines of one of these dialogs; returns the pane it was opened in.
pub(super) fn lines<'a>(app: &App, dialog: &'a Dialog, sheet: &mut Sheet) -> Option<&'a PaneName> {
    match dialog {
        Dialog::Needs(needs) => {
            needs_lines(app, needs, sheet);
            Some(&needs.origin)
        }
        Dialog::Trace(trace) => {
            trace_lines(app, trace, sheet);
            Some(&trace.origin)
        }
        Dialog::Names(names) => {
            names_lines(names, sheet);
            Some(&names.origin)
        }
        _ => None,
    }
}

fn needs_lines(app: &App, needs: &Needs, sheet: &mut Sheet) {
    sheet.title = match needs.entries.len() {
        0 => "What needs you".into(),
        count => format!("What needs you · {count}"),
    };
    sheet.keys = needs.keys();
    sheet.columns = 92;
    let room = usize::from(sheet.columns.min(sheet.most).saturating_sub(4));
    if needs.entries.is_empty() {
        sheet.say("Nothing waits for you.", Token::Dim);
    }
    let longest = needs.entries.iter().map(|need| width(&one_line(&need.name))).max().unwrap_or(0).min(room / 2);
    for (at, need) in needs.entries.iter().enumerate() {
        if at == needs.at {
            sheet.chosen = Some(sheet.lines.len());
            sheet.in_view = sheet.lines.len();
        }
        let name = truncate(&one_line(&need.name), longest).into_owned();
        let gap = " ".repeat(longest.saturating_sub(width(&name)) + 2);
        let told = one_line(&need.told);
        let told = truncate(&told, room.saturating_sub(longest + 4)).into_owned();
        sheet.lines.push(line([
            (format!("{} ", app.glyphs.of(need.glyph)), need.token),
            (format!("{name}{gap}"), Token::Text),
            (told, Token::Dim),
        ]));
    }
    said(needs.said.as_deref(), room, sheet);
    if width(&sheet.keys) > room {
        // What the last line has no room for stands above it, whole.
        let keys = std::mem::replace(&mut sheet.keys, "Esc".into());
        let mut row = String::new();
        for key in keys.split(" · ").filter(|key| *key != "Esc") {
            if width(&row) + width(key) + 3 > room && !row.is_empty() {
                sheet.say(std::mem::take(&mut row), Token::Dim);
            }
            if !row.is_empty() {
                row.push_str(" · ");
            }
            row.push_str(key);
        }
        sheet.say(row, Token::Dim);
    }
}

fn trace_lines(app: &App, trace: &Trace, sheet: &mut Sheet) {
    sheet.title = "Trace".into();
    if trace.has_names() {
        sheet.title = "Trace · real names, on this screen only".into();
    }
    sheet.keys = "↑ ↓ lines · Enter goes to the message · Esc".into();
    sheet.columns = 110;
    let room = usize::from(sheet.columns.min(sheet.most).saturating_sub(4));
    for (at, told) in trace.lines.iter().enumerate() {
        if at == trace.at {
            sheet.chosen = Some(sheet.lines.len());
            sheet.in_view = sheet.lines.len();
        }
        sheet.lines.push(trace_line(app, told, room));
    }
    if trace.lines.is_empty() && trace.said.is_none() {
        sheet.say("reading …", Token::Dim);
    }
    said(trace.said.as_deref(), room, sheet);
}

fn trace_line(app: &App, told: &LineageLine, room: usize) -> crate::tui::text::rich::RichLine {
    let glyphs = app.glyphs;
    let indent = "  ".repeat(told.depth.min(8) as usize);
    let (mark, token) = match told.told {
        Told::Brief => (glyphs.of(Glyph::BriefOut), Token::Brief),
        Told::Report => (glyphs.of(Glyph::BriefIn), Token::Text),
        Told::Held => (glyphs.of(Glyph::NeedsYou), Token::Warn),
        Told::Asked | Told::Name | Told::Step | Told::Use => (" ", Token::Text),
    };
    let at = told.at.map(|at| time(at, &app.zone)).unwrap_or_default();
    let head = if told.told == Told::Brief {
        format!("{indent}{mark} ")
    } else {
        format!("{indent}  {mark} {:<9} ", told.label)
    };
    let real = told.real.as_ref().map_or_else(String::new, |real| format!(" = {}", one_line(real)));
    let left = room.saturating_sub(width(&head) + width(&at) + 1);
    let text = truncate(&one_line(&told.text), left).into_owned();
    let real = truncate(&real, left.saturating_sub(width(&text))).into_owned();
    let gap = " ".repeat(left.saturating_sub(width(&text) + width(&real)) + 1);
    let label = if told.told == Told::Brief { Token::Brief } else { Token::Dim };
    line([(head, label), (text, token), (real, Token::Accent), (gap, Token::Text), (at, Token::Faint)])
}

fn names_lines(names: &Names, sheet: &mut Sheet) {
    let (masked, kept) = names.counts();
    sheet.title = format!("Names · {masked} masked · {kept} may cross");
    sheet.keys = "Tab masks or keeps · Del forgets · Enter adds what is written · Esc".into();
    sheet.columns = 84;
    list_lines(&names.list, 0, sheet);
    let room = usize::from(sheet.columns.min(sheet.most).saturating_sub(4));
    if names.list.chosen().is_none() {
        sheet.lines.pop();
        match names.written() {
            Some((name, kind)) => {
                let told = format!(
                    "  Enter masks {} as a {}; `{}: client` says another kind",
                    one_line(&name),
                    one_line(&kind),
                    one_line(&name)
                );
                sheet.say(truncate(&told, room).into_owned(), Token::Dim);
            }
            None => sheet.say("  no name is known yet: write one, or `Name: client`", Token::Dim),
        }
    }
    said(names.said.as_deref(), room, sheet);
}

/// Why the last key did nothing, below everything.
fn said(told: Option<&str>, room: usize, sheet: &mut Sheet) {
    if let Some(told) = told {
        let lines = sentence(told, Token::Warn, room as u16);
        sheet.lines.extend(lines);
    }
}
