//! Putting text and lines into cells, in the looks of the theme.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::tui::hyperlink::Hyperlinks;
use crate::tui::text::rich::RichLine;
use crate::tui::text::width::width;
use crate::tui::theme::{Glyphs, Theme, Token};

/// Where and how things are drawn.
pub(super) struct Brush<'a> {
    pub(super) buffer: &'a mut Buffer,
    pub(super) theme: &'a Theme,
    pub(super) glyphs: Glyphs,
    /// Where the addresses of links are noted.
    pub(super) links: &'a Hyperlinks,
}

/// The pieces of a box.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edges {
    pub(super) corners: [&'static str; 4],
    pub(super) tees: [&'static str; 2],
    pub(super) across: &'static str,
    pub(super) down: &'static str,
}

const UNICODE: Edges =
    Edges { corners: ["╭", "╮", "╰", "╯"], tees: ["├", "┤"], across: "─", down: "│" };
const ASCII: Edges = Edges { corners: ["+", "+", "+", "+"], tees: ["+", "+"], across: "-", down: "|" };

impl Brush<'_> {
    pub(super) const fn edges(&self) -> Edges {
        match self.glyphs {
            Glyphs::Unicode => UNICODE,
            Glyphs::Ascii => ASCII,
        }
    }

    /// Lays the theme's ground over everything.
    pub(super) fn ground(&mut self) {
        let style = self.theme.style(Token::Text);
        for cell in &mut self.buffer.content {
            cell.reset();
            cell.set_style(style);
        }
    }

    /// Empties an area.
    pub(super) fn clear(&mut self, area: Rect) {
        let style = self.theme.style(Token::Text);
        // A wide character that reaches into the area from the left would cover its first column.
        for y in area.top()..area.bottom() {
            if let Some(cell) = area.x.checked_sub(1).and_then(|x| self.buffer.cell_mut((x, y)))
                && width(cell.symbol()) > 1
            {
                cell.set_symbol(" ");
            }
        }
        for position in area.intersection(self.buffer.area).positions() {
            let cell = &mut self.buffer[position];
            cell.reset();
            cell.set_style(style);
        }
    }

    /// Writes a text that is safe to show; returns the columns it took.
    pub(super) fn text(&mut self, x: u16, y: u16, columns: u16, text: &str, token: Token) -> u16 {
        let style = self.theme.style(token);
        self.styled(x, y, columns, text, style)
    }

    pub(super) fn styled(&mut self, x: u16, y: u16, columns: u16, text: &str, style: Style) -> u16 {
        if !self.buffer.area.contains((x, y).into()) {
            return 0;
        }
        if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return self.plain(x, y, columns, text, style);
        }
        let (end, _) = self.buffer.set_stringn(x, y, text, usize::from(columns), style);
        end - x
    }

    /// Writes a text whose every byte is a column: most of what is drawn, and it needs no search for graphemes.
    fn plain(&mut self, x: u16, y: u16, columns: u16, text: &str, style: Style) -> u16 {
        let columns = usize::from(columns.min(self.buffer.area.right() - x)).min(text.len());
        let from = self.buffer.index_of(x, y);
        for (at, cell) in self.buffer.content[from..from + columns].iter_mut().enumerate() {
            cell.set_symbol(&text[at..=at]).set_style(style);
        }
        columns as u16
    }

    /// Writes a laid-out line.
    pub(super) fn rich(&mut self, x: u16, y: u16, columns: u16, line: &RichLine) {
        let mut at = x;
        for span in &line.spans {
            let left = columns.saturating_sub(at - x);
            if left == 0 {
                break;
            }
            let mut style = self.theme.style(span.token).add_modifier(span.modifier);
            if let Some(mark) = span.link.as_ref().and_then(|address| self.links.mark(address)) {
                style = style.underline_color(mark);
            }
            at += self.styled(at, y, left, &span.text, style);
        }
    }

    /// Fills a row with a piece of border.
    pub(super) fn across(&mut self, x: u16, y: u16, columns: u16, token: Token) {
        let style = self.theme.style(token);
        let piece = self.edges().across;
        for column in x..x.saturating_add(columns) {
            if let Some(cell) = self.buffer.cell_mut((column, y)) {
                cell.set_symbol(piece).set_style(style);
            }
        }
    }

    /// Draws a box's border.
    pub(super) fn frame(&mut self, area: Rect, token: Token) {
        if area.width < 2 || area.height < 2 {
            return;
        }
        let edges = self.edges();
        let (right, bottom) = (area.right() - 1, area.bottom() - 1);
        self.across(area.x + 1, area.y, area.width - 2, token);
        self.across(area.x + 1, bottom, area.width - 2, token);
        for y in area.y + 1..bottom {
            self.text(area.x, y, 1, edges.down, token);
            self.text(right, y, 1, edges.down, token);
        }
        let corners = [(area.x, area.y), (right, area.y), (area.x, bottom), (right, bottom)];
        for ((x, y), corner) in corners.into_iter().zip(edges.corners) {
            self.text(x, y, 1, corner, token);
        }
    }

    /// Changes the look of some cells of a row.
    pub(super) fn mark(&mut self, x: u16, y: u16, columns: u16, style: Style) {
        self.buffer.set_style(Rect::new(x, y, columns, 1), style);
    }

    /// Makes a row look chosen, with and without colours.
    pub(super) fn choose(&mut self, x: u16, y: u16, columns: u16) {
        let style = self.theme.style(Token::Selection).add_modifier(Modifier::BOLD);
        self.mark(x, y, columns, style);
    }

    /// Writes pieces with a gap of border or blank between them; returns the columns they took.
    pub(super) fn pieces(&mut self, x: u16, y: u16, columns: u16, pieces: &[(String, Token)]) -> u16 {
        let mut at = x;
        for (text, token) in pieces {
            let left = columns.saturating_sub(at - x);
            at += self.text(at, y, left, text, *token);
        }
        at - x
    }
}

/// The columns of a row of pieces.
pub(super) fn columns_of(pieces: &[(String, Token)]) -> usize {
    pieces.iter().map(|(text, _)| width(text)).sum()
}
