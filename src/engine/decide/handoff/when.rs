//! When a handoff is made: between turns, before a message that would not fit, after an overflow, or when asked.

use crate::engine::conversation::{Conversation, Turn};
use crate::engine::effect::Effect;
use crate::engine::event::Event;
use crate::engine::failure::{Failure, FailureKind};
use crate::engine::gauge::{Gauge, Level};
use crate::engine::handoff::{Aim, Cause, Given, Making};
use crate::engine::id::{ConversationId, Env, HandoffId, MessageId};
use crate::engine::input::Asker;
use crate::engine::message::Author;
use crate::engine::op::{Refusal, RefusalKind};
use crate::engine::settings::HandoffPolicy;
use crate::engine::workspace::Engine;

use super::super::Decision;
use super::make::weaving;
use super::plan::{Wish, basis};

impl Engine {
    /// A person asks for a handoff, or for its draft.
    pub(in crate::engine::decide) fn hand_off(
        &self,
        from: Asker,
        id: ConversationId,
        extractive: bool,
        draft: bool,
        env: &Env,
    ) -> Result<Decision, Refusal> {
        let conversation = self.at_rest(id)?;
        let aim = if draft { Aim::Draft } else { Aim::Carry };
        let wish = Wish { asker: Some(from), aim, cause: Cause::Asked, extractive, told_window: None };
        let plan = self.plan(conversation, wish, env).map_err(|why| refused(&why))?;
        let decision = if draft { Decision::nothing() } else { begun(Decision::nothing(), &plan) };
        Ok(self.surveying(decision, conversation, plan))
    }

    /// A person accepts a draft, as it was or changed.
    pub(in crate::engine::decide) fn accept_handoff(
        &self,
        from: Asker,
        id: ConversationId,
        head: MessageId,
        given: Given,
        env: &Env,
    ) -> Result<Decision, Refusal> {
        let conversation = self.at_rest(id)?;
        let document = &given.document;
        let name = &conversation.header.pane;
        if document.trim().is_empty() {
            return Err(Refusal::new(RefusalKind::NotNow, "There is nothing to carry: the document is empty."));
        }
        if !conversation.branch(conversation.header.head).contains(&head) {
            let message = format!("{name} is on another branch now than the draft. Make it again.");
            return Err(Refusal::new(RefusalKind::NotNow, message));
        }
        self.may_read(conversation, document)?;
        let wish =
            Wish { asker: Some(from), aim: Aim::Carry, cause: Cause::Asked, extractive: true, told_window: None };
        let mut plan = self.plan(conversation, wish, env).map_err(|why| refused(&why))?;
        plan.head = head;
        let facts = self.workspace.facts(&conversation.header.model);
        let gauge = self.gauge_at(conversation, Some(head));
        let needed = crate::engine::gauge::calibrated(crate::engine::meter::estimate(document), &facts);
        if let Some(room) = gauge.room.filter(|room| needed > room.document) {
            return Err(refused(&format!(
                "the document has about {needed} tokens, and may have {} of the {} that {} takes",
                room.document, room.window, conversation.header.model
            )));
        }
        let decision = begun(Decision::nothing(), &plan);
        let making = Making { plan, material: None, answers: Vec::new(), mended: true, given: Some(given) };
        Ok(weaving(decision, conversation, making))
    }

    /// Whether a handoff may be made by itself: the policy allows it, and something was answered since the last one.
    fn may_hand_off(&self, conversation: &Conversation, policy: HandoffPolicy) -> bool {
        let succession = &conversation.header.succession;
        self.workspace.settings.handoff.policy == policy
            && succession.underway.is_none()
            && succession.held.is_none()
            && basis(conversation).is_some()
    }

    /// Whether the meter will have something to say once this answer is applied.
    pub(in crate::engine::decide) fn fills(
        &self,
        id: ConversationId,
        message: &crate::engine::message::Message,
    ) -> bool {
        let Some(conversation) = self.conversations.get(&id) else { return false };
        let window = self.workspace.facts(&conversation.header.model).window;
        let Some(window) = window else { return false };
        let entry = crate::engine::conversation::Entry::of(message);
        let before = self.gauge_at(conversation, message.parent).tokens;
        let tokens = entry.measured.unwrap_or_else(|| before.saturating_add(entry.tokens));
        // A third: no threshold lies below it, and an estimate is never off by more.
        tokens >= window / 3
    }

    /// After a turn: says that the context fills up, keeps the document ready, or hands off. `None`: nothing of it.
    pub(in crate::engine::decide) fn watch(&self, id: ConversationId, env: &Env) -> Option<Decision> {
        let conversation = self.conversations.get(&id)?;
        let header = &conversation.header;
        let gauge = self.gauge_at(conversation, header.head);
        let is_settled = header.turn.is_none() && header.succession.underway.is_none();
        if !is_settled || gauge.level == Level::Calm {
            return None;
        }
        if gauge.level == Level::Due {
            if self.may_hand_off(conversation, HandoffPolicy::Auto) {
                return Some(self.begin_handoff(Decision::nothing(), conversation, Cause::Full, env));
            }
            if self.may_hand_off(conversation, HandoffPolicy::Ask) {
                return due(conversation, Cause::Full);
            }
        }
        let ready = self.get_ready(conversation, gauge.level, env);
        let before = self.gauge_at(conversation, before_last_exchange(conversation));
        let decision = ready.unwrap_or_default();
        Some(if before.level == Level::Calm {
            decision.effect(noticed(conversation, &gauge, self.workspace.settings.handoff.policy))
        } else {
            decision
        })
    }

    /// From 80 % on the document by code is kept beside the journal, brought up to date with every turn.
    fn get_ready(&self, conversation: &Conversation, level: Level, env: &Env) -> Option<Decision> {
        let is_off = self.workspace.settings.handoff.policy == HandoffPolicy::Off;
        if level < Level::Prepare || is_off {
            return None;
        }
        let wish = Wish { asker: None, aim: Aim::Ready, cause: Cause::Full, extractive: true, told_window: None };
        let plan = self.plan(conversation, wish, env).ok()?;
        Some(self.surveying(Decision::nothing(), conversation, plan))
    }

    /// Begins a handoff by itself; says why not, if it isn't worth it.
    pub(super) fn begin_handoff(
        &self,
        decision: Decision,
        conversation: &Conversation,
        cause: Cause,
        env: &Env,
    ) -> Decision {
        let wish = Wish { asker: None, aim: Aim::Carry, cause, extractive: false, told_window: None };
        match self.plan(conversation, wish, env) {
            Ok(plan) => self.surveying(begun(decision, &plan), conversation, plan),
            Err(why) => {
                let id = conversation.header.id;
                let notice = format!("Not handed off: {why}.");
                decision
                    .event(Event::HandoffDropped { conversation: id, handoff: HandoffId::new(env), why, holds: true })
                    .effect(Effect::Tell { conversation: Some(id), notice })
            }
        }
    }

    /// Before a request leaves: whether its turn waits for a handoff instead, because it would not fit.
    pub(in crate::engine::decide) fn instead_of_sending(
        &self,
        conversation: &Conversation,
        running: &Turn,
        estimated: u32,
        env: &Env,
    ) -> Option<Decision> {
        if running.model != conversation.header.model || !self.may_hand_off(conversation, HandoffPolicy::Auto) {
            return None;
        }
        let gauge = self.gauge_at(conversation, Some(running.prompt));
        let room = gauge.room?;
        let facts = self.workspace.facts(&running.model);
        let tokens = match conversation.meter_at(Some(running.prompt)).measured {
            0 => crate::engine::gauge::calibrated(estimated, &facts),
            _ => gauge.tokens,
        };
        if Level::of(tokens, &room, &self.workspace.settings.handoff) < Level::Due {
            return None;
        }
        // What isn't worth a handoff is sent all the same: the server decides whether it fits.
        let wish =
            Wish { asker: None, aim: Aim::Carry, cause: Cause::WouldOverflow, extractive: false, told_window: None };
        self.plan(conversation, wish, env).ok()?;
        Some(self.begin_handoff(Decision::nothing(), conversation, Cause::WouldOverflow, env))
    }

    /// After a provider said that a request was too long: whether its turn waits for a handoff.
    pub(in crate::engine::decide) fn after_overflow(
        &self,
        decision: Decision,
        conversation: &Conversation,
        failure: &Failure,
        env: &Env,
    ) -> Result<Decision, Decision> {
        let FailureKind::Overflow { window, .. } = failure.kind else { return Err(decision) };
        if !self.may_hand_off(conversation, HandoffPolicy::Auto) {
            return Err(decision);
        }
        let wish =
            Wish { asker: None, aim: Aim::Carry, cause: Cause::Overflow, extractive: false, told_window: window };
        match self.plan(conversation, wish, env) {
            Ok(plan) => Ok(self.surveying(begun(decision, &plan), conversation, plan)),
            Err(_) => Err(decision),
        }
    }
}

fn due(conversation: &Conversation, cause: Cause) -> Option<Decision> {
    let header = &conversation.header;
    if header.succession.due.is_some() {
        return None;
    }
    let notice = format!("{} is full: Ctrl-X h reads the handoff's draft and goes on in a fresh context.", header.pane);
    Some(
        Decision::nothing()
            .event(Event::HandoffDue { conversation: header.id, cause })
            .effect(Effect::Tell { conversation: Some(header.id), notice }),
    )
}

fn refused(why: &str) -> Refusal {
    Refusal::new(RefusalKind::Forbidden, format!("Not handed off: {why}."))
}

pub(super) fn begun(decision: Decision, plan: &crate::engine::handoff::Plan) -> Decision {
    decision.event(Event::HandoffBegan { conversation: plan.conversation, handoff: plan.handoff, cause: plan.cause })
}

/// The newest answer before the last one, whose fill is what was known before this turn.
fn before_last_exchange(conversation: &Conversation) -> Option<MessageId> {
    let answers = |id: &MessageId| conversation.messages.get(id).is_some_and(|entry| entry.author == Author::Model);
    conversation.branch(conversation.header.head).into_iter().rev().filter(answers).nth(1)
}

fn noticed(conversation: &Conversation, gauge: &Gauge, policy: HandoffPolicy) -> Effect {
    let header = &conversation.header;
    let (name, window) = (&header.pane, gauge.room.map_or(0, |room| room.window));
    let left = match gauge.turns_left {
        _ if policy == HandoffPolicy::Off || header.succession.held.is_some() => {
            ": it is not handed off by itself".to_owned()
        }
        Some(0) => ": a fresh context after the next turn".to_owned(),
        Some(1) => ": a fresh context in about 1 turn".to_owned(),
        Some(turns) => format!(": a fresh context in about {turns} turns"),
        None => String::new(),
    };
    let notice = format!("{name} has {} of {window} tokens{left}.", gauge.tokens);
    Effect::Tell { conversation: Some(header.id), notice }
}
