//! What a handoff will be about, and whether it is worth making: sizes, before anything is read or asked.

use crate::engine::brief::State;
use crate::engine::conversation::Conversation;
use crate::engine::effect::Effect;
use crate::engine::gauge::{self, Gauge, Reading, Room};
use crate::engine::handoff::{Aim, Cause, Ground, Plan, Sizes};
use crate::engine::id::{ConversationId, Env, HandoffId, MessageId};
use crate::engine::input::Asker;
use crate::engine::message::Author;
use crate::engine::model::{ModelFacts, ModelRef};
use crate::engine::workspace::Engine;

use super::super::Decision;

/// The smallest document worth carrying, in tokens.
const SMALLEST_DOCUMENT: u32 = 96;

/// The least material that a request for a narrative is made of, in tokens.
const LEAST_MATERIAL: u32 = 128;

/// The document's size where nobody knows the window: a third of what there is, within these tokens.
const BLIND: (u32, u32) = (400, 4_000);

/// What is wished for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    pub(super) asker: Option<Asker>,
    pub(super) aim: Aim,
    pub(super) cause: Cause,
    /// Whether no model is asked.
    pub(super) extractive: bool,
    /// The window that the provider has just told, if it did: it isn't learned yet.
    pub(super) told_window: Option<u32>,
}

impl Engine {
    /// The gauge of a conversation up to a message of it.
    pub(in crate::engine::decide) fn gauge_at(&self, conversation: &Conversation, head: Option<MessageId>) -> Gauge {
        self.gauge_by(&self.workspace.facts(&conversation.header.model), conversation, head)
    }

    fn gauge_by(&self, facts: &ModelFacts, conversation: &Conversation, head: Option<MessageId>) -> Gauge {
        let header = &conversation.header;
        let messages = u32::try_from(conversation.branch(head).len()).unwrap_or(u32::MAX);
        Gauge::of(&Reading {
            meter: conversation.meter_at(head),
            facts,
            settings: &self.workspace.settings,
            pane: &header.settings,
            pins: &header.pins,
            messages,
            received: header.succession.received.as_ref(),
        })
    }

    /// The plan for a handoff, or why it would not be worth it.
    pub(super) fn plan(&self, conversation: &Conversation, wish: Wish, env: &Env) -> Result<Plan, String> {
        let header = &conversation.header;
        let name = &header.pane;
        let Some(head) = basis(conversation) else {
            return Err(format!("{name} has no answer yet: there is nothing to hand off"));
        };
        // What goes under pseudonyms is shown to no model as it is.
        let is_silent = wish.extractive || header.model.is_offline() || header.whereabouts.is_masked;
        let writer = (!is_silent).then(|| header.model.clone());
        let document = self.document_size(conversation, head, wish.told_window)?;
        let mut plan = Plan {
            handoff: HandoffId::new(env),
            conversation: header.id,
            pane: name.clone(),
            asker: wish.asker,
            aim: wish.aim,
            cause: wish.cause,
            head,
            writer: None,
            tries: 0,
            failed: Vec::new(),
            failure: None,
            sizes: Sizes { document, material: 0, output: 0 },
            seed: env.ids.bits(),
        };
        if let Some(model) = writer {
            self.written_by(&mut plan, model);
        }
        Ok(plan)
    }

    /// Lets this model write the narrative: its window decides how much one request quotes.
    pub(super) fn written_by(&self, plan: &mut Plan, model: ModelRef) {
        let facts = self.workspace.facts(&model);
        // Of an unknown window only so much is taken as every model has.
        let window = facts.window.unwrap_or(4_096);
        let room = Room::of(window, self.workspace.settings.max_output.or(facts.output));
        plan.sizes.output = room.document.min(gauge::calibrated(plan.sizes.document, &facts)).max(64);
        let left = window.saturating_sub(plan.sizes.output).saturating_sub(gauge::calibrated(room.request, &facts));
        // A fifth is kept for what the estimate is off by.
        plan.sizes.material = gauge::estimate_for(left / 5 * 4, &facts);
        plan.writer = (plan.sizes.material >= LEAST_MATERIAL).then_some(model);
    }

    /// The most estimated tokens of a document, so that it frees at least a third of what the context may hold.
    fn document_size(
        &self,
        conversation: &Conversation,
        head: MessageId,
        told_window: Option<u32>,
    ) -> Result<u32, String> {
        let header = &conversation.header;
        let name = &header.pane;
        let known = self.workspace.facts(&header.model);
        let facts = ModelFacts { window: known.window.into_iter().chain(told_window).min(), ..known };
        let before = self.gauge_by(&facts, conversation, Some(head));
        let standing = gauge::calibrated(gauge::standing(&header.settings, &header.pins), &facts);
        let Some(room) = before.room else {
            let (least, most) = BLIND;
            return Ok(gauge::estimate_for((before.tokens / 3).clamp(least, most), &facts));
        };
        let tail = tail_tokens(conversation, head);
        let third = room.usable() / 3;
        let left = room
            .window
            .saturating_sub(room.output)
            .saturating_sub(standing)
            .saturating_sub(gauge::calibrated(tail, &facts));
        if left < SMALLEST_DOCUMENT {
            return Err(format!(
                "role and pins of {name} have {standing} tokens and the new message about {}: with a document they don't \
                 fit the {} of {}",
                gauge::calibrated(tail, &facts),
                room.window,
                header.model
            ));
        }
        let freed = before.tokens.saturating_sub(third).saturating_sub(standing);
        if freed < SMALLEST_DOCUMENT {
            return Err(format!(
                "{name} has {} of {} tokens, {standing} of them role and pins: a handoff would free less than a third",
                before.tokens, room.window
            ));
        }
        Ok(gauge::estimate_for(room.document.min(freed).min(left), &facts))
    }

    /// Reads what the document is made from.
    pub(super) fn surveying(&self, decision: Decision, conversation: &Conversation, plan: Plan) -> Decision {
        let ground = self.ground(conversation, &plan);
        decision.effect(Effect::Survey { plan: Box::new(plan), ground })
    }

    fn ground(&self, conversation: &Conversation, plan: &Plan) -> Ground {
        let id = conversation.header.id;
        Ground {
            messages: conversation.branch(Some(plan.head)),
            briefs: self.briefs_in_flight(id),
            table: self.workspace.tables.get(&id).cloned().unwrap_or_default(),
        }
    }

    fn briefs_in_flight(&self, id: ConversationId) -> Vec<String> {
        let mut lines = Vec::new();
        for brief in self.workspace.briefs_by_age() {
            let is_open = brief.state.is_open() || matches!(brief.state, State::Answered { .. });
            let pane = |id: &ConversationId| self.conversations.get(id).map_or("?", |it| it.header.pane.as_str());
            if is_open && brief.from.contains(&id) {
                let (number, word, to) = (brief.number, brief.state.word(), pane(&brief.to));
                lines.push(format!("brief {number} to {to} ({word}): {}", brief.fields.objective.trim()));
            }
        }
        lines
    }
}

/// The last message that a document stands for: the newest answer. What a person said since goes along as it is.
pub(super) fn basis(conversation: &Conversation) -> Option<MessageId> {
    let is_answer = |id: &MessageId| {
        conversation.messages.get(id).is_some_and(|entry| entry.author == Author::Model && !entry.erased)
    };
    conversation.branch(conversation.header.head).into_iter().rfind(is_answer)
}

/// The estimated tokens of what goes along as it is.
fn tail_tokens(conversation: &Conversation, head: MessageId) -> u32 {
    let tail = tail(conversation, head);
    let tokens = tail.iter().filter_map(|id| conversation.messages.get(id)).map(|entry| entry.tokens);
    tokens.fold(0, u32::saturating_add)
}

/// The messages after this one on the active branch: they go along as they are.
pub(super) fn tail(conversation: &Conversation, head: MessageId) -> Vec<MessageId> {
    let branch = conversation.branch(conversation.header.head);
    let from = branch.iter().position(|id| *id == head).map_or(branch.len(), |place| place + 1);
    branch[from..].to_vec()
}
