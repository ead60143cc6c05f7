//! What happened: the journaled facts. This vocabulary is the disk format; see `store::format` for its versions.

use serde::{Deserialize, Serialize};

use super::brief::{Brief, Hold, Origin, State, Why};
use super::conversation::Pin;
use super::failure::Failure;
use super::handoff::{Cause, Handoff};
use super::id::{BriefId, ConversationId, HandoffId, MessageId, PinId, TurnId};
use super::locality::Table;
use super::message::{Interruption, Message};
use super::model::{ModelFacts, ModelRef, ProviderName};
use super::op::{Forgotten, Revealed};
use super::redaction::Judgement;
use super::settings::{Locality, PaneName, PaneSettings, Settings};
use super::spend::Spend;
use super::time::Timestamp;
use super::whereabouts::Move;

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
        /// Whether the context's size is estimated anew: another model counts otherwise than the one that measured it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        recounted: bool,
    },
    /// A conversation moved to another model for good: its own stayed down, or is back. The context's size is estimated anew.
    Moved {
        /// The conversation.
        conversation: ConversationId,
        /// The move.
        moved: Move,
    },
    /// A conversation's model left a turn unanswered, though it was tried as often as it may be.
    Unanswered {
        /// The conversation.
        conversation: ConversationId,
        /// How many turns in a row, this one included.
        turns: u32,
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
    /// A turn, or an aside, cost money, at the price that was known when it ended.
    Spent {
        /// The conversation.
        conversation: ConversationId,
        /// The turn; for an aside, its identity.
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
        /// When.
        #[serde(default)]
        at: Option<Timestamp>,
        /// Why.
        #[serde(default)]
        why: Option<Why>,
    },
    /// A report can't return yet: what somebody has to judge first.
    ReportHeld {
        /// The receiver, whose words it may hold.
        conversation: ConversationId,
        /// The brief.
        brief: BriefId,
        /// What holds it.
        holds: Vec<Hold>,
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
    /// A person withdrew a judgement: the name is unknown again.
    Unjudged {
        /// The word.
        word: String,
    },
    /// A person added a name that must not cross.
    NameAdded {
        /// The name.
        name: String,
        /// What it is, such as `client`: the label of its pseudonyms.
        kind: String,
    },
    /// Somebody was given text with the real names that a conversation knows under pseudonyms.
    RealNamesShown {
        /// The conversation.
        conversation: ConversationId,
        /// The messages; the whole conversation if there is none.
        messages: Vec<MessageId>,
        /// What was done with them.
        how: Revealed,
        /// When.
        at: Timestamp,
    },
    /// A handoff of a conversation is being made. Turns that begin meanwhile wait for it.
    HandoffBegan {
        /// The conversation that is handed off.
        conversation: ConversationId,
        /// The handoff.
        handoff: HandoffId,
        /// Why.
        cause: Cause,
    },
    /// A handoff was given up; the conversation is as it was.
    HandoffDropped {
        /// The conversation.
        conversation: ConversationId,
        /// The handoff.
        handoff: HandoffId,
        /// Why, in a sentence.
        why: String,
        /// Whether none is made by itself from here on: it would have freed too little.
        #[serde(default)]
        holds: bool,
    },
    /// A handoff waits for a person, under the policy `ask`.
    HandoffDue {
        /// The conversation.
        conversation: ConversationId,
        /// Why.
        cause: Cause,
    },
    /// A conversation that has just begun goes on from another one; its first message is the document.
    HandedOff {
        /// The successor.
        conversation: ConversationId,
        /// What was carried.
        handoff: Handoff,
    },
    /// A conversation goes on in its successor: its open briefs and its table of pseudonyms are the successor's too.
    Continued {
        /// The predecessor.
        conversation: ConversationId,
        /// The successor.
        by: ConversationId,
        /// The turn that waited, if one did: it ends here without an answer and starts again in the successor.
        #[serde(default)]
        turn: Option<TurnId>,
        /// Messages that were added while the document was written, and their copies in the successor.
        #[serde(default)]
        copied: Vec<(MessageId, MessageId)>,
    },
    /// A person went back to the predecessor. Nothing was deleted; none is made of it by itself any more.
    HandoffUndone {
        /// The predecessor.
        conversation: ConversationId,
        /// The handoff.
        handoff: HandoffId,
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
            Self::Configured { .. }
            | Self::PaneOpened { .. }
            | Self::ModelLearned { .. }
            | Self::Judged { .. }
            | Self::Unjudged { .. }
            | Self::NameAdded { .. } => None,
            Self::ConversationStarted { conversation, .. }
            | Self::ConversationConfigured { conversation, .. }
            | Self::PaneTurned { conversation, .. }
            | Self::ModelChosen { conversation, .. }
            | Self::Moved { conversation, .. }
            | Self::Unanswered { conversation, .. }
            | Self::TurnStarted { conversation, .. }
            | Self::TurnPassed { conversation, .. }
            | Self::TurnEnded { conversation, .. }
            | Self::TurnFailed { conversation, .. }
            | Self::TurnInterrupted { conversation, .. }
            | Self::Spent { conversation, .. }
            | Self::Pinned { conversation, .. }
            | Self::Unpinned { conversation, .. }
            | Self::BriefAdvanced { conversation, .. }
            | Self::ReportHeld { conversation, .. }
            | Self::RealNamesShown { conversation, .. }
            | Self::Gathered { conversation, .. }
            | Self::LocalityChanged { conversation, .. }
            | Self::TableGrown { conversation, .. }
            | Self::HandoffBegan { conversation, .. }
            | Self::HandoffDropped { conversation, .. }
            | Self::HandoffDue { conversation, .. }
            | Self::HandedOff { conversation, .. }
            | Self::Continued { conversation, .. }
            | Self::HandoffUndone { conversation, .. } => Some(*conversation),
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
            Self::Moved { .. } => "moved",
            Self::Unanswered { .. } => "unanswered",
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
            Self::ReportHeld { .. } => "report_held",
            Self::Unjudged { .. } => "unjudged",
            Self::NameAdded { .. } => "name_added",
            Self::RealNamesShown { .. } => "real_names_shown",
            Self::HandoffBegan { .. } => "handoff_began",
            Self::HandoffDropped { .. } => "handoff_dropped",
            Self::HandoffDue { .. } => "handoff_due",
            Self::HandedOff { .. } => "handed_off",
            Self::Continued { .. } => "continued",
            Self::HandoffUndone { .. } => "handoff_undone",
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
            | Self::Moved { .. }
            | Self::Unanswered { .. }
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
            | Self::ReportHeld { .. }
            | Self::Unjudged { .. }
            | Self::NameAdded { .. }
            | Self::RealNamesShown { .. }
            | Self::HandoffBegan { .. }
            | Self::HandoffDropped { .. }
            | Self::HandoffDue { .. }
            | Self::HandedOff { .. }
            | Self::Continued { .. }
            | Self::HandoffUndone { .. }
            | Self::Erased { .. } => None,
        }
    }
}
