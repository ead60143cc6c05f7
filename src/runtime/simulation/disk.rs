//! A journal in memory that outlives a crash, with a disk that fills up.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::engine::Engine;
use crate::engine::conversation::Turn;
use crate::engine::event::Event;
use crate::engine::id::{ConversationId, MessageId, TurnId};
use crate::engine::input::Partial;
use crate::engine::message::{Attachment, Message, Part};
use crate::engine::op::{Forgotten, Hit, Overview, Page, PageOf};
use crate::engine::time::Timestamp;
use crate::runtime::journal_thread::{JournalHandle, answer};
use crate::store::{Journal, JournalError, JournalErrorKind, Loaded};

use super::Dice;

/// What survives.
#[derive(Debug, Clone, Default)]
pub(in crate::runtime) struct Disk(Arc<Mutex<Content>>);

/// Turns that were open when the program crashed, and what the disk held of them.
#[derive(Debug, Default)]
pub(super) struct Leftovers {
    /// The turns with the parts that were checkpointed.
    pub(super) turns: BTreeMap<TurnId, Vec<Part>>,
    /// When the disk last had a fault: text that came around then may be missing.
    pub(super) fault_at: Option<Instant>,
}

#[derive(Debug, Default)]
struct Content {
    events: Vec<(Timestamp, Event)>,
    partials: BTreeMap<TurnId, Partial>,
    attachments: BTreeMap<String, Arc<str>>,
    view: BTreeMap<String, serde_json::Value>,
    is_held: bool,
    is_full: bool,
    fault_at: Option<Instant>,
}

impl Disk {
    fn content(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap()
    }

    pub(super) fn journal(&self) -> Vec<(Timestamp, Event)> {
        self.content().events.clone()
    }

    /// The lock of a process that has ended is free.
    pub(super) fn let_go(&self) {
        self.content().is_held = false;
    }

    pub(super) fn has_space(&self) {
        self.content().is_full = false;
    }

    /// What a crash leaves behind.
    pub(super) fn leftovers(&self) -> Leftovers {
        let open = self.engine().conversations.into_values().filter_map(|conversation| conversation.header.turn);
        let content = self.content();
        let parts = |turn: Turn| (turn.id, content.partials.get(&turn.id).map(|p| p.parts.clone()).unwrap_or_default());
        Leftovers { turns: open.map(parts).collect(), fault_at: content.fault_at }
    }

    pub(super) fn has_message(&self, text: &str) -> bool {
        let events = &self.content().events;
        events.iter().filter_map(|(_, event)| event.message()).any(|message| text.contains(&message.text()))
    }

    fn writing(&self) -> Result<MutexGuard<'_, Content>, JournalError> {
        let mut content = self.content();
        if content.is_full {
            content.fault_at = Some(Instant::now());
            let message = "journal.db: the disk is full. Make room.".to_owned();
            return Err(JournalError { kind: JournalErrorKind::Full, message });
        }
        Ok(content)
    }

    fn engine(&self) -> Engine {
        let mut engine = Engine::default();
        for (_, event) in &self.content().events {
            engine.apply(event);
        }
        engine
    }
}

/// Opens the disk as the one writer and answers calls with the latency of a disk.
pub(super) fn start(disk: &Disk, dice: Dice) -> (JournalHandle, JoinHandle<()>) {
    let was_held = std::mem::replace(&mut disk.content().is_held, true);
    assert!(!was_held, "two writers at once");
    let (handle, mut calls) = JournalHandle::channel();
    let mut journal = disk.clone();
    let task = tokio::spawn(async move {
        while let Some(call) = calls.recv().await {
            dice.pause(8).await;
            answer(&mut journal, call);
        }
    });
    (handle, task)
}

/// Answers calls at once: for tests that aren't about the disk.
pub(in crate::runtime) fn hold(disk: &Disk) -> JournalHandle {
    let (handle, mut calls) = JournalHandle::channel();
    let mut journal = disk.clone();
    tokio::spawn(async move {
        while let Some(call) = calls.recv().await {
            answer(&mut journal, call);
        }
    });
    handle
}

/// The disk is full now and then.
pub(super) async fn make_faults(disk: Disk, dice: Dice) {
    loop {
        dice.pause(15_000).await;
        disk.content().is_full = dice.below(2) == 0;
        dice.pause(4_000).await;
        disk.content().is_full = false;
    }
}

impl Journal for Disk {
    fn load(&mut self) -> Result<Loaded, JournalError> {
        let engine = self.engine();
        let partials = self.content().partials.values().cloned().collect();
        Ok(Loaded {
            workspace: engine.workspace,
            conversations: engine.conversations.into_values().collect(),
            partials,
        })
    }

    fn commit(&mut self, at: Timestamp, events: &[Event]) -> Result<(), JournalError> {
        let mut content = self.writing()?;
        for event in events {
            if let Event::TurnEnded { turn, .. }
            | Event::TurnFailed { turn, .. }
            | Event::TurnInterrupted { turn, .. } = event
            {
                content.partials.remove(turn);
            }
            content.events.push((at, event.clone()));
        }
        Ok(())
    }

    fn checkpoint(&mut self, _: Timestamp, partials: &[Partial]) -> Result<(), JournalError> {
        let mut content = self.writing()?;
        for partial in partials {
            content.partials.insert(partial.turn, partial.clone());
        }
        Ok(())
    }

    fn messages(&mut self, ids: &[MessageId]) -> Result<Vec<Message>, JournalError> {
        let content = self.content();
        let all: BTreeMap<MessageId, &Message> = content
            .events
            .iter()
            .filter_map(|(_, event)| event.message())
            .map(|message| (message.id, message))
            .collect();
        Ok(ids.iter().filter_map(|id| all.get(id).map(|message| (*message).clone())).collect())
    }

    fn page(&mut self, page: &PageOf) -> Result<Page, JournalError> {
        let engine = self.engine();
        let conversation = &engine.conversations[&page.conversation];
        let branch = conversation.branch(conversation.header.head);
        let end = page.end.map_or(branch.len(), |end| branch.len().min(end as usize));
        let first = end.saturating_sub(page.limit as usize);
        let messages = self.messages(&branch[first..end])?;
        Ok(Page { conversation: page.conversation, first: first as u32, total: branch.len() as u32, messages })
    }

    fn attach(&mut self, name: &str, body: &str) -> Result<Attachment, JournalError> {
        let hash = format!("{:x}", body.len());
        self.writing()?.attachments.insert(hash.clone(), body.into());
        Ok(Attachment { hash, name: name.to_owned(), bytes: body.len() as u64, tokens: 1 })
    }

    fn attachment(&mut self, hash: &str) -> Result<Option<Arc<str>>, JournalError> {
        Ok(self.content().attachments.get(hash).cloned())
    }

    fn search(&mut self, _: &str, _: u32) -> Result<Vec<Hit>, JournalError> {
        Ok(Vec::new())
    }

    fn search_in(&mut self, _: ConversationId, _: &str, _: u32) -> Result<Vec<Hit>, JournalError> {
        Ok(Vec::new())
    }

    fn view(&mut self) -> Result<BTreeMap<String, serde_json::Value>, JournalError> {
        Ok(self.content().view.clone())
    }

    fn save_view(&mut self, _: Timestamp, key: &str, value: &serde_json::Value) -> Result<(), JournalError> {
        self.writing()?.view.insert(key.to_owned(), value.clone());
        Ok(())
    }

    fn erase(&mut self, _: Forgotten) -> Result<(), JournalError> {
        Ok(())
    }

    fn overview(&mut self) -> Result<Overview, JournalError> {
        Ok(self.engine().overview())
    }
}
