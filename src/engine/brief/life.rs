//! What was sent, and how far it has come.

use serde::{Deserialize, Serialize};

use crate::engine::id::{BriefId, ConversationId, HandoffId, MessageId};
use crate::engine::settings::PaneName;
use crate::engine::time::Timestamp;

use super::compose::Hold;
use super::draft::{Fields, Quote, Return};

/// How many conversations a piece of work may pass through while each waits for the next.
pub const HOP_LIMIT: u32 = 4;

/// A brief that was sent. Its payload stands in the receiver's message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Brief {
    /// Its identity.
    pub id: BriefId,
    /// Its number in the workspace, from 1: `brief 4` on the screen. Every version has the same.
    pub number: u32,
    /// Its version, from 1.
    pub version: u32,
    /// The version before this one.
    #[serde(default)]
    pub supersedes: Option<BriefId>,
    /// The first brief of the same send: what went to several receivers belongs together.
    pub fan_out: BriefId,
    /// The brief that its sender was working on when it was sent.
    #[serde(default)]
    pub parent: Option<BriefId>,
    /// How many conversations wait for it, one upon the other: 1 for a person's own.
    pub hops: u32,
    /// The conversations that ask, the one it was composed in first.
    pub from: Vec<ConversationId>,
    /// The conversation that receives.
    pub to: ConversationId,
    /// What is asked, with real names.
    pub fields: Fields,
    /// Where its material stands.
    #[serde(default)]
    pub context: Vec<Quote>,
    /// What becomes of the answer.
    #[serde(rename = "return")]
    pub returns: Return,
    /// What crossed, to the byte, until the receiver's message holds it.
    #[serde(default)]
    pub payload: Option<String>,
    /// The pseudonyms it brought to its receiver: their values return with the report.
    #[serde(default)]
    pub brought: Vec<String>,
    /// The sealed panes that a person let it out of, by typing their names.
    #[serde(default)]
    pub unsealed: Vec<PaneName>,
    /// When it was sent.
    pub sent: Timestamp,
    /// How far it has come.
    pub state: State,
    /// Its message in the receiver, once it stands there: later states don't take it away.
    #[serde(default)]
    pub stands: Option<MessageId>,
    /// How it came there, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// What keeps its report from those who asked, as far as somebody has to judge it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<Hold>,
}

/// One step of a brief's life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What it came to.
    pub state: State,
    /// When; unknown in a journal of an older version.
    #[serde(default)]
    pub at: Option<Timestamp>,
    /// Why; unknown in a journal of an older version.
    #[serde(default)]
    pub why: Option<Why>,
}

/// Why a brief went on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// A person said so.
    Person,
    /// Its receiver had nothing else to do when it was sent.
    Idle,
    /// Its receiver had come to the end of what it did before.
    Freed,
    /// The receiver's turn came to its end.
    TurnEnded,
    /// Its answer returns by itself, and nobody who asked was busy.
    Auto,
    /// A newer version of it was sent.
    Newer,
}

impl Why {
    /// The reason in words.
    pub const fn told(self) -> &'static str {
        match self {
            Self::Person => "you said so",
            Self::Idle => "by itself: it was idle",
            Self::Freed => "by itself: it had become idle",
            Self::TurnEnded => "its turn ended",
            Self::Auto => "by itself: `return` is auto",
            Self::Newer => "a newer version was sent",
        }
    }
}

/// How far a brief has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// It waits for its receiver.
    Sent,
    /// It stands in the receiver, which works on it.
    Accepted {
        /// The receiver's message.
        message: MessageId,
    },
    /// The receiver has answered.
    Answered {
        /// The answer, in the receiver.
        report: MessageId,
    },
    /// The report stands in every conversation that asked.
    Returned {
        /// The answer, in the receiver.
        report: MessageId,
        /// The report, in each conversation that asked.
        messages: Vec<MessageId>,
    },
    /// The receiver doesn't take it.
    Declined,
    /// A newer version took its place.
    Superseded {
        /// The newer version.
        by: BriefId,
        /// The receiver's message, if it stands there.
        #[serde(default)]
        message: Option<MessageId>,
        /// An answer that came all the same: stale.
        #[serde(default)]
        report: Option<MessageId>,
    },
    /// Whoever asked took it back.
    Cancelled,
    /// The receiver's turn failed or was stopped: `continue` in the receiver tries again.
    Failed {
        /// The receiver's message.
        message: MessageId,
        /// Why, in a sentence.
        why: String,
    },
}

impl State {
    /// The word for it on the screen.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Accepted { .. } => "accepted",
            Self::Answered { .. } => "answered",
            Self::Returned { .. } => "returned",
            Self::Declined => "declined",
            Self::Superseded { .. } => "superseded",
            Self::Cancelled => "cancelled",
            Self::Failed { .. } => "failed",
        }
    }

    /// Whether somebody still waits for its answer.
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Sent | Self::Accepted { .. })
    }
}

impl Brief {
    /// The conversation it was composed in.
    pub fn sender(&self) -> ConversationId {
        self.from.first().copied().unwrap_or(self.to)
    }

    /// The receiver's message, once it stands there.
    pub const fn message(&self) -> Option<MessageId> {
        match &self.state {
            State::Accepted { message }
            | State::Failed { message, .. }
            | State::Superseded { message: Some(message), .. } => Some(*message),
            _ => None,
        }
    }

    /// The answer, in the receiver, once it is given.
    pub const fn report(&self) -> Option<MessageId> {
        match &self.state {
            State::Answered { report }
            | State::Returned { report, .. }
            | State::Superseded { report: Some(report), .. } => Some(*report),
            _ => None,
        }
    }

    /// Its message in the receiver, whatever became of it since.
    pub fn stood(&self) -> Option<MessageId> {
        self.stands.or(self.message())
    }

    /// The answer, in the receiver, whatever became of it since.
    pub fn answer(&self) -> Option<MessageId> {
        let of = |step: &Step| match &step.state {
            State::Answered { report } | State::Returned { report, .. } => Some(*report),
            _ => None,
        };
        self.report().or_else(|| self.steps.iter().rev().find_map(of))
    }

    /// The report in each conversation that asked, once it stands there, whatever became of it since.
    pub fn returned(&self) -> &[MessageId] {
        let states = std::iter::once(&self.state).chain(self.steps.iter().rev().map(|step| &step.state));
        match states.into_iter().find(|state| matches!(state, State::Returned { .. })) {
            Some(State::Returned { messages, .. }) => messages,
            _ => &[],
        }
    }

    /// Whether its answer was given and waits for somebody to take it, or for what holds it.
    pub const fn is_due(&self) -> bool {
        matches!(self.state, State::Answered { .. }) && !matches!(self.returns, Return::None)
    }

    /// Forgets what it says, if it came from or went to this conversation.
    pub fn erase(&mut self, conversation: ConversationId) {
        if self.to == conversation || self.from.contains(&conversation) {
            self.payload = None;
            self.fields = Fields::default();
            self.held = Vec::new();
            for quote in &mut self.context {
                quote.passage = None;
            }
        }
    }

    /// A conversation goes on in another one: what was not yet answered there, or not yet returned, is the successor's.
    pub fn follow(&mut self, from: ConversationId, to: ConversationId, copied: &[(MessageId, MessageId)]) {
        let is_unreturned = self.state.is_open() || matches!(self.state, State::Answered { .. } | State::Failed { .. });
        if is_unreturned {
            for asker in &mut self.from {
                if *asker == from {
                    *asker = to;
                }
            }
        }
        if self.to != from {
            return;
        }
        match &mut self.state {
            State::Sent => self.to = to,
            // What is being worked on is worked on there; a newer version may have taken its place meanwhile.
            State::Accepted { message }
            | State::Failed { message, .. }
            | State::Superseded { message: Some(message), .. } => {
                if let Some((_, copy)) = copied.iter().find(|(old, _)| old == message) {
                    *message = *copy;
                    self.stands = Some(*copy);
                    self.to = to;
                }
            }
            _ => {}
        }
    }

    /// Goes on to a state. What crossed is kept only as long as the receiver's message doesn't hold it.
    pub fn advance(&mut self, state: &State, at: Option<Timestamp>, why: Option<Why>) {
        if !matches!(state, State::Sent) {
            self.payload = None;
        }
        if let State::Accepted { message } = state {
            self.stands = Some(*message);
        }
        self.held = Vec::new();
        self.steps.push(Step { state: state.clone(), at, why });
        self.state = state.clone();
    }
}

/// What a message is that nobody typed in its conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum About {
    /// It is the brief, in its receiver.
    Brief {
        /// The brief.
        brief: BriefId,
    },
    /// It is the report, in a conversation that asked.
    Report {
        /// The brief it answers.
        brief: BriefId,
    },
    /// It is the document that its conversation began with.
    Handoff {
        /// The handoff.
        handoff: HandoffId,
    },
}
