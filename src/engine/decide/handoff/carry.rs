//! The one commit in which a successor begins: all of it is on disk, or nothing.

use std::fmt::Write as _;

use crate::engine::brief::About;
use crate::engine::conversation::{Conversation, Turn};
use crate::engine::effect::Effect;
use crate::engine::event::Event;
use crate::engine::gauge;
use crate::engine::handoff::{Handoff, Making, Woven, file_name, ready_name, whole};
use crate::engine::id::{ConversationId, Env, MessageId};
use crate::engine::message::{Author, Ending, Message, Part};
use crate::engine::meter;
use crate::engine::model::ModelRef;
use crate::engine::op::Reply;
use crate::engine::whereabouts::{Move, Reason, Whereabouts};
use crate::engine::workspace::Engine;

use super::super::Decision;
use super::make::writer;

impl Engine {
    /// The successor begins: the document, the pins, what was said meanwhile, and the turn that waited.
    pub(super) fn carry(
        &self,
        conversation: &Conversation,
        making: &Making,
        woven: &Woven,
        along: Vec<Message>,
        env: &Env,
    ) -> Decision {
        let header = &conversation.header;
        let (from, to) = (header.id, ConversationId::new(env));
        let handoff = self.made(conversation, making, woven, to, env);
        let pane = header.pane.clone();
        let shown = self.workspace.pane(&pane).and_then(|pane| pane.conversation);
        let mut decision = Decision::nothing()
            .event(Event::ConversationStarted {
                conversation: to,
                pane: pane.clone(),
                settings: header.settings.clone(),
                model: header.model.clone(),
                predecessor: Some(from),
            })
            .event(Event::HandedOff { conversation: to, handoff: handoff.clone() });
        decision.events.extend(moved_along(&header.whereabouts, &header.model, to, env));
        decision.events.extend(header.pins.iter().map(|pin| Event::Pinned { conversation: to, pin: pin.clone() }));
        let mut successor = Successor { id: to, number: handoff.last_number, head: None };
        let document = successor.document(&handoff, woven.document.clone(), env);
        decision = decision.event(Event::MessageAdded { message: document });
        let mut copied = Vec::with_capacity(along.len());
        for message in along {
            let old = message.id;
            let copy = successor.copy(message, env);
            copied.push((old, copy.id));
            decision = decision.event(Event::MessageAdded { message: copy });
        }
        let waiting = header.turn.as_ref().and_then(|turn| Some((turn, copy_of(turn, &copied)?)));
        let turn = waiting.map(|(turn, _)| turn.id);
        decision = decision.event(Event::Continued { conversation: from, by: to, turn, copied });
        if let Some((turn, prompt)) = waiting {
            let model = header.model.clone();
            decision = decision.event(Event::TurnStarted { conversation: to, turn: turn.id, prompt, model });
        }
        if let Some(other) = shown.filter(|shown| *shown != from) {
            // A person looks at something else there by now.
            decision = decision.event(Event::PaneTurned { pane: pane.clone(), conversation: other });
        }
        let pins: Vec<String> = header.pins.iter().map(|pin| pin.text.to_string()).collect();
        decision = decision
            .effect(Effect::KeepDocument {
                conversation: to,
                name: file_name(&pane, handoff.number, handoff.id),
                text: whole(&pins, &woven.document),
            })
            .effect(Effect::DropDocuments { names: vec![ready_name(&pane, from)] })
            .effect(Effect::Tell { conversation: Some(to), notice: told(&pane, &handoff) });
        decision = match waiting {
            Some((turn, _)) => {
                let messages = successor_branch(&decision, to);
                decision.effect(Effect::Fetch { conversation: to, turn: turn.id, messages })
            }
            None => decision.effect(Effect::Settle { conversation: to, may_begin: true }),
        };
        match making.plan.asker {
            Some(asker) => decision.reply(asker, Reply::HandedOff { handoff }),
            None => decision,
        }
    }

    fn made(
        &self,
        conversation: &Conversation,
        making: &Making,
        woven: &Woven,
        to: ConversationId,
        env: &Env,
    ) -> Handoff {
        let header = &conversation.header;
        let plan = &making.plan;
        let pins = u32::try_from(header.pins.len()).unwrap_or(u32::MAX);
        Handoff {
            id: plan.handoff,
            number: header.succession.received.as_ref().map_or(0, |received| received.number) + 1,
            from: header.id,
            to,
            document: MessageId::new(env),
            cause: plan.cause,
            by: writer(making, woven),
            messages: stood_for(conversation, plan.head),
            pins,
            pins_kept: pins,
            appended: woven.appended,
            invented: woven.invented.clone(),
            before: self.gauge_at(conversation, Some(plan.head)).tokens,
            after: self.tokens_of(conversation, &woven.document).1,
            last_number: header.last_number,
        }
    }

    /// The tokens of a document, and of what a successor with it begins with.
    pub(super) fn tokens_of(&self, conversation: &Conversation, document: &str) -> (u32, u32) {
        let header = &conversation.header;
        let facts = self.workspace.facts(&header.model);
        let document = meter::estimate(document);
        let all = document.saturating_add(gauge::standing(&header.settings, &header.pins));
        (gauge::calibrated(document, &facts), gauge::calibrated(all, &facts))
    }
}

/// How many messages of the lineage a document up to this message stands for.
pub(super) fn stood_for(conversation: &Conversation, head: MessageId) -> u32 {
    let branch = u32::try_from(conversation.branch(Some(head)).len()).unwrap_or(u32::MAX);
    match &conversation.header.succession.received {
        // The document itself is no message of the talk.
        Some(received) => received.messages.saturating_add(branch.saturating_sub(1)),
        None => branch,
    }
}

/// The successor's transcript as it grows in this decision.
struct Successor {
    id: ConversationId,
    number: u32,
    head: Option<MessageId>,
}

impl Successor {
    fn document(&mut self, handoff: &Handoff, text: String, env: &Env) -> Message {
        let message = Message {
            id: handoff.document,
            conversation: self.id,
            number: 0,
            parent: None,
            author: Author::Person,
            at: env.now,
            parts: vec![Part::text(text)],
            ending: Ending::Complete,
            about: Some(About::Handoff { handoff: handoff.id }),
            turn: None,
            model: None,
            usage: None,
        };
        self.place(message)
    }

    /// A message as it was, but for where it stands. What it used was measured in another context.
    fn copy(&mut self, message: Message, env: &Env) -> Message {
        self.place(Message { id: MessageId::new(env), usage: None, turn: None, ..message })
    }

    fn place(&mut self, message: Message) -> Message {
        self.number += 1;
        let placed = Message { conversation: self.id, number: self.number, parent: self.head, ..message };
        self.head = Some(placed.id);
        placed
    }
}

fn copy_of(turn: &Turn, copied: &[(MessageId, MessageId)]) -> Option<MessageId> {
    copied.iter().find(|(old, _)| *old == turn.prompt).map(|(_, copy)| *copy)
}

/// The messages of the successor that this decision adds, oldest first.
fn successor_branch(decision: &Decision, to: ConversationId) -> Vec<MessageId> {
    let messages = decision.events.iter().filter_map(Event::message);
    messages.filter(|message| message.conversation == to).map(|message| message.id).collect()
}

/// That the successor goes on with another model than a person chose, or under pseudonyms, as its predecessor did.
fn moved_along(whereabouts: &Whereabouts, model: &ModelRef, to: ConversationId, env: &Env) -> Option<Event> {
    let from = whereabouts.home.as_ref().unwrap_or(model);
    (from != model || whereabouts.is_masked).then(|| Event::Moved {
        conversation: to,
        moved: Move {
            from: from.clone(),
            to: model.clone(),
            reason: Reason::Carried,
            masked: whereabouts.is_masked,
            after: None,
            at: env.now,
        },
    })
}

fn told(pane: &str, handoff: &Handoff) -> String {
    let mut text = format!("{pane} goes on in a fresh context: {} messages", handoff.messages);
    if handoff.pins > 0 {
        let _ = write!(text, ", {}/{} pins", handoff.pins_kept, handoff.pins);
    }
    if handoff.appended > 0 {
        let _ = write!(text, ", {} values appended by check", handoff.appended);
    }
    if !handoff.invented.is_empty() {
        let _ = write!(text, ", {} invented ones left out", handoff.invented.len());
    }
    text.push_str(". Ctrl-X u goes back.");
    text
}
