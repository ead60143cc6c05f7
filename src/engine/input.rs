//! What the engine is told: an Op, or the result of an effect it asked for.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::aside::Purpose;
use super::brief::{Asking, Composed, Delivered, Draft, Gathered, Gathering, Ready};
use super::effect::Sending;
use super::failure::Failure;
use super::handoff::{Making, Plan, Surveyed, Woven};
use super::id::{AsideId, BriefId, ConversationId, MessageId, TurnId};
use super::message::{Ending, Interruption, Message, Part, Usage};
use super::model::{ModelFacts, ModelRef};
use super::op::{Op, Refusal};
use super::prompt::Assembled;
use super::settings::Settings;

/// Who asked: the runtime's number for one Op of one client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Asker(pub u64);

/// Everything the engine can be told. Results carry their turn; stale ones change nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// Someone asks for something.
    Op {
        /// Who.
        from: Asker,
        /// What.
        op: Op,
    },
    /// The configuration was read, at the start or again.
    Configured(Settings),
    /// Partial answers that a crash left behind, found when the workspace was opened.
    Recovered(Vec<Partial>),
    /// Bodies that `Effect::Fetch` asked for.
    Fetched {
        /// The conversation.
        conversation: ConversationId,
        /// The turn.
        turn: TurnId,
        /// The messages that could be read, oldest first.
        messages: Vec<Message>,
        /// The bodies of their attachments by hash.
        attachments: BTreeMap<String, Arc<str>>,
    },
    /// The result of `Effect::Compute`.
    Computed {
        /// The conversation.
        conversation: ConversationId,
        /// The turn.
        turn: TurnId,
        /// The version the work read.
        version: u64,
        /// What came out.
        assembled: Assembled,
    },
    /// What a provider tells of one of its models.
    Known {
        /// The model.
        model: ModelRef,
        /// What it tells.
        facts: ModelFacts,
    },
    /// A provider's answer ended as its protocol says it should.
    Answered {
        /// The conversation.
        conversation: ConversationId,
        /// The turn.
        turn: TurnId,
        /// The whole answer.
        answer: Answer,
    },
    /// A turn's request failed: the provider, the store, or the machine.
    Failed {
        /// The conversation.
        conversation: ConversationId,
        /// The turn.
        turn: TurnId,
        /// Which try this was, from 1.
        attempt: u32,
        /// Why.
        failure: Failure,
        /// What had come.
        so_far: Answer,
    },
    /// The pause before another try of a turn is over.
    Rested {
        /// The conversation.
        conversation: ConversationId,
        /// The turn.
        turn: TurnId,
    },
    /// A brief was composed.
    Composed {
        /// Who asked.
        from: Asker,
        /// What is asked.
        draft: Box<Draft>,
        /// Whether it is only shown.
        dry_run: bool,
        /// What each receiver would get, or why nobody gets anything.
        composed: Result<Vec<Composed>, Refusal>,
    },
    /// Something was gathered, and stored if nothing holds it.
    Gathered {
        /// Who asked.
        from: Asker,
        /// What was gathered, for whom.
        gathering: Box<Gathering>,
        /// What came of it.
        gathered: Result<Gathered, Refusal>,
    },
    /// What goes along with a message was looked through.
    Inspected {
        /// Who asked.
        from: Asker,
        /// The message.
        sending: Box<Sending>,
        /// How many pseudonyms its conversation knew.
        read: usize,
        /// The name of an attachment in which a value stands, and the pseudonym it should stand under.
        found: Result<Option<(String, String)>, Refusal>,
    },
    /// Reports were made of an answer.
    Delivered {
        /// Who asked for them.
        to: Option<Asker>,
        /// The brief.
        brief: BriefId,
        /// The report for each conversation that asked, or why there is none.
        delivered: Result<Vec<Delivered>, Refusal>,
    },
    /// What a handoff's document is made from.
    Surveyed {
        /// What the handoff is about.
        plan: Box<Plan>,
        /// What was read, or why nothing was.
        surveyed: Surveyed,
    },
    /// A request for proposals was put together.
    AssistReady {
        /// The aside that will ask it.
        aside: AsideId,
        /// What is asked, and from what.
        asking: Box<Asking>,
        /// The request, or why nothing is asked.
        ready: Result<Ready, Refusal>,
    },
    /// An aside was answered.
    AsideAnswered {
        /// The aside.
        aside: AsideId,
        /// The conversation it concerns.
        conversation: ConversationId,
        /// What it is for.
        purpose: Purpose,
        /// The whole answer.
        answer: Answer,
    },
    /// An aside failed.
    AsideFailed {
        /// The aside.
        aside: AsideId,
        /// The conversation it concerns.
        conversation: ConversationId,
        /// What it is for.
        purpose: Purpose,
        /// Why.
        failure: Failure,
        /// What had come.
        so_far: Answer,
    },
    /// An aside was cancelled.
    AsideStopped {
        /// The aside.
        aside: AsideId,
        /// The conversation it concerns.
        conversation: ConversationId,
        /// What it was for.
        purpose: Purpose,
    },
    /// A handoff's document is finished, as far as it goes.
    Woven {
        /// The handoff and what there is of it.
        making: Box<Making>,
        /// The document, or why there is none.
        woven: Result<Woven, Refusal>,
        /// The messages that go along as they are, with their bodies.
        tail: Vec<Message>,
    },
    /// A conversation's turn has ended, and everything about it is applied.
    Settled {
        /// The conversation.
        conversation: ConversationId,
        /// Whether a brief that waits may begin.
        may_begin: bool,
    },
    /// A cancelled turn's task is gone.
    Stopped {
        /// The conversation.
        conversation: ConversationId,
        /// The turn.
        turn: TurnId,
        /// Why it was cancelled.
        by: Interruption,
        /// What had come.
        so_far: Answer,
    },
}

/// A streamed answer, whole or as far as it came.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// Reasoning and text, in the order they came.
    pub parts: Vec<Part>,
    /// How it ended, as far as the provider said.
    pub ending: Ending,
    /// What it used, if the provider said.
    pub usage: Option<Usage>,
}

impl Answer {
    /// Whether nothing had come yet.
    pub const fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

/// A partial answer as it lies in the journal while its turn streams.
#[derive(Debug, Clone, PartialEq)]
pub struct Partial {
    /// The conversation.
    pub conversation: ConversationId,
    /// The turn.
    pub turn: TurnId,
    /// The message that is answered.
    pub prompt: MessageId,
    /// What had come.
    pub parts: Vec<Part>,
}
