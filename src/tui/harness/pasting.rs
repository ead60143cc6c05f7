//! Text that is pasted, or comes so fast that it must have been, told as sentences.

use super::Harness;
use crate::engine::op::Op;
use crate::tui::app::Layer;

#[test]
fn a_paste_of_a_megabyte_becomes_an_attachment() {
    let mut harness = Harness::new();
    harness.keys("Read this: ").paste(&"All work and no play.\n".repeat(50_000));
    assert_eq!(harness.draft("research"), "Read this: ");
    assert!(harness.screen().contains("@ paste · 1.1 MB"));
    harness.keys("<Enter>");
    let sent = harness.posted.iter().find_map(|op| match op {
        Op::Send { attachments, text, .. } => Some((attachments.len(), text.clone())),
        _ => None,
    });
    assert_eq!(sent, Some((1, "Read this: ".to_owned())));
}

#[test]
fn a_burst_of_lines_never_sends() {
    let mut harness = Harness::new();
    harness.burst("one<Enter>two<Enter>");
    assert_eq!(harness.draft("research"), "one\ntwo\n");
    assert!(!harness.posted.iter().any(|op| matches!(op, Op::Send { .. })));
    harness.burst("three<Enter>");
    assert_eq!(harness.draft("research"), "one\ntwo\nthree\n", "the same paste, cut by the terminal");
    harness.pass(1_000).burst("<C-u>four<Enter>");
    assert!(harness.posted.iter().any(|op| matches!(op, Op::Send { .. })), "typed quickly, later");
}

#[test]
fn a_paste_while_reading_goes_to_the_composer() {
    let mut harness = Harness::new();
    harness.keys("<Esc>").paste("q\nx");
    assert_eq!(harness.draft("research"), "q\nx");
    assert_eq!(harness.app.layer, Layer::Write);
}
