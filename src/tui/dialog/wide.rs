//! A message over the whole screen, its tables and code at their full width, scrolled in both directions.

use super::Outcome;
use crate::tui::key::{Code, Key};
use crate::tui::text::highlight::{self, Code as SourceCode, Run};
use crate::tui::text::markdown::{CodeBlock, Laid};
use crate::tui::text::rich::RichLine;

/// Columns and rows that the frame round the lines takes.
const FRAME: (u16, u16) = (4, 2);
/// How many columns one key moves sideways.
const SIDESTEP: usize = 8;

/// The wide view of one message.
#[derive(Debug, Default)]
pub struct Wide {
    /// Whose message it is.
    pub title: String,
    /// The first line in view.
    pub top: usize,
    /// The first column in view.
    pub left: usize,
    lines: Vec<RichLine>,
    plain: Vec<CodeBlock>,
    /// The widest line's columns.
    columns: usize,
    /// Columns and rows for lines.
    room: (usize, usize),
}

impl Wide {
    /// A view of these lines on a screen of this size.
    pub fn new(title: String, laid: Laid, size: (u16, u16)) -> Self {
        let columns = laid.lines.iter().map(RichLine::width).max().unwrap_or(0);
        let mut wide = Self { title, lines: laid.lines, plain: laid.code, columns, ..Self::default() };
        wide.fit(size);
        wide
    }

    /// The lines.
    pub fn lines(&self) -> &[RichLine] {
        &self.lines
    }

    /// The widest line's columns.
    pub const fn columns(&self) -> usize {
        self.columns
    }

    /// Begins at the line that lies this far into the message, of so many.
    pub fn begin_at(&mut self, line: usize, of: usize) {
        self.top = self.lines.len() * line / of.max(1);
        self.clamp();
    }

    /// Takes a screen of this size.
    pub fn fit(&mut self, size: (u16, u16)) {
        let room = |size: u16, frame: u16| usize::from(size.saturating_sub(frame)).max(1);
        self.room = (room(size.0, FRAME.0), room(size.1, FRAME.1));
        self.clamp();
    }

    /// Colours the code whose colours are known.
    pub fn colour<R: AsRef<[Run]>>(&mut self, known: impl Fn(&SourceCode) -> Option<R>) {
        let lines = &mut self.lines;
        self.plain.retain(|block| match known(&block.code) {
            Some(runs) => {
                highlight::colour(&mut lines[block.rows.clone()], runs.as_ref());
                false
            }
            None => true,
        });
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key) -> Outcome {
        let page = self.room.1.saturating_sub(2).max(1);
        match key.code {
            Code::Down | Code::Char('j') => self.top += 1,
            Code::Up | Code::Char('k') => self.top = self.top.saturating_sub(1),
            Code::PageDown | Code::Char(' ') => self.top += page,
            Code::PageUp | Code::Char('b') => self.top = self.top.saturating_sub(page),
            Code::Right | Code::Char('l') => self.left += SIDESTEP,
            Code::Left | Code::Char('h') => self.left = self.left.saturating_sub(SIDESTEP),
            Code::Home | Code::Char('g') => (self.top, self.left) = (0, 0),
            Code::End | Code::Char('G') => self.top = self.lines.len(),
            Code::Char('0') => self.left = 0,
            Code::Char('$') => self.left = self.columns,
            Code::Esc | Code::Enter | Code::Char('w' | 'q') => return Outcome::Close,
            _ => {}
        }
        self.clamp();
        Outcome::Stay
    }

    fn clamp(&mut self) {
        self.top = self.top.min(self.lines.len().saturating_sub(self.room.1));
        self.left = self.left.min(self.columns.saturating_sub(self.room.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::text::markdown::lay_out_wide;
    use crate::tui::theme::Glyphs;

    #[test]
    fn it_scrolls_both_ways_and_stops_at_the_edges() {
        let source = format!("```\n{}\n```\n{}", "x".repeat(100), "line\n\n".repeat(20));
        let mut wide = Wide::new("m1".into(), lay_out_wide(&source, 40, Glyphs::Unicode), (44, 12));
        assert_eq!(wide.columns(), 102);
        for _ in 0..100 {
            wide.key(Key::plain(Code::Right));
        }
        assert_eq!(wide.left, 62);
        wide.key(Key::plain(Code::Left));
        assert_eq!(wide.left, 54);
        wide.key(Key::plain(Code::End));
        assert_eq!(wide.top, wide.lines().len() - 10);
        wide.fit((200, 60));
        assert_eq!((wide.left, wide.top), (0, 0), "a screen that has room for everything shows everything");
        assert_eq!(wide.key(Key::plain(Code::Esc)), Outcome::Close);
    }
}
