//! The text of an answer that streams, laid out at the widths at which it is shown: two panes may show one conversation.

use crate::tui::text::highlight::{Code, Run};
use crate::tui::text::markdown::Document;
use crate::tui::text::rich::RichLine;
use crate::tui::theme::Glyphs;

/// At how many widths the text is kept laid out.
const WIDTHS: usize = 3;

/// A text that grows at its end.
#[derive(Debug)]
pub struct LiveText {
    glyphs: Glyphs,
    /// One document for each width, the one used last at the end. There is always one.
    documents: Vec<(u16, Document)>,
}

impl LiveText {
    /// An empty text.
    pub fn new(glyphs: Glyphs) -> Self {
        Self { glyphs, documents: vec![(0, Document::with_glyphs(glyphs))] }
    }

    /// Adds a piece at the end.
    pub fn push(&mut self, piece: &str) {
        for (_, document) in &mut self.documents {
            document.push(piece);
        }
    }

    /// The text as it came.
    pub fn source(&self) -> &str {
        self.documents.last().map_or("", |(_, document)| document.source())
    }

    /// The lines at this width.
    pub fn lines(&mut self, width: u16) -> &[RichLine] {
        let known = self.documents.iter().position(|(known, _)| *known == width);
        // A document that was never laid out takes the first width that is asked for.
        let fresh = || self.documents.iter().position(|(known, _)| *known == 0);
        if let Some(at) = known.or_else(fresh) {
            let (_, document) = self.documents.remove(at);
            self.documents.push((width, document));
        } else {
            let mut document = Document::with_glyphs(self.glyphs);
            document.push(self.source());
            if self.documents.len() >= WIDTHS {
                self.documents.remove(0);
            }
            self.documents.push((width, document));
        }
        self.documents.last_mut().map_or(&[], |(_, document)| document.lines(width))
    }

    /// Colours the code that is complete, in the layout that was asked for last.
    pub fn colour<R: AsRef<[Run]>>(&mut self, known: impl FnMut(&Code) -> Option<R>) {
        if let Some((_, document)) = self.documents.last_mut() {
            document.colour(known);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_the_same_at_every_width_whenever_that_is_asked_for() {
        let mut text = LiveText::new(Glyphs::Unicode);
        for piece in ["one two ", "three four ", "five"] {
            text.push(piece);
            for width in [40, 9, 14, 7, 40] {
                let read: Vec<String> = text.lines(width).iter().map(RichLine::text).collect();
                assert_eq!(read.join(" ").trim(), text.source().trim(), "at {width}");
                assert!(text.documents.len() <= WIDTHS);
            }
        }
    }
}
