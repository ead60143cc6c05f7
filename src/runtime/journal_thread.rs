//! The journal on a thread of its own: calls are answered in the order they were made, so that a read sees every
//! write before it.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use crate::engine::event::Event;
use crate::engine::id::{ConversationId, MessageId};
use crate::engine::input::Partial;
use crate::engine::message::{Attachment, Bodies, Message};
use crate::engine::op::{Forgotten, Hit, Page, PageOf};
use crate::engine::time::Timestamp;
use crate::store::{Journal, JournalError, JournalErrorKind, Loaded};

type Answer<T> = oneshot::Sender<Result<T, JournalError>>;

/// One call of the journal.
#[derive(Debug)]
pub enum Call {
    /// [`Journal::load`].
    Load(Answer<Loaded>),
    /// [`Journal::commit`]; the facts come back for publishing.
    Commit(Timestamp, Vec<Event>, oneshot::Sender<(Result<(), JournalError>, Vec<Event>)>),
    /// [`Journal::checkpoint`].
    Checkpoint(Timestamp, Vec<Partial>, Answer<()>),
    /// [`Journal::messages`], with the bodies of their attachments.
    Fetch(Vec<MessageId>, Answer<Bodies>),
    /// [`Journal::page`].
    Page(PageOf, Answer<Page>),
    /// [`Journal::attach`].
    Attach(String, Arc<str>, Answer<Attachment>),
    /// [`Journal::attachment`].
    Text(String, Answer<Option<Arc<str>>>),
    /// [`Journal::search`], or [`Journal::search_in`].
    Search(String, u32, Option<ConversationId>, Answer<Vec<Hit>>),
    /// [`Journal::save_view`].
    SaveView(Timestamp, String, serde_json::Value, Answer<()>),
    /// [`Journal::erase`].
    Erase(Forgotten, Answer<()>),
}

/// Answers one call. Its caller may be gone: then the answer is dropped, the work is not.
pub fn answer(journal: &mut dyn Journal, call: Call) {
    match call {
        Call::Load(reply) => drop(reply.send(journal.load())),
        Call::Commit(at, events, reply) => {
            let result = journal.commit(at, &events);
            drop(reply.send((result, events)));
        }
        Call::Checkpoint(at, partials, reply) => drop(reply.send(journal.checkpoint(at, &partials))),
        Call::Fetch(ids, reply) => drop(reply.send(fetch(journal, &ids))),
        Call::Page(page, reply) => drop(reply.send(journal.page(&page))),
        Call::Attach(name, body, reply) => drop(reply.send(journal.attach(&name, &body))),
        Call::Text(hash, reply) => drop(reply.send(journal.attachment(&hash))),
        Call::Search(query, limit, within, reply) => drop(reply.send(match within {
            Some(conversation) => journal.search_in(conversation, &query, limit),
            None => journal.search(&query, limit),
        })),
        Call::SaveView(at, key, value, reply) => drop(reply.send(journal.save_view(at, &key, &value))),
        Call::Erase(what, reply) => drop(reply.send(journal.erase(what))),
    }
}

fn fetch(journal: &mut dyn Journal, ids: &[MessageId]) -> Result<Bodies, JournalError> {
    let messages = journal.messages(ids)?;
    let mut attachments = BTreeMap::new();
    for attachment in messages.iter().flat_map(Message::attachments) {
        if let Some(body) = journal.attachment(&attachment.hash)? {
            attachments.insert(attachment.hash.clone(), body);
        }
    }
    Ok(Bodies { messages, attachments })
}

/// The calling end.
#[derive(Debug, Clone)]
pub struct JournalHandle {
    calls: mpsc::UnboundedSender<Call>,
}

impl JournalHandle {
    /// A handle and the calls that come through it: whoever takes them answers with [`answer`].
    pub fn channel() -> (Self, mpsc::UnboundedReceiver<Call>) {
        let (calls, received) = mpsc::unbounded_channel();
        (Self { calls }, received)
    }

    /// Starts the journal's thread. It ends, and closes the journal, when the last handle is dropped.
    pub fn start(mut journal: Box<dyn Journal>) -> std::io::Result<(Self, std::thread::JoinHandle<()>)> {
        let (handle, mut calls) = Self::channel();
        let thread = std::thread::Builder::new().name("journal".to_owned()).spawn(move || {
            while let Some(call) = calls.blocking_recv() {
                answer(&mut *journal, call);
            }
        })?;
        Ok((handle, thread))
    }

    pub(super) async fn load(&self) -> Result<Loaded, JournalError> {
        self.call(Call::Load).await
    }

    pub(super) async fn commit(&self, at: Timestamp, events: Vec<Event>) -> (Result<(), JournalError>, Vec<Event>) {
        let (reply, answer) = oneshot::channel();
        if self.calls.send(Call::Commit(at, events, reply)).is_err() {
            return (Err(gone()), Vec::new());
        }
        answer.await.unwrap_or_else(|_| (Err(gone()), Vec::new()))
    }

    pub(super) async fn checkpoint(&self, at: Timestamp, partials: Vec<Partial>) -> Result<(), JournalError> {
        self.call(|reply| Call::Checkpoint(at, partials, reply)).await
    }

    pub(super) async fn fetch(&self, ids: Vec<MessageId>) -> Result<Bodies, JournalError> {
        self.call(|reply| Call::Fetch(ids, reply)).await
    }

    pub(super) async fn page(&self, page: PageOf) -> Result<Page, JournalError> {
        self.call(|reply| Call::Page(page, reply)).await
    }

    pub(super) async fn attach(&self, name: String, body: Arc<str>) -> Result<Attachment, JournalError> {
        self.call(|reply| Call::Attach(name, body, reply)).await
    }

    pub(super) async fn text(&self, hash: String) -> Result<Option<Arc<str>>, JournalError> {
        self.call(|reply| Call::Text(hash, reply)).await
    }

    pub(super) async fn search(
        &self,
        query: String,
        limit: u32,
        within: Option<ConversationId>,
    ) -> Result<Vec<Hit>, JournalError> {
        self.call(|reply| Call::Search(query, limit, within, reply)).await
    }

    pub(super) async fn save_view(
        &self,
        at: Timestamp,
        key: String,
        value: serde_json::Value,
    ) -> Result<(), JournalError> {
        self.call(|reply| Call::SaveView(at, key, value, reply)).await
    }

    pub(super) async fn erase(&self, what: Forgotten) -> Result<(), JournalError> {
        self.call(|reply| Call::Erase(what, reply)).await
    }

    async fn call<T>(&self, call: impl FnOnce(Answer<T>) -> Call) -> Result<T, JournalError> {
        let (reply, answer) = oneshot::channel();
        if self.calls.send(call(reply)).is_err() {
            return Err(gone());
        }
        answer.await.unwrap_or_else(|_| Err(gone()))
    }
}

fn gone() -> JournalError {
    JournalError {
        kind: JournalErrorKind::Io,
        message: "The journal's thread has ended. Start trialogue again; what was saved is on disk.".to_owned(),
    }
}
