//! The way back: a turn ends, its brief is answered, and the report returns to the conversations that asked.

use crate::engine::brief::{About, Brief, Context, Delivered, Delivery, Hold, Quoted, Return, State, Why};
use crate::engine::conversation::Conversation;
use crate::engine::effect::Effect;
use crate::engine::event::Event;
use crate::engine::id::{BriefId, ConversationId, Env, MessageId};
use crate::engine::input::Asker;
use crate::engine::message::{Author, Ending, Interruption};
use crate::engine::op::{Refusal, RefusalKind, Reply};
use crate::engine::settings::Locality;
use crate::engine::workspace::Engine;

use super::super::Decision;
use super::{accept, added, advance};

impl Engine {
    /// A turn came to its end: the brief it worked on is answered, or has failed; then others get their turn.
    pub(in crate::engine::decide) fn after_turn(&self, mut decision: Decision, env: &Env) -> Decision {
        let mut ended = Vec::new();
        for event in &decision.events {
            let (id, next, goes_on) = match event {
                Event::TurnEnded { conversation, message, .. } => {
                    let failed = match &message.ending {
                        Ending::Complete | Ending::Length => Ok(message.id),
                        Ending::Refused => Err("the model refused".to_owned()),
                        Ending::Interrupted { .. } | Ending::Failed { .. } => Err("the answer broke off".to_owned()),
                    };
                    (*conversation, failed, true)
                }
                Event::TurnFailed { conversation, failure, .. } => (*conversation, Err(failure.message.clone()), true),
                Event::TurnInterrupted { conversation, by, .. } => {
                    (*conversation, Err("the answer was stopped".to_owned()), *by == Interruption::Person)
                }
                _ => continue,
            };
            ended.push((id, next, goes_on));
        }
        for (id, next, goes_on) in ended {
            let prompt = self.conversations.get(&id).and_then(|it| it.header.turn.as_ref()).map(|turn| turn.prompt);
            let brief = self.workspace.briefs.values().find(|brief| brief.to == id && brief.message() == prompt);
            if let Some(brief) = brief.filter(|_| prompt.is_some()) {
                decision = settle(decision, brief, next, env);
            }
            let fills = decision.events.iter().any(|event| {
                matches!(event, Event::TurnEnded { conversation, message, .. } if *conversation == id && self.fills(id, message))
            });
            if fills || self.workspace.has_waiting(id) || !self.workspace.briefs.is_empty() {
                decision = decision.effect(Effect::Settle { conversation: id, may_begin: goes_on });
            }
        }
        decision
    }

    /// Reports that were on their way when the program ended go on: they start no turn and cost nothing.
    pub(in crate::engine::decide) fn resume_reports(&self, mut decision: Decision) -> Decision {
        for brief in self.workspace.briefs.values() {
            if matches!(brief.state, State::Answered { .. }) && brief.returns == Return::Auto && brief.held.is_empty() {
                decision = decision.effect(Effect::Settle { conversation: brief.to, may_begin: false });
            }
        }
        decision
    }

    /// A conversation is idle: reports that waited for it come in, and the next brief that waits for it is accepted.
    pub(in crate::engine::decide) fn settled(&self, id: ConversationId, may_begin: bool, env: &Env) -> Decision {
        let mut decision = self.watch(id, env).unwrap_or_default();
        // Whatever waits for a conversation that is handed off now waits for its successor.
        let is_handed_off = decision.events.iter().any(|event| matches!(event, Event::HandoffBegan { .. }));
        for brief in self.workspace.briefs.values() {
            let concerns = brief.to == id || brief.from.contains(&id);
            if concerns && brief.returns == Return::Auto && matches!(brief.state, State::Answered { .. }) {
                let effect = self.idle_askers(brief).and_then(|askers| self.delivering(brief, None, &askers, env));
                decision.effects.extend(effect.ok());
            }
        }
        if may_begin
            && !is_handed_off
            && let Ok(receiver) = self.ready(id)
        {
            let waiting = self.workspace.briefs.values().filter(|brief| brief.to == id && brief.state == State::Sent);
            if let Some(brief) = waiting.min_by_key(|brief| (brief.sent, brief.number, brief.version)) {
                decision = accept(decision, brief, receiver, Why::Freed, env);
            }
        }
        decision
    }

    /// Reports as they would stand in the conversations that asked: put there together, or not at all.
    pub(in crate::engine::decide) fn delivered(
        &self,
        to: Option<Asker>,
        id: BriefId,
        delivered: Result<Vec<Delivered>, Refusal>,
        env: &Env,
    ) -> Result<Decision, Refusal> {
        let Some(brief) = self.workspace.briefs.get(&id) else { return Ok(Decision::nothing()) };
        let State::Answered { report } = brief.state else { return Ok(Decision::nothing()) };
        let delivered = delivered?;
        let askers = self.idle_askers(brief)?;
        let mut holds: Vec<Hold> = Vec::new();
        for hold in delivered.iter().flat_map(|one| &one.holds) {
            if !holds.contains(hold) {
                holds.push(hold.clone());
            }
        }
        if let Some(first) = holds.first() {
            let message = format!("The report on brief {} waits: {first}. Judge it with Ctrl-X i.", brief.number);
            return Ok(hold(brief, holds, to, message));
        }
        let is_stale =
            |one: &Delivered| self.workspace.tables.get(&one.to).map_or(0, |table| table.entries.len()) != one.read;
        if delivered.iter().any(is_stale) {
            return Ok(Decision::nothing().effect(self.delivering(brief, to, &askers, env)?));
        }
        let mut decision = Decision::nothing();
        let mut messages = Vec::with_capacity(delivered.len());
        for (one, asker) in delivered.into_iter().zip(askers) {
            let about = About::Report { brief: id };
            let message = added(asker, one.text, about, env);
            messages.push(message.id);
            decision = decision.event(Event::MessageAdded { message });
            if !one.growth.is_empty() {
                decision = decision.event(Event::TableGrown { conversation: one.to, table: one.growth });
            }
        }
        let why = if to.is_some() { Why::Person } else { Why::Auto };
        decision = advance(decision, brief, State::Returned { report, messages }, why, env);
        Ok(match to {
            Some(to) => decision.reply(to, Reply::Done),
            None => decision,
        })
    }

    pub(super) fn idle_askers(&self, brief: &Brief) -> Result<Vec<&Conversation>, Refusal> {
        let idle = |id: &ConversationId| {
            let asker = self.known(*id)?;
            if asker.header.turn.is_some() {
                let name = &asker.header.pane;
                let message = format!("{name} is still answering; the report comes in when it has ended.");
                return Err(Refusal::new(RefusalKind::NotNow, message));
            }
            Ok(asker)
        };
        brief.from.iter().map(idle).collect()
    }

    pub(super) fn delivering(
        &self,
        brief: &Brief,
        to: Option<Asker>,
        askers: &[&Conversation],
        env: &Env,
    ) -> Result<Effect, Refusal> {
        let receiver = self.known(brief.to)?;
        let Some(report) = brief.report() else {
            return Err(Refusal::new(RefusalKind::NotNow, format!("Brief {} is not answered yet.", brief.number)));
        };
        if receiver.header.settings.locality == Locality::Sealed {
            let name = &receiver.header.pane;
            return Err(Refusal::new(
                RefusalKind::Forbidden,
                format!("The report on brief {} stays: {name} is sealed, and nothing leaves it.", brief.number),
            ));
        }
        let table = |id: ConversationId| self.workspace.tables.get(&id).cloned().unwrap_or_default();
        let delivery = |asker: &&Conversation| {
            let id = asker.header.id;
            let own = self.workspace.briefs.values().filter(|known| known.to == brief.to && known.from.contains(&id));
            Delivery {
                number: brief.number,
                version: brief.version,
                answer: Quoted {
                    pane: receiver.header.pane.clone(),
                    number: 0,
                    author: Author::Model,
                    text: String::new(),
                },
                receiver: brief.to,
                known: table(brief.to),
                brought: own.flat_map(|known| known.brought.iter().cloned()).collect(),
                locality: receiver.header.settings.locality,
                to: id,
                table: table(id),
                dictionary: self.workspace.dictionary(),
                seed: env.ids.bits(),
                asked: brief.stood(),
                context: Context::of(asker, receiver.header.settings.locality),
            }
        };
        let deliveries = askers.iter().map(delivery).collect();
        Ok(Effect::Deliver { to, brief: brief.id, answer: report, deliveries })
    }
}

/// What keeps a report, journaled once: whoever asked for it is told again, the others are not.
fn hold(brief: &Brief, holds: Vec<Hold>, to: Option<Asker>, message: String) -> Decision {
    let mut decision = Decision::nothing();
    let is_new = brief.held != holds;
    if is_new {
        decision = decision.event(Event::ReportHeld { conversation: brief.to, brief: brief.id, holds });
    }
    match to {
        Some(to) => decision.reply(to, Reply::Refused(Refusal::new(RefusalKind::Forbidden, message))),
        None if is_new => decision.effect(Effect::Tell { conversation: None, notice: message }),
        None => decision,
    }
}

fn settle(decision: Decision, brief: &Brief, ended: Result<MessageId, String>, env: &Env) -> Decision {
    let message = brief.message();
    let state = match (ended, &brief.state, message) {
        (Ok(report), State::Superseded { by, .. }, _) => {
            State::Superseded { by: *by, message: None, report: Some(report) }
        }
        (Err(_), State::Superseded { .. } | State::Cancelled, _) | (_, State::Cancelled, _) | (Err(_), _, None) => {
            return decision;
        }
        (Ok(report), _, _) => State::Answered { report },
        (Err(why), _, Some(message)) => State::Failed { message, why },
    };
    advance(decision, brief, state, Why::TurnEnded, env)
}
