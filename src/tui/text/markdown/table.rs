//! Tables: columns that share the width, cells that wrap, and a list of values where columns have no room.

use pulldown_cmark::Alignment;
use ratatui::style::Modifier;

use crate::tui::text::rich::{Ink, RichLine, RichSpan};
use crate::tui::text::width;
use crate::tui::text::wrap;
use crate::tui::theme::{Glyph, Glyphs, Token};

/// A column narrower than this (unless its text is) is no column any more.
const NARROWEST: usize = 6;

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
    /// Empty if the table is shown as a list of values.
    widths: Vec<usize>,
    gap: usize,
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
        let mut columns = self.columns(width, glyphs);
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
        let text = |cell: &Cell| cell.iter().map(|span| span.text.as_str()).collect::<String>();
        let headers = self.rows.first().map(|row| row.iter().map(text).collect()).unwrap_or_default();
        let (widths, gap) = shared(&natural, width);
        Columns { aligns: self.aligns.clone(), widths, gap, headers, glyphs, width, tall: false }
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

    /// Adds a row as `header: value`, line by line, a blank line before each but the first.
    fn paint_values(&mut self, row: &[Cell], out: &mut Vec<RichLine>) {
        if self.tall {
            out.push(RichLine::default());
        }
        self.tall = true;
        for (column, cell) in row.iter().enumerate() {
            let header = self.headers.get(column).map_or("", String::as_str);
            let mut spans = Vec::new();
            if !header.trim().is_empty() {
                spans.push(RichSpan::new(format!("{}: ", header.trim()), header_ink()));
            }
            spans.extend(cell.iter().cloned());
            out.extend(wrap::wrap_spans(&spans, self.width));
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

/// The columns' widths and the gap between them; no widths if there is no room for columns.
fn shared(natural: &[usize], width: usize) -> (Vec<usize>, usize) {
    let total: usize = natural.iter().sum();
    let gaps = natural.len().saturating_sub(1);
    for gap in [3, 2] {
        let lead = usize::from(gap == 3);
        if total + gaps * gap + lead <= width {
            return (natural.to_vec(), gap);
        }
    }
    let gap = 2;
    let Some(mut room) = width.checked_sub(gaps * gap) else { return (Vec::new(), gap) };
    // Columns that need less than an equal share have what they need; the others share the rest.
    let mut widths = vec![0; natural.len()];
    let mut open: Vec<usize> = (0..natural.len()).collect();
    while !open.is_empty() {
        let share = room / open.len();
        let (small, large): (Vec<usize>, Vec<usize>) = open.iter().partition(|column| natural[**column] <= share);
        if small.is_empty() {
            let extra = room % open.len();
            for (at, column) in large.iter().enumerate() {
                widths[*column] = share + usize::from(at < extra);
            }
            break;
        }
        for column in small {
            widths[column] = natural[column];
            room -= natural[column];
        }
        open = large;
    }
    let cramped = widths.iter().zip(natural).any(|(width, natural)| *width < NARROWEST.min(*natural));
    (if cramped { Vec::new() } else { widths }, gap)
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
