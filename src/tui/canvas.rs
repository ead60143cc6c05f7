//! What the terminal shows and what it is to show: from the two follows what is written.
//!
//! A frame is painted whole and compared with the last one row by row. A row that is the same costs one comparison;
//! only in the others every cell is looked at, with all that wide characters need.

use std::io::{self, Write};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::queue;
use crossterm::terminal::{Clear, ClearType};
use ratatui::backend::Backend as _;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};

use super::hyperlink::{Hyperlinks, Linking};
use super::steady::{DoubtfulRows, Steady};

/// The last frame and the next one.
#[derive(Debug, Default)]
pub(super) struct Canvas {
    shown: Buffer,
    next: Buffer,
    cursor: Option<Position>,
    /// Where the links of the frame lead.
    links: Hyperlinks,
    /// The rows whose widths terminals disagree about.
    doubtful: DoubtfulRows,
    /// Whether the terminal may show something else: after a resize, or after another program.
    is_unknown: bool,
}

impl Canvas {
    /// A canvas whose marked cells lead to these links.
    pub(super) fn new(links: Hyperlinks) -> Self {
        Self { links, ..Self::default() }
    }

    /// Forgets what the terminal shows: the next frame is written whole.
    pub(super) fn forget(&mut self) {
        self.is_unknown = true;
    }

    /// Paints a frame of this size and writes what differs from the last one; nothing, if nothing does. The painter
    /// finds an older frame, paints every cell, and says where the cursor is.
    pub(super) fn draw(
        &mut self,
        (columns, rows): (u16, u16),
        out: &mut impl Write,
        paint: impl FnOnce(&mut Buffer) -> Option<Position>,
    ) -> io::Result<()> {
        let area = Rect::new(0, 0, columns, rows);
        if self.next.area != area {
            self.is_unknown = true;
            self.shown = Buffer::empty(area);
            self.next = Buffer::empty(area);
        }
        let cursor = paint(&mut self.next);
        if self.is_unknown {
            queue!(out, Hide, Clear(ClearType::All))?;
            self.shown.reset();
            self.cursor = None;
        }
        let has_changed = self.write_changes(out)?;
        match cursor {
            None if self.cursor.is_some() => queue!(out, Hide)?,
            Some(at) if has_changed || self.cursor != cursor => {
                queue!(out, MoveTo(at.x, at.y))?;
                if self.cursor.is_none() {
                    queue!(out, Show)?;
                }
            }
            None | Some(_) => {}
        }
        self.cursor = cursor;
        self.is_unknown = false;
        std::mem::swap(&mut self.shown, &mut self.next);
        Ok(())
    }

    /// Writes the cells that differ; returns whether there are any.
    fn write_changes(&self, out: &mut impl Write) -> io::Result<bool> {
        let changed = self.changed_rows();
        if changed.is_empty() {
            return Ok(false);
        }
        let mut backend = Steady::with(Linking::new(out, self.links.clone()), self.doubtful.clone());
        if changed.len() > usize::from(self.next.area.height / 4) {
            // Rows are compared as copies: where most of them differ, comparing all of them is less work.
            backend.draw(self.shown.diff_iter(&self.next))?;
        } else {
            let rows: Vec<_> = changed.iter().map(|y| (row(&self.shown, *y), row(&self.next, *y))).collect();
            backend.draw(rows.iter().flat_map(|(shown, next)| shown.diff_iter(next)))?;
        }
        backend.write_rows(&self.doubtful.take(&self.next))?;
        Ok(true)
    }

    fn changed_rows(&self) -> Vec<u16> {
        let columns = usize::from(self.next.area.width).max(1);
        let rows = self.shown.content.chunks_exact(columns).zip(self.next.content.chunks_exact(columns));
        let differs =
            |(shown, next): &(&[Cell], &[Cell])| !shown.iter().zip(*next).all(|(one, other)| is_same(one, other));
        (0..).zip(rows).filter(|(_, rows)| differs(rows)).map(|(y, _)| y).collect()
    }
}

/// Whether two cells look the same. Every cell of every frame is compared: what differs most often comes first, and
/// for a single byte nothing is called.
fn is_same(one: &Cell, other: &Cell) -> bool {
    let has_same_text = match (one.symbol().as_bytes(), other.symbol().as_bytes()) {
        ([one], [other]) => one == other,
        (one, other) => one == other,
    };
    has_same_text
        && one.fg == other.fg
        && one.bg == other.bg
        && one.modifier == other.modifier
        && one.underline_color == other.underline_color
        && one.diff_option == other.diff_option
}

/// A row as a buffer of its own.
fn row(buffer: &Buffer, y: u16) -> Buffer {
    let columns = usize::from(buffer.area.width);
    let from = columns * usize::from(y);
    Buffer { area: Rect { y, height: 1, ..buffer.area }, content: buffer.content[from..from + columns].to_vec() }
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;

    use proptest::prelude::*;
    use ratatui::style::{Color, Style};

    use super::*;

    const SIZE: (u16, u16) = (12, 4);

    fn frame(canvas: &mut Canvas, size: (u16, u16), lines: &[&str], cursor: Option<Position>) -> Vec<u8> {
        let mut out = Vec::new();
        let paint = |buffer: &mut Buffer| {
            buffer.reset();
            for (y, line) in (0..buffer.area.height).zip(lines) {
                buffer.set_stringn(0, y, line, usize::from(buffer.area.width), Style::new().fg(Color::Red));
            }
            cursor
        };
        canvas.draw(size, &mut out, paint).unwrap();
        out
    }

    fn screen(size: (u16, u16)) -> vt100::Parser {
        let [rows, columns] = [size.1, size.0].map(|length| NonZero::new(length).unwrap());
        vt100::Parser::new(rows, columns, 0)
    }

    /// What can be read; whether a blank was written can't be.
    fn rows(terminal: &vt100::Parser) -> Vec<String> {
        terminal.screen().rows(0, SIZE.0).map(|row| row.trim_end().to_owned()).collect()
    }

    #[test]
    fn a_frame_like_the_last_one_writes_nothing_and_a_moved_cursor_only_moves() {
        let mut canvas = Canvas::default();
        let (here, there) = (Some(Position::new(2, 1)), Some(Position::new(3, 1)));
        assert!(!frame(&mut canvas, SIZE, &["one", "two"], here).is_empty());
        assert_eq!(frame(&mut canvas, SIZE, &["one", "two"], here), b"");
        assert_eq!(frame(&mut canvas, SIZE, &["one", "two"], there), b"\x1b[2;4H");
        assert_eq!(frame(&mut canvas, SIZE, &["one", "two"], None), b"\x1b[?25l");
        assert_eq!(frame(&mut canvas, SIZE, &["one", "two"], there), b"\x1b[2;4H\x1b[?25h");
    }

    #[test]
    fn only_what_changed_is_written() {
        let mut canvas = Canvas::default();
        frame(&mut canvas, SIZE, &["a quiet row", "count 1"], None);
        let written = String::from_utf8(frame(&mut canvas, SIZE, &["a quiet row", "count 2"], None)).unwrap();
        assert!(written.starts_with("\x1b[2;7H") && written.contains('2'), "{written:?}");
        assert!(!written.contains("quiet") && !written.contains("count"), "{written:?}");
    }

    #[test]
    fn another_size_or_another_program_has_the_frame_written_whole() {
        let mut canvas = Canvas::default();
        frame(&mut canvas, SIZE, &["one"], None);
        let mut terminal = screen((20, 4));
        terminal.process(b"left by another program");
        terminal.process(&frame(&mut canvas, (20, 4), &["one"], None));
        assert_eq!(terminal.screen().contents(), "one");
        terminal.process(b"garbage");
        canvas.forget();
        terminal.process(&frame(&mut canvas, (20, 4), &["one"], None));
        assert_eq!(terminal.screen().contents(), "one");
    }

    proptest! {
        #[test]
        fn the_terminal_shows_the_last_frame_whatever_came_before(
            frames in prop::collection::vec(prop::collection::vec("[ab 価é]{0,14}", 0..5), 1..6),
        ) {
            let mut canvas = Canvas::default();
            let mut terminal = screen(SIZE);
            for lines in &frames {
                let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
                terminal.process(&frame(&mut canvas, SIZE, &lines, None));
                let mut fresh = screen(SIZE);
                fresh.process(&frame(&mut Canvas::default(), SIZE, &lines, None));
                prop_assert_eq!(rows(&terminal), rows(&fresh));
            }
        }
    }
}
