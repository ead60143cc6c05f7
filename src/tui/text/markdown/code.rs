//! Code: verbatim on its own ground, cut where the width is full, with a mark where a line goes on.

use crate::tui::text::rich::{Ink, RichLine, RichSpan};
use crate::tui::text::sanitise::one_line;
use crate::tui::text::wrap;
use crate::tui::theme::{Glyph, Glyphs, Token};

/// Below this width, code stands without a margin.
const MARGIN_FROM: usize = 8;

/// The line that names the language, if there is one; more lines if it says more than fits.
pub(super) fn label(width: usize, language: &str) -> Vec<RichLine> {
    let (margin, inner) = if width < MARGIN_FROM { ("", width) } else { ("  ", width - 2) };
    wrap::wrap(&one_line(language.trim()), inner)
        .into_iter()
        .map(|line| RichSpan::new(format!("{margin}{line}"), Ink::of(Token::CodeGround)))
        .map(|span| grounded(RichLine { spans: vec![span] }, width))
        .collect()
}

/// A line of code as the lines it takes, each with what stands before it. A line that goes on from one that was cut
/// keeps that one's margin.
pub(super) fn lines(
    width: usize,
    glyphs: Glyphs,
    text: &str,
    margin: Option<Vec<RichSpan>>,
) -> Vec<(Vec<RichSpan>, Vec<RichSpan>)> {
    let ground = |text: String| vec![RichSpan::new(text, Ink::of(Token::CodeGround))];
    let has_margin = width >= MARGIN_FROM;
    let inner = if has_margin { width - 2 } else { width };
    let mut first = margin.or_else(|| has_margin.then(|| ground("  ".to_owned())));
    let mut cut = wrap::cut(text, inner);
    if cut.is_empty() {
        cut.push(String::new());
    }
    cut.into_iter()
        .enumerate()
        .map(|(at, line)| {
            let margin = match first.take() {
                Some(margin) => margin,
                None if has_margin && at > 0 => ground(format!("{} ", glyphs.of(Glyph::GoesOn))),
                None => Vec::new(),
            };
            (margin, vec![RichSpan::new(line, Ink::of(Token::Code))])
        })
        .collect()
}

/// The line with its ground drawn to the end.
pub(super) fn grounded(mut line: RichLine, width: usize) -> RichLine {
    line.spans.retain(|span| !span.text.is_empty());
    let rest = width.saturating_sub(line.width());
    line.push(&" ".repeat(rest), Ink::of(Token::CodeGround));
    line
}
