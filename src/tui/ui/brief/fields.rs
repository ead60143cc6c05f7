//! The fields of a brief, as far as they fit.

use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;

use super::super::brush::Brush;
use super::super::sheet::line;
use super::super::title::locality_glyph;
use super::{lines, mark};
use crate::engine::brief::{Listed, Return};
use crate::engine::message::Author;
use crate::tui::dialog::{BriefComposer, Field, LABEL};
use crate::tui::text::rich::{Ink, RichLine, RichSpan};
use crate::tui::text::sanitise::one_line;
use crate::tui::text::width::{truncate, width};
use crate::tui::theme::{Glyph, Glyphs, Token};

/// What stands below the label of a field that says what a model proposed.
const PROPOSED: &str = "proposed";

/// What is drawn, and what must be in view.
struct Sketch<'a> {
    composer: &'a BriefComposer,
    glyphs: Glyphs,
    columns: u16,
    lines: Vec<RichLine>,
    cursor: Option<(usize, usize)>,
    chosen: Option<usize>,
    in_view: usize,
}

/// Draws them; returns where the cursor stands.
pub(super) fn draw(composer: &BriefComposer, room: Rect, brush: &mut Brush<'_>) -> Option<Position> {
    let columns = room.width.saturating_sub(LABEL).max(4);
    let mut sketch =
        Sketch { composer, glyphs: brush.glyphs, columns, lines: Vec::new(), cursor: None, chosen: None, in_view: 0 };
    sketch.receivers();
    sketch.text(Field::Objective);
    sketch.material();
    if !composer.sealed.is_empty() {
        sketch.unseal();
    }
    if composer.is_unfolded {
        for field in [Field::DoneWhen, Field::Constraints, Field::Expected] {
            sketch.text(field);
        }
        sketch.returns();
    } else {
        sketch.folded();
    }
    let from = lines(&sketch.lines, sketch.in_view, room, brush);
    if let Some(chosen) = sketch.chosen.and_then(|at| at.checked_sub(from)).filter(|at| *at < usize::from(room.height))
    {
        let x = room.x + LABEL - 1;
        brush.choose(x, room.y + chosen as u16, (room.right() + 1).saturating_sub(x));
    }
    let (line, column) = sketch.cursor?;
    let row = line.checked_sub(from).filter(|row| *row < usize::from(room.height))? as u16;
    let column = column.min(usize::from(columns.saturating_sub(1))) as u16;
    Some(Position::new(room.x + LABEL + column, room.y + row))
}

impl Sketch<'_> {
    /// Adds a line that begins with its field's label, if it is the first.
    fn labelled(&mut self, field: Field, is_first: bool, spans: Vec<RichSpan>) {
        let label = if is_first { field.label() } else { "" };
        let token = if self.composer.field == field { Token::Accent } else { Token::Dim };
        let gap = " ".repeat(usize::from(LABEL).saturating_sub(width(label)));
        let mut all = vec![RichSpan::new(format!("{label}{gap}"), Ink::of(token))];
        all.extend(spans);
        self.lines.push(RichLine { spans: all });
    }

    fn blank(&mut self) {
        self.lines.push(RichLine::default());
    }

    /// The panes, as many in a line as fit.
    fn receivers(&mut self) {
        let receivers = &self.composer.receivers;
        let has_keys = self.composer.field == Field::To;
        let (mut spans, mut used, mut is_first) = (Vec::new(), 0, true);
        for (at, receiver) in receivers.all.iter().enumerate() {
            let locality = self.glyphs.of(locality_glyph(receiver.locality));
            let mark = self.glyphs.of(mark(receiver.is_marked));
            let digit = if has_keys && at < 9 { format!("{} ", at + 1) } else { String::new() };
            let told = format!("{digit}{mark} {} {locality}", one_line(&receiver.pane));
            let told = truncate(&told, usize::from(self.columns)).into_owned();
            if used > 0 && used + width(&told) > usize::from(self.columns) {
                self.labelled(Field::To, is_first, std::mem::take(&mut spans));
                (used, is_first) = (0, false);
            }
            used += width(&told) + 3;
            let token = if receiver.is_marked { Token::Text } else { Token::Dim };
            let ink = if has_keys && at == receivers.at {
                Ink::of(Token::Selection).with(Modifier::BOLD)
            } else {
                Ink::of(token)
            };
            spans.push(RichSpan::new(told, ink));
            spans.push(RichSpan::new("   ", Ink::of(Token::Text)));
        }
        self.labelled(Field::To, is_first, spans);
        if has_keys {
            self.in_view = self.lines.len() - 1;
        }
        self.blank();
    }

    fn text(&mut self, field: Field) {
        let Some(text) = self.composer.text(field) else { return };
        let rows = text.rows(self.columns);
        let top = self.lines.len();
        let has_keys = self.composer.field == field;
        if text.is_blank() {
            let hint = truncate(field.hint(), usize::from(self.columns)).into_owned();
            self.labelled(field, true, vec![RichSpan::new(hint, Ink::of(Token::Faint))]);
        } else {
            for (at, row) in rows.iter().enumerate() {
                self.labelled(field, at == 0, vec![RichSpan::new(text.shown(row), Ink::of(Token::Text))]);
            }
        }
        if has_keys {
            let (row, column) = text.place(&rows);
            self.cursor = Some((top + row, column));
            self.in_view = top + row;
        }
        self.blank();
        if self.composer.is_proposed(field) {
            // Below the label, where nothing else stands.
            let mark = RichSpan::new(format!("{PROPOSED:<width$}", width = usize::from(LABEL)), Ink::of(Token::Model));
            let below = &mut self.lines[top + 1];
            if below.spans.is_empty() { below.spans.push(mark) } else { below.spans[0] = mark }
        }
    }

    fn material(&mut self) {
        let material = &self.composer.material;
        let has_keys = self.composer.field == Field::Context;
        let top = self.lines.len();
        let marked = material.rows.iter().map(|row| (&row.listed, row.is_marked, false));
        let suggested = material.suggested.iter().map(|listed| (listed, false, true));
        for (at, (listed, is_marked, is_suggested)) in marked.chain(suggested).enumerate() {
            let spans = self.row(listed, is_marked, is_suggested);
            self.labelled(Field::Context, at == 0, spans);
        }
        if self.lines.len() == top {
            let hint = if has_keys { "a adds messages of any pane" } else { "nothing goes along" };
            let hint = truncate(hint, usize::from(self.columns)).into_owned();
            self.labelled(Field::Context, true, vec![RichSpan::new(hint, Ink::of(Token::Faint))]);
        } else if has_keys {
            self.chosen = Some(top + material.at);
        }
        if has_keys {
            self.in_view = top + material.at;
        }
        if material.left_out > 0 {
            let told = format!("left out: {}", material.left_out);
            self.labelled(Field::Context, false, vec![RichSpan::new(told, Ink::of(Token::Faint))]);
        }
        self.blank();
    }

    /// `✓ m12 you    What do the three …    38`
    fn row(&self, listed: &Listed, is_marked: bool, is_suggested: bool) -> Vec<RichSpan> {
        let author = match listed.author {
            Author::Person => "you",
            Author::Model => "model",
        };
        let place = if self.columns < 30 {
            format!("m{}", listed.number)
        } else if listed.pane == self.composer.origin {
            format!("m{} {author}", listed.number)
        } else {
            format!("{} m{} {author}", one_line(&listed.pane), listed.number)
        };
        let wide = if self.columns < 30 { 3 } else { 10 };
        let place = format!("{} {place:<wide$} ", self.glyphs.of(mark(is_marked)));
        let tokens = format!(" {:>4}", listed.tokens);
        let columns = usize::from(self.columns);
        let place = truncate(&place, columns / 2).into_owned();
        let room = columns.saturating_sub(width(&place) + width(&tokens));
        let beginning = one_line(&listed.beginning);
        let beginning = match (is_suggested, &listed.quote.passage) {
            (true, _) => format!("suggested: {beginning}"),
            (false, Some(_)) => format!("“{beginning}”"),
            (false, None) => beginning.into_owned(),
        };
        let beginning = truncate(&beginning, room).into_owned();
        let gap = " ".repeat(room.saturating_sub(width(&beginning)));
        let token = if is_marked { Token::Text } else { Token::Dim };
        vec![
            RichSpan::new(place, Ink::of(token)),
            RichSpan::new(format!("{beginning}{gap}"), Ink::of(token)),
            RichSpan::new(tokens, Ink::of(Token::Faint)),
        ]
    }

    /// A sealed pane lets nothing out, but for its typed name.
    fn unseal(&mut self) {
        let names = self.composer.sealed.join(", ");
        let told =
            format!("{names} is sealed. Typing its name lets this one brief out, masked; the journal keeps that.");
        for text in crate::tui::text::wrap::wrap(&one_line(&told), usize::from(self.columns)) {
            self.labelled(Field::Unseal, false, vec![RichSpan::new(text, Ink::of(Token::Sealed))]);
        }
        self.text(Field::Unseal);
    }

    fn returns(&mut self) {
        let told = match self.composer.returns {
            Return::Ask => "the answer waits until you take it",
            Return::Auto => "the answer is put here, and starts no turn",
            Return::None => "the answer stays where it is given",
        };
        let word = self.composer.returns.word();
        let room = usize::from(self.columns).saturating_sub(width(word) + 3);
        let has_keys = self.composer.field == Field::Return;
        let ink = if has_keys { Ink::of(Token::Selection).with(Modifier::BOLD) } else { Ink::of(Token::Text) };
        let told = format!(" · {}", truncate(told, room));
        self.labelled(Field::Return, true, vec![RichSpan::new(word, ink), RichSpan::new(told, Ink::of(Token::Dim))]);
        if has_keys {
            self.in_view = self.lines.len() - 1;
        }
    }

    fn folded(&mut self) {
        let has_keys = self.composer.field == Field::More;
        let told = format!(
            "{} Done when · Constraints · Expected output · Return: {}",
            self.glyphs.of(Glyph::Folded),
            self.composer.returns.word()
        );
        self.lines.push(line([(told, if has_keys { Token::Accent } else { Token::Dim })]));
        if has_keys {
            self.in_view = self.lines.len() - 1;
        }
    }
}
