//! Markdown for a narrow screen, laid out while it is still being written.
//!
//! The source is cut into units ([`segment`]), each unit is painted once ([`painter`]), and only the open end of a
//! stream is painted again. `lay_out` and a finished [`Document`] take the same way, so what streamed in looks
//! exactly like what was loaded.
//!
//! Decisions of taste: a blank line stands where the source has one, and above a heading; a line break inside a
//! paragraph is kept after a short line, and is a space after a line that looks filled; link definitions are shown,
//! not swallowed; HTML and math are shown as they were written.

mod blocks;
mod code;
mod events;
mod inline;
mod line;
mod link;
mod live;
mod math;
mod painter;
mod segment;
mod table;

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::highlight::{self, Code, Run};
use super::rich::RichLine;
use crate::tui::theme::Glyphs;
use blocks::Gathered;
pub use blocks::{CodeBlock, Laid};
use painter::Painter;
use segment::{Segmenter, Unit};

/// The most columns of a wide layout; what is wider still wraps.
const BROADEST: usize = 1_000;

/// Lays out a whole text.
pub fn lay_out(source: &str, width: u16) -> Vec<RichLine> {
    lay_out_with(source, width, Glyphs::Unicode)
}

/// Lays out a whole text with these glyphs.
pub fn lay_out_with(source: &str, width: u16, glyphs: Glyphs) -> Vec<RichLine> {
    lay_out_whole(source, width, glyphs).lines
}

/// Lays out a whole text and says where its code is.
pub fn lay_out_whole(source: &str, width: u16, glyphs: Glyphs) -> Laid {
    let mut layout = Layout::new(width, glyphs);
    layout.settle(source);
    layout.end(source);
    Laid { lines: layout.lines, code: layout.code.blocks }
}

/// Lays out a whole text whose tables, code and displayed math may be as wide as they are: whoever shows it scrolls
/// sideways. Prose keeps to the width.
pub fn lay_out_wide(source: &str, width: u16, glyphs: Glyphs) -> Laid {
    let mut layout = Layout::new(width, glyphs);
    layout.painter.broad = layout.painter.width.max(BROADEST);
    layout.settle(source);
    layout.end(source);
    Laid { lines: layout.lines, code: layout.code.blocks }
}

/// The text of the code blocks, as it was written: what is copied.
pub fn code_blocks(source: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open = false;
    for event in Parser::new(source) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => {
                open = true;
                blocks.push(String::new());
            }
            Event::End(TagEnd::CodeBlock) => open = false,
            Event::Text(text) if open => {
                if let Some(block) = blocks.last_mut() {
                    block.push_str(&text);
                }
            }
            _ => {}
        }
    }
    blocks
}

/// A text that grows at its end.
#[derive(Debug, Clone, Default)]
pub struct Document {
    source: String,
    glyphs: Glyphs,
    finished: bool,
    layout: Option<Layout>,
}

impl Document {
    /// An empty text.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty text that is drawn with these glyphs.
    pub fn with_glyphs(glyphs: Glyphs) -> Self {
        Self { glyphs, ..Self::default() }
    }

    /// Adds a piece at the end.
    pub fn push(&mut self, piece: &str) {
        self.source.push_str(piece);
        if let Some(layout) = &mut self.layout {
            layout.stale |= !piece.is_empty();
        }
    }

    /// The text as it came.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The lines at this width. While the text grows, only its open end is laid out again, and half-written markup at
    /// the end looks as it will when it is closed.
    pub fn lines(&mut self, width: u16) -> &[RichLine] {
        let glyphs = self.glyphs;
        if self.layout.as_ref().is_some_and(|layout| layout.painter.width != Painter::clamp(width)) {
            self.layout = None;
        }
        let layout = self.layout.get_or_insert_with(|| Layout::new(width, glyphs));
        if layout.stale {
            layout.settle(&self.source);
            if self.finished {
                layout.end(&self.source);
            } else {
                layout.end_live(&self.source);
            }
            layout.stale = false;
        }
        &layout.lines
    }

    /// Colours the blocks of code that are complete and whose runs are known. Each is asked for until it is.
    pub fn colour<R: AsRef<[Run]>>(&mut self, mut known: impl FnMut(&Code) -> Option<R>) {
        let Some(layout) = &mut self.layout else { return };
        let lines = &mut layout.lines;
        layout.code.blocks.retain(|block| match known(&block.code) {
            Some(runs) => {
                highlight::colour(&mut lines[block.rows.clone()], runs.as_ref());
                false
            }
            None => true,
        });
    }

    /// Says that nothing more will come: the end is laid out as it stands.
    pub fn finish(&mut self) {
        self.finished = true;
        if let Some(layout) = &mut self.layout {
            layout.stale = true;
        }
    }
}

/// A text laid out at one width.
#[derive(Debug, Clone)]
struct Layout {
    painter: Painter,
    segmenter: Segmenter,
    /// How much of the source is settled; the segmenter counts from here.
    anchor: usize,
    lines: Vec<RichLine>,
    /// How many of the lines are final.
    settled: usize,
    /// The code among the final lines.
    code: Gathered,
    stale: bool,
}

impl Layout {
    fn new(width: u16, glyphs: Glyphs) -> Self {
        Self {
            painter: Painter::new(width, glyphs),
            segmenter: Segmenter::new(),
            anchor: 0,
            lines: Vec::new(),
            settled: 0,
            code: Gathered::default(),
            stale: true,
        }
    }

    /// Lays out what nothing can change any more.
    fn settle(&mut self, source: &str) {
        self.lines.truncate(self.settled);
        let open = &source[self.anchor..];
        let mut units = Vec::new();
        self.segmenter.feed(open, &mut units);
        for unit in &units {
            let before = self.lines.len();
            self.painter.paint(unit, open, &mut self.lines);
            self.code.take(unit, open, before..self.lines.len());
            self.code.blocks.append(&mut self.painter.code.blocks);
        }
        if !self.segmenter.is_fenced() {
            self.code.close();
        }
        self.settled = self.lines.len();
        let settled = self.segmenter.settled();
        self.segmenter.forget(settled);
        self.anchor += settled;
    }

    /// Lays out the open end as it stands: nothing more will come.
    fn end(&mut self, source: &str) {
        let mut code = std::mem::take(&mut self.code);
        self.paint_end(self.segmenter.clone(), &source[self.anchor..], |unit, open, rows, nested| {
            code.take(unit, open, rows);
            code.blocks.append(&mut nested.blocks);
        });
        code.close();
        self.code = code;
    }

    /// Lays out the open end of a text that is still being written.
    fn end_live(&mut self, source: &str) {
        let open = &source[self.anchor..];
        let segmenter = self.segmenter.clone();
        match live::mended(open, segmenter.is_verbatim(open)) {
            Cow::Borrowed(open) => self.paint_end(segmenter, open, |_, _, _, _| {}),
            Cow::Owned(mended) => {
                let same = open.bytes().zip(mended.bytes()).take_while(|(was, is)| was == is).count();
                let same = mended.floor_char_boundary(same);
                self.paint_end(segmenter.clipped(same), &mended, |_, _, _, _| {});
            }
        }
    }

    fn paint_end(
        &mut self,
        mut segmenter: Segmenter,
        open: &str,
        mut told: impl FnMut(&Unit, &str, Range<usize>, &mut Gathered),
    ) {
        let mut units = Vec::new();
        segmenter.finish(open, &mut units);
        let mut painter = self.painter.clone();
        for unit in &units {
            let before = self.lines.len();
            painter.paint(unit, open, &mut self.lines);
            told(unit, open, before..self.lines.len(), &mut painter.code);
        }
        painter.flush(&mut self.lines);
    }
}

#[cfg(test)]
mod tests;
