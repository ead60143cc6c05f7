//! The status line: workspace, layer, the keys that matter now, what runs, and whether all is saved.

use ratatui::layout::Rect;

use super::brush::{Brush, columns_of};
use super::title;
use crate::engine::spend::Spend;
use crate::tui::app::{Action, App, Conversation, Layer, Pending};
use crate::tui::text::sanitise::one_line;
use crate::tui::text::width::truncate;
use crate::tui::theme::{Glyph, Token};

pub(super) fn draw(app: &App, area: Rect, brush: &mut Brush<'_>) {
    let (layer, hints) = layer(app);
    let mut left: Vec<(String, Token)> = vec![(" ".to_owned(), Token::Dim)];
    if area.width >= 100 && !app.settings.title.is_empty() {
        left.push((format!("{}   ", truncate(&one_line(&app.settings.title), 30)), Token::Dim));
    }
    left.push((format!("{layer}   "), Token::Accent));
    left.push((hints, Token::Dim));
    let room = usize::from(area.width);
    // A column stays free between the two.
    let fits = |right: &[(String, Token)]| columns_of(&left) + columns_of(right) < room;
    let mut right = standing(app, brush, false);
    if !fits(&right) {
        right = standing(app, brush, true);
    }
    // What runs is missed most, after whether it is saved.
    while !fits(&right) && right.len() > 1 {
        right.remove(right.len() - 2);
    }
    let right_columns = columns_of(&right).min(room) as u16;
    brush.pieces(area.x, area.y, area.width.saturating_sub(right_columns + 1), &left);
    brush.pieces(area.right() - right_columns, area.y, right_columns, &right);
}

/// What is told of the workspace: what runs, briefs that are out, money, and whether all is saved. In brief of what
/// runs and is out only the number.
fn standing(app: &App, brush: &Brush<'_>, in_brief: bool) -> Vec<(String, Token)> {
    let mut told: Vec<(String, Token)> = Vec::new();
    let counted = |glyph, count: usize, words: String, token| {
        let words = if in_brief { count.to_string() } else { words };
        (format!("{} {words}   ", brush.glyphs.of(glyph)), token)
    };
    told.extend(title::underway(app).map(|words| counted(Glyph::Streaming, app.running(), words, Token::Accent)));
    let out = app.briefs.out();
    if out > 0 {
        let words = format!("{out} {} out", if out == 1 { "brief" } else { "briefs" });
        told.push(counted(Glyph::BriefOut, out, words, Token::Brief));
    }
    told.extend(spend(app));
    told.push(if app.is_closed || app.is_unsaved() {
        (format!("{} not saved ", brush.glyphs.of(Glyph::Failed)), Token::Danger)
    } else if app.is_saved() {
        (format!("saved {} ", brush.glyphs.of(Glyph::Unread)), Token::Dim)
    } else {
        ("saving … ".to_owned(), Token::Dim)
    });
    told
}

/// `$0.31`, or `$0.31 of $2.00`; nothing where nothing is paid for and nothing limits it.
fn spend(app: &App) -> Option<(String, Token)> {
    let spent = app.spend();
    match app.settings.spend_limit {
        None if spent.is_nothing() => None,
        None => Some((format!("{spent}   "), Token::Dim)),
        Some(limit) => {
            let near = spent.micro_usd >= limit / 10 * 9;
            let told = format!("{spent} of {}   ", Spend { micro_usd: limit, estimated: false });
            Some((told, if near { Token::Warn } else { Token::Dim }))
        }
    }
}

/// A sentence about the whole workspace, under the panes.
pub(super) fn notice(app: &App, area: Rect, brush: &mut Brush<'_>) {
    for (row, line) in app.notice_lines(area.width).iter().take(usize::from(area.height)).enumerate() {
        brush.rich(area.x + 1, area.y + row as u16, area.width.saturating_sub(2), line);
    }
}

fn layer(app: &App) -> (&'static str, String) {
    let leader = app.keymap.leader();
    let told = |actions: &[(Action, &str)]| {
        let hints: Vec<String> = actions.iter().map(|(action, word)| format!("{} {word}", app.told(*action))).collect();
        hints.join(" · ")
    };
    // While something runs here, the key that ends it is what a person looks for.
    let or_stop = |hint| {
        let is_underway = app.addressed(&app.focused).is_some_and(Conversation::is_underway);
        if is_underway { (Action::Stop, "stop") } else { hint }
    };
    match (app.pending, app.layer) {
        (Pending::Resize, _) => ("RESIZE", "arrows move the border · = evens out · any other key ends".to_owned()),
        (Pending::Select, _) => {
            ("SELECT", "h j k l w b 0 $ move · V lines · o other end · y copy · B brief · Esc".to_owned())
        }
        (Pending::Leader(_), _) => ("COMMAND", format!("{leader} … · Esc back")),
        (Pending::Nothing, Layer::Write) => {
            let first = told(&[(Action::Send, "send"), or_stop((Action::Read, "read"))]);
            let last = told(&[(Action::Help, "help")]);
            ("WRITE", format!("{first} · {leader} commands · {last}"))
        }
        (Pending::Nothing, Layer::Read) => {
            let moves = told(&[(Action::LineDown, "down"), (Action::MessageUp, "message"), (Action::Copy, "copy")]);
            let more = told(&[or_stop((Action::Find, "find")), (Action::Write, "write"), (Action::Help, "help")]);
            ("READ", format!("{moves} · {more}"))
        }
    }
}
