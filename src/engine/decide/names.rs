//! Names: what a person judged and added, and text in which the real ones stand again.

use crate::engine::brief::{Lineage, LineageOf, Return, State};
use crate::engine::effect::Effect;
use crate::engine::event::Event;
use crate::engine::id::{ConversationId, Env, MessageId};
use crate::engine::input::Asker;
use crate::engine::op::{Refusal, RefusalKind, Reply, Revealed};
use crate::engine::redaction::Judgement;
use crate::engine::workspace::Engine;

use super::Decision;
use super::send::has_message;

/// The longest name that is remembered, in characters.
const LONGEST: usize = 200;

impl Engine {
    /// A judgement on an unknown name, remembered for the workspace.
    pub(super) fn judge(&self, from: Asker, word: String, judgement: Judgement) -> Decision {
        self.try_held(Decision::nothing().event(Event::Judged { word, judgement })).reply(from, Reply::Done)
    }

    /// A judgement is withdrawn, or a name that was added is taken out.
    pub(super) fn unjudge(&self, from: Asker, word: String) -> Result<Decision, Refusal> {
        let judged = &self.workspace.judged;
        if !judged.masks(&word) && !judged.keeps(&word) {
            let message = format!("Nothing is remembered of `{word}`. What a pane's dictionary file says stays there.");
            return Err(Refusal::new(RefusalKind::Unknown, message));
        }
        Ok(Decision::nothing().event(Event::Unjudged { word }).reply(from, Reply::Done))
    }

    /// A name that must not cross, of the kind that a person says.
    pub(super) fn add_name(&self, from: Asker, name: &str, kind: &str) -> Result<Decision, Refusal> {
        let (name, kind) = (name.trim(), kind.trim().to_lowercase());
        if name.is_empty() || name.chars().count() > LONGEST {
            let message = format!("A name has between 1 and {LONGEST} characters.");
            return Err(Refusal::new(RefusalKind::NotNow, message));
        }
        if !kind.starts_with(|c: char| c.is_ascii_lowercase()) || !kind.bytes().all(is_of_a_kind) {
            let message = format!("`{kind}` is no kind. A kind is a word such as client, person or project.");
            return Err(Refusal::new(RefusalKind::NotNow, message));
        }
        let added = Event::NameAdded { name: name.to_owned(), kind };
        Ok(self.try_held(Decision::nothing().event(added)).reply(from, Reply::Done))
    }

    /// Reports that waited for a judgement are made again, once it is applied.
    fn try_held(&self, mut decision: Decision) -> Decision {
        for brief in self.workspace.briefs.values() {
            let waits = matches!(brief.state, State::Answered { .. }) && brief.returns == Return::Auto;
            if waits && !brief.held.is_empty() {
                decision = decision.effect(Effect::Settle { conversation: brief.to, may_begin: false });
            }
        }
        decision
    }

    /// Where something came from and what became of it.
    pub(super) fn trace(&self, of: LineageOf) -> Result<Reply, Refusal> {
        Lineage::of(self, of).map(|lineage| Reply::Lineage(Box::new(lineage))).ok_or_else(|| {
            let told = match of {
                LineageOf::Brief { brief } => format!("There is no brief {brief} in this workspace."),
                LineageOf::Message { .. } => {
                    "That message belongs to no brief: nothing led to it but this pane.".into()
                }
            };
            Refusal::new(RefusalKind::Unknown, told)
        })
    }

    /// Messages with their real names: written down first, then read and restored on a worker.
    pub(super) fn real_names(
        &self,
        from: Asker,
        id: ConversationId,
        messages: Vec<MessageId>,
        how: Revealed,
        env: &Env,
    ) -> Result<Decision, Refusal> {
        let conversation = self.known(id)?;
        for message in &messages {
            has_message(conversation, *message)?;
        }
        let table = self.workspace.tables.get(&id).cloned().unwrap_or_default();
        let mut decision = Decision::nothing();
        // Where no pseudonym was ever given, there is no name to show.
        if !table.entries.is_empty() {
            let shown = messages.clone();
            decision = decision.event(Event::RealNamesShown { conversation: id, messages: shown, how, at: env.now });
        }
        let messages = if messages.is_empty() { conversation.messages.keys().copied().collect() } else { messages };
        Ok(decision.effect(Effect::Restore { to: from, conversation: id, messages, table }))
    }
}

const fn is_of_a_kind(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-'
}
