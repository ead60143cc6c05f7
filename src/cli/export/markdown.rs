//! An export as Markdown: the active branch of each conversation, text as it was received.

use std::io::{self, Write};

use crate::cli::show::{ending, heading};
use crate::engine::message::{Message, Part};

use super::{Bodies, Exported};

/// The whole export.
pub(super) fn write(exported: &mut Exported, to: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(to, "# {}", exported.title.replace('\n', " "))?;
    for conversation in exported.conversations.clone() {
        let mut is_first = true;
        exported.each_active(conversation.id, |message, bodies| {
            if std::mem::take(&mut is_first) {
                write!(to, "\n## {} ({})\n", conversation.pane, conversation.settings.locality)?;
            }
            Ok(write_message(to, &conversation.pane, message, bodies)?)
        })?;
    }
    Ok(())
}

fn write_message(to: &mut dyn Write, pane: &str, message: &Message, bodies: &Bodies) -> io::Result<()> {
    write!(to, "\n### {}\n", heading(pane, message))?;
    for part in &message.parts {
        match part {
            Part::Text { text } => write!(to, "\n{}\n", text.trim_end())?,
            Part::Reasoning { text } => write!(to, "\n{}\n", quoted(text))?,
            Part::Attachment(attachment) => {
                let body = bodies.get(&attachment.hash).map_or("", |body| body.as_ref());
                let fence = fence(body);
                write!(to, "\nAttached: {}\n\n{fence}\n{}\n{fence}\n", attachment.name, body.trim_end())?;
            }
            Part::Unknown(_) => write!(to, "\n[a part that a newer trialogue wrote]\n")?,
        }
    }
    match ending(&message.ending) {
        Some(ending) => write!(to, "\n[{ending}]\n"),
        None => Ok(()),
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
