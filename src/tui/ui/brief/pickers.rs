//! What is chosen for a brief: messages to quote, a template to fill in.

use super::super::dialog::list_lines;
use super::super::sheet::Sheet;
use crate::tui::dialog::{MaterialPicker, TemplatePicker};
use crate::tui::text::sanitise::one_line;
use crate::tui::theme::Token;
use crate::tui::transcript::message::sentence;

pub(in crate::tui::ui) fn material_lines(picker: &MaterialPicker, sheet: &mut Sheet) {
    let (older, loads) = match picker.older() {
        0 => (String::new(), ""),
        count => (format!(" · {count} more"), " · Ctrl-R lists more"),
    };
    sheet.title = format!("Messages for the brief from {}{older}", one_line(&picker.origin));
    sheet.keys = match picker.count() {
        0 if !loads.is_empty() => format!("type to filter · Enter takes it · Tab marks{loads} · Esc"),
        0 => "type to filter · Enter takes it · Tab marks several · Esc".into(),
        count => format!("Enter takes {count} · Tab marks{loads} · Esc"),
    };
    sheet.columns = 110;
    list_lines(&picker.list, 0, sheet);
}

pub(in crate::tui::ui) fn template_lines(picker: &TemplatePicker, sheet: &mut Sheet) {
    sheet.title = "Templates of briefs".into();
    sheet.keys = "type to filter · Enter fills it in · Esc".into();
    sheet.columns = 100;
    list_lines(&picker.list, 20, sheet);
    for error in &picker.errors {
        sheet.lines.extend(sentence(error, Token::Warn, 92));
    }
}
