//! Laid out text: lines of spans that name what they are, not which colour they have.

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
        if text.is_empty() {
            return;
        }
        match self.spans.last_mut() {
            Some(last) if last.ink() == ink => last.text.push_str(text),
            _ => self.spans.push(RichSpan::new(text, ink)),
        }
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
}

impl RichSpan {
    /// A span of this look.
    pub fn new(text: impl Into<String>, ink: Ink) -> Self {
        Self { text: text.into(), token: ink.token, modifier: ink.modifier }
    }

    /// The span's look.
    pub fn ink(&self) -> Ink {
        Ink { token: self.token, modifier: self.modifier }
    }
}

/// How a span looks: what it is, and its weight and slant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ink {
    /// What it is.
    pub token: Token,
    /// Its weight and slant.
    pub modifier: Modifier,
}

impl Ink {
    /// The token's own look.
    pub const fn of(token: Token) -> Self {
        Self { token, modifier: Modifier::empty() }
    }

    /// The same with more weight or slant.
    #[must_use]
    pub const fn with(self, modifier: Modifier) -> Self {
        Self { token: self.token, modifier: self.modifier.union(modifier) }
    }

    /// The same weight and slant for another token.
    #[must_use]
    pub const fn token(self, token: Token) -> Self {
        Self { token, modifier: self.modifier }
    }
}
