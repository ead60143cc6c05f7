//! What happened: the journaled facts. This vocabulary is the disk format; see `store::format` for its versions.

use serde::{Deserialize, Serialize};

use super::brief::{Brief, Origin, State};
use super::conversation::Pin;
use super::failure::Failure;
use super::id::{BriefId, ConversationId, MessageId, PinId, TurnId};
use super::locality::Table;
use super::message::{Interruption, Message};
use super::model::{ModelFacts, ModelRef, ProviderName};
use super::op::Forgotten;
use super::redaction::Judgement;
use super::settings::{Locality, PaneName, PaneSettings, Settings};
use super::spend::Spend;

/// A fact. Once journaled it is never changed, only upcast when it is read, or erased by `forget`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The configuration that is in force from here on.
    Configured {
        /// Everything decisions depend on.
        settings: Settings,
    },
    /// A pane was opened that the workspace file doesn't name.
    PaneOpened {
        /// Its name.
        pane: PaneName,
        /// Its settings.
        settings: PaneSettings,
    },
    /// A conversation began, and its pane shows it.
    ConversationStarted {
        /// The conversation.
        conversation: ConversationId,
        /// The pane it was started in.
        pane: PaneName,
        /// Role, providers, locality.
        settings: PaneSettings,
        /// The model that answers.
        model: ModelRef,
        /// The conversation it continues, for a successor.
        predecessor: Option<ConversationId>,
    },
    /// A conversation's role, providers or locality changed with the workspace file.
    ConversationConfigured {
        /// The conversation.
        conversation: ConversationId,
        /// Its settings from here on.
        settings: PaneSettings,
    },
    /// A pane shows another conversation.
    PaneTurned {
        /// The pane.
        pane: PaneName,
        /// What it shows from here on.
        conversation: ConversationId,
    },
    /// Another model answers from here on.
    ModelChosen {
        /// The conversation.
        conversation: ConversationId,
        /// The model.
        model: ModelRef,
    },
    /// Something was learned of a model: its window, from an overflow.
    ModelLearned {
        /// The model.
        model: ModelRef,
        /// What is known of it now.
        facts: ModelFacts,
    },
    /// A person's message was added.
    MessageAdded {
        /// The message with its body.
        message: Message,
    },
    /// A turn began. Its request is sent only after this is on disk.
    TurnStarted {
        /// The conversation.
        conversation: ConversationId,
        /// The turn.
        turn: TurnId,
        /// The message that is answered: the answer's parent.
        prompt: MessageId,
        /// The model that is asked.
        model: ModelRef,
    },
    /// A turn's model failed before its first word, and another one answers this turn.
    TurnPassed {
        /// The conversation.
        conversation: ConversationId,
        /// The turn.
        turn: TurnId,
        /// The model that is asked from here on.
        model: ModelRef,
        /// Which try failed last.
        attempt: u32,
        /// Why.
        failure: Failure,
    },
    /// A turn ended as its protocol says it should.
    TurnEnded {
        /// The conversation.
        conversation: ConversationId,
        /// The turn.
        turn: TurnId,
        /// The answer.
        message: Message,
    },
    /// A turn failed for good.
    TurnFailed {
        /// The conversation.
        conversation: ConversationId,
        /// The turn.
        turn: TurnId,
        /// Why.
        failure: Failure,
        /// What had come, if anything.
        message: Option<Message>,
    },
    /// A turn was stopped: by the person, by the program's end, or by a crash.
    TurnInterrupted {
        /// The conversation.
        conversation: ConversationId,
        /// The turn.
        turn: TurnId,
        /// Why.
        by: Interruption,
        /// What had come, if anything.
        message: Option<Message>,
    },
    /// A turn cost money, at the price that was known when it ended.
    Spent {
        /// The conversation.
        conversation: ConversationId,
        /// The turn.
        turn: TurnId,
        /// How much.
        spend: Spend,
    },
    /// A text was pinned.
    Pinned {
        /// The conversation.
        conversation: ConversationId,
        /// The pin.
        pin: Pin,
    },
    /// A pin was removed.
    Unpinned {
        /// The conversation.
        conversation: ConversationId,
        /// The pin.
        pin: PinId,
    },
    /// A brief was sent.
    BriefSent {
        /// The brief.
        brief: Brief,
    },
    /// A brief went on to another state.
    BriefAdvanced {
        /// The conversation it was composed in.
        conversation: ConversationId,
        /// The brief.
        brief: BriefId,
        /// Its state from here on.
        state: State,
    },
    /// A receiver's table of pseudonyms grew.
    TableGrown {
        /// The receiver.
        conversation: ConversationId,
        /// What was added.
        table: Table,
    },
    /// Messages of other conversations were made ready to go along with a message of this one.
    Gathered {
        /// The conversation that reads them.
        conversation: ConversationId,
        /// The stored texts, and where each comes from.
        origins: Vec<Origin>,
        /// The strictest locality among the sources: text that was masked is for this conversation alone.
        locality: Locality,
        /// The sealed panes that a person let them out of, by typing their names.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        unsealed: Vec<PaneName>,
    },
    /// A person changed where a conversation's text may go, and that of its pane's next conversations.
    LocalityChanged {
        /// The conversation.
        conversation: ConversationId,
        /// Its pane.
        pane: PaneName,
        /// The locality from here on.
        locality: Locality,
        /// The providers from here on; any if empty.
        providers: Vec<ProviderName>,
        /// Whether it loosens anything: then the person typed the pane's name.
        loosened: bool,
    },
    /// A person judged an unknown name.
    Judged {
        /// The word.
        word: String,
        /// Whether it may cross.
        judgement: Judgement,
    },
    /// Bodies were erased for good; this tombstone says which.
    Erased {
        /// What was erased.
        what: Forgotten,
    },
}

impl Event {
    /// The conversation this concerns; `None` for the workspace as a whole.
    pub fn conversation(&self) -> Option<ConversationId> {
        match self {
            Self::Configured { .. } | Self::PaneOpened { .. } | Self::ModelLearned { .. } | Self::Judged { .. } => None,
            Self::ConversationStarted { conversation, .. }
            | Self::ConversationConfigured { conversation, .. }
            | Self::PaneTurned { conversation, .. }
            | Self::ModelChosen { conversation, .. }
            | Self::TurnStarted { conversation, .. }
            | Self::TurnPassed { conversation, .. }
            | Self::TurnEnded { conversation, .. }
            | Self::TurnFailed { conversation, .. }
            | Self::TurnInterrupted { conversation, .. }
            | Self::Spent { conversation, .. }
            | Self::Pinned { conversation, .. }
            | Self::Unpinned { conversation, .. }
            | Self::BriefAdvanced { conversation, .. }
            | Self::TableGrown { conversation, .. }
            | Self::Gathered { conversation, .. }
            | Self::LocalityChanged { conversation, .. } => Some(*conversation),
            Self::BriefSent { brief } => Some(brief.sender()),
            Self::MessageAdded { message } => Some(message.conversation),
            Self::Erased { what } => Some(what.conversation()),
        }
    }

    /// The event's name in the journal.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Configured { .. } => "configured",
            Self::PaneOpened { .. } => "pane_opened",
            Self::ConversationStarted { .. } => "conversation_started",
            Self::ConversationConfigured { .. } => "conversation_configured",
            Self::PaneTurned { .. } => "pane_turned",
            Self::ModelChosen { .. } => "model_chosen",
            Self::ModelLearned { .. } => "model_learned",
            Self::MessageAdded { .. } => "message_added",
            Self::TurnStarted { .. } => "turn_started",
            Self::TurnPassed { .. } => "turn_passed",
            Self::TurnEnded { .. } => "turn_ended",
            Self::TurnFailed { .. } => "turn_failed",
            Self::TurnInterrupted { .. } => "turn_interrupted",
            Self::Spent { .. } => "spent",
            Self::Pinned { .. } => "pinned",
            Self::Unpinned { .. } => "unpinned",
            Self::BriefSent { .. } => "brief_sent",
            Self::BriefAdvanced { .. } => "brief_advanced",
            Self::TableGrown { .. } => "table_grown",
            Self::Gathered { .. } => "gathered",
            Self::LocalityChanged { .. } => "locality_changed",
            Self::Judged { .. } => "judged",
            Self::Erased { .. } => "erased",
        }
    }

    /// The message this event carries, if it carries one.
    pub const fn message(&self) -> Option<&Message> {
        match self {
            Self::MessageAdded { message } | Self::TurnEnded { message, .. } => Some(message),
            Self::TurnFailed { message, .. } | Self::TurnInterrupted { message, .. } => message.as_ref(),
            Self::Configured { .. }
            | Self::PaneOpened { .. }
            | Self::ConversationStarted { .. }
            | Self::ConversationConfigured { .. }
            | Self::PaneTurned { .. }
            | Self::ModelChosen { .. }
            | Self::ModelLearned { .. }
            | Self::TurnStarted { .. }
            | Self::TurnPassed { .. }
            | Self::Spent { .. }
            | Self::Pinned { .. }
            | Self::Unpinned { .. }
            | Self::BriefSent { .. }
            | Self::BriefAdvanced { .. }
            | Self::TableGrown { .. }
            | Self::Gathered { .. }
            | Self::LocalityChanged { .. }
            | Self::Judged { .. }
            | Self::Erased { .. } => None,
        }
    }
}
