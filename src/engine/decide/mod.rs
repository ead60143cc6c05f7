//! What follows from an input. Pure: the index is read, never changed; what changes is returned as facts.

mod aside;
mod brief;
mod configure;
mod conversation;
mod failover;
mod gather;
mod handoff;
mod locality;
mod moving;
mod names;
mod send;
mod turn;

use super::effect::{Effect, Follows, Sending};
use super::event::Event;
use super::handoff::Given;
use super::id::Env;
use super::input::{Asker, Input};
use super::op::{Op, Refusal, RefusalKind, Reply};
use super::workspace::Engine;

/// What follows: facts to journal, then effects to run. The effects run only after the facts are on disk.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decision {
    /// Facts, in order.
    pub events: Vec<Event>,
    /// Work for the runtime, in order.
    pub effects: Vec<Effect>,
}

impl Decision {
    /// Nothing follows: the input is stale, or changes nothing.
    fn nothing() -> Self {
        Self::default()
    }

    fn event(mut self, event: Event) -> Self {
        self.events.push(event);
        self
    }

    fn events_of(mut self, events: impl IntoIterator<Item = Event>) -> Self {
        self.events.extend(events);
        self
    }

    fn effect(mut self, effect: Effect) -> Self {
        self.effects.push(effect);
        self
    }

    fn reply(self, to: Asker, reply: Reply) -> Self {
        self.effect(Effect::Reply { to, reply })
    }

    fn refuse(to: Asker, refusal: Refusal) -> Self {
        Self::nothing().reply(to, Reply::Refused(refusal))
    }
}

impl Engine {
    /// What follows from this input.
    pub fn decide(&self, input: Input, env: &Env) -> Decision {
        match input {
            Input::Op { from, op } => {
                self.decide_op(from, op, env).unwrap_or_else(|refusal| Decision::refuse(from, refusal))
            }
            Input::Configured(settings) => self.configure(settings, env),
            Input::Recovered(partials) => self.resume_reports(self.after_turn(self.recover(partials, env), env)),
            Input::Fetched { conversation, turn, messages, attachments } => {
                self.fetched(conversation, turn, messages, attachments)
            }
            Input::Computed { conversation, turn, version, assembled } => {
                self.after_turn(self.computed(conversation, turn, version, assembled, env), env)
            }
            Input::Answered { conversation, turn, answer } => {
                self.after_turn(self.answered(conversation, turn, answer, env), env)
            }
            Input::Rested { conversation, turn } => self.after_turn(self.rested(conversation, turn, env), env),
            Input::Known { model, facts } => self.known_now(model, &facts),
            Input::Failed { conversation, turn, attempt, failure, so_far } => {
                self.after_turn(self.failed(conversation, turn, attempt, failure, so_far, env), env)
            }
            Input::Stopped { conversation, turn, by, so_far } => {
                self.after_turn(self.stopped(conversation, turn, by, so_far, env), env)
            }
            Input::Composed { from, draft, dry_run, composed } => self
                .composed(from, draft, dry_run, composed, env)
                .unwrap_or_else(|refusal| Decision::refuse(from, refusal)),
            Input::Gathered { from, gathering, gathered } => {
                self.gathered(from, *gathering, gathered).unwrap_or_else(|refusal| Decision::refuse(from, refusal))
            }
            Input::Inspected { from, sending, read, found } => self
                .inspected(from, *sending, read, found, env)
                .unwrap_or_else(|refusal| Decision::refuse(from, refusal)),
            Input::Delivered { to, brief, delivered } => {
                self.delivered(to, brief, delivered, env).unwrap_or_else(|refusal| match to {
                    Some(to) => Decision::refuse(to, refusal),
                    None => Decision::nothing().effect(Effect::Tell { conversation: None, notice: refusal.message }),
                })
            }
            Input::Surveyed { plan, surveyed } => self.after_turn(self.surveyed(*plan, surveyed, env), env),
            Input::AssistReady { aside, asking, ready } => self.assist_ready(aside, *asking, ready),
            Input::AsideAnswered { aside, purpose, answer, .. } => self.aside_answered(aside, purpose, &answer),
            Input::AsideFailed { aside, purpose, failure, so_far, .. } => {
                self.aside_failed(aside, purpose, &failure, &so_far, env)
            }
            Input::AsideStopped { purpose, .. } => aside::stopped(&purpose),
            Input::Woven { making, woven, tail } => self.after_turn(self.woven(*making, woven, tail, env), env),
            Input::Settled { conversation, may_begin } => self.settled(conversation, may_begin, env),
        }
    }

    fn decide_op(&self, from: Asker, op: Op, env: &Env) -> Result<Decision, Refusal> {
        match op {
            Op::Send { conversation, text, attachments, parent } => {
                let follows = parent.map_or(Follows::Head, Follows::Message);
                self.send(from, Sending { conversation, text, attachments, follows }, env)
            }
            Op::Begin { conversation, text, attachments } => {
                self.send(from, Sending { conversation, text, attachments, follows: Follows::Nothing }, env)
            }
            Op::Continue { conversation } => self.continue_turn(from, conversation, env),
            Op::Stop { conversation } => self.stop(from, conversation),
            Op::StopAll { by } => Ok(self.stop_all(from, by)),
            Op::OpenPane { pane, settings } => self.open_pane(from, pane, settings, env),
            Op::NewConversation { pane } => self.new_conversation(from, &pane, env),
            Op::ShowConversation { pane, conversation } => self.show_conversation(from, pane, conversation),
            Op::ChooseModel { conversation, model } => self.choose_model(from, conversation, model),
            Op::Move { conversation, to } => self.move_on(from, conversation, to.as_ref(), env),
            Op::MoveBack { conversation } => self.move_back(from, conversation, env),
            Op::Pin { conversation, message, text } => self.pin(from, conversation, message, text, env),
            Op::Unpin { conversation, pin } => self.unpin(from, conversation, pin),
            Op::Brief { draft, dry_run } => self.brief(from, draft, dry_run, env),
            Op::Suggest { from: panes, objective, context } => self.suggest(from, &panes, objective, context),
            Op::Assist { conversation, fields, context } => self.assist(from, conversation, fields, context, env),
            Op::StopAssist { conversation } => self.stop_assist(from, conversation),
            Op::TurnBrief { brief, deed } => self.turn_brief(from, brief, deed, env),
            Op::Gather { into, from: quotes, unseal } => self.gather(from, into, quotes, unseal),
            Op::Locality { conversation, change, typed } => {
                self.change_locality(from, conversation, change, typed.as_ref())
            }
            Op::Handoff { conversation, extractive, draft } => {
                self.hand_off(from, conversation, extractive, draft, env)
            }
            Op::AcceptHandoff { conversation, head, document, drafted } => {
                self.accept_handoff(from, conversation, head, Given { document, drafted }, env)
            }
            Op::DropDrafts { conversation } => {
                self.known(conversation)?;
                Ok(Decision::nothing().effect(Effect::CancelDrafts { conversation }).reply(from, Reply::Done))
            }
            Op::UndoHandoff { conversation } => self.undo_handoff(from, conversation),
            Op::Recall { conversation, message } => self.recall(from, conversation, message),
            Op::Judge { word, judgement } => Ok(self.judge(from, word, judgement)),
            Op::Unjudge { word } => self.unjudge(from, word),
            Op::AddName { name, kind } => self.add_name(from, &name, &kind),
            Op::Lineage { of } => self.trace(of).map(|traced| Decision::nothing().reply(from, traced)),
            Op::RealNames { conversation, messages, how } => self.real_names(from, conversation, messages, how, env),
            Op::Forget(what) => self.forget(from, what),
            Op::Page(page) => {
                self.known(page.conversation)?;
                Ok(Decision::nothing().effect(Effect::Page { to: from, page }))
            }
            Op::SaveView { key, value } => Ok(Decision::nothing().effect(Effect::SaveView { to: from, key, value })),
            Op::Attach { name, body } => Ok(Decision::nothing().effect(Effect::Attach { to: from, name, body })),
            Op::Search { query, limit, within } => {
                Ok(Decision::nothing().effect(Effect::Search { to: from, query, limit, within }))
            }
            Op::Overview => Ok(Decision::nothing().reply(from, Reply::Overview(Box::new(self.overview())))),
        }
    }

    fn known(&self, id: super::id::ConversationId) -> Result<&super::conversation::Conversation, Refusal> {
        self.conversations.get(&id).ok_or_else(|| {
            Refusal::new(RefusalKind::Unknown, format!("There is no conversation {id} in this workspace."))
        })
    }
}
