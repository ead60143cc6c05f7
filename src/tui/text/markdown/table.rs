//! Tables: columns that negotiate the width, cells that wrap, and records where columns have no room.
//!
//! A column never becomes narrower than its longest word, within reason: words torn apart are what makes a table in a
//! narrow strip unreadable. Where that asks for too much, or rows would tower, each row is a record of `header: value`.

use pulldown_cmark::Alignment;
use ratatui::style::Modifier;

use crate::tui::text::rich::{Ink, RichLine, RichSpan};
use crate::tui::text::width;
use crate::tui::text::wrap;
use crate::tui::theme::{Glyph, Glyphs, Token};

/// A column narrower than this (unless its text is) is no column any more.
const NARROWEST: usize = 8;
/// A longer word (an address, most often) may be broken.
const LONGEST_WORD: usize = 16;
/// Records hang their further lines by this much, from this width on.
const HANG: usize = 2;
const HANG_FROM: usize = 20;

/// The text of a cell.
type Cell = Vec<RichSpan>;

/// A table while it is read.
#[derive(Debug)]
pub(super) struct Table {
    aligns: Vec<Alignment>,
    rows: Vec<Vec<Cell>>,
    row: Vec<Cell>,
    /// Where the last cell ends in the source.
    cell_end: usize,
}

/// How a table's columns came out: later rows use the same.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    aligns: Vec<Alignment>,
    /// Empty if the table is shown as records.
    widths: Vec<usize>,
    gap: usize,
    /// Whether every cell so far stands on one line.
    fits: bool,
    headers: Vec<String>,
    glyphs: Glyphs,
    /// The width of the whole.
    width: usize,
    /// Whether the last row took several lines: a blank line sets it apart from the next.
    tall: bool,
}

impl Columns {
    pub(super) fn len(&self) -> usize {
        self.aligns.len()
    }
}

impl Table {
    pub(super) fn new(aligns: Vec<Alignment>) -> Self {
        Self { aligns, rows: Vec::new(), row: Vec::new(), cell_end: 0 }
    }

    pub(super) fn begin_row(&mut self, at: usize) {
        self.cell_end = at;
    }

    pub(super) fn end_cell(&mut self, spans: Cell, at: usize) {
        self.row.push(spans);
        self.cell_end = at;
    }

    /// Ends a row. What a row has beyond the header's columns stays with its last cell.
    pub(super) fn end_row(&mut self, text: &str, at: usize) {
        let beyond = text.get(self.cell_end..at).unwrap_or_default();
        let beyond = beyond.trim_matches(|c: char| c == '|' || c.is_whitespace());
        if !beyond.is_empty()
            && let Some(cell) = self.row.last_mut()
        {
            cell.push(RichSpan::new(format!(" | {beyond}"), Ink::of(Token::Text)));
        }
        self.rows.push(std::mem::take(&mut self.row));
    }

    /// Adds the table's lines; its columns are returned for rows that follow.
    pub(super) fn paint(&self, width: usize, glyphs: Glyphs, out: &mut Vec<RichLine>) -> Columns {
        let columns = self.columns(width, glyphs);
        let fits = columns.fits;
        let mut lines = Vec::new();
        let mut painted = self.paint_as(columns, width, &mut lines);
        if !fits && !painted.widths.is_empty() {
            let mut records = Vec::new();
            let as_records = Columns { widths: Vec::new(), ..painted.clone() };
            let as_records = self.paint_as(as_records, width, &mut records);
            if records.len() < lines.len() {
                (painted, lines) = (as_records, records);
            }
        }
        out.append(&mut lines);
        painted
    }

    fn paint_as(&self, mut columns: Columns, width: usize, out: &mut Vec<RichLine>) -> Columns {
        if !columns.widths.is_empty()
            && let Some(header) = self.rows.first()
        {
            let header: Vec<Cell> = header.iter().map(bold).collect();
            columns.paint_cells(&header, out);
            columns.paint_rule(out);
        }
        columns.tall = false;
        self.paint_rows(&mut columns, out);
        if self.rows.len() == 1 && columns.widths.is_empty() {
            out.extend(wrap::wrap_spans(&[RichSpan::new(columns.headers.join(" | "), header_ink())], width));
        }
        columns
    }

    /// Adds the rows below the header.
    pub(super) fn paint_rows(&self, columns: &mut Columns, out: &mut Vec<RichLine>) {
        for row in self.rows.iter().skip(1) {
            if columns.widths.is_empty() {
                columns.paint_values(row, out);
            } else {
                columns.paint_row(row, out);
            }
        }
    }

    fn columns(&self, width: usize, glyphs: Glyphs) -> Columns {
        let count = self.aligns.len();
        let natural: Vec<usize> = (0..count)
            .map(|column| self.rows.iter().map(|row| row.get(column).map_or(0, cell_width)).max())
            .map(|widest| widest.unwrap_or(0).max(1))
            .collect();
        let least: Vec<usize> = (0..count)
            .map(|column| self.rows.iter().map(|row| row.get(column).map_or(0, longest_word)).max())
            .zip(&natural)
            .map(|(word, natural)| word.unwrap_or(0).clamp(NARROWEST, LONGEST_WORD).min(*natural))
            .collect();
        let text = |cell: &Cell| cell.iter().map(|span| span.text.as_str()).collect::<String>();
        let headers = self.rows.first().map(|row| row.iter().map(text).collect()).unwrap_or_default();
        let (widths, gap) = negotiated(&natural, &least, width);
        let fits = widths == natural;
        Columns { aligns: self.aligns.clone(), widths, gap, fits, headers, glyphs, width, tall: false }
    }
}

impl Columns {
    fn paint_row(&mut self, row: &[Cell], out: &mut Vec<RichLine>) {
        let mut lines = Vec::new();
        let tall = self.paint_cells(row, &mut lines) > 1;
        if (tall || self.tall) && self.rows_began(out) {
            out.push(RichLine::default());
        }
        self.tall = tall;
        out.append(&mut lines);
    }

    /// Whether a row, and not the header's rule, is the last line.
    fn rows_began(&self, out: &[RichLine]) -> bool {
        let rule = self.glyphs.of(Glyph::Rule);
        out.last()
            .is_none_or(|line| !line.spans.iter().any(|span| span.token == Token::Faint && span.text.starts_with(rule)))
    }

    /// Adds the lines of one row, and says how many there are.
    fn paint_cells(&self, row: &[Cell], out: &mut Vec<RichLine>) -> usize {
        let empty = Cell::new();
        let cells: Vec<Vec<RichLine>> = (0..self.widths.len())
            .map(|column| wrap::wrap_spans(row.get(column).unwrap_or(&empty), self.widths[column]))
            .collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0).max(1);
        for at in 0..height {
            let mut line = RichLine::default();
            line.push(self.lead(), Ink::of(Token::Text));
            for (column, cell) in cells.iter().enumerate() {
                self.paint_cell(column, cell.get(at), &mut line);
            }
            trim_end(&mut line);
            out.push(line);
        }
        height
    }

    fn paint_cell(&self, column: usize, text: Option<&RichLine>, line: &mut RichLine) {
        let space = self.widths[column].saturating_sub(text.map_or(0, RichLine::width));
        let before = match self.aligns[column] {
            Alignment::Right => space,
            Alignment::Center => space / 2,
            Alignment::None | Alignment::Left => 0,
        };
        let gap = if column == 0 { 0 } else { self.gap };
        line.push(&" ".repeat(gap + before), Ink::of(Token::Text));
        for span in text.iter().flat_map(|text| &text.spans) {
            line.push(&span.text, span.ink());
        }
        line.push(&" ".repeat(space - before), Ink::of(Token::Text));
    }

    fn paint_rule(&self, out: &mut Vec<RichLine>) {
        let rule = self.glyphs.of(Glyph::Rule);
        let mut line = RichLine::default();
        line.push(self.lead(), Ink::of(Token::Text));
        for (column, width) in self.widths.iter().enumerate() {
            line.push(&" ".repeat(if column == 0 { 0 } else { self.gap }), Ink::of(Token::Text));
            line.push(&rule.repeat(*width), Ink::of(Token::Faint));
        }
        out.push(line);
    }

    /// Adds a row as a record of `header: value`, a blank line before each but the first.
    fn paint_values(&mut self, row: &[Cell], out: &mut Vec<RichLine>) {
        if self.tall {
            out.push(RichLine::default());
        }
        self.tall = true;
        let hang = if self.width >= HANG_FROM { HANG } else { 0 };
        for (column, cell) in row.iter().enumerate() {
            let header = self.headers.get(column).map_or("", String::as_str);
            let mut spans = Vec::new();
            if !header.trim().is_empty() {
                spans.push(RichSpan::new(format!("{}: ", header.trim()), Ink::of(Token::Dim)));
            }
            // The first value is what the record is about.
            if column == 0 {
                spans.extend(bold(cell));
            } else {
                spans.extend(cell.iter().cloned());
            }
            for (at, mut line) in wrap::wrap_spans(&spans, self.width - hang).into_iter().enumerate() {
                if at > 0 && hang > 0 {
                    line.spans.insert(0, RichSpan::new(" ".repeat(hang), Ink::of(Token::Text)));
                }
                out.push(line);
            }
        }
    }

    /// The space before the first column, where there is room.
    fn lead(&self) -> &'static str {
        if self.gap >= 3 { " " } else { "" }
    }
}

fn header_ink() -> Ink {
    Ink::of(Token::Text).with(Modifier::BOLD)
}

fn bold(cell: &Cell) -> Cell {
    cell.iter().map(|span| RichSpan::new(span.text.clone(), span.ink().with(Modifier::BOLD))).collect()
}

/// The widest line of a cell.
fn cell_width(cell: &Cell) -> usize {
    let text: String = cell.iter().map(|span| span.text.as_str()).collect();
    text.split('\n').map(width::width).max().unwrap_or(0)
}

/// The widest word of a cell. Wide characters can be parted anywhere.
fn longest_word(cell: &Cell) -> usize {
    let text: String = cell.iter().map(|span| span.text.as_str()).collect();
    let word = |word: &str| {
        let columns = width::width(word);
        if columns > word.chars().count() { columns.min(4) } else { columns }
    };
    text.split_whitespace().map(word).max().unwrap_or(0)
}

/// The columns' widths and the gap between them; no widths if there is no room for columns.
fn negotiated(natural: &[usize], least: &[usize], width: usize) -> (Vec<usize>, usize) {
    let total: usize = natural.iter().sum();
    let gaps = natural.len().saturating_sub(1);
    for gap in [3, 2] {
        let lead = usize::from(gap == 3);
        if total + gaps * gap + lead <= width {
            return (natural.to_vec(), gap);
        }
    }
    let gap = 2;
    let needed: usize = least.iter().sum::<usize>() + gaps * gap;
    let Some(mut room) = width.checked_sub(needed) else { return (Vec::new(), gap) };
    // Each has what it can't do without; what is left goes to the narrowest that still wants more.
    let mut widths = least.to_vec();
    while room > 0 {
        let wants = (0..widths.len()).filter(|column| widths[*column] < natural[*column]);
        let Some(column) = wants.min_by_key(|column| widths[*column]) else { break };
        widths[column] += 1;
        room -= 1;
    }
    (widths, gap)
}

fn trim_end(line: &mut RichLine) {
    while let Some(last) = line.spans.last_mut() {
        let kept = last.text.trim_end_matches(' ').len();
        last.text.truncate(kept);
        if kept > 0 {
            break;
        }
        line.spans.pop();
    }
}
