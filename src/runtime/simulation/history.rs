//! What a person may rely on, checked after the fact.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::event::Event;
use crate::engine::id::{ConversationId, MessageId, TurnId};
use crate::engine::message::{Message, Part};
use crate::engine::time::Timestamp;
use crate::engine::update::Stream;

use super::client::Log;

/// Per-conversation order, one turn at a time, every turn ended once, nothing after its end.
pub(super) fn check_journal(journal: &[(Timestamp, Event)]) {
    assert!(journal.windows(2).all(|pair| pair[0].0 <= pair[1].0), "time runs backwards");
    let mut numbers: BTreeMap<ConversationId, u32> = BTreeMap::new();
    let mut messages: BTreeSet<MessageId> = BTreeSet::new();
    let mut running: BTreeMap<ConversationId, TurnId> = BTreeMap::new();
    let mut ended: BTreeSet<TurnId> = BTreeSet::new();
    for (_, event) in journal {
        if let Some(message) = event.message() {
            let last = numbers.entry(message.conversation).or_default();
            assert_eq!(message.number, *last + 1, "numbers have no gaps");
            *last = message.number;
            assert!(message.parent.is_none_or(|parent| messages.contains(&parent)), "a parent comes first");
            assert!(messages.insert(message.id), "a message is added once");
        }
        match event {
            Event::TurnStarted { conversation, turn, prompt, .. } => {
                assert!(running.insert(*conversation, *turn).is_none(), "one turn at a time");
                assert!(messages.contains(prompt), "a turn answers a message that is saved");
            }
            Event::TurnEnded { conversation, turn, .. }
            | Event::TurnFailed { conversation, turn, .. }
            | Event::TurnInterrupted { conversation, turn, .. } => {
                assert_eq!(running.remove(conversation), Some(*turn), "only a running turn ends");
                assert!(ended.insert(*turn), "a turn ends once");
            }
            _ => {}
        }
    }
    assert!(running.is_empty(), "after the last life nothing runs: {running:?}");
}

/// What this client was promised is in the journal, and what it saw streaming is what was saved.
pub(super) fn check_client(log: &Log, journal: &[(Timestamp, Event)]) {
    let messages: Vec<&Message> = journal.iter().filter_map(|(_, event)| event.message()).collect();
    let texts: BTreeSet<String> = messages.iter().map(|message| message.text()).collect();
    for text in &log.acknowledged {
        assert!(texts.contains(text), "acknowledged and lost: {text}");
    }
    let facts: Vec<&Event> = journal.iter().map(|(_, event)| event).collect();
    for fact in &log.facts {
        assert!(facts.contains(&fact), "told and not saved: {fact:?}");
    }
    for ((turn, stream), streamed) in &log.streamed {
        let saved = messages.iter().find(|message| message.turn == Some(*turn));
        let Some(saved) = saved else { panic!("streamed and lost: {streamed}") };
        let saved: String = saved.parts.iter().filter_map(|part| text_of(part, *stream)).collect();
        assert_eq!(&saved, streamed, "what was seen is what was saved");
    }
    if log.is_closed {
        assert!(log.open.values().flatten().count() <= 1, "asked and never answered: {:?}", log.open);
    }
}

fn text_of(part: &Part, stream: Stream) -> Option<&str> {
    match (part, stream) {
        (Part::Text { text }, Stream::Text) | (Part::Reasoning { text }, Stream::Reasoning) => Some(text),
        _ => None,
    }
}
