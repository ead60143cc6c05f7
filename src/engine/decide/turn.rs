//! The life of a turn after it began: bodies, request, answer, failure, retry, stop. Stale results change nothing.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::super::brief::{Hold, Shared, SharedBoundary};
use super::super::conversation::{Conversation, Turn};
use super::super::effect::{Effect, Work};
use super::super::event::Event;
use super::super::failure::{Failure, FailureKind};
use super::super::gauge;
use super::super::id::{ConversationId, Env, MessageId, TurnId};
use super::super::input::{Answer, Asker, Partial};
use super::super::message::{Author, Ending, Interruption, Message, Part, Usage};
use super::super::meter;
use super::super::model::{ModelFacts, ModelRef};
use super::super::op::{Refusal, RefusalKind, Reply};
use super::super::prompt::{Assembled, Prompt};
use super::super::redaction::Dictionary;
use super::super::settings::{LONGEST_RETRY_PAUSE, Locality};
use super::super::spend::Spend;
use super::super::workspace::Engine;
use super::Decision;
use super::failover::{pass_on, unanswered};
use super::handoff::drop_handoff;

/// The longest wait that a provider may ask for: beyond it the turn fails and says so.
const LONGEST_ASKED_PAUSE: Duration = Duration::from_mins(10);

/// The longest wait for a provider where another model stands ready.
const LONGEST_PAUSE_BEFORE_ANOTHER: Duration = Duration::from_secs(10);

/// A request of fewer estimated tokens says more about its wrapping than about how a model counts.
const ENOUGH_TO_LEARN_FROM: u32 = 100;

/// How much one answer weighs against all before it.
const WEIGHT_OF_ONE: f64 = 0.3;

impl Engine {
    /// The running turn a result belongs to; `None` if the result is stale.
    fn running(&self, id: ConversationId, turn: TurnId) -> Option<(&Conversation, &Turn)> {
        let conversation = self.conversations.get(&id)?;
        let running = conversation.header.turn.as_ref().filter(|running| running.id == turn)?;
        Some((conversation, running))
    }

    pub(super) fn fetched(
        &self,
        id: ConversationId,
        turn: TurnId,
        messages: Vec<Message>,
        attachments: BTreeMap<String, Arc<str>>,
    ) -> Decision {
        let Some((conversation, running)) = self.running(id, turn) else { return Decision::nothing() };
        let header = &conversation.header;
        let table = self.workspace.tables.get(&id).cloned().unwrap_or_default();
        let shared = self.shared_with(conversation);
        let is_masked = header.whereabouts.is_masked;
        let may_hide =
            is_masked || !table.is_empty() || shared.as_ref().is_some_and(|shared| shared.boundary.is_some());
        let prompt = Prompt {
            pane: header.pane.clone(),
            role: header.settings.role.clone(),
            shared,
            pins: header.pins.clone(),
            messages,
            attachments,
            max_output: self.workspace.settings.max_output,
            names: if may_hide { self.workspace.dictionary() } else { Dictionary::default() },
            table,
            is_masked,
            conversation: id,
            limits: self.workspace.facts(&running.model).limits(),
        };
        Decision::nothing().effect(Effect::Compute {
            conversation: id,
            turn,
            version: header.version,
            work: Work::Assemble { model: running.model.clone(), prompt: Box::new(prompt) },
        })
    }

    pub(super) fn computed(
        &self,
        id: ConversationId,
        turn: TurnId,
        version: u64,
        assembled: Assembled,
        env: &Env,
    ) -> Decision {
        let Some((conversation, running)) = self.running(id, turn) else { return Decision::nothing() };
        if version != conversation.header.version {
            // Something changed while the prompt was put together (a pin, a message forgotten): read again.
            let messages = conversation.branch(Some(running.prompt));
            return Decision::nothing().effect(Effect::Fetch { conversation: id, turn, messages });
        }
        let mut decision = Decision::nothing();
        if !assembled.missing.is_empty() {
            let failure = Failure::new(
                FailureKind::Internal,
                format!("Not sent: the attachment {} can't be read from the journal.", assembled.missing.join(", ")),
            );
            return self.end(decision, conversation, running, Ended::Failed(failure), Answer::default(), env);
        }
        if let Some(hold) = assembled.holds.first() {
            let advice = match hold {
                Hold::Unjudged { .. } => " Ctrl-X d judges names, and so does `trialogue judge`.",
                _ => "",
            };
            let failure = Failure::new(FailureKind::Rejected, format!("Not sent: {hold}.{advice}"));
            return self.end(decision, conversation, running, Ended::Failed(failure), Answer::default(), env);
        }
        // A locality may have been tightened since the turn began: what was allowed then may not leave now.
        if let Err(refusal) = self.may_ask(conversation, &running.model) {
            let failure = Failure::new(FailureKind::Rejected, refusal.message);
            return self.end(decision, conversation, running, Ended::Failed(failure), Answer::default(), env);
        }
        if let Some(instead) = self.instead_of_sending(conversation, running, assembled.tokens, env) {
            return instead;
        }
        let outbound = match assembled.outbound {
            Ok(outbound) => outbound,
            Err(leaked) => {
                return self.end(decision, conversation, running, Ended::Failed(leaked.into()), Answer::default(), env);
            }
        };
        let facts = self.workspace.facts(&running.model);
        let tokens = gauge::calibrated(assembled.tokens, &facts);
        if let Some(window) = facts.window.filter(|window| tokens > window.saturating_mul(2)) {
            // The estimate may be off by a third, never by half: this can't fit, and asking would cost a long upload.
            let model = &running.model;
            let failure = Failure::new(
                FailureKind::Overflow { needed: Some(tokens), window: Some(window) },
                format!(
                    "Not sent: about {tokens} tokens don't fit the {window} of {model}. Start anew with Ctrl-X n, or choose \
                     a model with a larger window."
                ),
            );
            return self.end(decision, conversation, running, Ended::Failed(failure), Answer::default(), env);
        }
        if !assembled.growth.is_empty() {
            // On disk before it is sent: what comes back under these pseudonyms can be told again.
            decision = decision.event(Event::TableGrown { conversation: id, table: assembled.growth });
        }
        decision.effects.push(Effect::Request { conversation: id, turn, outbound });
        let is_told = self.workspace.settings.facts(&running.model).window.is_some() || running.model.is_offline();
        if !is_told {
            // Nobody wrote how much fits: its own server may say, and what it says now is better than what it said once.
            decision.effects.push(Effect::Look { model: running.model.clone() });
        }
        decision
    }

    /// What all panes work towards, as far as it is anybody's business here.
    fn shared_with(&self, conversation: &Conversation) -> Option<Shared> {
        let text = self.workspace.settings.objective.clone().filter(|text| !text.is_empty())?;
        let header = &conversation.header;
        let boundary = self.workspace.has_hidden_beside(&header.pane).then(|| SharedBoundary {
            dictionary: self.workspace.dictionary_beside(&header.pane),
            is_open: header.settings.locality == Locality::Open,
        });
        Some(Shared { text, boundary })
    }

    /// The pause before another try is over. The prompt is put together anew: what was learned, tightened or given a
    /// pseudonym meanwhile counts.
    pub(super) fn rested(&self, id: ConversationId, turn: TurnId, env: &Env) -> Decision {
        let Some((conversation, running)) = self.running(id, turn) else { return Decision::nothing() };
        if let Err(refusal) = self.may_ask(conversation, &running.model) {
            let failure = Failure::new(FailureKind::Rejected, refusal.message);
            let ended = Ended::Failed(failure);
            return self.end(Decision::nothing(), conversation, running, ended, Answer::default(), env);
        }
        let messages = conversation.branch(Some(running.prompt));
        Decision::nothing().effect(Effect::Fetch { conversation: id, turn, messages })
    }

    /// What a provider told of a model, learned if it is news.
    pub(super) fn known_now(&self, model: ModelRef, facts: &ModelFacts) -> Decision {
        let old = self.workspace.learned.get(&model.to_string()).cloned().unwrap_or_default();
        let facts = facts.completed_by(&old);
        if facts == old {
            return Decision::nothing();
        }
        Decision::nothing().event(Event::ModelLearned { model, facts })
    }

    pub(super) fn answered(&self, id: ConversationId, turn: TurnId, answer: Answer, env: &Env) -> Decision {
        let Some((conversation, running)) = self.running(id, turn) else { return Decision::nothing() };
        self.end(Decision::nothing(), conversation, running, Ended::Whole, answer, env)
    }

    /// Whether nobody has told yet how much this model holds.
    pub(super) fn lacks_window(&self, model: &ModelRef) -> bool {
        !model.is_offline() && self.workspace.facts(model).window.is_none()
    }

    pub(super) fn failed(
        &self,
        id: ConversationId,
        turn: TurnId,
        attempt: u32,
        failure: Failure,
        so_far: Answer,
        env: &Env,
    ) -> Decision {
        let Some((conversation, running)) = self.running(id, turn) else { return Decision::nothing() };
        let mut failure = failure;
        // Text that has come was paid for and read: a second try would throw it away, so the person decides.
        if so_far.is_empty() {
            let next = self.next_model(conversation, running, &failure);
            let tries = attempt.saturating_sub(conversation.header.tries_before);
            let pause = failure.retry_after().unwrap_or_else(|| backoff(tries, env));
            if self.may_try_again(&failure, tries, pause, next.model.is_some()) {
                let (seconds, all) = (pause.as_secs_f64().ceil().max(1.0), self.workspace.settings.retries + 1);
                let notice = format!("{failure} Trying again in {seconds} s ({} of {all}). Ctrl-C stops.", tries + 1);
                return Decision::nothing()
                    .effect(Effect::Tell { conversation: Some(id), notice })
                    .effect(Effect::Retry { conversation: id, turn, attempt: attempt + 1, after: pause });
            }
            if let Some(moved) = self.moves_by_itself(conversation, running, attempt, &failure, env) {
                return moved;
            }
            failure.message.push_str(&next.why_not());
            if let Some(model) = next.model {
                let offer = self.offer_of_move(conversation, running, &failure);
                return pass_on(conversation, running, attempt, failure, model, offer.as_deref());
            }
        }
        let counted = unanswered(conversation, running, &failure).filter(|_| so_far.is_empty());
        let mut decision = Decision::nothing().events_of(counted);
        if let FailureKind::Overflow { window: Some(window), .. } = failure.kind {
            let known = self.workspace.facts(&running.model);
            if known.window != Some(window) {
                let facts = ModelFacts { window: Some(window), ..known };
                decision.events.push(Event::ModelLearned { model: running.model.clone(), facts });
            }
        }
        if so_far.is_empty() {
            match self.after_overflow(decision, conversation, &failure, env) {
                Ok(instead) => return instead,
                Err(as_it_was) => decision = as_it_was,
            }
        }
        self.end(decision, conversation, running, Ended::Failed(failure), so_far, env)
    }

    /// Whether the same model is asked again. Where another one stands ready, nobody waits for long.
    fn may_try_again(&self, failure: &Failure, tries: u32, pause: Duration, has_other: bool) -> bool {
        let is_slow = failure.kind == FailureKind::TimedOut || pause > LONGEST_PAUSE_BEFORE_ANOTHER;
        failure.kind.is_transient()
            && tries <= self.workspace.settings.retries
            && pause <= LONGEST_ASKED_PAUSE
            && !(has_other && is_slow)
    }

    pub(super) fn stopped(
        &self,
        id: ConversationId,
        turn: TurnId,
        by: Interruption,
        so_far: Answer,
        env: &Env,
    ) -> Decision {
        // A handoff may have carried it on between the word to stop and its end.
        let carried = || self.conversations.keys().find_map(|id| self.running(*id, turn));
        let Some((conversation, running)) = self.running(id, turn).or_else(carried) else { return Decision::nothing() };
        let decision = drop_handoff(Decision::nothing(), conversation, "it was stopped");
        self.end(decision, conversation, running, Ended::Interrupted(by), so_far, env)
    }

    /// Turns that were open when the program ended without a word: interrupted, with the text that was on disk.
    pub(super) fn recover(&self, partials: Vec<Partial>, env: &Env) -> Decision {
        let mut partials: BTreeMap<TurnId, Partial> =
            partials.into_iter().map(|partial| (partial.turn, partial)).collect();
        let mut decision = Decision::nothing();
        for conversation in self.conversations.values() {
            decision = drop_handoff(decision, conversation, "the program ended meanwhile");
            let Some(running) = &conversation.header.turn else { continue };
            let parts = partials.remove(&running.id).map(|partial| partial.parts).unwrap_or_default();
            let so_far = Answer { parts, ..Answer::default() };
            decision = self.end(decision, conversation, running, Ended::Interrupted(Interruption::Crash), so_far, env);
        }
        decision
    }

    pub(super) fn stop(&self, from: Asker, id: ConversationId) -> Result<Decision, Refusal> {
        let conversation = self.known(id)?;
        let Some(running) = &conversation.header.turn else {
            if conversation.header.succession.underway.is_some() {
                let decision = drop_handoff(Decision::nothing(), conversation, "it was stopped");
                return Ok(decision.reply(from, Reply::Done));
            }
            let name = &conversation.header.pane;
            return Err(Refusal::new(RefusalKind::NotNow, format!("Nothing runs in {name}.")));
        };
        let cancel = Effect::Cancel { conversation: id, turn: running.id, by: Interruption::Person };
        Ok(Decision::nothing().effect(cancel).reply(from, Reply::Done))
    }

    pub(super) fn stop_all(&self, from: Asker, by: Interruption) -> Decision {
        let running =
            |conversation: &Conversation| Some((conversation.header.id, conversation.header.turn.as_ref()?.id));
        let cancels = self.conversations.values().filter_map(running);
        let decision = cancels.fold(Decision::nothing(), |decision, (conversation, turn)| {
            decision.effect(Effect::Cancel { conversation, turn, by })
        });
        let idle = self.conversations.values().filter(|conversation| conversation.header.turn.is_none());
        let decision = idle.fold(decision, |decision, idle| drop_handoff(decision, idle, "it was stopped"));
        decision.reply(from, Reply::Done)
    }

    pub(super) fn end(
        &self,
        decision: Decision,
        conversation: &Conversation,
        running: &Turn,
        ended: Ended,
        answer: Answer,
        env: &Env,
    ) -> Decision {
        let (id, turn) = (conversation.header.id, running.id);
        let is_empty = answer.is_empty();
        let ending = match &ended {
            Ended::Whole => answer.ending,
            Ended::Failed(failure) => Ending::Failed { failure: failure.clone() },
            Ended::Interrupted(by) => Ending::Interrupted { by: *by },
        };
        let usage = answer.usage.or_else(|| (!is_empty).then(|| estimated(conversation, &answer.parts)));
        let message = Message {
            id: MessageId::new(env),
            conversation: id,
            number: conversation.header.last_number + 1,
            parent: Some(running.prompt),
            author: Author::Model,
            at: env.now,
            parts: answer.parts,
            ending,
            about: None,
            turn: Some(turn),
            model: Some(running.model.clone()),
            usage,
        };
        let partial = |message: Message| if is_empty { None } else { Some(message) };
        let paid = message.usage.and_then(|usage| self.paid(&running.model, &usage));
        let ended = match ended {
            Ended::Whole => Event::TurnEnded { conversation: id, turn, message },
            Ended::Failed(failure) => Event::TurnFailed { conversation: id, turn, failure, message: partial(message) },
            Ended::Interrupted(by) => Event::TurnInterrupted { conversation: id, turn, by, message: partial(message) },
        };
        let learned = match &ended {
            Event::TurnEnded { message, .. } => self.counted(conversation, running, message),
            _ => None,
        };
        let mut decision = decision.event(ended);
        decision.events.extend(learned);
        match paid {
            Some(spend) => decision.event(Event::Spent { conversation: id, turn, spend }),
            None => decision,
        }
    }

    /// What an answer teaches about how its model counts: told and estimated tokens of the same request, smoothed.
    fn counted(&self, conversation: &Conversation, running: &Turn, message: &Message) -> Option<Event> {
        let usage = message.usage.filter(|usage| !usage.estimated && usage.input > 0)?;
        let header = &conversation.header;
        let branch = conversation.branch(Some(running.prompt));
        let tokens = branch.iter().filter_map(|id| conversation.messages.get(id)).map(|entry| entry.tokens);
        let estimated = tokens.fold(gauge::standing(&header.settings, &header.pins), u32::saturating_add);
        if estimated < ENOUGH_TO_LEARN_FROM {
            return None;
        }
        let now = f64::from(usage.input) / f64::from(estimated);
        let old = self.workspace.learned.get(&running.model.to_string()).cloned().unwrap_or_default();
        let smoothed = old.per_estimated.map_or(now, |before| before.mul_add(1.0 - WEIGHT_OF_ONE, now * WEIGHT_OF_ONE));
        // To the thousandth: a fact that changes nothing isn't one.
        let smoothed = (smoothed * 1_000.0).round() / 1_000.0;
        let is_news = old.per_estimated.is_none_or(|before| (smoothed - before).abs() > before * 0.02);
        let facts = ModelFacts { per_estimated: Some(smoothed), ..old };
        is_news.then(|| Event::ModelLearned { model: running.model.clone(), facts })
    }

    /// What a turn cost; nothing, where the price is unknown or nobody asks for money.
    pub(super) fn paid(&self, model: &ModelRef, usage: &Usage) -> Option<Spend> {
        let spend = Spend::of(usage, &self.workspace.facts(model))?;
        (!spend.is_nothing()).then_some(spend)
    }
}

pub(super) enum Ended {
    Whole,
    Failed(Failure),
    Interrupted(Interruption),
}

/// What a turn used whose provider didn't say: it was stopped, it broke off, or the server never tells.
fn estimated(conversation: &Conversation, parts: &[Part]) -> Usage {
    let output = parts.iter().fold(0_u32, |sum, part| match part {
        Part::Text { text } | Part::Reasoning { text } => sum.saturating_add(meter::estimate(text)),
        Part::Attachment(_) | Part::Unknown(_) => sum,
    });
    Usage { input: conversation.meter().tokens(), output, estimated: true, ..Usage::default() }
}

/// One second, doubled with every try, give or take a quarter so that panes don't knock together.
pub(super) fn backoff(attempt: u32, env: &Env) -> Duration {
    let base =
        Duration::from_secs(1).saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1))).min(LONGEST_RETRY_PAUSE);
    let jitter = 0.75 + (env.ids.bits() % 1_000) as f64 / 2_000.0;
    base.mul_f64(jitter)
}
