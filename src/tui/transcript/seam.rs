//! The seam: where a conversation goes on in a fresh context, what was carried, and the document, folded.

use super::message::{Setting, plain, short_number, time};
use crate::engine::handoff::{Cause, Handoff, Writer};
use crate::engine::message::Message;
use crate::engine::whereabouts::Move;
use crate::tui::dialog::short;
use crate::tui::text::markdown::{Laid, lay_out_whole};
use crate::tui::text::rich::{Ink, RichLine, RichSpan};
use crate::tui::text::sanitise::one_line;
use crate::tui::text::width::width;
use crate::tui::theme::{Glyph, Glyphs, Token};

/// How many lines of a folded document are shown.
const FOLDED: usize = 6;

/// The keys that lead along a lineage, as they are told.
#[derive(Debug, Clone, Default)]
pub struct Ways {
    /// To the predecessor.
    pub back: String,
    /// To the successor.
    pub on: String,
    /// Undoes the handoff.
    pub undo: String,
    /// Moves a conversation back to the model that it moved away from.
    pub home: String,
    /// Shows the document whole, or folds it.
    pub unfold: String,
    /// Shows it over the whole screen.
    pub wide: String,
}

/// The successor's first message: the seam, who wrote the document, and the document.
pub fn lines(handoff: &Handoff, message: &Message, is_unfolded: bool, columns: u16, setting: &Setting<'_>) -> Laid {
    let glyphs = setting.glyphs;
    let mut pieces = vec!["continued in a fresh context".to_owned()];
    pieces.extend(carried(handoff));
    pieces.push(format!("{} read the old", setting.ways.back));
    pieces.push(format!("{} go back", setting.ways.undo));
    let mut laid = Laid { lines: rule(&pieces, columns, glyphs), code: Vec::new() };
    laid.lines.push(heading(handoff, message, columns, setting));
    if message.parts.is_empty() {
        laid.lines.push(plain("[erased]", Token::Dim, columns));
    } else {
        document(&message.text(), is_unfolded, columns, setting, &mut laid);
    }
    laid.lines.push(RichLine::default());
    laid
}

/// The end of a conversation that goes on elsewhere. What waited for the handoff stands there under another number: the
/// first of such messages here and there, and how many there are.
pub fn end(along: Option<(u32, u32, u32)>, columns: u16, setting: &Setting<'_>) -> Vec<RichLine> {
    let mut pieces = vec!["goes on in a fresh context".to_owned()];
    pieces.extend(along.map(|(here, there, count)| match count {
        1 => format!("m{here} is m{there} there"),
        _ => format!("m{here}–m{} are m{there}–m{} there", here + count - 1, there + count - 1),
    }));
    pieces.push(format!("{} goes there", setting.ways.on));
    rule(&pieces, columns, setting.glyphs)
}

/// A move to another model; the last one says how to go back, as long as that is possible.
pub fn moved(moved: &Move, can_go_back: bool, columns: u16, setting: &Setting<'_>) -> Vec<RichLine> {
    let mut pieces = vec![one_line(&moved.told()).into_owned()];
    if width(&pieces[0]) + 6 > usize::from(columns)
        && let Some((what, why)) = pieces[0].split_once(": ")
    {
        pieces = vec![what.to_owned(), why.to_owned()];
    }
    if can_go_back {
        pieces.push(format!("{} moves back", setting.ways.home));
    }
    let mut lines = rule(&pieces, columns, setting.glyphs);
    lines.push(RichLine::default());
    lines
}

/// What was carried, and what was done about it, in a few words each.
pub fn carried(handoff: &Handoff) -> Vec<String> {
    let count =
        |count: u32, one: &str, many: &str| if count == 1 { format!("1 {one}") } else { format!("{count} {many}") };
    let mut told = vec![count(handoff.messages, "message", "messages")];
    if handoff.pins > 0 {
        told.push(format!("{}/{} pins", handoff.pins_kept, handoff.pins));
    }
    if handoff.appended > 0 {
        told.push(count(handoff.appended, "value appended by check", "values appended by check"));
    }
    let invented = handoff.invented.len() as u32;
    if invented > 0 {
        told.push(count(invented, "invented value left out", "invented values left out"));
    }
    told
}

/// Who wrote a document, in a few words.
pub fn written_by(writer: &Writer) -> String {
    match writer {
        Writer::Code => "without a model".to_owned(),
        Writer::Model { model } => format!("by {}", one_line(model.short())),
        Writer::Person => "in your words".to_owned(),
    }
}

const fn why(cause: Cause) -> &'static str {
    match cause {
        Cause::Full => "the context was full",
        Cause::WouldOverflow => "the next message would not have fitted",
        Cause::Overflow => "the request was too long",
        Cause::Asked => "you asked for it",
    }
}

/// `── a · b · c ──`; where that is too long, the rest below, whole pieces on each line.
fn rule(pieces: &[String], columns: u16, glyphs: Glyphs) -> Vec<RichLine> {
    let room = usize::from(columns);
    let dash = glyphs.of(Glyph::Rule);
    let mut rows: Vec<String> = Vec::new();
    for piece in pieces {
        match rows.last_mut().filter(|row| 3 + width(row) + 3 + width(piece) + 3 <= room) {
            Some(row) => {
                row.push_str(" · ");
                row.push_str(piece);
            }
            None => rows.push(piece.clone()),
        }
    }
    let line = |(at, row): (usize, String)| {
        let before = if at == 0 { format!("{dash}{dash} ") } else { "   ".to_owned() };
        let after =
            if at == 0 { format!(" {}", dash.repeat(room.saturating_sub(4 + width(&row)))) } else { String::new() };
        plain(&format!("{before}{row}{after}"), Token::Handoff, columns)
    };
    rows.into_iter().enumerate().map(line).collect()
}

/// `handoff #2 · by smollm2 · the context was full · 1k → 310 tokens · 10:58     m39`
fn heading(handoff: &Handoff, message: &Message, columns: u16, setting: &Setting<'_>) -> RichLine {
    let arrow = setting.glyphs.of(Glyph::Arrow);
    let pieces = [
        format!("handoff #{}", handoff.number),
        written_by(&handoff.by),
        format!("{} {arrow} {} tokens", short(handoff.before), short(handoff.after)),
        why(handoff.cause).to_owned(),
    ];
    let number = short_number(message);
    let at = time(message.at, setting.zone);
    let mut title = pieces[0].clone();
    for piece in &pieces[1..] {
        if width(&title) + width(piece) + width(&at) + width(&number) + 7 <= usize::from(columns) {
            title = format!("{title} · {piece}");
        }
    }
    let mut line = plain(&format!("{title} · {at}"), Token::Handoff, columns);
    let room = usize::from(columns).saturating_sub(line.width() + width(&number));
    if room > 0 {
        line.spans.push(RichSpan::new(" ".repeat(room), Ink::of(Token::Text)));
        line.spans.push(RichSpan::new(number, Ink::of(Token::Faint)));
    }
    line
}

fn document(text: &str, is_unfolded: bool, columns: u16, setting: &Setting<'_>, laid: &mut Laid) {
    let Ways { unfold, wide, .. } = &setting.ways;
    let whole = lay_out_whole(text, columns, setting.glyphs);
    let folded = lay_out_whole(substance(text), columns, setting.glyphs);
    let more = folded.lines.len().saturating_sub(FOLDED);
    if is_unfolded || more < 2 {
        laid.append(whole);
        if more >= 2 {
            laid.lines.push(plain(&format!("{unfold} folds the document again"), Token::Dim, columns));
        }
        return;
    }
    let shown = folded.lines.into_iter().take(FOLDED).collect();
    let code = folded.code.into_iter().filter(|block| block.rows.end <= FOLDED).collect();
    laid.append(Laid { lines: shown, code });
    let mark = setting.glyphs.of(Glyph::Folded);
    let told = format!("{mark} {more} more lines · {unfold} unfolds · {wide} over the whole screen");
    laid.lines.push(plain(&told, Token::Dim, columns));
}

/// What a folded document is shown from: its first section, after what it says of itself.
fn substance(text: &str) -> &str {
    if text.starts_with("# ") { text.find("\n## ").map_or(text, |at| &text[at + 1..]) } else { text }
}
