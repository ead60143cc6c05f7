//! A client that asks for random things and writes down what it is told.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tokio::select;
use tokio::time::Instant;

use crate::engine::brief::{Fields, Quote};
use crate::engine::event::Event;
use crate::engine::id::{BriefId, ConversationId, TurnId};
use crate::engine::message::{Author, Message};
use crate::engine::model::ModelRef;
use crate::engine::op::{Forgotten, Op, PageOf, Reply};
use crate::engine::update::{Delta, Stream, Update};
use crate::runtime::connection::{Connection, Incoming, Ticket};

use super::{Dice, briefs};

/// What one client asked and was told.
#[derive(Debug, Default)]
pub(super) struct Log {
    /// Messages that were acknowledged, by their text.
    pub(super) acknowledged: Vec<String>,
    /// Facts in the order they came.
    pub(super) facts: Vec<Event>,
    /// What was streamed, by turn.
    pub(super) streamed: BTreeMap<(TurnId, Stream), String>,
    /// When how much of which stream had been seen.
    pub(super) seen: Vec<(Instant, TurnId, Stream, usize)>,
    /// Briefs that were acknowledged.
    pub(super) briefs: Vec<BriefId>,
    /// Ops without a reply yet.
    pub(super) open: BTreeMap<Ticket, Option<String>>,
    /// Whether the runtime said it has ended.
    pub(super) is_closed: bool,
}

/// A log that outlives its client: a crash ends the client, not what it saw.
pub(super) type SharedLog = Arc<Mutex<Log>>;

/// Asks until the runtime ends.
pub(super) async fn live(mut connection: Connection, dice: Dice, may_continue: bool, shared: SharedLog) {
    let mut conversations: Vec<ConversationId> = Vec::new();
    let mut said = 0;
    loop {
        select! {
            biased;
            incoming = connection.next() => match incoming {
                Incoming::Closed => {
                    shared.lock().unwrap().is_closed = true;
                    return;
                }
                Incoming::Reply(ticket, reply) => shared.lock().unwrap().replied(ticket, &reply, &mut conversations),
                Incoming::Update(update) => shared.lock().unwrap().updated(update),
            },
            () = dice.pause(900) => {
                said += 1;
                let mut log = shared.lock().unwrap();
                let (op, text) = match dice.below(4) {
                    0 => (briefs::ask(&dice, &conversations, &log), None),
                    _ => ask(&dice, &conversations, said, &log),
                };
                if matches!(op, Op::Continue { .. }) && !may_continue {
                    continue;
                }
                let ticket = connection.post(op);
                log.open.insert(ticket, text);
            }
        }
    }
}

fn ask(dice: &Dice, conversations: &[ConversationId], said: u64, log: &Log) -> (Op, Option<String>) {
    if conversations.is_empty() || dice.below(12) == 0 {
        return (Op::Overview, None);
    }
    let conversation = conversations[dice.below(conversations.len() as u64) as usize];
    let pane = ["research", "drafting", "synthesis", "nowhere"][dice.below(4) as usize].to_owned();
    let messages = log.facts.iter().filter_map(Event::message).filter(|message| message.conversation == conversation);
    let some_message = messages.max_by_key(|message| message.number);
    let op = match dice.below(18) {
        10 => Op::Handoff { conversation, extractive: dice.below(2) == 0, draft: dice.below(3) == 0 },
        11 => Op::UndoHandoff { conversation },
        12 if dice.below(3) == 0 => Op::StopAssist { conversation },
        12 => {
            // What is quoted may stand in another pane than this one.
            let quote =
                |message: &Message| Quote { conversation: message.conversation, message: message.id, passage: None };
            let context = log.facts.iter().filter_map(Event::message).next_back().map(quote).into_iter().collect();
            Op::Assist { conversation, fields: Fields::default(), context }
        }
        0 => Op::Stop { conversation },
        1 => Op::Continue { conversation },
        2 => Op::NewConversation { pane },
        3 => Op::ShowConversation { pane, conversation },
        4 => Op::ChooseModel { conversation, model: "sim/two".parse::<ModelRef>().unwrap() },
        5 => Op::Page(PageOf { conversation, end: None, limit: 5 }),
        6 => Op::SaveView { key: "draft".to_owned(), value: said.into() },
        7 => match some_message {
            Some(message) => Op::Pin { conversation, message: message.id, text: "keep this".to_owned() },
            None => Op::Overview,
        },
        8 if dice.below(4) == 0 => match some_message {
            Some(message) => Op::Forget(Forgotten::Message { conversation, message: message.id }),
            None => Op::Overview,
        },
        9 => Op::Send { conversation, text: String::new(), attachments: Vec::new(), parent: None },
        _ => {
            let name = if dice.below(3) == 0 { "Halvorsen" } else { "nobody" };
            let text = format!("{conversation} says {said} {} of {name}", dice.bits());
            let parent = some_message.filter(|message| message.author == Author::Model && dice.below(4) == 0);
            let op =
                Op::Send { conversation, text: text.clone(), attachments: Vec::new(), parent: parent.map(|m| m.id) };
            return (op, Some(text));
        }
    };
    (op, None)
}

impl Log {
    fn replied(&mut self, ticket: Ticket, reply: &Reply, conversations: &mut Vec<ConversationId>) {
        let text = self.open.remove(&ticket).expect("a reply to something that was asked, once");
        match reply {
            Reply::Accepted { .. } => self.acknowledged.extend(text),
            Reply::Overview(overview) => *conversations = overview.conversations.iter().map(|c| c.id).collect(),
            Reply::Conversation { conversation } => conversations.push(*conversation),
            Reply::Briefs { sent, .. } => self.briefs.extend(sent),
            Reply::Done
            | Reply::Listing(_)
            | Reply::HandoffDraft(_)
            | Reply::Proposed { .. }
            | Reply::HandedOff { .. }
            | Reply::Gathered { .. }
            | Reply::Page(_)
            | Reply::Attached(_)
            | Reply::Hits { .. }
            | Reply::Lineage(_)
            | Reply::Restored { .. }
            | Reply::Refused(_) => {}
        }
    }

    fn updated(&mut self, update: Update) {
        match update {
            Update::Event { fact, .. } => self.facts.push((*fact).clone()),
            Update::Delta(Delta { turn, stream, offset, text, .. }) => {
                let streamed = self.streamed.entry((turn, stream)).or_default();
                assert_eq!(streamed.len(), offset, "a gap in what was streamed");
                streamed.push_str(&text);
                self.seen.push((Instant::now(), turn, stream, streamed.len()));
            }
            Update::Notice { .. } => {}
        }
    }
}
