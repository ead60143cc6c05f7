//! Moving for good: a conversation whose provider stays down goes on with the next model that may read it, and back.
//!
//! A move is a crossing: whom the text may go to decides [`Trust`](crate::engine::trust::Trust), and whatever leaves
//! afterwards is put together anew, with the whole history masked where it must be, and leak-checked. A history that doesn't
//! fit the new model's window is handed off before the next request, by the meter that looks before every send.

use crate::engine::conversation::{Conversation, Header, Turn};
use crate::engine::effect::Effect;
use crate::engine::event::Event;
use crate::engine::failure::Failure;
use crate::engine::id::{ConversationId, Env, TurnId};
use crate::engine::input::Asker;
use crate::engine::message::Author;
use crate::engine::model::ModelRef;
use crate::engine::op::{Refusal, RefusalKind, Reply};
use crate::engine::settings::Failover;
use crate::engine::trust::{Form, Onward};
use crate::engine::whereabouts::{Move, Reason, STAYS_DOWN};
use crate::engine::workspace::Engine;

use super::Decision;
use super::failover::unanswered;

impl Engine {
    /// A person moves a conversation to the next model that may answer it.
    pub(super) fn move_on(
        &self,
        from: Asker,
        id: ConversationId,
        to: Option<&ModelRef>,
        env: &Env,
    ) -> Result<Decision, Refusal> {
        let conversation = self.at_rest(id)?;
        let header = &conversation.header;
        let (name, model, turns) = (&header.pane, &header.model, header.whereabouts.unanswered);
        if turns == 0 {
            let message = format!("Not moved: {model} answered last in {name}. Ctrl-X m chooses another model.");
            return Err(Refusal::new(RefusalKind::NotNow, message));
        }
        let onward = self.onward(conversation).map_err(|held| nobody(name, &held))?;
        if let Some(shown) = to.filter(|shown| **shown != onward.model) {
            let message = format!("Not moved: {} is next for {name} by now, not {shown}.", onward.model);
            return Err(Refusal::new(RefusalKind::NotNow, message));
        }
        self.may_spend_on(conversation, &onward.model)
            .map_err(|refusal| Refusal::new(refusal.kind, refusal.message.replacen("Not sent", "Not moved", 1)))?;
        let reason = Reason::Unanswered { turns, by_itself: false };
        let decision = moved(Decision::nothing(), conversation, &onward, reason, env);
        let decision = asked_again(decision, conversation, &onward.model, env);
        Ok(self.known_there(decision, &onward.model).reply(from, Reply::Done))
    }

    /// A person moves a conversation back to the model that they chose.
    pub(super) fn move_back(&self, from: Asker, id: ConversationId, env: &Env) -> Result<Decision, Refusal> {
        let conversation = self.at_rest(id)?;
        let header = &conversation.header;
        let Some(home) = &header.whereabouts.home else {
            let message = format!("Not moved: {} answers in {}, as you chose.", header.model, header.pane);
            return Err(Refusal::new(RefusalKind::NotNow, message));
        };
        self.may_ask(conversation, home)
            .map_err(|refusal| Refusal::new(refusal.kind, refusal.message.replacen("Not sent", "Not moved", 1)))?;
        let back = Onward { model: home.clone(), form: Form::Plain, is_agreed: true };
        let decision = moved(Decision::nothing(), conversation, &back, Reason::Back, env);
        Ok(self.known_there(decision, home).reply(from, Reply::Done))
    }

    /// After a turn that failed for good: whether the conversation moves by itself, and its turn is answered there.
    pub(super) fn moves_by_itself(
        &self,
        conversation: &Conversation,
        running: &Turn,
        attempt: u32,
        failure: &Failure,
        env: &Env,
    ) -> Option<Decision> {
        let turns = turns_unanswered(conversation, running, failure)?;
        if turns < STAYS_DOWN || self.workspace.settings.failover != Failover::Move {
            return None;
        }
        let onward = self.onward(conversation).ok().filter(|onward| onward.is_agreed)?;
        self.may_spend_on(conversation, &onward.model).ok()?;
        let (id, turn, model) = (conversation.header.id, running.id, onward.model.clone());
        let reason = Reason::Unanswered { turns, by_itself: true };
        let decision = moved(Decision::nothing(), conversation, &onward, reason, env);
        let told = decision.events.iter().find_map(|event| match event {
            Event::Moved { moved, .. } => Some(moved.told()),
            _ => None,
        });
        let notice = format!("{} {}. Ctrl-X M moves back.", conversation.header.pane, told.unwrap_or_default());
        let decision = decision
            .event(Event::TurnPassed {
                conversation: id,
                turn,
                model: model.clone(),
                attempt,
                failure: failure.clone(),
            })
            .effect(Effect::Tell { conversation: Some(id), notice })
            .effect(Effect::Fetch { conversation: id, turn, messages: conversation.branch(Some(running.prompt)) });
        Some(self.known_there(decision, &model))
    }

    /// What a person is told where fallbacks answer turn by turn: that the provider stays down, and the way to move.
    pub(super) fn offer_of_move(
        &self,
        conversation: &Conversation,
        running: &Turn,
        failure: &Failure,
    ) -> Option<String> {
        let turns = turns_unanswered(conversation, running, failure).filter(|turns| *turns >= STAYS_DOWN)?;
        if self.workspace.settings.failover == Failover::Turn {
            return None;
        }
        let Onward { model, .. } = self.onward(conversation).ok()?;
        let Header { pane, model: from, .. } = &conversation.header;
        Some(format!("{} has left {turns} turns unanswered: Ctrl-X M moves {pane} to {model}.", from.provider))
    }

    /// The next model that may answer a conversation for good.
    fn onward(&self, conversation: &Conversation) -> Result<Onward, Vec<String>> {
        conversation.header.trust(&self.workspace.settings).onward(&self.models_in_use())
    }

    /// The models that answer somewhere in the workspace, in the order of the panes, and the default one.
    fn models_in_use(&self) -> Vec<ModelRef> {
        let shown = self.workspace.panes.iter().filter_map(|pane| self.shown(&pane.name));
        let mut models: Vec<ModelRef> = shown.map(|shown| shown.header.model.clone()).collect();
        models.push(self.workspace.settings.default_model.clone());
        models
    }

    /// What fits into the new model should be known before something is sent.
    fn known_there(&self, decision: Decision, model: &ModelRef) -> Decision {
        if self.lacks_window(model) { decision.effect(Effect::Look { model: model.clone() }) } else { decision }
    }
}

/// The message that nobody answered is asked of the new model.
fn asked_again(decision: Decision, conversation: &Conversation, model: &ModelRef, env: &Env) -> Decision {
    let id = conversation.header.id;
    let last = conversation.header.head.filter(|head| {
        conversation.messages.get(head).is_some_and(|entry| entry.author == Author::Person && !entry.erased)
    });
    let Some(prompt) = last else { return decision };
    let turn = TurnId::new(env);
    decision.event(Event::TurnStarted { conversation: id, turn, prompt, model: model.clone() }).effect(Effect::Fetch {
        conversation: id,
        turn,
        messages: conversation.branch(Some(prompt)),
    })
}

/// How many turns in a row the conversation's own model has left unanswered, this one included.
fn turns_unanswered(conversation: &Conversation, running: &Turn, failure: &Failure) -> Option<u32> {
    match unanswered(conversation, running, failure)? {
        Event::Unanswered { turns, .. } => Some(turns),
        _ => None,
    }
}

fn moved(decision: Decision, conversation: &Conversation, onward: &Onward, reason: Reason, env: &Env) -> Decision {
    let header = &conversation.header;
    let moved = Move {
        from: header.model.clone(),
        to: onward.model.clone(),
        reason,
        masked: onward.form == Form::Masked,
        after: header.head,
        at: env.now,
    };
    decision.event(Event::Moved { conversation: header.id, moved })
}

/// Why a conversation stays where it is.
fn nobody(name: &str, held: &[String]) -> Refusal {
    let why = if held.is_empty() { "no other model is set up".to_owned() } else { held.join("; ") };
    Refusal::new(RefusalKind::Forbidden, format!("{name} is not moved: {why}. Ctrl-X m chooses a model."))
}
