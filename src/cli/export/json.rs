//! An export as JSON: every message on every branch, for programs.

use std::collections::BTreeSet;
use std::io::Write;

use serde::Serialize;

use crate::engine::id::{ConversationId, MessageId};
use crate::engine::settings::PaneSettings;
use crate::store::{Journal as _, Which};

use super::Exported;

/// The version of this format.
const VERSION: u32 = 1;

/// What stands before a conversation's messages.
#[derive(Serialize)]
struct Heading<'a> {
    id: ConversationId,
    pane: &'a str,
    settings: &'a PaneSettings,
    model: String,
    /// The messages of the active branch, oldest first.
    branch: Vec<MessageId>,
}

/// The whole export: one object, written piece by piece.
pub(super) fn write(exported: &mut Exported, to: &mut dyn Write) -> anyhow::Result<()> {
    write!(to, "{{\"trialogue\":{VERSION},\"title\":")?;
    serde_json::to_writer(&mut *to, &exported.title)?;
    write!(to, ",\"conversations\":[")?;
    let mut attached = BTreeSet::new();
    for (position, conversation) in exported.conversations.clone().iter().enumerate() {
        write!(to, "{}\n{{\"conversation\":", if position == 0 { "" } else { "," })?;
        let mut branch = Vec::new();
        exported.journal.each_message(conversation.id, Which::Active, |message| {
            branch.push(message.id);
            true
        })?;
        let heading = Heading {
            id: conversation.id,
            pane: &conversation.pane,
            settings: &conversation.settings,
            model: conversation.model.to_string(),
            branch,
        };
        serde_json::to_writer(&mut *to, &heading)?;
        write!(to, ",\"messages\":[")?;
        write_messages(exported, conversation.id, &mut attached, to)?;
        write!(to, "]}}")?;
    }
    write!(to, "],\n\"attachments\":{{")?;
    for (position, hash) in attached.iter().enumerate() {
        writeln!(to, "{}", if position == 0 { "" } else { "," })?;
        serde_json::to_writer(&mut *to, hash)?;
        write!(to, ":")?;
        serde_json::to_writer(&mut *to, &exported.bodies.attachment(hash)?)?;
    }
    writeln!(to, "}}}}")?;
    Ok(())
}

fn write_messages(
    exported: &mut Exported,
    conversation: ConversationId,
    attached: &mut BTreeSet<String>,
    to: &mut dyn Write,
) -> anyhow::Result<()> {
    let mut written = Ok(());
    let mut separator = "\n";
    let Exported { journal, named, .. } = exported;
    journal.each_message(conversation, Which::All, |message| {
        let message = named.remove(&message.id).unwrap_or(message);
        if message.parts.is_empty() {
            return true;
        }
        attached.extend(message.attachments().map(|attachment| attachment.hash.clone()));
        written = to.write_all(separator.as_bytes()).and_then(|()| Ok(serde_json::to_writer(&mut *to, &message)?));
        separator = ",\n";
        written.is_ok()
    })?;
    Ok(written?)
}
