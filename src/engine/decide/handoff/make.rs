//! A handoff step by step: material, narrative, document; and what follows when a step fails.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::aside::Purpose;
use crate::engine::conversation::Conversation;
use crate::engine::effect::Effect;
use crate::engine::event::Event;
use crate::engine::failure::{Failure, FailureKind};
use crate::engine::handoff::{Aim, Cause, Making, Plan, Surveyed, Woven, ready_name, whole, whole_lines};
use crate::engine::id::{AsideId, Env, MessageId};
use crate::engine::input::Answer;
use crate::engine::locality::Outbound;
use crate::engine::message::{Ending, Message, Usage};
use crate::engine::meter;
use crate::engine::model::ModelRef;
use crate::engine::op::{HandoffDraft, Refusal, RefusalKind, Reply};
use crate::engine::workspace::Engine;

use super::super::Decision;
use super::super::aside::{join, text_of};
use super::super::turn::{Ended, backoff};
use super::aside_of;
use super::carry::stood_for;
use super::plan::tail;

/// How many requests for a narrative may fail before the ledger goes alone.
const TRIES: u32 = 3;

/// The longest pause before a request for a narrative is made again: the ledger is there already.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

impl Engine {
    /// The conversation of a handoff that is still wanted; `None` if this is a late result.
    fn wanted(&self, plan: &Plan) -> Option<&Conversation> {
        let conversation = self.conversations.get(&plan.conversation)?;
        let underway = conversation.header.succession.underway.as_ref().map(|underway| underway.handoff);
        (plan.aim != Aim::Carry || underway == Some(plan.handoff)).then_some(conversation)
    }

    /// The material is there: a model is asked for the narrative, or the ledger goes alone.
    pub(in crate::engine::decide) fn surveyed(&self, plan: Plan, surveyed: Surveyed, env: &Env) -> Decision {
        let Some(conversation) = self.wanted(&plan) else { return gone(&plan) };
        let material = match surveyed {
            Ok(material) => material,
            Err(refusal) => return self.give_up(conversation, &plan, refusal, env),
        };
        if plan.aim == Aim::Ready {
            let pins: Vec<String> = conversation.header.pins.iter().map(|pin| pin.text.to_string()).collect();
            let (name, text) = (ready_name(&plan.pane, plan.conversation), whole(&pins, &material.document));
            return Decision::nothing().effect(Effect::KeepDocument { conversation: plan.conversation, name, text });
        }
        let making = Making { plan, material: Some(material), answers: Vec::new(), mended: false, given: None };
        self.next_part(conversation, making, Duration::ZERO)
    }

    /// Asks for the next part of the narrative, or weaves what there is.
    fn next_part(&self, conversation: &Conversation, making: Making, after: Duration) -> Decision {
        let request =
            making.material.as_ref().and_then(|material| material.requests.get(making.answers.len())).cloned();
        match request {
            Some(request) if self.may_spend(conversation).is_ok() => ask(making, request, after),
            _ => weaving(Decision::nothing(), conversation, making),
        }
    }

    /// A part of the narrative was written.
    pub(in crate::engine::decide) fn narrated(&self, aside: AsideId, making: Making, answer: &Answer) -> Decision {
        let decision = self.narrative_paid(aside, &making, answer);
        let Some(conversation) = self.wanted(&making.plan) else { return join(decision, gone(&making.plan)) };
        let mut making = making;
        let text = text_of(answer);
        making.answers.push(match &answer.ending {
            Ending::Complete => text,
            Ending::Refused => String::new(),
            Ending::Length | Ending::Interrupted { .. } | Ending::Failed { .. } => whole_lines(&text).to_owned(),
        });
        join(decision, self.next_part(conversation, making, Duration::ZERO))
    }

    /// A request for the narrative failed: again, by another model, in smaller parts, or without.
    pub(in crate::engine::decide) fn not_narrated(
        &self,
        aside: AsideId,
        making: Making,
        failure: &Failure,
        so_far: &Answer,
        env: &Env,
    ) -> Decision {
        let decision =
            if so_far.is_empty() { Decision::nothing() } else { self.narrative_paid(aside, &making, so_far) };
        let Some(conversation) = self.wanted(&making.plan) else { return join(decision, gone(&making.plan)) };
        let mut making = making;
        making.plan.tries += 1;
        making.plan.failure = Some(failure.message.clone());
        let begun = whole_lines(&text_of(so_far)).to_owned();
        if !begun.is_empty() {
            // It was paid for: what came whole is used, and nothing is asked twice.
            making.answers.push(begun);
            return join(decision, self.next_part(conversation, making, Duration::ZERO));
        }
        if making.plan.tries >= TRIES {
            return join(decision, weaving(Decision::nothing(), conversation, making));
        }
        if matches!(failure.kind, FailureKind::Overflow { .. }) {
            making.plan.sizes.material /= 2;
            return join(decision, self.surveying(Decision::nothing(), conversation, making.plan));
        }
        if let Some(model) = self.other_writer(conversation, &making.plan, failure) {
            let notice = format!("{failure} {model} writes the handoff of {} instead.", making.plan.pane);
            let plan = &mut making.plan;
            plan.failed.extend(plan.writer.take());
            self.written_by(plan, model);
            let told = decision.effect(Effect::Tell { conversation: Some(conversation.header.id), notice });
            return self.surveying(told, conversation, making.plan);
        }
        let pause = failure.retry_after().unwrap_or_else(|| backoff(making.plan.tries, env));
        if failure.kind.is_transient() && pause <= LONGEST_PAUSE && self.workspace.settings.retries > 0 {
            return join(decision, self.next_part(conversation, making, pause));
        }
        join(decision, weaving(Decision::nothing(), conversation, making))
    }

    /// The next model that may write the narrative. To another provider it is a crossing, and checked like one.
    fn other_writer(&self, conversation: &Conversation, plan: &Plan, failure: &Failure) -> Option<ModelRef> {
        let failed = plan.writer.as_ref()?;
        if !failure.kind.may_pass_elsewhere() {
            return None;
        }
        let chain = self.workspace.settings.fallback.iter();
        let mut others = chain.filter(|model| !model.is_offline() && *model != failed && !plan.failed.contains(model));
        others.find(|model| self.may_pass(conversation, failed, model).is_ok()).cloned()
    }

    /// The document is there: shown, mended once, or carried.
    pub(in crate::engine::decide) fn woven(
        &self,
        making: Making,
        woven: Result<Woven, Refusal>,
        along: Vec<Message>,
        env: &Env,
    ) -> Decision {
        let mut along = along;
        let Some(conversation) = self.wanted(&making.plan) else { return gone(&making.plan) };
        let woven = match woven {
            Ok(woven) => woven,
            Err(refusal) => return self.give_up(conversation, &making.plan, refusal, env),
        };
        if let Some(request) = woven.mend.clone()
            && making.plan.tries < TRIES
            && self.may_spend(conversation).is_ok()
        {
            return ask(Making { mended: true, ..making }, request, Duration::ZERO);
        }
        if making.plan.aim == Aim::Draft {
            return self.drafted(conversation, &making, woven);
        }
        if !conversation.branch(conversation.header.head).contains(&making.plan.head) {
            let why = format!("Not handed off: {} is on another branch now.", making.plan.pane);
            return self.give_up(conversation, &making.plan, Refusal::new(RefusalKind::NotNow, why), env);
        }
        let is_there = |id: &MessageId| conversation.messages.get(id).is_some_and(|entry| !entry.erased);
        let mut expected = tail(conversation, making.plan.head);
        expected.retain(is_there);
        along.retain(|message| is_there(&message.id));
        if !expected.iter().eq(along.iter().map(|message| &message.id)) {
            // Something was said meanwhile.
            return weaving(Decision::nothing(), conversation, making);
        }
        self.carry(conversation, &making, &woven, along, env)
    }

    fn drafted(&self, conversation: &Conversation, making: &Making, woven: Woven) -> Decision {
        let plan = &making.plan;
        let Some(asker) = plan.asker else { return Decision::nothing() };
        let header = &conversation.header;
        let gauge = self.gauge_at(conversation, Some(plan.head));
        let (tokens, after) = self.tokens_of(conversation, &woven.document);
        let draft = HandoffDraft {
            conversation: header.id,
            head: plan.head,
            by: writer(making, &woven),
            document: woven.document,
            pins: header.pins.iter().map(|pin| pin.text.to_string()).collect(),
            messages: stood_for(conversation, plan.head),
            appended: woven.appended,
            invented: woven.invented,
            failure: plan.failure.clone().filter(|_| woven.told == 0),
            tokens,
            limit: gauge.room.map(|room| room.document),
            before: gauge.tokens,
            after,
        };
        Decision::nothing().reply(asker, Reply::HandoffDraft(Box::new(draft)))
    }

    /// Gives a handoff up. The conversation is as it was; a turn that waited goes on here, or fails if it can't.
    pub(super) fn give_up(&self, conversation: &Conversation, plan: &Plan, refusal: Refusal, env: &Env) -> Decision {
        let id = conversation.header.id;
        if plan.aim != Aim::Carry {
            return plan.asker.map_or_else(Decision::nothing, |asker| Decision::refuse(asker, refusal));
        }
        let running = conversation.header.turn.as_ref();
        let why = refusal.message.clone();
        let dropped = Event::HandoffDropped { conversation: id, handoff: plan.handoff, why, holds: running.is_some() };
        let mut decision = Decision::nothing().event(dropped);
        decision = match plan.asker {
            Some(asker) => decision.reply(asker, Reply::Refused(refusal.clone())),
            None => decision.effect(Effect::Tell { conversation: Some(id), notice: refusal.message.clone() }),
        };
        match running {
            Some(running) if plan.cause == Cause::Overflow => {
                let kind = FailureKind::Overflow { needed: None, window: None };
                let failure = Failure::new(kind, format!("The message is too long for {}. {refusal}", running.model));
                self.end(decision, conversation, running, Ended::Failed(failure), Answer::default(), env)
            }
            Some(running) => {
                let messages = conversation.branch(Some(running.prompt));
                decision.effect(Effect::Fetch { conversation: id, turn: running.id, messages })
            }
            None => decision,
        }
    }

    /// What an aside cost, at the price that is known.
    fn narrative_paid(&self, aside: AsideId, making: &Making, answer: &Answer) -> Decision {
        let Some(model) = &making.plan.writer else { return Decision::nothing() };
        let usage = answer.usage.unwrap_or_else(|| estimated(making, answer));
        self.paid_aside(aside, making.plan.conversation, model, &usage)
    }
}

/// Makes the document of what there is, and reads what goes along.
pub(super) fn weaving(decision: Decision, conversation: &Conversation, making: Making) -> Decision {
    let tail = tail(conversation, making.plan.head);
    decision.effect(Effect::Weave { making: Box::new(making), tail })
}

fn ask(making: Making, outbound: Outbound, after: Duration) -> Decision {
    let (aside, conversation) = (aside_of(making.plan.handoff), making.plan.conversation);
    let purpose = Purpose::Narrative(Box::new(making));
    Decision::nothing().effect(Effect::Aside { aside, conversation, outbound, purpose, after })
}

/// The handoff is over for another reason: whoever still waits for it is told.
pub(in crate::engine::decide) fn gone(plan: &Plan) -> Decision {
    let refusal =
        Refusal::new(RefusalKind::NotNow, format!("The handoff of {} was stopped. Nothing has changed.", plan.pane));
    plan.asker.map_or_else(Decision::nothing, |asker| Decision::refuse(asker, refusal))
}

/// Who wrote a document.
pub(super) fn writer(making: &Making, woven: &Woven) -> crate::engine::handoff::Writer {
    use crate::engine::handoff::Writer;
    match (&making.given, &making.plan.writer) {
        (Some(given), _) => given.drafted.as_ref().map_or(Writer::Person, |drafted| drafted.by.clone()),
        (None, Some(model)) if woven.told > 0 => Writer::Model { model: model.clone() },
        (None, _) => Writer::Code,
    }
}

fn estimated(making: &Making, answer: &Answer) -> Usage {
    let request = making
        .material
        .as_ref()
        .map(Arc::as_ref)
        .and_then(|material| material.requests.get(making.answers.len()).or_else(|| material.requests.last()));
    let input = request.map_or(0, |request| {
        request
            .request()
            .said
            .iter()
            .fold(meter::estimate(&request.request().system), |sum, said| sum + meter::estimate(&said.text))
    });
    Usage { input, output: meter::estimate(&text_of(answer)), estimated: true, ..Usage::default() }
}
