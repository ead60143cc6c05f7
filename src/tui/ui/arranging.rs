//! The lists of layouts and of workspaces, and what saving a layout changes.

use ratatui::layout::Rect;

use super::dialog::list_lines;
use super::sheet::{Sheet, line};
use crate::tui::dialog::{LayoutDiff, LayoutPicker, WorkspacePicker};
use crate::tui::text::sanitise::one_line;
use crate::tui::theme::Token;
use crate::tui::transcript::message::sentence;

pub(super) fn layout_lines(picker: &LayoutPicker, sheet: &mut Sheet) {
    sheet.title = "Layouts of this workspace".into();
    let under = match picker.target() {
        None => "as the workspace's own".to_owned(),
        Some(name) => format!("as {}", one_line(name)),
    };
    sheet.keys = if picker.can_save() {
        format!("Enter uses it · Ctrl-S saves the screen's {under} · Esc")
    } else {
        "Enter uses it · a name to save has letters, digits, - and _ · Esc".into()
    };
    list_lines(&picker.list, 0, sheet);
    if let Some(why) = &picker.refusal {
        sheet.lines.truncate(1);
        sheet.lines.extend(sentence(why, Token::Warn, 72));
    }
}

pub(super) fn diff_lines(diff: &LayoutDiff, screen: Rect, sheet: &mut Sheet) {
    sheet.title = match &diff.name {
        None => "Save the layout in workspace.yaml".into(),
        Some(name) => format!("Save the layout {} in workspace.yaml", one_line(name)),
    };
    sheet.keys = "Enter writes it · ↑ ↓ scroll · Esc leaves the file as it is".into();
    sheet.columns = 96;
    if !diff.left_out.is_empty() {
        let told = format!("Left out, because the file doesn't have them: {}.", diff.left_out.join(", "));
        sheet.lines.extend(sentence(&told, Token::Warn, 90));
        sheet.say("", Token::Text);
    }
    let room = usize::from(screen.height.saturating_sub(6)).max(1);
    for (mark, text) in diff.change.diff.iter().skip(diff.from).take(room) {
        let token = match mark {
            '+' => Token::Ok,
            '-' => Token::Danger,
            _ => Token::Dim,
        };
        sheet.lines.push(line([(format!("{mark} {}", one_line(text)), token)]));
    }
}

pub(super) fn workspace_lines(picker: &WorkspacePicker, sheet: &mut Sheet) {
    sheet.title = "Workspaces".into();
    sheet.keys = "type to filter · Enter leaves for it, this one is saved · Esc".into();
    sheet.columns = 100;
    list_lines(&picker.list, 24, sheet);
    if picker.is_looking {
        sheet.lines.truncate(1);
        sheet.say("  looking …", Token::Dim);
    }
}
