//! What the engine answers an [`Op`](super::op::Op), and what it tells of the workspace as it is.

use serde::{Deserialize, Serialize};

use super::brief::{Brief, Composed, Fields, Hold, Lineage, Listing, Replaced};
use super::gauge::{Gauge, Reading};
use super::handoff::{Handoff, Succession, Writer};
use super::id::{BriefId, ConversationId, MessageId, TurnId};
use super::message::{Attachment, Message};
use super::model::ModelRef;
use super::redaction::Dictionary;
use super::settings::{Locality, PaneName, PaneSettings, Settings};
use super::trust::Trust;
use super::whereabouts::Whereabouts;

/// Messages of one conversation, oldest first, on its active branch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// The conversation.
    pub conversation: ConversationId,
    /// The position of the first message.
    pub first: u32,
    /// How many messages the branch has.
    pub total: u32,
    /// The messages, oldest first. An erased one has no parts.
    pub messages: Vec<Message>,
}

/// A message that matches a search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// The conversation it stands in.
    pub conversation: ConversationId,
    /// The pane that conversation was started in.
    pub pane: PaneName,
    /// The message.
    pub message: MessageId,
    /// Its number in the conversation.
    pub number: u32,
    /// Its position on its branch.
    pub position: u32,
    /// When it was sent.
    pub at: super::time::Timestamp,
    /// The text around the first match, on one line.
    pub snippet: String,
}

/// The answer to an [`Op`](super::op::Op).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
pub enum Reply {
    /// It is done, and on disk if it is anybody's history.
    Done,
    /// The message is on disk and its turn has begun.
    Accepted {
        /// The turn.
        turn: TurnId,
        /// The person's message.
        message: MessageId,
    },
    /// The conversation that was started or shown.
    Conversation {
        /// The conversation.
        conversation: ConversationId,
    },
    /// The messages asked for.
    Page(Page),
    /// The text is stored and can go along with a message.
    Attached(Attachment),
    /// What was found, best first.
    Hits {
        /// The messages.
        hits: Vec<Hit>,
    },
    /// What the receivers get, or would get.
    Briefs {
        /// For each receiver, what crosses, and what holds it.
        composed: Vec<Composed>,
        /// The briefs that were sent; none if it was a dry run, or something holds it.
        sent: Vec<BriefId>,
    },
    /// The lineage.
    Lineage(Box<Lineage>),
    /// Messages with real names.
    Restored {
        /// The messages, oldest first.
        messages: Vec<Message>,
        /// How many pseudonyms were put back.
        count: u32,
    },
    /// What a brief quotes, and what it could.
    Listing(Listing),
    /// What a brief's empty fields could say.
    Proposed {
        /// The proposals; empty where there is none.
        fields: Fields,
        /// The model that made them.
        by: ModelRef,
        /// The strictest locality of what it read: a brief with these fields is no more open than that.
        from: Locality,
    },
    /// The document as it would be carried.
    HandoffDraft(Box<HandoffDraft>),
    /// The conversation was handed off.
    HandedOff {
        /// What was carried.
        handoff: Handoff,
    },
    /// What goes along with the next message, or what holds it.
    Gathered {
        /// The texts, stored; none if something holds them.
        attachments: Vec<Attachment>,
        /// What stands in them under a pseudonym.
        replaced: Vec<Replaced>,
        /// What keeps them from crossing; nothing if they may.
        holds: Vec<Hold>,
    },
    /// The workspace's shape.
    Overview(Box<Overview>),
    /// It was not done, and nothing has changed.
    Refused(Refusal),
}

/// A handoff's document before it is carried: what a person reads, and may change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HandoffDraft {
    /// The conversation.
    pub conversation: ConversationId,
    /// The last message it stands for: what comes after it goes along as it is.
    pub head: MessageId,
    /// The document without the pins.
    pub document: String,
    /// The pins that go along byte for byte.
    pub pins: Vec<String>,
    /// Who wrote it.
    pub by: Writer,
    /// How many messages it stands for.
    pub messages: u32,
    /// How many values the check appended.
    pub appended: u32,
    /// What the model named and no message says; those lines were left out.
    pub invented: Vec<String>,
    /// Why no model wrote on it, though one was asked: how the last request failed.
    #[serde(default)]
    pub failure: Option<String>,
    /// The document's tokens, estimated.
    pub tokens: u32,
    /// The most tokens a document may have here; unknown without a window.
    pub limit: Option<u32>,
    /// Tokens in the context now.
    pub before: u32,
    /// Tokens that the successor would begin with.
    pub after: u32,
}

/// Why an [`Op`](super::op::Op) was not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// What kind of refusal: decides a command's exit code.
    pub kind: RefusalKind,
    /// The whole sentence a person reads.
    pub message: String,
}

impl Refusal {
    /// A refusal of this kind, told in this sentence.
    pub fn new(kind: RefusalKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}

/// The kinds of refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// What was named isn't there.
    Unknown,
    /// It makes no sense now, such as stopping where nothing runs.
    NotNow,
    /// Locality, headroom or spend forbids it.
    Forbidden,
    /// The journal could not take it: full disk, read-only workspace.
    NotSaved,
    /// Another process holds the workspace.
    Held,
}

/// The workspace's shape without bodies.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// The settings in force.
    pub settings: Settings,
    /// The panes: those of the file first, then those opened since.
    pub panes: Vec<PaneOverview>,
    /// Every conversation, oldest first.
    pub conversations: Vec<ConversationOverview>,
    /// Every brief that was sent, oldest first.
    #[serde(default)]
    pub briefs: Vec<Brief>,
    /// What a person judged of names, and the names they added.
    #[serde(default)]
    pub judged: Dictionary,
}

/// One pane and what it shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PaneOverview {
    /// Its name.
    pub pane: PaneName,
    /// The conversation it shows.
    pub conversation: ConversationId,
}

/// One conversation without its bodies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConversationOverview {
    /// The conversation.
    pub id: ConversationId,
    /// The pane it was started in.
    pub pane: PaneName,
    /// Its settings.
    pub settings: PaneSettings,
    /// The model that answers next.
    pub model: ModelRef,
    /// What is known of that model.
    pub facts: super::model::ModelFacts,
    /// How many messages its active branch has.
    pub messages: u32,
    /// The head of its active branch.
    pub head: Option<MessageId>,
    /// Its meter: tokens in the context, as far as known.
    pub meter: super::meter::Meter,
    /// The turn that runs.
    pub turn: Option<super::conversation::Turn>,
    /// Its pins.
    pub pins: Vec<super::conversation::Pin>,
    /// What its turns cost, as far as their prices were known.
    #[serde(default)]
    pub spend: super::spend::Spend,
    /// The conversation it continues.
    #[serde(default)]
    pub predecessor: Option<ConversationId>,
    /// Where it stands in its lineage: what it began with, what goes on from it, whether it is being handed off.
    #[serde(default)]
    pub succession: Succession,
    /// Who answered it, and its moves.
    #[serde(default, skip_serializing_if = "Whereabouts::is_plain")]
    pub whereabouts: Whereabouts,
}

impl ConversationOverview {
    /// How full its context is, and when it is handed off.
    pub fn gauge(&self, settings: &Settings) -> Gauge {
        Gauge::of(&Reading {
            meter: self.meter,
            facts: &self.facts,
            settings,
            pane: &self.settings,
            pins: &self.pins,
            messages: self.messages,
            received: self.succession.received.as_ref(),
        })
    }

    /// Whom its text may go to.
    pub const fn trust<'a>(&'a self, settings: &'a Settings) -> Trust<'a> {
        let Self { pane, settings: own, model, whereabouts, .. } = self;
        Trust { settings, pane: pane.as_str(), own, model, whereabouts }
    }
}
