//! One message as lines: a heading, its parts, how it ended, and a blank line.

use jiff::tz::TimeZone;
use ratatui::style::Modifier;

use crate::engine::brief::{About, reported};
use crate::engine::message::{Attachment, Author, Ending, Interruption, Message, Part};
use crate::engine::time::Timestamp;
use crate::tui::app::{Models, Surrounds};
use crate::tui::text::markdown::{Laid, lay_out_whole};
use crate::tui::text::rich::{Ink, RichLine, RichSpan};
use crate::tui::text::sanitise::one_line;
use crate::tui::text::width::{truncate, width};
use crate::tui::theme::{Glyph, Glyphs, Token};
use crate::tui::transcript::seam::Ways;

/// What every message's lines depend on beside the message.
#[derive(Debug, Clone)]
pub struct Setting<'a> {
    /// The glyphs.
    pub glyphs: Glyphs,
    /// Where the clock on the wall hangs.
    pub zone: &'a TimeZone,
    /// What the models are called.
    pub models: &'a Models,
    /// The key that asks again, as it is told.
    pub again: String,
    /// The keys that lead along a lineage.
    pub ways: Ways,
}

/// The lines of a finished message.
pub fn lines(message: &Message, columns: u16, pinned: bool, round: Option<&Surrounds>, setting: &Setting<'_>) -> Laid {
    let told = round.and_then(|round| round.heading.as_deref());
    let mut laid = Laid { lines: vec![heading(message, told, columns, pinned, setting)], code: Vec::new() };
    let round_lines = |lines: &[(String, Token)]| -> Vec<RichLine> {
        lines.iter().map(|(told, token)| plain(told, *token, columns)).collect()
    };
    laid.lines.extend(round.map(|round| round_lines(&round.above)).unwrap_or_default());
    for part in &message.parts {
        match part {
            Part::Text { text } => {
                // The heading says that it is a report, and on what: what it reports comes first. The rest is in the trace.
                let is_report = told.is_some() && matches!(message.about, Some(About::Report { .. }));
                let shown = reported(text).filter(|_| is_report).unwrap_or(text);
                laid.append(lay_out_whole(shown, columns, setting.glyphs));
            }
            Part::Reasoning { text } => laid.lines.push(thought(text.split_whitespace().count(), columns)),
            Part::Attachment(attachment) => laid.lines.push(attached(attachment, columns)),
            Part::Unknown(value) => {
                let name = value.get("part").and_then(serde_json::Value::as_str).unwrap_or("unknown");
                let told = format!("[{}: written by a newer version]", one_line(name));
                laid.lines.push(plain(&told, Token::Dim, columns));
            }
        }
    }
    if message.parts.is_empty() {
        laid.lines.push(plain("[erased]", Token::Dim, columns));
    }
    laid.lines.extend(ending(&message.ending, columns, setting));
    laid.lines.extend(round.map(|round| round_lines(&round.below)).unwrap_or_default());
    laid.lines.push(RichLine::default());
    laid
}

/// The heading of an answer that streams.
pub fn live_heading(name: &str, began: Timestamp, columns: u16, setting: &Setting<'_>) -> RichLine {
    let title = format!("{} · {}", one_line(name), time(began, setting.zone));
    plain(&title, Token::Model, columns)
}

/// How a turn ended, as lines below what had come. Nothing for an answer that is complete.
pub fn ending(ending: &Ending, columns: u16, setting: &Setting<'_>) -> Vec<RichLine> {
    let again = &setting.again;
    let (token, told) = match ending {
        Ending::Complete => return Vec::new(),
        Ending::Length => (Token::Warn, format!("cut off at the model's longest answer · {again} asks again")),
        Ending::Refused => (Token::Warn, "the model refused".to_owned()),
        Ending::Interrupted { by } => {
            let by = match by {
                Interruption::Person => "stopped",
                Interruption::Shutdown => "interrupted when the program ended",
                Interruption::Crash => "interrupted: the program ended without a word",
            };
            (Token::Warn, format!("{} {by} · {again} asks again", setting.glyphs.of(Glyph::Interrupted)))
        }
        Ending::Failed { failure } => {
            (Token::Danger, format!("{} {} · {again} asks again", setting.glyphs.of(Glyph::Failed), failure.message))
        }
    };
    sentence(&told, token, columns)
}

/// A sentence of ours, wrapped.
pub fn sentence(text: &str, token: Token, columns: u16) -> Vec<RichLine> {
    let columns = usize::from(columns.max(1));
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in one_line(text).split(' ') {
        let needed = width(word) + usize::from(!line.is_empty());
        if width(&line) + needed > columns && !line.is_empty() {
            lines.push(plain(&line, token, columns as u16));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(plain(&line, token, columns as u16));
    lines
}

/// A line of one look, cut where it ends.
pub fn plain(text: &str, token: Token, columns: u16) -> RichLine {
    let text = truncate(text, usize::from(columns)).into_owned();
    RichLine { spans: vec![RichSpan::new(text, Ink::of(token))] }
}

fn heading(message: &Message, told: Option<&str>, columns: u16, pinned: bool, setting: &Setting<'_>) -> RichLine {
    let token = match (message.about, message.author) {
        (Some(_), _) => Token::Brief,
        (None, Author::Person) => Token::Person,
        (None, Author::Model) => Token::Model,
    };
    let at = time(message.at, setting.zone);
    let mut title = match told {
        Some(told) => format!("{} · {at}", one_line(told)),
        None if message.about.is_some() => {
            format!("{} {} · {at}", setting.glyphs.of(Glyph::BriefIn), one_line(message.writer()))
        }
        None => {
            let apart = message.model.as_ref().and_then(|model| setting.models.apart(model));
            format!("{} · {at}", one_line(apart.unwrap_or_else(|| message.writer())))
        }
    };
    if pinned {
        title = format!("{title} {}", setting.glyphs.of(Glyph::Pinned));
    }
    let mut line = plain(&title, token, columns);
    let number = short_number(message);
    let room = usize::from(columns).saturating_sub(line.width() + width(&number));
    if room > 0 {
        line.spans.push(RichSpan::new(" ".repeat(room), Ink::of(Token::Text)));
        line.spans.push(RichSpan::new(number, Ink::of(Token::Faint)));
    }
    line
}

/// `m12`
pub(super) fn short_number(message: &Message) -> String {
    format!("m{}", message.number)
}

fn thought(words: usize, columns: u16) -> RichLine {
    let mut line = plain(&format!("thought · {words} words"), Token::Dim, columns);
    line.spans[0].modifier |= Modifier::ITALIC;
    line
}

fn attached(attachment: &Attachment, columns: u16) -> RichLine {
    plain(&format!("@ {} · {}", one_line(&attachment.name), size(attachment.bytes)), Token::Link, columns)
}

/// A size as people read it.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// The hour and minute on the wall.
pub fn time(at: Timestamp, zone: &TimeZone) -> String {
    let Ok(moment) = jiff::Timestamp::from_millisecond(at.as_millis()) else { return "--:--".to_owned() };
    let local = moment.to_zoned(zone.clone());
    format!("{:02}:{:02}", local.hour(), local.minute())
}
