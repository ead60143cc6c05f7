//! Paints units into lines, one after the other, and carries what goes on from one to the next.

use std::borrow::Cow;

use super::blocks::Gathered;
use super::code;
use super::events::Blocks;
use super::line;
use super::segment::{Join, Kind, Rest, Unit};
use super::table::Columns;
use crate::tui::text::rich::{Ink, RichLine, RichSpan};
use crate::tui::text::sanitise::sanitise;
use crate::tui::text::wrap;
use crate::tui::theme::{Glyphs, Token};

/// Lays out units at one width.
#[derive(Debug, Clone)]
pub(super) struct Painter {
    pub(super) width: usize,
    /// The width for what doesn't flow: tables, code, HTML, displayed math.
    pub(super) broad: usize,
    pub(super) glyphs: Glyphs,
    /// The columns of the last table, for rows that follow it.
    pub(super) columns: Option<Columns>,
    /// The code inside of the last unit's lists and quotes.
    pub(super) code: Gathered,
    carry: Option<Carry>,
}

/// The last line of a unit that was cut: what comes next may still fit on it.
#[derive(Debug, Clone)]
pub(super) struct Carry {
    /// What stands before the text: indentation, a bullet, a quote's bar.
    pub(super) prefix: Vec<RichSpan>,
    pub(super) spans: Vec<RichSpan>,
    /// Whether it is a line of code, which is drawn on its own ground.
    pub(super) is_code: bool,
}

impl Painter {
    pub(super) fn new(width: u16, glyphs: Glyphs) -> Self {
        let width = Self::clamp(width);
        Self { width, broad: width, glyphs, columns: None, code: Gathered::default(), carry: None }
    }

    /// No width is too small to show one column.
    pub(super) fn clamp(width: u16) -> usize {
        usize::from(width.max(1))
    }

    /// Adds the lines of a unit.
    pub(super) fn paint(&mut self, unit: &Unit, source: &str, out: &mut Vec<RichLine>) {
        if unit.join == Join::No {
            self.flush(out);
        }
        if unit.gap {
            out.push(RichLine::default());
        }
        let text = sanitise(&source[unit.range.clone()]);
        match &unit.kind {
            Kind::Blocks => self.blocks(unit, &text, 0, None, out),
            Kind::Item(number) => self.blocks(unit, &text, 0, *number, out),
            Kind::Rest(rest) => self.rest(unit, rest, &text, out),
            Kind::Table => {
                self.columns = None;
                self.blocks(unit, &text, 0, None, out);
            }
            Kind::Row => self.row(unit, &text, out),
            Kind::Opening => out.extend(code::label(self.width, line::fence_label(&text))),
            Kind::Code(dedent) => self.code(unit, *dedent, &text, out),
            Kind::Raw => self.raw(unit, &text, Token::Dim, out),
            Kind::Math => self.raw(unit, &text, Token::Text, out),
        }
    }

    /// Ends what was carried over: nothing goes on from it.
    pub(super) fn flush(&mut self, out: &mut Vec<RichLine>) {
        if let Some(carry) = self.carry.take() {
            let line = RichLine { spans: [carry.prefix, carry.spans].concat() };
            out.push(if carry.is_code { code::grounded(line, self.width) } else { line });
        }
    }

    fn blocks(&mut self, unit: &Unit, text: &str, pad: usize, number: Option<u64>, out: &mut Vec<RichLine>) {
        let carry = self.carry.take();
        let mut blocks = Blocks::new(self, number);
        blocks.indent(pad);
        if unit.join == Join::No {
            blocks.paint(text, out);
        } else {
            blocks.go_on(carry, unit.join == Join::Space);
            // The rest of a paragraph begins with a letter of ours, which the painter drops again, so that nothing at
            // its beginning is taken for the mark of a list or a heading.
            let marked = if unit.join == Join::Space { format!(".{}", text.trim_start()) } else { format!("x{text}") };
            blocks.paint(&marked, out);
        }
        if unit.cut {
            self.carry = blocks.carried(out);
        }
    }

    fn rest(&mut self, unit: &Unit, rest: &Rest, text: &str, out: &mut Vec<RichLine>) {
        let mut lines = text.split_inclusive('\n');
        let mut dedented = String::with_capacity(text.len() + 16);
        let mut plain = unit.clone();
        if let Some(fence) = &rest.fence {
            dedented.push_str(&fence.reopened());
            plain.join = Join::No;
            self.flush(out);
        }
        if unit.join != Join::No {
            dedented.push_str(lines.next().unwrap_or_default());
        }
        for line in lines {
            dedented.push_str(line::dedent(line, rest.dedent));
        }
        self.blocks(&plain, &dedented, rest.pad, None, out);
    }

    fn row(&mut self, unit: &Unit, text: &str, out: &mut Vec<RichLine>) {
        let Some(columns) = self.columns.take() else {
            return self.blocks(&Unit { join: Join::No, cut: false, ..unit.clone() }, text, 0, None, out);
        };
        let cells = "|a".repeat(columns.len().max(1));
        let rule = "|-".repeat(columns.len().max(1));
        let source = format!("{cells}|\n{rule}|\n{text}");
        let mut blocks = Blocks::new(self, None);
        blocks.continue_table(columns);
        blocks.paint(&source, out);
    }

    fn code(&mut self, unit: &Unit, dedent: usize, text: &str, out: &mut Vec<RichLine>) {
        let carry = self.carry.take();
        let text: Cow<'_, str> = match &carry {
            Some(carry) => carry.spans.iter().map(|span| span.text.as_str()).chain([text]).collect::<String>().into(),
            None => line::dedent(text, dedent).into(),
        };
        let mut lines = code::lines(self.broad, self.glyphs, &text, carry.map(|carry| carry.prefix));
        if unit.cut
            && let Some((prefix, line)) = lines.pop()
        {
            self.carry = Some(Carry { prefix, spans: line, is_code: true });
        }
        let width = self.width;
        out.extend(
            lines.into_iter().map(|(prefix, line)| code::grounded(RichLine { spans: [prefix, line].concat() }, width)),
        );
    }

    fn raw(&mut self, unit: &Unit, text: &str, token: Token, out: &mut Vec<RichLine>) {
        let mut spans = self.carry.take().map(|carry| carry.spans).unwrap_or_default();
        spans.push(RichSpan::new(text, Ink::of(token)));
        let mut lines = wrap::wrap_spans(&spans, self.broad);
        if unit.cut
            && let Some(last) = lines.pop()
        {
            self.carry = Some(Carry { prefix: Vec::new(), spans: last.spans, is_code: false });
        } else if lines.is_empty() {
            lines.push(RichLine::default());
        }
        out.append(&mut lines);
    }
}
