//! Laid out text: lines of spans that name what they are, not which colour they have.

use std::rc::Rc;

use ratatui::style::Modifier;

use crate::tui::theme::Token;

/// A line that fits the width it was laid out for. Its text is sanitised.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RichLine {
    /// The spans from left to right.
    pub spans: Vec<RichSpan>,
}

impl RichLine {
    /// The line's width in columns.
    pub fn width(&self) -> usize {
        self.spans.iter().map(|span| super::width::width(&span.text)).sum()
    }

    /// The line's text without its looks.
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }

    /// Adds text, to the last span where that looks the same.
    pub(super) fn push(&mut self, text: &str, ink: Ink) {
        self.push_like(text, &RichSpan::new("", ink));
    }

    /// Adds text that looks like this span.
    pub(super) fn push_like(&mut self, text: &str, span: &RichSpan) {
        if text.is_empty() {
            return;
        }
        match self.spans.last_mut() {
            Some(last) if last.looks_like(span) => last.text.push_str(text),
            _ => self.spans.push(RichSpan::new(text, span.ink())),
        }
    }

    /// The part of the line from one column on, this many columns wide. Of a wide character that an edge cuts, a blank
    /// is left.
    #[must_use]
    pub fn window(&self, from: usize, columns: usize) -> Self {
        let mut line = Self::default();
        let mut at = 0;
        for span in &self.spans {
            for cluster in super::width::graphemes(&span.text) {
                let width = super::width::width(cluster);
                let (start, end) = (at, at + width);
                at = end;
                if start >= from && end <= from + columns {
                    line.push_like(cluster, span);
                } else if end > from && start < from + columns {
                    let seen = end.min(from + columns) - start.max(from);
                    line.push_like(&" ".repeat(seen), span);
                }
            }
            if at >= from + columns {
                break;
            }
        }
        line
    }
}

/// A piece of a line that has one look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RichSpan {
    /// The text.
    pub text: String,
    /// What it is; the theme knows its colour.
    pub token: Token,
    /// Weight and slant that the Markdown asks for, on top of the theme's.
    pub modifier: Modifier,
    /// The address that a click on it opens. It is safe to tell a terminal.
    pub link: Option<Rc<str>>,
}

impl RichSpan {
    /// A span of this look.
    pub fn new(text: impl Into<String>, ink: Ink) -> Self {
        Self { text: text.into(), token: ink.token, modifier: ink.modifier, link: ink.link }
    }

    /// The span's look.
    pub fn ink(&self) -> Ink {
        Ink { token: self.token, modifier: self.modifier, link: self.link.clone() }
    }

    /// Whether two spans differ in their text alone.
    pub(super) fn looks_like(&self, other: &Self) -> bool {
        self.token == other.token && self.modifier == other.modifier && self.link == other.link
    }
}

/// How a span looks: what it is, its weight and slant, and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ink {
    /// What it is.
    pub token: Token,
    /// Its weight and slant.
    pub modifier: Modifier,
    /// The address that a click on it opens.
    pub link: Option<Rc<str>>,
}

impl Ink {
    /// The token's own look.
    pub const fn of(token: Token) -> Self {
        Self { token, modifier: Modifier::empty(), link: None }
    }

    /// The same with more weight or slant.
    #[must_use]
    pub fn with(self, modifier: Modifier) -> Self {
        Self { modifier: self.modifier.union(modifier), ..self }
    }

    /// The same weight and slant for another token.
    #[must_use]
    pub fn token(self, token: Token) -> Self {
        Self { token, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_on_a_line_cuts_no_character() {
        let line = RichLine {
            spans: vec![RichSpan::new("ab日本", Ink::of(Token::Text)), RichSpan::new("cd", Ink::of(Token::Code))],
        };
        assert_eq!(line.window(0, 20), line);
        assert_eq!(line.window(1, 4).text(), "b日 ");
        assert_eq!(line.window(3, 4).text(), " 本c");
        assert_eq!(line.window(7, 4).text(), "d");
        assert_eq!(line.window(9, 4).text(), "");
    }
}
