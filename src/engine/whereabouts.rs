//! Who answers a conversation, and since when: the turns that its model left unanswered, and its moves to other models.

use serde::{Deserialize, Serialize};

use super::conversation::Turn;
use super::event::Event;
use super::id::MessageId;
use super::model::ModelRef;
use super::time::Timestamp;

/// After so many turns in a row that a model left unanswered, its provider stays down.
pub const STAYS_DOWN: u32 = 3;

/// Where a conversation is with its models.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Whereabouts {
    /// How many turns in a row its model left unanswered, though each was tried as often as it may be.
    pub unanswered: u32,
    /// The model that a person chose, while another one answers because that one stayed down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub home: Option<ModelRef>,
    /// Its moves, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<Move>,
    /// Whether everything that it sends goes under pseudonyms: it has moved to a provider that its pane doesn't name.
    /// That is for good: what its table hides once is hidden from every later provider, too.
    pub is_masked: bool,
}

/// A lasting move to another model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The model that answered before.
    pub from: ModelRef,
    /// The model that answers from here on.
    pub to: ModelRef,
    /// Why.
    pub reason: Reason,
    /// Whether everything goes under pseudonyms from here on.
    #[serde(default)]
    pub masked: bool,
    /// The last message before it; none where the move was made in a predecessor.
    pub after: Option<MessageId>,
    /// When.
    pub at: Timestamp,
}

/// Why a conversation moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// Its model left turns unanswered.
    Unanswered {
        /// How many in a row.
        turns: u32,
        /// Whether it moved by itself; otherwise a person moved it.
        by_itself: bool,
    },
    /// A person moved it back.
    Back,
    /// It moved in its predecessor, and goes on as that did.
    Carried,
}

impl Whereabouts {
    /// Whether it says nothing: its model answers, and it has never moved.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// Whether its model's provider stays down.
    pub const fn is_down(&self) -> bool {
        self.unanswered >= STAYS_DOWN
    }

    /// Folds a fact about the conversation whose model and running turn these are, as they were before it.
    pub fn fold(&mut self, event: &Event, model: &ModelRef, running: Option<&Turn>) {
        let is_asked = |turn| running.is_some_and(|running| running.id == turn && running.model == *model);
        match event {
            Event::Unanswered { turns, .. } => self.unanswered = *turns,
            Event::TurnEnded { turn, .. } if is_asked(*turn) => self.unanswered = 0,
            Event::ModelChosen { .. } => {
                self.unanswered = 0;
                self.home = None;
            }
            Event::Moved { moved, .. } => {
                self.unanswered = 0;
                self.is_masked |= moved.masked;
                self.home = match moved.reason {
                    Reason::Back => None,
                    Reason::Carried => (moved.from != moved.to).then(|| moved.from.clone()),
                    Reason::Unanswered { .. } => Some(self.home.take().unwrap_or_else(|| moved.from.clone())),
                };
                self.moves.push(moved.clone());
            }
            _ => {}
        }
    }
}

impl Move {
    /// What a reader is told of it: who answers instead of whom, and why.
    pub fn told(&self) -> String {
        let Self { from, to, reason, masked, .. } = self;
        let under = if *masked { ", under pseudonyms" } else { "" };
        match reason {
            Reason::Unanswered { turns, .. } => {
                format!("moved from {from} to {to}{under}: {} did not answer {}", from.provider, times(*turns))
            }
            Reason::Back => format!("moved back from {from} to {to}"),
            Reason::Carried => format!("goes on with {to}{under}"),
        }
    }
}

fn times(count: u32) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        3 => "three times".to_owned(),
        count => format!("{count} times"),
    }
}
