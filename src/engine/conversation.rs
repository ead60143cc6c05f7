//! One conversation as the engine knows it: an index of its messages, never their bodies.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::handoff::{Succession, Underway};
use super::id::{ConversationId, MessageId, PinId, TurnId};
use super::message::{Author, Ending, Message, Part, Usage};
use super::meter::{self, Meter};
use super::model::ModelRef;
use super::op::Forgotten;
use super::settings::{PaneName, PaneSettings, Settings};
use super::spend::Spend;
use super::trust::Trust;
use super::whereabouts::Whereabouts;

/// The index of one conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversation {
    /// Everything but the messages.
    pub header: Header,
    /// Every message by identity, on whatever branch.
    pub messages: BTreeMap<MessageId, Entry>,
}

impl Conversation {
    /// The messages from the beginning to `head`, oldest first.
    pub fn branch(&self, head: Option<MessageId>) -> Vec<MessageId> {
        let mut branch: Vec<MessageId> = self.ancestors(head).map(|(id, _)| id).collect();
        branch.reverse();
        branch
    }

    /// The context's size on the active branch: the newest measured answer, and what was added since.
    pub fn meter(&self) -> Meter {
        self.meter_at(self.header.head)
    }

    /// The context's size up to a message.
    pub fn meter_at(&self, head: Option<MessageId>) -> Meter {
        let mut added = 0_u32;
        for (_, entry) in self.ancestors(head) {
            if let Some(measured) = entry.measured {
                return Meter { measured, added };
            }
            added = added.saturating_add(entry.tokens);
        }
        Meter { measured: 0, added }
    }

    /// Whether a provider has counted any of it.
    pub fn is_measured(&self) -> bool {
        self.messages.values().any(|entry| entry.measured.is_some())
    }

    fn ancestors(&self, head: Option<MessageId>) -> impl Iterator<Item = (MessageId, &Entry)> {
        let entry = |id: MessageId| self.messages.get(&id).map(|entry| (id, entry));
        std::iter::successors(head.and_then(entry), move |(_, last)| last.parent.and_then(entry))
    }

    /// Folds a fact into header and messages.
    pub fn apply(&mut self, event: &Event) {
        self.header.apply(event);
        if recounts(event) {
            self.messages.values_mut().for_each(|entry| entry.measured = None);
        }
        if let Some(message) = event.message() {
            self.messages.insert(message.id, Entry::of(message));
        }
        if let Event::Erased { what } = event {
            match what {
                Forgotten::Message { message, .. } => {
                    if let Some(entry) = self.messages.get_mut(message) {
                        entry.erase();
                    }
                }
                Forgotten::Conversation { .. } => self.messages.values_mut().for_each(Entry::erase),
            }
        }
    }
}

/// What is known of a conversation beside its messages. Small: the journal keeps it as a projection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Its identity.
    pub id: ConversationId,
    /// The pane it was started in.
    pub pane: PaneName,
    /// Role, providers, locality.
    pub settings: PaneSettings,
    /// The model that answers next.
    pub model: ModelRef,
    /// The conversation it continues.
    pub predecessor: Option<ConversationId>,
    /// The last message of the active branch.
    pub head: Option<MessageId>,
    /// The highest message number given out.
    pub last_number: u32,
    /// What must survive verbatim, in the order it was pinned.
    pub pins: Vec<Pin>,
    /// The turn that runs.
    pub turn: Option<Turn>,
    /// How many tries of that turn other models had before the one that is asked now.
    #[serde(default)]
    pub tries_before: u32,
    /// Rises with every fact: what a result must have read to be current.
    pub version: u64,
    /// Whether all its bodies were erased.
    pub erased: bool,
    /// What its turns cost, as far as their prices were known.
    #[serde(default)]
    pub spend: Spend,
    /// Where it stands in its lineage.
    #[serde(default, skip_serializing_if = "Succession::is_plain")]
    pub succession: Succession,
    /// Who answered it, and its moves.
    #[serde(default, skip_serializing_if = "Whereabouts::is_plain")]
    pub whereabouts: Whereabouts,
}

/// Whether the context's size is estimated anew from here on: what was measured before was counted by another model.
pub const fn recounts(event: &Event) -> bool {
    matches!(event, Event::Moved { .. } | Event::ModelChosen { recounted: true, .. })
}

impl Header {
    /// The conversation that this fact starts, if it starts one.
    pub fn started(event: &Event) -> Option<Self> {
        let Event::ConversationStarted { conversation, pane, settings, model, predecessor } = event else {
            return None;
        };
        Some(Self {
            id: *conversation,
            pane: pane.clone(),
            settings: settings.clone(),
            model: model.clone(),
            predecessor: *predecessor,
            head: None,
            last_number: 0,
            pins: Vec::new(),
            turn: None,
            tries_before: 0,
            version: 0,
            erased: false,
            spend: Spend::default(),
            succession: Succession::default(),
            whereabouts: Whereabouts::default(),
        })
    }

    /// The model that its pane's next conversation begins with.
    pub fn chosen_model(&self) -> &ModelRef {
        self.whereabouts.home.as_ref().filter(|_| self.whereabouts.is_masked).unwrap_or(&self.model)
    }

    /// Whom its text may go to.
    pub fn trust<'a>(&'a self, settings: &'a Settings) -> Trust<'a> {
        let Self { pane, settings: own, model, whereabouts, .. } = self;
        Trust { settings, pane, own, model, whereabouts }
    }

    /// Folds a fact about this conversation.
    pub fn apply(&mut self, event: &Event) {
        self.version += 1;
        self.whereabouts.fold(event, &self.model, self.turn.as_ref());
        if let Some(message) = event.message() {
            self.last_number = self.last_number.max(message.number);
            self.head = Some(message.id);
        }
        match event {
            Event::ConversationConfigured { settings, .. } => {
                self.settings = settings.clone();
                self.succession.held = None;
            }
            Event::LocalityChanged { locality, providers, .. } => {
                self.settings.locality = *locality;
                self.settings.providers.clone_from(providers);
            }
            Event::ModelChosen { model, .. } => {
                self.model = model.clone();
                self.succession.held = None;
            }
            Event::Moved { moved, .. } => {
                self.model = moved.to.clone();
                self.succession.held = None;
            }
            Event::TurnStarted { turn, prompt, model, .. } => {
                self.head = Some(*prompt);
                self.turn = Some(Turn { id: *turn, prompt: *prompt, model: model.clone() });
                self.tries_before = 0;
            }
            Event::TurnPassed { turn, model, attempt, .. } => {
                if let Some(running) = self.turn.as_mut().filter(|running| running.id == *turn) {
                    running.model = model.clone();
                    // The next request is the runtime's same try: it was never told of another one.
                    self.tries_before = attempt.saturating_sub(1);
                }
            }
            Event::TurnEnded { turn, .. } | Event::TurnFailed { turn, .. } | Event::TurnInterrupted { turn, .. } => {
                if self.turn.as_ref().is_some_and(|running| running.id == *turn) {
                    self.turn = None;
                }
            }
            Event::Spent { spend, .. } => self.spend = self.spend.and(*spend),
            Event::Pinned { pin, .. } => self.pins.push(pin.clone()),
            Event::Unpinned { pin, .. } => self.pins.retain(|kept| kept.id != *pin),
            Event::Erased { what: Forgotten::Message { message, .. } } => {
                self.pins.retain(|pin| pin.message != *message);
            }
            Event::Erased { what: Forgotten::Conversation { .. } } => {
                self.erased = true;
                self.pins.clear();
            }
            Event::HandoffBegan { handoff, cause, .. } => {
                self.succession.underway = Some(Underway { handoff: *handoff, cause: *cause });
                self.succession.due = None;
            }
            Event::HandoffDropped { handoff, why, holds, .. } => {
                if self.succession.underway.as_ref().is_some_and(|underway| underway.handoff == *handoff) {
                    self.succession.underway = None;
                }
                if *holds {
                    self.succession.held = Some(why.clone());
                }
            }
            Event::HandoffDue { cause, .. } => self.succession.due = Some(*cause),
            Event::HandedOff { handoff, .. } => {
                self.last_number = self.last_number.max(handoff.last_number);
                self.succession.received = Some(handoff.clone());
            }
            Event::Continued { by, turn, .. } => {
                self.succession.underway = None;
                self.succession.due = None;
                // What held it was of the time before; an undoing comes after.
                self.succession.held = None;
                self.succession.successor = Some(*by);
                if turn.is_some() && self.turn.as_ref().map(|running| running.id) == *turn {
                    self.turn = None;
                }
            }
            Event::HandoffUndone { .. } => {
                self.succession.held = Some("it was undone here".to_owned());
            }
            Event::Configured { .. }
            | Event::PaneOpened { .. }
            | Event::ConversationStarted { .. }
            | Event::PaneTurned { .. }
            | Event::ModelLearned { .. }
            | Event::BriefSent { .. }
            | Event::BriefAdvanced { .. }
            | Event::TableGrown { .. }
            | Event::Gathered { .. }
            | Event::Judged { .. }
            | Event::ReportHeld { .. }
            | Event::Unjudged { .. }
            | Event::NameAdded { .. }
            | Event::RealNamesShown { .. }
            | Event::Unanswered { .. }
            | Event::MessageAdded { .. } => {}
        }
    }
}

/// What the index keeps of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Its number in the conversation.
    pub number: u32,
    /// The message before it.
    pub parent: Option<MessageId>,
    /// Who it is from.
    pub author: Author,
    /// Its tokens, estimated, attachments included.
    pub tokens: u32,
    /// The context up to and with it, as its provider measured it.
    pub measured: Option<u32>,
    /// Whether it ended as its author meant it.
    pub complete: bool,
    /// Whether its body was erased.
    pub erased: bool,
}

impl Entry {
    /// What the index keeps of this message.
    pub fn of(message: &Message) -> Self {
        let measured = message
            .usage
            .filter(|usage| !usage.estimated && usage.input > 0)
            .map(|usage| usage.input.saturating_add(usage.output.saturating_sub(thought(message, usage))));
        Self {
            number: message.number,
            parent: message.parent,
            author: message.author,
            tokens: meter::estimate_message(message),
            measured,
            complete: message.ending == Ending::Complete,
            erased: false,
        }
    }

    const fn erase(&mut self) {
        self.erased = true;
        self.tokens = 0;
        self.measured = None;
    }
}

/// What a model thought before it answered: it is never sent back, so that it isn't in the context any more. Where the
/// provider doesn't count it apart, it is estimated from its text.
fn thought(message: &Message, usage: Usage) -> u32 {
    if usage.reasoning > 0 {
        return usage.reasoning;
    }
    message.parts.iter().fold(0, |sum: u32, part| match part {
        Part::Reasoning { text } => sum.saturating_add(meter::estimate(text)),
        Part::Text { .. } | Part::Attachment(_) | Part::Unknown(_) => sum,
    })
}

/// Text that must survive verbatim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// The pin.
    pub id: PinId,
    /// Where the text stands.
    pub message: MessageId,
    /// The text, byte for byte.
    pub text: Arc<str>,
}

/// The turn that runs in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// The turn.
    pub id: TurnId,
    /// The message that is answered.
    pub prompt: MessageId,
    /// The model that is asked.
    pub model: ModelRef,
}
