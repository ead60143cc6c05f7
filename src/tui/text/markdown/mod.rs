//! Markdown for a narrow screen, laid out while it is still being written.
//!
//! The source is cut into units ([`segment`]), each unit is painted once ([`painter`]), and only the open end of a
//! stream is painted again. `lay_out` and a finished [`Document`] take the same way, so what streamed in looks
//! exactly like what was loaded.
//!
//! Decisions of taste: a blank line stands where the source has one, and above a heading; a line break inside a
//! paragraph is kept after a short line, and is a space after a line that looks filled; link definitions are shown,
//! not swallowed; HTML and math are shown as they were written.

mod code;
mod events;
mod inline;
mod line;
mod live;
mod painter;
mod segment;
mod table;

use std::borrow::Cow;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::rich::RichLine;
use crate::tui::theme::Glyphs;
use painter::Painter;
use segment::Segmenter;

/// Lays out a whole text.
pub fn lay_out(source: &str, width: u16) -> Vec<RichLine> {
    lay_out_with(source, width, Glyphs::Unicode)
}

/// Lays out a whole text with these glyphs.
pub fn lay_out_with(source: &str, width: u16, glyphs: Glyphs) -> Vec<RichLine> {
    let mut layout = Layout::new(width, glyphs);
    layout.settle(source);
    layout.end(source);
    layout.lines
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
            self.painter.paint(unit, open, &mut self.lines);
        }
        self.settled = self.lines.len();
        let settled = self.segmenter.settled();
        self.segmenter.forget(settled);
        self.anchor += settled;
    }

    /// Lays out the open end as it stands.
    fn end(&mut self, source: &str) {
        let segmenter = self.segmenter.clone();
        self.paint_end(segmenter, &source[self.anchor..]);
    }

    /// Lays out the open end of a text that is still being written.
    fn end_live(&mut self, source: &str) {
        let open = &source[self.anchor..];
        let segmenter = self.segmenter.clone();
        match live::mended(open, segmenter.is_verbatim()) {
            Cow::Borrowed(open) => self.paint_end(segmenter, open),
            Cow::Owned(mended) => self.paint_end(segmenter.clipped(mended.len()), &mended),
        }
    }

    fn paint_end(&mut self, mut segmenter: Segmenter, open: &str) {
        let mut units = Vec::new();
        segmenter.finish(open, &mut units);
        let mut painter = self.painter.clone();
        for unit in &units {
            painter.paint(unit, open, &mut self.lines);
        }
        painter.flush(&mut self.lines);
    }
}

#[cfg(test)]
mod tests;
