//! Stories of what goes along with a message: taken off, and taken along again.

use super::Harness;
use crate::engine::op::Op;

/// What is attached in a pane, by name.
fn along(harness: &Harness, pane: &str) -> Vec<String> {
    harness.app.pane(pane).unwrap().composer.attachments.iter().map(|known| known.name.clone()).collect()
}

/// A pane with an answer to take along, and a long paste.
fn laden() -> Harness {
    let mut harness = Harness::new();
    harness.keys("Read this: ").paste(&"All work and no play.\n".repeat(2_000));
    assert_eq!(along(&harness, "research"), ["paste"]);
    harness
}

#[test]
fn a_second_deletion_takes_off_what_goes_along_and_an_undo_brings_all_of_it_back() {
    let mut harness = laden();
    harness.keys("<C-u>");
    assert_eq!((harness.draft("research").as_str(), along(&harness, "research").len()), ("", 1));
    harness.has("@ paste · ");
    harness.keys("<C-u>");
    assert!(along(&harness, "research").is_empty());
    harness.has("Ctrl-_ brings back what was taken off: paste.");
    harness.has_not("@ paste · ");
    harness.keys("<C-_>");
    assert_eq!((harness.draft("research").as_str(), along(&harness, "research").len()), ("", 1));
    harness.keys("<C-_>");
    assert_eq!(harness.draft("research"), "Read this: ", "what was deleted before, a step further back");
    harness.keys("<Enter>");
    let sent = harness.posted.iter().find_map(|op| match op {
        Op::Send { attachments, .. } => Some(attachments.len()),
        _ => None,
    });
    assert_eq!(sent, Some(1));
    harness.keys("<C-_>");
    assert!(along(&harness, "research").is_empty(), "what was sent is done with");
}

#[test]
fn what_was_taken_off_does_not_go_and_is_not_on_disk() {
    let mut harness = laden();
    harness.keys("<C-u>").pass(1_000);
    assert!(harness.stand_in.view.contains_key("draft/research"));
    harness.keys("<C-u>").pass(1_000);
    assert!(!harness.stand_in.view.contains_key("draft/research"));
    harness.keys("<C-u>");
    harness.has_not("taken off");
    harness.keys("Something else<C-_>");
    assert!(along(&harness, "research").is_empty(), "in a text, an undo is the text's");
    harness.keys("<C-u><Enter>Why?<Enter>");
    let sent = harness.posted.iter().rev().find_map(|op| match op {
        Op::Send { attachments, .. } => Some(attachments.len()),
        _ => None,
    });
    assert_eq!(sent, Some(0));
}
