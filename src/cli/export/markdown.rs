//! An export as Markdown: the active branch of each conversation, text as it was received.

use std::fmt::Write as _;

use crate::cli::show::{ending, heading};
use crate::engine::message::Part;

use super::{Exported, ExportedConversation};

/// The whole export.
pub(super) fn write(exported: &Exported) -> String {
    let mut text = format!("# {}\n", exported.title.replace('\n', " "));
    for conversation in &exported.conversations {
        if conversation.active().next().is_some() {
            write_conversation(&mut text, exported, conversation);
        }
    }
    text
}

fn write_conversation(text: &mut String, exported: &Exported, conversation: &ExportedConversation) {
    let header = &conversation.index.header;
    // Writing to a String cannot fail.
    let _ = write!(text, "\n## {} ({})\n", header.pane, header.settings.locality);
    for message in conversation.active() {
        let _ = write!(text, "\n### {}\n", heading(&header.pane, message));
        for part in &message.parts {
            let _ = match part {
                Part::Text { text: said } => write!(text, "\n{}\n", said.trim_end()),
                Part::Reasoning { text: thought } => write!(text, "\n{}\n", quoted(thought)),
                Part::Attachment(attachment) => {
                    let body = exported.attachments.get(&attachment.hash).map_or("", |body| body.as_ref());
                    let fence = fence(body);
                    write!(text, "\nAttached: {}\n\n{fence}\n{}\n{fence}\n", attachment.name, body.trim_end())
                }
                Part::Unknown(_) => write!(text, "\n[a part that a newer trialogue wrote]\n"),
            };
        }
        if let Some(ending) = ending(&message.ending) {
            let _ = write!(text, "\n[{ending}]\n");
        }
    }
}

fn quoted(text: &str) -> String {
    text.trim_end().lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n")
}

/// A fence that is longer than any in the text.
fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_is_longer_than_any_in_the_text() {
        assert_eq!(fence("plain"), "```");
        assert_eq!(fence("a ```` b"), "`````");
    }
}
