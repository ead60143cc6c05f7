//! What each dialog shows.

use ratatui::layout::{Position, Rect};

use super::arranging;
use super::brush::Brush;
use super::reports;
use super::search;
use super::sheet::{Sheet, line};
use crate::tui::app::action::{Context, TABLE};
use crate::tui::app::{Action, App};
use crate::tui::dialog::{
    AskSeveral, Choice, CodePicker, ConversationPicker, Dialog, Find, Gather, Help, List, ModelPicker, Palette,
    PanePicker, Part, Recall, ThemePicker,
};
use crate::tui::text::matches::Needle;
use crate::tui::text::sanitise::{one_line, sanitise};
use crate::tui::text::width::{truncate, width};
use crate::tui::theme::Token;
use crate::tui::transcript::message::sentence;

/// Draws the front dialog; returns where the cursor stands.
pub(super) fn draw(app: &App, dialog: &Dialog, screen: Rect, brush: &mut Brush<'_>) -> Option<Position> {
    let mut sheet = Sheet { columns: 80, most: screen.width.saturating_sub(2), ..Sheet::default() };
    let origin = match dialog {
        Dialog::Palette(palette) => {
            palette_lines(palette, &mut sheet);
            Some(&palette.origin)
        }
        Dialog::Help(help) => {
            help_lines(app, help, screen, &mut sheet);
            None
        }
        Dialog::Model(picker) => {
            model_lines(app, picker, &mut sheet);
            Some(&picker.origin)
        }
        Dialog::AskSeveral(ask) => {
            ask_lines(ask, &mut sheet);
            Some(&ask.origin)
        }
        Dialog::Gather(gather) => {
            gather_lines(gather, &mut sheet);
            Some(&gather.origin)
        }
        Dialog::Locality(picker) => {
            super::locality::lines(picker, &mut sheet);
            Some(&picker.origin)
        }
        Dialog::Find(find) => {
            find_lines(app, find, &mut sheet);
            Some(&find.origin)
        }
        Dialog::SearchAll(search) => {
            search::lines(app, search, screen, &mut sheet);
            Some(&search.origin)
        }
        Dialog::Conversations(picker) => {
            conversation_lines(picker, &mut sheet);
            Some(&picker.origin)
        }
        Dialog::Code(picker) => {
            code_lines(picker, &mut sheet);
            Some(&picker.origin)
        }
        Dialog::Layouts(picker) => {
            arranging::layout_lines(picker, &mut sheet);
            Some(&picker.origin)
        }
        Dialog::LayoutDiff(diff) => {
            arranging::diff_lines(diff, screen, &mut sheet);
            None
        }
        Dialog::Workspaces(picker) => {
            arranging::workspace_lines(picker, &mut sheet);
            Some(&picker.origin)
        }
        Dialog::Recall(recall) => {
            recall_lines(recall, &mut sheet);
            // The draft stays in view: it comes back untouched.
            sheet.floor = app.pane_area(&recall.origin).map(|area| area.border);
            Some(&recall.origin)
        }
        Dialog::Panes(panes) => {
            panes_lines(panes, &mut sheet);
            Some(&panes.origin)
        }
        Dialog::Brief(composer) => return super::brief::draw(app, composer, brush),
        Dialog::BriefTemplates(picker) => {
            super::brief::template_lines(picker, &mut sheet);
            Some(&picker.origin)
        }
        Dialog::Material(picker) => {
            super::brief::material_lines(picker, &mut sheet);
            Some(&picker.origin)
        }
        Dialog::Wide(wide) => {
            super::wide::draw(wide, screen, brush);
            return None;
        }
        Dialog::Themes(picker) => {
            theme_lines(picker, &mut sheet);
            None
        }
        Dialog::Needs(_) | Dialog::Trace(_) | Dialog::Names(_) => reports::lines(app, dialog, &mut sheet),
        Dialog::Handoff(handoff) => {
            super::handoff::lines(app, handoff, &mut sheet);
            Some(&handoff.origin)
        }
        Dialog::Quit => {
            quit_lines(app, &mut sheet);
            None
        }
    };
    let over = origin.and_then(|name| app.pane_area(name)).map_or(screen, |area| area.outer);
    sheet.draw(over, screen, brush)
}

pub(super) fn list_lines(list: &List, told_at: usize, sheet: &mut Sheet) {
    let filter = sanitise(list.filter.text()).into_owned();
    sheet.cursor = Some((0, 2 + width(&filter)));
    sheet.lines.push(line([("> ".to_owned(), Token::Accent), (filter, Token::Text)]));
    sheet.fixed = 1;
    let room = usize::from(sheet.columns.min(sheet.most).saturating_sub(4));
    for (row, is_chosen) in list.rows() {
        if is_chosen {
            sheet.chosen = Some(sheet.lines.len());
            sheet.in_view = sheet.lines.len();
        }
        let name = one_line(&row.name);
        // What is told gives way to the name, but never to more than half of the line.
        let kept = width(&name).min(room / 2) + 4;
        let told = truncate(&one_line(&row.told), room.saturating_sub(kept)).into_owned();
        let stands = told_at > 0 && told_at + 12 < room;
        let left = if stands { told_at } else { room.saturating_sub(width(&told) + 4) };
        let name = truncate(&name, left).into_owned();
        let gap = " ".repeat(left.saturating_sub(width(&name)) + 2);
        sheet.lines.push(line([(format!("  {name}{gap}"), Token::Text), (told, Token::Dim)]));
    }
    if list.chosen().is_none() {
        sheet.say("  nothing has these letters", Token::Dim);
    }
}

fn conversation_lines(picker: &ConversationPicker, sheet: &mut Sheet) {
    let what = if picker.is_lineage { "Lineage" } else { "Conversations" };
    sheet.title = format!("{what} of {}", one_line(&picker.origin));
    sheet.keys = "type to filter · Enter shows it · Esc".into();
    let mut told_at = 0;
    if picker.is_lineage {
        sheet.columns = 104;
        told_at = picker.list.rows().map(|(row, _)| width(&row.name)).max().unwrap_or(0).clamp(20, 40);
    }
    list_lines(&picker.list, told_at, sheet);
}

fn palette_lines(palette: &Palette, sheet: &mut Sheet) {
    sheet.title = "All commands".into();
    sheet.keys = "type to filter · Enter does it · Esc".into();
    sheet.columns = 100;
    list_lines(&palette.list, 0, sheet);
}

fn panes_lines(panes: &PanePicker, sheet: &mut Sheet) {
    sheet.title = "To a pane, or @ and a file".into();
    sheet.keys = "Enter goes there · Tab begins a brief · Space stays text · Esc".into();
    sheet.columns = 60;
    list_lines(&panes.list, 0, sheet);
}

fn model_lines(app: &App, picker: &ModelPicker, sheet: &mut Sheet) {
    sheet.title = format!("Model for {}", one_line(&picker.origin));
    sheet.columns = 92;
    if let Some(setup) = &picker.setup {
        sheet.keys = "Enter or Esc back to the list".into();
        for text in sanitise(setup).lines() {
            sheet.say(text, Token::Text);
        }
        return;
    }
    sheet.keys = format!("Enter use in this pane · {} Enter in all panes · t test · Esc", app.keymap.leader());
    list_lines(&picker.list, 34, sheet);
    for (line, is_out_of_reach) in sheet.lines.iter_mut().skip(1).zip(picker.out_of_reach()) {
        if is_out_of_reach {
            line.spans.iter_mut().for_each(|span| span.token = Token::Dim);
        }
    }
    if picker.is_looking {
        sheet.say("  looking for servers and keys …", Token::Dim);
    }
    if let Some(current) = &picker.current {
        sheet.say(format!("  now: {}", one_line(&current.to_string())), Token::Faint);
    }
}

fn theme_lines(picker: &ThemePicker, sheet: &mut Sheet) {
    sheet.title = "Theme".into();
    sheet.keys = "Enter keeps it · Esc as before".into();
    sheet.columns = 54;
    list_lines(&picker.list, 0, sheet);
    if !picker.differ() {
        sheet.say("  without colours (NO_COLOR, TERM) all look alike", Token::Dim);
    }
}

fn choice_lines(choices: &[Choice], at: Option<usize>, sheet: &mut Sheet) {
    for (number, choice) in choices.iter().enumerate() {
        if at == Some(number) {
            sheet.chosen = Some(sheet.lines.len());
            sheet.in_view = sheet.lines.len();
        }
        let mark = match (&choice.refusal, choice.is_marked) {
            (Some(_), _) => "✗",
            (None, true) => "✓",
            (None, false) => "·",
        };
        let told = choice.refusal.as_ref().unwrap_or(&choice.told);
        let name = truncate(&one_line(&choice.pane), 16).into_owned();
        let token = if choice.refusal.is_some() { Token::Dim } else { Token::Text };
        let gap = " ".repeat(17_usize.saturating_sub(width(&name)));
        sheet.lines.push(line([
            (format!("{} {mark} {name}{gap}", number + 1), token),
            (truncate(&one_line(told), 48).into_owned(), Token::Dim),
        ]));
    }
}

/// How many lines of the panes stay in view above a long question.
const ASK_FIXED: usize = 4;

fn ask_lines(ask: &AskSeveral, sheet: &mut Sheet) {
    let count = ask.marked().len();
    let panes = if count == 1 { "pane" } else { "panes" };
    sheet.title = "Ask several".into();
    sheet.keys = match ask.part {
        Part::Text => format!("Enter sends to {count} {panes} · Ctrl-J newline · Tab panes · Esc"),
        Part::Panes => format!("Space marks · Enter sends to {count} {panes} · Tab text · Esc"),
    };
    sheet.columns = crate::tui::dialog::COLUMNS + 4;
    choice_lines(&ask.choices, (ask.part == Part::Panes).then_some(ask.at), sheet);
    sheet.say("", Token::Text);
    let rows = ask.composer.rows(crate::tui::dialog::COLUMNS);
    let (at, column) = ask.composer.place(&rows);
    let top = sheet.lines.len();
    for row in &rows {
        sheet.say(ask.composer.shown(row), Token::Text);
    }
    if ask.part == Part::Text {
        // However much is written, where it goes stays in view.
        sheet.fixed = top.min(ASK_FIXED);
        sheet.cursor = Some((top + at, column));
        sheet.in_view = top + at;
    }
    if ask.composer.is_blank() {
        sheet.lines[top] = line([("the question".to_owned(), Token::Faint)]);
    }
}

fn gather_lines(gather: &Gather, sheet: &mut Sheet) {
    sheet.title = format!("Gather into {}", one_line(&gather.origin));
    if let Some(name) = gather.sealed() {
        return let_out_lines(gather, name, sheet);
    }
    sheet.keys = "Space marks · Enter brings the last answers · Esc".into();
    sheet.columns = 76;
    if gather.choices.is_empty() {
        sheet.say("There is no other pane to gather from.", Token::Dim);
        return;
    }
    choice_lines(&gather.choices, Some(gather.at), sheet);
    if gather.choices.iter().any(|choice| choice.sealed.is_some() || choice.told.contains("under pseudonyms")) {
        sheet.say("", Token::Text);
        let told =
            "If a guarded answer comes along, all of them cross under pseudonyms, and an unknown name holds them.";
        sheet.lines.extend(sentence(told, Token::Dim, 70));
    }
    if let Some(said) = &gather.said {
        sheet.lines.extend(sentence(said, Token::Warn, 70));
    }
}

/// A sealed pane lets nothing out, but for its typed name.
fn let_out_lines(gather: &Gather, name: &str, sheet: &mut Sheet) {
    let name = one_line(name).into_owned();
    written(gather.line.text(), sheet);
    let is_typed = gather.line.text().trim() == name;
    sheet.keys = if is_typed { "Enter lets it out, this once · Esc back".into() } else { "Esc back".into() };
    sheet.columns = 76;
    let told = format!(
        "{name} is sealed. Typing its name lets its last answer out, this once and masked; the journal keeps that."
    );
    sheet.lines.extend(sentence(&told, Token::Sealed, 70));
    if let Some(said) = &gather.said {
        sheet.lines.extend(sentence(said, Token::Warn, 70));
    }
}

fn find_lines(app: &App, find: &Find, sheet: &mut Sheet) {
    let found = app.pane(&find.origin).and_then(|pane| pane.found.as_ref());
    let count = match found {
        Some(found) if found.query == find.line.text() => format!(" · {}", found.count()),
        _ => String::new(),
    };
    sheet.title = format!("Find in {}{count}", one_line(&find.origin));
    sheet.keys = "↑ ↓ other hits · Enter keeps it, n N go on · Esc back".into();
    sheet.columns = 60;
    sheet.is_low = true;
    written(find.line.text(), sheet);
}

/// How many lines of an entry of the history are shown.
const ENTRY_LINES: usize = 6;

fn recall_lines(recall: &Recall, sheet: &mut Sheet) {
    let (at, count) = recall.count();
    sheet.title = if count == 0 { "History · 0/0".into() } else { format!("History · {at}/{count}") };
    sheet.keys = "Ctrl-R older · Ctrl-S newer · Enter takes it · Esc keeps the draft".into();
    sheet.columns = 76;
    sheet.is_low = true;
    written(recall.line.text(), sheet);
    let Some(draft) = recall.shown() else { return sheet.say("nothing written before has this", Token::Dim) };
    let needle = Needle::new(recall.line.text());
    let mut lines: Vec<_> = crate::tui::text::wrap::wrap(
        &sanitise(&draft.text),
        usize::from(sheet.columns.min(sheet.most).saturating_sub(4)),
    )
    .into_iter()
    .map(|text| line([(text, Token::Text)]))
    .collect();
    // Around the first line that matches.
    let from = needle.first_line(&lines).unwrap_or(0).saturating_sub(ENTRY_LINES / 2);
    let from = from.min(lines.len().saturating_sub(ENTRY_LINES));
    let below = lines.len().saturating_sub(from + ENTRY_LINES);
    lines = lines.split_off(from);
    sheet.lines.extend(lines.iter().take(ENTRY_LINES).map(|line| needle.marked(line)));
    if below > 0 {
        sheet.say(format!("… {below} more lines"), Token::Dim);
    }
}

/// How many lines of a block of code are shown.
const CODE_LINES: usize = 8;

fn code_lines(picker: &CodePicker, sheet: &mut Sheet) {
    sheet.title = format!("Code of {}", one_line(&picker.message));
    sheet.keys = "type to filter · Enter copies · Esc".into();
    list_lines(&picker.list, 0, sheet);
    let Some(block) = picker.chosen() else { return };
    sheet.say("", Token::Text);
    for text in sanitise(&block.text).lines().take(CODE_LINES) {
        sheet.say(text.replace('\t', "    "), Token::Code);
    }
    let more = block.text.lines().count().saturating_sub(CODE_LINES);
    if more > 0 {
        sheet.say(format!("… {more} more lines"), Token::Dim);
    }
}

pub(super) fn written(text: &str, sheet: &mut Sheet) {
    let text = one_line(text).into_owned();
    sheet.cursor = Some((0, 2 + width(&text)));
    sheet.lines.push(line([("> ".to_owned(), Token::Accent), (text, Token::Text)]));
    sheet.fixed = 1;
}

fn quit_lines(app: &App, sheet: &mut Sheet) {
    let running = app.running();
    let other = app.leaving_for.as_ref().and_then(|folder| folder.file_name()).map(|name| name.to_string_lossy());
    sheet.title = other.as_ref().map_or_else(|| "Quit".into(), |name| format!("Leave for {}", one_line(name)));
    sheet.keys = match other {
        Some(_) => "q stop and leave · Esc stay".into(),
        None => "q stop and quit · Esc stay".into(),
    };
    sheet.columns = 60;
    let turns = if running == 1 { "1 answer is".to_owned() } else { format!("{running} answers are") };
    let told = format!("{turns} still coming. What has come is kept, and can be continued.");
    sheet.lines.extend(sentence(&told, Token::Text, 56));
}

/// What every key does, from the table.
fn help_lines(app: &App, help: &Help, screen: Rect, sheet: &mut Sheet) {
    sheet.title = "Keys".into();
    sheet.keys = "↑ ↓ PgUp PgDn scroll · Esc".into();
    sheet.columns = 96;
    for context in Context::ALL {
        let heading = match context {
            Context::Write => "While writing".to_owned(),
            Context::Read => format!("While reading ({} begins)", app.told(Action::Read)),
            Context::Leader => format!("After {}", app.keymap.leader()),
            Context::Any => "Always".to_owned(),
        };
        sheet.say(heading, Token::Accent);
        for row in TABLE.iter().filter(|row| row.context == context) {
            let keys: Vec<String> = app.keymap.keys(row).iter().map(ToString::to_string).collect();
            sheet
                .lines
                .push(line([(format!("  {:<30} ", keys.join(" ")), Token::Text), (row.help.to_owned(), Token::Dim)]));
        }
        if context == Context::Write {
            for (keys, told) in [
                ("\\ Enter", "Begin a new line, where no other key for it gets through."),
                ("/ on an empty line", "Every command, by name."),
                ("? on an empty line", "This help."),
                ("@ on an empty line", "To a pane; with a file's name, the file goes along."),
                ("@pane as the first word", "A brief to that pane; Enter shows it before it goes."),
                ("Shift and the mouse", "Select text with the terminal's own means, in most terminals."),
            ] {
                sheet.lines.push(line([(format!("  {keys:<30} "), Token::Text), (told.to_owned(), Token::Dim)]));
            }
        }
        sheet.say("", Token::Text);
    }
    let rows = usize::from(screen.height.saturating_sub(4)).max(1);
    let from = help.from.min(sheet.lines.len().saturating_sub(rows));
    sheet.lines.drain(..from);
}
