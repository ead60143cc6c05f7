//! Any text: what comes out commands, reorders and hides nothing, loses nothing, and is the same in pieces and again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use trialogue::tui::text::sanitise::{Sanitiser, one_line, sanitise};

fuzz_target!(|input: ([u8; 3], &str)| {
    let (steps, text) = input;
    let safe = sanitise(text);
    assert_safe(&safe, &['\n', '\t']);
    assert_eq!(sanitise(&safe), safe, "again");
    assert_eq!(streamed(text, steps), safe, "in pieces");
    // Everything that could be seen is still there, in its order.
    let mut shown = safe.chars();
    let seen = |c: &char| c.is_ascii_graphic() || matches!(c, '\n' | '\t' | ' ');
    assert!(text.chars().filter(seen).all(|c| shown.any(|shown| shown == c)), "something is gone: {safe:?}");
    let line = one_line(text);
    assert_safe(&line, &[]);
    assert_eq!(one_line(&line), line, "again on one line");
});

fn streamed(text: &str, steps: [u8; 3]) -> String {
    let mut sanitiser = Sanitiser::default();
    let (mut out, mut rest) = (String::new(), text);
    for step in steps.into_iter().cycle() {
        let (piece, after) = rest.split_at(rest.ceil_char_boundary(usize::from(step % 64) + 1));
        sanitiser.push(piece, &mut out);
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    sanitiser.finish(&mut out);
    out
}

/// Judged anew, by Unicode's tables of what has no picture, not by the sanitiser's own.
fn assert_safe(text: &str, allowed: &[char]) {
    let mut before = None;
    for c in text.chars() {
        assert!(!c.is_control() || allowed.contains(&c), "a control character: {c:?}");
        let hides = matches!(
            c,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E001F}'
        );
        assert!(!hides, "a hidden character: {c:?}");
        let joins = matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0020}'..='\u{E01EF}');
        let has_base = before.is_some_and(|before: char| !before.is_ascii() || "0123456789#*".contains(before));
        assert!(!joins || has_base, "{c:?} after {before:?}");
        let is_joiner = |c| matches!(c, '\u{200C}' | '\u{200D}');
        assert!(!is_joiner(c) || !before.is_some_and(is_joiner), "joiners that join nothing");
        before = Some(c);
    }
}
