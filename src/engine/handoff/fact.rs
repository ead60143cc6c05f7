//! The facts of a handoff as they are journaled: what was begun, what was carried, and where a conversation goes on.

use serde::{Deserialize, Serialize};

use crate::engine::id::{ConversationId, HandoffId, MessageId};
use crate::engine::model::ModelRef;

/// A handoff that was carried out: what the seam in the pane says, and `trialogue show`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handoff {
    /// Its identity.
    pub id: HandoffId,
    /// Its number in its lineage, from 1.
    pub number: u32,
    /// The predecessor: stays readable and searchable.
    pub from: ConversationId,
    /// The successor.
    pub to: ConversationId,
    /// The successor's first message: the document without the pins, which stand in the successor's prompt.
    pub document: MessageId,
    /// Why it was made.
    pub cause: Cause,
    /// Who wrote what goes beyond the ledger.
    pub by: Writer,
    /// How many messages the document stands for, those that earlier documents of the lineage stood for included.
    pub messages: u32,
    /// How many pins the predecessor had.
    pub pins: u32,
    /// How many of them the successor has byte for byte.
    pub pins_kept: u32,
    /// How many values the check appended, because the model's text had lost them.
    #[serde(default)]
    pub appended: u32,
    /// Identifiers and figures that the model's text named and no message says; their lines were left out.
    #[serde(default)]
    pub invented: Vec<String>,
    /// Tokens in the predecessor's context, as far as known.
    pub before: u32,
    /// Tokens that the successor begins with, estimated.
    pub after: u32,
    /// The highest message number of the lineage so far: the successor's messages are numbered on from it, so that
    /// `m12` in a document means one message of the lineage.
    pub last_number: u32,
}

/// Why a handoff is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The meter reached the limit after a turn.
    Full,
    /// A message would not have fitted.
    WouldOverflow,
    /// The provider said that the request was too long.
    Overflow,
    /// A person asked for it.
    Asked,
}

/// Who wrote a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "writer", rename_all = "snake_case")]
pub enum Writer {
    /// Code alone: quoted and sorted, no model.
    Code,
    /// Code, with a narrative by this model.
    Model {
        /// The model.
        model: ModelRef,
    },
    /// A person changed the draft.
    Person,
}

/// How a document came about, as its draft said: what stays true while nobody changes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafted {
    /// Who wrote it.
    pub by: Writer,
    /// How many values the check appended.
    #[serde(default)]
    pub appended: u32,
    /// What the model named and no message says.
    #[serde(default)]
    pub invented: Vec<String>,
}

/// A handoff that is being made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Underway {
    /// Its identity.
    pub handoff: HandoffId,
    /// Why it is made.
    pub cause: Cause,
}

/// Where a conversation stands in its lineage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Succession {
    /// The handoff that this conversation began with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received: Option<Handoff>,
    /// The handoff that is being made of it now; a turn that began meanwhile waits for it and is answered in the successor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub underway: Option<Underway>,
    /// A handoff that waits for a person, under the policy `ask`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Cause>,
    /// The conversation that goes on from here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub successor: Option<ConversationId>,
    /// Why none is made by itself any more: it was undone, or would have freed too little. Asking still makes one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<String>,
}

impl Succession {
    /// Whether it says nothing: neither predecessor nor successor, and nothing to do.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}
