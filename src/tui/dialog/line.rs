//! One line that is being written, its cursor at the end.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::tui::key::{Code, Key};

/// A line of text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    text: String,
}

impl Line {
    /// An empty line.
    pub const EMPTY: Self = Self { text: String::new() };

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Adds text, its line ends as blanks.
    pub fn insert(&mut self, text: &str) {
        self.text
            .extend(text.chars().map(|char| if char.is_whitespace() { ' ' } else { char }).filter(|c| !c.is_control()));
    }

    /// Takes a key; returns whether it changed the text.
    pub fn key(&mut self, key: Key) -> bool {
        match key.code {
            Code::Backspace | Code::Char('h') if key.code == Code::Backspace || key.ctrl => self.shorten(),
            Code::Char('u') if key.ctrl => self.text.clear(),
            Code::Char('w') if key.ctrl => {
                let kept = self.text.trim_end().rfind(' ').map_or(0, |blank| blank + 1);
                self.text.truncate(kept);
            }
            _ => match key.typed() {
                Some(typed) => self.text.push(typed),
                None => return false,
            },
        }
        true
    }

    fn shorten(&mut self) {
        let kept = self.text.grapheme_indices(true).next_back().map_or(0, |(start, _)| start);
        self.text.truncate(kept);
    }
}
