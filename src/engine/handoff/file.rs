//! A handoff as a file beside the journal: the whole document, and what its file is called.

use std::fmt::Write as _;

use crate::engine::id::{ConversationId, HandoffId};

/// The document with the pins that go along beside it: what is kept as a file and shown.
pub fn whole(pins: &[String], document: &str) -> String {
    let mut text = String::new();
    if !pins.is_empty() {
        text.push_str("## Pins\n");
        for pin in pins {
            let fence = "`".repeat(pin.split(|c| c != '`').map(str::len).max().unwrap_or(0).max(2) + 1);
            // Writing to a String can't fail.
            let _ = if pin.contains(['\n', '\r']) {
                write!(text, "- \n{fence}\n{pin}\n{fence}\n")
            } else {
                writeln!(text, "- {pin}")
            };
        }
        text.push('\n');
    }
    text.push_str(document);
    text
}

/// The name of a handoff's file: the pane, its number in the lineage, and its identity's end.
pub fn file_name(pane: &str, number: u32, handoff: HandoffId) -> String {
    let id = handoff.to_string();
    format!("{}-{number}-{}.md", plain(pane), &id[id.len() - 12..])
}

/// The name of the file that is kept ready for a conversation.
pub fn ready_name(pane: &str, conversation: ConversationId) -> String {
    let id = conversation.to_string();
    format!("{}-ready-{}.md", plain(pane), &id[id.len() - 12..])
}

/// A pane's name as a part of a file's name.
fn plain(pane: &str) -> String {
    let kept: String = pane.chars().map(|c| if c.is_alphanumeric() || "-_".contains(c) { c } else { '_' }).collect();
    kept.chars().take(60).collect()
}
