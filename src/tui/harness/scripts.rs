//! Scripts and terminals that need care: widths, the caret, screens without colour.

use ratatui::backend::Backend as _;
use ratatui::style::{Color, Modifier};

use super::{Harness, Plan};
use crate::engine::message::Ending;
use crate::tui::text::width::width;

const TEXTS: [&str; 8] = [
    "日本語の価格",
    "e\u{301}a\u{308}o\u{302}",
    "👨‍👩‍👧‍👦 and 👩🏽‍🚀",
    "❤\u{fe0f} ☎\u{fe0f}",
    "🇳🇴🇩🇪",
    "नमस्ते",
    "ไทยน้ำ",
    "שלום עולם",
];

#[test]
fn the_caret_stands_behind_what_was_written_in_any_script() {
    for text in TEXTS {
        let mut harness = Harness::sized(120, 24);
        harness.paste(text).screen();
        let end = harness.terminal.backend_mut().get_cursor_position().unwrap();
        harness.keys("<Home>").screen();
        let start = harness.terminal.backend_mut().get_cursor_position().unwrap();
        assert_eq!(end.y, start.y, "{text}");
        assert_eq!(usize::from(end.x - start.x), width(text), "{text}");
    }
}

#[test]
fn every_script_stays_within_its_pane() {
    let mut harness = Harness::sized(150, 24);
    harness.streams("drafting", &TEXTS.join("\n\n")).keys("日本語👨‍👩‍👧‍👦e\u{301}");
    insta::assert_snapshot!(harness.screen());
    let buffer = harness.terminal.backend().buffer().clone();
    for pane in harness.app.screen().unwrap().panes {
        for y in pane.outer.y + 1..pane.outer.bottom() - 1 {
            let left = buffer[(pane.outer.x, y)].symbol();
            let right = buffer[(pane.outer.right() - 1, y)].symbol();
            assert!(["│", "├"].contains(&left) && ["│", "┤", "┃"].contains(&right), "row {y}: {left} … {right}");
        }
    }
}

/// What a state looks like without its colours: the screen's characters, and which cells are bold, reversed, underlined.
fn without_colours(harness: &mut Harness) -> Vec<(String, Modifier)> {
    harness.screen();
    let buffer = harness.terminal.backend().buffer();
    buffer.content().iter().map(|cell| (cell.symbol().to_owned(), cell.modifier)).collect()
}

#[test]
fn without_colour_every_state_looks_different() {
    let monochrome = || Harness::of(&Plan { size: (120, 24), theme: "monochrome", ..Plan::default() });
    let mut looks = Vec::new();
    let mut see = |name: &str, act: &dyn Fn(&mut Harness)| {
        let mut harness = monochrome();
        act(&mut harness);
        let look = without_colours(&mut harness);
        let coloured = harness
            .terminal
            .backend()
            .buffer()
            .content()
            .iter()
            .any(|cell| !matches!((cell.fg, cell.bg), (Color::Reset, Color::Reset)));
        assert!(!coloured, "{name} has a colour");
        looks.push((name.to_owned(), look));
    };
    see("calm", &|_| {});
    see("another focus", &|harness| {
        harness.keys("<C-x>2");
    });
    see("reading", &|harness| {
        harness.keys("<Esc>");
    });
    see("another message", &|harness| {
        harness.keys("<Esc>K");
    });
    see("streaming", &|harness| {
        harness.streams("drafting", "");
    });
    see("done", &|harness| {
        harness.streams("drafting", "x").ends("drafting", &Ending::Complete);
    });
    see("the list", &|harness| {
        harness.keys("<C-x>p");
    });
    see("another row", &|harness| {
        harness.keys("<C-x>p<Down>");
    });
    see("found", &|harness| {
        harness.keys("<Esc>/vendors<Enter>");
    });
    for (at, (name, look)) in looks.iter().enumerate() {
        for (other, same) in &looks[..at] {
            assert!(look != same, "{name} looks like {other}");
        }
    }
}
