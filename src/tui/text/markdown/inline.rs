//! What stands inside a line: weight, links, code.

use pulldown_cmark::{CowStr, LinkType};
use ratatui::style::Modifier;

use super::link;
use crate::tui::text::rich::{Ink, RichSpan};
use crate::tui::text::sanitise::{one_line, sanitise};
use crate::tui::text::width;
use crate::tui::theme::Token;

/// A source line at least this wide looks filled: what follows belongs to it.
const FILLED: usize = 60;

/// Whether a line break after this source line is a space and not a new line. Of a long line, the end is enough.
pub(super) fn is_joined(line: &str, is_long: bool) -> bool {
    let line = line.trim_end_matches(['\n', '\r']);
    !line.ends_with("  ") && !line.ends_with('\\') && (is_long || width::width(line) >= FILLED)
}

/// Text that flows, gathered until its block is complete.
#[derive(Debug)]
pub(super) struct Inline {
    pub(super) spans: Vec<RichSpan>,
    inks: Vec<Ink>,
    links: Vec<Link>,
}

#[derive(Debug)]
struct Link {
    /// What stands after the text, unless the text says it.
    target: String,
    title: String,
    /// Where its text begins in the spans.
    from: usize,
}

impl Inline {
    pub(super) fn new() -> Self {
        Self { spans: Vec::new(), inks: vec![Ink::of(Token::Text)], links: Vec::new() }
    }

    pub(super) fn ink(&self) -> Ink {
        self.inks.last().cloned().unwrap_or(Ink::of(Token::Text))
    }

    /// Text from here on looks like this.
    pub(super) fn begin(&mut self, ink: Ink) {
        self.inks.push(ink);
    }

    pub(super) fn begin_with(&mut self, modifier: Modifier) {
        self.begin(self.ink().with(modifier));
    }

    pub(super) fn end(&mut self) {
        if self.inks.len() > 1 {
            self.inks.pop();
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        self.write(text, self.ink());
    }

    /// Adds text, sanitised again: entities may have become anything.
    pub(super) fn write(&mut self, text: &str, ink: Ink) {
        let span = RichSpan::new(sanitise(text), ink);
        match self.spans.last_mut() {
            Some(last) if last.looks_like(&span) && self.links.is_empty() => last.text.push_str(&span.text),
            _ => self.spans.push(span),
        }
    }

    pub(super) fn code(&mut self, text: &str) {
        self.write(text, self.ink().token(Token::Code));
    }

    pub(super) fn html(&mut self, text: &str) {
        let tag = text.trim_matches(['<', '>', '/', ' ']);
        if tag.eq_ignore_ascii_case("br") {
            self.text("\n");
        } else {
            self.write(text, self.ink().token(Token::Dim));
        }
    }

    pub(super) fn begin_link(&mut self, kind: LinkType, target: &CowStr<'_>, title: &CowStr<'_>, is_image: bool) {
        if is_image {
            self.write("image: ", self.ink().token(Token::Dim));
        }
        let scheme = if kind == LinkType::Email { "mailto:" } else { "" };
        let address = target.trim_start_matches(scheme);
        let opens = link::target(&format!("{scheme}{address}"));
        let target = one_line(address).into_owned();
        self.links.push(Link { target, title: one_line(title).into_owned(), from: self.spans.len() });
        let ink = self.ink();
        // Of a picture that is a link itself, the link is what a click opens.
        self.begin(Ink { link: ink.link.clone().or(opens), ..ink.token(Token::Link) });
    }

    pub(super) fn end_link(&mut self) {
        let opens = self.ink().link;
        self.end();
        let Some(link) = self.links.pop() else { return };
        let shown: String = self.spans.iter().skip(link.from).map(|span| span.text.as_str()).collect();
        let mut after = String::new();
        if !says(&shown, &link.target) {
            after.push_str(&link.target);
        }
        if !link.title.is_empty() {
            after.push_str(if after.is_empty() { "“" } else { " “" });
            after.push_str(&link.title);
            after.push('”');
        }
        if !after.is_empty() {
            let dim = self.ink().token(Token::Dim);
            self.write(" (", dim.clone());
            self.write(&after, Ink { link: opens, ..dim.clone() });
            self.write(")", dim);
        }
    }
}

/// Whether a link's text already says where it leads.
fn says(shown: &str, target: &str) -> bool {
    let shown = shown.trim();
    target.is_empty() || shown == target || format!("mailto:{shown}") == target
}
