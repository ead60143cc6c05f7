//! The life of a brief: composed, sent, accepted by its receiver, answered, returned. In effect exactly once: what stands
//! in the receiver is the fact, and everything else follows from it.

mod assist;
mod back;
mod listing;
mod rules;
#[cfg(test)]
mod tests;

pub(super) use self::assist::not_asked;
use crate::engine::brief::{About, Brief, Composed, Composition, Context, Draft, State, Why};
use crate::engine::conversation::Conversation;
use crate::engine::effect::Effect;
use crate::engine::event::Event;
use crate::engine::id::{BriefId, Env, MessageId};
use crate::engine::input::Asker;
use crate::engine::message::{Author, Ending, Interruption, Message, Part};
use crate::engine::op::{BriefDeed, Refusal, RefusalKind, Reply};
use crate::engine::settings::PaneName;
use crate::engine::workspace::Engine;

use super::Decision;
use super::send::{begin, has_message};

impl Engine {
    /// Composes for every receiver on a worker; what comes back is sent, or only shown.
    pub(in crate::engine::decide) fn brief(
        &self,
        from: Asker,
        draft: Box<Draft>,
        dry_run: bool,
        env: &Env,
    ) -> Result<Decision, Refusal> {
        self.may_brief(&draft)?;
        let quotes = draft.context.iter().map(|quote| {
            let source = self.known(quote.conversation)?;
            has_message(source, quote.message)?;
            Ok((source.header.pane.clone(), quote.clone()))
        });
        let quotes = quotes.collect::<Result<Vec<_>, Refusal>>()?;
        let (number, version) = self.next_number(&draft)?;
        let locality = self.strictest(&draft);
        let from_panes: Vec<PaneName> = draft.from.iter().filter_map(|id| self.pane_of(*id)).collect();
        let dictionary = self.workspace.dictionary();
        let seed = draft.seed.unwrap_or_else(|| env.ids.bits());
        let mut compositions = Vec::with_capacity(draft.to.len());
        for (place, to) in draft.to.iter().enumerate() {
            let receiver = self.known(*to)?;
            compositions.push(Composition {
                // Several receivers get briefs of their own, with numbers of their own.
                number: if version > 1 { number } else { number + u32::try_from(place).unwrap_or(0) },
                version,
                from: from_panes.clone(),
                to: *to,
                fields: draft.fields.clone(),
                returns: draft.returns,
                quoted: Vec::new(),
                locality,
                dictionary: dictionary.clone(),
                table: self.workspace.tables.get(to).cloned().unwrap_or_default(),
                seed,
                headroom: self.headroom(receiver),
                context: Context::of(receiver, locality),
            });
        }
        Ok(Decision::nothing().effect(Effect::Compose { to: from, draft, dry_run, quotes, compositions }))
    }

    /// What was composed: sent as a whole, or not at all.
    pub(in crate::engine::decide) fn composed(
        &self,
        from: Asker,
        draft: Box<Draft>,
        dry_run: bool,
        composed: Result<Vec<Composed>, Refusal>,
        env: &Env,
    ) -> Result<Decision, Refusal> {
        let composed = composed?;
        if dry_run || composed.iter().any(|one| !one.holds.is_empty()) {
            return Ok(Decision::nothing().reply(from, Reply::Briefs { composed, sent: Vec::new() }));
        }
        // Meanwhile a conversation may have gone, or a receiver's table may have grown: then it is composed again.
        self.may_brief(&draft)?;
        let (number, version) = self.next_number(&draft)?;
        let is_stale = |(place, one): (usize, &Composed)| {
            let known = self.workspace.tables.get(&one.to).map_or(0, |table| table.entries.len());
            let expected = if version > 1 { number } else { number + u32::try_from(place).unwrap_or(0) };
            one.read != (expected, known)
        };
        if composed.iter().enumerate().any(is_stale) {
            return self.brief(from, draft, dry_run, env);
        }
        let mut decision = Decision::nothing();
        let mut sent = Vec::with_capacity(composed.len());
        let parent = draft.from.first().and_then(|sender| self.working_on(*sender));
        for one in &composed {
            let id = BriefId::new(env);
            let brief = Brief {
                id,
                number: one.read.0,
                version,
                supersedes: draft.supersedes,
                fan_out: sent.first().copied().unwrap_or(id),
                parent: parent.map(|parent| parent.id),
                hops: parent.map_or(1, |parent| parent.hops + 1),
                from: draft.from.clone(),
                to: one.to,
                fields: draft.fields.clone(),
                context: draft.context.clone(),
                returns: draft.returns,
                unsealed: draft.unseal.clone(),
                payload: Some(one.payload.clone()),
                brought: one.replaced.iter().map(|replaced| replaced.pseudonym.clone()).collect(),
                sent: env.now,
                state: State::Sent,
                stands: None,
                steps: Vec::new(),
                held: Vec::new(),
            };
            sent.push(id);
            decision = self.send_brief(decision, &brief, one, env);
        }
        if let (Some(old), Some(new)) = (draft.supersedes, sent.first()) {
            decision = self.supersede(decision, old, *new, env);
        }
        Ok(decision.reply(from, Reply::Briefs { composed, sent }))
    }

    fn send_brief(&self, decision: Decision, brief: &Brief, composed: &Composed, env: &Env) -> Decision {
        let receiver = self.conversations.get(&brief.to).filter(|receiver| receiver.header.turn.is_none());
        // What crosses is journaled once: in the receiver's message, or with the brief while it waits.
        let payload = if receiver.is_some() { None } else { brief.payload.clone() };
        let mut decision = decision.event(Event::BriefSent { brief: Brief { payload, ..brief.clone() } });
        if !composed.growth.is_empty() {
            decision = decision.event(Event::TableGrown { conversation: brief.to, table: composed.growth.clone() });
        }
        match receiver {
            Some(receiver) => accept(decision, brief, receiver, Why::Idle, env),
            None => decision,
        }
    }

    fn supersede(&self, decision: Decision, old: BriefId, by: BriefId, env: &Env) -> Decision {
        let Some(brief) = self.workspace.briefs.get(&old) else { return decision };
        let report = brief.report();
        advance(decision, brief, State::Superseded { by, message: brief.message(), report }, Why::Newer, env)
    }

    /// A person's word about a brief that was sent.
    pub(in crate::engine::decide) fn turn_brief(
        &self,
        from: Asker,
        id: BriefId,
        deed: BriefDeed,
        env: &Env,
    ) -> Result<Decision, Refusal> {
        let brief =
            self.workspace.briefs.get(&id).ok_or_else(|| {
                Refusal::new(RefusalKind::Unknown, format!("There is no brief {id} in this workspace."))
            })?;
        let not_now = |what: &str| {
            let (number, word) = (brief.number, brief.state.word());
            Err(Refusal::new(RefusalKind::NotNow, format!("Brief {number} is {word}: {what}.")))
        };
        let decision = Decision::nothing();
        match (deed, &brief.state) {
            (BriefDeed::Accept, State::Sent) => {
                let receiver = self.ready(brief.to)?;
                Ok(accept(decision, brief, receiver, Why::Person, env).reply(from, Reply::Done))
            }
            (BriefDeed::Accept, _) => not_now("only one that waits can be accepted"),
            (BriefDeed::Decline, State::Sent) => {
                Ok(advance(decision, brief, State::Declined, Why::Person, env).reply(from, Reply::Done))
            }
            (BriefDeed::Decline, _) => not_now("only one that waits can be declined"),
            (BriefDeed::Cancel, State::Sent | State::Failed { .. } | State::Answered { .. }) => {
                Ok(advance(decision, brief, State::Cancelled, Why::Person, env).reply(from, Reply::Done))
            }
            (BriefDeed::Cancel, State::Accepted { .. }) => {
                let mut decision = advance(decision, brief, State::Cancelled, Why::Person, env);
                if let Some(turn) = self.conversations.get(&brief.to).and_then(|to| to.header.turn.as_ref()) {
                    let by = Interruption::Person;
                    decision = decision.effect(Effect::Cancel { conversation: brief.to, turn: turn.id, by });
                }
                Ok(decision.reply(from, Reply::Done))
            }
            (BriefDeed::Cancel, _) => not_now("there is nothing to take back"),
            (BriefDeed::Return, State::Answered { .. }) => {
                let askers = self.idle_askers(brief)?;
                Ok(decision.effect(self.delivering(brief, Some(from), &askers, env)?))
            }
            (BriefDeed::Return, _) => not_now("only one that is answered has a report to return"),
        }
    }
}

/// Puts the brief into its receiver and starts the turn that works on it.
fn accept(decision: Decision, brief: &Brief, receiver: &Conversation, why: Why, env: &Env) -> Decision {
    let text = brief.payload.clone().unwrap_or_default();
    let message = added(receiver, text, About::Brief { brief: brief.id }, env);
    let prompt = message.id;
    let mut branch = receiver.branch(message.parent);
    branch.push(prompt);
    let decision = decision.event(Event::MessageAdded { message });
    let decision = advance(decision, brief, State::Accepted { message: prompt }, why, env);
    begin(decision, receiver, prompt, branch, env).0
}

/// A message that nobody typed: a brief or a report.
fn added(conversation: &Conversation, text: String, about: About, env: &Env) -> Message {
    let header = &conversation.header;
    Message {
        id: MessageId::new(env),
        conversation: header.id,
        number: header.last_number + 1,
        parent: header.head,
        author: Author::Person,
        at: env.now,
        parts: vec![Part::text(text)],
        ending: Ending::Complete,
        about: Some(about),
        turn: None,
        model: None,
        usage: None,
    }
}

fn advance(decision: Decision, brief: &Brief, state: State, why: Why, env: &Env) -> Decision {
    let (conversation, brief) = (brief.sender(), brief.id);
    decision.event(Event::BriefAdvanced { conversation, brief, state, at: Some(env.now), why: Some(why) })
}
