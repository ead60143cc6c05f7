//! A person's message, and the turn that answers it.

use super::super::conversation::Conversation;
use super::super::effect::{Effect, Follows, Sending};
use super::super::event::Event;
use super::super::id::{ConversationId, Env, MessageId, TurnId};
use super::super::input::Asker;
use super::super::message::{Attachment, Author, Ending, Message, Part, Usage};
use super::super::model::ModelRef;
use super::super::op::{Refusal, RefusalKind, Reply};
use super::super::redaction::LeakCheck;
use super::super::spend::Spend;
use super::super::trust::Barrier;
use super::super::workspace::Engine;
use super::Decision;

impl Engine {
    /// Sends, once what goes along was looked through: what must not be read there is refused before it is kept.
    pub(super) fn send(&self, from: Asker, sending: Sending, env: &Env) -> Result<Decision, Refusal> {
        self.may_send(&sending)?;
        let is_masked = self.known(sending.conversation)?.header.whereabouts.is_masked;
        let table = self.workspace.tables.get(&sending.conversation).filter(|table| !table.is_empty() && !is_masked);
        match table.filter(|_| !sending.attachments.is_empty()) {
            Some(table) => {
                let (sending, table, names) = (Box::new(sending), table.clone(), self.workspace.dictionary());
                Ok(Decision::nothing().effect(Effect::Inspect { to: from, sending, table, names }))
            }
            None => self.send_now(from, sending, env),
        }
    }

    /// What goes along was looked through.
    pub(super) fn inspected(
        &self,
        from: Asker,
        sending: Sending,
        read: usize,
        found: Result<Option<(String, String)>, Refusal>,
        env: &Env,
    ) -> Result<Decision, Refusal> {
        let id = sending.conversation;
        if let Some((attachment, pseudonym)) = found? {
            let name = self.pane_of(id).unwrap_or_default();
            return Err(Refusal::new(
                RefusalKind::Forbidden,
                format!(
                    "Not sent: {name} knows what stands in {attachment} as {pseudonym}, and must not read it. Write \
                     {pseudonym} there, or send without it."
                ),
            ));
        }
        if self.workspace.tables.get(&id).map_or(0, |table| table.entries.len()) != read {
            return self.send(from, sending, env);
        }
        self.may_send(&sending)?;
        self.send_now(from, sending, env)
    }

    fn may_send(&self, sending: &Sending) -> Result<(), Refusal> {
        let Sending { conversation: id, text, attachments, follows } = sending;
        let conversation = self.ready(*id)?;
        if text.trim().is_empty() && attachments.is_empty() {
            return Err(Refusal::new(RefusalKind::NotNow, "There is nothing to send: the message is empty."));
        }
        match follows {
            Follows::Message(message) => has_message(conversation, *message)?,
            // What a successor knows of the time before is in its first message.
            Follows::Nothing if conversation.header.succession.received.is_some() => {
                let message = format!(
                    "{} begins with its handoff's document: nothing stands before it.",
                    conversation.header.pane
                );
                return Err(Refusal::new(RefusalKind::NotNow, message));
            }
            Follows::Head | Follows::Nothing => {}
        }
        let is_elsewhere = |attachment: &&Attachment| {
            self.workspace.gathered.get(&attachment.hash).is_some_and(|receivers| !receivers.contains(id))
        };
        if let Some(attachment) = attachments.iter().find(is_elsewhere) {
            let message = format!(
                "Not sent: {} was gathered for another conversation, under its pseudonyms. Gather it here with Ctrl-X g.",
                attachment.name
            );
            return Err(Refusal::new(RefusalKind::Forbidden, message));
        }
        self.may_read(conversation, text)?;
        attachments.iter().try_for_each(|attachment| self.may_read(conversation, &attachment.name))
    }

    fn send_now(&self, from: Asker, sending: Sending, env: &Env) -> Result<Decision, Refusal> {
        let Sending { conversation: id, text, attachments, follows } = sending;
        let conversation = self.known(id)?;
        let mut parts = Vec::with_capacity(1 + attachments.len());
        if !text.is_empty() {
            parts.push(Part::text(text));
        }
        parts.extend(attachments.into_iter().map(Part::Attachment));
        let header = &conversation.header;
        let message = Message {
            id: MessageId::new(env),
            conversation: id,
            number: header.last_number + 1,
            parent: match follows {
                Follows::Head => header.head,
                Follows::Message(message) => Some(message),
                Follows::Nothing => None,
            },
            author: Author::Person,
            at: env.now,
            parts,
            ending: Ending::Complete,
            about: None,
            turn: None,
            model: None,
            usage: None,
        };
        let mut branch = conversation.branch(message.parent);
        branch.push(message.id);
        let prompt = message.id;
        let decision = Decision::nothing().event(Event::MessageAdded { message });
        Ok(asked(from, begin(decision, conversation, prompt, branch, env), prompt))
    }

    /// Whether a conversation may read this text: what it knows under a pseudonym, its model must not meet by name.
    pub(super) fn may_read(&self, conversation: &Conversation, text: &str) -> Result<(), Refusal> {
        let id = conversation.header.id;
        if conversation.header.whereabouts.is_masked {
            // What stands here with its real name leaves under its pseudonym.
            return Ok(());
        }
        let Some(table) = self.workspace.tables.get(&id).filter(|table| !table.is_empty()) else { return Ok(()) };
        let check = LeakCheck::with_names(&table.vault(id), &self.workspace.dictionary());
        let Some(leak) = check.leaks(text).into_iter().next() else { return Ok(()) };
        let (name, pseudonym) = (&conversation.header.pane, leak.pseudonym);
        Err(Refusal::new(
            RefusalKind::Forbidden,
            format!(
                "Not sent: {name} knows what stands there as {pseudonym}, and must not read it. Write {pseudonym}."
            ),
        ))
    }

    pub(super) fn continue_turn(&self, from: Asker, id: ConversationId, env: &Env) -> Result<Decision, Refusal> {
        let conversation = self.ready(id)?;
        // The answer that broke off is left out of the new prompt: it would be taken for a whole one.
        let prompt = conversation
            .branch(conversation.header.head)
            .into_iter()
            .rev()
            .find(|id| conversation.messages.get(id).is_some_and(|entry| entry.author == Author::Person))
            .ok_or_else(|| Refusal::new(RefusalKind::NotNow, "There is no message here to answer yet."))?;
        let branch = conversation.branch(Some(prompt));
        Ok(asked(from, begin(Decision::nothing(), conversation, prompt, branch, env), prompt))
    }

    /// The conversation, if no turn runs in it.
    fn idle(&self, id: ConversationId) -> Result<&Conversation, Refusal> {
        let conversation = self.known(id)?;
        if conversation.header.turn.is_some() {
            let name = &conversation.header.pane;
            let message = format!("{name} is still answering. Wait for it, or stop it with Ctrl-C.");
            return Err(Refusal::new(RefusalKind::NotNow, message));
        }
        Ok(conversation)
    }

    /// The conversation, if it isn't handed off just now either: only then may it move, be handed off, or be forgotten.
    pub(super) fn at_rest(&self, id: ConversationId) -> Result<&Conversation, Refusal> {
        let header = &self.known(id)?.header;
        if header.succession.underway.is_some() {
            let message = format!("{} is being handed off. Wait for it, or stop it with Ctrl-C.", header.pane);
            return Err(Refusal::new(RefusalKind::NotNow, message));
        }
        self.idle(id)
    }

    /// The conversation, if a turn can begin in it.
    pub(super) fn ready(&self, id: ConversationId) -> Result<&Conversation, Refusal> {
        let conversation = self.idle(id)?;
        self.may_ask(conversation, &conversation.header.model)?;
        self.may_spend(conversation)?;
        Ok(conversation)
    }

    /// Whether the workspace's limit leaves room for another turn here. What nobody pays for is always allowed.
    pub(super) fn may_spend(&self, conversation: &Conversation) -> Result<(), Refusal> {
        self.may_spend_on(conversation, &conversation.header.model)
    }

    /// Whether it leaves room for a turn that this model answers.
    pub(super) fn may_spend_on(&self, conversation: &Conversation, model: &ModelRef) -> Result<(), Refusal> {
        let settings = &self.workspace.settings;
        let Some(limit) = settings.spend_limit.filter(|_| !settings.is_local(&model.provider)) else { return Ok(()) };
        let told = |micro_usd| Spend { micro_usd, estimated: false };
        let refused = |message| Err(Refusal::new(RefusalKind::Forbidden, message));
        let request = Usage { input: conversation.meter().tokens(), ..Usage::default() };
        let Some(next) = Spend::of(&request, &self.workspace.facts(model)) else {
            return refused(format!(
                "Not sent: nobody has told what {model} costs, so the limit of {} can't be kept. Write its usd_in and \
                 usd_out under `models` in config.yaml.",
                told(limit)
            ));
        };
        let spent = self.spend();
        if spent.and(next).micro_usd >= limit {
            return refused(format!(
                "Not sent: {spent} of this workspace's limit of {} is spent. Raise `spend: {{limit_usd: …}}` in \
                 workspace.yaml, or choose a local model with Ctrl-X m.",
                told(limit)
            ));
        }
        Ok(())
    }

    /// Whether this conversation's text may go to this model's provider.
    pub(super) fn may_ask(&self, conversation: &Conversation, model: &ModelRef) -> Result<(), Refusal> {
        let header = &conversation.header;
        let (name, provider) = (&header.pane, &model.provider);
        let refused = |kind, message| Err(Refusal::new(kind, message));
        match header.trust(&self.workspace.settings).barrier(model) {
            None => Ok(()),
            Some(Barrier::Sealed) => refused(
                RefusalKind::Forbidden,
                format!(
                    "Not sent: {name} is sealed, and {provider} is not marked `local: true`. Choose a local model with \
                     Ctrl-X m, or mark the provider in config.yaml if it runs on this machine."
                ),
            ),
            Some(Barrier::NotAmong) => refused(
                RefusalKind::Forbidden,
                format!(
                    "Not sent: {name} may use {}, not {provider}. Choose another model with Ctrl-X m, or add {provider} \
                     to its `providers` in workspace.yaml.",
                    header.settings.providers.join(", ")
                ),
            ),
            Some(Barrier::NotConfigured) => refused(
                RefusalKind::Unknown,
                format!("Not sent: no provider `{provider}` is configured. Choose a model with Ctrl-X m."),
            ),
        }
    }
}

pub(super) fn has_message(conversation: &Conversation, message: MessageId) -> Result<(), Refusal> {
    if conversation.messages.contains_key(&message) {
        return Ok(());
    }
    let name = &conversation.header.pane;
    Err(Refusal::new(RefusalKind::Unknown, format!("There is no message {message} in {name}.")))
}

fn asked(from: Asker, (decision, turn): (Decision, TurnId), message: MessageId) -> Decision {
    // The reply comes before the work, as soon as the facts are on disk.
    let mut decision = decision;
    decision.effects.insert(0, Effect::Reply { to: from, reply: Reply::Accepted { turn, message } });
    decision
}

/// Begins a turn.
pub(super) fn begin(
    decision: Decision,
    conversation: &Conversation,
    prompt: MessageId,
    branch: Vec<MessageId>,
    env: &Env,
) -> (Decision, TurnId) {
    let turn = TurnId::new(env);
    let id = conversation.header.id;
    let model = conversation.header.model.clone();
    let decision = decision.event(Event::TurnStarted { conversation: id, turn, prompt, model });
    if conversation.header.succession.underway.is_some() {
        // It waits for the handoff that is being made, and is answered in the successor.
        return (decision, turn);
    }
    (decision.effect(Effect::Fetch { conversation: id, turn, messages: branch }), turn)
}
