//! The turns that stream now: their text as far as it came, and the tasks that read them.

use std::collections::BTreeMap;

use tokio::task::AbortHandle;

use crate::engine::id::{ConversationId, MessageId, TurnId};
use crate::engine::input::{Answer, Partial};
use crate::engine::message::{Ending, Part, Usage};
use crate::engine::update::{Delta, Stream};

/// One turn as the runtime holds it.
#[derive(Debug)]
pub(super) struct RunningTurn {
    pub(super) conversation: ConversationId,
    pub(super) prompt: MessageId,
    /// Which try runs or comes next, from 1.
    pub(super) attempt: u32,
    text: String,
    reasoning: String,
    usage: Option<Usage>,
    ending: Ending,
    task: Option<AbortOnDrop>,
}

impl RunningTurn {
    pub(super) const fn new(conversation: ConversationId, prompt: MessageId) -> Self {
        Self {
            conversation,
            prompt,
            attempt: 1,
            text: String::new(),
            reasoning: String::new(),
            usage: None,
            ending: Ending::Complete,
            task: None,
        }
    }

    /// The task that reads this turn's stream; the one before it, if any, is dropped.
    pub(super) fn reads_from(&mut self, task: AbortHandle) {
        self.task = Some(AbortOnDrop(task));
    }

    /// Takes a piece of text; returns what clients are told.
    pub(super) fn push(&mut self, turn: TurnId, stream: Stream, piece: String) -> Delta {
        let buffer = match stream {
            Stream::Text => &mut self.text,
            Stream::Reasoning => &mut self.reasoning,
        };
        let offset = buffer.len();
        buffer.push_str(&piece);
        Delta { conversation: self.conversation, turn, stream, offset, text: piece }
    }

    pub(super) const fn used(&mut self, usage: Usage) {
        self.usage = Some(usage);
    }

    pub(super) fn ends(&mut self, ending: Ending) {
        self.ending = ending;
    }

    /// What has come, for a client that connects now.
    pub(super) fn so_far(&self, turn: TurnId) -> impl Iterator<Item = Delta> {
        let delta = move |stream, text: &String| Delta {
            conversation: self.conversation,
            turn,
            stream,
            offset: 0,
            text: text.clone(),
        };
        let streams = [delta(Stream::Reasoning, &self.reasoning), delta(Stream::Text, &self.text)];
        streams.into_iter().filter(|delta| !delta.text.is_empty())
    }

    /// What has come, as it is journaled.
    pub(super) fn partial(&self, turn: TurnId) -> Partial {
        Partial { conversation: self.conversation, turn, prompt: self.prompt, parts: self.parts() }
    }

    /// The answer as far as it came. Reasoning comes before the text, as it did in the stream.
    pub(super) fn answer(&self) -> Answer {
        Answer { parts: self.parts(), ending: self.ending.clone(), usage: self.usage }
    }

    fn parts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        if !self.reasoning.is_empty() {
            parts.push(Part::Reasoning { text: self.reasoning.as_str().into() });
        }
        if !self.text.is_empty() {
            parts.push(Part::text(self.text.as_str()));
        }
        parts
    }
}

/// The running turns by identity.
pub(super) type RunningTurns = BTreeMap<TurnId, RunningTurn>;

/// A task that ends when this is dropped: how a turn is cancelled.
#[derive(Debug)]
struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
