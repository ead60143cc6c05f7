//! Assist: what a model may be asked to propose for a brief, and what of its answer is proposed.

use std::time::Duration;

use crate::engine::aside::Purpose;
use crate::engine::brief::{Asking, Fields, Proposing, Quote, Ready};
use crate::engine::conversation::Conversation;
use crate::engine::effect::Effect;
use crate::engine::event::Event;
use crate::engine::failure::Failure;
use crate::engine::gauge::{self, Room};
use crate::engine::handoff::whole_lines;
use crate::engine::id::{AsideId, ConversationId, Env};
use crate::engine::input::{Answer, Asker};
use crate::engine::message::{Ending, Usage};
use crate::engine::meter;
use crate::engine::model::ModelRef;
use crate::engine::op::{Refusal, RefusalKind, Reply};
use crate::engine::settings::Locality;
use crate::engine::workspace::Engine;

use super::super::Decision;
use super::super::aside::{join, text_of};
use super::super::send::has_message;

/// How many of the newest messages are read where nothing is marked.
const NEWEST: usize = 16;

/// The longest answer asked for, in tokens: four fields have no more to say.
const LONGEST_ANSWER: u32 = 512;

/// The instructions, headings and marks of a request, in estimated tokens.
const AROUND: u32 = 320;

/// The least and the most estimated tokens that are quoted: less tells a model nothing, more isn't worth its price.
const MATERIAL: (u32, u32) = (96, 6_000);

impl Engine {
    /// Asks this conversation's model what the empty fields of a brief could say. One is asked at a time.
    pub(in crate::engine::decide) fn assist(
        &self,
        from: Asker,
        conversation: ConversationId,
        fields: Fields,
        context: Vec<Quote>,
        env: &Env,
    ) -> Result<Decision, Refusal> {
        let asking = Box::new(self.asking(from, conversation, fields, context, env.ids.bits())?);
        let decision = Decision::nothing().effect(Effect::CancelAssist { conversation });
        Ok(decision.effect(Effect::Assist { aside: AsideId::new(env), asking }))
    }

    pub(in crate::engine::decide) fn stop_assist(
        &self,
        from: Asker,
        conversation: ConversationId,
    ) -> Result<Decision, Refusal> {
        self.known(conversation)?;
        Ok(Decision::nothing().effect(Effect::CancelAssist { conversation }).reply(from, Reply::Done))
    }

    /// What is asked as things stand now, or why nothing may be.
    fn asking(
        &self,
        asker: Asker,
        id: ConversationId,
        fields: Fields,
        context: Vec<Quote>,
        seed: u64,
    ) -> Result<Asking, Refusal> {
        let conversation = self.known(id)?;
        let header = &conversation.header;
        if fields.empty_slots().is_empty() {
            return Err(not_now("every field is written. Empty the one that shall be proposed"));
        }
        if header.model.is_offline() {
            return Err(not_now("offline is no language model. Ctrl-X m chooses one, Ctrl-X t fills in a template"));
        }
        self.may_ask(conversation, &header.model).and_then(|()| self.may_spend(conversation)).map_err(not_sent)?;
        let (own, foreign) = self.sources(conversation, &context)?;
        let is_marked = !own.is_empty() || !foreign.is_empty();
        let own = if is_marked { own } else { newest(conversation) };
        if own.is_empty() && foreign.is_empty() && fields.is_empty() {
            return Err(not_now("nothing was said here yet. Ask something first, or write the objective"));
        }
        let gathering = if foreign.is_empty() { None } else { Some(self.gathering(id, foreign, Vec::new())?) };
        let (material, output) = self.room_for(&header.model)?;
        let foreign = gathering.as_ref().map(|gathering| gathering.locality).unwrap_or_default();
        Ok(Asking {
            asker,
            conversation: id,
            pane: header.pane.clone(),
            model: header.model.clone(),
            fields,
            context,
            own,
            is_marked,
            gathering,
            table: self.workspace.tables.get(&id).cloned().unwrap_or_default(),
            names: self.workspace.dictionary(),
            material,
            output,
            locality: header.settings.locality.max(foreign),
            seed,
        })
    }

    /// What is quoted of this conversation, and of others. Sealed text of another pane goes to no model but its own.
    fn sources(&self, conversation: &Conversation, context: &[Quote]) -> Result<(Vec<Quote>, Vec<Quote>), Refusal> {
        let (mut own, mut foreign) = (Vec::new(), Vec::new());
        for quote in context {
            let source = self.known(quote.conversation)?;
            has_message(source, quote.message)?;
            if source.header.id == conversation.header.id {
                own.push(quote.clone());
                continue;
            }
            if source.header.settings.locality == Locality::Sealed {
                let (name, pane) = (&source.header.pane, &conversation.header.pane);
                return Err(Refusal::new(
                    RefusalKind::Forbidden,
                    format!(
                        "Nothing was proposed: {name} is sealed, and the model of {pane} may not read it. Unmark what is \
                         quoted of it."
                    ),
                ));
            }
            foreign.push(quote.clone());
        }
        Ok((own, foreign))
    }

    /// How much may be quoted, in estimated tokens, and how long the answer may be, as the model counts.
    fn room_for(&self, model: &ModelRef) -> Result<(u32, u32), Refusal> {
        let facts = self.workspace.facts(model);
        // Of an unknown window only so much is taken as every model has.
        let window = facts.window.unwrap_or(4_096);
        let room = Room::of(window, self.workspace.settings.max_output.or(facts.output));
        let output = room.output.min(gauge::calibrated(LONGEST_ANSWER, &facts));
        let left = window.saturating_sub(output).saturating_sub(gauge::calibrated(AROUND, &facts));
        let (least, most) = MATERIAL;
        // A fifth is kept for what the estimate is off by.
        let material = gauge::estimate_for(left / 5 * 4, &facts).min(most);
        if material < least {
            return Err(not_now(&format!("the {window} tokens of {model} are too few to read anything in")));
        }
        Ok((material, output))
    }

    /// The request is put together: it is sent, unless something else would be asked by now.
    pub(in crate::engine::decide) fn assist_ready(
        &self,
        aside: AsideId,
        asking: Asking,
        ready: Result<Ready, Refusal>,
    ) -> Decision {
        let asker = asking.asker;
        let ready = match ready {
            Ok(ready) => ready,
            Err(refusal) => return Decision::refuse(asker, refusal),
        };
        // Meanwhile a locality may have been tightened, a name learned, a message forgotten: then it is read again.
        let now = self.asking(asker, asking.conversation, asking.fields.clone(), asking.context.clone(), asking.seed);
        match now {
            Err(refusal) => return Decision::refuse(asker, refusal),
            Ok(now) if now != asking => {
                return Decision::nothing().effect(Effect::Assist { aside, asking: Box::new(now) });
            }
            Ok(_) => {}
        }
        let tokens = ready.tokens();
        let Ready { outbound, growth, brought } = ready;
        let Asking { conversation, model, fields, locality, .. } = asking;
        let mut decision = Decision::nothing();
        if !growth.is_empty() {
            // On disk before it is sent: what comes back under these pseudonyms can be told again.
            decision = decision.event(Event::TableGrown { conversation, table: growth });
        }
        let wanted = fields.empty_slots();
        let proposing = Proposing { asker, conversation, model, wanted, brought, locality, tokens };
        let purpose = Purpose::Proposals(Box::new(proposing));
        decision.effect(Effect::Aside { aside, conversation, outbound, purpose, after: Duration::ZERO })
    }

    /// The model has answered: what can be used of it is proposed.
    pub(in crate::engine::decide) fn proposed(
        &self,
        aside: AsideId,
        proposing: &Proposing,
        answer: &Answer,
    ) -> Decision {
        let decision = self.proposals_paid(aside, proposing, answer);
        let text = text_of(answer);
        let text = match &answer.ending {
            Ending::Complete => text.as_str(),
            Ending::Refused => "",
            Ending::Length | Ending::Interrupted { .. } | Ending::Failed { .. } => whole_lines(&text),
        };
        join(decision, propose(proposing, text).unwrap_or_else(|| nothing_usable(proposing, &answer.ending)))
    }

    /// The request failed. What came whole before that was paid for, and is proposed.
    pub(in crate::engine::decide) fn not_proposed(
        &self,
        aside: AsideId,
        proposing: &Proposing,
        failure: &Failure,
        so_far: &Answer,
    ) -> Decision {
        if so_far.is_empty() {
            return failed(proposing, failure);
        }
        let decision = self.proposals_paid(aside, proposing, so_far);
        let begun = text_of(so_far);
        join(decision, propose(proposing, whole_lines(&begun)).unwrap_or_else(|| failed(proposing, failure)))
    }

    fn proposals_paid(&self, aside: AsideId, proposing: &Proposing, answer: &Answer) -> Decision {
        let Proposing { conversation, model, tokens, .. } = proposing;
        let output = || meter::estimate(&text_of(answer));
        let estimated = || Usage { input: *tokens, output: output(), estimated: true, ..Usage::default() };
        let usage = answer.usage.unwrap_or_else(estimated);
        self.paid_aside(aside, *conversation, model, &usage)
    }
}

/// The newest messages that say something, oldest first.
fn newest(conversation: &Conversation) -> Vec<Quote> {
    let header = &conversation.header;
    let is_there = |id: &_| conversation.messages.get(id).is_some_and(|entry| !entry.erased);
    let branch = conversation.branch(header.head).into_iter().rev().filter(is_there).take(NEWEST);
    let mut quotes: Vec<Quote> =
        branch.map(|message| Quote { conversation: header.id, message, passage: None }).collect();
    quotes.reverse();
    quotes
}

/// The answer with its proposals; `None` if there are none.
fn propose(proposing: &Proposing, text: &str) -> Option<Decision> {
    let fields = proposing.read(text);
    let (by, from) = (proposing.model.clone(), proposing.locality);
    let reply = (!fields.is_empty()).then_some(Reply::Proposed { fields, by, from })?;
    Some(Decision::nothing().reply(proposing.asker, reply))
}

fn nothing_usable(proposing: &Proposing, ending: &Ending) -> Decision {
    let did = if *ending == Ending::Refused { "refused to answer" } else { "answered nothing that can be used" };
    let model = &proposing.model;
    let why = format!("{model} {did}. Try again, or choose another model with Ctrl-X m");
    Decision::refuse(proposing.asker, not_now(&why))
}

fn failed(proposing: &Proposing, failure: &Failure) -> Decision {
    let message = format!("Nothing was proposed. {failure}");
    Decision::refuse(proposing.asker, Refusal::new(RefusalKind::NotNow, message))
}

/// Whoever waits for proposals that were given up is told.
pub(in crate::engine::decide) fn not_asked(asker: Asker) -> Decision {
    Decision::refuse(asker, not_now("it was stopped"))
}

fn not_now(why: &str) -> Refusal {
    Refusal::new(RefusalKind::NotNow, format!("Nothing was proposed: {why}."))
}

/// A refusal to send, told of proposals.
fn not_sent(refusal: Refusal) -> Refusal {
    match refusal.message.strip_prefix("Not sent: ") {
        Some(why) => Refusal::new(refusal.kind, format!("Nothing was proposed: {why}")),
        None => refusal,
    }
}
