//! A backend that keeps every cell in its column, however wide the terminal draws what stands before it.
//!
//! Terminals disagree about the width of emoji with variation selectors, of flags and families, of Indic, Thai and
//! Hangul clusters. What is written right behind one would shift with it, borders and all. So the cursor is placed anew
//! behind each cluster that terminals disagree about, and the columns of a wide one are blanked before it is written.
//! A row with such a cluster is written whole, from left to right, so that whatever a terminal drew beyond the cluster's
//! columns is written over.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::rc::Rc;

use crossterm::cursor::{RestorePosition, SavePosition};
use crossterm::queue;
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Size};

use super::hyperlink::Linking;
use super::text::width::width;

/// A backend with links, steadied.
#[derive(Debug)]
pub struct Steady<W: Write> {
    inner: Linking<W>,
    doubtful: DoubtfulRows,
}

/// The rows in which something doubtful stands or stood, and that are to be written whole when they change.
#[derive(Debug, Clone, Default)]
pub struct DoubtfulRows(Rc<RefCell<Rows>>);

#[derive(Debug, Default)]
struct Rows {
    /// Those that changed.
    changed: BTreeSet<u16>,
    /// Those in which something doubtful stands.
    held: BTreeSet<u16>,
}

impl DoubtfulRows {
    /// Takes the rows, with what stands in them.
    pub fn take(&self, screen: &Buffer) -> Vec<(u16, Vec<Cell>)> {
        let mut rows = self.0.borrow_mut();
        let area = screen.area;
        let mut whole = Vec::new();
        for y in std::mem::take(&mut rows.changed) {
            let cells: Vec<Cell> = (area.left()..area.right()).filter_map(|x| screen.cell((x, y)).cloned()).collect();
            if cells.iter().any(|cell| is_doubtful(cell.symbol())) {
                rows.held.insert(y);
            } else {
                rows.held.remove(&y);
            }
            whole.push((y, cells));
        }
        whole
    }
}

impl<W: Write> Steady<W> {
    /// A backend over this one, with the doubtful rows of earlier frames.
    pub fn with(inner: Linking<W>, doubtful: DoubtfulRows) -> Self {
        Self { inner, doubtful }
    }

    /// Writes rows whole; the cursor stays where it is.
    pub fn write_rows(&mut self, rows: &[(u16, Vec<Cell>)]) -> io::Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        queue!(self.inner, SavePosition)?;
        for (y, cells) in rows {
            let mut next = 0;
            let standing = cells.iter().enumerate().filter_map(|(x, cell)| {
                // What lies under a wide character isn't written.
                let is_free = x >= next;
                if is_free {
                    next = x + width(cell.symbol()).max(1);
                }
                is_free.then_some((x as u16, *y, cell))
            });
            self.draw(standing)?;
        }
        self.doubtful.0.borrow_mut().changed.clear();
        queue!(self.inner, RestorePosition)
    }
}

impl<W: Write> Backend for Steady<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut run: Vec<(u16, u16, &Cell)> = Vec::new();
        // The row and the columns that a wide cluster covers.
        let mut covered = (0, 0..0);
        let doubtful = Rc::clone(&self.doubtful.0);
        for (x, y, cell) in content {
            if !doubtful.borrow().held.is_empty() && doubtful.borrow().held.contains(&y) {
                doubtful.borrow_mut().changed.insert(y);
            }
            if covered.0 == y && covered.1.contains(&x) {
                continue;
            }
            if !is_doubtful(cell.symbol()) {
                run.push((x, y, cell));
                continue;
            }
            doubtful.borrow_mut().changed.insert(y);
            self.inner.draw(run.drain(..))?;
            let columns = width(cell.symbol()).max(1) as u16;
            if columns > 1 {
                let mut blank = cell.clone();
                blank.set_symbol(" ");
                self.inner.draw((0..columns).map(|column| (x + column, y, &blank)))?;
            }
            self.inner.draw(std::iter::once((x, y, cell)))?;
            covered = (y, x + 1..x + columns);
        }
        if run.is_empty() { Ok(()) } else { self.inner.draw(run.into_iter()) }
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.inner.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.inner.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.inner)
    }
}

/// Whether terminals disagree about how wide this is.
fn is_doubtful(symbol: &str) -> bool {
    let mut chars = symbol.chars();
    match (chars.next(), chars.next()) {
        (Some(' '..='~') | None, None) => false,
        (Some(only), None) => is_doubtful_char(only),
        // A cluster of several: marks, joiners, selectors, flags.
        _ => true,
    }
}

const fn is_doubtful_char(char: char) -> bool {
    matches!(char,
        // Hebrew, Arabic and their neighbours, which some terminals also turn around.
        '\u{590}'..='\u{8FF}'
        // The scripts of India and South-East Asia, whose clusters terminals cut differently.
        | '\u{900}'..='\u{FFF}' | '\u{1000}'..='\u{11FF}' | '\u{1700}'..='\u{1AFF}' | '\u{A980}'..='\u{AA7F}'
        | '\u{D7B0}'..='\u{D7FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}'
        // Half-width sound marks.
        | '\u{FF9E}' | '\u{FF9F}'
        // Symbols that may be drawn as pictures. Arrows, boxes, blocks and Braille are not among them.
        | '\u{2300}'..='\u{24FF}' | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}'
        | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}' | '\u{E000}'..='\u{F8FF}' | '\u{10000}'..
    )
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;
    use crate::tui::hyperlink::Hyperlinks;

    const COLUMNS: u16 = 32;
    /// What terminals disagree about, and what they don't.
    const TEXTS: [&str; 16] = [
        "plain text",
        "日本語 ｶﾞｷﾞ",
        "e\u{301}a\u{308}o\u{302} a\u{300}\u{301}\u{302}\u{303}",
        "👨‍👩‍👧‍👦 👩🏽‍🚀 🏳️‍🌈",
        "☃\u{fe0f}❤\u{fe0f}☎\u{fe0f}1\u{fe0f}\u{20e3}",
        "🇳🇴🇩🇪🇯🇵 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "नमस्ते क्षत्रिय",
        "ไทยกำลังน้ำ",
        "한국어 \u{1112}\u{1161}\u{11ab}",
        "שלום עולם",
        "مرحبا بالعالم",
        "かﾟがﾞ",
        "𝒳𝕏 🫠🫨",
        "☀☁⌚⏰⚡",
        "∞≠§·¡",
        "မြန်မာ ខ្មែរ",
    ];

    /// A text in each row, and a border behind it in the same column.
    fn page(shift: usize) -> Buffer {
        let mut page = Buffer::empty(Rect::new(0, 0, COLUMNS, TEXTS.len() as u16));
        for y in 0..TEXTS.len() {
            let text = TEXTS[(y + shift) % TEXTS.len()];
            page.set_stringn(0, y as u16, text, usize::from(COLUMNS) - 2, Style::new());
            page.set_string(COLUMNS - 2, y as u16, "│x", Style::new());
        }
        page
    }

    fn steady(bytes: &mut Vec<u8>) -> Steady<&mut Vec<u8>> {
        Steady::with(Linking::new(bytes, Hyperlinks::default()), DoubtfulRows::default())
    }

    /// Draws what differs, as the terminal does.
    fn drawn(before: &Buffer, after: &Buffer) -> Vec<u8> {
        let mut bytes = Vec::new();
        frame(&mut steady(&mut bytes), before, after);
        bytes
    }

    fn frame(steady: &mut Steady<&mut Vec<u8>>, before: &Buffer, after: &Buffer) {
        steady.draw(before.diff_iter(after)).unwrap();
        let rows = steady.doubtful.take(after);
        steady.write_rows(&rows).unwrap();
    }

    #[test]
    fn borders_stand_in_their_column_whatever_stands_before_them() {
        let size = |count: usize| std::num::NonZeroU16::new(count as u16).unwrap();
        let mut terminal = vt100::Parser::new(size(TEXTS.len()), size(usize::from(COLUMNS)), 0);
        let mut before = Buffer::empty(Rect::new(0, 0, COLUMNS, TEXTS.len() as u16));
        for shift in 0..TEXTS.len() {
            let after = page(shift);
            terminal.process(&drawn(&before, &after));
            for y in 0..TEXTS.len() as u16 {
                let cell = |x| terminal.screen().cell(y, x).map(|cell| cell.contents().to_owned()).unwrap_or_default();
                let text = TEXTS[(usize::from(y) + shift) % TEXTS.len()];
                assert_eq!((cell(COLUMNS - 2).as_str(), cell(COLUMNS - 1).as_str()), ("│", "x"), "{text} ({shift})");
            }
            before = after;
        }
    }

    #[test]
    fn nothing_of_an_earlier_page_shines_through() {
        let size = |count: usize| std::num::NonZeroU16::new(count as u16).unwrap();
        let parser = || vt100::Parser::new(size(TEXTS.len()), size(usize::from(COLUMNS)), 0);
        let empty = Buffer::empty(Rect::new(0, 0, COLUMNS, TEXTS.len() as u16));
        for shift in 1..TEXTS.len() {
            let (mut changed, mut fresh) = (parser(), parser());
            let mut bytes = Vec::new();
            let mut steady = super::tests::steady(&mut bytes);
            frame(&mut steady, &empty, &page(0));
            frame(&mut steady, &page(0), &page(shift));
            drop(steady);
            changed.process(&bytes);
            fresh.process(&drawn(&empty, &page(shift)));
            assert_eq!(changed.screen().contents(), fresh.screen().contents(), "{shift}");
        }
    }

    #[test]
    fn plain_text_costs_nothing_more() {
        let mut page = Buffer::empty(Rect::new(0, 0, COLUMNS, 3));
        page.set_string(0, 0, "plain text, ─│╭ and ●", Style::new());
        let empty = Buffer::empty(page.area);
        let mut plain = Vec::new();
        ratatui::backend::CrosstermBackend::new(&mut plain).draw(empty.diff_iter(&page)).unwrap();
        assert_eq!(drawn(&empty, &page), plain);
    }
}
