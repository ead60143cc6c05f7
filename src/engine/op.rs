//! What someone asks of the engine: the screen, a command, or another process over the socket.

use serde::{Deserialize, Serialize};

use super::brief::{Brief, Composed, Draft, Fields, Hold, Lineage, LineageOf, Listing, Quote, Replaced};
use super::gauge::{Gauge, Reading};
use super::handoff::{Drafted, Handoff, Succession, Writer};
use super::id::{BriefId, ConversationId, MessageId, PinId, TurnId};
use super::message::{Attachment, Message};
use super::model::ModelRef;
use super::redaction::{Dictionary, Judgement};
use super::settings::{Locality, PaneName, PaneSettings, Settings};
use super::trust::Trust;
use super::whereabouts::Whereabouts;

/// A request. Every one is answered by exactly one [`Reply`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Op {
    /// Send a person's message and start a turn.
    Send {
        /// The conversation that is asked.
        conversation: ConversationId,
        /// What the person wrote.
        text: String,
        /// What goes along; the bodies are in the journal already.
        attachments: Vec<Attachment>,
        /// The message it follows; the conversation's head if `None`. Another one makes a branch.
        parent: Option<MessageId>,
    },
    /// Ask again: a new turn for the head message (continue after an interruption, or regenerate).
    Continue {
        /// The conversation whose last message is answered.
        conversation: ConversationId,
    },
    /// Stop the turn that runs in this conversation; what has come is kept.
    Stop {
        /// The conversation.
        conversation: ConversationId,
    },
    /// Stop every running turn.
    StopAll {
        /// Why: the person asked, or the program is ending.
        by: super::message::Interruption,
    },
    /// Open a pane that the workspace file doesn't name, with a conversation of its own.
    OpenPane {
        /// Its name; refused if it is taken.
        pane: PaneName,
        /// Role, model, locality.
        settings: PaneSettings,
    },
    /// Start a fresh conversation in a pane; the old one stays readable.
    NewConversation {
        /// The pane.
        pane: PaneName,
    },
    /// Show another of the workspace's conversations in a pane.
    ShowConversation {
        /// The pane.
        pane: PaneName,
        /// The conversation it shows from now on.
        conversation: ConversationId,
    },
    /// Answer with another model from the next turn on.
    ChooseModel {
        /// The conversation.
        conversation: ConversationId,
        /// The model.
        model: ModelRef,
    },
    /// Move a conversation whose model left turns unanswered to the next one that may answer, for good. A message that
    /// nobody answered is asked again there.
    Move {
        /// The conversation.
        conversation: ConversationId,
        /// The model that the person was shown: another one by now refuses it. The next one if `None`.
        to: Option<ModelRef>,
    },
    /// Move a conversation back to the model that a person chose.
    MoveBack {
        /// The conversation.
        conversation: ConversationId,
    },
    /// Pin a message's text, or a part of it.
    Pin {
        /// The conversation.
        conversation: ConversationId,
        /// Where the text stands.
        message: MessageId,
        /// The text that must survive byte for byte.
        text: String,
    },
    /// Remove a pin.
    Unpin {
        /// The conversation.
        conversation: ConversationId,
        /// The pin.
        pin: PinId,
    },
    /// Compose a brief, and send it unless something holds it.
    Brief {
        /// What is asked, of whom, with which material.
        draft: Box<Draft>,
        /// Whether it is only shown.
        dry_run: bool,
    },
    /// List the messages that a brief quotes, and those that would serve its objective.
    Suggest {
        /// The conversations whose messages may be suggested.
        from: Vec<ConversationId>,
        /// What shall be done.
        objective: String,
        /// What is quoted already.
        context: Vec<Quote>,
    },
    /// Let this conversation's model propose what the empty fields of a brief could say.
    Assist {
        /// The conversation that the brief is composed in.
        conversation: ConversationId,
        /// What a person has written so far; what is written is not proposed.
        fields: Fields,
        /// What the brief quotes: it is read, else what was said last.
        context: Vec<Quote>,
    },
    /// Give up what this conversation's model is asked to propose, if it is.
    StopAssist {
        /// The conversation.
        conversation: ConversationId,
    },
    /// Go on with a brief that was sent.
    TurnBrief {
        /// The brief.
        brief: BriefId,
        /// What shall become of it.
        deed: BriefDeed,
    },
    /// Hand a conversation off now, or only draft the document.
    Handoff {
        /// The conversation.
        conversation: ConversationId,
        /// Whether no model is asked.
        extractive: bool,
        /// Whether the document is only shown: nothing is journaled, and `AcceptHandoff` may follow.
        draft: bool,
    },
    /// Hand a conversation off with this document: a draft that a person read, and perhaps changed.
    AcceptHandoff {
        /// The conversation.
        conversation: ConversationId,
        /// The last message that the document stands for, as the draft said.
        head: MessageId,
        /// The document, without the pins.
        document: String,
        /// How it came about, as the draft said; `None` if the person changed it.
        #[serde(default)]
        drafted: Option<Drafted>,
    },
    /// Write no more on the drafts of a conversation's handoff: nobody reads them any more.
    DropDrafts {
        /// The conversation.
        conversation: ConversationId,
    },
    /// Go back to the predecessor: its pane shows it again. Nothing is deleted.
    UndoHandoff {
        /// The successor, or the predecessor.
        conversation: ConversationId,
    },
    /// Store a message of the lineage as a text that can go along with the next message.
    Recall {
        /// The conversation it is recalled into.
        conversation: ConversationId,
        /// The message, in this conversation or in one before it.
        message: MessageId,
    },
    /// Bring messages of other conversations along with this one's next message: masked for it where a source is guarded.
    Gather {
        /// The conversation that will read them.
        into: ConversationId,
        /// The messages, each of another conversation.
        from: Vec<Quote>,
        /// The sealed panes that they may leave, masked, this once: their names, as a person typed them.
        #[serde(default)]
        unseal: Vec<PaneName>,
    },
    /// Change where a conversation's text may go, and that of its pane's next conversations.
    Locality {
        /// The conversation.
        conversation: ConversationId,
        /// The change.
        change: LocalityChange,
        /// The pane's name as a person typed it: without it nothing is loosened.
        #[serde(default)]
        typed: Option<PaneName>,
    },
    /// Remember whether an unknown name may cross.
    Judge {
        /// The word.
        word: String,
        /// The judgement.
        judgement: Judgement,
    },
    /// Withdraw a judgement, or take out a name that was added: it is unknown again.
    Unjudge {
        /// The word.
        word: String,
    },
    /// Add a name that must not cross.
    AddName {
        /// The name.
        name: String,
        /// What it is, such as `client`.
        kind: String,
    },
    /// Where a brief or a message came from and what became of it.
    Lineage {
        /// What is traced.
        of: LineageOf,
    },
    /// Messages with the real names that their conversation knows under pseudonyms. It is written into the journal first.
    RealNames {
        /// The conversation.
        conversation: ConversationId,
        /// The messages; all of them if there is none.
        messages: Vec<MessageId>,
        /// What is done with them.
        how: Revealed,
    },
    /// Erase bodies for good and leave a tombstone.
    Forget(Forgotten),
    /// Read messages.
    Page(PageOf),
    /// Keep something that is nobody's history: layout, scroll, focus, drafts.
    SaveView {
        /// What it is, such as `layout` or `draft/research`.
        key: String,
        /// Its value; `null` removes it.
        value: serde_json::Value,
    },
    /// Store a text that will go along with a message.
    Attach {
        /// The file's name, or `paste`.
        name: String,
        /// The whole text.
        body: std::sync::Arc<str>,
    },
    /// Find messages by words.
    Search {
        /// Words that must all occur; the last one may be a beginning.
        query: String,
        /// How many hits at most.
        limit: u32,
        /// Only on the active branch of this conversation; everywhere if `None`.
        #[serde(default)]
        within: Option<ConversationId>,
    },
    /// The workspace's shape: panes, conversations, what runs.
    Overview,
}

/// A change of where text may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum LocalityChange {
    /// To this locality; its providers stay.
    To {
        /// The locality.
        locality: Locality,
    },
    /// To what `workspace.yaml` says, providers included.
    File,
}

/// What a person does with a brief that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BriefDeed {
    /// The receiver begins with one that waits.
    Accept,
    /// The receiver doesn't take one that waits.
    Decline,
    /// Whoever asked takes it back.
    Cancel,
    /// Its report is put into the conversations that asked.
    Return,
}

/// What is done with text that holds real names again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Revealed {
    /// It goes to the clipboard.
    Copied,
    /// It is printed by a command.
    Printed,
    /// It is written as an export.
    Exported,
}

impl Revealed {
    /// The word for it in a trace.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Copied => "copied",
            Self::Printed => "printed",
            Self::Exported => "exported",
        }
    }
}

/// What is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Forgotten {
    /// One message.
    Message {
        /// The conversation it stands in.
        conversation: ConversationId,
        /// The message.
        message: MessageId,
    },
    /// A whole conversation: every message, pin and attachment that only it had.
    Conversation {
        /// The conversation.
        conversation: ConversationId,
    },
}

impl Forgotten {
    /// The conversation this concerns.
    pub const fn conversation(&self) -> ConversationId {
        match self {
            Self::Message { conversation, .. } | Self::Conversation { conversation } => *conversation,
        }
    }
}

/// Which messages to read: a window on the active branch of one conversation. Positions count along the branch from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageOf {
    /// The conversation.
    pub conversation: ConversationId,
    /// The position after the last message wanted; the end of the branch if `None`.
    pub end: Option<u32>,
    /// How many messages at most, counted back from `end`.
    pub limit: u32,
}

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

/// The answer to an [`Op`].
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

/// Why an [`Op`] was not done.
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
