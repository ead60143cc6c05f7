//! What could be quoted in a brief: chosen from the index, read and weighed elsewhere.

use crate::engine::brief::{Offered, Quote, SUGGESTED_TOKENS};
use crate::engine::conversation::Conversation;
use crate::engine::effect::Effect;
use crate::engine::id::ConversationId;
use crate::engine::input::Asker;
use crate::engine::op::Refusal;
use crate::engine::workspace::Engine;

use super::Decision;

/// How many of a conversation's newest messages are weighed.
const NEWEST: usize = 400;
/// How many tokens they may have together: some hundred kilobytes are read and weighed in a few milliseconds.
const WEIGHED_TOKENS: u32 = 120_000;

impl Engine {
    /// Lists what is quoted, and what would serve the objective.
    pub(in crate::engine::decide) fn suggest(
        &self,
        to: Asker,
        from: &[ConversationId],
        objective: String,
        context: Vec<Quote>,
    ) -> Result<Decision, Refusal> {
        let mut offered = Vec::new();
        for id in from {
            offered.extend(offered_by(self.known(*id)?));
        }
        // A message that is quoted, whole or in part, isn't suggested once more.
        offered.retain(|one| !context.iter().any(|quote| quote.message == one.quote.message));
        let source = |quote: &Quote| {
            let conversation = self.conversations.get(&quote.conversation)?;
            let is_there = conversation.messages.get(&quote.message).is_some_and(|entry| !entry.erased);
            is_there.then(|| conversation.header.pane.clone())
        };
        let quotes = context.into_iter().filter_map(|quote| Some((source(&quote)?, quote))).collect();
        Ok(Decision::nothing().effect(Effect::List { to, objective, quotes, offered }))
    }
}

/// What a conversation pinned, and its newest messages that are small enough to be suggested.
fn offered_by(conversation: &Conversation) -> Vec<Offered> {
    let header = &conversation.header;
    let offered = |message, passage: Option<String>, pinned| Offered {
        pane: header.pane.clone(),
        quote: Quote { conversation: header.id, message, passage },
        pinned,
    };
    let mut all: Vec<Offered> =
        header.pins.iter().map(|pin| offered(pin.message, Some(pin.text.to_string()), true)).collect();
    let mut left = WEIGHED_TOKENS;
    for id in conversation.branch(header.head).into_iter().rev().take(NEWEST) {
        let Some(entry) = conversation.messages.get(&id) else { continue };
        if entry.erased || entry.tokens > SUGGESTED_TOKENS || header.pins.iter().any(|pin| pin.message == id) {
            continue;
        }
        let Some(rest) = left.checked_sub(entry.tokens) else { break };
        left = rest;
        all.push(offered(id, None, false));
    }
    all
}
