//! What someone asks of the engine: the screen, a command, or another process over the socket.

use serde::{Deserialize, Serialize};

use super::brief::{Draft, Fields, LineageOf, Quote};
use super::handoff::Drafted;
use super::id::{BriefId, ConversationId, MessageId, PinId};
use super::message::Attachment;
use super::model::ModelRef;
use super::redaction::Judgement;
use super::settings::{Locality, PaneName, PaneSettings};

pub use super::reply::{
    ConversationOverview, HandoffDraft, Hit, Overview, Page, PaneOverview, Refusal, RefusalKind, Reply,
};

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
    /// Send a person's message where the conversation begins, as a branch beside its first one; starts a turn.
    Begin {
        /// The conversation that is asked.
        conversation: ConversationId,
        /// What the person wrote.
        text: String,
        /// What goes along; the bodies are in the journal already.
        attachments: Vec<Attachment>,
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
