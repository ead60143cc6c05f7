//! What the dialog of localities shows.

use super::sheet::{Sheet, line};
use crate::engine::op::LocalityChange;
use crate::engine::settings::{Locality, PaneSettings};
use crate::tui::dialog::LocalityPicker;
use crate::tui::text::sanitise::one_line;
use crate::tui::theme::Token;
use crate::tui::transcript::message::sentence;

/// What each locality means, in a line.
const MEANINGS: [(&str, Locality, &str); 3] = [
    ("o", Locality::Open, "its text crosses to other panes as it is"),
    ("g", Locality::Guarded, "it crosses under pseudonyms; its own provider reads it"),
    ("s", Locality::Sealed, "it asks only what runs on this machine; nothing leaves it"),
];

pub(super) fn lines(picker: &LocalityPicker, sheet: &mut Sheet) {
    let name = one_line(&picker.name).into_owned();
    sheet.title = format!("Locality of {name}");
    sheet.columns = 76;
    if let Some(change) = picker.wanted {
        return typed_lines(picker, change, &name, sheet);
    }
    sheet.keys = "a letter chooses · what loosens takes the pane's name · Esc".into();
    for (key, locality, meaning) in MEANINGS {
        let mark = if picker.now.locality == locality { "✓" } else { " " };
        let words = format!("{key} {mark} {:<9}", locality.word());
        sheet.lines.push(line([(words, Token::Text), (meaning.to_owned(), Token::Dim)]));
    }
    if let Some(file) = &picker.file {
        let says = format!("workspace.yaml says {}", told(file));
        sheet.lines.push(line([("f   file     ".to_owned(), Token::Text), (says, Token::Dim)]));
    }
    sheet.say("", Token::Text);
    sheet.say(format!("in force: {}", told(&picker.now)), Token::Faint);
}

fn typed_lines(picker: &LocalityPicker, change: LocalityChange, name: &str, sheet: &mut Sheet) {
    super::dialog::written(picker.line.text(), sheet);
    sheet.keys = if picker.is_typed() { "Enter loosens it · Esc back".into() } else { "Esc back".into() };
    let to = picker.after(change);
    let question = format!("From {} to {}: type {name} to let its text go further.", told(&picker.now), told(&to));
    sheet.lines.extend(sentence(&question, Token::Text, 70));
    sheet.say("It is written into the journal.", Token::Dim);
}

/// `guarded, any provider`.
fn told(settings: &PaneSettings) -> String {
    let providers = match settings.providers.as_slice() {
        [] => "any provider".to_owned(),
        names => format!("at {}", one_line(&names.join(", "))),
    };
    format!("{}, {providers}", settings.locality)
}
