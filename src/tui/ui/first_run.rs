//! What an empty transcript says: on the first run, what works here; later, what the pane is for.

use crate::tui::app::{Action, App, Pane};
use crate::tui::text::rich::RichLine;
use crate::tui::text::sanitise::one_line;
use crate::tui::theme::Token;
use crate::tui::transcript::message::sentence;

/// The lines of an empty transcript.
pub(super) fn lines(app: &App, pane: &Pane, columns: u16) -> Vec<RichLine> {
    let Some(conversation) = app.shown(&pane.name) else { return Vec::new() };
    let mut lines = Vec::new();
    if app.is_fresh() && pane.name == app.focused {
        welcome(app, conversation.overview.model.is_offline(), columns, &mut lines);
        return lines;
    }
    // The role's first paragraph says what the pane is for; the rest is for the model.
    let role = conversation.overview.settings.role.trim();
    let role = one_line(role.split("\n\n").next().unwrap_or_default());
    if !role.is_empty() {
        lines.extend(sentence(&role, Token::Faint, columns));
    }
    lines
}

fn welcome(app: &App, is_offline: bool, columns: u16, lines: &mut Vec<RichLine>) {
    let panes = match app.open_panes().len() {
        1 => "One conversation",
        2 => "Two conversations",
        3 => "Three conversations",
        _ => "Several conversations",
    };
    let mut say = |text: &str, token| lines.extend(sentence(text, token, columns));
    say(&format!("{panes}, one workspace, saved here: {}", app.folder), Token::Text);
    if is_offline {
        say("This pane runs \"offline\": it quotes and sorts text,", Token::Text);
        say("it is not a language model. Nothing has left this machine.", Token::Text);
    }
    lines.push(RichLine::default());
    let (ask, gather, model) = (app.told(Action::AskSeveral), app.told(Action::Gather), app.told(Action::Model));
    let help = app.told(Action::Help);
    let ways = [
        (
            "Try it",
            format!(
                "Enter sends what is written below. {ask} asks several panes at once; then, in another one, {gather} gathers their answers."
            ),
        ),
        ("Own text", "paste it, or type @ and a file name.".to_owned()),
        ("A model", format!("{model} shows what can be reached, and how.")),
        ("Keys", format!("{help} shows them all.")),
    ];
    for (name, told) in ways {
        let indent = 12.min(columns / 3);
        for (row, line) in sentence(&told, Token::Dim, columns.saturating_sub(indent)).into_iter().enumerate() {
            let name = if row == 0 { name } else { "" };
            let mut whole = crate::tui::transcript::message::plain(
                &format!("  {name:<width$}", width = usize::from(indent.saturating_sub(2))),
                Token::Accent,
                indent,
            );
            whole.spans.extend(line.spans);
            lines.push(whole);
        }
    }
}
