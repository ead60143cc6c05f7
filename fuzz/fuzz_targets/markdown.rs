//! Any text at any width: a stream ends as the whole, every line fits and commands nothing, every letter is shown.

#![no_main]

use libfuzzer_sys::fuzz_target;
use trialogue::tui::text::markdown::{Document, code_blocks, lay_out_whole, lay_out_wide};
use trialogue::tui::text::rich::RichLine;
use trialogue::tui::text::sanitise::sanitise;
use trialogue::tui::theme::Glyphs;
use trialogue::tui::transcript::excerpt::{Place, excerpt};

/// The width of a layout in which only prose wraps.
const BROADEST: usize = 1_000;

fuzz_target!(|input: ([u8; 4], &str)| {
    let ([width, step, looks, glyphs], source) = input;
    let width = 1 + u16::from(width % 100);
    let glyphs = if glyphs % 4 == 3 { Glyphs::Ascii } else { Glyphs::Unicode };
    let whole = lay_out_whole(source, width, glyphs);
    assert_fit(&whole.lines, usize::from(width));
    for block in &whole.code {
        assert!(block.rows.end <= whole.lines.len() && !block.rows.is_empty(), "{:?}", block.rows);
    }

    let mut document = Document::with_glyphs(glyphs);
    for (nth, piece) in pieces(source, usize::from(step % 64) + 1).enumerate() {
        document.push(piece);
        match (usize::from(looks) + nth) % 3 {
            0 => assert_fit(document.lines(width), usize::from(width)),
            1 if looks >= 128 => assert_fit(document.lines(u16::from(looks) - 100), usize::from(looks) - 100),
            _ => {}
        }
    }
    document.finish();
    assert_eq!(document.source(), source);
    assert_eq!(document.lines(width), whole.lines, "in pieces");

    let wide = lay_out_wide(source, width, glyphs);
    assert_fit(&wide.lines, BROADEST);
    // What is selected from end to end commands nothing either; no narrow column may hide a letter of it.
    let end = Place { line: usize::MAX, column: usize::MAX };
    let broad = lay_out_whole(source, u16::MAX, glyphs).lines;
    let copied = excerpt(&whole.lines, &broad, Place::default(), end);
    assert!(!copied.contains(|c: char| c.is_control() && c != '\n'), "{copied:?}");
    let _ = code_blocks(source);

    // An entity is another sign, and a cross may be a box; all else that is a letter is shown.
    if !source.contains(['&', '<']) {
        let shown = text(&whole.lines);
        for letter in ('a'..='z').filter(|letter| *letter != 'x') {
            let (said, shown) = (source.matches(letter).count(), shown.matches(letter).count());
            assert!(shown >= said, "{said} times {letter:?}, shown {shown} times");
        }
    }
});

fn pieces(source: &str, step: usize) -> impl Iterator<Item = &str> {
    let mut rest = source;
    std::iter::from_fn(move || {
        let (piece, after) = rest.split_at(rest.ceil_char_boundary(step.min(rest.len())));
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

fn assert_fit(lines: &[RichLine], width: usize) {
    for line in lines {
        assert!(line.width() <= width, "{} columns in {width}: {line:?}", line.width());
        for span in &line.spans {
            assert!(!span.text.is_empty(), "{line:?}");
            assert!(!span.text.contains(char::is_control), "{span:?}");
            assert_eq!(sanitise(&span.text), span.text, "what is drawn is safe");
        }
    }
}

fn text(lines: &[RichLine]) -> String {
    lines.iter().map(RichLine::text).collect()
}
