//! What a person may rely on, checked after the fact.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::Instant;

use crate::engine::event::Event;
use crate::engine::handoff::Handoff;
use crate::engine::id::{ConversationId, MessageId, TurnId};
use crate::engine::message::{Author, Interruption, Message, Part};
use crate::engine::time::Timestamp;
use crate::engine::update::Stream;

use super::client::Log;
use super::disk::Leftovers;

/// A checkpoint's interval, and the latency of a busy disk.
const A_WHILE: Duration = Duration::from_millis(500);

/// Per-conversation order, one turn at a time, every turn ended once, nothing after its end.
pub(super) fn check_journal(journal: &[(Timestamp, Event)]) {
    assert!(journal.windows(2).all(|pair| pair[0].0 <= pair[1].0), "time runs backwards");
    let mut numbers: BTreeMap<ConversationId, u32> = BTreeMap::new();
    let mut messages: BTreeSet<MessageId> = BTreeSet::new();
    let mut running: BTreeMap<ConversationId, TurnId> = BTreeMap::new();
    let mut ended: BTreeSet<TurnId> = BTreeSet::new();
    let mut successors: BTreeMap<ConversationId, &Handoff> = BTreeMap::new();
    let mut continued: BTreeSet<ConversationId> = BTreeSet::new();
    for (_, event) in journal {
        if let Some(message) = event.message() {
            let last = numbers.entry(message.conversation).or_default();
            assert_eq!(message.number, *last + 1, "numbers have no gaps");
            *last = message.number;
            assert!(message.parent.is_none_or(|parent| messages.contains(&parent)), "a parent comes first");
            assert!(messages.insert(message.id), "a message is added once");
        }
        match event {
            // A successor's messages are numbered on from its predecessor's.
            Event::HandedOff { conversation, handoff } => {
                numbers.insert(*conversation, handoff.last_number);
                assert!(successors.insert(handoff.to, handoff).is_none(), "a successor begins once");
            }
            Event::Continued { conversation, by, turn, .. } => {
                if let Some(turn) = turn {
                    assert_eq!(running.remove(conversation), Some(*turn), "only a running turn is carried on");
                }
                let handoff = successors.get(by).expect("a successor begins before its predecessor names it");
                assert!(messages.contains(&handoff.document), "a successor has its document");
                assert_eq!(handoff.pins, handoff.pins_kept);
                continued.insert(*by);
            }
            Event::TurnStarted { conversation, turn, prompt, .. } => {
                assert!(running.insert(*conversation, *turn).is_none(), "one turn at a time");
                assert!(messages.contains(prompt), "a turn answers a message that is saved");
            }
            Event::TurnPassed { conversation, turn, .. } => {
                assert_eq!(running.get(conversation), Some(turn), "only a running turn is passed on");
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
    assert!(successors.keys().all(|id| continued.contains(id)), "a successor without its predecessor's word");
    assert!(running.is_empty(), "after the last life nothing runs: {running:?}");
}

/// What was left behind by a crash is marked so, with the text that was on disk.
pub(super) fn check_recovery(leftovers: &Leftovers, journal: &[(Timestamp, Event)]) {
    for (turn, parts) in &leftovers.turns {
        // A life that crashed before it had looked leaves them to the next one.
        for (_, event) in journal {
            match event {
                Event::TurnInterrupted { turn: ended, by, message, .. } if ended == turn => {
                    assert_eq!(*by, Interruption::Crash);
                    let kept = message.as_ref().map_or(&[][..], |message| &message.parts);
                    assert_eq!(kept, parts, "what was on disk is what was recovered");
                }
                Event::TurnEnded { turn: ended, .. } | Event::TurnFailed { turn: ended, .. } => {
                    assert_ne!(ended, turn, "a crash interrupted this turn, and nothing says so");
                }
                _ => {}
            }
        }
    }
}

/// What a person saw streaming a while before a crash is on disk.
pub(super) fn check_leftovers(log: &Log, leftovers: &Leftovers) {
    let crash = Instant::now();
    if leftovers.fault_at.is_some_and(|fault| crash - fault < A_WHILE * 4) {
        return;
    }
    for (seen, turn, stream, length) in &log.seen {
        let Some(parts) = leftovers.turns.get(turn).filter(|_| crash - *seen > A_WHILE) else { continue };
        let kept: usize = parts.iter().filter_map(|part| text_of(part, *stream)).map(str::len).sum();
        assert!(kept >= *length, "{length} bytes were seen {:?} before the crash, {kept} were kept", crash - *seen);
    }
}

/// What this client was promised is in the journal, and what it saw streaming is what was saved.
pub(super) fn check_client(log: &Log, journal: &[(Timestamp, Event)]) {
    let messages: Vec<&Message> = journal.iter().filter_map(|(_, event)| event.message()).collect();
    let texts: BTreeSet<String> = messages.iter().map(|message| message.text()).collect();
    for text in &log.acknowledged {
        assert!(texts.contains(text), "acknowledged and lost: {text}");
    }
    for answer in messages.iter().filter(|message| message.author == Author::Model) {
        let marks: BTreeSet<String> = answer.text().split_whitespace().map(str::to_owned).collect();
        assert!(marks.len() <= 1, "an answer is mixed of two requests: {marks:?}");
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
