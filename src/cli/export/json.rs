//! An export as JSON: every message on every branch, for programs.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::engine::id::{ConversationId, MessageId};
use crate::engine::message::Message;
use crate::engine::settings::PaneSettings;

use super::Exported;

/// The version of this format.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    trialogue: u32,
    title: &'a str,
    conversations: Vec<Item<'a>>,
    attachments: &'a BTreeMap<String, Arc<str>>,
}

#[derive(Serialize)]
struct Item<'a> {
    id: ConversationId,
    pane: &'a str,
    settings: &'a PaneSettings,
    model: String,
    predecessor: Option<ConversationId>,
    branch: &'a [MessageId],
    messages: &'a [Message],
}

/// The whole export.
pub(super) fn write(exported: &Exported) -> anyhow::Result<String> {
    let conversations = exported.conversations.iter().map(|conversation| {
        let header = &conversation.index.header;
        Item {
            id: header.id,
            pane: &header.pane,
            settings: &header.settings,
            model: header.model.to_string(),
            predecessor: header.predecessor,
            branch: &conversation.branch,
            messages: &conversation.messages,
        }
    });
    let document = Document {
        trialogue: VERSION,
        title: &exported.title,
        conversations: conversations.collect(),
        attachments: &exported.attachments,
    };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}
